"""An area that a person drew or pasted, as polygons that can be counted in, or every fault at once.

GeoJSON (RFC 7946) and WKT (OGC 06-103r4) are read; of a file's properties nothing is kept. An area
counts whole cells, by their middle. Longitudes are moved beside those of the study area, so that an
outline across 180 degrees is whole.
"""

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import back, beside
from geo.grid import EARTH_RADIUS_KM
from geo.impossible import Fault, Impossible, fault

#: signs of a text, and corners of an area, at most; nobody draws so many
MOST_SIGNS, MOST_CORNERS = 500_000, 5000
#: decimals of a degree that are kept: 11 m, far below the width of a cell
DECIMALS = 4
#: faults that are told, at most
MOST_TOLD = 6
#: an outline of degrees never lies further from Greenwich than one turn and a half
FAR = 540.0
Ring = list[tuple[float, float]]
#: a cell's middle may lie on a line drawn through it, up to what rounding takes
_ON_LINE = 2 * 10.0**-DECIMALS
_SRID = re.compile(r"^\s*SRID\s*=\s*(\d+)\s*;", re.IGNORECASE)
_PLACE = re.compile(r"\[(-?[\d.e+-]+) (-?[\d.e+-]+)")


def read(text: str, lat: np.ndarray, lon: np.ndarray) -> shapely.MultiPolygon:
    """The area that a text describes, overlapping parts made one.

    Parameters
    ----------
    text : GeoJSON (Polygon, MultiPolygon, Feature, FeatureCollection, GeometryCollection) or WKT,
        lon before lat, degrees of WGS 84
    lat, lon : middles of the cells that may be counted, degrees

    Raises
    ------
    Impossible
        Naming every fault: not readable, no area, no degrees, lat and lon swapped, a line that
        crosses itself, too many corners, outside the area, no cell inside.
    """
    if len(text) > MOST_SIGNS:
        raise Impossible(_too_long(len(text)))
    return make(_polygons_of(text), lat, lon)


def make(
    polygons: Sequence[Sequence[Ring]], lat: np.ndarray, lon: np.ndarray
) -> shapely.MultiPolygon:
    """The area inside some polygons, each its outer ring and its holes (lon, lat).

    Parameters
    ----------
    polygons : rings of each, closed or not
    lat, lon : middles of the cells that may be counted, degrees

    Raises
    ------
    Impossible
        Naming every fault.
    """
    faults = list(_faults_of_rings(polygons, lat, lon))
    if faults:
        raise Impossible(*faults[:MOST_TOLD])
    at = float(np.median(beside(lon)))
    turned = [[_beside_whole(ring, at) for ring in rings] for rings in polygons]
    shapes = [shapely.Polygon(rings[0], rings[1:]) for rings in turned]
    crossed = [
        one for place, shape in enumerate(shapes, start=1) for one in _crossing(shape, place)
    ]
    if crossed:
        raise Impossible(*crossed[:MOST_TOLD])
    whole = shapely.unary_union([shapely.set_precision(one, 10.0**-DECIMALS) for one in shapes])
    area = shapely.MultiPolygon([p for p in shapely.get_parts(whole) if p.geom_type == "Polygon"])
    if not inside(area, lat, lon).any():
        raise Impossible(_nothing_inside(area, lat, lon))
    return area


def inside(area: shapely.MultiPolygon, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Which cells belong to an area, by their middle (degrees), as bool; on its line counts.

    Parameters
    ----------
    area : from `make`
    lat, lon : middles of the cells, degrees
    """
    lat, lon = np.asarray(lat, float), np.asarray(lon, float)
    if area.is_empty:
        return np.zeros(len(lat), dtype=bool)
    around = area.buffer(_ON_LINE)
    shapely.prepare(around)
    west, _, east, _ = area.bounds
    return np.asarray(shapely.intersects_xy(around, beside(lon, (west + east) / 2), lat))


def km2(area: shapely.MultiPolygon) -> float:
    """How large an area is, km2: in sinusoidal coordinates, which keep areas on the sphere."""
    if area.is_empty:
        return 0.0
    middle = (area.bounds[0] + area.bounds[2]) / 2

    def sinusoidal(points: np.ndarray) -> np.ndarray:
        lon, lat = np.radians(points[:, 0] - middle), np.radians(points[:, 1])
        return np.column_stack([lon * np.cos(lat), lat]) * EARTH_RADIUS_KM

    return float(shapely.transform(shapely.segmentize(area, 0.05), sinusoidal).area)


def pack(area: shapely.MultiPolygon) -> str:
    """An area as short text for a link: whole steps of 10^-DECIMALS degrees.

    Points "lon.lat" are parted by "~", rings by "*", polygons by "_"; none of these signs changes
    in an address.
    """
    parts = []
    for polygon in area.geoms:
        rings = [polygon.exterior, *polygon.interiors]
        parts.append("*".join(_packed(ring.coords) for ring in rings))
    return "_".join(parts)


def unpack(text: str, lat: np.ndarray, lon: np.ndarray) -> shapely.MultiPolygon:
    """The area that `pack` wrote, checked like any other.

    Parameters
    ----------
    text : of a link
    lat, lon : middles of the cells that may be counted, degrees

    Raises
    ------
    Impossible
        If it is not such a text, or nothing that can be counted in.
    """
    step = 10.0**-DECIMALS
    try:
        polygons = [
            [
                [(int(x) * step, int(y) * step) for x, y in (p.split(".") for p in ring.split("~"))]
                for ring in polygon.split("*")
            ]
            for polygon in text.split("_")
        ]
    except ValueError:
        raise Impossible(_unreadable(text)) from None
    return make(polygons, lat, lon)


def rings_of(area: shapely.MultiPolygon) -> list[list[list[float]]]:
    """All closed rings (lon, lat), holes included; longitudes run on, as a map draws them."""
    return [
        [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]
        for polygon in area.geoms
        for ring in (polygon.exterior, *polygon.interiors)
    ]


# reading ----------------------------------------------------------------------------------


def _polygons_of(text: str) -> list[list[Ring]]:
    """The polygons of a text, whatever their coordinates say."""
    text = text.strip().lstrip("\ufeff").strip()
    if not text:
        raise Impossible(fault("drawn_nothing", "nothing was pasted"))
    if text[0] in "{[":
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            raise Impossible(_unreadable(text)) from None
    else:
        content = _of_wkt(text)
    kinds: list[str] = []
    polygons: list[list[Ring]] = []
    for kind, coordinates in _geometries(content, 0):
        if kind == "Polygon":
            polygons.append(coordinates)
        elif kind == "MultiPolygon":
            polygons += coordinates if isinstance(coordinates, list) else [coordinates]
        else:
            kinds.append(kind)
    if not polygons:
        raise Impossible(_no_area(kinds) if kinds else _unreadable(text))
    return polygons


def _of_wkt(text: str) -> Any:
    if (found := _SRID.match(text)) is not None:
        if found[1] != "4326":
            raise Impossible(_no_degrees(f"SRID={found[1]}"))
        text = text[found.end() :]
    try:
        # "fix" closes an open ring, and gives None where nothing can be read
        shape: BaseGeometry | None = shapely.from_wkt(text, on_invalid="fix")
    except shapely.errors.ShapelyError:
        shape = None
    if shape is None:
        raise Impossible(_unreadable(text))
    return json.loads(shapely.to_geojson(shape))


def _geometries(content: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Kind and coordinates of every geometry in a GeoJSON text; none where it is none."""
    if not isinstance(content, dict) or depth > 8:
        return
    kind = content.get("type")
    within = {"Feature": "geometry", "FeatureCollection": "features"}
    if kind == "Feature":
        yield from _geometries(content.get("geometry"), depth + 1)
    elif kind in ("FeatureCollection", "GeometryCollection"):
        members = content.get(within.get(kind, "geometries"))
        for one in members if isinstance(members, list) else []:
            yield from _geometries(one, depth + 1)
    elif isinstance(kind, str):
        yield kind, content.get("coordinates")


# what can be wrong ------------------------------------------------------------------------


def _faults_of_rings(polygons: Sequence[Any], lat: np.ndarray, lon: np.ndarray) -> Iterator[Fault]:
    """What is wrong with the numbers alone, before anything is drawn from them."""
    corners: list[Sequence[float]] = []
    for place, rings in enumerate(polygons, start=1):
        if not isinstance(rings, list | tuple) or not rings:
            yield _few_corners(place)
            continue
        for ring in rings:
            if not isinstance(ring, list | tuple) or not all(map(_is_corner, ring)):
                yield fault(
                    "drawn_number",
                    f"polygon {place}: every corner is two numbers, longitude and latitude",
                    polygon=place,
                )  # fmt: skip
                continue
            if len({tuple(point[:2]) for point in ring}) < 3:
                yield _few_corners(place)
            corners += ring
    if len(corners) > MOST_CORNERS:
        yield fault(
            "drawn_corners", f"{len(corners)} corners, {MOST_CORNERS} at most; draw it simpler",
            n=len(corners), most=MOST_CORNERS,
        )  # fmt: skip
    if not corners:
        return
    x, y = (np.array([point[i] for point in corners], float) for i in (0, 1))
    if np.abs(x).max() > FAR or np.abs(y).max() > FAR:
        yield _no_degrees(f"{x[0]:.0f}, {y[0]:.0f}")
    elif _is_swapped(x, y, lat, lon):
        lon0, lat0 = round(float(y[0]), DECIMALS), round(float(x[0]), DECIMALS)
        yield fault(
            "drawn_swapped",
            f"longitude and latitude are swapped: longitude first, like {lon0} then {lat0}",
            lon=lon0, lat=lat0,
        )  # fmt: skip
    elif np.abs(y).max() > 90:
        yield fault(
            "drawn_latitude", "a latitude lies between -90 and 90", lat=float(np.abs(y).max())
        )


def _is_corner(point: Any) -> bool:
    if not isinstance(point, list | tuple) or len(point) < 2:
        return False
    return all(
        isinstance(one, int | float) and not isinstance(one, bool) and abs(one) < 1e12
        and math.isfinite(one)
        for one in point[:2]
    )  # fmt: skip


def _is_swapped(x: np.ndarray, y: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> bool:
    """Whether the corners reach the cells only with lat and lon changed round."""
    at = float(np.median(beside(lon)))
    near = beside(lon, at)

    def reaches(a: np.ndarray, b: np.ndarray) -> bool:
        a = beside(a, at)
        return bool(
            a.min() <= near.max() and a.max() >= near.min()
            and b.min() <= lat.max() and b.max() >= lat.min()
        )  # fmt: skip

    return not reaches(x, y) and reaches(y, x)


def _crossing(shape: shapely.Polygon, place: int) -> Iterator[Fault]:
    """Where an outline crosses itself, or a hole lies outside."""
    if shape.is_valid:
        return
    why = shapely.is_valid_reason(shape)
    found = _PLACE.search(why)
    x, y = (float(found[1]), float(found[2])) if found else shape.exterior.coords[0][:2]
    y, x = round(y, DECIMALS), round(float(back(x)), DECIMALS)
    if why.startswith("Hole"):
        what = f"a hole of polygon {place} lies outside its line, near {y}; {x}"
        yield fault("drawn_hole", what, lat=y, lon=x, polygon=place)
    else:
        what = f"the line of polygon {place} crosses itself near {y}; {x}"
        yield fault("drawn_crossing", what, lat=y, lon=x, polygon=place)


def _beside_whole(ring: Ring, at: float) -> Ring:
    """A ring with longitudes that run on from its first corner, near `at`."""
    x = beside(np.array([point[0] for point in ring], float), at)
    return [(float(a), float(point[1])) for a, point in zip(x, ring, strict=True)]


def _packed(points: Any) -> str:
    many = 10**DECIMALS
    closed = [f"{round(x * many)}.{round(y * many)}" for x, y in points]
    return "~".join(closed[:-1])


def _nothing_inside(area: shapely.MultiPolygon, lat: np.ndarray, lon: np.ndarray) -> Fault:
    west, south, east, north = area.bounds
    near = beside(lon, (west + east) / 2)
    apart = west > near.max() or east < near.min() or south > lat.max() or north < lat.min()
    if apart or area.area > 1:
        return fault("drawn_outside", "none of it lies in the area that you may see")
    return fault("drawn_small", "no cell has its middle inside; draw it larger")


def _too_long(n: int) -> Fault:
    return fault("drawn_long", f"{n} signs, {MOST_SIGNS} at most", n=n, most=MOST_SIGNS)


def _unreadable(text: str) -> Fault:
    start = " ".join(text.split())[:24]
    return fault("drawn_unreadable", f"neither GeoJSON nor WKT: {start!r}", start=start)


def _no_area(kinds: Sequence[str]) -> Fault:
    forms = sorted({kind[:24] for kind in kinds})
    return fault("drawn_kind", f"an area is a polygon, not {', '.join(forms)}", forms=forms)


def _no_degrees(given: str) -> Fault:
    return fault("drawn_metres", f"coordinates must be degrees of WGS 84, not {given}", given=given)


def _few_corners(place: int) -> Fault:
    return fault(
        "drawn_few", f"polygon {place} has fewer than three different corners", polygon=place
    )
