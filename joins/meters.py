"""What this process counts of itself while it runs: pages, answers, faults.

Labels are of closed lists: no address, no name of a person or place.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

#: seconds; the promise is a click within 1 s
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PAGES = Histogram("kalbar_page_run_seconds", "Runs of a page, by outcome", ["outcome"],
                  buckets=BUCKETS, registry=REGISTRY)  # fmt: skip
REQUESTS = Histogram("kalbar_request_seconds", "Answers by address", ["kind", "status"],
                     buckets=BUCKETS, registry=REGISTRY)  # fmt: skip
OPEN = Gauge("kalbar_open_pages", "Pages open in browsers", registry=REGISTRY)
FAULTS = Counter("kalbar_faults", "Faults of the program itself", registry=REGISTRY)


@contextmanager
def page_run() -> Iterator[Callable[[str], None]]:
    """Time a run of a page; what is yielded says how it went: "done" unless said otherwise."""
    begun, outcome = time.perf_counter(), ["done"]
    try:
        yield lambda ending: outcome.__setitem__(0, ending)
    finally:
        PAGES.labels(outcome[0]).observe(time.perf_counter() - begun)
