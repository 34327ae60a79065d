"""Who may see which column, and what was told once: every rule of both with its edges."""

import h3
import numpy as np
import pandas as pd
import pytest

from data.gate import declared, protect, published
from data.gate.published import Published, homes_of, parents, release
from geo import blocks

PARENTS = sorted(h3.grid_disk(h3.latlng_to_cell(1.0, 110.4, 6), 1))
MIDDLES = [h3.cell_to_center_child(parent, 7) for parent in PARENTS]
FIRST = pd.Timestamp("2024-12-30")  # Monday of the first week of 2025


# declared -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "column", "tiers"), [
    ("cells", "observed", "public internal restricted"),
    ("cells", "effort_minutes_12w", "internal restricted"),
    ("reasons", "value", "restricted"),
    ("cells", "nobody_declared_this", "restricted"),
    ("events", "lat", "restricted"),
])  # fmt: skip
def test_a_column_is_seen_from_its_tier_on_and_an_undeclared_one_from_the_highest(
    kind, column, tiers
):
    seen = [tier for tier in declared.TIERS if declared.may_see(kind, column, tier)]
    assert seen == tiers.split()


def test_what_is_withheld_is_named_by_column_and_whole_tables_by_name():
    public, internal = (set(declared.withheld(tier)) for tier in ("public", "internal"))
    assert {"effort", "effort.minutes", "overrides", "events", "cells.weeks_since_visit"} <= public
    assert {"events", "reasons.value", "overrides.by"} <= internal
    assert not {"effort", "overrides", "effort.minutes", "cells", "reasons"} & internal
    assert internal < public and not {"cells", "risk", "scores"} & public
    assert declared.withheld("restricted") == ()


def test_a_withheld_number_keeps_its_place_and_an_undeclared_column_does_not():
    table = pd.DataFrame({"cell": ["a"], "area_km2": [5.0], "weeks_since_visit": [3],
                          "events_52w": [1.0], "events_52w_suppressed": [False]})  # fmt: skip
    table = table.assign(new=1)
    told = declared.withhold("cells", table, "public")
    assert list(told) == ["cell", "area_km2", "weeks_since_visit", "events_52w",
                          "events_52w_suppressed", "weeks_since_visit_suppressed"]  # fmt: skip
    assert told["weeks_since_visit"].isna().all() and told["weeks_since_visit_suppressed"].all()
    assert told["events_52w"].tolist() == [1] and not told["events_52w_suppressed"].any()
    assert list(table)[-1] == "new" and table["weeks_since_visit"].tolist() == [3]
    pd.testing.assert_frame_equal(declared.withhold("cells", table, "restricted"), table)
    events = pd.DataFrame({"event_id": ["a", "b", "c"], "lat": [1.0, 2.0, 3.0]})
    assert declared.withhold("events", events, "internal").empty
    assert len(declared.withhold("events", events, "restricted")) == 3


def test_a_table_that_nobody_declared_does_not_pass():
    declared.refuse_unknown(declared.TABLES)
    with pytest.raises(ValueError, match="no table persons, x is declared; there are cells, risk"):
        declared.refuse_unknown(["x", "cells", "persons"])
    with pytest.raises(AttributeError):
        declared.TABLES["effort"]["minutes"].tier = "public"


def test_a_number_that_some_tier_sees_hidden_is_named_once():
    assert declared.hideable("cells") == ("effort_minutes_12w", "weeks_since_visit", "events_52w")
    assert declared.hideable("history") == ("weight",)
    assert declared.hideable("reasons") == ("value",)
    assert declared.hideable("scores")[:2] == ("n_events", "n_outside")
    for kind in ("risk", "effort", "events", "overrides"):
        assert declared.hideable(kind) == (), "seen whole or not at all"


def test_every_declared_column_is_a_line_of_the_documents():
    lines = declared.as_markdown().splitlines()
    assert len(lines) == 2 + 1 + sum(map(len, declared.TABLES.values()))
    assert "| cells | `effort_minutes_12w` | effort | minutes | internal |" in lines
    assert "| events | all | record | as in docs/data.md | restricted |" in lines
    kinds = {told.kind for columns in declared.TABLES.values() for told in columns.values()}
    assert kinds <= set(declared.KINDS)


# published ------------------------------------------------------------------------------------


def frames(rows, first=FIRST) -> dict[str, pd.DataFrame]:
    """Two districts of coarse cells, and events as (coarse cell, week, number)."""
    half = len(PARENTS) // 2
    cells = pd.DataFrame({"cell": MIDDLES})
    cells["kabupaten_code"] = np.where(np.arange(len(MIDDLES)) < half, "61.03", "61.05")
    history = pd.DataFrame(
        [(MIDDLES[c], first + pd.Timedelta(weeks=w), float(n)) for c, w, n in rows],
        columns=["cell", "week", "weight"],
    )
    return {"cells": cells, "history": history}


BUSY = [(c, w, 10) for c in (0, 1, 4, 5) for w in (0, 13, 26, 39)]


def test_a_quarter_is_told_four_weeks_after_its_last_and_no_week_earlier():
    last = FIRST + pd.Timedelta(weeks=12)  # the last week of the first quarter
    wait = pd.Timedelta(weeks=published.WAIT_WEEKS)
    day = pd.Timedelta(weeks=1)
    assert published.WAIT_WEEKS == 4
    assert list(release(frames(BUSY), last + wait - day)) == []
    assert list(release(frames(BUSY), last + wait)) == ["2025-Q1"]
    assert list(release(frames(BUSY), last + wait, first_week=FIRST + day)) == []
    assert release(frames([]), last + wait) == {}
    late = [(c, w + 1, n) for c, w, n in BUSY]
    assert list(release(frames(late), last + wait)) == []
    assert list(release(frames(late), last + wait, first_week=FIRST)) == ["2025-Q1"]


def test_counts_are_those_of_the_quarter_and_in_the_last_one_of_the_year_by_cell():
    made = release(frames(BUSY), FIRST + pd.Timedelta(weeks=60))
    assert list(made) == blocks.quarters_of("2025")
    ledger = pd.concat(made.values(), ignore_index=True)
    told = Published(ledger, FIRST + pd.Timedelta(weeks=60))
    districts = told.districts().set_index(["span", "kabupaten_code"])["count"]
    assert districts["2025-Q2"].to_dict() == {"": 40, "61.03": 20, "61.05": 20}
    year = told.cells().set_index("cell")["count"]
    assert set(told.cells()["span"]) == {"2025"}
    busy = year[[PARENTS[c] for c in (0, 1, 4, 5)]]
    assert (busy.dropna() == 40).all() and busy.notna().any()
    assert year.drop(busy.index).isna().all()  # zero is small too, and needs company
    weeks = told.districts().set_index("span").loc["2025-Q1", ["week", "week_last"]].iloc[0]
    assert weeks.tolist() == [FIRST, FIRST + pd.Timedelta(weeks=12)]
    base = ledger[ledger["kind"] == "base"]
    assert base["hidden"].all() and base["count"].sum() == 160
    early = Published(ledger, FIRST + pd.Timedelta(weeks=25))
    assert set(early.districts()["span"]) == {"2025-Q1", "2025-Q2"} and early.cells().empty
    assert set(Published(ledger).districts()["span"]) == set(blocks.quarters_of("2025"))


def test_a_second_year_is_made_of_its_own_quarters():
    """Fifty events in each quarter of 2025 and ten in each of 2026 are 40 in 2026, not 240."""
    rows = [(c, w, n) for start, n in ((0, 50), (52, 10)) for c in (0, 1, 4, 5)
            for w in range(start, start + 52, 13)]  # fmt: skip
    end = FIRST + pd.Timedelta(weeks=112)
    ledger = pd.concat(release(frames(rows), end).values(), ignore_index=True)
    assert set(ledger["span"]) >= {"2025", "2026"}
    told = Published(ledger, end)
    assert set(told.cells()["span"]) == {"2026"}
    assert set(told.cells()["count"].dropna()) == {40}
    before = Published(ledger, FIRST + pd.Timedelta(weeks=60)).cells()
    assert set(before["span"]) == {"2025"} and set(before["count"].dropna()) == {200}


def test_what_was_told_once_is_not_told_again_nor_changed():
    end = FIRST + pd.Timedelta(weeks=30)
    first = release(frames(BUSY), end)
    ledger = pd.concat(first.values(), ignore_index=True)
    assert release(frames(BUSY), end, ledger) == {}
    more = frames([*BUSY, (2, 3, 50)])
    later = release(more, FIRST + pd.Timedelta(weeks=43), ledger)
    assert list(later) == ["2025-Q3"] and (later["2025-Q3"]["release"] == "2025-Q3").all()
    assert set(later["2025-Q3"]["span"]) == {"2025-Q3"}
    skipped = release(more, FIRST + pd.Timedelta(weeks=43), first["2025-Q2"])
    assert list(skipped) == ["2025-Q3"]  # not the first one, which is older than what was told


def test_a_small_count_of_a_district_is_hidden_together_with_another():
    some = [(0, 0, 30), (4, 0, 3), *[(c, 13, 10) for c in (0, 4)]]
    made = release(frames(some), FIRST + pd.Timedelta(weeks=30))
    told = Published(pd.concat(made.values(), ignore_index=True)).districts()
    told = told.set_index(["span", "kabupaten_code"])["count"]
    assert np.isnan(told["2025-Q1", "61.05"])
    assert told["2025-Q1"].isna().sum() >= 2
    assert told["2025-Q2"].to_dict() == {"": 20, "61.03": 10, "61.05": 10}


def test_a_coarse_cell_lies_where_its_middle_does_or_its_first_cell():
    children = sorted(h3.cell_to_children(PARENTS[0], 7))
    table = pd.DataFrame({"cell": children, "kabupaten_code": "61.05"})
    table.loc[table["cell"] == MIDDLES[0], "kabupaten_code"] = "61.03"
    assert homes_of(table.sample(frac=1, random_state=1)).to_dict() == {PARENTS[0]: "61.03"}
    edge = table[table["cell"] != MIDDLES[0]].reset_index(drop=True)
    edge.loc[0, "kabupaten_code"] = "61.01"
    assert homes_of(edge[::-1]).to_dict() == {PARENTS[0]: "61.01"}
    assert homes_of(edge.assign(kabupaten_code="")).to_dict() == {PARENTS[0]: "?"}
    coarser = h3.cell_to_parent(PARENTS[0], 5)
    assert parents(pd.DataFrame({"cell": [children[0], PARENTS[1], coarser]})).tolist() == [
        PARENTS[0], PARENTS[1], coarser,
    ]  # fmt: skip


@pytest.mark.parametrize("old", [
    [("", 18, False), ("61.03", 10, False), ("61.05", 8, True)],  # solved, though not small
    [("", 3, False), ("61.03", 1, True), ("61.05", 2, True)],  # not solved, but 3 at most
])  # fmt: skip
def test_where_what_was_told_leaves_no_safe_choice_all_that_is_new_is_hidden(old):
    new = [("", 40, True), ("61.03", 20, True), ("61.05", 20, True)]

    def hidden(known):
        rows = [("2025-Q1", *row) for row in known] + [("2025-Q2", *row) for row in new]
        told = pd.DataFrame(rows, columns=["span", "kabupaten_code", "count", "hidden"])
        return published._hide(told.assign(cell=""), len(known)).tolist()

    safe = [("", 18, False), ("61.03", 10, False), ("61.05", 8, False)]
    assert hidden(safe) == [False] * 6
    assert hidden(old) == [row[2] for row in old] + [True] * 3


@pytest.mark.parametrize(("cutoff", "monday"), [
    ("2026-10-25", "2026-10-19"),  # a Sunday: its week is over
    ("2026-10-24", "2026-10-12"), ("2026-10-19", "2026-10-12"), ("2026-10-26", "2026-10-19"),
])  # fmt: skip
def test_the_last_week_is_the_last_that_was_over(cutoff, monday):
    assert published._last_week({"cutoff": cutoff}) == pd.Timestamp(monday)


def test_a_quarter_is_kept_in_a_file_that_nothing_writes_over(tmp_path):
    end = FIRST + pd.Timedelta(weeks=31) - pd.Timedelta(days=1)
    meta = {"cutoff": str(end.date())}
    assert published.keep(tmp_path, frames(BUSY), meta) == ["2025-Q1", "2025-Q2"]
    files = {file.name: file.read_bytes() for file in (tmp_path / "published").iterdir()}
    assert sorted(files) == ["q2025_1.parquet", "q2025_2.parquet"]
    assert published.keep(tmp_path, frames([*BUSY, (2, 3, 50)]), meta) == []
    assert {file.name: file.read_bytes() for file in (tmp_path / "published").iterdir()} == files
    assert len(published.read(tmp_path, meta).districts()) == 6
    assert published.read(tmp_path, meta | {"synthetic": True}).rows.empty
    assert published.keep(tmp_path, {"cells": frames(BUSY)["cells"]}, meta) == []
    assert published.keep(tmp_path, frames(BUSY), {}) == []
    assert published.keep(tmp_path, frames(BUSY), meta | {"synthetic": True})
    assert (tmp_path / "published_synthetic").is_dir()


def test_all_sums_of_a_year_are_known():
    """Quarters and year, area and two districts, two cells of one: who adds up to whom."""
    spans = [*blocks.quarters_of("2025"), "2025"]
    rows = pd.DataFrame(
        [(span, code, "") for span in spans for code in ("", "61.03", "61.05")]
        + [("2025", "61.03", "x"), ("2025", "61.03", "y")],
        columns=["span", "kabupaten_code", "cell"],
    )
    at = {row: place for place, row in enumerate(rows.itertuples(index=False, name=None))}
    told = {(total, frozenset(parts)) for total, parts in published.system(rows)}
    codes = ("61.03", "61.05")
    area = {(at[s, "", ""], frozenset(at[s, c, ""] for c in codes)) for s in spans}
    year = {(at["2025", c, ""], frozenset(at[q, c, ""] for q in spans[:4])) for c in ("", *codes)}
    cells = {(at["2025", "61.03", ""], frozenset({at["2025", "61.03", "x"],
                                                  at["2025", "61.03", "y"]}))}  # fmt: skip
    assert told == area | year | cells


# what must be hidden --------------------------------------------------------------------------


def test_tables_of_one_body_of_records_share_their_totals():
    table = pd.DataFrame({"x": ["A", "A", "B"], "y": ["p", "q", "p"], "n": [3.0, 4, 5]})
    figures = protect.Figures()
    figures.add_table(table, ["x", "y"], ["n"])
    name = lambda **pairs: figures.names[frozenset(pairs.items())]  # noqa: E731
    values = figures.values("n")
    told = {key: values[name(**dict(key))] for key in
            [(("x", "A"),), (("x", "B"),), (("y", "p"),), (("y", "q"),), ()]}  # fmt: skip
    assert list(told.values()) == [7, 5, 8, 4, 12]
    sums = {(total, frozenset(parts)) for total, parts in figures.equations}
    assert (name(), frozenset({name(x="A"), name(x="B")})) in sums
    assert (name(x="A"), frozenset({name(x="A", y="p"), name(x="A", y="q")})) in sums
    assert figures.values("m").tolist() == [0.0] * len(values)
    before = len(figures.equations)
    figures.add_table(table, ["x", "y"], ["n"])
    assert len(figures.equations) == before
    figures.add_table(table, ["x"], ["n"], fixed=[("span", "s")])
    assert values.sum() + 24 == figures.values("n").sum()
    figures.add_sum(frozenset(), [frozenset({("span", "s"), ("x", "A")}), frozenset({("no", 1)})])
    assert figures.equations[-1] == (name(), (name(span="s", x="A"),))


def test_a_district_within_another_is_never_named_without_it():
    table = pd.DataFrame({"kab": ["1", "1"], "kec": ["a", "b"], "n": [3.0, 9]})
    figures = protect.Figures()
    figures.add_table(table, ["kab", "kec"], ["n"], nested={"kec": "kab"})
    assert all("kab" in dict(name) for name in figures.names if "kec" in dict(name))
    assert set(figures.names) == {
        frozenset({("kab", "1"), ("kec", "a")}), frozenset({("kab", "1"), ("kec", "b")}),
        frozenset({("kab", "1")}), frozenset(),
    }  # fmt: skip


def test_four_is_small_and_five_is_not_and_zero_only_where_it_is_said_to_be():
    values = np.array([4.0, 5.0, 0.0, 4.999])
    assert protect.hide(values, [], 5).tolist() == [True, False, False, True]
    assert protect.hide(values, [], 5, zeros=True).tolist() == [True, False, True, True]
    known = np.array([True, False, False, False])
    assert protect.hide(values, [], 5, shown=known).tolist() == [False, False, False, True]
    ties = np.array([False, True, False, False])
    assert protect.hide(values, [], 5, untold=ties).tolist() == [True, True, False, True]


def test_the_smallest_member_keeps_a_hidden_one_company_and_the_total_where_there_is_none():
    values = np.array([40.0, 3, 10, 10, 17])
    assert protect.hide(values, [(0, (1, 2, 3, 4))], 5).tolist() == [
        False,
        True,
        True,
        False,
        False,
    ]
    two = np.array([7.0, 3, 4])  # both are small and add up to no small number
    assert protect.hide(two, [(0, (1, 2))], 5).tolist() == [False, True, True]
    one = np.array([3.0, 3, 0])
    assert protect.hide(one, [(0, (1, 2))], 5).tolist() == [True, True, False]
    lonely = np.array([9.0, 3, 6])
    shown = np.array([False, False, True])
    assert protect.hide(lonely, [(0, (1, 2))], 5, shown=shown).tolist() == [True, True, False]


def test_bounds_are_those_of_counts_that_are_not_negative():
    values = np.array([10.0, 4, 6, 2])
    equations = [(0, (1, 2)), (2, (3,))]
    low, high = protect.bounds(values, equations, np.array([False, True, True, False]))
    assert (low[1], high[1], low[2], high[2]) == pytest.approx((8, 8, 2, 2))
    low, high = protect.bounds(values, equations[:1], np.array([True, True, False, False]))
    assert low[0] == pytest.approx(6) and np.isinf(high[0]) and low[1] == 0 and np.isinf(high[1])
    assert (low[2], high[2]) == (6, 6)
    low, high = protect.bounds(values, [], np.array([True, False, False, False]))
    assert (low[0], high[0]) == (0, np.inf)
    with pytest.raises(ValueError, match="do not agree with each other"):
        protect.bounds(np.array([1.0, 5, 3]), [(0, (1, 2))], np.array([False, False, True]))


def test_figures_of_the_same_sums_may_each_be_all_of_it_or_nothing():
    values, equations = np.array([9.0, 4, 3, 2]), [(0, (1, 2, 3))]
    low, high = protect.bounds(values, equations, np.array([False, True, True, True]))
    assert low[1:].tolist() == [0, 0, 0] and high[1:] == pytest.approx(9)
    assert protect.confined(values, equations, 5, np.array([False, True, True, True])) == []
    small = np.array([3.9, 1.9, 1, 1])
    assert protect.confined(small, equations, 5, np.array([False, True, True, True])) == [1, 2, 3]


def test_a_sum_with_one_hidden_figure_determines_it():
    equations = [(0, (1, 2)), (0, (3, 4))]
    hide = np.array
    assert protect.determined(equations, hide([False, True, False, True, True])) == [1]
    assert protect.determined(equations, hide([True, True, False, True, True])) == []
    assert protect.determined(equations, hide([True, False, False, True, True])) == [0]
    assert protect.determined([], hide([True] * 5)) == []
    # a = b + c and a = b + 2: only together do they tell c, as 2
    chain = [(0, (1, 2)), (0, (1, 3))]
    assert protect.determined(chain, hide([True, True, True, False])) == [2]
