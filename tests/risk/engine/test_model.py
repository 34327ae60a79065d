import h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.grid import Grid
from risk.engine.exposure import Detection
from risk.engine.memory import SIGMAS, remember
from risk.engine.model import MEMBERS, fit, mixture_weights, pool, pool_weights
from tests.risk.world import make_records

SEEN = Detection({"patrol": 0.5}, 0.003, 0.05, corrected=True)


@pytest.fixture(scope="module")
def watched():
    """An invented border where patrols go to one corner, and what was known at week 60."""
    grid = Grid(sorted(h3.grid_disk(h3.latlng_to_cell(0.98, 110.36, 7), 6)))
    records, _ = make_records(grid, weeks=60)
    x = grid.xy_km[:, 0] - grid.xy_km[:, 0].mean()
    records.effort["patrol"][:, x < 0] = 0.0
    return x < 0, remember(records, SEEN, (4,), [60])


def test_where_effort_is_known_an_unwatched_place_is_told_by_those_watched_as_little(watched):
    unwatched, known = watched
    assert known.more_names[-1] == "watched"
    wide = [i for i, scale in enumerate(known.scales) if scale == (SIGMAS[-1], np.inf)]
    plain, relative = known.at[60][:, wide].T
    ratio = relative / plain
    assert ratio[unwatched].mean() < 0.8 * ratio[~unwatched].mean()


def test_without_effort_there_is_nothing_to_be_relative_to(watched):
    grid = Grid(sorted(h3.grid_disk(h3.latlng_to_cell(0.98, 110.36, 7), 3)))
    records, _ = make_records(grid, weeks=40)
    known = remember(records, Detection({}, 0.0, 0.0, corrected=False), (4,), [40])
    assert len(known.scales) == len(set(known.scales)) and "watched" not in known.more_names


def test_the_glm_does_not_go_on_where_nobody_looked(watched):
    """Inputs beyond all that was seen where people looked count as the last that was."""
    _, known = watched
    model = fit(known, 4, 60, seeds=1)
    memory, more = known.at[60], known.at_more[60]
    far, further = (model.members(memory, more + reach, known.scales) for reach in (50.0, 5000.0))
    assert far["glm"] == pytest.approx(further["glm"])
    ends = model.design(memory, more, known.scales)
    assert (model.design(memory, more + 50.0, known.scales).max(axis=0) < 10).all()
    assert ends.shape[1] == len(model.glm.coef_)


def test_em_finds_the_mixture_that_made_the_counts():
    rng = np.random.default_rng(0)
    rate = rng.gamma(1, 1, (40_000, 3)) * 0.01
    exposure = rng.random(40_000)
    true = np.array([2.0, 0.0, 1.0])
    y = rng.poisson(rate @ true * exposure).astype(float)
    hit = y > 0
    found = mixture_weights(rate[hit], y[hit], rate.T @ exposure, strength=1.0, steps=400)
    assert found == pytest.approx(true, abs=0.35)
    assert (rate @ found * exposure).sum() == pytest.approx(y.sum(), rel=0.02)


def test_the_pool_leans_on_the_better_member():
    rng = np.random.default_rng(1)
    good = np.exp(rng.normal(-3, 1, 30_000))
    bad = np.exp(rng.normal(-3, 1, 30_000))
    y = rng.poisson(good).astype(float)
    v = pool_weights(np.column_stack([good, bad, bad[::-1]]), y, np.ones_like(y))
    assert v[1] > 0.8
    assert v[2] + v[3] < 0.2


@settings(max_examples=20)
@given(scale=st.floats(0.3, 3))
def test_the_pool_learns_the_level(scale):
    rng = np.random.default_rng(2)
    rate = np.exp(rng.normal(-2, 0.5, 20_000))
    y = rng.poisson(rate * scale).astype(float)
    v = pool_weights(np.column_stack([rate] * 3), y, np.ones_like(y))
    told = pool(dict.fromkeys(MEMBERS, rate), v)
    assert told.sum() == pytest.approx(y.sum(), rel=0.05)


@pytest.mark.parametrize(("level", "strength"), [(1.0, 20.0), (30.0, 0.1), (0.02, 20.0)])
def test_no_weights_within_the_bounds_are_likelier_than_the_pools(level, strength):
    """Of a convex loss: at the least, no slope leads further down that the bounds allow."""
    rng = np.random.default_rng(3)
    log = rng.normal(-3, 1, (5_000, 3))
    y = rng.poisson(level * np.exp(log[:, 0] - 0.5 * log[:, 1])).astype(float)
    x = rng.random(len(y)) + 0.5
    v = pool_weights(np.exp(log), y, x, strength=strength)
    design = np.column_stack([np.ones(len(y)), log])
    usual = np.array([0.0, 1 / 3, 1 / 3, 1 / 3])
    slope = design.T @ (x * np.exp(design @ v) - y) + strength * (v - usual)
    low, high = np.array([-2.0, 0, 0, 0]), np.full(4, 2.0)
    assert (v >= low).all() and (v <= high).all()
    lowest, highest = np.isclose(v, low, atol=1e-9), np.isclose(v, high, atol=1e-9)
    assert lowest[2] or level < 1  # the second member speaks against itself, once it is heard
    small = 1e-4 * max(y.sum(), 1)
    assert (np.abs(slope)[~lowest & ~highest] < small).all()
    assert (slope[lowest] > -small).all() and (slope[highest] < small).all()
