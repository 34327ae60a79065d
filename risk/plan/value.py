"""What an hour somewhere is worth: expected events met, with diminishing returns.

A sector is the parent hexagon of up to seven cells: its id stays the same from week to week, so
visits, floors and what was done can be counted on it. Hours in a sector are split over its cells
so that most is met; what they meet is risk x (1 - exp(-strength x hours)), the detection
function of `risk.engine.exposure`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.engine.interval import bounds_of_sums


@dataclass(frozen=True)
class Rules:
    """What a person may change about a plan; minutes and hours as named.

    sectors : candidates at most · block_minutes : stays are multiples of it · min_stop_minutes :
    of one visit · max_sector_minutes, max_sector_minutes_4w : over-patrol guard, a week and with
    the three weeks before · explore_share : of the hours on the ground, for sectors unvisited for
    explore_after_weeks · due_weeks : a candidate is visited within so many weeks · night_share :
    of the shifts · most_nights : of one team in a week · rest_after_night_hours : from the end of a
    night to the next shift of the team · floor : least chance of a visit to any candidate in
    reach · plans : drawn for the mixed strategy · largest_share : chance of any one plan at most ·
    robust : 0 plans for the expected risk, 1 for its lower end · optimism : share of (hi - risk)
    that counts as value where little was seen · max_stops : sectors in one shift · gap,
    time_limit_s : of the solver
    """

    sectors: int = 300
    block_minutes: int = 30
    min_stop_minutes: int = 60
    max_sector_minutes: int = 1440
    max_sector_minutes_4w: int = 4320
    explore_share: float = 0.15
    explore_after_weeks: int = 4
    due_weeks: int = 12
    night_share: float = 0.35
    most_nights: int = 3
    rest_after_night_hours: float = 11.0
    floor: float = 0.05
    plans: int = 48
    largest_share: float = 0.2
    robust: float = 0.0
    optimism: float = 0.5
    max_stops: int = 3
    gap: float = 0.02
    time_limit_s: float = 30.0


def split_hours(
    risk: np.ndarray, strength: float, hours: Sequence[float] | np.ndarray
) -> np.ndarray:
    """Hours in each cell that meet most events, for each row of `hours`.

    Maximises sum r (1 - exp(-k h)) with sum h given: the optimal search of Koopman (1957), filled
    like water: h = max(0, log(r k / price) / k).

    Parameters
    ----------
    risk : events per week of each cell of one sector, all >= 0
    strength : k, per hour
    hours : shape (n,)

    Returns
    -------
    shape (n, cells)
    """
    hours = np.atleast_1d(np.asarray(hours, float))
    log_risk = np.log(np.maximum(risk, 1e-12))
    order = np.argsort(-log_risk, kind="stable")
    ranked = log_risk[order]
    need = np.cumsum(ranked) - np.arange(1, len(ranked) + 1) * ranked  # k x hours to open cell m
    width = np.searchsorted(need, strength * hours, side="right")
    width = np.maximum(width, 1)
    price = (np.cumsum(ranked)[width - 1] - strength * hours) / width
    filled = np.maximum(0.0, ranked[None] - price[:, None]) / strength
    filled[np.arange(len(ranked))[None] >= width[:, None]] = 0.0
    out = np.zeros_like(filled)
    out[:, order] = filled
    return out


def met_by_cell(risk: np.ndarray, strength: float, hours: np.ndarray) -> np.ndarray:
    """Events met per week in each cell: risk x (1 - exp(-strength x hours)).

    Parameters
    ----------
    risk : events a week, (cells,)
    strength : per hour of patrol
    hours : in each cell, (..., cells)
    """
    return -np.expm1(-strength * hours) * risk


def met(risk: np.ndarray, strength: float, hours_by_cell: np.ndarray) -> np.ndarray:
    """Expected events met per week, summed over the cells (the last axis), as `met_by_cell`.

    Parameters
    ----------
    risk : events a week, (cells,)
    strength : per hour of patrol
    hours_by_cell : (..., cells)
    """
    return met_by_cell(risk, strength, hours_by_cell).sum(axis=-1)


def block_values(risk: np.ndarray, strength: float, block_hours: float, blocks: int) -> np.ndarray:
    """What each further block of time in a sector adds, events a week; never rising.

    Parameters
    ----------
    risk : of the sector's cells, events a week
    strength : per hour of patrol
    block_hours : length of one block
    blocks : how many there may be
    """
    hours = block_hours * np.arange(blocks + 1)
    return np.diff(met(risk, strength, split_hours(risk, strength, hours)))


def describe(owner: np.ndarray, rows: np.ndarray, cells: pd.DataFrame) -> pd.DataFrame:
    """What is known of some sectors, from their cells.

    Parameters
    ----------
    owner : sector of each cell; rows : the sectors wanted
    cells : DataFrame with risk, lo, hi (events a week) and, where known, weeks_since_visit (NaN:
        never), minutes_3w (of the last three weeks), and words and distances

    Returns
    -------
    DataFrame in the order of `rows`: sums of risk and minutes_3w, the interval of that risk, weeks
    since any of its cells was visited, number of cells, and the words of its cell of highest risk
    (`cell`).
    """
    table = cells.assign(owner=owner)
    for name, missing in (("minutes_3w", 0.0), ("weeks_since_visit", np.nan)):
        if name not in table:
            table[name] = missing
    table = table[table["owner"].isin(rows)]
    by = table.groupby("owner")
    sums = by[["risk", "minutes_3w"]].sum()
    risk, lo, hi = (table[name].to_numpy(float) for name in ("risk", "lo", "hi"))
    sums["lo"], sums["hi"] = bounds_of_sums(risk, lo, hi, by.ngroup().to_numpy())
    sums["weeks_since_visit"] = by["weeks_since_visit"].min()
    sums["cells"] = by.size()
    first = table.sort_values("risk", ascending=False, kind="stable").drop_duplicates("owner")
    first = first.set_index("owner")
    words = [name for name in WORDS if name in first]
    return sums.join(first[words]).reindex(rows).reset_index(drop=True)


WORDS = (
    "cell", "lat", "lon", "desa", "kecamatan_code", "kabupaten_code", "doubt", "dist_post_km",
    "dist_desa_km", "dist_border_km", "inbound_share", "outbound_share",
)  # fmt: skip
