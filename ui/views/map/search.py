"""Finding a village, town or post by name, and measuring the way to one."""

import h3
import pandas as pd
import streamlit as st

from ui import state
from ui.views.handed import Seen
from ui.words import t
from ui.words.names import fulls


def show(seen: Seen, selection: state.Selection) -> None:
    """Two boxes: where the map goes, and to what the distance is measured."""
    lang = selection.lang
    places, names, marks = _places(seen.mark, seen, lang)
    with st.container(key="find", width=230):
        st.selectbox(
            t("search.find", lang),
            names,
            index=None,
            placeholder=t("search.find", lang),
            label_visibility="collapsed",
            key="find_place",
            on_change=_found,
            args=(places,),
        )
    with st.container(key="measure_box", width=180):
        st.selectbox(
            t("search.measure", lang),
            marks,
            index=None,
            placeholder=t("search.measure", lang),
            label_visibility="collapsed",
            key="measure_to",
            disabled=not (selection.cell or selection.sector),
        )


def target(seen: Seen, lang: str) -> tuple[float, float] | None:
    """Latitude and longitude of the place that distances are measured to."""
    name = st.session_state.get("measure_to")
    if name is None:
        return None
    places, *_ = _places(seen.mark, seen, lang)
    row = places[places["name"] == name]
    return (float(row["lat"].iloc[0]), float(row["lon"].iloc[0])) if len(row) else None


def _found(places: pd.DataFrame) -> None:
    name = st.session_state.get("find_place")
    row = places[places["name"] == name]
    if len(row):
        state.pick_place(row["cell"].iloc[0])


@st.cache_resource(max_entries=8, show_spinner=False)
def _places(mark: str, _seen: Seen, lang: str) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Named places and coded ground in cells the viewer may see, all their names, and the names
    of posts and towns.

    The table has name, lat, lon, cell, village (or post, town).
    """
    tables, names = _seen.base.tables, _seen.places
    some = next(iter(_seen.options.cells))
    parts = []
    if "posts" in tables:
        parts.append(tables["posts"][["name", "lat", "lon"]].assign(village=False))
    if "towns" in tables:
        parts.append(tables["towns"][["name", "lat", "lon"]].assign(village=False))
    if "desa" in tables:
        desa = tables["desa"]
        places = [f"{name} – Kec. {names.kecamatan.get(code, code)}" for name, code in
                zip(desa["desa"], desa["kecamatan_code"], strict=True)]  # fmt: skip
        parts.append(desa[["lat", "lon"]].assign(name=places, village=True))
    columns = ["name", "lat", "lon", "village"]
    table = pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)
    table["village"] = table["village"].astype(bool)
    table = table.dropna().drop_duplicates("name")
    sharp = h3.get_resolution(some)
    cells = [h3.latlng_to_cell(lat, lon, sharp) for lat, lon in zip(table["lat"], table["lon"],
             strict=True)]  # fmt: skip
    table = table.assign(cell=cells)
    table = table[table["cell"].isin(_seen.options.cells)]
    table = pd.concat([table, _ground(_seen, lang)], ignore_index=True)
    return table, table["name"].tolist(), table.loc[~table["village"], "name"].tolist()


def _ground(seen: Seen, lang: str) -> pd.DataFrame:
    """Every piece of ground that has a code, in the first of its cells."""
    cells = seen.frames["cells"][["cell", "lat", "lon"]].sort_values("cell")
    pieces = seen.piece_of.reindex(cells["cell"]).to_numpy()
    first = cells.assign(piece=pieces).drop_duplicates("piece").reset_index(drop=True)
    places = fulls(seen.pieces.loc[first["piece"]], lang)
    return first.assign(name=places, village=True)[["name", "lat", "lon", "village", "cell"]]
