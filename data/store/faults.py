"""The log of faults of the program itself: each has a number that whoever met it can quote.

A line says when, what kind of exception, and where in the program, function by function. What an
exception says is left out: its words may quote a file, and what is refused for personal data must
not touch a disk. The same fault has the same number each time.
"""

import hashlib
import traceback
from pathlib import Path

import pandas as pd

NAME = "faults.log"
#: bytes of the log; what is older goes to one file beside it, and what was there is dropped
MOST_BYTES = 1_000_000


def number_of(problem: BaseException) -> str:
    """Six digits that name a fault by its kind and place, such as "481 213"."""
    digest = int(hashlib.sha256("\n".join(_lines(problem)).encode()).hexdigest(), 16) % 1_000_000
    return f"{digest // 1000:03d} {digest % 1000:03d}"


def note(folder: Path, problem: BaseException, where: str) -> Path:
    """Add a fault to the log of a store's folder; gives the log's path.

    Parameters
    ----------
    folder : of the store, made where needed
    problem : what was raised and not expected
    where : the page or the command

    Raises
    ------
    OSError
        If the log cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    if path.exists() and path.stat().st_size > MOST_BYTES:
        path.replace(path.with_suffix(".old.log"))
    now = pd.Timestamp.now("UTC").strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = [f"{now} fault {number_of(problem)} in {where}", *_lines(problem), ""]
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


def _lines(problem: BaseException) -> list[str]:
    """Kind and places of an exception, and of those it came from, without their words."""
    lines: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = problem
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        lines.append(f"  {type(one).__module__}.{type(one).__qualname__}")
        for frame in traceback.extract_tb(one.__traceback__):
            place = "/".join(Path(frame.filename).parts[-3:])
            lines.append(f"    {place}:{frame.lineno} {frame.name}")
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return lines
