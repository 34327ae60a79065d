"""What ground is called: codes that belong to the ground, names that name."""

import h3
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal

from geo import naming
from geo.grid import Grid

MIDDLE = h3.latlng_to_cell(1.0, 110.0, 7)
NOWHERE = pd.DataFrame(columns=["place_id", "name", "lat", "lon"])
NAMES = ("Kantuk Asam", "Kantuk Bunut", "Temajuk", "Badau", "Ae", "São Tomé", "村", "Kantuk Asam")


def area(rings: int = 9) -> Grid:
    return Grid(sorted(h3.grid_disk(MIDDLE, rings)))


def villages(spots, names=NAMES) -> pd.DataFrame:
    """Places at offsets (degrees) from the middle of the area."""
    return pd.DataFrame(
        {
            "place_id": [f"61.01.01.{2001 + k}" for k in range(len(spots))],
            "name": [names[k % len(names)] for k in range(len(spots))],
            "lat": [1.0 + north for north, _ in spots],
            "lon": [110.0 + east for _, east in spots],
        }
    )


def metres(piece: str, places: pd.DataFrame, near: str) -> int:
    """How far a piece is from the nearest place of a name, in the plane of the area's pieces."""
    pieces = Grid(sorted({h3.cell_to_parent(cell, 6) for cell in area().cells}))
    named = places[places["name"] == near]
    spots = pieces.plane_km(named["lat"].to_numpy(float), named["lon"].to_numpy(float))
    here = pieces.xy_km[list(pieces.cells).index(piece)]
    return round(1000 * float(np.hypot(*(spots - here).T).min()))


offsets = st.lists(
    st.tuples(st.floats(-0.25, 0.25), st.floats(-0.25, 0.25)), min_size=0, max_size=8
)


def test_a_place_gives_letters_a_number_outwards_and_a_side():
    told = naming.name_pieces(area(), villages([(0.0, 0.0)]))
    here = told.loc[h3.cell_to_parent(MIDDLE, 6)]
    assert (here["sector_code"], here["near"]) == ("KNA-1", "Kantuk Asam")
    east = told.loc[h3.latlng_to_cell(1.0, 110.09, 6)]
    assert east["side"] == "e" and east["sector_code"].startswith("KNA-")
    assert told.loc[h3.latlng_to_cell(1.09, 110.0, 6), "side"] == "n"
    assert told.loc[h3.latlng_to_cell(0.93, 109.93, 6), "side"] == "sw"


@given(spots=offsets)
@example(spots=[(0.005, 0.0722)])
@settings(max_examples=40, deadline=None)
def test_no_two_pieces_share_a_code_or_what_is_said_of_them(spots):
    places = villages(spots)
    told = naming.name_pieces(area(), places)
    assert told["sector_code"].is_unique
    letters = told["sector_code"].str.partition("-")[0]
    said = told.assign(letters=letters)[["letters", "near", "side", "away_km"]]
    twice = said[said.astype(str).duplicated(keep=False)] if len(places) else said.iloc[:0]
    texts = [" ".join(map(str, row)) for row in twice.itertuples(index=False)]
    for _, alike in twice.groupby(texts):
        # equally far on one side of a place, to the metre: the code alone tells them apart
        away = {metres(piece, places, near) for piece, near in alike["near"].items()}
        assert len(away) == 1
    assert told[["near", "side"]].notna().all().all()


@given(spots=offsets, seed=st.integers(0, 9))
@settings(max_examples=25, deadline=None)
def test_the_order_of_cells_and_places_does_not_matter(spots, seed):
    places = villages(spots)
    turned = np.random.default_rng(seed).permutation(area().cells).tolist()
    once = naming.name_pieces(area(), places)
    again = naming.name_pieces(Grid(turned), places.sample(frac=1, random_state=seed))
    assert_frame_equal(once, again)


def test_an_area_without_places_is_counted_from_north_to_south():
    told = naming.name_pieces(area(), NOWHERE)
    assert told["near"].is_unique and (told["side"] == "").all()
    assert told["sector_code"].is_unique and told["sector_code"].str.fullmatch(r"S-\d+").all()
    north = max(told.index, key=lambda piece: h3.cell_to_latlng(piece)[0])
    lat, lon = h3.cell_to_latlng(north)
    assert told.loc[north, "name"] == f"S-1 {lat:.3f}, {lon:.3f}"


def test_a_place_without_a_position_is_left_out():
    places = villages([(0.0, 0.0), (0.1, 0.1)])
    places.loc[1, "lat"] = np.nan
    assert set(naming.name_pieces(area(), places)["near"]) == {"Kantuk Asam"}


@given(names=st.lists(st.text(max_size=12), max_size=60))
@settings(max_examples=60, deadline=None)
def test_short_codes_are_three_capitals_and_never_alike(names):
    codes = naming.short_codes(names)
    assert len(set(codes)) == len(names) and not set(codes) & naming.AVOIDED
    assert all(len(one) == 3 and one.isascii() and one.isalpha() and one.isupper() for one in codes)


def test_short_codes_speak_and_earlier_names_choose_first():
    assert naming.short_codes(["Temajuk", "Kantuk Asam", "Entikong"]) == ["TMJ", "KNA", "ENT"]
    twice = naming.short_codes(["Tanjung", "Tanjung"])
    assert twice == [naming.short_codes(["Tanjung"])[0], twice[1]] and twice[1][0] == "T"


def test_more_places_than_codes_are_refused():
    with pytest.raises(ValueError, match="at most"):
        naming.short_codes(["a"] * 17577)


# sectors ---------------------------------------------------------------------------------------

CELLS = area().cells
PIECES = naming.name_pieces(area(), villages([(0.0, 0.0), (0.1, 0.05), (-0.1, 0.1)]))
#: a number for each of some cells: whatever the sectors are, also pieces cut side by side
marks = st.dictionaries(st.sampled_from(CELLS), st.integers(0, 12), max_size=90)


def numbered(found: dict[str, int]) -> pd.Series:
    return pd.Series(found, dtype=int).reindex(CELLS, fill_value=0)


@given(found=marks)
@settings(max_examples=80, deadline=None)
def test_sectors_of_one_assessment_never_share_a_code(found):
    told = naming.name_sectors(numbered(found), PIECES)
    assert sorted(told.index) == sorted({n for n in found.values() if n})
    assert told["sector_code"].is_unique and told["sector_code"].notna().all()
    assert (
        told["name"].is_unique and (told["name"] == told["sector_code"] + " " + told["near"]).all()
    )


@given(found=marks, shift=st.integers(1, 50), seed=st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_the_same_ground_bears_the_same_code_whatever_it_is_numbered(found, shift, seed):
    """Another week ranks sectors anew and lists cells in another order."""
    first = numbered(found)
    other = first.where(first == 0, 100 + shift - first).sample(frac=1, random_state=seed)
    told = naming.name_sectors(first, PIECES)["sector_code"]
    again = naming.name_sectors(other, PIECES)["sector_code"]
    assert_series_equal(
        told.sort_index(), again.rename(lambda n: 100 + shift - n).sort_index(), check_names=False
    )


@given(drop=st.integers(0, 3), more=st.sets(st.sampled_from(CELLS), max_size=3))
@settings(max_examples=60, deadline=None)
def test_a_sector_keeps_its_code_when_it_grows_and_shrinks(drop, more):
    """As long as most of its cells lie in the same piece, whatever else it gains or loses."""
    piece = h3.cell_to_parent(MIDDLE, 6)
    kids = sorted(h3.cell_to_children(piece, 7))
    cells = {*kids[drop:], *(cell for cell in more if cell not in kids)}
    told = naming.name_sectors(numbered(dict.fromkeys(cells, 1)), PIECES)
    assert told.loc[1, "sector_code"] == PIECES.loc[piece, "sector_code"]
    assert told.loc[1, "piece"] == piece


def test_two_sectors_in_one_piece_are_told_apart_by_the_part_they_hold():
    piece = h3.cell_to_parent(MIDDLE, 6)
    kids = [h3.cell_to_children(piece, 7)[k] for k in (0, 1, 2, 5)]
    told = naming.name_sectors(numbered({kids[0]: 2, kids[1]: 2, kids[3]: 1}), PIECES)
    code = PIECES.loc[piece, "sector_code"]
    assert told["sector_code"].to_dict() == {1: f"{code}f", 2: code}
    alone = naming.name_sectors(numbered({kids[3]: 1}), PIECES, borne={piece})
    assert alone["sector_code"].tolist() == [f"{code}f"]


def test_a_sector_tells_every_piece_it_lies_in_the_largest_part_first():
    piece = h3.cell_to_parent(MIDDLE, 6)
    kids = sorted(h3.cell_to_children(piece, 7))
    other = next(cell for cell in CELLS if h3.cell_to_parent(cell, 6) != piece)
    told = naming.name_sectors(numbered(dict.fromkeys([*kids[:3], other], 1)), PIECES)
    codes = [PIECES.loc[one, "sector_code"] for one in (piece, h3.cell_to_parent(other, 6))]
    assert told.loc[1, "plan_codes"] == ", ".join(codes)


@pytest.mark.parametrize("resolution", [6, 5])
def test_shared_tiers_with_coarser_cells_bear_codes_of_the_same_ground(resolution):
    coarse = sorted({h3.cell_to_parent(cell, resolution) for cell in CELLS})
    told = naming.name_sectors(pd.Series(range(1, len(coarse) + 1), index=coarse), PIECES)
    assert told["sector_code"].is_unique and told["sector_code"].isin(PIECES["sector_code"]).all()
    for cell, piece in zip(coarse, told["piece"], strict=True):
        assert h3.cell_to_parent(piece, resolution) == cell


def test_a_cell_outside_the_area_is_refused():
    far = h3.latlng_to_cell(30.0, 10.0, 7)
    with pytest.raises(ValueError, match="no piece"):
        naming.name_sectors(pd.Series([1], index=[far]), PIECES)


def test_without_sectors_nothing_is_named():
    none = naming.name_sectors(numbered({}), PIECES)
    assert none.empty and {"sector_code", "plan_codes"} <= set(none.columns)
