"""The audit log: read, filter, page through, take away, check that it is whole."""

import json
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from ui import state
from ui.rows import each_row
from ui.views.desk import show_fault
from ui.views.handed import LogDesk
from ui.words import has, moment, number, t
from ui.words.of_data import tell

#: lines on one page of the log
LINES = 50
MIME = {".csv": "text/csv", ".jsonl": "application/jsonl"}


def show(desk: LogDesk[Any], lang: str) -> None:
    """The lines that were chosen, newest first."""
    if state.once("audit_look"):
        desk.note_look()
    st.caption(t("audit.what", lang))
    asked = _choose(desk, lang)
    n = desk.count(asked)
    pages = max(1, -(-n // LINES))
    page = min(st.session_state.get("audit_page", 0), pages - 1)
    if not n:
        st.info(t("audit.none", lang), icon=":material/search_off:")
    else:
        table = _rows(desk.lines(asked, LINES, page * LINES), lang)
        st.dataframe(table, hide_index=True, height="content", column_config=_widths(lang))
        _turn(page, pages, n, lang)
    with st.container(horizontal=True, key="audit_take"):
        for kind in desk.kinds:
            st.download_button(
                t("audit.take", lang, kind=kind.removeprefix(".").upper()),
                data=state.file(partial(desk.export, asked, kind)),
                file_name=f"catatan-audit{kind}", mime=MIME[kind], on_click="ignore",
                icon=":material/download:", key=f"audit_take_{kind}",
            )  # fmt: skip
        check = st.button(t("audit.verify", lang), icon=":material/verified:", key="audit_verify")
    if check:
        _check(desk, lang)


def _choose(desk: LogDesk[Any], lang: str) -> Any:
    """Which lines: by action, person, days and a word."""

    def first() -> None:
        st.session_state["audit_page"] = 0

    def named(user: str | None) -> str:
        return t("audit.all", lang) if user is None else user or t("audit.nobody", lang)

    what, who, when, word = st.columns(4)
    action = what.selectbox(
        t("audit.action", lang), ["", *desk.actions], key="audit_action", on_change=first,
        format_func=lambda one: t(f"logged.{one}" if one else "audit.all", lang),
    )  # fmt: skip
    user = who.selectbox(
        t("audit.user", lang), [None, *desk.users()], key="audit_user", on_change=first,
        format_func=named,
    )  # fmt: skip
    none_yet: Any = ()
    days: Any = when.date_input(
        t("audit.days", lang), value=none_yet, format="DD/MM/YYYY", key="audit_days",
        on_change=first,
    )  # fmt: skip
    text = word.text_input(t("audit.text", lang), key="audit_text", on_change=first)
    since, until = ([pd.Timestamp(day) for day in days] + [None, None])[:2]
    return desk.asked(action, user, since, until, text.strip())


def _rows(lines: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Lines as a person reads them."""
    rows = [
        {
            t("audit.no", lang): int(one.seq),
            t("audit.at", lang): moment(one.at, lang),
            t("audit.user", lang): one.user or t("audit.nobody", lang),
            t("audit.action", lang): t(f"logged.{one.action}", lang),
            t("audit.line", lang): line_text(one.what, lang),
        }
        for one in each_row(lines)
    ]
    return pd.DataFrame(rows)


def line_text(what: str, lang: str) -> str:
    """What a line tells, as "name value · name value"; a text that is no table stays as it is."""
    try:
        facts = json.loads(what or "{}")
    except json.JSONDecodeError:
        return what
    if not isinstance(facts, dict):
        return what
    parts = []
    for key, value in facts.items():
        name = t(f"noted.{key}", lang) if has(f"noted.{key}") else key.replace("_", " ")
        listed = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        parts.append(f"{name} {listed}")
    return " · ".join(parts) or "–"


def _widths(lang: str) -> dict[str, Any]:
    columns = {"no": 70, "at": 170, "user": 160, "action": 190}
    told: dict[str, Any] = {
        t(f"audit.{name}", lang): st.column_config.Column(width=width)
        for name, width in columns.items()
    }
    return told | {t("audit.line", lang): st.column_config.TextColumn(width="large")}


def _turn(page: int, pages: int, n: int, lang: str) -> None:
    """How many lines there are, and the pages before and behind."""

    def go(to: int) -> None:
        st.session_state["audit_page"] = to

    with st.container(horizontal=True, vertical_alignment="center", key="audit_turn"):
        st.button(
            t("audit.newer", lang), on_click=go, args=(page - 1,), disabled=page == 0,
            icon=":material/chevron_left:", key="audit_newer",
        )  # fmt: skip
        st.button(
            t("audit.older", lang), on_click=go, args=(page + 1,), disabled=page + 1 >= pages,
            icon=":material/chevron_right:", key="audit_older",
        )  # fmt: skip
        values = {
            "n": number(n, lang),
            "page": number(page + 1, lang),
            "pages": number(pages, lang),
        }
        st.caption(t("audit.found", lang, **values))


def _check(desk: LogDesk[Any], lang: str) -> None:
    """Say whether the log is whole, and against what that was checked."""
    try:
        found = desk.verify()
    except desk.refusal as problem:
        show_fault(problem, lang)
        return
    if found.faults:
        listed = "\n".join(f"- {tell(one, lang)}" for one in found.faults)
        st.error(f"{t('audit.broken', lang)}\n\n{listed}", icon=":material/broken_image:")
    else:
        st.success(t("audit.whole", lang, n=number(found.lines, lang)), icon=":material/verified:")
    if found.anchored is None:
        st.warning(t("audit.loose", lang), icon=":material/link_off:")
    elif not found.faults:
        when = moment(found.anchored, lang)
        st.caption(t("audit.anchored", lang, n=number(found.anchors, lang), when=when))
