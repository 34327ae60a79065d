"""Plans as the solver makes them can be changed by hand, and all that follows is found anew."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from risk.plan.actions import DAY_ACTIONS, action_at, breaches, may_be_done
from risk.plan.budget import STEPS, make_budget, share_of_bound, with_edits
from risk.plan.edit import change_orders, rework
from risk.plan.make import frame_week, make_plan, with_meets
from risk.plan.solve import solve_greedy
from risk.plan.value import met, split_hours
from tests.risk.plan.test_plan import MONDAY, RULES, make_world

EASY = {"max_examples": 15, "deadline": None, "suppress_health_check": list(HealthCheck)}


@cache
def solved(world_seed: int, seed: int, teams: int, explain: bool = False):
    """A plan of the solver with what the store keeps of it: meta, frames, roads, week, plan."""
    _, cells, roster, ways = make_world(world_seed, teams)
    week = frame_week(ways, cells, roster, 0.7, replace(RULES, plans=6))
    plan = with_meets(make_plan(week, MONDAY, seed, explain=explain), week, cells)
    posts = roster.assign(days_off=[list(d) for d in roster["days_off"]]).to_dict("records")
    meta = {**plan.facts, "posts": posts}
    return meta, plan.frames, ways.roads(), week, plan


worlds = st.builds(solved, st.integers(0, 4), st.just(1), st.sampled_from([2, 5]))


def home_is_known(orders: pd.DataFrame, roads) -> None:
    """Every shift: out, stops and back one after the other, each way as long as its road."""
    for _, part in orders.groupby("order_id"):
        part = part.sort_values("seq")
        assert part["seq"].tolist() == list(range(1, len(part) + 1))
        legs = [m for m, _ in roads.legs(part["post_id"].iloc[0], part["mode"].iloc[0],
                                         part["sector"].tolist())]  # fmt: skip
        assert part["travel_minutes"].to_numpy() == pytest.approx(legs[:-1], abs=0.01)
        assert part["return_minutes"].to_numpy()[:-1] == pytest.approx(np.zeros(len(part) - 1))
        assert part["return_minutes"].iloc[-1] == pytest.approx(legs[-1], abs=0.01)
        gone = (part["travel_minutes"] + part["stay_minutes"]).cumsum() / 60
        left = (part["leave"] - part["start"].iloc[0]) / pd.Timedelta(hours=1)
        assert left.to_numpy() == pytest.approx(gone.to_numpy(), abs=1e-4)
        back = (part["back"].iloc[-1] - part["leave"].iloc[-1]) / pd.Timedelta(minutes=1)
        assert back == pytest.approx(legs[-1], abs=0.01)
        took = (part["back"].iloc[-1] - part["start"].iloc[0]) / pd.Timedelta(minutes=1)
        assert took <= part["shift_minutes"].iloc[0] + 2e-3


def worth_by_hand(orders: pd.DataFrame, week) -> float:
    """What orders are worth, computed from the week itself."""
    total = 0.0
    for k, sector in enumerate(week.sectors["sector"]):
        minutes = orders.loc[orders["sector"] == sector, "stay_minutes"].sum()
        most = min(minutes, week.sectors["guard_minutes"].iloc[k])
        if most > 0:
            hours = split_hours(week.weight[k], week.strength, [most / 60])
            total += float(met(week.weight[k], week.strength, hours)[0])
    return total


def changed(**row) -> pd.DataFrame:
    return pd.DataFrame([row], dtype=object)


@settings(**EASY)
@given(made=worlds, data=st.data())
def test_a_shorter_stay_is_accepted_in_every_order_of_every_plan(made, data):
    """The fault that was: a last stop at the post itself takes 0 minutes back."""
    meta, frames, roads, week, _ = made
    orders = frames["orders"]
    row = orders.iloc[data.draw(st.integers(0, len(orders) - 1))]
    stay = data.draw(st.floats(15, float(row["stay_minutes"])))
    told = changed(order_id=row["order_id"], seq=row["seq"], stay_minutes=stay)
    now, after = rework(meta, frames, told, roads)
    home_is_known(after["orders"], roads)
    assert now["value"] == pytest.approx(worth_by_hand(after["orders"], week), rel=1e-9)
    others = orders["order_id"] != row["order_id"]
    kept = [name for name in orders if name != "shift_value"]  # what others bring follows
    pd.testing.assert_frame_equal(
        after["orders"].loc[others.to_numpy(), kept], orders.loc[others, kept], check_dtype=False
    )


@settings(**EASY)
@given(made=worlds, data=st.data())
def test_a_stop_dropped_added_again_and_moved_gives_the_same_plan(made, data):
    meta, frames, roads, _week, _plan = made
    orders = frames["orders"]
    long = orders.groupby("order_id").filter(lambda part: len(part) > 1)
    assume(len(long))
    row = long.iloc[data.draw(st.integers(0, len(long) - 1))]
    order, seq = row["order_id"], int(row["seq"])
    _, less = rework(meta, frames, changed(order_id=order, seq=seq, drop=True), roads)
    home_is_known(less["orders"], roads)
    again = changed(order_id=order, seq=seq - 1, add=row["sector"],
                    stay_minutes=float(row["stay_minutes"]), action=row["action"])  # fmt: skip
    told, more = rework({**meta}, less, again, roads)
    back = more["orders"]
    assert len(back) == len(orders)
    columns = ["order_id", "seq", "sector", "stay_minutes", "action", "team_id", "lat", "lon",
               "kabupaten_code", "explore", "chance", "post_id", "mode"]  # fmt: skip
    pd.testing.assert_frame_equal(back[columns], orders[columns], check_dtype=False)
    assert back["travel_minutes"].to_numpy() == pytest.approx(
        orders["travel_minutes"].to_numpy(), abs=0.01
    )
    for name in ("planned_minutes", "visits", "met", "value"):
        assert more["sectors"][name].to_numpy() == pytest.approx(
            frames["sectors"][name].to_numpy(float), abs=1e-9
        )
    assert told["met"] == pytest.approx(meta["met"]) and told["value"] == pytest.approx(
        meta["value"]
    )
    spent = more["cells"].groupby("sector")["minutes"].sum()
    assert spent.to_numpy() == pytest.approx(
        frames["cells"].groupby("sector")["minutes"].sum().to_numpy()
    )


@settings(**EASY)
@given(made=worlds, data=st.data())
def test_a_stop_is_given_another_place_if_the_shift_still_fits(made, data):
    meta, frames, roads, _week, _ = made
    orders = frames["orders"]
    long = orders.groupby("order_id").filter(lambda part: len(part) > 1)
    assume(len(long))
    row = long.iloc[data.draw(st.integers(0, len(long) - 1))]
    part = orders[orders["order_id"] == row["order_id"]].sort_values("seq")
    place = data.draw(st.integers(1, len(part)))
    # a minute is taken from nobody: stays are cut so that any order of the stops fits
    shorter = [
        {"order_id": row["order_id"], "seq": int(s), "stay_minutes": 15.0, "action": "patrol"}
        for s in part["seq"]
    ]
    shorter[int(row["seq"]) - 1]["place"] = place
    wanted = [s for s in part["sector"] if s != row["sector"]]
    wanted.insert(place - 1, row["sector"])
    try:
        _, after = rework(meta, frames, pd.DataFrame(shorter), roads)
    except ValueError as problem:  # a detour may be longer than the shift, nothing else is
        assert "takes" in str(problem)
        return
    mine = after["orders"][after["orders"]["order_id"] == row["order_id"]]
    assert mine["sector"].tolist() == wanted
    home_is_known(after["orders"], roads)


@settings(**EASY)
@given(made=worlds, data=st.data())
def test_a_shift_is_given_to_a_team_of_another_post_and_its_ways_follow(made, data):
    meta, frames, roads, _week, _ = made
    orders = frames["orders"]
    row = orders.iloc[data.draw(st.integers(0, len(orders) - 1))]
    team = data.draw(st.sampled_from([one["team_id"] for one in meta["posts"]]))
    day = data.draw(st.integers(0, 6))
    start = MONDAY + pd.Timedelta(days=day, hours=7)
    stops = orders.loc[orders["order_id"] == row["order_id"], "seq"]
    told = pd.DataFrame(
        [{"order_id": row["order_id"], "seq": int(s), "stay_minutes": 15.0, "team_id": team,
          "start": start} for s in stops]
    )  # fmt: skip
    try:
        _, after = rework(meta, frames, told, roads)
    except ValueError as problem:
        assert "two places" in str(problem) or "takes" in str(problem)
        return
    mine = after["orders"][after["orders"]["order_id"] == row["order_id"]]
    own = next(one for one in meta["posts"] if one["team_id"] == team)
    assert set(mine["post_id"]) == {own["post_id"]} and set(mine["mode"]) == {own["mode"]}
    assert (mine["start"] == start).all() and (mine["day"] == day).all()
    assert not mine["night"].any()
    home_is_known(after["orders"], roads)


@settings(**EASY)
@given(made=worlds)
def test_what_needs_the_day_is_ordered_by_day(made):
    orders = made[1]["orders"]
    for row in orders[orders["action"].isin(DAY_ACTIONS)].itertuples():
        assert row.arrive.hour >= 5 and row.leave <= row.arrive.normalize() + pd.Timedelta(hours=20)


@settings(**EASY)
@given(made=worlds, data=st.data())
def test_nobody_orders_outreach_into_the_night(made, data):
    meta, frames, roads, *_ = made
    orders = frames["orders"]
    nights = orders[orders["night"]]
    assume(len(nights))
    row = nights.iloc[data.draw(st.integers(0, len(nights) - 1))]
    action = data.draw(st.sampled_from(sorted(DAY_ACTIONS)))
    told = changed(order_id=row["order_id"], seq=int(row["seq"]), action=action)
    if may_be_done(action, row["arrive"], row["leave"]):
        rework(meta, frames, told, roads)
        return
    with pytest.raises(ValueError, match=f"{action} is ordered between 05:00 and 20:00 only"):
        rework(meta, frames, told, roads)


def test_the_menu_at_an_hour():
    night = (pd.Timestamp("2026-12-01 19:30"), pd.Timestamp("2026-12-01 20:01"))
    day = (pd.Timestamp("2026-12-01 05:00"), pd.Timestamp("2026-12-01 20:00"))
    assert action_at("outreach", "checkpoint, patrol", *day) == "outreach"
    assert action_at("outreach", "checkpoint, patrol", *night) == "checkpoint"
    assert action_at("outreach", "safe_migration_desk", *night) == "patrol"
    over = (pd.Timestamp("2026-12-01 19:00"), pd.Timestamp("2026-12-02 06:00"))
    assert not may_be_done("outreach", *over)


def test_outreach_goes_into_the_day_before_its_action_is_changed():
    """Nights are taken from shifts without visits that need the day, as far as there are any."""
    _meta, frames, _, week, _ = solved(2, 3, 6)
    orders, menu = frames["orders"], week.sectors.set_index("sector")["action"]
    needs = orders["sector"].map(menu).isin(DAY_ACTIONS).groupby(orders["order_id"]).any()
    night = orders.groupby("order_id")["night"].first()
    assert night.any() and needs[night].mean() <= needs.mean()


def test_every_fault_is_told_at_once_and_a_day_closed_or_a_lost_turn_is_marked():
    meta, frames, roads, _week, _ = solved(0, 1, 5)
    orders = frames["orders"]
    first = orders.iloc[0]
    wrong = pd.DataFrame(
        [
            {"order_id": "Z", "seq": 1},
            {"order_id": first["order_id"], "seq": 9, "stay_minutes": 60},
            {"order_id": first["order_id"], "seq": 1, "team_id": "nobody"},
            {"order_id": first["order_id"], "seq": 1, "add": "nowhere"},
        ]
    )
    with pytest.raises(
        ValueError, match=r"no order Z with stop 1.*no team nobody.*stop 9.*nowhere is no sector"
    ):
        change_orders(orders, wrong, frames["sectors"], meta["posts"], roads)
    with pytest.raises(ValueError, match="sector cannot be edited"):
        change_orders(orders, changed(order_id=first["order_id"], seq=1, sector="x"),
                      frames["sectors"], meta["posts"], roads)  # fmt: skip
    everything = orders[["order_id", "seq"]].assign(drop=True)
    with pytest.raises(ValueError, match="no order is left"):
        rework(meta, frames, everything, roads)
    twice = changed(order_id=first["order_id"], seq=1, add=first["sector"], stay_minutes=15)
    with pytest.raises(ValueError, match="visits a sector once"):
        rework(meta, frames, twice, roads)
    asked = frames["sectors"].assign(asked=frames["sectors"]["sector"] == first["sector"])
    assert breaches(orders, asked).empty
    gone = orders[orders["sector"] != first["sector"]]
    assert breaches(gone, asked)["kind"].tolist() == ["turn"]


def test_the_guard_is_counted_anew_and_what_is_beyond_it_is_worth_nothing():
    meta, frames, roads, _week, _ = solved(0, 1, 5)
    row = frames["orders"].iloc[0]
    tight = frames["sectors"].assign(guard_minutes=lambda t: t["planned_minutes"].clip(lower=1.0))
    same = changed(order_id=row["order_id"], seq=1, stay_minutes=float(row["stay_minutes"]))
    before = rework(meta, {**frames, "sectors": tight}, same, roads)[0]
    less = tight.assign(
        guard_minutes=tight["guard_minutes"].where(tight["sector"] != row["sector"], 30.0)
    )
    after, made = rework(meta, {**frames, "sectors": less}, same, roads)
    assert after["value"] < before["value"]
    told = breaches(made["orders"], made["sectors"])
    assert told.loc[told["sector"] == row["sector"], "kind"].tolist() == ["dosage"]


# the budget -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_budget_adds_up_and_every_level_is_what_it_says(seed):
    meta, frames, _roads, week, _plan = solved(seed, seed, 4, explain=True)
    budget = pd.DataFrame(meta["budget"]).set_index("step")
    assert list(budget.index) == list(STEPS[:-1])
    assert budget["change"].cumsum().to_numpy() == pytest.approx(budget["value"].to_numpy())
    rivals, strategy = frames["rivals"].set_index("plan"), frames["strategy"]
    assert budget["value"]["draw"] == pytest.approx(worth_by_hand(frames["orders"], week), rel=1e-9)
    assert budget["value"]["draw"] == pytest.approx(meta["value"], rel=1e-9)
    assert budget["value"]["search"] == pytest.approx(rivals["value"]["best"])
    assert budget["value"]["chance"] == pytest.approx((strategy.chance * strategy.value).sum())
    turned = strategy.loc[strategy["objective"].idxmax(), "value"]
    assert budget["value"]["turns"] == pytest.approx(turned)
    # no plan of the strategy, nor any other known, is above the bound
    assert budget["value"]["bound"] >= max(rivals["value"].max(), strategy["value"].max()) - 1e-9
    assert budget["change"]["exploring"] <= 1e-9 and budget["change"]["search"] <= 1e-9
    assert share_of_bound(meta["budget"]) == pytest.approx(meta["value"] / budget["value"]["bound"])


def test_the_bound_of_a_budget_holds_for_a_plan_that_need_not_explore():
    meta, _, _, week, _ = solved(1, 1, 4, explain=True)
    free = replace(week.problem, explore_share=0.0)
    assert meta["budget"][0]["value"] >= free.value(solve_greedy(free).shifts) - 1e-9


def test_an_edit_is_a_step_of_the_budget_and_goes_when_it_is_undone():
    meta, frames, roads, week, _ = solved(1, 1, 4, explain=True)
    row = frames["orders"].iloc[0]
    gone = changed(order_id=row["order_id"], seq=1, stay_minutes=15.0)
    told, after = rework(meta, frames, gone, roads)
    steps = pd.DataFrame(told["budget"]).set_index("step")
    assert list(steps.index) == list(STEPS) and steps["change"]["edits"] < 0
    assert steps["change"].sum() == pytest.approx(worth_by_hand(after["orders"], week), rel=1e-9)
    back = changed(order_id=row["order_id"], seq=1, stay_minutes=float(row["stay_minutes"]))
    again = rework(told, after, back, roads)[0]
    assert [one["step"] for one in again["budget"]] == list(STEPS[:-1])
    lost = after["orders"].set_index(["order_id", "seq"])["shift_value"]
    for order, value in lost.groupby(level=0):
        without = after["orders"][after["orders"]["order_id"] != order]
        expected = steps["value"]["edits"] - worth_by_hand(without, week)
        assert value.iloc[0] == pytest.approx(expected, abs=1e-9)


def test_a_budget_misses_no_level():
    with pytest.raises(ValueError, match="missing: draw"):
        make_budget({name: 1.0 for name in STEPS[:-2]})
    whole = make_budget({name: 1.0 for name in STEPS[:-1]})
    assert with_edits(whole, 1.0) == whole and share_of_bound(with_edits(whole, 0.5)) == 0.5
