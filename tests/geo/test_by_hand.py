"""Answers of geo that can be worked out beside it: on a globe, with a ruler, or by counting."""

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import pytest
import shapely

from geo import crs
from geo.area import StudyArea, metric_for
from geo.blocks import quarters_of, quarters_within
from geo.calendar import week_of
from geo.grid import EARTH_RADIUS_KM, Grid, cell_names
from geo.panel import count_events, gather_periods
from geo.support import cells_of_desa, spread
from geo.tracks import track_effort

DEGREE_KM = np.pi / 180 * EARTH_RADIUS_KM


# the grid on the globe ------------------------------------------------------------------------


@pytest.mark.parametrize("lon", [110.36, 0.0, 179.99, -179.99, -100.0])
def test_the_plane_is_centred_on_the_grid_and_east_is_the_short_way_round(lon):
    grid = Grid(sorted(h3.grid_disk(h3.latlng_to_cell(30.0, lon, 7), 4)))
    assert np.abs(grid.xy_km).max() < 6 * grid.spacing_km
    assert (grid.xy_km.min(axis=0) + grid.xy_km.max(axis=0)) / 2 == pytest.approx(0, abs=0.5)
    middle = (grid.lat.min() + grid.lat.max()) / 2
    east = DEGREE_KM * np.cos(np.radians(middle))
    home = grid.plane_km([middle], [lon])[0]
    for step in (-150, -0.5, 0, 0.5, 150):
        there = grid.plane_km([middle + 0.1], [(lon + step + 180) % 360 - 180])[0]
        assert there - home == pytest.approx([step * east, 0.1 * DEGREE_KM], rel=1e-9, abs=1e-6)


def test_spacing_is_the_distance_between_adjoining_centres(disk):
    ring = h3.grid_ring(disk.cells[40], 1)
    away = [
        h3.great_circle_distance(h3.cell_to_latlng(disk.cells[40]), h3.cell_to_latlng(one))
        for one in ring
    ]
    assert disk.spacing_km == pytest.approx(np.mean(away), rel=0.01)


def test_a_cell_is_found_by_its_id_and_outlined_around_its_centre(seven):
    for place, cell in enumerate(seven.cells):
        assert seven.position([cell]).tolist() == [place]
        outline = shapely.Polygon([(x, y) for y, x in h3.cell_to_boundary(cell)])
        assert seven.polygons[place].symmetric_difference(outline).area < 1e-9
    assert seven.position([]).tolist() == []
    far = h3.latlng_to_cell(50, 10, 7)
    assert seven.position([far, seven.cells[2]]).tolist() == [-1, 2]
    assert cell_names(seven.ids).tolist() == seven.cells


def test_a_parent_is_coarser_or_the_cell_itself(seven):
    assert seven.parents(7).tolist() == seven.cells
    assert seven.parents(5).tolist() == [h3.cell_to_parent(cell, 5) for cell in seven.cells]
    with pytest.raises(ValueError, match="a parent is coarser than 7, got 8"):
        seven.parents(8)


# the area -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("edges", "fits"), [
    ((107.5, -5, 115, 5), True),
    ((107.4, -5, 115, 5), False),
    ((107.5, -5.1, 115, 5), False),
    ((107.5, -5, 115.1, 5), False),
    ((107.5, -5, 115, 5.1), False),
])  # fmt: skip
def test_the_fixed_metric_crs_ends_where_it_says(edges, fits):
    assert (metric_for(shapely.box(*edges)) == crs.METRIC) == fits


def test_an_area_is_itself_and_can_be_a_key():
    one, other = (StudyArea("a", shapely.box(110, 0, 111, 1)) for _ in range(2))
    assert {one: 1}[one] == 1 and one != other


def test_metres_and_degrees_are_told_from_each_other_whatever_a_frame_says_of_itself():
    point = gpd.GeoSeries([shapely.Point(111, 0)], crs="EPSG:3857")  # it is in degrees all the same
    there = crs.to_metric(point)
    assert there.iloc[0].x == pytest.approx(500_000, abs=1)
    assert there.crs == crs.METRIC
    single = crs.to_metric(shapely.Point(111, 0))
    assert single.equals_exact(there.iloc[0], 1e-6)
    assert crs.to_wgs84(single).equals_exact(shapely.Point(111, 0), 1e-9)


# how precise a place is -----------------------------------------------------------------------


def place(lat, lon, precision="gps", **more) -> pd.DataFrame:
    return pd.DataFrame(
        [{"event_id": "a", "lat": lat, "lon": lon, "geo_precision": precision, **more}]
    )


def shares(found, n_cells) -> np.ndarray:
    return np.bincount(found["place"], found["weight"], n_cells)


@pytest.mark.parametrize("km", [0.6, 1.5, 3.0])
@pytest.mark.parametrize("aside", [(0.4, 0.9), (-0.7, 0.2)])
def test_a_disc_is_shared_out_as_it_lies_on_the_cells(disk, km, aside):
    lat, lon = disk.lat.mean() + aside[0] / DEGREE_KM, disk.lon.mean() + aside[1] / DEGREE_KM
    found = shares(spread(place(lat, lon, "landmark", uncertainty_km=km), disk), len(disk))
    circle = shapely.Point(disk.plane_km([lat], [lon])[0]).buffer(km, quad_segs=64)
    plane = shapely.transform(
        disk.polygons, lambda lonlat: disk.plane_km(lonlat[:, 1], lonlat[:, 0])
    )
    overlap = shapely.area(shapely.intersection(plane, circle)) / circle.area
    assert found == pytest.approx(overlap, abs=0.03)
    assert np.abs(found - overlap).mean() < 0.0015


def test_a_landmark_that_says_no_more_is_a_disc_of_two_km(disk):
    lat, lon = disk.lat.mean(), disk.lon.mean()
    told = [spread(place(lat, lon, "landmark", **more), disk) for more in
            ({}, {"uncertainty_km": np.nan}, {"uncertainty_km": 2.0})]  # fmt: skip
    for one in told[1:]:
        pd.testing.assert_frame_equal(told[0], one)
    assert len(told[0]) > 1


def test_a_point_surer_than_a_hundred_metres_is_in_one_cell_and_a_less_sure_one_in_two(disk):
    corner = disk.polygons[60].exterior.coords[0]
    lon, lat = np.array(corner) + 0.0002 * np.array([1, 1])
    assert len(spread(place(lat, lon, uncertainty_km=0.1), disk)) == 1
    assert len(spread(place(lat, lon, uncertainty_km=0.5), disk)) > 1


def test_of_a_disc_that_reaches_out_only_the_part_inside_counts(seven):
    edge = place(seven.lat.max(), seven.lon[0], "landmark", uncertainty_km=6.0)
    found = spread(edge, seven)
    assert (found["place"] >= 0).all() and found["weight"].sum() == pytest.approx(1)
    assert found["place"].is_unique


def test_a_desa_without_cells_has_no_row(seven):
    event = place(np.nan, np.nan, "desa", admin_code="x")
    assert spread(event, seven, {"y": np.array([1])}).empty
    assert spread(event, seven, {"x": np.array([], int)}).empty


def test_cells_outside_or_of_no_desa_belong_to_none(seven):
    far = h3.latlng_to_cell(50, 10, 7)
    cells = pd.DataFrame({"cell": [*seven.cells[:3], far], "desa_code": ["p", "p", "", "q"]})
    desa = pd.DataFrame({"desa_code": ["p", "r"], "lat": [0.0, np.nan], "lon": [0.0, np.nan]})
    found = cells_of_desa(cells, desa, seven)
    assert {code: list(at) for code, at in found.items()} == {"p": [0, 1]}


# tracks ---------------------------------------------------------------------------------------


def points(minutes, lat, lon) -> pd.DataFrame:
    start = pd.Timestamp("2025-01-06T02:00Z")
    when = [start + pd.Timedelta(minutes=float(m)) for m in minutes]
    return pd.DataFrame({"track_id": "a", "time": when, "lat": lat, "lon": lon})


@pytest.mark.parametrize(("north", "east"), [(0.01, 0.0), (0.0, 0.01), (0.006, -0.008)])
def test_the_length_of_a_leg_is_its_length_on_the_globe(disk, north, east):
    lat, lon = disk.lat.mean(), disk.lon.mean()
    found = track_effort(points([0, 20], [lat, lat + north], [lon, lon + east]), disk).effort
    true = h3.great_circle_distance((lat, lon), (lat + north, lon + east))
    assert found["km"].sum() == pytest.approx(true, rel=1e-6)
    assert found["minutes"].sum() == pytest.approx(20)


def test_a_leg_between_two_points_is_shared_out_along_the_way(disk):
    """A leg of two points crosses the cells that the same leg of three hundred points does."""
    a, b = 20, 90
    line = np.linspace(0, 1, 301)
    lat = disk.lat[a] + line * (disk.lat[b] - disk.lat[a])
    lon = disk.lon[a] + line * (disk.lon[b] - disk.lon[a])
    fine = track_effort(points(28 * line, lat, lon), disk).effort
    coarse = track_effort(points([0, 28], lat[[0, -1]], lon[[0, -1]]), disk).effort
    assert len(fine) > 4 and fine["cell"].tolist() == coarse["cell"].tolist()
    for column, width in (("minutes", 28), ("km", fine["km"].sum())):
        step = 0.26 / fine["km"].sum() * width
        assert coarse[column].to_numpy() == pytest.approx(fine[column].to_numpy(), abs=step)
    assert (coarse["visits"] == 1).all()


def test_a_silence_of_half_an_hour_is_walked_and_a_longer_one_is_not(seven):
    still = points([0, 30, 60.1], seven.lat[0], seven.lon[0])
    found = track_effort(still, seven)
    assert found.legs_cut == 1 and found.minutes_cut == pytest.approx(30.1)
    assert found.effort["minutes"].tolist() == [30]


def test_two_points_of_one_moment_are_one_place_or_a_jump(seven):
    same = track_effort(points([0, 0, 5], seven.lat[0], seven.lon[0]), seven)
    assert same.legs_cut == 0 and same.effort["minutes"].tolist() == [5]
    lat = [seven.lat[0], seven.lat[0] + 0.001]
    assert track_effort(points([0, 0], lat, seven.lon[0]), seven).legs_cut == 1


def test_a_track_outside_is_walked_but_not_inside(seven):
    found = track_effort(points([0, 10], 50.0, 10.0), seven)
    assert found.tracks_walked == {"a"} and found.tracks_inside == frozenset()
    assert found.minutes_outside == 10 and found.effort.empty


# panels and blocks ----------------------------------------------------------------------------


def test_rows_of_other_weeks_are_left_out_and_of_other_cells_refused(weeks):
    row = pd.DataFrame({"week": [weeks[0] - pd.Timedelta(days=7)], "place": [3], "weight": [1.0]})
    assert count_events(row, weeks, 7).sum() == 0
    last = row.assign(week=weeks[-1], place=6)
    assert count_events(last, weeks, 7)[-1].tolist() == [0, 0, 0, 0, 0, 0, 1]
    with pytest.raises(ValueError, match="place 7 is outside a grid of 7 cells"):
        count_events(last.assign(place=7), weeks, 7)


def test_a_week_is_told_of_times_without_a_zone_and_with_one():
    naive = pd.Series(pd.to_datetime(["2025-01-06T02:00", "2025-01-13T02:00"]))
    told = pd.Series(["2025-01-05T23:00-03:00", "2025-01-13T09:00+07:00"])
    for times in (naive, told):
        assert week_of(times).dt.strftime("%Y-%m-%d").tolist() == ["2025-01-06", "2025-01-13"]


def test_a_period_has_a_week_at_least():
    panel = np.arange(6, dtype=np.float32).reshape(3, 2)
    np.testing.assert_array_equal(gather_periods(panel, 1), panel)
    for length in (0, -1):
        with pytest.raises(ValueError, match=f"at least one week, got {length}"):
            gather_periods(panel, length)


def test_the_quarters_of_a_year_and_those_between_two_mondays():
    four = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert quarters_of("2025") == four
    first, last = pd.Timestamp("2024-12-30"), pd.Timestamp("2025-12-22")
    week = pd.Timedelta(days=7)
    assert quarters_within(first, last) == four
    assert quarters_within(first + week, last - week) == four[1:3]
