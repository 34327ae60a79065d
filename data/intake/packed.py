"""Zip archives -> their members, within limits, in memory; and the tables of the files in them.

A zip from outside may be a bomb, hold archives in archives, or name paths that lead elsewhere:
each of these is refused before anything of it is read.
"""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

from data.errors import DataError
from data.findings import reason
from data.tables import MAX_BYTES, RawTable, within

MAX_MEMBERS = 2_000  # files inside a zip
#: what a file of records may be called inside a zip
TABLES = (
    ".csv", ".tsv", ".txt", ".geojson", ".json", ".geojsonl", ".gpx", ".kml", ".xlsx", ".ods",
    ".gpkg", ".parquet", ".fgb",
)  # fmt: skip
SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
DOCUMENTS = (".xml", ".rels", ".kml")
_DULL = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


def members_of(name: str, content: bytes) -> list[str]:
    """The names of the files inside, in their order.

    Raises
    ------
    DataError
        If there are too many, two of one name, or one that names a place outside the archive.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as problem:
        raise DataError(
            f"{name}: the archive is damaged, cut off or protected",
            key="archive_damaged",
            where=name,
        ) from problem
    if len(entries) > MAX_MEMBERS:
        raise DataError(
            f"{name}: {len(entries)} files inside; at most {MAX_MEMBERS}",
            key="zip_many", where=name, n=len(entries), most=MAX_MEMBERS,
        )  # fmt: skip
    odd = [entry for entry in entries if _leads_outside(entry)]
    if odd or len(set(entries)) < len(entries):
        what = (
            f"{len(odd)} files inside name a place outside it" if odd else "two files of one name"
        )
        raise DataError(f"{name}: {what}; refused", key="zip_paths", where=name)
    return [entry for entry in entries if not any(dull in entry.lower() for dull in _DULL)]


def _leads_outside(entry: str) -> bool:
    parts = entry.replace("\\", "/").split("/")
    return entry.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]


def unpack(
    name: str, content: bytes, max_bytes: int = MAX_BYTES, suffixes: tuple[str, ...] = DOCUMENTS
) -> dict[str, bytes]:
    """The members with these suffixes, within the limits on count and unpacked size.

    Parameters
    ----------
    name : of the file, for messages
    content : its bytes
    max_bytes : of all that is unpacked
    suffixes : of the members that are wanted
    """
    wanted = {entry for entry in members_of(name, content) if entry.lower().endswith(suffixes)}
    members, total = {}, 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            within(name, sum(entry.file_size for entry in entries), len(content), max_bytes)
            for entry in entries:
                if entry.filename not in wanted:
                    continue
                parts = []
                with archive.open(entry) as packed:
                    while part := packed.read(1 << 22):
                        total += len(part)
                        within(name, total, len(content), max_bytes)
                        parts.append(part)
                members[entry.filename] = b"".join(parts)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as problem:
        if isinstance(problem, DataError):
            raise
        raise DataError(
            f"{name}: the archive is damaged, cut off or protected",
            key="archive_damaged",
            where=name,
        ) from problem
    return members


def read_inside(
    name: str,
    content: bytes,
    max_bytes: int,
    read: Callable[[str, bytes], list[RawTable]],
) -> list[RawTable]:
    """The tables of the files in a zip, one after the other; shapefiles are read whole.

    `read` reads one member by its content. Files that are no tables are named in a note.

    Parameters
    ----------
    name : of the file, for messages
    content : its bytes
    max_bytes : of all that is unpacked
    """
    from data.intake.geoformats import read_layers

    entries = members_of(name, content)
    shapes = [entry for entry in entries if entry.lower().endswith(SHAPEFILE)]
    files = [entry for entry in entries if entry.lower().endswith(TABLES)]
    if not any(entry.lower().endswith(".shp") for entry in shapes):
        shapes = []
    if not files and not shapes:
        raise DataError(
            f"{name}: the archive holds no table, shapefile or KML", key="zip_empty", where=name
        )
    unpacked = unpack(name, content, max_bytes, (*TABLES, *SHAPEFILE))
    tables = [
        _named(table, entry, len(files) + bool(shapes) > 1)
        for entry in files
        for table in _member(f"{name}/{entry}", unpacked[entry], read)
    ]
    if shapes:
        bare = _shapefile(name, {entry: unpacked[entry] for entry in shapes})
        tables += [replace(table, titles=" ".join(shapes)) for table in read_layers(name, bare)]
    left = [entry for entry in entries if entry not in (*files, *shapes)]
    if left and tables:
        what = f"{len(left)} files in the archive are no tables and were left out"
        note = reason("zip_left_out", what, n=len(left))
        first = replace(tables[0], notes=[*tables[0].notes, note])
        tables = [replace(first, titles="\n".join([first.titles, *left])), *tables[1:]]
    return tables


def _member(
    name: str, content: bytes, read: Callable[[str, bytes], list[RawTable]]
) -> list[RawTable]:
    if not content.strip(b"\x00 \t\r\n"):
        raise DataError(f"{name}: the file is empty", key="file_empty", where=name)
    return read(name, content)


def _named(table: RawTable, entry: str, several: bool) -> RawTable:
    """The table with the name of its file: as a sheet where there are several, else as a title."""
    if not several:
        return replace(table, titles=f"{entry}\n{table.titles}")
    return replace(table, sheet=f"{entry}/{table.sheet}" if table.sheet else entry)


def _shapefile(name: str, members: dict[str, bytes]) -> bytes:
    """An archive of nothing but the parts of shapefiles, so that GDAL finds nothing else."""
    out = io.BytesIO()
    seen = set()
    with zipfile.ZipFile(out, "w") as archive:
        for entry, content in members.items():
            path = PurePosixPath(entry.replace("\\", "/"))
            bare = f"{path.stem}{path.suffix.lower()}"
            if bare in seen:
                raise DataError(
                    f"{name}: names inside the archive lead outside it, or two are the same",
                    key="zip_paths",
                    where=name,
                )
            seen.add(bare)
            archive.writestr(bare, content)
    return out.getvalue()
