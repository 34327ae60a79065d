"""XLSX -> raw tables: every sheet, merged headers, titles above them, dates as ISO text."""

import datetime as dt
import io
import re
import warnings
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

from data.errors import DataError
from data.formats import (
    HEADER_DEPTH,
    MAX_COLUMNS,
    Broken,
    RawTable,
    find_header,
    join_header,
    table_of,
)
from data.geoformats import number_text, refuse_doctype

#: rows that one cell merged downwards may cover
MOST_MERGED = 10_000


def read_xlsx(
    name: str, content: bytes, members: dict[str, bytes], known: frozenset[str]
) -> list[RawTable]:
    """Each sheet with a table in it; the line is the row number that Excel shows.

    Formulas give the value that was saved with them; hidden rows are read like others.
    """
    import openpyxl

    for member, text in members.items():
        refuse_doctype(f"{name}/{member}", text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles it does not know
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as problem:
        raise DataError(f"{name}: not an Excel workbook that can be opened") from problem
    tables, notes = [], []
    comments = _comments(members)
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            merged = _merged(members.get(getattr(sheet, "_worksheet_path", "").lstrip("/"), b""))
            table, left = _sheet(sheet, merged, known)
            if table is not None:
                tables.append(table)
            elif left:
                notes.append(f"sheet {sheet.title!r} holds no table; {len(left)} lines left out")
                comments += [" ".join(cells) for cells in left]
    finally:
        book.close()
    if tables:
        titles = "\n".join([tables[0].titles, *comments])
        tables[0] = replace(tables[0], titles=titles, notes=[*tables[0].notes, *notes])
    return tables


def _comments(members: dict[str, bytes]) -> list[str]:
    """The words of the notes that people pin to cells, old and threaded ones."""
    texts = []
    for member, text in members.items():
        if re.match(r"xl/(comments|threadedComments)", member):
            words = [element.text or "" for element in ElementTree.fromstring(text).iter()]
            texts.append(" ".join(words))
    return texts


def _sheet(
    sheet, merged: list[tuple[int, int, int, int]], known: frozenset[str]
) -> tuple[RawTable | None, list[list[str]]]:
    """The table of a sheet; or None and the lines of a sheet that holds no table.

    A sheet with several columns and no header is a table that nobody can read: its lines are
    kept as broken ones.
    """
    lines, rows, spread = [], [], _Spread(merged)
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        spread.see(number, values)
        cells = [cell_text(value) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            if len(cells) > MAX_COLUMNS:
                raise DataError(f"sheet {sheet.title}: {len(cells)} columns; at most {MAX_COLUMNS}")
            lines.append(number)
            rows.append(cells)
    if not rows:
        return None, []
    width = max(len(cells) for cells in rows[:HEADER_DEPTH])
    head = [cells + [""] * (width - len(cells)) for cells in rows[:HEADER_DEPTH]]
    top = find_header(head, known)
    if top is None:
        if max(sum(bool(cell.strip()) for cell in cells) for cells in rows) < 2:
            return None, rows
        reason = "header_missing: no line of this sheet names its columns"
        broken = [
            Broken(number, " | ".join(cells), reason)
            for number, cells in zip(lines, rows, strict=True)
        ]
        return table_of(sheet.title, [], [], [], broken, []), []
    at, depth = top
    depth = max(depth, _merged_depth(lines[at], merged, lines[at:]))
    header = join_header(head[at : at + depth])
    while header and re.fullmatch(r"kolom \d+", header[-1]):
        header.pop()
    notes = [f"header found in row {lines[at]}; the rows above it are titles"] if at else []
    fitted, numbers, broken, filled = [], [], [], 0
    first = lines[at + depth] if at + depth < len(lines) else 0
    for number, cells in zip(lines[at + depth :], rows[at + depth :], strict=True):
        filled += spread.fill(number, cells, first)
        if len(cells) > len(header):
            what = f"{len(cells)} cells where the header has {len(header)}"
            broken.append(Broken(number, " | ".join(cells), f"ragged_row: {what}"))
        else:
            fitted.append(cells + [""] * (len(header) - len(cells)))
            numbers.append(number)
    if len(header) < 2 and not known & {name.casefold() for name in header}:
        return None, rows
    if filled:
        notes.append(f"{filled} cells merged downwards were filled with what they show")
    titles = " ".join(cell for cells in rows[:at] for cell in cells if cell)
    table = table_of(sheet.title, header, fitted, numbers, broken, notes)
    return replace(table, titles=titles), []


class _Spread:
    """Cells merged downwards: below the first one a file holds nothing, a reader sees its words.

    Only words and dates are filled in. A number over several rows may be their sum, and would be
    counted once for each.
    """

    def __init__(self, merged: list[tuple[int, int, int, int]]):
        self._rows: dict[int, list[tuple[int, int]]] = {}  # row -> (column, top row)
        for top, low, left, right in merged:
            if left == right and top < low < top + MOST_MERGED:
                for row in range(top, low + 1):
                    self._rows.setdefault(row, []).append((left - 1, top))
        self._words: dict[tuple[int, int], str] = {}

    def see(self, row: int, values: tuple) -> None:
        """Note the first cell of each merged range."""
        for column, top in self._rows.get(row, ()):
            value = values[column] if column < len(values) else None
            if row == top and isinstance(value, str | dt.date | dt.time):
                self._words[top, column] = cell_text(value)

    def fill(self, row: int, cells: list[str], first: int) -> int:
        """Fill the empty cells of a row in place, of ranges that begin at `first` or below."""
        filled = 0
        for column, top in self._rows.get(row, ()):
            word = self._words.get((top, column), "")
            if first <= top < row and word.strip():
                cells += [""] * (column + 1 - len(cells))
                if not cells[column].strip():
                    cells[column] = word
                    filled += 1
        return filled


def cell_text(value: object) -> str:
    """The text of a native cell: dates as ISO, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, dt.time):
        return value.isoformat("seconds")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return number_text(value) if isinstance(value, float) else str(value)


def _merged(sheet_xml: bytes) -> list[tuple[int, int, int, int]]:
    """Merged ranges of a sheet as (first row, last row, first column, last column)."""
    found = []
    if b"mergeCell" not in sheet_xml:
        return found
    for _, element in ElementTree.iterparse(io.BytesIO(sheet_xml)):
        if str(element.tag).endswith("}mergeCell"):
            match = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", element.get("ref", ""))
            if match:
                found.append((int(match[2]), int(match[4]), _column(match[1]), _column(match[3])))
        element.clear()
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _merged_depth(first: int, merged: list[tuple[int, int, int, int]], rows: list[int]) -> int:
    """How many rows the header has: as deep as cells merged downwards from its first row."""
    bottom = max(
        (low for top, low, _, _ in merged if top == first and low - top < 4), default=first
    )
    return max(1, sum(row <= bottom for row in rows))
