"""What one viewer may see and do: view, steward, planner, analyst, papers."""
