"""Patrol tracks: cut at gaps and impossible speeds, then minutes and km per cell and week."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo import calendar, crs
from geo.grid import EARTH_RADIUS_KM, Grid
from geo.receivers import spans_text

#: A leg is sampled at least this finely when it is shared out among cells, km.
STEP_KM = 0.25
NIGHT_HOURS = (18, 6)


@dataclass(frozen=True)
class TrackEffort:
    """Effort of tracks and what could not be placed; the minutes add up to the minutes recorded."""

    effort: pd.DataFrame  # track, cell, week, minutes, km, visits, night_share, spans
    minutes_outside: float  # on the track, outside the grid
    minutes_cut: float  # in gaps and impossible jumps: nobody knows where they were spent
    legs_cut: int
    tracks_walked: frozenset[str]  # have a leg that is no gap and no jump
    tracks_inside: frozenset[str]  # ... and a part of it inside the grid


def track_effort(
    points: pd.DataFrame,
    grid: Grid,
    gap_minutes: float = 30.0,
    max_kmh: float = 120.0,
    zone: str = calendar.HOME,
) -> TrackEffort:
    """Minutes, km and visits of each track, cell and week from track points.

    Parameters
    ----------
    points : DataFrame with track_id, time (UTC), lat, lon (degrees), in any order
    grid : cells to place them in
    gap_minutes : a longer silence cuts the track
    max_kmh : a faster leg is a jump of the receiver and cuts the track
    zone : IANA name of the zone in which weeks are cut and nights begin

    Raises
    ------
    ValueError
        If a time or a coordinate is missing.
    """
    if points[["time", "lat", "lon"]].isna().any().any():
        raise ValueError("track points without time or place; set them aside first")
    points = points.sort_values(["track_id", "time", "lat", "lon"], kind="stable")
    time = pd.to_datetime(points["time"], utc=True)
    seconds = time.dt.tz_localize(None).astype("datetime64[ns]").astype("int64").to_numpy() / 1e9
    lat, lon = points["lat"].to_numpy(float), points["lon"].to_numpy(float)
    track = points["track_id"].astype(str).to_numpy()

    same = track[1:] == track[:-1]
    minutes = (np.diff(seconds) / 60)[same]
    km = _distance_km(lat[:-1], lon[:-1], lat[1:], lon[1:])[same]
    hours = np.maximum(minutes, 1e-9) / 60
    good = (minutes <= gap_minutes) & (km / hours <= max_kmh)
    start = np.flatnonzero(same)[good]
    minutes_cut, legs_cut = float(minutes[~good].sum()), int((~good).sum())
    minutes, km = minutes[good], km[good]

    pieces = np.maximum(1, np.ceil(km / STEP_KM)).astype(int)
    leg = np.repeat(np.arange(len(start)), pieces)
    order = np.arange(len(leg)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    part = (order + 0.5) / pieces[leg]
    at, to = start[leg], start[leg] + 1
    at_lat = lat[at] + part * (lat[to] - lat[at])
    at_lon = lon[at] + part * crs.beside(lon[to] - lon[at], 0.0)  # the short way across 180
    place = grid.nearest(at_lat, at_lon, grid.spacing_km)
    when = pd.Series(
        pd.to_datetime((seconds[at] + part * (seconds[to] - seconds[at])), unit="s", utc=True)
    )
    hour = when.dt.tz_convert(zone).dt.hour.to_numpy()
    spent = minutes[leg] / pieces[leg]
    begin = seconds[at] + order / pieces[leg] * (seconds[to] - seconds[at])

    walked = pd.DataFrame(
        {
            "track": track[at],
            "place": place,
            "week": calendar.week_of(when, zone).to_numpy(),
            "begin": begin,
            "minutes": spent,
            "km": km[leg] / pieces[leg],
            "night": spent * ((hour >= NIGHT_HOURS[0]) | (hour < NIGHT_HOURS[1])),
        }
    )
    inside = walked[walked["place"] >= 0]
    stay = (inside["track"].shift() != inside["track"]) | (
        inside["place"].shift() != inside["place"]
    )
    stay |= inside["week"].shift() != inside["week"]
    table = (
        inside.assign(visits=stay.astype(int))
        .groupby(["track", "place", "week"], as_index=False)[["minutes", "km", "visits", "night"]]
        .sum()
    )
    table["spans"] = table.merge(_spans(inside, stay), how="left")["spans"].to_numpy()
    share = np.divide(
        table["night"], table["minutes"], where=table["minutes"] > 0, out=np.zeros(len(table))
    )
    cells = np.asarray(grid.cells, dtype=object)[table["place"].to_numpy(int)]
    effort = table.assign(cell=cells, night_share=share)
    columns = ["track", "cell", "week", "minutes", "km", "visits", "night_share", "spans"]
    outside = float(walked.loc[walked["place"] < 0, "minutes"].sum())
    return TrackEffort(
        effort[columns],
        outside,
        minutes_cut,
        legs_cut,
        frozenset(walked["track"]),
        frozenset(inside["track"]),
    )


def _spans(inside: pd.DataFrame, stay: pd.Series) -> pd.DataFrame:
    """When each track was in each cell and week: track, place, week, spans (`spans_text`).

    Parameters
    ----------
    inside : pieces of legs in order of time: track, place, week, begin (seconds since 1970),
        minutes
    stay : is it the first piece in its cell? A gap within a stay parts it as well.
    """
    keys = ["track", "place", "week"]
    end = inside["begin"] + inside["minutes"] * 60
    number = (stay | (inside["begin"] > end.shift() + 1.0)).cumsum().rename("stay")
    stays = (
        inside.assign(end=end)
        .groupby([*keys, number], sort=False)
        .agg(begin=("begin", "min"), end=("end", "max"))
        .reset_index()
    )
    return pd.DataFrame(
        [
            (*key, spans_text(part["begin"].to_numpy(), part["end"].to_numpy()))
            for key, part in stays.groupby(keys, sort=False)
        ],
        columns=[*keys, "spans"],
    ).astype({"week": inside["week"].dtype, "place": inside["place"].dtype})


def _distance_km(
    lat1: np.ndarray, lon1: np.ndarray, lat2: np.ndarray, lon2: np.ndarray
) -> np.ndarray:
    """Great-circle distance, km (haversine)."""
    a, b = np.radians(lat1), np.radians(lat2)
    half = np.sin((b - a) / 2) ** 2
    half += np.cos(a) * np.cos(b) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
