"""A map as shapes, drawn the same way as SVG, PNG or PDF: for files, packs and briefs.

The ramp, the dots of watched cells and the outlines are those of the screen. Pure: shapes in,
bytes out.
"""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from html import escape
from typing import Any

import h3
import numpy as np
import pandas as pd
from PIL import Image, ImageDraw, ImageFont

from ui.map import deck, meridian
from ui.theme import LIGHT, Colour, Palette, hex_of, upon

Points = list[tuple[float, float]]
#: two corners of an outline nearer than this are one, and what is further out is cut; in points
FINE, AWAY = 0.2, 12.0
#: half the width of a letter, as a share of its size
LETTER = 0.29
#: radius of the dot in a watched cell, as a share of the cell's width
DOT = 0.13


@dataclass
class Picture:
    """Shapes in points, origin top left: (kind, …) in the order in which they are drawn."""

    width: float
    height: float
    shapes: list[tuple[Any, ...]] = field(default_factory=list)

    def polygons(self, rings: list[Points], fill: Colour) -> None:
        """Filled areas without an edge."""
        self.shapes.append(("fill", rings, fill))

    def lines(
        self, lines: list[Points], colour: Colour, width: float, dash: Sequence[float] = ()
    ) -> None:
        """Open or closed lines.

        Parameters
        ----------
        lines : corners, points on the paper
        colour : of the lines
        width : of the lines, points
        dash : lengths of dash and gap, points; none for a whole line
        """
        self.shapes.append(("line", lines, colour, width, tuple(dash)))

    def dot(self, at: tuple[float, float], radius: float, fill: Colour, edge: Colour) -> None:
        """A round mark.

        Parameters
        ----------
        at : its middle, points on the paper
        radius : points
        fill : of the disc
        edge : of the line around it
        """
        self.shapes.append(("dot", at, radius, fill, edge))

    def text(
        self, at: tuple[float, float], words: str, size: float, colour: Colour,
        halo: Colour | None = None,
    ) -> None:  # fmt: skip
        """A name, centred at a place, with a halo.

        Parameters
        ----------
        at : its middle, points on the paper
        words : the text
        size : of the text, points
        colour : of the text
        halo : around the letters; None for none
        """
        self.shapes.append(("text", at, words, size, colour, halo))


@dataclass(frozen=True)
class Frame:
    """A window on the ground and how large it is drawn."""

    west: float
    south: float
    east: float
    north: float
    width: float
    height: float

    @classmethod
    def around(
        cls, lat: pd.Series, lon: pd.Series, width: float, height: float, air: float = 0.06
    ) -> "Frame":
        """The window with the proportions of the paper that holds all the points.

        Parameters
        ----------
        lat, lon : points, degrees
        width, height : of the picture, points
        air : margin, as a share of the window
        """
        turned = meridian.beside(lon)
        across = max(turned.max() - turned.min(), 0.15) * (1 + 2 * air)
        down = max(lat.max() - lat.min(), 0.15) * (1 + 2 * air)
        across = max(across, down * width / height)
        down = across * height / width
        x, y = (turned.max() + turned.min()) / 2, (lat.max() + lat.min()) / 2
        return cls(x - across / 2, y - down / 2, x + across / 2, y + down / 2, width, height)

    def put(self, lon: meridian.Degrees, lat: meridian.Degrees) -> np.ndarray:
        """Places on the paper, (n, 2)."""
        x = (self.beside(lon) - self.west) / (self.east - self.west) * self.width
        y = (self.north - np.asarray(lat, float)) / (self.north - self.south) * self.height
        return np.column_stack([x, y])

    def beside(self, lon: meridian.Degrees) -> np.ndarray:
        """Longitudes as they run on in a window across 180 degrees; elsewhere as they are."""
        if self.west >= -180 and self.east <= 180:
            return np.asarray(lon, float)
        return meridian.beside(lon, (self.west + self.east) / 2)

    def ring(self, points: Sequence[Sequence[float]]) -> Points:
        """A ring of (lon, lat) on the paper."""
        array = np.asarray([point[:2] for point in points], float)
        return [tuple(one) for one in self.put(array[:, 0], array[:, 1]).round(2).tolist()]

    def holds(self, points: np.ndarray) -> bool:
        """Whether something of a ring of (lon, lat) may be inside the window."""
        points = np.column_stack([self.beside(points[:, 0]), points[:, 1]])
        low, high = points.min(axis=0), points.max(axis=0)
        apart = (
            low[0] > self.east or high[0] < self.west or low[1] > self.north or high[1] < self.south
        )
        return not apart

    @property
    def km_per_point(self) -> float:
        """Kilometres per point at the middle of the window."""
        middle = np.deg2rad((self.south + self.north) / 2)
        return (self.east - self.west) * 111.32 * float(np.cos(middle)) / self.width


def draw_map(
    cells: pd.DataFrame, classes: np.ndarray, ramp: list[Colour], frame: Frame,
    layers: Mapping[str, bytes], sectors: Sequence[tuple[str, list[str]]] = (),
    places: Sequence[tuple[float, float, str, str]] = (), look: Palette = LIGHT, big: float = 1.0,
) -> Picture:  # fmt: skip
    """The map of a table of cells.

    Parameters
    ----------
    cells : DataFrame with cell, lat, lon, observed
    classes : class of each cell, a place in `ramp`
    frame : window on the ground, and how large it is drawn
    layers : GeoJSON bytes by name: backdrop, land, kabupaten, kecamatan, border
    sectors : (label, cells) to outline
    places : (lat, lon, name, kind) with kind "town" or "post"
    look : colours of the paper
    big : factor of names and marks, for a small screen
    """
    picture = Picture(frame.width, frame.height)
    corners = [(0, 0), (frame.width, 0), (frame.width, frame.height), (0, frame.height)]
    picture.polygons([corners], look.sea)
    for name, fill in (("backdrop", look.abroad), ("land", look.land)):
        picture.polygons(_rings(layers.get(name), frame), fill)
    inside = (
        cells["lon"].between(frame.west - 0.05, frame.east + 0.05)
        & cells["lat"].between(frame.south - 0.05, frame.north + 0.05)
    ).to_numpy()
    shapes = _hexagons(cells["cell"][inside], frame)
    level, seen = np.asarray(classes)[inside], cells["observed"].to_numpy(bool)[inside]
    for place, colour in enumerate(ramp):
        picture.polygons([shapes[i] for i in np.flatnonzero(level == place)], colour)
    for i in np.flatnonzero(seen):
        ring = np.asarray(shapes[i])
        size = float(np.ptp(ring[:, 0])) * DOT
        ink = upon(ramp[level[i]])
        picture.dot((ring[:, 0].mean(), ring[:, 1].mean()), size, ink, ink)
    picture.lines(_rings(layers.get("kecamatan"), frame), look.hairline, 0.4)
    picture.lines(_rings(layers.get("kabupaten"), frame), look.line, 0.8)
    border = _rings(layers.get("border"), frame)
    picture.lines(border, look.halo, 2.4)
    picture.lines(border, look.border, 1.1, dash=(5, 2.5))
    for label, members in sectors:
        rings = [frame.ring(ring) for ring in deck.outline(members)]
        picture.lines(rings, look.halo, 2.2)
        picture.lines(rings, look.hotspot, 1.1)
        if label:
            top = min((point for ring in rings for point in ring), key=lambda point: point[1])
            picture.text((top[0], top[1] - 5 * big), label, 9 * big, look.ink, look.halo)
    for lat, lon, name, kind in places:
        x, y = frame.put([lon], [lat])[0].tolist()
        if not (4 < x < frame.width - 4 and 8 < y < frame.height - 4):
            continue
        post = kind == "post"
        picture.dot((x, y), (2.2 if post else 1.4) * big, look.paper if post else look.ink,
                    look.chosen if post else look.halo)  # fmt: skip
        half = len(name) * LETTER * 6.5 * big
        if name and half < x < frame.width - half:  # half a name says nothing
            picture.text((x, y - 6 * big), name, 6.5 * big, look.ink, look.halo)
    return picture


def scale_km(frame: Frame) -> tuple[int, float]:
    """A round length for a scale bar: (km, points)."""
    most = frame.width * 0.22 * frame.km_per_point
    lengths = (1, 2, 5, 10, 20, 50, 100, 200)
    km = max((one for one in lengths if one <= most), default=1)
    return km, km / frame.km_per_point


def as_svg(picture: Picture, title: str, dark: Picture | None = None, more: str = "") -> str:
    """The picture as one self-contained SVG element.

    Parameters
    ----------
    picture : the shapes
    title : what it shows, for who cannot see it
    dark : the same shapes in the colours of a dark screen, if the file follows the screen
    more : SVG that goes on top
    """
    inks = _Inks()
    others = picture.shapes if dark is None else dark.shapes
    parts = [
        _svg_shape(one, partial(inks.at, one, other))
        for one, other in zip(picture.shapes, others, strict=True)
    ]
    box = f"0 0 {picture.width:g} {picture.height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{inks.style()}'
        f"{''.join(parts)}{more}</svg>"
    )


class _Inks:
    """Colours as they stand in an SVG: one that changes with the screen has a name there."""

    def __init__(self) -> None:
        self._named: dict[tuple[str, str], str] = {}

    def at(self, light: tuple[Any, ...], dark: tuple[Any, ...], place: int) -> str:
        """What is written for the colour that stands at a place of a shape.

        Parameters
        ----------
        light, dark : the shape as it is drawn for either screen
        place : of the colour in it
        """
        pair = hex_of(light[place]), hex_of(dark[place])
        if pair[0] == pair[1]:
            return pair[0]
        return f"var(--{self._named.setdefault(pair, f'k{len(self._named)}')})"

    def style(self) -> str:
        """What the names stand for, on a light and on a dark screen."""
        if not self._named:
            return ""
        sides = (";".join(f"--{name}:{pair[side]}" for pair, name in self._named.items())
                 for side in (0, 1))  # fmt: skip
        light, dark = (f":root{{{one}}}" for one in sides)
        return f"<style>{light}@media (prefers-color-scheme:dark){{{dark}}}</style>"


def _svg_shape(shape: tuple[Any, ...], ink: Callable[[int], str]) -> str:
    """One shape as SVG.

    Parameters
    ----------
    shape : kind, and what belongs to it
    ink : what is written for the colour at a place of the shape
    """
    kind, *drawn = shape
    if kind == "fill":
        return f'<path d="{_path(drawn[0], True)}" fill="{ink(2)}"/>'
    if kind == "line":
        dash = f' stroke-dasharray="{" ".join(map(str, drawn[3]))}"' if drawn[3] else ""
        return (
            f'<path d="{_path(drawn[0])}" fill="none" stroke="{ink(2)}" '
            f'stroke-width="{drawn[2]}" stroke-linejoin="round"{dash}/>'
        )
    (x, y), *rest = drawn
    if kind == "dot":
        return (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{rest[0]}" fill="{ink(3)}" stroke="{ink(4)}"/>'
        )
    words, size, _, halo = rest
    edge = f' stroke="{ink(5)}" stroke-width="2.4" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="middle" '
        f'font-family="sans-serif" font-weight="600" fill="{ink(4)}"{edge}>{escape(words)}</text>'
    )


def as_png(picture: Picture, scale: float = 2.0, foot: Sequence[str] = ()) -> bytes:
    """The picture as PNG, with lines of text under it.

    Parameters
    ----------
    picture : the shapes
    scale : pixels to a point
    foot : lines of text
    """
    line = int(13 * scale)
    size = int(picture.width * scale), int(picture.height * scale) + line * len(foot)
    image = Image.new("RGB", size, (255, 255, 255))
    pen = ImageDraw.Draw(image)

    def big(points: Points) -> Points:
        return [(x * scale, y * scale) for x, y in points]

    for kind, *shape in picture.shapes:
        if kind == "fill":
            for ring in shape[0]:
                pen.polygon(big(ring), fill=shape[1])
        elif kind == "line":
            for points in shape[0]:
                _draw_line(pen, big(points), shape[1], shape[2] * scale, shape[3], scale)
        elif kind == "dot":
            (x, y), radius, fill, edge = shape
            box = [(x - radius) * scale, (y - radius) * scale]
            box += [(x + radius) * scale, (y + radius) * scale]
            pen.ellipse(box, fill=fill, outline=edge, width=int(scale))
        else:
            (x, y), words, points, colour, halo = shape
            edge = {"stroke_width": int(scale), "stroke_fill": halo} if halo else {}
            font = ImageFont.load_default(points * scale)
            pen.text((x * scale, y * scale), words, fill=colour, font=font, anchor="mm", **edge)
    top = int(picture.height * scale)
    pen.rectangle([0, top, *size], fill=(255, 255, 255))
    for place, words in enumerate(foot):
        pen.text((6 * scale, top + place * line), words, fill=LIGHT.ink,
                 font=ImageFont.load_default(9 * scale))  # fmt: skip
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_line(
    pen: ImageDraw.ImageDraw, points: Points, colour: Colour, width: float,
    dash: Sequence[float], scale: float,
) -> None:  # fmt: skip
    if not dash:
        pen.line(points, fill=colour, width=max(1, round(width)), joint="curve")
        return
    array = np.asarray(points)
    steps = np.hypot(*np.diff(array, axis=0).T)
    along = np.concatenate([[0], np.cumsum(steps)])
    on, off = dash[0] * scale, dash[1] * scale
    for start in np.arange(0, along[-1], on + off):
        at = np.linspace(start, min(start + on, along[-1]), 4)
        x, y = (np.interp(at, along, array[:, axis]) for axis in (0, 1))
        pen.line(list(zip(x, y, strict=True)), fill=colour, width=max(1, round(width)))


def _path(lines: list[Points], closed: bool = False) -> str:
    end = "z" if closed else ""
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + end for points in lines if points
    )


def _hexagons(cells: pd.Series, frame: Frame) -> list[Points]:
    """The outline of each cell on the paper; all corners are put there at once."""
    corners, ends = _corners(tuple(cells))
    spots = [(x, y) for x, y in frame.put(corners[:, 0], corners[:, 1]).round(2).tolist()]
    return [spots[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]


@lru_cache(maxsize=4)
def _corners(cells: tuple[str, ...]) -> tuple[np.ndarray, list[int]]:
    """Corners (lon, lat) of all cells one after the other, and where those of each end."""
    rings = [h3.cell_to_boundary(cell) for cell in cells]
    flat = np.array([corner[::-1] for ring in rings for corner in ring]).reshape(-1, 2)
    return flat, np.cumsum([len(ring) for ring in rings]).tolist()


def _rings(layer: bytes | None, frame: Frame) -> list[Points]:
    """All rings and lines of a GeoJSON layer that may touch the window, as they look there."""
    if not layer:
        return []
    return [_seen(frame, ring) for ring in _parsed(layer) if frame.holds(ring)]


@lru_cache(maxsize=12)
def _parsed(layer: bytes) -> list[np.ndarray]:
    """Every ring and line of more than one point, (n, 2) of lon, lat; read once for all papers."""
    found = []
    for feature in json.loads(layer)["features"]:
        stack = [(feature["geometry"] or {}).get("coordinates", [])]
        while stack:
            part = stack.pop()
            if part and isinstance(part[0][0], int | float):
                if len(part) > 1:
                    found.append(np.asarray([point[:2] for point in part], float))
            else:
                stack += [inner for inner in part if inner]
    return found


def _seen(frame: Frame, ring: np.ndarray) -> Points:
    """A ring on the paper without the corners that nobody can see.

    Left out are corners on the same spot (`FINE`) as the one before, and corners beyond one side
    of the window whose neighbours are beyond it too: what joins those two is beyond it as well, so
    inside the window fills and lines stay what they were.
    """
    spots = frame.put(ring[:, 0], ring[:, 1])
    steps = np.round(spots / FINE)
    kept = np.ones(len(spots), bool)
    kept[1:-1] = (steps[1:-1] != steps[:-2]).any(axis=1)
    spots = spots[kept]
    far = np.hstack([spots < -AWAY, spots > np.array([frame.width, frame.height]) + AWAY])
    # one side each: in a corner two would let whole runs around it go
    side = np.where(far.any(axis=1), far.argmax(axis=1), -1)
    alone = np.zeros(len(spots), bool)
    alone[1:-1] = (side[1:-1] >= 0) & (side[:-2] == side[1:-1]) & (side[2:] == side[1:-1])
    return [(x, y) for x, y in spots[~alone].round(2).tolist()]
