"""The study area: its land, the border it is measured from, and its districts, any place on earth.

Pure: whoever opens the files hands the geometries over (lon, lat inside geometries, degrees).
"""

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo import calendar, crs
from geo.grid import Grid


@dataclass(frozen=True, eq=False)
class StudyArea:
    """Where we look.

    name : as shown to people
    land : polygon or multipolygon; a cell belongs to the area if its centre lies in it
    border : line to measure distance from, or None
    districts : code, name, geometry (polygons), or None; kabupaten in Indonesia
    subdistricts : the same one step finer, or None; kecamatan in Indonesia
    time_zone : IANA name; weeks, days and nights are those of this zone
    metric : CRS in metres that all distances of this area are measured in
    """

    name: str
    land: BaseGeometry
    border: BaseGeometry | None = None
    districts: gpd.GeoDataFrame | None = None
    subdistricts: gpd.GeoDataFrame | None = None
    metric: str = crs.METRIC
    time_zone: str = calendar.HOME

    def grid(self, resolution: int) -> Grid:
        """The cells whose centre lies on the land, sorted by id."""
        return Grid.of_area(self.land, resolution)

    def border_distance_km(self, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
        """Distance of points (degrees) to the border, km.

        NaN without a border, and where a coordinate is not finite.
        """
        lat, lon = np.atleast_1d(np.asarray(lat, float)), np.atleast_1d(np.asarray(lon, float))
        km = np.full(len(lat), np.nan)
        known = np.isfinite(lat) & np.isfinite(lon)
        tree = self._border_tree
        if tree is None or not known.any():
            return km
        points = crs.to_metric(
            gpd.GeoSeries(shapely.points(lon[known], lat[known])), self.metric
        ).to_numpy()
        # the line in its single steps: a tree finds the nearest without walking along all of it
        _, metres = tree.query_nearest(points, return_distance=True, all_matches=False)
        km[known] = metres / 1000
        return km

    @cached_property
    def _border_tree(self) -> shapely.STRtree | None:
        if self.border is None:
            return None
        line = crs.to_metric(self.border, self.metric)
        corners = [shapely.get_coordinates(part) for part in shapely.get_parts(line)]
        steps = [np.stack([part[:-1], part[1:]], axis=1) for part in corners]
        return shapely.STRtree(np.asarray(shapely.linestrings(np.concatenate(steps))))

    def district_of(self, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
        """Code of the district around each point (degrees); None outside all, or without any."""
        return _code_of(self.districts, lat, lon)

    def subdistrict_of(self, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
        """Code of the subdistrict around each point (degrees); None outside all, or without any."""
        return _code_of(self.subdistricts, lat, lon)


def metric_for(land: BaseGeometry) -> str:
    """The fixed metric CRS where it fits (its UTM zone, a little beyond), a local one elsewhere."""
    _, south, _, north = land.bounds
    lon = crs.beside(shapely.get_coordinates(land)[:, 0])  # an area may lie across 180 degrees
    west, east = float(lon.min()), float(lon.max())
    if west >= 107.5 and east <= 115.0 and south >= -5.0 and north <= 5.0:
        return crs.METRIC
    return crs.local_metric((south + north) / 2, float(crs.back((west + east) / 2)))


def _code_of(districts: gpd.GeoDataFrame | None, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Only the points in a district's bounding box are asked, and as coordinates, not objects."""
    lat, lon = np.atleast_1d(np.asarray(lat, float)), np.atleast_1d(np.asarray(lon, float))
    found = np.full(len(lat), None, dtype=object)
    if districts is None:
        return found
    shapes = districts.geometry.to_numpy()
    shapely.prepare(shapes)
    boxes = shapely.bounds(shapes)
    for code, shape, (west, south, east, north) in zip(
        districts["code"], shapes, boxes, strict=True
    ):
        near = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        here = np.flatnonzero(near)
        if here.size:
            found[here[shapely.contains_xy(shape, lon[here], lat[here])]] = code
    return found
