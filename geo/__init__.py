"""Where and when: knows no files, models or screens."""
