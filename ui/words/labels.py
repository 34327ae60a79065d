"""On which side of its dot a name stands, so that neighbouring names do not lie on each other."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

Box = tuple[float, float, float, float]

#: sides in the order they are tried: anchor, offset in pixels, and where the box lies from the dot
#: (shares of the name's width and of its height)
Side = tuple[str, tuple[int, int], tuple[float, float]]
SIDES: tuple[Side, ...] = (
    ("middle", (0, -11), (-0.5, 0.5)),
    ("middle", (0, 13), (-0.5, 0.5)),
    ("start", (8, 0), (0.0, 1.0)),
    ("end", (-8, 0), (-1.0, 0.0)),
)
#: width of a letter as a share of the text size
LETTER = 0.56


def place_names(
    places: pd.DataFrame, zooms: Sequence[float], size: float, every: bool = True
) -> pd.DataFrame:
    """Give each name its side, the first rows first.

    Parameters
    ----------
    places : DataFrame with n (name), lat, lon
    zooms : zooms of the map at which the names must not overlap
    size : text size, pixels
    every : a name that is free on no side stands above its dot; otherwise its dot stays nameless

    Returns
    -------
    The same rows with a (anchor) and o (offset in pixels, [x, y]).
    """
    spots = [np.column_stack(on_screen(places, zoom)) for zoom in zooms]
    taken: list[list[Box]] = []
    sides, names = [], []
    for row, name in enumerate(places["n"]):
        wide = LETTER * size * len(name)
        at = [(float(x), float(y)) for x, y in (spot[row] for spot in spots)]
        tried = [[_box(x, y, wide, size, side) for x, y in at] for side in SIDES]
        free = [i for i, boxes in enumerate(tried) if not any(_touch(boxes, one) for one in taken)]
        best = free[0] if free else 0
        sides.append(SIDES[best])
        names.append(name if free or every else "")
        if names[-1]:
            taken.append(tried[best])
    return places.assign(
        n=names,
        a=[one[0] for one in sides],
        o=pd.Series([list(one[1]) for one in sides], places.index, dtype=object),
    )


def on_screen(places: pd.DataFrame, zoom: float) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (web Mercator, tiles of 512 pixels)."""
    world = 512 * 2**zoom
    turn = np.deg2rad(places["lat"].to_numpy(float))
    x = (places["lon"].to_numpy(float) + 180) / 360 * world
    return x, (1 - np.arcsinh(np.tan(turn)) / np.pi) / 2 * world


def _box(x: float, y: float, wide: float, size: float, side: Side) -> Box:
    _, (right, down), (west, east) = side
    middle, half = y + down, 0.4 * size
    return x + right + west * wide, middle - half, x + right + east * wide, middle + half


def _touch(ones: Sequence[Box], others: Sequence[Box]) -> bool:
    """Whether two names overlap at any of the zooms."""
    return any(
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        for one, other in zip(ones, others, strict=True)
    )
