"""How good the models were, from the scores of an assessment: what the proof page is told."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

#: models that are parts of ours, and the flat map: no rivals
OWN_PARTS = ("boosted", "mixture", "glm", "kernels")
FLAT = "uniform"
#: The same engine on real events elsewhere, nobody's effort known: nats an event of ours and of the
#: best rival, as docs/engines.md has them (`python -m bench.risk.engines`; a test compares)
PUBLIC: dict[str, tuple[float, str, float]] = {
    "piracy_seasia": (3.79, "etas", 3.77),
    "medellin_homicide": (1.08, "etas", 1.07),
    "cincinnati_burglary": (0.99, "etas", 0.98),
}


def is_corrected(meta: Mapping[str, Any]) -> bool:
    """Whether risk counts what patrols did not see, too."""
    return bool(((meta.get("method") or {}).get("detection") or {}).get("corrected"))


def kept(scores: pd.DataFrame, model: str, at: int) -> tuple[float, float] | None:
    """How much of a model's list of hotspots stays from one test to the next.

    Parameters
    ----------
    scores : a row per model and test period
    model : its name
    at : per cent of the area: 1, 2, 5 or 10

    Returns
    -------
    (mean share of the top `at` % of cells that were in it at the test before, weeks between two
    tests); None where the assessment does not say
    """
    column = f"kept{at:02d}"
    mine = scores[scores["model"] == model].sort_values("period_start")
    if column not in scores or mine[column].notna().sum() == 0:
        return None
    apart = mine["period_start"].diff().dt.total_seconds().median() / 604_800
    return float(mine[column].mean()), float(apart)


def verdict(meta: Mapping[str, Any], horizon: int) -> dict[str, Any]:
    """What the tests of one horizon say: best simple rival, and whether the map fell back to it."""
    facts = ((meta.get("method") or {}).get("horizons") or {}).get(str(horizon), {})
    return {key: facts[key] for key in ("best_baseline", "fallback") if key in facts}


def compare_models(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores per model over all test periods, weighted by events, the best first.

    Returns
    -------
    DataFrame indexed by model with ig (corrected for the chance of being recorded where the
        scores hold that), ig_lo, ig_hi (80 % over periods), hit01 .. hit10 (share
        of events caught), pai05, pei05, expected and observed (sums), periods
    """
    measure = "ig_corrected" if "ig_corrected" in scores else "ig"
    parts = {}
    for model, part in scores.groupby("model", observed=True):
        weight = part["n_events"].fillna(1).to_numpy(float)
        weight = weight / weight.sum() if weight.sum() > 0 else np.full(len(part), 1 / len(part))
        ig = part[measure].to_numpy(float)
        mean = _mean(ig, weight)
        spread = float(np.sqrt(np.nansum(weight**2 * (ig - mean) ** 2))) * 1.2816
        row = {"ig": mean, "ig_lo": mean - spread, "ig_hi": mean + spread}
        for name in ("hit01", "hit02", "hit05", "hit10", "pai05", "pei05"):
            row[name] = _mean(part[name].to_numpy(float), weight)
        row |= {name: part[name].sum(min_count=1) for name in ("expected", "observed")}
        parts[model] = {**row, "periods": len(part), "n_events": part["n_events"].sum(min_count=1)}
    table = pd.DataFrame.from_dict(parts, orient="index").rename_axis("model")
    return table.sort_values("ig", ascending=False, kind="stable")


def with_shares(models: pd.DataFrame, summary: list[dict[str, Any]], horizon: int) -> pd.DataFrame:
    """Scores per model; shares that no single test tells are those of all tests together.

    Parameters
    ----------
    models : from `compare_models`
    summary : of the assessment's tests, by model and horizon_weeks
    horizon : weeks
    """
    rows = {row.get("model"): row for row in summary if row.get("horizon_weeks") == horizon}
    table = models.copy()
    for name in ("hit01", "hit02", "hit05", "hit10", "pai05", "pei05"):
        values = pd.Series({model: row.get(name) for model, row in rows.items()}, dtype=float)
        table[name] = table[name].fillna(values.reindex(table.index))
    return table


def _mean(values: np.ndarray, weight: np.ndarray) -> float:
    """Weighted mean of what is told; NaN where nothing is. What is hidden is no zero."""
    known = np.isfinite(values) & (weight > 0)
    return float(np.average(values[known], weights=weight[known])) if known.any() else float("nan")


def both_ways(scores: pd.DataFrame, summary: list[dict[str, Any]], horizon: int) -> pd.DataFrame:
    """Corrected and raw scores of each model, with their intervals, the best first.

    Taken from the assessment's own summary (intervals by resampling periods) where it has one;
    means without intervals otherwise.

    Parameters
    ----------
    scores : a row per model and test period
    summary : of the assessment, a row per model and horizon
    horizon : weeks ahead
    """
    rows = [row for row in summary if row.get("horizon_weeks") == horizon]
    table = pd.DataFrame(rows)
    if table.empty:
        table = scores.groupby("model", as_index=False, observed=True).mean(numeric_only=True)
    by = "ig_corrected" if "ig_corrected" in table else "ig"
    return table.sort_values(by, ascending=False, kind="stable", ignore_index=True)
