"""Text cells -> numbers, times and coordinates, column by column; what cannot be read is told.

Every reader takes a Series of text and works on its distinct values, so that a column of a
hundred thousand rows costs what its distinct cells cost. An empty cell is missing, never bad.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

EMPTY = {"", "-", "–", "—", "--", "n/a", "#n/a", "null", "nan", "nat", "<na>", "?"}
ZONES = {
    "wib": "+07:00",
    "wita": "+08:00",
    "wit": "+09:00",
    "myt": "+08:00",
    "utc": "+00:00",
    "gmt": "+00:00",
    "z": "+00:00",
}
_MONTHS = {
    "jan": "januari january jan",
    "feb": "februari february pebruari feb peb",
    "mar": "maret march mac mar mrt",
    "apr": "april apr",
    "may": "mei may mei",
    "jun": "juni june jun",
    "jul": "juli july julai jul",
    "aug": "agustus august ogos agu agt ags aug ogo",
    "sep": "september sept sep",
    "oct": "oktober october okt oct",
    "nov": "november nopember nov nop",
    "dec": "desember december disember des dis dec",
}
_MONTH_OF = {word: short for short, words in _MONTHS.items() for word in words.split()}
_MONTH_PATTERN = re.compile(
    r"(?<![a-z])(" + "|".join(sorted(_MONTH_OF, key=len, reverse=True)) + r")(?![a-z])\.?"
)
_DAY_NAME = re.compile(
    r"^(senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|isnin|khamis|jumaat|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday)\s*[,/]?\s*"
)
_ZONED = re.compile(
    r"(?P<local>.*?)\s*(?:(?P<name>wib|wita|wit|myt|utc|gmt|z)"
    r"|(?P<hours>[+-]\d{2})(?::?(?P<minutes>\d{2}))?)$"
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?")
#: ISO's basic form, 20240105T134500; without a time of day eight digits could be anything
_BASIC = re.compile(r"^(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2}(?:\.\d{1,9})?)?(?=$|z$|[+-]\d)")
_OFFSET = r"[+-](?:0\d|1[0-4])(?::?(?:00|15|30|45))?"
#: an offset of whole hours counts after seconds only: 08:00-10 may be from eight to ten
_HAS_ZONE = (
    r"[0-9 ](?:wib|wita|wit|myt|utc|gmt|z)$|[:.]\d\d(?:\.\d{1,9})? ?[+-]\d\d:?\d\d$"
    rf"|:\d\d:\d\d(?:\.\d{{1,9}})? ?{_OFFSET}$"
)
#: hour that stands for a part of the day
DAY_PARTS = {
    "dini hari": 3,
    "subuh": 5,
    "pagi": 8,
    "siang": 13,
    "tengah hari": 12,
    "sore": 16,
    "petang": 17,
    "malam": 21,
    "tengah malam": 0,
    "morning": 8,
    "afternoon": 15,
    "evening": 18,
    "night": 21,
    "tengahari": 12,
}


#: signs of a number, time or coordinate; the patterns below are never tried on more
LONGEST_VALUE = 120


def clean(text: pd.Series) -> pd.Series:
    """Stripped text without separator characters; the usual marks for nothing become ""."""
    text = text.astype("str").fillna("")
    if _has_separators(text):
        text = text.str.replace("[\x1c-\x1f]", " ", regex=True)
    stripped = text.str.strip()
    return stripped.mask(stripped.str.lower().isin(EMPTY), "")


def bounded(text: pd.Series) -> pd.Series:
    """Cells longer than any number, time or coordinate are unreadable, without being searched."""
    return text.mask(text.str.len() > LONGEST_VALUE, "…")


def _has_separators(text: pd.Series) -> bool:
    if len(text) < 1_000:
        return bool(re.search("[\x1c-\x1f]", "".join(text)))
    return bool(text.str.contains("[\x1c-\x1f]", regex=True).any())


def each(text: pd.Series, function: Callable[[Any], Any]) -> pd.Series:
    """Apply a function to the distinct values of a Series; the result keeps its index."""
    return each_of(text, lambda value: (function(value),), object)[0]


def each_of(
    text: pd.Series, function: Callable[[Any], tuple[Any, ...]], *dtypes: Any
) -> list[pd.Series]:
    """Apply a function that gives a tuple to the distinct values: one Series per part.

    Parameters
    ----------
    text : its index is kept
    function : takes one value, gives as many as there are `dtypes`
    dtypes : of each part
    """
    codes, values = pd.factorize(text)
    done = [function(value) for value in values]
    parts = []
    for number, dtype in enumerate(dtypes):
        part = pd.Series([item[number] for item in done], dtype=dtype)
        parts.append(part.take(codes).set_axis(text.index))
    return parts


def read_numbers(text: pd.Series, decimal: str = ".") -> tuple[pd.Series, pd.Series]:
    """Numbers as floats (NaN if empty) and which cells are not a number.

    The other mark than `decimal` groups thousands, and only in threes. `12 orang` is 12.
    """
    text = bounded(clean(text))
    group = "," if decimal == "." else "."
    grouped = re.compile(
        rf"[+-]?\d{{1,3}}({re.escape(group)}\d{{3}})+({re.escape(decimal)}\d+)?", re.ASCII
    )
    simple = re.compile(
        rf"[+-]?\d+({re.escape(decimal)}\d+)?(e[+-]?\d+)?", re.IGNORECASE | re.ASCII
    )
    unit = re.compile(r"^[±~]?\s*(.*?)\s*(orang|org|jiwa|persons?|people|pax|km|menit|minutes?)?$")

    def number(cell: str) -> float | None:
        cell = unit.sub(r"\1", cell.lower())
        if cell == "nihil":
            return 0.0
        if grouped.fullmatch(cell):
            cell = cell.replace(group, "")
        elif not simple.fullmatch(cell):
            # a native spreadsheet number is written with a point whatever the source's mark
            if not re.fullmatch(r"[+-]?\d+\.\d+(e[+-]?\d+)?", cell) or decimal == ".":
                return None
            return float(cell)
        return float(cell.replace(decimal, "."))

    return _floats(text, number)


def _floats(
    text: pd.Series, function: Callable[[str], float | None]
) -> tuple[pd.Series, pd.Series]:
    fast = pd.to_numeric(
        text.where(text.str.fullmatch(r"[+-]?\d{1,15}(\.0)?"), ""), errors="coerce"
    ).astype("float64")
    slow = fast.isna() & (text != "")
    if slow.any():
        fast[slow] = each(text[slow], function).astype("float64")
        fast = fast.where(np.isfinite(fast))
    return fast, fast.isna() & (text != "")


_HEMISPHERES = {
    "lu": ("lat", 1),
    "n": ("lat", 1),
    "u": ("lat", 1),
    "ls": ("lat", -1),
    "s": ("lat", -1),
    "bt": ("lon", 1),
    "e": ("lon", 1),
    "t": ("lon", 1),
    "bb": ("lon", -1),
    "w": ("lon", -1),
    "b": ("lon", -1),
}
_SIDE = "lu|ls|bt|bb|n|s|e|w|u|t|b"
_NUMBER = r"\d{1,2}(?:[.,]\d+)?"
_DEGREE_SIGN = "°|º|˚|deg|derajat|d"
_SECOND_SIGN = "\"|”|″|''|’’|′′"
#: a separator stands between degrees, minutes and seconds: 1.234.567 is neither. `s` counts as
#: seconds only after `m`: elsewhere it is south
_DEGREES = re.compile(
    rf"(?P<before>{_SIDE})?\s*(?P<d>[+-]?\d{{1,3}}(?:[.,]\d+)?)"
    rf"(?:(?:\s*(?:{_DEGREE_SIGN})\s*|\s+)(?P<m>{_NUMBER})"
    rf"(?:(?:\s*['’′`´]\s*|\s+)(?P<s>{_NUMBER})\s*(?:{_SECOND_SIGN})?"
    rf"|\s*m\s*(?P<s_m>{_NUMBER})\s*(?:{_SECOND_SIGN}|s)?|\s*(?:['’′`´]|m))?"
    rf"|\s*(?:{_DEGREE_SIGN}))?\s*(?P<after>{_SIDE})?"
)
_DOTTED_DEGREES = re.compile(
    rf"(?P<before>{_SIDE})?\s*(?P<d>[+-]?\d{{1,3}})(?P<dot>[.:])(?P<m>\d{{2}})(?P=dot)"
    rf"(?P<s>\d{{2}}(?:,\d+)?)(?P<s_m>)\s*(?P<after>{_SIDE})?"
)


def _degrees(cell: str) -> tuple[float, str] | None:
    """Degrees and the axis that a hemisphere letter names ("" if none); None if unreadable."""
    cell = cell.lower().strip()
    match = _DEGREES.fullmatch(cell) or _DOTTED_DEGREES.fullmatch(cell)
    if match is None or (match["before"] and match["after"]):
        return None
    texts = [match["d"], match["m"] or "", match["s"] or match["s_m"] or ""]
    if any(re.search("[.,]", upper) and lower for upper, lower in pairwise(texts)):
        return None  # only the last part has decimals
    parts = [float((text or "0").replace(",", ".")) for text in texts]
    if parts[1] >= 60 or parts[2] >= 60:
        return None
    sign = -1 if match["d"].startswith("-") else 1
    value = sign * (abs(parts[0]) + parts[1] / 60 + parts[2] / 3600)
    axis = ""
    if side := match["before"] or match["after"]:
        axis, turn = _HEMISPHERES[side]
        value = abs(value) * turn
    return value, axis


def read_degrees(text: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Coordinates in decimal degrees (point or comma) or degrees, minutes, seconds.

    Returns floats, the axis named by a hemisphere letter (LU/LS/BT/BB, N/S/E/W; "" if none) and
    which cells cannot be read. Thousands are never grouped in a coordinate.
    """
    text = bounded(clean(text))
    value = pd.Series(np.nan, index=text.index)
    axis = pd.Series("", index=text.index, dtype="str")
    decimal = text.str.fullmatch(r"[+-]?\d{1,9}(?:[.,]\d*)?")
    value[decimal] = text[decimal].str.replace(",", ".", regex=False).astype("float64")
    slow = ~decimal & (text != "")
    if slow.any():
        read = each_of(text[slow], lambda cell: _degrees(cell) or (np.nan, ""), "float64", "str")
        value[slow], axis[slow] = read
    return value, axis, value.isna() & (text != "")


_PAIRS = (
    re.compile(r"\s*([^;/]+?)\s*[;/]\s*([^;/]+?)\s*"),
    re.compile(rf"\s*(.*?(?:{_SIDE}))\s*[,\s]\s*(.*?\d.*)", re.IGNORECASE),
    re.compile(r"\s*([+-]?\d+\.\d+°?)\s*[,\s]\s*([+-]?\d+\.\d+°?)\s*"),
    re.compile(r"\s*([+-]?\d+,\d+°?)\s*[,\s]\s*([+-]?\d+,\d+°?)\s*"),
    re.compile(r"\s*([+-]?\d+)\s*[,\s]\s*([+-]?\d+)\s*"),
)


def split_pair(text: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """One cell with both coordinates -> two texts, and which cells are no pair."""
    text = bounded(clean(text))

    def parts(cell: str) -> tuple[str, str] | None:
        for pattern in _PAIRS:
            if (match := pattern.fullmatch(cell)) and all(map(_degrees, match.groups())):
                return match[1], match[2]
        return None

    first, second = each_of(text, lambda cell: parts(cell) or ("", ""), "str", "str")
    return first, second, (first == "") & (text != "")


@dataclass(frozen=True)
class Times:
    """Times in UTC, how precise each was written, and which cells cannot be read."""

    time: pd.Series
    precision: pd.Series  # hour, day, month, "" if empty
    bad: pd.Series


def read_times(text: pd.Series, formats: tuple[str, ...], zone: str, day_zone: str = "") -> Times:
    """Dates and times in the declared formats, ISO dates always; never guessed.

    Parameters
    ----------
    text : the cells; Indonesian, Malay and English month and day names are known, and so are
        `WIB`, `WITA`, `WIT`, `MYT`, `UTC` or an offset after the time of day
    formats : strptime formats in order, and "excel" for serial days
    zone : zone of the times that name none: an IANA name, or WIB, WITA, MYT, UTC
    day_zone : zone of the days and months without a time of day, if it is another
    """
    text = bounded(clean(text))
    codes, values = pd.factorize(text)
    local, offset, precision = _read_distinct(pd.Series(values, dtype="str"), formats)
    utc = _to_utc(local, offset.mask((offset == "") & (precision != "hour"), day_zone), zone)
    if not len(values):
        nothing = pd.Series([], dtype="str", index=text.index)
        empty = pd.to_datetime(nothing, utc=True).astype("datetime64[us, UTC]")
        return Times(empty, nothing, nothing == "")
    time = pd.Series(utc.to_numpy()[codes], index=text.index)
    time = time.dt.tz_localize("UTC") if time.dt.tz is None else time
    how = pd.Series(precision.to_numpy(dtype=object)[codes], index=text.index).astype("str")
    return Times(time.astype("datetime64[us, UTC]"), how, time.isna() & (text != ""))


def _read_distinct(
    values: pd.Series, formats: tuple[str, ...]
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """(local time without zone, zone text, precision) of each distinct cell."""
    lower = values.str.lower().str.replace(r"\s+", " ", regex=True)
    basic = lower.str.match(_BASIC.pattern)
    if basic.any():
        lower[basic] = lower[basic].str.replace(_BASIC, _extended, regex=True)
    stamped = lower.str.fullmatch(_ISO.pattern + "z")
    lower[stamped] = lower[stamped].str.slice(0, -1)
    words = lower.str.contains("[a-su-z]", regex=True)  # t alone is ISO's own letter
    if words.any():
        named = lower[words].str.replace(_DAY_NAME, "", regex=True)
        named = named.str.replace(r"\b(pukul|pkl|jam)\b[.:]?", " ", regex=True)
        named = named.str.replace(_MONTH_PATTERN, lambda m: _MONTH_OF[m[1]], regex=True)
        lower[words] = named.str.replace(r"\s+", " ", regex=True).str.strip()
    offset = pd.Series("", index=values.index, dtype="str").mask(stamped, "+00:00")
    zoned = lower.str.contains(_HAS_ZONE, regex=True)
    if zoned.any():
        parts = lower[zoned].str.extract(_ZONED)
        named = parts["name"].map(ZONES)
        minutes = parts["minutes"].fillna("00")
        offset[zoned] = named.fillna(parts["hours"] + ":" + minutes).astype("str")
        lower[zoned] = parts["local"].str.rstrip(" ,")
    local = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us]")
    precision = pd.Series("", index=values.index, dtype="str")
    iso = lower.str.fullmatch(_ISO.pattern)
    if iso.any():
        parsed = pd.to_datetime(lower[iso].str.upper(), format="ISO8601", errors="coerce")
        local[iso] = parsed.astype("datetime64[us]")
        precision[iso] = np.where(lower[iso].str.len() > 10, "hour", "day")
    for form in formats:
        left = local.isna() & (lower != "") & ~iso
        if not left.any():
            break
        if form == "excel":
            days = pd.to_numeric(lower[left].str.replace(",", "."), errors="coerce")
            days = days.where((days >= 20_000) & (days < 80_000))
            seconds = (days * 86_400).round()
            parsed = pd.Timestamp("1899-12-30") + pd.to_timedelta(seconds, unit="s")
            how = np.where(days % 1 == 0, "day", "hour")
        else:
            parsed = pd.to_datetime(lower[left], format=form, errors="coerce")
            level = "hour" if "%H" in form or "%I" in form else "day" if "%d" in form else "month"
            how = np.full(len(parsed), level, dtype=object)
        read = parsed.notna()
        local[read.index[read]] = parsed[read].astype("datetime64[us]")
        precision[read.index[read]] = how[read.to_numpy()]
    return local, offset, precision


def _extended(basic: re.Match[str]) -> str:
    """A moment of ISO's basic form in the extended one."""
    year, month, day, hour, minute, second = basic.groups()
    return f"{year}-{month}-{day}t{hour}:{minute}:{second or '00'}"


def _to_utc(local: pd.Series, offset: pd.Series, zone: str) -> pd.Series:
    """Times of their own zones as naive UTC."""
    zones = offset.where(offset != "", zone)
    utc = pd.Series(pd.NaT, index=local.index, dtype="datetime64[us]")
    for name in zones.unique():
        here = zones == name
        fixed = ZONES.get(name.lower(), name)
        if re.fullmatch(r"[+-]\d{2}:\d{2}", fixed):
            minutes = int(fixed[1:3]) * 60 + int(fixed[4:])
            shift = pd.Timedelta(minutes=minutes if fixed[0] == "+" else -minutes)
            utc[here] = local[here] - shift
        else:
            placed = local[here].dt.tz_localize(
                fixed, ambiguous=np.zeros(int(here.sum()), bool), nonexistent="shift_forward"
            )
            utc[here] = placed.dt.tz_convert("UTC").dt.tz_localize(None).astype("datetime64[us]")
    return utc


def read_clock(text: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Times of day: minutes after midnight, precision (hour or part_of_day), unreadable cells.

    `14:30`, `14.30`, `1430`, `14:30 WIB`, a day fraction of a spreadsheet, `malam`.
    """
    text = bounded(clean(text))

    def minutes(cell: str) -> tuple[float, str]:
        cell = re.sub(r"\b(pukul|pkl|jam)\b[.:]?", " ", cell.lower())
        cell = re.sub(r"\s*(wib|wita|wit|myt|utc|gmt)$", "", cell.strip())
        if " ".join(cell.split()) in DAY_PARTS:
            return DAY_PARTS[" ".join(cell.split())] * 60.0, "part_of_day"
        if match := re.fullmatch(r"(\d{1,2})[:.](\d{2})([:.]\d{2})?|(\d{2})(\d{2})", cell):
            hour, minute = int(match[1] or match[4]), int(match[2] or match[5])
        elif re.fullmatch(r"0[.,]\d{3,}", cell):
            return round(float(cell.replace(",", ".")) * 1440), "hour"
        else:
            return np.nan, ""
        return (hour * 60.0 + minute, "hour") if hour < 24 and minute < 60 else (np.nan, "")

    value, how = each_of(text, minutes, "float64", "str")
    return value, how, value.isna() & (text != "")


def zone_in_clock(text: pd.Series) -> pd.Series:
    """The zone named after a time of day (`14:30 WITA` -> `wita`), "" if none."""
    found = text.str.lower().str.extract(r"\b(wib|wita|wit|myt|utc|gmt)\s*$", expand=False)
    return found.fillna("").astype("str")
