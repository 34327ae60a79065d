"""What else was tried on the forecast, each beside the method as it stands, on the same origins.

    python -m bench.risk.trials DIR_WITH_EVENTS [--sets ...] [--only ...]

Every trial changes one thing and nothing was tuned on the tested periods: settings are fixed
beforehand, or chosen before the first origin, and a blend's weight is what the tested periods
*before* liked best. Writes docs/results/trials.json, one entry per set, and prints the table for
docs/method.md.
"""

import argparse
import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from unittest.mock import patch

import h3
import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import minimize
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist
from threadpoolctl import threadpool_limits

from bench.risk.forecast import DAYS, SETS, WORLDS, invent, world_cells
from geo.grid import Grid
from risk.engine import excitation, pool
from risk.engine import forecast as method
from risk.engine.booster import PoissonBooster
from risk.engine.excitation import past_of
from risk.scores.metrics import log_gain
from risk.scores.validation import compare, protocol_cells, rolling_origin, utc_times

DOCS = Path(__file__).parents[2] / "docs"
#: of an invented world, none of them 0, with which the method was looked at before
SEEDS = (5, 6)
TOP = 0.05  # area that can be patrolled
#: cell spacings and past events around a place that tell which way its line runs
LONG_SIGMAS = (0.6, 1.0, 1.7, 3.0, 5.0)
LINE_EVENTS = 40
MAX_STRETCH = 2.0  # along over across is at most its square
SPREADS = (2.0, 6.0)  # range of the log-Gaussian field in spacings
FADES = (8.0, 32.0, np.inf)  # its half-lives, in periods
VARIANCES = (1.0, 4.0)  # of the field, on the log

Answer = Callable[[pd.DataFrame, list[str], pd.Timestamp, int], np.ndarray]


def changed(names: dict[str, object]) -> Answer:
    """The method with some names of `risk.engine.forecast` replaced for the length of a call."""

    def answer(events, cells, start, days):
        with patch.multiple(method, **names):
            return method.forecast(events, cells, start, days)

    return answer


@dataclass
class Blend:
    """Geometric mean of the method and another answer, by the likelihood of earlier tests."""

    ours: Answer
    other: Answer
    told: list[tuple[pd.Timestamp, np.ndarray, np.ndarray]] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def __call__(self, events, cells, start, days):
        grid = Grid(cells)
        times = utc_times(events["time"]).to_numpy()
        place = grid.locate(events["lat"].to_numpy(), events["lon"].to_numpy())
        options = np.linspace(0, 1, 11)
        score = -2.0 * (options - 0.5) ** 2  # a weak pull to one half
        for then, mine, theirs in self.told:
            after = then.to_datetime64()
            now = (times >= after) & (times < after + np.timedelta64(days, "D")) & (place >= 0)
            seen = np.bincount(place[now], minlength=len(grid)).astype(float)
            score += [log_gain(mixed(mine, theirs, w), seen) for w in options]
        weight = float(options[np.argmax(score)])
        mine = self.ours(events, cells, start, days)
        theirs = self.other(events, cells, start, days)
        self.told.append((start, mine, theirs))
        self.weights.append(weight)
        return mixed(mine, theirs, weight) * mine.sum()


def mixed(mine: np.ndarray, theirs: np.ndarray, weight: float) -> np.ndarray:
    """Geometric mean that sums to 1."""
    both = np.exp((1 - weight) * np.log(mine) + weight * np.log(theirs))
    return both / both.sum()


def finer(events, cells, start, days):
    """Forecast of the children, summed up."""
    children = [(child, i) for i, c in enumerate(cells) for child in h3.cell_to_children(c)]
    rates = method.forecast(events, [child for child, _ in children], start, days)
    return np.bincount([i for _, i in children], rates, len(cells))


def coarser(events, cells, start, days):
    """Forecast of the parents, shared out evenly among those of their children that are here."""
    parents, owner = np.unique([h3.cell_to_parent(c) for c in cells], return_inverse=True)
    rates = method.forecast(events, parents.tolist(), start, days)
    return (rates / np.bincount(owner))[owner]


def finer_and_coarser(events, cells, start, days):
    """Three resolutions once the method itself is mixed in."""
    return np.sqrt(finer(events, cells, start, days) * coarser(events, cells, start, days))


def with_long_kernels(past, rows):
    """Components, and further ones stretched along the line on which past events lie."""
    parts = excitation.build_components(past, rows)
    half = np.array(excitation.half_lives(past.days, float(past.age.max())))
    names, at_rows, now = list(parts.names), [parts.at_rows.T], [parts.now.T]
    for sigma in LONG_SIGMAS:
        values, last = excitation._fade(past, rows, *stretched(past, sigma), half, False)
        names += [(1000 + sigma, float(h)) for h in half]
        at_rows.append(values)
        now.append(last)
    return excitation.Components(names, np.concatenate(at_rows).T, np.concatenate(now).T)


def stretched(past, sigma: float):
    """As `excitation.spread`, the Gaussian turned and stretched by the scatter of its neighbours.

    The second moments of the nearest past events give the direction; the axes are sigma times and
    over the fourth root of the ratio of the moments, so the area stays. Below one spacing the mass
    in a cell is the density at its centre, made to sum to what the round kernel gives.
    """
    grid = past.grid
    xy = grid.xy_km / grid.spacing_km
    here = grid.plane_km(past.lat, past.lon) / grid.spacing_km
    _, near = cKDTree(here).query(here, k=min(LINE_EVENTS, len(here)))
    gap = here[near] - here[near].mean(axis=1, keepdims=True)
    moments = np.einsum("nki,nkj->nij", gap, gap) / near.shape[1]
    moments += 0.25 * np.eye(2)  # events on one spot have no direction
    value, axis = np.linalg.eigh(moments)
    stretch = np.minimum((value[:, 1] / value[:, 0]) ** 0.25, MAX_STRETCH)
    width = np.stack([sigma / stretch, sigma * stretch], axis=1)
    kernel, anchor = excitation.spread(past, sigma)
    first = np.unique(anchor[anchor >= 0], return_index=True)[1]
    first = np.flatnonzero(anchor >= 0)[first]  # an anchor turns as its first event does
    reach = excitation.REACH * sigma * stretch.max() + 0.7
    pairs = cKDTree(here[first]).sparse_distance_matrix(cKDTree(xy), reach, output_type="ndarray")
    event = first[pairs["i"]]
    along = np.einsum("ni,nij->nj", xy[pairs["j"]] - here[event], axis[event])
    mass = np.exp(-((along / width[event]) ** 2).sum(axis=1) / 2)
    table = sp.csr_array((mass, (pairs["i"], pairs["j"])), shape=kernel.shape)
    total = np.asarray(kernel.sum(axis=1)).ravel() / np.maximum(table.sum(axis=1), 1e-9)
    table = sp.csr_array(sp.diags_array(total) @ table)
    return table.astype(np.float32), anchor


def with_long_features(parts, values, mix, days):
    """The logit's features, and the same ratios for stretched components."""
    known = _features(parts, values, mix, days)
    wanted = {parts.find(1000 + s, h * days) for s in LONG_SIGMAS for h in (32.0, 8.0, 2.0)}
    base = method.BENDS[0] / len(parts.now)
    more = np.log((values[:, sorted(wanted)] + base) / (mix[:, None] + base))
    return np.concatenate([known, more], axis=1)


def boosted(parts, rows, before, now, days):
    """Boosted trees on the mixture in place of the logit: what to add to its log, (cells,)."""
    group = rows.back.max() - rows.back
    used = group >= min(8, (int(group.max()) + 1) // 3)
    events = np.bincount(group, rows.count)[group]
    offset = np.exp(pool.log_normal(np.log(before), rows.weight, group)) * np.maximum(events, 0.5)
    importance = 0.5 ** ((group.max() - group) / method.LOGIT_MEMORY)
    trees = PoissonBooster(rate=0.05, penalty=10.0, seeds=range(3))
    learnt = _features(parts, parts.at_rows, before, days)[used]
    trees.fit(learnt, rows.count[used], offset[used], (rows.weight * importance)[used])
    return np.log(trees.predict(_features(parts, parts.now, now, days)))


def logit_and_trees(parts, rows, before, now, days):
    """Half of either correction."""
    both = boosted(parts, rows, before, now, days), _correction(parts, rows, before, now, days)
    return np.mean(both, axis=0)


def fit_ranks(features, offset, rows, group, train, ridge):
    """The logit's coefficients moved to where more events fall in the top of each period.

    A hit is softened to a sigmoid of the log score over the cut of the top 5 % (width 0.3); the
    pull back to the likelihood's answer is that of the ridge.
    """
    first = _fit(features, offset, rows, group, train, ridge)
    if ridge != method.RIDGE:
        return first
    x, base, weight = features[train], offset[train], rows.weight[train]
    number = np.unique(group[train], return_inverse=True)[1]
    count = rows.count[train] * 0.5 ** ((number.max() - number) / method.LOGIT_MEMORY)
    beta = first
    for _ in range(4):  # the cut is held while the coefficients move
        score = base + x @ beta
        cut = np.array([_top(score[number == n], weight[number == n]) for n in np.unique(number)])

        def loss(b, cut=cut):
            near = 1 / (1 + np.exp(-np.clip((base + x @ b - cut[number]) / 0.3, -30, 30)))
            slope = x.T @ (count * near * (1 - near)) / 0.3 - ridge * (b - first)
            return ridge / 2 * ((b - first) ** 2).sum() - count @ near, -slope

        beta = minimize(loss, beta, jac=True, method="L-BFGS-B", options={"maxiter": 10}).x
    return beta


def _top(score, weight):
    order = np.argsort(-score)
    area = np.cumsum(weight[order])
    return score[order[min(np.searchsorted(area, TOP * area[-1]), len(order) - 1)]]


def fit_dispersed(features, offset, rows, group, train, ridge):
    """The logit as a negative binomial: busy cells count for less where counts scatter more.

    Variance mean + d mean^2; d by moments from the first fit, total of a period as it was.
    """
    beta = _fit(features, offset, rows, group, train, ridge)
    number = np.unique(group[train], return_inverse=True)[1]
    weight, x = rows.weight[train], features[train]
    importance = 0.5 ** ((number.max() - number) / method.LOGIT_MEMORY)
    events = np.bincount(number, rows.count[train])[number]
    for step in range(4):
        score = pool.log_normal(offset[train] + x @ beta, weight, number)
        mean = events * np.exp(score)
        if step == 0:
            over = (weight * ((rows.count[train] - mean) ** 2 - mean)).sum()
            d = max(0.0, over / (weight * mean**2).sum())
        pull = weight * importance / (1 + d * mean)
        mass = np.maximum(np.bincount(number, pull * mean), 1e-12)  # a period may hold none
        centre = np.stack([np.bincount(number, pull * mean * f) / mass for f in x.T], axis=1)
        inner = x - centre[number]
        slope = inner.T @ (pull * (rows.count[train] - mean)) - ridge * beta
        curve = (inner * (pull * mean)[:, None]).T @ inner + ridge * np.eye(len(beta))
        beta = beta + np.clip(np.linalg.solve(curve, slope), -0.5, 0.5)
    return beta


@dataclass
class Cox:
    """Log-Gaussian Cox process on the cells, Laplace's approximation, records fading.

    log rate = mean + Matern field (3/2) + cell's own (0.3 of the field's variance). Its range,
    half-life and variance are those that forecast the three periods before the first origin best.
    The mean of the logs is the log of the mean rate less half of the prior's variance.
    """

    chosen: tuple[float, float, float] | None = None

    def __call__(self, events, cells, start, days):
        if self.chosen is None:
            scores = dict.fromkeys(product(SPREADS, FADES, VARIANCES), 0.0)
            grid = Grid(cells)
            times = utc_times(events["time"])
            for back in (3, 2, 1):
                then = start - pd.Timedelta(days=back * days)
                after = events[(times >= then) & (times < then + pd.Timedelta(days=days))]
                at = grid.locate(after["lat"].to_numpy(), after["lon"].to_numpy())
                seen = np.bincount(at[at >= 0], minlength=len(grid)).astype(float)
                for choice in scores:
                    scores[choice] += log_gain(self.fit(events, cells, then, days, *choice), seen)
            self.chosen = max(scores, key=scores.get)
        return self.fit(events, cells, start, days, *self.chosen)

    def fit(self, events, cells, start, days, spread, fade, variance):
        grid = Grid(cells)
        past = past_of(events, grid, start, days)
        inside = past.place >= 0
        fading = 0.5 ** (past.age[inside] / (fade * days))
        count = np.bincount(past.place[inside], fading, len(grid))
        root = np.sqrt(3) * cdist(grid.xy_km, grid.xy_km) / grid.spacing_km / spread
        prior = variance * ((1 + root) * np.exp(-root) + 0.3 * np.eye(len(grid)))
        mean = np.log(max(count.sum(), 1e-9) / len(grid)) - prior[0, 0] / 2
        f, gap = np.zeros(len(grid)), np.inf
        for _ in range(40):  # Rasmussen and Williams (2006), algorithm 3.1
            rate = np.exp(mean + f)
            side = np.sqrt(rate)
            low = cholesky(np.eye(len(f)) + side[:, None] * prior * side, lower=True)
            b = rate * f + count - rate
            inner = solve_triangular(low, side * (prior @ b), lower=True)
            step = prior @ (b - side * solve_triangular(low, inner, lower=True, trans=1)) - f
            gap = np.abs(step).max()
            f = f + step * min(1.0, 2.0 / gap)
            if gap < 0.02:
                break
        else:
            raise RuntimeError(f"no fit of the Cox process: last step {gap:.2f} after 40")
        half = solve_triangular(low, side[:, None] * prior, lower=True)
        unsure = np.diag(prior) - (half**2).sum(axis=0)
        return np.exp(mean + f + unsure / 2) + 1e-9


_features, _fit, _correction = method._features, method._fit, method._correction
OURS = "forecast"


def trials() -> dict[str, Answer]:
    """The method and every trial, made anew for a set: some remember what they forecast."""
    ours, cox = once(method.forecast), once(Cox())
    long = {"build_components": with_long_kernels}
    return {
        OURS: ours,
        "two resolutions": Blend(ours, finer),
        "three resolutions": Blend(ours, finer_and_coarser),
        "kernels along the line, in the mixture": changed(long),
        "the same, and in the logit": changed({**long, "_features": with_long_features}),
        "boosted trees for the logit": changed({"_correction": boosted}),
        "logit and boosted trees": changed({"_correction": logit_and_trees}),
        "rank loss at 5 %": changed({"_fit": fit_ranks}),
        "negative binomial": changed({"_fit": fit_dispersed}),
        "log-Gaussian Cox process": cox,
        "blended with log-Gaussian Cox": Blend(ours, cox),
    }


def once(answer: Answer) -> Answer:
    """An answer that is worked out once for each start; for one set of events and cells."""
    known: dict[pd.Timestamp, np.ndarray] = {}

    def told(events, cells, start, days):
        if start not in known:
            known[start] = answer(events, cells, start, days)
        return known[start]

    return told


def run(name: str, folder: Path, only: list[str]) -> dict[str, dict]:
    """Gain of each trial over the method on one set: ig and hit_5, intervals over periods."""
    if name in SETS:
        resolution, k, n_periods = SETS[name]
        events = pd.read_csv(folder / f"{name}.csv.gz")
        cells = protocol_cells(events, resolution, k, n_periods, DAYS)
    else:
        kind, seed = name.split()
        events, cells, n_periods = invent(kind, int(seed)), world_cells(), 13
    models = trials()
    models = {k: v for k, v in models.items() if k in only or k == OURS}

    def progress(period: str) -> None:
        print(f"{name}: {period}", flush=True)

    with threadpool_limits(1):
        table = rolling_origin(events, cells, DAYS, n_periods, models, progress)
    results = {}
    for trial in only:
        results[trial] = compare(table, trial, OURS).round(4).to_dict()
        took = table[table["model"] == trial]["seconds"].median()
        results[trial]["seconds"] = round(float(took), 2)
        if isinstance(models[trial], Blend):
            results[trial]["weight"] = round(float(np.mean(models[trial].weights[1:])), 2)
    return results


def lines(sets: dict[str, dict]) -> list[str]:
    """A markdown table: gain in ig by set, worlds of one kind in one row's mean."""
    real = [name for name in sets if name in SETS]
    worlds = [name for name in sets if name not in SETS]
    out = ["| trial | " + " | ".join(real) + " | worlds, mean | hit@5, real mean |"]
    out.append("|" + "---|" * (len(real) + 3))
    for trial in dict.fromkeys(t for results in sets.values() for t in results):
        row = [trial]
        for name in real:
            g = sets[name].get(trial)
            row.append(f"{g['ig']:+.3f} [{g['ig_low']:+.3f}, {g['ig_high']:+.3f}]" if g else "")
        for names, what in ((worlds, "ig"), (real, "hit_5")):
            gains = [sets[n][trial][what] for n in names if trial in sets[n]]
            row.append(f"{np.mean(gains):+.3f}" if gains else "")
        out.append("| " + " | ".join(row) + " |")
    return out


def main() -> None:
    """Run what was asked for, two sets at a time; keep what is known of the others."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("events", type=Path, help="folder with NAME.csv.gz")
    invented = [f"{kind} {seed}" for kind in WORLDS for seed in SEEDS]
    parser.add_argument("--sets", nargs="*", default=[*SETS, *invented])
    names = [name for name in trials() if name != OURS]
    parser.add_argument("--only", nargs="*", default=names, choices=names)
    options = parser.parse_args()
    file = DOCS / "results" / "trials.json"
    sets = json.loads(file.read_text())["sets"] if file.exists() else {}
    with ProcessPoolExecutor(2) as workers:
        jobs = {
            workers.submit(run, name, options.events, options.only): name for name in options.sets
        }
        for job in as_completed(jobs):
            sets[jobs[job]] = sets.get(jobs[job], {}) | job.result()
            results = {name: sets[name] for name in [*SETS, *invented] if name in sets}
            file.write_text(json.dumps({"sets": results}, indent=1) + "\n", encoding="utf-8")
    print("\n".join(lines(results)))


if __name__ == "__main__":
    main()
