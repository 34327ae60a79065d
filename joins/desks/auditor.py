"""What an auditor may see and do: read the log, take it away, check its chain. Nothing of the data.

A look at the log is itself a line in it, once a session; taking it away is one each time.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from data import anchors, spreadsheet
from data.anchors import Anchor
from data.errors import DataError
from data.gate import access
from data.gate.rights import Rights
from data.store import audit
from data.store.audit import Asked
from data.store.records import Store
from geo import calendar
from joins import opened
from joins.desks import asking
from settings import Settings

#: forms in which the log is taken away
KINDS = (".csv", ".jsonl")


@dataclass(frozen=True)
class Checked:
    """What a check of the log found.

    lines : how many there are
    faults : reasons, none if all is as it was written
    anchors : heads written down elsewhere that were compared
    anchored : the moment (UTC) of the newest of them, None without any
    """

    lines: int
    faults: tuple[str, ...]
    anchors: int
    anchored: pd.Timestamp | None


@dataclass(frozen=True)
class Auditor:
    """The desk of one viewer at the log."""

    settings: Settings
    scope: access.Scope

    refusal = DataError

    @cached_property
    def store(self) -> Store:
        """The store whose log it is."""
        return opened.open_store(self.settings)

    @property
    def rights(self) -> Rights:
        """What the viewer may do."""
        return Rights(self.scope)

    @property
    def actions(self) -> list[str]:
        """What a line can tell of."""
        return sorted(audit.ACTIONS)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Forms in which the log is taken away."""
        return KINDS

    def asked(
        self, action: str = "", user: str | None = None, since: pd.Timestamp | None = None,
        until: pd.Timestamp | None = None, text: str = "",
    ) -> Asked:  # fmt: skip
        """Which lines are meant.

        Parameters
        ----------
        action : one of `actions`, "" for all
        user : whose, None for everybody's
        since, until : first and last local day, None for no end
        text : must stand in what a line tells

        Raises
        ------
        DataError
            If there is no such action.
        """
        if action and action not in audit.ACTIONS:
            what = f"action is one of {', '.join(self.actions)}, got {action!r}"
            raise DataError(what, key="not_offered", name="action", known=self.actions,
                            given=action)  # fmt: skip
        zone = self.settings.area.time_zone
        return Asked(
            action, user,
            None if since is None else calendar.start_of(since, zone),
            None if until is None else calendar.end_of(until, zone),
            text,
        )  # fmt: skip

    def users(self) -> list[str]:
        """Everybody who stands in the log."""
        self._demand("read_audit")
        return audit.users(self.store)

    def count(self, asked: Asked) -> int:
        """How many lines were asked for."""
        self._demand("read_audit")
        return audit.count(self.store, asked)

    def lines(self, asked: Asked, last: int, skip: int = 0) -> pd.DataFrame:
        """Lines, newest first: seq, at (UTC), user, action, what, hash.

        Parameters
        ----------
        asked : which
        last : how many at most
        skip : how many of the newest are left out
        """
        self._demand("read_audit")
        return audit.read(self.store, last, asked, skip)

    def note_look(self) -> None:
        """Put down that the log was looked at."""
        audit.log(self.store, "view", self.scope.user, {"page": "catatan-audit"})

    def export(self, asked: Asked, kind: str) -> bytes:
        """The lines as a file, the oldest first, with the hash that chains each to the one before.

        Parameters
        ----------
        asked : which lines
        kind : one of KINDS

        Raises
        ------
        DataError
            If the form is another.
        """
        self._demand("take_audit")
        if kind not in KINDS:
            what = f"file is one of {', '.join(KINDS)}, got {kind!r}"
            raise DataError(what, key="not_offered", name="file", known=list(KINDS), given=kind)
        table = audit.read(self.store, None, asked).iloc[::-1]
        at = table["at"].dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        table = table.assign(at=at)
        audit.log(self.store, "export", self.scope.user, {"what": "audit", "rows": len(table)})
        if kind == ".csv":
            return spreadsheet.csv_text(table).encode()
        rows = (json.dumps(row, ensure_ascii=False) for row in table.to_dict("records"))
        return "".join(f"{row}\n" for row in rows).encode()

    def verify(self, file: Path | None = None, key: Path | None = None) -> Checked:
        """Check the chain of the log, and what was written down of it elsewhere.

        Parameters
        ----------
        file : of anchors; that of the settings if left out, none where those name no file
        key : the key they are signed with; that of the settings if left out

        Raises
        ------
        DataError
            If anchors or key cannot be read.
        """
        self._demand("read_audit")
        rules = self.settings.audit
        file, key = file or rules.anchor_file, key or rules.anchor_key
        kept: list[Anchor] = []
        faults: list[str] = []
        if file is not None:
            if key is None:
                what = "anchors are checked with the key that signed them: name it"
                raise DataError(what, key="anchor_key_missing")
            kept, faults = anchors.read(file, key)
        last = anchors.newest(kept)
        faults = [*audit.verify(self.store, kept), *faults]
        lines = audit.count(self.store)
        return Checked(lines, tuple(faults), len(kept), None if last is None else last.at)

    def anchor(self, send: bool = True) -> str:
        """Write the head of the log down off this machine; gives the signed line.

        Parameters
        ----------
        send : to the place of the settings; False only gives the line

        Raises
        ------
        DataError
            If the settings name no key or no place, or it cannot be written there.
        """
        self._demand("anchor_audit")
        rules = self.settings.audit
        if rules.anchor_key is None or (send and not rules.anchor):
            what = "name the place and the key of anchors under [audit]: anchor, anchor_key"
            raise DataError(what, key="anchor_unset")
        now = pd.Timestamp.now("UTC").floor("s")
        line = anchors.sign(Anchor(audit.head(self.store), now), rules.anchor_key)
        if send:
            anchors.send(line, rules.anchor)
        return line

    def _demand(self, action: str) -> None:
        asking.demand(self.settings, self.scope, action)
