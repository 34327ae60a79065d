"""An area on both sides of 180 degrees, in a zone of its own: Fiji, with a polygon and a line."""

import json
from itertools import pairwise
from pathlib import Path

import h3
import numpy as np
import pandas as pd
import pytest
import shapely
from streamlit.testing.v1 import AppTest

import cli
from data.area import load_area
from geo import crs
from geo.grid import Grid
from joins.desks import view
from settings import load_settings
from tests.test_leaks import _leaves
from ui.map import meridian
from ui.map.deck import View, outline
from ui.words import clock

HOUSE = Path(__file__).resolve().parents[1]
LAND = (
    [[[180, -17.5], [180, -17], [179.7, -17], [179.7, -17.5], [180, -17.5]]],
    [[[-179.7, -17.5], [-179.7, -17], [-180, -17], [-180, -17.5], [-179.7, -17.5]]],
)
BORDER = [[179.85, -17.6], [179.85, -16.9]]
CONFIG = """
[area]
name = "Fiji"
land = "land.geojson"
border = "border.geojson"
resolution = 6
time_zone = "Pacific/Fiji"
[store]
url = "sqlite:///var/records.db"
folder = "var"
[model]
horizon_weeks = [1, 4]
origins = 3
seeds = 1
"""


def write(folder: Path, name: str, kind: str, coordinates) -> Path:
    shape = {"type": kind, "coordinates": coordinates}
    told = {"type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": {}, "geometry": shape}]}  # fmt: skip
    path = folder / name
    path.write_text(json.dumps(told))
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A store with three hundred events around 180 degrees, assessed."""
    folder = tmp_path_factory.mktemp("fiji")
    write(folder, "land.geojson", "MultiPolygon", LAND)
    write(folder, "border.geojson", "LineString", BORDER)
    (folder / "config.toml").write_text(CONFIG)
    random = np.random.default_rng(7)
    lon = crs.back(180 + random.normal(0, 0.06, 300))
    lat = -17.25 + random.normal(0, 0.06, 300)
    time = pd.Timestamp("2025-01-05T18:30Z") + pd.to_timedelta(random.uniform(0, 500, 300), "D")
    rows = [f"e{i},{a:.5f},{o:.5f},{t:%Y-%m-%dT%H:%M:%SZ},theft"
            for i, (a, o, t) in enumerate(zip(lat, lon, time, strict=True))]  # fmt: skip
    (folder / "events.csv").write_text("\n".join(["event_id,lat,lon,time,kind", *rows]))
    return folder


@pytest.fixture
def run(home, monkeypatch, capsys):
    monkeypatch.setenv("KALBAR_CONFIG", str(home / "config.toml"))
    before = clock.zone()

    def call(*words: object) -> str:
        monkeypatch.setattr("sys.argv", ["kalbar-risk", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
            raise SystemExit(0)
        told = capsys.readouterr()
        assert not stop.value.code, told.err
        return told.out

    yield call
    clock.use(before)


def rings(geometry: dict) -> list[np.ndarray]:
    parts = geometry["coordinates"]
    parts = [parts] if geometry["type"] == "Polygon" else parts
    return [np.array(ring) for part in parts for ring in part]


def test_distances_are_those_on_the_ground(home):
    area = load_area("Fiji", home / "land.geojson", home / "border.geojson")
    km = area.border_distance_km([-17.25], [-179.7])[0]
    assert km == pytest.approx(47.7, abs=0.3)
    grid = area.grid(6)
    assert (grid.lon > 0).any() and (grid.lon < 0).any()
    assert np.ptp(grid.xy_km[:, 0]) < 70
    assert area.border_distance_km(grid.lat, grid.lon).max() < 50


def test_an_outline_runs_on_and_a_file_is_cut_at_the_line(home):
    cells = load_area("Fiji", home / "land.geojson").grid(6).cells
    (ring,) = outline(cells)
    steps = [abs(b[0] - a[0]) for a, b in pairwise(ring)]
    assert max(steps) < 0.1 and max(abs(x) for x, _ in ring) > 180
    area = Grid(cells).area_km2.sum()
    parts = meridian.polygons_of(cells)
    assert len(parts) == 2
    for part in parts:
        shape = shapely.Polygon(part[0], part[1:])
        assert shape.is_valid and shape.exterior.is_ccw
        assert shape.bounds[0] >= -180 and shape.bounds[2] <= 180 and np.ptp(part[0], 0)[0] < 1
    across = [cell for cell in cells if len(meridian.cut([meridian.ring_of(cell)])) == 2]
    assert across and meridian.geometry_of(across[0])["type"] == "MultiPolygon"
    halves = sum(
        shapely.Polygon(part[0]).area
        for cell in cells
        for part in meridian.cut([meridian.ring_of(cell)])
    )
    flat = sum(shapely.Polygon(part[0], part[1:]).area for part in parts)
    assert halves == pytest.approx(flat, rel=1e-4)
    assert flat * 111.2 * 106.2 == pytest.approx(area, rel=0.02)


def test_holes_stay_holes_on_both_sides():
    middle = Grid.of_area(shapely.box(179.9, -17.3, 180, -17.2), 6).cells[0]
    ring = h3.grid_ring(middle, 1)
    parts = meridian.polygons_of(ring)
    whole = sum(shapely.Polygon(part[0], part[1:]).area for part in parts)
    each = sum(
        shapely.Polygon(p[0]).area for c in ring for p in meridian.cut([meridian.ring_of(c)])
    )
    assert whole == pytest.approx(each, rel=1e-3)


def test_the_camera_stands_on_the_line():
    view_of = View.around(pd.Series([-17.5, -17.0]), pd.Series([179.7, -179.7]))
    assert abs(view_of.lon) == pytest.approx(180, abs=0.01) and view_of.zoom > 8


def test_both_formulas_of_a_turn_agree():
    lon = np.array([179.9, -179.9, 0.0, -60.0])
    assert np.array_equal(crs.beside(lon), meridian.beside(lon))
    assert np.array_equal(crs.beside(lon, -179), meridian.beside(lon, -179))
    assert np.array_equal(crs.back(lon + 360), meridian.back(lon + 360))


def test_from_a_file_to_pages_and_files(run, home, monkeypatch):
    kept = json.loads(run("ingest", home / "events.csv", "--json").splitlines()[-1])
    assert kept["new"] == 300 if "new" in kept else True
    run("assess")
    seen = view.read(view.newest(load_settings()), load_settings(), view.access.LOCAL)
    assert seen.meta["time_zone"] == "Pacific/Fiji"
    # the first events are of Monday morning in Fiji, of Sunday evening in UTC
    assert seen.meta["first_week"] == "2025-01-06"
    for what in ("cells", "hotspots", "sectors"):
        file = home / f"{what}.geojson"
        run("export", what, file)
        features = json.loads(file.read_text())["features"]
        assert features
        assert {f["properties"]["licence"] for f in features} == {"tidak dinyatakan / not stated"}
        for feature in features:
            for ring in rings(feature["geometry"]):
                assert np.ptp(ring[:, 0]) < 1 and np.abs(ring[:, 0]).max() <= 180
    text = (home / "sectors.geojson").read_text()
    middle = [f["properties"]["lon"] for f in json.loads(text)["features"]]
    assert min(abs(lon) for lon in middle) > 179.5
    at = AppTest.from_file(str(HOUSE / "app.py"), default_timeout=60).run()
    assert not at.exception
    spec = json.loads(at.get("deck_gl_json_chart")[0].proto.json)
    assert abs(spec["initialViewState"]["longitude"]) > 179.5
    assert spec["initialViewState"]["zoom"] > 7
    assert spec["views"][0]["repeat"] is True
    parts = [node.proto for node in _leaves(at._tree) if node.proto is not None]
    whole = b"".join(part.SerializeToString() for part in parts)
    assert b"WIB" not in whole and b"UTC+12" in whole
