"""What was told outside the restricted tier, once and for all: counts of calendar blocks.

Weekly counts of one place can be subtracted from each other. So the shared tiers are told a count
only of a whole calendar quarter (by kabupaten) and of a whole year (by coarse cell), and only
when the block has been over for WAIT_WEEKS. It is told once: what was published stays as it was,
whatever is recorded, corrected or withdrawn later, so that two versions never differ by a record.
A quarter is hidden together with all that was published before it, as sums that everybody knows.

This ledger lies beside the assessments, a file per quarter, and is the same for all shared tiers
and scopes: it is made on the whole area and cut afterwards. Invented worlds have one of their own.
"""

import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h3
import numpy as np
import pandas as pd

from data.gate import protect
from data.kept import read_tables
from geo import blocks, calendar

EVENTS_BELOW = 5
SHARED_RESOLUTION = 6
#: so long after its last week a block is taken to be complete
WAIT_WEEKS = 4
FOLDER, FOLDER_SYNTHETIC = "published", "published_synthetic"
#: release: quarter in which the row was published · kind: "figure", or "base", the exact counts
#: from which later sums are made (never shown) · span: the quarter or year counted · cell: ""
#: for a district · kabupaten_code: "" for the whole area
COLUMNS = ["release", "kind", "span", "kabupaten_code", "cell", "count", "hidden"]
_KEY = ["span", "kabupaten_code", "cell"]


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=COLUMNS).astype({"count": float, "hidden": bool})


@dataclass(frozen=True)
class Published:
    """The ledger as of one assessment; `last_week` is the last week (Monday) of that one."""

    rows: pd.DataFrame = field(default_factory=_none)
    last_week: pd.Timestamp | None = None

    def districts(self) -> pd.DataFrame:
        """Counts by kabupaten ("" for the area) and quarter: span, week to week_last, count."""
        figures = self._figures(cells=False)
        figures = figures[figures["span"].str.contains("-Q")]
        weeks = {span: blocks.weeks_of(span) for span in figures["span"].unique()}
        return figures.assign(
            week=pd.to_datetime(figures["span"].map(lambda span: weeks[span][0])),
            week_last=pd.to_datetime(figures["span"].map(lambda span: weeks[span][-1])),
        )

    def cells(self) -> pd.DataFrame:
        """Counts of the last published year by coarse cell: cell, span, count."""
        figures = self._figures(cells=True)
        return figures[figures["span"] == figures["span"].max()]

    def _figures(self, cells: bool) -> pd.DataFrame:
        """The figures of one kind that were over at this assessment; NaN where hidden."""
        rows = self.rows[(self.rows["kind"] == "figure") & ((self.rows["cell"] != "") == cells)]
        if self.last_week is not None:
            over = {span: blocks.weeks_of(span)[-1] <= self.last_week for span in set(rows["span"])}
            rows = rows[rows["span"].map(over).astype(bool)]
        shown = rows["count"].round().mask(rows["hidden"].astype(bool))
        return rows[_KEY].assign(count=shown).reset_index(drop=True)


def keep(folder: Path, frames: dict[str, pd.DataFrame], meta: dict[str, Any]) -> list[str]:
    """Publish every quarter that is over and was not published yet; gives their names.

    Parameters
    ----------
    folder : where the assessments are
    frames : tables of an assessment of the whole area, before anything is left out
    meta : cutoff (its last day), first_week where the table of counts does not begin with it
    """
    if not {"cells", "history"} <= frames.keys() or "cutoff" not in meta:
        return []
    home = folder / _folder(meta)
    earlier = _read(home)
    made = release(frames, _last_week(meta), earlier, meta.get("first_week"))
    for quarter, rows in made.items():
        home.mkdir(parents=True, exist_ok=True)
        aside = home / f".{uuid.uuid4().hex}"
        rows.to_parquet(aside, index=False, compression="zstd")
        try:
            os.link(aside, home / _file(quarter))  # never over one that was told already
        finally:
            aside.unlink()
    return list(made)


def read(folder: Path, meta: dict[str, Any]) -> Published:
    """What had been published when an assessment was made."""
    return Published(_read(folder / _folder(meta)), _last_week(meta))


def release(
    frames: dict[str, pd.DataFrame],
    last_week: pd.Timestamp,
    earlier: pd.DataFrame | None = None,
    first_week: str | pd.Timestamp | None = None,
) -> dict[str, pd.DataFrame]:
    """The rows to publish now, by quarter; only quarters after the last published one.

    Parameters
    ----------
    frames : cells (cell, kabupaten_code) and history (cell, week, weight) of the whole area
    last_week : Monday of the last assessed week
    earlier : what was published before, with COLUMNS
    first_week : Monday from which on history is complete; else its first row's
    """
    ledger = _none() if earlier is None else earlier
    history = frames["history"]
    if history.empty:
        return {}
    homes = homes_of(frames["cells"])
    first = pd.Timestamp(first_week) if first_week is not None else history["week"].min()
    done = set(ledger["release"])
    over = blocks.quarters_within(first, last_week - pd.Timedelta(weeks=WAIT_WEEKS))
    counts = history.assign(quarter=blocks.quarter_of(history["week"]), cell=parents(history))
    # one sum, in double precision: all figures are sums of these, and must agree exactly
    counts = counts.astype({"weight": "float64"})
    made = {}
    for quarter in over:
        if done and quarter <= max(done):
            continue
        sums = counts[counts["quarter"] == quarter].groupby("cell")["weight"].sum()
        base = sums.reindex(homes.index, fill_value=0.0)
        made[quarter] = _publish(quarter, base, homes, ledger)
        ledger = made[quarter] if ledger.empty else pd.concat([ledger, made[quarter]])
        done.add(quarter)
    return made


def homes_of(cells: pd.DataFrame) -> pd.Series:
    """The kabupaten of each coarse cell: that of the cell in its middle, or of the first inside."""
    placed = cells[["cell", "kabupaten_code"]].assign(parent=parents(cells))
    middle = [
        h3.cell_to_center_child(whole, h3.get_resolution(cell)) != cell
        for cell, whole in zip(placed["cell"], placed["parent"], strict=True)
    ]
    placed = placed.assign(_away=middle).sort_values(["parent", "_away", "cell"], kind="stable")
    homes = placed.drop_duplicates("parent").set_index("parent")["kabupaten_code"]
    return homes.astype(object).fillna("").replace("", "?").rename_axis("cell")


def parents(table: pd.DataFrame) -> np.ndarray:
    """The coarse cell of each row's cell."""
    of_cell = {
        cell: h3.cell_to_parent(cell, min(SHARED_RESOLUTION, h3.get_resolution(cell)))
        for cell in table["cell"].unique()
    }
    return table["cell"].map(of_cell).to_numpy(dtype=object)


def system(rows: pd.DataFrame) -> list[tuple[int, tuple[int, ...]]]:
    """All sums between the figures of one year, as (total, members) by position in `rows`.

    Area = sum of districts, in each quarter and in the year; year = sum of its quarters, for the
    area and each district; district = sum of its cells, in the year.
    """
    at = {key: place for place, key in enumerate(rows[_KEY].itertuples(index=False, name=None))}
    cells: dict[int, list[int]] = {}
    districts: dict[int, list[int]] = {}
    for (span, district, cell), place in at.items():
        if cell:
            cells.setdefault(at[span, district, ""], []).append(place)
        elif district:
            districts.setdefault(at[span, "", ""], []).append(place)
    members = [*cells.items(), *districts.items()]
    equations = [(total, tuple(parts)) for total, parts in members]
    for (span, district, cell), place in at.items():
        if not cell and "-Q" not in span:
            parts = [at.get((quarter, district, "")) for quarter in blocks.quarters_of(span)]
            equations.append((place, tuple(part for part in parts if part is not None)))
    return equations


def _publish(quarter: str, base: pd.Series, homes: pd.Series, ledger: pd.DataFrame) -> pd.DataFrame:
    """The rows of one quarter, and of its year if it is the last one, hidden with the earlier."""
    year = blocks.year_of(quarter)
    exact = pd.DataFrame({"cell": base.index, "count": base.to_numpy(), "span": quarter})
    exact["kabupaten_code"] = homes.reindex(base.index).to_numpy()
    same_year = ledger["span"].map(blocks.year_of) == year
    new = [_districts(exact, quarter)]
    before = ledger[same_year & (ledger["kind"] == "base")]
    if {*before["span"], quarter} == set(blocks.quarters_of(year)):
        whole = pd.concat([before, exact]).groupby(["kabupaten_code", "cell"], as_index=False)
        whole = whole["count"].sum().assign(span=year)
        new += [_districts(whole, year), whole]
    fresh = pd.concat(new, ignore_index=True).assign(hidden=True)
    known = ledger[same_year & (ledger["kind"] == "figure")]
    rows = pd.concat([known[fresh.columns], fresh] if len(known) else [fresh], ignore_index=True)
    rows["hidden"] = _hide(rows, len(known))
    kinds = [rows[len(known) :].assign(kind="figure"), exact.assign(kind="base", hidden=True)]
    return pd.concat(kinds, ignore_index=True).assign(release=quarter)[COLUMNS]


def _districts(counts: pd.DataFrame, span: str) -> pd.DataFrame:
    """Counts of the districts and of the whole area."""
    by: pd.DataFrame = counts.groupby("kabupaten_code", as_index=False)[["count"]].sum()
    whole = pd.DataFrame({"kabupaten_code": [""], "count": [by["count"].sum()]})
    return pd.concat([by, whole], ignore_index=True).assign(span=span, cell="")


def _hide(rows: pd.DataFrame, n_known: int) -> np.ndarray:
    """Which figures are hidden; the first `n_known` were published before and stay as they are.

    If what was published leaves no safe choice, all that is new is hidden.
    """
    values, equations = rows["count"].to_numpy(float), system(rows)
    old = np.arange(len(rows)) < n_known
    was = rows["hidden"].to_numpy(bool)
    # no page tells the year of a district: it ties the year's cells to the quarters
    years = ((rows["cell"] == "") & ~rows["span"].str.contains("-Q")).to_numpy()
    hidden = protect.hide(
        values, equations, EVENTS_BELOW,
        forced=old & was, shown=old & ~was, untold=years, zeros=True,
    )  # fmt: skip
    solved = [place for place in protect.determined(equations, hidden)
              if not years[place] or values[place] < EVENTS_BELOW]  # fmt: skip
    if solved or protect.confined(values, equations, EVENTS_BELOW, hidden):
        hidden = was | ~old
    return hidden


def _folder(meta: dict[str, Any]) -> str:
    return FOLDER_SYNTHETIC if meta.get("synthetic") else FOLDER


def _file(quarter: str) -> str:
    return f"q{quarter.replace('-Q', '_')}.parquet"


def _last_week(meta: dict[str, Any]) -> pd.Timestamp:
    """Monday of the last week that was over on the last day of the assessment."""
    end = pd.Timestamp(meta["cutoff"])
    monday = calendar.monday(end)
    return monday if end.day_of_week == 6 else monday - pd.Timedelta(weeks=1)


def _read(home: Path) -> pd.DataFrame:
    # one that cannot be read is a refusal: without it a number could be told that was hidden
    parts = list(read_tables(sorted(home.glob("q*.parquet")), home.name).values())
    return pd.concat(parts, ignore_index=True) if parts else _none()
