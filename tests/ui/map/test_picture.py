"""A map on paper: what is left out of an outline is never seen, and a layer is read once."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from ui.map import picture

FRAME = picture.Frame(110.0, 1.0, 110.6, 1.5, 300.0, 250.0)
RED = (200, 0, 0)


def coast(seed: int) -> np.ndarray:
    """A ring far larger than the window, thousands of corners, in and out of it."""
    rng = np.random.default_rng(seed)
    turn = np.linspace(0, 2 * np.pi, 6000)
    far = 0.35 + 0.25 * np.sin(3 * turn + rng.uniform(0, 6)) + 0.004 * rng.random(len(turn))
    ring = np.column_stack([110.3 + 1.6 * far * np.cos(turn), 1.25 + far * np.sin(turn)])
    ring[-1] = ring[0]
    return ring


def drawn(points: list[tuple[float, float]]) -> np.ndarray:
    made = picture.Picture(FRAME.width, FRAME.height)
    made.polygons([points], RED)
    pen = Image.open(io.BytesIO(picture.as_png(made, 2.0)))
    return np.asarray(pen.convert("RGB"))[:, :, 1] < 128


@pytest.mark.parametrize("seed", range(5))
def test_what_is_left_out_of_an_outline_is_not_seen(seed):
    ring = coast(seed)
    layer = json.dumps({"features": [{"geometry": {"coordinates": [ring.tolist()]}}]}).encode()
    (told,) = picture._rings(layer, FRAME)
    assert len(told) < len(ring) / 2
    assert (drawn(told) != drawn(FRAME.ring(ring))).mean() < 0.002
    assert told[0] == FRAME.ring(ring)[0] and told[-1] == FRAME.ring(ring)[-1]


def test_a_layer_is_read_once_for_many_papers(monkeypatch):
    layer = json.dumps({"features": [{"geometry": {"coordinates": coast(9).tolist()}}]}).encode()
    picture._rings(layer, FRAME)
    monkeypatch.setattr(picture.json, "loads", lambda _: pytest.fail("read again"))
    assert picture._rings(layer, picture.Frame(110.1, 1.1, 110.4, 1.4, 300.0, 300.0))
