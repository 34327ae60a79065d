"""A week of planning stated as a problem: candidates, guards, needs, teams and their routes."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from geo.impossible import Impossible, fault
from risk.plan.actions import choose_actions
from risk.plan.problem import ALL_DAYS, Group, Problem, make_routes
from risk.plan.reach import Ways
from risk.plan.value import Rules, block_values, describe

#: Share of the candidates kept for sectors that nobody saw lately.
EXPLORE_CANDIDATES = 0.35
#: The relaxation is asked for a little more than the floor, so that whole plans can keep it.
MARGIN = 1.6


@dataclass(frozen=True)
class Week:
    """One week, stated: candidate sectors (a row each), their cells, the problem.

    rows : sector rows of `ways`; cells_of : positions of the cells of each candidate; weight :
    risk of each of them as the plan values it; strength : per hour of patrol
    """

    ways: Ways
    sectors: pd.DataFrame
    rows: np.ndarray
    cells_of: list[np.ndarray]
    weight: list[np.ndarray]
    problem: Problem
    teams: pd.DataFrame
    strength: float
    rules: Rules
    closed_next_day: dict[tuple[int, int], int]


def frame_week(
    ways: Ways,
    cells: pd.DataFrame,
    teams: pd.DataFrame,
    strength: float,
    rules: Rules,
    forbidden: AbstractSet[str] = frozenset(),
    mandatory: AbstractSet[str] = frozenset(),
    closed: dict[str, set[int]] | None = None,
) -> Week:
    """State the week.

    Parameters
    ----------
    ways : from the posts to the sectors, over one grid
    cells : DataFrame in the order of the grid of `ways` with cell, risk, lo, hi (events a week),
        weeks_since_visit (NaN: never), minutes_3w; words and distances where known
    teams : team_id, post_id, post, lat, lon, mode, hours_per_week, shift_hours, days_off (tuple
        of weekdays, 0 Monday), night_ok
    strength : of an hour of patrol, from `risk.engine.exposure.Detection`
    rules : what holds for every plan: block, guards, shares
    forbidden : cells that are never visited; a sector loses them
    mandatory : cells whose sector every plan visits
    closed : weekdays (0 Monday) on which a cell's sector is left alone, such as market days

    Raises
    ------
    Impossible
        If a cell is both forbidden and mandatory, or no sector is in reach.
    """
    if both := sorted(set(forbidden) & set(mandatory)):
        what = f"{len(both)} cells are forbidden and mandatory, e.g. {both[0]}"
        raise Impossible(fault("cells_both", what, n=len(both), cell=both[0]))
    open_cell = ~cells["cell"].isin(list(forbidden)).to_numpy()
    sectors = _reachable(ways, cells, open_cell, mandatory, rules)
    sectors = sectors.iloc[_candidates(sectors, rules)]
    rows, sectors = sectors.index.to_numpy(), sectors.reset_index(drop=True)
    explore, must = sectors["explore"].to_numpy(bool), sectors["mandatory"].to_numpy(bool)
    cells_of = _cells_of(np.where(open_cell, ways.owner, -1), rows)
    weight = _weights(cells, cells_of, explore, rules)

    block = rules.block_minutes / 60
    least = int(np.ceil(rules.min_stop_minutes / rules.block_minutes))
    cap = _caps(sectors, least, rules)
    values = [block_values(w, strength, block, n) for w, n in zip(weight, cap, strict=True)]
    open_days = _open_days(rows, dict(zip(cells["cell"], ways.owner, strict=True)), closed or {})
    groups = _groups(ways, rows, teams, cap, open_days, block, least, rules)
    night = {
        (g, int(r)): _night_mask(group.stops[r], open_days)
        for g, group in enumerate(groups)
        for r in np.flatnonzero((open_days[group.stops] != ALL_DAYS).any(axis=1))
    }
    need = _need(sectors, rules, groups, block)
    problem = Problem(values, explore, need, must, groups, least, rules.explore_share)
    sectors["open_days"] = open_days
    sectors["guard_minutes"] = cap * rules.block_minutes
    sectors["reach"] = problem.reachable
    sectors = sectors.join(choose_actions(sectors))
    return Week(ways, sectors, rows, cells_of, weight, problem, teams, strength, rules, night)


def _reachable(
    ways: Ways,
    cells: pd.DataFrame,
    open_cell: np.ndarray,
    mandatory: AbstractSet[str],
    rules: Rules,
) -> pd.DataFrame:
    """What is known of each sector in reach; the index is its row in `ways`.

    A sector with its middle forbidden is not visited at all: its middle is where teams arrive.
    """
    alive = np.isin(np.arange(len(ways.sectors)), ways.owner[open_cell]) & open_cell[ways.anchor]
    near = ways.near[alive[ways.near]]
    if not len(near):
        raise Impossible(fault("none_in_reach", "no sector is in reach of any team"))
    sectors = describe(ways.owner[open_cell], near, cells[open_cell])
    sectors.insert(0, "sector", ways.sectors[near])
    since = sectors["weeks_since_visit"].fillna(np.inf).to_numpy(float)
    sectors["explore"] = since >= rules.explore_after_weeks
    must = set(ways.owner[cells["cell"].isin(list(mandatory)).to_numpy()])
    sectors["mandatory"] = np.isin(near, list(must))
    return sectors.set_index(near)


def _cells_of(owner: np.ndarray, rows: np.ndarray) -> list[np.ndarray]:
    """Positions of the cells of each sector; `owner` is -1 for cells that belong to none."""
    order = np.argsort(owner, kind="stable")
    found = owner[order]
    return [order[np.searchsorted(found, r) : np.searchsorted(found, r, "right")] for r in rows]


def _weights(
    cells: pd.DataFrame, cells_of: list[np.ndarray], explore: np.ndarray, rules: Rules
) -> list[np.ndarray]:
    """Risk of the cells of each sector as the plan values it: robust, hopeful where it explores."""
    risk, lo, hi = (cells[name].to_numpy(float) for name in ("risk", "lo", "hi"))
    plain = risk + rules.robust * (lo - risk)
    hopeful = plain + rules.optimism * np.maximum(0, hi - risk)
    return [(hopeful if e else plain)[c] for c, e in zip(cells_of, explore, strict=True)]


def _caps(sectors: pd.DataFrame, least: int, rules: Rules) -> np.ndarray:
    """Blocks that may be spent in each sector: the guard, and one visit where one must be."""
    left = rules.max_sector_minutes_4w - sectors["minutes_3w"].to_numpy(float)
    guard = np.minimum(rules.max_sector_minutes, np.maximum(0, left))
    cap = np.floor(guard / rules.block_minutes).astype(int)
    must = sectors["mandatory"].to_numpy(bool)
    cap[must] = np.maximum(cap[must], least)
    return cap


def _open_days(rows: np.ndarray, row_of: dict[str, int], closed: dict[str, set[int]]) -> np.ndarray:
    """A bit mask of weekdays for each sector: one closed cell closes the sector on its days."""
    open_days = np.full(len(rows), ALL_DAYS)
    place = {row: k for k, row in enumerate(rows)}
    for cell, days in closed.items():
        if (k := place.get(row_of.get(cell, -1))) is not None:
            for day in days:
                open_days[k] &= ~(1 << day)
    return open_days


def _candidates(sectors: pd.DataFrame, rules: Rules) -> np.ndarray:
    """Mandatory sectors, then the riskiest, a share of them where nobody looked lately."""
    hope = (sectors["risk"] + rules.optimism * (sectors["hi"] - sectors["risk"])).to_numpy(float)
    explore = sectors["explore"].to_numpy(bool)
    score = np.where(explore, hope, sectors["risk"].to_numpy(float))
    order = np.lexsort((sectors["sector"], -score))
    must = order[sectors["mandatory"].to_numpy(bool)[order]]
    quota = int(EXPLORE_CANDIDATES * rules.sectors)
    rest = order[~np.isin(order, must)]
    unseen = rest[explore[rest]][:quota]
    others = rest[~np.isin(rest, unseen)][: max(0, rules.sectors - len(must) - len(unseen))]
    return np.sort(np.concatenate([must, unseen, others]).astype(int))


def _need(
    sectors: pd.DataFrame, rules: Rules, groups: list[Group], block_hours: float
) -> np.ndarray:
    """Visits asked of each sector on average: the floor, and 1 for those whose turn has come.

    From two thirds of `due_weeks` on the turn comes nearer by equal steps and has come one week
    before it is due. The longest unvisited come first, as many as exploring has shifts: each is
    charged the part of a shift that the nearest team needs to go there alone.
    """
    since = sectors["weeks_since_visit"].fillna(np.inf).to_numpy(float)
    begin = 2 * rules.due_weeks / 3
    ramp = np.clip((since + 1 - begin) / max(1.0, rules.due_weeks - 1 - begin), 0, 1)
    cost = np.ones(len(sectors))
    for group in groups:
        alone = np.flatnonzero((group.stops >= 0).sum(axis=1) == 1)
        shift = group.travel_hours[alone] + group.blocks[alone] * block_hours
        part = (group.travel_hours[alone] + rules.min_stop_minutes / 60) / np.maximum(shift, 1e-9)
        np.minimum.at(cost, group.stops[alone, 0], part)
    reach = np.zeros(len(sectors), bool)
    for group in groups:
        reach[group.stops[group.stops >= 0]] = True
    score = (sectors["risk"] + sectors["hi"]).to_numpy(float)
    order = np.lexsort((sectors["sector"], -score, -np.where(np.isinf(since), 1e6, since)))
    order = order[reach[order]]
    charged = np.cumsum((ramp * cost)[order])
    granted = order[charged <= rules.explore_share * sum(g.slots for g in groups)]
    floor = min(1.0, MARGIN * rules.floor)
    need = np.full(len(sectors), floor)
    need[granted] = np.maximum(floor, ramp[granted])
    return need


def _groups(
    ways: Ways, rows: np.ndarray, teams: pd.DataFrame, cap: np.ndarray, open_days: np.ndarray,
    block: float, least: int, rules: Rules,
) -> list[Group]:  # fmt: skip
    place = np.full(len(ways.sectors), -1)
    place[ways.near] = np.arange(len(ways.near))
    groups = []
    keys = ["post_id", "mode", "hours_per_week", "shift_hours", "days_off"]
    table = teams.assign(days_off=teams["days_off"].map(lambda some: tuple(sorted(some))))
    for key, part in table.groupby(keys, sort=True):
        # five columns to group by make keys of five
        post, mode, hours, shift, off = cast("tuple[str, str, float, float, tuple[int, ...]]", key)
        days = ALL_DAYS
        for day in off:
            days &= ~(1 << day)
        start = ways.starts.index((str(post), str(mode)))
        near = place[rows]
        stops, travel, blocks, masks = make_routes(
            ways.to_hours[start, rows],
            ways.between[mode][np.ix_(near, near)],
            cap,
            open_days,
            days,
            float(shift),
            block,
            least,
            rules.max_stops,
        )
        names = tuple(part["team_id"].astype(str))
        each = min(int(hours // shift), days.bit_count())
        groups.append(
            Group(f"{post}/{mode}", names, days, each, stops, travel, blocks, masks)
        )  # fmt: skip
    return groups


def _night_mask(stops: np.ndarray, open_days: np.ndarray) -> int:
    """Days on whose night a route may begin: open then and on the next morning."""
    mask = ALL_DAYS
    for s in stops[stops >= 0]:
        days = int(open_days[s])
        mask &= days & ((days >> 1) | ((days & 1) << 6))
    return mask
