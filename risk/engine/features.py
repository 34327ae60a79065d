"""What was known about each cell before a week began.

Everything here is linear memory: events and looking fade with a half-life and spread with a
kernel, and the two commute. Row t of a result is made from weeks before t only; row `weeks` is
what is known now.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.spatial import cKDTree

from geo.grid import Grid

#: Sparse matrices applied one after the other; none is the identity.
Kernel = tuple[sp.csr_array, ...]
#: Events per cell and week before anything is known; forgotten after the first week of data.
START_RATE = 1e-4
#: Area of a hexagon whose spacing is 1.
HEXAGON = np.sqrt(3) / 2
#: Kernels below this, in spacings, are worked out between the cells themselves: wider ones take
#: gigabytes at resolution 7.
DIRECT = 4.0
#: Cells that are worked out at a time: their memories stay near the processor.
BLOCK = 4096
#: Share of values above zero below which a panel is spread as a sparse one.
SPARSE = 0.1


def decay(panel: np.ndarray, half_life: float) -> np.ndarray:
    """Faded sum of the past: row t is sum over s < t of 0.5^((t - s - 1) / half_life) x_s.

    Parameters
    ----------
    panel : shape (weeks, cells)
    half_life : weeks; inf never forgets

    Returns
    -------
    float32, shape (weeks + 1, cells); row 0 is zero, the last row is what is known now.
    """
    keep = np.float32(1.0 if np.isinf(half_life) else 0.5 ** (1 / half_life))
    out = np.zeros((len(panel) + 1, panel.shape[1]), np.float32)
    for week in range(len(panel)):
        np.multiply(out[week], keep, out=out[week + 1])
        out[week + 1] += panel[week]
    return out


def gaussian(grid: Grid, sigma: float) -> Kernel:
    """Average over the cells around, weighted by a Gaussian cut at 3 sigma; rows sum to 1.

    `sigma` is told in cell spacings, so that it grows with the cells; 0 is the cell itself. A
    kernel of DIRECT or wider is applied to H3 parents one resolution up and brought back, a seventh
    of the cells at a fortieth of the cost.
    """
    if sigma == 0:
        return ()
    if _is_direct(grid, sigma):
        return (_between(grid.xy_km, grid.xy_km, sigma * grid.spacing_km),)
    down, mid, xy, back_km = _by_parents(grid, sigma)
    return (down, mid, _between(grid.xy_km, xy, back_km))


def _by_parents(grid: Grid, sigma: float) -> tuple[sp.csr_array, sp.csr_array, np.ndarray, float]:
    """Cells to parents, the kernel among these, where they are, and the width of the way back."""
    names, owner = np.unique(grid.parents(grid.resolution - 1), return_inverse=True)
    coarse = Grid(names.tolist())
    xy = grid.plane_km(coarse.lat, coarse.lon)
    ones = np.ones(len(grid), np.float32)
    down = sp.csr_array((ones, (owner, np.arange(len(grid)))), shape=(len(coarse), len(grid)))
    down = sp.csr_array(sp.diags_array(1 / down.sum(axis=1)) @ down).astype(np.float32)
    back_km = 0.5 * coarse.spacing_km
    cell_variance = 5 / 72 * coarse.spacing_km**2  # of a hexagon, along one axis
    inner_km = float(np.sqrt((sigma * grid.spacing_km) ** 2 - back_km**2 - cell_variance))
    return down, _between(xy, xy, inner_km), xy, back_km


def smooth(kernel: Kernel, panel: np.ndarray) -> np.ndarray:
    """Spread every row of a (weeks, cells) panel over the cells; float32, same shape."""
    values = np.ascontiguousarray(panel.T)
    for step in kernel if isinstance(kernel, tuple) else (kernel,):
        values = step @ values
    return np.ascontiguousarray(values.T)


def spread(grid: Grid, sigma: float, panel: np.ndarray) -> np.ndarray:
    """`smooth` by `gaussian(grid, sigma)`, whose kernel is never there as a whole.

    Parameters
    ----------
    grid : the cells
    sigma : width of the kernel, in cell spacings
    panel : (rows, cells); the answer has its shape, float32
    """
    smoothed = Smoothed(grid, sigma, [np.ascontiguousarray(panel.T)])
    out = np.empty(panel.shape, np.float32)
    for block in blocks(len(grid)):
        (out[:, block],) = smoothed.at(block)
    return out


def blocks(n_cells: int) -> list[slice]:
    """All cells, BLOCK at a time."""
    return [slice(start, min(start + BLOCK, n_cells)) for start in range(0, n_cells, BLOCK)]


class Smoothed:
    """Panels under one kernel, told for a block of cells at a time.

    Parameters
    ----------
    grid : the cells
    sigma : width of the kernel, in cell spacings
    panels : (cells, weeks) each, dense or sparse
    """

    def __init__(self, grid: Grid, sigma: float, panels: Sequence[np.ndarray | sp.csr_array]):
        self._to, self._panels, self._of = grid.xy_km, list(panels), None
        if sigma == 0:
            return
        if _is_direct(grid, sigma):
            self._of, self._sigma_km = cKDTree(grid.xy_km), sigma * grid.spacing_km
        else:
            down, mid, xy, self._sigma_km = _by_parents(grid, sigma)
            self._of, self._panels = cKDTree(xy), [_dense(mid @ (down @ p)) for p in panels]

    def at(self, block: slice) -> list[np.ndarray]:
        """Each panel smoothed in some cells, (weeks, cells of the block)."""
        if self._of is None:
            return [_dense(panel[block]).T.copy() for panel in self._panels]
        near = _near(self._to[block], self._of, self._sigma_km)
        return [np.ascontiguousarray(_dense(near @ panel).T) for panel in self._panels]


def _is_direct(grid: Grid, sigma: float) -> bool:
    return sigma < DIRECT or grid.resolution == 0


def _dense(panel: Any) -> np.ndarray:
    return panel if isinstance(panel, np.ndarray) else panel.toarray()


def _between(to: np.ndarray, of: np.ndarray, sigma_km: float) -> sp.csr_array:
    tree = cKDTree(of)
    return sp.vstack([_near(to[rows], tree, sigma_km) for rows in blocks(len(to))], format="csr")


def _near(to: np.ndarray, of: cKDTree, sigma_km: float) -> sp.csr_array:
    """The kernel of some points over all that the tree holds; rows sum to 1."""
    reach = 3 * sigma_km + 1e-6
    pairs = cKDTree(to).sparse_distance_matrix(of, reach, output_type="ndarray")
    value = np.exp(-(pairs["v"] ** 2) / (2 * sigma_km**2))
    ends = pairs["i"].astype(np.int32), pairs["j"].astype(np.int32)
    near = sp.csr_array((value, ends), shape=(len(to), of.n))
    near.data *= np.repeat(1 / near.sum(axis=1), np.diff(near.indptr))
    return near.astype(np.float32)


class Memories:
    """Rates remembered at every scale: smoothed records over smoothed exposure.

    rate = (K counts + w * mean) / (K exposure + w), the shrinkage estimate of a Poisson rate
    under a Gamma prior worth w = prior_weeks / (cells under the kernel) weeks. A cell where
    nobody looked is told by its neighbours, and where nobody looked anywhere near, by the
    mean: it is not thought to be quiet.

    Fading and spreading commute, so each kernel is applied once and what it gives fades in several
    ways; where all cells are watched alike, spreading what was watched changes nothing. Cells are
    worked out a block at a time: what all of them remember at once takes gigabytes.

    Parameters
    ----------
    grid : the cells
    counts, exposure : (weeks, cells)
    sigmas : widths of the kernels, in cell spacings
    half_lives : weeks
    prior_weeks : weeks of full looking in one cell that the mean's word is worth
    """

    def __init__(
        self,
        grid: Grid,
        counts: np.ndarray,
        exposure: np.ndarray,
        sigmas: Sequence[float],
        half_lives: Sequence[float],
        prior_weeks: float = 2.0,
    ):
        seen_so_far, watched_so_far = (np.cumsum(x.sum(axis=1)) for x in (counts, exposure))
        mean = (seen_so_far + START_RATE) / (watched_so_far + 1)
        self.mean = np.concatenate([[START_RATE], mean]).astype(np.float32)[:, None]
        self.half_lives, self.prior_weeks = half_lives, prior_weeks
        self.scales = [(sigma, half) for sigma in sigmas for half in half_lives]
        alike = (exposure == exposure[:, :1]).all()
        self._alike = exposure[:, :1].copy() if alike else None
        sparse = (counts != 0).mean() < SPARSE
        panels = [sp.csr_array(counts.T) if sparse else np.ascontiguousarray(counts.T)]
        panels += [] if alike else [np.ascontiguousarray(exposure.T)]
        self._smoothed = {sigma: Smoothed(grid, sigma, panels) for sigma in sigmas}

    def at(self, block: slice) -> Iterator[tuple[tuple[float, float], np.ndarray]]:
        """Each scale with its rates in some cells, float32 (weeks + 1, cells of the block)."""
        for sigma, smoothed in self._smoothed.items():
            seen, *others = smoothed.at(block)
            watched = others[0] if self._alike is None else self._alike
            prior = np.float32(self.prior_weeks / cells_under(sigma))
            for half_life in self.half_lives:
                top, bottom = decay(seen, half_life), decay(watched, half_life)
                top += prior * self.mean
                top /= bottom + prior
                yield (sigma, half_life), top


def cells_under(sigma: float) -> float:
    """Cells that a kernel takes in, 1 / sum of its squares for a wide Gaussian; at least 1."""
    return max(1.0, 4 * np.pi * sigma**2 / HEXAGON)


def weeks_since(panel: np.ndarray) -> np.ndarray:
    """Weeks since the last week with any value, capped at the length of the history.

    Shape (weeks + 1, cells); a cell never touched holds the number of weeks known so far.
    """
    out = np.zeros((len(panel) + 1, panel.shape[1]), np.float32)
    for week in range(len(panel)):
        out[week + 1] = np.where(panel[week] > 0, 0, out[week] + 1)
    return out


def static_features(cells: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
    """Covariates as a float32 matrix: distances and densities on a log scale, NaN kept.

    Columns that do not vary or are missing in this area are left out, and so is the position
    itself: a model that knows the place by heart cannot be moved.
    """
    names, columns = [], []
    for name in STATIC:
        if name not in cells:
            continue
        value = cells[name].to_numpy(float)
        if np.nanmax(value, initial=-np.inf) > np.nanmin(value, initial=np.inf):
            columns.append(np.log1p(np.maximum(value, 0)) if name in LOGGED else value)
            names.append(name)
    if not names:
        return np.zeros((len(cells), 0), np.float32), []
    return np.column_stack(columns).astype(np.float32), names


STATIC = (
    "dist_border_km",
    "dist_desa_km",
    "dist_town_id_km",
    "dist_town_my_km",
    "dist_post_km",
    "dist_coast_km",
    "pop_km2_proxy",
    "elev_m",
    "relief_m",
    "forest",
)
LOGGED = {name for name in STATIC if name.startswith(("dist_", "pop_"))}
