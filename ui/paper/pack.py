"""The district pack: one HTML file that needs nothing but itself. Words and a picture in."""

from collections.abc import Mapping, Sequence
from html import escape

from ui.map import picture
from ui.theme import Colour, hex_of
from ui.words import t

STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{font:16px/1.45 system-ui,sans-serif;color:#202126;background:#fff;margin:0 auto;
max-width:60rem;padding:1rem}
h1{font-size:1.45rem;margin:.2rem 0}h2{font-size:1.1rem;margin:1.4rem 0 .4rem}
.tag{display:inline-block;background:#582470;color:#fff;font-weight:700;border-radius:1rem;
padding:.05rem .7rem;font-size:.85rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.5rem;
padding:0;list-style:none}
.facts li{border:1px solid #cfccc6;border-radius:.4rem;padding:.4rem .7rem}
svg{width:100%;height:auto;border:1px solid #cfccc6}
.legend span{margin-right:1rem;white-space:nowrap;font-size:.88rem}
.legend i{display:inline-block;width:1.1rem;height:.8rem;border:1px solid #77736b;
margin-right:.35rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{border-bottom:1px solid #dcd9d2;padding:.35rem .5rem;text-align:left;vertical-align:top}
small{color:#5c5c62}
@media print{body{max-width:none;padding:0}tr{break-inside:avoid}}
"""


def page(
    lang: str, title: str, subtitle: str, facts: Sequence[tuple[str, str]],
    drawn: picture.Picture, legend: Sequence[tuple[Colour, str]],
    tables: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]],
    notes: Sequence[str], about: Mapping[str, str], synthetic: bool,
) -> str:  # fmt: skip
    """The whole file.

    Parameters
    ----------
    lang : of the words, "id" or "en"
    title, subtitle : of the page
    facts : (what, figure)
    drawn : the map
    legend : colour and name of each class
    tables : (title, heads, rows)
    notes : how to read it, one paragraph each
    about : versions and handling note
    synthetic : whether it says DATA SINTETIS
    """
    tag = f'<p><span class="tag">{escape(t("app.synthetic", lang))}</span></p>'
    marks = "".join(
        f'<span><i style="background:{hex_of(colour)}"></i>{escape(name)}</span>'
        for colour, name in legend
    )
    cards = "".join(f"<li><small>{escape(k)}</small><br><b>{escape(v)}</b></li>" for k, v in facts)
    blocks = "".join(_table(*one) for one in tables)
    told = "".join(f"<p><small>{escape(note)}</small></p>" for note in notes)
    versions = " · ".join(f"{escape(k)}: {escape(str(v))}" for k, v in about.items() if v != "")
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        f"{tag if synthetic else ''}<h1>{escape(title)}</h1><p>{escape(subtitle)}</p>"
        f'<ul class="facts">{cards}</ul>{picture.as_svg(drawn, title)}'
        f'<p class="legend">{marks}</p>{blocks}{told}<p><small>{versions}</small></p>'
        "</body></html>"
    )


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f'<h2>{escape(title)}</h2><div class="wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
