"""Whatever is found in a file, or refused, has words in both languages, by its key and values.

The keys are gathered from the source: where a reason, a note, a fault or a refusal is made, its
key is written out, and beside it the names of its values. One that the catalogue does not know, or
whose sentences want other values, is found here.
"""

import ast
import string
from collections import defaultdict
from pathlib import Path

import pytest

from data.errors import DataError
from data.findings import key_of, parts_of, reason, split_reasons
from ui.words import SENTENCES, of_data

ROOT = Path(of_data.__file__).parents[2]
ROOMS = ("geo", "data", "joins", "risk", "commands", "settings.py")
REFUSALS = ("DataError", "PersonalDataError", "MissingTable", "assessments.MissingTable",
            "Damaged")  # fmt: skip
#: what makes a fact, its key first
FACTS = ("reason", "reason_of", "fault")
#: a wrong value of a roster, told with the team and the key
ROSTER = {"team", "name", "given"}
#: values that are told around a sentence and not in it
AROUND = {"where", "rows", "still", "as"}
#: keys that are made of another: where, and what they may become
MADE = {
    "word_unknown": {"near": {"near"}, "legal_exit_ban": {"either"}, "fire": {"either"}},
}


def files():
    for room in ROOMS:
        path = ROOT / room
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def is_refusal(call: ast.Call) -> bool:
    return ast.unparse(call.func) in REFUSALS


def is_fact(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    return name in (*FACTS, "_Wrong") or (name.endswith(("findings.refuse", "findings.note")))


def key_in(call: ast.Call) -> ast.expr | None:
    """The expression of the key: of a refusal by name, of a fact by its place."""
    if is_refusal(call):
        return next((one.value for one in call.keywords if one.arg == "key"), None)
    place = 0 if ast.unparse(call.func) in (*FACTS, "_Wrong") else 1
    return call.args[place] if len(call.args) > place else None


def values_in(call: ast.Call) -> set[str]:
    given = {one.arg for one in call.keywords} - {None, "key"}
    if ast.unparse(call.func).endswith(".refuse"):
        cells = "cells" in given or len(call.args) > 3
        given = given - {"cells", "hint"} | ({"cell"} if cells else set())
    return ROSTER if ast.unparse(call.func) == "_Wrong" else given - AROUND


def made():
    """(where, key, names of values) of every fact and refusal; key None if it is not written."""
    for path in files():
        if path.name in ("findings.py", "errors.py") and path.parent.name == "data":
            continue  # where facts are made of what others give
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not (is_refusal(node) or is_fact(node)):
                continue
            where, key = f"{path.relative_to(ROOT)}:{node.lineno}", key_in(node)
            for one in [key.body, key.orelse] if isinstance(key, ast.IfExp) else [key]:
                literal = one.value if isinstance(one, ast.Constant) else None
                yield where, literal, values_in(node)
                for variant, more in MADE.get(literal, {}).items():
                    if any(arg.arg == "hint" for arg in node.keywords) or len(node.args) > 4:
                        yield where, f"{literal}.{variant}", values_in(node) | more


MADE_FACTS = list(made())
#: made of the key of another reason, which is told in its place
FORWARDED = {
    "data/intake/read.py", "data/intake/mend.py", "data/store/roster.py", "joins/refused.py",
    "settings.py", "data/gate/users.py",
}  # fmt: skip


def wants(key: str) -> list[set[str]]:
    """What each language's sentence of a key is filled with."""
    return [
        {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for text in SENTENCES[f"told.{key}"]
    ]


def test_the_facts_are_found():
    assert len(MADE_FACTS) > 300
    unwritten = {where.split(":")[0] for where, key, _ in MADE_FACTS if key is None}
    assert unwritten <= FORWARDED, unwritten


def test_a_fact_is_told_in_both_languages_with_its_values():
    faulty = []
    for where, key, values in MADE_FACTS:
        if key is None:
            continue
        if f"told.{key}" not in SENTENCES:
            faulty.append(f"{where}: no words for {key!r}")
            continue
        for language, wanted in zip(("id", "en"), wants(key), strict=True):
            if wanted != values:
                faulty.append(f"{where}: {key} in {language} wants {wanted}, gets {values}")
    assert len(MADE_FACTS) > 300 and not faulty, "\n".join(faulty)


def test_a_key_has_the_same_values_wherever_it_is_made():
    by_key = defaultdict(set)
    for _, key, values in MADE_FACTS:
        by_key[key].add(frozenset(values))
    by_key.pop(None, None)
    assert {key: some for key, some in by_key.items() if len(some) > 1} == {}


def test_no_sentence_is_kept_for_a_key_that_nobody_makes():
    kept = {key.removeprefix("told.") for key in SENTENCES if key.startswith("told.")}
    own = {"or", "row", "rows", "not_mended", "faults"}
    own |= {key for key in kept if key.startswith("right_")}  # held by tests/test_rights.py
    assert kept - {key for _, key, _ in MADE_FACTS} - own == set()


def test_an_unknown_key_is_told_as_it_was_written():
    told = reason("never_heard_of", "a sentence of an earlier release", n=4)
    assert of_data.tell(told, "id") == "a sentence of an earlier release"
    problem = DataError("x.csv: a sentence", key="never_heard_of")
    assert of_data.tell_problem(problem, "id") == "x.csv: a sentence"


def test_reasons_of_one_key_are_counted_together_however_they_are_worded():
    told = reason("coord_unreadable.pair", "'x' is not a pair of coordinates", cell="x")
    assert told.startswith("coord_unreadable: 'x' is") and key_of(told) == "coord_unreadable"
    assert of_data.tell(told, "id") == "“x” bukan pasangan koordinat; contoh: 0.9815, 110.3616"


@pytest.mark.parametrize(
    "old",
    [
        "ragged_row: 5 cells where the header has 4",
        "word_unknown: 'x' in column 'y' is not a known word for event_type",
        "missing_value: n_persons is empty (column 'Jumlah')",
    ],
)
def test_a_reason_kept_before_reasons_had_values_is_shown_and_never_lost(old):
    key, _, sentence = old.partition(": ")
    assert of_data.tell(old, "id") == sentence and of_data.tell(old, "en") == sentence
    assert key_of(old) == of_data.key_of(old) == key


def test_what_a_cell_holds_is_never_taken_for_a_reason():
    """A cell that looks like a reason, or like its values, stays inside the reason it is in."""
    nasty = '7; bad_key: gone | {"cell": "x"}'
    first = reason("coord_unreadable", f"{nasty!r} is not a coordinate", cell=nasty)
    both = "; ".join([first, reason("coord_half", "one of latitude and longitude is missing")])
    assert split_reasons(both) == of_data.split_reasons(both)
    assert [parts_of(one)[0] for one in split_reasons(both)] == ["coord_unreadable", "coord_half"]
    assert parts_of(split_reasons(both)[0])[2] == {"cell": nasty}
    assert nasty in of_data.tell_reasons(both, "id")


def test_where_a_refusal_was_found_is_said_where_it_is_asked_for():
    problem = DataError("x.csv: the file is empty", key="file_empty", where="x.csv")
    assert of_data.tell_problem(problem, "id") == "berkas ini kosong"
    assert of_data.tell_problem(problem, "en", named=True) == "x.csv: the file is empty"


def test_several_faults_are_told_one_by_one():
    faults = [reason("key_missing", "name is missing", name="name"), "an old sentence"]
    problem = DataError.of(faults, "x.toml")
    assert str(problem) == "x.toml: name is missing; an old sentence"
    assert of_data.tell_problem(problem, "id") == "name belum ada; an old sentence"


def test_a_number_a_list_and_a_choice_are_told_as_the_language_does():
    told = {"cell": "x", "field": "event_start", "either": ["31/12/2024", "2024-12-31"]}
    assert of_data.tell_found("time_unreadable", told, "id") == (
        "“x” bukan tanggal untuk waktu kejadian; contoh: 31/12/2024 atau 2024-12-31"
    )
    assert of_data.tell_found("file_large", {"size": 1200, "most": 1000}, "id").startswith("1.200 ")
    assert of_data.tell_found("type_tells", {"field": "direction", "rows": 1}, "en").endswith(
        "(1 row)"
    )
