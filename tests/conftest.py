"""The seven-cell world: one cell and its ring, small enough to count by hand."""

import h3
import pandas as pd
import pytest
from hypothesis import settings

from geo.grid import Grid

# A busy machine is no fault of an example; speed is measured in bench/.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

CENTRE = h3.latlng_to_cell(0.98, 110.36, 7)


@pytest.fixture(scope="session")
def seven() -> Grid:
    """The centre first, its ring behind it in H3's order."""
    return Grid([CENTRE, *sorted(set(h3.grid_disk(CENTRE, 1)) - {CENTRE})])


@pytest.fixture(scope="session")
def weeks() -> pd.DatetimeIndex:
    return pd.date_range("2025-01-06", periods=6, freq="7D", name="week")


@pytest.fixture(scope="session")
def disk() -> Grid:
    """Six rings: large enough for a cluster and a quiet side."""
    return Grid(sorted(h3.grid_disk(CENTRE, 6)))
