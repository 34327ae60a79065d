"""A fault of the program itself: kept in the log of the store, and named to whoever met it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from data.errors import DataError
from data.store import faults
from joins import meters
from settings import load_settings

T = TypeVar("T")
_log = logging.getLogger("kalbar.faults")


@dataclass(frozen=True)
class Noted:
    """The number of a fault to quote, and the log that says more; None if it cannot be written."""

    number: str
    log: Path | None


def note(problem: BaseException, where: str) -> Noted:
    """Keep a fault in the log beside the store, and in that of the process.

    Parameters
    ----------
    problem : what was raised and not expected
    where : the page or the command
    """
    number = faults.number_of(problem)
    try:
        log = faults.note(load_settings().store.folder, problem, where)
    except (DataError, OSError):  # no settings, no folder: the process's log still has it
        log = None
    meters.FAULTS.inc()
    _log.error(
        "fault %s in %s: %s, see %s", number, where, type(problem).__name__, log,
        extra={"fault": number, "where": where},
    )  # fmt: skip
    return Noted(number, log)


class Builds:
    """Files of one session that are built at a click, outside of any run of its page.

    What fails there is noted at once, and told to whoever clicked when the page is run next.
    """

    def __init__(self) -> None:
        self._untold: list[DataError | Noted] = []

    def watched(self, build: Callable[[], T]) -> Callable[[], T]:
        """The same, but for what is done where it fails."""

        def built() -> T:
            try:
                return build()
            except DataError as refusal:
                self._untold.append(refusal)
                raise
            except Exception as problem:  # of any kind: its words stay out of the server's log
                noted = note(problem, "download")
                self._untold.append(noted)
                raise RuntimeError(f"fault {noted.number}") from None

        return built

    def untold(self) -> list[DataError | Noted]:
        """What failed and was not told yet; it counts as told from now on."""
        failed, self._untold = self._untold, []
        return failed
