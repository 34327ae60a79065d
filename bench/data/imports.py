"""How fast files of records are read, beside a loop over rows: `python -m bench.data.imports`.

The loop does far less: `csv.DictReader`, `float`, `datetime.fromisoformat` and set look-ups, no
personal-data scan, no units, no flags, no duplicates. It is the floor of what row by row costs.
"""

import argparse
import csv
import datetime as dt
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from data.intake.read import read_file
from data.schema import EVENT

KINDS = ["crossing_sighting", "interception_out", "interception_in", "community_report"]
DESA = ["61.03.21.2003", "61.01.09.2001", "61.06.14.2001", "61.05.06.2010", "61.07.07.2002"]


def invent(rows: int, seed: int = 7) -> pd.DataFrame:
    """Rows of every canonical column a file may bring; invented places and times."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2022-01-01", tz="UTC") + pd.to_timedelta(
        rng.integers(0, 3 * 365 * 24 * 60, rows), unit="m"
    )
    female, male = rng.integers(0, 8, rows), rng.integers(1, 9, rows)
    number = pd.Series(np.arange(rows)).astype(str).str.zfill(6)
    return pd.DataFrame(
        {
            "event_id": "satgas_pamtas:SP-" + number,
            "source_agency": "satgas_pamtas",
            "source_record_id": "SP-" + number,
            "source_version": 1,
            "record_status": "new",
            "event_type": rng.choice(KINDS, rows),
            "detection": rng.choice(["discovered", "reported"], rows),
            "direction": rng.choice(["outbound", "inbound"], rows),
            "count_unit": "group",
            "n_persons": female + male,
            "event_start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "time_precision": "hour",
            "reported_at": (start + pd.Timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "received_at": "2025-06-01T00:00:00Z",
            "location_role": "occurred",
            "geo_precision": "gps",
            "admin_code": rng.choice(DESA, rows),
            "code_system": "kemendagri",
            "sensitivity": "restricted",
            "n_female": female,
            "n_male": male,
            "lon": np.round(rng.uniform(109.2, 113.8, rows), 5),
            "lat": np.round(rng.uniform(0.4, 1.9, rows), 5),
            "modus": rng.choice(["guide", "guide|unofficial_path", ""], rows),
            "transport": rng.choice(["foot", "motorcycle", "car"], rows),
            "synthetic": "true",
        }
    )


def read_row_by_row(path: Path) -> int:
    """The rival: one row after the other, types and allowed words only."""
    kept = 0
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            good = all(row[name] for name in EVENT.required if name in row)
            for column in EVENT.columns:
                value = row.get(column.name, "")
                if not value:
                    continue
                if column.kind == "float":
                    float(value)
                elif column.kind == "int":
                    int(value)
                elif column.kind == "time":
                    dt.datetime.fromisoformat(value)
                elif column.allowed and not column.derived:
                    good &= all(word in column.allowed for word in value.split("|"))
            kept += good
    return kept


def main() -> None:
    """Print seconds and rows per second of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data-sintetis.csv"
        invent(rows).to_csv(path, index=False)
        size = path.stat().st_size / 1e6
        print(f"{rows:,} rows, {size:.1f} MB, {len(invent(1).columns)} columns (DATA SINTETIS)")
        began, cpu = time.perf_counter(), time.process_time()
        reading = read_file(path)
        ours, cpu = time.perf_counter() - began, time.process_time() - cpu
        assert reading.n_read == rows == len(reading.kept), reading.summary()
        began = time.perf_counter()
        rival_cpu = time.process_time()
        assert read_row_by_row(path) == rows
        rival, rival_cpu = time.perf_counter() - began, time.process_time() - rival_cpu
    for name, wall, busy in (
        ("data.read, all checks", ours, cpu),
        ("row by row, types only", rival, rival_cpu),
    ):
        print(f"{name:24}{wall:6.2f} s ({busy:5.2f} s of processor)  {rows / wall:9,.0f} rows/s")


if __name__ == "__main__":
    main()
