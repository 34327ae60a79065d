"""What one tier can collect in a year of weekly assessments gives no small number away.

The reader of the attack writes down every count that every scope of a tier was shown in every
week, as a sum over (place, week) that has this value, adds that no count is below zero, and asks a
linear program how small and how large each hidden count can be (DATA SINTETIS).

The rule: a count below 5 that is hidden, zero included, may be anything from 0 to 4 as far as all
of this tells: no hidden small count is pinned to a number, nor to less than that.
"""

from collections import defaultdict

import h3
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from data.gate import disclose, protect, published
from data.gate.access import Scope, visible
from data.gate.published import EVENTS_BELOW, Published
from geo import blocks

LATER = pd.Timestamp("2099-01-01T00:00Z")
DISTRICTS = ["61.01", "61.02", "61.03", "61.04"]
FIRST, LAST = pd.Timestamp("2024-12-30"), pd.Timestamp("2026-01-26")
SCOPES = {
    "everywhere": Scope("budi", "*", "internal", None, None, LATER),
    **{code: Scope("cici", "bp3mi", "internal", frozenset({code}), None, LATER)
       for code in DISTRICTS},
}  # fmt: skip


@pytest.fixture(scope="module")
def world():
    """Cells of four districts whose border runs through coarse cells; 57 weeks of events."""
    rng = np.random.default_rng(11)
    whole = sorted(h3.grid_disk(h3.latlng_to_cell(1.0, 110.4, 6), 2))
    fine = [cell for parent in whole for cell in sorted(h3.cell_to_children(parent, 7))]
    lat, lon = np.array([h3.cell_to_latlng(cell) for cell in fine]).T
    east, north = lon > np.median(lon), lat > np.median(lat)
    cells = pd.DataFrame({"cell": fine, "lat": lat, "lon": lon, "area_km2": 5.2})
    cells["kabupaten_code"] = np.array(DISTRICTS)[2 * north + east]
    cells["kecamatan_code"] = cells["kabupaten_code"] + ".01"
    cells["events_52w"], cells["observed"] = 0.0, True
    weeks = pd.date_range(FIRST, LAST, freq="7D")
    busy = rng.choice(len(fine), 12, replace=False)
    place = np.where(rng.random(150) < 0.7, rng.choice(busy, 150), rng.integers(0, len(fine), 150))
    rows = [(fine[p], w) for p, w in zip(place, rng.choice(weeks, 150), strict=True)]
    # one district keeps two busy cells, with one event each in the last quarter
    home = cells["kabupaten_code"].eq("61.01")
    inside = published.homes_of(cells)
    two = [c for c in cells.loc[home, "cell"]
           if h3.cell_to_center_child(h3.cell_to_parent(c, 6), 7) == c][:2]  # fmt: skip
    mine = inside.index[inside == "61.01"]
    rows = [(c, w) for c, w in rows if h3.cell_to_parent(c, 6) not in set(mine)]
    for quarter, number in zip(blocks.quarters_of("2025"), (4, 4, 4, 1), strict=True):
        rows += [(c, w) for c in two for w in blocks.weeks_of(quarter)[1 : 1 + number]]
    history = pd.DataFrame(rows, columns=["cell", "week"]).assign(
        event_type="crossing_sighting", direction="outbound", weight=1.0
    )
    return cells, history


def of_week(world, week) -> dict[str, pd.DataFrame]:
    """What is assessed in one week: all that had been recorded by then."""
    cells, history = world
    return {"cells": cells, "history": history[history["week"] <= week]}


def shown_rightly(world):
    """(week, scope, frames) as the program shows them."""
    ledger = published._none()
    for week in pd.date_range(FIRST, LAST, freq="7D"):
        frames = of_week(world, week)
        for rows in published.release(frames, week, ledger, FIRST).values():
            ledger = rows if ledger.empty else pd.concat([ledger, rows], ignore_index=True)
        for name, scope in SCOPES.items():
            told = disclose.suppress(frames, scope, Published(ledger, week))
            yield week, name, visible(told, scope)


def shown_each_week_anew(world):
    """The same without a ledger: the running quarter is told as well, and told again each week."""
    for week in pd.date_range(FIRST, LAST, freq="7D"):
        frames = of_week(world, week)
        running = blocks.quarter_of(pd.Series([week])).iloc[0]
        homes = published.homes_of(frames["cells"])
        history = frames["history"].assign(cell=published.parents(frames["history"]))
        history = history[blocks.quarter_of(history["week"]) == running]
        base = history.groupby("cell")["weight"].sum().reindex(homes.index, fill_value=0.0)
        rows = published._publish(running, base, homes, published._none())
        told = disclose.suppress(frames, SCOPES["everywhere"], Published(rows))
        yield week, "everywhere", told


def shown_cut_first(world):
    """The same with the scope cut before the coarse counts are made and hidden."""
    for name, scope in SCOPES.items():
        frames = visible(of_week(world, LAST), scope)
        rows = published.release(frames, LAST, None, FIRST)
        ledger = pd.concat(rows.values(), ignore_index=True)
        yield LAST, name, visible(disclose.suppress(frames, scope, Published(ledger, LAST)), scope)


def collect(world, shown, part_of_scope: bool = False):
    """Every count that was told once, as sums over (piece, week): equations and their values.

    A piece is the part of a coarse cell that lies in one district.
    """
    cells, history = world
    pieces = pd.DataFrame({"coarse": published.parents(cells), "part": cells["kabupaten_code"]})
    at = pieces.drop_duplicates().reset_index(drop=True)
    homes = published.homes_of(cells)
    at["home"] = at["coarse"].map(homes)
    weeks = pd.date_range(FIRST, LAST, freq="7D")
    sums: dict[tuple, float] = {}
    for week, name, frames in shown:
        mine = at["part"] == name if part_of_scope and name != "everywhere" else at["part"] != ""
        told = frames["history"].dropna(subset=["weight"])
        for row in told.itertuples():
            inside = at["home"] == row.kabupaten_code if row.kabupaten_code else at["home"] != ""
            if part_of_scope and name != "everywhere":
                inside = mine
            span = (weeks >= row.week) & (weeks <= min(row.week_last, week))
            sums[_sum(inside & mine, span)] = row.weight
        told = frames["cells"].dropna(subset=["events_52w"])
        for row in told.itertuples():
            span = np.isin(weeks, blocks.weeks_of(row.events_year)) & (weeks <= week)
            sums[_sum((at["coarse"] == row.cell) & mine, span)] = row.events_52w
    true = np.zeros((len(at), len(weeks)))
    places = {pair: i for i, pair in enumerate(zip(at["coarse"], at["part"], strict=True))}
    pairs = zip(pieces["coarse"], pieces["part"], strict=True)
    of_cell = dict(zip(cells["cell"], pairs, strict=True))
    for cell, week in zip(history["cell"], history["week"], strict=True):
        true[places[of_cell[cell]], (week - FIRST).days // 7] += 1
    return at, weeks, true, sums


def _sum(pieces, weeks) -> tuple:
    return tuple(np.flatnonzero(pieces)), tuple(np.flatnonzero(weeks))


def targets(at, weeks) -> dict[tuple, tuple]:
    """What a reader would like to know: years of cells and their parts, quarters and weeks of
    districts, weeks of the area."""
    year = np.isin(weeks, blocks.weeks_of("2025"))
    wanted = {}
    for coarse in at["coarse"].unique():
        wanted["cell", coarse] = _sum(at["coarse"] == coarse, year)
    for place, row in at.iterrows():
        wanted["part", row.coarse, row.part] = _sum(at.index == place, year)
    everywhere = at["home"] != ""
    for code in DISTRICTS:
        wanted["district", code, "2025"] = _sum(at["home"] == code, year)
        for quarter in blocks.quarters_of("2025"):
            span = np.isin(weeks, blocks.weeks_of(quarter))
            wanted["district", code, quarter] = _sum(at["home"] == code, span)
        for number in range(len(weeks)):
            wanted["week", code, number] = _sum(at["home"] == code, np.arange(len(weeks)) == number)
    for number in range(len(weeks)):
        wanted["week", "", number] = _sum(everywhere, np.arange(len(weeks)) == number)
    return wanted


def attack(world, shown, part_of_scope: bool = False) -> dict[tuple, tuple[float, float, float]]:
    """The small counts that the reader learns: name -> (truth, least, greatest)."""
    at, weeks, true, sums = collect(world, shown, part_of_scope)
    wanted = targets(at, weeks)
    for (pieces, span), value in sums.items():  # he reads what is so
        assert true[np.ix_(pieces, span)].sum() == value
    # (piece, week) pairs that stand in the same sums are one unknown
    atoms = defaultdict(list)
    marks: dict[tuple[int, int], list] = defaultdict(list)
    wanted = {name: pair for name, pair in wanted.items() if pair not in sums
              and true[np.ix_(*pair)].sum() < EVENTS_BELOW}  # fmt: skip
    for number, (pieces, span) in enumerate([*sums, *wanted.values()]):
        for piece in pieces:
            for week in span:
                marks[piece, week].append(number)
    for pair, told in marks.items():
        atoms[tuple(told)].append(pair)
    n = len(sums)
    rows, columns = zip(*[(row, column) for column, told in enumerate(atoms) for row in told],
                        strict=True)  # fmt: skip
    matrix = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), (n + len(wanted), len(atoms)))
    # a program for each wanted sum over those equations that hang together with it is enough
    known, right = matrix[:n], np.array(list(sums.values()), dtype=float)
    _, part_of = sp.csgraph.connected_components(known.T @ known, directed=False)
    learned = {}
    for number, name in enumerate(wanted):
        aim = matrix[n + number].toarray().ravel()
        parts = np.isin(part_of, part_of[aim > 0])
        own = np.asarray(known[:, parts].sum(axis=1)).ravel() > 0
        a, b, c = known[own][:, parts], right[own], aim[parts]
        low, high = _least(c, a, b), -_least(-c, a, b)
        if low > 1e-6 or high < EVENTS_BELOW - 1 - 1e-6:
            learned[name] = (true[np.ix_(*wanted[name])].sum(), low, high)
    return learned


def _least(aim, matrix, right) -> float:
    if not matrix.shape[0]:
        return 0.0 if aim.min() >= 0 else -np.inf
    found = linprog(aim, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
    if found.status in (3, 4) and aim.min() < 0:
        return -np.inf
    assert found.status == 0, found.message
    return found.fun


@pytest.fixture(scope="module")
def shown(world):
    return list(shown_rightly(world))


def test_a_year_of_weekly_assessments_gives_no_small_count_away(world, shown):
    *_, sums = collect(world, shown)
    assert len(shown) == 57 * 5 and len(sums) >= 8  # there is something to read
    assert attack(world, shown) == {}


def test_the_attack_finds_running_blocks_that_are_told_each_week(world):
    learned = attack(world, list(shown_each_week_anew(world)))
    assert any(low == pytest.approx(high) for _, low, high in learned.values())


def test_the_attack_finds_a_year_that_forgets_what_was_published(world, monkeypatch):
    def forgets(told, n_known):
        values, equations = told["count"].to_numpy(float), published.system(told)
        hidden = protect.hide(values, equations, EVENTS_BELOW, zeros=True)
        cells = (told["cell"] != "").to_numpy()
        hidden[cells] = values[cells] < EVENTS_BELOW
        hidden[:n_known] = told["hidden"][:n_known]
        return hidden

    monkeypatch.setattr(published, "_hide", forgets)
    learned = attack(world, list(shown_rightly(world)))
    assert ("district", "61.01", "2025-Q4") in learned


def test_the_attack_finds_scopes_that_are_cut_first(world):
    learned = attack(world, list(shown_cut_first(world)), part_of_scope=True)
    assert any(low == pytest.approx(high) for _, low, high in learned.values())


def test_what_was_published_stays_whatever_is_recorded_later(world):
    cells, history = world
    frames = {"cells": cells, "history": history}
    first = published.release(frames, pd.Timestamp("2025-08-04"), None, FIRST)
    ledger = pd.concat(first.values(), ignore_index=True)
    more = {**frames, "history": pd.concat([history, history.assign(weight=5.0)])}
    again = published.release(more, LAST, ledger, FIRST)
    assert list(first) == ["2025-Q1", "2025-Q2"] and list(again) == ["2025-Q3", "2025-Q4"]
    # the year is the sum of what was published, so that no late record shows as a difference
    rows = pd.concat([ledger, *again.values()])
    figures = rows[(rows["kind"] == "figure") & (rows["cell"] == "")]
    counts = figures.pivot(index="kabupaten_code", columns="span", values="count")
    assert (counts["2025"] == counts[blocks.quarters_of("2025")].sum(axis=1)).all()


def test_shares_of_events_in_single_precision_add_up_as_well(world):
    cells, history = world
    rng = np.random.default_rng(3)
    many = history.sample(4000, replace=True, random_state=3)
    many = many.assign(weight=rng.random(4000).astype("float32"))
    assert len(published.release({"cells": cells, "history": many}, LAST, None, FIRST)) == 4


def test_a_quarter_is_told_when_it_is_over_and_complete_not_before(world):
    frames = of_week(world, LAST)
    end = blocks.weeks_of("2025-Q1")[-1]
    wait = pd.Timedelta(weeks=published.WAIT_WEEKS)
    assert published.release(frames, end + wait - pd.Timedelta(weeks=1), None, FIRST) == {}
    assert list(published.release(frames, end + wait, None, FIRST)) == ["2025-Q1"]
    late = published.release(frames, end + wait, None, FIRST + pd.Timedelta(weeks=1))
    assert late == {}  # its first week is missing


def test_two_scopes_see_one_figure(shown):
    told = defaultdict(set)
    for week, name, frames in shown:
        if week != LAST:
            continue
        for row in frames["cells"].itertuples():
            told[row.cell].add(f"{row.events_52w} {row.area_km2}")
        if name != "everywhere":
            assert set(frames["history"]["kabupaten_code"]) == {name}
    assert len(told) == 19 and {len(values) for values in told.values()} == {1}


def test_the_ledger_is_written_once_and_invented_worlds_have_their_own(world, tmp_path):
    frames = of_week(world, LAST)
    meta = {"cutoff": "2025-05-04", "first_week": f"{FIRST:%F}", "synthetic": True}
    assert published.keep(tmp_path, frames, meta) == ["2025-Q1"]
    path = tmp_path / published.FOLDER_SYNTHETIC / "q2025_1.parquet"
    before = path.read_bytes()
    assert published.keep(tmp_path, frames, meta | {"cutoff": "2025-08-03"}) == ["2025-Q2"]
    assert path.read_bytes() == before
    assert len(published.read(tmp_path, meta).districts()) == 5
    assert published.read(tmp_path, {**meta, "synthetic": False}).rows.empty
    # an older assessment does not tell what was published later
    assert len(published.read(tmp_path, meta | {"cutoff": "2025-08-03"}).districts()) == 10
