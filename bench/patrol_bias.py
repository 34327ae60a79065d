"""Patrol bias: real events thinned by invented patrols, forecasts scored on the true events.

p(recorded) = 1 - exp(-1.2 effort); half of each period's effort lies around four posts, half
follows past records; the total is set so that about 30 % of all events are recorded.

    python -m bench.patrol_bias DIR_WITH_EVENTS [--seeds 2] [--origins 4]

The oracle is the same method on all true events. `even` has the same share of the events, drawn
evenly: what patrols without bias would leave. Writes docs/patrol_bias.json.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd

from bench.forecast import DAYS, DOCS, SETS
from geo.grid import Grid
from risk.forecast import forecast
from risk.metrics import log_gain
from risk.validation import period_starts, protocol_cells

STRENGTH = 1.2
RECORDED = 0.30


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


def share_of_oracle(name: str, folder: Path, seed: int, n_origins: int) -> dict[str, float]:
    """Information gain on true events of oracle, raw and corrected forecast, mean of origins."""
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
    gain, total = dict.fromkeys(("oracle", "raw", "corrected", "even"), 0.0), 0.0
    for start in tested[:: max(1, n_periods // n_origins)]:
        now = ((times >= start) & (times < start + pd.Timedelta(days=DAYS))).to_numpy()
        observed = np.bincount(place[now & (place >= 0)], minlength=len(cells)).astype(float)
        answers = {
            "oracle": forecast(events, cells, start, DAYS),
            "raw": forecast(records, cells, start, DAYS),
            "corrected": forecast(records, cells, start, DAYS, effort),
            "even": forecast(even, cells, start, DAYS),
        }
        total += observed.sum()
        for model, answer in answers.items():
            gain[model] += log_gain(answer, observed)
    row = {model: value / total for model, value in gain.items()}
    row["recorded"] = len(records) / len(events)
    return row | {f"share_{m}": row[m] / row["oracle"] for m in ("raw", "corrected", "even")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("events", type=Path, help="folder with NAME.csv.gz")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--origins", type=int, default=4, help="tested origins of each set")
    arguments = parser.parse_args()
    rows = []
    for name in arguments.sets:
        for seed in range(arguments.seeds):
            row = share_of_oracle(name, arguments.events, seed, arguments.origins)
            rows.append({"set": name, "seed": seed} | row)
            print(rows[-1], flush=True)
    (DOCS / "patrol_bias.json").write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
