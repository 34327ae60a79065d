"""All that a model may know at each origin: rates remembered at many scales, and what is fixed.

One pass over the weeks serves every origin and every horizon, because what was known before a
week depends on earlier weeks only. Values are kept where they are needed: at a weighted sample
of (week, cell) rows to learn from, and in every cell at the origins to forecast from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from geo.grid import Grid
from risk.engine.exposure import WATCHED_POWER, Detection, Effort, log_watched
from risk.engine.features import memories, smooth, weeks_since

SIGMAS = (0.0, 0.6, 1.0, 2.0, 4.0, 9.0)  # in cell spacings; 0 is the cell itself
HALF_LIVES = (2.0, 8.0, 26.0, 104.0, np.inf)  # weeks
#: Of the memories that are relative to how much a place was watched.
RELATIVE_SIGMAS, RELATIVE_HALF_LIVES = (0.6, 1.0, 2.0, 4.0, 9.0), (26.0, np.inf)
MAX_ROWS = 60_000


@dataclass(frozen=True)
class Spots:
    """Where and when each record lies, one entry a record.

    lat, lon: degrees; place: its cell, -1 outside the grid but within reach of a kernel; day: days
    after the first week began.
    """

    lat: np.ndarray
    lon: np.ndarray
    place: np.ndarray
    day: np.ndarray


@dataclass(frozen=True)
class Records:
    """Counts and effort on the grid; arrays are float32 of shape (weeks, cells).

    discovered_points, points: the discovered and all records that have a point; effort: minutes
    by mode;
    static: (cells, covariates); season: (weeks + gap + longest horizon, terms), known in advance;
    step_days: length of a "week" where the records are not laid on weeks; spots: where exactly
    each record lies, where that is known; gap: weeks after the last one of which nothing was
    delivered, so that what is forecast begins so many weeks later.
    """

    grid: Grid
    weeks: pd.DatetimeIndex
    discovered: np.ndarray
    discovered_points: np.ndarray
    points: np.ndarray
    reported: np.ndarray
    effort: Effort
    static: np.ndarray
    static_names: list[str]
    season: np.ndarray
    season_names: list[str]
    step_days: float = 7.0
    spots: "Spots | None" = None
    gap: int = 0

    @property
    def minutes(self) -> np.ndarray:
        """Minutes of all modes together."""
        return sum(self.effort.values(), np.zeros_like(self.discovered))

    @property
    def counts(self) -> np.ndarray:
        return self.discovered + self.reported


@dataclass(frozen=True)
class Rows:
    """(origin week, cell) pairs with what followed within the horizon.

    y: events; x: exposure of those weeks; weight: pairs that this one stands for; origins: the
    weeks that were sampled; gap: weeks between the origin and the horizon.
    """

    origins: np.ndarray
    week: np.ndarray
    cell: np.ndarray
    y: np.ndarray
    x: np.ndarray
    weight: np.ndarray
    gap: int = 0

    def before(self, week: int, horizon: int) -> np.ndarray:
        """Which rows had fully happened when `week` began."""
        return self.week + self.gap + horizon <= week


@dataclass(frozen=True)
class Known:
    """Values of every memory: at the rows of each horizon, and in all cells at the origins.

    scales: (sigma, half_life), those relative to the watching last; at_rows: {horizon: (rows,
    scales)}; mass: {horizon: (weeks, scales)}, rate x exposure over all cells; at: {origin:
    (cells, scales)}; more, at_more: the other features in the same two layouts (rows, more) and
    (cells, more).
    """

    scales: list[tuple[float, float]]
    rows: dict[int, Rows]
    at_rows: dict[int, np.ndarray]
    mass: dict[int, np.ndarray]
    at: dict[int, np.ndarray]
    more: dict[int, np.ndarray]
    at_more: dict[int, np.ndarray]
    more_names: list[str]


def ahead(panel: np.ndarray, horizon: int, gap: int = 0) -> np.ndarray:
    """Sum of the `horizon` weeks that begin `gap` weeks after each week.

    Parameters
    ----------
    panel : (weeks, cells)
    horizon : weeks that are summed
    gap : weeks left out before them

    Returns
    -------
    (weeks - gap - horizon + 1, cells)
    """
    panel = panel[gap:]
    if horizon == 1:
        return panel
    total = np.concatenate([np.zeros((1, panel.shape[1])), np.cumsum(panel, axis=0, dtype=float)])
    return (total[horizon:] - total[:-horizon]).astype(np.float32)


def choose_rows(y: np.ndarray, x: np.ndarray, horizon: int, seed: int = 11) -> Rows:
    """Every pair with an event and a weighted sample of the others, likelier where watched.

    Pairs that nobody watched carry no information and are left out. Windows of a longer horizon
    overlap, so only every `horizon` / 2 weeks an origin is taken, counted back from the last.

    Parameters
    ----------
    y, x : (weeks, cells), events and exposure of the `horizon` weeks that begin with each
    horizon : weeks ahead
    seed : of the sample
    """
    step = max(1, horizon // 2)
    weeks = np.arange(len(y) - 1, 3, -step)[::-1]
    y, x = y[weeks], x[weeks]
    random = np.random.default_rng(seed)
    hit = y > 0
    want = np.sqrt(x)
    chance = np.minimum(1.0, want * max(MAX_ROWS - int(hit.sum()), 1000) / max(want.sum(), 1e-9))
    taken = hit | (random.random(y.shape) < chance)
    at, cell = np.nonzero(taken)
    weight = np.where(hit[at, cell], 1.0, 1 / np.maximum(chance[at, cell], 1e-12))
    return Rows(weeks, weeks[at], cell, y[at, cell], x[at, cell], weight)


def remember(
    records: Records, detection: Detection, horizons: tuple[int, ...], origins: list[int]
) -> Known:
    """One pass over the weeks; see `Known`.

    Parameters
    ----------
    records : counts and effort of every week and cell
    detection : how looking turns events into records
    horizons : weeks ahead, one or several
    origins : weeks of which the values in all cells are kept
    """
    counts, grid = records.counts, records.grid
    exposure = detection.exposure(records.effort)
    gap = records.gap
    looked = {h: ahead(exposure, h, gap) for h in horizons}
    rows = {h: replace(choose_rows(ahead(counts, h, gap), looked[h], h), gap=gap) for h in horizons}
    scales: list[tuple[float, float]] = []
    at_rows: dict[int, list[np.ndarray]] = {h: [] for h in horizons}
    mass: dict[int, list[np.ndarray]] = {h: [] for h in horizons}
    at: dict[int, list[np.ndarray]] = {origin: [] for origin in origins}
    watched = log_watched(exposure).astype(np.float32) if detection.corrected else None
    for scale, rate in _memories(grid, counts, exposure, watched):
        scales.append(scale)
        for h in horizons:
            at_rows[h].append(rate[rows[h].week, rows[h].cell])
            x = looked[h]
            mass[h].append(np.einsum("tc,tc->t", rate[: len(x)], x))
        for origin in origins:
            at[origin].append(rate[origin].copy())
    more, at_more, names = _more(records, watched, rows, origins)
    return Known(
        scales,
        rows,
        {h: np.stack(values, axis=1) for h, values in at_rows.items()},
        {h: np.stack(values, axis=1) for h, values in mass.items()},
        {origin: np.stack(values, axis=1) for origin, values in at.items()},
        more,
        at_more,
        names,
    )


def _memories(
    grid: Grid, counts: np.ndarray, exposure: np.ndarray, watched: np.ndarray | None
) -> Iterator[tuple[tuple[float, float], np.ndarray]]:
    """Rates at every scale, and where effort is known those relative to how much was watched.

    Patrols go where much happens, so places that are hardly watched are quieter than their
    surroundings. A relative memory is told by its neighbours how it stands to places watched as
    little (the second family of `risk.engine.detection`).
    """
    yield from memories(grid, counts, exposure, SIGMAS, HALF_LIVES)
    if watched is None:
        return
    usual = np.exp(WATCHED_POWER * watched)
    usual /= usual.mean(axis=1, keepdims=True)
    looked = exposure * usual[: len(exposure)]
    for scale, rate in memories(grid, counts, looked, RELATIVE_SIGMAS, RELATIVE_HALF_LIVES):
        rate *= usual
        yield scale, rate


def _more(
    records: Records, watched: np.ndarray | None, rows: dict[int, Rows], origins: list[int]
) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray], list[str]]:
    """What is fixed, the season of the weeks ahead, and where patrols have been."""
    ring = records.grid.neighbours(1)
    minutes = records.minutes
    hours, around = np.log1p(minutes / 60), np.log1p(smooth((ring,), minutes) / 60)
    since = weeks_since(minutes)
    names = [*records.static_names, *records.season_names]
    names += ["patrol_last_week", "patrol_around_last_week", "weeks_since_patrol"]
    names += [] if watched is None else ["watched"]

    def columns(week: np.ndarray, cell: np.ndarray) -> np.ndarray:
        last = np.maximum(week - 1, 0)
        patrol = [hours[last, cell], around[last, cell], np.log1p(since[week, cell])]
        patrol += [] if watched is None else [watched[week, cell]]
        parts = [records.static[cell], records.season[week + records.gap], np.stack(patrol, axis=1)]
        return np.concatenate(parts, axis=1).astype(np.float32)

    every = np.arange(len(records.grid))
    more = {h: columns(r.week, r.cell) for h, r in rows.items()}
    return more, {o: columns(np.full(len(every), o), every) for o in origins}, names
