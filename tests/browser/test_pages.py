"""The other pages open from the top bar; and the pictures for the documentation."""

import os

import pytest

from tests.browser.screen import keep_screen, plan_page
from ui import theme


@pytest.mark.parametrize(
    ("link", "word"),
    [
        ("Seberapa baik model ini?", "dari 100 kejadian"),
        ("Rencana patroli", "Rencana patroli"),
        ("Data", "Seberapa baru catatan tiap instansi"),
        ("Bantuan", "Langkah tiap Senin"),
        ("Bandingkan", "Medan yang paling berubah"),
    ],
)
def test_a_page_opens_from_the_bar(screen, link, word):
    screen.open("bantuan" if link == "Data" else "data")
    screen.page.get_by_role("link", name=link, exact=True).first.click()
    screen.page.get_by_text(word).first.wait_for(timeout=20_000)
    screen.page.wait_for_function(f"document.title === '{link} · Kalbar Risk'", timeout=20_000)
    screen.page.locator("h1").get_by_text(link, exact=True).wait_for(timeout=20_000)
    screen.settle()
    assert screen.page.locator("h1").all_inner_texts() == [link]
    assert screen.page.get_by_test_id("stException").count() == 0


def test_the_language_stays_from_page_to_page(screen):
    screen.open("bantuan?lang=en")
    screen.page.get_by_text("Every Monday").first.wait_for(timeout=20_000)
    screen.page.get_by_role("link", name="Data", exact=True).first.click()
    screen.page.get_by_text("How fresh each agency").first.wait_for(timeout=20_000)
    screen.page.wait_for_function("location.search.includes('lang=en')", timeout=20_000)


@pytest.mark.skipif(os.environ.get("UPDATE_SCREENS") != "1", reason="set UPDATE_SCREENS=1")
@pytest.mark.parametrize(
    ("screen", "name", "query"),
    [
        ({"width": 1440, "height": 1000}, "desktop-light", "?horizon=4"),
        ({"width": 1440, "height": 1400}, "sector-light", "SECTOR"),
        ({"width": 390, "height": 844, "scheme": "dark"}, "phone-dark", "?horizon=4"),
        ({"width": 390, "height": 844}, "phone-light", "?horizon=4"),
        ({"width": 1440, "height": 1000, "scheme": "dark"}, "desktop-dark", "?horizon=4"),
    ],
    indirect=["screen"],
)
def test_pictures_for_the_documentation(screen, name, query):
    dark = name.endswith("dark")
    ramp = theme.ramp(theme.QUANTITIES["risk"], dark=dark)
    screen.open("?horizon=4" if query == "SECTOR" else query)
    screen.wait_for_colour(ramp[4], 30)
    if query == "SECTOR":
        box = screen.page.get_by_test_id("stDataFrame").first.bounding_box()
        screen.after(lambda: screen.page.mouse.click(box["x"] + 80, box["y"] + 52))
        screen.page.mouse.move(5, 5)
    keep_screen(screen, name)


@pytest.mark.skipif(os.environ.get("UPDATE_SCREENS") != "1", reason="set UPDATE_SCREENS=1")
@pytest.mark.parametrize("screen", [{"width": 1280, "height": 1100}], indirect=True)
@pytest.mark.parametrize(
    ("page", "name"),
    [("mutu", "quality-light"), ("wilayah?kabupaten=61.03", "district-light")],
)
def test_pictures_of_the_other_pages(screen, page, name):
    screen.open(page)
    screen.page.wait_for_timeout(9000)
    keep_screen(screen, name)


@pytest.mark.skipif(os.environ.get("UPDATE_SCREENS") != "1", reason="set UPDATE_SCREENS=1")
@pytest.mark.parametrize("screen", [{"width": 1440, "height": 1760}], indirect=True)
def test_a_picture_of_a_plan(screen):
    plan_page(screen)
    screen.wait_for_colour(theme.ramp(theme.PLAN_QUANTITIES["chance"], dark=False)[4], 60)
    keep_screen(screen, "plan-light")
