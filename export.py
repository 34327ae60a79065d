"""What a person takes away, by the command line or the dashboard: scoped, suppressed, stamped."""

import json
from enum import StrEnum
from pathlib import Path

import geopandas as gpd
import pandas as pd

from data import access, disclose
from data.errors import DataError
from data.store import Store
from geo.grid import Grid
from risk.hotspots import build_sectors, describe_sectors, select_hotspots
from settings import Settings
from ui import export as files
from ui import scene


class What(StrEnum):
    """Tables that can be taken away."""

    HOTSPOTS = "hotspots"
    SECTORS = "sectors"
    CELLS = "cells"
    PANEL = "panel"


FOREVER = pd.Timestamp("2200-01-01", tz="UTC")
SUFFIXES = (".geojson", ".gpkg", ".parquet", ".csv")


def local_scope() -> access.Scope:
    """Whoever can start the program on this machine may read its store anyway."""
    return access.Scope("local", access.ALL_AGENCIES, "restricted", None, expires=FOREVER)


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

    Raises
    ------
    DataError
        If the suffix, the horizon, the group or the district is unknown.
    """
    if file.suffix not in SUFFIXES:
        raise DataError(f"{file.name}: the name ends in one of {', '.join(SUFFIXES)}")
    scope = local_scope()
    meta, frames = store.assessment()
    frames = disclose.suppress(access.visible(frames, scope), scope)
    horizon = meta["horizons"][0] if horizon is None else horizon
    if horizon not in meta["horizons"]:
        raise DataError(f"horizon is one of {meta['horizons']} weeks, got {horizon}")
    if group not in meta["groups"]:
        raise DataError(f"group is one of {', '.join(meta['groups'])}, got {group!r}")
    share = settings.hotspots.coverage if coverage is None else coverage
    meta = meta | disclose.download_notes(meta, scope)
    about = files.stamp(meta, horizon, group, share)
    if what is What.PANEL:
        table = frames["history"]
        inside = scene.in_district(frames["cells"], kabupaten, "")["cell"]
        return _save(table[table["cell"].isin(inside)], file, about, meta, scope)
    table = scene.in_district(scene.join_cells(frames, horizon, group), kabupaten, "")
    if table.empty:
        raise DataError(f"no cell in kabupaten {kabupaten!r}; codes look like 61.03")
    cells = table.set_index("cell")
    hotspot = select_hotspots(cells["risk"], cells["area_km2"], share)
    grid = Grid(table["cell"].tolist())
    sector = build_sectors(hotspot, grid, settings.hotspots.max_sector_cells)
    table = table.assign(hotspot=hotspot.to_numpy(), sector=sector.to_numpy())
    if what is not What.SECTORS:
        chosen = table[table["hotspot"]] if what is What.HOTSPOTS else table
        if file.suffix == ".csv":
            return _save(chosen, file, about, meta, scope)
        return _save_places(files.cells_geojson(chosen, about), file)
    numbers = ["risk", "lo", "hi", "previous"]
    rest = cells.drop(columns=[*numbers, "change"])
    sectors = describe_sectors(sector, cells[numbers], rest)
    sectors.insert(0, "rank", range(1, len(sectors) + 1))
    if file.suffix == ".csv":
        return _save(sectors, file, about, meta, scope)
    members = {n: list(sector.index[sector == n]) for n in sectors["sector"]}
    return _save_places(files.sectors_geojson(sectors, members, about), file)


def _save(table: pd.DataFrame, file: Path, about: dict, meta: dict, scope: access.Scope) -> int:
    if file.suffix == ".parquet":
        files.with_stamp(table, about).to_parquet(file, index=False)
    elif file.suffix == ".csv":
        text = disclose.csv_text(table, disclose.download_notes(meta, scope))
        file.write_text(text, encoding="utf-8")
    else:
        raise DataError(f"{file.name}: this table has no shapes; take .csv or .parquet")
    return len(table)


def _save_places(content: bytes, file: Path) -> int:
    """GeoJSON as it is; the other formats are made from the very same features."""
    features = json.loads(content)["features"]
    if file.suffix == ".geojson":
        file.write_bytes(content)
    else:
        table = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
        if file.suffix == ".gpkg":
            table.to_file(file, driver="GPKG", layer=file.stem)
        else:
            table.to_parquet(file, index=False)
    return len(features)
