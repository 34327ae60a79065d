"""forecast(events, cells, start, days): the whole method behind one call.

1 past events become components (kernels x half-lives); 2 EM finds the mixture that would have
forecast the past periods best; 3 a ridge logit corrects it where a sum is too smooth; 4 totals
are smoothed by their own past likelihood. Everything is chosen from events before `start`.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.grid import Grid
from risk.excitation import (
    SEASON,
    Components,
    Past,
    Rows,
    build_components,
    choose_rows,
    mixture_weights,
)
from risk.pool import fit_logit

MAX_PERIODS = 120
MAX_ROWS = 300_000
MEMORY_PERIODS = 50.0  # half-life of a past period's say in the fit
PRIOR_EVENTS = 5.0
FLOOR = 1e-6  # share of uniform in every forecast: no cell is ever impossible


def forecast(
    events: pd.DataFrame,
    cells: Sequence[str],
    start: pd.Timestamp,
    days: int,
    effort: pd.DataFrame | None = None,
) -> np.ndarray:
    """Expected number of events in each cell in [start, start + days).

    Parameters
    ----------
    events : DataFrame with lat, lon (degrees), time; rows at or after `start`, or without a
        place or time, are ignored. Times without a zone are taken as UTC.
    cells : H3 ids of one resolution, any order, no duplicates
    start : origin of the forecast
    days : length of the window, >= 1
    effort : optional DataFrame (cell, period_start, days, effort)

    Returns
    -------
    float array in the order of `cells`, finite and > 0.
    """
    if days < 1:
        raise ValueError(f"days must be at least 1, got {days}")
    given = Grid(cells)
    order = np.argsort(given.ids)
    grid = Grid([given.cells[i] for i in order])  # sorted: the order given cannot matter
    past = _past(events, grid, start, days)
    result = np.empty(len(grid))
    result[order] = _distribution(past) * expected_total(past)
    return result


def _past(events: pd.DataFrame, grid: Grid, start: pd.Timestamp, days: float) -> Past:
    origin = pd.Timestamp(start)
    origin = origin.tz_convert("UTC").tz_localize(None) if origin.tzinfo else origin
    times = pd.to_datetime(events["time"], utc=True, errors="coerce", format="mixed")
    age = ((origin - times.dt.tz_localize(None)) / pd.Timedelta(days=1)).to_numpy(float)
    lat, lon = (pd.to_numeric(events[c], errors="coerce").to_numpy(float) for c in ("lat", "lon"))
    kept = np.flatnonzero((age > 0) & np.isfinite(lat) & np.isfinite(lon))
    kept = kept[np.lexsort((lon[kept], lat[kept], age[kept]))]
    lat, lon, age = lat[kept], lon[kept], age[kept]
    return Past(grid, float(days), lat, lon, grid.locate(lat, lon), age, np.ones(len(age)))


def _distribution(past: Past) -> np.ndarray:
    """Where the next event falls: (cells,), sums to 1."""
    n_cells = len(past.grid)
    n_periods = min(past.n_periods, MAX_PERIODS)
    rows = choose_rows(past, n_periods, max(MAX_ROWS // max(n_periods, 1), 300))
    parts = build_components(past, rows)
    share, before = _mixture(parts, rows)
    now = parts.now.astype(float) @ share
    if rows.count.sum() >= 30:
        beta = _correct(parts, rows, before, past.days)
        score = np.log(now) + _features(parts, parts.now, now, past.days) @ beta / 2
        now = np.exp(score - score.max())
    return (1 - FLOOR) * now / now.sum() + FLOOR / n_cells


def _mixture(parts: Components, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Weights for the next period, and the density each row had beforehand.

    Past rows are mixed with weights fitted on still older periods only (refitted about twelve
    times), so that what is built on top learns from honest forecasts.
    """
    prior = np.full(len(parts.names), 1 / len(parts.names))
    hit = rows.count > 0
    values = parts.at_rows[hit].astype(float)
    back, count = rows.back[hit], rows.count[hit]
    before = np.empty(len(rows))
    share, last = prior, int(rows.back.max()) if len(rows) else 0
    cuts = np.unique(np.linspace(0, last, 13).astype(int))[::-1]
    for newest, oldest in zip(cuts[1:], cuts[:-1], strict=True):
        known = back > oldest
        if known.any():
            recent = count[known] * 0.5 ** ((back[known] - oldest) / MEMORY_PERIODS)
            share = mixture_weights(values[known], recent, prior, PRIOR_EVENTS, 25, share)
        block = (rows.back <= oldest) & (rows.back > newest)
        before[block] = parts.at_rows[block] @ share
    if len(values):
        recent = count * 0.5 ** (back / MEMORY_PERIODS)
        share = mixture_weights(values, recent, prior, PRIOR_EVENTS, 60, share)
    return share, before


def _correct(parts: Components, rows: Rows, before: np.ndarray, days: float) -> np.ndarray:
    group = rows.back.max() - rows.back
    kept = group >= min(8, group.max() // 3)
    period = group[kept] - group[kept].min()
    back = rows.back[kept]
    importance = 0.5 ** (np.unique(back)[::-1] / MEMORY_PERIODS)
    return fit_logit(
        _features(parts, parts.at_rows[kept], before[kept], days),
        np.log(before[kept]),
        rows.count[kept],
        rows.weight[kept],
        np.unique(period, return_inverse=True)[1],
        importance,
        ridge=20.0,
    )


FEATURES = [
    (0, np.inf),
    (0.6, np.inf),
    (1.7, np.inf),
    (5, np.inf),
    (0, 8),
    (0.6, 8),
    (1.7, 8),
    (1.7, 32),
    (0.6, 1),
    (3, 2),
]


def _features(parts: Components, values: np.ndarray, mix: np.ndarray, days: float) -> np.ndarray:
    """Log ratios of some components to the mixture, and the log of the mixture itself."""
    n_cells = len(parts.now)
    picked = [parts.find(s, h * days) for s, h in FEATURES]
    picked += [i for i, (_, h) in enumerate(parts.names) if h == SEASON]
    base = 0.05 / n_cells
    ratio = np.log((values[:, picked] + base) / (mix[:, None] + base))
    return np.column_stack([np.log(mix * n_cells), ratio])


def expected_total(past: Past) -> float:
    """Events expected inside the cells in the next period, > 0.

    Exponential smoothing with the half-life that would have forecast the past totals best.
    """
    inside = past.place >= 0
    if past.n_periods == 0:
        span = max(float(past.age.max()) if len(past.age) else past.days, past.days)
        return max(past.weight[inside].sum() * past.days / span, 1e-3)
    back = np.ceil(past.age / past.days).astype(int)
    full = inside & (back <= past.n_periods)
    totals = np.bincount(past.n_periods - back[full], past.weight[full], past.n_periods)
    best, level = -np.inf, totals.mean()
    for half in (2, 4, 8, 16, 32, np.inf):
        keep = 0.5 ** (1 / half) if np.isfinite(half) else 1.0
        top, bottom, gain = 0.5, 1.0, 0.0
        for index, total in enumerate(totals):
            rate = top / bottom
            if index >= min(4, len(totals) // 2):
                gain += total * np.log(rate) - rate
            top, bottom = keep * top + total, keep * bottom + 1
        if gain > best:
            best, level = gain, top / bottom
    return max(float(level), 1e-3)
