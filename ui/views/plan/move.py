"""A change asked with two clicks: what it would do is shown at once, kept with a reason, undone.

What was asked is held for one version of one plan; of another version it is forgotten.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ui.map import plan_scene
from ui.views.desk import plain_text
from ui.views.handed import OpenedPlan, Planner
from ui.views.plan import edit
from ui.views.plan.step import change
from ui.words import t

#: where what was asked is held, and whether a click in the timetable moves the chosen order
ASKED, MOVING = "plan_asked", "plan_moving"
#: minutes of a stop that is added from the map
ADDED_MINUTES = 60.0


def mark(meta: Mapping[str, Any]) -> str:
    """The version that a change was asked of."""
    return f"{meta['plan']}|{meta['version']}"


def ask_move(meta: Mapping[str, Any], part: pd.DataFrame, team: str, day: int) -> None:
    """Hold that an order goes to a team and a day of the week, at the hour it has now.

    Parameters
    ----------
    meta : of the plan
    part : the stops of the order
    team : its new team
    day : 0 is the first of the week
    """
    start = pd.Timestamp(part["start"].iloc[0])
    clock = start - start.normalize()
    moved = pd.Timestamp(meta["first_day"]) + pd.Timedelta(days=day) + clock
    row = {"order_id": str(part["order_id"].iloc[0]), "seq": int(part["seq"].iloc[0])}
    st.session_state[ASKED] = (mark(meta), {**row, "team_id": team, "start": moved})


def ask_stop(meta: Mapping[str, Any], part: pd.DataFrame, sector: str) -> None:
    """Hold that an order visits one more sector, after its last stop.

    Parameters
    ----------
    meta : of the plan
    part : the stops of the order
    sector : to be visited
    """
    row = {"order_id": str(part["order_id"].iloc[0]), "seq": int(part["seq"].max())}
    asked = {**row, "add": sector, "stay_minutes": ADDED_MINUTES}
    st.session_state[ASKED] = (mark(meta), asked)


def show(desk: Planner, opened: OpenedPlan, lang: str) -> None:
    """What was asked: its effect, and the choice to keep it or to let it be.

    Parameters
    ----------
    desk : what the viewer may do with plans
    opened : the plan as he may see it
    lang : of the words, "id" or "en"
    """
    held, asked = st.session_state.get(ASKED, ("", None))
    if asked is None or held != mark(opened.meta):
        return
    with st.container(border=True, key="plan_asked_box"):
        st.markdown(f"**{_title(asked, opened, lang)}**")
        changes = pd.DataFrame([asked])
        if not edit.show_effect(desk, opened.meta, asked["order_id"], changes, lang):
            _let_be(lang)
            return
        with st.form("plan_asked_form", border=False):
            reason = st.text_input(
                t("plan.reason", lang), max_chars=200, key="plan_asked_reason",
                help=t("plan.reason_help", lang),
            )  # fmt: skip
            keep = st.form_submit_button(
                t("plan.save", lang), icon=":material/save:", type="primary", key="plan_asked_keep"
            )
        _let_be(lang)
        if keep and not reason.strip():
            st.error(t("plan.need_reason", lang))
        elif keep:
            given = (opened.meta["plan"], opened.meta["version"], changes, reason.strip())
            change(desk, desk.edit, given, "plan.did_edit", lang)


def _let_be(lang: str) -> None:
    st.button(
        t("plan.let_be", lang), icon=":material/close:", key="plan_asked_drop",
        on_click=lambda: st.session_state.pop(ASKED, None),
    )  # fmt: skip


def _title(asked: Mapping[str, Any], opened: OpenedPlan, lang: str) -> str:
    """What was asked, in words."""
    part = opened.orders[opened.orders["order_id"] == asked["order_id"]]
    order = plain_text(plan_scene.shift_head(part, lang))
    if "add" in asked:
        row: Any = opened.sectors.set_index("sector").loc[asked["add"]]
        place = plain_text(plan_scene.place(row, lang))
        return t("plan.asked_stop", lang, order=order, place=place)
    return t(
        "plan.asked_move", lang, order=order, team=plain_text(asked["team_id"]),
        day=plan_scene.day_date(asked["start"], lang),
    )  # fmt: skip


def show_undo(desk: Planner, opened: OpenedPlan, lang: str) -> None:
    """Back to the orders before the last change by hand; that is a version of its own.

    Parameters
    ----------
    desk : what the viewer may do with plans
    opened : the plan as he may see it
    lang : of the words, "id" or "en"
    """
    meta = opened.meta
    if meta["status"] != "edited" or meta["version"] < 2:
        return
    if st.button(t("plan.undo", lang), icon=":material/undo:", key="plan_undo"):
        version = int(meta["version"])
        given = (meta["plan"], version, version - 1, t("plan.undo_reason", lang))
        change(desk, desk.restore, given, "plan.did_back", lang, earlier=version - 1)
