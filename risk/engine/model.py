"""RiskModel: self-excitation as offset, boosted trees on top, a GLM beside, and their pool.

Rate of a cell in the coming horizon, in events per week of full looking:

    mixture  = sum_j w_j memory_j             weights >= 0 by EM on the thinned Poisson likelihood
    boosted  = mixture x exp(trees)           Poisson loss with mixture x exposure as offset
    glm      = exp(b . log memories, covariates)
    pool     = exp(a + sum_m v_m log member)  v >= 0 from the likelihood of held-out periods

Every step learns from rows whose whole horizon had passed at the date it is fitted for.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import lsq_linear
from sklearn.linear_model import PoissonRegressor

from geo.impossible import Impossible, fault
from risk.engine.booster import PoissonBooster
from risk.engine.memory import Known

BOOSTED = "boosted"
MEMBERS = ("mixture", BOOSTED, "glm")
#: Expert that joins them on the map where nobody's effort is known, see `risk.engine.held`, and in
#: `forecast` where it is.
KERNELS = "kernels"
#: Usual weight of the boosted trees among those three where effort is known.
LED = 0.8
FLOOR = 1e-9  # no place is ever impossible
#: Trees move a rate by a factor of e^3 at most.
LIFT = 3.0
LEAF_ROWS = 300
#: Steps in which the pool's weights are found, and the change below which they are.
MOST_STEPS, NEAR = 50, 1e-7
#: Weeks of history before a row is used: earlier memories are mostly empty.
BURN_IN = 8
#: Covariates that the trees may use and the GLM not: of a place that was never watched there is no
#: record, and what a line through the others says of it is anything.
NOT_STRAIGHT = ("weeks_since_patrol",)
GLM_RIDGE = 1e-3
#: Share of the looking at either end of an input that the GLM does not go beyond.
UNHEARD = 0.002
#: (sigma in spacings, half-life in weeks) of the memories that the GLM takes.
GLM_SCALES = (
    (0.0, 8.0),
    (0.0, np.inf),
    (0.6, 2.0),
    (0.6, np.inf),
    (2.0, 26.0),
    (4.0, np.inf),
    (9.0, np.inf),
)


@dataclass(frozen=True)
class RiskModel:
    """Fitted members for one horizon; see `fit` and `members`."""

    horizon: int
    weights: np.ndarray
    booster: PoissonBooster
    glm: PoissonRegressor
    glm_scale: tuple[np.ndarray, np.ndarray]
    glm_reach: tuple[np.ndarray, np.ndarray]
    straight: np.ndarray

    def members(
        self, memory: np.ndarray, more: np.ndarray, scales: list[tuple[float, float]]
    ) -> dict[str, np.ndarray]:
        """Rate by each member, (n,) each, events per week of full looking.

        Parameters
        ----------
        memory : (n, scales), rates remembered
        more : (n, k), the other features
        scales : (sigma in cell spacings, half-life in weeks) of the memories
        """
        mixture = np.maximum(memory @ self.weights, FLOOR)
        lift = np.log(self.booster.predict(_inputs(memory, mixture, more)))
        design = self.design(memory, more, scales)
        glm = np.exp(np.clip(design @ self.glm.coef_ + self.glm.intercept_, -20, 5))
        return {
            "mixture": mixture,
            BOOSTED: np.maximum(mixture * np.exp(np.clip(lift, -LIFT, LIFT)), FLOOR),
            "glm": np.maximum(glm, FLOOR),
        }

    def design(
        self, memory: np.ndarray, more: np.ndarray, scales: list[tuple[float, float]]
    ) -> np.ndarray:
        """Inputs of the GLM, standardised, and held to what was seen where anybody looked.

        `memory`, `more` and `scales` are those of `members`. A place that nobody ever watched lies
        far outside of all that the records could teach; there a straight line would go on for ever.
        """
        held = np.clip(_design(memory, more[:, self.straight], scales), *self.glm_reach)
        return (held - self.glm_scale[0]) / self.glm_scale[1]


def fit(known: Known, horizon: int, week: int, seeds: int = 3) -> RiskModel:
    """Learn from all rows whose horizon had passed when `week` began.

    Parameters
    ----------
    known : memories and what followed
    horizon : weeks ahead
    week : the number of the week in the records
    seeds : boosted models averaged

    Raises
    ------
    ValueError
        If no event had happened by then.
    """
    rows = known.rows[horizon]
    used = rows.before(week, horizon) & (rows.week >= min(BURN_IN, week // 3))
    if not (rows.y[used] > 0).any():
        what = f"no event to learn from before week {week} of the history"
        raise Impossible(fault("nothing_to_learn", what, week=int(week)))
    memory, more = known.at_rows[horizon][used], known.more[horizon][used]
    y, x, weight = rows.y[used], rows.x[used], rows.weight[used]
    origins = rows.origins[
        (rows.origins + rows.gap + horizon <= week) & (rows.origins >= rows.week[used].min())
    ]
    weights = mixture_weights(memory[y > 0], y[y > 0], known.mass[horizon][origins].sum(axis=0))
    mixture = np.maximum(memory @ weights, FLOOR)
    offset = mixture * x
    inputs = _inputs(memory, mixture, more)
    booster = PoissonBooster(rate=0.05, leaf_rows=LEAF_ROWS, penalty=10.0, seeds=range(seeds))
    booster.fit(inputs, y, offset, weight)
    straight = np.array([name not in NOT_STRAIGHT for name in known.more_names], bool)
    design = _design(memory, more[:, straight], known.scales)
    centre, spread = design.mean(axis=0), np.maximum(design.std(axis=0), 1e-6)
    glm = PoissonRegressor(alpha=GLM_RIDGE, max_iter=300)
    looked = x * weight
    glm.fit((design - centre) / spread, y / x, sample_weight=looked / looked.mean())
    reach = _reach(design, looked)
    return RiskModel(horizon, weights, booster, glm, (centre, spread), reach, straight)


def _reach(design: np.ndarray, looked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of each input between which all but a share of UNHEARD of the looking lies, each way."""
    ends = []
    for column in design.T:
        order = np.argsort(column)
        share = np.cumsum(looked[order]) / looked.sum()
        at = np.searchsorted(share, (UNHEARD, 1 - UNHEARD))
        ends.append(column[order][np.minimum(at, len(column) - 1)])
    return tuple(np.array(ends).T)


def mixture_weights(
    rate: np.ndarray, y: np.ndarray, mass: np.ndarray, strength: float = 5.0, steps: int = 80
) -> np.ndarray:
    """Non-negative weights that make thinned Poisson counts likeliest, by EM.

    Parameters
    ----------
    rate : (events, components), rate of each component where and when each event fell
    y : events on each row
    mass : (components,), sum of rate x exposure over all cells and weeks
    strength : events' worth of prior in favour of equal expected shares
    steps : of EM

    Notes
    -----
    w_j <- (w_j sum_i y_i rate_ij / rate_i + strength / J) / (mass_j + strength mass_j / sum y),
    the Richardson-Lucy update (Shepp and Vardi 1982) with a Gamma prior.
    """
    mass = np.maximum(mass.astype(float), 1e-12)
    share = np.full(len(mass), 1 / len(mass))
    w = share * y.sum() / mass
    rate = rate.astype(float)
    for _ in range(steps):
        gradient = (y / np.maximum(rate @ w, 1e-15)) @ rate
        w = (w * gradient + strength * share) / (mass * (1 + strength / y.sum()))
    return w


def pool_weights(
    members: np.ndarray,
    y: np.ndarray,
    x: np.ndarray,
    usual: np.ndarray | None = None,
    strength: float = 20.0,
) -> np.ndarray:
    """Log-linear pool: intercept and one weight >= 0 per member, by penalised likelihood.

    Newton steps within the bounds (each solves a bounded quadratic): the loss is convex, and half
    a dozen of them find its least where L-BFGS-B asks for it twenty times.

    Parameters
    ----------
    members : (rows, members), positive rates forecast before the rows happened
    y, x : events and exposure of the rows
    usual : weights, summing to 1, that hold before anything has spoken; equal ones if not given
    strength : events' worth of pull towards the usual weights

    Returns
    -------
    (1 + members,): intercept first.
    """
    n = members.shape[1]
    usual = np.full(n, 1 / n) if usual is None else usual
    usual = np.concatenate([[0.0], usual])
    design = np.vstack([np.ones(len(members)), np.log(members.T)])
    target = design @ y
    low, high = np.array([-2.0] + [0.0] * n), np.full(1 + n, 2.0)

    def expected(v: np.ndarray) -> np.ndarray:
        return x * np.exp(np.clip(v @ design, -30, 10))

    def loss(v: np.ndarray, mean: np.ndarray) -> float:
        gap = v - usual
        return float(mean.sum() - target @ v + strength / 2 * gap @ gap)

    v, mean = usual, expected(usual)
    for _ in range(MOST_STEPS):
        slope = design @ mean - target + strength * (v - usual)
        root = np.linalg.cholesky((design * mean) @ design.T + strength * np.eye(1 + n))
        towards = np.linalg.solve(root, -slope)
        step = lsq_linear(root.T, towards, (low - v, high - v + 1e-15), method="bvls").x
        if np.abs(step).max() < NEAR:
            break
        now = loss(v, mean)
        for part in 0.5 ** np.arange(30):
            tried = np.clip(v + part * step, low, high)
            mean = expected(tried)
            if loss(tried, mean) <= now:
                break
        v = tried
    return v


def usual_weights(names: Iterable[str], watched: bool = False) -> np.ndarray:
    """Weights of the experts before any past forecast has spoken; they sum to 1.

    The kernels, the one expert that real events proved, weigh as much as all others together.
    Where effort is known the trees weigh LED of the others: a straight line or a mean goes
    on where nobody looked, and trees stop where the last record spoke. Records hardly tell the
    experts apart where nobody looks, so what is usual counts for much there.

    Parameters
    ----------
    names : of the experts, in their order
    watched : effort is known, although the kernels are among them
    """
    names = list(names)
    others = [name for name in names if name != KERNELS]
    share = 1.0 if len(others) == len(names) else 0.5
    weights = dict.fromkeys(others, share / len(others))
    if watched or share == 1.0:
        weights = dict.fromkeys(others, share * (1 - LED) / (len(others) - 1))
        weights[BOOSTED] = share * LED
    return np.array([weights.get(name, 1 - share) for name in names])


def pool(members: dict[str, np.ndarray], v: np.ndarray) -> np.ndarray:
    """Rates of the pool, events per week of full looking; the level of the kernels, if any."""
    log = np.column_stack([np.log(rate) for rate in members.values()])
    rate = np.maximum(np.exp(np.clip(v[0] + log @ v[1:], -30, 10)), FLOOR)
    return rate if KERNELS not in members else rate * (members[KERNELS].sum() / rate.sum())


def _inputs(memory: np.ndarray, mixture: np.ndarray, more: np.ndarray) -> np.ndarray:
    return np.column_stack([np.log(np.maximum(memory, FLOOR)), np.log(mixture), more])


def _design(memory: np.ndarray, more: np.ndarray, scales: list[tuple[float, float]]) -> np.ndarray:
    """Log memories of the GLM_SCALES, the relative one where there is one, and covariates."""
    last = len(scales) - 1
    picked = [last - scales[::-1].index(scale) for scale in GLM_SCALES if scale in scales]
    return np.column_stack([np.log(np.maximum(memory[:, picked], FLOOR)), np.nan_to_num(more)])
