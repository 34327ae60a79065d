"""What a command costs before it does anything: `python -m bench.service.start [--beside TREE]`.

Processor time and peak memory of `--help`, `status` and `export`, each the least of three runs, in
turn with the same commands of another tree of the program (an earlier one) and with bare imports.
Both trees need a store with an assessment (`make run` makes one). Writes docs/results/start.json.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
TURNS = 3
BARE = {"python alone": "pass", "import typer": "import typer", "import pandas": "import pandas"}
COMMANDS = {"--help": ["--help"], "status": ["status"], "export": ["export", "hotspots"]}


def spent(words: list[str], tree: Path) -> tuple[float, float]:
    """Processor time (s) and peak memory (MB) of a process and its children; it must end well."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, *words], cwd=tree, stdout=quiet, stderr=quiet)
    _, status, used = os.wait4(process.pid, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(words)} in {tree.name} ended with {code}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Measure in turn, print the table and write docs/results/start.json."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--beside", type=Path, help="another tree of the program, with a store")
    trees = {"now": HERE}
    if other := parser.parse_args().beside:
        trees["beside"] = other.resolve()
    runs = {("bare", name): (["-c", code], HERE) for name, code in BARE.items()}
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "titik.geojson")
        for label, tree in trees.items():
            for name, words in COMMANDS.items():
                end = [file] if name == "export" else []
                runs[label, name] = (["cli.py", *words, *end], tree)
        for _ in range(TURNS):
            for key, (words, tree) in runs.items():
                found.setdefault(key, []).append(spent(words, tree))
    rows = [
        {"which": which, "what": what, "cpu_s": round(min(s for s, _ in times), 2),
         "peak_mb": round(min(mb for _, mb in times))}
        for (which, what), times in found.items()
    ]  # fmt: skip
    for row in rows:
        print(f"{row['which']:8}{row['what']:15}{row['cpu_s']:7.2f} s {row['peak_mb']:6} MB")
    written = json.dumps(rows, indent=1) + "\n"
    (HERE / "docs" / "results" / "start.json").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
