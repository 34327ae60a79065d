"""Line charts for docs as SVG, drawn by reportlab."""

from pathlib import Path

from reportlab.graphics import renderSVG
from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib.colors import HexColor

COLOURS = ("#8f2d0c", "#3b6ea5", "#777777", "#b58900")


def draw_lines(path: Path, title: str, x: str, y: str, lines: dict[str, list[tuple]]) -> None:
    """Write one chart; `lines` maps a label to its points (x, y)."""
    drawing = Drawing(640, 320)
    drawing.add(String(50, 300, title, fontSize=13, fontName="Helvetica-Bold"))
    plot = LinePlot()
    plot.x, plot.y, plot.width, plot.height = 50, 60, 560, 220
    plot.data = list(lines.values())
    plot.yValueAxis.valueMin = 0
    plot.yValueAxis.labels.fontSize = plot.xValueAxis.labels.fontSize = 9
    for number in range(len(lines)):
        plot.lines[number].strokeColor = HexColor(COLOURS[number])
        plot.lines[number].strokeWidth = 2
    drawing.add(plot)
    drawing.add(String(50, 34, f"{x}   |   {y}", fontSize=9))
    at = 50
    for number, label in enumerate(lines):
        colour = HexColor(COLOURS[number])
        drawing.add(String(at, 14, f"— {label}", fontSize=10, fillColor=colour))
        at += 22 + 6 * len(label)
    path.write_text(renderSVG.drawToString(drawing), encoding="utf-8")
