"""An area that a viewer draws: its numbers and its files, from what he may see and nothing else.

All comes from the rows of `view.read`, which scope and suppression have been through: whole cells,
by their middle. Two areas that differ by a cell differ by what that cell tells the viewer anyway,
so no areas together tell more than the map does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from data import spreadsheet
from data.errors import DataError
from data.gate import disclose
from data.gate.rights import Refused, Rights
from geo import drawn
from joins.desks import export
from joins.desks.view import Shown, total_of
from joins.refused import refusals
from ui.drawn import numbers
from ui.drawn.numbers import Numbers
from ui.map import meridian, scene
from ui.map.history import WEEKS_SHOWN, last_week, spans
from ui.map.scene import Scene
from ui.paper import files
from ui.selection import Selection
from ui.sums import Sum, add


@dataclass(frozen=True)
class Desk:
    """Areas of one viewer; `note(action, what)` writes an audit line."""

    seen: Shown
    note: Callable[[str, dict[str, Any]], object]

    refusal = DataError

    def read(self, text: str) -> str:
        """The area of a text, GeoJSON or WKT, as short text.

        Raises
        ------
        DataError
            Naming every fault.
        """
        with refusals():
            return drawn.pack(drawn.read(text, *self._middles))

    def ring(self, corners: Sequence[tuple[float, float]]) -> str:
        """The area inside a line through some corners (lon, lat); raises as `read` does."""
        with refusals():
            return drawn.pack(drawn.make([[list(corners)]], *self._middles))

    def toggle(self, area: str, cell: str) -> str:
        """An area with a cell more, or without it; "" where none is left.

        The new area is the outline of its cells.
        """
        if cell not in self.seen.options.cells:
            return area
        inside = {*self._table["cell"][self._inside(area)]} if area else set()
        chosen = sorted(inside ^ {cell})
        if not chosen:
            return ""
        with refusals():
            return drawn.pack(drawn.make(meridian.outlines(chosen), *self._middles))

    def numbers(self, area: str, selection: Selection) -> Numbers:
        """What the viewer may know of an area; a chosen district does not narrow it.

        Parameters
        ----------
        area : from `read`, `ring` or `toggle`, or of a link
        selection : its horizon, group and coverage count

        Raises
        ------
        DataError
            If it is no area, or no cell is inside.
        """
        seen, shape = self.seen, self._shape(area)
        page = seen.scene(_everywhere(selection))
        inside = drawn.inside(shape, *self._middles)
        table = page.everywhere[inside]
        total = page.total if inside.all() else total_of(table)
        records, year = self._records(table, selection.group)
        blind = table.loc[~table["observed"], "area_km2"].sum() / table["area_km2"].sum()
        return Numbers(
            total=total,
            cells=len(table),
            km2=float(table["area_km2"].sum()),
            drawn_km2=drawn.km2(shape),
            records=records,
            year=year,
            minutes=add(table["effort_minutes_12w"], scene.sees_effort(seen.meta)),
            unseen=float(blind),
            posts=self._posts(shape),
            sectors=_sectors(page, table),
            table=table,
            rings=drawn.rings_of(shape),
        )

    def name(self, suffix: str, selection: Selection) -> str:
        """The name of a file: what it holds, until when, and that it is invented if it is."""
        about = files.stamp(self.seen.meta, selection.horizon, selection.group)
        return files.file_name("area", about, suffix.lstrip("."))

    def file(self, suffix: str, area: str, selection: Selection) -> bytes:
        """The area with its numbers as GeoJSON, or its cells as CSV; logged.

        Parameters
        ----------
        suffix : ".geojson" or ".csv"
        area : from `read`, `ring` or `toggle`
        selection : what was chosen
        """
        known = self.numbers(area, selection)
        self._taken(f"area{suffix}", known.cells)
        chosen = _everywhere(selection)
        if suffix == ".csv":
            table = export.cells(self.seen.scene(chosen))
            table = table[table["cell"].isin(known.table["cell"])]
            kept = table[[name for name in files.CELL_COLUMNS if name in table]]
            notes = disclose.download_notes(self.seen.meta, self.seen.scope)
            return spreadsheet.csv_text(kept, notes).encode()
        about = files.stamp(self.seen.meta, selection.horizon, selection.group, selection.coverage)
        polygons = [
            part
            for one in self._shape(area).geoms
            for part in meridian.cut([list(r.coords) for r in (one.exterior, *one.interiors)])
        ]
        return files.area_geojson(polygons, numbers.properties(known), about)

    # what the numbers are made of ------------------------------------------------------------

    @property
    def _table(self) -> pd.DataFrame:
        return self.seen.frames["cells"]

    @property
    def _middles(self) -> tuple[np.ndarray, np.ndarray]:
        return self._table["lat"].to_numpy(float), self._table["lon"].to_numpy(float)

    def _shape(self, area: str) -> shapely.MultiPolygon:
        with refusals():
            return drawn.unpack(area, *self._middles)

    def _inside(self, area: str) -> np.ndarray:
        return drawn.inside(self._shape(area), *self._middles)

    def _records(self, table: pd.DataFrame, group: str) -> tuple[Sum, str]:
        """Events on record in the cells: of 52 weeks and the chosen kinds, or, where only whole
        years may be told, of that year and all kinds."""
        history = self.seen.frames["history"]
        if "events_year" in table:
            years = table["events_year"].astype(str)
            return add(table["events_52w"]), years.max() or NO_YEAR
        rows = scene.of_group(history[history["cell"].isin(table["cell"])], group)
        return spans(rows, "weight", last_week(self.seen.meta), WEEKS_SHOWN)[0], ""

    def _posts(self, shape: shapely.MultiPolygon) -> pd.DataFrame:
        columns = ["name", "lat", "lon", "uncertainty_km"]
        posts = self.seen.base.tables.get("posts")
        if posts is None:
            return pd.DataFrame(columns=columns)
        known = posts.dropna(subset=["lat", "lon"])
        there = drawn.inside(shape, known["lat"].to_numpy(float), known["lon"].to_numpy(float))
        return known.loc[there, columns].reset_index(drop=True)

    def _taken(self, what: str, rows: int) -> None:
        """Let a file go, if the right has not ended since the page was drawn, and log it."""
        try:
            Rights(self.seen.scope).demand("take")
        except Refused as refused:
            self.note("denied", {"what": "take", "why": refused.why})
            raise
        self.note("export", {"what": what, "rows": rows, "assessment": self.seen.meta["id"]})


#: stands for a calendar year where none was published yet
NO_YEAR = "–"


def _everywhere(selection: Selection) -> Selection:
    """A selection without its district: an area is cut by nothing but itself."""
    return replace(selection, kabupaten="", kecamatan="")


def _sectors(page: Scene, table: pd.DataFrame) -> pd.DataFrame:
    """The sectors that some cells are part of, in their order, with how many cells `inside`."""
    touched = page.sector_of.reindex(table["cell"])
    inside = touched[touched > 0].value_counts()
    mine = page.sectors[page.sectors["sector"].isin(inside.index)]
    return mine.assign(inside=mine["sector"].map(inside).astype(int)).reset_index(drop=True)
