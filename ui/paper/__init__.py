"""Papers and files that a person takes away."""
