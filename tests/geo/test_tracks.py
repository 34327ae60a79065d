import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.tracks import track_effort


def walk(grid, minutes, lat, lon, track="a") -> pd.DataFrame:
    start = pd.Timestamp("2025-01-06T02:00Z")
    return pd.DataFrame(
        {
            "track_id": track,
            "time": [start + pd.Timedelta(minutes=float(m)) for m in np.cumsum(minutes)],
            "lat": lat,
            "lon": lon,
        }
    )


@given(
    minutes=st.lists(st.floats(0.5, 60), min_size=2, max_size=12),
    seed=st.integers(0, 1000),
)
@example(minutes=[0.97, 1.0], seed=0)  # a time between two milliseconds
def test_minutes_in_equal_minutes_out(seven, minutes, seed):
    rng = np.random.default_rng(seed)
    n = len(minutes)
    lat = seven.lat[0] + rng.uniform(-0.05, 0.05, n)
    lon = seven.lon[0] + rng.uniform(-0.05, 0.05, n)
    found = track_effort(walk(seven, minutes, lat, lon), seven)
    total = found.effort["minutes"].sum() + found.minutes_outside + found.minutes_cut
    assert np.isclose(total, sum(minutes[1:]))


def test_a_long_silence_and_a_jump_cut_the_track(seven):
    still = walk(seven, [0, 10, 45, 10], seven.lat[0], seven.lon[0])
    found = track_effort(still, seven)
    assert found.legs_cut == 1
    assert found.minutes_cut == 45
    assert found.effort["minutes"].tolist() == [20]
    jump = walk(seven, [0, 1], [seven.lat[0], seven.lat[0] + 0.1], [seven.lon[0]] * 2)
    assert track_effort(jump, seven).legs_cut == 1


def test_standing_still_is_minutes_without_km(seven):
    found = track_effort(walk(seven, [0, 20, 20], seven.lat[0], seven.lon[0]), seven).effort
    assert found[["minutes", "km", "visits", "night_share"]].to_numpy().tolist() == [[40, 0, 1, 0]]


def test_a_walk_through_three_cells_visits_each_once(seven):
    line = np.linspace(0, 1, 30)
    a, b = 1, int(np.argmax(np.hypot(*(seven.xy_km - seven.xy_km[1]).T)))
    lat = seven.lat[a] + line * (seven.lat[b] - seven.lat[a])
    lon = seven.lon[a] + line * (seven.lon[b] - seven.lon[a])
    found = track_effort(walk(seven, [0] + [5] * 29, lat, lon), seven)
    assert len(found.effort) == 3
    assert (found.effort["visits"] == 1).all()
    assert np.isclose(
        found.effort["km"].sum(), np.hypot(*(seven.xy_km[a] - seven.xy_km[b])), rtol=0.02
    )


def test_two_tracks_never_join(seven):
    two = pd.concat(
        [walk(seven, [0, 5], seven.lat[0], seven.lon[0], track) for track in ("a", "b")]
    )
    found = track_effort(two, seven).effort
    assert found["track"].tolist() == ["a", "b"] and found["minutes"].tolist() == [5, 5]


@pytest.mark.parametrize(
    ("hour", "night"),
    [(17, 0.0), (17.999, 0.0), (18, 1.0), (23, 1.0), (0, 1.0), (5.95, 1.0), (6, 0.0), (12, 0.0)],
)
def test_night_is_from_six_to_six_where_the_patrol_walks(seven, hour, night):
    """18:00 to 06:00 of the area's own clock (WIB, UTC+7), whatever zone a receiver writes."""
    begin = pd.Timestamp("2025-01-06", tz="Asia/Pontianak") + pd.Timedelta(hours=hour)
    points = pd.DataFrame(
        {
            "track_id": "a",
            "time": [begin.tz_convert("UTC"), (begin + pd.Timedelta(seconds=2)).tz_convert("UTC")],
            "lat": seven.lat[0],
            "lon": seven.lon[0],
        }
    )
    assert track_effort(points, seven).effort["night_share"].tolist() == [night]
