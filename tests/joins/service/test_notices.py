"""Somebody is told: once, in his language, outside his quiet hours, and nothing that is hidden."""

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pandas as pd
import pytest
from aiosmtpd.controller import Controller

from data.errors import DataError
from data.service import journal, people
from data.store import audit
from joins import opened
from joins.service import notices
from settings import NoticeSettings, load_settings
from tests.serving import free_port
from tests.ui.world import make_world

NOW = pd.Timestamp.now("UTC")
WEEK = pd.Timestamp("2026-11-23")
PEOPLE = """
[ani]
mail = "ani@example.go.id"
kinds = ["run", "token"]

[ben]
mail = "ben@example.go.id"
language = "en"
kinds = ["run", "plan"]
"""


class Box:
    """The mails that a server took."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def box():
    """A mail server on this machine, and what it took."""
    taken = Box()
    taken.port = free_port()
    server = Controller(taken, hostname="127.0.0.1", port=taken.port)
    server.start()
    yield taken
    server.stop()


@pytest.fixture(scope="module")
def invented():
    return make_world()


@pytest.fixture
def service(invented, box, tmp_path):
    """Settings and store with a weekly run that failed."""
    listed = tmp_path / "people.toml"
    listed.write_text(PEOPLE, encoding="utf-8")
    told = NoticeSettings(
        listed, f"smtp://127.0.0.1:{box.port}", None, "peta@example.go.id",
        address="https://peta.example.go.id",
    )  # fmt: skip
    settings = replace(load_settings(invented.write(tmp_path)), notices=told)
    store = opened.open_store(settings)
    failed = journal.Step("assess", "failed", "2026-11-23T00:00:00+00:00", why={"number": "1"})
    journal.Journal(store.folder, WEEK).put(failed)
    return settings, store


def test_each_is_told_once_in_his_language(service, box):
    settings, store = service
    assert notices.tell(settings, store, NOW) == 2
    (to_ani, first), (to_ben, second) = sorted(box.mails)
    assert to_ani == ["ani@example.go.id"] and "Pekerjaan mingguan tidak selesai" in first
    assert to_ben == ["ben@example.go.id"] and "weekly run did not finish" in second
    assert "https://peta.example.go.id" in first
    assert notices.tell(settings, opened.open_store(settings), NOW) == 0  # after a restart too
    assert len(box.mails) == 2


def test_a_new_cause_is_told_and_the_old_one_is_not_told_again(service, box):
    settings, store = service
    notices.tell(settings, store, NOW)
    for _ in range(notices.WRONG_TOKENS):
        audit.log(store, "denied", "", {"page": "api"})
    assert notices.tell(settings, store, pd.Timestamp.now("UTC")) == 1  # Ben asked for no tokens
    assert "token" in box.mails[-1][1] and "Pekerjaan mingguan" not in box.mails[-1][1]


def test_quiet_hours_delay_and_lose_nothing(service, box, tmp_path):
    settings, store = service
    settings.notices.people.write_text(
        PEOPLE.replace('kinds = ["run", "plan"]', 'kinds = ["run"]\nquiet = "21:00-06:00"').replace(
            '["run", "token"]', '["run"]'
        )
    )
    night = pd.Timestamp("2026-11-28T23:30", tz=settings.area.time_zone)
    assert notices.tell(settings, store, night) == 1
    assert [to for to, _ in box.mails] == [["ani@example.go.id"]]
    assert notices.tell(settings, store, night + pd.Timedelta(hours=7)) == 1
    assert box.mails[-1][0] == ["ben@example.go.id"]


def test_a_server_that_is_down_is_said_and_tried_again(service, box):
    settings, store = service
    down = replace(settings, notices=replace(settings.notices, smtp="smtp://127.0.0.1:1"))
    with pytest.raises(DataError, match="could not be sent") as refused:
        notices.tell(down, store, NOW)
    assert refused.value.values["n"] == 2
    assert notices.tell(settings, store, NOW) == 2


def test_who_has_no_rights_any_more_is_told_nothing(service, box, tmp_path):
    settings, store = service
    users = tmp_path / "users.toml"
    users.write_text(
        '[ani]\nagency = "all"\ntier = "restricted"\nkabupaten = "all"\nexpires = 2020-01-01\n'
        '[ben]\nagency = "all"\ntier = "public"\nkabupaten = "all"\nexpires = 2100-01-01\n'
    )
    settings = replace(settings, access=replace(settings.access, users=users))
    assert notices.tell(settings, store, NOW) == 0 and box.mails == []


def test_a_message_holds_no_data(service, box):
    settings, _ = service
    person = people.Person("ani", "ani@example.go.id", "en")
    every = [notices.Notice(kind, f"{kind} 61.03 secret") for kind in people.KINDS]
    text = notices.letter(settings, person, every).get_content()
    assert "61.03" not in text and "secret" not in text and not any(c.isdigit() for c in text)
    assert text.count("\n- ") == len(people.KINDS)


def test_a_program_is_called_once_with_a_signature_that_holds(service, tmp_path):
    settings, store = service
    got = []

    class Heard(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.headers[notices.SIGNATURE], body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            """Nothing to the screen."""

    server = HTTPServer(("127.0.0.1", 0), Heard)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    secret = tmp_path / "secret"
    secret.write_text("a word that two programs share\n")
    told = NoticeSettings(webhook=f"http://127.0.0.1:{server.server_port}/", webhook_secret=secret)
    settings = replace(settings, notices=told)
    assert notices.tell(settings, store, NOW) == 1 and notices.tell(settings, store, NOW) == 0
    server.shutdown()
    [(signature, body)] = got
    assert signature == notices.sign(settings, body) and signature.startswith("sha256=")
    assert signature != notices.sign(settings, body + b" ")
    assert [one["kind"] for one in json.loads(body)["notices"]] == ["run"]


def test_every_fault_of_the_people_is_named_and_no_address(tmp_path):
    path = tmp_path / "people.toml"
    path.write_text(
        '[a]\nmail = "nobody"\n[b]\nmail = "b@x.id"\nlanguage = "fr"\nkinds = ["all"]\n'
        'quiet = "9-5"\nname = "Budi"\n'
    )
    with pytest.raises(DataError) as refused:
        people.read(path)
    keys = [one.split(":")[0] for one in refused.value.values["faults"]]
    assert keys == ["people_mail", "people_unknown", "people_language", "people_kinds",
                    "people_quiet"]  # fmt: skip
    assert "b@x.id" not in str(refused.value)


@pytest.mark.parametrize(
    ("quiet", "clock", "rests"),
    [
        ((21 * 60, 6 * 60), "23:00", True), ((21 * 60, 6 * 60), "05:59", True),
        ((21 * 60, 6 * 60), "06:00", False), ((12 * 60, 13 * 60), "12:30", True),
        ((12 * 60, 13 * 60), "13:00", False), (None, "03:00", False),
    ],
)  # fmt: skip
def test_quiet_hours_may_go_over_midnight(quiet, clock, rests):
    person = people.Person("a", "a@x.id", quiet=quiet)
    assert person.rests(pd.Timestamp(f"2026-11-28 {clock}")) is rests
