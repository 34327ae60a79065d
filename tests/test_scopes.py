"""Two scopes of one tier see the same figures where both may look (DATA SINTETIS)."""

import pandas as pd
import pytest

from data.gate.access import Scope
from joins.desks import view
from settings import load_settings
from tests.ui.world import make_world

LATER = pd.Timestamp("2099-01-01T00:00Z")


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    world = make_world()
    world.meta["summary"] = [{"model": "pool", "horizon_weeks": 1, "n_events": 91.0}]
    return load_settings(world.write(tmp_path_factory.mktemp("scopes")))


def read(settings, tier, kabupaten):
    scope = Scope("x", "*", tier, kabupaten and frozenset(kabupaten), None, LATER)
    return view.read(view.newest(settings), settings, scope).frames


@pytest.mark.parametrize("tier", ["internal", "public"])
def test_what_a_district_sees_is_cut_from_what_all_see(settings, tier):
    whole = read(settings, tier, None)
    for code in ("61.03", "61.05", "61.07"):
        part = read(settings, tier, {code})
        assert len(part["cells"]) and len(part["history"])
        for name in ("cells", "risk", "reasons", "effort", "history"):
            table = whole[name]
            inside = (table["kabupaten_code"] == code if "kabupaten_code" in table
                      else table["cell"].isin(part["cells"]["cell"]))  # fmt: skip
            pd.testing.assert_frame_equal(
                part[name].reset_index(drop=True), table[inside].reset_index(drop=True),
                check_categorical=False,
            )  # fmt: skip


def test_every_coarse_cell_belongs_to_one_district(settings):
    whole = read(settings, "public", None)["cells"]
    parts = [read(settings, "public", {code})["cells"] for code in ("61.03", "61.05", "61.07")]
    assert sorted(pd.concat(parts)["cell"]) == sorted(whole["cell"])


def test_the_shared_tiers_are_told_quarters_and_a_year_by_the_store(settings):
    frames = read(settings, "public", None)
    history = frames["history"]
    quarters = history[history["week_last"] > history["week"]]
    assert quarters["weight"].notna().any() and (quarters["weight"].dropna() >= 5).all()
    assert history.loc[history["week"] > quarters["week_last"].max(), "weight"].isna().all()


def test_no_count_of_records_stays_in_what_is_said_of_the_model(settings):
    scope = Scope("x", "*", "public", None, None, LATER)
    meta = view.read(view.newest(settings), settings, scope).meta
    assert meta["summary"] and not any("n_events" in one for one in meta["summary"])
    assert "left_out" not in meta and "totals" not in meta
