"""Log-linear correction of a mixture: which components deserve more, or less, than a sum gives.

A conditional logit over the cells of a period (McFadden 1974): p ~ mixture x exp(features @ b),
with a ridge towards b = 0, which is the mixture itself.
"""

import numpy as np


def fit_logit(
    features: np.ndarray,
    offset: np.ndarray,
    count: np.ndarray,
    weight: np.ndarray,
    group: np.ndarray,
    importance: np.ndarray,
    ridge: float,
    steps: int = 8,
) -> np.ndarray:
    """Coefficients (features,) by Newton steps on the penalised likelihood.

    Rows: one per (period, cell). features (rows, k), offset (rows,) the log of the mixture, count
    events, weight cells a row stands for, group number of the period, importance of each period.
    """
    groups = int(group.max()) + 1
    events = np.bincount(group, count, minlength=groups) * importance
    count = count * importance[group]
    beta = np.zeros(features.shape[1])
    for _ in range(steps):
        score = offset + features @ beta
        top = np.full(groups, -np.inf)
        np.maximum.at(top, group, score)
        mass = weight * np.exp(score - top[group])
        share = mass / np.bincount(group, mass, minlength=groups)[group]
        rate = events[group] * share
        mean = np.stack(
            [np.bincount(group, share * f, minlength=groups) for f in features.T], axis=1
        )
        curve = (features * rate[:, None]).T @ features - (mean * events[:, None]).T @ mean
        slope = features.T @ (count - rate) - ridge * beta
        move = np.linalg.solve(curve + ridge * np.eye(len(beta)), slope)
        beta = beta + np.clip(move, -0.5, 0.5)
        if np.abs(move).max() < 1e-4:
            break
    return beta
