"""What makes the embedded data; never imported at run time."""
