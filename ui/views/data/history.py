"""Every import, and the way to take one back."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ui.rows import each_row
from ui.views.desk import kept, plain_text, said, say_later, show_fault, slot
from ui.views.handed import Steward
from ui.words import date, moment, number, t
from ui.words.of_data import tell

#: rows of the table and of the list to choose from
MOST = 300


def show(desk: Steward, lang: str) -> None:
    """The imports, newest first; one of them can be undone with a reason."""
    with slot():
        for text in said("undone"):
            st.success(text, icon=":material/undo:")
    st.subheader(t("history.title", lang), anchor=False)
    table = kept(desk.mark, "imports", desk.imports)
    if table.empty:
        st.info(t("history.none", lang), icon=":material/inbox:")
        return
    sources = desk.sources(lang)
    undone = table["undone_at"].notna()
    chosen = table
    if undone.any() and not st.toggle(t("history.show_undone", lang), key="data_undone"):
        chosen = table[~undone]
    st.dataframe(_rows(chosen.head(MOST), sources, lang), hide_index=True)
    _show_undo(desk, table[~undone].head(MOST), lang)


def _rows(table: pd.DataFrame, sources: Mapping[str, str], lang: str) -> pd.DataFrame:
    counts = {
        "history.read": "n_read", "history.new": "n_new", "history.corrected": "n_corrected",
        "history.withdrawn": "n_withdrawn",
        "history.aside": "n_set_aside",
    }  # fmt: skip
    rows = []
    for one in each_row(table):
        gone = pd.notna(one.undone_at)
        state = t("history.active", lang)
        if gone:
            when = moment(one.undone_at, lang)
            state = t(
                "history.was_undone", lang, when=when, by=one.undone_by or "–",
                reason=one.undo_reason,
            )  # fmt: skip
        rows.append(
            {
                t("history.no", lang): one.import_id,
                t("history.at", lang): moment(one.at, lang),
                t("aside.file", lang): one.file_name or "–",
                t("history.source", lang): sources.get(one.source, one.source),
                **{t(key, lang): number(getattr(one, name), lang) for key, name in counts.items()},
                t("history.by", lang): one.by or "–",
                t("history.state", lang): state,
            }
        )
    return pd.DataFrame(rows)


def _show_undo(desk: Steward, active: pd.DataFrame, lang: str) -> None:
    if active.empty:
        return
    st.subheader(t("history.undo_title", lang), anchor=False)
    st.markdown(t("history.undo_note", lang))
    by_id = active.set_index("import_id")

    def option(import_id: str) -> str:
        row: Any = by_id.loc[import_id]
        return t(
            "history.option", lang, id=import_id, file=row["file_name"] or row["source"],
            date=date(row["at"], lang),
        )  # fmt: skip

    number_ = st.selectbox(
        t("history.pick", lang), by_id.index.tolist(), format_func=option, key="data_import"
    )
    notes = _notes(by_id.loc[number_, "notes"])
    if notes:
        with st.expander(t("bring.notes", lang, n=len(notes))):
            st.markdown("\n".join(f"- {plain_text(tell(note, lang))}" for note in notes))
    with st.form("data_undo_form", border=False, clear_on_submit=True):
        reason = st.text_input(t("history.reason", lang), max_chars=200, key="data_undo_reason")
        go = st.form_submit_button(
            t("history.undo", lang, id=number_), icon=":material/undo:", type="secondary"
        )
    if not go:
        return
    if not reason.strip():
        st.error(t("history.need_reason", lang))
        return
    try:
        desk.undo(number_, reason)
    except desk.refusal as problem:
        show_fault(problem, lang)
        return
    say_later("undone", t("history.did_undo", lang, id=number_))
    st.rerun()


def _notes(text: str) -> list[str]:
    try:
        return [str(note) for note in json.loads(text or "[]")]
    except json.JSONDecodeError:
        return []
