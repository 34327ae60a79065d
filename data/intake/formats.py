"""Any file of records -> raw tables: text cells, their header and their physical line numbers.

Nothing is interpreted here. A cell is the text the file holds (a native date becomes
`YYYY-MM-DD[ HH:MM[:SS]]`), an empty cell is "". Empty lines are not rows; a line that cannot be
a row (too many or too few cells, a quote that never closes) is kept in `broken` with its text
and the reason. Geographic formats are in `geoformats.py` and `xmlformats.py`, archives in
`packed.py`.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import DataError
from data.intake.decode import decode, part_by_spaces

MAX_BYTES = 1_000_000_000  # of a file as it lies there, and of what it unpacks to
MAX_RATIO = 200  # unpacked to packed size, beyond the first 10 MB
MAX_COLUMNS = 1_000
MAX_QUOTED_LINES = 200  # a quoted cell that runs over more lines was never closed
HEADER_DEPTH = 30  # lines searched for the header, below titles
DELIMITERS = ",;\t|^~"

#: how JSON begins; a header may begin with a bracket too
_JSON = re.compile(rb"\{|\[\s*[\[{\]]")

csv.field_size_limit(10_000_000)


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


def read_tables(
    path: Path,
    known: frozenset[str] = frozenset(),
    content: bytes | None = None,
    max_bytes: int = MAX_BYTES,
) -> list[RawTable]:
    """All tables of a file.

    Parameters
    ----------
    path : CSV or another delimited text (`.gz` too), XLSX, ODS, GeoJSON (also a feature a line),
        GeoPackage, FlatGeobuf, Parquet, KML, KMZ, GPX, or a zip of these or of a shapefile; told
        by content first and by name second
    known : plain header names that some crosswalk knows; they help to find the header line
        below titles
    content : the bytes, where the file does not lie on a disk; `path` then only names it
    max_bytes : of the file, and of what it unpacks to

    Raises
    ------
    DataError
        If it cannot be read, is too large once unpacked, or holds no table.
    """
    path = Path(path)
    content = read_bytes(path, content, max_bytes)
    try:
        tables = [
            _place_wkt(path.name, table)
            for table in _by_content(path.name, content, known, max_bytes)
        ]
    except DataError:
        raise
    except RecursionError as problem:
        raise DataError(f"{path.name}: nested too deeply to be a file of records") from problem
    except Exception as problem:  # a reader of a foreign library; its message may quote cells
        raise DataError(
            f"{path.name}: damaged or not the format it claims to be ({type(problem).__name__})"
        ) from problem
    if not tables:
        raise DataError(f"{path.name}: no table found; a header line and rows below it are needed")
    return tables


def _by_content(
    name: str, content: bytes, known: frozenset[str], max_bytes: int, inside: bool = False
) -> list[RawTable]:
    """The tables of one file; `inside` if it lies in a zip, where no other archive may lie."""
    from data.intake import geoformats, parquet, xmlformats

    suffix = Path(name.lower().removesuffix(".gz")).suffix
    if content[:4] == b"PK\x03\x04":
        return _packed(name, content, known, max_bytes, inside)
    if inside and content[:2] == b"\x1f\x8b":
        raise DataError(f"{name}: an archive inside an archive; refused", key="zip_nested")
    if content[:16] == b"SQLite format 3\x00":
        if content[68:70] != b"GP":
            raise DataError(f"{name}: a database that is no GeoPackage; refused", key="sqlite")
        return geoformats.read_layers(name, content)
    if content[:4] == b"fgb\x03":
        return geoformats.read_layers(name, content)
    if content[:4] == b"PAR1":
        return parquet.read_parquet(name, content, max_bytes)
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise DataError(f"{name}: an old Excel file (.xls) or protected; save it as .xlsx or .csv")
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if suffix in (".kml", ".gpx", ".xml") or start[:5] == b"<?xml" or start[:1] == b"<":
        return xmlformats.read_xml(name, content)
    if suffix in (".geojson", ".json", ".geojsonl") or _JSON.match(start):
        return geoformats.read_geojson(name, content)
    if suffix in (".pdf", ".doc", ".docx", ".ods", ".xls") or start[:4] == b"%PDF":
        raise DataError(f"{name}: bring the table itself as XLSX or CSV, not {suffix or 'PDF'}")
    return read_delimited(name, content, known)


def _packed(
    name: str, content: bytes, known: frozenset[str], max_bytes: int, inside: bool
) -> list[RawTable]:
    """A zip: a workbook, an OpenDocument, or an archive with files of records in it."""
    from data.intake import packed, workbook

    members = packed.members_of(name, content)
    if any(member.startswith("xl/") for member in members):
        parts = packed.unpack(name, content, max_bytes)
        return workbook.read_xlsx(name, content, parts, known)
    if "content.xml" in members:
        parts = packed.unpack(name, content, max_bytes)
        return workbook.read_ods(name, content, parts, known)
    if inside:
        raise DataError(f"{name}: an archive inside an archive; refused", key="zip_nested")

    def read(member: str, text: bytes) -> list[RawTable]:
        return _by_content(member, text, known, max_bytes, inside=True)

    return packed.read_inside(name, content, max_bytes, read)


def _place_wkt(name: str, table: RawTable) -> RawTable:
    from data.intake import geoformats

    return geoformats.place_wkt(name, table)


def read_bytes(path: Path, content: bytes | None = None, max_bytes: int = MAX_BYTES) -> bytes:
    """The content of a file, unpacked if it is gzip, within `max_bytes`."""
    try:
        size = path.stat().st_size if content is None else len(content)
        if size > max_bytes:
            raise DataError(f"{path.name}: {size:,} bytes; at most {max_bytes:,} in one file")
        content = path.read_bytes() if content is None else content
    except OSError as problem:
        raise DataError(f"{path.name}: cannot be opened ({problem.strerror})") from problem
    if content[:2] == b"\x1f\x8b":
        content = _gunzip(path.name, content, max_bytes)
    if not content.strip(b"\x00 \t\r\n"):
        raise DataError(f"{path.name}: the file is empty")
    return content


def _gunzip(name: str, content: bytes, max_bytes: int) -> bytes:
    parts, total = [], 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            while part := packed.read(1 << 22):
                total += len(part)
                within(name, total, len(content), max_bytes)
                parts.append(part)
    except (OSError, EOFError, zlib.error) as problem:
        raise DataError(f"{name}: the gzip archive is damaged or cut off") from problem
    return b"".join(parts)


def within(name: str, unpacked: int, packed: int, max_bytes: int) -> None:
    """Refuse what unpacks to more than may be, or to far more than it holds."""
    if unpacked > max_bytes or (unpacked > 10_000_000 and unpacked > MAX_RATIO * packed):
        raise DataError(f"{name}: unpacks to far more than it holds; refused as a zip bomb")


def read_delimited(name: str, content: bytes, known: frozenset[str]) -> list[RawTable]:
    """A delimited text; the delimiter is the one that splits most lines alike."""
    text, notes = decode(name, content)
    lines = list(io.StringIO(text, newline=""))
    if lines and (match := re.fullmatch(r"sep=(.)\s*", lines[0])):  # Excel's own first line
        delimiter, first = match[1], 1
    else:
        delimiter, first = sniff(lines), 0
        parted = None if any(delimiter in line for line in lines) else part_by_spaces(lines)
        if parted:
            lines, delimiter = parted, "\t"
            notes.append("columns parted by two spaces or more")
    head = list(_records(lines[: HEADER_DEPTH * 4], delimiter, first, None))
    top = find_header([record for _, _, record in head], known)
    if top is None:
        raise DataError(
            f"{name}: no header line found; the first line of a table names its columns"
        )
    at, depth = top
    header = join_header([record for _, _, record in head[at : at + depth]])
    if len(header) > MAX_COLUMNS:
        raise DataError(f"{name}: {len(header)} columns; at most {MAX_COLUMNS}")
    if at:
        notes.append(f"header found in line {head[at][0] + 1}; the lines above it are titles")
    start = head[at + depth - 1][1]
    numbers, rows, broken = [], [], []
    for line, after, record in _records(lines, delimiter, start, len(header)):
        if isinstance(record, Broken):
            broken.append(record)
        elif (cells := _fit(record, len(header))) is None:
            what = f"{len(record)} cells where the header has {len(header)}"
            broken.append(Broken(line + 1, "".join(lines[line:after]), f"ragged_row: {what}"))
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
        for line, record in enumerate(csv.reader(lines[start:], delimiter=delimiter), start):
            if any(map(str.strip, record)):
                yield line, line + 1, record
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
                reason = "quote_open: a quote opens in this line and closes nowhere near"
                yield begin, begin + 1, Broken(begin + 1, lines[begin], reason)
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
    """A RawTable; totals and repeated headers are no records and go to `broken`."""
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
            reason = (
                "header_again: the header line once more"
                if again.iloc[position]
                else "total_line: a line of totals, not a record"
            )
            text = " | ".join(cells.iloc[position])
            broken.append(Broken(int(numbers[position]), text, reason))
        keep = ~(total | again).to_numpy()
        cells, numbers = cells[keep].reset_index(drop=True), numbers[keep]
    broken.sort(key=lambda item: item.line)
    return RawTable(sheet, cells, numbers, broken, notes)
