"""Detection: effort is conserved, and a place is found although nobody was sent there."""

import h3
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from geo.grid import Grid
from risk.engine import detection
from risk.engine.detection import corrected_rates, effort_panel, log_watched
from risk.engine.excitation import past_of
from risk.engine.forecast import FEW_EVENTS, forecast, with_others
from risk.engine.model import MEMBERS, RiskModel

START = pd.Timestamp("2024-01-01")
PERIODS = 26
CENTRE = h3.latlng_to_cell(1.1, 110.0, 7)


def two_places(seed=0):
    """Two equally busy places and quiet ground; one place is watched ten times as much."""
    rng = np.random.default_rng(seed)
    cells = sorted(h3.grid_disk(CENTRE, 7))
    watched, other = (h3.latlng_to_cell(1.12, lon, 7) for lon in (109.93, 110.07))
    rows, effort = [], []
    for back in range(PERIODS, 0, -1):
        begin = START - pd.Timedelta(days=28 * back)
        for cell in cells:
            spent = {watched: 2.0, other: 0.2}.get(cell, 0.3)
            rate = 4.0 if cell in (watched, other) else 0.1
            n = rng.poisson(rate * (1 - np.exp(-1.2 * spent)))
            effort.append((cell, begin, 28, spent))
            lat, lon = h3.cell_to_latlng(cell)
            rows += [(lat, lon, begin + pd.Timedelta(days=d)) for d in rng.uniform(0, 28, n)]
    records = pd.DataFrame(rows, columns=["lat", "lon", "time"])
    return (
        records,
        pd.DataFrame(effort, columns=["cell", "period_start", "days", "effort"]),
        cells,
        watched,
        other,
    )


@pytest.fixture(scope="module")
def world():
    return two_places()


def test_effort_is_conserved_and_cut_at_the_start(world):
    records, effort, cells, *_ = world
    past = past_of(records, Grid(cells), START, 28)
    panel = effort_panel(effort, past, START, PERIODS)
    assert panel.sum() == pytest.approx(effort["effort"].sum())
    later = effort.assign(period_start=effort["period_start"] + pd.Timedelta(days=14))
    shifted = effort_panel(later, past, START, PERIODS)
    per_period = effort.groupby("period_start")["effort"].sum().iloc[0]
    assert shifted.sum() == pytest.approx((PERIODS - 0.5) * per_period)
    far = effort.assign(cell=h3.latlng_to_cell(50, 10, 7))
    assert effort_panel(far, past, START, PERIODS).sum() == 0


def test_an_unwatched_place_gets_back_what_patrols_missed(world):
    records, effort, cells, watched, other = world
    raw = pd.Series(forecast(records, cells, START, 28), index=cells)
    corrected = pd.Series(forecast(records, cells, START, 28, effort), index=cells)
    assert raw[watched] / raw[other] > 2.5
    assert 0.4 < corrected[watched] / corrected[other] < 2.0
    assert set(corrected.nlargest(2).index) == {watched, other}
    truth = 2 * 4.0 + (len(cells) - 2) * 0.1
    assert abs(corrected.sum() - truth) < abs(raw.sum() - truth)


def test_effort_after_the_start_and_order_change_nothing(world):
    records, effort, cells, *_ = world
    answer = forecast(records, cells, START, 28, effort)
    later = effort.assign(period_start=effort["period_start"] + pd.Timedelta(days=28 * PERIODS))
    mixed = pd.concat([later, effort]).sample(frac=1, random_state=1)
    np.testing.assert_allclose(forecast(records, cells, START, 28, mixed), answer, rtol=1e-6)
    backwards = forecast(records, cells[::-1], START, 28, effort)
    np.testing.assert_allclose(backwards[::-1], answer, rtol=1e-6)


@pytest.mark.parametrize("n", [0, 1, 4])
def test_few_records_and_no_effort(world, n):
    records, effort, cells, *_ = world
    for told in (effort, effort.head(0), effort.assign(effort=0.0), effort.head(1)):
        answer = forecast(records.head(n), cells, START, 28, told)
        assert np.isfinite(answer).all() and (answer > 0).all()


def test_the_strength_of_detection_is_near_the_truth(world):
    records, effort, cells, *_ = world
    past = past_of(records, Grid(cells), START, 28)
    assert corrected_rates(past, effort, START).strength == 1.2


def test_the_longer_the_past_the_further_an_empty_place_is_from_one_hardly_seen():
    seen = np.tile([0.2, 0.001], (120, 1))
    gap = -np.diff(log_watched(seen), axis=1)[:, 0]
    assert gap[0] == 0
    assert (np.diff(gap) > 0).all()
    assert gap[10] < 2.0 < 3.5 < gap[120]


def test_the_second_family_thinks_of_hardly_watched_places_as_quieter(world):
    records, _, cells, *_ = world
    grid = Grid(cells)
    past = past_of(records, grid, START, 28)
    wide = [detection._Spread(past, 9.0, PERIODS)]
    seen = np.full((PERIODS, len(cells)), 0.5)
    seen[:, ::2] = 0.02  # every other cell is hardly watched
    count = detection.period_counts(past, PERIODS)
    plain, relative = detection._components(wide, [np.inf], count, seen)[:, -1]
    watched = detection.log_watched(seen)[-1]
    among = plain[::2].mean() / plain[1::2].mean()
    assert among == pytest.approx(1.0, abs=0.03)
    expected = np.exp(detection.WATCHED_POWER * (watched[0] - watched[1]))
    assert expected < 0.5
    assert relative[::2].mean() / relative[1::2].mean() == pytest.approx(among * expected, rel=0.01)
    assert (relative * seen[-1]).sum() == pytest.approx((plain * seen[-1]).sum(), rel=0.1)


# effort as it is given ------------------------------------------------------------------------


def patrols(cells, days=7.0, per_day=1 / 7, back=735):
    """The same effort in each cell, in rows of some days."""
    return pd.DataFrame(
        [
            (cell, START - pd.Timedelta(days=days * n), days, per_day * days)
            for n in range(1, int(back / days) + 1)
            for cell in cells
        ],
        columns=["cell", "period_start", "days", "effort"],
    )


def steady(n=735):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "lat": 1.1 + 0.12 * rng.uniform(-1, 1, n),
            "lon": 110 + 0.12 * rng.uniform(-1, 1, n),
            "time": START - pd.to_timedelta(np.arange(n) + 0.5, unit="D"),
        }
    )


@pytest.mark.parametrize("rows_of", [1.0, 7.0, 28.0])
@pytest.mark.parametrize("days", [1, 7, 28])
def test_where_all_is_watched_alike_a_day_is_a_day_whatever_the_window(days, rows_of):
    cells = sorted(h3.grid_disk(CENTRE, 6))
    events = steady()
    inside = Grid(cells).locate(events["lat"], events["lon"]) >= 0
    told = forecast(events, cells, START, days, patrols(cells, rows_of)).sum() / days
    assert told == pytest.approx(inside.mean(), rel=0.06)


def test_records_of_people_where_nobody_was_sent_are_no_finds_of_patrols():
    """60 of 331 cells are watched; records come from everywhere alike: nothing is missing."""
    cells = sorted(h3.grid_disk(CENTRE, 10))
    some = np.random.default_rng(1).choice(cells, 60, replace=False)
    events = steady()
    raw = forecast(events, cells, START, 7).sum()
    told = forecast(events, cells, START, 7, patrols(some)).sum()
    assert told == pytest.approx(raw, rel=0.15)


@given(
    watched=st.integers(5, 120),
    amount=st.sampled_from([0.1, 1.0, 5.0]),
    told_anyway=st.sampled_from([0.0, 0.3, 1.0]),
    seed=st.integers(0, 99),
)
@hypothesis_settings(max_examples=4)
def test_totals_add_up_in_time_and_are_no_less_than_the_records(watched, amount, told_anyway, seed):
    """Of 127 cells some are watched; records are finds and what people tell without patrols.

    A year is 365 days and a month 28. What is expected lies between what is recorded and what is
    recorded over the least share that is ever found; an event of 1970 or far away adds nothing.
    """
    rng = np.random.default_rng(seed)
    cells = sorted(h3.grid_disk(CENTRE, 6))
    some = rng.choice(cells, watched, replace=False)
    events = steady()
    inside = pd.Series(Grid(cells).locate(events["lat"], events["lon"]))
    seen = np.isin(np.array([*cells, ""], object)[inside], some)
    chance = np.where(seen, 1 - np.exp(-detection.USUAL * amount), 0.0)
    chance = told_anyway + (1 - told_anyway) * chance
    records = events[rng.random(len(events)) < chance]
    effort = patrols(some).assign(effort=amount)
    by = {d: forecast(records, cells, START, d, effort) for d in (1, 28, 365)}
    assert all(np.isfinite(one).all() and (one > 0).all() for one in by.values())
    per_day = [one.sum() / days for days, one in by.items()]
    assert per_day == pytest.approx([per_day[0]] * 3, rel=0.03)
    raw = forecast(records, cells, START, 28).sum() / 28
    assert 0.97 * raw <= per_day[0] <= raw / 0.01
    odd = pd.DataFrame({"lat": [1.1, 60.0], "lon": [110.0, 20.0], "time": ["1970-01-01"] * 2})
    odd["time"] = pd.to_datetime(odd["time"])
    if len(records) >= 40:
        again = forecast(pd.concat([odd, records]), cells, START, 28, effort)
        assert again == pytest.approx(by[28], rel=1e-6)


@pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0.0, 0.003), (0.3, 0.1, 0.6)])
def test_the_share_told_without_effort_is_near_the_truth(share, low, high):
    rng = np.random.default_rng(3)
    grid = Grid(sorted(h3.grid_disk(CENTRE, 9)))
    watched = rng.random(len(grid)) < 0.4
    found = np.where(watched, 0.7, 0.0) * np.ones((26, 1))
    lat, lon = grid.lat, grid.lon
    chance = share + (1 - share) * found
    count = rng.poisson(0.3 * chance)
    at = np.nonzero(count)
    when = START - pd.to_timedelta(28 * (26 - at[0]) - 14, unit="D")
    events = pd.DataFrame({"lat": lat[at[1]], "lon": lon[at[1]], "time": when})
    events = events.loc[events.index.repeat(count[at])]
    past = past_of(events, grid, START, 28)
    wide = detection._Spread(past, 9.0, 26)
    assert low <= detection.blind_share(wide, detection.period_counts(past, 26), found) <= high


@pytest.mark.parametrize(
    "nothing",
    [
        lambda e: e.assign(effort=0.0),
        lambda e: e.assign(cell=h3.latlng_to_cell(50, 10, 7)),
        lambda e: e.assign(period_start=START + pd.Timedelta(days=1)),
        lambda e: e.head(0),
    ],
    ids=["all zero", "outside the cells", "after the start", "no rows"],
)
def test_effort_that_says_nothing_is_no_effort(world, nothing):
    records, effort, cells, *_ = world
    told = forecast(records, cells, START, 28, nothing(effort))
    np.testing.assert_array_equal(told, forecast(records, cells, START, 28))


def test_effort_that_cannot_be_right_is_refused_with_all_its_faults(world):
    records, effort, cells, *_ = world
    e = effort.head(8).astype({"cell": object}).reset_index(drop=True)
    e.loc[0, "effort"] = -1.0
    e.loc[1, "effort"] = np.nan
    e.loc[2, "cell"] = None
    e.loc[3, "cell"] = h3.cell_to_parent(cells[0], 6)
    e.loc[4, "days"] = 0
    e.loc[5, "period_start"] = pd.NaT
    with pytest.raises(ValueError) as told:
        forecast(records, cells, START, 28, e)
    for words in (
        "of 8 rows", "1 with no H3 cell", "1 with a cell of another resolution than 7",
        "1 with no period_start", "1 with days that are not above 0",
        "2 with effort that is negative or missing",
    ):  # fmt: skip
        assert words in str(told.value)
    with pytest.raises(ValueError, match="lacks days"):
        forecast(records, cells, START, 28, effort.drop(columns="days"))


@given(st.data())
@hypothesis_settings(max_examples=12)
def test_whatever_effort_is_given_the_answer_is_finite_or_a_sentence(world, data):
    records, effort, cells, *_ = world
    amount = data.draw(st.sampled_from([0.0, 1e-9, 0.3, 1e9, np.nan, -1.0, np.inf]))
    some = effort.sample(data.draw(st.integers(1, 40)), random_state=1).assign(effort=amount)
    try:
        answer = forecast(records, cells, START, data.draw(st.sampled_from([1, 28, 90])), some)
    except ValueError as problem:
        assert "negative or missing" in str(problem)
    else:
        assert np.isfinite(answer).all() and (answer > 0).all()
        if amount == 1e-9:  # a billionth of a patrol tells nothing of what was missed
            raw = forecast(records, cells, START, 28).sum()
            assert answer.sum() < 3 * raw * max(1, 90 / 28)


# what is pooled -------------------------------------------------------------------------------


def test_strengths_that_are_as_likely_speak_alike(world, monkeypatch):
    records, effort, cells, *_ = world
    told = iter([np.arange(1.0, len(cells) + 1), np.ones(len(cells)), np.ones(len(cells))])
    prior = [0.5 * (np.log(s / detection.USUAL) / detection.PRIOR_WIDTH) ** 2
             for s in detection.STRENGTHS]  # fmt: skip
    fits = iter([prior[0], prior[1], prior[2] - 50.0])
    monkeypatch.setattr(detection, "_rates", lambda *_: (next(told), next(fits)))
    found = corrected_rates(past_of(records, Grid(cells), START, 28), effort, START)
    root = np.sqrt(np.arange(1.0, len(cells) + 1))
    np.testing.assert_allclose(found.now, root / root.sum(), rtol=1e-9)


def test_with_few_records_the_kernels_stand_alone_and_else_weigh_half(world, monkeypatch):
    records, effort, cells, *_ = world
    past = past_of(records, Grid(cells), START, 28)
    found = corrected_rates(past, effort, START)
    alike = dict.fromkeys(MEMBERS, np.ones(len(cells)))
    monkeypatch.setattr(RiskModel, "members", lambda *_: dict(alike))
    pooled = with_others(found, past, effort, START)
    half = np.sqrt(found.now)
    np.testing.assert_allclose(pooled, half / half.sum(), rtol=1e-9)
    few = past_of(records.sample(FEW_EVENTS - 1, random_state=1), Grid(cells), START, 28)
    assert np.array_equal(with_others(found, few, effort, START), found.now)
