"""A back-test report: every part is there, adds up, and is corrected where effort is known."""

import json
import re
import xml.etree.ElementTree as ElementTree

import h3
import numpy as np
import pandas as pd
import pytest

from data.errors import DataError
from geo.grid import Grid
from joins import backtest, backtest_effort
from risk.engine.detection import USUAL
from risk.engine.forecast import forecast
from risk.scores import rivals

CENTRE = (0.9, 110.4)
CELLS = sorted(h3.grid_disk(h3.latlng_to_cell(*CENTRE, 7), 7))
WEEKS = pd.date_range("2024-01-01", periods=80, freq="7D")
MODELS = {
    "uniform": rivals.uniform,
    "count": rivals.all_counts,
    "decayed_kde": rivals.decayed_kde,
    "pool": forecast,
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """True events fall in the east and the west alike; patrols look at the west almost alone."""
    folder = tmp_path_factory.mktemp("backtest")
    rng = np.random.default_rng(5)
    lat, lon = np.array([h3.cell_to_latlng(cell) for cell in CELLS]).T
    west = lon < np.median(lon)
    rate = rng.gamma(0.5, 1.0, len(CELLS)) + 0.05
    rate *= np.where(west, 30 / rate[west].sum(), 30 / rate[~west].sum())
    hours = rng.exponential(3, (len(WEEKS), len(CELLS))) * (
        rng.random((len(WEEKS), len(CELLS))) < np.where(west, 0.4, 0.06)
    )
    true = rng.poisson(rate, hours.shape)
    records = rng.binomial(true, 1 - np.exp(-0.6 * hours))
    week, cell = np.nonzero(records)
    n = records[week, cell]
    week, cell = np.repeat(week, n), np.repeat(cell, n)
    time = WEEKS[week] + pd.to_timedelta(rng.uniform(8, 150, len(week)), unit="h")
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(len(week))],
            "lat": lat[cell].round(5),
            "lon": lon[cell].round(5),
            "time": time.strftime("%Y-%m-%d %H:%M"),
            "kind": "crossing",
        }
    )
    events.to_csv(folder / "events.csv", index=False)
    week, cell = np.nonzero(hours)
    effort = pd.DataFrame(
        {
            "effort_id": [f"p{i}" for i in range(len(week))],
            "source_agency": "satgas_pamtas",
            "mode": "patrol",
            "cell": np.array(CELLS, object)[cell],
            "week": WEEKS[week].strftime("%Y-%m-%d"),
            "minutes": (60 * hours[week, cell]).round(1),
        }
    )
    effort.to_csv(folder / "effort.csv", index=False)
    return folder


def run(files, **given):
    return backtest.run(
        files / "events.csv", 7, 3, 4, 28, lambda when, share: None, models=MODELS, **given
    )


@pytest.fixture(scope="module")
def plain(files):
    return run(files)


@pytest.fixture(scope="module")
def both(files):
    return run(files, effort=files / "effort.csv")


def test_the_parts_add_up_to_the_whole(plain):
    facts, summary = plain.facts, plain.summary
    assert facts["tested_events"] == plain.periods.groupby("period_start")["n_events"].first().sum()
    for area in (1, 2, 5, 10):
        curve = plain.curve.loc[area / 100]
        assert np.allclose(curve[summary.index], summary[f"hit_{area}"])
        assert (summary[f"pei_{area}"] <= 1).all()
        assert np.allclose(summary[f"pai_{area}"], summary[f"hit_{area}"] / area * 100)
    regions = plain.regions
    assert regions["events"].sum() == facts["tested_events"] - facts["outside"]
    hit = regions["events"] @ regions["hit_pool"].fillna(0) / facts["tested_events"]
    assert hit == pytest.approx(summary.loc["pool", "hit_5"])
    assert plain.both is None and facts["effort"] is None
    pool = plain.reliability["pool"]
    assert pool["observed"].sum() == regions["events"].sum()
    assert plain.stability.loc["uniform", "kept"] == 1


def test_districts_are_regions_where_there_are_some(files):
    east = pd.Series({cell: "61.03 Sanggau" for cell in CELLS})
    told = run(files, districts=east)
    assert told.regions.index.tolist() == ["61.03 Sanggau"]
    assert told.facts["region_kind"] == "district"


def test_effort_puts_corrected_scores_beside_the_raw_ones(both):
    table = both.both
    assert set(table.index) == {*MODELS, "pool_effort", "forecast_effort"}
    assert {"ig", "ig_corrected", "ig_corrected_low", "hit_5_corrected_high"} <= set(table)
    gain = table["ig_corrected"] - table["ig"]
    assert gain["pool_effort"] > gain["count"]
    assert table.loc["pool_effort", "ig_corrected"] > table.loc["pool", "ig_corrected"]
    assert np.allclose(*both.summary.loc[["pool_effort", "uniform"], "calibration"])
    strength = both.facts["effort"]["strength_per_hour"]["patrol"]
    assert 0.3 < strength < 1.2


def test_no_model_is_shown_its_own_window_or_a_later_one(files):
    """The events a model is handed end before its window; what looking finds is told so too."""
    shown = []

    def spy(past, cells, start, days):
        times = pd.to_datetime(past["time"], utc=True).dt.tz_localize(None)
        shown.append((times.max(), start, len(past)))
        return np.ones(len(cells))

    told = backtest.run(
        files / "events.csv", 7, 3, 4, 28, lambda when, share: None, models={"pool": spy}
    )
    assert len(shown) == 4 and told.facts["tested_events"] > 0
    assert all(latest < start <= latest + pd.Timedelta(days=7) for latest, start, _ in shown)
    assert np.all(np.diff([start for _, start, _ in shown]) == np.timedelta64(28, "D"))


def test_what_looking_finds_is_learned_before_the_first_tested_window(files):
    grid = Grid(CELLS)
    events = pd.read_csv(files / "events.csv").assign(detection="discovered")
    events["time"] = pd.to_datetime(events["time"], utc=True)
    first = pd.Timestamp("2025-04-07")
    late = events["time"].dt.tz_localize(None) >= first + pd.Timedelta(days=1)
    assert 100 < late.sum() < len(events) - 100
    moved = events.assign(lat=events["lat"].where(~late, CENTRE[0]))
    moved["lon"] = events["lon"].where(~late, CENTRE[1])
    told, other = (
        backtest_effort.read_looking(files / "effort.csv", some, grid, first)[0]
        for some in (events, moved)
    )
    assert told.detection == other.detection
    start = pd.Timestamp("2025-05-05")
    table = told._as_table(start)
    assert table["period_start"].max() == start - pd.Timedelta(days=7)


def test_effort_is_told_in_units_of_which_one_finds_seventy_in_a_hundred(files):
    grid = Grid(CELLS)
    events = pd.read_csv(files / "events.csv").assign(detection="discovered")
    events["time"] = pd.to_datetime(events["time"], utc=True)
    looking, _ = backtest_effort.read_looking(
        files / "effort.csv", events, grid, pd.Timestamp("2025-04-07")
    )
    seen = looking.detection
    assert 0.45 < seen.strength_per_hour["patrol"] < 0.8  # 0.6 was planted
    table = looking._as_table(pd.Timestamp("2025-04-07"))
    chance = 1 - np.exp(-USUAL * table["effort"].to_numpy())
    at = looking.weeks.get_indexer(table["period_start"]), grid.position(table["cell"].tolist())
    found = seen.found(looking.effort)[at]
    assert found == pytest.approx(seen.blind + (1 - seen.blind) * chance, rel=1e-3)
    assert 1 - np.exp(-USUAL) == pytest.approx(0.7, abs=0.005)


def test_the_report_is_one_file_with_its_plots(both, tmp_path):
    backtest.write(both, tmp_path)
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert html.count("<svg") == 4 and "default-src 'none'" in html
    assert not re.search(r"""(src|href)\s*=|url\(|@import|<script""", html)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    for name in re.findall(r"\]\((\w+\.svg)\)", text):
        ElementTree.fromstring((tmp_path / name).read_text(encoding="utf-8"))
    for part in ("side by side", "By region (H3 parent", "hit@5 lo", "PEI@10", "| 2025-"):
        assert part in text, part
        assert part.replace("| ", "") in html, part
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert told["corrected"]["pool_effort"]["ig"] == pytest.approx(
        both.summary.loc["pool_effort", "ig"]
    )
    assert {"hit_curve", "reliability", "stability", "regions"} <= set(told)


def test_a_file_that_is_no_effort_is_refused_in_words(files):
    with pytest.raises(DataError, match="effort or tracks is expected, got events"):
        run(files, effort=files / "events.csv")
    with pytest.raises(DataError, match="a file of events is expected, got effort"):
        backtest.run(files / "effort.csv", 7, 3, 4, 28, lambda when, share: None)
