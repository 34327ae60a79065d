"""What a person asked for and cannot have: told by key and values, apart from faults of a program.

A wrong argument is a plain `ValueError`. `Impossible` is for what a person can change: records that
are too few, an order that cannot be carried out.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    """One reason why not.

    key : names it for whoever words it; sentence : in English; values : what it was found with
    """

    key: str
    sentence: str
    values: dict[str, object]


def fault(key: str, sentence: str, **values: object) -> Fault:
    """A `Fault` from its `key`, its `sentence` in English, and its `values` by name."""
    return Fault(key, sentence, values)


class Impossible(ValueError):
    """Why something cannot be done, every fault at once; its text is theirs, parted by "; "."""

    def __init__(self, *faults: Fault):
        super().__init__("; ".join(one.sentence for one in faults))
        self.faults = faults
