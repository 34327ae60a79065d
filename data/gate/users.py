"""The file of users: who has which rights, by name, by group and by token."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from data import toml_text
from data.errors import DataError
from data.findings import parts_of, reason
from data.gate.access import NOBODY, OVERSIGHT, ROLES, TIERS, Scope
from data.gate.identity import Identity
from geo import calendar

#: a table whose name begins so gives its rights to all who belong to that group
GROUP = "@"
#: a shorter token could be guessed
MIN_TOKEN = 24
KEYS = ("agency", "tier", "kabupaten", "expires")
OPTIONAL = ("role", "kecamatan", "token_sha256", "tokens")
#: all that a table of whoever watches over others may hold: he sees no data, by no address either
WATCHING = ("role", "expires")


@dataclass(frozen=True)
class Token:
    """What a program shows instead of a person.

    user : whose rights it carries
    digest : SHA-256 of it, hexadecimal, lower case
    name : what its owner calls it; where he gave none, its number in his table
    expires : the moment from which on it opens nothing (UTC or zoned)
    """

    user: str
    digest: str
    name: str
    expires: pd.Timestamp


@dataclass(frozen=True)
class Users:
    """What the file says: rights by name (groups with their sign), tokens, and what is wrong; and
    the digests of tokens that were revoked since (`data.gate.revoked`)."""

    scopes: Mapping[str, Scope]
    tokens: tuple[Token, ...]
    faults: Mapping[str, str]
    revoked: frozenset[str] = frozenset()

    def scope_of(self, who: Identity) -> Scope:
        """The rights of a person: his own table, else that of the first of his groups in the
        file; NOBODY if he has none, or if his own table is faulty (a group would hide that)."""
        if not who.name or who.name.startswith(GROUP) or who.name in self.faults:
            return NOBODY
        if who.name in self.scopes:
            return self.scopes[who.name]
        for name, scope in self.scopes.items():
            if name.startswith(GROUP) and name.removeprefix(GROUP) in who.groups:
                return replace(scope, user=who.name)
        return NOBODY

    def scope_of_token(self, token: str, now: pd.Timestamp | None = None) -> Scope:
        """The rights that a token carries; NOBODY if it is unknown, short, revoked or over."""
        found = self.token(token)
        if found is not None and found.digest in self.revoked:
            return NOBODY
        moment = now or pd.Timestamp.now("UTC")
        return self.scopes[found.user] if found and moment < found.expires else NOBODY

    def token(self, token: str) -> Token | None:
        """The token that somebody shows, also one that is over; None if it is unknown or short."""
        given = hashlib.sha256(token.encode()).hexdigest().encode()
        found = None
        for one in self.tokens:
            # all are compared, each in constant time: how long it takes tells nothing
            if hmac.compare_digest(one.digest.encode(), given):
                found = one
        return found if len(token) >= MIN_TOKEN else None


def read(path: str | Path, zone: str = calendar.HOME, revoked: Iterable[str] = ()) -> Users:
    """The file as far as it is right; what is wrong in one table locks out its owner alone.

    One table per user: `agency`, `tier`, `kabupaten` (list of codes or "all"), `expires` (last
    day, in `zone`), optional `role`, `kecamatan` (list of codes), `token_sha256` or
    `[[NAME.tokens]]` with `sha256`, optional `name` and `expires` (last day). The roles auditor
    and administrator have `role` and `expires` alone. A table `["@NAME"]` gives its rights to the
    members of a group. Nobody is known if there is no file.

    Parameters
    ----------
    path : TOML of the users
    zone : IANA name of the zone in which days of expiry end
    revoked : digests of tokens that open nothing any more

    Raises
    ------
    DataError
        If the file as a whole cannot be read. Its words name no user.
    """
    scopes: dict[str, Scope] = {}
    tokens: list[Token] = []
    faults: dict[str, str] = {}
    for user, given in _tables(Path(path)).items():
        try:
            scope = _scope(user, given, zone)
            own = _tokens(scope, given, zone)
        except DataError as problem:
            faults[user] = reason(problem.key, str(problem), **problem.values)
        else:
            scopes[user] = scope
            tokens += own
    return Users(scopes, tuple(tokens), faults, frozenset(revoked))


def described(scope: Scope) -> dict[str, Any]:
    """Rights as they are shown to whoever looks after users: agency, tier, role, kabupaten,
    kecamatan (codes joined, "*" for all, "" for none) and expires (UTC or NaT)."""
    codes = {
        name: "*" if held is None else ", ".join(sorted(held))
        for name, held in (("kabupaten", scope.kabupaten), ("kecamatan", scope.kecamatan))
    }
    end = pd.NaT if scope.expires is None else scope.expires
    return {"agency": scope.agency, "tier": scope.tier, "role": scope.role, **codes, "expires": end}


def load_scopes(path: str | Path, zone: str = calendar.HOME) -> dict[str, Scope]:
    """Rights by name, of a file without a fault.

    Parameters
    ----------
    path, zone : as for `read`

    Raises
    ------
    DataError
        With all faults of the file, by user: for whoever keeps it, never for a visitor.
    """
    path = Path(path)
    users = read(path, zone)
    if users.faults:
        wrong = []
        for user, fault in users.faults.items():
            key, sentence, values = parts_of(fault)
            wrong.append(reason(key, f"[{user}] {sentence}", **{**values, "where": f"[{user}]"}))
        raise DataError.of(wrong, path.name)
    return dict(users.scopes)


def _tables(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    return toml_text.parse(path.read_bytes(), path.name)


def _scope(user: str, given: Any, zone: str) -> Scope:
    if not isinstance(given, dict):
        what = f"is a table with {', '.join(KEYS)}, got {given!r}"
        raise DataError(what, key="user_no_table", known=list(KEYS))
    role = given.get("role", "")
    if role not in ROLES:
        what = f"role is one of {', '.join(ROLES[1:])}, got {role!r}"
        raise DataError(what, key="not_offered", name="role", known=list(ROLES[1:]),
                        given=repr(role))  # fmt: skip
    if role in OVERSIGHT:
        return _watching(user, given, zone)
    known = {*KEYS, *OPTIONAL}
    if unknown := sorted(set(given) - known):
        what = f"unknown key {', '.join(unknown)}; known are {', '.join(sorted(known))}"
        raise DataError(what, key="user_unknown", names=unknown, known=sorted(known))
    if missing := sorted(set(KEYS) - set(given)):
        raise DataError(f"missing: {', '.join(missing)}", key="user_missing", names=missing)
    kabupaten, kecamatan = given["kabupaten"], given.get("kecamatan")
    if kabupaten != "all" and not _is_codes(kabupaten):
        what = f'kabupaten is "all" or a list of codes, got {kabupaten!r}'
        raise DataError(what, key="user_kabupaten", given=repr(kabupaten))
    if kecamatan is not None and not _is_codes(kecamatan):
        what = f"kecamatan is a list of codes, got {kecamatan!r}"
        raise DataError(what, key="user_kecamatan", given=repr(kecamatan))
    tier = given["tier"]
    if tier not in TIERS:
        what = f"tier is one of {', '.join(TIERS)}, got {tier!r}"
        raise DataError(what, key="not_offered", name="tier", known=list(TIERS), given=repr(tier))
    if not isinstance(given["agency"], str):
        what = f"agency is a text, got {given['agency']!r}"
        raise DataError(what, key="setting_form", name="agency", form="text",
                        given=repr(given["agency"]))  # fmt: skip
    return Scope(
        user=user,
        agency=given["agency"],
        tier=tier,
        kabupaten=None if kabupaten == "all" else frozenset(kabupaten),
        kecamatan=None if kecamatan is None else frozenset(kecamatan),
        expires=_end(given["expires"], zone),
        role=role,
    )


def _watching(user: str, given: Mapping[str, Any], zone: str) -> Scope:
    """The rights of an auditor or administrator, who has no agency, tier, district or token."""
    if unknown := sorted(set(given) - set(WATCHING)):
        what = f"unknown key {', '.join(unknown)}; known are {', '.join(WATCHING)}"
        raise DataError(what, key="user_unknown", names=unknown, known=list(WATCHING))
    if "expires" not in given:
        raise DataError("missing: expires", key="user_missing", names=["expires"])
    return Scope(user=user, expires=_end(given["expires"], zone), role=given["role"])


def _is_codes(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(code, str) for code in value)


def _tokens(scope: Scope, given: Mapping[str, Any], zone: str) -> list[Token]:
    """The tokens of a user; a group has none, since nobody would be behind it."""
    tables = given.get("tokens", [])
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        what = "tokens are tables [[NAME.tokens]] with sha256, name, expires"
        raise DataError(what, key="user_tokens")
    if single := given.get("token_sha256"):
        tables = [{"sha256": single, "name": "token_sha256"}, *tables]
    if tables and scope.user.startswith(GROUP):
        what = "a group has no token; give it to one of its members"
        raise DataError(what, key="user_group_token")
    made = []
    for number, one in enumerate(tables, start=1):
        if unknown := sorted(set(one) - {"sha256", "name", "expires"}):
            what = f"token: unknown key {', '.join(unknown)}"
            raise DataError(what, key="user_token_unknown", names=unknown)
        digest = str(one.get("sha256", "")).lower()
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            what = "token: sha256 is 64 hexadecimal digits"
            raise DataError(what, key="user_token_digest")
        # a token never outlives the rights of its user
        until = scope.expires if scope.expires is not None else pd.Timestamp(0, tz="UTC")
        end = min(until, _end(one["expires"], zone)) if "expires" in one else until
        made.append(Token(scope.user, digest, str(one.get("name") or number), end))
    return made


def _end(value: Any, zone: str) -> pd.Timestamp:
    what = f"expires is a day like 2027-06-30, got {value!r}"
    try:
        day = pd.Timestamp(value)
    except (TypeError, ValueError):
        raise DataError(what, key="user_expires", given=str(value)) from None
    if pd.isna(day):
        raise DataError(what, key="user_expires", given=str(value))
    return calendar.end_of(day, zone) if day.tzinfo is None else day + pd.Timedelta(days=1)
