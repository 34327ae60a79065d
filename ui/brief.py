"""The page for the Monday meeting: A4 PDF with map, sectors, reasons and a line to approve.

Pure: a `Brief` of words and shapes in, bytes out. The standard PDF fonts hold Latin-1 only, so a
few signs are written in their plain form.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from ui.picture import Picture
from ui.theme import LIGHT, Colour
from ui.words import t

MARGIN = 40
WIDTH = A4[0] - 2 * MARGIN
MAP_SIZE = (WIDTH, 240.0)
#: steps by which a name is drawn in pale first
HALO = [(x, y) for x in (-0.8, 0, 0.8) for y in (-0.8, 0, 0.8) if x or y]
PLAIN = str.maketrans(
    {"−": "-", "≥": ">=", "≈": "~", "▲": "+", "▼": "-", "→": "->", "★": "*", "–": "-", "⚑": "(!)"}
)
HEADS = ("rank", "name", "risk", "interval", "change", "direction", "watched")
#: share of the width of each column of the table
COLUMNS = (0.05, 0.30, 0.11, 0.14, 0.13, 0.14, 0.13)


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
    picture: Picture
    legend: Sequence[tuple[Colour, str]]
    scale: tuple[int, float]
    rows: Sequence[Row]
    notes: Sequence[str]
    synthetic: bool
    about: Mapping[str, str]


def make_pdf(brief: Brief) -> bytes:
    """The brief as PDF."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1, invariant=1, lang=brief.lang)
    canvas.setTitle(brief.title)
    canvas.setAuthor("Kalbar Risk")
    canvas.setSubject(brief.subtitle)
    page = _Page(canvas, brief)
    page.begin()
    page.words(brief.title, 17, bold=True)
    page.words(brief.subtitle, 10, colour=LIGHT.muted)
    page.gap(4)
    for fact in brief.facts:
        page.words(fact, 9.5)
    page.gap(6)
    page.map()
    page.table()
    page.gap(6)
    for note in brief.notes:
        page.words(note, 8.5, colour=LIGHT.muted)
    page.approval()
    page.end()
    canvas.save()
    return out.getvalue()


class _Page:
    """A place on the paper that moves down and turns the page where needed."""

    def __init__(self, canvas: Canvas, brief: Brief):
        self.canvas, self.brief, self.number, self.y = canvas, brief, 0, 0.0

    def begin(self) -> None:
        self.number += 1
        self.y = A4[1] - MARGIN
        if self.brief.synthetic:
            self.canvas.setFillColor(_ink((88, 36, 112)))
            self.canvas.roundRect(MARGIN, self.y - 4, 118, 16, 4, stroke=0, fill=1)
            self.canvas.setFillColor(Color(1, 1, 1))
            self.canvas.setFont("Helvetica-Bold", 9)
            self.canvas.drawCentredString(MARGIN + 59, self.y, t("app.synthetic", self.brief.lang))
            self.y -= 14
        self.y -= 8

    def end(self) -> None:
        canvas = self.canvas
        canvas.setFillColor(_ink(LIGHT.muted))
        canvas.setFont("Helvetica", 7)
        lines = simpleSplit(
            " · ".join(f"{k}: {v}" for k, v in self.brief.about.items() if v).translate(PLAIN),
            "Helvetica", 7, WIDTH - 40,
        )  # fmt: skip
        for place, line in enumerate(reversed(lines)):
            canvas.drawString(MARGIN, 22 + 9 * place, line)
        canvas.drawRightString(A4[0] - MARGIN, 22, str(self.number))
        canvas.showPage()

    def room(self, height: float) -> None:
        if self.y - height < 62:
            self.end()
            self.begin()

    def gap(self, height: float) -> None:
        self.y -= height

    def words(self, text: str, size: float, bold: bool = False, colour=LIGHT.ink, x=0.0) -> None:
        font = "Helvetica-Bold" if bold else "Helvetica"
        for line in simpleSplit(text.translate(PLAIN), font, size, WIDTH - x):
            self.room(size * 1.3)
            self.y -= size * 1.28
            self.canvas.setFillColor(_ink(colour))
            self.canvas.setFont(font, size)
            self.canvas.drawString(MARGIN + x, self.y, line)

    def map(self) -> None:
        picture = self.brief.picture
        self.room(picture.height + 34)
        top = self.y
        self.y -= picture.height
        _paint(self.canvas, picture, MARGIN, top)
        self.canvas.setStrokeColor(_ink(LIGHT.line))
        self.canvas.setLineWidth(0.5)
        self.canvas.rect(MARGIN, self.y, picture.width, picture.height, stroke=1, fill=0)
        self._scale()
        x, self.y = MARGIN, self.y - 14
        for colour, name in self.brief.legend:
            self.canvas.setFillColor(_ink(colour))
            self.canvas.setLineWidth(0.3)
            self.canvas.rect(x, self.y - 1, 11, 8, stroke=1, fill=1)
            self.canvas.setFillColor(_ink(LIGHT.ink))
            self.canvas.setFont("Helvetica", 7.5)
            self.canvas.drawString(x + 14, self.y, name.translate(PLAIN))
            x += 24 + self.canvas.stringWidth(name.translate(PLAIN), "Helvetica", 7.5)
        self.words(t("brief.map_note", self.brief.lang), 7.5, colour=LIGHT.muted)
        self.gap(8)

    def _scale(self) -> None:
        km, points = self.brief.scale
        x, y = MARGIN + 10, self.y + 10
        self.canvas.setFillColor(Color(1, 1, 1, 0.8))
        self.canvas.rect(x - 5, y - 5, points + 10, 20, stroke=0, fill=1)
        self.canvas.setStrokeColor(_ink(LIGHT.ink))
        self.canvas.setLineWidth(1.4)
        self.canvas.line(x, y, x + points, y)
        self.canvas.setFillColor(_ink(LIGHT.ink))
        self.canvas.setFont("Helvetica", 7)
        self.canvas.drawCentredString(x + points / 2, y + 4, f"{km} km")

    def table(self) -> None:
        lang = self.brief.lang
        self._row([t(f"brief.col_{name}", lang) for name in HEADS], bold=True)
        for row in self.brief.rows:
            self.room(48)
            self._row(row.cells)
            self.words(row.reasons, 7.8, colour=LIGHT.muted, x=WIDTH * COLUMNS[0])
            self.gap(3)
            self.canvas.setStrokeColor(_ink(LIGHT.hairline))
            self.canvas.setLineWidth(0.4)
            self.canvas.line(MARGIN, self.y, A4[0] - MARGIN, self.y)

    def _row(self, cells: Sequence[str], bold: bool = False) -> None:
        font, size, x = "Helvetica-Bold" if bold else "Helvetica", 8.5, 0.0
        told = []
        for text, share in zip(cells, COLUMNS, strict=True):
            told.append(simpleSplit(text.translate(PLAIN), font, size, WIDTH * share - 4)[:2])
        height = 11 * max(len(lines) for lines in told)
        self.room(height + 4)
        self.canvas.setFillColor(_ink(LIGHT.ink))
        self.canvas.setFont(font, size)
        for lines, share in zip(told, COLUMNS, strict=True):
            for place, line in enumerate(lines):
                self.canvas.drawString(MARGIN + x, self.y - 11 * (place + 1), line)
            x += WIDTH * share
        self.y -= height + 2

    def approval(self) -> None:
        self.room(70)
        self.gap(26)
        self.canvas.setStrokeColor(_ink(LIGHT.ink))
        self.canvas.setLineWidth(0.6)
        half = WIDTH / 2
        for place, key in enumerate(("brief.prepared", "brief.approved")):
            x = MARGIN + place * half
            self.canvas.line(x, self.y, x + half - 24, self.y)
            self.canvas.setFillColor(_ink(LIGHT.ink))
            self.canvas.setFont("Helvetica", 8.5)
            self.canvas.drawString(x, self.y - 12, t(key, self.brief.lang))
        self.gap(20)


def _paint(canvas: Canvas, picture: Picture, left: float, top: float) -> None:
    """Draw a picture with its upper left corner at a place of the page."""
    canvas.saveState()
    frame = canvas.beginPath()
    frame.rect(left, top - picture.height, picture.width, picture.height)
    canvas.clipPath(frame, stroke=0, fill=0)
    canvas.translate(left, top)
    for kind, *told in picture.shapes:
        if kind == "fill":
            canvas.setFillColor(_ink(told[1]))
            canvas.drawPath(_path(canvas, told[0], True), stroke=0, fill=1)
        elif kind == "hatch":
            if not told[0]:
                continue
            canvas.saveState()
            canvas.clipPath(_path(canvas, told[0], True), stroke=0, fill=0)
            canvas.setStrokeColor(_ink(told[1]))
            canvas.setLineWidth(0.7)
            lines, start = [], -picture.height
            while start < picture.width:
                lines.append((start, 0, start + picture.height, -picture.height))
                start += told[2] * 1.4
            canvas.lines(lines)
            canvas.restoreState()
        elif kind == "line":
            canvas.setStrokeColor(_ink(told[1]))
            canvas.setLineWidth(told[2])
            canvas.setDash(*([list(told[3])] if told[3] else [[]]))
            canvas.setLineJoin(1)
            canvas.drawPath(_path(canvas, told[0]), stroke=1, fill=0)
            canvas.setDash([])
        elif kind == "dot":
            (x, y), radius, fill, edge = told
            canvas.setFillColor(_ink(fill))
            canvas.setStrokeColor(_ink(edge))
            canvas.setLineWidth(0.9)
            canvas.circle(x, -y, radius, stroke=1, fill=1)
        else:
            (x, y), words, size, colour, halo = told
            font = "Helvetica-Bold"
            words = words.translate(PLAIN)
            left_edge = x - canvas.stringWidth(words, font, size) / 2
            canvas.setFont(font, size)
            if halo is not None:
                canvas.setFillColor(_ink(halo))
                for dx, dy in HALO:
                    canvas.drawString(left_edge + dx, -y - size * 0.35 + dy, words)
            canvas.setFillColor(_ink(colour))
            canvas.drawString(left_edge, -y - size * 0.35, words)
    canvas.restoreState()


def _path(canvas: Canvas, lines, closed: bool = False):
    path = canvas.beginPath()
    for points in lines:
        if not points:
            continue
        path.moveTo(points[0][0], -points[0][1])
        for x, y in points[1:]:
            path.lineTo(x, -y)
        if closed:
            path.close()
    return path


def _ink(colour: Colour) -> Color:
    return Color(*(channel / 255 for channel in colour))
