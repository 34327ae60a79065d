"""A back-test taken apart: by share of the area, by place, by size of the forecast, by origin.

`forecasts` maps each model to its forecasts, (periods, cells) each; `observed` are the events
counted there, of the same shape; `outside` the events of each period that lay in no cell.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.stats import chi2

from risk.scores import metrics

AREAS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.10, 0.15, 0.20, 0.30, 0.50)
#: resampled sets of periods for an interval
DRAWS = 1000
Forecasts = dict[str, np.ndarray]


def hit_curve(
    forecasts: Forecasts,
    observed: np.ndarray,
    outside: np.ndarray,
    areas: Sequence[float] = AREAS,
) -> pd.DataFrame:
    """Share of all events in the top share of the cells: one row per area, one column per model.

    Parameters
    ----------
    forecasts, observed, outside : as told above
    areas : shares of the cells, 0 to 1
    """
    total = observed.sum() + outside.sum()
    rows = {
        area: {
            name: sum(map(lambda f, y: metrics.hits(f, y, area), rates, observed)) / total
            for name, rates in forecasts.items()
        }
        for area in areas
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("area")


def by_region(
    forecasts: Forecasts, observed: np.ndarray, region: np.ndarray, area: float = 0.05
) -> pd.DataFrame:
    """How each part of the area fared: one row per region, the one with most events first.

    Parameters
    ----------
    forecasts, observed : as told above
    region : name of the region of each cell; "" belongs to none and is left out
    area : the hotspots are the top share `area` of *all* cells, as on the map

    Returns
    -------
    DataFrame indexed by region with cells, events, and per model ig_, hit_, expected_ (information
        gain in nats an event and share of events in the hotspots, NaN without events; forecast
        total)
    """
    rows = {}
    inside = {name: region == name for name in sorted(set(region) - {""})}
    for name, mask in inside.items():
        rows[name] = {"cells": int(mask.sum()), "events": float(observed[:, mask].sum())}
    for model, rates in forecasts.items():
        share = rates / rates.sum(axis=1, keepdims=True) * rates.shape[1]
        gain = np.where(observed > 0, np.log(np.maximum(share, 1e-300)), 0.0) * observed
        found = np.stack([metrics.hot(f, area) for f in rates]) * observed
        for name, mask in inside.items():
            events = rows[name]["events"] or np.nan
            rows[name] |= {
                f"ig_{model}": gain[:, mask].sum() / events,
                f"hit_{model}": found[:, mask].sum() / events,
                f"expected_{model}": float(rates[:, mask].sum()),
            }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("region")
    return table.sort_values("events", ascending=False, kind="stable")


def reliability(expected: np.ndarray, observed: np.ndarray, bins: int = 8) -> pd.DataFrame:
    """Forecast against seen in bins of about equal forecast total, from quiet to busy cells.

    Parameters
    ----------
    expected, observed : (periods, cells), forecast and counted events
    bins : so many at most

    Returns
    -------
    DataFrame with places (pairs of cell and period), expected, observed, lo, hi (95 % interval of
        the mean of a Poisson count, Garwood 1936)
    """
    order = np.argsort(expected, axis=None, kind="stable")
    forecast, seen = expected.ravel()[order], observed.ravel()[order]
    share = np.cumsum(forecast) / forecast.sum()
    number = np.minimum((share * bins * (1 - 1e-12)).astype(int), bins - 1)
    binned = pd.DataFrame({"expected": forecast, "observed": seen}).groupby(number)
    table = binned.sum().assign(places=binned.size()).reset_index(drop=True)
    n = table["observed"]
    table["lo"] = np.where(n > 0, chi2.ppf(0.025, 2 * n) / 2, 0.0)
    table["hi"] = chi2.ppf(0.975, 2 * (n + 1)) / 2
    return table


def stability(forecasts: Forecasts, area: float = 0.05) -> pd.DataFrame:
    """How much of a list of hotspots is on the list of the next origin.

    Returns
    -------
    DataFrame indexed by model with kept (mean share of the top `area` that was in it one origin
        before) and jaccard (mean overlap of the two lists over their union); NaN where there is
        one period only
    """
    rows = {}
    for name, rates in forecasts.items():
        kept = np.array([metrics.kept_share(now, before, area) for before, now in pairwise(rates)])
        rows[name] = {
            "kept": kept.mean() if len(kept) else np.nan,
            "jaccard": (kept / (2 - kept)).mean() if len(kept) else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")


def corrected(
    forecasts: Forecasts, observed: np.ndarray, exposure: np.ndarray, area: float = 0.05
) -> pd.DataFrame:
    """Scores of forecasts of what *happens*, on records made where somebody looked.

    ig is the information a map adds to knowing where patrols went: records fall in a cell with
    chance rate x exposure, so log(rate x exposure) is set against log(exposure), each normalised
    (the likelihood of a thinned Poisson process given the effort). hit_5 is the share of all events
    in the top `area`, from records per unit of exposure inside and outside of it. Weighting each
    record by one over its chance is not used: cells without any effort in a period have no record
    to be weighted, and a map that follows the patrols then beats the true rates.

    Parameters
    ----------
    forecasts, observed : as told above
    exposure : records expected per event of each period and cell, 0 to 1

    Returns
    -------
    DataFrame indexed by model with ig and hit_5, `_low` and `_high` ends of their 95 % intervals
        by resampling periods
    """
    exposure = np.maximum(exposure, 1e-6)
    events = observed.sum(axis=1)
    given = np.array([metrics.log_gain(e, y) for e, y in zip(exposure, observed, strict=True)])
    pick = np.random.default_rng(0).integers(0, len(events), (DRAWS, len(events)))
    rows = {}
    for name, rates in forecasts.items():
        gain = [
            metrics.log_gain(f * e, y) for f, e, y in zip(rates, exposure, observed, strict=True)
        ]
        hot = np.stack([metrics.hot(forecast, area) for forecast in rates])
        sums = np.stack(
            [
                (part * values).sum(axis=1)
                for part in (hot, 1 - hot)
                for values in (observed, exposure)
            ]
        )
        drawn = metrics.share_found(sums[:, pick].sum(axis=2), area)
        low, high = metrics.ratio_interval(np.array(gain) - given, events)
        rows[name] = {
            "ig": (sum(gain) - given.sum()) / events.sum(),
            "ig_low": low,
            "ig_high": high,
            "hit_5": float(metrics.share_found(sums.sum(axis=1), area)),
            "hit_5_low": float(np.nanquantile(drawn, 0.025)),
            "hit_5_high": float(np.nanquantile(drawn, 0.975)),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")
