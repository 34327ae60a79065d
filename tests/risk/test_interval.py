import numpy as np
import pytest

from risk.interval import Spread, fit_spread


@pytest.mark.parametrize("shape", [0.4, 1.5])
def test_the_planted_spread_is_found_and_covers_what_it_says(shape):
    rng = np.random.default_rng(3)
    rate = rng.gamma(0.3, 0.1, 60_000)
    truth = rate * rng.gamma(shape, 1 / shape, len(rate))
    exposure = rng.random(len(rate)) * 4
    y = rng.poisson(truth * exposure)
    spread = fit_spread(rate, np.zeros(len(rate)), y, exposure)
    assert spread.least == pytest.approx(shape, rel=0.35)
    lo, hi = spread.bounds(rate, np.zeros(len(rate)), 0.8)
    inside = (lo * rate <= truth) & (truth <= hi * rate)
    assert 0.75 < inside.mean() < 0.85


def test_more_looking_and_a_surer_level_narrow_the_interval():
    rate, watched = np.full(2, 0.5), np.array([0.0, 50.0])
    lo, hi = Spread(0.5, 0.3).bounds(rate, watched, 0.8)
    assert lo[1] > lo[0] and hi[1] < hi[0]
    unsure = Spread(0.5, 0.3, level_error=0.5).bounds(rate, watched, 0.8)
    assert unsure[0][1] < lo[1] and unsure[1][1] > hi[1]


def test_the_interval_holds_the_mean_of_a_wide_gamma_too():
    lo, hi = Spread(2.0, 0.0).bounds(np.ones(3), np.zeros(3), 0.8)
    assert (lo < 1).all() and (hi > 1).all()
