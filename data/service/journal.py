"""What a weekly run did, step by step: kept after each, so that a run which was cut goes on.

One file a week, `weekly/YYYY-MM-DD.json` in the store's folder, named by the Monday of the week in
which it ran; the papers of that week lie in a folder beside it.
"""

import json
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from filelock import FileLock, Timeout

from data.errors import DataError
from data.kept import Damaged, read_meta

FOLDER = "weekly"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_LOCK = "running.lock"
State = Literal["done", "failed", "skipped"]


@dataclass(frozen=True)
class Step:
    """One step of a run.

    Parameters
    ----------
    name : of the step
    state : "done", "failed", or "skipped" because a step that it needs failed
    at : when it began (UTC, ISO 8601)
    seconds : how long it took
    facts : what it did: names and counts, no values of records
    why : what stopped it: `key` and `values` of a refusal, or the `number` of a fault
    """

    name: str
    state: State
    at: str
    seconds: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)
    why: dict[str, Any] = field(default_factory=dict)


class Journal:
    """The steps of one week's run, by name, each as it went the last time.

    Parameters
    ----------
    folder : of the store
    week : Monday of the week in which it runs, local
    """

    def __init__(self, folder: Path, week: pd.Timestamp):
        self.week = week
        self.papers = folder / FOLDER / f"{week:%Y-%m-%d}"
        self._path = self.papers.with_suffix(".json")
        self.steps: dict[str, Step] = {}
        if self._path.exists():
            content = read_meta(self._path, FOLDER)
            try:
                self.steps = {name: Step(**one) for name, one in content["steps"].items()}
            except (KeyError, TypeError, AttributeError) as problem:
                raise DataError(
                    f"{self._path.name} is no journal of a weekly run; remove it to run anew",
                    key="journal_strange", file=self._path.name,
                ) from problem  # fmt: skip

    def put(self, step: Step) -> None:
        """Keep how a step went."""
        self.steps = {**self.steps, step.name: step}
        content = {
            "week": f"{self.week:%Y-%m-%d}",
            "steps": {name: asdict(one) for name, one in self.steps.items()},
        }
        text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
        write_whole(self._path, text.encode())

    def forget(self, names: Iterator[str] | list[str]) -> None:
        """Let steps be done again."""
        self.steps = {name: one for name, one in self.steps.items() if name not in set(names)}

    def keep_paper(self, name: str, content: bytes) -> Path:
        """Keep a file that a step made; gives its path."""
        write_whole(self.papers / name, content)
        return self.papers / name


def last(folder: Path) -> Journal | None:
    """The newest journal of a store, None before the first run; one that is damaged is refused."""
    home = folder / FOLDER
    names = [path.stem for path in home.glob("*.json") if _NAME.fullmatch(path.name)]
    return Journal(folder, pd.Timestamp(max(names))) if names else None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock of the weekly run; whoever dies holding it lets it go.

    Raises
    ------
    DataError
        If a run is under way.
    """
    home = folder / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home / _LOCK, timeout=0):
            yield
    except Timeout:
        raise DataError("a weekly run is under way; wait for it", key="weekly_runs") from None


def write_whole(path: Path, content: bytes) -> None:
    """Write a file aside, flush it and rename it: a reader sees all of it or what was before.

    Parameters
    ----------
    path : the file; its folder is made where needed
    content : what it holds
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


__all__ = ["Damaged", "Journal", "Step", "alone", "last", "write_whole"]
