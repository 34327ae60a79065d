"""The door: local mode is for this machine alone, and files come only where they may."""

import asyncio
import http.client
import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.sync.client import connect

from data.store import audit
from data.store.records import Store
from joins.http.direct import FORWARDED, is_direct
from joins.http.door import Door
from joins.http.uploads import Permits
from settings import load_settings
from tests.serving import NGINX, free_port, serving, wait_for
from tests.ui.conftest import config, world  # noqa: F401 - fixtures
from ui.words import t

NOW = pd.Timestamp("2026-11-27T12:00Z")
LATER = NOW + pd.Timedelta(hours=1)
HERE = {"host": "localhost:8501"}


# is_direct ------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST:80"])
@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_near(host, client):
    assert is_direct({"host": host}, client, "127.0.0.1")
    assert is_direct({"host": host, "origin": f"http://{host}"}, client, "localhost")


@pytest.mark.parametrize(
    ("headers", "client", "bound"),
    [
        (HERE, "10.0.0.7", "127.0.0.1"),
        (HERE, None, "127.0.0.1"),
        (HERE, "127.0.0.1", "0.0.0.0"),  # a container: whoever is forwarded looks near
        (HERE, "127.0.0.1", None),
        ({}, "127.0.0.1", "127.0.0.1"),
        ({"host": "rebound.example"}, "127.0.0.1", "127.0.0.1"),
        ({"host": "localhost.rebound.example"}, "127.0.0.1", "127.0.0.1"),
        ({"host": "rebound.example@localhost"}, "127.0.0.1", "127.0.0.1"),
        ({"host": "localhost:port"}, "127.0.0.1", "127.0.0.1"),
        (HERE | {"origin": "https://peta.example"}, "127.0.0.1", "127.0.0.1"),
        (HERE | {"origin": "null"}, "127.0.0.1", "127.0.0.1"),
        (HERE | {"origin": "http://localhost@evil.example"}, "127.0.0.1", "127.0.0.1"),
    ],
)
def test_anybody_else_is_far(headers, client, bound):
    assert not is_direct(headers, client, bound)


@given(st.sampled_from(FORWARDED), st.text(max_size=20))
def test_whatever_passed_a_proxy_is_far(name, value):
    assert not is_direct(HERE | {name: value}, "127.0.0.1", "127.0.0.1")


def test_http_1_0_is_a_proxy():
    assert not is_direct(HERE, "127.0.0.1", "127.0.0.1", "1.0")


# permits --------------------------------------------------------------------------------------


def test_a_session_without_a_permit_sends_nothing():
    permits = Permits()
    assert permits.refuse("a", "1", 10, {}, NOW)[0] == 403
    permits.give("a", LATER, NOW)
    assert permits.refuse("a", "1", 10, {}, NOW) is None
    permits.take("a")
    assert permits.refuse("a", "2", 10, {}, NOW)[0] == 403


def test_a_permit_ends_with_the_right_and_with_idleness():
    permits = Permits()
    permits.give("a", LATER, NOW)
    assert permits.refuse("a", "1", 10, {}, LATER)[0] == 403
    permits.give("b", NOW + pd.Timedelta(days=9), NOW)
    assert permits.refuse("b", "1", 10, {}, NOW + pd.Timedelta(hours=3))[0] == 403


def test_a_file_of_untold_length_does_not_come():
    permits = Permits()
    permits.give("a", LATER, NOW)
    assert permits.refuse("a", "1", None, {}, NOW)[0] == 411


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 70)), max_size=40))
def test_never_more_is_held_than_there_is_room_for(asked):
    """Whatever is sent by whom, with uploads still under way: session <= 60, all <= 100."""
    permits = Permits(session_bytes=60, total_bytes=100)
    held: dict[str, int] = {}
    for number, (session, size) in enumerate(asked):
        permits.give(session, LATER, NOW)
        if permits.refuse(session, str(number), size, held, NOW) is None and number % 2:
            permits.arrived(session, str(number))
            held[session] = held.get(session, 0) + size
        coming = {one: sum(files.values()) for one, files in permits._coming.items()}
        assert all(held.get(s, 0) + coming.get(s, 0) <= 60 for s in "abcd")
        assert sum(held.values()) + sum(coming.values()) <= 100


def test_room_is_given_back_when_a_file_does_not_arrive():
    permits = Permits(session_bytes=60, total_bytes=100)
    permits.give("a", LATER, NOW)
    assert permits.refuse("a", "1", 60, {}, NOW) is None
    assert permits.refuse("a", "2", 60, {}, NOW)[0] == 413
    permits.arrived("a", "1")
    assert permits.refuse("a", "2", 60, {}, NOW) is None


def test_the_door_lets_go_of_the_room_when_the_server_fails(config, monkeypatch):  # noqa: F811
    monkeypatch.setenv("KALBAR_CONFIG", str(config))
    permits = Permits(session_bytes=60, total_bytes=60)
    permits.give("a", pd.Timestamp.now("UTC") + pd.Timedelta(hours=1))

    async def broken(scope, receive, send):
        raise OSError("the disk is full")

    door = Door(broken, lambda: "127.0.0.1", permits, dict)
    scope = {
        "type": "http", "method": "PUT", "path": "/_stcore/upload_file/a/1", "http_version": "1.1",
        "client": ("127.0.0.1", 1),
        "headers": [(b"host", b"localhost"), (b"content-length", b"50")],
    }  # fmt: skip
    # in a thread of its own: the browser tests may have left a loop running in this one
    with ThreadPoolExecutor(1) as alone, pytest.raises(OSError, match="disk"):
        alone.submit(asyncio.run, door(scope, None, None)).result()
    assert permits.refuse("a", "2", 50, {}) is None


# a real server --------------------------------------------------------------------------------

USERS = """
[walidata]
agency = "bp3mi"
tier = "restricted"
kabupaten = "all"
expires = 2100-01-01

[tamu]
agency = ""
tier = "public"
kabupaten = "all"
expires = 2100-01-01
"""


@pytest.fixture(scope="module")
def open_server(config, tmp_path_factory):  # noqa: F811
    """A server without a file of users, as `make run` starts it."""
    with serving(config) as port:
        yield port


@pytest.fixture(scope="module")
def users_server(config, tmp_path_factory):  # noqa: F811
    """A server with users whose names come from a header."""
    (config.parent / "door_users.toml").write_text(USERS, encoding="utf-8")
    mine = config.with_name("door.toml")
    told = config.read_text(encoding="utf-8") + '\n[access]\nusers = "door_users.toml"\n'
    mine.write_text(told, encoding="utf-8")
    trusted = json.dumps({"X-Forwarded-User": "login"})
    with serving(mine, "--server.trustedUserHeaders", trusted) as port:
        yield port


def ask(port: int, path: str, method: str = "GET", body: bytes = b"", **headers) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, told)
    answer = connection.getresponse()
    return answer.status, answer.read().decode(errors="replace")


def shake(port: int, **headers) -> str:
    """Open a websocket; gives "open" or the status of the refusal."""
    told = {
        "Host": f"127.0.0.1:{port}", "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": "streamlit", **headers,
    }  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest("GET", "/_stcore/stream", skip_host=True, skip_accept_encoding=True)
    for name, value in told.items():
        connection.putheader(name, value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return "open" if status == 101 else str(status)


def test_local_mode_answers_this_machine_and_refuses_the_rest_in_one_sentence(open_server, config):  # noqa: F811
    port = open_server
    assert ask(port, "/")[0] == 200 and shake(port, Origin=f"http://127.0.0.1:{port}") == "open"
    assert ask(port, "/api/items/cells.geojson")[0] == 200
    for path in ("/", "/static/anything.js", "/_stcore/host-config", "/peta"):
        status, words = ask(port, path, X_Forwarded_For="10.0.0.7")
        assert status == 403 and t("door.local", "id") in words and t("door.local", "en") in words
    for accepted, lang in (("", "id"), ("en-GB,en;q=0.9", "en")):
        given = {"Host": "rebound.example", "Accept_Language": accepted}
        status, words = ask(port, "/api/items/cells.geojson", **given)
        told = json.loads(words)
        assert status == 401 and (told["key"], told["detail"]) == ("local", t("door.local", lang))
    lines = audit.read(Store(*_store(config)))
    assert any('"door"' in what for what in lines.loc[lines["action"] == "denied", "what"])


def test_a_rebound_name_opens_no_session(open_server, users_server):
    for port in (open_server, users_server):
        assert shake(port, Host="evil.example", Origin="http://evil.example") == "403"
        assert shake(port, Origin="http://evil.example") == "403"


def test_health_says_up_and_no_more(open_server):
    assert json.loads(ask(open_server, "/healthz")[1]) == {"status": "ok"}
    assert json.loads(ask(open_server, "/healthz", Via="1.1 proxy")[1]) == {"status": "ok"}


@pytest.mark.skipif(NGINX is None, reason="no nginx here: apt-get install nginx-light")
def test_behind_the_plainest_proxy_a_stranger_gets_nothing(open_server, tmp_path):
    """`proxy_pass` alone sends Host: 127.0.0.1 and no word of the proxy."""
    outer = free_port()
    temporary = "".join(
        f"{name}_temp_path {tmp_path}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{outer};\n"
        f"location / {{ proxy_pass http://127.0.0.1:{open_server}; }}\n"
        f"location /_stcore/stream {{ proxy_pass http://127.0.0.1:{open_server};"
        "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;"
        'proxy_set_header Connection "upgrade"; } } }\n',
        encoding="utf-8",
    )
    proxy = subprocess.Popen([NGINX, "-c", str(tmp_path / "nginx.conf")])
    try:
        wait_for(f"http://127.0.0.1:{outer}/healthz")
        for path in ("/", "/api/items/cells.geojson"):
            status, words = ask(outer, path, Host="peta.example")
            assert status in (401, 403) and "config.toml" in words
        assert shake(outer, Host="peta.example", Origin="https://peta.example") == "403"
    finally:
        proxy.terminate()
        proxy.wait(15)


def visit(port: int, **headers):
    """A session that has run its first page: (websocket, id of the session, bytes it got)."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    wire = connect(
        f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None,
        origin=f"http://127.0.0.1:{port}", additional_headers=headers,
        open_timeout=60, legacy=True,
    )  # fmt: skip
    wire.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
    name, page, limit = "", b"", time.monotonic() + 90
    while time.monotonic() < limit:
        got = wire.recv(timeout=90)
        page += got
        told = ForwardMsg.FromString(got)
        if told.WhichOneof("type") == "new_session":
            name = told.new_session.initialize.session_id
        if told.WhichOneof("type") == "script_finished":
            return wire, name, page
    raise AssertionError("the page did not end")


def put(port: int, session: str, number: int, size: int) -> tuple[int, str]:
    """Send a file of some size as the browser does; gives status and words."""
    mark = "x" * 12
    body = (
        f'--{mark}\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    ).encode() + b"a" * size + f"\r\n--{mark}--\r\n".encode()  # fmt: skip
    first = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    first.request("GET", "/_stcore/health")
    cookie = first.getresponse().getheader("set-cookie") or ""
    value = cookie.partition("_streamlit_xsrf=")[2].partition(";")[0].strip('"')
    return ask(
        port, f"/_stcore/upload_file/{session}/{number}", "PUT", body,
        Content_Type=f"multipart/form-data; boundary={mark}", Cookie=f"_streamlit_xsrf={value}",
        X_Xsrftoken=value,
    )  # fmt: skip


def test_only_who_may_bring_files_sends_any_and_no_more_than_there_is_room_for(users_server):
    port = users_server
    guest, his, _ = visit(port, **{"X-Forwarded-User": "tamu"})
    steward, hers, _ = visit(port, **{"X-Forwarded-User": "walidata"})
    try:
        refused = (403, t("door.upload_right", "id"))
        assert put(port, his, 1, 1000) == refused
        assert put(port, "00000000-0000-0000-0000-000000000000", 1, 1000) == refused
        assert put(port, hers, 1, 40_000_000)[0] == 204
        assert put(port, hers, 2, 40_000_000)[0] == 413
        assert put(port, hers, 3, 1000)[0] == 204
    finally:
        guest.close()
        steward.close()


def test_the_page_asks_for_itself_where_no_door_stands_before_it(config):  # noqa: F811
    """`streamlit run app.py` has no door; a visitor through a proxy gets no map from it either."""
    with serving(config, script="app.py") as port:
        near, _, page = visit(port)
        far, _, nothing = visit(port, **{"X-Forwarded-For": "10.0.0.7"})
        near.close()
        far.close()
    assert b"H3HexagonLayer" in page and b"H3HexagonLayer" not in nothing
    assert "hak akses" in nothing.decode(errors="replace").lower()


def _store(config) -> tuple[str, object]:  # noqa: F811
    store = load_settings(config).store
    return store.url, store.folder


def test_parts_of_an_address_do_not_hide_an_upload():
    from joins.http.door import UPLOAD

    for path in ("/_stcore/upload_file/a/1", "/kalbar/_stcore/upload_file/a/1",
                 "/_stcore/upload_file/a/1/"):  # fmt: skip
        assert UPLOAD.search(urlsplit(path).path).groups() == ("a", "1")
