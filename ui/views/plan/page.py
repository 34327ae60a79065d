"""Patrol plans: choose or make one, see its figures, its orders, its history, what was done."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ui import html, state, theme
from ui.map import plan_scene
from ui.paper import plan_brief
from ui.rows import each_row
from ui.views.desk import plain_text, said, slot
from ui.views.handed import OpenedPlan, Planner, Seen
from ui.views.plan import done, figures, history, make, unusual, week
from ui.views.plan.step import change, show_fault
from ui.words import (
    clock,
    expected,
    forecast_days,
    moment,
    number,
    percent,
    short_date,
    span,
    t,
    with_sign,
)

PARTS = ("orders", "figures", "history", "done")
#: what is done next to a plan in each state; nothing to one that is closed
NEXT = {"draft": "approve_plan", "edited": "approve_plan", "approved": "sign_plan"}
FILES = {
    "pdf": "application/pdf", "csv": "text/csv", "ics": "text/calendar",
    "gpx": "application/gpx+xml", "kml": "application/vnd.google-earth.kml+xml",
}  # fmt: skip


def show(desk: Planner, seen: Seen, lang: str, look: theme.Palette) -> None:
    """The page of one viewer.

    Parameters
    ----------
    desk : what the viewer may do with plans
    seen : what the viewer may see of the newest assessment, for the ground
    lang : of the words, "id" or "en"
    look : colours of the page
    """
    if closed := desk.rights.closed("see_plan"):
        st.info(t(f"plan.closed_{closed}", lang), icon=":material/lock:")
        return
    with slot():
        for words in said("plan"):
            st.success(words, icon=":material/check_circle:")
    plans = desk.listing()
    if plans.empty:
        may_make = desk.rights.may("make_plan")
        st.info(t("plan.none" if may_make else "plan.none_yours", lang))
        if may_make:
            make.show(desk, seen.meta, lang)
        return
    name = _choose(desk, seen, plans, lang)
    try:
        opened = desk.view(name)
    except desk.refusal as problem:
        show_fault(problem, lang)
        return
    _show_state(desk, opened, plans, seen, lang, look)
    if opened.orders.empty:
        st.info(t("plan.no_orders", lang))
        return
    st.html(html.facts(facts(opened, lang), look))
    if opened.whole and opened.meta.get("budget"):
        _show_budget(opened.meta, lang)
    part = st.segmented_control(
        t("plan.part", lang), PARTS, default="orders", required=True,
        format_func=lambda one: t(f"plan.part_{one}", lang), label_visibility="collapsed",
        key="plan_part", persist_state="session", wrap=True,
    )  # fmt: skip
    if part == "orders":
        week.show(desk, opened, seen, lang, look)
    elif part == "figures":
        figures.show(opened, lang)
    elif part == "history":
        history.show(desk, opened, lang)
    else:
        done.show(desk, opened, lang, look)


def _choose(desk: Planner, seen: Seen, plans: pd.DataFrame, lang: str) -> str:
    """Which plan, the newest first; and making another one."""
    labels = _labels(plans, lang)
    chosen = st.session_state.get("plan_id", st.session_state.get("plan_chosen"))
    for made in said("plan_made"):
        chosen = made
    # seeded at each run: a label changes with the version, and the choice is to stay
    st.session_state["plan_id"] = chosen if chosen in labels else next(iter(labels))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        name = st.selectbox(
            t("plan.choose", lang), list(labels), format_func=lambda one: labels[one], key="plan_id"
        )
        st.session_state["plan_chosen"] = name
        if desk.rights.may("make_plan"):
            with st.popover(t("plan.make_title", lang), icon=":material/add:", width=230):
                make.show(desk, seen.meta, lang, narrow=True)
    return name


def _labels(plans: pd.DataFrame, lang: str) -> dict[str, str]:
    """What each plan is called; the browser tells them apart by it, so none comes twice."""
    labels: dict[str, str] = {}
    for row in each_row(plans):
        label = t(
            "plan.option", lang, week=short_date(row.first_day, lang),
            status=t(f"plan.status_{'in_force' if row.in_force else row.status}", lang),
            version=row.version,
            at=moment(row.at, lang),
        )  # fmt: skip
        twice = label in labels.values()
        labels[row.plan] = f"{label} ({row.plan[-6:]})" if twice else label
    return labels


def _show_state(
    desk: Planner,
    opened: OpenedPlan,
    plans: pd.DataFrame,
    seen: Seen,
    lang: str,
    look: theme.Palette,
) -> None:
    """State, warnings, approval and files."""
    meta = opened.meta
    parts = [html.plain(plan_brief.signed_line(meta, lang))]
    if meta.get("synthetic") and not seen.meta.get("synthetic"):  # else the header says so
        strong = theme.ramp(theme.QUANTITIES["events"], dark=False)[4]
        parts.insert(0, html.chip(t("app.synthetic", lang), strong, (255, 255, 255)))
    st.html(html.chips(parts, look))
    newest = desk.newest_assessment()
    last = pd.Timestamp(meta["first_day"]) + pd.Timedelta(days=6)
    today = clock.today()
    if today > last:
        st.info(t("plan.past", lang), icon=":material/history:")
    elif newest and newest != meta["assessment"]:
        st.warning(t("plan.stale", lang), icon=":material/schedule:")
    st.caption(_risk_used(meta, lang))
    if not opened.whole:
        st.caption(t("plan.partial", lang))
    force = _force(plans, meta["first_day"])
    _show_force(meta, force, lang)
    _show_wrong(opened, lang)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if (step := NEXT.get(meta["status"])) and desk.may(step, opened.whole):
            _show_approval(desk, opened, force, lang)
        if len(opened.orders) and desk.rights.may("take_orders"):
            _show_files(desk, meta, lang)


def _risk_used(meta: Mapping[str, Any], lang: str) -> str:
    """Of which days the risk is that a plan was made with, beside the days of the plan."""
    first = pd.Timestamp(meta["first_day"])
    days = span(first, first + pd.Timedelta(days=6), lang)
    given = span(*forecast_days(meta, 1), lang)
    return t("plan.risk_same" if days == given else "plan.risk_of", lang, days=days, given=given)


def _force(plans: pd.DataFrame, first_day: str) -> Mapping[str, Any] | None:
    """The plan in force in a week, as the listing tells of it; None if there is none."""
    found = plans[plans["in_force"] & (plans["first_day"] == first_day)]
    return None if found.empty else {str(key): one for key, one in found.iloc[0].items()}


def _show_force(meta: Mapping[str, Any], force: Mapping[str, Any] | None, lang: str) -> None:
    """Whether this plan counts in its week, or which one does."""
    if force is None:
        st.caption(t("plan.none_in_force", lang))
    elif force["plan"] == meta["plan"]:
        st.caption(f":material/verified: {t('plan.in_force', lang)}")
    else:
        values = {"by": plain_text(force["by"]), "when": moment(force["at"], lang)}
        st.warning(t("plan.other_in_force", lang, **values), icon=":material/event_busy:")


def _show_budget(meta: Mapping[str, Any], lang: str) -> None:
    """From the bound to this plan, for whoever signs."""
    with st.expander(t("plan.budget", lang), icon=":material/stairs:",
                     expanded=meta["status"] not in ("signed", "withdrawn")):  # fmt: skip
        st.table(plan_scene.budget_table(meta["budget"], lang), hide_index=True)
        st.caption(t("plan.budget_note", lang))


def _show_wrong(opened: OpenedPlan, lang: str) -> None:
    wrong = opened.wrong
    places = opened.sectors.set_index("sector")

    def named_place(sector: str) -> str:
        row: Any = places.loc[sector]
        return plan_scene.place(row, lang)

    for kind in ("closed", "dosage", "turn"):
        rows = wrong[wrong["kind"] == kind]
        if len(rows):
            named = rows["order_id"].drop_duplicates()
            if kind == "turn":
                named = rows["sector"].map(named_place)
            names = ", ".join(named.head(5))
            n = number(len(rows), lang)
            st.warning(
                t(f"plan.wrong_{kind}", lang, n=n, orders=plain_text(names)),
                icon=":material/warning:",
            )


def _show_approval(
    desk: Planner, opened: OpenedPlan, force: Mapping[str, Any] | None, lang: str
) -> None:
    """The next step of a plan, in the name of the viewer."""
    user, meta = plain_text(desk.user), opened.meta
    if meta["status"] in ("draft", "edited"):
        unusual.show_approve(desk, opened, lang)
    elif meta["status"] == "approved":
        with st.popover(t("plan.sign", lang), icon=":material/ink_pen:", type="primary",
                        key="plan_sign_open"):  # fmt: skip
            st.markdown(t("plan.sign_note", lang, user=user))
            if force is not None:
                by = {"by": plain_text(force["by"]), "when": moment(force["at"], lang)}
                st.warning(t("plan.sign_replaces", lang, **by), icon=":material/event_busy:")
            if meta.get("budget"):
                st.markdown(plan_scene.budget_line(meta["budget"], lang))
            with st.form("plan_sign_form", border=False):
                reason = st.text_input(
                    t("plan.sign_reason", lang), max_chars=200, key="plan_sign_reason",
                    help=t("plan.reason_help", lang),
                )  # fmt: skip
                go = st.form_submit_button(
                    t("plan.sign_now", lang, user=user), type="primary", key="plan_sign"
                )
            if go:
                given = meta["plan"], meta["version"], reason
                change(desk, desk.sign, given, "plan.did_sign", lang, user=user)


def _show_files(desk: Planner, meta: Mapping[str, Any], lang: str) -> None:
    """Files of what the viewer may see; of one team when one is chosen."""
    team = st.session_state.get("plan_team") or ""
    whose = f" · {plain_text(team)}" if team else ""
    for kind, mime in FILES.items():
        st.download_button(
            t(f"plan.file_{kind}", lang) + whose,
            data=state.file(_builder(desk, meta["plan"], kind, team, lang)),
            mime=mime,
            file_name=desk.file_name(meta, kind, team),
            on_click="ignore",
            icon=":material/download:",
            key=f"plan_take_{kind}",
        )


def _builder(desk: Planner, plan: str, kind: str, team: str, lang: str) -> Callable[[], bytes]:
    return lambda: desk.export(plan, kind, team, lang)[1]


def facts(opened: OpenedPlan, lang: str) -> list[tuple[str, str, str, str]]:
    """Figures of a plan as this viewer may see it."""
    meta, orders, sectors = opened.meta, opened.orders, opened.sectors
    cards = []
    worth = plan_scene.worth(meta, sectors, opened.whole)
    if worth is not None:
        lo, hi = (expected(worth[end], lang) for end in ("met_lo", "met_hi"))
        cards.append(
            (t("plan.fact_met", lang), f"{expected(worth['met'], lang)} {t('unit.risk', lang)}",
             t("plan.fact_met_rest", lang, lo=lo, hi=hi), t("plan.fact_met_help", lang))
        )  # fmt: skip
    visited = sectors[sectors["planned_minutes"] > 0]
    cards.append(
        (t("plan.fact_shifts", lang),
         t("plan.fact_shifts_value", lang, n=number(orders["order_id"].nunique(), lang),
           teams=number(orders["team_id"].nunique(), lang)),
         t("plan.fact_shifts_rest", lang, sectors=number(len(visited), lang),
           explore=number(visited["explore"].sum(), lang)), t("plan.fact_shifts_help", lang))
    )  # fmt: skip
    if not opened.whole or meta.get("hours") is None:
        return cards
    used = meta["ground_hours"] + meta["travel_hours"]
    cards.append(
        (t("plan.fact_hours", lang),
         with_sign(percent(used / max(meta["hours"], 1e-9), lang), lang),
         t("plan.fact_hours_rest", lang, ground=number(meta["ground_hours"], lang),
           way=number(meta["travel_hours"], lang)), t("plan.fact_hours_help", lang))
    )  # fmt: skip
    if budget := meta.get("budget"):
        share = plan_scene.share_words(budget[-1]["value"], budget, lang)
        cards.append(
            (t("plan.fact_worth", lang), t("plan.fact_worth_value", lang, share=share),
             t("plan.fact_worth_rest", lang, bound=number(budget[0]["value"], lang, 2),
               floor=percent(meta["floor_kept"], lang)), t("plan.fact_worth_help", lang))
        )  # fmt: skip
    teams = opened.frames["teams"]
    if len(teams):
        best = teams.sort_values("one_more_team", ascending=False, kind="stable").iloc[0]
        post = _post_name(meta, str(best["group"]))
        cards.append(
            (t("plan.fact_team", lang),
             t("plan.fact_team_value", lang, value=expected(best["one_more_team"], lang)),
             t("plan.fact_team_rest", lang, post=post), t("plan.fact_team_help", lang))
        )  # fmt: skip
    return cards


def _post_name(meta: Mapping[str, Any], group: str) -> str:
    """The name of the post of a group "post/mode"."""
    code = group.rsplit("/", 1)[0]
    names = {str(team["post_id"]): str(team["post"]) for team in meta.get("posts", [])}
    return names.get(code, code)
