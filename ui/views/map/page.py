"""The main page: figures, map with legend, ranked list, details, weeks, downloads."""

from collections.abc import Callable, Sequence
from typing import Any

import h3
import pandas as pd
import streamlit as st

from ui import html, script, state, theme
from ui.map import deck, marks, proof, scene, telling
from ui.map.history import last_week, spans
from ui.map.scene import Scene
from ui.views.handed import Drawing, Papers, Seen, Voice
from ui.views.map import (
    area,
    details,
    downloads,
    filters,
    layers,
    legend,
    monday,
    search,
    sectors,
    timeline,
    tour,
)
from ui.words import expected, number, percent, t, weeks

MAP_HEIGHT = 540


def show(
    seen: Seen, selection: state.Selection, look: theme.Palette, papers: Papers, voice: Voice,
    drawing: Drawing,
) -> None:  # fmt: skip
    """Draw the page.

    Parameters
    ----------
    seen : what the viewer may see: frames, places, options, scene(selection)
    selection : what was chosen
    look : colours of the page
    papers : makes the files a person takes away
    voice : what the viewer may say against a score
    drawing : areas that the viewer draws
    """
    lang = selection.lang
    filters.show(seen.meta, selection, seen.options, seen.places)
    drawn = seen.scene(selection)
    if drawn.table.empty:
        st.info(t("state.empty_district", lang))
        return
    key = f"{seen.mark}|{selection.figures}"
    with st.container(key="bar", horizontal=True, vertical_alignment="center"):
        filters.show_chosen(seen.meta, selection, seen.options, seen.places)
        search.show(seen, selection)
    line, cards = _facts_html(key, look.dark, drawn, selection, look)
    st.html(line)
    with st.container(key="panes"):
        left, right = st.columns([2.1, 1], gap="small")
    looked = area.look_up(drawing, selection)
    with left:
        show_map(seen, drawn, selection, look, looked.layers(look),
                 lambda: area.take_click(drawing, drawn))  # fmt: skip
    with right, st.container(key="drawer"):
        tour.show(lang)
        above = st.container(key="area") if selection.area else None
        week = st.container(key="monday")
        with above or st.container(key="area"):
            area.show(drawing, looked, drawn.meta, selection, look)
        sectors.show(key, drawn, selection, papers)
        details.show(drawn, selection, look, voice)
    with st.container(key="later"):
        st.html(cards)
        timeline.show(seen, drawn, selection, look)
        downloads.show(papers, selection)
    with week:  # last, so that nobody waits for the earlier assessment before he sees the map
        monday.show(seen.mark, papers, selection)


@st.cache_resource(max_entries=256, show_spinner=False)
def _facts_html(
    key: str, dark: bool, _told: Scene, _selection: state.Selection, _look: theme.Palette
) -> tuple[str, str]:
    """The figures in one line, and the same with every remark."""
    facts = _facts(_told, _selection)
    short = [(label, figure, remark, help_) for label, figure, remark, help_ in facts]
    ends = telling.total(_told.total, _selection.lang)[0]
    short[0] = (short[0][0], f"{short[0][1]} ({ends})", *short[0][2:])
    return html.line(short, _look), html.facts(facts, _look)


def _facts(drawn: Scene, selection: state.Selection) -> list[tuple[str, str, str, str]]:
    lang, table = selection.lang, drawn.table
    risk = drawn.total.risk
    remark = ", ".join(telling.total(drawn.total, lang))
    if proof.is_corrected(drawn.meta):
        remark = f"{remark}, {t('fact.unrecorded', lang)}"
    hot = drawn.sector_of > 0
    hot_cells = table[table["cell"].isin(drawn.sector_of.index[hot])]
    share = hot_cells["risk"].sum() / risk if risk else 0
    blind = table.loc[~table["observed"], "area_km2"].sum() / table["area_km2"].sum()
    now, before = spans(drawn.history, "weight", last_week(drawn.meta), 12)
    return [
        (
            t("fact.expected", lang, weeks=weeks(drawn.meta, selection.horizon, lang)),
            f"{expected(risk, lang)} {t('unit.risk', lang)}",
            remark,
            t("fact.expected_help", lang),
        ),
        (
            t("fact.hotspots", lang),
            t("fact.hotspots_value", lang, cells=number(hot.sum(), lang),
              km2=number(hot_cells["area_km2"].sum(), lang)),
            t("fact.hotspots_share", lang, share=percent(share, lang)),
            t("fact.hotspots_help", lang),
        ),
        (
            t("fact.unobserved", lang),
            t("fact.unobserved_value", lang, share=percent(blind, lang)),
            t("fact.unobserved_hot", lang, n=number((~hot_cells["observed"]).sum(), lang)),
            t("fact.unobserved_help", lang),
        ),
        (
            *telling.recorded(drawn.history, now, before, lang),
        ),
    ]  # fmt: skip


def show_map(
    seen: Seen, drawn: Scene, selection: state.Selection, look: theme.Palette,
    more: Sequence[dict[str, Any]] = (), clicked: Callable[[], None] | None = None,
) -> None:  # fmt: skip
    """The map with its scale on it, and under it what the marks mean.

    Parameters
    ----------
    seen : what the viewer may see
    drawn : what the selection shows
    selection : what was chosen
    look : colours of the page
    more : layers above the cells and below the names
    clicked : takes a click; by default it chooses a cell
    """
    scale, signs = legend.read(f"{seen.mark}|{selection.figures}", drawn, selection, look)
    with st.container(key="mapbox"):
        draw(seen, drawn, selection, look, more, clicked)
        with st.container(key="scale"):
            st.html(scale)
    st.html(signs)
    st.html(script.said(_said(drawn, selection)))


def _said(drawn: Scene, selection: state.Selection) -> str:
    """What a screen reader hears of what is chosen; "" where nothing is."""
    lang = selection.lang
    part = drawn.everywhere[drawn.everywhere["cell"].isin(details.chosen_cells(drawn, selection))]
    if part.empty:
        return ""
    if selection.cell:
        name = t("detail.cell", lang, name=str(part["place"].iloc[0]))
    else:
        name = details.sector_title(drawn, selection)[1]
    return t("map.said", lang, name=name, n=expected(part["risk"].sum(), lang))


def draw(
    seen: Seen, drawn: Scene, selection: state.Selection, look: theme.Palette,
    more: Sequence[dict[str, Any]] = (), clicked: Callable[[], None] | None = None,
) -> None:  # fmt: skip
    """The map itself, with all that was chosen on it.

    Parameters
    ----------
    seen : what the viewer may see
    drawn : what the selection shows
    selection : what was chosen
    look : colours of the page
    more : layers above the cells and below the names
    clicked : takes a click; by default it chooses a cell
    """
    lang, chosen, ground = selection.lang, set(selection.layers), seen.ground
    numbers = scene.number_kecamatan(drawn.everywhere)
    given = seen, selection, drawn, numbers, look
    stack = [*ground.below(look), *layers.cells(*given)]
    if layers.is_fine(selection):
        stack += layers.fine(seen, selection, drawn, look)
    stack += ground.lines(look)
    if "hotspots" in chosen:
        stack += layers.outlines(*given)
    if "patrols" in chosen:
        stack += layers.patrols(*given)
    if "posts" in chosen:
        stack += ground.post_marks(look)
    stack += marks.contested_layers(
        [
            (deck.outline(cells), *h3.cell_to_latlng(cells[0]))
            for cells in drawn.contested_cells().values()
        ],
        look,
    )
    if "records" in chosen:
        stack += layers.records(*given)
    picked = drawn.cells_of(selection.sector) if selection.sector else []
    near = [selection.cell] if selection.cell else picked
    if picked:
        rings = deck.outline(picked)
        stack += deck.chosen_layers(rings, look)
    if selection.cell:
        stack += deck.chosen_layers(deck.outline([selection.cell]), look, "cell")
        stack += details.record_marks(drawn, [selection.cell], look)
    if (target := search.target(seen, lang)) and near:
        stack += _measured(near[0] if selection.cell else selection.sector, target, lang, look)
    stack += more
    if "names" in chosen:
        stack += ground.names(look)
    if picked:
        stack.append(deck.chosen_name(rings, details.sector_title(drawn, selection)[1], look))
    size = (340, 390) if state.on_phone() else (760, 420)
    home = deck.View.around(*_worth_seeing(drawn, selection), *size)
    whole = deck.View.around(drawn.table["lat"], drawn.table["lon"], *size)
    close = None
    if near:
        spot = drawn.everywhere[drawn.everywhere["cell"].isin(near)]
        close = deck.View.around(spot["lat"], spot["lon"], *size, most=10.4)
    view = state.camera(home, close, whole)
    quantity = theme.QUANTITIES[selection.quantity]
    views = layers.deck_views(seen.options.horizons)
    at = next(i for i, (key, weeks_) in enumerate(views)
              if key == quantity.key and weeks_ in (0, selection.horizon))  # fmt: skip
    unit = "" if quantity.levels else t(quantity.unit, lang)
    tooltip = f"{{n}}\n{t(quantity.label, lang)}: {{v{at}}} {unit}\n{{s}}"
    st.pydeck_chart(
        deck.Deck(deck.spec(stack, view, look), tooltip),
        height=MAP_HEIGHT,
        key="map",
        on_select=clicked or (lambda: state.pick_from_map(drawn.top_cell)),
        selection_mode="single-object",
        alt=t(
            "map.alt", lang, area=drawn.meta.get("area", ""), quantity=t(quantity.label, lang),
            weeks=weeks(drawn.meta, selection.horizon, lang), n=len(drawn.sectors),
        ),
    )  # fmt: skip


def _measured(
    cell: str, target: tuple[float, float], lang: str, look: theme.Palette
) -> list[dict[str, Any]]:
    """The line from the chosen cell to the place it is measured to."""
    here = h3.cell_to_latlng(cell)
    far = number(h3.great_circle_distance(here, target, "km"), lang, 1)
    ends = [[round(lon, 5), round(lat, 5)] for lat, lon in (here, target)]
    return marks.measure_layers(ends, f"{far} km", look)


def _worth_seeing(drawn: Scene, selection: state.Selection) -> tuple[pd.Series, pd.Series]:
    """A chosen district whole; of the whole area the hotspots, or where risk is highest."""
    table = drawn.table
    if not selection.kabupaten:
        hot = table[table["cell"].isin(drawn.sector_of.index[drawn.sector_of > 0])]
        table = hot if len(hot) else table.nlargest(50, "risk")
    return table["lat"], table["lon"]
