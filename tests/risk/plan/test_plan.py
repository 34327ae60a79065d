"""Orders keep every promise: one place at a time, hours, floors, guards; and they are worth it."""

from dataclasses import replace

import h3
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.grid import Grid
from risk.plan.actions import ACTIONS, breaches, choose_actions
from risk.plan.make import Rules, frame_week, make_plan, with_meets
from risk.plan.reach import find_ways
from risk.plan.review import compare
from risk.plan.value import met, split_hours

CENTRE = h3.latlng_to_cell(0.98, 110.36, 6)
MONDAY = pd.Timestamp("2026-11-30")
RULES = Rules(sectors=40, plans=24, time_limit_s=5, max_sector_minutes=600)

SECOND = 1 / 60  # times are kept to less than a second, in minutes


def make_world(seed: int = 0, teams: int = 5):
    """Nineteen sectors of seven cells, two posts, invented risk: DATA SINTETIS."""
    parents = sorted(h3.grid_disk(CENTRE, 2))
    grid = Grid([cell for parent in parents for cell in sorted(h3.cell_to_children(parent, 7))])
    rng = np.random.default_rng(seed)
    n = len(grid)
    risk = rng.gamma(0.3, 0.1, n)
    cells = pd.DataFrame(
        {
            "cell": grid.cells,
            "risk": risk,
            "lo": 0.4 * risk,
            "hi": 1.8 * risk,
            "weeks_since_visit": rng.choice([0.0, 3.0, 9.0, np.nan], n),
            "minutes_3w": 0.0,
            "desa": "Desa Contoh",
            "dist_desa_km": rng.uniform(0, 8, n),
            "relief_m": rng.uniform(0, 300, n),
            "forest": rng.integers(0, 2, n),
            "area_km2": grid.area_km2,
        }
    )
    middle = [h3.cell_to_latlng(CENTRE), h3.cell_to_latlng(parents[0])]
    rows = []
    for k in range(teams):
        lat, lon = middle[k % 2]
        rows.append(
            {
                "team_id": f"R{k}",
                "post_id": f"P{k % 2}",
                "post": f"Pos {k % 2}",
                "lat": lat,
                "lon": lon,
                "mode": "motorbike" if k % 3 else "foot",
                "hours_per_week": 24.0,
                "shift_hours": 8.0,
                "days_off": (6,) if k % 2 else (),
                "night_ok": k != 0,
            }
        )
    roster = pd.DataFrame(rows)
    return grid, cells, roster, find_ways(grid, cells, roster)


@pytest.fixture(scope="module")
def world():
    return make_world()


@pytest.fixture(scope="module")
def week(world):
    _, cells, roster, ways = world
    return frame_week(ways, cells, roster, 0.7, RULES)


@pytest.fixture(scope="module")
def plan(week):
    return make_plan(week, MONDAY, seed=3)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(1, 10_000), world_seed=st.integers(0, 50), teams=st.integers(1, 6))
def test_no_team_is_in_two_places_and_every_way_is_travelled(seed, world_seed, teams):
    _, cells, roster, ways = make_world(world_seed, teams)
    rules = replace(RULES, plans=6)
    plan = make_plan(frame_week(ways, cells, roster, 0.7, rules), MONDAY, seed, explain=False)
    orders = plan.orders
    assert (orders.groupby(["team_id", "day"])["order_id"].nunique() == 1).all()
    shifts = orders.groupby("team_id")["order_id"].nunique()
    assert (shifts <= 3).all()  # 24 hours in shifts of 8
    off = roster.set_index("team_id")["days_off"]
    assert all(day not in off[team] for team, day in zip(orders.team_id, orders.day, strict=True))
    for _, part in orders.groupby("order_id"):
        part = part.sort_values("seq")
        now = part["start"].iloc[0]
        for row in part.itertuples():
            assert (row.arrive - now).total_seconds() / 60 == pytest.approx(
                row.travel_minutes, abs=SECOND
            )
            assert (row.leave - row.arrive).total_seconds() / 60 == pytest.approx(
                row.stay_minutes, abs=SECOND
            )
            now = row.leave
        assert part["back"].notna().sum() == 1 and pd.notna(part["back"].iloc[-1])
        took = (part["back"].iloc[-1] - part["start"].iloc[0]).total_seconds() / 60
        assert took <= 8 * 60 + 1e-3
    for _, part in orders.drop_duplicates("order_id").groupby("team_id"):
        part = part.sort_values("day")
        rest = (part["start"].to_numpy()[1:] - part["start"].to_numpy()[:-1]) / np.timedelta64(
            1, "h"
        )
        assert (rest >= 8 + 8).all()  # a shift of eight hours and eight of rest


def test_travel_times_are_those_of_the_ways(world, plan):
    *_, ways = world
    first = plan.orders[plan.orders["seq"] == 1]
    for row in first.itertuples():
        start = ways.starts.index((row.post_id, row.mode))
        hours = ways.to_hours[start, list(ways.sectors).index(row.sector)]
        assert row.travel_minutes == pytest.approx(60 * hours, rel=1e-5)
    assert (plan.orders["way"].str.len() > 0).all()


def test_hours_are_conserved(plan):
    facts, orders = plan.facts, plan.orders
    assert facts["hours"] == 5 * 24
    way = orders["travel_minutes"].sum() + orders["return_minutes"].sum()
    assert facts["ground_hours"] == pytest.approx(orders["stay_minutes"].sum() / 60)
    assert facts["travel_hours"] == pytest.approx(way / 60, rel=1e-4)
    total = facts["ground_hours"] + facts["travel_hours"] + facts["unused_hours"]
    assert total == pytest.approx(facts["hours"])
    assert facts["unused_hours"] >= -1e-6
    by_sector = orders.groupby("sector")["stay_minutes"].sum()
    planned = plan.sectors.set_index("sector")["planned_minutes"]
    assert (planned[planned > 0] == by_sector.reindex(planned[planned > 0].index)).all()
    cells = plan.cells.groupby("sector")["minutes"].sum()
    assert np.allclose(cells, planned[cells.index])


def test_floors_are_kept_and_chances_add_up(week, plan):
    chance = plan.strategy["chance"]
    assert chance.sum() == pytest.approx(1) and (chance <= RULES.largest_share + 1e-9).all()
    reach = plan.sectors["reach"]
    assert plan.facts["floor_kept"] >= RULES.floor - 1e-6
    assert (plan.sectors.loc[reach, "chance"] >= RULES.floor - 1e-6).all()
    assert plan.strategy["drawn"].sum() == 1
    assert (chance[plan.strategy["drawn"]] > 0).all()


def test_draws_come_as_often_as_stated(week):
    from risk.plan.mix import mix
    from risk.plan.solve import solve_greedy, solve_relaxed

    problem = week.problem
    toll, asked = solve_relaxed(problem).slot_price, solve_relaxed(problem, floors=True)
    mixed = mix(problem, asked, toll, solve_greedy(problem).shifts, 0.05, 24, 0.2, seed=1)
    visits = np.array([problem.spent(plan)[1] > 0 for plan in mixed.plans])
    drawn = np.mean([visits[mixed.draw(seed)] for seed in range(3000)], axis=0)
    assert np.abs(drawn - mixed.visit_chance).max() < 0.04


def test_the_same_seed_gives_the_same_plan_and_another_another(week, plan):
    again = make_plan(week, MONDAY, seed=3)
    for name, table in plan.frames.items():
        drop = [c for c in ("seconds",) if c in table]
        pd.testing.assert_frame_equal(
            table.drop(columns=drop), again.frames[name].drop(columns=drop)
        )
    other = make_plan(week, MONDAY, seed=4, explain=False)
    keys = ["team_id", "day", "sector"]
    assert not plan.orders[keys].equals(other.orders[keys])


def test_guards_and_the_shortest_stop_are_kept(plan):
    assert (plan.sectors["planned_minutes"] <= plan.sectors["guard_minutes"]).all()
    assert (plan.orders["stay_minutes"] >= RULES.min_stop_minutes).all()
    assert (plan.orders["stay_minutes"] % RULES.block_minutes == 0).all()


def test_the_guard_remembers_the_weeks_before(world):
    _, cells, roster, ways = world
    tired = cells.assign(minutes_3w=10_000.0)
    made = make_plan(frame_week(ways, tired, roster, 0.7, RULES), MONDAY, 1, explain=False)
    assert made.orders.empty and made.facts["ground_hours"] == 0


def test_forbidden_cells_are_never_visited_and_mandatory_always(world):
    _, cells, roster, ways = world
    near = ways.sectors[ways.near]
    forbidden = set(h3.cell_to_children(near[0], 7)) | {h3.cell_to_children(near[1], 7)[1]}
    wanted = h3.cell_to_children(near[2], 7)[0]
    for seed in range(1, 6):
        week = frame_week(ways, cells, roster, 0.7, RULES, forbidden, {wanted})
        made = make_plan(week, MONDAY, seed, explain=False)
        assert not set(made.cells["cell"]) & forbidden
        assert near[0] not in set(made.orders["sector"])
        assert near[2] in set(made.orders["sector"])
        assert made.sectors.set_index("sector")["chance"][near[2]] == pytest.approx(1)
    with pytest.raises(ValueError, match="forbidden and mandatory"):
        frame_week(ways, cells, roster, 0.7, RULES, {wanted}, {wanted})


def test_market_days_are_left_alone_by_day_and_by_the_night_before(world):
    _, cells, roster, ways = world
    closed = {cell: {2, 5} for cell in cells["cell"]}
    made = make_plan(frame_week(ways, cells, roster, 0.7, RULES, closed=closed), MONDAY, 2)
    assert len(made.orders)
    for row in made.orders.itertuples():
        assert row.arrive.day_of_week not in (2, 5)
        assert (row.leave - pd.Timedelta(minutes=1)).day_of_week not in (2, 5)


def test_a_plan_as_made_breaks_nothing_and_an_edit_against_it_is_told(world, plan):
    assert breaches(plan.orders, plan.sectors).empty
    first = plan.orders.iloc[0]
    that_day = 1 << first["arrive"].day_of_week
    shut = plan.sectors.assign(open_days=127 & ~that_day)
    told = breaches(plan.orders.iloc[:1], shut)
    assert told[["kind", "order_id"]].to_numpy().tolist() == [["closed", first["order_id"]]]
    midnight = plan.orders.iloc[:1].assign(
        arrive=first["arrive"].normalize() - pd.Timedelta(hours=2),
        leave=first["arrive"].normalize(),
    )
    assert breaches(midnight, shut).empty
    longer = plan.orders.iloc[:1].assign(stay_minutes=RULES.max_sector_minutes + 90.0)
    told = breaches(longer, plan.sectors.assign(guard_minutes=RULES.max_sector_minutes))
    assert told["kind"].tolist() == ["dosage"] and told["minutes"].tolist() == [90.0]


def test_night_share_is_kept_by_teams_that_may(world):
    _, cells, roster, ways = world
    made = make_plan(frame_week(ways, cells, roster, 0.7, RULES), MONDAY, 5, explain=False)
    shifts = made.orders.drop_duplicates("order_id")
    assert shifts["night"].mean() == pytest.approx(RULES.night_share, abs=1 / len(shifts))
    assert not shifts.loc[shifts["team_id"] == "R0", "night"].any()


def test_each_order_says_what_it_brings_and_gives_up(plan):
    told = plan.orders
    assert (told["shift_value"] >= -1e-9).all()
    assert (told["elsewhere_value"] >= 0).all()
    visited = told.groupby("order_id")["sector"].apply(set)
    for row in told.itertuples():
        assert row.elsewhere_sector not in visited[row.order_id]
    assert set(told["action"]) <= set(ACTIONS)


def test_what_is_met_follows_the_interval(world, week, plan):
    _, cells, *_ = world
    plan = with_meets(plan, week, cells)
    told, sectors = plan.facts, plan.sectors[plan.sectors["planned_minutes"] > 0]
    assert sectors["met"].sum() == pytest.approx(told["met"])
    assert 0.4 * told["met"] < told["met_lo"] < told["met"] < told["met_hi"] < 1.8 * told["met"]
    # what many places meet is surer than what each of them does
    assert told["met_lo"] > sectors["met_lo"].sum() and told["met_hi"] < sectors["met_hi"].sum()
    surer = with_meets(plan, week, cells.assign(lo=cells["risk"], hi=cells["risk"])).facts
    assert surer["met_lo"] == surer["met_hi"] == pytest.approx(told["met"])


def test_a_fully_robust_plan_does_no_worse_at_the_lower_end(world):
    _, cells, roster, ways = world
    rng = np.random.default_rng(5)
    cells = cells.assign(lo=cells["risk"] * rng.uniform(0, 1, len(cells)))
    rules = replace(RULES, explore_share=0.0, optimism=0.0)
    from risk.plan.solve import solve_relaxed, solve_whole

    worth = {}
    for robust in (0.0, 1.0):
        week = frame_week(ways, cells, roster, 0.7, replace(rules, robust=robust))
        best = solve_whole(week.problem, solve_relaxed(week.problem), gap=1e-4)
        low = frame_week(ways, cells, roster, 0.7, replace(rules, robust=1.0)).problem
        worth[robust] = low.value(best.shifts), best
    assert worth[1.0][0] >= worth[0.0][0] * (1 - worth[1.0][1].gap) - 1e-9


@given(
    risk=st.lists(st.floats(0, 2), min_size=1, max_size=7),
    hours=st.floats(0, 30),
    strength=st.floats(0.05, 3),
)
@settings(max_examples=60, deadline=None)
def test_hours_in_a_sector_are_split_best_and_conserved(risk, hours, strength):
    risk = np.array(risk)
    split = split_hours(risk, strength, np.array([hours]))[0]
    assert split.sum() == pytest.approx(hours, abs=1e-6)
    assert (split >= 0).all()
    best = met(risk, strength, split)
    rng = np.random.default_rng(0)
    for other in rng.dirichlet(np.ones(len(risk)), 20):
        assert met(risk, strength, hours * other) <= best + 1e-9


def test_every_sector_has_a_menu_and_its_rule():
    sectors = pd.DataFrame(
        {
            "explore": [False, True, False, False],
            "inbound_share": [0.8, 0.2, 0.2, np.nan],
            "outbound_share": [0.2, 0.3, 0.8, np.nan],
            "dist_post_km": [5, 50, 50, 50],
            "dist_desa_km": [1, 4, 2, 9],
        }
    )
    told = choose_actions(sectors)
    assert list(told["action"]) == ["shelter_referral", "outreach", "safe_migration_desk", "patrol"]
    assert told["action_rule"].str.len().gt(0).all()
    assert "patrol" in told["other_actions"][0]


def test_plan_against_done(world, plan):
    _, cells, _, ways = world
    effort = plan.cells[["cell", "minutes"]]
    finds = pd.Series([2.0], index=[plan.cells["cell"].iloc[0]])
    done = compare(ways, plan.sectors, effort, finds, cells, 0.7, cells.set_index("cell")["risk"])
    assert done.facts["coverage"] == 1 and done.facts["dosage"] == pytest.approx(1)
    assert done.facts["finds"] == 2 and done.facts["minutes_outside"] == 0
    assert done.facts["planned_share_of_hours"] == pytest.approx(1)
    assert done.summary["done_minutes"].sum() == pytest.approx(effort["minutes"].sum())
    half = compare(
        ways, plan.sectors, effort.assign(minutes=effort["minutes"] / 2), finds, cells, 0.7
    )
    assert half.facts["dosage"] == pytest.approx(0.5)
    away = pd.DataFrame({"cell": ["8768b0804ffffff"], "minutes": [60.0]})
    lost = compare(ways, plan.sectors, pd.concat([effort, away]), finds, cells, 0.7)
    assert lost.facts["minutes_outside"] == 60
    with pytest.raises(ValueError, match="from 0"):
        compare(ways, plan.sectors, away.assign(minutes=-1.0), finds, cells, 0.7)


def test_frames_given_are_untouched(world):
    _, cells, roster, ways = world
    before, teams = cells.copy(), roster.copy()
    make_plan(frame_week(ways, cells, roster, 0.7, RULES), MONDAY, 1, explain=False)
    pd.testing.assert_frame_equal(cells, before)
    pd.testing.assert_frame_equal(roster, teams)


def test_whose_turn_has_come_is_visited_by_every_plan_that_may_be_drawn(world):
    _, cells, roster, ways = world
    late = cells.assign(weeks_since_visit=0.0)
    sector = ways.sectors[ways.near[3]]
    late.loc[ways.owner == ways.near[3], "weeks_since_visit"] = float(RULES.due_weeks)
    made = make_plan(frame_week(ways, late, roster, 0.7, RULES), MONDAY, 1, explain=False)
    assert made.sectors.set_index("sector")["chance"][sector] == pytest.approx(1)
