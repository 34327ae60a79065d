"""The real ground, or any other: files of an area -> `StudyArea`, its cell table, its places.

`tools.area.build` writes the committed files of West Kalimantan; nothing of it is needed to run.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pandas.api.types import pandas_dtype
from pyproj.exceptions import CRSError

from data.errors import DataError
from data.findings import reason
from geo import calendar, crs
from geo.area import StudyArea, metric_for

#: every column of the cell table; what an area does not know about its cells is missing (NaN)
CELL_COLUMNS = {
    "cell": "str",  # H3 id
    "lat": "float64",  # of the centre, degrees
    "lon": "float64",
    "area_km2": "float64",
    "kabupaten_code": "str",
    "kecamatan_code": "str",
    "desa_code": "str",  # the desa whose fitted cell holds the centre
    "desa": "str",
    "dist_border_km": "float64",
    "dist_desa_km": "float64",
    "dist_town_id_km": "float64",
    "dist_town_my_km": "float64",
    "dist_post_km": "float64",  # gates and traditional posts of high or medium confidence
    "dist_coast_km": "float64",
    "pop_km2_proxy": "float64",  # if every desa of a kabupaten had equally many people
    "elev_m": "float64",
    "relief_m": "float64",
    "forest": "float64",  # 1 dense evergreen forest, 0 other
}
PLACE_COLUMNS = {
    "desa": {
        "desa_code": "str",
        "desa": "str",
        "kecamatan_code": "str",
        "lat": "float64",
        "lon": "float64",
    },
    "towns": {
        "name": "str",
        "country": "str",
        "lat": "float64",
        "lon": "float64",
        "population": "float64",
        "rank": "int64",
    },
    "posts": {
        "post_id": "str",
        "name": "str",
        "kind": "str",
        "kabupaten_code": "str",
        "lat": "float64",
        "lon": "float64",
        "uncertainty_km": "float64",
        "confidence": "str",
        "note": "str",
    },
}


def load_area(
    name: str,
    land: Path | str,
    border: Path | str | None = None,
    districts: Path | str | None = None,
    subdistricts: Path | str | None = None,
    time_zone: str = calendar.HOME,
) -> StudyArea:
    """Read the files of a study area; any polygon on earth is one.

    Parameters
    ----------
    name : as shown to people
    land : file of polygons (GeoJSON, GeoPackage, ...); all of them together are the area
    border : file of lines to measure distance from
    districts, subdistricts : files of polygons with `code` (text) and `name`
    time_zone : IANA name of the zone in which days and weeks are cut

    A file without a CRS is taken as longitude/latitude.

    Raises
    ------
    DataError
        Naming all faults of all files at once.
    """
    faults: list[str] = []
    polygons = _read(land, "Polygon", [], faults)
    lines = _read(border, "LineString", [], faults)
    levels = [
        _read(path, "Polygon", ["code", "name"], faults) for path in (districts, subdistricts)
    ]
    if faults or polygons is None:  # without a layer there is a fault
        raise DataError.of(faults)
    ground = shapely.union_all(polygons.geometry.to_numpy())
    return StudyArea(
        name=name,
        land=ground,
        time_zone=time_zone,
        border=None if lines is None else shapely.union_all(lines.geometry.to_numpy()),
        districts=levels[0],
        subdistricts=levels[1],
        metric=metric_for(ground),
    )


def load_cells(path: Path | str | None, area: StudyArea, resolution: int) -> pd.DataFrame:
    """What is known about each cell of the area: one row per cell, the columns of CELL_COLUMNS.

    Parameters
    ----------
    path : the area's own table (Parquet); None computes what the area itself tells: centre, area,
        district codes and distance to the border, everything else missing
    area : where the cells lie
    resolution : H3 resolution; a table of another resolution is refused

    Raises
    ------
    DataError
        If the table cannot be read, lacks a column, or is of another resolution.
    """
    if path is None:
        return _cells_of(area, resolution)
    path = Path(path)
    try:
        table = pq.read_table(path).to_pandas()
    except (OSError, pa.ArrowException) as problem:
        what = f"{path.name}: not a Parquet file that can be read: {problem}"
        raise DataError(what, key="parquet_unreadable", where=path.name) from problem
    if missing := [column for column in CELL_COLUMNS if column not in table]:
        raise _columns_missing(path, missing)
    found = {int(cell[1], 16) for cell in table["cell"]}
    if found != {resolution}:
        raise DataError(
            f"{path.name} holds cells of resolution {sorted(found)}, {resolution} is configured; "
            "leave `cells` out to compute a table for it",
            key="cells_resolution", where=path.name, found=list(map(str, sorted(found))),
            wanted=str(resolution),
        )  # fmt: skip
    return table[list(CELL_COLUMNS)].astype(CELL_COLUMNS)


def named_places(desa: pd.DataFrame | None, towns: pd.DataFrame | None) -> pd.DataFrame:
    """The places that ground is called after: desa, else towns, else none.

    Parameters
    ----------
    desa, towns : tables as `load_places` gives them, or None

    Returns
    -------
    DataFrame with place_id, name, lat, lon, as `geo.naming.name_pieces` takes it
    """
    if desa is not None and len(desa):
        table = desa.rename(columns={"desa_code": "place_id", "desa": "name"})
    elif towns is not None and len(towns):
        table = towns.assign(place_id=towns["name"])
    else:
        table = pd.DataFrame(columns=["place_id", "name", "lat", "lon"])
    return table[["place_id", "name", "lat", "lon"]]


def load_places(kind: str, path: Path | str | None) -> pd.DataFrame:
    """Points with names: `kind` is desa, towns or posts, its columns are in PLACE_COLUMNS.

    An empty table without a path. Coordinates may be missing: 15 desa of West Kalimantan have
    none published. Codes are text; an empty cell of text is "".

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column or holds a number that is none.
    """
    columns = PLACE_COLUMNS[kind]
    if path is None:
        return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in columns.items()})
    path = Path(path)
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, ValueError) as problem:
        what = f"{path.name}: not readable as CSV; save it again as CSV in UTF-8: {problem}"
        raise DataError(what, key="csv_broken", where=path.name) from problem
    if missing := [column for column in columns if column not in table]:
        raise _columns_missing(path, missing)
    faults = []
    for column, dtype in columns.items():
        if dtype == "str":
            continue
        number = pd.to_numeric(table[column], errors="coerce")
        wrong = number.isna() & ((table[column] != "") | (dtype == "int64"))
        if wrong.any():
            lines = ", ".join(str(line + 2) for line in np.flatnonzero(wrong)[:5])
            what = f"{path.name}: {column} is not a number in line {lines}"
            faults.append(reason("no_number", what, where=path.name, column=column, lines=lines))
        else:
            table[column] = number.astype(pandas_dtype(dtype))
    if faults:
        raise DataError.of(faults)
    return table[list(columns)]


def _columns_missing(path: Path, missing: list[str]) -> DataError:
    what = f"{path.name}: columns {missing} are missing"
    return DataError(what, key="columns_missing", where=path.name, columns=missing)


def _cells_of(area: StudyArea, resolution: int) -> pd.DataFrame:
    grid = area.grid(resolution)
    known = {
        "cell": grid.cells,
        "lat": grid.lat.round(6),
        "lon": grid.lon.round(6),
        "area_km2": grid.area_km2.round(4),
        "kabupaten_code": area.district_of(grid.lat, grid.lon),
        "kecamatan_code": area.subdistrict_of(grid.lat, grid.lon),
        "dist_border_km": area.border_distance_km(grid.lat, grid.lon).round(2),
    }
    return pd.DataFrame(known).reindex(columns=list(CELL_COLUMNS)).astype(CELL_COLUMNS)


def _read(
    path: Path | str | None, shape: str, columns: list[str], faults: list[str]
) -> gpd.GeoDataFrame | None:
    """Features of one shape in longitude/latitude; faults are added to the list."""
    if path is None:
        return None
    path = Path(path)
    if not path.exists():
        faults.append(reason("no_file", f"{path.name}: no such file", where=path.name))
        return None
    try:
        table = gpd.read_file(path)
        table = table.set_crs(crs.WGS84) if table.crs is None else table.to_crs(crs.WGS84)
    except (pyogrio.errors.DataSourceError, CRSError, AttributeError, OSError) as problem:
        what = f"{path.name}: cannot be read as a map layer: {problem}"
        faults.append(reason("layer_unreadable", what, where=path.name))
        return None
    if missing := [column for column in columns if column not in table]:
        what = f"{path.name}: columns {missing} are missing, found {list(table.columns)}"
        faults.append(reason("columns_missing", what, where=path.name, columns=missing))
        return None
    table = table[~(table.geometry.isna() | table.geometry.is_empty)]
    flat = shapely.force_2d(table.geometry.to_numpy())  # heights say nothing here, and h3 none
    table = table.set_geometry(shapely.make_valid(flat), crs=crs.WGS84)
    kinds = set(table.geometry.geom_type.str.removeprefix("Multi"))
    if kinds != {shape}:
        what = f"{path.name}: {shape} features expected, got {sorted(kinds) or 'none'}"
        forms = ", ".join(sorted(kinds)) or "-"
        faults.append(reason("layer_shapes", what, where=path.name, shape=shape, given=forms))
        return None
    if not (np.abs(table.total_bounds) <= [180, 90, 180, 90]).all():
        what = f"{path.name}: coordinates are not degrees and no CRS says what they are"
        faults.append(reason("layer_degrees", what, where=path.name))
        return None
    if not columns:
        return table
    if table["code"].isna().any() or table["code"].astype(str).duplicated().any():
        what = f"{path.name}: every feature needs a code of its own"
        faults.append(reason("layer_codes", what, where=path.name))
        return None
    table = table.astype({"code": str, "name": str})
    return table[[*columns, "geometry"]].reset_index(drop=True)
