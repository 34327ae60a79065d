"""What Monday's meeting is told: each fact against the numbers it was made from."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.gate import access
from joins.desks import monday as desk
from joins.desks import view
from joins.desks.papers import Papers
from settings import load_settings
from ui.map import monday, monday_told
from ui.map.monday import Came, Fact, Then
from ui.map.scene import Places, Scene, Total
from ui.selection import Selection

WEEKS = pd.date_range("2026-09-07", periods=11, freq="7D")
#: last days that the earlier and the later assessment know
KNOWN, CUTOFF = pd.Timestamp("2026-11-15"), pd.Timestamp("2026-11-22")
CHOSEN = Selection()
META = {
    "id": "b", "created_at": "2026-11-23T00:00:00+00:00", "cutoff": f"{CUTOFF:%Y-%m-%d}",
    "model_version": "2", "chosen_model": "pool", "horizons": [1], "groups": ["all"],
    "first_week": "2026-09-07",
}  # fmt: skip
BEFORE = META | {
    "id": "a", "created_at": "2026-11-16T00:00:00+00:00", "cutoff": f"{KNOWN:%Y-%m-%d}",
}  # fmt: skip
FRESH = pd.DataFrame(columns=["agency", "days_since", "usual_days", "stale"])


def weekly(counts, column: str = "weight") -> pd.DataFrame:
    """Rows of (place of the week, number)."""
    rows = [{"week": WEEKS[at], column: float(n)} for at, n in counts]
    table = pd.DataFrame(rows, columns=["week", column])
    return table.astype({"week": "datetime64[ns]", column: float})


def sectors(**statuses) -> pd.DataFrame:
    """One sector per name: its status, what it expects, and what it expected."""
    rows = [
        {"sector": i, "cell": f"c{i}", "name": name, "sector_code": name, "status": status,
         "risk": risk, "previous": previous}
        for i, (name, (status, risk, previous)) in enumerate(statuses.items(), start=1)
    ]  # fmt: skip
    columns = ["sector", "cell", "name", "sector_code", "status", "risk", "previous"]
    return pd.DataFrame(rows, columns=columns)


def scene(history=(), effort=(), ranked=None, meta=META, gone=(), reasons=None) -> Scene:
    ranked = sectors() if ranked is None else ranked
    table = ranked[["cell", "risk", "previous"]]
    nothing = pd.DataFrame()
    return Scene(
        meta=meta, table=table, everywhere=table, sectors=ranked,
        gone=pd.DataFrame({"name": list(gone)}),
        sector_of=pd.Series(ranked["sector"].to_numpy(), index=ranked["cell"]),
        history=weekly(history), effort=weekly(effort, "minutes"),
        reasons=reasons_of() if reasons is None else reasons,
        events=nothing, scores=nothing, places=Places({}, {}, {}), breaks=[], risk_breaks=[],
        total=Total(float(table["risk"].sum()), 1.0, 9.0, float(table["previous"].sum())),
        least_expected=0.001,
    )  # fmt: skip


def reasons_of(**pushes) -> pd.DataFrame:
    """Reasons of cell c1: contribution and number by name."""
    rows = [("c1", 1, name, push, value) for name, (push, value) in pushes.items()]
    return pd.DataFrame(rows, columns=["cell", "horizon_weeks", "reason", "contribution", "value"])


def then(history=(), effort=(), risk=(), meta=BEFORE, reasons=None) -> Then:
    table = pd.DataFrame(risk, columns=["cell", "risk"])
    rows = weekly(history), weekly(effort, "minutes")
    return Then(meta, table, *rows, reasons_of() if reasons is None else reasons)


def came(*deliveries, whole: bool = True, fresh: pd.DataFrame = FRESH) -> Came:
    columns = ["at", "agencies", "kind", "n", "old", "undone"]
    table = pd.DataFrame(deliveries, columns=columns)
    return Came(table.assign(at=pd.to_datetime(table["at"], utc=True)), whole, fresh)


def keyed(facts) -> dict[str, dict]:
    return {fact.key: dict(fact.values) for fact in facts}


def why(told: Scene, before: Then | None, given: Came | None = None) -> dict[str, dict]:
    return keyed(monday.causes(told, before, given or came(), CHOSEN))


# records and patrols between two assessments ---------------------------------------------------

counts = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 5)), max_size=12)


@settings(max_examples=50)
@given(now=counts, before=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=12))
def test_what_came_in_is_the_difference_of_what_both_count(now, before):
    """New weeks are those that the earlier one did not know; old weeks gain or lose."""
    found = why(scene(history=now), then(history=before))
    old = [sum(n for at, n in now if at == w) - sum(n for at, n in before if at == w)
           for w in range(10)]  # fmt: skip
    assert found["records_new"]["n"] == sum(n for at, n in now if at == 10)
    assert found.get("records_late", {"n": 0})["n"] == sum(max(d, 0) for d in old)
    assert found.get("records_lost", {"n": 0})["n"] == sum(max(-d, 0) for d in old)
    if late := [WEEKS[w] for w in range(10) if old[w] > 0]:
        assert found["records_late"]["first"] == late[0]
        assert found["records_late"]["last"] == late[-1] + pd.Timedelta(days=6)


def test_weeks_that_only_one_of_them_looks_back_on_are_no_change():
    """A window of so many weeks moves on: what fell out of it was not withdrawn."""
    now = scene(meta=META | {"first_week": "2026-09-14"})
    assert "records_lost" not in why(now, then(history=[(0, 3)]))


def test_hours_are_counted_like_records():
    found = why(scene(effort=[(10, 90), (3, 60)]), then(effort=[(3, 30)]))
    assert found["hours_new"]["n"] == 90 and found["hours_late"]["n"] == 30


def test_what_is_hidden_is_said_and_has_no_number():
    quarters = weekly([(10, 4)]).assign(week_last=WEEKS[-1])
    shared = replace(scene(meta=META | {"withheld": ["effort"]}), history=quarters)
    found = monday.causes(shared, then(), Came(None, False, FRESH), CHOSEN)
    hidden = [fact for fact in found if fact.key.endswith("_hidden")]
    assert [one.key for one in hidden] == ["records_hidden", "hours_hidden", "deliveries_hidden"]
    assert not any(one.values for one in hidden)
    own = monday.causes(scene(), then(), came(whole=False), CHOSEN)
    assert own[-1] == Fact("others_hidden")


# scores ----------------------------------------------------------------------------------------


def test_sectors_are_counted_by_what_the_list_says_of_them():
    ranked = sectors(A=("new", 3, 1), B=("growing", 2, 1), C=("growing", 9, 4),
                     D=("steady", 5, 5), E=("growing", 3, 2))  # fmt: skip
    found = keyed(monday.moved(scene(ranked=ranked, gone=["F", "G", "H"])))
    assert {key: one["n"] for key, one in found.items() if "n" in one} == {
        "new": 1, "growing": 3, "gone": 3}  # fmt: skip
    assert [row["name"] for row in found["growing"]["sectors"]] == ["C", "B"]
    assert found["total"]["risk"] == 22 and found["total"]["previous"] == 13
    assert "steady" not in found
    assert "steady" in keyed(monday.moved(scene(ranked=sectors(D=("steady", 5, 5)))))


def test_without_an_earlier_assessment_it_is_said():
    assert list(why(scene(history=[(10, 3)]), None)) == ["first"]


@pytest.mark.parametrize(("changed", "key"), [
    ({"model_version": "1"}, "other_engine"), ({"chosen_model": "kde"}, "other_way"),
    ({"horizons": [4]}, "other_way"), ({"groups": ["outbound"]}, "other_way"),
])  # fmt: skip
def test_scores_of_another_engine_are_not_compared_but_records_are(changed, key):
    ranked = sectors(A=("growing", 3, 2))
    now = scene(history=[(10, 3)], ranked=ranked, reasons=reasons_of(recent_here=(1.0, 5)))
    before = then(risk=[("c1", 1.0)], meta=BEFORE | changed)
    found = why(now, before)
    assert key in found and found["records_new"]["n"] == 3
    assert not {"since", "revised", "refitted", "because"} & set(found)


@pytest.mark.parametrize(("history", "was", "key"), [
    ([(2, 1)], 1.0, "revised"), ([], 1.0, "refitted"), ([(2, 1)], 2.0, None),
])  # fmt: skip
def test_a_change_that_comes_from_old_weeks_is_told_apart(history, was, key):
    """Last week's figure as it reads today (2) against what was told then."""
    found = why(scene(history=history, ranked=sectors(A=("steady", 2, 2))),
                then(risk=[("c1", was)]))  # fmt: skip
    told = {"revised", "refitted", "unclear"} & set(found)
    assert told == ({key} if key else set())
    if key:
        assert found[key] == {"then": was, "now": 2.0, "same_week": False}


def test_whose_records_are_hidden_is_not_told_that_there_were_none():
    told = scene(ranked=sectors(A=("steady", 2, 2)))
    told = replace(told, history=weekly([]).assign(week_last=pd.NaT))
    found = why(told, then(risk=[("c1", 1.0)]))
    assert "unclear" in found and not {"revised", "refitted"} & set(found)


def test_forecasts_that_stood_at_other_weeks_are_not_taken_apart():
    far = BEFORE | {"cutoff": "2026-11-08"}
    told = scene(ranked=sectors(A=("steady", 2, 2)))
    assert not {"revised", "refitted"} & set(why(told, then(risk=[("c1", 1.0)], meta=far)))
    gap = scene(ranked=sectors(A=("steady", 2, 2)), meta=META | {"gap_weeks": 1})
    assert "refitted" not in why(gap, then(risk=[("c1", 1.0)]))


def test_the_reason_that_moved_most_the_same_way_is_named():
    ranked = sectors(A=("growing", 3, 2))
    now = reasons_of(recent_here=(0.9, 5), border=(0.4, 2), patrol=(-0.6, 9))
    was = reasons_of(recent_here=(0.2, 2), border=(0.3, 2), patrol=(0.6, 1))
    found = why(scene(ranked=ranked, reasons=now), then(risk=[("c1", 2.0)], reasons=was))
    assert found["because"]["reason"] == "recent_here" and found["because"]["up"]
    assert (found["because"]["then"], found["because"]["now"]) == (2, 5)
    assert found["because"]["factor"] == pytest.approx(np.exp(0.7))
    # up by today's data, yet no higher than was told: no reason is made up
    assert "because" not in why(scene(ranked=ranked, reasons=now),
                                then(risk=[("c1", 3.5)], reasons=was))  # fmt: skip


# deliveries and what is missing ------------------------------------------------------------------


def test_deliveries_between_both_are_told_those_of_old_weeks_first():
    given = came(
        ("2026-11-15", "Polda", "events", 9, 9, False),  # before both
        ("2026-11-17", "Imigrasi", "events", 30, 0, False),
        ("2026-11-18", "Polda", "events", 4, 3, False),
        ("2026-11-19", "Polda", "events", 2, 1, False),
        ("2026-11-19", "Desa", "events", 5, 5, True),  # taken back
        ("2026-11-24", "Desa", "events", 5, 5, False),  # after both
    )
    rows = why(scene(), then(), given)["deliveries"]["rows"]
    assert [(row["agency"], row["n"], row["old"]) for row in rows] == [
        ("Polda", 6, 4), ("Imigrasi", 30, 0)]  # fmt: skip
    assert keyed(monday.missing(META, given))["unassessed"] == {"n": 1}
    assert "deliveries_none" in why(scene(), then())


def test_agencies_are_silent_or_overdue_or_not_named():
    fresh = pd.DataFrame(
        [("A", 30.0, 7.0, True), ("B", 9.0, 7.0, False), ("C", 7.5, 7.0, False),
         ("D", 40.0, 7.0, True), ("E", 90.0, np.nan, False)],
        columns=["agency", "days_since", "usual_days", "stale"],
    )  # fmt: skip
    found = keyed(monday.missing(META, came(fresh=fresh)))
    assert [one["agency"] for one in found["silent"]["agencies"]] == ["D", "A"]
    assert [one["agency"] for one in found["overdue"]["agencies"]] == ["B"]
    assert found.keys() == {"silent", "overdue"}
    assert list(keyed(monday.missing(META, came()))) == ["complete"]
    stepped = META | {"gap_weeks": 2, "week": "2026-12-07"}
    gap = keyed(monday.missing(stepped, came()))["gap"]
    assert (f"{gap['first']:%d %b}", f"{gap['last']:%d %b}") == ("23 Nov", "06 Dec")


# in words, and through the gate ------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["id", "en"])
def test_each_answer_is_one_sentence_with_its_numbers(lang):
    ranked = sectors(A=("new", 3, 1), B=("fading", 1, 4))
    told = monday.tell(
        scene(history=[(10, 7), (2, 1)], effort=[(10, 180)], ranked=ranked, gone=["F"]),
        then(risk=[("c1", 1.0)]),
        came(("2026-11-18", "Polda", "events", 4, 3, False),
             fresh=pd.DataFrame([("X", 30.4, 7.0, True)], columns=FRESH.columns)),
        CHOSEN,
    )  # fmt: skip
    lines = monday_told.lines(told, lang)
    assert len(lines) == 3
    for _, answer in lines:
        assert answer[0].isupper() and re.findall(r"[.](?:\s|$)", answer) == ["."]
        assert "{" not in answer
    first, second, third = (answer for _, answer in lines)
    assert all(name in first for name in ("4", "5", "A", "B", "F"))
    assert all(number in second for number in ("7", "3 ", "Polda 4"))
    assert "X 30" in third
    assert re.search(r"1 (baru|new) · 1 (turun|down)", monday_told.headline(told, lang))


@pytest.fixture(scope="module")
def two(world, tmp_path_factory):
    """Settings of a store with an assessment of this week and one of the week before."""
    return load_settings(world.write(tmp_path_factory.mktemp("two"), earlier=True))


def viewer(tier: str, kabupaten=None) -> access.Scope:
    return access.Scope("", "*", tier, kabupaten, None, pd.Timestamp("2100", tz="UTC"))


def test_the_earlier_assessment_is_that_of_the_week_before(two):
    newest = view.newest(two)
    meta = view.kept(newest, two, access.LOCAL).meta
    found = desk.earlier(two, meta)
    assert found is not None and found < newest
    assert desk.earlier(two, meta | {"id": found}) is None


@pytest.mark.parametrize(("scope", "told", "hidden"), [
    (viewer("restricted"), {"records_new", "hours_new"}, set()),
    (viewer("restricted", frozenset({"61.03"})), {"records_new", "hours_new"}, {"others"}),
    (viewer("internal"), {"hours_new"}, {"records", "deliveries"}),
    (viewer("public"), set(), {"records", "hours", "deliveries"}),
])  # fmt: skip
def test_a_viewer_is_told_what_his_rights_show(two, scope, told, hidden):
    seen = view.kept(view.newest(two), two, scope)
    found = keyed(desk.facts(seen, Selection(coverage=0.03), seen.scope).causes)
    assert told <= set(found)
    assert {key.removesuffix("_hidden") for key in found if key.endswith("_hidden")} == hidden
    if "records_new" in told:
        last = seen.frames["history"]["week"] > CUTOFF - pd.Timedelta(weeks=1)
        assert found["records_new"]["n"] == seen.frames["history"].loc[last, "weight"].sum()


def test_the_brief_is_given_the_same_answers(two, monkeypatch):
    given = []
    monkeypatch.setattr("joins.desks.papers.brief.make_pdf", lambda one: given.append(one) or b"")
    seen = view.kept(view.newest(two), two, access.LOCAL)
    papers = Papers(seen, lambda *_: None)
    papers.sheet(Selection())
    headline, lines = papers.monday(Selection())
    assert headline and len(lines) == 3 and given[0].monday == lines
