"""Do the 80 % intervals hold the truth? Invented worlds, assessed twelve weeks before their end.

`python -m bench.risk.coverage` invents provinces that did not inform `risk.engine.interval` (seeds
31 to 33 and 41 to 48 did), some with other parameters, reads them the way files are read, forgets
the last twelve weeks, assesses, and compares each interval with the true expected events of the 1,
4 and 12 weeks that followed. Told apart: cells that matter (at least one event in twenty years),
rarer cells, sectors, the total.

Writes docs/results/coverage.json.
"""

import argparse
import json
import tempfile
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd

from data.worlds import seasons
from joins import opened, reading, steps
from risk.assessment import assess
from risk.engine.exposure import Detection, fit_detection
from risk.engine.memory import Records
from risk.hotspots import build_sectors, describe_sectors, select_hotspots
from settings import Settings, load_settings

HERE = Path(__file__).resolve().parents[2]
HORIZONS = (1, 4, 12)
HELD = ["held", "held_rarer_cells", "held_sectors", "held_total"]
#: events a week: one in twenty years
MATTERS = 1 / (20 * 52)
WORLDS: dict[str, dict] = {
    "seed 51": {},
    "seed 52": {},
    "seed 53": {},
    "seed 54": {},
    "patrols see half as well": {"detection_per_hour": 0.25},
    "patrols see twice as well": {"detection_per_hour": 1.0},
    "few reports": {"report_share": 0.1},
    "patrols chase finds": {"chase_share": 0.9, "branching": 0.5},
}


def read_world(settings: Settings, ground: opened.Ground, seed: int, **parameters):
    """(gathered records, true intensity by week and cell) of an invented province."""
    with tempfile.TemporaryDirectory() as folder:
        place = replace(settings.store, url=f"sqlite:///{folder}/r.db", folder=Path(folder))
        store = opened.open_store(replace(settings, store=place))
        world = seasons.simulate(ground.cells, ground.posts, seed=seed, **parameters)
        seasons.write(world, Path(folder) / "world")
        for file in sorted((Path(folder) / "world").glob("*.csv.gz")):
            source = "kanonik" if "_events_" in file.name else None
            store.ingest(reading.read_records(file, ground, source))
        gathered = steps.gather(steps.join_twins(store), store.effort(), ground, 156, 12)
        truth = pd.read_parquet(next(Path(folder).rglob("*intensity.parquet")))
    records = gathered.records
    table = truth.pivot(index="week", columns="cell", values="intensity")
    table = table.reindex(index=records.weeks, columns=records.grid.cells).fillna(0.0)
    return gathered, table.to_numpy(float)


def known_world(seed: int) -> tuple[steps.Gathered, np.ndarray, Detection]:
    """An invented province on the real ground: its records, the true rates, and how looking finds.

    The true rates are expected events of each week and cell, as `read_world` gives them.
    """
    settings = load_settings(HERE / "config.toml")
    gathered, truth = read_world(settings, opened.lay_ground(settings.area), seed)
    records = gathered.records
    points = records.discovered_points
    return gathered, truth, fit_detection(points, records.reported, records.effort, records.grid)


def until(records: Records, weeks: int) -> Records:
    """The records as they were after so many weeks."""
    parts = {}
    for field in fields(Records):
        value = getattr(records, field.name)
        if field.name == "effort":
            value = {mode: minutes[:weeks] for mode, minutes in value.items()}
        elif field.name == "season":  # reaches ahead of the records
            value = value[: weeks + len(value) - len(records.weeks)]
        elif hasattr(value, "__len__") and len(value) == len(records.weeks):
            value = value[:weeks]
        parts[field.name] = value
    return Records(**parts)


def score(settings: Settings, ground: opened.Ground, risk: pd.DataFrame, truth: np.ndarray) -> dict:
    """Shares of intervals that hold the truth, `truth` in events of the horizon."""
    table = risk.assign(truth=truth)
    held = table["truth"].between(table["lo"], table["hi"])
    weeks = int(table["horizon_weeks"].iloc[0])
    matters = table["risk"] >= MATTERS * weeks
    cells = ground.cells.set_index("cell").assign(observed=True)
    known = table.set_index("cell")
    hot = select_hotspots(known["risk"], cells["area_km2"].reindex(known.index), 0.03)
    sector = build_sectors(hot, ground.grid, settings.hotspots.max_sector_cells)
    sectors = describe_sectors(sector, known[["risk", "lo", "hi", "previous"]], cells)
    true = known["truth"].groupby(sector).sum().reindex(sectors["sector"]).to_numpy()
    return {
        "horizon_weeks": weeks,
        "told_over_true": table["risk"].sum() / table["truth"].sum(),
        "cells": int(matters.sum()),
        "held": held[matters].mean(),
        "below": (table["truth"] < table["lo"])[matters].mean(),
        "above": (table["truth"] > table["hi"])[matters].mean(),
        "held_rarer_cells": held[~matters & (table["truth"] > 0)].mean(),
        "sectors": len(sectors),
        "held_sectors": ((sectors["lo"] <= true) & (true <= sectors["hi"])).mean(),
    }


def main() -> None:
    """Measure, print the table and write docs/results/coverage.json."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="*", default=list(WORLDS), choices=WORLDS)
    options = parser.parse_args()
    settings = load_settings(HERE / "config.toml")
    ground = opened.lay_ground(settings.area)
    rows = []
    for number, name in enumerate(WORLDS):
        if name not in options.only:
            continue
        gathered, truth = read_world(settings, ground, 51 + number, **WORLDS[name])
        now = len(gathered.records.weeks) - max(HORIZONS)
        found = assess(until(gathered.records, now), ground.cells, {}, HORIZONS)
        for h in HORIZONS:
            risk = found.risk[found.risk["horizon_weeks"] == h]
            row = score(settings, ground, risk, truth[now : now + h].sum(axis=0))
            total, true = found.facts["horizons"][str(h)], truth[now : now + h].sum()
            held = float(total["lo"] <= true <= total["hi"])
            rows.append({"world": name, **row, "held_total": held})
            print({k: round(v, 3) if k != "world" else v for k, v in rows[-1].items()}, flush=True)
    table = pd.DataFrame(rows)
    mean = table.groupby("horizon_weeks")[HELD].mean()
    print(mean.round(3))
    facts = {
        "nominal": 0.8,
        "mean": mean.round(3).to_dict("index"),
        "worlds": json.loads(table.round(3).to_json(orient="records")),
    }
    (HERE / "docs/results/coverage.json").write_text(
        json.dumps(facts, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
