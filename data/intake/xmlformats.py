"""KML and GPX -> raw tables: marks are rows with `lat` and `lon`, lines with times are tracks.

XML is read without entities: a document type is refused before anything is parsed. KML writes
lon, lat; GPX writes them as attributes. A route is a plan and no track; what has more than one
place, or times that pair with no place, is kept in `broken` with that reason.
"""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Collection, Iterator
from dataclasses import replace
from xml.parsers import expat

import numpy as np
import pandas as pd

from data.errors import DataError
from data.findings import reason
from data.intake.geoformats import place_row, shapes_beside, table_of_dicts
from data.tables import Broken, RawTable

#: name of the track, time, lat, lon, as the file writes them; None where it says nothing
TrackPoint = tuple[str, str, str | None, str | None]
MAX_DEPTH = 100
TRACK_EMPTY = reason("track_empty", "a track without points")
TRACK_WITHOUT_TIME = reason(
    "track_without_time", "a line without times is no patrol track; use gx:Track"
)
ROUTE_IS_PLAN = reason(
    "route_is_plan", "a route is a plan, not where a patrol went; bring the recorded track (trk)"
)


#: elements without words, and those whose words become rows: (parent, child)
_DULL = ("time", "ele", "when", "coord", "coordinates", "begin", "end", "styleUrl", "href", "color")
_KML_ROWS = {("Placemark", name) for name in ("name", "description", "ExtendedData")}
_GPX_ROWS = {("trk", "name"), ("rte", "name")} | {
    ("wpt", name) for name in ("name", "cmt", "desc", "src", "sym", "type", "time", "ele")
}
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|table|meta)", re.IGNORECASE)


def read_xml(name: str, content: bytes) -> list[RawTable]:
    """KML or GPX, told by the root element."""
    if _WEB_PAGE.match(content):
        raise DataError(
            f"{name}: a web page, as some systems export it under the name .xls; open it in a "
            "spreadsheet and save it as .xlsx or .csv",
            key="web_page", where=name,
        )  # fmt: skip
    refuse_doctype(name, content)
    root = ElementTree.fromstring(content)
    kind = _tag(root)
    if kind == "kml":
        return _kml(name, root)
    if kind == "gpx":
        return _gpx(name, root)
    raise DataError(
        f"{name}: XML of kind <{kind[:30]}>; KML and GPX can be read",
        key="xml_kind", where=name, kind=kind[:30],
    )  # fmt: skip


def refuse_doctype(name: str, content: bytes) -> None:
    """Check that an XML is well formed, of bearable depth, and free of a document type."""
    depth = [0]

    def doctype(*_: object) -> None:
        raise DataError(
            f"{name}: XML with a document type or entities is refused",
            key="xml_doctype",
            where=name,
        )

    def start(*_: object) -> None:
        depth[0] += 1
        if depth[0] > MAX_DEPTH:
            raise DataError(
                f"{name}: XML nested more than {MAX_DEPTH} deep is refused",
                key="xml_deep", where=name, most=MAX_DEPTH,
            )  # fmt: skip

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
        raise DataError(
            f"{name}: not well-formed XML ({where})", key="xml_broken", where=name,
            line=str(problem.lineno), column=str(problem.offset + 1),
        ) from problem  # fmt: skip
    except (LookupError, ValueError) as problem:
        if isinstance(problem, DataError):
            raise
        raise DataError(
            f"{name}: XML in an encoding that cannot be read", key="xml_encoding", where=name
        ) from problem


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
        elif kind == "trk":
            number += 1
            label = _child(track, "name")
            segments = list(_all(track, "trkseg")) or [track]
            points = [
                (f"{number}.{part}", _child(point, "time"), point.get("lat"), point.get("lon"))
                for part, segment in enumerate(segments, 1)
                for point in segment
                if _tag(point) == "trkpt"
            ]
            if points:
                tracks.append((number, label, points))
            else:
                broken.append(Broken(number, label, TRACK_EMPTY))
        elif kind == "rte":
            number += 1
            broken.append(Broken(number, _child(track, "name"), ROUTE_IS_PLAN))
    tables = _tables("GPX", tracks, rows, broken, _outside(root, _GPX_ROWS))
    return [
        replace(table, source="jejak" if table.kind == "tracks" else "titik") for table in tables
    ]


def _kml(name: str, root: ElementTree.Element) -> list[RawTable]:
    tracks, rows, broken, beside = [], [], [], 0
    for number, (mark, folders) in enumerate(_marks(root), 1):
        row = _mark_row(mark, folders)
        timed = list(_all(mark, "Track"))
        points = [_lat_lon(_child(point, "coordinates")) for point in _all(mark, "Point")]
        shapes = {_tag(child) for child in mark.iter()}
        others: list[str] = [
            shape for shape in ("Polygon", "LineString", "Model") if shape in shapes
        ]
        walked = []
        for part, track in enumerate(timed, 1):
            read = _timed_points(track, f"{number}.{part}")
            if isinstance(read, str):
                broken.append(Broken(number, row["label"], read))
            walked += [] if isinstance(read, str) else read
        if walked:
            tracks.append((number, row["label"], walked))
        if others == ["LineString"] and not points and not timed:
            broken.append(Broken(number, row["label"], TRACK_WITHOUT_TIME))
        elif points or others or not timed:
            placed = place_row(number, row, points, others)
            if isinstance(placed, Broken):
                broken.append(placed)
            else:
                rows.append((number, placed))
                beside += bool(points and (others or timed))
    tables = _tables("KML", tracks, rows, broken, _outside(root, _KML_ROWS))
    links = sum(1 for _ in _all(root, "NetworkLink"))
    if links and not tables:
        raise DataError(
            f"{name}: this KML only links to records that lie elsewhere; no link is followed. "
            "Export it again without the link (as KML, with the data inside)",
            key="kml_link",
            where=name,
        )
    notes = [shapes_beside(beside)] if beside else []
    if links:
        notes.append(
            reason("kml_links", f"{links} links to other files were not followed", n=links)
        )
    return [replace(table, notes=[*table.notes, *notes]) for table in tables[:1]] + tables[1:]


def _marks(
    element: ElementTree.Element, folders: tuple[str, ...] = ()
) -> Iterator[tuple[ElementTree.Element, tuple[str, ...]]]:
    """Every mark with the names of the folders it lies in, outermost first."""
    for child in element:
        if _tag(child) == "Placemark":
            yield child, folders
        else:
            name = _child(child, "name") if _tag(child) == "Folder" else ""
            yield from _marks(child, (*folders, name) if name else folders)


def _mark_row(mark: ElementTree.Element, folders: tuple[str, ...]) -> dict[str, str]:
    row = {"label": _child(mark, "name"), "description": _child(mark, "description")}
    if folders:
        row["folder"] = " / ".join(folders)
    for stamp in _all(mark, "TimeStamp"):
        row["time"] = _child(stamp, "when")
    for span in _all(mark, "TimeSpan"):
        row["time"] = _child(span, "begin")
    for data in _all(mark, "Data"):
        row[data.get("name", "")] = _child(data, "value")
    for data in _all(mark, "SimpleData"):
        row[data.get("name", "")] = (data.text or "").strip()
    return row


def _lat_lon(coordinates: str) -> tuple[str, str]:
    """The lat and lon of a point's text, which holds lon, lat and height."""
    lon, lat = (*coordinates.split(",")[:2], "", "")[:2]
    return lat.strip(), lon.strip()


def _timed_points(track: ElementTree.Element, name: str) -> list[TrackPoint] | str:
    """The points of a gx:Track; or the reason why it has none that can be told."""
    whens = [(child.text or "").strip() for child in track if _tag(child) == "when"]
    coords = [(child.text or "").split() for child in track if _tag(child) == "coord"]
    if len(whens) != len(coords):
        what = f"{len(whens)} times and {len(coords)} places; which belongs to which is not known"
        return reason("times_unpaired", what, times=len(whens), places=len(coords))
    if not whens:
        return TRACK_EMPTY
    places = [(*place, "", "")[:2] for place in coords]
    return [(name, when, lat, lon) for when, (lon, lat) in zip(whens, places, strict=True)]


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
    kind: str,
    tracks: list[tuple[int, str, list[TrackPoint]]],
    rows: list[tuple[int, dict[str, str]]],
    broken: list[Broken],
    outside: list[str],
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
        tables.append(table_of_dicts(kind if tracks else "", marks, numbers, broken, []))
    titles = "\n".join(dict.fromkeys(outside))
    return [replace(table, titles=titles) for table in tables[:1]] + tables[1:]
