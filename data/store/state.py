"""The state that follows from the imports: which versions count, and the name of that state.

A state has a number (`seq`) that grows with every change and a version (a hash of its content).
An import is part of the states from its own up to the one that undid it, so any state can be
derived again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data.errors import DataError
from data.personal.said import Said, plain_of
from data.schema import EFFORT
from data.store import tables as t

EVENT_COLUMNS = {**t.CONTENT, **t.DELIVERY}
#: columns of the schema that `data.link` fills
UNLINKED: dict[str, Any] = {"link_cluster_id": "", "link_prob": np.nan}
#: what is read of a latest version to know whether it is current
_TO_COUNT = ("event_id", "source_agency", "source_record_id", "record_status", "supersedes",
             "reported_at", "version_id")  # fmt: skip


def current_events(connection: sa.Connection, active: sa.ColumnElement[bool]) -> pd.DataFrame:
    """Per record its latest version, without withdrawn and superseded ones, with version_id."""
    kinds = {**EVENT_COLUMNS, "import_id": "text", "version_id": "text"}
    # columns that nobody ever filled are not asked for: half of them, in most stores
    asked = {name: kinds[name] for name in _filled(connection)}
    latest = fetch(connection, _latest_events(active, list(asked)), asked)
    silent = {name: kind for name, kind in kinds.items() if name not in asked}
    if silent:
        nothing = t.to_frame([tuple([None] * len(silent))], silent)
        nothing = nothing.take(np.zeros(len(latest), dtype=int)).set_index(latest.index)
        latest = pd.concat([latest, nothing], axis=1)
    kept = latest[_counts(connection, active, latest)].assign(**UNLINKED)
    return kept.sort_values(["source_agency", "source_record_id"], ignore_index=True)


def count_events(connection: sa.Connection, active: sa.ColumnElement[bool]) -> int:
    """How many rows `current_events` has."""
    kinds = {**EVENT_COLUMNS, "version_id": "text"}
    asked = {name: kinds[name] for name in _TO_COUNT}
    latest = fetch(connection, _latest_events(active, list(asked)), asked)
    return int(_counts(connection, active, latest).sum())


def _latest_events(active: sa.ColumnElement[bool], names: list[str]) -> sa.Select[tuple[Any, ...]]:
    """Some columns of the latest version of each record."""
    v, c = t.event_versions.c, t.carried.c
    newest_first = (
        v.source_version.desc(),
        sa.func.coalesce(v.reported_at, "").desc(),
        v.version_id.desc(),
        c.received_at,
        c.source_file,
        c.source_line,
        c.import_id,
    )
    place = sa.func.row_number().over(
        partition_by=(v.source_agency, v.source_record_id), order_by=newest_first
    )
    columns = [c[name] if name in c else v[name] for name in names]
    inner = sa.select(*columns, place.label("place")).select_from(joined()).where(active).subquery()
    return sa.select(*[inner.c[name] for name in names]).where(inner.c.place == 1)


def _counts(
    connection: sa.Connection, active: sa.ColumnElement[bool], latest: pd.DataFrame
) -> np.ndarray:
    """Which latest versions are current: neither withdrawn nor superseded."""
    v = t.event_versions.c
    old = (
        sa.select(v.source_agency, v.source_record_id, v.supersedes)
        .select_from(joined())
        .where(active, v.record_status != "withdrawn", sa.func.coalesce(v.supersedes, "") != "")
    )
    kinds = dict.fromkeys(("source_agency", "source_record_id", "supersedes"), "text")
    out = _superseded(latest, fetch(connection, old, kinds))
    return np.asarray(~out & (latest["record_status"] != "withdrawn").to_numpy())


def _filled(connection: sa.Connection) -> list[str]:
    """The columns of events that some record fills, and the names of version and import."""
    filled = ["import_id", "version_id"]
    for table, names in ((t.event_versions, t.CONTENT), (t.carried, t.DELIVERY)):
        counts = sa.select(*[sa.func.count(table.c[name]).label(name) for name in names])
        row = connection.execute(counts.select_from(table)).one()
        filled += [name for name, n in row._mapping.items() if n]
    return filled


def all_events(connection: sa.Connection, seq: int) -> pd.DataFrame:
    """Every version as every import up to a state carried it; `undone` tells of its import."""
    kinds = {**EVENT_COLUMNS, "import_id": "text", "version_id": "text"}
    query = sa.select(*event_columns(), t.carried.c.version_id).select_from(joined())
    frame = fetch(connection, query.where(t.imports.c.added_seq <= seq), kinds)
    undone = sa.select(t.imports.c.import_id).where(t.imports.c.undone_seq <= seq)
    frame["undone"] = frame["import_id"].isin(
        [str(i) for i in connection.execute(undone).scalars()]
    )
    order = ["source_agency", "source_record_id", "source_version", "import_id"]
    frame = frame.assign(**UNLINKED)
    return frame.sort_values(order, ignore_index=True)


def _superseded(latest: pd.DataFrame, claims: pd.DataFrame) -> np.ndarray:
    """Which latest versions have had their place taken by another record.

    A living record claims what its latest version claims, a withdrawn one what any of its
    versions claimed. Records that claim each other in a circle: the latest reported one stays.
    """
    living = latest["record_status"] != "withdrawn"
    own = latest[living & latest["supersedes"].notna() & (latest["supersedes"] != "")]
    key = ["source_agency", "source_record_id"]
    gone = latest.loc[~living, key].merge(claims, on=key)
    edges = pd.concat([own[[*key, "supersedes"]], gone[[*key, "supersedes"]]])
    out = np.zeros(len(latest), dtype=bool)
    if edges.empty:
        return out
    agency, record = latest["source_agency"].tolist(), latest["source_record_id"].tolist()
    place = {name: i for i, name in enumerate(latest["event_id"].tolist())}
    place |= {pair: i for i, pair in enumerate(zip(agency, record, strict=True))}
    pairs = []
    for who, name, target in edges.itertuples(index=False):
        taken = place.get((who, target), place.get(target))
        if taken is not None and taken != place[who, name]:
            pairs.append((place[who, name], taken))
    if not pairs:
        return out
    from scipy.sparse import coo_array  # most stores hold no claim, and start without it
    from scipy.sparse.csgraph import connected_components

    winner, loser = np.array(pairs).T
    graph = coo_array((np.ones(len(pairs)), (winner, loser)), shape=(len(latest),) * 2)
    _, circle = connected_components(graph.tocsr(), directed=True, connection="strong")
    sizes = np.bincount(circle)
    inside = (circle[winner] == circle[loser]) & (sizes[circle[winner]] > 1)
    out[loser[~inside]] = True
    for group in np.unique(circle[winner[inside]]):
        members = np.flatnonzero(circle == group)
        rank = latest.iloc[members][["reported_at", "version_id"]]
        stays = rank.sort_values(["reported_at", "version_id"], na_position="first").index[-1]
        out[members[latest.index[members] != stays]] = True
    return out


def joined() -> sa.Join:
    """Versions with the imports that carried them."""
    return t.event_versions.join(
        t.carried, t.event_versions.c.version_id == t.carried.c.version_id
    ).join(t.imports, t.carried.c.import_id == t.imports.c.import_id)


def event_columns() -> list[sa.Column[Any]]:
    """The columns of `EVENT_COLUMNS` and import_id, to be selected from `joined()`."""
    content = [t.event_versions.c[name] for name in t.CONTENT]
    return content + [t.carried.c[name] for name in t.DELIVERY] + [t.carried.c.import_id]


def active_at(seq: int) -> sa.ColumnElement[bool]:
    """Which imports are part of a state."""
    done = t.imports.c.undone_seq
    return sa.and_(t.imports.c.added_seq <= seq, sa.or_(done.is_(None), done > seq))


def fetch(
    connection: sa.Connection, query: sa.Select[Any], kinds: Mapping[str, str]
) -> pd.DataFrame:
    """The rows of a query as a frame whose columns are `kinds`, in order.

    Parameters
    ----------
    connection : to read with
    query : selects as many columns as `kinds` has
    kinds : kind of each column by name
    """
    return t.to_frame(connection.execute(query).fetchall(), kinds)


def current_effort(connection: sa.Connection, active: sa.ColumnElement[bool]) -> pd.DataFrame:
    """The rows of the latest delivery of each effort key."""
    kinds = {**t.EFFORT, "import_id": "text"}
    frame = fetch(connection, _latest_effort(active, list(kinds)), kinds)[EFFORT.names]
    return frame.sort_values(["week", "cell", "source_agency", "effort_id"], ignore_index=True)


def count_effort(connection: sa.Connection, active: sa.ColumnElement[bool]) -> int:
    """How many rows `current_effort` has."""
    latest = _latest_effort(active, ["effort_key"]).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(latest)).scalar() or 0)


def _latest_effort(active: sa.ColumnElement[bool], names: list[str]) -> sa.Select[tuple[Any, ...]]:
    """Some columns of the rows of the latest delivery of each effort key."""
    e, i = t.effort_rows.c, t.imports.c
    latest = sa.func.rank().over(
        partition_by=e.effort_key,
        order_by=(i.received_at.desc(), i.fingerprint.desc(), i.import_id.desc()),
    )
    inner = (
        sa.select(*[e[name] for name in names], latest.label("place"))
        .select_from(t.effort_rows.join(t.imports, e.import_id == i.import_id))
        .where(active)
        .subquery()
    )
    return sa.select(*[inner.c[name] for name in names]).where(inner.c.place == 1)


def next_number(connection: sa.Connection, column: sa.Column[Any]) -> int:
    """One more than the highest number so far; call it inside a writing transaction."""
    return int(connection.execute(sa.select(sa.func.max(column))).scalar() or 0) + 1


def last_seq(connection: sa.Connection) -> int:
    """Number of the current state, 0 for an empty store."""
    return next_number(connection, t.data_states.c.seq) - 1


def seq_of(connection: sa.Connection, version: str | None) -> int:
    """Number of the state with a version, the current one for None; refused if not repeatable."""
    if version is None:
        return last_seq(connection)
    query = sa.select(sa.func.max(t.data_states.c.seq)).where(t.data_states.c.version == version)
    seq = connection.execute(query).scalar()
    if seq is None:
        what = f"the store never had data version {version!r}"
        raise DataError(what, key="no_data_version", version=str(version))
    erased = sa.select(t.imports.c.import_id).where(
        active_at(seq), t.imports.c.erased_at.isnot(None)
    )
    if gone := sorted(connection.execute(erased).scalars()):
        raise DataError(
            f"data version {version} cannot be repeated: import {', '.join(map(str, gone))} "
            "was erased since",
            key="version_erased", version=str(version), numbers=list(map(str, gone)),
        )  # fmt: skip
    since = sa.select(sa.func.count()).where(t.forgotten.c.seq > seq)
    if connection.execute(since).scalar():
        what = f"data version {version} cannot be repeated: records of it were deleted since"
        raise DataError(what, key="version_forgotten", version=str(version))
    return int(seq)


def version_at(connection: sa.Connection, seq: int) -> str:
    """Hash over the active imports and the decisions of a state, whatever their order."""
    i, d = t.imports.c, t.decisions.c
    parts = [
        f"{row.kind} {row.sha256} {row.fingerprint} {row.received_at}"
        for row in connection.execute(
            sa.select(i.kind, i.sha256, i.fingerprint, i.received_at).where(active_at(seq))
        )
    ]
    last = {
        (row.event_id_a, row.event_id_b): row.outcome
        for row in connection.execute(
            sa.select(d.event_id_a, d.event_id_b, d.outcome).where(d.seq <= seq).order_by(d.seq)
        )
    }
    parts += [f"{a} {b} {outcome}" for (a, b), outcome in last.items() if outcome != "auto"]
    gone = sa.select(t.forgotten.c.digest).where(t.forgotten.c.seq <= seq)
    parts += [f"forgotten {digest}" for digest in connection.execute(gone).scalars()]
    return "d" + t.short_hash("\n".join(sorted(parts)))[:12]


def note_state(connection: sa.Connection, seq: int, what: str) -> str:
    """Give the state after a change its number and version; gives the version.

    Parameters
    ----------
    connection : of a writing transaction
    seq : its number
    what : what was done, for the history
    """
    version = version_at(connection, seq)
    now = t.time_text(pd.Timestamp.now("UTC"))
    connection.execute(sa.insert(t.data_states).values(seq=seq, version=version, at=now, what=what))
    return version


def forget(connection: sa.Connection, kind: str, names: Sequence[str], by: str) -> None:
    """Note that versions of records are gone for good, as a state of its own.

    Parameters
    ----------
    connection : of the writing transaction that deletes them
    kind : "retention" or "record"
    names : what went, such as ids of versions; only a hash over them is kept
    by : who did it
    """
    seq = next_number(connection, t.data_states.c.seq)
    now = t.time_text(pd.Timestamp.now("UTC"))
    digest = t.short_hash("\n".join(sorted(names)))
    connection.execute(
        sa.insert(t.forgotten).values(
            seq=seq, at=now, by=by, kind=kind, digest=digest, n=len(names)
        )
    )
    note_state(connection, seq, f"forget {kind}")


def undo(connection: sa.Connection, import_id: int, seq: int, by: str, reason: Said) -> None:
    """Take an import out of the states from `seq` on.

    Parameters
    ----------
    connection : of a writing transaction
    import_id : its number
    seq : number of the first state without it
    by : who undoes it
    reason : why
    """
    now = t.time_text(pd.Timestamp.now("UTC"))
    connection.execute(
        sa.update(t.imports)
        .where(t.imports.c.import_id == import_id)
        .values(undone_seq=seq, undone_at=now, undone_by=by, undo_reason=reason)
    )


def erase(connection: sa.Connection, import_id: int, by: str, reason: Said) -> int:
    """Delete what only an undone import brought; gives how many versions of records went.

    Parameters
    ----------
    connection : of a writing transaction
    import_id : its number
    by : who erases it
    reason : why
    """
    said = plain_of(reason, "an erasure")
    i, c, v = t.imports.c, t.carried.c, t.event_versions.c
    found = connection.execute(
        sa.select(i.undone_at, i.erased_at).where(i.import_id == import_id)
    ).first()
    if found is None or found.undone_at is None:
        raise DataError(
            f"import {import_id} is not undone; undo it first, with a reason",
            key="not_undone", number=str(import_id),
        )  # fmt: skip
    if found.erased_at is not None:
        raise DataError(
            f"import {import_id} was erased already, at {found.erased_at}",
            key="erased_already", number=str(import_id), at=str(found.erased_at),
        )  # fmt: skip
    elsewhere = sa.select(c.version_id).where(c.import_id != import_id)
    own = sa.select(c.version_id).where(c.import_id == import_id)
    gone = connection.execute(
        sa.delete(t.event_versions).where(v.version_id.in_(own), v.version_id.notin_(elsewhere))
    ).rowcount
    for table in (t.carried, t.effort_rows, t.set_aside, t.mends):
        connection.execute(sa.delete(table).where(table.c.import_id == import_id))
    now = t.time_text(pd.Timestamp.now("UTC"))
    ending = sa.type_coerce(i.undo_reason, sa.Text) + "; "
    ending += f"{said} (erased by {by})" if by else said
    connection.execute(
        sa.update(t.imports)
        .where(i.import_id == import_id)
        .values(erased_at=now, undo_reason=ending)
    )
    return gone
