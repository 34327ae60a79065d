"""Pooling is the penalised conditional logit that it says it is."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import logsumexp

from risk.engine.pool import fit_logit, log_normal


def periods(n=12, cells=40, seed=2, effect=(0.8, -0.4)):
    """Events of some periods, drawn from a logit of two features over even cells."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(n), cells)
    features = rng.normal(0, 1, (n * cells, 2))
    offset = rng.normal(-3, 0.5, n * cells)
    weight = rng.choice([1.0, 2.0, 5.0], n * cells)
    score = offset + features @ np.array(effect)
    chance = weight * np.exp(score)
    chance /= np.bincount(group, chance)[group]
    count = np.concatenate([rng.multinomial(30, chance[group == g]) for g in range(n)]) * 1.0
    return features, offset, count, weight, group


@pytest.mark.parametrize("ridge", [0.5, 10.0, 100.0])
def test_the_coefficients_are_those_of_highest_penalised_likelihood(ridge):
    features, offset, count, weight, group = periods()

    def loss(beta):
        score = offset + features @ beta
        told = 0.0
        for g in range(group.max() + 1):
            at = group == g
            norm = logsumexp(score[at], b=weight[at])
            told += count[at] @ (score[at] - norm)
        return ridge / 2 * beta @ beta - told

    best = minimize(loss, np.zeros(2), method="BFGS", options={"gtol": 1e-6}).x
    found = fit_logit(features, offset, count, weight, group, ridge)
    assert found == pytest.approx(best, abs=2e-3)
    assert np.abs(best).max() > 0.2


def test_a_planted_effect_is_found_and_a_hard_ridge_keeps_the_offset():
    features, offset, count, weight, group = periods(n=60)
    found = fit_logit(features, offset, count, weight, group, 1e-6, steps=20)
    assert found == pytest.approx([0.8, -0.4], abs=0.1)
    assert np.abs(fit_logit(features, offset, count, weight, group, 1e9)).max() < 1e-4


def test_a_step_is_half_a_unit_at_most():
    features, offset, count, weight, group = periods(n=60, effect=(4.0, 0.0))
    one = fit_logit(features, offset, count, weight, group, 1e-6, steps=1)
    assert one[0] == 0.5
    assert fit_logit(features, offset, count, weight, group, 1e-6, steps=40)[0] > 3


def test_normal_scores_sum_to_one_in_each_period_and_keep_their_differences():
    _, offset, _, weight, group = periods()
    told = log_normal(offset, weight, group)
    assert np.bincount(group, weight * np.exp(told)) == pytest.approx(1)
    for g in range(group.max() + 1):
        assert np.ptp((told - offset)[group == g]) < 1e-9
