"""What Monday's meeting asks first: what moved, what it came from, what is still missing.

Facts, each a key with values; `ui.map.monday_told` says them in words. Pure: what goes in is what
the viewer may see of two assessments and of the deliveries between them, and nothing here looks
anywhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ui.map import telling
from ui.map.scene import Scene, is_hidden, sees_effort
from ui.rows import each_row
from ui.selection import Selection
from ui.words import forecast_week

#: sectors of each kind that are named
NAMED = 2
#: a sum that moved by less than this share is called the same
SAME = 0.03
#: a reason whose factor moved by less than this (log units) caused nothing that is worth a word
LEAST_PUSH = 0.05
#: less than half a record, or half a minute, is rounding
ROUNDING = 0.5
WEEK = pd.Timedelta(weeks=1)
#: what two assessments count is told in this order: of the new weeks first
_ORDER = {"new": 1, "late": 2, "lost": 3, "same": 4, "hidden": 5}


@dataclass(frozen=True)
class Fact:
    """One fact: a key and what its sentence is filled with."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Monday:
    """The three answers, each a few facts."""

    moved: Sequence[Fact]
    causes: Sequence[Fact]
    missing: Sequence[Fact]


@dataclass(frozen=True)
class Then:
    """The earlier assessment as the same viewer may see it, of what he chose now.

    table : cells with risk; history, effort : weekly rows; reasons : of all cells
    """

    meta: Mapping[str, Any]
    table: pd.DataFrame
    history: pd.DataFrame
    effort: pd.DataFrame
    reasons: pd.DataFrame


@dataclass(frozen=True)
class Came:
    """What came and what did not, as the viewer may see it.

    deliveries : at (UTC), agencies (names, in words), kind ("events" or "effort"), n (rows that
        were new, corrected or withdrawn), old (records among them of weeks that the earlier
        assessment knew), undone (bool); None where imports are not for the viewer
    whole : whether these are all the deliveries there are
    fresh : agency (name), days_since, usual_days, stale; one row per agency
    """

    deliveries: pd.DataFrame | None
    whole: bool
    fresh: pd.DataFrame


def tell(drawn: Scene, then: Then | None, came: Came, chosen: Selection) -> Monday:
    """The facts of one Monday.

    Parameters
    ----------
    drawn : what the selection shows
    then : the earlier assessment, None if there is none
    came : deliveries, and how fresh each agency's record is
    chosen : the selection
    """
    return Monday(moved(drawn), causes(drawn, then, came, chosen), missing(drawn.meta, came))


def moved(drawn: Scene) -> list[Fact]:
    """The expected total, and the sectors that are new, went up, went down or are gone."""
    total = drawn.total
    facts = [Fact("total", {"risk": total.risk, "lo": total.lo, "hi": total.hi,
                            "previous": total.previous})]  # fmt: skip
    for status, rows in _by_status(drawn).items():
        if len(rows):
            facts.append(Fact(status, {"n": len(rows), "sectors": _records(rows.head(NAMED))}))
    if len(facts) == 1:
        facts.append(Fact("steady", {"n": len(drawn.sectors)}))
    return facts


def causes(drawn: Scene, then: Then | None, came: Came, chosen: Selection) -> list[Fact]:
    """What lies between two assessments: records, patrols, deliveries, and which mattered where.

    Parameters
    ----------
    drawn : what the selection shows
    then : the earlier assessment, None if there is none
    came : deliveries between both
    chosen : the selection
    """
    if then is None:
        return [Fact("first")]
    facts = [_since(drawn, then, chosen)]
    facts += _rows_between("records", drawn.history, then.history, "weight", drawn.meta, then.meta)
    if sees_effort(drawn.meta):
        facts += _rows_between("hours", drawn.effort, then.effort, "minutes", drawn.meta, then.meta)
    else:
        facts.append(Fact("hours_hidden"))
    facts.sort(key=lambda fact: _ORDER.get(fact.key.rpartition("_")[2], 0))
    if facts[0].key == "since":
        facts += _revised(drawn, then, facts)
        facts += _because(drawn, then, chosen.horizon)
    return facts + _delivered(drawn.meta, then.meta, came)


def missing(meta: Mapping[str, Any], came: Came) -> list[Fact]:
    """Agencies that are silent or late, weeks of which nothing came, what came too late to count.

    Parameters
    ----------
    meta : of the assessment that is shown
    came : deliveries, and how fresh each agency's record is
    """
    facts = []
    days, usual = came.fresh["days_since"], came.fresh["usual_days"]
    silent = came.fresh["stale"].astype(bool)
    overdue = ~silent & (days > usual.clip(lower=1.0) + 1.0)
    for key, rows in (("silent", came.fresh[silent]), ("overdue", came.fresh[overdue])):
        if len(rows):
            worst = rows.sort_values("days_since", ascending=False)
            names = [{"agency": row.agency, "days": int(row.days_since)} for row in each_row(worst)]
            facts.append(Fact(key, {"agencies": names}))
    if gap := int(meta.get("gap_weeks") or 0):
        first = forecast_week(meta) - gap * WEEK
        last = forecast_week(meta) - pd.Timedelta(days=1)
        facts.append(Fact("gap", {"n": gap, "first": first, "last": last}))
    if came.deliveries is not None:
        later = came.deliveries["at"] > pd.Timestamp(meta["created_at"])
        if n := int((later & ~came.deliveries["undone"]).sum()):
            facts.append(Fact("unassessed", {"n": n}))
    return facts or [Fact("complete")]


def comparable(now: Mapping[str, Any], then: Mapping[str, Any], chosen: Selection) -> bool:
    """Whether the scores of two assessments mean the same: one engine, one way to the map, and the
    weeks ahead and the group that are chosen told by both.

    Parameters
    ----------
    now, then : meta of both
    chosen : the selection
    """
    same = all(now.get(key) == then.get(key) for key in ("model_version", "chosen_model"))
    return same and chosen.horizon in then["horizons"] and chosen.group in then["groups"]


def _by_status(drawn: Scene) -> dict[str, pd.DataFrame]:
    """Sectors that are new or moved, those with the most first; and those that are none now."""
    sectors = drawn.sectors
    if sectors.empty:
        found = dict.fromkeys(("new", "growing", "fading"), sectors)
    else:
        by = sectors.assign(moved=(sectors["risk"] - sectors["previous"]).abs())
        by = by.sort_values("moved", ascending=False)
        found = {kind: by[by["status"] == kind] for kind in ("new", "growing", "fading")}
    return {**found, "gone": drawn.gone}


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """What names a sector, and what it expects now and a week ago."""
    names = ["sector_code", "name", "side", "away_km", "cell", "sector", "risk", "previous"]
    table = rows[[one for one in names if one in rows]]
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _since(drawn: Scene, then: Then, chosen: Selection) -> Fact:
    values = {"when": then.meta["created_at"]}
    if not comparable(drawn.meta, then.meta, chosen):
        versions = (drawn.meta.get("model_version"), then.meta.get("model_version"))
        kind = "engine" if versions[0] != versions[1] else "way"
        return Fact(f"other_{kind}", values | {"now": versions[0], "then": versions[1]})
    return Fact("since", values | {"then": _risk(then.table)})


def _risk(table: pd.DataFrame) -> float:
    return float(table["risk"].sum())


def _rows_between(
    kind: str, now: pd.DataFrame, then: pd.DataFrame, column: str,
    meta: Mapping[str, Any], before: Mapping[str, Any],
) -> list[Fact]:  # fmt: skip
    """What two assessments count in the weeks that only the later one knows, and what changed in
    the weeks that both know.

    Parameters
    ----------
    kind : "records" or "hours"
    now, then : weekly rows of both
    column : what is counted
    meta, before : of both assessments
    """
    if "week_last" in now or "week_last" in then or is_hidden(now, column).any():
        return [Fact(f"{kind}_hidden")]
    first = max(pd.Timestamp(one.get("first_week", "1900-01-01")) for one in (meta, before))
    known = pd.Timestamp(before["cutoff"])
    later, earlier = (
        rows.loc[rows["week"] >= first].groupby("week")[column].sum() for rows in (now, then)
    )
    fresh = later[later.index > known]
    both = later[later.index <= known].sub(earlier, fill_value=0.0)
    added, lost = both[both >= ROUNDING], -both[both <= -ROUNDING]
    facts = []
    if pd.Timestamp(meta["cutoff"]) > known:
        values = {"n": float(fresh.sum()), "first": known + pd.Timedelta(days=1),
                  "last": pd.Timestamp(meta["cutoff"])}  # fmt: skip
        facts.append(Fact(f"{kind}_new", values))
    for key, part in (("late", added), ("lost", lost)):
        if len(part):
            values = {"n": float(part.sum()), "weeks": len(part), "first": part.index.min(),
                      "last": part.index.max() + WEEK - pd.Timedelta(days=1)}  # fmt: skip
            facts.append(Fact(f"{kind}_{key}", values))
    return facts or [Fact(f"{kind}_same")]


def _revised(drawn: Scene, then: Then, facts: Sequence[Fact]) -> list[Fact]:
    """How the earlier week's figure reads today, where both forecasts stood at the same week.

    The later assessment says what it would have told a week ago with today's data; what differs
    from what was told comes from new data about old weeks, and from fitting the model anew.
    """
    weeks = (pd.Timestamp(drawn.meta["cutoff"]) - pd.Timestamp(then.meta["cutoff"])) / WEEK
    same_gap = (drawn.meta.get("gap_weeks") or 0) == (then.meta.get("gap_weeks") or 0)
    if weeks not in (0.0, 1.0) or not same_gap:
        return []
    today = drawn.total.previous if weeks else drawn.total.risk
    was = _risk(then.table)
    if not was or abs(today / was - 1) < SAME:
        return []
    keys = [fact.key for fact in facts]
    old = any(key.endswith(("_late", "_lost")) for key in keys)
    unknown = any(key.endswith("_hidden") for key in keys)
    key = "unclear" if unknown else "revised" if old else "refitted"
    return [Fact(key, {"then": was, "now": today, "same_week": not weeks})]


def _because(drawn: Scene, then: Then, horizon: int) -> list[Fact]:
    """Of the sector that rose most and of the one that fell most: which reason moved most that
    way. Nothing is said of a sector that did not move that way between the two assessments."""
    by = _by_status(drawn)
    risen = pd.concat([by["new"], by["growing"]])
    facts = []
    for up, rows in ((True, risen), (False, by["fading"])):
        for row in _records(rows.head(1)):
            part = drawn.table[drawn.table["cell"].isin(drawn.cells_of(row["cell"]))]
            was = then.table.loc[then.table["cell"].isin(part["cell"]), "risk"].sum()
            if not was or (part["risk"].sum() > was) != up:
                continue
            found = _strongest(drawn.reasons, then.reasons, part, horizon, up)
            if found is not None:
                facts.append(Fact("because", {"sector": row, "up": up, **found}))
    return facts


def _strongest(
    now: pd.DataFrame, then: pd.DataFrame, part: pd.DataFrame, horizon: int, up: bool
) -> dict[str, Any] | None:
    """The reason whose factor moved most one way between two assessments, with its numbers.

    Parameters
    ----------
    now, then : reasons of both
    part : the cells, with their risk of now, by which they weigh in both
    horizon : weeks ahead
    up : whether it raised the risk
    """
    pushes = [_push(table, part, horizon) for table in (now, then)]
    shift = pushes[0].sub(pushes[1], fill_value=0.0).drop("other", errors="ignore")
    if shift.empty:
        return None
    key = str(shift.idxmax() if up else shift.idxmin())
    if (shift[key] if up else -shift[key]) < LEAST_PUSH:
        return None
    values = [telling.reasons(table, part, horizon, most=99)["value"].get(key, np.nan)
              for table in (now, then)]  # fmt: skip
    return {"reason": key, "now": values[0], "then": values[1], "factor": float(np.exp(shift[key]))}


def _push(table: pd.DataFrame, part: pd.DataFrame, horizon: int) -> "pd.Series[float]":
    """Mean contribution (log units) of each reason over some cells, weighed by their risk."""
    mine = table[table["cell"].isin(part["cell"]) & (table["horizon_weeks"] == horizon)]
    weight = part.set_index("cell")["risk"]
    share = (weight / weight.sum()).reindex(mine["cell"].astype("str")).to_numpy()
    return (mine["contribution"].astype(float) * share).groupby(mine["reason"].astype(str)).sum()


def _delivered(meta: Mapping[str, Any], before: Mapping[str, Any], came: Came) -> list[Fact]:
    """The deliveries between two assessments, those that told of old weeks first."""
    deliveries = came.deliveries
    if deliveries is None:
        return [Fact("deliveries_hidden")]
    others = [] if came.whole else [Fact("others_hidden")]
    between = (deliveries["at"] > pd.Timestamp(before["created_at"])) & (
        deliveries["at"] <= pd.Timestamp(meta["created_at"])
    )
    mine = deliveries[between & ~deliveries["undone"] & (deliveries["n"] > 0)]
    if mine.empty:
        return others or [Fact("deliveries_none")]
    by = mine.groupby(["agencies", "kind"], as_index=False)[["n", "old"]].sum()
    by = by.sort_values(["old", "n"], ascending=False)
    rows = [
        {"agency": row.agencies, "kind": row.kind, "n": int(row.n), "old": int(row.old)}
        for row in each_row(by)
    ]
    return [Fact("deliveries", {"rows": rows}), *others]
