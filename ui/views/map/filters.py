"""The filter panel: every choice a person has, each tied to the selection and the URL."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import state
from ui.map.scene import Places
from ui.words import clock, has, number, t, week_named, weeks, with_sign


def show(
    meta: Mapping[str, Any], selection: state.Selection, options: state.Options, places: Places
) -> None:
    """Draw the panel in the sidebar.

    Parameters
    ----------
    meta : of the assessment
    selection : what was chosen
    options : what is on offer
    places : names on the ground
    """
    lang = selection.lang
    with st.sidebar:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(t("choose.title", lang), anchor=False)
            st.button(
                t("choose.fold", lang), icon=":material/close:", type="tertiary", key="fold",
                on_click=state.toggle_panel,
            )  # fmt: skip
        st.selectbox(
            t("choose.kabupaten", lang),
            ["", *options.kabupaten],
            format_func=lambda code: _named(code, places.kabupaten, "choose.everywhere", lang),
            **state.bound("kabupaten", selection.kabupaten, options),
        )
        inside = [
            code
            for code, home in options.kecamatan.items()
            if not selection.kabupaten or home == selection.kabupaten
        ]
        inside.sort(key=lambda code: places.kecamatan.get(code, code))
        st.selectbox(
            t("choose.kecamatan", lang),
            ["", *inside],
            format_func=lambda code: _named(code, places.kecamatan, "choose.all_kecamatan", lang),
            **state.bound("kecamatan", selection.kecamatan, options),
        )
        st.selectbox(
            t("choose.group", lang),
            options.groups,
            format_func=lambda code: group_name(code, places, lang),
            help=t("choose.group_help", lang),
            **state.bound("group", selection.group, options),
        )
        st.radio(
            t("choose.horizon", lang),
            options.horizons,
            format_func=lambda n: _weeks_named(meta, n, lang),
            help=t("choose.horizon_help", lang),
            **state.bound("horizon", selection.horizon, options),
        )
        st.select_slider(
            t("choose.coverage", lang),
            options.coverages,
            format_func=lambda share: with_sign(number(share * 100, lang), lang),
            help=t("choose.coverage_help", lang),
            **state.bound("coverage", selection.coverage, options),
        )
        st.radio(
            t("choose.quantity", lang),
            options.quantities,
            format_func=lambda code: t(f"quantity.{code}", lang),
            help=t("choose.quantity_help", lang),
            **state.bound("quantity", selection.quantity, options),
        )
        if "effort" not in options.quantities:
            st.caption(t("why.effort", lang))
        st.pills(
            t("choose.layers", lang),
            options.layers,
            selection_mode="multi",
            format_func=lambda code: t(f"layer.{code}", lang),
            help=t("choose.layers_help", lang),
            **state.bound("layers", list(selection.layers), options),
        )
        st.button(
            t("choose.reset", lang),
            icon=":material/restart_alt:",
            on_click=state.reset,
            args=(options,),
            width="stretch",
        )


def show_chosen(
    meta: Mapping[str, Any], selection: state.Selection, options: state.Options, places: Places
) -> None:
    """What was chosen, in words, on the button that opens the panel; one click brings all back.

    Parameters
    ----------
    meta : of the assessment
    selection : what was chosen
    options : what is on offer
    places : names on the ground
    """
    lang = selection.lang
    st.button(
        chosen(meta, selection, places),
        icon=":material/tune:",
        key="panel",
        help=t("choose.open", lang),
        on_click=state.toggle_panel,
    )
    st.button(
        t("map.whole", lang), icon=":material/zoom_out_map:", key="whole",
        help=t("map.whole_help", lang), on_click=state.show_whole,
    )  # fmt: skip
    default = state.Selection.default(options)
    if selection.figures != default.figures or selection.quantity != default.quantity:
        st.button(
            t("choose.reset", lang), icon=":material/restart_alt:", key="reset_line",
            on_click=state.reset, args=(options,), type="tertiary",
        )  # fmt: skip


def chosen(meta: Mapping[str, Any], selection: state.Selection, places: Places) -> str:
    """District, kind of event, weeks ahead and share of the area, in words.

    Parameters
    ----------
    meta : of the assessment
    selection : what was chosen
    places : names on the ground
    """
    lang = selection.lang
    where = _named(selection.kabupaten, places.kabupaten, "choose.everywhere", lang)
    if selection.kecamatan:
        where = (
            f"{_named(selection.kecamatan, places.kecamatan, 'choose.everywhere', lang)}, {where}"
        )
    share = with_sign(number(selection.coverage * 100, lang), lang)
    parts = [
        where,
        group_name(selection.group, places, lang),
        _weeks_named(meta, selection.horizon, lang),
        t("choose.share", lang, share=share),
    ]
    return " · ".join(parts)


def _weeks_named(meta: Mapping[str, Any], horizon: int, lang: str) -> str:
    """One week as it is called today, more by their number and days."""
    if horizon == 1:
        return week_named(meta, clock.today(), lang)
    return weeks(meta, horizon, lang)


def group_name(code: str, places: Places, lang: str) -> str:
    """What a group of events is called: one of ours, else the name of the event type.

    Parameters
    ----------
    code : of the group
    places : names of event types
    lang : of the words, "id" or "en"
    """
    if has(f"group.{code}"):
        return t(f"group.{code}", lang)
    return places.label(code, lang)


def _named(code: str, names: Mapping[str, str], everything: str, lang: str) -> str:
    return names.get(code, code) if code else t(everything, lang)
