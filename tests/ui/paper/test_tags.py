"""What a screen reader finds in a PDF: each piece told or set aside, in order, with its role."""

import re

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.ui.paper.test_brief_text import made
from ui.paper import sheet
from ui.paper.tags import Part


@pytest.fixture
def plain(monkeypatch):
    """PDFs that can be read: no page is compressed."""
    real = Canvas.__init__

    def open_(self, *given, **named):
        real(self, *given, **{**named, "pageCompression": 0})

    monkeypatch.setattr(Canvas, "__init__", open_)


def pages(content: bytes) -> list[str]:
    return [one for one in re.findall(r"stream\r?\n(.*?)endstream", content.decode("latin-1"), re.S)
            if " Tf" in one]  # fmt: skip


@pytest.mark.parametrize("rows", [2, 25])
def test_every_word_belongs_to_a_part_or_is_set_aside(plain, rows):
    found = pages(made(rows))
    assert len(found) == (1 if rows == 2 else len(found)) and found
    for page in found:
        depth, numbers = 0, []
        for line in page.splitlines():
            if line.endswith(("BDC", "BMC")):
                depth += 1
                numbers += [int(n) for n in re.findall(r"MCID (\d+)", line)]
            elif line == "EMC":
                depth -= 1
            assert depth in (0, 1)
            assert " Tj" not in line or depth == 1, line
        assert depth == 0 and numbers == list(range(len(numbers)))


def test_the_tree_names_title_map_and_table_in_their_order(plain):
    text = made(3).decode("latin-1")
    assert "/MarkInfo" in text and "/Lang" in text and text.count("/StructParents") == 1
    roles = re.findall(r"/S /(\w+)", text)
    assert roles.count("H1") == roles.count("Figure") == roles.count("Table") == 1
    assert roles.count("TH") == 7 and roles.count("TR") == 1 + 2 * 3
    assert "/Alt" in text and "/ColSpan 7" in text and "/Scope /Column" in text


def test_a_paragraph_after_a_table_ends_it():
    paper = sheet.Paper("t", "s", "id", False, {})
    paper.begin()
    for step in ("row", "words", "row"):
        if step == "row":
            paper.row(["a"], [1.0])
        else:
            paper.words("b", 9)
    roles = [part.role for part in paper.tags.root.parts]
    assert roles == ["Table", "P", "Table"]
    assert isinstance(paper.tags.root, Part)
