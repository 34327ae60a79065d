"""Set-aside rows -> a workbook to mend them in, and the mended rows on their way back.

Every row carries its reasons and where it came from, so that a mended row closes the one that
was set aside, whatever the new file is called. Text stays text: no cell is ever a formula.
"""

import io
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data import spreadsheet
from data.findings import key_of, plain_reasons, reason
from data.tables import Broken, RawTable, plain

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

#: columns that the workbook adds; the first and the last are dropped unseen when it comes back
REASONS = "alasan"
ORIGIN = "asal baris (jangan diubah)"
TEXT = "teks asli"
ADDED = (REASONS, ORIGIN, TEXT)
NAMES = frozenset(plain(name) for name in ADDED)
MARKS = ["of_sha", "source_sheet", "source_line"]
SYNTHETIC = "sintetis:"
#: digits of the hash that name a file; written as letters, so that none looks like a number
SHA_DIGITS = 12
MAX_TEXT = 32_000  # a cell of a workbook holds 32,767 signs
_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")
_DIGITS = str.maketrans("ghijklmnopqrstuv", "0123456789abcdef")
_ORIGIN = re.compile(
    rf"(?P<synthetic>{SYNTHETIC})?(?P<sha>[g-v]{{{SHA_DIGITS}}})(?:@(?P<source>\w+))?"
    r"(?:!(?P<key>[a-z_]{1,40}))?/(?P<line>\d+)/(?P<sheet>.*)",
    re.DOTALL,
)
#: reasons of rows whose shape was no single point: without lat and lon they are not mended
SHAPES = ("not_a_point", "several_points")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


@dataclass(frozen=True)
class Marks:
    """What a mended file says of itself: the rows it stands for, and whether they are invented.

    `sources` names the crosswalk by which the rows of a sheet were read at first.
    """

    rows: pd.DataFrame
    synthetic: bool
    sources: dict[str, str] = field(default_factory=dict)

    def of(self, sheets: Collection[str]) -> pd.DataFrame:
        """The marks that lie in these sheets of the mended file."""
        here = self.rows[self.rows["in_sheet"].isin(sheets)]
        return here[MARKS].drop_duplicates(ignore_index=True)


def write_workbook(aside: pd.DataFrame, reasons: pd.Series | None = None) -> bytes:
    """Set-aside rows as XLSX: one sheet per kind of header, the original columns beside.

    Parameters
    ----------
    aside : source_sheet, source_line, original, reasons, sha256 (of the file they came in),
        synthetic (bool), source (its crosswalk); `Store.set_aside()` gives all of these
    reasons : the reasons in other words, one per row; the English ones of `aside` if not given
    """
    import openpyxl

    reason_texts = aside["reasons"].map(plain_reasons) if reasons is None else reasons
    rows = [_cells(text) for text in aside["original"]]
    header_of: dict[tuple[str, str], tuple[str, ...]] = {}
    for where, cells in zip(_places(aside), rows, strict=True):
        if cells is not None:
            header_of.setdefault(where, tuple(cells))
    groups: dict[tuple[tuple[str, ...], str], list[list[str]]] = {}
    sources = _sources(aside)
    origin = _origins(aside)
    for place, (where, cells) in enumerate(zip(_places(aside), rows, strict=True)):
        header = tuple(cells) if cells is not None else header_of.get(where, ())
        text = "" if cells is not None else str(aside["original"].iloc[place])
        values = [cells[name] for name in header] if cells is not None else [""] * len(header)
        line = [str(reason_texts.iloc[place]), origin[place], *values, text]
        groups.setdefault((header, sources[place]), []).append(line)
    book = openpyxl.Workbook(write_only=True)
    for number, ((header, _), lines) in enumerate(groups.items(), 1):
        _add_sheet(book, f"perbaikan {number}", [REASONS, ORIGIN, *header, TEXT], lines)
    if not groups:
        _add_sheet(book, "perbaikan", list(ADDED), [])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take_marks(tables: list[RawTable]) -> tuple[list[RawTable], Marks]:
    """The tables of a mended file as they would have come from the agency, and its marks.

    A row whose only content is the text that could not be cut into columns stays one line.
    """
    bare, rows, flags, sources = [], [], [], {}
    for table in tables:
        names = {plain(name): name for name in table.cells.columns}
        if table.kind != "rows" or not {plain(ORIGIN), plain(REASONS)} <= set(names):
            bare.append(table)
            continue
        origin_parts = table.cells[names[plain(ORIGIN)]].str.strip().str.extract(_ORIGIN)
        known = origin_parts["sha"].notna()
        flags += origin_parts.loc[known, "synthetic"].notna().tolist()
        marked = pd.DataFrame(
            {
                "of_sha": origin_parts.loc[known, "sha"].str.translate(_DIGITS),
                "source_sheet": origin_parts.loc[known, "sheet"],
                "source_line": origin_parts.loc[known, "line"],
                "in_sheet": table.sheet,
            }
        )
        named = origin_parts.loc[known, "source"].dropna().unique()
        if len(named) == 1:
            sources[table.sheet] = str(named[0])
        rows.append(marked)
        bare.append(_without_added(table, names, origin_parts["key"].fillna("").astype("str")))
    empty = pd.DataFrame(columns=[*MARKS, "in_sheet"], dtype="str")
    marks = pd.concat(rows, ignore_index=True) if rows else empty
    marks = marks.astype({"of_sha": "str", "source_sheet": "str", "source_line": "Int64"})
    return bare, Marks(marks, bool(flags) and all(flags), sources)


def _without_added(table: RawTable, names: dict[str, str], keys: pd.Series) -> RawTable:
    """The rows as they were before they were set aside; `keys` says why each was.

    A line that is still one text, and a shape that still has no lat and lon, is not mended: it
    keeps the reason it had.
    """
    added = [names[name] for name in NAMES if name in names]
    cells = table.cells.drop(columns=added)
    empty = cells.apply(lambda column: column.str.strip() == "").all(axis=1).astype(bool)
    none = pd.Series("", index=cells.index, dtype="str")
    text = table.cells[names[plain(TEXT)]] if plain(TEXT) in names else none
    whole = (empty & (text.str.strip() != "")).to_numpy()
    place = [cells[names[name]].str.strip() for name in ("lat", "lon") if name in names]
    nowhere = np.logical_and.reduce([part == "" for part in place]) if place else ~empty
    shape = (keys.isin(SHAPES) & nowhere).to_numpy() & ~whole
    broken = [
        Broken(int(table.lines[at]), text.iloc[at], _still(keys.iloc[at]))
        for at in np.flatnonzero(whole)
    ]
    for at in np.flatnonzero(shape):
        row = json.dumps(dict(cells.iloc[at]), ensure_ascii=False)
        broken.append(Broken(int(table.lines[at]), row, _still(keys.iloc[at])))
    kept = ~(whole | shape)
    return replace(
        table,
        cells=cells[kept].reset_index(drop=True),
        lines=table.lines[kept],
        broken=sorted([*table.broken, *broken], key=lambda item: item.line),
    )


def _still(key: str) -> str:
    """The reason of a row that came back as it went."""
    if key in ("", "ragged_row", "quote_open"):
        return reason("ragged_row.still", "not cut into its columns yet")
    return reason(key, "not mended yet; still set aside as it was", still=True)


def _cells(original: str) -> dict[str, str] | None:
    """A row as it was read, by column; None if it is a line that could not be cut."""
    try:
        cells = json.loads(original)
    except (ValueError, RecursionError):  # a line of brackets alone nests without end
        return None
    if not isinstance(cells, dict) or not cells:
        return None
    return {
        str(name): "" if value is None else value if isinstance(value, str) else json.dumps(value)
        for name, value in cells.items()
    }


def _places(aside: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """The file and the sheet that each row came in."""
    return zip(aside["sha256"], aside["source_sheet"], strict=True)


def _origins(aside: pd.DataFrame) -> list[str]:
    columns = aside[["sha256", "source_sheet", "source_line", "synthetic"]]
    columns = columns.assign(source=_sources(aside), key=[key_of(t) for t in aside["reasons"]])
    return [
        f"{SYNTHETIC if synthetic else ''}{str(sha)[:SHA_DIGITS].translate(_LETTERS)}"
        f"{f'@{source}' if source else ''}{f'!{key}' if key else ''}"
        f"/{0 if pd.isna(line) else int(line)}/{sheet}"
        for sha, sheet, line, synthetic, source, key in columns.itertuples(index=False)
    ]


def _sources(aside: pd.DataFrame) -> list[str]:
    """The crosswalk of each row, "" where its file was read by several."""
    if "source" not in aside:
        return [""] * len(aside)
    return [name if re.fullmatch(r"\w+", name) else "" for name in aside["source"].astype("str")]


def _add_sheet(book: "Workbook", title: str, header: list[str], lines: list[list[str]]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for column, width in {"A": 60, "B": 24}.items():
        sheet.column_dimensions[column].width = width
    bold, wrap = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    ours = PatternFill("solid", fgColor="F4E3DB")

    def cell(value: str, added: bool, head: bool) -> "Cell":
        made = WriteOnlyCell(sheet, "")
        text = _CONTROL.sub(" ", value)[:MAX_TEXT]
        made.value = text
        made.data_type = "s"  # never "f": a text that begins with = stays one
        made.quotePrefix = spreadsheet.is_formula(text)
        if head:
            made.font = bold
        if added:
            made.fill = ours
            made.alignment = wrap
        return made

    for number, values in enumerate([header, *lines]):
        last = len(values) - 1
        sheet.append(
            [cell(value, at in (0, 1, last), number == 0) for at, value in enumerate(values)]
        )
