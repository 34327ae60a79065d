"""Files for phones and GPS devices stay well-formed, whatever a name holds, and have one writer."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from tests.serving import HOUSE
from ui.paper import gps

WORST = "a\x00\x0b<b>&\"'\n]]>\x1f é"


@pytest.mark.parametrize(
    "made",
    [
        gps.gpx([f"<wpt><name>{gps.plain(WORST)}</name></wpt>"], WORST, WORST),
        gps.kml([f"<Placemark><name>{gps.plain(WORST)}</name></Placemark>"], WORST, WORST),
    ],
)
def test_no_text_breaks_a_file(made):
    root = ElementTree.fromstring(made)
    told = [one.text for one in root.iter() if one.text and "é" in one.text]
    assert told == ["a<b>&\"'\n]]> é"] * 3


def test_a_file_without_a_name_has_a_note():
    root = ElementTree.fromstring(gps.gpx([], "catatan"))
    (about,) = root
    assert [one.text for one in about] == ["catatan"]


def test_a_hole_is_an_inner_boundary():
    ring = [(0, 0), (1, 0), (1, 1), (0, 0)]
    told = gps.polygon([ring, ring])
    assert re.findall("<(outer|inner)Boundary", told) == ["outer", "inner"]


def test_one_room_writes_gpx_and_kml():
    """A second frame or escaper would differ one day."""
    for path in (HOUSE / "ui").rglob("*.py"):
        if path.name != "gps.py":
            told = path.read_text(encoding="utf-8")
            assert not re.findall("<gpx|<kml|saxutils import escape", told), path
