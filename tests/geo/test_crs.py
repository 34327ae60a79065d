"""Longitudes on either side of 180 degrees."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import crs

turns = st.integers(-2, 2)
degrees = st.floats(-180, 180)


@given(lon=st.lists(degrees, min_size=1, max_size=6), at=st.floats(-400, 400), turn=turns)
def test_beside_a_place_a_longitude_is_the_same_and_at_most_half_a_turn_away(lon, at, turn):
    told = crs.beside(np.array(lon) + 360 * turn, at)
    assert (np.abs(told - at) <= 180 + 1e-9).all()
    assert np.allclose(np.cos(np.radians(told - lon)), 1)


def test_longitudes_that_lie_together_stay_as_they_are():
    """Up to half a turn apart; the first says where the others are laid beside."""
    near = np.array([-90.0, 20.0, 90.0])
    assert crs.beside(near).tolist() == near.tolist()
    assert crs.beside(np.array([-90.0, 90.5])).tolist() == [-90.0, -269.5]
    assert crs.beside(np.array([179.0, -178.0, 177.0])).tolist() == [179.0, 182.0, 177.0]
    assert crs.beside(np.array([-178.0, 179.0])).tolist() == [-178.0, -181.0]
    assert crs.beside(np.array([])).tolist() == []


@given(lon=degrees, turn=turns)
def test_back_is_between_the_ends_and_the_same_place(lon, turn):
    told = float(crs.back(lon + 360 * turn))
    assert -180 <= told <= 180
    assert np.cos(np.radians(told - lon)) == pytest.approx(1)
    assert turn or told == lon


def test_back_leaves_both_ends():
    assert crs.back(np.array([-180.0, 180.0, 180.5, -181.0, 540.0])).tolist() == [
        -180.0, 180.0, -179.5, 179.0, -180.0,
    ]  # fmt: skip
