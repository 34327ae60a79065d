"""The main page."""
