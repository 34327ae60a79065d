"""What agencies delivered, every version of it, and the state that follows from it.

Nothing is overwritten: an import adds versions of records, and the current state is derived
from the imports that are not undone. So the order of imports does not matter, an import can be
undone, and an older state can be repeated by its version.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data.errors import DataError
from data.gate import published
from data.intake.reading import Reading
from data.personal.said import NOTHING, Said, own_word, plain_of
from data.schema import EVENT
from data.store import aside as store_aside
from data.store import assessments, migrations, state
from data.store import backup as whole
from data.store import links as store_links
from data.store import tables as t
from data.store.assessments import MissingTable
from data.store.database import Database
from data.store.load import EffortLoad, EventLoad, fingerprint, set_aside_columns
from geo.receivers import count_once

__all__ = ["ImportSummary", "MissingTable", "Store"]


@dataclass(frozen=True)
class ImportSummary:
    """What one import did; the counts from n_new to n_set_aside sum to n_read.

    n_same rows were known already, n_older rows are kept but a newer version of the record
    counts. `repeated` tells that the same file had been brought before and nothing changed.
    `also` is the import of what the file held of the other kind.
    """

    import_id: str
    n_read: int
    n_new: int
    n_corrected: int
    n_withdrawn: int
    n_same: int
    n_older: int
    n_set_aside: int
    repeated: bool = False
    replaced: tuple[str, ...] = ()
    also: tuple["ImportSummary", ...] = ()


class Store:
    """Records, imports, links and assessments behind a database URL and a folder.

    Parameters
    ----------
    url : `sqlite:///var/store.sqlite` or `postgresql://user@host/name`
    folder : where assessments are kept, as folders of Parquet
    """

    def __init__(self, url: str, folder: str | Path):
        self.db = Database(url)
        self.folder = Path(folder)

    @property
    def assessment_folder(self) -> Path:
        """The folder that holds one folder per assessment."""
        return self.folder / "assessments"

    def create(self) -> list[int]:
        """Make the store or bring it to the current schema; gives the schema versions passed."""
        self.db.make_home()
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.db.read() as connection:
            current = migrations.is_current(connection)
        passed = []
        if not current:  # only then wait for the writers' queue
            with self.db.write() as connection:
                passed = migrations.migrate(connection)
        assessments.sweep(self.assessment_folder)
        return passed

    # records ------------------------------------------------------------------------------

    def ingest(self, reading: Reading, by: str = "") -> ImportSummary:
        """Keep what `data.intake.read` read from one file: all or nothing, an import for each kind.

        The same file brought again changes nothing. The same file read differently (a mended
        crosswalk) takes the place of its earlier import, which is marked as undone.

        Parameters
        ----------
        reading : Reading with kind ("events" or "effort"), kept, set_aside, n_read, sha256,
            source_name, synthetic, notes
        by : who brought it

        Raises
        ------
        ValueError
            If rows read are not rows kept + set aside, or a column is unknown to the store.
        """
        every = getattr(reading, "parts", [reading])
        for part in every:
            if part.n_read != len(part.kept) + len(part.set_aside):
                raise ValueError(
                    f"{part.n_read} rows read, but {len(part.kept)} kept + "
                    f"{len(part.set_aside)} set aside; a row is missing or doubled"
                )
        loads = [
            (EventLoad if part.kind == "events" else EffortLoad)(part) for part in every
        ]  # outside of the writers' queue
        with self.db.write() as connection:
            first, *others = [
                self._add(connection, part, load, by)
                for part, load in zip(every, loads, strict=True)
            ]
        return replace(first, also=tuple(others))

    def _add(
        self, connection: sa.Connection, reading: Reading, load: EventLoad | EffortLoad, by: str
    ) -> ImportSummary:
        """One import: the rows of one kind of a file, unless they were brought before."""
        aside = t.to_values(set_aside_columns(reading.set_aside), t.SET_ASIDE)
        content = fingerprint(reading, load.hashes, aside)
        earlier = _active_with(connection, reading)
        for row in earlier:
            if row.fingerprint == content:
                return _repeated(str(row.import_id), reading)
        number = state.next_number(connection, t.imports.c.import_id)
        seq = state.next_number(connection, t.data_states.c.seq)
        for row in earlier:
            again = own_word(f"read again as import {number}")
            state.undo(connection, row.import_id, seq, by, again)
        numbers: dict[str, Any] = load.insert(self.db, connection, number, seq)
        numbers |= {"n_read": reading.n_read, "n_set_aside": len(reading.set_aside)}
        refused = {"import_id": [number] * len(reading.set_aside), **aside}
        self.db.insert(connection, t.set_aside, refused)
        marks = getattr(reading, "mends", None)
        if marks is not None and len(marks):
            store_aside.keep_marks(self.db, connection, number, marks)
        connection.execute(
            sa.insert(t.imports).values(
                import_id=number,
                at=t.time_text(pd.Timestamp.now("UTC")),
                by=by,
                kind=reading.kind,
                file_name=load.file_name,
                sha256=reading.sha256 or "",
                source=reading.source_name,
                synthetic=int(bool(reading.synthetic)),
                received_at=load.received_at,
                fingerprint=content,
                notes=json.dumps(list(reading.notes), ensure_ascii=False),
                unknown_words=store_aside.words_text(reading),
                added_seq=seq,
                **numbers,
            )
        )
        state.note_state(connection, seq, f"import {number}")
        replaced = tuple(str(row.import_id) for row in earlier)
        return ImportSummary(import_id=str(number), replaced=replaced, **numbers)

    def undo_import(self, import_id: str, reason: Said, by: str = "") -> None:
        """Take an import out of the current state; its rows stay in the history.

        Bringing the file again brings it back. An unknown or undone import is refused.

        Parameters
        ----------
        import_id : its number
        reason : why, in words
        by : who undoes it
        """
        if not plain_of(reason, "an undo"):
            raise DataError("an undo needs a reason", key="reason_needed", where="an undo")
        number = _number(import_id)
        with self.db.write() as connection:
            row = connection.execute(
                sa.select(t.imports.c.undone_at).where(t.imports.c.import_id == number)
            ).first()
            if row is None:
                raise DataError(
                    f"no import {import_id}; see the list with: kalbar-risk status",
                    key="no_import", number=str(import_id),
                )  # fmt: skip
            if row.undone_at is not None:
                raise DataError(
                    f"import {import_id} was undone already, at {row.undone_at}",
                    key="undone_already", number=str(import_id), at=str(row.undone_at),
                )  # fmt: skip
            seq = state.next_number(connection, t.data_states.c.seq)
            state.undo(connection, number, seq, by, reason)
            state.note_state(connection, seq, f"undo {import_id}")

    def imports(self) -> pd.DataFrame:
        """Every import, newest first, with its counts and, where undone, when, by whom and why."""
        kinds = {
            column.name: "int" if isinstance(column.type, sa.Integer) else "text"
            for column in t.imports.columns
        }
        kinds |= {
            "at": "time",
            "received_at": "time",
            "undone_at": "time",
            "synthetic": "bool",
            "import_id": "text",
        }
        query = sa.select(t.imports).order_by(t.imports.c.import_id.desc())
        with self.db.read() as connection:
            return state.fetch(connection, query, kinds)

    def events(self, history: bool = False, version: str | None = None) -> pd.DataFrame:
        """The current events: per record its latest version, without withdrawn and superseded.

        The latest version of (source_agency, source_record_id) has the highest source_version,
        then the latest reported_at. `supersedes` names a record of the same agency (or an
        event_id) whose place the record takes; if that record is withdrawn later, both are out.

        Parameters
        ----------
        history : every version of every import instead, with `current` and `undone` (bool)
        version : the state that had this data version, to repeat an assessment
        """
        with self.db.read() as connection:
            seq = state.seq_of(connection, version)
            current = state.current_events(connection, state.active_at(seq))
            if not history:
                return current[EVENT.names]
            every = state.all_events(connection, seq)
        every["current"] = ~every["undone"] & every["version_id"].isin(current["version_id"])
        return every[[*EVENT.names, "version_id", "undone", "current"]]

    def effort(self, version: str | None = None) -> pd.DataFrame:
        """The current effort: of each effort_id (or content key) the latest delivery.

        Several receivers of one patrol count once (`geo.receivers`), unless a steward said each.
        """
        return count_once(self.recorded_effort(version))

    def recorded_effort(self, version: str | None = None) -> pd.DataFrame:
        """The current effort as each receiver told it; for counting, take `effort`."""
        with self.db.read() as connection:
            active = state.active_at(state.seq_of(connection, version))
            return state.current_effort(connection, active)

    def count_events(self) -> int:
        """How many current events there are, without reading all that is known of them."""
        with self.db.read() as connection:
            return state.count_events(connection, state.active_at(state.last_seq(connection)))

    def count_effort(self) -> int:
        """How many rows the current effort has, without reading them."""
        with self.db.read() as connection:
            return state.count_effort(connection, state.active_at(state.last_seq(connection)))

    def set_aside(self, import_id: str | None = None) -> pd.DataFrame:
        """Refused rows with their reasons: of one import, or of all that are not undone.

        `mended_by` names the import that brought a row again, in a workbook of `data.intake.mend`.
        """
        return store_aside.rows(self.db, None if import_id is None else _number(import_id))

    def count_set_aside(self) -> int:
        """How many refused rows there are of imports that are not undone."""
        return store_aside.count(self.db)

    def unknown_words(self) -> pd.DataFrame:
        """Words that no vocabulary knows, of the imports that are not undone.

        DataFrame of import_id, source, column, word, n (rows).
        """
        return store_aside.unknown_words(self.db)

    def import_agencies(self) -> pd.DataFrame:
        """Whose records each import brought: import_id, source_agency."""
        return store_aside.agencies(self.db)

    def first_brought(self, imports: Sequence[str]) -> pd.DataFrame:
        """What these imports were the first to carry: import_id, event_start (UTC) per version."""
        return store_aside.first_brought(self.db, [_number(one) for one in imports])

    def last_deliveries(self) -> dict[str, pd.Timestamp]:
        """When each agency's newest delivery that counts was received (UTC)."""
        return store_aside.last_deliveries(self.db)

    def data_version(self) -> str:
        """A short text that changes when the content does, whatever the order of imports."""
        with self.db.read() as connection:
            return state.version_at(connection, state.last_seq(connection))

    def erase_import(self, import_id: str, reason: Said, by: str = "") -> int:
        """Delete the rows of an undone import for good; gives how many records' versions went.

        For what should never have been here. States that used the import cannot be repeated.

        Parameters
        ----------
        import_id : its number
        reason : why, in words
        by : who erases it
        """
        number = _number(import_id)
        with self.db.write() as connection:
            gone = state.erase(connection, number, by, reason)
        self.db.forget_log()
        return gone

    # links, decisions, overrides ----------------------------------------------------------

    def write_links(self, pairs: pd.DataFrame) -> None:
        """Replace the computed pairs (event_id_a, event_id_b, prob, outcome, why)."""
        store_links.write_links(self.db, pairs, self.data_version())

    def links(self) -> pd.DataFrame:
        """The computed pairs, the likeliest first, with the data version they belong to."""
        return store_links.links(self.db)

    def links_are_old(self) -> bool:
        """Whether records came or went since the pairs were computed; they are not for all then."""
        return store_links.are_old(self.db)

    def decide_link(
        self, event_id_a: str, event_id_b: str, outcome: str, by: str = "", reason: Said = NOTHING
    ) -> int:
        """Keep what a person says about a pair: "link", "unlink", or "auto" to take it back.

        Parameters
        ----------
        event_id_a, event_id_b : the pair, in any order
        outcome : "link", "unlink" or "auto"
        by : who says so
        reason : in words, or NOTHING
        """
        return store_links.decide(self.db, event_id_a, event_id_b, outcome, by, reason)

    def decisions(self, version: str | None = None, history: bool = False) -> pd.DataFrame:
        """The last word on each pair in a state (the current one unless given); or every word."""
        return store_links.decisions(self.db, version, history)

    def add_override(
        self,
        kind: str,
        target: str,
        value: str,
        reason: Said,
        expires_at: pd.Timestamp,
        by: str,
        assessment: str = "",
    ) -> str:
        """Keep an analyst's word on a "cell" or "sector"; never a label of the model.

        Parameters
        ----------
        kind : "cell" or "sector"
        target : the cell; of a sector, a cell in it
        value : one of `links.OVERRIDE_VALUES`
        reason : why, in words
        expires_at : the moment (UTC) from which on it does not hold any more
        by : who says so
        assessment : the one that was contested
        """
        return store_links.add_override(
            self.db, kind, target, value, reason, expires_at, by, assessment
        )

    def withdraw_override(self, override_id: str, by: str, reason: Said) -> None:
        """End an override before its time, and say why.

        Parameters
        ----------
        override_id : its number
        by : who ends it
        reason : why, in words
        """
        store_links.withdraw_override(self.db, override_id, by, reason)

    def overrides(self, history: bool = False) -> pd.DataFrame:
        """The overrides in force, the newest first; or all there ever were."""
        return store_links.overrides(self.db, history)

    # backup -------------------------------------------------------------------------------

    def backup(self, path: str | Path, recipients: Sequence[str] = ()) -> dict[str, int]:
        """Write records, log, assessments and plans to one zip file; gives the rows per table.

        It is sealed for the public keys of `recipients`; without any it can be read by everybody.
        """
        return whole.backup(self.db, self.folder, Path(path), recipients)

    def restore(self, path: str | Path, keys: Sequence[str] = ()) -> dict[str, int]:
        """Create this store from a backup; it must be empty. SQLite and PostgreSQL alike.

        `keys` are secret keys, of which one opens a sealed backup.
        """
        self.create()
        return whole.restore(self.db, self.folder, Path(path), keys)

    # assessments --------------------------------------------------------------------------

    def write_assessment(self, frames: dict[str, pd.DataFrame], meta: dict[str, Any]) -> str:
        """Write an assessment and give its id; readers see all of it or nothing.

        Quarters that are over by then are published to the shared tiers (`data.gate.published`).
        """
        name = assessments.write(self.assessment_folder, frames, meta)
        published.keep(self.assessment_folder, frames, meta)
        return name

    def published(self, meta: dict[str, Any]) -> published.Published:
        """What had been told to the shared tiers when an assessment was made."""
        return published.read(self.assessment_folder, meta)

    def assessments(self) -> pd.DataFrame:
        """The assessments, newest first: id, created_at and the plain values of their meta."""
        return assessments.listing(self.assessment_folder)

    def assessment(
        self, id: str | None = None, only: list[str] | None = None
    ) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
        """Meta and tables of one assessment, the newest unless named (MissingTable if none)."""
        return assessments.read(self.assessment_folder, id, only)

    def newest_assessment(self) -> str:
        """Id of the newest sound assessment (MissingTable, or Damaged if none is)."""
        return assessments.newest(self.assessment_folder)

    def is_sound(self, id: str) -> bool:
        """Whether the files of an assessment are what was written."""
        return assessments.fault_of(self.assessment_folder, id) is None

    def damaged_assessments(self) -> list[str]:
        """Ids of the assessments that are newer than the newest sound one, and damaged."""
        return assessments.damaged(self.assessment_folder)

    def prune_assessments(self, keep: int) -> list[str]:
        """Remove all but the newest `keep` assessments; gives the ids removed."""
        return assessments.prune(self.assessment_folder, keep)


def _active_with(connection: sa.Connection, reading: Reading) -> Sequence[sa.Row[Any, Any]]:
    """The imports of the same file that are not undone."""
    i = t.imports.c
    if not reading.sha256:
        return []
    query = sa.select(i.import_id, i.fingerprint).where(
        i.sha256 == reading.sha256, i.kind == reading.kind, i.undone_seq.is_(None)
    )
    return connection.execute(query).fetchall()


def _repeated(import_id: str, reading: Reading) -> ImportSummary:
    """The summary of a file that was brought before: everything is known already."""
    return ImportSummary(
        import_id=import_id,
        n_read=reading.n_read,
        n_new=0,
        n_corrected=0,
        n_withdrawn=0,
        n_same=len(reading.kept),
        n_older=0,
        n_set_aside=len(reading.set_aside),
        repeated=True,
    )


def _number(import_id: str) -> int:
    if not str(import_id).isdecimal():
        what = f"an import is named by its number, got {import_id!r}"
        raise DataError(what, key="import_number", given=str(import_id))
    return int(import_id)
