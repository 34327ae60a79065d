"""Nights are shared: nobody above the cap, nobody by day right after a night."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from risk.plan import orders as plan_orders
from risk.plan.actions import night_ends, tired
from risk.plan.make import make_plan
from risk.plan.orders import Nights
from risk.plan.problem import Shift
from risk.plan.value import Rules
from risk.plan.week import frame_week
from tests.risk.plan.test_plan import MONDAY, make_world

NONE = np.zeros(0, bool)


class Alike:
    """A problem whose every shift has the same stops: only days matter here."""

    groups = ()


@st.composite
def weeks(draw):
    """Days of the shifts of some teams."""
    teams = draw(st.integers(1, 9))
    days = st.sets(st.integers(0, 6), min_size=1, max_size=6)
    return [(f"R{k}", day, Shift(0, 0, ())) for k in range(teams) for day in sorted(draw(days))]


def nights_of(placed, sharing, monkeypatch, seed=1):
    monkeypatch.setattr(plan_orders, "_needs_light", lambda *_: False)
    rng = np.random.default_rng(seed)
    return plan_orders._nights(Alike(), placed, rng, sharing, {}, NONE)


@settings(max_examples=60, deadline=None)
@given(placed=weeks(), most=st.integers(0, 4), share=st.floats(0, 1), long=st.floats(4, 14))
def test_no_team_is_above_the_cap_or_out_by_day_right_after_a_night(placed, most, share, long):
    with pytest.MonkeyPatch.context() as patch:
        hours = {team: long for team, *_ in placed}
        told = nights_of(placed, Nights(share, most, 11.0, {}, hours), patch)
    assert told.sum() <= np.ceil(share * len(placed))
    table = pd.DataFrame({"team": [p[0] for p in placed], "day": [p[1] for p in placed]})
    for _, part in table.assign(night=told).groupby("team"):
        assert part["night"].sum() <= most
        for now, after in zip(part.iloc[:-1].itertuples(), part.iloc[1:].itertuples(), strict=True):
            ends = 24 * now.day + 18 + 1 + long  # the latest start
            begins = 24 * after.day + (18 if after.night else 6)
            assert not now.night or begins - ends >= 11


@settings(max_examples=40, deadline=None)
@given(teams=st.integers(2, 12), share=st.floats(0.05, 0.4))
def test_nobody_has_two_nights_more_than_another_who_could(teams, share):
    placed = [(f"R{k}", day, Shift(0, 0, ())) for k in range(teams) for day in range(5)]
    assume(share * len(placed) >= 1)
    with pytest.MonkeyPatch.context() as patch:
        told = nights_of(placed, Nights(share, 3, 11.0), patch)
    each = pd.Series(told).groupby([p[0] for p in placed]).sum()
    assert each.max() - each.min() <= 1 and told.sum() >= share * len(placed) - 1e-9


@settings(max_examples=40, deadline=None)
@given(days=st.sets(st.integers(0, 6), min_size=1, max_size=4), free=st.floats(0, 20),
       share=st.floats(0.3, 0.8))  # fmt: skip
def test_who_had_a_night_on_sunday_is_not_out_on_monday_morning(days, free, share):
    """His Monday is a night, or he has none; a shift in the evening comes after his rest."""
    placed = [(team, day, Shift(0, 0, ())) for team in ("A", "B") for day in sorted(days)]
    with pytest.MonkeyPatch.context() as patch:
        told = nights_of(placed, Nights(share, 3, 11.0, free_from={"A": free}), patch)
    own = [night for night, (team, *_) in zip(told, placed, strict=True) if team == "A"]
    if 0 in days and 6 < free <= 18 and 1 not in days:
        assert own[0]
    if free > 18 and 0 in days:  # not even in the evening: the rule cannot be kept, so no night
        assert not any(own)


def test_teams_take_turns_so_that_the_weary_do_not_begin_the_week():
    sharing = Nights(0.35, 3, 11.0, free_from={"B": 14.0, "C": 14.0})
    teams = ["A", "B", "C", "D"]
    for first in range(4):
        later = plan_orders._rested(teams, first, 2, sharing)
        out = {teams[(first + later + k) % 4] for k in range(2)}
        assert out == {"A", "D"}
    assert plan_orders._rested(teams, 1, 2, Nights(0.35)) == 0


def test_a_team_without_rest_since_the_week_before_is_tired():
    row = {"order_id": "A-1", "team_id": "A", "night": False, "start": MONDAY + pd.Timedelta("6h"),
           "leave": MONDAY + pd.Timedelta("12h"), "back": MONDAY + pd.Timedelta("13h")}  # fmt: skip
    orders = pd.DataFrame([row])
    for hour, found in ((-5.0, []), (-4.0, ["A"]), (3.0, ["A"])):
        ends = {"A": MONDAY + pd.Timedelta(hours=hour)}
        assert tired(orders, 3, 11.0, ends) == found
        assert night_ends(orders.assign(night=True, back=ends["A"])) == ends
    assert night_ends(orders) == {}


def test_a_plan_gives_the_weary_their_rest():
    _, cells, roster, ways = make_world()
    rules = Rules(plans=6, night_share=0.4, most_nights=3)
    week = frame_week(ways, cells, roster, 0.7, rules)
    team = str(roster["team_id"].iloc[0])
    ends = {team: MONDAY + pd.Timedelta(hours=3)}
    found = []
    for seed in range(1, 9):
        for nights in (None, ends):
            made = make_plan(week, MONDAY, seed, explain=False, last_nights=nights)
            found.append((nights is not None, team in tired(made.orders, 3, 11.0, ends)))
    assert (True, True) not in found and (False, True) in found


def test_a_whole_plan_keeps_cap_and_rest_and_tells_of_them():
    _, cells, roster, ways = make_world()
    rules = Rules(plans=6, night_share=0.5, most_nights=2)
    made = make_plan(frame_week(ways, cells, roster, 0.7, rules), MONDAY, 5, explain=False)
    shifts = made.orders.groupby("order_id").agg(
        team=("team_id", "first"), night=("night", "first"), start=("start", "min"),
        back=("back", "max"),
    )  # fmt: skip
    assert shifts.groupby("team")["night"].sum().max() <= 2
    for _, part in shifts.sort_values("start").groupby("team"):
        free = part["start"].shift(-1) - part["back"]
        assert (free[part["night"]].dropna() >= pd.Timedelta(hours=11)).all()
    assert made.facts["nights"] == shifts["night"].sum() <= made.facts["nights_asked"]
    assert made.facts["most_nights"] == shifts.groupby("team")["night"].sum().max()
