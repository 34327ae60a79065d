"""A menu of commands: each stands in a module that is imported when the command is called.

A listing needs names and one sentence each, and no module: the sentence is the first of the
command's docstring, read from the source. So `--help` costs no table and no forecaster.
"""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from typer import main as typer_main
from typer.core import TyperCommand, TyperGroup

HOUSE = Path(__file__).resolve().parents[1]


class Menu(TyperGroup):
    """Commands by name in the order of `homes`: name of a command -> module that declares it.

    A name that was added as a group of its own (`add_typer`) keeps its place in the order.
    """

    homes: ClassVar[dict[str, str]] = {}

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        groups = self.commands
        self.commands = {
            name: groups.get(name) or Later(name, home) for name, home in self.homes.items()
        }

    def format_help(self, ctx: Any, formatter: Any) -> None:
        for name, command in self.commands.items():
            if isinstance(command, Later):
                command.help = sentence_of(command.home, name)
        super().format_help(ctx, formatter)


class Later(TyperCommand):
    """A command before it is called: its name and where it is declared."""

    def __init__(self, name: str, home: str) -> None:
        super().__init__(name)
        self.home = home

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        commands = typer_main.get_group(import_module(self.home).app).commands
        return commands[str(self.name)].make_context(info_name, args, parent, **extra)


def sentence_of(home: str, command: str) -> str:
    """The first paragraph of a command's docstring, read without importing its module.

    Parameters
    ----------
    home : module of this program that declares the command, e.g. commands.keep
    command : its name on the command line

    Raises
    ------
    LookupError
        If the module declares no command of that name.
    """
    source = HOUSE.joinpath(*home.split(".")).with_suffix(".py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and command in _names(node):
            return (ast.get_docstring(node) or "").split("\n\n")[0]
    raise LookupError(f"{home} declares no command {command!r}")


def _names(function: ast.FunctionDef) -> list[str]:
    """The names that `@app.command` gives a function: the one it is told, else the function's."""
    own = function.name.replace("_", "-")
    return [
        ast.literal_eval(one.args[0]) if one.args else own
        for one in function.decorator_list
        if isinstance(one, ast.Call) and getattr(one.func, "attr", "") == "command"
    ]
