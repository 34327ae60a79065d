"""Any file of events -> past periods forecast from earlier ones -> tables and a report."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from rich.table import Table

from data.errors import DataError
from data.read import read_file
from geo.grid import Grid
from risk import baselines, validation
from risk.forecast import forecast

MODELS: dict[str, validation.Model] = {
    "uniform": baselines.uniform,
    "count": baselines.all_counts,
    "kde": baselines.kde,
    "decayed_kde": baselines.decayed_kde,
    "etas": baselines.etas,
    "gbm_lags": baselines.boosted_lags,
    "pool": forecast,
}
SHOWN = {
    "ig": "ig",
    "ig_low": "ig lo",
    "ig_high": "ig hi",
    "hit_1": "hit@1",
    "hit_2": "hit@2",
    "hit_5": "hit@5",
    "hit_5_low": "hit@5 lo",
    "hit_5_high": "hit@5 hi",
    "hit_10": "hit@10",
    "pai_5": "PAI@5",
    "pei_5": "PEI@5",
    "deviance": "deviance",
    "calibration": "calibration",
    "outside": "outside",
}


@dataclass(frozen=True)
class Backtest:
    """Scores per model and period, their summary, and the facts of the run as plain values."""

    periods: pd.DataFrame
    summary: pd.DataFrame
    gains: pd.DataFrame
    facts: dict


def run(
    file: Path,
    resolution: int,
    rings: int | None,
    n_periods: int,
    days: int,
    progress: Callable[[str, float], None],
    grid: Grid | None = None,
    models: dict[str, validation.Model] | None = None,
) -> Backtest:
    """Forecast the last periods of a file, each from strictly earlier events.

    The cells are those of `grid`, or else every cell within `rings` of one that was hit before
    the first test period.

    Raises
    ------
    DataError
        If the file cannot be read or its events are too few for so many periods.
    """
    reading = read_file(file)
    events = reading.kept
    events = events[(events["record_status"] != "withdrawn") & events["lat"].notna()]
    events = events.rename(columns={"event_start": "time", "event_type": "kind"})
    events = events[["event_id", "lat", "lon", "time", "kind"]].reset_index(drop=True)
    if events.empty:
        raise DataError(f"{file.name}: no event with a point and a time to test on")
    try:
        cells = (
            grid.cells
            if grid is not None
            else validation.protocol_cells(events, resolution, rings, n_periods, days)
        )
        done = 0

        def report(when: str) -> None:
            nonlocal done
            done += 1
            progress(when, done / n_periods)

        periods = validation.rolling_origin(
            events, cells, days, n_periods, models or MODELS, report
        )
    except ValueError as problem:
        raise DataError(f"{file.name}: {problem}") from None
    summary = validation.summary(periods)
    rivals = [name for name in summary.index if name not in ("pool", "uniform")]
    gains = pd.DataFrame(
        {name: validation.compare(periods, "pool", name) for name in rivals}
    ).T.rename_axis("rival")
    facts = {
        "file": file.name,
        "read": reading.n_read,
        "set_aside": len(reading.set_aside),
        "events": len(events),
        "synthetic": bool(reading.synthetic),
        "resolution": resolution,
        "cells": len(cells),
        "periods": n_periods,
        "period_days": days,
        "first_period": f"{periods['period_start'].min():%Y-%m-%d}",
        "last_period": f"{periods['period_start'].max():%Y-%m-%d}",
        "models": json.loads(summary.to_json(orient="index")),
        "gain_of_pool_over": json.loads(gains.to_json(orient="index")),
    }
    return Backtest(periods, summary, gains, facts)


def as_table(result: Backtest) -> Table:
    """The summary for a terminal."""
    table = Table("model", *SHOWN.values())
    for name, row in result.summary.iterrows():
        table.add_row(str(name), *(f"{row[key]:.3f}" for key in SHOWN))
    return table


def as_markdown(result: Backtest) -> str:
    """The whole report: how it was done, all models, paired gains, every period."""
    facts = result.facts
    label = "**DATA SINTETIS** – " if facts["synthetic"] else ""
    lines = [
        f"# {label}Backtest: {facts['file']}",
        "",
        f"{facts['events']} events on {facts['cells']} H3 cells of resolution "
        f"{facts['resolution']}. Each of the last {facts['periods']} periods of "
        f"{facts['period_days']} days ({facts['first_period']} to {facts['last_period']}) is "
        "forecast from strictly earlier events; every hyper-parameter comes from that past.",
        "",
        "ig: information gain over a uniform forecast, nats per event inside the cells. hit@a: "
        "share of all events in the top a % of cells. PAI = hit rate / area, PEI = PAI / best "
        "possible. lo, hi: 95 % interval by resampling periods. outside: events in no cell, a "
        "miss for every model.",
        "",
        _rows("model", result.summary, SHOWN),
        "",
        "Gain of the pool over each rival, paired by period:",
        "",
        _rows("rival", result.gains, {name: name for name in result.gains.columns}),
        "",
        "Information gain in every period:",
        "",
        _rows("period", _by_period(result.periods), None),
    ]
    return "\n".join(lines) + "\n"


def write(result: Backtest, folder: Path) -> None:
    """report.md, report.json and periods.csv in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text(as_markdown(result), encoding="utf-8")
    told = json.dumps(result.facts, indent=1, ensure_ascii=False)
    (folder / "report.json").write_text(told + "\n", encoding="utf-8")
    result.periods.to_csv(folder / "periods.csv", index=False)


def _by_period(periods: pd.DataFrame) -> pd.DataFrame:
    inside = periods["n_events"] - periods["n_outside"]
    table = periods.assign(
        ig=periods["ig_sum"] / inside, period=periods["period_start"].dt.strftime("%Y-%m-%d")
    )
    wide = table.pivot(index="period", columns="model", values="ig")
    events = table.groupby("period")["n_events"].first()
    return wide[list(dict.fromkeys(periods["model"]))].assign(events=events)


def _rows(name: str, table: pd.DataFrame, shown: dict[str, str] | None) -> str:
    shown = shown or {column: str(column) for column in table.columns}
    head = [name, *shown.values()]
    body = [
        [str(key), *("" if pd.isna(row[c]) else f"{row[c]:.3f}" for c in shown)]
        for key, row in table.iterrows()
    ]
    lines = [head, ["---"] + ["---:"] * len(shown), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
