"""Personal data is refused at the door: names, identity numbers, phones, births, addresses.

An import that holds any is rejected as a whole; the message names columns and lines and the kind
of data, never a value, and nothing is written anywhere. What is only likely (a title before a
capital letter, initials) does not reject: the row is flagged FREE_TEXT_PII and its text withheld.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.errors import DataError
from data.findings import reason, sentence_of
from data.personal.signs import (
    are_names,
    column_kind,
    is_id_column,
    is_likely,
    is_place_column,
    kinds_in,
    kinds_in_name,
    worth_reading,
)
from data.places import is_known
from data.tables import RawTable, plain

MAX_LINES = 8  # line numbers told per column


class PersonalDataError(DataError):
    """The file holds personal data; tells where and of what kind, never what."""


@dataclass
class Scan:
    """Where personal data was found: (sheet, column, kind) -> lines; and what is only likely.

    `sheets` are named after persons; `outside` is (sheet, kind) of text that belongs to no row.
    A likely line that is no row stands under the column "".
    """

    sheets: list[str] = field(default_factory=list)
    outside: list[tuple[str, str]] = field(default_factory=list)
    columns: list[tuple[str, str, str]] = field(default_factory=list)
    cells: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    likely: dict[tuple[str, str], set[int]] = field(default_factory=dict)


def scan(tables: list[RawTable], places: Collection[str] = ()) -> Scan:
    """Look through every cell of every table, and through what belongs to no row.

    places : columns in which no name counts as a person's
    """
    result = Scan()
    declared = {plain(name) for name in places}
    for table in tables:
        if kinds_in_name(table.sheet):
            result.sheets.append(table.sheet)
        for number, name in enumerate(table.cells.columns, 1):
            if kinds := kinds_in(str(name)):  # a file without a header: its first row is data
                result.columns += [(table.sheet, f"number {number}", kind) for kind in kinds]
            else:
                _scan_column(table, str(name), result, plain(name) in declared)
        result.outside += [(table.sheet, kind) for kind in sorted(kinds_in(table.titles))]
        for item in table.broken:
            for kind in kinds_in(item.text):
                result.cells.setdefault((table.sheet, "", kind), []).append(item.line)
            if is_likely(item.text):
                result.likely.setdefault((table.sheet, ""), set()).add(item.line)
    return result


def _scan_column(table: RawTable, name: str, result: Scan, declared: bool) -> None:
    text = table.cells[name]
    codes, distinct = pd.factorize(text)
    values = np.asarray(distinct, dtype=object)
    kind = column_kind(name, values)
    if kind and not (declared and kind == "names"):
        result.columns.append((table.sheet, name, kind))
        return
    is_id, is_place = is_id_column(name), is_place_column(name)
    if not is_id and not is_place and not declared and are_names(values):
        result.columns.append((table.sheet, name, "names"))
        return
    places: dict[str, list[int]] = {}
    for place in np.flatnonzero(worth_reading(values)).tolist():
        kinds = kinds_in(values[place], is_id)
        spared = declared or (is_place and is_known(values[place]))
        if declared:
            kinds -= {"names"}
        if not kinds and not spared and is_likely(values[place]):
            kinds = {"likely"}
        for kind in kinds:
            places.setdefault(kind, []).append(place)
    for kind, here in places.items():
        lines = table.lines[np.isin(codes, here)].tolist()
        if kind == "likely":
            result.likely.setdefault((table.sheet, name), set()).update(lines)
        else:
            result.cells.setdefault((table.sheet, name, kind), []).extend(lines)


def refuse_name(file_name: str) -> None:
    """Reject a file whose own name holds personal data, before anything tells the name.

    Raises
    ------
    PersonalDataError
        Without the name.
    """
    if kinds := kinds_in_name(file_name):
        raise PersonalDataError(
            "refused, nothing was stored: the name of the file itself holds personal data "
            f"({', '.join(sorted(kinds))}); rename it and bring it again",
            key="personal_name", kinds=sorted(kinds),
        )  # fmt: skip


def refuse(tables: list[RawTable], file_name: str, places: Collection[str] = ()) -> Scan:
    """Reject a file that holds personal data; in the columns `places` no name counts.

    Parameters
    ----------
    tables : every sheet of the file
    file_name : for messages

    Raises
    ------
    PersonalDataError
        Naming columns, lines and kinds; no value is quoted.
    """
    refuse_name(file_name)
    result = scan(tables, places)
    named = {sheet for sheet in result.sheets}
    faults = [
        reason("personal_sheet", f"the name of sheet {number} names a person", number=str(number))
        for number, table in enumerate(tables, 1)
        if table.sheet in named
    ]
    hidden = dict.fromkeys(named, "(its name is withheld)")
    result.columns = [(hidden.get(sheet, sheet), column, kind)
                     for sheet, column, kind in result.columns]  # fmt: skip
    result.cells = {
        (hidden.get(sheet, sheet), column, kind): lines
        for (sheet, column, kind), lines in result.cells.items()
    }
    faults += [_outside(hidden.get(sheet, sheet), kind) for sheet, kind in result.outside]
    faults += [_column(*place) for place in result.columns]
    faults += [_lines(*place, sorted(set(lines))) for place, lines in result.cells.items()]
    if faults:
        raise PersonalDataError(
            f"{file_name}: refused, nothing was stored, because it holds personal data: "
            f"{'; '.join(map(sentence_of, faults))}. Remove these columns or texts at the agency "
            "and bring the file again.",
            key="personal_file", where=file_name, faults=faults,
        )  # fmt: skip
    return result


def refuse_text(text: str, what: str) -> None:
    """Reject a text that a person typed if it holds, or is likely to hold, personal data.

    A typed text is not withheld but sent back: whoever wrote it can say it without the person.

    Raises
    ------
    PersonalDataError
        Naming the kinds of data; the text is not quoted.
    """
    kinds = kinds_in(text) or ({"a person's title or initials"} if is_likely(text) else set())
    if kinds:
        raise PersonalDataError(
            f"{what} was refused, nothing was stored, because it holds personal data: "
            f"{', '.join(sorted(kinds))}. Write what is known of the place, not of a person.",
            key="personal_text", where=what, kinds=sorted(kinds),
        )  # fmt: skip


def _outside(sheet: str, kind: str) -> str:
    what = f"{_sheet(sheet)}text outside the rows holds {kind}"
    return reason("personal_outside", what, kind=kind, **_at(sheet))


def _column(sheet: str, name: str, kind: str) -> str:
    what = f"{_sheet(sheet)}column '{name}' holds {kind}"
    return reason("personal_column", what, column=name, kind=kind, **_at(sheet))


def _lines(sheet: str, name: str, kind: str, lines: list[int]) -> str:
    some = ", ".join(map(str, lines[:MAX_LINES])) + (" …" if len(lines) > MAX_LINES else "")
    sentence = f"holds {kind} in line {some} ({len(lines)} in all)"
    if not name:
        what = f"{_sheet(sheet)}a line that is no row {sentence}"
        return reason("personal_line", what, kind=kind, lines=some, n=len(lines), **_at(sheet))
    what = f"{_sheet(sheet)}column '{name}' {sentence}"
    return reason(
        "personal_cells", what, column=name, kind=kind, lines=some, n=len(lines), **_at(sheet)
    )


def _sheet(sheet: str) -> str:
    return f"sheet '{sheet}', " if sheet else ""


def _at(sheet: str) -> dict[str, str]:
    """Where a fault is, as a value of its reason; a sheet alone in its file has no name."""
    return {"where": sheet} if sheet else {}
