"""Patrol bias: real events thinned by invented patrols, forecasts scored on the true events.

p(recorded) = 1 - exp(-1.2 effort); half of each period's effort lies around four posts, half
follows past records; the total is set so that about 30 % of all events are recorded.

    python -m bench.patrol_bias DIR_WITH_EVENTS [--seeds 3]

The oracle is the same method on all true events. `even` has the same share of the events, drawn
evenly over all places. `dense` tells bias from want of records: every cell is forecast from an even
sample of the share of events that patrols record *there*, so it has as few records as the patrols
leave, but none of their bias. Writes docs/results/patrol_bias.json.
"""

import argparse
import json
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from bench.forecast import DAYS, DOCS, SETS
from geo.grid import Grid
from risk.engine.forecast import forecast
from risk.scores.metrics import log_gain
from risk.scores.validation import period_starts, protocol_cells

STRENGTH = 1.2
RECORDED = 0.30
SHARES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)  # of the even samples that `dense` is put together from
ORIGINS = {"piracy_seasia": 20}  # few events a period
USUAL_ORIGINS = 5


def thin(
    events: pd.DataFrame, cells: list[str], starts: pd.DatetimeIndex, days: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Records that patrols would have made of true events, and the effort of every period.

    starts: begin of every period, oldest first; events outside them or outside the cells are
    never recorded. Returns (records, effort: cell, period_start, days, effort).
    """
    low, high = 1e-3, 1e5
    for _ in range(25):
        amount = np.sqrt(low * high)
        records, effort = _patrol(events, cells, starts, days, seed, amount)
        if len(records) / len(events) < RECORDED:
            low = amount
        else:
            high = amount
    return records, effort


def _patrol(events, cells, starts, days, seed, amount):
    grid = Grid(cells)
    random = np.random.default_rng(seed)
    times = pd.to_datetime(events["time"], format="mixed").to_numpy()
    period = np.searchsorted(starts.to_numpy(), times, side="right") - 1
    late = times >= (starts[-1] + pd.Timedelta(days=days)).to_datetime64()
    place = grid.locate(events["lat"].to_numpy(), events["lon"].to_numpy())
    period = np.where(late | (place < 0), -1, period)
    luck = random.random(len(events))
    busy = np.bincount(place[place >= 0], minlength=len(grid))
    posts = random.choice(len(grid), 4, replace=False, p=(busy + 0.1) / (busy + 0.1).sum())
    far = np.sqrt(((grid.xy_km[:, None] - grid.xy_km[posts]) ** 2).sum(axis=2))
    near = np.exp(-far / (5 * grid.spacing_km)).sum(axis=1)
    near /= near.sum()
    ring = grid.neighbours(1, inside=True)
    found = np.zeros(len(grid))
    recorded = np.zeros(len(events), bool)
    rows = []
    for index, start in enumerate(starts):
        chase = ring @ found + 1e-9
        effort = amount * (near + chase / chase.sum()) / 2
        now = np.flatnonzero(period == index)
        recorded[now] = luck[now] < 1 - np.exp(-STRENGTH * effort[place[now]])
        new = place[now][recorded[now]]
        found = 0.9 * found + np.bincount(new, minlength=len(grid))
        spent = np.flatnonzero(effort > 1e-4)
        rows.append(
            pd.DataFrame(
                {
                    "cell": np.array(grid.cells, object)[spent],
                    "period_start": start,
                    "days": days,
                    "effort": effort[spent],
                }
            )
        )
    return events[recorded], pd.concat(rows, ignore_index=True)


def as_dense(
    events: pd.DataFrame, cells: list[str], start: pd.Timestamp, seen: np.ndarray, seed: int
) -> np.ndarray:
    """Forecast from even samples as dense in each cell as its records are, (cells,), sums to 1.

    seen: (cells,) mean chance that an event there was recorded. Between SHARES the log of the
    forecast is interpolated over the log of the share.
    """
    luck = np.random.default_rng(200 + seed).random(len(events))
    told = np.array([forecast(events[luck < share], cells, start, DAYS) for share in SHARES])
    told = np.log(told / told.sum(axis=1, keepdims=True))
    at = np.log(np.clip(seen, SHARES[0], 1.0))
    mixed = np.exp([np.interp(x, np.log(SHARES), cell) for x, cell in zip(at, told.T, strict=True)])
    return mixed / mixed.sum()


def mean_chance(effort: pd.DataFrame, cells: list[str], start: pd.Timestamp) -> np.ndarray:
    """Mean chance of being recorded before `start`, over all its periods, (cells,)."""
    past = effort[effort["period_start"] < start]
    seen = (1 - np.exp(-STRENGTH * past["effort"])).groupby(past["cell"]).sum()
    return seen.reindex(cells, fill_value=0.0).to_numpy() / past["period_start"].nunique()


def share_of_oracle(name: str, folder: Path, seed: int) -> dict[str, float]:
    """Mean information gain of each forecast on true events, and its share of the oracle's."""
    resolution, k, n_periods = SETS[name]
    events = pd.read_csv(folder / f"{name}.csv.gz")
    cells = protocol_cells(events, resolution, k, n_periods, DAYS)
    tested = period_starts(events, DAYS, n_periods)
    times = pd.to_datetime(events["time"], format="mixed")
    end = tested[-1] + pd.Timedelta(days=DAYS)
    full = min(int((end - times.min()) / pd.Timedelta(days=DAYS)), 130)
    starts = pd.DatetimeIndex([end - pd.Timedelta(days=DAYS * b) for b in range(full, 0, -1)])
    events, times = events[times >= starts[0]], times[times >= starts[0]]
    records, effort = thin(events, cells, starts, DAYS, seed)
    place = Grid(cells).locate(events["lat"].to_numpy(), events["lon"].to_numpy())
    even = events[np.random.default_rng(100 + seed).random(len(events)) < RECORDED]
    gain, total = defaultdict(float), 0.0
    for start in tested[:: n_periods // ORIGINS.get(name, USUAL_ORIGINS)]:
        now = ((times >= start) & (times < start + pd.Timedelta(days=DAYS))).to_numpy()
        observed = np.bincount(place[now & (place >= 0)], minlength=len(cells)).astype(float)
        answers = {
            "oracle": forecast(events, cells, start, DAYS),
            "raw": forecast(records, cells, start, DAYS),
            "corrected": forecast(records, cells, start, DAYS, effort),
            "even": forecast(even, cells, start, DAYS),
            "dense": as_dense(events, cells, start, mean_chance(effort, cells, start), seed),
        }
        total += observed.sum()
        for model, answer in answers.items():
            gain[model] += log_gain(answer, observed)
    row = {model: value / total for model, value in gain.items()}
    row |= {"recorded": len(records) / len(events), "tested_events": total}
    return row | {f"share_{m}": row[m] / row["oracle"] for m in gain if m != "oracle"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("events", type=Path, help="folder with NAME.csv.gz")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    jobs = [(name, seed) for name in arguments.sets for seed in range(arguments.seeds)]
    rows = []
    with ProcessPoolExecutor() as workers:
        tasks = [workers.submit(share_of_oracle, n, arguments.events, seed) for n, seed in jobs]
        for (name, seed), task in zip(jobs, tasks, strict=True):
            rows.append({"set": name, "seed": seed} | task.result())
            print(rows[-1], flush=True)
    (DOCS / "results" / "patrol_bias.json").write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
