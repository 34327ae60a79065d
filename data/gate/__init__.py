"""Who may see what, and what is hidden from whom."""
