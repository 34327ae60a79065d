"""Who is looking: what a proxy or an identity provider says -> a name, groups, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

#: why somebody who asks is nobody yet
REASONS = ("signed_out", "unnamed", "old", "proof")


@dataclass(frozen=True)
class SignIn:
    """How a person is known (`[access]` in the settings).

    name_claim : the claim, or the key of a proxy's header, that holds his name in the file of users
    groups_claim : the claim that lists his groups, "" if groups are not used
    proofs : values of which one must stand in `amr` or `acr` (RFC 8176), empty if none is demanded
    session_hours : hours after which he must sign in again, 0 for no limit
    """

    name_claim: str = "login"
    groups_claim: str = ""
    proofs: tuple[str, ...] = ()
    session_hours: float = 0.0


@dataclass(frozen=True)
class Identity:
    """A person as he was proved, or why he is nobody yet.

    name : in the file of users, "" for nobody
    groups : he belongs to
    since : the moment he proved who he is (UTC), None where nobody says
    reason : one of REASONS, "" for somebody
    """

    name: str = ""
    groups: frozenset[str] = frozenset()
    since: pd.Timestamp | None = None
    reason: str = ""


def identify(
    claims: Mapping[str, Any], rules: SignIn, now: pd.Timestamp, not_before: pd.Timestamp | None
) -> Identity:
    """Read the claims of an ID token, or the headers of a proxy by their keys.

    Parameters
    ----------
    claims : as they came; nothing in them is believed beyond what their bearer vouches for
    rules : of the settings
    now : the moment (UTC)
    not_before : who signed in before this moment was signed out everywhere; None: never was

    Notes
    -----
    `auth_time` says when the person proved himself; where a provider leaves it out, `iat` says
    when the token was made, which is never earlier (OpenID Connect Core 1.0, section 2). Where a
    limit needs the moment and neither is said, the person is nobody: a limit that cannot be
    checked is not met.
    """
    if claims.get("is_logged_in") is False or not claims:
        return Identity(reason="signed_out")
    name = claims.get(rules.name_claim)
    if not isinstance(name, str) or not name:
        return Identity(reason="unnamed")
    since = _moment(claims.get("auth_time", claims.get("iat")))
    if _too_old(since, rules.session_hours, now, not_before):
        return Identity(since=since, reason="old")
    given = _listed(claims.get("amr")) | _listed(claims.get("acr"))
    if rules.proofs and not given & set(rules.proofs):
        return Identity(since=since, reason="proof")
    groups = _listed(claims.get(rules.groups_claim)) if rules.groups_claim else frozenset()
    return Identity(name, groups, since)


def _too_old(
    since: pd.Timestamp | None,
    hours: float,
    now: pd.Timestamp,
    not_before: pd.Timestamp | None,
) -> bool:
    if not hours and not_before is None:
        return False
    if since is None or (not_before is not None and since < not_before):
        return True
    return bool(hours) and now >= since + pd.Timedelta(hours=hours)


def _moment(value: Any) -> pd.Timestamp | None:
    """Seconds since 1970 as providers say them; anything else is no moment."""
    seconds = float(value) if isinstance(value, int | float | str) and _is_number(value) else None
    if seconds is None or not 0 < seconds < 1e11:
        return None
    return pd.Timestamp(seconds, unit="s", tz="UTC")


def _is_number(value: int | float | str) -> bool:
    return not isinstance(value, bool) and str(value).replace(".", "", 1).isdecimal()


def _listed(value: Any) -> frozenset[str]:
    """A list of texts, or one text with commas or spaces between, as proxies write groups."""
    if isinstance(value, str):
        return frozenset(value.replace(",", " ").split())
    if isinstance(value, list | tuple | set | frozenset):
        return frozenset(one for one in value if isinstance(one, str))
    return frozenset()
