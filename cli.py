"""kalbar-risk: the same steps as the dashboard, one command each.

Exit codes: 0 done · 1 the data or the settings are at fault, told in one message · 2 wrong usage.
"""

import tomllib
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from commands.menu import Menu
from commands.voice import out, quiet
from data.errors import DataError

HERE = Path(__file__).resolve().parent
NAMES = {"help_option_names": ["-h", "--help"]}


class Front(Menu):
    """All commands, in the order in which one needs them first."""

    homes: ClassVar = {
        "simulate": "commands.invent",
        "check": "commands.bring",
        "ingest": "commands.bring",
        "assess": "commands.forecast",
        "backtest": "commands.forecast",
        "export": "commands.export",
        "card": "commands.card",
        "crosswalk": "commands.bring",
        "status": "commands.keep",
        "undo": "commands.keep",
        "backup": "commands.keep",
        "restore": "commands.keep",
        "serve": "commands.serve",
        "plan": "commands.plan",
        "override": "commands.override",
        "freshness": "commands.data",
        "mend": "commands.data",
        "erase": "commands.data",
        "twins": "commands.data",
    }


class Plan(Menu):
    """The life of a patrol plan."""

    names = "make", "show", "list", "approve", "sign", "withdraw", "restore", "export", "compare"
    homes = dict.fromkeys(names, "commands.plan")


class Override(Menu):
    """An analyst's word beside a score."""

    homes = dict.fromkeys(("add", "withdraw", "list"), "commands.override")


app = typer.Typer(
    cls=Front,
    help="Titik rawan perlintasan di perbatasan Kalbar - Sarawak: data, penilaian, peta.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings=NAMES,
)
app.add_typer(
    typer.Typer(
        cls=Plan,
        help="Rencana patroli: from the map to next week's orders; a human approves each plan.",
        no_args_is_help=True,
        context_settings=NAMES,
    ),
    name="plan",
)
app.add_typer(
    typer.Typer(
        cls=Override,
        help="Koreksi analis: contest a score with a reason and an end; the model's score stays.",
        no_args_is_help=True,
        context_settings=NAMES,
    ),
    name="override",
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        out.print(f"kalbar-risk {project['version']}", highlight=False)
        raise typer.Exit


@app.callback()
def _options(
    show: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """What holds for all commands."""


def main() -> None:
    """Run a command; a user's mistake is a sentence and exit code 1, never a traceback."""
    try:
        app()
    except DataError as problem:
        quiet.print(str(problem), style="red", highlight=False)
        raise SystemExit(1) from None
    except OSError as problem:
        quiet.print(f"{problem.strerror}: {problem.filename}", style="red")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
