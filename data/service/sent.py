"""What was told to whom: so that nobody is told twice, whatever restarts meanwhile.

A file of digests in the store's folder; from it nobody reads who was told what.
"""

import hashlib
import json
from pathlib import Path

import pandas as pd

from data.kept import read_meta
from data.service.journal import write_whole

NAME = "notices.json"
#: what was told so long ago is forgotten; no cause of a notice stays that long
KEPT = pd.Timedelta(days=180)


def digest(who: str, mark: str) -> str:
    """The name under which a notice to somebody is kept.

    Parameters
    ----------
    who : a person's name, or the address of a program
    mark : what it was about
    """
    return hashlib.sha256(f"{who}\n{mark}".encode()).hexdigest()[:32]


def read(folder: Path) -> dict[str, str]:
    """Digest -> when it was sent (UTC, ISO 8601); of a store's folder.

    Raises
    ------
    Damaged
        If the file cannot be read: without it everybody would be told everything again.
    """
    path = folder / NAME
    return {} if not path.exists() else {k: str(v) for k, v in read_meta(path, NAME).items()}


def add(folder: Path, digests: list[str], now: pd.Timestamp) -> None:
    """Keep that notices were sent, and forget those of long ago.

    Parameters
    ----------
    folder : of the store
    digests : of the notices
    now : aware
    """
    since = (now - KEPT).isoformat()
    kept = {name: at for name, at in read(folder).items() if at >= since}
    kept |= dict.fromkeys(digests, now.tz_convert("UTC").isoformat(timespec="seconds"))
    write_whole(folder / NAME, json.dumps(kept, indent=0).encode())
