"""The store: what counts follows from the imports, whatever their order; nothing is lost."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from data import schema
from data.errors import DataError
from data.store import MissingTable, Store
from tests.data.store_world import DAY, START, make_effort, make_events, reading_of


@pytest.fixture
def store(tmp_path):
    made = Store(f"sqlite:///{tmp_path / 'store.sqlite'}", tmp_path)
    made.create()
    return made


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
    assert store.events()["source_record_id"].tolist() == ["B"]
    gone = {"source_record_id": "B", "source_version": 2, "record_status": "withdrawn"}
    store.ingest(reading_of(make_events([gone]), "b"))
    assert store.events().empty


def test_records_that_claim_each_other_leave_the_latest(store):
    pair = [
        {"source_record_id": "A", "supersedes": "B"},
        {"source_record_id": "B", "supersedes": "satgas:A", "reported_at": START + 3 * DAY},
    ]
    store.ingest(reading_of(make_events(pair), "a"))
    assert store.events()["source_record_id"].tolist() == ["B"]


def test_an_undone_import_is_gone_and_its_state_can_be_repeated(store):
    store.ingest(reading_of(make_events([{}]), "a"))
    empty_before = store.data_version()
    second = store.ingest(reading_of(make_events([{}, {}]), "b", n_refused=1))
    both, both_events = store.data_version(), store.events()
    store.undo_import(second.import_id, "wrong file", by="ani")
    assert store.data_version() == empty_before and len(store.events()) == 1
    assert store.set_aside().empty
    assert_frame_equal(store.events(version=both), both_events)
    with pytest.raises(DataError, match="undone already"):
        store.undo_import(second.import_id, "again")
    back = store.ingest(reading_of(make_events([{}, {}]), "b", n_refused=1))
    assert back.n_new == 1 and back.n_same == 1 and store.data_version() == both


def test_undoing_the_first_of_two_that_brought_a_row_keeps_it(store):
    first = store.ingest(reading_of(make_events([{}]), "a"))
    second = store.ingest(reading_of(make_events([{}]), "b"))
    assert second.n_same == 1
    store.undo_import(first.import_id, "twice")
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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
        states.append((store.data_version(), store.events()[told]))
    assert states[0][0] == states[1][0]
    assert_frame_equal(states[0][1], states[1][1])


def test_an_assessment_is_all_or_nothing(store, tmp_path):
    with pytest.raises(MissingTable, match="no assessment yet"):
        store.assessment()
    cells = pd.DataFrame({"cell": ["876526ac0ffffff"], "risk": [0.5]})
    first = store.write_assessment({"cells": cells}, {"area": "kalbar", "horizons": [1, 4]})
    with pytest.raises(TypeError):
        store.write_assessment({"cells": cells}, {"area": object()})
    second = store.write_assessment({"cells": cells}, {"area": "kalbar"})
    assert first < second and store.assessments()["id"].tolist() == [second, first]
    meta, frames = store.assessment(first)
    assert meta["horizons"] == [1, 4]
    assert_frame_equal(frames["cells"], cells)
    assert store.prune_assessments(keep=1) == [first]
    with pytest.raises(MissingTable, match=first):
        store.assessment(first)
    assert [path.name for path in (tmp_path / "assessments").iterdir()] == [second]
