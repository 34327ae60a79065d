"""The level of a forecast: averages, likelihoods and units that can be checked beside it."""

import h3
import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom

from geo.grid import Grid
from risk.engine import totals
from risk.engine.excitation import past_of
from risk.engine.totals import expected_total

START = pd.Timestamp("2024-01-01")
GRID = Grid(sorted(h3.grid_disk(h3.latlng_to_cell(1.1, 110.0, 7), 2)))


def past(days_ago, days=7.0, inside=True):
    lat = np.where(inside, 1.1, 1.3)  # of the second place no cell, but a kernel's reach
    times = START - pd.to_timedelta(np.asarray(days_ago, float), unit="D")
    return past_of(pd.DataFrame({"lat": lat, "lon": 110.0, "time": times}), GRID, START, days)


def per_day(rates):
    """Events evenly spread over each day, the oldest day first; a rate for each."""
    n = len(rates)
    return [n - day - (k + 0.5) / rate for day, rate in enumerate(rates) for k in range(rate)]


def test_smoothing_for_ever_is_the_mean_with_half_an_event_to_begin_with():
    told = totals._smooth(np.array([3.0, 1, 2]), np.inf, 7.0)
    assert told == pytest.approx([0.5 / 7, 3.5 / 8, 4.5 / 9, 6.5 / 10])


def test_smoothing_forgets_half_in_a_half_life():
    told = totals._smooth(np.array([4.0, 0, 0]), 2.0, 7.0)
    keep = np.sqrt(0.5)
    top, bottom = keep * 0.5 + 4, keep * 7 + 1
    assert told[:2] == pytest.approx([0.5 / 7, top / bottom])
    assert told[3] == pytest.approx(top / 2 / (bottom / 2 + keep + 1))


def test_a_long_silence_leaves_a_trace():
    assert totals._smooth(np.zeros(400), 1.0, 7.0)[-1] == pytest.approx(1e-6)


def test_likelihoods_are_negative_binomial():
    count, mean = np.array([0.0, 1, 7]), np.array([0.3, 2.0, 4.0])
    size = 1 / totals.SPREAD
    true = nbinom.logpmf(count, size, size / (size + mean)) - nbinom.logpmf(count, size, 0.5)
    base = totals._log_likelihood(count, np.full(3, size))  # p is a half there
    assert totals._log_likelihood(count, mean) - base == pytest.approx(true)


@pytest.mark.parametrize("days", [1.0, 7.0, 28.0, 365.0])
def test_a_steady_level_is_its_rate_times_the_window(days):
    assert expected_total(past(per_day([3] * 100), days)) == pytest.approx(3 * days, rel=0.06)


def test_a_level_that_moved_is_followed():
    risen = expected_total(past(per_day([1] * 80 + [12] * 30), 1.0))
    fallen = expected_total(past(per_day([12] * 80 + [1] * 30), 1.0))
    assert risen == pytest.approx(12, rel=0.1) and fallen == pytest.approx(1, rel=0.3)
    once = expected_total(past(per_day([2] * 40 + [30] + [2] * 59), 1.0))
    assert once == pytest.approx(2, rel=0.2)


def test_of_the_oldest_part_of_a_step_and_of_places_outside_nothing_counts():
    days = per_day([2] * 60)
    assert expected_total(past([*days, *[60.4] * 9])) == pytest.approx(
        expected_total(past([*days, 60.4]))
    )
    inside = np.arange(len(days)) % 2 == 0
    some = expected_total(past(days, 7.0, inside))
    assert some == pytest.approx(7.0, rel=0.15)


def test_before_anything_is_known_half_an_event_a_week_is_expected():
    assert 0.2 < expected_total(past([], 7.0)) <= 0.5
    assert expected_total(past([0.2, 0.3], 7.0)) > 2 * expected_total(past([], 7.0))
    assert expected_total(past([], 1e-3)) == pytest.approx(expected_total(past([], 7.0)) / 7000)


def test_a_step_is_a_day_at_least_and_four_weeks_at_most():
    """Of a history of thirty years, the last four weeks are one step among some four hundred."""
    old = np.arange(1, 30 * 365) + 0.5
    assert expected_total(past(old, 28.0)) == pytest.approx(28, rel=0.03)
    quiet = old[old > 28]
    assert expected_total(past(quiet, 28.0)) < 28 * 0.97
