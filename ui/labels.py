"""On which side of its dot a name stands, so that neighbouring names do not lie on each other."""

import numpy as np
import pandas as pd

#: sides in the order they are tried: anchor, offset in pixels, and where the box lies from the dot
#: (shares of the name's width and of its height)
SIDES = (
    ("middle", (0, -11), (-0.5, 0.5)),
    ("middle", (0, 13), (-0.5, 0.5)),
    ("start", (8, 0), (0.0, 1.0)),
    ("end", (-8, 0), (-1.0, 0.0)),
)
#: width of a letter as a share of the text size
LETTER = 0.56


def place_names(places: pd.DataFrame, zoom: float, size: float, every: bool = True) -> pd.DataFrame:
    """Give each name its side, the first rows first.

    Parameters
    ----------
    places : DataFrame with n (name), lat, lon
    zoom : zoom of the map at which the names must not overlap
    size : text size, pixels
    every : a name that is free on no side stands above its dot; otherwise its dot stays nameless

    Returns
    -------
    The same rows with a (anchor) and o (offset in pixels, [x, y]).
    """
    x, y = _on_screen(places, zoom)
    taken: list[tuple[float, float, float, float]] = []
    sides, names = [], []
    for name, px, py in zip(places["n"], x, y, strict=True):
        wide = LETTER * size * len(name)
        boxes = [_box(px, py, wide, size, side) for side in SIDES]
        free = [i for i, box in enumerate(boxes) if not any(_touch(box, one) for one in taken)]
        best = free[0] if free else 0
        sides.append(SIDES[best])
        names.append(name if free or every else "")
        if names[-1]:
            taken.append(boxes[best])
    return places.assign(n=names, a=[one[0] for one in sides], o=[list(one[1]) for one in sides])


def _on_screen(places: pd.DataFrame, zoom: float) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (web Mercator, tiles of 512 pixels)."""
    world = 512 * 2**zoom
    turn = np.deg2rad(places["lat"].to_numpy(float))
    x = (places["lon"].to_numpy(float) + 180) / 360 * world
    return x, (1 - np.arcsinh(np.tan(turn)) / np.pi) / 2 * world


def _box(x: float, y: float, wide: float, size: float, side) -> tuple[float, float, float, float]:
    _, (right, down), (west, east) = side
    middle, half = y + down, 0.4 * size
    return x + right + west * wide, middle - half, x + right + east * wide, middle + half


def _touch(one, other) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
