"""The commander's page: one district against last time and against the province."""

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from ui import charts, html, state, theme
from ui.map import proof, scene, telling
from ui.map.history import last_week, quarter_told, spans, weekly
from ui.map.scene import Scene
from ui.rows import each_row
from ui.views.desk import plain_text
from ui.views.handed import Papers, Seen, Voice
from ui.views.map import details, page
from ui.words import and_more, expected, number, percent, short_date, t, weeks
from ui.words.names import fulls

#: weeks that are compared with as many before them
SPAN = 4
MOST_SECTORS = 12
#: places without a patrol that are named
GAPS_NAMED = 12


def show(
    seen: Seen, selection: state.Selection, look: theme.Palette, papers: Papers, voice: Voice
) -> None:
    """Choose a district; figures, sectors, posts and patrols, gaps; link and files.

    Parameters
    ----------
    seen : what the viewer may see
    selection : what was chosen
    look : colours of the page
    papers : makes the files a person takes away
    voice : what the viewer may say against a score
    """
    lang = selection.lang
    if home := seen.places.where(*seen.options.own(selection)):
        st.header(plain_text(home), anchor="wilayah-saya")
    _choose(seen, selection)
    drawn = seen.scene(selection)
    if drawn.table.empty:
        st.info(t("state.empty_district", lang))
        return
    st.html(html.facts(_facts(drawn, seen, selection), look))
    _show_files(selection, papers)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        page.show_map(seen, drawn, selection, look)
        _show_weeks(drawn, lang, look)
    with right:
        _show_sectors(drawn, selection)
        if selection.cell or selection.sector:
            details.show(drawn, selection, look, voice)
        _show_gaps(drawn, lang)
        _show_posts(drawn, seen, lang)
    _show_orders(papers, selection)
    _show_link(selection, seen.options)


def _choose(seen: Seen, selection: state.Selection) -> None:
    lang, options = selection.lang, seen.options
    inside = [
        code
        for code, home in options.kecamatan.items()
        if not selection.kabupaten or home == selection.kabupaten
    ]
    inside.sort(key=lambda code: seen.places.kecamatan.get(code, code))
    names: tuple[tuple[str, Sequence[str], Mapping[str, str], str], ...] = (
        ("kabupaten", options.kabupaten, seen.places.kabupaten, "choose.everywhere"),
        ("kecamatan", inside, seen.places.kecamatan, "choose.all_kecamatan"),
    )
    if len(options.kabupaten) == 1:
        names = names[1:]  # there is nothing to choose
    for column, (field, codes, called, everything) in zip(
        st.columns(len(names), gap="small"), names, strict=True
    ):
        with column:
            st.selectbox(
                t(f"choose.{field}", lang),
                ["", *codes],
                format_func=partial(_place_name, called, t(everything, lang)),
                **state.bound(field, getattr(selection, field), options),
            )


def _place_name(called: Mapping[str, str], everything: str, code: str) -> str:
    """What a region is called; the whole of them where none is chosen."""
    return called.get(code, code) if code else everything


def _facts(drawn: Scene, seen: Seen, selection: state.Selection) -> list[tuple[str, str, str, str]]:
    lang, table, whole = selection.lang, drawn.table, drawn.everywhere
    risk, all_risk = drawn.total.risk, whole["risk"].sum()
    area, all_area = table["area_km2"].sum(), whole["area_km2"].sum()
    last = last_week(drawn.meta)
    frames = seen.frames
    seen_effort = scene.sees_effort(drawn.meta)
    mine = [spans(rows, column, last, SPAN, open_) for rows, column, open_ in
            ((drawn.history, "weight", True), (drawn.effort, "minutes", seen_effort))]  # fmt: skip
    theirs = [spans(rows, column, last, SPAN, open_) for rows, column, open_ in
              ((scene.of_group(scene.rows_in_district(frames["history"], "", ""), selection.group),
                "weight", True),
               (frames["effort"], "minutes", seen_effort))]  # fmt: skip
    blind = table.loc[~table["observed"], "area_km2"].sum() / area
    all_blind = whole.loc[~whole["observed"], "area_km2"].sum() / all_area
    part = len(table) < len(whole)  # of the province, or of all that the viewer may see
    interval, change = telling.total(drawn.total, lang)
    share = t("unit_page.share", lang, risk=percent(risk / all_risk if all_risk else 0, lang),
              area=percent(area / all_area, lang))  # fmt: skip
    unrecorded = t("fact.unrecorded", lang) if proof.is_corrected(drawn.meta) else ""
    facts = [
        (
            t("fact.expected", lang, weeks=weeks(drawn.meta, selection.horizon, lang)),
            f"{expected(risk, lang)} {t('unit.risk', lang)} ({interval})",
            " · ".join(filter(None, [change, share if part else "", unrecorded])),
            t("fact.expected_help", lang),
        )
    ]
    for name, (now, before), (all_now, all_before), scale in zip(
        ("records", "hours"), mine, theirs, (1.0, 1 / 60), strict=True
    ):
        unit_ = "" if now.unknown else f" {t(f'unit_page.{name}_unit', lang)}"
        figure = now.say(lang, scale=scale) + unit_
        sums = {"before": before, "now": all_now, "was": all_before}
        told_of = {key: value.say(lang, scale=scale) for key, value in sums.items()}
        rest = t("unit_page.against" if part else "unit_page.before", lang, **told_of)
        title, help_ = t(f"unit_page.{name}", lang), t(f"unit_page.{name}_help", lang)
        if name == "records" and quarter_told(drawn.history) is not None:
            title, _, _, help_ = telling.recorded(drawn.history, now, before, lang)
        facts.append((title, figure, rest, help_))
    facts.append(
        (
            t("fact.unobserved", lang),
            t("fact.unobserved_value", lang, share=percent(blind, lang)),
            t("unit_page.whole", lang, share=percent(all_blind, lang)) if part else "",
            t("fact.unobserved_help", lang),
        )
    )
    return facts


def _show_sectors(drawn: Scene, selection: state.Selection) -> None:
    lang = selection.lang
    st.subheader(t("list.title", lang), anchor="sektor")
    if drawn.sectors.empty:
        st.info(telling.empty(drawn, selection.horizon, lang))
        return
    shown = drawn.sectors.head(MOST_SECTORS)
    rows = [
        {
            t("list.sector", lang): f"{'▶ ' if row.cell == selection.sector else ''}{rank} · "
            f"{name}",
            t("list.expected", lang): expected(row.risk, lang),
            t("list.interval", lang): f"{expected(row.lo, lang)}–{expected(row.hi, lang)}",
            t("list.status", lang): t(f"status.{row.status}", lang),
            t("list.watched", lang): telling.watched(row._asdict(), lang),
        }
        for rank, (name, row) in enumerate(
            zip(fulls(shown, lang), each_row(shown), strict=True), start=1
        )
    ]
    key, order = f"unit_{state.list_key()}", shown["cell"].tolist()
    st.dataframe(
        pd.DataFrame(rows), key=key, hide_index=True, height=min(38 + 35 * len(rows), 320),
        on_select=lambda: state.pick_from_list(key, order), selection_mode="single-cell",
        alt=t("list.alt", lang),
    )  # fmt: skip


def _show_weeks(drawn: Scene, lang: str, look: theme.Palette) -> None:
    st.subheader(t("chart.title", lang), anchor="pekan")
    table = weekly(drawn.history, drawn.effort, pd.Timestamp(drawn.meta["cutoff"]))
    for spec in charts.weeks_specs(table, lang, look, height=84, brush=False):
        st.vega_lite_chart(spec)
    st.caption(t("chart.note" if quarter_told(drawn.history) is None else "chart.quarters",
                 lang))  # fmt: skip


def _show_gaps(drawn: Scene, lang: str) -> None:
    st.subheader(t("unit_page.gaps", lang), anchor="celah")
    if not scene.sees_effort(drawn.meta):  # where patrols do not go is as telling as where they do
        st.caption(t("why.effort", lang))
        return
    lines = []
    table = drawn.table
    for code, part in table.groupby(table["kecamatan_code"].astype("str")):
        if not part["observed"].any() and code:
            name = drawn.places.kecamatan.get(str(code), str(code))
            lines.append((part["risk"].sum(), name))
    if lines:
        names = and_more([name for _, name in sorted(lines, reverse=True)], GAPS_NAMED, lang)
        st.markdown(t("unit_page.gap_kecamatan", lang, n=number(len(lines), lang), names=names))
    hot = table[table["cell"].isin(drawn.sector_of.index[drawn.sector_of > 0])]
    blind = hot[~hot["observed"]].sort_values("risk", ascending=False)
    if len(blind):
        names = and_more(blind["place"].drop_duplicates().tolist(), GAPS_NAMED, lang)
        st.markdown(t("unit_page.gap_hotspots", lang, n=number(len(blind), lang), names=names))
    if len(drawn.history) and "week_last" not in drawn.history:
        last = drawn.history["week"].max()
        st.markdown(t("unit_page.gap_last", lang, week=short_date(last, lang)))
    if not lines and not len(blind):
        st.success(t("unit_page.gap_none", lang))


def _show_posts(drawn: Scene, seen: Seen, lang: str) -> None:
    st.subheader(t("unit_page.posts", lang), anchor="pos")
    posts = scene.posts_of(seen.base.tables.get("posts"), drawn.table)
    if posts.empty:
        st.caption(t("unit_page.no_posts", lang))
        return
    rows = {
        t("unit_page.post", lang): posts["name"],
        t("unit_page.near_hours", lang): [v.say(lang, 1, 1 / 60) for v in posts["minutes"]],
        t("unit_page.near_risk", lang): [expected(v, lang) for v in posts["risk"]],
        t("unit_page.precision", lang): [f"±{number(v, lang, 1)} km"
                                         for v in posts["uncertainty_km"]],
    }  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, height=min(38 + 35 * len(posts), 260))
    st.caption(t("unit_page.near_note", lang, km=number(scene.NEAR_KM, lang)))


def _show_orders(papers: Papers, selection: state.Selection) -> None:
    """The orders of the week in this district, as far as the viewer may see them."""
    for title, heads, rows in papers.orders(selection):
        st.subheader(plain_text(title), anchor="perintah")
        table = pd.DataFrame(rows, columns=list(heads))
        st.dataframe(table, hide_index=True, height=min(38 + 35 * len(table), 420))


def _show_files(selection: state.Selection, papers: Papers) -> None:
    """What he takes along, above all else that needs scrolling."""
    lang = selection.lang
    with st.container(horizontal=True, gap="small", key="take"):
        kinds = (
            ("own", ".pdf", "application/pdf", lambda: papers.own(selection)),
            ("pack", ".html", "text/html", lambda: papers.district(selection)),
            ("gpx", ".gpx", "application/gpx+xml", lambda: papers.device("gpx", selection)),
            ("kml", ".kml", "application/vnd.google-earth.kml+xml",
             lambda: papers.device("kml", selection)),
        )  # fmt: skip
        for kind, suffix, mime, build in kinds:
            st.download_button(
                t(f"unit_page.{kind}", lang), data=state.file(build), mime=mime, on_click="ignore",
                file_name=papers.name("wilayah", suffix, selection), key=f"take_{kind}",
                icon=":material/download:", help=t(f"unit_page.{kind}_help", lang),
            )  # fmt: skip


def _show_link(selection: state.Selection, options: state.Options) -> None:
    st.markdown(t("unit_page.link", selection.lang))
    address = (st.context.url or "").split("?")[0]
    query = "&".join(f"{k}={v}" for k, v in selection.to_query(options).items())
    st.code(f"{address}?{query}" if query else address, language=None, wrap_lines=True)
