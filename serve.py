"""The server: the door, the dashboard, the data its map fetches, tables by address, a health check.

streamlit run serve.py
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event, Thread
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit import runtime

from joins.http import api
from joins.http.door import Door
from joins.http.uploads import PERMITS
from ui.map.transport import SHELF

#: addresses name their content, so a browser may keep it; no shared cache may
KEEP = {"Cache-Control": "private, max-age=31536000, immutable", "Content-Encoding": "gzip"}


async def data(request: Request) -> Response:
    """Bytes that app.py put on the shelf for a scope; an address that was not issued is unknown."""
    found = SHELF.get(request.path_params["tag"], request.path_params.get("tile", ""))
    if found is None:
        return JSONResponse({"error": "unknown address"}, status_code=404)
    headers = {**KEEP, "X-Content-Type-Options": "nosniff"}
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
    Thread(target=_warm, args=(stop,), name="warm", daemon=True).start()
    yield
    stop.set()


def _warm(stop: Event) -> None:
    from joins.http import warm  # loads much; the server answers meanwhile

    warm.watch(stop)


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


app = st.App(
    "app.py",
    routes=_routes(),
    middleware=[Middleware(Door, bound=_bound, permits=PERMITS, held=_held)],
    lifespan=prepared,
)
