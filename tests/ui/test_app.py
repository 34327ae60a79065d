"""The whole app without a browser: what it shows, and that choices reach the map."""

import gzip
import json
import re
from dataclasses import replace

import h3
import pandas as pd
import pytest

from data.gate import access
from joins.desks import entrance, view
from settings import load_settings
from ui.map.transport import SHELF
from ui.selection import Selection
from ui.views.map import unit


def spec(at) -> dict:
    return json.loads(at.get("deck_gl_json_chart")[0].proto.json)


def layer(at, name: str) -> dict:
    return next(one for one in spec(at)["layers"] if one["id"] == name)


def text(at) -> str:
    told = [e.proto.body for e in at.get("html")]
    return " ".join(told + [e.value for e in (*at.markdown, *at.caption, *at.subheader)])


def test_the_first_page_shows_map_list_and_badge(app):
    at = app.run()
    assert not at.exception
    told = spec(at)
    names = [one["id"] for one in told["layers"]]
    assert names.index("land") < names.index("cells") < names.index("border-line")
    assert "hotspots" in names and "town-names" in names
    assert "DATA SINTETIS" in text(at)
    assert "Sektor prioritas" in text(at)


def test_the_spec_holds_no_cells_and_no_foreign_address(app):
    at = app.run()
    told = at.get("deck_gl_json_chart")[0].proto.json
    assert len(told) < 20_000
    assert "http" not in told
    assert layer(at, "cells")["data"].startswith("api/data/")


def test_a_district_filters_in_the_browser_and_keeps_the_data(app):
    at = app.run()
    before = layer(at, "cells")
    at.selectbox(key="choose_kabupaten").select("61.03").run()
    after = layer(at, "cells")
    assert not at.exception
    assert before["data"] == after["data"]
    assert before["filterRange"] != after["filterRange"]
    assert before["id"] == after["id"] == "cells"
    assert at.query_params["kabupaten"] in ("61.03", ["61.03"])


def test_another_period_or_quantity_shows_another_column_of_the_same_data(app):
    at = app.run()
    before = layer(at, "cells")
    at.radio(key="choose_horizon").set_value(4).run()
    after = layer(at, "cells")
    assert after["data"] == before["data"]
    assert after["getFillPatternBackgroundColor"] != before["getFillPatternBackgroundColor"]
    at.radio(key="choose_quantity").set_value("events").run()
    assert layer(at, "cells")["data"] == before["data"]
    assert layer(at, "cells")["getFillColor"] != after["getFillColor"]


def test_more_coverage_brings_more_hotspots(app):
    at = app.run()

    def hotspots() -> int:
        return int(text(at).split("Titik rawan</span><b>")[1].split(" sel")[0].replace(".", ""))

    few = hotspots()
    at.select_slider(key="choose_coverage").set_value(0.10).run()
    assert hotspots() > few


def test_english_is_complete_on_every_page(app):
    at = app
    at.query_params["lang"] = "en"
    at.run()
    assert "Priority sectors" in text(at) and "SYNTHETIC DATA" in text(at)
    assert "Sektor prioritas" not in text(at)


def test_a_deep_link_opens_a_cell_with_its_details(app, world):
    cell = world.frames["risk"].query("group == 'all'").nlargest(1, "risk")["cell"].iloc[0]
    app.query_params["cell"] = cell
    app.query_params["horizon"] = "4"
    at = app.run()
    assert not at.exception
    told = text(at)
    assert "Mengapa sel ini" in told and "Selang 80 %" in told
    assert "chosen-cell" in [one["id"] for one in spec(at)["layers"]]


def test_where_nobody_looked_it_says_so(app, world):
    cells = world.frames["cells"]
    app.query_params["cell"] = cells.loc[~cells["observed"], "cell"].iloc[0]
    at = app.run()
    assert any("Belum terpantau" in one.value for one in at.warning)


def test_nonsense_in_the_address_is_ignored(app):
    for name in ("kabupaten", "cell", "horizon", "coverage", "lang"):
        app.query_params[name] = "<x>"
    at = app.run()
    assert not at.exception
    assert "Sektor prioritas" in text(at)


def test_without_an_assessment_it_says_which_command_to_run(app, tmp_path, world, monkeypatch):
    config = tmp_path / "config.toml"
    told = (world.write(tmp_path / "w")).read_text(encoding="utf-8")
    config.write_text(told.replace('folder = "var"', 'folder = "none"'), encoding="utf-8")
    for path in (tmp_path / "w").iterdir():
        if path.is_file() and path.name != "config.toml":
            path.rename(tmp_path / path.name)
    monkeypatch.setenv("KALBAR_CONFIG", str(config))
    at = app.run()
    assert not at.exception
    assert "python cli.py assess" in at.code[0].value


def test_a_broken_setting_is_told_in_words(app, tmp_path, monkeypatch):
    config = tmp_path / "config.toml"
    config.write_text("[area]\nname = 3\n", encoding="utf-8")
    monkeypatch.setenv("KALBAR_CONFIG", str(config))
    at = app.run()
    assert not at.exception
    assert "name adalah teks" in at.code[0].value


@pytest.mark.parametrize("quantity", ["risk", "change", "events", "effort"])
def test_every_quantity_can_be_shown(app, quantity):
    app.query_params["quantity"] = quantity
    at = app.run()
    assert not at.exception
    assert layer(at, "cells")["data"].startswith("api/data/")


def test_an_old_assessment_is_marked(app, monkeypatch):
    later = pd.Timestamp("2027-03-01", tz="Asia/Pontianak")
    monkeypatch.setattr("pandas.Timestamp.now", lambda tz=None: later.tz_convert(tz))
    at = app.run()
    assert any("kedaluwarsa" in one.value for one in at.warning)


@pytest.fixture
def scoped(app, config, tmp_path, monkeypatch):
    """The app for a viewer with a given scope, as a file of users would give it."""

    def as_viewer(**given):
        users = config.parent / "users.toml"
        users.write_text("", encoding="utf-8")
        mine = config.with_name("scoped.toml")
        told = config.read_text(encoding="utf-8") + '\n[access]\nusers = "users.toml"\n'
        mine.write_text(told, encoding="utf-8")
        monkeypatch.setenv("KALBAR_CONFIG", str(mine))
        scope = access.Scope(expires=pd.Timestamp("2100-01-01", tz="UTC"), **given)
        come = entrance.Visitor(scope, scope.user, "" if scope.alive() else "unlisted")
        monkeypatch.setattr(entrance, "receive", lambda settings, claims, clicked: come)
        return app

    return as_viewer


def test_a_viewer_without_rights_sees_nothing(scoped):
    at = scoped(user="x", tier="restricted", kabupaten=frozenset()).run()
    assert not at.exception
    assert not at.get("deck_gl_json_chart")
    assert "hak akses" in at.info[0].value


def test_a_commander_sees_his_district_alone(scoped):
    at = scoped(user="x", agency="*", tier="restricted", kabupaten=frozenset({"61.03"})).run()
    assert not at.exception
    assert at.selectbox(key="choose_kabupaten").options == ["Seluruh wilayah", "Sanggau"]
    tag = layer(at, "cells")["data"].split("/")[2].removesuffix(".json")
    rows = json.loads(gzip.decompress(SHELF.get(tag)))
    assert 0 < len(rows) < 2451


def test_the_shared_tier_gets_coarse_cells_and_no_records(scoped, world):
    at = scoped(user="x", agency="*", tier="internal", kabupaten=None).run()
    assert not at.exception
    tag = layer(at, "cells")["data"].split("/")[2].removesuffix(".json")
    rows = json.loads(gzip.decompress(SHELF.get(tag)))
    assert {h3.get_resolution(row["h"]) for row in rows} == {6}
    fine = set(world.frames["cells"]["cell"])
    assert not fine & {row["h"] for row in rows}
    best = max(rows, key=lambda row: row["c"])["h"]
    at.session_state["selection"] = replace(at.session_state["selection"], cell=best)
    at.run()
    assert not at.exception
    assert "hanya tampil bagi tingkat akses terbatas" in text(at)
    assert "SATGAS_PAMTAS" not in text(at)
    for quantity in ("events", "effort", "change"):
        at.radio(key="choose_quantity").set_value(quantity).run()
        assert not at.exception


def test_the_public_tier_works_without_effort(scoped):
    at = scoped(user="x", agency="*", tier="public", kabupaten=None).run()
    assert not at.exception
    assert layer(at, "cells")


def test_a_district_shows_exact_records_on_finer_cells(app):
    at = app.run()
    at.radio(key="choose_quantity").set_value("events").run()
    names = [one["id"] for one in spec(at)["layers"]]
    assert "fine-cells" not in names
    at.selectbox(key="choose_kabupaten").select("61.03").run()
    tag = layer(at, "fine-cells")["data"].split("/")[2].removesuffix(".json")
    rows = json.loads(gzip.decompress(SHELF.get(tag)))
    assert rows and {h3.get_resolution(row["h"]) for row in rows} == {8}
    assert "sel kecil" in text(at)


def test_the_shared_tier_gets_no_finer_cells(scoped):
    at = scoped(user="x", agency="*", tier="internal", kabupaten=None).run()
    at.radio(key="choose_quantity").set_value("events").run()
    at.selectbox(key="choose_kabupaten").select("61.03").run()
    assert not at.exception
    assert "fine-cells" not in [one["id"] for one in spec(at)["layers"]]


def test_a_district_is_set_against_the_province_and_the_province_against_nothing(app, config):
    seen = view.kept(view.newest(load_settings()), load_settings(), access.LOCAL)
    for kabupaten, compared in (("", False), ("61.03", True)):
        selection = Selection(kabupaten=kabupaten)
        facts = unit._facts(seen.scene(selection), seen, selection)
        assert [("provinsi" in rest) for _, _, rest, _ in facts] == [compared] * 4


@pytest.mark.fault
def test_a_fault_of_the_program_is_told_by_its_number_and_not_as_the_users(app, monkeypatch):
    def broken(*_args):
        raise ValueError("no number in Budi Santoso 0812 3456 7890")

    monkeypatch.setattr("ui.views.frame.show_header", broken)
    at = app.run()
    assert not at.exception
    told = at.error[0].value
    number = re.search(r"\*\*(\d{3} \d{3})\*\*", told)[1]
    assert "bukan data Anda" in told and "not your data" in told and "Budi" not in told
    log = (load_settings().store.folder / "faults.log").read_text(encoding="utf-8")
    assert f"fault {number} in app" in log and "Budi" not in log
