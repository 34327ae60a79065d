"""Events, with effort or without, laid on weeks and cells: the records every expert learns from.

Weeks are counted back from an origin, not from Monday, so that a window of any length is a whole
number of them.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from geo.grid import Grid
from risk.engine.detection import effort_panel, period_counts
from risk.engine.excitation import YEAR_DAYS, Past, past_of, utc
from risk.engine.memory import Records, Spots

#: Days that a step has at most; a longer window is several steps.
STEP_DAYS = 7.0
#: (steps, cells) that one panel holds; older steps are left out beyond the last LONG ones.
MAX_VALUES, LONG = 2_000_000, 156
#: Steps with effort that are looked back at most: ten years.
WATCHED_STEPS = 520
#: Steps that the season is told ahead of the records.
AHEAD = 1


def steps_of(days: float) -> int:
    """Steps in a window of so many days, at least one."""
    return max(1, round(days / STEP_DAYS))


def lay(events: pd.DataFrame, grid: Grid, start: pd.Timestamp, days: float) -> Records:
    """Records of every step before `start` and every cell; nobody's effort is known.

    Parameters
    ----------
    events : DataFrame with lat, lon (degrees), time; those that cannot matter are left out as
        `excitation.past_of` does
    grid : cells to forecast
    start : origin
    days : length of the window that will be asked for

    Returns
    -------
    Records whose `weeks` are the first days of the steps, `days / steps_of(days)` days each. The
        oldest, partial step is left out of the panels, not of the spots. Season: sine and cosine
        of the time of year.
    """
    past = past_of(events, grid, start, days)
    step = days / steps_of(days)
    back = np.ceil(past.age / step).astype(int)
    inside = past.place >= 0
    oldest = int(past.age[inside].max() // step) if inside.any() else 0
    n = int(np.clip(oldest, 1, max(LONG, MAX_VALUES // len(grid))))
    kept = inside & (back <= n)
    counts = np.zeros((n, len(grid)), np.float32)
    np.add.at(counts, (n - back[kept], past.place[kept]), past.weight[kept])
    records = _records(grid, counts, np.zeros_like(counts), start, step, steps_of(days))
    return replace(records, spots=Spots(past.lat, past.lon, past.place, n * step - past.age))


def lay_watched(past: Past, effort: pd.DataFrame, start: pd.Timestamp, horizon: int) -> Records:
    """Records and effort of every step of STEP_DAYS before `start`, as the map's engine takes them.

    Parameters
    ----------
    past : events before the origin
    effort : cell, period_start, days, effort; a unit counts as an hour
    start : origin
    horizon : steps that will be asked for
    """
    weekly = replace(past, days=STEP_DAYS)
    most = min(WATCHED_STEPS, max(LONG, MAX_VALUES // len(past.grid)))
    n = int(np.clip(weekly.n_periods, 1, most))
    found = period_counts(weekly, n).astype(np.float32)
    minutes = (60 * effort_panel(effort, weekly, start, n)).astype(np.float32)
    return _records(past.grid, found, minutes, start, STEP_DAYS, horizon)


def _records(
    grid: Grid,
    counts: np.ndarray,
    minutes: np.ndarray,
    start: pd.Timestamp,
    step: float,
    horizon: int,
) -> Records:
    """Records from panels of events and effort, both (steps, cells) and oldest first."""
    n = len(counts)
    days_from_start = step * np.arange(-n, horizon + AHEAD)
    turn = 2 * np.pi * (_day_of_year(start) + days_from_start + step / 2) / YEAR_DAYS
    return Records(
        grid=grid,
        weeks=utc(start) + pd.to_timedelta(days_from_start[:n], unit="D"),
        discovered=counts,
        discovered_points=counts,
        points=counts,
        reported=np.zeros_like(counts),
        effort={"patrol": minutes},
        static=np.zeros((len(grid), 0), np.float32),
        static_names=[],
        season=np.column_stack([np.sin(turn), np.cos(turn)]).astype(np.float32),
        season_names=["year_sin", "year_cos"],
        step_days=step,
    )


def past_before(records: Records, week: int, horizon: int) -> Past:
    """The events before a week of the records, as the kernels take them.

    Where the spots are not known, an event lies in the middle of its week and of its cell.

    Parameters
    ----------
    records : counts of every week and cell
    week : origin; nothing at or after it is seen
    horizon : weeks that a period of the answer has
    """
    grid, step, spots = records.grid, records.step_days, records.spots
    if spots is not None:
        age = week * step - spots.day
        kept = np.flatnonzero(age > 0)
        kept = kept[np.lexsort((spots.lon[kept], spots.lat[kept], age[kept]))]
        lat, lon, place = (x[kept] for x in (spots.lat, spots.lon, spots.place))
        return Past(grid, horizon * step, lat, lon, place, age[kept], np.ones(len(kept)))
    counts = records.counts[:week]
    at, place = np.nonzero(counts[::-1])  # youngest first
    age = np.asarray((at + 0.5) * step, np.float64)
    weight = counts[::-1][at, place].astype(float)
    return Past(grid, horizon * step, grid.lat[place], grid.lon[place], place, age, weight)


def _day_of_year(start: pd.Timestamp) -> float:
    moment = utc(start)
    return (moment - pd.Timestamp(moment.year, 1, 1)) / pd.Timedelta(days=1)
