"""Days, weeks and nights are those of the area's zone."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import calendar
from geo.tracks import track_effort

ZONES = ("Asia/Pontianak", "Asia/Jayapura", "America/Argentina/Buenos_Aires", "Pacific/Fiji", "UTC",
         "Asia/Kolkata", "America/Santiago")  # fmt: skip
MOMENTS = st.datetimes(pd.Timestamp("2000-01-01"), pd.Timestamp("2040-01-01"))


def one(text: str) -> pd.Series:
    return pd.Series([pd.Timestamp(text)])


def test_a_week_begins_on_monday_in_wib():
    times = pd.Series(pd.to_datetime(["2025-01-05T16:59:59Z", "2025-01-05T17:00:00Z"]))
    found = calendar.week_of(times).dt.strftime("%Y-%m-%d").tolist()
    assert found == ["2024-12-30", "2025-01-06"]
    assert calendar.start_of(pd.Timestamp("2025-01-06")) == pd.Timestamp("2025-01-05T17:00Z")


def test_sunday_evening_of_another_zone_is_in_the_week_that_ends():
    sunday, monday = one("2024-01-07T20:00:00-03:00"), one("2024-01-08T01:00:00-03:00")
    zone = "America/Argentina/Buenos_Aires"
    assert calendar.week_of(sunday, zone)[0] == pd.Timestamp("2024-01-01")
    assert calendar.week_of(monday, zone)[0] == pd.Timestamp("2024-01-08")
    assert calendar.week_of(sunday)[0] == pd.Timestamp("2024-01-08")


@given(moment=MOMENTS, zone=st.sampled_from(ZONES))
def test_a_moment_lies_in_its_day_and_its_day_in_its_week(moment, zone):
    moment = pd.Timestamp(moment).tz_localize("UTC")
    day = calendar.today(zone, moment)
    assert calendar.start_of(day, zone) <= moment < calendar.end_of(day, zone)
    week = calendar.week_of(pd.Series([moment]), zone)[0]
    assert week.day_of_week == 0 and pd.Timedelta(0) <= day - week < pd.Timedelta(days=7)


def test_a_day_without_midnight_begins_when_its_clocks_do():
    """Clocks of Santiago went from 24:00 to 01:00 on 8 September 2024."""
    day = pd.Timestamp("2024-09-08")
    began = calendar.start_of(day, "America/Santiago")
    assert began == pd.Timestamp("2024-09-08T04:00Z")
    hours = (calendar.end_of(day, "America/Santiago") - began) / pd.Timedelta(hours=1)
    assert hours == 23


def test_nights_and_weeks_of_a_track_are_those_of_the_zone(seven):
    """14:00 UTC on a Sunday is 21:00 in Pontianak and 02:00 on Monday in Fiji."""
    start = pd.Timestamp("2026-03-01T14:00Z")
    points = pd.DataFrame(
        {
            "track_id": "a",
            "time": [start, start + pd.Timedelta(minutes=20)],
            "lat": seven.lat[0],
            "lon": seven.lon[0],
        }
    )
    home = track_effort(points, seven).effort
    fiji = track_effort(points, seven, zone="Pacific/Fiji").effort
    plain = track_effort(points, seven, zone="Europe/London").effort
    assert home["week"][0] == pd.Timestamp("2026-02-23") and home["night_share"][0] == 1
    assert fiji["week"][0] == pd.Timestamp("2026-03-02") and fiji["night_share"][0] == 1
    assert plain["week"][0] == pd.Timestamp("2026-02-23") and plain["night_share"][0] == 0


@pytest.mark.parametrize("name", ["WIB", "", "Asia/Nowhere", "+07:00", "../etc/passwd"])
def test_what_is_no_zone_is_told_from_one(name):
    assert not calendar.is_zone(name) and calendar.is_zone("Asia/Makassar")


@given(st.dates(pd.Timestamp("2000-01-01").date(), pd.Timestamp("2050-01-01").date()))
def test_a_week_begins_on_the_monday_before_or_on_its_day(day):
    moment = pd.Timestamp(day) + pd.Timedelta(hours=13)
    first = calendar.monday(moment)
    assert first.day_name() == "Monday" and first == first.normalize()
    assert pd.Timedelta(0) <= moment - first < pd.Timedelta(weeks=1)
    assert first == calendar.monday_of(pd.Series([moment])).iloc[0]


@pytest.mark.parametrize(("day", "monday"), [
    ("2026-11-23", "2026-11-23"),  # Monday: the running week
    ("2026-11-26", "2026-11-23"),  # Thursday: four of its days are left
    ("2026-11-27", "2026-11-30"),  # Friday: the next one
    ("2026-11-29", "2026-11-30"),
    ("2026-12-31", "2026-12-28"),
])  # fmt: skip
def test_the_week_spoken_of_holds_most_of_the_coming_seven_days(day, monday):
    assert calendar.week_ahead(pd.Timestamp(day)) == pd.Timestamp(monday)


@pytest.mark.parametrize(("last", "today", "gap"), [
    ("2026-11-16", "2026-11-23", 0),  # Monday, all of last week delivered
    ("2026-11-16", "2026-11-28", 1),  # Saturday: the running week is stepped over
    ("2026-11-09", "2026-11-23", 1),  # Monday, last week is late
    ("2026-11-23", "2026-11-28", 0),
    ("2026-09-28", "2026-11-28", 8),
    ("2026-09-21", "2026-11-28", 0),  # too old: the week after the data, not the one to come
    ("2026-11-30", "2026-11-28", 0),
])  # fmt: skip
def test_a_forecast_steps_over_the_weeks_that_were_not_delivered(last, today, gap):
    assert calendar.gap_weeks(pd.Timestamp(last), pd.Timestamp(today)) == gap
