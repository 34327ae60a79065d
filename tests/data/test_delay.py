"""How fresh and complete a record is, checked against records whose future is known."""

import numpy as np
import pandas as pd
import pytest

from data.delay import COMPLETE, _interval, arrived_share, complete_to, freshness, nowcast
from data.errors import DataError
from tests.data.store_world import DAY, START, make_events

WEEK = 7 * DAY
#: a Wednesday noon, WIB
NOW = pd.Timestamp("2026-06-10T05:00Z")


def invented(seed: int, mean: float = 12.0, weeks: int = 100, median_days: float = 9.0):
    """Everything that will ever be received: weekly negative binomial counts, lognormal delays."""
    rng = np.random.default_rng(seed)
    first = pd.Timestamp("2026-06-08T00:00+07:00").tz_convert("UTC") - (weeks - 1) * WEEK
    n = rng.negative_binomial(6, 6 / (6 + mean), weeks)
    start = first + pd.to_timedelta(
        np.repeat(np.arange(weeks), n) * 7 + rng.uniform(0, 7, n.sum()), unit="D"
    )
    delay = pd.to_timedelta(median_days * np.exp(rng.normal(0, 1.0, n.sum())), unit="D")
    return pd.DataFrame(
        {"source_agency": "polda", "event_start": start, "received_at": start + delay}
    )


def true_counts(events: pd.DataFrame, weeks: pd.Series) -> np.ndarray:
    local = events["event_start"].dt.tz_convert("Asia/Pontianak").dt.tz_localize(None)
    monday = local.dt.floor("D") - pd.to_timedelta(local.dt.day_of_week, unit="D")
    return monday.value_counts().reindex(weeks, fill_value=0).to_numpy()


@pytest.mark.parametrize("mean, median_days, gain", [(4, 9, 0.8), (12, 9, 0.6), (40, 20, 0.6)])
def test_the_interval_holds_the_truth_as_often_as_it_says(mean, median_days, gain):
    inside, n, error, naive = 0, 0, 0.0, 0.0
    for seed in range(400, 430):
        events = invented(seed, mean=mean, median_days=median_days)
        table = nowcast(events[events["received_at"] <= NOW], NOW, weeks=10, draws=200)
        truth = true_counts(events, table["week"])
        young = (table["share"] < COMPLETE).to_numpy()
        inside += int(((table["lo"] <= truth) & (truth <= table["hi"]))[young].sum())
        n += int(young.sum())
        error += float(np.abs(table["expected"] - truth)[young].sum())
        naive += float(np.abs(table["n_received"] - truth)[young].sum())
    assert n > 100
    assert 0.75 <= inside / n <= 0.85
    assert error < gain * naive


def test_the_ends_are_whole_numbers_that_hold_nearest_to_the_level():
    draws = np.repeat([0.0, 1.0, 2.0, 3.0], [300, 400, 200, 100])
    assert _interval(draws, 0.6) == (1.0, 2.0)
    assert _interval(draws, 0.8) == (0.0, 2.0)  # 0.7 and 0.9 are as near; these tails are evener
    assert _interval(draws, 0.97) == (0.0, 3.0)
    assert _interval(np.zeros(100), 0.8) == (0.0, 0.0)
    assert _interval(np.full(100, 7.0), 0.8) == (7.0, 7.0)
    few = _interval(np.arange(400.0), 0.8)
    many = _interval(np.arange(2000.0), 0.8)
    assert few[1] - few[0] == pytest.approx(320, abs=2) and abs(few[0] + few[1] - 399) <= 2
    assert many == (200.0, 1799.0)


def test_the_share_that_has_arrived_is_the_true_one():
    shares, seen = [], []
    for seed in range(60):
        events = invented(seed, mean=20)
        shares.append(arrived_share(events[events["received_at"] <= NOW], NOW))
        table = pd.DataFrame({"week": pd.date_range("2026-06-08", periods=10, freq="-7D")})
        here = events[events["received_at"] <= NOW]
        seen.append(
            np.stack([true_counts(here, table["week"]), true_counts(events, table["week"])])
        )
    arrived, everything = np.sum(seen, axis=0)
    assert np.abs(np.mean(shares, axis=0)[:10] - arrived / everything).max() < 0.06
    share = shares[0]
    assert (np.diff(share) >= 0).all() and share[-1] == 1.0 and share[0] < 0.2


def test_complete_to_is_a_week_that_is_complete():
    whole = []
    for seed in range(20):
        events = invented(seed, mean=20)
        week = complete_to(events[events["received_at"] <= NOW], NOW)
        monday = pd.Timestamp("2026-06-08")
        assert monday - 20 * WEEK < week < monday - 3 * WEEK and week.day_of_week == 0
        weeks = pd.Series([week])
        here = events[events["received_at"] <= NOW]
        whole.append([true_counts(here, weeks)[0], true_counts(events, weeks)[0]])
    here, everything = np.sum(whole, axis=0)
    assert here / everything > COMPLETE - 0.03


def test_what_comes_at_once_is_complete_to_last_week_and_nothing_is_never():
    events = invented(1)
    events["received_at"] = events["event_start"] + pd.Timedelta(hours=1)
    events = events[events["event_start"] < NOW - DAY]
    assert complete_to(events, NOW) == pd.Timestamp("2026-06-01")
    table = nowcast(events, NOW, weeks=4, draws=100)
    assert (table["hi"] >= table["n_received"]).all()
    assert table["hi"].tolist()[:-1] == table["n_received"].tolist()[:-1]
    assert pd.isna(complete_to(events.iloc[:0], NOW))
    with pytest.raises(DataError, match="nothing was received yet"):
        nowcast(events.iloc[:0], NOW)


def test_a_history_brought_at_once_says_nothing_about_delays():
    events = invented(4)
    events["received_at"] = NOW - DAY
    assert pd.isna(complete_to(events, NOW))
    later = invented(5, weeks=30)
    old = events[events["event_start"] < NOW - 30 * WEEK]
    old = old.assign(received_at=later["event_start"].min())
    both = pd.concat([old, later])
    assert complete_to(both, NOW) == complete_to(later, NOW)


def test_since_the_last_delivery_nothing_is_known():
    events = invented(6)
    told = events[events["received_at"] <= NOW - 8 * WEEK]
    assert complete_to(told, NOW) == complete_to(told, NOW - 8 * WEEK)
    assert complete_to(told, NOW) < NOW.tz_localize(None) - 10 * WEEK


def test_freshness_tells_who_is_late():
    days = [k * DAY for k in range(0, 90, 7)]
    rows = [{"source_agency": "a", "event_start": START + d} for d in days]
    rows += [{"source_agency": "b", "event_start": START + d} for d in days[:5]]
    now = START + 92 * DAY
    table = freshness(make_events(rows), now).set_index("source_agency")
    assert table["stale"].to_dict() == {"a": False, "b": True}
    assert table.loc["a", "n_events"] == 13 and table.loc["a", "usual_days"] == 7
    assert table.loc["a", "delay_median_days"] == pytest.approx(2)
    assert table.loc["b", "days_since"] == pytest.approx(62)
    assert freshness(make_events([]), now).empty
    early = freshness(make_events(rows), START + 30 * DAY)
    assert early["n_events"].tolist() == [5, 5]


def test_the_future_is_not_used():
    events = invented(3)
    known = events[events["received_at"] <= NOW]
    pd.testing.assert_frame_equal(nowcast(events, NOW, draws=50), nowcast(known, NOW, draws=50))
    assert complete_to(events, NOW) == complete_to(known, NOW)
