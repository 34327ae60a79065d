"""One assessment as one viewer may see it: read once, suppressed, joined with names and ground.

Nothing here decides what may be seen; every frame comes through `access.visible` and
`disclose.suppress` in `read`, and nowhere else.
"""

import json
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import shapely

from data import area as area_files
from data.gate import access, disclose
from data.store import assessments
from data.vocabulary import AGENCIES, EVENT_TYPES
from geo import naming, strip
from geo.grid import Grid
from joins import opened
from risk.engine.interval import bounds_of_sums
from risk.hotspots import build_sectors, describe_sectors, select_hotspots
from risk.scores import metrics
from settings import Settings
from ui import theme
from ui.map import scene
from ui.map.ground import BaseMap, lay_base
from ui.map.history import WEEKS_SHOWN, last_week
from ui.map.scene import Scene, Total
from ui.map.transport import SHELF
from ui.selection import LAYERS as LAYERS_OFFERED
from ui.selection import Options, Selection

_READING = Lock()
#: a district with fewer hotspots of the whole area shows so many of its highest cells
LEAST_HOTSPOTS = 10
#: decimals of a degree at the corners of the strip: 11 m
CORNERS = 4
#: what the screen needs of an assessment
TABLES = ["cells", "risk", "history", "effort", "reasons", "scores"]
#: layer on the map -> key of the area's settings that names its file
LAYERS = {
    "backdrop": "backdrop",
    "land": "land",
    "kabupaten": "districts",
    "kecamatan": "subdistricts",
    "border": "border",
}


@dataclass(frozen=True)
class Base:
    """The ground as files: layers (GeoJSON), tables of places, names by code, credits."""

    layers: dict[str, bytes]
    tables: dict[str, pd.DataFrame]
    names: dict[str, dict[str, str]]
    credits: list[str]


class Shown:
    """Everything the pages are made of; tables asked for again are kept."""

    def __init__(
        self, settings: Settings, scope: access.Scope, meta: dict[str, Any],
        frames: dict[str, pd.DataFrame], base: Base, mark: str, own_cells: pd.DataFrame,
        pieces: pd.DataFrame,
    ) -> None:  # fmt: skip
        self.settings, self.scope, self.meta = settings, scope, meta
        self.base, self.mark = base, mark
        #: districts of the cells that the viewer may see, before they are made coarser, by cell
        self.own_cells = own_cells
        #: what every piece of the whole area is called, whoever asks (`geo.naming`)
        self.pieces = pieces
        homes = {name: scene.find_homes(frames[name], frames["cells"])
                 for name in ("history", "effort")}  # fmt: skip
        self.frames = frames = {**frames, **homes}
        labels = {code: (one.label_id, one.label_en) for code, one in EVENT_TYPES.items()}
        labels |= {code: (name, name) for code, (name, _) in AGENCIES.items()}
        self.places = scene.Places(base.names["kabupaten"], base.names["kecamatan"], labels)
        self.options = _offer(meta, frames, settings)
        # kept per object, so that they go when the object goes
        self.cells = lru_cache(32)(self._cells)
        self.ranked = lru_cache(64)(self._ranked)
        self._scene = lru_cache(24)(self._make_scene)
        self.grid = lru_cache(1)(lambda: Grid(frames["cells"]["cell"].tolist()))

    @cached_property
    def ground(self) -> BaseMap:
        """The base layers, put on the shelf when first asked for: a file needs none of them."""
        beyond = self._strip[1]
        layers = {**self.base.layers, **({"beyond": beyond} if beyond else {})}
        return lay_base(SHELF, layers, self.base.tables, self.mark)

    @property
    def strip(self) -> pd.DataFrame:
        """Pieces of land between the last cells and the border: cell (the nearest, one that the
        viewer may see) and rings (closed, lon lat)."""
        pieces = self._strip[0]
        return pieces[pieces["cell"].isin(self.frames["cells"]["cell"])]

    @cached_property
    def _strip(self) -> tuple[pd.DataFrame, bytes]:
        layers, cells = self.base.layers, self.frames["cells"]["cell"]
        if cells.empty or not {"land", "border"} <= set(layers):
            return pd.DataFrame({"cell": [], "rings": []}), b""
        shown = h3.get_resolution(str(cells.iloc[0]))
        fine = self.settings.area.resolution
        return _cut_strip(layers["land"], layers["border"], layers.get("backdrop"), fine, shown)

    @cached_property
    def piece_of(self) -> pd.Series:
        """The piece of ground that each cell lies in, by cell."""
        cells = self.frames["cells"]["cell"].astype(str)
        return pd.Series(naming.pieces_of(cells, self.pieces), index=cells)

    def _cells(self, horizon: int, group: str) -> pd.DataFrame:
        """Every cell with the risk of one horizon and group; `place` is the piece it lies in."""
        table = scene.join_cells(self.frames, horizon, group)
        names = self.pieces["name"].reindex(self.piece_of.reindex(table["cell"]))
        return table.assign(place=names.to_numpy())

    def _ranked(
        self, horizon: int, group: str, kabupaten: str, kecamatan: str, coverage: float
    ) -> tuple[pd.Series, pd.DataFrame, pd.DataFrame]:
        """Coverage -> hotspots -> sectors within a district.

        A hotspot is one of all the viewer may see, whatever district he looks at; a district with
        hardly any shows its highest cells instead. Where fewer events are expected than
        `least_expected`, nothing is a hotspot. Gives the sector of each cell, the sectors, and
        last week's sectors of which no cell is a hotspot now. `was_share` of a sector is the share
        of its cells that were hotspots. Names are those of the ground (`geo.naming`).
        """
        table = scene.in_district(self.cells(horizon, group), kabupaten, kecamatan)
        cells = table.set_index("cell")
        numbers = ["risk", "lo", "hi", "previous"]
        rest = cells.drop(columns=[*numbers, "change"])
        rules = self.settings.hotspots
        most, least = rules.max_sector_cells, rules.least_expected
        whole = self.cells(horizon, group).set_index("cell")

        def pick(column: str) -> pd.Series:
            hot = select_hotspots(whole[column], whole["area_km2"], coverage, least)[cells.index]
            if hot.sum() >= min(LEAST_HOTSPOTS, len(hot)):
                return hot
            enough = (cells[column] > 0) & (cells[column] >= least)
            highest = cells.loc[enough, column].nlargest(LEAST_HOTSPOTS).index
            return hot | hot.index.isin(highest)

        hot, was = pick("risk"), pick("previous")
        sector_of = build_sectors(hot, self.grid(), most)
        before = build_sectors(was, self.grid(), most)
        left = before.where(~before.isin(before[hot]), 0)
        sectors = describe_sectors(sector_of, cells[numbers], rest)
        named = naming.name_sectors(sector_of, self.pieces)
        sectors = sectors.join(named, on="sector")
        was_share = was.groupby(sector_of).mean()
        sectors["was_share"] = sectors["sector"].map(was_share)
        for name in ("trend",):
            if name in cells:
                sectors[name] = cells[name].reindex(sectors["cell"]).to_numpy()
        was_code = _codes_before(sector_of, before, self.pieces)
        sectors["was_code"] = sectors["sector"].map(was_code).astype(object).fillna("")
        sectors["status"] = scene.status(sectors)
        sectors["hours_12w"] = (
            scene.hours_of(cells, sector_of).reindex(sectors["sector"]).to_numpy()
        )
        sectors["watched"] = scene.watched(sectors)
        gone = describe_sectors(left, cells[numbers], rest)
        lost = naming.name_sectors(left, self.pieces, borne=set(named["piece"]))
        return sector_of, sectors, gone.join(lost, on="sector")

    def contested(self) -> pd.DataFrame:
        """The analysts' words in force on cells that the viewer may see, read anew each time."""
        table = opened.find_store(self.settings).overrides().rename(columns={"target": "cell"})
        near = self.own_cells.loc[self.own_cells.index.isin(table["cell"])].reset_index()
        table = table[table["cell"].isin(near["cell"])]
        own = access.visible(table, self.scope, near)
        return disclose.suppress({"overrides": own}, self.scope)["overrides"]

    def scene(self, selection: Selection) -> Scene:
        """What one selection shows; kept by all that its figures depend on."""
        s = selection
        kept = self._scene(
            Selection(
                horizon=s.horizon, group=s.group, kabupaten=s.kabupaten, kecamatan=s.kecamatan,
                coverage=s.coverage, quantity=s.quantity,
            )
        )  # fmt: skip
        return replace(kept, contested=self.contested())

    def _make_scene(self, chosen: Selection) -> Scene:
        district = chosen.kabupaten, chosen.kecamatan
        everywhere = self.cells(chosen.horizon, chosen.group)
        table = scene.in_district(everywhere, *district)
        sector_of, sectors, gone = self.ranked(
            chosen.horizon, chosen.group, *district, chosen.coverage
        )
        whole = self.cells(chosen.horizon, "all")
        quantity = theme.QUANTITIES[chosen.quantity]
        frames = self.frames
        return scene.Scene(
            meta=self.meta,
            table=table,
            everywhere=everywhere,
            sectors=sectors,
            gone=gone,
            sector_of=sector_of,
            history=scene.of_group(
                scene.rows_in_district(frames["history"], *district), chosen.group
            ),
            effort=scene.rows_in_district(frames["effort"], *district),
            reasons=frames["reasons"],
            events=frames["events"],
            scores=frames["scores"],
            places=self.places,
            total=self._total(table, chosen),
            least_expected=self.settings.hotspots.least_expected,
            breaks=theme.find_breaks(quantity, whole[quantity.column]),
            risk_breaks=theme.find_breaks(theme.QUANTITIES["risk"], whole["risk"]),
        )

    def lead(
        self, scores: pd.DataFrame, mine: str, rival: str, measure: str
    ) -> tuple[float, float, float]:
        """How far one model is ahead of another on the same test periods: mean, low, high end.

        Parameters
        ----------
        scores : of every model, a row per test period
        mine, rival : names of the two models
        measure : column of the scores
        """
        return metrics.lead(scores, mine, rival, measure)

    def _total(self, table: pd.DataFrame, chosen: Selection) -> Total:
        """Expected events of what is chosen with their interval: of the whole area as it was
        assessed, of a part of it by the rule for sectors (`interval.bounds_of_sums`)."""
        risk, previous = float(table["risk"].sum()), float(table["previous"].sum())
        totals = (self.meta.get("totals") or {}).get(str(chosen.horizon), {})
        part = chosen.kabupaten or chosen.kecamatan or chosen.group != "all"
        if not part and {"lo", "hi"} <= set(totals):
            return Total(risk, float(totals["lo"]), float(totals["hi"]), previous)
        return total_of(table)


def total_of(table: pd.DataFrame) -> Total:
    """Expected events of some cells together, with their interval by the rule for sectors
    (`interval.bounds_of_sums`).

    table : cells with risk, lo, hi, previous
    """
    known = table.dropna(subset=["risk", "lo", "hi"])
    middle, low, high = (known[name].to_numpy(float) for name in ("risk", "lo", "hi"))
    ends = bounds_of_sums(middle, low, high, np.zeros(len(known), dtype=int))
    lo, hi = (float(end[0]) if len(end) else 0.0 for end in ends)
    return Total(float(table["risk"].sum()), lo, hi, float(table["previous"].sum()))


@lru_cache(maxsize=4)
def _cut_strip(
    land: bytes, border: bytes, backdrop: bytes | None, fine: int, shown: int
) -> tuple[pd.DataFrame, bytes]:
    """The strip along the border, and its other side as GeoJSON (b"" where no land is drawn
    there); cut once for all viewers of one resolution.

    Parameters
    ----------
    land, border, backdrop : GeoJSON
    fine : resolution in which cells were chosen by their centres
    shown : resolution of the cells that are drawn
    """
    ground, line = (shapely.union_all([shapely.from_geojson(one)]) for one in (land, border))
    grid = Grid(sorted(set(Grid.of_area(ground, fine).parents(shown).tolist())))
    pieces = strip.cut_strip(grid, ground, line)
    rings = [_rings(piece) for piece in pieces["piece"]]
    table = pd.DataFrame({"cell": pieces["cell"], "rings": rings})
    table = table[[bool(one) for one in rings]].reset_index(drop=True)
    if backdrop is None:
        return table, b""
    other = strip.beyond_border(grid, ground, line)
    other = shapely.intersection(other, shapely.union_all([shapely.from_geojson(backdrop)]))
    written = shapely.to_geojson(shapely.set_precision(other, 10.0**-CORNERS))
    return table, written.encode()


def _rings(piece: shapely.Polygon) -> list[list[list[float]]]:
    """Outline and holes of a polygon as a map needs them; none if nothing is left of it."""
    rings = [np.asarray(ring.coords).round(CORNERS) for ring in (piece.exterior, *piece.interiors)]
    kept = [ring.tolist() for ring in rings if len(np.unique(ring, axis=0)) > 2]
    return kept if len(np.unique(rings[0], axis=0)) > 2 else []


def _codes_before(now: pd.Series, before: pd.Series, pieces: pd.DataFrame) -> pd.Series:
    """What each sector of now was called last week: the code of the one it shares most cells
    with; a sector on ground that was none is left out."""
    shared = pd.DataFrame({"sector": now, "was": before}).query("sector > 0 and was > 0")
    most = shared.value_counts().reset_index().drop_duplicates("sector").set_index("sector")
    return most["was"].map(naming.name_sectors(before, pieces)["sector_code"])


def newest(settings: Settings) -> str:
    """Id of the newest sound assessment.

    Raises
    ------
    MissingTable
        If nothing was assessed yet.
    DataError
        If none of them is sound.
    """
    return opened.find_store(settings).newest_assessment()


def damaged(settings: Settings) -> list[pd.Timestamp]:
    """When assessments were made that are newer than the one shown, and damaged (UTC)."""
    names = opened.find_store(settings).damaged_assessments()
    return [assessments.made_at(name) for name in names]


def read(name: str, settings: Settings, scope: access.Scope) -> Shown:
    """What a scope may see of an assessment.

    Parameters
    ----------
    name : id of the assessment
    settings : of the program
    scope : the viewer's
    """
    store = opened.find_store(settings)
    store.create()  # a store of an older program gets what this one reads
    meta, frames = store.assessment(name, only=TABLES)
    frames["events"] = store.events()
    base = read_ground(settings)
    pieces = naming.name_pieces(
        Grid(frames["cells"]["cell"].astype(str).tolist()),
        area_files.named_places(base.tables.get("desa"), base.tables.get("towns")),
    )
    places = frames["cells"][["cell", "kabupaten_code", "kecamatan_code"]]
    own_cells = access.visible(places, scope, places).drop_duplicates("cell").set_index("cell")
    # on the whole area first: two scopes of one tier must not see two versions of a figure
    frames = disclose.suppress(frames, scope, store.published(meta))
    frames = access.visible(frames, scope)
    meta = disclose.suppress_meta(meta, scope)
    mark = f"{name}|{scope.mark}"
    return Shown(settings, scope, meta, frames, base, mark, own_cells, pieces)


def kept(name: str, settings: Settings, scope: access.Scope) -> Shown:
    """The same, read once for all pages and addresses of this process, and for all users whose
    rights are the same. Who comes while it is being read waits for that reading.

    Parameters
    ----------
    name : id of the assessment
    settings : of the program
    scope : the viewer's; whose it is does not count
    """
    with _READING:
        return _kept(name, settings, replace(scope, user=""))


@lru_cache(maxsize=8)
def _kept(name: str, settings: Settings, scope: access.Scope) -> Shown:
    return read(name, settings, scope)


def read_ground(settings: Settings) -> Base:
    """Layers, tables, names and credits of the study area; what is not configured is left out."""
    area = settings.area
    given = {name: getattr(area, key) for name, key in LAYERS.items()}
    layers = {name: _as_geojson(path) for name, path in given.items() if path is not None}
    tables = {
        name: area_files.load_places(name, path)
        for name in ("towns", "desa", "posts")
        if (path := getattr(area, name)) is not None
    }
    names: dict[str, dict[str, str]] = {"kabupaten": {}, "kecamatan": {}}
    credits: list[str] = []
    for name, content in layers.items():
        layer = json.loads(content)
        credits += [layer["attribution"]] if layer.get("attribution") else []
        if name in names:
            properties = (feature["properties"] for feature in layer["features"])
            names[name] = {str(one.get("code", "")): str(one.get("name", "")) for one in properties}
    return Base(layers, tables, names, credits)


def _offer(meta: dict[str, Any], frames: dict[str, pd.DataFrame], settings: Settings) -> Options:
    """What can be chosen: only districts that the viewer's cells lie in."""
    cells = frames["cells"]
    pairs = cells[["kecamatan_code", "kabupaten_code"]].drop_duplicates().dropna()
    pairs = pairs[pairs["kecamatan_code"] != ""].sort_values("kecamatan_code")
    horizons = [int(weeks) for weeks in meta["horizons"]]
    last = last_week(meta)
    weeks = pd.date_range(end=last, periods=WEEKS_SHOWN, freq="7D").strftime("%Y-%m-%d")
    return Options(
        kabupaten=sorted(set(cells["kabupaten_code"].dropna()) - {""}),
        kecamatan=dict(zip(pairs["kecamatan_code"], pairs["kabupaten_code"], strict=True)),
        groups=list(meta["groups"]),
        horizons=horizons,
        layers=tuple(
            name
            for name in LAYERS_OFFERED
            if (name != "patrols" or scene.sees_effort(meta))
            and (name != "records" or "events" not in meta.get("withheld", ()))
        ),
        quantities=[
            key
            for key, one in theme.QUANTITIES.items()
            if scene.sees_effort(meta) or key not in ("effort", "rate")
        ],
        homes=dict(
            zip(cells["cell"], cells["kecamatan_code"].astype(object).fillna(""), strict=True)
        ),
        cells=frozenset(cells["cell"]),
        weeks=weeks.tolist(),
        language=settings.screen.language,
        coverage=settings.hotspots.coverage,
        horizon=horizons[0],
    )


def _as_geojson(path: Path) -> bytes:
    """A layer as the browser reads it: GeoJSON as it is, another format converted."""
    if path.suffix in (".geojson", ".json"):
        return path.read_bytes()
    return gpd.read_file(path).to_crs("EPSG:4326").to_json().encode()
