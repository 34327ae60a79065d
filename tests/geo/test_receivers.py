"""Several receivers of one patrol count once; patrols that cross stay two."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo import receivers
from geo.receivers import count_once, spans_text, together

START = 1_746_410_400


def track(name, stays, agency="satgas", counted=""):
    """Rows of one track; stays are (cell, first minute, minutes)."""
    rows = []
    for cell in dict.fromkeys(cell for cell, _, _ in stays):
        own = [(a, n) for c, a, n in stays if c == cell]
        begin = np.array([START + 60 * a for a, _ in own])
        minutes = np.array([n for _, n in own])
        rows.append(
            {
                "source_agency": agency,
                "effort_id": f"{name}-{cell}",
                "track": name,
                "cell": cell,
                "spans": spans_text(begin, begin + 60 * minutes),
                "counted": counted,
                "minutes": float(minutes.sum()),
                "km": 0.05 * minutes.sum(),
                "visits": float(len(own)),
            }
        )
    return pd.DataFrame(rows)


def join(*tracks):
    return pd.concat(tracks, ignore_index=True)


def counted(*tracks):
    return count_once(join(*tracks))["minutes"].sum()


WALK = [("a", 0, 40), ("b", 40, 40), ("c", 80, 35)]


def test_three_receivers_of_one_patrol_are_one_patrol():
    late = [("a", 5, 35), ("b", 40, 40), ("c", 80, 20)]
    assert counted(track("x", WALK), track("y", WALK), track("z", late)) == 115


def test_what_a_second_receiver_saw_longer_counts_too():
    """The first one's battery was empty after an hour: 60 minutes together, 55 alone."""
    first = [("a", 0, 40), ("b", 40, 20)]
    both = count_once(join(track("x", first), track("y", WALK)))
    assert both["minutes"].sum() == 115
    assert both.loc[both["track"] == "x", ["minutes", "km", "visits"]].sum().sum() == 0


def test_members_on_two_sides_of_an_edge_are_counted_once():
    """A tenth of the time the second one is in the next cell: still one patrol, one time."""
    edge = [("a", 0, 36), ("b", 36, 44), ("c", 80, 35)]
    assert counted(track("x", WALK), track("y", edge)) == 115


@pytest.mark.parametrize(
    "other",
    [
        [("a", 0, 40), ("d", 40, 40), ("e", 80, 35)],  # from one post, then another way
        [("d", 0, 40), ("b", 40, 40), ("e", 80, 35)],  # crossing in the middle
        [("a", 500, 40), ("b", 540, 40), ("c", 580, 35)],  # the same way, later
        [("d", 0, 40), ("e", 40, 40), ("f", 80, 35)],  # at the same time elsewhere
    ],
)
def test_two_patrols_that_meet_are_two(other):
    assert counted(track("x", WALK), track("y", other)) == 230


@pytest.mark.parametrize(("minutes", "total"), [(69, 200), (70, 100)])
def test_most_of_the_shorter_track_is_seven_tenths(minutes, total):
    """100 minutes each; less than seven tenths in common are two patrols."""
    one = track("x", [("a", 0, 100)])
    two = track("y", [("a", 0, minutes), ("b", minutes, 100 - minutes)])
    assert counted(one, two) == total


def test_another_agency_is_another_patrol():
    assert counted(track("x", WALK), track("y", WALK, agency="polda")) == 230


def test_a_steward_may_say_that_each_counts():
    assert counted(track("x", WALK), track("y", WALK, counted="each")) == 230


def test_declared_effort_is_left_as_it_is():
    told = track("x", WALK).assign(spans="", track="")
    assert_frame_equal(count_once(join(told, told)), join(told, told))


def test_a_file_is_told_what_it_shares_with_itself_and_with_what_is_stored():
    new = join(track("x", WALK), track("y", WALK))
    assert together(new, track("w", WALK).iloc[:0]) == receivers.Together(2, 115, 0)
    assert together(new, track("w", WALK)) == receivers.Together(2, 230, 115)
    alone = track("y", [("q", 0, 30)])
    assert together(alone, track("w", WALK)) == receivers.Together()
    assert together(new, new) == receivers.Together(2, 115, 0)  # the same file again


@pytest.mark.parametrize("name", ["a", "z"])
def test_of_two_as_long_the_one_that_counts_does_not_hang_on_a_name(name):
    """Eight tenths in common, as long each: a copy of either leaves every cell as it was."""
    one = track("m", [("a", 0, 100)])
    two = track("n", [("a", 0, 80), ("b", 80, 20)])
    before = count_once(join(one, two)).groupby("cell")["minutes"].sum()
    for stays_of in ([("a", 0, 100)], [("a", 0, 80), ("b", 80, 20)]):
        after = count_once(join(one, two, track(name, stays_of)))
        pd.testing.assert_series_equal(before, after.groupby("cell")["minutes"].sum())


stays = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 30), st.integers(1, 12)), min_size=1
)


def walk_of(parts):
    """Stays one after another, with pauses: nobody is in two places."""
    out, now = [], 0
    for cell, pause, minutes in parts:
        out.append((cell, now + pause, minutes))
        now += pause + minutes
    return out


@given(parts=st.lists(stays, min_size=1, max_size=4), which=st.integers(0, 3), name=st.text("amz"))
def test_a_copy_of_a_track_never_changes_the_minutes_of_a_cell(parts, which, name):
    told = [track(f"t{k}", walk_of(part)) for k, part in enumerate(parts)]
    copy = track(f"{name}-copy", walk_of(parts[which % len(parts)]))
    before = count_once(join(*told)).groupby("cell")["minutes"].sum()
    for both in (join(*told, copy), join(copy, *told)):
        after = count_once(both).groupby("cell")["minutes"].sum()
        pd.testing.assert_series_equal(before, after)


@given(parts=st.lists(stays, min_size=1, max_size=4), seed=st.integers(0, 99))
def test_the_order_of_deliveries_does_not_matter_and_nothing_is_added(parts, seed):
    rows = join(*[track(f"t{k}", walk_of(part)) for k, part in enumerate(parts)])
    mixed = rows.sample(frac=1, random_state=seed)
    once = count_once(rows)
    assert_frame_equal(count_once(mixed).loc[rows.index], once)
    assert (once["minutes"] <= rows["minutes"] + 1e-9).all() and (once["minutes"] >= 0).all()
    longest = rows.groupby("track")["minutes"].sum().max()
    assert once["minutes"].sum() >= longest - 1e-9
