"""How good a forecast of one period was: shares found, information gained, totals met.

All functions take `expected`, the forecast of each cell (n_cells,), and `observed`, the events
counted there (n_cells,). `n_outside` events fell outside all cells: a miss for every model.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

AREAS = (0.01, 0.02, 0.05, 0.10)


def hits(expected: np.ndarray, observed: np.ndarray, area: float) -> float:
    """Events inside the top share `area` of the cells.

    Cells tied at the cut are credited with what a random order would find on average, and so is
    the fraction of a cell that is left when area x cells is not a whole number.

    Parameters
    ----------
    expected, observed : (n_cells,), forecast and counted events
    area : share of the cells, 0 < area <= 1
    """
    expected, observed = _pair(expected, observed)
    if not 0 < area <= 1:
        raise ValueError(f"area is a share of the cells, 0 < area <= 1, got {area}")
    places = area * len(expected)
    cut = np.partition(expected, -int(np.ceil(places)))[-int(np.ceil(places))]
    above, tied = expected > cut, expected == cut
    share = (places - above.sum()) / tied.sum()
    return float(observed[above].sum() + observed[tied].sum() * share)


def hit_rate(expected: np.ndarray, observed: np.ndarray, area: float, n_outside: int = 0) -> float:
    """Share of all events inside the top share of the cells; NaN without events.

    `expected`, `observed`, `area` as of `hits`; `n_outside` events fell outside all cells.
    """
    total = float(np.sum(observed)) + n_outside
    return hits(expected, observed, area) / total if total else float("nan")


def hot(forecast: np.ndarray, area: float) -> np.ndarray:
    """Share of each cell that lies in the top `area`: 1 or 0, a fraction at the cut."""
    places = area * len(forecast)
    cut = np.partition(forecast, -int(np.ceil(places)))[-int(np.ceil(places))]
    above, tied = forecast > cut, forecast == cut
    return above + tied * ((places - above.sum()) / tied.sum())


def share_found(sums: np.ndarray, area: float) -> np.ndarray:
    """Share of all events in the top `area`, from records per unit of exposure.

    sums : (records, exposure) inside and (records, exposure) outside, stacked; NaN without records
    """
    inside, looked_inside, outside, looked_outside = sums
    rates = area * inside / looked_inside, (1 - area) * outside / looked_outside
    with np.errstate(invalid="ignore"):
        return rates[0] / (rates[0] + rates[1])


def kept_share(expected: np.ndarray, before: np.ndarray, area: float) -> float:
    """Share of the top cells that were in the top of the forecast before, too.

    Both lists hold the same number of cells, so the Jaccard index is share / (2 - share). Ties are
    broken by the order of the cells, the same in both.

    Parameters
    ----------
    expected, before : (n_cells,), forecast now and one period before
    area : share of the cells, 0 < area <= 1
    """
    expected, before = _pair(expected, before)
    size = max(1, round(area * len(expected)))
    now, then = (np.argsort(-one, kind="stable")[:size] for one in (expected, before))
    return float(len(np.intersect1d(now, then)) / size)


def pai(expected: np.ndarray, observed: np.ndarray, area: float, n_outside: int = 0) -> float:
    """Predictive accuracy index: hit rate / area (Chainey, Tompson and Uhlig 2008).

    `expected`, `observed`, `area` and `n_outside` as of `hit_rate`.
    """
    return hit_rate(expected, observed, area, n_outside) / area


def pei(expected: np.ndarray, observed: np.ndarray, area: float) -> float:
    """Predictive efficiency index: PAI / best possible PAI at this area (Hunt 2016).

    The best possible forecast ranks the cells by what was observed; NaN without events.
    `expected`, `observed` and `area` as of `hits`.
    """
    best = hits(observed, observed, area)
    return hits(expected, observed, area) / best if best else float("nan")


def log_gain(expected: np.ndarray, observed: np.ndarray) -> float:
    """Sum over the events inside of log(p x cells), p the forecast normalised to 1; nats.

    Divided by the number of events: information gain over a uniform forecast (Daley and
    Vere-Jones 2003, section 7.6). An event where the forecast is 0 costs infinity.
    """
    expected, observed = _pair(expected, observed)
    hit = observed > 0
    total = expected.sum()
    if not hit.any():
        return 0.0
    if total <= 0:
        return float("-inf")
    with np.errstate(divide="ignore"):
        gain = np.log(expected[hit] / total * len(expected))
    return float((observed[hit] * gain).sum())


def poisson_deviance(expected: np.ndarray, observed: np.ndarray) -> float:
    """2 sum(y log(y / mu) - y + mu) over the cells, with 0 log 0 = 0."""
    expected, observed = _pair(expected, observed)
    hit = observed > 0
    with np.errstate(divide="ignore"):
        fit = (observed[hit] * np.log(observed[hit] / expected[hit])).sum()
    return float(2 * (fit - observed.sum() + expected.sum()))


def calibration(expected_total: ArrayLike, observed_total: ArrayLike) -> float:
    """Sum of the forecasts over the sum of the events, over all periods; 1 is right."""
    observed = float(np.sum(observed_total))
    return float(np.sum(expected_total)) / observed if observed else float("nan")


def ratio_interval(
    top: ArrayLike,
    bottom: ArrayLike,
    coverage: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> tuple[float, float]:
    """Interval of sum(top) / sum(bottom), whole periods drawn with replacement.

    The percentile bootstrap (Efron and Tibshirani 1993, chapter 13).

    Parameters
    ----------
    top, bottom : one entry per period; a paired difference of two models goes into `top`
    coverage : share of the draws inside, 0 to 1
    draws, seed : how many draws, and where they begin

    Returns
    -------
    Both ends; NaN where nothing was counted.
    """
    top, bottom = np.asarray(top, float), np.asarray(bottom, float)
    if top.shape != bottom.shape or top.ndim != 1:
        raise ValueError(f"one value per period expected, got {top.shape} and {bottom.shape}")
    if len(top) == 0 or bottom.sum() <= 0:
        return float("nan"), float("nan")
    pick = np.random.default_rng(seed).integers(0, len(top), (draws, len(top)))
    below = bottom[pick].sum(axis=1)
    ratio = top[pick].sum(axis=1)[below > 0] / below[below > 0]
    low, high = np.quantile(ratio, [(1 - coverage) / 2, (1 + coverage) / 2])
    return float(low), float(high)


def lead(
    scores: pd.DataFrame, mine: str, rival: str, measure: str, coverage: float = 0.95
) -> tuple[float, float, float]:
    """By how much one model gains on another, period by period: mean, and both ends of the
    paired interval (`ratio_interval` of the differences, each weighed by the period's events).

    Two models are tested on the same periods, so their own intervals may overlap although one is
    ahead in nearly every period, and may part although it is not: only this one tells.

    Parameters
    ----------
    scores : DataFrame with model, period_start, n_events (all alike where they are hidden) and
        `measure`; one row per model and period
    mine, rival : names of the two models
    measure : name of a column, the larger the better
    coverage : of the interval

    Returns
    -------
    Three NaN where no period tells the measure of both; one that hides it is no tie.
    """
    by = scores.set_index(["model", "period_start"])
    measured, counts = by[measure], by["n_events"]
    ahead = (measured.xs(mine) - measured.xs(rival)).astype(float)
    counted = counts.xs(mine).reindex(ahead.index).astype(float)
    weight = (counted if counted.sum() > 0 else counted.fillna(1.0)).fillna(0.0)
    hidden = ahead.isna() & (weight > 0)
    if hidden.all():
        return np.nan, np.nan, np.nan
    ahead, events = ahead[~hidden].fillna(0.0), weight[~hidden].to_numpy()
    top = ahead.to_numpy() * events
    return float(top.sum() / events.sum()), *ratio_interval(top, events, coverage)


def _pair(expected: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    expected, observed = np.asarray(expected, float), np.asarray(observed, float)
    if expected.shape != observed.shape or expected.ndim != 1:
        raise ValueError(f"one value per cell expected, got {expected.shape}, {observed.shape}")
    if not np.isfinite(expected).all() or (expected < 0).any():
        raise ValueError("a forecast is finite and not negative in every cell")
    return expected, observed
