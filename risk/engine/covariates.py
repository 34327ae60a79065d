"""What is known about the ground of each cell, and how far it may bend a forecast.

Forecasts made at earlier dates, each from what was known then, are the offset of a conditional
logit (McFadden 1974) on the ranks of the columns. A column is kept only if the events of later
dates become likelier by it (forward selection on held-out blocks); where none is, nothing changes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import h3
import numpy as np
import pandas as pd
from scipy.stats import rankdata

from geo.grid import Grid
from risk.engine.excitation import Past
from risk.engine.pool import fit_logit, log_normal

#: Shares of the known events after which an earlier forecast is made.
CUTS = (0.4, 0.55, 0.7, 0.85)
#: Log likelihood of held-out events that a column has to gain, and the log of the columns' number.
LEAST_GAIN = 2.0
RIDGE = 10.0
#: How far to follow what was learned is held near 1 by so many events.
FOLLOW_RIDGE, MOST_FOLLOWED = 30.0, 1.5
FEW_EVENTS, FEW_PERIODS = 50, 8

#: Share of each cell as it was forecast so many periods before the origin, (cells,).
Then = Callable[[int], np.ndarray]


@dataclass(frozen=True)
class Ground:
    """Columns told of the cells; values (cells, columns) in the order of the grid, NaN unknown."""

    names: list[str]
    values: np.ndarray


def usable_covariates(covariates: pd.DataFrame, grid: Grid) -> Ground:
    """The columns that can say something, laid on the cells.

    Parameters
    ----------
    covariates : DataFrame with cell (H3 id) and columns of numbers in any unit, one row a cell;
        cells outside the grid are left out, cells without a row or value are unknown, and a column
        with one and the same value everywhere says nothing
    grid : cells to forecast

    Raises
    ------
    ValueError
        Naming all that is wrong at once: no cell or no other column, cells that are none, of
        another resolution or told twice, columns that are no numbers, infinite values.
    """
    if "cell" not in covariates:
        raise ValueError("covariates lack cell; they have cell and columns of numbers")
    columns = covariates.drop(columns="cell")
    cell = covariates["cell"].astype(object)
    valid = np.array([isinstance(one, str) and h3.is_valid_cell(one) for one in cell], bool)
    alike = np.array([ok and h3.get_resolution(one) == grid.resolution
                      for one, ok in zip(cell, valid, strict=True)], bool)  # fmt: skip
    text = [str(name) for name in columns if not pd.api.types.is_numeric_dtype(columns[name])]
    columns = columns.drop(columns=[name for name in columns if str(name) in text]).astype(float)
    rows = {
        "no H3 cell": ~valid,
        f"a cell of another resolution than {grid.resolution}": valid & ~alike,
        "a cell that has a row already": valid & cell.duplicated().to_numpy(),
        "an infinite value": np.isinf(columns.to_numpy()).any(axis=1),
    }
    faults = [f"{int(bad.sum())} rows with {what}" for what, bad in rows.items() if bad.any()]
    if text:
        faults.append(f"no numbers in {', '.join(text)}")
    if not len(covariates.columns) > 1:
        faults.append("no column beside cell")
    if faults:
        raise ValueError(f"covariates: of {len(covariates)} rows {'; '.join(faults)}")
    place = grid.position(cell.tolist())
    values = np.full((len(grid), columns.shape[1]), np.nan)
    values[place[place >= 0]] = columns.to_numpy()[place >= 0]
    known = np.where(np.isnan(values), -np.inf, values).max(axis=0, initial=-np.inf)
    varies = known > np.where(np.isnan(values), np.inf, values).min(axis=0, initial=np.inf)
    names = [str(name) for name, kept in zip(columns, varies, strict=True) if kept]
    return Ground(names, values[:, varies])


def before(past: Past, periods: int) -> Past:
    """The past as it was known so many periods before its origin."""
    kept = past.age > periods * past.days
    columns = {name: getattr(past, name)[kept] for name in ("lat", "lon", "place", "weight")}
    return replace(past, **columns, age=past.age[kept] - periods * past.days)


def lift(past: Past, ground: Ground, then: Then, chance: np.ndarray | None) -> np.ndarray:
    """What to add to the log of today's share of each cell, (cells,).

    Zero everywhere if no column gains on held-out events, and in cells where the kept columns are
    unknown: these keep their forecast, apart from what normalising does.

    Parameters
    ----------
    past : events before the origin
    ground : columns of the cells, taken to have held all along
    then : the forecast as it was so many periods before the origin
    chance : that an event was recorded, (periods, cells), oldest first; None: all were
    """
    nothing = np.zeros(len(past.grid))
    inside = past.place >= 0
    if not ground.names or inside.sum() < FEW_EVENTS or past.n_periods < FEW_PERIODS:
        return nothing
    blocks = _blocks(past, then, chance)
    terms = _terms(ground.values)
    kept: list[int] = []
    best, needed = 0.0, LEAST_GAIN + np.log(len(terms))
    while len(kept) < len(terms):
        tried = {k: _held_out(_join(terms, [*kept, k]), blocks)[0]
                 for k in range(len(terms)) if k not in kept}  # fmt: skip
        first = max(tried, key=lambda k: tried[k])
        if tried[first] < best + needed:
            break
        kept.append(first)
        best = tried[first]
    if not kept:
        return nothing
    x = _join(terms, kept)
    follow = _held_out(x, blocks)[1]
    beta = _fit(x, blocks, np.arange(len(blocks.count)))
    return follow * (x @ beta)


@dataclass(frozen=True)
class _Blocks:
    """Stretches of the past, (blocks, cells), oldest first: log of what was forecast; events."""

    offset: np.ndarray
    count: np.ndarray


def _blocks(past: Past, then: Then, chance: np.ndarray | None) -> _Blocks:
    """The stretches between the earlier forecasts; a later one begins where the last one ends."""
    inside = past.place >= 0
    n_periods = past.n_periods if chance is None else min(past.n_periods, len(chance))
    back = np.ceil(past.age / past.days).astype(int)
    ages = np.sort(back[inside & (back <= n_periods)])[::-1]
    cuts = sorted({int(ages[int(cut * len(ages))]) for cut in CUTS}, reverse=True)
    offset, count = [], []
    for oldest, newest in zip(cuts, [*cuts[1:], 0], strict=True):
        here = inside & (back <= oldest) & (back > newest)
        seen = np.bincount(past.place[here], past.weight[here], len(past.grid))
        looked = 1.0
        if chance is not None:
            looked = chance[len(chance) - oldest : len(chance) - newest].sum(axis=0)
            seen = np.where(looked > 1e-6, seen, 0.0)
        share = then(oldest) * np.maximum(looked, 1e-9)
        offset.append(np.log(share / share.sum()))
        count.append(seen)
    return _Blocks(np.array(offset), np.array(count))


def _terms(values: np.ndarray) -> list[np.ndarray]:
    """Of each column its rank and the square of it, both (cells, 2), mean 0 and variance 1.

    Ranks, so that units and skew cannot matter; unknown values are 0 in both.
    """
    terms = []
    for column in values.T:
        known = ~np.isnan(column)
        rank = rankdata(column[known])
        rank = (rank - rank.mean()) / rank.std()
        square = rank**2 - 1
        term = np.zeros((len(column), 2))
        term[known] = np.column_stack([rank, square / max(square.std(), 1e-9)])
        terms.append(term)
    return terms


def _join(terms: list[np.ndarray], kept: list[int]) -> np.ndarray:
    return np.concatenate([terms[k] for k in kept], axis=1)


def _fit(x: np.ndarray, blocks: _Blocks, used: np.ndarray) -> np.ndarray:
    """Coefficients of the terms, (terms,), from some of the blocks."""
    n = x.shape[0]
    return fit_logit(
        np.tile(x, (len(used), 1)),
        blocks.offset[used].ravel(),
        blocks.count[used].ravel(),
        np.ones(n * len(used)),
        np.repeat(np.arange(len(used)), n),
        RIDGE,
    )


def _held_out(x: np.ndarray, blocks: _Blocks) -> tuple[float, float]:
    """Log likelihood that each block gains by what the blocks before it taught, and how far to
    follow it: what would have been best there, held near 1."""
    n_blocks, n = blocks.count.shape
    if n_blocks < 2:
        return 0.0, 1.0
    moves = np.array([x @ _fit(x, blocks, np.arange(block)) for block in range(1, n_blocks)])
    group = np.repeat(np.arange(n_blocks - 1), n)
    ones, count = np.ones(len(group)), blocks.count[1:].ravel()
    plain = blocks.offset[1:].ravel()
    bent = log_normal(plain + moves.ravel(), ones, group)
    more = fit_logit(moves.reshape(-1, 1), bent, count, ones, group, FOLLOW_RIDGE)
    return float(count @ (bent - plain)), float(np.clip(1 + more[0], 0.0, MOST_FOLLOWED))
