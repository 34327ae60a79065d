"""Tables by address: denied unless allowed, the same as the files, readable by a GIS."""

import asyncio
import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from data.store import audit
from data.store.records import Store
from joins.http import answers, api, door
from joins.http.door import Door
from joins.http.uploads import Permits
from settings import load_settings
from tests.ui.conftest import config, world  # noqa: F401 - fixtures

OLD = "an-expired-token-of-someone-else"
TOKEN = "a-long-enough-token-for-a-test-7"
USERS = f"""
[sanggau]
agency = "satgas_pamtas"
tier = "restricted"
kabupaten = ["61.03"]
expires = 2100-01-01
token_sha256 = "{hashlib.sha256(TOKEN.encode()).hexdigest()}"

[lama]
agency = "satgas_pamtas"
tier = "restricted"
kabupaten = "all"
expires = 2020-01-01
token_sha256 = "{hashlib.sha256(OLD.encode()).hexdigest()}"
"""


@dataclass
class Answer:
    status_code: int
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self) -> dict:
        return json.loads(self.content)


@dataclass
class Caller:
    """A program at some address that calls the routes without a network between."""

    host: str = "127.0.0.1"
    base: str = "http://localhost"
    door: bool = True

    def get(self, address: str, headers: dict | None = None) -> Answer:
        told = urlsplit(address.removeprefix(self.base))
        given = {"host": self.base.removeprefix("http://"), **(headers or {})}
        scope = {
            "type": "http", "method": "GET", "scheme": "http", "http_version": "1.1",
            "path": told.path, "raw_path": told.path.encode(), "root_path": "",
            "query_string": told.query.encode(), "client": (self.host, 1234),
            "server": ("localhost", 80),
            "headers": [(k.lower().encode(), v.encode()) for k, v in given.items()],
        }  # fmt: skip
        sent = []

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        # in a thread of its own: the browser tests may have left a loop running in this one
        with ThreadPoolExecutor(1) as alone:
            door = Middleware(Door, bound=lambda: "127.0.0.1", permits=Permits(), held=dict)
            served = Starlette(routes=api.routes(""), middleware=[door] if self.door else [])
            call = served(scope, receive, send)
            alone.submit(asyncio.run, call).result()
        return Answer(sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:]))


def client(host: str = "127.0.0.1", base: str = "http://localhost") -> Caller:
    return Caller(host, base)


@pytest.fixture
def local(config, monkeypatch):  # noqa: F811
    monkeypatch.setenv("KALBAR_CONFIG", str(config))
    return client()


@pytest.fixture
def guarded(config, monkeypatch):  # noqa: F811
    (config.parent / "users.toml").write_text(USERS, encoding="utf-8")
    mine = config.with_name("guarded.toml")
    told = config.read_text(encoding="utf-8") + '\n[access]\nusers = "users.toml"\n'
    mine.write_text(told, encoding="utf-8")
    monkeypatch.setenv("KALBAR_CONFIG", str(mine))
    return client()


def test_this_machine_gets_the_table_with_its_versions(local):
    told = local.get("/api/items/sectors.geojson?horizon=4").json()
    assert len(told["features"]) > 3
    assert {"data_version", "licence", "handling"} <= set(told["features"][0]["properties"])
    codes = [one["properties"]["sector_code"] for one in told["features"]]
    assert len(set(codes)) == len(codes)
    names = [one["properties"]["name"] for one in told["features"]]
    assert all(name.startswith(f"{code} ") for code, name in zip(codes, names, strict=True))


@pytest.mark.parametrize(
    ("host", "base", "headers"),
    [
        ("10.0.0.7", "http://localhost", {}),
        ("127.0.0.1", "http://rebound.example", {}),
        ("127.0.0.1", "http://localhost", {"X-Forwarded-For": "10.0.0.7"}),
    ],
)
def test_anybody_else_is_denied(local, host, base, headers):
    answer = client(host, base).get("/api/items/cells.geojson", headers=headers)
    assert answer.status_code == 401 and "features" not in answer.text


def test_without_the_door_nobody_is_near(local):
    assert Caller(door=False).get("/api/items/cells.geojson").status_code == 401


def test_a_token_opens_its_own_scope_alone(guarded):
    whole = guarded.get("/api/items/cells.geojson")
    assert whole.status_code == 401
    for header in (f"Bearer {TOKEN}", "Basic " + base64.b64encode(f"x:{TOKEN}".encode()).decode()):
        told = guarded.get("/api/items/cells.geojson", headers={"Authorization": header}).json()
        codes = {one["properties"]["kabupaten_code"] for one in told["features"]}
        assert codes == {"61.03"}


@pytest.mark.parametrize(
    "header",
    ["Bearer nonsense", "Bearer ", "Basic ???", "Bearer an-expired-token-of-someone-else",
     f"Bearer {hashlib.sha256(TOKEN.encode()).hexdigest()}"],
)  # fmt: skip
def test_a_wrong_or_expired_token_opens_nothing(guarded, header):
    answer = guarded.get("/api/items/cells.geojson", headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_token_in_the_address_is_not_taken(guarded):
    assert guarded.get(f"/api/items/cells.geojson?token={TOKEN}").status_code == 401


@pytest.mark.parametrize(
    ("address", "status", "key", "english", "indonesian"),
    [
        ("items/events.geojson", 404, "no_table_named", "hotspots, sectors, cells", "tidak ada"),
        ("items/cells.geojson?horizon=3", 400, "not_offered", "horizon is one of", "salah satu"),
        ("items/cells.geojson?horizon=x", 400, "query_number", "horizon is a number", "angka"),
        ("items/cells.geojson?coverage=5", 400, "coverage_impossible", "share of the", "bagian"),
        ("features/collections/cells/items?bbox=1,2", 400, "query_bbox", "west,south", "barat"),
    ],
)
def test_a_mistake_is_told_in_the_language_of_whoever_asks(
    local, address, status, key, english, indonesian
):
    for accepted, words in (("", indonesian), ("en-GB, id;q=0.5", english), ("fr", indonesian)):
        answer = local.get(f"/api/{address}", {"Accept-Language": accepted})
        told = answer.json()
        assert answer.status_code == told["status"] == status and told["key"] == key
        assert words in told["detail"]
    assert {"type", "title", "values"} <= set(told)


def test_a_value_of_a_mistake_is_told_apart_from_its_words(local):
    told = local.get("/api/items/cells.geojson?horizon=x").json()
    assert told["values"] == {"name": "horizon", "given": "x"}


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("", "id"), ("en", "en"), ("id-ID,id;q=0.9,en;q=0.8", "id"), ("en-US,en;q=0.9", "en"),
        ("in", "id"), ("ms, en;q=0.4", "en"), ("en;q=0", "id"), ("en;q=x", "id"), ("EN", "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_liked_best(accepted, lang):
    assert answers.language(accepted) == lang


@pytest.mark.fault
def test_a_fault_of_the_program_is_told_by_its_number(local, config, monkeypatch):  # noqa: F811
    def broken(*_given):
        raise KeyError("Budi Santoso")

    monkeypatch.setattr("joins.http.api.export.build", broken)
    answer = local.get("/api/items/cells.geojson", {"Accept-Language": "en"})
    told = answer.json()
    assert answer.status_code == 500 and told["key"] == "fault" and "Budi" not in answer.text
    number = told["values"]["number"]
    log = load_settings(config).store.folder / "faults.log"
    assert number in told["detail"] and f"fault {number} in api" in log.read_text()


def test_pages_hold_every_feature_once(local):
    whole = local.get("/api/items/hotspots.geojson").json()["features"]
    address, ids = "/api/features/collections/hotspots/items?limit=20", []
    while address:
        told = local.get(address).json()
        assert told["numberMatched"] == len(whole)
        ids += [one["id"] for one in told["features"]]
        address = next((one["href"] for one in told["links"] if one["rel"] == "next"), None)
    assert ids == [one["properties"]["cell"] for one in whole]


def test_a_box_holds_only_what_touches_it(local):
    box = [110.2, 0.8, 110.4, 1.0]
    query = ",".join(map(str, box))
    told = local.get(f"/api/features/collections/cells/items?bbox={query}&limit=9999").json()
    assert 20 < told["numberReturned"] < 200
    for one in told["features"]:
        lon = [x for x, _ in one["geometry"]["coordinates"][0]]
        assert min(lon) <= box[2] and max(lon) >= box[0]


def test_exports_and_denials_are_in_the_audit_log(local, config):  # noqa: F811
    local.get("/api/items/sectors.geojson")
    settings = load_settings(config)
    lines = audit.read(Store(settings.store.url, settings.store.folder))
    assert "export" in set(lines["action"])
    line = json.loads(lines.loc[lines["action"] == "export", "what"].iloc[0])
    assert line["what"] == "api/sectors" and line["rows"] > 3


def test_a_denial_tells_address_object_reason_and_token_by_name(guarded, config, monkeypatch):  # noqa: F811
    monkeypatch.setattr(door, "_denied", {})
    monkeypatch.setattr(door, "_left_out", [0])
    settings = load_settings(config.with_name("guarded.toml"))
    store = Store(settings.store.url, settings.store.folder)
    before = audit.head(store).seq
    far = Caller("127.0.0.1", guarded.base)
    passed = {"X-Forwarded-For": "6.6.6.6, 10.1.2.3"}
    far.get("/api/items/cells.geojson", {"Authorization": f"Bearer {OLD}", **passed})
    far.get("/api/items/cells.geojson", {"Authorization": f"Bearer {OLD}", **passed})
    far.get("/api/items/081234567890.geojson", passed)
    lines = audit.read(store, asked=audit.Asked("denied"))
    lines = lines[lines["seq"] > before].iloc[::-1]
    told = [json.loads(what) for what in lines["what"]]
    assert len(told) == 2  # the same denial again is counted, not told
    first = {"page": "api", "from": "10.1.2.3", "object": "/api/items/cells.geojson"}
    assert told[0] == {**first, "why": "expired", "token": "token_sha256"}
    assert told[1]["object"] == "?" and told[1]["left_out"] == 1 and "token" not in told[1]
    assert lines["user"].tolist() == ["lama", ""]
    assert hashlib.sha256(OLD.encode()).hexdigest()[:12] not in " ".join(lines["what"])
