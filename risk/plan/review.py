"""Plan against done: where the hours went, what they found, and what was to be expected.

Done is told by tracks (`geo.tracks`) or by a form: minutes per cell of one week. Finds are that
week's discovered events. Expected finds use the plan's own risk and detection; the same hours
spread as in the weeks before the plan say what would have been expected without it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.naming import COLUMNS
from risk.plan.reach import Ways
from risk.plan.value import met, met_by_cell

#: A visit counts from so many minutes on.
VISIT_MINUTES = 15.0


@dataclass(frozen=True)
class Done:
    """sectors : one row per sector planned or visited; summary : totals by planned and explore."""

    sectors: pd.DataFrame
    summary: pd.DataFrame
    facts: dict[str, Any]


def compare(
    ways: Ways,
    plan_sectors: pd.DataFrame,
    effort: pd.DataFrame,
    finds: pd.Series,
    cells: pd.DataFrame,
    strength: float,
    usual: pd.Series | None = None,
) -> Done:
    """Compare one week.

    Parameters
    ----------
    ways : of the plan, for its sectors
    plan_sectors : the plan's `sectors`: sector, planned_minutes, explore
    effort : done, DataFrame with cell and minutes; more rows of one cell are added up
    finds : discovered events by cell
    cells : cell, risk (events a week), in the order of the grid
    strength : per hour, from the detection layer
    usual : minutes a week by cell before the plan; scaled to the same total

    Returns
    -------
    Done. Cells outside the area are counted in facts and left out. finds_per_hour is NaN where
        there were no hours. The hours are on the ground: what was on the way is not told apart.
    """
    place = ways.grid.position(effort["cell"].astype(str).tolist())
    minutes = effort["minutes"].to_numpy(float)
    if (minutes < 0).any() or not np.isfinite(minutes).all():
        raise ValueError("minutes done are numbers from 0")
    inside = place >= 0
    done = np.bincount(place[inside], minutes[inside], len(ways.grid))
    risk = cells["risk"].to_numpy(float)
    n = len(ways.sectors)
    by_sector = pd.DataFrame(
        {
            "sector": ways.sectors,
            "done_minutes": np.bincount(ways.owner, done, n),
            "finds": np.bincount(ways.owner, _by_cell(finds, ways), n),
            "expected": np.bincount(ways.owner, met_by_cell(risk, strength, done / 60), n),
        }
    )
    table = _beside_plan(by_sector, plan_sectors)
    facts = _facts(table) | {"minutes_outside": float(minutes[~inside].sum())}
    facts["expected_usual"] = np.nan
    if usual is not None and usual.sum() > 0:
        before = _by_cell(usual, ways)
        scaled = before * (60 * facts["done_hours"] / max(before.sum(), 1e-9))
        facts["expected_usual"] = float(met(risk, strength, scaled / 60))
    return Done(table.reset_index(drop=True), _summary(table), facts)


def _by_cell(values: pd.Series, ways: Ways) -> np.ndarray:
    """Sums in the order of the grid; 0 where a cell has none."""
    return values.groupby(level=0).sum().reindex(ways.grid.cells).fillna(0.0).to_numpy(float)


def _beside_plan(by_sector: pd.DataFrame, plan_sectors: pd.DataFrame) -> pd.DataFrame:
    """Done beside planned, one row per sector planned, visited or with a find."""
    wanted = [name for name in (*COLUMNS, "planned_minutes", "explore") if name in plan_sectors]
    table = by_sector.join(plan_sectors.set_index("sector")[wanted], on="sector")
    table["planned_minutes"] = table["planned_minutes"].fillna(0.0)
    table["explore"] = table["explore"].fillna(False).astype(bool)
    table["planned"] = table["planned_minutes"] > 0
    table["visited"] = table["done_minutes"] >= VISIT_MINUTES
    table = table[table["planned"] | (table["done_minutes"] > 0) | (table["finds"] > 0)]
    table["dosage"] = table["done_minutes"] / table["planned_minutes"].where(table["planned"])
    table["finds_per_hour"] = _per_hour(table["finds"], table["done_minutes"])
    return table


def _summary(table: pd.DataFrame) -> pd.DataFrame:
    """Totals by planned and explore."""
    by = table.groupby(["planned", "explore"])
    summary = by[["planned_minutes", "done_minutes", "finds", "expected"]].sum()
    summary["sectors"], summary["visited"] = by.size(), by["visited"].sum()
    summary = summary.reset_index()
    summary["finds_per_hour"] = _per_hour(summary["finds"], summary["done_minutes"])
    return summary


def _facts(table: pd.DataFrame) -> dict[str, float]:
    """Shares and sums of the whole week; coverage is NaN where nothing was planned."""
    planned = table[table["planned"]]
    total = float(table["done_minutes"].sum())
    kept = np.minimum(planned["done_minutes"], planned["planned_minutes"]).sum()
    return {
        "coverage": float(planned["visited"].mean()) if len(planned) else np.nan,
        "dosage": float(kept / max(planned["planned_minutes"].sum(), 1e-9)),
        "planned_share_of_hours": float(planned["done_minutes"].sum() / max(total, 1e-9)),
        "done_hours": total / 60,
        "finds": float(table["finds"].sum()),
        "expected": float(table["expected"].sum()),
    }


def _per_hour(finds: pd.Series, minutes: pd.Series) -> pd.Series:
    return finds / (minutes / 60).where(minutes > 0)
