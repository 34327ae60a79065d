"""The types that the code tells are true, and nothing public keeps its own to itself."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
#: rooms that other programs may import: they carry `py.typed`
TYPED = ("geo", "risk", "data", "ui", "joins")
#: files in which something public is untyped still; the list only shrinks
UNTYPED: set[str] = set()

Function = ast.FunctionDef | ast.AsyncFunctionDef


def public_functions(path: Path) -> Iterator[tuple[str, Function]]:
    """Functions of a module and methods of its classes, with their names, without underscores."""
    bodies = [("", ast.parse(path.read_text(encoding="utf-8")).body)]
    while bodies:
        prefix, body = bodies.pop()
        for node in body:
            if isinstance(node, Function) and not node.name.startswith("_"):
                yield prefix + node.name, node
            elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                bodies.append((f"{prefix}{node.name}.", node.body))


def parameters(function: Function) -> list[ast.arg]:
    """What a caller hands over: without self and cls."""
    told = function.args
    some = [*told.posonlyargs, *told.args, *told.kwonlyargs, told.vararg, told.kwarg]
    return [one for one in some if one is not None and one.arg not in ("self", "cls")]


def modules() -> list[str]:
    """Every file of the typed rooms, as a path inside the house."""
    return sorted(
        path.relative_to(HOUSE).as_posix()
        for room in TYPED
        for path in (HOUSE / room).rglob("*.py")
    )


@pytest.mark.slow
def test_the_type_checker_has_nothing_to_say(tmp_path):
    asked = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path)],
        cwd=HOUSE,
        capture_output=True,
        text=True,
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr


def test_nothing_public_is_untyped():
    untyped: dict[str, list[str]] = {}
    for module in modules():
        for name, function in public_functions(HOUSE / module):
            lacking = [one.arg for one in parameters(function) if one.annotation is None]
            lacking += ["return"] if function.returns is None else []
            if lacking:
                untyped.setdefault(module, []).append(f"{name}: {', '.join(lacking)}")
    assert set(untyped) == set(UNTYPED), untyped


@pytest.mark.parametrize("room", TYPED)
def test_a_room_that_says_it_is_typed_is(room):
    said = (HOUSE / room / "py.typed").is_file()
    assert said == (not any(name.startswith(f"{room}/") for name in UNTYPED))


def test_every_module_is_checked_strictly():
    told = tomllib.loads((HOUSE / "pyproject.toml").read_text())["tool"]["mypy"]
    assert told["strict"]
    assert {*TYPED, "commands"} <= set(told["packages"])
    # of other people's libraries only, and only that they tell no types
    for part in told["overrides"]:
        assert part.keys() == {"module", "ignore_missing_imports"}
        assert not [name for name in part["module"] if (HOUSE / name.split(".")[0]).exists()]
