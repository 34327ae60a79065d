"""The data steward's page in a real browser: a file goes in, is undone again, nothing leaks."""

import pytest

from tests.browser.screen import keep_screen

ODD = """event_id,lat,lon,time,kind
1,0.98,110.36,2026-01-02,sighting
2,0.98,,2026-01-03,sighting
"""
SECRET = """event_id,lat,lon,time,kind,Nama Korban
1,0.98,110.36,2026-01-02,sighting,Siti Aminah
"""


def go(screen, part: str) -> None:
    screen.page.get_by_test_id("stButtonGroup").get_by_text(part, exact=True).last.click()
    screen.page.wait_for_timeout(300)
    screen.settle()


def upload(screen, name: str, text: str) -> None:
    given = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    chooser = screen.page.locator("[data-testid=stFileUploader] input[type=file]")
    screen.after(lambda: chooser.set_input_files(given))


def test_a_file_is_seen_then_stored_then_undone(screen):
    screen.open("data")
    go(screen, "Bawa berkas")
    upload(screen, "data-sintetis-odd.csv", ODD)
    screen.page.get_by_text("2 baris dibaca = 1 diterima + 1 disisihkan").wait_for()
    screen.after(lambda: screen.page.get_by_role("button", name="Simpan 1 baris").click())
    screen.page.get_by_text("Tersimpan sebagai impor").wait_for()
    go(screen, "Mutu & perbaikan")
    with screen.page.expect_download() as taken:
        screen.page.get_by_role("button", name="Unduh 1 baris").click()
    assert taken.value.suggested_filename == "DATA-SINTETIS-perbaikan.xlsx"
    go(screen, "Riwayat impor")
    screen.page.get_by_label("Alasan (wajib)").fill("uji coba")
    screen.after(lambda: screen.page.get_by_role("button", name="Urungkan impor").click())
    screen.page.get_by_text("diurungkan.").wait_for()
    assert screen.page.get_by_test_id("stException").count() == 0


def test_personal_data_is_refused_and_nothing_of_it_comes_back(screen):
    screen.open("data")
    go(screen, "Bawa berkas")
    upload(screen, "rahasia.csv", SECRET)
    screen.page.get_by_text("Ditolak: berkas ini memuat data pribadi").wait_for()
    told = screen.page.get_by_test_id("stMain").inner_text()
    assert "kolom “Nama Korban” memuat nama orang" in told
    assert "Siti" not in told and "rahasia.csv" not in told


def test_an_address_opens_a_part_and_follows_it(screen):
    screen.open("data?bagian=kembar")
    screen.page.get_by_text("Antrean tinjauan").wait_for()
    go(screen, "Bawa berkas")
    assert "bagian=berkas" in screen.page.url
    screen.page.get_by_role("button", name="Pilih berkas", exact=True).wait_for()
    told = screen.page.get_by_test_id("stFileUploaderDropzone").inner_text()
    assert "per file" not in told and "Upload" not in told


def test_the_parts_are_reached_by_keyboard(screen):
    screen.open("data")
    part = screen.page.get_by_test_id("stButtonGroup").get_by_text("Bawa berkas", exact=True).last
    for _ in range(40):
        screen.page.keyboard.press("Tab")
        focused = screen.page.evaluate("document.activeElement.innerText || ''")
        if focused.strip() == "Sumber & kesegaran":
            break
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("Enter")
    screen.page.get_by_text("Bawa berkas dari instansi").wait_for(timeout=10_000)
    assert part.is_visible()


@pytest.mark.parametrize("screen", [{"width": 390, "height": 844}], indirect=True)
@pytest.mark.parametrize("part", ["Sumber & kesegaran", "Bawa berkas", "Kembar", "Riwayat impor"])
def test_a_phone_scrolls_down_only(screen, part):
    screen.open("data")
    go(screen, part)
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    ("screen", "name"),
    [
        ({"width": 1280, "height": 1000}, "data-light"),
        ({"width": 1280, "height": 1000, "scheme": "dark"}, "data-dark"),
    ],
    indirect=["screen"],
)
def test_the_page_opens_in_both_schemes(screen, name):
    screen.open("data")
    screen.page.get_by_text("Seberapa baru catatan tiap instansi").wait_for()
    keep_screen(screen, name)
