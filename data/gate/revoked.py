"""Tokens that open nothing any more, whatever the file of users says of them.

That file is written by hand and stays as it was written. A token that is revoked is kept here, in
the store's folder, by the digest that the file of users has of it, and whoever reads the users
leaves it out: at once, in every process that shares the folder. A new token is another digest.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import pandas as pd

from data.errors import DataError

FILE = "revoked.json"
_LOCK = Lock()


@dataclass(frozen=True)
class Revoked:
    """When (UTC) a token was revoked, and by whom."""

    at: pd.Timestamp
    by: str


def read(folder: Path) -> dict[str, Revoked]:
    """Digest of each token that was revoked.

    Raises
    ------
    DataError
        If the file cannot be read: it would let tokens in again, so nobody is let in.
    """
    path = folder / FILE
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        return {key: Revoked(pd.Timestamp(one["at"]), one["by"]) for key, one in table.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        what = f"{path} cannot be read; put it right, or take its tokens out of the file of users"
        raise DataError(what, key="revoked_unread", path=str(path)) from problem


def revoke(folder: Path, digest: str, by: str, now: pd.Timestamp | None = None) -> None:
    """Let a token open nothing from now on.

    Parameters
    ----------
    folder : of the store
    digest : of the token, as the file of users has it
    by : who revokes it
    now : the moment (UTC), the present by default
    """
    with _LOCK:
        moment = now or pd.Timestamp.now("UTC")
        _write(folder, {digest: Revoked(moment, by), **read(folder)})


def _write(folder: Path, table: Mapping[str, Revoked]) -> None:
    plain = {key: {"at": one.at.isoformat(), "by": one.by} for key, one in table.items()}
    folder.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=folder, prefix=FILE)  # 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(plain, file, sort_keys=True)
    os.replace(part, folder / FILE)
