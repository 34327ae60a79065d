"""A selection goes to the URL and back; what is not on offer is dropped."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ui.state import Options, Selection

OPTIONS = Options(
    kabupaten=["61.03", "61.07"],
    kecamatan={"61.03.07": "61.03", "61.03.21": "61.03", "61.07.07": "61.07"},
    groups=["all", "outbound", "crossing_sighting"],
    horizons=[1, 4, 12],
    quantities=["risk", "change", "events", "effort"],
    cells=frozenset({"876526ac0ffffff"}),
)
selections = some.builds(
    Selection,
    lang=some.sampled_from(["id", "en"]),
    kabupaten=some.sampled_from(["", *OPTIONS.kabupaten]),
    kecamatan=some.sampled_from(["", *OPTIONS.kecamatan]),
    group=some.sampled_from(OPTIONS.groups),
    horizon=some.sampled_from(OPTIONS.horizons),
    coverage=some.sampled_from(OPTIONS.coverages),
    quantity=some.sampled_from(OPTIONS.quantities),
    cell=some.sampled_from(["", *OPTIONS.cells]),
    sector=some.sampled_from(["", *OPTIONS.cells]),
).map(lambda selection: selection.tidy(OPTIONS))


@given(selections)
def test_a_link_brings_the_selection_back(selection):
    assert Selection.from_query(selection.to_query(OPTIONS), OPTIONS) == selection


def test_defaults_leave_the_address_clean():
    assert Selection.default(OPTIONS).to_query(OPTIONS) == {}


@pytest.mark.parametrize(
    "query",
    [
        {"lang": "fr"},
        {"kabupaten": "61.99"},
        {"group": "<script>"},
        {"horizon": "2"},
        {"horizon": "many"},
        {"coverage": "200"},
        {"cell": "nonsense"},
        {"unknown": "x"},
    ],
)
def test_what_is_not_on_offer_is_dropped(query):
    assert Selection.from_query(query, OPTIONS) == Selection.default(OPTIONS)


def test_a_kecamatan_brings_its_kabupaten_and_none_of_another():
    alone = Selection.from_query({"kecamatan": "61.03.21"}, OPTIONS)
    assert (alone.kabupaten, alone.kecamatan) == ("61.03", "61.03.21")
    wrong = Selection.from_query({"kecamatan": "61.03.21", "kabupaten": "61.07"}, OPTIONS)
    assert (wrong.kabupaten, wrong.kecamatan) == ("61.07", "")


def test_links_hold_codes_not_words():
    query = Selection(lang="en", kabupaten="61.03", coverage=0.05).to_query(OPTIONS)
    assert query == {"lang": "en", "kabupaten": "61.03", "coverage": "5"}


def test_a_place_outside_the_chosen_district_is_dropped():
    homes = {"876526ac0ffffff": "61.07.07"}
    offer = replace(OPTIONS, homes=homes)
    place = {"cell": "876526ac0ffffff", "sector": "876526ac0ffffff"}
    for inside in ({}, {"kabupaten": "61.07"}, {"kecamatan": "61.07.07"}):
        told = Selection.from_query({**place, **inside}, offer)
        assert told.cell and told.sector
    for outside in ({"kabupaten": "61.03"}, {"kecamatan": "61.03.21"}):
        told = Selection.from_query({**place, **outside}, offer)
        assert not told.cell and not told.sector
