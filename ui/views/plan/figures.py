"""What a plan is worth beside its rivals, teams by post, and what it leaves alone."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ui.map import plan_scene
from ui.rows import each_row
from ui.views.handed import OpenedPlan
from ui.words import expected, number, percent, t, with_sign


def show(opened: OpenedPlan, lang: str) -> None:
    """Tables for those who want to look behind the plan."""
    if opened.whole:
        _show_rivals(opened.frames["rivals"], lang)
        _show_groups(opened.frames["teams"], opened.meta, lang)
    else:
        st.info(t("plan.figures_hidden", lang))
    st.subheader(t("plan.guards", lang), anchor=False)
    st.markdown(t("plan.guards_note", lang))
    rows = plan_scene.guard_rows(opened.sectors, opened.meta["rules"], lang)
    if rows.empty:
        st.info(t("plan.guards_none", lang))
    else:
        st.dataframe(rows, hide_index=True, height=min(38 + 35 * len(rows), 420))


def _show_rivals(rivals: pd.DataFrame, lang: str) -> None:
    st.subheader(t("plan.rivals", lang), anchor=False)
    order = [name for name in ("greedy", "best", "mixed", "drawn") if name in set(rivals["plan"])]
    rows = rivals.set_index("plan").loc[order]
    st.dataframe(
        pd.DataFrame(
            {
                t("plan.rival", lang): [t(f"plan.rival_{name}", lang) for name in order],
                t("plan.rival_share", lang): [
                    with_sign(number(100 * share, lang, 1), lang)
                    for share in rows["share_of_bound"]
                ],
                t("plan.rival_sectors", lang): [number(n, lang) for n in rows["sectors"]],
                t("plan.rival_hours", lang): [number(h, lang) for h in rows["hours_on_ground"]],
                t("plan.rival_explore", lang): [
                    with_sign(percent(share, lang), lang) for share in rows["explore_share"]
                ],
            }
        ),
        hide_index=True,
    )
    st.caption(t("plan.rivals_note", lang))


def _show_groups(teams: pd.DataFrame, meta: Mapping[str, Any], lang: str) -> None:
    st.subheader(t("plan.groups", lang), anchor=False)
    names = {str(team["post_id"]): str(team["post"]) for team in meta["posts"]}
    rows = []
    for row in each_row(teams.sort_values("one_more_team", ascending=False)):
        post, mode = str(row.group).rsplit("/", 1)
        rows.append(
            {
                t("plan.group", lang): f"{names.get(post, post)}, {t(f'mode.{mode}', lang)}",
                t("plan.group_teams", lang): number(row.teams, lang),
                t("plan.group_shifts", lang): f"{row.shifts} / {row.shifts_possible}",
                t("plan.rival_hours", lang): number(row.ground_hours, lang),
                t("plan.group_more", lang): f"+{expected(row.one_more_team, lang)}",
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True, height=min(38 + 35 * len(rows), 420))
    st.caption(t("plan.fact_team_help", lang))
