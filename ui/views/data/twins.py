"""Twins: pairs that a person decides, both records side by side; and who says what."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from ui.map.scene import Places
from ui.rows import each_row
from ui.views.desk import kept, plain_text, said, say_later, show_fault, value_text
from ui.views.handed import Steward
from ui.words import date, moment, number, of_data, t
from ui.words.of_data import field_name

#: rows of the comparison, in the order in which a person judges
FIELDS = (
    "source_agency", "source_record_id", "event_start", "time_precision", "event_type",
    "direction", "admin_code", "geo_precision", "n_persons", "n_female", "n_male", "n_minor",
    "count_unit", "origin_prov", "detection", "location_role", "reported_at",
)  # fmt: skip
#: fields that differ by nature
OWN = {
    "source_agency", "source_record_id", "reported_at", "time_precision", "geo_precision",
    "count_unit",
}  # fmt: skip
#: field of a record -> the comparisons that weigh it (`data.link.compare`)
ABOUT = {
    "event_start": ("time",),
    "n_persons": ("heads",),
    "direction": ("direction",),
    "origin_prov": ("origin",),
    "detection": ("detection",),
    "admin_code": ("desa", "kecamatan", "kabupaten", "office"),
}
#: a value of a column as a person reads it
Tell = Callable[[str, Any], str]
_AT = "data_pair"
MOST_UNDO = 10
MOST_SAYS = 200


def show(desk: Steward, lang: str, places: Places | None) -> None:
    """The queue, what was decided, and the agencies' differing figures.

    Parameters
    ----------
    desk : what the viewer may do with the store
    lang : of the words, "id" or "en"
    places : names on the ground; None on the first day
    """
    mark = desk.mark
    for key in said("twin"):
        st.toast(key, icon=":material/check:")
    events = kept(mark, "events", desk.events)
    st.subheader(t("twins.title", lang), anchor=False)
    st.markdown(t("twins.intro", lang))
    if events.empty:
        st.info(t("desk.empty", lang), icon=":material/inbox:")
        return
    if desk.twins_are_old():
        _show_search(desk, lang)
    by_id = events.drop_duplicates("event_id").set_index("event_id", drop=False)

    def tell(column: str, value: Any) -> str:
        return value_text(
            column, value, lang, desk.agency, lambda code: desk.event_type(code, lang),
            lambda code: _place(code, places),
        )  # fmt: skip

    _show_queue(desk, kept(mark, "queue", lambda: desk.queue(events)), by_id, tell, lang)
    _show_decided(desk, kept(mark, "decided", lambda: desk.decided(events)), by_id, tell, lang)
    _show_says(desk, kept(mark, "says", lambda: desk.says(events)), events, tell, lang)


def _show_search(desk: Steward, lang: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(t("twins.old", lang), icon=":material/update:")
        if st.button(t("twins.search", lang), key="data_search"):
            with st.spinner(t("twins.searching", lang)):
                desk.find_twins()
            st.rerun()


def _show_queue(
    desk: Steward, queue: pd.DataFrame, by_id: pd.DataFrame, tell: Tell, lang: str
) -> None:
    if queue.empty:
        st.success(t("twins.none", lang), icon=":material/check_circle:")
        return
    at = min(max(st.session_state.get(_AT, 0), 0), len(queue) - 1)
    pair = queue.iloc[at]
    one, other = by_id.loc[pair["event_id_a"]], by_id.loc[pair["event_id_b"]]
    with st.container(border=True):
        st.caption(t("twins.position", lang, at=at + 1, n=len(queue)))
        st.markdown("#### " + t("twins.prob", lang, p=number(pair["prob"] * 100, lang)))
        alike = compared_alike(verdicts(one, other, pair["why"]))
        pros, cons = of_data.compared(pair["why"], lang, alike)
        for key, words in (("twins.for", pros), ("twins.against", cons)):
            if words:
                st.markdown(t(key, lang, words=", ".join(words)))
        st.table(side_by_side(one, other, pair["why"], tell, lang), border="horizontal")
        names = (pair["event_id_a"], pair["event_id_b"])
        with st.container(horizontal=True, gap="small"):
            same = st.button(
                t("twins.same", lang), type="primary", icon=":material/link:", key="twin_same"
            )
            differ = st.button(t("twins.other", lang), icon=":material/link_off:", key="twin_other")
            st.button(
                t("twins.skip", lang), key="twin_skip", on_click=_go, args=(at + 1,),
                disabled=at + 1 >= len(queue),
            )  # fmt: skip
            st.button(
                t("twins.back", lang), key="twin_back", on_click=_go, args=(at - 1,),
                disabled=at == 0,
            )  # fmt: skip
        st.caption(t("twins.marks", lang) + " " + t("twins.used", lang))
    if same or differ:
        outcome = "link" if same else "unlink"
        sentence = t("twins.done", lang, said=t(f"twins.said_{outcome}", lang))
        _decide(desk, names, outcome, sentence, lang)


def _decide(desk: Steward, pair: tuple[str, str], outcome: str, sentence: str, lang: str) -> None:
    try:
        desk.decide(pair, outcome)
    except desk.refusal as problem:
        show_fault(problem, lang)
        return
    say_later("twin", sentence)
    st.rerun()


def _go(at: int) -> None:
    st.session_state[_AT] = at


def verdicts(one: pd.Series, other: pd.Series, why: str) -> dict[str, str]:
    """How each field of two records stands to the other's: "same", "near" or "differs".

    One fact is told once: what the weighing counts for a pair (`why`) never reads as a
    contradiction, nor does a village inside the other's sub-district, or what one of them does
    not say. Fields that differ by nature are left out.

    Parameters
    ----------
    one, other : the two records
    """
    weighed = of_data.weights(why)
    words = {}
    for name in FIELDS:
        left, right = one.get(name), other.get(name)
        if name in OWN or any(_unsaid(value) for value in (left, right)):
            continue
        if _alike(name, one, other):
            words[name] = "same"
        else:
            counted = sum(weighed.get(about, 0.0) for about in ABOUT.get(name, ()))
            words[name] = "near" if counted > 0 else "differs"
    return words


def compared_alike(words: dict[str, str]) -> set[str]:
    """The comparisons of those fields that read alike, from `verdicts`."""
    return {
        about
        for name, verdict in words.items()
        if verdict == "same"
        for about in ABOUT.get(name, ())
    }


def _unsaid(value: Any) -> bool:
    return pd.isna(value) or value in ("", "unknown")


def _alike(name: str, one: pd.Series, other: pd.Series) -> bool:
    left, right = one[name], other[name]
    if name == "admin_code":
        short, long = sorted((str(left), str(right)), key=len)
        return f"{long}.".startswith(f"{short}.")
    if name == "event_start":
        exact = one["time_precision"] == other["time_precision"] == "hour"
        return left == right or (not exact and date(left, "id") == date(right, "id"))
    return left == right


def side_by_side(one: pd.Series, other: pd.Series, why: str, tell: Tell, lang: str) -> pd.DataFrame:
    """Both records, one row per field that either fills; bold with ≠ where they contradict each
    other, ≈ where they differ and the difference still speaks for the pair.

    Parameters
    ----------
    one, other : the two records
    why : what the weighing said of the pair
    tell : a value of a column as a person reads it
    lang : of the words, "id" or "en"
    """
    rows = []
    words = verdicts(one, other, why)
    for name in FIELDS[1:]:
        left, right = (tell(name, record.get(name)) for record in (one, other))
        if name == "event_start":
            left, right = (_when(record, lang) for record in (one, other))
        if left == right == "–":
            continue
        left, right = plain_text(left), plain_text(right)
        mark = {"differs": " ≠", "near": " ≈"}.get(words.get(name, ""), "")
        if mark == " ≠":
            left, right = f"**{left}**", f"**{right}**"
        rows.append((field_name(name, lang) + mark, left, right))
    heads = [tell("source_agency", record["source_agency"]) for record in (one, other)]
    heads = [f"{letter}: {head}" for letter, head in zip("AB", heads, strict=True)]
    return pd.DataFrame(rows, columns=[" ", *heads]).set_index(" ")


def _when(record: pd.Series, lang: str) -> str:
    """The time of an event, as precise as it was told."""
    if record["time_precision"] in ("hour", "part_of_day"):
        return moment(record["event_start"], lang)
    return date(record["event_start"], lang)


def _show_decided(
    desk: Steward, decided: pd.DataFrame, by_id: pd.DataFrame, tell: Tell, lang: str
) -> None:
    if decided.empty:
        return
    with st.expander(t("twins.decided", lang, n=number(len(decided), lang))):
        for row in each_row(decided.head(MOST_UNDO)):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                records = " ↔ ".join(
                    f"{tell('source_agency', by_id.loc[name, 'source_agency'])} "
                    f"{by_id.loc[name, 'source_record_id']}"
                    for name in (row.event_id_a, row.event_id_b)
                )
                said_text = t(f"twins.said_{row.outcome}", lang)
                st.text(f"{records}: {said_text} ({row.by}, {moment(row.at, lang)})")
                if st.button(t("twins.undo", lang), key=f"undo_{row.seq}"):
                    pair = (row.event_id_a, row.event_id_b)
                    _decide(desk, pair, "auto", t("twins.taken_back", lang), lang)


def _show_says(
    desk: Steward, says: pd.DataFrame, events: pd.DataFrame, tell: Tell, lang: str
) -> None:
    st.subheader(t("says.title", lang), anchor=False)
    if says.empty:
        st.info(t("says.none", lang), icon=":material/info:")
        return
    st.markdown(t("says.intro", lang))
    says = says.head(MOST_SAYS).set_index("link_cluster_id")

    def option(cluster: str) -> str:
        row: Any = says.loc[cluster]
        names = ", ".join(desk.agency(name) for name in row["agencies"].split("|"))
        return t(
            "says.option", lang, date=date(row["event_start"], lang), agencies=names,
            least=number(row["least"], lang), most=number(row["most"], lang),
        )  # fmt: skip

    cluster = st.selectbox(
        t("says.pick", lang), says.index.tolist(), format_func=option, key="data_cluster"
    )
    records = events[events["link_cluster_id"] == cluster].sort_values("reported_at")
    table = pd.DataFrame(
        {
            field_name("source_agency", lang): [desk.agency(a) for a in records["source_agency"]],
            t("says.figure", lang): [number(n, lang) for n in records["n_persons"]],
            t("says.definition", lang): [
                f"{desk.event_type(kind, lang)}, {t(f'unit.{unit}', lang)}"
                for kind, unit in zip(records["event_type"], records["count_unit"], strict=True)
            ],
            t("says.cutoff", lang): [date(when, lang) for when in records["received_at"]],
            t("says.reported", lang): [date(when, lang) for when in records["reported_at"]],
            field_name("event_start", lang): [
                _when(record, lang) for _, record in records.iterrows()
            ],
            t("says.record", lang): records["source_record_id"].to_numpy(),
        }
    )
    st.dataframe(table, hide_index=True)


def _place(code: str, places: Places | None) -> str:
    if places is None:
        return code
    parts = code.split(".")
    kabupaten = places.kabupaten.get(".".join(parts[:2]), "")
    kecamatan = places.kecamatan.get(".".join(parts[:3]), "") if len(parts) > 2 else ""
    names = [name for name in (kecamatan, kabupaten) if name]
    return f"{', '.join(names)} ({code})" if names else code
