"""What each part of the province's model knows of the *true* rates, and what else was tried there.

`python -m bench.risk.members [--seeds 61 62 63 64]` invents provinces, reads them the way files are
read, forecasts the four weeks after each of six past dates from records alone, and scores every
member of the pool by its information on the true expected events. Trial: trees in which a rate may
only rise with what was remembered. Writes docs/results/members.json.
"""

import argparse
import json
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pandas as pd

from bench.risk.coverage import known_world
from risk.engine import model
from risk.engine.booster import PoissonBooster
from risk.engine.held import fit_pool, forecast_past, past_origins
from risk.engine.memory import remember
from risk.scores import proving
from risk.scores.metrics import hits, log_gain

HERE = Path(__file__).resolve().parents[2]
HORIZON = 4
ORIGINS = 6


def measure(seed: int) -> list[dict]:
    """One row per member: ig (nats an event of the true rates) and hit_1, over all dates."""
    gathered, truth, detection = known_world(seed)
    records = gathered.records
    origins = past_origins(len(records.weeks), HORIZON, ORIGINS, 8)
    known = remember(records, detection, (HORIZON,), origins)
    rivals, _ = proving.baselines_past(records, origins)
    held = forecast_past(known, records, detection, HORIZON, origins)
    scales = len(known.scales)  # the first inputs of the trees, followed by their mixture
    rising = partial(PoissonBooster, rising=range(scales + 1))
    with patch.object(model, "PoissonBooster", rising):
        risen = forecast_past(known, records, detection, HORIZON, origins)
    rows = []
    for number, (past, other) in enumerate(zip(held, risen, strict=True)):
        answers = {f"rival: {name}": rate for name, rate in rivals[past.origin].items()}
        answers |= past.members
        answers["pool"] = model.pool(past.members, fit_pool(held[:number]))
        answers["trees that only rise"] = other.members["boosted"]
        answers["pool, trees that only rise"] = model.pool(other.members, fit_pool(risen[:number]))
        true = truth[past.origin : past.origin + HORIZON].sum(axis=0)
        for name, rate in answers.items():
            found = {"ig": log_gain(rate, true), "hit_1": hits(rate, true, 0.01)}
            rows.append({"seed": seed, "member": name, "true": true.sum(), **found})
    table = pd.DataFrame(rows).groupby(["seed", "member"], sort=False).sum()
    table = table[["ig", "hit_1"]].div(table["true"], axis=0)
    return table.reset_index().to_dict("records")


def main() -> None:
    """Measure, print the table and write docs/results/members.json."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="*", default=[61, 62, 63, 64])
    options = parser.parse_args()
    rows = []
    for seed in options.seeds:
        rows += measure(seed)
        table = pd.DataFrame(rows).pivot(index="member", columns="seed", values="ig")
        print(table.assign(mean=table.mean(axis=1)).round(3).to_string(), flush=True)
    rounded = json.loads(pd.DataFrame(rows).round(4).to_json(orient="records"))
    (HERE / "docs/results/members.json").write_text(
        json.dumps(rounded, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
