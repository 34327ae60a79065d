"""The screen tells times in the zone of the area, and says which zone that is."""

import re
from pathlib import Path

import pandas as pd
import pytest

from ui.words import clock, date, moment


@pytest.fixture(autouse=True)
def put_back():
    before = clock.zone()
    yield
    clock.use(before)


NOON = pd.Timestamp("2026-03-01T12:00Z")


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("Asia/Pontianak", "1 Mar 2026, 19.00 WIB"),
        ("Asia/Makassar", "1 Mar 2026, 20.00 WITA"),
        ("Asia/Jayapura", "1 Mar 2026, 21.00 WIT"),
        ("Pacific/Fiji", "2 Mar 2026, 00.00 UTC+12"),
        ("America/Argentina/Buenos_Aires", "1 Mar 2026, 09.00 UTC-3"),
        ("Asia/Kolkata", "1 Mar 2026, 17.30 UTC+5.30"),
        ("UTC", "1 Mar 2026, 12.00 UTC"),
    ],
)
def test_a_moment_is_told_in_the_zone_of_the_area(zone, told):
    clock.use(zone)
    assert moment(NOON, "id") == told
    assert date(NOON, "id") == told.split(",")[0]
    assert clock.in_utc(clock.local(NOON)) == NOON


def test_a_local_moment_stays_as_it_is():
    clock.use("Pacific/Fiji")
    assert clock.local(pd.Timestamp("2026-03-02 06:15")) == pd.Timestamp("2026-03-02 06:15")
    assert clock.in_utc(pd.Timestamp("2026-03-02 06:15")) == pd.Timestamp("2026-03-01T18:15Z")


def test_a_week_begins_on_monday_for_a_day_and_for_many():
    days = pd.date_range("2026-05-04", periods=14, freq="D")
    mondays = [clock.monday(day + pd.Timedelta(hours=23)) for day in days]
    assert mondays == [pd.Timestamp("2026-05-04")] * 7 + [pd.Timestamp("2026-05-11")] * 7
    assert clock.mondays(pd.Series(days)).tolist() == mondays
    assert clock.mondays(pd.Series([pd.NaT, days[3]])).isna().tolist() == [True, False]


def test_no_screen_floors_a_day_to_its_week_by_itself():
    house = Path(clock.__file__).parents[1]
    floors = [
        path.relative_to(house).as_posix()
        for path in house.rglob("*.py")
        if re.search(r"Timedelta\(days=\w+\.(day_of_week|dayofweek)", path.read_text())
    ]
    assert floors == ["words/clock.py"]
