"""Ramps are even, fit for colour-blind eyes, and texts reach contrast AA."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from ui import theme

AA = 4.5
#: what a red-blind and a green-blind eye makes of linear sRGB (Vienot et al. 1999)
BLIND = {
    "protan": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    "deutan": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
}


def lightness(colour) -> float:
    """CIE L* of an sRGB colour."""
    y = theme._luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def seen_by(colour, eye: str):
    share = np.array(colour) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(BLIND[eye]) @ linear, 0, 1)
    return tuple(
        np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055) * 255
    )


ONE_SIDED = [q for q in theme.QUANTITIES.values() if not q.two_sided]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("quantity", ONE_SIDED, ids=lambda q: q.key)
def test_steps_of_a_ramp_look_equal(quantity, dark):
    steps = np.diff([lightness(colour) for colour in theme.ramp(quantity, dark)])
    assert (steps > 0).all() if dark else (steps < 0).all()
    assert np.abs(steps).min() > 8
    assert np.abs(steps).max() < 1.6 * np.abs(steps).min()


@pytest.mark.parametrize("eye", BLIND)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("quantity", ONE_SIDED, ids=lambda q: q.key)
def test_classes_stay_apart_for_colour_blind_eyes(quantity, dark, eye):
    seen = [lightness(seen_by(colour, eye)) for colour in theme.ramp(quantity, dark)]
    assert np.abs(np.diff(seen)).min() > 7


@pytest.mark.parametrize("dark", [False, True])
def test_a_fall_and_a_rise_differ_in_hue_also_for_colour_blind_eyes(dark):
    fall, *_, rise = theme.ramp(theme.QUANTITIES["change"], dark)
    for eye in BLIND:
        one, other = seen_by(fall, eye), seen_by(rise, eye)
        assert abs((one[2] - one[0]) - (other[2] - other[0])) > 60  # bluer against redder


@pytest.mark.parametrize("look", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_text_reaches_contrast_aa(look):
    for ground in (look.paper, look.land, look.abroad):
        assert theme.contrast(look.ink, ground) >= 7
    assert theme.contrast(look.muted, look.paper) >= AA
    assert theme.contrast(look.chosen, look.paper) >= AA
    assert theme.contrast(look.border, look.land) >= 7


@pytest.mark.parametrize("look", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_chips_on_every_class_are_legible(look):
    for fill in theme.ramp(theme.QUANTITIES["risk"], look.dark):
        best = max(theme.contrast((15, 15, 18), fill), theme.contrast((255, 255, 255), fill))
        assert best >= AA


def test_classes_follow_the_shares_of_the_area():
    values = pd.Series(np.linspace(0.001, 1, 1000))
    breaks = theme.find_breaks(theme.QUANTITIES["risk"], values)
    counts = np.bincount(theme.classify(values, breaks), minlength=7)
    assert breaks == sorted(breaks)
    assert abs(counts[4:].sum() - 10) <= 6 and abs(counts[3] - 40) <= 15
    assert counts.sum() == 1000


def test_the_hotspots_fall_into_three_classes():
    values = pd.Series(np.geomspace(1e-5, 0.5, 30_000))
    breaks = theme.find_breaks(theme.QUANTITIES["risk"], values)
    inside = theme.classify(values[values >= breaks[3]], breaks)
    shares = np.bincount(inside, minlength=7)[4:] / len(inside)
    assert (shares > 0.08).all() and (inside >= 4).all()
    assert len(theme.find_breaks(theme.QUANTITIES["events"], values)) == 4


@pytest.mark.parametrize("look", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("quantity", ONE_SIDED, ids=lambda q: q.key)
def test_a_higher_class_stands_out_more_on_either_screen(quantity, look):
    for ground in (look.land, look.abroad):
        out = [theme.contrast(colour, ground) for colour in theme.ramp(quantity, look.dark)]
        assert out == sorted(out) and out[0] < 1.5 and out[-1] > 4


def test_change_is_cut_on_both_sides_of_zero():
    values = pd.Series([-5.0, -1, 0, 0, 0, 0, 0, 0, 0.5, 6, np.nan])
    breaks = theme.find_breaks(theme.QUANTITIES["change"], values)
    assert breaks[0] == -breaks[3] and breaks[1] == -breaks[2]
    assert theme.classify(values, breaks)[2] == 2
    assert theme.classify(values, breaks)[-1] == 2


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [np.nan], [0.0, 3.0]])
def test_breaks_rise_even_without_data(values):
    breaks = theme.find_breaks(theme.QUANTITIES["events"], pd.Series(values, dtype=float))
    assert all(one < other for one, other in pairwise(breaks))
