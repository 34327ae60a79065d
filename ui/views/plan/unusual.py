"""What is unusual about a plan, for whoever approves it."""

import streamlit as st

from ui.map import plan_odd
from ui.selection import Selection
from ui.views.desk import plain_text
from ui.views.handed import OpenedPlan, Planner, Seen
from ui.views.plan.step import change
from ui.words import number, t


def contested_sectors(opened: OpenedPlan, seen: Seen) -> set[str]:
    """Sectors of the plan in which somebody contests a score.

    Parameters
    ----------
    opened : the plan as the viewer may see it
    seen : what he may see of the newest assessment, with the words in force
    """
    cells = seen.scene(Selection.default(seen.options)).contested_cells()
    return plan_odd.contested_sectors(opened.sectors, cells)


def show_approve(desk: Planner, opened: OpenedPlan, lang: str) -> None:
    """One click where nothing is unusual; else what is, a reason, and a second click.

    Parameters
    ----------
    desk : what the viewer may do with plans
    opened : the plan, whole
    lang : of the words, "id" or "en"
    """
    meta, user = opened.meta, plain_text(desk.user)
    odd = [plain_text(line) for line in plan_odd.lines(desk.odd(opened), lang)]
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
