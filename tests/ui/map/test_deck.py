"""The spec: small, silent, drawing what it was given and nothing else."""

import gzip
import json

import h3
import numpy as np
import pandas as pd
import pydeck
import pytest

from ui import theme
from ui.map import deck, ground, marks, scene
from ui.map.transport import Shelf

CENTRE = h3.latlng_to_cell(0.98, 110.36, 7)
SEVEN = sorted(h3.grid_disk(CENTRE, 1))


def cells() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cell": SEVEN,
            "kecamatan_code": ["61.03.21"] * 4 + ["61.03.07"] * 3,
            "place": "Entikong",
            "observed": [True, False] * 3 + [True],
        }
    )


def test_rows_say_everything_the_layer_asks_for():
    rows = json.loads(
        deck.cell_rows(
            cells(),
            [np.arange(7) % 5, np.zeros(7)],
            [["1"] * 7, ["2"] * 7],
            [""] * 7,
            {"61.03.21": 1},
        )
    )
    assert [row["h"] for row in rows] == SEVEN
    assert set(rows[0]) == {"h", "c", "k", "n", "s", "o", "v0", "v1"}
    assert [row["c"] for row in rows] == ["00", "10", "20", "30", "40", "00", "10"]
    assert [row["o"] for row in rows] == [1, 0, 1, 0, 1, 0, 1]
    assert [row["k"] for row in rows] == [1] * 4 + [-1] * 3


def test_the_cell_layer_keeps_to_what_was_measured():
    colours = theme.ramp(theme.QUANTITIES["risk"], dark=False)
    layer = deck.cell_layer("api/data/x.json", colours, theme.LIGHT, (0, 3))
    assert layer["highPrecision"] is True
    assert not layer["stroked"] and not layer["extruded"] and not layer["autoHighlight"]
    assert layer["pickable"] and layer["id"] == "cells"
    assert layer["filterRange"] == [0, 3]
    assert layer["fillPatternMapping"]["dots"]["type"] == "dots"
    assert layer["getFillPattern"].startswith("@@=o==1?'dots'")  # those who were watched
    for colour in colours:
        assert str([*colour, 255]).replace(" ", "") in layer["getFillPatternBackgroundColor"]


def test_pydeck_makes_the_same_of_our_layer():
    """Streamlit hands our text to deck.gl as if pydeck had written it: the names must be its."""
    ours = deck.line_layer("x", "y.json", (1, 2, 3), 2.0, (0, 1))
    theirs = pydeck.Layer(
        ours["@@type"], id="x", data="y.json", line_width_units=pydeck.types.String("pixels")
    )
    told = json.loads(pydeck.Deck(layers=[theirs], map_provider=None).to_json())["layers"][0]
    assert told["@@type"] == ours["@@type"]
    assert told["lineWidthUnits"] == ours["lineWidthUnits"]
    assert told["data"] == ours["data"] and told["id"] == ours["id"]


def test_an_expression_chooses_each_class():
    text = deck.choose("c", [[1, 1, 1], [2, 2, 2], [3, 3, 3]])
    assert text == "@@=c==2?[3,3,3]:(c==1?[2,2,2]:([1,1,1]))"


def test_a_sector_is_one_outline_and_a_ring_has_a_hole():
    assert len(deck.outline(SEVEN)) == 1
    around = [cell for cell in SEVEN if cell != CENTRE]
    rings = deck.outline(around)
    assert len(rings) == 2
    for ring in [*rings, *deck.outline([CENTRE])]:
        assert ring[0] == ring[-1]
        assert all(109 < lon < 112 and 0 < lat < 2 for lon, lat in ring)


def test_the_spec_is_small_and_names_no_other_host():
    layers = [deck.cell_layer("u", [(0, 0, 0)] * 5, theme.LIGHT, deck.EVERYWHERE)]
    text = deck.spec(layers, deck.View(1.0, 110.0, 7.0), theme.LIGHT)
    told = json.loads(text)
    assert len(text) < 5_000
    assert "http" not in text.replace("application/json", "")
    assert told["mapStyle"].startswith("data:application/json,")
    assert told["mapProvider"] == "maplibre"


def test_missing_numbers_never_reach_the_browser():
    with pytest.raises(ValueError):
        deck.compact({"x": float("nan")})


def test_the_camera_holds_all_points():
    view = deck.View.around(pd.Series([0.5, 1.5]), pd.Series([109.0, 111.0]), 600, 500)
    assert (view.lat, view.lon) == (1.0, 110.0)
    degrees_across = 600 / (512 * 2**view.zoom / 360)
    assert 2.0 < degrees_across < 2.6
    assert deck.View.around(pd.Series([1.0]), pd.Series([110.0])).zoom <= 11


def test_ground_is_laid_once_and_drawn_in_order(world):
    shelf = Shelf()
    layers = {name: json.dumps(layer).encode() for name, layer in world.layers.items()}
    layers["land"] = layers["kabupaten"]
    tables = {"towns": world.towns, "desa": world.desa, "posts": world.posts}
    laid = ground.lay_base(shelf, layers, tables, "scope")
    assert laid == ground.lay_base(shelf, layers, tables, "scope")
    names = [layer["id"] for layer in [*laid.below(theme.LIGHT), *laid.lines(theme.LIGHT)]]
    border = ["border-casing", "border-line"]
    assert names == ["backdrop", "land", "kecamatan", "kabupaten", *border]
    zooms = [layer.get("minZoom", 0) for layer in laid.names(theme.LIGHT)]
    assert zooms == sorted(zooms, reverse=True)


def test_a_place_without_position_is_left_out():
    desa = pd.DataFrame({"desa": ["a", "b"], "lat": [1.0, np.nan], "lon": [110.0, np.nan]})
    shelf = Shelf()
    url = ground.lay_base(shelf, {}, {"desa": desa}, "scope").desa
    assert url.endswith("/{x}-{y}.json")


def test_filter_ranges_cover_a_district_and_no_other(world):
    numbers = scene.number_kecamatan(world.frames["cells"])
    everywhere = deck.EVERYWHERE
    assert scene.filter_range(numbers, "", "", everywhere) == everywhere
    lo, hi = scene.filter_range(numbers, "61.03", "", everywhere)
    inside = {code for code, n in numbers.items() if lo <= n <= hi}
    assert inside == {"61.03.07", "61.03.21"}
    one = scene.filter_range(numbers, "61.03", "61.03.21", everywhere)
    assert one == (numbers["61.03.21"],) * 2
    lo, hi = scene.filter_range(numbers, "61.99", "", everywhere)
    assert not {n for n in numbers.values() if lo <= n <= hi}


def test_discs_are_as_large_as_what_is_expected_and_do_not_hide_each_other():
    sectors = pd.DataFrame(
        {"lat": [1.0, 1.01, 1.0, 1.5], "lon": [110.0, 110.01, 111.0, 112.0],
         "risk": [2.0, 1.9, 1.0, 0.001]}
    )  # fmt: skip
    placed = marks.place_discs(sectors)
    far, close = placed[5].set_index("n"), placed[8].set_index("n")
    assert far.loc["1", "r"] ** 2 / far.loc["3", "r"] ** 2 == pytest.approx(2, abs=0.05)
    assert list(far.index) == ["3", "1"]  # the second would lie on the first
    assert set(close.index) >= {"1", "3"} and "4" not in close.index  # too small for a number
    assert placed[5]["r"].is_monotonic_increasing
    assert marks.place_discs(sectors.head(0)) == {}


def test_discs_end_where_the_cells_take_over():
    sectors = pd.DataFrame({"lat": [1.0], "lon": [110.0], "risk": [2.0]})
    shelf = Shelf()
    address = shelf.put_zooms(marks.disc_tiles(marks.place_discs(sectors)), "scope")
    layer = deck.disc_layer(address, marks.DISC_ZOOMS[-1], theme.LIGHT)
    assert layer["data"].endswith("/{z}-{x}-{y}.json")
    tag = address.split("/")[2]
    for zoom in range(5, layer["maxZoom"] + 1):
        x, y = (int(one[0]) for one in deck.tile_of(np.array([1.0]), np.array([110.0]), zoom))
        features = json.loads(gzip.decompress(shelf.get(tag, f"{zoom}-{x}-{y}")))["features"]
        assert len(features) == (zoom <= marks.DISC_ZOOMS[-1])


def test_what_is_chosen_is_named_above_its_outline():
    rings = deck.outline(SEVEN)
    layer = deck.chosen_name(rings, "1 · KTK-2 Kantuk", theme.DARK)
    at = layer["data"]["geometry"]["coordinates"]
    assert layer["data"]["properties"]["n"] == "1 · KTK-2 Kantuk"
    assert at[1] == max(lat for ring in rings for _, lat in ring)
