import numpy as np
import pytest

from risk.trees import PoissonTrees


def sparse_world(seed=0, rows=150_000, rate=0.004):
    """Rare counts with a factor of three along one feature, and an offset that is mostly tiny."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(rows, 8)).astype(np.float32)
    offset = rate * np.exp(rng.normal(0, 2, rows)) / np.exp(2)
    truth = offset * np.where(features[:, 0] > 1, 3.0, 0.85)
    return features, rng.poisson(truth).astype(float), offset, truth


def deviance(y, mean):
    seen = y > 0
    return 2 * ((y[seen] * np.log(y[seen] / mean[seen])).sum() - y.sum() + mean.sum())


def test_sparse_counts_do_not_make_it_diverge():
    features, y, offset, _ = sparse_world()
    model = PoissonTrees().fit(features, y, offset, np.ones(len(y)))
    fresh, y_new, offset_new, truth_new = sparse_world(seed=1)
    mean = offset_new * np.exp(model.log_factor(fresh))
    assert np.isfinite(mean).all()
    assert 0.9 < mean.sum() / y_new.sum() < 1.1
    constant = offset_new * y.sum() / offset.sum()
    assert deviance(y_new, mean) < deviance(y_new, constant)
    gained = (deviance(y_new, constant) - deviance(y_new, mean)) / (
        deviance(y_new, constant) - deviance(y_new, truth_new)
    )
    assert gained > 0.5


def test_weights_stand_for_rows_left_out():
    features, y, offset, _ = sparse_world(rows=200_000)
    rng = np.random.default_rng(3)
    kept = (y > 0) | (rng.random(len(y)) < 0.1)
    weight = np.where(y > 0, 1.0, 10.0)[kept]
    model = PoissonTrees().fit(features[kept], y[kept], offset[kept], weight)
    total = (offset * np.exp(model.log_factor(features))).sum()
    assert total == pytest.approx(y.sum(), rel=0.1)


def test_contributions_add_up_to_the_log_factor():
    features, y, offset, _ = sparse_world(rows=40_000, rate=0.04)
    model = PoissonTrees(iterations=30).fit(features, y, offset, np.ones(len(y)))
    parts, common = model.contributions(features[:500])
    assert np.allclose(parts.sum(axis=1) + common, model.log_factor(features[:500]), atol=1e-5)
    assert np.abs(parts[:, 0]).sum() > np.abs(parts[:, 1:]).sum()


def test_refusals():
    features, y, offset, _ = sparse_world(rows=1000, rate=0.1)
    with pytest.raises(ValueError, match="no event"):
        PoissonTrees().fit(features, y * 0, offset, np.ones(len(y)))
    with pytest.raises(ValueError, match="offsets are not > 0"):
        PoissonTrees().fit(features, y, offset * 0, np.ones(len(y)))
