"""The journal of the weekly run: what was done stays done, and one run at a time."""

import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from data.errors import DataError
from data.kept import Damaged
from data.service import journal
from data.service.journal import Journal, Step

WEEK = pd.Timestamp("2026-11-23")
HOUSE = Path(journal.__file__).parents[2]


def test_what_was_done_is_read_again(tmp_path):
    one = Journal(tmp_path, WEEK)
    step = Step("take", "done", "2026-11-23T00:00:00+00:00", 1.5, {"kept": 2})
    failed = Step("assess", "failed", "2026-11-23T00:01:00+00:00", why={"key": "nothing_feeds"})
    one.put(step)
    one.put(failed)
    again = journal.last(tmp_path)
    assert again.week == WEEK and again.steps == {"take": step, "assess": failed}
    again.forget(["take"])
    assert list(again.steps) == ["assess"]


def test_the_newest_week_is_the_last(tmp_path):
    assert journal.last(tmp_path) is None
    for week in (WEEK, WEEK - pd.Timedelta(weeks=5)):
        Journal(tmp_path, week).put(Step("take", "done", "2026-11-23T00:00:00+00:00"))
    assert journal.last(tmp_path).week == WEEK


@pytest.mark.parametrize("content", ["", '{"steps": ', "[]", '{"steps": {"take": {"x": 1}}}', "{}"])
def test_a_damaged_journal_is_a_sentence(tmp_path, content):
    Journal(tmp_path, WEEK).put(Step("take", "done", "2026-11-23T00:00:00+00:00"))
    (tmp_path / "weekly" / "2026-11-23.json").write_text(content)
    with pytest.raises(DataError) as refused:
        Journal(tmp_path, WEEK)
    assert refused.value.key == "journal_strange" or isinstance(refused.value, Damaged)


def test_one_run_at_a_time_and_a_dead_one_lets_go(tmp_path):
    hold = "import sys, time, pathlib; from data.service import journal\n" + (
        "with journal.alone(pathlib.Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    words = [sys.executable, "-c", hold, str(tmp_path)]
    with subprocess.Popen(words, cwd=HOUSE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(DataError, match="under way"), journal.alone(tmp_path):
            pass
        other.kill()
        other.wait()
        until = time.monotonic() + 5
        while True:
            try:
                with journal.alone(tmp_path):
                    break
            except DataError:
                assert time.monotonic() < until
                time.sleep(0.05)


def test_a_paper_is_whole_or_not_there(tmp_path, monkeypatch):
    one = Journal(tmp_path, WEEK)
    path = one.keep_paper("brief.pdf", b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        one.keep_paper("brief.pdf", b"new")
    assert path.read_bytes() == b"old" and [one.name for one in path.parent.iterdir()] == [
        "brief.pdf"
    ]
