"""Components: each a distribution known before its period, equal to a sum counted by hand."""

import h3
import numpy as np
import pandas as pd
import pytest

from geo.grid import Grid
from risk.engine.excitation import (
    SEASON,
    UNIFORM,
    Rows,
    build_components,
    choose_rows,
    mixture_weights,
    past_of,
    spread,
)
from risk.engine.totals import expected_total

START = pd.Timestamp("2024-01-01")
DAYS = 28.0


def grid_of(k=6):
    return Grid(sorted(h3.grid_disk(h3.latlng_to_cell(1.1, 110.0, 7), k)))


def past_with(rng, n=300, days=900.0):
    events = pd.DataFrame(
        {
            "lat": 1.1 + rng.normal(0, 0.06, n),
            "lon": 110 + rng.normal(0, 0.06, n),
            "time": START - pd.to_timedelta(rng.uniform(0.01, days, n), unit="D"),
        }
    )
    return past_of(events, grid_of(), START, DAYS)


@pytest.fixture(scope="module")
def past():
    return past_with(np.random.default_rng(0))


@pytest.fixture(scope="module")
def rows(past):
    return choose_rows(past, 20, 10**6)


@pytest.fixture(scope="module")
def parts(past, rows):
    return build_components(past, rows)


def test_every_event_of_the_last_periods_is_in_the_rows(past, rows):
    back = np.ceil(past.age / DAYS)
    assert rows.count.sum() == ((past.place >= 0) & (back <= 20)).sum()


def test_rows_stand_for_all_cells(past, rows):
    sampled = choose_rows(past, 20, 30)
    assert len(sampled) < len(rows)
    assert sampled.weight.sum() == pytest.approx(20 * len(past.grid), rel=0.15)


def test_components_are_distributions(past, parts, rows):
    np.testing.assert_allclose(parts.now.sum(axis=0), 1, rtol=1e-4)
    assert parts.at_rows.shape == (len(rows), len(parts.names))
    assert (parts.at_rows >= 0).all()
    full = rows.weight == 1  # every cell of a period is a row here
    assert full.all()
    per_period = np.array([parts.at_rows[rows.back == b].sum(axis=0) for b in range(1, 21)])
    np.testing.assert_allclose(per_period, 1, rtol=1e-4)


def test_a_component_is_the_sum_it_claims(past, parts):
    """Own cell, half-life 28 days: 0.5^(age / 28), apart from the rounding of ages to weeks."""
    half = 28.0
    index = parts.names.index((0.0, half))
    inside = past.place >= 0
    by_hand = np.bincount(
        past.place[inside], 0.5 ** (past.age[inside] / half), minlength=len(past.grid)
    )
    np.testing.assert_allclose(parts.now[:, index], by_hand / by_hand.sum(), atol=0.02)


def test_history_before_the_rows_is_not_lost(past):
    """The oldest events enter as a first state: fewer rows give the same components."""
    short = build_components(past, choose_rows(past, 5, 10))
    long = build_components(past, choose_rows(past, 25, 10))
    for name in [(0.0, np.inf), (0.6, 112.0)]:
        np.testing.assert_allclose(
            short.now[:, short.names.index(name)], long.now[:, long.names.index(name)], rtol=0.02
        )


def test_components_of_a_period_know_nothing_of_it(past):
    """Take the last period's events away: its own component values stay the same."""
    kept = past.age > DAYS
    fewer = past.__class__(
        past.grid,
        DAYS,
        past.lat[kept],
        past.lon[kept],
        past.place[kept],
        past.age[kept],
        past.weight[kept],
    )
    cells = np.arange(len(past.grid))
    rows = Rows(np.ones(len(cells), int), cells, np.zeros(len(cells)), np.ones(len(cells)))
    with_, without = build_components(past, rows), build_components(fewer, rows)
    assert with_.names == without.names
    np.testing.assert_allclose(with_.at_rows, without.at_rows, rtol=2e-3, atol=1e-7)


@pytest.mark.parametrize("sigma", [0.0, 0.35, 0.6, 1.0, 1.7])
def test_an_event_in_the_middle_is_spread_out_once(sigma):
    events = pd.DataFrame({"lat": [1.1], "lon": [110.0], "time": [START - pd.Timedelta(days=3)]})
    kernel, anchor = spread(past_of(events, grid_of(12), START, DAYS), sigma)
    assert kernel[anchor].sum() == pytest.approx(1, abs=0.06)
    assert np.asarray(kernel[anchor].argmax()) == grid_of(12).locate([1.1], [110.0])[0]


def test_far_events_reach_nothing():
    events = pd.DataFrame({"lat": [-40.0], "lon": [20.0], "time": ["2023-12-01"]})
    past = past_of(events, grid_of(), START, DAYS)
    for sigma in (0.0, 0.6, 9.0):
        assert (spread(past, sigma)[1] == -1).all()


def test_mixture_weights_find_the_component_that_made_the_events():
    rng = np.random.default_rng(1)
    shapes = rng.dirichlet(np.ones(50) * 0.3, 4)
    drawn = rng.choice(50, 4000, p=0.7 * shapes[2] + 0.3 * shapes[0])
    prior = np.full(4, 0.25)
    share = mixture_weights(shapes[:, drawn].T + 1e-12, np.ones(4000), prior, 1.0, 200)
    np.testing.assert_allclose(share, [0.3, 0, 0.7, 0], atol=0.05)
    assert share.sum() == pytest.approx(1)


def test_seasons_need_more_than_a_year(past):
    assert any(half == SEASON for _, half in _names(past))
    young = past_with(np.random.default_rng(2), days=200.0)
    assert not any(half == SEASON for _, half in _names(young))
    assert _names(young)[-1] == UNIFORM


def _names(past):
    return build_components(past, choose_rows(past, 3, 20)).names


@pytest.mark.parametrize("level", [0.5, 20.0])
def test_totals_follow_a_level(level):
    rng = np.random.default_rng(3)
    age = np.repeat(np.arange(60) * DAYS + 1.0, rng.poisson(level, 60))
    place = np.zeros(len(age), int)
    flat = np.full(len(age), 1.1), np.full(len(age), 110.0)
    past = past_with(rng).__class__(grid_of(1), DAYS, *flat, place, age, np.ones(len(age)))
    assert 0.6 * level < expected_total(past) < 1.5 * level
