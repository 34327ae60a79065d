"""What a disk or a hand damaged: said in a sentence, and the assessment before stays in sight."""

import json
import shutil

import pandas as pd
import pytest

from data.errors import DataError
from data.kept import Damaged
from data.store.records import Store
from tests.data.store_world import make_events, reading_of

TABLES = {
    "cells": pd.DataFrame({"cell": ["a", "b"]}),
    "risk": pd.DataFrame({"cell": ["a", "b"], "risk": [0.25, 0.5]}),
}
META = {"cutoff": "2026-11-22", "synthetic": True}


def flip(path):
    """One bit of one byte in the middle: the length stays, and mostly Parquet notices nothing."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGES = {
    "table cut short": lambda home: (home / "risk.parquet").write_bytes(
        (home / "risk.parquet").read_bytes()[:-40]
    ),
    "table empty": lambda home: (home / "risk.parquet").write_bytes(b""),
    "table of noise": lambda home: (home / "risk.parquet").write_bytes(b"\x00" * 4_000),
    "table flipped": lambda home: flip(home / "risk.parquet"),
    "table gone": lambda home: (home / "risk.parquet").unlink(),
    "meta cut short": lambda home: (home / "meta.json").write_text('{"id": "2026'),
    "meta empty": lambda home: (home / "meta.json").write_text(""),
    "meta of noise": lambda home: (home / "meta.json").write_bytes(b"\xff\xfe\x00"),
    "meta a list": lambda home: (home / "meta.json").write_text("[1, 2]"),
    "meta gone": lambda home: (home / "meta.json").unlink(),
    "meta of another": lambda home: (home / "meta.json").write_text('{"id": "other"}'),
}


@pytest.fixture
def store(tmp_path):
    made = Store(f"sqlite:///{tmp_path}/records.db", tmp_path)
    made.create()
    return made


@pytest.fixture
def two(store, monkeypatch):
    """Two assessments, the older first."""
    monkeypatch.setattr("data.gate.published.keep", lambda *_: None)
    return [store.write_assessment(TABLES, META) for _ in range(2)]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_assessment_gives_way_to_the_one_before(store, two, damage):
    assert store.newest_assessment() == two[1] and store.damaged_assessments() == []
    damage(store.assessment_folder / two[1])
    assert store.newest_assessment() == two[0] and store.damaged_assessments() == [two[1]]
    meta, frames = store.assessment()
    assert meta["id"] == two[0] and frames["risk"]["risk"].tolist() == [0.25, 0.5]
    with pytest.raises(Damaged, match="restore it from a backup"):
        store.assessment(two[1])
    assert two[0] in set(store.assessments()["id"])


def test_all_damaged_is_a_sentence(store, two):
    for name in two:
        DAMAGES["table empty"](store.assessment_folder / name)
    with pytest.raises(DataError, match=r"all assessments \(2\) are damaged") as refused:
        store.newest_assessment()
    assert refused.value.key == "all_damaged"


def test_an_assessment_of_an_older_program_has_no_sums_and_is_read(store, two):
    path = store.assessment_folder / two[1] / "meta.json"
    meta = json.loads(path.read_text())
    del meta["sums"]
    path.write_text(json.dumps(meta))
    assert store.assessment()[0]["id"] == two[1]
    DAMAGES["table cut short"](path.parent)
    with pytest.raises(Damaged, match=r"risk\.parquet"):
        store.assessment()


def test_pruning_keeps_sound_ones(store, two, monkeypatch):
    third = store.write_assessment(TABLES, META)
    for name in (two[1], third):
        DAMAGES["table empty"](store.assessment_folder / name)
    assert store.prune_assessments(1) == []  # the one that is shown is the oldest
    fourth = store.write_assessment(TABLES, META)
    assert store.prune_assessments(1) == [two[0]]
    assert store.newest_assessment() == fourth


@pytest.mark.parametrize("content", [b"no database at all" * 400, b"SQLite format 3\x00" * 300])
def test_a_damaged_database_is_a_sentence(store, content, tmp_path):
    store.ingest(reading_of(make_events([{}]), "a"))
    store.db.engine.dispose()
    for rest in tmp_path.glob("records.db-*"):
        rest.unlink()
    (tmp_path / "records.db").write_bytes(content)
    with pytest.raises(DataError) as refused:
        store.events()
    assert refused.value.key == "store_damaged"
    with pytest.raises(DataError) as refused:
        store.create()
    assert refused.value.key == "store_damaged"


def test_torn_pages_are_a_sentence(store, tmp_path):
    store.ingest(reading_of(make_events([{}] * 1), "a"))
    store.db.forget_log()
    path = tmp_path / "records.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xa5" * (len(whole) - 8192))
    with pytest.raises(DataError) as refused:
        store.events()
    assert refused.value.key in ("store_damaged", "store_fails")


def test_a_wrong_statement_stays_a_fault_of_the_program(store):
    import sqlalchemy as sa

    with pytest.raises(sa.exc.IntegrityError), store.db.write() as connection:
        for _ in range(2):
            connection.execute(sa.text("INSERT INTO meta (key, value) VALUES ('a', 'b')"))


def test_a_full_disk_leaves_the_assessment_before(store, two, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    with pytest.raises(OSError, match="No space"):
        store.write_assessment(TABLES, META)
    assert store.newest_assessment() == two[1]
    assert not list(store.assessment_folder.glob(".aside-*"))
    shutil.rmtree(store.assessment_folder)
