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


@pytest.mark.parametrize("coverage", [0, -0.5, 1.01])
def test_no_coverage_and_more_than_all_are_refused(coverage):
    with pytest.raises(ValueError, match=f"0 < coverage <= 1, got {coverage}"):
        select_hotspots(pd.Series([1.0], ["a"]), pd.Series([1.0], ["a"]), coverage)


def test_a_cell_with_as_much_as_is_asked_for_is_a_hotspot_and_one_with_less_is_not(seven):
    risk, area = series(seven, [0.5, 0.49, 0.6, 0, 0, 0, 0])
    chosen = select_hotspots(risk, area, 1.0, least=0.5)
    assert chosen.tolist() == [True, False, True, False, False, False, False]


def strip(disk, width):
    """The hotspots in a strip from the west to the east, `width` km to either side."""
    return pd.Series(np.abs(disk.xy_km[:, 1]) < width, index=disk.cells)


def test_a_group_of_twelve_stays_whole_and_one_of_thirteen_is_cut(disk):
    order = np.argsort(np.hypot(*(disk.xy_km - disk.xy_km[60]).T), kind="stable")
    for size, pieces in ((12, 1), (13, 2)):
        hot = pd.Series(np.isin(np.arange(len(disk)), order[:size]), index=disk.cells)
        assert build_sectors(hot, disk).max() == pieces


def test_a_group_is_cut_across_its_longer_axis(disk):
    hot = strip(disk, 3.0)
    sector = build_sectors(hot, disk, int(np.ceil(hot.sum() / 2)))
    assert sector.max() == 2
    west, east = sorted((disk.xy_km[(sector == n).to_numpy(), 0] for n in (1, 2)),
                        key=lambda x: x.mean())  # fmt: skip
    assert west.max() <= east.min() + disk.spacing_km


def test_a_hotspot_outside_the_grid_is_refused(seven, disk):
    hot = pd.Series(True, index=[seven.cells[0], "8765601a9ffffff"])
    with pytest.raises(ValueError, match="1 hotspots lie outside the grid"):
        build_sectors(hot, seven)
    assert build_sectors(hot * False, seven).tolist() == [0, 0]


def test_sectors_are_described_one_by_one_the_riskiest_first(seven):
    """Two sectors and a third as risky as the second: sums, middles, and the order of ties."""
    at = dict(zip("abcdef", seven.cells, strict=False))
    sector = pd.Series([1, 1, 2, 3, 0], index=[at[name] for name in "abcde"])
    risk = pd.DataFrame({"risk": [1.0, 3.0, 9.0, 4.0, 50.0]}, index=sector.index)
    risk = risk.assign(lo=risk["risk"] / 2, hi=risk["risk"] * 2, previous=1.0)
    cells = pd.DataFrame(
        {
            "lat": [0.0, 1.0, 2.0, 3.0, 4.0], "lon": [10.0, 14.0, 20.0, 30.0, 40.0],
            "area_km2": [5.0, 6.0, 7.0, 8.0, 9.0], "kabupaten_code": list("vwxyz"),
            "kecamatan_code": list("VWXYZ"), "observed": [True, False, True, True, True],
        },
        index=sector.index,
    )  # fmt: skip
    table = describe_sectors(sector, risk, cells).set_index("sector")
    tie = [1, 3] if at["b"] < at["d"] else [3, 1]
    assert table.index.tolist() == [2, *tie]
    row = table.loc[1]
    assert (row["cells"], row["area_km2"], row["risk"], row["previous"]) == (2, 11.0, 4.0, 2.0)
    assert (row["lat"], row["lon"]) == pytest.approx((0.75, 13.0))
    assert (row["kabupaten_code"], row["kecamatan_code"], row["cell"]) == ("w", "W", at["b"])
    assert (row["change"], row["observed_share"]) == (2.0, 0.5)
    assert table.loc[2, ["lat", "lon", "risk"]].tolist() == [2.0, 20.0, 9.0]
    assert row["lo"] < 4.0 < row["hi"] and row["lo"] > 2.0 and row["hi"] < 8.0
