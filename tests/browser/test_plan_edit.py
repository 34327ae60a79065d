"""An order is changed in a browser: what is refused is seen, a stop is added and dropped again."""

import re

from tests.browser.screen import plan_page

FIELD = "[class*='st-key-plan_edit_'][class*='_{}'] input"


def open_form(screen):
    """The form of the chosen order, opened where it is not."""
    form = screen.page.get_by_test_id("stForm").first
    door = screen.page.get_by_text("Ubah perintah ini")
    screen.still(door)
    if not form.is_visible():
        door.click()
    screen.still(form)
    return form


def press(screen, name: str) -> None:
    button = screen.page.get_by_role("button", name=name)
    screen.still(button)
    screen.after(button.click)


def visits(screen) -> int:
    """Stops of the chosen order, as the page lists them."""
    return screen.page.get_by_text(re.compile(r"^\d\d\.\d\d–\d\d\.\d\d · ")).count()


def test_what_is_refused_is_seen_and_the_form_stays_open(screen):
    plan_page(screen)
    page = screen.page
    form = open_form(screen)
    for minutes, told in (("", "Belum ada yang diubah"), ("900", "Tidak dapat dilakukan")):
        if minutes:
            page.locator(FIELD.format("1_minutes")).fill(minutes)
            page.locator(FIELD.format("reason")).fill("coba")
        press(screen, "Simpan sebagai versi baru")
        answer = page.get_by_text(told)
        answer.wait_for(timeout=10_000)
        assert answer.is_visible() and form.is_visible()
    assert page.locator(FIELD.format("1_minutes")).input_value() == "900"


def test_a_stop_is_added_and_dropped_by_hand(screen):
    plan_page(screen)
    page = screen.page
    before = visits(screen)
    assert before
    open_form(screen)
    page.locator(FIELD.format("1_minutes")).fill("15")
    page.locator(FIELD.format("add_minutes")).fill("15")
    effect = page.get_by_text("Akibat, belum disimpan")
    for place in range(1, 9):  # which sector is in reach depends on the plan that was drawn
        screen.choose(page.locator(FIELD.format("add")).first, place)
        press(screen, "Lihat akibatnya")
        refused = page.get_by_text("Tidak dapat dilakukan")
        effect.or_(refused).first.wait_for(timeout=10_000)
        if effect.is_visible():
            break
    assert effect.is_visible()
    page.locator(FIELD.format("reason")).fill("permintaan desa")
    press(screen, "Simpan sebagai versi baru")
    page.get_by_text(re.compile(r"Versi \d+ tersimpan")).wait_for(timeout=20_000)
    assert visits(screen) == before + 1

    open_form(screen)
    drop = page.locator("[class*='st-key-plan_edit_'][class*='_2_drop'] label").first
    screen.still(drop)
    drop.click()
    page.locator(FIELD.format("reason")).fill("batal")
    press(screen, "Simpan sebagai versi baru")
    page.get_by_text(re.compile(r"Versi \d+ tersimpan")).wait_for(timeout=20_000)
    assert visits(screen) == before
