"""A plan that cannot be foreseen: a distribution over plans with a stated chance for each sector.

Whole plans are drawn from a relaxation that asks for every sector's need, by systematic sampling,
which keeps the expected use of every pattern (Madow 1949; the role that Birkhoff's decomposition
has in security games), then mended and improved. The chances of the plans maximise expected value
while every sector in reach keeps its floor and no plan is likelier than allowed. The week's plan
is one draw.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import linprog

from risk.plan.problem import Problem, Shift, best_fill, best_stays
from risk.plan.solve import Relaxed, solve_greedy

#: Spread of the random factor on block values of each plan, so that plans of like value differ.
SPREAD = 0.1


@dataclass(frozen=True)
class Mixed:
    """Plans, their chances, and what follows: chance of a visit per sector and the least of them.

    floor is what is kept in truth: below the floor asked for only where hours do not allow it;
    uncovered : reachable sectors that no plan visits
    """

    plans: list[list[Shift]]
    chance: np.ndarray
    visit_chance: np.ndarray
    value: float
    floor: float
    uncovered: np.ndarray

    def draw(self, seed: int) -> int:
        """Number of one plan; the same seed draws the same."""
        return int(np.random.default_rng([seed, 7]).choice(len(self.plans), p=self.chance))


def mix(
    problem: Problem,
    asked: Relaxed,
    toll: np.ndarray,
    best: list[Shift],
    floor: float,
    n_plans: int,
    largest_share: float,
    seed: int,
) -> Mixed:
    """The mixed strategy.

    Parameters
    ----------
    problem : the week
    asked : the relaxation with floors
    toll : what one more shift of each group is worth (events a week), from the one without
    best : the best plan known, one of those that may be drawn
    floor : least chance of a visit to each sector in reach
    n_plans : plans to draw; a few more are made where sectors are missed
    largest_share : largest chance of one plan
    seed : the same one draws the same plans
    """
    rng = np.random.default_rng([seed, 3])
    reach = problem.reachable
    must = problem.must & reach
    # sectors that the relaxation visits only because it was asked: exchange leaves them in
    seldom = _use(problem, asked) < 1.5 * np.maximum(problem.need, must)
    offsets = (np.arange(n_plans) + rng.random()) / n_plans
    turns = np.array([rng.permutation(n_plans) for _ in problem.groups], int)
    # whose turn has come is visited by whichever plan is drawn
    now = reach & (problem.must | (problem.need >= 1))
    plans = [mend(problem, best, now)]
    for k in range(n_plans):
        drawn = solve_greedy(problem, sample(problem, asked, offsets[turns[:, k]])).shifts
        drawn = mend(problem, drawn, now)
        visits = problem.spent(drawn)[1]
        if (visits[must] == 0).any():
            plans.append(visit(problem, must, toll, rng))
        else:
            plans.append(exchange(problem, drawn, (seldom | now) & (visits > 0)))
    seen = _visits(problem, plans)
    for _ in range(max(1, n_plans // 3)):
        missed = reach & ~seen.any(axis=0)
        if not missed.any():
            break
        plans.append(visit(problem, missed | must, toll, rng))
        seen = _visits(problem, plans)
    value = np.array([problem.objective(plan) for plan in plans])
    covered = reach & seen.any(axis=0)
    need = np.where(problem.must, 1.0, floor)[covered]
    chance, kept = _chances(value, seen[:, covered], need, largest_share)
    return Mixed(
        plans,
        chance,
        np.clip(chance @ seen, 0, 1),
        float(chance @ np.array([problem.value(plan) for plan in plans])),
        kept,
        np.flatnonzero(reach & ~seen.any(axis=0)),
    )


def sample(problem: Problem, relaxed: Relaxed, offset: np.ndarray) -> list[Shift]:
    """Whole shifts whose expected number is the use of each pattern, over offsets in [0, 1).

    Patterns with the same seldom visited sector lie side by side, so that it is visited in as
    many draws as its share says, not twice in one. A shift that the days or the over-patrol guard
    leave no room for is left out.

    Parameters
    ----------
    problem : the week
    relaxed : use of each pattern, as `solve_relaxed` gives it
    offset : of each group of teams, in [0, 1)
    """
    total = _use(problem, relaxed)
    owner = np.array([pattern.group for pattern in relaxed.patterns], dtype=int)
    blocks = np.zeros(len(problem.values), int)
    made: list[Shift] = []
    for g, group in enumerate(problem.groups):
        own = np.flatnonzero((owner == g) & (relaxed.use > 1e-9))
        if not len(own):
            continue
        rare = [
            min((total[s], s) for s in group.stops[relaxed.patterns[k].route] if s >= 0)[1]
            for k in own
        ]
        own = own[np.lexsort((own, rare))]
        ends = np.floor(np.cumsum(relaxed.use[own]) + offset[g] + 1e-9).astype(int)
        masks: list[int] = []
        for k, times in zip(own, np.diff(ends, prepend=0), strict=True):
            pattern = relaxed.patterns[k]
            stops = group.stops[pattern.route]
            real = stops >= 0
            mask = int(group.masks[pattern.route])
            for _ in range(int(times)):
                stay = np.array(pattern.blocks)
                over = np.where(
                    real, np.maximum(0, blocks[np.maximum(stops, 0)] + stay
                                     - problem.cap[np.maximum(stops, 0)]), 0
                )  # fmt: skip
                stay = stay - over
                if (stay[real] < problem.min_blocks).any() or not group.fits([*masks, mask]):
                    continue
                masks.append(mask)
                blocks[stops[real]] += stay[real]
                made.append(replace(pattern, blocks=tuple(int(n) for n in stay)))
    return made


def mend(problem: Problem, shifts: list[Shift], wanted: np.ndarray) -> list[Shift]:
    """Shifts replaced, those that are missed least, until every wanted sector is visited.

    Parameters
    ----------
    problem : the week
    shifts : of a plan
    wanted : bool by candidate sector
    """
    shifts = list(shifts)
    for s in np.flatnonzero(wanted):
        blocks, visits = problem.spent(shifts)
        if visits[s]:
            continue
        top: tuple[float, int, Shift | None] = (-np.inf, -1, None)
        for k, shift in enumerate(shifts):
            group = problem.groups[shift.group]
            stops = group.stops[shift.route]
            held = stops[stops >= 0]
            routes = np.flatnonzero((group.stops == s).any(axis=1))
            if (wanted[held] & (visits[held] == 1)).any() or not len(routes):
                continue
            without = blocks.copy()
            np.add.at(without, held, -np.array(shift.blocks)[stops >= 0])
            at = np.arange(len(blocks))
            lost = problem.worth[at, blocks].sum() - problem.worth[at, without].sum()
            value = best_fill(problem, group, without, routes)
            others = [
                int(group.masks[o.route])
                for j, o in enumerate(shifts)
                if o.group == shift.group and j != k
            ]
            for b in np.argsort(-value, kind="stable")[:20]:
                if not value[b] - lost > top[0]:
                    break
                route = int(routes[b])
                if group.fits([*others, int(group.masks[route])]):
                    stay = best_stays(problem, group, without, route)
                    top = (value[b] - lost, k, replace(shift, route=route, blocks=stay))
                    break
        if top[2] is not None:
            shifts[top[1]] = top[2]
    return shifts


def _use(problem: Problem, relaxed: Relaxed) -> np.ndarray:
    """Expected visits of each sector in a relaxation."""
    total = np.zeros(len(problem.values))
    for pattern, use in zip(relaxed.patterns, relaxed.use, strict=True):
        stops = problem.groups[pattern.group].stops[pattern.route]
        np.add.at(total, stops[stops >= 0], use)
    return total


def visit(
    problem: Problem, wanted: np.ndarray, toll: np.ndarray, rng: np.random.Generator
) -> list[Shift]:
    """A good plan that visits the wanted sectors as far as shifts allow.

    First the wanted, in shifts that lose least: what a shift brings, minus what its team is worth
    elsewhere, plus that for every further wanted sector on the way. Then greedily with values
    moved at random, then each shift is exchanged once where that helps.

    Parameters
    ----------
    problem : the week
    wanted : bool by candidate sector
    toll : what one more shift of each group is worth, events a week
    rng : draws how values are moved
    """
    made: list[Shift] = []
    masks: list[list[int]] = [[] for _ in problem.groups]
    blocks = np.zeros(len(problem.values), int)
    left = wanted & problem.reachable
    # what must be visited comes before what is due
    for stage in (left & problem.must, left):
        waiting = stage & (problem.spent(made)[1] == 0)
        stays: dict[int, tuple[float, int]] = {}
        while waiting.any():
            settled: set[int] = set()
            while True:  # scores only fall as sectors are visited: look again at the top alone
                for g in range(len(problem.groups)):
                    if g not in stays:
                        stays[g] = _offer(problem, g, waiting, blocks, toll[g], masks[g])
                        settled.add(g)
                best = max(stays, key=lambda g: (stays[g][0], -g), default=None)
                if best is None or best in settled or not np.isfinite(stays[best][0]):
                    break
                del stays[best]
            if best is None or not np.isfinite(stays[best][0]):
                break
            group, route = problem.groups[best], stays.pop(best)[1]
            shift = Shift(best, route, best_stays(problem, group, blocks, route))
            made.append(shift)
            masks[best].append(int(group.masks[route]))
            stops = group.stops[route]
            np.add.at(blocks, stops[stops >= 0], np.array(shift.blocks)[stops >= 0])
            waiting[stops[stops >= 0]] = False
    moved = [v * f for v, f in zip(problem.values, rng.lognormal(0, SPREAD, len(problem.values)),
                                   strict=True)]  # fmt: skip
    filled = solve_greedy(replace(problem, values=moved), made).shifts
    return exchange(problem, filled, wanted)


def _offer(
    problem: Problem, g: int, waiting: np.ndarray, blocks: np.ndarray, toll: float,
    masks: list[int],
) -> tuple[float, int]:  # fmt: skip
    """The shift of a group that visits waiting sectors at the least loss each: (score, route)."""
    group = problem.groups[g]
    if len(masks) >= group.slots or not len(group.stops):
        return -np.inf, -1
    hits = ((group.stops >= 0) & waiting[np.maximum(group.stops, 0)]).sum(axis=1)
    routes = np.flatnonzero(hits)
    if not len(routes):
        return -np.inf, -1
    value = best_fill(problem, group, blocks, routes)
    score = (value - toll - 1e-6) / hits[routes]
    for k in np.argsort(-score, kind="stable")[:30]:
        if np.isfinite(score[k]) and group.fits([*masks, int(group.masks[routes[k]])]):
            return float(score[k]), int(routes[k])
    return -np.inf, -1


def exchange(problem: Problem, shifts: list[Shift], wanted: np.ndarray) -> list[Shift]:
    """Each shift in turn replaced by the best route of its group, if the plan gains by it.

    Wanted sectors stay visited, and exploring does not fall below its share.

    Parameters
    ----------
    problem : the week
    shifts : of a plan
    wanted : bool by candidate sector; those visited stay so
    """
    shifts = list(shifts)
    blocks, visits = problem.spent(shifts)
    masks = [[int(g.masks[s.route]) for s in shifts if s.group == n]
             for n, g in enumerate(problem.groups)]  # fmt: skip
    for k, shift in enumerate(shifts):
        group = problem.groups[shift.group]
        stops = group.stops[shift.route]
        real = stops >= 0
        held = stops[real]
        without = blocks.copy()
        np.add.at(without, held, -np.array(shift.blocks)[real])
        only = held[wanted[held] & (visits[held] == 1)]
        routes = np.arange(len(group.stops))
        for s in only:
            routes = routes[(group.stops[routes] == s).any(axis=1)]
        value = best_fill(problem, group, without, routes)
        at = np.arange(len(blocks))
        now = problem.worth[at, blocks].sum() - problem.worth[at, without].sum()
        others = list(masks[shift.group])
        others.remove(int(group.masks[shift.route]))
        for b in np.argsort(-value, kind="stable")[:10]:
            if not value[b] > now + 1e-9:
                break
            after, route = without.copy(), int(routes[b])
            new, stay = group.stops[route], best_stays(problem, group, without, route)
            np.add.at(after, new[new >= 0], np.array(stay)[new >= 0])
            lacking = [problem.explore_share * n.sum() - n[problem.explore].sum()
                       for n in (blocks, after)]  # fmt: skip
            if lacking[1] > max(0.0, lacking[0]):
                continue
            mask = int(group.masks[route])
            if not group.fits([*others, mask]):
                continue
            shifts[k] = replace(shift, route=route, blocks=stay)
            masks[shift.group] = [*others, mask]
            visits[held] -= 1
            visits[new[new >= 0]] += 1
            blocks = after
            break
    return shifts


def _visits(problem: Problem, plans: list[list[Shift]]) -> np.ndarray:
    return np.array([problem.spent(plan)[1] > 0 for plan in plans])


def _chances(
    value: np.ndarray, seen: np.ndarray, need: np.ndarray, largest_share: float
) -> tuple[np.ndarray, float]:
    """Chances of the plans: best expected value with the floors, or the highest floor there is."""
    n = len(value)
    most = max(largest_share, 1.0 / n)
    one = np.concatenate([np.ones(n), [0.0]])[None]
    bounds = [(0, most)] * n + [(0, 1)]
    short = np.column_stack([-seen.T.astype(float), need])  # need x t <= chance of a visit
    asked: dict[str, Any] = {"A_ub": short, "b_ub": np.zeros(len(need)), "A_eq": one, "b_eq": [1.0]}
    found = linprog(
        np.concatenate([np.zeros(n), [-1.0]]), **asked, bounds=bounds, method="highs"
    )  # fmt: skip
    if found.fun is None:
        raise ValueError(f"no chances of plans keep the floors: {found.message}")
    share = min(1.0, -float(found.fun)) * (1 - 1e-9)
    scale = max(np.abs(value).max(), 1e-12)
    found = linprog(
        np.concatenate([-value / scale, [0.0]]),
        **asked,
        bounds=[*bounds[:-1], (share, 1)],
        method="highs",
    )
    if found.x is None:
        raise ValueError(f"no chances of plans keep the floors: {found.message}")
    chance = np.maximum(found.x[:n], 0.0)
    chance[chance < 1e-9] = 0.0
    chance /= chance.sum()
    ordinary = need < 1
    least = (chance @ seen)[ordinary].min() if ordinary.any() else 1.0
    return chance, float(least)
