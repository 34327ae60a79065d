"""The builder of the ground, from public sources."""
