"""Kabupaten, kecamatan and desa of the province, as labelled pixels and as polygons.

Two sources tell where the kabupaten meet, and err independently: polygons of 2020, and the cells
around today's desa, whose sites are moved and weighted until the cells have the exact centroids
that are published. A desa that has moved to another kabupaten since overrules the polygon; where
the two lines still differ, the district line is drawn halfway. Inside a kabupaten a pixel belongs
to the nearest desa, fitted once more. The international border is exact in both.
"""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rasterio import features, transform
from scipy import ndimage
from scipy.spatial import cKDTree

from geo import crs
from tools.area.sources import Sources

EQUAL_AREA = crs.local_metric(-0.5, 111.3)
PIXEL_M = 400.0
MARGIN_M = 60e3
FIT_ROUNDS = 8  # more rounds fit shapes that no such cells can have
STEP = 0.3  # share of a centroid's offset that a site moves per round
GAIN = 0.15  # the same for the weights
FARTHEST_M = 1500.0  # offset of a kecamatan's centroid that counts in one round
AXIS_M = 1e6  # a far third axis keeps pixels and desa of two districts apart
SPECK_KM2 = 25.0
#: kabupaten further than this from their official area are drawn from the desa, if that is nearer
AREA_TOLERANCE = 0.10
EDGE_M = 600.0  # smoothing of the pixels' stairs
BORDER_M = 50.0  # simplification of the border line in the map layers


@dataclass(frozen=True)
class Labels:
    """Which desa and kabupaten each pixel belongs to; -1 where it is none of the province.

    desa : (rows, columns) position in `sites`, -1 elsewhere
    inside : (rows, columns) True on the province's land
    sites : code, kecamatan, kabupaten, lat, lon, x, y, area_km2 (on land) of every desa
    affine : pixel -> metres in EQUAL_AREA
    """

    desa: np.ndarray
    inside: np.ndarray
    sites: pd.DataFrame
    affine: transform.Affine

    def at(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Position in `sites` of the pixel around each point (EQUAL_AREA, metres)."""
        column, row = ~self.affine * (np.asarray(x), np.asarray(y))
        return self.desa[np.floor(row).astype(int), np.floor(column).astype(int)]


@dataclass
class Pixels:
    """The pixels on land around the province, as a flat list and as a window."""

    shape: tuple[int, int]
    affine: transform.Affine
    row: np.ndarray
    column: np.ndarray
    xy: np.ndarray
    edge: np.ndarray

    def burn(self, geometries, values=None) -> np.ndarray:
        """Rasterise geometries (EQUAL_AREA); 0 where there is none."""
        values = [1] * len(geometries) if values is None else values
        pairs = zip(geometries, values, strict=True)
        return features.rasterize(pairs, out_shape=self.shape, transform=self.affine, dtype="int16")

    def grid(self, values: np.ndarray, empty) -> np.ndarray:
        """Values per pixel of the list, put back into the window."""
        window = np.full(self.shape, empty, dtype=np.asarray(values).dtype)
        window[self.row, self.column] = values
        return window


def label(sources: Sources, land: shapely.Geometry, say: Callable[[str], None]) -> Labels:
    """Give every pixel its desa; `land` is the island's land in EQUAL_AREA."""
    zone = {name: crs.to_metric(shape, EQUAL_AREA) for name, shape in sources.zones.items()}
    districts = crs.to_metric(sources.districts, EQUAL_AREA)
    codes = sorted(districts["code"].unique())
    number = {code: place for place, code in enumerate(codes)}
    ours = np.array([len(code) == 4 for code in codes])
    sites = _sites(sources)
    own = sites["kabupaten"].map(number).to_numpy()

    pixels = _pixels(districts[districts["code"].str.len() == 4].total_bounds)
    polygon = pixels.burn(districts.geometry, districts["code"].map(number) + 1)
    _, nearest = ndimage.distance_transform_edt(polygon == 0, return_indices=True)
    polygon = polygon[tuple(nearest)] - 1
    east = pixels.burn([zone["Makassar"]]) > 0
    polygon[east & ours[polygon]] = number["64"]
    near = pixels.burn([land.buffer(2 * PIXEL_M)]) > 0
    near &= (pixels.burn([zone["Pontianak"].buffer(2 * PIXEL_M)]) > 0) | east
    province = shapely.make_valid(shapely.intersection(land, zone["Pontianak"]))
    on_land = pixels.burn([province]) > 0
    water = pixels.burn([land]) == 0
    pixels = _only(pixels, near)
    kabupaten = polygon[pixels.row, pixels.column]
    on_land = on_land[pixels.row, pixels.column]
    east = east[pixels.row, pixels.column]

    say("fitting desa to their centroids, whole island")
    zone_of_site = np.isin(sites["kabupaten"].str[:2], ["63", "64", "65"]).astype(int)
    free = _fit(sites, pixels, zone_of_site, east.astype(int), on_land | east)

    at = gpd.sjoin(
        gpd.GeoDataFrame(geometry=gpd.points_from_xy(sites["x"], sites["y"]), crs=EQUAL_AREA),
        districts,
        predicate="within",
        how="left",
    )
    found = at["code"][~at.index.duplicated()]
    moved = (found.notna() & (found != sites["kabupaten"])).to_numpy()
    kabupaten = np.where(moved[free], own[free], kabupaten)
    say(f"{moved[sites['kabupaten'].str.len() == 4].sum()} desa moved to another kabupaten")

    pixel_km2 = (PIXEL_M / 1000) ** 2
    for code, official in sources.kabupaten.set_index("code")["area_km2"].items():
        if code not in number:
            continue
        mine, desa = kabupaten == number[code], own[free] == number[code]
        area, other = (pixel_km2 * (part & on_land).sum() for part in (mine, desa))
        if abs(area / official - 1) > AREA_TOLERANCE and abs(other - official) < abs(
            area - official
        ):
            say(f"{code}: {area:.0f} km2 by polygon, {other:.0f} by desa, {official:.0f} official")
            kabupaten = np.where(mine | desa, own[free], kabupaten)
    deeper = _depth(pixels, kabupaten) > _depth(pixels, own[free])
    kabupaten = np.where(deeper, kabupaten, own[free])
    kabupaten = _without_specks(pixels, kabupaten, ours, water)

    say("fitting desa to their centroids, inside the kabupaten")
    desa = _fit(sites, pixels, own, kabupaten, on_land | east)
    inside = ours[kabupaten] & on_land
    counts = np.bincount(desa[inside], minlength=len(sites))
    return Labels(
        desa=pixels.grid(np.where(ours[kabupaten], desa, -1), -1),
        inside=pixels.grid(inside, False),
        sites=sites.assign(area_km2=counts * pixel_km2),
        affine=pixels.affine,
    )


def residuals(labels: Labels, kecamatan: pd.DataFrame) -> dict[str, float]:
    """Median distance between official and fitted centroids, metres, of desa and kecamatan."""
    row, column = np.nonzero(labels.inside)
    x, y = labels.affine * (column + 0.5, row + 0.5)
    sites = labels.sites.iloc[labels.desa[row, column]]
    fitted = pd.DataFrame({"x": x, "y": y}).set_axis(sites["code"], axis=0)
    desa = labels.sites.set_index("code")[["x", "y"]] - fitted.groupby(level=0).mean()
    fitted.index = sites["kecamatan"]
    points = _project(kecamatan).set_index("code")[["x", "y"]]
    groups = points - fitted.groupby(level=0).mean()
    medians = [float(np.hypot(part["x"], part["y"]).median()) for part in (desa, groups)]
    return dict(zip(("desa", "kecamatan"), medians, strict=True))


def polygons(labels: Labels, province: shapely.Geometry) -> gpd.GeoDataFrame:
    """Kecamatan as polygons (EQUAL_AREA), shared edges shared, cut with `province`.

    Returns
    -------
    GeoDataFrame with code (6 digits), kabupaten (4 digits), geometry (MultiPolygon), by code
    """
    codes = sorted(set(labels.sites["kecamatan"]))
    number = labels.sites["kecamatan"].map({code: i + 1 for i, code in enumerate(codes)})
    raster = np.where(labels.desa >= 0, number.to_numpy()[labels.desa], 0).astype("int32")
    pieces = features.shapes(raster, mask=raster > 0, transform=labels.affine)
    pieces = [(codes[int(value) - 1], shapely.geometry.shape(part)) for part, value in pieces]
    table = gpd.GeoDataFrame(pieces, columns=["code", "geometry"], crs=EQUAL_AREA)
    table = table.dissolve("code").reset_index()
    smooth = shapely.coverage_simplify(table.geometry.to_numpy(), EDGE_M)
    cut = [areal(shapely.intersection(part, province)) for part in shapely.make_valid(smooth)]
    table = table.set_geometry(gpd.GeoSeries(cut, crs=EQUAL_AREA))
    return table.assign(kabupaten=table["code"].str[:4])[["code", "kabupaten", "geometry"]]


def areal(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """Only the polygons of a geometry; points and lines of a touching edge are left out."""
    parts = shapely.get_parts(shapely.make_valid(geometry))
    if any(part.geom_type == "GeometryCollection" for part in parts):
        parts = shapely.get_parts(parts)
    flat = shapely.get_parts(parts)
    return shapely.MultiPolygon([part for part in flat if part.geom_type == "Polygon"])


def _project(points: pd.DataFrame) -> pd.DataFrame:
    where = gpd.GeoSeries(gpd.points_from_xy(points["lon"], points["lat"]), crs=crs.WGS84)
    where = where.to_crs(EQUAL_AREA)
    return points.assign(x=where.x.to_numpy(), y=where.y.to_numpy())


def _sites(sources: Sources) -> pd.DataFrame:
    desa = sources.desa.dropna(subset=["lat", "lon"]).reset_index(drop=True)
    code = desa["code"]
    sites = desa.assign(kabupaten=code.str[:4].where(code.str[:2] == "61", code.str[:2]))
    centres = _project(sources.kecamatan).set_index("code")[["x", "y"]]
    sites = _project(sites)
    return sites.join(centres, on="kecamatan", rsuffix="_kecamatan")


def _pixels(bounds: np.ndarray) -> Pixels:
    west, north = bounds[0] - MARGIN_M, bounds[3] + MARGIN_M
    width = int((bounds[2] - bounds[0] + 2 * MARGIN_M) / PIXEL_M)
    height = int((bounds[3] - bounds[1] + 2 * MARGIN_M) / PIXEL_M)
    affine = transform.from_origin(west, north, PIXEL_M, PIXEL_M)
    none = np.array([], dtype=int)
    return Pixels((height, width), affine, none, none, np.empty((0, 2)), none)


def _only(pixels: Pixels, kept: np.ndarray) -> Pixels:
    row, column = np.nonzero(kept)
    x, y = pixels.affine * (column + 0.5, row + 0.5)
    height, width = pixels.shape
    edge = (row == 0) | (column == 0) | (row == height - 1) | (column == width - 1)
    return Pixels(pixels.shape, pixels.affine, row, column, np.column_stack([x, y]), edge)


def _fit(
    sites: pd.DataFrame,
    pixels: Pixels,
    site_axis: np.ndarray,
    pixel_axis: np.ndarray,
    on_land: np.ndarray,
) -> np.ndarray:
    """The desa of each pixel, sites and weights fitted to desa and kecamatan centroids.

    Each round moves a site against the offset of its cell's centroid, and gives weight to the
    desa on the side to which their kecamatan's centroid has to move. Cells cut by the window's
    edge stay as they are; pixels off the land, kept to reach every coast, do not count.
    """
    goal = sites[["x", "y"]].to_numpy()
    groups, group = np.unique(np.asarray(sites["kecamatan"], dtype="U6"), return_inverse=True)
    centre = sites[["x_kecamatan", "y_kecamatan"]].to_numpy()
    outward = goal - centre
    outward /= np.maximum(np.hypot(*outward.T), 1.0)[:, None]
    site, weight = goal.copy(), np.zeros(len(goal))
    far_pixels = pixel_axis * AXIS_M

    def nearest() -> np.ndarray:
        lift = np.sqrt(weight.max() - weight)
        tree = cKDTree(np.column_stack([site, lift, site_axis * AXIS_M]))
        flat = np.zeros(len(pixels.xy))
        return tree.query(np.column_stack([pixels.xy, flat, far_pixels]), workers=-1)[1]

    for _ in range(FIT_ROUNDS):
        cell = nearest()
        whole = np.bincount(cell[pixels.edge], minlength=len(site)) == 0
        cell, xy = cell[on_land], pixels.xy[on_land]
        count = np.bincount(cell, minlength=len(site))
        total = np.column_stack([np.bincount(cell, xy[:, axis], len(site)) for axis in (0, 1)])
        steady = (count >= 8) & whole
        off = goal - total / np.maximum(count, 1)[:, None]
        site += np.where(steady[:, None], STEP * off, 0.0)

        of_group = np.bincount(group, count, len(groups))
        middle = np.column_stack(
            [np.bincount(group, total[:, axis], len(groups)) for axis in (0, 1)]
        )
        off = centre - (middle / np.maximum(of_group, 1)[:, None])[group]
        length = np.hypot(*off.T)
        off *= np.minimum(1.0, FARTHEST_M / np.maximum(length, 1.0))[:, None]
        whole_group = np.bincount(group, ~whole, len(groups)) == 0
        fair = whole_group[group] & np.isfinite(off[:, 0]) & (of_group[group] > 0)
        width = 2 * np.sqrt(count * PIXEL_M**2 / np.pi)
        push = GAIN * 2 * width * np.sum(outward * off, axis=1)
        weight += np.where(fair, push, 0.0)
        weight -= weight.mean()
    return nearest()


def _depth(pixels: Pixels, district: np.ndarray) -> np.ndarray:
    """Distance of each pixel to the nearest line between two districts, in pixels."""
    window = pixels.grid(district, -1)
    _, nearest = ndimage.distance_transform_edt(window < 0, return_indices=True)
    window = window[tuple(nearest)]
    line = np.zeros(window.shape, dtype=bool)
    upright, level = window[1:] != window[:-1], window[:, 1:] != window[:, :-1]
    line[1:] |= upright
    line[:-1] |= upright
    line[:, 1:] |= level
    line[:, :-1] |= level
    return ndimage.distance_transform_edt(~line)[pixels.row, pixels.column]


def _without_specks(
    pixels: Pixels, kabupaten: np.ndarray, ours: np.ndarray, water: np.ndarray
) -> np.ndarray:
    """Give detached inland specks of a kabupaten to the district around them."""
    window = pixels.grid(kabupaten, -1)
    wet = ndimage.binary_dilation(water)
    speck = np.zeros(window.shape, dtype=bool)
    limit = SPECK_KM2 * 1e6 / PIXEL_M**2
    for code in np.flatnonzero(ours):
        parts, many = ndimage.label(window == code)
        size = np.bincount(parts.ravel(), minlength=many + 1)
        shore = np.bincount(parts[wet], minlength=many + 1) > 0
        small = (size < limit) & ~shore
        small[0] = False
        if size[1:].size:
            small[1 + size[1:].argmax()] = False
        speck |= small[parts]
    _, nearest = ndimage.distance_transform_edt(speck | (window < 0), return_indices=True)
    window = np.where(speck, window[tuple(nearest)], window)
    return window[pixels.row, pixels.column]
