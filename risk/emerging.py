"""Where clusters are, and how they change: Getis-Ord Gi*, false discovery rate, 17 classes.

The classes are those of emerging hot spot analysis (new, consecutive, intensifying, persistent,
diminishing, sporadic, oscillating, historical, each hot and cold, or none). A class describes
records, not risk, and a cluster of records may be a cluster of patrols: pass rates where effort
is known.
"""

import numpy as np
import scipy.sparse as sp
from scipy.stats import false_discovery_control, norm

KINDS = (
    "new", "consecutive", "intensifying", "persistent",
    "diminishing", "sporadic", "oscillating", "historical",
)  # fmt: skip
CLASSES = ("none", *(f"{kind}_{side}" for side in ("hot", "cold") for kind in KINDS))
#: Share of periods that make a lasting cluster.
LASTING = 0.9


def gi_star(panel: np.ndarray, neighbours: sp.csr_array) -> np.ndarray:
    """Getis-Ord Gi* as a z-score, for every period by itself.

    Parameters
    ----------
    panel : (periods, cells), counts or rates
    neighbours : (cells, cells) weights, the cell itself included

    Returns
    -------
    (periods, cells); 0 in a period in which all values are equal.

    Notes
    -----
    (sum_j w_ij x_j - mean W_i) / (s sqrt((n S_i - W_i^2) / (n - 1))), W_i = sum_j w_ij,
    S_i = sum_j w_ij^2, s the standard deviation with n below (Ord and Getis 1995).
    """
    panel = np.asarray(panel, dtype=float)
    n = panel.shape[1]
    weight = np.asarray(neighbours.sum(axis=1)).ravel()
    square = np.asarray(neighbours.multiply(neighbours).sum(axis=1)).ravel()
    local = (neighbours @ panel.T).T
    mean, spread = panel.mean(axis=1, keepdims=True), panel.std(axis=1, keepdims=True)
    scale = spread * np.sqrt(np.maximum(n * square - weight**2, 0) / max(n - 1, 1))
    return np.divide(local - mean * weight, scale, out=np.zeros_like(panel), where=scale > 1e-12)


def significant(z: np.ndarray, rate: float = 0.05) -> np.ndarray:
    """+1 hot, -1 cold, 0 neither, controlling the false discovery rate over all entries.

    Two-sided normal p-values, Benjamini and Hochberg (1995).
    """
    if not 0 < rate < 1:
        raise ValueError(f"a false discovery rate lies between 0 and 1, got {rate}")
    adjusted = false_discovery_control(2 * norm.sf(np.abs(z)), axis=None)
    return (np.sign(z) * (adjusted.reshape(z.shape) <= rate)).astype(np.int8)


def mann_kendall(values: np.ndarray) -> np.ndarray:
    """Trend of every column as a z-score, ties corrected; (periods, cells) -> (cells,).

    S = sum over i < j of sign(x_j - x_i), var = (n(n-1)(2n+5) - sum t(t-1)(2t+5)) / 18 over
    groups of t equal values, with the continuity correction (Kendall 1975). 0 without trend.
    """
    n = len(values)
    later = [np.sign(values[j + 1 :] - values[j]).sum(axis=0) for j in range(n - 1)]
    s = np.sum(later, axis=0) if later else np.zeros(values.shape[1])
    ordered = np.sort(values, axis=0)
    ties = np.zeros(values.shape[1])
    run = np.ones(values.shape[1])
    for row in range(1, n + 1):
        same = ordered[row] == ordered[row - 1] if row < n else np.zeros(values.shape[1], bool)
        ties += np.where(same, 0, run * (run - 1) * (2 * run + 5))
        run = np.where(same, run + 1, 1)
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    z = (s - np.sign(s)) / np.sqrt(np.maximum(variance, 1e-12))
    return np.where(variance > 1e-9, z, 0.0)


def classify(z: np.ndarray, sign: np.ndarray, trend_level: float = 0.05) -> np.ndarray:
    """The class of every cell from its Gi* z-scores and their significance; text, (cells,).

    Parameters
    ----------
    z : (periods, cells) Gi* z-scores, oldest period first
    sign : the same shape, from `significant`
    trend_level : two-sided level of the Mann-Kendall trend of z

    Notes
    -----
    A trend away from zero intensifies, hot and cold alike. A cell whose last period is hot is
    judged by its hot history; oscillating means that it was also cold.
    """
    trend = mann_kendall(z)
    limit = norm.isf(trend_level / 2)
    result = np.full(z.shape[1], "none", dtype=object)
    for side, name in ((1, "hot"), (-1, "cold")):
        here = sign == side
        share, last, run = here.mean(axis=0), here[-1], _run(here)
        ever_before = here[:-1].any(axis=0)
        only_run = here.sum(axis=0) == run
        opposite = (sign == -side).any(axis=0)
        lasting = share >= LASTING
        rising = side * trend > limit
        falling = side * trend < -limit
        rules = [
            ("historical", lasting & ~last),
            ("intensifying", lasting & last & rising),
            ("diminishing", lasting & last & falling),
            ("persistent", lasting & last & ~rising & ~falling),
            ("new", last & ~lasting & ~ever_before & ~opposite),
            ("consecutive", last & ~lasting & (run >= 2) & only_run & ~opposite),
            ("oscillating", last & ~lasting & opposite),
            ("sporadic", last & ~lasting & ever_before & ~only_run & ~opposite),
        ]
        for kind, rule in rules:
            result = np.where(rule, f"{kind}_{name}", result)
    return result


def _run(here: np.ndarray) -> np.ndarray:
    """Length of the uninterrupted run of True that ends in the last period."""
    broken = np.argmin(here[::-1], axis=0)
    return np.where(here.all(axis=0), len(here), broken)
