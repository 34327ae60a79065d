"""How often the nowcast's interval holds the truth in invented provinces.

python -m bench.data.nowcast [--seeds 101 102 ...]

Each agency is asked at five past deliveries what its incomplete weeks will hold; later deliveries
say what they did hold. Beside it stands the simplest rival: what has been received so far.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from data.delay import COMPLETE, nowcast
from data.worlds.seasons import simulate
from geo import calendar

AREA = Path(__file__).parents[2] / "data" / "area"
#: weeks before the end of the history at which is asked; later ones have their whole truth
BACK = (30, 40, 50, 60, 70)
WEEKS = 12


def judge(seed: int, level: float) -> pd.DataFrame:
    """One row per incomplete week asked: agency, held (bool), width, error, error_received."""
    world = simulate(pd.read_parquet(AREA / "cells.parquet"), pd.read_csv(AREA / "posts.csv"), seed)
    first = world.events.sort_values("source_version").drop_duplicates("event_id")
    rows = []
    for agency, own in first.groupby("source_agency"):
        end = own["received_at"].max()
        for back in BACK:
            known = own[own["received_at"] <= end - pd.Timedelta(weeks=back)]
            if len(known) < 10:
                continue
            table = nowcast(known, known["received_at"].max(), WEEKS, level, draws=400)
            table = table[table["share"] < COMPLETE]
            truth = _weekly(own, table["week"])
            rows.append(
                pd.DataFrame(
                    {
                        "agency": agency,
                        "held": (table["lo"] <= truth) & (truth <= table["hi"]),
                        "width": table["hi"] - table["lo"],
                        "error": (table["expected"] - truth).abs(),
                        "error_received": (table["n_received"] - truth).abs(),
                    }
                )
            )
    return pd.concat(rows)


def _weekly(events: pd.DataFrame, weeks: pd.Series) -> np.ndarray:
    local = calendar.local(events["event_start"])
    monday = local.dt.floor("D") - pd.to_timedelta(local.dt.day_of_week, unit="D")
    return monday.value_counts().reindex(weeks, fill_value=0).to_numpy()


def main() -> None:
    """Print the share of weeks held, per agency and in all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=list(range(101, 109)))
    parser.add_argument("--level", type=float, default=0.8)
    chosen = parser.parse_args()
    judged = pd.concat([judge(seed, chosen.level) for seed in chosen.seeds])
    by = judged.groupby("agency").agg(
        weeks=("held", "size"),
        held=("held", "mean"),
        width=("width", "mean"),
        error=("error", "mean"),
        error_received=("error_received", "mean"),
    )
    print(f"DATA SINTETIS, seeds {chosen.seeds}, level {chosen.level}")
    print(by.round(3).to_string())
    print(
        f"all: {judged['held'].mean():.3f} of {len(judged)} weeks held, mean error "
        f"{judged['error'].mean():.2f} records "
        f"(received so far: {judged['error_received'].mean():.2f})"
    )


if __name__ == "__main__":
    main()
