"""A hidden number cannot be solved from what is shown, nor read anywhere else."""

import time

import h3
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from data.access import Scope, visible
from data.disclose import count_tables, csv_text, download_notes, suppress
from data.protect import Figures, determined, hide
from tests.data.store_world import DAY, START, make_events

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


@settings(max_examples=25, deadline=None)
@given(rows=table_of_counts)
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


def test_other_tiers_see_coarser_cells_and_the_same_sums(frames):
    got = suppress(visible(frames, INTERNAL), INTERNAL)
    assert {h3.get_resolution(cell) for cell in got["cells"]["cell"]} == {6}
    assert got["cells"]["area_km2"].sum() == pytest.approx(frames["cells"]["area_km2"].sum())
    assert got["risk"]["risk"].sum() == pytest.approx(frames["risk"]["risk"].sum(), rel=0.02)
    assert got["effort"]["minutes"].sum() == frames["effort"]["minutes"].sum()
    assert got["reasons"]["value"].isna().all() and len(got["reasons"]) == len(got["cells"])
    assert got["scores"]["n_events"].isna().all() and pd.isna(got["scores"].loc[0, "hit05"])
    assert suppress(frames, PUBLIC)["effort"].empty


def test_small_counts_of_cells_and_weeks_cannot_be_solved_together(frames):
    started = time.perf_counter()
    got = suppress(frames, INTERNAL)
    assert time.perf_counter() - started < 20
    cells, history = got["cells"], got["history"]
    true = frames["cells"].copy()
    true["cell"] = [h3.cell_to_parent(cell, 6) for cell in true["cell"]]
    true = true.groupby("cell")["events_52w"].sum()
    small = cells["cell"].map(true).between(0.001, 4.999)
    assert small.any() and cells.loc[small, "events_52w"].isna().all()
    assert (cells.loc[small, "trend"] == "").all()
    assert (history["weight"].dropna() >= 5).all() and history["weight"].notna().any()
    # all that is shown, and the sum that ties both tables, as an attacker would write it down
    year = history["week"] > history["week"].max() - pd.Timedelta(weeks=51)
    gone = [*cells["events_52w"].isna(), *history["weight"].isna()]
    values = np.zeros(len(gone) + 2)
    equations = []
    for i, code in enumerate(["61.03", "61.05"]):
        parts = np.flatnonzero(cells["kabupaten_code"] == code)
        steps = len(cells) + np.flatnonzero(year & (history["kabupaten_code"] == code))
        equations += [(len(gone) + i, tuple(parts)), (len(gone) + i, tuple(steps))]
    for unknown_total in (False, True):
        hidden = np.array([*gone, unknown_total, unknown_total])
        solved = can_be_solved(values, equations, hidden)
        assert [place for place in solved if place < len(gone)] == []


def test_records_and_points_stay_in_the_restricted_tier():
    events = make_events([{}, {"source_agency": "imigrasi"}])
    assert suppress(events, INTERNAL).empty and suppress(events, PUBLIC).empty
    own = suppress(events, RESTRICTED)
    assert own["lat"].notna().tolist() == [True, False]
    everyone = Scope("dedi", "*", "restricted", None, None, LATER)
    assert suppress(events, everyone)["lat"].notna().all()


def test_a_table_without_a_rule_is_not_shown():
    with pytest.raises(ValueError, match="no rule for table"):
        suppress(pd.DataFrame({"cell": ["a"], "secret": [1]}), INTERNAL)


def test_shared_tables_agree_with_each_other_and_hide_together():
    rng = np.random.default_rng(2)
    events = make_events(
        [
            {
                "admin_code": rng.choice(["61.03.21.2001", "61.03.07", "61.05.06", "61.01", ""]),
                "event_type": rng.choice(["crossing_sighting", "case_tppo"], p=[0.9, 0.1]),
                "event_start": START + int(rng.integers(0, 200)) * DAY,
                "n_persons": int(rng.integers(1, 6)),
                "n_minor": int(rng.integers(0, 2)),
            }
            for _ in range(300)
        ]
    )
    exact = count_tables(events, RESTRICTED)
    assert {table["n_events"].max() for table in exact.values()} == {300}
    assert "n_minor" not in exact["kecamatan"]
    shared = count_tables(events, INTERNAL)
    for name, table in shared.items():
        assert (table["n_events"].dropna() >= 5).all()
        assert (table["n_persons"].dropna() >= 11).all()
        assert not table.loc[exact[name]["n_events"].to_numpy() < 5, "n_persons"].notna().any()
    assert shared["kabupaten_type"]["n_events_suppressed"].any()
    totals = [
        table[(table["kabupaten_code"] == "61.03") & (table["level"] == 1)]["n_events"].iloc[0]
        for table in shared.values()
    ]
    assert len(set(totals)) == 1


def test_a_csv_cannot_be_a_formula_and_says_what_it_is():
    notes = download_notes({"data_version": "d1", "synthetic": True, "resolution": 7}, INTERNAL)
    assert notes["label"] == "DATA SINTETIS" and "persons < 11" in notes["suppression"]
    table = pd.DataFrame({"=a": ["=1+1", "-x", "@y", "\tz", "plain"], "n": [-1.5, 2, 3, 4, 5]})
    text = csv_text(table, notes)
    lines = text.splitlines()
    assert "# data_version: d1" in lines and "# label: DATA SINTETIS" in lines
    assert lines[-5] == "'=1+1,-1.5" and lines[-6] == "'=a,n" and lines[-1] == "plain,5.0"
