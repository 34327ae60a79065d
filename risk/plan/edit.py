"""Orders changed by hand: stops added, dropped, moved; ways, times and values found anew.

Only the shifts that a change touches are worked anew; the others stay as they are to the last
digit, so an order that keeps its rules as the solver made it is never refused for a change of
another. All faults are told at once.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from geo.impossible import Fault, Impossible, fault
from geo.naming import COLUMNS
from risk.plan.actions import DAY_BEGINS, DAY_ENDS, may_be_done
from risk.plan.budget import with_edits
from risk.plan.measure import measure, shift_values

#: what a change may set on a stop or, for team_id and start, on its whole shift
EDITABLE = ("team_id", "start", "stay_minutes", "action", "note")
#: and what it may do with a stop: take it out, put a sector after it, give it another place
MOVES = ("drop", "add", "place")
#: local hours between which a shift that was moved begins by day
NIGHT_ENDS, NIGHT_BEGINS = 5, 17
LONGEST_STAY = 16 * 60
#: to less than this, in minutes, two times are the same
CLOSE = 1e-3
#: of the whole shift, the same on each of its rows
WHOLE = ("order_id", "team_id", "agency", "post_id", "post", "mode", "day", "night", "start",
         "shift_minutes")  # fmt: skip


#: a row of the orders, or of changes, by column
Stop = dict[Hashable, Any]


class Ways(Protocol):
    """Where ways of a shift are asked: `risk.plan.reach.Roads`."""

    def spot(self, sector: str) -> tuple[float, float]:
        """lat, lon of a sector."""

    def legs(self, post: str, mode: str, sectors: list[str]) -> list[tuple[float, str]]:
        """(minutes, cells) out, between, back.

        Parameters
        ----------
        post : id of the post
        mode : how the team moves
        sectors : to be visited, in order
        """


@dataclass
class _Edit:
    """One edit under way: what is known, and the faults found so far."""

    sectors: pd.DataFrame
    teams: dict[str, Mapping[str, Any]]
    ways: Ways
    faults: list[Fault]

    def no_stop(self, order: str, seq: object) -> None:
        """Say that an order or a stop of it is not there."""
        what = f"no order {order} with stop {seq}"
        self.faults.append(fault("no_stop", what, order=order, stop=str(seq)))


def change_orders(
    orders: pd.DataFrame,
    changes: pd.DataFrame,
    sectors: pd.DataFrame,
    teams: list[Mapping[str, Any]],
    ways: Ways,
) -> pd.DataFrame:
    """The orders after some changes.

    Parameters
    ----------
    orders : as `risk.plan.make.make_plan` writes them
    changes : order_id, seq and any of EDITABLE; `drop` (True) takes the stop out; `place` gives
        its new number in the shift; `add` names a sector to visit after stop `seq` (0: first),
        with stay_minutes and action. Numbers are those before the changes; notes are plain text
    sectors : the plan's candidates, of which stops may be added
    teams : team_id, post_id, post, mode, agency, shift_hours of each; empty: any team of the post
    ways : asked only for shifts whose stops, post or vehicle changed

    Raises
    ------
    Impossible
        With every fault: an unknown order, team or sector, a shift longer than it may be, a team
        in two places, an action by night that is ordered by day only, or no order left.
    """
    if unknown := sorted(set(changes.columns) - {"order_id", "seq", *MOVES, *EDITABLE}):
        raise ValueError(
            f"orders: {', '.join(unknown)} cannot be edited; {', '.join(EDITABLE)} can"
        )
    orders = orders.assign(start=pd.to_datetime(orders["start"]))
    if "note" not in orders:
        orders["note"] = ""
    under = _Edit(sectors, {str(team["team_id"]): team for team in teams}, ways, [])
    wanted: dict[str, list[Stop]] = {}
    for change in changes.to_dict("records"):
        wanted.setdefault(str(change["order_id"]), []).append(change)
    known = set(orders["order_id"])
    for order in sorted(set(wanted) - known):
        for change in wanted[order]:
            under.no_stop(order, change["seq"])
    parts = []
    for name, part in orders.groupby("order_id", sort=False):
        shift = _shift(under, part, wanted[str(name)]) if str(name) in wanted else part
        if len(shift):
            parts.append(shift)
    if not parts:
        what = "no order is left: restore an earlier version instead"
        under.faults.append(fault("no_order_left", what))
    made = pd.concat(parts, ignore_index=True) if parts else orders.iloc[:0]
    moments = [name for name in ("arrive", "leave", "back") if len(made)]
    made = made.astype({name: orders[name].dtype for name in moments})
    faults = [*under.faults, *_clashes(made, known & set(wanted))]
    if faults:
        raise Impossible(*faults)
    return made


def _shift(under: _Edit, part: pd.DataFrame, changes: list[Stop]) -> pd.DataFrame:
    """One shift after its changes; empty if every stop was dropped."""
    before = part.sort_values("seq").to_dict("records")
    order, stops = str(before[0]["order_id"]), [dict(row) for row in before]
    by_seq = {int(row["seq"]): row for row in stops}
    for change in changes:
        _of_whole(under, stops, change)
    for change in changes:
        if pd.notna(change.get("add")):
            _add(under, stops, by_seq, change)
        elif int(change["seq"]) not in by_seq:
            under.no_stop(order, change["seq"])
        elif change.get("drop") is True:
            stops.remove(by_seq[int(change["seq"])])
        else:
            _of_stop(under, by_seq[int(change["seq"])], change)
    stops = _placed(stops, by_seq, changes)
    visited = [row["sector"] for row in stops]
    if len(set(visited)) < len(visited):
        what = f"{order}: a shift visits a sector once"
        under.faults.append(fault("sector_twice", what, order=order))
    if under.faults or not stops:
        return part.iloc[:0]
    _find_ways(under, before, stops)
    return _timed(under, pd.DataFrame(stops, columns=part.columns))


def _of_whole(under: _Edit, stops: list[Stop], change: Mapping[Any, Any]) -> None:
    """Team and start, of every stop of the shift."""
    if pd.notna(start := change.get("start")):
        start = pd.Timestamp(start)
        moved = (start.normalize() - stops[0]["start"].normalize()).days
        for row in stops:
            row["day"] += moved
            row["start"] = start
            if "night" in row:
                row["night"] = not NIGHT_ENDS <= start.hour < NIGHT_BEGINS
    if pd.notna(name := change.get("team_id")):
        team = under.teams.get(str(name))
        if under.teams and team is None:
            what = f"no team {name} in the roster of this plan"
            under.faults.append(fault("no_team", what, team=str(name)))
            return
        for row in stops:
            row["team_id"] = str(name)
            for key in ("agency", "post_id", "post", "mode"):
                if team is not None and key in team and key in row:
                    row[key] = team[key]
            if team is not None:
                row["shift_minutes"] = 60 * float(team["shift_hours"])


def _of_stop(under: _Edit, row: Stop, change: Mapping[Any, Any]) -> None:
    """Minutes, action and note of one stop."""
    if pd.notna(value := change.get("stay_minutes")):
        if not 0 < float(value) <= LONGEST_STAY:
            order = str(row["order_id"])
            what = f"{order}: stay_minutes is above 0 and at most {LONGEST_STAY}, got {value!r}"
            under.faults.append(
                fault("stay_impossible", what, order=order, most=LONGEST_STAY, minutes=float(value))
            )
        row["stay_minutes"] = float(value)
    for name in ("action", "note"):
        if pd.notna(value := change.get(name)):
            row[name] = str(value)


def _add(
    under: _Edit, stops: list[Stop], by_seq: dict[int, Stop], change: Mapping[Any, Any]
) -> None:
    """A new stop after stop `seq`; what is known of its sector comes from the plan's candidates."""
    order, after, sector = str(change["order_id"]), int(change["seq"]), str(change["add"])
    if after and after not in by_seq:
        under.no_stop(order, after)
        return
    found = under.sectors[under.sectors["sector"] == sector]
    if found.empty:
        what = f"{order}: {sector} is no sector of this plan"
        under.faults.append(fault("no_sector_here", what, order=order, sector=sector))
        return
    known = found.iloc[0]
    row: Stop = {**{name: stops[0][name] for name in WHOLE if name in stops[0]}, "sector": sector}
    for name in (*COLUMNS, "kabupaten_code", "kecamatan_code", "explore", "chance", "action"):
        if name in known or name in stops[0]:
            row[name] = known.get(name, "")
    row["lat"], row["lon"] = under.ways.spot(sector)
    row |= {"note": "", "stay_minutes": 0.0}
    _of_stop(under, row, {"stay_minutes": 60.0, **{k: v for k, v in change.items() if pd.notna(v)}})
    place = 1 + stops.index(by_seq[after]) if after in by_seq and by_seq[after] in stops else 0
    stops.insert(place, row)


def _placed(stops: list[Stop], by_seq: dict[int, Stop], changes: list[Stop]) -> list[Stop]:
    """The stops with those moved that were given another place."""
    stops = list(stops)
    for change in changes:
        row = by_seq.get(int(change["seq"]))
        if pd.notna(change.get("place")) and pd.isna(change.get("add")) and row in stops:
            stops.remove(row)
            stops.insert(max(0, int(change["place"]) - 1), row)
    return stops


def _find_ways(under: _Edit, before: list[Stop], stops: list[Stop]) -> None:
    """Ways out, between and back, where stops, post or vehicle are not what they were."""

    def route(rows: list[Stop]) -> tuple[Any, Any, list[str]]:
        return rows[0].get("post_id"), rows[0].get("mode"), [row["sector"] for row in rows]

    if route(stops) == route(before):
        return
    try:
        legs = under.ways.legs(*route(stops))
    except Impossible as problem:
        order = str(stops[0]["order_id"])
        under.faults += [
            Fault(key, f"{order}: {sentence}", {**values, "where": order})
            for key, sentence, values in problem.faults
        ]
        return
    for row, (minutes, way) in zip(stops, legs[:-1], strict=True):
        row |= {"travel_minutes": minutes, "return_minutes": 0.0, "way": way, "way_back": ""}
    stops[-1] |= {"return_minutes": legs[-1][0], "way_back": legs[-1][1]}


def _timed(under: _Edit, part: pd.DataFrame) -> pd.DataFrame:
    """Arrivals, departures and the way back anew; what a shift may last, what night allows."""
    order, start = str(part["order_id"].iloc[0]), part["start"].iloc[0]
    part["seq"] = range(1, len(part) + 1)
    gone = (part["travel_minutes"].astype(float) + part["stay_minutes"].astype(float)).cumsum()
    part["leave"] = [start + pd.Timedelta(minutes=round(m, 4)) for m in gone]
    part["arrive"] = part["leave"] - pd.to_timedelta(part["stay_minutes"].astype(float), "min")
    home = pd.Timedelta(minutes=round(float(part["return_minutes"].iloc[-1]), 4))
    part["back"] = [pd.NaT] * (len(part) - 1) + [part["leave"].iloc[-1] + home]
    took = (part["back"].iloc[-1] - start) / pd.Timedelta(minutes=1)
    if took > (most := float(part["shift_minutes"].iloc[0])) + CLOSE:
        what = f"{order} takes {took:.0f} minutes, its shift has {most:.0f}"
        under.faults.append(
            fault("shift_long", what, order=order, minutes=round(took), most=round(most))
        )
    row: Any
    for row in part.itertuples():
        if not may_be_done(str(row.action), row.arrive, row.leave):
            action, first, last = str(row.action), f"{DAY_BEGINS:02d}:00", f"{DAY_ENDS:02d}:00"
            what = (
                f"{order}: {action} is ordered between {first} and {last} only: choose a patrol or "
                "another hour"
            )
            under.faults.append(
                fault("action_by_night", what, order=order, action=action, first=first, last=last)
            )
    return part


def _clashes(orders: pd.DataFrame, changed: set[str]) -> list[Fault]:
    """Teams in two places, where one of the two is a shift that was changed."""
    faults = []
    shifts = orders.groupby("order_id").agg(
        team=("team_id", "first"), start=("start", "min"), back=("back", "max")
    )
    for team, part in shifts.sort_values("start").groupby("team"):
        late = part["start"].to_numpy()[1:] < part["back"].to_numpy()[:-1]
        names = part.index.tolist()
        for k in late.nonzero()[0]:
            both = str(names[k]), str(names[k + 1])
            if set(both) & changed:
                what = f"team {team} is in two places: {both[0]} and {both[1]}"
                faults.append(
                    fault("team_twice", what, team=str(team), first=both[0], second=both[1])
                )
    return faults


def rework(
    meta: Mapping[str, Any], frames: Mapping[str, pd.DataFrame], changes: pd.DataFrame, ways: Ways
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """A plan after some changes: orders, and all that follows from them.

    Parameters
    ----------
    meta, frames : of a version of a plan, as they are kept
    changes : one row per stop that changes, with order_id, seq and what is new
    ways : where the teams can go

    Returns
    -------
    meta : with hours, what the week meets, and the budget as they are now
    frames : with minutes and values of sectors and cells, and what each order brings; what a
        changed order gives up elsewhere is not known any more (NaN)
    """
    orders = change_orders(
        frames["orders"], changes, frames["sectors"], meta.get("posts", []), ways
    )
    by = orders.groupby("sector")["stay_minutes"]
    sectors = frames["sectors"].copy()
    sectors["planned_minutes"] = sectors["sector"].map(by.sum()).fillna(0.0)
    sectors["visits"] = sectors["sector"].map(by.size()).fillna(0).astype(int)
    weights, strength = frames["weights"], float(meta["strength_per_hour"])
    sectors, cells, totals = measure(sectors, weights, strength)
    orders = _worth(orders, changes, sectors, weights, strength)
    facts = {**meta, **_hours(meta, orders), **totals}
    if meta.get("budget"):
        facts["budget"] = with_edits(meta["budget"], totals["value"])
    made = {"orders": orders, "sectors": sectors, "cells": cells}
    return facts, {**frames, **made, "teams": _teams(frames["teams"], orders)}


def _worth(
    orders: pd.DataFrame, changes: pd.DataFrame, sectors: pd.DataFrame, weights: pd.DataFrame,
    strength: float,
) -> pd.DataFrame:  # fmt: skip
    if "shift_value" not in orders:
        return orders
    lost = shift_values(orders, sectors, weights, strength)
    orders = orders.assign(shift_value=orders["order_id"].map(lost))
    changed = orders["order_id"].isin(set(changes["order_id"].astype(str)))
    orders.loc[changed, "elsewhere_value"] = float("nan")
    orders.loc[changed, ["elsewhere_sector", "elsewhere_name"]] = ""
    return orders


def _hours(meta: Mapping[str, Any], orders: pd.DataFrame) -> dict[str, float]:
    """Hours on the ground, on the way and unused, of the hours there are."""
    ground = float(orders["stay_minutes"].sum()) / 60
    way = float((orders["travel_minutes"] + orders["return_minutes"]).sum()) / 60
    unused = float(meta["hours"]) - ground - way
    return {"ground_hours": ground, "travel_hours": way, "unused_hours": unused}


def _teams(teams: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Shifts and hours of each group of teams as the orders have them now."""
    group = orders["post_id"].astype(str) + "/" + orders["mode"].astype(str)
    way = orders["travel_minutes"] + orders["return_minutes"]
    return teams.assign(
        shifts=teams["group"]
        .map(orders.groupby(group)["order_id"].nunique())
        .fillna(0)
        .astype(int),
        ground_hours=teams["group"].map(orders.groupby(group)["stay_minutes"].sum() / 60).fillna(0),
        travel_hours=teams["group"].map(way.groupby(group).sum() / 60).fillna(0),
    )
