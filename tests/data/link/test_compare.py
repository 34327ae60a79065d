"""Likelihood ratios of two records, beside integrals and counts made another way."""

import numpy as np
import pytest
from scipy.integrate import dblquad
from scipy.stats import multivariate_normal, norm

from data.link import compare
from tests.data.store_world import START, make_events

HOUR = np.timedelta64(1, "h")


def records(*rows) -> compare.Records:
    return compare.Records(make_events([dict(row) for row in rows]))


def one(function, r, *more) -> float:
    return float(function(r, np.array([0]), np.array([1]), *more)[0])


# time -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gap", "first", "second"), [
    (0, "hour", "hour"), (2, "hour", "hour"), (-3, "hour", "part_of_day"),
    (5, "part_of_day", "hour"), (30, "day", "part_of_day"), (-20, "week", "day"),
])  # fmt: skip
def test_times_agree_as_far_as_their_intervals_overlap(gap, first, second):
    r = records(
        {"time_precision": first}, {"event_start": START + gap * HOUR, "time_precision": second}
    )
    wide = compare.WIDTH_HOURS
    both, _ = dblquad(
        lambda y, x: norm.pdf(x - y, scale=compare.CLOCK_HOURS) / wide[first] / wide[second],
        0, wide[first], gap, gap + wide[second], epsabs=1e-7,
    )  # fmt: skip
    together = (1 - compare.STRAY_SHARE) * both + compare.STRAY_SHARE / (2 * compare.STRAY_HOURS)
    rate = np.exp(np.log(r.rate).mean())
    assert one(compare.time_ratio, r) == pytest.approx(np.log(together / rate), abs=1e-3)


def test_a_time_strays_by_three_days_from_the_end_of_an_interval_and_no_further():
    def ratio(gap):
        r = records({"time_precision": "day"}, {"event_start": START + gap * HOUR})
        return one(compare.time_ratio, r) + np.log(r.rate).mean()

    stray = np.log(compare.STRAY_SHARE / (2 * compare.STRAY_HOURS))
    assert ratio(24 + 71) == pytest.approx(stray, abs=1e-6)
    assert ratio(-1 - 71) == pytest.approx(stray, abs=1e-6)
    assert ratio(24 + 73) < stray - 10 and ratio(-1 - 73) < stray - 10


def test_the_rate_is_the_share_of_the_family_in_the_four_weeks_around_a_record():
    day = 24 * HOUR
    rows = [{"event_start": START + n * day} for n in (0, 13, 15, 40)]
    r = records(*rows, {"event_type": "repatriation"})
    near = np.array([2, 3, 2, 1, 1])
    assert r.rate == pytest.approx((near - 0.5) / np.array([4, 4, 4, 4, 1]) / (28 * 24))


# place ----------------------------------------------------------------------------------------


def test_points_agree_as_two_normal_errors_do():
    r = records({"uncertainty_km": 0.8}, {"uncertainty_km": 1.2, "lat": 1.02, "lon": 110.01})
    r.density[:] = 1.0
    km = np.array([0.01 * np.cos(np.radians(1.01)), 0.02]) * 111.2
    assert one(compare.distance_km, r) == pytest.approx(np.hypot(*km))
    own, stray = 0.4**2 + 0.6**2 + 0.3**2, compare.STRAY_KM**2
    told = sum(
        share * multivariate_normal.pdf(km, cov=variance * np.eye(2))
        for share, variance in ((0.97, own), (0.03, stray))
    )
    assert one(compare.point_ratio, r) == pytest.approx(np.log(told))


def test_a_point_is_as_sure_as_it_says_or_as_its_kind_is():
    r = records(
        {"uncertainty_km": 3.0}, {"geo_precision": "gps"}, {"geo_precision": "landmark"},
        {"uncertainty_km": 0.01}, {"geo_precision": "desa"},
    )  # fmt: skip
    assert r.sigma_km == pytest.approx([1.5, 0.15, 1.0, 0.1, 1.0])


@pytest.mark.parametrize("other", [
    {"lat": None}, {"lon": None}, {"location_role": "recorded"}, {"geo_precision": "desa"},
])  # fmt: skip
def test_a_record_without_a_place_of_its_own_has_no_point(other):
    r = records({}, other)
    assert r.point.tolist() == [True, False]
    assert one(compare.point_ratio, r) == 0 and np.isnan(one(compare.distance_km, r))
    assert np.isnan(r.density[1])


def test_the_density_is_the_share_of_the_family_in_the_bins_around():
    """One in the middle of nine bins, one in each bin beside it, and two that lie further off."""
    around = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dx or dy]
    spots = [(0, 0), *around, (2, 0), (0, -2)]
    r = records(*({"lat": 1.05 + 0.1 * y, "lon": 110.05 + 0.1 * x} for y, x in spots))
    area = 9 * 11.12**2 * np.cos(np.radians(1.05))
    assert r.density[0] == pytest.approx(8.5 / 11 / area)
    assert r.density[-2] == pytest.approx(3.5 / 11 / area, rel=1e-3)


# what is compared in levels -------------------------------------------------------------------


@pytest.mark.parametrize(("heads", "level"), [
    (100, 0), (95, 1), (94, 2), (80, 2), (79, 3), (None, -1), (105, 1), (106, 2),
])  # fmt: skip
def test_head_counts_are_compared_by_their_share_of_the_larger(heads, level):
    r = records({"n_persons": 100}, {"n_persons": heads})
    assert one(lambda *args: compare.levels_of(*args)["heads"], r) == level


def test_of_few_heads_one_is_within_a_fifth():
    r = records({"n_persons": 2}, {"n_persons": 3})
    assert one(lambda *args: compare.levels_of(*args)["heads"], r) == 2


VAGUE = {"geo_precision": "desa"}


@pytest.mark.parametrize(("a", "b", "name", "level"), [
    ("61.03.21.2001", "61.03.21.2001", "desa", 0),
    ("61.03.21.2001", "61.03.21.2002", "desa", 1),
    ("61.03.21.2001", "61.03.20.2001", "desa", 2),
    ("61.03.21.2001", "61.05.21.2001", "desa", 3),
    ("61.03.21", "61.03.21.2001", "kecamatan", 0),
    ("61.03.21", "61.03.20.2001", "kecamatan", 1),
    ("61.03.21", "61.05.20.2001", "kecamatan", 2),
    ("61.03", "61.03.20.2001", "kabupaten", 0),
    ("61.03", "61.05", "kabupaten", 1),
])  # fmt: skip
def test_districts_are_compared_down_to_the_finest_that_both_name(a, b, name, level):
    r = records({"admin_code": a} | VAGUE, {"admin_code": b})
    told = {key: int(v[0]) for key, v in compare.levels_of(r, np.array([0]), np.array([1])).items()}
    places = {"desa", "kecamatan", "kabupaten", "office"}
    assert {key: told[key] for key in places} == dict.fromkeys(places, -1) | {name: level}


def test_a_record_of_an_office_is_compared_by_its_kabupaten_alone():
    for code, level in (("61.03.01.1001", 0), ("61.71.01.1001", 1)):
        r = records({}, {"location_role": "recorded", "admin_code": code})
        levels = compare.levels_of(r, np.array([0]), np.array([1]))
        assert {name: int(levels[name][0]) for name in compare.DEPTH} == {
            "desa": -1, "kecamatan": -1, "kabupaten": -1, "office": level,
        }  # fmt: skip
    origin = records({}, {"location_role": "origin"})
    levels = compare.levels_of(origin, np.array([0]), np.array([1]))
    assert all(levels[name][0] == -1 for name in compare.DEPTH)


def test_what_is_not_said_is_not_compared():
    r = records({"direction": "unknown"}, {}, {"direction": "inbound", "origin_prov": "35"},
                {"origin_prov": "35"}, {"origin_prov": "52"})  # fmt: skip
    levels = compare.levels_of(r, np.array([0, 1, 2, 2]), np.array([1, 2, 3, 4]))
    assert levels["direction"].tolist() == [-1, 1, 1, 1]
    assert levels["origin"].tolist() == [-1, -1, 0, 1]


def test_chances_are_the_shares_of_the_family():
    """Of ten records seven go out, two come in, one does not say; heads are 1 to 10."""
    directions = ["outbound"] * 7 + ["inbound"] * 2 + ["unknown"]
    rows = [{"direction": d, "n_persons": n + 1} for n, d in enumerate(directions)]
    r = records(*rows, {"event_type": "repatriation"})
    a, b = np.array([0, 0, 9]), np.array([1, 7, 0])
    chance = compare.chance_of(r, a, compare.levels_of(r, a, b))
    assert chance["direction"] == pytest.approx([6.5 / 10, 1 - 6.5 / 10, 1])
    # of 10 heads: one the same, none within 5 %, two more (8, 9) within 20 %, seven further
    a, b = np.array([9, 9, 9]), np.array([9, 7, 0])
    levels = compare.levels_of(r, a, b)
    assert levels["heads"].tolist() == [0, 2, 3]
    assert compare.chance_of(r, a, levels)["heads"] == pytest.approx([1.5 / 12, 2.5 / 12, 7.5 / 12])


def test_where_all_agree_a_contradiction_still_has_a_chance_of_a_tenth():
    r = records({}, {}, {}, {"direction": "inbound", "event_type": "repatriation"})
    chance = compare._level_chance([np.array([0.97, 0.4])], np.array([1, 1]))
    assert chance == pytest.approx([0.1, 0.6])
    three = compare._level_chance([np.full(4, 0.2), np.full(4, 0.5)], np.array([0, 1, 2, -1]))
    assert three == pytest.approx([0.2, 0.3, 0.5, 1])
    assert compare._shares(r.direction, r.family)[:3] == pytest.approx(2.5 / 4)


def test_of_few_heads_the_chance_within_a_fifth_counts_one_more_and_one_fewer():
    """Of heads 1 to 6 one is as many as 3, and two (2 and 4) are within one; three lie further."""
    r = records(*({"n_persons": n + 1} for n in range(6)))
    a, b = np.array([2, 2, 2]), np.array([2, 3, 5])
    levels = compare.levels_of(r, a, b)
    assert levels["heads"].tolist() == [0, 2, 3]
    assert compare.chance_of(r, a, levels)["heads"] == pytest.approx([1.5 / 8, 2.5 / 8, 3.5 / 8])


@pytest.mark.parametrize("first", ["crossing_sighting", "repatriation"])
def test_a_family_with_nothing_to_compare_leaves_the_others_their_chances(first):
    """Whichever family comes first in the table, pairs of the other are still compared."""
    second = ({"crossing_sighting", "repatriation"} - {first}).pop()
    r = records({"event_type": first}, *({"event_type": second, "n_persons": n} for n in (1, 2, 9)))
    a, b = np.array([1]), np.array([3])
    assert compare.chance_of(r, a, compare.levels_of(r, a, b))["heads"] == pytest.approx([1.5 / 5])


def test_the_shares_to_start_from_are_shares_of_one_whole():
    for name, levels in compare.LEVELS.items():
        assert sum(levels.values()) == pytest.approx(1), name
