"""A hidden number cannot be solved from what is shown, nor read anywhere else."""

import h3
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from data.gate.access import Scope, visible
from data.gate.disclose import REASON_STEP, download_notes, suppress
from data.gate.protect import Figures, bounds, confined, determined, hide
from data.gate.published import Published, release
from data.spreadsheet import csv_text
from tests.data.store_world import make_events

LATER = pd.Timestamp("2099-01-01T00:00Z")
RESTRICTED = Scope("ani", "satgas", "restricted", None, None, LATER)
INTERNAL = Scope("budi", "bp3mi", "internal", None, None, LATER)
PUBLIC = Scope("cici", "", "public", None, None, LATER)


def can_be_solved(values, equations, hidden) -> list[int]:
    """An attack of its own: which hidden figures have one value in all solutions of the sums."""
    unknown = np.flatnonzero(hidden)
    if not len(unknown):
        return []
    a = np.zeros((len(equations), len(values)))
    for i, (total, members) in enumerate(equations):
        a[i, total] = -1
        a[i, list(members)] = 1
    _, size, vt = np.linalg.svd(a[:, unknown], full_matrices=True)
    rank = int((size > 1e-9).sum())
    free = vt[rank:]
    return [int(unknown[i]) for i in range(len(unknown)) if (np.abs(free[:, i]) < 1e-9).all()]


table_of_counts = st.lists(
    st.tuples(
        st.sampled_from("ABCD"), st.sampled_from("pqr"), st.sampled_from("12"), st.integers(1, 30)
    ),
    min_size=1,
    max_size=24,
)


def figures_of(rows):
    table = pd.DataFrame(rows, columns=["x", "y", "z", "n"]).astype({"n": float})
    figures = Figures()
    figures.add_table(table, ["x", "y"], ["n"])
    figures.add_table(table, ["x", "z"], ["n"])
    return figures


@settings(max_examples=150, deadline=None)
@given(rows=table_of_counts, below=st.sampled_from([5, 11]))
def test_no_hidden_count_can_be_solved_from_the_totals(rows, below):
    figures = figures_of(rows)
    values, hidden = figures.values("n"), figures.hidden("n", below)
    assert hidden[(values > 0) & (values < below)].all()
    assert can_be_solved(values, figures.equations, hidden) == []
    assert determined(figures.equations, hidden) == []


#: five records; the total of 5 was shown, and every hidden count is at least one
FIVE = [("A", "p", "1", 1), ("A", "q", "1", 1), ("A", "r", "1", 1), ("B", "p", "1", 1)]


@settings(max_examples=25, deadline=None)
@given(rows=table_of_counts)
@example(rows=[*FIVE, ("B", "p", "2", 1)])
def test_no_small_count_is_pinned_down_by_knowing_that_counts_are_not_negative(rows):
    figures = figures_of(rows)
    values, hidden = figures.values("n"), figures.hidden("n", 5)
    small = np.flatnonzero((values > 0) & (values < 5))
    unknown = np.flatnonzero(hidden)
    a = np.zeros((len(figures.equations), len(values)))
    for i, (total, members) in enumerate(figures.equations):
        a[i, total] = -1
        a[i, list(members)] = 1
    right = -a[:, ~hidden] @ values[~hidden]
    for place in small[:4]:
        aim = (unknown == place).astype(float)
        ends = [
            linprog(sign * aim, A_eq=a[:, unknown], b_eq=right, bounds=(1, None), method="highs")
            for sign in (1, -1)
        ]
        low = ends[0].fun
        high = np.inf if ends[1].status == 3 else -ends[1].fun
        assert high - low > 0.5


def test_the_checker_sees_what_an_attack_sees():
    rng = np.random.default_rng(4)
    for _ in range(60):
        equations = [
            (int(total), tuple(sorted(rng.choice(12, rng.integers(1, 5), replace=False).tolist())))
            for total in rng.integers(12, 16, 6)
        ]
        hidden = rng.random(16) < 0.5
        used = {place for total, members in equations for place in (total, *members)}
        hidden &= np.isin(np.arange(16), list(used))
        assert determined(equations, hidden) == can_be_solved(np.ones(16), equations, hidden)


def test_what_only_a_combination_of_sums_gives_away_is_hidden_too():
    """No sum of these five has a lonely hidden member, and yet (C, r) could be solved as 3."""
    figures = figures_of(
        [("A", "r", "2", 21), ("C", "r", "2", 3), ("B", "r", "2", 26), ("C", "p", "2", 29),
         ("C", "q", "2", 10)]
    )  # fmt: skip
    hidden = figures.hidden("n", 5)
    assert hidden[figures.names[frozenset({("x", "C"), ("y", "r")})]]
    assert can_be_solved(figures.values("n"), figures.equations, hidden) == []


def test_where_zero_is_small_no_small_figure_is_confined_by_the_sums():
    # the sums leave 3 + 2 = 5 and 2 + 6 = 8 to be split up; with 6 shown 2 would be known
    values = np.array([5.0, 3, 2, 8, 2, 6, 13])
    equations = [(0, (1, 2)), (3, (4, 5)), (6, (0, 3))]
    hidden = hide(values, equations, 5, zeros=True)
    assert hidden[[1, 2, 4, 5]].all() and not hidden[[0, 3, 6]].any()
    low, high = bounds(values, equations, hidden)
    assert low[1] == 0 and high[1] == pytest.approx(5) and high[5] == pytest.approx(8)
    # nothing is solved, but three unknowns of sum 3 lie between 0 and 3
    values, equations = np.array([3.0, 1, 1, 1]), [(0, (1, 2, 3))]
    assert confined(values, equations, 5, np.array([False, True, True, True])) == [1, 2, 3]
    assert hide(values, equations, 5, zeros=True).all()


@settings(max_examples=60, deadline=None)
@given(rows=table_of_counts)
def test_no_sum_confines_a_small_count_to_less_than_its_class(rows):
    figures = figures_of(rows)
    values = figures.values("n")
    hidden = hide(values, figures.equations, 5, zeros=True)
    assert hidden[values < 5].all()
    assert determined(figures.equations, hidden) == []
    low, high = bounds(values, figures.equations, hidden)
    small = hidden & (values < 5)
    assert (low[small] < 1e-5).all() and (high[small] > 4 - 1e-5).all()


def test_a_count_that_could_only_be_one_or_more_gets_further_company():
    """a + b = 5 and a + c = 6 leave c no less than 1, though no sum determines it."""
    values = np.array([3.0, 2, 3, 7, 7, 5, 5, 10, 12, 13, 14])
    equations = [(6, (0, 1)), (7, (2, 3)), (8, (4, 5)), (9, (0, 2, 4)), (10, (1, 3, 5))]
    four = np.arange(11) < 4
    assert determined(equations, four) == [] and confined(values, equations, 5, four) == [2]
    hidden = hide(values, equations, 5, zeros=True)
    assert hidden.sum() > 4 and confined(values, equations, 5, hidden) == []


def test_a_hidden_figure_is_not_left_alone_in_its_sum():
    values, equations = np.array([30.0, 3, 9, 18]), [(0, (1, 2, 3))]
    assert hide(values, equations, 5).tolist() == [False, True, True, False]
    # two that are small together need a third: 1 + 2 = 3 would tell both
    values, equations = np.array([32.0, 1, 2, 9, 20]), [(0, (1, 2, 3, 4))]
    assert hide(values, equations, 5).tolist() == [False, True, True, True, False]


def test_what_everybody_knows_is_not_hidden_again():
    values, equations = np.array([30.0, 3, 7, 20]), [(0, (1, 2, 3))]
    known = np.array([False, False, True, False])
    assert hide(values, equations, 5, shown=known, zeros=True).tolist() == [
        False,
        True,
        False,
        True,
    ]


def test_a_forced_figure_stays_hidden_and_zero_is_never_hidden():
    values = np.array([30.0, 10.0, 20.0, 0.0])
    hidden = hide(values, [(0, (1, 2, 3))], 5, forced=np.array([False, True, False, True]))
    assert hidden.tolist() == [False, True, True, False]


@pytest.fixture(scope="module")
def frames():
    """Four hundred cells in two districts, with events in some of them."""
    rng = np.random.default_rng(1)
    parents = sorted(h3.grid_disk(h3.latlng_to_cell(1.0, 110.4, 6), 4))
    names = [cell for parent in parents for cell in sorted(h3.cell_to_children(parent, 7))]
    n = len(names)
    spread = rng.gamma(0.7, 1.0, len(names[::5]))
    spread /= spread.sum()
    code = np.where(np.arange(n) < n * 0.6, "61.03", "61.05")
    weeks = pd.date_range("2025-09-01", periods=60, freq="7D")
    history = pd.DataFrame(
        {
            "cell": rng.choice(names[::5], 420, p=spread),
            "week": rng.choice(weeks, 420),
            "event_type": rng.choice(["crossing_sighting", "interception_out"], 420, p=[0.9, 0.1]),
            "direction": "outbound",
            "weight": 1.0,
        }
    )
    last = weeks.max() - pd.Timedelta(weeks=51)
    recent = history[history["week"] >= last].groupby("cell")["weight"].sum()
    cells = pd.DataFrame({"cell": names, "lat": 0.0, "lon": 0.0, "area_km2": 5.2})
    cells["kabupaten_code"], cells["kecamatan_code"] = code, code + ".01"
    cells["events_52w"] = cells["cell"].map(recent).fillna(0.0)
    cells["trend"], cells["observed"], cells["weeks_since_visit"] = "new_hot", True, np.nan
    risk = pd.DataFrame({"cell": names, "horizon_weeks": 4, "group": "all"})
    risk["risk"] = rng.gamma(0.2, 0.1, n)
    risk["lo"], risk["hi"], risk["previous"] = risk["risk"] / 2, risk["risk"] * 2, risk["risk"]
    risk["doubt"] = ""
    reasons = pd.DataFrame({"cell": names, "horizon_weeks": 4, "reason": "recent"})
    reasons["contribution"], reasons["value"] = 0.1, 3.0
    scores = pd.DataFrame({"model": ["kde"] * 2, "period_start": weeks[:2], "n_events": [3, 9]})
    scores["hit05"], scores["ig"], scores["observed"] = [1 / 3, 4 / 9], 0.5, [3, 9]
    effort = pd.DataFrame({"cell": names, "week": weeks[0], "minutes": 30.0, "km": 1.0})
    return {
        "cells": cells,
        "risk": risk,
        "history": history,
        "reasons": reasons,
        "scores": scores,
        "effort": effort.assign(visits=1),
    }


def test_the_restricted_tier_sees_exact_numbers(frames):
    got = suppress(visible(frames, RESTRICTED), RESTRICTED)
    for name, table in frames.items():
        pd.testing.assert_frame_equal(got[name][list(table)], table)
    assert not got["cells"]["events_52w_suppressed"].any()


def published(frames, last="2026-10-19"):
    """All quarters that were over by then, told at once."""
    made = release(frames, pd.Timestamp(last), first_week="2025-09-01")
    return Published(pd.concat(made.values(), ignore_index=True), pd.Timestamp(last))


def test_other_tiers_see_coarser_cells_and_the_same_sums(frames):
    got = visible(suppress(frames, INTERNAL, published(frames)), INTERNAL)
    assert {h3.get_resolution(cell) for cell in got["cells"]["cell"]} == {6}
    assert got["cells"]["area_km2"].sum() == pytest.approx(frames["cells"]["area_km2"].sum())
    assert got["risk"]["risk"].sum() == pytest.approx(frames["risk"]["risk"].sum(), rel=0.02)
    assert got["effort"]["minutes"].sum() == frames["effort"]["minutes"].sum()
    assert got["reasons"]["value"].isna().all() and len(got["reasons"]) == len(got["cells"])
    assert got["scores"]["n_events"].isna().all() and pd.isna(got["scores"].loc[0, "hit05"])
    assert suppress(frames, PUBLIC)["effort"].empty


def test_contributions_of_reasons_are_told_in_steps(frames):
    exact = frames["reasons"].assign(contribution=np.linspace(-2, 2, len(frames["reasons"])))
    told = suppress({**frames, "reasons": exact}, PUBLIC)["reasons"]["contribution"]
    assert ((told / REASON_STEP) % 1 == 0).all() and 3 < told.nunique() <= 9
    kept = suppress({**frames, "reasons": exact}, RESTRICTED)["reasons"]["contribution"]
    assert kept.tolist() == exact["contribution"].tolist()


def test_counts_of_shared_tiers_are_those_that_were_published(frames):
    got = suppress(frames, INTERNAL, published(frames))
    history, cells = got["history"], got["cells"]
    quarters = history[history["week_last"] > history["week"]]
    assert quarters["week"].dt.strftime("%F").unique().tolist() == [
        "2025-09-29", "2025-12-29", "2026-03-30", "2026-06-29"]  # fmt: skip
    assert (quarters["weight"].dropna() >= 5).all() and quarters["weight"].notna().any()
    whole = frames["history"].set_index("week").sort_index()["weight"]
    area = quarters[quarters["kabupaten_code"] == ""].set_index("week")["weight"]
    assert area["2026-03-30"] == whole["2026-03-30":"2026-06-22"].sum()
    # the weeks since are hidden, not zero; no year was over, so that no cell tells a count
    since = history[history["week"] > "2026-09-21"]
    assert since["weight"].isna().all() and since["weight_suppressed"].all()
    assert since["week"].max() == pd.Timestamp("2026-10-19")
    assert cells["events_52w"].isna().all() and cells["events_52w_suppressed"].all()
    assert (cells["trend"] == "").all()


def test_nothing_published_is_nothing_shown(frames):
    got = suppress(frames, PUBLIC)
    assert got["history"].empty and got["cells"]["events_52w"].isna().all()


def test_records_and_points_stay_in_the_restricted_tier():
    events = make_events([{}, {"source_agency": "imigrasi"}])
    frames = {"events": events}
    assert suppress(frames, INTERNAL)["events"].empty and suppress(frames, PUBLIC)["events"].empty
    own = suppress(frames, RESTRICTED)["events"]
    assert own["lat"].notna().tolist() == [True, False]
    everyone = Scope("dedi", "*", "restricted", None, None, LATER)
    assert suppress(frames, everyone)["events"]["lat"].notna().all()


@pytest.mark.parametrize("tier", [PUBLIC, INTERNAL, RESTRICTED])
def test_a_table_that_is_not_declared_is_shown_to_nobody_whatever_it_looks_like(frames, tier):
    for name, table in frames.items():
        with pytest.raises(ValueError, match="no table other is declared; there are cells"):
            suppress({name: table, "other": table}, tier)


def test_a_csv_cannot_be_a_formula_and_says_what_it_is():
    notes = download_notes({"data_version": "d1", "synthetic": True, "resolution": 7}, INTERNAL)
    assert notes["label"] == "DATA SINTETIS" and "no persons" in notes["suppression"]
    table = pd.DataFrame({"=a": ["=1+1", "-x", "@y", "\tz", "plain"], "n": [-1.5, 2, 3, 4, 5]})
    text = csv_text(table, notes)
    lines = text.splitlines()
    assert "# data_version: d1" in lines and "# label: DATA SINTETIS" in lines
    assert lines[-5] == "'=1+1,-1.5" and lines[-6] == "'=a,n" and lines[-1] == "plain,5.0"
