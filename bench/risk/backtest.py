"""`kalbar-risk backtest` on real events elsewhere, each with a small area of its own.

`python -m bench.risk.backtest --events DIR` makes a config and a polygon for every set (the cells
of the protocol, dissolved), runs the command as a user would, and keeps its report with its plots
in docs/backtest.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import h3
import pandas as pd

from risk.scores.validation import protocol_cells

HERE = Path(__file__).resolve().parents[2]
#: set: H3 resolution, rings around cells ever hit, tested periods of 28 days
SETS = {
    "piracy_seasia": (4, 2, 65),
    "medellin_homicide": (9, 2, 26),
    "cincinnati_burglary": (9, 2, 13),
}
CONFIG = """[area]
name = "{name}"
land = "area.geojson"
resolution = {resolution}
[store]
url = "sqlite:///var/records.db"
folder = "var"
"""


def make_area(name: str, file: Path, folder: Path) -> Path:
    """A config.toml with a polygon that holds exactly the cells of the protocol."""
    resolution, rings, periods = SETS[name]
    cells = protocol_cells(pd.read_csv(file), resolution, rings, periods)
    shape = h3.h3shape_to_geo(h3.cells_to_h3shape(cells, tight=False))
    folder.mkdir(parents=True, exist_ok=True)
    feature = {"type": "Feature", "properties": {"name": name}, "geometry": shape}
    whole = {"type": "FeatureCollection", "features": [feature]}
    (folder / "area.geojson").write_text(json.dumps(whole), encoding="utf-8")
    config = folder / "config.toml"
    config.write_text(CONFIG.format(name=name, resolution=resolution), encoding="utf-8")
    return config


def keep(name: str, report: Path, target: Path) -> None:
    """Copy a report and its pictures under the name of its set."""
    text = (report / "report.md").read_text(encoding="utf-8")
    for picture in report.glob("*.svg"):
        shutil.copy(picture, target / f"{name}_{picture.name}")
        text = text.replace(f"]({picture.name})", f"]({name}_{picture.name})")
    (target / f"{name}.md").write_text(text, encoding="utf-8")


def main() -> int:
    """Run every set that is there; 1 if none is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=Path, required=True)
    options = parser.parse_args()
    done = 0
    for name, (_, _, periods) in SETS.items():
        file = options.events / f"{name}.csv.gz"
        if not file.exists():
            print(f"{file.name} is not in {options.events}; left out")
            continue
        folder = HERE / "build" / "bench" / name
        config = make_area(name, file, folder)
        report = folder / "report"
        command = [sys.executable, str(HERE / "cli.py"), "backtest", str(file)]
        command += ["--periods", str(periods), "--report", str(report)]
        subprocess.run(command, env={**os.environ, "KALBAR_CONFIG": str(config)}, check=True)
        target = HERE / "docs" / "backtest"
        target.mkdir(parents=True, exist_ok=True)
        keep(name, report, target)
        done += 1
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
