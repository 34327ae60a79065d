"""How sure we are of each cell: a Gamma around the risk, as wide as the past says it must be.

Held-out records tell how far the forecast of *records* is off. They cannot tell how far the truth
lies from what gets recorded (who looked, how well, where a record was put), so where records are
corrected for looking that part is added: its size comes from invented worlds, where the truth is
known (`bench.risk.coverage`). Where nobody's effort is known every event counts as recorded,
nothing is unseen by assumption, and all of the width is learned from the set's own past
(`bench.risk.coverage_real`).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import gammaincinv, gammaln

#: Share of true values that every interval should hold; screen and papers say "80 %".
SHARE = 0.8
SHAPES = tuple(np.geomspace(0.1, 12.8, 15))
GAINS = (0.0, 0.03, 0.1, 0.3, 1.0)
#: Deviations of seen over expected totals that are tried.
LEVELS = tuple(np.geomspace(0.02, 1.28, 19))
#: Variance of truth over forecast that held-out records do not show; from worlds 31 to 33.
MISSED = 1.0
#: Deviation of the log of the area's total that past totals do not show; seeds 31-33, 41-44.
LEVEL_MISSED = 0.3
#: Correlation of the errors of cells in one sector; from the same worlds.
TOGETHER = 0.2


@dataclass(frozen=True)
class Unseen:
    """What records cannot show of the truth, as they are corrected for looking or not.

    missed : variance of truth over forecast in a cell; level : deviation of the log of the total
    """

    missed: float
    level: float


#: Where records are corrected for looking, and where every event counts as recorded.
CORRECTED, AS_RECORDED = Unseen(MISSED, LEVEL_MISSED), Unseen(0.0, 0.0)


def unseen(corrected: bool) -> Unseen:
    """What is added to the errors that the past shows."""
    return CORRECTED if corrected else AS_RECORDED


@dataclass(frozen=True)
class Spread:
    """Shape of the Gamma: least + gain x the events we would have on record by now.

    level_error : standard error of the log level, common to all cells; missed : variance that
    held-out records do not show (`Unseen`)
    """

    least: float
    gain: float
    level_error: float = 0.0
    missed: float = MISSED

    def own(self, rate: np.ndarray, watched_weeks: np.ndarray) -> np.ndarray:
        """Shape that held-out records speak for."""
        return self.least + self.gain * rate * watched_weeks

    def shape(self, rate: np.ndarray, watched_weeks: np.ndarray) -> np.ndarray:
        """Shape with the error of the level and of what records do not show."""
        return 1 / (1 / self.own(rate, watched_weeks) + self.level_error**2 + self.missed)

    def bounds(
        self, rate: np.ndarray, watched_weeks: np.ndarray, share: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Factors on the rate at both ends of the central interval that holds `share`.

        Parameters
        ----------
        rate : (cells,), events per week of full looking
        watched_weeks : (cells,), weeks of full looking remembered around each
        share : of the true values, 0 to 1
        """
        shape = self.shape(rate, watched_weeks)
        table, lo, hi = _quantiles(share)
        at = np.log(shape)
        return np.interp(at, np.log(table), lo), np.interp(at, np.log(table), hi)


def bounds_of_sums(
    risk: np.ndarray, lo: np.ndarray, hi: np.ndarray, group: np.ndarray, share: float = SHARE
) -> tuple[np.ndarray, np.ndarray]:
    """Interval of the sum over each group of cells, lo and hi by group.

    `risk`, `lo`, `hi`, `group` and `share` are those of `shapes_of_sums`. A group whose cells have
    no interval has none.
    """
    table, low, high = _quantiles(share)
    total, shape = shapes_of_sums(risk, lo, hi, group, share)
    at = np.log(np.minimum(shape, table[-1]))
    ends = [np.where(np.isinf(shape), 1.0, np.interp(at, np.log(table), x)) for x in (low, high)]
    return total * ends[0], total * ends[1]


def shapes_of_sums(
    risk: np.ndarray, lo: np.ndarray, hi: np.ndarray, group: np.ndarray, share: float = SHARE
) -> tuple[np.ndarray, np.ndarray]:
    """The sum over each group of cells, and the shape of the Gamma around it, by group.

    Parameters
    ----------
    risk, lo, hi : of the cells, as `Spread.bounds` made them for `share`
    group : number of each cell's group, 0 to n - 1
    share : of true values that lo to hi should hold

    Notes
    -----
    Errors of cells in one group correlate by TOGETHER; the sum is taken as a Gamma with the mean
    and variance that follow. Cells that have no interval (lo = hi) are sure: infinity.
    """
    table, low, _ = _quantiles(share)
    part = np.divide(lo, risk, out=np.ones(len(risk)), where=risk > 0)
    spread = np.where(hi > lo, risk / np.sqrt(np.interp(part, low, table)), 0.0)
    total, apart, along = (np.bincount(group, x) for x in (risk, spread**2, spread))
    variance = (1 - TOGETHER) * apart + TOGETHER * along**2
    return total, np.divide(total**2, variance, out=np.full(len(total), np.inf),
                            where=variance > 0)  # fmt: skip


@cache
def _quantiles(share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shapes, and both ends of the interval over the mean; smooth in log(shape), so 4 digits."""
    table = np.geomspace(0.02, 1e4, 600)
    low, high = (gammaincinv(table, q) / table for q in ((1 - share) / 2, (1 + share) / 2))
    return table, low, high


def level_variance(expected: np.ndarray, seen: np.ndarray) -> float:
    """Variance of seen over told totals beyond the noise of counting.

    The mean over LEVELS, weighted by the negative-binomial likelihood of the totals: a dozen small
    totals bear many levels nearly as well, and their log ratios scatter by noise alone.

    Parameters
    ----------
    expected, seen : totals that past forecasts expected, and that came
    """
    mean = np.maximum(expected, 1e-12)
    score = np.array([_negative_binomial(mean, seen, level**-2.0) for level in LEVELS])
    weight = np.exp(score - score.max())
    return float(weight @ np.square(LEVELS) / weight.sum())


def _negative_binomial(mean: np.ndarray, y: np.ndarray, shape: np.ndarray | float) -> float:
    """Log likelihood of counts whose rate scatters around the mean by a Gamma of a shape."""
    s = np.broadcast_to(shape, np.shape(mean))
    hit = y > 0
    quiet = s * np.log(s / (s + mean))
    likelihood = gammaln(y[hit] + s[hit]) - gammaln(s[hit]) - gammaln(y[hit] + 1)
    likelihood = likelihood + y[hit] * np.log(mean[hit] / (s[hit] + mean[hit]))
    return float(quiet.sum() + likelihood.sum())


def fit_spread(rate: np.ndarray, watched_weeks: np.ndarray, y: np.ndarray, x: np.ndarray) -> Spread:
    """Least shape and gain from the negative-binomial likelihood of held-out counts.

    Parameters
    ----------
    rate : forecast of each cell and held-out window, events per week of full looking
    watched_weeks : weeks of full looking remembered around the cell at the window's start
    y, x : events that came in the window, whole numbers, and its exposure

    Notes
    -----
    The mean over the grid of values, weighted by likelihood: with few events many shapes fit
    nearly as well, and the single best one jumps from week to week.
    """
    mean = np.maximum(rate * x, 1e-12)
    tried = [Spread(least, gain) for least in SHAPES for gain in GAINS]
    score = np.array(
        [_negative_binomial(mean, y, spread.own(rate, watched_weeks)) for spread in tried]
    )
    weight = np.exp(score - score.max())
    weight /= weight.sum()
    least = np.exp(sum(w * np.log(one.least) for w, one in zip(weight, tried, strict=True)))
    return Spread(float(least), float(weight @ [one.gain for one in tried]))
