"""A browser page as the tests see it: what it asked for, what it was told, what it shows."""

import io
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

JOBS = Path(__file__).resolve().parents[1] / "artefacts" / "jobs.jsonl"
SCREENS = Path(__file__).resolve().parents[2] / "docs" / "img"


@dataclass
class Screen:
    """A page, and everything it asked for and was told."""

    page: object
    address: str
    outside: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    specs: list[str] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> "Screen":
        """Go there and wait until the page is complete."""
        self.page.goto(self.address + "/" + query)
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until the script has run and its last element is there."""
        self.page.wait_for_selector("#probe", state="attached", timeout=60_000)
        self.page.wait_for_selector(
            "[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000
        )

    def open_panel(self) -> "Screen":
        """Unfold the panel of choices, if it is not open: folded it stands left of the window."""
        panel = self.page.locator(".st-key-choose_quantity")
        box = panel.bounding_box() if panel.count() else None
        if box is None or box["x"] < 0:
            self.after(self.page.locator(".st-key-panel button").first.click)
            self.page.wait_for_function(
                "document.querySelector('.st-key-choose_quantity')?.getBoundingClientRect().x >= 0"
            )
            self.page.wait_for_timeout(400)  # the panel slides, and the map makes room for it
        return self

    def after(self, act) -> None:
        """Do something that runs the script again, and wait for the end of that run."""
        run = self.run
        act()
        self.page.wait_for_function(
            "run => Number(document.querySelector('#probe')?.dataset.run || 0) > run",
            arg=run,
            timeout=30_000,
        )
        self.settle()

    def still(self, what) -> None:
        """Wait until something stands still, as a hand does: a click at what moves is lost."""
        what.scroll_into_view_if_needed()
        before, calm = None, 0
        for _ in range(100):
            now = what.bounding_box()
            before, calm = now, calm + 1 if now == before else 0
            if calm >= 3:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"it does not come to rest: {what}")

    def choose(self, box, option: str | int) -> None:
        """Choose from a list by its name or its place, and see that the box shows it."""
        from playwright.sync_api import TimeoutError as TimedOut

        before = box.input_value()
        for _ in range(3):  # whatever runs meanwhile closes the list of options
            self.still(box)
            box.click()
            found = self.page.get_by_role("option")
            if isinstance(option, str):
                box.fill(option)
                found = self.page.get_by_role("option", name=option)
            try:
                found.nth(option if isinstance(option, int) else 0).click(timeout=10_000)
            except TimedOut:
                continue
            if box.input_value() not in ("", before):
                return
        raise AssertionError(f"{option} was not chosen, the box shows {box.input_value()!r}")

    @property
    def run(self) -> int:
        """How many times the page was drawn."""
        return int(self.page.get_attribute("#probe", "data-run"))

    @property
    def map(self):
        """The element that holds the map."""
        return self.page.get_by_test_id("stDeckGlJsonChart")

    def wait_for_data(self) -> None:
        """Wait until the map has asked for all it needs: nothing new for a second and a half."""
        before = -1
        while before != len(self.fetched) or not self.fetched:  # a busy machine begins late
            before = len(self.fetched)
            self.page.wait_for_timeout(1500)

    def layer(self, name: str) -> dict:
        """A layer of the newest map spec that came over the wire."""
        told = json.loads(self.specs[-1])["layers"]
        return next(one for one in told if one["id"] == name)

    def picture(self):
        """The map as an array of RGB pixels."""
        return np.asarray(Image.open(io.BytesIO(self.map.screenshot())).convert("RGB"))

    def wait_for_colour(self, colour, at_least: int, seconds: float = 25):
        """Poll until enough pixels have a colour; gives their (x, y) on the page."""
        limit = time.monotonic() + seconds
        while True:
            found = np.abs(self.picture().astype(int) - colour).max(axis=2) <= 20
            if found.sum() >= at_least:
                y, x = np.nonzero(found)
                box = self.map.bounding_box()
                return x + box["x"], y + box["y"]
            if time.monotonic() > limit:
                raise AssertionError(f"{found.sum()} pixels of {colour}, {at_least} wanted")
            self.page.wait_for_timeout(400)

    def listen(self) -> None:
        """Note every request, fault and map spec from now on."""

        def requested(one) -> None:
            if not one.url.startswith((self.address, "data:", "blob:")):
                self.outside.append(one.url)
            elif "/api/" in one.url:
                self.fetched.append(one.url)

        def framed(payload) -> None:
            if not isinstance(payload, bytes):
                return
            self.received.append(len(payload))
            message = ForwardMsg.FromString(payload)
            chart = message.delta.new_element.deck_gl_json_chart.json
            if chart:
                self.specs.append(chart)

        self.page.on("request", requested)
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.on("websocket", lambda wire: wire.on("framereceived", framed))


@dataclass
class Job:
    """One task of one person: how many clicks and seconds it takes from the first page."""

    name: str
    screen: Screen
    clicks: int = 0
    began: float = field(default_factory=time.monotonic)

    def click(self, what, wait: bool = True) -> None:
        """One click of a hand; waits for the page unless nothing runs."""
        self.clicks += 1
        self.screen.still(what)
        self.screen.after(what.click) if wait else what.click()

    def take(self, button) -> tuple[str, bytes]:
        """Click a download; gives name and content."""
        self.clicks += 1
        button.scroll_into_view_if_needed()
        with self.screen.page.expect_download() as taken:
            button.click()
        path = Path(taken.value.path())
        return taken.value.suggested_filename, path.read_bytes()

    def done(self, most_clicks: int, most_seconds: float = 60) -> None:
        """Write down what it took; a job must not get longer than it was."""
        seconds = time.monotonic() - self.began
        JOBS.parent.mkdir(exist_ok=True)
        with JOBS.open("a", encoding="utf-8") as file:
            told = {"job": self.name, "clicks": self.clicks, "seconds": round(seconds, 1)}
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
        assert self.clicks <= most_clicks, f"{self.name}: {self.clicks} clicks"
        assert seconds <= most_seconds, f"{self.name}: {seconds:.0f} s"


def plan_page(told: Screen) -> bool:
    """Open the page of plans; makes a plan first where there is none, and says whether it did."""
    told.open("rencana")
    first = told.page.get_by_text("Belum ada rencana. Pilih pekan").count() > 0
    if first:
        told.after(told.page.locator(".st-key-plan_make button").click)
        told.page.get_by_text("Rencana dibuat").wait_for(timeout=60_000)
        told.settle()
    return first


def keep_screen(told: Screen, name: str) -> None:
    """Write a picture for the documentation, when asked to by UPDATE_SCREENS=1."""
    if os.environ.get("UPDATE_SCREENS") == "1":
        SCREENS.mkdir(parents=True, exist_ok=True)
        told.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
        told.page.wait_for_timeout(1500)
        told.page.screenshot(path=SCREENS / f"{name}.png")
