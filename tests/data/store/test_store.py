"""The store: what counts follows from the imports, whatever their order; nothing is lost."""

import os
import sqlite3
import time

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from data import schema
from data.errors import DataError
from data.personal.said import Said
from data.store import audit, migrations
from data.store.records import MissingTable, Store
from tests.data.store_world import DAY, START, make_effort, make_events, reading_of


def test_a_row_comes_back_as_it_went_in(store):
    events = make_events([{"modus": "guide|debt", "n_minor": 2}, {"n_persons": None, "lat": None}])
    summary = store.ingest(reading_of(events, "a", n_refused=2), by="ani")
    assert (summary.n_read, summary.n_new, summary.n_set_aside) == (4, 2, 2)
    back = store.events()
    assert not schema.check_table(back, schema.EVENT)
    told = [name for name in schema.EVENT.names if name != "import_id"]
    assert_frame_equal(back[told], events[told])
    assert back["import_id"].tolist() == [summary.import_id] * 2
    assert store.set_aside()["source_line"].tolist() == [100, 101]
    assert store.count_set_aside() == 2
    assert store.imports().loc[0, ["by", "n_read"]].tolist() == ["ani", 4]


def test_rows_read_are_rows_kept_and_set_aside(store):
    class Lossy:
        kept, set_aside, n_read = make_events([{}]), reading_of(make_events([]), "").set_aside, 2

    with pytest.raises(ValueError, match="missing or doubled"):
        store.ingest(Lossy())


def test_the_same_file_changes_nothing(store):
    first = store.ingest(reading_of(make_events([{}, {}]), "a", n_refused=1))
    before = (store.data_version(), store.events(), store.set_aside())
    again = store.ingest(reading_of(make_events([{}, {}]), "a", n_refused=1))
    assert again.repeated and again.import_id == first.import_id and again.n_same == 2
    assert store.data_version() == before[0] and len(store.imports()) == 1
    assert_frame_equal(store.events(), before[1])
    assert_frame_equal(store.set_aside(), before[2])


def test_a_file_read_better_takes_the_place_of_its_first_reading(store):
    store.ingest(reading_of(make_events([{"event_type": "community_report"}]), "a"))
    better = store.ingest(reading_of(make_events([{"event_type": "interception_out"}]), "a"))
    assert better.replaced == ("1",)
    assert store.events()["event_type"].tolist() == ["interception_out"]


def test_a_correction_replaces_and_a_withdrawal_removes(store):
    store.ingest(reading_of(make_events([{}, {}]), "a"))
    corrected = {"source_version": 2, "record_status": "corrected", "n_persons": 9}
    withdrawn = {"source_record_id": "R1", "source_version": 2, "record_status": "withdrawn"}
    summary = store.ingest(reading_of(make_events([corrected, withdrawn]), "b"))
    assert (summary.n_corrected, summary.n_withdrawn) == (1, 1)
    assert store.events()["n_persons"].tolist() == [9]
    history = store.events(history=True)
    assert len(history) == 4 and history["current"].sum() == 1
    late = store.ingest(reading_of(make_events([{"n_persons": 5}]), "c"))
    assert late.n_older == 1 and store.events()["n_persons"].tolist() == [9]


def test_a_record_takes_the_place_of_the_one_it_supersedes(store):
    store.ingest(reading_of(make_events([{}, {"source_record_id": "B", "supersedes": "R0"}]), "a"))
    assert store.events()["source_record_id"].tolist() == ["B"] and store.count_events() == 1
    gone = {"source_record_id": "B", "source_version": 2, "record_status": "withdrawn"}
    store.ingest(reading_of(make_events([gone]), "b"))
    assert store.events().empty and store.count_events() == 0


def test_records_that_claim_each_other_leave_the_latest(store):
    pair = [
        {"source_record_id": "A", "supersedes": "B"},
        {"source_record_id": "B", "supersedes": "satgas:A", "reported_at": START + 3 * DAY},
    ]
    store.ingest(reading_of(make_events(pair), "a"))
    assert store.events()["source_record_id"].tolist() == ["B"] and store.count_events() == 1


def test_an_undone_import_is_gone_and_its_state_can_be_repeated(store):
    store.ingest(reading_of(make_events([{}]), "a"))
    empty_before = store.data_version()
    second = store.ingest(reading_of(make_events([{}, {}]), "b", n_refused=1))
    both, both_events = store.data_version(), store.events()
    store.undo_import(second.import_id, Said("wrong file"), by="ani")
    assert store.data_version() == empty_before and len(store.events()) == 1
    assert store.set_aside().empty and store.count_set_aside() == 0
    assert_frame_equal(store.events(version=both), both_events)
    with pytest.raises(DataError, match="undone already"):
        store.undo_import(second.import_id, Said("again"))
    back = store.ingest(reading_of(make_events([{}, {}]), "b", n_refused=1))
    assert back.n_new == 1 and back.n_same == 1 and store.data_version() == both


def test_undoing_the_first_of_two_that_brought_a_row_keeps_it(store):
    first = store.ingest(reading_of(make_events([{}]), "a"))
    second = store.ingest(reading_of(make_events([{}]), "b"))
    assert second.n_same == 1
    store.undo_import(first.import_id, Said("twice"))
    assert store.events()["import_id"].tolist() == [second.import_id]


def test_effort_brought_again_replaces(store):
    week = pd.Timestamp("2026-03-02")
    store.ingest(reading_of(make_effort([{"minutes": 60}, {"minutes": 30}]), "a", kind="effort"))
    assert store.effort()["minutes"].sum() == 90
    more = store.ingest(reading_of(make_effort([{"minutes": 80}]), "b", kind="effort"))
    assert more.n_corrected == 1 and store.effort()["minutes"].tolist() == [80]
    tracks = [{"source": "track", "week": week}]
    for sha in ("c", "d", "d"):
        store.ingest(reading_of(make_effort(tracks), sha, kind="effort"))
    assert store.effort()["source"].tolist().count("track") == 2
    named = [{"effort_id": "P1", "minutes": m} for m in (10, 20)]
    store.ingest(reading_of(make_effort(named[:1]), "e", kind="effort"))
    store.ingest(reading_of(make_effort(named[1:]), "f", kind="effort"))
    back = store.effort()
    assert back.query("effort_id == 'P1'")["minutes"].tolist() == [20]
    assert store.count_effort() == len(back)
    undone = store.imports()["import_id"].iloc[0]
    store.undo_import(undone, Said("twice"))
    assert store.count_effort() == len(store.effort()) == len(back)
    assert not schema.check_table(back[back["effort_id"] != ""], schema.EFFORT)
    assert list(back) == schema.EFFORT.names


versions = st.fixed_dictionaries(
    {
        "source_record_id": st.sampled_from("ABCD"),
        "source_version": st.integers(1, 3),
        "record_status": st.sampled_from(["new", "corrected", "withdrawn"]),
        "n_persons": st.integers(1, 3),
        "supersedes": st.sampled_from(["", "", "A", "B", "C", "D"]),
        "reported_at": st.sampled_from([START, START + DAY, START + 2 * DAY]),
    }
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    files=st.lists(st.lists(versions, min_size=1, max_size=4), min_size=2, max_size=4),
    data=st.data(),
)
def test_the_order_of_imports_does_not_matter(tmp_path_factory, files, data):
    readings = [reading_of(make_events(rows), f"{i}") for i, rows in enumerate(files)]
    order = data.draw(st.permutations(readings))
    told = [name for name in schema.EVENT.names if name != "import_id"]
    states = []
    for some in (readings, order):
        home = tmp_path_factory.mktemp("store")
        store = Store(f"sqlite:///{home / 's.sqlite'}", home)
        store.create()
        for reading in some:
            s = store.ingest(reading)
            ways = s.n_new + s.n_corrected + s.n_withdrawn + s.n_same + s.n_older
            assert ways + s.n_set_aside == s.n_read
        assert store.count_events() == len(store.events())
        states.append((store.data_version(), store.events()[told]))
    assert states[0][0] == states[1][0]
    assert_frame_equal(states[0][1], states[1][1])


def test_an_assessment_is_all_or_nothing(store):
    with pytest.raises(MissingTable, match="no assessment yet"):
        store.assessment()
    cells = pd.DataFrame({"cell": ["876526ac0ffffff"], "risk": [0.5]})
    first = store.write_assessment({"cells": cells}, {"area": "kalbar", "horizons": [1, 4]})
    with pytest.raises(TypeError):
        store.write_assessment({"cells": cells}, {"area": object()})
    with pytest.raises(ValueError, match="no table people is declared"):
        store.write_assessment({"cells": cells, "people": cells}, {"area": "kalbar"})
    second = store.write_assessment({"cells": cells}, {"area": "kalbar"})
    assert first < second and store.assessments()["id"].tolist() == [second, first]
    meta, frames = store.assessment(first)
    assert meta["horizons"] == [1, 4]
    assert_frame_equal(frames["cells"], cells)
    assert store.prune_assessments(keep=1) == [first]
    with pytest.raises(MissingTable, match=first):
        store.assessment(first)
    assert [path.name for path in store.assessment_folder.iterdir()] == [second]


def test_what_a_killed_program_left_is_swept(store):
    folder = store.assessment_folder
    for name, hours in ((".aside-old", 30), (".aside-new", 0)):
        (folder / name).mkdir(parents=True)
        os.utime(folder / name, (time.time() - hours * 3600,) * 2)
    store.create()
    assert [path.name for path in folder.iterdir()] == [".aside-new"]
    assert store.assessments().empty


def test_links_are_replaced_and_decisions_are_kept(store):
    store.ingest(reading_of(make_events([{}, {}, {}]), "a"))
    a, b, c = store.events()["event_id"]
    row = {"prob": 0.95, "outcome": "link", "why": "time"}
    store.write_links(pd.DataFrame([{"event_id_a": b, "event_id_b": a, **row}]))
    assert store.links().loc[0, ["event_id_a", "event_id_b", "prob"]].tolist() == [a, b, 0.95]
    before = store.data_version()
    store.decide_link(b, a, "unlink", by="ani", reason=Said("two groups"))
    store.decide_link(b, c, "link", by="ani")
    decided = store.data_version()
    assert decided != before
    assert store.decisions()["outcome"].tolist() == ["unlink", "link"]
    store.decide_link(a, b, "auto", by="ani")
    assert store.decisions()["event_id_b"].tolist() == [c]
    assert len(store.decisions(history=True)) == 3
    assert len(store.decisions(version=decided)) == 2
    assert store.decisions(version=before).empty
    with pytest.raises(DataError, match="no event x:1"):
        store.decide_link(a, "x:1", "link")
    with pytest.raises(ValueError, match="link, unlink, auto"):
        store.decide_link(a, b, "maybe")


def test_an_override_has_a_reason_and_an_end(store):
    later = pd.Timestamp.now("UTC") + DAY
    with pytest.raises(ValueError, match="reason"):
        store.add_override("cell", "876526ac0ffffff", "low", Said(" "), later, "ani")
    with pytest.raises(ValueError, match="future"):
        store.add_override("cell", "876526ac0ffffff", "low", Said("gate closed"), START, "ani")
    name = store.add_override("cell", "876526ac0ffffff", "low", Said("gate closed"), later, "ani")
    assert store.overrides()["reason"].tolist() == ["gate closed"]
    with pytest.raises(ValueError, match="reason"):
        store.withdraw_override(name, "ani", Said(""))
    store.withdraw_override(name, "budi", Said("gate open again"))
    assert store.overrides().empty
    kept = store.overrides(history=True).iloc[0]
    assert (kept["withdrawn_by"], kept["withdrawn_reason"]) == ("budi", "gate open again")
    with pytest.raises(DataError, match="no override"):
        store.withdraw_override(name, "budi", Said("twice"))


@pytest.mark.parametrize(
    "reason", ["calo bernama Ahmad Fauzi di sana", "telp 0812 3456 7890", "kata Pak Slamet"]
)
def test_a_reason_that_names_a_person_is_refused(store, reason):
    later = pd.Timestamp.now("UTC") + DAY
    with pytest.raises(DataError, match="personal data") as refused:
        store.add_override("cell", "876526ac0ffffff", "low", Said(reason), later, "ani")
    assert reason not in str(refused.value)
    assert store.overrides(history=True).empty


def test_an_override_changes_nothing_the_model_learns_from(store):
    store.ingest(reading_of(make_events([{}]), "a"))
    before, events = store.data_version(), store.events()
    later = pd.Timestamp.now("UTC") + DAY
    store.add_override("cell", "876526ac0ffffff", "very_high", Said("new path"), later, "ani")
    assert store.data_version() == before
    pd.testing.assert_frame_equal(store.events(), events)


def test_a_store_without_the_newer_columns_gets_them(store):
    with store.db.write() as connection:
        connection.exec_driver_sql('ALTER TABLE "overrides" DROP COLUMN "withdrawn_reason"')
    store.create()
    assert store.overrides(history=True).empty


def test_an_erased_import_leaves_no_row_and_its_states_say_so(store):
    store.ingest(reading_of(make_events([{}]), "a"))
    second = store.ingest(reading_of(make_events([{}, {"modus": "guide"}]), "b", n_refused=2))
    with_it = store.data_version()
    with pytest.raises(DataError, match="undo it first"):
        store.erase_import(second.import_id, Said("personal data"))
    store.undo_import(second.import_id, Said("personal data"))
    assert store.erase_import(second.import_id, Said("personal data")) == 1
    assert len(store.events(history=True)) == 1 and len(store.events()) == 1
    assert store.set_aside(second.import_id).empty
    with pytest.raises(DataError, match="import 2 was erased"):
        store.events(version=with_it)
    if store.db.sqlite:
        assert b"guide" not in store.db.path.read_bytes()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_is_the_whole_store_in_either_database(store, kind, request, tmp_path):
    if kind == "sqlite":
        target = Store(f"sqlite:///{tmp_path / 'second' / 'store.sqlite'}", tmp_path / "second")
    else:
        target = request.getfixturevalue("new_postgres_store")()
    store.ingest(reading_of(make_events([{}, {"n_persons": None}, {"lat": None}]), "a", 1), "ani")
    store.ingest(reading_of(make_effort([{}]), "b", kind="effort"))
    store.decide_link(*store.events()["event_id"][:2], "link")
    audit.log(store, "import", "ani")
    name = store.write_assessment({"cells": pd.DataFrame({"risk": [0.5]})}, {"area": "kalbar"})
    counts = store.backup(tmp_path / "all.zip")
    assert counts["event_versions"] == 3 and counts["audit"] == 1
    target.restore(tmp_path / "all.zip")
    assert target.data_version() == store.data_version()
    assert_frame_equal(target.events(), store.events())
    assert_frame_equal(target.effort(), store.effort())
    assert_frame_equal(target.imports(), store.imports())
    assert_frame_equal(target.set_aside(), store.set_aside())
    assert_frame_equal(target.decisions(), store.decisions())
    assert audit.verify(target) == [] and len(audit.read(target)) == 1
    assert target.assessment()[0]["id"] == name
    assert target.ingest(reading_of(make_events([{"n_persons": 8}]), "c")).import_id == "3"
    with pytest.raises(DataError, match="not empty"):
        target.restore(tmp_path / "all.zip")


def test_what_was_published_is_in_the_backup(store, tmp_path):
    ledger = store.assessment_folder / "published" / "q2025_1.parquet"
    ledger.parent.mkdir(parents=True)
    pd.DataFrame({"count": [7.0]}).to_parquet(ledger)
    store.backup(tmp_path / "all.zip")
    target = Store(f"sqlite:///{tmp_path / 'second' / 'store.sqlite'}", tmp_path / "second")
    target.restore(tmp_path / "all.zip")
    copy = target.assessment_folder / "published" / "q2025_1.parquet"
    assert copy.read_bytes() == ledger.read_bytes()


def test_a_damaged_backup_is_refused_whole(tmp_path):
    def fresh(name):
        return Store(f"sqlite:///{tmp_path / name / 'store.sqlite'}", tmp_path / name)

    store = fresh("first")
    store.create()
    store.ingest(reading_of(make_events([{}] * 3), "a"))
    store.backup(tmp_path / "all.zip")
    content = (tmp_path / "all.zip").read_bytes()
    for cut in (0, 10, len(content) // 2, len(content) - 30):
        (tmp_path / "cut.zip").write_bytes(content[:cut])
        other = fresh(f"other{cut}")
        with pytest.raises(DataError, match=r"cut.zip is damaged"):
            other.restore(tmp_path / "cut.zip")
        assert other.events().empty
    with pytest.raises(DataError, match="no backup at"):
        fresh("x").restore(tmp_path / "absent.zip")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://x/y", "sqlite or postgresql"),
        ("sqlite://", "expected sqlite:///folder"),
        ("nonsense", "not understood"),
        ("postgresql://nobody@127.0.0.1:1/x", "(?i)refused|failed"),
    ],
)
def test_a_wrong_url_is_told_in_a_sentence(url, words, tmp_path):
    with pytest.raises(DataError, match=words):
        Store(url, tmp_path).create()


def test_a_store_of_version_1_is_migrated_with_all_its_rows(tmp_path):
    """Version 1 had no guard on the audit log, and fewer optional columns of an event."""
    path = tmp_path / "old.sqlite"
    old = Store(f"sqlite:///{path}", tmp_path)
    old.create()
    old.ingest(reading_of(make_events([{}, {"origin_prov": "NTB"}]), "a"))
    audit.log(old, "import", "ani")
    before = old.events()
    with sqlite3.connect(path) as raw:  # back to what version 1 was
        raw.execute("DROP TRIGGER audit_no_update")
        raw.execute("DROP TRIGGER audit_no_delete")
        raw.execute("ALTER TABLE event_versions DROP COLUMN recruit_app")
        raw.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    raw.close()
    assert old.create() == [2, 3, 4]
    assert old.create() == []
    assert_frame_equal(old.events(), before)
    with pytest.raises(sa.exc.IntegrityError, match="append only"), old.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM audit")
    with old.db.write() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    with pytest.raises(DataError, match="use the newer program"):
        old.create()


def test_a_broken_migration_leaves_the_store_as_it_was(tmp_path, monkeypatch):
    store = Store(f"sqlite:///{tmp_path / 's.sqlite'}", tmp_path)
    store.create()
    store.ingest(reading_of(make_events([{}]), "a"))

    def half(connection):
        connection.exec_driver_sql("CREATE TABLE half (x INTEGER)")
        raise RuntimeError("power cut")

    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS, half])
    with pytest.raises(RuntimeError):
        store.create()
    monkeypatch.undo()
    assert store.create() == [] and len(store.events()) == 1
    with store.db.read() as connection:
        assert not sa.inspect(connection).has_table("half")
