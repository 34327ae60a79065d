"""The house holds: who may import whom, where Streamlit lives, where files are opened."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
OURS = {"geo", "risk", "data", "ui", "joins", "commands", "settings", "app", "cli", "serve"}
ALLOWED = {
    "geo": {"geo"},
    "risk": {"geo", "risk"},
    "data": {"geo", "data"},
    "ui": {"ui"},
    "joins": {"geo", "risk", "data", "ui", "joins", "settings"},
    "commands": {"geo", "risk", "data", "ui", "joins", "commands", "settings"},
}
#: who is above whom inside a room: a wing may import those to its right, never to its left
WINGS = (
    ("risk", "risk.plan", "risk.scores", "risk.engine"),
    (
        "data.worlds",
        "data.service",
        "data.keeping",
        "data.store",
        "data.link",
        "data.intake",
        "data.gate",
        "data.personal",
        "data",
    ),
    ("joins.http", "joins.service", "joins.desks", "joins"),
    (
        "ui.views.map",
        "ui.views.plan",
        "ui.views.data",
        "ui.views",
        "ui.paper",
        "ui.drawn",
        "ui.map",
        "ui",
        "ui.words",
        "ui.words.told",
    ),
)
#: files in one folder, at most
MOST_FILES = 15


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def files(room: str) -> list[Path]:
    return sorted((HOUSE / room).rglob("*.py"))


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_only_what_it_may(room):
    assert files(room)
    for path in files(room):
        ours = {name.split(".")[0] for name in imports(path)} & OURS
        assert ours <= ALLOWED[room], f"{path.relative_to(HOUSE)} imports {ours - ALLOWED[room]}"


def wing_of(module: str) -> str:
    """The folder of a module, dotted; "" if it is none of ours."""
    parts = module.split(".")
    while parts and not (HOUSE / Path(*parts)).is_dir():
        parts.pop()
    return ".".join(parts)


@pytest.mark.parametrize("row", WINGS, ids=lambda row: row[0].split(".")[0])
def test_a_wing_imports_only_those_below_it(row):
    for path in files(row[0].split(".")[0]):
        own = ".".join(path.relative_to(HOUSE).parent.parts)
        if own not in row:
            continue
        above = row[: row.index(own)]
        for name in imports(path):
            assert wing_of(name) not in above, f"{path.relative_to(HOUSE)} imports {name}"


def test_modules_import_in_no_circle():
    known = {}
    for room in ALLOWED:
        for path in files(room):
            parts = path.relative_to(HOUSE).with_suffix("").parts
            known[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    arrows = {}
    for module, path in known.items():
        found = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                found |= (whole & set(known)) or {node.module}
        arrows[module] = (found & set(known)) - {module}
    TopologicalSorter(arrows).prepare()  # raises CycleError with the circle


def test_no_folder_is_a_heap():
    for room in (*ALLOWED, "bench", "tools"):
        for folder in {path.parent for path in files(room)}:
            count = len([path for path in folder.glob("*.py") if path.name != "__init__.py"])
            assert count <= MOST_FILES, f"{folder.relative_to(HOUSE)}: {count} files"


def test_streamlit_lives_in_app_state_and_views():
    for path in [*HOUSE.glob("*.py"), *(p for room in ALLOWED for p in files(room))]:
        place = path.relative_to(HOUSE).as_posix()
        if any(name.split(".")[0] == "streamlit" for name in imports(path)):
            assert place in ("app.py", "serve.py", "ui/state.py") or place.startswith("ui/views/")


@pytest.mark.parametrize("room", ["geo", "risk", "ui"])
def test_files_are_opened_in_data_alone(room):
    for path in files(room):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                assert name not in {"open", "read_csv", "read_parquet", "read_file", "read_text"}, (
                    f"{path.relative_to(HOUSE)}:{node.lineno} opens a file"
                )
