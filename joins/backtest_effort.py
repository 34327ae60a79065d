"""What a file of effort adds to a back-test: the chance of being recorded, and a corrected model.

Strengths of looking come from records and effort before the first tested period; the chance of a
tested period comes from the effort spent in it. Neither sees a forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.errors import DataError
from data.intake.read import read_file
from geo import calendar, panel
from geo.grid import Grid
from risk.engine.detection import USUAL
from risk.engine.exposure import Detection, Effort, fit_detection, name_ways
from risk.engine.forecast import forecast
from risk.scores.rivals import uniform

#: weeks of looking from which a corrected forecast says what will be recorded
RECENT_WEEKS = 12


@dataclass
class Looking:
    """Effort of every week and cell, how well it finds, and the forecasts corrected by it."""

    grid: Grid
    weeks: pd.DatetimeIndex
    effort: Effort
    detection: Detection
    rates: list[np.ndarray] = field(default_factory=list)

    @property
    def exposure(self) -> np.ndarray:
        """Records expected per event in every week and cell, relative to full looking."""
        return self.detection.exposure(self.effort)

    def chance(self, starts: Sequence[pd.Timestamp], days: int) -> np.ndarray:
        """Mean exposure of the weeks of each period, (periods, cells), 1 at most."""
        mean = [self.exposure[self._weeks(start, days)].mean(axis=0) for start in starts]
        return np.minimum(np.stack(mean), 1.0)

    def corrected(self, events: pd.DataFrame, cells, start: pd.Timestamp, days: int) -> np.ndarray:
        """A model: where the next event falls, given the effort of the past.

        What it returns is told in records, rate times the looking of the last weeks with the
        total that all models have, so that it can be scored on records like the others; the rate
        itself is kept in `rates`.
        """
        rate = forecast(events, cells, start, days, self._as_table(start))
        self.rates.append(rate)
        before = self.weeks < _day(start)
        recent = self.exposure[before][-RECENT_WEEKS:].mean(axis=0)
        told = rate * recent
        return told * (uniform(events, cells, start, days).sum() / told.sum())

    def _weeks(self, start: pd.Timestamp, days: int) -> np.ndarray:
        first = _day(start)
        inside = (self.weeks >= first) & (self.weeks < first + pd.Timedelta(days=days))
        return inside if inside.any() else self.weeks == self.weeks[self.weeks <= first].max()

    def _as_table(self, start: pd.Timestamp) -> pd.DataFrame:
        """Effort before an origin in the unit that `forecast` takes: USUAL finds 70 %."""
        strength = self.detection.strength_per_hour
        power = sum(strength[way] / 60 * self.effort[way] for way in strength)
        week, cell = np.nonzero(power * (self.weeks < _day(start))[:, None])
        return pd.DataFrame(
            {
                "cell": np.asarray(self.grid.cells, dtype=object)[cell],
                "period_start": self.weeks[week],
                "days": 7,
                "effort": power[week, cell] / USUAL,
            }
        )


def read_looking(
    file: Path, events: pd.DataFrame, grid: Grid, first: pd.Timestamp
) -> tuple[Looking, dict[str, Any]]:
    """Read a file of effort and fit how well it finds; gives it with facts for the report.

    Parameters
    ----------
    events : event_id, lat, lon, time, detection; where no record says it was discovered (a plain
        file), every record counts as found by looking
    first : origin of the first tested period; only records before it are learned from

    Raises
    ------
    DataError
        If the file holds no effort in the cells, or too little to fit anything.
    """
    reading = read_file(file, grid=grid)
    if (effort := reading.of("effort")) is None:
        raise DataError(f"{file.name} holds {reading.kind}, not effort")
    rows = effort.kept
    rows = rows.assign(place=grid.position(rows["cell"].tolist()))
    rows = rows[rows["place"] >= 0]
    if rows.empty:
        raise DataError(f"{file.name}: no effort in the cells of the events; another place?")
    told = events.assign(
        place=grid.locate(events["lat"].to_numpy(), events["lon"].to_numpy()),
        week=calendar.week_of(events["time"]).to_numpy(),
        weight=1.0,
    )
    told = told[told["place"] >= 0]
    weeks = calendar.weeks_between(told["week"].min(), told["week"].max())
    looked = {
        str(way): panel.sum_effort(part, weeks, len(grid))
        for way, part in rows.groupby(name_ways(rows))
    }
    past = weeks < _day(first)
    found = told["detection"] == "discovered"
    found = found if found.any() else ~found
    parts = [
        panel.count_events(part, weeks, len(grid))[past] for part in (told[found], told[~found])
    ]
    detection = fit_detection(*parts, {way: one[past] for way, one in looked.items()}, grid)
    if not detection.corrected:
        raise DataError(
            f"{file.name}: too little effort, or fewer than 20 records before {first:%Y-%m-%d}, to "
            "tell how well looking finds; back-test without it"
        )
    looking = Looking(grid, weeks, looked, detection)
    return looking, {
        "file": file.name,
        "rows": len(rows),
        "set_aside": len(reading.set_aside),
        "strength_per_hour": detection.by_mode,
        "log_likelihood_gain": detection.gain,
        "discovered_share": float(found.mean()),
    }


def _day(start: pd.Timestamp) -> pd.Timestamp:
    start = pd.Timestamp(start)
    return start.tz_convert("UTC").tz_localize(None) if start.tzinfo else start
