"""Patrol where told, record, refit, repeat: does the model keep finding the true places?

`python -m bench.patrols.closed_loop` steps an invented world for 40 weeks behind 60 weeks of usual
patrols. Learners face the same true events: one corrected for effort, the same one uncorrected,
last year's counts, and the corrected one with a fifth of its patrols drawn by risk elsewhere. Each
week each sends the same hours to its own top cells and learns from what it finds there (Ensign et
al. 2018 describe how such loops run away). The loop is run twice: where villagers report, and where
nobody does and patrols' finds are all there is.
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from bench.figure import draw_lines
from data.season import season_features
from data.worlds.patrols import PostPatrols, add_post_shifts, effective_minutes
from data.worlds.world import Simulation
from risk.engine.exposure import Detection, fit_detection
from risk.engine.features import static_features
from risk.engine.memory import Records, remember
from risk.engine.model import MEMBERS, fit, pool

HERE = Path(__file__).resolve().parents[2]
BEFORE, LOOP = 60, 40
#: file of the result -> parameters of the world
WORLDS: dict[str, dict] = {"closed_loop": {}, "closed_loop_no_reports": {"report_share": 0.0}}
#: learner -> share of its patrols that goes elsewhere
LEARNERS = {"corrected": 0.0, "uncorrected": 0.0, "counts": 0.0, "a fifth elsewhere": 0.2}
RECENT = 20  # weeks without a patrol after which a cell counts as unwatched
EQUAL = np.array([0.0] + [1 / len(MEMBERS)] * len(MEMBERS))


class Learner:
    """One way of learning, in its own copy of the world; `next` tells where to go."""

    def __init__(self, name: str, cells: pd.DataFrame, seed: int, **parameters: object):
        self.name, self.cells = name, cells
        weeks = BEFORE + LOOP
        self.world = Simulation(cells, seed, weeks=weeks, displacement=False, **parameters)
        self.policy = PostPatrols(self.world)
        self.order = np.flatnonzero(np.isin(self.world.cells, self.world.frame["cell"]))
        self.static, self.static_names = static_features(self.world.frame)
        self.weeks: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def step(self, minutes: np.ndarray) -> int:
        """One week with these minutes per belt cell; gives how many true events were met."""
        everywhere = np.zeros(len(self.world.cells))
        everywhere[self.world.belt] = minutes
        week = self.world.step(everywhere)
        grid, found = self.world.grid, week["records"]
        place = grid.position(found["cell"].astype(str).tolist())
        seen = (found["detection"] == "discovered").to_numpy()
        counts = [np.bincount(place[m], minlength=len(grid)) for m in (seen, ~seen)]
        self.weeks.append((*counts, minutes))
        return int(week["true_events"]["discovered"].sum())

    def usual(self) -> np.ndarray:
        """Minutes of the usual patrols of the coming week, per belt cell."""
        plan = self.policy.plan(self.world.week, self.world.found)
        minutes = add_post_shifts(self.world, self.policy, effective_minutes(self.world, plan))
        return minutes[self.world.belt]

    def records(self) -> Records:
        """All weeks so far as panels."""
        discovered, reported, minutes = (
            np.stack(x).astype(np.float32) for x in zip(*self.weeks, strict=True)
        )
        now = len(self.weeks)
        days = self.world.weeks[:now].append(
            pd.date_range(self.world.weeks[now - 1], periods=6, freq="7D")[1:]
        )
        season = season_features(days)
        return Records(
            self.world.grid, self.world.weeks[:now],
            discovered, discovered, discovered + reported, reported,
            {"patrol": minutes}, self.static, self.static_names,
            season.to_numpy(np.float32), list(season.columns),
        )  # fmt: skip

    def rate(self) -> np.ndarray:
        """What this learner thinks of each belt cell now."""
        records = self.records()
        if self.name == "counts":
            return records.counts[-52:].sum(axis=0) + 1e-6 * np.arange(len(records.grid))
        detection = Detection({}, 0.0, 0.0, corrected=False)
        if self.name != "uncorrected":
            detection = fit_detection(
                records.discovered_points, records.reported, records.effort, records.grid
            )
        now = len(records.weeks)
        known = remember(records, detection, (1,), [now])
        model = fit(known, 1, now, seeds=1)
        return pool(model.members(known.at[now], known.at_more[now], known.scales), EQUAL)


def choose(rate: np.ndarray, n: int, elsewhere: float, random: np.random.Generator) -> np.ndarray:
    """Positions of n cells to patrol: the highest rates, the last share drawn by rate instead."""
    top = np.argsort(-rate)[:n]
    drawn = round(elsewhere * n)
    chance = np.maximum(rate, 1e-9)
    chance[top[: n - drawn]] = 0.0
    others = random.choice(len(rate), drawn, replace=False, p=chance / chance.sum())
    return np.concatenate([top[: n - drawn], others])


def run(
    cells: pd.DataFrame, seed: int, loop: int, area: float, **parameters: object
) -> dict[str, list[dict]]:
    """Scores per learner and week: share of the best possible true intensity in its top cells.

    `unwatched` is the share of the intensity of the truly best cells that lies where this learner
    sent nobody for RECENT weeks; `moved` what lies in cells that were not among the best at first.

    area : share of the belt's cells that is patrolled each week and scored
    parameters : of the invented world
    """
    result = {}
    for name, elsewhere in LEARNERS.items():
        learner = Learner(name, cells, seed, **parameters)
        hours = []
        for _ in range(BEFORE):
            minutes = learner.usual()
            hours.append(minutes.sum())
            learner.step(minutes)
        budget, scores = float(np.mean(hours)), []
        random, first_best = np.random.default_rng(seed), None
        for week in range(loop):
            rate = learner.rate()
            true = learner.world.intensity().sum(axis=1)
            n = int(area * len(rate))
            top = np.argsort(-rate)[:n]
            p = np.maximum(rate, 1e-9) / np.maximum(rate, 1e-9).sum()
            best = np.argsort(-true)[:n]
            first_best = best if first_best is None else first_best
            recent = sum(spent for *_, spent in learner.weeks[-RECENT:])
            minutes = np.zeros(len(rate))
            minutes[choose(rate, n, elsewhere, random)] = budget / n
            met = learner.step(minutes)
            scores.append(
                {
                    "week": week,
                    "share_of_best": float(true[top].sum() / true[best].sum()),
                    "unwatched": float(true[best][recent[best] == 0].sum() / true[best].sum()),
                    "moved": float(true[np.setdiff1d(best, first_best)].sum() / true[best].sum()),
                    "ig": float((true / true.sum()) @ np.log(p * len(p))),
                    "met": met,
                }
            )
        print(f"seed {seed} {parameters}: {name} done", flush=True)
        result[name] = scores
    return result


def summary(runs: list[dict[str, list[dict]]]) -> str:
    """Per learner and world: means of the first and last eight weeks, events met."""
    lines = []
    for name in runs[0]:
        lines.append(f"{name}: met {[sum(week['met'] for week in run[name]) for run in runs]}")
        for key in ("share_of_best", "unwatched", "moved"):
            value = np.array([[week[key] for week in run[name]] for run in runs])
            first, last = value[:, :8].mean(axis=1).round(2), value[:, -8:].mean(axis=1).round(2)
            lines.append(f"    {key}: first 8 weeks {first}, last 8 weeks {last}")
    return "\n".join(lines)


def main() -> None:
    """Run both worlds; write docs/results/closed_loop*.json and .svg, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=[3, 4, 5])
    parser.add_argument("--weeks", type=int, default=LOOP)
    parser.add_argument("--area", type=float, default=0.01, help="share of cells patrolled")
    parser.add_argument("--only", nargs="*", default=list(WORLDS), choices=WORLDS)
    options = parser.parse_args()
    cells = pd.read_parquet(HERE / "data/area/cells.parquet")
    with ProcessPoolExecutor() as workers:
        tasks = {
            file: [
                workers.submit(run, cells, seed, options.weeks, options.area, **WORLDS[file])
                for seed in options.seeds
            ]
            for file in options.only
        }
        runs = {file: [task.result() for task in some] for file, some in tasks.items()}
    for file, some in runs.items():
        by_seed = dict(zip(map(str, options.seeds), some, strict=True))
        (HERE / f"docs/results/{file}.json").write_text(json.dumps(by_seed, indent=1) + "\n")
        lines = {
            name: [
                (week, float(np.mean([one[name][week]["share_of_best"] for one in some])))
                for week in range(options.weeks)
            ]
            for name in some[0]
        }
        draw_lines(
            HERE / f"docs/results/{file}.svg",
            "Patrol where told, record, refit"
            + (", nobody reports" if WORLDS[file] else "")
            + f" (DATA SINTETIS, mean of {len(some)} worlds)",
            "weeks in the loop",
            f"true intensity in the top {options.area:.0%} of cells, share of the best possible",
            lines,
        )
        print(f"{file}\n{summary(some)}")


if __name__ == "__main__":
    main()
