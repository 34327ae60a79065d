"""Who did what, one line each, append only: every line carries the hash of the one before.

The database refuses to change or delete a line, and `verify` finds a line that was changed
behind its back; a cut tail is found by an anchor (`data/anchors.py`), a head that was written down
elsewhere. Lines name things (an assessment, an import, a page), never their contents.
"""

import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data.anchors import START, Anchor, Head
from data.findings import reason
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
        "revoke",
    }
)
#: key under which a line notes the last one that was let go
_UNTIL = "audit_until"
#: what a line tells of an address of the network, which has as many digits as a phone
FROM = "from"
_KINDS = {
    "seq": "int", "at": "time", "user": "text", "action": "text", "what": "text", "hash": "text",
}  # fmt: skip
#: an e-mail address, or as many digits as a phone, passport or identity number has
_PERSONAL = re.compile(r"\S@\S{1,64}\.\S|\d(?:[ .-]?\d){8,}")
_HASH = re.compile(
    r"\b(?=\w*[a-f])[0-9a-f]{12,64}\b|\bd[0-9a-f]{12}\b|\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{6}"
)


@dataclass(frozen=True)
class Asked:
    """Which lines are asked for; what is left out asks for all.

    action : one of ACTIONS, or "" for all
    user : as it stands in the line, None for all, "" for nobody who is known
    since, until : moments (UTC) between which a line was written, the second left out
    text : must stand in `what`, capitals alike
    """

    action: str = ""
    user: str | None = None
    since: pd.Timestamp | None = None
    until: pd.Timestamp | None = None
    text: str = ""


def log(store: Store, action: str, user: str, what: dict[str, Any] | str = "") -> int:
    """Append one line and give its number.

    Parameters
    ----------
    store : data.store.Store
    action : one of ACTIONS
    user : who did it, "" for nobody who is known
    what : names and counts, e.g. {"assessment": "20261124T...", "rows": 12}; no values of records.
        `from` holds the address of a network that it came from

    Raises
    ------
    ValueError
        If the action is unknown, `what` looks like personal data or is longer than 500 signs, or
        `from` is no address.
    """
    if action not in ACTIONS:
        raise ValueError(f"unknown action {action!r}; known are {', '.join(sorted(ACTIONS))}")
    bare = what if isinstance(what, str) else _told(_without_address(what))
    if not isinstance(what, str):
        what = _told(what)
    if len(what) > 500:
        raise ValueError(f"an audit line names things in at most 500 signs, got {len(what)}")
    if looks_personal(bare):
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
    seq, before = (last.seq + 1, last.hash) if last else (1, START)
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
    return START, 1


def looks_personal(text: str) -> bool:
    """Whether a text holds a number as long as a phone's, or anything the gate would refuse."""
    bare = _HASH.sub("", text)
    from data.personal.signs import is_likely, kinds_in  # a listing logs nothing

    return bool(_PERSONAL.search(bare) or kinds_in(bare) or is_likely(bare))


def name_or(name: str, instead: str) -> str:
    """A name as a line may hold it: another where it looks like personal data, or is long."""
    return instead if len(name) > 80 or looks_personal(name) else name


def read(
    store: Store, last: int | None = None, asked: Asked = Asked(), skip: int = 0
) -> pd.DataFrame:
    """The lines, newest first: seq, at (UTC), user, action, what, hash.

    Parameters
    ----------
    store : data.store.Store
    last : how many at most, None for all
    asked : which of them
    skip : how many of the newest are left out
    """
    columns = [t.audit.c[name] for name in _KINDS]
    query = sa.select(*columns).where(*_conditions(asked)).order_by(t.audit.c.seq.desc())
    if last is not None or skip:  # SQLite knows no offset without a limit
        query = query.limit(2**62 if last is None else last).offset(skip)
    with store.db.read() as connection:
        return t.to_frame(connection.execute(query).fetchall(), _KINDS)


def count(store: Store, asked: Asked = Asked()) -> int:
    """How many lines there are."""
    query = sa.select(sa.func.count()).select_from(t.audit).where(*_conditions(asked))
    with store.db.read() as connection:
        return int(connection.execute(query).scalar_one())


def users(store: Store) -> list[str]:
    """Every name that stands in a line, in order; "" for nobody who is known."""
    query = sa.select(t.audit.c.user).distinct().order_by(t.audit.c.user)
    with store.db.read() as connection:
        return list(connection.execute(query).scalars())


def head(store: Store) -> Head:
    """The last line's number and hash, which stand for the whole log."""
    query = sa.select(t.audit.c.seq, t.audit.c.hash).order_by(t.audit.c.seq.desc()).limit(1)
    with store.db.read() as connection:
        row = connection.execute(query).first()
    return Head(row.seq, row.hash) if row else Head(0, START)


def verify(store: Store, anchors: Sequence[Anchor] = ()) -> list[str]:
    """What is wrong with the log, as reasons; empty if no line was changed, lost or added.

    Parameters
    ----------
    store : data.store.Store
    anchors : heads that were written down elsewhere and whose signature holds; without one, lines
        cut off the end leave no trace
    """
    faults = []
    wanted = {anchor.head.seq for anchor in anchors}
    with store.db.read() as connection:
        before, expected = _beginning(connection)
        hashes = {expected - 1: before}
        for row in connection.execute(sa.select(t.audit).order_by(t.audit.c.seq)):
            line = dict(row._mapping)
            if line["seq"] != expected:
                first, last = expected, line["seq"] - 1
                what = f"audit lines {first} to {last} are missing"
                faults.append(reason("audit_missing", what, first=first, last=last))
            elif line["hash"] != _chained(before, line):
                what = f"audit line {line['seq']} was changed"
                faults.append(reason("audit_changed", what, line=line["seq"]))
            before, expected = line["hash"], line["seq"] + 1
            if line["seq"] in wanted:
                hashes[line["seq"]] = before
    return faults + _against(anchors, hashes, expected - 1)


def _against(anchors: Sequence[Anchor], hashes: Mapping[int, str], last: int) -> list[str]:
    """What anchors say that the log does not; told by the one that says most of a cut tail."""
    faults = []
    beyond = [anchor for anchor in anchors if anchor.head.seq > last]
    if beyond:
        most = max(beyond, key=lambda anchor: anchor.head.seq)
        seq, at = most.head.seq, f"{most.at:%Y-%m-%dT%H:%M:%SZ}"
        what = f"audit lines {last + 1} to {seq} were cut off: an anchor of {at} knew line {seq}"
        faults.append(reason("audit_cut", what, first=last + 1, last=seq, at=at))
    for anchor in anchors:
        seq = anchor.head.seq
        if seq <= last and seq in hashes and hashes[seq] != anchor.head.hash:
            at = f"{anchor.at:%Y-%m-%dT%H:%M:%SZ}"
            what = f"the log up to line {seq} is not the one that was anchored at {at}"
            faults.append(reason("audit_rewritten", what, line=seq, at=at))
    return faults


def _conditions(asked: Asked) -> list[sa.ColumnElement[bool]]:
    line = t.audit.c
    wanted: list[sa.ColumnElement[bool]] = []
    if asked.action:
        wanted.append(line.action == asked.action)
    if asked.user is not None:
        wanted.append(line.user == asked.user)
    if asked.since is not None:
        wanted.append(line.at >= t.time_text(asked.since))
    if asked.until is not None:
        wanted.append(line.at < t.time_text(asked.until))
    if asked.text:
        wanted.append(line.what.icontains(asked.text, autoescape=True))
    return wanted


def _told(what: Mapping[str, Any]) -> str:
    return json.dumps(what, ensure_ascii=False, sort_keys=True, default=str)


def _without_address(what: Mapping[str, Any]) -> dict[str, Any]:
    """All but the address it came from, which must be one: nothing else passes in its place."""
    if FROM in what:
        ipaddress.ip_address(what[FROM])  # a ValueError says what it got
    return {key: value for key, value in what.items() if key != FROM}


def _chained(before: str, line: dict[str, Any]) -> str:
    parts = [before, *(str(line[name]) for name in ("seq", "at", "user", "action", "what"))]
    return t.short_hash(json.dumps(parts, ensure_ascii=False))
