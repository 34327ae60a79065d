"""WGS 84, one fixed metric CRS, and the only way between them.

The province lies in four UTM zones. A zone guessed from each subset would make distances
depend on what was selected, so the metric CRS is fixed per study area and passed in.
"""

from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

#: what is projected comes back as what it was
Shape = TypeVar("Shape", BaseGeometry, gpd.GeoSeries, gpd.GeoDataFrame)

WGS84 = "EPSG:4326"
#: UTM 49N; West Kalimantan's border belt stays within 0.3 % of true length in it.
METRIC = "EPSG:32649"


def to_metric(geometry: Shape, crs: str = METRIC) -> Shape:
    """Project from longitude/latitude to metres; a geometry stays a geometry, a series a series."""
    return _project(geometry, WGS84, crs)


def to_wgs84(geometry: Shape, crs: str = METRIC) -> Shape:
    """Project from metres back to longitude/latitude (degrees)."""
    return _project(geometry, crs, WGS84)


def local_metric(lat: float, lon: float) -> str:
    """An equal-area CRS in metres centred on a place, for study areas far from Kalimantan."""
    return f"+proj=laea +lat_0={lat:.4f} +lon_0={lon:.4f} +datum=WGS84 +units=m"


def beside(lon: np.ndarray | pd.Series, at: float | None = None) -> np.ndarray:
    """Longitudes moved by whole turns to within half a turn of `at` (default: of the first)."""
    lon = np.asarray(lon, dtype=float)
    if not lon.size:
        return lon
    if at is None:
        if np.ptp(lon) <= 180:
            return lon
        at = lon.flat[0]
    return at + (lon - at + 180) % 360 - 180


def back(lon: np.ndarray | pd.Series | float) -> np.ndarray:
    """Longitudes between -180 and 180 again; those that are stay as they are."""
    return np.where(np.abs(lon) <= 180, lon, (np.asarray(lon, dtype=float) + 180) % 360 - 180)


def _project(geometry: Shape, source: str, target: str) -> Shape:
    if isinstance(geometry, gpd.GeoSeries | gpd.GeoDataFrame):
        return geometry.set_crs(source, allow_override=True).to_crs(target)
    return gpd.GeoSeries([geometry], crs=source).to_crs(target).iloc[0]
