"""The weekly assessment of the province: seconds and memory, beside a straightforward version.

`python -m bench.service.assess` invents a history on the real ground in a folder of its own,
assesses it with all horizons, twelve past origins and reasons, and scores once more with the fitted
parts. The rival builds the same memories the plain way: pandas `ewm` along time and a dictionary of
neighbours; the ring sums are done for a few weeks and scaled up, which is said in the table.
"""

import json
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import h3
import numpy as np
import pandas as pd

from data.worlds import seasons
from joins import opened, reading, steps
from risk.engine.exposure import fit_detection
from risk.engine.features import Memories, blocks
from risk.engine.memory import HALF_LIVES, SIGMAS, remember
from risk.engine.model import fit
from settings import load_settings

HERE = Path(__file__).resolve().parents[2]
PLAIN_WEEKS = 2


def timed(call) -> tuple[float, float, object]:
    """(wall seconds, CPU seconds, result) of a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = call()
    return time.perf_counter() - wall, time.process_time() - cpu, result


def plain_memories(counts: np.ndarray, cells: list[str], half_lives) -> float:
    """CPU seconds of the plain version: one decay per half-life, ring sums by dictionaries."""
    frame = pd.DataFrame(counts)
    cpu = time.process_time()
    for half_life in half_lives:
        (frame.ewm(halflife=half_life if np.isfinite(half_life) else 1e6).mean().shift(1))
    decay = time.process_time() - cpu
    rings = 0.0
    for k in (1, 2, 4, 9):  # about the reach of 2.6, 5, 10 and 22 km
        cpu = time.process_time()
        for week in range(PLAIN_WEEKS):
            value = dict(zip(cells, counts[week], strict=True))
            [sum(value.get(near, 0.0) for near in h3.grid_disk(cell, k)) for cell in cells]
        rings += (time.process_time() - cpu) * len(counts) / PLAIN_WEEKS
    return decay + rings * len(half_lives)


def main() -> None:
    """Measure, print and write docs/results/speed.json."""
    settings = load_settings(HERE / "config.toml")
    ground = opened.lay_ground(settings.area)
    with tempfile.TemporaryDirectory() as folder:
        place = replace(settings.store, url=f"sqlite:///{folder}/r.db", folder=Path(folder))
        settings = replace(settings, store=place)
        store = opened.open_store(settings)
        world = seasons.simulate(ground.cells, ground.posts, seed=1)
        seasons.write(world, Path(folder) / "world")
        for file in sorted((Path(folder) / "world").glob("*.csv.gz")):
            source = "kanonik" if "_events_" in file.name else None
            store.ingest(reading.read_records(file, ground, source))
        wall, cpu, _ = timed(lambda: steps.assess(settings, store, ground))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        gathered = steps.gather(steps.join_twins(store), store.effort(), ground, 156, 12)
    records = gathered.records
    detection = fit_detection(
        records.discovered_points, records.reported, records.effort, records.grid
    )
    now = len(records.weeks)
    known = remember(records, detection, (1, 4, 12), [now])
    models = [fit(known, h, now, seeds=3) for h in (1, 4, 12)]
    scoring = timed(
        lambda: [m.members(known.at[now], known.at_more[now], known.scales) for m in models]
    )[1]
    exposure = detection.exposure(records.effort)
    ours = timed(
        lambda: [
            rate.sum()
            for made in [Memories(records.grid, records.counts, exposure, SIGMAS, HALF_LIVES)]
            for block in blocks(len(records.grid))
            for _, rate in made.at(block)
        ]
    )[1]
    plain = plain_memories(records.counts, records.grid.cells, HALF_LIVES)
    facts = {
        "cells": len(records.grid),
        "weeks": now,
        "assess_wall_s": round(wall, 1),
        "assess_cpu_s": round(cpu, 1),
        "peak_memory_gb": round(peak, 2),
        "scoring_all_horizons_cpu_s": round(scoring, 2),
        "memories_cpu_s": round(ours, 2),
        "memories_plain_cpu_s_scaled": round(plain, 1),
        "plain_over_ours": round(plain / ours, 1),
    }
    print(json.dumps(facts, indent=1))
    (HERE / "docs/results/speed.json").write_text(
        json.dumps(facts, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
