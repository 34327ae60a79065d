"""How fast the store takes rows in and gives them back, alone and with several writers.

python bench/data/store.py [--rows 100000] [--url postgresql://user@host/empty_database]

Without a URL it uses SQLite in a temporary folder. The rival is `DataFrame.to_sql` into one table
without versions, checks or history, in the same run.
"""

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[2]))

from data import schema
from data.personal.said import Said
from data.store.records import Store
from tests.data.store_world import make_events, reading_of


def records(n: int, agency: str = "satgas_pamtas", first: int = 0) -> pd.DataFrame:
    """n different records with the columns that real files fill."""
    rng = np.random.default_rng(first)
    table = make_events([{"modus": "guide|debt", "transport": "foot", "origin_prov": "NTB"}] * 100)
    table = pd.concat([table] * (n // 100 + 1), ignore_index=True).iloc[:n].copy()
    table["source_agency"] = agency
    table["source_record_id"] = [f"R{first + i}" for i in range(n)]
    table["event_id"] = table["source_agency"] + ":" + table["source_record_id"]
    table["n_persons"] = pd.array(rng.integers(1, 13, n), dtype="Int64")
    table["lat"], table["lon"] = rng.uniform(0.5, 1.5, n), rng.uniform(109, 112, n)
    start = table["event_start"] + pd.to_timedelta(rng.integers(0, 400 * 24, n), unit="h")
    table["event_start"], table["reported_at"] = start, start + pd.Timedelta(days=1)
    table["received_at"] = start + pd.Timedelta(days=3)
    table["source_line"] = pd.array(np.arange(n) + 2, dtype="Int64")
    return schema.EVENT.typed(table)


def timed(what: str, action, rows: int = 0):
    """Run, print the seconds, and give the result."""
    started = time.perf_counter()
    result = action()
    seconds = time.perf_counter() - started
    rate = f", {rows / seconds:,.0f} rows/s" if rows else ""
    print(f"{what:<44}{seconds:8.2f} s{rate}", flush=True)
    return result


def write_batches(url: str, folder: str, agency: str, n: int, size: int, report) -> None:
    """One writer: n imports of `size` rows, each with its time."""
    store = Store(url, folder)
    batches = [records(size, agency, first=k * size) for k in range(n)]
    for k, batch in enumerate(batches):
        started = time.perf_counter()
        store.ingest(reading_of(batch, f"{agency}-{k}"))
        report.send(time.perf_counter() - started)


def together(store: Store, url: str, n: int = 20, size: int = 1000) -> None:
    """Two writers and this process as a reader."""
    context, writers = multiprocessing.get_context("spawn"), []
    for agency in ("polda", "imigrasi"):
        here, there = context.Pipe(duplex=False)
        args = (url, str(store.folder), agency, n, size, there)
        writers.append((context.Process(target=write_batches, args=args), here))
        writers[-1][0].start()
    before, looks, half = len(store.events()), [], 0
    while any(process.is_alive() for process, _ in writers):
        started = time.perf_counter()
        parts = store.imports()
        looks.append(time.perf_counter() - started)
        half += int((parts["n_new"] % size != 0).sum())
        time.sleep(0.02)
    seconds = sorted(here.recv() for _, here in writers for _ in range(n))
    lost = before + 2 * n * size - len(store.events())
    print(
        f"2 writers x {n} imports of {size} rows: p50 {statistics.median(seconds) * 1000:.0f} ms, "
        f"p95 {seconds[int(len(seconds) * 0.95)] * 1000:.0f} ms; rows lost {lost}; "
        f"half-visible {half} in {len(looks)} looks of {statistics.median(looks) * 1000:.0f} ms"
    )


def main(rows: int, url: str, home: str) -> None:
    store = Store(url or f"sqlite:///{home}/store.sqlite", home)
    store.create()
    print(f"{store.db.engine.name}, {rows:,} rows of {len(schema.EVENT.names)} columns")
    table = records(rows)
    rival = Path(home) / "rival.sqlite"
    engine = sa.create_engine(f"sqlite:///{rival}") if not url else store.db.engine
    timed("rival: to_sql, one table", lambda: table.to_sql("rival", engine, index=False), rows)
    timed("rival: read_sql", lambda: pd.read_sql("SELECT * FROM rival", engine), rows)
    timed("ingest", lambda: store.ingest(reading_of(table, "a")), rows)
    timed("the same file again", lambda: store.ingest(reading_of(table, "a")), rows)
    fixed = table.iloc[: rows // 10].assign(source_version=2, n_persons=99)
    timed("10 % corrected", lambda: store.ingest(reading_of(fixed, "b")), rows // 10)
    timed("current events", store.events, rows)
    timed("data version", store.data_version)
    timed("undo", lambda: store.undo_import("2", Said("bench")))
    timed("backup", lambda: store.backup(Path(home) / "all.zip"))
    if store.db.sqlite:
        other = Store(f"sqlite:///{home}/second.sqlite", Path(home) / "second")
        timed("restore", lambda: other.restore(Path(home) / "all.zip"))
    together(store, url or f"sqlite:///{home}/store.sqlite")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--url", default="")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        main(chosen.rows, chosen.url, folder)
