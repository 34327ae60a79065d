"""What was set aside and how to mend it; what is odd about what was accepted."""

import pandas as pd
import streamlit as st

from ui import state
from ui.views.data.bring import reason_rows
from ui.views.desk import kept
from ui.views.handed import Steward
from ui.words import number, t
from ui.words.of_data import field_name, short_reason, tell_reasons

#: rows of a table on the page; the file holds all of them
MOST = 500


def show(desk: Steward, lang: str) -> None:
    """Set-aside rows with a workbook to mend them in, then quality flags per agency."""
    mark = desk.mark
    _show_aside(desk, kept(mark, "aside", desk.set_aside), lang)
    _show_words(desk, kept(mark, "words", desk.unknown_words), lang)
    _show_flags(desk, kept(mark, "flags", lambda: desk.flags(desk.events())), lang)


def _show_aside(desk: Steward, every: pd.DataFrame, lang: str) -> None:
    st.subheader(t("aside.title", lang), anchor=False)
    if every.empty:
        st.success(t("aside.none", lang), icon=":material/check_circle:")
        return
    rows = every[every["mended_by"] == ""]
    if rows.empty:
        sentence = t("aside.none_open", lang, n=number(len(every), lang))
        st.success(sentence, icon=":material/check_circle:")
        return
    st.markdown(t("aside.intro", lang))
    chosen = _chosen_aside(rows, lang)
    shown = reason_rows(chosen.head(MOST), lang)
    shown.insert(1, t("aside.file", lang), chosen["source_file"].head(MOST).to_numpy())
    shown[t("aside.import", lang)] = chosen["import_id"].head(MOST).to_numpy()
    st.dataframe(shown, hide_index=True)
    words = chosen["reasons"].map(lambda text: tell_reasons(text, lang))
    label = "DATA-SINTETIS-" if chosen["synthetic"].any() else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            t("aside.download", lang, n=number(len(chosen), lang)),
            data=state.file(lambda: desk.workbook(chosen, words)),
            file_name=f"{label}perbaikan.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            on_click="ignore",
            icon=":material/download:",
            key="data_mend",
            disabled=chosen.empty,
        )
        if mended := len(every) - len(rows):
            st.caption(t("aside.mended", lang, n=number(mended, lang)))


def _chosen_aside(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The rows set aside for one reason and of one file, as chosen in two boxes."""
    counts = rows["key"].value_counts()
    files = rows["source_file"].value_counts()
    left, right = st.columns(2)
    reason = left.selectbox(
        t("aside.reasons", lang),
        ["", *counts.index],
        format_func=lambda key: (
            f"{short_reason(key, lang)} ({number(counts[key], lang)})"
            if key
            else f"{t('aside.anyone', lang)} ({number(len(rows), lang)})"
        ),
        key="data_reason",
    )
    file = right.selectbox(
        t("aside.files", lang),
        ["", *files.index],
        format_func=lambda name: (
            f"{name} ({number(files[name], lang)})" if name else t("aside.anyone", lang)
        ),
        key="data_file",
    )
    chosen = rows
    if reason:
        has = chosen["reasons"].str.contains(rf"(?:^|; ){reason}: ", regex=True)
        chosen = chosen[has]
    if file:
        chosen = chosen[chosen["source_file"] == file]
    return chosen


def _show_words(desk: Steward, words: pd.DataFrame, lang: str) -> None:
    if words.empty:
        return
    sources = desk.sources(lang)
    st.subheader(t("bring.words", lang), anchor=False)
    st.dataframe(
        pd.DataFrame(
            {
                t("bring.word", lang): words["word"].to_numpy(),
                t("bring.column", lang): [field_name(name, lang) for name in words["column"]],
                t("bring.count", lang): [number(n, lang) for n in words["n"]],
                t("history.source", lang): [sources.get(name, name) for name in words["source"]],
            }
        ),
        hide_index=True,
    )
    st.caption(t("bring.words_note", lang))


def _show_flags(desk: Steward, counts: pd.DataFrame, lang: str) -> None:
    st.subheader(t("flags.title", lang), anchor=False)
    if counts.empty:
        st.success(t("flags.none", lang), icon=":material/check_circle:")
        return
    st.markdown(t("flags.intro", lang))
    wide = counts.pivot_table("n", "flag", "source_agency", aggfunc="sum", fill_value=0)
    wide = wide.loc[wide.sum(axis=1).sort_values(ascending=False).index]
    table = pd.DataFrame(
        {
            t("flags.all", lang): [number(n, lang) for n in wide.sum(axis=1)],
            t("flags.meaning", lang): [t(f"flag.{flag}", lang) for flag in wide.index],
            **{
                desk.agency(str(agency)): [number(n, lang) if n else "" for n in wide[agency]]
                for agency in wide
            },
            t("flags.flag", lang): wide.index.to_numpy(),
        }
    )
    st.dataframe(table, hide_index=True)
