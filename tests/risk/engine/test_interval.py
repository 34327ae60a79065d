import numpy as np
import pytest
from scipy.stats import gamma

from risk.engine.interval import (
    MISSED,
    TOGETHER,
    Spread,
    bounds_of_sums,
    fit_spread,
    level_variance,
)


@pytest.mark.parametrize("shape", [0.4, 1.5])
def test_the_planted_spread_is_found_and_covers_what_it_says(shape):
    rng = np.random.default_rng(3)
    rate = rng.gamma(0.3, 0.1, 60_000)
    truth = rate * rng.gamma(shape, 1 / shape, len(rate))
    exposure = rng.random(len(rate)) * 4
    y = rng.poisson(truth * exposure)
    spread = fit_spread(rate, np.zeros(len(rate)), y, exposure)
    assert spread.least == pytest.approx(shape, rel=0.35)


@pytest.mark.parametrize("shape", [0.4, 1.5])
def test_the_interval_covers_what_it_says_with_what_records_do_not_show(shape):
    rng = np.random.default_rng(4)
    rate, whole = rng.gamma(0.3, 0.1, 60_000), 1 / (1 / shape + MISSED)
    truth = rate * rng.gamma(whole, 1 / whole, len(rate))
    lo, hi = Spread(shape, 0.0).bounds(rate, np.zeros(len(rate)), 0.8)
    inside = (lo * rate <= truth) & (truth <= hi * rate)
    assert inside.mean() == pytest.approx(0.8, abs=0.01)


def test_the_interval_of_a_sector_covers_its_sum():
    rng = np.random.default_rng(5)
    n, cells = 4000, 5
    rate = rng.gamma(2.0, 0.1, (n, cells))
    lo, hi = (x.reshape(n, cells) for x in Spread(1.0, 0.0).bounds(rate.ravel(), rate.ravel(), 0.8))
    group = np.repeat(np.arange(n), cells)
    sums = bounds_of_sums(rate.ravel(), (lo * rate).ravel(), (hi * rate).ravel(), group)
    # common and own parts that give variance 2 and correlation TOGETHER
    a = 2 * TOGETHER
    own = (1 + 2) / (1 + a) - 1
    common = rng.gamma(1 / a, a, (n, 1))
    truth = (rate * common * rng.gamma(1 / own, own, (n, cells))).sum(axis=1)
    assert (
        0.75 < ((sums[0] <= truth) & (truth <= sums[1])).mean() < 0.88
    )  # moments agree, laws less
    wider = (hi * rate).sum(axis=1)
    assert (sums[1] < wider).all() and (sums[0] > (lo * rate).sum(axis=1)).all()


def test_one_cell_is_its_own_sum_and_no_interval_stays_none():
    risk, lo, hi = np.array([2.0, 3.0]), np.array([0.4, 3.0]), np.array([4.7, 3.0])
    ends = Spread(0.7, 0.0).bounds(np.ones(1), np.ones(1), 0.8)
    lo[0], hi[0] = (2.0 * end[0] for end in ends)
    sums = bounds_of_sums(risk, lo, hi, np.array([0, 1]))
    assert sums[0] == pytest.approx(lo, rel=1e-3) and sums[1] == pytest.approx(hi, rel=1e-3)


def test_more_looking_and_a_surer_level_narrow_the_interval():
    rate, watched = np.full(2, 0.5), np.array([0.0, 50.0])
    lo, hi = Spread(0.5, 0.3).bounds(rate, watched, 0.8)
    assert lo[1] > lo[0] and hi[1] < hi[0]
    unsure = Spread(0.5, 0.3, level_error=0.5).bounds(rate, watched, 0.8)
    assert unsure[0][1] < lo[1] and unsure[1][1] > hi[1]


def test_the_interval_holds_the_mean_of_a_wide_gamma_too():
    lo, hi = Spread(2.0, 0.0).bounds(np.ones(3), np.zeros(3), 0.8)
    assert (lo < 1).all() and (hi > 1).all()


def test_an_interval_is_that_of_the_gamma_whose_variances_add_up():
    rate, watched = np.array([0.2, 1.5, 0.2]), np.array([0.0, 10.0, 40.0])
    spread = Spread(0.6, 0.3, level_error=0.4)
    own = 0.6 + 0.3 * rate * watched
    shape = 1 / (1 / own + 0.4**2 + MISSED)
    for share in (0.5, 0.8, 0.95):
        lo, hi = spread.bounds(rate, watched, share)
        assert lo == pytest.approx(gamma.ppf((1 - share) / 2, shape) / shape, rel=4e-3)
        assert hi == pytest.approx(gamma.ppf((1 + share) / 2, shape) / shape, rel=4e-3)


def test_a_gain_by_looking_is_found():
    rng = np.random.default_rng(6)
    n = 60_000
    rate, watched = rng.gamma(1.0, 0.4, n), rng.choice([0.0, 30.0], n)
    shape = 0.3 + 0.3 * rate * watched
    y = rng.poisson(rate * rng.gamma(shape, 1 / shape) * 2)
    found = fit_spread(rate, watched, y, np.full(n, 2.0))
    assert found.gain == pytest.approx(0.3, abs=0.1) and found.least == pytest.approx(0.3, rel=0.3)


def test_few_events_leave_the_shape_between_those_that_fit():
    found = fit_spread(np.full(4, 0.1), np.zeros(4), np.array([0, 0, 1, 0]), np.ones(4))
    assert 0.3 < found.least < 5 and 0 < found.gain < 1


def test_cells_of_a_sum_correlate_as_far_as_it_says():
    """The shape of a sum of two equal cells follows from the variance of a correlated sum."""
    shape = 0.8
    ends = [gamma.ppf(q, shape) / shape for q in (0.1, 0.9)]
    risk = np.full(2, 3.0)
    lo, hi = bounds_of_sums(risk, risk * ends[0], risk * ends[1], np.zeros(2, int))
    both = 2 * shape / (1 + TOGETHER)
    assert lo[0] == pytest.approx(6 * gamma.ppf(0.1, both) / both, rel=5e-3)
    assert hi[0] == pytest.approx(6 * gamma.ppf(0.9, both) / both, rel=5e-3)
    nothing = bounds_of_sums(np.zeros(1), np.zeros(1), np.zeros(1), np.zeros(1, int))
    assert [end.tolist() for end in nothing] == [[0], [0]]


@pytest.mark.parametrize("level", [0.1, 0.5])
@pytest.mark.parametrize("mean", [5.0, 150.0])
def test_the_scatter_of_totals_is_that_beyond_the_noise_of_counting(level, mean):
    """Small totals scatter by noise alone; their log ratios would tell of a level that moves."""
    rng = np.random.default_rng(7)
    shape = level**-2
    seen = rng.poisson(mean * rng.gamma(shape, 1 / shape, 600))
    found = level_variance(np.full(600, mean), seen)
    assert np.sqrt(found) == pytest.approx(level, abs=0.07)


def test_a_dozen_totals_that_do_not_scatter_leave_little_doubt_of_the_level():
    quiet = level_variance(np.full(12, 100.0), np.full(12, 100.0))
    assert np.sqrt(quiet) < 0.08
    wild = level_variance(np.full(12, 100.0), np.tile([50.0, 180.0], 6))
    assert 0.4 < np.sqrt(wild) < 0.8
