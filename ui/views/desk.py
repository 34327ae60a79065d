"""What the parts of the data page share: tables kept for a while, closed doors, faults in words."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.words import clock, date, moment, number, t
from ui.words.of_data import code_word, tell_problem

#: what a code is called
Named = Callable[[str], str]
#: columns that hold a moment; a day told as a whole stands at its first minute, without a clock
MOMENTS = ("event_start", "reported_at", "received_at", "event_end")
#: columns whose codes have words of their own
CODES = (
    "detection", "direction", "time_precision", "geo_precision", "location_role", "record_status",
    "mode",
)  # fmt: skip


@st.cache_resource(max_entries=24, show_spinner=False)
def kept(mark: str, what: str, _make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """A table of the desk, made once per state of the data and viewer; never change it.

    Parameters
    ----------
    mark : of the data and the viewer
    what : names the table
    _make : makes it
    """
    return _make()


def show_closed(why: str, lang: str) -> None:
    """Why a part is not for this viewer."""
    st.info(t(f"why.{why}", lang), icon=":material/lock:")


def show_fault(problem: Exception, lang: str, heading: str = "desk.problem") -> None:
    """A fault of data in the words of the one who found it.

    Parameters
    ----------
    problem : the refusal
    lang : of the words, "id" or "en"
    heading : key of the sentence over it
    """
    st.error(f"{t(heading, lang)}\n\n{plain_text(tell_problem(problem, lang))}")


def plain_text(text: str) -> str:
    """Text of a file inside Markdown: no link, picture, colour or heading comes of it."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+!|$:~" else sign for sign in text)


def say_later(key: str, *args: Any) -> None:
    """Keep something to tell at the next run, once."""
    st.session_state[f"said_{key}"] = args


def said(key: str) -> tuple[Any, ...]:
    """What was kept to be told, and forget it."""
    words: tuple[Any, ...] = st.session_state.pop(f"said_{key}", ())
    return words


def slot() -> DeltaGenerator:
    """A place for what is told once: it is there at each run, told or not.

    The browser knows what is open by its place on the page; what follows must keep its place.
    """
    return st.container()


def value_text(
    column: str, value: Any, lang: str, agency: Named = str, event_type: Named = str,
    place: Named = str,
) -> str:  # fmt: skip
    """One value of a record as a person reads it.

    Parameters
    ----------
    column : of the record
    value : in that column
    lang : of the words, "id" or "en"
    agency, event_type, place : say what a code is called
    """
    if value is None or value is pd.NaT or (not isinstance(value, str) and pd.isna(value)):
        return "–"
    if column in MOMENTS:
        here = clock.local(value)
        return date(value, lang) if here == here.floor("D") else moment(value, lang)
    if column == "week":
        return date(pd.Timestamp(value), lang)
    if column == "source_agency":
        return agency(value)
    if column == "event_type":
        return event_type(value)
    if column == "admin_code":
        return place(value) if value else "–"
    if column in CODES:
        return code_word(value, lang) if value else "–"
    if column == "quality_flags":
        return "; ".join(t(f"flag.{flag}", lang) for flag in value.split("|") if flag) or "–"
    if column == "count_unit":
        return t(f"unit.{value}", lang) if value else "–"
    if column in ("lat", "lon"):
        return number(value, lang, 4)
    if isinstance(value, float):
        return number(value, lang, 1)
    return str(value) or "–"
