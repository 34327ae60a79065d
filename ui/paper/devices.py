"""Sectors for phones and GPS devices: GPX 1.1 and KML 2.2; frames in, text out."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd

from ui.map import deck, meridian
from ui.rows import each_row


def gpx(sectors: pd.DataFrame, members: Mapping[int, Sequence[str]], words: Sequence[str],
        about: Mapping[str, Any]) -> str:  # fmt: skip
    """A waypoint in the middle of each sector and its outline as a track.

    Parameters
    ----------
    sectors : DataFrame with sector, name (the full one), lat, lon
    members : cells by sector number
    words : one line about each sector
    about : versions and handling note
    """
    points, tracks = [], []
    for row, line in zip(each_row(sectors), words, strict=True):
        name = escape(row.name)
        points.append(
            f'<wpt lat="{row.lat:.5f}" lon="{row.lon:.5f}"><name>{name}</name>'
            f"<desc>{escape(line)}</desc></wpt>"
        )
        for ring in deck.outline(list(members[row.sector])):
            spots = "".join(
                f'<trkpt lat="{lat}" lon="{round(float(meridian.back(lon)), 5)}"/>'
                for lon, lat in ring
            )
            tracks.append(f"<trk><name>{name}</name><trkseg>{spots}</trkseg></trk>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="Kalbar Risk" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<metadata><desc>{escape(_note(about))}</desc></metadata>"
        f"{''.join(points)}{''.join(tracks)}</gpx>\n"
    )


def kml(sectors: pd.DataFrame, members: Mapping[int, Sequence[str]], words: Sequence[str],
        about: Mapping[str, Any], title: str) -> str:  # fmt: skip
    """Each sector as a polygon with its name and one line about it.

    Parameters
    ----------
    sectors : DataFrame with sector, name (the full one), lat, lon
    members : cells by sector number
    words : one line about each sector
    about : versions and handling note
    title : of the document
    """
    marks = []
    for row, line in zip(each_row(sectors), words, strict=True):
        outer = "".join(kml_polygon(part) for part in meridian.polygons_of(members[row.sector]))
        marks.append(
            f"<Placemark><name>{escape(row.name)}</name>"
            f"<description>{escape(line)}</description><styleUrl>#s</styleUrl>"
            f"<MultiGeometry>{outer}<Point><coordinates>{row.lon:.5f},{row.lat:.5f}"
            "</coordinates></Point></MultiGeometry></Placemark>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>{escape(title)}</name><description>{escape(_note(about))}</description>"
        '<Style id="s"><LineStyle><color>ff1d3a9c</color><width>2</width></LineStyle>'
        "<PolyStyle><color>401d3a9c</color></PolyStyle></Style>"
        f"{''.join(marks)}</Document></kml>\n"
    )


def _note(about: Mapping[str, Any]) -> str:
    """Versions, cut-off and handling in one line."""
    return "; ".join(f"{key}: {value}" for key, value in about.items() if value != "")


def kml_polygon(rings: Sequence[Sequence[Sequence[float]]]) -> str:
    """A polygon of KML 2.2: its outer ring and its holes, closed rings of (lon, lat)."""
    told = []
    for place, ring in enumerate(rings):
        kind = "innerBoundaryIs" if place else "outerBoundaryIs"
        spots = " ".join(f"{lon},{lat}" for lon, lat in ring)
        told.append(f"<{kind}><LinearRing><coordinates>{spots}</coordinates></LinearRing></{kind}>")
    return f"<Polygon>{''.join(told)}</Polygon>"
