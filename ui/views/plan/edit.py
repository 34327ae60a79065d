"""Change one order: see what it would do, then keep it with a reason as a new version."""

from collections.abc import Collection, Mapping
from typing import Any

import h3
import pandas as pd
import streamlit as st

from ui.map import plan_scene
from ui.rows import each_row
from ui.views.desk import plain_text
from ui.views.handed import OpenedPlan, Planner
from ui.views.plan.step import change, show_fault
from ui.words import expected, number, t


def show(desk: Planner, opened: OpenedPlan, part: pd.DataFrame, lang: str) -> None:
    """The form of one order; what is left as it is does not change.

    Parameters
    ----------
    desk : what the viewer may do with plans
    opened : the plan as he may see it
    part : the stops of the order
    lang : of the words, "id" or "en"
    """
    meta, first = opened.meta, part.iloc[0]
    order = str(first["order_id"])
    key = f"plan_edit_{order}_{meta['version']}"
    with (
        st.expander(t("plan.edit", lang), icon=":material/edit:"),
        st.form(key, border=False),
    ):
        whole = _whole(meta, first, key, lang)
        rows = [_stop(row, len(part), desk.actions, key, lang) for _, row in part.iterrows()]
        added = _added(opened, part, key, lang)
        reason = st.text_input(
            t("plan.reason", lang), max_chars=200, key=f"{key}_reason",
            help=t("plan.reason_help", lang),
        )  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            go = st.form_submit_button(t("plan.save", lang), icon=":material/save:", type="primary")
            look = st.form_submit_button(t("plan.try", lang), icon=":material/visibility:")
        if not (go or look):
            return
        changes = _changes(order, part, whole, rows, added)
        if changes.empty:
            st.info(t("plan.no_change", lang))
        elif look:
            show_effect(desk, meta, order, changes, lang)
        elif not reason.strip():
            st.error(t("plan.need_reason", lang))
        else:
            given = (meta["plan"], meta["version"], changes, reason.strip())
            change(desk, desk.edit, given, "plan.did_edit", lang)


def show_effect(
    desk: Planner, meta: Mapping[str, Any], order: str, changes: pd.DataFrame, lang: str
) -> bool:
    """What a change would do to the plan and to the order, before it is kept; False if refused.

    Parameters
    ----------
    desk : what the viewer may do with plans
    meta : of the plan's version
    order : that is changed
    changes : one row per stop that changes
    lang : of the words, "id" or "en"
    """
    try:
        before, after = desk.try_edit(meta["plan"], meta["version"], changes)
    except desk.refusal as problem:
        show_fault(problem, lang)
        return False
    st.markdown(f"**{t('plan.effect', lang)}**")
    st.table(_effect(before, after, order, lang), hide_index=True)
    _show_new_wrong(before, after, lang)
    if fresh := [team for team in after.tired if team not in before.tired]:
        sentence = t("plan.odd_nights", lang, n=len(fresh), teams=plain_text(", ".join(fresh)))
        st.warning(sentence, icon=":material/bedtime:")
    return True


def _effect(before: OpenedPlan, after: OpenedPlan, order: str, lang: str) -> pd.DataFrame:
    rows = {t("plan.effect_order", lang): [_in_short(one, order, lang) for one in (before, after)]}
    for key, name in (("value", "value"), ("met", "met")):
        rows[t(f"plan.effect_{key}", lang)] = [
            number(one.meta.get(name), lang, 3) for one in (before, after)
        ]
    if before.meta.get("budget"):
        rows[t("plan.effect_share", lang)] = [
            plan_scene.share_words(one.meta["budget"][-1]["value"], one.meta["budget"], lang)
            for one in (before, after)
        ]
    for key in ("ground", "travel"):
        rows[t(f"plan.effect_{key}", lang)] = [
            number(one.meta[f"{key}_hours"], lang, 2) for one in (before, after)
        ]
    effects = [(name, *pair) for name, pair in rows.items()]
    heads = [t(f"plan.effect_{name}", lang) for name in ("what", "now", "then")]
    return pd.DataFrame(effects, columns=heads)


def _in_short(opened: OpenedPlan, order: str, lang: str) -> str:
    """When an order leaves and is back, and where it goes."""
    part = opened.orders[opened.orders["order_id"] == order].sort_values("seq")
    if part.empty:
        return t("plan.effect_gone", lang)
    clock = plan_scene.clock
    when = f"{clock(part['start'].iloc[0], lang)}–{clock(part['back'].iloc[-1], lang)}"
    places = [
        f"{plan_scene.place(row, lang)} {plan_scene.hours(row['stay_minutes'], lang)}"
        for _, row in part.iterrows()
    ]
    day = plan_scene.day_date(part["start"].iloc[0], lang)
    return plain_text(f"{part['team_id'].iloc[0]}, {day} {when}: {' › '.join(places)}")


def _show_new_wrong(before: OpenedPlan, after: OpenedPlan, lang: str) -> None:
    """What runs against closed days, guards or turns only since the change."""
    known = set(map(tuple, before.wrong[["kind", "order_id", "sector"]].to_numpy()))
    fresh = [row for row in each_row(after.wrong)
             if (row.kind, row.order_id, row.sector) not in known]  # fmt: skip
    places = after.sectors.set_index("sector")
    for kind in dict.fromkeys(row.kind for row in fresh):
        named = [row.sector for row in fresh if row.kind == kind]
        names = ", ".join(plan_scene.place(places.loc[one], lang) for one in named[:5])
        values = {"n": number(len(named), lang), "orders": plain_text(names)}
        st.warning(t(f"plan.wrong_{kind}", lang, **values), icon=":material/warning:")


def _added(opened: OpenedPlan, part: pd.DataFrame, key: str, lang: str) -> dict[str, Any] | None:
    """A sector to visit as well, of the plan's candidates, nearest to the last stop first."""
    known = opened.sectors[~opened.sectors["sector"].isin(part["sector"])].set_index("sector")
    last = h3.cell_to_latlng(part.sort_values("seq")["sector"].iloc[-1])
    known["km"] = [
        h3.great_circle_distance(last, h3.cell_to_latlng(sector), "km") for sector in known.index
    ]
    known = known.sort_values(["km", "next_hour"], ascending=[True, False])

    def words(sector: str) -> str:
        if not sector:
            return t("plan.edit_add_none", lang)
        row: Any = known.loc[sector]
        left = max(0.0, row["guard_minutes"] - row["planned_minutes"])
        return t(
            "plan.edit_add_option", lang, place=plan_scene.place(row, lang),
            km=number(row["km"], lang), value=expected(row["next_hour"], lang),
            left=plan_scene.hours(left, lang),
        )  # fmt: skip

    sector = st.selectbox(
        t("plan.edit_add", lang), ["", *known.index], format_func=words, key=f"{key}_add",
        help=t("plan.edit_add_help", lang),
    )  # fmt: skip
    left, right = st.columns(2, gap="small")
    with left:
        after = st.number_input(
            t("plan.edit_add_after", lang), 0, len(part), len(part), key=f"{key}_add_after"
        )
    with right:
        minutes = st.number_input(
            t("plan.edit_add_minutes", lang), 15, 960, 60, 15, key=f"{key}_add_minutes"
        )
    if not sector:
        return None
    return {"seq": int(after), "add": sector, "stay_minutes": float(minutes)}


def _whole(meta: Mapping[str, Any], first: pd.Series, key: str, lang: str) -> dict[str, Any]:
    """Team, day and start of the whole shift."""
    own = str(first["team_id"])
    teams = sorted({*(str(team["team_id"]) for team in meta["posts"]), own})
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


def _stop(
    row: pd.Series, stops: int, actions: Collection[str], key: str, lang: str
) -> dict[str, Any]:
    """Minutes, action, place in the shift and note of one stop; or that it is dropped."""
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
    seat = int(row["seq"])
    if stops > 1:
        seat = st.selectbox(
            t("plan.edit_place", lang, place=place), range(1, stops + 1), index=seat - 1,
            key=f"{name}_place",
        )  # fmt: skip
    drop = st.checkbox(t("plan.edit_drop", lang, place=place), key=f"{name}_drop")
    stop = {"stay_minutes": float(minutes), "action": action, "note": note}
    return {**stop, "place": int(seat), "drop": drop}


def _changes(
    order: str,
    part: pd.DataFrame,
    whole: dict[str, Any],
    rows: list[dict[str, Any]],
    added: dict[str, Any] | None,
) -> pd.DataFrame:
    """What was changed, one row per stop, and one of a stop added; empty if nothing was."""
    first = part.iloc[0]
    moved = {
        name: value
        for name, value in whole.items()
        if value != (pd.Timestamp(first[name]) if name == "start" else str(first[name]))
    }
    found = []
    for (_, stop), given in zip(part.iterrows(), rows, strict=True):
        now = {**stop.to_dict(), "note": stop["note"] if isinstance(stop.get("note"), str) else ""}
        fresh = {
            name: given[name]
            for name in ("stay_minutes", "action", "note")
            if given[name] != now[name]
        }
        if given["place"] != stop["seq"]:
            fresh["place"] = given["place"]
        if given["drop"]:
            fresh = {"drop": True}
        fresh |= moved if stop["seq"] == first["seq"] else {}
        if fresh:
            found.append({"order_id": order, "seq": int(stop["seq"]), **fresh})
    if added is not None:
        found.append({"order_id": order, **added})
    return pd.DataFrame(found)
