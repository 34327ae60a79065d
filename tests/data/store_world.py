"""Small readings, as `data.intake.read` hands them over, for the store and what follows."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.schema import EFFORT, EVENT

DAY = pd.Timedelta(days=1)
START = pd.Timestamp("2026-03-02T03:00:00Z")


@dataclass
class FakeReading:
    kind: str
    kept: pd.DataFrame
    set_aside: pd.DataFrame
    sha256: str
    source_name: str = "uji"
    synthetic: bool = True
    notes: list[str] = field(default_factory=list)

    @property
    def n_read(self) -> int:
        return len(self.kept) + len(self.set_aside)


def make_events(records: list[dict]) -> pd.DataFrame:
    """Events from partial rows; what is not given is a plain sighting on one day."""
    rows = []
    for i, given in enumerate(records):
        row = {
            "source_agency": "satgas",
            "source_record_id": f"R{i}",
            "source_version": 1,
            "record_status": "new",
            "event_type": "crossing_sighting",
            "detection": "discovered",
            "direction": "outbound",
            "count_unit": "group",
            "n_persons": 3,
            "event_start": START,
            "time_precision": "hour",
            "location_role": "occurred",
            "geo_precision": "gps",
            "lat": 1.0,
            "lon": 110.0,
            "cell": "876526ac0ffffff",
            "admin_code": "61.03.21.2001",
            "code_system": "kemendagri",
            "sensitivity": "internal",
            "source_file": "uji.csv",
            "source_line": i + 2,
            "synthetic": True,
        } | given
        row.setdefault("event_id", f"{row['source_agency']}:{row['source_record_id']}")
        row.setdefault("reported_at", row["event_start"] + DAY)
        row.setdefault("received_at", row["reported_at"] + DAY)
        rows.append(row)
    return EVENT.typed(pd.DataFrame(rows)) if rows else EVENT.empty()


def make_effort(records: list[dict]) -> pd.DataFrame:
    rows = [
        {
            "effort_id": "",
            "source_agency": "satgas",
            "mode": "patrol",
            "cell": "876526ac0ffffff",
            "week": pd.Timestamp("2026-03-02"),
            "minutes": 60.0,
            "km": 4.0,
            "visits": 1.0,
            "night_share": 0.0,
            "source": "declared",
            "synthetic": True,
        }
        | given
        for given in records
    ]
    return EFFORT.typed(pd.DataFrame(rows))


def refused(n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source_file": ["uji.csv"] * n,
            "source_sheet": [""] * n,
            "source_line": np.arange(n) + 100,
            "original": ['{"tanggal": "31-02-2026"}'] * n,
            "reasons": ["tanggal: no such day"] * n,
        }
    )


def reading_of(kept: pd.DataFrame, sha256: str, n_refused: int = 0, kind: str = "events"):
    return FakeReading(kind, kept, refused(n_refused), sha256)
