"""Who can go out: teams with their post, hours and mode, and places to leave alone.

A roster is a TOML file with [[team]] tables, or a CSV with one row per team; calendar and cells
that are forbidden or mandatory stand in the TOML. All faults of a file are told at once.
"""

import csv
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h3
import numpy as np
import pandas as pd

from data.errors import DataError
from data.findings import reason
from data.personal.gate import refuse_name, refuse_text
from data.personal.said import Said, plain_of
from geo.grid import Grid

LABEL = "DATA SINTETIS"
MODES = ("foot", "motorbike", "boat")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TEAM_KEYS = {
    "team_id": str,
    "post_id": str,
    "post": str,
    "agency": str,
    "lat": float,
    "lon": float,
    "mode": str,
    "hours_per_week": float,
    "shift_hours": float,
    "days_off": tuple,
    "night_ok": bool,
}
OPTIONAL = {"post", "agency", "hours_per_week", "shift_hours", "days_off", "night_ok"}
PLACE_KEYS = {"forbidden": {"cell", "reason"}, "mandatory": {"cell", "reason"}}
#: what a person types of a team
TYPED = ("team_id", "post_id", "post", "agency")
#: signs of a name or value in a message
LONGEST_NAME = 40
CLOSED_KEYS = {"cell", "desa_code", "days", "reason"}


@dataclass(frozen=True)
class Roster:
    """teams : one row each, columns TEAM_KEYS; forbidden, mandatory : cell -> reason; closed :
    cell -> weekdays (0 Monday) on which it is left alone; reasons : of these days, by cell"""

    teams: pd.DataFrame
    forbidden: dict[str, Said] = field(default_factory=dict)
    mandatory: dict[str, Said] = field(default_factory=dict)
    closed: dict[str, set[int]] = field(default_factory=dict)
    reasons: dict[str, Said] = field(default_factory=dict)
    synthetic: bool = False

    def __post_init__(self) -> None:
        """Let no text into a roster that did not pass the personal-data gate."""
        for reasons in (self.forbidden, self.mandatory, self.reasons):
            for typed in reasons.values():
                plain_of(typed, "a roster")
        for name in TYPED:
            for text in self.teams[name]:
                refuse_text(str(text), f"{name} of a roster")


def read_roster(
    path: Path | str,
    cells: pd.DataFrame,
    hours_per_week: float = 40.0,
    shift_hours: float = 8.0,
) -> Roster:
    """Read a roster file.

    Parameters
    ----------
    path : *.toml or *.csv (UTF-8)
    cells : DataFrame with cell and desa_code, to check places and to open out villages
    hours_per_week, shift_hours : of teams that do not say

    Raises
    ------
    DataError
        With all faults of the file.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        what = f"no roster at {path.name}; write one as docs/plan.md shows"
        raise DataError(what, key="no_roster_file", name=path.name) from None
    return parse_roster(path.name, content, cells, hours_per_week, shift_hours)


def parse_roster(
    name: str,
    content: bytes,
    cells: pd.DataFrame,
    hours_per_week: float = 40.0,
    shift_hours: float = 8.0,
) -> Roster:
    """The same of a file's bytes, which never touch a disk.

    Parameters
    ----------
    name : of the file; its ending tells TOML from CSV
    content : its bytes
    cells : of the area: cell, lat, lon and the codes of its districts
    hours_per_week : of a team that does not say its own
    shift_hours : of a team that does not say its own
    """
    refuse_name(Path(name).name)
    kind = Path(name).suffix.lower()
    if kind not in (".csv", ".toml"):
        what = f"{name}: a roster ends in .toml or .csv"
        raise DataError(what, key="roster_ending", where=name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        what = f"{name}: UTF-8 text expected"
        raise DataError(what, key="roster_encoding", where=name) from None
    if kind == ".csv":
        parsed = {"team": _csv_rows(name, text)}
    else:
        try:
            parsed = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError):
            what = f"{name} is not readable TOML; compare it with the example in docs/plan.md"
            raise DataError(what, key="roster_toml", where=name) from None
    return make_roster(parsed, cells, name, hours_per_week, shift_hours)


def make_roster(
    content: dict[str, Any],
    cells: pd.DataFrame,
    name: str = "roster",
    hours_per_week: float = 40.0,
    shift_hours: float = 8.0,
) -> Roster:
    """Check what a roster file says; see `read_roster`.

    Parameters
    ----------
    content : the tables of the file
    cells : of the area: cell, lat, lon and the codes of its districts
    name : of the file, for messages
    hours_per_week : of a team that does not say its own
    shift_hours : of a team that does not say its own

    Raises
    ------
    DataError
        With all faults; PersonalDataError, before any other and without a quote, if a text of it
        holds personal data: teams, posts and reasons are kept with the plan and printed.
    """
    _refuse_persons(content, name)
    known = {"team", "closed", "synthetic", *PLACE_KEYS}
    faults = [
        reason("roster_table", f"unknown table [{key}]", name=key)
        for key in sorted(set(content) - known)
    ]
    missing = {"hours_per_week": hours_per_week, "shift_hours": shift_hours}
    listed = content.get("team", [])
    if not isinstance(listed, list) or not listed:
        what = f"{name}: at least one [[team]] is needed"
        raise DataError(what, key="roster_empty", where=name)
    teams = [_team(n, row, missing, faults) for n, row in enumerate(listed, 1)]
    ids = [team["team_id"] for team in teams]
    if twice := sorted({i for i in ids if i and ids.count(i) > 1}):
        what = f"team_id given twice: {', '.join(twice)}"
        faults.append(reason("team_id_twice", what, teams=twice))
    inside = set(cells["cell"].astype(str))
    places = {
        kind: _places(kind, content.get(kind, []), keys, inside, faults)
        for kind, keys in PLACE_KEYS.items()
    }
    if both := sorted(set(places["forbidden"]) & set(places["mandatory"])):
        what = f"{', '.join(both[:3])} is both forbidden and mandatory"
        faults.append(reason("cell_both", what, cells=both[:3]))
    closed, reasons = _closed(content.get("closed", []), cells, inside, faults)
    table = pd.DataFrame(teams, columns=list(TEAM_KEYS))
    if not faults:
        faults += _away(table, cells)
    if faults:
        raise DataError.of(faults, name)
    return Roster(
        table,
        places["forbidden"],
        places["mandatory"],
        closed,
        reasons,
        bool(content.get("synthetic", False)),
    )


def demo_roster(
    cells: pd.DataFrame,
    n_teams: int = 25,
    n_posts: int = 12,
    hours_per_week: float = 40.0,
    shift_hours: float = 8.0,
) -> Roster:
    """Invented teams at invented posts: DATA SINTETIS. No post is a real one.

    Posts stand in cells near a village and the border, each as far as can be from the others;
    two in three teams have motorbikes.

    Parameters
    ----------
    cells : of the area: cell, lat, lon, distance to the border (km) and the nearest village
    n_teams : how many teams
    n_posts : how many posts they share
    hours_per_week : of each team
    shift_hours : of each team

    Raises
    ------
    DataError
        If no cell lies near a border.
    """
    near = cells[(cells["dist_border_km"] <= 6) & (cells["dist_desa_km"] <= 3)]
    near = near.sort_values("cell", kind="stable").reset_index(drop=True)
    if near.empty:
        what = "no cell near a border and a village to invent a post in; bring a roster"
        raise DataError(what, key="no_invented_post")
    xy = np.column_stack(
        [111.195 * near["lon"] * np.cos(np.radians(near["lat"].mean())), 111.195 * near["lat"]]
    )
    picked = [0]
    away = np.linalg.norm(xy - xy[0], axis=1)
    while len(picked) < min(n_posts, len(near)):
        picked.append(int(away.argmax()))
        away = np.minimum(away, np.linalg.norm(xy - xy[picked[-1]], axis=1))
    rows = []
    for k in range(n_teams):
        post = k % len(picked)
        where = near.iloc[picked[post]]
        rows.append(
            {
                "team_id": f"CONTOH-{k + 1:02d}",
                "post_id": f"contoh-{post + 1:02d}",
                "post": f"Pos contoh {post + 1:02d} ({LABEL})",
                "agency": "satgas_pamtas" if k % 5 else "gabungan",
                "lat": float(where["lat"]),
                "lon": float(where["lon"]),
                "mode": "motorbike" if k % 3 else "foot",
                "hours_per_week": float(hours_per_week),
                "shift_hours": float(shift_hours),
                "days_off": (),
                "night_ok": True,
            }
        )
    return Roster(pd.DataFrame(rows, columns=list(TEAM_KEYS)), synthetic=True)


def _refuse_persons(content: object, where: str) -> None:
    if isinstance(content, dict):
        for number, (key, value) in enumerate(content.items(), 1):
            refuse_text(str(key), f"{where}, key {number}")
            _refuse_persons(value, f"{where}, {key}")
    elif isinstance(content, list):
        for number, value in enumerate(content, 1):
            _refuse_persons(value, f"{where} {number}")
    elif isinstance(content, str):
        refuse_text(content, where)


def _csv_rows(name: str, text: str) -> list[dict[str, Any]]:
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=None)))
    except csv.Error as problem:
        what = f"{name}: not readable as CSV: {problem}"
        raise DataError(what, key="csv_broken", where=name) from None
    if not rows:
        raise DataError(
            f"{name}: no team; the first line names {', '.join(TEAM_KEYS)}",
            key="roster_no_team", where=name, known=list(TEAM_KEYS),
        )  # fmt: skip
    return [{key: value for key, value in row.items() if value not in ("", None)} for row in rows]


def _team(number: int, row: object, missing: dict[str, Any], faults: list[str]) -> dict[str, Any]:
    if not isinstance(row, dict):
        what = f"team {number} is not a table"
        faults.append(reason("team_no_table", what, team=str(number)))
        return dict.fromkeys(TEAM_KEYS, "")
    name = str(row.get("team_id", ""))
    team = name if 0 < len(name) <= LONGEST_NAME else str(number)
    who = f"team {team}"
    if unknown := sorted(str(key) for key in set(row) - set(TEAM_KEYS)):
        what = f"{who}: unknown key {', '.join(unknown)}"
        faults.append(reason("team_unknown", what, team=team, keys=unknown))
    if lacking := sorted(set(TEAM_KEYS) - OPTIONAL - set(row)):
        what = f"{who}: missing {', '.join(lacking)}"
        faults.append(reason("team_missing", what, team=team, keys=lacking))
    made = {
        "post": str(row.get("post_id", "")),
        "agency": "",
        "days_off": (),
        "night_ok": True,
        **missing,
    }
    for key, kind in TEAM_KEYS.items():
        if key not in row:
            made.setdefault(key, "" if kind is str else np.nan)
            continue
        try:
            made[key] = _value(key, kind, row[key])
        except _Wrong as wrong:
            faults.append(reason(wrong.key, f"{who}: {key} {wrong}", **wrong.told(team, key)))
            made.setdefault(key, "" if kind is str else np.nan)
    faults += _impossible(row, made, who, team)
    return made


def _impossible(row: dict[str, Any], made: dict[str, Any], who: str, team: str) -> Iterator[str]:
    """Values of a team that are of the right kind and cannot be.

    Parameters
    ----------
    row : as the file tells it
    made : as it was read
    who, team : how a sentence names it, and its id
    """
    for low, key, high in ((-90, "lat", 90), (-180, "lon", 180)):
        fits = isinstance(made[key], float) and low <= made[key] <= high
        if key in row and not fits:
            given = _shown(row[key])
            what = f"{who}: {key} lies in {low} to {high}, got {given}"
            yield reason("team_place", what, team=team, name=key, low=low, high=high, given=given)
    if "mode" in row and made["mode"] not in MODES:
        given = _shown(row["mode"])
        what = f"{who}: mode is one of {', '.join(MODES)}, got {given}"
        yield reason("team_mode", what, team=team, known=list(MODES), given=given)
    shift, week = made["shift_hours"], made["hours_per_week"]
    if isinstance(shift, float) and isinstance(week, float):
        if not 1 <= shift <= 16:
            what = f"{who}: shift_hours is 1 to 16, got {shift:g}"
            yield reason("team_shift", what, team=team, hours=f"{shift:g}")
        elif not shift <= week <= 112:
            what = f"{who}: hours_per_week is one shift to 112, got {week:g}"
            yield reason("team_week", what, team=team, hours=f"{week:g}")


def _shown(value: object) -> str:
    """A value as a message quotes it: its beginning, if it is long."""
    text = repr(value)
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"


class _Wrong(Exception):
    """A value that a key cannot have: `text` says what it should be, `given` what it is."""

    def __init__(self, key: str, text: str, value: object):
        super().__init__(f"{text}, got {_shown(value)}")
        self.key, self.given = key, _shown(value)

    def told(self, team: str, name: str) -> dict[str, str]:
        """The values of its reason."""
        return {"team": team, "name": name, "given": self.given}


def _value(key: str, kind: type, value: Any) -> Any:
    if kind is str:
        if not isinstance(value, str) or not value.strip():
            raise _Wrong("team_text", "is a text", value)
        return value.strip()
    if kind is float:
        return _number(value)
    if kind is bool:
        words = {"true": True, "1": True, "ya": True, "false": False, "0": False, "tidak": False}
        if isinstance(value, str) and value.lower() in words:
            return words[value.lower()]
        if not isinstance(value, bool):
            raise _Wrong("team_bool", "is true or false", value)
        return value
    return _days(value)


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise _Wrong("team_number", "is a number", value)
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise _Wrong("team_number", "is a number", value) from None
    if not np.isfinite(number):
        raise _Wrong("team_number", "is a number", value)
    return number


def _days(value: object) -> tuple[int, ...]:
    listed = value.replace(";", " ").split() if isinstance(value, str) else value
    text = f"lists weekdays of {', '.join(DAYS)}"
    if not isinstance(listed, list | tuple):
        raise _Wrong("team_days", text, value)
    unknown = [day for day in listed if str(day).lower() not in DAYS]
    if unknown:
        raise _Wrong("team_days", text, unknown[0])
    return tuple(sorted({DAYS.index(str(day).lower()) for day in listed}))


def _places(
    kind: str, listed: object, keys: set[str], inside: set[str], faults: list[str]
) -> dict[str, Said]:
    found = {}
    for number, row in enumerate(listed if isinstance(listed, list) else [None], 1):
        if not isinstance(row, dict) or set(row) - keys or "cell" not in row:
            what = f"{kind} {number} has the keys cell, reason"
            faults.append(reason("place_keys", what, place=f"{kind} {number}"))
        elif str(row["cell"]) not in inside:
            what = f"{kind} {number}: cell {row['cell']!r} is not in the area"
            cell = _shown(row["cell"])
            faults.append(reason("place_cell", what, place=f"{kind} {number}", cell=cell))
        elif not str(row.get("reason", "")).strip():
            what = f"{kind} {number}: a reason is needed"
            faults.append(reason("place_reason", what, place=f"{kind} {number}"))
        else:
            found[str(row["cell"])] = Said(row["reason"], f"{kind} {number}")
    return found


def _closed(
    listed: object, cells: pd.DataFrame, inside: set[str], faults: list[str]
) -> tuple[dict[str, set[int]], dict[str, Said]]:
    closed: dict[str, set[int]] = {}
    reasons: dict[str, Said] = {}
    for number, row in enumerate(listed if isinstance(listed, list) else [None], 1):
        if (
            not isinstance(row, dict)
            or set(row) - CLOSED_KEYS
            or not {"days", "reason"} <= set(row)
        ):
            what = f"closed {number} has the keys cell or desa_code, days, reason"
            faults.append(reason("closed_keys", what, number=str(number)))
            continue
        try:
            days = set(_days(row["days"]))
        except _Wrong as wrong:
            what = f"closed {number}: days {wrong}"
            faults.append(reason("closed_days", what, number=str(number), given=wrong.given))
            continue
        if not str(row["reason"]).strip():
            what = f"closed {number}: a reason is needed"
            faults.append(reason("place_reason", what, place=f"closed {number}"))
            continue
        closed_reason = Said(row["reason"], f"closed {number}")
        if "cell" in row:
            named = [str(row["cell"])] if str(row["cell"]) in inside else []
        else:
            code = str(row.get("desa_code", ""))
            named = list(cells.loc[cells["desa_code"].astype(str) == code, "cell"].astype(str))
        if not named:
            where = row.get("cell", row.get("desa_code", ""))
            what = f"closed {number}: {where!r} is no cell or desa of the area"
            given = _shown(where)
            faults.append(reason("closed_place", what, number=str(number), given=given))
        for cell in named:
            closed.setdefault(cell, set()).update(days)
            reasons[cell] = closed_reason
    return closed, reasons


def _away(teams: pd.DataFrame, cells: pd.DataFrame) -> list[str]:
    grid = Grid(cells["cell"].astype(str).tolist())
    place = grid.nearest(
        teams["lat"].to_numpy(float), teams["lon"].to_numpy(float), 3 * grid.spacing_km
    )
    lost = sorted(set(teams.loc[place < 0, "team_id"]))
    if not lost:
        return []
    size = h3.average_hexagon_edge_length(grid.resolution, unit="km")
    what = f"the post of {', '.join(lost)} lies outside the area (cells of {size:.1f} km edge)"
    return [reason("post_outside", what, teams=lost)]
