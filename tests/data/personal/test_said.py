"""No writer takes a sentence that did not pass the gate, and none that passed lies in the log."""

import inspect
import pickle

import pandas as pd
import pytest

from data.errors import DataError
from data.personal.gate import PersonalDataError
from data.personal.said import NOTHING, Said, code_of, plain_of
from data.store import audit, plans
from data.store.records import Store
from data.store.roster import parse_roster
from tests.data.store.test_plans import META, change, edit, frames

#: the worst that somebody could type: a name, an identity number, a phone, a mail, an account
WORST = "kata tersangka Budi Santoso, NIK 6103215708900002, WA 0812-3456-7890, budi@contoh.id"
LATER = pd.Timestamp.now("UTC") + pd.Timedelta(days=3)


def writers() -> dict[str, inspect.Signature]:
    """Every public function of the store and of plans that takes a reason."""
    found = {
        f"Store.{name}": each for name, each in vars(Store).items() if inspect.isfunction(each)
    }
    found |= {f"plans.{name}": getattr(plans, name) for name in ("edit", "restore", "approve")}
    found["plans.sign"] = plans.sign
    signatures = {name: inspect.signature(each) for name, each in found.items()}
    return {name: each for name, each in signatures.items() if "reason" in each.parameters}


GIVEN = {
    "self": None, "store": None, "plan": "p", "version": 1, "earlier": 0, "by": "ani",
    "changes": change(order_id="B-1", seq=1, action="outreach"), "import_id": "1",
    "event_id_a": "a", "event_id_b": "b", "outcome": "link", "kind": "cell", "target": "c",
    "value": "low", "expires_at": LATER, "override_id": "1", "assessment": "x",
    "rework": None,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(writers()))
def test_no_writer_takes_plain_text(name, store):
    """Neither the worst sentence nor a harmless one that did not pass the gate."""
    signature = writers()[name]
    assert signature.parameters["reason"].annotation is Said
    plan = plans.create(store, frames(), META, "ani")
    target = store if name.startswith("Store") else plans
    write = getattr(target, name.split(".")[1])
    given = {key: GIVEN[key] for key in signature.parameters if key not in ("reason", "self")}
    given |= {key: {"store": store, "plan": plan}[key] for key in ("store", "plan") if key in given}
    for text in (WORST, "jalan longsor"):
        with pytest.raises(TypeError, match="is a Said, made by the personal-data gate"):
            write(**given, reason=text)
    assert len(plans.history(store, plan)) == 1
    assert store.overrides(history=True).empty and store.decisions(history=True).empty


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
