"""Reading a stranger's file in a process of its own, with an end in time and in memory.

A page's own process answers all visitors; a file that takes long, or all the memory there is,
would stall every one of them. So an upload is read by a worker: the page waits for it without
holding anything up, and a worker that does not end in time is ended, with a sentence. Workers are
kept for the next file, at most `IDLE` of them.

This is a bound in time and memory, no bound of trust: the worker is this program, under the same
user. So both ends speak pickle; nothing that a file or a visitor sent is ever unpickled.
"""

import atexit
import os
import pickle
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar

from data.errors import DataError

#: what one reading may take
SECONDS, MEMORY_BYTES = 120.0, 4_000_000_000
#: workers that wait for the next file
IDLE = 2
_HERE = Path(__file__).resolve().parents[1]
_LENGTH = struct.Struct(">Q")
_idle: list["_Worker"] = []
_lock = threading.Lock()
#: what the function gives
T = TypeVar("T")


def run(
    function: Callable[..., T],
    *given: object,
    progress: Callable[[float, str], object] | None = None,
    seconds: float = SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> T:
    """Call a function of a module in a worker and give what it gives.

    Parameters
    ----------
    function : takes `given` and a last argument, the progress to be called with a share and words
    given : anything that can be pickled
    progress : called here whenever the worker tells its own
    seconds, memory_bytes : when the worker is ended

    Raises
    ------
    DataError
        If the worker took too long or too much, in a sentence; whatever the function raised.
    """
    with _lock:
        _idle[:] = [one for one in _idle if one.alive()]  # one that ended while it waited is no use
        worker = next((one for one in _idle if one.memory_bytes == memory_bytes), None)
        if worker is not None:
            _idle.remove(worker)
    worker = worker or _Worker(memory_bytes)
    late = threading.Event()

    def end() -> None:
        late.set()
        worker.process.kill()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        worker.send((function, given))
        while True:
            kind, answer = worker.receive()
            if kind != "progress":
                break
            if progress is not None:
                progress(*answer)
    except _Ended:
        worker.process.kill()
        raise _why_ended(seconds if late.is_set() else None) from None
    except BaseException:
        worker.process.kill()  # the page went away: so does the reading
        raise
    finally:
        timer.cancel()
    if not late.is_set():  # else it was ended just after its answer
        _keep(worker)
    if kind == "fault":
        raise answer
    return answer


def _why_ended(seconds: float | None) -> DataError:
    """What is said of a reading that was ended after so long, or (None) ended for its memory."""
    if seconds is None:
        return DataError(
            "reading ended early, it needed more memory than it may take; nothing was stored. "
            "Bring the file in smaller parts",
            key="reading_memory",
        )
    return DataError(
        f"reading took longer than {seconds:g} seconds and was ended; nothing was stored. "
        "Bring the file in smaller parts",
        key="reading_long", seconds=f"{seconds:g}",
    )  # fmt: skip


class _Ended(Exception):
    """The worker speaks no more: it was ended, or ended itself."""


class _Worker:
    """One process that calls what it is sent."""

    def __init__(self, memory_bytes: int):
        self.memory_bytes = memory_bytes
        self.process = subprocess.Popen(
            [sys.executable, "-m", "joins.apart", str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_HERE,
        )

    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def send(self, what: object) -> None:
        """Hand something over; `_Ended` where nobody takes it."""
        try:
            _write(self.process.stdin, what)
        except OSError:
            raise _Ended from None

    def receive(self) -> tuple[Any, ...]:
        """The next word of the worker; `_Ended` where none comes any more."""
        try:
            return _read(self.process.stdout)
        except (EOFError, OSError):
            raise _Ended from None


def _keep(worker: _Worker) -> None:
    with _lock:
        if len(_idle) < IDLE:
            _idle.append(worker)
            return
    worker.process.kill()


@atexit.register
def end_all() -> None:
    """End the workers that wait."""
    with _lock:
        for worker in _idle:
            worker.process.kill()
        _idle.clear()


def _write(pipe: IO[bytes] | None, what: object) -> None:
    text = pickle.dumps(what)
    assert pipe is not None  # the worker was begun with pipes
    pipe.write(_LENGTH.pack(len(text)) + text)
    pipe.flush()


def _read(pipe: IO[bytes] | None) -> tuple[Any, ...]:
    assert pipe is not None
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    size = _LENGTH.unpack(head)[0]
    text = pipe.read(size)
    if len(text) < size:
        raise EOFError
    message: tuple[Any, ...] = pickle.loads(text)
    return message


def serve(memory_bytes: int) -> None:
    """The worker: calls what comes in, gives back what it gives, until nothing comes any more."""
    _limit(memory_bytes)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    while True:
        try:
            function, given = _read(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = "done", function(*given, lambda *words: _write(out, ("progress", words)))
        except MemoryError:
            os._exit(1)
        except Exception as problem:
            answer = "fault", _bare(problem)
        _write(out, answer)


def _bare(problem: Exception) -> Exception:
    """The problem, or its kind and place where it cannot travel; its words may quote the file."""
    try:
        pickle.loads(pickle.dumps(problem))
    except Exception:  # an exception may refuse to be pickled or made again in any way it likes
        last = traceback.extract_tb(problem.__traceback__)[-1]
        return RuntimeError(f"{type(problem).__name__} in {Path(last.filename).name}:{last.lineno}")
    return problem


def _limit(memory_bytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows knows no such limit; the end in time holds there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


if __name__ == "__main__":
    serve(int(sys.argv[1]))
