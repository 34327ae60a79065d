"""How much more likely what two records say is if they tell of one event than if they do not.

Every measure is a likelihood ratio against two records drawn at random from the same family of
event types. Time and place come from the stated precision: two records agree as far as their
intervals and areas overlap, so a vague record proves little and contradicts little. Head-count,
direction, origin and district are compared in levels, whose shares among true pairs are learned.
"""

import itertools

import numpy as np
import pandas as pd
from scipy.special import ndtr

#: event types that can tell of one event; a type not listed goes only with itself
FAMILIES = {
    "crossing": (
        "crossing_sighting",
        "interception_out",
        "interception_in",
        "community_report",
        "case_tppo",
        "case_tppm",
        "case_placement",
    ),
    "return": ("deportation_batch", "repatriation"),
}
#: length of the interval that starts at event_start, hours
WIDTH_HOURS = {"hour": 1.0, "part_of_day": 6.0, "day": 24.0, "week": 168.0, "month": 720.0}
#: how far two parties' clocks and memories of one moment differ, hours (standard deviation)
CLOCK_HOURS = 1.1
#: a mistyped or reported day instead of the day itself: share of true pairs, and how far off
STRAY_SHARE, STRAY_HOURS = 0.02, 72.0
SIGMA_KM = {"gps": 0.15, "landmark": 1.0}
STRAY_PLACE_SHARE, STRAY_KM = 0.03, 12.0
#: levels of the learned comparisons, with the shares among true pairs to start from. A place
#: that is no point is compared down to the finest district that both name; where one of the two
#: was recorded at an office, only the kabupaten says anything
LEVELS = {
    "heads": {"same": 0.42, "within 5 %": 0.15, "within 20 %": 0.36, "further": 0.07},
    "direction": {"same": 0.97, "other": 0.03},
    "origin": {"same": 0.70, "other": 0.30},
    "detection": {"same": 0.60, "other": 0.40},
    "desa": {"same": 0.80, "kecamatan": 0.13, "kabupaten": 0.05, "other": 0.02},
    "kecamatan": {"same": 0.90, "kabupaten": 0.08, "other": 0.02},
    "kabupaten": {"same": 0.97, "other": 0.03},
    "office": {"same": 0.90, "other": 0.10},
}
#: comparison of districts -> how many parts of the code it looks at, less one
DEPTH = {"desa": 2, "kecamatan": 1, "kabupaten": 0, "office": 0}
_BIN_DEGREES = 0.1
_KM_PER_DEGREE = 111.2
_RATE_HOURS = 28 * 24.0


class Records:
    """The columns that are compared, as arrays, with how common each value is."""

    def __init__(self, events: pd.DataFrame):
        self.event_id = events["event_id"].to_numpy(dtype=object)
        self.agency = pd.factorize(events["source_agency"], sort=True)[0]
        kind = events["event_type"].astype("str")
        family = {name: key for key, names in FAMILIES.items() for name in names}
        self.family, self.families = pd.factorize(kind.map(lambda k: family.get(k, k)), sort=True)
        start = events["event_start"].dt.tz_convert("UTC").dt.tz_localize(None)
        self.start = start.to_numpy().astype("datetime64[s]").astype(float) / 3600
        width = events["time_precision"].map(WIDTH_HOURS).astype(float).fillna(24.0)
        self.width = width.to_numpy()
        self.direction = _codes(events["direction"], ("", "unknown"))
        self.detection = _codes(events["detection"], ("",))
        self.origin = _codes(events["origin_prov"], ("",))
        self.heads = events["n_persons"].astype("float64").to_numpy(na_value=np.nan)
        role = events["location_role"].astype("str").to_numpy()
        self.occurred, self.recorded = role == "occurred", role == "recorded"
        parts = events["admin_code"].astype("str").fillna("").str.split(".")
        self.levels = [
            _codes(parts.map(lambda p, n=n: ".".join(p[:n]) if len(p) >= n else ""), ("",))
            for n in (2, 3, 4)
        ]
        precision = events["geo_precision"].astype("str")
        self.lat = events["lat"].to_numpy(float)
        self.lon = events["lon"].to_numpy(float)
        self.point = (
            np.isfinite(self.lat)
            & np.isfinite(self.lon)
            & self.occurred
            & precision.isin(list(SIGMA_KM)).to_numpy()
        )
        radius = events["uncertainty_km"].to_numpy(float) / 2
        usual = precision.map(SIGMA_KM).astype(float).to_numpy()
        sigma = np.where(np.isfinite(radius), radius, usual)
        self.sigma_km = np.maximum(np.where(self.point, sigma, 1.0), 0.1)
        self.size = np.bincount(self.family)[self.family].astype(float)
        self.rate = self._rate()
        self.density = self._density()

    def __len__(self) -> int:
        return len(self.event_id)

    def _rate(self) -> np.ndarray:
        """Share of the family's records per hour around each record's time."""
        rate = np.empty(len(self))
        for family in range(len(self.families)):
            inside = np.flatnonzero(self.family == family)
            middle = self.start[inside] + self.width[inside] / 2
            times = np.sort(middle)
            half = _RATE_HOURS / 2
            near = np.searchsorted(times, middle + half) - np.searchsorted(times, middle - half)
            rate[inside] = (near - 0.5) / len(inside) / _RATE_HOURS
        return rate

    def _density(self) -> np.ndarray:
        """Share of the family's points per km2 around each point, from bins of about 11 km."""
        density = np.full(len(self), np.nan)
        for family in range(len(self.families)):
            inside = np.flatnonzero((self.family == family) & self.point)
            if not len(inside):
                continue
            row = np.floor(self.lat[inside] / _BIN_DEGREES).astype(np.int64)
            column = np.floor(self.lon[inside] / _BIN_DEGREES).astype(np.int64)
            names, n = np.unique(row * 10_000 + column, return_counts=True)
            near = np.zeros(len(inside))
            for step in (-10_001, -10_000, -9_999, -1, 0, 1, 9_999, 10_000, 10_001):
                near += _look_up(names, n, row * 10_000 + column + step)
            side = _BIN_DEGREES * _KM_PER_DEGREE
            area = 9 * side * side * np.cos(np.radians(self.lat[inside]))
            density[inside] = (near - 0.5) / len(inside) / area
        return density


def time_ratio(r: Records, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Log ratio of the times: the chance that both tell of one moment, per hour, over the rate.

    Each interval is uniform from event_start on, and two tellings of one moment differ by a
    normal error of CLOCK_HOURS; a small share strays by days.

    Parameters
    ----------
    r : the records as arrays
    a, b : positions of both records of each pair
    """
    gap = r.start[b] - r.start[a]
    wide_a, wide_b = r.width[a], r.width[b]
    both = _twice(wide_a - gap) + _twice(-wide_b - gap) - _twice(wide_a - wide_b - gap)
    both = np.maximum(both - _twice(-gap), 0.0) / (wide_a * wide_b)
    apart = np.maximum(np.maximum(gap - wide_a, -gap - wide_b), 0.0)
    stray = np.where(apart <= STRAY_HOURS, 1 / (2 * STRAY_HOURS), 1e-9)
    together = (1 - STRAY_SHARE) * both + STRAY_SHARE * stray
    return np.log(together / np.sqrt(r.rate[a] * r.rate[b]))


def _twice(x: np.ndarray) -> np.ndarray:
    """The normal density of CLOCK_HOURS integrated twice."""
    z = x / CLOCK_HOURS
    return x * ndtr(z) + CLOCK_HOURS * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


def point_ratio(r: Records, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Log ratio of two points: distance given their precision, over the density of events.

    Parameters
    ----------
    r : the records as arrays
    a, b : positions of both records of each pair
    """
    ratio = np.zeros(len(a))
    points = r.point[a] & r.point[b]
    ratio[points] = _distance_ratio(r, a[points], b[points])
    return ratio


def levels_of(r: Records, a: np.ndarray, b: np.ndarray) -> dict[str, np.ndarray]:
    """Level of each learned comparison per pair: position in LEVELS, -1 where it says nothing.

    Parameters
    ----------
    r : the records as arrays
    a, b : positions of both records of each pair
    """
    heads_a, heads_b = r.heads[a], r.heads[b]
    off = np.abs(heads_a - heads_b)
    most = np.fmax(heads_a, heads_b)
    steps = [off <= 0, off <= 0.05 * most, off <= np.maximum(0.2 * most, 1.0)]
    heads = np.select(steps, [0, 1, 2], 3)
    found = {
        "heads": np.where(np.isfinite(off), heads, -1),
        "direction": _equal(r.direction, a, b),
        "origin": _equal(r.origin, a, b),
        "detection": _equal(r.detection, a, b),
    }
    placed = (r.occurred | r.recorded)[a] & (r.occurred | r.recorded)[b]
    office = placed & (r.recorded[a] != r.recorded[b])
    left = placed & ~office & ~(r.point[a] & r.point[b])
    for name, depth in DEPTH.items():
        codes = r.levels[depth]
        here = (office if name == "office" else left) & (codes[a] >= 0) & (codes[b] >= 0)
        if name != "office":
            left = left & ~here
        level = np.full(len(a), depth + 1)
        for k in range(depth + 1):  # coarse to fine: the finest that agrees stays
            level = np.where(r.levels[k][a] == r.levels[k][b], depth - k, level)
        found[name] = np.where(here, level, -1)
    return found


def chance_of(r: Records, a: np.ndarray, levels: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """How often a record drawn at random would reach the level that b reached with a.

    Parameters
    ----------
    r : the records as arrays
    a : position of the first record of each pair
    levels : from `levels_of`, by comparison
    """
    chance = {"heads": _heads_chance(r, a, levels["heads"])}
    for name in ("direction", "origin", "detection"):
        chance[name] = _level_chance([_shares(getattr(r, name), r.family)[a]], levels[name])
    for name, depth in DEPTH.items():
        shares = [_shares(r.levels[k], r.family)[a] for k in range(depth, -1, -1)]
        chance[name] = _level_chance(shares, levels[name])
    return chance


def _level_chance(shares: list[np.ndarray], level: np.ndarray) -> np.ndarray:
    """Chance of each level from the shares of a's own values, the finest first."""
    steps = [shares[0], *(coarse - fine for fine, coarse in itertools.pairwise(shares))]
    # where all records agree, a contradiction still speaks against a pair
    steps.append(np.maximum(1 - shares[-1], 0.1))
    table = np.maximum(np.column_stack(steps), 1e-4)
    return np.where(level < 0, 1.0, table[np.arange(len(level)), np.maximum(level, 0)])


def distance_km(r: Records, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Distance between the points of two records, km; NaN where one has none.

    Parameters
    ----------
    r : the records as arrays
    a, b : positions of both records of each pair
    """
    north = (r.lat[a] - r.lat[b]) * _KM_PER_DEGREE
    middle = np.radians((r.lat[a] + r.lat[b]) / 2)
    east = (r.lon[a] - r.lon[b]) * _KM_PER_DEGREE * np.cos(middle)
    return np.where(r.point[a] & r.point[b], np.hypot(north, east), np.nan)


def _distance_ratio(r: Records, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    squared = distance_km(r, a, b) ** 2

    def bell(variance: np.ndarray | float) -> np.ndarray:
        return np.exp(-squared / (2 * variance)) / (2 * np.pi * variance)

    # 0.3 km: two parties seldom note the same spot of one event
    own = r.sigma_km[a] ** 2 + r.sigma_km[b] ** 2 + 0.3**2
    together = (1 - STRAY_PLACE_SHARE) * bell(own) + STRAY_PLACE_SHARE * bell(STRAY_KM**2)
    return np.log(together / np.sqrt(r.density[a] * r.density[b]))


def _heads_chance(r: Records, a: np.ndarray, level: np.ndarray) -> np.ndarray:
    chance = np.ones(len(a))
    for family in range(len(r.families)):
        own = np.sort(r.heads[(r.family == family) & np.isfinite(r.heads)])
        here = (r.family[a] == family) & (level >= 0)
        if not here.any():
            continue
        heads = r.heads[a][here]
        n = len(own) + 2
        within = [
            np.searchsorted(own, heads + room, "right") - np.searchsorted(own, heads - room)
            for room in (0.0, 0.05 * heads, np.maximum(0.2 * heads, 1.0))
        ]
        steps = [within[0], *(wide - near for near, wide in itertools.pairwise(within))]
        table = np.column_stack([*steps, len(own) - within[-1]]) + 0.5
        chance[here] = table[np.arange(len(heads)), level[here]] / n
    return chance


def _shares(codes: np.ndarray, family: np.ndarray) -> np.ndarray:
    """Share of each record's value among the records of its family that have one."""
    width = codes.max(initial=-1) + 2
    key = family * width + codes + 1
    n = np.bincount(key, minlength=(family.max(initial=0) + 1) * width).astype(float)
    table = n.reshape(-1, width)
    known = table[:, 1:].sum(axis=1)
    return np.maximum(n[key] - 0.5, 0.5) / (known[family] + 1.0)


def _equal(codes: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    level = np.where(codes[a] == codes[b], 0, 1)
    return np.where((codes[a] < 0) | (codes[b] < 0), -1, level)


def _codes(column: pd.Series, silent: tuple[str, ...]) -> np.ndarray:
    text = column.astype("str").fillna("")
    codes = pd.factorize(text, sort=True)[0]
    return np.where(text.isin(silent).to_numpy(), -1, codes)


def _look_up(names: np.ndarray, values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    place = np.minimum(np.searchsorted(names, wanted), len(names) - 1)
    return np.where(names[place] == wanted, values[place], 0)
