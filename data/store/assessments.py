"""Assessments as folders of Parquet: written aside, flushed, renamed; readers never see half.

What a disk or a hand damaged later is found when it is read: the meta of an assessment keeps the
sum of each of its files.
"""

import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import DataError
from data.gate.declared import refuse_unknown
from data.kept import Damaged, read_tables, sum_of
from data.kept import damaged as damage
from data.kept import read_meta as read_json

_ID = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{6}")
_ASIDE = ".aside-"
#: a folder set aside this long ago belongs to a program that was killed
STALE_HOURS = 6.0
#: key of meta.json under which the sums of the files stand: name of a file -> SHA-256
_SUMS = "sums"


class MissingTable(DataError):
    """Something is asked of the store that nobody has written yet."""


def write(
    folder: Path,
    frames: dict[str, pd.DataFrame],
    meta: dict[str, Any],
    now: pd.Timestamp | None = None,
) -> str:
    """Write an assessment and give its id; ids sort by time.

    Parameters
    ----------
    folder : holds one folder per assessment
    frames : tables by the names under which they are declared (`data.gate.declared`), each becomes
        one Parquet file; the index is not kept
    meta : plain values for meta.json; `id` and `created_at` are filled in
    now : when it was made (UTC); the present by default

    Raises
    ------
    ValueError
        If a table is not declared: nobody could say who may see it.
    """
    refuse_unknown(frames)
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    now = now or pd.Timestamp.now("UTC")
    name = _new_id(folder, now)
    with aside(folder) as made:
        for table, frame in frames.items():
            frame.to_parquet(made / f"{table}.parquet", index=False, compression="zstd")
        sums = {path.name: sum_of(path) for path in sorted(made.iterdir())}
        words = {**meta, "id": name, "created_at": now.isoformat(), _SUMS: sums}
        text = json.dumps(words, ensure_ascii=False, indent=1, allow_nan=False, default=_plain)
        (made / "meta.json").write_text(text, encoding="utf-8")
        place(made, folder / name)
    return name


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A new folder that no reader sees; removed on the way out unless it was put in place."""
    made = folder / f"{_ASIDE}{uuid.uuid4().hex}"
    made.mkdir()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def place(made: Path, target: Path) -> None:
    """Flush a folder that was written aside and rename it: from then on readers see all of it."""
    for path in made.iterdir():
        _flush(path)
    _flush(made)
    made.rename(target)
    _flush(target.parent)


def is_id(name: str) -> bool:
    """Whether a name is that of an assessment."""
    return _ID.fullmatch(name) is not None


def made_at(name: str) -> pd.Timestamp:
    """When an assessment was made (UTC), as its id says."""
    return pd.Timestamp(name.rsplit("-", 1)[0].replace("Z", "+00:00"))


def listing(folder: Path) -> pd.DataFrame:
    """The assessments, newest first: id and what meta.json says in plain values.

    One whose meta.json cannot be read is left out; `damaged` names it.
    """
    rows = []
    for name in reversed(_names(folder)):
        try:
            rows.append(read_meta(folder, name))
        except Damaged:
            continue  # told by `damaged`, to whoever asks for the newest
    plain = [
        {key: value for key, value in row.items() if not isinstance(value, dict | list)}
        for row in rows
    ]
    table = pd.DataFrame(plain, columns=None if plain else ["id", "created_at"])
    table["created_at"] = pd.to_datetime(table["created_at"], utc=True, format="ISO8601")
    return table


def newest(folder: Path) -> str:
    """Id of the newest assessment whose files are what was written.

    Raises
    ------
    MissingTable
        If nothing was assessed yet.
    DataError
        If there are assessments and none is sound.
    """
    names = _names(folder)
    if not names:
        raise MissingTable(
            "no assessment yet; write it with: kalbar-risk assess", key="no_assessment"
        )
    for name in reversed(names):
        if fault_of(folder, name) is None:
            return name
    what = f"all assessments ({len(names)}) are damaged; assess again with: kalbar-risk assess"
    raise DataError(what, key="all_damaged", n=len(names))


def damaged(folder: Path) -> list[str]:
    """Ids of the assessments newer than the newest sound one (`newest`), newest first."""
    found = []
    for name in reversed(_names(folder)):
        if fault_of(folder, name) is None:
            break
        found.append(name)
    return found


def fault_of(folder: Path, name: str) -> Damaged | None:
    """What is wrong with the files of an assessment, None if they are what was written."""
    home = folder / name
    if not home.is_dir():  # pruned since its name was read
        return damage(name, "meta.json")
    marks = sorted((one.name, *_mark(one)) for one in home.iterdir())
    return _fault_of(folder, name, tuple(marks))


@lru_cache(maxsize=64)
def _fault_of(folder: Path, name: str, marks: tuple[tuple[str, int, int], ...]) -> Damaged | None:
    """The same, looked at once for each state of the files (`marks`: name, size, time)."""
    try:
        meta = read_meta(folder, name)
    except Damaged as fault:
        return fault
    for file, expected in meta.get(_SUMS, {}).items():
        path = folder / name / file
        try:
            sound = sum_of(path) == expected
        except OSError:
            sound = False
        if not sound:
            return damage(name, file)
    return None


def read_meta(folder: Path, name: str) -> dict[str, Any]:
    """The meta.json of one assessment.

    Raises
    ------
    MissingTable
        If there is no such assessment.
    Damaged
        If its meta.json is not what was written.
    """
    meta = read_json(folder / _checked(folder, name) / "meta.json", name)
    if meta.get("id") != name:
        raise damage(name, "meta.json")
    return meta


def read(
    folder: Path, name: str | None = None, only: list[str] | None = None
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """One assessment, the newest sound one unless named: its meta and its tables.

    Parameters
    ----------
    folder : holds one folder per assessment
    name : id of the assessment; the newest by default
    only : names of the tables that are wanted; all by default

    Raises
    ------
    MissingTable
        If there is none.
    Damaged
        If a file of it is not what was written.
    """
    name = newest(folder) if name is None else name
    meta = read_meta(folder, name)
    if (fault := fault_of(folder, name)) is not None:
        raise fault
    meta.pop(_SUMS, None)
    paths = sorted((folder / name).glob("*.parquet"))
    wanted = [path for path in paths if only is None or path.stem in only]
    return meta, read_tables(wanted, name)


def beyond(folder: Path, keep: int) -> list[str]:
    """Ids of all but the newest `keep` sound assessments, the oldest first."""
    if keep < 1:
        raise ValueError(f"keep at least 1 assessment, got {keep}")
    names = _names(folder)
    if len(names) <= keep:
        return []
    sound = [name for name in reversed(names) if fault_of(folder, name) is None]
    return [name for name in names if sound[keep:] and name <= sound[keep]]


def prune(folder: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` sound assessments; gives the ids removed."""
    gone = beyond(folder, keep)
    remove(folder, gone)
    return gone


def remove(folder: Path, names: list[str]) -> None:
    """Remove folders; each goes out of sight in one step, so that a reader never finds half."""
    for name in names:
        hidden = folder / f"{_ASIDE}{uuid.uuid4().hex}"
        (folder / name).rename(hidden)
        shutil.rmtree(hidden, ignore_errors=True)


def sweep(folder: Path, older_hours: float = STALE_HOURS) -> int:
    """Remove what killed programs left behind; gives how many folders."""
    limit = time.time() - older_hours * 3600
    stale = [path for path in folder.glob(f"{_ASIDE}*") if path.stat().st_mtime < limit]
    for path in stale:
        shutil.rmtree(path, ignore_errors=True)
    return len(stale)


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if is_id(path.name))


def _checked(folder: Path, name: str) -> str:
    if not is_id(name) or not (folder / name).is_dir():
        raise MissingTable(
            f"no assessment {name!r}; see the list with: kalbar-risk status",
            key="no_such_assessment", name=str(name),
        )  # fmt: skip
    return name


def _mark(path: Path) -> tuple[int, int]:
    about = path.stat()
    return about.st_size, about.st_mtime_ns


def _new_id(folder: Path, now: pd.Timestamp) -> str:
    def label(moment: pd.Timestamp) -> str:
        return moment.tz_convert("UTC").strftime("%Y%m%dT%H%M%S.%fZ")

    stamp, last = label(now), (_names(folder) or [""])[-1].split("-")[0]
    if stamp <= last:  # two in one microsecond, or a clock put back: still later than the last
        moment = made_at(f"{last}-") + pd.Timedelta(microseconds=1)
        stamp = label(moment)
    return f"{stamp}-{uuid.uuid4().hex[:6]}"


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"meta holds plain values only, got {type(value).__name__}")


def _flush(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows flushes a folder by itself
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
