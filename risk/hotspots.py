"""From risk to places: coverage -> hotspots -> sectors.

A hotspot (*titik rawan*) is a cell inside the share of the area that patrols can cover. A larger
coverage keeps every hotspot of a smaller one. A sector is a group of adjoining hotspots: the
unit that gets a name, a row in the list and a patrol.
"""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo import crs
from geo.grid import Grid
from risk.engine.interval import bounds_of_sums


def select_hotspots(
    risk: pd.Series, area_km2: pd.Series, coverage: float, least: float = 0.0
) -> pd.Series:
    """The cells of highest risk per km2 that together fit into a share of the area.

    Parameters
    ----------
    risk : expected events per cell, indexed by cell; cells without a value are never chosen
    area_km2 : area of the same cells
    coverage : share of the area that can be patrolled, 0 < coverage <= 1
    least : expected events under which a cell is never a hotspot

    Returns
    -------
    Series of bool, index of `risk`. Ties are broken by cell id, so the choice is stable and
        nested in `coverage`; a cell with zero risk is never a hotspot.
    """
    if not 0 < coverage <= 1:
        raise ValueError(f"coverage is a share of the area, 0 < coverage <= 1, got {coverage}")
    area = area_km2.reindex(risk.index).to_numpy(float)
    density = risk.to_numpy(float) / area
    density = np.where(np.isfinite(density), density, 0.0)
    order = np.lexsort((risk.index.astype(str), -density))
    reach = np.cumsum(area[order]) <= coverage * area.sum() * (1 + 1e-9)
    chosen = np.zeros(len(risk), dtype=bool)
    chosen[order[reach]] = True
    enough = (density > 0) & (risk.to_numpy(float) >= least)
    return pd.Series(chosen & enough, index=risk.index, name="hotspot")


def build_sectors(hotspots: pd.Series, grid: Grid, max_cells: int = 12) -> pd.Series:
    """Number the groups of adjoining hotspots; 0 where a cell is no hotspot.

    A patrol cannot walk a chain of forty cells, so a group larger than `max_cells` is cut
    along its longer axis until each piece fits; every piece stays connected.

    Parameters
    ----------
    hotspots : bool by cell (index: H3 id)
    grid : holds every one of these cells
    max_cells : of one group
    """
    place = grid.position(hotspots.index[hotspots.to_numpy(bool)].tolist())
    if (place < 0).any():
        raise ValueError(f"{int((place < 0).sum())} hotspots lie outside the grid")
    number = np.zeros(len(hotspots), dtype=int)
    if len(place):
        adjoining = csr_array(grid.neighbours(1)[place][:, place])
        number[hotspots.to_numpy(bool)] = 1 + _pieces(adjoining, grid.xy_km[place], max_cells)
    return pd.Series(number, index=hotspots.index, name="sector")


def describe_sectors(sector: pd.Series, risk: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """One row per sector, highest risk first.

    Parameters
    ----------
    sector : number of the sector of each cell, 0 for none (from `build_sectors`)
    risk : DataFrame indexed by cell with risk, lo, hi, previous (expected events)
    cells : DataFrame indexed by cell with lat, lon, area_km2, kabupaten_code, kecamatan_code,
        and observed (bool)

    Returns
    -------
    DataFrame with sector, kecamatan_code, kabupaten_code, cells, area_km2, risk, lo, hi,
        previous, change, observed_share, lat, lon, cell (its highest). The interval is that of
        the sum (`interval.bounds_of_sums`). What a sector is called: `geo.naming`.
    """
    inside = sector[sector > 0]
    table = cells.loc[inside.index].join(risk).assign(sector=inside)
    table = table.sort_values(["risk"], ascending=False, kind="stable")
    lon = crs.beside(table["lon"].to_numpy(float))  # a sector may lie across 180 degrees
    table["at_lat"], table["at_lon"] = table["lat"] * table["risk"], lon * table["risk"]
    groups = table.groupby("sector", sort=False)
    sums = groups[["area_km2", "risk", "previous", "at_lat", "at_lon"]].sum()
    middle, low, high = (table[name].to_numpy(float) for name in ("risk", "lo", "hi"))
    ends = bounds_of_sums(middle, low, high, groups.ngroup().to_numpy())
    first = table.reset_index(names="cell").groupby("sector", sort=False).first()
    result = pd.DataFrame(
        {
            "kecamatan_code": first["kecamatan_code"],
            "kabupaten_code": first["kabupaten_code"],
            "cells": groups.size(),
            "area_km2": sums["area_km2"],
            "risk": sums["risk"],
            "lo": ends[0],
            "hi": ends[1],
            "previous": sums["previous"],
            "change": sums["risk"] - sums["previous"],
            "observed_share": groups["observed"].mean(),
            "lat": sums["at_lat"] / sums["risk"],
            "lon": crs.back(sums["at_lon"] / sums["risk"]),
            "cell": first["cell"],
        }
    )
    result = result.sort_values(["risk", "cell"], ascending=[False, True], kind="stable")
    return result.reset_index()


def _pieces(adjoining: csr_array, xy: np.ndarray, max_cells: int) -> np.ndarray:
    """Label connected pieces of at most `max_cells` nodes."""
    label = np.full(len(xy), -1)
    part = _components(adjoining)
    waiting = [np.flatnonzero(part == k) for k in range(part.max() + 1)]
    number = 0
    while waiting:
        nodes = waiting.pop(0)
        if len(nodes) <= max_cells:
            label[nodes] = number
            number += 1
            continue
        centred = xy[nodes] - xy[nodes].mean(axis=0)
        axis = np.linalg.svd(centred, full_matrices=False)[2][0]
        along = centred @ axis
        low = along <= np.median(along)
        if low.all():
            low = np.arange(len(nodes)) < len(nodes) // 2
        for half in (nodes[low], nodes[~low]):
            part = _components(csr_array(adjoining[half][:, half]))
            waiting.extend(half[part == k] for k in range(part.max() + 1))
    return label


def _components(adjoining: csr_array) -> np.ndarray:
    return connected_components(adjoining, directed=False)[1]
