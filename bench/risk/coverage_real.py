"""Do the 80 % intervals hold on real events? The map's engine at past dates of public sets.

    python -m bench.risk.coverage_real DIR_WITH_EVENTS [--sets ...]

Every EVERY-th of the tested 28-day periods, counted back from the last, is assessed from what came
before it, as the map is (`risk.assessment.assess`, nobody's effort known), and each interval is
judged on what came: the place of the count in the law that the interval stands for
(`risk.scores.counts`, which says why). Beside it, on the same rates: plain Poisson, and the same
with what invented worlds say must be added where effort is known. Told apart: cells by what was
expected, sectors (hotspots of 3 and of 10 % of the area), and, of every tested period, the whole
area. Intervals of 95 % by resampling periods. Writes docs/results/coverage_real.json.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import gammaincinv
from scipy.stats import norm

from bench.risk.forecast import DAYS, DOCS, SETS
from geo.grid import Grid
from risk.assessment import SPACING, Assessment, assess, total
from risk.engine.held import Held, past_origins
from risk.engine.interval import CORRECTED, SHARE, shapes_of_sums
from risk.engine.laid import lay, past_before, steps_of
from risk.engine.memory import ahead
from risk.engine.model import KERNELS
from risk.engine.pooled import UNSEEN
from risk.engine.totals import expected_total
from risk.hotspots import build_sectors, select_hotspots
from risk.scores import counts
from risk.scores.metrics import ratio_interval
from risk.scores.validation import period_starts, protocol_cells, utc_times

EVERY = {"piracy_seasia": 6, "medellin_homicide": 7, "cincinnati_burglary": 2}
COVERAGES = (0.03, 0.10)
N_ORIGINS = 12
SECTOR_CELLS = 12
#: groups of cells by what was expected in the period, from the first number to below the second
CLASSES = {"cells": (0.0, np.inf), "cells below 0.1": (0.0, 0.1), "cells from 0.1": (0.1, np.inf)}
OURS, POISSON, WORLDS = "ours", "Poisson", "ours and what worlds add"
Law = tuple[np.ndarray, np.ndarray]


def laws(risk: np.ndarray, shape: np.ndarray) -> dict[str, Law]:
    """Mean and shape of each law that is judged, of the same rates.

    Parameters
    ----------
    risk : expected events
    shape : of our Gamma around them
    """
    wider = 1 / (1 / shape + CORRECTED.missed)
    return {
        OURS: (risk, shape),
        POISSON: (risk, np.full(len(risk), np.inf)),
        WORLDS: (risk, wider),
    }


def judge(found: Assessment, grid: Grid, seen: np.ndarray) -> list[dict]:
    """One row per law and group of one period: sums over the group of each score.

    Parameters
    ----------
    found : the assessment made before the period
    grid : its cells
    seen : events that came in each cell
    """
    table = found.risk[found.risk["group"] == "all"].set_index("cell").loc[grid.cells]
    risk, lo, hi = (table[name].to_numpy(float) for name in ("risk", "lo", "hi"))
    every = np.arange(len(risk))
    _, shape = shapes_of_sums(risk, lo, hi, every)
    rows = []
    for name, law in laws(risk, shape).items():
        for label, (least, below) in CLASSES.items():
            of = (risk >= least) & (risk < below)
            rows.append(_row(name, label, seen[of], law[0][of], law[1][of]))
        ends = _ends(*law, lo, hi, name)
        for coverage in COVERAGES:
            label = f"sectors at {100 * coverage:.0f} %"
            group = _sectors(grid, risk, coverage)
            shapes, sums = shapes_of_sums(risk, *ends, group)
            came = np.bincount(group, seen)
            rows.append(_row(name, label, came[1:], shapes[1:], sums[1:]))
    return rows


def _ends(risk, shape, lo, hi, name) -> Law:
    """Interval of each cell by a law; none for a Poisson count."""
    if name == OURS:
        return lo, hi
    if name == POISSON:
        return risk, risk
    return tuple(risk * gammaincinv(shape, q) / shape for q in ((1 - SHARE) / 2, (1 + SHARE) / 2))


def _sectors(grid: Grid, risk: np.ndarray, coverage: float) -> np.ndarray:
    """Number of each cell's sector, 0 for none."""
    by_cell = pd.Series(risk, index=grid.cells)
    hot = select_hotspots(by_cell, pd.Series(grid.area_km2, index=grid.cells), coverage)
    return build_sectors(hot, grid, SECTOR_CELLS).to_numpy()


def whole_area(events: pd.DataFrame, grid: Grid, starts: pd.DatetimeIndex) -> list[dict]:
    """Rows of the whole area, of every tested period: its level is that of the kernels.

    So no other expert is needed to tell it, nor the interval around it (`assessment.total`).

    Parameters
    ----------
    events : all of the set
    grid : cells
    starts : of the tested periods
    """
    horizon = steps_of(DAYS)
    times = utc_times(events["time"]).to_numpy()
    rows = []
    for start in starts:
        records = lay(events[times < start.to_datetime64()], grid, start, DAYS)
        now = len(records.weeks)
        origins = past_origins(now, horizon, N_ORIGINS, SPACING)
        came = ahead(records.counts, horizon).sum(axis=1)
        totals_then = {o: expected_total(past_before(records, o, horizon)) for o in [*origins, now]}
        held = [
            Held(
                o,
                {KERNELS: np.array([totals_then[o] / horizon])},
                came[o : o + 1],
                np.full(1, horizon),
            )
            for o in origins
        ]
        found = total(
            np.array([totals_then[now] / horizon]),
            horizon,
            held,
            np.array([0.0, 1.0]),
            UNSEEN,
            SHARE,
        )
        after = start + pd.Timedelta(days=DAYS)
        late = (times >= start.to_datetime64()) & (times < after.to_datetime64())
        place = grid.locate(events["lat"].to_numpy()[late], events["lon"].to_numpy()[late])
        seen = np.array([float((place >= 0).sum())])
        for name in (OURS, POISSON, WORLDS):
            row = _row(name, "whole area", seen, *_whole(found, name))
            rows.append({"period": f"{start:%Y-%m-%d}", **row})
    return rows


def _whole(totals_then: dict[str, float], name: str) -> Law:
    """Mean and shape of the Gamma that has the variance of the total's log-normal interval."""
    deviation = np.log(totals_then["hi"] / totals_then["lo"]) / 2 / norm.ppf((1 + SHARE) / 2)
    deviation = np.hypot(deviation, CORRECTED.level) if name == WORLDS else deviation
    shape = np.inf if name == POISSON or deviation == 0 else 1 / np.expm1(deviation**2)
    return np.array([totals_then["expected"]]), np.array([shape])


def _row(law: str, group: str, seen: np.ndarray, mean: np.ndarray, shape: np.ndarray) -> dict:
    return {
        "law": law,
        "group": group,
        "n": len(seen),
        "seen": float(seen.sum()),
        "expected": float(mean.sum()),
        "held": float(counts.held(seen, mean, shape, SHARE).sum()),
        "closed": float(counts.inside_closed(seen, mean, shape, SHARE).sum()),
        "crps": float(counts.crps(seen, mean, shape).sum()),
        "log": float(counts.log_score(seen, mean, shape).sum()),
    }


def measure(name: str, folder: Path) -> list[dict]:
    """Rows of `judge` of every period that is tested of one set."""
    resolution, rings, n_periods = SETS[name]
    events = pd.read_csv(folder / f"{name}.csv.gz")
    cells = protocol_cells(events, resolution, rings, n_periods, DAYS)
    grid = Grid(cells)
    times = utc_times(events["time"]).to_numpy()
    place = grid.locate(events["lat"].to_numpy(), events["lon"].to_numpy())
    horizon = steps_of(DAYS)
    ground = pd.DataFrame({"cell": grid.cells})
    rows = []
    for start in period_starts(events, DAYS, n_periods)[::-1][:: EVERY[name]][::-1]:
        after = start + pd.Timedelta(days=DAYS)
        came = (times >= start.to_datetime64()) & (times < after.to_datetime64())
        seen = np.bincount(place[came & (place >= 0)], minlength=len(grid)).astype(float)
        records = lay(events[times < start.to_datetime64()], grid, start, DAYS)
        found = assess(records, ground, {}, (horizon,), seeds=1)
        for row in judge(found, grid, seen):
            rows.append({"set": name, "period": f"{start:%Y-%m-%d}", **row})
        print(f"{name} {start:%Y-%m-%d}", flush=True)
    every = whole_area(events, grid, period_starts(events, DAYS, n_periods))
    return rows + [{"set": name, **row} for row in every]


def summarise(rows: list[dict]) -> pd.DataFrame:
    """One row per set, group and law: coverage with its interval, and scores per count.

    crps_gain, log_gain: by how much the law is better than plain Poisson, with intervals paired
    by period.
    """
    table = pd.DataFrame(rows)
    rows_out = []
    for (name, group), part in table.groupby(["set", "group"], sort=False):
        plain = part[part["law"] == POISSON].set_index("period")
        for law, one in part.groupby("law", sort=False):
            one = one.set_index("period").loc[plain.index]
            n = one["n"].to_numpy(float)
            row = {"set": name, "group": group, "law": law, "periods": len(one), "n": int(n.sum())}
            row["expected"] = one["expected"].sum() / n.sum()
            row["seen_over_expected"] = one["seen"].sum() / one["expected"].sum()
            row["held"] = one["held"].sum() / n.sum()
            row["held_lo"], row["held_hi"] = ratio_interval(one["held"].to_numpy(), n)
            row["closed"] = one["closed"].sum() / n.sum()
            for score, sign in (("crps", -1), ("log", 1)):
                gain = sign * (one[score] - plain[score]).to_numpy()
                row[score] = one[score].sum() / n.sum()
                row[f"{score}_gain"] = gain.sum() / n.sum()
                row[f"{score}_gain_lo"], row[f"{score}_gain_hi"] = ratio_interval(gain, n)
            rows_out.append(row)
    return pd.DataFrame(rows_out)


def main() -> None:
    """Measure, print and write both files."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("events", type=Path, help="folder with NAME.csv.gz")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    options = parser.parse_args()
    file = DOCS / "results" / "coverage_real.json"
    kept = json.loads(file.read_text())["sets"] if file.exists() else []
    for name in options.sets:
        summary = summarise(measure(name, options.events))
        rounded = json.loads(summary.round(4).to_json(orient="records"))
        kept = [row for row in kept if row["set"] != name] + rounded
        kept.sort(key=lambda row: list(SETS).index(row["set"]))
        file.write_text(json.dumps({"nominal": SHARE, "sets": kept}, indent=1) + "\n", "utf-8")
        print(summary.round(3).to_string(), flush=True)


if __name__ == "__main__":
    main()
