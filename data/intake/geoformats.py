"""GeoJSON (also a feature a line), GeoPackage, FlatGeobuf, shapefiles and WKT -> raw tables.

Tables get `lat` and `lon` columns of text. A place that is no point (a line, a polygon), or that
is several, is not turned into one: its row is kept in `broken` with that reason and with empty
`lat` and `lon`, so that a person can say where it was. KML and GPX are in `xmlformats.py`.
"""

import json
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeGuard

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import DataError
from data.findings import reason
from data.tables import Broken, RawTable, table_of

MAX_FEATURES = 5_000_000
NOT_A_FEATURE = reason("feature_unreadable", "not a feature")
NO_NUMBERS = reason("coord_unreadable.numbers", "the point has no two numbers as coordinates")
_WKT = re.compile(
    r"\A\s*+(?:SRID=(\d{1,9});\s*+)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)"
    r"\s*+(?:Z|M|ZM)?\s*+(?:\(|EMPTY)",
    re.IGNORECASE,
)


def place_row(
    number: int, row: dict[str, str], points: list[tuple[str, str]], others: list[str]
) -> dict[str, str] | Broken:
    """A row with the place of its geometry; broken where the geometry is not one point.

    Parameters
    ----------
    number : line of the row
    row : its cells by column
    points : (lat, lon) of each point of its geometry
    others : kinds of the shapes in it that are no points
    """
    if len(points) == 1:
        lat, lon = points[0]
        return {**row, "lon": lon, "lat": lat}
    if not points and not others:
        return row
    open_place = {**row, "lon": row.get("lon", ""), "lat": row.get("lat", "")}
    if points:
        open_place["points"] = "; ".join(f"{lat} {lon}" for lat, lon in points)
        what = f"{len(points)} points for one row; which one is its place is not known"
        why = reason("several_points", what, n=len(points))
    else:
        kind = others[0][:20]
        what = f"the geometry is a {kind}, a Point is expected; give the row its lat and lon"
        why = reason("not_a_point", what, kind=kind)
    return Broken(number, json.dumps(open_place, ensure_ascii=False), why)


def shapes_beside(n: int) -> str:
    """The note that rows held a line or an area beside their point."""
    return reason(
        "shape_beside",
        f"{n} rows hold a line or an area beside their point; only the point was read",
        n=n,
    )


def layer_turned(layer: str, crs: str) -> str:
    """The note that a layer's places were turned from another reference system into WGS 84."""
    what = f"layer {layer}: turned from {crs} into WGS 84"
    return reason("layer_turned", what, layer=layer, crs=crs)


def read_geojson(name: str, content: bytes) -> list[RawTable]:
    """RFC 7946: properties are columns, a Point gives lat and lon; lines count the features."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise DataError(
            f"{name}: GeoJSON is UTF-8 by its standard, this is not",
            key="geojson_encoding", where=name,
        ) from problem  # fmt: skip
    try:
        document = json.loads(text)
    except json.JSONDecodeError as problem:
        if problem.msg == "Extra data" or text.startswith("\x1e"):
            return _read_feature_lines(name, text)
        where = f"line {problem.lineno}, column {problem.colno}"
        raise DataError(
            f"{name}: not valid JSON ({problem.msg}, {where})",
            key="json_broken", where=name, line=str(problem.lineno), column=str(problem.colno),
        ) from problem  # fmt: skip
    if isinstance(document, dict) and document.get("type") == "Feature":
        features = [document]
    elif isinstance(document, dict) and isinstance(document.get("features"), list):
        features = document["features"]
    else:
        raise DataError(
            f"{name}: a GeoJSON FeatureCollection is expected", key="geojson_other", where=name
        )
    crs = document.get("crs")
    if crs and not any(code in json.dumps(crs) for code in ("CRS84", "4326")):
        raise DataError(
            f"{name}: coordinates in another CRS; GeoJSON is WGS 84 by its standard",
            key="geojson_crs", where=name,
        )  # fmt: skip
    outside = {} if document.get("type") == "Feature" else {**document, "features": None}
    return [replace(_features(enumerate(features, 1)), titles=text_of(outside))]


def _read_feature_lines(name: str, text: str) -> list[RawTable]:
    """GeoJSON with a feature a line (also RFC 8142); a line that is none is kept as broken."""
    features: list[tuple[int, object]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line := line.strip("\x1e \r\t"):
            try:
                features.append((number, json.loads(line)))
            except ValueError:
                features.append((number, line))
    if not any(isinstance(feature, dict) for _, feature in features):
        raise DataError(
            f"{name}: a GeoJSON FeatureCollection is expected", key="geojson_other", where=name
        )
    return [_features(features)]


def _features(features: Iterable[tuple[int, object]]) -> RawTable:
    rows, lines, broken, beside = [], [], [], 0
    for number, feature in features:
        if not _is_feature(feature):
            broken.append(Broken(number, text_of(feature), NOT_A_FEATURE))
            continue
        row = {
            text_of(str(key)): text_of(value)
            for key, value in (feature.get("properties") or {}).items()
        }
        if feature.get("id") not in (None, "") and "id" not in row:
            row["id"] = text_of(feature["id"])
        read, others = _parts(feature.get("geometry"))
        points = [point for point in read if point is not None]
        if len(points) < len(read):
            text = json.dumps({**row, "lon": "", "lat": ""}, ensure_ascii=False)
            broken.append(Broken(number, text, NO_NUMBERS))
        elif isinstance(placed := place_row(number, row, points, others), Broken):
            broken.append(placed)
        else:
            rows.append(placed)
            lines.append(number)
            beside += bool(points and others)
    return table_of_dicts("", rows, lines, broken, [shapes_beside(beside)] if beside else [])


def _is_feature(feature: object) -> TypeGuard[dict[str, Any]]:
    return (
        isinstance(feature, dict)
        and "type" in feature
        and isinstance(feature.get("properties") or {}, dict)
    )


def _parts(shape: object) -> tuple[list[tuple[str, str] | None], list[str]]:
    """(lat, lon) of each point of a GeoJSON geometry, None if unreadable; other kinds of shapes."""
    if not shape:
        return [], []
    if not isinstance(shape, dict):
        return [], ["?"]
    kind = shape.get("type", "?")
    if kind == "Point":
        return [_numbers(shape.get("coordinates"))], []
    if kind == "MultiPoint" and isinstance(places := shape.get("coordinates"), list):
        return [_numbers(place) for place in places], []
    if kind == "GeometryCollection" and isinstance(inside := shape.get("geometries"), list):
        parts = [_parts(part) for part in inside]
        return [p for points, _ in parts for p in points], [
            o for _, others in parts for o in others
        ]
    return [], [str(kind)]


def _numbers(place: object) -> tuple[str, str] | None:
    if not isinstance(place, list) or len(place) < 2:
        return None
    if not all(isinstance(value, int | float) for value in place[:2]):
        return None
    return repr(place[1]), repr(place[0])


def text_of(value: object) -> str:
    """A value of JSON or of a typed column as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # JSON may hold halves of characters
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "|".join(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def number_text(value: float) -> str:
    """A native number as text that no reader takes for grouped thousands: 1.234 is 1.2340."""
    text = repr(value)
    return text + "0" if re.fullmatch(r"-?\d{1,3}\.\d{3}", text) else text


def table_of_dicts(
    sheet: str, rows: list[dict[str, Any]], lines: list[int], broken: list[Broken], notes: list[str]
) -> RawTable:
    """Rows by column as one table; broken rows that have columns name theirs too.

    Parameters
    ----------
    sheet : name of the layer, "" where there is one only
    rows : cells as text, by column
    lines : number of each row in the file
    broken : rows that could not be read
    notes : what was taken for granted
    """
    header = dict.fromkeys(key for row in rows for key in row)
    for item in broken:
        if item.text.startswith("{"):
            header |= dict.fromkeys(json.loads(item.text))
    table = [[row.get(key, "") for key in header] for row in rows]
    return table_of(sheet, list(header), table, lines, broken, notes)


def read_layers(name: str, content: bytes) -> list[RawTable]:
    """Each layer of a GeoPackage, FlatGeobuf or bare shapefile archive is a table, in WGS 84.

    The line is the row number. `content` begins as its one format does (see
    `data.intake.formats`), so that GDAL opens nothing else; it is opened in memory: what is
    refused for personal data must not have touched a disk.
    """
    import pyogrio

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # bytes have no file name extension
            layers = [str(layer) for layer, _ in pyogrio.list_layers(content)]
            frames = {layer: pyogrio.read_dataframe(content, layer=layer) for layer in layers}
    except Exception as problem:
        raise DataError(
            f"{name}: not a GeoPackage that can be opened", key="gpkg_unreadable", where=name
        ) from problem
    return [_layer(name, layer, frame) for layer, frame in frames.items()]


def _layer(name: str, layer: str, frame: pd.DataFrame) -> RawTable:
    import geopandas as gpd

    if not isinstance(frame, gpd.GeoDataFrame) or frame.geometry.name not in frame:
        return table_of_shapes(layer, frame, None, [])
    if frame.crs is None:
        where = f"{name}, layer {layer}"
        raise DataError(f"{where}: no CRS is declared", key="no_crs", where=where)
    notes = []
    if frame.crs.to_epsg() != 4326:
        notes.append(layer_turned(layer, frame.crs.name))
        frame = frame.to_crs("EPSG:4326")
    rows = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return table_of_shapes(layer, rows, np.asarray(frame.geometry, dtype=object), notes)


def table_of_shapes(
    sheet: str, frame: pd.DataFrame, shapes: np.ndarray | None, notes: list[str]
) -> RawTable:
    """A table of typed columns with the place of each row's shape (shapely, lon lat; or None).

    A row without a shape keeps the lat and lon that its own columns give.

    Parameters
    ----------
    sheet : name of the layer, "" where there is one only
    frame : columns beside the shape
    shapes : of each row; None if the file has none
    notes : what was taken for granted
    """
    header = [str(column) for column in frame.columns]
    rows, lines, broken, beside = [], [], [], 0
    values = frame.itertuples(index=False, name=None)
    parts = _nothing(len(frame)) if shapes is None else map(_shape_parts, shapes)
    for number, (cells, (points, others)) in enumerate(zip(values, parts, strict=True), 1):
        row = dict(zip(header, map(cell_text, cells), strict=True))
        placed = place_row(number, row, points, others)
        if isinstance(placed, Broken):
            broken.append(placed)
        else:
            rows.append(placed)
            lines.append(number)
            beside += bool(points and others)
    notes = [*notes, shapes_beside(beside)] if beside else notes
    table = table_of_dicts(sheet, rows, lines, broken, notes)
    if len(table.cells.columns) or len(rows) or broken:
        return table
    return table_of(sheet, header, [], [], [], notes)


def _nothing(n: int) -> Iterator[tuple[list[tuple[str, str]], list[str]]]:
    return (([], []) for _ in range(n))


def _shape_parts(shape: BaseGeometry | None) -> tuple[list[tuple[str, str]], list[str]]:
    """(lat, lon) of each point of a shape, and the kinds of its parts that are none."""
    if shape is None or shape.is_empty:
        return [], []
    parts = _single(shape)
    points = [(repr(part.y), repr(part.x)) for part in parts if isinstance(part, shapely.Point)]
    return points, [shape.geom_type for part in parts if part.geom_type != "Point"]


def _single(shape: BaseGeometry) -> list[BaseGeometry]:
    if shape.is_empty:
        return []
    if shape.geom_type in ("GeometryCollection", "MultiPoint"):
        return [part for inside in shapely.get_parts(shape) for part in _single(inside)]
    return [shape]


def cell_text(value: object) -> str:
    """The text of a typed cell: dates as ISO, whole numbers without a decimal point."""
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, float | np.floating) and np.isnan(value):
        return ""
    if hasattr(value, "isoformat"):
        text = value.isoformat(sep=" ") if hasattr(value, "hour") and hasattr(value, "year") else ""
        return text or value.isoformat()
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return text_of(value.item() if isinstance(value, np.generic) else value)


def place_wkt(name: str, table: RawTable) -> RawTable:
    """A table whose WKT column (`POINT (109.9 1.2)`) became lat and lon; others as they are.

    Raises
    ------
    DataError
        If the column declares another reference system than 4326.
    """
    column = next((each for each in table.cells.columns if _is_wkt(table.cells[each])), None)
    if table.kind != "rows" or column is None:
        return table
    text = table.cells[column].str.strip()
    declared = set(text.str.extract(_WKT)[0].dropna()) - {"4326"}
    if declared:
        codes = ", ".join(sorted(declared))
        raise DataError(
            f"{name}: column '{column}' is in EPSG:{codes}; WKT is read in EPSG:4326",
            key="wkt_crs", where=name, column=column, codes=codes,
        )  # fmt: skip
    shapes = shapely.from_wkt(
        text.str.replace(r"^SRID=\d+;", "", regex=True).to_numpy(dtype=object),
        on_invalid="ignore",
    )
    lost = pd.isna(shapes) & (text != "").to_numpy()
    read = table_of_shapes(
        table.sheet, table.cells.drop(columns=column)[~lost], shapes[~lost], table.notes
    )
    at = table.lines[~lost]  # their rows are counted from 1 anew
    broken = [replace(item, line=int(at[item.line - 1])) for item in read.broken]
    for place in np.flatnonzero(lost):
        row = json.dumps(dict(table.cells.iloc[place]), ensure_ascii=False)
        what = f"{text.iloc[place][:40]!r} is no geometry in WKT"
        why = reason("wkt_unreadable", what, text=text.iloc[place][:40])
        broken.append(Broken(int(table.lines[place]), row, why))
    broken = sorted([*table.broken, *broken], key=lambda item: item.line)
    return replace(
        table, cells=read.cells, lines=at[read.lines - 1], broken=broken, notes=read.notes
    )


def _is_wkt(cells: pd.Series) -> bool:
    filled = cells[cells.str.strip() != ""].head(50)
    return bool(len(filled)) and bool(filled.str.match(_WKT).all())
