"""Line and dot charts as SVG text, for reports that open without a network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

#: apart for colour-blind eyes too (Okabe and Ito 2008), the strongest first
COLOURS = ("#8f2d0c", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#77736b", "#202126")
WIDTH, HEIGHT = 720.0, 340.0
LEFT, RIGHT, TOP, BOTTOM = 62.0, 168.0, 34.0, 48.0
INK, GRID = "#202126", "#dcd9d2"
#: from a value to its place on the picture, pixels
Scale = Callable[[float], float]


@dataclass(frozen=True)
class Series:
    """One line, or dots with bars: points (x, y), `bars` (low, high) of each point."""

    name: str
    points: Sequence[tuple[float, float]]
    bars: Sequence[tuple[float, float]] = ()
    dots: bool = False
    width: float = 1.6
    colour: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Axis:
    """A scale with its title; `ticks` (value, text) are marked, the first and last end it."""

    title: str
    ticks: Sequence[tuple[float, str]]
    log: bool = False

    def place(self, start: float, end: float) -> Callable[[float], float]:
        """From a value to a place on the paper; values beyond the ends stay at the ends."""
        low, high = self.ticks[0][0], self.ticks[-1][0]
        bend = log10 if self.log else float
        span = (bend(high) - bend(low)) or 1.0

        def put(value: float) -> float:
            inside = min(max(value, low), high)
            return start + (end - start) * (bend(inside) - bend(low)) / span

        return put


def steps(low: float, high: float, most: int = 7) -> list[tuple[float, str]]:
    """Round ticks that hold low and high.

    Parameters
    ----------
    low, high : ends of what is drawn
    most : ticks
    """
    span = (high - low) or max(abs(high), 1.0)
    raw = span / most
    unit = 10.0 ** floor(log10(raw))
    step = next(unit * k for k in (1, 2, 2.5, 5, 10) if unit * k >= raw)
    first = floor(low / step)
    count = 0
    while (first + count) * step < high - 1e-9 * span:
        count += 1
    return [((first + k) * step, f"{(first + k) * step:g}") for k in range(max(count, 1) + 1)]


def decades(low: float, high: float) -> list[tuple[float, str]]:
    """Ticks at 1, 2, 5 times powers of ten that hold low and high, both above zero."""
    marks = [
        10.0**k * m for k in range(floor(log10(low)), floor(log10(high)) + 2) for m in (1, 2, 5)
    ]
    first = max(i for i, one in enumerate(marks) if one <= low * (1 + 1e-9))
    last = min(i for i, one in enumerate(marks) if one >= high * (1 - 1e-9))
    kept = marks[first : max(last, first + 1) + 1]
    return [(one, f"{one:g}") for one in kept]


def chart(title: str, x: Axis, y: Axis, series: Sequence[Series]) -> str:
    """The chart as an SVG element with a title for readers of screens.

    Parameters
    ----------
    title : over the chart
    x, y : what the axes tell, and their ticks
    series : lines and dots, in the order in which they are drawn
    """
    across = x.place(LEFT, WIDTH - RIGHT)
    up = y.place(HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'font-family="system-ui,sans-serif" font-size="12" fill="{INK}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#ffffff"/>',
        _text(LEFT, 18, title, "start", 14, bold=True),
        *_axes(x, y, across, up),
    ]
    for number, one in enumerate(series):
        colour = one.colour or COLOURS[number % len(COLOURS)]
        parts += _drawn(one, colour, across, up)
        parts += _named(one, colour, TOP + 6 + 18 * number)
    return "".join([*parts, "</svg>"])


def _axes(x: Axis, y: Axis, across: Scale, up: Scale) -> list[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = []
    for value, text in y.ticks:
        at = up(value)
        parts.append(_line(LEFT, at, right, at, GRID, 1))
        parts.append(_text(LEFT - 6, at + 4, text, "end"))
    for value, text in x.ticks:
        at = across(value)
        parts.append(_line(at, bottom, at, bottom + 4, INK, 1))
        parts.append(_text(at, bottom + 17, text, "middle"))
    parts.append(_line(LEFT, bottom, right, bottom, INK, 1))
    parts.append(_text((LEFT + right) / 2, HEIGHT - 10, x.title, "middle"))
    middle = (TOP + bottom) / 2
    turned = f'transform="rotate(-90 14 {middle:g})"'
    return [*parts, _text(14, middle, y.title, "middle", extra=turned)]


def _drawn(one: Series, colour: str, across: Scale, up: Scale) -> list[str]:
    places = [(across(a), up(b)) for a, b in one.points]
    parts = []
    for (at, _), (low, high) in zip(places, one.bars, strict=False):
        parts.append(_line(at, up(low), at, up(high), colour, 1.2))
    if one.dots:
        dots = (f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.6" fill="{colour}"/>' for a, b in places)
        return [*parts, *dots]
    path = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
    dash = ' stroke-dasharray="5 4"' if one.dashed else ""
    parts.append(
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{one.width:g}"'
        f' stroke-linejoin="round"{dash}/>'
    )
    return parts


def _named(one: Series, colour: str, at: float) -> list[str]:
    left = WIDTH - RIGHT + 14
    mark = _line(left, at, left + (8 if one.dashed else 20), at, colour, one.width + 0.4)
    if one.dashed:
        mark += _line(left + 12, at, left + 20, at, colour, one.width + 0.4)
    if one.dots:
        mark = f'<circle cx="{left + 10:g}" cy="{at:g}" r="3.6" fill="{colour}"/>'
    return [mark, _text(left + 27, at + 4, one.name, "start")]


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width:g}"/>'
    )


def _text(
    x: float, y: float, text: str, anchor: str, size: int = 12, bold: bool = False, extra: str = ""
) -> str:
    weight = ' font-weight="650"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"{weight} {extra}>'
        f"{escape(text)}</text>"
    )
