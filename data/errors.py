"""The one error for files: its text is a sentence that a user can act on."""


class DataError(ValueError):
    """Where, what was found, what would be right; all faults of a file at once.

    `key` and `values` say the same to whoever words it in another language; "" where nobody does.
    """

    def __init__(self, text: str = "", key: str = "", **values: object):
        super().__init__(text)
        self.key, self.values = key, values
