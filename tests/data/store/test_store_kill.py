"""Killed at any moment, the store is as before or complete; many writers lose nothing."""

import multiprocessing
import os
import random
import signal
import time

import pandas as pd
import pytest
import sqlalchemy as sa

from data.store import assessments
from data.store import tables as t
from data.store.records import Store
from tests.data.store_world import make_events, reading_of

KILLS = {"sqlite": 50, "postgresql": 30}
ROWS = 300
TEMPLATE = make_events([{}] * ROWS)
#: new processes are forked from one that has imported everything and holds no thread
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["tests.data.store.test_store_kill"])


def batch(writer: str, number: int):
    """A reading with ROWS rows of its own; every import corrects one record of them all."""
    rows = TEMPLATE.copy()
    names = [f"{writer}-{number}-{i}" for i in range(ROWS - 1)] + ["shared"]
    rows["source_record_id"] = pd.Series(names, dtype="str")
    rows["event_id"] = "satgas:" + rows["source_record_id"]
    rows.loc[ROWS - 1, "source_version"] = number + 1
    return reading_of(rows, f"{writer}-{number}", n_refused=3)


def ingest_forever(url: str, folder: str, writer: str, first: int, told) -> None:
    store = Store(url, folder)
    ready = [batch(writer, first + k) for k in range(3)]
    told.send("ready")
    for reading in ready:
        summary = store.ingest(reading)
        told.send(summary.import_id)
    while True:
        time.sleep(1)


def ingest_some(url: str, folder: str, writer: str, n: int, told) -> None:
    store = Store(url, folder)
    for k in range(n):
        told.send(store.ingest(batch(writer, k)).import_id)


def write_forever(folder: str, told) -> None:
    store = Store(f"sqlite:///{folder}/unused.sqlite", folder)
    frames = {name: pd.DataFrame({"risk": [0.5] * 20_000}) for name in ("cells", "risk", "history")}
    told.send("ready")
    while True:
        told.send(store.write_assessment(frames, {"area": "kalbar"}))


def killed(target, args: tuple, after_s: float) -> list[str]:
    """Run a process, kill it some time after it was ready; gives what it had acknowledged."""
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*args, there), daemon=True)
    process.start()
    there.close()
    assert here.recv() == "ready"
    time.sleep(after_s)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    told = []
    try:
        while here.poll():
            told.append(here.recv())
    except EOFError:
        pass
    return told


def parts_of_imports(store: Store) -> dict[str, tuple[int, int, int]]:
    """Rows carried, rows set aside and rows read of each import, as any reader sees them."""
    with store.db.read() as connection:
        carried = _counts(connection, t.carried)
        refused = _counts(connection, t.set_aside)
        read = connection.execute(sa.select(t.imports.c.import_id, t.imports.c.n_read)).fetchall()
    names = carried.keys() | refused.keys() | {row.import_id for row in read}
    n_read = {row.import_id: row.n_read for row in read}
    return {
        str(name): (carried.get(name, 0), refused.get(name, 0), n_read.get(name, 0))
        for name in names
    }


def _counts(connection, table) -> dict[int, int]:
    name = table.c.import_id
    query = sa.select(name, sa.func.count()).group_by(name)
    return dict(tuple(row) for row in connection.execute(query))


def test_killed_at_any_moment_an_import_is_whole_or_absent(store):
    rng = random.Random(11)
    acknowledged, torn, cut_short = set(), [], 0
    kills = KILLS[store.db.engine.name]
    began = time.perf_counter()
    for k in range(3):  # how long three imports take on this machine, at this load
        acknowledged.add(store.ingest(batch("undisturbed", k)).import_id)
    span = time.perf_counter() - began
    for k in range(kills):
        args = (str(store.db.engine.url.render_as_string(hide_password=False)), str(store.folder))
        told = killed(ingest_forever, (*args, "w", 3 * k), rng.uniform(0, span))
        acknowledged |= set(told)
        cut_short += len(told) < 3
        parts = parts_of_imports(store)
        torn += [item for item in parts.items() if item[1] != (ROWS, 3, ROWS + 3)]
        assert acknowledged <= set(parts), "an acknowledged import is gone"
    assert torn == []
    assert cut_short > kills // 3, "too few kills hit an import; shorten the wait"
    # nothing is lost or doubled in the state either, and the store takes the next import
    imports = store.imports()
    assert len(imports) == len(parts) and imports["import_id"].is_unique
    events = store.events()
    assert len(events) == len(parts) * (ROWS - 1) + 1
    assert store.ingest(batch("last", 10_000)).n_new == ROWS - 1
    if store.db.sqlite:
        with store.db.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_two_writers_and_a_reader_lose_nothing_and_see_no_half(store):
    url = str(store.db.engine.url.render_as_string(hide_password=False))
    n, writers = 12, []
    for name in ("a", "b"):
        here, there = context.Pipe(duplex=False)
        args = (url, str(store.folder), name, n, there)
        writers.append((context.Process(target=ingest_some, args=args, daemon=True), here))
        writers[-1][0].start()
    looks = 0
    while any(process.is_alive() for process, _ in writers):
        events = store.events(history=True)
        assert (events.groupby("import_id").size() == ROWS).all(), "half an import was visible"
        assert all(part == (ROWS, 3, ROWS + 3) for part in parts_of_imports(store).values())
        looks += 1
    for process, _ in writers:
        process.join()
        assert process.exitcode == 0
    assert looks > 2
    told = [here.recv() for _, here in writers for _ in range(n)]
    assert sorted(told, key=int) == [str(i + 1) for i in range(2 * n)]
    assert len(store.events()) == 2 * n * (ROWS - 1) + 1
    with store.db.read() as connection:
        seqs = connection.execute(sa.select(t.data_states.c.seq)).scalars().all()
    assert sorted(seqs) == list(range(1, 2 * n + 1))


def test_killed_at_any_moment_an_assessment_is_whole_or_absent(tmp_path):
    rng = random.Random(12)
    folder, told = tmp_path / "assessments", []
    for _ in range(12):
        told += killed(write_forever, (str(tmp_path),), rng.uniform(0, 0.08))
        for name in assessments.listing(folder)["id"] if folder.exists() else []:
            meta, frames = assessments.read(folder, name)
            assert meta["id"] == name and set(frames) == {"cells", "risk", "history"}
            assert all(len(table) == 20_000 for table in frames.values())
    assert set(told) <= set(assessments.listing(folder)["id"])
    left = [path for path in folder.iterdir() if path.name.startswith(".")]
    assert assessments.sweep(folder, older_hours=0) == len(left)
    assert all(assessments.is_id(path.name) for path in folder.iterdir())


@pytest.mark.parametrize("kind", ["assessment", "table"])
def test_an_unknown_assessment_is_told(tmp_path, kind):
    store = Store(f"sqlite:///{tmp_path}/s.sqlite", tmp_path)
    with pytest.raises(assessments.MissingTable):
        store.assessment("../../etc" if kind == "table" else "20260101T000000.000000Z-aaaaaa")
