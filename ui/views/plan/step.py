"""What the parts of the plan page share: one step with its answer, a refusal in words."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.views.desk import plain_text, say_later
from ui.views.handed import Planner
from ui.words import t
from ui.words.of_data import tell_problem


def change(
    desk: Planner, act: Callable[..., int], given: tuple[Any, ...], key: str, lang: str,
    **values: object,
) -> None:  # fmt: skip
    """Do one step of a plan and tell of it at the next run; a refusal stays on the page.

    Parameters
    ----------
    desk : whose step it is
    act, given : the step and what it is given; it gives the new version
    key : of the words that tell of it
    lang : of the words
    values : what the words tell besides the version
    """
    try:
        version = act(*given)
    except desk.refusal as problem:
        show_fault(problem, lang)
        return
    say_later("plan", t(key, lang, version=version, **values))
    st.rerun()


def show_fault(problem: Exception, lang: str) -> None:
    """A refusal in words."""
    st.error(f"{t('plan.problem', lang)} {plain_text(tell_problem(problem, lang))}")
