"""Records, patrols, measured lines and sectors' discs over the cells, for deck.gl; no Streamlit."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ui.map.deck import Line, line, line_layer, name_style, rgb, tile_of
from ui.theme import Colour, Palette
from ui.words.labels import on_screen

#: zooms at which discs stand; from the next one on the cells speak for themselves
DISC_ZOOMS = (5, 6, 7, 8)
#: pixels: radius of the largest sector's disc, and the least that holds a number
LARGEST, NUMBERED = 12.0, 7.5


def record_layers(
    records: dict[str, Any], rings: list[Line], look: Palette
) -> list[dict[str, Any]]:
    """Records of the chosen cell by precision: gps a point, landmark a ring, desa its outline.

    Parameters
    ----------
    records : GeoJSON points with p ("gps" or "landmark") and u (uncertainty, metres)
    rings : rings (lon, lat) around the cells over which desa-level records are spread
    look : colours of the page
    """
    blue, pale = rgb(look.chosen), rgb(look.halo)
    marks = {
        "@@type": "GeoJsonLayer",
        "id": "records",
        "data": records,
        "pickable": False,
        "pointRadiusUnits": "meters",
        "getPointRadius": "@@=properties.u",
        "pointRadiusMinPixels": 4,
        "filled": True,
        "stroked": True,
        "getFillColor": f"@@=properties.p=='gps'?[{blue},255]:[{blue},40]",
        "getLineColor": f"@@=properties.p=='gps'?[{pale},255]:[{blue},255]",
        "lineWidthUnits": "pixels",
        "getLineWidth": 1.5,
    }
    layers = [line_layer("records-desa", line(rings), look.chosen, 1.5)] if rings else []
    return [*layers, marks] if records["features"] else layers


def fine_layer(url: str, colours: list[Colour], look: Palette) -> dict[str, Any]:
    """Small cells (rows h cell, n records) in the upper colours of the ramp: one, two, more.

    Parameters
    ----------
    url : where the browser finds the rows
    colours : of a ramp, from least to most
    look : colours of the page
    """
    one, two, more = ([*colour, 235] for colour in colours[2:])
    return {
        "@@type": "H3HexagonLayer",
        "id": "fine-cells",
        "data": url,
        "pickable": False,
        "highPrecision": True,
        "extruded": False,
        "stroked": True,
        "getHexagon": "@@=h",
        "getFillColor": f"@@=n>2?{more}:(n==2?{two}:{one})".replace(" ", ""),
        "getLineColor": [*look.halo, 255],
        "lineWidthUnits": "pixels",
        "getLineWidth": 1,
        "updateTriggers": {"getFillColor": f"{look.dark}"},
    }


def week_records(
    url: str, look: Palette, weeks: tuple[int, int], only: tuple[int, int]
) -> list[dict[str, Any]]:
    """Records of some weeks (rows lon, lat, week, k, p, u): gps a dot, others a ring as wide as
    the place is uncertain. Weeks and districts are filtered in the browser.

    Parameters
    ----------
    url : where the browser finds the rows
    look : colours of the page
    weeks : places of the first and last week that show
    only : numbers of the first and last kecamatan that show
    """
    blue, pale = rgb(look.chosen), rgb(look.halo)
    return [
        {
            "@@type": "ScatterplotLayer",
            "id": "week-records",
            "data": url,
            "pickable": False,
            "getPosition": "@@=[lon,lat]",
            "getRadius": "@@=u",
            "radiusMinPixels": 3,
            "filled": True,
            "stroked": True,
            "getFillColor": f"@@=p=='gps'?[{blue},255]:[{blue},26]",
            "getLineColor": f"@@=p=='gps'?[{pale},255]:[{blue},255]",
            "lineWidthUnits": "pixels",
            "getLineWidth": 1.2,
            **_filtered(weeks, only),
        }
    ]


def week_patrols(
    url: str, look: Palette, weeks: tuple[int, int], only: tuple[int, int]
) -> list[dict[str, Any]]:
    """Patrol effort of some weeks (rows lon, lat, week, k, m minutes): area of a dot ~ minutes.

    Parameters
    ----------
    url : where the browser finds the rows
    look : colours of the page
    weeks : places of the first and last week that show
    only : numbers of the first and last kecamatan that show
    """
    return [
        {
            "@@type": "ScatterplotLayer",
            "id": "week-patrols",
            "data": url,
            "pickable": False,
            "getPosition": "@@=[lon,lat]",
            "getRadius": "@@=m",
            "radiusScale": 4,
            "radiusMinPixels": 1.5,
            "radiusMaxPixels": 9,
            "filled": True,
            "stroked": False,
            "getFillColor": [*look.patrol, 90],
            **_filtered(weeks, only),
        }
    ]


def _filtered(weeks: tuple[int, int], only: tuple[int, int]) -> dict[str, Any]:
    return {
        "getFilterValue": "@@=[week,k]",
        "filterRange": [list(weeks), list(only)],
        "extensions": [{"@@type": "DataFilterExtension", "filterSize": 2}],
    }


def contested_layers(
    places: list[tuple[list[Line], float, float]], look: Palette
) -> list[dict[str, Any]]:
    """A dashed outline with a question mark around each contested cell or sector.

    Parameters
    ----------
    places : (rings (lon, lat), lat, lon of the mark) of each
    """
    if not places:
        return []
    rings = [ring for some, _, _ in places for ring in some]
    signs = [
        {"type": "Feature", "properties": {"n": "?"},
         "geometry": {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}}
        for _, lat, lon in places
    ]  # fmt: skip
    dashed = line_layer("contested", line(rings), look.ink, 2.4) | {
        "extensions": [{"@@type": "PathStyleExtension", "dash": True, "highPrecisionDash": True}],
        "getDashArray": [3, 2],
    }
    style = name_style(look, look.ink, 16) | {
        "getPointRadius": 0, "stroked": False, "getTextPixelOffset": [0, 0],
    }  # fmt: skip
    whole = {"type": "FeatureCollection", "features": signs}
    return [
        line_layer("contested-casing", line(rings), look.halo, 5),
        dashed,
        {"@@type": "GeoJsonLayer", "id": "contested-signs", "data": whole, **style},
    ]


def measure_layers(ends: list[list[float]], text: str, look: Palette) -> list[dict[str, Any]]:
    """A straight line between two places (lon, lat) with its length.

    Parameters
    ----------
    ends : lon, lat of both places
    text : the length in words
    look : colours of the page
    """
    middle = [sum(one) / 2 for one in zip(*ends, strict=True)]
    label = {
        "type": "Feature", "properties": {"n": text},
        "geometry": {"type": "Point", "coordinates": middle},
    }  # fmt: skip
    style = name_style(look, look.chosen, 14) | {"getTextColor": [*look.ink, 255]}
    return [
        line_layer("measure-casing", line([ends]), look.halo, 5),
        line_layer("measure", line([ends]), look.chosen, 2),
        {"@@type": "GeoJsonLayer", "id": "measure-text", "data": label, **style},
    ]


def place_discs(
    sectors: pd.DataFrame, zooms: Sequence[int] = DISC_ZOOMS
) -> dict[int, pd.DataFrame]:
    """Where discs stand at each zoom: their area is as their expected events, the first is 1.

    One that would lie on a larger one, or is too small for its number, is left out: it shows closer
    up, and its cells show already.

    Parameters
    ----------
    sectors : the ranked list: lat, lon (degrees), risk (expected events)
    zooms : whole zooms of the map

    Returns
    -------
    By zoom: DataFrame with n (number), r (radius, pixels), lat, lon, the smallest
        first, so that larger ones lie above.
    """
    if sectors.empty:
        return {}
    share = np.sqrt(sectors["risk"].to_numpy(float) / max(float(sectors["risk"].max()), 1e-12))
    sizes = LARGEST * share
    placed = {}
    for zoom in zooms:
        spots = np.column_stack(on_screen(sectors, zoom - 0.25))
        kept: list[int] = []
        for i, (spot, size) in enumerate(zip(spots, sizes, strict=True)):
            apart = all(np.hypot(*(spot - spots[j])) >= 0.7 * (size + sizes[j]) for j in kept)
            if size >= NUMBERED and apart:
                kept.append(i)
        table = sectors[["lat", "lon"]].iloc[kept]
        table = table.assign(n=[str(i + 1) for i in kept], r=sizes[kept].round(1))
        placed[zoom] = table.sort_values("r", kind="stable")
    return placed


def disc_tiles(placed: dict[int, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The discs by tile of the map, "zoom-x-y"; a tile of a closer zoom is empty."""
    found: dict[str, pd.DataFrame] = {}
    for zoom, table in placed.items():
        x, y = tile_of(table["lat"].to_numpy(float), table["lon"].to_numpy(float), zoom)
        found |= {f"{zoom}-{key[0]}-{key[1]}": part for key, part in table.groupby([x, y])}
    return found
