"""Past forecasts of every expert, and the weights of their pool that those forecasts speak for.

Where nobody's effort is known the kernels of `forecast` are one expert more, and the level is
theirs: `forecast(events, cells, start, days)` is then this engine without the other experts.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from geo.cores import over_cores
from risk.engine.exposure import Detection
from risk.engine.forecast import distribution
from risk.engine.laid import past_before
from risk.engine.memory import Known, Records
from risk.engine.model import KERNELS, MEMBERS, RiskModel, fit, pool_weights, usual_weights
from risk.engine.totals import expected_total

REFITS = 3


def past_origins(n_weeks: int, horizon: int, n_origins: int, spacing: int = 4) -> list[int]:
    """Weeks at which past forecasts begin, oldest first, all with a whole horizon behind them.

    Parameters
    ----------
    n_weeks : weeks of records
    horizon : weeks ahead
    n_origins : so many at most
    spacing : weeks from one to the next
    """
    last = n_weeks - max(horizon, spacing)
    first = max(26, n_weeks // 3)
    return [w for w in range(last - spacing * (n_origins - 1), last + 1, spacing) if w >= first]


@dataclass(frozen=True)
class Held:
    """One past forecast: rates per member (events per week of full looking) and what came.

    origin : weeks known then; start : first week of what was forecast, later by the gap
    """

    origin: int
    members: dict[str, np.ndarray]
    y: np.ndarray
    x: np.ndarray
    gap: int = 0

    @property
    def start(self) -> int:
        return self.origin + self.gap


def forecast_past(
    known: Known,
    records: Records,
    detection: Detection,
    horizon: int,
    origins: list[int],
) -> list[Held]:
    """Forecast each origin with a model fitted on rows that had fully happened before it.

    Parameters
    ----------
    known : memories at the rows and at the origins
    records : counts and effort of every week and cell
    detection : how looking turns events into records
    horizon : weeks ahead
    origins : weeks, oldest first; models are fitted anew REFITS times
    """
    return forecast_pasts(known, records, detection, {horizon: origins})[horizon]


def forecast_pasts(
    known: Known, records: Records, detection: Detection, tests: dict[int, list[int]]
) -> dict[int, list[Held]]:
    """`forecast_past` of several horizons, all their fits side by side.

    Parameters
    ----------
    known, records, detection : as of `forecast_past`
    tests : origins of each horizon
    """

    def forecast_block(task: tuple[int, np.ndarray]) -> tuple[int, list[Held]]:
        horizon, block = task
        model = fit(known, horizon, int(block[0]), seeds=1)
        held = []
        for origin in map(int, block):
            members = experts(model, known, records, detection, horizon, origin)
            weeks = records.window(origin, horizon)
            x = detection.exposure_in(records.effort, weeks).sum(axis=0)
            held.append(Held(origin, members, records.counts_in(weeks), x, records.gap))
        return horizon, held

    tasks = [
        (horizon, block)
        for horizon, origins in tests.items()
        for block in np.array_split(np.array(origins), min(REFITS, len(origins)))
    ]
    pasts: dict[int, list[Held]] = {horizon: [] for horizon in tests}
    for horizon, held in over_cores(forecast_block, tasks):
        pasts[horizon] += held
    return pasts


def experts(
    model: RiskModel,
    known: Known,
    records: Records,
    detection: Detection,
    horizon: int,
    origin: int,
) -> dict[str, np.ndarray]:
    """Rates by every expert at an origin, events per week of full looking.

    Parameters
    ----------
    model : fitted on what had happened before the origin
    known, records : memories of the origin, and the records that they are made of
    detection : tells whether effort is known; the kernels take every event as recorded
    horizon, origin : weeks
    """
    members = model.members(known.at[origin], known.at_more[origin], known.scales)
    if not detection.corrected:
        past = past_before(records, origin, horizon)
        members[KERNELS] = distribution(past) * expected_total(past) / horizon
    return members


def fit_pool(held: list[Held], names: Iterable[str] = MEMBERS) -> np.ndarray:
    """Pool weights from past forecasts; the usual ones while there are fewer than three.

    names : the experts, for as long as no past forecast tells them
    """
    usual = usual_weights(held[0].members if held else names)
    if len(held) < 3:
        return np.concatenate([[0.0], usual])
    members = np.concatenate([np.column_stack(list(h.members.values())) for h in held])
    y, x = (np.concatenate([getattr(h, name) for h in held]) for name in ("y", "x"))
    return pool_weights(members, y, x, usual)
