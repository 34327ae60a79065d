"""Tables to take away, by command line, dashboard or address: scoped, suppressed, stamped."""

import json
import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from data import spreadsheet
from data.errors import DataError
from data.gate import access, disclose
from data.store.records import Store
from joins.desks import view
from settings import Settings
from ui import theme
from ui.map import scene
from ui.paper import files
from ui.selection import Selection
from ui.words import names as names_of


class What(StrEnum):
    """Tables that can be taken away."""

    HOTSPOTS = "hotspots"
    SECTORS = "sectors"
    CELLS = "cells"
    PANEL = "panel"


SUFFIXES = (".geojson", ".gpkg", ".parquet", ".csv")


def write(
    settings: Settings,
    store: Store,
    what: What,
    file: Path,
    horizon: int | None = None,
    group: str = "all",
    coverage: float | None = None,
    kabupaten: str = "",
) -> int:
    """Write one table of the newest assessment to a file; gives the number of rows.

    Parameters
    ----------
    settings : of the program
    store : where assessments are kept
    what : the table
    file : where it goes; its suffix says the format
    horizon : weeks ahead; the first of the assessment by default
    group : "all", a direction or an event type
    coverage : share of the area, 0 to 1; that of the settings by default
    kabupaten : code or name of a district, "" for all

    Raises
    ------
    DataError
        If the suffix, the horizon, the group or the district is unknown.
    """
    if file.suffix not in SUFFIXES:
        raise DataError(
            f"{file.name}: the name ends in one of {', '.join(SUFFIXES)}",
            key="export_ending", where=file.name, known=list(SUFFIXES),
        )  # fmt: skip
    seen = view.read(view.newest(settings), settings, access.LOCAL)
    chosen = choose(seen, horizon, group, coverage, kabupaten)
    content, rows = build(seen, What(what), file.suffix, chosen)
    file.write_bytes(content)
    return rows


def choose(
    seen: view.Shown, horizon: int | None = None, group: str = "all",
    coverage: float | None = None, kabupaten: str = "",
) -> Selection:  # fmt: skip
    """The selection that these arguments mean.

    Parameters
    ----------
    seen : what is shown
    horizon : weeks ahead; the first of the assessment by default
    group : "all", a direction or an event type
    coverage : share of the area, 0 to 1; that of the settings by default
    kabupaten : code or name of a district, "" for all

    Raises
    ------
    DataError
        If one of them is not on offer.
    """
    options = seen.options
    horizon = options.horizon if horizon is None else horizon
    if horizon not in options.horizons:
        raise _not_offered("horizon", list(map(str, options.horizons)), horizon)
    if group not in options.groups:
        raise _not_offered("group", list(options.groups), group)
    coverage = options.coverage if coverage is None else coverage
    if not 0 < coverage <= 1:
        raise DataError(
            f"coverage is a share of the area, 0 < coverage <= 1, got {coverage}",
            key="coverage_impossible", given=str(coverage),
        )  # fmt: skip
    if kabupaten:
        kabupaten = _district(
            kabupaten, {k: seen.places.kabupaten.get(k, k) for k in options.kabupaten}
        )
    return Selection(horizon=horizon, group=group, coverage=coverage, kabupaten=kabupaten)


def _not_offered(name: str, known: list[str], given: object) -> DataError:
    what = f"{name} is one of {', '.join(known)}, got {given!r}"
    return DataError(what, key="not_offered", name=name, known=known, given=str(given))


def _district(said: str, names: dict[str, str]) -> str:
    """The code of a district told by its code or its name, with or without its kind."""

    def plain(name: str) -> str:
        return name.strip().casefold().removeprefix("kabupaten ").removeprefix("kota ")

    if said in names:
        return said
    found = [code for code, name in names.items() if plain(name) == plain(said)]
    if len(found) == 1:
        return found[0]
    offer = ", ".join(f"{code} {name}" for code, name in names.items()) or "none in this area"
    what = f"no cell in kabupaten {said!r}; there are: {offer}"
    raise DataError(what, key="no_district", given=said, offer=offer)


def build(seen: view.Shown, what: What, suffix: str, selection: Selection) -> tuple[bytes, int]:
    """One table of what is shown as the bytes of a file; and the number of rows.

    Parameters
    ----------
    seen : what is shown
    what : the table
    suffix : of the file, with its dot; it says the format
    selection : what was chosen
    """
    names: tuple[str, ...]
    shapes: Callable[[], bytes]
    drawn = seen.scene(selection)
    about = files.stamp(seen.meta, selection.horizon, selection.group, selection.coverage)
    if what is What.PANEL:
        table = panel(drawn)
        return _as_table(table, suffix, about, seen), len(table)
    if what is What.SECTORS:
        table = sectors(seen, drawn)
        table = table.assign(name=names_of.fulls(table, files.LANG))
        members = {n: list(drawn.sector_of.index[drawn.sector_of == n]) for n in table["sector"]}
        shapes = lambda: files.sectors_geojson(table, members, about)  # noqa: E731
        names = files.SECTOR_COLUMNS
    else:
        table = cells(drawn)
        table = table[table["hotspot"]] if what is What.HOTSPOTS else table
        shapes = lambda: files.cells_geojson(table, about)  # noqa: E731
        names = files.CELL_COLUMNS
    if suffix == ".csv":
        kept = table[[name for name in names if name in table]]
        return _as_table(kept, suffix, about, seen), len(table)
    return _as_places(shapes(), suffix, str(what), about), len(table)


def cells(drawn: scene.Scene) -> pd.DataFrame:
    """The cells of the chosen district with class, hotspot and sector."""
    table = drawn.table
    sector = table["cell"].map(drawn.sector_of).fillna(0).astype(int)
    codes = drawn.sectors.set_index("sector")["sector_code"]
    level = theme.classify(table["risk"], list(drawn.risk_breaks))
    table = table.assign(
        sector=sector,
        sector_code=sector.map(codes).fillna(""),
        hotspot=sector > 0,
        **{"class": np.array(theme.CLASSES)[level]},
    )
    about = drawn.contested_cells()
    by_cell: dict[str, list[str]] = {}
    for name, members in about.items():
        for cell in members:
            by_cell.setdefault(cell, []).append(name)
    return table.assign(**_contested(drawn, [by_cell.get(cell, []) for cell in table["cell"]]))


def sectors(seen: view.Shown, drawn: scene.Scene) -> pd.DataFrame:
    """The ranked sectors with the names of their districts."""
    table = drawn.sectors.assign(rank=np.arange(1, len(drawn.sectors) + 1))
    table["kabupaten"] = table["kabupaten_code"].map(seen.places.kabupaten)
    table["kecamatan"] = table["kecamatan_code"].map(seen.places.kecamatan)
    said = [drawn.contests(drawn.cells_of(cell))["override_id"].tolist() for cell in table["cell"]]
    return table.assign(**_contested(drawn, said))


def _contested(drawn: scene.Scene, names: list[list[str]]) -> dict[str, list[str]]:
    """What analysts say of each row beside the model's figures; "" where nobody contests it."""
    words = drawn.contested.set_index("override_id")
    ends = words["expires_at"].map(lambda end: f"{scene.last_day(end):%Y-%m-%d}")
    columns = {"": words["value"], "_reason": words["reason"], "_until": ends}
    return {
        f"contested{which}": ["; ".join(drawn.loc[n]) if n else "" for n in names]
        for which, drawn in columns.items()
    }


def panel(drawn: scene.Scene) -> pd.DataFrame:
    """Records and effort per cell and week. A row tells one of the two and is empty in the other;
    a number that is hidden is empty and says so beside it."""
    keys = ["cell", "week"]
    names = {"weight": "events", "weight_suppressed": "events_suppressed"}
    events = drawn.history.rename(columns=names)
    effort = drawn.effort.assign(event_type="", direction="")
    columns = [*keys, "event_type", "direction", "events", "minutes", "km", "visits"]
    table = pd.concat([events, effort])
    kept = [
        name
        for name in (*columns, "week_last", "kabupaten_code", "events_suppressed")
        if name in table
    ]
    return table[kept].sort_values(keys, ignore_index=True)


def _as_table(table: pd.DataFrame, suffix: str, about: dict[str, Any], seen: view.Shown) -> bytes:
    if suffix == ".csv":
        notes = disclose.download_notes(seen.meta, seen.scope)
        return spreadsheet.csv_text(table, notes).encode()
    if suffix != ".parquet":
        what = f"a file {suffix}: this table has no shapes; take .csv or .parquet"
        raise DataError(what, key="no_shapes", suffix=suffix)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        files.with_stamp(table, about).to_parquet(path, index=False)
        return path.read_bytes()


def _as_places(content: bytes, suffix: str, name: str, about: dict[str, Any]) -> bytes:
    """GeoJSON as it is; the other formats are made from the very same features."""
    if suffix == ".geojson":
        return content
    features = json.loads(content)["features"]
    table = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}{suffix}"
        if suffix == ".gpkg":
            table.to_file(path, driver="GPKG", layer=name, metadata=_plain(about))
        else:
            table.to_parquet(path, index=False)
        return path.read_bytes()


def _plain(about: dict[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in about.items()}
