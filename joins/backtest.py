"""Any file of events -> past periods forecast from earlier ones -> tables and a report."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h3
import numpy as np
import pandas as pd
from rich.table import Table

from data.errors import DataError
from data.intake.read import read_file
from data.intake.reading import Reading
from geo.grid import Grid
from joins import backtest_report
from joins.backtest_effort import Looking, read_looking
from joins.backtest_report import SHOWN
from joins.refused import refusals
from risk.engine.forecast import forecast
from risk.engine.pooled import Pooled
from risk.scores import dissect, validation
from risk.scores import rivals as baselines

MODELS: dict[str, validation.Model] = {
    "uniform": baselines.uniform,
    "count": baselines.all_counts,
    "kde": baselines.kde,
    "decayed_kde": baselines.decayed_kde,
    "etas": baselines.etas,
    "gbm_lags": baselines.boosted_lags,
    "forecast": forecast,
}
#: models that are no rivals of the pool, the map's engine: itself, what it is corrected into, its
#: events-only form, and the flat map
NO_RIVALS = ("pool", "pool_effort", "forecast", "forecast_effort", "uniform")
#: share of the area for which regions and stability are told
AREA = 0.05
#: H3 parents as regions: as many as a table can hold
MOST_REGIONS = 20


@dataclass(frozen=True)
class Backtest:
    """Scores per model and period, what they are made of, and the facts as plain values.

    curve : share of events by share of the area; regions : the same per district or H3 parent;
    reliability : forecast against seen, of the pool and of its best rival; stability : how much
    of a list of hotspots stays; both : raw and corrected scores, None without a file of effort.
    """

    periods: pd.DataFrame
    summary: pd.DataFrame
    gains: pd.DataFrame
    curve: pd.DataFrame
    regions: pd.DataFrame
    reliability: dict[str, pd.DataFrame]
    stability: pd.DataFrame
    both: pd.DataFrame | None
    facts: dict[str, Any]

    @property
    def best(self) -> str:
        """The rival of most information."""
        return self.facts["best_rival"]


@dataclass(frozen=True)
class Regions:
    """Name of the region of each cell (index: cell), and what the regions are."""

    names: pd.Series
    kind: str


def run(
    file: Path,
    resolution: int,
    rings: int | None,
    n_periods: int,
    days: int,
    progress: Callable[[str, float], object],
    grid: Grid | None = None,
    models: dict[str, validation.Model] | None = None,
    effort: Path | None = None,
    districts: pd.Series | None = None,
) -> Backtest:
    """Forecast the last periods of a file, each from strictly earlier events.

    The cells are those of `grid`, or else every cell within `rings` of one that was hit before
    the first test period.

    Parameters
    ----------
    file : events
    resolution, rings : of the cells, where no grid is given
    n_periods, days : tested periods, and how long each is
    progress : called with the period that was tested and the share done
    grid : cells to test on
    models : the map's engine ("pool"), its events-only form and all rivals if not given
    effort : file of effort; then raw and corrected scores stand side by side, and corrected
        models are among them
    districts : name of the district of each cell (index); H3 parents where it names none

    Raises
    ------
    DataError
        If a file cannot be read or its events are too few for so many periods.
    """
    (reading, events), models = _read(file), dict(models or {**MODELS, "pool": Pooled()})
    with refusals(file.name):
        ground = _ground(events, resolution, rings, n_periods, days, grid)
        starts = validation.period_starts(events, days, n_periods)
        looking, about = None, None
        if effort is not None:
            looking, about = read_looking(effort, events, ground, starts[0])
            models["forecast_effort"] = looking.events_only
            models["pool_effort"] = looking.corrected
        periods, rates = _forecast_past(events, ground, days, n_periods, models, progress)
    summary = validation.summary(periods)
    best, gains = _against_rivals(periods, summary)
    observed, outside = _observed(events, ground, starts, days)
    regions = _regions(ground, districts)
    parts = _parts(rates, best, observed, outside, regions.names.reindex(ground.cells))
    parts["both"] = _both_ways(rates, observed, summary, looking, starts, days)
    tested = {
        "periods": n_periods,
        "period_days": days,
        "first_period": f"{starts.min():%Y-%m-%d}",
        "last_period": f"{starts.max():%Y-%m-%d}",
        "tested_events": int(observed.sum() + outside.sum()),
        "outside": int(outside.sum()),
    }
    facts = {
        "file": file.name,
        **_brought(reading, events),
        "resolution": resolution,
        "cells": len(ground),
        **tested,
        "best_rival": best,
        "region_kind": regions.kind,
        "models": _plain(summary),
        "gain_of_pool_over": _plain(gains),
        "effort": about,
        **_told(parts),
    }
    return Backtest(periods, summary, gains, **parts, facts=facts)


def _against_rivals(periods: pd.DataFrame, summary: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """The rival of most information, and what the pool gains over each (rows: rivals)."""
    rivals = [name for name in summary.index if name not in NO_RIVALS]
    best = str(summary.loc[rivals, "ig"].idxmax()) if rivals else "pool"
    gains = {name: validation.compare(periods, "pool", name) for name in rivals}
    return best, pd.DataFrame(gains).T.rename_axis("rival")


def _brought(reading: Reading, events: pd.DataFrame) -> dict[str, Any]:
    """What a file brought: rows read and set aside, and the events that are tested on."""
    return {
        "read": reading.n_read,
        "set_aside": len(reading.set_aside),
        "events": len(events),
        "synthetic": bool(reading.synthetic),
    }


def _ground(
    events: pd.DataFrame, resolution: int, rings: int | None, n_periods: int, days: int,
    grid: Grid | None,
) -> Grid:  # fmt: skip
    """The cells to test on: those that are given, else those around what was hit before."""
    if grid is not None:
        return Grid(grid.cells)
    if rings is None:
        raise TypeError("without a grid, rings say which cells are meant")
    return Grid(validation.protocol_cells(events, resolution, rings, n_periods, days))


def _forecast_past(
    events: pd.DataFrame,
    ground: Grid,
    days: int,
    n_periods: int,
    models: dict[str, validation.Model],
    progress: Callable[[str, float], object],
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Scores of every model and period, and the rates behind them (period, cell) by model."""
    kept: dict[str, list[np.ndarray]] = {name: [] for name in models}
    done = 0

    def report(when: str) -> None:
        nonlocal done
        done += 1
        progress(when, done / n_periods)

    def keep(name: str, rates: np.ndarray) -> None:
        kept[name].append(rates)

    periods = validation.rolling_origin(events, ground.cells, days, n_periods, models, report, keep)
    return periods, {name: np.stack(some) for name, some in kept.items()}


def _parts(
    rates: dissect.Forecasts,
    best: str,
    observed: np.ndarray,
    outside: np.ndarray,
    region: pd.Series,
) -> dict[str, Any]:
    """The back-test taken apart; places and sizes for the pool, its best rival and decayed KDE."""
    names = dict.fromkeys(("pool", best, "decayed_kde"))
    main = {name: rates[name] for name in names if name in rates}
    return {
        "curve": dissect.hit_curve(rates, observed, outside),
        "regions": dissect.by_region(main, observed, region.fillna("").to_numpy(), AREA),
        "reliability": {name: dissect.reliability(one, observed) for name, one in main.items()},
        "stability": dissect.stability(rates, AREA),
    }


def _told(parts: dict[str, Any]) -> dict[str, Any]:
    """The parts as plain values."""
    return {
        "hit_curve": _plain(parts["curve"]),
        "regions": _plain(parts["regions"]),
        "reliability": {name: one.to_dict("list") for name, one in parts["reliability"].items()},
        "stability": _plain(parts["stability"]),
        "corrected": None if parts["both"] is None else _plain(parts["both"]),
    }


def as_table(result: Backtest) -> Table:
    """The summary for a terminal of 80 columns; the report holds all of it."""
    keys = ("ig", "ig_low", "ig_high", "hit_5", "pai_5", "deviance", "calibration")
    table = Table("model", *(SHOWN.get(key, key) for key in keys), padding=(0, 0))
    for name, row in result.summary.iterrows():
        table.add_row(str(name), *(f"{row[key]:.3f}" for key in keys))
    return table


def write(result: Backtest, folder: Path) -> None:
    """report.html, report.md with its pictures, report.json and periods.csv in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = backtest_report.pictures(result)
    for name, picture in drawn.items():
        (folder / f"{name}.svg").write_text(picture, encoding="utf-8")
    html = backtest_report.as_html(result, drawn)
    (folder / "report.html").write_text(html, encoding="utf-8")
    (folder / "report.md").write_text(backtest_report.as_markdown(result), encoding="utf-8")
    text = json.dumps(result.facts, indent=1, ensure_ascii=False)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    result.periods.to_csv(folder / "periods.csv", index=False)


def _read(file: Path) -> tuple[Reading, pd.DataFrame]:
    whole = read_file(file)
    reading = whole.of("events")
    if reading is None:
        what = f"{file.name}: a file of events is expected, got {whole.kind}"
        raise DataError(what, key="no_events_file", where=file.name)
    events = reading.kept
    events = events[(events["record_status"] != "withdrawn") & events["lat"].notna()]
    events = events.rename(columns={"event_start": "time", "event_type": "kind"})
    names = ["event_id", "lat", "lon", "time", "kind", "detection"]
    events = events[names].reset_index(drop=True)
    if events.empty:
        raise DataError(
            f"{file.name}: no event with a point and a time to test on",
            key="no_points", where=file.name,
        )  # fmt: skip
    return reading, events


def _observed(
    events: pd.DataFrame, grid: Grid, starts: pd.DatetimeIndex, days: int
) -> tuple[np.ndarray, np.ndarray]:
    """Events of each tested period in each cell, and those in no cell."""
    times = validation.utc_times(events["time"]).to_numpy()
    place = grid.locate(events["lat"].to_numpy(), events["lon"].to_numpy())
    period = np.searchsorted(starts.to_numpy(), times, side="right") - 1
    late = times >= (starts[-1] + pd.Timedelta(days=days)).to_datetime64()
    kept = (period >= 0) & ~late
    observed = np.zeros((len(starts), len(grid)))
    np.add.at(observed, (period[kept & (place >= 0)], place[kept & (place >= 0)]), 1.0)
    outside = np.bincount(period[kept & (place < 0)], minlength=len(starts))
    return observed, outside


def _regions(grid: Grid, districts: pd.Series | None) -> Regions:
    """Districts where the cells have some, else the finest H3 parents that fit into a table."""
    if districts is not None:
        names = districts.reindex(grid.cells).fillna("").astype("str")
        if (names != "").any():
            return Regions(names, "district")
    for level in range(grid.resolution - 1, -1, -1):
        parents = [h3.cell_to_parent(cell, level) for cell in grid.cells]
        if len(set(parents)) <= MOST_REGIONS or level == 0:
            return Regions(pd.Series(parents, index=grid.cells), f"H3 parent, resolution {level}")
    return Regions(pd.Series("", index=grid.cells), "none")


def _both_ways(
    every_rate: dict[str, np.ndarray], observed: np.ndarray, summary: pd.DataFrame,
    looking: Looking | None, starts: pd.DatetimeIndex, days: int,
) -> pd.DataFrame | None:  # fmt: skip
    """Raw and corrected scores of every model; corrected models are judged by their rates."""
    if looking is None:
        return None
    every_rate = every_rate | {name: np.stack(rates) for name, rates in looking.rates.items()}
    fair = dissect.corrected(every_rate, observed, looking.chance(list(starts), days))
    fair = fair.rename(
        columns=lambda name: re.sub(r"(_low|_high|)$", r"_corrected\1", name, count=1)
    )
    raw = summary[["ig", "ig_low", "ig_high", "hit_5", "hit_5_low", "hit_5_high"]]
    return raw.join(fair).sort_values("ig_corrected", ascending=False, kind="stable")


def _plain(table: pd.DataFrame) -> dict[str, Any]:
    return json.loads(table.to_json(orient="index"))
