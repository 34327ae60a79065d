"""Forecast benchmark: every model on the same rolling origins, written to docs/.

    python -m bench.risk.forecast DIR_WITH_EVENTS [--sets piracy_seasia ...] [--no-worlds] [--keep]

Reads `NAME.csv.gz` files (event_id, lat, lon, time, kind) and invents worlds whose truth is known,
and writes docs/results/forecast_results.json and docs/forecast_results.md. Nothing in the result is
typed by hand.
"""

import argparse
import json
import platform
import time
from collections.abc import Sequence
from pathlib import Path

import h3
import numpy as np
import pandas as pd

from risk.engine.forecast import forecast
from risk.scores.rivals import MODELS
from risk.scores.validation import compare, protocol_cells, rolling_origin, summary

DAYS = 28
SETS = {  # resolution, rings around past cells, tested periods
    "piracy_seasia": (4, 2, 65),
    "medellin_homicide": (9, 2, 26),
    "cincinnati_burglary": (9, 2, 13),
}
WORLDS = ("clustered", "exciting", "moving", "seasonal")
OTHER_SIZES = (250, 800, 8000)  # events in a world; the usual one has 3000
OURS = "forecast"
DOCS = Path(__file__).parents[2] / "docs"


def invent(kind: str, seed: int = 0, n_events: int = 3000, years: float = 5.0) -> pd.DataFrame:
    """Events of a world with known behaviour, around the equator, about 100 km wide.

    clustered: fixed places of unequal strength; exciting: half of the events follow another one
    nearby within weeks; moving: places drift about 10 km a year; seasonal: half of the places
    are awake in one half of the year, half in the other. A fifth is spread evenly everywhere.
    """
    random = np.random.default_rng([seed, WORLDS.index(kind)])
    day = np.sort(random.uniform(0, 365.25 * years, n_events))
    places = random.normal(0, 20, (40, 2))
    strength = random.gamma(0.6, 1.0, 40)
    drift = random.normal(0, 10, (40, 2)) if kind == "moving" else np.zeros((40, 2))
    xy = np.empty((n_events, 2))
    for i, t in enumerate(day):
        chance = strength.copy()
        if kind == "seasonal":
            summer = np.sin(2 * np.pi * t / 365.25) > 0
            chance[np.arange(40) % 2 == int(summer)] *= 0.1
        luck = random.random()
        recent = np.flatnonzero(day[:i] > t - random.exponential(25)) if kind == "exciting" else []
        if luck < 0.2:
            xy[i] = random.uniform(-50, 50, 2)
        elif luck < 0.7 and len(recent):
            xy[i] = xy[random.choice(recent)] + random.normal(0, 1.0, 2)
        else:
            at = random.choice(40, p=chance / chance.sum())
            xy[i] = places[at] + drift[at] * t / 365.25 + random.normal(0, 1.5, 2)
    return pd.DataFrame(
        {
            "event_id": [f"{kind}-{i}" for i in range(n_events)],
            "lat": xy[:, 1] / 111.2,
            "lon": 110 + xy[:, 0] / 111.2,
            "time": pd.Timestamp("2020-01-01") + pd.to_timedelta(day, unit="D"),
            "kind": "invented",
        }
    )


def world_cells(resolution: int = 7) -> list[str]:
    """All cells of an invented world."""
    box = h3.LatLngPoly([(-0.45, 109.55), (-0.45, 110.45), (0.45, 110.45), (0.45, 109.55)])
    return sorted(h3.h3shape_to_cells(box, resolution))


def run(
    name: str,
    events: pd.DataFrame,
    cells: list[str],
    n_periods: int,
    only: Sequence[str] = (),
    before: Sequence[dict] = (),
) -> dict:
    """Scores of all models on one set, as plain numbers.

    only: models to run anew; the others' rows are then taken from `before`, an earlier run.
    """
    models = {**MODELS, OURS: forecast}
    kept = pd.DataFrame([row for row in before if only and row["model"] not in only])
    models = {model: call for model, call in models.items() if not only or model in only}
    began = time.perf_counter()

    def progress(period: str) -> None:
        print(f"\r{name}: {period}, {time.perf_counter() - began:.0f} s", end="", flush=True)

    table = rolling_origin(events, cells, DAYS, n_periods, models, progress)
    print()
    if len(kept):
        kept["period_start"] = pd.to_datetime(kept["period_start"])
        table = pd.concat([kept, table])
        table = pd.concat([table[table["model"] == model] for model in [*MODELS, OURS]])
    scores = summary(table)
    print(scores[["ig", "hit_5", "calibration", "seconds"]].round(3).to_string(), flush=True)
    gains = pd.DataFrame({rival: compare(table, OURS, rival) for rival in MODELS}).T
    return {
        "cells": len(cells),
        "events": len(events),
        "tested_periods": n_periods,
        "tested_events": int(table[table["model"] == OURS]["n_events"].sum()),
        "scores": scores.round(4).to_dict("index"),
        "gains": gains.round(4).to_dict("index"),
        "periods": table.assign(period_start=table["period_start"].dt.strftime("%Y-%m-%d"))
        .round(4)
        .to_dict("records"),
    }


def page(results: dict[str, dict]) -> str:
    """The results as markdown."""
    lines = [
        "# How good the forecast is, against simpler ones",
        "",
        "Generated by `python -m bench.risk.forecast`. Each of the last 28-day periods is forecast",
        "from strictly earlier events; cells lie within 2 rings of a cell hit before the first",
        "tested period; events outside them count as missed. **ig**: information gain over a",
        "uniform forecast, nats an event; **hit@5**: share of events in the top 5 % of cells;",
        "brackets: 95 % intervals by resampling periods. A gain whose interval holds 0 is",
        "not a gain.",
        "",
    ]
    sizes = {name: result for name, result in results.items() if name.endswith(" events")}
    results = {name: result for name, result in results.items() if name not in sizes}
    for name, result in results.items():
        outside = next(iter(result["scores"].values()))["outside"]
        lines += [
            f"## {name}",
            "",
            f"{result['tested_periods']} periods, {result['tested_events']} events tested, "
            f"{result['cells']} cells, {100 * outside:.1f} % of the events outside.",
            "",
            "| model | ig | hit@1 | hit@5 | hit@10 | PAI@5 | PEI@5 | total expected / seen |"
            " our gain in ig | our gain in hit@5 |",
            "|---|---|---|---|---|---|---|---|---|---|",
        ]
        for model, s in result["scores"].items():
            gain = result["gains"].get(model)
            lines.append(
                f"| {model} | {_with(s, 'ig', 3)} | {s['hit_1']:.3f} | {_with(s, 'hit_5', 3)} |"
                f" {s['hit_10']:.3f} | {s['pai_5']:.1f} | {s['pei_5']:.2f} |"
                f" {s['calibration']:.2f} | {_with(gain, 'ig', 3) if gain else ''} |"
                f" {_with(gain, 'hit_5', 3) if gain else ''} |"
            )
        lines.append("")
    models = list(next(iter(results.values()))["scores"])
    real = {k: r for k, r in results.items() if not k.startswith("world: ")}
    for title, group in (("Mean over the sets of real events", real), ("Mean over all", results)):
        if len(group) > 1 and not (group == real and title.endswith("all")):
            lines += [f"## {title}", "", "| model | ig | hit@5 |", "|---|---|---|"]
            for model in models:
                ig, hit = (
                    np.mean([r["scores"][model][c] for r in group.values()])
                    for c in ("ig", "hit_5")
                )
                lines.append(f"| {model} | {ig:.3f} | {hit:.3f} |")
            lines.append("")
    return "\n".join([*lines, *_sizes(sizes)])


def _sizes(results: dict[str, dict]) -> list[str]:
    """One short table of the worlds with fewer or more events."""
    if not results:
        return []
    models = list(next(iter(results.values()))["scores"])
    lines = ["## Worlds with fewer or more events: ig", ""]
    lines += ["| world | tested events | " + " | ".join(models) + " |"]
    lines += ["|" + "---|" * (len(models) + 2)]
    for name, result in results.items():
        gains = [_number(result["scores"][model]["ig"]) for model in models]
        lines.append(f"| {name} | {result['tested_events']} | " + " | ".join(gains) + " |")
    means = [np.mean([r["scores"][m]["ig"] for r in results.values()]) for m in models]
    return [*lines, "| mean | | " + " | ".join(map(_number, means)) + " |", ""]


def _with(row: dict, column: str, digits: int) -> str:
    middle, low, high = (_number(row[f"{column}{end}"], digits) for end in ("", "_low", "_high"))
    return f"{middle} [{low}, {high}]"


def _number(value: float, digits: int = 3) -> str:
    return f"{round(value, digits) + 0.0:.{digits}f}"  # without a minus before zero


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("events", type=Path, help="folder with NAME.csv.gz")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument(
        "--worlds", action=argparse.BooleanOptionalAction, default=True, help="invented worlds too"
    )
    parser.add_argument("--keep", action="store_true", help="keep the sets not run anew")
    parser.add_argument("--models", nargs="*", default=[], help="run these anew, keep the others")
    arguments = parser.parse_args()
    written = DOCS / "results" / "forecast_results.json"
    old = json.loads(written.read_text())["sets"] if arguments.models or arguments.keep else {}
    results = dict(old)
    for name in arguments.sets:
        resolution, k, n_periods = SETS[name]
        events = pd.read_csv(arguments.events / f"{name}.csv.gz")
        cells = protocol_cells(events, resolution, k, n_periods, DAYS)
        results[name] = run(
            name, events, cells, n_periods, arguments.models, old.get(name, {}).get("periods", ())
        )
        write(results)
    worlds = {f"world: {kind}": invent(kind) for kind in WORLDS}
    for size in OTHER_SIZES:
        worlds |= {f"world: {kind}, {size} events": invent(kind, 9, size) for kind in WORLDS}
    for name in worlds if arguments.worlds else ():
        rows = old.get(name, {}).get("periods", ())
        results[name] = run(name, worlds[name], world_cells(), 13, arguments.models, rows)
        write(results)


def write(results: dict[str, dict]) -> None:
    """Both files, anew after each set, so that a run cut short leaves what it found."""
    (DOCS / "results").mkdir(parents=True, exist_ok=True)
    about = {"python": platform.python_version(), "numpy": np.__version__}
    (DOCS / "results" / "forecast_results.json").write_text(
        json.dumps({"about": about, "sets": results})
    )
    (DOCS / "forecast_results.md").write_text(page(results))


if __name__ == "__main__":
    main()
