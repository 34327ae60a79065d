"""Simpler forecasts with the same call: what the method has to beat, and may fall back to.

Each is a callable `(events, cells, start, days) -> expected events per cell, > 0` and chooses its
own parameters, from the periods before `start`, by likelihood, among the same kernels as the
method: in cell spacings, from the cell itself to nine of them.
"""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from geo.cores import one_thread
from geo.grid import Grid
from risk.engine.booster import PoissonBooster
from risk.engine.excitation import (
    RING,
    SIGMAS,
    UNIFORM,
    Components,
    Past,
    Rows,
    build_components,
    choose_rows,
    mixture_weights,
    past_of,
)
from risk.engine.forecast import MAX_HITS, MAX_PERIODS
from risk.engine.totals import expected_total

#: Most periods, and latest (period, cell) with events, by which a baseline chooses its parameters:
#: those of the method. Trees learn from every cell of fewer periods.
WINDOW, HITS, TREES_WINDOW = MAX_PERIODS, MAX_HITS, 39
ETAS_SIGMAS = tuple(sigma for sigma in SIGMAS if 0 < sigma < max(SIGMAS))
MIXED_IN = (0.05, 0.1, 0.2, 0.02)  # shares of uniform to choose from: no place is impossible


def uniform(
    events: pd.DataFrame, cells: Sequence[str], start: pd.Timestamp, days: int
) -> np.ndarray:
    """The same everywhere.

    Parameters
    ----------
    events : records with time, lat and lon
    cells : H3 ids, n of them; the forecast has the shape (n,)
    start : the day on which the forecast period begins
    days : length of the forecast period, and of each earlier one
    """
    return _forecast(events, cells, start, days, lambda past: np.ones(len(past.grid)))


def all_counts(
    events: pd.DataFrame, cells: Sequence[str], start: pd.Timestamp, days: int
) -> np.ndarray:
    """All events ever seen in the cell, plus a tenth of one.

    `events`, `cells`, `start` and `days` are those of `uniform`.
    """
    return _forecast(events, cells, start, days, lambda past: _counts(past) + 0.1)


def kde(events: pd.DataFrame, cells: Sequence[str], start: pd.Timestamp, days: int) -> np.ndarray:
    """One Gaussian over all events (Chainey, Tompson and Uhlig 2008); bandwidth by likelihood.

    `events`, `cells`, `start` and `days` are those of `uniform`.
    """
    return _forecast(events, cells, start, days, lambda past: _best_kernel(past, decays=False))


def decayed_kde(
    events: pd.DataFrame, cells: Sequence[str], start: pd.Timestamp, days: int
) -> np.ndarray:
    """One Gaussian, one half-life (prospective mapping, Bowers, Johnson and Pease 2004).

    `events`, `cells`, `start` and `days` are those of `uniform`.
    """
    return _forecast(events, cells, start, days, lambda past: _best_kernel(past, decays=True))


def etas(events: pd.DataFrame, cells: Sequence[str], start: pd.Timestamp, days: int) -> np.ndarray:
    """Background and self-excitation (Ogata 1988; Mohler et al. 2011).

    Uniform + all-time kernel + two decays x (cell, ring, kernel), non-negative weights by EM; the
    kernel, one of ETAS_SIGMAS, and the two decays are those with the greatest likelihood.

    `events`, `cells`, `start` and `days` are those of `uniform`.
    """
    return _forecast(events, cells, start, days, _etas)


def boosted_lags(
    events: pd.DataFrame, cells: Sequence[str], start: pd.Timestamp, days: int
) -> np.ndarray:
    """Boosted trees on decayed counts of the cell and its ring, Poisson loss.

    `events`, `cells`, `start` and `days` are those of `uniform`.
    """
    return _forecast(events, cells, start, days, _boosted)


MODELS: dict[str, Callable[..., np.ndarray]] = {
    "uniform": uniform,
    "all counts": all_counts,
    "KDE": kde,
    "decayed KDE": decayed_kde,
    "ETAS": etas,
    "GBM on lags": boosted_lags,
}


def _forecast(
    events: pd.DataFrame,
    cells: Sequence[str],
    start: pd.Timestamp,
    days: int,
    shape: Callable[[Past], np.ndarray],
) -> np.ndarray:
    past = past_of(events, Grid(cells), start, days)
    with one_thread():
        share = shape(past)
    return share / share.sum() * expected_total(past)


def _counts(past: Past) -> np.ndarray:
    return np.bincount(past.place[past.place >= 0], minlength=len(past.grid)).astype(float)


def _parts(past: Past, sigmas: Sequence[float], per_period: int = 0) -> tuple[Rows, Components]:
    """Components at the hit cells (and a sample of others) of the last periods."""
    most = TREES_WINDOW if per_period else WINDOW
    rows = choose_rows(past, min(past.n_periods * 2 // 3, most), per_period)
    return rows, build_components(past, rows, sigmas, seasonal=())


def _learned(rows: Rows) -> np.ndarray:
    """Positions of the latest HITS rows with events."""
    return np.flatnonzero(rows.count > 0)[-HITS:]


def _best_kernel(past: Past, decays: bool) -> np.ndarray:
    """The kernel, half-life and share of uniform that made the last periods likeliest."""
    rows, parts = _parts(past, SIGMAS)
    wanted = [
        i
        for i, (sigma, half) in enumerate(parts.names)
        if sigma >= 0 and (decays or half == np.inf)
    ]
    hit = _learned(rows)
    values = parts.at_rows[hit][:, wanted].astype(float)
    best, shape = -np.inf, np.ones(len(past.grid))
    for mixed_in in MIXED_IN:
        even = mixed_in / len(past.grid)
        fit = rows.count[hit] @ np.log((1 - mixed_in) * values + even)
        if fit.max() > best:
            best = fit.max()
            now = parts.now[:, wanted[int(np.argmax(fit))]].astype(float)
            shape = (1 - mixed_in) * now + even
    return shape


def _etas(past: Past) -> np.ndarray:
    rows, parts = _parts(past, (0.0, RING, *ETAS_SIGMAS))
    hit = _learned(rows)
    count, values = rows.count[hit], parts.at_rows[hit].astype(float)
    halves = sorted({half for _, half in parts.names if 0 < half < np.inf})
    best, shape = -np.inf, np.ones(len(past.grid))
    for sigma in ETAS_SIGMAS:
        for pair in combinations(halves[::2] if len(halves) > 8 else halves, 2):
            chosen = [UNIFORM, (0.0, np.inf), (sigma, np.inf)]
            chosen += [(s, half) for half in pair for s in (0.0, RING, sigma)]
            index = [parts.names.index(name) for name in chosen]
            prior = np.full(len(index), 1 / len(index))
            share = mixture_weights(values[:, index], count, prior, 1.0, 40)
            gain = float(count @ np.log(values[:, index] @ share))
            if gain > best:
                best, shape = gain, parts.now[:, index].astype(float) @ share
    return shape


def _boosted(past: Past) -> np.ndarray:
    rows, parts = _parts(past, (0.0, RING), per_period=len(past.grid))
    if rows.count.sum() < 10:
        return _counts(past) + 0.1
    # normalised components are shares; times the cells they are relative risks, and level apart
    model = PoissonBooster(trees=100, leaves=6, rate=0.1).fit(
        parts.at_rows * len(past.grid), rows.count, weight=rows.weight
    )
    return model.predict(parts.now * len(past.grid)) + 1e-9
