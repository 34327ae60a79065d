"""The committed ground, and any other area read from files."""

import json
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.area import CELL_COLUMNS, load_area, load_cells, load_places
from data.errors import DataError
from geo import crs
from geo.grid import Grid
from geo.strip import cut_strip

AREA = Path("data/area")
#: Kepmendagri 300.2.2-2138/2025, km2
OFFICIAL_KM2 = {
    "61.01": 5928,
    "61.02": 1935,
    "61.03": 12452,
    "61.04": 30012,
    "61.05": 22026,
    "61.06": 31318,
    "61.07": 5488,
    "61.08": 8431,
    "61.09": 5979,
    "61.10": 10123,
    "61.11": 4109,
    "61.12": 8549,
    "61.71": 118,
    "61.72": 550,
}
#: they touch the border; Empanang (61.06.13), counted by one official text, lies 6 km from it
BORDER_KECAMATAN = [
    *("61.01.08", "61.01.09", "61.03.07", "61.03.21", "61.05.05", "61.05.06", "61.06.01"),
    *("61.06.04", "61.06.12", "61.06.14", "61.06.17", "61.06.23", "61.07.07", "61.07.12"),
]


@pytest.fixture(scope="module")
def kalbar():
    layers = ("kabupaten", "border", "kabupaten", "kecamatan")
    return load_area("Kalimantan Barat", *(AREA / f"{layer}.geojson" for layer in layers))


@pytest.fixture(scope="module")
def cells(kalbar) -> pd.DataFrame:
    return load_cells(AREA / "cells.parquet", kalbar, 7)


@pytest.fixture(scope="module")
def centres(cells) -> gpd.GeoSeries:
    return crs.to_metric(gpd.GeoSeries(gpd.points_from_xy(cells["lon"], cells["lat"])))


def square(folder: Path, suffix: str = "geojson", **columns) -> Path:
    path = folder / f"square.{suffix}"
    table = gpd.GeoDataFrame(columns, geometry=[shapely.box(13.0, 52.3, 13.7, 52.7)], crs=4326)
    table.to_file(path)
    return path


def test_there_are_14_kabupaten_and_174_kecamatan_with_dotted_codes(kalbar):
    districts, subdistricts = kalbar.districts, kalbar.subdistricts
    assert sorted(districts["code"]) == sorted(OFFICIAL_KM2)
    assert len(subdistricts) == 174
    assert all(re.fullmatch(r"61\.\d\d\.\d\d", code) for code in subdistricts["code"])
    assert set(subdistricts["code"].str[:5]) == set(districts["code"])
    assert (subdistricts["name"].str.len() > 2).all()
    assert districts.is_valid.all() and subdistricts.is_valid.all()


def test_kabupaten_have_their_official_areas(kalbar):
    square_km = kalbar.districts.to_crs("ESRI:54034").set_index("code").area / 1e6
    off = (square_km / pd.Series(OFFICIAL_KM2) - 1).abs()
    assert off.drop(["61.71", "61.72"]).max() < 0.03, off
    assert off.max() < 0.08, off
    assert off.mean() < 0.02
    assert square_km.sum() == pytest.approx(sum(OFFICIAL_KM2.values()), rel=0.005)


def test_kecamatan_share_their_edges(kalbar):
    """Together they cover the province once: nothing twice, nothing left out."""
    parts = kalbar.subdistricts.to_crs(crs.METRIC).area.sum()
    whole = crs.to_metric(kalbar.land).area
    assert parts == pytest.approx(whole, rel=1e-5)


def test_the_border_runs_970_km_and_touches_the_known_kecamatan(kalbar):
    line = crs.to_metric(kalbar.border)
    assert line.length / 1000 == pytest.approx(970, abs=10)
    near = kalbar.subdistricts.to_crs(crs.METRIC).distance(line) < 300
    assert sorted(kalbar.subdistricts["code"][near]) == BORDER_KECAMATAN


def test_the_cell_table_holds_exactly_the_cells_of_the_area(kalbar, cells):
    assert cells["cell"].tolist() == kalbar.grid(7).cells
    assert 27_400 < len(cells) < 27_700
    assert list(cells.columns) == list(CELL_COLUMNS)
    assert not cells.isna().any().any()
    assert cells["area_km2"].sum() == pytest.approx(sum(OFFICIAL_KM2.values()), rel=0.005)


def test_every_cell_has_a_desa_of_its_kecamatan_of_its_kabupaten(cells, kalbar):
    assert cells["kabupaten_code"].nunique() == 14
    assert set(cells["kecamatan_code"]) == set(kalbar.subdistricts["code"])
    assert (cells["kecamatan_code"].str[:5] == cells["kabupaten_code"]).all()
    assert (cells["desa_code"].str[:8] == cells["kecamatan_code"]).all()
    desa = load_places("desa", AREA / "desa.csv").set_index("desa_code")["desa"]
    assert (cells["desa_code"].map(desa) == cells["desa"]).all()


def test_cells_agree_with_the_drawn_districts_except_at_their_edges(cells, centres, kalbar):
    drawn = kalbar.subdistrict_of(cells["lat"], cells["lon"])
    differs = pd.Series(drawn).to_numpy() != cells["kecamatan_code"].to_numpy()
    assert differs.mean() < 0.01
    edges = kalbar.subdistricts.to_crs(crs.METRIC).boundary.union_all()
    assert centres[differs].distance(edges).max() < 700  # the pixels are 400 m wide


def test_distances_equal_a_direct_computation_on_a_sample(cells, centres, kalbar):
    rows = np.random.default_rng(7).choice(len(cells), 60, replace=False)
    border = crs.to_metric(kalbar.border)
    posts = load_places("posts", AREA / "posts.csv")
    gates = posts[posts["kind"].eq("plbn") & posts["confidence"].isin(["high", "medium"])]
    desa = load_places("desa", AREA / "desa.csv").dropna()
    towns = load_places("towns", AREA / "towns.csv")

    def nearest(points: pd.DataFrame) -> np.ndarray:
        where = crs.to_metric(gpd.GeoSeries(gpd.points_from_xy(points["lon"], points["lat"])))
        return np.array([where.distance(centres[row]).min() / 1000 for row in rows])

    sample = cells.iloc[rows]
    direct = centres[rows].distance(border) / 1000
    assert sample["dist_border_km"].to_numpy() == pytest.approx(direct, abs=0.12)  # line is lighter
    for column, points in {
        "dist_post_km": gates,
        "dist_town_id_km": towns[towns["country"] == "ID"],
        "dist_town_my_km": towns[towns["country"] == "MY"],
    }.items():
        assert sample[column].to_numpy() == pytest.approx(nearest(points), abs=0.011), column
    # desa of the adjoining provinces count too, so it can only be nearer
    assert (sample["dist_desa_km"].to_numpy() <= nearest(desa) + 0.011).all()


def test_covariates_stay_in_their_ranges(cells):
    assert cells["forest"].isin([0, 1]).all()
    assert cells["forest"].mean() == pytest.approx(0.58, abs=0.02)
    assert cells["elev_m"].between(0, 2000).all()
    assert (cells["pop_km2_proxy"] > 0).all()
    kota = cells["kabupaten_code"].eq("61.71")
    assert cells["pop_km2_proxy"][kota].median() > 20 * cells["pop_km2_proxy"][~kota].median()
    people = (cells["pop_km2_proxy"] * cells["area_km2"]).sum()
    assert people == pytest.approx(5.5e6, rel=0.1)


def test_places_are_complete_and_know_how_sure_they_are():
    desa, towns, posts = (
        load_places(kind, AREA / f"{kind}.csv") for kind in ("desa", "towns", "posts")
    )
    assert len(desa) == 2145 and desa["desa_code"].is_unique
    assert desa["desa_code"].str.fullmatch(r"61\.\d\d\.\d\d\.\d{4}").all()
    assert desa["lat"].isna().sum() == 15
    assert set(towns["country"]) == {"ID", "MY"} and set(towns["rank"]) == {1, 2, 3}
    assert {"Tebedu", "Lubok Antu", "Kuching", "Pontianak"} <= set(towns["name"])
    assert posts["post_id"].is_unique and (posts["uncertainty_km"] > 0).all()
    assert set(posts["confidence"]) == {"high", "medium", "low"}
    assert (posts["kind"] == "plbn").sum() == 5


def test_gates_lie_on_their_side_of_the_border(kalbar):
    posts = load_places("posts", AREA / "posts.csv")
    land = posts[posts["kind"].isin(["plbn", "traditional", "office", "airport"])]
    found = kalbar.district_of(land["lat"], land["lon"])
    # a post nearer to a district's edge than it is certain may fall beside it
    inside = pd.Series(found).notna().to_numpy()
    assert (found[inside] == land["kabupaten_code"][inside]).mean() > 0.9
    assert inside.mean() > 0.9
    beyond = posts[posts["kind"].isin(["my_gate", "my_village"])]
    assert pd.isna(kalbar.district_of(beyond["lat"], beyond["lon"])).all()


@pytest.mark.parametrize("layer", ["land", "border", "kabupaten", "kecamatan"])
def test_layers_carry_licence_and_attribution_and_stay_light(layer):
    path = AREA / f"{layer}.geojson"
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["licence"] == ("CC-BY-4.0" if layer == "land" else "ODbL-1.0")
    assert ("OpenStreetMap" in content["attribution"]) == (layer != "land")
    assert ("geoBoundaries" in content["attribution"]) == (layer != "border")
    assert path.stat().st_size < 400_000


def test_any_polygon_on_earth_is_an_area(tmp_path):
    area = load_area("Berlin", square(tmp_path, "gpkg"))
    cells = load_cells(None, area, 7)
    assert len(cells) == pytest.approx(
        0.7 * 0.4 * 111.2**2 * np.cos(np.radians(52.5)) / 4.4, rel=0.1
    )
    assert list(cells.columns) == list(CELL_COLUMNS)
    assert cells[["kabupaten_code", "dist_border_km", "elev_m"]].isna().all().all()
    assert area.metric != crs.METRIC


def test_an_area_with_districts_and_border_gives_its_cells_both(tmp_path):
    land = square(tmp_path, code=["11"], name=["Square"])
    line = tmp_path / "line.geojson"
    line.write_text(shapely.to_geojson(shapely.LineString([(13.0, 52.0), (13.0, 53.0)])))
    area = load_area("Berlin", land, line, land)
    cells = load_cells(None, area, 6)
    assert (cells["kabupaten_code"] == "11").all()
    east = (cells["lon"] - 13.0) * 111.32 * np.cos(np.radians(cells["lat"]))
    assert cells["dist_border_km"].to_numpy() == pytest.approx(east.to_numpy(), abs=0.3)


def test_all_faults_of_an_area_are_told_at_once(tmp_path):
    land = square(tmp_path, title=["no code"])
    broken = tmp_path / "broken.geojson"
    broken.write_text("not a map")
    with pytest.raises(DataError) as told:
        load_area("x", tmp_path / "gone.geojson", land, land, broken)
    message = str(told.value)
    assert "gone.geojson: no such file" in message
    assert "LineString features expected, got ['Polygon']" in message
    assert "columns ['code', 'name'] are missing" in message
    assert "broken.geojson: cannot be read" in message


def test_a_cell_table_of_another_resolution_is_refused(kalbar):
    with pytest.raises(DataError, match=r"resolution \[7\], 6 is configured"):
        load_cells(AREA / "cells.parquet", kalbar, 6)


def test_a_place_without_a_number_is_told_with_its_line(tmp_path):
    path = tmp_path / "desa.csv"
    path.write_text("desa_code,desa,kecamatan_code,lat,lon\n1,A,2,0.5,110\n2,B,2,here,110\n")
    with pytest.raises(DataError, match="lat is not a number in line 3"):
        load_places("desa", path)
    assert load_places("desa", None).empty


def test_heights_of_a_layer_are_dropped(tmp_path):
    """A survey's polygon and border bear heights: the area is the one without them."""
    ring = [(110.0, 0.8), (110.3, 0.8), (110.3, 1.1), (110.0, 0.8)]
    for name, points in (("flat", ring), ("high", [(x, y, 120.5) for x, y in ring])):
        gpd.GeoSeries([shapely.Polygon(points)], crs="EPSG:4326").to_file(
            tmp_path / f"{name}.geojson"
        )
        line = gpd.GeoSeries([shapely.LineString(points[:2])], crs="EPSG:4326")
        line.to_file(tmp_path / f"{name}_border.geojson")
    flat, high = (
        load_area("x", tmp_path / f"{name}.geojson", tmp_path / f"{name}_border.geojson")
        for name in ("flat", "high")
    )
    assert high.grid(7).cells == flat.grid(7).cells and not high.land.has_z
    point = np.array([0.9]), np.array([110.1])
    assert high.border_distance_km(*point) == flat.border_distance_km(*point)


def test_the_whole_border_lies_in_cells_or_beside_them():
    """What people cross is coloured: the strip closes what the cells leave open."""
    land, line = (
        shapely.union_all([shapely.from_geojson((AREA / name).read_bytes())])
        for name in ("kabupaten.geojson", "border.geojson")
    )
    grid = Grid.of_area(land, 7)
    pieces = cut_strip(grid, land, line)
    near = grid.polygons[np.unique(grid.nearest(*shapely.get_coordinates(line).T[::-1], 4.0))]
    apart = shapely.segmentize(line, 0.005)
    spots = shapely.points(shapely.get_coordinates(apart))
    drawn = shapely.union_all([*near, *pieces["piece"]]).buffer(0.0002)
    shapely.prepare(drawn)
    assert shapely.contains(drawn, spots).mean() >= 0.99
    assert shapely.area(shapely.difference(pieces["piece"].to_numpy(), land)).sum() < 1e-9
