"""Bring a file: read and checked first, seen as it will be stored, then stored whole or not."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from ui import html
from ui.views.desk import plain_text, said, say_later, show_fault, slot, value_text
from ui.views.handed import Bringer, FileReading, R, Upload
from ui.words import number, t
from ui.words.of_data import (
    field_name,
    key_of,
    personal_places,
    row_text,
    short_reason,
    tell,
    tell_reasons,
)

#: what is told beside the button; the chooser takes any file, and the content decides: a file
#: that the browser refuses gets a mark and no sentence
SUFFIXES = [
    "csv", "txt", "tsv", "gz", "xlsx", "ods", "geojson", "json", "geojsonl", "gpkg", "fgb",
    "parquet", "kml", "kmz", "gpx", "zip",
]  # fmt: skip
#: of one upload
MOST_MB = 50
#: columns of a preview, best first; empty ones are left out
SHOWN = {
    "events": (
        "source_agency", "source_record_id", "event_start", "event_type", "direction", "n_persons",
        "admin_code", "lat", "lon", "geo_precision", "location_role", "detection", "reported_at",
        "quality_flags", "record_status", "source_line",
    ),
    "effort": (
        "source_agency", "effort_id", "week", "mode", "cell", "minutes", "km", "visits",
        "night_share", "quality_flags", "source_line",
    ),
}  # fmt: skip
_READ = "data_reading"
_EPOCH = "data_upload"


def show(desk: Bringer[R], lang: str) -> None:
    """Uploader, preview, and the button that stores."""
    st.subheader(t("bring.title", lang), anchor=False)
    with slot():
        _show_done(lang)
    st.markdown(t("bring.intro", lang))
    sources = desk.sources(lang)
    left, right = st.columns([3, 2])
    with right:
        source = st.selectbox(
            t("bring.source", lang),
            ["", *sources],
            format_func=lambda name: sources.get(name) or t("bring.recognise", lang),
            help=t("bring.source_help", lang),
            key="data_source",
        )
        declared = st.text_input(
            t("bring.places", lang), help=t("bring.places_help", lang), key="data_places"
        )
    places = tuple(name.strip() for name in declared.split(",") if name.strip())
    with left:
        given = choose_file(f"{_EPOCH}_{st.session_state.get(_EPOCH, 0)}", lang)
    if given is None:
        st.session_state.pop(_READ, None)
        return
    reading = _read(desk, given, (source, places), lang)
    if reading is not None:
        _show_reading(desk, given.name, reading, lang)


def choose_file(
    key: str,
    lang: str,
    label: str = "bring.upload",
    most_mb: int = MOST_MB,
    suffixes: Sequence[str] = SUFFIXES,
) -> Upload | None:
    """The file chooser in the words of the language; None while nothing is chosen.

    It takes any file: what is no table is refused with a sentence when it is read.

    Parameters
    ----------
    key : of the widget
    lang : of the words
    label : key of what is asked for
    most_mb : of one file
    suffixes : of the files that can be read, as told beside the button
    """
    kinds = ", ".join(suffix.upper() for suffix in suffixes)
    limit = t("bring.limit", lang, kinds=kinds, mb=most_mb)
    st.html(html.uploader(t("bring.button", lang), limit, key))
    return st.file_uploader(t(label, lang), key=key, max_upload_size=most_mb)


def _read(desk: Bringer[R], given: Upload, how: tuple[str, tuple[str, ...]], lang: str) -> R | None:
    """The reading of the uploaded file, made once; None if it is refused."""
    key, (source, places) = (given.file_id, *how), how
    if st.session_state.get(_READ, (None,))[0] == key:
        known: R = st.session_state[_READ][1]
        return known
    st.session_state.pop(_READ, None)
    bar = st.progress(0.0, t("bring.reading", lang, name=plain_text(given.name)))
    words = t("bring.reading", lang, name=plain_text(given.name))
    try:
        reading = desk.preview(
            given.name,
            given.getvalue(),
            source or None,
            lambda share, text: bar.progress(min(max(share, 0.0), 1.0), words),
            places,
        )
    except desk.refusal as problem:
        bar.empty()
        if desk.names_persons(problem):
            _forget()  # the upload itself is let go: only the sentence stays
            say_later("personal", personal_places(problem, lang))
            st.rerun()
        show_fault(problem, lang, "bring.unreadable")
        return None
    bar.empty()
    st.session_state[_READ] = (key, reading)
    return reading


def _show_reading(desk: Bringer[R], name: str, reading: R, lang: str) -> None:
    reading = _counted(desk, reading, lang)
    for part in reading.parts:
        _show_counts(desk, name, part, lang)
    if len(reading.parts) > 1:
        st.info(t("bring.both", lang), icon=":material/info:")
    _show_buttons(desk, reading, lang)
    for part in reading.parts:
        _show_rows(desk, part, lang)


def _counted(desk: Bringer[R], reading: R, lang: str) -> R:
    """Says what several receivers of a patrol told; the reading as the steward has it counted."""
    if not any(part.together.tracks for part in reading.parts):
        return reading
    each = bool(st.session_state.get("data_each"))
    reading = desk.count_receivers(reading, each) if each else reading
    for part in reading.parts:
        for note in part.notes:
            if note.startswith(("tracks_together: ", "tracks_each: ")):
                st.warning(plain_text(tell(note, lang)), icon=":material/group:")
    st.toggle(t("bring.each", lang), help=t("bring.each_help", lang), key="data_each")
    return reading


def _show_counts(desk: Bringer[R], name: str, reading: FileReading, lang: str) -> None:
    """What one kind of the file came to: rows read, kept, set aside, and kept without a place."""
    counts = {
        "read": number(reading.n_read, lang),
        "kept": number(len(reading.kept), lang),
        "aside": number(len(reading.set_aside), lang),
    }
    titles = desk.sources(lang)
    source = titles.get(reading.source_name, reading.source_name)
    kind = t(f"bring.{reading.kind}", lang)
    with st.container(border=True):
        st.markdown("#### " + t("bring.counts", lang, **counts))
        st.caption(
            t("bring.about", lang, name=plain_text(name), source=plain_text(source)) + f" · {kind}"
            + (f" · {t('app.synthetic', lang)}" if reading.synthetic else "")
        )  # fmt: skip
        if n := reading.n_without_place:
            st.markdown(t("bring.without_place", lang, n=number(n, lang)))
        if n := len(reading.mends):
            st.markdown(t("bring.mends", lang, n=number(n, lang)))


def _show_rows(desk: Bringer[R], reading: FileReading, lang: str) -> None:
    """The rows of one kind: as they will be stored, set aside, and what was taken for granted."""
    if len(reading.kept):
        n = min(len(reading.kept), desk.preview_rows)
        st.markdown(f"**{t('bring.preview', lang, n=n)}**")
        st.dataframe(_preview(desk, reading, n, lang), hide_index=True)
    else:
        st.warning(t("bring.nothing_kept", lang), icon=":material/warning:")
    if len(reading.set_aside):
        st.markdown(f"**{t('bring.reasons', lang)}**")
        st.dataframe(reason_rows(reading.set_aside, lang), hide_index=True)
    if len(reading.unknown_words):
        st.markdown(f"**{t('bring.words', lang)}**")
        st.dataframe(_words(reading.unknown_words, lang), hide_index=True)
        st.caption(t("bring.words_note", lang))
    if reading.notes:
        with st.expander(t("bring.notes", lang, n=len(reading.notes))):
            st.markdown("\n".join(f"- {plain_text(tell(note, lang))}" for note in reading.notes))


def _show_buttons(desk: Bringer[R], reading: R, lang: str) -> None:
    foreign = desk.foreign(reading)
    if foreign:
        names = ", ".join(desk.agency(name) for name in foreign)
        st.error(t("bring.foreign", lang, names=names), icon=":material/lock:")
    kept = sum(len(part.kept) for part in reading.parts)
    aside = sum(len(part.set_aside) for part in reading.parts)
    label = (
        t("bring.save", lang, n=number(kept, lang))
        if kept
        else t("bring.save_aside", lang, n=number(aside, lang))
    )
    with st.container(horizontal=True, gap="small"):
        go = st.button(
            label, type="primary" if kept else "secondary", icon=":material/save:",
            disabled=bool(foreign) or not kept + aside, key="data_save",
        )  # fmt: skip
        st.button(t("bring.cancel", lang), on_click=_forget, key="data_cancel")
    if not go:
        return
    try:
        summary = desk.keep(reading)
    except desk.refusal as problem:
        show_fault(problem, lang)
        return
    _forget()
    say_later("stored", summary)
    st.rerun()


def _forget() -> None:
    """Let go of the upload and of what was read from it."""
    st.session_state.pop(_READ, None)
    st.session_state.pop("data_each", None)
    st.session_state[_EPOCH] = st.session_state.get(_EPOCH, 0) + 1


def _show_done(lang: str) -> None:
    for places in said("personal"):
        lines = "\n".join(f"- {plain_text(place)}" for place in places)
        st.error(f"{t('bring.personal', lang)}\n\n{lines}", icon=":material/gpp_bad:")
    for summary in (one for first in said("stored") for one in (first, *first.also)):
        if summary.repeated:
            sentence = t("bring.repeated", lang, id=summary.import_id)
            st.info(sentence, icon=":material/info:")
            continue
        counts = {
            name: number(getattr(summary, f"n_{field}"), lang)
            for name, field in {
                "new": "new", "corrected": "corrected", "withdrawn": "withdrawn", "same": "same",
                "older": "older", "aside": "set_aside",
            }.items()
        }  # fmt: skip
        sentence = t("bring.saved", lang, id=summary.import_id, **counts)
        if summary.replaced:
            sentence += " " + t("bring.replaced", lang, ids=", ".join(summary.replaced))
        st.success(sentence, icon=":material/check_circle:")


def _preview(desk: Bringer[R], reading: FileReading, n: int, lang: str) -> pd.DataFrame:
    rows = reading.kept.head(n)
    columns = [
        name
        for name in SHOWN[reading.kind]
        if name in rows and rows[name].astype("str").replace(["nan", "NaT", "<NA>"], "").any()
    ]
    return pd.DataFrame(
        {
            field_name(name, lang): [
                value_text(name, value, lang, desk.agency, lambda code: desk.event_type(code, lang))
                for value in rows[name]
            ]
            for name in columns
        }
    )


def reason_rows(aside: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Set-aside rows as a person reads them: where, why, what the row said."""
    rows = pd.DataFrame(
        {
            t("aside.reason", lang): [
                short_reason(key_of(text), lang) for text in aside["reasons"]
            ],
            t("aside.line", lang): [
                "–" if pd.isna(line) else str(line) for line in aside["source_line"]
            ],
            t("desk.detail", lang): [tell_reasons(text, lang) for text in aside["reasons"]],
            t("aside.original", lang): [row_text(text) for text in aside["original"]],
        }
    )
    if aside["source_sheet"].ne("").any():
        rows.insert(1, t("aside.sheet", lang), aside["source_sheet"].to_numpy())
    return rows


def _words(unknown: pd.DataFrame, lang: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            t("bring.column", lang): [field_name(name, lang) for name in unknown["column"]],
            t("bring.word", lang): unknown["word"].to_numpy(),
            t("bring.count", lang): [number(n, lang) for n in unknown["n"]],
        }
    )
