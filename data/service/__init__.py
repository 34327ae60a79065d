"""What a service keeps of itself: the journal of its weekly runs, and the inbox of files."""
