"""What the colours and marks of the map mean, in the same colours as the map."""

import streamlit as st

from ui import html, script, state, theme
from ui.map import telling
from ui.map.scene import Scene
from ui.views.map import layers
from ui.words import number, t, weeks


def read(
    key: str, drawn: Scene, selection: state.Selection, look: theme.Palette
) -> tuple[str, str]:
    """The scale of the colours, and what the marks mean, as HTML.

    Parameters
    ----------
    key : names all that the figures depend on
    drawn : what the selection shows
    selection : what was chosen
    look : colours of the page
    """
    shown = ".".join(selection.layers)
    # analysts' words come and go while the figures stay
    contested = len({cell for cells in drawn.contested_cells().values() for cell in cells})
    mark = f"{key}|{shown}|{contested}"
    return _legend(mark, look.dark, contested, drawn, selection, look)


@st.cache_resource(max_entries=256, show_spinner=False)
def _legend(
    key: str,
    dark: bool,
    contested: int,
    _told: Scene,
    _selection: state.Selection,
    _look: theme.Palette,
) -> tuple[str, str]:
    lang, quantity = _selection.lang, theme.QUANTITIES[_selection.quantity]
    unit = telling.class_unit(quantity, lang)
    title = f"{t(quantity.label, lang)}{f' ({unit})' if unit else ''}"
    wise = quantity.key in layers.HORIZON_WISE
    when = weeks(_told.meta, _selection.horizon, lang) if wise else ""
    entries, signs = _classes(_told, quantity, lang, _look), _signs(_told, _selection)
    if contested:
        n = number(contested, lang)
        signs.append(("contested", t("contest.legend", lang), f"({n})"))
    title = ", ".join(filter(None, [title, when]))
    note = f'<small class="kr-muted">{_note(_told, quantity, when, lang)}</small>'
    below = html.signs(signs, entries, _look) + html.scoped(note, _look)
    return html.scale(title, entries, _look, script.BAR), below


def _note(drawn: Scene, quantity: theme.Quantity, when: str, lang: str) -> str:
    """How large a cell is, what its limits hold for, and one of them in words."""
    count, area = len(drawn.table), number(drawn.table["area_km2"].mean(), lang, 1)
    key = "legend.note_horizon" if when else "legend.note"
    words = [t(key, lang, n=number(count, lang), km2=area, weeks=when)]
    if quantity.key == "risk" and 0 < (start := drawn.breaks[3]) < 0.5:
        near = theme.two_digits(1 / start)
        value = telling.limit(start, lang)
        words.append(t("legend.one_in", lang, value=value, n=number(near, lang)))
    return " ".join(words)


def _classes(
    drawn: Scene, quantity: theme.Quantity, lang: str, look: theme.Palette
) -> list[tuple[theme.Colour, str, str]]:
    """Colour, name and limits of each class; what is hidden or unknown with its number of cells."""
    entries = [
        (colour, *telling.class_label(quantity, place, drawn.breaks, lang))
        for place, colour in enumerate(theme.ramp(quantity, look.dark))
    ]
    if unknown := int(drawn.table[quantity.column].isna().sum()):
        entries.append((look.unknown, t("class.unknown", lang), f"({number(unknown, lang)})"))
    return entries


def _signs(drawn: Scene, selection: state.Selection) -> list[tuple[str, str, str]]:
    """Marks of the layers that are switched on: kind, name, count."""
    lang, chosen = selection.lang, set(selection.layers)
    seen = number(drawn.table["observed"].sum(), lang)
    hot = number((drawn.sector_of > 0).sum(), lang)
    signs = [
        ("", "watched", "legend.watched", f"({seen})"),
        ("hotspots", "disc", "legend.disc", ""),
        ("hotspots", "outline", "legend.hotspot", f"({hot})"),
        ("posts", "post", "legend.post", ""),
        ("records", "record", "legend.record", ""),
        ("records", "vague", "legend.vague", ""),
        ("patrols", "patrol", "legend.patrol", ""),
    ]
    shown = [(kind, t(words, lang), n) for layer, kind, words, n in signs
             if not layer or layer in chosen]  # fmt: skip
    return [*shown, ("fine", t("legend.fine", lang), "")] if layers.is_fine(selection) else shown
