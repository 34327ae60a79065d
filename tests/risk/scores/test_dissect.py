"""What a back-test is taken apart into adds up to the back-test."""

import numpy as np
import pytest

from risk.scores import dissect, metrics

RNG = np.random.default_rng(3)
TRUE = RNG.gamma(0.3, 1.0, (6, 200))
OBSERVED = RNG.poisson(TRUE / TRUE.sum() * 300).astype(float)
FORECASTS = {
    "good": TRUE / TRUE.sum() * 300,
    "flat": np.full(TRUE.shape, 300 / TRUE.size),
    "other": RNG.gamma(0.3, 1.0, TRUE.shape),
}
OUTSIDE = np.array([1, 0, 0, 2, 0, 0])


def test_the_curve_rises_and_ends_at_the_share_inside():
    curve = dissect.hit_curve(FORECASTS, OBSERVED, OUTSIDE, (0.05, 0.1, 0.5, 1.0))
    assert (curve.diff().dropna() >= 0).all(axis=None)
    inside = OBSERVED.sum() / (OBSERVED.sum() + 3)
    assert curve.loc[1.0].to_numpy() == pytest.approx(inside)
    assert curve.loc[0.05, "flat"] == pytest.approx(0.05 * inside)
    assert curve.loc[0.05, "good"] > 2 * curve.loc[0.05, "other"]


def test_regions_share_out_events_gain_and_hits():
    region = np.array(["a"] * 50 + ["b"] * 100 + [""] * 50)
    table = dissect.by_region(FORECASTS, OBSERVED, region)
    assert list(table["cells"].sort_index()) == [50, 100]
    every = dissect.by_region(FORECASTS, OBSERVED, np.array(["all"] * 200)).iloc[0]
    for name, told in FORECASTS.items():
        gain = sum(metrics.log_gain(f, y) for f, y in zip(told, OBSERVED, strict=True))
        hits = sum(metrics.hits(f, y, 0.05) for f, y in zip(told, OBSERVED, strict=True))
        assert every[f"ig_{name}"] == pytest.approx(gain / OBSERVED.sum())
        assert every[f"hit_{name}"] == pytest.approx(hits / OBSERVED.sum())
        parts = dissect.by_region(FORECASTS, OBSERVED, np.array(["a"] * 90 + ["b"] * 110))
        assert parts["events"] @ parts[f"ig_{name}"] == pytest.approx(gain)


def test_a_true_forecast_is_reliable_and_a_doubled_one_is_not():
    table = dissect.reliability(FORECASTS["good"], OBSERVED, bins=6)
    assert table["expected"].sum() == pytest.approx(300)
    assert table["observed"].sum() == OBSERVED.sum()
    assert table["places"].sum() == OBSERVED.size
    assert (table["places"].diff().dropna() < 0).all()
    assert table["expected"].between(table["lo"], table["hi"]).sum() >= 5
    twice = dissect.reliability(2 * FORECASTS["good"], OBSERVED, bins=6)
    assert (twice["expected"] > twice["hi"]).sum() >= 4


def test_a_list_that_stays_is_kept_and_one_drawn_anew_is_not():
    still = np.tile(TRUE[0], (6, 1))
    told = dissect.stability({"still": still, "new": RNG.random(TRUE.shape)}, 0.1)
    assert told.loc["still"].tolist() == [1, 1]
    assert told.loc["new", "kept"] < 0.25
    assert told.loc["new", "jaccard"] < told.loc["new", "kept"]
    assert dissect.stability({"one": TRUE[:1]}).isna().all(axis=None)


def test_half_a_list_kept_is_a_third_in_common():
    before, now = np.array([4.0, 3, 2, 1]), np.array([4.0, 1, 3, 2])
    assert metrics.kept_share(now, before, 0.5) == 0.5
    assert dissect.stability({"m": np.stack([before, now])}, 0.5)["jaccard"].item() == 1 / 3


@pytest.mark.parametrize("gaps", [False, True])
def test_given_the_effort_the_true_map_beats_the_one_that_follows_the_patrols(gaps):
    """Half the cells are hardly looked at, in gaps not at all in most periods."""
    rng = np.random.default_rng(8)
    seen = np.where(np.arange(200) < 100, 0.8, 0.08)[None].repeat(6, axis=0)
    looked = rng.random(seen.shape) < seen if gaps else seen
    chance = np.where(looked, 0.7, 0.0) if gaps else seen
    records = rng.binomial(rng.poisson(TRUE / TRUE.mean() * 2), chance).astype(float)
    told = {"true": TRUE, "biased": TRUE * seen}
    raw = dissect.corrected(told, records, np.ones_like(chance))
    fair = dissect.corrected(told, records, chance)
    assert raw.loc["biased", "ig"] > raw.loc["true", "ig"]
    assert fair.loc["true", "ig"] > fair.loc["biased", "ig"]
    assert fair.loc["true", "hit_5"] > fair.loc["biased", "hit_5"]
    for name in ("ig", "hit_5"):
        assert fair[name].between(fair[f"{name}_low"], fair[f"{name}_high"]).all()


def test_with_even_effort_corrected_and_raw_are_the_same():
    even = dissect.corrected(FORECASTS, OBSERVED, np.full(TRUE.shape, 0.3))
    for name, told in FORECASTS.items():
        gain = sum(metrics.log_gain(f, y) for f, y in zip(told, OBSERVED, strict=True))
        hits = sum(metrics.hits(f, y, 0.05) for f, y in zip(told, OBSERVED, strict=True))
        assert even.loc[name, "ig"] == pytest.approx(gain / OBSERVED.sum())
        assert even.loc[name, "hit_5"] == pytest.approx(hits / OBSERVED.sum())


def test_the_curve_is_told_at_rising_shares_of_the_area_up_to_half_of_it():
    assert list(dissect.AREAS) == sorted(set(dissect.AREAS))
    assert dissect.AREAS[0] > 0 and dissect.AREAS[-1] == 0.5
    assert {0.01, 0.05} <= set(dissect.AREAS)  # the shares that hit@1 and hit@5 are named after


@pytest.mark.parametrize(
    ("seen", "lo", "hi"), [(0, 0, 3.689), (1, 0.0253, 5.572), (2, 0.242, 7.225)]
)
def test_the_interval_of_few_events_is_that_of_garwoods_table(seen, lo, hi):
    """Garwood 1936, 95 %: 0 to 3.69, .025 to 5.57, .24 to 7.22."""
    told = dissect.reliability(np.array([[1.0]]), np.array([[seen]]), bins=1)
    assert told["lo"].item() == pytest.approx(lo, abs=1e-3)
    assert told["hi"].item() == pytest.approx(hi, abs=1e-3)
