"""The strip between the last cells and the border line: land that people cross and no cell covers.

A cell belongs to the area by its centre, so about half of a border runs outside every cell. The
land there is cut into pieces, each of which shows what the nearest cell says. Display only: nothing
is scored here, and no piece reaches over the land's edge.
"""

import h3
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.grid import Grid

#: how far the line may be moved to find its other side, degrees (about a kilometre)
ROUGH = 0.01


def cut_strip(grid: Grid, land: BaseGeometry, border: BaseGeometry) -> pd.DataFrame:
    """Pieces of the land along a border that no cell covers.

    Parameters
    ----------
    grid : the cells of the study area
    land : polygon or multipolygon (lon, lat)
    border : line (lon, lat)

    Returns
    -------
    DataFrame with cell (str, the nearest of the grid) and piece (polygon, lon lat), one row for
        each connected piece in each hexagon outside the grid that the border runs through
    """
    outside = _along(border, grid)
    if not len(outside):
        return pd.DataFrame({"cell": [], "piece": []})
    shapes = Grid(outside).polygons
    west, _, east, _ = shapely.bounds(shapes).T
    shapes = shapes[east - west < 180]  # one across 180 degrees would be cut on the wrong side
    near = shapely.clip_by_rect(land, *shapely.total_bounds(shapes))
    cut = shapely.intersection(shapes, near)
    pieces, source = shapely.get_parts(cut, return_index=True)
    kept = (shapely.get_type_id(pieces) == 3) & (shapely.area(pieces) > 0)
    pieces, source = pieces[kept], source[kept]
    spots = shapely.point_on_surface(pieces)
    reach = 4 * grid.spacing_km
    home = grid.nearest(shapely.get_y(spots), shapely.get_x(spots), reach)
    names = np.array(grid.cells, dtype=object)[home]
    table = pd.DataFrame({"cell": names, "piece": pieces})
    return table[home >= 0].reset_index(drop=True)


def beyond_border(grid: Grid, land: BaseGeometry, border: BaseGeometry) -> BaseGeometry:
    """The other side of a border as wide as a cell reaches over it (lon, lat).

    Parameters
    ----------
    grid : the cells of the study area
    land : polygon or multipolygon (lon, lat)
    border : line (lon, lat)
    """
    wide = ROUGH + grid.spacing_km / 111.0
    return shapely.difference(shapely.simplify(border, ROUGH).buffer(wide, quad_segs=2), land)


def _along(border: BaseGeometry, grid: Grid) -> list[str]:
    """The cells outside the grid through which the border runs, sorted."""
    fine = shapely.segmentize(border, grid.spacing_km / 111.0 / 8)
    corners = shapely.get_coordinates(fine)
    found = {h3.latlng_to_cell(lat, lon, grid.resolution) for lon, lat in corners}
    # a corner of a hexagon may be cut between two points of the line
    around = sorted({one for cell in found for one in h3.grid_disk(cell, 1)} - set(grid.cells))
    shapes = Grid(around).polygons if around else np.array([], dtype=object)
    shapely.prepare(border)
    hits = shapely.intersects(border, shapes)
    return [cell for cell, hit in zip(around, hits, strict=True) if hit]
