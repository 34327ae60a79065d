"""Events laid on steps and cells: the kernels among the experts are the public forecast."""

from dataclasses import replace

import h3
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.grid import Grid
from risk.assessment import assess
from risk.engine.exposure import Detection
from risk.engine.forecast import contributions, distribution, forecast
from risk.engine.held import fit_pool, forecast_past
from risk.engine.interval import Spread
from risk.engine.laid import lay, past_before, steps_of
from risk.engine.memory import remember
from risk.engine.model import KERNELS, MEMBERS, usual_weights
from risk.scores.proving import evidence

START = pd.Timestamp("2024-05-01")
GRID = Grid(sorted(h3.grid_disk(h3.latlng_to_cell(1.1, 110.0, 7), 6)))
UNSEEN = Detection({}, 0.0, 0.0, corrected=False)


@pytest.fixture(scope="module")
def events():
    rng = np.random.default_rng(3)
    n = 500
    hot = rng.random(n) < 0.5
    return pd.DataFrame(
        {
            "lat": np.where(hot, 1.14, 1.1 + 0.12 * rng.uniform(-1, 1, n)),
            "lon": np.where(hot, 110.04, 110.0 + 0.12 * rng.uniform(-1, 1, n)),
            "time": START - pd.to_timedelta(rng.uniform(0.01, 800, n), unit="D"),
        }
    )


@given(days=st.floats(1, 400))
@settings(max_examples=30)
def test_a_window_is_whole_steps_of_about_a_week(days):
    step = days / steps_of(days)
    assert steps_of(days) >= 1 and step <= 10.5
    assert step >= 4.6 or days < 7


@pytest.mark.parametrize("days", [1, 7, 28])
def test_every_event_of_the_full_steps_is_in_its_cell_and_step(events, days):
    records = lay(events, GRID, START, days)
    place = GRID.locate(events["lat"].to_numpy(), events["lon"].to_numpy())
    age = ((START - events["time"]) / pd.Timedelta(days=1)).to_numpy()
    full = (place >= 0) & (age <= len(records.weeks) * records.step_days)
    per_cell = np.bincount(place[full], minlength=len(GRID))
    assert records.counts.sum(axis=0) == pytest.approx(per_cell)
    assert records.weeks[-1] == START - pd.Timedelta(days=records.step_days)
    assert records.counts[-1].sum() == ((place >= 0) & (age < records.step_days)).sum()


def test_what_comes_at_or_after_the_start_is_not_laid(events):
    later = events.assign(time=START + (START - events["time"])).head(100)
    told = lay(pd.concat([later, events]), GRID, START, 28)
    np.testing.assert_array_equal(told.counts, lay(events, GRID, START, 28).counts)


@pytest.mark.parametrize("back", [0, 4, 12])
def test_the_kernels_of_an_origin_are_the_forecast_of_that_day(events, back):
    """Exactly: what public data proved is the same function on the same events."""
    records = lay(events, GRID, START, 28)
    week = len(records.weeks) - back
    then = records.weeks[0] + pd.Timedelta(days=week * records.step_days)
    public = forecast(events, GRID.cells, then, 28)
    told = distribution(past_before(records, week, 4))
    assert told == pytest.approx(public / public.sum(), rel=1e-6)
    if back:
        known = remember(records, UNSEEN, (4,), [week])
        (past,) = forecast_past(known, records, UNSEEN, 4, [week])
        assert list(past.members) == [*MEMBERS, KERNELS]
        assert past.members[KERNELS] * 4 == pytest.approx(public, rel=1e-6)


def test_without_spots_an_event_lies_in_the_middle_of_its_cell_and_week(events):
    records = lay(events, GRID, START, 28)
    past = past_before(replace(records, spots=None), len(records.weeks), 4)
    assert past.weight.sum() == records.counts.sum()
    assert (np.diff(past.age) >= 0).all() and past.age[0] == records.step_days / 2
    np.testing.assert_array_equal(GRID.locate(past.lat, past.lon), past.place)
    exact = distribution(past_before(records, len(records.weeks), 4))
    assert np.corrcoef(distribution(past), exact)[0, 1] > 0.98


@pytest.mark.parametrize("exact", [True, False])
def test_a_week_sees_nothing_of_itself_or_later(events, exact):
    records = lay(events, GRID, START, 28)
    records = records if exact else replace(records, spots=None)
    past = past_before(records, 60, 4)
    assert (past.age > 0).all()
    assert past.weight[past.place >= 0].sum() == pytest.approx(records.counts[:60].sum(), abs=5)


def test_the_kernels_weigh_half_before_anything_has_spoken_and_with_effort_the_trees_most():
    assert usual_weights(MEMBERS) == pytest.approx([0.1, 0.8, 0.1])
    assert usual_weights([*MEMBERS, KERNELS]) == pytest.approx([1 / 6] * 3 + [1 / 2])
    both = usual_weights([*MEMBERS, KERNELS], watched=True)
    assert both == pytest.approx([0.05, 0.4, 0.05, 0.5])
    assert fit_pool([]) == pytest.approx([0, 0.1, 0.8, 0.1])


def test_what_the_kernels_say_is_shared_out_exactly(events):
    records = lay(events, GRID, START, 28)
    past = past_before(records, len(records.weeks), 4)
    names, parts = contributions(past)
    gap = np.log(distribution(past)) - parts.sum(axis=1)
    assert parts.shape == (len(GRID), len(names))
    assert gap.std() < 2e-3  # the floor alone is left out
    assert np.abs(parts).max() > 0.3


@pytest.fixture(scope="module")
def found(events):
    cells = pd.DataFrame({"cell": GRID.cells})
    return assess(lay(events, GRID, START, 28), cells, {}, horizons=(4,), n_origins=4, seeds=1)


def test_where_every_event_counts_as_recorded_the_past_alone_makes_the_width(events, found):
    """Nothing that invented worlds say must be added for what patrols do not see."""
    records = lay(events, GRID, START, 28)
    table = found.risk.set_index("cell").loc[GRID.cells]
    risk, least_gain = table["risk"].to_numpy(), found.facts["horizons"]["4"]["interval_shape"]
    now = len(records.weeks)
    watched = evidence(records, UNSEEN, [now])[now]
    lo, hi = Spread(*least_gain, level_error=0.0, missed=0.0).bounds(risk / 4, watched, 0.8)
    assert table["lo"].to_numpy() == pytest.approx(lo * risk, rel=1e-4)
    assert table["hi"].to_numpy() == pytest.approx(hi * risk, rel=1e-4)
    assert found.facts["detection"]["level_error"] == 0


def test_without_effort_the_map_has_the_level_and_the_reasons_of_the_kernels(events, found):
    risk = found.risk.set_index("cell")["risk"].reindex(GRID.cells)
    assert risk.sum() == pytest.approx(forecast(events, GRID.cells, START, 28).sum(), rel=1e-4)
    assert set(found.scores["model"]) >= {KERNELS, "pool", "etas"}
    total = found.reasons.groupby("cell", observed=False)["contribution"].sum()
    base = found.facts["horizons"]["4"]["base_log_rate"]
    assert np.allclose(base + total.reindex(GRID.cells), np.log(risk / 4), atol=1e-3)
    other = found.reasons.query("reason == 'other'")["contribution"].abs()
    assert other.quantile(0.95) < 0.1 if len(other) else True
    assert len(found.facts["horizons"]["4"]["pool"]) == 5
