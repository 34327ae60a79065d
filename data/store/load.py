"""The rows of one reading on their way into the tables: compared with what is there, then added."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data.intake.reading import Reading
from data.store import tables as t
from data.store.database import Database
from data.store.state import EVENT_COLUMNS, active_at, joined

#: the ways a kept row can go
COUNTS = ("n_new", "n_corrected", "n_withdrawn", "n_same", "n_older")
#: how many records one look-up asks for; SQLite takes up to 32,766 values in a statement
_CHUNK = 8_000


class EventLoad:
    """The event rows of one reading, prepared before the writers' queue is entered."""

    def __init__(self, reading: Reading) -> None:
        kept = reading.kept
        _refuse_unknown(kept, [*EVENT_COLUMNS, *t.NOT_STORED])
        content = t.to_values(kept, t.CONTENT)
        content["source_version"] = [number or 1 for number in content["source_version"]]
        hashes = t.content_hashes(content)
        first = _first_of_each(hashes)
        self.n_doubled = len(hashes) - len(first)
        self.content = {name: [column[i] for i in first] for name, column in content.items()}
        delivery = t.to_values(kept, t.DELIVERY)
        self.delivery = {name: [column[i] for i in first] for name, column in delivery.items()}
        self.hashes = [hashes[i] for i in first]
        self.file_name = next((name for name in delivery["source_file"] if name), "")
        self.received_at = _latest(delivery["received_at"])

    def insert(
        self, db: Database, connection: sa.Connection, number: int, seq: int
    ) -> dict[str, int]:
        """Add the rows to the tables; gives how many went which of the ways in `COUNTS`.

        Parameters
        ----------
        db : that is written
        connection : of a writing transaction
        number : of the import
        seq : number of the state that the import makes
        """
        agencies, records = self.content["source_agency"], self.content["source_record_id"]
        known, winners = _known(connection, seq, set(agencies), records)
        counts = Counter(n_same=self.n_doubled)
        best: dict[tuple[str, str], tuple[Any, ...]] = {}
        ranks = [
            (version, reported or "", name)
            for version, reported, name in zip(
                self.content["source_version"],
                self.content["reported_at"],
                self.hashes,
                strict=True,
            )
        ]
        keys = list(zip(agencies, records, strict=True))
        for key, rank in zip(keys, ranks, strict=True):
            if rank > best.get(key, (-1,)):
                best[key] = rank
        statuses = self.content["record_status"]
        for key, rank, status in zip(keys, ranks, statuses, strict=True):
            if known.get(rank[2]):
                counts["n_same"] += 1
            elif rank != best[key] or rank < winners.get(key, (-1,)):
                counts["n_older"] += 1
            elif status == "withdrawn":
                counts["n_withdrawn"] += 1
            else:
                counts["n_corrected" if key in winners else "n_new"] += 1
        fresh = [i for i, name in enumerate(self.hashes) if name not in known]
        versions = {"version_id": self.hashes, **self.content}
        if len(fresh) < len(self.hashes):
            versions = {name: [column[i] for i in fresh] for name, column in versions.items()}
        db.insert(connection, t.event_versions, versions)
        ids = [number] * len(self.hashes)
        carried: t.Values = {"import_id": ids, "version_id": self.hashes, **self.delivery}
        db.insert(connection, t.carried, carried)
        return {name: counts[name] for name in COUNTS}


class EffortLoad:
    """The effort rows of one reading.

    A row without effort_id is known by its content key (agency, mode, cell, week, source). A
    track without effort_id is known by its file as well: another file is another patrol.
    """

    def __init__(self, reading: Reading) -> None:
        kept = reading.kept
        _refuse_unknown(kept, [*t.EFFORT, *t.NOT_STORED, "received_at"])
        self.rows = t.to_values(kept, t.EFFORT)
        content = {
            name: column for name, column in self.rows.items() if name not in t.NOT_OF_EFFORT
        }
        self.hashes = t.content_hashes(content)
        agency = self.rows["source_agency"]
        key = [self.rows[name] for name in ("mode", "cell", "week", "source")]
        of_file = f"|{reading.sha256}"
        self.keys = [
            f"{who}|{name}"
            if name
            else "|".join(map(str, (who, *rest))) + (of_file if rest[-1] == "track" else "")
            for who, name, *rest in zip(agency, self.rows["effort_id"], *key, strict=True)
        ]
        self.file_name = next((name for name in self.rows["source_file"] if name), "")
        received = t.to_values(kept, {"received_at": "time"})["received_at"]
        self.received_at = _latest(received)

    def insert(
        self, db: Database, connection: sa.Connection, number: int, seq: int
    ) -> dict[str, int]:
        """Add the rows to the tables; gives how many were new, corrected, the same or older.

        Parameters
        ----------
        db : that is written
        connection : of a writing transaction
        number : of the import
        seq : number of the state that the import makes
        """
        known = _known_effort(connection, seq, self.keys)
        counts: Counter[str] = Counter()
        for key, name in zip(self.keys, self.hashes, strict=True):
            hashes, received = known.get(key, (set(), ""))
            if name in hashes:
                counts["n_same"] += 1
            elif not hashes:
                counts["n_new"] += 1
            else:
                counts["n_corrected" if self.received_at >= received else "n_older"] += 1
        rows = {"effort_key": self.keys, "row_hash": self.hashes, **self.rows}
        rows = {"import_id": [number] * len(self.keys), **rows}
        db.insert(connection, t.effort_rows, rows)
        return {name: counts[name] for name in COUNTS}


def fingerprint(reading: Reading, hashes: list[str], aside: t.Values) -> str:
    """What a file says, so that the same file read the same way is known again.

    Parameters
    ----------
    reading : what the file holds
    hashes : of its kept rows
    aside : its refused rows, as the store keeps them
    """
    refused = t.content_hashes(aside) if len(reading.set_aside) else []
    return t.short_hash("\n".join([reading.kind, *sorted(hashes), *sorted(refused)]))


def set_aside_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Refused rows under the names of the store: source_file, source_sheet, source_line."""
    names = {"sheet": "source_sheet", "line": "source_line"}
    return frame.rename(columns={old: new for old, new in names.items() if new not in frame})


def _known(
    connection: sa.Connection, seq: int, agencies: set[str], records: list[str]
) -> tuple[dict[str, bool], dict[tuple[str, str], tuple[Any, ...]]]:
    """Versions of these records: is it active?, and per record the rank of its active latest."""
    v = t.event_versions.c
    active = sa.func.max(sa.case((active_at(seq), 1), else_=0))
    names = (v.version_id, v.source_agency, v.source_record_id, v.source_version, v.reported_at)
    known: dict[str, bool] = {}
    winners: dict[tuple[str, str], tuple[Any, ...]] = {}
    for part in _chunks(sorted(set(records))):
        query = (
            sa.select(*names, active.label("active"))
            .select_from(joined())
            .where(v.source_agency.in_(agencies), v.source_record_id.in_(part))
            .group_by(*names)
        )
        for name, agency, record, version, reported, is_active in connection.execute(query):
            known[name] = bool(is_active)
            rank = (version, reported or "", name)
            if is_active and rank > winners.get((agency, record), (-1,)):
                winners[agency, record] = rank
    return known, winners


def _known_effort(
    connection: sa.Connection, seq: int, keys: list[str]
) -> dict[str, tuple[set[str], str]]:
    """Per effort key the hashes of its active rows and when the latest was received."""
    e, i = t.effort_rows.c, t.imports.c
    found: dict[str, tuple[set[str], str]] = {}
    active = active_at(seq)
    for part in _chunks(sorted(set(keys))):
        query = (
            sa.select(e.effort_key, e.row_hash, i.received_at)
            .select_from(t.effort_rows.join(t.imports, e.import_id == i.import_id))
            .where(active, e.effort_key.in_(part))
        )
        for key, name, received in connection.execute(query):
            hashes, latest = found.get(key, (set(), ""))
            found[key] = (hashes | {name}, max(latest, received))
    return found


def _chunks(values: list[str]) -> Iterator[list[str]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def _first_of_each(names: list[str]) -> list[int]:
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        seen.setdefault(name, i)
    return list(seen.values())


def _latest(times: list[str | None]) -> str:
    known = [moment for moment in times if moment]
    return max(known) if known else t.time_text(pd.Timestamp.now("UTC"))


def _refuse_unknown(frame: pd.DataFrame, known: Iterable[str]) -> None:
    if unknown := sorted(set(frame.columns) - set(known)):
        raise ValueError(f"the store has no column for {', '.join(unknown)}")
