"""The door for records: any agency's file -> checked rows, and set-aside rows with their reasons.

Every row read is either kept or set aside, never both and never lost. Personal data rejects the
whole file before anything of it is looked at any further.
"""

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.errors import DataError
from data.findings import Findings, reason
from data.intake import mend
from data.intake.checks import add_flags
from data.intake.convert import Cells, to_events
from data.intake.crosswalk import Source, find_source, fit, known_headers, recognise
from data.intake.crosswalk import sources as known_sources
from data.intake.effort import to_effort, tracks_to_effort
from data.intake.formats import read_tables
from data.intake.reading import ASIDE, Part, Reading, join
from data.personal import gate
from data.personal.short_fields import SHORT, fits
from data.schema import TABLES
from data.tables import MAX_BYTES, Broken, RawTable, plain
from data.values import each
from geo import calendar
from geo.area import StudyArea
from geo.grid import Grid

NO_ROWS = reason("no_rows", "the table has a header and no rows")
WITHHELD = "(withheld: may name a person)"
#: fields that take any text: what may name a person is left out of them
OPEN = (
    "event_id", "source_record_id", "source_agency", "supersedes", "origin_prov", "operation_tag",
    "patrol_id", "referred_from", "referred_to", "effort_id",
)  # fmt: skip
SYNTHETIC = ("data sintetis", "synthetic data", "data sintetik")


def read_file(
    path: str | Path,
    source: Source | str | None = None,
    received_at: pd.Timestamp | None = None,
    grid: Grid | None = None,
    area: StudyArea | None = None,
    progress: Callable[[float, str], object] | None = None,
    posts: pd.DataFrame | None = None,
    sheet: str | None = None,
    content: bytes | None = None,
    max_bytes: int = MAX_BYTES,
    places: Collection[str] = (),
) -> Reading:
    """Read a file of events or of effort into the one vocabulary.

    Parameters
    ----------
    path : see `data.intake.formats.read_tables`
    source : a crosswalk or its name; recognised by the header if not given
    received_at : when the file was delivered; now if not given
    grid, area, posts : the study area for cells and place checks, see
        `data.intake.checks.add_flags`
    progress : called with a share from 0 to 1 and a sentence
    sheet : read only this sheet or layer
    content : the bytes, where the file does not lie on a disk; `path` then only names it
    max_bytes : of the file, and of what it unpacks to
    places : names of columns that hold places, as a steward declares: no word in them counts as
        a person's name, whatever it looks like; numbers and accounts still do

    Raises
    ------
    DataError
        If the file cannot be read or no source fits; PersonalDataError if it names persons.
    """
    path = Path(path)
    gate.refuse_name(path.name)
    tell = progress or (lambda share, text: None)
    source = find_source(source) if isinstance(source, str) else source
    received_at = _utc(received_at)
    tell(0.0, f"reading {path.name}")
    known = known_headers() | mend.NAMES | _names_of(source)
    tables, marks = mend.take_marks(read_tables(path, known, content, max_bytes))
    tell(0.3, "looking for personal data")
    scan = gate.refuse(tables, path.name, places)
    tables = _named(tables, sheet, path.name)
    sources, why = _sources(tables, source, path.name, marks.sources)
    ground = {"grid": grid, "area": area, "posts": posts}
    parts = []
    for number, (table, chosen) in enumerate(zip(tables, sources, strict=True)):
        likely = {name: rows for (where, name), rows in scan.likely.items() if where == table.sheet}
        table = replace(table, broken=_withheld(table.broken, likely.get("", ())))
        tell(0.4 + 0.5 * number / len(tables), f"converting {table.sheet or path.name}")
        if chosen is None:
            part = _all_aside(table, path.name, why.get(number, ""), likely)
        elif table.kind == "tracks":
            part = _read_tracks(table, chosen, grid, received_at, path.name, zone_of(area))
        else:
            part = _read_rows(table, chosen, received_at, ground, likely, path.name)
        parts.append(part)
    sha256 = hashlib.sha256(path.read_bytes() if content is None else content).hexdigest()
    marks = replace(marks, synthetic=marks.synthetic or _is_synthetic(path.name, tables))
    reading = _joined(tables, parts, sources, marks, sha256)
    tell(1.0, reading.summary())
    return reading


def _named(tables: list[RawTable], sheet: str | None, name: str) -> list[RawTable]:
    """The tables of one sheet or layer; all of them if none is named."""
    chosen = [table for table in tables if sheet is None or table.sheet == sheet]
    if sheet is not None and not chosen:
        raise DataError(
            f"{name}: no sheet or layer {sheet!r}", key="sheet_missing", where=name, sheet=sheet
        )
    return chosen


def _joined(
    tables: list[RawTable],
    parts: list[Part],
    sources: list[Source | None],
    marks: mend.Marks,
    sha256: str,
) -> Reading:
    """The parts of each kind of data as one reading; of several kinds the biggest leads."""
    kinds = _kinds(tables, sources)
    readings = []
    for kind in _biggest_first(tables, kinds):
        of_kind = [number for number, its in enumerate(kinds) if its == kind]
        used = [chosen.name for n in of_kind if (chosen := sources[n]) is not None]
        joined = join(
            [parts[n] for n in of_kind], kind, sha256, " + ".join(dict.fromkeys(used)),
            marks.synthetic,
        )  # fmt: skip
        readings.append(replace(joined, mends=marks.of([tables[n].sheet for n in of_kind])))
    reading = readings.pop()
    while readings:
        reading = replace(readings.pop(), also=reading)
    return reading


def zone_of(area: StudyArea | None) -> str:
    """The zone in which days and weeks are cut; that of the embedded area without one."""
    return calendar.HOME if area is None else area.time_zone


def _utc(time: pd.Timestamp | None) -> pd.Timestamp:
    time = pd.Timestamp.now(tz="UTC") if time is None else pd.Timestamp(time)
    return (time.tz_localize("UTC") if time.tz is None else time.tz_convert("UTC")).as_unit("us")


def _names_of(source: Source | None) -> frozenset[str]:
    if source is None:
        return frozenset()
    return frozenset(alias for names in source.columns.values() for alias in names)


def _sources(
    tables: list[RawTable], source: Source | None, name: str, hints: dict[str, str]
) -> tuple[list[Source | None], dict[int, str]]:
    """The source of each table, and why a sheet has none although another sheet has one.

    `hints` names the source of a sheet of mended rows: the one by which they were read at first.
    A source of tracks does not read the marks beside them; these are recognised by themselves.
    """
    chosen: list[Source | None] = []
    problems: dict[int, DataError] = {}
    tracks = any(table.kind == "tracks" for table in tables)
    for table in tables:
        if source is not None and not (tracks and table.kind == "rows" and source.kind == "effort"):
            chosen.append(source)
            continue
        try:
            if table.kind == "tracks":
                chosen.append(find_source("jejak"))
            else:
                text = f"{Path(name).stem} {table.sheet}"
                header = list(table.cells.columns)
                again = known_sources().get(hints.get(table.sheet, ""))
                fits = again is not None and fit(again, header) > 0
                chosen.append(again if fits else _recognise(table, name, text))
        except DataError as problem:
            if _holds_rows(table):
                problems[len(chosen)] = problem
            chosen.append(None)
    if not any(chosen) and problems:
        raise problems[min(problems)]
    texts = {place: _of_sheet(problem) for place, problem in problems.items()}
    return chosen, texts


def _of_sheet(problem: DataError) -> str:
    """The reason of the rows of a sheet that no source reads."""
    own = {name: value for name, value in problem.values.items() if name != "where"}
    why = str(problem).removeprefix(f"{problem.values.get('where', '')}: ")
    return reason("sheet_unknown", why, faults=[reason(problem.key, why, **own)])


def _recognise(table: RawTable, name: str, text: str) -> Source:
    """The source that fits a table's header; else the one that its format names."""
    try:
        return recognise(list(table.cells.columns), name, text)
    except DataError:
        if not table.source or not len(table.cells):
            raise
        return find_source(table.source)


def _holds_rows(table: RawTable) -> bool:
    """Whether a source is needed; lines that are no rows keep the reason they have."""
    return bool(len(table.cells)) or not table.broken


def _kinds(tables: list[RawTable], sources: list[Source | None]) -> list[str]:
    """Events or effort, for each table; one of no known source goes with the others' kind."""
    kinds = [
        "" if source is None else "effort" if table.kind == "tracks" else source.kind
        for table, source in zip(tables, sources, strict=True)
    ]
    known = [kind for kind in kinds if kind]
    main = max(known, key=known.count) if known else "events"
    return [kind or main for kind in kinds]


def _biggest_first(tables: list[RawTable], kinds: list[str]) -> list[str]:
    """The kinds of a file, the one of most rows first; of equals the events."""
    rows = {kind: 0 for kind in sorted(set(kinds), reverse=True)}
    for table, kind in zip(tables, kinds, strict=True):
        rows[kind] += len(table.cells) + len(table.broken) + 1
    return sorted(rows, key=lambda kind: -rows[kind])


def _is_synthetic(name: str, tables: list[RawTable]) -> bool:
    """Does the file call itself invented: its name, a sheet, a title or a column `synthetic`?"""
    texts = [name, *(f"{table.sheet} {table.titles}" for table in tables)]
    words = plain(" ".join(texts))
    flags = [table.cells["synthetic"] for table in tables if "synthetic" in table.cells]
    return any(word in words for word in SYNTHETIC) or any(
        len(flag) and flag.str.lower().eq("true").all() for flag in flags
    )


def _read_rows(
    table: RawTable,
    source: Source,
    received_at: pd.Timestamp,
    ground: dict[str, Any],
    likely: dict[str, set[int]],
    file_name: str,
) -> Part:
    if table.cells.empty:
        notes = [*table.notes, NO_ROWS]
        return Part(TABLES[source.kind].empty(), _broken(table, file_name), notes, {})
    findings = Findings(len(table.cells))
    likely = _with_misfits(table, source, likely)
    text = _without_persons(table, source, likely)
    if source.kind == "effort":
        zone = zone_of(ground["area"])
        frame, cells = to_effort(text, source, ground["grid"], findings, received_at, zone)
    else:
        frame, cells = to_events(
            text, source, received_at, findings, _box(ground), zone_of(ground["area"])
        )
        add_flags(frame, cells, findings, **ground)
        _refuse_conflicts(frame, findings)
        for lines in likely.values():
            findings.flag(np.isin(table.lines, list(lines)), "FREE_TEXT_PII")
        frame["quality_flags"] = findings.flag_texts()
    _tell_columns(cells, findings)
    frame["source_file"], frame["source_sheet"] = file_name, table.sheet
    frame["source_line"] = table.lines
    given = table.cells.get("synthetic")
    frame["synthetic"] = False if given is None else given.str.lower().eq("true")
    refused = findings.refused()
    kept = TABLES[source.kind].typed(frame[~refused].reset_index(drop=True))
    rows = np.flatnonzero(refused)
    aside = pd.DataFrame(
        {
            "source_file": file_name,
            "source_sheet": table.sheet,
            "source_line": table.lines[rows],
            "original": _originals(table, rows, likely),
            "reasons": ["; ".join(findings.reasons[int(row)]) for row in rows],
        },
        columns=ASIDE,
    )
    aside = pd.concat([aside, _broken(table, file_name)], ignore_index=True)
    return Part(kept, aside, [*table.notes, *findings.notes], dict(findings.words))


def _with_misfits(
    table: RawTable, source: Source, likely: dict[str, set[int]]
) -> dict[str, set[int]]:
    """The lines of what may name a person, and of what does not fit into its short field."""
    placed, _ = source.place(list(table.cells.columns))
    found = {name: set(lines) for name, lines in likely.items()}
    for field_name in SHORT.keys() & placed.keys():
        for column in placed[field_name]:
            text = table.cells[column]
            misfit = ~each(text, partial(fits, field_name)).to_numpy(bool)
            if misfit.any():
                found.setdefault(column, set()).update(table.lines[misfit].tolist())
    return found


def _without_persons(table: RawTable, source: Source, likely: dict[str, set[int]]) -> pd.DataFrame:
    """The cells to be converted, without those that may name a person.

    A field of known words keeps a mark in their place, so that the row is told why it is refused.
    """
    cells = table.cells
    placed, _ = source.place(list(cells.columns))
    opened = {column for target in OPEN for column in placed.get(target, [])}
    for name in likely.keys() & set(cells.columns):
        here = np.isin(table.lines, list(likely[name]))
        cells = cells.assign(**{name: cells[name].mask(here, "" if name in opened else WITHHELD)})
    return cells


def _withheld(broken: list[Broken], likely: Collection[int]) -> list[Broken]:
    """Lines that are no rows, without the words of those that may name a person."""
    return [replace(item, text=WITHHELD) if item.line in likely else item for item in broken]


def _box(ground: dict[str, Any]) -> tuple[float, ...]:
    """The study area's box with a margin of a degree, in which the neighbour country lies too."""
    if ground["area"] is not None:
        west, south, east, north = ground["area"].land.bounds
    elif ground["grid"] is not None:
        lat, lon = ground["grid"].lat, ground["grid"].lon
        west, south, east, north = lon.min(), lat.min(), lon.max(), lat.max()
    else:
        return ()
    return (west - 1.0, south - 1.0, east + 1.0, north + 1.0)


def _refuse_conflicts(events: pd.DataFrame, findings: Findings) -> None:
    """One record and version told twice: the same words are read once, other words not at all."""
    key = ["source_agency", "source_record_id", "source_version"]
    fine = ~findings.refused() & (events["source_record_id"] != "").to_numpy()
    twice = events.duplicated(key, keep=False) & fine
    if not twice.any():
        return
    rows = events[twice]
    words = rows.drop(columns=["received_at"]).astype("str").fillna("")
    hashes = pd.util.hash_pandas_object(words, index=False)
    differ = hashes.groupby([rows[name] for name in key]).transform("nunique") > 1
    again = rows.duplicated(key, keep="first") & ~differ
    clash, repeat = (pd.Series(False, index=events.index) for _ in range(2))
    clash[differ.index[differ]] = True
    repeat[again.index[again]] = True
    names = events["source_record_id"]
    what = "record {cell} comes more than once with different contents and the same version"
    findings.refuse(clash, "record_conflict", what, names)
    findings.refuse(
        repeat, "record_repeated", "record {cell} was already read, word for word", names
    )


def _tell_columns(cells: Cells, findings: Findings) -> None:
    """Name the columns that were not stored: free text, and those nobody knows."""
    free = cells.placed.get("free_text", [])
    if free:
        names = [f"'{name}'" for name in free]
        what = f"free text is not stored: {', '.join(names)}"
        findings.notes.append(reason("free_text", what, columns=names))
    if cells.left:
        names = [f"'{name}'" for name in cells.left[:20]]
        what = f"columns that the crosswalk does not know, not stored: {', '.join(names)}"
        findings.notes.append(reason("columns_left_out", what, columns=names))
    for target, columns in cells.placed.items():
        if len(columns) > 1 and target not in ("free_text", "ignore"):
            names = [f"'{name}'" for name in columns]
            what = f"{target} taken from the first filled of {', '.join(names)}"
            findings.notes.append(reason("first_filled", what, field=target, columns=names))


def _originals(table: RawTable, rows: np.ndarray, likely: dict[str, set[int]]) -> list[str]:
    names = list(table.cells.columns)
    texts = []
    for row, values in zip(rows, table.cells.iloc[rows].to_numpy(dtype=object), strict=True):
        line = int(table.lines[row])
        cells = {
            name: WITHHELD if line in likely.get(name, ()) else value
            for name, value in zip(names, values, strict=True)
        }
        texts.append(json.dumps(cells, ensure_ascii=False))
    return texts


def _broken(table: RawTable, file_name: str) -> pd.DataFrame:
    rows = [
        (file_name, table.sheet, item.line, item.text.rstrip("\r\n"), item.reason)
        for item in table.broken
    ]
    return pd.DataFrame(rows, columns=ASIDE)


def _all_aside(table: RawTable, file_name: str, why: str, likely: dict[str, set[int]]) -> Part:
    """A whole table that is of no known source."""
    rows = np.arange(len(table.cells))
    aside = pd.DataFrame(
        {
            "source_file": file_name,
            "source_sheet": table.sheet,
            "source_line": table.lines,
            "original": _originals(table, rows, likely),
            "reasons": why,
        },
        columns=ASIDE,
    )
    aside = pd.concat([aside, _broken(table, file_name)], ignore_index=True)
    return Part(pd.DataFrame(), aside, list(table.notes), {})


def _read_tracks(
    table: RawTable,
    source: Source,
    grid: Grid | None,
    received_at: pd.Timestamp,
    file_name: str,
    zone: str,
) -> Part:
    """Patrol tracks; a row read is one cell in one week, or one track that cannot be used.

    Parameters
    ----------
    table, source : the track points, and the source that says whose they are
    grid : the cells of the study area
    received_at : when the file came
    file_name : as it is told to a person
    zone : of the area, in which weeks are cut

    Raises
    ------
    DataError
        Without a grid.
    """
    if grid is None:
        raise DataError(
            f"{file_name}: tracks need the study area's grid to be cut into cells",
            key="tracks_need_grid", where=file_name,
        )  # fmt: skip
    agency = source.agency
    effort, refused, notes = tracks_to_effort(table, agency, grid, received_at, zone=zone)
    effort = effort.assign(
        source_file=file_name, source_sheet=table.sheet, source_line=int(table.lines.min())
    )
    aside = pd.DataFrame(
        [(file_name, table.sheet, line, f"track {name}", why) for line, name, why in refused],
        columns=ASIDE,
    )
    aside = pd.concat([aside, _broken(table, file_name)], ignore_index=True)
    what = f"{len(table.cells)} track points give {len(effort)} rows of effort"
    points = reason("points_give", what, n=len(table.cells), effort=len(effort))
    kept = TABLES["effort"].typed(effort.reset_index(drop=True))
    return Part(kept, aside, [points, *table.notes, *notes], {})
