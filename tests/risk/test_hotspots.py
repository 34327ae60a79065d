import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from risk.hotspots import build_sectors, describe_sectors, select_hotspots


def series(grid, values) -> tuple[pd.Series, pd.Series]:
    return pd.Series(values, index=grid.cells), pd.Series(grid.area_km2, index=grid.cells)


@given(
    values=st.lists(st.floats(0, 10), min_size=7, max_size=7),
    small=st.floats(0.01, 1),
    large=st.floats(0.01, 1),
)
def test_a_larger_coverage_keeps_every_hotspot(seven, values, small, large):
    risk, area = series(seven, values)
    small, large = sorted((small, large))
    fewer, more = (select_hotspots(risk, area, coverage) for coverage in (small, large))
    assert not (fewer & ~more).any()
    assert area[more].sum() <= large * area.sum() + 1e-6


def test_order_of_cells_does_not_matter(seven):
    risk, area = series(seven, [1, 1, 1, 3, 1, 1, 0])
    chosen = select_hotspots(risk, area, 0.5)
    turned = select_hotspots(risk[::-1], area, 0.5)
    assert chosen[turned.index].equals(turned)
    assert chosen.iloc[3]


def test_zero_and_missing_risk_are_no_hotspots(seven):
    risk, area = series(seven, [np.nan, 0, 0, 2, 0, 0, 0])
    assert select_hotspots(risk, area, 1.0).sum() == 1


def test_coverage_is_a_share():
    with pytest.raises(ValueError, match="share of the area"):
        select_hotspots(pd.Series([1.0], ["a"]), pd.Series([1.0], ["a"]), 5)


@given(chosen=st.sets(st.integers(0, 126), min_size=1), most=st.integers(2, 12))
def test_sectors_are_connected_small_and_complete(disk, chosen, most):
    hot = pd.Series(np.isin(np.arange(len(disk)), list(chosen)), index=disk.cells)
    sector = build_sectors(hot, disk, most)
    assert (sector.gt(0) == hot).all()
    ring = disk.neighbours(1)
    for number in range(1, sector.max() + 1):
        place = np.flatnonzero(sector == number)
        assert 0 < len(place) <= most
        assert connected_components(ring[place][:, place])[0] == 1


def test_a_sector_is_described_by_its_highest_cell(seven):
    hot = pd.Series([True, True, False, False, False, False, False], index=seven.cells)
    risk = pd.DataFrame({"risk": 1.0, "lo": 0.5, "hi": 2.0, "previous": 1.0}, index=seven.cells)
    risk.loc[seven.cells[1], "risk"] = 3.0
    cells = pd.DataFrame(
        {
            "lat": seven.lat,
            "lon": seven.lon,
            "area_km2": seven.area_km2,
            "kabupaten_code": "61.03",
            "kecamatan_code": "61.03.21",
            "observed": [True, False] * 3 + [True],
        },
        index=seven.cells,
    )
    table = describe_sectors(build_sectors(hot, seven), risk, cells)
    row = table.iloc[0]
    assert (row["cells"], row["risk"], row["change"]) == (2, 4.0, 2.0)
    assert row["cell"] == seven.cells[1]
    assert row["observed_share"] == 0.5


def test_cells_are_ranked_by_risk_per_km2_and_not_by_risk(seven):
    """A large cell with a little more risk is the worse place for an hour of patrol."""
    cells = seven.cells[:4]
    risk = pd.Series([1.0, 1.2, 0.1, 0.1], index=cells)
    area = pd.Series([1.0, 4.0, 1.0, 1.0], index=cells)
    chosen = select_hotspots(risk, area, 1 / 7)
    assert chosen.tolist() == [True, False, False, False]
