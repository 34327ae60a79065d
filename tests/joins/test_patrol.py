"""From an assessment to signed orders and back: the joins that page and command line share."""

from types import SimpleNamespace

import h3
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from commands.plan import app as plan_app
from data.area import named_places
from data.errors import DataError
from data.gate import access
from data.store import audit, plans
from data.store.records import Store
from geo import calendar, naming
from geo.grid import Grid
from joins import patrol
from risk.plan.value import Rules
from settings import PlanSettings
from ui.words import names

MONDAY = pd.Timestamp("2026-11-30")
FOREVER = pd.Timestamp("2200-01-01", tz="UTC")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Nineteen sectors in two districts, an invented assessment, few plans."""
    folder = tmp_path_factory.mktemp("plan")
    parents = sorted(h3.grid_disk(h3.latlng_to_cell(0.98, 110.36, 6), 2))
    grid = Grid([cell for p in parents for cell in sorted(h3.cell_to_children(p, 7))])
    rng = np.random.default_rng(3)
    n = len(grid)
    east = grid.lon > np.median(grid.lon)
    cells = pd.DataFrame(
        {
            "cell": grid.cells,
            "lat": grid.lat,
            "lon": grid.lon,
            "area_km2": grid.area_km2,
            "kabupaten_code": np.where(east, "61.03", "61.07"),
            "kecamatan_code": np.where(east, "61.03.21", "61.07.12"),
            "desa_code": "61.03.21.2001",
            "desa": "Contoh",
            "dist_border_km": rng.uniform(0, 5, n),
            "dist_desa_km": rng.uniform(0, 5, n),
            "relief_m": 50.0,
            "forest": 0.0,
            "weeks_since_visit": rng.choice([0.0, 5.0, np.nan], n),
        }
    )
    risk = rng.gamma(0.3, 0.1, n)
    rows = [
        pd.DataFrame(
            {
                "cell": grid.cells,
                "horizon_weeks": 1,
                "group": group,
                "risk": risk * share,
                "lo": 0.4 * risk * share,
                "hi": 1.8 * risk * share,
                "doubt": "",
            }
        )
        for group, share in (("all", 1.0), ("inbound", 0.3), ("outbound", 0.7))
    ]
    effort = pd.DataFrame(
        {"cell": grid.cells[:3], "week": pd.Timestamp("2026-11-16"), "minutes": 120.0}
    )
    store = Store(f"sqlite:///{folder}/records.db", folder)
    store.create()
    meta = {
        "cutoff": "2026-11-22",
        "horizons": [1],
        "synthetic": True,
        "method": {"detection": {"strength_per_hour": {"patrol": 0.7}}},
    }
    store.write_assessment(
        {"cells": cells, "risk": pd.concat(rows, ignore_index=True), "effort": effort}, meta
    )
    settings = SimpleNamespace(plan=PlanSettings(plans=12, time_limit_s=5.0))
    village = {"desa_code": "61.03.21.2001", "desa": "Contoh", "lat": 0.98, "lon": 110.36}
    desa = pd.DataFrame([village])
    return settings, store, SimpleNamespace(grid=grid, desa=desa, towns=None)


@pytest.fixture(scope="module")
def made(world):
    settings, store, ground = world
    return patrol.make(settings, store, ground, "ani", MONDAY, seed=4)


def test_every_rule_of_a_plan_is_a_setting():
    rules = patrol.rules_of(PlanSettings())
    assert rules == Rules()


def test_a_plan_is_made_kept_and_taken_away(world, made):
    _, store, _ = world
    meta, frames = plans.read(store, made)
    assert meta["status"] == "draft" and meta["seed"] == 4 and meta["synthetic"]
    assert len(frames["orders"]) and set(frames) >= {"orders", "sectors", "cells", "rivals"}
    for kind in ("csv", "ics", "gpx", "kml"):
        name, content = patrol.export(store, kind, made, "ani", access.LOCAL)
        assert name == f"rencana_2026-11-30_v1_SINTETIS.{kind}"
        assert "DATA SINTETIS" in content.decode()
    assert (audit.read(store)["action"] == "export").sum() == 4
    with pytest.raises(DataError, match="no order for team 'X'"):
        patrol.export(store, "csv", made, "ani", access.LOCAL, team="X")
    with pytest.raises(DataError, match="csv, ics, gpx, kml"):
        patrol.export(store, "docx", made, "ani", access.LOCAL)


def test_every_sector_of_a_plan_bears_one_code_on_orders_and_in_every_file(world, made):
    _, store, ground = world
    frames = plans.read(store, made)[1]
    sectors, orders = frames["sectors"], frames["orders"]
    assert sectors["sector_code"].is_unique and sectors["name"].is_unique
    pieces = naming.name_pieces(ground.grid, named_places(ground.desa, ground.towns))
    for table in (sectors, orders):
        assert (table["sector_code"] == table["sector"].map(pieces["sector_code"])).all()
    away = orders[orders["elsewhere_sector"] != ""]
    assert len(away)
    assert (away["elsewhere_name"] == away["elsewhere_sector"].map(pieces["name"])).all()
    for kind in ("csv", "ics", "gpx", "kml"):
        content = patrol.export(store, kind, made, "ani", access.LOCAL)[1]
        text = content.decode().replace("\r\n ", "")
        for row in orders.to_dict("records"):
            words = names.full(row, "id")
            assert row["sector_code"] in text
            assert words in text or words.replace(",", "\\,") in text


@pytest.mark.parametrize("lang", ["id", "en"])
def test_each_team_gets_its_sheet(world, made, lang):
    _, store, _ = world
    orders = plans.read(store, made)[1]["orders"]
    teams = orders["team_id"].unique()
    name, content = patrol.export(store, "pdf", made, "ani", access.LOCAL, lang=lang)
    assert name.endswith(".pdf") and content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") >= len(teams)
    one, own = patrol.export(store, "pdf", made, "ani", access.LOCAL, team=teams[0], lang=lang)
    assert teams[0] in one and len(own) < len(content)


def test_a_file_holds_no_more_than_its_reader_may_see(world, made):
    _, store, _ = world
    mine = access.Scope("u", "a", "restricted", frozenset({"61.03"}), expires=FOREVER)
    orders = plans.read(store, made)[1]["orders"]
    away = set(orders.loc[orders["kabupaten_code"] != "61.03", "sector"])
    for kind in ("csv", "kml"):
        _, content = patrol.export(store, kind, made, "u", mine)
        rest = set(orders.loc[orders["kabupaten_code"] == "61.03", "sector"])
        assert not any(sector in content.decode() for sector in away - rest)
    nobody = access.Scope("u", "a", "internal", None, expires=FOREVER)
    with pytest.raises(DataError, match="no order"):
        patrol.export(store, "csv", made, "u", nobody)


def test_a_seed_of_zero_is_a_new_one_and_kept(world):
    settings, store, ground = world
    found = patrol.ready(settings, store, ground)
    one, two = (patrol.solve(found, MONDAY)[1]["seed"] for _ in range(2))
    assert one != two and one > 0
    with pytest.raises(DataError, match="begins on a Monday"):
        patrol.solve(found, MONDAY + pd.Timedelta(days=1))


@pytest.mark.parametrize(("day", "first"), [
    ("2026-11-23", "2026-11-23"), ("2026-11-26", "2026-11-23"), ("2026-11-27", "2026-11-30"),
])  # fmt: skip
def test_a_plan_is_for_the_week_of_the_map_unless_another_is_named(day, first):
    """From Monday to Thursday the running week, from Friday on the next."""
    assert patrol.week_ahead("Asia/Pontianak", pd.Timestamp(day)) == pd.Timestamp(first)
    assert calendar.week_ahead(pd.Timestamp(day)) == pd.Timestamp(first)


def test_the_last_nights_of_the_week_before_are_kept_with_a_plan(world, made, monkeypatch):
    settings, store, ground = world
    orders = plans.read(store, made)[1]["orders"]
    monkeypatch.setattr(patrol.plans, "in_force", lambda _, day: made if day == MONDAY else None)
    ends = patrol.last_nights(store, MONDAY + pd.Timedelta(weeks=1))
    nights = orders[orders["night"]]
    assert set(ends) == set(nights["team_id"]) and patrol.last_nights(store, MONDAY) == {}
    for team, end in ends.items():
        assert end == nights.loc[nights["team_id"] == team, "back"].max()
    later = MONDAY + pd.Timedelta(weeks=1)
    name = patrol.make(settings, store, ground, "u", later, seed=3)
    kept = plans.read_meta(store, name)["last_nights"]
    assert {team: pd.Timestamp(end) for team, end in kept.items()} == ends


def test_a_scope_sees_its_district_and_no_way(world, made):
    _, store, _ = world
    _, frames = plans.read(store, made)

    def seen(tier, kabupaten):
        return patrol.seen(frames, access.Scope("u", "a", tier, kabupaten, expires=FOREVER))

    mine = seen("restricted", frozenset({"61.03"}))
    assert 0 < len(mine["orders"]) < len(frames["orders"])
    assert set(mine["sectors"]["kabupaten_code"]) == {"61.03"}
    assert set(mine["orders"]["elsewhere_sector"]) <= {"", *mine["sectors"]["sector"]}
    assert (mine["orders"]["way"] == "").all() and mine["teams"].empty
    assert set(mine["cells"]["sector"]) <= set(mine["sectors"]["sector"])
    for table in seen("internal", None).values():
        assert table.empty
    for name, table in seen("restricted", None).items():
        pd.testing.assert_frame_equal(table, frames[name])


def test_where_no_visit_fits_no_empty_plan_is_kept(world):
    settings, store, ground = world
    meta, frames = store.assessment()
    week = pd.Timestamp("2026-11-16")
    effort = pd.DataFrame({"cell": ground.grid.cells, "week": week, "minutes": 9_000.0})
    tired = SimpleNamespace(assessment=lambda only=None: (meta, frames | {"effort": effort}))
    with pytest.raises(DataError, match="no visit fits"):
        patrol.solve(patrol.ready(settings, tired, ground), MONDAY, seed=1)


def test_real_data_needs_a_real_roster(world):
    settings, store, ground = world
    meta, frames = store.assessment()
    real = SimpleNamespace(assessment=lambda only=None: (meta | {"synthetic": False}, frames))
    with pytest.raises(DataError, match="who can go out"):
        patrol.ready(settings, real, ground)


def test_what_was_done_is_set_beside_the_plan(world, made, tmp_path):
    settings, store, ground = world
    sectors = plans.read(store, made)[1]["sectors"]
    planned = sectors[sectors["planned_minutes"] > 0]
    lines = [
        f"{s},{m},1" for s, m in zip(planned["sector"], planned["planned_minutes"], strict=True)
    ]
    form = tmp_path / "form.csv"
    form.write_text("sector,minutes,finds\n" + "\n".join(lines) + "\n")
    meta, done = patrol.review(settings, store, ground, made, form=form)
    assert meta["plan"] == made and done.facts["coverage"] == 1
    assert done.facts["dosage"] == pytest.approx(1)
    assert done.facts["finds"] == pytest.approx(len(planned))
    assert done.facts["expected_usual"] > 0
    codes = dict(zip(planned["sector"], planned["sector_code"], strict=True))
    by_code = [
        f"{codes[line.partition(',')[0]].lower()},{line.partition(',')[2]}" for line in lines
    ]
    form.write_text("sector,minutes,finds\n" + "\n".join(by_code) + "\n")
    again = patrol.review(settings, store, ground, made, form=form)[1]
    pd.testing.assert_frame_equal(again.sectors, done.sectors)
    assert set(done.sectors["sector_code"].dropna()) >= set(planned["sector_code"])
    form.write_text("sector,minutes\nnowhere,5\n")
    with pytest.raises(DataError, match="no sector nowhere"):
        patrol.review(settings, store, ground, made, form=form)
    with pytest.raises(DataError, match="nothing was recorded as done"):
        patrol.review(settings, store, ground, made)


def test_every_command_has_help_with_an_example():
    runner = CliRunner()
    for command in (
        "make",
        "list",
        "show",
        "approve",
        "sign",
        "withdraw",
        "restore",
        "export",
        "compare",
    ):
        told = runner.invoke(plan_app, [command, "--help"])
        assert told.exit_code == 0
        assert command == "list" or "Example" in told.output
