"""Every core for tasks that know nothing of each other, and one core for what is inside a task.

Threads are enough: NumPy, SciPy and scikit-learn let go of the interpreter where they spend their
time. Each task computes on one thread, so that its numbers do not depend on how many run beside
it; linear algebra on many threads spends more time waiting than working on matrices this narrow.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def one_thread() -> threadpool_limits:
    """For a `with`: linear algebra keeps to one thread."""
    return threadpool_limits(1, "blas")


def over_cores(
    task: Callable[[Item], Answer], items: Iterable[Item], workers: int | None = None
) -> Iterator[Answer]:
    """What the task answers for each item, in their order, as soon as those before are there.

    Parameters
    ----------
    task : must not change what another item reads
    items : one call each
    workers : tasks at a time; as many as there are cores if not given
    """
    items = list(items)
    at_a_time = min(workers or cores(), len(items))
    with one_thread():
        if at_a_time <= 1:
            yield from map(task, items)
            return
        with ThreadPoolExecutor(at_a_time) as pool:
            yield from pool.map(task, items)
