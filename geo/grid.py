"""The H3 cells of a study area: where a point falls, who adjoins whom, how large each cell is.

`Grid` is the one place where `lat, lon` arguments meet `lon, lat` geometries.
"""

from collections.abc import Sequence
from functools import cached_property

import h3
import numpy as np
import pyarrow as pa
import scipy.sparse as sp
import shapely
from h3ronpy import ContainmentMode, cells_area_km2, cells_parse, cells_to_string, grid_disk
from h3ronpy.vector import (
    cells_to_coordinates,
    cells_to_wkb_polygons,
    coordinates_to_cells,
    geometry_to_cells,
)
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

EARTH_RADIUS_KM = 6371.0088


class Grid:
    """A fixed, ordered set of H3 cells of one resolution.

    Parameters
    ----------
    cells : sequence of H3 ids (str), any place on earth, no duplicates

    Raises
    ------
    ValueError
        If an id is not a cell, is given twice, or resolutions are mixed.
    """

    def __init__(self, cells: Sequence[str]):
        self.cells = [str(cell) for cell in cells]
        if not self.cells:
            raise ValueError("a grid needs at least one cell")
        bad = [cell for cell in self.cells if not h3.is_valid_cell(cell)]
        if bad:
            raise ValueError(f"{len(bad)} of {len(cells)} ids are not H3 cells, e.g. {bad[0]!r}")
        resolutions = {h3.get_resolution(cell) for cell in self.cells}
        if len(resolutions) > 1:
            raise ValueError(f"cells of one resolution expected, got {sorted(resolutions)}")
        self.resolution: int = resolutions.pop()
        self.ids: np.ndarray = np.asarray(cells_parse(self.cells), dtype=np.uint64)
        self._order = np.argsort(self.ids, kind="stable")
        self._sorted = self.ids[self._order]
        if (self._sorted[1:] == self._sorted[:-1]).any():
            raise ValueError("a cell is given twice")

    @classmethod
    def of_area(cls, area: BaseGeometry, resolution: int) -> "Grid":
        """The cells whose centre lies in a polygon (lon, lat), sorted by id."""
        parts = [
            np.asarray(geometry_to_cells(part, resolution, ContainmentMode.ContainsCentroid))
            for part in shapely.get_parts(area)
            if part.geom_type == "Polygon"
        ]
        ids = np.unique(np.concatenate(parts)) if parts else np.array([], dtype=np.uint64)
        return cls(np.asarray(cells_to_string(ids)).tolist())

    def __len__(self) -> int:
        return len(self.cells)

    def index_of(self, ids: np.ndarray) -> np.ndarray:
        """Position of each uint64 id in the grid, -1 where it is not part of it."""
        ids = np.asarray(ids, dtype=np.uint64)
        place = np.minimum(np.searchsorted(self._sorted, ids), len(self) - 1)
        return np.where(self._sorted[place] == ids, self._order[place], -1)

    def position(self, cells: Sequence[str]) -> np.ndarray:
        """Position of each H3 id given as text, -1 where it is not part of the grid."""
        if len(cells) == 0:
            return np.array([], dtype=np.int64)
        return self.index_of(np.asarray(cells_parse([str(cell) for cell in cells])))

    def locate(self, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
        """Position of the cell around each point (degrees), -1 outside the grid or not finite."""
        lat, lon = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
        known = np.isfinite(lat) & np.isfinite(lon)
        place = np.full(len(lat), -1, dtype=np.int64)
        if known.any():
            place[known] = self.index_of(cells_of(lat[known], lon[known], self.resolution))
        return place

    def nearest(self, lat: np.ndarray, lon: np.ndarray, within_km: float) -> np.ndarray:
        """Like `locate`, but a point just outside goes to the nearest cell centre within reach.

        A cell belongs to the area by its centre, so along a border about a third of the land in
        the last kilometre lies in cells that are not part of the grid.

        Parameters
        ----------
        lat, lon : points, degrees, shape (n,)
        within_km : how far a cell centre may be from a point outside
        """
        lat, lon = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
        place = self.locate(lat, lon)
        lost = np.flatnonzero((place < 0) & np.isfinite(lat) & np.isfinite(lon))
        if len(lost):
            away, near = self._tree.query(self.plane_km(lat[lost], lon[lost]))
            place[lost] = np.where(away <= within_km, near, -1)
        return place

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.xy_km)

    @cached_property
    def _centres(self) -> tuple[np.ndarray, np.ndarray]:
        table = cells_to_coordinates(self.ids)
        return np.asarray(table["lat"], dtype=float), np.asarray(table["lng"], dtype=float)

    @property
    def lat(self) -> np.ndarray:
        """Latitude of each cell centre, degrees."""
        return self._centres[0]

    @property
    def lon(self) -> np.ndarray:
        """Longitude of each cell centre, degrees."""
        return self._centres[1]

    @cached_property
    def area_km2(self) -> np.ndarray:
        """Area of each cell on the sphere, km2."""
        return np.asarray(cells_area_km2(self.ids), dtype=float)

    @cached_property
    def polygons(self) -> np.ndarray:
        """Outline of each cell as a shapely polygon (lon, lat); for exports and spreading only."""
        return shapely.from_wkb(np.asarray(cells_to_wkb_polygons(self.ids), dtype=object))

    @cached_property
    def xy_km(self) -> np.ndarray:
        """Cell centres on a local plane, shape (cells, 2), km (equirectangular at mid latitude)."""
        return self.plane_km(self.lat, self.lon)

    def plane_km(self, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
        """Points on the same local plane as `xy_km`, shape (n, 2), km; safe across 180 degrees."""
        per_degree = np.pi / 180 * EARTH_RADIUS_KM
        east = (np.asarray(lon, dtype=float) - self._origin[1] + 180) % 360 - 180
        x = east * per_degree * np.cos(np.radians(self._origin[0]))
        return np.column_stack([x, (np.asarray(lat, dtype=float) - self._origin[0]) * per_degree])

    @cached_property
    def _origin(self) -> tuple[float, float]:
        angle = np.radians(self.lon)
        middle = np.degrees(np.arctan2(np.sin(angle).mean(), np.cos(angle).mean()))
        return float((self.lat.min() + self.lat.max()) / 2), float(middle)

    @cached_property
    def spacing_km(self) -> float:
        """Mean distance between adjoining cell centres, km: sqrt(2 A / sqrt 3) of a hexagon."""
        return float(np.sqrt(2 / np.sqrt(3) * self.area_km2.mean()))

    def neighbours(self, k: int, inside: bool = False) -> sp.csr_array:
        """Which cells lie k steps away: float32 0/1, shape (cells, cells).

        `inside=True` takes every cell within k steps, itself included. Cells outside the grid
        are left out, so rows at the edge have fewer entries.
        """
        key = (k, inside)
        if key not in self._neighbours:
            disk = self._disk(k)
            self._neighbours[key] = disk if inside or k == 0 else _minus(disk, self._disk(k - 1))
        return self._neighbours[key]

    @cached_property
    def _neighbours(self) -> dict[tuple[int, bool], sp.csr_array]:
        return {}

    def _disk(self, k: int) -> sp.csr_array:
        if k == 0:
            return sp.csr_array(sp.identity(len(self), dtype=np.float32, format="csr"))
        around = pa.chunked_array(grid_disk(self.ids, k, flatten=False)).combine_chunks()
        counts = np.diff(around.offsets.to_numpy())
        row = np.repeat(np.arange(len(self)), counts)
        flat = around.flatten().to_numpy().astype(np.uint64)
        column = self.index_of(flat)
        kept = column >= 0
        ones = np.ones(int(kept.sum()), dtype=np.float32)
        matrix = sp.csr_array((ones, (row[kept], column[kept])), shape=(len(self), len(self)))
        matrix.sort_indices()
        return matrix

    def parents(self, resolution: int) -> np.ndarray:
        """The coarser cell around each cell, as H3 ids (str)."""
        if resolution > self.resolution:
            raise ValueError(f"a parent is coarser than {self.resolution}, got {resolution}")
        return np.array([h3.cell_to_parent(cell, resolution) for cell in self.cells])


def cells_of(lat: np.ndarray, lon: np.ndarray, resolution: int) -> np.ndarray:
    """The H3 cell (uint64) around each point given in degrees; NaN is refused by h3.

    Parameters
    ----------
    lat, lon : points, degrees, shape (n,)
    resolution : H3, 0 to 15
    """
    lat, lon = np.ascontiguousarray(lat, float), np.ascontiguousarray(lon, float)
    return np.asarray(coordinates_to_cells(lat, lon, resolution), dtype=np.uint64)


def cell_names(ids: np.ndarray) -> np.ndarray:
    """uint64 ids as the hexadecimal text that H3 uses everywhere else."""
    return np.asarray(cells_to_string(np.asarray(ids, dtype=np.uint64)), dtype=object)


def _minus(disk: sp.csr_array, smaller: sp.csr_array) -> sp.csr_array:
    ring = sp.csr_array(disk - smaller)
    ring.eliminate_zeros()
    return ring


def distance_km(
    lat: np.ndarray, lon: np.ndarray, lat0: np.ndarray | float, lon0: np.ndarray | float
) -> np.ndarray:
    """Great-circle distance of points to one place or to as many, km (haversine); NaN stays NaN.

    Parameters
    ----------
    lat, lon : points, degrees, shape (n,)
    lat0, lon0 : the place, degrees, or one for each point
    """
    y, y0 = np.radians(lat), np.radians(lat0)
    half = np.sin((y - y0) / 2) ** 2
    half = half + np.cos(y) * np.cos(y0) * np.sin(np.radians(lon - lon0) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
