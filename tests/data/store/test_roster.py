"""A roster is read whole or refused with all its faults; demo teams say that they are invented."""

import csv

import h3
import pandas as pd
import pytest

from data.errors import DataError
from data.store.roster import LABEL, demo_roster, make_roster, parse_roster, read_roster

CENTRE = h3.latlng_to_cell(0.98, 110.36, 7)


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    names = sorted(h3.grid_disk(CENTRE, 4))
    place = [h3.cell_to_latlng(cell) for cell in names]
    return pd.DataFrame(
        {
            "cell": names,
            "lat": [lat for lat, _ in place],
            "lon": [lon for _, lon in place],
            "desa_code": ["61.03.21.2001" if k < 5 else "61.03.21.2002" for k in range(len(names))],
            "dist_border_km": 2.0,
            "dist_desa_km": 1.0,
        }
    )


def team(**changes) -> dict:
    lat, lon = h3.cell_to_latlng(CENTRE)
    told = {"team_id": "A", "post_id": "P1", "lat": lat, "lon": lon, "mode": "foot"}
    return told | changes


def test_a_small_roster_is_filled_with_the_defaults(cells):
    roster = make_roster({"team": [team()]}, cells, hours_per_week=32, shift_hours=6)
    row = roster.teams.iloc[0]
    assert (row["hours_per_week"], row["shift_hours"], row["post"]) == (32, 6, "P1")
    assert row["days_off"] == () and row["night_ok"] and not roster.synthetic


def test_toml_and_csv_tell_the_same(cells, tmp_path):
    lat, lon = h3.cell_to_latlng(CENTRE)
    (tmp_path / "r.toml").write_text(
        f'[[team]]\nteam_id="A"\npost_id="P"\nlat={lat}\nlon={lon}\nmode="foot"\n'
        'days_off=["sun","mon"]\nnight_ok=false\nshift_hours=8\n'
    )
    (tmp_path / "r.csv").write_text(
        "team_id,post_id,lat,lon,mode,days_off,night_ok,shift_hours\n"
        f"A,P,{lat},{lon},foot,mon;sun,tidak,8\n"
    )
    a, b = (read_roster(tmp_path / name, cells).teams for name in ("r.toml", "r.csv"))
    pd.testing.assert_frame_equal(a, b)
    assert a["days_off"][0] == (0, 6)


def test_all_faults_are_told_at_once(cells):
    told = {
        "team": [
            team(mode="horse", shift_hours=20),
            team(lat=95, days_off=["funday"]),
            {"team_id": "B", "colour": "red"},
            team(team_id="C", night_ok="perhaps", hours_per_week="many"),
            "not a table",
        ],
        "forbidden": [{"cell": "zzz", "reason": "x"}, {"cell": cells["cell"][0]}],
        "closed": [{"days": ["sat"], "desa_code": "99", "reason": "pasar"}, {"days": []}],
        "other": 1,
    }
    with pytest.raises(DataError) as problem:
        make_roster(told, cells, "r.toml")
    for words in (
        "r.toml: unknown table [other]",
        "mode is one of foot, motorbike, boat, got 'horse'",
        "shift_hours is 1 to 16, got 20",
        "lat lies in -90 to 90, got 95",
        "days_off lists weekdays of mon, tue",
        "team B: unknown key colour",
        "team B: missing lat, lon, mode, post_id",
        "night_ok is true or false, got 'perhaps'",
        "hours_per_week is a number, got 'many'",
        "team 5 is not a table",
        "team_id given twice: A",
        "cell 'zzz' is not in the area",
        "forbidden 2: a reason is needed",
        "closed 1: '99' is no cell or desa",
        "closed 2 has the keys",
    ):
        assert words in str(problem.value)


def test_market_days_of_a_village_reach_all_its_cells(cells):
    told = {
        "team": [team()],
        "closed": [
            {"desa_code": "61.03.21.2001", "days": ["sat"], "reason": "hari pasar"},
            {"cell": cells["cell"][0], "days": ["sun"], "reason": "jalur panen"},
        ],
    }
    roster = make_roster(told, cells)
    assert len(roster.closed) == 5
    assert roster.closed[cells["cell"][0]] == {5, 6} and roster.closed[cells["cell"][1]] == {5}


def test_a_cell_is_not_forbidden_and_mandatory(cells):
    place = {"cell": cells["cell"][0], "reason": "hutan adat"}
    with pytest.raises(DataError, match="both forbidden and mandatory"):
        make_roster({"team": [team()], "forbidden": [place], "mandatory": [place]}, cells)


def test_a_post_outside_the_area_is_told(cells):
    with pytest.raises(DataError, match="post of A lies outside the area"):
        make_roster({"team": [team(lat=-3.0, lon=115.0)]}, cells)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("r.toml", "[[team", "not readable TOML"),
        ("r.toml", "", "at least one"),
        ("r.csv", "team_id,lat\n", "no team"),
        ("r.xlsx", "x", "ends in .toml or .csv"),
    ],
)
def test_unreadable_files_are_one_sentence(cells, tmp_path, name, text, words):
    (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=words):
        read_roster(tmp_path / name, cells)
    with pytest.raises(DataError, match=r"no roster at none\.toml"):
        read_roster(tmp_path / "none.toml", cells)


def test_demo_teams_are_invented_and_say_so(cells):
    roster = demo_roster(cells, n_teams=7, n_posts=3)
    assert roster.synthetic and len(roster.teams) == 7
    assert roster.teams["post_id"].nunique() == 3 and roster.teams["team_id"].is_unique
    assert roster.teams["post"].str.contains(LABEL).all()
    pd.testing.assert_frame_equal(roster.teams, demo_roster(cells, 7, 3).teams)
    with pytest.raises(DataError, match="bring a roster"):
        demo_roster(cells.assign(dist_border_km=99.0))


def test_what_no_csv_reader_takes_is_refused_in_words(cells):
    endless = b'team_id\n"' + b"x" * (csv.field_size_limit() + 1)
    with pytest.raises(DataError, match=r"regu\.csv: not readable as CSV"):
        parse_roster("regu.csv", endless, cells)
