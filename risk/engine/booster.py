"""Boosted trees for sparse counts that cannot run away.

scikit-learn's Poisson leaf takes the step sum(y) / sum(mu) - 1, without bound where the model
expects almost nothing and one event falls in; on counts with 0.4 % positives the default settings
diverge. Large leaves, a penalty and small steps keep it finite; a fit that is still no better
than the constant rate is repeated more cautiously, and in the end given up for that rate.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

TRIES = 4
CODES = 64  # quantile codes per feature
MISSING = 255  # code of what is not known
MOST_LEAVES = 17  # a tree is a table of 2^(leaves - 1) entries


class PoissonBooster:
    """Expected counts from features: rate x exposure, the rate by boosted trees.

    Parameters
    ----------
    trees, leaves, rate : number of trees, leaves of each, learning rate
    leaf_rows : fewest rows in a leaf; by default as many as hold four events on average, and at
        least a 400th of the rows
    penalty : L2 penalty on the leaf values
    seeds : one model each, their log rates averaged
    rising : features (column numbers) in which the rate may only rise
    threads : OpenMP threads; two that spin on a busy machine cost five times one that does not

    Attributes
    ----------
    models : the fitted HistGradientBoostingRegressor of each seed; empty for the constant rate
    constant : mean count per exposure; factor : brings the mean prediction to the mean count
    """

    def __init__(
        self,
        trees: int = 100,
        leaves: int = 6,
        rate: float = 0.1,
        leaf_rows: int | None = None,
        penalty: float = 5.0,
        seeds: Sequence[int] = (0,),
        rising: Sequence[int] = (),
        threads: int = 1,
    ):
        if leaves > MOST_LEAVES:
            raise ValueError(f"leaves is at most {MOST_LEAVES}, got {leaves}")
        self.trees, self.leaves, self.rate = trees, leaves, rate
        self.leaf_rows, self.penalty = leaf_rows, penalty
        self.seeds, self.rising, self.threads = tuple(seeds), tuple(rising), threads

    def fit(
        self,
        features: np.ndarray,
        count: np.ndarray,
        exposure: np.ndarray | None = None,
        weight: np.ndarray | None = None,
    ) -> "PoissonBooster":
        """Learn from rows; a Poisson model with offset log(exposure).

        It is fitted as target count / exposure with weight x exposure, which is the same.

        Parameters
        ----------
        features : (rows, k), NaN allowed
        count : (rows,), >= 0
        exposure : (rows,), > 0, what the rate is multiplied by (effort, or the expected count of
            another model); ones if not given
        weight : (rows,), > 0, rows that each row stands for; ones if not given

        Raises
        ------
        ValueError
            If the shapes differ, there are no rows, or a value is out of these bounds.
        """
        features = np.asarray(features, np.float32)
        count = np.asarray(count, float)
        exposure = np.ones(len(count)) if exposure is None else np.asarray(exposure, float)
        weight = np.ones(len(count)) if weight is None else np.asarray(weight, float)
        _check(features, count, exposure, weight)
        self.edges = [_edges(column) for column in features.T]
        mass = weight * exposure
        self.constant = float((weight * count).sum() / mass.sum())
        self.rows_per_event = len(count) / max(float(count.sum()), 1.0)
        self.models, self.factor = [], 1.0
        if self.constant == 0:
            return self
        codes = self._codes(features)
        numbers = _as_numbers(codes)
        bound = _deviance(count, self.constant * exposure, weight)
        for attempt in range(TRIES):
            with threadpool_limits(self.threads, "openmp"), np.errstate(all="ignore"):
                self.models = [
                    self._trees(attempt, seed, len(count)).fit(numbers, count / exposure, mass)
                    for seed in self.seeds
                ]
            raw = self._rate(codes) * exposure
            total = (weight * raw).sum()
            if np.isfinite(total) and total > 0:
                self.factor = float((weight * count).sum() / total)
                if 0.5 < self.factor < 2 and _deviance(count, self.factor * raw, weight) < bound:
                    return self
        self.models, self.factor = [], 1.0
        return self

    def predict(self, features: np.ndarray, exposure: np.ndarray | None = None) -> np.ndarray:
        """Expected count of each row, finite and > 0 (0 only if no event was ever seen)."""
        features = np.asarray(features, np.float32)
        exposure = np.ones(len(features)) if exposure is None else np.asarray(exposure, float)
        if not self.models:
            return self.constant * exposure
        return self.factor * self._rate(self._codes(features)) * exposure

    def contributions(self, features: np.ndarray) -> tuple[np.ndarray, float]:
        """What each feature adds to the log of the rate: (rows, k), and the part common to all.

        Path attribution (Saabas 2014): a split gives the change of the expected value between a
        node and its child to its feature. Rows add up to log(predict) at exposure 1, except where
        the rate was held at its limit.
        """
        codes = self._codes(np.asarray(features, np.float32))
        total = np.zeros(codes.shape)
        if not self.models:
            return total.T, float(np.log(self.constant))
        common = 0.0
        for model in self.models:
            common += float(model._baseline_prediction.ravel()[0])
            for (tree,) in model._predictors:
                common += _share_out(tree.nodes, codes, total)
        n = len(self.models)
        return total.T / n, common / n + float(np.log(self.factor))

    def _trees(self, attempt: int, seed: int, n_rows: int) -> HistGradientBoostingRegressor:
        cautious = 2**attempt
        leaf = self.leaf_rows or int(max(4 * self.rows_per_event, n_rows / 400, 20))
        rising = np.zeros(len(self.edges), int)
        rising[list(self.rising)] = 1
        return HistGradientBoostingRegressor(
            loss="poisson",
            max_iter=self.trees,
            max_leaf_nodes=self.leaves,
            learning_rate=self.rate / cautious,
            min_samples_leaf=min(leaf * cautious, max(n_rows // 4, 1)),
            l2_regularization=self.penalty * cautious,
            max_features=0.7,
            monotonic_cst=rising,
            early_stopping=False,
            random_state=seed,
        )

    def _rate(self, codes: np.ndarray) -> np.ndarray:
        """Geometric mean of the models, held within e^8 of the constant rate."""
        mean = np.mean([_log_rate(model, codes) for model in self.models], axis=0)
        middle = np.log(self.constant)
        return np.exp(np.clip(np.nan_to_num(mean, nan=middle), middle - 8, middle + 8))

    def _codes(self, features: np.ndarray) -> np.ndarray:
        """Quantile codes, (k, rows), MISSING for NaN: a byte a value.

        With few distinct values scikit-learn skips its weighted percentiles, which take 60 times
        longer than unweighted ones below 200,000 rows.
        """
        codes = np.empty(features.shape[::-1], np.uint8)
        for k, edges in enumerate(self.edges):
            column = np.ascontiguousarray(features[:, k])
            codes[k] = np.searchsorted(edges, column)
            codes[k, np.isnan(column)] = MISSING
        return codes


def _as_numbers(codes: np.ndarray) -> np.ndarray:
    """Codes as scikit-learn takes them: (rows, k), NaN where missing."""
    numbers = codes.T.astype(np.float32)
    numbers[codes.T == MISSING] = np.nan
    return numbers


def _log_rate(model: HistGradientBoostingRegressor, codes: np.ndarray) -> np.ndarray:
    """Log of what a model predicts at each column of `codes`.

    A tree of few leaves is a table with one entry for each pattern of answers to its splits.
    """
    total = np.full(codes.shape[1], float(model._baseline_prediction.ravel()[0]))
    for (tree,) in model._predictors:
        ends = np.zeros(_patterns(tree.nodes))
        for node, _, reached in _leaves(tree.nodes):
            ends[reached] = tree.nodes["value"][node]
        total += ends[_answers(tree.nodes, codes)]
    return total


def _share_out(nodes: np.ndarray, codes: np.ndarray, total: np.ndarray) -> float:
    """Add what each split of a tree changes to `total`, (k, rows); the value of its root."""
    value = _node_values(nodes)
    changes: dict[int, np.ndarray] = {}
    for _, path, reached in _leaves(nodes):
        for parent, child in path:
            feature = int(nodes["feature_idx"][parent])
            change = changes.setdefault(feature, np.zeros(_patterns(nodes)))
            change[reached] += value[child] - value[parent]
    answers = _answers(nodes, codes)
    for feature, change in changes.items():
        total[feature] += change[answers]
    return float(value[0])


def _splits(nodes: np.ndarray) -> np.ndarray:
    """Numbers of the nodes that ask something, in the order of the bits of a pattern."""
    return np.flatnonzero(~nodes["is_leaf"].astype(bool))


def _patterns(nodes: np.ndarray) -> int:
    """Patterns of answers that the splits of a tree can have."""
    return int(1 << len(_splits(nodes)))


def _answers(nodes: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Pattern of each row: bit j is set where it goes left at the split j."""
    splits = _splits(nodes)
    pattern = np.zeros(codes.shape[1], np.dtype("uint8" if len(splits) <= 8 else "uint32"))
    for bit, node in enumerate(nodes[splits]):
        column = codes[node["feature_idx"]]
        left = column <= np.uint8(min(node["num_threshold"], MISSING - 1))
        if node["missing_go_to_left"]:
            left |= column == MISSING
        pattern |= left.astype(pattern.dtype) << pattern.dtype.type(bit)
    return pattern


def _leaves(nodes: np.ndarray) -> list[tuple[int, list[tuple[int, int]], np.ndarray]]:
    """Each leaf: its number, the steps (parent, child) to it, and the patterns that end there."""
    bits = {int(node): bit for bit, node in enumerate(_splits(nodes))}
    found: list[tuple[int, list[tuple[int, int]], np.ndarray]] = []
    to_visit: list[tuple[int, list[tuple[int, int]], np.ndarray]] = [
        (0, [], np.arange(_patterns(nodes)))
    ]
    while to_visit:
        at, path, reached = to_visit.pop()
        if at not in bits:
            found.append((at, path, reached))
            continue
        left = (reached >> bits[at] & 1).astype(bool)
        for side, inside in (("left", left), ("right", ~left)):
            child = int(nodes[side][at])
            to_visit.append((child, [*path, (at, child)], reached[inside]))
    return found


def _node_values(nodes: np.ndarray) -> np.ndarray:
    """Expected value of every node: leaves as stored, inner nodes as the mean of their rows."""
    value = nodes["value"].astype(float).copy()
    for node in range(len(nodes) - 1, -1, -1):
        if not nodes["is_leaf"][node]:
            sides = [int(nodes[side][node]) for side in ("left", "right")]
            value[node] = np.average(value[sides], weights=nodes["count"][sides].astype(float))
    return value


def _edges(column: np.ndarray) -> np.ndarray:
    known = column[~np.isnan(column)]
    if len(known) == 0:
        return np.zeros(0, np.float32)
    return np.unique(np.quantile(known, np.arange(1, CODES) / CODES).astype(np.float32))


def _deviance(count: np.ndarray, mean: np.ndarray, weight: np.ndarray) -> float:
    """Poisson deviance less its part that no model changes."""
    if not np.isfinite(mean).all() or (mean <= 0).any():
        return float("inf")
    return float(2 * (weight * (mean - count * np.log(mean))).sum())


def _check(
    features: np.ndarray, count: np.ndarray, exposure: np.ndarray, weight: np.ndarray
) -> None:
    if features.ndim != 2 or not len(features) == len(count) == len(exposure) == len(weight):
        raise ValueError(
            f"one row of features per count expected, got {features.shape}, {len(count)} counts, "
            f"{len(exposure)} exposures, {len(weight)} weights"
        )
    if len(count) == 0:
        raise ValueError("no rows to learn from")
    if not np.isfinite(count).all() or (count < 0).any():
        raise ValueError("counts must be finite and not negative")
    if not (np.isfinite(exposure).all() and (exposure > 0).all() and (weight > 0).all()):
        raise ValueError("exposures and weights must be finite and > 0; leave other rows out")
