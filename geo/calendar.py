"""When: the zone of an area, its days, weeks and nights. Stored times are UTC; weeks are cut here.

A zone is an IANA name. Weeks begin on Monday at 00:00 of the area's zone, whatever zone an agency
writes; a day told without a clock is that day there.
"""

import re
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

#: of the embedded area
HOME = "Asia/Pontianak"
#: weeks without data that a forecast steps over, at most
MOST_GAP = 8


def is_zone(name: str) -> bool:
    """Whether a text is the IANA name of a zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return "/" in name or name == "UTC"


def local(times: pd.Series, zone: str = HOME) -> pd.Series:
    """Times (aware, or naive UTC) as the clocks of a zone show them: naive, NaT stays."""
    return pd.to_datetime(times, utc=True).dt.tz_convert(zone).dt.tz_localize(None)


def local_moment(moment: pd.Timestamp, zone: str = HOME) -> pd.Timestamp:
    """One aware moment as the clocks of a zone show it; a naive one is local already."""
    moment = pd.Timestamp(moment)
    return moment if moment.tzinfo is None else moment.tz_convert(zone).tz_localize(None)


def today(zone: str = HOME, now: pd.Timestamp | None = None) -> pd.Timestamp:
    """The running day in a zone, naive midnight."""
    now = pd.Timestamp.now("UTC") if now is None else now
    return now.tz_convert(zone).tz_localize(None).normalize()


def monday_of(days: pd.Series) -> pd.Series:
    """Monday of the week of each local day (naive); NaT stays."""
    days = days.dt.normalize()
    return days - pd.to_timedelta(days.dt.day_of_week.fillna(0), unit="D")


def monday(day: pd.Timestamp) -> pd.Timestamp:
    """Monday of the week of a local day (naive), midnight."""
    day = day.normalize()
    return day - pd.Timedelta(days=day.day_of_week)


def week_ahead(today: pd.Timestamp) -> pd.Timestamp:
    """Monday of the week that screen, brief and plan speak of on a local day (naive).

    It is the week in which most of the coming seven days lie: from Monday to Thursday the running
    one, from Friday on the next.
    """
    return monday(today + pd.Timedelta(days=3))


def gap_weeks(last: pd.Timestamp, today: pd.Timestamp) -> int:
    """Weeks between the last one with data and the one that `week_ahead` speaks of.

    Those weeks have happened, or are happening, and nothing of them was delivered. A forecast for
    the week ahead steps over them. Where more than MOST_GAP are missing there is nothing to step
    from: 0, and the forecast is for the week right after the data, which is over and says so.

    Parameters
    ----------
    last : Monday of the last week with data, local and naive
    today : the running day, local and naive
    """
    missing = (week_ahead(today) - last).days // 7 - 1
    return missing if 0 < missing <= MOST_GAP else 0


class Weekly(NamedTuple):
    """A moment of every week, local: `day` counts from Monday, 0."""

    day: int
    hour: int
    minute: int

    def last(self, now: pd.Timestamp) -> pd.Timestamp:
        """The last such moment up to a local one (naive), that one included."""
        at = monday(now) + pd.Timedelta(days=self.day, hours=self.hour, minutes=self.minute)
        return at if at <= now else at - pd.Timedelta(weeks=1)


#: days of the week as settings write them
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKLY = re.compile(rf"({'|'.join(DAYS)}) ([01]\d|2[0-3]):([0-5]\d)", re.IGNORECASE)


def is_weekly(text: str) -> bool:
    """Whether a text names a moment of the week, like `Mon 05:00`."""
    return _WEEKLY.fullmatch(text) is not None


def weekly(text: str) -> Weekly:
    """The moment of the week that a text names.

    Raises
    ------
    ValueError
        If it names none.
    """
    if (found := _WEEKLY.fullmatch(text)) is None:
        raise ValueError(f"a moment of the week is a day and a time like Mon 05:00, got {text!r}")
    return Weekly(DAYS.index(found[1].lower()), int(found[2]), int(found[3]))


def week_of(times: pd.Series, zone: str = HOME) -> pd.Series:
    """Monday (naive date, local) of the week in which each UTC time falls."""
    return monday_of(local(times, zone)).rename("week")


def weeks_between(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """Every Monday from `first` to `last`, both included."""
    return pd.date_range(first, last, freq="7D", name="week")


def start_of(day: pd.Timestamp, zone: str = HOME) -> pd.Timestamp:
    """The instant (UTC) at which a local day begins, later where its midnight is skipped."""
    day = pd.Timestamp(day).normalize()
    return day.tz_localize(zone, nonexistent="shift_forward", ambiguous=True).tz_convert("UTC")


def end_of(day: pd.Timestamp, zone: str = HOME) -> pd.Timestamp:
    """The instant (UTC) at which a local day is over."""
    return start_of(pd.Timestamp(day).normalize() + pd.Timedelta(days=1), zone)
