"""Patrol bias: real events thinned by invented patrols, forecasts scored on the true events.

p(recorded) = 1 - exp(-1.2 effort); half of each period's effort lies around four posts, half
follows past records; the total is set so that about 30 % of all events are recorded.

    python -m bench.risk.patrol_bias DIR_WITH_EVENTS [--seeds 0 1 2] [--models corrected pool]

The oracle is `forecast` on all true events. `corrected` is `forecast(..., effort)`, `pool` the
map's engine with the same effort (`risk.engine.pooled.expect`). Two bounds: `even` has as many
records in all, drawn evenly over all places; `dense` tells bias from want of records: every cell is
forecast from an even sample of the share of events that patrols record *there*, so it has as few
records as the patrols leave in each place, but none of their bias.

Effort as it is in life: `misreported` by a factor of about two either way in every cell and period,
and half of the units report half of what they did; `coarse`, told by unit (the H3 parent two
resolutions up, 49 cells) and spread evenly over its cells; `both`. Writes
docs/results/patrol_bias.json; what is not asked for stays as the file has it.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import h3
import numpy as np
import pandas as pd

from bench.risk.forecast import DAYS, DOCS, SETS
from geo.grid import Grid
from risk.engine.detection import usable_effort
from risk.engine.excitation import past_of
from risk.engine.exposure import fit_detection
from risk.engine.forecast import forecast
from risk.engine.laid import STEP_DAYS, lay_watched, steps_of
from risk.engine.memory import Records
from risk.engine.pooled import Told, expect
from risk.scores.metrics import log_gain
from risk.scores.validation import period_starts, protocol_cells

STRENGTH = 1.2
RECORDED = 0.30
SHARES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)  # of the even samples that `dense` is put together from
ORIGINS = {"piracy_seasia": 10}  # few events a period
USUAL_ORIGINS = 5
UNIT = 2  # resolutions up: 49 cells tell their effort together
MODELS = ("oracle", "raw", "corrected", "pool", "misreported", "coarse", "both", "even", "dense")
WRONG_BY = float(np.log(2))  # deviation of the log of an effort that is misreported by half


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
    densities = np.array([forecast(events[luck < share], cells, start, DAYS) for share in SHARES])
    densities = np.log(densities / densities.sum(axis=1, keepdims=True))
    at = np.log(np.clip(seen, SHARES[0], 1.0))
    mixed = np.exp(
        [np.interp(x, np.log(SHARES), cell) for x, cell in zip(at, densities.T, strict=True)]
    )
    return mixed / mixed.sum()


def mean_chance(effort: pd.DataFrame, cells: list[str], start: pd.Timestamp) -> np.ndarray:
    """Mean chance of being recorded before `start`, over all its periods, (cells,)."""
    past = effort[effort["period_start"] < start]
    seen = (1 - np.exp(-STRENGTH * past["effort"])).groupby(past["cell"]).sum()
    return seen.reindex(cells, fill_value=0.0).to_numpy() / past["period_start"].nunique()


def misreport(effort: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Effort as it is written down: each row off by a factor of about two, either way.

    On top of that, half of the units (drawn by `seed`) tell half of what they did.
    """
    random = np.random.default_rng(300 + seed)
    units = _units(effort)
    lazy = pd.Series(random.random(units.nunique()) < 0.5, index=np.unique(units))
    wrong = np.exp(random.normal(0, WRONG_BY, len(effort))) * np.where(units.map(lazy), 0.5, 1.0)
    return effort.assign(effort=effort["effort"] * wrong)


def coarsen(effort: pd.DataFrame, cells: list[str]) -> pd.DataFrame:
    """Effort told by unit: its sum, spread evenly over the unit's cells of the grid."""
    units = pd.Series(cells).map(lambda cell: h3.cell_to_parent(cell, _unit_resolution(cell)))
    inside = pd.DataFrame({"unit": units, "cell": cells})
    by = ["unit", "period_start", "days"]
    total = effort.assign(unit=_units(effort)).groupby(by, as_index=False)["effort"].sum()
    size = inside.groupby("unit")["cell"].transform("size")
    spread = total.merge(inside.assign(size=size), on="unit")
    return spread.assign(effort=spread["effort"] / spread["size"])[
        ["cell", "period_start", "days", "effort"]
    ]


def _units(effort: pd.DataFrame) -> pd.Series:
    known = {c: h3.cell_to_parent(c, _unit_resolution(c)) for c in effort["cell"].unique()}
    return effort["cell"].map(known)


def _unit_resolution(cell: str) -> int:
    return max(h3.get_resolution(cell) - UNIT, 0)


def as_records(
    records: pd.DataFrame, effort: pd.DataFrame, grid: Grid, start: pd.Timestamp
) -> Records:
    """Records and effort before an origin as the map's engine takes them, `laid.lay_watched`.

    Parameters
    ----------
    records : lat, lon, time
    effort : cell, period_start, days, effort
    grid : cells
    start : origin
    """
    past = past_of(records, grid, start, STEP_DAYS)
    return lay_watched(past, usable_effort(effort, grid, start), start, steps_of(DAYS))


def by_pool(
    records: pd.DataFrame, effort: pd.DataFrame, grid: Grid, start: pd.Timestamp, notes: Told
) -> np.ndarray:
    """Expected events by the map's engine; `notes` keeps its past forecasts for the next call.

    Parameters
    ----------
    records : lat, lon, time
    effort : cell, period_start, days, effort
    grid : cells
    start : origin
    notes : past forecasts
    """
    laid = as_records(records, effort, grid, start)
    found = fit_detection(laid.discovered_points, laid.reported, laid.effort, grid)
    return expect(laid, found, steps_of(DAYS), notes=notes)


def share_of_oracle(
    name: str, folder: Path, seed: int, models: Sequence[str], known: dict[str, float]
) -> dict[str, float]:
    """Mean information gain of each forecast on true events, and its share of the oracle's.

    Parameters
    ----------
    name, folder : set of events, and where it lies
    seed : of the patrols
    models : those that are measured; of the others the answer has what is known
    known : an earlier answer
    """
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
    wrong, coarse = misreport(effort, seed), coarsen(effort, cells)
    both = coarsen(wrong, cells)
    notes: Told = {}
    gain, total = defaultdict(float), 0.0
    for start in tested[:: n_periods // ORIGINS.get(name, USUAL_ORIGINS)]:
        now = ((times >= start) & (times < start + pd.Timedelta(days=DAYS))).to_numpy()
        observed = np.bincount(place[now & (place >= 0)], minlength=len(cells)).astype(float)
        call = (cells, start, DAYS)
        answers: dict[str, Callable[[], np.ndarray]] = {
            "oracle": partial(forecast, events, *call),
            "raw": partial(forecast, records, *call),
            "corrected": partial(forecast, records, *call, effort),
            "pool": partial(by_pool, records, effort, Grid(cells), start, notes),
            "misreported": partial(forecast, records, *call, wrong),
            "coarse": partial(forecast, records, *call, coarse),
            "both": partial(forecast, records, *call, both),
            "even": partial(forecast, even, *call),
            "dense": partial(
                as_dense, events, cells, start, mean_chance(effort, cells, start), seed
            ),
        }
        total += observed.sum()
        for model in models:
            gain[model] += log_gain(answers[model](), observed)
    row = known | {model: value / total for model, value in gain.items()}
    row |= {"recorded": len(records) / len(events), "tested_events": total}
    return row | {f"share_{m}": row[m] / row["oracle"] for m in gain if m != "oracle"}


def main() -> None:
    """Measure each set with each seed, print and write docs/results/patrol_bias.json."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("events", type=Path, help="folder with NAME.csv.gz")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--models", nargs="*", default=list(MODELS), choices=MODELS)
    parser.add_argument("--workers", type=int, help="processes; as many as there are cores")
    arguments = parser.parse_args()
    jobs = [(name, seed) for name in arguments.sets for seed in arguments.seeds]
    file = DOCS / "results" / "patrol_bias.json"
    before = json.loads(file.read_text()) if file.exists() else []
    rows = {(row["set"], row["seed"]): row for row in before}
    with ProcessPoolExecutor(arguments.workers) as workers:
        tasks = [
            workers.submit(
                share_of_oracle, n, arguments.events, s, arguments.models, rows.get((n, s), {})
            )
            for n, s in jobs
        ]
        for (name, seed), task in zip(jobs, tasks, strict=True):
            rows[name, seed] = {"set": name, "seed": seed} | task.result()
            print(rows[name, seed], flush=True)
            rounded = json.loads(pd.DataFrame(rows.values()).round(4).to_json(orient="records"))
            file.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
