"""What surrounds every page: title, badges, language, and the states in which nothing shows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ui import html, script, state
from ui.map import telling
from ui.theme import QUANTITIES, Palette, ramp
from ui.words import forecast_week, moment, short_date, t, week_named, weeks
from ui.words.of_data import tell_problem


def show_header(
    meta: Mapping[str, Any], selection: state.Selection, options: state.Options, look: Palette,
    today: pd.Timestamp, stale_days: int, title: str,
) -> None:  # fmt: skip
    """Title, age of the data, versions, language switch; a warning when the data are old.

    Parameters
    ----------
    meta : of the assessment
    selection : what was chosen
    options : what is on offer
    look : colours of the page
    today : the running day, local
    stale_days : days after which data are old
    title : of the page
    """
    lang = selection.lang
    days = (today - pd.Timestamp(meta["cutoff"])).days
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch"):
            badges = html.chips(_badges(meta, lang, look, today), look)
            st.html(f'<div class="kr-head">{html.title(title)}{badges}</div>')
        st.segmented_control(
            t("app.language", lang),
            state.LANGUAGES,
            required=True,
            format_func=str.upper,
            label_visibility="collapsed",
            **state.bound("lang", lang, options),
        )
    if days > stale_days:
        st.warning(t("app.stale", lang, days=days, limit=stale_days), icon=":material/schedule:")
    if today >= forecast_week(meta) + pd.Timedelta(weeks=1):
        sentence = t("week.stale", lang, days=weeks(meta, 1, lang))
        st.warning(sentence, icon=":material/event_busy:")
    if meta.get("fallback"):
        name = telling.model_name(meta.get("best_baseline", ""), lang)
        st.warning(t("app.fallback", lang, model=name), icon=":material/info:")


def show_plain_header(lang: str) -> str:
    """The language switch alone, for whoever sees no assessment; gives what is chosen."""
    st.session_state.setdefault("plain_lang", lang)
    with st.container(horizontal=True, horizontal_alignment="right"):
        chosen = st.segmented_control(
            t("app.language", lang), state.LANGUAGES, required=True, format_func=str.upper,
            label_visibility="collapsed", key="plain_lang",
        )  # fmt: skip
    st.query_params["lang"] = chosen or lang
    return chosen or lang


def show_damaged(made: Sequence[pd.Timestamp], lang: str) -> None:
    """Say that newer assessments cannot be shown, and what to do.

    Parameters
    ----------
    made : when they were made (UTC), the newest first; none: nothing is said
    lang : of the words
    """
    if made:
        sentence = t("app.damaged", lang, when=moment(made[0], lang))
        st.error(sentence, icon=":material/broken_image:")


def show_versions(meta: Mapping[str, Any], lang: str, look: Palette) -> None:
    """One quiet line at the foot: what produced this page.

    Parameters
    ----------
    meta : of the assessment
    lang : of the words, "id" or "en"
    look : colours of the page
    """
    text = t(
        "app.versions", lang, id=meta.get("id", ""), data=meta.get("data_version", ""),
        model=meta.get("model_version", ""), settings=meta.get("settings_version", ""),
    )  # fmt: skip
    st.html(html.chips([html.plain(text)], look))
    words = {name: t(f"page.{name}", lang) for name in ("closer", "further", "skip")}
    st.html(script.page_script(lang, **words), unsafe_allow_javascript=True)


def show_no_assessment(lang: str) -> None:
    """The first day: what is missing, and the command that makes it."""
    st.html(html.title(t("app.title", lang)))
    st.info(f"**{t('state.no_assessment', lang)}.** {t('state.no_assessment_how', lang)}")
    st.code("python cli.py assess", language="bash")


def show_problem(problem: Exception, lang: str) -> None:
    """A fault in data or settings, in words, with the file in which it is."""
    st.html(html.title(t("app.title", lang)))
    st.error(t("state.problem", lang), icon=":material/error:")
    st.code(tell_problem(problem, lang, named=True), language=None, wrap_lines=True)


def show_fault(number: str) -> None:
    """A fault of the program itself, in both languages, with the number that names it."""
    words = (t("state.fault", lang, number=f"**{number}**") for lang in ("id", "en"))
    st.error("\n\n".join(words), icon=":material/bug_report:")


def show_nothing_allowed(
    lang: str, name: str = "", leave: Callable[[], None] | None = None
) -> None:
    """A person without any right, and the way to come as somebody else.

    Parameters
    ----------
    lang : of the words, "id" or "en"
    name : as he signed in, "" if that is not known
    leave : signs him out, None where the page cannot
    """
    st.html(html.title(t("app.title", lang)))
    st.info(t("state.nothing", lang), icon=":material/lock:")
    if name:
        st.caption(t("sign_in.as", lang, name=name))
    if leave is not None:
        st.button(t("sign_in.out", lang), on_click=leave, icon=":material/logout:")


def show_sign_in(reason: str, lang: str, enter: Callable[[], None]) -> None:
    """The entrance: why he is asked to sign in, and the button.

    Parameters
    ----------
    reason : of `identity.REASONS`, or "idle"
    lang : of the words, "id" or "en"
    enter : sends him to the provider
    """
    st.html(html.title(t("app.title", lang)))
    st.info(t(f"sign_in.{reason}", lang), icon=":material/lock:")
    st.button(t("sign_in.in", lang), on_click=enter, type="primary", icon=":material/login:")


def show_sign_out(
    name: str, lang: str, leave: Callable[[], None], leave_everywhere: Callable[[], None]
) -> None:
    """Who is signed in, and two ways to leave.

    Parameters
    ----------
    name : as he signed in
    lang : of the words, "id" or "en"
    leave : ends this session
    leave_everywhere : ends his sessions on every machine
    """
    with st.container(horizontal=True, vertical_alignment="center", key="sign_out"):
        st.caption(t("sign_in.as", lang, name=name))
        st.button(t("sign_in.out", lang), on_click=leave, type="tertiary", key="out")
        st.button(
            t("sign_in.out_everywhere", lang), on_click=leave_everywhere, type="tertiary",
            key="out_everywhere",
        )  # fmt: skip


def _week(
    meta: Mapping[str, Any], lang: str, today: pd.Timestamp
) -> tuple[str, list[tuple[str, str]]]:
    """The week that is spoken of, and while it runs its days with what is past and what is now."""
    first = forecast_week(meta)
    days = [first + pd.Timedelta(days=n) for n in range(7)]
    marks = ["over" if day < today else "now" if day == today else "" for day in days]
    shown = zip(t("week.days", lang).split(), marks, strict=True) if "now" in marks else ()
    return week_named(meta, today, lang), list(shown)


def _badges(meta: Mapping[str, Any], lang: str, look: Palette, today: pd.Timestamp) -> list[str]:
    parts, days = [], (today - pd.Timestamp(meta["cutoff"])).days
    if meta.get("synthetic"):
        strong = ramp(QUANTITIES["events"], dark=False)[4]
        label, why = t("app.synthetic", lang), t("app.synthetic_help", lang)
        parts.append(html.chip(label, strong, (255, 255, 255), why))
    parts.append(html.week(*_week(meta, lang, today)))
    parts.append(html.plain("· " + t("app.cutoff", lang, date=short_date(meta["cutoff"], lang))))
    parts.append(html.plain("· " + t("app.age", lang, days=days)))
    when = t("app.created", lang, when=moment(meta["created_at"], lang))
    return [*parts, html.plain("· " + when), html.plain("· " + str(meta.get("area", "")))]
