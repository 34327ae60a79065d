"""Charts as SVG: well-formed, inside their frame, escaped, nothing fetched."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from ui import plots
from ui.plots import Axis, Series


def drawn(*series: Series, log: bool = False) -> str:
    ticks = plots.decades(0.1, 10) if log else plots.steps(0, 10)
    return plots.chart("a <b> & c", Axis("x", ticks, log), Axis("y", plots.steps(0, 1)), series)


@pytest.mark.parametrize("log", [False, True])
def test_a_chart_is_well_formed_and_stays_inside(log):
    one = Series("<i>", [(0.1, 0.0), (5, 0.5), (10, 1.0)], bars=[(0, 0.2)] * 3)
    text = drawn(one, Series("dots", [(1, 0.4), (99, 7)], dots=True), log=log)
    tree = ElementTree.fromstring(text)
    assert tree.find("{*}title").text == "a <b> & c"
    assert "<b>" not in text and "<i>" not in text and "href" not in text
    points = tree.find(".//{*}polyline").get("points").split()
    spots = [tuple(map(float, one.split(","))) for one in points]
    spots += [(float(c.get("cx")), float(c.get("cy"))) for c in tree.iterfind(".//{*}circle")]
    for x, y in spots:
        assert 0 <= x <= plots.WIDTH and plots.TOP - 1 <= y <= plots.HEIGHT - plots.BOTTOM + 1


def test_a_larger_value_is_further_right_and_higher():
    points = re.search(r'points="([^"]+)"', drawn(Series("s", [(1, 0.1), (2, 0.2), (9, 0.9)])))
    spots = [tuple(map(float, one.split(","))) for one in points[1].split()]
    assert spots == sorted(spots) and [-y for _, y in spots] == sorted(-y for _, y in spots)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-0.3, 4.2), (0, 0), (3, 3), (0.001, 0.0042)])
def test_ticks_are_round_and_hold_the_ends(low, high):
    ticks = [value for value, _ in plots.steps(low, high)]
    assert ticks[0] <= low + 1e-9 and ticks[-1] >= high - 1e-9
    assert 2 <= len(ticks) <= 10


@pytest.mark.parametrize(("low", "high"), [(0.5, 50), (0.01, 0.02), (1, 1), (3, 900)])
def test_decades_hold_the_ends(low, high):
    ticks = [value for value, _ in plots.decades(low, high)]
    assert ticks[0] <= low and ticks[-1] >= high and len(ticks) >= 2
