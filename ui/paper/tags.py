"""What a screen reader is told of a PDF: headings, paragraphs, tables, figures, in reading order.

reportlab draws and knows no structure, but it writes whatever objects it is handed: the tree of
ISO 32000-1, 14.7 and 14.8 is made here. Each piece of the page is marked with a number, and the
tree names those numbers. Not PDF/UA: the standard fonts are not embedded.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFObjectReference,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas


@dataclass
class Part:
    """One element of the tree: its role, its parts or its pieces of pages, and what it shows."""

    role: str
    parts: list["Part"] = field(default_factory=list)
    #: (page, number on that page)
    pieces: list[tuple[int, int]] = field(default_factory=list)
    alt: str = ""
    box: Sequence[float] = ()
    columns: int = 0

    def add(self, role: str, **more: Any) -> "Part":
        """A part of this one, after those that it has."""
        self.parts.append(Part(role, **more))
        return self.parts[-1]


class Tags:
    """The tree of one document, filled while its canvas is drawn on."""

    def __init__(self, canvas: Canvas):
        self._canvas: Any = canvas  # its stream and its document have no public name
        self.root = Part("Document")
        self._pages: list[PDFObjectReference] = []
        self._marked: list[list[Part]] = []

    @contextmanager
    def piece(self, part: Part) -> Iterator[None]:
        """What is drawn inside belongs to an element; it stays on one page."""
        if len(self._pages) < self._canvas.getPageNumber():
            self._pages.append(self._canvas._doc.thisPageRef())
            self._marked.append([])
        page = len(self._pages) - 1
        number = len(self._marked[page])
        self._marked[page].append(part)
        part.pieces.append((page, number))
        self._canvas._code.append(f"/{part.role} <</MCID {number}>> BDC")
        yield
        self._canvas._code.append("EMC")

    @contextmanager
    def ornament(self) -> Iterator[None]:
        """What is drawn inside says nothing: lines, colours, the number of the page."""
        self._canvas._code.append("/Artifact BMC")
        yield
        self._canvas._code.append("EMC")

    def write(self) -> None:
        """Hang the tree into the document, after its last page and before it is saved."""
        document = self._canvas._doc
        top = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        home = document.Reference(top)
        made: dict[int, PDFObjectReference] = {}
        top.dict["K"] = self._element(self.root, home, made)
        rows: list[Any] = []
        for page, parts in enumerate(self._marked):
            rows += [page, PDFArray([made[id(part)] for part in parts])]
            sheet = document.Pages.pages[page]
            # reportlab writes of a page what it lists
            sheet.__NoDefault__ = [*sheet.__NoDefault__, "StructParents", "Tabs"]
            sheet.StructParents, sheet.Tabs = page, PDFName("S")
        top.dict["ParentTree"] = document.Reference(PDFDictionary({"Nums": PDFArray(rows)}))
        top.dict["ParentTreeNextKey"] = len(self._marked)
        document.Catalog.StructTreeRoot = home
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _element(
        self, part: Part, home: PDFObjectReference, made: dict[int, PDFObjectReference]
    ) -> PDFObjectReference:
        """One element with all that hangs on it.

        Parameters
        ----------
        part : the element
        home : what it hangs on
        made : the elements so far, filled on the way
        """
        entry: dict[str, Any] = {"Type": PDFName("StructElem"), "S": PDFName(part.role), "P": home}
        if part.alt:
            entry["Alt"] = PDFString(part.alt)
        if part.box:
            frame = {"O": PDFName("Layout"), "BBox": PDFArray(list(part.box))}
            entry["A"] = PDFDictionary(frame)
        if part.columns:
            entry["A"] = PDFDictionary({"O": PDFName("Table"), "ColSpan": part.columns})
        if part.role == "TH":
            entry["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName("Column")})
        element = PDFDictionary(entry)
        own = made[id(part)] = self._canvas._doc.Reference(element)
        kids: list[Any] = [self._element(one, own, made) for one in part.parts]
        for page, number in part.pieces:
            spot = {"Type": PDFName("MCR"), "Pg": self._pages[page], "MCID": number}
            kids.append(PDFDictionary(spot))
        element.dict["K"] = PDFArray(kids)
        return own
