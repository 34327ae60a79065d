"""The screen tells times in the zone of the area, and says which zone that is."""

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
