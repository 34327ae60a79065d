import h3
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from geo.grid import Grid
from risk.engine import features
from risk.engine.features import (
    Memories,
    _between,
    cells_under,
    decay,
    gaussian,
    smooth,
    weeks_since,
)

panels = st.lists(st.integers(0, 3), min_size=42, max_size=42).map(
    lambda values: np.array(values, dtype=np.float32).reshape(6, 7)
)


def memories(grid, *call):
    """Each scale with its rates in all cells."""
    return Memories(grid, *call).at(slice(0, len(grid)))


@given(panel=panels, week=st.integers(0, 5), extra=st.integers(1, 5))
def test_features_know_nothing_of_their_own_week(seven, panel, week, extra):
    """Whatever happens in a week and after, what was known before it stays the same."""
    changed = panel.copy()
    changed[week:] += extra
    ones = np.ones_like(panel)
    for (_, one), (_, two) in zip(
        memories(seven, panel, ones, [0, 1.2], [2, np.inf]),
        memories(seven, changed, ones, [0, 1.2], [2, np.inf]),
        strict=True,
    ):
        assert np.array_equal(one[: week + 1], two[: week + 1])
    assert np.array_equal(weeks_since(panel)[: week + 1], weeks_since(changed)[: week + 1])


def test_memory_halves_with_its_half_life():
    panel = np.zeros((5, 1), np.float32)
    panel[0] = 8
    assert decay(panel, 2)[:, 0].tolist() == pytest.approx([0, 8, 8 / 2**0.5, 4, 4 / 2**0.5, 2])
    assert decay(panel, np.inf)[:, 0].tolist() == [0, 8, 8, 8, 8, 8]


@given(panel=panels)
def test_decay_and_rings_commute(seven, panel):
    kernel = gaussian(seven, 1.2)
    assert np.allclose(
        decay(smooth(kernel, panel), 3), smooth(kernel, decay(panel, 3)), rtol=1e-4, atol=1e-5
    )


def test_a_kernel_spreads_one_into_one(disk):
    (kernel,) = gaussian(disk, 4.0 / disk.spacing_km)
    assert np.allclose(kernel.sum(axis=1), 1, atol=1e-5)
    middle = int(np.argmin(np.hypot(*(disk.xy_km - disk.xy_km.mean(axis=0)).T)))
    row = kernel[[middle]].toarray()[0]
    assert row.argmax() == middle
    away = np.hypot(*(disk.xy_km - disk.xy_km[middle]).T)
    near = (away > 0) & (away < 12)
    expected = np.exp(-(away[near] ** 2) / 32)
    assert np.allclose(row[near] / row[middle], expected, rtol=1e-3)


def test_where_nobody_looked_is_not_thought_to_be_quiet(seven):
    counts = np.zeros((6, 7), np.float32)
    counts[:, 1] = 1
    exposure = np.zeros((6, 7), np.float32)
    exposure[:, 1:3] = 1
    (_, rate), *_ = memories(seven, counts, exposure, [0], [np.inf])
    busy, quiet, unseen = rate[-1, 1], rate[-1, 2], rate[-1, 5]
    assert quiet < unseen < busy
    assert unseen == pytest.approx(6 / 13, rel=0.01)  # the mean rate of what was watched


def test_the_wide_kernel_by_parents_is_close_to_the_direct_one():
    grid = Grid(sorted(h3.grid_disk(h3.latlng_to_cell(1.0, 110.4, 7), 20)))
    panel = np.random.default_rng(1).poisson(0.05, (2, len(grid))).astype(np.float32)
    wide = smooth(gaussian(grid, 11.0 / grid.spacing_km), panel)
    direct = smooth((_between(grid.xy_km, grid.xy_km, 11.0),), panel)
    assert np.corrcoef(wide.ravel(), direct.ravel())[0, 1] > 0.95  # white noise: the worst case
    assert wide.mean() == pytest.approx(direct.mean(), rel=0.02)


@pytest.mark.parametrize("resolution", [4, 7, 10])
def test_a_kernel_grows_with_the_cells(resolution):
    """One spacing away is one sigma away, whatever the resolution; nothing stands in km."""
    grid = Grid(sorted(h3.grid_disk(h3.latlng_to_cell(1.0, 110.4, resolution), 4)))
    (kernel,) = gaussian(grid, 1.0)
    ring = grid.neighbours(1).toarray() > 0
    ratio = (kernel.toarray() / kernel.diagonal()[:, None])[ring]
    assert np.median(ratio) == pytest.approx(np.exp(-0.5), rel=0.05)
    assert cells_under(0.0) == 1 and cells_under(4.0) == pytest.approx(232, rel=0.01)


def test_what_is_watched_alike_need_not_be_spread(disk):
    """The short way for even exposure gives what spreading it would."""
    counts = np.random.default_rng(2).poisson(0.1, (5, len(disk))).astype(np.float32)
    ones = np.ones_like(counts)
    nearly = ones.copy()
    nearly[0, 0] = np.nextafter(np.float32(1), np.float32(2))
    for (name, one), (other, two) in zip(
        memories(disk, counts, ones, [0, 1.0, 6.0], [2, np.inf]),
        memories(disk, counts, nearly, [0, 1.0, 6.0], [2, np.inf]),
        strict=True,
    ):
        assert name == other and one.shape == (6, len(disk))
        np.testing.assert_allclose(one, two, rtol=1e-4)


@pytest.mark.parametrize("sigma", [0.0, 1.0, 5.0])
def test_cells_in_blocks_are_spread_as_all_at_once(disk, sigma, monkeypatch):
    """However many cells are worked out at a time, and whether a panel is sparse or not."""
    rng = np.random.default_rng(4)
    panel = rng.poisson(0.3, (3, len(disk))).astype(np.float32)
    whole = smooth(gaussian(disk, sigma), panel)
    monkeypatch.setattr(features, "BLOCK", 50)
    assert len(features.blocks(len(disk))) > 2
    assert np.allclose(features.spread(disk, sigma, panel), whole, rtol=1e-6, atol=1e-7)
    assert np.allclose(gaussian(disk, sigma)[-1].sum(axis=1), 1) if sigma else True
    sparse, dense = (features.Smoothed(disk, sigma, [kind(panel.T)]).at(slice(50, 90))
                     for kind in (sp.csr_array, np.ascontiguousarray))  # fmt: skip
    assert np.allclose(sparse[0], dense[0], rtol=1e-6, atol=1e-7)
    assert np.allclose(dense[0], whole[:, 50:90], rtol=1e-6, atol=1e-7)
