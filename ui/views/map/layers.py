"""The bulky layers of the map, built once per choice and handed to the browser as addresses."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ui import theme
from ui.map import deck, marks, scene, telling
from ui.map.history import chosen_weeks, fine_cells, last_week, placed_effort, placed_records
from ui.map.scene import Scene
from ui.map.transport import SHELF
from ui.selection import Selection
from ui.views.handed import Seen
from ui.words import signed, t


def cells(
    seen: Seen, selection: Selection, drawn: Scene, numbers: Mapping[str, int], look: theme.Palette
) -> list[dict[str, Any]]:
    """The hexagons and the strip beside the border, coloured by one column of their pack.

    Parameters
    ----------
    seen : what the viewer may see
    selection : what was chosen
    drawn : what the selection shows
    numbers : of each kecamatan, for the browser's filter
    look : colours of the page
    """
    views = deck_views(seen.options.horizons)
    lang = selection.lang
    url, beside = pack_url(seen, selection.group, lang, numbers)
    quantity = theme.QUANTITIES[selection.quantity]
    wanted = (quantity.key, selection.horizon if quantity.key in HORIZON_WISE else 0)
    at = views.index(wanted)
    only = scene.filter_range(numbers, selection.kabupaten, selection.kecamatan, deck.EVERYWHERE)
    ramp = theme.shown_ramp(quantity, look)
    hexagons = deck.cell_layer(url, ramp, look, only, at)
    return [hexagons, *([deck.strip_layer(beside, ramp, look, only, at)] if beside else [])]


#: from this zoom on sectors bear their codes
CODE_ZOOM = marks.DISC_ZOOMS[-1] + 1
#: quantities that differ by horizon; the others are the same for all
HORIZON_WISE = ("risk", "change")


def deck_views(horizons: Sequence[int]) -> list[tuple[str, int]]:
    """What one pack of cells holds, in order: (quantity, horizon or 0)."""
    views = [(name, int(weeks)) for weeks in horizons for name in HORIZON_WISE]
    return views + [(name, 0) for name in theme.QUANTITIES if name not in HORIZON_WISE]


def pack_url(seen: Seen, group: str, lang: str, numbers: Mapping[str, int]) -> tuple[str, str]:
    """Addresses of the pack of cells, all quantities and horizons of a group in one language, and
    of the pack of the strip beside the border ("" where there is none).

    Parameters
    ----------
    seen : what the viewer may see
    group : "all", a direction or an event type
    lang : of the words, "id" or "en"
    numbers : of each kecamatan, for the browser's filter
    """
    return _pack_url(f"{seen.mark}|{group}|{lang}", seen, group, lang, numbers)


@st.cache_resource(max_entries=24, show_spinner=False)
def _pack_url(
    choice: str, _seen: Seen, group: str, lang: str, _numbers: Mapping[str, int]
) -> tuple[str, str]:
    views = deck_views(_seen.options.horizons)
    first = _seen.options.horizons[0]
    classes, texts = [], []
    for key, horizon in views:
        quantity = theme.QUANTITIES[key]
        table = _seen.cells(horizon or first, group)
        whole = _seen.cells(horizon or first, "all")
        values = table[quantity.column]
        breaks = theme.find_breaks(quantity, whole[quantity.column])
        classes.append(theme.classify_shown(values, breaks))
        texts.append(_texts(table, quantity, lang))
    unseen = t("map.tooltip_unobserved", lang)
    note = ["" if seen else unseen for seen in table["observed"]]
    url = SHELF.put(deck.cell_rows(table, classes, texts, note, _numbers), _seen.mark)
    at = np.flatnonzero(table["cell"].isin(_seen.strip["cell"]))
    if not len(at):
        return url, ""
    beside = deck.cell_rows(
        table.iloc[at], [one[at] for one in classes], [[one[i] for i in at] for one in texts],
        [note[i] for i in at], _numbers,
    )  # fmt: skip
    return url, SHELF.put(deck.strip_rows(beside, _seen.strip), _seen.mark)


def _texts(table: pd.DataFrame, quantity: theme.Quantity, lang: str) -> list[str]:
    column = table[quantity.column]
    if quantity.levels:
        trend = table["trend"] if "trend" in table else [""] * len(table)
        texts = [telling.quantity_text(quantity, {quantity.column: 0, "trend": one}, lang)
                for one in trend]  # fmt: skip
    elif quantity.two_sided:
        texts = _each(column, lambda value: signed(value, lang))
    else:
        texts = _each(
            column, lambda value: telling.quantity_text(quantity, {quantity.column: value}, lang)
        )
    gone, word = scene.is_hidden(table, quantity.column), t("map.suppressed", lang)
    return [word if away else one for one, away in zip(texts, gone, strict=True)]


def _each(values: pd.Series, say: Callable[[float], str]) -> list[str]:
    """Each value in words; values that read the same are put into words once."""
    numbers = values.to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        step = 10.0 ** np.minimum(np.floor(np.log10(np.abs(numbers))) - 2, 0)
        near = np.where(numbers == 0, 0.0, np.round(numbers / step) * step)
    unique, back = np.unique(near, return_inverse=True)
    words = [say(value) for value in unique]
    return [words[place] for place in back]


def outlines(
    seen: Seen, selection: Selection, drawn: Scene, numbers: Mapping[str, int], look: theme.Palette
) -> list[dict[str, Any]]:
    """Sectors as numbered discs; from a zoom on the hotspots' outlines and the sectors' codes.

    Parameters
    ----------
    seen : what the viewer may see
    selection : what was chosen
    drawn : what the selection shows
    numbers : of each kecamatan, for the browser's filter
    look : colours of the page
    """
    if drawn.sectors.empty:
        return []
    s = selection
    choice = f"{seen.mark}|{s.horizon}|{s.group}|{s.kabupaten}|{s.kecamatan}|{s.coverage}"
    url, codes, small = _outlines_url(choice, seen.mark, drawn.sector_of, drawn.sectors, numbers)
    return [
        *deck.hotspot_layers(url, look),
        deck.code_layer(codes, CODE_ZOOM, look),
        deck.disc_layer(small, marks.DISC_ZOOMS[-1], look),
    ]


@st.cache_resource(max_entries=256, show_spinner=False)
def _outlines_url(
    choice: str,
    mark: str,
    _sector_of: pd.Series,
    _sectors: pd.DataFrame,
    _numbers: Mapping[str, int],
) -> tuple[str, str, str]:
    home = _sectors.set_index("sector")["kecamatan_code"]
    names = _sectors[["lat", "lon"]].assign(n=_sectors["sector_code"])
    return (
        SHELF.put(deck.outline_rows(_sector_of, home, _numbers), mark),
        SHELF.put_tiles(names, CODE_ZOOM, mark),
        SHELF.put_zooms(marks.disc_tiles(marks.place_discs(_sectors)), mark),
    )


def fine(
    seen: Seen, selection: Selection, drawn: Scene, look: theme.Palette
) -> list[dict[str, Any]]:
    """Inside a chosen district: recorded events on finer cells, where records are exact.

    Parameters
    ----------
    seen : what the viewer may see
    selection : what was chosen
    drawn : what the selection shows
    look : colours of the page
    """
    url = _fine_url(f"{seen.mark}|{selection.figures}", seen, selection, drawn)
    if not url:
        return []
    return [marks.fine_layer(url, theme.ramp(theme.QUANTITIES["events"], look.dark), look)]


def is_fine(selection: Selection) -> bool:
    """Whether what is shown may be drawn finer than the model's cells."""
    return selection.quantity == "events" and bool(selection.kabupaten or selection.kecamatan)


@st.cache_resource(max_entries=64, show_spinner=False)
def _fine_url(choice: str, _seen: Seen, _selection: Selection, _told: Scene) -> str:
    last = last_week(_seen.meta)
    table = fine_cells(_told.events, _told.table, _selection.group, last)
    return SHELF.put(deck.compact(table.to_dict("records")), _seen.mark) if len(table) else ""


def records(
    seen: Seen, selection: Selection, drawn: Scene, numbers: Mapping[str, int], look: theme.Palette
) -> list[dict[str, Any]]:
    """Records of the chosen weeks, each drawn as precisely as its place is known.

    Parameters
    ----------
    seen : what the viewer may see
    selection : what was chosen
    drawn : what the selection shows
    numbers : of each kecamatan, for the browser's filter
    look : colours of the page
    """
    if drawn.events.empty or "lat" not in drawn.events:
        return []
    url = _records_url(f"{seen.mark}|{selection.group}", seen, selection.group, numbers)
    return marks.week_records(url, look, _weeks(seen, selection), _only(selection, numbers))


@st.cache_resource(max_entries=24, show_spinner=False)
def _records_url(choice: str, _seen: Seen, group: str, _numbers: Mapping[str, int]) -> str:
    table = placed_records(_seen.frames["events"], _seen.cells(_seen.options.horizons[0],
                                 "all"), group, _seen.options.weeks)  # fmt: skip
    k = table["kecamatan_code"].map(_numbers).fillna(-1).astype(int)
    rows = table.assign(k=k)[["lon", "lat", "week", "k", "p", "u"]]
    return SHELF.put(deck.rows_json(rows), _seen.mark)


def patrols(
    seen: Seen, selection: Selection, drawn: Scene, numbers: Mapping[str, int], look: theme.Palette
) -> list[dict[str, Any]]:
    """Hours of patrol in the chosen weeks: a ring per cell and week, so that rings add up.

    Parameters
    ----------
    seen : what the viewer may see
    selection : what was chosen
    drawn : what the selection shows
    numbers : of each kecamatan, for the browser's filter
    look : colours of the page
    """
    if drawn.effort.empty:
        return []
    url = _patrols_url(seen.mark, seen, numbers)
    return marks.week_patrols(url, look, _weeks(seen, selection), _only(selection, numbers))


@st.cache_resource(max_entries=4, show_spinner=False)
def _patrols_url(mark: str, _seen: Seen, _numbers: Mapping[str, int]) -> str:
    cells = _seen.cells(_seen.options.horizons[0], "all")
    table = placed_effort(_seen.frames["effort"], cells, _seen.options.weeks)
    k = table["kecamatan_code"].map(_numbers).fillna(-1).astype(int)
    return SHELF.put(deck.rows_json(table.assign(k=k)[["lon", "lat", "week", "k", "m"]]), mark)


def _weeks(seen: Seen, selection: Selection) -> tuple[int, int]:
    """Places of the chosen weeks on the timeline."""
    weeks = list(seen.options.weeks)
    first, last = chosen_weeks(seen.meta, selection.since, selection.until)
    begin, end = (f"{week:%Y-%m-%d}" for week in (first, last))
    return (
        weeks.index(begin) if begin in weeks else 0,
        weeks.index(end) if end in weeks else 0,
    )


def _only(selection: Selection, numbers: Mapping[str, int]) -> tuple[int, int]:
    return scene.filter_range(numbers, selection.kabupaten, selection.kecamatan, deck.EVERYWHERE)
