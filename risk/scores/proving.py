"""How good the model would have been: past origins, forecast from what was known then.

Every rival is scored in the same run on the same weeks. Records are scored twice: as they came
(`ig`, which favours whoever points to where patrols go anyway) and given where people looked
(`ig_corrected`: what a map adds to knowing that, by the likelihood of a thinned Poisson process),
which is what a planner needs to know. Weighting each record by one over its chance does not do: a
cell where nobody went in a period has no record to be weighted, and in invented worlds a map that
follows the patrols then beats the true rates.
"""

import numpy as np
import pandas as pd

from geo.cores import over_cores
from risk.engine.exposure import Detection
from risk.engine.features import Memories, blocks, spread
from risk.engine.held import Held, fit_pool
from risk.engine.memory import HALF_LIVES, SIGMAS, Records
from risk.engine.model import mixture_weights, pool
from risk.scores.metrics import (
    hits,
    hot,
    kept_share,
    pei,
    poisson_deviance,
    ratio_interval,
    share_found,
)

#: How far around a cell its looking counts for the interval, in cell spacings.
AROUND = 2.0
#: The rivals; the first are the simple ones that the map falls back to.
BASELINES = ("count", "kde", "decayed_kde", "etas")


def score_past(
    held: list[Held],
    baselines: dict[int, dict[str, np.ndarray]],
    records: Records,
    detection: Detection,
    horizon: int,
) -> pd.DataFrame:
    """One row per model and origin; the pool of an origin uses weights of earlier origins only.

    Parameters
    ----------
    held : past forecasts of every expert, oldest first
    baselines : of each origin the rates of the rivals, (cells,) each, events per week
    records : counts and effort of every week and cell
    detection : how looking turns events into records
    horizon : weeks ahead
    """
    rows: list[dict[str, object]] = []
    last: dict[str, np.ndarray] = {}
    for number, past in enumerate(held):
        quarter = slice(max(0, past.origin - 12), past.origin)
        recent = detection.exposure_in(records.effort, quarter).mean(axis=0)
        rates = {"uniform": np.ones(len(past.y)), **baselines[past.origin]}
        corrected = {
            **past.members,
            "pool": pool(past.members, fit_pool(held[:number], past.members)),
        }
        for name, rate in {**rates, **corrected}.items():
            # A corrected model forecasts records as rate x the looking of the last quarter.
            expected = rate * recent if name in corrected else rate
            rows.append(
                {
                    "model": name,
                    "horizon_weeks": horizon,
                    "period_start": records.weeks[0] + pd.Timedelta(weeks=past.start),
                    **_score(expected * horizon, rate, past),
                    **_kept(rate, last.get(name)),
                }
            )
            last[name] = rate
    return pd.DataFrame(rows)


def _score(records: np.ndarray, rate: np.ndarray, past: Held) -> dict[str, float]:
    n, y, x = float(past.y.sum()), past.y, np.maximum(past.x, 1e-6)
    inside = hot(rate, 0.05)
    found = np.stack([(part * one).sum() for part in (inside, 1 - inside) for one in (y, x)])
    return {
        "n_events": n,
        "ig": _gain(records, y),
        "ig_corrected": _gain(rate * x, y) - _gain(x, y),
        **{f"hit{round(100 * a):02d}": hits(records, y, a) / n if n else np.nan for a in AREAS},
        "hit05_corrected": float(share_found(found, 0.05)),
        "pai05": hits(records, y, 0.05) / n / 0.05 if n else np.nan,
        "pei05": pei(records, y, 0.05),
        "deviance": poisson_deviance(np.maximum(records, 1e-12), y),
        "expected": float((rate * past.x).sum()),
        "observed": n,
    }


AREAS = (0.01, 0.02, 0.05, 0.10)


def _kept(rate: np.ndarray, before: np.ndarray | None) -> dict[str, float]:
    """Share of the top cells that were top cells at the origin before; NaN at the first one."""
    return {
        f"kept{round(100 * a):02d}": np.nan if before is None else kept_share(rate, before, a)
        for a in AREAS
    }


def _gain(rate: np.ndarray, y: np.ndarray) -> float:
    """Mean over events of log(p x cells), nats; NaN without events."""
    hit = y > 0
    if not hit.any():
        return np.nan
    p = np.maximum(rate, 1e-12) / np.maximum(rate, 1e-12).sum()
    return float((y[hit] * np.log(p[hit] * len(y))).sum() / y.sum())


def baselines_past(
    records: Records, origins: list[int]
) -> tuple[dict[int, dict[str, np.ndarray]], dict[str, np.ndarray]]:
    """What simple rivals that know nothing of effort say at each origin and now.

    count: all records of a cell; kde: their best kernel; decayed_kde: the best kernel and
    half-life; etas: all kernels and half-lives mixed by EM. "Best" is by the likelihood of the
    records before the origin.

    Returns
    -------
    ({origin: {name: rate (cells,)}}, the same for the week after the last)
    """
    counts, now, n_cells = records.counts, len(records.weeks), len(records.grid)
    ones = np.ones((len(counts), n_cells), np.float32)
    week, cell = np.nonzero(counts)
    y = counts[week, cell]
    memory = Memories(records.grid, counts, ones, SIGMAS, HALF_LIVES, prior_weeks=1.0)
    del counts, ones
    scales = memory.scales
    known = np.empty((len(y), len(scales)), np.float32)
    at = {o: np.empty((n_cells, len(scales)), np.float32) for o in {*origins, now}}

    def remember_block(block: slice) -> np.ndarray:
        inside = np.flatnonzero((cell >= block.start) & (cell < block.stop))
        total = np.empty((now, len(scales)))
        for k, (_, rate) in enumerate(memory.at(block)):
            known[inside, k] = rate[week[inside], cell[inside] - block.start]
            total[:, k] = rate[:-1].sum(axis=1)
            for origin, values in at.items():
                values[block, k] = rate[origin]
        return total

    total = np.sum(list(over_cores(remember_block, blocks(n_cells))), axis=0)
    gain = np.log(known / total[week]) * y[:, None]

    def rivals(origin: int) -> dict[str, np.ndarray]:
        seen = (week < origin) & (week >= 8)
        score = gain[seen].sum(axis=0)
        still = [i for i, (sigma, half) in enumerate(scales) if sigma and np.isinf(half)]
        moving = [i for i, (sigma, _) in enumerate(scales) if sigma]
        w = mixture_weights(known[seen], y[seen], total[8:origin].sum(axis=0))
        values = at[origin]
        return {
            "count": values[:, scales.index((0.0, np.inf))],
            "kde": values[:, still[int(np.argmax(score[still]))]],
            "decayed_kde": values[:, moving[int(np.argmax(score[moving]))]],
            "etas": values @ w,
        }

    return {o: rivals(o) for o in origins}, rivals(now)


def summarise(scores: pd.DataFrame) -> pd.DataFrame:
    """One row per model and horizon: means over events, with intervals by resampling periods."""
    rows = []
    for (name, horizon), part in scores.groupby(["model", "horizon_weeks"], sort=False):
        n = part["n_events"].to_numpy(float)
        row = {"model": name, "horizon_weeks": horizon, "n_events": n.sum(), "periods": len(part)}
        for column in ("ig", "ig_corrected", "hit01", "hit02", "hit05", "hit10", "hit05_corrected"):
            top = np.nan_to_num(part[column].to_numpy(float)) * n
            row[column] = top.sum() / n.sum() if n.sum() else np.nan
            if column in ("ig", "ig_corrected", "hit05", "hit05_corrected"):
                row[f"{column}_lo"], row[f"{column}_hi"] = ratio_interval(top, n)
        row["pai05"], row["pei05"] = row["hit05"] / 0.05, part["pei05"].mean()
        row["deviance"] = part["deviance"].sum() / n.sum() if n.sum() else np.nan
        row["calibration"] = part["expected"].sum() / n.sum() if n.sum() else np.nan
        rows.append(row)
    return pd.DataFrame(rows)


def evidence(records: Records, detection: Detection, weeks: list[int]) -> dict[int, np.ndarray]:
    """Weeks of full looking remembered around each cell (two spacings, half-life 26 weeks).

    Parameters
    ----------
    records : counts and effort of every week and cell
    detection : how looking turns events into records
    weeks : numbers of the weeks that are asked for

    Returns
    -------
    {week: (cells,)}
    """
    watched = np.zeros((len(weeks), len(records.grid)), np.float32)
    state = np.zeros(len(records.grid), np.float32)
    for week in range(max(weeks) + 1):
        watched[[number for number, one in enumerate(weeks) if one == week]] = state
        if week < max(weeks):
            state *= np.float32(0.5 ** (1 / 26))
            state += detection.exposure_in(records.effort, slice(week, week + 1))[0]
    return dict(zip(weeks, spread(records.grid, AROUND, watched), strict=True))
