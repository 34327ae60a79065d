"""The nginx example works as it stands: page, data, health and a websocket under the sub-path."""

import json
import subprocess
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.serving import NGINX, free_port, serving, wait_for
from tests.ui.conftest import config, world  # noqa: F401 - fixtures

HOUSE = Path(__file__).resolve().parent.parent


USERS = """
[uji]
agency = "satgas_pamtas"
tier = "internal"
kabupaten = "all"
expires = 2100-01-01
"""


def nginx_conf(folder: Path, outer: int, ports: dict[int, int], user: str) -> Path:
    """The example with this test's ports, and with a sign-in that says who is looking."""
    told = (HOUSE / "deploy/nginx.conf").read_text(encoding="utf-8")
    for port, here in ports.items():
        assert f"server 127.0.0.1:{port};" in told
        told = told.replace(f"127.0.0.1:{port}", f"127.0.0.1:{here}")
    assert 'set $user "";' in told
    told = told.replace("8443", f"127.0.0.1:{outer}").replace('$user "";', f'$user "{user}";')
    whole = (
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        "http { include /etc/nginx/mime.types;\n"
        f"log_format way '$upstream_addr|$http_user_agent'; access_log {folder}/way.log way;\n"
        + "".join(
            f"{name}_temp_path {folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + told
        + "}\n"
    )
    path = folder / "nginx.conf"
    path.write_text(whole, encoding="utf-8")
    return path


@contextmanager
def behind(config, folder: Path, user: str):  # noqa: F811
    """Two processes behind the example: (address, log of the ways, ports)."""
    trusted = json.dumps({"X-Forwarded-User": "login"})
    options = ("--server.trustedUserHeaders", trusted)
    with (
        serving(config, *options, base="kalbar") as one,
        serving(config, *options, base="kalbar") as two,
    ):
        outer = free_port()  # last, so that nothing takes it before the proxy does
        path = nginx_conf(folder, outer, {8501: one, 8502: two}, user)
        proxy = subprocess.Popen([NGINX, "-c", str(path)])
        try:
            wait_for(f"http://127.0.0.1:{outer}/kalbar/healthz")
            yield f"http://127.0.0.1:{outer}/kalbar", folder / "way.log", {one, two}
        finally:
            proxy.terminate()
            proxy.wait(15)


@pytest.fixture
def with_users(config):  # noqa: F811
    (config.parent / "deploy_users.toml").write_text(USERS, encoding="utf-8")
    mine = config.with_name("deploy.toml")
    told = config.read_text(encoding="utf-8") + '\n[access]\nusers = "deploy_users.toml"\n'
    mine.write_text(told, encoding="utf-8")
    return mine


needs_nginx = pytest.mark.skipif(
    NGINX is None, reason="no nginx here: install it (Debian: apt-get install nginx-light)"
)


@needs_nginx
def test_without_a_file_of_users_the_example_opens_nothing(config, tmp_path):  # noqa: F811
    with behind(config, tmp_path, "uji") as (address, _, _):
        for path, status in (("/", "403"), ("/api/items/cells.geojson", "401")):
            with pytest.raises(urllib.error.HTTPError, match=status):
                urllib.request.urlopen(f"{address}{path}")


@needs_nginx
def test_the_nginx_example_serves_sessions_of_two_processes(with_users, tmp_path):
    client = pytest.importorskip("bench.service.sessions")
    with behind(with_users, tmp_path, "uji") as (address, log, ports):
        assert wait_for(f"{address}/_stcore/health").strip() == b"ok"
        assert b"ok" in wait_for(f"{address}/healthz")
        for name in ("metrics", "host-config"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"{address}/_stcore/{name}")
        # a table by address wants a token of its own
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"{address}/api/items/cells.geojson")
        told = client.run(address, people=2, rounds=2)
        assert told["reruns"] == 4 and told["faults"] == 0
        for _ in range(3):
            for name in range(12):
                agent = {"User-Agent": f"p{name}"}
                asked = urllib.request.Request(f"{address}/healthz", headers=agent)
                urllib.request.urlopen(asked, timeout=10).read()
        text = log.read_text(encoding="utf-8")
    ways: dict[str, set[str]] = {}
    for line in text.splitlines():
        process, _, who = line.partition("|")
        if process != "-":
            ways.setdefault(who, set()).add(process)
    assert all(len(processes) == 1 for processes in ways.values()), "a session changed its process"
    used = {int(one.rpartition(":")[2]) for processes in ways.values() for one in processes}
    assert used == ports


def test_the_container_listens_everywhere_and_so_is_never_open_without_users():
    """Local mode holds on this machine's own address alone (tests/joins/test_door.py)."""
    told = (HOUSE / "deploy/Containerfile").read_text(encoding="utf-8")
    assert '"--server.address", "0.0.0.0"' in told and "KALBAR_CONFIG" in told
