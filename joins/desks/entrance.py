"""Who stands at the entrance, and with which rights: asked alike by pages and addresses.

claims (of a proxy's header or a provider's token) -> identity -> rights in the file of users.
Two limits end a session: hours since the person proved himself, and minutes without a click. What
a person signs out of everywhere is kept beside the store as a moment, by a digest of his name.
"""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import pandas as pd

from data.gate import users
from data.gate.access import NOBODY, Scope
from data.gate.identity import identify
from data.gate.rights import Rights
from settings import Settings

#: last click of a signed-in person, seconds of `time.monotonic`, by name and moment of sign-in
_CLICKS: dict[tuple[str, pd.Timestamp], float] = {}
_LOCK = Lock()
#: more than this many sign-ins are not remembered; the longest idle ones go first
MOST_SESSIONS = 10_000


@dataclass(frozen=True)
class Visitor:
    """Somebody who looks.

    scope : his rights, NOBODY if he has none
    name : as proved, "" for nobody
    reason : why he is nobody yet: of `identity.REASONS`, "idle", or "unlisted"; "" otherwise
    fault : what is wrong with his table in the file of users, "" if nothing is; for the log
    """

    scope: Scope = NOBODY
    name: str = ""
    reason: str = ""
    fault: str = ""


def receive(
    settings: Settings, claims: Mapping[str, Any], clicked: bool, now: pd.Timestamp | None = None
) -> Visitor:
    """The visitor behind some claims. Without a file of users nobody is known by claims.

    Parameters
    ----------
    settings : of the program
    claims : as a trusted proxy or provider said them
    clicked : whether this is something that he did, rather than a look at the clock
    now : the moment (UTC), the present by default
    """
    if settings.access.users is None:
        return Visitor(reason="unlisted")
    moment = now or pd.Timestamp.now("UTC")
    rules = settings.access.rules
    named = claims.get(rules.name_claim)
    not_before = _signed_out(settings, named) if isinstance(named, str) else None
    who = identify(claims, rules, moment, not_before)
    if who.reason:
        return Visitor(reason=who.reason)
    if _idle(settings, who.name, who.since, clicked):
        return Visitor(reason="idle")
    known = users.read(settings.access.users, settings.area.time_zone)
    scope = known.scope_of(who)
    fault = known.faults.get(who.name, "")
    rights = Rights(scope, moment)
    nothing = all(rights.closed(action) for action in ("see", "read_audit", "administer"))
    return Visitor(scope, who.name, "unlisted" if nothing else "", fault)


def sign_out_everywhere(settings: Settings, name: str, now: pd.Timestamp | None = None) -> None:
    """End all sessions of a person: only a sign-in from now on counts.

    Parameters
    ----------
    settings : name the folder in which it is kept
    name : as in the file of users
    now : the moment (UTC), the present by default
    """
    path = _kept_in(settings)
    with _LOCK:
        moments = _read(path)
        moments[_digest(name)] = (now or pd.Timestamp.now("UTC")).isoformat()
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(moments, file, sort_keys=True)
        os.replace(part, path)


def _signed_out(settings: Settings, name: str) -> pd.Timestamp | None:
    moment = _read(_kept_in(settings)).get(_digest(name))
    return pd.Timestamp(moment) if moment else None


def _idle(settings: Settings, name: str, since: pd.Timestamp | None, clicked: bool) -> bool:
    """Whether a session has been idle for too long; a click within the limit renews it. Only who
    can sign in anew is held to it: a person whose proxy says no moment stays the proxy's."""
    limit = 60 * settings.access.idle_minutes
    if not limit or since is None or settings.access.sign_in != "oidc":
        return False
    key, moment = (name, since), time.monotonic()
    with _LOCK:
        last = _CLICKS.get(key, moment)
        if moment - last >= limit:
            return True
        if clicked:
            _CLICKS[key] = moment
            while len(_CLICKS) > MOST_SESSIONS:
                del _CLICKS[min(_CLICKS, key=lambda one: _CLICKS[one])]
    return False


def _kept_in(settings: Settings) -> Path:
    return settings.store.folder / "signed_out.json"


def _read(path: Path) -> dict[str, str]:
    """What was kept; a file that cannot be read is a fault, since it would let people in again."""
    if not path.is_file():
        return {}
    moments: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return moments


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]
