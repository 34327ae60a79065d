"""Plans on the invented province: gap to the bound, time, and what chance costs (DATA SINTETIS).

25 teams x 7 days x up to 300 candidate sectors, at three layouts of invented posts; risk is drawn
on the real ground, clustered as paths are. Greedy stands in the same table.

    python -m bench.plan [--teams 25] [--sectors 300]

Writes docs/plan_results.json. Times are processor seconds of one process, beside the clock.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd

from data.roster import demo_roster
from geo.grid import Grid
from risk.features import gaussian, smooth
from risk.plan import Rules, frame_week, make_plan, with_meets
from risk.plan_ways import find_ways

DOCS = Path(__file__).resolve().parent.parent / "docs"
MONDAY = pd.Timestamp("2026-11-30")
LAYOUTS = {"12 posts": 12, "18 posts": 18, "25 posts": 25}


def invent(cells: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Risk, interval and last visits: clusters along the border and a broad background."""
    rng = np.random.default_rng(seed)
    grid = Grid(cells["cell"].tolist())
    border, desa = cells["dist_border_km"].to_numpy(), cells["dist_desa_km"].to_numpy()
    near = np.flatnonzero(border < 8)
    seeds = np.zeros(len(cells), np.float32)
    np.add.at(seeds, rng.choice(near, 50, replace=False), rng.lognormal(0, 0.9, 50))
    peaks = smooth(gaussian(grid, 2.6), seeds[None])[0]
    broad = np.exp(-border / 9 - desa / 8)
    risk = 15 * peaks / peaks.sum() + 8 * broad / broad.sum()
    wide = rng.uniform(0.3, 0.9, len(cells))
    since = np.where(rng.random(len(cells)) < 0.4, rng.integers(0, 20, len(cells)), np.nan)
    return cells.assign(
        risk=risk, lo=risk * (1 - wide), hi=risk * (1 + wide), weeks_since_visit=since,
        minutes_3w=0.0,
    )  # fmt: skip


def run(cells: pd.DataFrame, layout: str, teams: int, sectors: int, seed: int = 1) -> dict:
    """One layout: state, solve, tell."""
    known = invent(cells, seed)
    roster = demo_roster(known, teams, LAYOUTS[layout]).teams
    grid = Grid(cells["cell"].tolist())
    clock, cpu = time.perf_counter(), time.process_time()
    ways = find_ways(grid, known, roster)
    week = frame_week(ways, known, roster, 0.9, Rules(sectors=sectors))
    plan = with_meets(make_plan(week, MONDAY, seed), week, known)
    told = plan.rivals.set_index("plan")
    return {
        "layout": layout,
        "teams": teams,
        "in_reach": len(ways.near),
        "candidates": len(week.rows),
        "routes": int(plan.teams["routes"].sum()),
        "gap": round(plan.facts["gap"], 4),
        "solver_gap": plan.facts["solver_gap"],
        "greedy_share_of_bound": round(float(told.loc["greedy", "share_of_bound"]), 4),
        "mixed_share_of_bound": round(float(told.loc["mixed", "share_of_bound"]), 4),
        "floor_kept": round(plan.facts["floor_kept"], 4),
        "sectors_best": int(told.loc["best", "sectors"]),
        "sectors_mixed": int(told.loc["mixed", "sectors"]),
        "explore_share_drawn": round(float(told.loc["drawn", "explore_share"]), 3),
        "unused_hours": round(plan.facts["unused_hours"], 1),
        "processor_seconds": round(time.process_time() - cpu, 1),
        "clock_seconds": round(time.perf_counter() - clock, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--teams", type=int, default=25)
    parser.add_argument("--sectors", type=int, default=300)
    arguments = parser.parse_args()
    cells = pd.read_parquet(DOCS.parent / "data" / "area" / "cells.parquet")
    rows = []
    for layout in LAYOUTS:
        rows.append(run(cells, layout, arguments.teams, arguments.sectors))
        print(rows[-1], flush=True)
    (DOCS / "plan_results.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
