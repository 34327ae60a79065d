"""The command line from a file to an export, on another area: a made polygon in another country."""

import gzip
import json
import sqlite3
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point
from typer.testing import CliRunner

import cli
from data.errors import DataError
from data.personal.said import Said
from data.store import audit
from data.store.records import Store
from joins.desks import export

CENTRE = (48.2, 16.37)  # lat, lon: a city that the product knows nothing about


def make_world(folder: Path, rng: np.random.Generator, n: int = 500) -> Path:
    """A config of another city with nothing but a polygon, and a plain file of its events."""
    disc = gpd.GeoSeries([Point(CENTRE[1], CENTRE[0]).buffer(0.04)], crs="EPSG:4326")
    disc.to_file(folder / "kota.geojson", driver="GeoJSON")
    (folder / "config.toml").write_text(
        """
[area]
name = "Kota uji"
land = "kota.geojson"
resolution = 8
licence = "CC-BY-4.0 (uji)"
attribution = "© Dinas uji"
[store]
url = "sqlite:///var/records.db"
folder = "var"
[model]
horizon_weeks = [1, 4]
origins = 4
seeds = 1
""",
        encoding="utf-8",
    )
    lat, lon = CENTRE[0] + rng.normal(0, 0.008, n), CENTRE[1] + rng.normal(0, 0.012, n)
    time = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.uniform(0, 7 * 90, n), unit="D")
    rows = [
        f"e{i},{a:.5f},{o:.5f},{when:%Y-%m-%d %H:%M:%S},theft"
        for i, (a, o, when) in enumerate(zip(lat, lon, time, strict=True))
    ]
    file = folder / "events.csv.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.write("event_id,lat,lon,time,kind\n" + "\n".join(rows) + "\n")
    return file


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kota")
    return folder, make_world(folder, np.random.default_rng(4))


@pytest.fixture
def run(world, monkeypatch, capsys):
    """Run a command as a shell would; gives (exit code, stdout, stderr)."""
    monkeypatch.setenv("KALBAR_CONFIG", str(world[0] / "config.toml"))

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


def test_from_a_plain_file_to_hotspots_in_another_city(run, world):
    folder, file = world
    code, text, _ = run("check", file, "--json")
    told = json.loads(text)
    assert (code, told["read"], told["kept"]) == (0, 500, 500)
    assert any("default" in note or "taken" in note for note in told["notes"])

    assert run("ingest", file, "--json")[0] == 0
    again = json.loads(run("ingest", file, "--json")[1])["imports"][0]
    assert (again["n_new"], again["n_same"]) == (0, 500)

    code, text, _ = run("assess", "--json")
    told = json.loads(text)
    assert code == 0 and told["left_out"]["in_the_model"] > 450

    out = folder / "hotspots.geojson"
    assert run("export", "hotspots", out, "--coverage", 0.1, "--horizon", 4)[0] == 0
    table = gpd.read_file(out)
    assert len(table) > 3
    middle = table.to_crs(3857).distance(
        gpd.GeoSeries([Point(CENTRE[::-1])], crs=4326).to_crs(3857)[0]
    )
    assert middle.max() < 4500
    assert {"risk", "lo", "hi", "data_version", "model_version", "licence", "handling"} <= {*table}
    for name in ("cells.gpkg", "sectors.parquet", "cells.csv", "panel.csv"):
        assert run("export", name.split(".")[0], folder / name)[0] == 0, name
        assert (folder / name).stat().st_size > 200
    for name in ("hotspots.geojson", "cells.gpkg", "sectors.parquet", "cells.csv", "panel.csv"):
        content = (folder / name).read_bytes()
        assert b"CC-BY-4.0 (uji)" in content and "© Dinas uji".encode() in content, name
        assert b"ODbL" not in content and b"OpenStreetMap" not in content, name


def test_a_score_is_contested_listed_exported_and_withdrawn(run, world, monkeypatch):
    monkeypatch.setenv("USER", "rani")
    folder, _ = world
    file = folder / "sel.csv"
    run("export", "cells", file)
    cells = pd.read_csv(file, comment="#")
    cell = cells.sort_values("risk")["cell"].iloc[-1]
    code, _, fault = run("override", "add", "85000000fffffff", "--reason", "jalan putus")
    assert code == 1 and "a cell of the assessment" in fault
    code, text, _ = run(
        "override", "add", cell, "--value", "low", "--reason", "jalan putus", "--json"
    )
    name = json.loads(text)["override"]
    assert code == 0
    run("export", "cells", file)
    told = pd.read_csv(file, comment="#").set_index("cell")
    assert told["contested"].dropna().to_dict() == {cell: "low"}
    assert told.loc[cell, "contested_reason"] == "jalan putus"
    assert np.allclose(told["risk"], cells.set_index("cell")["risk"])
    _, text, _ = run("override", "list", "--json")
    assert [(one["target"], one["by"]) for one in json.loads(text)["overrides"]] == [(cell, "rani")]
    code, _, fault = run("override", "withdraw", name)
    assert code == 1 and "reason" in fault
    assert run("override", "withdraw", name, "--reason", "jalan baik lagi")[0] == 0
    assert json.loads(run("override", "list", "--json")[1]) == {"overrides": []}
    _, text, _ = run("override", "list", "--all", "--json")
    assert json.loads(text)["overrides"][0]["withdrawn_reason"] == "jalan baik lagi"


def test_the_model_card_is_written(run, world):
    folder, _ = world
    assert run("card", folder / "kartu.md")[0] == 0
    text = (folder / "kartu.md").read_text(encoding="utf-8")
    assert "Kartu model: Kota uji" in text and "Hasil uji" in text
    assert "DATA SINTETIS" not in text
    code, printed, _ = run("card", "--lang", "en")
    assert code == 0 and "## Not for" in printed
    assert run("card", "--lang", "fr")[0] == 1


def test_status_counts_what_is_there(run, world):
    run("ingest", world[1])
    told = json.loads(run("status", "--json")[1])
    assert told["events"] == 500 and told["imports"] == 1


def test_status_names_the_users_whom_a_fault_locks_out(run, world, monkeypatch):
    (world[0] / "users.toml").write_text('[ani]\ntier = "all"\n', encoding="utf-8")
    path = world[0] / "users_config.toml"
    path.write_text((world[0] / "config.toml").read_text() + '[access]\nusers = "users.toml"\n')
    monkeypatch.setenv("KALBAR_CONFIG", str(path))
    told = json.loads(run("status", "--json")[1])
    assert told["users"] == 0
    assert told["users_locked_out"] == ["ani: missing: agency, expires, kabupaten"]


def test_seasons_need_a_table_of_cells_and_say_so(run, world, tmp_path):
    code, _, told = run("simulate", tmp_path / "demo", "--weeks", 60)
    assert code == 1 and "no cell knows its dist_border_km" in " ".join(told.split())


def test_an_agency_that_is_complete_to_no_week_has_a_dash_and_null(run, world):
    run("ingest", world[1])  # one file with the whole history: no delay is known from it
    (agency,) = json.loads(run("freshness", "--json")[1])["agencies"]
    assert agency["complete_to"] is None
    row = next(line for line in run("freshness")[1].splitlines() if "│" in line)
    assert [cell.strip() for cell in row.split("│")][4] == "-"


def test_every_command_acts_as_the_user_of_the_machine():
    rooms = sorted((cli.HERE / "commands").glob("*.py"))
    assert [path.name for path in rooms if "LOCAL" in path.read_text()] == ["voice.py"]


def test_status_cuts_nothing_at_the_width_of_a_terminal(run, world, monkeypatch):
    run("ingest", world[1])
    monkeypatch.setattr(cli.out, "_width", 60)
    text = run("status")[1]
    assert "…" not in text and max(map(len, text.splitlines())) <= 60
    cells = [line.split("│")[4].strip() for line in text.splitlines() if line.count("│") > 5]
    assert "".join(cells) == "events.csv.gz"


def test_an_import_can_be_undone_and_brought_again(run, world):
    run("ingest", world[1])
    number = max(
        int(row[0])
        for row in sqlite3.connect(world[0] / "var/records.db").execute(
            "select import_id from imports where undone_at is null"
        )
    )
    assert run("undo", number, "--reason", "uji")[0] == 0
    assert json.loads(run("status", "--json")[1])["events"] == 0
    run("ingest", world[1])
    assert json.loads(run("status", "--json")[1])["events"] == 500


def test_backtest_writes_a_report_of_every_rival(run, world):
    folder, file = world
    words = ("--resolution", 8, "--rings", 1, "--periods", 3, "--report", folder / "report")
    code, text, _ = run("backtest", file, *words, "--json")
    told = json.loads(text)
    assert code == 0
    assert {"uniform", "decayed_kde", "etas", "pool"} <= set(told["models"])
    assert told["models"]["uniform"]["ig"] == pytest.approx(0, abs=1e-9)
    report = (folder / "report" / "report.md").read_text(encoding="utf-8")
    assert "| pool |" in report and "95 % interval" in report


def test_a_users_mistake_is_a_sentence(run, world):
    folder, _ = world
    for words in (
        ("check", folder / "none.csv"),
        ("export", "cells", folder / "x.shp"),
        ("export", "cells", folder / "x.csv", "--horizon", 3),
        ("undo", "99", "--reason", "uji"),
    ):
        code, _, told = run(*words)
        assert code == 1, words
        assert "Traceback" not in told and len(told.strip().splitlines()) <= 3
    assert run("assess", "--nonsense")[0] == 2
    assert run("nonsense")[0] == 2


def test_rows_set_aside_make_check_fail_with_their_reason(run, world):
    file = world[0] / "bad.csv"
    file.write_text(
        "event_id,lat,lon,time,kind\na,48.2,16.4,2024-02-30,theft\nb,48.2,16.4,2024-02-20,theft\n"
    )
    code, text, _ = run("check", file, "--json")
    told = json.loads(text)
    assert (code, told["read"], told["kept"], told["set_aside"]) == (1, 2, 1, 1)


@pytest.mark.parametrize("command", ["simulate", "check", "ingest", "assess", "backtest", "export"])
def test_every_command_has_help_with_an_example(run, command):
    code, text, _ = run(command, "--help")
    assert code == 0 and "Example: kalbar-risk" in text


def test_a_district_is_told_by_code_or_name_or_the_choice_is_listed():
    names = {"61.03": "Kabupaten Sanggau", "61.71": "Kota Pontianak"}
    assert [export._district(said, names) for said in ("61.03", "sanggau", "kota Pontianak ")] == [
        "61.03", "61.03", "61.71"
    ]  # fmt: skip
    with pytest.raises(DataError, match=r"there are: 61\.03 Kabupaten Sanggau"):
        export._district("Kuching", names)
    with pytest.raises(DataError, match="none in this area"):
        export._district("61.03", {})


def test_the_version_is_that_of_the_project():
    told = tomllib.loads((Path(cli.HERE) / "pyproject.toml").read_text(encoding="utf-8"))
    done = CliRunner().invoke(cli.app, ["--version"])
    assert done.exit_code == 0 and told["project"]["version"] in done.output


def test_a_reason_is_erased_and_the_log_says_only_which_one(run, world):
    store = Store(f"sqlite:///{world[0]}/var/records.db", world[0] / "var")
    store.create()
    number = store.add_override(
        "cell",
        "876526ac0ffffff",
        "low",
        Said("kata rahasia"),
        pd.Timestamp("2100-01-01", tz="UTC"),
        "budi",
    )
    code, out, _ = run("erase", "override", number, "--json")
    assert code == 0 and json.loads(out) == {"erased": "override", "places": 1}
    line = audit.read(store, last=1).iloc[0]
    assert line["action"] == "erase" and "rahasia" not in line["what"]
    assert json.loads(line["what"])["name"] == [number]
    assert run("erase", "override", number)[0] == 1
