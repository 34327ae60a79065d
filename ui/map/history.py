"""What was recorded and where patrols were, week by week: on the map, in charts, in sums."""

from collections.abc import Mapping, Sequence
from typing import Any

import h3
import numpy as np
import pandas as pd

from ui.map import meridian
from ui.map.scene import of_group
from ui.sums import Sum, add
from ui.words import clock

#: a record whose place is known to within this distance bears a finer cell (edge 0.5 km)
FINE_KM = 0.5
#: weeks on the timeline, and those of them whose records are shown unless others are chosen
WEEKS_SHOWN = 52
RECENT_WEEKS = 12


def records_of(events: pd.DataFrame, table: pd.DataFrame, cells: Sequence[str]) -> pd.DataFrame:
    """Records that may lie in some cells, newest first.

    A gps or landmark record belongs to the cell of its point; a desa-level record to the cells
    of its desa; coarser records belong to no cell.

    Parameters
    ----------
    events : records as the viewer may see them
    table : cells of the chosen district, with cell and desa_code
    cells : H3 ids
    """
    if not len(events):
        return events
    desa = set(table.loc[table["cell"].isin(cells), "desa_code"].dropna()) - {""}
    by_point = events["cell"].isin(cells) if "cell" in events else False
    by_desa = (events["geo_precision"] == "desa") & events["admin_code"].isin(desa)
    here = events[(by_point | by_desa) & (events["record_status"] != "withdrawn")]
    return here.sort_values("event_start", ascending=False)


def placed_records(
    events: pd.DataFrame, cells: pd.DataFrame, group: str, weeks: Sequence[str]
) -> pd.DataFrame:
    """Records of some weeks with a place to draw them at.

    A gps or landmark record stands at its point; a desa record in the middle of the desa's
    cells, as wide as these are. Coarser records have no place.

    Parameters
    ----------
    events : records as the viewer may see them
    cells : of the area: cell, lat, lon, desa_code, kecamatan_code
    group : "all", a direction or an event type

    Returns
    -------
    DataFrame with lat, lon, week (place in `weeks`), kecamatan_code, p (precision), u (metres)
    """
    local = events["event_start"].dt.tz_convert(clock.zone()).dt.tz_localize(None)
    monday = clock.mondays(local).dt.strftime("%Y-%m-%d")
    records = events.assign(week=monday.map({week: i for i, week in enumerate(weeks)}))
    if group != "all":
        column = "direction" if group in ("outbound", "inbound", "unknown") else "event_type"
        records = records[records[column] == group]
    occurred = records["location_role"] == "occurred" if "location_role" in records else True
    records = records[
        records["week"].notna() & occurred & (records["record_status"] != "withdrawn")
    ]
    by_cell = cells.drop_duplicates("cell").set_index("cell")["kecamatan_code"]
    exact = records[records["geo_precision"].isin(["gps", "landmark"])].dropna(
        subset=["lat", "lon"]
    )
    exact = exact.assign(
        kecamatan_code=exact["cell"].map(by_cell),
        u=exact["uncertainty_km"].fillna(0.1).astype(float) * 1000,
    )
    desa = cells[cells["desa_code"].fillna("") != ""].groupby("desa_code").agg(
        lat=("lat", "mean"), lon=("lon", _mean_lon), area=("area_km2", "sum"),
        kecamatan_code=("kecamatan_code", "first"),
    )  # fmt: skip
    vague = records[(records["geo_precision"] == "desa") & records["admin_code"].isin(desa.index)]
    home = desa.loc[vague["admin_code"]].reset_index(drop=True)
    vague = vague[["week", "geo_precision"]].reset_index(drop=True).join(home)
    vague["u"] = np.sqrt(vague["area"].astype(float) / np.pi) * 1000
    parts = [part[["lat", "lon", "week", "kecamatan_code", "geo_precision", "u"]]
             for part in (vague, exact) if len(part)]  # fmt: skip
    if not parts:
        return pd.DataFrame(columns=["lat", "lon", "week", "kecamatan_code", "p", "u"])
    table = pd.concat(parts, ignore_index=True).rename(columns={"geo_precision": "p"})
    return table.astype({"lat": float, "lon": float, "week": int})


def fine_cells(
    events: pd.DataFrame, cells: pd.DataFrame, group: str, last: pd.Timestamp
) -> pd.DataFrame:
    """Records of 52 weeks on cells one step finer than the model's, where their place bears it.

    Only a record that is known to within FINE_KM is counted; a coarser one could as well lie in
    the next small cell. Two agencies telling of one event are two records.

    Parameters
    ----------
    events : records with lat, lon, uncertainty_km as the viewer may see them
    cells : the cells of the chosen district
    group : "all", a direction or an event type
    last : first day of the last week

    Returns
    -------
    DataFrame with h (cell) and n (records); empty where nothing is known so well.
    """
    records = events if "lat" in events else events.iloc[:0].assign(lat=np.nan, lon=np.nan)
    records = of_group(records, group)
    begin = (last - pd.Timedelta(weeks=WEEKS_SHOWN - 1)).tz_localize(clock.zone())
    sure = records["geo_precision"].isin(["gps", "landmark"]) & (
        records["uncertainty_km"] <= FINE_KM
    )
    occurred = records["location_role"] == "occurred" if "location_role" in records else True
    kept = records[
        sure & occurred & records["lat"].notna() & records["cell"].isin(cells["cell"])
        & (records["event_start"] >= begin) & (records["record_status"] != "withdrawn")
    ]  # fmt: skip
    if kept.empty:
        return pd.DataFrame({"h": pd.Series(dtype="str"), "n": pd.Series(dtype=int)})
    step = h3.get_resolution(cells["cell"].iloc[0]) + 1
    small = [h3.latlng_to_cell(lat, lon, step) for lat, lon in zip(kept["lat"], kept["lon"],
             strict=True)]  # fmt: skip
    return pd.Series(small, name="h").value_counts().rename("n").reset_index()


def placed_effort(effort: pd.DataFrame, cells: pd.DataFrame, weeks: Sequence[str]) -> pd.DataFrame:
    """Minutes of patrol per cell and shown week: lat, lon, week, kecamatan_code, m.

    Parameters
    ----------
    effort : weekly rows of cell and minutes
    cells : of the area: cell, lat, lon, kecamatan_code
    weeks : first days of the weeks on the timeline
    """
    placed = effort.assign(
        week=effort["week"].dt.strftime("%Y-%m-%d").map({w: i for i, w in enumerate(weeks)}),
        m=effort["minutes"].round(),
    ).dropna(subset=["week"])
    where = cells[["cell", "lat", "lon", "kecamatan_code"]]
    return placed[["cell", "week", "m"]].merge(where, on="cell").astype({"week": int})


def weekly(
    history: pd.DataFrame, effort: pd.DataFrame, cutoff: pd.Timestamp, weeks: int = 52
) -> pd.DataFrame:
    """Events and effort hours per week, every week a row, newest last.

    Where history counts whole quarters (`week_last`), each of its weeks shows the quarter's mean.

    Parameters
    ----------
    history, effort : weekly rows with week and weight or minutes; NA is hidden
    cutoff : last assessed day
    weeks : how many

    Returns
    -------
    DataFrame with week, events, hours (sums of what is open) and events_hidden, hours_hidden
        (bool: a part of the week is hidden, so the sum is a least one)
    """
    last = clock.monday(cutoff)
    every = pd.date_range(end=last, periods=weeks, freq="7D", name="week")
    series = {}
    for name, rows, column, scale in (
        ("events", _each_week(history, every), "weight", 1.0), ("hours", effort, "minutes", 60.0),
    ):  # fmt: skip
        by = rows[column].groupby(rows["week"])
        series[name] = by.sum().reindex(every).fillna(0.0) / scale
        gone = rows.loc[rows[column].isna(), "week"]
        series[f"{name}_hidden"] = pd.Series(every.isin(gone), index=every)
    return pd.DataFrame(series).reset_index()


def _each_week(history: pd.DataFrame, every: pd.DatetimeIndex) -> pd.DataFrame:
    """Rows of whole quarters as rows of their weeks, each with the quarter's mean."""
    if "week_last" not in history:
        return history
    long = (history["week_last"] - history["week"]).dt.days // 7 + 1
    rows = history.assign(weight=history["weight"] / long)
    parts = [
        rows.loc[(rows["week"] <= week) & (week <= rows["week_last"]), ["weight"]].assign(week=week)
        for week in every
    ]
    return pd.concat(parts, ignore_index=True)


def spans(
    rows: pd.DataFrame, column: str, last: pd.Timestamp, weeks: int, seen: bool = True
) -> tuple[Sum, Sum]:
    """Sum of a column over the last weeks, and over as many before them.

    Where the rows count whole quarters (`week_last`): over the last quarter that is told, and the
    one before it.

    Parameters
    ----------
    rows : weekly rows; NA in the column is hidden
    column : what is added up
    last : first day of the last week
    weeks : how many
    seen : False if the viewer sees none of the table
    """
    if "week_last" in rows:
        both = [rows.loc[rows["week"] == week, column] for week in _quarters(rows)]
        now, before, *_ = [*both, rows[column][:0], rows[column][:0]]
        return add(now, seen and len(now) > 0), add(before, seen and len(before) > 0)
    now = rows["week"] > last - pd.Timedelta(weeks=weeks)
    before = ~now & (rows["week"] > last - pd.Timedelta(weeks=2 * weeks))
    return add(rows.loc[now, column], seen), add(rows.loc[before, column], seen)


def quarter_told(rows: pd.DataFrame) -> str | None:
    """The last quarter that is told ("3/2026"); "" if none yet, None if rows are of weeks."""
    if "week_last" not in rows:
        return None
    weeks = _quarters(rows)
    if not weeks:
        return ""
    year, week, _ = weeks[0].isocalendar()
    return f"{(week - 1) // 13 + 1}/{year}"


def _quarters(rows: pd.DataFrame) -> list[pd.Timestamp]:
    """First weeks of the quarters in rows, newest first."""
    return sorted(set(rows.loc[rows["week_last"] > rows["week"], "week"]), reverse=True)


def last_week(meta: Mapping[str, Any]) -> pd.Timestamp:
    """First day of the last assessed week."""
    return clock.monday(meta["cutoff"])


def chosen_weeks(
    meta: Mapping[str, Any], since: str, until: str
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First days of the first and last chosen week; the latest weeks where none is chosen.

    Parameters
    ----------
    meta : of the assessment
    since, until : first days of the chosen weeks, "" where none is
    """
    if since and until:
        return pd.Timestamp(since), pd.Timestamp(until)
    last = last_week(meta)
    return last - pd.Timedelta(weeks=RECENT_WEEKS - 1), last


def _mean_lon(lon: pd.Series) -> float:
    return float(meridian.back(meridian.beside(lon).mean()))
