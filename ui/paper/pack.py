"""The phone pack: one HTML file that needs nothing but itself. Words and a picture in.

A card for each sector, the map, the orders. It follows the phone's light or dark screen, and shows
where the phone is on the map, without a network, where the browser lets a saved file ask for that.
The one script is allowed by its hash; nothing is fetched and nothing is sent.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from ui.map import picture
from ui.theme import DARK, LIGHT, Colour, hex_of
from ui.words import t

_LOOKS = tuple(
    f":root{{--paper:{hex_of(look.paper)};--ink:{hex_of(look.ink)};--muted:{hex_of(look.muted)};"
    f"--line:{hex_of(look.hairline)};--mine:{hex_of(look.chosen)};color-scheme:"
    f"{'dark' if look.dark else 'light'}}}"
    for look in (LIGHT, DARK)
)
STYLE = (
    _LOOKS[0]
    + f"@media (prefers-color-scheme:dark){{{_LOOKS[1]}}}"
    + """
*{box-sizing:border-box}
body{font:16px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0 auto;
max-width:44rem;padding:.8rem}
h1{font-size:1.35rem;margin:.3rem 0}h2{font-size:1.12rem;margin:1.5rem 0 .5rem}
h3{font-size:1rem;margin:0}
.tag{display:inline-block;background:#582470;color:#fff;font-weight:700;border-radius:1rem;
padding:.05rem .7rem;font-size:.85rem}
.facts,.cards{padding:0;margin:.6rem 0;list-style:none;display:grid;gap:.5rem}
.facts{gap:.2rem}.cards li{border:1px solid var(--line);border-radius:.5rem;padding:.5rem .75rem}
.big{font-size:1.3rem;font-weight:700}
.near{color:var(--mine);font-weight:600;margin:.15rem 0 0}
svg{width:100%;height:auto;border:1px solid var(--line);border-radius:.3rem;display:block}
.legend span{margin-right:.9rem;white-space:nowrap;font-size:.88rem}
.legend i{display:inline-block;width:1.1rem;height:.8rem;border:1px solid var(--line);
margin-right:.35rem}
button{font:inherit;font-weight:600;color:var(--paper);background:var(--mine);border:0;
border-radius:.5rem;padding:.65rem 1rem;width:100%;margin:.6rem 0 .2rem}
p{margin:.3rem 0}small,.quiet{color:var(--muted);font-size:.88rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{border-bottom:1px solid var(--line);padding:.3rem .45rem;text-align:left;vertical-align:top}
.legend .dark{display:none}
@media (prefers-color-scheme:dark){.legend .dark{display:inline-block}.legend .light{display:none}}
@media print{body{max-width:none;padding:0}li{break-inside:avoid}button{display:none}}
"""
)
#: words and places stand in the page, so the script is the same in every file
SCRIPT = """
(function(){
var box=document.getElementById('map'),say=document.getElementById('where'),
go=document.getElementById('locate'),me=document.getElementById('me'),d=box.dataset;
go.hidden=false;
function tell(key){say.textContent=say.dataset[key];}
function rad(x){return x*Math.PI/180;}
function km(a,b,c,e){var s=Math.pow(Math.sin(rad(c-a)/2),2)+
Math.cos(rad(a))*Math.cos(rad(c))*Math.pow(Math.sin(rad(e-b)/2),2);
return 12742*Math.asin(Math.sqrt(s));}
function way(a,b,c,e){var y=Math.sin(rad(e-b))*Math.cos(rad(c)),
x=Math.cos(rad(a))*Math.sin(rad(c))-Math.sin(rad(a))*Math.cos(rad(c))*Math.cos(rad(e-b));
return say.dataset.ways.split(' ')[Math.round(((Math.atan2(y,x)*180/Math.PI+360)%360)/45)%8];}
function far(x){return x.toLocaleString(document.documentElement.lang,
{maximumFractionDigits:x<10?1:0});}
if(!navigator.geolocation||!window.isSecureContext){go.disabled=true;tell('none');return;}
go.onclick=function(){tell('busy');
navigator.geolocation.getCurrentPosition(function(p){
var lat=p.coords.latitude,lon=p.coords.longitude,
x=(lon-d.west)/(d.east-d.west)*d.width,y=(d.north-lat)/(d.north-d.south)*d.height,
inside=x>=0&&y>=0&&x<=d.width&&y<=d.height;
me.setAttribute('transform','translate('+x+' '+y+')');
me.style.display=inside?'inline':'none';
document.querySelectorAll('[data-lat]').forEach(function(card){
var c=+card.dataset.lat,e=+card.dataset.lon,n=card.querySelector('.near');
n.textContent=say.dataset.far.replace('{km}',far(km(lat,lon,c,e)))
.replace('{way}',way(lat,lon,c,e));});
say.textContent=(inside?say.dataset.here:say.dataset.off)
.replace('{m}',far(p.coords.accuracy)).replace('{lat}',lat.toFixed(5)).replace('{lon}',lon.toFixed(5));
},function(e){tell(e.code===1?'denied':e.code===3?'late':'lost');},
{enableHighAccuracy:true,timeout:30000,maximumAge:60000});};
})();
"""
_HASH = b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'"
#: title, heads, rows
Table = tuple[str, Sequence[str], Sequence[Sequence[str]]]
#: what the script may have to say
SAID = ("busy", "here", "off", "far", "ways", "denied", "late", "lost", "none")


@dataclass(frozen=True)
class Card:
    """One sector: `lines` tell what became of it, its direction and watch; `place` in degrees."""

    rank: str
    name: str
    expected: str
    interval: str
    lines: Sequence[str]
    reasons: str
    place: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Pack:
    """Everything in the file, in words; `dark` is `drawn` in the colours of a dark screen.

    legend : colour on a light screen, on a dark one, name
    orders : the week's orders, heads and rows of `plan_scene.pack_rows`; none where none are told
    """

    lang: str
    title: str
    subtitle: str
    facts: Sequence[tuple[str, str]]
    drawn: picture.Picture
    dark: picture.Picture
    frame: picture.Frame
    legend: Sequence[tuple[Colour, Colour, str]]
    cards: Sequence[Card]
    orders: Sequence[Table]
    posts: Table
    notes: Sequence[str]
    about: Mapping[str, str]
    synthetic: bool


def page(pack: Pack) -> str:
    """The whole file."""
    lang, title = pack.lang, escape(pack.title)
    tag = f'<p><span class="tag">{escape(t("app.synthetic", lang))}</span></p>'
    facts = "".join(
        f"<li><small>{escape(name)}:</small> <b>{escape(figure)}</b></li>"
        for name, figure in pack.facts
    )
    note_lines = "".join(f"<p><small>{escape(note)}</small></p>" for note in pack.notes)
    versions = " · ".join(f"{escape(k)}: {escape(str(v))}" for k, v in pack.about.items() if v)
    cards = "".join(_card(one, lang) for one in pack.cards)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>"
        f"{tag if pack.synthetic else ''}<h1>{title}</h1><p class=quiet>{escape(pack.subtitle)}</p>"
        f'<ul class="facts">{facts}</ul>{_map(pack)}'
        f"<h2>{escape(t('list.title', lang))}</h2><ul class=cards>{cards}</ul>"
        f"{''.join(_orders(*one) for one in pack.orders)}{_table(*pack.posts)}{note_lines}"
        f"<p><small>{versions}</small></p><script>{SCRIPT}</script></body></html>"
    )


def _map(pack: Pack) -> str:
    """The map with the place of the phone, the button that asks for it, and the legend."""
    lang, frame = pack.lang, pack.frame
    window = " ".join(
        f'data-{name}="{getattr(frame, name):.6f}"'
        for name in ("west", "south", "east", "north", "width", "height")
    )
    me = (
        '<g id="me" style="display:none"><circle r="9" fill="none" stroke="var(--mine)" '
        'stroke-width="2"/><circle r="4.5" fill="var(--mine)" stroke="var(--paper)" '
        'stroke-width="1.5"/></g>'
    )
    marks = "".join(
        f'<span><i class="light" style="background:{hex_of(light)}"></i>'
        f'<i class="dark" style="background:{hex_of(dark)}"></i>{escape(name)}</span>'
        for light, dark, name in pack.legend
    )
    # the script fills in what it measures
    blanks = {name: f"{{{name}}}" for name in ("lat", "lon", "m", "km", "way")}
    words = {key: t(f"pack.loc_{key}", lang, **blanks) for key in SAID}
    said = " ".join(f'data-{key}="{escape(text)}"' for key, text in words.items())
    return (
        f'<div id="map" {window}>{picture.as_svg(pack.drawn, pack.title, pack.dark, me)}</div>'
        f'<p class="legend">{marks}</p><p class=quiet>{escape(t("brief.map_note", lang))}</p>'
        f'<button id="locate" type="button" hidden>{escape(t("pack.locate", lang))}</button>'
        f'<p id="where" class="near" role="status" {said}></p>'
    )


def _card(card: Card, lang: str) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in card.lines if line)
    events = t("pack.expected", lang, n=card.expected, interval=card.interval)
    return (
        f'<li data-lat="{card.lat:.5f}" data-lon="{card.lon:.5f}">'
        f"<h3>{escape(card.rank)} · {escape(card.name)}</h3>"
        f'<p class="big">{escape(events)}</p><p class="near"></p>{lines}'
        f"<p class=quiet>{escape(card.reasons)}</p><p class=quiet>{escape(card.place)}</p></li>"
    )


def _orders(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The orders of the week, a card for each day: a wide table is not read on a phone."""
    days = []
    for day, some in groupby(rows, key=lambda row: row[1]):
        stops = "".join(
            f"<p><b>{escape(team)}</b> {escape(out)} · {escape(when)} {escape(where)} · "
            f"{escape(stay)} · {escape(what)}</p>"
            for team, _, out, when, where, stay, what in some
        )
        days.append(f"<li><h3>{escape(day)}</h3>{stops}</li>")
    return f"<h2>{escape(title)}</h2><ul class=cards>{''.join(days)}</ul>"


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f'<h2>{escape(title)}</h2><div class="wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
