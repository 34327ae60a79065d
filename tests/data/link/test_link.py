"""One event told by several agencies becomes one cluster: all members kept, counted once."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from data import schema
from data.link.match import LINK, cluster, link, members, one_per_cluster
from data.worlds.seasons import simulate
from tests.data.store_world import DAY, START, make_events
from tests.data.worlds.test_simulate import POSTS, make_ground

HOUR = pd.Timedelta(hours=1)


def background(n: int = 300) -> list[dict]:
    """Unrelated records of three agencies over a year and a wide area."""
    rng = np.random.default_rng(5)
    return [
        {
            "source_record_id": f"B{i}",
            "source_agency": str(rng.choice(["satgas", "imigrasi", "polda"])),
            "event_start": START + pd.Timedelta(hours=int(rng.integers(0, 365 * 24))),
            "lat": float(rng.uniform(0.5, 1.5)),
            "lon": float(rng.uniform(109.5, 112.5)),
            "admin_code": f"61.03.{rng.integers(10, 30)}.2001",
            "n_persons": int(rng.integers(1, 13)),
            "direction": str(rng.choice(["outbound", "inbound"])),
            "uncertainty_km": 0.2,
        }
        for i in range(n)
    ]


def told_twice(**other) -> pd.DataFrame:
    """The background, and one event told by two agencies; `other` changes the second telling."""
    first = {"source_record_id": "X", "event_start": START + 100 * DAY, "n_persons": 9}
    first |= {"lat": 1.1, "lon": 110.2, "admin_code": "61.03.21.2001", "uncertainty_km": 0.2}
    second = {**first, "source_agency": "polda", "n_persons": 10, "lat": 1.103}
    second["event_start"] += HOUR
    return make_events([*background(), first, {**second, **other}])


def probability(events: pd.DataFrame, a: str = "polda:X", b: str = "satgas:X") -> float:
    pairs = link(events).set_index(["event_id_a", "event_id_b"])["prob"]
    return float(pairs.get((a, b), 0.0))


def odds(events: pd.DataFrame, *pair: str) -> float:
    likely = probability(events, *pair)
    return likely / (1 - likely)


def test_two_agencies_that_tell_of_one_event_are_linked_and_say_why():
    pairs = link(told_twice())
    pair = pairs.set_index(["event_id_a", "event_id_b"]).loc[("polda:X", "satgas:X")]
    assert pair["prob"] > 0.95 and pair["outcome"] == "link"
    assert "time +" in pair["why"] and "(0.3 km)" in pair["why"]
    assert (pairs["outcome"] == "link").sum() <= 3


@pytest.mark.parametrize(
    "other",
    [
        {"n_persons": 30},
        {"direction": "inbound"},
        {"event_start": START + 108 * DAY},
        {"lat": 1.4},
        {"event_type": "deportation_batch"},
        {"source_agency": "satgas", "source_record_id": "Y"},
    ],
)
def test_what_contradicts_lowers_the_probability(other):
    changed = told_twice(**other)
    second = changed["event_id"].iloc[-1]
    assert odds(changed, *sorted([second, "satgas:X"])) < 0.5 * odds(told_twice())


def test_a_vague_record_proves_less_and_contradicts_less():
    far = {"lat": None, "lon": None, "admin_code": "61.03.21"}
    vague = told_twice(geo_precision="kecamatan", **far)
    assert 0.3 < probability(vague) < probability(told_twice())
    late = {"event_start": START + 97 * DAY}
    assert probability(told_twice(time_precision="week", **late)) > probability(told_twice(**late))


def test_two_rivals_share_the_probability():
    events = told_twice()
    rival = events.iloc[[-1]].assign(source_record_id="Z", event_id="polda:Z", n_persons=8)
    both = pd.concat([events, rival], ignore_index=True)
    assert probability(both) < 0.65
    assert probability(both) + probability(both, "polda:Z") <= 1.02


def test_exact_duplicates_of_one_agency_join_and_do_not_rival():
    events = told_twice()
    again = events.iloc[[-1]].assign(source_record_id="Z", event_id="polda:Z")
    events = pd.concat([events, again], ignore_index=True)
    linked = cluster(events, link(events)).set_index("event_id")["link_cluster_id"]
    assert linked["polda:Z"] == linked["polda:X"] == linked["satgas:X"] == "polda:X"


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_order_of_records_does_not_matter(seed):
    events = told_twice()
    shuffled = events.sample(frac=1, random_state=seed)
    before = shuffled.copy()
    first, second = link(events), link(shuffled)
    assert_frame_equal(shuffled, before)
    key = ["event_id_a", "event_id_b"]
    assert_frame_equal(
        first.sort_values(key, ignore_index=True)[key],
        second.sort_values(key, ignore_index=True)[key],
    )
    one = cluster(events, first).set_index("event_id")["link_cluster_id"]
    other = cluster(shuffled, second).set_index("event_id")["link_cluster_id"]
    assert (one.sort_index() == other.sort_index()).all()


def few(agencies: str) -> pd.DataFrame:
    return make_events(
        [{"source_agency": a, "source_record_id": f"{i}"} for i, a in enumerate(agencies)]
    )


def pairs_of(*rows) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["event_id_a", "event_id_b", "prob"])
    return table.assign(outcome=np.where(table["prob"] >= LINK, "link", "no"), why="")


def clusters(events, pairs, decisions=None) -> set[frozenset]:
    got = cluster(events, pairs, decisions)
    assert len(got) == len(events)
    return {frozenset(g["event_id"]) for _, g in got.groupby("link_cluster_id") if len(g) > 1}


def said(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["event_id_a", "event_id_b", "outcome"])


def test_a_cluster_never_holds_two_records_of_one_agency():
    pairs = pairs_of(("a:0", "b:1", 0.99), ("a:2", "b:1", 0.8))
    assert clusters(few("aba"), pairs) == {frozenset({"a:0", "b:1"})}


def test_a_third_record_is_no_bridge_between_two_that_contradict():
    bridge = [("a:0", "b:1", 0.99), ("b:1", "c:2", 0.8)]
    assert clusters(few("abc"), pairs_of(*bridge)) == {frozenset({"a:0", "b:1"})}
    fits = pairs_of(*bridge, ("a:0", "c:2", 0.3))
    assert clusters(few("abc"), fits) == {frozenset({"a:0", "b:1", "c:2"})}


def test_a_pair_that_is_refused_or_joined_already_ends_nothing():
    refused = pairs_of(("a:0", "b:1", 0.99), ("a:2", "b:1", 0.9), ("a:2", "c:3", 0.8))
    assert clusters(few("abac"), refused) == {frozenset({"a:0", "b:1"}), frozenset({"a:2", "c:3"})}
    circle = [("a:0", "b:1", 0.99), ("b:1", "c:2", 0.98), ("a:0", "c:2", 0.97)]
    fourth = [("c:2", "d:3", 0.9), ("a:0", "d:3", 0.5), ("b:1", "d:3", 0.5)]
    assert clusters(few("abcd"), pairs_of(*circle, *fourth)) == {
        frozenset({"a:0", "b:1", "c:2", "d:3"})
    }


def test_what_is_taken_apart_joins_nobody_else():
    """Two of b hold a chain apart; the pair beside it stays a pair."""
    chain = pairs_of(("a:0", "b:1", 0.9), ("a:0", "b:2", 0.8), ("b:2", "c:3", 0.75))
    beside = pairs_of(("d:4", "e:5", 0.9))
    told = clusters(few("abbcde"), pd.concat([chain, beside], ignore_index=True))
    assert told == {frozenset({"a:0", "b:1"}), frozenset({"b:2", "c:3"}), frozenset({"d:4", "e:5"})}


def test_whom_a_person_links_stays_together_although_two_of_them_hardly_fit():
    words = said(("a:0", "b:1", "link"), ("b:1", "c:2", "link"))
    nothing = pairs_of(("a:0", "b:1", 0.2))
    assert clusters(few("abc"), nothing, words) == {frozenset({"a:0", "b:1", "c:2"})}


def test_a_persons_word_is_above_the_computed_one():
    pairs = pairs_of(("a:0", "b:1", 0.99))
    assert clusters(few("ab"), pairs, said(("b:1", "a:0", "unlink"))) == set()
    assert clusters(few("aba"), pairs, said(("a:0", "a:2", "link"))) == {
        frozenset({"a:0", "a:2", "b:1"})
    }
    triple = pairs_of(("a:0", "b:1", 0.99), ("b:1", "c:2", 0.98), ("a:0", "c:2", 0.97))
    parted = clusters(few("abc"), triple, said(("a:0", "c:2", "unlink")))
    assert parted == {frozenset({"a:0", "b:1"})}
    assert clusters(few("ab"), pairs, said(("a:0", "x:9", "link"))) == {frozenset({"a:0", "b:1"})}


def test_a_cluster_is_counted_once_by_its_best_record():
    events = make_events(
        [
            {"source_agency": "polda", "location_role": "recorded"},
            {"source_agency": "desa", "geo_precision": "desa"},
            {"source_agency": "satgas", "reported_at": START + 9 * DAY},
            {"source_agency": "imigrasi"},
        ]
    )
    ids = events["event_id"].tolist()
    rows = [(*sorted(pair), 0.9) for pair in (ids[:2], ids[1:3], [ids[0], ids[2]])]
    told = cluster(events, pairs_of(*rows))
    once = one_per_cluster(told)
    assert once["event_id"].tolist() == [ids[2], ids[3]]
    assert once["n_records"].tolist() == [3, 1]
    assert once["told_by"].tolist() == ["desa|polda|satgas", "imigrasi"]
    assert len(members(told, told["link_cluster_id"].iloc[0])) == 3
    assert told["link_prob"].isna().tolist() == [False, False, False, True]
    assert not schema.check_table(told, schema.EVENT)


def test_nothing_to_link_is_no_error():
    assert link(make_events([])).empty and link(make_events([{}])).empty
    assert cluster(make_events([]), link(make_events([]))).empty
    with pytest.raises(ValueError, match="given twice"):
        link(make_events([{}, {"source_record_id": "R0"}]))
    with pytest.raises(ValueError, match="link_at"):
        link(make_events([{}]), link_at=0.3)


def test_probabilities_mean_what_they_say_in_a_crowded_world():
    """Ten records a day in one box: twins are hard to tell, and the probabilities admit it.

    bench/data/link.py measures precision and recall on the whole province.
    """
    world = simulate(make_ground(), POSTS, seed=3, start="2024-11-04", weeks=60)
    events = world.events.sort_values("source_version")
    events = events.drop_duplicates("event_id", keep="last")
    events = schema.EVENT.typed(events[events["record_status"] != "withdrawn"])
    pairs = link(events)
    true = pairs_in(events[["event_id"]].merge(world.truth.links, on="event_id"), "true_id")
    found = [pair in true for pair in zip(pairs["event_id_a"], pairs["event_id_b"], strict=True)]
    likely = (pairs["prob"] >= LINK).to_numpy()
    assert np.sum(np.array(found)[likely]) > 0.5 * len(true)
    for low, high in ((0.1, 0.4), (0.4, 0.7), (0.7, 1.0)):
        inside = pairs["prob"].between(low, high).to_numpy()
        assert abs(np.mean(np.array(found)[inside]) - pairs["prob"][inside].mean()) < 0.12


def pairs_in(table: pd.DataFrame, key: str) -> set[tuple[str, str]]:
    both = table[["event_id", key]].merge(table[["event_id", key]], on=key)
    both = both[both["event_id_x"] < both["event_id_y"]]
    return set(zip(both["event_id_x"], both["event_id_y"], strict=True))
