"""Plan against done: tracks, a form, or what is on record; and what one week can tell."""

import pandas as pd
import streamlit as st

from ui import html, theme
from ui.map import plan_scene
from ui.rows import each_row
from ui.views.data.bring import choose_file
from ui.views.handed import Compared, OpenedPlan, Planner
from ui.views.plan.step import show_fault
from ui.words import expected, number, percent, span, t, with_sign


def show(desk: Planner, opened: OpenedPlan, lang: str, look: theme.Palette) -> None:
    """Choose where it is told what was done; compare.

    Parameters
    ----------
    desk : what the viewer may do with plans
    opened : the plan as he may see it
    lang : of the words, "id" or "en"
    look : colours of the page
    """
    if not desk.may("compare_plan", opened.whole):
        st.info(t("plan.done_whole", lang))
        return
    st.markdown(t("plan.done_intro", lang))
    source = st.segmented_control(
        t("plan.done_source", lang), ("store", "file", "form"), default="store", required=True,
        format_func=lambda one: t(f"plan.done_{one}", lang), key="plan_done_source", wrap=True,
    )  # fmt: skip
    given = form = None
    if source == "file":
        uploaded = choose_file("plan_done_file", lang, "plan.done_upload", most_mb=20)
        st.caption(t("plan.done_upload_note", lang))
        given = None if uploaded is None else (uploaded.name, uploaded.getvalue())
    elif source == "form":
        form = _form(opened, lang)
    ready = source == "store" or given is not None or (form is not None and len(form))
    if st.button(t("plan.compare", lang), type="primary", disabled=not ready, key="plan_compare"):
        try:
            done = desk.compare(opened.meta["plan"], given, form)
        except desk.refusal as problem:
            show_fault(problem, lang)
            return
        _show(done, lang, look)


def _form(opened: OpenedPlan, lang: str) -> pd.DataFrame:
    """Minutes and finds of the planned sectors, as somebody fills them in."""
    planned = opened.sectors[opened.sectors["planned_minutes"] > 0]
    planned = planned.sort_values("planned_minutes", ascending=False)
    teams = opened.orders.groupby("sector")["team_id"].agg(
        lambda some: ", ".join(sorted(set(some)))
    )
    codes = opened.orders.sort_values("start").groupby("sector")["order_id"].agg(", ".join)
    table = pd.DataFrame(
        {
            "order": planned["sector"].map(codes).to_numpy(),
            "place": [plan_scene.place(row, lang) for _, row in planned.iterrows()],
            "teams": planned["sector"].map(teams).to_numpy(),
            "planned": [plan_scene.hours(value, lang) for value in planned["planned_minutes"]],
            "minutes": 0,
            "finds": 0,
        },
        index=planned["sector"],
    )
    column = st.column_config
    filled = st.data_editor(
        table,
        hide_index=True,
        disabled=["order", "place", "teams", "planned"],
        key=f"plan_form_{opened.meta['plan']}_{opened.meta['version']}",
        height=min(38 + 35 * len(table), 380),
        column_config={
            "order": column.TextColumn(t("plan.order", lang)),
            "place": column.TextColumn(t("plan.sector", lang)),
            "teams": column.TextColumn(t("plan.team", lang)),
            "planned": column.TextColumn(t("plan.planned", lang)),
            "minutes": column.NumberColumn(t("plan.done_minutes", lang), min_value=0, step=15),
            "finds": column.NumberColumn(t("plan.done_finds", lang), min_value=0, step=1),
        },
    )
    rows = filled[["minutes", "finds"]].fillna(0.0).astype(float)
    rows = rows[(rows > 0).any(axis=1)]
    return rows.rename_axis("sector").reset_index()


def _show(done: Compared, lang: str, look: theme.Palette) -> None:
    facts = done.facts
    usual = expected(facts["expected_usual"], lang)
    share = percent(facts["planned_share_of_hours"], lang)
    cards = [
        (t("plan.done_coverage", lang), with_sign(percent(facts["coverage"], lang), lang), "", ""),
        (t("plan.done_dosage", lang), with_sign(percent(facts["dosage"], lang), lang), "", ""),
        (t("plan.done_hours", lang), number(facts["done_hours"], lang, 1),
         t("plan.done_hours_rest", lang, share=share), ""),
        (t("plan.done_found", lang), number(facts["finds"], lang),
         t("plan.done_found_rest", lang, expected=expected(facts["expected"], lang), usual=usual),
         ""),
    ]  # fmt: skip
    st.html(html.facts(cards, look))
    st.info(t("plan.done_few", lang), icon=":material/info:")
    rows = []
    for row in each_row(done.summary):
        kinds = (
            t("plan.done_planned" if row.planned else "plan.done_unplanned", lang),
            t("plan.done_explore" if row.explore else "plan.done_known", lang),
        )
        rows.append(
            {
                t("plan.done_kind", lang): ", ".join(kinds),
                t("plan.done_visited", lang): f"{row.visited} / {row.sectors}",
                t("plan.planned", lang): plan_scene.hours(row.planned_minutes, lang),
                t("plan.done_hours", lang): number(row.done_minutes / 60, lang, 1),
                t("plan.done_finds", lang): number(row.finds, lang),
                t("plan.done_expected", lang): expected(row.expected, lang),
                t("plan.done_rate", lang): number(row.finds_per_hour, lang, 3),
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True)
    if "other_first" in facts:
        days = span(facts["other_first"], facts["other_last"], lang)
        st.caption(t("plan.done_others", lang, days=days))
    if facts["minutes_outside"] > 0:
        minutes = plan_scene.hours(facts["minutes_outside"], lang)
        st.caption(t("plan.done_outside", lang, minutes=minutes))
