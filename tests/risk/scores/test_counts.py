"""The coverage of intervals by whole numbers, against laws that are known."""

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from risk.scores import counts


def drawn(mean, shape, n=20_000, seed=0):
    """n counts of a Gamma-mixed Poisson law, with its mean and shape."""
    random = np.random.default_rng(seed)
    rate = mean * (random.gamma(shape, 1 / shape, n) if np.isfinite(shape) else np.ones(n))
    return random.poisson(rate), np.full(n, mean), np.full(n, shape)


@pytest.mark.parametrize("mean", [0.03, 0.4, 12.0])
@pytest.mark.parametrize("shape", [0.5, 4.0, np.inf])
def test_a_law_that_is_right_holds_what_it_says_however_little_is_expected(mean, shape):
    assert counts.held(*drawn(mean, shape), 0.8).mean() == pytest.approx(0.8, abs=0.012)


def test_closed_intervals_of_rare_counts_hold_nearly_all_and_tell_nothing():
    for told in (0.5, np.inf):
        assert counts.inside_closed(*drawn(0.03, told), 0.8).mean() > 0.96


@pytest.mark.parametrize("mean", [2.0, 12.0])
def test_a_law_that_is_too_sure_holds_less_and_scores_worse(mean):
    y, means, shape = drawn(mean, 0.5)
    sure = np.full(len(y), np.inf)
    assert counts.held(y, means, sure, 0.8).mean() < counts.held(y, means, shape, 0.8).mean() - 0.03
    assert counts.crps(y, means, shape).mean() < counts.crps(y, means, sure).mean()
    assert counts.log_score(y, means, shape).mean() > counts.log_score(y, means, sure).mean()


def test_scores_are_those_of_the_laws_by_hand():
    y, mean, shape = np.array([0, 3]), np.array([1.5, 1.5]), np.array([np.inf, 2.0])
    chance = 2.0 / 3.5
    assert counts.log_score(y, mean, shape) == pytest.approx(
        [poisson.logpmf(0, 1.5), nbinom.logpmf(3, 2, chance)]
    )
    k = np.arange(200)
    by_hand = [
        ((poisson.cdf(k, 1.5) - (k >= 0)) ** 2).sum(),
        ((nbinom.cdf(k, 2, chance) - (k >= 3)) ** 2).sum(),
    ]
    assert counts.crps(y, mean, shape) == pytest.approx(by_hand, rel=1e-6)
    # of a Poisson count of 1.5: P(0) = .223 of which .1 lies below the interval
    assert counts.held(y[:1], mean[:1], shape[:1], 0.8) == pytest.approx(1 - 0.1 / np.exp(-1.5))
