"""What goes after its time: the right rows and no other, logged, and all or nothing."""

import os
import time

import pandas as pd
import pytest
import sqlalchemy as sa

from data.errors import DataError
from data.keeping import retention
from data.keeping.retention import Places, Rules
from data.personal.said import NOTHING
from data.store import audit, plans
from data.store import tables as t
from tests.data.store.test_plans import META, frames
from tests.data.store_world import make_effort, make_events, reading_of

NOW = pd.Timestamp("2026-11-28T02:00Z")
OLD, YOUNG = NOW - pd.Timedelta(days=6 * 366), NOW - pd.Timedelta(days=300)
NONE = Places()


def prune(store, dry=False, places=NONE, now=NOW, **rules):
    gone = retention.prune(store, Rules(**rules), places, now, "ani", dry)
    return {one.table: one.n for one in gone}


def fill(store):
    """Two old records that are linked, a corrected one that is young again, a young one."""
    events = make_events(
        [
            {"source_record_id": "old-1", "event_start": OLD},
            {"source_record_id": "old-2", "event_start": OLD, "source_agency": "desa"},
            {"source_record_id": "moved", "event_start": OLD, "reported_at": YOUNG},
            {"source_record_id": "young", "event_start": YOUNG},
        ]
    )
    store.ingest(reading_of(events, "a", n_refused=2))
    moved = [{"source_record_id": "moved", "event_start": YOUNG, "source_version": 2}]
    store.ingest(reading_of(make_events(moved), "b"))
    weeks = [{"effort_id": n, "week": pd.Timestamp(day)} for n, day in
             (("e1", "2020-03-02"), ("e2", "2026-03-02"))]  # fmt: skip
    store.ingest(reading_of(make_effort(weeks), "c", kind="effort"))
    store.decide_link("satgas:old-1", "desa:old-2", "link", "budi", NOTHING)
    store.decide_link("satgas:moved", "satgas:young", "unlink", "budi", NOTHING)


def test_old_records_go_with_what_was_said_of_them_and_young_ones_stay(store):
    fill(store)
    before = store.data_version()
    assert prune(store, records_years=5) == {"records": 2, "effort": 1}
    assert sorted(store.events()["source_record_id"]) == ["moved", "young"]
    assert len(store.events(history=True)) == 3  # both versions of the one that was corrected
    assert store.count_effort() == 1
    assert store.decisions()["event_id_a"].tolist() == ["satgas:moved"]
    with store.db.read() as connection:
        history = " ".join(connection.execute(sa.select(t.data_states.c.what)).scalars())
    assert "old-1" not in history and "satgas:moved" in history
    assert store.data_version() != before
    with pytest.raises(DataError, match="cannot be repeated"):
        store.events(version=before)
    assert len(store.events(version=store.data_version())) == 2
    assert prune(store, records_years=5) == {"records": 0, "effort": 0}  # and nothing is logged
    lines = audit.read(store)
    assert lines["what"].tolist() == ['{"effort": 1, "records": 2}']
    assert lines["action"].tolist() == ["prune"] and lines["user"].tolist() == ["ani"]


def test_a_dry_run_says_the_same_and_deletes_nothing(store):
    fill(store)
    for line in "abc":
        audit.log(store, "view", "ani", line)
    later = pd.Timestamp.now("UTC") + pd.Timedelta(days=800)
    version, n = store.data_version(), len(audit.read(store))
    rules = {"records_years": 5, "aside_weeks": 1, "audit_years": 1}
    told = prune(store, dry=True, now=later, **rules)
    assert told["records"] == 2 and told["set_aside"] == 2 and told["audit"] == 2
    assert store.data_version() == version and len(store.set_aside()) == 2
    assert len(audit.read(store)) == n and audit.verify(store) == []
    assert prune(store, now=later, **rules) == told


def test_what_is_kept_for_ever_is_not_asked_for(store):
    fill(store)
    assert prune(store) == {}
    assert len(store.events()) == 4


def test_a_deletion_that_fails_leaves_everything(store, monkeypatch):
    fill(store)

    def fail(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr(audit, "append", fail)
    with pytest.raises(RuntimeError):
        prune(store, records_years=5)
    assert len(store.events()) == 4 and store.count_effort() == 2


def test_a_pruned_log_is_verified_and_one_cut_by_hand_is_not(store):
    for line in "abcde":
        audit.log(store, "view", "ani", line)
    assert audit.verify(store) == []
    with store.db.write() as connection:  # lines of 2020: their hashes are made anew
        audit.migrations.open_audit(connection)
        before = audit.START
        for row in connection.execute(sa.select(t.audit).order_by(t.audit.c.seq)).fetchall():
            line = dict(row._mapping) | (
                {"at": "2020-01-01T00:00:00.000000Z"} if row.seq < 4 else {}
            )
            line["hash"] = before = audit._chained(before, line)
            connection.execute(sa.update(t.audit).where(t.audit.c.seq == row.seq).values(**line))
        audit.migrations.guard_audit(connection)
    assert audit.verify(store) == []
    later = pd.Timestamp.now("UTC")
    assert prune(store, audit_years=1, now=later) == {"audit": 3}
    assert audit.read(store)["seq"].tolist() == [7, 6, 5, 4] and audit.verify(store) == []
    with pytest.raises(sa.exc.DatabaseError, match="append only"), store.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM audit")
    with store.db.write() as connection:
        audit.migrations.open_audit(connection)
        connection.execute(sa.delete(t.audit).where(t.audit.c.seq == 4))
        audit.migrations.guard_audit(connection)
    assert audit.verify(store), "a line cut off the front by hand leaves a gap"


def test_plans_papers_files_and_backups_go_by_their_own_rules(store, tmp_path):
    old, new = (plans.create(store, frames(), META | {"first_day": day}, "ani")
                for day in ("2026-01-05", "2026-11-23"))  # fmt: skip
    for day in ("2026-01-05", "2026-11-23"):
        home = store.folder / "weekly" / day
        home.mkdir(parents=True)
        home.with_suffix(".json").write_text("{}")
        (home / "brief.pdf").write_bytes(b"x")
    (store.folder / "weekly" / "running.lock").write_text("")
    backups, inbox = tmp_path / "b", tmp_path / "diterima"
    for n in range(3):
        (backups / f"kalbar-risk-{n}.zip.age").parent.mkdir(exist_ok=True)
        (backups / f"kalbar-risk-{n}.zip.age").write_text("x")
    (backups / "by-hand.zip").write_text("x")
    inbox.mkdir()
    (inbox / "a.csv").write_text("x")
    os.utime(inbox / "a.csv", (0, 0))  # the file says 1970; it was read just now
    places = Places(backups, (inbox, tmp_path / "absent"))
    rules = {"plans_weeks": 12, "papers_weeks": 8, "inbox_weeks": 4, "backups": 2}
    told = prune(store, places=places, **rules)
    assert told == {"plans": 1, "papers": 2, "inbox": 0, "backups": 1}
    assert plans.listing(store)["plan"].tolist() == [new] and old != new
    left = sorted(path.name for path in (store.folder / "weekly").iterdir())
    assert left == ["2026-11-23", "2026-11-23.json", "running.lock"]
    assert sorted(path.name for path in backups.iterdir()) == [
        "by-hand.zip", "kalbar-risk-1.zip.age", "kalbar-risk-2.zip.age"
    ]  # fmt: skip
    late = pd.Timestamp(time.time() + 30 * 86_400, unit="s", tz="UTC")
    assert prune(store, places=places, now=late, inbox_weeks=4) == {"inbox": 1}


def test_a_store_of_before_is_brought_up_and_restores(store, tmp_path):
    """The table of what went is part of a backup."""
    fill(store)
    prune(store, records_years=5)
    store.backup(tmp_path / "all.zip")
    from data.store.records import Store

    twin = Store(f"sqlite:///{tmp_path}/twin/records.db", tmp_path / "twin")
    twin.restore(tmp_path / "all.zip")
    assert twin.data_version() == store.data_version()
