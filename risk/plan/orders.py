"""From shifts to orders: which team, which day, day or night, from when to when, and why there."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from risk.plan.problem import Problem, Shift, best_fill, best_stays

DAY_START, NIGHT_START = 6.0, 18.0  # local hours
#: A shift begins up to so much later than the hour above, in steps, so that it is not foreseen.
JITTER_STEPS, JITTER_HOURS = 5, 0.25


@dataclass(frozen=True)
class Posted:
    """A shift given to a team: day 0 is the first of the week, start in hours of that day."""

    shift: Shift
    team: str
    day: int
    night: bool
    start: float


def assign(
    problem: Problem,
    shifts: list[Shift],
    seed: int,
    night_share: float,
    night_ok: dict[str, bool],
    night_masks: dict[tuple[int, int], int] | None = None,
    of_day: np.ndarray | None = None,
) -> list[Posted]:
    """Give every shift a team and a day, then turn whole ends of weeks into nights.

    A team has one shift a day; its nights follow its days, so it always rests between two
    shifts. Days, teams and starts are drawn, and the same seed draws the same.

    Parameters
    ----------
    night_share : of the shifts, as far as teams may work at night
    night_ok : of each team
    night_masks : days on which a route may be begun at night, where that is fewer than by day
        (the night runs into the next day)
    of_day : sectors whose first action is ordered by day only: shifts that go there are the last
        to become nights
    """
    rng = np.random.default_rng([seed, 5])
    placed: list[tuple[str, int, Shift]] = []
    for g, group in enumerate(problem.groups):
        own = [shift for shift in shifts if shift.group == g]
        if not own:
            continue
        days = [d for d in range(7) if group.days >> d & 1]
        seats = np.array([d for d in days for _ in group.teams])
        cost = rng.random((len(own), len(seats)))
        masks = np.array([int(group.masks[shift.route]) for shift in own])
        cost += np.where((masks[:, None] >> seats[None]) & 1, 0.0, 1e3)
        row, column = linear_sum_assignment(cost)
        if (cost[row, column] >= 1e3).any():
            raise ValueError(f"the shifts of {group.name} do not fit into its days")
        by_day = sorted(zip(seats[column], rng.permutation(len(row)), row, strict=True))
        first = int(rng.integers(len(group.teams)))
        for k, (day, _, which) in enumerate(by_day):
            team = group.teams[(first + k) % len(group.teams)]
            placed.append((team, int(day), own[which]))
    light = np.zeros(len(problem.values), bool) if of_day is None else of_day
    placed = _light_first(problem, placed, light)
    nights = _nights(problem, placed, rng, night_share, night_ok, night_masks or {}, light)
    starts = JITTER_HOURS * rng.integers(0, JITTER_STEPS, len(placed))
    return sorted(
        (
            Posted(shift, team, day, night, float(later + (NIGHT_START if night else DAY_START)))
            for (team, day, shift), night, later in zip(placed, nights, starts, strict=True)
        ),
        key=lambda p: (p.team, p.day),
    )


def _needs_light(problem: Problem, shift: Shift, of_day: np.ndarray) -> bool:
    stops = problem.groups[shift.group].stops[shift.route]
    return bool(of_day[stops[stops >= 0]].any())


def _light_first(problem: Problem, placed, of_day: np.ndarray) -> list[tuple[str, int, Shift]]:
    """The shifts of each team changed over among its days: first those that need the day.

    A team whose shifts would then fall on a day that is closed to them keeps them as they are.
    """
    made = []
    for team in dict.fromkeys(team for team, *_ in placed):
        own = sorted((one for one in placed if one[0] == team), key=lambda one: one[1])
        shifts = sorted((s for *_, s in own), key=lambda s: not _needs_light(problem, s, of_day))
        moved = [(team, day, s) for (_, day, _), s in zip(own, shifts, strict=True)]
        fits = all(problem.groups[s.group].masks[s.route] >> day & 1 for _, day, s in moved)
        made += moved if fits else own
    return made


def _nights(problem, placed, rng, share, night_ok, night_masks, of_day) -> np.ndarray:
    """Ends of weeks turned into nights: first without, then with shifts that need the day."""
    nights = np.zeros(len(placed), bool)
    goal = share * len(placed)
    teams = rng.permutation(sorted({team for team, *_ in placed}))
    for spare in (True, False):
        for team in teams:
            if not night_ok.get(str(team), True):
                continue
            own = sorted((k for k in range(len(placed)) if placed[k][0] == team), reverse=True,
                         key=lambda k: placed[k][1])  # fmt: skip
            for k in own:
                _, day, shift = placed[k]
                mask = night_masks.get((shift.group, shift.route))
                if nights.sum() >= goal - 1e-9 or (mask is not None and not mask >> day & 1):
                    break
                if spare and _needs_light(problem, shift, of_day):
                    break
                nights[k] = True
    return nights


def why(problem: Problem, shifts: list[Shift]) -> pd.DataFrame:
    """What each shift brings, and what the same hours would bring elsewhere.

    Returns
    -------
    one row per shift: value (events a week lost without it), elsewhere (the best that its team
    could do with the hours in sectors it does not visit now), elsewhere_sector (-1: nowhere)
    """
    blocks, _ = problem.spent(shifts)
    rows, at = [], np.arange(len(blocks))
    whole = problem.worth[at, blocks].sum()
    for shift in shifts:
        group = problem.groups[shift.group]
        stops = group.stops[shift.route]
        real = stops >= 0
        without = blocks.copy()
        np.add.at(without, stops[real], -np.array(shift.blocks)[real])
        others = np.flatnonzero(~np.isin(group.stops, stops[real]).any(axis=1))
        told = {"value": whole - problem.worth[at, without].sum(), "elsewhere": 0.0, "sector": -1}
        if len(others):
            value = best_fill(problem, group, without, others)
            k = int(value.argmax())
            if value[k] > 0:
                route = int(others[k])
                stay = best_stays(problem, group, without, route)
                main = int(group.stops[route][int(np.argmax(stay))])
                told |= {"elsewhere": float(value[k]), "sector": main}
        rows.append(told)
    table = pd.DataFrame(rows, columns=["value", "elsewhere", "sector"])
    return table.rename(columns={"sector": "elsewhere_sector"})
