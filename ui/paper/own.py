"""The commander's week on one page: his district's map, sectors, orders and what to mind.

Pure: words and shapes in, PDF out. What does not fit is counted, never cut without a word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ui.map.picture import Picture
from ui.paper.brief import COLUMNS, HEADS
from ui.paper.sheet import WIDTH, Paper
from ui.theme import LIGHT, Colour
from ui.words import number, t

MAP_SIZE = (WIDTH, 225.0)
#: share of the width of each column of the orders
SHARES = (0.11, 0.10, 0.14, 0.12, 0.26, 0.09, 0.18)
#: where there are orders, sectors take at most this share of what is left under the map
SECTORS = 0.55
#: points under the last row: the line that counts what is left out
CUT = 12.0


@dataclass(frozen=True)
class Own:
    """Everything on the page, already in words.

    sectors : cells of each row, as `brief.HEADS` names them
    orders : title, heads and rows of the week's orders; None where the viewer sees none
    """

    lang: str
    title: str
    subtitle: str
    facts: Sequence[str]
    picture: Picture
    legend: Sequence[tuple[Colour, str]]
    scale: tuple[int, float]
    sectors: Sequence[Sequence[str]]
    orders: tuple[str, Sequence[str], Sequence[Sequence[str]]] | None
    notes: Sequence[str]
    synthetic: bool
    about: Mapping[str, str]


def make_pdf(own: Own) -> bytes:
    """The page as PDF."""
    page = Paper(own.title, own.subtitle, own.lang, own.synthetic, own.about)
    page.begin()
    page.words(own.title, 16, bold=True, role="H1")
    page.words(own.subtitle, 9.5, colour=LIGHT.muted)
    page.gap(3)
    for fact in own.facts:
        page.words(fact, 9.5)
    page.gap(7)
    page.map(own.picture, own.legend, own.scale, t("brief.map_note", own.lang))
    foot = sum(page.height_of(note, 7.8) for note in own.notes) + 6
    share = SECTORS if own.orders else 1.0
    _rows(page, [t(f"brief.col_{name}", own.lang) for name in HEADS],
          own.sectors, COLUMNS, (page.left() - foot) * share)  # fmt: skip
    if own.orders:
        title, heads, rows = own.orders
        page.gap(5)
        page.words(title, 10, bold=True, role="H2")
        _rows(page, heads, rows, SHARES, page.left() - foot)
    page.gap(4)
    for note in own.notes:
        page.words(note, 7.8, colour=LIGHT.muted)
    page.end()
    return page.content()


def _rows(
    page: Paper, heads: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float],
    room: float,
) -> None:  # fmt: skip
    """A table of as many rows as fit, and how many more there are.

    Parameters
    ----------
    page : the paper
    heads : of the columns
    rows : cells by row
    shares : of the width, by column
    room : points that the table may take
    """
    room -= page.height_of_row(heads, shares, bold=True) + CUT
    page.row(heads, shares, bold=True)
    shown = 0
    for row in rows:
        room -= page.height_of_row(row, shares)
        if room < 0:
            break
        page.row(row, shares)
        shown += 1
    if left := len(rows) - shown:
        page.words(t("own.cut", page.lang, n=number(left, page.lang)), 8, colour=LIGHT.muted)
