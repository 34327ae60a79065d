"""Files to take away, built at the click."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from ui import export, state, theme
from ui.scene import Scene
from ui.words import t


def show(told: Scene, selection: state.Selection, csv: Callable[[pd.DataFrame], str]) -> None:
    """Five buttons; each file says what it is, until when, and how it may be handled."""
    lang = selection.lang
    about = export.stamp(told.meta, selection.horizon, selection.group, selection.coverage)
    st.subheader(t("download.title", lang), anchor=False)
    files = {
        "hotspots": ("geojson", lambda: export.cells_geojson(_cells(told, hot=True), about)),
        "sectors": (
            "geojson",
            lambda: export.sectors_geojson(_sectors(told), _members(told), about),
        ),
        "cells": ("geojson", lambda: export.cells_geojson(_cells(told), about)),
        "sectors_csv": ("csv", lambda: csv(export.with_stamp(_sectors(told), about))),
        "cells_csv": ("csv", lambda: csv(export.with_stamp(_cells(told), about))),
    }
    with st.container(horizontal=True, gap="small"):
        for name, (suffix, build) in files.items():
            st.download_button(
                t(f"download.{name}", lang),
                data=build,
                file_name=export.file_name(name.removesuffix("_csv"), about, suffix),
                mime="application/geo+json" if suffix == "geojson" else "text/csv",
                on_click="ignore",
                icon=":material/download:",
                key=f"download_{name}",
            )
    st.caption(t("download.note", lang))


def _cells(told: Scene, hot: bool = False) -> pd.DataFrame:
    table = told.table
    sector = table["cell"].map(told.sector_of).fillna(0).astype(int)
    level = theme.classify(table["risk"], list(told.risk_breaks))
    table = table.assign(
        sector=sector, hotspot=sector > 0, **{"class": np.array(theme.CLASSES)[level]}
    )
    table = table[table["hotspot"]] if hot else table
    return table[[name for name in export.CELL_COLUMNS if name in table]]


def _sectors(told: Scene) -> pd.DataFrame:
    table = told.sectors.assign(rank=np.arange(1, len(told.sectors) + 1))
    table["kabupaten"] = table["kabupaten_code"].map(told.places.kabupaten)
    table["kecamatan"] = table["kecamatan_code"].map(told.places.kecamatan)
    return table


def _members(told: Scene) -> dict[int, list[str]]:
    inside = told.sector_of[told.sector_of > 0]
    return {int(number): list(part.index) for number, part in inside.groupby(inside)}
