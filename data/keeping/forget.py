"""One record, or one import, taken out of every copy that the program keeps, and the proof of it.

What the store holds goes at once. Assessments hold no record, but counts that may be one; they and
the backups made before go when `finish` is called, as soon as there are newer ones. What was
published stays: it was told already.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import sqlalchemy as sa

from data.errors import DataError
from data.gate import published
from data.keeping.retention import Places, backups_in, delete_records, forget_history
from data.kept import sum_of
from data.personal.said import Said, own_word
from data.store import assessments, audit, plans, state
from data.store import backup as whole
from data.store import tables as t
from data.store.records import Store

#: a shorter id stands by chance in the bytes of other things, so only tables are searched for it
_TELLING = 6
_GONE = own_word("(dihapus / erased)")
#: columns that hold ids of events, that hold values in JSON, and that hold sentences
_IDS = {"event_id", "event_id_a", "event_id_b", "supersedes"}
_QUOTED = {"original", "unknown_words", "notes"}
_SAID = {"reason", "undo_reason", "withdrawn_reason", "what"}
#: names that one query asks for; SQLite takes up to a thousand conditions
_PART = 100


@dataclass(frozen=True)
class Sought:
    """What is taken out: the names by which it could be found, and the files that brought it.

    events : event ids
    records : ids that the agency gave, as it writes them
    files : SHA-256 of the files that brought it
    imports : numbers of imports of which nothing is to be left
    since : when the first of them was brought (UTC)
    """

    events: tuple[str, ...]
    records: tuple[str, ...]
    files: tuple[str, ...]
    since: pd.Timestamp
    imports: tuple[int, ...] = ()


@dataclass(frozen=True)
class Looked:
    """One place that was searched: how many things were looked at, and how many held it."""

    place: str
    looked: int
    found: int


def of_record(store: Store, agency: str, record: str) -> Sought:
    """What names one record.

    Parameters
    ----------
    store : data.store.Store
    agency : whose record it is
    record : its id there

    Raises
    ------
    DataError
        If the store holds no such record.
    """
    v = t.event_versions.c
    return _sought(store, sa.and_(v.source_agency == agency, v.source_record_id == record),
                   f"{agency} {record}")  # fmt: skip


def of_import(store: Store, import_id: str) -> Sought:
    """What names all that one import brought; ids that another import brought too are left out."""
    number = int(import_id) if import_id.isdecimal() else -1
    c, v = t.carried.c, t.event_versions.c
    own = sa.select(c.version_id).where(c.import_id == number)
    other = sa.select(c.version_id).where(c.import_id != number)
    kept = sa.select(v.event_id).where(v.version_id.in_(other))
    i = t.imports.c
    with store.db.read() as connection:
        found = connection.execute(
            sa.select(i.sha256, i.at, i.erased_at).where(i.import_id == number)
        ).first()
        if found is None:
            what = f"no import {import_id}; see the list with: kalbar-risk status"
            raise DataError(what, key="no_import", number=import_id)
        if found.erased_at is not None:
            what = f"import {import_id} was erased already, at {found.erased_at}"
            raise DataError(what, key="erased_already", number=import_id, at=found.erased_at)
        rows = connection.execute(
            sa.select(v.event_id, v.source_record_id)
            .where(v.version_id.in_(own), v.event_id.notin_(kept))
            .distinct()
        ).fetchall()
    events = tuple(sorted({row.event_id for row in rows}))
    records = tuple(sorted({row.source_record_id for row in rows}))
    return Sought(events, records, (found.sha256,), pd.Timestamp(found.at), (number,))


def _sought(store: Store, where: sa.ColumnElement[bool], name: str) -> Sought:
    v, i = t.event_versions.c, t.imports.c
    query = sa.select(v.event_id, v.source_record_id, i.sha256, i.at).select_from(state.joined())
    with store.db.read() as connection:
        rows = connection.execute(query.where(where).distinct()).fetchall()
    if not rows:
        raise DataError(f"the store holds no record {name}", key="no_record", name=name)
    return Sought(
        tuple(sorted({row.event_id for row in rows})),
        tuple(sorted({row.source_record_id for row in rows})),
        tuple(sorted({row.sha256 for row in rows})),
        pd.Timestamp(min(row.at for row in rows)),
    )


def forget_record(
    store: Store, agency: str, record: str, by: str, places: Places
) -> dict[str, int]:
    """Delete every version of one record and what refers to it; gives how much of what went.

    Parameters
    ----------
    store : data.store.Store
    agency : whose record it is
    record : its id there
    by : who does it
    places : where files that were read lie

    Raises
    ------
    DataError
        If the store holds no such record.
    """
    sought = of_record(store, agency, record)
    v = t.event_versions.c
    with store.db.write() as connection:
        query = sa.select(v.version_id).where(
            v.source_agency == agency, v.source_record_id == record
        )
        versions = list(connection.execute(query).scalars())
        claims = sa.or_(
            v.supersedes.in_(sought.events),
            sa.and_(v.source_agency == agency, v.supersedes == record),
        )
        went = {
            "versions": len(versions),
            "claims": connection.execute(
                sa.update(t.event_versions).where(claims).values(supersedes=None)
            ).rowcount,
            "links": _count_pairs(connection, t.links, sought.events),
            "decisions": _count_pairs(connection, t.decisions, sought.events),
            "set_aside": _forget_aside(connection, agency, sought),
            "words": _forget_words(connection, sought.files),
        }
        delete_records(connection, versions)
        state.forget(connection, "record", versions, by)
        audit.append(connection, "erase", by, _line("record", _mark(agency, record), went))
    store.db.scrub(_WRITTEN)
    return {**went, "inbox": _forget_files(places, sought.files)}


#: tables whose rows an erasure deletes or changes
_WRITTEN = ("event_versions", "carried", "links", "decisions", "set_aside", "imports",
            "data_states")  # fmt: skip


def forget_import(
    store: Store, import_id: str, reason: Said, by: str, places: Places
) -> dict[str, int]:
    """Undo one import where it counts still, and delete all that it alone brought.

    Parameters
    ----------
    store : data.store.Store
    import_id : its number
    reason : why, in words
    by : who does it
    places : where files that were read lie

    Raises
    ------
    DataError
        If there is no such import, or it was erased already.
    """
    sought = of_import(store, import_id)
    number, i = int(import_id), t.imports.c
    with store.db.read() as connection:
        undone = connection.execute(sa.select(i.undone_at).where(i.import_id == number)).scalar()
        n = {table.name: _of_import(connection, table, number) for table in
             (t.effort_rows, t.set_aside)}  # fmt: skip
    if undone is None:
        store.undo_import(import_id, reason, by)
    gone = store.erase_import(import_id, reason, by)
    with store.db.write() as connection:
        pairs = {
            table.name: _delete_pairs(connection, table, sought.events)
            for table in (t.links, t.decisions)
        }
        forget_history(connection, sought.events)
        bare = {"notes": "[]", "unknown_words": None, "file_name": str(_GONE)}
        connection.execute(sa.update(t.imports).where(i.import_id == number).values(**bare))
        went = {"versions": gone, "effort": n["effort_rows"], "set_aside": n["set_aside"], **pairs}
        audit.append(connection, "erase", by, _line("import", import_id, went))
    store.db.scrub((*_WRITTEN, "effort_rows", "mends"))
    return {**went, "inbox": _forget_files(places, sought.files)}


def search(store: Store, sought: Sought, places: Places) -> list[Looked]:
    """Look for it in all that the program keeps, but backups: place by place, what was found.

    Parameters
    ----------
    store : data.store.Store
    sought : what to look for
    places : where files that were read lie
    """
    looked = []
    with store.db.read() as connection:
        for table in t.tables.sorted_tables:
            rows = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() or 0
            looked.append(Looked(f"table {table.name}", rows, _in_table(connection, table, sought)))
    if store.db.sqlite:
        alive = _alive(store, sought)
        for path in (store.db.path, *(Path(f"{store.db.path}{end}") for end in ("-wal", "-shm"))):
            if path.exists():
                n = _in_bytes(path.read_bytes(), sought, alive)
                looked.append(Looked(f"bytes of {path.name}", path.stat().st_size, n))
    for name, home in _folders(store).items():
        files = sorted(path for path in home.rglob("*") if path.is_file())
        n = sum(_in_file(path, sought) for path in files)
        looked.append(Looked(name, len(files), n))
    logs = sorted(store.folder.glob("faults*.log"))
    looked.append(Looked("faults.log", len(logs), sum(_in_file(path, sought) for path in logs)))
    read = _read_files(places)
    n = sum(sum_of(path) in sought.files for path in read)
    looked.append(Looked("inbox", len(read), n))
    return looked


def backups_with(
    store: Store, sought: Sought, folder: Path, keys: Sequence[str]
) -> dict[str, bool | None]:
    """The program's backups, the oldest first: whether each holds it, None if it cannot be opened.

    Parameters
    ----------
    store : on whose disk a sealed one is opened
    sought : what to look for
    folder : of the backups
    keys : secret keys that may open them
    """
    holding: dict[str, bool | None] = {}
    for path in backups_in(folder):
        try:
            holding[path.name] = whole.holds(path, store.folder, keys, sought.events)
        except DataError:
            holding[path.name] = None
    return holding


def derived(store: Store, sought: Sought) -> list[str]:
    """Ids of the assessments that may have counted it: made since it was brought, until now."""
    made = store.assessments()
    return made.loc[made["created_at"] >= sought.since, "id"].tolist()


def finish(store: Store, folder: Path, by: str) -> dict[str, int]:
    """Delete assessments and backups from before the last erasure, now that there are newer ones.

    Parameters
    ----------
    store : data.store.Store
    folder : of the backups
    by : who does it

    Raises
    ------
    DataError
        If nothing was erased, or there is no assessment or no backup of after it.
    """
    last = _last_erasure(store)
    if last is None:
        raise DataError("nothing was erased", key="nothing_erased")
    made = store.assessments()
    old = made.loc[made["created_at"] < last, "id"].tolist()
    if old and len(old) == len(made):
        what = "no assessment was made since the erasure; first run: kalbar-risk assess"
        raise DataError(what, key="forget_assess_first")
    kept = backups_in(folder)
    before = [path for path in kept if path.stat().st_mtime < last.timestamp()]
    if before and len(before) == len(kept):
        what = "no backup was made since the erasure; first run: kalbar-risk weekly --again"
        raise DataError(what, key="forget_back_up_first")
    assessments.remove(store.assessment_folder, old)
    for path in before:
        path.unlink()
    went = {"assessments": len(old), "backups": len(before)}
    audit.log(store, "erase", by, {"what": "finish", **went})
    return went


def _last_erasure(store: Store) -> pd.Timestamp | None:
    f, i = t.forgotten.c, t.imports.c
    with store.db.read() as connection:
        times = [
            connection.execute(sa.select(sa.func.max(f.at)).where(f.kind == "record")).scalar(),
            connection.execute(sa.select(sa.func.max(i.erased_at))).scalar(),
        ]
    known = [pd.Timestamp(one) for one in times if one]
    return max(known) if known else None


def _mark(agency: str, record: str) -> str:
    """A name for a record that tells nobody which it was: of what is gone no name is kept."""
    return "d" + hashlib.sha256(f"{agency}\x1f{record}".encode()).hexdigest()[:12]


def _line(kind: str, name: str, went: dict[str, int]) -> str:
    return json.dumps({"what": kind, "name": name, **went}, sort_keys=True)


def _of_import(connection: sa.Connection, table: sa.Table, number: int) -> int:
    query = sa.select(sa.func.count()).where(table.c.import_id == number)
    return int(connection.execute(query).scalar() or 0)


def _named(table: sa.Table, events: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.or_(table.c.event_id_a.in_(events), table.c.event_id_b.in_(events))


def _count_pairs(connection: sa.Connection, table: sa.Table, events: Sequence[str]) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(_named(table, events))
    return int(connection.execute(query).scalar() or 0)


def _delete_pairs(connection: sa.Connection, table: sa.Table, events: Sequence[str]) -> int:
    n = 0
    for start in range(0, len(events), 5_000):
        part = events[start : start + 5_000]
        n += connection.execute(sa.delete(table).where(_named(table, part))).rowcount
    return n


def _forget_aside(connection: sa.Connection, agency: str, sought: Sought) -> int:
    """Delete refused rows in which the id stands alone in a cell, of files of the same agency."""
    s, i = t.set_aside.c, t.imports.c
    v, c = t.event_versions.c, t.carried.c
    own = (
        sa.select(c.import_id)
        .select_from(t.carried.join(t.event_versions, c.version_id == v.version_id))
        .where(v.source_agency == agency)
    )
    sources = sa.select(i.source).where(i.import_id.in_(own))
    query = sa.select(s.import_id, s.original).select_from(
        t.set_aside.join(t.imports, s.import_id == i.import_id)
    )
    n = 0
    for row in connection.execute(query.where(i.source.in_(sources))).fetchall():
        if set(map(str, json.loads(row.original).values())) & {*sought.records, *sought.events}:
            here = sa.and_(s.import_id == row.import_id, s.original == row.original)
            n += connection.execute(sa.delete(t.set_aside).where(here)).rowcount
    return n


def _forget_words(connection: sa.Connection, files: Sequence[str]) -> int:
    """Drop the unknown words that one row alone held, of the imports that brought the record."""
    i, n = t.imports.c, 0
    query = sa.select(i.import_id, i.unknown_words).where(
        i.sha256.in_(files), i.unknown_words.isnot(None)
    )
    for row in connection.execute(query).fetchall():
        words = json.loads(row.unknown_words)
        left = [one for one in words if one["n"] > 1]
        n += len(words) - len(left)
        text = json.dumps(left, ensure_ascii=False)
        change = sa.update(t.imports).where(i.import_id == row.import_id)
        connection.execute(change.values(unknown_words=text))
    return n


def _read_files(places: Places) -> list[Path]:
    return [path for folder in places.inbox if folder.is_dir()
            for path in sorted(folder.iterdir()) if path.is_file()]  # fmt: skip


def _forget_files(places: Places, files: Sequence[str]) -> int:
    """Delete files of the inbox that were read and held it, with what was written beside them."""
    mine = [path for path in _read_files(places) if sum_of(path) in files]
    for path in mine:
        path.unlink()
        path.with_name(f"{path.name}.txt").unlink(missing_ok=True)
    return len(mine)


def _folders(store: Store) -> dict[str, Path]:
    home = store.assessment_folder
    ledgers = {one: home / one for one in (published.FOLDER, published.FOLDER_SYNTHETIC)}
    return {"assessments": home, "plans": store.folder / plans.FOLDER, **ledgers}


def _in_table(connection: sa.Connection, table: sa.Table, sought: Sought) -> int:
    """Rows of a table in which a name stands: in a column of ids, or among other words."""
    n = 0
    if sought.imports and "import_id" in table.c and table is not t.imports:
        n += sum(_of_import(connection, table, one) for one in sought.imports)
    for start in range(0, max(len(sought.events), len(sought.records)), _PART):
        events = sought.events[start : start + _PART]
        records = sought.records[start : start + _PART]
        there: list[sa.ColumnElement[bool]] = []
        for column in table.columns:
            text = sa.type_coerce(column, sa.Text)
            if column.name in _IDS:
                there.append(text.in_(events))
            elif column.name in _QUOTED:
                there += [text.contains(f'"{one}"', autoescape=True) for one in records + events]
            elif column.name in _SAID:
                # a pair of events in the history of states; a record's number in a sentence
                names = events if column.name == "what" else _telling(records)
                n += _said(connection, text, names)
        if there:
            query = sa.select(sa.func.count()).select_from(table).where(sa.or_(*there))
            n += int(connection.execute(query).scalar() or 0)
    return n


def _telling(records: Sequence[str]) -> list[str]:
    return [one for one in records if len(one) >= _TELLING]


def _said(connection: sa.Connection, text: sa.ColumnElement[str], names: Sequence[str]) -> int:
    """How many texts hold one of some names as a word of its own."""
    n = 0
    for name in names:
        word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        held = connection.execute(sa.select(text).where(text.contains(name, autoescape=True)))
        n += sum(bool(word.search(one)) for one in held.scalars())
    return n


def _alive(store: Store, sought: Sought) -> list[bytes]:
    """Names that stay and hold a sought one inside: `LP-401` where `LP-40` was taken out.

    Where another agency's record has the very number, its bytes are not told from those sought.
    """
    v = t.event_versions.c
    with store.db.read() as connection:
        rows = connection.execute(
            sa.select(v.event_id, v.source_record_id, v.supersedes)
        ).fetchall()
    names = {name for row in rows if row.event_id not in sought.events for name in row if name}
    return [name.encode() for name in names if any(one in name for one in sought.records)]


def _in_bytes(content: bytes, sought: Sought, alive: Sequence[bytes]) -> int:
    """How often an id stands in a file's bytes, but as a part of one that stays."""
    n = 0
    for name in {one.encode() for one in _telling(sought.records)}:
        inside = [(other, other.find(name)) for other in alive]
        at = content.find(name)
        while at >= 0:
            stays = any(content.startswith(other, at - k) for other, k in inside if at >= k)
            n += not stays
            at = content.find(name, at + 1)
    return n


def _in_file(path: Path, sought: Sought) -> bool:
    """Whether a table, a meta file or a log holds a name."""
    names = {*sought.events, *_telling(sought.records)}
    if path.suffix != ".parquet":
        text = path.read_bytes()
        return any(name.encode() in text for name in names)
    texts = [
        one.name for one in pq.read_schema(path) if str(one.type) in ("string", "large_string")
    ]
    if not texts:
        return False
    table = pq.read_table(path, columns=texts)
    return any(names & set(table[one].unique().to_pylist()) for one in texts)
