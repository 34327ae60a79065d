"""The server: the door, the dashboard, the data its map fetches, tables by address, a health check.

streamlit run serve.py
"""

import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from threading import Event, Thread
from typing import Any
from wsgiref.simple_server import WSGIServer

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit import runtime
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from data.errors import DataError
from data.gate.rights import Rights
from joins import faults
from joins.http import api, lines, metrics
from joins.http.answers import Refusal, refuse
from joins.http.caller import Trusted, session_scope
from joins.http.door import Door
from joins.http.measured import Measured
from joins.http.uploads import PERMITS
from settings import load_settings
from ui.map.transport import SHELF

os.umask(0o077)  # what the server writes is its user's alone: files 0600, folders 0700
#: addresses name their content, so a browser may keep it, but asks each time whether it may still
#: show it; no shared cache may keep it at all
KEEP = {"Cache-Control": "private, no-cache", "Content-Encoding": "gzip"}
#: of Streamlit's sign-in; it gives no public way to read it outside a page
COOKIE = "_streamlit_user"


def _trusted_headers() -> dict[str, str]:
    return dict(st.get_option("server.trustedUserHeaders") or {})


def _sign_in(cookies: Mapping[str, str]) -> bytes | None:
    """The text in the cookie of a sign-in whose signature holds, None otherwise."""

    def signed(name: str) -> bytes | None:
        value = cookies.get(name, "").encode("latin-1")  # as cookies are on the wire
        return decode_signed_value(get_cookie_secret(), name, value)

    return get_cookie_with_chunks(signed, COOKIE)


TRUSTED = Trusted(_trusted_headers, _sign_in)


def data(request: Request) -> Response:
    """Bytes that app.py put on the shelf for those rights that whoever asks has at this moment.

    An address that was not issued, and one issued to other rights than his, is unknown alike.
    """
    tag, tile = request.path_params["tag"], request.path_params.get("tile", "")
    found = SHELF.get(tag, tile)
    try:
        scope = session_scope(request, load_settings(), TRUSTED)
    except DataError:
        found = None  # the page says what is wrong with settings or users
    else:
        if Rights(scope).closed("see") or scope.mark not in SHELF.mark(tag):
            found = None
    if found is None:
        return refuse(Refusal(404, "address"), request.headers)
    headers = {**KEEP, "ETag": f'"{tag}{tile}"', "X-Content-Type-Options": "nosniff"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(found, media_type="application/json", headers=headers)


async def healthz(request: Request) -> Response:
    """Up, and no more than that."""
    return JSONResponse({"status": "ok"})


def _routes() -> list[Route]:
    """Custom routes are not prefixed by Streamlit, so the base path is put in front here."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    base = f"/{base}" if base else ""
    return [
        Route(f"{base}/api/data/{{tag}}.json", data),
        Route(f"{base}/api/data/{{tag}}/{{tile}}.json", data),
        Route(f"{base}/healthz", healthz),
        *api.routes(base),
    ]


@asynccontextmanager
async def prepared(_: st.App) -> AsyncIterator[None]:
    """While the server runs, what visitors need is made before they come."""
    stop = Event()
    monitored = _monitored()
    for work in (_warm, _weekly):
        Thread(target=work, args=(stop,), name=work.__name__, daemon=True).start()
    yield
    stop.set()
    if monitored is not None:
        monitored.shutdown()


def _monitored() -> WSGIServer | None:
    """The answers to a monitor, and the form of the log, as the settings say."""
    try:
        settings = load_settings()
    except DataError:
        return None  # the page says what is wrong with them
    if settings.log.form == "json":
        lines.use_json()
    port = int(os.environ.get("KALBAR_METRICS_PORT") or settings.metrics.port)
    return metrics.serve(port) if port else None


def _warm(stop: Event) -> None:
    from joins.http import warm  # loads much; the server answers meanwhile

    warm.watch(stop)


def _weekly(stop: Event) -> None:
    from joins.service import timer

    timer.watch(stop)


def _bound() -> str | None:
    """The address that the server listens on; unset, it is every address of the machine."""
    return st.get_option("server.address")


def _held() -> dict[str, int]:
    """Bytes of uploads in memory, by session."""
    # the manager that Streamlit runs has it; the type it promises says less
    manager: Any = runtime.get_instance().uploaded_file_mgr
    files = manager.file_storage
    return {name: sum(len(one.data) for one in list(kept.values())) for name, kept in
            list(files.items())}  # fmt: skip


def say(problem: Exception) -> bool:
    """What goes wrong outside of the run of a page, in a callback or in a part that renews itself:
    a refusal is said in words, a fault of the program kept in the log and told by its number."""
    from ui.views import frame  # loads much; the server answers meanwhile

    lang = st.query_params.get("lang", "id")
    if isinstance(problem, DataError):
        frame.show_problem(problem, lang)
    else:
        frame.show_fault(faults.note(problem, "callback").number)
    return True


def _without_words(record: logging.LogRecord) -> bool:
    """An exception's words may quote a file; `faults.log` names its kind and place."""
    record.exc_info = None
    return True


logging.getLogger("streamlit.error_util").addFilter(_without_words)
app = st.App(
    "app.py",
    on_script_error=say,
    routes=_routes(),
    middleware=[Middleware(Measured), Middleware(Door, bound=_bound, permits=PERMITS, held=_held)],
    lifespan=prepared,
)
