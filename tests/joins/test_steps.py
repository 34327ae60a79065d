"""The weeks that are learned from end where the records end."""

import numpy as np
import pandas as pd
import pytest

from data.errors import DataError
from joins import steps

MONDAY = pd.Timestamp("2026-06-01")


def support(weeks, doubtful=()):
    """One row a week; those in `doubtful` bear a flag of their date."""
    days = pd.to_datetime(list(weeks))
    return pd.DataFrame({"week": days, "doubtful_date": [str(d.date()) in doubtful for d in days]})


def effort(*weeks, flags=""):
    return pd.DataFrame({"week": pd.to_datetime(list(weeks)), "quality_flags": flags})


PAST = pd.date_range("2025-01-06", MONDAY, freq="7D")


#: half a year after the last record, so that weeks are missing
NOW = pd.Timestamp("2026-11-23")


def test_the_weeks_end_where_the_records_end():
    weeks = steps._weeks(support(PAST), effort(), 156, NOW)
    assert weeks[0] == PAST[0] and weeks[-1] == MONDAY


@pytest.mark.parametrize("stray", ["2062-03-06", "2026-12-07", "2026-11-30"])
def test_a_row_of_the_future_moves_no_cutoff(stray):
    """Also one that is only days ahead: none of those weeks is over."""
    plain = steps._weeks(support(PAST), effort(), 156, NOW)
    for rows, looked in (
        (support([*PAST, stray]), effort()),
        (support(PAST), effort(stray)),
        (support([*PAST, stray], {stray}), effort(stray)),
    ):
        assert steps._weeks(rows, looked, 156, NOW).equals(plain)


def test_a_mistyped_year_does_not_stretch_the_history():
    plain = steps._weeks(support(PAST), effort(), 156, NOW)
    told = steps._weeks(
        support(["1970-01-05", *PAST], {"1970-01-05"}), effort("1970-01-05"), 156, NOW
    )
    assert told.equals(plain)


def test_an_old_file_brought_late_keeps_its_dates():
    weeks = {str(day.date()) for day in PAST}
    assert len(steps._weeks(support(PAST, weeks), effort(), 156, NOW)) == len(PAST)


def test_patrols_reach_further_than_records():
    weeks = steps._weeks(support(PAST), effort("2026-07-06"), 156, NOW)
    assert weeks[-1] == pd.Timestamp("2026-07-06")


@pytest.mark.parametrize("flag", ["DATE_FUTURE", "YEAR_SUSPECT"])
def test_patrols_of_a_doubtful_date_reach_no_further(flag):
    """A clock that was ahead when the track came is still wrong when that week is over."""
    weeks = steps._weeks(support(PAST), effort("2026-07-06", flags=flag), 156, NOW)
    assert weeks[-1] == MONDAY


def test_records_of_no_date_that_can_be_are_refused():
    with pytest.raises(DataError, match="dated in the future"):
        steps._weeks(support(["2062-03-06"]), effort(), 156, NOW)


def test_the_flags_of_the_door_say_which_dates_are_doubtful():
    events = pd.DataFrame(
        {"quality_flags": ["", "DATE_FUTURE", "DELAY_NEGATIVE|YEAR_SUSPECT", np.nan, "DUP_EXACT"]}
    )
    assert steps._of_doubtful_date(events).tolist() == [False, True, True, False, False]
