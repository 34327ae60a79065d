"""Boosted trees of scikit-learn beside those of LightGBM: skill, speed, memory, what each needs.

`pip install "lightgbm>=4.6,<5"` (for this bench only), then `python -m bench.risk.boosters [--seeds
61 62 63]`. Both learn the same rows in the place of one another: provinces are invented and read as
files are, and the members with trees and the pool are scored by their information on the *true*
expected events (`bench.risk.members`). Fits and predictions are timed in turn on the largest table,
in processor time. Writes docs/results/boosters.json.
"""

import argparse
import inspect
import json
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

from bench.risk.coverage import known_world
from risk.engine import booster, model
from risk.engine.held import fit_pool, forecast_past, past_origins
from risk.engine.memory import remember
from risk.scores.metrics import hits, log_gain

HERE = Path(__file__).resolve().parents[2]
HORIZON, ORIGINS, TURNS = 4, 6, 3


class LightBooster:
    """`risk.engine.booster.PoissonBooster` by LightGBM, as far as the model uses it.

    Same trees, leaves, learning rate, rows in a leaf, penalty, share of features at a split and 64
    bins. The offset is `init_score`, the step in a leaf is held by LightGBM's own `max_delta_step`.
    """

    def __init__(self, trees=100, leaves=6, rate=0.1, leaf_rows=None, penalty=5.0, seeds=(0,)):
        self.seeds, self.trees, self.leaf_rows = tuple(seeds), trees, leaf_rows
        self.asked = {
            "objective": "poisson", "num_leaves": leaves, "learning_rate": rate,
            "lambda_l2": penalty, "feature_fraction_bynode": 0.7, "max_bin": 64,
            "num_threads": 1, "deterministic": True, "force_row_wise": True, "verbose": -1,
        }  # fmt: skip

    def fit(self, features, count, exposure, weight):
        """Rows as `PoissonBooster.fit` takes them."""
        import lightgbm

        self.constant = float((weight * count).sum() / (weight * exposure).sum())
        start = np.log(exposure * self.constant)
        rows = lightgbm.Dataset(features, count, weight=weight, init_score=start)
        asked = self.asked | {"min_data_in_leaf": self.leaf_rows}
        self.models = [
            lightgbm.train(asked | {"seed": seed}, rows, self.trees) for seed in self.seeds
        ]
        raw = self.predict(features, exposure)
        self.constant *= float((weight * count).sum() / (weight * raw).sum())
        return self

    def predict(self, features, exposure=None):
        """Expected counts."""
        raw = np.mean([one.predict(features, raw_score=True) for one in self.models], axis=0)
        return self.constant * np.exp(raw) * (1.0 if exposure is None else exposure)

    def contributions(self, features):
        """Shapley values of each feature on the log of the rate, and the part common to all."""
        mean = np.mean([one.predict(features, pred_contrib=True) for one in self.models], axis=0)
        return mean[:, :-1], float(mean[0, -1] + np.log(self.constant))


MAKERS = {"scikit-learn": booster.PoissonBooster, "LightGBM": LightBooster}


def skill(seed: int) -> tuple[list[dict], tuple]:
    """One row per library and member: ig and hit_1; and the largest table that was learned."""
    gathered, truth, detection = known_world(seed)
    records = gathered.records
    origins = past_origins(len(records.weeks), HORIZON, ORIGINS, 8)
    known = remember(records, detection, (HORIZON,), origins)
    rows, tables = [], []

    def learning(maker):
        class Learning(maker):
            def fit(self, *given):
                tables.append(given)
                return super().fit(*given)

        return Learning

    for name, maker in MAKERS.items():
        with patch.object(model, "PoissonBooster", learning(maker)):
            held = forecast_past(known, records, detection, HORIZON, origins)
        for number, past in enumerate(held):
            true = truth[past.origin : past.origin + HORIZON].sum(axis=0)
            scored = {
                "trees": past.members["boosted"],
                "pool": model.pool(past.members, fit_pool(held[:number])),
            }
            rows += [
                {"seed": seed, "library": name, "member": member, "true": true.sum(),
                 "ig": log_gain(rate, true), "hit_1": hits(rate, true, 0.01)}
                for member, rate in scored.items()
            ]  # fmt: skip
    by = pd.DataFrame(rows).groupby(["seed", "library", "member"], sort=False).sum()
    by = by[["ig", "hit_1"]].div(by["true"], axis=0).reset_index()
    return by.to_dict("records"), max(tables, key=lambda table: len(table[0]))


def seconds(work: Callable[[], object]) -> float:
    """Processor time of a call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def timed(table: tuple, cells: int = 27_585) -> list[dict]:
    """Fit, predict and explain in turn, the least of TURNS turns of each, seconds."""
    asked = {"rate": 0.05, "leaf_rows": model.LEAF_ROWS, "penalty": 10.0, "seeds": (0,)}
    at = np.resize(np.arange(len(table[0])), cells)
    features = table[0][at]
    spent: dict[tuple[str, str], list[float]] = {}
    for _ in range(TURNS):
        for name, maker in MAKERS.items():
            one = maker(**asked)
            work = {
                "fit": lambda one=one: one.fit(*table),
                "predict": lambda one=one: one.predict(features),
                "explain": lambda one=one: one.contributions(features),
            }
            for what, call in work.items():
                spent.setdefault((name, what), []).append(seconds(call))
    rows = [{"library": name, "what": what, "seconds": min(all_)} for (name, what), all_ in
            spent.items()]  # fmt: skip
    return [row | {"rows": len(table[0]), "cells": cells} for row in rows]


def _grown(name: str, table: tuple, answer) -> None:
    one = MAKERS[name](rate=0.05, leaf_rows=model.LEAF_ROWS, penalty=10.0, seeds=(0,))
    few = [part[:1000] for part in table]
    one.fit(*few).predict(few[0])  # what the library loads and keeps is no part of a fit
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _peak()
    one.fit(*table).predict(table[0])
    answer.put((_peak() - before) / 1024)


def _peak() -> int:
    """The largest memory of this process so far, kB (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def memory(table: tuple) -> dict[str, float]:
    """How much a process grows by one fit and one prediction, MB, each in a process of its own."""
    found, spawn = {}, get_context("spawn")
    for name in MAKERS:
        answer = spawn.Queue()
        child = spawn.Process(target=_grown, args=(name, table, answer))
        child.start()
        found[name] = round(answer.get(), 1)
        child.join()
    return found


def needs() -> dict[str, dict]:
    """Lines of ours for each, and the size of the library on disk, MB."""
    import lightgbm
    import sklearn

    def size(module) -> float:
        files = Path(module.__file__).parent.rglob("*")
        return round(sum(file.stat().st_size for file in files if file.is_file()) / 1e6, 1)

    ours = Path(booster.__file__).read_text(encoding="utf-8")
    return {
        "scikit-learn": {"lines": len(ours.splitlines()), "mb": size(sklearn), "stays": True},
        "LightGBM": {"lines": len(inspect.getsource(LightBooster).splitlines()),
                     "mb": size(lightgbm), "stays": False},
    }  # fmt: skip


def main() -> None:
    """Measure, print the tables and write docs/results/boosters.json."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="*", default=[61, 62, 63])
    options = parser.parse_args()
    rows, largest = [], None
    for seed in options.seeds:
        scored, largest = skill(seed)
        rows += scored
        table = pd.DataFrame(rows).pivot(index=["member", "library"], columns="seed", values="ig")
        print(table.assign(mean=table.mean(axis=1)).round(4).to_string(), flush=True)
    speed = timed(largest)
    print(pd.DataFrame(speed).to_string())
    found = {"skill": rows, "speed": speed, "memory_mb": memory(largest), "needs": needs()}
    print(found["memory_mb"], found["needs"])
    scored = json.loads(pd.Series(found).to_json())
    file = HERE / "docs" / "results" / "boosters.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(scored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
