"""What an administrator sees and does: users, tokens, sessions, health. Nothing of the data.

Rights are given in the file of users, by hand; here they are shown, and what must end at once is
ended: a token, or the sessions of a person.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import DataError
from data.gate import access, revoked, users
from data.gate.rights import Rights
from data.gate.users import Token, Users
from data.keeping.retention import backups_in
from data.store import audit
from data.store.audit import Asked
from data.store.records import Store
from joins import keeping, opened
from joins.desks import asking, entrance
from settings import Settings


@dataclass(frozen=True)
class Health:
    """How the service is, by moments (UTC, None for never) and sizes in bytes.

    assessed : when the newest sound assessment was made
    damaged : newer assessments that cannot be used
    delivered : the last delivery of each source
    backed_up : when the newest backup was made
    backups : how many there are
    free, size : of the disk that holds the store
    anchored : whether the head of the audit log is written down elsewhere
    """

    assessed: pd.Timestamp | None
    damaged: int
    delivered: Mapping[str, pd.Timestamp]
    backed_up: pd.Timestamp | None
    backups: int
    free: int
    size: int
    anchored: bool


@dataclass(frozen=True)
class Administrator:
    """The desk of one viewer at the service itself."""

    settings: Settings
    scope: access.Scope

    refusal = DataError

    @cached_property
    def store(self) -> Store:
        """The store of the service."""
        return opened.open_store(self.settings)

    @property
    def rights(self) -> Rights:
        """What the viewer may do."""
        return Rights(self.scope)

    @property
    def ends_sessions(self) -> bool:
        """Whether sessions can be ended here: those of a proxy are the proxy's."""
        return self.settings.access.users is not None and self.settings.access.sign_in == "oidc"

    def users(self) -> pd.DataFrame:
        """Everybody in the file of users, in its order.

        Columns: name, group (bool), agency, tier, role, kabupaten, kecamatan (joined codes, "*" for
        all, "" for none), expires (UTC), fault (a reason, "" for none), last_sign_in (UTC or NaT).
        """
        self._demand("administer")
        known, seen = self._known(), self._last("sign_in")
        rows = [_row(name, scope, "", seen.get(name)) for name, scope in known.scopes.items()]
        rows += [_row(name, None, why, seen.get(name)) for name, why in known.faults.items()]
        return pd.DataFrame(rows, columns=list(_row("", None, "", None)))

    def tokens(self) -> pd.DataFrame:
        """Every token: user, name, expires (UTC), last_use, revoked_at (UTC or NaT), revoked_by."""
        self._demand("administer")
        gone, used = revoked.read(self.settings.store.folder), self._last_uses()
        rows = []
        for one in self._known().tokens:
            end = gone.get(one.digest)
            rows.append(
                {
                    "user": one.user, "name": one.name, "expires": one.expires,
                    "last_use": used.get((one.user, audit.name_or(one.name, "?")), pd.NaT),
                    "revoked_at": pd.NaT if end is None else end.at,
                    "revoked_by": "" if end is None else end.by,
                }
            )  # fmt: skip
        return pd.DataFrame(
            rows, columns=["user", "name", "expires", "last_use", "revoked_at", "revoked_by"]
        )

    def revoke(self, user: str, name: str) -> None:
        """Let a token open nothing from now on.

        Parameters
        ----------
        user : whose it is
        name : of the token, or its number where it has none

        Raises
        ------
        DataError
            If he has no token, or more than one, of that name.
        """
        self._demand("end_access")
        found = [one for one in self._known().tokens if (one.user, one.name) == (user, name)]
        if len(found) != 1:
            what = f"{user} has {len(found)} tokens that are called {name!r}"
            raise DataError(what, key="no_such_token", user=user, name=name, n=len(found))
        self._end(found[0])

    def end_sessions(self, user: str) -> None:
        """End all sessions of a person: he signs in anew, if he still may.

        Parameters
        ----------
        user : his name in the file of users

        Raises
        ------
        DataError
            If a proxy signs people in: it would never let him in again.
        """
        self._demand("end_access")
        if not self.ends_sessions:
            what = "sessions are the proxy's: end them there, or end the person's rights"
            raise DataError(what, key="sessions_of_proxy")
        entrance.sign_out_everywhere(self.settings, user)
        line = {"where": "everywhere", "of": audit.name_or(user, "?")}
        audit.log(self.store, "sign_out", self.scope.user, line)

    def health(self) -> Health:
        """How the service is."""
        self._demand("administer")
        store, folder = self.store, self.settings.store.folder
        made, imports = store.assessments(), store.imports()
        kept = backups_in(keeping.backups_of(self.settings))
        disk = shutil.disk_usage(folder)
        last: dict[Any, Any] = imports.groupby("source")["at"].max().to_dict()
        bad = set(store.damaged_assessments())
        sound = made[~made["id"].isin(bad)] if len(made) else made
        return Health(
            _moment(sound["created_at"].iloc[0]) if len(sound) else None,
            len(bad),
            {str(name): _moment(at) for name, at in last.items()},
            _written(kept[-1]) if kept else None,
            len(kept), disk.free, disk.total, bool(self.settings.audit.anchor),
        )  # fmt: skip

    def _end(self, token: Token) -> None:
        revoked.revoke(self.settings.store.folder, token.digest, self.scope.user)
        line = {"token": audit.name_or(token.name, "?"), "of": audit.name_or(token.user, "?")}
        audit.log(self.store, "revoke", self.scope.user, line)

    def _known(self) -> Users:
        """The file of users as it stands, revoked tokens too."""
        path = self.settings.access.users
        return Users({}, (), {}) if path is None else users.read(path, self.settings.area.time_zone)

    def _last(self, action: str) -> dict[str, pd.Timestamp]:
        """The last line of an action by each user."""
        lines = audit.read(self.store, None, Asked(action))
        return dict(lines.groupby("user")["at"].max())

    def _last_uses(self) -> dict[tuple[str, str], pd.Timestamp]:
        """When each token last took something, by user and name of the token."""
        lines = audit.read(self.store, None, Asked("export", text='"token": '))
        lines = lines.assign(token=lines["what"].str.extract(r'"token": "((?:[^"\\]|\\.)*)"')[0])
        return dict(lines.groupby(["user", "token"])["at"].max())

    def _demand(self, action: str) -> None:
        asking.demand(self.settings, self.scope, action)


def _row(
    name: str, scope: access.Scope | None, fault: str, last: pd.Timestamp | None
) -> dict[str, Any]:
    """A user as a row; of one whose table is faulty only the name and the fault are known."""
    rights_of = scope or access.NOBODY
    return {
        "name": name, "group": name.startswith(users.GROUP),
        **users.described(rights_of), "fault": fault,
        "last_sign_in": pd.NaT if last is None else last,
    }  # fmt: skip


def _moment(at: Any) -> pd.Timestamp:
    moment = pd.Timestamp(at)
    return moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")


def _written(path: Path) -> pd.Timestamp:
    return pd.Timestamp(path.stat().st_mtime, unit="s", tz="UTC")
