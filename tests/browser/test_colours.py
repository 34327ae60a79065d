"""After each click the map shows what the legend says: pixels of cells against its colours."""

import io
import json
import re

import h3
import numpy as np
import pytest
import shapely
from PIL import Image

from tests.browser import colours
from tests.browser.screen import plan_page
from tests.browser.test_map import click_cell
from tests.ui.world import BORDER
from ui import theme
from ui.selection import LAYERS
from ui.views.map.layers import HORIZON_WISE, deck_views
from ui.words import length, t

HORIZONS = [1, 4, 12]
SCHEMES = [{"scheme": "light"}, {"scheme": "dark"}]
BARE = "layers="


def choose(screen, key: str, words: str) -> None:
    """Click a word of a row of choices."""
    if key.startswith("choose_"):
        screen.open_panel()
    screen.after(screen.page.locator(f".st-key-{key}").get_by_text(words, exact=True).click)


def choose_horizon(screen, horizon: int) -> None:
    """Click the choice of so many weeks; it is named by its days."""
    if screen.page.locator(".st-key-panel").count():
        screen.open_panel()
    place = ".st-key-choose_horizon"
    choices = screen.page.locator(
        f"{place} [role=radiogroup] label, {place} [data-testid=stButtonGroup] button"
    )
    screen.after(choices.nth(HORIZONS.index(horizon)).click)


def view_of(quantity: str, horizon: int) -> int:
    return deck_views(HORIZONS).index((quantity, horizon if quantity in HORIZON_WISE else 0))


def check_map(screen, quantity: str, horizon: int, inside, where: str) -> None:
    """The legend is the ramp of the quantity, and the cells are in it."""
    dark = screen.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    whole, ramp = colours.legend(screen), theme.ramp(theme.QUANTITIES[quantity], dark)
    told, rest = whole[: len(ramp)], whole[len(ramp) :]
    assert told == ramp and rest in ([], [theme.palette("dark" if dark else "light").unknown])
    inside = inside - under_fine_cells(screen) if inside else inside
    cells = colours.sample(screen, "cells", "c", view_of(quantity, horizon), inside)
    known = np.flatnonzero(cells.classes < len(told))  # what is unknown has a colour of its own
    cells = colours.Cells([cells.ids[i] for i in known], cells.classes[known], cells.dotted[known])
    colours.wait_until_they_agree(screen, cells, told, f"{where}, {quantity}, {horizon} weeks")


def cells_in(screen) -> set[str]:
    """The cells that the browser's filter lets through."""
    lo, hi = screen.layer("cells")["filterRange"]
    return {row["h"] for row in colours.rows(screen, "cells") if lo <= row["k"] <= hi}


def under_fine_cells(screen) -> set[str]:
    """Cells with exact records on smaller cells above them, which have colours of their own."""
    if not any(one["id"] == "fine-cells" for one in json.loads(screen.specs[-1])["layers"]):
        return set()
    return {h3.cell_to_parent(row["h"], 7) for row in colours.rows(screen, "fine-cells")}


@pytest.mark.parametrize("kabupaten", ["", "61.03"], ids=["all", "district"])
@pytest.mark.parametrize("screen", SCHEMES, indirect=True, ids=["light", "dark"])
def test_the_map_follows_its_legend_through_every_choice(screen, kabupaten):
    screen.open(f"?{BARE}&kabupaten={kabupaten}")
    screen.wait_for_data()
    inside = cells_in(screen)
    screen.open_panel()
    box = screen.map.bounding_box()
    screen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    screen.page.mouse.wheel(0, -60)  # a hand moves the camera: no click may move it back
    screen.page.wait_for_timeout(800)
    stands, fetched = colours.camera(screen), len(screen.fetched)
    for horizon in (12, 1, 4):
        choose_horizon(screen, horizon)
        for quantity in theme.QUANTITIES:
            label = screen.page.locator(".st-key-choose_quantity").get_by_text(
                t(f"quantity.{quantity}", "id"), exact=True
            )
            if not label.locator("xpath=ancestor::label").locator("input").is_checked():
                screen.after(label.click)
            check_map(screen, quantity, horizon, inside, kabupaten or "all")
            assert np.allclose(colours.camera(screen), stands, atol=1e-6)
    address = screen.layer("cells")["data"]
    assert not [url for url in screen.fetched[fetched:] if url.endswith(address)], "fetched anew"


@pytest.mark.parametrize("screen", SCHEMES, indirect=True, ids=["light", "dark"])
def test_the_district_page_follows_its_legend(screen):
    """Its colours are chosen on the map's page, its horizon and district are those of the rest."""
    for quantity in theme.QUANTITIES:
        screen.open(f"wilayah?{BARE}&kabupaten=61.03&horizon=4&quantity={quantity}")
        screen.wait_for_data()
        inside = cells_in(screen)
        check_map(screen, quantity, 4, inside, "wilayah")


def test_the_strip_along_the_border_has_its_cells_colour_and_ends_at_the_line(screen):
    screen.open(f"?{BARE}&horizon=4")
    rows = colours.rows(screen, "strip")
    home = min(rows, key=lambda row: abs(row["p"][0][0][0] - 110.38))["h"]
    screen.open(f"?{BARE}&horizon=4&cell={home}")  # a link looks at its cell from close by
    screen.wait_for_data()
    ramp, view = theme.ramp(theme.QUANTITIES["risk"], False), view_of("risk", 4)
    shapes = [shapely.Polygon(row["p"][0]).buffer(-0.0015) for row in rows]  # clear of the line
    kept = [i for i, shape in enumerate(shapes) if shape.area > 0]
    spots = [shapely.point_on_surface(shapes[i]).coords[0] for i in kept]
    told = [ramp[int(rows[i]["c"][view])] for i in kept]
    steps = np.linspace(0.02, 0.98, 120)
    line = shapely.LineString(BORDER)
    over = [[p.x, p.y + 0.008] for p in (line.interpolate(s, normalized=True) for s in steps)]
    over = [spot for spot in over if spot[1] - np.interp(spot[0], *np.array(BORDER).T) > 0.006]
    for _ in range(20):
        beside = colours.share_of(screen, spots, told)
        abroad = colours.share_of(screen, over, [theme.LIGHT.abroad] * len(over))
        if beside >= 0.8 and abroad >= 0.8:
            return
        screen.page.wait_for_timeout(500)
    raise AssertionError(f"in the colour of its cell {beside:.2f}, plain beyond {abroad:.2f}")


def compared(screen) -> list[np.ndarray]:
    """The three pictures of the compare page as they stand on the screen."""
    images = screen.page.get_by_test_id("stImage").locator("img")
    images.nth(2).wait_for(timeout=20_000)
    assert images.count() == 3
    found = []
    for place in range(3):
        images.nth(place).scroll_into_view_if_needed()
        shot = images.nth(place).screenshot()
        found.append(np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int))
    return found


def out_of_legend(screen, pictures: list[np.ndarray], before: list[np.ndarray]) -> str:
    """What is wrong with the pictures of the compare page; "" if nothing."""
    scales = colours.legend(screen, 0), colours.legend(screen, 1)
    for place, picture in enumerate(pictures):
        told, other = np.array(scales[place == 2]), np.array(scales[place != 2])
        near = np.abs(picture[:, :, None, :] - told).max(axis=3) <= 6
        share, classes = near.any(axis=2).mean(), int((near.sum(axis=(0, 1)) > 20).sum())
        if share <= 0.02 or classes < 2:
            return f"picture {place}: {share:.3f} in {classes} colours of its legend"
        strange = (np.abs(picture[:, :, None, :] - other).max(axis=3) <= 2).any(axis=2)
        if (strange := (strange & ~near.any(axis=2)).mean()) >= 0.01:
            return f"picture {place}: {strange:.3f} in colours of the other legend"
    changed = [
        a.shape != b.shape or (a != b).any(axis=2).mean() > 0.005
        for a, b in zip(before, pictures, strict=True)
    ]
    return "" if any(changed) else "the pictures are still those of before"


@pytest.mark.parametrize(
    ("screen", "kabupaten"),
    [(SCHEMES[0], ""), (SCHEMES[1], "61.03")],
    indirect=["screen"],
    ids=["light-all", "dark-district"],
)
def test_the_compare_page_follows_its_legends(screen, kabupaten):
    """After each click the pictures are others, in the colours of the legends below them."""
    screen.open(f"bandingkan?horizon=12&kabupaten={kabupaten}")
    screen.page.get_by_text("Medan yang paling berubah").wait_for(timeout=30_000)
    before = [np.zeros((1, 1, 3))] * 3
    for horizon in (12, 1, 4):
        if horizon != 12:
            choose_horizon(screen, horizon)
        caption = screen.page.get_by_text(re.compile(rf", {length(horizon, 'id')}$")).first
        caption.wait_for(timeout=20_000)
        for _ in range(20):  # a busy browser is late to decode them
            now = compared(screen)
            if not (fault := out_of_legend(screen, now, before)):
                break
            screen.page.wait_for_timeout(500)
        assert not fault, f"{horizon} weeks, {fault}"
        before = now


@pytest.mark.parametrize("screen", SCHEMES, indirect=True, ids=["light", "dark"])
def test_the_plan_follows_its_legend(screen):
    from ui.map.plan_layers import SECTORS

    plan_page(screen)
    screen.wait_for_data()
    dark = screen.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    for key in ("planned", "chance", "planned"):
        choose(screen, "plan_colour", t(f"quantity.{key}", "id"))
        screen.map.scroll_into_view_if_needed()
        told = colours.legend(screen)
        assert told == theme.ramp(theme.PLAN_QUANTITIES[key], dark)
        cells = colours.sample(screen, SECTORS, key[0], None, None)
        colours.wait_until_they_agree(screen, cells, told, f"plan, {key}", wide=7)


def test_a_chosen_cell_stays_chosen_and_the_others_keep_their_colours(screen):
    screen.open(f"?{BARE}&horizon=4")
    screen.wait_for_data()
    click_cell(screen, theme.ramp(theme.QUANTITIES["risk"], False)[4])
    cell = screen.page.url.partition("cell=")[2].partition("&")[0]
    assert cell
    choose(screen, "choose_quantity", t("quantity.effort", "id"))
    assert f"cell={cell}" in screen.page.url and screen.layer("chosen-cell")
    check_map(screen, "effort", 4, None, "with a cell chosen")


def test_every_layer_chip_changes_the_picture_and_changes_it_back(screen):
    screen.open("?horizon=4")
    screen.wait_for_data()
    screen.open_panel()
    for code in LAYERS:
        name = t(f"layer.{code}", "id")
        before = still(screen)
        choose(screen, "choose_layers", name)
        changed = differs(before, still(screen))
        assert changed > 60, f"{name}: {changed} pixels changed"
        choose(screen, "choose_layers", name)
        back = differs(before, still(screen))
        assert back < changed / 4, f"{name}: {back} of {changed} pixels stay changed"


def still(screen) -> np.ndarray:
    """The map's picture as soon as two in a row are the same."""
    last = None
    for _ in range(25):
        screen.page.wait_for_timeout(500)
        image = Image.open(io.BytesIO(screen.map.screenshot())).convert("RGB")
        picture = np.asarray(image).astype(int)
        if last is not None and differs(last, picture) < 5:
            return picture
        last = picture
    raise AssertionError("the map does not come to rest")


def differs(one: np.ndarray, other: np.ndarray) -> int:
    """Pixels that differ clearly."""
    return int((np.abs(one - other).max(axis=2) > 24).sum())


# back and forward ------------------------------------------------------------------------------


def shown(screen) -> tuple[str, str]:
    """What the screen says: chosen district, and the heading of the details."""
    district = screen.page.locator(".st-key-panel").inner_text()
    details = screen.page.locator(".st-key-details")
    return district, details.inner_text().splitlines()[0] if details.count() else ""


def test_back_and_forward_walk_through_what_was_chosen(screen):
    screen.open("?horizon=4")
    screen.wait_for_data()
    steps = [(screen.page.url, shown(screen))]
    table = screen.page.get_by_test_id("stDataFrame").first
    for row in (1, 2):
        table.scroll_into_view_if_needed()
        box = table.bounding_box()
        y = box["y"] + 17 + 35 * row
        screen.after(lambda box=box, y=y: screen.page.mouse.click(box["x"] + 80, y))
        steps.append((screen.page.url, shown(screen)))
    assert len({url for url, _ in steps}) == 3 and len({told for _, told in steps}) == 3
    for step in (1, 0):
        screen.after(screen.page.go_back)
        assert (screen.page.url, shown(screen)) == steps[step]
    for step in (1, 2):
        screen.after(screen.page.go_forward)
        assert (screen.page.url, shown(screen)) == steps[step]


def test_the_part_of_the_data_page_follows_the_address(screen):
    screen.open("data?bagian=sumber")
    choose(screen, "data_part", t("part.history", "id"))
    assert "bagian=riwayat" in screen.page.url
    screen.after(screen.page.go_back)
    assert "bagian=sumber" in screen.page.url
    assert screen.page.get_by_text(t("fresh.title", "id")).count() == 1
