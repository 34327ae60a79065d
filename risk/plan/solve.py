"""Best plans: column generation for the bound, branch and bound for the plan, greedy as rival.

Master problem (team orienteering by patterns, Dantzig and Wolfe 1960; a column is one shift with
its route and stays):

    max  sum_s sum_j v_sj z_sj
    s.t. sum_p a_sp x_p = sum_j z_sj,  0 <= z <= 1        blocks, worth less and less
         sum_{p of group, open on D alone} x_p <= team-days of D   for sets of days D
         sum_s (explore_s - share) sum_j z_sj >= 0        part of the hours looks where nobody did
         x whole numbers

The relaxation is solved over all routes by pricing; its value plus what pricing still offers is a
bound on every plan (Lasdon 1970). HiGHS then finds whole shifts among the priced patterns.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, product
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from risk.plan.problem import Group, Problem, Shift, best_fill, best_stays

#: Patterns taken per group and round of pricing.
TAKEN = 12


@dataclass(frozen=True)
class Relaxed:
    """The relaxation: patterns, how often each is used (fractions), value and a true bound.

    price : what one more block in each sector is worth at the margin; slot_price : what one more
    shift of each group is worth, events a week
    """

    patterns: list[Shift]
    use: np.ndarray
    value: float
    bound: float
    price: np.ndarray
    slot_price: np.ndarray
    seconds: float


@dataclass(frozen=True)
class Solution:
    """A plan with its objective, the bound on every plan, and the share between them."""

    method: str
    shifts: list[Shift]
    objective: float
    bound: float
    seconds: float
    solver_gap: float | None = None

    @property
    def gap(self) -> float:
        """(bound - objective) / bound: no plan is better by more than this share."""
        return max(0.0, (self.bound - self.objective) / max(abs(self.bound), 1e-12))


class _Master:
    """Rows and columns shared by the relaxation and the whole-number problem."""

    def __init__(self, problem: Problem, floors: bool):
        self.problem = problem
        per_need, per_must, per_block = problem.penalties
        reach = problem.reachable
        asked = (problem.need > 0) & ~problem.must & floors
        self.asked = np.flatnonzero((asked | problem.must) & reach)
        self.limits = [(g, *limit) for g, grp in enumerate(problem.groups) for limit in grp.limits]
        owner = np.repeat(np.arange(len(problem.values)), problem.cap)
        n, m, k = len(problem.values), len(self.limits), len(self.asked)
        z, one = len(owner), np.ones(len(owner))
        must = problem.must[self.asked]
        self.cost = np.concatenate(
            [
                -np.concatenate([*problem.values, []]),
                np.where(must, per_must, per_need),
                [per_block],
            ]
        )
        self.upper = np.concatenate([one, np.full(k + 1, np.inf)])
        blocks = sp.csr_array((-one, (owner, np.arange(z))), shape=(n, z))
        share = problem.explore_share - problem.explore[owner].astype(float)
        self.fixed_eq = sp.hstack([blocks, sp.csr_array((n, k + 1))], format="csr")
        parts: list[list[Any]] = [
            [sp.csr_array((m, z)), sp.csr_array((m, k)), sp.csr_array((m, 1))],
            [sp.csr_array((k, z)), -sp.identity(k), sp.csr_array((k, 1))],
            [sp.csr_array(share[None]), sp.csr_array((1, k)), sp.csr_array([[-1.0]])],
        ]
        self.fixed_ub = sp.block_array(parts, format="csr")
        need = np.where(must, 1.0, problem.need[self.asked])
        self.rhs = np.concatenate([[most for *_, most in self.limits], -need, [0.0]])

    def columns(self, patterns: list[Shift]) -> tuple[sp.csr_array, sp.csr_array]:
        """The patterns' part of the equality and the inequality rows."""
        problem = self.problem
        n, m, k, count = len(problem.values), len(self.limits), len(self.asked), len(patterns)
        if not count:
            return sp.csr_array((n, 0)), sp.csr_array((m + k + 1, 0))
        group = np.array([p.group for p in patterns])
        stops = np.array([problem.groups[p.group].stops[p.route] for p in patterns])
        masks = np.array([problem.groups[p.group].masks[p.route] for p in patterns])
        blocks = np.array([p.blocks for p in patterns], float)
        row, slot = np.nonzero(stops >= 0)
        sector = stops[row, slot]
        eq = sp.csr_array((blocks[row, slot], (sector, row)), shape=(n, count))
        seen = sp.csr_array((-np.ones(len(row)), (sector, row)), shape=(n, count))
        inside = [(group == g) & ((masks & ~mask) == 0) for g, mask, _ in self.limits]
        held = sp.csr_array(np.array(inside, float).reshape(m, count))
        return eq, sp.vstack([held, seen[self.asked], sp.csr_array((1, count))], format="csr")

    def relax(self, patterns: list[Shift]) -> OptimizeResult:
        eq, ub = self.columns(patterns)
        found = linprog(
            np.concatenate([np.zeros(len(patterns)), self.cost]),
            A_ub=sp.hstack([ub, self.fixed_ub], format="csr"),
            b_ub=self.rhs,
            A_eq=sp.hstack([eq, self.fixed_eq], format="csr"),
            b_eq=np.zeros(len(self.problem.values)),
            # the stubs know bounds as a list of pairs only; an array of two columns is as good
            bounds=np.column_stack(  # type: ignore[call-overload]
                [
                    np.zeros(len(patterns) + len(self.cost)),
                    np.concatenate([np.full(len(patterns), np.inf), self.upper]),
                ]
            ),
            method="highs",
        )
        if not found.success:
            raise ValueError(f"the plan's relaxation was not solved: {found.message}")
        return found

    def offers(self, found: OptimizeResult) -> tuple[list[Shift], np.ndarray, np.ndarray]:
        """The best new patterns at these prices, the best gain of each group, slot prices."""
        problem = self.problem
        price = found.eqlin.marginals
        bonus = np.zeros(len(problem.values))
        m = len(self.limits)
        bonus[self.asked] = -found.ineqlin.marginals[m : m + len(self.asked)]
        new, best = [], np.zeros(len(problem.groups))
        slot_price = np.zeros(len(problem.groups))
        for g, group in enumerate(problem.groups):
            if not len(group.stops):
                continue
            paid = np.zeros(len(group.stops))
            for row, (owner, mask, _) in enumerate(self.limits):
                if owner == g:
                    toll = found.ineqlin.marginals[row]
                    paid += np.where((group.masks & group.days & ~mask) == 0, toll, 0.0)
                    if mask == group.days:
                        slot_price[g] = -toll
            stay = _price_stays(problem, group, price)
            at = np.maximum(group.stops, 0)
            real = group.stops >= 0
            gain = (stay * price[at] * real).sum(axis=1) + (bonus[at] * real).sum(axis=1) + paid
            best[g] = max(0.0, float(gain.max()))
            for route in np.argsort(-gain, kind="stable")[:TAKEN]:
                if gain[route] > 1e-9:
                    new.append(Shift(g, int(route), tuple(int(b) for b in stay[route])))
        return new, best, slot_price


def _price_stays(problem: Problem, group: Group, price: np.ndarray) -> np.ndarray:
    """Stays of each route worth most at given block prices: the dearest sector first."""
    real = group.stops >= 0
    at = np.maximum(group.stops, 0)
    dear = np.where(real, price[at], -np.inf)
    stay = np.where(real, problem.min_blocks, 0)
    rest = group.blocks - stay.sum(axis=1)
    rows = np.arange(len(rest))
    for place in np.argsort(-dear, axis=1, kind="stable").T:
        room = np.maximum(0, problem.cap[at[rows, place]] - problem.min_blocks)
        more = np.where(dear[rows, place] > 0, np.minimum(rest, room), 0)
        stay[rows, place] += more
        rest = rest - more
    return stay


def solve_relaxed(
    problem: Problem, floors: bool = False, close: float = 1e-3, rounds: int = 60,
    start: list[Shift] | None = None,
) -> Relaxed:  # fmt: skip
    """The relaxation over all routes, priced until no route can add more than the share `close`.

    Parameters
    ----------
    problem : the week
    floors : ask for the needed visits of each sector too
    close : share of the value that is still open when pricing ends
    rounds : of pricing, at most
    start : patterns to begin with
    """
    begin = time.perf_counter()
    master = _Master(problem, floors)
    patterns = dict.fromkeys(start or [])
    bound = np.inf
    for _ in range(rounds):
        held = list(patterns)
        found = master.relax(held)
        value = -float(found.fun)
        new, best, slot_price = master.offers(found)
        slots = np.array([g.slots for g in problem.groups])
        bound = min(bound, value + float(best @ slots))
        if bound - value <= close * max(abs(value), 1e-9):
            break
        fresh = [p for p in new if p not in patterns]
        if not fresh:
            break
        patterns |= dict.fromkeys(fresh)
    return Relaxed(
        held,
        np.asarray(found.x[: len(held)]),
        value,
        bound,
        np.asarray(found.eqlin.marginals),
        slot_price,
        time.perf_counter() - begin,
    )


def solve_whole(
    problem: Problem,
    relaxed: Relaxed,
    gap: float = 0.02,
    time_limit_s: float = 30.0,
    all_up_to: int = 5_000,
) -> Solution:
    """Whole shifts among the priced patterns by HiGHS; never worse than the greedy plan.


    The gap is told against the bound over all routes, not only over the patterns at hand.

    Parameters
    ----------
    problem : the week
    relaxed : with the patterns that were priced
    gap : share of the bound within which a plan is good enough
    time_limit_s : seconds for HiGHS
    all_up_to : a problem with no more patterns than this is solved over all of them: patterns
        that the relaxation does not need may be the ones that whole shifts need.
    """
    begin = time.perf_counter()
    fallback = solve_greedy(problem)
    master = _Master(problem, floors=False)
    every = chain.from_iterable(_patterns_of(problem, g) for g in range(len(problem.groups)))
    few = list(islice(every, all_up_to + 1))
    known = few if len(few) <= all_up_to else relaxed.patterns
    patterns = list(dict.fromkeys([*known, *fallback.shifts]))
    eq, ub = master.columns(patterns)
    x, rest = len(patterns), len(master.cost)
    most = [problem.groups[p.group].slots for p in patterns]
    found = milp(
        np.concatenate([np.zeros(x), master.cost]),
        integrality=np.concatenate([np.ones(x), np.zeros(rest)]),
        bounds=Bounds(0, np.concatenate([most, master.upper])),
        constraints=[
            LinearConstraint(sp.hstack([eq, master.fixed_eq], format="csr"), 0, 0),
            LinearConstraint(
                sp.hstack([ub, master.fixed_ub], format="csr"), -np.inf, master.rhs
            ),
        ],
        options={"time_limit": float(time_limit_s), "mip_rel_gap": gap / 4},
    )  # fmt: skip
    made = []
    if found.x is not None:
        for pattern, times in zip(patterns, np.round(found.x[:x]).astype(int), strict=True):
            made += [pattern] * int(times)
    best = max((made, fallback.shifts), key=problem.objective)
    bound = max(relaxed.bound, problem.objective(best))
    return Solution(
        "milp",
        best,
        problem.objective(best),
        bound,
        time.perf_counter() - begin + relaxed.seconds,
        float(found.mip_gap) if found.x is not None and found.mip_gap is not None else None,
    )


def solve_greedy(
    problem: Problem, shifts: list[Shift] | None = None, bound: float = np.inf
) -> Solution:
    """Shift by shift what adds most (Nemhauser, Wolsey and Fisher 1978), after what must be.

    Parameters
    ----------
    problem : the week
    shifts : the plan to begin with; the hours that are left are filled
    bound : told with the solution, events a week; it steers nothing
    While exploring lags behind its share, only routes of explore sectors are open.
    """
    begin = time.perf_counter()
    growing = _Growing(problem, shifts or [])
    for s in np.flatnonzero(problem.must & (growing.visits == 0) & problem.reachable):
        if not growing.visits[s] and (shift := growing.best_through(int(s))):
            growing.take(shift)
    while shift := growing.best():
        growing.take(shift)
    seconds = time.perf_counter() - begin
    return Solution("greedy", growing.made, problem.objective(growing.made), bound, seconds)


class _Growing:
    """A plan that grows by one shift at a time, and what it has used up.

    made : shifts so far; masks : their days, by group; blocks, visits : by sector. Offers are kept
    by (group, exploring only) until the group takes a shift: what was offered earlier is at least
    what the same group can offer now, since values only fall (lazy evaluation, Minoux 1978).
    """

    def __init__(self, problem: Problem, shifts: list[Shift]):
        self.problem, self.made = problem, list(shifts)
        self.masks: list[list[int]] = [[] for _ in problem.groups]
        for shift in self.made:
            self.masks[shift.group].append(int(problem.groups[shift.group].masks[shift.route]))
        self.blocks, self.visits = problem.spent(self.made)
        self._offers: dict[tuple[int, bool], tuple[float, Shift | None]] = {}

    def take(self, shift: Shift) -> None:
        """Add one shift."""
        self.made.append(shift)
        group = self.problem.groups[shift.group]
        self.masks[shift.group].append(int(group.masks[shift.route]))
        for s, n in zip(group.stops[shift.route], shift.blocks, strict=True):
            if s >= 0:
                self.blocks[s] += n
                self.visits[s] += 1
        for only in (True, False):
            self._offers.pop((shift.group, only), None)

    def best_through(self, sector: int) -> Shift | None:
        """The shift that adds most of those that call at one sector."""
        found: tuple[float, Shift | None] = (0.0, None)
        for g, group in enumerate(self.problem.groups):
            routes = np.flatnonzero((group.stops == sector).any(axis=1))
            if len(routes) and self._open(g):
                found = max(found, self._first_fitting(g, routes, 50), key=lambda one: one[0])
        return found[1]

    def best(self) -> Shift | None:
        """The shift that adds most; of explore sectors only while exploring lags behind."""
        explored = int(self.blocks[self.problem.explore].sum())
        lags = explored < self.problem.explore_share * (int(self.blocks.sum()) + 1)
        return (self._best_of(True) if lags else None) or self._best_of(False)

    def _best_of(self, only: bool) -> Shift | None:
        """The best offer of all groups; only the foremost is made anew, until it stays foremost."""
        fresh: set[int] = set()
        while True:
            ranked = []
            for g in range(len(self.problem.groups)):
                if not self._open(g):
                    continue
                if (g, only) not in self._offers:
                    self._offer(g, only)
                    fresh.add(g)
                ranked.append((self._offers[(g, only)][0], -g))
            if not ranked or max(ranked)[0] <= 0:
                return None
            g = -max(ranked)[1]
            if g in fresh:
                return self._offers[(g, only)][1]
            self._offer(g, only)
            fresh.add(g)

    def _open(self, g: int) -> bool:
        return len(self.masks[g]) < self.problem.groups[g].slots

    def _offer(self, g: int, only: bool) -> None:
        explores = _all_explore(self.problem, self.problem.groups[g])
        routes = np.flatnonzero(explores) if only else None
        self._offers[(g, only)] = self._first_fitting(g, routes, 200)

    def _first_fitting(
        self, g: int, routes: np.ndarray | None, most: int
    ) -> tuple[float, Shift | None]:
        """Of the `most` best routes the first whose days are free, if it adds anything."""
        group = self.problem.groups[g]
        value = best_fill(self.problem, group, self.blocks, routes)
        for k in np.argsort(-value, kind="stable")[:most]:
            if value[k] <= 0:
                break
            route = int(k if routes is None else routes[k])
            if group.fits([*self.masks[g], int(group.masks[route])]):
                stays = best_stays(self.problem, group, self.blocks, route)
                return float(value[k]), Shift(g, route, stays)
        return 0.0, None


def _all_explore(problem: Problem, group: Group) -> np.ndarray:
    return ((group.stops < 0) | problem.explore[np.maximum(group.stops, 0)]).all(axis=1)


def _patterns_of(problem: Problem, g: int) -> Iterator[Shift]:
    """Every shift of a group: each route with every way to fill its stays."""
    group = problem.groups[g]
    for route in range(len(group.stops)):
        real = int((group.stops[route] >= 0).sum())
        stays = range(problem.min_blocks, int(group.blocks[route]) + 1)
        for stay in product(stays, repeat=real):
            if sum(stay) <= group.blocks[route]:
                yield Shift(g, route, (*stay, *(0,) * (group.stops.shape[1] - real)))


def solve_exact(problem: Problem, most: int = 2_000_000) -> Solution:
    """The best plan by trying all of them; for small problems, to test the others against.

    Raises
    ------
    ValueError
        If there are more than `most` plans to try.
    """
    begin = time.perf_counter()
    by_group = []
    for g, group in enumerate(problem.groups):
        by_group += [[None, *_patterns_of(problem, g)]] * group.slots
    count = np.prod([float(len(p)) for p in by_group])
    if count > most:
        raise ValueError(f"{count:.0f} plans to try, at most {most}")
    best, top = [], problem.objective([])
    for chosen in product(*by_group):
        shifts = [shift for shift in chosen if shift]
        for g, group in enumerate(problem.groups):
            if not group.fits([int(group.masks[s.route]) for s in shifts if s.group == g]):
                break
        else:
            value = problem.objective(shifts)
            if value > top + 1e-12:
                best, top = shifts, value
    return Solution("exact", best, top, top, time.perf_counter() - begin, 0.0)
