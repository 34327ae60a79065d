"""The tables as they are said to be: every room reads its columns and types from here."""

from pathlib import Path

import pandas as pd
import pytest

from data.errors import DataError
from data.schema import (
    EFFORT,
    EFFORT_MODES,
    EVENT,
    EVENT_TYPES,
    QUALITY_FLAGS,
    check_table,
    demand,
    dictionary,
    feeds_model,
    write_dictionary,
)

DOMAIN_REQUIRED = """
event_id source_agency source_record_id source_version record_status event_type detection direction
count_unit event_start time_precision reported_at received_at location_role geo_precision
sensitivity
"""
DOMAIN_FLAGS = """
DATE_FUTURE YEAR_SUSPECT SUM_MISMATCH COORD_SWAPPED COORD_OUTSIDE_AOI COORD_CENTROID COORD_AT_OFFICE
ADMIN_COORD_DISAGREE CODE_SYSTEM_UNKNOWN UNIT_UNKNOWN DUP_EXACT DUP_PROBABLE DELAY_NEGATIVE
DELAY_EXTREME FREE_TEXT_PII OPERATION_BURST
"""


def event(**values):
    row = {name: "" for name in EVENT.names if EVENT[name].kind in ("text", "words")}
    now = pd.Timestamp("2024-03-05", tz="UTC")
    row |= {"event_id": "a:1", "source_agency": "a", "source_record_id": "1", "source_version": 1}
    row |= {"record_status": "new", "event_type": "crossing_sighting", "detection": "discovered"}
    row |= {"direction": "outbound", "count_unit": "group", "n_persons": 3, "event_start": now}
    row |= {"time_precision": "hour", "reported_at": now, "received_at": now}
    row |= {"location_role": "occurred", "geo_precision": "gps", "sensitivity": "restricted"}
    return EVENT.typed(pd.DataFrame([row | values]))


def test_the_minimum_data_set_is_required():
    assert set(DOMAIN_REQUIRED.split()) <= set(EVENT.required)
    assert set(DOMAIN_FLAGS.split()) <= set(QUALITY_FLAGS)


def test_empty_and_typed_tables_are_right():
    for table in (EVENT, EFFORT):
        assert check_table(table.empty(), table) == []
        assert list(table.empty().columns) == table.names
    assert check_table(event(), EVENT) == []


def test_all_faults_are_told_at_once():
    frame = event(direction="north", n_female=2).drop(columns="cell")
    frame.loc[0, "detection"] = ""
    frame["lat"] = "0.98"
    faults = "; ".join(check_table(frame, EVENT))
    for word in ("columns missing: cell", "'north'", "detection is empty", "lat is str"):
        assert word in faults
    with pytest.raises(DataError, match="north"):
        demand(frame, EVENT)


def test_two_rows_of_one_version_are_a_fault_two_versions_are_not():
    twice = pd.concat([event(), event()], ignore_index=True)
    assert "share their key" in check_table(twice, EVENT)[0]
    assert check_table(pd.concat([event(), event(source_version=2)]), EVENT) == []


@pytest.mark.parametrize(
    ("change", "feeds"),
    [
        ({}, True),
        ({"location_role": "recorded"}, False),
        ({"location_role": "origin"}, False),
        ({"event_type": "deportation_batch"}, False),
        ({"event_type": "case_tppo"}, True),
        ({"event_type": "burglary"}, True),
        ({"geo_precision": "desa"}, True),
        ({"geo_precision": "kecamatan"}, False),
        ({"geo_precision": "kabupaten"}, False),
        ({"record_status": "withdrawn"}, False),
        ({"record_status": "corrected"}, True),
        ({"quality_flags": "SUM_MISMATCH|COORD_AT_OFFICE"}, False),
        ({"quality_flags": "SUM_MISMATCH"}, True),
    ],
)
def test_what_feeds_the_cell_model(change, feeds):
    assert feeds_model(event(**change)).tolist() == [feeds]


def test_only_administrative_and_far_types_stay_out():
    silent = {code for code, kind in EVENT_TYPES.items() if not kind.feeds_model}
    assert silent == {
        "departure_deferral",
        "passport_refusal",
        "deportation_batch",
        "repatriation",
        "victim_assisted",
        "maladministration_report",
    }
    assert set(EFFORT_MODES) == {"patrol", "ambush", "post_shift"}


def test_the_dictionary_in_the_docs_is_the_schema(tmp_path):
    docs = Path(__file__).parents[2] / "docs" / "data.md"
    assert dictionary() in docs.read_text(encoding="utf-8"), "run: python -m data.schema"
    copy = tmp_path / "data.md"
    copy.write_text("a\n<!-- schema:begin -->\nold\n<!-- schema:end -->\nb\n", encoding="utf-8")
    assert write_dictionary(copy)
    assert not write_dictionary(copy)
    assert copy.read_text(encoding="utf-8").startswith("a\n")
    copy.write_text("no markers", encoding="utf-8")
    with pytest.raises(DataError, match="missing"):
        write_dictionary(copy)
