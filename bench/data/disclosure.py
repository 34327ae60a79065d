"""What a reader can still use: counts of calendar blocks, hidden or noised, beside weekly ones.

`python -m bench.data.disclosure` invents provinces (DATA SINTETIS) and releases their records of
one calendar year in five ways: as the program did before (a window of 52 weeks by coarse cell and
of four weeks by kabupaten, hidden week by week), as it does now (`data.gate.published`), and with
differential privacy by OpenDP, where one event changes the chance of any release by a factor of at
most e^epsilon: half of epsilon for the quarters of districts, half for the years of cells; with and
without a threshold that lets about one cell in all be told although nothing happened there; and
with all of epsilon for the weeks of districts, told each week.

Whatever is hidden a reader takes for 2, the middle of 0 to 4. Writes docs/results/disclosure.json.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import opendp.prelude as dp
import pandas as pd
from scipy.optimize import linprog
from scipy.stats import spearmanr

from bench.risk.coverage import read_world
from data.gate import published
from data.gate.protect import hide
from geo import blocks
from joins import opened
from settings import load_settings

HERE = Path(__file__).resolve().parents[2]
BELOW, HIDDEN_AS, TOP = published.EVENTS_BELOW, 2.0, 20
EPSILONS = (0.5, 1.0, 2.0)
DRAWS = 20
#: how many weekly assessments the old way is watched for
WATCHED = 52


def noised(values: np.ndarray, epsilon: float) -> np.ndarray:
    """Counts with Laplace noise, not below zero; one event moves them by 1 in sum."""
    dp.enable_features("contrib", "idealized-numerics")
    space = dp.vector_domain(dp.atom_domain(T=float, nan=False)), dp.l1_distance(T=float)
    mechanism = space >> dp.m.then_laplace(scale=1 / epsilon)
    assert mechanism.map(1.0) <= epsilon * 1.0001
    return np.maximum(np.asarray(mechanism(values.tolist())), 0.0)


def judge(true: np.ndarray, answer: np.ndarray) -> dict:
    """What is told (NaN where hidden) against the truth."""
    shown, big = ~np.isnan(answer), true >= BELOW
    read = np.where(shown, answer, HIDDEN_AS)
    rank = spearmanr(true[big], read[big]).statistic  # of those that are not small
    order, mine = np.argsort(-true, kind="stable")[:TOP], np.argsort(-read, kind="stable")[:TOP]
    return {
        "shown": shown.mean(),
        "shown_of_5_or_more": shown[big].mean() if big.any() else np.nan,
        "error_of_shown": np.abs(answer - true)[shown].mean() if shown.any() else np.nan,
        "error_of_5_or_more": np.abs(read - true)[big].mean() if big.any() else np.nan,
        "rank_of_5_or_more": rank,
        "top": len(set(order) & set(mine)) / TOP,
        "ghosts": float(((true < 1) & shown & (answer >= BELOW)).sum()),
    }


def solved_weeks(counts: np.ndarray, watched: int) -> tuple[int, int]:
    """Small district-weeks that sliding steps of four weeks give away: (solved, all of them).

    Parameters
    ----------
    counts : events by week and district; the last `watched` weeks are assessed each
    """
    n, districts = counts.shape
    rows: list[list] = [[] for _ in range(districts)]
    for last in range(n - watched, n):
        for end in range(last, max(last - 52, 3), -4):
            step = counts[end - 3 : end + 1].sum(axis=0)
            hidden = hide(
                np.append(step, step.sum()), [(districts, tuple(range(districts)))], BELOW
            )
            for code in np.flatnonzero(~hidden[:districts]):
                rows[code].append((end - 3, end, step[code]))
    solved = small = 0
    for code in range(districts):
        sums = sorted({(first, end): value for first, end, value in rows[code]}.items())
        matrix = np.zeros((len(sums), n))
        for row, ((first, end), _) in enumerate(sums):
            matrix[row, first : end + 1] = 1
        right = np.array([value for _, value in sums])
        for week in range(n - watched, n):
            if not 0.5 < counts[week, code] < BELOW:
                continue
            small += 1
            if matrix[:, week].any():
                aim = (np.arange(n) == week).astype(float)
                ends = [linprog(sign * aim, A_ub=np.vstack([matrix, -matrix]),
                                b_ub=np.append(right + 1e-4, 1e-4 - right), method="highs").fun
                        for sign in (1, -1)]  # fmt: skip
                solved += -ends[1] - ends[0] < 0.5
    return solved, small


def release_year(seed: int, settings, ground) -> list[dict]:
    """One row per way and table for one invented province."""
    gathered, _ = read_world(settings, ground, seed)
    records = gathered.records
    weeks = pd.DatetimeIndex(records.weeks)
    year = blocks.year_of(blocks.quarters_within(weeks[0], weeks[-1])[-1])
    year = year if blocks.weeks_of(year)[-1] <= weeks[-1] else str(int(year) - 1)
    at, cell = np.nonzero(records.counts)
    names = np.asarray(records.grid.cells, dtype=object)
    frames = {
        "cells": ground.cells,
        "history": pd.DataFrame(
            {"cell": names[cell], "week": weeks[at], "weight": records.counts[at, cell]}
        ),
    }
    made = published.release(frames, weeks[-1], None, weeks[0])
    if f"{year}-Q4" not in made:  # not over long enough: as told four weeks later
        made = published.release(frames, weeks[-1] + pd.Timedelta(weeks=4), None, weeks[0])
    rows = pd.concat(made.values(), ignore_index=True)
    rows = rows[(rows["kind"] == "figure") & (rows["kabupaten_code"] != "")]
    of_quarter = rows[rows["span"].isin(blocks.quarters_of(year)) & (rows["cell"] == "")]
    of_cell = rows[(rows["span"] == year) & (rows["cell"] != "")]
    found = []

    def add(way: str, table: str, true, answer, epsilon: float = np.nan) -> None:
        one = {"way": way, "epsilon": epsilon, "table": table, "seed": seed}
        found.append(one | judge(np.asarray(true, float), np.asarray(answer, float)))

    for table, part in (("district quarters", of_quarter), ("cell years", of_cell)):
        true = part["count"].to_numpy(float)
        add("blocks, hidden", table, true, np.where(part["hidden"], np.nan, true.round()))
        for epsilon in EPSILONS:
            limit = 2 / epsilon * np.log(len(true) / 2)
            for _ in range(DRAWS):
                noisy = noised(true, epsilon / 2)
                add("blocks, noise", table, true, noisy, epsilon)
                if table == "cell years":
                    noisy = np.where(noisy >= limit, noisy, np.nan)
                    add("blocks, noise, threshold", table, true, noisy, epsilon)
    homes = published.homes_of(ground.cells)
    coarse = published.parents(pd.DataFrame({"cell": names}))
    place = pd.Series(coarse).map(homes)
    by = pd.DataFrame(records.counts.T).groupby(place.to_numpy()).sum().T.to_numpy(float)
    inside = np.isin(weeks, blocks.weeks_of(year))
    weekly = by[inside]
    for epsilon in EPSILONS:
        for _ in range(DRAWS):
            space = noised(weekly.ravel(), epsilon).reshape(weekly.shape)
            add("weeks, noise", "district weeks", weekly.ravel(), space.ravel(), epsilon)
            sums = [np.add.reduceat(m, [0, 13, 26, 39]).ravel() for m in (weekly, space)]
            add("weeks, noise", "district quarters", *sums, epsilon)
    # as before: a window of 52 weeks and steps of four, hidden anew each week
    window = pd.Series(records.counts[inside].sum(axis=0)).groupby(coarse).sum()
    code = homes.reindex(window.index).to_numpy()
    values = window.to_numpy(float)
    groups = [np.flatnonzero(code == one) for one in sorted(set(code))]
    totals = [values[group].sum() for group in groups]
    sums = [(len(values) + i, tuple(group.tolist())) for i, group in enumerate(groups)]
    hidden = hide(np.append(values, totals), sums, BELOW)[: len(values)]
    add("sliding, hidden", "cell years", values, np.where(hidden, np.nan, values))
    # the old way is not told by quarter: its steps of four weeks stand for them
    steps_ = np.add.reduceat(weekly, np.arange(0, 52, 4))
    noisy = []
    for step in steps_:
        gone = hide(np.append(step, step.sum()), [(len(step), tuple(range(len(step))))], BELOW)
        noisy.append(np.where(gone[:-1], np.nan, step))
    add("sliding, hidden", "district four weeks", steps_.ravel(), np.array(noisy).ravel())
    solved, small = solved_weeks(by, WATCHED)
    found[-1] |= {"small_weeks_solved": solved, "small_weeks": small}
    return found


def main() -> None:
    """Measure, print the table and write docs/results/disclosure.json."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", nargs="*", type=int, default=[51, 52, 53])
    options = parser.parse_args()
    settings = load_settings(HERE / "config.toml")
    ground = opened.lay_ground(settings.area)
    rows = []
    for seed in options.seeds:
        rows += release_year(seed, settings, ground)
        print(f"seed {seed} done", flush=True)
    table = pd.DataFrame(rows)
    keys = ["table", "way", "epsilon"]
    mean = table.groupby(keys, dropna=False).mean(numeric_only=True).drop(columns="seed")
    print(mean.round(3).to_string())
    rounded = json.loads(mean.round(3).reset_index().to_json(orient="records"))
    text = json.dumps({"seeds": options.seeds, "draws": DRAWS, "mean": rounded}, indent=1)
    (HERE / "docs/results/disclosure.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
