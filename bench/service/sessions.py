"""Many people at once: real websocket sessions that open the map and keep choosing districts.

`python -m bench.service.sessions [--people 20] [--rounds 10] [--address http://…] [--keep]`.
Without an address it starts a server of its own on the settings of KALBAR_CONFIG. Times are what a
person waits, from the click to the end of the page's run; bytes are those of the messages before
the websocket compresses them, with all that a browser keeps sent anew.
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

HOUSE = Path(__file__).resolve().parents[2]
WIDGET = "choose_kabupaten"
DONE = ForwardMsg.FINISHED_SUCCESSFULLY


class Person:
    """One session: opens the page, then chooses one district after the other."""

    def __init__(self, address: str):
        wire = address.replace("http", "ws", 1) + "/_stcore/stream"
        origin = address.rsplit("/", address.count("/") - 2)[0]
        self.wire = connect(
            wire,
            subprotocols=["streamlit"],
            max_size=None,
            open_timeout=60,
            origin=origin,
            legacy=True,
        )
        self.widget, self.options, self.page, self.bytes, self.faults = "", [], "", 0, 0

    def open(self) -> float:
        """Seconds until the first page is complete."""
        return self._run(BackMsg(rerun_script={"query_string": ""}))

    def choose(self, dice: random.Random) -> float:
        """Seconds until the page shows another district."""
        state = {"id": self.widget, "string_value": dice.choice(self.options)}
        states = {"widget_states": {"widgets": [state]}, "page_script_hash": self.page}
        return self._run(BackMsg(rerun_script=states))

    def close(self) -> None:
        self.wire.close()

    def _run(self, message: BackMsg) -> float:
        began = time.monotonic()
        self.wire.send(message.SerializeToString())
        while True:
            got = self.wire.recv(timeout=120)
            if isinstance(got, str):
                continue
            self.bytes += len(got)
            sent = ForwardMsg.FromString(got)
            kind = sent.WhichOneof("type")
            if kind == "new_session":
                self.page = sent.new_session.page_script_hash
            elif kind == "delta":
                element = sent.delta.new_element
                self.faults += element.WhichOneof("type") == "exception"
                if WIDGET in element.selectbox.id:
                    self.widget = element.selectbox.id
                    self.options = list(element.selectbox.options)
            elif kind == "script_finished" and sent.script_finished == DONE:
                return time.monotonic() - began


def run(address: str, people: int = 20, rounds: int = 10, think_seconds: float = 0.0) -> dict:
    """Open sessions and let all of them choose at the same time.

    Returns
    -------
    dict of first_s and rerun_s (p50, p95), reruns, bytes per rerun, faults
    """
    first, reruns, sizes, faults = [], [], [], []
    lock = threading.Lock()

    def live(number: int) -> None:
        dice = random.Random(number)
        time.sleep(dice.uniform(0, think_seconds))
        person = Person(address)
        begun = person.open()
        waited, before = [], person.bytes
        for _ in range(rounds):
            time.sleep(dice.uniform(0, 2 * think_seconds))
            waited.append(person.choose(dice))
        with lock:
            first.append(begun)
            reruns.extend(waited)
            sizes.append((person.bytes - before) / max(rounds, 1))
            faults.append(person.faults)
        person.close()

    crowd = [threading.Thread(target=live, args=(n,)) for n in range(people)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    return {
        "people": people,
        "reruns": len(reruns),
        "first_s": _spread(first),
        "rerun_s": _spread(reruns),
        "bytes_per_rerun": round(float(np.mean(sizes))) if sizes else 0,
        "faults": int(sum(faults)) + people - len(first),
    }


def main() -> None:
    """Warm the server with one person, then measure the crowd and the memory it leaves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--think", type=float, default=1.0, help="seconds between clicks, mean")
    parser.add_argument("--address", default="")
    parser.add_argument("--settle", type=float, default=0.0, help="seconds from start to visitor")
    parser.add_argument("--keep", action="store_true", help="write docs/results/sessions.json")
    options = parser.parse_args()
    process = None
    address = options.address
    if not address:
        process, address = _serve()
    try:
        time.sleep(options.settle)
        cold = run(address, people=1, rounds=3)
        run(address, people=2, rounds=20)  # every district once, so that caches are filled
        before, worked = _memory_mb(process), _cpu_s(process)
        waits = run(address, options.people, options.rounds, options.think)
        waits["cold_first_s"] = cold["first_s"]["p50"]
        waits["think_s"] = options.think
        after = _memory_mb(process)
        if before and after:
            runs = waits["reruns"] + options.people
            waits["cpu_ms_per_run"] = round((_cpu_s(process) - worked) / runs * 1000, 1)
            waits["memory_mb"] = after
            waits["memory_mb_per_session"] = round((after - before) / options.people, 2)
        waits["load_average"] = round(os.getloadavg()[0], 1)
        print(json.dumps(waits, indent=1))
        if options.keep:
            path = HOUSE / "docs/results/sessions.json"
            path.write_text(json.dumps(waits, indent=1) + "\n", encoding="utf-8")
    finally:
        if process is not None:
            process.terminate()
            process.wait(15)


def _serve() -> tuple[subprocess.Popen, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "serve.py", "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=HOUSE, env=os.environ, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    limit = time.monotonic() + 90
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return process, address
        except OSError:
            time.sleep(0.3)
    process.terminate()
    raise SystemExit("the server did not come up")


def _memory_mb(process: subprocess.Popen | None) -> float:
    """Resident memory; 0 where it cannot be told."""
    status = Path(f"/proc/{process.pid}/status") if process else None
    if status is None or not status.exists():
        return 0.0
    line = next(one for one in status.read_text().splitlines() if one.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


def _cpu_s(process: subprocess.Popen | None) -> float:
    """Processor time used so far; 0 where it cannot be told."""
    stat = Path(f"/proc/{process.pid}/stat") if process else None
    if stat is None or not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _spread(values: list[float]) -> dict[str, float]:
    if not values:
        return {"p50": float("nan"), "p95": float("nan")}
    return {f"p{q}": round(float(np.percentile(values, q)), 3) for q in (50, 95)}


if __name__ == "__main__":
    main()
