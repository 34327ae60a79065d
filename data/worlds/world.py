"""An invented border world, one week at a time: what happens, and what of it is recorded.

Everything here is fiction. Paths are drawn at random on cells of the real ground; none is a
real trail, none has a name, and no number was fitted to a real record.

What happens does not depend on who looks, except that a path whose users were caught may be
left for its neighbour (`displacement`). All chance comes from (seed, stream, week), so two
policies that patrol differently face the same world, event by event when displacement is off.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.stats import poisson

from data.errors import DataError
from data.season import days_to_eid, season_features
from geo.grid import Grid

DIRECTIONS = ("outbound", "inbound")
KINDS = ("own_accord", "smuggling", "trafficking")
COLUMNS = (
    "cell",
    "kabupaten_code",
    "kecamatan_code",
    "desa_code",
    "dist_border_km",
    "dist_desa_km",
    "dist_town_my_km",
)
WIB = np.timedelta64(7, "h")
STREAMS = {name: k for k, name in enumerate(("setup", "world", "detect", "patrol", "records"))}


@dataclass(frozen=True)
class Parameters:
    """Every number of the invented world; the defaults follow what is publicly told of it."""

    n_true_events: float = 5200.0  # expected over the span before any path is blocked
    outbound_share: float = 0.55
    branching: float = 0.35  # groups that follow each group
    half_life_weeks: float = 3.0
    ring_share: float = 0.4  # of the followers, in the six cells around
    background_share: float = 0.35  # of the groups that follow nobody; the rest take paths
    n_paths: int = 50
    path_width_km: float = 1.6
    displacement: bool = True
    season_strength: float = 1.0
    kind_shares: tuple[float, ...] = (0.55, 0.33, 0.12)
    detection_per_hour: float = 0.50  # k in p = 1 - exp(-k * effort)
    report_share: float = 0.28  # told by villagers, at the village
    report_km: float = 5.0  # distance over which that falls by e
    n_posts: int = 60
    patrols_per_post: float = 1.6  # a week
    chase_share: float = 0.5  # patrols sent after past finds
    patrol_range_km: float = 12.0
    n_tracks: int = 40
    twin_share: float = 0.25  # of the recorded events, told by two or more agencies
    precision_shares: tuple[float, ...] = (0.35, 0.20, 0.30, 0.10, 0.05)  # gps ... kabupaten
    corrected_share: float = 0.02
    withdrawn_share: float = 0.005
    deported_per_year: float = 4000.0
    campaigns: tuple[tuple[str, int, int], ...] = (
        ("2024-10-28", 2, 23),  # first day, weeks, police cases
        ("2025-06-09", 1, 36),
    )

    @classmethod
    def of(cls, **changes: Any) -> "Parameters":
        """The defaults with some numbers changed; names every unknown one."""
        unknown = sorted(set(changes) - set(cls.__dataclass_fields__))
        if unknown:
            known = ", ".join(cls.__dataclass_fields__)
            raise ValueError(f"unknown parameters {', '.join(unknown)}; known are {known}")
        made = replace(cls(), **changes)
        if not 0 <= made.branching < 1:
            raise ValueError(f"branching is a share, 0 <= branching < 1, got {made.branching}")
        if abs(sum(made.precision_shares) - 1) > 1e-9 or abs(sum(made.kind_shares) - 1) > 1e-9:
            raise ValueError("precision_shares and kind_shares must each add up to 1")
        return made


class Simulation:
    """The invented world, stepped week by week under any patrol policy.

    Parameters
    ----------
    cells : DataFrame with the columns COLUMNS, one row per H3 cell (km; Kemendagri codes)
    seed : the same seed and parameters give the same world
    start : a Monday, the first week (WIB)
    weeks : how many can be stepped
    parameters : names of `Parameters`

    Attributes
    ----------
    cells : the caller's cell ids in their order; `effort_minutes` follows it
    belt : positions of the cells where something can happen: kecamatan that reach the border
    weeks : first day of every week; `week` is the position of the next one to step
    found : remembered finds per cell, decayed, for policies that chase them
    """

    def __init__(
        self,
        cells: pd.DataFrame,
        seed: int,
        start: str = "2023-11-06",
        weeks: int = 156,
        **parameters: object,
    ):
        missing = [name for name in COLUMNS if name not in cells.columns]
        if missing:
            raise ValueError(f"cells lack the columns {', '.join(missing)}")
        distances = [name for name in COLUMNS if name.endswith("_km")]
        if unknown := [name for name in distances if cells[name].isna().all()]:
            what = f"no cell knows its {', '.join(unknown)}; give a table of cells in [area] cells"
            raise DataError(what, key="world_columns", names=unknown)
        if pd.Timestamp(start).day_of_week != 0 or weeks < 1:
            raise DataError(
                f"weeks begin on Monday and one is needed, got {start}, {weeks}",
                key="world_weeks", start=str(start), weeks=weeks,
            )  # fmt: skip
        self.parameters = Parameters.of(**parameters)
        self.seed = int(seed)
        self.cells = cells["cell"].astype(str).to_numpy(dtype=object)
        self.belt = np.flatnonzero(_in_belt(cells))
        if len(self.belt) < 10:
            what = f"only {len(self.belt)} cells lie along a border; at least 10 needed"
            raise DataError(what, key="world_cells", n=len(self.belt))
        self.frame = cells.iloc[self.belt].reset_index(drop=True)
        self.grid = Grid(self.frame["cell"].tolist())
        self.weeks = pd.date_range(start, periods=weeks, freq="7D", name="week")
        self.week = 0
        self._draw_ground()
        self._draw_life_cycles()
        p = self.parameters
        first = p.n_true_events * (1 - p.branching) / weeks
        self._scale = first / self._unscaled_total()
        self.blocked_until = np.zeros(self.n_paths, dtype=int)
        self.found = np.zeros(len(self.belt))
        self._decay = 0.5 ** (1 / p.half_life_weeks)
        mean = self._scale * self._groups(np.arange(min(8, weeks))).mean(axis=0)
        self._memory = self._kernel @ mean / ((1 - p.branching) * (1 - self._decay))

    def rng(self, stream: str, week: int = 0) -> np.random.Generator:
        """Chance that belongs to one stream and week, whatever was drawn before."""
        return np.random.default_rng([self.seed, STREAMS[stream], week])

    def intensity(self) -> np.ndarray:
        """Expected true events of the next week given the past, float (belt cells, directions)."""
        started = self._scale * self._groups(np.array([self.week]))[0]
        return started + self.parameters.branching * (1 - self._decay) * self._memory

    def step(self, effort_minutes: np.ndarray) -> dict[str, pd.DataFrame]:
        """One week: what happens, and what is found with this effort or told by villagers.

        Parameters
        ----------
        effort_minutes : minutes of foot patrol in each of `cells` this week

        Returns
        -------
        dict with `true_events` (true_id, cell, time UTC, direction, kind, n_persons, lat, lon,
        discovered, reported; bool) and `records`, those of them that somebody recorded, with
        detection (discovered or reported).
        """
        if self.week >= len(self.weeks):
            raise ValueError(f"the world ends after {len(self.weeks)} weeks")
        effort = np.asarray(effort_minutes, dtype=float)
        if effort.shape != (len(self.cells),) or not (effort >= 0).all():
            raise ValueError(f"effort_minutes has one value >= 0 for each of {len(self.cells)}")
        true = self._happen(self.intensity())
        place = true.pop("place").to_numpy()
        chance = self.rng("detect", self.week).random((len(true), 2))
        true["discovered"] = chance[:, 0] < self.detection(effort[self.belt])[place]
        true["reported"] = chance[:, 1] < self.report_chance[place]
        records = true[true["discovered"] | true["reported"]].copy()
        how = np.where(records["discovered"], "discovered", "reported")
        records["detection"] = pd.array(how, dtype="str")

        spread = np.zeros((len(self.belt), 2))
        into = (true["direction"] == DIRECTIONS[1]).to_numpy().astype(int)
        np.add.at(spread, (place, into), 1.0)
        self._memory = self._decay * self._memory + self._kernel @ spread
        finds = np.zeros(len(self.belt))
        np.add.at(finds, place[true["discovered"].to_numpy()], 1.0)
        paths = np.zeros(len(self.belt))
        np.add.at(paths, place[(true["discovered"] | true["reported"]).to_numpy()], 1.0)
        self.found = 0.92 * self.found + self._kernel @ paths
        if self.parameters.displacement:
            self._displace(finds)
        self.week += 1
        return {"true_events": true, "records": records.reset_index(drop=True)}

    def detection(self, minutes: np.ndarray) -> np.ndarray:
        """Chance that a group is discovered, given minutes of patrol in its cell and week."""
        return -np.expm1(-self.parameters.detection_per_hour * np.asarray(minutes) / 60)

    def _draw_ground(self) -> None:
        """Paths, background, kernel and who reports: all that stays for the whole span."""
        p, rng, frame = self.parameters, self.rng("setup"), self.frame
        border = frame["dist_border_km"].to_numpy(float)
        desa = frame["dist_desa_km"].to_numpy(float)
        town = frame["dist_town_my_km"].to_numpy(float)
        ring = self.grid.neighbours(1)
        degree = np.maximum(np.asarray(ring.sum(axis=1)).ravel(), 1.0)
        smooth = sp.csr_array(ring.multiply(1 / degree[:, None]))
        own = sp.identity(len(self.belt), format="csr")
        self._kernel = sp.csr_array((1 - p.ring_share) * own + p.ring_share * smooth.T)

        near = np.flatnonzero(border <= np.maximum(2.5, np.partition(border, 9)[9]))
        weight = np.exp(-desa[near] / 8 - town[near] / 30)
        self.n_paths = min(p.n_paths, len(near))
        crossing = rng.choice(near, self.n_paths, replace=False, p=weight / weight.sum())
        xy = self.grid.xy_km
        away = np.linalg.norm(xy[crossing][:, None] - xy[None], axis=2)
        pull = np.exp(-desa / 2 - away / 6) * (away <= 15)
        pull /= pull.sum(axis=1, keepdims=True)
        village = (pull.cumsum(axis=1) > rng.random((self.n_paths, 1))).argmax(axis=1)
        self._footprint = _footprints(xy, crossing, village, p.path_width_km)
        between = np.linalg.norm(xy[crossing][:, None] - xy[crossing][None], axis=2)
        self._nearest_paths = np.argsort(between, axis=1)[:, 1:]

        noise = rng.standard_normal(len(self.belt))
        for _ in range(12):
            noise = 0.3 * noise + 0.7 * (smooth @ noise)
        noise = (noise - noise.mean()) / max(noise.std(), 1e-9)
        background = np.exp(0.8 * noise - border / 9 - desa / 8 - town / 50)
        self._background = background / background.sum()
        self.report_chance = np.minimum(0.9, p.report_share * np.exp(-desa / p.report_km))
        share = rng.beta(4, 4, size=self.n_paths)
        self._path_direction = np.column_stack([share, 1 - share])
        self._path_size = rng.lognormal(0.0, 0.9, size=self.n_paths)
        self._block_chance = rng.random((len(self.weeks), self.n_paths))
        self._block_weeks = 4 + rng.geometric(0.2, size=(len(self.weeks), self.n_paths))

    def _draw_life_cycles(self) -> None:
        """When each path opens and closes, and how busy it is week by week."""
        p, rng, n = self.parameters, self.rng("setup", 1), len(self.weeks)
        opens = np.where(rng.random(self.n_paths) < 0.65, 0, rng.integers(0, n, self.n_paths))
        opens[rng.integers(self.n_paths)] = 0
        ends = opens + np.maximum(26, rng.exponential(120, self.n_paths)).astype(int)
        ends[opens.argmin()] = n
        when = np.arange(n)[:, None]
        is_open = (when >= opens) & (when < ends)
        busy = np.empty((n, self.n_paths))
        busy[0] = rng.standard_normal(self.n_paths)
        for week in range(1, n):
            busy[week] = 0.92 * busy[week - 1] + np.sqrt(1 - 0.92**2) * rng.standard_normal(
                self.n_paths
            )
        self._open = is_open
        activity = is_open * self._path_size * np.exp(0.7 * busy)
        self._activity = activity / activity.sum(axis=1).mean()
        share = np.array([p.outbound_share, 1 - p.outbound_share])
        self._season = season_factors(self.weeks, p.season_strength) * share

    def _groups(self, weeks: np.ndarray) -> np.ndarray:
        """Unscaled rate of groups that follow nobody, (weeks, belt cells, directions)."""
        p = self.parameters
        activity = np.stack([self._diverted(week) for week in weeks])
        by_path = activity[:, :, None] * self._path_direction * 2
        on_paths = np.einsum("wpd,pc->wcd", by_path, self._footprint, optimize=True)
        both = p.background_share * self._background[:, None] + (1 - p.background_share) * on_paths
        return both * self._season[weeks][:, None, :]

    def _unscaled_total(self) -> float:
        p = self.parameters
        on_paths = self._activity @ (self._path_direction * 2)
        both = p.background_share + (1 - p.background_share) * on_paths
        return float((both * self._season).sum() / len(self.weeks))

    def _diverted(self, week: int) -> np.ndarray:
        """Activity of the paths when the users of blocked ones move to the nearest open one."""
        activity = self._activity[week].copy()
        blocked = getattr(self, "blocked_until", np.zeros(self.n_paths, dtype=int)) > week
        usable = self._open[week] & ~blocked
        for path in np.flatnonzero(blocked & self._open[week]):
            moved = 0.85 * activity[path]
            activity[path] -= moved
            others = self._nearest_paths[path]
            if usable[others].any():
                activity[others[usable[others].argmax()]] += 0.95 * moved
        return activity

    def _displace(self, finds: np.ndarray) -> None:
        """Close paths for some weeks where groups were found; only open ones can close."""
        activity = self._diverted(self.week)
        rate = activity[:, None] * self._footprint
        share = rate / np.maximum(rate.sum(axis=0), 1e-12)
        chance = -np.expm1(-0.5 * (share @ finds))
        closes = self._block_chance[self.week] < chance
        until = self.week + 1 + self._block_weeks[self.week]
        self.blocked_until = np.where(closes, until, self.blocked_until)

    def _happen(self, intensity: np.ndarray) -> pd.DataFrame:
        """Draw the week's events, their moment, place in the cell and size."""
        rng = self.rng("world", self.week)
        chance = rng.random(intensity.shape)
        some = np.flatnonzero(chance.ravel() > np.exp(-intensity.ravel()))
        counts = np.asarray(poisson.ppf(chance.ravel()[some], intensity.ravel()[some])).astype(int)
        index = np.repeat(some, counts)
        place, into, n = index // 2, index % 2, len(index)
        hour = np.where(rng.random(n) < 0.65, rng.normal(24.5, 2.6, n), rng.uniform(5, 20, n)) % 24
        minutes = np.floor((rng.integers(0, 7, n) * 24 + hour) * 60).astype("timedelta64[m]")
        monday = self.weeks[self.week].to_datetime64().astype("datetime64[s]")
        lat, lon = points_in_cells(self.grid, place, rng)
        time = pd.DatetimeIndex(monday + minutes - WIB).tz_localize("UTC")
        size = np.clip(np.round(rng.lognormal(1.5, 0.55, n)), 1, 12).astype(int)
        large = rng.random(n) < 0.02
        size[large] = np.clip(12 * (1 + rng.pareto(2.2, n)), 13, 40)[large].astype(int)
        if n and self.week == (2 * len(self.weeks)) // 3:
            size[0] = 43  # the one very large group
        kinds = np.array(KINDS, dtype=object)
        return pd.DataFrame(
            {
                "true_id": pd.array([f"T{self.week:03d}-{k:03d}" for k in range(n)], dtype="str"),
                "cell": pd.array(self.frame["cell"].to_numpy(dtype=object)[place], dtype="str"),
                "time": time,
                "direction": pd.array(np.array(DIRECTIONS, dtype=object)[into], dtype="str"),
                "kind": pd.array(
                    kinds[rng.choice(len(KINDS), n, p=self.parameters.kind_shares)], dtype="str"
                ),
                "n_persons": size,
                "lat": lat,
                "lon": lon,
                "place": place,
            }
        )


def season_factors(weeks: pd.DatetimeIndex, strength: float = 1.0) -> np.ndarray:
    """How busy each week is, (weeks, directions), 1 being a week without season.

    Inbound rises from early Ramadan, is highest some 10 to 14 days before Eid and has a second
    rise in December; outbound follows after Eid and New Year.
    """
    days = weeks.to_numpy()[:, None] + np.arange(7).astype("timedelta64[D]")
    ahead = days_to_eid(pd.DatetimeIndex(days.ravel())).reshape(days.shape)
    inbound = np.interp(ahead, [0, 10, 14, 32], [0.2, 1.8, 1.8, 0.0], left=0, right=0)
    outbound = np.interp(-ahead, [3, 10, 20, 38], [0.0, 1.3, 1.3, 0.0], left=0, right=0)
    calendar = season_features(weeks)
    early = np.isin(weeks.month, [1]).astype(float)
    inbound = inbound.mean(axis=1) + 0.9 * calendar["year_end"].to_numpy() * (1 - early)
    outbound = outbound.mean(axis=1) + 0.4 * early - 0.35 * calendar["ramadan"].to_numpy()
    return np.maximum(0.05, 1 + strength * np.column_stack([outbound, inbound]))


def points_in_cells(
    grid: Grid, place: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A random point (lat, lon in degrees) in each cell of `place`.

    Parameters
    ----------
    grid : the cells
    rng : draws where in the cell
    """
    n = len(place)
    radius = 0.52 * grid.spacing_km * np.sqrt(rng.random(n))
    angle = rng.uniform(0, 2 * np.pi, n)
    lat, lon = move(grid.lat[place], grid.lon[place], radius, angle)
    strayed = grid.locate(lat, lon) != place
    return np.where(strayed, grid.lat[place], lat), np.where(strayed, grid.lon[place], lon)


def move(
    lat: np.ndarray, lon: np.ndarray, km: np.ndarray, angle: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Points moved by some km in a direction (radians from east), degrees; small moves only.

    Parameters
    ----------
    lat, lon : degrees, shape (n,)
    km : how far, shape (n,)
    angle : radians from east, shape (n,)
    """
    north, east = km * np.sin(angle) / 111.195, km * np.cos(angle) / 111.195
    return lat + north, lon + east / np.cos(np.radians(lat))


def _in_belt(cells: pd.DataFrame) -> np.ndarray:
    border = cells["dist_border_km"].to_numpy(float)
    code = cells["kecamatan_code"].fillna("").astype(str)
    reach = set(code[border <= 2.0]) - {""}
    return code.isin(reach).to_numpy() | ((code == "").to_numpy() & (border <= 25))


def _footprints(
    xy: np.ndarray, crossing: np.ndarray, village: np.ndarray, width_km: float
) -> np.ndarray:
    """How each path's events spread over the cells, (paths, cells), rows sum to 1."""
    start, step = xy[crossing][:, None], (xy[village] - xy[crossing])[:, None]
    length = np.maximum((step**2).sum(axis=2), 1e-9)
    along = np.clip(((xy[None] - start) * step).sum(axis=2) / length, 0, 1)
    off = np.linalg.norm(xy[None] - start - along[:, :, None] * step, axis=2)
    spread = np.exp(-0.5 * (off / width_km) ** 2) * (1 - 0.6 * along)
    spread[spread < 1e-3 * spread.max(axis=1, keepdims=True)] = 0.0
    return spread / spread.sum(axis=1, keepdims=True)
