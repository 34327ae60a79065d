"""What is answered by address, and the door before it."""
