"""The joins of patrol planning: store and ground -> week -> plan -> versions, files, comparison.

Nothing is decided here; the command line and the dashboard call the same functions.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import h3
import numpy as np
import pandas as pd

from data import spreadsheet
from data.area import named_places
from data.errors import DataError
from data.gate import access
from data.gate.rights import Resource, Rights
from data.personal.said import NOTHING, Said
from data.schema import feeds_model
from data.store import audit, plans
from data.store.records import Store
from data.store.roster import Roster, demo_roster, parse_roster, read_roster
from geo import calendar, naming
from geo.receivers import count_once
from joins import apart, opened
from joins.reading import UNPACKED_BYTES, read_records, read_upload
from joins.refused import refusals
from risk.plan.actions import breaches, night_ends
from risk.plan.edit import rework
from risk.plan.make import Plan, Rules, Week, frame_week, make_plan, with_meets
from risk.plan.reach import Roads, Ways, find_roads, find_ways
from risk.plan.review import Done, compare
from settings import PlanSettings, Settings
from ui.paper import plan_brief, plan_files
from ui.rows import each_row

#: a file on a disk, or the name and the bytes of one that never touches it
Given = Path | tuple[str, bytes]
#: called with a step ("state", "solve", "keep") and the share that is done
Progress = Callable[[str, float], object]
#: tables of a plan that name no place
PLACELESS = ("rivals", "strategy")


@dataclass(frozen=True)
class Ready:
    """A week stated and what it was stated from."""

    week: Week
    cells: pd.DataFrame
    roster: Roster
    meta: dict[str, Any]


def rules_of(settings: PlanSettings) -> Rules:
    """The part of the settings that shapes a plan."""
    return Rules(**{field.name: getattr(settings, field.name) for field in fields(Rules)})


def week_ahead(zone: str, now: pd.Timestamp | None = None) -> pd.Timestamp:
    """Monday of the week that a plan is made for unless another is named: that of the map and the
    brief (`calendar.week_ahead`); `now` is aware, or local."""
    day = calendar.local_moment(pd.Timestamp.now("UTC") if now is None else now, zone)
    return calendar.week_ahead(day)


def ready(
    settings: Settings,
    store: Store,
    ground: opened.Ground,
    roster: Given | None = None,
    rules: Rules | None = None,
) -> Ready:
    """State the week from the newest assessment.

    Parameters
    ----------
    settings : of the program
    store : where assessments are kept
    ground : of the area
    roster : a file; else the settings', else invented teams if the assessment is invented
    rules : of the plan; the settings' by default

    Raises
    ------
    DataError
        If there is no assessment or no roster, the roster has faults, or nothing is in reach.
    """
    meta, frames = store.assessment(only=["cells", "risk", "effort"])
    plan_settings = settings.plan
    path = roster or plan_settings.roster
    cells = known_cells(meta, frames)
    if list(cells["cell"]) != ground.grid.cells:
        raise DataError(
            "the assessment was made on other cells than the settings name; assess anew",
            key="cells_other",
        )
    hours = plan_settings.hours_per_week, plan_settings.shift_hours
    if isinstance(path, tuple):
        teams = parse_roster(*path, cells, *hours)
    elif path is not None:
        teams = read_roster(path, cells, *hours)
    elif meta.get("synthetic"):
        teams = demo_roster(cells, hours_per_week=hours[0], shift_hours=hours[1])
    else:
        raise DataError(
            "who can go out? name a roster: [plan] roster in config.toml or --roster",
            key="no_roster",
        )
    rules = rules or rules_of(plan_settings)
    strength = meta["method"]["detection"]["strength_per_hour"]
    with refusals():
        ways = find_ways(ground.grid, cells, teams.teams, rules.min_stop_minutes)
        week = frame_week(
            ways,
            cells,
            teams.teams,
            float(strength.get("patrol") or plan_settings.fallback_strength_per_hour),
            rules,
            set(teams.forbidden),
            set(teams.mandatory),
            teams.closed,
        )
    pieces = naming.name_pieces(ground.grid, named_places(ground.desa, ground.towns))
    named = week.sectors.join(pieces, on="sector", validate="1:1")
    return Ready(replace(week, sectors=named), cells, teams, meta)


def known_cells(meta: dict[str, Any], frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Cells of an assessment with risk, lo, hi for one week, directions and recent minutes."""
    horizon = min(meta["horizons"])
    risk = frames["risk"][frames["risk"]["horizon_weeks"] == horizon]
    whole = risk[risk["group"] == "all"].set_index("cell")
    numbers = whole[["risk", "lo", "hi"]].astype(float) / horizon
    cells = frames["cells"].join(numbers, on="cell").join(whole["doubt"], on="cell")
    for group in ("inbound", "outbound"):
        part = risk[risk["group"] == group].set_index("cell")["risk"].astype(float)
        if len(part):
            share = part / (numbers["risk"] * horizon).clip(lower=1e-12)
            cells[f"{group}_share"] = cells["cell"].map(share)
    effort = frames["effort"]
    weeks = pd.to_datetime(effort["week"])
    late = weeks > pd.Timestamp(meta["cutoff"]) - pd.Timedelta(weeks=3)
    minutes = effort[late].groupby("cell")["minutes"].sum()
    return cells.assign(minutes_3w=cells["cell"].map(minutes).fillna(0.0).to_numpy(float))


def solve(
    found: Ready, first_day: pd.Timestamp | None = None, seed: int = 0,
    last_nights: Mapping[str, pd.Timestamp] | None = None,
) -> tuple[Plan, dict[str, Any]]:  # fmt: skip
    """A plan and its meta, not kept yet; seed 0 draws one that nobody can foresee.

    Parameters
    ----------
    found : the week, from `ready`
    first_day : a Monday, local; that of the map by default
    seed : of the draws
    last_nights : when the last night of each team in the week before ends, local
    """
    zone = found.meta.get("time_zone", calendar.HOME)
    first_day = week_ahead(zone) if first_day is None else pd.Timestamp(first_day)
    if first_day.day_of_week != 0:
        day = f"{first_day:%Y-%m-%d}"
        raise DataError(f"a plan begins on a Monday, {day} is none", key="no_monday", day=day)
    seed = seed or 1 + secrets.randbelow(2**31 - 2)
    with refusals():
        plan = with_meets(
            make_plan(found.week, first_day, seed, last_nights=last_nights), found.week, found.cells
        )
    if plan.orders.empty:
        raise DataError(
            "no visit fits: the sectors in reach had all their hours, or none leaves time to stay",
            key="no_visit",
        )
    plan = replace(plan, sectors=_with_reasons(plan.sectors, found.roster.reasons))
    keys = ("cutoff", "week", "data_version", "model_version", "handling", "licence", "attribution",
            "area")  # fmt: skip
    meta = {
        **{key: found.meta.get(key, "") for key in keys},
        **plan.facts,
        "assessment": found.meta["id"],
        "synthetic": bool(found.meta.get("synthetic") or found.roster.synthetic),
        "closed": {cell: sorted(days) for cell, days in found.roster.closed.items()},
        "forbidden": sorted(found.roster.forbidden),
        "last_nights": {team: end.isoformat() for team, end in (last_nights or {}).items()},
        "mandatory": sorted(found.roster.mandatory),
        "posts": found.roster.teams.assign(
            days_off=found.roster.teams["days_off"].map(list)
        ).to_dict("records"),
    }
    return plan, meta


def _with_reasons(sectors: pd.DataFrame, reasons: Mapping[str, Said]) -> pd.DataFrame:
    """Sectors with `closed_reason`: why days are closed there, "" where none is."""
    size = h3.get_resolution(sectors["sector"].iloc[0]) if len(sectors) else 0
    by_sector: dict[str, list[Said]] = {}
    for cell, reason in reasons.items():
        by_sector.setdefault(h3.cell_to_parent(cell, size), []).append(reason)
    words = {sector: Said.joined(sorted(set(some))) for sector, some in by_sector.items()}
    said = [words.get(one, NOTHING) for one in sectors["sector"]]
    return sectors.assign(closed_reason=pd.Series(said, index=sectors.index, dtype=object))


def make(
    settings: Settings,
    store: Store,
    ground: opened.Ground,
    by: str,
    first_day: pd.Timestamp | None = None,
    seed: int | None = None,
    roster: Given | None = None,
    progress: Progress = lambda step, share: None,
) -> str:
    """Make a plan of the newest assessment and keep it as a draft; gives its id.

    Parameters
    ----------
    settings : of the program
    store : where assessments and plans are kept
    ground : of the area
    by : who makes it
    first_day : a Monday, local; that of the map by default
    seed : of the draws; the settings' by default
    roster : a file of teams; the settings' or invented ones by default
    progress : told the step and the share that is done, 0 to 1
    """
    progress("state", 0.05)
    found = ready(settings, store, ground, roster)
    progress("solve", 0.35)
    first = week_ahead(settings.area.time_zone) if first_day is None else pd.Timestamp(first_day)
    nights = last_nights(store, first)
    plan, meta = solve(found, first, settings.plan.seed if seed is None else seed, nights)
    progress("keep", 0.95)
    return plans.create(store, plan.frames, meta, by)


def last_nights(store: Store, first_day: pd.Timestamp) -> dict[str, pd.Timestamp]:
    """When the last night of each team ends by the plan in force in the week before a Monday."""
    before = plans.in_force(store, first_day - pd.Timedelta(weeks=1))
    return {} if before is None else night_ends(plans.read(store, before)[1]["orders"])


def plan_of_now(store: Store, zone: str, now: pd.Timestamp | None = None) -> str | None:
    """The plan in force this week, else next week's (it is signed before it begins), else None.

    Parameters
    ----------
    store : where plans are kept
    zone : IANA name of the zone in which weeks are cut
    now : the moment; the present by default
    """
    today = calendar.local_moment(pd.Timestamp.now("UTC") if now is None else now, zone)
    return plans.in_force(store, today) or plans.in_force(store, today + pd.Timedelta(weeks=1))


def reworked(settings: Settings, store: Store) -> plans.Rework:
    """How a plan is worked anew after changes; the ground is laid where a way is asked only."""

    def work(
        meta: dict[str, Any], frames: dict[str, pd.DataFrame], changes: pd.DataFrame
    ) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
        with refusals():
            return rework(meta, frames, changes, _LazyRoads(settings, store, meta))

    return work


class _LazyRoads:
    """Roads of a plan's posts over the cells of its assessment, found at the first question."""

    def __init__(self, settings: Settings, store: Store, meta: Mapping[str, Any]):
        self._found: Roads | None = None
        self._from = settings, store, meta

    @property
    def roads(self) -> Roads:
        """Where the teams of the plan can go."""
        if self._found is None:
            settings, store, meta = self._from
            grid = opened.ground_of(settings.area).grid
            cells = store.assessment(meta["assessment"], only=["cells"])[1]["cells"]
            self._found = find_roads(grid, cells, pd.DataFrame(meta["posts"]))
        return self._found

    def spot(self, sector: str) -> tuple[float, float]:
        """lat, lon of a sector."""
        return self.roads.spot(sector)

    def legs(self, post: str, mode: str, sectors: list[str]) -> list[tuple[float, str]]:
        """(minutes, cells) out, between, back."""
        return self.roads.legs(post, mode, sectors)


def seen(
    frames: dict[str, pd.DataFrame], scope: access.Scope, now: pd.Timestamp | None = None
) -> dict[str, pd.DataFrame]:
    """The part of a plan that a scope may see: its districts, in the restricted tier only.

    Of an order that crosses districts only the stops inside are seen, and no way.

    Parameters
    ----------
    frames : tables of a plan by name
    scope : the viewer's
    now : the moment (UTC) at which the right must not have expired; the present by default
    """
    rights = Rights(scope, now)
    if not rights.may("see_plan"):
        return {name: table.iloc[:0].copy() for name, table in frames.items()}
    if rights.may("see_whole_area"):
        return {name: table.copy() for name, table in frames.items()}
    mine = {name: frames[name].copy() for name in PLACELESS}
    places = frames["sectors"][["cell", "kabupaten_code", "kecamatan_code"]]
    for name in ("orders", "sectors"):
        mine[name] = access.visible(frames[name], scope, places, now)
    orders, known = mine["orders"], set(mine["sectors"]["sector"])
    for name in ("way", "way_back"):
        if name in orders:
            orders[name] = ""
    if "elsewhere_sector" in orders:
        away = ~orders["elsewhere_sector"].isin(known)
        orders.loc[away, ["elsewhere_sector", "elsewhere_name"]] = ""
    mine["cells"] = frames["cells"][frames["cells"]["sector"].isin(known)].copy()
    mine["teams"] = frames["teams"].iloc[:0].copy()
    return mine


def is_whole(mine: dict[str, pd.DataFrame], frames: dict[str, pd.DataFrame]) -> bool:
    """Whether what is seen of a plan (`seen`) is all of its orders and sectors."""
    return all(len(mine[name]) == len(frames[name]) for name in ("orders", "sectors"))


def export(
    store: Store,
    kind: str,
    plan: str | None,
    by: str,
    scope: access.Scope,
    team: str = "",
    layers: Mapping[str, bytes] | None = None,
    lang: str = "id",
) -> tuple[str, bytes]:
    """What a scope may see of a plan's newest version as a file: (file name, content).

    Parameters
    ----------
    store : where plans are kept
    kind : one of `plan_files.FORMATS`, or "pdf": a brief for each team
    plan : its id; the newest by default
    by, scope : who takes it, and what he may see
    team : only the orders of this one
    layers : GeoJSON of the ground for the maps of the PDF; without them it shows sectors alone
    lang : of the words, "id" or "en"

    Raises
    ------
    DataError
        If there is no plan, the format is unknown or the team has no order.
    """
    if kind not in (*plan_files.FORMATS, "pdf"):
        known = [*plan_files.FORMATS, "pdf"]
        raise DataError(
            f"a plan is written as {', '.join(known)}, got {kind!r}",
            key="plan_format", known=known, given=kind,
        )  # fmt: skip
    meta, stored = plans.read(store, plan)
    frames = seen(stored, scope)
    whole = Resource(seen=is_whole(frames, stored))
    orders = frames["orders"]
    if team:
        orders = orders[orders["team_id"] == team]
        if orders.empty:
            raise DataError(f"no order for team {team!r}", key="no_order_for", team=team)
    if orders.empty:
        raise DataError(f"plan {meta['plan']} has no order", key="no_orders", plan=meta["plan"])
    if kind == "pdf":
        if not Rights(scope).may("see_plan_reasons", whole):
            meta = {key: value for key, value in meta.items() if key != "budget"}
        wrong = breaches(frames["orders"], frames["sectors"])
        content = plan_brief.make_pdf(orders, frames["sectors"], meta, layers or {}, lang, wrong)
    elif kind == "csv":
        table = plan_files.orders_table(orders, meta)
        content = spreadsheet.csv_text(table, ends="\r\n").encode()
    else:
        gone = _gone(store, meta, orders, scope, team) if kind == "ics" else []
        content = plan_files.text(kind, orders, frames["sectors"], meta, gone).encode()
    what = {"plan": meta["plan"], "version": meta["version"], "format": kind}
    audit.log(store, "export", by, what)
    return plan_files.file_name(kind, meta, team), content


def _gone(
    store: Store, meta: Mapping[str, Any], orders: pd.DataFrame, scope: access.Scope, team: str
) -> list[plan_files.Gone]:
    """Orders of earlier versions, and of plans that this one replaced, that hold no more.

    Parameters
    ----------
    store : where plans are kept
    meta : of the plan's newest version
    orders : of it, that the calendar tells of
    scope : what the taker may see; of earlier orders too he gets no others
    team : only the orders of this one, or ""
    """

    def once(name: str, version: int) -> pd.DataFrame:
        table = seen(plans.read(store, name, version)[1], scope)["orders"]
        return table[table["team_id"] == team] if team else table

    plan, known = str(meta["plan"]), set(orders["order_id"])
    found: list[plan_files.Gone] = []
    for version in range(int(meta["version"]) - 1, 0, -1):
        if plans.read_meta(store, plan, version).get("orders_version", version) == version:
            past = once(plan, version)
            past = past[~past["order_id"].isin(known)]
            known |= set(past["order_id"])
            found += [(past, meta)] if len(past) else []
    for other in plans.replaced(store, plan):
        theirs = once(other["plan"], other["version"])
        found += [(theirs, other)] if len(theirs) else []
        found += _gone(store, other, theirs, scope, team)
    return found


def review(
    settings: Settings,
    store: Store,
    ground: opened.Ground,
    plan: str | None = None,
    effort_file: Given | None = None,
    form: Path | pd.DataFrame | None = None,
) -> tuple[dict[str, Any], Done]:
    """Plan against done: (meta of the plan, comparison).

    Parameters
    ----------
    settings : of the program
    store : where plans and records are kept
    ground : of the area
    plan : its id; the newest by default
    effort_file : GPX or any effort file; without it, the effort the store has of that week
    form : instead, a CSV (or its table) of sector, minutes, finds

    Raises
    ------
    DataError
        If there is no plan, or nothing was done in its week.
    """
    meta, frames = plans.read(store, plan)
    about, known = store.assessment(meta["assessment"], only=["cells", "risk", "effort"])
    cells = known_cells(about, known)
    teams = pd.DataFrame(meta["posts"])
    ways = find_ways(ground.grid, cells, teams, meta["rules"]["min_stop_minutes"])
    first = pd.Timestamp(meta["first_day"])
    if form is not None:
        table = form if isinstance(form, pd.DataFrame) else plans.read_form(form)
        table = table.assign(sector=_ids(table["sector"], ground))
        effort, finds = _from_form(table, ways)
        others = effort.iloc[:0]
    else:
        table = (
            _effort(settings, effort_file, ground) if effort_file is not None else store.effort()
        )
        now = (pd.to_datetime(table["week"]) == first).to_numpy()
        effort, others = table[now], table[~now]
        finds = _finds(store, ground, first)
    held = _days_of(others)
    if effort.empty:
        raise _nothing_done(f"{first:%Y-%m-%d}", held, effort_file is not None)
    before = known["effort"]
    usual = before.groupby("cell")["minutes"].sum()
    done = compare(ways, frames["sectors"], effort, finds, cells, meta["strength_per_hour"], usual)
    if effort_file is not None and held:
        done.facts.update({f"other_{name}": day for name, day in held.items()})
    return meta, done


def _nothing_done(day: str, held: Mapping[str, str], in_file: bool) -> DataError:
    """Why nothing can be compared, and which days there are instead.

    Parameters
    ----------
    day : first one of the week of the plan
    held : first and last day that there are; nothing if there are none
    in_file : whether they are of a file that was brought
    """
    if not held:
        what = f"nothing was recorded as done in the week of {day}"
        return DataError(what, key="nothing_done", day=day)
    first, last = held["first"], held["last"]
    if in_file:
        what = (
            f"the file holds nothing of the week of {day}; it holds the days of {first} to {last}"
        )
        return DataError(what, key="done_in_file", day=day, first=first, last=last)
    what = (
        f"nothing was recorded as done in the week of {day}; "
        f"there are the days of {first} to {last}"
    )
    return DataError(what, key="done_elsewhere", day=day, first=first, last=last)


def _days_of(effort: pd.DataFrame) -> dict[str, str]:
    """First and last day of the weeks of some effort; nothing where there is none."""
    if effort.empty:
        return {}
    weeks = pd.to_datetime(effort["week"])
    last = weeks.max() + pd.Timedelta(days=6)
    return {"first": f"{weeks.min():%Y-%m-%d}", "last": f"{last:%Y-%m-%d}"}


def _effort(settings: Settings, given: Given, ground: opened.Ground) -> pd.DataFrame:
    """Effort of a file of tracks or of effort; an upload is read in a process apart."""
    if isinstance(given, tuple):
        name, content = given
        upload = (settings.area, name, content, None, (), UNPACKED_BYTES)
        reading = apart.run(read_upload, *upload)
    else:
        name, reading = given.name, read_records(given, ground)
    if (effort := reading.of("effort")) is None:
        raise DataError(
            f"{name}: a file of effort or tracks is expected", key="effort_expected", where=name
        )
    return count_once(effort.kept)


def _ids(sectors: pd.Series, ground: opened.Ground) -> pd.Series:
    """Ids of sectors told by code, as orders and radio do; what is no code stays as it is."""
    pieces = naming.name_pieces(ground.grid, named_places(ground.desa, ground.towns))
    ids = dict(zip(pieces["sector_code"], pieces.index, strict=True))
    return sectors.map(lambda text: ids.get(text.strip().upper(), text))


def _from_form(form: pd.DataFrame, ways: Ways) -> tuple[pd.DataFrame, pd.Series]:
    """Minutes and finds of each sector, spread evenly over its cells."""
    row = {name: k for k, name in enumerate(ways.sectors)}
    unknown = sorted(set(form["sector"]) - set(row))
    if unknown:
        some = unknown[:3]
        raise DataError(f"no sector {', '.join(some)} in the area", key="no_sector", sectors=some)
    cells, minutes, finds = [], [], []
    names = np.array(ways.grid.cells, object)
    for entry in each_row(form):
        inside = names[ways.owner == row[entry.sector]]
        cells += list(inside)
        minutes += [entry.minutes / len(inside)] * len(inside)
        finds += [entry.finds / len(inside)] * len(inside)
    effort = pd.DataFrame({"cell": cells, "minutes": minutes})
    return effort, pd.Series(finds, index=cells, dtype=float)


def _finds(store: Store, ground: opened.Ground, first: pd.Timestamp) -> pd.Series:
    """Discovered events with a point in the week, by cell."""
    events = store.events()
    if events.empty:
        return pd.Series(dtype=float)
    week = calendar.week_of(events["event_start"], ground.area.time_zone)
    use = feeds_model(events).to_numpy() & (week == first).to_numpy()
    use &= (events["detection"] == "discovered").to_numpy() & events["lat"].notna().to_numpy()
    chosen = events[use]
    grid = ground.grid
    place = grid.nearest(
        chosen["lat"].to_numpy(float), chosen["lon"].to_numpy(float), grid.spacing_km
    )
    names = np.array(grid.cells, object)[place[place >= 0]]
    return pd.Series(1.0, index=names)
