"""Detection told apart by agency, against one strength per mode, on simulated worlds.

Two agencies walk patrols and lie in ambush; one finds 1, 1/2, 1/4 or 1/10 as much in an hour and
does 12 or 40 % of the work. Both ways are fitted on the first two years and judged on the third by
the likelihood of the weeks in which the records of a cell fall, given the effort, and by how far
the chance of being recorded is off where somebody looked (mean absolute log ratio).

    python -m bench.risk.agencies [--seeds 20]

Writes docs/results/agencies.json.
"""

import argparse
import json

import h3
import numpy as np

from bench.risk.forecast import DOCS
from geo.grid import Grid
from risk.engine.exposure import Detection, Effort, fit_detection

WEEKS, LEARNED = 156, 104
STRENGTH = {"patrol": 0.5, "ambush": 0.75}


def world(
    grid: Grid, seed: int, ratio: float, share: float, per_week: float
) -> tuple[np.ndarray, Effort, np.ndarray]:
    """Records found per week and cell, minutes by agency and mode, and the true chance."""
    rng, n = np.random.default_rng(seed), len(grid)
    rate = np.exp(rng.normal(0, 1.2, n))
    rate *= per_week / rate.sum()
    effort, power = {}, 0.0
    for agency, part, fewer in (("a", 1 - share, 1.0), ("b", share, ratio)):
        drawn = np.exp(0.7 * np.log(rate / rate.mean()) + rng.normal(0, 1, n))
        for mode, of_mode in (("patrol", 0.8), ("ambush", 0.2)):
            chance = np.minimum(drawn / drawn.mean() * part * of_mode * 0.12, 0.9)
            hours = rng.exponential(2.0, (WEEKS, n)) * (rng.random((WEEKS, n)) < chance)
            effort[f"{agency}:{mode}"] = (60 * hours).astype(np.float32)
            power = power + STRENGTH[mode] / fewer * hours
    found = 1 - 0.99 * np.exp(-power)
    return rng.binomial(rng.poisson(rate, (WEEKS, n)), found).astype(np.float32), effort, found


def by_mode(effort: Effort) -> Effort:
    """The same minutes without the agencies."""
    return {mode: effort[f"a:{mode}"] + effort[f"b:{mode}"] for mode in STRENGTH}


def judge(fitted: Detection, records: np.ndarray, effort: Effort, true: np.ndarray):
    """Held-out log likelihood, and mean absolute error of the log chance where somebody looked."""
    hit, looked = records.sum(axis=0) > 0, sum(effort.values()) > 0
    chance = fitted.found(effort)
    off = np.abs(np.log(chance / true))[looked].mean()
    return _conditional(records[:, hit].T, chance[:, hit].T), float(off)


def _conditional(records: np.ndarray, chance: np.ndarray) -> float:
    """Log likelihood of the weeks in which the records of each cell fall; both (cells, weeks)."""
    share = chance / chance.sum(axis=1, keepdims=True)
    hit = records > 0
    return float((records[hit] * np.log(np.maximum(share[hit], 1e-12))).sum())


def one(grid: Grid, seed: int, ratio: float, share: float, per_week: float) -> tuple[float, ...]:
    """Gain in held-out likelihood of agencies told apart, and the error of both ways."""
    records, effort, true = world(grid, seed, ratio, share, per_week)
    past, later = slice(None, LEARNED), slice(LEARNED, None)
    estimates = []
    for ways in (by_mode(effort), effort):
        learned = {way: panel[past] for way, panel in ways.items()}
        fitted = fit_detection(records[past], records[past] * 0, learned, grid)
        held = {way: panel[later] for way, panel in ways.items()}
        estimates.append(judge(fitted, records[later], held, true[later]))
    (plain, off), (apart, off_apart) = estimates
    return apart - plain, off, off_apart, float(records.sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=20)
    seeds = parser.parse_args().seeds
    grid = Grid(sorted(h3.grid_disk(h3.latlng_to_cell(0.9, 110.4, 7), 12)))
    rows = []
    for ratio in (1, 2, 4, 10):
        for share in (0.12, 0.4):
            for per_week in (8, 25):
                estimates = np.array(
                    [one(grid, seed, ratio, share, per_week) for seed in range(seeds)]
                )
                mean = estimates.mean(axis=0).round(3).tolist()
                names = ("gain_nats", "off_by_mode", "off_by_agency", "records")
                row = {"finds_one_in": ratio, "share_of_effort": share, "seeds": seeds}
                row |= dict(zip(names, mean, strict=True))
                row["gain_se"] = round(float(estimates[:, 0].std(ddof=1) / seeds**0.5), 3)
                rows.append(row)
                print(row, flush=True)
    (DOCS / "results" / "agencies.json").write_text(
        json.dumps(rows, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
