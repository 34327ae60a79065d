"""A function can be read in one look, and its names say what they hold."""

import ast
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
ROOMS = [
    "geo",
    "risk",
    "data",
    "ui",
    "joins",
    "commands",
    "app.py",
    "cli.py",
    "serve.py",
    "settings.py",
]
#: lines of a function without its docstring, at most
MOST_LINES = 50
#: each draws one page from top to bottom
LONG = {"ui/views/map/filters.py:show", "ui/views/map/page.py:draw"}
#: functions that bind a name which says nothing of what it holds, at most
MOST_VAGUE = 12


def functions(rooms=ROOMS):
    """(place, node) of every function of some rooms."""
    for room in rooms:
        path = HOUSE / room
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{file.relative_to(HOUSE).as_posix()}:{node.name}", node


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    whole = node.end_lineno - node.lineno + 1
    if ast.get_docstring(node) is None:
        return whole
    return whole - (node.body[0].end_lineno - node.body[0].lineno + 1)


def test_no_function_is_longer_than_a_look():
    long = {place: n for place, node in functions() if (n := lines_of(node)) > MOST_LINES}
    assert set(long) <= LONG, long
    assert set(long) >= LONG, "one is short now: take it out of the list"


def test_names_say_what_they_hold():
    """`told` named fifteen kinds of thing in one of eight functions once."""
    vague = [
        place
        for place, node in functions([*ROOMS, "bench", "tools"])
        if any(
            isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) and one.id == "told"
            for one in ast.walk(node)
        )
    ]
    assert len(vague) <= MOST_VAGUE, vague
