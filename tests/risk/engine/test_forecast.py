"""The whole method behind one call: no future, no order, no accident, planted truth found."""

import h3
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.grid import Grid
from risk.engine.excitation import past_of
from risk.engine.forecast import forecast

START = pd.Timestamp("2024-01-01")


def disk(lat=1.1, lon=110.0, resolution=7, k=8):
    return sorted(h3.grid_disk(h3.latlng_to_cell(lat, lon, resolution), k))


def make_events(rng, n=400, days=700, lat=1.1, lon=110.0, spread=0.15, hot=0.4):
    """Uniform noise around a place, and a share `hot` of all events at one point of it."""
    at_hot = rng.random(n) < hot
    return pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(n)],
            "lat": np.where(at_hot, lat + 0.05, lat + spread * rng.uniform(-1, 1, n)),
            "lon": np.where(at_hot, lon + 0.05, lon + spread * rng.uniform(-1, 1, n)),
            "time": START - pd.to_timedelta(rng.uniform(0.01, days, n), unit="D"),
            "kind": "crossing",
        }
    )


@pytest.fixture(scope="module")
def events():
    return make_events(np.random.default_rng(3))


@pytest.fixture(scope="module")
def cells():
    return disk()


@pytest.fixture(scope="module")
def answer(events, cells):
    return forecast(events, cells, START, 28)


def test_answer_is_finite_positive_and_of_the_right_total(events, cells, answer):
    assert answer.shape == (len(cells),)
    assert np.isfinite(answer).all() and (answer > 0).all()
    per_period = 400 * 28 / 700
    assert 0.6 * per_period < answer.sum() < 1.4 * per_period


def test_nothing_at_or_after_the_start_is_seen(events, cells, answer):
    later = make_events(np.random.default_rng(9), 300)
    later["time"] = START + (START - later["time"])
    at_start = later.head(5).assign(time=START)
    seen = forecast(pd.concat([later, events, at_start]), cells, START, 28)
    np.testing.assert_array_equal(seen, answer)


def test_order_of_rows_and_cells_and_earlier_calls_change_nothing(events, cells, answer):
    rng = np.random.default_rng(1)
    forecast(make_events(rng, 50), cells, START, 7)
    turn = rng.permutation(len(cells))
    mixed = forecast(events.sample(frac=1, random_state=2), [cells[i] for i in turn], START, 28)
    np.testing.assert_array_equal(mixed, answer[turn])


def test_inputs_are_left_untouched(events, cells):
    copy, names = events.copy(), list(cells)
    forecast(events, cells, START, 28)
    pd.testing.assert_frame_equal(events, copy)
    assert cells == names


def test_planted_hotspot_is_the_first_cell(events, cells, answer):
    assert cells[int(answer.argmax())] == h3.latlng_to_cell(1.15, 110.05, 7)


def test_a_place_that_went_quiet_loses_to_one_that_became_busy(cells):
    rng = np.random.default_rng(4)
    old, new = make_events(rng, 300, hot=0.6), make_events(rng, 300, hot=0.6)
    old["time"] -= pd.Timedelta(days=400)
    new["time"] = START - (START - new["time"]) / 2
    new.loc[np.isclose(new["lat"], 1.15), ["lat", "lon"]] = [1.05, 109.95]
    answer = pd.Series(forecast(pd.concat([old, new]), cells, START, 28), index=cells)
    assert answer.idxmax() == h3.latlng_to_cell(1.05, 109.95, 7)
    assert answer.max() > 2 * answer[h3.latlng_to_cell(1.15, 110.05, 7)]


@pytest.mark.parametrize("n", [0, 1, 2, 5, 40])
@pytest.mark.parametrize("days", [1, 7, 28, 84])
def test_few_events_are_no_accident(cells, n, days):
    few = make_events(np.random.default_rng(n), 40).head(n)
    answer = forecast(few, cells, START, days)
    assert np.isfinite(answer).all() and (answer > 0).all()


def test_odd_inputs(events, cells, answer):
    text = events.assign(time=events["time"].dt.strftime("%Y-%m-%dT%H:%M:%S.%f"))
    np.testing.assert_allclose(forecast(text, cells, START, 28), answer, rtol=1e-5)
    zoned = events.assign(time=events["time"].dt.tz_localize("UTC").dt.tz_convert("Asia/Jakarta"))
    np.testing.assert_allclose(
        forecast(zoned, cells, START.tz_localize("UTC"), 28), answer, rtol=1e-9
    )
    no_kind = events.drop(columns=["kind", "event_id"])
    np.testing.assert_array_equal(forecast(no_kind, cells, START, 28), answer)
    broken = events.assign(lat=events["lat"].where(events.index % 2 == 0))
    assert np.isfinite(forecast(broken, cells, START, 28)).all()
    assert np.isfinite(forecast(pd.concat([events] * 3), cells, START, 28)).all()


@pytest.mark.parametrize(
    "where",
    [
        {"cells": disk(k=0)},
        {"cells": disk(lat=60.0, lon=-100.0)},
        {"cells": disk(k=2) + disk(lat=-33.0, lon=179.99, k=1)},
        {"cells": disk(resolution=4, k=3)},
        {"cells": disk(resolution=9, k=3)},
    ],
    ids=["one cell", "all events outside", "two islands, one across 180", "res 4", "res 9"],
)
def test_any_cells_on_earth(events, where):
    answer = forecast(events, where["cells"], START, 28)
    assert np.isfinite(answer).all() and (answer > 0).all()


def test_a_shift_of_longitude_changes_little():
    """The same world across 180 degrees: events near the date line are not torn apart."""
    rng = np.random.default_rng(5)
    here = make_events(rng, 200, lat=0.2, lon=179.97)
    here["lon"] = (here["lon"] + 180) % 360 - 180
    cells = disk(lat=0.2, lon=179.97)
    answer = pd.Series(forecast(here, cells, START, 28), index=cells)
    assert answer.idxmax() == h3.latlng_to_cell(0.25, -179.98, 7)


# totals --------------------------------------------------------------------------------------


def steady(n=735, seed=0, spread=0.12):
    """One event a day, anywhere around the place."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "lat": 1.1 + spread * rng.uniform(-1, 1, n),
            "lon": 110 + spread * rng.uniform(-1, 1, n),
            "time": START - pd.to_timedelta(np.arange(n) + 0.5, unit="D"),
        }
    )


@pytest.mark.parametrize("days", [1, 7, 28, 90, 365, 700])
def test_one_event_a_day_is_one_a_day_whatever_the_window(days):
    assert forecast(steady(), disk(k=10), START, days).sum() == pytest.approx(days, rel=0.03)


@pytest.mark.parametrize("n", [0, 1, 5, 400])
def test_twice_the_window_is_twice_the_events(cells, n):
    events = make_events(np.random.default_rng(n), max(n, 1)).head(n)
    week, four = (forecast(events, cells, START, days).sum() for days in (7, 28))
    assert four == pytest.approx(4 * week, rel=0.01) or n == 0


strays = st.lists(
    st.tuples(
        st.sampled_from([(1.1, 110.0), (1.0, 109.95), (50.0, 10.0), (-80.0, -170.0)]),
        st.sampled_from(["1970-01-01", "1969-12-31T23:59", "1899-12-30", "1980-01-06"]),
    ),
    min_size=1, max_size=3,
)  # fmt: skip


@given(strays)
@settings(max_examples=15)
def test_a_clock_at_its_epoch_changes_nothing(strays):
    """Rows of 1970 (or of the epoch of another clock), inside the cells or far away."""
    events, cells = steady(200), disk(k=4)
    odd = pd.DataFrame(
        [(lat, lon, pd.Timestamp(when)) for (lat, lon), when in strays],
        columns=["lat", "lon", "time"],
    )
    seen = forecast(pd.concat([odd, events]), cells, START, 7)
    np.testing.assert_allclose(seen, forecast(events, cells, START, 7), rtol=1e-9)


@given(st.floats(-60, 60), st.floats(-180, 180), st.integers(1, 9000))
@settings(max_examples=15)
def test_what_happens_far_away_changes_nothing(lat, lon, days):
    events, cells = steady(200), disk(k=4)
    if abs(lat - 1.1) < 3 and abs(lon - 110) < 3:
        lat += 10
    far = pd.DataFrame({"lat": lat, "lon": lon, "time": [START - pd.Timedelta(days=days)] * 5})
    seen = forecast(pd.concat([events, far]), cells, START, 7)
    np.testing.assert_allclose(seen, forecast(events, cells, START, 7), rtol=1e-9)


def test_a_long_quiet_history_is_kept(cells):
    """Half of the events before a long gap are history, not strays."""
    old = make_events(np.random.default_rng(1), 100)
    old["time"] -= pd.Timedelta(days=4000)
    both = pd.concat([old, make_events(np.random.default_rng(2), 100, days=300)])
    assert past_of(both, Grid(cells), START, 28).age.max() > 4000


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (["03/04/2024", "2024-03-05"], "1 of 2 are not ISO 8601.*'03/04/2024'"),
        ([1704067200, 1704067300], "holds numbers"),
    ],
)
def test_times_of_unsure_meaning_are_refused(cells, times, words):
    events = pd.DataFrame({"lat": 1.1, "lon": 110.0, "time": times})
    with pytest.raises(ValueError, match=words):
        forecast(events, cells, START, 7)
