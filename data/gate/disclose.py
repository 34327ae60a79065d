"""The one function behind map, tooltip, table, chart and file: what leaves, and how coarse.

Restricted tier: exact figures on the working cells, points of one's own agency. All other tiers:
cells of resolution 6, no records, no points, no count of persons, and of events only what was
published: counts of whole calendar quarters and years that are over, hidden below 5 together with
as many others as keep the hidden ones from being solved (`data.gate.published`,
`data.gate.protect`).
"""

from collections.abc import Mapping
from typing import Any

import h3
import numpy as np
import pandas as pd

from data.gate.access import Frames, Scope
from data.gate.declared import hideable, refuse_unknown, withheld, withhold
from data.gate.published import EVENTS_BELOW, SHARED_RESOLUTION, Published, homes_of, parents
from data.gate.rights import Rights

#: contributions to the logarithm of a risk are told in steps of so much: x 0.6, x 1, x 1.6, x 2.7
REASON_STEP = 0.5
#: shares of the events of all tests are told in such steps, the finest that the events bear; what
#: a map gains by event, in nats, in steps of so much
SHARE_STEPS = (0.01, 0.05)
GAIN_STEP = 0.1
#: what the method says of a horizon without telling a total
_METHOD_TOLD = ("best_baseline", "fallback", "pool")
#: columns of the summary of tests that are totals of the whole area, or ratios of such
_OF_TOTALS = ("n_events", "n_outside", "observed", "expected", "deviance", "calibration")


def suppress(frames: Frames, scope: Scope, published: Published | None = None) -> Frames:
    """What may leave for this viewer, of tables by the names under which they are declared.

    Give it the whole area and cut by scope afterwards (`access.visible`): what is coarse or hidden
    is then the same for all scopes of a tier, and none can be subtracted from another. A hidden
    number is NA and its row says so in `<name>_suppressed` (bool); these columns exist in every
    tier.

    Parameters
    ----------
    frames : tables by name, as kept with an assessment; also "events" and "overrides"
    scope : the viewer; only tier and agency count here
    published : the counts that the shared tiers may see; none of them if left out

    Raises
    ------
    ValueError
        If there is no rule for a table: what is not known is not shown.
    """
    refuse_unknown(frames)
    if scope.tier == "restricted":
        return {name: _restricted(table, name, frames, scope) for name, table in frames.items()}
    out = {name: _SHARED[name](table, frames, scope) for name, table in frames.items()}
    ledger = published or Published()
    if "history" in out:
        out["history"] = _published_history(ledger, frames)
    if "cells" in out:
        out["cells"] = _with_published(out["cells"], ledger)
    return {name: withhold(name, table, scope.tier) for name, table in out.items()}


def suppress_meta(meta: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """What an assessment says of itself, without what this viewer may not know of the whole area.

    Counts and totals of the whole area are for those who see all of it in the restricted tier;
    so are ratios of two totals, from which they could be solved; shares of events and gains by
    event are told in steps (`step_of`). `withheld` names the columns
    that the tier does not see (`data.gate.declared`).
    """
    allowed = meta | {"tier": scope.tier, "withheld": withheld(scope.tier)}
    allowed |= download_notes(meta, scope)
    if Rights(scope).may("see_whole_area"):
        return allowed
    allowed = {key: value for key, value in allowed.items() if key not in ("left_out", "totals")}
    method = dict(allowed.get("method") or {})
    if "horizons" in method:
        method["horizons"] = {
            weeks: {key: value for key, value in one.items() if key in _METHOD_TOLD}
            for weeks, one in method["horizons"].items()
        }
    if "detection" in method:  # nor is one agency's word on another, nor the public's on patrols
        kept = {**method["detection"], "strength_by_agency": {}}
        public = {"corrected": kept.get("corrected", False), "strength_per_hour": {}}
        method["detection"] = public if scope.tier == "public" else kept
    summary = [_shared_summary(row) for row in allowed.get("summary") or []]
    return allowed | {"method": method, "summary": summary}


def download_notes(meta: dict[str, Any], scope: Scope) -> dict[str, str]:
    """What every download says about itself."""
    level = f"res {SHARED_RESOLUTION}; events < {EVENTS_BELOW} hidden, whole quarters "
    level += "and years only, as first published; no persons"
    if scope.tier == "restricted":
        level = f"res {meta.get('resolution', 7)}; exact"
    notes = {
        "assessment": meta.get("id", ""),
        "data_version": meta.get("data_version", ""),
        "model_version": meta.get("model_version", ""),
        "cutoff": meta.get("cutoff", ""),
        "suppression": level,
        "tier": scope.tier,
        "handling": meta.get("handling", "") or _handling(scope.tier),
        "licence": meta.get("licence", ""),
        "attribution": meta.get("attribution", ""),
    }
    if meta.get("synthetic"):
        notes["label"] = "DATA SINTETIS"
    return {key: str(value) for key, value in notes.items()}


# the rules of the tiers -------------------------------------------------------------------


def _restricted(table: pd.DataFrame, kind: str, frames: Frames, scope: Scope) -> pd.DataFrame:
    """Exact figures; but of the tests of the whole area only skill for who sees a part of it."""
    rights = Rights(scope)
    if kind == "scores" and not rights.may("see_whole_area"):
        return withhold(kind, _shared_scores(table, frames, scope), "internal")
    table = table.copy()
    if kind == "events" and "lon" in table:
        own = table["source_agency"].map(rights.acts_for).astype(bool)
        table.loc[~own, ["lon", "lat"]] = np.nan
    for name in hideable(kind):
        table[f"{name}_suppressed"] = False
    return table


def _no_records(events: pd.DataFrame, frames: Frames, scope: Scope) -> pd.DataFrame:
    """A list of records counts them, so outside the restricted tier there is none."""
    return events.iloc[:0].copy()


def _shared_cells(cells: pd.DataFrame, frames: Frames, scope: Scope) -> pd.DataFrame:
    rules = {
        "area_km2": "sum",
        "effort_minutes_12w": "sum",
        "events_52w": "sum",
        "observed": "any",
        "weeks_since_visit": "min",
        **{name: "min" for name in cells.columns if name.startswith("dist_")},
        **dict.fromkeys(("pop_km2_proxy", "elev_m", "relief_m", "forest"), "mean"),
    }
    table = _coarse(cells, [], rules)
    centres = np.array([h3.cell_to_latlng(cell) for cell in table["cell"]]).reshape(-1, 2)
    for place, name in enumerate(("lat", "lon")):
        if name in table:
            table[name] = centres[:, place]
    return table


def _shared_risk(risk: pd.DataFrame, frames: Frames, scope: Scope) -> pd.DataFrame:
    """Risks add up; so do the ends of the intervals, which makes them wider, never narrower."""
    rules = dict.fromkeys(("risk", "lo", "hi", "previous"), "sum")
    keys = [name for name in ("horizon_weeks", "group") if name in risk]
    table = _coarse(risk, keys, rules)
    for name in rules:
        if name in table:
            table[name] = _two_digits(table[name])
    return table


def _shared_history(history: pd.DataFrame, frames: Frames, scope: Scope) -> pd.DataFrame:
    """No row by cell or week: what is told instead was published (`_published_history`)."""
    return history.iloc[:0].copy()


def _shared_effort(effort: pd.DataFrame, frames: Frames, scope: Scope) -> pd.DataFrame:
    """Where patrols went is operational: not for the public tier."""
    if scope.tier == "public":
        return effort.iloc[:0].copy()
    rules = dict.fromkeys(("minutes", "km", "visits"), "sum")
    return _coarse(effort, [name for name in ("week", "mode") if name in effort], rules)


def _shared_reasons(reasons: pd.DataFrame, frames: Frames, scope: Scope) -> pd.DataFrame:
    """The reasons of the riskiest cell inside, in steps, without the numbers of its sentences."""
    table = reasons.copy()
    table["parent"] = parents(table)
    if "risk" in frames:
        risk = frames["risk"]
        risk = risk[risk["group"] == "all"] if "group" in risk else risk
        weight = risk.groupby(["cell", "horizon_weeks"])["risk"].sum().rename("_risk")
        table = table.join(weight, on=["cell", "horizon_weeks"])
    else:
        table["_risk"] = 0.0
    order = ["parent", "horizon_weeks", "_risk", "cell"]
    best = table.sort_values(order, ascending=[True, True, False, True])
    best = best.drop_duplicates(["parent", "horizon_weeks"])[["cell", "horizon_weeks"]]
    table = table.merge(best, on=["cell", "horizon_weeks"])
    table["cell"] = table["parent"].astype("str")
    table["contribution"] = (table["contribution"] / REASON_STEP).round() * REASON_STEP
    return table.drop(columns=["parent", "_risk"]).assign(value=np.nan, value_suppressed=True)


def _shared_scores(scores: pd.DataFrame, frames: Frames, scope: Scope) -> pd.DataFrame:
    """Gains by event of each test, in steps. Which share of its events a map caught is a ratio of
    two counts of a few weeks: declared restricted; `_shared_summary` tells those of all tests."""
    table = scores.copy()
    none = pd.Series(False, index=table.index)
    few = table["n_events"] < EVENTS_BELOW if "n_events" in table else none
    for name in table.columns:
        if name.startswith("ig"):
            table[name] = _in_steps(table[name], GAIN_STEP).mask(few)
    return table


def _shared_summary(row: Mapping[str, Any]) -> dict[str, Any]:
    """What all tests of one model say together: shares in steps that tell no number of events."""
    n = float(row.get("n_events") or np.nan)
    step = step_of(n)
    kept = {key: value for key, value in row.items() if not key.startswith(_OF_TOTALS)}
    for key, value in kept.items():
        if key.startswith(("hit", "pei")):
            kept[key] = _one_in_steps(value, step)
        elif key.startswith("ig"):
            kept[key] = _one_in_steps(value, GAIN_STEP if n >= EVENTS_BELOW else np.nan)
    if "pai05" in kept:
        hit = kept.get("hit05")
        kept["pai05"] = None if hit is None else round(hit / 0.05, 2)
    return kept


def step_of(n: float) -> float:
    """The finest step in which a share of n events may be told; NaN where it is hidden.

    A step of s with n >= 1/s: whatever is told, every such n has a whole number of events with
    that share, so that shares of many models and areas together tell none from another.
    """
    return min((step for step in SHARE_STEPS if n * step >= 1 - 1e-9), default=np.nan)


def _in_steps(values: pd.Series, step: float) -> pd.Series:
    """Values in whole steps."""
    return ((values.astype(float) / step).round() * step).round(2)


def _one_in_steps(value: float | None, step: float) -> float | None:
    """One value in whole steps, None where it is hidden or missing."""
    if value is None or not np.isfinite(value) or not np.isfinite(step):
        return None
    return round(round(value / step) * step, 2)


def _shared_overrides(overrides: pd.DataFrame, frames: Frames, scope: Scope) -> pd.DataFrame:
    """That a score inside is contested, not which, how or why: the text is an analyst's own."""
    if scope.tier == "public":
        return overrides.iloc[:0].copy()
    hidden = {"value": "doubted", "kind": "cell", "reason": "", "by": "", "assessment": ""}
    table = overrides.assign(cell=parents(overrides), **hidden)
    return table.drop_duplicates("cell", ignore_index=True)


_SHARED = {
    "events": _no_records,
    "cells": _shared_cells,
    "risk": _shared_risk,
    "history": _shared_history,
    "reasons": _shared_reasons,
    "scores": _shared_scores,
    "effort": _shared_effort,
    "overrides": _shared_overrides,
}

# counts -----------------------------------------------------------------------------------


def _with_published(cells: pd.DataFrame, published: Published) -> pd.DataFrame:
    """Coarse cells with the count of the last published year; `events_year` says which one.

    The trend of records goes: from week to week it would tell when they came.
    """
    figures = published.cells().set_index("cell")
    count = figures["count"].reindex(cells["cell"]).to_numpy(float)
    gone = np.isnan(count)
    table = cells.assign(events_52w=count, events_52w_suppressed=gone)
    table["events_year"] = "" if figures.empty else figures["span"].iloc[0]
    return table.assign(trend="") if "trend" in table else table


def _published_history(published: Published, frames: Frames) -> pd.DataFrame:
    """Counts of all types by kabupaten and quarter, and a hidden row for every week since.

    The rows of kabupaten_code "" count the whole area.

    Returns
    -------
    DataFrame with kabupaten_code, week and week_last (first and last week counted, Mondays),
        weight (NaN where hidden), weight_suppressed, cell "", event_type and direction "all"
    """
    figures = published.districts().rename(columns={"count": "weight"})
    if published.last_week is not None:
        first = figures["week_last"].max() if len(figures) else published.last_week
        since = pd.date_range(first, published.last_week, freq="7D", inclusive="right")
        codes = {"", *figures["kabupaten_code"]}
        if "cells" in frames:
            codes |= set(homes_of(frames["cells"]))
        every = pd.MultiIndex.from_product([sorted(codes), since], names=["kabupaten_code", "week"])
        rest = every.to_frame(index=False).assign(weight=np.nan)
        figures = pd.concat([figures, rest.assign(week_last=rest["week"])], ignore_index=True)
    figures = figures.astype(
        {"weight": float, "week": "datetime64[ns]", "week_last": "datetime64[ns]"}
    )
    figures = figures.sort_values(["kabupaten_code", "week"], ignore_index=True)
    figures["weight_suppressed"] = figures["weight"].isna()
    columns = ["kabupaten_code", "week", "week_last", "weight", "weight_suppressed"]
    return figures[columns].assign(cell="", event_type="all", direction="all")


# small helpers ----------------------------------------------------------------------------


def _coarse(table: pd.DataFrame, keys: list[str], rules: dict[str, str]) -> pd.DataFrame:
    """Rows of the cells inside one coarser cell become one; text is that of the middle cell."""
    if table.empty:
        return table.copy()
    parent = parents(table)
    middle = [
        cell == h3.cell_to_center_child(whole, h3.get_resolution(cell))
        for cell, whole in zip(table["cell"], parent, strict=True)
    ]
    rest = [name for name in table.columns if name not in ("cell", *keys)]
    how = {name: rules.get(name, "first") for name in rest}
    rows = table.assign(cell=parent, _first=np.logical_not(middle), _was=table["cell"])
    rows = rows.sort_values(["_first", "_was"], kind="stable")
    coarse = rows.groupby(["cell", *keys], as_index=False, sort=True).agg(how)
    return coarse[list(table.columns)]


def _two_digits(values: pd.Series) -> pd.Series:
    size = np.floor(np.log10(values.where(values > 0, 1.0)))
    step = 10.0 ** (size - 1)
    return (values / step).round() * step


def _handling(tier: str) -> str:
    return {
        "restricted": "TERBATAS: only for the agencies named in the agreement; no onward sharing",
        "internal": "INTERNAL: for official use within the task force",
        "public": "UMUM: may be shared with this note",
    }[tier]
