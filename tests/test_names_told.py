"""A room or file that a docstring or a document names is there, so that a reader finds it."""

import ast
import re
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = "geo|risk|data|joins|ui|commands|bench|tools"
MODULE = re.compile(rf"`((?:{ROOMS})(?:\.\w+)+)(?=[(`])")
FILE = re.compile(
    rf"`((?:{ROOMS}|tests|docs)/[\w/.-]+\.(?:py|md|json|toml|csv|parquet|geojson|svg))\b"
)
LEFT_OUT = {"CHANGELOG.md"}  # tells of rooms as they were called then
TEXTS = sorted(
    path.relative_to(HOUSE)
    for pattern in ("*.py", "*.md", "*/**/*.py", "*/**/*.md", "*/**/*.toml")
    for path in HOUSE.glob(pattern)
    if not {"build", "var", "img"} & {*path.relative_to(HOUSE).parts}
    and not path.relative_to(HOUSE).parts[0].startswith(".")
    and path.name not in LEFT_OUT
)


@cache
def names_in(path: Path) -> frozenset[str]:
    """What a module defines or imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
    return frozenset(found)


def is_there(name: str) -> bool:
    """Whether `room.module`, `room.module.thing` or `room.wing` exists."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        path = HOUSE.joinpath(*parts[:n])
        if (module := path.with_suffix(".py")).exists():
            return n == len(parts) or parts[n] in names_in(module)
        if path.is_dir():
            own = path / "__init__.py"
            return n == len(parts) or (own.exists() and parts[n] in names_in(own))
    return False


def test_the_texts_are_found():
    assert len(TEXTS) > 300
    assert not is_there("risk.plan_orders") and not is_there("data.nothing.at_all")
    assert is_there("risk.plan") and is_there("geo.crs.beside") and is_there("data.store.plans")


def test_what_the_texts_name_is_there():
    lost = []
    for text in TEXTS:
        words = (HOUSE / text).read_text(encoding="utf-8")
        gone = [name for name in MODULE.findall(words) if not is_there(name)]
        gone += [name for name in FILE.findall(words) if not (HOUSE / name).exists()]
        lost += [f"{text}: {name}" for name in gone]
    assert not lost
