"""What is to be forgotten, taken out of every copy that the settings name, and the proof."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data import sealed
from data.keeping import forget
from data.keeping.forget import Looked
from data.personal.said import Said
from data.service.journal import write_whole
from data.store.records import Store
from joins import keeping
from settings import Settings

#: what no command can take back, in the words of the proof
STAYS = (
    "what was published to the shared tiers: sums of quarters and years, kept so that they stay as "
    "they were told",
    "files and papers that people took away, and copies of backups outside the folder",
    "the agency's own record: ask the agency, or it comes again with its next file",
)


@dataclass(frozen=True)
class Report:
    """The proof of an erasure.

    what : what was taken out, named
    at : when (UTC)
    went : rows and files deleted, by kind
    searched : where it was looked for afterwards, and how often it was found
    backups : file, whether it holds it, and after how many more weekly runs it goes
    assessments : how many were made while it counted
    """

    what: str
    at: pd.Timestamp
    went: dict[str, int]
    searched: list[Looked]
    backups: list[dict[str, Any]]
    assessments: int

    def facts(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "what": self.what, "at": f"{self.at:%Y-%m-%dT%H:%M:%SZ}", "went": self.went,
            "searched": [asdict(one) for one in self.searched], "backups": self.backups,
            "assessments": self.assessments, "stays": list(STAYS),
        }  # fmt: skip


def record(settings: Settings, store: Store, agency: str, record_id: str, by: str) -> Report:
    """Delete one record and look for it everywhere.

    Parameters
    ----------
    settings : name inbox and backups
    store : that holds it
    agency : whose record it is
    record_id : its id there
    by : who does it

    Raises
    ------
    DataError
        If the store holds no such record.
    """
    sought = forget.of_record(store, agency, record_id)
    places = keeping.places_of(settings)
    went = forget.forget_record(store, agency, record_id, by, places)
    return _report(settings, store, f"record {record_id} of {agency}", sought, went)


def whole_import(settings: Settings, store: Store, import_id: str, reason: Said, by: str) -> Report:
    """Delete all that one import alone brought and look for it everywhere.

    Parameters
    ----------
    settings : name inbox and backups
    store : that holds it
    import_id : its number
    reason : why, in words
    by : who does it

    Raises
    ------
    DataError
        If there is no such import, or it was erased already.
    """
    sought = forget.of_import(store, import_id)
    places = keeping.places_of(settings)
    went = forget.forget_import(store, import_id, reason, by, places)
    return _report(settings, store, f"import {import_id}", sought, went)


def finish(settings: Settings, store: Store, by: str) -> dict[str, int]:
    """Delete assessments and backups from before the last erasure; gives how many.

    Parameters
    ----------
    settings : name the folder of the backups
    store : that holds the assessments
    by : who does it
    """
    return forget.finish(store, keeping.backups_of(settings), by)


def write_proof(path: Path, facts: dict[str, Any]) -> None:
    """Write a proof to a file."""
    write_whole(path, json.dumps(facts, ensure_ascii=False, indent=1).encode())


def _report(
    settings: Settings, store: Store, what: str, sought: forget.Sought, went: dict[str, int]
) -> Report:
    folder, home = keeping.backups_of(settings), settings.store.key_file
    keys = sealed.keys_in(home) if home.exists() else []
    held = forget.backups_with(store, sought, folder, keys)
    most = settings.weekly.keep_backups
    backups = [
        {"file": name, "holds": holds, "runs_left": max(most - newer, 1)}
        for newer, (name, holds) in enumerate(reversed(held.items()))
    ]
    searched = forget.search(store, sought, keeping.places_of(settings))
    derived = len(forget.derived(store, sought))
    return Report(what, pd.Timestamp.now("UTC"), went, searched, backups, derived)
