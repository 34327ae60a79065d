"""The door: every file, every rule about who may see what."""
