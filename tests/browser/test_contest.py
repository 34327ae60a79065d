"""An analyst contests a score in a browser, reads it, and withdraws it again."""

import pytest

from tests.browser.screen import Job, keep_screen

SIZES = [{"width": 1440, "height": 1000}, {"width": 390, "height": 844, "scheme": "dark"}]


def first_sector(screen) -> None:
    box = screen.page.get_by_test_id("stDataFrame").first.bounding_box()
    screen.page.mouse.click(box["x"] + 80, box["y"] + 52)


@pytest.mark.parametrize("screen", SIZES, indirect=True, ids=["desktop", "phone"])
def test_a_score_is_contested_and_the_word_withdrawn(screen, request):
    screen.open()
    page = screen.page
    page.get_by_test_id("stDataFrame").first.scroll_into_view_if_needed()
    screen.after(lambda: first_sector(screen))
    job = Job("analis: sanggah skor", screen)
    job.click(page.get_by_text("Sanggah skor ini"), wait=False)
    page.get_by_label("Alasan (tentang tempat, bukan orang)").fill("jalur tertutup longsor")
    job.click(page.get_by_role("button", name="Simpan koreksi"))
    page.get_by_text("Koreksi analis: diragukan").wait_for()
    job.done(most_clicks=2)
    assert screen.layer("contested")["getDashArray"]
    assert "disanggah analis" in page.get_by_test_id("stMain").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    keep_screen(screen, f"contest-{request.node.callspec.id}")
    door = page.get_by_role("button", name="Cabut koreksi")
    door.scroll_into_view_if_needed()
    door.click()
    page.get_by_label("Mengapa dicabut").fill("jalur dibuka lagi")
    screen.after(page.get_by_role("button", name="Cabut", exact=True).click)
    page.get_by_text("Koreksi analis: diragukan").wait_for(state="detached")
