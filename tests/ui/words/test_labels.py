"""Names on the map: each on a side where none lies on another."""

import pandas as pd

from ui.words.labels import SIDES, place_names


def named(*places) -> pd.DataFrame:
    return pd.DataFrame(places, columns=["n", "lat", "lon"])


def test_a_name_alone_stands_above_its_dot():
    told = place_names(named(("Entikong", 0.98, 110.36)), [8, 9], 12)
    assert told["a"].tolist() == ["middle"] and told["o"].tolist() == [[0, -11]]


def test_neighbours_take_different_sides():
    far = named(("Entikong", 0.98, 110.36), ("Badau", 1.04, 111.88))
    near = named(("Entikong", 0.98, 110.36), ("PLBN Entikong", 0.98, 110.365))
    assert place_names(far, [8, 9], 12)["o"].tolist() == [[0, -11], [0, -11]]
    one, other = place_names(near, [8, 9], 12)["o"].tolist()
    assert one != other


def test_where_no_side_is_free_a_name_stays_or_goes_as_asked():
    crowd = named(*[(f"Desa {i}", 0.98, 110.36) for i in range(len(SIDES) + 1)])
    assert place_names(crowd, [8, 9], 12)["n"].tolist() == crowd["n"].tolist()
    assert place_names(crowd, [8, 9], 12, every=False)["n"].iloc[-1] == ""
    assert (place_names(crowd, [8, 9], 12, every=False)["n"] != "").sum() == len(SIDES)
