"""The door of the server: what is refused before Streamlit, a page or a table sees it.

local mode    without a file of users, whatever does not come from this machine
proxy         with a secret shared with the proxy, whatever does not bring it
uploads       files of sessions without a permit, and more bytes than there is room for

Every answer leaves with the headers of `joins.http.headers`.
"""

import hmac
import re
import time
from collections.abc import Callable, Mapping

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from data.errors import DataError
from data.store import audit
from joins import opened
from joins.http.answers import Refusal, language, refuse
from joins.http.direct import caller, is_direct
from joins.http.headers import guarded
from joins.http.uploads import Permits
from settings import Settings, load_settings

#: says whether the server is up and nothing else
OPEN = re.compile(r"/(healthz|_stcore/health)$")
UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)/?$")
#: the door's word to what lies behind it that local mode holds for this request
NEAR = "kalbar.near"
#: the header in which a proxy brings the secret it shares with the server
PROXY = "X-Kalbar-Proxy"
#: one line so often for the same denial of the same caller, and so many lines a minute in all: the
#: log is not to be drowned; what was left out is counted in the next line
DENIED_EVERY_SECONDS = 60.0
MOST_DENIED = 30
_denied: dict[tuple[str, str, str], float] = {}
_left_out = [0]
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Door:
    """ASGI middleware around everything that the server answers.

    Parameters
    ----------
    app : what is behind the door
    bound : gives the address that the server listens on
    permits : sessions that may send files
    held : gives the bytes of uploads that the server holds, by session
    """

    def __init__(
        self,
        app: ASGIApp,
        bound: Callable[[], str | None],
        permits: Permits,
        held: Callable[[], Mapping[str, int]],
    ):
        self.app, self.bound, self.permits, self.held = app, bound, permits, held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or hand on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        send = guarded(scope, send)
        why = None if OPEN.search(scope["path"]) else self._why_not(scope)
        if why is not None:
            await _refuse(scope, receive, send, why)
        elif (put := UPLOAD.search(scope["path"])) and scope.get("method") == "PUT":
            await self._take_upload(put[1], put[2], scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _why_not(self, scope: Scope) -> Refusal | None:
        """Why he is not let in, None if he is: with users, everybody as far as his rights go (who
        comes past the proxy where one shares a secret); without, this machine alone."""
        try:
            settings = load_settings()
        except DataError:
            settings = None  # the page says what is wrong, to this machine
        if settings is not None and settings.access.users is not None:
            if _from_proxy(scope, settings):
                return None
            log_denied(settings, scope, "proxy")
            return Refusal(401, "proxy")
        client = (scope.get("client") or ("",))[0]
        headers = dict(Headers(scope=scope).items())
        near = is_direct(headers, client, self.bound(), scope.get("http_version", "1.1"))
        scope[NEAR] = near
        if not near and settings is not None:
            log_denied(settings, scope, "door")
        return None if near else Refusal(401, "local")

    async def _take_upload(
        self, session: str, file: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        headers = Headers(scope=scope)
        size = headers.get("content-length", "")
        length = int(size) if size.isascii() and size.isdigit() else None
        if why := self.permits.refuse(session, file, length, self.held()):
            if why.status != 403:  # who may send files gets to read why this one may not come
                await _let_run_out(receive)
            words = why.said(language(headers.get("accept-language", "")))
            answer = PlainTextResponse(words, why.status, {**HEADERS, "Connection": "close"})
            await answer(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            self.permits.arrived(session, file)


def _from_proxy(scope: Scope, settings: Settings) -> bool:
    """Whether a request brings the secret of the proxy; without one in the settings, all do."""
    if settings.access.proxy_secret is None:
        return True
    try:
        text = settings.access.proxy_secret.read_text(encoding="utf-8")
    except OSError:
        return False  # a secret that cannot be read is brought by nobody
    known = [line.strip() for line in text.splitlines() if line.strip()]
    brought = Headers(scope=scope).get(PROXY, "").encode()
    # while it is being changed two hold; both are compared: how long it takes tells nothing
    return any([hmac.compare_digest(brought, secret.encode()) for secret in known])


def log_denied(settings: Settings, scope: Scope, page: str, user: str = "", **more: str) -> None:
    """A denial in the audit log, but not so many that the log itself is drowned.

    Parameters
    ----------
    settings : name the store whose log is told
    scope : the request
    page : which door was closed
    user : whose token it was, "" if nobody's
    more : why, and the name of the token; what looks like personal data is told as ?
    """
    peer, now = (scope.get("client") or ("",))[0], time.monotonic()
    address = caller(peer, dict(Headers(scope=scope).items()))
    mark = (page, address, more.get("token", ""))
    for old in [one for one, at in _denied.items() if now - at >= DENIED_EVERY_SECONDS]:
        del _denied[old]
    if mark in _denied or len(_denied) >= MOST_DENIED:
        _left_out[0] += 1
        return
    _denied[mark] = now
    line: dict[str, str | int] = {"page": page, **({"from": address} if address else {})}
    line["object"] = audit.name_or(scope["path"], "?")
    line |= {key: audit.name_or(value, "?") for key, value in more.items()}
    if _left_out[0]:
        line["left_out"], _left_out[0] = _left_out[0], 0
    audit.log(opened.find_store(settings), "denied", user, line)


async def _let_run_out(receive: Receive) -> None:
    """Take what is being sent and keep none of it: a browser reads no answer before it is done."""
    while True:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            return


async def _refuse(scope: Scope, receive: Receive, send: Send, why: Refusal) -> None:
    """A handshake is closed; a request gets the one sentence on how to be let in."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "not let in"})
        return
    answer: Response
    if "/api/" in scope["path"]:
        answer = refuse(why, Headers(scope=scope), HEADERS)
    else:
        page = "<!doctype html><html lang=id><meta charset=utf-8><title>Kalbar Risk</title>"
        how = "".join(f"<p lang={lang}>{why.said(lang)}</p>" for lang in ("id", "en"))
        answer = HTMLResponse(f"{page}{how}</html>", 403, HEADERS)
    await answer(scope, receive, send)
