"""Candidates, rivals and clusters, beside the same made the slow way."""

import itertools

import numpy as np
import pandas as pd
import pytest

from data.link import compare, match
from data.link.cluster import cluster, members, one_per_cluster
from tests.data.store_world import DAY, START, make_events

HOUR = pd.Timedelta(hours=1)


def random_events(n=60, seed=1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        point = rng.random() < 0.7
        rows.append({
            "source_agency": str(rng.choice(["satgas", "imigrasi", "polda"])),
            "event_type": str(rng.choice(["crossing_sighting", "repatriation"], p=[0.8, 0.2])),
            "event_start": START + int(rng.integers(0, 12 * 24)) * HOUR,
            "time_precision": str(rng.choice(["hour", "day", "week"])),
            "lat": float(rng.uniform(0.6, 1.6)) if point else None,
            "lon": float(rng.uniform(109.6, 110.6)) if point else None,
            "geo_precision": "gps" if point else "kabupaten",
            "admin_code": str(rng.choice(["61.03.21", "61.05.06", "61.01.08", ""])),
            "n_persons": int(rng.integers(1, 30)),
        })  # fmt: skip
    return make_events(rows)


@pytest.mark.parametrize("seed", range(4))
def test_candidates_are_all_pairs_that_lie_near_in_place_time_and_number(seed):
    r = compare.Records(random_events(seed=seed))
    wanted = set()
    for a, b in itertools.combinations(range(len(r)), 2):
        gap = r.start[b] - r.start[a]
        near = gap <= r.width[a] + 24 and -gap <= r.width[b] + 24
        kabupaten = r.levels[0][a] == r.levels[0][b] >= 0
        bins = [np.floor(np.array([r.lat[x], r.lon[x]]) / 0.25) for x in (a, b)]
        points = r.point[a] and r.point[b] and np.abs(bins[0] - bins[1]).max() <= 1
        off = abs(r.heads[a] - r.heads[b]) <= max(0.5 * max(r.heads[a], r.heads[b]), 3)
        other = r.agency[a] != r.agency[b] and r.family[a] == r.family[b]
        if near and (kabupaten or points) and off and other:
            wanted.add((a, b))
    a, b = match.candidates(r)
    pairs = list(zip(a.tolist(), b.tolist(), strict=True))
    assert len(pairs) == len(set(pairs)) and set(pairs) == wanted and len(wanted) > 20


def test_pairs_compared_in_batches_are_those_compared_at_once(monkeypatch):
    r = compare.Records(random_events(seed=7))
    whole = match.candidates(r)
    monkeypatch.setattr(match, "_BATCH", 3)
    for one, other in zip(whole, match.candidates(r), strict=True):
        np.testing.assert_array_equal(one, other)
    n = np.array([2, 0, 5, 1, 1, 1])
    parts = list(match._batches(n))
    assert [i for part in parts for i in range(len(n))[part]] == list(range(len(n)))


def test_rivals_share_a_record_and_other_agencies_are_no_rivals():
    """One record of a, two of b and one of c: a has at most one twin in b, and one in c."""
    r = compare.Records(make_events([{"source_agency": agency} for agency in "abbc"]))
    a, b = np.array([0, 0, 0]), np.array([1, 2, 3])
    odds = np.array([3.0, 1.0, 2.0])
    prob = match._share_out(r, a, b, np.log(odds))
    assert prob == pytest.approx([3 / 5, 1 / 5, 2 / 3], abs=2e-3)
    alone = match._share_out(r, a[:1], b[:1], np.log(odds[:1]))
    assert alone == pytest.approx([3 / 4])
    # a chain: the rival of a rival leaves more
    r = compare.Records(make_events([{"source_agency": agency} for agency in "aabb"]))
    prob = match._share_out(r, np.array([0, 0, 1]), np.array([2, 3, 3]), np.log([2.0, 1.0, 4.0]))
    whole = 1 + 2 + 1 + 4 + 2 * 4  # nothing, one of three, or the two that do not meet
    assert prob == pytest.approx([10 / whole, 1 / whole, 12 / whole], abs=5e-3)


def test_each_pair_of_agencies_of_a_family_is_one_group_whichever_comes_first():
    rows = [
        {"source_agency": agency, "event_type": kind}
        for kind in ("crossing_sighting", "repatriation")
        for agency in "abcd"
    ]
    r = compare.Records(make_events(rows))
    a, b = (np.array(side) for side in zip(*itertools.permutations(range(8), 2), strict=True))
    within = r.family[a] == r.family[b]
    a, b = a[within], b[within]
    group = match._agency_pair(r, a, b)
    ends = [frozenset(pair) for pair in zip(a.tolist(), b.tolist(), strict=True)]
    assert len(set(group.tolist())) == len(set(ends)) == 12
    assert len(set(zip(group.tolist(), ends, strict=True))) == 12


def test_the_sizes_of_a_pair_are_the_records_of_its_agencies_in_its_family():
    kinds = ["crossing_sighting"] * 6 + ["repatriation"] * 3
    rows = [{"source_agency": x, "event_type": k} for x, k in zip("aabcccacc", kinds, strict=True)]
    r = compare.Records(make_events(rows))
    size_a, size_b = match._sizes(r, np.array([0, 2, 6]), np.array([2, 5, 8]))
    assert size_a.tolist() == [2, 1, 1] and size_b.tolist() == [1, 3, 2]


def test_the_last_agency_of_the_list_has_rivals_of_its_own_only():
    """Records of a and c tell of b's two: c's pair takes nothing from a's."""
    r = compare.Records(make_events([{"source_agency": agency} for agency in "abbc"]))
    a, b = np.array([0, 1, 2]), np.array([1, 3, 3])
    prob = match._share_out(r, a, b, np.log([3.0, 1.0, 1.0]))
    assert prob == pytest.approx([3 / 4, 1 / 3, 1 / 3], abs=2e-3)


def test_where_every_record_is_told_twice_the_share_of_twins_stays_below_one():
    """Sixty events, each told by two agencies in the same words: odds stay finite."""
    rows = [
        {"source_agency": agency, "event_start": START + 5 * n * DAY, "lat": 0.8 + n / 100,
         "lon": 110.0, "n_persons": 3 + n % 5}
        for n in range(60) for agency in "ab"
    ]  # fmt: skip
    r = compare.Records(make_events(rows))
    learned = match._learn(r, *match.candidates(r))
    (prior,) = learned.prior.values()
    assert prior == pytest.approx(np.log(0.9 * 60 / (60 * 60 * 0.1)))


def test_a_level_counts_by_its_shares_and_the_worst_never_speaks_for_a_pair():
    shares = np.array([[0.8, 0.15, 0.05], [0.5, 0.3, 0.2]])
    family, level = np.array([0, 0, 1, 0, 1]), np.array([0, 2, 1, -1, 2])
    chance = np.array([0.2, 0.5, 0.3, 0.1, 0.01])
    told = match._level_ratio(shares, family, level, chance)
    assert told == pytest.approx([np.log(4), np.log(0.1), 0, 0, 0])


def test_shares_of_levels_are_means_with_fifteen_pairs_to_begin_with():
    start = np.tile([0.6, 0.4], (2, 1))
    level, family = np.array([0, 0, 1, -1, 1]), np.array([0, 0, 0, 0, 1])
    prob = np.array([1.0, 0.5, 0.25, 1.0, 0.8])
    told = match._shares_of(level, family, prob, start)
    assert told[0] == pytest.approx(np.array([9 + 1.5, 6 + 0.25]) / 16.75)
    assert told[1] == pytest.approx(np.array([9, 6.8]) / 15.8)


def test_what_chance_explains_is_taken_off():
    prob = np.repeat([0.2, 0.9], 100)
    chance = [np.repeat(0.2, 50)] * 3 + [np.array([0.9] * 20 + [0.2] * 30)]
    told = match._not_by_chance(prob, chance)
    assert told[0] == pytest.approx(1 - 45 / 100, abs=0.02)  # 180 in four worlds
    assert told[-1] == pytest.approx(1 - 5 / 100, abs=0.02)
    assert (match._not_by_chance(prob, [np.array([])]) == 1).all()
    assert len(match._not_by_chance(prob[:0], chance)) == 0


@pytest.mark.parametrize(("link_at", "review_at"), [(0.5, 0.6), (1.0, 0.5), (0.5, 0.0)])
def test_probabilities_out_of_order_are_refused(link_at, review_at):
    with pytest.raises(ValueError, match="0 < review_at <= link_at < 1"):
        match.link(make_events([{}]), link_at, review_at)
    assert match.link(make_events([{}]), 0.5, 0.5).empty


SHARP = {"lat": 1.0, "lon": 110.0, "n_persons": 4}


@pytest.mark.parametrize("other", [
    {"n_persons": 5}, {"lat": 1.001}, {"event_start": START + HOUR}, {"direction": "inbound"},
    {"admin_code": "61.03"}, {"count_unit": "person"}, {"time_precision": "part_of_day"},
    {"source_agency": "polda"}, {"event_type": "community_report"},
])  # fmt: skip
def test_records_sent_twice_say_the_same_in_every_word(other):
    told = match._exact_twins(make_events([SHARP, SHARP]))
    assert told[["event_id_a", "event_id_b", "outcome"]].to_numpy().tolist() == [
        ["satgas:R0", "satgas:R1", "link"]
    ]
    assert told["prob"].tolist() == [0.99]
    assert match._exact_twins(make_events([SHARP, SHARP | other])).empty


@pytest.mark.parametrize("vague", [
    {"lat": None}, {"n_persons": None}, {"location_role": "recorded"}, {"geo_precision": "desa"},
    {"time_precision": "day"},
])  # fmt: skip
def test_vague_records_that_say_the_same_may_be_two_events(vague):
    assert match._exact_twins(make_events([SHARP | vague] * 2)).empty
    three = match._exact_twins(make_events([SHARP | {"time_precision": "part_of_day"}] * 3))
    assert set(three["event_id_a"]) == {"satgas:R0"} and len(three) == 2


# clusters -------------------------------------------------------------------------------------


def pairs(*rows) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["event_id_a", "event_id_b", "prob"])
    return table.assign(outcome=np.where(table["prob"] >= match.LINK, "link", "no"), why="")


def few(agencies: str) -> pd.DataFrame:
    return make_events(
        [{"source_agency": a, "source_record_id": f"{i}"} for i, a in enumerate(agencies)]
    )


@pytest.mark.parametrize(("third", "size"), [(0.11, 3), (0.10, 3), (0.09, 2)])
def test_two_agencies_that_hardly_fit_are_not_joined_by_a_third(third, size):
    told = cluster(few("abc"), pairs(("a:0", "b:1", 0.99), ("b:1", "c:2", 0.8),
                                     ("a:0", "c:2", third)))  # fmt: skip
    assert told["link_cluster_id"].value_counts().max() == size


def test_a_cluster_is_called_after_its_first_member_and_knows_its_likeliest_pair():
    told = cluster(few("cbad"), pairs(("b:1", "c:0", 0.8), ("a:2", "b:1", 0.95),
                                      ("a:2", "c:0", 0.9))).set_index("event_id")  # fmt: skip
    assert told["link_cluster_id"].to_dict() == {
        "c:0": "a:2", "b:1": "a:2", "a:2": "a:2", "d:3": "d:3",
    }  # fmt: skip
    assert told["link_prob"].to_dict() == pytest.approx(
        {"c:0": 0.9, "b:1": 0.95, "a:2": 0.95, "d:3": np.nan}, nan_ok=True
    )


def test_only_what_another_agency_tells_as_well_is_flagged_and_once():
    events = few("abab").assign(quality_flags=["X", "", "X|DUP_PROBABLE", "DUP_PROBABLE"])
    told = cluster(events, pairs(("a:0", "b:1", 0.9)))
    assert told["quality_flags"].tolist() == ["X|DUP_PROBABLE", "DUP_PROBABLE", "X", ""]
    again = cluster(told, pairs(("a:0", "b:1", 0.9)))
    assert again["quality_flags"].tolist() == told["quality_flags"].tolist()


@pytest.mark.parametrize(("worse", "better"), [
    ({"location_role": "recorded", "geo_precision": "gps"}, {"geo_precision": "desa"}),
    ({"geo_precision": "landmark", "time_precision": "hour"}, {"time_precision": "week"}),
    ({"geo_precision": "kecamatan"}, {"geo_precision": "desa"}),
    ({"time_precision": "day", "reported_at": START}, {"time_precision": "part_of_day"}),
    ({"reported_at": START + 3 * DAY}, {"reported_at": START + 2 * DAY}),
    ({"source_agency": "polda"}, {"source_agency": "bea_cukai"}),
])  # fmt: skip
def test_of_two_tellings_the_one_that_says_most_is_counted(worse, better):
    rows = [{"source_agency": "satgas"} | worse, {"source_agency": "imigrasi"} | better]
    for order in (rows, rows[::-1]):
        events = make_events(order)
        ids = sorted(events["event_id"])
        told = cluster(events, pairs((*ids, 0.9)))
        once = one_per_cluster(told)
        best = events["event_id"][order.index(rows[1])]
        assert once["event_id"].tolist() == [best] and once["n_records"].tolist() == [2]
        assert once["told_by"].item() == "|".join(sorted(events["source_agency"]))


def test_the_tellings_of_an_event_are_in_the_order_of_their_reports():
    rows = [{"source_agency": a, "reported_at": START + n * DAY} for a, n in
            (("a", 3), ("b", 1), ("c", 1), ("d", 0))]  # fmt: skip
    events = make_events(rows).assign(link_cluster_id=["x", "x", "x", "y"])
    assert members(events, "x")["source_agency"].tolist() == ["b", "c", "a"]
