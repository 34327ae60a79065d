"""One event told by several agencies -> one cluster, all members kept, never by identity.

Pairs of records of different agencies that could tell of one event are found by blocking (week
and kabupaten, or nearby points) and weighed after Fellegi & Sunter (1969): a sum of log
likelihood ratios (`data.link.compare`) and a prior, with the shares of true pairs learned by EM
(Winkler 1988) from documented starting values. A record has at most one twin per agency, so
rival candidates share the probability. Last, the probabilities are held against chance: what
would be linked if the agencies' clocks were weeks apart.

Why not splink: it compares columns in levels. It has no likelihood of a distance or a time gap
given two precisions, no rivalry between candidates, and needs DuckDB beside the store.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn.isotonic import IsotonicRegression

from data.link import compare
from data.link.cluster import cluster, members, one_per_cluster

__all__ = ["LINK", "REVIEW", "cluster", "link", "members", "one_per_cluster"]

#: probabilities from which on a pair is linked, or shown to a person. They mean what they say:
#: `bench/data/link.py` prints precision and recall of the links: 0.954 and 0.905 over the invented
#: provinces that informed the threshold (seeds 1-12), 0.951 and 0.909 over others (101-112), of
#: which single ones have 0.92 to 0.97 and 0.87 to 0.94. At 0.9 the links would be 98 % true
#: and a quarter of the true pairs left to people
LINK, REVIEW = 0.70, 0.35
PAIR_COLUMNS = ["event_id_a", "event_id_b", "prob", "outcome", "why"]
#: weight of the starting values in the EM, in pairs
_PRIOR_PAIRS = 15.0
#: expected share of an agency's records that another one tells of as well, to start from
_TWIN_SHARE = 0.10
_ROUNDS = 12
#: rounds of messages between rivals
_MESSAGES = 10
#: pairs compared at once, and pairs the EM learns from
_BATCH, _LEARN = 2_000_000, 1_000_000
#: bins of points whose neighbours are compared, and how far two intervals may lie apart
_BIN_DEGREES, _REACH_HOURS = 0.25, 24.0
#: how far agencies are set apart to see what chance alone would link
_WEEKS_APART = (2, 3, 4, 5)
#: a pair below this probability is not worth keeping
_KEEP = 0.05


@dataclass(frozen=True)
class Learned:
    """What the EM found: shares of the levels among true pairs, and the log prior per pair."""

    shares: dict[str, np.ndarray]
    prior: dict[int, float]


def link(events: pd.DataFrame, link_at: float = LINK, review_at: float = REVIEW) -> pd.DataFrame:
    """Pairs of records that may tell of one event.

    Parameters
    ----------
    events : current events (`Store.events()`), one row per record
    link_at, review_at : probabilities from which on a pair is linked, or to be reviewed

    Returns
    -------
    DataFrame of event_id_a < event_id_b, prob, outcome ("link", "review", "no"; pairs below 0.05
        are left out) and why: what speaks for and against, in log units, e.g.
        "time +5.1, point +3.3 (0.8 km), heads +0.9, direction +0.4"

    Raises
    ------
    ValueError
        If an event_id is given twice, or the probabilities are out of order.
    """
    if not 0 < review_at <= link_at < 1:
        raise ValueError(f"0 < review_at <= link_at < 1, got {review_at} and {link_at}")
    if events["event_id"].duplicated().any():
        raise ValueError("an event_id is given twice; link current events, not their history")
    pairs = [_exact_twins(events)]
    once = events[~events["event_id"].isin(pairs[0]["event_id_b"])]
    if len(once) > 1:
        pairs.append(_twins(compare.Records(once), link_at, review_at))
    return (
        pd.concat(pairs)
        .drop_duplicates(["event_id_a", "event_id_b"])
        .sort_values(
            ["prob", "event_id_a", "event_id_b"], ascending=[False, True, True], ignore_index=True
        )
    )


def candidates(r: compare.Records) -> tuple[np.ndarray, np.ndarray]:
    """Positions a < b of records worth comparing.

    Of different agencies, of one family, in one kabupaten or at points in adjoining bins, with
    intervals that overlap or nearly do, and head-counts that are not far apart. A record that
    names neither a kabupaten nor a point has no candidates.
    """
    kabupaten = r.levels[0]
    own = np.where(kabupaten >= 0, r.family * (kabupaten.max(initial=0) + 2) + kabupaten, -1)
    parts = [_near_in_time(r, own, own)]
    row = np.floor(np.where(r.point, r.lat, 0.0) / _BIN_DEGREES).astype(np.int64) + 1000
    column = np.floor(np.where(r.point, r.lon, 0.0) / _BIN_DEGREES).astype(np.int64) + 1000
    place = (r.family * 4000 + row) * 4000 + column
    own = np.where(r.point, place, -1)
    for step in (-4001, -4000, -3999, -1, 0, 1, 3999, 4000, 4001):
        a, b = _near_in_time(r, np.where(r.point, place + step, -1), own)
        new = (kabupaten[a] != kabupaten[b]) | (kabupaten[a] < 0)
        parts.append((a[new], b[new]))
    a, b = (np.concatenate(side) for side in zip(*parts, strict=True))
    order = np.lexsort((b, a))
    return a[order], b[order]


def _near_in_time(
    r: compare.Records, asked: np.ndarray, own: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs a < b whose block of a (`asked`) is that of b (`own`) and whose times are near."""
    found_a, found_b = [np.array([], dtype=np.int64)], [np.array([], dtype=np.int64)]
    origin = r.start.min(initial=0.0) - 10_000
    span = r.start.max(initial=0.0) - origin + 20_000
    who = np.flatnonzero(asked >= 0)
    for width in np.unique(r.width):
        those = np.flatnonzero((own >= 0) & (r.width == width))
        key = own[those] * span + (r.start[those] - origin)
        order = np.argsort(key, kind="stable")
        those, key = those[order], key[order]
        at = asked[who] * span + (r.start[who] - origin)
        low = np.searchsorted(key, at - width - _REACH_HOURS)
        high = np.searchsorted(key, at + r.width[who] + _REACH_HOURS, "right")
        for part in _batches(high - low):
            n = (high - low)[part]
            a = np.repeat(who[part], n)
            within = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
            b = those[np.repeat(low[part], n) + within]
            fit = (a < b) & (r.agency[a] != r.agency[b])
            a, b = a[fit], b[fit]
            off = np.abs(r.heads[a] - r.heads[b])
            fit = ~(off > np.maximum(0.5 * np.fmax(r.heads[a], r.heads[b]), 3.0))
            found_a.append(a[fit])
            found_b.append(b[fit])
    return np.concatenate(found_a), np.concatenate(found_b)


def _batches(n: np.ndarray) -> Iterator[slice]:
    """Slices whose sums stay near _BATCH."""
    ends = np.searchsorted(np.cumsum(n), np.arange(_BATCH, n.sum() + _BATCH, _BATCH)) + 1
    start = 0
    for end in np.minimum(ends, len(n)):
        if end > start:
            yield slice(start, int(end))
            start = int(end)


def _twins(r: compare.Records, link_at: float, review_at: float) -> pd.DataFrame:
    a, b = candidates(r)
    learned = _learn(r, a, b)
    prob = _probabilities(r, a, b, learned)
    prob = np.minimum(prob, _not_by_chance(prob, _by_chance(r, learned)))
    kept = prob >= _KEEP
    a, b, prob = a[kept], b[kept], prob[kept]
    outcome = np.where(prob >= link_at, "link", np.where(prob >= review_at, "review", "no"))
    return _pairs(r.event_id[a], r.event_id[b], prob, outcome, _why(r, a, b, learned))


def _probabilities(
    r: compare.Records, a: np.ndarray, b: np.ndarray, learned: Learned
) -> np.ndarray:
    weight = np.empty(len(a))
    for start in range(0, len(a), _BATCH):
        part = slice(start, start + _BATCH)
        weight[part] = sum(_weights(r, a[part], b[part], learned).values())
    return _share_out(r, a, b, weight)


def _by_chance(r: compare.Records, learned: Learned) -> list[np.ndarray]:
    """Probabilities that pairs get although they cannot be twins: agencies set weeks apart.

    Whole weeks keep the hour, the weekday, the season and the places as they are, and so the
    chance that different events lie close together, which independent times and places would
    understate.
    """
    blocks = []
    for weeks in _WEEKS_APART:
        apart = copy(r)
        apart.start = r.start + r.agency * weeks * 168.0
        a, b = candidates(apart)
        blocks.append(_probabilities(apart, a, b, learned))
    return blocks


def _not_by_chance(prob: np.ndarray, chance: list[np.ndarray]) -> np.ndarray:
    """Share of pairs at each probability that chance does not explain, rising with it."""
    null = np.concatenate(chance)
    if not len(null) or not len(prob):
        return np.ones(len(prob))
    value = np.clip(np.concatenate([prob, null]), 1e-4, 1 - 1e-4)
    real = np.concatenate([np.ones(len(prob)), np.zeros(len(null))])
    weight = np.where(real > 0, 1.0, 1 / len(chance))
    fit = IsotonicRegression().fit(value, real, weight)
    # isotonic steps, joined by straight lines between their middles
    step, place = np.unique(fit.predict(value), return_inverse=True)
    middle = np.bincount(place, weight * logit(value)) / np.bincount(place, weight)
    share = np.interp(logit(np.clip(prob, 1e-4, 1 - 1e-4)), middle, step)
    return np.clip(2.0 - 1.0 / np.maximum(share, 0.5), 0.0, 1.0)


def _learn(r: compare.Records, a: np.ndarray, b: np.ndarray) -> Learned:
    """Shares of levels among true pairs, and how often two agencies tell of one event, by EM."""
    share = min(1.0, _LEARN / max(len(a), 1))
    if share < 1.0:  # all pairs of some records, so that rivals stay together
        chosen = np.random.default_rng(0).random(len(r)) < share
        some = chosen[a]
        a, b = a[some], b[some]
    fixed = compare.time_ratio(r, a, b) + compare.point_ratio(r, a, b)
    levels = compare.levels_of(r, a, b)
    chance = compare.chance_of(r, a, levels)
    start = {name: np.array(list(shares.values())) for name, shares in compare.LEVELS.items()}
    group = _agency_pair(r, a, b)
    names, place = np.unique(group, return_inverse=True)
    size_a, size_b = _sizes(r, a, b)
    few = np.zeros(len(names))
    np.maximum.at(few, place, np.minimum(size_a, size_b))
    product = np.ones(len(names))
    np.maximum.at(product, place, size_a * size_b)
    family, families = r.family[a], len(r.families)
    start = {name: np.tile(share, (families, 1)) for name, share in start.items()}
    shares, twins = start, np.full(len(names), _TWIN_SHARE)
    for _ in range(_ROUNDS):
        prior = _log_odds(twins, few, product)
        weight = fixed + prior[place]
        for name, level in levels.items():
            weight = weight + _level_ratio(shares[name], family, level, chance[name])
        prob = _share_out(r, a, b, weight)
        shares = {
            name: _shares_of(level, family, prob, start[name]) for name, level in levels.items()
        }
        found = np.bincount(place, prob, len(names)) / share
        twins = np.minimum((found + 5 * _TWIN_SHARE) / (few + 5), 0.9)
    prior = _log_odds(twins, few, product)
    return Learned(shares, dict(zip(names.tolist(), prior.tolist(), strict=True)))


def _weights(
    r: compare.Records, a: np.ndarray, b: np.ndarray, learned: Learned
) -> dict[str, np.ndarray]:
    """What each comparison says, in log units; their sum is the weight of the pair."""
    levels = compare.levels_of(r, a, b)
    chance = compare.chance_of(r, a, levels)
    parts = {"time": compare.time_ratio(r, a, b), "point": compare.point_ratio(r, a, b)}
    for name, level in levels.items():
        parts[name] = _level_ratio(learned.shares[name], r.family[a], level, chance[name])
    names, place = np.unique(_agency_pair(r, a, b), return_inverse=True)
    few = [learned.prior.get(int(name), -14.0) for name in names]
    parts["prior"] = np.array(few, dtype=float)[place]
    return parts


def _share_out(r: compare.Records, a: np.ndarray, b: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Probability of each pair, given that a record has at most one twin in another agency.

    Rivals for a record count only as far as they are free themselves: belief propagation on the
    graph of candidates (Bayati, Shah & Sharma 2008), exact where it has no circle.
    """
    odds = np.exp(np.clip(weight, -50, 50))
    n = int(r.agency.max(initial=0)) + 1
    at_a, at_b = a * n + r.agency[b], b * n + r.agency[a]
    size = len(r) * n
    free_a, free_b = np.ones(len(a)), np.ones(len(a))  # of each end, the pair itself left out
    for _ in range(_MESSAGES):
        taken_a, taken_b = odds * free_b, odds * free_a
        rivals_a = np.maximum(np.bincount(at_a, taken_a, size)[at_a] - taken_a, 0.0)
        rivals_b = np.maximum(np.bincount(at_b, taken_b, size)[at_b] - taken_b, 0.0)
        # half a step, as odds go over many powers of ten
        free_a = np.sqrt(free_a / (1.0 + rivals_a))
        free_b = np.sqrt(free_b / (1.0 + rivals_b))
    own = odds * free_a * free_b
    return own / (1.0 + own)


def _agency_pair(r: compare.Records, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    n = int(r.agency.max(initial=0)) + 1
    low, high = np.minimum(r.agency[a], r.agency[b]), np.maximum(r.agency[a], r.agency[b])
    return (r.family[a] * n + low) * n + high


def _sizes(r: compare.Records, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    n = int(r.agency.max(initial=0)) + 1
    sizes = np.bincount(r.family * n + r.agency, minlength=len(r.families) * n).astype(float)
    return sizes[r.family[a] * n + r.agency[a]], sizes[r.family[b] * n + r.agency[b]]


def _log_odds(twins: np.ndarray, few: np.ndarray, product: np.ndarray) -> np.ndarray:
    return np.log(twins * few / (product * (1 - twins)))


def _level_ratio(
    shares: np.ndarray, family: np.ndarray, level: np.ndarray, chance: np.ndarray
) -> np.ndarray:
    """Log ratio of a learned comparison; the worst level never speaks for a pair."""
    ratio = np.log(shares)[family, level] - np.log(chance)
    ratio = np.where(level == shares.shape[1] - 1, np.minimum(ratio, 0.0), ratio)
    return np.where(level >= 0, ratio, 0.0)


def _shares_of(
    level: np.ndarray, family: np.ndarray, prob: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """Shares of the levels among true pairs, one row per family of event types."""
    known = level >= 0
    n = start.shape[1]
    seen = np.bincount(family[known] * n + level[known], prob[known], start.size)
    found = seen.reshape(start.shape) + _PRIOR_PAIRS * start
    return found / found.sum(axis=1, keepdims=True)


def _why(r: compare.Records, a: np.ndarray, b: np.ndarray, learned: Learned) -> list[str]:
    parts = _weights(r, a, b, learned)
    km = compare.distance_km(r, a, b)
    texts = []
    for i in range(len(a)):
        words = []
        for name, value in parts.items():
            if name != "prior" and abs(value[i]) >= 0.05:
                where = f" ({km[i]:.1f} km)" if name == "point" and np.isfinite(km[i]) else ""
                words.append(f"{name} {value[i]:+.1f}{where}")
        texts.append(", ".join(words))
    return texts


def _exact_twins(events: pd.DataFrame) -> pd.DataFrame:
    """Records of one agency that say the same about a point at an hour: sent twice."""
    columns = ["source_agency", "event_type", "direction", "event_start", "lat", "lon"]
    columns += ["n_persons", "admin_code", "count_unit", "time_precision"]
    sharp = (
        events["lat"].notna()
        & events["n_persons"].notna()
        & (events["location_role"] == "occurred")
        & (events["geo_precision"] == "gps")
        & events["time_precision"].isin(["hour", "part_of_day"])
    )
    sharp_rows = events.loc[sharp, ["event_id", *columns]].sort_values("event_id")
    first = sharp_rows.groupby(columns, sort=False)["event_id"].transform("first")
    twin = sharp_rows["event_id"] != first
    a, b = (
        first[twin].to_numpy(dtype=object),
        sharp_rows.loc[twin, "event_id"].to_numpy(dtype=object),
    )
    n = len(a)
    return _pairs(a, b, np.full(n, 0.99), np.full(n, "link"), ["same words of one agency"] * n)


def _pairs(
    a: np.ndarray, b: np.ndarray, prob: np.ndarray, outcome: np.ndarray, why: Sequence[str]
) -> pd.DataFrame:
    first = np.where(a < b, a, b) if len(a) else a
    second = np.where(a < b, b, a) if len(a) else b
    values = (first, second, prob, outcome, why)
    pairs = pd.DataFrame(dict(zip(PAIR_COLUMNS, values, strict=True)))
    text = [name for name in PAIR_COLUMNS if name != "prob"]
    return pairs.astype(dict.fromkeys(text, "str")).astype({"prob": float})
