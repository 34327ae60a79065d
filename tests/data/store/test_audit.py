"""The audit log only grows, and a changed line is found."""

import logging
import socket

import pandas as pd
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from data import anchors
from data.anchors import START, Anchor
from data.errors import DataError
from data.findings import sentence_of
from data.store import audit
from data.store import tables as t


def found(store, anchors=()) -> list[str]:
    return [sentence_of(one) for one in audit.verify(store, anchors)]


def test_lines_are_appended_and_chained(store):
    assert audit.log(store, "sign_in", "ani") == 1
    assert audit.log(store, "export", "ani", {"table": "risk", "rows": 12}) == 2
    lines = audit.read(store)
    assert lines["action"].tolist() == ["export", "sign_in"]
    assert lines["what"].tolist()[0] == '{"rows": 12, "table": "risk"}'
    assert len(audit.read(store, last=1)) == 1
    assert audit.verify(store) == []


@pytest.mark.parametrize(
    "what", ["0812 3456 7890", {"nik": "6103211203990001"}, "ani@x.id", "x" * 501]
)
def test_a_line_holds_no_personal_data(store, what):
    with pytest.raises(ValueError, match="audit line"):
        audit.log(store, "view", "ani", what)
    assert audit.read(store).empty


def test_names_of_assessments_and_versions_are_welcome(store):
    audit.log(store, "view", "ani", {"assessment": "20261124T031500.123456Z-0a1b2c"})
    audit.log(store, "assess", "ani", {"data_version": "d123456789012"})
    with pytest.raises(ValueError, match="unknown action"):
        audit.log(store, "peek", "ani")


def test_the_database_refuses_changes_and_a_forged_line_is_found(store):
    for _ in range(3):
        audit.log(store, "view", "ani")
    for verb in ("UPDATE audit SET \"user\" = 'budi'", "DELETE FROM audit"):
        with pytest.raises(sa.exc.DBAPIError, match="append only"), store.db.write() as c:
            c.exec_driver_sql(verb)
    guards = ["audit_no_update", "audit_no_delete"]
    if not store.db.sqlite:
        guards = ["audit_append_only ON audit"]
    with store.db.write() as c:
        for guard in guards:
            c.exec_driver_sql(f"DROP TRIGGER {guard}")
        c.exec_driver_sql("UPDATE audit SET \"user\" = 'budi' WHERE seq = 2")
    assert found(store) == ["audit line 2 was changed"]
    with store.db.write() as c:
        c.exec_driver_sql("DELETE FROM audit WHERE seq = 2")
    assert found(store) == ["audit lines 2 to 2 are missing"]


def _cut(store, after: int) -> None:
    """Take the lines behind one off the log, as whoever owns the database can."""
    guards = ["audit_no_update", "audit_no_delete"]
    if not store.db.sqlite:
        guards = ["audit_append_only ON audit"]
    with store.db.write() as c:
        for guard in guards:
            c.exec_driver_sql(f"DROP TRIGGER {guard}")
        c.execute(sa.delete(t.audit).where(t.audit.c.seq > after))


def _forge(store, seq: int, **values) -> None:
    """Change a line behind the database's guards, with a hash that fits its new words."""
    guards = ["audit_no_update", "audit_no_delete"]
    if not store.db.sqlite:
        guards = ["audit_append_only ON audit"]
    with store.db.write() as c:
        for guard in guards:
            c.exec_driver_sql(f"DROP TRIGGER {guard}")
        rows = {row.seq: dict(row._mapping) for row in c.execute(sa.select(t.audit))}
        line = rows[seq] | values
        before = rows[seq - 1]["hash"] if seq - 1 in rows else START
        line["hash"] = audit._chained(before, line)
        c.execute(sa.update(t.audit).where(t.audit.c.seq == seq).values(**line))


@pytest.mark.parametrize("seq", [1, 2])
@pytest.mark.parametrize(
    "change", [{"user": "budi"}, {"action": "export"}, {"what": "x"}, {"at": "2020-01-01T00:00Z"}]
)
def test_a_line_forged_with_its_hash_is_found_by_the_line_behind_it(store, seq, change):
    """Every line is chained to the one before: one who knows the formula must rewrite them all."""
    for name in "abc":
        audit.log(store, "view", "ani", name)
    _forge(store, seq, **change)
    assert found(store) == [f"audit line {seq + 1} was changed"]


@pytest.mark.parametrize(
    "what", ["12345678 9", "x@y.z", "nol delapan satu dua tiga empat lima enam tujuh", "ibu Siti"]
)
def test_each_net_for_personal_data_is_enough_to_refuse_a_line(what):
    """A long number, an address, a number in words and a name are each caught by one net alone."""
    assert audit.looks_personal(what)
    assert not audit.looks_personal("unggahan 12 baris, 20261124T031500.123456Z-0a1b2c")


def test_a_line_names_a_thing_in_five_hundred_signs_and_not_in_one_more(store):
    assert audit.log(store, "view", "ani", "x" * 500) == 1
    with pytest.raises(ValueError, match="at most 500 signs, got 501"):
        audit.log(store, "view", "ani", "x" * 501)


def test_a_line_keeps_the_letters_it_was_told(store):
    audit.log(store, "view", "ani", {"page": "Peta – titik"})
    assert audit.read(store)["what"].tolist() == ['{"page": "Peta – titik"}']


def test_a_log_of_an_earlier_version_can_still_be_verified():
    """The chain as it has always been made: another way of hashing would call every log forged."""
    first = {"seq": 1, "at": "2026-01-05T00:00:00Z", "user": "rina", "action": "view",
             "what": "hal Améré"}  # fmt: skip
    assert audit._chained(START, first) == "0131f63b4abcf2498ee06fde46ef3ff2"


# which lines ----------------------------------------------------------------------------------


def test_lines_are_found_by_action_user_text_and_moment(store):
    audit.log(store, "view", "ani", {"page": "peta"})
    audit.log(store, "denied", "", {"page": "api", "token": "QGIS_1%"})
    audit.log(store, "export", "budi", {"what": "cells"})

    def seqs(**asked) -> list[int]:
        found = audit.read(store, asked=audit.Asked(**asked))["seq"].tolist()
        assert audit.count(store, audit.Asked(**asked)) == len(found)
        return found

    assert seqs() == [3, 2, 1]
    assert seqs(action="view") == [1] and seqs(user="budi") == [3] and seqs(user="") == [2]
    assert seqs(text="PETA") == [1]
    assert seqs(text="_1%") == [2] and seqs(text="a%t") == []  # signs of LIKE mean themselves
    now, hour = pd.Timestamp.now("UTC"), pd.Timedelta(hours=1)
    assert seqs(since=now - hour) == [3, 2, 1] and seqs(since=now + hour) == []
    assert seqs(until=now - hour) == [] and seqs(action="view", user="budi") == []
    assert audit.read(store, 1, skip=1)["seq"].tolist() == [2]
    assert audit.read(store, skip=2)["seq"].tolist() == [1]
    assert audit.users(store) == ["", "ani", "budi"]


def test_an_address_of_the_network_passes_in_its_place_alone(store):
    audit.log(store, "denied", "", {"from": "192.168.100.200"})
    audit.log(store, "denied", "", {"from": "2001:db8:1234:5678:9abc:def0:1234:5678"})
    for what in ({"from": "0812 3456 7890"}, {"page": "192.168.100.200"}, {"from": "Siti"}):
        with pytest.raises(ValueError):
            audit.log(store, "denied", "", what)
    assert audit.count(store) == 2
    assert audit.name_or("QGIS di pos", "?") == "QGIS di pos"
    assert audit.name_or("ibu Siti", "?") == audit.name_or("x" * 81, "?") == "?"


# anchors --------------------------------------------------------------------------------------


def make_key(folder, name="anchor"):
    """Both halves of a key as PEM files."""
    key = ed25519.Ed25519PrivateKey.generate()
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / f"{name}.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    )
    (folder / f"{name}.pub").write_bytes(
        key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return folder / f"{name}.pem", folder / f"{name}.pub"


def put_anchor(store, key, target: str) -> None:
    now = pd.Timestamp.now("UTC").floor("s")
    anchors.send(anchors.sign(Anchor(audit.head(store), now), key), target)


def test_a_cut_tail_is_found_by_an_anchor_on_another_disk(store, tmp_path):
    key, public = make_key(tmp_path)
    file = tmp_path / "anchors.log"
    put_anchor(store, key, f"file:{file}")  # of the empty log
    for name in "abcde":
        audit.log(store, "view", "ani", name)
    put_anchor(store, key, f"file:{file}")
    audit.log(store, "view", "ani", "f")
    kept, forged = anchors.read(file, public)
    assert [one.head.seq for one in kept] == [0, 5] and not forged
    assert found(store, kept) == []
    _cut(store, 3)
    assert found(store) == []  # the chain of the rest holds: without an anchor nobody can tell
    assert [one for one in found(store, kept) if "4 to 5 were cut off" in one]


def test_a_log_written_anew_is_found_by_an_anchor(store, tmp_path):
    key, public = make_key(tmp_path)
    file = tmp_path / "anchors.log"
    for name in "ab":
        audit.log(store, "view", "ani", name)
    put_anchor(store, key, f"file:{file}")
    _cut(store, 0)
    for name in "xy":
        audit.log(store, "view", "budi", name)
    kept, _ = anchors.read(file, public)
    assert found(store) == []
    assert "up to line 2 is not the one that was anchored" in found(store, kept)[0]


def test_an_anchor_that_was_changed_or_signed_by_another_counts_for_nothing(store, tmp_path):
    key, public = make_key(tmp_path)
    other, _ = make_key(tmp_path, "other")
    file = tmp_path / "anchors.log"
    audit.log(store, "view", "ani")
    put_anchor(store, key, f"file:{file}")
    put_anchor(store, other, f"file:{file}")
    told = file.read_text(encoding="utf-8")
    changed = told.splitlines()[0].replace('"seq": 1', '"seq": 9')
    file.write_text(f"{told}{changed}\n{anchors.MARK} {{}}\n", encoding="utf-8")
    kept, forged = anchors.read(file, public)
    assert len(kept) == 1 and len(forged) == 3
    assert sentence_of(forged[0]) == "anchors.log, line 2: not signed with this key"


def test_an_anchor_goes_to_the_log_of_another_machine_and_is_read_from_it(store, tmp_path):
    key, public = make_key(tmp_path)
    audit.log(store, "view", "ani")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(5)
        put_anchor(store, key, f"syslog:127.0.0.1:{listener.getsockname()[1]}")
        line = listener.recv(4096).decode()
    file = tmp_path / "messages"
    file.write_text(f"cron: another line\n2026-11-28T10:00:00 host {line}\n", encoding="utf-8")
    kept, forged = anchors.read(file, public)
    assert [one.head for one in kept] == [audit.head(store)] and not forged


def test_an_anchor_that_cannot_be_written_is_no_anchor(store, tmp_path, monkeypatch):
    key, public = make_key(tmp_path)
    monkeypatch.setattr(anchors, "SOCKET", str(tmp_path / "nobody"))
    monkeypatch.setattr(logging, "raiseExceptions", False)  # the usual handler would say nothing
    for target in ("syslog", f"file:{tmp_path}/none/anchors.log"):
        with pytest.raises(DataError, match="could not be written"):
            put_anchor(store, key, target)
    with pytest.raises(DataError, match="no anchors can be read"):
        anchors.read(tmp_path / "none", public)
    for wrong in (public, tmp_path / "none", __file__):
        with pytest.raises(DataError, match="no Ed25519 key"):
            anchors.sign(Anchor(audit.head(store), pd.Timestamp(0, tz="UTC")), type(key)(wrong))


def test_where_anchors_may_be_written():
    for target in ("file:/mnt/x.log", "syslog", "syslog:loghost", "syslog:10.0.0.4:514"):
        assert anchors.is_target(target)
    for target in ("file:x.log", "file:", "syslog:", "syslog:a:b", "mail", "syslog:a:514:1"):
        assert not anchors.is_target(target)
