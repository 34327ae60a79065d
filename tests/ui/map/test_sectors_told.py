"""What is said of a sector: its name, how it was watched, why, and where nothing is expected."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from data.area import named_places
from data.gate import access
from geo import naming
from joins.desks import view
from joins.desks.papers import Papers
from risk.engine.interval import bounds_of_sums
from risk.hotspots import select_hotspots
from settings import load_settings
from ui.map import scene, telling
from ui.selection import Selection
from ui.views.map import search, unit
from ui.words import and_more, expected, names


@pytest.fixture(scope="module")
def seen(config):
    settings = load_settings(config)
    return view.read(view.newest(settings), settings, access.LOCAL)


def row(**told) -> dict:
    plain = {"sector_code": "KTK-2", "name": "KTK-2 Kantuk Asam", "side": "", "away_km": np.nan}
    return plain | told


# names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "lang", "words"),
    [
        (row(), "id", "KTK-2 Kantuk Asam"),
        (row(side="e"), "id", "KTK-2 Kantuk Asam, sisi timur"),
        (row(side="nw", away_km=12.0), "id", "KTK-2 Kantuk Asam, sisi barat laut 12 km"),
        (row(side="nw", away_km=7.5), "id", "KTK-2 Kantuk Asam, sisi barat laut 7,5 km"),
        (row(side="e"), "en", "KTK-2 Kantuk Asam, east side"),
        ({"sector": "86x", "desa": "Siding"}, "id", "Siding"),
        ({"sector": "86x", "desa": np.nan}, "id", "86x"),
    ],
)
def test_a_name_tells_code_place_and_side(told, lang, words):
    assert names.full(told, lang) == words


@pytest.mark.parametrize("coverage", [0.01, 0.05, 0.2])
@pytest.mark.parametrize("horizon", [1, 4, 12])
def test_no_two_sectors_of_a_list_share_code_or_name(seen, horizon, coverage):
    told = seen.scene(Selection(horizon=horizon, coverage=coverage))
    assert len(told.sectors) > 3
    every = pd.concat([told.sectors, told.gone])
    assert every["sector_code"].is_unique
    assert pd.Series(names.fulls(every, "id")).is_unique


def test_a_code_is_that_of_the_ground_whoever_asks(seen, config):
    """A commander of one district sees other cells, and the same hexagons."""
    settings = load_settings(config)
    forever = pd.Timestamp("2200-01-01", tz="UTC")
    for tier in ("restricted", "public"):
        own = access.Scope("b", "*", tier, kabupaten=frozenset({"61.03"}), expires=forever)
        other = view.read(view.newest(settings), settings, own)
        assert len(other.frames["cells"]) < len(seen.frames["cells"])
        assert other.pieces.equals(seen.pieces)
        told = other.scene(Selection(horizon=4)).sectors
        assert len(told) and told["sector_code"].is_unique
        for sector in told.itertuples():
            assert sector.sector_code.startswith(seen.pieces.loc[sector.piece, "sector_code"])


def test_a_sector_is_gone_only_when_none_of_its_cells_is_a_hotspot(seen):
    for coverage in (0.02, 0.1):
        sector_of, _, gone = seen.ranked(4, "all", "", "", coverage)
        hot = set(sector_of.index[sector_of > 0])
        for lost in gone.itertuples():
            assert lost.cell not in hot
    codes = set(seen.scene(Selection(horizon=4)).sectors["sector_code"])
    assert not codes & set(seen.scene(Selection(horizon=4)).gone["sector_code"])


def test_a_shrunk_sector_is_not_gone(seen):
    """Its edge was a hotspot last week and is none now; a group that left no hotspot is gone."""
    sector_of, _, _ = seen.ranked(4, "all", "", "", 0.03)
    grid = seen.grid()
    hot = sector_of > 0
    around = grid.neighbours(1) @ hot.reindex(grid.cells).to_numpy(float)
    free = ~hot.reindex(grid.cells).to_numpy()
    edge = np.array(grid.cells)[free & (around > 0)][0]
    alone = np.array(grid.cells)[free & (around == 0)][0]
    risk = seen.frames["risk"].copy()
    risk["previous"] = risk["risk"]
    risk.loc[risk["cell"].isin([edge, alone]), "previous"] = 1e3
    other = view.Shown(
        seen.settings, seen.scope, seen.meta, {**seen.frames, "risk": risk}, seen.base, "shrunk",
        seen.own_cells, seen.pieces,
    )  # fmt: skip
    now, _, gone = other.ranked(4, "all", "", "", 0.03)
    assert (now > 0).equals(hot)
    assert gone["cell"].tolist() == [alone]


def test_names_that_are_counted_are_listed_or_said_to_be_more():
    assert and_more(["A", "B"], 2, "id") == "A, B"
    assert and_more(list("ABCDE"), 3, "id") == "A, B, C, dan 2 lainnya"
    assert and_more(list("ABCDE"), 3, "en") == "A, B, C, and 2 more"


def test_every_file_of_sectors_bears_the_code_of_the_list(seen):
    selection = Selection(horizon=4)
    told = seen.scene(selection).sectors
    whole = names.fulls(told, "id")
    papers = Papers(seen, lambda action, what: None)
    gpx, kml = (papers.device(kind, selection).decode() for kind in ("gpx", "kml"))
    pack = papers.district(selection).decode()
    features = json.loads(papers.table("sectors", ".geojson", selection))["features"]
    assert [one["properties"]["name"] for one in features] == whole
    assert [one["properties"]["sector_code"] for one in features] == told["sector_code"].tolist()
    for code, name in zip(told["sector_code"], whole, strict=True):
        # a name on a device also says of which week it is, and that it is invented
        assert re.search(rf"<name>{re.escape(name)}[^<]*</name>", gpx)
        assert f"<name>{name}" in kml
        assert name in pack and name.startswith(f"{code} ")
    cells = json.loads(papers.table("hotspots", ".geojson", selection))["features"]
    codes = {one["properties"]["sector_code"] for one in cells}
    assert codes == set(told["sector_code"])


def test_ground_is_found_by_its_code(seen):
    places, known, _ = search._places.__wrapped__(seen.mark, seen, "id")
    for row in seen.scene(Selection(horizon=4)).sectors.itertuples():
        name = names.full(seen.pieces.loc[row.piece], "id")
        assert name in known
        cell = places.loc[places["name"] == name, "cell"].iloc[0]
        assert seen.piece_of[cell] == row.piece


def test_a_hexagon_of_the_plan_tells_which_sectors_of_the_map_lie_in_it():
    sectors = pd.DataFrame(
        {"sector_code": ["KTK-2", "ENT-1"], "plan_codes": ["KTK-2, KTK-3", "ENT-1, KTK-3"]}
    )
    assert names.on_map("KTK-3", sectors, "id") == (
        "KTK-3 di peta: sektor KTK-2 (urutan 1), sektor ENT-1 (urutan 2)."
    )
    assert names.on_map("KTK-33", sectors, "id") == "KTK-33 di peta: tanpa titik rawan."


def test_an_area_without_villages_has_codes_and_coordinates(seen, config):
    """A name, a land and a resolution are enough: never "1 · nan"."""
    bare = naming.name_pieces(seen.grid(), named_places(None, None))
    frames = {**seen.frames, "cells": seen.frames["cells"].assign(desa=np.nan, desa_code=np.nan)}
    plain = view.Shown(
        seen.settings, seen.scope, seen.meta, frames, seen.base, "bare", seen.own_cells, bare
    )
    told = plain.scene(Selection(horizon=4))
    coordinate = re.compile(r"S-\d+[a-z]? \d\.\d{3}, 1\d\d\.\d{3}")
    assert all(coordinate.fullmatch(name) for name in told.sectors["name"])
    assert told.sectors["sector_code"].is_unique
    assert not told.everywhere["place"].isna().any()
    pack = Papers(plain, lambda action, what: None).district(Selection(horizon=4)).decode()
    assert "nan" not in re.sub(r"[a-zA-Z]nan|nan[a-zA-Z]", "", pack)


# how a sector was watched ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "cells", "hours", "word"),
    [
        (0.0, 12, 0.0, "never"),
        (1 / 3, 12, 94.0, "partly"),  # much in a few cells
        (0.75, 4, 35.0, "fair"),
        (0.75, 12, 5.0, "seldom"),  # everywhere, and hardly at all
        (0.5, 2, 2.0, "fair"),
        (0.75, 4, np.nan, "fair"),
        (0.25, 4, np.nan, "partly"),
    ],
)
def test_one_rule_gives_the_word_from_share_and_hours(share, cells, hours, word):
    table = pd.DataFrame({"observed_share": [share], "cells": [cells], "hours_12w": [hours]})
    assert scene.watched(table) == [word]


def test_the_word_stands_beside_what_it_was_made_from():
    told = {"watched": "partly", "observed_share": 1 / 3, "cells": 12, "hours_12w": 94.2}
    assert telling.watched(told, "id") == "sebagian 4/12 · 94 j"
    hidden = told | {"hours_12w": np.nan}
    assert telling.watched(hidden, "id") == "sebagian 4/12"


def test_hours_with_a_hidden_part_are_hidden():
    cells = pd.DataFrame({"effort_minutes_12w": [60.0, np.nan, 120.0]}, index=list("abc"))
    hours = scene.hours_of(cells, pd.Series([1, 1, 2], index=list("abc")))
    assert np.isnan(hours[1]) and hours[2] == 2.0
    assert scene.hours_of(cells[[]], pd.Series([1, 1, 2], index=list("abc"))).empty


# why -------------------------------------------------------------------------------------------


def reasons(rows) -> pd.DataFrame:
    columns = ["cell", "reason", "contribution", "value"]
    return pd.DataFrame(rows, columns=columns).assign(horizon_weeks=4)


def test_the_numbers_of_a_sector_are_sums_or_say_which_cell_they_are_of():
    table = reasons(
        [
            ("a", "past_here", 0.9, 3.0), ("b", "past_here", 0.9, 1.5),
            ("a", "border", 0.5, 4.0), ("b", "border", 0.5, 2.0),
            ("a", "past_near", 0.2, 7.0), ("b", "past_near", 0.2, 9.0),
        ]
    )  # fmt: skip
    part = pd.DataFrame({"cell": ["a", "b"], "risk": [2.0, 1.0]})
    found = telling.reasons(table, part, 4)
    assert found["value"].to_dict() == {"past_here": 4.5, "border": 2.0, "past_near": 7.0}
    lines = telling.reason_lines(found, "id", 2)
    assert "4,5 catatan di sini" in lines[0] and "sel" not in lines[0]
    assert lines[1].endswith("(sel terdekat)") and lines[2].endswith("(sel tertinggi)")
    alone = telling.reason_lines(telling.reasons(table, part[:1], 4), "id")
    assert not any("(sel" in line for line in alone) and "3 catatan di sini" in alone[0]


def test_a_sum_with_a_hidden_part_is_only_named():
    table = reasons([("a", "past_here", 0.9, 3.0), ("b", "past_here", 0.9, np.nan)])
    found = telling.reasons(table, pd.DataFrame({"cell": ["a", "b"], "risk": [2.0, 1.0]}), 4)
    assert telling.reason_lines(found, "id", 2)[0].endswith("catatan di sini, 52 pekan")


def test_a_fraction_of_a_record_is_explained_and_never_reads_as_nothing():
    part = pd.DataFrame({"cell": ["a"], "risk": [1.0]})
    for value, fraction in ((1.1, True), (2.0, False), (np.nan, False)):
        found = telling.reasons(reasons([("a", "past_here", 0.9, value)]), part, 4)
        assert telling.has_fraction(found) == fraction
    assert telling.reason_words("past_here", 0.02, "id").startswith("< 0,1 catatan")
    assert telling.reason_words("region", 12.6, "id").startswith("sekitar 13 catatan")


# the floor --------------------------------------------------------------------------------------

places = st.lists(st.floats(0, 2, width=32), min_size=3, max_size=30)


@given(risk=places, least=st.floats(0, 1), small=st.floats(0.01, 0.5), more=st.floats(0, 0.5))
def test_no_hotspot_lies_under_the_floor_and_the_choice_stays_nested(risk, least, small, more):
    series = pd.Series(risk, index=[f"c{k:02d}" for k in range(len(risk))], dtype=float)
    area = pd.Series(1.0, index=series.index)
    hot = select_hotspots(series, area, small, least)
    assert (series[hot] >= least).all() and (series[hot] > 0).all()
    assert not (hot & ~select_hotspots(series, area, small + more, least)).any()
    assert not (hot & ~select_hotspots(series, area, small)).any()


@pytest.fixture
def quiet(config, tmp_path):
    """The same assessment with next to nothing expected in one district."""
    settings = load_settings(config)
    told = view.read(view.newest(settings), settings, access.LOCAL)
    risk = told.frames["risk"].copy()
    cells = told.frames["cells"]
    inside = risk["cell"].isin(cells.loc[cells["kabupaten_code"] == "61.03", "cell"])
    numbers = ["risk", "lo", "hi", "previous"]
    risk[numbers] = risk[numbers].astype(float)
    risk.loc[inside, numbers] *= 1e-7
    frames = {**told.frames, "risk": risk}
    return view.Shown(
        settings, told.scope, told.meta, frames, told.base, "quiet", told.own_cells, told.pieces
    )


def test_where_hardly_anything_is_expected_nothing_is_a_hotspot(quiet):
    selection = Selection(horizon=4, kabupaten="61.03")
    told = quiet.scene(selection)
    assert 0 < told.total.risk < 0.001
    assert told.sectors.empty and (told.sector_of == 0).all()
    words = telling.empty(told, 4, "id")
    assert expected(told.total.risk, "id") in words and " 0,001 kejadian, maka" in words
    assert len(quiet.scene(Selection(horizon=4)).sectors)
    papers = Papers(quiet, lambda action, what: None)
    assert words in papers.district(selection).decode().replace("&lt;", "<")
    assert papers.sheet(selection).startswith(b"%PDF")


# totals -----------------------------------------------------------------------------------------


def test_a_district_total_bears_the_interval_of_its_sum(seen):
    selection = Selection(horizon=4, kabupaten="61.03")
    told = seen.scene(selection)
    columns = (told.table[name].to_numpy(float) for name in ("risk", "lo", "hi"))
    lo, hi = bounds_of_sums(*columns, np.zeros(len(told.table), dtype=int))
    assert (told.total.lo, told.total.hi) == (pytest.approx(lo[0]), pytest.approx(hi[0]))
    assert told.total.lo < told.total.risk < told.total.hi
    words = telling.total(told.total, "id")[0]
    assert words == f"selang 80 %: {expected(lo[0], 'id')}–{expected(hi[0], 'id')}"
    assert f"({words})" in unit._facts(told, seen, selection)[0][1]
    papers = Papers(seen, lambda action, what: None)
    assert words in papers.district(selection).decode()
    assert any(words in figure for _, figure in papers._facts(told, selection))


def test_ground_is_found_where_no_place_has_a_name(seen):
    bare = naming.name_pieces(seen.grid(), named_places(None, None))
    base = view.Base(seen.base.layers, {}, seen.base.names, [])
    plain = view.Shown(
        seen.settings, seen.scope, seen.meta, seen.frames, base, "bare", seen.own_cells, bare
    )
    places, known, marks = search._places.__wrapped__("bare", plain, "id")
    assert len(known) == len(bare) and marks == []
    assert places["cell"].isin(plain.options.cells).all()


def test_the_page_of_an_area_with_a_land_alone_names_its_ground(world, tmp_path, monkeypatch):
    """Optional layers left out: codes from north to south, and nowhere a missing name."""
    frames = world.frames | {"cells": world.frames["cells"].assign(desa=np.nan, desa_code="")}
    config = replace(world, frames=frames).write(tmp_path)
    optional = ("border", "districts", "subdistricts", "towns", "desa", "posts", "backdrop")
    lines = config.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(tuple(f"{key} =" for key in optional))]
    config.write_text("\n".join(kept), encoding="utf-8")
    monkeypatch.setenv("KALBAR_CONFIG", str(config))
    at = AppTest.from_file("../../../app.py", default_timeout=60).run()
    assert not at.exception
    names = at.dataframe[0].value["name"].tolist()
    assert len(names) > 3
    assert all(re.match(r"\d+ · S-\d+[a-z]? -?\d+\.\d{3}, \d+\.\d{3}$", name) for name in names)
