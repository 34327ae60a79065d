"""Patrol reports and patrol tracks -> effort rows: minutes and km per cell and week.

A declared row is one patrol in one cell. A track is cut by `geo.tracks` at gaps and impossible
speeds; a row then is one cell in one week, and what has no time or place is set aside.
"""

import hashlib

import h3
import numpy as np
import pandas as pd

from data.findings import Findings, reason
from data.intake.checks import FIRST_PATROL_YEAR, flag_dates
from data.intake.convert import NO_CLOCK, NO_PAIR, Cells, content_ids
from data.intake.crosswalk import Source
from data.tables import RawTable
from data.values import each, read_clock, read_degrees, read_times, split_pair
from geo import calendar
from geo.grid import Grid, cell_names, cells_of

WEEK_MINUTES = 7 * 24 * 60
#: why a track gives no effort
NO_TIMES = reason(
    "track_unusable", "no two points with a time and a place; a patrol track needs times"
)
NO_LEGS = reason("track_unusable.legs", "every leg of it is a gap or an impossible jump")
OUTSIDE = reason("track_outside", "the whole track lies outside the study area")
TWICE = reason("track_repeated", "the same track is in this file already")

#: What a patrol amounts to; the other columns say which patrol it was.
MEASURES = ("minutes", "hours", "end_clock", "km", "visits", "night_share")


def to_effort(
    table: pd.DataFrame,
    source: Source,
    grid: Grid | None,
    findings: Findings,
    received_at: pd.Timestamp,
    zone: str = calendar.HOME,
) -> tuple[pd.DataFrame, Cells]:
    """Declared effort, one row per row of `table`.

    Parameters
    ----------
    table : the rows as text, by the columns of the file
    source : the crosswalk that says what they mean
    grid : the cells of the study area; resolution 7 if None
    findings : says what is to be set aside, and gets the flags
    received_at : when the file came; later weeks are of the future
    zone : of the area, in which weeks are cut
    """
    cells = Cells(table, source, findings, zone=zone)
    out = pd.DataFrame(index=table.index)
    agency = each(cells.text("source_agency"), lambda name: "_".join(name.lower().split()))
    out["source_agency"] = agency.astype("str").where(agency != "", source.agency)
    out["mode"] = cells.words("mode", required=True)
    out["source"] = cells.words("source")
    out["source"] = out["source"].where(out["source"] != "", "declared")
    out["cell"] = _cell(cells, grid)
    start, end = (read_clock(cells.raw(name)) for name in ("start_clock", "end_clock"))
    out["week"] = _week(cells, start[0])
    out["minutes"] = _minutes(cells, start[0], end[0])
    for name, clock in (("start_clock", start), ("end_clock", end)):
        findings.refuse(clock[2], "clock_unreadable", NO_CLOCK, cells.raw(name))
    km = cells.number("km")
    still = out["mode"] != "patrol"
    findings.note(still & (km > 0), "km_of_still", "km of an ambush or a post shift taken as 0")
    findings.note(~still & km.isna(), "km_missing", "km taken as 0 where the file says nothing")
    out["km"] = km.where(~still, 0.0).fillna(0.0)
    out["visits"] = cells.number("visits").fillna(1.0)
    share = cells.number("night_share")
    findings.refuse(share > 1, "share_impossible", "night_share is a share, 0 to 1")
    out["night_share"] = share.where(share.notna(), night_share(start[0], out["minutes"]))
    given = cells.raw("effort_id")
    bare = given == ""
    # A later delivery may mend how much was done, but not where, when and by whom.
    measured = {column for name in MEASURES for column in cells.placed.get(name, [])}
    columns = [column for column in cells.used if column not in measured]
    out["effort_id"] = given.where(~bare, content_ids(table[columns], bare))
    running = calendar.week_of(pd.Series([received_at]), zone)[0]
    flag_dates(out["week"], out["week"] > running, FIRST_PATROL_YEAR, findings)
    out["quality_flags"] = findings.flag_texts()
    return out, cells


def _cell(cells: Cells, grid: Grid | None) -> pd.Series:
    findings = cells.findings
    given = cells.raw("cell").str.lower()
    wrong = (given != "") & ~each(given, h3.is_valid_cell).astype(bool)
    findings.refuse(wrong, "cell_unknown", "{cell} is not an H3 cell", given)
    lat_text, lon_text = cells.raw("lat"), cells.raw("lon")
    if "coordinate" in cells.placed:
        first, second, bad = split_pair(cells.raw("coordinate"))
        findings.refuse(bad, "coord_unreadable.pair", NO_PAIR, cells.raw("coordinate"))
        lat_text = lat_text.where(lat_text != "", first)
        lon_text = lon_text.where(lon_text != "", second)
    lat, _, lat_bad = read_degrees(lat_text)
    lon, _, lon_bad = read_degrees(lon_text)
    for text, bad in ((lat_text, lat_bad), (lon_text, lon_bad)):
        findings.refuse(bad, "coord_unreadable", "{cell} is not a coordinate like 0.9815", text)
    point = (lat.abs() <= 90) & (lon.abs() <= 180)
    impossible = lat.notna() & lon.notna() & ~point
    where = lat_text.str.cat(lon_text, sep=", ")
    findings.refuse(impossible, "coord_impossible", "{cell} is no place on earth", where)
    names = given.to_numpy(dtype=object).copy()
    use = (point & (given == "")).to_numpy()
    if use.any():
        resolution = grid.resolution if grid is not None else 7
        names[use] = cell_names(cells_of(lat[use].to_numpy(), lon[use].to_numpy(), resolution))
    cell = pd.Series(names, index=given.index).astype("str")
    none = (cell == "") & ~lat_bad & ~lon_bad & ~impossible
    findings.refuse(none, "place_missing", "effort needs a cell, or latitude and longitude")
    return cell


def _week(cells: Cells, start_minutes: pd.Series) -> pd.Series:
    target = "week" if "week" in cells.placed else "day"
    text = cells.text(target)
    source = cells.source
    times = read_times(text, source.date_formats, cells.time_zone, cells.zone)
    what = "{cell} is not a date like 2024-12-31"
    cells.findings.refuse(times.bad, "time_unreadable.day", what, text)
    cells.missing(target, text == "")
    late = pd.to_timedelta(start_minutes.where(times.precision == "day").fillna(0.0), unit="m")
    return calendar.week_of(times.time + late, cells.zone).astype("datetime64[us]")


def _minutes(cells: Cells, start: pd.Series, end: pd.Series) -> pd.Series:
    findings = cells.findings
    minutes = cells.number("minutes")
    minutes = minutes.where(minutes.notna(), cells.number("hours") * 60)
    clocked = (end - start) % 1440
    what = "minutes taken from the times of start and end"
    findings.note(minutes.isna() & clocked.notna(), "minutes_of_clock", what)
    minutes = minutes.where(minutes.notna(), clocked)
    findings.refuse(minutes > WEEK_MINUTES, "minutes_impossible", "more minutes than a week has")
    given = pd.Series(False, index=minutes.index)
    for name in ("minutes", "hours", "start_clock", "end_clock"):
        given |= cells.raw(name) != ""
    cells.missing("minutes", ~given)
    half = given & minutes.isna() & (cells.raw("minutes") == "") & (cells.raw("hours") == "")
    what = "minutes, or the times of start and end, are missing"
    findings.refuse(half, "missing_value.minutes", what)
    return minutes


def night_share(start: pd.Series, minutes: pd.Series) -> pd.Series:
    """Share of a stretch that lies between 18:00 and 06:00; NaN without a start."""
    end = start + minutes
    night = sum(
        (end.clip(upper=stop) - start.clip(lower=begin)).clip(lower=0)
        for begin, stop in ((0, 360), (1080, 1800), (2520, 3240))
    )
    return (night / minutes.where(minutes > 0)).clip(0, 1).where(minutes <= 2880)


def tracks_to_effort(
    table: RawTable,
    agency: str,
    grid: Grid,
    received_at: pd.Timestamp,
    gap_minutes: float = 30.0,
    max_kmh: float = 120.0,
    zone: str = calendar.HOME,
) -> tuple[pd.DataFrame, list[tuple[int, str, str]], list[str]]:
    """Effort of a file's tracks, the tracks that cannot be used (line, name, reason), and notes.

    The id of a row comes from the points themselves, so the same track in another file, format
    or order is the same effort.

    Parameters
    ----------
    table : track points as text: track_id, time, lat, lon
    agency : whose patrols they are
    grid : the cells of the study area
    received_at : when the file came; a track that ends later has a wrong clock
    gap_minutes, max_kmh : see `geo.tracks.track_effort`
    zone : IANA name of the zone in which weeks are cut
    """
    from geo.tracks import track_effort

    kept, refused, notes = _points_of(table)
    if kept.empty:
        return pd.DataFrame(), refused, notes
    done = track_effort(kept[["track_id", "time", "lat", "lon"]], grid, gap_minutes, max_kmh, zone)
    for walked, line in kept.groupby("track_id", sort=False)["line"].first().items():
        if walked not in done.tracks_walked:
            refused.append((int(line), str(walked), NO_LEGS))
        elif walked not in done.tracks_inside:
            refused.append((int(line), str(walked), OUTSIDE))
    notes.append(_cut(done.legs_cut, round(done.minutes_cut), round(done.minutes_outside)))
    digest = _digests(kept)
    twice = digest.duplicated()
    for track in digest.index[twice]:  # the same points under another name
        line = int(kept.loc[kept["track_id"] == track, "line"].iloc[0])
        refused.append((line, str(track), TWICE))
    effort = done.effort[~done.effort["track"].isin(digest.index[twice].astype(str))]
    week, cell = effort["week"].dt.strftime("%Y%m%d"), effort["cell"].astype("str")
    name = effort["track"].map(digest.set_axis(digest.index.astype(str)))
    flags, facts = _clock_flags(kept, effort["track"], received_at)
    notes += facts
    effort = effort.assign(
        track=name.astype("str").to_numpy(),
        source_agency=agency, mode="patrol", source="track",
        effort_id="t" + name.astype("str") + "-" + cell + "-" + week,
        quality_flags=flags,
    )  # fmt: skip
    return effort, refused, notes


def _points_of(table: RawTable) -> tuple[pd.DataFrame, list[tuple[int, str, str]], list[str]]:
    """Usable points with their lines, tracks with fewer than two of them, and a note of the rest.

    The tracks come as (line, name, reason).
    """
    points = table.cells.copy()
    times = read_times(points["time"], (), "UTC")
    lat = read_degrees(points["lat"])[0]
    lon = read_degrees(points["lon"])[0]
    good = times.time.notna() & (lat.abs() <= 90) & (lon.abs() <= 180)
    points = points.assign(time=times.time, lat=lat, lon=lon, line=table.lines)
    refused = [
        (int(part["line"].iloc[0]), str(track), NO_TIMES)
        for track, part in points.groupby("track_id", sort=False)
        if int(good[part.index].sum()) < 2
    ]
    unusable = points["track_id"].isin([track for _, track, _ in refused])
    kept = points[good & ~unusable].drop_duplicates(["track_id", "time", "lat", "lon"])
    lost = int((~good & ~unusable).sum())
    what = f"{lost} track points without a time or place were left out"
    return kept, refused, [reason("points_left_out", what, n=lost)] if lost else []


def _cut(n: int, minutes: int, outside: int) -> str:
    """The note of where tracks were cut, and how long they were outside the area."""
    what = (
        f"tracks cut {n} times at gaps or impossible speeds ({minutes} minutes); "
        f"{outside} minutes outside the area"
    )
    return reason("tracks_cut", what, n=n, minutes=minutes, outside=outside)


def _clock_flags(
    points: pd.DataFrame, track: pd.Series, received_at: pd.Timestamp
) -> tuple[np.ndarray, list[str]]:
    """The flags of each row's track by the clock of its receiver, and a note if there are any."""
    times = points.groupby(points["track_id"].astype(str))["time"].agg(["min", "max"])
    findings = Findings(len(track))
    first, last = (track.map(times[name]).reset_index(drop=True) for name in ("min", "max"))
    flag_dates(first, last > received_at, FIRST_PATROL_YEAR, findings)
    flags = findings.flag_texts()
    wrong = sorted(set(track[flags != ""]))
    if not wrong:
        return flags, []
    return flags, [
        reason(
            "track_clock",
            f"{len(wrong)} tracks are dated in the future or before {FIRST_PATROL_YEAR}: the "
            "receiver's clock was wrong. They are kept with a flag and move no cutoff",
            n=len(wrong),
            year=FIRST_PATROL_YEAR,
        )
    ]


def _digests(points: pd.DataFrame) -> pd.Series:
    """A name of each track from its own points alone, by track_id: the same track in another
    file, format or order, or beside other tracks, is the same effort."""
    said = points[["time", "lat", "lon"]].round({"lat": 6, "lon": 6})
    rows = pd.util.hash_pandas_object(said, index=False)
    by = rows.groupby(points["track_id"], sort=False)
    return by.agg(lambda one: hashlib.sha256(np.sort(one.to_numpy()).tobytes()).hexdigest()[:12])
