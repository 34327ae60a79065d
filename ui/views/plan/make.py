"""Make a plan: which week, which teams, which draw."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ui.views.data.bring import choose_file
from ui.views.desk import say_later
from ui.views.handed import Planner, Upload
from ui.views.plan.step import show_fault
from ui.words import number, short_date, t

#: what a roster can be; the chooser takes any file, and what is none is refused with a sentence
ROSTERS = ("toml", "csv")


def show(desk: Planner, assessed: Mapping[str, Any], lang: str, narrow: bool = False) -> None:
    """The choices and the button; a plan that was made is chosen at once.

    Parameters
    ----------
    desk : what the viewer may do with plans
    assessed : meta of the newest assessment
    lang : of the words, "id" or "en"
    narrow : one choice under the other
    """
    kind = desk.roster_kind(bool(assessed.get("synthetic")))
    kinds = [*([kind] if kind else []), "upload"]
    left, middle, right = (
        [st.container() for _ in range(3)] if narrow else st.columns([1.3, 1.7, 0.8], gap="small")
    )
    with left:
        week = st.selectbox(
            t("plan.week", lang), desk.weeks(), format_func=lambda day: _week(day, lang),
            key="plan_week",
        )  # fmt: skip
    with middle:
        source = st.segmented_control(
            t("plan.roster", lang), kinds, default=kinds[0], required=True,
            format_func=lambda one: t(f"plan.roster_{one}", lang), key="plan_roster",
            help=t("plan.roster_help", lang), wrap=True,
        )  # fmt: skip
    with right:
        seed = st.number_input(
            t("plan.seed", lang), 0, 2**31 - 1, 0, key="plan_seed", help=t("plan.seed_help", lang)
        )
    given = None
    if source == "upload":
        given = choose_file("plan_roster_file", lang, "plan.roster_file", 2, ROSTERS)
    go = st.button(
        t("plan.make", lang), type="primary", icon=":material/route:", key="plan_make",
        disabled=source == "upload" and given is None,
    )  # fmt: skip
    if go:
        _make(desk, week, int(seed), given, lang)


def _make(desk: Planner, week: pd.Timestamp, seed: int, given: Upload | None, lang: str) -> None:
    bar = st.progress(0.0, t("plan.step_state", lang))

    def tell(step: str, share: float) -> None:
        bar.progress(share, t(f"plan.step_{step}", lang))

    roster = None if given is None else (given.name, given.getvalue())
    try:
        name = desk.make(
            week,
            seed,
            roster,
            lambda step, share: bar.progress(share, t(f"plan.step_{step}", lang)),
        )
    except desk.refusal as problem:
        bar.empty()
        show_fault(problem, lang)
        return
    bar.empty()
    orders = desk.view(name).orders
    values = {
        "n": number(orders["order_id"].nunique(), lang),
        "teams": number(orders["team_id"].nunique(), lang),
    }
    say_later("plan", t("plan.made", lang, **values))
    say_later("plan_made", name)
    st.rerun()


def _week(first: pd.Timestamp, lang: str) -> str:
    last = first + pd.Timedelta(days=6)
    return t("plan.week_of", lang, first=short_date(first, lang), last=short_date(last, lang))
