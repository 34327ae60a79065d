"""No writer takes a sentence that did not pass the gate, and none that passed lies in the log."""

import ast
import contextlib
import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

import data.store as store_room
from data.errors import DataError
from data.personal.gate import PersonalDataError
from data.personal.said import NOTHING, Said, code_of, plain_of
from data.store import audit, plans, tables
from data.store.roster import TEAM_KEYS, Roster, parse_roster
from tests.data.store.test_plans import META, change, edit, frames
from tests.data.store_world import make_events, reading_of

#: the worst that somebody could type: a name, an identity number, a phone, a mail, an account
WORST = "kata tersangka Budi Santoso, NIK 6103215708900002, WA 0812-3456-7890, budi@contoh.id"
LATER = pd.Timestamp.now("UTC") + pd.Timedelta(days=3)


#: how a parameter is called that takes what a person typed
TYPED = {"reason", "note", "why", "said", "sentence", "comment"}


def writers() -> dict[str, Callable]:
    """Every public function of the store, in whatever module, that takes a person's sentence."""
    found = {}
    for module in pkgutil.iter_modules(store_room.__path__):
        room = importlib.import_module(f"data.store.{module.name}")
        for name, each in vars(room).items():
            if inspect.isfunction(each) and each.__module__ == room.__name__:
                found[f"{module.name}.{name}"] = each
            elif inspect.isclass(each) and each.__module__ == room.__name__:
                functions = vars(each).items()
                found |= {f"{name}.{key}": one for key, one in functions if inspect.isfunction(one)}
    told = {name: set(inspect.signature(each).parameters) for name, each in found.items()}
    return {name: found[name] for name, names in told.items()
            if names & TYPED and not name.split(".")[1].startswith("_")}  # fmt: skip


def test_the_writers_are_found():
    known = {"Store.undo_import", "Store.erase_import", "Store.decide_link", "Store.add_override",
             "Store.withdraw_override", "state.undo", "state.erase", "links.decide",
             "links.add_override", "links.withdraw_override", "plans.edit", "plans.restore",
             "plans.approve", "plans.sign", "plans.withdraw"}  # fmt: skip
    assert known == set(writers())


GIVEN = {
    "version": 1, "earlier": 0, "by": "ani", "seq": 9,
    "changes": change(order_id="B-1", seq=1, action="outreach"), "import_id": "1",
    "event_id_a": "a", "event_id_b": "b", "first": "a", "second": "b", "outcome": "link",
    "kind": "cell", "target": "c", "value": "low", "expires_at": LATER, "override_id": "1",
    "assessment": "x", "rework": None,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(writers()))
def test_no_writer_takes_plain_text(name, store):
    """Neither the worst sentence nor a harmless one that did not pass the gate."""
    write = writers()[name]
    names = inspect.signature(write).parameters
    (typed,) = set(names) & TYPED
    assert names[typed].annotation is Said
    plan = plans.create(store, frames(), META, "ani")
    store.ingest(reading_of(make_events([{}]), "a"))
    told = GIVEN | {"self": store, "store": store, "plan": plan, "db": store.db}
    for text in (WORST, "jalan longsor"):
        within = store.db.write() if "connection" in names else contextlib.nullcontext()
        with pytest.raises((TypeError, StatementError), match="is a Said"), within as connection:
            given = told | {"connection": connection, "import_id": 1 if connection else "1"}
            write(**{key: (given | {typed: text})[key] for key in names})
    assert len(plans.history(store, plan)) == 1
    assert store.overrides(history=True).empty and store.decisions(history=True).empty
    assert (store.imports()["undo_reason"] == "").all()


def test_no_column_of_sentences_takes_plain_text(store):
    """Not even from a statement that goes past every writer."""
    columns = [one for table in tables.tables.sorted_tables for one in table.columns
               if "reason" in one.name and one.table.name != "set_aside"]  # fmt: skip
    assert {one.name for one in columns} == {"reason", "undo_reason", "withdrawn_reason"}
    for column in columns:
        assert isinstance(column.type, tables.Sentence), column
        for text in (WORST, "jalan longsor"):
            change = sa.update(column.table).values({column.name: text})
            with pytest.raises(StatementError, match="is a Said"), store.db.write() as connection:
                connection.execute(change)


@pytest.mark.parametrize(("table", "column"), [("orders", "note"), ("sectors", "closed_reason")])
def test_a_new_plan_takes_no_plain_text(store, table, column):
    told = frames()
    told[table] = told[table].assign(**{column: "hari pasar"})
    with pytest.raises(TypeError, match="is a Said"):
        plans.create(store, told, META, "ani")
    assert plans.listing(store).empty


@pytest.mark.parametrize("where", ["forbidden", "mandatory", "reasons"])
def test_a_roster_is_made_of_no_plain_text(where):
    with pytest.raises(TypeError, match="is a Said"):
        Roster(pd.DataFrame(columns=list(TEAM_KEYS)), **{where: {"x": "hari pasar"}})


@pytest.mark.parametrize("name", ["team_id", "post_id", "post", "agency"])
def test_a_roster_is_made_of_no_persons(name):
    team = dict.fromkeys(TEAM_KEYS, "A") | {name: WORST}
    with pytest.raises(PersonalDataError):
        Roster(pd.DataFrame([team]))


def test_the_program_says_only_words_that_stand_in_it():
    """`own_word` passes no gate, so it is given literals alone."""
    house = Path(__file__).resolve().parents[3]
    calls = []
    for room in ("data", "joins", "risk", "geo", "ui", "commands"):
        for path in (house / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "own_word":
                    calls.append((path.name, ast.unparse(node.args[0])))
    assert sorted(calls) == [
        ("erasure.py", "'(dihapus / erased)'"), ("forget.py", "'(dihapus / erased)'"),
        ("plans.py", "word"),
        ("records.py", "f'read again as import {number}'"), ("said.py", "''"),
    ]  # fmt: skip
    assert plans.WORDS == ("made", "approved", "signed", "replaced")


def test_a_said_cannot_be_made_of_the_worst():
    with pytest.raises(PersonalDataError) as refused:
        Said(WORST, "an undo")
    for word in ("Budi", "6103", "0812", "contoh"):
        assert word not in str(refused.value)
    with pytest.raises(DataError, match="an undo needs a reason"):
        Said("  ", "an undo")
    with pytest.raises(DataError, match="at most 300 signs"):
        Said("a " * 200)


def test_a_said_stays_one_only_while_nobody_changes_it():
    told = Said("  jalan   longsor ", "a change")
    assert told == "jalan longsor" and plain_of(told, "a change") == "jalan longsor"
    assert type(plain_of(told, "a change")) is str
    assert isinstance(pickle.loads(pickle.dumps(told)), Said)
    assert not isinstance(told + WORST, Said) and not isinstance(told.upper(), Said)
    assert plain_of(Said.or_nothing(" ", "a change"), "a change") == "" == NOTHING


@pytest.mark.parametrize("code", ["CONTOH-01", "patrol", "pos_3/a", "REGU.2"])
def test_a_code_names_a_thing(code):
    assert code_of(code, "a team") == code


@pytest.mark.parametrize("text", [WORST, "budi_santoso", "081234567890", "x" * 41, "", 3])
def test_a_code_names_no_person(text):
    with pytest.raises(DataError) as refused:
        code_of(text, "a team")
    assert "budi" not in str(refused.value).lower() and "0812" not in str(refused.value)


ROSTER = """
[[team]]
team_id = "{team}"
post_id = "p1"
post = "{post}"
lat = 0.9
lon = 110.3
mode = "foot"
[[closed]]
cell = "x"
days = ["sun"]
reason = "{reason}"
"""


@pytest.mark.parametrize("where", ["team", "post", "reason"])
def test_no_roster_names_a_person(where):
    given = {"team": "A", "post": "Pos uji", "reason": "hari pasar"} | {where: WORST}
    cells = pd.DataFrame({"cell": ["876526ac0ffffff"], "desa_code": [""]})
    with pytest.raises(PersonalDataError) as refused:
        parse_roster("regu.toml", ROSTER.format(**given).encode(), cells)
    assert "Budi" not in str(refused.value)
    with pytest.raises(PersonalDataError, match="the name of the file"):
        parse_roster("Budi Santoso.toml", b"", cells)


@pytest.mark.parametrize("detail", [WORST, {"page": WORST}, {"names": ["Budi Santoso bin Ali"]}])
def test_no_line_of_the_log_names_a_person(store, detail):
    with pytest.raises(ValueError, match="no personal data") as refused:
        audit.log(store, "view", "ani", detail)
    assert "Budi" not in str(refused.value)
    assert audit.read(store).empty


def test_reasons_stand_outside_the_log(store):
    """The log cannot be erased: its bytes hold no word that somebody typed."""
    plan = plans.create(store, frames(), META, "ani")
    told = change(order_id="B-1", seq=1, note=Said("catatankhusus"))
    edit(store, plan, 1, told, "budi", Said("alasanpertama"))
    plans.restore(store, plan, 2, 1, "budi", Said("alasankedua"))
    plans.approve(store, plan, 3, "citra", Said("alasanketiga"))
    plans.sign(store, plan, 4, "dewi", Said("alasankeempat"))
    store.add_override(
        "cell", "876526ac0ffffff", "low", Said("alasankelima"), LATER, "ani"
    )  # fmt: skip
    with store.db.read() as connection:
        lines = connection.exec_driver_sql("SELECT * FROM audit").fetchall()
    assert len(lines) == 5
    assert "alasan" not in repr(lines) and "catatan" not in repr(lines)
    assert plans.history(store, plan)["reason"].tolist()[1:] == [
        "alasanpertama", "alasankedua", "alasanketiga", "alasankeempat",
    ]  # fmt: skip
