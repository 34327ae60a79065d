"""The invented world: the truth stays the truth, and what is told of it is told as promised."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from data.schema import EFFORT, EVENT, check_table, feeds_model
from data.season import days_to_eid
from data.worlds.seasons import LABEL, Simulation, simulate, write
from data.worlds.world import season_factors
from geo.grid import Grid
from geo.tracks import track_effort

AREA = Path(__file__).parents[3] / "data" / "area" / "cells.parquet"
BOX = (110.0, 0.7, 111.0, 1.1)
WEEKS = 60
POSTS = pd.DataFrame(
    [
        ("PLBN Entikong", "plbn", "61.03", 0.98, 110.36),
        ("Kantor Imigrasi Entikong", "office", "61.03", 0.97, 110.37),
    ],
    columns=["name", "kind", "kabupaten_code", "lat", "lon"],
)


def make_ground() -> pd.DataFrame:
    """A box with the border along its north, villages in rows and two kabupaten."""
    grid = Grid.of_area(shapely.box(*BOX), 7)
    kabupaten = np.where(grid.lon < 110.5, "61.03", "61.05")
    kecamatan = [
        f"{code}.{1 + int((BOX[3] - lat) / 0.2):02d}"
        for code, lat in zip(kabupaten, grid.lat, strict=True)
    ]
    village = np.round((grid.lon - BOX[0]) / 0.1).astype(int)
    return pd.DataFrame(
        {
            "cell": grid.cells,
            "lat": grid.lat,
            "lon": grid.lon,
            "kabupaten_code": kabupaten,
            "kecamatan_code": kecamatan,
            "desa_code": [f"{k}.{2001 + v}" for k, v in zip(kecamatan, village, strict=True)],
            "dist_border_km": (BOX[3] - grid.lat) * 111.2,
            "dist_desa_km": np.abs(grid.lon - BOX[0] - 0.1 * village) * 111.2,
            "dist_town_my_km": 8 + (BOX[3] - grid.lat) * 111.2,
        }
    )


@pytest.fixture(scope="module")
def ground():
    return make_ground()


@pytest.fixture(scope="module")
def world(ground):
    return simulate(ground, POSTS, seed=3, weeks=WEEKS, n_true_events=3000, n_posts=20)


def run(ground, minutes, weeks=8, **parameters):
    """Step a small world with the same minutes in every cell and week."""
    sim = Simulation(ground, 5, weeks=weeks, n_true_events=60.0 * weeks, **parameters)
    return [sim.step(np.full(len(ground), float(minutes))) for _ in range(weeks)]


def every(steps, name):
    return pd.concat([step[name] for step in steps], ignore_index=True)


def test_same_seed_same_world(ground):
    one, two, other = (
        simulate(ground, POSTS, seed=s, weeks=4, n_true_events=200) for s in (7, 7, 8)
    )
    for name in ("events", "effort", "tracks"):
        assert_frame_equal(getattr(one, name), getattr(two, name))
    np.testing.assert_array_equal(one.truth.intensity, two.truth.intensity)
    assert not one.truth.true_events["time"].equals(other.truth.true_events["time"])


def test_input_stays_untouched(ground):
    before = ground.copy()
    simulate(ground, POSTS, seed=1, weeks=2, n_true_events=100)
    assert_frame_equal(ground, before)


def test_patrols_do_not_change_what_happens(ground):
    """Without displacement the same groups cross, whoever looks."""
    columns = ["true_id", "cell", "time", "direction", "kind", "n_persons", "lat", "lon"]
    idle, busy = run(ground, 0, displacement=False), run(ground, 600, displacement=False)
    assert_frame_equal(every(idle, "true_events")[columns], every(busy, "true_events")[columns])


def test_more_effort_finds_all_that_less_effort_finds(ground):
    found = [
        set(true.loc[true["discovered"], "true_id"])
        for true in (
            every(run(ground, m, displacement=False), "true_events") for m in (0, 30, 120, 100_000)
        )
    ]
    assert not found[0]
    assert found[0] < found[1] < found[2] < found[3]
    assert len(found[3]) == len(every(run(ground, 0, displacement=False), "true_events"))


def test_displacement_empties_a_blocked_path(ground):
    sim = Simulation(ground, 5, weeks=10, n_true_events=3000, n_paths=12)
    for _ in range(4):
        sim.step(np.full(len(ground), 600.0))
    blocked = sim.blocked_until > sim.week
    assert blocked.any() and not blocked.all()
    activity = sim._activity[sim.week]
    assert (sim._diverted(sim.week)[blocked] <= 0.16 * activity[blocked] + 1e-12).all()


def test_records_are_some_of_the_true_events(world):
    true, links = world.truth.true_events, world.truth.links
    told = links[links["true_id"].str.startswith("T")]
    assert set(told["true_id"]) <= set(true["true_id"])
    assert set(links["true_id"]) - set(true["true_id"]) <= set(world.truth.batches["true_id"])
    recorded = set(true.loc[true["discovered"] | true["reported"], "true_id"])
    assert recorded <= set(told["true_id"])
    all_ids = set(world.events["event_id"]) | set(world.truth.late_events["event_id"])
    assert set(links["event_id"]) <= all_ids


def test_nothing_is_discovered_where_nobody_was(world):
    found = world.truth.true_events.query("discovered")
    day = found["time"].dt.tz_convert("Asia/Pontianak").dt.tz_localize(None)
    week = day.dt.to_period("W").dt.start_time
    looked = set(zip(world.effort["cell"], world.effort["week"], strict=True))
    assert set(zip(found["cell"], week, strict=True)) <= looked
    ids = world.truth.links.set_index("event_id")["true_id"]
    said = world.events.query("detection == 'discovered'")["event_id"]
    assert set(ids[said]) <= set(found["true_id"])


def test_true_points_lie_in_their_cells_and_weeks(world):
    true = world.truth.true_events
    grid = Grid(world.truth.cells.tolist())
    place = grid.locate(true["lat"], true["lon"])
    assert [grid.cells[k] for k in place] == true["cell"].tolist()
    day = true["time"].dt.tz_convert("Asia/Pontianak").dt.tz_localize(None)
    week = (day - world.truth.weeks[0]).dt.days // 7
    assert (week == true["true_id"].str[1:4].astype(int)).all()


def test_intensity_counts_what_happens(world):
    """The sum of the conditional intensity is the number of events, up to chance."""
    expected, n = world.truth.intensity.sum(), len(world.truth.true_events)
    assert abs(n - expected) < 4 * np.sqrt(expected)
    assert (world.truth.intensity_inbound <= world.truth.intensity + 1e-6).all()
    cells = pd.Index(world.truth.cells).get_indexer(world.truth.true_events["cell"])
    assert (world.truth.intensity[cells].sum(axis=1) > 0).all()


def test_inbound_peak_precedes_eid():
    weeks = pd.date_range("2023-11-06", periods=156, freq="7D")
    outbound, inbound = season_factors(weeks).T
    ahead = days_to_eid(weeks + pd.Timedelta(days=3))
    assert 7 <= ahead[inbound.argmax()] <= 17
    assert -25 <= ahead[outbound.argmax()] <= -8
    assert inbound[(weeks.month == 12) & (weeks.day >= 10)].min() > inbound[weeks.month == 8].max()


def test_a_group_is_followed_in_its_cell_and_the_ring(ground):
    """Each group brings `branching` others, fading by half in three weeks, 40 % of them around."""
    sim = Simulation(ground, 5, weeks=3, n_true_events=0)
    assert sim.intensity().sum() == 0
    middle = len(sim.belt) // 2
    one = np.zeros((len(sim.belt), 2))
    one[middle, 1] = 1.0
    sim._memory = sim._kernel @ one
    first = sim.intensity()
    fading = 0.5 ** (1 / 3)
    assert first.sum() == pytest.approx(0.35 * (1 - fading))
    assert first[middle, 1] == pytest.approx(0.6 * first.sum())
    around = sim.grid.neighbours(1)[[middle]].toarray()[0] > 0
    assert first[around, 1].sum() == pytest.approx(0.4 * first.sum())
    assert len(sim.step(np.zeros(len(ground)))["true_events"]) == 0
    assert sim.intensity().sum() == pytest.approx(fading * first.sum())


def test_shares_are_as_asked(world):
    p, events = world.parameters, pd.concat([world.events, world.truth.late_events])
    first = events[events["record_status"] == "new"]
    assert first["event_id"].is_unique
    told = world.truth.links[world.truth.links["true_id"].str.startswith("T")]
    tellings = told["true_id"].value_counts()
    assert (tellings > 1).mean() == pytest.approx(p.twin_share, abs=0.05)
    again = events["record_status"].value_counts() / len(first)
    assert again["corrected"] == pytest.approx(p.corrected_share, abs=0.012)
    assert again["withdrawn"] == pytest.approx(p.withdrawn_share, abs=0.006)
    field = first[(first["location_role"] == "occurred") & (first["source_agency"] != "kjri")]
    shares = field["geo_precision"].value_counts(normalize=True)
    for name, share in zip(
        ("gps", "landmark", "desa", "kecamatan", "kabupaten"), p.precision_shares, strict=True
    ):
        assert shares[name] == pytest.approx(share, abs=0.05)


def test_rows_obey_the_schema(world):
    first = world.events[world.events["record_status"] == "new"]
    assert check_table(EVENT.typed(first), EVENT) == []
    assert check_table(EFFORT.typed(world.effort), EFFORT) == []
    assert feeds_model(EVENT.typed(first)).sum() > 100


def test_heads_add_up_and_delays_are_not_negative(world):
    events = world.events
    sums = events.dropna(subset=["n_female"])
    assert (sums["n_female"] + sums["n_male"] == sums["n_persons"]).all()
    assert (sums["n_minor"] <= sums["n_persons"]).all()
    empty = events[events["n_persons"].isna()]
    assert set(empty["count_unit"]) <= {"report", "case"}
    assert (events["reported_at"] >= events["event_start"]).all()
    assert (events["received_at"] >= events["reported_at"]).all()
    slow = (events["reported_at"] - events["event_start"]).groupby(events["source_agency"]).median()
    assert slow["bp3mi"] > slow["polda"] > slow["satgas_pamtas"]


def test_only_points_carry_coordinates_and_offices_are_recorded(world):
    events = world.events
    point = events["geo_precision"].isin(["gps", "landmark"])
    assert (events["lat"].notna() == point).all()
    batches = events[events["event_type"] == "deportation_batch"]
    assert set(batches["location_role"]) == {"recorded"} and batches["lat"].nunique() == 1
    assert batches["n_persons"].between(49, 329).all()
    assert (
        not events.loc[events["detection"] == "administrative", "location_role"]
        .isin(["occurred"])
        .any()
    )


def test_campaign_brings_a_burst_of_police_cases(ground):
    world = simulate(
        ground, POSTS, seed=2, weeks=20, n_true_events=900, campaigns=(("2024-02-05", 1, 36),)
    )
    events = pd.concat([world.events, world.truth.late_events])
    cases = events[
        (events["operation_tag"] == "OPS-SINTETIS-2024-02")
        & (events["source_agency"] == "polda")
        & events["event_type"].str.startswith("case")
        & (events["record_status"] == "new")
        & (events["detection"] == "reported")
    ]
    assert len(cases) == 36
    assert (cases["location_role"] == "recorded").sum() >= 20


def test_truth_is_not_in_the_events(world, tmp_path):
    secret = {"true_id", "intensity", "discovered", "kind", "place"}
    assert not secret & (set(world.events) | set(world.effort) | set(world.tracks))
    paths = write(world, tmp_path)
    apart = [path for path in paths if path.parent.name == "truth"]
    assert len(apart) == 5
    known = set(EVENT.names)
    for path in set(paths) - set(apart):
        if path.name.startswith("sintetis_events"):
            assert set(pd.read_csv(path, nrows=1).columns) <= known


def test_files_are_labelled_and_repeatable(world, tmp_path):
    one, two = write(world, tmp_path / "one"), write(world, tmp_path / "two")
    assert [a.read_bytes() for a in one] == [b.read_bytes() for b in two]
    assert LABEL in (tmp_path / "one" / "LABEL.txt").read_text(encoding="utf-8")
    for path in one[1:]:
        assert path.name.startswith("sintetis_")
        if path.suffix == ".gpx":
            assert LABEL in path.read_text(encoding="utf-8")
        elif path.suffix == ".gz":
            assert pd.read_csv(path)["synthetic"].all()
    n = sum(len(pd.read_csv(path)) for path in one if path.name.startswith("sintetis_events"))
    assert n == len(world.events)


def test_minutes_of_tracks_are_minutes_of_effort(world):
    tracked = world.effort[world.effort["source"] == "track"]
    got = track_effort(world.tracks, Grid(world.truth.cells.tolist()))
    assert got.minutes_cut == 0 and got.minutes_outside == 0
    assert got.effort["minutes"].sum() == pytest.approx(tracked["minutes"].sum(), abs=0.1)
    assert world.tracks["track_id"].nunique() == world.parameters.n_tracks


def test_most_of_the_belt_is_never_patrolled_and_ambushes_do_not_walk(world):
    effort = world.effort
    assert effort["cell"].nunique() < 0.8 * (world.truth.intensity.sum(axis=1) > 0).sum()
    assert (effort.loc[effort["mode"] == "ambush", "km"] == 0).all()
    assert effort["night_share"].between(0, 1).all()
    assert (effort["minutes"] > 0).all()


def test_refusals_name_what_is_wrong(ground):
    with pytest.raises(ValueError, match="unknown parameters brunching"):
        simulate(ground, POSTS, seed=1, brunching=0.3)
    with pytest.raises(ValueError, match="cells lack the columns desa_code"):
        simulate(ground.drop(columns="desa_code"), POSTS, seed=1)
    with pytest.raises(ValueError, match="weeks begin on Monday"):
        simulate(ground, POSTS, seed=1, start="2023-11-07")
    with pytest.raises(ValueError, match="posts has no row"):
        simulate(ground, POSTS.iloc[:0], seed=1)
    sim = Simulation(ground, 1, weeks=1)
    with pytest.raises(ValueError, match="one value >= 0 for each"):
        sim.step(np.array([-1.0]))
    sim.step(np.zeros(len(ground)))
    with pytest.raises(ValueError, match="the world ends after 1 weeks"):
        sim.step(np.zeros(len(ground)))


@pytest.mark.parametrize("weeks, n_true_events", [(1, 0), (1, 50), (3, 2)])
def test_a_tiny_world_is_still_a_world(ground, tmp_path, weeks, n_true_events):
    world = simulate(
        ground, POSTS, seed=1, weeks=weeks, n_true_events=n_true_events, n_tracks=0, n_posts=2
    )
    assert world.tracks.empty and list(world.tracks) == ["track_id", "agency", "time", "lat", "lon"]
    assert check_table(EVENT.typed(world.events), EVENT) == []
    assert all(path.exists() for path in write(world, tmp_path))


@pytest.mark.skipif(
    not AREA.exists(), reason="the real ground is not built: python -m tools.area.build"
)
def test_on_the_real_ground_the_belt_is_the_border_kecamatan():
    posts = pd.read_csv(AREA.with_name("posts.csv"), dtype={"kabupaten_code": "str"})
    cells = pd.read_parquet(AREA)
    world = simulate(cells, posts, seed=1, weeks=12, n_true_events=400)
    where = cells[(world.truth.intensity > 0).any(axis=1)]
    assert 4000 < len(where) < 6000
    assert set(where["kabupaten_code"]) == {"61.01", "61.03", "61.05", "61.06", "61.07"}
    first = world.events[world.events["record_status"] == "new"]
    assert check_table(EVENT.typed(first), EVENT) == []
    share = world.truth.true_events.eval("discovered | reported").mean()
    assert 0.15 < share < 0.45
