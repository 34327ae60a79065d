"""How sure we are of each cell: a Gamma around the risk, as wide as the past says it must be."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln
from scipy.stats import gamma

SHAPES = (0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0, 3.2, 6.4, 12.8)
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
    """Least shape and gain of highest negative-binomial likelihood on held-out totals.

    Parameters
    ----------
    rate : forecast of each cell, events per week of full looking, mean over held-out periods
    watched_weeks : weeks of full looking remembered around the cell
    y, x : events that came and the exposure, summed over the held-out periods; what the model
        gets wrong about a place lasts, so it shows in the sum and hardly in a single week
    """
    mean = np.maximum(rate * x, 1e-12)
    hit = y > 0

    def likelihood(spread: Spread) -> float:
        s = spread.shape(rate, watched_weeks)
        quiet = s * np.log(s / (s + mean))
        told = gammaln(y[hit] + s[hit]) - gammaln(s[hit]) - gammaln(y[hit] + 1)
        told = told + y[hit] * np.log(mean[hit] / (s[hit] + mean[hit]))
        return float(quiet.sum() + told.sum())

    return max((Spread(a, b) for a in SHAPES for b in GAINS), key=likelihood)
