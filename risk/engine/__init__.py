"""The forecaster and its parts."""
