"""Frames narrowed by what was chosen; the verdict on the models."""

import h3
import pandas as pd
import pytest

from ui.map import proof, scene
from ui.map.history import fine_cells, last_week, records_of, weekly


def test_joining_keeps_every_cell_once(world):
    table = scene.join_cells(world.frames, 4, "outbound")
    assert table["cell"].tolist() == world.frames["cells"]["cell"].tolist()
    assert (table["change"] == table["risk"] - table["previous"]).all()


def test_districts_share_the_cells_out(world):
    table = scene.join_cells(world.frames, 4, "all")
    parts = [scene.in_district(table, code, "") for code in ("61.03", "61.05", "61.07")]
    assert sum(len(part) for part in parts) == len(table)
    assert len(scene.in_district(table, "", "")) == len(table)


def test_records_belong_to_their_cell_or_their_desa(world):
    table = scene.join_cells(world.frames, 4, "all")
    told = world.events
    point = told[told["geo_precision"] == "gps"].iloc[0]
    found = records_of(told, table, [point["cell"]])
    assert point["event_id"] in set(found["event_id"])
    home = set(table.loc[table["cell"] == point["cell"], "desa_code"])
    vague = found[found["geo_precision"] == "desa"]
    assert set(vague["admin_code"]) <= home
    exact = found[found["geo_precision"] != "desa"]
    assert set(exact["cell"]) == {point["cell"]}
    assert found["event_start"].is_monotonic_decreasing


def test_weeks_without_anything_are_rows_of_zeros():
    history = pd.DataFrame({"week": pd.to_datetime(["2026-11-09"]), "weight": [2.0]})
    effort = pd.DataFrame({"week": pd.to_datetime(["2026-11-16"]), "minutes": [90.0]})
    told = weekly(history, effort, pd.Timestamp("2026-11-22"), weeks=4)
    assert told["events"].tolist() == [0, 0, 2, 0]
    assert told["hours"].tolist() == [0, 0, 0, 1.5]


def test_a_group_is_told_by_direction_or_type(world):
    history = world.frames["history"]
    out = scene.of_group(history, "outbound")
    both = len(out) + len(scene.of_group(history, "inbound"))
    assert both == len(history) and set(out["direction"]) == {"outbound"}
    shared = history.assign(direction="", event_type="")
    assert len(scene.of_group(shared, "outbound")) == len(history)


def test_models_are_ranked_by_their_gain(world):
    one = world.frames["scores"].query("horizon_weeks == 4")
    told = proof.compare_models(one)
    assert told.index[0] == "pool"
    assert told["ig"].is_monotonic_decreasing
    assert ((told["ig_lo"] <= told["ig"]) & (told["ig"] <= told["ig_hi"])).all()
    assert told["hit05"].between(0, 1).all()


def test_scores_without_counts_still_rank(world):
    hidden = world.frames["scores"].assign(n_events=float("nan"), observed=float("nan"))
    told = proof.compare_models(hidden)
    assert told.index[0] == "pool" and told["observed"].isna().all()


@pytest.mark.parametrize(("expected", "chance"), [(0.0, 0.0), (0.1, 0.0952), (3.0, 0.9502)])
def test_chance_of_an_event(expected, chance):
    assert scene.chance(expected) == pytest.approx(chance, abs=1e-4)


def test_what_stays_of_a_list_is_told_from_test_to_test_and_since_last_week(world):
    scores = world.frames["scores"]
    scores = scores[scores["horizon_weeks"] == 4]
    share, apart = proof.kept(scores, "pool", 5)
    mine = scores.loc[scores["model"] == "pool", "kept05"]
    assert share == pytest.approx(mine.mean()) and apart == 4
    assert mine.isna().sum() == 1
    assert proof.kept(scores, "pool", 10) is None
    assert proof.kept(scores.assign(kept05=float("nan")), "pool", 5) is None
    sectors = pd.DataFrame({"cells": [6, 3, 1], "was_share": [1.0, 1 / 3, 0.0]})
    assert scene.stays(sectors) == (pytest.approx(0.7), 1)


def test_finer_cells_count_only_records_that_are_known_that_well(world):
    table = scene.in_district(scene.join_cells(world.frames, 4, "all"), "61.03", "")
    last = last_week(world.meta)
    told = fine_cells(world.events, table, "all", last)
    known = world.events[world.events["cell"].isin(table["cell"])]
    known = known[known["geo_precision"].isin(["gps", "landmark"])]
    assert 0 < told["n"].sum() <= len(known)
    assert {h3.get_resolution(cell) for cell in told["h"]} == {8}
    assert {h3.cell_to_parent(cell, 7) for cell in told["h"]} <= set(
        h for cell in table["cell"] for h in h3.grid_disk(cell, 1)
    )
    vague = world.events.assign(uncertainty_km=3.0)
    assert fine_cells(vague, table, "all", last).empty
    hidden = world.events.drop(columns=["lat", "lon"])
    assert fine_cells(hidden, table, "all", last).empty


def test_a_risk_says_whether_it_counts_what_nobody_saw(world):
    assert not proof.is_corrected({})
    assert not proof.is_corrected({"method": {"detection": {"corrected": False}}})
    assert proof.is_corrected({"method": {"detection": {"corrected": True}}})
