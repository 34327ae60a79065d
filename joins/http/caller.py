"""Who asks by address, in a browser that has the page open: the same person as on the page.

Streamlit hands a page what its handshake said; an address of our own is asked on its own, so the
header of the proxy, or the signed cookie of Streamlit's sign-in, is read here once more.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from data.gate import access
from joins.desks import entrance
from joins.http.door import NEAR
from settings import Settings


@dataclass(frozen=True)
class Trusted:
    """What the server believes of a request.

    headers : name of a proxy's header -> the key under which a page finds it
    cookie : the text in the cookie of Streamlit's sign-in, None without one whose signature holds
    """

    headers: Callable[[], Mapping[str, str]]
    cookie: Callable[[Mapping[str, str]], bytes | str | None]


def session_scope(request: Request, settings: Settings, trusted: Trusted) -> access.Scope:
    """The rights of the person whose browser asks, NOBODY if he has none (any more).

    Parameters
    ----------
    request : as it came
    settings : of the program
    trusted : what the server believes of it
    """
    if settings.access.users is None:
        return access.LOCAL if request.scope.get(NEAR) else access.NOBODY
    claims = claims_of(request, settings, trusted)
    return entrance.receive(settings, claims, clicked=False).scope


def claims_of(request: Request, settings: Settings, trusted: Trusted) -> dict[str, Any]:
    """What the proxy or the provider said of whoever asks; empty if nobody said anything.

    Parameters
    ----------
    request : as it came
    settings : of the program
    trusted : what the server believes of it
    """
    if settings.access.sign_in == "proxy":
        headers_told = {
            key: request.headers.get(header) for header, key in trusted.headers().items()
        }
        return {key: value for key, value in headers_told.items() if value is not None}
    kept = trusted.cookie(request.cookies)
    claims = json.loads(kept) if kept else {}
    return claims if isinstance(claims, dict) else {}
