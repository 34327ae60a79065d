"""assess(...): the method on one page. Records -> risk, intervals, reasons and proof.

1 how looking turns events into records (`exposure`) · 2 what was known at each origin
(`memory`) · 3 for each horizon: past forecasts, pool, scores (`proving`) · 4 today's risk with
its interval (`interval`) and reasons (`reasons`) · 5 the map shows the pool unless a simple
rival did better on the same past.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.stats import norm

from geo.cores import over_cores
from geo.impossible import Impossible, fault
from risk.engine.exposure import Detection, fit_detection
from risk.engine.features import cells_under, spread
from risk.engine.held import Held, experts, fit_pool, forecast_pasts, past_origins
from risk.engine.interval import SHARE, Spread, fit_spread, level_variance, unseen
from risk.engine.laid import past_before
from risk.engine.memory import Known, Records, remember
from risk.engine.model import fit, pool
from risk.reasons import explain, reason_table, reason_values
from risk.scores import proving
from risk.scores.metrics import lead

#: Weeks between past origins.
SPACING = 4
#: How far around a cell its mix of groups is told by, in cell spacings.
GROUP_SPREAD = 4.0
#: Of the method; a change of it makes old and new scores incomparable.
VERSION = "2"
#: Records of each group, (weeks, cells), dense or sparse.
Groups = Mapping[str, np.ndarray | sp.csr_array]
Progress = Callable[[str, float], object]


@dataclass(frozen=True)
class Assessment:
    """What one run found; `facts` is plain data for the meta file."""

    risk: pd.DataFrame
    reasons: pd.DataFrame
    scores: pd.DataFrame
    facts: dict[str, Any]


def assess(
    records: Records,
    cells: pd.DataFrame,
    groups: Groups,
    horizons: tuple[int, ...] = (1, 4, 12),
    n_origins: int = 12,
    interval: float = SHARE,
    observed_weeks: int = 12,
    seeds: int = 3,
    progress: Progress = lambda step, share: None,
) -> Assessment:
    """Everything one weekly run says.

    Parameters
    ----------
    records : counts and effort of every week and cell; its `gap` says how many weeks after the
        last one the horizon begins, of which nothing is known
    cells : static columns of the same cells, in the order of the grid
    groups : records of each group (direction or event type), (weeks, cells) each; groups of one
        family, told by the part of the name before ":", share the risk out among them
    horizons : weeks ahead
    n_origins : past dates on which everything is tested
    interval : share of true values that lo..hi should hold
    observed_weeks : a cell without effort for so long is "not observed"
    seeds : models averaged
    progress : called with a step's key and the share done, 0 to 1

    Returns
    -------
    Assessment; `risk` has cell, horizon_weeks, group, risk, lo, hi, previous, doubt. Risk is the
        expected number of events in the horizon that full looking would put on record; its total
        grows as the horizon does, by so many events a week.

    Raises
    ------
    ValueError
        If the history is too short to test anything, or the tested periods hold no event.
    """
    tests = _tests(len(records.weeks), horizons, n_origins, records.gap)
    past = _look_back(records, tests, progress)
    share = group_shares(records, groups)
    values = reason_values(records, cells)
    observed = records.minutes[-observed_weeks:].sum(axis=0) > 0
    progress("horizon", 0.45)
    held = _held(past, progress)
    outlooks = []
    for one in over_cores(
        lambda h: _horizon(past, held[h], h, seeds, interval, observed), horizons
    ):
        outlooks.append(one)
        progress("horizon", 0.7 + 0.25 * len(outlooks) / len(horizons))
    outlooks = on_one_level(outlooks, horizons)
    risk, reasons = [], []
    for h, one in zip(horizons, outlooks, strict=True):
        risk += [one.risk, *(_share_out(one.risk, name, part) for name, part in share.items())]
        reasons.append(reason_table(one.contributions, values, records.grid.cells, h))
    progress("done", 1.0)
    table = pd.concat(risk, ignore_index=True)
    numbers = ["risk", "lo", "hi", "previous"]
    table[numbers] = table[numbers].astype(np.float32)
    facts = {str(h): one.facts for h, one in zip(horizons, outlooks, strict=True)}
    return Assessment(
        table,
        pd.concat(reasons, ignore_index=True),
        pd.concat([one.scores for one in outlooks], ignore_index=True),
        {"horizons": facts, "detection": _told(past.detection), "model_version": VERSION},
    )


@dataclass(frozen=True)
class _Past:
    """What every horizon looks back on; arrays are by origin, the number of weeks known then.

    tests : past origins of each horizon; now : the weeks there are; past_rivals, rivals : rates of
    the rivals, at past origins and now; watched : how surely each cell was seen
    """

    records: Records
    tests: dict[int, list[int]]
    now: int
    detection: Detection
    known: Known
    past_rivals: dict[int, dict[str, np.ndarray]]
    rivals: dict[str, np.ndarray]
    watched: dict[int, np.ndarray]


@dataclass(frozen=True)
class _Found:
    """One horizon's forecast: events a week by cell, now and a week ago, and how it came about."""

    rate: np.ndarray
    before: np.ndarray
    weights: np.ndarray
    contributions: np.ndarray
    base: float
    best_rival: str
    fallback: bool


@dataclass(frozen=True)
class _Horizon:
    """What is told of one horizon: risk of all groups together, scores, reasons and facts."""

    risk: pd.DataFrame
    scores: pd.DataFrame
    contributions: np.ndarray
    facts: dict[str, Any]


def _horizon(
    past: _Past, held: list[Held], h: int, seeds: int, interval: float, observed: np.ndarray
) -> _Horizon:
    """Past forecasts, pool, today's risk with its interval and reasons, `h` weeks ahead.

    Parameters
    ----------
    past : what every horizon looks back on
    held : forecasts of the tested periods, with what came
    h : weeks ahead
    seeds : models averaged
    interval : share of true values that lo..hi should hold
    observed : whether anybody looked lately, by cell
    """
    scored = proving.score_past(held, past.past_rivals, past.records, past.detection, h)
    found = _forecast(past, held, h, seeds, *compare(scored))
    spread = _spread(past, held, found.weights, h)
    lo, hi = spread.bounds(found.rate, past.watched[past.now], interval)
    table = pd.DataFrame(
        {
            "cell": past.records.grid.cells,
            "horizon_weeks": h,
            "group": "all",
            "risk": found.rate * h,
            "lo": lo * found.rate * h,
            "hi": hi * found.rate * h,
            "previous": found.before * h,
            "doubt": doubt(found.rate * past.watched[past.now], observed, past.detection),
        }
    )
    facts = {
        **total(found.rate, h, held, found.weights, past.detection, interval),
        "base_log_rate": found.base,
        "pool": [float(weight) for weight in found.weights],
        "interval_shape": [spread.least, spread.gain],
        "best_baseline": found.best_rival,
        "fallback": found.fallback,
    }
    return _Horizon(table, scored, found.contributions, facts)


def on_one_level(outlooks: Sequence[_Horizon], horizons: Sequence[int]) -> list[_Horizon]:
    """The horizons with one number of events a week, so that their totals add up in time.

    Each horizon has a model and a level of its own; the level of all is the geometric mean of
    theirs, of today's forecast and of last week's alike. Where the events fall stays as it was.

    Parameters
    ----------
    outlooks : one a horizon, each on its own level
    horizons : weeks ahead, in the same order

    Returns
    -------
    Copies with risk, lo, hi, previous, the totals and the base of the reasons scaled.
    """
    weeks = np.array(horizons, float)
    own = np.array([one.risk[["risk", "previous"]].sum().to_numpy(float) for one in outlooks])
    weekly = np.log(own / weeks[:, None])
    scales = np.exp(weekly.mean(axis=0) - weekly)
    return [_scaled(one, *map(float, scale)) for one, scale in zip(outlooks, scales, strict=True)]


def _scaled(one: _Horizon, now: float, before: float) -> _Horizon:
    risk, facts = one.risk.copy(), dict(one.facts)
    risk[["risk", "lo", "hi"]] *= now
    risk["previous"] *= before
    for name in ("expected", "lo", "hi"):
        facts[name] *= now
    facts["base_log_rate"] += float(np.log(now))
    return replace(one, risk=risk, facts=facts)


def _tests(now: int, horizons: Sequence[int], n_origins: int, gap: int) -> dict[int, list[int]]:
    """The past origins on which each horizon is tested.

    Parameters
    ----------
    now : weeks of records
    horizons : weeks ahead
    n_origins : of each, at most
    gap : weeks between an origin and what is forecast from it
    """
    tests = {h: past_origins(now, gap + h, n_origins, SPACING) for h in horizons}
    if not all(tests.values()):
        what = (
            f"{now} weeks of records are too few for a test at {max(horizons)} weeks ahead; "
            "at least a year is needed"
        )
        raise Impossible(fault("weeks_few", what, weeks=int(now), ahead=max(horizons)))
    return tests


def _look_back(records: Records, tests: dict[int, list[int]], progress: Progress) -> _Past:
    """Detection, memories, rivals and watching, at every origin that is tested, now and before."""
    now = len(records.weeks)
    progress("detection", 0.0)
    detection = fit_detection(
        records.discovered_points, records.reported, records.effort, records.grid
    )
    every = sorted({o for origins in tests.values() for o in origins} | {now - 1, now})
    progress("memory", 0.05)
    known = remember(records, detection, tuple(tests), every)
    progress("baselines", 0.30)
    past_rivals, rivals = proving.baselines_past(records, every)
    watched = proving.evidence(records, detection, every)
    return _Past(records, tests, now, detection, known, past_rivals, rivals, watched)


def _held(past: _Past, progress: Progress) -> dict[int, list[Held]]:
    """Forecasts of the tested periods of each horizon, with what came."""
    for h, origins in past.tests.items():
        if not any(past.records.counts_in(past.records.window(o, h)).any() for o in origins):
            what = (
                f"no event in the {len(origins)} past periods tested at {h} weeks ahead; more "
                "records are needed before a forecast can be trusted"
            )
            raise Impossible(fault("periods_empty", what, n=len(origins), ahead=h))
    held = forecast_pasts(past.known, past.records, past.detection, past.tests)
    progress("horizon", 0.7)
    return held


def _forecast(
    past: _Past, held: list[Held], h: int, seeds: int, best_rival: str, fallback: bool
) -> _Found:
    """The pool's rate now and a week ago; the rival's with the pool's total where it falls back."""
    records, known, detection, now = past.records, past.known, past.detection, past.now
    v = fit_pool(held)
    model = fit(known, h, now, seeds)
    rate, before = (
        pool(experts(model, known, records, detection, h, o), v) for o in (now, now - 1)
    )
    if fallback:
        then = past.past_rivals[now - 1][best_rival]
        before = then * before.sum() / then.sum()
        rate = past.rivals[best_rival] * rate.sum() / past.rivals[best_rival].sum()
    kernels = None if detection.corrected else past_before(records, now, h)
    contributions, base = explain(model, v, known, now, rate, kernels)
    return _Found(rate, before, v, contributions, base, best_rival, fallback)


def _spread(past: _Past, held: list[Held], v: np.ndarray, h: int) -> Spread:
    """How far the rates of cells are off, from what past forecasts missed."""
    windows = _windows(held, v, past, max(h, SPACING))
    detection = past.detection
    return replace(
        fit_spread(*windows),
        level_error=detection.level_error,
        missed=unseen(detection.corrected).missed,
    )


def total(
    rate: np.ndarray,
    horizon: int,
    held: list[Held],
    v: np.ndarray,
    detection: Detection,
    share: float,
) -> dict[str, float]:
    """Expected events of the whole area with an interval: {expected, lo, hi}.

    What past totals scatter beyond the noise of counting (`interval.level_variance`) is what the
    model misses; the error of the level and what records do not show (`interval.unseen`) are put
    on top.

    Parameters
    ----------
    rate : expected events a week, by cell
    horizon : weeks ahead
    held : forecasts of past dates with what came
    v : of the pool, as `fit_pool` gives it
    detection : how looking finds
    share : of the interval, 0 to 1
    """
    totals = np.array([float(pool(past.members, v) @ past.x) for past in held])
    seen = np.array([float(past.y.sum()) for past in held])
    scatter = level_variance(totals, seen)
    more = detection.level_error**2 + unseen(detection.corrected).level ** 2
    width = norm.ppf((1 + share) / 2) * np.sqrt(np.log1p(scatter) + more)
    expected = float(rate.sum() * horizon)
    return {
        "expected": expected,
        "lo": expected * float(np.exp(-width)),
        "hi": expected * float(np.exp(width)),
    }


def _windows(
    held: list[Held],
    v: np.ndarray,
    known: _Past,
    weeks: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Rate, looking, events and exposure of every cell in held-out windows that lie apart.

    Only records with a point count here: a record spread over a desa is a smooth count, and
    smooth counts make a forecast look surer than it is. The exposure is scaled to match.
    """
    apart, last = [], np.inf
    for past in reversed(held):
        if past.origin + weeks <= last:
            apart.append(past)
            last = past.origin
    spans = [slice(past.start, past.start + weeks) for past in apart]
    rate = np.concatenate([pool(past.members, v) for past in apart])
    looked = np.concatenate([known.watched[past.origin] for past in apart])
    y = np.concatenate([known.records.points[span].sum(axis=0) for span in spans])
    effort, detection = known.records.effort, known.detection
    x = np.concatenate([detection.exposure_in(effort, span).sum(axis=0) for span in spans])
    return rate, looked, y, x * (y.sum() / max(float(rate @ x), 1e-9))


def compare(scores: pd.DataFrame) -> tuple[str, bool]:
    """The best simple rival by corrected information gain, and whether the pool loses to it.

    It loses when even the upper end of the paired interval over periods is below zero: a
    difference inside the interval is no reason to change the map.
    """
    means = proving.summarise(scores).set_index("model")["ig_corrected"]
    best = str(means[list(proving.BASELINES)].idxmax())
    return best, bool(lead(scores, "pool", best, "ig_corrected")[2] < 0)


def group_shares(records: Records, groups: Groups) -> dict[str, np.ndarray]:
    """Share of each group in a cell's risk: records within GROUP_SPREAD, half-life a year.

    Shrunk towards the family's shares in the whole area by three events, so that a cell
    without records has the usual mix. Shares of a family add up to 1.
    """
    if not groups:
        return {}
    fade = 0.5 ** (np.arange(len(records.weeks))[::-1] / 52)
    faded = np.stack([(panel.T @ fade).astype(np.float32) for panel in groups.values()])
    around = spread(records.grid, GROUP_SPREAD, faded) * cells_under(GROUP_SPREAD)
    local = dict(zip(groups, around, strict=True))
    shares = {}
    for family in {name.split(":")[0] for name in groups}:
        members = [name for name in groups if name.split(":")[0] == family]
        total = sum(local[name] for name in members)
        whole = sum(float(groups[name].sum()) for name in members)
        for name in members:
            usual = float(groups[name].sum()) / whole if whole else 1 / len(members)
            shares[name.split(":")[-1]] = (local[name] + 3 * usual) / (total + 3)
    return shares


def doubt(on_record: np.ndarray, observed: np.ndarray, detection: Detection) -> np.ndarray:
    """What an interval is wide for most: "effort" where nobody looked lately, "data" where less
    than one event would be on record by now, else "".

    Parameters
    ----------
    on_record : events that would be on record by now, by cell
    observed : bool by cell, whether anybody looked in the weeks that count
    detection : how looking finds; where no effort is known nothing is corrected
    """
    blind = ~observed if detection.corrected else np.zeros(len(observed), dtype=bool)
    return np.where(blind, "effort", np.where(on_record < 1, "data", ""))


def _share_out(table: pd.DataFrame, name: str, share: np.ndarray) -> pd.DataFrame:
    part = table.assign(group=name)
    for column in ("risk", "lo", "hi", "previous"):
        part[column] = part[column] * share
    return part


def _told(detection: Detection) -> dict[str, Any]:
    return {
        "corrected": detection.corrected,
        "strength_per_hour": detection.by_mode,
        "strength_by_agency": detection.by_agency,
        "blind": detection.blind,
        "level_error": float(np.hypot(detection.level_error, unseen(detection.corrected).level)),
        "reported_share": detection.reported_share,
        "log_likelihood_gain": detection.gain,
    }
