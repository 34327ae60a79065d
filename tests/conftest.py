"""The seven-cell world: one cell and its ring, small enough to count by hand."""

from pathlib import Path

import h3
import pandas as pd
import pytest
from hypothesis import settings

from geo.grid import Grid

# A busy machine is no fault of an example; speed is measured in bench/.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

#: What starts servers, plays a year, or draws whole pages: left out of `make quick`.
SLOW = (
    "browser/", "data/gate/test_attack", "data/gate/test_disclose", "data/intake/test_mend",
    "data/intake/test_places_in", "data/intake/test_read", "data/link/",
    "data/personal/test_personal_lines", "data/personal/test_personal_time", "data/store/",
    "data/test_delay", "data/test_values", "data/worlds/", "joins/", "risk/engine/", "risk/plan/",
    "risk/scores/test_proving", "risk/test_assessment", "test_across_180", "test_cli",
    "test_deploy", "test_leaks", "test_scopes", "test_start",
    "ui/map/test_sectors_told", "ui/paper/", "ui/test_app", "ui/test_contest", "ui/test_damage",
    "ui/test_data_pages", "ui/test_plan_page", "ui/test_twins_told",
)  # fmt: skip


def pytest_collection_modifyitems(items) -> None:
    """Mark what is slow by where it lies; `make quick` leaves it out, `make test` does not."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).as_posix().startswith(SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def no_fault_of_the_program(request, caplog):
    """A page or a command that meets a fault says so instead of raising it: no test may miss it."""
    yield
    if request.node.get_closest_marker("fault") is None:
        met = [
            one.getMessage() for one in caplog.get_records("call") if one.name == "kalbar.faults"
        ]
        assert not met, met


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
