"""Twins: records of two agencies that tell of one event."""
