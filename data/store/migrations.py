"""How a store made by an older program becomes one of this program, step by step.

A step takes the store from one schema version to the next. All steps run inside one
transaction, so a store is never left between two versions. A released step is never changed.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from data.errors import DataError
from data.store import tables as t


def _guard_audit(connection: sa.Connection) -> None:
    """Version 2: the database itself refuses to change or delete a line of the audit log."""
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END"
            )
        return
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append only'; END $$"
    )
    connection.exec_driver_sql(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _add_mends(connection: sa.Connection) -> None:
    """Version 3: which set-aside rows an import brought again."""
    t.mends.create(connection, checkfirst=True)


def _add_forgotten(connection: sa.Connection) -> None:
    """Version 4: what was deleted for good, so that older states are not given as whole."""
    t.forgotten.create(connection, checkfirst=True)


def open_audit(connection: sa.Connection) -> None:
    """Lift the guard of the audit log inside a writing transaction; `guard_audit` puts it back."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER audit_no_{verb}")
        return
    connection.exec_driver_sql("DROP TRIGGER audit_append_only ON audit")


def guard_audit(connection: sa.Connection) -> None:
    """Let the database refuse to change or delete a line of the audit log."""
    _guard_audit(connection)


#: STEPS[k] leads from schema version k + 1 to k + 2; a new store passes all of them
STEPS: list[Callable[[sa.Connection], None]] = [_guard_audit, _add_mends, _add_forgotten]


def current_version() -> int:
    """The schema version that this program writes."""
    return len(STEPS) + 1


def version_of(connection: sa.Connection) -> int:
    """Schema version of an open store, 0 for an empty database."""
    if not sa.inspect(connection).has_table("meta"):
        return 0
    found = connection.execute(
        sa.select(t.meta.c.value).where(t.meta.c.key == "schema_version")
    ).scalar()
    return int(found or 0)


def is_current(connection: sa.Connection) -> bool:
    """Whether the store has this program's version and all its columns."""
    if version_of(connection) != current_version():
        return False
    inspector = sa.inspect(connection)
    return not any(_missing(inspector, table) for table in t.tables.sorted_tables)


def migrate(connection: sa.Connection) -> list[int]:
    """Bring a store to the current version; gives the versions passed, empty if it was current.

    Optional columns that the schema of events or effort has gained are added as empty ones.

    Raises
    ------
    DataError
        If the store was written by a newer program.
    """
    version, current = version_of(connection), current_version()
    if version > current:
        raise DataError(
            f"the store has schema version {version}, this program knows {current}; "
            "use the newer program",
            key="store_newer", version=str(version), known=str(current),
        )  # fmt: skip
    if version == 0:
        t.tables.create_all(connection)
    for step in STEPS[max(version - 1, 0) :]:
        step(connection)
    passed = list(range(version + 1, current + 1))
    if passed:
        connection.execute(sa.delete(t.meta).where(t.meta.c.key == "schema_version"))
        connection.execute(sa.insert(t.meta).values(key="schema_version", value=str(current)))
    add_missing_columns(connection)
    return passed


def add_missing_columns(connection: sa.Connection) -> list[str]:
    """Add the optional columns that a table lacks; gives them as `table.column`."""
    added = []
    inspector = sa.inspect(connection)
    for table in t.tables.sorted_tables:
        for column in _missing(inspector, table):
            kind = column.type.compile(connection.dialect)
            connection.exec_driver_sql(
                f'ALTER TABLE "{table.name}" ADD COLUMN "{column.name}" {kind}'
            )
            added.append(f"{table.name}.{column.name}")
    return added


def _missing(inspector: sa.Inspector, table: sa.Table) -> list[sa.Column[Any]]:
    have = {column["name"] for column in inspector.get_columns(table.name)}
    return [column for column in table.columns if column.name not in have]
