"""A store in each kind of database; PostgreSQL is a throw-away cluster of the machine's own."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import pytest

from data.store.records import Store


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _ordinary_user() -> str | None:
    """PostgreSQL refuses to run as root: the user to run it as, None for whoever runs the tests."""
    if os.name == "nt" or os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    pytest.skip("no user to run PostgreSQL as (it refuses root)")


@pytest.fixture(scope="session")
def postgres():
    """URL of a running cluster's first database, over a unix socket; skipped where impossible."""
    psycopg = pytest.importorskip("psycopg")
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine (apt install postgresql)")
    user = _ordinary_user()
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if user:
        shutil.chown(home, user)
    as_user = {"user": user, "group": pwd.getpwnam(user).pw_gid} if user else {}
    as_user |= {"extra_groups": []} if user else {}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": home, **as_user}
    options = ["-U", "uji", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    command = [binaries / "initdb", "-D", home / "data", *options]
    made = subprocess.run(command, check=False, **quiet)
    if made.returncode:
        shutil.rmtree(home, ignore_errors=True)
        pytest.skip(f"initdb failed: {made.stderr.decode(errors='replace').strip()[-200:]}")
    settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=40"]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", home / "data", "-k", home, *settings],
        **(quiet | {"stderr": subprocess.DEVNULL}),
    )
    url = f"postgresql://uji@/postgres?host={home}"
    try:
        for _ in range(100):
            try:
                psycopg.connect(url).close()
                break
            except psycopg.OperationalError:
                if server.poll() is not None:
                    pytest.skip(f"PostgreSQL stopped at once with {server.returncode}")
                time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def new_postgres_store(postgres, tmp_path):
    """Makes empty stores, each in a database of its own."""
    import psycopg

    made = []

    def make() -> Store:
        name = f"uji_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        made.append(Store(postgres.replace("/postgres?", f"/{name}?"), tmp_path / name))
        made[-1].create()
        return made[-1]

    yield make
    for store in made:
        store.db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    """An empty store, once on SQLite and once on PostgreSQL."""
    if request.param == "postgresql":
        return request.getfixturevalue("new_postgres_store")()
    made = Store(f"sqlite:///{tmp_path / 'store.sqlite'}", tmp_path)
    made.create()
    return made
