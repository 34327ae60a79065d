"""What each person comes for, done in a browser: with the clicks and the seconds it takes."""

import json
import re

import pytest

from tests.browser.screen import Job, plan_page
from ui import theme

#: what libraries draw and cannot be changed from here: (rule, page)
KNOWN = {("svg-img-alt", "peta")}  # the brush that Vega lays over the bars has no name
RAMP = theme.ramp(theme.QUANTITIES["risk"], dark=False)


def first_row(screen) -> None:
    table = screen.page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()  # Monday's three sentences stand above the list
    box = table.bounding_box()
    screen.page.mouse.click(box["x"] + 80, box["y"] + 52)


def test_planner_sees_where_and_what_changed_and_prints_a_brief(screen):
    job = Job("perencana: lembar rapat", screen)
    screen.open()
    screen.wait_for_colour(RAMP[4], 100)
    told = screen.page.get_by_test_id("stMain").inner_text()
    assert re.search(r"Perkiraan, \d+( \w{3})?( \d{4})? ?– ?\d+ \w{3} \d{4}", told)
    assert "selang 80 %" in told
    assert re.search(r"baru \d+", told) and re.search(r"menguat \d+", told)
    assert "Belum terpantau" in told
    narrow = Job("perencana: yang menguat", screen)
    pill = screen.page.locator(".st-key-status button", has_text="menguat")
    narrow.click(pill)
    narrow.done(most_clicks=1)
    screen.open()
    screen.wait_for_data()  # a page that still draws loses the first click on its list
    job.clicks += 1
    screen.after(lambda: first_row(screen))
    job.click(screen.page.get_by_role("button", name="Tandai ★"))
    assert "picks=87" in screen.page.url
    name, content = job.take(screen.page.get_by_role("button", name="Cetak 1 sektor"))
    assert name.endswith(".pdf") and "SINTETIS" in name
    assert content.startswith(b"%PDF") and len(content) > 10_000
    job.done(most_clicks=3)


def test_commander_opens_his_district_and_takes_it_along(screen):
    job = Job("komandan: paket wilayah", screen)
    screen.open("wilayah")
    screen.page.get_by_role("button", name="Paket ponsel").wait_for(timeout=20_000)
    box = screen.page.get_by_test_id("stSelectbox").first.locator("input")
    job.click(box, wait=False)
    job.click(screen.page.get_by_role("option", name="Sanggau"))
    told = screen.page.get_by_test_id("stMain").inner_text()
    for words in ("provinsi", "sebelumnya", "Pos di wilayah ini", "Yang belum terlihat"):
        assert words in told, words
    assert "kabupaten=61.03" in told  # the link to share
    name, content = job.take(screen.page.get_by_role("button", name="Paket ponsel"))
    text = content.decode()
    assert name.endswith(".html") and "Sanggau" in text and "<svg" in text
    assert not re.search(r"(src|href)\s*=|@import", text)
    assert text.count("<script") == 1  # "Lokasi saya": the only one, allowed by its hash
    _, gpx = job.take(screen.page.get_by_role("button", name="Sektor untuk GPS"))
    assert gpx.count(b"<wpt") >= 1
    job.done(most_clicks=4)


def test_the_pack_opens_without_a_network(browser, screen, tmp_path):
    screen.open("wilayah?kabupaten=61.03")
    screen.page.get_by_role("button", name="Paket ponsel").wait_for(timeout=20_000)
    job = Job("komandan: buka paket", screen)
    _, content = job.take(screen.page.get_by_role("button", name="Paket ponsel"))
    path = tmp_path / "paket.html"
    path.write_bytes(content)
    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    asked = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(path.as_uri())
    assert page.locator("svg path").count() > 5
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert asked == [path.as_uri()]
    context.close()


def test_analyst_takes_hotspots_as_geopackage(screen):
    job = Job("analis: GeoPackage", screen)
    screen.open("?horizon=4")
    box = screen.page.locator(".st-key-download_format input")
    box.scroll_into_view_if_needed()
    job.click(box, wait=False)
    job.click(screen.page.get_by_role("option", name="GeoPackage"))
    name, content = job.take(screen.page.get_by_role("button", name="Unduh berkas"))
    assert name.endswith(".gpkg") and content.startswith(b"SQLite format 3")
    job.done(most_clicks=3)
    job = Job("semua: gambar peta", screen)
    name, content = job.take(screen.page.get_by_role("button", name="Gambar peta"))
    assert name.endswith(".png") and content.startswith(b"\x89PNG")
    job.done(most_clicks=1)


def test_analyst_reads_how_good_it_is(screen):
    job = Job("analis: mutu model", screen)
    screen.open()
    job.click(screen.page.get_by_role("link", name="Seberapa baik model ini?").first)
    told = screen.page.get_by_test_id("stMain").inner_text()
    for words in ("dari 100 kejadian", "Kartu model", "Bukan untuk", "Keberatan"):
        assert words in told, words
    job.click(
        screen.page.get_by_role("radio", name="4 pekan")
        .or_(screen.page.get_by_test_id("stMain").get_by_role("button", name="4 pekan", exact=True))
        .first
    )
    assert "perkiraan selama 4 pekan" in screen.page.get_by_test_id("stMain").inner_text()
    job.done(most_clicks=2)


def test_weeks_are_chosen_and_filter_in_the_browser(screen):
    screen.open("?horizon=4&layers=hotspots.posts.names.records.patrols")
    screen.wait_for_data()
    before = screen.layer("week-records")
    patrols = screen.layer("week-patrols")["data"]
    fetched, received = len(screen.fetched), len(screen.received)
    job = Job("analis: pekan lain", screen)
    button = screen.page.locator(".st-key-week_back button").first
    button.scroll_into_view_if_needed()
    job.click(button)
    after = screen.layer("week-records")
    assert after["data"] == before["data"] and screen.layer("week-patrols")["data"] == patrols
    assert after["filterRange"][0] != before["filterRange"][0]
    assert sum(screen.received[received:]) < 60_000
    assert screen.fetched[fetched:] == []
    assert "since=2026" in screen.page.url
    job.done(most_clicks=1)


def test_weeks_are_brushed_then_run_and_stop(screen):
    screen.open("?horizon=4")
    chart = screen.page.get_by_test_id("stVegaLiteChart").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()

    def brush():
        y = box["y"] + 30
        screen.page.mouse.move(box["x"] + box["width"] * 0.5, y)
        screen.page.mouse.down()
        for share in (0.55, 0.6, 0.65, 0.7):
            screen.page.mouse.move(box["x"] + box["width"] * share, y)
        screen.page.mouse.up()

    screen.after(brush)
    screen.settle()
    assert "since=2026" in screen.page.url or "since=2025" in screen.page.url
    assert screen.layer("week-records")["filterRange"][0][0] > 0
    play = screen.page.locator(".st-key-week_play button").first
    play.scroll_into_view_if_needed()
    screen.after(play.click)
    first = screen.page.url
    screen.page.wait_for_function("url => location.href !== url", arg=first, timeout=20_000)
    screen.page.locator(".st-key-week_play button").first.click()
    screen.page.get_by_role("button", name="Putar").wait_for(timeout=20_000)


def test_a_village_is_found_by_name_and_measured_from(screen):
    screen.open("?horizon=4")
    job = Job("semua: cari desa", screen)
    box = screen.page.locator(".st-key-find_place input")
    job.click(box, wait=False)
    box.fill("Desa Siding 5")
    job.click(screen.page.get_by_role("option").first)
    assert "cell=87" in screen.page.url
    assert json.loads(screen.specs[-1])["initialViewState"]["zoom"] > 9
    far = screen.page.locator(".st-key-measure_to input")
    job.click(far, wait=False)
    far.fill("PLBN Entikong")
    job.click(screen.page.get_by_role("option").first)
    label = screen.layer("measure-text")["data"]["properties"]["n"]
    assert re.fullmatch(r"\d+,\d km", label)
    job.done(most_clicks=4)


def test_analyst_compares_two_assessments(screen):
    job = Job("analis: bandingkan", screen)
    screen.open()
    job.click(screen.page.get_by_role("link", name="Bandingkan").first)
    screen.page.get_by_text("Medan yang paling berubah").wait_for(timeout=20_000)
    told = screen.page.get_by_test_id("stMain").inner_text()
    assert "Sebelumnya, data s.d. 15 Nov 2026" in told and "Sekarang, data s.d. 22 Nov 2026" in told
    assert "turun banyak" in told and re.search(r"tertinggi\s+≥", told)  # both legends
    assert screen.page.get_by_test_id("stImage").count() == 3
    job.done(most_clicks=1)


def test_a_sector_is_chosen_and_shown_by_keyboard_alone(screen):
    """Tab to the list, arrow down: details and map follow."""
    screen.open("?horizon=4")
    table = screen.page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    screen.page.locator(".st-key-status button").last.focus()
    for _ in range(12):  # the list has some buttons of its own before its rows
        screen.page.keyboard.press("Tab")
        if screen.page.evaluate("document.activeElement.tagName === 'CANVAS'"):
            break
    screen.after(lambda: screen.page.keyboard.press("ArrowDown"))
    assert "sector=87" in screen.page.url
    assert screen.layer("chosen-sector")
    assert "Sektor" in screen.page.locator(".st-key-details").inner_text()


def test_an_address_leads_to_a_part_of_a_page(screen):
    screen.open("bantuan#batas")
    part = screen.page.locator("#batas")
    part.wait_for(timeout=10_000)
    screen.open("?horizon=4#unduh")
    screen.page.locator("#unduh").wait_for(timeout=10_000)


def test_planner_makes_changes_approves_and_takes_a_plan(screen):
    page = screen.page
    job = Job("perencana: buat rencana", screen)
    screen.open("rencana")
    if page.get_by_text("Belum ada rencana. Pilih pekan").count() == 0:
        job.click(page.get_by_role("button", name="Buat rencana baru"), wait=False)
    job.click(page.locator(".st-key-plan_make button"))
    page.get_by_text("Rencana dibuat").wait_for(timeout=60_000)
    screen.settle()
    job.done(most_clicks=2)
    screen.wait_for_colour(theme.ramp(theme.PLAN_QUANTITIES["chance"], dark=False)[4], 60)

    job = Job("perencana: ubah perintah", screen)
    job.click(page.get_by_text("Ubah perintah ini"), wait=False)
    action = page.locator("[class*='st-key-plan_edit_'][class*='_1_action'] input").first
    screen.wait_for_data()  # a map that still loads closes the list of options
    screen.choose(action, "Pos pemeriksaan")  # not what it was, and allowed at night as well
    job.clicks += 2
    page.locator("[class*='st-key-plan_edit_'][class*='_reason'] input").fill("permintaan desa")
    job.click(page.get_by_role("button", name="Simpan sebagai versi baru"))
    page.get_by_text("Versi 2 tersimpan").wait_for(timeout=20_000)
    assert "diubah local" in page.get_by_test_id("stMain").inner_text()
    job.done(most_clicks=4)

    job = Job("komandan: setujui dan tandatangani", screen)
    job.click(page.locator(".st-key-plan_approve button"))
    page.get_by_text("Disetujui oleh local, versi 3").wait_for(timeout=20_000)
    job.click(page.get_by_role("button", name="Tandatangani …"), wait=False)
    job.click(page.get_by_role("button", name="Tandatangani sebagai local"))
    page.get_by_text("Ditandatangani oleh local, versi 4").wait_for(timeout=20_000)
    assert page.get_by_text("Ubah perintah ini").count() == 0
    job.done(most_clicks=3)

    job = Job("komandan: bawa perintah", screen)
    begun = {"pdf": b"%PDF", "csv": b"order_id,", "ics": b"BEGIN:VCALENDAR", "gpx": b"<?xml",
             "kml": b"<?xml"}  # fmt: skip
    for kind, start in begun.items():
        name, content = job.take(page.locator(f".st-key-plan_take_{kind} button"))
        assert name.endswith(f"v4_SINTETIS.{kind}") and content.startswith(start)
    job.done(most_clicks=5)

    # another one is chosen at once, and stays chosen
    page.get_by_role("button", name="Buat rencana baru").click()
    screen.after(page.locator(".st-key-plan_make button").click)
    page.get_by_text("Rencana dibuat").wait_for(timeout=60_000)
    screen.settle()
    screen.after(page.get_by_text("Riwayat", exact=True).first.click)
    assert "DRAF versi 1" in page.get_by_test_id("stMain").inner_text()


def test_an_order_is_opened_from_the_timetable_by_hand_and_by_key(screen):
    plan_page(screen)
    page = screen.page
    shown = page.locator(".st-key-plan_order input")
    before = shown.get_attribute("value") or page.locator(".st-key-plan_order").inner_text()
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    screen.after(lambda: page.mouse.click(box["x"] + 60, box["y"] + 40 + 66 * 1.5))
    now = shown.get_attribute("value") or page.locator(".st-key-plan_order").inner_text()
    assert now != before and "UJI-2" in now
    screen.after(lambda: page.keyboard.press("ArrowDown"))
    later = shown.get_attribute("value") or page.locator(".st-key-plan_order").inner_text()
    assert "UJI-3" in later


@pytest.mark.parametrize("screen", [{"width": 390, "height": 844, "scheme": "dark"}], indirect=True)
def test_a_plan_fits_a_phone(screen):
    plan_page(screen)
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = screen.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 390
    assert screen.page.get_by_test_id("stException").count() == 0


@pytest.mark.parametrize(
    "page",
    [
        "peta",
        "wilayah",
        "wilayah?kabupaten=61.03",
        "rencana",
        "mutu",
        "bandingkan",
        "data",
        "bantuan",
    ],
)
@pytest.mark.parametrize("screen", [{"scheme": "light"}, {"scheme": "dark"}], indirect=True)
def test_axe_finds_nothing_at_aa(screen, page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    screen.open("" if page == "peta" else page)
    screen.page.wait_for_timeout(1500)
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    found = axe.Axe().run(screen.page, options=options).response["violations"]
    told = [
        (one["id"], [node["html"][:120] for node in one["nodes"]][:3])
        for one in found
        if (one["id"], page) not in KNOWN
    ]
    assert not told, json.dumps(told, indent=1)
