"""Patrol hours -> a week of orders: which team goes where, when, for how long, and why.

`frame_week` states the week as a problem, `make_plan` solves it: a bound and a best plan, a
greedy rival, a mixed strategy with the chance of each sector, one draw of it as orders. Pure and
seeded: the same inputs and seed give the same plan. The formulation is in docs/plan.md.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from geo.naming import COLUMNS
from risk.plan import orders as plan_orders
from risk.plan.actions import DAY_ACTIONS, action_at
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


def make_plan(week: Week, first_day: pd.Timestamp, seed: int, explain: bool = True) -> Plan:
    """Solve the week and write its orders.

    first_day : a Monday, local; explain : also the best plan by HiGHS, what each order gives up
    and the cells on the way (without it a plan takes a fraction of the time)
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
        problem,
        asked,
        free.slot_price,
        best.shifts,
        rules.floor,
        rules.plans,
        rules.largest_share,
        seed,
    )
    drawn = mixed.draw(seed)
    shifts = mixed.plans[drawn]
    night_ok = dict(
        zip(week.teams["team_id"].astype(str), week.teams["night_ok"].astype(bool), strict=True)
    )
    posted = plan_orders.assign(
        problem, shifts, seed, rules.night_share, night_ok, week.closed_next_day,
        week.sectors["action"].isin(DAY_ACTIONS).to_numpy(),
    )  # fmt: skip
    reasons = plan_orders.why(problem, [p.shift for p in posted]) if explain else None
    orders = _orders(week, posted, reasons, first_day, explain, mixed.visit_chance)
    sectors, cells = _sectors(week, shifts, mixed, free)
    rivals = _rivals(week, mixed, shifts, greedy, best, free.bound)
    strategy = pd.DataFrame(
        {
            "plan": np.arange(len(mixed.plans)),
            "chance": mixed.chance,
            "value": [problem.value(p) for p in mixed.plans],
            "objective": [problem.objective(p) for p in mixed.plans],
            "drawn": np.arange(len(mixed.plans)) == drawn,
        }
    )
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
        "budget": _budget(problem, bound, free, best, mixed, shifts) if explain else None,
        "solver_gap": best.solver_gap,
        "seconds": {"greedy": greedy.seconds, "best": best.seconds, "bound": free.seconds},
        **_hours(week, posted),
    }
    return Plan(orders, sectors, cells, _teams(week, free, posted), rivals, strategy, facts)


def _bound(problem: Problem, free: Relaxed) -> float:
    """A bound on the value of every plan with these hours, whether or not it explores."""
    plain = replace(problem, explore_share=0.0, must=np.zeros(len(problem.values), bool))
    return solve_relaxed(plain, start=free.patterns).bound


def _budget(
    problem: Problem, bound: float, free: Relaxed, best: Solution, mixed: Mixed,
    drawn: list[Shift],
) -> list[dict[str, Any]]:  # fmt: skip
    """From the bound down to the plan that was drawn; see `risk.plan_budget`."""
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
        pd.DataFrame({"sector": sector, "cell": names[c], "minutes": told})
        for sector, c, told, n in zip(
            table["sector"], week.cells_of, minutes, blocks, strict=True
        )
        if n
    ]  # fmt: skip
    columns = ["sector", "cell", "minutes"]
    return table, pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)


def with_meets(plan: Plan, week: Week, cells: pd.DataFrame) -> Plan:
    """The plan with what its sectors and all of it meet, each with an interval of that sum.

    cells : the frame given to `frame_week`
    """
    inside = np.concatenate(week.cells_of).astype(int)
    names = np.array(week.ways.grid.cells, object)
    weights = pd.DataFrame(
        {
            "sector": np.repeat(plan.sectors["sector"], [len(c) for c in week.cells_of]).to_numpy(),
            "cell": names[inside],
            "weight": np.concatenate(week.weight),
            **{name: cells[name].to_numpy(float)[inside] for name in ("risk", "lo", "hi")},
        }
    )
    sectors, minutes, totals = measure(plan.sectors, weights, week.strength)
    facts = {**plan.facts, **totals}
    return replace(plan, sectors=sectors, cells=minutes, facts=facts, weights=weights)


def _rivals(week, mixed, drawn, greedy, best, bound) -> pd.DataFrame:
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


def _teams(week: Week, relaxed: Relaxed, posted: list) -> pd.DataFrame:
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


def _hours(week: Week, posted: list) -> dict[str, Any]:
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


def _orders(week: Week, posted: list, reasons, first_day, explain: bool, chance) -> pd.DataFrame:
    problem, ways, rules = week.problem, week.ways, week.rules
    facts = week.teams.assign(team_id=week.teams["team_id"].astype(str)).set_index("team_id")
    table, rows, wanted = week.sectors, [], {}
    for number, p in enumerate(posted):
        group, shift = problem.groups[p.shift.group], p.shift
        team = facts.loc[p.team]
        mode, post = str(team["mode"]), str(team["post_id"])
        start = ways.starts.index((post, mode))
        stops = [(int(s), n) for s, n in zip(group.stops[shift.route], shift.blocks, strict=True)
                 if s >= 0]  # fmt: skip
        begin = first_day + pd.Timedelta(days=p.day) + pd.Timedelta(hours=p.start)
        now, at = 0.0, None
        here = int(ways.start_cell[start])
        for seq, (s, n) in enumerate(stops):
            near = np.searchsorted(ways.near, week.rows[[s if at is None else at, s]])
            leg = float(ways.to_hours[start, week.rows[s]]) if at is None else float(
                ways.between[mode][near[0], near[1]])  # fmt: skip
            stay = n * rules.block_minutes / 60
            home = float(ways.to_hours[start, week.rows[s]]) if seq == len(stops) - 1 else 0.0
            anchor = int(ways.anchor[week.rows[s]])
            wanted.setdefault(mode, set()).add((here, anchor))
            row = {
                "order_id": f"{p.team}-{p.day + 1}",
                "team_id": p.team,
                "agency": team.get("agency", ""),
                "post_id": post,
                "post": team.get("post", post),
                "mode": mode,
                "day": p.day,
                "night": p.night,
                "seq": seq + 1,
                "sector": table["sector"][s],
                **{name: table[name][s] for name in COLUMNS if name in table},
                "kabupaten_code": table["kabupaten_code"][s] if "kabupaten_code" in table else "",
                "kecamatan_code": table["kecamatan_code"][s] if "kecamatan_code" in table else "",
                "lat": ways.grid.lat[anchor],
                "lon": ways.grid.lon[anchor],
                "start": begin,
                "arrive": begin + pd.Timedelta(hours=round(now + leg, 6)),
                "leave": begin + pd.Timedelta(hours=round(now + leg + stay, 6)),
                "back": pd.NaT,
                "travel_minutes": 60 * leg,
                "return_minutes": 60 * home,
                "stay_minutes": n * rules.block_minutes,
                "shift_minutes": 60 * float(team["shift_hours"]),
                "explore": bool(problem.explore[s]),
                "action": action_at(
                    table["action"][s],
                    table["other_actions"][s],
                    begin + pd.Timedelta(hours=now + leg),
                    begin + pd.Timedelta(hours=now + leg + stay),
                ),
                "chance": float(chance[s]),
                "_from": here,
                "_to": anchor,
                "_post": int(ways.start_cell[start]),
            }
            if reasons is not None:
                told = reasons.iloc[number]
                other = int(told["elsewhere_sector"])
                row |= {
                    "shift_value": float(told["value"]),
                    "elsewhere_value": float(told["elsewhere"]),
                    "elsewhere_sector": table["sector"][other] if other >= 0 else "",
                    "elsewhere_name": table["name"][other]
                    if other >= 0 and "name" in table
                    else "",
                }
            rows.append(row)
            now, at, here = now + leg + stay, s, anchor
        rows[-1]["back"] = rows[-1]["leave"] + pd.Timedelta(
            hours=round(rows[-1]["return_minutes"] / 60, 6)
        )
        wanted.setdefault(mode, set()).add((int(ways.start_cell[start]), here))
    orders = pd.DataFrame(rows)
    if orders.empty:
        return orders
    names = np.array(ways.grid.cells, object)
    if explain:
        legs = {mode: ways.legs(mode, sorted(pairs)) for mode, pairs in wanted.items()}
        orders["way"] = [
            " ".join(names[legs[m][(a, b)]])
            for m, a, b in zip(orders["mode"], orders["_from"], orders["_to"], strict=True)
        ]
        orders["way_back"] = [
            " ".join(names[legs[m][(a, b)][::-1]]) if pd.notna(t) else ""
            for m, a, b, t in zip(
                orders["mode"], orders["_post"], orders["_to"], orders["back"], strict=True
            )
        ]
    return orders.drop(columns=["_from", "_to", "_post"])


__all__ = ["Plan", "Rules", "Solution", "Week", "frame_week", "make_plan", "with_meets"]
