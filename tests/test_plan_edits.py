"""Edits of plans as the solver makes them: whatever is possible goes through, nothing is lost."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import plans
from data.said import Said
from risk.plan import frame_week, make_plan
from tests.risk.test_plan import MONDAY, RULES, make_world

ROOMY = RULES.__class__(sectors=30, plans=6, time_limit_s=5, max_sector_minutes=600)


@pytest.fixture(scope="module")
def made():
    """Plans of three worlds, among them some with a last stop at the post itself."""
    told = []
    for seed in range(3):
        _, cells, roster, ways = make_world(seed)
        week = frame_week(ways, cells, roster, 0.7, ROOMY)
        told.append(make_plan(week, MONDAY, seed=seed + 1, explain=False))
    return told


class Folder:
    """Only as much of a store as plans need: a folder, and a log that is thrown away."""

    def __init__(self, folder):
        self.folder = folder


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_change_that_fits_is_taken_on_every_plan(made, tmp_path_factory, monkeypatch, data):
    monkeypatch.setattr(plans, "_log", lambda *told: None)
    plan = data.draw(st.sampled_from(made))
    store = Folder(tmp_path_factory.mktemp("plans"))
    name = plans.create(store, plan.frames, {"first_day": "2026-11-30"}, "ani")
    orders = plan.orders
    row = orders.iloc[data.draw(st.integers(0, len(orders) - 1))]
    kind = data.draw(st.sampled_from(["action", "note", "same start", "shorter", "drop"]))
    change = {"order_id": row["order_id"], "seq": row["seq"]}
    change |= {
        "action": {"action": "outreach"},
        "note": {"note": Said("jembatan putus")},
        "same start": {"start": row["start"]},
        "shorter": {"stay_minutes": float(row["stay_minutes"]) / 2},
        "drop": {"drop": True},
    }[kind]
    if kind == "drop" and (orders["order_id"] == row["order_id"]).sum() == 1:
        return  # the only stop of a shift: that is another decision
    table = pd.DataFrame([change], dtype=object)
    version = plans.edit(store, name, 1, table, "budi", Said("lapangan"))
    now = plans.read(store, name, version)[1]["orders"]
    assert set(now["order_id"]) == set(orders["order_id"])
    assert len(now) == len(orders) - (kind == "drop")
    key = ["order_id", "seq"]
    others = now[now["order_id"] != row["order_id"]].set_index(key).sort_index()
    before = orders[orders["order_id"] != row["order_id"]].set_index(key).sort_index()
    for column in ("start", "stay_minutes", "return_minutes", "travel_minutes", "sector"):
        assert (others[column] == before[column]).all(), column
    gap = (others["back"].dropna() - before["back"].dropna()).abs().max()
    assert pd.isna(gap) or gap < pd.Timedelta(seconds=1)
