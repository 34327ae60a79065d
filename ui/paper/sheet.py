"""A4 paper that moves down and turns the page where needed: words, maps, tables, signatures.

Pure: words and shapes in, PDF out. The standard PDF fonts hold Latin-1 only, so a few signs are
written in their plain form.
"""

import io
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from ui.map.picture import Picture, Points
from ui.paper.tags import Part, Tags
from ui.theme import LIGHT, Colour
from ui.words import t

MARGIN = 40
WIDTH = A4[0] - 2 * MARGIN
#: the stamp stands below
FOOT = 62
#: how much of what lies under a name shows through the pale plate behind it
PLATE = 0.75
PLAIN = str.maketrans(
    {
        "−": "-",
        "≥": ">=",
        "≈": "~",
        "▲": "+",
        "▼": "-",
        "→": "->",
        "★": "*",
        "–": "-",
        "›": ">",
        "⚑": "(!)",
    }
)


class Paper:
    """A document of A4 pages; the stamp `about` stands at the foot of every page."""

    def __init__(
        self, title: str, subject: str, lang: str, synthetic: bool, about: Mapping[str, str]
    ):
        self._out = io.BytesIO()
        self.canvas = Canvas(self._out, pagesize=A4, pageCompression=1, invariant=1, lang=lang)
        self.canvas.setTitle(title)
        self.canvas.setAuthor("Kalbar Risk")
        self.canvas.setSubject(subject)
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.title, self.lang, self.synthetic, self.about = title, lang, synthetic, about
        self.number, self.y = 0, 0.0
        self.tags = Tags(self.canvas)
        #: the table that the next row belongs to
        self._table: Part | None = None

    def content(self) -> bytes:
        """The finished document."""
        self.tags.write()
        self.canvas.save()
        return self._out.getvalue()

    def begin(self) -> None:
        """A new page."""
        self.number += 1
        self.y = A4[1] - MARGIN
        if self.synthetic:
            # said once to who listens; on every page to who looks
            with self._once("P"):
                self.canvas.setFillColor(_ink((88, 36, 112)))
                self.canvas.roundRect(MARGIN, self.y - 4, 118, 16, 4, stroke=0, fill=1)
                self.canvas.setFillColor(Color(1, 1, 1))
                self.canvas.setFont("Helvetica-Bold", 9)
                self.canvas.drawCentredString(MARGIN + 59, self.y, t("app.synthetic", self.lang))
            self.y -= 14
        self.y -= 8

    def end(self) -> None:
        """Finish the page."""
        canvas = self.canvas
        canvas.setFillColor(_ink(LIGHT.muted))
        canvas.setFont("Helvetica", 7)
        lines = simpleSplit(
            " · ".join(f"{k}: {v}" for k, v in self.about.items() if v).translate(PLAIN),
            "Helvetica", 7, WIDTH - 40,
        )  # fmt: skip
        with self._once("P"):
            for place, line in reversed(list(enumerate(reversed(lines)))):
                canvas.drawString(MARGIN, 22 + 9 * place, line)
        with self.tags.ornament():
            canvas.drawRightString(A4[0] - MARGIN, 22, str(self.number))
        canvas.showPage()

    def _once(self, role: str) -> AbstractContextManager[None]:
        """What stands on every page is told on the first one alone."""
        if self.number > 1:
            return self.tags.ornament()
        return self.tags.piece(self.tags.root.add(role))

    def room(self, height: float) -> None:
        """Turn the page if less is left."""
        if self.y - height < FOOT:
            self.end()
            self.begin()

    def height_of(self, text: str, size: float, x: float = 0.0) -> float:
        """Points that a paragraph takes.

        Parameters
        ----------
        text : the paragraph
        size : of the text, points
        x : points in from the margin
        """
        lines = simpleSplit(text.translate(PLAIN), "Helvetica", size, WIDTH - x)
        return len(lines) * size * 1.28

    def height_of_row(
        self, cells: Sequence[str], shares: Sequence[float], bold: bool = False
    ) -> float:
        """Points that one row of a table takes; `shares` of the width by column.

        Parameters
        ----------
        cells : texts, one a column
        bold : in bold type
        """
        return 11 * max(len(lines) for lines in _folded(cells, shares, bold)) + 2

    def left(self) -> float:
        """Points that are left on the page."""
        return self.y - FOOT

    def gap(self, height: float) -> None:
        """Leave some room."""
        self.y -= height

    def words(
        self, text: str, size: float, bold: bool = False, colour: Colour = LIGHT.ink,
        x: float = 0.0, role: str = "P",
    ) -> None:  # fmt: skip
        """A paragraph, `x` points in from the margin.

        Parameters
        ----------
        text : the paragraph
        size : of the text, points
        bold : in bold type
        colour : of the text
        role : "P", "H1" or "H2"; "TD" for what stands under a row of a table and belongs to it
        """
        font = "Helvetica-Bold" if bold else "Helvetica"
        part = self._part(role)
        for line in simpleSplit(text.translate(PLAIN), font, size, WIDTH - x):
            self.room(size * 1.3)
            self.y -= size * 1.28
            with self.tags.piece(part):
                self.canvas.setFillColor(_ink(colour))
                self.canvas.setFont(font, size)
                self.canvas.drawString(MARGIN + x, self.y, line)

    def _part(self, role: str) -> Part:
        """A new element of the text; one under a row goes into its table, any other ends that."""
        if role == "TD" and self._table is not None:
            columns = len(self._table.parts[0].parts)
            return self._table.add("TR").add("TD", columns=columns)
        self._table = None
        return self.tags.root.add("P" if role == "TD" else role)

    def map(
        self, picture: Picture, legend: Sequence[tuple[Colour, str]], scale: tuple[int, float],
        note: str,
    ) -> None:  # fmt: skip
        """A map with its scale (km, points), its legend and a note under it.

        Parameters
        ----------
        picture : the shapes
        legend : colour and name of each class
        scale : a round length in km, and as points on the paper
        note : a sentence under it
        """
        self.room(picture.height + 34)
        top = self.y
        self.y -= picture.height
        figure = self._part("Figure")
        figure.alt = t("paper.map_alt", self.lang, title=self.title, note=note)
        figure.box = (MARGIN, self.y, MARGIN + picture.width, top)
        with self.tags.piece(figure):
            _paint(self.canvas, picture, MARGIN, top)
            self.canvas.setStrokeColor(_ink(LIGHT.line))
            self.canvas.setLineWidth(0.5)
            self.canvas.rect(MARGIN, self.y, picture.width, picture.height, stroke=1, fill=0)
            self._scale(*scale)
        x: float = MARGIN
        self.y -= 14
        names = self._part("P")
        for colour, name in legend:
            with self.tags.ornament():
                self.canvas.setFillColor(_ink(colour))
                self.canvas.setLineWidth(0.3)
                self.canvas.rect(x, self.y - 1, 11, 8, stroke=1, fill=1)
            with self.tags.piece(names):
                self.canvas.setFillColor(_ink(LIGHT.ink))
                self.canvas.setFont("Helvetica", 7.5)
                self.canvas.drawString(x + 14, self.y, name.translate(PLAIN))
            x += 24 + self.canvas.stringWidth(name.translate(PLAIN), "Helvetica", 7.5)
        self.words(note, 7.5, colour=LIGHT.muted)
        self.gap(8)

    def _scale(self, km: int, points: float) -> None:
        x, y = MARGIN + 10, self.y + 10
        self.canvas.setFillColor(Color(1, 1, 1, 0.8))
        self.canvas.rect(x - 5, y - 5, points + 10, 20, stroke=0, fill=1)
        self.canvas.setStrokeColor(_ink(LIGHT.ink))
        self.canvas.setLineWidth(1.4)
        self.canvas.line(x, y, x + points, y)
        self.canvas.setFillColor(_ink(LIGHT.ink))
        self.canvas.setFont("Helvetica", 7)
        self.canvas.drawCentredString(x + points / 2, y + 4, f"{km} km")

    def row(self, cells: Sequence[str], shares: Sequence[float], bold: bool = False) -> None:
        """One row of a table, as high as its longest cell; `shares` of the width by column.

        Parameters
        ----------
        cells : texts, one a column
        bold : in bold type
        """
        flowables, x = _folded(cells, shares, bold), 0.0
        height = 11 * max(len(lines) for lines in flowables)
        self.room(height + 4)
        if self._table is None:
            self._table = self.tags.root.add("Table")
        tags = self._table.add("TR")
        for lines, share in zip(flowables, shares, strict=True):
            with self.tags.piece(tags.add("TH" if bold else "TD")):
                self.canvas.setFillColor(_ink(LIGHT.ink))
                self.canvas.setFont(*_font(bold))
                for place, line in enumerate(lines):
                    self.canvas.drawString(MARGIN + x, self.y - 11 * (place + 1), line)
            x += WIDTH * share
        self.y -= height + 2

    def rule(self) -> None:
        """A hairline across the page."""
        self.gap(3)
        with self.tags.ornament():
            self.canvas.setStrokeColor(_ink(LIGHT.hairline))
            self.canvas.setLineWidth(0.4)
            self.canvas.line(MARGIN, self.y, A4[0] - MARGIN, self.y)

    def signatures(self, labels: Sequence[str]) -> None:
        """Two lines to sign on, side by side."""
        self.room(70)
        self.gap(26)
        half = WIDTH / 2
        for place, key in enumerate(labels):
            x = MARGIN + place * half
            with self.tags.piece(self._part("P")):
                self.canvas.setStrokeColor(_ink(LIGHT.ink))
                self.canvas.setLineWidth(0.6)
                self.canvas.line(x, self.y, x + half - 24, self.y)
                self.canvas.setFillColor(_ink(LIGHT.ink))
                self.canvas.setFont("Helvetica", 8.5)
                self.canvas.drawString(x, self.y - 12, key.translate(PLAIN))
        self.gap(20)


def _font(bold: bool) -> tuple[str, float]:
    """Name and size of the type of a table."""
    return "Helvetica-Bold" if bold else "Helvetica", 8.5


def _folded(cells: Sequence[str], shares: Sequence[float], bold: bool) -> list[list[str]]:
    """The lines of each cell of a row; `shares` of the width by column."""
    return [
        simpleSplit(text.translate(PLAIN), *_font(bold), WIDTH * share - 4)
        for text, share in zip(cells, shares, strict=True)
    ]


def _paint(canvas: Canvas, picture: Picture, left: float, top: float) -> None:
    """Draw a picture with its upper left corner at a place of the page."""
    canvas.saveState()
    frame = canvas.beginPath()
    frame.rect(left, top - picture.height, picture.width, picture.height)
    canvas.clipPath(frame, stroke=0, fill=0)
    canvas.translate(left, top)
    for kind, *shape in picture.shapes:
        if kind == "fill":
            canvas.setFillColor(_ink(shape[1]))
            canvas.drawPath(_path(canvas, shape[0], True), stroke=0, fill=1)
        elif kind == "line":
            canvas.setStrokeColor(_ink(shape[1]))
            canvas.setLineWidth(shape[2])
            canvas.setDash(list(shape[3]))
            canvas.setLineJoin(1)
            canvas.drawPath(_path(canvas, shape[0]), stroke=1, fill=0)
            canvas.setDash([])
        elif kind == "dot":
            (x, y), radius, fill, edge = shape
            canvas.setFillColor(_ink(fill))
            canvas.setStrokeColor(_ink(edge))
            canvas.setLineWidth(0.9)
            canvas.circle(x, -y, radius, stroke=1, fill=1)
        else:
            (x, y), words, size, colour, halo = shape
            font = "Helvetica-Bold"
            words = words.translate(PLAIN)
            left_edge = x - canvas.stringWidth(words, font, size) / 2
            canvas.setFont(font, size)
            if halo is not None:
                # a plate, not the words again in pale: each name is once in the text of the file
                canvas.setFillColor(_ink(halo), alpha=PLATE)
                wide = canvas.stringWidth(words, font, size) + 2
                canvas.roundRect(left_edge - 1, -y - size * 0.5, wide, size, 1.5, stroke=0, fill=1)
            canvas.setFillColor(_ink(colour))
            canvas.drawString(left_edge, -y - size * 0.35, words)
    canvas.restoreState()


def _path(canvas: Canvas, lines: Sequence[Points], closed: bool = False) -> PDFPathObject:
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
