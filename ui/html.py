"""Small pieces of HTML for `st.html`; every text that comes in is escaped here."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ui.theme import Colour, Palette, hex_of, upon

STYLE = """<style>
[data-testid="stMainBlockContainer"] {padding: 4.1rem 1.2rem 1.2rem; max-width: none}
[data-testid="stMainBlockContainer"] > div > [data-testid="stVerticalBlock"] {gap: .55rem}
[data-testid="stSidebarContent"] [data-testid="stVerticalBlock"] {gap: .8rem}
h1.kr-title {font-size: 1.25rem; font-weight: 680; padding: 0; margin: 0; line-height: 1.25}
.kr-head {display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .9rem}
.kr-line {display: flex; flex-wrap: wrap; gap: .1rem 1.3rem; font-size: .86rem; line-height: 1.45}
.kr-line b {font-weight: 680; font-size: .98rem}
.kr-line span {color: var(--kr-muted)}
.st-key-bar {gap: .5rem}
.st-key-bar .stButton button {min-height: 2.3rem; padding: .1rem .7rem}
[data-testid="stHeading"] h2 {font-size: 1.2rem; padding: .2rem 0}
[data-testid="stHeading"] h3 {font-size: 1.02rem; padding: .1rem 0}
.kr-facts {display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .6rem}
.kr-fact {border: 1px solid var(--kr-line); border-radius: .5rem; padding: .5rem .75rem}
.kr-fact b {display: block; font-size: 1.25rem; font-weight: 650; line-height: 1.25}
.kr-fact span {display: block; font-size: .8rem; line-height: 1.3; color: var(--kr-muted)}
.kr-fact small {display: block; font-size: .8rem; line-height: 1.3; color: var(--kr-muted)}
.kr-legend {font-size: .82rem; line-height: 1.3}
.kr-scale {display: grid; grid-template-columns: repeat(auto-fit, minmax(6.1rem, 1fr));
  gap: .3rem 2px; margin: .25rem 0}
.kr-scale small {display: block; white-space: nowrap; padding-right: .5rem}
.kr-legend .kr-class i {display: block; width: 100%; height: .7rem; margin: 0 0 .15rem;
  border: 1px solid var(--kr-line); border-radius: 0; box-sizing: border-box}
.kr-signs {display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .82rem; line-height: 1.3}
.kr-legend i, .kr-signs i {display: inline-block; width: 1.15rem; height: .85rem;
  border-radius: 2px; margin-right: .4rem; vertical-align: -1px}
.kr-legend small, .kr-signs small, .kr-muted {color: var(--kr-muted); font-size: .8rem}
.kr-day.over {text-decoration: line-through} .kr-day.now {font-weight: 700}
.kr-chips {display: flex; flex-wrap: wrap; gap: .35rem .5rem; font-size: .8rem;
  align-items: center; color: var(--kr-muted)}
.kr-chip {border-radius: 1rem; padding: .08rem .6rem; font-weight: 600}
.kr-big {color: var(--kr-ink); font-size: 1.5rem; font-weight: 650; line-height: 1.2}
[data-testid="stCaptionContainer"] {color: inherit; opacity: .8}
[data-testid="stCaptionContainer"] p {color: inherit}
.st-key-later {gap: .85rem}
.st-key-tour {padding: .45rem .9rem}
.st-key-tour [data-testid="stMarkdownContainer"] p {margin: 0}
.kr-when {margin: 0 0 .3rem; font-size: .9rem}
ol.kr-stops {margin: 0; padding-left: 1.2rem; font-size: .92rem; line-height: 1.4}
ol.kr-stops li {margin-bottom: .35rem}
ol.kr-stops small {display: block; color: var(--kr-muted); font-size: .82rem}
.kr-asked p {margin: 0 0 .35rem; font-size: .84rem; line-height: 1.38}
ul.kr-list {margin: 0; padding-left: 1.1rem; font-size: .9rem; line-height: 1.45}
/* on a desk the words of what was chosen open the panel; on a phone the menu lies in it too */
@media (min-width: 769px) {
  [data-testid="stSidebarCollapseButton"], [data-testid="stExpandSidebarButton"] {display: none}
}
/* the script's own: a voice, and a bar of known length */
#kr-live {position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)}
.kr-bar[hidden] {display: none}
.kr-bar {display: flex; gap: .4rem; align-items: center; font-size: .8rem; margin-top: .25rem}
.kr-bar i {display: inline-block; height: .4rem; border: 2px solid currentColor; border-top: 0}
/* the folded panel takes no part in the walk of the Tab key */
[data-testid="stSidebar"][data-collapsed="true"],
[data-testid="stSidebar"][data-collapsed="true"] * {visibility: hidden !important}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after {animation-duration: .01ms !important; transition: none !important;
    animation-iteration-count: 1 !important; scroll-behavior: auto !important}
}
/* the scale lies over the foot of the map and lets the hand through to it */
@media (min-width: 641px) {
  .st-key-mapbox {position: relative}
  [data-testid="stElementContainer"]:has(> .st-key-scale), .st-key-scale {pointer-events: none}
  .st-key-scale {position: absolute; left: .6rem; bottom: .6rem; z-index: 2; width: fit-content;
    max-width: calc(100% - 1.2rem)}
  .st-key-scale .kr-legend {padding: .35rem .6rem .3rem; border-radius: .5rem;
    background: color-mix(in srgb, var(--kr-paper) 90%, transparent)}
  .st-key-scale .kr-scale {grid-template-columns: none; grid-auto-flow: column;
    grid-auto-columns: minmax(5.2rem, auto); margin-bottom: 0}
}
/* the map is as high as the window lets it be, and what is beside it scrolls by itself */
@media (min-width: 641px) {
  .st-key-map, .st-key-map [data-testid="stFullScreenFrame"],
  .st-key-map [data-testid="stDeckGlJsonChart"],
  .st-key-map [data-testid="stDeckGlJsonChart"] > div
    {height: max(360px, calc(100dvh - 15.4rem)) !important;
     flex-basis: max(360px, calc(100dvh - 15.4rem)) !important}
  .st-key-drawer {height: max(420px, calc(100dvh - 13.6rem)); overflow-y: auto; overflow-x: hidden;
    padding: .1rem .5rem .5rem .1rem; scrollbar-width: thin}
}
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] {padding: 3.9rem .7rem 2rem}
  .kr-facts {grid-template-columns: 1fr 1fr; gap: .4rem}
  .kr-fact b {font-size: 1.02rem}
  .kr-fact {padding: .4rem .6rem}
  .st-key-take button {padding: .2rem .6rem; min-height: 2.2rem}
  .st-key-map, .st-key-map [data-testid="stFullScreenFrame"],
  .st-key-map [data-testid="stDeckGlJsonChart"],
  .st-key-map [data-testid="stDeckGlJsonChart"] > div
    {height: max(320px, calc(100dvh - 19.5rem)) !important;
     flex-basis: max(320px, calc(100dvh - 19.5rem)) !important}
  .st-key-find, .st-key-measure_box, .st-key-whole {display: none}
  .kr-day, .kr-line > div:nth-child(n+2), .kr-head .kr-chips > :nth-child(n+3) {display: none}
  .st-key-panes [data-testid="stColumn"],
  .st-key-panes [data-testid="stColumn"] > [data-testid="stVerticalBlock"] {display: contents}
  .st-key-panes [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"])
    {flex-direction: column; flex-wrap: nowrap}
  [data-testid="stLayoutWrapper"]:has(> .st-key-later) {order: 2}
}
@media print {[data-testid="stSidebar"], [data-testid="stToolbar"] {display: none}}
</style>"""
#: in the dark the first colour is pale: white words on it could not be read
DARK = """<style>
[data-testid^="stBaseButton-primary"] :is(p, span) {color: #16171b}
</style>"""


def scoped(body: str, look: Palette) -> str:
    """Wrap HTML so that its lines and quiet texts follow the palette."""
    line = "rgba(255,255,255,.18)" if look.dark else "rgba(30,30,40,.16)"
    colours = {"paper": look.paper, "muted": look.muted, "ink": look.ink}
    inks = ";".join(f"--kr-{name}:{hex_of(colour)}" for name, colour in colours.items())
    return f'<div style="--kr-line:{line};{inks}">{body}</div>'


def facts(items: Sequence[tuple[str, str, str, str]], look: Palette) -> str:
    """Figures side by side: (label, figure, remark, explanation on hover)."""
    cards = "".join(
        f'<div class="kr-fact" title="{escape(help_)}"><span>{escape(label)}</span>'
        f"<b>{escape(figure)}</b><small>{escape(remark)}</small></div>"
        for label, figure, remark, help_ in items
    )
    return scoped(f'<div class="kr-facts">{cards}</div>', look)


def line(items: Sequence[tuple[str, str, str, str]], look: Palette) -> str:
    """The same figures in one line of text; remark and explanation on hover."""
    parts = "".join(
        f'<div title="{escape(f"{remark}. {help_}")}"><span>{escape(label)}</span> '
        f"<b>{escape(figure)}</b></div>"
        for label, figure, remark, help_ in items
    )
    return scoped(f'<div class="kr-line">{parts}</div>', look)


def chip(text: str, fill: Colour, ink: Colour, help_: str = "") -> str:
    """A small coloured label, with an explanation on hover.

    Parameters
    ----------
    text : of the label
    fill : its colour
    ink : of its text
    help_ : told on hover; "" for none
    """
    style = f"background:{hex_of(fill)};color:{hex_of(ink)}"
    return f'<span class="kr-chip" title="{escape(help_)}" style="{style}">{escape(text)}</span>'


def chips(parts: Sequence[str], look: Palette) -> str:
    """A line of ready-made chips and escaped texts."""
    return scoped(f'<div class="kr-chips">{"".join(parts)}</div>', look)


def week(name: str, days: Sequence[tuple[str, str]]) -> str:
    """The week that a page speaks of, and its days, those that are past struck out.

    Parameters
    ----------
    name : of the week, with its dates
    days : short name of each day, and "over", "now" or ""; none for the name alone
    """
    spans = [f'<span class="kr-day {mark}">{escape(day)}</span>' for day, mark in days]
    strip = f" <small>{' '.join(spans)}</small>" if spans else ""
    return f'<span class="kr-week"><b>{escape(name)}</b>{strip}</span>'


def title(text: str) -> str:
    """The one heading of a page, with less air than Streamlit gives it."""
    return f'<h1 class="kr-title">{escape(text)}</h1>'


def plain(text: str) -> str:
    """Escaped text."""
    return f"<span>{escape(text)}</span>"


def legend(
    title: str, entries: Sequence[tuple[Colour, str, str]], marks: Sequence[tuple[str, str, str]],
    look: Palette,
) -> str:  # fmt: skip
    """Classes as one scale, then marks: ("watched" | "outline" | ..., name, count).

    Parameters
    ----------
    title : what the colours tell
    entries : colour, name and limits of each class
    marks : sign, name and count of each mark
    look : colours of the page
    """
    return scale(title, entries, look) + signs(marks, entries, look)


def scale(
    title: str, entries: Sequence[tuple[Colour, str, str]], look: Palette, more: str = ""
) -> str:
    """The classes side by side as one scale: colour, name and limits of each.

    Parameters
    ----------
    title : what the colours tell, and in which unit
    entries : colour, name and limits of each class
    look : colours of the page
    more : HTML that goes under it
    """
    classes = "".join(
        f'<span class="kr-class"><i style="background:{hex_of(colour)}"></i>'
        f"{escape(name)} <small>{escape(limits)}</small></span>"
        for colour, name, limits in entries
    )
    body = f'<b>{escape(title)}</b><div class="kr-scale">{classes}</div>{more}'
    return scoped(f'<div class="kr-legend">{body}</div>', look)


def signs(
    marks: Sequence[tuple[str, str, str]], entries: Sequence[tuple[Colour, str, str]], look: Palette
) -> str:
    """What the marks over the colours mean.

    Parameters
    ----------
    marks : sign, name and count of each mark
    entries : the classes; the middle one lies under the marks
    look : colours of the page
    """
    middle = entries[len(entries) // 2][0]
    spans = "".join(
        f'<span><i style="{_mark(kind, middle, look)}"></i>{escape(name)} '
        f"<small>{escape(count)}</small></span>"
        for kind, name, count in marks
    )
    return scoped(f'<div class="kr-signs">{spans}</div>', look)


def bullet_list(items: Sequence[str]) -> str:
    """Escaped sentences as a list."""
    return f'<ul class="kr-list">{"".join(f"<li>{escape(item)}</li>" for item in items)}</ul>'


def asked(items: Sequence[tuple[str, str]]) -> str:
    """What is asked and its answer, one paragraph each."""
    answers = (f"<p><b>{escape(name)}.</b> {escape(answer)}</p>" for name, answer in items)
    return f'<div class="kr-asked">{"".join(answers)}</div>'


def order(head: str, stops: Sequence[Mapping[str, Any]], look: Palette) -> str:
    """The stops of an order under a line that says when.

    Parameters
    ----------
    head : when the order is
    stops : per stop seq, when, place, stay, action, and the lines about it
    look : colours of the page
    """
    rows = []
    for stop in stops:
        lines = "".join(f"<small>{escape(line)}</small>" for line in stop["lines"])
        rows.append(
            f"<li><b>{escape(stop['when'])} · {escape(stop['place'])}</b> "
            f"<span>{escape(stop['action'])}, {escape(stop['stay'])}</span>{lines}</li>"
        )
    body = f'<p class="kr-when">{escape(head)}</p><ol class="kr-stops">{"".join(rows)}</ol>'
    return scoped(body, look)


def probe(run: int, cells: int) -> str:
    """A hidden mark written last: which run of the page this is, for tests and automation."""
    return f'<span id="probe" data-run="{run}" data-cells="{cells}" hidden></span>'


def _mark(kind: str, fill: Colour, look: Palette) -> str:
    dots, back = hex_of(upon(fill)), hex_of(fill)
    return {
        "watched": f"background:radial-gradient({dots} 1.2px,{back} 1.7px) 0 0/5px 5px;"
        "border:1px solid var(--kr-line)",
        "outline": f"border:2px solid {hex_of(look.hotspot)};background:{back}",
        "disc": f"background:{hex_of(look.paper)};border:2px solid {hex_of(look.hotspot)};"
        "border-radius:50%;width:.9rem;height:.9rem;box-sizing:border-box",
        "contested": f"border:2px dashed {hex_of(look.ink)};background:{back}",
        "record": f"background:{hex_of(look.chosen)};border:1px solid {hex_of(look.halo)};"
        "border-radius:50%;width:.7rem;height:.7rem",
        "vague": f"background:{hex_of(look.chosen)}22;border:1.5px solid {hex_of(look.chosen)};"
        "border-radius:50%;width:.9rem;height:.9rem;box-sizing:border-box",
        "patrol": f"background:{hex_of(look.patrol)};border-radius:50%;width:.7rem;"
        "height:.7rem;opacity:.6",
        "fine": f"background:{hex_of(fill)};border:1.5px solid {hex_of(look.halo)};"
        "outline:1px solid var(--kr-line);width:.75rem;height:.75rem",
        "chosen": f"border:2.5px solid {hex_of(look.chosen)}",
        "way": f"border-top:3px solid {hex_of(look.patrol)};height:0;vertical-align:4px",
        "chosen_way": f"border-top:4px solid {hex_of(look.chosen)};height:0;vertical-align:4px",
        "post": f"border:2px solid {hex_of(look.chosen)};border-radius:50%;width:.8rem;"
        "height:.8rem;box-sizing:border-box",
    }[kind]


def uploader(button: str, limit: str, key: str) -> str:
    """Words of one file chooser; Streamlit's own are English in every language.

    The English word is taken out of the page rather than covered, so that a screen reader hears
    the other one alone.

    Parameters
    ----------
    button : on the button
    limit : beside it: what may come
    key : of the chooser; another one of the same page keeps its own words
    """
    place = f'.st-key-{key} [data-testid="stFileUploaderDropzone"]'
    target = f'{place} button [data-testid="stMarkdownContainer"]'
    size = f'{place} [data-testid="stFileUploaderDropzoneInstructions"] > div'
    return (
        f"<style>{target} p, {size} span {{display: none}} "
        f"{target}::after {{content: {_css(button)}}} "
        f"{size}::after {{content: {_css(limit)}; font-size: .875rem; white-space: normal}}</style>"
    )


def _css(text: str) -> str:
    """A text as a string of a style sheet; nothing in it can end the string or the sheet."""
    plain = "".join(sign if sign.isalnum() or sign in " .,·-" else " " for sign in text)
    return f'"{plain}"'
