"""What a planner and a commander do with patrol plans, without a screen.

A `PlanDesk` is the plans as one viewer may use them: who sees the whole area in the restricted
tier makes plans; who sees all of a plan edits, approves and signs it; a commander sees his orders.
Who may not is refused in words, and the denial is logged (`data.gate.rights`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from data.errors import DataError
from data.gate import access
from data.gate.rights import Resource, Rights
from data.personal.said import Said, said_column
from data.store import plans
from data.store.records import MissingTable, Store
from joins import opened, patrol
from joins.desks import asking, unusual
from joins.desks import view as shown
from risk.plan.actions import ACTIONS, breaches, tired
from risk.plan.review import Done
from settings import Settings
from ui.map import plan_odd
from ui.paper import plan_files
from ui.selection import Selection

#: what a plan says about itself that tells of no place
ABOUT = (
    "plan", "version", "status", "by", "at", "first_day", "assessment", "cutoff", "data_version",
    "model_version", "handling", "licence", "attribution", "area", "synthetic", "rules",
    "replaced_by", "orders_version",
)  # fmt: skip
#: what an upload may weigh, in bytes
UPLOAD_BYTES = 20_000_000


@dataclass(frozen=True)
class Opened:
    """One version of a plan as a viewer may see it; `whole` if nothing of it is hidden."""

    meta: dict[str, Any]
    frames: dict[str, pd.DataFrame]
    whole: bool

    @property
    def orders(self) -> pd.DataFrame:
        """One row per stop."""
        return self.frames["orders"]

    @property
    def sectors(self) -> pd.DataFrame:
        """One row per candidate sector."""
        return self.frames["sectors"]

    @property
    def wrong(self) -> pd.DataFrame:
        """Where the orders run against closed days or the over-patrol guard."""
        return breaches(self.orders, self.sectors)

    @property
    def tired(self) -> list[str]:
        """Teams with more nights, or less rest after one, than the plan's rules allow."""
        rules = self.meta.get("rules", {})
        most, rest = rules.get("most_nights", 7), rules.get("rest_after_night_hours", 0.0)
        before = {team: pd.Timestamp(end) for team, end in self.meta.get("last_nights", {}).items()}
        return tired(self.orders, int(most), float(rest), before)


@dataclass(frozen=True)
class PlanDesk:
    """Plans as one viewer may use them."""

    settings: Settings
    scope: access.Scope

    actions = ACTIONS
    refusal = DataError

    @property
    def store(self) -> Store:
        """The store behind the desk, made where needed."""
        return opened.open_store(self.settings)

    @property
    def user(self) -> str:
        """The name under which this viewer changes and signs."""
        return self.scope.user

    # what the viewer may do ---------------------------------------------------------------

    @property
    def rights(self) -> Rights:
        """What the viewer may do."""
        return Rights(self.scope)

    def may(self, action: str, whole: bool) -> bool:
        """Whether the viewer may do a thing to a plan of which he sees all, or only a part."""
        return self.rights.may(action, _plan(whole))

    def roster_kind(self, synthetic: bool) -> str:
        """Whose teams a plan gets unless a roster is brought: "own", "invented" or "" (none)."""
        if self.settings.plan.roster is not None:
            return "own"
        return "invented" if synthetic else ""

    # reading ------------------------------------------------------------------------------

    def listing(self) -> pd.DataFrame:
        """The plans, newest first; empty for those who may see none."""
        table = plans.listing(self.store)
        table = table if self.rights.may("see_plan") else table.iloc[:0]
        whole = _plan(self.rights.may("see_whole_area"))
        whole_shown = self.rights.may("see_plan_reasons", whole)
        return table if whole_shown else table.drop(columns="reason")

    def view(self, plan: str, version: int | None = None) -> Opened:
        """A plan as the viewer may see it.

        Raises
        ------
        DataError
            If he may see none; MissingTable if there is no such plan.
        """
        self._demand("see_plan")
        meta, frames = plans.read(self.store, plan, version)
        mine = patrol.seen(frames, self.scope)
        whole = patrol.is_whole(mine, frames)
        if not self.rights.may("see_plan_reasons", _plan(whole)):
            meta = {key: meta[key] for key in ABOUT if key in meta}
        return Opened(meta, mine, whole)

    def history(self, plan: str) -> pd.DataFrame:
        """Every version, oldest first; reasons only for those who see the whole plan."""
        table, opened = plans.history(self.store, plan), self.view(plan)
        return table if self.may("see_plan_reasons", opened.whole) else table.drop(columns="reason")

    def newest_assessment(self) -> str:
        """Id of the newest assessment, "" if there is none."""
        try:
            return shown.newest(self.settings)
        except MissingTable:
            return ""

    def weeks(self, now: pd.Timestamp | None = None) -> list[pd.Timestamp]:
        """Mondays to plan for: that of the map's week first."""
        first = patrol.week_ahead(self.settings.area.time_zone, now)
        return [first + pd.Timedelta(weeks=k) for k in range(4)]

    # changing -----------------------------------------------------------------------------

    def make(
        self,
        first_day: pd.Timestamp,
        seed: int = 0,
        roster: tuple[str, bytes] | None = None,
        progress: patrol.Progress = lambda step, share: None,
    ) -> str:
        """Make a plan of the newest assessment; gives its id.

        Parameters
        ----------
        first_day : a Monday, local
        seed : of the draws; 0 draws a plan that nobody can foresee
        roster : name and content of a file of teams; the settings' or invented ones by default
        progress : told the step and the share that is done, 0 to 1

        Raises
        ------
        DataError
            If the viewer may not, or as `patrol.make` says.
        """
        self._demand("make_plan")
        if roster is not None and len(roster[1]) > UPLOAD_BYTES:
            raise _too_large(roster)
        ground = opened.ground_of(self.settings.area)
        return patrol.make(
            self.settings, self.store, ground, self.user, first_day, seed, roster, progress
        )

    def edit(self, plan: str, version: int, changes: pd.DataFrame, reason: str) -> int:
        """Change orders with a reason; gives the new version.

        Parameters
        ----------
        plan : its id
        version : the newest one, as it was read
        changes : one row per stop that changes, as `plans.edit` takes them
        reason : why, in words
        """
        self._demand_of(plan, "edit_plan")
        word = Said(reason, "a change")
        work = patrol.reworked(self.settings, self.store)
        return plans.edit(self.store, plan, version, _gated(changes), self.user, word, work)

    def try_edit(self, plan: str, version: int, changes: pd.DataFrame) -> tuple[Opened, Opened]:
        """The plan as it is and as it would be after some changes; nothing is kept.

        Parameters
        ----------
        plan : its id
        version : the one that would change
        changes : one row per stop that changes

        Raises
        ------
        DataError
            As `edit` does.
        """
        self._demand_of(plan, "edit_plan")
        before = self.view(plan, version)
        work = patrol.reworked(self.settings, self.store)
        meta, frames = plans.try_changes(before.meta, before.frames, _gated(changes), work)
        return before, Opened(meta, frames, True)

    def restore(self, plan: str, version: int, earlier: int, reason: str) -> int:
        """Go back to an earlier version, as a new one.

        Parameters
        ----------
        plan : its id
        version : the newest one, as it was read
        earlier : whose orders are wanted
        reason : why, in words
        """
        self._demand_of(plan, "edit_plan")
        word = Said(reason, "a change")
        return plans.restore(self.store, plan, version, earlier, self.user, word)

    def odd(self, looked: Opened) -> list[plan_odd.Odd]:
        """What is unusual about a plan that the viewer sees whole; see `unusual.odd`."""
        first = pd.Timestamp(looked.meta["first_day"])
        # a plan of the week before may have been signed since this one was made
        nights = patrol.last_nights(self.store, first)
        now = {team: end.isoformat() for team, end in nights.items()}
        looked = replace(looked, meta={**looked.meta, "last_nights": now})
        newest, contested = self.newest_assessment(), set()
        if newest and len(self.store.overrides()):
            seen = shown.kept(newest, self.settings, self.scope)
            cells = seen.scene(Selection.default(seen.options)).contested_cells()
            contested = plan_odd.contested_sectors(looked.sectors, cells)
        return unusual.odd(
            looked.meta, looked.sectors, looked.tired, looked.wrong, contested, newest
        )

    def approve(self, plan: str, version: int, reason: str = "") -> int:
        """Approve a version as it stands.

        Parameters
        ----------
        plan : its id
        version : the newest one, as it was read
        reason : in words, or "" where nothing is unusual

        Raises
        ------
        DataError
            If something is unusual (`odd`) and no reason is given; as `plans.approve` says.
        """
        self._demand_of(plan, "approve_plan")
        word = Said.or_nothing(reason, "a change")
        if not reason.strip() and (found := self.odd(self.view(plan))):
            n, what = len(found), " ".join(plan_odd.lines(found, "en"))
            raise DataError(
                f"{n} things about this plan are unusual; approving it needs a reason: {what}",
                key="odd_plan", n=n,
            )  # fmt: skip
        return plans.approve(self.store, plan, version, self.user, word)

    def sign(self, plan: str, version: int, reason: str = "") -> int:
        """Sign an approved version: closed, and in force in its week; see `plans.sign`.

        Parameters
        ----------
        plan : its id
        version : the newest one, as it was read
        reason : in words, or ""
        """
        self._demand_of(plan, "sign_plan")
        word = Said.or_nothing(reason, "a change")
        return plans.sign(self.store, plan, version, self.user, word)

    def withdraw(self, plan: str, version: int, reason: str) -> int:
        """Take a signed plan back, with a reason.

        Parameters
        ----------
        plan : its id
        version : the newest one, as it was read
        reason : why, in words
        """
        self._demand_of(plan, "sign_plan")
        word = Said(reason, "a change")
        return plans.withdraw(self.store, plan, version, self.user, word)

    def in_force(self, day: pd.Timestamp) -> str | None:
        """The plan that counts in the week of a local day; None for who may see none."""
        return plans.in_force(self.store, day) if self.rights.may("see_plan") else None

    # out and back -------------------------------------------------------------------------

    def export(self, plan: str, kind: str, team: str = "", lang: str = "id") -> tuple[str, bytes]:
        """The orders that the viewer may see as a file: (name, content).

        Parameters
        ----------
        plan : its id
        kind : one of `plan_files.FORMATS`, or "pdf"
        team : only the orders of this one; "" for all
        lang : of the words, "id" or "en"
        """
        self._demand("take_orders")
        layers = shown.read_ground(self.settings).layers if kind == "pdf" else {}
        return patrol.export(self.store, kind, plan, self.user, self.scope, team, layers, lang)

    def file_name(self, meta: Mapping[str, Any], kind: str, team: str = "") -> str:
        """What a file of the plan is called.

        Parameters
        ----------
        meta : of the plan
        kind : the ending, without its dot
        team : whose orders it holds; "" for all
        """
        return plan_files.file_name(kind, meta, team)

    def compare(
        self,
        plan: str,
        given: tuple[str, bytes] | None = None,
        form: pd.DataFrame | None = None,
    ) -> Done:
        """Plan against done: of a file of tracks, a form, or the records of that week.

        Parameters
        ----------
        plan : its id
        given : name and content of a file of tracks or effort
        form : instead, a table of sector, minutes, finds
        """
        self._demand_of(plan, "compare_plan")
        if given is not None and len(given[1]) > UPLOAD_BYTES:
            raise _too_large(given)
        ground = opened.ground_of(self.settings.area)
        _, done = patrol.review(self.settings, self.store, ground, plan, given, form)
        return done

    def _demand(self, action: str, resource: Resource | None = None) -> None:
        asking.demand(self.settings, self.scope, action, resource)

    def _demand_of(self, plan: str, action: str) -> None:
        """The same of a plan of which the viewer may see a part, or nothing."""
        whole = self.rights.may("see_plan") and self.view(plan).whole
        self._demand(action, _plan(whole))


def _plan(whole: bool) -> Resource:
    """A plan as rights ask of it."""
    return Resource(seen=whole)


def _too_large(given: tuple[str, bytes]) -> DataError:
    name, content = given
    return DataError(
        f"{name}: {len(content):,} bytes; at most {UPLOAD_BYTES:,} in one file",
        key="file_large", where=name, size=len(content), most=UPLOAD_BYTES,
    )  # fmt: skip


def _gated(changes: pd.DataFrame) -> pd.DataFrame:
    """Changes whose notes passed the personal-data gate."""
    if "note" not in changes:
        return changes
    return changes.assign(note=said_column(changes["note"], "a note"))


def orders_of(settings: Settings, scope: access.Scope, inside: Mapping[str, str]) -> Opened | None:
    """The orders in force in a district as a viewer may see them: of this week's signed plan, else
    of next week's; None if there is none.

    Parameters
    ----------
    settings : of the program
    scope : the viewer's
    inside : wanted codes by column (kabupaten_code, kecamatan_code); "" for all
    """
    desk = PlanDesk(settings, scope)
    if not desk.rights.may("see_plan"):
        return None
    if (name := patrol.plan_of_now(desk.store, settings.area.time_zone)) is None:
        return None
    opened = desk.view(name)
    orders = opened.orders
    for column, code in inside.items():
        if code:
            orders = orders[orders[column] == code]
    return (
        Opened(opened.meta, {**opened.frames, "orders": orders}, opened.whole)
        if len(orders)
        else None
    )
