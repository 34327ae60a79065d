"""The one refusal: what a person asked cannot be done, and he can do something about it."""

from collections.abc import Iterable


class DataError(ValueError):
    """Where, what was found, what would be right; all faults of a file at once.

    Whoever shows it words it from `key` and `values`, in his language; the English text is what a
    log and a traceback show. A wrong argument of a function is no refusal but a plain
    `ValueError`: a fault of the program, which nobody catches and calls the user's.

    Parameters
    ----------
    text : the sentence in English
    key : names the sentence in `ui/words`
    values : what it was found with: text, numbers and lists of these. `where` says where it was
        found, mostly a file; `faults` holds reasons (`data.findings.reason`) with their own words
    """

    def __init__(self, text: str = "", key: str = "", **values: object):
        super().__init__(text)
        self.key, self.values = key, values

    @classmethod
    def of(cls, faults: Iterable[str], where: str = "") -> "DataError":
        """The refusal that tells several faults at once.

        Parameters
        ----------
        faults : reasons as `data.findings.reason` makes them
        where : the file in which they were found, "" if that says nothing
        """
        from data.findings import sentence_of  # brings tables with it; a refusal alone does not

        faults = list(faults)
        sentences = "; ".join(map(sentence_of, faults))
        if not where:
            return cls(sentences, key="faults", faults=faults)
        return cls(f"{where}: {sentences}", key="faults", where=where, faults=faults)
