"""Past forecasts: pool weights, models and rivals of an origin know only what came before it."""

from dataclasses import replace

import h3
import numpy as np
import pandas as pd
import pytest

from geo.grid import Grid
from risk.assessment import compare
from risk.engine import memory
from risk.engine.exposure import Detection
from risk.engine.held import Held, fit_pool, forecast_past
from risk.engine.model import MEMBERS, pool, usual_weights
from risk.scores import proving
from tests.risk.world import make_records

WEEKS, ORIGINS = 60, [36, 40, 44, 48, 52]
SEEN = Detection({"patrol": 0.5}, 0.01, 0.05, corrected=True)


@pytest.fixture(scope="module")
def border() -> Grid:
    return Grid(sorted(h3.grid_disk(h3.latlng_to_cell(0.98, 110.36, 7), 4)))


@pytest.fixture(scope="module")
def records(border):
    return make_records(border, weeks=WEEKS)[0]


def later(records, week):
    """The same records until a week, then tenfold."""
    panels = {name: getattr(records, name).copy() for name in ("discovered", "reported")}
    for panel in panels.values():
        panel[week:] = 10 * panel[week:] + 1
    return replace(records, **panels)


def test_past_forecasts_know_nothing_of_their_origin_or_later(records, monkeypatch):
    monkeypatch.setattr(memory, "MAX_ROWS", 10**9)
    told = []
    for world in (records, later(records, ORIGINS[2])):
        known = memory.remember(world, SEEN, (4,), ORIGINS)
        told.append(forecast_past(known, world, SEEN, 4, ORIGINS))
    assert [past.origin for past in told[0]] == ORIGINS
    for past, other in zip(told[0][:3], told[1][:3], strict=True):
        for name in MEMBERS:
            np.testing.assert_array_equal(past.members[name], other.members[name])
    assert not np.array_equal(told[0][4].members["mixture"], told[1][4].members["mixture"])
    for past in told[0]:
        window = slice(past.origin, past.origin + 4)
        assert past.y == pytest.approx(records.counts[window].sum(axis=0))
        assert past.x == pytest.approx(SEEN.exposure(records.effort)[window].sum(axis=0), rel=1e-5)


def make_held(n_cells, seed=3):
    """Past forecasts of which the first member is right."""
    rng = np.random.default_rng(seed)
    held = []
    for origin in ORIGINS:
        members = {name: np.exp(rng.normal(-1, 1, n_cells)) for name in MEMBERS}
        x = rng.uniform(0.5, 4, n_cells)
        held.append(Held(origin, members, rng.poisson(members["mixture"] * x) * 1.0, x))
    return held


def baselines(held):
    even = dict.fromkeys(proving.BASELINES, np.ones(len(held[0].y)))
    return {past.origin: even for past in held}


def expected_by_pool(held, records):
    table = proving.score_past(held, baselines(held), records, SEEN, 4)
    return table[table["model"] == "pool"]["expected"].to_numpy()


@pytest.mark.parametrize("number", range(len(ORIGINS)))
def test_the_pool_of_an_origin_does_not_see_what_came_there(records, number):
    held = make_held(len(records.grid))
    other = list(held)
    other[number] = replace(held[number], y=held[number].y[::-1] * 5)
    told, changed = expected_by_pool(held, records), expected_by_pool(other, records)
    np.testing.assert_array_equal(told[: number + 1], changed[: number + 1])
    if 2 <= number < len(held) - 1:
        assert not np.isclose(told[number + 1], changed[number + 1])


def test_the_pool_of_an_origin_uses_every_origin_before_it(records):
    held = make_held(len(records.grid))
    last = held[-1]
    rate = pool(last.members, fit_pool(held[:-1]))
    assert expected_by_pool(held, records)[-1] == pytest.approx((rate * last.x).sum())


def test_the_pool_is_the_usual_one_until_three_periods_have_spoken(records):
    held = make_held(len(records.grid))
    for number in range(3):
        assert fit_pool(held[:number]) == pytest.approx([0, *usual_weights(MEMBERS)])
    assert fit_pool(held[:3])[1] > 0.8


def test_rivals_of_an_origin_know_nothing_of_it_or_later(records):
    told, now = proving.baselines_past(records, ORIGINS)
    other, later_now = proving.baselines_past(later(records, ORIGINS[2]), ORIGINS)
    for origin in ORIGINS[:3]:
        for name in proving.BASELINES:
            np.testing.assert_array_equal(told[origin][name], other[origin][name])
    assert not np.allclose(now["count"], later_now["count"])


# the map's fallback ---------------------------------------------------------------------------


def make_scores(gains, periods=12, n_events=20.0, scatter=0.02, seed=0):
    """Scores of models whose corrected gain per event is given; one row per model and period."""
    rng = np.random.default_rng(seed)
    names = ("ig", "ig_corrected", "hit01", "hit02", "hit05", "hit10", "hit05_corrected", "pei05",
             "deviance", "expected", "observed")  # fmt: skip
    rows = []
    for period in range(periods):
        for model, gain in gains.items():
            row = dict.fromkeys(names, 0.1) | {"ig_corrected": gain + scatter * rng.normal()}
            start = pd.Timestamp("2025-01-06") + pd.Timedelta(weeks=4 * period)
            rows.append({"model": model, "horizon_weeks": 4, "period_start": start,
                         "n_events": n_events, **row})  # fmt: skip
    return pd.DataFrame(rows)


SIMPLE = {"count": 0.1, "kde": 0.9, "decayed_kde": 0.4, "etas": 0.3}


@pytest.mark.parametrize(("pool", "scatter", "loses"), [
    (0.5, 0.02, True),  # far behind in every period
    (0.88, 0.3, False),  # behind, but no more than periods differ
    (0.9, 0.02, False),  # level
    (1.3, 0.02, False),  # ahead
])  # fmt: skip
def test_the_map_falls_back_only_where_the_pool_surely_loses(pool, scatter, loses):
    assert compare(make_scores({**SIMPLE, "pool": pool}, scatter=scatter)) == ("kde", loses)


def test_the_map_falls_back_to_the_best_simple_rival_and_to_none_of_the_models_own():
    scores = make_scores({"uniform": 3.0, **SIMPLE, "mixture": 2.0, "glm": 4.0, "pool": 0.2})
    scores["ig"] = scores["model"].map({"count": 9.0}).fillna(0.0)  # of records as they came
    assert compare(scores) == ("kde", True)
