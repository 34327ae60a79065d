"""What a fact says in English where it is made, and what the catalogue says, are the same sentence.

The sentence at the origin is what a traceback, a log and a user of the rooms without a screen
read; it stays there, so that geo, risk and data can be read and used without ui. One of the two
may go on where the other ends: the catalogue with what to do next, the origin with the file in
front or the technical cause behind. Values are held by `test_facts_told.py`.
"""

import ast
import re

from tests.ui.words.test_facts_told import FACTS, ROOT, files, is_fact, is_refusal, key_in
from ui.words import SENTENCES

#: reasons of rows that the catalogue words more plainly. A reason is part of what identifies an
#: import's content: with other words a file read again would count as changed
KEPT = {"not_a_point", "several_points", "times_unpaired"}
#: facts whose sentence stands in one literal or a variable beside it, at least
MOST_OF_ALL = 370


def sentence_in(call: ast.Call) -> ast.expr | None:
    """The expression of the English sentence."""
    plain = is_refusal(call)
    place = 0 if plain else 1 if ast.unparse(call.func) in (*FACTS, "_Wrong") else 2
    return call.args[place] if len(call.args) > place else None


def text_of(expr: ast.expr | None, known: dict[str, ast.expr]) -> str | None:
    """The words of a literal, an f-string, a sum of them or a variable; values become "{}"."""
    if isinstance(expr, ast.Constant) and isinstance(expr.value, str):
        return re.sub(r"\{\w+\}", "{}", expr.value)
    if isinstance(expr, ast.JoinedStr):
        return "".join(text_of(part, known) or "{}" for part in expr.values)
    if isinstance(expr, ast.FormattedValue):
        return text_of(expr.value, known) if isinstance(expr.value, ast.Name) else None
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
        return (text_of(expr.left, known) or "{}") + (text_of(expr.right, known) or "{}")
    if isinstance(expr, ast.Name) and expr.id in known:
        return text_of(known[expr.id], {})
    return None


def words(text: str) -> str:
    return " ".join(re.findall(r"[\w-]+", text.replace("{}", " ")))


def says_the_same(origin: str, catalogue: str) -> bool:
    """Whether the words of one stand in the other in a row, or between values written out there."""
    bare, said = origin.split(": ", 1)[-1], words(catalogue)
    for one in (words(origin), words(bare)):  # with the file in front, and without
        if one and said and (f" {one} " in f" {said} " or f" {said} " in f" {one} "):
            return True
    filled = ".+".join(map(re.escape, catalogue.split("{}")))
    return re.fullmatch(filled, bare) is not None and len(said.split()) > 1


def sentences_in(path):
    """(line, key, sentence) of each fact of a file whose key and sentence are written out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for scope in [tree, *(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))]:
        nodes = [node for node in ast.walk(scope) if hasattr(node, "lineno")]
        known: dict[str, ast.expr] = {}
        for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                known[node.targets[0].id] = node.value
            if isinstance(node, ast.Call) and (is_refusal(node) or is_fact(node)):
                key, text = key_in(node), text_of(sentence_in(node), known)
                if isinstance(key, ast.Constant) and text is not None:
                    yield node.lineno, key.value, text


WRITTEN = sorted(
    {
        (f"{path.relative_to(ROOT).as_posix()}:{line}", key, text)
        for path in files()
        for line, key, text in sentences_in(path)
        if f"told.{key}" in SENTENCES
    }
)


def test_most_facts_are_read():
    assert len({(where, key) for where, key, _ in WRITTEN}) >= MOST_OF_ALL


def test_other_words_are_not_the_same():
    assert says_the_same("{}: not valid TOML (line {})", "not valid TOML (line {})")
    assert says_the_same("agency is a text, got {}", "{} is {}, got {}")
    assert not says_the_same("{}: no TOML", "not valid TOML (line {})")
    assert not says_the_same("agency is wanted", "{} is {}, got {}")
    assert not says_the_same("{}", "{}")


def test_origin_and_catalogue_say_the_same():
    """A line read in two scopes (a function and the module) has to agree in one of them."""
    faulty = []
    for where, key in sorted({(where, key) for where, key, _ in WRITTEN}):
        texts = [text for at, own, text in WRITTEN if (at, own) == (where, key)]
        english = re.sub(r"\{\w+\}", "{}", SENTENCES[f"told.{key}"][1])
        if key not in KEPT and not any(says_the_same(text, english) for text in texts):
            faulty.append(f"{where}: {texts} is not {english!r}")
    assert not faulty, "\n".join(faulty)
