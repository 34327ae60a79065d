"""A table as a file holds it: text cells, header, line numbers, and the lines that are no rows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.errors import DataError
from data.findings import reason

MAX_BYTES = 1_000_000_000  # of a file as it lies there, and of what it unpacks to
MAX_RATIO = 200  # unpacked to packed size, beyond the first 10 MB
MAX_COLUMNS = 1_000
HEADER_AGAIN = reason("header_again", "the header line once more")
TOTAL_LINE = reason("total_line", "a line of totals, not a record")
HEADER_DEPTH = 30  # lines searched for the header, below titles


@dataclass(frozen=True)
class Broken:
    """One line that is not a row, with its own words and the reason."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class RawTable:
    """One table of a file: `cells` has one row per record, all text, columns named by the header.

    `lines` gives the physical line (or row, or feature) number of each record, from 1.
    A table of kind "tracks" has one row per track point: track_id, label, time, lat, lon.
    `titles` is what the file says outside its rows: above the header, in descriptions, comments.
    It is looked through and never stored. `source` names a crosswalk for what a format itself
    says, where no other knows the header.
    """

    sheet: str
    cells: pd.DataFrame
    lines: np.ndarray
    broken: list[Broken] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kind: str = "rows"  # or "tracks"
    titles: str = ""
    source: str = ""  # the crosswalk that reads it where its header fits none


def plain(text: str) -> str:
    """A header or word as it is compared: lower case, no punctuation, single spaces."""
    return " ".join(re.sub(r"[\W_]+", " ", str(text).casefold()).split())


def within(name: str, unpacked: int, packed: int, max_bytes: int) -> None:
    """Refuse what unpacks to more than may be, or to far more than it holds.

    Parameters
    ----------
    name : of the file, for messages
    unpacked, packed : bytes
    max_bytes : that may be unpacked
    """
    if unpacked > max_bytes or (unpacked > 10_000_000 and unpacked > MAX_RATIO * packed):
        raise DataError(
            f"{name}: unpacks to far more than it holds; refused as a zip bomb",
            key="zip_bomb", where=name,
        )  # fmt: skip


def header_in_line(at: int) -> str:
    """The note that titles stand above the header, which is in this line of a text."""
    what = f"header found in line {at}; the lines above it are titles"
    return reason("header_found", what, at=str(at))


def header_in_row(at: int) -> str:
    """The note that titles stand above the header, which is in this row of a sheet."""
    what = f"header found in row {at}; the rows above it are titles"
    return reason("header_found.row", what, at=str(at))


def ragged(n: int, width: int) -> str:
    """The reason of a line with other than the header's number of cells."""
    return reason("ragged_row", f"{n} cells where the header has {width}", n=n, width=width)


def find_header(
    records: Iterable[list[str] | Broken], known: frozenset[str]
) -> tuple[int, int] | None:
    """Where the header is and how many lines it has: the lines with most known names.

    Without known names it is the first line that fills most of the table's width with words.
    """
    head = [[] if isinstance(record, Broken) else record for record in records][:HEADER_DEPTH]
    if not head:
        return None
    best, best_hits = None, 1
    for at, record in enumerate(head):
        depths = (1, 2, 3) if "" in [cell.strip() for cell in record] else (1,)
        for depth in depths:
            if depth > 1 and not _is_second_line(head, at, depth):
                break
            names = {plain(cell) for cell in join_header(head[at : at + depth])} - {""}
            hits = len(names & known)
            if hits > best_hits:
                best, best_hits = (at, depth), hits
    if best:
        return best
    width = max(sum(bool(cell.strip()) for cell in record) for record in head)
    for at, record in enumerate(head):
        filled = [cell for cell in record if cell.strip()]
        if len(filled) >= max(1, 0.6 * width) and not any(_is_number(cell) for cell in filled):
            depth = 1
            while depth < 3 and "" in record and _is_second_line(head, at, depth + 1):
                depth += 1
            return at, depth
    return None


def _is_second_line(head: list[list[str]], at: int, depth: int) -> bool:
    """May the line continue the header: words only, and only below or beside gaps of the top?"""
    if at + depth > len(head):
        return False
    upper, lower = [cell.strip() for cell in head[at]], head[at + depth - 1]
    filled = [column for column, cell in enumerate(lower) if cell.strip()]
    gaps = {column for column, cell in enumerate(upper) if not cell}
    below = all(column in gaps or column + 1 in gaps for column in filled)
    return bool(filled) and below and not any(re.search(r"\d", lower[c]) for c in filled)


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[\s\d.,:/+-]+", cell))


def join_header(parts: list[list[str]]) -> list[str]:
    """One name per column: upper names run on over the gaps to their right, lower names follow.

    `["Jumlah", ""]` over `["L", "P"]` gives `Jumlah L`, `Jumlah P`. Names given twice get a
    number; columns without a name are called `kolom N`.
    """
    width = max((len(part) for part in parts), default=0)
    names = [""] * width
    for depth, part in enumerate(parts):
        running = ""
        last = depth == len(parts) - 1
        below = parts[depth + 1] if not last else []
        for column in range(width):
            cell = " ".join(part[column].split()) if column < len(part) else ""
            has_below = column < len(below) and bool(below[column].strip())
            running = cell or (running if has_below else "")
            names[column] = f"{names[column]} {running}".strip()
    seen: dict[str, int] = {}
    unique = []
    for column, name in enumerate(names, 1):
        name = name or f"kolom {column}"
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def table_of(
    sheet: str,
    header: list[str],
    rows: list[list[str]],
    lines: list[int],
    broken: list[Broken],
    notes: list[str],
) -> RawTable:
    """A RawTable; totals and repeated headers are no records and go to `broken`.

    Parameters
    ----------
    sheet : name of the sheet, "" where there is one only
    header : names of the columns
    rows : cells as text, as many as the header has
    lines : number of each row in the file
    notes : what was taken for granted
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    texts = {
        name: pd.array(np.array(column, dtype=object), dtype="str")
        for name, column in zip(header, columns, strict=True)
    }
    cells = pd.DataFrame(texts)
    numbers = np.asarray(lines, dtype=np.int64)
    if len(cells):
        first = cells.iloc[:, 0]
        for column in cells.columns[1:4]:
            first = first.where(first.str.strip() != "", cells[column])
        word = first.str.strip().str.casefold()
        total = word.isin(["jumlah", "total", "jumlah total", "grand total", "subtotal"])
        again = (cells.iloc[:, 0] == header[0]) & (cells == header).all(axis=1)
        for position in np.flatnonzero(total | again):
            why = HEADER_AGAIN if again.iloc[position] else TOTAL_LINE
            text = " | ".join(cells.iloc[position])
            broken.append(Broken(int(numbers[position]), text, why))
        keep = ~(total | again).to_numpy()
        cells, numbers = cells[keep].reset_index(drop=True), numbers[keep]
    broken.sort(key=lambda item: item.line)
    return RawTable(sheet, cells, numbers, broken, notes)
