"""The forecast on cells of any size: resolutions 4 to 10 of the real sets, beside rivals.

    python -m bench.risk.resolutions DIR_WITH_EVENTS [--sets ...] [--resolutions 4 5 ...]

The last ORIGINS 28-day periods that lie APART periods apart, each forecast from what came before,
in cells of every size within two rings of a cell that was hit before the first tested period. The
map's engine ("pool") joins where there are at most POOLED cells. Each size runs in a process of its
own, of which the greatest memory is told. Writes docs/results/resolutions.json.
"""

import argparse
import json
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from bench.risk.forecast import DAYS, DOCS, SETS
from geo.grid import Grid
from risk.engine.forecast import forecast
from risk.engine.pooled import Pooled
from risk.scores import rivals
from risk.scores.metrics import ratio_interval
from risk.scores.validation import period_starts, protocol_cells, score, utc_times

RESOLUTIONS = range(4, 11)
RINGS = 2
ORIGINS = 4
APART = {"piracy_seasia": 6, "medellin_homicide": 4, "cincinnati_burglary": 3}
POOLED = 500
OURS = "forecast"
RIVALS = ("all counts", "KDE", "decayed KDE", "ETAS")


def measure(name: str, folder: Path, resolution: int) -> dict:
    """Scores of every model on one set in cells of one size, and what it cost."""
    events = pd.read_csv(folder / f"{name}.csv.gz")
    n_periods = SETS[name][2]
    cells = protocol_cells(events, resolution, RINGS, n_periods, DAYS)
    grid = Grid(cells)
    times = utc_times(events["time"]).to_numpy()
    place = grid.locate(events["lat"].to_numpy(), events["lon"].to_numpy())
    models = {OURS: forecast, **{rival: rivals.MODELS[rival] for rival in RIVALS}}
    if len(cells) <= POOLED:
        models["pool"] = Pooled()
    sums = {model: [] for model in models}
    spent = dict.fromkeys(models, 0.0)
    starts = period_starts(events, DAYS, n_periods)[::-1][:: APART[name]][:ORIGINS][::-1]
    for start in starts:
        came = (times >= start.to_datetime64()) & (
            times < (start + pd.Timedelta(days=DAYS)).to_datetime64()
        )
        seen = np.bincount(place[came & (place >= 0)], minlength=len(grid)).astype(float)
        past = events[times < start.to_datetime64()]
        for model, call in models.items():
            clock = time.process_time()
            rate = call(past, cells, start, DAYS)
            spent[model] += time.process_time() - clock
            if not (np.isfinite(rate).all() and (rate > 0).all()):
                raise ValueError(f"{name}, resolution {resolution}: {model} is not finite and > 0")
            found = score(rate, seen, int((place[came] < 0).sum()))
            sums[model].append([found["ig_sum"], seen.sum(), found["hits_5"], found["n_events"]])
    return {
        "set": name,
        "resolution": resolution,
        "cells": len(cells),
        "origins": len(starts),
        "events": float(np.array(sums[OURS])[:, 1].sum()),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **_compare({model: np.array(rows) for model, rows in sums.items()}),
        "seconds": {model: one / len(starts) for model, one in spent.items()},
    }


def _compare(sums: dict[str, np.ndarray]) -> dict:
    """Information gain and hits of each model, and ours over the best rival, paired by period.

    sums : (periods, [gain, events inside, hits at 5 %, all events]) of each model
    """
    ig = {model: rows[:, 0].sum() / rows[:, 1].sum() for model, rows in sums.items()}
    best = max(RIVALS, key=ig.__getitem__)
    ours = sums[OURS]
    ahead = ours[:, 0] - sums[best][:, 0]
    low, high = ratio_interval(ahead, ours[:, 1])
    return {
        "ig": ig,
        "hit_5": {model: rows[:, 2].sum() / rows[:, 3].sum() for model, rows in sums.items()},
        "best_rival": best,
        "gain": ig[OURS] - ig[best],
        "gain_lo": low,
        "gain_hi": high,
    }


def main() -> None:
    """Measure, print and write docs/results/resolutions.json."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("events", type=Path, help="folder with NAME.csv.gz")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument("--resolutions", nargs="*", type=int, default=list(RESOLUTIONS))
    options = parser.parse_args()
    file = DOCS / "results" / "resolutions.json"
    rows = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    with ProcessPoolExecutor(1, max_tasks_per_child=1) as worker:
        for resolution in options.resolutions:
            for name in options.sets:
                found = worker.submit(measure, name, options.events, resolution).result()
                found = _rounded(found)
                rows = [
                    row for row in rows if (row["set"], row["resolution"]) != (name, resolution)
                ]
                rows.append(found)
                rows.sort(key=lambda row: (list(SETS).index(row["set"]), row["resolution"]))
                file.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
                print(found, flush=True)


def _rounded(value):
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return round(float(value), 4) if isinstance(value, float | np.floating) else value


if __name__ == "__main__":
    main()
