"""The tables of an assessment, every column declared once: kind, unit, and who may see it.

Whoever keeps a table names it as it is declared here, and whatever leaves passes
`disclose.suppress`, which asks here and guesses nothing: a table that is not declared is neither
kept nor shown, and a column that is not declared stays in the restricted tier.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

TIERS = ("public", "internal", "restricted")

#: kind -> what a column of it holds
KINDS = {
    "place": "a cell, a point or a district code",
    "ground": "what the ground is like",
    "score": "what the model expects or how it was tested",
    "count": "recorded events or persons; small ones are hidden outside the restricted tier",
    "effort": "where, when and how long patrols looked",
    "watched": "whether anybody looked, yes or no",
    "record": "one agency's record",
    "words": "what a person wrote",
    "label": "a name from a closed list, or a date of a period",
}


@dataclass(frozen=True)
class Column:
    """One column: what it holds, in which unit, and the lowest tier that may see it."""

    kind: str
    unit: str
    tier: str


def _declare(text: str) -> dict[str, Column]:
    """Lines of "names, ... : kind : unit : tier"."""
    columns: dict[str, Column] = {}
    for line in text.strip().splitlines():
        names, kind, unit, tier = (part.strip() for part in line.split(":"))
        columns |= {name.strip(): Column(kind, unit, tier) for name in names.split(",")}
    return columns


#: every table of an assessment by its name; columns that end in `_suppressed` say that a number was
#: hidden. A table is what its writer calls it: nothing is told from its columns
TABLES: dict[str, dict[str, Column]] = {
    "cells": _declare(
        """
        cell : place : H3 cell : public
        lat, lon : place : degrees : public
        kabupaten_code, kecamatan_code, desa_code : place : code : public
        desa : place : name : public
        area_km2 : ground : km2 : public
        dist_border_km, dist_desa_km, dist_town_id_km, dist_town_my_km : ground : km : public
        dist_post_km, dist_coast_km : ground : km : public
        pop_km2_proxy : ground : people per km2 : public
        elev_m, relief_m : ground : m : public
        forest : ground : share : public
        observed : watched : yes or no : public
        effort_minutes_12w : effort : minutes : internal
        weeks_since_visit : effort : weeks : internal
        events_52w : count : events : public
        trend : count : class : public
        events_year : label : year : public
        """
    ),
    "risk": _declare(
        """
        cell : place : H3 cell : public
        horizon_weeks : label : weeks : public
        group, doubt : label : name : public
        risk, lo, hi, previous : score : events : public
        """
    ),
    "history": _declare(
        """
        cell : place : H3 cell : public
        kabupaten_code : place : code : public
        week, week_last : label : Monday : public
        event_type, direction : label : name : public
        weight : count : events : public
        """
    ),
    "effort": _declare(
        """
        cell : place : H3 cell : internal
        week : label : Monday : internal
        mode : label : name : internal
        minutes : effort : minutes : internal
        visits : effort : visits : internal
        km : effort : km : internal
        """
    ),
    "reasons": _declare(
        """
        cell : place : H3 cell : public
        horizon_weeks : label : weeks : public
        reason : label : name : public
        contribution : score : log ratio : public
        value : count : of the reason : restricted
        """
    ),
    "scores": _declare(
        """
        model : label : name : public
        horizon_weeks : label : weeks : public
        period_start : label : Monday : public
        ig, ig_corrected : score : nats per event : public
        hit01, hit02, hit05, hit10, hit05_corrected : score : share : restricted
        pai05, pei05 : score : ratio : restricted
        kept01, kept02, kept05, kept10 : score : share : public
        n_events, n_outside, observed : count : events : restricted
        expected, deviance : count : of the whole area : restricted
        """
    ),
    "overrides": _declare(
        """
        cell : place : H3 cell : internal
        kind : place : cell or sector : internal
        override_id : label : number : internal
        at, expires_at : label : UTC : internal
        value : label : class : internal
        by, reason, assessment : words : text : restricted
        withdrawn_at : words : UTC : restricted
        withdrawn_by, withdrawn_reason : words : text : restricted
        """
    ),
    "events": {},  # records: the restricted tier alone, whatever their columns are
}


def refuse_unknown(names: Iterable[str]) -> None:
    """Let no table pass that is not declared.

    Raises
    ------
    ValueError
        Naming those that are not: what is not known is neither kept nor shown.
    """
    if unknown := sorted(set(names) - set(TABLES)):
        raise ValueError(
            f"no table {', '.join(unknown)} is declared; there are {', '.join(TABLES)}"
        )


def hideable(kind: str) -> tuple[str, ...]:
    """The numbers of a table that some tier sees hidden while it sees the rest of the row.

    `<name>_suppressed` stands beside each of them in every tier.
    """
    columns = TABLES[kind]
    if all(column.tier != "public" for column in columns.values()):
        return ()
    hidden = ("count", "effort")
    return tuple(
        name for name, column in columns.items() if column.kind in hidden and column.unit != "class"
    )


def may_see(kind: str, column: str, tier: str) -> bool:
    """Whether a tier may see a column of a table; one that is not declared stays restricted.

    Parameters
    ----------
    kind : name of the table
    column : of that table
    tier : the viewer's: public, internal or restricted
    """
    rule = TABLES[kind].get(column)
    lowest = "restricted" if rule is None else rule.tier
    return TIERS.index(tier) >= TIERS.index(lowest)


def withheld(tier: str) -> tuple[str, ...]:
    """What a tier may not see, as "table.column", and the tables of which it sees nothing."""
    names = []
    for kind, columns in TABLES.items():
        closed = [name for name in columns if not may_see(kind, name, tier)]
        if len(closed) == len(columns):
            names += [] if tier == "restricted" else [kind]
        names += [f"{kind}.{name}" for name in closed]
    return tuple(names)


def withhold(kind: str, table: pd.DataFrame, tier: str) -> pd.DataFrame:
    """A table without what a tier may not see.

    A declared column above the tier keeps its place: numbers become NA, text "", and
    `<name>_suppressed` says so. A column that nobody declared is left out.

    Parameters
    ----------
    kind : of the table
    table : as the rules of the tier left it
    tier : of the viewer
    """
    if not TABLES[kind] and tier != "restricted":
        return table.iloc[:0].copy()
    out = table.copy()
    for name in table.columns:
        if may_see(kind, name, tier) or name.endswith("_suppressed"):
            continue
        if name not in TABLES[kind]:
            out = out.drop(columns=name)
        elif pd.api.types.is_numeric_dtype(table[name]):
            out[name] = pd.Series(float("nan"), index=table.index)
            out[f"{name}_suppressed"] = True
    return out


def as_markdown() -> str:
    """The declaration as the table of the documents."""
    lines = ["| table | column | kind | unit | seen from tier |", "|---|---|---|---|---|"]
    for kind, columns in TABLES.items():
        if not columns:
            lines.append(f"| {kind} | all | record | as in docs/data.md | restricted |")
        for name, column in columns.items():
            lines.append(f"| {kind} | `{name}` | {column.kind} | {column.unit} | {column.tier} |")
    return "\n".join(lines)
