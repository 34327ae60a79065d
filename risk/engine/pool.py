"""Log-linear pooling: how far the forecasts of the next period should move away from a mixture.

A conditional logit over the cells of a period (McFadden 1974): p ~ exp(offset + features @ b),
with a ridge towards b = 0, which is the offset itself. With log ratios of forecasts as features
it is the logarithmic opinion pool (Genest and Zidek 1986).
"""

import numpy as np
import scipy.sparse as sp


def fit_logit(
    features: np.ndarray,
    offset: np.ndarray,
    count: np.ndarray,
    weight: np.ndarray,
    group: np.ndarray,
    ridge: float,
    steps: int = 6,
) -> np.ndarray:
    """Coefficients (k,) by Newton steps on the penalised likelihood; a row is a (period, cell).

    Parameters
    ----------
    features : (rows, k)
    offset : (rows,), log scale
    count : (rows,), events, a period's importance multiplied in
    weight : (rows,), cells that a row stands for
    group : (rows,), number of the period, 0 to n without gaps
    ridge : how hard the coefficients are held to 0
    steps : of Newton, at most
    """
    events = np.bincount(group, count)
    beta = np.zeros(features.shape[1])
    for _ in range(steps):
        share = weight * np.exp(offset + features @ beta)
        share /= np.bincount(group, share)[group]
        rate = events[group] * share
        mean = sp.csr_array((share, (group, np.arange(len(group))))) @ features
        curve = (features * rate[:, None]).T @ features - (mean * events[:, None]).T @ mean
        slope = features.T @ (count - rate) - ridge * beta
        move = np.linalg.solve(curve + ridge * np.eye(len(beta)), slope)
        beta = beta + np.clip(move, -0.5, 0.5)
        if np.abs(move).max() < 1e-3:
            break
    return beta


def log_normal(score: np.ndarray, weight: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Scores less a constant per period, so that sum(weight x exp(score)) is 1 in each.

    Parameters
    ----------
    score : (rows,), log scale
    weight : (rows,), cells that a row stands for
    group : (rows,), number of the period, 0 to n without gaps
    """
    return score - np.log(np.bincount(group, weight * np.exp(score)))[group]


def log_of_sum(parts: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, float]:
    """The log of a weighted sum, shared out among its parts by the rule of Aumann and Shapley.

    Part j of log(sum / base) gets w_j (part_j - mean_j) x log(sum / base) / (sum - base), where
    the base is the sum of the means over all rows.

    Parameters
    ----------
    parts : (rows, k), >= 0
    weights : (k,), >= 0

    Returns
    -------
    (rows, k), which add up to log(sum / base) in every row, and the base.
    """
    mean = parts.mean(axis=0)
    whole, base = parts @ weights, float(mean @ weights)
    gap = whole - base
    near = np.abs(gap) < 1e-9 * base
    slope = np.where(near, 1 / base, np.log(whole / base) / np.where(near, 1, gap))
    return (parts - mean) * weights * slope[:, None], base
