"""A stranger's file is read in a process apart: the pages go on, and what does not end is ended."""

import re
import threading
import time

import pytest

from data.errors import DataError
from data.gate import access
from data.personal.gate import PersonalDataError
from joins import apart, reading
from joins.desks import steward
from settings import load_settings

CSV = b"event_id,lat,lon,time,kind\na,0.9,110.3,2024-03-05,community_report\n"


def hang(steps: int, progress) -> str:
    """A pattern as slow as they come: it holds the interpreter's lock while it searches."""
    progress(0.5, "halfway")
    re.fullmatch(r"(a|a)*b", "a" * steps)
    return "done"


def hoard(size: int, progress) -> int:
    return len(bytearray(size))


def refuse(progress) -> None:
    raise PersonalDataError("names")


def fall(progress) -> None:
    raise KeyError("x")


class Stuck(Exception):
    """Cannot be made again from what it was pickled to."""

    def __init__(self, cell: str, line: int):
        super().__init__(f"{cell} in line {line}")


def quote(progress) -> None:
    raise Stuck("Budi bin Contoh", 7)


class Heart:
    """Counts how often this process came to its turn, and its longest wait."""

    def __enter__(self):
        self.beats, self.longest, self._on = 0, 0.0, True
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._thread.start()
        return self

    def _beat(self):
        last = time.monotonic()
        while self._on:
            time.sleep(0.01)
            self.longest, last = max(self.longest, time.monotonic() - last), time.monotonic()
            self.beats += 1

    def __exit__(self, *_):
        self._on = False
        self._thread.join()


def test_a_file_that_does_not_end_is_ended_while_the_pages_go_on():
    told = []
    apart.run(hang, 2, progress=lambda *words: told.append(words))  # a worker is awake
    with Heart() as heart, pytest.raises(DataError, match="longer than 2 seconds and was ended"):
        apart.run(hang, 60, progress=lambda *words: told.append(words), seconds=2.0)
    assert told == [(0.5, "halfway")] * 2
    assert heart.beats > 40 and heart.longest < 1.0
    assert apart.run(hang, 2) == "done"  # the next file finds another worker


def test_a_file_that_takes_all_memory_is_ended():
    with pytest.raises(DataError, match="more memory than it may take"):
        apart.run(hoard, 3_000_000_000, memory_bytes=2_000_000_000)


def test_what_the_reading_raises_is_raised_here():
    with pytest.raises(PersonalDataError, match="names"):
        apart.run(refuse)
    with pytest.raises(KeyError):
        apart.run(fall)


def test_an_upload_is_read_apart_and_never_in_the_process_of_the_pages(monkeypatch):
    desk = steward.Desk(load_settings(), access.LOCAL)

    def never(*_, **__):
        raise AssertionError("read in the process of the pages")

    monkeypatch.setattr(reading, "read_file", never)
    monkeypatch.setattr(reading, "draft", never)
    told = desk.preview("x.csv", CSV)
    assert len(told.kept) == 1
    with pytest.raises(DataError):
        desk.draft("x.csv", b"")


def _tells(progress) -> str:
    progress(0.5, "half")
    return "done"


def test_what_goes_wrong_where_progress_is_shown_is_no_fault_of_the_file():
    """A page that cannot be written to any more is not told as a lack of memory."""

    def gone(share, words):
        raise ConnectionResetError("the page went away")

    with pytest.raises(ConnectionResetError):
        apart.run(_tells, progress=gone)


def test_a_worker_that_ended_while_it_waited_is_not_asked():
    assert apart.run(hang, 2) == "done"
    for worker in apart._idle:
        worker.process.kill()
        worker.process.wait()
    assert apart.run(hang, 2) == "done"  # not: "it needed more memory than it may take"


def test_a_problem_that_cannot_travel_tells_its_kind_and_place_and_nothing_of_the_file():
    with pytest.raises(RuntimeError, match=r"^Stuck in test_apart\.py:\d+$"):
        apart.run(quote)
