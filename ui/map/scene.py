"""What one page shows, gathered from the frames of an assessment by what was chosen; no Streamlit.

Frames come in as they left the disclosure gate; nothing here adds a row or a number to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ui.rows import each_row
from ui.sums import add
from ui.words import clock

#: a sector whose risk moved by more than this share grows or fades
MOVED = 0.10
#: how records around a place emerge, from nothing to "is getting worse"
TREND_LEVELS = {
    "historical_hot": 1, "diminishing_hot": 1, "sporadic_hot": 2, "oscillating_hot": 2,
    "persistent_hot": 3, "consecutive_hot": 3, "intensifying_hot": 4, "new_hot": 4,
}  # fmt: skip
#: what lies around a post
NEAR_KM = 10.0
#: with less looking than this a rate says nothing
LEAST_HOURS = 1.0
#: a sector with less than this share of its cells observed is watched in part only
SELDOM = 0.5
WATCHED = ("never", "partly", "seldom", "fair")

#: columns of what analysts said of scores
CONTESTED = ("override_id", "kind", "cell", "value", "reason", "by", "at", "expires_at")


@dataclass(frozen=True)
class Places:
    """Names on the ground: region codes to names, and what event types and agencies are called.

    `labels` maps a code to its (Indonesian, English) name.
    """

    kabupaten: Mapping[str, str]
    kecamatan: Mapping[str, str]
    labels: Mapping[str, tuple[str, str]]

    def where(self, kecamatan: str, kabupaten: str) -> str:
        """ "Kec. Entikong, Sanggau", or what is known of it."""
        near = self.kecamatan.get(kecamatan, "")
        far = self.kabupaten.get(kabupaten, "")
        return ", ".join(part for part in (f"Kec. {near}" if near else "", far) if part)

    def label(self, code: str, lang: str) -> str:
        """Name of an event type or agency; a local kind keeps its own word."""
        return self.labels.get(code, (code, code))[lang == "en"]


@dataclass(frozen=True)
class Total:
    """Expected events of what is chosen, with the ends of their interval, and last week's."""

    risk: float
    lo: float
    hi: float
    previous: float


@dataclass(frozen=True)
class Scene:
    """Everything a page is handed.

    table : one row per cell in the chosen district, with risk, lo, hi, previous, change, place;
        everywhere : the same for the whole area, for the map
    sectors : the ranked list; sector_of : sector number by cell, 0 for none; gone : groups of
        cells that were hotspots last week and are none now
    history, effort : weekly rows of the chosen district
    breaks : class limits of the shown quantity, fixed for the whole assessment
    total : of the chosen district; least_expected : under it no cell is a hotspot
    contested : words of analysts in force: override_id, kind ("cell" or "sector"), cell, value,
        reason, by, at, expires_at
    """

    meta: Mapping[str, Any]
    table: pd.DataFrame
    everywhere: pd.DataFrame
    sectors: pd.DataFrame
    gone: pd.DataFrame
    sector_of: pd.Series
    history: pd.DataFrame
    effort: pd.DataFrame
    reasons: pd.DataFrame
    events: pd.DataFrame
    scores: pd.DataFrame
    places: Places
    breaks: Sequence[float]
    risk_breaks: Sequence[float]
    total: Total
    least_expected: float
    contested: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=CONTESTED))

    @property
    def top_cell(self) -> dict[str, str]:
        """Highest cell of the sector of each cell that is in one."""
        tops = dict(zip(self.sectors["sector"], self.sectors["cell"], strict=True))
        inside = self.sector_of[self.sector_of > 0]
        return {str(cell): tops[number] for cell, number in inside.items() if number in tops}

    def cells_of(self, top: str) -> list[str]:
        """The cells of the sector whose highest cell is given; none if it is no sector now."""
        number = self.sector_of.get(top, 0)
        return list(self.sector_of.index[self.sector_of == number]) if number > 0 else []

    def contests(self, cells: Sequence[str]) -> pd.DataFrame:
        """What analysts said of some cells, of a sector among them, or of one that holds them."""
        mine = self.contested["cell"].isin(cells)
        numbers = set(self.sector_of.reindex(list(cells)).dropna()) - {0}
        home = self.contested["cell"].map(self.sector_of)
        return self.contested[mine | ((self.contested["kind"] == "sector") & home.isin(numbers))]

    def contested_cells(self) -> dict[str, list[str]]:
        """The cells that each word in force is about, by its number."""
        found: dict[str, list[str]] = {}
        for row in each_row(self.contested):
            whole = self.cells_of(row.cell) if row.kind == "sector" else []
            found[row.override_id] = whole or [row.cell]
        return found


def join_cells(frames: Mapping[str, pd.DataFrame], horizon: int, group: str) -> pd.DataFrame:
    """Cells with the risk of one horizon and group, and `change` against last week.

    `rate` is recorded events per 100 hours of patrol in 52 weeks, or in the calendar year that
    events_year tells (missing where nobody looked for an hour), `trend_level` how its records
    emerge (0 not at all, 4 new or intensifying).

    Parameters
    ----------
    frames : tables of the assessment by name
    horizon : weeks ahead
    group : "all", a direction or an event type
    """
    risk = frames["risk"]
    chosen = risk[(risk["horizon_weeks"] == horizon) & (risk["group"] == group)]
    table = frames["cells"].merge(
        chosen.drop(columns=["horizon_weeks", "group"]), on="cell", how="left", validate="1:1"
    )
    table["change"] = table["risk"] - table["previous"]
    table["observed"] = table["observed"].fillna(False).astype(bool)
    effort = frames["effort"]
    if "events_year" in table:  # the shared tiers count a calendar year
        recent = effort[effort["week"].dt.isocalendar()["year"].astype("str").isin(
            table["events_year"])]  # fmt: skip
    else:
        recent = effort[effort["week"] > effort["week"].max() - pd.Timedelta(weeks=52)]
    hours = recent.groupby("cell")["minutes"].sum().reindex(table["cell"]).to_numpy() / 60
    table["rate"] = np.where(hours >= LEAST_HOURS, table["events_52w"] / hours * 100, np.nan)
    trend = table["trend"] if "trend" in table else pd.Series("", index=table.index)
    level = trend.astype("str").map(TREND_LEVELS).fillna(0).astype(float)
    table["trend_level"] = level.mask(is_hidden(table, "trend_level"))
    return table


def status(sectors: pd.DataFrame) -> list[str]:
    """What became of each sector since last week: new, growing, fading or steady.

    Parameters
    ----------
    sectors : DataFrame with risk, previous, was_share (share of its cells that were hotspots)
    """
    moved = sectors["risk"] / sectors["previous"].where(sectors["previous"] > 0)
    new = (sectors["was_share"] < 0.5) | moved.isna()
    kinds = [new, moved >= 1 + MOVED, moved <= 1 - MOVED]
    return np.select(kinds, ["new", "growing", "fading"], "steady").tolist()


def hours_of(cells: pd.DataFrame, sector: pd.Series) -> pd.Series:
    """Patrol hours of 12 weeks by sector number; missing where they are hidden in any cell.

    Parameters
    ----------
    cells : DataFrame indexed by cell, with effort_minutes_12w where the viewer may see it
    sector : sector number of each cell, 0 for none
    """
    if "effort_minutes_12w" not in cells:
        return pd.Series(dtype=float)
    minutes = cells["effort_minutes_12w"].astype(float)
    groups = minutes.groupby(sector.reindex(minutes.index).fillna(0).astype(int))
    return groups.agg(lambda part: part.sum() if part.notna().all() else np.nan) / 60


def watched(table: pd.DataFrame) -> list[str]:
    """How well each sector was watched in 12 weeks, in four words by one rule.

    "never": in none of its cells · "partly": in less than half of them, however many hours ·
    "seldom": in half or more, but for less than LEAST_HOURS per cell · "fair": else. Where hours
    may not be seen the share alone decides, between "never", "partly" and "fair".

    Parameters
    ----------
    table : DataFrame with observed_share, cells, hours_12w (missing where hidden)
    """
    share = table["observed_share"].to_numpy(float)
    thin = table["hours_12w"].to_numpy(float) < LEAST_HOURS * table["cells"].to_numpy(float)
    return np.select([share == 0, share < SELDOM, thin], WATCHED[:3], WATCHED[3]).tolist()


#: column of a cell -> the columns it is made of, each of which may be hidden
MADE_OF = {
    "rate": ("events_52w", "effort_minutes_12w"), "trend_level": ("events_52w",),
}  # fmt: skip


def is_hidden(table: pd.DataFrame, column: str) -> np.ndarray:
    """Whether a number of each row is hidden from the viewer, bool (rows,)."""
    gone = np.zeros(len(table), dtype=bool)
    for name in MADE_OF.get(column, (column,)):
        if f"{name}_suppressed" in table:
            gone |= table[f"{name}_suppressed"].fillna(False).to_numpy(bool)
    return gone


def both(table: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The cells of one assessment with the risk of another as `other`; cells of both only."""
    then = other[["cell", "risk"]].rename(columns={"risk": "other"})
    return table.merge(then, on="cell", how="inner")


def in_district(table: pd.DataFrame, kabupaten: str, kecamatan: str) -> pd.DataFrame:
    """The rows of a kabupaten or kecamatan; "" keeps everything.

    Parameters
    ----------
    table : with kabupaten_code and kecamatan_code
    kabupaten, kecamatan : codes, "" for all
    """
    if kecamatan:
        return table[table["kecamatan_code"] == kecamatan]
    return table[table["kabupaten_code"] == kabupaten] if kabupaten else table


def find_homes(rows: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Weekly rows with the district of their cell, told once: home_kabupaten, home_kecamatan.

    A row without a cell belongs to the kabupaten it tells, if it tells one.
    """
    at = pd.Index(cells["cell"]).get_indexer(rows["cell"])
    homes = {}
    for level in ("kabupaten", "kecamatan"):
        codes = cells[f"{level}_code"].astype(object).fillna("").to_numpy()
        homes[f"home_{level}"] = np.where(at >= 0, codes[at], "")
    if "kabupaten_code" in rows:
        nowhere = (rows["cell"] == "").to_numpy()
        own = rows["kabupaten_code"].astype(object).fillna("").to_numpy()
        homes["home_kabupaten"] = np.where(nowhere, own, homes["home_kabupaten"])
    return rows.assign(**{name: pd.Categorical(codes) for name, codes in homes.items()})


def rows_in_district(rows: pd.DataFrame, kabupaten: str, kecamatan: str) -> pd.DataFrame:
    """Weekly rows of a district (from `find_homes`); "" keeps everything.

    Rows that tell only their kabupaten count for each of its kecamatan too.

    Parameters
    ----------
    rows : with home_kabupaten and home_kecamatan
    kabupaten, kecamatan : codes, "" for all
    """
    if not kabupaten and not kecamatan:
        whole = rows["home_kabupaten"] == "" if "week_last" in rows else pd.Series(dtype=bool)
        return (
            rows[whole] if whole.any() else rows
        )  # the sum of the area stands in a row of its own
    if not kecamatan:
        return rows[rows["home_kabupaten"] == kabupaten]
    inside = rows["home_kecamatan"] == kecamatan
    if "kabupaten_code" in rows:
        inside |= (rows["home_kecamatan"] == "") & (rows["home_kabupaten"] == kabupaten)
    return rows[inside]


def of_group(rows: pd.DataFrame, group: str) -> pd.DataFrame:
    """The recorded rows of a direction or an event type; all of them where neither is told."""
    if group == "all":
        return rows
    column = "direction" if group in ("outbound", "inbound") else "event_type"
    groups = rows[column] if column in rows else pd.Series("", index=rows.index)
    return rows[groups == group] if (groups != "").any() else rows


def number_kecamatan(cells: pd.DataFrame) -> dict[str, int]:
    """Numbers for the browser's filter; those of one kabupaten follow each other."""
    return {code: i for i, code in enumerate(sorted(cells["kecamatan_code"].dropna().unique()))}


def filter_range(
    numbers: Mapping[str, int], kabupaten: str, kecamatan: str, everywhere: tuple[int, int]
) -> tuple[int, int]:
    """The numbers a district covers; a district without cells gives an empty range.

    Parameters
    ----------
    numbers : from `number_kecamatan`
    kabupaten, kecamatan : codes, "" for all
    everywhere : the range that lets every cell through
    """
    if not kabupaten and not kecamatan:
        return everywhere
    start = kecamatan or f"{kabupaten}."
    inside = [n for code, n in numbers.items() if code == kecamatan or code.startswith(start)]
    return (min(inside), max(inside)) if inside else (-3, -2)


def sees_effort(meta: Mapping[str, Any]) -> bool:
    """Whether the viewer may know where and how long patrols looked."""
    return "effort" not in (meta.get("withheld") or ())


def posts_of(posts: pd.DataFrame | None, table: pd.DataFrame) -> pd.DataFrame:
    """Posts of a district that stand in its cells or close to them, and what surrounds them.

    Returns
    -------
    DataFrame with name, lat, lon, uncertainty_km, and of the cells within NEAR_KM risk (sum) and
        minutes (`Sum`, hidden where the viewer may not know)
    """
    columns = ["name", "lat", "lon", "uncertainty_km", "risk", "minutes"]
    if posts is None or table.empty:
        return pd.DataFrame(columns=columns)
    found = []
    mine = posts[posts["kabupaten_code"].isin(table["kabupaten_code"])]
    for post in each_row(mine.dropna(subset=["lat", "lon"])):
        shrink = np.cos(np.deg2rad(post.lat))
        away = 111.2 * np.hypot(table["lat"] - post.lat, (table["lon"] - post.lon) * shrink)
        if away.min() > 3:
            continue
        near = table[away <= NEAR_KM]
        sums = near["risk"].sum(), add(near["effort_minutes_12w"])
        found.append((post.name, post.lat, post.lon, post.uncertainty_km, *sums))
    post_table = pd.DataFrame(found, columns=columns)
    return post_table.sort_values("risk", ascending=False, ignore_index=True)


def last_day(end: pd.Timestamp) -> pd.Timestamp:
    """The last whole local day before a moment at which something ends."""
    return clock.local(end - pd.Timedelta(seconds=1))


def stays(sectors: pd.DataFrame) -> tuple[float, int]:
    """Of today's hotspots: share of the cells that were hotspots last week, and sectors that were.

    Parameters
    ----------
    sectors : DataFrame with cells and was_share; a sector counts if half of it was
    """
    share = (sectors["was_share"] * sectors["cells"]).sum() / sectors["cells"].sum()
    return float(share), int((sectors["was_share"] >= 0.5).sum())


def chance(expected: float) -> float:
    """Chance of at least one event when so many are expected."""
    return float(1 - np.exp(-expected))
