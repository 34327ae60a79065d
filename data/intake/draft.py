"""A first crosswalk for a file nobody has described yet: what could be placed, what could not.

Columns are placed by their names (exactly, then by likeness) and, where the name says nothing,
by what their cells look like. Dates that could be day/month or month/day are not decided.
"""

import re
from pathlib import Path
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process

from data.errors import DataError
from data.findings import reason, shorten
from data.intake.crosswalk import Source, known_headers, nearest, source_of, translate
from data.intake.formats import read_tables
from data.personal import gate
from data.schema import TABLES
from data.tables import MAX_BYTES, RawTable, plain
from data.values import clean, read_degrees, read_times, split_pair

CANDIDATES = [
    "%d/%m/%Y %H:%M", "%d/%m/%Y %H.%M", "%d/%m/%Y", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%d.%m.%Y",
    "%d %b %Y %H:%M", "%d %b %Y %H.%M", "%d %b %Y", "%d/%m/%y", "%m/%d/%Y", "%m/%d/%Y %H:%M",
    "%Y/%m/%d", "%b %Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p",
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "excel",
]  # fmt: skip
#: names that survey tools give: when a form was begun is the event, when it was sent the report
TOOL_NAMES = {
    "start": "event_start",
    "today": "event_start",
    "submissiondate": "reported_at",
    "submission date": "reported_at",
    "submission time": "reported_at",
    "end": "ignore",
}
LIKENESS = 82  # of 100; below it a name is not the same
KNOWN = 0.3  # share of a column's cells that are words of a field; others are still unknown
_WORDS = "event_type direction detection location_role document_state transport modus legal_basis"
WORDS = {"events": _WORDS.split(" "), "effort": ["mode"]}
#: fields without which rows are set aside, unless the crosswalk has a default
NEEDED = {
    "events": ("event_type", "event_start", "detection", "location_role"),
    "effort": ("mode", "day"),
}
DATES = {"events": "event_start", "effort": "day"}


def draft(
    path: str | Path,
    sheet: str | None = None,
    content: bytes | None = None,
    max_bytes: int = MAX_BYTES,
) -> tuple[str, list[str]]:
    """Draft a crosswalk from a sample file (`content` where it does not lie on a disk).

    Parameters
    ----------
    path : the sample; with `content` it only names it
    sheet : the one to read; the first with a table by default
    max_bytes : of the file, and of what it unpacks to

    Returns
    -------
    The text of a TOML that `crosswalk.load_source` accepts, with comments where a person has to
    decide, and what could not be placed: columns, words (with counts) and open questions.

    Raises
    ------
    DataError
        If the file cannot be read; PersonalDataError if it names persons.
    """
    path = Path(path)
    gate.refuse_name(path.name)
    tables = read_tables(path, known_headers(), content, max_bytes)
    gate.refuse(tables, path.name)
    tables = [table for table in tables if table.kind == "rows" and sheet in (None, table.sheet)]
    if not tables:
        raise DataError(
            f"{path.name}: no table to draft from; tracks need no crosswalk",
            key="draft_tracks", where=path.name,
        )  # fmt: skip
    return _drafted(max(tables, key=lambda each: len(each.cells)), path)


def _drafted(table: RawTable, path: Path) -> tuple[str, list[str]]:
    """The crosswalk of one table: its text, and what could not be placed."""
    kind = _kind(table)
    name = re.sub(r"\W+", "_", path.name.split(".")[0].casefold()).strip("_")
    name = name.removeprefix("data_sintetis_") or "sumber_baru"
    placed, unsure, left = _place(table, kind)
    formats, questions = _formats(table, placed, kind)
    lines = [
        f"# Draft from {path.name}: check every line, then put it into data/sources/.",
        f'name = "{name}"',
        f'title = "{name}"',
        f'agency = "{name}"                # the agency\'s code',
        f'kind = "{kind}"',
        'time_zone = ""                  # WIB, WITA, MYT, UTC, an IANA zone; "": that of the area',
        f"date_formats = [{', '.join(_quote(form) for form in formats)}]",
        f'decimal = "{_decimal(table, placed)}"',
        'code_system = ""                # kemendagri or bps; codes without dots need it',
        "",
        "[columns]",
    ]
    for target, names in placed.items():
        notes = [f"{unsure[item]}" for item in names if item in unsure]
        comment = f"  # {'; '.join(notes)}" if notes else ""
        lines.append(f"{target} = [{', '.join(map(_quote, names))}]{comment}")
    if left:
        lines.append(f"# not placed: {', '.join(map(_quote, left))}")
    source = source_of(_content(name, kind, placed, formats), path.name)
    words, unknown = _words(table, source, placed)
    unset = [target for target in NEEDED[kind] if target not in placed]
    lines += ["", "[defaults]", "# what the files never say, if all rows mean the same"]
    lines += [f'# {target} = ""' for target in unset]
    questions += [_unset(target) for target in unset]
    lines += words
    columns = [reason("draft_column", f"column {item!r}", column=item) for item in left]
    unplaced = columns + unknown + questions
    return "\n".join(lines) + "\n", unplaced


def _unset(target: str) -> str:
    what = f"field {target}: no column gives it; set a default if all rows mean the same"
    return reason("draft_field", what, field=target)


def _kind(table: RawTable) -> str:
    """Events or effort: the kind whose shared names the header holds more of."""
    cells = table.cells
    header = [
        name
        for name in cells.columns
        if not (plain(name) in TOOL_NAMES and _are_times(cells[name]))
    ]  # a moment called `start` is no time of day of a patrol
    left = {kind: len(_blank(kind).place(header)[1]) for kind in TABLES}
    return "effort" if left["effort"] < left["events"] else "events"


def _blank(kind: str) -> Source:
    return source_of({"name": "x", "title": "x", "agency": "x", "kind": kind, "columns": {}}, "x")


def _place(table: RawTable, kind: str) -> tuple[dict[str, list[str]], dict[str, str], list[str]]:
    blank = _blank(kind)
    header = [str(column) for column in table.cells.columns]
    placed, left = blank.place(header)
    placed = {target: list(names) for target, names in placed.items()}
    aliases = {alias: target for target, names in blank.columns.items() for alias in names}
    unsure, rest = {}, []
    if kind == "events":
        for column in list(left):
            target = TOOL_NAMES.get(plain(column), "")
            if target and target not in placed and _are_times(table.cells[column]):
                placed[target] = [column]
                unsure[column] = f"{column!r} is a name that survey tools give"
                left.remove(column)
    for column in left:
        match = process.extractOne(plain(column), list(aliases), scorer=fuzz.token_sort_ratio)
        target = aliases[match[0]] if match and match[1] >= LIKENESS else ""
        if target and target not in placed:
            unsure[column] = f"{column!r} is {match[1]:.0f} % like {match[0]!r}"
        elif target := _by_cells(table.cells[column], placed, blank):
            unsure[column] = f"{column!r} placed by what its cells look like"
        elif target := _by_number(column, table.cells[column], placed, kind):
            unsure[column] = f"{column!r} is called a number and never comes twice"
        else:
            rest.append(column)
            continue
        placed.setdefault(target, []).append(column)
    return placed, unsure, rest


def _are_times(cells: pd.Series) -> bool:
    """Whether most filled cells are moments as ISO writes them."""
    filled = clean(cells)
    filled = filled[filled != ""].head(200)
    return len(filled) > 0 and bool(read_times(filled, (), "UTC").bad.mean() < 0.4)


def _by_cells(cells: pd.Series, placed: dict[str, Any], blank: Source) -> str:
    """A field that most cells look like: a date, a coordinate, known words; "" otherwise."""
    kind = blank.kind
    filled = clean(cells)
    filled = filled[filled != ""].head(200)
    if filled.empty:
        return ""
    pair = ~split_pair(filled)[2] & (filled.str.count(r"\d[.,]\d") == 2)
    if not {"coordinate", "lat"} & placed.keys() and pair.mean() > 0.8:
        return "coordinate"
    decimal = filled.str.contains(r"\d[.,]\d", regex=True).mean()
    value, axis, bad = read_degrees(filled)
    if decimal > 0.8 and bad.mean() < 0.2:
        if "lat" not in placed and ((value.abs() < 10).mean() > 0.8 or (axis == "lat").any()):
            return "lat"
        if "lon" not in placed and (value.between(90, 180).mean() > 0.8 or (axis == "lon").any()):
            return "lon"
    if DATES[kind] not in placed:
        forms = tuple(form for form in CANDIDATES if form != "excel")
        if read_times(filled, forms, "UTC").bad.mean() < 0.4:
            return DATES[kind]
    for target in WORDS[kind]:
        if target not in placed:
            codes, _ = translate(blank, target, filled)
            if (codes != "").mean() >= KNOWN:
                return target
    return ""


def _by_number(column: str, cells: pd.Series, placed: dict[str, Any], kind: str) -> str:
    """The field of record numbers, if the column is called so and each row has its own."""
    target = {"events": "source_record_id", "effort": "effort_id"}[kind]
    called = re.match(r"(no|nomor|nombor|kode|id|number)\b.", plain(column))
    filled = clean(cells)
    filled = filled[filled != ""]
    own = len(filled) > 1 and filled.is_unique and filled.str.contains(r"\d", regex=True).all()
    return target if called and own and target not in placed else ""


def _formats(table: RawTable, placed: dict[str, Any], kind: str) -> tuple[list[str], list[str]]:
    """The date formats that the cells show, and the questions they leave open."""
    cells = [
        clean(table.cells[column])
        for target in (DATES[kind], "event_end", "reported_at", "week")
        for column in placed.get(target, [])
    ]
    text = pd.concat(cells) if cells else pd.Series([], dtype="str")
    text = pd.Series(text[text != ""].unique(), dtype="str")
    found = [form for form in CANDIDATES if not read_times(text, (form,), "UTC").bad.all()]
    if text.empty or not read_times(text, (), "UTC").bad.any():
        return [], []
    found = [form for form in found if not _adds_nothing(text, form)]
    if not found:
        what = f"dates: no known format reads {text.iloc[0][:20]!r}; declare one in date_formats"
        return [], [reason("dates_unread", what, text=text.iloc[0][:20])]
    day_first = [form for form in found if form.startswith("%d") and "%m" in form]
    month_first = [form for form in found if form.startswith("%m")]
    if not (day_first and month_first):
        return found, []
    n_day = int((~read_times(text, tuple(day_first), "UTC").bad).sum())
    n_month = int((~read_times(text, tuple(month_first), "UTC").bad).sum())
    if n_month == len(text) > n_day:
        return [form for form in found if form not in day_first], []
    what = f"dates: {n_day} read as day/month, {n_month} as month/day; day/month was drafted"
    question = reason("dates_open", what, day=n_day, month=n_month)
    found = [form for form in found if form not in month_first]
    return found, [question] if n_month >= n_day else []


def _adds_nothing(text: pd.Series, form: str) -> bool:
    """Does a format only read what ISO reads already?"""
    return bool(
        (read_times(text, (), "UTC").bad & ~read_times(text, (form,), "UTC").bad).sum() == 0
    )


def _decimal(table: RawTable, placed: dict[str, Any]) -> str:
    columns = [name for key in ("lat", "lon", "km") for name in placed.get(key, [])]
    comma = any(table.cells[name].str.contains(r"^-?\d+,\d", regex=True).any() for name in columns)
    return "," if comma else "."


def _content(name: str, kind: str, placed: dict[str, Any], formats: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "title": name,
        "agency": name,
        "kind": kind,
        "columns": placed,
        "date_formats": formats,
    }


def _words(table: RawTable, source: Source, placed: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Lines of `[words.…]` with a suggestion for each unknown word, and the words themselves."""
    lines, unknown = [], []
    for target, columns in placed.items():
        known = source.words.get(target)
        if target not in TABLES[source.kind] or not known:
            continue
        _, strange = translate(source, target, table.cells[columns[0]])
        counts = strange[strange != ""].str.split("|").explode().value_counts()
        if counts.empty or len(counts) > 200:
            continue
        lines += ["", f"[words.{target}]"]
        for word, n in counts.items():
            near = nearest(source, target, str(word))
            suggestion = known[near] if near else ""
            lines.append(f"# {_quote(str(word))} = {_quote(suggestion)}  # {n} times")
            what = f"word {str(word)!r} in column {columns[0]!r} ({n} times)"
            unknown.append(reason("draft_word", what, word=shorten(word), column=columns[0], n=n))
    return lines, unknown


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", " ", escaped) + '"'
