"""What speaks for a cell's risk: parts that add up to its score, by families a planner knows.

The mixture is a sum and the pool a product, so the log of a sum has to be shared out, by
the rule of Aumann and Shapley (1974; `pool.log_of_sum`), which adds up exactly. Trees give path
attributions, the GLM and the logit of the kernels their linear terms. What floors and limits cut
off is told as "other".
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from risk.engine.excitation import SEASON, Past
from risk.engine.forecast import contributions
from risk.engine.memory import Known, Records
from risk.engine.model import GLM_SCALES, KERNELS, MEMBERS, RiskModel, _inputs
from risk.engine.pool import log_of_sum

#: Families in the order in which the screen lists them.
REASONS = (
    "recent_here",
    "recent_near",
    "past_here",
    "past_near",
    "region",
    "border",
    "village",
    "town",
    "post",
    "terrain",
    "season",
    "patrol",
    "other",
)


#: Kernels narrower than this, in cell spacings, tell of the cell itself.
HERE = 0.5
#: Kernels at least so wide, in cell spacings, tell of the region and not of the neighbourhood.
REGION = 4.0


def family(name: object) -> str:
    """The family of a memory, told by its (sigma, half_life), or of a named covariate."""
    if isinstance(name, tuple):
        sigma, half_life = name
        if half_life == SEASON:
            return "season"
        if sigma >= REGION:
            return "region"
        age = "recent" if half_life <= 8 else "past"
        return f"{age}_{'here' if 0 <= sigma < HERE else 'near'}"
    for start, title in _NAMED.items():
        if str(name).startswith(start):
            return title
    return "other"


_NAMED = {
    "mixture": "past_near",
    "dist_border": "border",
    "dist_desa": "village",
    "pop_": "village",
    "dist_town": "town",
    "dist_post": "post",
    "dist_coast": "terrain",
    "elev": "terrain",
    "relief": "terrain",
    "forest": "terrain",
    "patrol": "patrol",
    "weeks_since_patrol": "patrol",
    "watched": "patrol",
    "weeks_to": "season",
    "ramadan": "season",
    "eid": "season",
    "year": "season",
    "sin": "season",
    "cos": "season",
}


def explain(
    model: RiskModel,
    v: np.ndarray,
    known: Known,
    origin: int,
    rate: np.ndarray,
    past: Past | None = None,
) -> tuple[np.ndarray, float]:
    """Contributions of every family to the log rate of every cell.

    Parameters
    ----------
    model, v : the fitted members and the weights of their pool
    known, origin : the memories, and the week whose forecast is explained
    rate : the pool's rate in each cell, (cells,)
    past : the events that the kernels learned from, where they are one of the members

    Returns
    -------
    (cells, len(REASONS)) in log units and the base, with
        base + contributions.sum(axis=1) == log(rate) in every cell.
    """
    memory, more = known.at[origin], known.at_more[origin]
    total = np.zeros((len(rate), len(REASONS)))

    def add(names: Sequence[object], parts: np.ndarray, factor: float) -> None:
        for name, part in zip(names, parts.T, strict=True):
            total[:, REASONS.index(family(name))] += factor * part

    v_of = dict(zip([*MEMBERS, KERNELS][: len(v) - 1], v[1:], strict=True))
    shared, middle = log_of_sum(memory, model.weights)
    add(known.scales, shared, v_of["mixture"] + v_of["boosted"])
    base = v[0] + (v_of["mixture"] + v_of["boosted"]) * np.log(middle)

    inputs = _inputs(memory, np.maximum(memory @ model.weights, 1e-9), more)
    features = [*known.scales, "mixture", *known.more_names]
    parts, common = model.booster.contributions(inputs)
    add(features, parts, v_of["boosted"])
    base += v_of["boosted"] * common

    design = model.design(memory, more, known.scales)
    middle_design = design.mean(axis=0)
    straight = [n for n, used in zip(known.more_names, model.straight, strict=True) if used]
    linear = [*(s for s in GLM_SCALES if s in known.scales), *straight]
    add(linear, (design - middle_design) * model.glm.coef_, v_of["glm"])
    base += v_of["glm"] * float(model.glm.intercept_ + middle_design @ model.glm.coef_)

    if past is not None:
        kernels, parts = contributions(past)
        weekly = [(s, half / 7 if half > 0 else half) for s, half in kernels]
        add(weekly, parts, v_of[KERNELS])
        base += float((np.log(rate) - base - total.sum(axis=1)).mean())  # the level is the kernels'

    total[:, REASONS.index("other")] += np.log(rate) - base - total.sum(axis=1)
    return total, float(base)


def reason_values(records: Records, cells: pd.DataFrame) -> dict[str, np.ndarray]:
    """The number behind each family's sentence, per cell; NaN where there is none to tell.

    recent_*: records in 8 weeks, past_*: in 52 weeks, here: in the cell, near: in the two rings
    around; region: in 52 weeks within about 25 km; distances in km; patrol: hours in 12 weeks.
    """
    counts, grid = records.counts, records.grid
    around = grid.neighbours(1) + grid.neighbours(2)
    recent, year = counts[-8:].sum(axis=0), counts[-52:].sum(axis=0)
    wide = grid.neighbours(1, inside=True)
    region = year
    for _ in range(4):
        region = wide @ region / np.maximum(wide.sum(axis=1), 1)
    nothing = np.full(len(grid), np.nan)

    def column(name: str) -> np.ndarray:
        return cells[name].to_numpy(float) if name in cells else nothing

    return {
        "recent_here": recent,
        "recent_near": around @ recent,
        "past_here": year,
        "past_near": around @ year,
        "region": region * 61,
        "border": column("dist_border_km"),
        "village": column("dist_desa_km"),
        "town": column("dist_town_my_km"),
        "post": column("dist_post_km"),
        "terrain": column("relief_m"),
        "season": nothing,
        "patrol": records.minutes[-12:].sum(axis=0) / 60,
        "other": nothing,
    }


def reason_table(
    contributions: np.ndarray, values: dict[str, np.ndarray], cells: list[str], horizon: int
) -> pd.DataFrame:
    """Long table: cell, horizon_weeks, reason, contribution (log units), value; zeros left out.

    Parameters
    ----------
    contributions : (cells, len(REASONS)), log units, as `explain` gives them
    values : (cells,) of each reason, as `reason_values` gives them
    cells : H3 ids, in the same order
    horizon : weeks ahead
    """
    at, which = np.nonzero(np.abs(contributions) > 1e-6)
    value = np.column_stack([values[name] for name in REASONS])
    return pd.DataFrame(
        {
            "cell": pd.Categorical.from_codes(at, pd.Index(cells)),
            "horizon_weeks": np.full(len(at), horizon, np.int16),
            "reason": pd.Categorical.from_codes(which, pd.Index(REASONS)),
            "contribution": contributions[at, which].astype(np.float32),
            "value": value[at, which].astype(np.float32),
        }
    )
