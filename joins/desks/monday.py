"""Monday's facts as one viewer may see them: two assessments, deliveries and what is late.

Nothing here decides what may be seen: assessments come through `view.kept`, imports and freshness
through the steward's desk.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data.gate import access
from geo import calendar
from joins import opened
from joins.desks import steward, view
from settings import Settings
from ui.map import monday, scene
from ui.selection import Selection
from ui.words import forecast_week


def facts(
    seen: view.Shown, selection: Selection, scope: access.Scope, now: pd.Timestamp | None = None
) -> monday.Monday:
    """What moved, why, and what is still missing, of what was chosen.

    Parameters
    ----------
    seen : the assessment that is shown
    selection : what was chosen
    scope : the viewer
    now : the moment (UTC) at which agencies are judged late; the present by default
    """
    settings = seen.settings
    name = earlier(settings, seen.meta)
    then = None if name is None else _then(view.kept(name, settings, scope), selection)
    desk = steward.Desk(settings, scope)
    came = monday.Came(
        _deliveries(desk, then),
        desk.rights.may("see_whole_area") and desk.rights.acts_for(access.ALL_AGENCIES),
        _fresh(desk, pd.Timestamp.now("UTC") if now is None else now),
    )
    return monday.tell(seen.scene(selection), then, came, selection)


def earlier(settings: Settings, meta: Mapping[str, Any]) -> str | None:
    """The assessment that was read out last time: the newest sound one that was made for an earlier
    week, else the newest made before this one; None if there is none."""
    store = opened.find_store(settings)
    table = store.assessments()
    rows = table[table["id"] < str(meta["id"])].to_dict("records")
    records = [{str(key): value for key, value in row.items() if pd.notna(value)} for row in rows]
    week = forecast_week(meta)
    # those of an earlier week first, each kind with the newest in front
    records.sort(key=lambda row: forecast_week(row) >= week)
    return next((row["id"] for row in records if store.is_sound(row["id"])), None)


def _then(before: view.Shown, chosen: Selection) -> monday.Then:
    """What the earlier assessment said of what is chosen now."""
    district = chosen.kabupaten, chosen.kecamatan
    rows = {name: scene.rows_in_district(before.frames[name], *district)
            for name in ("history", "effort")}  # fmt: skip
    return monday.Then(
        meta=before.meta,
        table=scene.in_district(before.cells(chosen.horizon, chosen.group), *district),
        history=scene.of_group(rows["history"], chosen.group),
        effort=rows["effort"],
        reasons=before.frames["reasons"],
    )


def _deliveries(desk: steward.Desk, then: monday.Then | None) -> pd.DataFrame | None:
    """The imports that the viewer may see since the earlier assessment, for `monday.Came`."""
    if desk.rights.closed("see_import"):
        return None
    table = desk.imports()
    if then is not None:
        table = table[table["at"] > pd.Timestamp(then.meta["created_at"])]
    names = table["agencies"].map(
        lambda codes: ", ".join(desk.agency(code) for code in codes.split("|") if code)
    )
    return pd.DataFrame(
        {
            "at": table["at"],
            "agencies": names,
            "kind": table["kind"],
            "n": table[["n_new", "n_corrected", "n_withdrawn"]].sum(axis=1),
            "old": _old(desk, table["import_id"], then),
            "undone": table["undone_at"].notna(),
        }
    )


def _old(desk: steward.Desk, imports: pd.Series, then: monday.Then | None) -> pd.Series:
    """How many records each import was the first to bring of weeks that were assessed before."""
    if then is None or imports.empty:
        return pd.Series(0, index=imports.index)
    brought = desk.store.first_brought(imports.tolist())
    week = calendar.week_of(brought["event_start"], desk.settings.area.time_zone)
    known = week.to_numpy() <= pd.Timestamp(then.meta["cutoff"]).to_datetime64()
    counts = brought.loc[known, "import_id"].value_counts()
    return imports.map(counts).fillna(0).astype(int)


def _fresh(desk: steward.Desk, now: pd.Timestamp) -> pd.DataFrame:
    """How fresh each agency's record is, for `monday.Came`."""
    table = desk.freshness(now)
    return table.assign(agency=table["source_agency"].map(desk.agency))
