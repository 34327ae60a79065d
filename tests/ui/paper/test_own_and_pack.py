"""What a commander takes along: one page of paper, and one file for his phone."""

import hashlib
import re
from base64 import b64encode
from dataclasses import replace

import pytest
from reportlab.pdfgen.canvas import Canvas

from data.gate import access
from joins.desks import view
from joins.desks.papers import Papers
from settings import load_settings
from ui.map.picture import Frame, Picture, as_svg
from ui.paper import own, pack
from ui.selection import Selection
from ui.theme import DARK, LIGHT
from ui.words import t


@pytest.fixture(scope="module")
def papers(config):
    settings = load_settings(config)
    return Papers(view.read(view.newest(settings), settings, access.LOCAL), lambda *_: None)


def drawn(look) -> Picture:
    picture = Picture(10, 10)
    picture.polygons([[(0, 0), (1, 0), (1, 1)]], look.land)
    picture.text((5, 5), "<Tebedu>", 6, look.ink, look.halo)
    return picture


def a_pack(**told) -> pack.Pack:
    plain = pack.Pack(
        lang="id", title="Paket", subtitle="", facts=[("a", "b")], drawn=drawn(LIGHT),
        dark=drawn(DARK), frame=Frame(110, 0.5, 111, 1.5, 10, 10),
        legend=[((1, 2, 3), (4, 5, 6), "rendah")],
        cards=[pack.Card("1", "ENN-2", "0,4", "0,1–0,8", ["tetap"], "Sebab.", "0.9; 110.3",
                         0.9, 110.3)],
        orders=[("Perintah", ["h"] * 7, [["UJI-1", "Sen 30 Nov", "06.00–14.00", "07.00", "ENN-2",
                                         "2 j", "jaga"]])],
        posts=("Pos", ["Pos"], []), notes=["Catatan."], about={"id": "x"}, synthetic=True,
    )  # fmt: skip
    return replace(plain, **told)


def a_page(**told) -> own.Own:
    plain = own.Own("id", "Sanggau: 30 Nov – 6 Des", "", ["Fakta"], Picture(*own.MAP_SIZE),
                    [(LIGHT.ink, "rendah")], (10, 50.0), [["1"] * 7], None, ["Catatan."], True,
                    {"id": "x"})  # fmt: skip
    return replace(plain, **told)


# the phone pack --------------------------------------------------------------------------------


def test_the_pack_asks_the_network_for_nothing_and_runs_its_own_script_alone():
    page = pack.page(a_pack())
    addresses = set(re.findall(r"(?:https?:)?//[\w.]+[^\"'\s<]*", page))
    assert addresses == {"http://www.w3.org/2000/svg"}  # a name, never fetched
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    print_ = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{print_}'" in page and "default-src 'none'" in page
    rest = page.replace(script, "")
    assert not re.search(r"<(link|img|iframe|object)\b|\bon\w+=|url\((?!#)|@import", rest)


@pytest.mark.parametrize("field", ["title", "subtitle", "facts", "cards", "orders", "notes"])
def test_no_word_can_break_the_pack(field):
    bad = "<script>alert(1)</script>"
    card = replace(a_pack().cards[0], name=bad, reasons=bad, lines=[bad], place=bad)
    worst = {
        "facts": [(bad, bad)], "cards": [card], "notes": [bad],
        "orders": [(bad, ["h"] * 7, [[bad] * 7])],
    }.get(field, bad)  # fmt: skip
    assert "<script>alert" not in pack.page(a_pack(**{field: worst}))


def test_the_map_of_the_pack_follows_a_dark_screen():
    told = as_svg(drawn(LIGHT), "Peta", drawn(DARK))
    light, dark = re.search(r":root\{(.*?)\}@media .*?:root\{(.*?)\}", told).groups()
    assert light.count("--k") == dark.count("--k") == 3 and light != dark
    assert 'fill="var(--k0)"' in told and "&lt;Tebedu&gt;" in told
    assert "prefers-color-scheme" not in as_svg(drawn(LIGHT), "Peta")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_each_sector_has_a_card_with_its_interval_and_place(papers, lang):
    chosen = Selection(horizon=4, kabupaten="61.03", lang=lang)
    page = papers.district(chosen).decode()
    told = papers.seen.scene(chosen).sectors
    cards = re.findall(r'<li data-lat="([\d.]+)" data-lon="([\d.]+)"><h3>(\d+) · ([^<]+)', page)
    assert [(int(rank), name.split()[0]) for *_, rank, name in cards] == [
        (place, code) for place, code in enumerate(told["sector_code"], start=1)
    ]
    assert [float(lat) for lat, *_ in cards] == pytest.approx(told["lat"].tolist(), abs=1e-5)
    assert t("pack.locate", lang) in page and t("app.synthetic", lang) in page


# the page of paper -----------------------------------------------------------------------------


@pytest.fixture
def pages(monkeypatch):
    """The texts of each page, as they are written."""
    told: list[list[str]] = [[]]
    write, turn = Canvas.drawString, Canvas.showPage
    monkeypatch.setattr(
        Canvas, "drawString",
        lambda self, x, y, text, *more, **named: told[-1].append(text)
        or write(self, x, y, text, *more, **named),
    )  # fmt: skip
    monkeypatch.setattr(Canvas, "showPage", lambda self: told.append([]) or turn(self))
    return told


@pytest.mark.parametrize(("sectors", "stops"), [(1, 0), (40, 0), (3, 60), (40, 60), (0, 5)])
def test_a_commanders_page_is_one_page_and_counts_what_does_not_fit(pages, sectors, stops):
    row = [["1", "KKB-2 Kantuk Bunut, sisi barat daya (Puring Kencana)", *["x"] * 5]]
    orders = ("Perintah", ["h"] * 7, [["UJI"] * 7] * stops) if stops else None
    own.make_pdf(a_page(sectors=row * sectors, orders=orders))
    assert [bool(page) for page in pages] == [True, False]
    words = " ".join(pages[0])
    left = [int(n) for n in re.findall(r"Masih ada (\d+) baris", words)]
    shown = words.count("KKB-2"), pages[0].count("UJI") // 7
    assert sum(left) == sectors + stops - sum(shown)
    assert "Catatan." in words
    if stops == 60:
        assert shown[0] >= min(sectors, 2) and shown[1] >= 8


def test_the_page_of_a_district_has_map_sectors_and_what_is_missing(papers, pages):
    content = papers.own(Selection(horizon=4, kabupaten="61.03"))
    assert content.startswith(b"%PDF") and len([one for one in pages if one]) == 1
    words = " ".join(pages[0])
    assert "Sanggau" in words and "Perintah patroli: tidak ada rencana" in words


@pytest.mark.parametrize("kind", ["gpx", "kml"])
def test_names_on_a_device_say_code_week_and_that_they_are_invented(papers, kind):
    """The week is the one that is forecast, also where weeks were stepped over."""
    gap = papers.seen.meta | {"week": "2026-11-30"}
    papers.seen.meta, kept = gap, papers.seen.meta
    try:
        told = papers.device(kind, Selection(horizon=1)).decode()
    finally:
        papers.seen.meta = kept
    names = [one for one in re.findall(r"<name>([^<]+)</name>", told) if "-" in one.split()[0]]
    assert names
    odd = [one for one in names
           if not re.match(r"[A-Z]{3}-\d+\w? .* 30 Nov – 6 Des 2026 SINTETIS$", one)]  # fmt: skip
    assert odd == []
