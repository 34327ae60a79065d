"""Patrol tracks: cut at gaps and impossible speeds, then minutes and km per cell and week."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo import calendar, crs
from geo.grid import Grid, distance_km
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
    legs, cut = _legs(points, gap_minutes, max_kmh)
    walked = _pieces(legs, grid, zone)
    inside = walked[walked["place"] >= 0]
    return TrackEffort(
        _by_week(inside, grid),
        float(walked.loc[walked["place"] < 0, "minutes"].sum()),
        float(cut.sum()),
        len(cut),
        frozenset(walked["track"]),
        frozenset(inside["track"]),
    )


def _legs(
    points: pd.DataFrame, gap_minutes: float, max_kmh: float
) -> tuple[pd.DataFrame, np.ndarray]:
    """Ways between points that follow each other, and the minutes of those that cut a track.

    Returns
    -------
    DataFrame with track, seconds, to_seconds (since 1970), lat, lon, to_lat, to_lon, minutes, km
    """
    points = points.sort_values(["track_id", "time", "lat", "lon"], kind="stable")
    time = pd.to_datetime(points["time"], utc=True)
    known = pd.DataFrame(
        {
            "track": points["track_id"].astype(str).to_numpy(),
            "seconds": time.dt.tz_localize(None).astype("datetime64[ns]").astype("int64") / 1e9,
            "lat": points["lat"].to_numpy(float),
            "lon": points["lon"].to_numpy(float),
        }
    ).reset_index(drop=True)
    then = known.shift(-1)
    legs = known.assign(**{f"to_{name}": then[name] for name in ("seconds", "lat", "lon")})
    legs = legs[known["track"] == then["track"]]
    ends = (legs[name].to_numpy() for name in ("lat", "lon", "to_lat", "to_lon"))
    minutes, km = (legs["to_seconds"] - legs["seconds"]) / 60, distance_km(*ends)
    hours = np.maximum(minutes, 1e-9) / 60
    good = (minutes <= gap_minutes) & (km / hours <= max_kmh)
    return legs.assign(minutes=minutes, km=km)[good], minutes[~good].to_numpy()


def _pieces(legs: pd.DataFrame, grid: Grid, zone: str) -> pd.DataFrame:
    """The legs cut into pieces of at most STEP_KM, each in the cell of its middle.

    Returns
    -------
    DataFrame with track, place (position in the grid, -1 outside), week, begin (seconds), minutes,
        km and night (minutes)
    """
    pieces = np.maximum(1, np.ceil(legs["km"].to_numpy() / STEP_KM)).astype(int)
    order = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    legs = legs.loc[legs.index.repeat(pieces)].reset_index(drop=True)
    n = np.repeat(pieces, pieces)
    part = (order + 0.5) / n
    lasted = (legs["to_seconds"] - legs["seconds"]).to_numpy()
    lat = legs["lat"] + part * (legs["to_lat"] - legs["lat"])
    # the short way across 180
    lon = legs["lon"] + part * crs.beside(legs["to_lon"] - legs["lon"], 0.0)
    when = pd.Series(pd.to_datetime(legs["seconds"] + part * lasted, unit="s", utc=True))
    hour = when.dt.tz_convert(zone).dt.hour.to_numpy()
    minutes = (legs["minutes"] / n).to_numpy()
    return pd.DataFrame(
        {
            "track": legs["track"],
            "place": grid.nearest(lat.to_numpy(), lon.to_numpy(), grid.spacing_km),
            "week": calendar.week_of(when, zone).to_numpy(),
            "begin": legs["seconds"] + order / n * lasted,
            "minutes": minutes,
            "km": legs["km"] / n,
            "night": minutes * ((hour >= NIGHT_HOURS[0]) | (hour < NIGHT_HOURS[1])),
        }
    )


def _by_week(inside: pd.DataFrame, grid: Grid) -> pd.DataFrame:
    """Minutes, km, visits, share of the night and times of each track, cell and week."""
    before = inside.shift()
    stay = (inside["track"] != before["track"]) | (inside["place"] != before["place"])
    stay |= inside["week"] != before["week"]
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
    columns = ["track", "cell", "week", "minutes", "km", "visits", "night_share", "spans"]
    return table.assign(cell=cells, night_share=share)[columns]


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
