"""Files that leave: RFC 7946, closed rings, lon before lat, and what they say about themselves."""

import json

import pandas as pd
import pytest
from shapely.geometry import shape

from geo.grid import Grid
from risk.hotspots import build_sectors, describe_sectors, select_hotspots
from ui import html, theme
from ui.map import scene
from ui.paper import files


@pytest.fixture(scope="module")
def ranked(world):
    table = scene.join_cells(world.frames, 4, "all").set_index("cell")
    hot = select_hotspots(table["risk"], table["area_km2"], 0.03)
    sector = build_sectors(hot, Grid(list(table.index)))
    columns = ["risk", "lo", "hi", "previous"]
    told = describe_sectors(sector, table[columns], table.drop(columns=[*columns, "change"]))
    return table.reset_index(), sector, told


@pytest.fixture(scope="module")
def about(world):
    return files.stamp(world.meta, 4, "all", 0.03)


def test_cells_are_closed_counter_clockwise_rings_in_lon_lat(ranked, about):
    table, _, _ = ranked
    told = json.loads(files.cells_geojson(table.head(50), about))
    assert len(told["features"]) == 50
    for feature in told["features"]:
        ring = feature["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]
        assert shape(feature["geometry"]).exterior.is_ccw
        assert all(109 < lon < 112 and 0 < lat < 2 for lon, lat in ring)


def test_every_feature_carries_versions_licence_and_note(ranked, about, world):
    table, _, _ = ranked
    told = json.loads(files.cells_geojson(table.head(3), about))
    for holder in (told["about"], *(f["properties"] for f in told["features"])):
        assert holder["data_version"] == world.meta["data_version"]
        assert holder["handling"] and holder["licence"]
        assert holder["synthetic"] is True


def test_sectors_cover_exactly_their_cells(ranked, about):
    table, sector, told = ranked
    members = {int(n): list(part.index) for n, part in sector[sector > 0].groupby(sector)}
    parsed = json.loads(files.sectors_geojson(told, members, about))
    assert len(parsed["features"]) == len(told)
    hexagons = json.loads(files.cells_geojson(table, about))["features"]
    area = {f["properties"]["cell"]: shape(f["geometry"]).area for f in hexagons}
    for feature, number in zip(parsed["features"], told["sector"], strict=True):
        whole = shape(feature["geometry"])
        assert whole.is_valid
        assert whole.area == pytest.approx(sum(area[c] for c in members[number]), rel=1e-3)


def test_a_missing_number_is_null(about):
    table = pd.DataFrame({"cell": ["8768b4592ffffff"], "risk": [float("nan")], "lo": [pd.NA]})
    told = json.loads(files.cells_geojson(table, about))["features"][0]["properties"]
    assert told["risk"] is None and told["lo"] is None


def test_a_file_of_invented_data_says_so_in_its_name(about):
    assert "SINTETIS" in files.file_name("cells", about, "geojson")


def test_html_escapes_what_comes_from_data():
    bad = "<img src=x onerror=alert(1)>"
    for told in (
        html.facts([(bad, bad, bad, bad)], theme.LIGHT),
        html.legend(bad, [((1, 2, 3), bad, bad)] * 3, [("watched", bad, bad)], theme.LIGHT),
        html.bullet_list([bad]),
        html.title(bad),
        html.chip(bad, (1, 2, 3), (0, 0, 0)),
    ):
        assert "<img" not in told and "&lt;img" in told
