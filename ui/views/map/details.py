"""One cell or sector in words: risk, reasons, records, effort."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ui import charts, html, state, theme
from ui.map import deck, marks, scene, telling
from ui.map.history import records_of, weekly
from ui.map.scene import Scene
from ui.views.handed import Voice
from ui.views.map import contested
from ui.words import NOTHING, date, expected, has, number, percent, t, weeks
from ui.words.names import dms, full

#: records of a place that are listed, newest first
RECORDS = 500


def show(drawn: Scene, selection: state.Selection, look: theme.Palette, voice: Voice) -> None:
    """The details of the chosen cell, else of the chosen sector, else a hint.

    Parameters
    ----------
    drawn : what the selection shows
    selection : what was chosen
    look : colours of the page
    voice : what the viewer may say against a score
    """
    lang = selection.lang
    cells = chosen_cells(drawn, selection)
    if not cells:
        st.html(html.scoped(f'<p class="kr-muted">{t("detail.none", lang)}</p>', look))
        return
    part = drawn.everywhere[drawn.everywhere["cell"].isin(cells)]
    with st.container(border=True, key="details"):
        _show_title(drawn, selection, part)
        _show_risk(drawn, selection, part, look)
        contested.show(drawn, selection, part, voice)
        _show_reasons(drawn, selection, part)
        _show_records(drawn, part, lang)
        _show_effort(drawn, part, lang, look)


def chosen_cells(drawn: Scene, selection: state.Selection) -> list[str]:
    """The chosen cell alone, else the cells of the chosen sector."""
    if selection.cell:
        return [selection.cell]
    return drawn.cells_of(selection.sector) if selection.sector else []


def record_marks(drawn: Scene, cells: Sequence[str], look: theme.Palette) -> list[dict[str, Any]]:
    """Map layers of the records of some cells, each drawn as precisely as it is known.

    Parameters
    ----------
    drawn : what the selection shows
    cells : H3 ids
    look : colours of the page
    """
    records = records_of(drawn.events, drawn.table, cells)
    if records.empty or "lat" not in records:
        return []
    exact = records[records["geo_precision"].isin(["gps", "landmark"])].dropna(subset=["lat"])
    spots = pd.DataFrame(
        {
            "lat": exact["lat"].astype(float),
            "lon": exact["lon"].astype(float),
            "p": exact["geo_precision"],
            "u": (exact["uncertainty_km"].fillna(0.1) * 1000).astype(float),
        }
    )
    vague = records["geo_precision"] == "desa"
    home = drawn.table.loc[drawn.table["cell"].isin(cells), "desa_code"]
    spread = drawn.table.loc[drawn.table["desa_code"].isin(home), "cell"].tolist()
    rings = deck.outline(spread) if vague.any() else []
    return marks.record_layers(deck.points(spots), rings, look)


def sector_title(drawn: Scene, selection: state.Selection) -> tuple[int, str]:
    """Place of the chosen sector in the list, from 0 on, and its number with its name."""
    at = drawn.sectors["cell"].tolist().index(selection.sector)
    return at, f"{at + 1} · {full(drawn.sectors.iloc[at], selection.lang)}"


def _show_title(drawn: Scene, selection: state.Selection, part: pd.DataFrame) -> None:
    lang = selection.lang
    first = part.sort_values("risk", ascending=False).iloc[0]
    where = drawn.places.where(first["kecamatan_code"], first["kabupaten_code"])
    area = number(part["area_km2"].sum(), lang, 1)
    if selection.cell:
        title = t("detail.cell", lang, name=first["place"])
        border = first["dist_border_km"]
        key = "detail.place_cell_plain" if pd.isna(border) else "detail.place_cell"
        place = t(key, lang, where=where, border=number(border, lang, 1), area=area)
    else:
        at, name = sector_title(drawn, selection)
        title = t("detail.sector", lang, rank=at + 1, name=name.partition(" · ")[2])
        place = t("detail.place_sector", lang, where=where, cells=len(part), area=area)
        place = " · ".join(filter(None, [place, _ground(drawn.sectors.iloc[at], lang)]))
    with st.container(horizontal=True, vertical_alignment="top"):
        st.subheader(title, anchor=False)
        st.button(
            t("detail.clear", lang), icon=":material/close:", type="tertiary",
            on_click=state.keep, kwargs={"cell": "", "sector": ""}, key="clear",
        )  # fmt: skip
    st.caption(place)
    if selection.cell:
        _show_coordinates(float(first["lat"]), float(first["lon"]), lang)


def _show_coordinates(lat: float, lon: float, lang: str) -> None:
    """The middle of the cell, in degrees and in minutes and seconds, each with a way to copy."""
    st.code(f"{lat:.5f}, {lon:.5f}\n{dms(lat, lon, lang)}", language=None)


def _ground(sector: pd.Series, lang: str) -> str:
    """How a sector lies on the hexagons of a plan, and what it was called last week."""
    lines = [t("detail.in_plan", lang, codes=sector["plan_codes"])]
    if sector["was_code"] not in ("", sector["sector_code"]):
        lines.append(t("detail.was_code", lang, code=sector["was_code"]))
    return " · ".join(lines)


def _show_risk(
    drawn: Scene, selection: state.Selection, part: pd.DataFrame, look: theme.Palette
) -> None:
    lang = selection.lang
    risk = part["risk"].sum(min_count=1)
    whole = drawn.sectors[drawn.sectors["cell"] == selection.sector] if len(part) > 1 else part
    lo, hi = (whole[name].sum(min_count=1) for name in ("lo", "hi"))
    level = int(theme.classify(part["risk"], list(drawn.risk_breaks)).max())
    fill = theme.ramp(theme.QUANTITIES["risk"], look.dark)[level]
    ink = max(((15, 15, 18), (255, 255, 255)), key=lambda one: theme.contrast(one, fill))
    figure = f'<span class="kr-big">{expected(risk, lang)}</span>'
    words = html.plain(t("detail.expected", lang, weeks=weeks(drawn.meta, selection.horizon, lang)))
    level_chip = html.chip(t(f"class.{theme.CLASSES[level]}", lang), fill, ink)
    st.html(html.chips([figure, words, level_chip], look))
    if risk < 0.001:
        lines = [t("detail.tiny", lang)]
    else:
        chance = percent(scene.chance(risk), lang)
        ends = {"lo": expected(lo, lang), "hi": expected(hi, lang)}
        lines = [t("detail.interval", lang, chance=chance, **ends)]
        lines.append(telling.change(risk, part["previous"].sum(min_count=1), lang))
    if "doubt" in part and part["risk"].sum() > 0:
        doubt = part.groupby(part["doubt"].astype("str"))["risk"].sum().idxmax()
        lines += [t(f"detail.wide_{doubt}", lang)] if has(f"detail.wide_{doubt}") else []
    st.markdown(" ".join(lines))
    trend = part.sort_values("risk", ascending=False)["trend"].iloc[0] if "trend" in part else ""
    if has(f"trend.{trend}"):
        st.caption(t("detail.trend", lang, trend=t(f"trend.{trend}", lang)))
    seen = part["observed"].mean()
    if seen == 0:
        st.warning(t("detail.unobserved", lang), icon=":material/visibility_off:")
    elif seen < scene.SELDOM:
        share = percent(seen, lang)
        st.warning(t("detail.partly", lang, share=share), icon=":material/visibility_off:")


def _show_reasons(drawn: Scene, selection: state.Selection, part: pd.DataFrame) -> None:
    lang = selection.lang
    n = len(part)
    head = "detail.reasons_cell" if selection.cell else "detail.reasons_sector"
    st.markdown(f"**{t(head, lang, n=number(n, lang))}**")
    found = telling.reasons(drawn.reasons, part, selection.horizon)
    if found.empty:
        st.caption(t("detail.no_reasons", lang))
        return
    st.html(html.bullet_list(telling.reason_lines(found, lang, n)))
    notes = ["factor_note", *(["factor_sector"] if n > 1 else [])]
    notes += ["fraction"] if telling.has_fraction(found) else []
    st.caption(" ".join(t(f"detail.{note}", lang) for note in notes))


def _show_records(drawn: Scene, part: pd.DataFrame, lang: str) -> None:
    if drawn.meta.get("tier", "restricted") != "restricted":
        st.caption(t("detail.records_hidden", lang))
        return
    records = records_of(drawn.events, drawn.table, part["cell"].tolist())
    st.markdown(f"**{t('detail.records', lang, n=number(len(records), lang))}**")
    if records.empty:
        st.caption(t("detail.no_records", lang))
        return
    last = records.head(RECORDS)
    persons = [number(n, lang) if pd.notna(n) else NOTHING for n in last["n_persons"]]
    rows = pd.DataFrame(
        {
            t("record.date", lang): [date(when, lang) for when in last["event_start"]],
            t("record.type", lang): [drawn.places.label(c, lang) for c in last["event_type"]],
            t("record.agency", lang): [drawn.places.label(c, lang) for c in last["source_agency"]],
            t("record.precision", lang): [
                t(f"precision.{code}", lang) for code in last["geo_precision"]
            ],
            t("record.persons", lang): persons,
            t("record.id", lang): last["event_id"].tolist(),
        }
    )
    st.dataframe(
        rows, hide_index=True, row_height=30, height=min(210, 38 + 30 * len(rows)), key="records"
    )


def _show_effort(drawn: Scene, part: pd.DataFrame, lang: str, look: theme.Palette) -> None:
    st.markdown(f"**{t('detail.effort', lang)}**")
    inside = set(part["cell"])
    effort = drawn.effort[drawn.effort["cell"].isin(inside)]
    history = drawn.history[drawn.history["cell"].isin(inside)]
    shown = weekly(history, effort, pd.Timestamp(drawn.meta["cutoff"]))
    if not scene.sees_effort(drawn.meta):
        st.caption(t("why.effort", lang))
        return
    if not shown["hours"].sum() and not shown["hours_hidden"].any():
        st.caption(t("detail.no_effort", lang))
        return
    for spec in charts.weeks_specs(shown, lang, look, height=64, brush=False, named=False):
        st.vega_lite_chart(spec)
    st.caption(t("detail.effort_note", lang))
    last = part["weeks_since_visit"].min()
    if pd.notna(last):
        st.caption(t("detail.last_visit", lang, n=number(last, lang)))
