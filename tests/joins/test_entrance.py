"""The entrance: idle sessions end, signing out everywhere holds, and the door knows its proxy."""

import asyncio
from dataclasses import replace

import pandas as pd
import pytest

from data.gate.access import NOBODY
from joins.desks import entrance
from joins.http import headers
from joins.http.door import PROXY, Door
from joins.http.uploads import Permits
from settings import AccessSettings, load_settings

NOW = pd.Timestamp("2026-11-28T05:00Z")
USERS = '[ani]\nagency = "a"\ntier = "internal"\nkabupaten = "all"\nexpires = 2100-01-01\n'


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setattr(entrance, "_CLICKS", {})
    (tmp_path / "users.toml").write_text(USERS, encoding="utf-8")
    told = load_settings()
    access = AccessSettings(tmp_path / "users.toml", sign_in="oidc", idle_minutes=30.0)
    return replace(told, access=access, store=replace(told.store, folder=tmp_path / "var"))


def claims(name="ani", at=NOW):
    return {"preferred_username": name, "iat": at.timestamp()}


def test_the_rights_of_who_is_listed_and_of_nobody_else(settings):
    ani = entrance.receive(settings, claims(), clicked=True, now=NOW)
    assert (ani.scope.user, ani.name, ani.reason) == ("ani", "ani", "")
    budi = entrance.receive(settings, claims("budi"), clicked=True, now=NOW)
    assert budi == entrance.Visitor(NOBODY, "budi", "unlisted")
    assert entrance.receive(settings, {}, clicked=True, now=NOW).reason == "signed_out"


def test_a_session_without_a_click_ends_and_a_look_at_the_clock_is_no_click(settings, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(entrance.time, "monotonic", lambda: clock[0])

    def come(clicked):
        return entrance.receive(settings, claims(), clicked, NOW).reason

    assert come(True) == ""
    clock[0] += 29 * 60
    assert come(False) == ""
    clock[0] += 60
    assert come(False) == come(True) == "idle", "a click after the limit does not bring it back"
    again = entrance.receive(settings, claims(at=NOW + pd.Timedelta(minutes=1)), True, NOW)
    assert again.reason == "", "a new sign-in does"


def test_a_click_within_the_limit_renews_it(settings, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(entrance.time, "monotonic", lambda: clock[0])
    for _ in range(5):
        assert entrance.receive(settings, claims(), True, NOW).reason == ""
        clock[0] += 29 * 60


def test_signing_out_everywhere_lasts_and_names_nobody(settings):
    entrance.sign_out_everywhere(settings, "ani", NOW + pd.Timedelta(seconds=1))
    entrance.sign_out_everywhere(settings, "budi", NOW)
    assert entrance.receive(settings, claims(), True, NOW).reason == "old"
    later = claims(at=NOW + pd.Timedelta(seconds=2))
    assert entrance.receive(settings, later, True, NOW).reason == ""
    kept = (settings.store.folder / "signed_out.json").read_text(encoding="utf-8")
    assert "ani" not in kept and "budi" not in kept
    (settings.store.folder / "signed_out.json").write_text("{", encoding="utf-8")
    with pytest.raises(ValueError):  # it would let people in again
        entrance.receive(settings, later, True, NOW)


# the door -------------------------------------------------------------------------------------


def asked(
    settings, monkeypatch, given: dict[str, str], path="/", scheme="http"
) -> tuple[int, dict]:
    """Status and headers of an answer of what is behind the door."""
    monkeypatch.setattr("joins.http.door.load_settings", lambda: settings)
    monkeypatch.setattr("joins.http.door.log_denied", lambda *_, **__: None)

    async def behind(scope, receive, send):
        cookie = [(b"set-cookie", b"a=1; Path=/"), (b"set-cookie", b"b=2; Secure")]
        await send({"type": "http.response.start", "status": 200, "headers": cookie})
        await send({"type": "http.response.body", "body": b""})

    said: list[dict] = []

    async def send(message):
        said.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "scheme": scheme, "query_string": b"",
        "headers": [(k.lower().encode(), v.encode()) for k, v in given.items()],
        "client": ("10.0.0.1", 5),
    }  # fmt: skip
    door = Door(behind, lambda: "0.0.0.0", Permits(), dict)
    asyncio.run(door(scope, None, send))
    return said[0]["status"], said[0]["headers"]


@pytest.mark.parametrize(("given", "status"), [
    ({}, 403), ({PROXY: ""}, 403), ({PROXY: "wrong"}, 403), ({PROXY: "a secret"}, 200),
])  # fmt: skip
def test_who_comes_past_the_proxy_is_refused(settings, monkeypatch, tmp_path, given, status):
    secret = tmp_path / "secret"
    secret.write_text("a secret\n", encoding="utf-8")
    access = AccessSettings(settings.access.users, proxy_secret=secret)
    guarded = replace(settings, access=access)
    assert asked(guarded, monkeypatch, given)[0] == status
    assert asked(guarded, monkeypatch, given, "/healthz")[0] == 200
    secret.unlink()  # a secret that cannot be read lets nobody in
    assert asked(guarded, monkeypatch, given)[0] == 403
    secret.write_text("\n", encoding="utf-8")
    assert asked(guarded, monkeypatch, given)[0] == 403


def test_every_answer_carries_the_headers_and_over_tls_its_cookies_stay_there(
    settings, monkeypatch
):
    _, plain = asked(settings, monkeypatch, {})
    told = {name.decode().lower(): value.decode() for name, value in plain}
    assert {name.lower() for name in headers.ALWAYS} <= set(told)
    assert "strict-transport-security" not in told
    cookies = [value for name, value in plain if name == b"set-cookie"]
    assert cookies == [b"a=1; Path=/", b"b=2; Secure"]
    for given, scheme in (({"X-Forwarded-Proto": "https"}, "http"), ({}, "https")):
        _, secure = asked(settings, monkeypatch, given, scheme=scheme)
        cookies = [value for name, value in secure if name == b"set-cookie"]
        assert cookies == [b"a=1; Path=/; Secure", b"b=2; Secure"]
        assert any(name.lower() == b"strict-transport-security" for name, _ in secure)
