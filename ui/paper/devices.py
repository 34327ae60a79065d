"""Sectors for phones and GPS devices: GPX 1.1 and KML 2.2; frames in, text out."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ui.map import deck, meridian
from ui.paper import gps
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
        name = gps.plain(row.name)
        points.append(
            f'<wpt lat="{row.lat:.5f}" lon="{row.lon:.5f}"><name>{name}</name>'
            f"<desc>{gps.plain(line)}</desc></wpt>"
        )
        for ring in deck.outline(list(members[row.sector])):
            spots = "".join(
                f'<trkpt lat="{lat}" lon="{round(float(meridian.back(lon)), 5)}"/>'
                for lon, lat in ring
            )
            tracks.append(f"<trk><name>{name}</name><trkseg>{spots}</trkseg></trk>")
    return gps.gpx([*points, *tracks], _note(about))


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
        outer = "".join(gps.polygon(part) for part in meridian.polygons_of(members[row.sector]))
        marks.append(
            f"<Placemark><name>{gps.plain(row.name)}</name>"
            f"<description>{gps.plain(line)}</description><styleUrl>#s</styleUrl>"
            f"<MultiGeometry>{outer}<Point><coordinates>{row.lon:.5f},{row.lat:.5f}"
            "</coordinates></Point></MultiGeometry></Placemark>"
        )
    look = (
        '<Style id="s"><LineStyle><color>ff1d3a9c</color><width>2</width></LineStyle>'
        "<PolyStyle><color>401d3a9c</color></PolyStyle></Style>"
    )
    return gps.kml([look, *marks], _note(about), title)


def _note(about: Mapping[str, Any]) -> str:
    """Versions, cut-off and handling in one line."""
    return "; ".join(f"{key}: {value}" for key, value in about.items() if value != "")
