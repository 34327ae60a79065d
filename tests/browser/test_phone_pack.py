"""The phone pack as a saved file in a real browser: no network, my place where it is allowed."""

from dataclasses import replace

import pytest

from tests.ui.paper.test_own_and_pack import a_pack
from ui.map.picture import Picture
from ui.paper import pack


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "paket.html"
    one = a_pack()
    frame = replace(one.frame, width=300, height=300)
    path.write_text(pack.page(replace(one, frame=frame, drawn=Picture(300, 300),
                                      dark=Picture(300, 300))), encoding="utf-8")  # fmt: skip
    return path.as_uri()


@pytest.mark.parametrize("allowed", [True, False])
def test_my_place_from_a_saved_file(browser, saved, allowed):
    """Chromium lets a saved file ask; it is not asked twice and says what to do if refused."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, offline=True, color_scheme="dark",
        geolocation={"latitude": 0.95, "longitude": 110.3, "accuracy": 12},
        permissions=["geolocation"] if allowed else [],
    )  # fmt: skip
    page, faults, asked = context.new_page(), [], []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda line: faults.append(line.text))
    page.on("request", lambda one: asked.append(one.url))
    page.goto(saved)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 17, 23)"
    page.click("#locate")
    if allowed:
        page.wait_for_function("document.getElementById('where').textContent.includes('0.95000')")
        assert page.inner_text("li .near") == "5,6 km ke selatan"
        x = page.evaluate("document.getElementById('me').getAttribute('transform')")
        assert [round(float(n)) for n in x[10:-1].split()] == [90, 165]
    else:
        page.wait_for_function("document.getElementById('where').textContent.includes('GPX')")
        assert page.inner_text("li .near") == ""
    assert asked == [saved] and faults == []
    context.close()
