"""Scores that can be worked out with pencil and paper, at the edges too."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from risk.scores import dissect, metrics


def test_nothing_forecast_where_something_came_costs_infinity():
    assert metrics.log_gain(np.zeros(3), np.array([0.0, 1, 0])) == -np.inf
    assert metrics.log_gain(np.zeros(3), np.zeros(3)) == 0


@pytest.mark.parametrize("area", [0.05, 0.25, 0.3, 0.6, 1.0])
def test_the_hot_part_is_the_top_of_the_list_with_a_fraction_at_the_cut(area):
    forecast = np.random.default_rng(1).permutation(10) + 1.0
    share = metrics.hot(forecast, area)
    ranked = share[np.argsort(-forecast)]
    assert ranked == pytest.approx(np.clip(10 * area - np.arange(10), 0, 1))
    observed = np.arange(10.0)
    assert metrics.hits(forecast, observed, area) == pytest.approx(share @ observed)


def test_the_share_found_is_records_per_looking_inside_against_outside():
    assert metrics.share_found(np.array([6.0, 2, 4, 8]), 0.25) == pytest.approx(
        (0.25 * 3) / (0.25 * 3 + 0.75 * 0.5)
    )


def test_a_list_has_at_least_one_cell_and_ties_keep_their_order():
    now, before = np.array([1.0, 5, 5, 0]), np.array([0.0, 5, 5, 9])
    assert metrics.kept_share(now, before, 0.01) == 0
    assert metrics.kept_share(now, now, 0.01) == 1
    assert metrics.kept_share(now, np.array([0.0, 5, 5, 5]), 0.25) == 1
    assert metrics.kept_share(now, before, 0.75) == pytest.approx(2 / 3)


def test_an_interval_leaves_as_much_out_below_as_above():
    rng = np.random.default_rng(4)
    top, bottom = rng.normal(3, 1, 300), np.ones(300)
    error = top.std() / np.sqrt(len(top))
    for coverage in (0.8, 0.95):
        low, high = metrics.ratio_interval(top, bottom, coverage, draws=40_000)
        wide = norm.ppf((1 + coverage) / 2) * error
        assert top.mean() - low == pytest.approx(wide, rel=0.04)
        assert high - top.mean() == pytest.approx(wide, rel=0.04)


def test_drawn_periods_without_an_event_say_nothing():
    assert metrics.ratio_interval(np.array([0.5, 0, 0]), np.array([1.0, 0, 0])) == (0.5, 0.5)
    assert np.isnan(metrics.ratio_interval(np.zeros(2), np.zeros(2))).all()
    assert np.isnan(metrics.ratio_interval(np.zeros(0), np.zeros(0))).all()
    for bad in (np.ones(3), np.ones((2, 2))):
        with pytest.raises(ValueError, match="one value per period"):
            metrics.ratio_interval(np.ones(2) if bad.ndim == 1 else bad, bad)


def test_a_lead_counts_one_event_as_one_and_an_unknown_number_as_none():
    start = pd.date_range("2026-01-05", periods=2, freq="28D")

    def lead(events):
        parts = [pd.DataFrame({"model": name, "period_start": start, "n_events": events, "ig": ig})
                 for name, ig in (("a", [0.6, 0.2]), ("b", [0.0, 0.0]))]  # fmt: skip
        return metrics.lead(pd.concat(parts), "a", "b", "ig")[0]

    assert lead([1.0, 0.0]) == pytest.approx(0.6)
    assert lead([30.0, np.nan]) == pytest.approx(0.6)
    assert lead([30.0, 10.0]) == pytest.approx(0.5)


def test_scores_without_events_are_missing_and_not_zero():
    flat, none = np.ones(4), np.zeros(4)
    for value in (
        metrics.hit_rate(flat, none, 0.5), metrics.pai(flat, none, 0.5),
        metrics.pei(flat, none, 0.5), metrics.calibration([1.0], [0.0]),
    ):  # fmt: skip
        assert np.isnan(value)
    assert metrics.hit_rate(flat, none, 0.5, n_outside=2) == 0
    assert metrics.poisson_deviance(flat, none) == 8


def test_the_area_is_a_share_above_none_and_up_to_all():
    assert metrics.hits(np.ones(2), np.ones(2), 1.0) == 2
    for area in (0.0, -0.5, 1.01):
        with pytest.raises(ValueError, match="area is a share of the cells"):
            metrics.hits(np.ones(2), np.ones(2), area)
    with pytest.raises(ValueError, match="finite and not negative"):
        metrics.hits(np.array([1.0, -0.1]), np.ones(2), 0.5)
    with pytest.raises(ValueError, match="one value per cell"):
        metrics.hits(np.ones((2, 2)), np.ones((2, 2)), 0.5)


# the back-test taken apart --------------------------------------------------------------------


def test_reliability_cuts_the_forecast_total_in_equal_parts():
    expected = np.array([[1.0, 1, 2], [4, 4, 4]])
    observed = np.array([[0.0, 1, 3], [4, 2, 7]])
    table = dissect.reliability(expected, observed, bins=4)
    assert table["expected"].tolist() == [4, 4, 4, 4]
    assert table["observed"].tolist() == [4, 4, 2, 7]
    assert table["places"].tolist() == [3, 1, 1, 1]
    # Garwood's interval of a count of 4 and of 0
    assert table.loc[0, ["lo", "hi"]].tolist() == pytest.approx([1.0899, 10.2416], abs=1e-3)
    empty = dissect.reliability(expected, observed * 0, bins=1).iloc[0]
    assert [empty["lo"], empty["hi"]] == pytest.approx([0, 3.6889], abs=1e-3)


def test_regions_are_those_with_most_events_first_and_one_without_has_no_share():
    observed, region = np.array([[0.0, 0, 1, 2, 1]]), np.array(["c", "a", "b", "b", ""])
    told = {"m": np.array([[1.0, 1, 1, 6, 1]])}
    table = dissect.by_region(told, observed, region, 0.2)
    assert table.index.tolist() == ["b", "a", "c"]
    assert table["cells"].tolist() == [2, 1, 1] and table["events"].tolist() == [3, 0, 0]
    assert table.loc["b", ["hit_m", "expected_m"]].tolist() == pytest.approx([2 / 3, 7])
    assert table.loc["b", "ig_m"] == pytest.approx((np.log(0.5) + 2 * np.log(3)) / 3)
    assert table.loc["a", ["ig_m", "hit_m"]].isna().all() and table.loc["a", "expected_m"] == 1


def test_corrected_shares_have_intervals_of_the_ninety_five_middle_draws():
    rng = np.random.default_rng(5)
    observed = rng.poisson(2.0, (80, 20)) * 1.0
    table = dissect.corrected({"m": np.tile(np.arange(1.0, 21), (80, 1))}, observed,
                              np.full(observed.shape, 0.5), area=0.5)  # fmt: skip
    row = table.loc["m"]
    assert row["hit_5"] == pytest.approx(observed[:, 10:].sum() / observed.sum())
    wide = 1.96 * np.sqrt(0.25 / observed.sum())  # of a share of a half among so many events
    assert row["hit_5"] - row["hit_5_low"] == pytest.approx(wide, rel=0.25)
    assert row["hit_5_high"] - row["hit_5"] == pytest.approx(wide, rel=0.25)
