"""Invented seasons whose truth is known: DATA SINTETIS."""
