"""What people and the linkage said about pairs of events, and corrections by analysts.

Both are append only: the last word on a pair counts, and who said it and why stays.
"""

import pandas as pd
import sqlalchemy as sa

from data.errors import DataError
from data.personal.said import LONGEST, Said, plain_of
from data.store import state
from data.store import tables as t
from data.store.database import Database

#: what a person may say about a pair; "auto" takes back an earlier word
WORDS = ("link", "unlink", "auto")
OVERRIDE_KINDS = ("cell", "sector")
#: what an analyst says of a score: a class of the map instead, or only that it is doubted
OVERRIDE_VALUES = ("very_low", "low", "medium", "high", "very_high", "doubted")
#: signs of a reason: a sentence or two
LONGEST_REASON = LONGEST
_PAIR = {"event_id_a": "text", "event_id_b": "text", "prob": "float"}
_LINK = {**_PAIR, "outcome": "text", "why": "text", "data_version": "text"}
_DECISION = {
    "seq": "int",
    "at": "time",
    "by": "text",
    "event_id_a": "text",
    "event_id_b": "text",
    "outcome": "text",
    "reason": "text",
}
_OVERRIDE = {
    "override_id": "text",
    "at": "time",
    "by": "text",
    "kind": "text",
    "target": "text",
    "value": "text",
    "reason": "text",
    "expires_at": "time",
    "withdrawn_at": "time",
    "withdrawn_by": "text",
    "withdrawn_reason": "text",
    "assessment": "text",
}


def write_links(db: Database, pairs: pd.DataFrame, data_version: str) -> None:
    """Replace the computed pairs: event_id_a, event_id_b, prob, outcome, why.

    Parameters
    ----------
    db : where they are kept
    pairs : DataFrame of these columns, one row per pair
    data_version : the state of the records that were compared
    """
    a, b = pairs["event_id_a"], pairs["event_id_b"]
    ordered = pairs.assign(event_id_a=a.where(a < b, b), event_id_b=b.where(a < b, a))
    if ordered.duplicated(["event_id_a", "event_id_b"]).any():
        raise ValueError("a pair of events is given twice")
    values = t.to_values(ordered.assign(data_version=data_version), _LINK)
    values["why"] = [why or "" for why in values["why"]]
    with db.write() as connection:
        connection.execute(sa.delete(t.links))
        db.insert(connection, t.links, values)


def links(db: Database) -> pd.DataFrame:
    """The computed pairs, the likeliest first, with the data version they belong to."""
    query = sa.select(*[t.links.c[name] for name in _LINK])
    with db.read() as connection:
        frame = state.fetch(connection, query, _LINK)
    order = ["prob", "event_id_a", "event_id_b"]
    return frame.sort_values(order, ascending=[False, True, True], ignore_index=True)


def are_old(db: Database) -> bool:
    """Whether an import came or was undone since the pairs were computed."""
    i, s = t.imports.c, t.data_states.c
    with db.read() as connection:
        version = connection.execute(sa.select(t.links.c.data_version).limit(1)).scalar()
        last = sa.select(sa.func.max(s.seq)).where(s.version == version)
        seq = connection.execute(last).scalar() or 0
        since = sa.select(sa.func.count()).where(
            i.kind == "events", sa.or_(i.added_seq > seq, i.undone_seq > seq)
        )
        return bool(connection.execute(since).scalar())


def decide(db: Database, first: str, second: str, outcome: str, by: str, reason: Said) -> int:
    """Keep what a person says about a pair; gives the number of the state after it.

    Parameters
    ----------
    db : where it is kept
    first, second : event ids of the pair, in any order
    outcome : "link", "unlink", or "auto" to take it back
    by : who says so
    reason : in words, or NOTHING
    """
    if outcome not in WORDS:
        raise ValueError(f"a decision is one of {', '.join(WORDS)}, got {outcome!r}")
    plain_of(reason, "a decision")
    if first == second:
        raise ValueError(f"a pair has two events, got {first!r} twice")
    with db.write() as connection:
        known = sa.select(t.event_versions.c.event_id).where(
            t.event_versions.c.event_id.in_([first, second])
        )
        found = set(connection.execute(known).scalars())
        if missing := sorted({first, second} - found):
            what = f"no event {', '.join(missing)} in the store"
            raise DataError(what, key="no_event", events=missing)
        seq = state.next_number(connection, t.data_states.c.seq)
        a, b = sorted((first, second))
        connection.execute(
            sa.insert(t.decisions).values(
                seq=seq,
                at=t.time_text(pd.Timestamp.now("UTC")),
                by=by,
                event_id_a=a,
                event_id_b=b,
                outcome=outcome,
                reason=reason,
            )
        )
        state.note_state(connection, seq, f"{outcome} {a} {b}")
    return seq


def decisions(db: Database, version: str | None = None, history: bool = False) -> pd.DataFrame:
    """The last word on each pair in a state, without pairs handed back; or every word.

    Parameters
    ----------
    db : where they are kept
    version : data version of the state; the current one by default
    history : every word ever said, instead of the last one on each pair
    """
    query = sa.select(*[t.decisions.c[name] for name in _DECISION]).order_by(t.decisions.c.seq)
    with db.read() as connection:
        seq = state.seq_of(connection, version)
        frame = state.fetch(connection, query.where(t.decisions.c.seq <= seq), _DECISION)
    if history:
        return frame
    frame = frame.drop_duplicates(["event_id_a", "event_id_b"], keep="last")
    return frame[frame["outcome"] != "auto"].reset_index(drop=True)


def add_override(
    db: Database,
    kind: str,
    target: str,
    value: str,
    reason: Said,
    expires_at: pd.Timestamp,
    by: str,
    assessment: str = "",
) -> str:
    """Keep an analyst's word on the score of a cell or sector, and give its number.

    It stands beside the model's score and never becomes a record to learn from.

    Parameters
    ----------
    db : where it is kept
    kind : "cell" or "sector"
    target : the cell; of a sector, a cell in it (sectors change their shape from week to week)
    value : one of OVERRIDE_VALUES
    reason : why, in words
    expires_at : the moment (UTC) from which on it does not hold any more
    by : who says so
    assessment : the one that was contested

    Raises
    ------
    DataError
        If the value is unknown, the reason is empty, or the end is not in the future.
    ValueError
        If the kind is unknown.
    """
    if kind not in OVERRIDE_KINDS:
        raise ValueError(f"kind is one of {', '.join(OVERRIDE_KINDS)}, got {kind!r}")
    if value not in OVERRIDE_VALUES:
        raise DataError(
            f"value is one of {', '.join(OVERRIDE_VALUES)}, got {value!r}",
            key="override_value", known=list(OVERRIDE_VALUES), given=value,
        )  # fmt: skip
    _need(reason, "an override")
    now = pd.Timestamp.now("UTC")
    if expires_at <= now:
        raise DataError(
            f"an override ends in the future, got {expires_at}",
            key="override_past", day=f"{expires_at:%Y-%m-%d}",
        )  # fmt: skip
    with db.write() as connection:
        number = state.next_number(connection, t.overrides.c.override_id)
        connection.execute(
            sa.insert(t.overrides).values(
                override_id=number,
                at=t.time_text(now),
                by=by,
                kind=kind,
                target=target,
                value=value,
                reason=reason,
                expires_at=t.time_text(expires_at),
                assessment=assessment,
            )
        )
    return str(number)


def withdraw_override(db: Database, override_id: str, by: str, reason: Said) -> None:
    """End an override before its time, and say why.

    Parameters
    ----------
    db : where it is kept
    override_id : its number
    by : who ends it
    reason : why, in words

    Raises
    ------
    DataError
        If the reason is empty, or there is no such override in force.
    """
    _need(reason, "a withdrawal")
    if not str(override_id).isdecimal():
        what = f"an override is named by its number, got {override_id!r}"
        raise DataError(what, key="override_number", given=str(override_id))
    o, now = t.overrides.c, t.time_text(pd.Timestamp.now("UTC"))
    with db.write() as connection:
        changed = connection.execute(
            sa.update(t.overrides)
            .where(o.override_id == int(override_id), o.withdrawn_at.is_(None), o.expires_at > now)
            .values(withdrawn_at=now, withdrawn_by=by, withdrawn_reason=reason)
        ).rowcount
    if not changed:
        what = f"no override {override_id} in force"
        raise DataError(what, key="no_override", number=str(override_id))


def overrides(db: Database, history: bool = False) -> pd.DataFrame:
    """The overrides in force, the newest first; or all there ever were."""
    o = t.overrides.c
    query = sa.select(*[o[name] for name in _OVERRIDE]).order_by(o.override_id.desc())
    if not history:
        now = t.time_text(pd.Timestamp.now("UTC"))
        query = query.where(o.withdrawn_at.is_(None), o.expires_at > now)
    with db.read() as connection:
        return state.fetch(connection, query, _OVERRIDE)


def _need(reason: Said, what: str) -> None:
    """Refuse text that did not pass the gate, and a word without one."""
    if not plain_of(reason, what):
        raise DataError(f"{what} needs a reason", key="reason_needed", where=what)
