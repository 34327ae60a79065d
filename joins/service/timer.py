"""The weekly run and the notices, started by the dashboard itself where no timer does it.

The run is a process of its own: its memory goes with it, and a server that is stopped meanwhile
leaves it alone. Several servers of one store may all watch: the run's lock lets one of them in.
"""

import logging
import subprocess
import sys
from pathlib import Path
from threading import Event

import pandas as pd

from data.errors import DataError
from data.service.journal import Journal
from geo import calendar
from joins import opened
from joins.service import notices
from settings import Settings, load_settings

HERE = Path(__file__).resolve().parents[2]
LOOK_SECONDS = 60.0
#: a run of which a step failed is tried again after so long
AGAIN = pd.Timedelta(hours=1)
log = logging.getLogger(__name__)


def is_due(settings: Settings, now: pd.Timestamp) -> bool:
    """Whether the weekly run is to be started.

    Parameters
    ----------
    settings : say when, and where the journal is
    now : aware

    Raises
    ------
    DataError
        If the week's journal cannot be read.
    """
    if settings.weekly.due is None:
        return False
    zone = settings.area.time_zone
    local = calendar.local_moment(now, zone)
    journal = Journal(settings.store.folder, calendar.monday(local))
    begun = [
        (calendar.local_moment(pd.Timestamp(step.at), zone), step.state)
        for step in journal.steps.values()
    ]
    since = [(at, state) for at, state in begun if at >= settings.weekly.due.last(local)]
    if not since:
        return True
    last = max(at for at, _ in since)
    return any(state != "done" for _, state in since) and local - last >= AGAIN


def watch(stop: Event) -> None:
    """Start the run whenever it is due, until `stop` is set."""
    while not stop.wait(LOOK_SECONDS):
        try:
            settings, now = load_settings(), pd.Timestamp.now("UTC")
            if is_due(settings, now):
                start()
            if settings.notices.wanted:
                notices.tell(settings, opened.find_store(settings), now)
        except DataError as problem:  # told by `weekly --show` and `notify`, and tried again
            log.warning("weekly run or notices: %s", problem)


def start() -> int:
    """Run `kalbar-risk weekly` and wait for its end; gives its exit code."""
    words = [sys.executable, str(HERE / "cli.py"), "weekly", "--json"]
    done = subprocess.run(words, cwd=HERE, capture_output=True, check=False)
    log.warning("weekly run ended with code %s", done.returncode)
    return done.returncode
