"""How many events the next period brings inside the cells, apart from where they fall."""

import numpy as np

from risk.excitation import Past

HALF_LIVES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, np.inf)  # periods
SPREAD = 0.1  # the same for all, so that their likelihoods can be compared
LEAST = 1e-3


def expected_total(past: Past) -> float:
    """Events expected inside the cells in the next period, > 0.

    Exponential smoothing (Holt 1957) at several half-lives; each forecast counts by its negative
    binomial likelihood on the last periods, exp(sum of log likelihoods), so a level that moves
    is followed and a steady one is averaged. Less than one full period: the plain rate.
    """
    inside = past.place >= 0
    n_periods = past.n_periods
    if n_periods == 0:
        span = max(float(past.age.max()) if len(past.age) else past.days, past.days)
        return max(float(past.weight[inside].sum()) * past.days / span, LEAST)
    back = np.ceil(past.age / past.days).astype(int)
    full = inside & (back <= n_periods)
    totals = np.bincount(n_periods - back[full], past.weight[full], n_periods)
    levels = np.array([_smooth(totals, half) for half in HALF_LIVES])  # (half-lives, periods + 1)
    tested = slice(min(6, n_periods // 2), n_periods)
    fit = _log_likelihood(totals[None, tested], levels[:, tested])
    memory = 0.5 ** (np.arange(fit.shape[1])[::-1] / 26)
    score = (fit * memory).sum(axis=1)
    weight = np.exp(score - score.max())
    return max(float(weight @ levels[:, -1] / weight.sum()), LEAST)


def _smooth(totals: np.ndarray, half_life: float) -> np.ndarray:
    """One-step forecasts: entry t is made before total t is seen; starts from the first one."""
    keep = 0.5 ** (1 / half_life)
    top, bottom = 0.5, 1.0  # half an event in one period before anything is known
    levels = []
    for total in totals:
        levels.append(top / bottom)
        top, bottom = keep * top + total, keep * bottom + 1
    return np.array([*levels, top / bottom])


def _log_likelihood(count: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Negative binomial, variance mean + SPREAD mean^2, up to a term of the count alone."""
    return count * np.log(mean / (1 + SPREAD * mean)) - np.log1p(SPREAD * mean) / SPREAD
