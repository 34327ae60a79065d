"""The pages of auditor and administrator, as every kind of viewer; nothing of the data in them."""

import hashlib
import json
from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.errors import DataError
from data.gate import revoked
from data.gate.access import LOCAL
from data.gate.rights import VIEWERS, Rights
from data.gate.users import read as read_users
from data.store import audit
from joins import opened
from joins.desks import administrator, auditor, entrance
from settings import load_settings
from tests.ui.conftest import HOUSE
from ui.views.audit import LINES, line_text

TOKEN = "a-long-enough-token-for-a-test-9"
USERS = f"""
[budi]
agency = "polda"
tier = "restricted"
kabupaten = ["61.03"]
role = "commander"
expires = 2199-12-31
[[budi.tokens]]
name = "QGIS di pos"
sha256 = "{hashlib.sha256(TOKEN.encode()).hexdigest()}"
[rusak]
tier = "restricted"
[rini]
role = "auditor"
expires = 2199-12-31
["@pusat"]
agency = "*"
tier = "internal"
kabupaten = "all"
expires = 2020-01-01
"""
SEEN: dict = {}


@pytest.fixture
def service(config, tmp_path):
    """Settings of a service with users, a store of its own, and lines in its log."""
    (tmp_path / "users.toml").write_text(USERS, encoding="utf-8")
    told = load_settings(config)
    settings = replace(
        told,
        store=replace(told.store, url=f"sqlite:///{tmp_path}/records.db", folder=tmp_path),
        access=replace(told.access, users=tmp_path / "users.toml", sign_in="oidc"),
    )
    store = opened.open_store(settings)
    audit.log(store, "sign_in", "budi", {"way": "oidc"})
    audit.log(store, "export", "budi", {"what": "api/cells", "token": "QGIS di pos"})
    for number in range(LINES + 3):
        audit.log(store, "view", "ani", {"page": f"halaman{number}"})
    return settings


def page_script():
    from joins.desks import administrator, auditor
    from tests.ui.test_oversight import SEEN
    from ui.views import admin, audit

    if SEEN["page"] == "audit":
        audit.show(auditor.Auditor(SEEN["settings"], SEEN["scope"]), SEEN["lang"])
    else:
        admin.show(administrator.Administrator(SEEN["settings"], SEEN["scope"]), SEEN["lang"])


def open_page(settings, who: str, page: str, lang: str = "id") -> AppTest:
    SEEN.update(settings=settings, scope=VIEWERS[who], page=page, lang=lang)
    at = AppTest.from_function(page_script, default_timeout=60).run()
    assert not at.exception, at.exception[0].value
    return at


# the log --------------------------------------------------------------------------------------


def test_an_auditor_reads_filters_pages_and_checks_the_log(service):
    at = open_page(service, "role auditor", "audit")
    table = at.dataframe[0].value
    assert len(table) == LINES and table["Perbuatan"].iloc[0] == "melihat"
    assert table["Keterangan"].iloc[1] == f"halaman halaman{LINES + 2}"
    at.button(key="audit_older").click().run()
    assert at.dataframe[0].value["No."].min() == 1
    at.selectbox(key="audit_action").select("export").run()
    assert at.dataframe[0].value["Siapa"].tolist() == ["budi"]
    at.text_input(key="audit_text").set_value("tidak ada").run()
    assert any("Tidak ada baris" in one.value for one in at.info)
    at.button(key="audit_verify").click().run()
    assert any("Utuh" in one.value for one in at.success)
    assert any("jangkar" in one.value for one in at.warning)
    looks = audit.read(opened.open_store(service), asked=audit.Asked("view", user="k"))
    assert len(looks) == 1  # one line a session says that he looked


def test_a_line_is_told_in_words():
    assert line_text('{"why": "tier", "from": "10.0.0.4"}', "id") == "sebab tier · dari 10.0.0.4"
    assert line_text('{"names": ["a", "b"], "kept_for": 3}', "en") == "names a, b · kept for 3"
    assert line_text("plain", "id") == "plain" and line_text("", "id") == "–"


def test_the_log_is_taken_away_as_a_table_that_runs_no_formula(service):
    audit.log(opened.open_store(service), "view", "=cmd()", {"page": "x"})
    desk = auditor.Auditor(service, VIEWERS["role auditor"])
    content = desk.export(desk.asked(user="=cmd()"), ".csv").decode()
    assert content.startswith("seq,at,user,action,what,hash\n") and ",'=cmd()," in content
    rows = desk.export(desk.asked("view"), ".jsonl").decode().splitlines()
    assert len(rows) == LINES + 4 and json.loads(rows[0])["seq"] == 3
    last = audit.read(desk.store, 1, audit.Asked("export"))["what"].iloc[0]
    assert json.loads(last) == {"rows": LINES + 4, "what": "audit"}
    with pytest.raises(DataError, match="file is one of"):
        desk.export(desk.asked(), ".xlsx")


def test_days_are_those_of_the_area(service):
    desk = auditor.Auditor(service, LOCAL)
    asked = desk.asked(since=pd.Timestamp("2026-11-28"), until=pd.Timestamp("2026-11-28"))
    assert (asked.since, asked.until) == (
        pd.Timestamp("2026-11-27T17:00Z"), pd.Timestamp("2026-11-28T17:00Z"),
    )  # fmt: skip


# users, tokens, sessions ----------------------------------------------------------------------


def text(at) -> str:
    tables = [one.value.to_csv() for one in at.dataframe]
    return "\n".join([*tables, *(one.value for one in (*at.caption, *at.success, *at.warning))])


def test_an_administrator_sees_users_and_revokes_a_token_in_one_click(service):
    before = service.access.users.read_bytes()
    at = open_page(service, "role administrator", "admin")
    told = text(at)
    for words in ("budi", "komandan", "61.03", "kelompok pusat", "terkunci", "QGIS di pos"):
        assert words in told, words
    store = opened.open_store(service)
    known = read_users(service.access.users, revoked=revoked.read(service.store.folder))
    assert known.scope_of_token(TOKEN).user == "budi"
    at.button(key="admin_revoke").click().run()
    assert "tidak membuka apa pun lagi" in text(at) and "dicabut" in text(at)
    known = read_users(service.access.users, revoked=revoked.read(service.store.folder))
    assert not known.scope_of_token(TOKEN).alive()
    assert service.access.users.read_bytes() == before
    line = audit.read(store, 1, audit.Asked("revoke")).iloc[0]
    assert (line["user"], line["what"]) == ("l", '{"of": "budi", "token": "QGIS di pos"}')


def test_the_last_use_of_a_token_is_what_it_took_last(service):
    table = administrator.Administrator(service, LOCAL).tokens()
    taken = audit.read(opened.open_store(service), asked=audit.Asked("export"))["at"].iloc[0]
    assert table["last_use"].tolist() == [taken]


def test_an_administrator_ends_the_sessions_of_a_person(service):
    desk = administrator.Administrator(service, VIEWERS["role administrator"])
    now = pd.Timestamp.now("UTC")
    claims = {"preferred_username": "budi", "iat": now.timestamp()}
    assert entrance.receive(service, claims, False, now).scope.alive()
    desk.end_sessions("budi")
    assert entrance.receive(service, claims, False, now).reason == "old"
    of_proxy = replace(service, access=replace(service.access, sign_in="proxy"))
    with pytest.raises(DataError, match="sessions are the proxy's"):
        administrator.Administrator(of_proxy, LOCAL).end_sessions("budi")


def test_revocations_that_cannot_be_read_let_nobody_in(tmp_path):
    assert revoked.read(tmp_path) == {}
    for content in ("{", "[]", '{"a": 1}'):
        (tmp_path / revoked.FILE).write_text(content, encoding="utf-8")
        with pytest.raises(DataError, match="cannot be read"):
            revoked.read(tmp_path)


# who sees them --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["public", "joint task force", "role steward", "role auditor",
                                 "role administrator", "not listed"])  # fmt: skip
def test_nobody_else_reads_the_log_or_looks_after_users(service, who):
    scope = VIEWERS[who]
    log = auditor.Auditor(service, scope)
    desk = administrator.Administrator(service, scope)
    for action, calls in {
        "read_audit": (log.users, log.verify, lambda: log.count(audit.Asked())),
        "administer": (desk.users, desk.tokens, desk.health),
        "end_access": (lambda: desk.revoke("x", "y"), lambda: desk.end_sessions("ani")),
    }.items():
        for call in calls:
            why = ""
            try:
                call()
            except DataError as refused:
                why = getattr(refused, "why", "")
            assert why == Rights(scope).closed(action)


@pytest.mark.parametrize(("who", "page"), [
    ("role auditor", "Catatan audit"), ("role administrator", "Pengelola"),
])  # fmt: skip
def test_whoever_watches_over_others_is_shown_no_data(config, tmp_path, who, page, monkeypatch):
    (config.parent / "watchers.toml").write_text("", encoding="utf-8")
    mine = config.with_name("watched.toml")
    told = config.read_text(encoding="utf-8")
    mine.write_text(f'{told}\n[access]\nusers = "watchers.toml"\n', encoding="utf-8")
    monkeypatch.setenv("KALBAR_CONFIG", str(mine))
    scope = VIEWERS[who]
    come = entrance.Visitor(scope, scope.user)
    monkeypatch.setattr(entrance, "receive", lambda settings, claims, clicked: come)
    at = AppTest.from_file(str(HOUSE / "app.py"), default_timeout=60).run()
    assert not at.exception
    assert any(page in one.proto.body for one in at.get("html"))
    assert not at.get("deck_gl_json_chart") and not at.get("vega_lite_chart")
    assert "Sektor prioritas" not in str(at)
