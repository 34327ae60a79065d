"""What has been kept long enough, and goes: counted first, and noted in the audit log.

A dry run deletes the same rows in a transaction that is rolled back, so that it counts what would
go and nothing else.
"""

import json
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from data.store import assessments, audit, plans, state
from data.store import tables as t
from data.store.records import Store

WEEK = pd.Timedelta(weeks=1)


@dataclass(frozen=True)
class Rules:
    """How long what is kept; 0 keeps it for ever.

    records_years : records and effort, from the day they tell of
    aside_weeks : refused rows and unknown words, from their import
    audit_years : lines of the audit log
    plans_weeks : patrol plans, from the end of their week
    papers_weeks : papers and journals of the weekly run, from the Monday of their week
    inbox_weeks : files of the inbox that were read, from when they were put away
    assessments : the newest ones, so many
    backups : the newest ones, so many
    """

    records_years: int = 0
    aside_weeks: int = 0
    audit_years: int = 0
    plans_weeks: int = 0
    papers_weeks: int = 0
    inbox_weeks: int = 0
    assessments: int = 0
    backups: int = 0


@dataclass(frozen=True)
class Places:
    """Where files lie besides the store's own: None where there are none.

    backups : folder of the backups that the program makes
    inbox : folders of files that were read
    """

    backups: Path | None = None
    inbox: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Gone:
    """What goes of one kind.

    table : the kind
    n : how many
    rule : the setting that says so, with its value
    before : the day before which it goes, "" where a number is kept
    """

    table: str
    n: int
    rule: str
    before: str = ""


class _Dry(Exception):
    """Rolls a dry run back."""


def prune(
    store: Store, rules: Rules, places: Places, now: pd.Timestamp, by: str, dry: bool = False
) -> list[Gone]:
    """Delete what the rules let go of; gives what went (or would go), kind by kind.

    The rows go in one transaction together with the line of the audit log; files afterwards, so a
    run that was cut leaves files for the next one and never a row without its line.

    Parameters
    ----------
    store : data.store.Store
    rules : how long what is kept
    places : where files lie
    now : the moment (UTC) from which is counted back
    by : who does it
    dry : count, and delete nothing
    """
    files = _files(store, rules, places, now)
    gone: list[Gone] = []
    try:
        with store.db.write() as connection:
            gone = [*_rows(connection, rules, now, by), *(told for told, _ in files)]
            went = {one.table: one.n for one in gone if one.n}
            if went:
                audit.append(connection, "prune", by, json.dumps(went, sort_keys=True))
            if dry:
                raise _Dry
    except _Dry:
        return gone
    store.db.forget_log()
    for _, delete in files:
        delete()
    return gone


def _rows(connection: sa.Connection, rules: Rules, now: pd.Timestamp, by: str) -> list[Gone]:
    gone = []
    if rules.records_years:
        limit = now - pd.DateOffset(years=rules.records_years)
        rule, day = f"records_years = {rules.records_years}", f"{limit:%Y-%m-%d}"
        names = old_records(connection, limit)
        records = delete_records(connection, names)
        old = t.effort_rows.c.week < day
        effort = connection.execute(sa.delete(t.effort_rows).where(old)).rowcount
        if names or effort:
            state.forget(connection, "retention", [*names, f"effort {effort} before {day}"], by)
        gone += [Gone("records", records, rule, day), Gone("effort", effort, rule, day)]
    if rules.aside_weeks:
        limit = now - rules.aside_weeks * WEEK
        rule, day = f"aside_weeks = {rules.aside_weeks}", f"{limit:%Y-%m-%d}"
        n = _delete_aside(connection, limit)
        gone.append(Gone("set_aside", n, rule, day))
    if rules.audit_years:
        limit = now - pd.DateOffset(years=rules.audit_years)
        n = audit.let_go(connection, limit, by)
        rule = f"audit_years = {rules.audit_years}"
        gone.append(Gone("audit", n, rule, f"{limit:%Y-%m-%d}"))
    return gone


def old_records(connection: sa.Connection, limit: pd.Timestamp) -> list[str]:
    """Ids of the versions of all records of which every version tells of a time before `limit`."""
    v = t.event_versions.c
    old = (
        sa.select(v.source_agency, v.source_record_id)
        .group_by(v.source_agency, v.source_record_id)
        .having(sa.func.max(v.event_start) < t.time_text(limit))
    )
    query = sa.select(v.version_id).where(sa.tuple_(v.source_agency, v.source_record_id).in_(old))
    return list(connection.execute(query).scalars())


def delete_records(connection: sa.Connection, versions: list[str]) -> int:
    """Delete versions of records with what was said of them; gives how many records went.

    Links and decisions that name one of them go as well.

    Parameters
    ----------
    connection : of a writing transaction
    versions : ids of versions, of each record all
    """
    v, n = t.event_versions.c, 0
    for start in range(0, len(versions), 5_000):
        part = versions[start : start + 5_000]
        own = sa.select(v.event_id).where(v.version_id.in_(part))
        events = set(connection.execute(own).scalars())
        forget_history(connection, events)
        n += len(events)
        for table in (t.links, t.decisions):
            named = sa.or_(table.c.event_id_a.in_(own), table.c.event_id_b.in_(own))
            connection.execute(sa.delete(table).where(named))
        connection.execute(sa.delete(t.carried).where(t.carried.c.version_id.in_(part)))
        connection.execute(sa.delete(t.event_versions).where(v.version_id.in_(part)))
    return n


def forget_history(connection: sa.Connection, events: Collection[str]) -> None:
    """Take ids out of the history of states, which names the pair of each decision."""
    what = t.data_states.c.what
    gone = set(events)
    pairs = sa.select(t.data_states.c.seq, what).where(what.contains(":"))
    for row in connection.execute(pairs).fetchall():
        words = row.what.split(" ")
        if gone & {*words}:
            left = " ".join(word for word in words if word not in gone)
            here = sa.update(t.data_states).where(t.data_states.c.seq == row.seq)
            connection.execute(here.values(what=left))


def _delete_aside(connection: sa.Connection, limit: pd.Timestamp) -> int:
    """Delete refused rows and unknown words of old imports; gives how many rows."""
    i = t.imports.c
    old = sa.select(i.import_id).where(i.at < t.time_text(limit))
    n = connection.execute(sa.delete(t.set_aside).where(t.set_aside.c.import_id.in_(old))).rowcount
    bare = sa.update(t.imports).where(i.at < t.time_text(limit), i.unknown_words.isnot(None))
    connection.execute(bare.values(unknown_words=None))
    return n


def _files(
    store: Store, rules: Rules, places: Places, now: pd.Timestamp
) -> list[tuple[Gone, Callable[[], None]]]:
    """What goes of files, each with what deletes it."""
    made: list[tuple[Gone, Callable[[], None]]] = []
    if rules.assessments:
        home = store.assessment_folder
        names = assessments.beyond(home, rules.assessments)
        goes = Gone("assessments", len(names), f"keep_assessments = {rules.assessments}")
        made.append((goes, lambda: assessments.remove(home, names)))
    if rules.plans_weeks:
        limit = now - rules.plans_weeks * WEEK
        old = _old_plans(store, limit)
        rule = f"plans_weeks = {rules.plans_weeks}"
        made.append((Gone("plans", len(old), rule, f"{limit:%Y-%m-%d}"), lambda: _remove(old)))
    if rules.papers_weeks:
        limit = now - rules.papers_weeks * WEEK
        papers = _old_papers(store.folder / "weekly", f"{limit:%Y-%m-%d}")
        rule = f"papers_weeks = {rules.papers_weeks}"
        goes = Gone("papers", len(papers), rule, f"{limit:%Y-%m-%d}")
        made.append((goes, lambda: _remove(papers)))
    if rules.inbox_weeks:
        limit = now - rules.inbox_weeks * WEEK
        # the time of the rename: what a file says of itself may be as old as it likes
        read = [path for folder in places.inbox if folder.is_dir() for path in folder.iterdir()
                if path.stat().st_ctime < limit.timestamp()]  # fmt: skip
        rule = f"inbox_weeks = {rules.inbox_weeks}"
        goes = Gone("inbox", len(read), rule, f"{limit:%Y-%m-%d}")
        made.append((goes, lambda: _remove(read)))
    if rules.backups and places.backups is not None:
        surplus = backups_in(places.backups)[: -rules.backups]
        goes = Gone("backups", len(surplus), f"keep_backups = {rules.backups}")
        made.append((goes, lambda: _remove(surplus)))
    return made


def backups_in(folder: Path) -> list[Path]:
    """The backups that the program made by itself, the oldest first."""
    return sorted(folder.glob("kalbar-risk-*.zip*"))


def _old_plans(store: Store, limit: pd.Timestamp) -> list[Path]:
    """Folders of plans whose week ended before a moment."""
    listed = plans.listing(store)
    ended = pd.to_datetime(listed["first_day"], errors="coerce", utc=True) + WEEK
    return [store.folder / plans.FOLDER / name for name in listed.loc[ended < limit, "plan"]]


def _old_papers(home: Path, day: str) -> list[Path]:
    """Folders and journals of weekly runs whose Monday lies before a day."""
    dated = home.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*")
    return sorted(path for path in dated if path.name[:10] < day)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
