"""Calendar blocks are the same for everyone and fill the calendar without a gap."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo import blocks

mondays = st.dates(pd.Timestamp("2000-01-03").date(), pd.Timestamp("2060-01-01").date()).map(
    lambda day: pd.Timestamp(day) - pd.Timedelta(days=day.weekday())
)


@given(monday=mondays)
def test_every_week_lies_in_one_quarter_of_its_year(monday):
    (quarter,) = blocks.quarter_of(pd.Series([monday]))
    weeks = blocks.weeks_of(quarter)
    assert monday in weeks and len(weeks) in (13, 14)
    inside = [name for name in blocks.quarters_of(blocks.year_of(quarter))
              if monday in blocks.weeks_of(name)]  # fmt: skip
    assert inside == [quarter]
    parts = [blocks.weeks_of(name) for name in blocks.quarters_of(blocks.year_of(quarter))]
    assert parts[0].append(parts[1:]).equals(blocks.weeks_of(blocks.year_of(quarter)))


def test_a_long_year_has_a_long_last_quarter():
    assert len(blocks.weeks_of("2026-Q4")) == 14 and len(blocks.weeks_of("2025-Q4")) == 13
    assert blocks.weeks_of("2026-Q1")[0] == pd.Timestamp("2025-12-29")


@given(monday=mondays, weeks=st.integers(0, 80))
def test_only_whole_quarters_lie_within(monday, weeks):
    last = monday + pd.Timedelta(weeks=weeks)
    for quarter in blocks.quarters_within(monday, last):
        told = blocks.weeks_of(quarter)
        assert monday <= told[0] and told[-1] <= last
    assert len(blocks.quarters_within(monday, last)) >= (weeks + 1 - 26) // 14
