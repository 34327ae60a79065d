"""Ramadan, Eid and the year's end as features of a date, because the flow follows them.

The Islamic year is 354 or 355 days long, so Eid al-Fitr moves some 11 days a year through the
months; `hijridate` (Umm al-Qura calendar) tells where it falls from 1925 to 2076.
The date announced in Indonesia may differ by a day.
"""

from datetime import date

import numpy as np
import pandas as pd
from hijridate import Gregorian, Hijri

FIRST_DATE, LAST_DATE = date(1925, 1, 1), date(2075, 12, 31)
LAST_EID_YEAR = 2076
RAMADAN, SHAWWAL = 9, 10


def ramadan_eid(year: int) -> list[tuple[date, date]]:
    """First day of Ramadan and day of Eid al-Fitr for every Eid in a Gregorian year.

    Mostly one pair; two in a year such as 2000 or 2033, when Eid comes in January and December.

    Raises
    ------
    ValueError
        If the year is outside 1925 to 2076, which the calendar tables cover.
    """
    if not FIRST_DATE.year <= year <= LAST_EID_YEAR:
        raise ValueError(f"Eid is known for {FIRST_DATE.year} to {LAST_EID_YEAR}, got {year}")
    first = Gregorian(year, 1, 1).to_hijri().year
    pairs = [(_first_day(h, RAMADAN), _first_day(h, SHAWWAL)) for h in (first, first + 1)]
    return [(ramadan, eid) for ramadan, eid in pairs if eid.year == year]


def eid_dates(start: date | pd.Timestamp, end: date | pd.Timestamp) -> pd.DatetimeIndex:
    """Every Eid al-Fitr from `start` to `end`, both included, as naive dates in order."""
    start, end = pd.Timestamp(start), pd.Timestamp(end)
    found = [eid for year in range(start.year, end.year + 1) for _, eid in ramadan_eid(year)]
    days = pd.DatetimeIndex(found, dtype="datetime64[s]")
    return days[(days >= start) & (days <= end)]


def days_to_eid(dates: pd.DatetimeIndex) -> np.ndarray:
    """Days from each naive date to the nearest Eid: positive before it, negative after it."""
    days = _whole_days(dates)
    if len(days) == 0:
        return np.array([], dtype=np.int64)
    eids = _eids_around(days)
    place = np.clip(np.searchsorted(eids, days), 1, len(eids) - 1)
    before, after = eids[place - 1] - days, eids[place] - days
    return np.where(after <= -before, after, before)


def season_features(dates: pd.DatetimeIndex, days: int = 7) -> pd.DataFrame:
    """What the calendar says about the `days` days that begin on each date.

    Parameters
    ----------
    dates : naive local dates, first day of each period
    days : length of a period

    Returns
    -------
    DataFrame of float, indexed by `dates`: weeks_to_eid (from the middle of the period to the
    nearest Eid, positive before), ramadan (share of days in Ramadan), before_eid (share of days
    from 30 to 10 days before Eid), after_eid (share of days 3 to 35 days after), year_end (share
    of days from 10 December to 5 January), year_sin, year_cos (the solar year).
    """
    if days < 1:
        raise ValueError(f"a period has at least one day, got days={days}")
    dates = pd.DatetimeIndex(dates)
    every = _whole_days(dates)[:, None] + np.arange(days)
    shape = every.shape
    flat = pd.DatetimeIndex(every.ravel().astype("datetime64[D]").astype("datetime64[s]"))
    ahead = days_to_eid(flat).reshape(shape)
    late, early = (flat.month == 12) & (flat.day >= 10), (flat.month == 1) & (flat.day <= 5)
    angle = 2 * np.pi * (dates.day_of_year.to_numpy() - 1 + (days - 1) / 2) / 365.25
    return pd.DataFrame(
        {
            "weeks_to_eid": ahead[:, days // 2] / 7,
            "ramadan": _in_ramadan(every).mean(axis=1),
            "before_eid": ((ahead <= 30) & (ahead >= 10)).mean(axis=1),
            "after_eid": ((ahead <= -3) & (ahead >= -35)).mean(axis=1),
            "year_end": (late | early).reshape(shape).mean(axis=1),
            "year_sin": np.sin(angle),
            "year_cos": np.cos(angle),
        },
        index=dates,
    )


def _in_ramadan(days: np.ndarray) -> np.ndarray:
    flat = days.ravel()
    if len(flat) == 0:
        return np.zeros(days.shape, dtype=bool)
    years = range(_year(flat.min()), _year(flat.max()) + 2)
    pairs = [pair for year in years for pair in ramadan_eid(year)]
    starts, ends = (np.array([_number(day) for day in side]) for side in zip(*pairs, strict=True))
    place = np.searchsorted(starts, flat, side="right") - 1
    inside = (place >= 0) & (flat < ends[np.maximum(place, 0)])
    return inside.reshape(days.shape)


def _eids_around(days: np.ndarray) -> np.ndarray:
    low, high = _year(days.min()) - 1, _year(days.max()) + 1
    years = range(max(low, FIRST_DATE.year), high + 1)
    return np.array([_number(eid) for year in years for _, eid in ramadan_eid(year)])


def _whole_days(dates: pd.DatetimeIndex) -> np.ndarray:
    dates = pd.DatetimeIndex(dates)
    if dates.tz is not None:
        raise ValueError("naive local dates expected; convert to WIB and drop the zone first")
    days = dates.to_numpy().astype("datetime64[D]").astype(np.int64)
    if len(days) and not _number(FIRST_DATE) <= days.min() <= days.max() <= _number(LAST_DATE):
        raise ValueError(f"Eid is known for {FIRST_DATE.year} to {LAST_DATE.year} only")
    return days


def _first_day(hijri_year: int, month: int) -> date:
    day = Hijri(hijri_year, month, 1).to_gregorian()
    return date(day.year, day.month, day.day)


def _number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def _year(day_number: int) -> int:
    return int(np.datetime64(int(day_number), "D").astype("datetime64[Y]").astype(int)) + 1970
