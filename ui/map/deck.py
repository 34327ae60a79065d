"""Frames -> deck.gl spec as JSON text; no Streamlit.

Bulky data (cells, ground, outlines) is handed over as a URL that the browser keeps; the spec
itself stays a few kB, so a filter costs next to nothing. The cells' class colour is laid as the
*background* of a fill pattern: watched cells bear dots, elsewhere the pattern is empty.
A click makes Streamlit dim the fill of all other cells; the background stays as it is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from ui.map import meridian
from ui.theme import Colour, Palette, upon

#: corners of a line or ring: lon, lat
Line = list[list[float]]

#: layer id that clicks are read from; it never changes, so the camera and the selection survive
CELLS = "cells"
#: layer id of the land between the last cells and the border, which answers for the nearest cell
STRIP = "strip"
#: what deck.gl's FillStyleExtension calls the colours that it lays under a pattern
BACKGROUND = "fillPatternBackgroundColors"
#: a range of kecamatan numbers that keeps every cell
EVERYWHERE = (-1, 100_000)


@dataclass
class Deck:
    """A finished spec in the shape `st.pydeck_chart` reads (it asks for these four names)."""

    text: str
    tooltip: str
    layers: None = None
    mapbox_key: None = None
    _tooltip: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        style = {
            "fontFamily": "Source Sans, sans-serif",
            "fontSize": "13px",
            "lineHeight": "1.35",
            "maxWidth": "280px",
            "borderRadius": "6px",
            "padding": "8px 10px",
            "backgroundColor": "rgba(24,26,32,0.94)",
            "color": "#ffffff",
            "whiteSpace": "pre-line",
        }
        self._tooltip = {"text": self.tooltip, "style": style}

    def to_json(self) -> str:
        """The spec as compact JSON."""
        return self.text


#: a camera further from Greenwich than this (degrees) may see across 180
NEXT_TURN = 170.0


@dataclass(frozen=True)
class View:
    """Where the camera stands; equal numbers leave the camera where the person moved it."""

    lat: float
    lon: float
    zoom: float

    @classmethod
    def around(
        cls, lat: pd.Series, lon: pd.Series, width: int = 600, height: int = 500, most: float = 11.0
    ) -> "View":
        """The camera that shows all the given points with a margin, at zoom `most` at most.

        Parameters
        ----------
        lat, lon : points, degrees
        width, height : of the map, pixels
        """
        if not len(lat):
            return cls(0.0, 110.0, 6.0)
        turned = meridian.beside(lon)
        west, east, south, north = turned.min(), turned.max(), lat.min(), lat.max()
        across = max(east - west, 0.05) / 360 * 512
        down = max(north - south, 0.05) / 360 * 512
        zoom = min(np.log2(width * 0.92 / across), np.log2(height * 0.92 / down), most)
        middle = (south + north) / 2, meridian.back((west + east) / 2)
        return cls(round(float(middle[0]), 4), round(float(middle[1]), 4), round(float(zoom), 2))


def cell_rows(
    cells: pd.DataFrame,
    classes: list[np.ndarray],
    texts: list[list[str]],
    note: list[str],
    kecamatan: Mapping[str, int],
) -> bytes:
    """The cells as JSON rows with all views that need no new data: h id, k number of the
    kecamatan, n place, s remark, o 1 where somebody looked; c one digit per view (its class, or
    the one behind the last where it is unknown), v0, v1 …
    what the tooltip says in each view.

    Parameters
    ----------
    cells : DataFrame with cell, kecamatan_code, place (str), observed (bool)
    classes, texts : per view, class of each cell and its value in words
    note : remark on each cell
    kecamatan : number of each kecamatan, for the browser's filter
    """
    digits = np.array(classes).T.astype(int).astype(str)
    names = [f"v{place}" for place in range(len(texts))]
    rows = [
        {"h": h, "c": "".join(c), "k": kecamatan.get(k, -1), "n": n, "s": s, "o": int(o)}
        | dict(zip(names, told, strict=True))
        for h, c, k, n, s, o, told in zip(
            cells["cell"], digits, cells["kecamatan_code"], cells["place"], note,
            cells["observed"], zip(*texts, strict=True), strict=True,
        )
    ]  # fmt: skip
    return compact(rows)


def strip_rows(cells: bytes, pieces: pd.DataFrame) -> bytes:
    """Pieces of land as JSON rows that say what their cell says, with its rings as p.

    Parameters
    ----------
    cells : rows of `cell_rows`, of the cells that pieces belong to
    pieces : DataFrame with cell and rings (closed, lon lat)
    """
    said = {row["h"]: row for row in json.loads(cells)}
    rows = [
        {**said[cell], "p": rings}
        for cell, rings in zip(pieces["cell"], pieces["rings"], strict=True)
        if cell in said
    ]
    return compact(rows)


def rows_json(frame: pd.DataFrame) -> bytes:
    """Rows as JSON; coordinates to the metre."""
    rounded = frame.assign(**{name: frame[name].round(5) for name in ("lat", "lon")})
    return compact(rounded.to_dict("records"))


def outline(cells: list[str]) -> list[Line]:
    """Closed rings (lon, lat) around a set of cells, holes included; longitudes run on."""
    rings = []
    for polygon in meridian.outlines(cells):
        for ring in polygon:
            points = [[round(lon, meridian.MAP), round(lat, meridian.MAP)] for lon, lat in ring]
            rings.append([*points, points[0]])
    return rings


def outline_rows(sector: pd.Series, kecamatan: pd.Series, number: Mapping[str, int]) -> bytes:
    """Outlines of sectors as GeoJSON lines: t sector, k number of its kecamatan.

    Parameters
    ----------
    sector : sector number of each cell (index), 0 for none
    kecamatan : kecamatan code by sector number
    number : number of each kecamatan, for the browser's filter
    """
    inside = sector[sector > 0]
    features = [
        line(outline(list(part.index)), t=int(name), k=number.get(kecamatan.get(name, ""), -1))
        for name, part in inside.groupby(inside)
    ]
    return compact({"type": "FeatureCollection", "features": features})


def points(frame: pd.DataFrame) -> dict[str, Any]:
    """Named points as GeoJSON; the columns besides lat and lon become properties."""
    rows = frame.drop(columns=["lat", "lon"]).to_dict("records")
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": {"type": "Point", "coordinates": [round(x, 5), round(y, 5)]},
        }
        for row, x, y in zip(rows, frame["lon"].tolist(), frame["lat"].tolist(), strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def tile_of(lat: np.ndarray, lon: np.ndarray, zoom: int) -> tuple[np.ndarray, np.ndarray]:
    """Web map tile (x, y) of each point.

    Parameters
    ----------
    lat, lon : points, degrees, shape (n,)
    zoom : of the tiles
    """
    turn = np.deg2rad(np.asarray(lat, dtype=float))
    x = (np.asarray(lon, dtype=float) + 180) / 360 * 2**zoom
    y = (1 - np.arcsinh(np.tan(turn)) / np.pi) / 2 * 2**zoom
    return np.floor(x).astype(int), np.floor(y).astype(int)


def compact(value: object) -> bytes:
    """JSON without a space; NaN is refused."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def background(colour: Colour) -> str:
    """A base map of one colour inside the page itself: nothing is ever fetched."""
    layer = {
        "id": "sea",
        "type": "background",
        "paint": {"background-color": "#{:02x}{:02x}{:02x}".format(*colour)},
    }
    style = {"version": 8, "sources": {}, "layers": [layer]}
    return "data:application/json," + quote(json.dumps(style, separators=(",", ":")))


def choose(variable: str, colours: list[list[int]]) -> str:
    """deck.gl expression: colours[variable], as nested conditions."""
    text = str(colours[0])
    for place, colour in enumerate(colours[1:], start=1):
        text = f"{variable}=={place}?{colour}:({text})"
    return "@@=" + text.replace(" ", "")


def cell_layer(
    url: str, colours: list[Colour], look: Palette, only: tuple[int, int], view: int = 0
) -> dict[str, Any]:
    """The hexagons: class colour of one view everywhere, dotted where somebody looked.

    On a map that can be clicked Streamlit replaces the layer's `updateTriggers` by one of its own
    for `getFillColor`, so the word that the background's colour changed would be lost. It goes to
    the filled polygons themselves instead, under the name of their attribute.

    Parameters
    ----------
    url : where the browser finds the rows of `cell_rows`
    colours : of the classes, and behind them that of unknown
    look : colours of the page
    only : numbers of the first and last kecamatan that show
    view : place of the view among those of the rows
    """
    looks, fill = _classed(url, colours, look, only, view)
    return {
        "@@type": "H3HexagonLayer",
        "id": CELLS,
        "highPrecision": True,
        "getHexagon": "@@=h",
        **looks,
        "_subLayerProps": {"hexagon-cell-hifi": {"_subLayerProps": fill}},
    }


def strip_layer(
    url: str, colours: list[Colour], look: Palette, only: tuple[int, int], view: int = 0
) -> dict[str, Any]:
    """The land between the last cells and the border, in the colours of the nearest cells.

    Parameters
    ----------
    url : where the browser finds the rows of `strip_rows`
    colours : of the classes, and behind them that of unknown
    look : colours of the page
    only : numbers of the first and last kecamatan that show
    view : place of the view among those of the rows
    """
    looks, fill = _classed(url, colours, look, only, view)
    return {
        "@@type": "PolygonLayer",
        "id": STRIP,
        "getPolygon": "@@=p",
        **looks,
        "_subLayerProps": fill,
    }


def _classed(
    url: str, colours: list[Colour], look: Palette, only: tuple[int, int], view: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What cells and strip have in common, and the settings of the filled polygons themselves.

    Parameters
    ----------
    url : where the browser finds the rows
    colours : of the classes, and behind them that of unknown
    look : colours of the page
    only : numbers of the first and last kecamatan that show
    view : place of the view among those of the rows
    """
    digit = f"c[{view}]"
    empty = [[*colour, 0] for colour in colours]
    dots = [[*upon(colour), 190] for colour in colours]
    mark = f"{url}|{look.dark}|{view}|{colours[-1]}"
    looks = {
        "data": url,
        "stroked": False,
        "extruded": False,
        "pickable": True,
        "autoHighlight": False,
        "getFillColor": f"@@=o==1?({choose(digit, dots)[3:]}):({choose(digit, empty)[3:]})",
        "getFillPatternBackgroundColor": choose(digit, [[*colour, 255] for colour in colours]),
        "getFillPattern": "@@=o==1?'dots':'plain'",
        "fillPatternSizeUnits": "pixels",
        "fillPatternMapping": {"dots": {"type": "dots", "radius": 0.9, "gap": 3.6, "angle": 45}},
        "getFilterValue": "@@=k",
        "filterRange": list(only),
        "extensions": [
            {"@@type": "DataFilterExtension", "filterSize": 1},
            {"@@type": "FillStyleExtension", "pattern": True, "proceduralPattern": True},
        ],
        "updateTriggers": {"getFillColor": mark},
    }
    return looks, {"fill": {"updateTriggers": {BACKGROUND: mark}}}


def polygon_layer(
    name: str, data: object, fill: Colour | None, line: Colour | None, width: float = 1.0
) -> dict[str, Any]:
    """Land or districts from GeoJSON behind a URL.

    Parameters
    ----------
    name : id of the layer
    data : GeoJSON, or where the browser finds it
    fill : of the areas; None for none
    line : of their edges; None for none
    width : of the edges, pixels
    """
    return {
        "@@type": "GeoJsonLayer",
        "id": name,
        "data": data,
        "pickable": False,
        "filled": fill is not None,
        "stroked": line is not None,
        "getFillColor": [*(fill or (0, 0, 0)), 255],
        "getLineColor": [*(line or (0, 0, 0)), 255],
        "lineWidthUnits": "pixels",
        "getLineWidth": width,
    }


def line_layer(
    name: str, data: object, colour: Colour, width: float, only: tuple[int, int] | None = None
) -> dict[str, Any]:
    """Lines of constant pixel width; `only` filters by kecamatan number.

    Parameters
    ----------
    name : id of the layer
    data : GeoJSON, or where the browser finds it
    colour : of the lines
    width : of the lines, pixels
    """
    layer = polygon_layer(name, data, None, colour, width)
    layer |= {"lineJointRounded": True, "lineCapRounded": True}
    if only is not None:
        layer |= {
            "getFilterValue": "@@=properties.k",
            "filterRange": list(only),
            "extensions": [{"@@type": "DataFilterExtension", "filterSize": 1}],
        }
    return layer


def grow(layer: dict[str, Any], metres: float, least: float, most: float) -> dict[str, Any]:
    """Let a line grow with the map between two widths in pixels.

    Parameters
    ----------
    layer : settings of a layer of lines; a copy is given back
    metres : width on the ground
    least, most : width on the screen, pixels
    """
    width = {"lineWidthUnits": "meters", "getLineWidth": metres}
    return {**layer, **width, "lineWidthMinPixels": least, "lineWidthMaxPixels": most}


def hotspot_layers(url: str, look: Palette) -> list[dict[str, Any]]:
    """Outlines of sectors in ink over a casing, gone where the map is small: discs stand there."""
    casing = line_layer("hotspot-casing", url, look.halo, 1)
    ink = line_layer("hotspots", url, look.hotspot, 1)
    return [grow(casing, 700, 0, 4.5), grow(ink, 320, 0, 2.2)]


def border_layers(url: str, look: Palette) -> list[dict[str, Any]]:
    """The border: strong dashes over a casing. It outranks every line, and stays narrow enough to
    leave the strip beside it to be seen."""
    dashed = {
        **polygon_layer("border-line", url, None, look.border, 1),
        "extensions": [{"@@type": "PathStyleExtension", "dash": True, "highPrecisionDash": True}],
        "getDashArray": [5, 2],
    }
    casing = polygon_layer("border-casing", url, None, look.halo, 1)
    return [grow(casing, 900, 3, 5), grow(dashed, 500, 1.8, 2.8)]


def name_style(look: Palette, dot: Colour, size: float, quiet: bool = False) -> dict[str, Any]:
    """GeoJsonLayer settings of a dot with its name (property n) above it.

    Parameters
    ----------
    look : colours of the page
    dot : its colour
    size : of the text, pixels
    quiet : for names that should not stand out
    """
    return {
        "pickable": False,
        "pointType": "circle+text",
        "stroked": True,
        "filled": True,
        "getFillColor": [*dot, 255],
        "getLineColor": [*look.halo, 255],
        "lineWidthUnits": "pixels",
        "getLineWidth": 1,
        "pointRadiusUnits": "pixels",
        "getPointRadius": 2.2 if quiet else 3.2,
        "getText": "@@=properties.n",
        "getTextSize": size,
        "getTextColor": [*look.ink, 225 if quiet else 255],
        "getTextPixelOffset": "@@=properties.o||[0,-11]",
        "getTextAnchor": "@@=properties.a||'middle'",
        "textFontFamily": "Source Sans",
        "textFontWeight": 600,
        "textCharacterSet": "auto",
        "textFontSettings": {"sdf": True, "fontSize": 64, "buffer": 16, "radius": 20},
        "textOutlineWidth": 7,
        "textOutlineColor": [*look.halo, 245],
    }


def name_layer(name: str, data: object, style: dict[str, Any]) -> dict[str, Any]:
    """Names that are always there.

    Parameters
    ----------
    name : id of the layer
    data : GeoJSON, or where the browser finds it
    style : from `name_style`
    """
    return {"@@type": "GeoJsonLayer", "id": name, "data": data, **style}


def zoomed_names(name: str, template: str, zoom: int, style: dict[str, Any]) -> dict[str, Any]:
    """Names that appear only from a zoom on: a tile layer draws nothing above its lowest zoom.

    Parameters
    ----------
    name : id of the layer
    template : address of the tiles, with {x} and {y}
    zoom : of the tiles, the lowest at which the names show
    style : from `name_style`
    """
    return {
        "@@type": "TileLayer",
        "id": name,
        "data": template,
        "minZoom": zoom,
        "maxZoom": zoom,
        "maxRequests": 6,
        **style,
    }


def code_layer(template: str, zoom: int, look: Palette) -> dict[str, Any]:
    """The code of each sector in the middle of its risk, from a zoom on.

    Parameters
    ----------
    template : address of the tiles, with {x} and {y}
    zoom : of the tiles, the lowest at which the codes show
    look : colours of the page
    """
    style = name_style(look, look.ink, 13) | {
        "getTextPixelOffset": [0, 0],
        "getPointRadius": 0,
        "stroked": False,
    }
    return zoomed_names("sector-codes", template, zoom, style)


def disc_layer(template: str, last: int, look: Palette) -> dict[str, Any]:
    """Numbered discs of sectors (n number, r radius in pixels) up to a zoom.

    Parameters
    ----------
    template : address of the tiles, with {z}, {x} and {y}; those behind `last` are empty
    last : the closest zoom at which discs stand
    look : colours of the page
    """
    style = name_style(look, look.paper, 11) | {
        "getPointRadius": "@@=properties.r",
        "getLineColor": [*look.hotspot, 255],
        "getLineWidth": 1.4,
        "getTextPixelOffset": [0, 0],
        "textOutlineWidth": 0,
    }
    return {
        "@@type": "TileLayer", "id": "sector-discs", "data": template, "minZoom": 0,
        "maxZoom": last + 1, "maxRequests": 6, **style,
    }  # fmt: skip


def chosen_name(rings: list[Line], text: str, look: Palette) -> dict[str, Any]:
    """What was chosen, named over its outline.

    Parameters
    ----------
    rings : from `outline`
    text : number and name
    look : colours of the page
    """
    top = max((corner for ring in rings for corner in ring), key=lambda corner: corner[1])
    data = {
        "type": "Feature", "properties": {"n": text},
        "geometry": {"type": "Point", "coordinates": top},
    }  # fmt: skip
    style = name_style(look, look.chosen, 14) | {
        "getPointRadius": 0, "stroked": False, "getTextPixelOffset": [0, -12],
    }  # fmt: skip
    return name_layer("chosen-name", data, style)


def post_layers(url: str, look: Palette) -> list[dict[str, Any]]:
    """Border posts: a ringed dot, and a circle as wide as the place is uncertain (u, km)."""
    ring = {
        "@@type": "GeoJsonLayer",
        "id": "post-rings",
        "data": url,
        "pickable": False,
        "filled": False,
        "stroked": True,
        "pointRadiusUnits": "meters",
        "getPointRadius": "@@=properties.u*1000",
        "getLineColor": [*look.chosen, 150],
        "lineWidthUnits": "pixels",
        "getLineWidth": 1,
    }
    # an open ring: a click makes Streamlit fade fills, but no lines
    mark = {
        **ring,
        "id": "post-marks",
        "getPointRadius": 900,
        "pointRadiusMinPixels": 1.8,
        "pointRadiusMaxPixels": 4.5,
        "getLineColor": [*look.chosen, 255],
        "lineWidthUnits": "meters",
        "getLineWidth": 500,
        "lineWidthMinPixels": 1.2,
        "lineWidthMaxPixels": 3,
    }
    return [ring, mark]


def chosen_layers(rings: list[Line], look: Palette, what: str = "sector") -> list[dict[str, Any]]:
    """The outline of the chosen cell or sector, above everything else.

    Parameters
    ----------
    rings : from `outline`
    look : colours of the page
    what : "sector" or "cell", part of the layers' ids
    """
    return [
        line_layer(f"chosen-{what}-casing", line(rings), look.halo, 7),
        line_layer(f"chosen-{what}", line(rings), look.chosen, 3.5),
    ]


def spec(layers: list[dict[str, Any]], view: View, look: Palette) -> str:
    """The whole deck as compact JSON text.

    Parameters
    ----------
    layers : from below to above
    view : where the camera stands
    look : colours of the page
    """
    whole = {
        "initialViewState": {
            "latitude": view.lat,
            "longitude": view.lon,
            "zoom": view.zoom,
            "minZoom": 5,
            "maxZoom": 15,
            "pitch": 0,
            "bearing": 0,
        },
        "views": [
            {
                "@@type": "MapView",
                "controller": {"dragRotate": False, "touchRotate": False},
                # near 180 degrees the next turn of the globe is drawn as well, else half is missing
                **({"repeat": True} if abs(view.lon) > NEXT_TURN else {}),
            }
        ],
        "mapProvider": "maplibre",
        "mapStyle": background(look.sea),
        "layers": layers,
    }
    return compact(whole).decode()


def rgb(colour: Colour) -> str:
    return ",".join(map(str, colour))


def line(rings: list[Line], **properties: object) -> dict[str, Any]:
    geometry = {"type": "MultiLineString", "coordinates": rings}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
