"""What is known of an area that a person drew, and how it is said; no Streamlit."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ui.map import deck, telling
from ui.map.deck import Line
from ui.map.scene import Total
from ui.rows import each_row
from ui.sums import Sum
from ui.theme import Palette
from ui.words import expected, number, percent, t
from ui.words.names import fulls

#: of what was drawn so much less may lie in counted cells before it is said; cells are whole
TOLD_BELOW = 0.85


@dataclass(frozen=True)
class Numbers:
    """The sum of what the viewer may know of the cells whose middle lies in the area.

    total : expected events with their interval
    cells, km2 : how many cells, and how large; drawn_km2 : what was drawn
    records : events on record in 52 weeks, or in the calendar `year` where that is known; minutes :
        of patrol in 12 weeks
    unseen : share of the counted land without a patrol in 12 weeks
    posts : name, lat, lon, uncertainty_km of the border posts inside
    sectors : of those touched sector_code, nearest village and side of it, risk, lo, hi, cells,
        and inside (how many of its cells)
    table : the cells; rings : the outline (lon, lat)
    """

    total: Total
    cells: int
    km2: float
    drawn_km2: float
    records: Sum
    year: str
    minutes: Sum
    unseen: float
    posts: pd.DataFrame
    sectors: pd.DataFrame
    table: pd.DataFrame
    rings: list[Line]


def facts(known: Numbers, weeks: str, lang: str) -> list[tuple[str, str, str, str]]:
    """Label, figure, remark and explanation of each number.

    Parameters
    ----------
    known : of the area
    weeks : the weeks that are forecast, in words
    lang : "id" or "en"
    """
    records = "area.records_year" if known.year else "area.records"
    return [
        (
            t("fact.expected", lang, weeks=weeks),
            f"{expected(known.total.risk, lang)} {t('unit.risk', lang)}",
            ", ".join(telling.total(known.total, lang)),
            t("area.expected_help", lang),
        ),
        (
            t(records, lang, year=known.year),
            _with(known.records.say(lang), known.records, t("unit.risk", lang)),
            t("area.records_hidden", lang) if not known.records.open else "",
            t("area.records_help", lang),
        ),
        (
            t("area.hours", lang),
            _with(known.minutes.say(lang, scale=1 / 60), known.minutes, t("area.hours_unit", lang)),
            t("area.unseen", lang, share=percent(known.unseen, lang)),
            t("area.hours_help", lang),
        ),
        (
            t("area.size", lang),
            t("area.size_value", lang, km2=number(known.km2, lang),
              cells=number(known.cells, lang)),
            t("area.drawn", lang, km2=number(known.drawn_km2, lang)),
            t("area.size_help", lang),
        ),
    ]  # fmt: skip


def partly(known: Numbers) -> bool:
    """Whether much of what was drawn lies where the viewer sees no cell."""
    return known.km2 < TOLD_BELOW * known.drawn_km2


def sector_lines(known: Numbers, lang: str) -> list[str]:
    """The sectors that the area touches, one sentence each."""
    return [
        t("area.sector", lang, name=name, inside=number(row.inside, lang),
          cells=number(row.cells, lang), risk=expected(row.risk, lang))
        for name, row in zip(fulls(known.sectors, lang), each_row(known.sectors), strict=True)
    ]  # fmt: skip


def post_lines(known: Numbers, lang: str) -> list[str]:
    """The border posts inside, with how exactly their place is known."""
    return [
        t("area.post", lang, name=row.name, km=number(row.uncertainty_km, lang, 1))
        for row in each_row(known.posts)
    ]


def properties(known: Numbers) -> dict[str, Any]:
    """The numbers as attributes of a file. A sum with a hidden part is left out: `_at_least`
    holds its open part then, and `_hidden_cells` in how many cells it is hidden."""
    out: dict[str, Any] = {
        "risk": known.total.risk, "lo": known.total.lo, "hi": known.total.hi,
        "previous": known.total.previous, "cells": known.cells, "area_km2": known.km2,
        "drawn_km2": known.drawn_km2, "unobserved_share": known.unseen,
        "posts": "; ".join(known.posts["name"]), "events_year": known.year,
        "sectors": "; ".join(known.sectors["sector_code"]),
    }  # fmt: skip
    for name, value in (("events_52w", known.records), ("effort_minutes_12w", known.minutes)):
        out[name] = value.value if value.open else None
        out[f"{name}_suppressed"] = not value.open
        out[f"{name}_at_least"] = None if value.unknown else value.value
        out[f"{name}_hidden_cells"] = value.hidden
    return out


def layers(rings: list[Line], look: Palette) -> list[dict[str, Any]]:
    """The outline of an area on the map."""
    if not rings:
        return []
    return [
        deck.line_layer("area-casing", deck.line(rings), look.halo, 6),
        deck.line_layer("area", deck.line(rings), look.patrol, 3),
    ]


def _with(known: str, value: Sum, unit: str) -> str:
    return known if value.unknown else f"{known} {unit}"
