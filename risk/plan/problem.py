"""The week as a problem: sectors with falling block values, groups of like teams, their routes.

Teams of one post with the same mode and hours are one group: a week asks how many of its shifts
take which route, and who goes on which day is settled afterwards (`risk.plan.orders`). That
takes the symmetry out of teams x days without losing a plan: by Gale's theorem a set of shifts
fits into days of n teams exactly if, for every set of days, the shifts that are allowed on those
days alone are no more than its team-days.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

ALL_DAYS = 0b1111111


#: sectors in order, and hours out to the last of them or there and back
Way = tuple[tuple[int, ...], float]


@dataclass(frozen=True)
class Group:
    """Teams that can stand in for each other, and where one shift of theirs may lead.

    days : bit mask of the weekdays they work (bit 0 Monday); shifts_each : shifts a week of one
    team; stops : (routes, max_stops) sector numbers in order, -1 for none; travel_hours : whole
    way out, between and back; blocks : blocks left on the ground; masks : days open to the route
    """

    name: str
    teams: tuple[str, ...]
    days: int
    shifts_each: int
    stops: np.ndarray
    travel_hours: np.ndarray
    blocks: np.ndarray
    masks: np.ndarray

    @cached_property
    def slots(self) -> int:
        """Shifts of the whole group in a week."""
        return len(self.teams) * min(self.shifts_each, self.days.bit_count())

    @cached_property
    def limits(self) -> list[tuple[int, int]]:
        """(day mask, shifts allowed on these days alone at most), the whole week included."""
        unions = {self.days}
        for mask in {int(m) & self.days for m in np.unique(self.masks)}:
            if len(unions) <= 256:
                unions |= {mask | other for other in unions} | {mask}
        limit = {m: min(self.slots, len(self.teams) * m.bit_count()) for m in unions if m}
        return sorted(limit.items())

    def fits(self, masks: list[int]) -> bool:
        """Whether shifts with these open days can all be given to the teams."""
        return all(
            sum((m & self.days) & ~mask == 0 for m in masks) <= most for mask, most in self.limits
        )


@dataclass(frozen=True)
class Shift:
    """One shift of some team of a group: a route and the blocks spent at each stop."""

    group: int
    route: int
    blocks: tuple[int, ...]


@dataclass(frozen=True)
class Problem:
    """A week to plan; sectors are numbered.

    values : for each sector, what each further block adds (events a week), never rising; as many
    entries as the over-patrol guard allows; need : visits asked of a plan on average; must :
    sectors that every plan visits; explore_share : of all blocks, for `explore` sectors
    """

    values: list[np.ndarray]
    explore: np.ndarray
    need: np.ndarray
    must: np.ndarray
    groups: list[Group]
    min_blocks: int
    explore_share: float
    cap: np.ndarray = field(init=False)
    worth: np.ndarray = field(init=False)
    steps: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        cap = np.array([len(v) for v in self.values], dtype=int)
        worth = np.zeros((len(cap), cap.max(initial=0) + 1))
        for s, v in enumerate(self.values):
            worth[s, 1 : len(v) + 1] = np.cumsum(v)
            worth[s, len(v) + 1 :] = -np.inf
        steps = np.zeros((len(cap), max(1, cap.max(initial=0))))
        for s, v in enumerate(self.values):
            steps[s, : len(v)] = v
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "cap", cap)
        object.__setattr__(self, "worth", worth)

    @cached_property
    def reachable(self) -> np.ndarray:
        """Which sectors some route of some group can visit."""
        seen = np.zeros(len(self.values), bool)
        for group in self.groups:
            seen[group.stops[group.stops >= 0]] = True
        return seen

    @cached_property
    def penalties(self) -> tuple[float, float, float]:
        """For a visit needed, a visit that must be, a block of exploring: more than any gain."""
        best = max((float(v.sum()) for v in self.values), default=0.0) + 1e-9
        first = max((float(v[0]) for v in self.values if len(v)), default=0.0) + 1e-9
        return 2 * best, 20 * best, 2 * first

    def spent(self, shifts: list[Shift]) -> tuple[np.ndarray, np.ndarray]:
        """Blocks and visits of each sector."""
        blocks, visits = np.zeros(len(self.values), int), np.zeros(len(self.values), int)
        for shift in shifts:
            for sector, n in zip(
                self.groups[shift.group].stops[shift.route], shift.blocks, strict=True
            ):
                if sector >= 0:
                    blocks[sector] += n
                    visits[sector] += 1
        return blocks, visits

    def value(self, shifts: list[Shift]) -> float:
        """Events a week that the blocks are worth; -inf if a guard is broken."""
        blocks, _ = self.spent(shifts)
        if (blocks > self.cap).any():
            return -np.inf
        return float(self.worth[np.arange(len(blocks)), blocks].sum())

    def objective(self, shifts: list[Shift], floors: bool = False) -> float:
        """Value minus the penalties of what is asked and not kept."""
        blocks, visits = self.spent(shifts)
        per_need, per_must, per_block = self.penalties
        short = per_must * np.maximum(0, 1 - visits)[self.must & self.reachable].sum()
        if floors:
            asked = ~self.must & self.reachable
            short += per_need * np.maximum(0, self.need - visits)[asked].sum()
        lacking = self.explore_share * blocks.sum() - blocks[self.explore].sum()
        return self.value(shifts) - short - per_block * max(0.0, lacking)


def make_routes(
    to_hours: np.ndarray,
    between: np.ndarray,
    cap: np.ndarray,
    open_days: np.ndarray,
    days: int,
    shift_hours: float,
    block_hours: float,
    min_blocks: int,
    max_stops: int = 3,
    near: int = 8,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """All ways to spend one shift: out, one or more sectors, and back within its hours.

    Parameters
    ----------
    to_hours : from the post to each sector, inf where out of reach; the way back is as long
    between : hours between sectors
    cap : blocks allowed in each sector
    open_days : bit mask of each sector's days; a route is open when all its stops are
    days : bit mask of the teams' days
    shift_hours, block_hours : of one shift, the way included, and of one block of a stay
    min_blocks : blocks of the shortest stay
    max_stops : sectors in one shift at most
    near : a further stop is among so many nearest sectors of the last stop (pruning)

    Returns
    -------
    stops (n, max_stops), travel_hours, blocks, masks; of the orders of one set of sectors only
    the shortest is kept.
    """
    usable = np.isfinite(to_hours) & (cap >= min_blocks) & ((open_days & days) != 0)
    here = np.flatnonzero(usable)

    def blocks_left(hours: float) -> int:
        return int(np.floor((shift_hours - hours) / block_hours + 1e-6))

    nearest = {
        int(s): [int(t) for t in here[np.argsort(between[s, here], kind="stable")][: near + 1]]
        for s in here
    }
    shortest: dict[frozenset[int], Way] = {}
    last: list[Way] = [((int(s),), float(to_hours[s])) for s in here]
    for n in range(1, max_stops + 1):
        if n > 1:
            last = _longer(last, nearest, between)
        last = [
            (stops, out)
            for stops, out in last
            if blocks_left(out + float(to_hours[stops[-1]])) >= n * min_blocks
            and _open_on(stops, open_days, days)
        ]
        for stops, out in last:
            whole, key = out + float(to_hours[stops[-1]]), frozenset(stops)
            if key not in shortest or whole < shortest[key][1]:
                shortest[key] = (stops, whole)
    table = np.full((len(shortest), max_stops), -1)
    for k, (way, _) in enumerate(shortest.values()):
        table[k, : len(way)] = way
    travel = np.array([hours for _, hours in shortest.values()], float)
    masks = np.array([_open_on(way, open_days, days) for way, _ in shortest.values()], int)
    blocks = np.floor((shift_hours - travel) / block_hours + 1e-6).astype(int)
    return table, travel, blocks, masks


def _longer(last: list[Way], nearest: dict[int, list[int]], between: np.ndarray) -> list[Way]:
    """Each (stops, hours out) with one more sector, one of those nearest to its last."""
    return [
        ((*stops, t), out + float(between[stops[-1], t]))
        for stops, out in last
        for t in nearest[stops[-1]]
        if t not in stops
    ]


def _open_on(stops: tuple[int, ...], open_days: np.ndarray, days: int) -> int:
    """The days, as a bit mask, on which every stop is open and the teams work."""
    return days & int(np.bitwise_and.reduce(open_days[list(stops)]))


def best_fill(
    problem: Problem, group: Group, blocks: np.ndarray, routes: np.ndarray | None = None
) -> np.ndarray:
    """What each route would add to blocks already spent, with its stays filled best.

    What a block adds never rises, so the best stays take the most valuable blocks of all stops.

    Parameters
    ----------
    problem : the week
    group : whose shifts they are
    blocks : spent already, by candidate sector
    routes : rows of the group's routes to look at; all by default

    Returns
    -------
    value (n,), -inf where the guard leaves no room for the shortest stop
    """
    stops = group.stops if routes is None else group.stops[routes]
    limit = group.blocks if routes is None else group.blocks[routes]
    if not len(stops):
        return np.zeros(0)
    real, at, m = stops >= 0, np.maximum(stops, 0), problem.min_blocks
    rest = limit - m * real.sum(axis=1)
    most = max(1, int(rest.max()))
    now = blocks[at]
    first = problem.worth[at, np.minimum(now + m, problem.worth.shape[1] - 1)]
    room = now + m <= problem.cap[at]
    least = np.where(real, np.where(room, first, -np.inf) - problem.worth[at, now], 0.0)
    ahead = now[:, :, None] + m + np.arange(most)
    more = np.where(
        real[:, :, None] & (ahead < problem.cap[at][:, :, None]),
        problem.steps[at[:, :, None], np.minimum(ahead, problem.steps.shape[1] - 1)],
        0.0,
    )
    ranked = -np.sort(-more.reshape(len(stops), -1), axis=1)[:, :most]
    summed = np.concatenate([np.zeros((len(stops), 1)), np.cumsum(ranked, axis=1)], axis=1)
    return least.sum(axis=1) + summed[np.arange(len(stops)), np.clip(rest, 0, most)]


def best_stays(problem: Problem, group: Group, blocks: np.ndarray, route: int) -> tuple[int, ...]:
    """The stays behind `best_fill` for one route.

    Parameters
    ----------
    problem : the week
    group : whose shift it is
    blocks : spent already, by candidate sector
    route : row of the group's routes
    """
    stops = group.stops[route]
    stay = np.where(stops >= 0, problem.min_blocks, 0)
    for _ in range(int(group.blocks[route] - stay.sum())):
        worth = [
            problem.values[s][blocks[s] + n] if s >= 0 and blocks[s] + n < problem.cap[s] else 0.0
            for s, n in zip(stops, stay, strict=True)
        ]
        best = int(np.argmax(worth))
        if worth[best] <= 0:
            break
        stay[best] += 1
    return tuple(int(n) for n in stay)
