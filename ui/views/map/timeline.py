"""Weeks under the map: brush some, or let them run; their records show on the map."""

from typing import Any

import pandas as pd
import streamlit as st

from ui import charts, state, theme
from ui.map.history import RECENT_WEEKS, WEEKS_SHOWN, chosen_weeks, weekly
from ui.map.scene import Scene
from ui.views.handed import Seen
from ui.words import clock, short_date, t

#: weeks that show together while the weeks run, and seconds per step
RUN_WEEKS, RUN_SECONDS = 4, 1.2


def show(seen: Seen, drawn: Scene, selection: state.Selection, look: theme.Palette) -> None:
    """Records and hours per week with a brush, and the same by slider and buttons.

    Parameters
    ----------
    seen : what the viewer may see
    drawn : what the selection shows
    selection : what was chosen
    look : colours of the page
    """
    lang, weeks = selection.lang, list(seen.options.weeks)
    st.subheader(t("chart.title", lang), anchor="pekan")
    where = f"{selection.kabupaten}|{selection.kecamatan}|{selection.group}"
    events, hours = _weeks_specs(f"{seen.mark}|{where}", lang, look.dark, drawn, look)
    key = f"brush_{st.session_state.get('brush_epoch', 0)}"
    st.vega_lite_chart(
        events, key=key, on_select=lambda: _brushed(key, weeks), selection_mode="weeks"
    )
    st.vega_lite_chart(hours)
    first, last = chosen_weeks(seen.meta, selection.since, selection.until)
    chosen = f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"
    st.session_state["weeks_slider"] = chosen
    st.select_slider(
        t("time.weeks", lang),
        weeks,
        format_func=lambda week: short_date(week, lang),
        key="weeks_slider",
        on_change=_slid,
        help=t("time.weeks_help", lang),
    )
    running = st.session_state.get("running", False)
    with st.container(horizontal=True, gap="small"):
        st.button("◀", key="week_back", help=t("time.back", lang), on_click=_step, args=(weeks, -1))
        st.button(
            t("time.stop" if running else "time.play", lang),
            icon=":material/pause:" if running else ":material/play_arrow:",
            key="week_play",
            on_click=_toggle,
        )
        st.button("▶", key="week_next", help=t("time.next", lang), on_click=_step, args=(weeks, 1))
        if selection.since:
            st.button(
                t("time.reset", lang), icon=":material/close:", type="tertiary",
                key="week_reset", on_click=_reset,
            )  # fmt: skip
    if running:
        _tick(weeks)
    st.caption(t("chart.note", lang))


@st.fragment(run_every=RUN_SECONDS)
def _tick(weeks: list[str]) -> None:
    """While the weeks run: one step, then the page again; nothing happens at its first drawing."""
    if st.session_state.pop("ticked", True):
        st.session_state["ticked"] = False
        return
    st.session_state["ticked"] = True
    _step(weeks, 1, width=RUN_WEEKS)
    st.rerun(scope="app")


def _toggle() -> None:
    st.session_state["running"] = not st.session_state.get("running", False)
    st.session_state["ticked"] = True


def _step(weeks: list[str], by: int, width: int = 0) -> None:
    """Move the chosen weeks, round at the end; without a choice begin with a few."""
    kept = state.kept()
    if kept.since in weeks and kept.until in weeks:
        first, last = weeks.index(kept.since), weeks.index(kept.until)
        width = width or last - first + 1
    else:
        # a run begins with the oldest weeks, a step with those that show now
        first = -by if width else len(weeks) - RECENT_WEEKS
        width = width or RECENT_WEEKS
    most = len(weeks) - width
    first = (first + by) % (most + 1) if most > 0 else 0
    state.choose_weeks(weeks[first], weeks[min(first + width, len(weeks)) - 1])


def _slid() -> None:
    weeks = st.session_state["weeks_slider"]
    if isinstance(weeks, tuple | list) and len(weeks) == 2:
        state.choose_weeks(*weeks)


def _reset() -> None:
    state.choose_weeks("", "")
    st.session_state["running"] = False
    st.session_state["brush_epoch"] = st.session_state.get("brush_epoch", 0) + 1


def _brushed(key: str, weeks: list[str]) -> None:
    """Take a brush over the bars: the weeks it touches."""
    brushed = (st.session_state.get(key) or {}).get("selection", {}).get("weeks") or {}
    ends = next((span for span in brushed.values() if len(span) == 2), None)
    if not ends:
        state.choose_weeks("", "")
        return
    since, until = (
        pd.Timestamp(end, unit="ms", tz="UTC").tz_convert(None).normalize() for end in sorted(ends)
    )
    since = clock.monday(since)
    inside = [week for week in weeks if since <= pd.Timestamp(week) <= until]
    if inside:
        state.choose_weeks(inside[0], inside[-1])


@st.cache_resource(max_entries=64, show_spinner=False)
def _weeks_specs(
    choice: str, lang: str, dark: bool, _told: Scene, _look: theme.Palette
) -> list[dict[str, Any]]:
    cutoff = pd.Timestamp(_told.meta["cutoff"])
    table = weekly(_told.history, _told.effort, cutoff, WEEKS_SHOWN)
    return charts.weeks_specs(table, lang, _look)
