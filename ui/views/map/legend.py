"""What the colours and marks of the map mean, in the same colours as the map."""

import pandas as pd
import streamlit as st

from ui import html, state, theme
from ui.map.scene import Scene
from ui.views.map import layers
from ui.words import expected, number, signed, t, weeks


def show(key: str, drawn: Scene, selection: state.Selection, look: theme.Palette) -> None:
    """The legend under the map; `key` names all its figures depend on.

    Parameters
    ----------
    drawn : what the selection shows
    selection : what was chosen
    look : colours of the page
    """
    shown = ".".join(selection.layers)
    # analysts' words come and go while the figures stay
    contested = len({cell for cells in drawn.contested_cells().values() for cell in cells})
    st.html(_legend(f"{key}|{shown}|{contested}", look.dark, contested, drawn, selection, look))


@st.cache_resource(max_entries=256, show_spinner=False)
def _legend(
    key: str,
    dark: bool,
    contested: int,
    _told: Scene,
    _selection: state.Selection,
    _look: theme.Palette,
) -> str:
    lang, quantity = _selection.lang, theme.QUANTITIES[_selection.quantity]
    count = t("legend.cells", lang, n=number(len(_told.table), lang))
    # other quantities tell in their name what is counted
    unit = f" ({t(quantity.unit, lang)})" if quantity.key == "effort" else ""
    title = f"{t(quantity.label, lang)}{unit}, {count}"
    area = number(_told.table["area_km2"].mean(), lang, 1)
    own = weeks(_told.meta, _selection.horizon, lang)
    words = (
        t("legend.note_horizon", lang, km2=area, weeks=own)
        if quantity.key in layers.HORIZON_WISE
        else t("legend.note", lang, km2=area)
    )
    note = f'<small class="kr-muted">{words}</small>'
    entries, signs = _classes(_told, quantity, lang, _look), _signs(_told, _selection)
    if contested:
        n = number(contested, lang)
        signs.append(("contested", t("contest.legend", lang), f"({n})"))
    return html.legend(title, entries, signs, _look) + html.scoped(note, _look)


def _classes(
    drawn: Scene, quantity: theme.Quantity, lang: str, look: theme.Palette
) -> list[tuple[theme.Colour, str, str]]:
    """Colour, name with its limit, and number of cells of each class."""
    classes = pd.Series(theme.classify_shown(drawn.table[quantity.column], list(drawn.breaks)))
    counts = classes.value_counts()
    say = signed if quantity.two_sided else expected
    entries = []
    for place, colour in enumerate(theme.ramp(quantity, look.dark)):
        label = t(f"class.{theme.class_key(quantity, place)}", lang)
        if quantity.two_sided:
            limit = drawn.breaks[place - 1] if place > 2 else drawn.breaks[min(place, 3)]
            sign = "≥" if place > 2 else "<"
            label += f" {sign} {say(limit, lang)}" if place != 2 else ""
        elif place and not quantity.levels and drawn.breaks[place - 1] >= 0.001:
            label += " " + t("legend.from", lang, value=say(drawn.breaks[place - 1], lang))
        entries.append((colour, label, f"({number(counts.get(place, 0), lang)})"))
    if unknown := counts.get(theme.UNKNOWN, 0):
        label = t("class.unknown", lang)
        entries.append((look.unknown, label, f"({number(unknown, lang)})"))
    return entries


def _signs(drawn: Scene, selection: state.Selection) -> list[tuple[str, str, str]]:
    """Marks of the layers that are switched on: kind, name, count."""
    lang, chosen = selection.lang, set(selection.layers)
    unseen = number((~drawn.table["observed"]).sum(), lang)
    hot = number((drawn.sector_of > 0).sum(), lang)
    signs = [
        ("", "hatch", "legend.unobserved", f"({unseen})"),
        ("hotspots", "outline", "legend.hotspot", f"({hot})"),
        ("posts", "post", "legend.post", ""),
        ("records", "record", "legend.record", ""),
        ("records", "vague", "legend.vague", ""),
        ("patrols", "patrol", "legend.patrol", ""),
    ]
    shown = [(kind, t(words, lang), n) for layer, kind, words, n in signs
             if not layer or layer in chosen]  # fmt: skip
    return [*shown, ("fine", t("legend.fine", lang), "")] if layers.is_fine(selection) else shown
