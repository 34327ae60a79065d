"""The nginx example works as it stands: page, data, health and a websocket under the sub-path."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.ui.conftest import config, world  # noqa: F401 - fixtures

HOUSE = Path(__file__).resolve().parent.parent
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def behind(config, tmp_path):  # noqa: F811
    if NGINX is None:
        pytest.skip("no nginx here: install it (Debian: apt-get install nginx-light) to run this")
    one, two, outer = free_port(), free_port(), free_port()
    told = (HOUSE / "deploy/nginx.conf").read_text(encoding="utf-8")
    for port, here in ((8501, one), (8502, two)):
        assert f"server 127.0.0.1:{port};" in told
        told = told.replace(f"127.0.0.1:{port}", f"127.0.0.1:{here}")
    told = told.replace("8443", f"127.0.0.1:{outer}")
    whole = (
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        "http { include /etc/nginx/mime.types;\n"
        f"log_format way '$upstream_addr|$http_user_agent'; access_log {tmp_path}/way.log way;\n"
        + "".join(
            f"{name}_temp_path {tmp_path}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + told
        + "}\n"
    )
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    pages = [
        subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "serve.py", "--server.port", str(port),
             "--server.baseUrlPath", "kalbar"],
            cwd=HOUSE, env={**os.environ, "KALBAR_CONFIG": str(config)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for port in (one, two)
    ]  # fmt: skip
    proxy = subprocess.Popen([NGINX, "-c", str(tmp_path / "nginx.conf")])
    try:
        for port in (one, two):
            wait_for(f"http://127.0.0.1:{port}/kalbar/healthz")
        yield f"http://127.0.0.1:{outer}/kalbar", tmp_path / "way.log", {one, two}
    finally:
        for running in (proxy, *pages):
            running.terminate()
            running.wait(15)


def wait_for(address: str) -> bytes:
    limit = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return answer.read()
        except OSError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.3)


def test_the_nginx_example_serves_sessions_of_two_processes(behind):
    behind, log, ports = behind
    client = pytest.importorskip("bench.sessions")
    assert wait_for(f"{behind}/_stcore/health").strip() == b"ok"
    assert b"ok" in wait_for(f"{behind}/healthz")
    for name in ("metrics", "host-config"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{behind}/_stcore/{name}")
    # what comes through a proxy is not this machine
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{behind}/api/items/cells.geojson")
    told = client.run(behind, people=2, rounds=2)
    assert told["reruns"] == 4 and told["faults"] == 0
    for _ in range(3):
        for name in range(12):
            asked = urllib.request.Request(f"{behind}/healthz", headers={"User-Agent": f"p{name}"})
            urllib.request.urlopen(asked, timeout=10).read()
    ways: dict[str, set[str]] = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        process, _, who = line.partition("|")
        if process != "-":
            ways.setdefault(who, set()).add(process)
    assert all(len(processes) == 1 for processes in ways.values()), "a session changed its process"
    used = {int(one.rpartition(":")[2]) for processes in ways.values() for one in processes}
    assert used == ports
