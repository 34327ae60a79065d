"""What a plan is worth, as a budget: from the bound on every plan down to the orders as they stand.

Each step is the difference of two levels that were computed by themselves, so the steps add up to
the worth of the plan exactly. Whoever signs reads the price of each thing that was asked of it.
"""

from typing import Any

#: steps in the order in which they are told; the first is a level, the others are changes of it
STEPS = ("bound", "exploring", "search", "turns", "chance", "draw", "edits")


def make_budget(levels: dict[str, float]) -> list[dict[str, Any]]:
    """The steps of a plan: step, change, value (events a week; the level after the step).

    Parameters
    ----------
    levels : level after each step, by the names of STEPS
        bound : no plan with these hours is worth more, exploring not asked
        exploring : no plan that explores its share, and visits what must be, is worth more
        search : the best such plan that was found
        turns : the best plan found that also visits whoever has his turn, and the seldom seen
        chance : what the draw gives on average
        draw : the plan that was drawn
        edits : the orders after changes by hand; left out where there are none

    Raises
    ------
    ValueError
        If a level is missing.
    """
    if missing := [name for name in STEPS[:-1] if name not in levels]:
        raise ValueError(f"a budget needs every level, missing: {', '.join(missing)}")
    rows, before = [], 0.0
    for step in STEPS:
        if step in levels:
            value = float(levels[step])
            rows.append({"step": step, "change": value - before, "value": value})
            before = value
    return rows


def with_edits(budget: list[dict[str, Any]], value: float) -> list[dict[str, Any]]:
    """The budget of edited orders: what they are worth now, the last step; none if it is equal."""
    kept = [row for row in budget if row["step"] != "edits"]
    change = value - kept[-1]["value"]
    if abs(change) < 1e-9:
        return kept
    return [*kept, {"step": "edits", "change": change, "value": value}]


def share_of_bound(budget: list[dict[str, Any]]) -> float:
    """What the plan is worth, as a share of the bound on every plan; 1 where nothing is to win."""
    bound = budget[0]["value"]
    return budget[-1]["value"] / bound if bound > 0 else 1.0
