"""Refused rows as the store keeps them: with their reasons, and whether they were brought again."""

import json
from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa

from data.intake.mend import MARKS, SHA_DIGITS
from data.intake.reading import Reading
from data.store import state
from data.store import tables as t
from data.store.database import Database

_ROW = {
    "import_id": "text", **t.SET_ASIDE, "sha256": "text", "synthetic": "bool", "source": "text",
}  # fmt: skip


def rows(db: Database, import_id: int | None = None) -> pd.DataFrame:
    """Refused rows of one import, or of all that are not undone.

    Returns
    -------
    DataFrame of import_id, source_file, source_sheet, source_line, original, reasons, sha256 (of
        the file), synthetic, source (its crosswalk), and mended_by: the import that brought the
        row again, "" if none.
    """
    s, i = t.set_aside.c, t.imports.c
    columns = [s.import_id, *(s[name] for name in t.SET_ASIDE), i.sha256, i.synthetic, i.source]
    query = sa.select(*columns).select_from(t.set_aside.join(t.imports, s.import_id == i.import_id))
    if import_id is None:
        query = query.where(i.undone_seq.is_(None))
    else:
        query = query.where(s.import_id == import_id)
    with db.read() as connection:
        frame = state.fetch(connection, query, _ROW)
        brought = _brought_again(connection)
    frame["of_sha"] = frame["sha256"].str[:SHA_DIGITS]
    frame = frame.merge(brought, on=MARKS, how="left").drop(columns="of_sha")
    frame["mended_by"] = frame["mended_by"].astype("str").fillna("")
    order = ["import_id", "source_file", "source_sheet", "source_line"]
    return frame.sort_values(order, ignore_index=True)


def count(db: Database) -> int:
    """How many refused rows there are of imports that are not undone."""
    joined = t.set_aside.join(t.imports, t.set_aside.c.import_id == t.imports.c.import_id)
    query = sa.select(sa.func.count()).select_from(joined).where(t.imports.c.undone_seq.is_(None))
    with db.read() as connection:
        return int(connection.execute(query).scalar() or 0)


def keep_marks(db: Database, connection: sa.Connection, number: int, marks: pd.DataFrame) -> None:
    """Note which refused rows an import brings again.

    Parameters
    ----------
    db : where it is kept
    connection : of a writing transaction
    number : of the import
    marks : of_sha, source_sheet and source_line of each refused row
    """
    values = t.to_values(marks, {"of_sha": "text", "source_sheet": "text", "source_line": "int"})
    db.insert(connection, t.mends, {"import_id": [number] * len(marks), **values})


def words_text(reading: Reading) -> str | None:
    """The unknown words of a reading as they are kept beside its import."""
    words = getattr(reading, "unknown_words", None)
    if words is None or not len(words):
        return None
    return json.dumps(words.to_dict("records"), ensure_ascii=False, default=int)


def unknown_words(db: Database) -> pd.DataFrame:
    """Unknown words of the imports that are not undone: import_id, source, column, word, n."""
    i = t.imports.c
    query = (
        sa.select(i.import_id, i.source, i.unknown_words)
        .where(i.undone_seq.is_(None), i.unknown_words.isnot(None))
        .order_by(i.import_id)
    )
    with db.read() as connection:
        found = connection.execute(query).fetchall()
    words = [
        (str(row.import_id), row.source, word["column"], word["word"], word["n"])
        for row in found
        for word in json.loads(row.unknown_words)
    ]
    return pd.DataFrame(words, columns=["import_id", "source", "column", "word", "n"])


def agencies(db: Database) -> pd.DataFrame:
    """Whose records each import brought: import_id, source_agency, one row per pair."""
    kinds = {"import_id": "text", "source_agency": "text"}
    c, v, e = t.carried.c, t.event_versions.c, t.effort_rows.c
    rows = (
        sa.select(c.import_id, v.source_agency)
        .select_from(t.carried.join(t.event_versions, c.version_id == v.version_id))
        .distinct()
    )
    with db.read() as connection:
        parts = [
            state.fetch(connection, query, kinds)
            for query in (rows, sa.select(e.import_id, e.source_agency).distinct())
        ]
    return pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)


def first_brought(db: Database, imports: Sequence[int]) -> pd.DataFrame:
    """Versions of records that some imports were the first to carry.

    Returns
    -------
    DataFrame of import_id, event_start (UTC), one row per version; a record that an earlier import
        had carried word for word is not among them.
    """
    c, v = t.carried.c, t.event_versions.c
    first = sa.select(c.version_id, sa.func.min(c.import_id).label("import_id"))
    inner = first.group_by(c.version_id).subquery()
    query = (
        sa.select(inner.c.import_id, v.event_start)
        .select_from(inner.join(t.event_versions, inner.c.version_id == v.version_id))
        .where(inner.c.import_id.in_(imports))
    )
    with db.read() as connection:
        return state.fetch(connection, query, {"import_id": "text", "event_start": "time"})


def last_deliveries(db: Database) -> dict[str, pd.Timestamp]:
    """When each agency's newest delivery that is not undone was received (UTC)."""
    brought = agencies(db).astype({"import_id": "int64"})
    i = t.imports.c
    query = sa.select(i.import_id, i.received_at).where(i.undone_seq.is_(None))
    with db.read() as connection:
        received = state.fetch(connection, query, {"import_id": "int", "received_at": "time"})
    dated = brought.merge(received.astype({"import_id": "int64"}), on="import_id")
    return dict(dated.groupby("source_agency")["received_at"].max())


def _brought_again(connection: sa.Connection) -> pd.DataFrame:
    m, i = t.mends.c, t.imports.c
    kinds = {"of_sha": "text", "source_sheet": "text", "source_line": "int", "mended_by": "text"}
    query = (
        sa.select(m.of_sha, m.source_sheet, m.source_line, m.import_id)
        .select_from(t.mends.join(t.imports, m.import_id == i.import_id))
        .where(i.undone_seq.is_(None))
        .order_by(m.import_id)
    )
    return state.fetch(connection, query, kinds).drop_duplicates(MARKS, keep="last")
