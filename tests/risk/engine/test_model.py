import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.engine.model import MEMBERS, mixture_weights, pool, pool_weights


def test_em_finds_the_mixture_that_made_the_counts():
    rng = np.random.default_rng(0)
    rate = rng.gamma(1, 1, (40_000, 3)) * 0.01
    exposure = rng.random(40_000)
    true = np.array([2.0, 0.0, 1.0])
    y = rng.poisson(rate @ true * exposure).astype(float)
    hit = y > 0
    found = mixture_weights(rate[hit], y[hit], rate.T @ exposure, strength=1.0, steps=400)
    assert found == pytest.approx(true, abs=0.35)
    assert (rate @ found * exposure).sum() == pytest.approx(y.sum(), rel=0.02)


def test_the_pool_leans_on_the_better_member():
    rng = np.random.default_rng(1)
    good = np.exp(rng.normal(-3, 1, 30_000))
    bad = np.exp(rng.normal(-3, 1, 30_000))
    y = rng.poisson(good).astype(float)
    v = pool_weights(np.column_stack([good, bad, bad[::-1]]), y, np.ones_like(y))
    assert v[1] > 0.8
    assert v[2] + v[3] < 0.2


@settings(max_examples=20)
@given(scale=st.floats(0.3, 3))
def test_the_pool_learns_the_level(scale):
    rng = np.random.default_rng(2)
    rate = np.exp(rng.normal(-2, 0.5, 20_000))
    y = rng.poisson(rate * scale).astype(float)
    v = pool_weights(np.column_stack([rate] * 3), y, np.ones_like(y))
    told = pool(dict.fromkeys(MEMBERS, rate), v)
    assert told.sum() == pytest.approx(y.sum(), rel=0.05)
