"""Ways over the ground: symmetric, by the shortest way, slower where it is steep or wooded."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from risk.plan.travel import DETOUR, speed_kmh, travel, travel_graph


def ground(grid, **columns) -> pd.DataFrame:
    return pd.DataFrame({"cell": grid.cells, "area_km2": grid.area_km2, **columns})


def test_flat_open_ground_is_walked_at_tobler_speed(seven):
    speed = speed_kmh(ground(seven, relief_m=0.0, forest=0.0, dist_desa_km=1.0), "foot")
    assert speed == pytest.approx(np.full(7, 6 * np.exp(-3.5 * 0.05)))


def test_relief_and_forest_slow_and_roads_speed_up(seven):
    flat = ground(seven, relief_m=0.0, forest=0.0, dist_desa_km=9.0)
    for worse in (flat.assign(relief_m=600.0), flat.assign(forest=1.0)):
        for mode in ("foot", "motorbike"):
            assert (speed_kmh(worse, mode) <= speed_kmh(flat, mode)).all()
    near = flat.assign(dist_desa_km=0.5)
    assert (speed_kmh(near, "motorbike") > 3 * speed_kmh(flat, "motorbike")).all()


def test_a_boat_is_of_use_at_the_coast_only(seven):
    sea = ground(
        seven, relief_m=0.0, forest=0.0, dist_desa_km=9.0, dist_coast_km=[0] * 3 + [50] * 4
    )
    assert (speed_kmh(sea, "boat")[:3] > speed_kmh(sea, "boat")[3:].max()).all()
    assert (speed_kmh(sea, "boat")[3:] == speed_kmh(sea, "foot")[3:]).all()


def test_a_known_speed_replaces_the_proxy_and_zero_is_refused(seven):
    cells = ground(seven)
    known = pd.Series({seven.cells[0]: 33.0})
    speed = speed_kmh(cells, "foot", known)
    assert speed[0] == 33 and (speed[1:] == speed_kmh(cells, "foot")[1:]).all()
    with pytest.raises(ValueError, match="above 0"):
        speed_kmh(cells, "foot", pd.Series({seven.cells[0]: 0.0}))
    with pytest.raises(ValueError, match="foot, motorbike, boat"):
        speed_kmh(cells, "horse")


def test_hours_are_symmetric_and_along_the_shortest_way(disk):
    speed = np.random.default_rng(1).uniform(1, 20, len(disk))
    graph = travel_graph(disk, speed)
    every = travel(graph, np.arange(len(disk)), np.inf)
    assert np.allclose(every.hours, every.hours.T, rtol=1e-5)
    assert (every.hours[:, :, None] <= every.hours[:, None, :] + every.hours.T[None] + 1e-4).all()
    km = DETOUR * np.linalg.norm(disk.xy_km[0] - disk.xy_km, axis=1)
    assert (every.hours[0] >= km / speed.max() - 1e-5).all()


def test_the_way_is_made_of_neighbours_and_takes_the_hours_told(disk):
    speed = np.random.default_rng(2).uniform(1, 20, len(disk))
    graph = travel_graph(disk, speed)
    one = travel(graph, np.array([5]), np.inf)
    way = one.path(0, 90)
    assert way[0] == 5 and way[-1] == 90
    total = sum(graph[a, b] for a, b in pairwise(way))
    assert total == pytest.approx(one.hours[0, 90], rel=1e-5)
    near = travel(graph, np.array([5]), 0.05)
    assert near.path(0, 90) == [] and np.isinf(near.hours[0, 90])
