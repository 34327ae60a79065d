"""What a person chose, as a frozen Selection, and its place in the URL.

The URL holds language-neutral codes only, so a link means the same to everybody. Values that are
not on offer are dropped without a word: a link from last month still opens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

COVERAGES = (0.01, 0.02, 0.03, 0.05, 0.10)
LANGUAGES = ("id", "en")
_KEPT = "selection"
_COUNT = "list_epoch"


@dataclass(frozen=True)
class Options:
    """What may be chosen, and what holds when nothing was."""

    kabupaten: Sequence[str] = ()
    kecamatan: Mapping[str, str] = field(default_factory=dict)  # kecamatan -> kabupaten
    groups: Sequence[str] = ("all",)
    horizons: Sequence[int] = (1,)
    quantities: Sequence[str] = ("risk",)
    cells: frozenset[str] = frozenset()
    language: str = "id"
    coverage: float = 0.03
    horizon: int = 1

    @property
    def coverages(self) -> list[float]:
        """The coverages on offer, the configured one among them."""
        return sorted({*COVERAGES, self.coverage})


@dataclass(frozen=True)
class Selection:
    """Everything a person chose. "" means the whole area, or nothing picked."""

    lang: str = "id"
    kabupaten: str = ""
    kecamatan: str = ""
    group: str = "all"
    horizon: int = 1
    coverage: float = 0.03
    quantity: str = "risk"
    cell: str = ""
    sector: str = ""  # the id of its highest cell

    @classmethod
    def default(cls, options: Options) -> "Selection":
        """What is shown to a person who chose nothing."""
        return cls(lang=options.language, horizon=options.horizon, coverage=options.coverage)

    @classmethod
    def from_query(cls, query: Mapping[str, str], options: Options) -> "Selection":
        """Read a URL; whatever is not on offer falls back to its default."""
        chosen = cls.default(options)
        offers = {
            "lang": {code: code for code in LANGUAGES},
            "kabupaten": {code: code for code in options.kabupaten},
            "kecamatan": {code: code for code in options.kecamatan},
            "group": {code: code for code in options.groups},
            "horizon": {str(weeks): weeks for weeks in options.horizons},
            "coverage": {_percent(share): share for share in options.coverages},
            "quantity": {code: code for code in options.quantities},
            "cell": options.cells,
            "sector": options.cells,
        }
        told = {}
        for name, offer in offers.items():
            value = query.get(name, "")
            if value in offer:
                told[name] = offer[value] if isinstance(offer, dict) else value
        return replace(chosen, **told).tidy(options)

    def to_query(self, options: Options) -> dict[str, str]:
        """The URL of this selection; defaults are left out."""
        plain = Selection.default(options)
        told = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if value != getattr(plain, name):
                told[name] = _percent(value) if name == "coverage" else str(value)
        return told

    def tidy(self, options: Options) -> "Selection":
        """A kecamatan outside the chosen kabupaten is dropped; alone it brings its kabupaten."""
        if not self.kecamatan:
            return self
        home = options.kecamatan[self.kecamatan]
        if not self.kabupaten and home in options.kabupaten:
            return replace(self, kabupaten=home)
        return self if home == self.kabupaten else replace(self, kecamatan="")


def current(options: Options) -> Selection:
    """The selection of this session; at its first run, what the URL says."""
    if _KEPT not in st.session_state:
        st.session_state[_KEPT] = Selection.from_query(st.query_params.to_dict(), options)
    kept = st.session_state[_KEPT]
    if any(code and code not in options.cells for code in (kept.cell, kept.sector)):
        keep(cell="", sector="")
    return st.session_state[_KEPT]


def keep(**changes) -> None:
    """Change part of the selection."""
    st.session_state[_KEPT] = replace(st.session_state[_KEPT], **changes)


def reset(options: Options) -> None:
    """Back to what is shown at the first visit; the language stays."""
    lang = st.session_state[_KEPT].lang
    st.session_state[_KEPT] = replace(Selection.default(options), lang=lang)
    st.session_state["camera_cause"] = "kabupaten"


def write_url(selection: Selection, options: Options) -> None:
    """Bring the address bar in line with the selection."""
    told = selection.to_query(options)
    if st.query_params.to_dict() != told:
        st.query_params.from_dict(told)


def bound(name: str, value, options: Options) -> dict:
    """Arguments that tie a widget to one field of the selection.

    The widget is seeded from the selection, so it keeps its value when another page was open.
    """
    key = f"choose_{name}"
    st.session_state[key] = value

    def changed():
        taken = st.session_state[key]
        if taken is None:
            return
        fresh = {name: taken}
        if name in ("kabupaten", "kecamatan", "group", "horizon", "coverage"):
            fresh |= {"cell": "", "sector": ""}
        if name == "kabupaten":
            fresh["kecamatan"] = ""
        keep(**fresh)
        st.session_state["camera_cause"] = name

    return {"key": key, "on_change": changed}


def pick_from_map(sector_of: Mapping[str, str]) -> None:
    """Take a click on the map: the cell, and the sector it belongs to (by its highest cell)."""
    event = st.session_state.get("map") or {}
    picked = (event.get("selection") or {}).get("objects", {}).get("cells") or []
    cell = picked[0]["h"] if picked else ""
    keep(cell=cell, sector=sector_of.get(cell, ""))
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
    st.session_state["camera_cause"] = "map"


def pick_from_list(key: str, order: Sequence[str]) -> None:
    """Take a click on a row of the list of sectors."""
    cells = st.session_state[key]["selection"]["cells"]
    row = cells[0][0] if cells else -1
    keep(sector=order[row] if 0 <= row < len(order) else "", cell="")
    st.session_state["camera_cause"] = "list"


def list_key() -> str:
    """Key of the list; it changes when the map chose another row for it."""
    return f"sectors_{st.session_state.get(_COUNT, 0)}"


def camera(district, picked):
    """Where the map looks: it moves for a district, a row or a link, never for a click on it.

    Parameters
    ----------
    district, picked : views of the chosen district and of the chosen sector or cell (or None)
    """
    cause = st.session_state.pop("camera_cause", "link" if "camera" not in st.session_state else "")
    if cause == "list" or cause == "link":
        st.session_state["camera"] = picked or district
    elif cause in ("kabupaten", "kecamatan"):
        st.session_state["camera"] = district
    return st.session_state["camera"]


def _percent(share: float) -> str:
    return f"{share * 100:g}"
