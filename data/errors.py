"""The one error for files: its text is a sentence that a user can act on."""


class DataError(ValueError):
    """Where, what was found, what would be right; all faults of a file at once."""
