import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo import crs
from geo.area import StudyArea, metric_for

# a square degree in the Andes, two districts, and a border along its western edge
WEST, EAST = shapely.box(-70, -20, -69.5, -19), shapely.box(-69.5, -20, -69, -19)
LAND = shapely.union(WEST, EAST)


@pytest.fixture(scope="module")
def andes() -> StudyArea:
    districts = gpd.GeoDataFrame(
        {"code": ["w", "e"], "name": ["West", "East"]}, geometry=[WEST, EAST], crs=crs.WGS84
    )
    line = shapely.LineString([(-70, -21), (-70, -19.5), (-70, -18)])
    return StudyArea("Andes", LAND, line, districts, None, metric_for(LAND))


def test_cells_lie_in_the_land_and_fill_it(andes):
    grid = andes.grid(6)
    assert shapely.contains_xy(LAND, grid.lon, grid.lat).all()
    square = gpd.GeoSeries([LAND], crs=crs.WGS84).to_crs(andes.metric).area.sum() / 1e6
    assert grid.area_km2.sum() == pytest.approx(square, rel=0.03)


def test_distance_to_the_border_is_measured_in_km_east_and_west_of_it(andes):
    one_degree = 111.32 * np.cos(np.radians(19.5))
    km = andes.border_distance_km([-19.5, -19.5, -19.5], [-69.9, -70.1, -70.0])
    assert km == pytest.approx([one_degree / 10, one_degree / 10, 0], abs=0.05)


def test_distance_agrees_with_the_whole_line_point_by_point(andes):
    random = np.random.default_rng(1)
    lat, lon = random.uniform(-20, -19, 50), random.uniform(-71, -69, 50)
    line = crs.to_metric(andes.border, andes.metric)
    points = crs.to_metric(gpd.GeoSeries(gpd.points_from_xy(lon, lat)), andes.metric)
    direct = np.array([line.distance(point) for point in points]) / 1000
    assert andes.border_distance_km(lat, lon) == pytest.approx(direct, abs=1e-9)


def test_a_point_has_the_code_of_its_district_or_none(andes):
    codes = andes.district_of([-19.5, -19.5, -30.0, np.nan], [-69.8, -69.2, -69.2, -69.2])
    assert codes.tolist() == ["w", "e", None, None]


def test_what_an_area_does_not_have_is_missing_not_wrong(andes):
    bare = StudyArea("bare", LAND)
    assert np.isnan(bare.border_distance_km([-19.5], [-69.9])).all()
    assert bare.district_of([-19.5], [-69.9]).tolist() == [None]
    assert andes.subdistrict_of([-19.5], [-69.9]).tolist() == [None]
    assert np.isnan(andes.border_distance_km([np.nan, -19.5], [-69.9, np.inf])).all()


def test_the_fixed_metric_crs_serves_its_zone_and_a_local_one_the_rest():
    assert metric_for(shapely.box(108.7, -3.1, 114.2, 2.1)) == crs.METRIC
    assert metric_for(LAND) == crs.local_metric(-19.5, -69.5)
    assert metric_for(shapely.box(110, 20, 111, 21)) != crs.METRIC
