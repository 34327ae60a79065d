"""Sentences by key, numbers and dates, in the language of the screen ("id" or "en")."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ui.words import clock
from ui.words.area import AREA
from ui.words.contest import CONTEST
from ui.words.pages import PAGES
from ui.words.plan import PLAN
from ui.words.record import RECORD
from ui.words.screen import MAIN
from ui.words.service import SERVICE
from ui.words.steward import DATA
from ui.words.tasks import TASKS
from ui.words.told.files import FILES
from ui.words.told.keeping import KEEPING
from ui.words.told.monday import MONDAY
from ui.words.told.refused import REFUSED
from ui.words.told.rights import DOOR, RIGHTS
from ui.words.told.rows import ROWS
from ui.words.told.watch import WATCH
from ui.words.watch import ADMIN, LOG

SENTENCES = (
    MAIN
    | MONDAY
    | PAGES
    | TASKS
    | PLAN
    | DATA
    | RECORD
    | CONTEST
    | SERVICE
    | AREA
    | FILES
    | ROWS
    | RIGHTS
    | REFUSED
    | DOOR
    | KEEPING
    | WATCH
    | LOG
    | ADMIN
)

_MONTHS = {
    "id": ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
#: what is written where a number is missing
NOTHING = "–"


def t(key: str, lang: str, **values: object) -> str:
    """The sentence of a key, its placeholders filled in.

    Parameters
    ----------
    key : of the sentence
    lang : "id" or "en"
    values : what its placeholders hold, by name
    """
    return SENTENCES[key][lang == "en"].format(**values)


def has(key: str) -> bool:
    """Whether there is a sentence for a key that comes from data (a reason, a model)."""
    return key in SENTENCES


def and_more(names: Sequence[str], most: int, lang: str) -> str:
    """The first names, and how many more there are: "A, B, and 4 more".

    Parameters
    ----------
    names : in order
    most : that are named
    lang : of the words, "id" or "en"
    """
    listed = ", ".join(names[:most])
    rest = len(names) - most
    return t("list.and_more", lang, names=listed, n=number(rest, lang)) if rest > 0 else listed


def number(value: float | None, lang: str, decimals: int = 0) -> str:
    """1.234,5 in Indonesian, 1,234.5 in English; a missing number is a dash.

    Parameters
    ----------
    value : the number, None or NaN where it is missing
    lang : of its marks, "id" or "en"
    decimals : that are shown
    """
    if value is None or pd.isna(value):
        return NOTHING
    text = f"{round(float(value), decimals) + 0.0:,.{decimals}f}"
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def expected(value: float | None, lang: str) -> str:
    """An expected number with as many digits as it deserves: 31 · 4,2 · 0,31 · 0,012 · < 0,001."""
    if value is None or pd.isna(value):
        return NOTHING
    if 0 < value < 0.001:
        return "< " + number(0.001, lang, 3)
    if value == 0:
        return "0"
    return number(value, lang, min(3, max(0, 1 - math.floor(math.log10(value)))))


def percent(share: float | None, lang: str) -> str:
    """A share as whole percent; never 0 or 100 unless it is exactly that."""
    if share is None or pd.isna(share):
        return NOTHING
    if 0 < share < 0.005:
        return "< 1"
    if 0.995 <= share < 1:
        return "> 99"
    return number(share * 100, lang)


def with_sign(figure: str, lang: str) -> str:
    """A figure with its percent sign as the language writes it: "93 %" or "93%"."""
    return f"{figure}%" if lang == "en" else f"{figure} %"


def signed(value: float | None, lang: str) -> str:
    """An expected change with its sign."""
    if value is None or pd.isna(value):
        return NOTHING
    if abs(value) < 0.001:
        return "≈ 0"
    return ("+" if value > 0 else "−") + expected(abs(value), lang)


def date(moment: clock.Moment | None, lang: str) -> str:
    """17 Nov 2025, in local time."""
    if moment is None or pd.isna(moment):
        return NOTHING
    local = clock.local(moment)
    return f"{local.day} {_MONTHS[lang][local.month - 1]} {local.year}"


def short_date(moment: clock.Moment, lang: str) -> str:
    """17 Nov 2025, of a day that is already local (weeks, cut-off)."""
    return date(pd.Timestamp(moment).tz_localize(None), lang)


def moment(when: clock.Moment, lang: str) -> str:
    """17 Nov 2025, 06.00 WIB (English: 06:00 WIB)."""
    local = clock.local(when)
    hour = local.strftime("%H.%M" if lang == "id" else "%H:%M")
    return f"{date(local, lang)}, {hour} {clock.name(local)}"


def forecast_week(meta: Mapping[str, Any]) -> pd.Timestamp:
    """First day of the first week that an assessment forecasts.

    An assessment of an older program says nothing of it: it forecast the week after its data.
    """
    if day := meta.get("week"):
        return pd.Timestamp(day)
    return pd.Timestamp(meta["cutoff"]) + pd.Timedelta(days=1)


def span(first: clock.Moment, last: clock.Moment, lang: str) -> str:
    """30 Nov – 6 Des 2026, 23–29 Nov 2026: what both have in common stands once.

    Parameters
    ----------
    first, last : days that are already local
    lang : of the words, "id" or "en"
    """
    start, end = pd.Timestamp(first), pd.Timestamp(last)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{short_date(end, lang)}"
    return f"{short_date(start, lang).removesuffix(f' {end.year}')} – {short_date(end, lang)}"


def weeks(meta: Mapping[str, Any], horizon: int, lang: str) -> str:
    """The days that a forecast is for: "30 Nov – 6 Des 2026", "4 pekan, 30 Nov – 27 Des 2026".

    Parameters
    ----------
    meta : of the assessment
    horizon : weeks
    lang : of the words, "id" or "en"
    """
    days = span(*forecast_days(meta, horizon), lang)
    if horizon == 1:
        return days
    return t("week.several", lang, length=length(horizon, lang), days=days)


def length(horizon: int, lang: str) -> str:
    """How long a forecast reaches: 1 pekan, 4 pekan / 1 week, 4 weeks."""
    return t("week.one" if horizon == 1 else "week.many", lang, n=horizon)


def week_named(meta: Mapping[str, Any], today: pd.Timestamp, lang: str) -> str:
    """The week of an assessment with its dates and what it is called today.

    Parameters
    ----------
    meta : of the assessment
    today : the running day, local
    lang : of the words, "id" or "en"
    """
    ahead = (forecast_week(meta) - clock.monday(today)).days // 7
    key = {0: "this", 1: "next"}.get(ahead, "over" if ahead < 0 else "later")
    return t(f"week.{key}", lang, days=weeks(meta, 1, lang))


def forecast_days(meta: Mapping[str, Any], horizon: int) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first and the last day that a forecast is for.

    Parameters
    ----------
    meta : of the assessment
    horizon : weeks
    """
    first = forecast_week(meta)
    return first, first + pd.Timedelta(days=7 * horizon - 1)


def month_names(lang: str) -> list[str]:
    """Short month names, January first."""
    return list(_MONTHS[lang])
