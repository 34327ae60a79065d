"""make bench: every benchmark in turn, each against a rival in the same run.

`python -m bench --events DIR [--only forecast closed_loop ...]`. Those that need event files are
left out, and said so, where there are none.
"""

import argparse
import subprocess
import sys
from pathlib import Path

#: name -> does it need the folder of events, and how is it told?
BENCHES = {
    "forecast": "positional",
    "engines": "positional",
    "backtest": "--events",
    "trials": "positional",
    "members": "",
    "totals": "",
    "patrol_bias": "positional",
    "resolutions": "positional",
    "agencies": "",
    "closed_loop": "",
    "imports": "",
    "personal": "",
    "store": "",
    "link": "",
    "coverage": "",
    "coverage_real": "positional",
    "assess": "",
    "plan": "",
    "closed_loop_plan": "",
    "disclosure": "",
    "sessions": "",
    "start": "",
}


def main() -> int:
    """Run the benches that were named, or all; the number of those that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=Path, default=Path("../shared/events"))
    parser.add_argument("--only", nargs="*", choices=BENCHES, default=list(BENCHES))
    options = parser.parse_args()
    failed = 0
    for name in options.only:
        needs = BENCHES[name]
        if needs and not options.events.is_dir():
            print(f"-- {name}: no events in {options.events}; left out")
            continue
        if not (Path(__file__).parent / f"{name}.py").exists():
            continue
        words = [str(options.events)] if needs == "positional" else []
        words = [needs, str(options.events)] if needs.startswith("--") else words
        print(f"-- {name}", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"bench.{name}", *words]).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
