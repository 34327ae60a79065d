"""The audit log only grows, and a changed line is found."""

import pytest
import sqlalchemy as sa

from data.store import audit
from data.store import tables as t


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
    assert audit.verify(store) == ["audit line 2 was changed"]
    with store.db.write() as c:
        c.exec_driver_sql("DELETE FROM audit WHERE seq = 2")
    assert audit.verify(store) == ["audit lines 2 to 2 are missing"]


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
        before = rows[seq - 1]["hash"] if seq - 1 in rows else audit._START
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
    assert audit.verify(store) == [f"audit line {seq + 1} was changed"]


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
    assert audit._chained(audit._START, first) == "0131f63b4abcf2498ee06fde46ef3ff2"
