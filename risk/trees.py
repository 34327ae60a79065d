"""Boosted Poisson trees that multiply an offset, guarded against sparse counts.

scikit-learn's Poisson booster takes an unbounded Newton step in a leaf where the model expects
almost nothing and one event falls in: with default settings it diverges on data like ours
(scikit-learn has no step limit for this loss). Large leaves and an L2 penalty that is worth some
events keep each step small, and a multiplicative target y / offset with weight offset makes the
penalty count in events.
"""

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

CODES = 63  # levels of a coded feature
LIMIT = 3.0  # trees may move a rate by a factor of e^3 at most


class PoissonTrees:
    """log factor on an offset, learned by Poisson loss.

    Parameters
    ----------
    iterations, leaves, learning_rate : of the boosting
    leaf_rows : least rows in a leaf
    penalty_events : L2 penalty, in expected events
    seed : of the row order only; results are deterministic
    """

    def __init__(
        self,
        iterations: int = 100,
        leaves: int = 6,
        learning_rate: float = 0.05,
        leaf_rows: int = 300,
        penalty_events: float = 10.0,
        seed: int = 0,
    ):
        self.settings = {
            "max_iter": iterations,
            "max_leaf_nodes": leaves,
            "learning_rate": learning_rate,
            "l2_regularization": penalty_events,
        }
        self.leaf_rows, self.seed = leaf_rows, seed

    def fit(
        self, features: np.ndarray, y: np.ndarray, offset: np.ndarray, weight: np.ndarray
    ) -> "PoissonTrees":
        """Learn from rows: features (n, k), y events, offset expected events, weight of each row.

        Raises
        ------
        ValueError
            If there is no event, or an offset is not positive.
        """
        if not (y > 0).any():
            raise ValueError("no event to learn from")
        if not (offset > 0).all():
            raise ValueError(f"{int((offset <= 0).sum())} of {len(offset)} offsets are not > 0")
        quantiles = np.linspace(0, 1, CODES + 1)[1:-1]
        self.edges = [np.unique(np.nanquantile(f, quantiles)) for f in features.T]
        rows = len(y)
        random = np.random.default_rng(self.seed)
        kept = np.sort(random.permutation(rows)[: int(rows * (1.0 if self.seed == 0 else 0.8))])
        self.model = HistGradientBoostingRegressor(
            loss="poisson",
            max_bins=255,
            early_stopping=False,
            min_samples_leaf=max(1, min(self.leaf_rows, len(kept) // 20)),
            random_state=self.seed,
            **self.settings,
        )
        scale = (offset * weight)[kept]
        # Two OpenMP threads that wait for a busy core burn more time than one thread needs.
        with threadpool_limits(1):
            self.model.fit(self._code(features[kept]), (y / offset)[kept], sample_weight=scale)
        return self

    def log_factor(self, features: np.ndarray) -> np.ndarray:
        """Log of the factor on the offset, within +- LIMIT; shape (n,)."""
        with threadpool_limits(1):
            factor = self.model.predict(self._code(features))
        return np.clip(np.log(factor), -LIMIT, LIMIT)

    def contributions(self, features: np.ndarray) -> tuple[np.ndarray, float]:
        """What each feature adds to the log factor: (n, k), and the part common to all rows.

        Path attribution (Saabas 2014): a split gives the change of the expected value between a
        node and its child to its feature. Rows add up to `log_factor` before the limit.
        """
        coded = self._code(features)
        total = np.zeros(coded.shape)
        common = float(self.model._baseline_prediction.ravel()[0])
        for (tree,) in self.model._predictors:
            nodes = tree.nodes
            value = _node_values(nodes)
            common += value[0]
            at = np.zeros(len(coded), dtype=np.int64)
            active = np.flatnonzero(~nodes["is_leaf"][at].astype(bool))
            while len(active):
                node = nodes[at[active]]
                feature = node["feature_idx"]
                left = coded[active, feature] <= node["num_threshold"]
                child = np.where(left, node["left"], node["right"]).astype(np.int64)
                total[active, feature] += value[child] - value[at[active]]
                at[active] = child
                active = active[~nodes["is_leaf"][child].astype(bool)]
        return total, common

    def _code(self, features: np.ndarray) -> np.ndarray:
        columns = zip(features.T, self.edges, strict=True)
        coded = [np.searchsorted(edges, values, side="right") for values, edges in columns]
        return np.column_stack(coded).astype(np.float32)


def _node_values(nodes: np.ndarray) -> np.ndarray:
    """Expected value of every node: leaves as stored, inner nodes as the mean of their rows."""
    value = nodes["value"].astype(float).copy()
    for node in range(len(nodes) - 1, -1, -1):
        if not nodes["is_leaf"][node]:
            sides = nodes[["left", "right"]][node]
            left, right = int(sides["left"]), int(sides["right"])
            n_left, n_right = float(nodes["count"][left]), float(nodes["count"][right])
            value[node] = (value[left] * n_left + value[right] * n_right) / (n_left + n_right)
    return value
