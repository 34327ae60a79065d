"""What to expect: imports geo, knows no files or screens."""
