"""GPX 1.1 and KML 2.2: the frame of a file, its points and polygons. Text in, text out."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

#: what XML 1.0 cannot carry, even escaped
_CONTROL = dict.fromkeys([*range(0, 9), 11, 12, *range(14, 32)])
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def carried(value: object) -> str:
    """A text without what XML 1.0 cannot carry."""
    return str(value).translate(_CONTROL)


def plain(value: object) -> str:
    """A text as it may stand inside an element."""
    return escape(carried(value))


def gpx(parts: Iterable[str], note: str, name: str = "") -> str:
    """A GPX file.

    Parameters
    ----------
    parts : waypoints, routes, tracks, in this order
    note : versions, cut-off and handling
    name : of the file, left out if empty
    """
    title = f"<name>{plain(name)}</name>" if name else ""
    return "\n".join(
        [
            _HEAD,
            '<gpx version="1.1" creator="kalbar-risk" xmlns="http://www.topografix.com/GPX/1/1">',
            f"<metadata>{title}<desc>{plain(note)}</desc></metadata>",
            *parts,
            "</gpx>\n",
        ]
    )


def kml(parts: Iterable[str], note: str, name: str) -> str:
    """A KML file.

    Parameters
    ----------
    parts : styles, folders and placemarks
    note : versions, cut-off and handling
    name : of the document
    """
    return "\n".join(
        [
            _HEAD,
            '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>',
            f"<name>{plain(name)}</name><description>{plain(note)}</description>",
            *parts,
            "</Document></kml>\n",
        ]
    )


def polygon(rings: Sequence[Sequence[Sequence[float]]]) -> str:
    """A polygon of KML 2.2: its outer ring and its holes, closed rings of (lon, lat)."""
    corners = []
    for place, ring in enumerate(rings):
        kind = "innerBoundaryIs" if place else "outerBoundaryIs"
        spots = " ".join(f"{lon},{lat}" for lon, lat in ring)
        corners.append(
            f"<{kind}><LinearRing><coordinates>{spots}</coordinates></LinearRing></{kind}>"
        )
    return f"<Polygon>{''.join(corners)}</Polygon>"
