import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.support import cells_of_desa, spread


def make(grid, precision, lat=None, lon=None, **more) -> pd.DataFrame:
    lat = grid.lat[0] if lat is None else lat
    lon = grid.lon[0] if lon is None else lon
    return pd.DataFrame(
        [{"event_id": "a", "lat": lat, "lon": lon, "geo_precision": precision, **more}]
    )


def test_a_gps_point_is_in_one_cell(seven):
    found = spread(make(seven, "gps"), seven)
    assert found[["place", "weight"]].to_numpy().tolist() == [[0, 1]]


def test_a_landmark_spreads_by_its_uncertainty(seven):
    near = spread(make(seven, "landmark", uncertainty_km=0.3), seven)
    far = spread(make(seven, "landmark", uncertainty_km=2.5), seven)
    assert near["place"].tolist() == [0]
    assert len(far) == 7
    assert far["weight"].iloc[0] == far["weight"].max() < 0.5


def test_a_desa_is_all_its_cells_by_area(seven):
    codes = {"61.03.21.2001": np.array([1, 2])}
    found = spread(make(seven, "desa", np.nan, np.nan, admin_code="61.03.21.2001"), seven, codes)
    assert found["place"].tolist() == [1, 2]
    assert np.allclose(found["weight"], seven.area_km2[[1, 2]] / seven.area_km2[[1, 2]].sum())


def test_coarse_places_have_no_cell(seven):
    for precision in ("kecamatan", "kabupaten", "unknown"):
        assert spread(make(seven, precision), seven).empty


@given(
    lat=st.floats(0.9, 1.06),
    lon=st.floats(110.28, 110.44),
    km=st.floats(0, 5),
    precision=st.sampled_from(["gps", "landmark"]),
)
def test_an_event_counts_once_or_is_outside(seven, lat, lon, km, precision):
    found = spread(make(seven, precision, lat, lon, uncertainty_km=km), seven)
    assert found.empty or np.isclose(found["weight"].sum(), 1)


def test_a_desa_without_a_centre_gets_the_nearest_cell(seven):
    cells = pd.DataFrame({"cell": seven.cells, "desa_code": "61.03.21.2001"})
    desa = pd.DataFrame(
        {
            "desa_code": ["61.03.21.2001", "61.03.21.2002"],
            "lat": [seven.lat[0], seven.lat[3]],
            "lon": [seven.lon[0], seven.lon[3]],
        }
    )
    found = cells_of_desa(cells, desa, seven)
    assert sorted(found["61.03.21.2001"]) == list(range(7))
    assert found["61.03.21.2002"].tolist() == [3]
