"""Patrol hours -> a week of orders: which team goes where, when, for how long, and why.

`frame_week` states the week as a problem, `make_plan` solves it: a bound and a best plan, a
greedy rival, a mixed strategy with the chance of each sector, one draw of it as orders. Pure and
seeded: the same inputs and seed give the same plan. The formulation is in docs/plan.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from risk.plan import orders as plan_orders
from risk.plan.actions import DAY_ACTIONS
from risk.plan.budget import make_budget
from risk.plan.measure import measure
from risk.plan.mix import Mixed, mix
from risk.plan.problem import Problem, Shift
from risk.plan.solve import Relaxed, Solution, solve_greedy, solve_relaxed, solve_whole
from risk.plan.value import Rules, split_hours
from risk.plan.week import Week, frame_week


@dataclass(frozen=True)
class Plan:
    """What one run made; frames are plain tables and `facts` plain data for the meta file."""

    orders: pd.DataFrame
    sectors: pd.DataFrame
    cells: pd.DataFrame
    teams: pd.DataFrame
    rivals: pd.DataFrame
    strategy: pd.DataFrame
    facts: dict[str, Any]
    weights: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The tables by name, as they are kept."""
        names = ("orders", "sectors", "cells", "teams", "rivals", "strategy", "weights")
        return {name: getattr(self, name) for name in names}


def make_plan(
    week: Week, first_day: pd.Timestamp, seed: int, explain: bool = True,
    last_nights: Mapping[str, pd.Timestamp] | None = None,
) -> Plan:  # fmt: skip
    """Solve the week and write its orders.

    Parameters
    ----------
    week : the problem, and what its sectors and teams are called
    first_day : a Monday, local
    seed : the same one draws the same plan
    explain : also the best plan by HiGHS, what each order gives up and the cells on the way
        (without it a plan takes a fraction of the time)
    last_nights : when the last night of each team in the week before ends, local
    """
    problem, rules = week.problem, week.rules
    greedy = solve_greedy(problem)
    free = solve_relaxed(problem, start=greedy.shifts, close=1e-3 if explain else 1e-2)
    bound = _bound(problem, free) if explain else None
    best = solve_whole(problem, free, rules.gap, rules.time_limit_s) if explain else greedy
    asked = solve_relaxed(
        problem, floors=True, start=free.patterns, close=1e-3 if explain else 1e-2
    )
    mixed = mix(
        problem, asked, free.slot_price, best.shifts,
        rules.floor, rules.plans, rules.largest_share, seed,
    )  # fmt: skip
    drawn = mixed.draw(seed)
    shifts = mixed.plans[drawn]
    posted = plan_orders.assign(
        problem, shifts, seed, _sharing(week, first_day, last_nights or {}), week.closed_next_day,
        week.sectors["action"].isin(DAY_ACTIONS).to_numpy(),
    )  # fmt: skip
    reasons = plan_orders.why(problem, [p.shift for p in posted]) if explain else None
    orders = plan_orders.write(week, posted, first_day, mixed.visit_chance, reasons)
    sectors, cells = _sectors(week, shifts, mixed, free)
    rivals = _rivals(week, mixed, shifts, greedy, best, free.bound)
    strategy = _strategy(problem, mixed, drawn)
    facts = {
        "seed": int(seed),
        "first_day": f"{first_day:%Y-%m-%d}",
        "strength_per_hour": week.strength,
        "rules": vars(rules),
        "candidates": len(week.rows),
        "reachable": int(problem.reachable.sum()),
        "floor_asked": rules.floor,
        "floor_kept": mixed.floor,
        "never_visited": [str(week.sectors["sector"][s]) for s in mixed.uncovered],
        "gap": best.gap if explain else None,
        "budget": _budget(problem, bound, free, best, mixed, shifts) if bound is not None else None,
        "solver_gap": best.solver_gap,
        "seconds": {"greedy": greedy.seconds, "best": best.seconds, "bound": free.seconds},
        **_hours(week, posted),
        **_nights(rules, posted),
    }
    return Plan(orders, sectors, cells, _teams(week, free, posted), rivals, strategy, facts)


def _strategy(problem: Problem, mixed: Mixed, drawn: int) -> pd.DataFrame:
    """The plans that one was drawn from, with their chances and values."""
    return pd.DataFrame(
        {
            "plan": np.arange(len(mixed.plans)),
            "chance": mixed.chance,
            "value": [problem.value(p) for p in mixed.plans],
            "objective": [problem.objective(p) for p in mixed.plans],
            "drawn": np.arange(len(mixed.plans)) == drawn,
        }
    )


def _sharing(
    week: Week, first_day: pd.Timestamp, last_nights: Mapping[str, pd.Timestamp]
) -> plan_orders.Nights:
    """How the nights of the week are shared out among its teams.

    Parameters
    ----------
    week : with its teams and rules
    first_day : a Monday, local
    last_nights : when the last night of each team in the week before ends, local
    """
    rules, teams = week.rules, week.teams.set_index(week.teams["team_id"].astype(str))
    return plan_orders.Nights(
        share=rules.night_share,
        most=rules.most_nights,
        rest_hours=rules.rest_after_night_hours,
        may={str(team): bool(ok) for team, ok in teams["night_ok"].items()},
        free_from={
            team: (end - first_day) / pd.Timedelta(hours=1) + rules.rest_after_night_hours
            for team, end in last_nights.items()
        },
        shift_hours={str(team): float(hours) for team, hours in teams["shift_hours"].items()},
    )


def _nights(rules: Rules, posted: list[plan_orders.Posted]) -> dict[str, int]:
    """How many nights were asked for and found, and how they are shared."""
    of_team = pd.Series([p.team for p in posted if p.night], dtype="str").value_counts()
    return {
        "nights_asked": int(np.ceil(rules.night_share * len(posted) - 1e-9)),
        "nights": int(of_team.sum()),
        "night_teams": len(of_team),
        "most_nights": int(of_team.max()) if len(of_team) else 0,
    }


def _bound(problem: Problem, free: Relaxed) -> float:
    """A bound on the value of every plan with these hours, whether or not it explores."""
    plain = replace(problem, explore_share=0.0, must=np.zeros(len(problem.values), bool))
    return solve_relaxed(plain, start=free.patterns).bound


def _budget(
    problem: Problem, bound: float, free: Relaxed, best: Solution, mixed: Mixed,
    drawn: list[Shift],
) -> list[dict[str, Any]]:  # fmt: skip
    """From the bound down to the plan that was drawn; see `risk.plan.budget`."""
    found = problem.value(best.shifts)
    turned = max(mixed.plans, key=problem.objective)
    return make_budget(
        {
            "bound": bound,
            "exploring": min(bound, max(free.bound, found)),
            "search": found,
            "turns": problem.value(turned),
            "chance": mixed.value,
            "draw": problem.value(drawn),
        }
    )


def _sectors(
    week: Week, shifts: list[Shift], mixed: Mixed, relaxed: Relaxed
) -> tuple[pd.DataFrame, pd.DataFrame]:
    blocks, visits = week.problem.spent(shifts)
    block = week.rules.block_minutes / 60
    table = week.sectors.copy()
    minutes = [
        60 * split_hours(w, week.strength, [block * n])[0] if n else np.zeros(len(w))
        for w, n in zip(week.weight, blocks, strict=True)
    ]
    table["chance"] = mixed.visit_chance
    table["visits"] = visits
    table["planned_minutes"] = blocks * week.rules.block_minutes
    table["value"] = week.problem.worth[np.arange(len(blocks)), blocks]
    table["asked"] = (week.problem.must | (week.problem.need >= 1)) & (visits > 0)
    table["next_hour"] = np.maximum(0, relaxed.price) / block
    names = np.array(week.ways.grid.cells, object)
    rows = [
        pd.DataFrame({"sector": sector, "cell": names[c], "minutes": of_guard})
        for sector, c, of_guard, n in zip(
            table["sector"], week.cells_of, minutes, blocks, strict=True
        )
        if n
    ]  # fmt: skip
    columns = ["sector", "cell", "minutes"]
    return table, pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)


def with_meets(plan: Plan, week: Week, cells: pd.DataFrame) -> Plan:
    """The plan with what its sectors and all of it meet, each with an interval of that sum.

    Parameters
    ----------
    plan : as `make_plan` gives it
    week : that it was made for
    cells : the frame given to `frame_week`
    """
    inside = np.concatenate(week.cells_of).astype(int)
    names = np.array(week.ways.grid.cells, object)
    weights = pd.DataFrame(
        {
            "sector": np.repeat(plan.sectors["sector"].to_numpy(), [len(c) for c in week.cells_of]),
            "cell": names[inside],
            "weight": np.concatenate(week.weight),
            **{name: cells[name].to_numpy(float)[inside] for name in ("risk", "lo", "hi")},
        }
    )
    sectors, minutes, totals = measure(plan.sectors, weights, week.strength)
    facts = {**plan.facts, **totals}
    return replace(plan, sectors=sectors, cells=minutes, facts=facts, weights=weights)


def _rivals(
    week: Week, mixed: Mixed, drawn: list[Shift], greedy: Solution, best: Solution, bound: float
) -> pd.DataFrame:
    problem = week.problem

    def row(
        name: str, shifts: list[Shift], seconds: float, value: float | None = None
    ) -> dict[str, Any]:
        blocks, visits = problem.spent(shifts)
        return {
            "plan": name,
            "value": problem.value(shifts) if value is None else value,
            "share_of_bound": np.nan,
            "explore_share": blocks[problem.explore].sum() / max(1, blocks.sum()),
            "sectors": int((visits > 0).sum()),
            "hours_on_ground": float(blocks.sum() * week.rules.block_minutes / 60),
            "seconds": seconds,
        }

    rows = [row("greedy", greedy.shifts, greedy.seconds)]
    if best is not greedy:
        rows.insert(0, row("best", best.shifts, best.seconds))
    rows.append(
        row("mixed", drawn, 0.0, mixed.value) | {"sectors": int((mixed.visit_chance > 0).sum())}
    )
    rows.append(row("drawn", drawn, 0.0))
    table = pd.DataFrame(rows)
    table["share_of_bound"] = table["value"] / bound
    return table


def _teams(week: Week, relaxed: Relaxed, posted: list[plan_orders.Posted]) -> pd.DataFrame:
    rows = []
    block = week.rules.block_minutes / 60
    for g, group in enumerate(week.problem.groups):
        own = [p.shift for p in posted if p.shift.group == g]
        ground = block * sum(sum(s.blocks) for s in own)
        way = float(sum(group.travel_hours[s.route] for s in own))
        rows.append(
            {
                "group": group.name,
                "teams": len(group.teams),
                "shifts": len(own),
                "shifts_possible": group.slots,
                "ground_hours": ground,
                "travel_hours": way,
                "routes": len(group.stops),
                "one_more_team": float(relaxed.slot_price[g])
                * min(group.shifts_each, group.days.bit_count()),
            }
        )
    return pd.DataFrame(rows)


def _hours(week: Week, posted: list[plan_orders.Posted]) -> dict[str, Any]:
    """Hours there are = on the ground + on the way + unused, to the minute."""
    hours = week.teams.set_index(week.teams["team_id"].astype(str))["shift_hours"]
    there = sum(
        float(hours[team]) * min(g.shifts_each, g.days.bit_count())
        for g in week.problem.groups
        for team in g.teams
    )
    ground = sum(sum(p.shift.blocks) for p in posted) * week.rules.block_minutes / 60
    groups = week.problem.groups
    way = float(sum(groups[p.shift.group].travel_hours[p.shift.route] for p in posted))
    return {
        "hours": there,
        "ground_hours": ground,
        "travel_hours": way,
        "unused_hours": there - ground - way,
    }


__all__ = ["Plan", "Rules", "Solution", "Week", "frame_week", "make_plan", "with_meets"]
