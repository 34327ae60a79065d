"""All that a model may know at each origin: rates remembered at many scales, and what is fixed.

One pass over the weeks serves every origin and every horizon, because what was known before a
week depends on earlier weeks only; it goes from one block of cells to the next. Values are kept
where they are needed: at a weighted sample of (week, cell) rows to learn from, and in every cell
at the origins to forecast from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from geo.cores import over_cores
from geo.grid import Grid
from risk.engine.exposure import WATCHED_POWER, Detection, Effort, log_watched
from risk.engine.features import Memories, blocks, weeks_since

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

    def window(self, origin: int, horizon: int) -> slice:
        """The weeks that are forecast from an origin: `horizon` of them behind the gap."""
        return slice(origin + self.gap, origin + self.gap + horizon)

    def counts_in(self, weeks: slice) -> np.ndarray:
        """Events of some weeks together, by cell."""
        return (self.discovered[weeks] + self.reported[weeks]).sum(axis=0)


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
    at_more: Mapping[int, np.ndarray]
    more_names: list[str]


@dataclass(frozen=True)
class _AtOrigins(Mapping[int, np.ndarray]):
    """The other features in all cells at an origin, put together when they are asked for.

    season : (weeks, terms), of the first week that is forecast from each origin
    patrol : {origin: (cells, terms)}
    """

    static: np.ndarray
    season: np.ndarray
    patrol: dict[int, np.ndarray]

    def __getitem__(self, origin: int) -> np.ndarray:
        season = np.broadcast_to(self.season[origin], (len(self.static), self.season.shape[1]))
        return np.concatenate([self.static, season, self.patrol[origin]], axis=1, dtype=np.float32)

    def __iter__(self) -> Iterator[int]:
        return iter(self.patrol)

    def __len__(self) -> int:
        return len(self.patrol)


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
    n = len(panel) - horizon + 1
    total = panel[:n].copy()
    for week in range(1, horizon):
        total += panel[week : week + n]
    return total


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
    n_hit = int(sum((y[week] > 0).sum() for week in weeks))
    want = sum(float(np.sqrt(x[week]).sum(dtype=float)) for week in weeks)
    share = max(MAX_ROWS - n_hit, 1000) / max(want, 1e-9)
    random = np.random.default_rng(seed)
    parts = []
    for origin in map(int, weeks):
        chance = np.minimum(1.0, np.sqrt(x[origin]) * share)
        hit = y[origin] > 0
        at = np.flatnonzero(hit | (random.random(len(hit)) < chance))
        stands_for = np.where(hit[at], 1.0, 1 / np.maximum(chance[at], 1e-12))
        parts.append((np.full(len(at), origin), at, y[origin, at], x[origin, at], stands_for))
    week, cell, events, looked, weight = (np.concatenate(one) for one in zip(*parts, strict=True))
    return Rows(weeks, week, cell, events, looked, weight)


def remember(
    records: Records, detection: Detection, horizons: tuple[int, ...], origins: list[int]
) -> Known:
    """What every cell remembers, a block of cells at a time; see `Known`.

    Parameters
    ----------
    records : counts and effort of every week and cell
    detection : how looking turns events into records
    horizons : weeks ahead, one or several
    origins : weeks of which the values in all cells are kept
    """
    counts, exposure = records.counts, detection.exposure(records.effort)
    gap = records.gap
    rows = {
        h: replace(choose_rows(ahead(counts, h, gap), ahead(exposure, h, gap), h), gap=gap)
        for h in horizons
    }
    watched = _Watched(exposure) if detection.corrected else None
    families = _Families(records.grid, counts, exposure, watched)
    del counts
    patrols = _Patrols(records, watched)
    n, k_patrol = len(families.scales), len(patrols.names)
    now = {o: np.empty((len(records.grid), k_patrol), np.float32) for o in origins}
    known = _unknown(records, families.scales, patrols.names, rows, now)

    def remember_block(block: slice) -> dict[int, np.ndarray]:
        inside = {
            h: np.flatnonzero((r.cell >= block.start) & (r.cell < block.stop))
            for h, r in rows.items()
        }
        looked = {h: ahead(exposure[:, block], h, gap) for h in horizons}
        mass = {h: np.empty((len(looked[h]), n)) for h in horizons}
        for k, rate in enumerate(families.at(block)):
            for h in horizons:
                at, r = inside[h], rows[h]
                known.at_rows[h][at, k] = rate[r.week[at], r.cell[at] - block.start]
                mass[h][:, k] = (rate[: len(looked[h])] * looked[h]).sum(axis=1)
            for origin in origins:
                known.at[origin][block, k] = rate[origin]
        patrol = patrols.at(block)
        for h in horizons:
            at, r = inside[h], rows[h]
            known.more[h][at, -k_patrol:] = patrol[r.week[at], r.cell[at] - block.start]
        for origin in origins:
            now[origin][block] = patrol[origin]
        return mass

    for mass in over_cores(remember_block, blocks(len(records.grid))):
        for h, part in mass.items():
            known.mass[h] += part
    return known


def _unknown(
    records: Records,
    scales: list[tuple[float, float]],
    patrol_names: list[str],
    rows: dict[int, Rows],
    patrol: dict[int, np.ndarray],
) -> Known:
    """A `Known` to be filled: what is fixed and the season of the weeks ahead are there.

    Parameters
    ----------
    records : the covariates and the season
    scales : of the memories
    patrol_names : of the terms of patrols, that come last among the other features
    rows : of each horizon
    patrol : {origin: (cells, patrol_names)}
    """
    n_cells, n, k = len(records.grid), len(scales), len(patrol_names)
    more = {}
    for h, r in rows.items():
        after = np.zeros((len(r.week), k), np.float32)
        parts = [records.static[r.cell], records.season[r.week + records.gap], after]
        more[h] = np.concatenate(parts, axis=1, dtype=np.float32)
    return Known(
        scales,
        rows,
        {h: np.empty((len(r.week), n), np.float32) for h, r in rows.items()},
        {h: np.zeros((len(records.weeks) - records.gap - h + 1, n)) for h in rows},
        {o: np.empty((n_cells, n), np.float32) for o in patrol},
        more,
        _AtOrigins(records.static, records.season[records.gap :], patrol),
        [*records.static_names, *records.season_names, *patrol_names],
    )


class _Watched:
    """How much cells were watched before each week, (weeks + 1, cells): see `log_watched`."""

    def __init__(self, exposure: np.ndarray):
        self._exposure = exposure
        n_cells = exposure.shape[1]
        powers = (self._power(block).sum(axis=1, dtype=float) for block in blocks(n_cells))
        self._mean = (sum(powers) / n_cells).astype(np.float32)[:, None]

    def at(self, block: slice) -> np.ndarray:
        """The log of the share of the time."""
        return log_watched(self._exposure[:, block]).astype(np.float32)

    def usual(self, block: slice) -> np.ndarray:
        """Rate that a place watched so much usually has, relative to the mean of the cells."""
        return self._power(block) / self._mean

    def _power(self, block: slice) -> np.ndarray:
        return np.exp(np.float32(WATCHED_POWER) * self.at(block))


class _Families:
    """Rates at every scale, and where effort is known those relative to how much was watched.

    Patrols go where much happens, so places that are hardly watched are quieter than their
    surroundings. A relative memory is told by its neighbours how it stands to places watched as
    little (the second family of `risk.engine.detection`).
    """

    def __init__(
        self, grid: Grid, counts: np.ndarray, exposure: np.ndarray, watched: _Watched | None
    ):
        self._plain, self._watched = Memories(grid, counts, exposure, SIGMAS, HALF_LIVES), watched
        self.scales = list(self._plain.scales)
        if watched is None:
            return
        looked = np.empty_like(exposure)
        for block in blocks(len(grid)):
            looked[:, block] = exposure[:, block] * watched.usual(block)[:-1]
        self._relative = Memories(grid, counts, looked, RELATIVE_SIGMAS, RELATIVE_HALF_LIVES)
        self.scales += self._relative.scales

    def at(self, block: slice) -> Iterator[np.ndarray]:
        """The rates of each scale in some cells, (weeks + 1, cells of the block)."""
        for _, rate in self._plain.at(block):
            yield rate
        if self._watched is None:
            return
        usual = self._watched.usual(block)
        for _, rate in self._relative.at(block):
            rate *= usual
            yield rate


class _Patrols:
    """Where patrols have been: in the cell, around it, how long ago, and how much in all.

    names : of the terms; `watched` only where effort is known
    """

    def __init__(self, records: Records, watched: _Watched | None):
        panels = [sp.csr_array(panel.T) for panel in records.effort.values()]
        self._minutes = sum(panels[1:], panels[0])
        self._ring, self._watched = records.grid.neighbours(1), watched
        self.names = ["patrol_last_week", "patrol_around_last_week", "weeks_since_patrol"]
        self.names += [] if watched is None else ["watched"]

    def at(self, block: slice) -> np.ndarray:
        """What was known before each week in some cells, (weeks + 1, cells, names)."""
        minutes = self._minutes[block].toarray().T
        around = (self._ring[block] @ self._minutes).toarray().T
        last = np.maximum(np.arange(len(minutes) + 1) - 1, 0)
        terms = (minutes[last] / 60, around[last] / 60, weeks_since(minutes))
        logs = [np.log1p(term) for term in terms]
        logs += [] if self._watched is None else [self._watched.at(block)]
        return np.stack(logs, axis=2)
