"""How sure we are of each cell: a Gamma around the risk, as wide as the past says it must be."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln
from scipy.stats import gamma

SHAPES = tuple(np.geomspace(0.1, 12.8, 15))
GAINS = (0.0, 0.03, 0.1, 0.3, 1.0)


@dataclass(frozen=True)
class Spread:
    """Shape of the Gamma: least + gain x the events we would have on record by now."""

    least: float
    gain: float
    level_error: float = 0.0  # standard error of the log level, common to all cells

    def shape(self, rate: np.ndarray, watched_weeks: np.ndarray) -> np.ndarray:
        own = self.least + self.gain * rate * watched_weeks
        return 1 / (1 / own + self.level_error**2)

    def bounds(
        self, rate: np.ndarray, watched_weeks: np.ndarray, share: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Factors on the rate at both ends of the central interval that holds `share`."""
        # The quantile is smooth in log(shape): a table of 200 is exact to 4 digits.
        shape = self.shape(rate, watched_weeks)
        table = np.geomspace(max(shape.min(), 1e-3), max(shape.max(), 2e-3), 200)
        lo, hi = (gamma.ppf(q, table) / table for q in ((1 - share) / 2, (1 + share) / 2))
        at = np.log(shape)
        return np.interp(at, np.log(table), lo), np.interp(at, np.log(table), hi)


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
    hit = y > 0

    def likelihood(spread: Spread) -> float:
        s = spread.shape(rate, watched_weeks)
        quiet = s * np.log(s / (s + mean))
        told = gammaln(y[hit] + s[hit]) - gammaln(s[hit]) - gammaln(y[hit] + 1)
        told = told + y[hit] * np.log(mean[hit] / (s[hit] + mean[hit]))
        return float(quiet.sum() + told.sum())

    tried = [Spread(least, gain) for least in SHAPES for gain in GAINS]
    score = np.array([likelihood(spread) for spread in tried])
    weight = np.exp(score - score.max())
    weight /= weight.sum()
    least = np.exp(sum(w * np.log(one.least) for w, one in zip(weight, tried, strict=True)))
    return Spread(float(least), float(weight @ [one.gain for one in tried]))
