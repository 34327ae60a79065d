"""Words for facts: what was found in files, and what is refused, by their keys."""
