"""How fresh each agency's record is, what is still to come, and which versions are shown."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ui import charts_data
from ui.rows import each_row
from ui.theme import Palette
from ui.views.desk import kept
from ui.views.handed import Steward
from ui.words import date, has, moment, number, percent, short_date, t

FIELDS = (
    "id", "created_at", "cutoff", "data_version", "model_version", "settings_version",
    "chosen_model", "licence", "handling",
)  # fmt: skip


def show(
    desk: Steward,
    lang: str,
    look: Palette,
    meta: Mapping[str, Any] | None = None,
    credits: Sequence[str] = (),
) -> None:
    """Freshness per agency, nowcast of one, versions, who drew the base map.

    Parameters
    ----------
    desk : what the viewer may do with the store
    lang : of the words, "id" or "en"
    look : colours of the page
    meta : of the newest assessment; None on the first day
    credits : who drew the base map
    """
    # asked with the true time: with the full hour, what came in since then would be of the future.
    # The mark changes with every import, so what is kept for the hour is never older than the data
    now = pd.Timestamp.now("UTC")
    mark = f"{desk.mark}|{now:%Y-%m-%dT%H}"
    st.subheader(t("fresh.title", lang), anchor=False)
    table = kept(mark, "fresh", lambda: desk.freshness(now))
    if table.empty:
        st.info(t("desk.empty", lang), icon=":material/inbox:")
    else:
        _show_state(desk, table, lang)
        st.dataframe(_fresh_rows(desk, table, lang), hide_index=True)
        st.caption(t("fresh.help", lang))
        events = kept(mark, "events", desk.events)
        if len(events):
            _show_nowcast(desk, events, mark, now, lang, look)
    st.info(t("data.note", lang), icon=":material/info:")
    if meta is not None:
        _show_versions(meta, lang)
    if credits:
        st.subheader(t("data.credits", lang), anchor=False)
        for line in dict.fromkeys(credits):
            st.caption(line)


def _show_state(desk: Steward, table: pd.DataFrame, lang: str) -> None:
    late = [desk.agency(name) for name in table.loc[table["stale"], "source_agency"]]
    if late:
        sentence = t("fresh.stale", lang, names=", ".join(late))
        st.warning(sentence, icon=":material/schedule:")
    else:
        st.success(t("fresh.all_good", lang), icon=":material/check_circle:")


def _fresh_rows(desk: Steward, table: pd.DataFrame, lang: str) -> pd.DataFrame:
    rows = []
    for one in each_row(table.sort_values("days_since", ascending=False)):
        state = "fresh.late" if one.stale else "fresh.ok"
        end = one.complete_to + pd.Timedelta(days=6)  # the Sunday of that week
        rows.append(
            {
                t("data.agency", lang): desk.agency(one.source_agency),
                t("fresh.state", lang): ("▲ " if one.stale else "● ") + t(state, lang),
                t("fresh.complete", lang): date(end, lang),
                t("fresh.last", lang): date(one.last_received, lang),
                t("fresh.age", lang): number(one.days_since, lang),
                t("fresh.usual", lang): number(one.usual_days, lang),
                t("fresh.median", lang): number(one.delay_median_days, lang, 1),
                t("fresh.most", lang): number(one.delay_p95_days, lang),
                t("data.records", lang): number(one.n_events, lang),
            }
        )
    return pd.DataFrame(rows)


def _show_nowcast(
    desk: Steward, events: pd.DataFrame, mark: str, now: pd.Timestamp, lang: str, look: Palette
) -> None:
    st.subheader(t("now.title", lang), anchor=False)
    agencies = events["source_agency"].value_counts().index.tolist()
    agency = st.selectbox(
        t("now.pick", lang), agencies, format_func=desk.agency, key="data_agency",
        persist_state="session",
    )  # fmt: skip
    own = events[events["source_agency"] == agency]
    if len(own) < 10:
        st.info(t("now.none", lang), icon=":material/info:")
        return
    weeks = kept(mark, f"nowcast {agency}", lambda: desk.nowcast(events, agency, now))
    open_weeks = weeks[weeks["share"] < 0.95]
    if open_weeks.empty:
        st.markdown(t("now.all_in", lang))
    else:
        whole = open_weeks.iloc[-2] if len(open_weeks) > 1 else open_weeks.iloc[-1]
        figures = {name: number(whole[name], lang) for name in ("expected", "lo", "hi")}
        week, here = short_date(whole["week"], lang), number(whole["n_received"], lang)
        st.markdown(t("now.sentence", lang, week=week, received=here, **figures))
    st.altair_chart(charts_data.nowcast_chart(weeks, lang, look))
    st.caption(t("now.note", lang, date=date(own["received_at"].max(), lang)))
    with st.expander(t("now.table", lang)):
        st.dataframe(_nowcast_rows(weeks, lang), hide_index=True)


def _nowcast_rows(weeks: pd.DataFrame, lang: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                t("now.week", lang): short_date(one.week, lang),
                t("now.received", lang).capitalize(): number(one.n_received, lang),
                t("now.share", lang): percent(one.share, lang),
                t("now.expected", lang): number(one.expected, lang, 1),
                t("now.interval", lang): f"{number(one.lo, lang)}–{number(one.hi, lang)}",
            }
            for one in each_row(weeks.iloc[::-1])
        ]
    )


def _show_versions(meta: Mapping[str, Any], lang: str) -> None:
    st.subheader(t("data.versions", lang), anchor=False)
    versions = {name: str(meta[name]) for name in FIELDS if meta.get(name)}
    versions["cutoff"] = short_date(meta["cutoff"], lang)
    versions["created_at"] = moment(meta["created_at"], lang)
    if has(f"model.{versions.get('chosen_model', '')}"):
        versions["chosen_model"] = t(f"model.{versions['chosen_model']}", lang)
    rows = [(t(f"data.field.{name}", lang), value) for name, value in versions.items()]
    table = pd.DataFrame(rows, columns=[t("data.versions", lang), t("data.value", lang)])
    st.dataframe(table, hide_index=True)
