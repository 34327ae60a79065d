"""Any file of records -> raw tables: text cells, their header and their physical line numbers.

Nothing is interpreted here. A cell is the text the file holds (a native date becomes
`YYYY-MM-DD[ HH:MM[:SS]]`), an empty cell is "". Empty lines are not rows; a line that cannot be
a row (too many or too few cells, a quote that never closes) is kept in `broken` with its text
and the reason. Delimited text is read in `delimited.py`, geographic formats in
`geoformats.py` and `xmlformats.py`, archives in `packed.py`.
"""

import gzip
import io
import re
import zlib
from pathlib import Path

from data.errors import DataError
from data.intake.delimited import read_delimited
from data.tables import MAX_BYTES, RawTable, within

#: how JSON begins; a header may begin with a bracket too
_JSON = re.compile(rb"\{|\[\s*[\[{\]]")


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
        raise DataError(
            f"{path.name}: nested too deeply to be a file of records",
            key="too_deep", where=path.name,
        ) from problem  # fmt: skip
    except Exception as problem:  # a reader of a foreign library; its message may quote cells
        kind = type(problem).__name__
        raise DataError(
            f"{path.name}: damaged or not the format it claims to be ({kind})",
            key="damaged", where=path.name, kind=kind,
        ) from problem  # fmt: skip
    if not tables:
        raise DataError(
            f"{path.name}: no table found; a header line and rows below it are needed",
            key="no_table", where=path.name,
        )  # fmt: skip
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
        raise DataError(f"{name}: an archive lies inside the archive", key="zip_nested", where=name)
    if content[:16] == b"SQLite format 3\x00":
        if content[68:70] != b"GP":
            raise DataError(f"{name}: this database is no GeoPackage", key="sqlite", where=name)
        return geoformats.read_layers(name, content)
    if content[:4] == b"fgb\x03":
        return geoformats.read_layers(name, content)
    if content[:4] == b"PAR1":
        return parquet.read_parquet(name, content, max_bytes)
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise DataError(
            f"{name}: an old Excel file (.xls) or protected; save it as .xlsx or .csv",
            key="xls_old", where=name,
        )  # fmt: skip
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if suffix in (".kml", ".gpx", ".xml") or start[:5] == b"<?xml" or start[:1] == b"<":
        return xmlformats.read_xml(name, content)
    if suffix in (".geojson", ".json", ".geojsonl") or _JSON.match(start):
        return geoformats.read_geojson(name, content)
    if suffix in (".pdf", ".doc", ".docx", ".ods", ".xls") or start[:4] == b"%PDF":
        given = suffix or "PDF"
        raise DataError(
            f"{name}: bring the table itself as XLSX or CSV, not {given}",
            key="no_table_format", where=name, given=given,
        )  # fmt: skip
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
        raise DataError(f"{name}: an archive lies inside the archive", key="zip_nested", where=name)

    def read(member: str, text: bytes) -> list[RawTable]:
        return _by_content(member, text, known, max_bytes, inside=True)

    return packed.read_inside(name, content, max_bytes, read)


def _place_wkt(name: str, table: RawTable) -> RawTable:
    from data.intake import geoformats

    return geoformats.place_wkt(name, table)


def read_bytes(path: Path, content: bytes | None = None, max_bytes: int = MAX_BYTES) -> bytes:
    """The content of a file, unpacked if it is gzip, within `max_bytes`.

    Parameters
    ----------
    path : the file; with `content` it only names it
    content : the bytes, where the file does not lie on a disk
    """
    try:
        size = path.stat().st_size if content is None else len(content)
        if size > max_bytes:
            raise DataError(
                f"{path.name}: {size:,} bytes; at most {max_bytes:,} in one file",
                key="file_large", where=path.name, size=size, most=max_bytes,
            )  # fmt: skip
        content = path.read_bytes() if content is None else content
    except OSError as problem:
        raise DataError(
            f"{path.name}: cannot be opened ({problem.strerror})",
            key="cannot_open", where=path.name, why=problem.strerror,
        ) from problem  # fmt: skip
    if content[:2] == b"\x1f\x8b":
        content = _gunzip(path.name, content, max_bytes)
    if not content.strip(b"\x00 \t\r\n"):
        raise DataError(f"{path.name}: the file is empty", key="file_empty", where=path.name)
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
        raise DataError(
            f"{name}: the archive is damaged, cut off or protected",
            key="archive_damaged",
            where=name,
        ) from problem
    return b"".join(parts)
