"""Rolling origin: every model forecasts each of the last periods from strictly earlier events.

A model is any callable `(events, cells, start, days) -> expected events per cell`, the same
shape as `risk.engine.forecast.forecast`.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from h3ronpy import grid_disk

from geo.grid import Grid, cell_names, cells_of
from geo.impossible import Impossible, fault
from risk.scores import metrics

Model = Callable[[pd.DataFrame, list[str], pd.Timestamp, int], np.ndarray]


def utc_times(times: pd.Series) -> pd.Series:
    """Times of any kind (text, naive, with a zone) as naive UTC; unreadable ones become NaT."""
    parsed = pd.to_datetime(times, utc=True, errors="coerce", format="mixed")
    return parsed.dt.tz_localize(None).astype("datetime64[ns]")


def period_starts(events: pd.DataFrame, period_days: int, n_periods: int) -> pd.DatetimeIndex:
    """Starts of the last periods, counted back from the day after the last event.

    The oldest period, only partly covered by events, is left out.

    Parameters
    ----------
    events : DataFrame with time
    period_days : length of a period
    n_periods : periods wanted

    Raises
    ------
    Impossible
        If the events do not cover that many full periods and one more.
    """
    times = utc_times(events["time"]).dropna()
    end = times.max().normalize() + pd.Timedelta(days=1)
    step = pd.Timedelta(days=period_days)
    full = int((end - times.min().normalize()) / step)
    if not 0 < n_periods < full:
        what = f"{full} full periods of {period_days} days cannot test {n_periods}"
        raise Impossible(fault("periods_few", what, full=full, days=period_days, n=n_periods))
    return pd.DatetimeIndex([end - step * back for back in range(n_periods, 0, -1)])


def protocol_cells(
    events: pd.DataFrame, resolution: int, k: int, n_periods: int, period_days: int = 28
) -> list[str]:
    """Every H3 cell within `k` rings of a cell hit before the first test origin, sorted.

    Parameters
    ----------
    events : DataFrame with time, lat and lon (degrees)
    resolution : of H3
    k : rings
    n_periods, period_days : test periods, and the length of each
    """
    first = period_starts(events, period_days, n_periods)[0]
    past = events[(utc_times(events["time"]) < first).to_numpy()]
    hit = np.unique(cells_of(past["lat"].to_numpy(), past["lon"].to_numpy(), resolution))
    return cell_names(np.unique(np.asarray(grid_disk(hit, k, flatten=True)))).tolist()


def rolling_origin(
    events: pd.DataFrame,
    cells: Sequence[str],
    period_days: int,
    n_periods: int,
    models: Mapping[str, Model],
    progress: Callable[[str], None] | None = None,
    watch: Callable[[str, np.ndarray], None] | None = None,
) -> pd.DataFrame:
    """Forecast each of the last `n_periods` from earlier events and score it.

    Parameters
    ----------
    events : DataFrame with time, lat and lon (degrees)
    cells : H3 ids
    period_days, n_periods : length of a test period, and how many of them
    models : by name
    progress : called with the day of each origin once it is scored
    watch : called with the name of a model and its forecast of every cell, period by period

    Returns
    -------
    DataFrame, one row per (model, period_start): n_events (outside included), n_outside, ig_sum
        (nats, events inside), hits_1, hits_2, hits_5, hits_10 (events found in the top 1, 2, 5,
        10 % of the cells), best_1 ... best_10 (most that any ranking finds), pai_5, pei_5,
        deviance, expected_total, observed_total (inside), seconds.
    """
    grid = Grid(cells)
    times = utc_times(events["time"]).to_numpy()
    place = grid.locate(events["lat"].to_numpy(), events["lon"].to_numpy())
    rows = []
    for start in period_starts(events, period_days, n_periods):
        now = (times >= start.to_datetime64()) & (
            times < (start + pd.Timedelta(days=period_days)).to_datetime64()
        )
        observed = np.bincount(place[now & (place >= 0)], minlength=len(grid)).astype(float)
        past = events[times < start.to_datetime64()]
        for name, model in models.items():
            clock = time.perf_counter()
            expected = np.asarray(model(past, grid.cells, start, period_days), float)
            seconds = time.perf_counter() - clock
            if watch:
                watch(name, expected)
            rows.append(
                {"model": name, "period_start": start}
                | score(expected, observed, int((place[now] < 0).sum()))
                | {"seconds": seconds}
            )
        if progress:
            progress(f"{start:%Y-%m-%d}")
    return pd.DataFrame(rows)


def score(expected: np.ndarray, observed: np.ndarray, n_outside: int) -> dict[str, float]:
    """All scores of one forecast of one period, as a row of `rolling_origin`.

    Parameters
    ----------
    expected, observed : (n_cells,), forecast and counted events
    n_outside : events that fell outside all cells
    """
    found = {
        f"{name}_{round(100 * area)}": metrics.hits(ranking, observed, area)
        for name, ranking in (("hits", expected), ("best", observed))
        for area in metrics.AREAS
    }
    return {
        "n_events": int(observed.sum()) + n_outside,
        "n_outside": n_outside,
        "ig_sum": metrics.log_gain(expected, observed),
        **found,
        "pai_5": metrics.pai(expected, observed, 0.05, n_outside),
        "pei_5": metrics.pei(expected, observed, 0.05),
        "deviance": metrics.poisson_deviance(expected, observed),
        "expected_total": float(expected.sum()),
        "observed_total": float(observed.sum()),
    }


def summary(table: pd.DataFrame, coverage: float = 0.95) -> pd.DataFrame:
    """One row per model, in the order first met, with intervals by resampling periods.

    ig is a mean over the events inside, hit_1 ... hit_10 over all events; `_low`, `_high` bound
    ig and the hits; pai_1 ... and pei_1 ... are pooled over periods (sum of hits over sum of best
    hits).
    """
    rows = []
    for name, part in table.groupby("model", sort=False):
        inside = part["n_events"] - part["n_outside"]
        row: dict[str, Any] = {"model": name, "ig": part["ig_sum"].sum() / inside.sum()}
        row["ig_low"], row["ig_high"] = metrics.ratio_interval(part["ig_sum"], inside, coverage)
        for area in (1, 2, 5, 10):
            hits = part[f"hits_{area}"]
            row[f"hit_{area}"] = hits.sum() / part["n_events"].sum()
            row[f"hit_{area}_low"], row[f"hit_{area}_high"] = metrics.ratio_interval(
                hits, part["n_events"], coverage
            )
            row[f"pai_{area}"] = row[f"hit_{area}"] / (area / 100)
            row[f"pei_{area}"] = hits.sum() / part[f"best_{area}"].sum()
        row["deviance"] = part["deviance"].mean()
        row["calibration"] = metrics.calibration(part["expected_total"], part["observed_total"])
        row["outside"] = part["n_outside"].sum() / part["n_events"].sum()
        row["seconds"] = part["seconds"].median()
        rows.append(row)
    return pd.DataFrame(rows).set_index("model")


def compare(table: pd.DataFrame, model: str, rival: str, coverage: float = 0.95) -> pd.Series:
    """Paired gain of one model over another: ig and hit_5, each with its interval over periods.

    Parameters
    ----------
    table : as `rolling_origin` gives it
    model, rival : names of the two
    coverage : of the intervals, 0 to 1
    """
    mine = table[table["model"] == model].set_index("period_start")
    other = table[table["model"] == rival].set_index("period_start")
    inside = mine["n_events"] - mine["n_outside"]
    result = {}
    for name, column, bottom in [("ig", "ig_sum", inside), ("hit_5", "hits_5", mine["n_events"])]:
        gain = mine[column] - other[column]
        result[name] = gain.sum() / bottom.sum()
        result[f"{name}_low"], result[f"{name}_high"] = metrics.ratio_interval(
            gain, bottom, coverage
        )
    return pd.Series(result, name=f"{model} - {rival}")
