"""What analysts say against a score, beside it; and the form to say so."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from ui import state, theme
from ui.map import scene, telling
from ui.rows import each_row
from ui.views.desk import plain_text, said, say_later, show_fault, slot
from ui.views.handed import Voice
from ui.words import clock, short_date, t

#: an override lasts so long unless another end is chosen
USUAL_WEEKS = 4


def show(drawn: scene.Scene, selection: state.Selection, part: pd.DataFrame, voice: Voice) -> None:
    """Words in force on the chosen cell or sector, and the form, for those who may.

    Parameters
    ----------
    drawn : what the selection shows
    selection : what was chosen
    part : the chosen cells
    voice : what the viewer may say
    """
    lang = selection.lang
    with slot():
        for text in said("contested"):
            st.success(text, icon=":material/check_circle:")
    rows = drawn.contests(part["cell"].tolist())
    for row in each_row(rows):
        _show_word(drawn, row, part, lang)
        if voice.may_withdraw(row.by):
            _show_withdraw(row.override_id, voice, lang)
    if len(rows):
        st.caption(t("contest.kept", lang))
    if not voice.rights.closed("contest"):
        _show_form(selection, part, voice, lang)


def _show_word(drawn: scene.Scene, row: Any, part: pd.DataFrame, lang: str) -> None:
    own = part[part["cell"] == row.cell] if row.kind == "cell" else part
    level = int(theme.classify((own if len(own) else part)["risk"], list(drawn.risk_breaks)).max())
    model = t(f"class.{theme.CLASSES[level]}", lang)
    until = short_date(scene.last_day(row.expires_at), lang)
    if not row.reason:
        words = t("contest.says_hidden", lang, model=model, until=until)
    else:
        words = t(
            "contest.says", lang, value=telling.contest_value(row.value, lang), model=model,
            reason=plain_text(row.reason), by=plain_text(row.by), until=until,
        )  # fmt: skip
    if row.kind == "sector":
        words += " " + t("contest.about_sector", lang)
    st.warning(words, icon=":material/flag:")


def _show_withdraw(override_id: str, voice: Voice, lang: str) -> None:
    door = st.popover(t("contest.withdraw", lang, id=override_id), icon=":material/undo:")
    with door, st.form(f"withdraw_{override_id}", border=False):
        reason = st.text_input(
            t("contest.withdraw_reason", lang), max_chars=voice.longest,
            key=f"withdraw_reason_{override_id}",
        )  # fmt: skip
        go = st.form_submit_button(t("contest.withdraw_save", lang))
    if go:
        _said(
            lambda: voice.withdraw(override_id, reason), reason, voice, lang,
            t("contest.withdrawn", lang, id=override_id),
        )  # fmt: skip


def _show_form(selection: state.Selection, part: pd.DataFrame, voice: Voice, lang: str) -> None:
    """The form; it says which cell or sector by its keys, so a half-written reason stays there."""
    kind, target = ("cell", selection.cell) if selection.cell else ("sector", selection.sector)
    today = clock.today()
    door = st.expander(t("contest.open", lang), icon=":material/flag:")
    with door, st.form(f"contest_{target}", border=False):
        value = st.selectbox(
            t("contest.value", lang), voice.values, index=len(voice.values) - 1,
            format_func=lambda one: telling.contest_value(one, lang), key="contest_value",
        )  # fmt: skip
        reason = st.text_area(
            t("contest.reason", lang), max_chars=voice.longest, height=80,
            key=f"contest_reason_{target}",
        )  # fmt: skip
        until = st.date_input(
            t("contest.until", lang), value=(today + pd.Timedelta(weeks=USUAL_WEEKS)).date(),
            min_value=today.date(), format="DD/MM/YYYY", key="contest_until",
            max_value=(today + pd.Timedelta(weeks=voice.most_weeks)).date(),
            help=t("contest.until_help", lang, weeks=voice.most_weeks),
        )  # fmt: skip
        go = st.form_submit_button(t("contest.save", lang), icon=":material/flag:")
    if go:
        _said(
            lambda: voice.add(kind, target, value, reason, pd.Timestamp(until)), reason, voice,
            lang, lambda name: t("contest.saved", lang, id=name),
        )  # fmt: skip


def _said(
    act: Callable[[], str | None], reason: str, voice: Voice, lang: str,
    done: str | Callable[[str | None], str],
) -> None:  # fmt: skip
    """Do it and say so at the next run, or say in words why not."""
    if not reason.strip():
        st.error(t("contest.need_reason", lang))
        return
    try:
        name = act()
    except voice.refusal as problem:
        if voice.names_persons(problem):
            st.error(t("contest.personal", lang), icon=":material/gpp_bad:")
        else:
            show_fault(problem, lang)
        return
    say_later("contested", done(name) if callable(done) else done)
    st.rerun()
