"""Every refusal that a reader of files can raise is said in Indonesian on an Indonesian page.

The sentences are gathered from the source, so that a new one without its words is found here.
"""

import ast
import re
from pathlib import Path

import pytest

from data.errors import DataError
from ui.words import of_data

ROOT = Path(of_data.__file__).parents[2]
READERS = sorted((ROOT / "data" / "intake").glob("*.py"))
READERS += [ROOT / "data" / "tables.py", ROOT / "data" / "values.py", ROOT / "joins" / "apart.py"]
READERS += [ROOT / "data" / "personal" / "said.py"]
#: what a person who brings a file never meets: the crosswalks are files of the program itself
SETTINGS = {"load_source", "source_of"}
#: words of a value that stand in for what a message quotes
STAND_IN = {"name": "x.csv", "path.name": "x.csv", "file_name": "x.csv"}
ENGLISH = re.compile(
    r"\b(the|is|are|was|not|no|of|at most|cannot|needs?|with|without|write|bring|columns?|rows?|"
    r"read|refused|expected|declared|another|nothing|holds|by|and|in|a|an|that|it|file|damaged)\b"
)


def example(node: ast.expr) -> str | None:
    """A sentence as the program would say it; None if it is not written at this place."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("{cell}", "'7'")
    if isinstance(node, ast.JoinedStr):
        parts = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                parts.append(str(part.value))
            else:
                parts.append(STAND_IN.get(ast.unparse(part.value), "7"))
        return "".join(parts).replace("{cell}", "'7'")
    return None


def raised():
    """Each `DataError` of the readers: (where, the error)."""
    for path in READERS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
        for function in functions:
            if function.name in SETTINGS:
                continue
            for node in ast.walk(function):
                if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "DataError"):
                    continue
                text = example(node.args[0])
                if text is None:
                    continue
                given = {one.arg: one.value for one in node.keywords}
                key = given.pop("key").value if "key" in given else ""
                values = {name: 7 for name in given}
                yield f"{path.name}:{node.lineno}", DataError(text, key=key, **values)


def reasons():
    """Each `key: sentence` of the readers, however it is kept: (where, reason)."""
    for path in READERS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                text = example(node) or ""
                if re.match(r"[a-z]+(_[a-z]+)+: \S", text):
                    yield f"{path.name}:{node.lineno}", text
            if not isinstance(node, ast.Call):
                continue
            call = ast.unparse(node.func)
            if call == "reason" and isinstance(node.args[0], ast.Constant):
                values = ", ".join(f'"{one.arg}": 7' for one in node.keywords)
                text = example(node.args[1]) or "7"
                yield f"{path.name}:{node.lineno}", f"{node.args[0].value}: {text} | {{{values}}}"
            if call.endswith(".refuse") and len(node.args) > 2:
                text = example(node.args[2])
                if text is not None and isinstance(node.args[1], ast.Constant):
                    yield f"{path.name}:{node.lineno}", f"{node.args[1].value}: {text}"


RAISED, REASONS = list(raised()), list(reasons())


def english_in(told: str) -> list[str]:
    return ENGLISH.findall(re.sub(r"'[^']*'|“[^”]*”|\[[^]]*\]", "", told))


def test_the_sentences_are_found():
    assert len(RAISED) > 40 and len(REASONS) > 30


@pytest.mark.parametrize(("where", "problem"), RAISED, ids=[where for where, _ in RAISED])
def test_a_refused_file_is_told_in_indonesian(where, problem):
    told = of_data.tell_problem(problem, "id")
    plain = re.sub(r"^[^:]{1,120}\.\w{1,8}: ", "", str(problem))
    assert told and told != plain, f"no Indonesian for {plain!r}"
    assert not english_in(told), told


@pytest.mark.parametrize(("where", "reason"), REASONS, ids=[where for where, _ in REASONS])
def test_a_refused_row_is_told_in_indonesian(where, reason):
    told = of_data.tell(reason, "id")
    assert told and not english_in(told), told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("x.gpkg, layer pos: no CRS is declared", "tidak menyebut sistem koordinatnya (CRS)"),
        ("x.parquet: no CRS is declared", "tidak menyebut sistem koordinatnya (CRS)"),
        ("x.csv: column 'geom' is in EPSG:32649; WKT is read in EPSG:4326", "EPSG:32649"),
        ("x.parquet: 900 rows and 7 columns; at most 10 and 5", "900 baris dan 7 kolom"),
    ],
)
def test_the_three_that_were_english(sentence, told):
    said = of_data.tell_problem(DataError(sentence), "id")
    assert told in said and not english_in(said)
