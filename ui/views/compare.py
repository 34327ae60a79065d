"""Two assessments side by side: what each said, and where they differ; or two maps of one."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ui import html, state, theme
from ui.map import picture, scene, telling
from ui.rows import each_row
from ui.views import two
from ui.views.handed import Seen
from ui.words import expected, length, moment, number, short_date, signed, t, weeks

SIZE = (430.0, 320.0)
LISTED = 12


def show(
    seen: Seen,
    selection: state.Selection,
    listed: pd.DataFrame,
    load: Callable[[str], Seen],
    look: theme.Palette,
) -> None:
    """Choose the other assessment; three maps on one scale, sectors that moved most.

    Parameters
    ----------
    seen : what the viewer may see of the assessment that is shown
    selection : what was chosen
    listed : assessments, newest first: id, created_at, cutoff
    load : id -> the same viewer's view of that assessment
    look : colours of the page
    """
    lang = selection.lang
    what = two.chosen(lang)
    if what != two.WHATS[0]:
        two.show(what, seen, selection, look)
        return
    others = listed[listed["id"] != seen.meta["id"]]
    if others.empty:
        st.info(t("compare.none", lang))
        return
    names = {
        row.id: f"{short_date(row.cutoff, lang)} · {moment(row.created_at, lang)}"
        for row in each_row(others)
    }
    chosen = _choose(names, _usual(others, seen.meta["cutoff"]), seen, selection)
    other = load(chosen)
    if selection.horizon not in other.options.horizons:
        st.info(t("compare.no_horizon", lang))
        return
    table = scene.both(seen.cells(selection.horizon, "all"), other.cells(selection.horizon, "all"))
    table = scene.in_district(table, selection.kabupaten, selection.kecamatan)
    mark = f"{seen.mark}|{chosen}|{selection.horizon}|{selection.kabupaten}|{selection.kecamatan}"
    pictures, limits = _pictures(mark, table, seen)
    titles = _titles(other.meta, seen.meta, lang)
    sums = (table["other"].sum(), table["risk"].sum(), (table["risk"] - table["other"]).sum())
    # each map bears the days that it was computed for
    spans = [weeks(one, selection.horizon, lang) for one in (other.meta, seen.meta)]
    spans.append(length(selection.horizon, lang))
    for column, title, image, total, days in zip(
        st.columns(3), titles, pictures, sums, spans, strict=True
    ):
        with column:
            st.markdown(f"**{title}**")
            said = signed(total, lang) if title == titles[-1] else expected(total, lang)
            st.image(image, alt=title, caption=f"{said} {t('unit.risk', lang)}, "
                     f"{days}")  # fmt: skip
    _show_legends(limits, lang, look)
    _show_versions(seen, other, lang)
    _show_moved(table, seen, lang)


def _titles(then: Mapping[str, Any], now: Mapping[str, Any], lang: str) -> list[str]:
    """What stands over the three maps. If both know the same data, the time of computing tells
    them apart."""
    same = then["cutoff"] == now["cutoff"]
    if same:
        words, dates = (
            ("compare.before_made", "compare.now_made"),
            [moment(one["created_at"], lang) for one in (then, now)],
        )
    else:
        words, dates = (
            ("compare.before", "compare.now"),
            [short_date(one["cutoff"], lang) for one in (then, now)],
        )
    titles = [t(word, lang, date=date) for word, date in zip(words, dates, strict=True)]
    return [*titles, t("compare.change", lang)]


def _usual(others: pd.DataFrame, cutoff: str) -> int:
    """Which one is compared with at first: the newest of those with older data, else the newest."""
    older = (pd.to_datetime(others["cutoff"]) < pd.Timestamp(cutoff)).to_numpy()
    return int(older.argmax()) if older.any() else 0


def _choose(names: dict[str, str], first: int, seen: Seen, selection: state.Selection) -> str:
    """The other assessment, the weeks ahead and the district; gives the id of the other."""
    lang, options, places = selection.lang, seen.options, seen.places.kabupaten
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("compare.other", lang), list(names), index=first,
            format_func=lambda one: names[one],
            key="compare_with", help=t("compare.other_help", lang), width=380,
        )  # fmt: skip
        st.selectbox(
            t("choose.kabupaten", lang),
            ["", *options.kabupaten],
            format_func=lambda code: (
                places.get(code, code) if code else t("choose.everywhere", lang)
            ),
            width=240,
            **state.bound("kabupaten", selection.kabupaten, options),
        )
        st.segmented_control(
            t("choose.length", lang), options.horizons, required=True,
            format_func=lambda n: length(n, lang),
            **state.bound("horizon", selection.horizon, options),
        )  # fmt: skip
    return chosen


def _show_legends(limits: tuple[list[float], list[float]], lang: str, look: theme.Palette) -> None:
    """The scale of the two maps and that of their difference, below the maps."""
    left, right = st.columns([2, 1])
    for column, key, breaks in ((left, "risk", limits[0]), (right, "change", limits[1])):
        quantity = theme.QUANTITIES[key]
        entries = [
            (colour, *telling.class_label(quantity, place, breaks, lang))
            for place, colour in enumerate(theme.ramp(quantity, False))
        ]
        signs = [("watched", t("legend.watched", lang), "")] if column is left else []
        with column:
            name = quantity.label if key == "risk" else "compare.change"
            st.html(html.legend(t(name, lang), entries, signs, look))


@st.cache_resource(max_entries=24, show_spinner=True)
def _pictures(
    mark: str, _table: pd.DataFrame, _seen: Seen
) -> tuple[list[bytes], tuple[list[float], list[float]]]:
    """The three pictures, and the class limits of risk and of its change."""
    risk, change = theme.QUANTITIES["risk"], theme.QUANTITIES["change"]
    same = theme.find_breaks(risk, _table["risk"])
    window = _table[_table["risk"] >= same[1]]
    window = window if len(window) else _table
    frame = picture.Frame.around(window["lat"], window["lon"], *SIZE)
    moved = _table["risk"] - _table["other"]
    apart = theme.find_breaks(change, moved)
    views = (
        (risk, theme.classify(_table["other"], same)),
        (risk, theme.classify(_table["risk"], same)),
        (change, theme.classify(moved, apart)),
    )
    drawn = [
        picture.as_png(
            picture.draw_map(_table, classes, theme.ramp(quantity, False), frame,
                             _seen.base.layers)
        )
        for quantity, classes in views
    ]  # fmt: skip
    return drawn, (same, apart)


def _show_versions(seen: Seen, other: Seen, lang: str) -> None:
    rows = {
        t("compare.field", lang): [t(f"compare.{name}", lang) for name in
                                   ("id", "data_version", "model_version", "settings_version")],
        t("compare.then", lang): [str(other.meta.get(name, "")) for name in
                                  ("id", "data_version", "model_version", "settings_version")],
        t("compare.today", lang): [str(seen.meta.get(name, "")) for name in
                                   ("id", "data_version", "model_version", "settings_version")],
    }  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _show_moved(table: pd.DataFrame, seen: Seen, lang: str) -> None:
    st.subheader(t("compare.moved", lang), anchor="desa")
    table = table.assign(moved=table["risk"] - table["other"])
    sums = table.groupby("place", as_index=False).agg(
        kecamatan=("kecamatan_code", "first"), risk=("risk", "sum"),
        other=("other", "sum"), moved=("moved", "sum"),
    )  # fmt: skip
    if sums["moved"].abs().max() < 0.001:
        st.info(t("compare.same", lang))
        return
    sums = sums.sort_values("moved", key=lambda column: -column.abs()).head(LISTED)
    rows = {
        t("compare.village", lang): [
            f"{place}, {seen.places.kecamatan.get(code, code)}"
            for place, code in zip(sums["place"], sums["kecamatan"], strict=True)
        ],
        t("compare.then", lang): [expected(value, lang) for value in sums["other"]],
        t("compare.today", lang): [expected(value, lang) for value in sums["risk"]],
        t("compare.difference", lang): [signed(value, lang) for value in sums["moved"]],
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, height=38 + 35 * len(sums))
    st.caption(t("compare.note", lang, n=number(len(table), lang)))
