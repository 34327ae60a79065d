"""Nothing is learned from a window that is not over: the world after an origin is made another."""

from dataclasses import replace

import h3
import numpy as np
import pandas as pd
import pytest

from geo.grid import Grid
from risk.engine import detection, forecast, memory, model
from risk.engine.excitation import build_components, choose_rows, past_of
from risk.engine.exposure import Detection
from risk.engine.memory import Records
from tests.risk.world import make_records

ORIGIN, HORIZON = 40, 4
SEEN = Detection({"patrol": 0.5}, 0.01, 0.05, corrected=True)
START = pd.Timestamp("2024-01-01")


@pytest.fixture(scope="module")
def border() -> Grid:
    return Grid(sorted(h3.grid_disk(h3.latlng_to_cell(0.98, 110.36, 7), 4)))


@pytest.fixture
def every_row(monkeypatch):
    """All pairs are learned from: what is sampled before an origin cannot tell what came after."""
    monkeypatch.setattr(memory, "MAX_ROWS", 10**9)


def from_week(records: Records, week: int, how: str) -> Records:
    """The same records until a week; from then on tenfold, or looked for elsewhere."""
    if how == "records":
        panels = {name: getattr(records, name).copy() for name in ("discovered", "reported")}
        for panel in panels.values():
            panel[week:] = 10 * panel[week:] + 1
        return replace(records, **panels)
    minutes = records.effort["patrol"].copy()
    minutes[week:] = 3 * minutes[week:, ::-1] + 30
    return replace(records, effort={"patrol": minutes})


def fitted(records: Records, other: Records) -> list[dict[str, np.ndarray]]:
    """What models fitted on either say of the first."""
    known = [memory.remember(some, SEEN, (HORIZON,), [ORIGIN]) for some in (records, other)]
    at, more = known[0].at[ORIGIN], known[0].at_more[ORIGIN]
    return [model.fit(k, HORIZON, ORIGIN, 1).members(at, more, known[0].scales) for k in known]


@pytest.mark.parametrize("how", ["records", "effort"])
@pytest.mark.parametrize("weeks", [56, 57])  # windows are taken every other week from the last
def test_a_model_knows_nothing_of_windows_that_end_after_its_origin(border, every_row, how, weeks):
    records, _ = make_records(border, weeks=weeks)
    told, other = fitted(records, from_week(records, ORIGIN, how))
    for name in model.MEMBERS:
        np.testing.assert_array_equal(told[name], other[name], err_msg=name)


def test_a_model_learns_from_the_last_window_that_is_over(border, every_row):
    records, _ = make_records(border, weeks=56)
    told, other = fitted(records, from_week(records, ORIGIN - 1, "records"))
    for name in model.MEMBERS:
        assert not np.array_equal(told[name], other[name]), name


# the forecast of public data ------------------------------------------------------------------


@pytest.fixture(scope="module")
def parts():
    """Components of 30 periods of 400 events, and the rows that they are told at."""
    rng = np.random.default_rng(7)
    place = np.where(rng.random((400, 1)) < 0.5, [1.14, 110.04], 1.0)
    spots = np.where(place == 1.0, [1.1, 110.0] + 0.1 * rng.uniform(-1, 1, (400, 2)), place)
    times = START - pd.to_timedelta(rng.uniform(0.01, 840, 400), unit="D")
    events = pd.DataFrame({"lat": spots[:, 0], "lon": spots[:, 1], "time": times})
    past = past_of(events, Grid(sorted(h3.grid_disk(h3.latlng_to_cell(1.1, 110, 7), 5))), START, 28)
    rows = choose_rows(past, past.n_periods, 40)
    return past, rows, build_components(past, rows)


@pytest.mark.parametrize("back", [1, 3, 10, 20])
def test_the_mixture_that_forecast_a_period_saw_only_older_ones(parts, back):
    _, rows, components = parts
    count = np.where(rows.back <= back, rows.count[::-1] * 3 + 1, rows.count)
    before = forecast._mixture(components, rows)[1]
    other = forecast._mixture(components, replace(rows, count=count))[1]
    older = rows.back >= back
    np.testing.assert_array_equal(before[older], other[older])


def test_how_far_to_follow_the_logit_is_learned_on_periods_it_was_not_fitted_on(parts, monkeypatch):
    """The counts of the last tested periods change places; what the logit said there does not."""
    past, rows, components = parts
    before = forecast._mixture(components, rows)[1]
    now = components.now.astype(float).mean(axis=1)
    fit, moves = forecast._fit, []

    def spy(features, offset, rows, group, train, ridge):
        if features.shape[1] == 1:
            moves.append((features[:, 0].copy(), train.copy()))
        return fit(features, offset, rows, group, train, ridge)

    monkeypatch.setattr(forecast, "_fit", spy)
    count = rows.count.copy()
    for back in range(1, 4):
        count[rows.back == back] = count[rows.back == back][::-1]
    for some in (rows, replace(rows, count=count)):
        forecast._correction(components, some, before, now, past.days)
    (move, tested), (other, _) = moves
    assert tested[rows.back <= 3].all()
    assert np.abs(move[rows.back <= 3]).max() > 0.01
    np.testing.assert_array_equal(move[tested], other[tested])


def test_a_rate_known_before_a_period_saw_only_older_records(parts):
    past, *_ = parts
    n = 20
    seen = np.full((n, len(past.grid)), 0.4)
    told = []
    for some in (past, replace(past, weight=np.where(past.age <= 28, 50.0, 1.0))):
        spreads = [detection._Spread(some, sigma, n) for sigma in (3.0, 0.0)]
        count = detection.period_counts(some, n)
        told.append(detection._components(spreads, [2.0, np.inf], count, seen))
    np.testing.assert_array_equal(told[0][:, :n], told[1][:, :n])
    assert not np.allclose(told[0][:, n], told[1][:, n])
