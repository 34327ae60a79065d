"""What is unusual about a plan that somebody is to approve: facts, each a key with values.

Where there is one, approving needs a reason, on the page as at the command line
(`planner.PlanDesk.approve`); `ui.map.plan_odd` says them in words.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from ui.map.plan_odd import Odd

#: from this share of the hours on, unused ones are unusual
UNUSED = 0.15
#: data that ends so many days before the week are old
OLD_DAYS = 14


def odd(
    meta: Mapping[str, Any], sectors: pd.DataFrame, tired: Sequence[str], wrong: pd.DataFrame,
    contested: Collection[str], newest: str,
) -> list[Odd]:  # fmt: skip
    """One fact for each thing that is unusual; none if nothing is.

    Parameters
    ----------
    meta : of the plan
    sectors : of the plan, whole
    tired : teams with too many nights or too little rest
    wrong : where orders break a rule
    contested : sectors in which somebody contests a score
    newest : id of the newest assessment
    """
    found = []
    left = sectors[sectors["mandatory"].astype(bool) & (sectors["planned_minutes"] <= 0)]
    if len(left):
        found.append(Odd("mandatory", {"sectors": left}))
    if tired:
        found.append(Odd("nights", {"teams": list(tired)}))
    days = (pd.Timestamp(meta["first_day"]) - pd.Timestamp(meta["cutoff"])).days
    if days > OLD_DAYS or (newest and newest != meta["assessment"]):
        found.append(Odd("old", {"days": days}))
    visited = sectors[sectors["sector"].isin(contested) & (sectors["planned_minutes"] > 0)]
    if len(visited):
        found.append(Odd("contested", {"sectors": visited}))
    unused = float(meta.get("unused_hours") or 0.0) / max(float(meta.get("hours") or 0.0), 1e-9)
    if unused > UNUSED:
        found.append(Odd("unused", {"share": unused, "hours": float(meta["unused_hours"])}))
    if len(wrong):
        found.append(Odd("wrong", {"n": len(wrong)}))
    return found
