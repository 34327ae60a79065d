"""Where a cell stands on the screen, and whether it has the colour that the legend gives it."""

import gzip
import io
import json
import re
import urllib.request
from dataclasses import dataclass

import h3
import numpy as np
from PIL import Image

#: finds deck.gl's own object behind the map, which knows where a place stands on the screen
_DECK = """() => {
  const map = document.querySelector('[data-testid=stDeckGlJsonChart]');
  if (!map) return null;
  for (const node of [map, ...map.querySelectorAll('*')]) {
    const key = Object.keys(node).find(one => one.startsWith('__reactFiber'));
    for (let fibre = key && node[key], up = 0; fibre && up < 60; fibre = fibre.return, up++) {
      for (let hook = fibre.memoizedState, n = 0; hook && n < 60; hook = hook.next, n++) {
        const kept = hook.memoizedState;
        for (const one of [kept, kept?.current, kept?.deck, kept?.current?.deck])
          if (one?.layerManager) return one;
      }
    }
  }
  return null;
}"""
_PROJECT = f"""places => {{
  const deck = ({_DECK})();
  const view = deck && deck.getViewports && deck.getViewports()[0];
  return view ? places.map(place => view.project(place)) : null;
}}"""
_CAMERA = f"""() => {{
  const deck = ({_DECK})();
  const view = deck && deck.getViewports()[0];
  return view ? [view.longitude, view.latitude, view.zoom] : null;
}}"""
_SWATCHES = """() => [...document.querySelectorAll('.kr-legend')].map(one =>
  [...one.querySelectorAll('.kr-class i')].map(i => getComputedStyle(i).backgroundColor))"""


@dataclass(frozen=True)
class Cells:
    """Sampled cells: id, class in the shown view, whether dots lie over them."""

    ids: list[str]
    classes: np.ndarray
    dotted: np.ndarray


def camera(screen) -> tuple[float, float, float]:
    """Longitude, latitude and zoom of the map."""
    return tuple(screen.page.evaluate(_CAMERA))


def legend(screen, number: int = 0) -> list[tuple[int, int, int]]:
    """The class colours of a legend as the browser draws them."""
    told = screen.page.evaluate(_SWATCHES)[number]
    return [tuple(int(part) for part in re.findall(r"\d+", one)[:3]) for one in told]


def rows(screen, layer: str) -> list[dict]:
    """The rows of a layer, fetched as the browser fetched them."""
    with urllib.request.urlopen(f"{screen.address}/{screen.layer(layer)['data']}") as answer:
        return json.loads(gzip.decompress(answer.read()))


def sample(screen, layer: str, letter: str, view: int | None, inside: set[str] | None) -> Cells:
    """Cells of a layer, each class about alike often.

    Parameters
    ----------
    layer : id of the layer; its rows are fetched as the browser fetched them
    letter : property that holds the class, or one digit for each view
    view : which digit; None if the property is the class itself
    inside : ids to choose from, None for all
    """
    found = [row for row in rows(screen, layer) if inside is None or row["h"] in inside]
    classes = np.array([int(row[letter] if view is None else row[letter][view]) for row in found])
    dice, chosen = np.random.default_rng(0), []
    for kind in range(classes.max() + 1 if len(classes) else 0):
        here = np.flatnonzero(classes == kind)
        chosen += list(dice.permutation(here)[:60])
    dotted = np.array([row.get("o", 0) == 1 for row in found])
    return Cells([found[i]["h"] for i in chosen], classes[chosen], dotted[chosen])


def agree(screen, cells: Cells, colours, wide: int = 0) -> dict[int, tuple[int, int]]:
    """Of the sampled cells on the screen: class -> (those in the legend's colour, all of them).

    A cell has its colour if the middle does, or under dots some of the pixels there.

    Parameters
    ----------
    cells : the sample
    colours : of the legend, by class
    wide : pixels around the middle that lie in the cell; a fifth of them must have the colour, as
        ways, stops and codes stand in the middle of a large one
    """
    picture = np.asarray(Image.open(io.BytesIO(screen.map.screenshot())).convert("RGB")).astype(int)
    places = [[lon, lat] for lat, lon in (h3.cell_to_latlng(one) for one in cells.ids)]
    spots = screen.page.evaluate(_PROJECT, places)
    assert spots is not None, "no map on this page"
    told: dict[int, list[int]] = {}
    height, width, _ = picture.shape
    scale, box = screen.page.locator(".st-key-scale .kr-legend"), screen.map.bounding_box()
    over = scale.bounding_box() if scale.count() else None  # the scale lies over the map's foot
    for (x, y), kind, dotted in zip(spots, cells.classes, cells.dotted, strict=True):
        if not (60 < x < width - 60 and 12 < y < height - 12):  # buttons stand at the edge
            continue
        if over and y + box["y"] > over["y"] - 3 and x + box["x"] < over["x"] + over["width"] + 3:
            continue
        reach = wide or (2 if dotted else 0)
        column, row = round(x), round(y)
        patch = picture[row - reach : row + reach + 1, column - reach : column + reach + 1]
        right = np.abs(patch - colours[kind]).max(axis=2) <= 6
        good = right.mean() >= 0.2 if wide else right.any()
        told.setdefault(int(kind), [0, 0])
        told[int(kind)][0] += int(good)
        told[int(kind)][1] += 1
    return {kind: (good, n) for kind, (good, n) in told.items()}


def share_of(screen, places: list[list[float]], wanted: list) -> float:
    """Share of the places (lon, lat) on the screen near which a pixel has the wanted colour."""
    picture = np.asarray(Image.open(io.BytesIO(screen.map.screenshot())).convert("RGB")).astype(int)
    height, width, _ = picture.shape
    good = []
    for (x, y), colour in zip(screen.page.evaluate(_PROJECT, places), wanted, strict=True):
        if 60 < x < width - 60 and 12 < y < height - 140:  # buttons above, the scale below
            column, row = round(x), round(y)
            patch = picture[row - 1 : row + 2, column - 1 : column + 2]
            good.append(bool((np.abs(patch - colour).max(axis=2) <= 6).any()))
    assert len(good) >= 6, f"{len(good)} places on the screen"
    return float(np.mean(good))


def wait_until_they_agree(
    screen, cells: Cells, colours, what: str, seconds: float = 12, wide: int = 0
) -> None:
    """The map must show every class in the legend's colour: nearly all of the cells in each.

    A few may lie under a line or a name. `wide` as for `agree`.
    """
    for _ in range(int(seconds / 0.4)):
        found = agree(screen, cells, colours, wide)
        if found and all(good >= 0.8 * n - 1 for good, n in found.values()):
            assert sum(n for _, n in found.values()) >= 10, f"{what}: too few cells on the screen"
            return
        screen.page.wait_for_timeout(400)
    raise AssertionError(f"{what}: class -> (in the legend's colour, on the screen): {found}")
