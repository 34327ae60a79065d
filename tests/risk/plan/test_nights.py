"""Nights are shared: nobody above the cap, nobody by day right after a night."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from risk.plan import orders as plan_orders
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
