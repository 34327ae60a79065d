"""What leaves and who sees it, told case by case: every rule of a tier once, edges included."""

import hashlib

import h3
import numpy as np
import pandas as pd
import pytest

from data.errors import DataError
from data.gate import disclose, users
from data.gate.access import NOBODY, Scope, visible
from data.gate.disclose import download_notes, suppress, suppress_meta
from data.gate.published import Published
from data.gate.users import load_scopes
from data.spreadsheet import csv_text
from geo import blocks
from ui.words import of_data

NOW, LATER = pd.Timestamp("2026-11-24T00:00Z"), pd.Timestamp("2099-01-01T00:00Z")
RESTRICTED = Scope("ani", "satgas", "restricted", None, None, LATER)
PART = Scope("ani", "satgas", "restricted", frozenset({"61.03"}), None, LATER)
INTERNAL = Scope("budi", "bp3mi", "internal", None, None, LATER)
PUBLIC = Scope("cici", "", "public", None, None, LATER)
PARENT = h3.latlng_to_cell(1.0, 110.4, 6)
MIDDLE = h3.cell_to_center_child(PARENT, 7)
CELLS = [MIDDLE, *sorted(set(h3.cell_to_children(PARENT, 7)) - {MIDDLE})]


# what an assessment says of itself ------------------------------------------------------------

META = {
    "id": "a1", "data_version": "d1", "left_out": {"no_place": 3}, "totals": {"4": 91.0},
    "method": {
        "horizons": {"4": {"expected": 90.0, "lo": 1.0, "hi": 2.0, "best_baseline": "kde",
                           "fallback": False, "pool": [0.0, 1.0]}},
        "detection": {"corrected": True, "strength_per_hour": {"patrol": 0.4},
                      "strength_by_agency": {"satgas:patrol": 0.5}, "blind": 0.01},
    },
    "summary": [{"model": "pool", "ig": 1.2, "n_events": 9.0, "calibration": 1.1, "deviance": 2.0,
                 "observed": 9.0, "expected": 8.0, "n_outside": 1.0}],
}  # fmt: skip


def test_totals_are_for_who_sees_the_whole_area_in_the_restricted_tier():
    told = suppress_meta(META, RESTRICTED)
    assert {key: told[key] for key in META if key != "id"} == {
        key: META[key] for key in META if key != "id"
    }
    for scope in (PART, INTERNAL, PUBLIC):
        told = suppress_meta(META, scope)
        assert "left_out" not in told and "totals" not in told, scope.tier
        assert told["method"]["horizons"] == {
            "4": {"best_baseline": "kde", "fallback": False, "pool": [0.0, 1.0]}
        }
        assert told["summary"] == [{"model": "pool", "ig": 1.2}]
        assert told["tier"] == scope.tier
    assert META["totals"] and "expected" in META["method"]["horizons"]["4"]  # left as it was


def test_how_well_patrols_find_is_not_told_by_agency_nor_to_the_public():
    inside = suppress_meta(META, INTERNAL)["method"]["detection"]
    assert inside == META["method"]["detection"] | {"strength_by_agency": {}}
    outside = suppress_meta(META, PUBLIC)["method"]["detection"]
    assert outside == {"corrected": True, "strength_per_hour": {}}
    assert suppress_meta({}, PUBLIC)["method"] == {} and suppress_meta({}, PUBLIC)["summary"] == []


@pytest.mark.parametrize(("scope", "words"), [
    (RESTRICTED, ("res 7; exact", "TERBATAS")),
    (INTERNAL, ("res 6; events < 5 hidden", "INTERNAL")),
    (PUBLIC, ("res 6; events < 5 hidden", "UMUM")),
])  # fmt: skip
def test_a_download_says_how_exact_it_is_and_how_to_handle_it(scope, words):
    notes = download_notes({"id": "a1"}, scope)
    assert notes["suppression"].startswith(words[0]) and notes["handling"].startswith(words[1])
    assert notes["tier"] == scope.tier and notes["assessment"] == "a1" and "label" not in notes
    assert download_notes({"handling": "x", "resolution": 8}, RESTRICTED)["handling"] == "x"
    assert download_notes({"resolution": 8}, RESTRICTED)["suppression"] == "res 8; exact"


def test_text_of_a_csv_is_quoted_whatever_it_begins_with_and_numbers_and_days_are_not():
    day = pd.Timestamp("2026-01-05")
    table = pd.DataFrame({"t": ["+1", "\rx", "a=b", None], "n": [-1, 2, 3, 4], "d": day})
    text = csv_text(table, {"note": "two\nlines  and\tmore"})
    assert text.split("\n")[0] == "# note: two lines and more"
    assert "'+1,-1,2026-01-05" in text and "'\nx" in text and "\na=b,3," in text
    assert csv_text(table, {}).startswith("t,n,d\n")


# what becomes coarse --------------------------------------------------------------------------


def ground() -> pd.DataFrame:
    n = len(CELLS)
    return pd.DataFrame(
        {
            "cell": CELLS, "lat": 0.0, "lon": 0.0, "area_km2": np.arange(n) + 1.0,
            "kabupaten_code": ["61.03", *["61.05"] * (n - 1)],
            "kecamatan_code": ["61.03.21", *["61.05.06"] * (n - 1)],
            "dist_border_km": np.arange(n) + 3.0, "elev_m": np.arange(n) * 10.0,
            "observed": [False] * (n - 1) + [True], "trend": "new_hot", "events_52w": 1.0,
            "weeks_since_visit": [9.0] * (n - 1) + [4.0], "effort_minutes_12w": 10.0,
        }
    )  # fmt: skip


def test_seven_cells_become_one_that_is_described_by_their_middle_and_their_sums():
    (row,) = suppress({"cells": ground()}, INTERNAL)["cells"].to_dict("records")
    assert row["cell"] == PARENT and row["kecamatan_code"] == "61.03.21"
    assert (row["lat"], row["lon"]) == h3.cell_to_latlng(PARENT)
    assert row["area_km2"] == 28 and row["dist_border_km"] == 3 and row["elev_m"] == 30
    assert row["observed"] and row["weeks_since_visit"] == 4 and row["effort_minutes_12w"] == 70
    assert np.isnan(row["events_52w"]) and row["events_52w_suppressed"] and row["trend"] == ""
    assert row["events_year"] == ""
    shuffled = ground().sample(frac=1, random_state=3)
    (other,) = suppress({"cells": shuffled}, INTERNAL)["cells"].to_dict("records")
    assert other["kecamatan_code"] == "61.03.21"


def risk(horizon=4, group="all", **given) -> pd.DataFrame:
    table = pd.DataFrame({"cell": CELLS, "horizon_weeks": horizon, "group": group, "risk": 0.0123})
    table = table.assign(lo=table["risk"] / 2, hi=table["risk"] * 2, previous=0.0, doubt="")
    return table.assign(**given)


def test_risks_add_up_by_horizon_and_group_and_are_told_with_two_digits():
    table = pd.concat([risk(), risk(group="outbound", risk=0.01), risk(12, risk=17.6)])
    told = suppress({"risk": table}, PUBLIC)["risk"].set_index(["horizon_weeks", "group"])
    assert told["risk"].to_dict() == pytest.approx(
        {(4, "all"): 0.086, (4, "outbound"): 0.07, (12, "all"): 120.0}  # 0.0861, 0.07 and 123.2
    )
    assert told.loc[(4, "all"), ["lo", "hi", "previous"]].tolist() == pytest.approx(
        [0.043, 0.17, 0]
    )
    exact = suppress({"risk": table}, RESTRICTED)["risk"]
    assert exact["risk"].tolist() == table["risk"].tolist()


def test_the_reasons_of_a_coarse_cell_are_those_of_its_riskiest():
    """Of all groups together and for each horizon; of equal ones the first cell's."""
    names = sorted(CELLS)
    parts = [
        pd.DataFrame({"cell": names, "horizon_weeks": h, "reason": [f"r{h}{i}" for i in range(7)],
                      "contribution": 0.74, "value": 3.0})
        for h in (1, 4, 12)
    ]  # fmt: skip
    order = pd.Series(range(7), index=names)
    at = {1: order.rsub(6.0), 4: (order == 3) * 1.0, 12: order * 0.0}
    table = [risk(h).assign(risk=lambda t, h=h: t["cell"].map(at[h]) + 0.1) for h in at]
    other = risk(4, "outbound").assign(risk=lambda t: (t["cell"] == names[5]) * 99.0)
    frames = {"reasons": pd.concat(parts), "risk": pd.concat([*table, other])}
    told = suppress(frames, PUBLIC)["reasons"]
    assert told.set_index("horizon_weeks")["reason"].to_dict() == {1: "r10", 4: "r43", 12: "r120"}
    assert set(told["cell"]) == {PARENT} and (told["contribution"] == 0.5).all()
    assert told["value"].isna().all() and told["value_suppressed"].all()
    alone = suppress({"reasons": pd.concat(parts)}, PUBLIC)["reasons"]
    assert set(alone["reason"]) == {"r10", "r40", "r120"}


def test_effort_adds_up_by_week_and_mode_and_is_no_matter_of_the_public():
    table = pd.DataFrame({"cell": CELLS * 2, "week": pd.Timestamp("2026-01-05"), "minutes": 30.0})
    table = table.assign(km=1.5, visits=1, mode=["patrol"] * 7 + ["ambush"] * 7)
    told = suppress({"effort": table}, INTERNAL)["effort"]
    assert told["mode"].tolist() == ["ambush", "patrol"]
    assert told[["minutes", "km", "visits"]].to_numpy().tolist() == [[210, 10.5, 7]] * 2
    assert suppress({"effort": table}, PUBLIC)["effort"].empty


def test_the_weeks_since_are_hidden_in_every_district_not_zero():
    """In one of which nothing was published, too; what was published stays beside them."""
    row = {"release": "2025-Q1", "kind": "figure", "span": "2025-Q1", "kabupaten_code": "61.03",
           "cell": "", "count": 12.0, "hidden": False}  # fmt: skip
    weeks = blocks.weeks_of("2025-Q1")
    told = Published(pd.DataFrame([row]), weeks[-1] + pd.Timedelta(weeks=2))
    history = pd.DataFrame({"cell": CELLS[:1], "week": weeks[0], "event_type": "x", "weight": 1.0})
    edge = ground().assign(kabupaten_code="61.05")
    got = suppress({"history": history, "cells": edge}, INTERNAL, told)["history"]
    since = got[got["week"] > weeks[-1]]
    assert since.groupby("kabupaten_code").size().to_dict() == {"": 2, "61.03": 2, "61.05": 2}
    assert since["weight"].isna().all() and since["weight_suppressed"].all()
    assert got.loc[got["week"] == weeks[0], "weight"].tolist() == [12]
    alone = suppress({"history": history}, INTERNAL, told)["history"]
    assert set(alone["kabupaten_code"]) == {"", "61.03"}


def scores_of(n: list[float], hit: list[float], **more) -> pd.DataFrame:
    given = {"model": "kde", "n_events": n, "hit05": hit, "pai05": np.divide(hit, 0.05),
             "ig": 0.123, "period_start": NOW}  # fmt: skip
    return pd.DataFrame(given | more)


def test_no_share_of_a_single_test_is_told_and_a_gain_in_steps():
    table = scores_of([4, 5, 374], [0.25, 0.4, 0.5989], pei05=0.7, hit05_corrected=0.3)
    for scope in (PUBLIC, INTERNAL, PART):
        told = suppress({"scores": table}, scope)["scores"]
        assert (
            told[["hit05", "pai05", "pei05", "hit05_corrected", "n_events"]].isna().all(axis=None)
        )
        assert told["ig"].isna().tolist() == [True, False, False] and (told["ig"][1:] == 0.1).all()
    whole = suppress({"scores": table}, RESTRICTED)["scores"]
    assert whole["n_events"].tolist() == [4, 5, 374] and (whole["ig"] == 0.123).all()
    assert whole["hit05"].tolist() == table["hit05"].tolist()


@pytest.mark.parametrize("least", [20, 100])
def test_no_number_of_events_can_be_told_from_its_shares(least):
    """Every number from the threshold on has a share in every step: none can be ruled out."""
    step = disclose.step_of(least)
    assert step == 1 / least and not disclose.step_of(least - 1) <= step
    steps = {round(k * step, 2) for k in range(round(1 / step) + 1)}
    for n in [*range(least, 4 * least), 1000]:
        shares = pd.Series(np.arange(n + 1) / n)
        assert set(disclose._in_steps(shares, step)) == steps, n


def test_two_numbers_of_events_with_the_same_steps_are_told_alike():
    """The summary of all tests once told 224 of 374 in sixteen digits."""
    rows = [{"model": "pool", "horizon_weeks": 1, "n_events": float(n), "hit05": hit / n,
             "hit05_lo": hit / n - 0.1003, "ig": 1.2301 + hit / 1e5, "pai05": hit / n / 0.05,
             "pei05": 0.6123, "periods": 13} for n, hit in ((374, 224), (601, 360))]  # fmt: skip
    for scope in (PUBLIC, INTERNAL, PART):
        told = [disclose.suppress_meta({"summary": [row]}, scope)["summary"] for row in rows]
        assert told[0] == told[1] == [
            {"model": "pool", "horizon_weeks": 1, "hit05": 0.6, "hit05_lo": 0.5, "ig": 1.2,
             "pai05": 12.0, "pei05": 0.61, "periods": 13}
        ]  # fmt: skip
    small = disclose.suppress_meta({"summary": [rows[0] | {"n_events": 19.0}]}, PUBLIC)["summary"]
    assert small[0]["hit05"] is None and small[0]["pai05"] is None and small[0]["ig"] == 1.2
    exact = disclose.suppress_meta({"summary": rows}, RESTRICTED)["summary"]
    assert exact == rows


# who sees it ----------------------------------------------------------------------------------


def test_a_scope_ends_at_its_moment_and_needs_a_zone_and_a_known_tier():
    who = Scope("ani", "satgas", "internal", None, None, NOW)
    second = pd.Timedelta(seconds=1)
    assert who.alive(NOW - second) and not who.alive(NOW) and not who.alive(NOW + second)
    assert not Scope("ani", "satgas", "internal", frozenset(), None, LATER).alive(NOW)
    assert INTERNAL.alive()
    assert not Scope("x", "y", "public", None, None, pd.Timestamp("2020-01-01T00:00Z")).alive()
    with pytest.raises(ValueError, match="tier is one of public, internal, restricted"):
        Scope(tier="secret")
    with pytest.raises(ValueError, match="expires needs a time zone"):
        Scope(expires=pd.Timestamp("2027-01-01"))


def test_a_scope_cannot_be_widened_and_a_cache_is_keyed_by_it():
    twin = Scope("budi", "bp3mi", "internal", None, None, LATER)
    assert {INTERNAL: 1}[twin] == 1 and twin not in {PART: 1}
    with pytest.raises(AttributeError):
        twin.tier = "restricted"


def test_everywhere_is_no_district_and_no_subdistrict_left_out():
    some = frozenset({"61.03.21"})
    assert INTERNAL.everywhere and not PART.everywhere
    assert not Scope("x", "y", "internal", None, some, LATER).everywhere


@pytest.mark.parametrize(("tier", "rows"), [
    ("public", ["p"]), ("internal", ["p", "i"]), ("restricted", ["p", "i", "r"]),
])  # fmt: skip
def test_a_tier_sees_what_is_as_open_as_itself(tier, rows):
    table = pd.DataFrame({"row": ["p", "i", "r", "?"],
                          "sensitivity": ["public", "internal", "restricted", ""]})  # fmt: skip
    who = Scope("x", "y", tier, None, None, LATER)
    assert visible(table, who, now=NOW)["row"].tolist() == rows


DISTRICTS = pd.DataFrame(
    {
        "cell": ["a", "b", "c", "c"],
        "kabupaten_code": ["61.03", "61.03", "61.05", "61.03"],
        "kecamatan_code": ["61.03.21", "", "61.05.06", "61.03.21"],
    }
)


def test_a_cell_is_judged_by_its_finest_district_and_the_first_that_is_told_of_it():
    table = pd.DataFrame({"cell": ["a", "b", "c", ""]})
    entikong = Scope("x", "y", "public", None, frozenset({"61.03.21"}), LATER)
    assert visible(table, entikong, DISTRICTS, NOW)["cell"].tolist() == ["a"]
    assert visible(table, PART, DISTRICTS, NOW)["cell"].tolist() == ["a", "b"]


def test_a_row_that_names_both_districts_is_judged_by_both():
    table = pd.DataFrame(
        {
            "row": range(5),
            "kabupaten_code": ["61.03", "61.03", "61.03", "61.05", ""],
            "kecamatan_code": ["61.03.21", "61.03.20", "", "61.03.21", "61.03.21"],
        }
    )
    who = Scope("x", "y", "public", frozenset({"61.03"}), frozenset({"61.03.21"}), LATER)
    assert visible(table, who, now=NOW)["row"].tolist() == [0, 2, 4]
    alone = table[["row", "kabupaten_code"]]  # a district that holds an allowed part is not allowed
    assert visible(alone, who, now=NOW)["row"].tolist() == []
    assert visible(alone, PART, now=NOW)["row"].tolist() == [0, 1, 2]


# users and tokens -----------------------------------------------------------------------------


def write(path, **tables):
    lines = []
    for user, keys in tables.items():
        lines += [f"[{user}]", *(f"{key} = {value}" for key, value in keys.items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


ANI = {"agency": '"satgas"', "tier": '"internal"', "kabupaten": '"all"', "expires": "2026-12-31"}


def test_a_user_of_all_districts_of_some_and_of_parts(tmp_path):
    path = write(tmp_path / "u.toml", ani=ANI,
                 budi=ANI | {"kabupaten": '["61.03"]', "kecamatan": '["61.03.21"]'},
                 cici=ANI | {"expires": "2026-12-31T12:00:00Z"})  # fmt: skip
    told = load_scopes(path)
    assert told["ani"] == Scope(
        "ani", "satgas", "internal", None, None, pd.Timestamp("2027-01-01", tz="Asia/Pontianak")
    )
    assert told["budi"].kabupaten == {"61.03"} and told["budi"].kecamatan == {"61.03.21"}
    assert told["cici"].expires == pd.Timestamp("2027-01-01T12:00Z")


@pytest.mark.parametrize(("keys", "words"), [
    ({"kabupaten": '"61.03"'}, 'kabupaten is "all" or a list'),
    ({"kecamatan": '"61.03.21"'}, "kecamatan is a list of codes"),
    ({"tier": '"secret"'}, "tier is one of"),
    ({"colour": "1"}, "unknown key colour; known are agency"),
    ({"expires": '"soon"'}, r"\[ani\]"),
])  # fmt: skip
def test_a_user_that_is_not_told_right_is_refused(tmp_path, keys, words):
    with pytest.raises(DataError, match=words):
        load_scopes(write(tmp_path / "u.toml", ani=ANI | keys))


@pytest.mark.parametrize(("keys", "words"), [
    ({"kabupaten": '"61.03"'}, "[ani]: kabupaten adalah"),
    ({"kabupaten": "[61]"}, "[ani]: kabupaten adalah"),
    ({"tier": '"secret"'}, "[ani]: tier adalah salah satu dari public, internal, restricted"),
    ({"colour": "1"}, "[ani]: kunci colour tidak dikenal"),
    ({"expires": '"soon"'}, "[ani]: expires adalah tanggal seperti 2027-06-30, bukan “soon”"),
    ({"expires": "09:30:00"}, "[ani]: expires adalah tanggal"),
    ({"agency": "7"}, "[ani]: agency adalah teks, bukan 7"),
    ({"token_sha256": '"x"'}, "[ani]: token: sha256 terdiri dari 64"),
])  # fmt: skip
def test_a_fault_of_a_user_is_told_in_both_languages_and_locks_out_him_alone(tmp_path, keys, words):
    path = write(tmp_path / "u.toml", ani=ANI | keys, budi=ANI)
    with pytest.raises(DataError) as problem:
        load_scopes(path)
    assert of_data.tell_problem(problem.value, "id", named=True).startswith(f"u.toml: {words}")
    assert "adalah" not in of_data.tell_problem(problem.value, "en")
    assert set(users.read(path).scopes) == {"budi"}


def test_each_missing_key_is_named_and_a_file_that_is_no_toml_is_refused(tmp_path):
    for missing in ANI:
        given = {key: value for key, value in ANI.items() if key != missing}
        with pytest.raises(DataError, match=f"missing: {missing}$"):
            load_scopes(write(tmp_path / "u.toml", ani=given))
    (tmp_path / "u.toml").write_text("[ani", encoding="utf-8")
    with pytest.raises(DataError, match=r"not valid TOML \(line \d\)"):
        users.read(tmp_path / "u.toml")
    (tmp_path / "u.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"not valid TOML \(line \d\)"):
        users.read(tmp_path / "u.toml")


def test_a_token_is_its_users_and_a_short_or_a_strange_one_nobodys(tmp_path):
    def digest(token):
        return f'"{hashlib.sha256(token.encode()).hexdigest()}"'

    good, short = "x" * 24, "y" * 23
    path = write(
        tmp_path / "u.toml", ani=ANI | {"token_sha256": digest(good).upper()},
        budi=ANI | {"token_sha256": digest(short)}, cici=ANI, dedi=ANI | {"token_sha256": '""'},
    )  # fmt: skip
    known = users.read(path)
    now = pd.Timestamp("2026-12-01", tz="UTC")
    assert known.scope_of_token(good, now).user == "ani"
    for token in (short, "z" * 24, "", good + "x", digest(good).strip('"')):
        assert known.scope_of_token(token, now) == NOBODY
    assert users.read(tmp_path / "none.toml").scope_of_token(good, now) == NOBODY
