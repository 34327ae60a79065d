"""The data steward's page: sources, bringing files, quality, twins, history, new agencies."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from ui import state
from ui.map.scene import Places
from ui.theme import Palette
from ui.views.data import bring, history, new, quality, sources, twins
from ui.views.desk import show_closed
from ui.views.handed import Bringer, R
from ui.words import t

#: parts of the page, in order; all but the first are for those who may change data
PARTS: dict[str, Callable[..., None]] = {
    "sources": sources.show,
    "bring": bring.show,
    "quality": quality.show,
    "twins": twins.show,
    "history": history.show,
    "new": new.show,
}

#: what a viewer must be allowed to do for a part to open
NEEDS = {
    "sources": "see",
    "bring": "import_file",
    "quality": "mend",
    "twins": "decide_twins",
    "history": "see_import",
    "new": "draft_crosswalk",
}
#: a part in the address, /data?bagian=kembar; the same in every language
LINKS = {
    "sources": "sumber",
    "bring": "berkas",
    "quality": "mutu",
    "twins": "kembar",
    "history": "riwayat",
    "new": "instansi",
}
_PART = "data_part"


def link() -> dict[str, str]:
    """What the address says of the open part: `bagian`; nothing before a part is open."""
    part = st.session_state.get(_PART)
    return {"bagian": LINKS[part]} if part in LINKS else {}


def _first(meta: Mapping[str, Any] | None) -> str:
    """The part that opens at first: the one of the address, else by whether there is data."""
    asked = st.query_params.get("bagian", "")
    usual = "sources" if meta is not None else "bring"
    return next((part for part, word in LINKS.items() if word == asked), usual)


def show(
    desk: Bringer[R],
    meta: Mapping[str, Any] | None,
    places: Places | None,
    credits: Sequence[str],
    lang: str,
    look: Palette,
) -> None:
    """The page of one viewer.

    Parameters
    ----------
    desk : what the viewer may do with the store
    meta, places : of the newest assessment; None on the first day, when there is none
    credits : who drew the base map
    lang : of the words, "id" or "en"
    look : colours of the page
    """
    if meta is None:  # under what the first day lacks; else the page bears this title itself
        st.header(t("page.data", lang), anchor=False)
    if state.went_back():
        st.session_state[_PART] = _first(meta)
    part = st.segmented_control(
        t("desk.part", lang),
        list(PARTS),
        default=_first(meta),
        required=True,
        format_func=lambda name: t(f"part.{name}", lang),
        label_visibility="collapsed",
        key=_PART,
        persist_state="session",
        wrap=True,
    )
    if closed := desk.rights.closed(NEEDS[part]):
        show_closed(closed, lang)
    elif part == "sources":
        sources.show(desk, lang, look, meta, credits)
    elif part == "twins":
        twins.show(desk, lang, places)
    else:
        PARTS[part](desk, lang)
