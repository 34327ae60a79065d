"""Plans as versions: who, when, why; nothing lost, nothing changed twice, nothing signed unseen."""

import zipfile

import pandas as pd
import pytest

from data.errors import DataError
from data.personal.said import NOTHING, Said
from data.store import assessments, audit, plans
from data.store.records import Store
from joins.refused import refusals
from risk.plan.edit import rework


@pytest.fixture
def store(tmp_path) -> Store:
    made = Store(f"sqlite:///{tmp_path}/records.db", tmp_path)
    made.create()
    return made


def frames() -> dict[str, pd.DataFrame]:
    start = pd.Timestamp("2026-11-30 06:00")
    rows = []
    for order, team, day, seq, sector in (
        ("A-1", "A", 0, 1, "s1"),
        ("A-1", "A", 0, 2, "s2"),
        ("A-2", "A", 1, 1, "s1"),
        ("B-1", "B", 0, 1, "s3"),
    ):
        begin = start + pd.Timedelta(days=day)
        arrive = begin + pd.Timedelta(hours=1 if seq == 1 else 3.5)
        leave = arrive + pd.Timedelta(hours=2)
        rows.append(
            {
                "order_id": order,
                "team_id": team,
                "day": day,
                "seq": seq,
                "sector": sector,
                "start": begin,
                "arrive": arrive,
                "leave": leave,
                "back": pd.NaT if (order, seq) == ("A-1", 1) else leave + pd.Timedelta(hours=1),
                "travel_minutes": 60.0 if seq == 1 else 30.0,
                "return_minutes": 0.0 if (order, seq) == ("A-1", 1) else 60.0,
                "stay_minutes": 120,
                "shift_minutes": 480.0,
                "action": "patrol",
                "post_id": "P",
                "mode": "foot",
            }
        )
    sectors = pd.DataFrame(
        {"sector": ["s1", "s2", "s3"], "planned_minutes": [240.0, 120.0, 120.0],
         "visits": [2, 1, 1], "guard_minutes": 1440.0}
    )  # fmt: skip
    weights = pd.DataFrame(
        {"sector": ["s1", "s2", "s3"], "cell": list("abc"), "weight": [0.5, 0.2, 0.1],
         "risk": [0.5, 0.2, 0.1], "lo": [0.2, 0.1, 0.0], "hi": [0.9, 0.4, 0.3]}
    )  # fmt: skip
    teams = pd.DataFrame({"group": ["P/foot"], "shifts": 3})
    cells = pd.DataFrame(
        {"sector": ["s1", "s2", "s3"], "cell": list("abc"), "minutes": [240.0, 120.0, 120.0]}
    )
    told = {"sectors": sectors, "cells": cells, "weights": weights, "teams": teams}
    return {"orders": pd.DataFrame(rows), **told}


META = {
    "first_day": "2026-11-30", "seed": 7, "assessment": "x", "synthetic": True, "hours": 40.0,
    "strength_per_hour": 0.7,
}  # fmt: skip


class HourEachWay:
    """An hour out and back, half an hour between."""

    def spot(self, sector):
        return 0.98, 110.36

    def legs(self, post, mode, sectors):
        return [(60.0, ""), *[(30.0, "")] * (len(sectors) - 1), (60.0, "")]


def work(meta, frames, changes):
    with refusals():
        return rework(meta, frames, changes, HourEachWay())


def edit(store, plan, version, changes, by, reason):
    return plans.edit(store, plan, version, changes, by, reason, work)


def change(**row) -> pd.DataFrame:
    return pd.DataFrame([row], dtype=object)


def test_a_plan_walks_from_draft_to_signed(store):
    plan = plans.create(store, frames(), META, "ani")
    assert assessments.is_id(plan)
    told = change(order_id="A-2", seq=1, stay_minutes=180.0, note=Said("jembatan putus"))
    assert edit(store, plan, 1, told, "budi", Said("jalan banjir")) == 2
    assert plans.approve(store, plan, 2, "citra", Said("dibahas")) == 3
    assert plans.sign(store, plan, 3, "dewi") == 4
    history = plans.history(store, plan)
    assert list(history["status"]) == ["draft", "edited", "approved", "signed"]
    assert list(history["by"]) == ["ani", "budi", "citra", "dewi"]
    assert history["reason"][1] == "jalan banjir"
    meta, now = plans.read(store, plan)
    assert meta["status"] == "signed" and meta["seed"] == 7
    assert meta["ground_hours"] == 9 and meta["met"] > 0
    row = now["orders"].set_index(["order_id", "seq"]).loc[("A-2", 1)]
    assert row["stay_minutes"] == 180 and row["note"] == "jembatan putus"
    assert row["back"] == pd.Timestamp("2026-12-01 11:00")
    assert now["sectors"].set_index("sector")["planned_minutes"]["s1"] == 300
    assert now["cells"].set_index("sector")["minutes"]["s1"] == pytest.approx(300)
    first = plans.read(store, plan, 1)[1]["orders"]
    pd.testing.assert_frame_equal(first, frames()["orders"], check_dtype=False)


def test_one_goes_back_to_an_earlier_version_as_a_new_one(store):
    plan = plans.create(store, frames(), META, "ani")
    told = change(order_id="A-2", seq=1, stay_minutes=180.0)
    edit(store, plan, 1, told, "budi", Said("jalan banjir"))
    plans.approve(store, plan, 2, "citra")
    with pytest.raises(DataError, match="needs a reason"):
        plans.restore(store, plan, 3, 1, "budi", Said(" "))
    with pytest.raises(DataError, match="a version before 3, got 3"):
        plans.restore(store, plan, 3, 3, "budi", Said("surut"))
    assert plans.restore(store, plan, 3, 1, "budi", Said("surut")) == 4
    meta, now = plans.read(store, plan)
    assert (meta["version"], meta["status"], meta["by"]) == (4, "edited", "budi")
    assert "met" not in meta
    first = plans.read(store, plan, 1)[1]
    for name, table in now.items():
        pd.testing.assert_frame_equal(table, first[name])
    assert list(plans.history(store, plan)["version"]) == [1, 2, 3, 4]
    plans.approve(store, plan, 4, "citra")
    plans.sign(store, plan, 5, "dewi")
    with pytest.raises(DataError, match="can become withdrawn"):
        plans.restore(store, plan, 6, 2, "budi", Said("surut"))


def test_a_note_names_no_person(store):
    plan = plans.create(store, frames(), META, "ani")
    told = change(order_id="B-1", seq=1, note="hubungi 0812 3456 7890")
    with pytest.raises(TypeError, match="the text of a note is a Said"):
        edit(store, plan, 1, told, "budi", Said("kontak"))
    told = change(order_id="B-1", seq=1, team_id="hubungi 0812 3456 7890")
    with pytest.raises(DataError, match="a team: a code has letters"):
        edit(store, plan, 1, told, "budi", Said("kontak"))
    assert plans.read_meta(store, plan)["version"] == 1


def test_a_shift_that_is_moved_takes_its_day_and_night_along(store):
    told = frames()
    told["orders"] = told["orders"].assign(night=False)
    plan = plans.create(store, told, META, "ani")
    move = change(order_id="B-1", seq=1, start=pd.Timestamp("2026-12-02 18:30"))
    edit(store, plan, 1, move, "budi", Said("acara desa"))
    now = plans.read(store, plan)[1]["orders"].set_index("order_id").loc["B-1"]
    assert now["day"] == 2 and now["night"] and now["start"] == pd.Timestamp("2026-12-02 18:30")


def test_every_step_is_in_the_log(store):
    plan = plans.create(store, frames(), META, "ani")
    plans.approve(store, plan, 1, "citra", Said("dibahas"))
    edit(store, plan, 2, change(order_id="B-1", seq=1, team_id="C"), "budi", Said("sakit"))
    lines = audit.read(store)
    assert list(lines["action"]) == ["override", "approve", "assess"]
    assert all(plan in what for what in lines["what"])
    assert not any("sakit" in what for what in lines["what"])  # the log cannot be erased
    assert audit.verify(store) == []


@pytest.mark.parametrize(
    ("status", "moves", "words"),
    [
        ("signed", [], "draft can become approved or edited, not signed"),
        ("edited", ["approve", "sign"], "signed can become withdrawn, not edited"),
        ("approved", ["approve"], "approved can become edited or signed"),
    ],
)
def test_no_step_is_skipped(store, status, moves, words):
    plan = plans.create(store, frames(), META, "ani")
    for number, move in enumerate(moves, 1):
        getattr(plans, move)(store, plan, number, "citra")
    version = len(moves) + 1
    act = {
        "signed": lambda: plans.sign(store, plan, version, "x"),
        "approved": lambda: plans.approve(store, plan, version, "x"),
        "edited": lambda: edit(
            store, plan, version, change(order_id="A-2", seq=1, action="outreach"), "x", Said("y")
        ),
    }
    with pytest.raises(DataError, match=words):
        act[status]()
    assert len(plans.history(store, plan)) == version


def test_a_change_needs_a_name_a_reason_and_the_newest_version(store):
    plan = plans.create(store, frames(), META, "ani")
    one = change(order_id="A-2", seq=1, action="outreach")
    with pytest.raises(DataError, match="needs a reason"):
        edit(store, plan, 1, one, "budi", Said("  "))
    with pytest.raises(DataError, match="give a name"):
        plans.approve(store, plan, 1, " ")
    edit(store, plan, 1, one, "budi", Said("warga minta"))
    with pytest.raises(DataError, match="changed meanwhile by budi: this is version 1"):
        edit(store, plan, 1, one, "citra", Said("lain"))


def test_personal_data_in_a_reason_is_refused_and_not_kept(store):
    plan = plans.create(store, frames(), META, "ani")
    one = change(order_id="A-2", seq=1, action="outreach")
    with pytest.raises(DataError, match="personal data"):
        edit(store, plan, 1, one, "budi", Said("hubungi 0812 3456 7890 1"))
    assert len(plans.history(store, plan)) == 1


def test_an_edit_cannot_put_a_team_in_two_places(store):
    plan = plans.create(store, frames(), META, "ani")
    with pytest.raises(DataError, match="team A is in two places: A-1 and B-1"):
        edit(store, plan, 1, change(order_id="B-1", seq=1, team_id="A"), "budi", Said("tukar"))
    with pytest.raises(DataError, match="A-1 takes 630 minutes, its shift has 480"):
        edit(store, plan, 1, change(order_id="A-1", seq=2, stay_minutes=360), "budi", Said("lama"))
    wrong = pd.DataFrame([{"order_id": "Z", "seq": 1}, {"order_id": "A-2", "seq": 1,
                                                        "stay_minutes": -5}])  # fmt: skip
    with pytest.raises(DataError, match=r"no order Z with stop 1; A-2: stay_minutes"):
        edit(store, plan, 1, wrong, "budi", Said("uji"))
    with pytest.raises(ValueError, match="sector cannot be edited"):
        edit(store, plan, 1, change(order_id="A-2", seq=1, sector="s9"), "budi", Said("uji"))
    assert len(plans.history(store, plan)) == 1


def test_a_stop_or_a_whole_shift_can_be_taken_out(store):
    plan = plans.create(store, frames(), META, "ani")
    gone = pd.DataFrame(
        [{"order_id": "A-1", "seq": 1, "drop": True}, {"order_id": "B-1", "seq": 1, "drop": True}]
    )
    edit(store, plan, 1, gone, "budi", Said("tidak perlu"))
    orders = plans.read(store, plan)[1]["orders"]
    assert list(orders["order_id"]) == ["A-1", "A-2"] and list(orders["seq"]) == [1, 1]
    assert plans.read(store, plan)[1]["sectors"]["planned_minutes"].tolist() == [120, 120, 0]


def signed(store, by="dewi", **meta) -> str:
    plan = plans.create(store, frames(), META | meta, "ani")
    plans.approve(store, plan, 1, "citra")
    plans.sign(store, plan, 2, by)
    return plan


def test_a_week_has_one_plan_in_force_and_signing_withdraws_the_one_before(store):
    assert plans.in_force(store, pd.Timestamp("2026-12-02")) is None
    first = signed(store)
    other_week = signed(store, first_day="2026-12-07")
    draft = plans.create(store, frames(), META, "ani")
    for day in ("2026-11-30", "2026-12-06 23:59"):
        assert plans.in_force(store, pd.Timestamp(day)) == first  # a draft is in force nowhere
    assert plans.in_force(store, pd.Timestamp("2026-11-29")) is None
    plans.approve(store, draft, 1, "citra")
    assert plans.sign(store, draft, 2, "eka", Said("banjir di utara")) == 3
    assert plans.in_force(store, pd.Timestamp("2026-12-02")) == draft
    assert plans.in_force(store, pd.Timestamp("2026-12-07")) == other_week
    told = plans.read_meta(store, first)
    assert (told["status"], told["by"], told["reason"]) == ("withdrawn", "eka", "banjir di utara")
    assert told["replaced_by"] == draft and told["version"] == 4
    third = signed(store, by="fani")
    assert plans.read_meta(store, draft)["reason"] == plans.REPLACED  # nothing was typed
    assert plans.read_meta(store, third)["status"] == "signed"
    listed = plans.listing(store).set_index("plan")
    assert set(listed.index[listed["in_force"]]) == {third, other_week}
    with pytest.raises(DataError, match="withdrawn can become nothing else"):
        plans.sign(store, first, 4, "dewi")
    assert (audit.read(store)["action"] == "override").sum() == 2


def test_of_plans_signed_at_one_moment_one_is_in_force(store, monkeypatch):
    now = pd.Timestamp("2026-11-28 03:00", tz="UTC")
    monkeypatch.setattr("pandas.Timestamp.now", lambda tz=None: now)
    made = [signed(store) for _ in range(3)]
    assert plans.in_force(store, pd.Timestamp("2026-11-30")) == made[-1]
    assert list(plans.listing(store)["status"]).count("signed") == 1


def test_a_plan_is_in_force_though_the_program_stopped_before_the_other_was_withdrawn(
    store, monkeypatch
):
    first = signed(store)
    with monkeypatch.context() as broken:
        broken.setattr(plans, "_withdraw", lambda *given, **named: None)
        second = signed(store)
    assert plans.in_force(store, pd.Timestamp("2026-11-30")) == second
    assert list(plans.listing(store).set_index("plan").loc[[first, second], "in_force"]) == [
        False,
        True,
    ]


def test_a_signed_plan_is_taken_back_with_a_reason(store):
    plan = signed(store)
    with pytest.raises(DataError, match="needs a reason"):
        plans.withdraw(store, plan, 3, "dewi", NOTHING)
    assert plans.withdraw(store, plan, 3, "dewi", Said("operasi dibatalkan")) == 4
    assert plans.in_force(store, pd.Timestamp("2026-11-30")) is None
    draft = plans.create(store, frames(), META, "ani")
    with pytest.raises(DataError, match="draft can become approved or edited, not withdrawn"):
        plans.withdraw(store, draft, 1, "dewi", Said("x y"))


def test_a_plan_of_before_is_not_changed_without_its_values(store):
    old = {name: table for name, table in frames().items() if name != "weights"}
    plan = plans.create(store, old, META, "ani")
    with pytest.raises(DataError, match="before values could be found anew"):
        edit(store, plan, 1, change(order_id="A-2", seq=1, drop=True), "budi", Said("uji"))


def test_two_at_once_and_one_is_told(store, monkeypatch):
    plan = plans.create(store, frames(), META, "ani")
    real = plans._write

    def slow(folder, version, *rest):
        real(folder, version, *rest)  # somebody else was quicker
        real(folder, version, *rest)

    monkeypatch.setattr(plans, "_write", slow)
    with pytest.raises(DataError, match="version 2 exists"):
        plans.approve(store, plan, 1, "citra")
    assert len(plans.history(store, plan)) == 2


def test_listing_and_missing_plans(store):
    assert plans.listing(store).empty
    with pytest.raises(assessments.MissingTable, match="no plan yet"):
        plans.read(store)
    first = plans.create(store, frames(), META, "ani")
    second = plans.create(store, frames(), META, "budi")
    assert list(plans.listing(store)["plan"]) == [second, first]
    assert plans.read(store)[0]["plan"] == second
    with pytest.raises(assessments.MissingTable, match="no plan"):
        plans.read(store, "../../etc")
    with pytest.raises(assessments.MissingTable, match="versions 1 to 1"):
        plans.read(store, first, 9)


def test_the_form_of_what_was_done(tmp_path):
    path = tmp_path / "form.csv"
    path.write_text("sector,minutes,finds\ns1,60,1\ns2,,\n")
    assert plans.read_form(path)["minutes"].tolist() == [60, 0]
    path.write_text("sector,minutes,finds\ns1,-1,x\ns2,many,0\n")
    with pytest.raises(DataError, match=r"minutes is a number from 0 \(lines 2, 3\); finds"):
        plans.read_form(path)
    path.write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="columns sector, minutes"):
        plans.read_form(path)


def test_a_backup_holds_every_version_of_every_plan(store, tmp_path):
    plan = plans.create(store, frames(), META, "ani")
    plans.approve(store, plan, 1, "budi", NOTHING)
    (store.folder / "plans" / plan / ".aside-x").mkdir()  # somebody is writing
    store.backup(tmp_path / "all.zip")
    target = Store(f"sqlite:///{tmp_path}/second/records.db", tmp_path / "second")
    target.restore(tmp_path / "all.zip")
    pd.testing.assert_frame_equal(plans.listing(target), plans.listing(store))
    for version in (1, 2):
        (meta, tables), (kept, same) = (plans.read(one, plan, version) for one in (store, target))
        assert meta == kept and set(tables) == set(same)
        for name in tables:
            pd.testing.assert_frame_equal(tables[name], same[name])
    lost = tmp_path / "lost.zip"
    with zipfile.ZipFile(tmp_path / "all.zip") as whole, zipfile.ZipFile(lost, "w") as part:
        for name in whole.namelist():
            if not name.endswith("v0002/meta.json"):
                part.writestr(name, whole.read(name))
    third = Store(f"sqlite:///{tmp_path}/third/records.db", tmp_path / "third")
    with pytest.raises(DataError, match="damaged: plans has"):
        third.restore(lost)
    assert not plans.listing(third).size
