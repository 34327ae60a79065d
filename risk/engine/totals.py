"""How many events the next period brings inside the cells, apart from where they fall."""

import numpy as np

from risk.engine.excitation import Past

HALF_LIVES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, np.inf)  # periods
SPREAD = 0.1  # the same for all, so that their likelihoods can be compared
LEAST = 1e-6  # events a step, after however long a silence
STEPS = 120  # of the history, as far as STEP_DAYS allow
STEP_DAYS = (1.0, 28.0)
KNOWN_DAYS = 7.0  # half an event a week is what is expected before anything is known


def expected_total(past: Past) -> float:
    """Events expected inside the cells in the next `past.days` days, > 0.

    Exponential smoothing (Holt 1957) at several half-lives; each forecast counts by its negative
    binomial likelihood on the last steps, exp(sum of log likelihoods), so a level that moves is
    followed and a steady one is averaged. The steps follow from the history alone, not from the
    window that is asked for: the answer is a rate times its length.
    """
    inside = past.place >= 0
    history = float(past.age.max()) if len(past.age) else 0.0
    step = float(np.clip(history / STEPS, *STEP_DAYS))
    n_steps = int(history // step)
    back = np.ceil(past.age / step).astype(int)
    full = inside & (back <= n_steps)
    totals = np.bincount(n_steps - back[full], past.weight[full], n_steps)
    if n_steps == 0:  # less than a day is known: all of it in one step
        totals = np.array([past.weight[inside].sum()])
    levels = np.array([_smooth(totals, half, KNOWN_DAYS / step) for half in HALF_LIVES])
    tested = slice(min(6, len(totals) // 2), len(totals))
    fit = _log_likelihood(totals[None, tested], levels[:, :-1][:, tested])
    memory = 0.5 ** (np.arange(fit.shape[1])[::-1] / 26)
    score = (fit * memory).sum(axis=1)
    weight = np.exp(score - score.max())
    return float(weight @ levels[:, -1] / weight.sum()) * past.days / step


def _smooth(totals: np.ndarray, half_life: float, known: float) -> np.ndarray:
    """One-step forecasts (steps + 1,): entry t is made before total t is seen.

    known : steps that half an event is spread over before anything is known
    """
    keep = 0.5 ** (1 / half_life)
    top, bottom = 0.5, known
    levels = []
    for total in totals:
        levels.append(top / bottom)
        top, bottom = keep * top + total, keep * bottom + 1
    return np.maximum([*levels, top / bottom], LEAST)


def _log_likelihood(count: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Negative binomial, variance mean + SPREAD mean^2, up to a term of the count alone."""
    return count * np.log(mean / (1 + SPREAD * mean)) - np.log1p(SPREAD * mean) / SPREAD
