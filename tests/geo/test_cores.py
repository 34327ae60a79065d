"""Tasks over the cores: in order, one thread inside each, and what fails is heard of."""

import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from geo import cores
from geo.cores import over_cores


def test_answers_come_in_the_order_of_the_items_from_several_threads():
    both = threading.Barrier(2, timeout=20)  # passes only when two run at a time

    def task(item: int) -> int:
        both.wait()
        return item * item

    assert list(over_cores(task, range(6), workers=2)) == [0, 1, 4, 9, 16, 25]


@pytest.mark.parametrize("workers", [1, 2])
def test_linear_algebra_keeps_to_one_thread_inside_a_task(workers):
    np.ones((2, 2)) @ np.ones((2, 2))

    def threads(_) -> set[int]:
        return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}

    assert all(told == {1} for told in over_cores(threads, range(3), workers=workers))


def test_what_one_task_raises_is_raised():
    def task(item: int) -> float:
        return 1 / item

    with pytest.raises(ZeroDivisionError):
        list(over_cores(task, [1, 0, 2], workers=2))


def test_as_many_at_a_time_as_there_are_cores(monkeypatch):
    monkeypatch.setattr(cores, "cores", lambda: 3)
    three = threading.Barrier(3, timeout=20)
    assert len(set(over_cores(lambda _: three.wait(), range(3)))) == 3
