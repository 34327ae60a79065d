"""Numbers of an area that a viewer drew: sums of what he may see, and nothing more."""

import json
from dataclasses import replace
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from data.errors import DataError
from data.gate import access
from data.gate.rights import Refused
from joins.desks import drawn, view
from settings import load_settings
from tests.ui.world import make_world
from ui.map import meridian
from ui.selection import Selection

FOREVER = pd.Timestamp("2100-01-01", tz="UTC")
ACROSS = "POLYGON((110.1 0.5, 110.8 0.5, 110.8 1.0, 110.1 1.0, 110.1 0.5))"
WORLD = "POLYGON((105 -5, 115 -5, 115 5, 105 5, 105 -5))"
CHOSEN = Selection(horizon=4)


def scope(tier: str, kabupaten=None) -> access.Scope:
    return access.Scope("uji", "*", tier, kabupaten, None, expires=FOREVER)


VIEWERS = {
    "task force": scope("restricted"), "commander": scope("restricted", frozenset({"61.03"})),
    "internal": scope("internal"), "public": scope("public"),
    "public of a district": scope("public", frozenset({"61.03"})),
}  # fmt: skip


@pytest.fixture(scope="module")
def desks(tmp_path_factory):
    told = load_settings(make_world().write(tmp_path_factory.mktemp("drawn")))
    name = view.newest(told)
    notes: list = []
    made = {who: drawn.Desk(view.read(name, told, one), lambda *line: notes.append(line))
            for who, one in VIEWERS.items()}  # fmt: skip
    return made, notes


@pytest.fixture(params=list(VIEWERS))
def desk(desks, request):
    return desks[0][request.param]


def test_an_area_around_everything_has_the_totals_of_the_page(desk):
    known = desk.numbers(desk.read(WORLD), replace(CHOSEN, kabupaten="61.03"))
    page = desk.seen.scene(CHOSEN)
    assert known.total == page.total
    assert known.cells == len(desk.seen.frames["cells"])
    assert len(known.sectors) == len(page.sectors) > 0


def test_the_outline_of_a_district_has_the_numbers_of_the_district(desk):
    cells = desk.seen.frames["cells"]
    mine = cells.loc[cells["kabupaten_code"] == "61.03", "cell"].tolist()
    rings = [ring for polygon in meridian.outlines(mine) for ring in polygon]
    known = desk.numbers(desk.ring(rings[0]), CHOSEN)
    district = desk.seen.scene(replace(CHOSEN, kabupaten="61.03"))
    assert known.cells == len(mine) == len(district.table)
    expected = (district.total.risk, district.total.lo, district.total.hi)
    assert (known.total.risk, known.total.lo, known.total.hi) == pytest.approx(expected)


def test_the_task_force_gets_records_hours_posts_and_sectors_that_can_be_counted(desks):
    desk = desks[0]["task force"]
    known = desk.numbers(desk.read(ACROSS), CHOSEN)
    table = known.table
    assert table["lat"].between(0.5, 1.0).all() and table["lon"].between(110.1, 110.8).all()
    assert known.total.risk == pytest.approx(table["risk"].sum()) and known.total.risk > 0
    assert known.total.lo < known.total.risk < known.total.hi
    assert known.records.open and known.minutes.open and known.year == ""
    history = desk.seen.frames["history"]
    year = history["week"] > history["week"].max() - pd.Timedelta(weeks=52)
    inside = history["cell"].isin(table["cell"])
    assert known.records.value == pytest.approx(history.loc[inside & year, "weight"].sum())
    assert known.minutes.value == pytest.approx(table["effort_minutes_12w"].sum())
    posts = desk.seen.base.tables["posts"]
    there = posts["lat"].between(0.5, 1.0) & posts["lon"].between(110.1, 110.8)
    assert known.posts["name"].tolist() == posts.loc[there, "name"].tolist()
    assert (known.sectors["inside"] <= known.sectors["cells"]).all() and len(known.sectors)
    one_way = desk.numbers(desk.read(ACROSS), replace(CHOSEN, group="outbound"))
    assert 0 < one_way.records.value < known.records.value
    assert one_way.total.risk < known.total.risk


def test_a_commander_counts_his_own_districts_alone(desks):
    made, _ = desks
    area = made["task force"].read(ACROSS)
    his, all_ = (made[who].numbers(area, CHOSEN) for who in ("commander", "task force"))
    home = all_.table["kabupaten_code"] == "61.03"
    assert his.cells == home.sum() < all_.cells
    assert his.total.risk == pytest.approx(all_.table.loc[home, "risk"].sum())
    assert his.records.value < all_.records.value
    assert set(his.sectors["kabupaten_code"]) == {"61.03"}
    with pytest.raises(DataError, match="may see"):
        made["commander"].read("POLYGON((109.6 0.4, 109.9 0.4, 109.9 0.9, 109.6 0.9))")


def test_the_public_sees_that_hours_are_hidden(desks):
    desk = desks[0]["public"]
    known = desk.numbers(desk.read(ACROSS), CHOSEN)
    assert known.minutes.unknown and known.minutes.say("id") == "disamarkan"
    written = json.loads(desk.file(".geojson", desk.read(ACROSS), CHOSEN))
    row = written["features"][0]["properties"]
    assert row["effort_minutes_12w"] is None and row["effort_minutes_12w_suppressed"]
    assert row["effort_minutes_12w_at_least"] is None


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_two_areas_that_differ_by_a_cell_tell_no_more_than_the_cell(desk, data):
    """Differences of sums are the numbers that the viewer was handed, or hidden."""
    cells = desk.seen.frames["cells"]
    start = data.draw(st.integers(0, len(cells) - 1))
    near = cells.assign(away=np.hypot(cells["lat"] - cells["lat"].iloc[start],
                                      cells["lon"] - cells["lon"].iloc[start]))  # fmt: skip
    near = near.nsmallest(data.draw(st.integers(2, 6)), "away")["cell"].tolist()
    smaller = ""
    for cell in near[:-1]:
        smaller = desk.toggle(smaller, cell)
    larger = desk.toggle(smaller, near[-1])
    before, after = (desk.numbers(area, CHOSEN) for area in (smaller, larger))
    assert set(after.table["cell"]) == set(near)
    assert set(before.table["cell"]) == set(near[:-1])
    own = after.table[after.table["cell"] == near[-1]].iloc[0]
    assert after.total.risk - before.total.risk == pytest.approx(own["risk"], abs=1e-9)
    pairs = [(before.minutes, after.minutes, own["effort_minutes_12w"])]
    if after.year:  # records by cell and week are open to the restricted tier
        pairs.append((before.records, after.records, own["events_52w"]))
    for small, large, number in pairs:
        if pd.isna(number):
            assert large.hidden == small.hidden + 1 and large.value == pytest.approx(small.value)
        else:
            assert large.hidden == small.hidden
            assert large.value - small.value == pytest.approx(number)
    assert desk.toggle(larger, near[-1]) in (smaller, desk.toggle("", near[0]))


def test_a_file_holds_what_the_screen_says_and_is_logged(desks):
    made, notes = desks
    desk = made["commander"]
    area = desk.read(ACROSS)
    known = desk.numbers(area, CHOSEN)
    notes.clear()
    written = json.loads(desk.file(".geojson", area, CHOSEN))
    row = written["features"][0]["properties"]
    assert (row["risk"], row["cells"]) == (float(f"{known.total.risk:.6g}"), known.cells)
    assert row["synthetic"] and row["cutoff"] and row["handling"]
    drawn_shape = shape(written["features"][0]["geometry"])
    assert drawn_shape.is_valid and drawn_shape.bounds == (110.1, 0.5, 110.8, 1.0)
    text = desk.file(".csv", area, CHOSEN).decode()
    rows = pd.read_csv(StringIO(text), comment="#")
    assert set(rows["cell"]) == set(known.table["cell"])
    assert set(rows["kabupaten_code"].astype(str)) == {"61.03"}
    assert [(action, what["what"], what["rows"]) for action, what in notes] == [
        ("export", "area.geojson", known.cells), ("export", "area.csv", known.cells),
    ]  # fmt: skip
    assert "SINTETIS" in desk.name(".csv", CHOSEN)


def test_a_right_that_ended_gives_no_file(desks):
    made, _ = desks
    notes: list = []
    late = replace(VIEWERS["public"], expires=pd.Timestamp("2020-01-01", tz="UTC"))
    seen = made["public"].seen
    over = drawn.Desk(seen, lambda *line: notes.append(line))
    area = over.read(ACROSS)
    was, seen.scope = seen.scope, late
    try:
        with pytest.raises(Refused):
            over.file(".csv", area, CHOSEN)
    finally:
        seen.scope = was
    assert notes == [("denied", {"what": "take", "why": "expired"})]
