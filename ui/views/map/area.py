"""Draw an area, or click its cells, or paste it; and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from ui import html, state, theme
from ui.drawn import numbers
from ui.drawn.numbers import Numbers
from ui.map.scene import Scene
from ui.selection import MOST_AREA_SIGNS
from ui.views.desk import plain_text, show_fault
from ui.views.handed import Drawing
from ui.words import number, t, weeks

WAYS = ("cells", "paste")
#: the way that an area is given, and the cell that was clicked last, in the session
_WAY, _LAST = "area_way", "area_last"
#: name of the file's suffix -> its kind
FILES = {".geojson": "application/geo+json", ".csv": "text/csv"}


@dataclass(frozen=True)
class Looked:
    """What came of the area that was chosen: its numbers, or why there are none."""

    known: Numbers | None = None
    fault: Exception | None = None

    def layers(self, look: theme.Palette) -> list[dict[str, Any]]:
        """Its outline on the map."""
        return numbers.layers(self.known.rings if self.known else [], look)


def look_up(desk: Drawing, selection: state.Selection) -> Looked:
    """The area of the session or the address, if there is one."""
    if not selection.area:
        return Looked()
    try:
        return Looked(known=desk.numbers(selection.area, selection))
    except desk.refusal as fault:
        return Looked(fault=fault)


def take_click(desk: Drawing, drawn: Scene) -> None:
    """A click on the map: a cell more or less while cells are being chosen, else its details."""
    if st.session_state.get(_WAY) != "cells":
        state.pick_from_map(drawn.top_cell)
        return
    # a second click on a cell tells no cell: the browser lets it go
    cell = state.clicked_cell() or st.session_state.get(_LAST, "")
    st.session_state[_LAST] = cell
    if not cell:
        return
    try:
        _keep(desk.toggle(state.kept().area, cell))
    except desk.refusal as fault:
        st.session_state["area_fault"] = fault


def show(
    desk: Drawing,
    looked: Looked,
    meta: Mapping[str, Any],
    selection: state.Selection,
    look: theme.Palette,
) -> None:
    """How an area is given, and its numbers and files.

    Parameters
    ----------
    desk : what the viewer may know of areas
    looked : from `look_up`
    meta : of the assessment
    selection : what was chosen
    look : colours of the page
    """
    lang = selection.lang
    door = st.expander(
        t("area.title", lang), icon=":material/draw:", key="area_door",
        expanded=bool(selection.area) or bool(st.session_state.get(_WAY)),
    )  # fmt: skip
    with door:
        if looked.known is None:
            st.caption(t("area.hint", lang))
        _show_ways(desk, lang)
        fault = st.session_state.pop("area_fault", None) or looked.fault
        if fault is not None:
            show_fault(fault, lang, "area.fault")
        if looked.known is not None:
            _show_numbers(looked.known, meta, selection, look)
            _show_files(desk, selection)
        if selection.area:
            st.button(t("area.clear", lang), icon=":material/delete:", key="area_clear",
                      on_click=_keep, args=("",))  # fmt: skip


def _show_ways(desk: Drawing, lang: str) -> None:
    way = st.segmented_control(
        t("area.way", lang), WAYS, format_func=lambda one: t(f"area.way_{one}", lang), key=_WAY,
        label_visibility="collapsed",
    )  # fmt: skip
    if way == "cells":
        st.caption(t("area.cells_on", lang))
    elif way == "paste":
        st.text_area(t("area.paste", lang), key="area_text", height=110,
                     placeholder=t("area.paste_example", lang))  # fmt: skip
        st.button(t("area.take_paste", lang), icon=":material/check:", key="area_take",
                  on_click=_take_text, args=(desk,))  # fmt: skip


def _take_text(desk: Drawing) -> None:
    try:
        _keep(desk.read(st.session_state.get("area_text") or ""))
    except desk.refusal as fault:
        st.session_state["area_fault"] = fault


def _keep(area: str) -> None:
    """Take an area, or none; the camera stays where it is."""
    if not area:
        st.session_state.pop(_LAST, None)
    state.keep(area=area)


def _show_numbers(
    known: Numbers, meta: Mapping[str, Any], selection: state.Selection, look: theme.Palette
) -> None:
    lang = selection.lang
    st.markdown(f"**{t('area.result', lang)}**")
    words = weeks(meta, selection.horizon, lang)
    st.html(html.facts(numbers.facts(known, words, lang), look))
    if numbers.partly(known):
        st.caption(f":material/info: {t('area.partly', lang)}")
    for what, lines in (
        ("sectors", numbers.sector_lines(known, lang)), ("posts", numbers.post_lines(known, lang)),
    ):  # fmt: skip
        if not lines:
            st.caption(t(f"area.no_{what}", lang))
            continue
        title = t(f"area.{what}", lang, n=number(len(lines), lang))
        st.markdown(f"**{plain_text(title)}**")
        st.html(html.bullet_list(lines))


def _show_files(desk: Drawing, selection: state.Selection) -> None:
    lang, area = selection.lang, selection.area
    with st.container(horizontal=True, gap="small"):
        for suffix, mime in FILES.items():
            st.download_button(
                t(f"area.{suffix[1:]}", lang), mime=mime, on_click="ignore",
                data=state.file(partial(desk.file, suffix, area, selection)),
                file_name=desk.name(suffix, selection), icon=":material/download:",
                key=f"take_area_{suffix[1:]}",
            )  # fmt: skip
    fits = len(area) <= MOST_AREA_SIGNS
    st.caption(t("area.link" if fits else "area.no_link", lang))
