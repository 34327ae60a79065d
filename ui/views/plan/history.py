"""Every version of a plan with who, when and why; and the way back to an earlier one."""

import pandas as pd
import streamlit as st

from ui.views.handed import OpenedPlan, Planner
from ui.views.plan.step import change
from ui.words import has, moment, t


def show(desk: Planner, opened: OpenedPlan, lang: str) -> None:
    """The versions, newest first; an earlier one can be brought back with a reason.

    Parameters
    ----------
    desk : what the viewer may do with plans
    opened : the plan as he may see it
    lang : of the words, "id" or "en"
    """
    versions = desk.history(opened.meta["plan"]).iloc[::-1]
    rows = {
        t("plan.version", lang): versions["version"],
        t("plan.state", lang): [t(f"plan.status_{name}", lang) for name in versions["status"]],
        t("plan.by", lang): versions["by"],
        t("plan.at", lang): [moment(when, lang) for when in versions["at"]],
    }
    if "reason" in versions:
        rows[t("plan.for", lang)] = [_reason(text, lang) for text in versions["reason"]]
    st.dataframe(pd.DataFrame(rows), hide_index=True)
    if not desk.may("edit_plan", opened.whole):
        return
    if (status := opened.meta["status"]) in ("signed", "withdrawn"):
        st.info(t(f"plan.is_{status}", lang), icon=":material/lock:")
    elif len(versions) > 1:
        _show_back(desk, opened, versions["version"].tolist()[1:], lang)


def _reason(text: str, lang: str) -> str:
    """The words of the one who gave the reason; those of the program in the screen's language."""
    return t(f"plan.reason_{text}", lang) if has(f"plan.reason_{text}") else text


def _show_back(desk: Planner, opened: OpenedPlan, earlier: list[int], lang: str) -> None:
    st.subheader(t("plan.back_title", lang), anchor=False)
    st.markdown(t("plan.back_note", lang))
    with st.form("plan_back_form", border=False):
        version = st.selectbox(t("plan.version", lang), earlier, key="plan_back_version")
        reason = st.text_input(
            t("plan.reason", lang), max_chars=200, key="plan_back_reason",
            help=t("plan.reason_help", lang),
        )  # fmt: skip
        go = st.form_submit_button(t("plan.back", lang), icon=":material/undo:")
    if not go:
        return
    if not reason.strip():
        st.error(t("plan.need_reason", lang))
        return
    given = (opened.meta["plan"], opened.meta["version"], version, reason.strip())
    change(desk, desk.restore, given, "plan.did_back", lang, earlier=version)
