"""What minutes in sectors are worth and meet, for orders as they stand, made or edited."""

from typing import Any

import numpy as np
import pandas as pd

from risk.engine.interval import bounds_of_sums
from risk.plan.value import met, split_hours


def measure(
    sectors: pd.DataFrame, weights: pd.DataFrame, strength: float
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, float]]:
    """Value and meetings of `planned_minutes`.

    Parameters
    ----------
    sectors : sector, planned_minutes, guard_minutes
    weights : one row per cell of each sector: sector, cell, weight (events a week as the plan
        values them), risk, lo, hi
    strength : per hour of patrol

    Returns
    -------
    sectors : with value (minutes beyond the over-patrol guard count nothing), met, met_lo, met_hi
    cells : sector, cell, minutes of each visited sector, split so that most is met
    totals : met, met_lo, met_hi, value of all
    """
    part = {str(sector): rows for sector, rows in weights.groupby("sector", sort=False)}
    values: list[float] = []
    hours: dict[str, np.ndarray] = {}
    row: Any
    for row in sectors.itertuples():
        own = part[row.sector]
        weight = own["weight"].to_numpy(float)
        hours[row.sector] = split_hours(weight, strength, [row.planned_minutes / 60])[0]
        values.append(value_of(weight, strength, row.planned_minutes, row.guard_minutes))
    parts = pd.concat([part[sector] for sector in sectors["sector"]], ignore_index=True)
    spent = np.concatenate([hours[sector] for sector in sectors["sector"]])
    owner = np.repeat(np.arange(len(sectors)), [len(part[s]) for s in sectors["sector"]])
    found = -np.expm1(-strength * spent)
    risk, lo, hi = (parts[name].to_numpy(float) * found for name in ("risk", "lo", "hi"))
    low, high = bounds_of_sums(risk, lo, hi, owner)
    known = sectors.assign(value=values, met=np.bincount(owner, risk), met_lo=low, met_hi=high)
    low, high = bounds_of_sums(risk, lo, hi, np.zeros(len(risk), dtype=int))
    totals = {
        "met": float(risk.sum()),
        "met_lo": float(low[0]),
        "met_hi": float(high[0]),
        "value": float(np.sum(values)),
    }
    visited = parts["sector"].isin(sectors.loc[sectors["planned_minutes"] > 0, "sector"])
    cells = parts[["sector", "cell"]].assign(minutes=60 * spent)[visited.to_numpy()]
    return known, cells.reset_index(drop=True), totals


def value_of(weight: np.ndarray, strength: float, minutes: float, guard: float) -> float:
    """Events a week that minutes in one sector are worth, up to its over-patrol guard.

    Parameters
    ----------
    weight : of the sector's cells, events a week
    strength : of an hour of patrol
    minutes : spent there in the week
    guard : minutes above which nothing more counts
    """
    if (most := min(minutes, guard)) <= 0:
        return 0.0
    return float(met(weight, strength, split_hours(weight, strength, [most / 60]))[0])


def shift_values(
    orders: pd.DataFrame, sectors: pd.DataFrame, weights: pd.DataFrame, strength: float
) -> pd.Series:
    """What the week loses without each order, events a week, by order_id.

    Parameters
    ----------
    orders : order_id, sector, stay_minutes
    sectors : sector, guard_minutes
    weights : one row per cell of each sector: sector, cell, weight
    strength : of an hour of patrol
    """
    spent = orders.groupby("sector")["stay_minutes"].sum()
    guard = sectors.set_index("sector")["guard_minutes"]
    weight = {str(s): rows.to_numpy(float) for s, rows in weights.groupby("sector")["weight"]}

    def worth(sector: str, minutes: float) -> float:
        return value_of(weight[sector], strength, minutes, guard[sector])

    lost = {}
    for order, part in orders.groupby("order_id", sort=False):
        own = part.groupby("sector")["stay_minutes"].sum()
        lost[order] = sum(
            worth(s, spent[s]) - worth(s, spent[s] - minutes)
            for s, minutes in zip(own.index.astype(str), own, strict=True)
        )
    return pd.Series(lost, dtype=float)
