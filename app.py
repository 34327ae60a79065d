"""The dashboard's front door: who is looking -> what they chose -> what they see.

Nothing is shown that did not pass `access.visible` and `disclose.suppress` for the viewer's scope;
everything cached below is keyed by that scope.
"""

import json
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
import streamlit as st

import steward
from data import access, disclose
from data import area as area_files
from data.errors import DataError
from data.store import MissingTable, Store
from data.vocabulary import AGENCIES, EVENT_TYPES
from geo.grid import Grid
from risk.hotspots import build_sectors, describe_sectors, select_hotspots
from settings import Settings, load_settings
from ui import html, scene, state, theme
from ui.ground import lay_ground
from ui.transport import SHELF
from ui.views import data, filters, frame, help, map, quality
from ui.words import t

#: what the screen needs of an assessment
TABLES = ["cells", "risk", "history", "effort", "reasons", "scores"]
FOREVER = pd.Timestamp("2200-01-01", tz="UTC")
LOADING = f"{t('state.loading', 'id')} / {t('state.loading', 'en')}"
#: layer on the map -> key of the area's settings that names its file
LAYERS = {
    "backdrop": "backdrop",
    "land": "land",
    "kabupaten": "districts",
    "kecamatan": "subdistricts",
    "border": "border",
}


def main() -> None:
    """One page: read, narrow, join, show."""
    st.set_page_config("Kalbar Risk", page_icon="🧭", layout="wide")
    st.html(html.STYLE)
    look = theme.palette(st.context.theme.type)
    try:
        settings = load_settings()
        scope = current_scope(settings)
        if not scope.alive():
            frame.show_nothing_allowed(settings.screen.language)
            return
        desk = steward.Desk(settings, scope)
        newest = newest_assessment(settings.store.url, str(settings.store.folder))
        mark = f"{newest}|{scope}"
        meta, frames, places, credits, ground, options = assessed(mark, settings, scope)
    except MissingTable:
        frame.show_no_assessment("id")
        data.show(desk, None, None, [], settings.screen.language, look)
        return
    except DataError as problem:
        frame.show_problem(str(problem), "id")
        return
    selection = state.current(options)
    lang = selection.lang

    def show_map():
        layers = filters.show(selection, options, places)
        told, everywhere = shown(mark, where(selection), meta, frames, places, selection, settings)
        csv = partial(disclose.csv_text, notes=disclose.download_notes(meta, scope))
        map.show(told, selection, look, ground, layers, mark, everywhere, csv)

    pages = [
        st.Page(show_map, title=t("page.map", lang), url_path="peta", default=True),
        st.Page(
            lambda: quality.show(frames["scores"], meta, selection.horizon, lang, look),
            title=t("page.quality", lang), url_path="mutu",
        ),
        st.Page(
            lambda: data.show(desk, meta, places, credits, lang, look),
            title=t("page.data", lang), url_path="data",
        ),
        st.Page(lambda: help.show(lang), title=t("page.help", lang), url_path="bantuan"),
    ]  # fmt: skip
    page = st.navigation(pages, position="top")
    today = pd.Timestamp.now("Asia/Pontianak").tz_localize(None).normalize()
    shown_meta = meta | scene.verdict(meta, selection.horizon)
    frame.show_header(shown_meta, selection, options, look, today, settings.screen.stale_days)
    page.run()
    frame.show_versions(meta, lang, look)
    state.write_url(selection, options)
    run = st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.html(html.probe(run, len(frames["cells"])))


def current_scope(settings: Settings) -> access.Scope:
    """The viewer's scope. Without a file of users there is one local user who sees all."""
    if settings.access.users is None:
        return access.Scope("local", access.ALL_AGENCIES, "restricted", None, expires=FOREVER)
    return access.current_scope(getattr(st.user, "login", "") or "", settings.access.users)


@st.cache_data(ttl=20, max_entries=4, show_spinner=False)
def newest_assessment(url: str, folder: str) -> str:
    """Id of the newest assessment."""
    table = Store(url, folder).assessments()
    if table.empty:
        raise MissingTable("no assessment yet; write it with: python cli.py assess")
    return table["id"].iloc[0]


@st.cache_resource(max_entries=8, show_spinner=LOADING)
def assessed(mark: str, _settings: Settings, _scope: access.Scope):
    """What a scope may see of an assessment, names and ground, and what it may choose."""
    store = Store(_settings.store.url, _settings.store.folder)
    meta, frames = store.assessment(mark.split("|")[0], only=TABLES)
    frames["events"] = store.events()
    frames = disclose.suppress(access.visible(frames, _scope), _scope)
    meta = meta | {"tier": _scope.tier} | disclose.download_notes(meta, _scope)
    layers, tables, names, credits = read_ground(_settings)
    labels = {code: (one.label_id, one.label_en) for code, one in EVENT_TYPES.items()}
    labels |= {code: (name, name) for code, (name, _) in AGENCIES.items()}
    places = scene.Places(names["kabupaten"], names["kecamatan"], labels)
    ground = lay_ground(SHELF, layers, tables, mark)
    return meta, frames, places, credits, ground, offer(meta, frames, _settings)


def offer(meta: dict, frames: dict, settings: Settings) -> state.Options:
    """What can be chosen: only districts that the viewer's cells lie in."""
    cells = frames["cells"]
    pairs = cells[["kecamatan_code", "kabupaten_code"]].drop_duplicates().dropna()
    pairs = pairs[pairs["kecamatan_code"] != ""].sort_values("kecamatan_code")
    horizons = [int(weeks) for weeks in meta["horizons"]]
    return state.Options(
        kabupaten=sorted(set(cells["kabupaten_code"].dropna()) - {""}),
        kecamatan=dict(zip(pairs["kecamatan_code"], pairs["kabupaten_code"], strict=True)),
        groups=list(meta["groups"]),
        horizons=horizons,
        quantities=list(theme.QUANTITIES),
        cells=frozenset(cells["cell"]),
        language=settings.screen.language,
        coverage=settings.hotspots.coverage,
        horizon=horizons[0],
    )


def where(selection: state.Selection) -> str:
    """What the figures depend on: everything chosen but language, quantity and picked place."""
    told = selection
    return f"{told.horizon}|{told.group}|{told.kabupaten}|{told.kecamatan}|{told.coverage}"


@st.cache_resource(max_entries=32, show_spinner=False)
def joined(mark: str, horizon: int, group: str, _frames: dict) -> pd.DataFrame:
    """Every cell with the risk of one horizon and group."""
    return scene.join_cells(_frames, horizon, group)


@st.cache_resource(max_entries=4, show_spinner=False)
def grid_of(mark: str, _cells: list[str]) -> Grid:
    """The grid of an assessment; its neighbours are found once."""
    return Grid(_cells)


@st.cache_resource(max_entries=64, show_spinner=False)
def ranked(
    mark: str,
    narrowed: str,
    _table: pd.DataFrame,
    _grid: Grid,
    _settings: Settings,
    _coverage: float,
):
    """Coverage -> hotspots -> sectors, within the chosen district."""
    cells = _table.set_index("cell")
    hotspots = select_hotspots(cells["risk"], cells["area_km2"], _coverage)
    sector_of = build_sectors(hotspots, _grid, _settings.hotspots.max_sector_cells)
    columns = ["risk", "lo", "hi", "previous"]
    sectors = describe_sectors(sector_of, cells[columns], cells.drop(columns=[*columns, "change"]))
    return sector_of, sectors


def shown(mark: str, narrowed: str, meta, frames, places, selection: state.Selection, settings):
    """The scene of a selection, and the table of the whole area behind it."""
    district = selection.kabupaten, selection.kecamatan
    everywhere = joined(mark, selection.horizon, selection.group, frames)
    table = scene.in_district(everywhere, *district)
    grid = grid_of(mark, everywhere["cell"].tolist())
    sector_of, sectors = ranked(mark, narrowed, table, grid, settings, selection.coverage)
    whole = joined(mark, selection.horizon, "all", frames)
    quantity = theme.QUANTITIES[selection.quantity]
    told = scene.Scene(
        meta=meta,
        table=table,
        sectors=sectors,
        sector_of=sector_of,
        history=scene.of_group(
            scene.rows_in_district(frames["history"], table["cell"], *district), selection.group
        ),
        effort=scene.rows_in_district(frames["effort"], table["cell"], *district),
        reasons=frames["reasons"],
        events=frames["events"],
        scores=frames["scores"],
        places=places,
        breaks=theme.find_breaks(quantity, whole[quantity.column]),
        risk_breaks=theme.find_breaks(theme.QUANTITIES["risk"], whole["risk"]),
    )
    return told, everywhere


def read_ground(settings: Settings):
    """Layers, tables, names and credits of the study area; what is not configured is left out."""
    area = settings.area
    given = {name: getattr(area, key) for name, key in LAYERS.items()}
    layers = {name: as_geojson(path) for name, path in given.items() if path is not None}
    tables = {
        name: area_files.load_places(name, path)
        for name in ("towns", "desa", "posts")
        if (path := getattr(area, name)) is not None
    }
    names, credits = {"kabupaten": {}, "kecamatan": {}}, []
    for name, content in layers.items():
        told = json.loads(content)
        credits += [told["attribution"]] if told.get("attribution") else []
        if name in names:
            properties = (feature["properties"] for feature in told["features"])
            names[name] = {str(one.get("code", "")): str(one.get("name", "")) for one in properties}
    return layers, tables, names, credits


def as_geojson(path: Path) -> bytes:
    """A layer as the browser reads it: GeoJSON as it is, another format converted."""
    if path.suffix in (".geojson", ".json"):
        return path.read_bytes()
    return gpd.read_file(path).to_crs("EPSG:4326").to_json().encode()


main()
