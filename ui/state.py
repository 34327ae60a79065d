"""The selection of a session: kept, tied to widgets, mirrored in the address bar."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.selection import COVERAGES, FIRST_LAYERS, LANGUAGES, LAYERS, MOST_PICKS, Options, Selection

__all__ = ["COVERAGES", "FIRST_LAYERS", "LANGUAGES", "LAYERS", "MOST_PICKS", "Options", "Selection"]
_KEPT = "selection"
_COUNT = "list_epoch"
_WATCH = "watch_build"
_PAGES = "pages"
#: where a map looks
V = TypeVar("V")


def current(options: Options) -> Selection:
    """The selection of this session; at its first run, and when the person went back or forward
    in the browser's history, what the address says."""
    if _KEPT not in st.session_state or went_back():
        st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
        st.session_state["camera_cause"] = "link"
        st.session_state[_KEPT] = Selection.from_query(st.query_params.to_dict(), options)
    kept = st.session_state[_KEPT]
    if any(code and code not in options.cells for code in (kept.cell, kept.sector)):
        keep(cell="", sector="")
    return st.session_state[_KEPT]


def watch_builds(watch: Callable[[Callable[[], bytes]], Callable[[], bytes]]) -> None:
    """Say what looks after the files of this session while they are built, see `file`."""
    st.session_state[_WATCH] = watch


def file(build: Callable[[], bytes]) -> Callable[[], bytes]:
    """What a download button builds at the click, looked after: no page is run then, and whatever
    goes wrong would be seen by nobody."""
    watch: Callable[[Callable[[], bytes]], Callable[[], bytes]] | None
    watch = st.session_state.get(_WATCH)
    return build if watch is None else watch(build)


def went_back() -> bool:
    """Whether this run was caused by the browser's Back or Forward."""
    found = get_script_run_ctx()
    return found is not None and found.is_history_navigation


def keep(**changes: Any) -> None:
    """Change part of the selection."""
    st.session_state[_KEPT] = replace(st.session_state[_KEPT], **changes)


def kept() -> Selection:
    """The selection as it stands."""
    return st.session_state[_KEPT]


def reset(options: Options) -> None:
    """Back to what is shown at the first visit; the language stays."""
    lang = st.session_state[_KEPT].lang
    st.session_state[_KEPT] = replace(Selection.default(options), lang=lang)
    st.session_state["camera_cause"] = "kabupaten"


def write_url(selection: Selection, options: Options, **more: str) -> None:
    """Bring the address bar in line with the selection, and with what the page adds.

    Parameters
    ----------
    selection : what was chosen
    options : what was on offer
    more : what the page adds, by name
    """
    query = selection.to_query(options) | more
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def bound(name: str, value: object, options: Options) -> dict[str, Any]:
    """Arguments that tie a widget to one field of the selection.

    The widget is seeded from the selection, so it keeps its value when another page was open.

    Parameters
    ----------
    name : of the field
    value : it has now
    options : what is on offer
    """
    key = f"choose_{name}"
    st.session_state[key] = value

    def changed() -> None:
        taken = st.session_state[key]
        if taken is None:
            return
        fresh: dict[str, Any] = {name: taken}
        if name in ("kabupaten", "kecamatan", "group", "horizon", "coverage"):
            fresh |= {"cell": "", "sector": ""}
        if name == "kabupaten":
            fresh["kecamatan"] = ""
        if name == "layers":
            fresh["layers"] = tuple(code for code in LAYERS if code in taken)
        keep(**fresh)
        st.session_state["camera_cause"] = name

    return {"key": key, "on_change": changed}


def clicked_cell() -> str:
    """The cell that the map says is chosen now, "" if none is."""
    event = st.session_state.get("map") or {}
    objects = (event.get("selection") or {}).get("objects", {})
    picked = objects.get("cells") or objects.get("strip") or []
    return picked[0]["h"] if picked else ""


def pick_from_map(sector_of: Mapping[str, str]) -> None:
    """Take a click on the map: the cell, and the sector it belongs to (by its highest cell)."""
    cell = clicked_cell()
    keep(cell=cell, sector=sector_of.get(cell, ""))
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
    st.session_state["camera_cause"] = "map"


def pick_from_list(key: str, order: Sequence[str]) -> None:
    """Take a click on a row of the list of sectors."""
    cells = st.session_state[key]["selection"]["cells"]
    row = cells[0][0] if cells else -1
    keep(sector=order[row] if 0 <= row < len(order) else "", cell="")
    st.session_state["camera_cause"] = "list"


def pick_place(cell: str) -> None:
    """Take a place that was searched for: its cell is chosen and the map goes there."""
    keep(cell=cell, sector="", kabupaten="", kecamatan="")
    st.session_state["camera_cause"] = "list"


def toggle_pick(cell: str) -> None:
    """Put a sector into the brief, or take it out."""
    picks = st.session_state[_KEPT].picks
    fresh = tuple(one for one in picks if one != cell)
    keep(picks=fresh if cell in picks else (*picks, cell)[-MOST_PICKS:])


def choose_weeks(since: str, until: str) -> None:
    """Choose the weeks whose records the map shows; "" for the usual ones."""
    layers = st.session_state[_KEPT].layers
    shown = tuple(code for code in LAYERS if code in layers or (since and code == "records"))
    keep(since=since, until=until, layers=shown)


def offer_pages(pages: Sequence[Any]) -> None:
    """Keep the pages of this run, so that one may point to another."""
    st.session_state[_PAGES] = {page.url_path or "": page for page in pages}


def page(path: str) -> Any | None:
    """The page at a path, for a link to it; None where pages stand alone."""
    return st.session_state.get(_PAGES, {}).get(path)


def once(what: str) -> bool:
    """True the first time something is asked for in this session."""
    key = f"once_{what}"
    seen = st.session_state.get(key, False)
    st.session_state[key] = True
    return not seen


def list_key() -> str:
    """Key of the list; it changes when the map chose another row for it."""
    return f"sectors_{st.session_state.get(_COUNT, 0)}"


def session() -> str:
    """The id of this session, as its uploads bear it; "" where no page is being run."""
    found = get_script_run_ctx()
    return "" if found is None else found.session_id


def on_phone() -> bool:
    """Whether the browser says it is a phone's: its map is narrow and should show as much."""
    headers = st.context.headers
    return headers.get("Sec-Ch-Ua-Mobile") == "?1" or "Mobi" in (headers.get("User-Agent") or "")


def panel() -> Literal["expanded", "collapsed"]:
    """Whether the panel of choices stands open beside the map; folded away at first."""
    return "expanded" if st.session_state.get("panel_open") else "collapsed"


def toggle_panel() -> None:
    """Open the panel of choices, or fold it away."""
    st.session_state["panel_open"] = not st.session_state.get("panel_open")


def show_whole() -> None:
    """Let the map look at all that was chosen, not only at where the risk is."""
    st.session_state["camera_cause"] = "whole"


def camera(district: V, picked: V | None, whole: V) -> V:
    """Where the map looks: it moves for a district, a row or a link, never for a click on it.

    Parameters
    ----------
    district, picked : views of where risk is in what was chosen, and of the chosen sector or cell
        (or None)
    whole : view of all that was chosen
    """
    cause = st.session_state.pop("camera_cause", "link" if "camera" not in st.session_state else "")
    if cause == "list" or cause == "link":
        st.session_state["camera"] = picked or district
    elif cause in ("kabupaten", "kecamatan"):
        st.session_state["camera"] = district
    elif cause == "whole":
        st.session_state["camera"] = whole
    looks: V = st.session_state["camera"]
    return looks
