"""Assessments as folders of Parquet: written aside, flushed, renamed; readers never see half."""

import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import DataError
from data.gate.declared import refuse_unknown

_ID = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{6}")
_ASIDE = ".aside-"
#: a folder set aside this long ago belongs to a program that was killed
STALE_HOURS = 6.0


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
        words = {**meta, "id": name, "created_at": now.isoformat()}
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


def listing(folder: Path) -> pd.DataFrame:
    """The assessments, newest first: id and what meta.json says in plain values."""
    rows = [read_meta(folder, name) for name in reversed(_names(folder))]
    plain = [
        {key: value for key, value in row.items() if not isinstance(value, dict | list)}
        for row in rows
    ]
    table = pd.DataFrame(plain, columns=None if plain else ["id", "created_at"])
    table["created_at"] = pd.to_datetime(table["created_at"], utc=True, format="ISO8601")
    return table


def read_meta(folder: Path, name: str) -> dict[str, Any]:
    """The meta.json of one assessment."""
    path = folder / _checked(folder, name) / "meta.json"
    return json.loads(path.read_text(encoding="utf-8"))


def read(
    folder: Path, name: str | None = None, only: list[str] | None = None
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """One assessment, the newest unless named: its meta and its tables (`only` some of them).

    Parameters
    ----------
    folder : holds one folder per assessment
    name : id of the assessment; the newest by default
    only : names of the tables that are wanted; all by default
    """
    if name is None:
        names = _names(folder)
        if not names:
            raise MissingTable(
                "no assessment yet; write it with: python cli.py assess", key="no_assessment"
            )
        name = names[-1]
    meta = read_meta(folder, name)
    paths = sorted((folder / name).glob("*.parquet"))
    wanted = [path for path in paths if only is None or path.stem in only]
    return meta, {path.stem: pd.read_parquet(path) for path in wanted}


def prune(folder: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` assessments; gives the ids removed."""
    if keep < 1:
        raise ValueError(f"keep at least 1 assessment, got {keep}")
    gone = _names(folder)[:-keep]
    for name in gone:
        # out of sight in one step, so that a reader never finds half of it
        hidden = folder / f"{_ASIDE}{uuid.uuid4().hex}"
        (folder / name).rename(hidden)
        shutil.rmtree(hidden, ignore_errors=True)
    return gone


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
            f"no assessment {name!r}; see the list with: python cli.py status",
            key="no_such_assessment", name=str(name),
        )  # fmt: skip
    return name


def _new_id(folder: Path, now: pd.Timestamp) -> str:
    def label(moment: pd.Timestamp) -> str:
        return moment.tz_convert("UTC").strftime("%Y%m%dT%H%M%S.%fZ")

    stamp, last = label(now), (_names(folder) or [""])[-1].split("-")[0]
    if stamp <= last:  # two in one microsecond, or a clock put back: still later than the last
        moment = pd.Timestamp(last.replace("Z", "+00:00")) + pd.Timedelta(microseconds=1)
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
