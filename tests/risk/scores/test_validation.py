"""Rolling origin: no model sees its own period, and a world with a known answer is scored so."""

import h3
import numpy as np
import pandas as pd
import pytest

from geo.grid import Grid
from risk.engine.excitation import SIGMAS, build_components
from risk.engine.forecast import MAX_PERIODS
from risk.scores import rivals
from risk.scores.rivals import MODELS
from risk.scores.validation import compare, period_starts, protocol_cells, rolling_origin, summary


@pytest.fixture(scope="module")
def events():
    rng = np.random.default_rng(0)
    n = 400
    hot = rng.random(n) < 0.5
    return pd.DataFrame(
        {
            "event_id": np.arange(n),
            "lat": np.where(hot, 1.15, 1.1 + 0.1 * rng.uniform(-1, 1, n)),
            "lon": np.where(hot, 110.05, 110 + 0.1 * rng.uniform(-1, 1, n)),
            "time": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.uniform(0, 500, n), unit="D"),
            "kind": "crossing",
        }
    )


@pytest.fixture(scope="module")
def cells(events):
    return protocol_cells(events, 7, 2, 4)


@pytest.fixture(scope="module")
def table(events, cells):
    return rolling_origin(events, cells, 28, 4, MODELS)


def test_periods_are_counted_back_from_the_day_after_the_last_event(events):
    starts = period_starts(events, 28, 4)
    last = events["time"].max().normalize() + pd.Timedelta(days=1)
    assert starts[-1] == last - pd.Timedelta(days=28)
    assert (np.diff(starts) == pd.Timedelta(days=28)).all()
    with pytest.raises(ValueError, match="cannot test 40"):
        period_starts(events, 28, 40)


def test_cells_come_from_the_past_only(events, cells):
    first = period_starts(events, 28, 4)[0]
    past = events[events["time"] < first]
    assert set(protocol_cells(events, 7, 0, 4)) == {
        h3.latlng_to_cell(a, b, 7) for a, b in zip(past["lat"], past["lon"], strict=True)
    }
    assert (Grid(cells).locate(past["lat"], past["lon"]) >= 0).all()


def test_models_are_shown_only_earlier_events(events, cells):
    seen = {}

    def spy(past, cells, start, days):
        seen[start] = (past["time"].max(), len(past))
        return np.ones(len(cells))

    rolling_origin(events, cells, 28, 4, {"spy": spy})
    assert len(seen) == 4
    assert all(latest < start for start, (latest, _) in seen.items())


def test_events_are_conserved_and_uniform_gains_nothing(events, table):
    first = period_starts(events, 28, 4)[0]
    for _, part in table.groupby("model"):
        assert part["n_events"].sum() == (events["time"] >= first).sum()
        assert (part["observed_total"] + part["n_outside"] == part["n_events"]).all()
    scores = summary(table)
    assert scores.loc["uniform", "ig"] == pytest.approx(0, abs=1e-9)
    assert (scores["ig_low"] <= scores["ig"] + 1e-9).all()
    assert (scores["pei_5"] <= 1).all()
    nested = scores[["hit_1", "hit_2", "hit_5", "hit_10"]].to_numpy()
    assert (np.diff(nested, axis=1) >= -1e-9).all()


def test_baselines_find_the_planted_place_and_beat_uniform(table):
    scores = summary(table)
    for model in scores.index.drop("uniform"):
        assert scores.loc[model, "ig"] > 1.0, model
        assert scores.loc[model, "hit_5"] > 0.4, model
    gain = compare(table, "decayed KDE", "uniform")
    assert 0 < gain["ig_low"] <= gain["ig"] <= gain["ig_high"]


@pytest.mark.parametrize("name", list(MODELS))
def test_baselines_survive_few_events(events, cells, name):
    for n in (0, 1, 3):
        few = events.sort_values("time").head(n)
        answer = MODELS[name](few, cells, pd.Timestamp("2023-06-01"), 28)
        assert answer.shape == (len(cells),)
        assert np.isfinite(answer).all() and (answer > 0).all()


def test_an_event_at_the_stroke_of_a_period_is_of_it_and_not_of_its_past():
    """Midnight belongs to the day that begins; the same at the end."""
    days = ["2026-01-01", "2026-01-15", "2026-01-29", "2026-02-04"]
    told = pd.DataFrame({"lat": 1.1, "lon": 110.0, "time": pd.to_datetime(days)})
    known = []

    def spy(past, cells, start, days):
        known.append((str(start.date()), len(past)))
        return np.ones(len(cells))

    cell = [h3.latlng_to_cell(1.1, 110.0, 7)]
    table = rolling_origin(told, [*cell, *sorted(h3.grid_ring(cell[0], 1))], 7, 2, {"spy": spy})
    assert known == [("2026-01-22", 2), ("2026-01-29", 2)]
    assert table["n_events"].tolist() == [0, 2]


def test_scores_are_means_over_the_events_inside_and_pairs_of_periods_by_hand():
    """Two periods of 4 and 6 events, one of each outside; b before a, as they came."""
    row = {"n_outside": 1, "pai_5": 1.0, "pei_5": 1.0, "deviance": 1.0, "seconds": 0.1}
    row |= {f"{name}_{area}": 2.0 for name in ("hits", "best") for area in (1, 2, 5, 10)}
    row |= {"expected_total": 4.0, "observed_total": 4.0}
    rows = [
        {"model": model, "period_start": start, "n_events": n, **row, "ig_sum": ig, "hits_5": hits}
        for model, igs, found in (("b", (3.0, 5.0), (1.0, 2.0)), ("a", (6.0, 10.0), (3.0, 4.0)))
        for start, n, ig, hits in zip(("x", "y"), (4, 6), igs, found, strict=True)
    ]
    table = pd.DataFrame(rows)
    told = summary(table)
    assert list(told.index) == ["b", "a"]
    assert told["ig"].to_dict() == pytest.approx({"b": 8 / 8, "a": 16 / 8})
    assert told["hit_5"].to_dict() == pytest.approx({"b": 3 / 10, "a": 7 / 10})
    gain = compare(table, "a", "b")
    assert gain["ig"] == pytest.approx((16 - 8) / 8) and gain["hit_5"] == pytest.approx(4 / 10)
    assert gain["ig_low"] <= gain["ig"] <= gain["ig_high"]


def test_rivals_look_back_as_far_and_choose_among_the_same_kernels_as_the_method(monkeypatch):
    rng = np.random.default_rng(8)
    n, start = 400, pd.Timestamp("2024-01-01")
    times = start - pd.to_timedelta(np.sort(rng.uniform(0.01, 28 * 150, n)), unit="D")
    events = pd.DataFrame(
        {"lat": rng.normal(1.1, 0.1, n), "lon": rng.normal(110, 0.1, n), "time": times}
    )
    cells = sorted(h3.grid_disk(h3.latlng_to_cell(1.1, 110.0, 7), 6))
    asked = []

    def build(past, rows, sigmas, **more):
        asked.append((int(rows.back.max()), set(sigmas)))
        return build_components(past, rows, sigmas, **more)

    monkeypatch.setattr(rivals, "build_components", build)
    for model in (rivals.kde, rivals.decayed_kde, rivals.etas):
        model(events, cells, start, 28)
    backs, kernels = zip(*asked, strict=True)
    assert min(backs) >= 0.95 * min(MAX_PERIODS, 149 * 2 // 3)
    assert kernels[0] == kernels[1] == set(SIGMAS)
    assert kernels[2] >= set(SIGMAS) - {max(SIGMAS)}
