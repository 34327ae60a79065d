"""One way to SQLite and PostgreSQL: a reading and a writing transaction, and bulk inserts."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc

from data.errors import DataError
from data.store import tables as t

#: how long a writer waits for another one before it gives up
BUSY_SECONDS = 60
#: any number, the same in every program: the lock that makes PostgreSQL's writers queue
_WRITERS = 6_100_001
#: after so many rows PostgreSQL counts again; it would plan the next import for an empty table
_ANALYZE_ROWS = 5_000
#: what the drivers raise where a file is no database, or its pages are torn
_DAMAGE = (exc.DatabaseError, exc.InternalError)


class Database:
    """A database behind a URL: `sqlite:///path/to/file` or `postgresql://user@host/name`.

    Writers queue, readers never wait: SQLite keeps a write-ahead log, PostgreSQL its own row
    versions. A transaction sees one state of everything, and either happens or does not.
    """

    def __init__(self, url: str):
        try:
            address = sa.make_url(url)
        except exc.ArgumentError as problem:
            raise DataError(
                "the store's url is not understood; expected sqlite:///folder/store.sqlite "
                f"or postgresql://user@host/name, got {url!r}",
                key="store_url",
            ) from problem
        self.sqlite = address.get_backend_name() == "sqlite"
        if not self.sqlite and address.get_backend_name() != "postgresql":
            raise DataError(
                "the store's url is not understood; expected sqlite:///folder/store.sqlite "
                f"or postgresql://user@host/name, got {address.drivername!r}",
                key="store_url",
            )
        if self.sqlite:
            if not address.database or address.database == ":memory:":
                what = "the store's url is not understood; expected sqlite:///folder/store.sqlite"
                raise DataError(what, key="store_url")
            self.path = Path(address.database)
            self.engine = sa.create_engine(
                address, poolclass=sa.NullPool, connect_args={"timeout": BUSY_SECONDS}
            )
            event.listen(self.engine, "connect", _open_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.engine = sa.create_engine(
                address.set(drivername="postgresql+psycopg"), pool_pre_ping=True
            )

    def make_home(self) -> None:
        """Create the folder of an SQLite file; PostgreSQL's database must exist already."""
        if self.sqlite:
            self.path.parent.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent view of the database; never blocked by a writer."""
        with self._transaction(write=False) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction of its own: one writer at a time, everything or nothing."""
        with self._transaction(write=True) as connection:
            yield connection

    @contextmanager
    def _transaction(self, write: bool) -> Iterator[sa.Connection]:
        level = {} if self.sqlite or write else {"isolation_level": "REPEATABLE READ"}
        try:
            with (
                self.engine.connect().execution_options(writes=write, **level) as connection,
                connection.begin(),
            ):
                if write and not self.sqlite:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS)))
                yield connection
        except exc.OperationalError as problem:
            reason = self._say(problem)
            raise DataError(reason, key="store_fails", told=reason) from problem
        except exc.DatabaseError as problem:
            if type(problem) not in _DAMAGE:
                raise  # a wrong statement or a broken rule is a fault of the program
            reason = self._say(problem)
            raise DataError(
                f"the store is damaged: {reason}. Set that file aside and restore the last backup",
                key="store_damaged", told=reason,
            ) from problem  # fmt: skip

    def forget_log(self) -> None:
        """Fold SQLite's write-ahead log into the file, so that deleted rows are not in it."""
        if self.sqlite:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
                _driver_of(c).execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def scrub(self, names: Iterable[str]) -> None:
        """Let nothing of deleted rows be left in the files of some tables.

        SQLite overwrites what is deleted; PostgreSQL keeps it until the tables are written anew.
        """
        self.forget_log()
        if not self.sqlite:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
                for name in names:
                    c.exec_driver_sql(f'VACUUM FULL "{name}"')

    def _say(self, problem: exc.DatabaseError) -> str:
        reason = str(problem.orig).strip().splitlines()[0]
        where = str(self.path) if self.sqlite else self.engine.url.render_as_string()
        if "locked" in reason:
            return f"{where}: another program has been writing for {BUSY_SECONDS} s; try again"
        return f"{where}: {reason}"

    def insert(self, connection: sa.Connection, table: sa.Table, values: t.Values) -> None:
        """Insert columns of equal length; COPY on PostgreSQL, one prepared statement on SQLite.

        Parameters
        ----------
        connection : of a writing transaction
        table : that gets the rows
        values : columns by name, of equal length; one that is None throughout is left out
        """
        values = {
            name: column for name, column in values.items() if column.count(None) < len(column)
        }
        if not values:
            return
        rows = zip(*values.values(), strict=True)
        if self.sqlite:
            _insert_sqlite(connection, table, list(values), rows)
        else:
            _copy(connection, table, list(values), rows)
            if len(next(iter(values.values()))) >= _ANALYZE_ROWS:
                connection.exec_driver_sql(f'ANALYZE "{table.name}"')


def _open_sqlite(raw: Any, _record: object) -> None:
    raw.isolation_level = None  # the module would otherwise begin transactions by itself
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("PRAGMA secure_delete=ON")
    raw.execute("PRAGMA cache_size=-65536")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _driver_of(connection: sa.Connection) -> Any:
    """The connection of the database's own driver, whichever that is."""
    return connection.connection.driver_connection


def _insert_sqlite(
    connection: sa.Connection, table: sa.Table, names: list[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    raw = _driver_of(connection)
    raw.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', rows)


def _copy(
    connection: sa.Connection, table: sa.Table, names: list[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    raw = _driver_of(connection)
    with (
        raw.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as stream,
    ):
        for row in rows:
            stream.write_row(row)
