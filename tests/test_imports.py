"""The house holds: who may import whom, where Streamlit lives, where files are opened."""

import ast
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
