"""Files that this program wrote, read again: what a disk or a hand damaged since is said to be."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from data.errors import DataError


class Damaged(DataError):
    """A file is not what was written: a dying disk, a full one, or a hand did it."""


def damaged(name: str, file: str) -> Damaged:
    """The refusal that names a damaged file.

    Parameters
    ----------
    name : of what the file belongs to: an assessment, a plan
    file : its name
    """
    what = f"{file} of {name} is damaged; restore it from a backup, or make it anew"
    return Damaged(what, key="kept_damaged", name=name, file=file)


def read_meta(path: Path, name: str) -> dict[str, Any]:
    """The plain values of one JSON file.

    Parameters
    ----------
    path : the file
    name : of what it belongs to

    Raises
    ------
    Damaged
        If it is missing or holds no JSON object.
    """
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:  # no JSON, no UTF-8
        raise damaged(name, path.name) from problem
    if not isinstance(meta, dict):
        raise damaged(name, path.name)
    return meta


def read_tables(paths: Iterable[Path], name: str) -> dict[str, pd.DataFrame]:
    """The tables of some Parquet files, by the names of the files.

    Parameters
    ----------
    paths : the files
    name : of what they belong to

    Raises
    ------
    Damaged
        If one cannot be read.
    """
    tables = {}
    for path in paths:
        try:
            tables[path.stem] = pd.read_parquet(path)
        except (pa.ArrowException, OSError) as problem:
            raise damaged(name, path.name) from problem
    return tables


def sum_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
