"""What to do there: a menu of actions, chosen by rules that a planner can read and overrule.

A patrol is not always the answer (ResourceRouter, Brantingham et al.: tactics per place, not only
presence). Rules look at the place only, the first that holds is the main action, the others that
hold are offered beside it. None gives ground for stopping anybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Care:
    """One rule: the action it suggests, where it holds, and the words that say so (key)."""

    action: str
    rule: str
    holds: Callable[[pd.DataFrame], np.ndarray]


def _of(sectors: pd.DataFrame, name: str, missing: float) -> np.ndarray:
    column = sectors[name] if name in sectors else pd.Series(missing, index=sectors.index)
    return column.fillna(missing).to_numpy(float)


RULES = (
    Care(
        "shelter_referral",
        "inbound_share >= 0.6 and dist_post_km <= 10",
        lambda s: (_of(s, "inbound_share", 0) >= 0.6) & (_of(s, "dist_post_km", 99) <= 10),
    ),
    Care(
        "safe_migration_desk",
        "outbound_share >= 0.6 and dist_desa_km <= 2.5",
        lambda s: (_of(s, "outbound_share", 0) >= 0.6) & (_of(s, "dist_desa_km", 99) <= 2.5),
    ),
    Care(
        "checkpoint",
        "dist_post_km <= 5",
        lambda s: _of(s, "dist_post_km", 99) <= 5,
    ),
    Care(
        "outreach",
        "dist_desa_km <= 2.5 or little visited near a village (dist_desa_km <= 5)",
        lambda s: (
            (_of(s, "dist_desa_km", 99) <= 2.5)
            | (s["explore"].to_numpy(bool) & (_of(s, "dist_desa_km", 99) <= 5))
        ),
    ),
    Care("patrol", "everywhere else", lambda s: np.ones(len(s), bool)),
)
ACTIONS = tuple(rule.action for rule in RULES)
#: actions that meet people who are awake: ordered between these local hours of one day only
DAY_ACTIONS = frozenset({"shelter_referral", "safe_migration_desk", "outreach"})
DAY_BEGINS, DAY_ENDS = 5, 20


def may_be_done(action: str, arrive: pd.Timestamp, leave: pd.Timestamp) -> bool:
    """Whether an action may be ordered for a visit: those of the day between 05:00 and 20:00.

    Parameters
    ----------
    action : code, one of ACTIONS
    arrive, leave : of the visit, local
    """
    if action not in DAY_ACTIONS:
        return True
    day = pd.Timestamp(arrive).normalize()
    begin, end = day + pd.Timedelta(hours=DAY_BEGINS), day + pd.Timedelta(hours=DAY_ENDS)
    return bool(begin <= pd.Timestamp(arrive) and pd.Timestamp(leave) <= end)


def action_at(first: str, others: str, arrive: pd.Timestamp, leave: pd.Timestamp) -> str:
    """The first action of a sector's menu that may be done at that hour; a patrol always may.

    Parameters
    ----------
    first : code of the first action of the menu
    others : the rest of the menu, as `choose_actions` tells it
    arrive, leave : of the visit, local
    """
    menu = [first, *(one for one in others.split(", ") if one), "patrol"]
    return next(action for action in menu if may_be_done(action, arrive, leave))


def choose_actions(sectors: pd.DataFrame) -> pd.DataFrame:
    """action, action_rule and other_actions of each sector; a patrol is always on the menu.

    sectors : DataFrame with explore (bool) and, where known, inbound_share, outbound_share,
        dist_post_km, dist_desa_km of the sector's highest cell
    """
    holds = np.column_stack([rule.holds(sectors) for rule in RULES])
    first = holds.argmax(axis=1)
    others = [
        ", ".join(ACTIONS[k] for k in np.flatnonzero(row) if k != chosen)
        for row, chosen in zip(holds, first, strict=True)
    ]
    return pd.DataFrame(
        {
            "action": [RULES[k].action for k in first],
            "action_rule": [RULES[k].rule for k in first],
            "other_actions": others,
        },
        index=sectors.index,
    )


def tired(
    orders: pd.DataFrame, most_nights: int, rest_hours: float,
    before: Mapping[str, pd.Timestamp] | None = None,
) -> list[str]:  # fmt: skip
    """Teams with more nights than one may have, or without their rest after a night.

    Parameters
    ----------
    orders : one row per stop: order_id, team_id, night, start, leave, back (local)
    most_nights : of one team in a week
    rest_hours : from the end of a night to the next shift
    before : when the last night of each team in the week before ends (`night_ends`)
    """
    shifts = _shifts(orders)
    rest, found = pd.Timedelta(hours=rest_hours), []
    for team, own in shifts.sort_values("start").groupby("team"):
        night = own["night"].astype(bool)
        free = own["start"].shift(-1) - own["end"]
        short = night & (free < rest)
        last = (before or {}).get(str(team))
        at_once = last is not None and own["start"].iloc[0] - last < rest
        if night.sum() > most_nights or short.any() or at_once:
            found.append(str(team))
    return found


def night_ends(orders: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """When the last night of each team ends, local; teams without a night are left out."""
    shifts = _shifts(orders)
    ends = shifts[shifts["night"].astype(bool)].groupby("team")["end"].max()
    return {str(team): pd.Timestamp(end) for team, end in ends.items()}


def _shifts(orders: pd.DataFrame) -> pd.DataFrame:
    """team, night, start and end of each order; none where orders do not tell of nights."""
    if orders.empty or "night" not in orders:
        return pd.DataFrame(columns=["team", "night", "start", "end"])
    return orders.assign(end=orders["back"].fillna(orders["leave"])).groupby("order_id").agg(
        team=("team_id", "first"), night=("night", "first"), start=("start", "min"),
        end=("end", "max"),
    )  # fmt: skip


def breaches(orders: pd.DataFrame, sectors: pd.DataFrame) -> pd.DataFrame:
    """Where orders, as they stand after edits, run against what a plan keeps by itself.

    Parameters
    ----------
    orders : order_id, sector, arrive, leave (local), stay_minutes
    sectors : sector, open_days (bits, 1 Monday), guard_minutes; where known, asked (bool: the
        plan as it was made visits it because it must or has its turn)

    Returns
    -------
    One row per breach: kind ("closed": a visit touches a day on which the sector is left alone;
        "dosage": more minutes than the over-patrol guard leaves; "turn": nobody visits a sector
        any more that must be visited or has its turn), order_id ("" for "turn"), sector, minutes
        (too many; 0 for the others).
    """
    open_days = dict(zip(sectors["sector"], sectors["open_days"], strict=True))
    guard = dict(zip(sectors["sector"], sectors["guard_minutes"], strict=True))
    rows: list[tuple[str, str, str, float]] = []
    stop: Any
    for stop in orders.itertuples():
        days = int(open_days.get(stop.sector, 127))
        last = pd.Timestamp(stop.leave) - pd.Timedelta(minutes=1)
        touched = {pd.Timestamp(stop.arrive).day_of_week, last.day_of_week}
        if any(not days >> day & 1 for day in touched):
            rows.append(("closed", stop.order_id, stop.sector, 0.0))
    spent = orders.groupby("sector")["stay_minutes"].sum()
    for sector, minutes in spent.items():
        over = minutes - guard.get(sector, np.inf)
        if over > 1e-6:
            order = orders.loc[orders["sector"] == sector, "order_id"].iloc[-1]
            rows.append(("dosage", order, str(sector), float(over)))
    if "asked" in sectors:
        asked = sectors.loc[sectors["asked"].astype(bool), "sector"]
        rows += [("turn", "", sector, 0.0) for sector in asked if sector not in spent.index]
    return pd.DataFrame(rows, columns=["kind", "order_id", "sector", "minutes"])
