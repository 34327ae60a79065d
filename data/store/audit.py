"""Who did what, one line each, append only: every line carries the hash of the one before.

The database refuses to change or delete a line, and `verify` finds a line that was changed
behind its back. Lines name things (an assessment, an import, a page), never their contents.
"""

import json
import re
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data.store import migrations
from data.store import tables as t
from data.store.records import Store

ACTIONS = frozenset(
    {
        "sign_in",
        "sign_out",
        "denied",
        "view",
        "export",
        "import",
        "undo",
        "erase",
        "link",
        "override",
        "approve",
        "assess",
        "publish",
        "backup",
        "restore",
        "prune",
        "rotate",
    }
)
_START = "0" * 32
#: key under which a line notes the last one that was let go
_UNTIL = "audit_until"
#: an e-mail address, or as many digits as a phone, passport or identity number has
_PERSONAL = re.compile(r"\S@\S{1,64}\.\S|\d(?:[ .-]?\d){8,}")
_HASH = re.compile(
    r"\b(?=\w*[a-f])[0-9a-f]{12,64}\b|\bd[0-9a-f]{12}\b|\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{6}"
)


def log(store: Store, action: str, user: str, what: dict[str, Any] | str = "") -> int:
    """Append one line and give its number.

    Parameters
    ----------
    store : data.store.Store
    action : one of ACTIONS
    user : who did it, "" for nobody who is known
    what : names and counts, e.g. {"assessment": "20261124T...", "rows": 12}; no values of records

    Raises
    ------
    ValueError
        If the action is unknown, or `what` looks like personal data or is longer than 500 signs.
    """
    if action not in ACTIONS:
        raise ValueError(f"unknown action {action!r}; known are {', '.join(sorted(ACTIONS))}")
    if isinstance(what, dict):
        what = json.dumps(what, ensure_ascii=False, sort_keys=True, default=str)
    if len(what) > 500:
        raise ValueError(f"an audit line names things in at most 500 signs, got {len(what)}")
    if looks_personal(what):
        raise ValueError("an audit line holds no personal data; name the thing, not the person")
    with store.db.write() as connection:
        return append(connection, action, user, what)


def append(connection: sa.Connection, action: str, user: str, what: str) -> int:
    """The same as a part of a writing transaction; `log` says what a line may hold.

    Parameters
    ----------
    connection : of the transaction
    action : one of ACTIONS
    user : who did it
    what : names and counts, as text
    """
    last = connection.execute(
        sa.select(t.audit.c.seq, t.audit.c.hash).order_by(t.audit.c.seq.desc()).limit(1)
    ).first()
    seq, before = (last.seq + 1, last.hash) if last else (1, _START)
    line = {
        "seq": seq,
        "at": t.time_text(pd.Timestamp.now("UTC")),
        "user": user,
        "action": action,
        "what": what,
    }
    line["hash"] = _chained(before, line)
    connection.execute(sa.insert(t.audit).values(**line))
    return seq


def let_go(connection: sa.Connection, before: pd.Timestamp, by: str) -> int:
    """Delete the lines written before a moment; gives how many.

    A line at the end keeps the number and hash of the last that went, so that the rest can still
    be verified. The newest line stays whatever its age.

    Parameters
    ----------
    connection : of a writing transaction
    before : the moment (UTC)
    by : who does it
    """
    a = t.audit.c
    newest = sa.select(sa.func.max(a.seq)).scalar_subquery()
    old = sa.select(a.seq, a.hash).where(a.at < t.time_text(before), a.seq < newest)
    last = connection.execute(old.order_by(a.seq.desc()).limit(1)).first()
    if last is None:
        return 0
    migrations.open_audit(connection)
    n = connection.execute(sa.delete(t.audit).where(a.seq <= last.seq)).rowcount
    migrations.guard_audit(connection)
    mark = {_UNTIL: last.seq, "hash": last.hash, "lines": n}
    append(connection, "prune", by, json.dumps(mark, sort_keys=True))
    return n


def count_of(store: Store, action: str) -> int:
    """How many lines there are of an action."""
    query = sa.select(sa.func.count()).where(t.audit.c.action == action)
    with store.db.read() as connection:
        return int(connection.execute(query).scalar_one())


def _beginning(connection: sa.Connection) -> tuple[str, int]:
    """The hash before the first line, and its number: what the last `let_go` noted, or the start.

    Only the line that names the very number before the first one counts, so that lines cut off the
    front by hand leave a gap.
    """
    a = t.audit.c
    first = connection.execute(sa.select(sa.func.min(a.seq))).scalar() or 1
    noted = sa.select(a.what).where(a.action == "prune", a.what.contains(f'"{_UNTIL}"'))
    for text in connection.execute(noted).scalars():
        mark = json.loads(text)
        if mark[_UNTIL] == first - 1:
            return mark["hash"], first
    return _START, 1


def looks_personal(text: str) -> bool:
    """Whether a text holds a number as long as a phone's, or anything the gate would refuse."""
    bare = _HASH.sub("", text)
    from data.personal.signs import is_likely, kinds_in  # a listing logs nothing

    return bool(_PERSONAL.search(bare) or kinds_in(bare) or is_likely(bare))


def read(store: Store, last: int | None = None) -> pd.DataFrame:
    """The lines, newest first: seq, at (UTC), user, action, what."""
    kinds = {"seq": "int", "at": "time", "user": "text", "action": "text", "what": "text"}
    query = sa.select(*[t.audit.c[name] for name in kinds]).order_by(t.audit.c.seq.desc())
    with store.db.read() as connection:
        return t.to_frame(connection.execute(query.limit(last)).fetchall(), kinds)


def verify(store: Store) -> list[str]:
    """What is wrong with the log, in sentences; empty if no line was changed, lost or added."""
    faults = []
    with store.db.read() as connection:
        before, expected = _beginning(connection)
        for row in connection.execute(sa.select(t.audit).order_by(t.audit.c.seq)):
            line = dict(row._mapping)
            if line["seq"] != expected:
                faults.append(f"audit lines {expected} to {line['seq'] - 1} are missing")
            elif line["hash"] != _chained(before, line):
                faults.append(f"audit line {line['seq']} was changed")
            before, expected = line["hash"], line["seq"] + 1
    return faults


def _chained(before: str, line: dict[str, Any]) -> str:
    parts = [before, *(str(line[name]) for name in ("seq", "at", "user", "action", "what"))]
    return t.short_hash(json.dumps(parts, ensure_ascii=False))
