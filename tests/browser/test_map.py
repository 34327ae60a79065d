"""The main page in a real browser: drawn, clickable, filtering, silent."""

import gzip
import json
import math
import urllib.error
import urllib.request

import pytest
from shapely.geometry import shape

from tests.browser import colours
from ui import theme

RAMP = theme.ramp(theme.QUANTITIES["risk"], dark=False)


def show_map(screen, query: str = ""):
    screen.open(query)
    screen.wait_for_colour(RAMP[4], 100)
    return screen


def test_the_map_is_drawn_from_addresses_only_it_holds(screen, server):
    show_map(screen)
    for colour in RAMP[1:6]:  # the highest class is two cells here, and discs lie over it
        screen.wait_for_colour(colour, 60)
    spec = screen.specs[-1]
    assert len(spec) < 20_000
    assert "http" not in spec
    cells = screen.layer("cells")["data"]
    request = urllib.request.Request(f"{server}/{cells}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert "private" in answer.headers["Cache-Control"]
        rows = json.loads(gzip.decompress(answer.read()))
    assert len(rows) > 2000 and {"h", "c", "k", "n", "s", "o", "v0"} <= set(rows[0])
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server}/api/data/{'0' * 40}.json")
    with urllib.request.urlopen(f"{server}/healthz") as answer:
        assert json.loads(answer.read())["status"] == "ok"


def test_the_bar_is_as_long_as_it_says_and_the_page_can_be_walked_by_keys(screen):
    show_map(screen)
    screen.page.wait_for_selector(".kr-bar:not([hidden])", timeout=20_000)
    buttons = screen.page.locator("[data-testid=stDeckGlJsonChartZoomButton] button")
    for step in range(2):
        screen.page.wait_for_timeout(1200)
        _, lat, zoom = colours.camera(screen)
        bar = screen.page.locator(".kr-bar")
        metres, wide = int(bar.get_attribute("data-metres")), bar.locator("i").bounding_box()
        pixel = 40075016.686 * math.cos(math.radians(lat)) / (512 * 2**zoom)
        assert abs(wide["width"] * pixel / metres - 1) < 0.05 and str(metres)[0] in "125"
        if not step:
            buttons.first.click()
    names = [buttons.nth(i).get_attribute("aria-label") for i in range(2)]
    assert names == ["Perbesar peta", "Perkecil peta"]
    assert screen.page.evaluate("document.documentElement.lang") == "id"
    screen.page.evaluate("document.activeElement.blur()")
    walked = []
    for _ in range(8):
        screen.page.keyboard.press("Tab")
        walked.append(screen.page.evaluate(
            "(e => [e.innerText, e.getBoundingClientRect().x])(document.activeElement)"
        ))  # fmt: skip
    assert all(x >= 0 for _, x in walked), f"focus left of the window: {walked}"


def test_a_filter_costs_little_and_fetches_no_cells(screen):
    show_map(screen)
    screen.open_panel()
    fetched = len(screen.fetched)
    received = len(screen.received)
    screen.page.locator(".st-key-choose_kecamatan input").click()
    screen.after(lambda: screen.page.get_by_role("option", name="Siding").click())
    assert sum(screen.received[received:]) < 60_000
    assert screen.layer("cells")["filterRange"][0] == screen.layer("cells")["filterRange"][1]
    cells = screen.layer("cells")["data"]
    assert not [url for url in screen.fetched[fetched:] if url.endswith(cells)]
    assert "kecamatan=61.07.12" in screen.page.url


def click_cell(screen, colour) -> None:
    """Click a hexagon of a colour, as a hand does: move there, wait for the tooltip, press."""
    from playwright.sync_api import TimeoutError as Late

    missed = []
    xs, ys = screen.wait_for_colour(colour, 150)
    for attempt in range(6):
        at = len(xs) * (attempt + 1) // 8
        x, y = float(xs[at]), float(ys[at])
        screen.page.mouse.move(x - 4, y - 4)
        screen.page.mouse.move(x, y)
        try:
            screen.page.wait_for_selector(".deck-tooltip", state="visible", timeout=3000)
            run = screen.run
            screen.page.mouse.click(x, y, delay=40)
            screen.page.wait_for_function(
                "run => Number(document.querySelector('#probe').dataset.run) > run",
                arg=run,
                timeout=4000,
            )
            screen.settle()
            return
        except Late as late:  # the map may still be drawing: try another place
            missed.append(f"({x:.0f}, {y:.0f}): {late.message.splitlines()[0]}")
    raise AssertionError(f"no click reached a cell: {'; '.join(missed)}")


def test_a_click_on_a_hexagon_shows_its_details(screen):
    show_map(screen)
    click_cell(screen, RAMP[4])
    details = screen.page.locator(".st-key-details")
    details.wait_for(timeout=10_000)
    told = details.inner_text()
    assert "Sel di" in told and "Mengapa sel ini" in told and "Selang 80 %" in told
    assert "cell=87" in screen.page.url
    assert screen.layer("chosen-cell")
    live = screen.page.locator("#kr-live[aria-live=polite]")
    live.get_by_text("Dipilih: Sel di").wait_for(state="attached", timeout=5000)
    # the colours of all other cells stay what they were
    screen.wait_for_colour(RAMP[3], 100)


def test_a_row_moves_the_map_to_its_sector_and_files_hold_it(screen, tmp_path):
    show_map(screen, "?horizon=4")
    before = json.loads(screen.specs[-1])["initialViewState"]
    table = screen.page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    screen.after(lambda: screen.page.mouse.click(box["x"] + 80, box["y"] + 52))
    after = json.loads(screen.specs[-1])["initialViewState"]
    assert after["zoom"] > before["zoom"]
    assert "Sektor 1:" in screen.page.locator(".st-key-details").inner_text()
    assert "sector=87" in screen.page.url
    check_downloads(screen, tmp_path)


def check_downloads(screen, tmp_path) -> None:
    for kind, least in (("Titik rawan", 60), ("Sektor", 5)):
        if kind == "Sektor":
            box = screen.page.locator(".st-key-download_what input")
            box.scroll_into_view_if_needed()
            box.click()
            screen.after(lambda: screen.page.get_by_role("option", name="Sektor").click())
        button = screen.page.get_by_role("button", name="Unduh berkas")
        button.scroll_into_view_if_needed()
        with screen.page.expect_download() as taken:
            button.click()
        path = tmp_path / taken.value.suggested_filename
        taken.value.save_as(path)
        told = json.loads(path.read_text(encoding="utf-8"))
        assert "SINTETIS" in path.name and "_4w_" in path.name
        assert len(told["features"]) >= least
        for feature in told["features"]:
            assert shape(feature["geometry"]).is_valid
            assert feature["properties"]["handling"]
            west, south, east, north = shape(feature["geometry"]).bounds
            assert 109 < west < east < 112 and 0 < south < north < 2


def test_a_deep_link_opens_the_same_view(screen):
    screen.open("?lang=en&kabupaten=61.03&horizon=12&coverage=5")
    told = screen.page.get_by_test_id("stMain").inner_text()
    assert "Priority sectors" in told and "12 weeks, 23 Nov 2026 – 14 Feb 2027" in told
    lo, hi = screen.layer("cells")["filterRange"]
    assert lo <= hi < 100
    assert "kabupaten=61.03" in screen.page.url


@pytest.mark.parametrize("screen", [{"width": 390, "height": 844}], indirect=True)
def test_a_phone_scrolls_down_only(screen):
    show_map(screen)
    wide = screen.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    # a map takes the drags of a finger: the first screen is the map, with room above and below it
    box = screen.map.bounding_box()
    assert box["height"] >= 0.6 * 844
    assert box["y"] >= 100 and box["y"] + box["height"] <= 844 - 40
    # the list comes right after the map, before the weeks
    top = screen.page.get_by_text("Sektor prioritas").bounding_box()["y"]
    assert top < screen.page.get_by_text("Catatan dan upaya per pekan").bounding_box()["y"]


@pytest.mark.parametrize(
    "screen", [{"width": 1440, "height": 1000, "scheme": "dark"}], indirect=True
)
def test_a_dark_screen_is_dark_and_its_map_too(screen):
    screen.open("?horizon=4")
    dark = theme.ramp(theme.QUANTITIES["risk"], dark=True)
    screen.wait_for_colour(dark[4], 150)
    assert screen.picture().mean() < 110
