"""Who is looking, from what a proxy or a provider says; and the file of users."""

import hashlib

import pandas as pd
import pytest

from data.gate import users
from data.gate.access import NOBODY, Scope
from data.gate.identity import Identity, SignIn, identify

NOW = pd.Timestamp("2026-11-28T05:00Z")
HOUR = pd.Timedelta(hours=1)
RULES = SignIn("preferred_username", "groups", session_hours=12.0)


def seconds(moment: pd.Timestamp) -> int:
    return int(moment.timestamp())


def claims(**more):
    return {"preferred_username": "ani", "iat": seconds(NOW - HOUR), "is_logged_in": True} | more


def who(rules=RULES, not_before=None, **more) -> Identity:
    return identify(claims(**more), rules, NOW, not_before)


def test_a_name_its_groups_and_its_moment():
    assert who(groups=["a", "b"]) == Identity("ani", frozenset({"a", "b"}), NOW - HOUR)
    assert who(groups="a, b").groups == {"a", "b"}, "as proxies write groups"
    assert who(groups={"a": 1}).groups == frozenset()
    assert who(SignIn("preferred_username"), groups=["a"]).groups == frozenset()


@pytest.mark.parametrize(("given", "reason"), [
    ({}, "signed_out"),
    ({"is_logged_in": False, "preferred_username": "ani"}, "signed_out"),
    ({"sub": "x"}, "unnamed"),
    ({"preferred_username": ""}, "unnamed"),
    ({"preferred_username": ["ani"]}, "unnamed"),
])  # fmt: skip
def test_who_is_nobody(given, reason):
    assert identify(given, RULES, NOW, None) == Identity(reason=reason)


def test_a_session_ends_after_its_hours_and_the_moment_of_proof_counts():
    assert who(iat=seconds(NOW - 12 * HOUR)).reason == "old"
    assert who(iat=seconds(NOW - 12 * HOUR) + 1).name == "ani"
    # a token made anew for a person who proved himself long ago is no new proof
    assert who(auth_time=seconds(NOW - 13 * HOUR)).reason == "old"
    for unreadable in (None, "soon", True, -5, 1e30, "nan"):
        assert who(iat=unreadable).reason == "old", "a limit that cannot be checked is not met"
    lasting = SignIn("preferred_username")
    assert who(lasting, iat=None) == Identity("ani")


def test_who_was_signed_out_everywhere_proves_himself_anew():
    assert who(not_before=NOW).reason == "old"
    assert who(not_before=NOW - HOUR).name == "ani"
    assert who(SignIn("preferred_username"), not_before=NOW, iat=None).reason == "old"


def test_a_second_proof_stands_in_amr_or_acr():
    rules = SignIn("preferred_username", proofs=("otp", "phr"))
    assert who(rules).reason == "proof"
    assert who(rules, amr=["pwd"]).reason == "proof"
    assert who(rules, amr=["pwd", "otp"]).name == "ani"
    assert who(rules, acr="phr").name == "ani"


# the file of users ----------------------------------------------------------------------------

ANI = 'agency = "satgas"\ntier = "restricted"\nkabupaten = ["61.03"]\nexpires = 2027-12-31\n'
TOKEN, OTHER = "t" * 24, "u" * 24


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def written(tmp_path, text):
    path = tmp_path / "users.toml"
    path.write_text(text, encoding="utf-8")
    return users.read(path)


def test_a_faulty_table_locks_out_its_owner_alone_even_from_his_group(tmp_path):
    told = written(
        tmp_path, f'[ani]\n{ANI}[budi]\ntier = "secret"\n["@g"]\n{ANI}cici = 1\n["@h"]\n{ANI}'
    )
    assert told.scope_of(Identity("ani")).kabupaten == {"61.03"}
    assert set(told.faults) == {"budi", "@g"}
    assert told.scope_of(Identity("budi", frozenset({"h"}))) == NOBODY
    assert told.scope_of(Identity("dedi", frozenset({"h"}))).user == "dedi"
    assert told.scope_of(Identity("dedi", frozenset({"g"}))) == NOBODY


def test_the_own_table_comes_before_groups_and_nobody_is_a_group(tmp_path):
    wide = ANI.replace('["61.03"]', '"all"')
    told = written(tmp_path, f'["@g"]\n{wide}[ani]\n{ANI}["@h"]\n{ANI}')
    assert told.scope_of(Identity("ani", frozenset({"g"}))).kabupaten == {"61.03"}
    assert told.scope_of(Identity("eka", frozenset({"h", "g"}))).kabupaten is None
    for name in ("@g", "", "zaki"):
        assert told.scope_of(Identity(name)) == NOBODY


def test_several_tokens_each_with_its_own_end_none_longer_than_its_user(tmp_path):
    one = f'[[ani.tokens]]\nsha256 = "{digest(TOKEN)}"\nname = "QGIS"\nexpires = 2026-11-27\n'
    two = f'[[ani.tokens]]\nsha256 = "{digest(OTHER)}"\nexpires = 2099-01-01\n'
    told = written(tmp_path, f"[ani]\n{ANI}{one}{two}")
    assert not told.faults
    at = pd.Timestamp("2026-11-27T12:00Z")
    assert told.scope_of_token(TOKEN, at).user == told.scope_of_token(OTHER, at).user == "ani"
    assert told.scope_of_token(TOKEN, at + 12 * HOUR) == NOBODY
    assert told.scope_of_token(OTHER, pd.Timestamp("2028-06-01T00:00Z")) == NOBODY


@pytest.mark.parametrize(("text", "words"), [
    ('tokens = "x"\n', "tokens are tables"),
    ('[[ani.tokens]]\nsha256 = "x"\n', "64 hexadecimal"),
    (f'[[ani.tokens]]\nsha256 = "{digest(TOKEN)}"\nuntil = 1\n', "unknown key until"),
])  # fmt: skip
def test_a_token_that_is_not_told_right_is_refused(tmp_path, text, words):
    assert words in written(tmp_path, f"[ani]\n{ANI}{text}").faults["ani"]


def test_a_group_has_no_token(tmp_path):
    told = written(tmp_path, f'["@g"]\n{ANI}token_sha256 = "{digest(TOKEN)}"\n')
    assert "no token" in told.faults["@g"]


def test_an_end_that_is_no_day_is_a_fault(tmp_path):
    told = written(tmp_path, "[ani]\n" + ANI.replace("2027-12-31", '"NaT"'))
    assert "expires is a day" in told.faults["ani"]


# roles ----------------------------------------------------------------------------------------


def test_who_watches_over_others_has_a_role_and_an_end_and_no_data(tmp_path):
    told = written(tmp_path, '[rini]\nrole = "auditor"\nexpires = 2027-12-31\n')
    scope = told.scope_of(Identity("rini"))
    assert scope.role == "auditor" and scope.in_time(NOW) and not scope.alive(NOW)
    assert (scope.agency, scope.tier, scope.kabupaten) == ("", "public", frozenset())


@pytest.mark.parametrize(("text", "words"), [
    ('role = "auditor"\n', "unknown key agency, kabupaten, tier"),
    ('role = "admin"\n', "role is one of commander, analyst, steward, auditor, administrator"),
    ("role = 3\n", "role is one of"),
])  # fmt: skip
def test_a_role_that_is_not_one_or_has_more_than_it_may_is_a_fault(tmp_path, text, words):
    told = written(tmp_path, f"[ani]\n{ANI}{text}")
    assert words in told.faults["ani"] and told.scope_of(Identity("ani")) == NOBODY


def test_an_auditor_has_no_token_and_needs_an_end(tmp_path):
    token = f'token_sha256 = "{digest(TOKEN)}"\n'
    told = written(tmp_path, f'[rini]\nrole = "auditor"\nexpires = 2027-12-31\n{token}')
    assert "unknown key token_sha256" in told.faults["rini"]
    assert "missing: expires" in written(tmp_path, '[rini]\nrole = "auditor"\n').faults["rini"]


@pytest.mark.parametrize("more", [{"agency": "*"}, {"kabupaten": None}, {"role": "king"}])
def test_no_scope_joins_watching_with_data(more):
    with pytest.raises(ValueError, match="role"):
        Scope(**{"user": "x", "role": "administrator", **more})
