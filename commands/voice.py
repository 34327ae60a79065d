"""What the command line says, in one voice: to stdout what was asked for, to stderr the rest.

Markup is off: a cell, a column or a file may be called `[/b]`, and is told as it is.
"""

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from data.gate.access import Scope

Command = TypeVar("Command", bound=Callable[..., Any])
out = Console(markup=False, emoji=False)
quiet = Console(stderr=True, markup=False, emoji=False)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]
File = Annotated[Path, typer.Argument(help="File of records or effort.", show_default=False)]


def user() -> str:
    """The name under which a command changes and logs."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or "local"


def here() -> "Scope":
    """Who runs a command: whoever can start the program here may read its store anyway."""
    from data.gate.access import LOCAL

    return replace(LOCAL, user=user())


def asks(action: str) -> Callable[[Command], Command]:
    """Say which action of `data.gate.rights` a command is, and ask for it before it runs."""

    def of(command: Command) -> Command:
        @wraps(command)
        def asked(*args: Any, **kwargs: Any) -> Any:
            from data.gate.rights import Resource, Rights  # not for a command's options alone

            everything = Resource(seen=True)
            if Rights(here()).why_not(action, everything):
                from joins.desks import asking
                from settings import load_settings

                asking.demand(load_settings(), here(), action, everything)
            return command(*args, **kwargs)

        asked.action = action  # type: ignore[attr-defined]
        return cast(Command, asked)

    return of


def tell(facts: Mapping[str, Any], as_json: bool) -> None:
    """Print facts as one JSON object, or as lines; an entry of a list has a line of its own."""
    if as_json:
        print(json.dumps(_plain(facts), ensure_ascii=False, allow_nan=False))
        return
    for key, value in facts.items():
        for entry in value if isinstance(value, list | tuple) else [value]:
            text = f"{entry:.6g}" if isinstance(entry, float) else entry
            out.print(f"{key}: {text}", highlight=False)


def show(table: "pd.DataFrame") -> None:
    """Print a table whole: nothing is cut at the width of a terminal."""
    shown = Table()
    for name in table.columns:
        shown.add_column(str(name), overflow="fold")
    for row in table.astype(str).itertuples(index=False):
        shown.add_row(*row)
    out.print(shown)


@contextmanager
def busy(words: str) -> Iterator[None]:
    """A spinner on stderr while something runs."""
    with quiet.status(Text(words)):
        yield


@contextmanager
def progress(words: str, steps: Mapping[str, str]) -> Iterator[Callable[[str, float], object]]:
    """A bar on stderr; yields the function that moves it.

    words : what is under way; steps : the words of each step by its name
    """
    description = TextColumn("{task.description}", markup=False)
    columns = SpinnerColumn(), description, BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=quiet) as bar:
        task = bar.add_task(words, total=1.0)

        def report(step: str, share: float) -> None:
            description = steps.get(step, step)
            if not quiet.is_terminal:
                quiet.print(f"{share:4.0%} {description}", highlight=False)
            bar.update(task, completed=share, description=f"{words}: {description}")

        yield report


def _plain(value: object) -> object:
    """A value as JSON knows it; what is missing is null."""
    import pandas as pd  # a listing of commands speaks without it

    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()  # a number of numpy
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str | int) else str(value)
