"""A fault of the program itself: kept in the log of the store, and named to whoever met it."""

import logging
from dataclasses import dataclass
from pathlib import Path

from data.errors import DataError
from data.store import faults
from settings import load_settings

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
    _log.error("fault %s in %s: %s, see %s", number, where, type(problem).__name__, log)
    return Noted(number, log)
