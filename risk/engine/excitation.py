"""What past events say about the next period, one kernel at a time, and their best mixture.

A component spreads every past event over the cells around it by a Gaussian and lets it fade with
a half-life: sum over events of 0.5^(age / half_life) x Gaussian(distance; sigma), normalised over
the cells. Background plus self-excitation (Hawkes 1971; Ogata 1988; as a kernel mixture for
burglaries Mohler et al. 2011) is then a non-negative mixture of components, and its weights
follow from the likelihood by EM (Dempster, Laird and Rubin 1977), which is convex here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.spatial import cKDTree

from geo.grid import EARTH_RADIUS_KM, Grid

SIGMAS = (0.0, 0.35, 0.6, 1.0, 1.7, 3.0, 5.0, 9.0)  # in cell spacings; 0 is the cell itself
SEASON_SIGMAS = (0.6, 3.0)
SEASON = -1.0  # stands in the place of a half-life
UNIFORM = (-1.0, np.inf)
RING = -2.0  # stands in the place of a sigma: the cells that adjoin the event's cell
YEAR_DAYS = 365.2425
CORNER = 0.36  # where a Gaussian is looked at around a cell's centre, in spacings
REACH = 3.5  # a Gaussian is cut this many sigmas away
FEW, LEAST_REST = 0.05, 20  # stray old events: at most this share, before at least so many others


@dataclass(frozen=True)
class Past:
    """Events before an origin, and the periods of `days` counted back from it.

    lat, lon: degrees; place: cell of each event in the grid, -1 outside; age: days before the
    origin, > 0; weight: 1, or what one record stands for after a correction for detection.
    """

    grid: Grid
    days: float
    lat: np.ndarray
    lon: np.ndarray
    place: np.ndarray
    age: np.ndarray
    weight: np.ndarray

    @property
    def n_periods(self) -> int:
        """Full periods of history; the oldest, partial one is left out."""
        return int(self.age.max() // self.days) if len(self.age) else 0

    @cached_property
    def points(self) -> np.ndarray:
        """Events on the sphere, (n, 3), in cell spacings."""
        return _sphere(self.lat, self.lon) * EARTH_RADIUS_KM / self.grid.spacing_km

    @cached_property
    def gap(self) -> np.ndarray:
        """Distance from each event to the nearest cell centre, in spacings."""
        cells = _sphere(self.grid.lat, self.grid.lon) * EARTH_RADIUS_KM / self.grid.spacing_km
        gap = np.zeros(len(self.age))
        out = self.place < 0  # an event inside is near enough for any kernel
        gap[out] = cKDTree(cells).query(self.points[out])[0] if out.any() else 0.0
        return gap


def past_of(events: pd.DataFrame, grid: Grid, start: pd.Timestamp, days: float) -> Past:
    """The events before `start` that can matter, sorted so that their order cannot.

    Left out are rows at or after `start`, rows without a place or time, places out of reach of
    every kernel, and stray old events (`_history_begins`): they would only stretch the history.

    Parameters
    ----------
    events : DataFrame with lat, lon (degrees), time; times without a zone are taken as UTC
    grid : cells to forecast
    start : origin
    days : length of a period

    Raises
    ------
    ValueError
        If a time is a number, or a text that is not ISO 8601 (`read_times`).
    """
    times = read_times(events["time"], "time")
    age = -((times - utc(start)) / pd.Timedelta(days=1)).to_numpy(float)
    lat, lon = (pd.to_numeric(events[c], errors="coerce").to_numpy(float) for c in ("lat", "lon"))
    kept = np.flatnonzero((age > 0) & (np.abs(lat) <= 90) & (np.abs(lon) <= 360))
    kept = kept[np.lexsort((lon[kept], lat[kept], age[kept]))]
    every = _past(grid, days, lat[kept], lon[kept], age[kept])
    near = np.flatnonzero(every.gap < REACH * max(SIGMAS) + 0.7)
    near = near[: _history(every.age[near])]
    return _past(grid, days, every.lat[near], every.lon[near], every.age[near])


def read_times(times: pd.Series, name: str) -> pd.Series:
    """Times without a zone, in UTC; missing ones stay missing.

    Text must be ISO 8601: of other forms each value would be read by itself, and the fifth of
    March become the third of May in some rows.

    Raises
    ------
    ValueError
        If times are numbers, or a text is not ISO 8601.
    """
    if pd.api.types.is_numeric_dtype(times) and len(times):
        raise ValueError(f"{name} holds numbers; make them times first, e.g. pd.to_datetime")
    given = times.replace("", pd.NA) if times.dtype == object else times
    read = pd.to_datetime(given, utc=True, errors="coerce", format="ISO8601")
    if lost := int((read.isna() & given.notna()).sum()):
        first = given[read.isna() & given.notna()].iloc[0]
        raise ValueError(
            f"{name}: {lost} of {len(given)} are not ISO 8601 times such as 2024-03-05T14:30, "
            f"the first is {str(first)[:30]!r}; parse them with their own format first"
        )
    return read.dt.tz_localize(None)


def utc(moment: pd.Timestamp) -> pd.Timestamp:
    """A moment without a zone, in UTC."""
    time = pd.Timestamp(moment)
    return time.tz_convert("UTC").tz_localize(None) if time.tzinfo else time


def _past(grid: Grid, days: float, lat: np.ndarray, lon: np.ndarray, age: np.ndarray) -> Past:
    return Past(grid, float(days), lat, lon, grid.locate(lat, lon), age, np.ones(len(age)))


def _history(age: np.ndarray) -> int:
    """How many of the events, youngest first, belong to the history.

    A few old ones behind a gap longer than all the rest (an event of 1970, a clock at its epoch)
    do not: how often things happen now is not told by a half-century of nothing.
    """
    number = np.arange(1, len(age))  # kept events if the history ends before this one
    apart = np.diff(age) > age[:-1]
    few = len(age) - number <= np.maximum(1, FEW * number)
    ends = number[apart & few & (number >= LEAST_REST)]
    return int(ends[0]) if len(ends) else len(age)


@dataclass(frozen=True)
class Rows:
    """Cells of past periods at which components are wanted, sorted by period, oldest first.

    back: periods before the origin, 1 is the last one; cell: position in the grid; count: events
    seen there; weight: cells that this row stands for (1 when every cell of a period is a row).
    """

    back: np.ndarray
    cell: np.ndarray
    count: np.ndarray
    weight: np.ndarray

    def __len__(self) -> int:
        return len(self.cell)


def choose_rows(past: Past, n_periods: int, per_period: int) -> Rows:
    """Every hit cell of the last periods, and a weighted sample of the others.

    Cells are drawn with probability ~ sqrt(1 + events ever seen there), so that a model trained
    on the rows sees busy cells often; fixed seed, drawn in the order of the grid.

    Parameters
    ----------
    past : events before the origin
    n_periods : periods back from it
    per_period : other cells wanted of each period, on average
    """
    n_cells = len(past.grid)
    back = np.ceil(past.age / past.days).astype(int)
    seen = (past.place >= 0) & (back <= n_periods) & (back >= 1)
    key, at = np.unique(back[seen] * n_cells + past.place[seen], return_inverse=True)
    counts = np.bincount(at, past.weight[seen], minlength=len(key))
    busy = np.bincount(past.place[past.place >= 0], minlength=n_cells)
    share = np.sqrt(1.0 + busy)
    chance = np.minimum(1.0, per_period * share / share.sum())
    random = np.random.default_rng(20)
    parts = []
    for period in range(n_periods, 0, -1):
        low, high = np.searchsorted(key, [period * n_cells, (period + 1) * n_cells])
        hit = key[low:high] - period * n_cells
        drawn = random.random(n_cells) < chance
        drawn[hit] = False
        others = np.flatnonzero(drawn)
        cell = np.concatenate([hit, others])
        count = np.concatenate([counts[low:high], np.zeros(len(others))])
        weight = np.concatenate([np.ones(len(hit)), 1 / chance[others]])
        parts.append((np.full(len(cell), period), cell, count, weight))
    nothing = [np.zeros(0)] * 4
    columns = [np.concatenate(c) for c in zip(*parts, strict=True)] if parts else nothing
    return Rows(*(np.asarray(c, t) for c, t in zip(columns, (int, int, float, float), strict=True)))


def half_lives(days: float, history_days: float) -> list[float]:
    """Doubling from a quarter of a period (a week at most) to the length of the history."""
    half = [min(days / 4, 7.0)]
    while half[-1] * 2 <= max(history_days, 2 * days) and len(half) < 12:
        half.append(half[-1] * 2)
    return [*half, np.inf]


@dataclass(frozen=True)
class Components:
    """Normalised components: each sums to 1 over all cells at every origin.

    names: (sigma in spacings, half-life in days); at_rows (rows, components) and now
    (cells, components), float32.
    """

    names: list[tuple[float, float]]
    at_rows: np.ndarray
    now: np.ndarray

    def find(self, sigma: float, half_life: float) -> int:
        """The component with this sigma and the closest half-life (on a log scale)."""
        known = [i for i, (s, h) in enumerate(self.names) if s == sigma and h != SEASON]
        gap = [abs(np.log(min(self.names[i][1], 1e6)) - np.log(min(half_life, 1e6))) for i in known]
        return known[int(np.argmin(gap))]


def build_components(
    past: Past,
    rows: Rows,
    sigmas: Sequence[float] = SIGMAS,
    seasonal: Sequence[float] = SEASON_SIGMAS,
) -> Components:
    """All components at the rows and, for the period that starts at the origin, in every cell.

    Parameters
    ----------
    past : events before the origin
    rows : cells of past periods
    sigmas : kernels, in cell spacings
    seasonal : those of them that also tell the time of year
    """
    history = float(past.age.max()) if len(past.age) else past.days
    half = np.array(half_lives(past.days, history))
    names, at_rows, now = [], [], []
    for sigma in sigmas:
        kernel, anchor = spread(past, sigma)
        yearly = sigma in seasonal and history > YEAR_DAYS
        values, last = _fade(past, rows, kernel, anchor, half, yearly)
        names += [(sigma, float(h)) for h in half] + [(sigma, SEASON)] * yearly
        at_rows.append(values)
        now.append(last)
    n_cells = len(past.grid)
    names.append(UNIFORM)
    at_rows.append(np.full((1, len(rows)), 1 / n_cells, np.float32))
    now.append(np.full((1, n_cells), 1 / n_cells, np.float32))
    return Components(names, np.concatenate(at_rows).T, np.concatenate(now).T)


def spread(past: Past, sigma: float) -> tuple[np.ndarray | sp.csr_array, np.ndarray]:
    """Share of an event's Gaussian in each cell: kernel (anchors, cells), anchor of each event.

    Events are moved to a lattice of sigma / 4, whose points are the anchors; anchor -1 is out of
    reach of every cell. Below 0.8 spacings the Gaussian is averaged over seven points of the cell.
    """
    grid = past.grid
    if sigma == 0:
        return grid.neighbours(0), past.place
    if sigma == RING:
        return sp.csr_array(grid.neighbours(1) / np.float32(6)), past.place
    centre = _sphere(grid.lat, grid.lon) * EARTH_RADIUS_KM / grid.spacing_km
    tree = cKDTree(centre)
    reach = REACH * sigma + 0.7
    near = past.gap < reach
    side = sigma / 4
    node, inverse = _unique_rows(np.round(past.points[near] / side).astype(np.int64))
    anchor = np.full(len(near), -1)
    anchor[near] = inverse
    middle = node * side
    pairs = cKDTree(middle).sparse_distance_matrix(tree, reach, output_type="ndarray")
    of, cell = pairs["i"].astype(np.int32), pairs["j"].astype(np.int32)
    share = _gaussian(middle, of, centre, cell, pairs["v"], sigma)
    if len(share) > 0.05 * len(node) * len(grid):
        dense = np.zeros((len(node), len(grid)), np.float32)
        dense[of, cell] = share
        return dense, anchor
    return sp.csr_array((share, (of, cell)), shape=(len(node), len(grid))), anchor


def mixture_weights(
    values: np.ndarray,
    weight: np.ndarray,
    prior: np.ndarray,
    strength: float,
    steps: int,
    start: np.ndarray | None = None,
) -> np.ndarray:
    """Weights of the mixture that makes the events likeliest, by EM.

    Parameters
    ----------
    values : (events, components), the density each component gave to each event beforehand
    weight : (events,)
    prior : (components,), sums to 1: a Dirichlet prior keeps the rest in play
    strength : events that the prior is worth
    steps : of EM
    start : (components,), weights to begin with; the prior if not given

    Returns
    -------
    (components,), >= 0, sums to 1.
    """
    share = prior.copy() if start is None else start.copy()
    total = weight.sum() + strength
    for _ in range(steps):
        density = values @ share
        share = (share * ((weight / density) @ values) + strength * prior) / total
    return share / share.sum()


def _fade(
    past: Past,
    rows: Rows,
    kernel: np.ndarray | sp.csr_array,
    anchor: np.ndarray,
    half: np.ndarray,
    seasonal: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Components of one sigma: (half-lives [+ season], rows) and (..., cells), normalised.

    The recursion s = a s + x runs over steps of a quarter period (a week at most); events older
    than the oldest row enter as its first state.
    """
    n_periods = int(rows.back.max()) if len(rows) else 0
    n_steps = int(np.ceil(past.days / min(past.days / 4, 7.0)))
    step = past.days / n_steps
    known = anchor >= 0
    age, weight, anchor = past.age[known], past.weight[known], anchor[known]
    slot = np.ceil(age / step).astype(int)  # 1 is the last step before the origin
    old = slot > n_periods * n_steps
    late = age[None, old] - n_periods * past.days
    first = np.stack(
        [
            np.bincount(anchor[old], weight[old] * w, kernel.shape[0])
            for w in 0.5 ** (late / half[:, None])
        ]
    )
    state = np.asarray(first.astype(np.float32) @ kernel, np.float32)
    table = sp.csr_array(
        (weight[~old].astype(np.float32), (n_periods * n_steps - slot[~old], anchor[~old])),
        shape=(n_periods * n_steps, kernel.shape[0]),
    )
    arrivals = table @ kernel
    arrivals = np.asarray(arrivals.toarray() if sp.issparse(arrivals) else arrivals, np.float32)
    decay = (0.5 ** (step / half))[:, None].astype(np.float32)
    out = np.empty((len(half) + seasonal, len(rows)), np.float32)
    edges = np.searchsorted(-rows.back, -np.arange(n_periods, -1, -1), side="left")
    for index in range(n_periods):
        take = slice(edges[index], edges[index + 1])
        out[: len(half), take] = _normal(state)[:, rows.cell[take]]
        for i in range(index * n_steps, (index + 1) * n_steps):
            state += arrivals[i] / np.sqrt(decay)
            state *= decay
    last = _normal(state)
    if seasonal:
        weights = np.stack([_season(age - back * past.days) for back in range(n_periods, -1, -1)])
        events = sp.csr_array(
            (weight, (np.arange(len(age)), anchor)), shape=(len(age), kernel.shape[0])
        )
        same = _normal(np.asarray((weights @ events).astype(np.float32) @ kernel, np.float32))
        out[-1] = same[n_periods - rows.back, rows.cell]
        last = np.concatenate([last, same[-1:]])
    return out, last


def _season(age: np.ndarray) -> np.ndarray:
    """Von Mises weight of the time of year, fading over five years, last quarter left out."""
    years = age / YEAR_DAYS
    weight = np.exp(2 * (np.cos(2 * np.pi * years) - 1)) * 0.5 ** (years / 5)
    return np.where(years > 0.25, weight, 0.0)


def _normal(state: np.ndarray) -> np.ndarray:
    """Rows summing to 1; a row of nothing becomes uniform."""
    total = state.sum(axis=1, keepdims=True)
    even = np.float32(1 / state.shape[1])
    return np.where(total > 1e-12, state / np.maximum(total, 1e-12), even)


def _sphere(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    lat, lon = np.radians(np.asarray(lat, float)), np.radians(np.asarray(lon, float))
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _unique_rows(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """np.unique(axis=0) by one packed key, which sorts ten times faster."""
    if len(table) == 0:
        return table, np.zeros(0, np.int64)
    low = table.min(axis=0)
    size = table.max(axis=0) - low + 1
    key = ((table[:, 0] - low[0]) * size[1] + table[:, 1] - low[1]) * size[2] + table[:, 2] - low[2]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return table[first], inverse


def _gaussian(
    point: np.ndarray,
    of: np.ndarray,
    centre: np.ndarray,
    cell: np.ndarray,
    distance: np.ndarray,
    sigma: float,
) -> np.ndarray:
    """Mass of a Gaussian in cells, spacing 1: density x cell area (sqrt(3) / 2).

    point (n, 3), of (pairs,) and centre (cells, 3), cell (pairs,) are the ends of each pair, that
    lie `distance` apart.
    """
    scale = np.sqrt(3) / 2 / (2 * np.pi * sigma**2)
    total = np.exp(distance * distance / (-2 * sigma**2))
    if sigma >= 0.8:
        return (scale * total).astype(np.float32)
    # two tangents of the sphere at each cell; the hexagon's own turn does not matter here
    up = centre / np.linalg.norm(centre, axis=1, keepdims=True)
    pole = np.where(np.abs(up[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
    east = np.cross(pole, up)
    east /= np.linalg.norm(east, axis=1, keepdims=True)
    north = np.cross(up, east)
    # |point - moved|^2 = distance^2 - 2 (point - centre) . move + CORNER^2
    away = [point[of, k] - centre[cell, k] for k in range(3)]
    east, north = (sum(away[k] * way[cell, k] for k in range(3)) for way in (east, north))
    square = distance * distance + CORNER**2
    for angle in np.arange(6) * np.pi / 3:
        gap = square - 2 * CORNER * (np.cos(angle) * east + np.sin(angle) * north)
        total += np.exp(gap / (-2 * sigma**2))
    return (scale * total / 7).astype(np.float32)
