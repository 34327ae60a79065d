"""Counts and effort per (period, cell). Zeros are entries too: a quiet cell is data.

Panels are float32 arrays of shape (periods, cells): the decay of memory runs along the first
axis and the rings along the second, which is the layout both steps are fastest in. Counts are
additive, so a panel of two files is the sum of their panels, at any scale.
"""

import numpy as np
import pandas as pd


def count_events(support: pd.DataFrame, weeks: pd.DatetimeIndex, n_cells: int) -> np.ndarray:
    """Count events in every week and cell.

    Parameters
    ----------
    support : DataFrame with week (Monday), place (position of the cell), weight (share of the
        event that falls in this cell, 0 to 1)
    weeks : every week to fill; rows of other weeks are left out
    n_cells : number of cells of the grid

    Returns
    -------
    float32, shape (weeks, cells). A cell without events is 0; whether anybody looked there is
        told by the panel of effort.

    Raises
    ------
    ValueError
        If a row has no place.
    """
    return _fill(support, "weight", weeks, n_cells)


def sum_effort(
    effort: pd.DataFrame, weeks: pd.DatetimeIndex, n_cells: int, column: str = "minutes"
) -> np.ndarray:
    """Effort of every week and cell: float32, shape (weeks, cells), unit of `column`.

    `effort` has week (Monday), place (position of the cell) and the column to add up.

    Parameters
    ----------
    weeks : Mondays to fill; rows of other weeks are left out
    n_cells : number of cells of the grid
    """
    return _fill(effort, column, weeks, n_cells)


def gather_periods(panel: np.ndarray, length: int) -> np.ndarray:
    """Add up whole periods of `length` weeks counted back from the last week.

    The oldest weeks that do not fill a period are left out. Shape (periods, cells).
    """
    if length < 1:
        raise ValueError(f"a period has at least one week, got {length}")
    whole = len(panel) // length
    tail = panel[len(panel) - whole * length :]
    return tail.reshape(whole, length, panel.shape[1]).sum(axis=1)


def _fill(table: pd.DataFrame, column: str, weeks: pd.DatetimeIndex, n_cells: int) -> np.ndarray:
    place = table["place"].to_numpy()
    if lost := int((place < 0).sum()):
        raise ValueError(f"{lost} of {len(table)} rows have no cell; set them aside first")
    if len(place) and place.max() >= n_cells:
        raise ValueError(f"place {place.max()} is outside a grid of {n_cells} cells")
    row = weeks.get_indexer(pd.DatetimeIndex(table["week"]))
    kept = row >= 0
    key = row[kept].astype(np.int64) * n_cells + place[kept]
    total = np.bincount(key, table[column].to_numpy(float)[kept], len(weeks) * n_cells)
    return total.reshape(len(weeks), n_cells).astype(np.float32)
