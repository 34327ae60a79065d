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
from risk.engine.excitation import YEAR_DAYS
from risk.engine.exposure import Detection, Effort, fit_detection, name_ways
from risk.engine.forecast import forecast
from risk.engine.memory import Records
from risk.engine.pooled import Told, expect
from risk.scores.rivals import uniform

#: weeks of looking from which a corrected forecast says what will be recorded
RECENT_WEEKS = 12
#: weeks that a window has at most, for the season
MOST_AHEAD = 60


@dataclass
class Looking:
    """Effort of every week and cell, how well it finds, and the forecasts corrected by it.

    rates: of each corrected model, period by period.
    """

    grid: Grid
    weeks: pd.DatetimeIndex
    effort: Effort
    detection: Detection
    rates: dict[str, list[np.ndarray]] = field(default_factory=dict)
    _told: Told = field(default_factory=dict)

    @property
    def exposure(self) -> np.ndarray:
        """Records expected per event in every week and cell, relative to full looking."""
        return self.detection.exposure(self.effort)

    def chance(self, starts: Sequence[pd.Timestamp], days: int) -> np.ndarray:
        """Mean exposure of the weeks of each period, (periods, cells), 1 at most."""
        mean = [self.exposure[self._weeks(start, days)].mean(axis=0) for start in starts]
        return np.minimum(np.stack(mean), 1.0)

    def corrected(
        self, events: pd.DataFrame, cells: list[str], start: pd.Timestamp, days: int
    ) -> np.ndarray:
        """A model: the map's engine, given the effort of the past.

        What it returns is told in records, rate times the looking of the last weeks with the
        total that all models have, so that it can be scored on records like the others; the rate
        itself is kept in `rates`.

        Parameters
        ----------
        events : lat, lon, time, detection of the records before `start`
        cells : H3 ids in the order of the grid
        start : first moment of the period that is forecast
        days : its length
        """
        horizon = max(1, round(days / 7))
        rate = expect(self._records(events, start), self.detection, horizon, notes=self._told)
        return self._in_records("pool_effort", rate, (events, cells, start, days))

    def events_only(
        self, events: pd.DataFrame, cells: list[str], start: pd.Timestamp, days: int
    ) -> np.ndarray:
        """The same by the events-only form, which is told the effort in its own unit.

        Parameters
        ----------
        events : lat, lon, time of the records before `start`
        cells : H3 ids in the order of the grid
        start : first moment of the period that is forecast
        days : its length
        """
        rate = forecast(events, cells, start, days, self._as_table(start))
        return self._in_records("forecast_effort", rate, (events, cells, start, days))

    def _in_records(
        self, name: str, rate: np.ndarray, call: tuple[pd.DataFrame, list[str], pd.Timestamp, int]
    ) -> np.ndarray:
        self.rates.setdefault(name, []).append(rate)
        before = self.weeks < _day(call[2])
        recent = self.exposure[before][-RECENT_WEEKS:].mean(axis=0)
        records = rate * recent
        return records * (uniform(*call).sum() / records.sum())

    def _records(self, events: pd.DataFrame, start: pd.Timestamp) -> Records:
        """Records and effort of every whole week before an origin; nothing else is known."""
        weeks = self.weeks[self.weeks + pd.Timedelta(days=7) <= _day(start)]
        found, reported = count_records(events, weeks, self.grid)
        none = np.zeros((len(self.grid), 0), np.float32)
        turn = 2 * np.pi * np.arange(len(weeks) + 1 + MOST_AHEAD) * 7 / YEAR_DAYS
        return Records(
            grid=self.grid,
            weeks=weeks,
            discovered=found,
            discovered_points=found,
            points=found + reported,
            reported=reported,
            effort={way: minutes[: len(weeks)] for way, minutes in self.effort.items()},
            static=none,
            static_names=[],
            season=np.column_stack([np.sin(turn), np.cos(turn)]).astype(np.float32),
            season_names=["year_sin", "year_cos"],
        )

    def _weeks(self, start: pd.Timestamp, days: int) -> np.ndarray:
        first = _day(start)
        inside = (self.weeks >= first) & (self.weeks < first + pd.Timedelta(days=days))
        return inside if inside.any() else self.weeks == self.weeks[self.weeks <= first].max()

    def _as_table(self, start: pd.Timestamp) -> pd.DataFrame:
        """Effort before an origin in the unit that `forecast` takes: USUAL finds 70 %."""
        strength = self.detection.strength_per_hour
        power = np.sum([strength[way] / 60 * self.effort[way] for way in strength], axis=0)
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
    file : of effort, in any format that is read
    events : event_id, lat, lon, time, detection; where no record says it was discovered (a plain
        file), every record counts as found by looking
    grid : cells of the back-test
    first : origin of the first tested period; only records before it are learned from

    Raises
    ------
    DataError
        If the file holds no effort in the cells, or too little to fit anything.
    """
    reading = read_file(file, grid=grid)
    if (effort := reading.of("effort")) is None:
        what = f"{file.name}: a file of effort or tracks is expected, got {reading.kind}"
        raise DataError(what, key="effort_expected", where=file.name)
    rows = effort.kept
    rows = rows.assign(place=grid.position(rows["cell"].tolist()))
    rows = rows[rows["place"] >= 0]
    if rows.empty:
        raise DataError(
            f"{file.name}: no effort in the cells of the events; another place?",
            key="effort_elsewhere", where=file.name,
        )  # fmt: skip
    placed = _placed(events, grid)
    weeks = calendar.weeks_between(placed["week"].min(), placed["week"].max())
    looked = {
        str(way): panel.sum_effort(part, weeks, len(grid))
        for way, part in rows.groupby(name_ways(rows))
    }
    past = weeks < _day(first)
    discovered, reported = (part[past] for part in count_records(events, weeks, grid))
    detection = fit_detection(
        discovered, reported, {way: one[past] for way, one in looked.items()}, grid
    )
    if not detection.corrected:
        raise DataError(
            f"{file.name}: too little effort, or fewer than 20 records before {first:%Y-%m-%d}, to "
            "tell how well looking finds; back-test without it",
            key="effort_little", where=file.name, day=f"{first:%Y-%m-%d}",
        )  # fmt: skip
    looking = Looking(grid, weeks, looked, detection)
    return looking, {
        "file": file.name,
        "rows": len(rows),
        "set_aside": len(reading.set_aside),
        "strength_per_hour": detection.by_mode,
        "log_likelihood_gain": detection.gain,
        "discovered_share": float(_discovered(placed).mean()),
    }


def count_records(
    events: pd.DataFrame, weeks: pd.DatetimeIndex, grid: Grid
) -> tuple[np.ndarray, np.ndarray]:
    """Discovered and other records of each week and cell, (weeks, cells) each.

    Parameters
    ----------
    events : lat, lon, time, detection; all count as discovered where none says so
    weeks : first days, local
    grid : cells
    """
    placed = _placed(events, grid)
    found = _discovered(placed)
    discovered = panel.count_events(placed[found], weeks, len(grid))
    return discovered, panel.count_events(placed[~found], weeks, len(grid))


def _placed(events: pd.DataFrame, grid: Grid) -> pd.DataFrame:
    """Events in the cells, with place, week and weight."""
    placed = events.assign(
        place=grid.locate(events["lat"].to_numpy(), events["lon"].to_numpy()),
        week=calendar.week_of(events["time"]).to_numpy(),
        weight=1.0,
    )
    return placed[placed["place"] >= 0]


def _discovered(events: pd.DataFrame) -> pd.Series:
    found = events["detection"] == "discovered"
    return found if found.any() else ~found


def _day(start: pd.Timestamp) -> pd.Timestamp:
    start = pd.Timestamp(start)
    return start.tz_convert("UTC").tz_localize(None) if start.tzinfo else start
