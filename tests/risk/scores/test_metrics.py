"""Scores of a forecast: bounds, nesting, ties, and the numbers of a world counted by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.scores import metrics

counts = st.lists(st.integers(0, 4), min_size=3, max_size=60)


def forecasts(observed, seed, levels=5):
    return np.random.default_rng(seed).integers(0, levels, len(observed)) + 0.5


@settings(max_examples=60, deadline=None)
@given(observed=counts, seed=st.integers(0, 99), area=st.floats(0.01, 1))
def test_no_ranking_beats_the_best_one(observed, seed, area):
    observed = np.array(observed, float)
    value = metrics.pei(forecasts(observed, seed), observed, area)
    assert np.isnan(value) if observed.sum() == 0 else 0 <= value <= 1 + 1e-9


@settings(max_examples=60, deadline=None)
@given(observed=counts, seed=st.integers(0, 99), areas=st.tuples(*[st.floats(0.01, 1)] * 2))
def test_a_larger_area_keeps_every_hit(observed, seed, areas):
    expected = forecasts(observed, seed)
    small, large = (metrics.hits(expected, observed, a) for a in sorted(areas))
    assert small <= large + 1e-9


@settings(max_examples=60, deadline=None)
@given(observed=counts, seed=st.integers(0, 99), area=st.floats(0.01, 1))
def test_ties_are_credited_with_the_mean_over_orders(observed, seed, area):
    observed = np.array(observed, float)
    assert metrics.hits(np.ones(len(observed)), observed, area) == pytest.approx(
        area * observed.sum()
    )
    turn = np.random.default_rng(seed).permutation(len(observed))
    expected = forecasts(observed, seed)
    assert metrics.hits(expected[turn], observed[turn], area) == pytest.approx(
        metrics.hits(expected, observed, area)
    )


@settings(max_examples=60, deadline=None)
@given(observed=counts, seed=st.integers(0, 99))
def test_information_gain_is_largest_for_the_truth_and_zero_for_uniform(observed, seed):
    observed = np.array(observed, float)
    assert metrics.log_gain(np.full(len(observed), 3.0), observed) == pytest.approx(0)
    truth = metrics.log_gain(np.maximum(observed, 1e-300), observed)
    assert metrics.log_gain(forecasts(observed, seed), observed) <= truth + 1e-9


def test_numbers_counted_by_hand():
    expected, observed = np.array([4.0, 3.0, 2.0, 1.0]), np.array([2.0, 0.0, 1.0, 0.0])
    assert metrics.hit_rate(expected, observed, 0.25) == pytest.approx(2 / 3)
    assert metrics.hit_rate(expected, observed, 0.25, n_outside=1) == pytest.approx(2 / 4)
    assert metrics.pai(expected, observed, 0.25) == pytest.approx(8 / 3)
    assert metrics.pei(expected, observed, 0.5) == pytest.approx(2 / 3)
    gain = 2 * np.log(0.4 * 4) + np.log(0.2 * 4)
    assert metrics.log_gain(expected, observed) == pytest.approx(gain)
    assert metrics.poisson_deviance(observed + 1e-12, observed) == pytest.approx(0, abs=1e-9)
    assert metrics.calibration([10, 12], [11, 11]) == pytest.approx(1)


def test_an_event_that_was_called_impossible_costs_infinity():
    assert metrics.log_gain(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == -np.inf


def test_interval_holds_the_ratio_and_narrows_with_periods():
    rng = np.random.default_rng(0)
    bottom = rng.poisson(20, 200) + 1.0
    top = bottom * 0.4 + rng.normal(0, 2, 200)
    low, high = metrics.ratio_interval(top, bottom)
    few_low, few_high = metrics.ratio_interval(top[:20], bottom[:20])
    assert low < top.sum() / bottom.sum() < high
    assert high - low < few_high - few_low


def test_refusals():
    with pytest.raises(ValueError, match="area is a share"):
        metrics.hits(np.ones(3), np.ones(3), 5)
    with pytest.raises(ValueError, match="finite and not negative"):
        metrics.log_gain(np.array([1.0, np.nan]), np.ones(2))
    with pytest.raises(ValueError, match="one value per cell"):
        metrics.hits(np.ones(3), np.ones(4), 0.5)


def scores_of(mine, rival, events) -> pd.DataFrame:
    """Two models on the same periods."""
    start = pd.date_range("2026-01-05", periods=len(events), freq="28D")
    rows = {"period_start": start, "n_events": events}
    parts = [pd.DataFrame({**rows, "model": name, "ig": ig})
             for name, ig in (("a", mine), ("b", rival))]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def test_a_lead_is_measured_on_the_same_periods():
    """A small steady lead is certain although both models swing far more than that."""
    rng = np.random.default_rng(2)
    swing, events = rng.normal(1.0, 1.0, 12), rng.integers(10, 40, 12)
    ahead, lo, hi = metrics.lead(scores_of(swing + 0.1, swing, events), "a", "b", "ig")
    assert ahead == pytest.approx(0.1) and 0 < lo <= ahead + 1e-9 and ahead - 1e-9 <= hi
    back = metrics.lead(scores_of(swing + 0.1, swing, events), "b", "a", "ig")
    assert back[0] == pytest.approx(-0.1) and back[2] < 0
    noise = rng.normal(0, 1.0, 12)
    _, lo, hi = metrics.lead(scores_of(swing + 0.05 + noise, swing, events), "a", "b", "ig")
    assert lo < 0 < hi


def test_a_lead_weighs_periods_by_their_events_and_alike_where_these_are_hidden():
    one, other = np.array([1.0, 0.0]), np.array([0.0, 0.0])
    assert metrics.lead(scores_of(one, other, [30, 10]), "a", "b", "ig")[0] == pytest.approx(0.75)
    hidden = scores_of(one, other, [np.nan, np.nan])
    assert metrics.lead(hidden, "a", "b", "ig")[0] == pytest.approx(0.5)
    turned = scores_of(one, other, [30, 10]).sample(frac=1, random_state=1)
    assert metrics.lead(turned, "a", "b", "ig")[0] == pytest.approx(0.75)
