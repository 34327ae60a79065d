"""Patrol hours into a week of orders."""
