"""From shifts to orders: which team, which day, day or night, from when to when, and why there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from geo.naming import COLUMNS
from risk.plan.actions import action_at
from risk.plan.problem import Problem, Shift, best_fill, best_stays
from risk.plan.week import Week

DAY_START, NIGHT_START = 6.0, 18.0  # local hours
#: A shift begins up to so much later than the hour above, in steps, so that it is not foreseen.
JITTER_STEPS, JITTER_HOURS = 5, 0.25


#: team, day and shift
Placed = tuple[str, int, Shift]


@dataclass(frozen=True)
class Nights:
    """How nights are shared out.

    share : of all shifts; most : of one team in a week; rest_hours : between the end of a night
    and the next shift of that team; may : who works by night (everybody who is not named);
    shift_hours : of each team, the way included (8 where it is not named); free_from : hours after
    the first midnight of the week at which a team that had a night before it has had its rest
    """

    share: float
    most: int = 7
    rest_hours: float = 0.0
    may: Mapping[str, bool] = field(default_factory=dict)
    shift_hours: Mapping[str, float] = field(default_factory=dict)
    free_from: Mapping[str, float] = field(default_factory=dict)

    def rests(self, team: str, days: list[int], nights: list[bool]) -> bool:
        """Whether a team has its rest after each of its nights, however late they begin.

        Parameters
        ----------
        team : its id
        days : of its shifts, rising
        nights : whether each of them is a night
        """
        first = 24 * days[0] + (NIGHT_START if nights[0] else DAY_START)
        if first < self.free_from.get(team, first):
            return False
        latest = NIGHT_START + JITTER_HOURS * (JITTER_STEPS - 1)
        ends = latest + float(self.shift_hours.get(team, 8.0))
        for k in range(len(days) - 1):
            begin = 24 * (days[k + 1] - days[k]) + (NIGHT_START if nights[k + 1] else DAY_START)
            if nights[k] and begin - ends < self.rest_hours:
                return False
        return True


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
    sharing: Nights,
    night_masks: dict[tuple[int, int], int] | None = None,
    of_day: np.ndarray | None = None,
) -> list[Posted]:
    """Give every shift a team and a day, then turn some into nights.

    A team has one shift a day. Nights go round: nobody has one more before everybody who can has
    had his, nobody has more than the rules allow, and after a night a team rests. Days, teams
    and starts are drawn, and the same seed draws the same.

    Parameters
    ----------
    problem : the week
    shifts : of a plan, without teams or days
    seed : of the draws
    sharing : how many nights there are, and who can have them
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
        cost[:, np.flatnonzero(seats == 0)[: _weary(group.teams, sharing)]] += 10.0
        masks = np.array([int(group.masks[shift.route]) for shift in own])
        cost += np.where((masks[:, None] >> seats[None]) & 1, 0.0, 1e3)
        row, column = linear_sum_assignment(cost)
        if (cost[row, column] >= 1e3).any():
            raise ValueError(f"the shifts of {group.name} do not fit into its days")
        by_day = sorted(zip(seats[column], rng.permutation(len(row)), row, strict=True))
        first = int(rng.integers(len(group.teams)))
        first += _rested(group.teams, first, sum(day == 0 for day, *_ in by_day), sharing)
        for k, (day, _, which) in enumerate(by_day):
            team = group.teams[(first + k) % len(group.teams)]
            placed.append((team, int(day), own[which]))
    light = np.zeros(len(problem.values), bool) if of_day is None else of_day
    placed = _light_first(problem, placed, light)
    nights = _nights(problem, placed, rng, sharing, night_masks or {}, light)
    starts = JITTER_HOURS * rng.integers(0, JITTER_STEPS, len(placed))
    return sorted(
        (
            Posted(shift, team, day, night, float(later + (NIGHT_START if night else DAY_START)))
            for (team, day, shift), night, later in zip(placed, nights, starts, strict=True)
        ),
        key=lambda p: (p.team, p.day),
    )


def _rested(teams: Sequence[str], first: int, shifts: int, sharing: Nights) -> int:
    """By how many places teams take their turns later, so that on the first day as few as can be
    go out who are back from a night of the week before.

    Parameters
    ----------
    teams : of a group, in their order
    first : place of the team that has the first shift
    shifts : of the group on the first day
    sharing : with the hour at which each team has had its rest
    """
    size = len(teams)

    def out(later: int) -> int:
        return _weary([teams[(first + later + k) % size] for k in range(shifts)], sharing)

    return min(range(size), key=out)


def _weary(teams: Sequence[str], sharing: Nights) -> int:
    """How many teams have not had their rest when the first day begins."""
    return sum(sharing.free_from.get(str(team), 0.0) > DAY_START for team in teams)


def _needs_light(problem: Problem, shift: Shift, of_day: np.ndarray) -> bool:
    stops = problem.groups[shift.group].stops[shift.route]
    return bool(of_day[stops[stops >= 0]].any())


def _light_first(problem: Problem, placed: list[Placed], of_day: np.ndarray) -> list[Placed]:
    """The shifts of each team changed over among its days: first those that need the day.

    A team whose shifts would then fall on a day that is closed to them keeps them as they are.
    """
    made: list[Placed] = []
    for team in dict.fromkeys(team for team, *_ in placed):
        own = sorted((one for one in placed if one[0] == team), key=lambda one: one[1])
        shifts = sorted((s for *_, s in own), key=lambda s: not _needs_light(problem, s, of_day))
        moved = [(team, day, s) for (_, day, _), s in zip(own, shifts, strict=True)]
        fits = all(problem.groups[s.group].masks[s.route] >> day & 1 for _, day, s in moved)
        made += moved if fits else own
    return made


def _nights(
    problem: Problem, placed: list[Placed], rng: np.random.Generator, sharing: Nights,
    night_masks: Mapping[tuple[int, int], int], of_day: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Which shifts are nights: round by round one more a team, those that need the day last."""
    nights = np.zeros(len(placed), bool)
    goal = sharing.share * len(placed)
    teams = [str(team) for team in rng.permutation(sorted({team for team, *_ in placed}))]
    teams = [team for team in teams if sharing.may.get(team, True)]
    own = {
        team: sorted((k for k in range(len(placed)) if placed[k][0] == team),
                     key=lambda k: placed[k][1])
        for team in teams
    }  # fmt: skip
    if goal > 0 and sharing.most > 0:  # who has no rest by day goes out in the evening, if he can
        for team in teams:
            days = [placed[k][1] for k in own[team]]
            if not sharing.rests(team, days, [False] * len(days)):
                _one_more(problem, placed, own[team], nights, sharing, night_masks,
                          np.zeros_like(of_day))  # fmt: skip
    for spare in (True, False):
        for before in range(sharing.most):
            for team in teams:
                if nights.sum() >= goal - 1e-9:
                    return nights
                if nights[own[team]].sum() == before:
                    _one_more(problem, placed, own[team], nights, sharing, night_masks,
                              of_day if spare else np.zeros_like(of_day))  # fmt: skip
    return nights


def _one_more(
    problem: Problem, placed: list[Placed], own: list[int], nights: np.ndarray, sharing: Nights,
    night_masks: Mapping[tuple[int, int], int], of_day: np.ndarray,
) -> None:  # fmt: skip
    """The last shift of a team that can be a night becomes one, if there is any."""
    days = [placed[k][1] for k in own]
    for k in reversed(own):
        team, day, shift = placed[k]
        mask = night_masks.get((shift.group, shift.route))
        shut = mask is not None and not mask >> day & 1
        if nights[k] or shut or _needs_light(problem, shift, of_day):
            continue
        if sharing.rests(str(team), days, [bool(nights[j]) or j == k for j in own]):
            nights[k] = True
            return


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
        reason = {"value": whole - problem.worth[at, without].sum(), "elsewhere": 0.0, "sector": -1}
        if len(others):
            value = best_fill(problem, group, without, others)
            k = int(value.argmax())
            if value[k] > 0:
                route = int(others[k])
                stay = best_stays(problem, group, without, route)
                main = int(group.stops[route][int(np.argmax(stay))])
                reason |= {"elsewhere": float(value[k]), "sector": main}
        rows.append(reason)
    table = pd.DataFrame(rows, columns=["value", "elsewhere", "sector"])
    return table.rename(columns={"sector": "elsewhere_sector"})


def write(
    week: Week,
    posted: list[Posted],
    first_day: pd.Timestamp,
    chance: np.ndarray,
    reasons: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row a stop: which team, when it arrives and leaves, what it does there, and its way.

    Parameters
    ----------
    week : the problem, and what its sectors and teams are called
    posted : the shifts as `assign` gave them to teams
    first_day : a Monday, local
    chance : of each candidate sector to be visited in such a week
    reasons : what `why` told, one row a shift; without them ways are not looked up either

    Returns
    -------
    DataFrame in the order of `posted`, empty if nothing is. The last stop of a shift has `back`
    and `return_minutes`; `way` and `way_back` are cells joined by blanks
    """
    facts = week.teams.assign(team_id=week.teams["team_id"].astype(str)).set_index("team_id")
    rows = []
    for number, shift in enumerate(posted):
        worth = {} if reasons is None else _worth(week.sectors, reasons.iloc[number])
        team: Any = facts.loc[shift.team]
        for leg in _legs(week, shift, team):
            begin = first_day + pd.Timedelta(days=shift.day, hours=shift.start)
            rows.append(_row(week, shift, team, leg, begin, chance) | worth)
    orders = pd.DataFrame(rows)
    if orders.empty:
        return orders
    orders = orders if reasons is None else _with_ways(orders, week)
    return orders.drop(columns=["_from", "_to", "_post"])


@dataclass(frozen=True)
class _Leg:
    """The way to one stop and the stay there, in hours since the shift began.

    home : of the way back, at the last stop only; start, here, anchor : positions in the grid of
    the cells of the post, before this way, and of the stop
    """

    seq: int
    sector: int
    blocks: int
    hours: float
    arrive: float
    leave: float
    home: float | None
    start: int
    here: int
    anchor: int


def _legs(week: Week, posted: Posted, team: pd.Series) -> Iterator[_Leg]:
    ways, group = week.ways, week.problem.groups[posted.shift.group]
    mode, post = str(team["mode"]), str(team["post_id"])
    start = ways.starts.index((post, mode))
    from_post = ways.to_hours[start, week.rows]
    stops = group.stops[posted.shift.route]
    visited = [(int(s), n) for s, n in zip(stops, posted.shift.blocks, strict=True) if s >= 0]
    post_cell = here = int(ways.start_cell[start])
    now, before = 0.0, None
    for seq, (s, n) in enumerate(visited, 1):
        if before is None:
            hours = float(from_post[s])
        else:
            a, b = np.searchsorted(ways.near, week.rows[[before, s]])
            hours = float(ways.between[mode][a, b])
        leave = now + hours + n * week.rules.block_minutes / 60
        anchor = int(ways.anchor[week.rows[s]])
        home = float(from_post[s]) if seq == len(visited) else None
        yield _Leg(seq, s, n, hours, now + hours, leave, home, post_cell, here, anchor)
        now, before, here = leave, s, anchor


def _row(
    week: Week,
    posted: Posted,
    team: pd.Series,
    leg: _Leg,
    begin: pd.Timestamp,
    chance: np.ndarray,
) -> dict[str, object]:
    """One stop as it stands in the orders."""
    table, s = week.sectors, leg.sector
    codes = ("kabupaten_code", "kecamatan_code")
    arrive, leave = (begin + pd.Timedelta(hours=round(h, 6)) for h in (leg.arrive, leg.leave))
    back = pd.NaT if leg.home is None else leave + pd.Timedelta(hours=round(leg.home, 6))
    return {
        "order_id": f"{posted.team}-{posted.day + 1}",
        "team_id": posted.team,
        "agency": team.get("agency", ""),
        "post_id": str(team["post_id"]),
        "post": team.get("post", str(team["post_id"])),
        "mode": str(team["mode"]),
        "day": posted.day,
        "night": posted.night,
        "seq": leg.seq,
        "sector": table["sector"][s],
        **{name: table[name][s] for name in COLUMNS if name in table},
        **{name: table[name][s] if name in table else "" for name in codes},
        "lat": week.ways.grid.lat[leg.anchor],
        "lon": week.ways.grid.lon[leg.anchor],
        "start": begin,
        "arrive": arrive,
        "leave": leave,
        "back": back,
        "travel_minutes": 60 * leg.hours,
        "return_minutes": 60 * (leg.home or 0.0),
        "stay_minutes": leg.blocks * week.rules.block_minutes,
        "shift_minutes": 60 * float(team["shift_hours"]),
        "explore": bool(week.problem.explore[s]),
        "action": action_at(table["action"][s], table["other_actions"][s], arrive, leave),
        "chance": float(chance[s]),
        "_from": leg.here,
        "_to": leg.anchor,
        "_post": leg.start,
    }


def _worth(sectors: pd.DataFrame, reason: pd.Series) -> dict[str, object]:
    """What a shift brings, and what the same hours would bring elsewhere."""
    other = int(reason["elsewhere_sector"])
    named = other >= 0 and "name" in sectors
    return {
        "shift_value": float(reason["value"]),
        "elsewhere_value": float(reason["elsewhere"]),
        "elsewhere_sector": sectors["sector"][other] if other >= 0 else "",
        "elsewhere_name": sectors["name"][other] if named else "",
    }


def _with_ways(orders: pd.DataFrame, week: Week) -> pd.DataFrame:
    """The cells of each way there, and of the way back after the last stop."""
    asked: dict[str, set[tuple[int, int]]] = {}
    for name, part in (("_from", orders), ("_post", orders[orders["back"].notna()])):
        for mode, a, b in part[["mode", name, "_to"]].itertuples(index=False):
            asked.setdefault(mode, set()).add((a, b))
    legs = {mode: week.ways.legs(mode, sorted(pairs)) for mode, pairs in asked.items()}
    names = np.array(week.ways.grid.cells, object)

    def way(mode: str, a: int, b: int) -> np.ndarray:
        return names[legs[mode][(a, b)]]

    there = orders[["mode", "_from", "_to"]].itertuples(index=False)
    home = orders[["mode", "_post", "_to", "back"]].itertuples(index=False)
    return orders.assign(
        way=[" ".join(way(*one)) for one in there],
        way_back=[" ".join(way(*one)[::-1]) if pd.notna(back) else "" for *one, back in home],
    )
