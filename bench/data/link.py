"""How well twins are found on invented provinces whose truth is known, and how fast a million.

python bench/data/link.py [--seeds 1 2 3 ...] [--records 1000000]
"""

import argparse
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from data import schema
from data.link.match import LINK, cluster, link, one_per_cluster
from data.worlds.seasons import simulate

AREA = Path(__file__).parents[2] / "data" / "area"


def current(events: pd.DataFrame) -> pd.DataFrame:
    """The last version of each record, without withdrawn ones."""
    last = events.sort_values("source_version").drop_duplicates("event_id", keep="last")
    return schema.EVENT.typed(last[last["record_status"] != "withdrawn"].reset_index(drop=True))


def pairs_in(table: pd.DataFrame, key: str) -> set[tuple[str, str]]:
    """All pairs of events that share a cluster."""
    both = table[["event_id", key]].merge(table[["event_id", key]], on=key)
    both = both[both["event_id_x"] < both["event_id_y"]]
    return set(zip(both["event_id_x"], both["event_id_y"], strict=True))


def measure(seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Invent a province, link it, and compare with the truth."""
    cells = pd.read_parquet(AREA / "cells.parquet")
    world = simulate(cells, pd.read_csv(AREA / "posts.csv"), seed=seed)
    events = current(world.events)
    started = time.perf_counter()
    pairs = link(events)
    seconds = time.perf_counter() - started
    true = pairs_in(events[["event_id"]].merge(world.truth.links, on="event_id"), "true_id")
    found = pairs_in(cluster(events, pairs), "link_cluster_id")
    told_pairs = set(zip(pairs["event_id_a"], pairs["event_id_b"], strict=True))
    counts = np.array(
        [len(found), len(found & true), len(true), len(told_pairs & true)], dtype=float
    )
    print(f"seed {seed}: {len(events)} records, {seconds:.2f} s, {line(counts)}", flush=True)
    hits = [pair in true for pair in zip(pairs["event_id_a"], pairs["event_id_b"], strict=True)]
    return pd.DataFrame({"prob": pairs["prob"], "true": hits}), counts


def line(counts: np.ndarray) -> str:
    """Precision and recall of pairs that share a cluster."""
    linked, right, true, pairs_told = counts
    return (
        f"precision {right / linked:.3f}, recall {right / true:.3f} at {LINK}; "
        f"{pairs_told / true:.3f} of the true pairs have a probability of 0.05 or more"
    )


def many(n: int) -> None:
    """Copies of one province set far apart, until there are n records."""
    cells = pd.read_parquet(AREA / "cells.parquet")
    events = current(simulate(cells, pd.read_csv(AREA / "posts.csv"), seed=1).events)
    parts = []
    for i in range(n // len(events) + 1):
        copy = events.copy()
        copy["event_id"] = copy["event_id"] + f"/{i}"
        copy["admin_code"] = copy["admin_code"].str.replace("61.", f"{100 + i}.", n=1)
        copy["lat"] = copy["lat"] - 5 + (i % 20) * 3
        copy["lon"] = copy["lon"] - 100 + (i // 20) * 4
        parts.append(copy)
    events = pd.concat(parts, ignore_index=True).iloc[:n]
    started = time.perf_counter()
    pairs = link(events)
    linked = time.perf_counter()
    once = one_per_cluster(cluster(events, pairs))
    done = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{n} records: link {linked - started:.0f} s, cluster and count {done - linked:.0f} s, "
        f"{len(pairs)} pairs, {len(once)} events, {memory:.1f} GB of memory at most"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=list(range(1, 13)))
    parser.add_argument("--records", type=int, default=1_000_000)
    chosen = parser.parse_args()
    measured = [measure(seed) for seed in chosen.seeds]
    if measured:
        print("all:", line(sum(counts for _, counts in measured)))
        pairs = pd.concat([table for table, _ in measured])
        step = pd.cut(pairs["prob"], [0, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 1.0])
        print("pairs by probability: how many, mean probability, share that is true")
        print(
            pairs.groupby(step, observed=True)
            .agg(n=("prob", "size"), prob=("prob", "mean"), true=("true", "mean"))
            .round(3)
            .to_string()
        )
    if chosen.records:
        many(chosen.records)
