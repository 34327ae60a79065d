"""Outlines of cells, also on both sides of 180 degrees: whole on a map, cut there in a file.

On a map longitudes run on (179.9, 180.1), so that nothing is drawn around the globe; in a file they
stay between -180 and 180 and what crosses is cut in two, as RFC 7946 (section 3.1.9) asks.
"""

from collections.abc import Sequence
from typing import Any

import h3
import numpy as np
import pandas as pd
import shapely
from shapely.affinity import translate
from shapely.geometry.polygon import orient

#: decimals of a degree in a file (0.1 m) and on the map (1 m)
FILE, MAP = 6, 5
Ring = list[list[float]]
#: longitudes or latitudes: one, or a row of them
Degrees = float | Sequence[float] | np.ndarray | pd.Series


def beside(lon: Degrees, at: float | None = None) -> np.ndarray:
    """Longitudes moved by whole turns to within half a turn of `at`, by default of the first."""
    lon = np.asarray(lon, dtype=float)
    if not lon.size:
        return lon
    if at is None:
        known = lon[np.isfinite(lon)]
        if not known.size or np.ptp(known) <= 180:
            return lon
        at = known[0]
    return at + (lon - at + 180) % 360 - 180


def back(lon: Degrees) -> np.ndarray:
    """Longitudes between -180 and 180 again; those that are stay as they are."""
    return np.where(np.abs(lon) <= 180, lon, (np.asarray(lon, dtype=float) + 180) % 360 - 180)


def ring_of(cell: str) -> list[tuple[float, float]]:
    """Corners (lon, lat) of a cell; longitudes run on."""
    lat, lon = np.array(h3.cell_to_boundary(cell)).T
    return list(zip(beside(lon).tolist(), lat.tolist(), strict=True))


def outlines(cells: Sequence[str]) -> list[list[list[tuple[float, float]]]]:
    """Polygons around a set of cells, each its outer ring and its holes (lon, lat), not closed.

    Longitudes run on in each polygon and do not jump between its rings.
    """
    found = []
    for shape in h3.cells_to_h3shape(list(cells), tight=False):
        start = shape.outer[0][1]
        rings = []
        for loop in (shape.outer, *shape.holes):
            lat, lon = np.array(loop).T
            lon = beside(lon, start)
            rings.append(list(zip(lon.tolist(), lat.tolist(), strict=True)))
        found.append(rings)
    return found


def cut(rings: Sequence[Sequence[Sequence[float]]], decimals: int = FILE) -> list[list[Ring]]:
    """One polygon (outer ring, holes) as closed polygons between -180 and 180.

    Outer rings run counter-clockwise, holes clockwise, as RFC 7946 asks.
    """
    whole = shapely.Polygon(rings[0], rings[1:])
    west, _, east, _ = whole.bounds
    parts = []
    for turn in range(int((west + 180) // 360), int(np.ceil((east - 180) / 360)) + 1):
        window = shapely.box(-180 + 360 * turn, -91, 180 + 360 * turn, 91)
        inside = whole if window.contains(whole) else whole.intersection(window)
        parts += [
            orient(translate(part, xoff=-360.0 * turn))
            for part in shapely.get_parts(inside)
            if part.geom_type == "Polygon"
        ]
    return [
        [
            [[round(x, decimals), round(y, decimals)] for x, y in ring.coords]
            for ring in (part.exterior, *part.interiors)
        ]
        for part in parts
    ]


def polygons_of(cells: Sequence[str]) -> list[list[Ring]]:
    """The dissolved area of cells for a file: closed polygons with their holes, cut at 180."""
    return [part for rings in outlines(cells) for part in cut(rings)]


def geometry_of(cell: str) -> dict[str, Any]:
    """One cell as a GeoJSON geometry: a Polygon, or a MultiPolygon where it is cut at 180."""
    parts = cut([ring_of(cell)])
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}
