"""Change one order, with a reason: a new version of the plan."""

import pandas as pd
import streamlit as st

from ui import plan_scene
from ui.views.data_desk import plain_text
from ui.views.plan_desk import change
from ui.words import t


def show(desk, told, part: pd.DataFrame, lang: str) -> None:
    """The form of one order; what is left as it is does not change."""
    meta, first = told.meta, part.iloc[0]
    order = str(first["order_id"])
    key = f"plan_edit_{order}_{meta['version']}"
    with (
        st.expander(t("plan.edit", lang), icon=":material/edit:"),
        st.form(key, border=False),
    ):
        whole = _whole(meta, first, key, lang)
        rows = [_stop(row, desk.actions, key, lang) for _, row in part.iterrows()]
        reason = st.text_input(
            t("plan.reason", lang), max_chars=200, key=f"{key}_reason",
            help=t("plan.reason_help", lang),
        )  # fmt: skip
        go = st.form_submit_button(t("plan.save", lang), icon=":material/save:", type="primary")
        if not go:
            return
        changes = _changes(order, part, whole, rows)
        if changes.empty:
            st.info(t("plan.no_change", lang))
        elif not reason.strip():
            st.error(t("plan.need_reason", lang))
        else:
            given = (meta["plan"], meta["version"], changes, reason.strip())
            change(desk.edit, given, "plan.did_edit", lang)


def _whole(meta, first: pd.Series, key: str, lang: str) -> dict:
    """Team, day and start of the whole shift."""
    same = [
        str(team["team_id"])
        for team in meta["posts"]
        if team["post_id"] == first["post_id"] and team["mode"] == first["mode"]
    ]
    own = str(first["team_id"])
    teams = sorted({*same, own})
    left, middle, right = st.columns(3, gap="small")
    with left:
        team = st.selectbox(
            t("plan.team", lang), teams, index=teams.index(own), key=f"{key}_team",
            help=t("plan.teams_note", lang),
        )  # fmt: skip
    week = pd.Timestamp(meta["first_day"])
    days = [week + pd.Timedelta(days=k) for k in range(7)]
    start = pd.Timestamp(first["start"])
    with middle:
        day = st.selectbox(
            t("plan.edit_day", lang), days, index=days.index(start.normalize()),
            format_func=lambda one: plan_scene.day_date(one, lang), key=f"{key}_day",
        )  # fmt: skip
    with right:
        clock = st.time_input(
            t("plan.edit_start", lang), start.time(), step=900, key=f"{key}_clock"
        )
    moved = day + pd.Timedelta(hours=clock.hour, minutes=clock.minute)
    return {"team_id": team, "start": moved}


def _stop(row: pd.Series, actions, key: str, lang: str) -> dict:
    """Minutes, action, note of one stop; or that it is dropped."""
    name, place = f"{key}_{row['seq']}", plain_text(plan_scene.place(row, lang))
    left, right = st.columns(2, gap="small")
    with left:
        minutes = st.number_input(
            t("plan.edit_minutes", lang, place=place), 15, 960, int(row["stay_minutes"]), 15,
            key=f"{name}_minutes",
        )  # fmt: skip
    with right:
        action = st.selectbox(
            t("plan.edit_action", lang, place=place), list(actions),
            index=list(actions).index(row["action"]),
            format_func=lambda code: plan_scene.action(code, lang), key=f"{name}_action",
        )  # fmt: skip
    before = row.get("note")
    note = st.text_input(
        t("plan.edit_note", lang, place=place), before if isinstance(before, str) else "",
        max_chars=200, key=f"{name}_note",
    )  # fmt: skip
    drop = st.checkbox(t("plan.edit_drop", lang, place=place), key=f"{name}_drop")
    return {"stay_minutes": float(minutes), "action": action, "note": note, "drop": drop}


def _changes(order: str, part: pd.DataFrame, whole: dict, rows: list[dict]) -> pd.DataFrame:
    """What was changed, one row per stop; empty if nothing was."""
    first = part.iloc[0]
    moved = {
        name: value
        for name, value in whole.items()
        if value != (pd.Timestamp(first[name]) if name == "start" else str(first[name]))
    }
    found = []
    for (_, stop), told in zip(part.iterrows(), rows, strict=True):
        now = {**stop.to_dict(), "note": stop["note"] if isinstance(stop.get("note"), str) else ""}
        fresh = {
            name: told[name]
            for name in ("stay_minutes", "action", "note")
            if told[name] != now[name]
        }
        if told["drop"]:
            fresh = {"drop": True}
        fresh |= moved if stop["seq"] == first["seq"] and not told["drop"] else {}
        if fresh:
            found.append({"order_id": order, "seq": int(stop["seq"]), **fresh})
    return pd.DataFrame(found)
