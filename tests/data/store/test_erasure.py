"""A sentence that told of a person is gone from every byte; what it was said of stays."""

import sqlite3

import pandas as pd
import pytest

from data.errors import DataError
from data.personal.said import Said
from data.store import audit, erasure, plans
from data.store.records import Store
from tests.data.store.test_plans import META, change, edit, frames
from tests.data.store_world import make_events, reading_of

SECRET = "kata rahasia yang harus hilang"
LATER = pd.Timestamp.now("UTC") + pd.Timedelta(weeks=4)


@pytest.fixture
def store(tmp_path) -> Store:
    made = Store(f"sqlite:///{tmp_path}/records.db", tmp_path)
    made.create()
    return made


def an_undo(store):
    one = store.ingest(reading_of(make_events([{}]), "a"))
    store.undo_import(one.import_id, Said(SECRET), "budi")
    return [one.import_id], lambda: store.imports()["undo_reason"]


def an_override(store):
    number = store.add_override("cell", "876526ac0ffffff", "low", Said(SECRET), LATER, "budi")
    return [number], lambda: store.overrides(history=True)["reason"]


def a_withdrawal(store):
    number = store.add_override("cell", "876526ac0ffffff", "low", Said("longsor"), LATER, "budi")
    store.withdraw_override(number, "budi", Said(SECRET))
    return [number], lambda: store.overrides(history=True)["withdrawn_reason"]


def a_decision(store):
    store.ingest(reading_of(make_events([{}, {}]), "a"))
    pair = store.events()["event_id"].tolist()
    store.decide_link(*pair, "link", "budi", Said(SECRET))
    return pair[::-1], lambda: store.decisions()["reason"]


def a_plan(store):
    """Signed with the sentence, which is handed on to the plan that is withdrawn."""
    for _ in range(2):
        plan = plans.create(store, frames(), META, "ani")
        plans.approve(store, plan, 1, "citra")
        plans.sign(store, plan, 2, "dewi", Said(SECRET))
    return [plan, "3"], lambda: plans.history(store, plan)["reason"].tail(1)


def a_note(store):
    plan = plans.create(store, frames(), META, "ani")
    told = change(order_id="A-2", seq=1, note=Said(SECRET))
    edit(store, plan, 1, told, "budi", Said("jalan banjir"))
    plans.approve(store, plan, 2, "citra")
    return [plan, "A-2"], lambda: plans.read(store, plan)[1]["orders"]["note"].iloc[2:3]


KINDS = {
    "undo": an_undo, "override": an_override, "withdrawal": a_withdrawal,
    "decision": a_decision, "plan": a_plan, "note": a_note,
}  # fmt: skip


def holding(tmp_path) -> list[str]:
    """Files that hold the secret, Parquet ones by their cells."""
    found = []
    for path in tmp_path.rglob("*"):
        if path.suffix == ".parquet":
            held = pd.read_parquet(path).astype(str).eq(SECRET).any().any()
        else:
            held = path.is_file() and SECRET.encode() in path.read_bytes()
        found += [path.name] if held else []
    return found


def test_every_kind_is_tested():
    assert set(KINDS) == set(erasure.KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_is_gone_from_every_byte_and_the_rest_stays(store, tmp_path, kind):
    other = sqlite3.connect(tmp_path / "records.db")  # another program keeps the log alive
    other.execute("SELECT count(*) FROM meta").fetchall()
    names, said = KINDS[kind](store)
    before = len(said())
    assert holding(tmp_path)
    assert erasure.erase_sentence(store, kind, names) >= 1
    assert holding(tmp_path) == []
    assert said().tolist() == [erasure.ERASED] * before
    assert audit.verify(store) == []
    with pytest.raises(DataError, match="no sentence is kept"):
        erasure.erase_sentence(store, kind, names)


def test_only_the_named_sentence_goes(store):
    first, _ = an_override(store)
    store.add_override("cell", "876526ac0ffffff", "high", Said("jembatan baru"), LATER, "budi")
    erasure.erase_sentence(store, "override", first)
    assert sorted(store.overrides()["reason"]) == [erasure.ERASED, "jembatan baru"]


@pytest.mark.parametrize(
    ("kind", "names", "words"),
    [
        ("undo", ["9"], "no sentence is kept for undo 9"),
        ("undo", ["x"], "named by the number of the import"),
        ("decision", ["a"], "named by the two event ids"),
        ("plan", ["../x", "1"], "no plan"),
        ("mood", ["1"], "one of undo, override"),
    ],
)
def test_what_is_not_there_is_refused(store, kind, names, words):
    with pytest.raises(DataError, match=words):
        erasure.erase_sentence(store, kind, names)


def test_the_programs_own_words_are_no_sentences(store):
    plan = plans.create(store, frames(), META, "ani")
    with pytest.raises(DataError, match="no sentence is kept"):
        erasure.erase_sentence(store, "plan", [plan, "1"])
