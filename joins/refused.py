"""What the models refuse, handed on as the one refusal that every door catches."""

from collections.abc import Iterator
from contextlib import contextmanager

from data.errors import DataError
from data.findings import reason
from geo.impossible import Impossible


@contextmanager
def refusals(where: str = "") -> Iterator[None]:
    """Turn an `Impossible` of the models into a `DataError` with the same facts.

    Any other exception is a fault of the program and goes on as it is.

    Parameters
    ----------
    where : the file that is at fault, "" if none is
    """
    try:
        yield
    except Impossible as problem:
        faults = [reason(one.key, one.sentence, **one.values) for one in problem.faults]
        raise DataError.of(faults, where) from None
