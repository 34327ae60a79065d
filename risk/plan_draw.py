"""A plan that cannot be foreseen: a distribution over plans with a stated chance for each sector.

Each plan is asked for a set of sectors, drawn by systematic sampling so that a sector is in as
many sets as its need says (Madow 1949; the role that Birkhoff's decomposition has in security
games), and is otherwise as good as can be found. The chances of the plans then maximise expected
value while every sector in reach keeps its floor and no plan is likelier than allowed. The
week's plan is one draw.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linprog

from risk.plan_problem import Problem, Shift, best_fill, best_stays
from risk.plan_solve import solve_greedy

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
    toll : what one more shift of each group is worth (events a week), from the relaxation
    best : the best plan known, one of those that may be drawn
    floor : least chance of a visit to each sector in reach
    n_plans : plans to make; a few more are made where sectors are missed
    largest_share : largest chance of one plan
    """
    rng = np.random.default_rng([seed, 3])
    reach = problem.reachable
    plans = [best]
    for wanted in required(np.where(reach, problem.need, 0.0), n_plans, rng):
        plans.append(visit(problem, wanted | (problem.must & reach), toll, rng))
    seen = _visits(problem, plans)
    for _ in range(max(1, n_plans // 3)):
        missed = reach & ~seen.any(axis=0)
        if not missed.any():
            break
        plans.append(visit(problem, missed | (problem.must & reach), toll, rng))
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


def required(need: np.ndarray, n_plans: int, rng: np.random.Generator) -> np.ndarray:
    """Sets of sectors, (plans, sectors) bool: each sector in a share `need` of them, to one.

    Systematic sampling along the sectors, which lie in the order of their ids and so of the
    ground: every set is spread over the area.
    """
    ends = np.cumsum(np.clip(need, 0, 1))
    offsets = rng.permutation((np.arange(n_plans) + rng.random()) / n_plans)
    counts = np.floor(ends[None] + offsets[:, None] + 1e-9)
    return np.diff(counts, axis=1, prepend=np.floor(offsets[:, None] + 1e-9)) > 0


def visit(
    problem: Problem, wanted: np.ndarray, toll: np.ndarray, rng: np.random.Generator
) -> list[Shift]:
    """A good plan that visits the wanted sectors as far as shifts allow.

    First the wanted, in shifts that lose least: what a shift brings, minus what its team is worth
    elsewhere, plus that for every further wanted sector on the way. Then greedily with values
    moved at random, then each shift is exchanged once where that helps.
    """
    made: list[Shift] = []
    masks: list[list[int]] = [[] for _ in problem.groups]
    blocks = np.zeros(len(problem.values), int)
    left = wanted & problem.reachable
    # what must be visited comes before what is due
    for stage in (left & problem.must, left):
        waiting = stage & (problem.spent(made)[1] == 0)
        told: dict[int, tuple[float, int]] = {}
        while waiting.any():
            settled: set[int] = set()
            while True:  # scores only fall as sectors are visited: look again at the top alone
                for g in range(len(problem.groups)):
                    if g not in told:
                        told[g] = _offer(problem, g, waiting, blocks, toll[g], masks[g])
                        settled.add(g)
                best = max(told, key=lambda g: (told[g][0], -g), default=None)
                if best is None or best in settled or not np.isfinite(told[best][0]):
                    break
                del told[best]
            if best is None or not np.isfinite(told[best][0]):
                break
            group, route = problem.groups[best], told.pop(best)[1]
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


def _offer(problem, g: int, waiting, blocks, toll: float, masks: list[int]) -> tuple[float, int]:
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
    asked = {"A_ub": short, "b_ub": np.zeros(len(need)), "A_eq": one, "b_eq": [1.0]}
    found = linprog(
        np.concatenate([np.zeros(n), [-1.0]]), **asked, bounds=bounds, method="highs"
    )  # fmt: skip
    share = min(1.0, -float(found.fun)) * (1 - 1e-9)
    scale = max(np.abs(value).max(), 1e-12)
    found = linprog(
        np.concatenate([-value / scale, [0.0]]),
        **asked,
        bounds=[*bounds[:-1], (share, 1)],
        method="highs",
    )
    chance = np.maximum(found.x[:n], 0.0)
    chance[chance < 1e-9] = 0.0
    chance /= chance.sum()
    ordinary = need < 1
    least = (chance @ seen)[ordinary].min() if ordinary.any() else 1.0
    return chance, float(least)
