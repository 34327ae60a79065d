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
        """Learn from rows: features (rows, k), NaN allowed; count >= 0.

        exposure : what the rate is multiplied by (effort, or the expected count of another
            model), > 0; weight : rows each row stands for. Equal to a Poisson model with offset
            log(exposure): target count / exposure with weight x exposure.
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
        bound = _deviance(count, self.constant * exposure, weight)
        for attempt in range(TRIES):
            with threadpool_limits(self.threads, "openmp"), np.errstate(all="ignore"):
                self.models = [
                    self._trees(attempt, seed, len(count)).fit(codes, count / exposure, mass)
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
            return total, float(np.log(self.constant))
        common = 0.0
        for model in self.models:
            common += float(model._baseline_prediction.ravel()[0])
            for (tree,) in model._predictors:
                common += _follow(tree.nodes, codes, total)
        n = len(self.models)
        return total / n, common / n + float(np.log(self.factor))

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
        with threadpool_limits(self.threads, "openmp"), np.errstate(all="ignore"):
            mean = np.mean([np.log(model.predict(codes)) for model in self.models], axis=0)
        middle = np.log(self.constant)
        return np.exp(np.clip(np.nan_to_num(mean, nan=middle), middle - 8, middle + 8))

    def _codes(self, features: np.ndarray) -> np.ndarray:
        """Quantile codes: with few distinct values scikit-learn skips its weighted percentiles,
        which take 60 times longer than unweighted ones below 200,000 rows."""
        codes = np.empty(features.shape, np.float32)
        for k, edges in enumerate(self.edges):
            column = features[:, k]
            codes[:, k] = np.where(np.isnan(column), np.nan, np.searchsorted(edges, column))
        return codes


def _follow(nodes: np.ndarray, codes: np.ndarray, total: np.ndarray) -> float:
    """Walk every row down one tree, adding each split's change to `total`; the root's value."""
    value = _node_values(nodes)
    leaf = nodes["is_leaf"].astype(bool)
    at = np.zeros(len(codes), dtype=np.int64)
    active = np.flatnonzero(~leaf[at])
    while len(active):
        node = nodes[at[active]]
        code = codes[active, node["feature_idx"]]
        left = np.where(np.isnan(code), node["missing_go_to_left"], code <= node["num_threshold"])
        child = np.where(left, node["left"], node["right"]).astype(np.int64)
        total[active, node["feature_idx"]] += value[child] - value[at[active]]
        at[active] = child
        active = active[~leaf[child]]
    return float(value[0])


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


def _check(features, count, exposure, weight) -> None:
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
