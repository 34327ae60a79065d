"""The whole engine behind the call of `forecast`: no future, no order, no other events."""

import h3
import numpy as np
import pandas as pd
import pytest

from geo.grid import Grid
from joins import backtest
from risk.engine import pooled
from risk.engine.exposure import Detection
from risk.engine.forecast import forecast
from risk.engine.held import experts, fit_pool, forecast_past
from risk.engine.laid import lay
from risk.engine.memory import remember
from risk.engine.model import fit, pool
from risk.engine.pooled import UNSEEN, Pooled, expect
from risk.scores.rivals import all_counts
from tests.risk.world import make_records

START = pd.Timestamp("2024-05-01")
CELLS = sorted(h3.grid_disk(h3.latlng_to_cell(1.1, 110.0, 7), 6))


def make_events(n, seed=3):
    rng = np.random.default_rng(seed)
    hot = rng.random(n) < 0.5
    return pd.DataFrame(
        {
            "lat": np.where(hot, 1.14, 1.1 + 0.12 * rng.uniform(-1, 1, n)),
            "lon": np.where(hot, 110.04, 110.0 + 0.12 * rng.uniform(-1, 1, n)),
            "time": START - pd.to_timedelta(rng.uniform(0.01, 800, n), unit="D"),
        }
    )


@pytest.fixture(scope="module")
def events():
    return make_events(600)


@pytest.fixture(scope="module")
def answer(events):
    return Pooled()(events, CELLS, START, 28)


def test_the_back_test_runs_the_experts_and_the_pool_of_the_map(events, answer):
    """The same calls that `assess` makes, by hand: members at the origin, weights of the past."""
    grid = Grid(CELLS)
    records = lay(events, grid, START, 28)
    now = len(records.weeks)
    origins = list(range(now - 4, max(13, now // 3), -4))[:12][::-1]
    known = remember(records, UNSEEN, (4,), [*origins, now])
    v = fit_pool(forecast_past(known, records, UNSEEN, 4, origins))
    members = experts(fit(known, 4, now, 1), known, records, UNSEEN, 4, now)
    assert answer == pytest.approx(4 * pool(members, v), rel=1e-6)


def test_the_total_is_that_of_the_events_only_form(events, answer):
    assert answer.sum() == pytest.approx(forecast(events, CELLS, START, 28).sum(), rel=1e-6)
    assert CELLS[int(answer.argmax())] == h3.latlng_to_cell(1.14, 110.04, 7)


def test_nothing_at_or_after_the_start_and_no_order_changes_it(events, answer):
    later = make_events(200, 9)
    later["time"] = START + (START - later["time"])
    turn = np.random.default_rng(1).permutation(len(CELLS))
    mixed = pd.concat([later, events]).sample(frac=1, random_state=2)
    told = Pooled()(mixed, [CELLS[i] for i in turn], START, 28)
    assert told == pytest.approx(answer[turn], rel=1e-6)


@pytest.mark.parametrize("n", [0, 1, 40])
def test_few_events_are_left_to_the_kernels(n):
    few = make_events(n)
    told = Pooled()(few, CELLS, START, 7)
    assert told == pytest.approx(forecast(few, CELLS, START, 7), rel=1e-9)


def test_a_past_forecast_is_made_once(events, monkeypatch):
    made = []
    real = pooled.forecast_past

    def spy(known, records, detection, horizon, origins):
        made.extend(origins)
        return real(known, records, detection, horizon, origins)

    monkeypatch.setattr(pooled, "forecast_past", spy)
    rolling = Pooled()
    for back in (2, 1, 0):
        then = START - pd.Timedelta(days=28 * back)
        rolling(events[events["time"] < then], CELLS, then, 28)
    assert len(made) <= pooled.ORIGINS


def test_forecasts_of_other_events_are_not_taken_for_past_ones(events, answer):
    rolling = Pooled()
    rolling(make_events(600, seed=8), CELLS, START, 28)
    assert rolling(events, CELLS, START, 28) == pytest.approx(answer, rel=1e-9)


def test_effort_brings_what_nobody_looked_at_into_the_answer():
    grid = Grid(sorted(h3.grid_disk(h3.latlng_to_cell(0.98, 110.36, 7), 6)))
    records, rate = make_records(grid, weeks=100)
    seen = Detection({"patrol": 0.5}, 0.003, 0.05, corrected=True)
    told = expect(records, seen, 4)
    raw = all_counts_of(records)
    missed = [1 - np.corrcoef(answer, rate)[0, 1] for answer in (told, raw)]
    assert missed[0] < 0.6 * missed[1]
    assert told.sum() == pytest.approx(4 * rate.sum(), rel=0.35)


def all_counts_of(records):
    week, cell = np.nonzero(records.counts)
    n = records.counts[week, cell].astype(int)
    grid = records.grid
    events = pd.DataFrame(
        {"lat": grid.lat[cell], "lon": grid.lon[cell], "time": records.weeks[week]}
    )
    events = events.loc[events.index.repeat(n)]
    return all_counts(events, grid.cells, records.weeks[-1] + pd.Timedelta(days=7), 28)


def test_the_back_test_knows_the_engine_by_name(tmp_path, events):
    file = tmp_path / "events.csv"
    ids = [f"e{i}" for i in range(len(events))]
    events.assign(event_id=ids, kind="theft").to_csv(file, index=False)
    told = backtest.run(file, 7, 1, 2, 28, lambda when, share: None)
    assert {"pool", "forecast", "etas", "decayed_kde"} <= set(told.summary.index)
    assert set(told.gains.index).isdisjoint({"pool", "forecast", "uniform"})
    own = told.periods.set_index(["model", "period_start"])["expected_total"]
    assert own["pool"].to_numpy() == pytest.approx(own["forecast"].to_numpy(), rel=1e-6)
    gains = told.periods.set_index(["model", "period_start"])["ig_sum"]
    assert (gains["pool"] != gains["forecast"]).all()
