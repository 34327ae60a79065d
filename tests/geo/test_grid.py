import h3
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from geo.grid import Grid, cells_of


def test_every_centre_is_located_in_its_own_cell(disk):
    assert (disk.locate(disk.lat, disk.lon) == np.arange(len(disk))).all()


def test_a_point_elsewhere_or_nowhere_has_no_place(seven):
    assert seven.locate([50.0, np.nan, 0.98], [3.0, 110.0, np.inf]).tolist() == [-1, -1, -1]


def test_a_point_just_outside_goes_to_the_nearest_cell_within_reach(seven):
    out = 1.6 * seven.spacing_km / 111.2
    lat, lon = [seven.lat[0] + out] * 2, [seven.lon[0]] * 2
    assert seven.locate(lat, lon).tolist() == [-1, -1]
    near = seven.nearest(lat, lon, seven.spacing_km)
    away = np.hypot(*(seven.xy_km - seven.plane_km(lat[:1], lon[:1])).T)
    assert near.tolist() == [int(away.argmin())] * 2
    assert seven.nearest([seven.lat[0] + 1], [seven.lon[0]], seven.spacing_km).tolist() == [-1]


@pytest.mark.parametrize(("share", "found"), [(0.98, True), (1.02, False), (2.5, False)])
def test_the_reach_of_the_nearest_cell_is_the_one_asked_for(seven, share, found):
    """A point just inside the reach has a cell, one just outside has none."""
    lat, lon = [seven.lat[0] + 0.2], [seven.lon[0]]  # far outside all cells
    away = np.hypot(*(seven.xy_km - seven.plane_km(lat, lon)).T).min()
    assert (seven.nearest(lat, lon, away / share)[0] >= 0) == found


def test_the_centre_adjoins_all_six(seven):
    ring = seven.neighbours(1).toarray()
    assert ring[0].tolist() == [0, 1, 1, 1, 1, 1, 1]
    assert (ring.sum(axis=1)[1:] == 3).all()  # two of the ring, and the centre
    assert (ring == ring.T).all()


@given(k=st.integers(0, 4))
def test_disk_is_the_sum_of_its_rings(disk, k):
    rings = sum(disk.neighbours(step) for step in range(k + 1))
    assert abs(rings - disk.neighbours(k, inside=True)).sum() == 0


@given(lat=st.floats(-85, 85), lon=st.floats(-180, 180), resolution=st.integers(0, 12))
def test_cells_are_those_of_h3(lat, lon, resolution):
    found = cells_of(np.array([lat]), np.array([lon]), resolution)[0]
    assert h3.int_to_str(int(found)) == h3.latlng_to_cell(lat, lon, resolution)


def test_fill_equals_h3_and_areas_are_those_of_h3():
    area = box(110.0, 0.8, 110.6, 1.2)
    grid = Grid.of_area(area, 7)
    assert set(grid.cells) == set(h3.geo_to_cells(area, 7))
    assert grid.area_km2[0] == pytest.approx(h3.cell_area(grid.cells[0], "km^2"))


def test_plane_is_true_to_distance_and_crosses_the_date_line():
    grid = Grid(sorted(h3.grid_disk(h3.latlng_to_cell(-17.0, 179.99, 6), 3)))
    away = np.hypot(*(grid.xy_km[0] - grid.xy_km[1]))
    true = h3.great_circle_distance(
        h3.cell_to_latlng(grid.cells[0]), h3.cell_to_latlng(grid.cells[1])
    )
    assert away == pytest.approx(true, rel=0.02)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([], "at least one cell"),
        (["x"], "not H3 cells"),
        (["876562c0affffff", "866562c0fffffff"], "one resolution"),
        (["876562c0affffff"] * 2, "given twice"),
    ],
)
def test_refusals_say_what_is_wrong(cells, words):
    with pytest.raises(ValueError, match=words):
        Grid(cells)
