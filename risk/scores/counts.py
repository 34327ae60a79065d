"""Is a forecast of counts as sure as it says? Coverage and scores of Gamma-mixed Poisson counts.

An interval tells of a rate, and what happens is a whole number: a cell in which 0.03 events are
expected sees none or one, and either lies inside or outside any interval by its size alone. So the
interval is not asked whether it holds the count. The rate's Gamma is mixed with the noise of
counting, which gives a negative binomial, and the *place of the count in that law* is judged, its
probability integral transform, made continuous by sharing a count's chance out evenly (Czado,
Gneiting and Held 2009). A law that is right holds exactly `share` of such places between
(1 - share) / 2 and (1 + share) / 2, whatever is expected; closed intervals of whole numbers hold
more, nearly all where little is expected.

All functions take `mean`, the expected count, and `shape`, of the Gamma around it; infinity is a
rate that is known, a Poisson count. Arrays of one length.
"""

import numpy as np
from scipy.stats import nbinom, poisson

#: Standard deviations above the mean to which a score adds up the law.
FAR = 12.0


def chance_until(count: np.ndarray, mean: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Chance of at most so many events; 0 below none.

    Parameters
    ----------
    count : whole numbers
    mean, shape : of the law, shape (n,) or such that they broadcast with `count`
    """
    count, mean, shape = np.broadcast_arrays(count, mean, np.asarray(shape, float))
    sure = np.isinf(shape)
    finite = np.where(sure, 1.0, shape)
    mixed = nbinom.cdf(count, finite, finite / (finite + mean))
    return np.where(sure, poisson.cdf(count, mean), mixed)


def held(count: np.ndarray, mean: np.ndarray, shape: np.ndarray, share: float) -> np.ndarray:
    """Share of each count's own chance that lies inside the central interval, 0 to 1, (n,).

    The mean over many counts is the coverage; it is the expectation of the randomised transform,
    so no luck is drawn.

    Parameters
    ----------
    count : what happened
    mean, shape : of the law that was told before
    share : of the interval, e.g. 0.8
    """
    below, until = (chance_until(np.asarray(count) - k, mean, shape) for k in (1, 0))
    low, high = (1 - share) / 2, (1 + share) / 2
    inside = np.minimum(until, high) - np.maximum(below, low)
    own = np.maximum(until - below, 1e-300)
    inside = np.clip(inside, 0, None) / own
    return np.where(own > 1e-12, inside, ((below > low) & (below < high)).astype(float))


def inside_closed(
    count: np.ndarray, mean: np.ndarray, shape: np.ndarray, share: float
) -> np.ndarray:
    """Whether each count lies in the closed interval of whole numbers, bool, (n,).

    From the least count whose chance until it reaches (1 - share) / 2 to the least that reaches
    (1 + share) / 2, both of them in.

    Parameters
    ----------
    count, mean, shape, share : as of `held`
    """
    below, until = (chance_until(np.asarray(count) - k, mean, shape) for k in (1, 0))
    return (until >= (1 - share) / 2) & (below < (1 + share) / 2)


def log_score(count: np.ndarray, mean: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Log of the chance that the law gave to what happened, nats, (n,); higher is better.

    `count`, `mean` and `shape` as of `chance_until`.
    """
    count, mean, shape = np.broadcast_arrays(count, mean, np.asarray(shape, float))
    sure = np.isinf(shape)
    finite = np.where(sure, 1.0, shape)
    mixed = nbinom.logpmf(count, finite, finite / (finite + mean))
    return np.where(sure, poisson.logpmf(count, mean), mixed)


def crps(count: np.ndarray, mean: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score of each count, in events, (n,); lower is better.

    The sum over k of (chance until k - [count <= k])^2 (Gneiting and Raftery 2007, section 4.2).
    `count`, `mean` and `shape` as of `chance_until`.
    """
    count, mean, shape = np.broadcast_arrays(count, mean, np.asarray(shape, float))
    spread = np.sqrt(mean + mean**2 / shape)
    last = int(np.ceil(max(count.max(), (mean + FAR * spread).max()))) if len(count) else 0
    total = np.zeros(len(count))
    for k in range(last + 1):
        total += (chance_until(np.full(len(count), k), mean, shape) - (count <= k)) ** 2
    return total
