"""One run with a fixed seed and a stopped clock, and the SHA-256 of every file it writes.

`python -m bench.fixed_run OUT` invents a season (DATA SINTETIS), keeps it and the sample files,
assesses, and writes exports, card, plan, orders, papers and mending workbook into OUT, with
`sums.json`. `python -m bench.fixed_run OUT --beside OTHER` names what differs from an earlier run:
whoever moves code from room to room shows by it that nothing else moved. Run it in the tree before
and in the tree after; what tells only how long something took (SECONDS) is left out.
"""

import argparse
import hashlib
import io
import json
import os
import random
import re
import secrets
import sys
import time
import uuid
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from itertools import count
from pathlib import Path

import pandas as pd
from reportlab import rl_config

NOW = "2026-07-15 03:00:00"
FORMS = {
    "hotspots": ("csv", "geojson"),
    "sectors": ("csv", "geojson"),
    "cells": ("csv", "geojson"),
    "panel": ("csv",),
}
SAMPLES = (".csv", ".gpx", ".xlsx", ".geojson")
#: of one run only: tables that hold seconds, and the database with its order of pages
SECONDS = ("meta.json", "risk.parquet", "rivals.parquet", "records.db", "config.toml", "sums.json")


def stop_the_clock(moment: str) -> None:
    """Tell this process one moment (UTC) for ever, and draw identifiers from a seed.

    Each asking of pandas is a microsecond later, so that what came first stays first.
    """
    at, ticks, rng = pd.Timestamp(moment, tz="UTC"), count(), random.Random(1)

    def now(tz=None):
        later = at + pd.Timedelta(microseconds=next(ticks) % 1000)
        return later.tz_localize(None) if tz is None else later.tz_convert(tz)

    pd.Timestamp.now = staticmethod(now)
    time.time = at.timestamp
    uuid.uuid4 = lambda: uuid.UUID(int=rng.getrandbits(128), version=4)
    secrets.token_hex = lambda n=16: rng.randbytes(n).hex()
    secrets.randbelow, secrets.randbits = rng.randrange, rng.getrandbits
    rl_config.invariant = 1


def settings_in(out: Path) -> Path:
    """A config of the tree's own that keeps everything in `out` and learns in a few minutes."""
    here = Path.cwd()
    text = re.sub(r'= "(data/[^"]+)"', rf'= "{here}/\1"', (here / "config.toml").read_text())
    for old, new in (
        ("sqlite:///var/records.db", f"sqlite:///{out}/records.db"),
        ('folder = "var"', f'folder = "{out}/var"'),
        ("origins = 12", "origins = 3"),
        ("seeds = 3", "seeds = 1"),
    ):
        text = text.replace(old, new)
    (out / "config.toml").write_text(text)
    return out / "config.toml"


def call(*args: object, save: Path | None = None) -> None:
    """One command; what it says goes to `save`, its exit code to the terminal."""
    from cli import main

    said, aside, code = io.StringIO(), io.StringIO(), 0
    sys.argv = ["kalbar-risk", *map(str, args)]
    with redirect_stdout(said), redirect_stderr(aside):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
    print(*args[:3], "->", code, flush=True)
    if code and args[0] != "check":  # the samples have faults, and `check` says so
        raise SystemExit(said.getvalue()[-2000:] + aside.getvalue()[-2000:])
    if save:
        save.write_text(said.getvalue())


def run(out: Path) -> None:
    """Every command once, from invented files to papers."""
    out.mkdir(parents=True)
    os.environ["KALBAR_CONFIG"] = str(settings_in(out))
    call("simulate", out / "seasons", "--seed", 3, "--weeks", 70, "--start", "2025-03-03")
    tracks = sorted((out / "seasons" / "tracks").glob("*.gpx"))[:3]
    call("ingest", *sorted((out / "seasons").glob("*.csv.gz")), *tracks)
    for file in sorted(Path("data/sample").iterdir()):
        if file.suffix in SAMPLES:
            call("ingest", file)
            call("check", file, save=out / f"check_{file.name}.txt")
    call("assess")
    for what, ends in FORMS.items():
        for end in ends:
            call("export", what, out / f"{what}.{end}")
    call("export", "hotspots", out / "district.geojson", "--kabupaten", "61.03", "--horizon", 4)
    for lang in ("id", "en"):
        call("card", out / f"card_{lang}.md", "--lang", lang)
    call("plan", "make", "--seed", 7)
    for end in ("csv", "ics", "gpx", "kml", "pdf"):
        call("plan", "export", out / f"orders.{end}")
    for name in ("status", "freshness", "twins"):
        call(name, save=out / f"{name}.txt")
    call("mend", out / "mend.xlsx")


def sums(out: Path) -> dict[str, str]:
    """SHA-256 of each file by its name; of a workbook, of its parts but their dates."""
    found = {}
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.name not in SECONDS and path.suffix != ".lock":
            data = path.read_bytes()
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as book:
                    names = [name for name in sorted(book.namelist()) if "docProps" not in name]
                    data = b"".join(book.read(name) for name in names)
            data = data.replace(str(out).encode(), b"OUT")
            found[str(path.relative_to(out))] = hashlib.sha256(data).hexdigest()
    return found


def main() -> None:
    """Run, write the sums, and name what differs from another run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--beside", type=Path, help="the folder of an earlier run")
    asked = parser.parse_args()
    out = asked.out.resolve()
    if not (out / "sums.json").exists():
        stop_the_clock(NOW)
        run(out)
        (out / "sums.json").write_text(json.dumps(sums(out), indent=1) + "\n")
    if asked.beside:
        mine, other = (json.loads((at / "sums.json").read_text()) for at in (out, asked.beside))
        differ = [name for name in sorted(mine | other) if mine.get(name) != other.get(name)]
        print(f"{len(mine | other) - len(differ)} of {len(mine | other)} files are the same")
        print(*differ, sep="\n")


if __name__ == "__main__":
    main()
