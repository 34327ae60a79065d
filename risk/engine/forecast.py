"""forecast(events, cells, start, days): the whole method behind one call.

1 past events become components: kernels x half-lives (`excitation`). 2 EM finds the mixture that
would have forecast the past periods best. 3 A ridge logit on the log components bends it where a
sum cannot; how far to follow it is learned from periods it was not fitted on (`pool`). 4 Totals
are smoothed by their own past likelihood (`totals`).
Everything is chosen from events before `start`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from geo.cores import one_thread
from geo.grid import Grid
from risk.engine.covariates import Ground, before, lift, usable_covariates
from risk.engine.detection import Detected, corrected_rates, usable_effort
from risk.engine.excitation import (
    SEASON,
    Components,
    Past,
    Rows,
    build_components,
    choose_rows,
    mixture_weights,
    past_of,
)
from risk.engine.exposure import BLIND, Detection
from risk.engine.laid import lay_watched, steps_of
from risk.engine.memory import remember
from risk.engine.model import KERNELS, fit, usual_weights
from risk.engine.pool import fit_logit, log_normal, log_of_sum
from risk.engine.totals import expected_total

MAX_PERIODS = 120
MAX_ROWS = 60_000
MAX_HITS = 20_000  # latest (period, cell) with events that the mixture learns from
MIX_MEMORY = 25.0  # periods after which a period counts half in the mixture's likelihood
LOGIT_MEMORY = 40.0
PRIOR_EVENTS = 5.0
RIDGE = 100.0
FEW_EVENTS = 50  # below this the mixture stands alone
FEW_STEPS = 26  # weeks below which the map's experts have too little to learn from
FOLLOW = 0.85  # how far to follow the logit before the past has spoken
FOLLOW_RIDGE = 30.0
WATCH_DAYS = 28.0
FLOOR = 1e-6  # share of uniform in every forecast: no cell is ever impossible
SIGMAS = (0.0, 0.35, 0.6, 1.0, 1.7, 3.0, 5.0)
HALF_PERIODS = (np.inf, 32.0, 8.0, 2.0, 0.25)
BENDS = (0.02, 0.5)  # share of uniform under the logarithm: low sees empty cells, high sees busy


def forecast(
    events: pd.DataFrame,
    cells: Sequence[str],
    start: pd.Timestamp,
    days: int,
    effort: pd.DataFrame | None = None,
    covariates: pd.DataFrame | None = None,
) -> np.ndarray:
    """Expected number of events in each cell in [start, start + days).

    Parameters
    ----------
    events : DataFrame with lat, lon (degrees), time; rows at or after `start`, or without a
        place or time, are ignored. Times without a zone are taken as UTC.
    cells : H3 ids of one resolution, any order, no duplicates
    start : origin of the forecast
    days : length of the window, >= 1
    effort : optional DataFrame (cell, period_start, days, effort), what patrols spent looking;
        given, the answer is the events that happen, not those that patrols would record. Rows
        outside the cells or after `start`, and rows of 0, say nothing; if none is left, there
        was no effort.
    covariates : optional DataFrame (cell, and columns of numbers in any unit), one row a cell:
        what is known of the ground, taken to have held all along. Only the order of a column's
        values counts. A column bends the forecast only if it made held-out events of the past
        likelier; otherwise, and in cells where it is not known, it says nothing.

    Returns
    -------
    float array in the order of `cells`, finite and > 0; twice the window, twice the events.

    Raises
    ------
    ValueError
        If `days` is below 1, a time is no time, or effort or covariates cannot be right: all
        faults at once.
    """
    given = Grid(cells)
    order = np.argsort(given.ids)
    grid = Grid([given.cells[i] for i in order])  # sorted: the order given cannot matter
    past, looked, ground = _checked(events, grid, start, days, effort, covariates)
    result = np.empty(len(grid))
    with one_thread():
        if looked is None or looked.empty:
            share = _bent(distribution(past), past, ground)
            result[order] = share * expected_total(past)
        else:
            result[order] = _watched(past, looked, start, ground)
    return result


def _checked(
    events: pd.DataFrame,
    grid: Grid,
    start: pd.Timestamp,
    days: int,
    effort: pd.DataFrame | None,
    covariates: pd.DataFrame | None,
) -> tuple[Past, pd.DataFrame | None, Ground | None]:
    """What of the arguments of `forecast` can be used; one refusal tells the faults of all."""
    problems: list[Any] = []
    faults = [] if days >= 1 else [f"days must be at least 1, got {days}"]
    for reads in (
        lambda: past_of(events, grid, start, days),
        lambda: None if effort is None else usable_effort(effort, grid, start),
        lambda: None if covariates is None else usable_covariates(covariates, grid),
    ):
        try:
            problems.append(reads())
        except ValueError as wrong:
            faults.append(str(wrong))
    if faults:
        raise ValueError("; ".join(faults))
    return problems[0], problems[1], problems[2]


def _bent(share: np.ndarray, past: Past, ground: Ground | None) -> np.ndarray:
    """Where the next event falls once the ground is known, every event recorded: sums to 1."""
    if ground is None:
        return share
    move = lift(past, ground, lambda periods: distribution(before(past, periods)), None)
    return _moved(share, move)


def _moved(share: np.ndarray, move: np.ndarray) -> np.ndarray:
    if not move.any():
        return share
    score = np.log(share) + move
    now = np.exp(score - score.max())
    return (1 - FLOOR) * now / now.sum() + FLOOR / len(now)


def _watched(
    past: Past, effort: pd.DataFrame, start: pd.Timestamp, ground: Ground | None
) -> np.ndarray:
    """Expected events, recorded or not: the total is what would have been recorded by full effort.

    Records of the last year over the mean chance that the events there were recorded. What an
    hour of looking finds does not depend on the window that is asked for, so it is learned in
    periods of WATCH_DAYS (shorter ones where the history is). Covariates are tried on the
    kernels alone.
    """
    history = float(past.age.max()) if len(past.age) else past.days
    steady = replace(past, days=float(np.clip(history / 8, 1.0, WATCH_DAYS)))
    found = corrected_rates(steady, effort, start)
    share = with_others(found, steady, effort, start)
    share = (1 - FLOOR) * share + FLOOR / len(share)
    if ground is not None:
        day = pd.Timedelta(days=1)

        def then(periods: int) -> np.ndarray:
            known = before(steady, periods)
            return corrected_rates(known, effort, start - periods * steady.days * day).now

        share = _moved(share, lift(steady, ground, then, found.seen))
    recent = found.seen[-13:]
    chance = max(float((recent @ share).mean()), 0.01)
    return share * expected_total(past) / chance


def with_others(
    found: Detected, past: Past, effort: pd.DataFrame, start: pd.Timestamp
) -> np.ndarray:
    """The corrected kernels and the map's experts, by their usual weights: (cells,), sums to 1.

    With few records or weeks the kernels stand alone.

    Parameters
    ----------
    found : by the kernels; the experts take its strength of looking
    past : events before the origin
    effort : cell, period_start, days, effort
    start : origin
    """
    horizon = steps_of(WATCH_DAYS)
    records = lay_watched(past, effort, start, horizon)
    now = len(records.weeks)
    if records.counts.sum() < FEW_EVENTS or now < FEW_STEPS:
        return found.now
    blind = max(found.blind, BLIND)
    looking = Detection({"patrol": found.strength}, blind, 0.0, corrected=True)
    known = remember(records, looking, (horizon,), [now])
    model = fit(known, horizon, now, seeds=1)
    members = model.members(known.at[now], known.at_more[now], known.scales)
    members[KERNELS] = found.now
    score = usual_weights(members, watched=True) @ np.log(list(members.values()))
    share = np.exp(score - score.max())
    return share / share.sum()


@dataclass(frozen=True)
class Kernels:
    """What a past taught: its components, their shares, and the logit where events are enough.

    before: (rows,) density of each row by the mixture beforehand; logit: whether it is heard.
    """

    past: Past
    rows: Rows
    parts: Components
    share: np.ndarray
    before: np.ndarray

    @property
    def logit(self) -> bool:
        return self.rows.count.sum() >= FEW_EVENTS and min(self.past.n_periods, MAX_PERIODS) >= 5

    @property
    def mixed(self) -> np.ndarray:
        """The mixture in every cell, (cells,)."""
        return self.parts.now.astype(float) @ self.share


def learn(past: Past) -> Kernels:
    """Components of a past and the weights of their mixture."""
    n_periods = min(past.n_periods, MAX_PERIODS)
    rows = choose_rows(past, n_periods, MAX_ROWS // max(n_periods, 1))
    parts = build_components(past, rows)
    return Kernels(past, rows, parts, *_mixture(parts, rows))


def distribution(past: Past) -> np.ndarray:
    """Where the next event falls: (cells,), sums to 1."""
    known = learn(past)
    now = known.mixed
    if known.logit:
        move = _correction(known.parts, known.rows, known.before, now, past.days)
        score = np.log(now) + move
        now = np.exp(score - score.max())
    return (1 - FLOOR) * now / now.sum() + FLOOR / len(now)


def contributions(past: Past) -> tuple[list[tuple[float, float]], np.ndarray]:
    """What each component adds to the log of `distribution`, apart from a constant.

    The log of the mixture is shared out among its components, `log_of_sum`; the logit has linear
    terms, of which each belongs to the component that it sets against the mixture.

    Returns
    -------
    names (sigma in spacings, half-life in days) and (cells, names); floors are left out.
    """
    known = learn(past)
    parts, mixed = known.parts, known.mixed
    added, _ = log_of_sum(parts.now.astype(float), known.share)
    if known.logit:
        beta = _coefficients(parts, known.rows, known.before, past.days)
        features = _features(parts, parts.now, mixed, past.days)
        terms = (features - features.mean(axis=0))[:, 1:] * beta[1:]
        added *= 1 + beta[0]
        picked = _picked(parts, past.days)
        for k in range(terms.shape[1]):
            added[:, picked[k % len(picked)]] += terms[:, k]
    return parts.names, added


def _mixture(parts: Components, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Weights for the next period, and the density each row had beforehand.

    Past rows are mixed with weights fitted on still older periods only (refitted about twelve
    times), so that what is built on top learns from honest forecasts.
    """
    prior = np.full(len(parts.names), 1 / len(parts.names))
    hit = rows.count > 0
    values = parts.at_rows[hit].astype(float)
    back, count = rows.back[hit], rows.count[hit]
    before = np.empty(len(rows))
    share, last = prior, int(rows.back.max()) if len(rows) else 0
    cuts = np.unique(np.linspace(0, last, 13).astype(int))[::-1]
    for newest, oldest in zip(cuts[1:], cuts[:-1], strict=True):
        known = slice(0, int((back > oldest).sum()))  # rows are sorted, oldest first
        if known.stop:
            known = slice(max(0, known.stop - MAX_HITS), known.stop)
            recent = count[known] * 0.5 ** ((back[known] - oldest) / MIX_MEMORY)
            share = mixture_weights(values[known], recent, prior, PRIOR_EVENTS, 25, share)
        block = (rows.back <= oldest) & (rows.back > newest)
        before[block] = parts.at_rows[block] @ share
    if len(values):
        recent = count[-MAX_HITS:] * 0.5 ** (back[-MAX_HITS:] / MIX_MEMORY)
        share = mixture_weights(values[-MAX_HITS:], recent, prior, PRIOR_EVENTS, 60, share)
    return share, before


def _correction(
    parts: Components, rows: Rows, before: np.ndarray, now: np.ndarray, days: float
) -> np.ndarray:
    """What to add to the log of the mixture in each cell, (cells,)."""
    return _features(parts, parts.now, now, days) @ _coefficients(parts, rows, before, days)


def _coefficients(parts: Components, rows: Rows, before: np.ndarray, days: float) -> np.ndarray:
    """Of the logit, times how far it is followed.

    It is fitted on the older periods and tried on the younger ones, three times; how far
    to follow it is what would have been best there, held near FOLLOW.
    """
    group = rows.back.max() - rows.back  # 0 is the oldest period
    n_groups = int(group.max()) + 1
    features = _features(parts, parts.at_rows, before, days)
    base = log_normal(np.log(before), rows.weight, group)
    used = group >= min(8, n_groups // 3)
    events = np.cumsum(np.bincount(group, rows.count * used))
    cuts = np.unique(np.searchsorted(events, events[-1] * np.array([0.4, 0.6, 0.8]), "right"))
    move = np.zeros(len(rows))
    tested = np.zeros(len(rows), bool)
    for low, high in zip(cuts, [*cuts[1:], n_groups], strict=True):
        train, test = used & (group < low), (group >= low) & (group < high)
        if rows.count[train].sum() >= FEW_EVENTS / 2:
            move[test] = features[test] @ _fit(features, base, rows, group, train, RIDGE)
            tested |= test
    follow = FOLLOW
    if rows.count[tested].sum() > 0:
        more = _fit(move[:, None], base + move * FOLLOW, rows, group, tested, FOLLOW_RIDGE)
        follow = np.clip(FOLLOW + more[0], 0.0, 1.5)
    beta = _fit(features, base, rows, group, used, RIDGE)
    return follow * beta


def _fit(
    features: np.ndarray,
    offset: np.ndarray,
    rows: Rows,
    group: np.ndarray,
    train: np.ndarray,
    ridge: float,
) -> np.ndarray:
    """`fit_logit` on some rows, recent periods counting more; periods are numbered anew."""
    number = np.unique(group[train], return_inverse=True)[1]
    importance = 0.5 ** ((group[train].max() - group[train]) / LOGIT_MEMORY)
    return fit_logit(
        features[train],
        offset[train],
        rows.count[train] * importance,
        rows.weight[train],
        number,
        ridge,
    )


def _features(parts: Components, values: np.ndarray, mix: np.ndarray, days: float) -> np.ndarray:
    """Log of the mixture, and log ratios of components to it at two bends, (rows, k)."""
    n_cells = len(parts.now)
    picked = _picked(parts, days)
    columns = [np.log(mix * n_cells)[:, None]]
    for bend in BENDS:
        base = bend / n_cells
        columns.append(np.log((values[:, picked] + base) / (mix[:, None] + base)))
    return np.concatenate(columns, axis=1)


def _picked(parts: Components, days: float) -> list[int]:
    """Components that the logit sets against the mixture, in the order of its columns."""
    picked = {parts.find(s, h * days) for s in SIGMAS for h in HALF_PERIODS}
    return sorted(picked) + [i for i, (_, h) in enumerate(parts.names) if h == SEASON]
