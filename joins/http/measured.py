"""How long answers take, by kind of address and status: the outermost layer of the server."""

import re
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from joins import meters

#: what begins so -> kind; an address itself is never a label, it could name anything
KINDS = (
    (re.compile(r"/api/(items|features)"), "table"),
    (re.compile(r"/api/data/"), "map"),
    (re.compile(r"/_stcore/upload_file/"), "upload"),
    (re.compile(r"/(healthz|_stcore/health)$"), "health"),
    (re.compile(r"/(static|_stcore|media|component)/"), "part"),
)


class Measured:
    """ASGI middleware that times answers and counts open pages.

    Parameters
    ----------
    app : what answers
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, and note how long it took."""
        if scope["type"] == "websocket":
            with meters.OPEN.track_inprogress():
                await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._timed(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _timed(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, status = time.perf_counter(), ["500"]  # nothing was sent: it failed

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = str(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            took = time.perf_counter() - begun
            meters.REQUESTS.labels(kind_of(scope["path"]), status[0]).observe(took)


def kind_of(path: str) -> str:
    """The kind of an address: table, map, upload, health, part of the page, or page."""
    return next((kind for pattern, kind in KINDS if pattern.search(path)), "page")
