"""An analyst contests a score: with a reason and an end, beside the model's word, never instead.

The screen and the command line call the same functions. What was said is shown on map, list,
details, papers and files until it ends or is withdrawn; nothing is learned from it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd

from data.errors import DataError
from data.gate import access
from data.gate.rights import Resource, Rights
from data.personal.gate import PersonalDataError
from data.personal.said import Said
from data.store import audit
from data.store.links import LONGEST_REASON, OVERRIDE_VALUES
from data.store.records import Store
from geo import calendar
from joins import opened
from joins.desks import asking, view
from settings import Settings

#: an override lasts so long at most; what holds for longer belongs into records or the model
MOST_WEEKS = 26
#: what a writer gives
T = TypeVar("T")


@dataclass(frozen=True)
class Voice:
    """What one viewer may say of the scores of the assessment that he is shown."""

    settings: Settings
    seen: view.Shown
    scope: access.Scope  # whose voice; what is seen is shared by all with the same rights

    refusal = DataError

    @property
    def most_weeks(self) -> int:
        """How long an override may last."""
        return MOST_WEEKS

    @property
    def values(self) -> tuple[str, ...]:
        """What may be said: a class of the map instead, or only that the score is doubted."""
        return OVERRIDE_VALUES

    @property
    def longest(self) -> int:
        """Signs that a reason may have."""
        return LONGEST_REASON

    @property
    def rights(self) -> Rights:
        """What the viewer may do."""
        return Rights(self.scope)

    def may_withdraw(self, by: str) -> bool:
        """Whether he may end what `by` said: his own word, or any for the joint task force."""
        return self.rights.may("withdraw_contest", Resource(by=by))

    def names_persons(self, problem: Exception) -> bool:
        """Whether a reason was refused because it names persons."""
        return isinstance(problem, PersonalDataError)

    def add(self, kind: str, cell: str, value: str, reason: str, until: pd.Timestamp) -> str:
        """Contest the score of a cell, or of the sector that holds it; the override's number.

        Parameters
        ----------
        kind : "cell" or "sector"
        cell : the cell; of a sector, its highest one
        value : one of `values`
        reason : why, in words
        until : last day on which it holds, local

        Raises
        ------
        Refused
            If the viewer may not, or the cell is not his to see.
        DataError
            If the end is past or too far, or the reason is empty or names a person.
        """
        self._demand("contest", Resource(seen=cell in self.seen.own_cells.index))
        until = pd.Timestamp(until).normalize()
        end = calendar.end_of(until, self.settings.area.time_zone)
        if end > pd.Timestamp.now("UTC") + pd.Timedelta(weeks=MOST_WEEKS, days=1):
            raise DataError(
                f"an override lasts at most {MOST_WEEKS} weeks, got an end on {until:%Y-%m-%d}",
                key="override_long", weeks=MOST_WEEKS, day=f"{until:%Y-%m-%d}",
            )  # fmt: skip
        store, user, about = self._store, self.scope.user, self.seen.meta["id"]

        def add() -> str:
            line = Said(reason, "an override")
            return store.add_override(kind, cell, value, line, end, user, about)

        name = self._kept(add)
        line = {"override": name, "kind": kind, "target": cell, "value": value, "done": "added"}
        self._log("override", line)
        return name

    def withdraw(self, override_id: str, reason: str) -> None:
        """End an override before its time, with a reason.

        Raises
        ------
        Refused
            If it is not the viewer's to end.
        DataError
            If it is not in force, or the reason is empty or names a person.
        """
        table = self.seen.contested()
        found = table[table["override_id"] == override_id]
        # of a word that is not there, or not his to see, nobody is told whose it is
        by = found["by"].iloc[0] if len(found) else self.scope.user
        self._demand("withdraw_contest", Resource(by=by), [override_id])
        if found.empty:
            raise DataError(
                f"no override {override_id} in force; see: kalbar-risk override list",
                key="no_override", number=str(override_id),
            )  # fmt: skip
        store, user = self._store, self.scope.user
        self._kept(lambda: store.withdraw_override(override_id, user, Said(reason, "a withdrawal")))
        self._log("override", {"override": override_id, "done": "withdrawn"})

    @property
    def _store(self) -> Store:
        return opened.open_store(self.settings)

    def _kept(self, write: Callable[[], T]) -> T:
        """Write; a person named in a reason leaves one line in the log, nothing of the text."""
        try:
            return write()
        except PersonalDataError:
            self._log("denied", {"what": "override", "why": "personal_data"})
            raise

    def _demand(self, action: str, resource: Resource, names: Sequence[str] = ()) -> None:
        asking.demand(self.settings, self.scope, action, resource, names)

    def _log(self, action: str, what: dict[str, Any]) -> None:
        audit.log(self._store, action, self.scope.user, what)
