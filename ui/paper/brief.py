"""The page for the Monday meeting: A4 PDF with map, sectors, reasons and a line to approve.

Pure: a `Brief` of words and shapes in, bytes out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ui.map.picture import Picture
from ui.paper.sheet import PLAIN, WIDTH, Paper
from ui.theme import LIGHT, Colour
from ui.words import t

__all__ = ["COLUMNS", "HEADS", "MAP_SIZE", "PLAIN", "Brief", "Row", "make_pdf"]
MAP_SIZE = (WIDTH, 240.0)
HEADS = ("rank", "name", "risk", "interval", "change", "direction", "watched")
#: points that the lines to sign on take, with the air around them
SIGNING = 96
#: share of the width of each column of the table
COLUMNS = (0.05, 0.30, 0.10, 0.12, 0.14, 0.13, 0.16)


@dataclass(frozen=True)
class Row:
    """One sector: what the table says, and the lines under it."""

    cells: Sequence[str]  # rank, name, expected, interval, since last week, direction, watched
    reasons: str


@dataclass(frozen=True)
class Brief:
    """Everything on the paper, already in words."""

    lang: str
    title: str
    subtitle: str
    facts: Sequence[str]
    monday: Sequence[tuple[str, str]]  # what is asked, and the answer in one sentence
    picture: Picture
    legend: Sequence[tuple[Colour, str]]
    scale: tuple[int, float]
    rows: Sequence[Row]
    sectors: int  # that there are
    notes: Sequence[str]
    synthetic: bool
    about: Mapping[str, str]


def make_pdf(brief: Brief) -> bytes:
    """The brief as PDF."""
    page = Paper(brief.title, brief.subtitle, brief.lang, brief.synthetic, brief.about)
    page.begin()
    page.words(brief.title, 17, bold=True, role="H1")
    page.words(brief.subtitle, 10, colour=LIGHT.muted)
    page.gap(4)
    for asked, answer in brief.monday:
        page.words(f"{asked}. {answer}", 9.5)
    page.gap(4)
    for fact in brief.facts:
        page.words(fact, 9.5)
    page.gap(6)
    page.map(brief.picture, brief.legend, brief.scale, t("brief.map_note", brief.lang))
    if len(brief.rows) < brief.sectors:
        page.words(t("brief.cut", brief.lang, shown=len(brief.rows), n=brief.sectors), 9.5)
    page.row([t(f"brief.col_{name}", brief.lang) for name in HEADS], COLUMNS, bold=True)
    tail = sum(page.height_of(note, 8.5) for note in brief.notes) + SIGNING
    for place, row in enumerate(brief.rows, start=1):
        # the last sector goes along with what stands under it: no page has signature lines alone
        page.room(48 + (tail if place == len(brief.rows) else 0))
        page.row(row.cells, COLUMNS)
        page.words(row.reasons, 7.8, colour=LIGHT.muted, x=WIDTH * COLUMNS[0], role="TD")
        page.rule()
    page.gap(6)
    for note in brief.notes:
        page.words(note, 8.5, colour=LIGHT.muted)
    page.signatures([t(key, brief.lang) for key in ("brief.prepared", "brief.approved")])
    page.end()
    return page.content()
