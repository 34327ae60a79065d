"""make bench: every benchmark in turn, each against a rival in the same run.

`python -m bench --events DIR [--only forecast closed_loop ...]`. Those that need event files are
left out, and said so, where there are none.
"""

import argparse
import subprocess
import sys
from pathlib import Path

#: wing and name -> does it need the folder of events, and how is it told?
BENCHES = {
    "risk.forecast": "positional",
    "risk.engines": "positional",
    "risk.backtest": "--events",
    "risk.trials": "positional",
    "risk.members": "",
    "risk.totals": "",
    "risk.patrol_bias": "positional",
    "risk.resolutions": "positional",
    "risk.agencies": "",
    "patrols.closed_loop": "",
    "data.imports": "",
    "data.personal": "",
    "data.store": "",
    "data.link": "",
    "data.nowcast": "",
    "risk.coverage": "",
    "risk.coverage_real": "positional",
    "service.assess": "",
    "patrols.plan": "",
    "patrols.closed_loop_plan": "",
    "data.disclosure": "",
    "service.sessions": "",
    "service.start": "",
}


def main() -> int:
    """Run the benches that were named, or all; the number of those that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=Path, default=Path("../shared/events"))
    names = [bench.partition(".")[2] for bench in BENCHES]
    parser.add_argument("--only", nargs="*", choices=names, default=names)
    options = parser.parse_args()
    failed = 0
    for bench, needs in BENCHES.items():
        name = bench.partition(".")[2]
        if name not in options.only:
            continue
        if needs and not options.events.is_dir():
            print(f"-- {name}: no events in {options.events}; left out")
            continue
        words = [str(options.events)] if needs == "positional" else []
        words = [needs, str(options.events)] if needs.startswith("--") else words
        print(f"-- {name}", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"bench.{bench}", *words]).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
