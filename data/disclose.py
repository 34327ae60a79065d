"""The one function behind map, tooltip, table, chart and file: what leaves, and how coarse.

Restricted tier: exact figures on the working cells, points of one's own agency. All other tiers:
cells of resolution 6, no records, no points, person counts below 11 and event counts below 5
hidden, and as many others as keep the hidden ones from being solved (`data.protect`).
"""

import h3
import numpy as np
import pandas as pd

from data.access import ALL_AGENCIES, Frames, Scope
from data.protect import Figures

EVENTS_BELOW = 5
PERSONS_BELOW = 11
SHARED_RESOLUTION = 6
#: weeks in one step of the shared history; 13 steps make the 52 weeks of `events_52w`
STEP_WEEKS = 4
#: the tables of counts that are shared, together: only these, so that no two can be subtracted
SHARED_TABLES = {
    "kabupaten_type": ("kabupaten_code", "event_type"),
    "kecamatan": ("kabupaten_code", "kecamatan_code"),
    "kabupaten_month": ("kabupaten_code", "month"),
}
_BLOCK = "block"
_NESTED = {"kecamatan_code": "kabupaten_code"}


def suppress(frames: Frames | pd.DataFrame, scope: Scope) -> Frames | pd.DataFrame:
    """What may leave for this viewer, of one table or of all tables of an assessment.

    Give it what `access.visible` left. A hidden number is NA and its row says so in
    `<name>_suppressed` (bool); these columns exist in every tier.

    Raises
    ------
    ValueError
        If there is no rule for a table: what is not known is not shown.
    """
    if isinstance(frames, pd.DataFrame):
        return suppress({"table": frames}, scope)["table"]
    kinds = {name: _kind_of(name, table) for name, table in frames.items()}
    if scope.tier == "restricted":
        return {name: _restricted(table, kinds[name], scope) for name, table in frames.items()}
    of_kind = {kind: name for name, kind in kinds.items()}
    out = {name: _SHARED[kind](frames[name], frames, scope) for name, kind in kinds.items()}
    if {"cells", "history"} <= of_kind.keys():
        cells, history = of_kind["cells"], of_kind["history"]
        out[cells], out[history] = _hide_counts(out[cells], out[history])
    elif "cells" in of_kind:
        out[of_kind["cells"]], _ = _hide_counts(out[of_kind["cells"]], None)
    elif "history" in of_kind:
        _, out[of_kind["history"]] = _hide_counts(None, out[of_kind["history"]])
    return out


def count_tables(events: pd.DataFrame, scope: Scope) -> dict[str, pd.DataFrame]:
    """The shared tables of counts by district, type and month, with their totals.

    Parameters
    ----------
    events : records that the scope may see, one per cluster; admin_code, event_type,
        event_start, count_unit, n_persons, n_minor

    Returns
    -------
    One table per entry of SHARED_TABLES: its columns ("" in the row of a total, "?" where a
        record does not say), level (how many of them are filled), n_events, n_persons (heads in
        records that count persons or groups; other units are not added) and n_minor (kabupaten
        and coarser only), each with `_suppressed`. Months are cut in WIB.
    """
    records = _records(events)
    figures = Figures()
    for dims in SHARED_TABLES.values():
        measures = ["n_events", "n_persons", "n_minor"]
        figures.add_table(records, list(dims), measures, nested=_NESTED)
    hidden = _masks(figures) if scope.tier != "restricted" else {}
    return {
        name: _table(figures, dims, hidden, minors="kecamatan_code" not in dims)
        for name, dims in SHARED_TABLES.items()
    }


def download_notes(meta: dict, scope: Scope) -> dict[str, str]:
    """What every download says about itself."""
    level = f"res {SHARED_RESOLUTION}; events < {EVENTS_BELOW}, persons < {PERSONS_BELOW} hidden"
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
    }
    if meta.get("synthetic"):
        notes["label"] = "DATA SINTETIS"
    return {key: str(value) for key, value in notes.items()}


def csv_text(table: pd.DataFrame, notes: dict[str, str]) -> str:
    """A table as CSV with its notes as `#` lines on top, safe to open in a spreadsheet.

    Text that a spreadsheet would take for a formula gets a leading apostrophe; numbers do not.
    """
    safe = table.rename(columns=_quoted)
    for place, dtype in enumerate(safe.dtypes):
        if not (
            pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype)
        ):
            safe.isetitem(place, safe.iloc[:, place].map(_quoted))
    head = [f"# {key}: {' '.join(str(value).split())}" for key, value in notes.items()]
    return "\n".join([*head, safe.to_csv(index=False, lineterminator="\n")])


# the rules of the tiers -------------------------------------------------------------------


def _kind_of(name: str, table: pd.DataFrame) -> str:
    for kind, columns in _SIGNS.items():
        if columns <= set(table.columns):
            return kind
    raise ValueError(f"no rule for table {name!r} with columns {', '.join(map(str, table))}")


def _restricted(table: pd.DataFrame, kind: str, scope: Scope) -> pd.DataFrame:
    table = table.copy()
    if kind == "events" and scope.agency != ALL_AGENCIES and "lon" in table:
        others = table["source_agency"] != scope.agency
        table.loc[others, ["lon", "lat"]] = np.nan
    for name in _COUNTS[kind]:
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
        **{name: "min" for name in cells if name.startswith("dist_")},
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
    """Counts of all types by kabupaten and steps of four weeks, counted back from the last week.

    By type as well, almost every count would be small; `count_tables` tells the types.
    """
    if "kabupaten_code" in history:
        codes = history["kabupaten_code"]
    elif "cells" in frames:
        of_cell = frames["cells"].drop_duplicates("cell").set_index("cell")["kabupaten_code"]
        codes = history["cell"].map(of_cell)
    else:
        raise ValueError("the history needs kabupaten_code, or the table of cells beside it")
    table = history[["week", "weight"]].copy()
    table["kabupaten_code"] = codes.astype("str").fillna("")
    last = table["week"].max()
    back = (last - table["week"]).dt.days // 7 // STEP_WEEKS
    table["week"] = last - pd.to_timedelta((back + 1) * STEP_WEEKS * 7 - 7, unit="D")
    table = table.groupby(["kabupaten_code", "week"], as_index=False)["weight"].sum()
    return table.assign(cell="", event_type="all", direction="all")


def _shared_effort(effort: pd.DataFrame, frames: Frames, scope: Scope) -> pd.DataFrame:
    """Where patrols went is operational: not for the public tier."""
    if scope.tier == "public":
        return effort.iloc[:0].copy()
    rules = dict.fromkeys(("minutes", "km", "visits"), "sum")
    return _coarse(effort, [name for name in ("week", "mode") if name in effort], rules)


def _shared_reasons(reasons: pd.DataFrame, frames: Frames, scope: Scope) -> pd.DataFrame:
    """The reasons of the riskiest cell inside, without the numbers of its sentences."""
    table = reasons.copy()
    table["parent"] = _parents(table["cell"])
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
    return table.drop(columns=["parent", "_risk"]).assign(value=np.nan, value_suppressed=True)


def _shared_scores(scores: pd.DataFrame, frames: Frames, scope: Scope) -> pd.DataFrame:
    """Skill without the counts of single periods, from which small totals could be solved."""
    table = scores.copy()
    few = table["n_events"] < EVENTS_BELOW if "n_events" in table else False
    for name in table.columns:
        if name in ("n_events", "n_outside", "observed"):
            table[name] = np.nan
            table[f"{name}_suppressed"] = True
        elif name.startswith(("hit", "pai", "pei")):
            table[name] = table[name].round(2).mask(few)
    return table


def _shared_overrides(overrides: pd.DataFrame, frames: Frames, scope: Scope) -> pd.DataFrame:
    """That a score inside is contested, not which, how or why: the text is an analyst's own."""
    if scope.tier == "public":
        return overrides.iloc[:0].copy()
    hidden = {"value": "doubted", "kind": "cell", "reason": "", "by": "", "assessment": ""}
    table = overrides.assign(cell=_parents(overrides["cell"]), **hidden)
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
#: a table is of the first kind whose columns it has
_SIGNS = {
    "events": {"event_id"},
    "overrides": {"override_id", "cell"},
    "reasons": {"cell", "reason", "contribution"},
    "history": {"week", "event_type", "weight"},
    "risk": {"cell", "risk"},
    "effort": {"cell", "minutes"},
    "cells": {"cell", "area_km2"},
    "scores": {"model", "period_start"},
}
#: columns with a `_suppressed` beside them, in every tier
_COUNTS = {
    "events": (),
    "overrides": (),
    "reasons": ("value",),
    "history": ("weight",),
    "risk": (),
    "effort": (),
    "cells": ("events_52w",),
    "scores": ("n_events", "n_outside", "observed"),
}


# hiding -----------------------------------------------------------------------------------


def _hide_counts(
    cells: pd.DataFrame | None, history: pd.DataFrame | None
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Hide small counts of cells and history together: 13 steps and all cells have one sum."""
    figures, span = Figures(), ("span", "52 weeks")
    if history is not None:
        steps = history.assign(**{_BLOCK: history["week"].astype("str")})
        dims = ["kabupaten_code", _BLOCK]
        figures.add_table(steps, dims, ["weight"])
    if cells is not None and "events_52w" in cells:
        told = cells.assign(weight=cells["events_52w"])
        figures.add_table(
            told, ["kabupaten_code", "cell"], ["weight"], [span], {"cell": "kabupaten_code"}
        )
    if history is not None and cells is not None and len(history):
        year = history["week"].max() - pd.Timedelta(weeks=STEP_WEEKS * 13 - 1)
        recent = sorted(set(steps.loc[history["week"] > year, _BLOCK]))
        for code in sorted(set(cells["kabupaten_code"])):
            where = ("kabupaten_code", code)
            parts = [frozenset({where, (_BLOCK, step)}) for step in recent]
            figures.add_sum(frozenset({where, span}), parts)
    hidden = figures.hidden("weight", EVENTS_BELOW) if figures.names else np.array([], dtype=bool)

    def mark(table: pd.DataFrame, column: str, names: list) -> pd.DataFrame:
        mask = np.array([hidden[figures.names[name]] for name in names], dtype=bool)
        table = table.copy()
        table[column] = table[column].astype("float64").mask(mask)
        table[f"{column}_suppressed"] = mask
        return table

    if history is not None:
        names = [
            frozenset(zip(dims, row, strict=True))
            for row in steps[dims].itertuples(index=False, name=None)
        ]
        history = mark(history, "weight", names)
    if cells is not None and "events_52w" in cells:
        pairs = zip(cells["kabupaten_code"], cells["cell"], strict=True)
        names = [
            frozenset({("kabupaten_code", code), ("cell", cell), span}) for code, cell in pairs
        ]
        cells = mark(cells, "events_52w", names)
        if "trend" in cells:
            cells["trend"] = cells["trend"].mask(cells["events_52w_suppressed"], "")
    return cells, history


def _records(events: pd.DataFrame) -> pd.DataFrame:
    parts = events["admin_code"].astype("str").fillna("").str.split(".")
    local = events["event_start"].dt.tz_convert("Asia/Pontianak")
    heads = events["count_unit"].isin(["person", "group"])
    persons = events["n_persons"].astype("float64").fillna(0.0)
    minors = events.get("n_minor", pd.Series(0.0, index=events.index))
    return pd.DataFrame(
        {
            "kabupaten_code": parts.map(lambda part: ".".join(part[:2]) if len(part) > 1 else "?"),
            "kecamatan_code": parts.map(lambda part: ".".join(part[:3]) if len(part) > 2 else "?"),
            "event_type": events["event_type"],
            "month": local.dt.strftime("%Y-%m"),
            "n_events": 1.0,
            "n_persons": persons.where(heads, 0.0),
            "n_minor": minors.astype("float64").fillna(0.0).where(heads, 0.0),
        }
    )


def _masks(figures: Figures) -> dict[str, np.ndarray]:
    """Persons and minors are hidden wherever their events are, and the other way round."""
    below = {"n_events": EVENTS_BELOW, "n_persons": PERSONS_BELOW, "n_minor": PERSONS_BELOW}
    joint = np.zeros(len(figures.names), dtype=bool)
    while True:
        masks = {name: figures.hidden(name, limit, joint) for name, limit in below.items()}
        together = masks["n_events"] | masks["n_persons"] | masks["n_minor"]
        if (together == joint).all():
            return masks
        joint = together


def _table(figures: Figures, dims, hidden: dict[str, np.ndarray], minors: bool) -> pd.DataFrame:
    known = {name: figures.values(name) for name in ("n_events", "n_persons", "n_minor")}
    if not minors:
        del known["n_minor"]
    rows = []
    for name, place in figures.names.items():
        pairs = dict(name)
        if not pairs.keys() <= set(dims):
            continue
        row = {dim: pairs.get(dim, "") for dim in dims}
        row["level"] = len(pairs)
        for measure, values in known.items():
            gone = bool(hidden[measure][place]) if hidden else False
            row[measure] = np.nan if gone else values[place]
            row[f"{measure}_suppressed"] = gone
        rows.append(row)
    table = pd.DataFrame(rows, columns=None if rows else [*dims, "level", *known])
    return table.sort_values([*dims, "level"], ignore_index=True)


# small helpers ----------------------------------------------------------------------------


def _coarse(table: pd.DataFrame, keys: list[str], rules: dict[str, str]) -> pd.DataFrame:
    """Rows of the cells inside one coarser cell become one; text is that of the middle cell."""
    if table.empty:
        return table.copy()
    parent = _parents(table["cell"])
    middle = [
        cell == h3.cell_to_center_child(whole, h3.get_resolution(cell))
        for cell, whole in zip(table["cell"], parent, strict=True)
    ]
    rest = [name for name in table.columns if name not in ("cell", *keys)]
    how = {name: rules.get(name, "first") for name in rest}
    told = table.assign(cell=parent, _first=np.logical_not(middle), _was=table["cell"])
    told = told.sort_values(["_first", "_was"], kind="stable")
    coarse = told.groupby(["cell", *keys], as_index=False, sort=True).agg(how)
    return coarse[list(table.columns)]


def _parents(cells: pd.Series) -> np.ndarray:
    of_cell = {
        cell: h3.cell_to_parent(cell, min(SHARED_RESOLUTION, h3.get_resolution(cell)))
        for cell in cells.unique()
    }
    return cells.map(of_cell).to_numpy(dtype=object)


def _two_digits(values: pd.Series) -> pd.Series:
    size = np.floor(np.log10(values.where(values > 0, 1.0)))
    step = 10.0 ** (size - 1)
    return (values / step).round() * step


def _quoted(value):
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def _handling(tier: str) -> str:
    return {
        "restricted": "TERBATAS: only for the agencies named in the agreement; no onward sharing",
        "internal": "INTERNAL: for official use within the task force",
        "public": "UMUM: may be shared with this note",
    }[tier]
