"""One file that holds the whole store, and the way back, into SQLite or PostgreSQL alike."""

import json
import os
import re
import shutil
import tempfile
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from data import sealed
from data.errors import DataError
from data.gate import published
from data.store import assessments, migrations
from data.store import tables as t
from data.store.database import Database

_FORMAT = "kalbar-risk backup 1"
_ROWS = 50_000
#: folders beside the assessments that cannot be made anew: what was published stays so
_LEDGERS = {published.FOLDER, published.FOLDER_SYNTHETIC}
_FILE = r"([a-z][a-z0-9_]*\.parquet|meta\.json)"
#: what a backup holds of the store's folder: folder -> a file in it, with the name of its whole
_PARTS = {
    "assessments": re.compile(rf"assessments/([^/]+)/{_FILE}"),
    "plans": re.compile(rf"plans/([^/]+)/v\d{{4}}/{_FILE}"),
}


def backup(
    db: Database, folder: Path, path: Path, recipients: Sequence[str] = ()
) -> dict[str, int]:
    """Write everything to one zip file, aside first; gives the rows per table.

    Writers may go on meanwhile: the file holds one state of the database, and the assessments and
    versions of plans that were complete.

    Parameters
    ----------
    db : what is read
    folder : of the store; assessments and plans lie in it
    path : the file that is written
    recipients : public keys for which it is sealed (`data.sealed`); none: a plain zip file
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        counts = {}
        with (
            _written(aside, recipients) as file,
            zipfile.ZipFile(
                file,
                "w",
                zipfile.ZIP_STORED,
                allowZip64=True,  # Parquet is compressed already
            ) as archive,
        ):
            with db.read() as connection:
                for table in t.tables.sorted_tables:
                    counts[table.name] = _write_table(archive, connection, table)
                version = migrations.version_of(connection)
            files = {kind: _write_files(archive, folder, kind) for kind in _PARTS}
            manifest = {
                "format": _FORMAT,
                "created_at": pd.Timestamp.now("UTC").isoformat(),
                "schema_version": version,
                "rows": counts,
                "files": files,
            }
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return counts


def restore(db: Database, folder: Path, path: Path, keys: Sequence[str] = ()) -> dict[str, int]:
    """Fill an empty store from a backup: all of it or nothing; gives the rows per table.

    Parameters
    ----------
    db : what is filled; it must be empty
    folder : of the store, where assessments and plans go
    path : the file, sealed or plain
    keys : secret keys that may open a sealed one

    Raises
    ------
    DataError
        If the file is not a whole backup, no key opens it, it comes from a newer program, or the
        store is not empty.
    """
    try:
        with _opened(path, folder, keys) as file, zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive, path)
            _refuse_full(db, path)
            for kind, expected in manifest.get("files", {"assessments": None}).items():
                _restore_files(archive, folder, kind, expected)
            with db.write() as connection:
                for table in t.tables.sorted_tables:
                    if table.name in manifest["rows"] and table.name != "meta":
                        _read_table(archive, db, connection, table, manifest["rows"][table.name])
    except (zipfile.BadZipFile, pa.ArrowInvalid, EOFError) as problem:
        what = f"{path.name} is damaged: {problem}"
        raise DataError(what, key="backup_damaged", where=path.name) from problem
    except FileNotFoundError as problem:
        raise DataError(f"no backup at {path}", key="no_backup", path=str(path)) from problem
    return manifest["rows"]


def holds(path: Path, folder: Path, keys: Sequence[str], events: Sequence[str]) -> bool:
    """Whether a backup holds a version of one of some records.

    Parameters
    ----------
    path : the file, sealed or plain
    folder : where a sealed one is opened, into a file without a name
    keys : secret keys that may open it
    events : ids of the records' events

    Raises
    ------
    DataError
        If it cannot be opened, or is no backup.
    """
    try:
        with (
            _opened(path, folder, keys) as file,
            zipfile.ZipFile(file) as archive,
            archive.open(f"tables/{t.event_versions.name}.parquet") as table,
        ):
            read = pq.read_table(pa.BufferReader(table.read()), columns=["event_id"])
    except (zipfile.BadZipFile, pa.ArrowInvalid, EOFError, KeyError) as problem:
        what = f"{path.name} is damaged: {problem}"
        raise DataError(what, key="backup_damaged", where=path.name) from problem
    return bool(set(events) & set(read["event_id"].to_pylist()))


@contextmanager
def _written(path: Path, recipients: Sequence[str]) -> Iterator[IO[bytes]]:
    """A new file to write into, sealed on the way if it is for somebody; on the disk at the end."""
    with path.open("wb") as file:
        if recipients:
            with sealed.sealing(file, recipients) as stream:
                yield stream
        else:
            yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _opened(path: Path, folder: Path, keys: Sequence[str]) -> Iterator[IO[bytes]]:
    """A backup as a plain zip file.

    A sealed one is opened into a file without a name on the disk of the store: what it holds is
    about to lie there anyway.
    """
    if not sealed.is_sealed(path):
        with path.open("rb") as file:
            yield file
        return
    if not keys:
        what = f"{path.name} is sealed; name its key file"
        raise DataError(what, key="backup_sealed", where=path.name)
    with path.open("rb") as source, tempfile.TemporaryFile(dir=folder) as plain:
        sealed.unseal(source, plain, keys, path.name)
        plain.seek(0)
        yield plain


def _write_table(archive: zipfile.ZipFile, connection: sa.Connection, table: sa.Table) -> int:
    kinds = {column.name: _arrow(column.type) for column in table.columns}
    schema = pa.schema(list(kinds.items()))
    n = 0
    with (
        archive.open(f"tables/{table.name}.parquet", "w", force_zip64=True) as file,
        pq.ParquetWriter(file, schema, compression="zstd") as writer,
    ):
        rows = connection.execution_options(yield_per=_ROWS).execute(sa.select(table))
        for part in rows.partitions(_ROWS):
            columns = list(zip(*part, strict=True))
            arrays = [pa.array(c, k) for c, k in zip(columns, kinds.values(), strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            n += len(part)
    return n


def _read_table(
    archive: zipfile.ZipFile,
    db: Database,
    connection: sa.Connection,
    table: sa.Table,
    expected: int,
) -> None:  # fmt: skip
    with archive.open(f"tables/{table.name}.parquet") as file:
        parquet = pq.ParquetFile(pa.BufferReader(file.read()))
    have = set(parquet.schema_arrow.names)
    if unknown := sorted(have - {column.name for column in table.columns}):
        raise DataError(
            f"the backup has columns this program does not know: {', '.join(unknown)}",
            key="backup_columns", columns=list(unknown),
        )  # fmt: skip
    n = 0
    for batch in parquet.iter_batches(_ROWS):
        db.insert(connection, table, batch.to_pydict())
        n += batch.num_rows
    if n != expected:
        raise DataError(
            f"the backup is damaged: {table.name} has {n} rows, expected {expected}",
            key="backup_rows", table=table.name, n=n, expected=expected,
        )  # fmt: skip


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    if "manifest.json" not in archive.namelist():
        what = f"{path.name} is not a backup of this program"
        raise DataError(what, key="no_backup_file", where=path.name)
    manifest = json.loads(archive.read("manifest.json"))
    if manifest.get("format") != _FORMAT:
        raise DataError(
            f"{path.name} has format {manifest.get('format')!r}, expected {_FORMAT!r}",
            key="backup_format", where=path.name, given=str(manifest.get("format")),
            expected=_FORMAT,
        )  # fmt: skip
    if manifest["schema_version"] > migrations.current_version():
        raise DataError(
            f"{path.name} was written by a newer program (schema {manifest['schema_version']}, "
            f"this one knows {migrations.current_version()})",
            key="backup_newer", where=path.name, version=str(manifest["schema_version"]),
            known=str(migrations.current_version()),
        )  # fmt: skip
    return manifest


def _refuse_full(db: Database, path: Path) -> None:
    with db.read() as connection:
        for table in (t.imports, t.audit, t.data_states):
            if connection.execute(sa.select(sa.func.count()).select_from(table)).scalar():
                raise DataError(
                    f"the store is not empty ({table.name}); restore the backup into a new one",
                    key="store_filled", table=table.name,
                )  # fmt: skip


def _write_files(archive: zipfile.ZipFile, folder: Path, kind: str) -> int:
    """What a folder of the store holds, except what is still being written; how many files."""
    n = 0
    for path in sorted((folder / kind).rglob("*")):
        name = path.relative_to(folder).as_posix()
        if _PARTS[kind].fullmatch(name) and "/." not in name:
            archive.write(path, name)
            n += 1
    return n


def _restore_files(archive: zipfile.ZipFile, folder: Path, kind: str, expected: int | None) -> None:
    """Bring back one folder of the store, each assessment and each plan wholly or not at all."""
    target = folder / kind
    target.mkdir(parents=True, exist_ok=True)
    wholes: dict[str, list[zipfile.ZipInfo]] = {}
    for info in archive.infolist():
        if found := _PARTS[kind].fullmatch(info.filename):
            wholes.setdefault(found[1], []).append(info)
    n = sum(map(len, wholes.values()))
    if expected is not None and n != expected:
        raise DataError(
            f"the backup is damaged: {kind} has {n} rows, expected {expected}",
            key="backup_rows", table=kind, n=n, expected=expected,
        )  # fmt: skip
    for name, files in wholes.items():
        known = assessments.is_id(name) or (kind == "assessments" and name in _LEDGERS)
        if not known or (target / name).exists():
            continue
        with assessments.aside(target) as aside:
            for info in files:
                path = aside / info.filename.split("/", 2)[2]
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, path.open("wb") as file:
                    shutil.copyfileobj(source, file)
            assessments.place(aside, target / name)


def _arrow(kind: sa.types.TypeEngine[Any]) -> pa.DataType:
    if isinstance(kind, sa.Integer):
        return pa.int64()
    return pa.float64() if isinstance(kind, sa.Float) else pa.string()
