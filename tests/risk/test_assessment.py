"""One assessment of the small border, looked at from all sides."""

from dataclasses import replace

import h3
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from geo import cores
from geo.grid import Grid
from risk import assessment
from risk.assessment import assess, group_shares
from risk.engine.exposure import Detection, fit_detection
from risk.engine.held import fit_pool, forecast_past, past_origins
from risk.engine.memory import Rows, ahead, choose_rows, remember
from risk.engine.model import fit, pool
from risk.reasons import REASONS
from risk.scores import proving
from tests.risk.world import make_records


@pytest.fixture(scope="module")
def border() -> Grid:
    return Grid(sorted(h3.grid_disk(h3.latlng_to_cell(0.98, 110.36, 7), 9)))


@pytest.fixture(scope="module")
def found(border):
    records, rate = make_records(border)
    cells = pd.DataFrame({"cell": border.cells, "relief_m": 1.0, "dist_border_km": 2.0})
    groups = {"direction:outbound": records.discovered, "direction:inbound": records.reported}
    told = []
    result = assess(
        records, cells, groups, horizons=(1, 4), n_origins=6, seeds=1,
        progress=lambda step, share: told.append(share),
    )  # fmt: skip
    return records, rate, result, told


def risk_of(found, horizon=4, group="all") -> pd.DataFrame:
    table = found[2].risk
    return table[(table["horizon_weeks"] == horizon) & (table["group"] == group)]


def test_planted_risk_is_found_although_patrols_go_elsewhere(found):
    records, rate, _, _ = found
    risk = risk_of(found)["risk"].to_numpy()
    counts = records.counts[-52:].sum(axis=0)
    mine, last_year = (np.corrcoef(told, rate)[0, 1] for told in (risk, counts))
    assert mine > 0.85
    assert mine > last_year + 0.15
    top = np.argsort(-risk)[: len(rate) // 20]
    best = np.sort(rate)[::-1][: len(rate) // 20]
    assert rate[top].sum() > 0.8 * best.sum()


def test_the_level_is_that_of_what_happens_not_of_what_is_recorded(found):
    records, rate, _, _ = found
    expected = risk_of(found)["risk"].sum() / 4
    recorded = records.counts[-52:].sum() / 52
    assert expected == pytest.approx(rate.sum(), rel=0.35)
    assert recorded < 0.7 * rate.sum()


def test_intervals_hold_the_truth_about_as_often_as_they_say(found):
    table, rate = risk_of(found), found[1]
    inside = (table["lo"] <= rate * 4) & (rate * 4 <= table["hi"])
    weight = rate / rate.sum()
    assert (table["lo"] <= table["risk"]).all() and (table["risk"] <= table["hi"]).all()
    assert (inside * weight).sum() > 0.6


def test_the_total_has_an_interval_that_holds_the_truth(found):
    facts = found[2].facts["horizons"]["4"]
    assert facts["lo"] <= facts["expected"] <= facts["hi"]
    assert facts["lo"] * 0.9 <= found[1].sum() * 4 <= facts["hi"] * 1.1


def test_reasons_add_up_to_the_risk(found):
    result = found[2]
    for horizon in (1, 4):
        parts = result.reasons[result.reasons["horizon_weeks"] == horizon]
        total = parts.groupby("cell", observed=False)["contribution"].sum()
        base = result.facts["horizons"][str(horizon)]["base_log_rate"]
        risk = risk_of(found, horizon).set_index("cell")["risk"]
        log = np.log(risk / horizon)
        assert np.allclose(base + total.reindex(risk.index), log, atol=1e-3)
    assert set(parts["reason"].unique()) <= set(REASONS)
    other = parts[parts["reason"] == "other"]["contribution"].abs()
    assert other.quantile(0.95) < 0.05 if len(other) else True


def test_groups_of_a_family_add_up_to_all(found):
    whole = risk_of(found).set_index("cell")["risk"]
    parts = [risk_of(found, group=g).set_index("cell")["risk"] for g in ("outbound", "inbound")]
    assert np.allclose(sum(parts), whole, rtol=1e-5)


def test_totals_add_up_over_horizons_now_and_a_week_ago(found):
    for column in ("risk", "previous"):
        month, week = (risk_of(found, h)[column].sum() for h in (4, 1))
        assert month == pytest.approx(4 * week, rel=1e-4)
    month, week = (found[2].facts["horizons"][h] for h in ("4", "1"))
    assert month["expected"] == pytest.approx(4 * week["expected"], rel=1e-9)
    assert month["expected"] == pytest.approx(risk_of(found, 4)["risk"].sum(), rel=1e-4)
    assert month["lo"] < month["expected"] < month["hi"]


def test_where_events_fall_is_told_by_each_horizon_itself(found):
    month, week = (risk_of(found, h)["risk"].to_numpy() for h in (4, 1))
    assert not np.allclose(month, 4 * week, rtol=0.01)


def test_scores_name_every_rival_in_every_period(found):
    scores = found[2].scores
    models = {"uniform", "count", "kde", "decayed_kde", "etas", "mixture", "boosted", "glm", "pool"}
    assert set(scores["model"]) == models
    assert scores.groupby(["horizon_weeks", "period_start"])["model"].nunique().eq(9).all()
    kept = scores.set_index("model").filter(regex="^kept")
    assert kept.columns.tolist() == ["kept01", "kept02", "kept05", "kept10"]
    assert kept.stack().dropna().between(0, 1).all()
    assert (kept.loc["uniform"].dropna() == 1).all(axis=None)
    first = scores["period_start"] == scores.groupby("horizon_weeks")["period_start"].transform(
        "min"
    )
    assert kept.isna().all(axis=1).tolist() == first.tolist()
    summary = proving.summarise(scores).set_index(["model", "horizon_weeks"])
    assert summary.loc[("uniform", 4), "ig"] == pytest.approx(0)
    assert summary.loc[("pool", 4), "ig_corrected"] > summary.loc[("count", 4), "ig_corrected"]


@pytest.fixture(scope="module")
def short():
    few = Grid(sorted(h3.grid_disk(h3.latlng_to_cell(0.98, 110.36, 7), 4)))
    return make_records(few, weeks=60)[0]


def assess_short(records, monkeypatch, loses, best="decayed_kde"):
    """A quick assessment of which the comparison with the rivals ends as given."""
    monkeypatch.setattr(assessment, "compare", lambda scores: (best, loses))
    cells = pd.DataFrame({"cell": records.grid.cells})
    result = assess(records, cells, {}, horizons=(4,), n_origins=3, seeds=1)
    return result, result.risk.set_index("cell").loc[records.grid.cells]


@pytest.mark.parametrize("best", ["decayed_kde", "count"])
def test_a_pool_that_loses_gives_the_map_to_its_rival_at_the_same_total(short, monkeypatch, best):
    pooled, own = assess_short(short, monkeypatch, False)
    result, shown = assess_short(short, monkeypatch, True, best)
    facts, now = result.facts["horizons"]["4"], len(short.weeks)
    past, rivals = proving.baselines_past(short, [now - 1])
    for column, rival in [("risk", rivals[best]), ("previous", past[now - 1][best])]:
        told = shown[column].to_numpy()
        assert told / told.sum() == pytest.approx(rival / rival.sum(), rel=1e-4), column
        assert told.sum() == pytest.approx(own[column].sum(), rel=1e-4), column
        assert not np.allclose(told, own[column], rtol=0.05), column
    assert facts["fallback"] is True and facts["best_baseline"] == best
    assert pooled.facts["horizons"]["4"]["fallback"] is False


def test_a_pool_that_does_not_lose_keeps_the_map(short, monkeypatch):
    _, shown = assess_short(short, monkeypatch, False)
    now = len(short.weeks)
    detection = fit_detection(short.discovered_points, short.reported, short.effort, short.grid)
    origins = past_origins(now, 4, 3)
    known = remember(short, detection, (4,), [*origins, now - 1, now])
    v = fit_pool(forecast_past(known, short, detection, 4, origins))
    rate = pool(fit(known, 4, now, 1).members(known.at[now], known.at_more[now], known.scales), v)
    assert shown["risk"].to_numpy() == pytest.approx(4 * rate, rel=1e-4)


def test_progress_goes_from_nothing_to_done(found):
    told = found[3]
    assert told[0] == 0 and told[-1] == 1 and told == sorted(told)


def test_the_future_changes_no_past_forecast(border):
    """Events after an origin leave what was known, and the model fitted for it, as they were."""
    records, _ = make_records(border, weeks=60)
    origin = 40
    changed = records.discovered.copy()
    changed[origin:] += 3
    other = type(records)(**{**vars(records), "discovered": changed})
    seen = Detection({"patrol": 0.5}, 0.01, 0.05, corrected=True)
    told = []
    for world in (records, other):
        known = remember(world, seen, (4,), [origin])
        # rows after the origin differ, rows before must not: compare by what is learned
        keep = known.rows[4].week + 4 <= origin
        told.append(
            (
                known.at[origin],
                known.at_more[origin],
                pd.DataFrame(
                    {
                        "week": known.rows[4].week[keep],
                        "cell": known.rows[4].cell[keep],
                        "y": known.rows[4].y[keep],
                    }
                ).query("y > 0"),
            )
        )
    for one, two in zip(told[0][:2], told[1][:2], strict=True):
        assert np.array_equal(one, two)
    pd.testing.assert_frame_equal(
        told[0][2].reset_index(drop=True), told[1][2].reset_index(drop=True)
    )


def test_the_number_of_cores_changes_nothing(border, monkeypatch):
    records, _ = make_records(border, weeks=60)
    cells, told = pd.DataFrame({"cell": border.cells, "relief_m": 1.0}), []
    for n in (1, 3):
        monkeypatch.setattr(cores, "cores", lambda n=n: n)
        told.append(assess(records, cells, {}, horizons=(1,), n_origins=3, seeds=1))
    pd.testing.assert_frame_equal(told[0].risk, told[1].risk, check_exact=True)
    pd.testing.assert_frame_equal(told[0].reasons, told[1].reasons, check_exact=True)
    pd.testing.assert_frame_equal(told[0].scores, told[1].scores, check_exact=True)
    assert told[0].facts == told[1].facts


def test_sampled_rows_stand_for_all_pairs():
    rng = np.random.default_rng(0)
    y = (rng.random((60, 3000)) < 0.001).astype(np.float32)
    x = rng.random((60, 3000)).astype(np.float32)
    rows: Rows = choose_rows(y, x, 1)
    assert rows.y.sum() == y[4:].sum()
    assert (rows.x * rows.weight).sum() == pytest.approx(x[4:].sum(), rel=0.02)


def test_ahead_adds_up_the_coming_weeks():
    panel = np.arange(5, dtype=np.float32)[:, None]
    assert ahead(panel, 3).ravel().tolist() == [3, 6, 9]


def test_ahead_steps_over_weeks_that_were_not_delivered():
    panel = np.arange(6, dtype=np.float32)[:, None]
    assert ahead(panel, 1, 2).ravel().tolist() == [2, 3, 4, 5]
    assert ahead(panel, 3, 2).ravel().tolist() == [9, 12]


def test_a_forecast_over_a_gap_is_of_the_weeks_after_it_and_learns_from_such(border):
    """Past forecasts are scored on the weeks after the gap, and no row of a week not over by the
    origin is learned from."""
    records, _ = make_records(border, weeks=70)
    gap, origin = 2, 60
    late = replace(records, gap=gap, season=np.zeros((80, len(records.season_names)), np.float32))
    seen = Detection({"patrol": 0.5}, 0.01, 0.05, corrected=True)
    known = remember(late, seen, (4,), [origin])
    rows = known.rows[4]
    learned = rows.before(origin, 4)
    assert rows.week[learned].max() == origin - 4 - gap
    for week, cell, y in list(zip(rows.week, rows.cell, rows.y, strict=True))[::97]:
        assert y == records.counts[week + gap : week + gap + 4, cell].sum()
    held = forecast_past(known, late, seen, 4, [origin])[0]
    assert held.start == origin + gap
    assert np.array_equal(held.y, records.counts[origin + gap : origin + gap + 4].sum(axis=0))


def test_what_happens_in_the_gap_is_told_by_the_season_of_the_weeks_after_it(border):
    records, _ = make_records(border, weeks=60)
    season = np.arange(70, dtype=np.float32)[:, None]
    late = replace(records, gap=3, season=season, season_names=["number"])
    seen = Detection({"patrol": 0.5}, 0.01, 0.05, corrected=True)
    known = remember(late, seen, (1,), [50])
    assert set(known.at_more[50][:, known.more_names.index("number")]) == {53.0}


def test_scores_bear_the_weeks_that_were_forecast(border):
    records, _ = make_records(border, weeks=60)
    season = np.zeros((70, len(records.season_names)), np.float32)
    late = replace(records, gap=1, season=season)
    cells = pd.DataFrame({"cell": border.cells, "relief_m": 1.0})
    told = assess(late, cells, {}, horizons=(1,), n_origins=3, seeds=1)
    last = past_origins(60, 2, 3)[-1]
    assert told.scores["period_start"].max() == late.weeks[0] + pd.Timedelta(weeks=last + 1)


def test_shares_fall_back_to_the_usual_mix(border):
    records, _ = make_records(border, weeks=60)
    groups = {"direction:a": records.counts * 0.25, "direction:b": records.counts * 0.75}
    shares = group_shares(records, groups)
    assert np.allclose(shares["a"] + shares["b"], 1)
    assert np.allclose(shares["a"], 0.25, atol=1e-3)
    sparse = group_shares(records, {name: sp.csr_array(one) for name, one in groups.items()})
    assert np.allclose(sparse["b"], shares["b"], rtol=1e-5)


def test_too_short_a_history_is_said(border):
    records, _ = make_records(border, weeks=20)
    with pytest.raises(ValueError, match="20 weeks of records are too few"):
        assess(records, pd.DataFrame({"cell": border.cells}), {}, horizons=(1,), n_origins=2)


def test_tested_periods_without_an_event_are_said(border):
    records, _ = make_records(border, weeks=60)
    early = {name: getattr(records, name).copy() for name in ("discovered", "reported")}
    for panel in early.values():
        panel[22:] = 0
    quiet = type(records)(**{**vars(records), **early})
    cells = pd.DataFrame({"cell": border.cells})
    with pytest.raises(ValueError, match="no event in the 3 past periods tested at 1 weeks"):
        assess(quiet, cells, {}, horizons=(1,), n_origins=3, seeds=1)


def test_a_model_needs_an_event(border):
    records, _ = make_records(border, weeks=60)
    empty = type(records)(
        **{**vars(records), "discovered": records.discovered * 0, "reported": records.reported * 0}
    )
    known = remember(empty, Detection({"patrol": 0.5}, 0.01, 0.05, corrected=True), (1,), [60])
    with pytest.raises(ValueError, match="no event to learn from"):
        fit(known, 1, 60)


def test_pool_is_positive_everywhere(border):
    members = {name: np.full(3, 1e-9) for name in ("mixture", "boosted", "glm")}
    assert (pool(members, np.array([-2.0, 2, 2, 2])) > 0).all()
