"""Where the figures come from, and until when."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from ui.scene import Places
from ui.words import date, has, moment, number, short_date, t

FIELDS = (
    "id", "created_at", "cutoff", "data_version", "model_version", "settings_version",
    "chosen_model", "licence", "handling",
)  # fmt: skip


def show(
    events: pd.DataFrame, meta: Mapping, places: Places, credits: Sequence[str], lang: str
) -> None:
    """Records per agency, versions, and who drew the base map."""
    st.header(t("page.data", lang), anchor=False)
    st.markdown(t("data.intro", lang))
    st.subheader(t("data.sources", lang), anchor=False)
    if events.empty:
        st.info(t("data.none", lang))
    else:
        st.dataframe(_by_agency(events, places, lang), hide_index=True)
    st.info(t("data.note", lang), icon=":material/info:")
    st.subheader(t("data.versions", lang), anchor=False)
    told = {name: str(meta[name]) for name in FIELDS if meta.get(name)}
    told["cutoff"] = short_date(meta["cutoff"], lang)
    told["created_at"] = moment(meta["created_at"], lang)
    if has(f"model.{told.get('chosen_model', '')}"):
        told["chosen_model"] = t(f"model.{told['chosen_model']}", lang)
    rows = [(t(f"data.field.{name}", lang), value) for name, value in told.items()]
    st.dataframe(pd.DataFrame(rows, columns=[" ", "  "]), hide_index=True)
    if credits:
        st.subheader(t("data.credits", lang), anchor=False)
        for line in dict.fromkeys(credits):
            st.caption(line)


def _by_agency(events: pd.DataFrame, places: Places, lang: str) -> pd.DataFrame:
    rows = []
    for agency, part in events.groupby("source_agency"):
        delay = (part["reported_at"] - part["event_start"]).dt.total_seconds() / 86_400
        rows.append(
            {
                t("data.agency", lang): places.label(agency, lang),
                t("data.records", lang): number(len(part), lang),
                t("data.first", lang): date(part["event_start"].min(), lang),
                t("data.last", lang): date(part["event_start"].max(), lang),
                t("data.received", lang): date(part["received_at"].max(), lang),
                t("data.delay", lang): number(delay.median(), lang, 1),
                t("data.exact", lang): number(
                    (part["geo_precision"] == "gps").mean() * 100, lang
                ) + " %",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)
