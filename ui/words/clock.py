"""The clock of the screen: times are told in the zone of the area that this process serves."""

from datetime import date

import numpy as np
import pandas as pd

#: what Indonesia calls its zones; others are told by their distance from UTC
NAMES = {
    "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT",
}  # fmt: skip
#: a point in time as a table, a person or a file gives it
Moment = pd.Timestamp | date | np.datetime64 | str
_SERVED = ["Asia/Pontianak"]


def use(zone: str) -> None:
    """Tell times in this zone (IANA name) from now on; the settings say which."""
    _SERVED[0] = zone


def zone() -> str:
    """The zone in which times are told."""
    return _SERVED[0]


def local(moment: Moment) -> pd.Timestamp:
    """A moment as the clocks of the area show it, naive; a naive one is local already."""
    time = pd.Timestamp(moment)
    return time.tz_convert(zone()).tz_localize(None) if time.tzinfo else time


def today() -> pd.Timestamp:
    """The running day of the area, naive midnight."""
    return local(pd.Timestamp.now("UTC")).normalize()


def monday(day: Moment) -> pd.Timestamp:
    """Monday of the week of a local day, midnight."""
    time = pd.Timestamp(day).normalize()
    return time - pd.Timedelta(days=time.day_of_week)


def mondays(days: pd.Series) -> pd.Series:
    """Monday of the week of each local day (naive), midnight; NaT stays."""
    return days.dt.normalize() - pd.to_timedelta(days.dt.day_of_week, unit="D")


def in_utc(moment: pd.Timestamp) -> pd.Timestamp:
    """A local moment (naive), or any aware one, in UTC."""
    time = pd.Timestamp(moment)
    return (time if time.tzinfo else time.tz_localize(zone())).tz_convert("UTC")


def name(moment: pd.Timestamp | None = None) -> str:
    """What the zone is called: WIB, WITA, WIT, UTC, else its distance then: UTC+12, UTC-3.30."""
    if zone() in NAMES:
        return NAMES[zone()]
    time = pd.Timestamp.now("UTC") if moment is None else in_utc(moment)
    here = time.tz_convert(zone())
    minutes = round((here.tz_localize(None) - time.tz_localize(None)).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f".{rest:02d}" if rest else "")
