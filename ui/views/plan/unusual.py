"""What is unusual about a plan, for whoever approves it: facts in, sentences out."""

from collections.abc import Collection, Sequence

import h3
import pandas as pd
import streamlit as st

from ui.map import plan_scene
from ui.selection import Selection
from ui.views.desk import plain_text
from ui.views.handed import OpenedPlan, Planner, Seen
from ui.views.plan.step import change
from ui.words import number, percent, t, with_sign

#: from this share of the hours on, unused ones are unusual
UNUSED = 0.15
#: data that ends so many days before the week are old
OLD_DAYS = 14
#: places that are named
NAMED = 5


def contested_sectors(opened: OpenedPlan, seen: Seen) -> set[str]:
    """Sectors of the plan in which somebody contests a score.

    Parameters
    ----------
    opened : the plan as the viewer may see it
    seen : what he may see of the newest assessment, with the words in force
    """
    if opened.sectors.empty:
        return set()
    size = h3.get_resolution(opened.sectors["sector"].iloc[0])
    scene = seen.scene(Selection.default(seen.options))
    cells = {cell for some in scene.contested_cells().values() for cell in some}
    return {h3.cell_to_parent(cell, size) for cell in cells} & set(opened.sectors["sector"])


def lines(opened: OpenedPlan, contested: Collection[str], newest: str, lang: str) -> list[str]:
    """One sentence for each thing that is unusual; none if nothing is.

    Parameters
    ----------
    opened : the plan, whole
    contested : sectors in which somebody contests a score
    newest : id of the newest assessment
    lang : of the words, "id" or "en"
    """
    meta, sectors = opened.meta, opened.sectors
    found = []
    left = sectors[sectors["mandatory"].astype(bool) & (sectors["planned_minutes"] <= 0)]
    if len(left):
        found.append(_of_places("plan.odd_mandatory", left, lang))
    if tired := opened.tired:
        n = number(len(tired), lang)
        found.append(t("plan.odd_nights", lang, n=n, teams=plain_text(_some(tired))))
    days = (pd.Timestamp(meta["first_day"]) - pd.Timestamp(meta["cutoff"])).days
    if days > OLD_DAYS or (newest and newest != meta["assessment"]):
        found.append(t("plan.odd_old", lang, days=number(days, lang)))
    visited = sectors[sectors["sector"].isin(contested) & (sectors["planned_minutes"] > 0)]
    if len(visited):
        found.append(_of_places("plan.odd_contested", visited, lang))
    unused = float(meta.get("unused_hours") or 0.0) / max(float(meta.get("hours") or 0.0), 1e-9)
    if unused > UNUSED:
        share = with_sign(percent(unused, lang), lang)
        hours = number(meta["unused_hours"], lang)
        found.append(t("plan.odd_unused", lang, share=share, hours=hours))
    if len(opened.wrong):
        found.append(t("plan.odd_wrong", lang, n=number(len(opened.wrong), lang)))
    return found


def _of_places(key: str, rows: pd.DataFrame, lang: str) -> str:
    names = [plan_scene.place(row, lang) for _, row in rows.iterrows()]
    return t(key, lang, n=number(len(rows), lang), places=plain_text(_some(names)))


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")


def show_approve(desk: Planner, opened: OpenedPlan, seen: Seen, lang: str) -> None:
    """One click where nothing is unusual; else what is, a reason, and a second click.

    Parameters
    ----------
    desk : what the viewer may do with plans
    opened : the plan, whole
    seen : what he may see of the newest assessment
    lang : of the words, "id" or "en"
    """
    meta, user = opened.meta, plain_text(desk.user)
    odd = lines(opened, contested_sectors(opened, seen), desk.newest_assessment(), lang)
    reason = ""
    if not odd:
        go = st.button(t("plan.approve", lang), type="primary", icon=":material/check:",
                       key="plan_approve")  # fmt: skip
    else:
        name = t("plan.approve_odd", lang, n=number(len(odd), lang))
        with (
            st.popover(name, icon=":material/warning:", type="primary", key="plan_approve_open"),
            st.form("plan_approve_form", border=False),
        ):
            st.markdown(t("plan.odd_title", lang) + "\n\n" + "\n".join(f"- {one}" for one in odd))
            reason = st.text_input(
                t("plan.odd_reason", lang), max_chars=200, key="plan_approve_reason",
                help=t("plan.reason_help", lang),
            )  # fmt: skip
            go = st.form_submit_button(
                t("plan.approve_still", lang, user=user), type="primary", key="plan_approve"
            )
            if go and not reason.strip():
                st.error(t("plan.need_reason", lang))
                return
    if go:
        given = (meta["plan"], meta["version"], reason.strip())
        change(desk, desk.approve, given, "plan.did_approve", lang, user=user)
