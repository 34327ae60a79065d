"""XLSX and ODS -> raw tables: every sheet, merged headers, titles above, dates as ISO text."""

import datetime as dt
import io
import re
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Sequence
from dataclasses import replace
from xml.parsers import expat

from data.errors import DataError
from data.findings import reason
from data.intake.geoformats import number_text
from data.intake.xmlformats import refuse_doctype
from data.tables import (
    HEADER_DEPTH,
    MAX_COLUMNS,
    Broken,
    RawTable,
    find_header,
    header_in_row,
    join_header,
    ragged,
    table_of,
)

HEADER_MISSING = reason("header_missing", "no line of this sheet names its columns")
#: rows that one cell merged downwards may cover
MOST_MERGED = 10_000
#: cells that a spreadsheet may hold once its repeated ones are written out
MOST_CELLS = 20_000_000


def read_xlsx(
    name: str, content: bytes, members: dict[str, bytes], known: frozenset[str]
) -> list[RawTable]:
    """Each sheet with a table in it; the line is the row number that Excel shows.

    Formulas give the value that was saved with them; hidden rows are read like others.

    Parameters
    ----------
    name : of the file, for messages
    content : its bytes
    members : the documents inside it, by name
    known : names of columns that some crosswalk knows
    """
    import openpyxl

    for member, text in members.items():
        refuse_doctype(f"{name}/{member}", text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles it does not know
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as problem:
        raise DataError(
            f"{name}: not an Excel workbook that can be opened", key="xlsx_unreadable", where=name
        ) from problem
    tables: list[RawTable] = []
    notes: list[str] = []
    comments = _comments(members)
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            merged = _merged(members.get(getattr(sheet, "_worksheet_path", "").lstrip("/"), b""))
            read = _sheet(sheet.title, sheet.iter_rows(values_only=True), merged, known)
            _gather(sheet.title, *read, tables, notes, comments)
    finally:
        book.close()
    return _with_titles(tables, notes, comments)


def read_ods(
    name: str, content: bytes, members: dict[str, bytes], known: frozenset[str]
) -> list[RawTable]:
    """Each sheet of an OpenDocument spreadsheet with a table in it, as of a workbook.

    Parameters
    ----------
    name : of the file, for messages
    content : its bytes
    members : the documents inside it, by name
    known : names of columns that some crosswalk knows
    """
    from python_calamine import CalamineError, CalamineWorkbook

    for member, text in members.items():
        refuse_doctype(f"{name}/{member}", text)
    counted = _OdsCells(members["content.xml"])
    if not counted.sheets:
        raise DataError(
            f"{name}: an OpenDocument without a sheet; bring a spreadsheet", key="ods", where=name
        )
    if counted.cells > MOST_CELLS:
        raise DataError(
            f"{name}: {counted.cells:,} cells; at most {MOST_CELLS:,}",
            key="ods_cells", where=name, n=counted.cells, most=MOST_CELLS,
        )  # fmt: skip
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {
            title: book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            for title in book.sheet_names
        }
    except (CalamineError, OSError, ValueError) as problem:
        raise DataError(
            f"{name}: not a spreadsheet that can be opened", key="ods_unreadable", where=name
        ) from problem
    tables: list[RawTable] = []
    notes: list[str] = []
    for title, rows in sheets.items():
        _gather(title, *_sheet(title, rows, [], known), tables, notes, counted.comments)
    return _with_titles(tables, notes, counted.comments)


class _OdsCells:
    """How large an OpenDocument's sheets are once written out, and the notes on their cells.

    A row and a cell may say that they repeat a million times. `cells` counts, for each sheet, all
    cells down to the last filled row and over to the last filled column.
    """

    def __init__(self, content: bytes):
        self.sheets, self.cells = 0, 0
        self.comments: list[str] = []
        self._down = self._across = self._repeat = self._last_row = self._last_column = 0
        self._note = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(content, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rsplit(" ", 1)[-1]
        plain = {name.rsplit(" ", 1)[-1]: value for name, value in attributes.items()}
        if tag == "table":
            self.sheets += 1
            self._down = self._last_row = self._last_column = 0
        elif tag == "table-row":
            self._down += _times(plain, "number-rows-repeated")
            self._across = 0
        elif tag in ("table-cell", "covered-table-cell"):
            self._across += _times(plain, "number-columns-repeated")
            if "value-type" in plain or "formula" in plain:
                self._last_row = self._down
                self._last_column = max(self._last_column, self._across)
        elif tag == "annotation":
            self._note += 1

    def _end(self, tag: str) -> None:
        if tag.endswith(" table"):
            self.cells += self._last_row * self._last_column
        elif tag.endswith(" annotation"):
            self._note -= 1

    def _text(self, text: str) -> None:
        if self._note and text.strip():
            self.comments.append(text.strip())


def _times(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() else 1


def _gather(
    title: str,
    table: RawTable | None,
    left: list[list[str]],
    tables: list[RawTable],
    notes: list[str],
    comments: list[str],
) -> None:
    """Add what a sheet gave: its table, or a note that it holds none and its words."""
    if table is not None:
        tables.append(table)
    elif left:
        what = f"sheet {title!r} holds no table; {len(left)} lines left out"
        notes.append(reason("sheet_left_out", what, sheet=title, n=len(left)))
        comments += [" ".join(cells) for cells in left]


def _with_titles(tables: list[RawTable], notes: list[str], comments: list[str]) -> list[RawTable]:
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
    title: str,
    values_of: Iterable[Sequence[object]],
    merged: list[tuple[int, int, int, int]],
    known: frozenset[str],
) -> tuple[RawTable | None, list[list[str]]]:
    """The table of a sheet; or None and the lines of a sheet that holds no table.

    A sheet with several columns and no header is a table that nobody can read: its lines are
    kept as broken ones.
    """
    spread = _Spread(merged)
    lines, rows = _filled_rows(title, values_of, spread)
    if not rows:
        return None, []
    width = max(len(cells) for cells in rows[:HEADER_DEPTH])
    head = [cells + [""] * (width - len(cells)) for cells in rows[:HEADER_DEPTH]]
    top = find_header(head, known)
    if top is None:
        if max(sum(bool(cell.strip()) for cell in cells) for cells in rows) < 2:
            return None, rows
        broken = [
            Broken(number, " | ".join(cells), HEADER_MISSING)
            for number, cells in zip(lines, rows, strict=True)
        ]
        return table_of(title, [], [], [], broken, []), []
    at, depth = top
    depth = max(depth, _merged_depth(lines[at], merged, lines[at:]))
    header = join_header(head[at : at + depth])
    while header and re.fullmatch(r"kolom \d+", header[-1]):
        header.pop()
    notes = [header_in_row(lines[at])] if at else []
    fitted, numbers, broken, filled = [], [], [], 0
    first = lines[at + depth] if at + depth < len(lines) else 0
    for number, cells in zip(lines[at + depth :], rows[at + depth :], strict=True):
        filled += spread.fill(number, cells, first)
        if len(cells) > len(header):
            broken.append(Broken(number, " | ".join(cells), ragged(len(cells), len(header))))
        else:
            fitted.append(cells + [""] * (len(header) - len(cells)))
            numbers.append(number)
    if len(header) < 2 and not known & {name.casefold() for name in header}:
        return None, rows
    if filled:
        what = f"{filled} cells merged downwards were filled with what they show"
        notes.append(reason("merged_filled", what, n=filled))
    titles = " ".join(cell for cells in rows[:at] for cell in cells if cell)
    table = table_of(title, header, fitted, numbers, broken, notes)
    return replace(table, titles=titles), []


def _filled_rows(
    title: str, values_of: Iterable[Sequence[object]], spread: "_Spread"
) -> tuple[list[int], list[list[str]]]:
    """The rows of a sheet that hold something, as text, with their numbers; `spread` sees all."""
    lines, rows = [], []
    for number, values in enumerate(values_of, 1):
        spread.see(number, values)
        cells = [cell_text(value) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise DataError(
                f"{title}: {len(cells)} columns; at most {MAX_COLUMNS}",
                key="columns_many", where=f"sheet {title}", n=len(cells), most=MAX_COLUMNS,
            )  # fmt: skip
        lines.append(number)
        rows.append(cells)
    return lines, rows


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

    def see(self, row: int, values: Sequence[object]) -> None:
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
    found: list[tuple[int, int, int, int]] = []
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
