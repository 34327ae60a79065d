"""The chance that what happens is recorded, given effort, and what past records say despite it.

Records are a thinned Poisson process: Poisson(rate x p), p = 1 - exp(-strength x effort) (the
detection curve of search theory, Koopman 1946, and of occupancy models). A component is smoothed
records over smoothed detection, both faded alike: the local likelihood estimate of the rate. It
shrinks, as under a gamma prior, towards the next wider kernel, so where nobody looked it says what
the surroundings say. Patrols go where much happens, though, so unwatched places are quieter than
their surroundings. Hence a second family of components, each relative to the square root of how
much a place was watched: there the surroundings tell how a place stands to others watched as
little. A mixture of both, by EM, is then corrected by a logit that knows how much a place was
watched, and the few records made in hardly watched ones tell by how much. Everything is judged by
the likelihood of the records *given the effort*, never by the records alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import h3
import numpy as np
import pandas as pd

from geo.grid import Grid
from risk.engine.excitation import Past, read_times, spread, utc
from risk.engine.exposure import WATCHED_POWER, log_watched
from risk.engine.pool import fit_logit

STRENGTHS = (0.4, 1.2, 3.6)
USUAL = 1.2  # centre of a prior: one unit of effort finds 70 % of what happens
PRIOR_WIDTH = 0.35  # its standard deviation on the log scale
SIGMAS = (9.0, 5.0, 3.0, 1.7, 1.0, 0.6, 0.35, 0.0)  # wide to narrow: each leans on the one before
HALF_LIVES = (2.0, 8.0, 32.0, np.inf)  # periods
LEAN = 0.1  # events in a cell that the wider kernel's word is worth, in the first family
LEAN_AROUND = 2.0  # events in all the cells that a kernel takes in, in the second
RIDGE = 10.0
MEMORY_PERIODS = 60.0
BEND = 1.0  # mean rates under the logarithm of a ratio: how far apart rare places may be told
BLIND = (0.0, 0.003, 0.01, 0.03, 0.06, 0.1, 0.2, 0.35, 0.6, 1.0)
TELLING = 3.0  # log likelihood by which records must speak for events told without effort
LEAST_RATE, HARDLY = 1e-6, 0.02
TINY = 1e-300  # a share that has a logarithm
MAX_PERIODS, MAX_VALUES, MAX_ROWS = 130, 600_000, 60_000
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Detected:
    """What the records say once effort is known.

    now: (cells,) share of the next period's events; strength: of detection, the likeliest; blind:
    share of events on record without effort; seen: (periods, cells) chance that an event was
    recorded, oldest first.
    """

    now: np.ndarray
    strength: float
    blind: float
    seen: np.ndarray


def usable_effort(effort: pd.DataFrame, grid: Grid, start: pd.Timestamp) -> pd.DataFrame:
    """The rows of effort that can say something: in cells of the grid, before `start`, above 0.

    Parameters
    ----------
    effort : DataFrame with cell (H3 id), period_start, days, effort (any unit, >= 0)
    grid : cells to forecast
    start : origin; times without a zone are taken as UTC

    Raises
    ------
    ValueError
        Naming all that is wrong at once: missing columns, cells that are none or of another
        resolution, unreadable times, lengths that are not above 0, negative or missing effort.
    """
    needed = ("cell", "period_start", "days", "effort")
    if missing := [name for name in needed if name not in effort]:
        raise ValueError(f"effort lacks {', '.join(missing)}; it has {', '.join(needed)}")
    if effort.empty:
        return effort
    begins = read_times(effort["period_start"], "effort period_start")
    amount, length = (
        pd.to_numeric(effort[name], errors="coerce").to_numpy(float) for name in ("effort", "days")
    )
    cell = effort["cell"].astype(object)
    valid = np.array([isinstance(one, str) and h3.is_valid_cell(one) for one in cell], bool)
    level = np.array([h3.get_resolution(one) if ok else -1 for one, ok in zip(cell, valid,
                      strict=True)])  # fmt: skip
    wrong = {
        "no H3 cell": ~valid,
        f"a cell of another resolution than {grid.resolution}": valid & (level != grid.resolution),
        "no period_start": begins.isna().to_numpy(),
        "days that are not above 0": ~((length > 0) & np.isfinite(length)),
        "effort that is negative or missing": ~((amount >= 0) & np.isfinite(amount)),
    }
    if faults := [f"{int(rows.sum())} with {what}" for what, rows in wrong.items() if rows.any()]:
        raise ValueError(f"effort: of {len(effort)} rows {'; '.join(faults)}")
    checked = effort.assign(period_start=begins, days=length, effort=amount)
    inside = grid.position(cell.tolist()) >= 0
    return checked[inside & (amount > 0) & (begins < utc(start)).to_numpy()]


def effort_panel(
    effort: pd.DataFrame, past: Past, start: pd.Timestamp, n_periods: int
) -> np.ndarray:
    """Effort in each cell and past period, (periods, cells), oldest first.

    An entry is shared out by its overlap with our periods; what reaches to `start` or beyond is
    cut there. Effort in cells outside the grid is left out.

    Parameters
    ----------
    effort : DataFrame with cell, period_start, days, effort
    past : whose grid and period length are used
    start : origin
    n_periods : periods back from it
    """
    grid = past.grid
    place = grid.position(effort["cell"].tolist())
    begins = read_times(effort["period_start"], "effort period_start")
    first = ((begins - utc(start)) / DAY).to_numpy(float) / past.days + n_periods
    length = effort["days"].to_numpy(float) / past.days
    amount = effort["effort"].to_numpy(float)
    kept = (place >= 0) & np.isfinite(first) & np.isfinite(amount) & (amount > 0) & (length > 0)
    place, first, length, amount = place[kept], first[kept], length[kept], amount[kept]
    panel = np.zeros((n_periods, len(grid)))
    if len(first) == 0:
        return panel
    for period in range(max(int(first.min()), 0), n_periods):
        overlap = np.minimum(first + length, period + 1) - np.maximum(first, period)
        share = np.clip(overlap, 0, None) / length
        np.add.at(panel[period], place, amount * share)
    return panel


def corrected_rates(past: Past, effort: pd.DataFrame, start: pd.Timestamp) -> Detected:
    """Where the next event falls, whether or not anybody will look there.

    Records that people made where nobody was sent are not taken for finds of patrols: the share
    of events that is on record without any effort is part of the chance (`blind_share`). Each
    strength of detection speaks as loudly as the records make it likely, by a geometric mean.

    Parameters
    ----------
    past : events before the origin
    effort : DataFrame with cell, period_start, days, effort; a cell and period without a row had
        none
    start : origin
    """
    n_cells = len(past.grid)
    n_periods = int(np.clip(min(past.n_periods, MAX_VALUES // n_cells), 1, MAX_PERIODS))
    panel = effort_panel(effort, past, start, n_periods)
    count = period_counts(past, n_periods)
    spreads = [_Spread(past, sigma, n_periods) for sigma in SIGMAS]
    tried: list[tuple[float, Detected]] = []
    for strength in STRENGTHS:
        seen = 1 - np.exp(-strength * panel)
        blind = blind_share(spreads[0], count, seen)
        seen = blind + (1 - blind) * seen
        now, fit = _rates(spreads, HALF_LIVES, count, seen)
        fit -= 0.5 * (np.log(strength / USUAL) / PRIOR_WIDTH) ** 2
        tried.append((fit, Detected(now / now.sum(), strength, blind, seen)))
    fits = np.array([fit for fit, _ in tried])
    weight = np.exp(fits - fits.max())
    score = weight / weight.sum() @ np.log(np.maximum([one.now for _, one in tried], TINY))
    now = np.exp(score - score.max())
    return replace(tried[int(fits.argmax())][1], now=now / now.sum())


def blind_share(wide: "_Spread", count: np.ndarray, found: np.ndarray) -> float:
    """Share of events that are on record although no effort was spent, 0 to 1.

    The likeliest of BLIND under rates that are even within a wide kernel, smoothed records over
    smoothed chances; 0 unless the records speak for more by TELLING in log likelihood, and of
    shares that are as likely the largest. Where nobody looked long enough to find one event in
    fifty, effort tells nothing and nothing is corrected.

    Parameters
    ----------
    wide : the widest spread of the records
    count : records, (periods, cells)
    found : chance of being found by effort, (periods, cells)
    """
    if found.max() < HARDLY:
        return 1.0
    records, looked, n = wide.records.sum(axis=0), found.sum(axis=0), len(found)
    within, everywhere = (wide.spread(one[None])[0] for one in (looked, np.full_like(looked, n)))
    at = np.nonzero(count)
    fit = []
    for blind in BLIND:
        watched = blind * everywhere + (1 - blind) * within
        rate = (records + LEAST_RATE) / (watched + LEAST_RATE)
        chance = np.maximum(blind + (1 - blind) * found[at], LEAST_RATE)
        expected = (blind * n + (1 - blind) * looked) @ rate
        fit.append(float(count[at] @ np.log(chance * rate[at[1]])) - expected)
    if max(fit) <= fit[0] + TELLING:
        return 0.0
    return max(b for b, score in zip(BLIND, fit, strict=True) if score > max(fit) - 0.5)


def period_counts(past: Past, n_periods: int) -> np.ndarray:
    """Records in each of the last periods and cells, (periods, cells), oldest first."""
    back = np.ceil(past.age / past.days).astype(int)
    kept = (past.place >= 0) & (back <= n_periods)
    count = np.zeros((n_periods, len(past.grid)))
    np.add.at(count, (n_periods - back[kept], past.place[kept]), past.weight[kept])
    return count


class _Spread:
    """One bandwidth: records of each period spread over the cells, and how to spread detection.

    size: cells that the kernel takes in, 1 / sum of its squares for a wide Gaussian, at least 1.
    """

    def __init__(self, past: Past, sigma: float, n_periods: int):
        self.size = max(1.0, 4 * np.pi * sigma**2 / (np.sqrt(3) / 2))
        kernel, anchor = spread(past, sigma)
        back = np.ceil(past.age / past.days).astype(int)
        kept = (anchor >= 0) & (back <= n_periods)
        table = np.zeros((n_periods, kernel.shape[0]), np.float32)
        np.add.at(table, (n_periods - back[kept], anchor[kept]), past.weight[kept])
        self.records = np.asarray(table @ kernel, float)
        grid = past.grid
        every = np.arange(len(grid))
        cells = replace(past, lat=grid.lat, lon=grid.lon, place=every, age=every, weight=every)
        self.kernel, self.anchor = spread(cells, sigma)

    def spread(self, panel: np.ndarray) -> np.ndarray:
        out = np.zeros((len(panel), self.kernel.shape[0]), np.float32)
        np.add.at(out.T, self.anchor, panel.T.astype(np.float32))
        return np.asarray(out @ self.kernel, float)


def _rates(
    spreads: list[_Spread], halves: Sequence[float], count: np.ndarray, seen: np.ndarray
) -> tuple[np.ndarray, float]:
    """Relative rate of the next period, (cells,), and the log likelihood of the past ones."""
    n_periods, n_cells = count.shape
    parts = _components(spreads, halves, count, seen)
    first = min(8, n_periods // 3)
    if count[first:].sum() < 5:
        return parts[:, -1].mean(axis=0), 0.0
    share = _thinned_weights(parts[:, first:n_periods], count[first:], seen[first:])
    mixed = np.tensordot(share, parts, axes=1)
    watched = log_watched(seen)
    rows, weight = _rows(count, seen, mixed, first)
    if not count[rows].sum():  # nothing was recorded where anybody could have seen it
        return mixed[-1], 0.0
    x = _features(parts, mixed, watched, rows)
    offset = np.log(seen[rows] * mixed[rows])
    offset -= offset.max()
    group = np.unique(rows[0], return_inverse=True)[1]
    records = count[rows] * 0.5 ** ((n_periods - rows[0]) / MEMORY_PERIODS)
    beta = fit_logit(x, offset, records, weight, group, RIDGE)
    score = offset + x @ beta
    score -= np.log(np.bincount(group, weight * np.exp(score)))[group]
    next_rows = (np.full(n_cells, n_periods), np.arange(n_cells))
    now = np.log(mixed[-1]) + _features(parts, mixed, watched, next_rows) @ beta
    return np.exp(now - now.max()), float(records @ score - 0.5 * RIDGE * beta @ beta)


def _thinned_weights(parts: np.ndarray, count: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Weights of a mixture of rates under thinning, by EM: sum of shares / exposure."""
    at = np.nonzero(count)
    rate = parts[:, at[0], at[1]].T.astype(float)
    exposure = np.array([(part * seen).sum() for part in parts], float)
    share = np.full(len(parts), 1 / len(parts))
    for _ in range(60):
        share = share * ((count[at] / (rate @ share)) @ rate) + 0.5
        share /= exposure + 0.5 * len(parts)
    return share


def _rows(
    count: np.ndarray, seen: np.ndarray, mixed: np.ndarray, first: int
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Every (period, cell) with a record and a weighted sample of the others that were watched."""
    expected = seen[first:] * mixed[first:-1]
    size = np.sqrt(expected)
    chance = np.minimum(1.0, MAX_ROWS * size / size.sum())
    hit = count[first:] > 0
    drawn = np.random.default_rng(21).random(chance.shape) < chance
    period, cell = np.nonzero((hit | drawn) & (seen[first:] > 1e-6))
    weight = np.where(hit[period, cell], 1.0, 1 / chance[period, cell])
    return (period + first, cell), weight


def _features(
    parts: np.ndarray, mixed: np.ndarray, watched: np.ndarray, rows: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Log of the mixture, of how much the cell was watched (and its square), and log ratios."""
    mix, looked = mixed[rows], watched[rows]
    base = BEND * mixed.mean()
    columns = [np.log(mix), looked, looked**2 / 4]
    columns += [np.log((part[rows] + base) / (mix + base)) for part in parts]
    return np.column_stack(columns)


def _components(
    spreads: list[_Spread], halves: Sequence[float], count: np.ndarray, seen: np.ndarray
) -> np.ndarray:
    """Both families: (m, periods + 1, cells), the rate known before each period and the next."""
    base = np.exp(WATCHED_POWER * log_watched(seen))
    base /= base.mean(axis=1, keepdims=True)
    around = [LEAN_AROUND / part.size for part in spreads]
    plain = _ratios(spreads, halves, count, seen, [LEAN] * len(spreads))
    relative = _ratios(spreads, halves, count, seen * base[:-1], around)
    relative *= base.astype(np.float32)
    return np.concatenate([plain, relative])


def _ratios(
    spreads: list[_Spread],
    halves: Sequence[float],
    count: np.ndarray,
    looked_at: np.ndarray,
    leans: list[float],
) -> np.ndarray:
    """Smoothed records over smoothed `looked_at`, (m, periods + 1, cells), each leaning by `leans`.

    looked_at: (periods, cells), the chance of being recorded, or times what was expected there.
    """
    n_periods, n_cells = count.shape
    parts = np.empty((len(spreads) * len(halves), n_periods + 1, n_cells), np.float32)
    level = _level(count, looked_at)
    wider = {half: np.repeat(level[:, None], n_cells, axis=1) for half in halves}
    index = 0
    for part, lean in zip(spreads, leans, strict=True):
        looked = part.spread(looked_at)
        for half in halves:
            keep = 0.5 ** (1 / half)
            top, bottom = np.zeros(n_cells), np.zeros(n_cells)
            for t in range(n_periods + 1):
                parts[index, t] = (top + lean) / (bottom + lean / wider[half][t])
                if t < n_periods:
                    top = keep * top + part.records[t]
                    bottom = keep * bottom + looked[t]
            wider[half] = parts[index]
            index += 1
    return parts


def _level(count: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Events per cell and period over the whole area, known before each period and the next."""
    records = np.concatenate([[0.0], np.cumsum(count.sum(axis=1))])
    looked = np.concatenate([[0.0], np.cumsum(seen.sum(axis=1))])
    return (records + 0.5) / (looked + 0.5 / 0.01)
