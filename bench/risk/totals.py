"""Which level of the totals is nearest to what came: one for each horizon, or one for all?

    python -m bench.risk.totals [--seeds 61 62 71]

Invented provinces (DATA SINTETIS), every four weeks from the 84th on: the pool's total by its own
horizon, the geometric mean of the horizons' weekly totals (what `risk.assessment` tells), the
totals of the models of 4 and of 12 weeks, and records over looking smoothed at several half-lives.
Log likelihood of the records that came (Poisson, given where people looked), and the deviation of
the log of told over true expected events. Writes docs/results/totals.json.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd

from bench.risk.coverage import known_world
from risk.engine import held as past_forecasts
from risk.engine import model
from risk.engine.memory import remember
from risk.engine.totals import HALF_LIVES, _log_likelihood, _smooth

HERE = Path(__file__).resolve().parents[2]
HORIZONS = (1, 4, 12)
FIRST, APART, BEFORE, ORIGINS = 60, 4, 6, 12
OURS = "one level, the mean of the horizons"


def smoothed(counts: np.ndarray, looked: np.ndarray) -> float:
    """Events a week of full looking: smoothed records over smoothed looking, by likelihood."""
    halves = [half for half in HALF_LIVES if half >= 4]
    records = np.array([_smooth(counts, half, 1.0) for half in halves])
    watched = np.array([_smooth(looked, half, 1.0) for half in halves])
    levels = records / watched
    smooth = np.maximum(levels[:, :-1] * looked, 1e-9)[:, len(counts) // 2 :]
    score = _log_likelihood(counts[None, len(counts) // 2 :], smooth).sum(axis=1)
    weight = np.exp(score - score.max())
    return float(weight @ levels[:, -1] / weight.sum())


def measure(seed: int) -> list[dict[str, object]]:
    """One row per origin, horizon and level: told over true (log), records expected and seen."""
    gathered, truth, detection = known_world(seed)
    records = gathered.records
    origins = list(range(FIRST, len(records.weeks) - max(HORIZONS) + 1, APART))
    known = remember(records, detection, HORIZONS, origins)
    held = {
        h: past_forecasts.forecast_past(known, records, detection, h, origins) for h in HORIZONS
    }
    exposure = detection.exposure(records.effort)
    rows = []
    for number, origin in list(enumerate(origins))[BEFORE:]:
        rate = {}
        for h in HORIZONS:
            past = [one for one in held[h][:number] if one.origin + h <= origin][-ORIGINS:]
            rate[h] = model.pool(held[h][number].members, past_forecasts.fit_pool(past))
        share = rate[4] / rate[4].sum()
        counts = records.counts[:origin].sum(axis=1)
        level = smoothed(counts, exposure[:origin] @ share)
        own = {h: float(one.sum()) for h, one in rate.items()}
        for h in HORIZONS:
            looked = float((exposure[origin : origin + h] @ (rate[h] / own[h])).sum())
            came = float(records.counts[origin : origin + h].sum())
            true = truth[origin : origin + h].sum() / h
            levels = {
                "each horizon its own": own[h],
                OURS: float(np.exp(np.mean(np.log(list(own.values()))))),
                "that of 4 weeks": own[4],
                "that of 12 weeks": own[12],
                "smoothed records over looking": level,
            }
            for name, weekly in levels.items():
                fit = came * np.log(weekly * looked) - weekly * looked
                row = {"seed": seed, "weeks": h, "level": name, "log_likelihood": fit}
                rows.append(row | {"log_ratio": float(np.log(weekly / true)), "seen": came})
    return rows


def main() -> None:
    """Measure, print the tables and write docs/results/totals.json."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="*", default=[61, 62, 71])
    rows = [row for seed in parser.parse_args().seeds for row in measure(seed)]
    table = pd.DataFrame(rows)
    fit = table.pivot_table("log_likelihood", ["seed", "weeks"], "level", "sum")
    fit = fit.sub(fit["each horizon its own"], axis=0)
    apart = table.pivot_table("log_ratio", ["seed", "weeks"], "level", "std")
    for name, tables in (("gain in log likelihood", fit), ("deviation of the log", apart)):
        print(name, tables.round(3).to_string(), sep="\n")
    mean = {"gain": fit.groupby("seed").sum(), "deviation": apart.groupby("weeks").mean()}
    found: dict[str, object] = {
        name: json.loads(one.round(3).to_json(orient="index")) for name, one in mean.items()
    }
    found["gain_of_all"] = fit.sum().round(2).to_dict()
    file = HERE / "docs/results/totals.json"
    file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
