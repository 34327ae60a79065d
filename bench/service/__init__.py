"""What the program costs: its start, an assessment, people at the dashboard."""
