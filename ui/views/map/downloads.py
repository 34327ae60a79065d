"""Files to take away, built at the click."""

from collections.abc import Callable

import streamlit as st

from ui import state
from ui.views.handed import Papers
from ui.words import t

KINDS = ("hotspots", "sectors", "cells", "panel")
SUFFIXES = {"hotspots": (".geojson", ".gpkg", ".parquet", ".csv"), "panel": (".csv", ".parquet")}
MIMES = {
    ".geojson": "application/geo+json", ".gpkg": "application/geopackage+sqlite3",
    ".parquet": "application/vnd.apache.parquet", ".csv": "text/csv",
}  # fmt: skip
NAMES = {".geojson": "GeoJSON", ".gpkg": "GeoPackage", ".parquet": "GeoParquet", ".csv": "CSV"}


def show(papers: Papers, selection: state.Selection) -> None:
    """What and in which format; the picture of the map; the data dictionary.

    Every file says what it is, until when, and how it may be handled.
    """
    lang = selection.lang
    st.subheader(t("download.title", lang), anchor="unduh")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        what = st.selectbox(
            t("download.what", lang), KINDS, width=190, key="download_what",
            format_func=lambda kind: t(f"download.{kind}", lang),
        )  # fmt: skip
        suffix = st.selectbox(
            t("download.format", lang), SUFFIXES.get(what, SUFFIXES["hotspots"]), width=140,
            format_func=lambda one: NAMES[one], key="download_format",
        )  # fmt: skip
        _button(t("download.file", lang), "table", lambda: papers.table(what, suffix, selection),
                papers.name(what, suffix, selection), MIMES[suffix])  # fmt: skip
        _button(t("download.picture", lang), "picture", lambda: papers.image(selection),
                papers.name("map", ".png", selection), "image/png")  # fmt: skip
        _button(
            t("download.dictionary", lang),
            "dictionary",
            lambda: papers.dictionary(selection),
            "kalbar_kamus_data.csv",
            "text/csv",
        )
    st.caption(t("download.note", lang))


def _button(label: str, key: str, build: Callable[[], bytes], name: str, mime: str) -> None:
    st.download_button(
        label, data=state.file(build), file_name=name, mime=mime, on_click="ignore",
        icon=":material/download:", key=f"download_{key}",
    )  # fmt: skip
