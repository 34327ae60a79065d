"""The ground under the cells, laid once on the shelf: layers and names become URLs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ui.map import deck
from ui.map.transport import Shelf
from ui.theme import Palette
from ui.words.labels import place_names

#: from which zoom on the smaller names appear
TOWN_ZOOM, POST_ZOOM, DESA_ZOOM = 8, 9, 10
#: at which zooms the names of cities must stand clear of each other: first view, and closer
CITY_ZOOMS = (6.2, 7.0, 8.0)


@dataclass(frozen=True)
class BaseMap:
    """URLs of the base layers; "" where the area has no such layer."""

    backdrop: str = ""
    land: str = ""
    kabupaten: str = ""
    kecamatan: str = ""
    border: str = ""
    beyond: str = ""
    posts: str = ""
    cities: str = ""
    towns: str = ""
    post_names: str = ""
    desa: str = ""

    def below(self, look: Palette) -> list[dict[str, Any]]:
        """What lies under the cells."""
        layers = [
            (self.backdrop, deck.polygon_layer("backdrop", self.backdrop, look.abroad, None)),
            (self.land, deck.polygon_layer("land", self.land, look.land, None)),
        ]
        return [layer for url, layer in layers if url]

    def lines(self, look: Palette) -> list[dict[str, Any]]:
        """Over the cells: the other side of the border, district lines, the border itself."""
        layers = [
            (self.beyond, [deck.polygon_layer("beyond", self.beyond, look.abroad, None)]),
            (self.kecamatan, [deck.line_layer("kecamatan", self.kecamatan, look.hairline, 0.7)]),
            (self.kabupaten, [deck.line_layer("kabupaten", self.kabupaten, look.line, 1.5)]),
            (self.border, deck.border_layers(self.border, look) if self.border else []),
        ]
        return [layer for url, some in layers if url for layer in some]

    def names(self, look: Palette) -> list[dict[str, Any]]:
        """Names by zoom: villages last, cities always."""
        ink = look.ink
        layers = [
            (self.desa, DESA_ZOOM, "desa-names", deck.name_style(look, look.muted, 12, quiet=True)),
            (self.towns, TOWN_ZOOM, "town-names", deck.name_style(look, ink, 12)),
        ]
        drawn = [deck.zoomed_names(n, url, zoom, style) for url, zoom, n, style in layers if url]
        if self.cities:
            drawn.append(deck.name_layer("city-names", self.cities, deck.name_style(look, ink, 13)))
        return drawn

    def post_marks(self, look: Palette) -> list[dict[str, Any]]:
        """Posts with their rings, and their names from a zoom on."""
        if not self.posts:
            return []
        style = deck.name_style(look, look.chosen, 11) | {
            "getTextColor": [*look.chosen, 255],
            "getPointRadius": 0,
            "stroked": False,
        }
        names = deck.zoomed_names("post-names", self.post_names, POST_ZOOM, style)
        return [*deck.post_layers(self.posts, look), names]


def lay_base(
    shelf: Shelf, layers: Mapping[str, bytes], tables: Mapping[str, pd.DataFrame], scope: str
) -> BaseMap:
    """Put the base layers on the shelf.

    Parameters
    ----------
    shelf : where the browser finds them
    layers : GeoJSON bytes by name: backdrop, land, kabupaten, kecamatan, border, beyond (its
        other side, which hides what of a cell lies there); any may lack
    tables : towns (name, lat, lon, rank), desa (desa, lat, lon), posts (name, lat, lon,
        uncertainty_km); some may be missing; a row without a position is not drawn
    scope : whose they are; another one's address opens nothing
    """
    tables = {name: table.dropna(subset=["lat", "lon"]) for name, table in tables.items()}
    urls = {name: shelf.put(content, scope) for name, content in layers.items()}
    if "towns" in tables:
        towns = tables["towns"].rename(columns={"name": "n"})[["n", "lat", "lon", "rank"]]
        cities = place_names(towns[towns["rank"] == 1], CITY_ZOOMS, 13)
        urls["cities"] = shelf.put(deck.compact(deck.points(cities)), scope)
        small = place_names(
            towns[towns["rank"] > 1], [TOWN_ZOOM, TOWN_ZOOM + 1, TOWN_ZOOM + 2], 12, every=False
        )
        urls["towns"] = shelf.put_tiles(small, TOWN_ZOOM, scope)
    if "desa" in tables:
        desa = tables["desa"].rename(columns={"desa": "n"})[["n", "lat", "lon"]]
        urls["desa"] = shelf.put_tiles(desa, DESA_ZOOM, scope)
    if "posts" in tables:
        posts = tables["posts"].rename(columns={"name": "n", "uncertainty_km": "u"})
        posts = posts[["n", "u", "lat", "lon"]]
        urls["posts"] = shelf.put(deck.compact(deck.points(posts)), scope)
        named = place_names(posts, [POST_ZOOM + 0.5, POST_ZOOM + 1.5], 11)
        urls["post_names"] = shelf.put_tiles(named, POST_ZOOM, scope)
    return BaseMap(**urls)
