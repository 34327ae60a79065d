"""Boosted trees on sparse counts: finite, calibrated, better than the constant rate."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

from risk.engine import booster
from risk.engine.booster import PoissonBooster


def sparse_world(n=40_000, seed=0, level=-7.0):
    """Counts with 0.2 to 0.5 % positive rows, concentrated where a decayed history is high."""
    rng = np.random.default_rng(seed)
    history = rng.gamma(0.15, 1.0, n)
    features = np.column_stack([history, rng.gamma(0.3, 1.0, n), rng.normal(size=(n, 6))])
    rate = np.exp(level + 1.8 * np.log1p(3 * history) + 0.3 * features[:, 2])
    return features, rng.poisson(rate).astype(float), rate


def deviance(count, mean):
    return 2 * (mean - count * np.log(mean)).sum()


@pytest.fixture(scope="module")
def world():
    return sparse_world()


@pytest.fixture(scope="module")
def fitted(world):
    features, count, _ = world
    return PoissonBooster().fit(features, count)


def test_sparse_counts_do_not_diverge(world, fitted):
    features, count, _ = world
    assert 0.001 < (count > 0).mean() < 0.01
    new, seen, truth = sparse_world(seed=1)
    expected = fitted.predict(new)
    assert np.isfinite(expected).all() and (expected > 0).all()
    assert 0.9 < fitted.predict(features).sum() / count.sum() < 1.1
    assert deviance(seen, expected) < deviance(seen, np.full(len(seen), count.mean()))
    assert np.corrcoef(np.log(expected), np.log(truth))[0, 1] > 0.6


def test_default_settings_would_fail_this_test():
    """The guard is needed: unguarded trees are far worse than the constant rate on such counts."""
    features, count, _ = sparse_world(level=-8.5)
    new, seen, _ = sparse_world(level=-8.5, seed=1)
    plain = HistGradientBoostingRegressor(loss="poisson", max_leaf_nodes=31, random_state=0)
    with np.errstate(all="ignore"):
        loose = np.maximum(plain.fit(features, count).predict(new), 1e-300)
        bound = deviance(seen, np.full(len(seen), count.mean()))
        assert not deviance(seen, loose) < bound
    assert deviance(seen, PoissonBooster().fit(features, count).predict(new)) < bound


def test_exposure_is_an_offset(world):
    """Twice the exposure is twice the count, and the rate is learned per exposure."""
    features, _, rate = world
    rng = np.random.default_rng(2)
    exposure = rng.uniform(0.2, 5, len(rate))
    model = PoissonBooster().fit(features, rng.poisson(20 * rate * exposure), exposure)
    one = model.predict(features)
    np.testing.assert_allclose(model.predict(features, np.full(len(rate), 2.0)), 2 * one)
    assert np.corrcoef(np.log(one), np.log(rate))[0, 1] > 0.8


def test_a_tenth_of_the_zeros_with_weight_ten_keeps_the_total(world):
    features, count, _ = world
    kept = (count > 0) | (np.random.default_rng(3).random(len(count)) < 0.1)
    weight = np.where(count > 0, 1.0, 10.0)[kept]
    model = PoissonBooster().fit(features[kept], count[kept], weight=weight)
    assert 0.85 < model.predict(features).sum() / count.sum() < 1.15


def test_nothing_to_learn_gives_the_constant_rate():
    features = np.random.default_rng(0).normal(size=(300, 3))
    none = PoissonBooster().fit(features, np.zeros(300))
    assert (none.predict(features) == 0).all()
    single = np.zeros(300)
    single[7] = 1
    assert np.isfinite(PoissonBooster().fit(features, single).predict(features)).all()


def test_missing_features_and_rising_rates(world):
    features, count, _ = world
    holes = features.copy()
    holes[::3, 1] = np.nan
    model = PoissonBooster(rising=[0]).fit(holes, count)
    line = np.tile(np.nanmedian(holes, axis=0), (50, 1))
    line[:, 0] = np.linspace(0, 5, 50)
    assert (np.diff(model.predict(line)) >= -1e-12).all()


def test_refusals():
    with pytest.raises(ValueError, match="must be finite and > 0"):
        PoissonBooster().fit(np.ones((3, 1)), np.ones(3), exposure=np.array([1, 0, 1]))
    with pytest.raises(ValueError, match="one row of features per count"):
        PoissonBooster().fit(np.ones((3, 1)), np.ones(4))


def test_contributions_add_up_to_the_log_of_the_rate():
    rng = np.random.default_rng(8)
    features = rng.normal(size=(20_000, 4)).astype(np.float32)
    features[rng.random(features.shape) < 0.05] = np.nan
    count = rng.poisson(0.05 * np.where(np.nan_to_num(features[:, 0]) > 1, 3.0, 0.85))
    model = PoissonBooster(trees=30, seeds=(0, 1)).fit(features, count)
    parts, common = model.contributions(features[:500])
    told = np.log(model.predict(features[:500]))
    assert np.allclose(parts.sum(axis=1) + common, told, atol=1e-5)
    size = np.abs(parts).sum(axis=0)
    assert size[0] > size[1:].sum()


@pytest.mark.parametrize("leaves", [2, 6, 12])
def test_a_tree_as_a_table_says_what_scikit_learn_says(world, leaves):
    features, count, _ = world
    holes = features.copy()
    holes[::7, 0] = np.nan
    holes[::5, 1] = np.nan
    fitted = PoissonBooster(trees=30, leaves=leaves, leaf_rows=50, rate=0.3).fit(holes, count)
    (model,) = fitted.models
    codes = fitted._codes(holes)
    theirs = np.log(model.predict(booster._as_numbers(codes)))
    assert np.ptp(theirs) > 0.5
    assert np.allclose(booster._log_rate(model, codes), theirs, rtol=0, atol=1e-12)


def test_trees_too_large_for_a_table_are_refused():
    with pytest.raises(ValueError, match="leaves is at most 17, got 18"):
        PoissonBooster(leaves=18)
