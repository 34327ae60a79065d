"""The cell table: the district of every H3 cell and what does not change about it.

Distances are kilometres in the metric CRS of the study area, from the centre of the cell.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import ndimage
from scipy.spatial import cKDTree

from geo import crs
from geo.grid import Grid
from tools.area import sources as read
from tools.area.districts import EQUAL_AREA, Labels
from tools.area.sources import Sources

#: above it the elevation source holds wrapped-around values; the island's west is lower
HIGHEST_M = 2500.0
EVERGREEN_FOREST = 2  # IGBP class


def dotted(code: str) -> str:
    """A Kemendagri code with dots: 6101082001 -> 61.01.08.2001."""
    parts = (code[:2], code[2:4], code[4:6], code[6:10])
    return ".".join(part for part in parts if part)


def towns(sources: Sources) -> pd.DataFrame:
    """Towns on both sides: name, country (ID, MY), lat, lon, population (None unknown), rank.

    rank is 1 for capitals of kabupaten and towns of 100,000, 2 from 10,000 (and the gazetteer's
    other places in the province), 3 for the rest. A town named by two sources is kept once.
    """
    listed = read.geonames(sources.files)
    listed = listed[listed["lat"].between(-3.3, 2.6) & listed["lon"].between(108.4, 114.4)]
    province = listed["country"].eq("ID") & listed["admin1"].eq("11")
    listed = listed.assign(
        rank=np.select(
            [listed["population"] >= 100_000, (listed["population"] >= 10_000) | province],
            [1, 2],
            3,
        ),
        population=listed["population"].where(listed["population"] > 0).astype("Int64"),
    )
    capital = sources.kabupaten[sources.kabupaten["code"].str[:2] == "61"]
    capital = capital.assign(name=capital["capital"], country="ID", rank=1, population=pd.NA)
    small = sources.sarawak[sources.sarawak["name"].str.contains("TOWN")]
    inside = gpd.GeoSeries(small.representative_point(), crs=crs.WGS84)
    small = pd.DataFrame(
        {
            "name": small["name"].str.replace(r" TOWN.*", "", regex=True).str.title(),
            "country": "MY",
            "lat": inside.y,
            "lon": inside.x,
            "population": pd.NA,
            "rank": 3,
        }
    )
    small = small[small["lat"] < 2.6].sort_values(["name", "lat"])
    columns = ["name", "country", "lat", "lon", "population", "rank"]
    table = pd.concat([capital[columns], listed[columns], small[columns]], ignore_index=True)
    return _once(table).sort_values(["rank", "country", "name", "lat"], ignore_index=True)


def _once(table: pd.DataFrame, near_km: float = 12.0) -> pd.DataFrame:
    """Keep one of several towns of one name nearby: the best rank, with what is known of it."""
    plane = crs.to_metric(
        gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"]), crs=crs.WGS84), EQUAL_AREA
    )
    key = table["name"].str.lower().str.replace(r"^kota |[^a-z]", "", regex=True)
    key = key.str.replace("nangah", "nanga").to_numpy()
    xy = np.column_stack([plane.x, plane.y])
    table, kept = table.copy(), []
    for row in range(len(table)):
        twin = next(
            (
                other
                for other in kept
                if key[other] == key[row] and np.hypot(*(xy[other] - xy[row])) < near_km * 1000
            ),
            None,
        )
        if twin is None:
            kept.append(row)
        elif pd.isna(table.at[twin, "population"]):
            table.at[twin, "population"] = table.at[row, "population"]
    return table.iloc[kept]


def cell_table(
    grid: Grid,
    labels: Labels,
    sources: Sources,
    border: shapely.Geometry,
    land: shapely.Geometry,
    towns: pd.DataFrame,
    posts: pd.DataFrame,
) -> pd.DataFrame:
    """One row per cell of the grid, in its order.

    Parameters
    ----------
    grid : cells whose centre lies in the province
    labels : desa of each pixel
    sources : names, populations, elevation and land cover
    border : international border on land (longitude/latitude), not simplified
    land : the island's land (longitude/latitude), neighbours included
    towns, posts : as written beside the table
    """
    centre = crs.to_metric(
        gpd.GeoSeries(gpd.points_from_xy(grid.lon, grid.lat), crs=crs.WGS84), crs.METRIC
    )
    xy = np.column_stack([centre.x, centre.y])
    equal = centre.to_crs(EQUAL_AREA)
    place = _nearest_label(labels, equal.x.to_numpy(), equal.y.to_numpy())
    desa = labels.sites.iloc[place].reset_index(drop=True)
    gates = posts[posts["confidence"].isin(["high", "medium"])]
    gates = gates[gates["kind"].isin(["plbn", "traditional"])]
    coast = shapely.union_all([part.exterior for part in shapely.get_parts(land)])
    elevation, relief = _terrain(sources, grid)
    table = {
        "cell": grid.cells,
        "lat": grid.lat.round(6),
        "lon": grid.lon.round(6),
        "area_km2": grid.area_km2.round(4),
        "kabupaten_code": desa["kabupaten"].map(dotted),
        "kecamatan_code": desa["kecamatan"].map(dotted),
        "desa_code": desa["code"].map(dotted),
        "desa": desa["name"],
        "dist_border_km": _line_km(centre, border),
        "dist_desa_km": _point_km(xy, labels.sites),
        "dist_town_id_km": _point_km(xy, towns[towns["country"] == "ID"]),
        "dist_town_my_km": _point_km(xy, towns[towns["country"] == "MY"]),
        "dist_post_km": _point_km(xy, gates),
        "dist_coast_km": _line_km(centre, coast),
        "pop_km2_proxy": _population(sources, labels).to_numpy()[place].round(1),
        "elev_m": elevation,
        "relief_m": relief,
        "forest": _forest(sources, grid),
    }
    return pd.DataFrame(table)


def _nearest_label(labels: Labels, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The desa of each point; where smoothing put it beyond its pixels, that of the nearest."""
    _, nearest = ndimage.distance_transform_edt(labels.desa < 0, return_indices=True)
    filled = Labels(labels.desa[tuple(nearest)], labels.inside, labels.sites, labels.affine)
    return filled.at(x, y)


def _line_km(centre: gpd.GeoSeries, line: shapely.Geometry) -> np.ndarray:
    """Distance from each point (METRIC) to a line given in longitude/latitude."""
    pieces = shapely.get_parts(crs.to_metric(line, crs.METRIC))
    corners = [shapely.get_coordinates(piece) for piece in pieces]
    steps = np.concatenate([np.stack([part[:-1], part[1:]], axis=1) for part in corners])
    tree = shapely.STRtree(shapely.linestrings(steps))
    (points, _), metres = tree.query_nearest(
        centre.to_numpy(), return_distance=True, all_matches=False
    )
    found = np.full(len(centre), np.nan)
    found[points] = metres
    return (found / 1000).round(2)


def _point_km(xy: np.ndarray, points: pd.DataFrame) -> np.ndarray:
    where = gpd.GeoSeries(gpd.points_from_xy(points["lon"], points["lat"]), crs=crs.WGS84)
    where = crs.to_metric(where, crs.METRIC)
    tree = cKDTree(np.column_stack([where.x, where.y]))
    return (tree.query(xy)[0] / 1000).round(2)


def _population(sources: Sources, labels: Labels) -> pd.Series:
    """Persons per km2 if every desa of a kabupaten had equally many: a proxy, not a count.

    Taken over the desa's fitted cell, since the nearest desa gives thin cells absurd densities.
    """
    sites = labels.sites
    people = sites["kabupaten"].map(sources.kabupaten.set_index("code")["population"])
    many = sites.groupby("kabupaten")["code"].transform("size")
    smallest = 0.16  # one pixel, for a desa that owns none
    return people / many / sites["area_km2"].clip(lower=smallest)


def _terrain(sources: Sources, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Elevation, and its range among the nine samples around, in metres (9 km samples)."""
    metres, step = read.elevation(sources.files)
    row, column = (90 - grid.lat) / step - 0.5, (grid.lon + 180) / step - 0.5
    top, left = int(row.min()) - 4, int(column.min()) - 4
    window = metres[top : int(row.max()) + 5, left : int(column.max()) + 5]
    wrapped = window > HIGHEST_M
    _, nearest = ndimage.distance_transform_edt(wrapped, return_indices=True)
    window = np.maximum(window[tuple(nearest)], 0.0)
    where = [row - top, column - left]
    height = ndimage.map_coordinates(window, where, order=1)
    spread = ndimage.maximum_filter(window, 3) - ndimage.minimum_filter(window, 3)
    relief = ndimage.map_coordinates(spread, where, order=0)
    return height.round().astype("int16"), relief.round().astype("int16")


def _forest(sources: Sources, grid: Grid) -> np.ndarray:
    """1 where the land cover at the centre is dense evergreen forest (5.6 km samples)."""
    classes, step = read.land_cover(sources.files)
    row = ((90 - grid.lat) / step).astype(int)
    column = ((grid.lon + 180) / step).astype(int)
    return (classes[row, column] == EVERGREEN_FOREST).astype("int8")
