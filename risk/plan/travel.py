"""How long it takes to get there: a cost surface on the grid, and shortest times over it.

Roads and rivers of the area are not known to us, so speed is a proxy of the ground: relief slows
a walker (Tobler 1993), forest slows everybody, and the nearer a village, the better the road.
An agency that brings a layer hands `known_kmh`, which replaces the proxy cell by cell.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from geo.grid import Grid

MODES = ("foot", "motorbike", "boat")
#: Ways wind: km on the ground per km between cell centres (C, no public figure for the area).
DETOUR = 1.35
#: Tobler's off-path factor, here for forest without a path.
OFF_PATH = 0.6
ROAD_KMH, TRACK_KMH, WATER_KMH = 28.0, 12.0, 14.0
#: A village road is taken to reach so far, km; a track, so far again.
ROAD_KM, TRACK_KM = 2.5, 6.0
#: Boats are trusted on the coast only: no river layer is shipped.
COAST_KM = 2.0
SLOWEST_KMH = 0.6


@dataclass(frozen=True)
class Travel:
    """Shortest hours by one mode from some places to all cells.

    hours : (places, cells), inf beyond the limit; before : the cell before each on the way,
    negative at the start and where it is not reached
    """

    hours: np.ndarray
    before: np.ndarray

    def path(self, place: int, cell: int) -> list[int]:
        """Cells from a place to a cell, both included; empty if it is not reached."""
        if not np.isfinite(self.hours[place, cell]):
            return []
        way = [int(cell)]
        while (step := int(self.before[place, way[-1]])) >= 0:
            way.append(step)
        return way[::-1]


def speed_kmh(cells: pd.DataFrame, mode: str, known_kmh: pd.Series | None = None) -> np.ndarray:
    """Speed in each cell, km/h along the way.

    Parameters
    ----------
    cells : DataFrame with cell, and where known relief_m, area_km2, forest (0/1), dist_desa_km,
        dist_coast_km; a column that is missing or NaN is taken as flat, open, far, inland
    mode : foot, motorbike or boat. A motorbike is left where it is slower than walking, and a
        boat is of use within COAST_KM of the coast; elsewhere its crew walks
    known_kmh : speeds of an agency's own layer by cell id; others keep the proxy

    Raises
    ------
    ValueError
        If the mode is unknown or a known speed is not positive.
    """
    if mode not in MODES:
        raise ValueError(f"mode is one of {', '.join(MODES)}, got {mode!r}")

    def column(name: str, missing: float) -> np.ndarray:
        values = cells[name] if name in cells else pd.Series(missing, index=cells.index)
        return values.fillna(missing).to_numpy(float)

    width_km = np.sqrt(column("area_km2", 5.0))
    slope = column("relief_m", 0.0) / (1000 * width_km)
    forest, desa = column("forest", 0.0), column("dist_desa_km", 99.0)
    # Tobler (1993): 6 exp(-3.5 |slope + 0.05|), mean of up and down
    walk = 3.0 * (np.exp(-3.5 * np.abs(slope + 0.05)) + np.exp(-3.5 * np.abs(slope - 0.05)))
    walk *= np.where((forest > 0.5) & (desa > ROAD_KM), OFF_PATH, 1.0)
    speed = np.maximum(walk, SLOWEST_KMH)
    if mode == "motorbike":
        ride = np.where(desa <= ROAD_KM, ROAD_KMH, np.where(desa <= TRACK_KM, TRACK_KMH, 0.0))
        speed = np.maximum(speed, ride / (1 + 6 * slope))
    elif mode == "boat":
        speed = np.where(column("dist_coast_km", 999.0) <= COAST_KM, WATER_KMH, speed)
    if known_kmh is not None:
        known = known_kmh.reindex(cells["cell"]).to_numpy(float)
        if (known <= 0).any():
            raise ValueError("a known speed is above 0 km/h")
        speed = np.where(np.isfinite(known), known, speed)
    return speed


def travel_graph(grid: Grid, speed: np.ndarray) -> sp.csr_array:
    """Hours between adjoining cells: half the way at each cell's speed, shape (cells, cells)."""
    near = sp.coo_array(grid.neighbours(1))
    a, b = near.coords
    km = DETOUR * np.linalg.norm(grid.xy_km[a] - grid.xy_km[b], axis=1)
    hours = km / 2 * (1 / speed[a] + 1 / speed[b])
    return sp.csr_array((hours, (a, b)), shape=near.shape)


def travel(graph: sp.csr_array, places: np.ndarray, limit_hours: float) -> Travel:
    """Shortest hours from cells to all cells (Dijkstra 1959), given up beyond the limit.

    Parameters
    ----------
    graph : hours between adjoining cells, (cells, cells)
    places : cells to set out from, positions
    limit_hours : beyond it a cell is out of reach
    """
    hours, before = dijkstra(
        graph, directed=False, indices=np.asarray(places), limit=limit_hours,
        return_predecessors=True,
    )  # fmt: skip
    return Travel(hours.astype(np.float32), before.astype(np.int32))
