"""The tables of the store, one schema for SQLite and PostgreSQL, and the way from and to pandas.

Times are kept as text in UTC with microseconds (`2026-11-24T03:00:00.000000Z`): it sorts by
time, reads the same in both databases and survives a backup unchanged. Weeks are `YYYY-MM-DD`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data.personal.said import plain_of
from data.schema import EFFORT as EFFORT_TABLE
from data.schema import EVENT as EVENT_TABLE
from data.schema import Table

#: what depends on the delivery and not on the record: kept per import, outside the content hash
_OF_DELIVERY = (
    "received_at",
    "delay_days",
    "quality_flags",
    "source_file",
    "source_sheet",
    "source_line",
)
#: of an effort row: what tells of its delivery and not of the patrol
NOT_OF_EFFORT = ("source_file", "source_sheet", "source_line", "quality_flags")
#: filled by the store or by data.link, never stored with a row
NOT_STORED = ("import_id", "link_cluster_id", "link_prob")


def _kinds(table: Table) -> dict[str, str]:
    return {column.name: column.kind for column in table.columns if column.name not in NOT_STORED}


_EVENT = _kinds(EVENT_TABLE)
CONTENT = {name: kind for name, kind in _EVENT.items() if name not in _OF_DELIVERY}
DELIVERY = {name: _EVENT[name] for name in _OF_DELIVERY}
EFFORT = _kinds(EFFORT_TABLE)
SET_ASIDE = {
    "source_file": "text",
    "source_sheet": "text",
    "source_line": "int",
    "original": "text",
    "reasons": "text",
}

_SQL = {
    "text": sa.Text,
    "time": sa.Text,
    "week": sa.Text,
    "words": sa.Text,
    "int": sa.BigInteger,
    "float": sa.Double,
    "bool": sa.SmallInteger,
}


class Sentence(sa.TypeDecorator[str]):
    """A column of sentences that persons typed: it is written a `Said` alone, and reads as text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        """The text to store; TypeError for text that did not pass the personal-data gate."""
        return None if value is None else plain_of(value, "a stored sentence")


#: a key that counts up; SQLite needs INTEGER for that
_COUNTER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

tables = sa.MetaData()
#: columns of equal length by name, as plain Python values
Values = dict[str, list[Any]]


def _columns(kinds: dict[str, str]) -> list[sa.Column[Any]]:
    return [sa.Column(name, _SQL[kind]) for name, kind in kinds.items()]


meta = sa.Table(
    "meta",
    tables,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
#: one row per change of content; a state is repeated by counting imports and decisions up to it
data_states = sa.Table(
    "data_states",
    tables,
    sa.Column("seq", _COUNTER, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Text, nullable=False, index=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
)
imports = sa.Table(
    "imports",
    tables,
    sa.Column("import_id", _COUNTER, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False, index=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("synthetic", sa.SmallInteger, nullable=False),
    sa.Column("received_at", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    *(
        sa.Column(name, sa.BigInteger, nullable=False)
        for name in (
            "n_read",
            "n_new",
            "n_corrected",
            "n_withdrawn",
            "n_same",
            "n_older",
            "n_set_aside",
        )
    ),
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("unknown_words", sa.Text),  # JSON: column, word, n
    sa.Column("added_seq", sa.BigInteger, nullable=False),
    sa.Column("undone_seq", sa.BigInteger),
    sa.Column("undone_at", sa.Text),
    sa.Column("undone_by", sa.Text),
    sa.Column("undo_reason", Sentence),
    sa.Column("erased_at", sa.Text),
)
event_versions = sa.Table(
    "event_versions",
    tables,
    sa.Column("version_id", sa.Text, primary_key=True),
    *_columns(CONTENT),
    sa.Index("event_versions_record", "source_agency", "source_record_id"),
)
carried = sa.Table(
    "carried",
    tables,
    sa.Column("import_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("version_id", sa.Text, primary_key=True),
    *_columns(DELIVERY),
    sa.Index("carried_version", "version_id"),
)
effort_rows = sa.Table(
    "effort_rows",
    tables,
    sa.Column("import_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("effort_key", sa.Text, nullable=False, index=True),
    sa.Column("row_hash", sa.Text, nullable=False),
    *_columns(EFFORT),
)
set_aside = sa.Table(
    "set_aside",
    tables,
    sa.Column("import_id", sa.BigInteger, nullable=False, index=True),
    *_columns(SET_ASIDE),
)
#: set-aside rows of other files (by hash, sheet and line) that an import brought again
mends = sa.Table(
    "mends",
    tables,
    sa.Column("import_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("of_sha", sa.Text, nullable=False),
    sa.Column("source_sheet", sa.Text),
    sa.Column("source_line", sa.BigInteger),
)
links = sa.Table(
    "links",
    tables,
    sa.Column("event_id_a", sa.Text, primary_key=True),
    sa.Column("event_id_b", sa.Text, primary_key=True),
    sa.Column("prob", sa.Double, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("data_version", sa.Text, nullable=False),
)
#: append only; the last word on a pair counts, "auto" hands it back to the computed links
decisions = sa.Table(
    "decisions",
    tables,
    sa.Column("seq", _COUNTER, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("event_id_a", sa.Text, nullable=False),
    sa.Column("event_id_b", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("reason", Sentence, nullable=False),
)
#: corrections by an analyst: shown with the assessment, never a label of the model
overrides = sa.Table(
    "overrides",
    tables,
    sa.Column("override_id", _COUNTER, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("reason", Sentence, nullable=False),
    sa.Column("expires_at", sa.Text, nullable=False),
    sa.Column("withdrawn_at", sa.Text),
    sa.Column("withdrawn_by", sa.Text),
    sa.Column("withdrawn_reason", Sentence),
    sa.Column("assessment", sa.Text),
)
audit = sa.Table(
    "audit",
    tables,
    sa.Column("seq", _COUNTER, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("user", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)
#: what was deleted for good since, by rule or on request: states before it cannot be repeated
forgotten = sa.Table(
    "forgotten",
    tables,
    sa.Column("seq", _COUNTER, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # retention, record
    sa.Column("digest", sa.Text, nullable=False),  # of what went, which it does not tell
    sa.Column("n", sa.BigInteger, nullable=False),
)


def time_text(moment: pd.Timestamp) -> str:
    """A moment as the store writes it; a time without a zone is refused."""
    if moment.tzinfo is None:
        raise ValueError(f"a time needs a zone, got {moment}")
    return moment.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def to_values(frame: pd.DataFrame, kinds: Mapping[str, str]) -> Values:
    """Each column as plain Python values for SQL, None where empty; absent columns all None."""
    return {
        name: _plain(frame[name], kind) if name in frame else [None] * len(frame)
        for name, kind in kinds.items()
    }


def to_frame(rows: Sequence[tuple[Any, ...]], kinds: Mapping[str, str]) -> pd.DataFrame:
    """Rows of SQL as a frame with the dtypes of `data.schema`; missing text is empty text."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(kinds)
    return pd.DataFrame(
        {
            name: _typed(values, kind)
            for (name, kind), values in zip(kinds.items(), columns, strict=True)
        }
    )


def content_hashes(values: Values) -> list[str]:
    """One 128-bit hash per row over its filled columns; empty columns do not count.

    So a column added to the schema later leaves the hash of an older record as it was.
    """
    n = len(next(iter(values.values()), []))
    parts = [
        ["" if value is None else f"{name}={value}\x1f" for value in column]
        for name, column in values.items()
        if column.count(None) < len(column)
    ]
    joined = map("".join, zip(*parts, strict=True)) if parts else [""] * n
    return [short_hash(text) for text in joined]


def short_hash(text: str) -> str:
    """32 hexadecimal digits of SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _plain(column: pd.Series, kind: str) -> list[Any]:
    missing = column.isna().to_numpy()
    if missing.all():
        return [None] * len(column)
    if kind == "time":
        utc = pd.to_datetime(column, utc=True).dt.tz_localize(None)
        text = np.datetime_as_string(utc.to_numpy().astype("datetime64[us]"))
        plain = [value + "Z" for value in text.tolist()]
    elif kind == "week":
        plain = np.datetime_as_string(
            pd.to_datetime(column).to_numpy().astype("datetime64[D]")
        ).tolist()
    elif kind == "float":
        # adding zero turns -0.0 into 0.0, so that both have one hash
        plain = (column.astype("float64").to_numpy(na_value=np.nan) + 0.0).tolist()
    elif kind == "int":
        plain = column.astype("Int64").fillna(0).astype("int64").tolist()
    elif kind == "bool":
        plain = column.astype("boolean").fillna(False).astype("int64").tolist()
    else:
        return [value or None for value in column.astype("str").fillna("").tolist()]
    if missing.any():
        plain = [
            None if gone else value for gone, value in zip(missing.tolist(), plain, strict=True)
        ]
    return plain


def _typed(values: tuple[Any, ...], kind: str) -> pd.Series:
    if kind in ("text", "words"):
        return pd.Series(values, dtype="str").fillna("")
    if kind == "time":
        return pd.to_datetime(pd.Series(values, dtype="str"), format="ISO8601", utc=True).astype(
            "datetime64[us, UTC]"
        )
    if kind == "week":
        return pd.to_datetime(pd.Series(values, dtype="str"), format="%Y-%m-%d").astype(
            "datetime64[us]"
        )
    if kind == "int":
        return pd.Series(pd.array(values, dtype="Int64"))
    if kind == "bool":
        return pd.Series(pd.array(values, dtype="boolean").fillna(False).astype(bool))
    return pd.Series(np.array(values, dtype="float64"))
