"""Calendar blocks of whole weeks: quarters of thirteen weeks and the ISO years they make up.

A block is fixed by the calendar alone, so it is the same whoever asks and whenever: "2026-Q3" is
the weeks 27 to 39 of the ISO year 2026. The last quarter of a long year has fourteen weeks.
"""

import pandas as pd

QUARTERS = 4
_WEEKS = 13


def quarter_of(weeks: pd.Series) -> pd.Series:
    """The quarter ("2026-Q3") of each week, which is told by its Monday."""
    iso = weeks.dt.isocalendar()
    number = ((iso["week"] - 1) // _WEEKS + 1).clip(upper=QUARTERS)
    return (iso["year"].astype("str") + "-Q" + number.astype("str")).rename("quarter")


def quarters_of(year: str) -> list[str]:
    """The four quarters of a year ("2026"), in order."""
    return [f"{year}-Q{number}" for number in range(1, QUARTERS + 1)]


def year_of(quarter: str) -> str:
    """The year of a quarter."""
    return quarter.partition("-")[0]


def weeks_of(block: str) -> pd.DatetimeIndex:
    """The Mondays of a quarter or of a year, in order."""
    year, _, quarter = block.partition("-Q")
    first, end = (pd.Timestamp.fromisocalendar(int(year) + n, 1, 1) for n in (0, 1))
    weeks = pd.date_range(first, end, freq="7D", inclusive="left", name="week")
    if not quarter:
        return weeks
    number = int(quarter)
    last = len(weeks) if number == QUARTERS else number * _WEEKS
    return weeks[(number - 1) * _WEEKS : last]


def quarters_within(first: pd.Timestamp, last: pd.Timestamp) -> list[str]:
    """The quarters of which every week lies between two Mondays, both included, in order."""
    weeks = pd.Series(pd.date_range(first, last, freq="7D"))
    if weeks.empty:
        return []
    names = quarter_of(weeks).drop_duplicates()
    return [name for name in names if first <= weeks_of(name)[0] and weeks_of(name)[-1] <= last]
