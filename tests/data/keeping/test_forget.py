"""One record, or one import, out of every copy; what looks for it finds it before and not after."""

import dataclasses
import json
import os

import numpy as np
import pandas as pd
import pytest

from data.errors import DataError
from data.keeping import forget, retention
from data.keeping.retention import Places
from data.personal.said import NOTHING, Said
from data.store import audit
from tests.data.store_world import make_events, reading_of

ID, SIBLING = "LP-77-ENTIKONG", "LP-77-ENTIKONG-B"
EVENT = f"satgas:{ID}"


@pytest.fixture
def places(tmp_path):
    read = tmp_path / "inbox" / "diterima"
    read.mkdir(parents=True)
    (read / "a.csv").write_text("laporan")
    (read / "a.csv.txt").write_text("kata")
    (read / "b.csv").write_text("laporan lain")
    return Places(tmp_path / "backups", (read,))


@pytest.fixture
def filled(store, places):
    """The record in two versions, its sibling whose id begins alike, and all that names it."""
    from data.kept import sum_of

    events = [{"source_record_id": ID}, {"source_record_id": SIBLING}, {"supersedes": ID},
              {"source_record_id": ID, "source_agency": "desa"}]  # fmt: skip
    first = reading_of(make_events(events), sum_of(places.inbox[0] / "a.csv"), n_refused=2)
    first.set_aside["original"] = [json.dumps({"no": ID, "x": "1"}), json.dumps({"no": SIBLING})]
    first.unknown_words = pd.DataFrame({"column": ["kata"] * 2, "word": ["x", "y"], "n": [1, 3]})
    store.ingest(first)
    again = [{"source_record_id": ID, "source_version": 2, "origin_prov": "NTB"}]
    store.ingest(reading_of(make_events(again), "second"))
    pairs = pd.DataFrame({"event_id_a": [EVENT, f"satgas:{SIBLING}"], "event_id_b": ["x", "z"],
                          "prob": [0.9, 0.8], "outcome": "link", "why": "dekat"})  # fmt: skip
    store.write_links(pairs)
    store.decide_link(EVENT, f"satgas:{SIBLING}", "unlink", "budi", NOTHING)
    made = store.write_assessment(
        {"cells": pd.DataFrame({"cell": ["a"]})}, {"cutoff": "2026-01-01"}
    )
    assert made
    store.backup(places.backups / "kalbar-risk-1.zip")
    return store


def found(store, sought, places):
    return {one.place: one.found for one in forget.search(store, sought, places) if one.found}


def test_a_record_is_found_everywhere_before_and_nowhere_after(filled, places):
    sought = forget.of_record(filled, "satgas", ID)
    before = found(filled, sought, places)
    expected = {"table event_versions": 2, "table links": 1, "table decisions": 1,
                "table set_aside": 1, "inbox": 1}  # fmt: skip
    assert expected.items() <= before.items()
    version = filled.data_version()
    went = forget.forget_record(filled, "satgas", ID, "ani", places)
    assert went == {"versions": 2, "claims": 1, "links": 1, "decisions": 1, "set_aside": 1,
                    "words": 1, "inbox": 1}  # fmt: skip
    left = found(filled, sought, places)
    assert left == {}
    assert sorted(filled.events()["event_id"]) == [
        f"desa:{ID}", f"satgas:{SIBLING}", "satgas:R2"
    ]  # fmt: skip
    assert len(filled.links()) == 1 and len(filled.set_aside()) == 1
    assert filled.unknown_words()["word"].tolist() == ["y"]
    assert sorted(path.name for path in places.inbox[0].iterdir()) == ["b.csv"]
    with pytest.raises(DataError, match="cannot be repeated"):
        filled.events(version=version)
    with pytest.raises(DataError, match="holds no record"):
        forget.forget_record(filled, "satgas", ID, "ani", places)


def test_not_a_byte_of_it_is_left_where_no_other_record_has_its_number(store, places):
    store.ingest(reading_of(make_events([{"source_record_id": ID}, {}]), "a"))
    store.ingest(reading_of(make_events([{"source_record_id": SIBLING}]), "b"))
    sought = forget.of_record(store, "satgas", ID)
    before = found(store, sought, places)
    assert not store.db.sqlite or any(place.startswith("bytes") for place in before)
    forget.forget_record(store, "satgas", ID, "ani", places)
    assert found(store, sought, places) == {}
    its = dataclasses.replace(sought, events=(), records=(SIBLING,))
    assert found(store, its, places) == {}  # a longer number stays, and is not taken for it
    if store.db.sqlite:  # and one written by hand is seen
        with store.db.path.open("ab") as file:
            file.write(ID.encode())
        assert found(store, sought, places) == {"bytes of store.sqlite": 1}


def test_the_log_says_that_one_was_erased_and_not_which(filled, places):
    forget.forget_record(filled, "satgas", ID, "ani", places)
    line = audit.read(filled, 1).iloc[0]
    assert (
        line["action"] == "erase" and "LP" not in line["what"] and '"versions": 2' in line["what"]
    )
    assert audit.verify(filled) == []


def test_backups_that_hold_it_are_named(filled, places):
    sought = forget.of_record(filled, "satgas", ID)
    forget.forget_record(filled, "satgas", ID, "ani", places)
    filled.backup(places.backups / "kalbar-risk-2.zip")
    (places.backups / "kalbar-risk-3.zip").write_bytes(b"torn")
    told = forget.backups_with(filled, sought, places.backups, [])
    assert told == {"kalbar-risk-1.zip": True, "kalbar-risk-2.zip": False,
                    "kalbar-risk-3.zip": None}  # fmt: skip


def test_what_was_counted_before_goes_when_there_is_newer(filled, places):
    with pytest.raises(DataError, match="nothing was erased"):
        forget.finish(filled, places.backups, "ani")
    sought = forget.of_record(filled, "satgas", ID)
    assert len(forget.derived(filled, sought)) == 1
    forget.forget_record(filled, "satgas", ID, "ani", places)
    with pytest.raises(DataError, match="first run: kalbar-risk assess"):
        forget.finish(filled, places.backups, "ani")
    new = filled.write_assessment(
        {"cells": pd.DataFrame({"cell": ["a"]})}, {"cutoff": "2026-01-08"}
    )
    os.utime(places.backups / "kalbar-risk-1.zip", (0, 0))
    with pytest.raises(DataError, match="no backup was made since"):
        forget.finish(filled, places.backups, "ani")
    assert len(filled.assessments()) == 2
    filled.backup(places.backups / "kalbar-risk-2.zip")
    os.utime(places.backups / "kalbar-risk-2.zip", (2**32, 2**32))
    assert forget.finish(filled, places.backups, "ani") == {"assessments": 1, "backups": 1}
    assert filled.newest_assessment() == new
    assert [path.name for path in retention.backups_in(places.backups)] == ["kalbar-risk-2.zip"]


def test_an_import_goes_with_what_it_alone_brought(filled, places):
    sought = forget.of_import(filled, "1")
    assert SIBLING in sought.records
    went = forget.forget_import(filled, "1", Said("berkas keliru"), "ani", places)
    assert went["versions"] == 4 and went["set_aside"] == 2 and went["decisions"] == 1
    assert found(filled, sought, places) == {}
    assert filled.events()["event_id"].tolist() == [EVENT]  # its second version came with another
    assert filled.imports().set_index("import_id").loc["1", "file_name"] == "(dihapus / erased)"
    with pytest.raises(DataError, match="erased already"):
        forget.of_import(filled, "1")
    with pytest.raises(DataError, match="no import 9"):
        forget.of_import(filled, "9")


def test_many_records_are_looked_for_in_parts(store, places):
    many = [{"source_record_id": f"catatan-{n:04d}"} for n in range(120)]
    store.ingest(reading_of(make_events(many), "a"))
    sought = forget.of_import(store, "1")
    before = {one.place: one.found for one in forget.search(store, sought, places)}
    assert before["table event_versions"] == 120 and before["table carried"] == 120
    forget.forget_import(store, "1", Said("keliru"), "ani", places)
    assert found(store, sought, places) == {}


def test_a_table_that_holds_a_name_is_found(tmp_path):
    path = tmp_path / "x.parquet"
    pd.DataFrame({"n": np.arange(2), "id": ["a", EVENT]}).to_parquet(path)
    sought = forget.Sought((EVENT,), (ID,), (), pd.Timestamp(0, tz="UTC"))
    assert forget._in_file(path, sought)
    pd.DataFrame({"n": np.arange(2), "id": ["a", f"{EVENT}-B"]}).to_parquet(path)
    assert not forget._in_file(path, sought)
