"""The command line with files of every kind on an empty store: what is said, kept and set aside."""

import json
from pathlib import Path

import numpy as np
import pytest

import cli
from tests.test_cli import make_world

LAND = Path(__file__).resolve().parents[1] / "data" / "area" / "kabupaten.geojson"
ROWS = "event_id,lat,lon,time,kind,[catatan]\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command in a world of its own, as a shell would; gives (exit code, stdout, stderr)."""
    make_world(tmp_path, np.random.default_rng(4), n=1)
    monkeypatch.setenv("KALBAR_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["kalbar-risk", *map(str, words)])
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


MARKUP = ["[/b] uji", "[bold]", "[/] x", "[red]x[/blue]", ":smile:", "[link=x]"]


@pytest.mark.parametrize("cell", MARKUP)
@pytest.mark.parametrize("command", ["check", "ingest"])
def test_a_cell_that_looks_like_markup_is_told_as_it_is(run, tmp_path, command, cell):
    file = tmp_path / "x.csv"
    file.write_text(ROWS + f"1,48.2,16.37,2024-01-05,{cell},\n2,48.2,{cell},2024-01-05,theft,\n")
    code, text, error = run(command, file)
    assert (code, error.count("Traceback")) == (int(command == "check"), 0)
    assert cell in text and "set_aside: 1" in text
    assert "[catatan]" in text


def test_a_header_a_file_and_a_draft_that_look_like_markup(run, tmp_path):
    file = tmp_path / "[b]x.csv"
    file.write_text("[/b],foo,bar,[catatan]\n1,x,y,z\n2,x,y,z\n")
    code, _, error = run("check", file)
    assert code == 1 and "([/b], foo, bar, [catatan])" in " ".join(error.split())
    code, text, error = run("crosswalk", file)
    assert code == 0 and 'free_text = ["[catatan]"]' in text and "column '[/b]'" in error
    assert json.loads(run("status", "--json")[1])["imports"] == 0


CASES = Path(__file__).resolve().parents[2] / "shared" / "cases"
#: case -> (kind, kept, reasons of what is set aside) of each part; a text is what the refusal says
EXPECTED = {
    "files/coords_excel_thousands.csv": [("events", 1, ["coord_unreadable"] * 3)],
    "files/gpx_planned_route.gpx": [("events", 0, ["route_is_plan"])],
    "files/gpx_offset_millis.gpx": [("effort", 4, [])],
    "files/gpkg_multipoint_date_null.gpkg": [("events", 3, [])],
    "files/kab_pontianak.csv": [("events", 3, [])],
    "files/kml_multipoint.kml": [("events", 1, ["several_points"])],
    "files/kml_empty_track.kml": [("events", 0, ["track_empty"])],
    "files/polda_merged_header.xlsx": [("events", 3, ["total_line"])],
    "files/wkt_points.csv": [("events", 1, [])],
    "files/geojson_only_polygons.geojson": [("events", 0, ["not_a_point"])],
    "files/kml_networklink.kml": "export it again without the link",
    "files/events.geojsonl": [("events", 2, [])],
    "files/shapefile.zip": [("events", 1, [])],
    "files/events_csv.zip": [("events", 1, [])],
    "files/table.ods": "without a sheet",
    "files/geoparquet_events.parquet": [("events", 1, [])],
    "files/gpx_track_and_waypoints.gpx": [("effort", 4, []), ("events", 1, [])],
    "engine/multipoint.kml": [("events", 2, ["several_points"])],
    "engine/gxmismatch.kml": [("events", 0, ["times_unpaired"])],
}


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not on this machine")
@pytest.mark.parametrize("name", EXPECTED)
def test_a_shared_case_is_checked_and_stored_as_it_should_be(run, tmp_path, monkeypatch, name):
    config = (tmp_path / "config.toml").read_text().replace('"kota.geojson"', f'"{LAND}"')
    config = config.replace("resolution = 8", "resolution = 7")
    (tmp_path / "config.toml").write_text(config)
    wanted = EXPECTED[name]
    code, text, error = run("check", CASES / name, "--json")
    assert "Traceback" not in error
    if isinstance(wanted, str):
        assert code == 1 and wanted in " ".join(error.split()).lower()
        return
    assert code == int(any(reasons for _, _, reasons in wanted))
    part, told = json.loads(text), []
    while part:
        told.append((part["kind"], part["kept"], part["set_aside"], part["without_place"]))
        part = part.get("also")
    assert told == [(kind, kept, len(reasons), 0) for kind, kept, reasons in wanted]
    code, text, _ = run("ingest", CASES / name)
    assert code == 0
    for _, _, reasons in wanted:
        assert all(reason in text for reason in reasons)
    status = json.loads(run("status", "--json")[1])
    assert status["imports"] == len(wanted)
    assert status["set_aside"] == sum(len(reasons) for _, _, reasons in wanted)
    assert status["events"] == sum(kept for kind, kept, _ in wanted if kind == "events")
