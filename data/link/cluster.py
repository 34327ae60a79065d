"""From pairs to clusters: who tells of one event, with a person's word above the computed one."""

from collections import defaultdict
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

#: a pair below this does not fit: it holds apart two clusters that a third record would join
FITS = 0.1
_PRECISION = ("gps", "landmark", "desa", "kecamatan", "kabupaten", "unknown")
_TIME = ("hour", "part_of_day", "day", "week", "month")


def cluster(
    events: pd.DataFrame, pairs: pd.DataFrame, decisions: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The events with link_cluster_id and link_prob filled; no row is added or lost.

    A record of which another agency tells as well is flagged DUP_PROBABLE.

    Linked pairs are joined, likeliest first, as long as no cluster holds two records of one
    agency (unless they are exact duplicates), a pair that a person parted, or two agencies whose
    records hardly fit (a third record is no bridge between two that contradict each other). What
    a person linked is joined first and whatever the agencies.

    Parameters
    ----------
    events : records of all agencies: event_id, source_agency and what the comparisons weigh
    pairs : event_id_a, event_id_b, prob, outcome, as `link` gives them
    decisions : event_id_a, event_id_b, outcome ("link" or "unlink"), as `Store.decisions()`

    Returns
    -------
    A copy of events. The id of a cluster is the smallest event_id in it; a record on its own has
        its own and link_prob NaN; others the probability of their likeliest pair in the cluster.
    """
    place = pd.Series(np.arange(len(events)), index=events["event_id"].to_numpy(dtype=object))
    agency = pd.factorize(events["source_agency"])[0]
    chosen = pairs.loc[pairs["outcome"] == "link", ["event_id_a", "event_id_b", "prob"]]
    word: dict[tuple[int, int], str] = {}
    if decisions is not None and len(decisions):
        for a, b, outcome in decisions[["event_id_a", "event_id_b", "outcome"]].itertuples(
            index=False
        ):
            if a in place.index and b in place.index:
                one, other = int(place[a]), int(place[b])
                word[min(one, other), max(one, other)] = outcome
    a = place.reindex(chosen["event_id_a"]).to_numpy(float)
    b = place.reindex(chosen["event_id_b"]).to_numpy(float)
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known].astype(int), b[known].astype(int)
    prob = chosen["prob"].to_numpy(float)[known]
    decided = np.array([word.get((min(x, y), max(x, y)), "") for x, y in zip(a, b, strict=True)])
    free = decided == ""
    linked = [pair for pair, outcome in word.items() if outcome == "link"]
    edges_a = np.concatenate([[x for x, _ in linked], a[free]]).astype(int)
    edges_b = np.concatenate([[y for _, y in linked], b[free]]).astype(int)
    edges_p = np.concatenate([np.ones(len(linked)), prob[free]])
    label = _components(len(events), edges_a, edges_b)
    parted = [pair for pair, outcome in word.items() if outcome == "unlink"]
    probability = _probabilities(pairs, place)
    order = np.argsort(label[edges_a], kind="stable")
    groups = label[edges_a][order]
    for group in _to_check(label, parted):
        inside = order[slice(*np.searchsorted(groups, [group, group + 1]))]
        edges = (edges_a[inside], edges_b[inside], edges_p[inside])
        _rejoin(label, agency, edges, parted, probability)
    return _filled(events, label, edges_a, edges_b, edges_p)


def one_per_cluster(events: pd.DataFrame) -> pd.DataFrame:
    """One row per cluster, for counting: the record with the best place and time.

    First those that tell where it occurred, then the finer place, the finer time, the earlier
    report. Adds n_records and told_by (agencies, |-joined).
    """
    ranked = pd.DataFrame(
        {
            "cluster": events["link_cluster_id"].where(
                events["link_cluster_id"] != "", events["event_id"]
            ),
            "role": events["location_role"] != "occurred",
            "place": _rank(events["geo_precision"], _PRECISION),
            "time": _rank(events["time_precision"], _TIME),
            "reported": events["reported_at"],
            "event_id": events["event_id"],
            "agency": events["source_agency"],
        }
    )
    order = ["cluster", "role", "place", "time", "reported", "event_id"]
    best = ranked.sort_values(order, kind="stable").drop_duplicates("cluster")
    size = ranked["cluster"].map(ranked["cluster"].value_counts())
    shared = ranked[size > 1].sort_values(["cluster", "agency"])
    shared = shared.drop_duplicates(["cluster", "agency"])
    told_by = shared.groupby("cluster", sort=False)["agency"].agg("|".join)
    rows = best.index.sort_values()
    chosen = events.loc[rows].copy()
    chosen["n_records"] = size.loc[rows]
    several = ranked.loc[rows, "cluster"].map(told_by)
    chosen["told_by"] = several.where(several.notna(), ranked.loc[rows, "agency"]).astype("str")
    return chosen


def members(events: pd.DataFrame, cluster_id: str) -> pd.DataFrame:
    """Who says what about one event: the records of a cluster, the earliest report first."""
    own = events[events["link_cluster_id"] == cluster_id]
    return own.sort_values(["reported_at", "event_id"])


def _components(n: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    graph = sp.coo_array((np.ones(len(a)), (a, b)), shape=(n, n))
    return connected_components(graph.tocsr(), directed=False)[1].astype(np.int64)


def _to_check(label: np.ndarray, parted: list[tuple[int, int]]) -> list[int]:
    """Components of three and more, and those with a pair that was parted.

    Two alone are joined by their own pair: twins of two agencies, or one agency's duplicates.
    """
    chosen = set(np.flatnonzero(np.bincount(label) > 2).tolist())
    return sorted(chosen | {int(label[x]) for x, y in parted if label[x] == label[y]})


def _probabilities(pairs: pd.DataFrame, place: pd.Series) -> dict[tuple[int, int], float]:
    a = place.reindex(pairs["event_id_a"]).to_numpy(float)
    b = place.reindex(pairs["event_id_b"]).to_numpy(float)
    fits = np.isfinite(a) & np.isfinite(b) & (pairs["prob"] >= FITS).to_numpy()
    low, high = np.minimum(a, b)[fits].astype(int), np.maximum(a, b)[fits].astype(int)
    return dict(
        zip(zip(low.tolist(), high.tolist(), strict=True), pairs["prob"][fits], strict=True)
    )


def _rejoin(
    label: np.ndarray, agency: np.ndarray, edges: tuple[np.ndarray, np.ndarray, np.ndarray],
    parted: Collection[tuple[int, int]], probability: Mapping[tuple[int, int], float],
) -> None:  # fmt: skip
    """Join one component again, likeliest pair first, without what must not be together."""
    a, b, prob = edges
    group = {place: place for place in {*a.tolist(), *b.tolist()}}
    inside = {place: {place} for place in group}
    apart: dict[int, set[int]] = defaultdict(set)
    for x, y in parted:
        apart[x].add(y)
        apart[y].add(x)
    order = np.lexsort((b, a, -prob))
    for x, y, p in zip(a[order].tolist(), b[order].tolist(), prob[order].tolist(), strict=True):
        one, other = inside[group[x]], inside[group[y]]
        if one is other or any(apart[place] & other for place in one):
            continue
        by_person, duplicate = p >= 1.0, agency[x] == agency[y]
        if not (by_person or duplicate or _fit(one, other, agency, probability)):
            continue
        target, gone = group[x], group[y]
        for place in other:
            group[place] = target
        inside[target] = one | inside.pop(gone)
    fresh = int(label.max()) + 1
    for i, places in enumerate(inside.values()):
        label[list(places)] = fresh + i


def _fit(
    one: set[int], other: set[int], agency: np.ndarray,
    probability: Mapping[tuple[int, int], float],
) -> bool:  # fmt: skip
    """Whether two clusters share no agency, and each pair of agencies has a pair that fits."""
    best: dict[tuple[int, int], bool] = {}
    for x in one:
        for y in other:
            if agency[x] == agency[y]:
                return False
            key = (agency[x], agency[y])
            best[key] = best.get(key, False) or (min(x, y), max(x, y)) in probability
    return all(best.values())


def _filled(
    events: pd.DataFrame, label: np.ndarray, a: np.ndarray, b: np.ndarray, prob: np.ndarray
) -> pd.DataFrame:
    names = events["event_id"].to_numpy(dtype=object)
    smallest = pd.Series(names).groupby(label).transform("min")
    best = np.full(len(events), np.nan)
    together = label[a] == label[b]
    for side in (a[together], b[together]):
        known = np.nan_to_num(best, nan=-1.0)
        np.maximum.at(known, side, prob[together])
        best = np.where(known >= 0, known, np.nan)
    filled = events.copy()
    filled["link_cluster_id"] = pd.Series(smallest.to_numpy(), index=events.index, dtype="str")
    filled["link_prob"] = best
    if "quality_flags" in filled:
        filled["quality_flags"] = _flagged(filled)
    return filled


def _flagged(events: pd.DataFrame) -> pd.Series:
    """The quality flags with DUP_PROBABLE where another agency tells of the same event."""
    flags = events["quality_flags"].astype("str").str.replace(r"\|?DUP_PROBABLE", "", regex=True)
    agencies = events.groupby("link_cluster_id")["source_agency"].transform("nunique")
    twin = (agencies > 1) & (events["link_cluster_id"] != "")
    return flags.where(~twin, flags.str.cat(["DUP_PROBABLE"] * len(flags), sep="|").str.lstrip("|"))


def _rank(words: pd.Series, order: tuple[str, ...]) -> pd.Series:
    return words.map({word: i for i, word in enumerate(order)}).fillna(len(order))
