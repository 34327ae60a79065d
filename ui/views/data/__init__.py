"""The data steward's page."""
