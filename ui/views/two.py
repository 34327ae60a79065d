"""Two maps of one assessment side by side: two lengths of forecast, or two quantities.

Both look through one window, so that what lies at the same place on both is the same ground. Each
has its own scale, with numbers: what is expected in twelve weeks is not what is expected in one.
"""

from dataclasses import dataclass

import streamlit as st

from ui import html, state, theme
from ui.map import picture, scene, telling
from ui.views.handed import Seen
from ui.words import expected, length, t, weeks

WHATS = ("assessments", "lengths", "quantities")
SIZE = (620.0, 440.0)


@dataclass(frozen=True)
class Side:
    """One of the two maps: what it shows, and how many weeks ahead."""

    quantity: str
    horizon: int


def chosen(lang: str) -> str:
    """What is compared with what, one of WHATS."""
    what = st.segmented_control(
        t("two.what", lang), WHATS, required=True, default=WHATS[0], key="compare_what",
        format_func=lambda one: t(f"two.{one}", lang), label_visibility="collapsed",
    )  # fmt: skip
    return str(what)


def show(what: str, seen: Seen, selection: state.Selection, look: theme.Palette) -> None:
    """Choose both sides; the maps, each over its scale.

    Parameters
    ----------
    what : "lengths" or "quantities"
    seen : what the viewer may see
    selection : what was chosen; its district narrows the window
    look : colours of the page
    """
    lang = selection.lang
    window = _frame(seen, selection)
    sides = _sides(what, seen, selection)
    for column, side in zip(st.columns(2, gap="medium"), sides, strict=True):
        with column:
            _show_map(side, seen, selection, window, look)
    st.caption(t("two.note", lang))


def _sides(what: str, seen: Seen, selection: state.Selection) -> list[Side]:
    lang, options, places = selection.lang, seen.options, seen.places.kabupaten
    offers: dict[str, list[str]] = {
        "lengths": [str(weeks_) for weeks_ in options.horizons],
        "quantities": list(options.quantities),
    }
    offer, made = offers[what], []
    second = offer.index("events") if "events" in offer else len(offer) - 1
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        for side, first in (("left", 0), ("right", second)):
            one = st.selectbox(
                t(f"two.{side}", lang), offer, index=first, key=f"two_{what}_{side}", width=270,
                format_func=lambda code: (
                    length(int(code), lang) if what == "lengths"
                    else t(theme.QUANTITIES[code].label, lang)
                ),
            )  # fmt: skip
            made.append(
                Side(selection.quantity, int(one))
                if what == "lengths"
                else Side(one, selection.horizon)
            )
        st.selectbox(
            t("choose.kabupaten", lang), ["", *options.kabupaten], width=240,
            format_func=lambda code: (
                places.get(code, code) if code else t("choose.everywhere", lang)
            ),
            **state.bound("kabupaten", selection.kabupaten, options),
        )  # fmt: skip
        if what == "quantities":
            st.segmented_control(
                t("choose.length", lang), options.horizons, required=True,
                format_func=lambda n: length(n, lang),
                **state.bound("horizon", selection.horizon, options),
            )  # fmt: skip
    return made


def _frame(seen: Seen, selection: state.Selection) -> picture.Frame:
    """The window of both: the district, or of the whole area where risk is not lowest."""
    table = scene.in_district(
        seen.cells(selection.horizon, "all"), selection.kabupaten, selection.kecamatan
    )
    breaks = theme.find_breaks(theme.QUANTITIES["risk"], table["risk"])
    high = table[table["risk"] >= breaks[1]]
    near = high if len(high) else table
    return picture.Frame.around(near["lat"], near["lon"], *SIZE)


def _show_map(
    side: Side, seen: Seen, selection: state.Selection, window: picture.Frame, look: theme.Palette
) -> None:
    lang, quantity = selection.lang, theme.QUANTITIES[side.quantity]
    name, days = t(quantity.label, lang), weeks(seen.meta, side.horizon, lang)
    ahead = side.quantity in AHEAD
    st.markdown(f"**{name}{f', {days}' if ahead else ''}**")
    mark = f"{seen.mark}|{side}|{selection.kabupaten}|{selection.kecamatan}|{window}|{look.dark}"
    image, breaks, hidden = _picture(mark, side, seen, selection, window, look)
    total = ""
    if side.quantity == "risk":
        table = scene.in_district(
            seen.cells(side.horizon, "all"), selection.kabupaten, selection.kecamatan
        )
        total = f"{expected(table['risk'].sum(), lang)} {t('unit.risk', lang)}, {days}"
    st.image(image, alt=f"{name}, {days}" if ahead else name, caption=total or None)
    entries = [
        (colour, *telling.class_label(quantity, place, breaks, lang))
        for place, colour in enumerate(theme.ramp(quantity, look.dark))
    ]
    if hidden:
        entries.append((look.unknown, t("class.unknown", lang), ""))
    unit = telling.class_unit(quantity, lang)
    signs = [("watched", t("legend.watched", lang), "")]
    st.html(html.legend(f"{name} ({unit})" if unit else name, entries, signs, look))


#: quantities that speak of weeks ahead; the others are of the past
AHEAD = ("risk", "change")


@st.cache_resource(max_entries=24, show_spinner=True)
def _picture(
    mark: str, _side: Side, _seen: Seen, _selection: state.Selection, _window: picture.Frame,
    _look: theme.Palette,
) -> tuple[bytes, list[float], bool]:  # fmt: skip
    """The map, its class limits, and whether something on it is hidden or not known."""
    quantity = theme.QUANTITIES[_side.quantity]
    whole = _seen.cells(_side.horizon, "all")
    table = scene.in_district(whole, _selection.kabupaten, _selection.kecamatan)
    breaks = theme.find_breaks(quantity, whole[quantity.column])
    classes = theme.classify_shown(table[quantity.column], breaks)
    drawn = picture.draw_map(
        table, classes, theme.shown_ramp(quantity, _look), _window, _seen.base.layers, look=_look
    )
    return picture.as_png(drawn), breaks, bool((classes > len(breaks)).any())
