"""The week's work: in order, resumed, and honest about what failed."""

from dataclasses import replace

import pandas as pd
import pytest

from data.errors import DataError
from data.gate.access import LOCAL
from data.service import journal
from data.store import audit
from joins import opened
from joins.service import timer, weekly
from settings import load_settings
from tests.ui.world import make_world

WORK = [name for name in weekly.STEPS if name not in ("take", "link", "assess", "plan")]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return make_world().write(tmp_path_factory.mktemp("weekly"))


@pytest.fixture
def week(written, monkeypatch, tmp_path):
    """Settings and store of the invented world; what takes long is played. `did` lists it."""
    settings = load_settings(written)
    told = replace(settings.weekly, inbox=tmp_path / "inbox", backups=tmp_path / "backups")
    settings = replace(settings, weekly=told)
    store = opened.open_store(settings)
    for path in store.folder.glob("weekly/*.json"):
        path.unlink()
    did = []

    def played(name):
        def act(_):
            did.append(name)
            return {"played": True}

        return act

    for name in ("link", "assess", "plan"):
        monkeypatch.setitem(weekly.STEPS, name, (played(name), weekly.STEPS[name][1]))
    return settings, store, did


def run(week, **how):
    settings, store, _ = week
    return {step.name: step for step in weekly.run_week(settings, store, LOCAL, **how)}


def test_every_step_is_done_timed_and_logged(week):
    _settings, store, did = week
    before = len(audit.read(store))
    steps = run(week)
    assert list(steps) == list(weekly.STEPS)
    assert {step.state for step in steps.values()} == {"done"}, steps
    assert did == ["link", "assess", "plan"]
    logged = audit.read(store).head(len(audit.read(store)) - before)["action"]
    assert {"export", "backup"} <= set(logged)
    papers = journal.last(store.folder).papers
    assert sorted(path.suffix for path in papers.iterdir()) == [".pdf", ".pdf"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in papers.iterdir())
    assert all("SINTETIS" in path.name for path in papers.iterdir())


def test_what_is_done_is_not_done_again(week):
    _, _, did = week
    run(week)
    backups = list(week[0].weekly.backups.iterdir())
    again = run(week)
    assert did == ["link", "assess", "plan"] and {s.state for s in again.values()} == {"done"}
    assert list(week[0].weekly.backups.iterdir()) == backups
    run(week, again=True)
    assert did == ["link", "assess", "plan"] * 2


def test_a_failed_step_stops_those_that_need_it_and_no_other(week, monkeypatch):
    _settings, store, did = week

    def refuse(_):
        raise DataError("none of 3 events lies in the study area", key="none_inside", n=3)

    good = weekly.STEPS["assess"]
    monkeypatch.setitem(weekly.STEPS, "assess", (refuse, ("link",)))
    shown = store.newest_assessment()
    steps = run(week)
    states = {name: step.state for name, step in steps.items()}
    assert states == dict.fromkeys(weekly.STEPS, "done") | {
        "assess": "failed", "plan": "skipped", "brief": "skipped",
    }  # fmt: skip
    assert steps["assess"].why == {"key": "none_inside", "values": {"n": 3}}
    assert store.newest_assessment() == shown  # last week's stays
    monkeypatch.setitem(weekly.STEPS, "assess", good)
    did.clear()
    steps = run(week)  # resumed: link is not done again
    assert did == ["assess", "plan"] and steps["brief"].state == "done"


@pytest.mark.fault
def test_a_fault_of_the_program_has_a_number(week, monkeypatch):
    def broken(_):
        raise ZeroDivisionError("secret words")

    monkeypatch.setitem(weekly.STEPS, "assess", (broken, ("link",)))
    monkeypatch.setenv("KALBAR_CONFIG", str(week[0].path))
    steps = run(week)
    assert set(steps["assess"].why) == {"number"}
    assert "secret" not in journal.last(week[1].folder)._path.read_text()


def test_a_late_file_has_the_rest_done_anew(week, monkeypatch):
    _, _, did = week
    run(week)
    did.clear()
    monkeypatch.setitem(weekly.STEPS, "take", (lambda _: {"kept": 1}, ()))
    run(week)
    assert did == ["link", "assess", "plan"]


def test_two_runs_do_not_meet(week):
    _settings, store, did = week
    with journal.alone(store.folder), pytest.raises(DataError, match="under way"):
        run(week)
    assert did == []


def test_a_backup_that_is_none_is_found(week, monkeypatch):
    _settings, store, _ = week
    good = weekly.back_up

    def torn(run):
        facts = good(run)
        path = run.backups / facts["file"]
        path.write_bytes(path.read_bytes()[:-4_000])
        return facts

    monkeypatch.setitem(weekly.STEPS, "backup", (torn, ()))
    steps = run(week)
    assert steps["verify"].state == "failed" and steps["verify"].why["key"] == "backup_damaged"
    assert not list(store.folder.glob(".verify-*"))


def test_old_backups_go_and_the_newest_stay(week):
    settings, _, _ = week
    settings = replace(settings, weekly=replace(settings.weekly, keep_backups=2))
    for _ in range(3):
        run((settings, week[1], week[2]), again=True)
        for path in settings.weekly.backups.iterdir():  # names hold seconds; these ran within one
            day = path.stat().st_mtime_ns
            path.rename(path.with_name(f"kalbar-risk-0{day}.zip"))
    assert len(list(settings.weekly.backups.iterdir())) == 2


def test_files_of_the_inbox_are_kept_or_moved_aside_with_their_reasons(week):
    settings, _store, _ = week
    folder = settings.weekly.inbox
    folder.mkdir(parents=True)
    (folder / "strange.csv").write_text("x,y\n1,2\n")
    import os
    import time

    old = time.time() - 600
    os.utime(folder / "strange.csv", (old, old))
    steps = run(week)
    assert steps["take"].facts["refused"] == ["columns_unknown"]
    told = (folder / "ditolak" / "strange.csv.txt").read_text()
    assert "tidak ada sumber" in told and "no source" in told
    assert not (folder / "strange.csv").exists()


MONDAY = pd.Timestamp("2026-11-23T05:00", tz="Asia/Pontianak")


@pytest.mark.parametrize(
    ("begun", "state", "now", "due"),
    [
        (None, "done", MONDAY, True),
        (None, "done", MONDAY - pd.Timedelta(minutes=1), True),  # last week's was never done
        (MONDAY, "done", MONDAY + pd.Timedelta(days=3), False),
        (MONDAY, "done", MONDAY + pd.Timedelta(days=7), True),
        (MONDAY, "failed", MONDAY + pd.Timedelta(minutes=30), False),
        (MONDAY, "failed", MONDAY + pd.Timedelta(minutes=61), True),
        (MONDAY - pd.Timedelta(hours=3), "done", MONDAY, True),  # begun by hand in the night
    ],
)
def test_when_the_run_is_due(week, begun, state, now, due):
    settings, store, _ = week
    settings = replace(settings, weekly=replace(settings.weekly, run_at="mon 05:00"))
    if begun is not None:
        day = begun.tz_localize(None).normalize()
        monday = day - pd.Timedelta(days=day.day_of_week)
        kept = journal.Journal(store.folder, monday)
        kept.put(journal.Step("take", state, begun.tz_convert("UTC").isoformat()))
    assert timer.is_due(settings, now) is due
    assert timer.is_due(replace(settings, weekly=replace(settings.weekly, run_at="")), now) is False
