"""The strip beside a border: all of the line is covered, nothing lies on the other side."""

import numpy as np
import pytest
import shapely

from geo.grid import Grid
from geo.strip import beyond_border, cut_strip

#: a crooked border through 110.0 to 110.6 E, land to the south of it
LINE = shapely.LineString(
    [(110.0, 1.00), (110.12, 1.07), (110.2, 0.98), (110.31, 1.04), (110.45, 1.01), (110.6, 1.09)]
)
LAND = shapely.Polygon([*LINE.coords, (110.6, 0.7), (110.0, 0.7)])
#: what 11 m of rounding on a map may open
ROUNDED = 1e-9


@pytest.fixture(scope="module", params=[5, 6, 7])
def world(request):
    grid = Grid.of_area(LAND, request.param)
    return grid, cut_strip(grid, LAND, LINE)


def test_cells_and_strip_cover_the_whole_border(world):
    grid, strip = world
    bare = LINE.intersection(shapely.union_all(grid.polygons)).length / LINE.length
    drawn = shapely.union_all([*grid.polygons, *strip["piece"]]).buffer(ROUNDED)
    assert bare < 0.8 and LINE.intersection(drawn).length / LINE.length > 0.999


def test_no_piece_lies_abroad_or_on_a_cell(world):
    grid, strip = world
    for piece in strip["piece"]:
        assert piece.difference(LAND).area < 1e-12
    both = shapely.union_all(strip["piece"]).intersection(shapely.union_all(grid.polygons))
    assert both.area < 1e-10


def test_each_piece_answers_for_the_nearest_cell(world):
    grid, strip = world
    for cell, piece in zip(strip["cell"], strip["piece"], strict=True):
        spot = shapely.point_on_surface(piece)
        away = np.hypot(*(grid.plane_km([spot.y], [spot.x])[0] - grid.xy_km).T)
        assert cell == grid.cells[int(away.argmin())]


def test_the_other_side_hides_what_cells_show_there(world):
    grid, _ = world
    over = shapely.union_all(grid.polygons).difference(LAND)
    north = shapely.Polygon([*LINE.coords, (110.6, 1.4), (110.0, 1.4)])
    hidden = beyond_border(grid, LAND, LINE)
    assert hidden.intersection(LAND).area < 1e-12
    assert over.intersection(north).difference(hidden).area < 1e-9


def test_a_border_inside_the_cells_leaves_no_strip():
    grid = Grid.of_area(LAND, 7)
    inside = shapely.LineString([(110.2, 0.8), (110.4, 0.82)])
    assert cut_strip(grid, LAND, inside).empty
