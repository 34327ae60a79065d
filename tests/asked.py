"""A table by address, asked without a network."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from starlette.applications import Starlette

from joins.http import api


def ask(path: str, query: bytes = b"") -> tuple[int, bytes]:
    """Status and body of what an address answers to this machine."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    given = {
        "type": "http", "method": "GET", "scheme": "http", "http_version": "1.1", "path": path,
        "raw_path": path.encode(), "root_path": "", "query_string": query,
        "client": ("127.0.0.1", 1), "server": ("localhost", 80),
        "headers": [(b"host", b"localhost")],
    }  # fmt: skip
    with ThreadPoolExecutor(1) as alone:
        call = Starlette(routes=api.routes(""))(given, receive, send)
        alone.submit(asyncio.run, call).result()
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])
