"""The main page: figures, map with legend, ranked list, details, weeks, downloads."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from ui import charts, deck, html, scene, state, theme
from ui.ground import Ground
from ui.scene import Scene
from ui.transport import SHELF
from ui.views import details, downloads
from ui.words import expected, number, percent, signed, t, weeks

MAP_HEIGHT = 540
#: rows of the list; the files hold all sectors
LISTED = 60
FALLS = ("fall_much", "fall", "same", "rise", "rise_much")


def show(
    told: Scene, selection: state.Selection, look: theme.Palette, ground: Ground,
    layers: set[str], mark: str, everywhere: pd.DataFrame, csv: Callable[[pd.DataFrame], str],
) -> None:  # fmt: skip
    """Draw the page.

    Parameters
    ----------
    told : what was chosen; `everywhere` holds the cells of the whole area, for the map
    mark : names assessment and scope; addresses and caches depend on it
    csv : makes CSV text that is safe to open in a spreadsheet
    """
    lang = selection.lang
    if told.table.empty:
        st.info(t("state.empty_district", lang))
        return
    st.html(html.facts(_facts(told, selection), look))
    with st.container(key="panes"):
        left, right = st.columns([1.6, 1], gap="medium")
    with left:
        _show_map(told, selection, look, ground, layers, mark, everywhere)
        st.html(_legend(told, selection, look))
        with st.container(key="later"):  # on a phone it comes after the list
            _show_weeks(told, selection, look, mark)
            downloads.show(told, selection, csv)
    with right:
        _show_list(told, selection)
        details.show(told, selection, look)


def _show_weeks(told: Scene, selection: state.Selection, look: theme.Palette, mark: str) -> None:
    lang = selection.lang
    st.subheader(t("chart.title", lang), anchor=False)
    where = f"{selection.kabupaten}|{selection.kecamatan}|{selection.group}"
    spec = _weeks_spec(f"{mark}|{where}", lang, look.dark, told, look)
    st.vega_lite_chart(spec)
    st.caption(t("chart.note", lang))


@st.cache_resource(max_entries=64, show_spinner=False)
def _weeks_spec(choice: str, lang: str, dark: bool, _told: Scene, _look: theme.Palette) -> dict:
    cutoff = pd.Timestamp(_told.meta["cutoff"])
    weeks_table = scene.weekly(_told.history, _told.effort, cutoff)
    return charts.weeks_chart(weeks_table, lang, _look).to_dict()


def _facts(told: Scene, selection: state.Selection) -> list[tuple[str, str, str, str]]:
    lang, table = selection.lang, told.table
    risk = table["risk"].sum()
    totals = (told.meta.get("totals") or {}).get(str(selection.horizon), {})
    whole = not selection.kabupaten and selection.group == "all"
    if whole and isinstance(totals, Mapping) and {"lo", "hi"} <= set(totals):
        lo, hi = (expected(totals[end], lang) for end in ("lo", "hi"))
        remark = t("fact.interval", lang, lo=lo, hi=hi)
    else:
        change = signed(risk - table["previous"].sum(), lang)
        remark = t("fact.change", lang, value=change)
    hot = told.sector_of > 0
    hot_cells = table[table["cell"].isin(told.sector_of.index[hot])]
    share = hot_cells["risk"].sum() / risk if risk else 0
    blind = table.loc[~table["observed"], "area_km2"].sum() / table["area_km2"].sum()
    cutoff = pd.Timestamp(told.meta["cutoff"])
    recent = told.history["week"] > cutoff - pd.Timedelta(weeks=12)
    before = ~recent & (told.history["week"] > cutoff - pd.Timedelta(weeks=24))
    weight = told.history["weight"]
    return [
        (
            t("fact.expected", lang, weeks=weeks(selection.horizon, lang)),
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
            t("fact.records", lang),
            f"{number(weight[recent].sum(), lang)} {t('unit.events', lang)}",
            t("fact.records_before", lang, n=number(weight[before].sum(), lang)),
            t("fact.records_help", lang),
        ),
    ]  # fmt: skip


def _show_map(told, selection, look, ground, layers, mark, everywhere) -> None:
    lang = selection.lang
    numbers = scene.number_kecamatan(everywhere)
    only = scene.filter_range(numbers, selection.kabupaten, selection.kecamatan, deck.EVERYWHERE)
    quantity = theme.QUANTITIES[selection.quantity]
    choice = f"{mark}|{selection.horizon}|{selection.group}"
    cells = _cells_url(f"{choice}|{quantity.key}|{lang}", mark, everywhere, told.breaks, numbers)
    drawn = [
        *ground.below(look),
        deck.cell_layer(cells, theme.ramp(quantity, look.dark), look, only),
        *ground.lines(look),
    ]
    if "hotspots" in layers and len(told.sectors):
        where = f"{selection.kabupaten}|{selection.kecamatan}|{selection.coverage}"
        url = _outlines_url(f"{choice}|{where}", mark, told.sector_of, told.sectors, numbers)
        drawn += deck.hotspot_layers(url, look)
    if "posts" in layers:
        drawn += ground.post_marks(look)
    picked = told.cells_of(selection.sector) if selection.sector else []
    shown = [selection.cell] if selection.cell else picked
    if picked:
        drawn += deck.chosen_layers(deck.outline(picked), look)
    if selection.cell:
        drawn += deck.chosen_layers(deck.outline([selection.cell]), look, "cell")
        drawn += details.record_marks(told, [selection.cell], look)
    if "names" in layers:
        drawn += ground.names(look)
    home = deck.View.around(*_worth_seeing(told, selection))
    near = told.table[told.table["cell"].isin(shown)]
    close = deck.View.around(near["lat"], near["lon"], most=10.4) if len(near) else None
    view = state.camera(home, close)
    unit = t(quantity.unit, lang)
    tooltip = f"{{n}}\n{t(quantity.label, lang)}: {{v}} {unit}\n{{s}}"
    st.pydeck_chart(
        deck.Deck(deck.spec(drawn, view, look), tooltip),
        height=MAP_HEIGHT,
        key="map",
        on_select=lambda: state.pick_from_map(told.top_cell),
        selection_mode="single-object",
        alt=t(
            "map.alt", lang, area=told.meta.get("area", ""), quantity=t(quantity.label, lang),
            weeks=weeks(selection.horizon, lang), n=len(told.sectors),
        ),
    )  # fmt: skip


def _worth_seeing(told: Scene, selection: state.Selection) -> tuple[pd.Series, pd.Series]:
    """A chosen district whole; of the whole area the part where risk is more than low."""
    table = told.table
    if not selection.kabupaten:
        high = table[table["risk"] >= told.risk_breaks[1]]
        table = high if len(high) else table
    return table["lat"], table["lon"]


@st.cache_resource(max_entries=64, show_spinner=False)
def _cells_url(choice: str, mark: str, _table: pd.DataFrame, _breaks, _numbers) -> str:
    key, lang = choice.split("|")[-2:]
    quantity = theme.QUANTITIES[key]
    values = _table[quantity.column]
    classes = theme.classify(values, list(_breaks))
    say = {"risk": expected, "change": signed}.get(
        key, lambda value, tongue: number(value, tongue, quantity.decimals)
    )
    hidden = f"{quantity.column}_suppressed"
    text = [say(value, lang) for value in values]
    if hidden in _table:
        text = [
            t("map.suppressed", lang) if gone else one
            for one, gone in zip(text, _table[hidden].fillna(False), strict=True)
        ]
    unseen = t("map.tooltip_unobserved", lang)
    note = ["" if seen else unseen for seen in _table["observed"]]
    return SHELF.put(deck.cell_rows(_table, classes, text, note, _numbers), mark)


@st.cache_resource(max_entries=256, show_spinner=False)
def _outlines_url(choice: str, mark: str, _sector_of, _sectors, _numbers) -> str:
    home = _sectors.set_index("sector")["kecamatan_code"]
    return SHELF.put(deck.outline_rows(_sector_of, home, _numbers), mark)


def _legend(told: Scene, selection: state.Selection, look: theme.Palette) -> str:
    lang, quantity = selection.lang, theme.QUANTITIES[selection.quantity]
    classes = pd.Series(theme.classify(told.table[quantity.column], list(told.breaks)))
    counts = classes.value_counts()
    colours = theme.ramp(quantity, look.dark)
    say = signed if quantity.two_sided else expected
    names = FALLS if quantity.two_sided else theme.CLASSES
    entries = []
    for place, colour in enumerate(colours):
        label = t(f"class.{names[place]}", lang)
        if quantity.two_sided:
            limit = told.breaks[place - 1] if place > 2 else told.breaks[min(place, 3)]
            sign = "≥" if place > 2 else "<"
            label += f" {sign} {say(limit, lang)}" if place != 2 else ""
        elif place and told.breaks[place - 1] >= 0.001:
            label += " " + t("legend.from", lang, value=say(told.breaks[place - 1], lang))
        entries.append((colour, label, f"({number(counts.get(place, 0), lang)})"))
    unseen = number((~told.table["observed"]).sum(), lang)
    hot = number((told.sector_of > 0).sum(), lang)
    marks = [
        ("hatch", t("legend.unobserved", lang), f"({unseen})"),
        ("outline", t("legend.hotspot", lang), f"({hot})"),
        ("post", t("legend.post", lang), ""),
    ]
    title = f"{t(quantity.label, lang)}, {t('legend.cells', lang, n=number(len(classes), lang))}"
    area = number(told.table["area_km2"].mean(), lang, 1)
    note = f'<small class="kr-muted">{t("legend.note", lang, km2=area)}</small>'
    return html.legend(title, entries, marks, look) + html.scoped(note, look)


def _show_list(told: Scene, selection: state.Selection) -> None:
    lang = selection.lang
    st.subheader(t("list.title", lang), anchor=False)
    if told.sectors.empty:
        st.info(t("list.empty", lang))
        return
    table = told.sectors.head(LISTED)
    order = table["cell"].tolist()
    names = [told.places.kecamatan.get(code, "") for code in table["kecamatan_code"]]
    rows = pd.DataFrame(
        {
            "name": [
                f"{rank} · {n}, {k}" if k and k != n else f"{rank} · {n}"
                for rank, n, k in zip(range(1, len(table) + 1), table["name"], names, strict=True)
            ],
            "risk": table["risk"],
            "change": table["change"],
            "watched": [t(f"list.{watched(share)}", lang) for share in table["observed_share"]],
            "interval": [
                f"{expected(lo, lang)}–{expected(hi, lang)}"
                for lo, hi in zip(table["lo"], table["hi"], strict=True)
            ],
            "area": table["area_km2"],
        }
    )  # fmt: skip
    styled = rows.style.format(
        {
            "risk": lambda value: expected(value, lang),
            "change": lambda value: signed(value, lang),
            "area": lambda value: number(value, lang),
        }
    )
    if selection.sector in order:
        fill = "background-color: rgba(0, 98, 204, .18); font-weight: 700"
        styled = styled.apply(
            lambda _: [fill] * rows.shape[1],
            axis=1,
            subset=pd.IndexSlice[[order.index(selection.sector)], :],
        )
    key = state.list_key()
    column = st.column_config
    st.dataframe(
        styled,
        key=key,
        height=MAP_HEIGHT // 2,
        row_height=32,
        hide_index=True,
        on_select=lambda: state.pick_from_list(key, order),
        selection_mode="single-cell",
        alt=t("list.alt", lang),
        column_config={
            "name": column.TextColumn(t("list.sector", lang), width=158),
            "risk": column.NumberColumn(
                t("list.expected", lang), width=76, help=t("list.expected_help", lang)
            ),
            "watched": column.TextColumn(
                t("list.watched", lang), width=74, help=t("list.watched_help", lang)
            ),
            "change": column.NumberColumn(t("list.change", lang), width=64),
            "interval": column.TextColumn(
                t("list.interval", lang), help=t("list.interval_help", lang), width=95
            ),
            "area": column.NumberColumn(t("list.area", lang), width=55),
        },
        column_order=["name", "risk", "watched", "change", "interval", "area"],
    )
    if len(told.sectors) > LISTED:
        n = number(len(told.sectors), lang)
        st.caption(t("list.more", lang, shown=LISTED, n=n))
    st.caption(t("list.hint", lang))


def watched(share: float) -> str:
    """Which word a sector earns by the share of its cells that were observed."""
    if share == 0:
        return "never"
    return "seldom" if share < scene.SELDOM else "watched_ok"
