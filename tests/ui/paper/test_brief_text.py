"""What can be copied from the brief: each word once, and no page of signature lines alone."""

from collections import Counter

import pytest
from reportlab.pdfgen.canvas import Canvas

from ui.map.picture import Picture
from ui.paper import brief
from ui.theme import LIGHT


@pytest.fixture
def pages(monkeypatch):
    """The texts of each page, as they are written."""
    told: list[list[str]] = [[]]
    for name in ("drawString", "drawCentredString", "drawRightString"):
        real = getattr(Canvas, name)

        def write(self, x, y, text, *more, _real=real, **named):
            told[-1].append(text)
            return _real(self, x, y, text, *more, **named)

        monkeypatch.setattr(Canvas, name, write)
    turn = Canvas.showPage

    def show(self):
        told.append([])
        return turn(self)

    monkeypatch.setattr(Canvas, "showPage", show)
    return told


def made(rows: int, sectors: int = 62) -> bytes:
    picture = Picture(*brief.MAP_SIZE)
    picture.text((100, 100), "Entikong", 9, LIGHT.ink, LIGHT.halo)
    row = brief.Row(["1", "Sektor", "1", "0-2", "naik", "keluar", "cukup"], "Sebab.")
    return brief.make_pdf(
        brief.Brief("id", "Judul", "Anak judul", ["Fakta"],
                    [("Yang berubah", "Satu"), ("Sebabnya", "Dua")], picture,
                    [(LIGHT.ink, "rendah")], (10, 50.0),
                    [row] * rows, sectors, ["Catatan."], True, {"id": "x"})
    )  # fmt: skip


def test_a_name_on_the_map_is_once_in_the_text(pages):
    made(3)
    assert Counter(text for page in pages for text in page)["Entikong"] == 1


@pytest.mark.parametrize("rows", range(1, 30))
def test_no_page_has_signature_lines_alone(pages, rows):
    made(rows)
    last = [page for page in pages if page][-1]
    assert "Sebab." in last


@pytest.mark.parametrize(("rows", "said"), [(6, True), (62, False)])
def test_what_is_left_out_is_said(pages, rows, said):
    made(rows)
    words = " ".join(text for page in pages for text in page)
    assert (f"{rows} dari 62 sektor" in words) == said


def test_what_monday_asks_stands_above_the_figures(pages):
    made(3)
    told = [text for page in pages for text in page]
    places = [told.index(one) for one in ("Yang berubah. Satu", "Sebabnya. Dua", "Fakta")]
    assert places == sorted(places)
