"""Quality flags of accepted events: what is odd about a row that can still be used.

A flag never drops a row. Two of them change what the row is used for, and say so in a note: a
point at an agency's office becomes the place of recording, and a point in the middle of a
district gets that district's precision.
"""

import numpy as np
import pandas as pd
import shapely

from data.findings import Findings, reason, sentence_of
from data.intake.convert import Cells
from data.schema import MODEL_PRECISIONS
from geo import calendar
from geo.area import StudyArea
from geo.grid import Grid, cell_names, cells_of, distance_km

#: what is not checked where the area is not known
UNCHECKED_AREA = reason("unchecked_area", "whether points lie in the study area")
UNCHECKED_CODES = reason(
    "unchecked_codes", "whether points and codes agree, and district centroids"
)
UNCHECKED_OFFICES = reason("unchecked_offices", "agency offices")
EXTREME_DELAY_DAYS = 180
FIRST_YEAR = 1950
FIRST_PATROL_YEAR = 1990  # nobody carried a receiver earlier: a clock that was never set
FAR_YEARS = 15  # from the median year of the file
CENTROID_KM = 0.15  # as exact as a published centroid is copied
OFFICE_KM = (0.3, 1.0)  # an office's own uncertainty, but within these
BURST_CASES = 10  # in one week, and
BURST_TIMES = 4  # times the mean of the other weeks of that agency
SAME = [
    "source_agency",
    "event_type",
    "direction",
    "event_start",
    "n_persons",
    "n_female",
    "n_male",
]
SAME += ["lat", "lon", "admin_code", "count_unit", "location_role", "origin_prov", "record_status"]


def add_flags(
    events: pd.DataFrame,
    cells: Cells,
    findings: Findings,
    grid: Grid | None = None,
    area: StudyArea | None = None,
    posts: pd.DataFrame | None = None,
) -> None:
    """Flag every row of a converted table, in place: `findings` gets the flags, `events` the cell.

    Parameters
    ----------
    events : what `convert.to_events` returned
    cells : the raw cells of the same rows
    grid, area, posts : the study area, if known; posts are a DataFrame of kind, lat, lon,
        uncertainty_km. Checks that lack their ground are named in the notes.
    """
    flag_times(events, findings)
    flag_sums(events, findings)
    flag_bursts(events, findings, cells.zone)
    flag_same(events, findings)
    point = events["lat"].notna() & events["lon"].notna()
    point &= (events["lat"].abs() <= 90) & (events["lon"].abs() <= 180)
    if posts is not None and len(posts):
        flag_offices(events, point, posts, findings, cells.source.office_is_place)
    if area is not None:
        flag_area(events, point, area, findings)
    elif grid is not None:
        outside = grid.locate(events["lat"].to_numpy(), events["lon"].to_numpy()) < 0
        findings.flag(point & outside, "COORD_OUTSIDE_AOI")
    unchecked = [
        what
        for what, ground in (
            (UNCHECKED_AREA, area if area is not None else grid),
            (UNCHECKED_CODES, area),
            (UNCHECKED_OFFICES, posts),
        )
        if ground is None
    ]
    if unchecked:
        sentence = "not checked without the area: " + "; ".join(map(sentence_of, unchecked))
        findings.notes.append(reason("unchecked", sentence, faults=unchecked))
    events["cell"] = cells_at(events, point, grid.resolution if grid is not None else 7)


def cells_at(events: pd.DataFrame, point: pd.Series, resolution: int) -> np.ndarray:
    """The H3 cell of each gps or landmark point, "" for all others.

    Parameters
    ----------
    events : with lat, lon (degrees)
    point : bool by row, whether it is a gps or landmark point
    resolution : H3
    """
    exact = (point & events["geo_precision"].isin(["gps", "landmark"])).to_numpy()
    names = np.full(len(events), "", dtype=object)
    if exact.any():
        lat, lon = events["lat"].to_numpy()[exact], events["lon"].to_numpy()[exact]
        names[exact] = cell_names(cells_of(lat, lon, resolution))
    return names


def flag_times(events: pd.DataFrame, findings: Findings) -> None:
    """DATE_FUTURE, YEAR_SUSPECT, DELAY_NEGATIVE, DELAY_EXTREME."""
    start, reported = events["event_start"], events["reported_at"]
    flag_dates(start, start > events["received_at"], FIRST_YEAR, findings)
    findings.flag((start.dt.year - reported.dt.year).abs() >= 2, "YEAR_SUSPECT")
    delay = events["delay_days"]
    findings.flag(delay < 0, "DELAY_NEGATIVE")
    findings.flag(delay > EXTREME_DELAY_DAYS, "DELAY_EXTREME")


def flag_dates(start: pd.Series, later: pd.Series, first_year: int, findings: Findings) -> None:
    """DATE_FUTURE and YEAR_SUSPECT: the one rule for the dates of events, reports and tracks.

    Parameters
    ----------
    start : when it began, one row of the table each; missing ones are not flagged
    later : is it later than its receipt?
    first_year : an earlier year is mistyped, or of a clock that was never set
    findings : gets the flags; a flagged row is kept, and has no part in where the records end
    """
    findings.flag(later.fillna(False), "DATE_FUTURE")
    year = start.dt.year
    lonely = (year - year.median()).abs() > FAR_YEARS
    findings.flag((year < first_year) | lonely, "YEAR_SUSPECT")


def flag_sums(events: pd.DataFrame, findings: Findings) -> None:
    """SUM_MISMATCH: parts that exceed the whole, or women and men that do not make it up."""
    names = ["n_persons", "n_female", "n_male", "n_minor"]
    total, female, male, minor = (events[name].astype("float64") for name in names)
    wrong = (female + male != total) & female.notna() & male.notna() & total.notna()
    for part in (female, male, minor):
        wrong |= part > total
    findings.flag(wrong, "SUM_MISMATCH")


def flag_bursts(events: pd.DataFrame, findings: Findings, zone: str) -> None:
    """OPERATION_BURST: a tagged operation, or a week with many more cases than usual.

    Parameters
    ----------
    events : with operation_tag, event_type and event_start (UTC)
    findings : gets the flags
    zone : IANA name of the zone in which weeks are cut
    """
    tagged = events["operation_tag"].astype("str").fillna("") != ""
    case = events["event_type"].astype("str").str.startswith("case_")
    agency = events["source_agency"]
    week = calendar.week_of(events["event_start"], zone)
    n = case.groupby([agency, week]).transform("sum").fillna(0).astype(float)
    start = events["event_start"].where(case)
    span = start.groupby(agency).transform("max") - start.groupby(agency).transform("min")
    other_weeks = np.maximum(1, span.dt.days.fillna(0) // 7)
    usual: pd.Series = (case.groupby(agency).transform("sum") - n) / other_weeks
    limit = np.maximum(BURST_CASES, BURST_TIMES * usual)
    findings.flag(tagged | (case & (n >= limit)), "OPERATION_BURST")


def flag_same(events: pd.DataFrame, findings: Findings) -> None:
    """DUP_EXACT: another row under another number tells the same in every respect."""
    twin = events.duplicated(SAME, keep="first") & events["event_start"].notna()
    findings.flag(twin, "DUP_EXACT")


def flag_offices(
    events: pd.DataFrame,
    point: pd.Series,
    posts: pd.DataFrame,
    findings: Findings,
    office_is_place: bool,
) -> None:
    """COORD_AT_OFFICE: the point is an office; what happened elsewhere was recorded there.

    Parameters
    ----------
    events : with lat, lon (degrees) and location_role
    point : bool by row, whether it has a point
    posts : kind, lat, lon, uncertainty_km
    findings : gets the flags
    office_is_place : whether what it tells of happened at the office; then its role stays
    """
    offices = posts[posts["kind"] == "office"]
    near = np.zeros(len(events), dtype=bool)
    lat, lon = events["lat"].to_numpy(float), events["lon"].to_numpy(float)
    places = zip(offices["lat"], offices["lon"], offices["uncertainty_km"], strict=True)
    for lat0, lon0, uncertainty in places:
        reach = np.clip(np.nan_to_num(float(uncertainty)), *OFFICE_KM)
        near |= distance_km(lat, lon, lat0, lon0) <= reach
    near &= point.to_numpy()
    findings.flag(near, "COORD_AT_OFFICE")
    if not office_is_place:
        moved = pd.Series(near, index=events.index) & (events["location_role"] == "occurred")
        what = "points at an agency's office taken as the place of recording"
        findings.note(moved, "office_taken", what)
        events["location_role"] = events["location_role"].where(~moved, "recorded")


def flag_area(events: pd.DataFrame, point: pd.Series, area: StudyArea, findings: Findings) -> None:
    """COORD_OUTSIDE_AOI, ADMIN_COORD_DISAGREE and COORD_CENTROID.

    Parameters
    ----------
    events : with lat, lon (degrees) and admin_code
    point : bool by row, whether it has a point
    area : its land and its districts
    findings : gets the flags
    """
    lat, lon = events["lat"].to_numpy(float), events["lon"].to_numpy(float)
    inside = np.zeros(len(events), dtype=bool)
    here = point.to_numpy()
    inside[here] = shapely.contains_xy(area.land, lon[here], lat[here])
    findings.flag(here & ~inside, "COORD_OUTSIDE_AOI")
    codes = np.full(len(events), "", dtype=object)
    codes[here] = [str(code)[:5] if code else "" for code in area.district_of(lat[here], lon[here])]
    said = events["admin_code"].astype("str").str[:5].to_numpy(dtype=object)
    known = here & (codes != "") & (events["admin_code"].str.len() >= 5).to_numpy()
    findings.flag(known & (codes != said), "ADMIN_COORD_DISAGREE")
    for shapes, name in ((area.districts, "kabupaten"), (area.subdistricts, "kecamatan")):
        if shapes is None:
            continue
        middles = shapely.centroid(shapes.geometry.to_numpy())
        near = here & _near_any(lat, lon, shapely.get_y(middles), shapely.get_x(middles))
        findings.flag(near, "COORD_CENTROID")
        finer = MODEL_PRECISIONS if name == "kecamatan" else (*MODEL_PRECISIONS, "kecamatan")
        exact = pd.Series(near, index=events.index) & events["geo_precision"].isin(finer)
        what = f"points in the middle of a {name} lowered to {name} precision"
        findings.note(exact, "centroid_lowered", what, level=name)
        events["geo_precision"] = events["geo_precision"].where(~exact, name)


def _near_any(lat: np.ndarray, lon: np.ndarray, lat0: np.ndarray, lon0: np.ndarray) -> np.ndarray:
    """Which points lie within CENTROID_KM of one of many places."""
    near = np.zeros(len(lat), dtype=bool)
    known = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    if len(known):
        degrees = 2 * CENTROID_KM / 111.0
        tree = shapely.STRtree(np.asarray(shapely.points(lon0, lat0), dtype=object))
        boxes = shapely.box(
            lon[known] - degrees, lat[known] - degrees, lon[known] + degrees, lat[known] + degrees
        )
        row, place = tree.query(boxes)
        row = known[row]
        close = distance_km(lat[row], lon[row], lat0[place], lon0[place]) <= CENTROID_KM
        near[row[close]] = True
    return near
