"""A plan on the map as deck.gl layers; no Streamlit."""

from typing import Any

import pandas as pd

from ui import theme
from ui.map import deck, plan_scene
from ui.theme import Palette
from ui.words import number, t

#: layer id that clicks are read from
SECTORS = "plan-sectors"


def sector_rows(sectors: pd.DataFrame, lang: str) -> bytes:
    """Sectors as JSON rows: h id, n place, c and p classes by chance and planned minutes, v what
    the tooltip says."""
    classes = {
        key: theme.classify(sectors[quantity.column], theme.PLAN_BREAKS[key])
        for key, quantity in theme.PLAN_QUANTITIES.items()
    }
    rows = []
    for (_, row), chance, planned in zip(
        sectors.iterrows(), classes["chance"], classes["planned"], strict=True
    ):
        label = t(
            "plan.tooltip", lang, chance=plan_scene.chance(row["chance"], lang),
            planned=plan_scene.hours(row["planned_minutes"], lang),
            visits=number(row["visits"], lang),
        )  # fmt: skip
        rows.append(
            {"h": row["sector"], "n": plan_scene.place(row, lang), "c": int(chance),
             "p": int(planned), "v": label, "o": int(not row["explore"])}
        )  # fmt: skip
    return deck.compact(rows)


def sector_layer(url: str, key: str, look: Palette) -> dict[str, Any]:
    """The sectors in the ramp of one quantity, "chance" or "planned".

    Parameters
    ----------
    url : where the browser finds the rows of `sector_rows`
    key : of the quantity
    look : colours of the page
    """
    ramp = theme.ramp(theme.PLAN_QUANTITIES[key], look.dark)
    letter = key[0]
    mark = f"{url}|{look.dark}|{key}"
    return {
        "@@type": "H3HexagonLayer",
        "id": SECTORS,
        "data": url,
        "highPrecision": True,
        "extruded": False,
        "stroked": True,
        "pickable": True,
        "autoHighlight": False,
        "getHexagon": "@@=h",
        "getFillColor": deck.choose(letter, [[*colour, 255] for colour in ramp]),
        "getLineColor": [*look.hairline, 255],
        "lineWidthUnits": "pixels",
        "getLineWidth": 0.6,
        "updateTriggers": {"getFillColor": mark},
    }


def route_rows(orders: pd.DataFrame) -> bytes:
    """The ways of all shifts as GeoJSON lines: t number of the team, o the order."""
    teams = {team: k for k, team in enumerate(sorted(orders["team_id"].astype(str).unique()))}
    features = [
        deck.line([line], t=teams[team], o=order)
        for team, order, line in plan_scene.routes(orders)
        if len(line) > 1
    ]
    return deck.compact({"type": "FeatureCollection", "features": features})


def route_layers(url: str, look: Palette, only: tuple[int, int]) -> list[dict[str, Any]]:
    """Ways on a casing; `only` a range of team numbers, filtered in the browser.

    Parameters
    ----------
    url : where the browser finds the rows of `route_rows`
    look : colours of the page
    """
    drawn = []
    for name, colour, width in (
        ("plan-ways-casing", look.halo, 3.6),
        ("plan-ways", look.patrol, 1.7),
    ):
        layer = deck.line_layer(name, url, colour, width)
        layer |= {
            "getFilterValue": "@@=properties.t",
            "filterRange": list(only),
            "extensions": [{"@@type": "DataFilterExtension", "filterSize": 1}],
        }
        drawn.append(layer)
    return drawn


def stop_layers(part: pd.DataFrame, look: Palette) -> list[dict[str, Any]]:
    """The chosen shift: its way in the colour of what is chosen, its stops numbered."""
    (_, _, line), *_ = plan_scene.routes(part)
    points = part[["lat", "lon"]].assign(n=part["seq"].astype(str).to_numpy())
    style = deck.name_style(look, look.chosen, 14) | {"getPointRadius": 4.5}
    data = deck.points(points)
    layers = [
        deck.line_layer("plan-order-casing", deck.line([line]), look.halo, 6),
        deck.line_layer("plan-order", deck.line([line]), look.chosen, 3),
    ]
    return [*(layers if len(line) > 1 else []), deck.name_layer("plan-stops", data, style)]


def post_points(teams: pd.DataFrame) -> pd.DataFrame:
    """The posts that teams set out from: n name, lat, lon."""
    if teams.empty:
        return pd.DataFrame(columns=["n", "lat", "lon"])
    posts = teams.drop_duplicates("post_id")[["post", "lat", "lon"]]
    return posts.rename(columns={"post": "n"}).reset_index(drop=True)


def post_layers(posts: pd.DataFrame, names: str, zoom: int, look: Palette) -> list[dict[str, Any]]:
    """Posts as dots; their names, tiles behind an address, from a zoom on.

    Parameters
    ----------
    posts : from `post_points`
    names : address of the tiles, with {x} and {y}
    zoom : of the tiles, the lowest at which the names show
    look : colours of the page
    """
    marks = {
        **deck.polygon_layer("plan-posts", deck.points(posts), look.chosen, look.halo, 1.2),
        "pointRadiusUnits": "pixels",
        "getPointRadius": 4,
    }
    style = deck.name_style(look, look.chosen, 11) | {
        "getTextPixelOffset": [0, 13],
        "getTextColor": [*look.chosen, 255],
        "getPointRadius": 0,
        "stroked": False,
    }
    return [marks, deck.zoomed_names("plan-post-names", names, zoom, style)]
