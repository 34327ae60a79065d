"""GeoJSON, GeoPackage, KML/KMZ and GPX -> raw tables with `lat` and `lon` columns of text.

XML is read without entities: a document type is refused before anything is parsed. KML writes
lon, lat; GPX writes them as attributes. A place that is no point (a line, a polygon) is not
turned into one: its row is kept in `broken` with that reason. Lines with times are tracks.
"""

import json
import re
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Collection, Iterator
from dataclasses import replace
from xml.parsers import expat

import numpy as np
import pandas as pd

from data.errors import DataError
from data.formats import Broken, RawTable, table_of

MAX_FEATURES = 5_000_000
MAX_DEPTH = 100


#: elements without words, and those whose words become rows: (parent, child)
_DULL = ("time", "ele", "when", "coord", "coordinates", "begin", "end", "styleUrl", "href", "color")
_KML_ROWS = {("Placemark", name) for name in ("name", "description", "ExtendedData")}
_GPX_ROWS = {("trk", "name"), ("rte", "name")} | {
    ("wpt", name) for name in ("name", "cmt", "desc", "src", "sym", "type", "time", "ele")
}
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|table|meta)", re.IGNORECASE)


def read_geojson(name: str, content: bytes) -> list[RawTable]:
    """RFC 7946: properties are columns, a Point gives lat and lon; lines count the features."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise DataError(f"{name}: GeoJSON is UTF-8 by its standard, this is not") from problem
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        raise DataError(f"{name}: not valid JSON ({problem.msg}, {where})") from problem
    if isinstance(document, dict) and document.get("type") == "Feature":
        features = [document]
    elif isinstance(document, dict) and isinstance(document.get("features"), list):
        features = document["features"]
    else:
        raise DataError(f"{name}: a GeoJSON FeatureCollection is expected")
    crs = document.get("crs")
    if crs and not any(code in json.dumps(crs) for code in ("CRS84", "4326")):
        raise DataError(f"{name}: coordinates in another CRS; GeoJSON is WGS 84 by its standard")
    rows, lines, broken = [], [], []
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
            broken.append(Broken(number, _text(feature), "feature_unreadable: not a feature"))
            continue
        row = {
            _text(str(key)): _text(value)
            for key, value in (feature.get("properties") or {}).items()
        }
        if feature.get("id") not in (None, "") and "id" not in row:
            row["id"] = _text(feature["id"])
        shape = feature.get("geometry")
        if shape:
            point = _point(shape)
            if point is None:
                kind = shape.get("type", "?") if isinstance(shape, dict) else "?"
                reason = f"not_a_point: the geometry is a {str(kind)[:20]}, a Point is expected"
                if kind == "Point":
                    reason = "coord_unreadable: the point has no two numbers as coordinates"
                broken.append(Broken(number, json.dumps(row, ensure_ascii=False), reason))
                continue
            row["lon"], row["lat"] = point
        rows.append(row)
        lines.append(number)
    outside = {} if document.get("type") == "Feature" else {**document, "features": None}
    return [replace(_from_dicts("", rows, lines, broken, []), titles=_text(outside))]


def _point(shape: object) -> tuple[str, str] | None:
    if not isinstance(shape, dict):
        return None
    place = shape.get("coordinates")
    if shape.get("type") == "MultiPoint" and isinstance(place, list) and len(place) == 1:
        place = place[0]
    elif shape.get("type") != "Point":
        return None
    if not isinstance(place, list) or len(place) < 2:
        return None
    if not all(isinstance(value, int | float) for value in place[:2]):
        return None
    return repr(place[0]), repr(place[1])


def _text(value: object) -> str:
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
    return json.dumps(value, ensure_ascii=False)


def number_text(value: float) -> str:
    """A native number as text that no reader takes for grouped thousands: 1.234 is 1.2340."""
    text = repr(value)
    return text + "0" if re.fullmatch(r"-?\d{1,3}\.\d{3}", text) else text


def _from_dicts(
    sheet: str, rows: list[dict], lines: list[int], broken: list[Broken], notes: list[str]
) -> RawTable:
    header = list(dict.fromkeys(key for row in rows for key in row))
    table = [[row.get(key, "") for key in header] for row in rows]
    return table_of(sheet, header, table, lines, broken, notes)


def read_geopackage(name: str, content: bytes) -> list[RawTable]:
    """Each layer is a table, in WGS 84 whatever its own CRS; the line is the row number."""
    import geopandas as gpd
    import pyogrio

    try:  # in memory: what is refused for personal data must not have touched a disk
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # bytes have no file name extension
            layers = [str(layer) for layer, _ in pyogrio.list_layers(content)]
            frames = {layer: pyogrio.read_dataframe(content, layer=layer) for layer in layers}
    except Exception as problem:
        raise DataError(f"{name}: not a GeoPackage that can be opened") from problem
    tables = []
    for layer, frame in frames.items():
        rows, broken, notes = frame, [], []
        if isinstance(frame, gpd.GeoDataFrame) and frame.geometry.name in frame:
            if frame.crs is None:
                raise DataError(f"{name}, layer {layer}: no CRS is declared")
            if frame.crs.to_epsg() != 4326:
                notes.append(f"layer {layer}: turned from {frame.crs.name} into WGS 84")
                frame = frame.to_crs("EPSG:4326")
            shape = frame.geometry
            rows = pd.DataFrame(frame.drop(columns=frame.geometry.name))
            isnull = shape.isna() | shape.is_empty
            odd = ~isnull & (shape.geom_type != "Point")
            for position in np.flatnonzero(odd):
                kind = shape.geom_type.iloc[position]
                reason = f"not_a_point: the geometry is a {kind}, a Point is expected"
                original = {key: _cell(rows.iloc[position][key]) for key in rows}
                text = json.dumps(original, ensure_ascii=False)
                broken.append(Broken(int(position) + 1, text, reason))
            point = ~isnull & ~odd
            rows["lon"] = [
                repr(float(p.x)) if ok else "" for p, ok in zip(shape, point, strict=True)
            ]
            rows["lat"] = [
                repr(float(p.y)) if ok else "" for p, ok in zip(shape, point, strict=True)
            ]
            keep = ~odd.to_numpy()
        else:
            keep = np.ones(len(frame), dtype=bool)
        table = [[_cell(value) for value in row] for row in rows[keep].itertuples(index=False)]
        lines = (np.flatnonzero(keep) + 1).tolist()
        header = [str(column) for column in rows.columns]
        tables.append(table_of(layer, header, table, lines, broken, notes))
    return tables


def _cell(value: object) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ")
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return _text(value.item() if isinstance(value, np.generic) else value)


def read_kmz(name: str, members: dict[str, bytes]) -> list[RawTable]:
    """The KML files inside a KMZ, one after the other."""
    inside = [member for member in members if member.lower().endswith(".kml")]
    if not inside:
        raise DataError(f"{name}: a zip without a table or KML in it")
    return [
        table
        for member in sorted(inside)
        for table in read_xml(f"{name}/{member}", members[member])
    ]


def read_xml(name: str, content: bytes) -> list[RawTable]:
    """KML or GPX, told by the root element."""
    if _WEB_PAGE.match(content):
        raise DataError(
            f"{name}: a web page, as some systems export it under the name .xls; open it in a "
            "spreadsheet and save it as .xlsx or .csv"
        )
    refuse_doctype(name, content)
    root = ElementTree.fromstring(content)
    kind = _tag(root)
    if kind == "kml":
        return _kml(name, root)
    if kind == "gpx":
        return _gpx(name, root)
    raise DataError(f"{name}: XML of kind <{kind[:30]}>; KML and GPX can be read")


def refuse_doctype(name: str, content: bytes) -> None:
    """Check that an XML is well formed, of bearable depth, and free of a document type."""
    depth = [0]

    def doctype(*_: object) -> None:
        raise DataError(f"{name}: XML with a document type or entities is refused")

    def start(*_: object) -> None:
        depth[0] += 1
        if depth[0] > MAX_DEPTH:
            raise DataError(f"{name}: XML nested more than {MAX_DEPTH} deep is refused")

    def end(*_: object) -> None:
        depth[0] -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(content, True)
    except expat.ExpatError as problem:
        where = f"line {problem.lineno}, column {problem.offset + 1}"
        raise DataError(f"{name}: not well-formed XML ({where})") from problem
    except (LookupError, ValueError) as problem:
        if isinstance(problem, DataError):
            raise
        raise DataError(f"{name}: XML in an encoding that cannot be read") from problem


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _child(element: ElementTree.Element, tag: str) -> str:
    for child in element:
        if _tag(child) == tag:
            return (child.text or "").strip()
    return ""


def _all(element: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    return (child for child in element.iter() if _tag(child) == tag)


def _gpx(name: str, root: ElementTree.Element) -> list[RawTable]:
    tracks, rows, broken = [], [], []
    number = 0
    for track in root:
        kind = _tag(track)
        if kind == "wpt":
            number += 1
            row = {_tag(child): (child.text or "").strip() for child in track if not len(child)}
            row["label"] = row.pop("name", "")
            place = {"lat": track.get("lat", ""), "lon": track.get("lon", "")}
            rows.append((number, {**row, **place}))
        elif kind in ("trk", "rte"):
            number += 1
            label = _child(track, "name")
            segments = list(_all(track, "trkseg")) or [track]
            points = [
                (f"{number}.{part}", _child(point, "time"), point.get("lat"), point.get("lon"))
                for part, segment in enumerate(segments, 1)
                for point in segment
                if _tag(point) in ("trkpt", "rtept")
            ]
            if points:
                tracks.append((number, label, points))
            else:
                broken.append(Broken(number, label, "track_empty: a track without points"))
    return _tables("GPX", tracks, rows, broken, _outside(root, _GPX_ROWS))


def _kml(name: str, root: ElementTree.Element) -> list[RawTable]:
    tracks, rows, broken = [], [], []
    for number, mark in enumerate(_all(root, "Placemark"), 1):
        row = {"label": _child(mark, "name"), "description": _child(mark, "description")}
        for stamp in _all(mark, "TimeStamp"):
            row["time"] = _child(stamp, "when")
        for span in _all(mark, "TimeSpan"):
            row["time"] = _child(span, "begin")
        for data in _all(mark, "Data"):
            row[data.get("name", "")] = _child(data, "value")
        for data in _all(mark, "SimpleData"):
            row[data.get("name", "")] = (data.text or "").strip()
        timed = list(_all(mark, "Track"))
        shapes = {_tag(child) for child in mark.iter()}
        if timed:
            points = []
            for part, track in enumerate(timed, 1):
                whens = [(child.text or "").strip() for child in track if _tag(child) == "when"]
                coords = [(child.text or "").split() for child in track if _tag(child) == "coord"]
                for when, place in zip(whens, coords, strict=False):
                    lon, lat = (*place, "", "")[:2]
                    points.append((f"{number}.{part}", when, lat, lon))
            tracks.append((number, row["label"], points))
        elif "Point" in shapes and not shapes & {"Polygon", "LineString"}:
            text = next((_child(point, "coordinates") for point in _all(mark, "Point")), "")
            lon, lat = (*text.split(",")[:2], "", "")[:2]
            rows.append((number, {**row, "lat": lat.strip(), "lon": lon.strip()}))
        elif "LineString" in shapes:
            reason = "track_without_time: a line without times is no patrol track; use gx:Track"
            broken.append(Broken(number, row["label"], reason))
        elif "Polygon" in shapes:
            reason = "not_a_point: the geometry is a Polygon, a Point is expected"
            broken.append(Broken(number, json.dumps(row, ensure_ascii=False), reason))
        else:
            rows.append((number, row))
    return _tables("KML", tracks, rows, broken, _outside(root, _KML_ROWS))


def _outside(element: ElementTree.Element, read: Collection[tuple[str, str]]) -> list[str]:
    """The words of an XML that are read into no row, but times and places.

    `read` names what is: (parent, child) by their tags, the child with all below it.
    """
    tag, texts = _tag(element), []
    if tag == "email" and element.get("domain"):  # GPX writes it in two halves
        texts.append(f"{element.get('id')}@{element.get('domain')}")
    if tag not in _DULL and (text := " ".join((element.text or "").split())):
        texts.append(f"telp {text}" if tag == "phoneNumber" else text)
    for child in element:
        if (tag, _tag(child)) not in read:
            texts += _outside(child, read)
    return texts


def _tables(
    kind: str, tracks: list, rows: list, broken: list[Broken], outside: list[str]
) -> list[RawTable]:
    """Tracks as one table of points, marks as one table of rows; broken ones go with either."""
    tables = []
    if tracks:
        points = [
            (point[0], number, label, *(value or "" for value in point[1:]))
            for number, label, part in tracks
            for point in part
        ]
        columns = ["track_id", "number", "label", "time", "lat", "lon"]
        frame = pd.DataFrame(points, columns=columns).astype({"track_id": "str", "time": "str"})
        lines = frame.pop("number").to_numpy(dtype=np.int64)
        tables.append(RawTable(kind, frame.astype("str"), lines, broken, [], "tracks"))
        broken = []
    if rows or broken:
        numbers, marks = [number for number, _ in rows], [row for _, row in rows]
        tables.append(_from_dicts(kind if tracks else "", marks, numbers, broken, []))
    titles = "\n".join(dict.fromkeys(outside))
    return [replace(table, titles=titles) for table in tables[:1]] + tables[1:]
