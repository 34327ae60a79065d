"""Delimited text -> a raw table: encoding, delimiter, header below titles, records held by quotes.

A line that cannot be a row (too many or too few cells, a quote that never closes) is kept in
`broken` with its text and the reason. The encoding is told line by line where two were mixed.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from data.errors import DataError
from data.findings import reason
from data.tables import (
    HEADER_DEPTH,
    MAX_COLUMNS,
    Broken,
    RawTable,
    find_header,
    header_in_line,
    join_header,
    ragged,
    table_of,
)

MAX_QUOTED_LINES = 200  # a quoted cell that runs over more lines was never closed
DELIMITERS = ",;\t|^~"
#: share of zero bytes above which a file is no text; fewer are dropped, and said
MAX_NULS = 0.05
QUOTE_OPEN = reason("quote_open", "a quote opens in this line and closes nowhere near")
_GAP = re.compile(r"(?<=\S)(?: {2,}| *\t *)(?=\S)")

csv.field_size_limit(10_000_000)


def read_delimited(name: str, content: bytes, known: frozenset[str]) -> list[RawTable]:
    """A delimited text; the delimiter is the one that splits most lines alike.

    Parameters
    ----------
    name : of the file, for messages
    content : its bytes
    known : names of columns that some crosswalk knows
    """
    text, notes = decode(name, content)
    lines = list(io.StringIO(text, newline=""))
    if lines and (match := re.fullmatch(r"sep=(.)\s*", lines[0])):  # Excel's own first line
        delimiter, first = match[1], 1
    else:
        delimiter, first = sniff(lines), 0
        parted = None if any(delimiter in line for line in lines) else part_by_spaces(lines)
        if parted:
            lines, delimiter = parted, "\t"
            notes.append(reason("parted_by_spaces", "columns parted by two spaces or more"))
    head = list(_records(lines[: HEADER_DEPTH * 4], delimiter, first, None))
    top = find_header([record for _, _, record in head], known)
    if top is None:
        raise DataError(
            f"{name}: no header line found; the first line of a table names its columns",
            key="no_header", where=name,
        )  # fmt: skip
    at, depth = top
    named = [record for _, _, record in head[at : at + depth]]
    header = join_header([record for record in named if not isinstance(record, Broken)])
    if len(header) > MAX_COLUMNS:
        raise DataError(
            f"{name}: {len(header)} columns; at most {MAX_COLUMNS}",
            key="columns_many", where=name, n=len(header), most=MAX_COLUMNS,
        )  # fmt: skip
    if at:
        notes.append(header_in_line(head[at][0] + 1))
    start = head[at + depth - 1][1]
    numbers, rows, broken = [], [], []
    for line, after, record in _records(lines, delimiter, start, len(header)):
        if isinstance(record, Broken):
            broken.append(record)
        elif (cells := _fit(record, len(header))) is None:
            why = ragged(len(record), len(header))
            broken.append(Broken(line + 1, "".join(lines[line:after]), why))
        else:
            numbers.append(line + 1)
            rows.append(cells)
    titles = " ".join("".join(lines[first : head[at][0]]).split())
    return [replace(table_of("", header, rows, numbers, broken, notes), titles=titles)]


def _records(
    lines: list[str], delimiter: str, start: int, width: int | None
) -> Iterator[tuple[int, int, list[str] | Broken]]:
    """(first line, line after, cells) of each record that is not empty, line numbers from 0."""
    if not any('"' in line for line in lines):
        for line, cells in enumerate(csv.reader(lines[start:], delimiter=delimiter), start):
            if any(map(str.strip, cells)):
                yield line, line + 1, cells
        return
    at = start
    while at < len(lines):
        used = [at, at + MAX_QUOTED_LINES]

        def feed(used: list[int] = used) -> Iterator[str]:
            while used[0] < len(lines) and used[0] <= used[1]:
                used[0] += 1
                yield lines[used[0] - 1]

        reader = csv.reader(feed(), delimiter=delimiter)
        restart = None
        while True:
            begin = used[0]
            used[1] = begin + MAX_QUOTED_LINES
            record: list[str] | None
            try:
                record = next(reader, None)
            except csv.Error:
                record = []
                restart = begin
            if record is None:
                return
            after = used[0]
            if (
                restart is None
                and after - begin > 1
                and _runaway(lines[begin:after], delimiter, width, after == len(lines))
            ):
                restart = begin
            if restart is not None:
                yield begin, begin + 1, Broken(begin + 1, lines[begin], QUOTE_OPEN)
                break
            if any(map(str.strip, record)):
                yield begin, after, record
        at = restart + 1


def _runaway(spanned: list[str], delimiter: str, width: int | None, at_end: bool) -> bool:
    """Has one open quote swallowed lines that are records of their own?"""
    if len(spanned) > MAX_QUOTED_LINES:
        return True
    if at_end and sum(line.count('"') for line in spanned) % 2:
        return True
    if width is None or width < 3:
        return False
    whole = [line.count(delimiter) >= width - 1 for line in spanned]
    return any(whole[1:-1]) or (whole[0] and whole[-1])


def _fit(record: list[str], width: int) -> list[str] | None:
    """The record at the header's width; empty cells beyond it are dropped, fewer cells refused."""
    if len(record) == width:
        return record
    if len(record) > width and not any(cell.strip() for cell in record[width:]):
        return record[:width]
    return None


def sniff(lines: list[str]) -> str:
    """The delimiter that gives the most equal number of cells over the first lines."""
    sample = [line for line in lines[:200] if line.strip()]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        counts = [
            len(record) - 1
            for _, _, record in _records(sample, delimiter, 0, None)
            if not isinstance(record, Broken)
        ]
        if not counts or not any(counts):
            continue
        values, frequency = np.unique(counts, return_counts=True)
        frequency = np.where(values == 0, 0, frequency)
        common = int(values[frequency.argmax()])
        score = frequency.max() / len(counts) * (1 + np.log1p(common))
        if score > best_score * 1.001:
            best, best_score = delimiter, score
    return best


def decode(name: str, content: bytes) -> tuple[str, list[str]]:
    """The text of a file and what to tell about it: UTF-16 by BOM or zeros, UTF-8, cp1252.

    Lines in UTF-8 among lines in Windows-1252 (two files pasted together) are each read as what
    they are. Zero bytes that a failing disk or a database left behind are dropped.
    """
    wide = _wide(content)
    if wide:
        try:
            text = content.decode(wide)
        except UnicodeDecodeError:
            wide = ""
    if not wide:
        content = content.strip(b"\x00")
        text, notes = _narrow(content)
    else:
        notes = [_read_as(wide)]
    if n := text.count("\x00"):
        if n > MAX_NULS * len(text):
            what = "not a text file in UTF-8, UTF-16 or Windows-1252"
            raise DataError(f"{name}: {what}", key="no_text", where=name)
        notes.append(reason("zero_bytes", f"{n} zero bytes inside the text were dropped", n=n))
        text = text.replace("\x00", "")
    return text, notes


def _read_as(encoding: str) -> str:
    return reason("text_read_as", f"text read as {encoding}", encoding=encoding)


def _wide(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    head = content[:4000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.3 * len(head) / 2 and even < 0.1 * odd:
        return "utf-16-le"
    if even > 0.3 * len(head) / 2 and odd < 0.1 * even:
        return "utf-16-be"
    return ""


def _narrow(content: bytes) -> tuple[str, list[str]]:
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    lines = content.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    read = [_line(line) for line in lines]
    utf8 = sum(how == "utf-8" for _, how in read)
    other = sum(how not in ("", "utf-8") for _, how in read)
    if utf8:
        what = f"two encodings in one file: {utf8} lines read as UTF-8, {other} as Windows-1252"
        notes = [reason("two_encodings", what, utf8=utf8, other=other)]
    else:
        notes = [_read_as("cp1252")]
    return "".join(text for text, _ in read), notes


def _line(line: bytes) -> tuple[str, str]:
    """A line's text and its encoding, "" for plain ASCII."""
    if line.isascii():
        return line.decode("ascii"), ""
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1"), "latin-1"


def part_by_spaces(lines: list[str]) -> list[str] | None:
    """Lines of a table set in columns with spaces, with tabs instead; None if it is none."""
    sample = [line for line in lines[:200] if line.strip()]
    gaps = [len(_GAP.findall(line.strip())) for line in sample]
    if len(gaps) < 2 or gaps[0] < 1 or gaps.count(gaps[0]) < 0.6 * len(gaps):
        return None
    return [_GAP.sub("\t", line.strip(" ")) for line in lines]
