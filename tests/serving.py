"""A real server on a free port of this machine, for as long as a test needs it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def serving(
    config: Path, *options: str, base: str = "", script: str = "serve.py", port: int = 0
) -> Iterator[int]:
    """The dashboard on a config.toml; gives its port.

    Parameters
    ----------
    config : path of the settings
    options : more of `streamlit run`
    base : base path, without slashes
    script : what is run; app.py alone has neither door nor tables
    port : to listen on, 0 for any that is free
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    more = ["--server.baseUrlPath", base] if base else []
    running = subprocess.Popen(
        [*command, *more, *options], cwd=HOUSE, env={**os.environ, "KALBAR_CONFIG": str(config)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}{'/' if base else ''}{base}/_stcore/health")
        yield port
    finally:
        running.terminate()
        running.wait(15)


def wait_for(address: str) -> bytes:
    """The answer of an address, as soon as it answers."""
    limit = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return answer.read()
        except OSError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.3)
