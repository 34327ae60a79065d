"""Denied by default: a row is seen only where a living scope allows its place and its tier."""

import pandas as pd
import pytest

from data.errors import DataError
from data.gate import users
from data.gate.access import NOBODY, Scope, visible, visible_pairs
from data.gate.identity import Identity
from data.gate.users import load_scopes
from tests.data.store_world import make_events

NOW = pd.Timestamp("2026-11-24T00:00Z")
LATER = pd.Timestamp("2027-01-01T00:00Z")
CELLS = pd.DataFrame(
    {
        "cell": ["a", "b", "c", "d"],
        "kabupaten_code": ["61.03", "61.03", "61.05", ""],
        "kecamatan_code": ["61.03.21", "61.03.07", "61.05.06", ""],
    }
)
RISK = pd.DataFrame({"cell": ["a", "b", "c", "d", "x"], "risk": 1.0})


def scope(**given):
    return Scope("ani", "satgas", **{"tier": "restricted", "expires": LATER, **given})


def seen(table, who, cells=CELLS):
    return visible(table, who, cells, NOW)


@pytest.mark.parametrize(
    "who",
    [
        NOBODY,
        Scope("ani", "satgas", "restricted", None),
        scope(),
        scope(kabupaten=None, expires=NOW),
    ],
)
def test_without_a_living_scope_nothing_is_seen(who):
    assert seen(RISK, who).empty and list(seen(RISK, who)) == list(RISK)
    frames = visible({"cells": CELLS, "risk": RISK, "scores": RISK}, who, now=NOW)
    assert all(table.empty for table in frames.values())


def test_a_scope_sees_its_districts_and_no_unknown_cell():
    sanggau = frozenset({"61.03"})
    assert seen(RISK, scope(kabupaten=None))["cell"].tolist() == ["a", "b", "c", "d", "x"]
    assert seen(RISK, scope(kabupaten=sanggau))["cell"].tolist() == ["a", "b"]
    entikong = scope(kabupaten=sanggau, kecamatan=frozenset({"61.03.21"}))
    assert seen(RISK, entikong)["cell"].tolist() == ["a"]
    assert seen(CELLS, entikong)["cell"].tolist() == ["a"]
    assert seen(RISK, scope(kabupaten=sanggau), cells=None).empty
    assert seen(RISK[["risk"]], scope(kabupaten=sanggau)).empty


def test_frames_are_filtered_by_their_own_cells():
    frames = {"cells": CELLS, "risk": RISK, "scores": pd.DataFrame({"model": ["kde"]})}
    got = visible(frames, scope(kabupaten=frozenset({"61.05"})), now=NOW)
    assert got["risk"]["cell"].tolist() == ["c"] and len(got["scores"]) == 1


def test_events_are_judged_by_every_place_they_name_and_by_tier():
    events = make_events(
        [
            {"cell": "a", "admin_code": "61.03.21.2001"},
            {"cell": "a", "admin_code": "61.05"},
            {"cell": "", "admin_code": "61.03"},
            {"cell": "", "admin_code": ""},
            {"cell": "b", "admin_code": "", "sensitivity": "restricted"},
        ]
    )
    sanggau = frozenset({"61.03"})

    def names(who):
        return seen(events, who)["source_record_id"].tolist()

    assert names(scope(kabupaten=sanggau)) == ["R0", "R2", "R4"]
    assert names(scope(kabupaten=sanggau, tier="internal")) == ["R0", "R2"]
    assert names(scope(kabupaten=sanggau, kecamatan=frozenset({"61.03.21"}))) == ["R0"]
    assert names(scope(kabupaten=None, tier="public")) == []
    ids = events["event_id"].tolist()
    pairs = pd.DataFrame({"event_id_a": [ids[0], ids[0]], "event_id_b": [ids[2], ids[1]]})
    assert len(visible_pairs(pairs, seen(events, scope(kabupaten=sanggau)))) == 1


def test_scopes_come_from_a_file(tmp_path):
    path = tmp_path / "scopes.toml"
    assert users.read(path).scope_of(Identity("ani")) == NOBODY
    path.write_text(
        '[ani]\nagency = "satgas"\ntier = "restricted"\nkabupaten = ["61.03"]\n'
        "expires = 2026-12-31\n",
        encoding="utf-8",
    )
    ani = users.read(path).scope_of(Identity("ani"))
    assert ani.kabupaten == frozenset({"61.03"}) and ani.alive(NOW)
    assert ani.alive(pd.Timestamp("2026-12-31T23:00+07:00"))
    assert not ani.alive(pd.Timestamp("2027-01-01T00:00+07:00"))
    assert users.read(path).scope_of(Identity("budi")) == NOBODY
    path.write_text('[ani]\nagency = "satgas"\ntier = "all"\n[budi]\nrole = 1\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"(?s)\[ani\].*missing.*\[budi\].*role"):
        load_scopes(path)
