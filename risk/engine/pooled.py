"""The whole engine behind one call: every expert, and their pool by the likelihood of the past.

`expect` takes records on weeks and cells, with effort or without; `Pooled` takes a list of events
and has the call of `forecast`, so that a back-test runs by name what the map shows.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.cores import one_thread
from geo.grid import Grid
from risk.engine.exposure import Detection
from risk.engine.forecast import FEW_EVENTS, FEW_STEPS, distribution
from risk.engine.held import Held, experts, fit_pool, forecast_past
from risk.engine.laid import lay, past_before, steps_of
from risk.engine.memory import Records, ahead, remember
from risk.engine.model import fit, pool
from risk.engine.totals import expected_total

UNSEEN = Detection({}, 0.0, 0.0, corrected=False)
#: Past origins that weigh the experts: at most so many, fewer where these hold so many events.
ORIGINS, ENOUGH_EVENTS, LEAST_ORIGINS = 12, 1000, 3
#: Steps before an origin by which a past forecast is known again.
KNOWN_BY = 156

#: Past forecasts by what was known when they were made.
Told = dict[tuple[object, ...], dict[str, np.ndarray]]


class Pooled:
    """A model `(events, cells, start, days) -> expected events per cell`, nobody's effort known.

    The forecasts of earlier calls are remembered and weigh the experts of later ones, so that a
    rolling origin makes each of them once; a forecast made from other events is not taken for one.

    Parameters
    ----------
    seeds : boosted models averaged
    """

    def __init__(self, seeds: int = 1):
        self.seeds = seeds
        self._told: Told = {}

    def __call__(
        self, events: pd.DataFrame, cells: Sequence[str], start: pd.Timestamp, days: int
    ) -> np.ndarray:
        """Expected events in each cell in [start, start + days), in the order of `cells`.

        Parameters and errors as of `forecast`.
        """
        if days < 1:
            raise ValueError(f"days must be at least 1, got {days}")
        given = Grid(cells)
        order = np.argsort(given.ids)
        grid = Grid([given.cells[i] for i in order])
        records = lay(events, grid, start, days)
        result = np.empty(len(grid))
        with one_thread():
            result[order] = expect(records, UNSEEN, steps_of(days), self.seeds, self._told)
        return result


def expect(
    records: Records,
    detection: Detection,
    horizon: int,
    seeds: int = 1,
    notes: Told | None = None,
) -> np.ndarray:
    """Expected events of full looking in each cell in the `horizon` weeks after the records.

    Parameters
    ----------
    records : counts and effort of every week and cell
    detection : how looking turns events into records
    horizon : weeks
    seeds : boosted models averaged
    notes : past forecasts of earlier calls, which are used again; this call's are added

    Returns
    -------
    (cells,), finite and > 0. With few records or weeks and no effort the kernels answer alone.

    Raises
    ------
    ValueError
        If effort is known but no event had happened.
    """
    now = len(records.weeks)
    few = records.counts.sum() < FEW_EVENTS or now < max(FEW_STEPS, 8 * horizon)
    if few and not detection.corrected:
        past = past_before(records, now, horizon)
        return distribution(past) * expected_total(past)
    notes = {} if notes is None else notes
    origins = _origins(records, horizon)
    marks = {week: _mark(records, horizon, week) for week in [*origins, now]}
    missing = [week for week in origins if marks[week] not in notes]
    known = remember(records, detection, (horizon,), [*missing, now])
    if missing:
        for made in forecast_past(known, records, detection, horizon, missing):
            notes[marks[made.origin]] = made.members
    counts = ahead(records.counts, horizon)
    looked = ahead(detection.exposure(records.effort), horizon)
    held = [Held(week, notes[marks[week]], counts[week], looked[week]) for week in origins]
    model = fit(known, horizon, now, seeds)
    members = experts(model, known, records, detection, horizon, now)
    notes[marks[now]] = members
    return pool(members, fit_pool(held, members)) * horizon


def _origins(records: Records, horizon: int) -> list[int]:
    """Past weeks whose forecasts weigh the experts, oldest first, a horizon apart."""
    now, counts = len(records.weeks), records.counts
    weeks: list[int] = []
    events = 0.0
    for week in range(now - horizon, max(FEW_STEPS // 2, now // 3), -horizon):
        if len(weeks) >= ORIGINS or (len(weeks) >= LEAST_ORIGINS and events >= ENOUGH_EVENTS):
            break
        weeks.append(week)
        events += float(counts[week : week + horizon].sum())
    return weeks[::-1]


def _mark(records: Records, horizon: int, week: int) -> tuple[object, ...]:
    """What was known at a week, told by its last records."""
    recent = records.counts[max(0, week - KNOWN_BY) : week]
    begins = records.weeks[0] + pd.Timedelta(days=week * records.step_days)
    return begins, horizon, recent.shape, hash(recent.tobytes())
