"""What a document promises, a test holds: each named test exists, each table says what is so."""

import ast
import re
from pathlib import Path

import pytest

from data.gate.declared import KINDS, TABLES, TIERS, as_markdown, withhold
from tests.ui.world import make_world

HOUSE = Path(__file__).resolve().parent.parent
PAGE = (HOUSE / "docs/promises.md").read_text(encoding="utf-8")


def test_every_test_that_holds_a_promise_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > 40
    for path, name in named:
        tree = ast.parse((HOUSE / path).read_text(encoding="utf-8"))
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in functions, f"{path}::{name}"


def test_every_promise_names_a_test():
    rows = [line for line in PAGE.split("## Who may see")[0].splitlines() if line.startswith("| ")]
    for row in rows:
        assert "tests/" in row or row.startswith("| promise |"), row


def test_the_documents_say_who_may_see_which_column():
    assert as_markdown() in PAGE


def test_every_declared_column_has_a_kind_a_unit_and_a_tier():
    for columns in TABLES.values():
        for name, told in columns.items():
            assert told.kind in KINDS and told.unit and told.tier in TIERS, name


def test_every_column_of_an_assessment_is_declared():
    for name, table in make_world().frames.items():
        assert set(table) <= set(TABLES[name]), name


@pytest.mark.parametrize("tier", TIERS[:-1])
def test_a_column_that_nobody_declared_stays_in_the_restricted_tier(tier):
    for name, table in make_world().frames.items():
        told = withhold(name, table.head(3).assign(new_column=[1, 2, 3]), tier)
        assert "new_column" not in told
