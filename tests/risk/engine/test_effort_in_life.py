"""Effort as it is in life, told with error and by unit: how much of the correction is left."""

import h3
import numpy as np
import pandas as pd
import pytest

from bench.risk.patrol_bias import UNIT, as_records, coarsen, misreport
from geo.grid import Grid
from risk.engine.exposure import fit_detection
from risk.engine.forecast import forecast
from risk.engine.memory import remember
from risk.engine.model import fit

START, PERIODS = pd.Timestamp("2024-01-01"), 40
CELLS = sorted(h3.grid_disk(h3.latlng_to_cell(1.1, 110.0, 7), 8))


@pytest.fixture(scope="module")
def world():
    """Records and effort of patrols that hardly leave the west, and the true rates (cells,)."""
    rng = np.random.default_rng(5)
    grid = Grid(CELLS)
    x, y = (grid.xy_km - grid.xy_km.mean(axis=0)).T / grid.spacing_km
    places = rng.uniform(-6, 6, (8, 2))
    away = (x[:, None] - places[:, 0]) ** 2 + (y[:, None] - places[:, 1]) ** 2
    rate = 0.03 + (np.exp(-away / 3) * rng.gamma(2.0, 0.35, 8)).sum(axis=1)
    rows, effort = [], []
    for back in range(PERIODS, 0, -1):
        begin = START - pd.Timedelta(days=28 * back)
        spent = 1.5 * np.exp(-(x + 8) / 5) * rng.exponential(1.0, len(CELLS))
        n = rng.poisson(rate * (1 - np.exp(-1.2 * spent)))
        at = np.repeat(np.arange(len(CELLS)), n)
        days = pd.to_timedelta(rng.uniform(0, 28, len(at)), unit="D")
        rows.append(pd.DataFrame({"lat": grid.lat[at], "lon": grid.lon[at], "time": begin + days}))
        effort.append(
            pd.DataFrame({"cell": CELLS, "period_start": begin, "days": 28, "effort": spent})
        )
    return pd.concat(rows, ignore_index=True), pd.concat(effort, ignore_index=True), rate


def gained(told: np.ndarray, rate: np.ndarray) -> float:
    """Information on the true rates, nats an event, over a uniform map."""
    return float(rate @ np.log(told / told.sum() * len(rate)) / rate.sum())


def test_effort_told_with_error_and_by_unit_keeps_most_of_the_correction(world):
    records, effort, rate = world
    raw = gained(forecast(records, CELLS, START, 28), rate)
    exact = gained(forecast(records, CELLS, START, 28, effort), rate)
    assert exact > raw + 0.1
    wrong = misreport(effort, 1)
    ways = {"misreported": wrong, "coarse": coarsen(effort, CELLS), "both": coarsen(wrong, CELLS)}
    for name, told in ways.items():
        kept = gained(forecast(records, CELLS, START, 28, told), rate) - raw
        assert kept > (0.7 if name != "both" else 0.4) * (exact - raw), name


def test_misreporting_is_by_a_factor_and_never_of_nothing(world):
    effort = world[1]
    ratio = misreport(effort, 1)["effort"] / effort["effort"]
    assert (ratio > 0).all() and 0.5 < np.log(ratio).std() < 1.0
    units = effort["cell"].map(lambda cell: h3.cell_to_parent(cell, 7 - UNIT))
    by_unit = np.log(ratio).groupby(units).mean()
    assert by_unit.max() - by_unit.min() > 0.4  # half of the units tell half


def test_effort_by_unit_is_the_same_effort_spread_evenly(world):
    effort = world[1]
    told = coarsen(effort, CELLS)
    assert told["effort"].sum() == pytest.approx(effort["effort"].sum())
    units = told["cell"].map(lambda cell: h3.cell_to_parent(cell, 7 - UNIT))
    assert told.groupby([units, "period_start"])["effort"].nunique().max() == 1
    assert set(told["cell"]) == set(CELLS)


def test_the_experts_of_the_map_do_not_run_away_where_nobody_looked(world):
    """What was three quarters of the GLM's risk on real events lay where patrols never went."""
    records, effort, rate = world
    grid = Grid(CELLS)
    seen = effort[effort["effort"] > 0.15]  # the east has no row at all
    laid = as_records(records, seen, grid, START)
    found = fit_detection(laid.discovered_points, laid.reported, laid.effort, grid)
    now = len(laid.weeks)
    known = remember(laid, found, (4,), [now])
    model = fit(known, 4, now, seeds=1)
    never = laid.effort["patrol"].sum(axis=0) < np.quantile(laid.effort["patrol"].sum(axis=0), 0.2)
    true = rate[never].sum() / rate.sum()
    members = model.members(known.at[now], known.at_more[now], known.scales)
    for name, told in members.items():
        assert told[never].sum() / told.sum() < 3 * true, name
