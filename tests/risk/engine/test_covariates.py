"""What the ground tells bends a forecast only where it gained on held-out past."""

import h3
import numpy as np
import pandas as pd
import pytest

from risk.engine.forecast import forecast

START = pd.Timestamp("2024-01-01")
CELLS = sorted(h3.grid_disk(h3.latlng_to_cell(1.1, 110.0, 7), 9))


def world(seed: int, strength: float = 2.0, n: int = 260):
    """Columns that events follow (road_km, skewed) and do not (luck), and events of two years."""
    rng = np.random.default_rng(seed)
    road = rng.lognormal(1.0, 1.0, len(CELLS))
    rank = np.argsort(np.argsort(road)) / len(CELLS)
    chance = np.exp(-strength * 2 * rank)
    place = rng.choice(len(CELLS), n, p=chance / chance.sum())
    lat, lon = np.array([h3.cell_to_latlng(CELLS[i]) for i in place]).T
    times = START - pd.to_timedelta(rng.uniform(0.01, 730, n), unit="D")
    events = pd.DataFrame({"lat": lat, "lon": lon, "time": times})
    luck = {f"luck_{k}": rng.normal(size=len(CELLS)) for k in range(3)}
    return events, pd.DataFrame({"cell": CELLS, "road_km": road, **luck}), chance / chance.sum()


def knows(answer: np.ndarray, chance: np.ndarray) -> float:
    """Nats an event of the true chances over a uniform map."""
    return float(chance @ np.log(answer / answer.sum() * len(answer)))


@pytest.fixture(scope="module")
def told():
    return world(1)


def test_a_column_that_events_follow_is_used(told):
    events, ground, chance = told
    with_ground = forecast(events, CELLS, START, 28, covariates=ground)
    without = forecast(events, CELLS, START, 28)
    assert knows(with_ground, chance) > knows(without, chance) + 0.05
    assert with_ground.sum() == pytest.approx(without.sum(), rel=1e-6)
    assert np.isfinite(with_ground).all() and (with_ground > 0).all()


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_columns_that_say_nothing_change_nothing(seed):
    events, ground, _ = world(seed, strength=0.0)
    luck = ground.drop(columns="road_km").assign(same=1.0, unknown=np.nan)
    with_ground = forecast(events, CELLS, START, 28, covariates=luck)
    assert np.array_equal(with_ground, forecast(events, CELLS, START, 28))


def test_neither_units_nor_the_order_of_rows_matter(told):
    events, ground, _ = told
    first = forecast(events, CELLS, START, 28, covariates=ground)
    other = ground.assign(road_km=np.log(ground["road_km"]) * 1000).sample(frac=1, random_state=0)
    assert np.allclose(forecast(events, CELLS, START, 28, covariates=other), first, rtol=1e-9)


def test_nothing_is_made_up_where_a_column_is_not_known(told):
    events, ground, _ = told
    unknown = set(CELLS[::3])
    partly = ground[~ground["cell"].isin(unknown)]
    with_ground = forecast(events, CELLS, START, 28, covariates=partly)
    ratio = with_ground / forecast(events, CELLS, START, 28)
    here = np.array([cell in unknown for cell in CELLS])
    assert np.allclose(ratio[here], ratio[here][0], rtol=1e-3)
    # the terms have mean 0, so to be neither raised nor lowered is to be in the middle
    assert np.log(ratio[~here]).mean() == pytest.approx(np.log(ratio[here][0]), abs=2e-3)
    assert np.ptp(ratio[~here]) > 0.5


def test_only_the_past_speaks_for_a_column(told):
    events, ground, _ = told
    later = events.assign(time=START + (START - events["time"]))
    both = pd.concat([events, later], ignore_index=True)
    assert np.array_equal(
        forecast(both, CELLS, START, 28, covariates=ground),
        forecast(events, CELLS, START, 28, covariates=ground),
    )


def test_the_ground_helps_beside_effort_too():
    events, ground, chance = world(5, n=500)
    rng = np.random.default_rng(6)
    watched = rng.random(len(CELLS)) < 0.6
    kept = watched[[CELLS.index(h3.latlng_to_cell(a, b, 7)) for a, b in
                    zip(events["lat"], events["lon"], strict=True)]]  # fmt: skip
    starts = START - pd.to_timedelta(28 * np.arange(1, 27), unit="D")
    cells = [cell for cell, seen in zip(CELLS, watched, strict=True) if seen]
    index = pd.MultiIndex.from_product([cells, starts], names=["cell", "period_start"])
    effort = index.to_frame(index=False).assign(days=28, effort=1.0)
    call = (events[kept], CELLS, START, 28, effort)
    assert knows(forecast(*call, ground), chance) > knows(forecast(*call), chance) + 0.05


def test_one_refusal_names_all_that_is_wrong(told):
    events, ground, _ = told
    wrong = ground.assign(name="x", road_km=np.where(np.arange(len(ground)) < 2, np.inf, 1.0))
    wrong = pd.concat([wrong, wrong.tail(1), wrong.tail(1).assign(cell="here")])
    wrong = pd.concat([wrong, wrong.head(1).assign(cell=h3.cell_to_parent(CELLS[0]))])
    effort = pd.DataFrame({"cell": [CELLS[0]], "period_start": ["2023-01-01"], "days": [0]})
    with pytest.raises(ValueError) as raised:
        forecast(events, CELLS, START, 0, effort, wrong)
    for words in (
        "days must be at least 1, got 0",
        "effort lacks effort",
        "1 rows with no H3 cell",
        "1 rows with a cell of another resolution than 7",
        "1 rows with a cell that has a row already",
        "3 rows with an infinite value",
        "no numbers in name",
    ):
        assert words in str(raised.value)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pd.DataFrame({"road_km": [1.0]}), "covariates lack cell"),
        (pd.DataFrame({"cell": CELLS[:2]}), "no column beside cell"),
    ],
)
def test_a_table_without_what_is_needed_is_refused(told, table, words):
    with pytest.raises(ValueError, match=words):
        forecast(told[0], CELLS, START, 28, covariates=table)
