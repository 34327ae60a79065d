"""kalbar-risk: the same steps as the dashboard, one command each.

Exit codes: 0 done · 1 the data or the settings are at fault, told in one message, or the program
itself, told by a number and where its log is · 2 wrong usage.
"""

import os
import sys
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
        "weekly": "commands.weekly",
        "notify": "commands.weekly",
        "status": "commands.keep",
        "undo": "commands.keep",
        "backup": "commands.keep",
        "restore": "commands.keep",
        "prune": "commands.keep",
        "forget": "commands.forget",
        "keys": "commands.keys",
        "serve": "commands.serve",
        "audit": "commands.service.oversight",
        "admin": "commands.service.oversight",
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


class Forget(Menu):
    """What is taken out for good."""

    homes: ClassVar = dict.fromkeys(("record", "import", "finish"), "commands.forget")


class Keys(Menu):
    """The secrets of a deployment."""

    homes: ClassVar = {"rotate": "commands.keys"}


class Audit(Menu):
    """What an auditor does."""

    homes = dict.fromkeys(("read", "export", "verify", "anchor"), "commands.service.oversight")


class Admin(Menu):
    """What an administrator does."""

    names = "users", "tokens", "revoke", "sign-out", "health"
    homes = dict.fromkeys(names, "commands.service.oversight")


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
app.add_typer(
    typer.Typer(
        cls=Forget,
        help="Hapus tuntas: one record or one import out of every copy, with a proof.",
        no_args_is_help=True,
        context_settings=NAMES,
    ),
    name="forget",
)
app.add_typer(
    typer.Typer(
        cls=Keys,
        help="Kunci dan rahasia: the secrets of this deployment, each replaced by one command.",
        no_args_is_help=True,
        context_settings=NAMES,
    ),
    name="keys",
)
app.add_typer(
    typer.Typer(
        cls=Audit,
        help="Catatan audit: who did what; read it, take it away, check its chain.",
        no_args_is_help=True,
        context_settings=NAMES,
    ),
    name="audit",
)
app.add_typer(
    typer.Typer(
        cls=Admin,
        help="Pengelola: users and their rights, tokens, sessions, health; nothing of the data.",
        no_args_is_help=True,
        context_settings=NAMES,
    ),
    name="admin",
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
    """Run a command; whatever goes wrong is a sentence and exit code 1, never a traceback.

    What it writes is its user's alone: files 0600, folders 0700.
    """
    os.umask(0o077)
    try:
        app()
    except DataError as problem:
        from ui.words.of_data import tell_problem  # not for every command

        quiet.print(tell_problem(problem, "en", named=True), style="red", highlight=False)
        raise SystemExit(1) from None
    except OSError as problem:
        quiet.print(f"{problem.strerror}: {problem.filename}", style="red")
        raise SystemExit(1) from None
    except Exception as problem:  # a fault of the program: kept in the log, told by its number
        _tell_fault(problem)
        raise SystemExit(1) from None


def _tell_fault(problem: Exception) -> None:
    """Say in both languages that the program is at fault, the number to quote, and the log."""
    from joins import faults
    from ui.words import t

    noted = faults.note(problem, " ".join(sys.argv[1:2]))
    for lang in ("id", "en"):
        quiet.print(t("state.fault", lang, number=noted.number), style="red", highlight=False)
    if noted.log is not None:
        quiet.print(f"log: {noted.log}", highlight=False)


if __name__ == "__main__":
    main()
