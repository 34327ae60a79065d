"""An area that a person drew: what is read, what is refused, and which cells it holds."""

import json

import h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import drawn
from geo.grid import Grid
from geo.impossible import Impossible

GRID = Grid.of_area(shapely.box(110, 0.5, 110.6, 1.0), 6)
CELLS = GRID.lat, GRID.lon
SQUARE = [[110.1, 0.6], [110.3, 0.6], [110.3, 0.8], [110.1, 0.8], [110.1, 0.6]]
FIJI = Grid(sorted(h3.grid_disk(h3.latlng_to_cell(-17.0, 179.95, 5), 6)))


def feature(kind: str, coordinates) -> dict:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"nama": "Budi"}, "geometry": geometry}


@pytest.mark.parametrize("text", [
    json.dumps({"type": "Polygon", "coordinates": [SQUARE]}),
    json.dumps({"type": "MultiPolygon", "coordinates": [[SQUARE]]}),
    json.dumps(feature("Polygon", [SQUARE])),
    json.dumps({"type": "FeatureCollection", "features": [feature("Polygon", [SQUARE])] * 2}),
    json.dumps({"type": "GeometryCollection",
                "geometries": [feature("Polygon", [SQUARE[:-1]])["geometry"]]}),
    "\ufeff POLYGON((110.1 0.6,110.3 0.6,110.3 0.8,110.1 0.8,110.1 0.6))",
    "SRID=4326;MULTIPOLYGON(((110.1 0.6,110.3 0.6,110.3 0.8,110.1 0.8)))",
    "POLYGON Z((110.1 0.6 5,110.3 0.6 5,110.3 0.8 5,110.1 0.8 5,110.1 0.6 5))",
])  # fmt: skip
def test_every_way_of_saying_one_square_gives_one_area(text):
    area = drawn.read(text, *CELLS)
    expected = (GRID.lat > 0.6) & (GRID.lat < 0.8) & (GRID.lon > 110.1) & (GRID.lon < 110.3)
    assert expected.sum() > 5
    assert (drawn.inside(area, *CELLS) == expected).all()
    assert drawn.km2(area) == pytest.approx((0.2 * 111.195) ** 2, rel=1e-3)
    assert "Budi" not in drawn.pack(area)


@pytest.mark.parametrize(("text", "keys"), [
    ("  ", ["drawn_nothing"]),
    ("x" * (drawn.MOST_SIGNS + 1), ["drawn_long"]),
    ("[" * 100_000, ["drawn_unreadable"]),
    ("kec. Entikong", ["drawn_unreadable"]),
    ('{"type": "Polygon"}', ["drawn_few"]),
    ('{"type": "FeatureCollection", "features": 4}', ["drawn_unreadable"]),
    ("POINT(110.2 0.7)", ["drawn_kind"]),
    ("POLYGON((310000 50000,320000 50000,320000 60000,310000 50000))", ["drawn_metres"]),
    ("SRID=32649;POLYGON((1 1,2 2,3 1,1 1))", ["drawn_metres"]),
    ("POLYGON((0.6 110.1,0.6 110.3,0.8 110.3))", ["drawn_swapped"]),
    ("POLYGON((110 91,111 92,110 93))", ["drawn_latitude"]),
    ("POLYGON((110.1 0.6,110.3 0.8,110.3 0.6,110.1 0.8))", ["drawn_crossing"]),
    ("POLYGON((110.1 0.6,110.3 0.6,110.3 0.8,110.1 0.6),(111 2,111 2.1,111.1 2,111 2))",
     ["drawn_hole"]),
    ("POLYGON((10 10,11 10,11 11,10 10))", ["drawn_outside"]),
    ("POLYGON((110.2 0.7,110.2002 0.7,110.2 0.7002))", ["drawn_small"]),
    (json.dumps({"type": "MultiPolygon", "coordinates": [
        [[[110.1, 0.6], [110.2, 0.6]]], [[[110.1, None], [110.2, 0.6], [110.2, 0.7]]], "x",
    ]}), ["drawn_few", "drawn_number", "drawn_few"]),
    (json.dumps({"type": "Polygon", "coordinates": [[[110.1, 0.6], [np.nan, 1], [np.inf, 2]]]}),
     ["drawn_number"]),
])  # fmt: skip
def test_what_cannot_be_counted_is_refused_with_every_fault(text, keys):
    with pytest.raises(Impossible) as refused:
        drawn.read(text, *CELLS)
    assert [one.key for one in refused.value.faults] == keys


def test_too_many_corners_are_refused_before_anything_is_drawn():
    turn = np.linspace(0, 2 * np.pi, drawn.MOST_CORNERS + 2)
    ring = list(zip((110.3 + np.cos(turn) / 9).tolist(), (0.7 + np.sin(turn) / 9).tolist(),
                    strict=True))  # fmt: skip
    with pytest.raises(Impossible, match="corners"):
        drawn.make([[ring]], *CELLS)
    assert drawn.make([[ring[::20]]], *CELLS).area > 0


def test_a_hole_is_not_counted():
    hole = [[110.15, 0.65], [110.15, 0.75], [110.25, 0.75], [110.25, 0.65], [110.15, 0.65]]
    with_hole = drawn.make([[SQUARE, hole]], *CELLS)
    whole, inner = drawn.make([[SQUARE]], *CELLS), drawn.make([[hole]], *CELLS)
    counted = [drawn.inside(one, *CELLS) for one in (with_hole, whole, inner)]
    assert (counted[0] == (counted[1] & ~counted[2])).all() and counted[2].any()
    assert drawn.unpack(drawn.pack(with_hole), *CELLS).equals(with_hole)


@pytest.mark.parametrize("turn", [(179.7, -179.8), (179.7, 180.2), (-180.3, -179.8)])
def test_an_outline_across_180_degrees_is_one_area(turn):
    west, east = turn
    ring = [(west, -17.3), (east, -17.3), (east, -16.8), (west, -16.8)]
    area = drawn.make([[ring]], FIJI.lat, FIJI.lon)
    counted = drawn.inside(area, FIJI.lat, FIJI.lon)
    lon = np.where(FIJI.lon < 0, FIJI.lon + 360, FIJI.lon)
    expected = (lon > 179.7) & (lon < 180.2) & (FIJI.lat > -17.3) & (FIJI.lat < -16.8)
    assert (counted == expected).all() and counted.sum() > 3
    assert drawn.unpack(drawn.pack(area), FIJI.lat, FIJI.lon).equals(area)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="0123456789.-~*_", max_size=60))
def test_an_address_by_hand_gives_an_area_or_a_refusal(text):
    try:
        assert drawn.unpack(text, *CELLS).area > 0
    except Impossible as refused:
        assert all(one.key.startswith("drawn_") for one in refused.faults)


points = st.lists(st.tuples(st.floats(110, 110.6), st.floats(0.5, 1)), min_size=3, max_size=9)


@settings(max_examples=40, deadline=None)
@given(points)
def test_an_area_survives_its_address_and_counts_the_same_cells(corners):
    hull = shapely.MultiPoint(corners).convex_hull
    if hull.geom_type != "Polygon":
        return
    try:
        area = drawn.make([[list(hull.exterior.coords)]], *CELLS)
    except Impossible:
        return
    again = drawn.unpack(drawn.pack(area), *CELLS)
    assert (drawn.inside(area, *CELLS) == drawn.inside(again, *CELLS)).all()
