"""What a monitor may read of a running server: ages, runs, denials, times and memory.

No name of a person or place, and no count of records, events or effort: whoever reads this sees
nothing that the public tier may not see. It is answered on a port of its own of this machine.
"""

import logging
import shutil
import time
from collections.abc import Callable, Iterator
from threading import Lock
from typing import TYPE_CHECKING

import pandas as pd
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import start_http_server
from prometheus_client.registry import Collector

from data.errors import DataError
from data.keeping.retention import backups_in
from data.service import journal
from data.store import assessments, audit
from data.store.records import MissingTable, Store
from joins import keeping, opened
from joins.meters import REGISTRY
from settings import Settings, load_settings

if TYPE_CHECKING:
    from wsgiref.simple_server import WSGIServer

HERE = "127.0.0.1"
#: the store is asked at most so often, however often a monitor asks
KEEP_SECONDS = 15.0
log = logging.getLogger(__name__)


class StoreCollector(Collector):
    """What the store and its folder tell, asked when a monitor asks.

    A store that cannot be read is `kalbar_store_up 0`, and nothing else is told of it.
    """

    def __init__(self, settings: Callable[[], Settings] = load_settings):
        self._settings, self._lock = settings, Lock()
        self._kept: list[Metric] = []
        self._until = 0.0

    def describe(self) -> list[Metric]:
        """Nothing: a store is not read before somebody asks."""
        return []

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._kept = self._read()
                self._until = time.monotonic() + KEEP_SECONDS
            yield from self._kept

    def _read(self) -> list[Metric]:
        try:
            settings = self._settings()
            metrics = list(_told(settings, opened.find_store(settings), pd.Timestamp.now("UTC")))
        except (DataError, OSError) as problem:
            log.warning("the store cannot be read for a monitor: %s", type(problem).__name__)
            return [_gauge("store_up", "Whether the store can be read", 0)]
        return [*metrics, _gauge("store_up", "Whether the store can be read", 1)]


def _told(settings: Settings, store: Store, now: pd.Timestamp) -> Iterator[Metric]:
    yield from _assessments(store, now)
    ages = _family("delivery_age_seconds", "Since an agency's last delivery", ["agency"])
    for agency, moment in store.last_deliveries().items():
        ages.add_metric([agency], (now - moment).total_seconds())
    yield ages
    yield _gauge("denials", "Denials in the audit log", audit.count_of(store, "denied"))
    if (last := journal.last(store.folder)) is not None:
        ok = _family("weekly_step_ok", "Whether a step of the last weekly run is done", ["step"])
        took = _family("weekly_step_seconds", "How long it took", ["step"])
        for step in last.steps.values():
            ok.add_metric([step.name], float(step.state == "done"))
            took.add_metric([step.name], step.seconds)
        yield from (ok, took)
        if last.steps:
            ran = max(pd.Timestamp(step.at) for step in last.steps.values())
            yield _gauge("weekly_age_seconds", "Since the last weekly run",
                         (now - ran).total_seconds())  # fmt: skip
    if kept := backups_in(keeping.backups_of(settings)):
        yield _gauge("backup_age_seconds", "Since the newest backup",
                     now.timestamp() - kept[-1].stat().st_mtime)  # fmt: skip
    yield _gauge("disk_free_bytes", "Free on the disk of the store",
                 shutil.disk_usage(store.folder).free)  # fmt: skip


def _assessments(store: Store, now: pd.Timestamp) -> Iterator[Metric]:
    """The age of the newest sound assessment, and how many newer ones are damaged."""
    try:
        age = (now - assessments.made_at(store.newest_assessment())).total_seconds()
        yield _gauge("assessment_age_seconds", "Since the newest sound assessment", age)
    except MissingTable:
        pass  # none yet: an age that is not there says so
    except DataError:  # there are some and none is sound: the count below says so
        pass
    n = len(store.damaged_assessments())
    yield _gauge("assessments_damaged", "Damaged assessments newer than it", n)


def _family(name: str, about: str, labels: list[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"kalbar_{name}", about, labels=labels)


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"kalbar_{name}", about, value=value)


STORE = StoreCollector()
REGISTRY.register(STORE)


def serve(port: int, registry: CollectorRegistry = REGISTRY) -> "WSGIServer | None":
    """Answer `/metrics` on a port of this machine, in a thread; None if somebody has that port.

    Parameters
    ----------
    port : to listen on; 0 for any that is free
    registry : what is told
    """
    try:
        server, _ = start_http_server(port, HERE, registry)
    except OSError as problem:
        log.warning("no metrics on port %s: %s", port, problem.strerror)
        return None
    return server
