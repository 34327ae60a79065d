"""A real Chromium on a real server that shows the invented world. Skips where there is none."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.screen import Screen
from tests.ui.world import make_world

HOUSE = Path(__file__).resolve().parents[2]
ARTEFACTS = HOUSE / "tests" / "artefacts"
START_SECONDS = 60
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--force-device-scale-factor=1",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@pytest.fixture(scope="session")
def browser():
    """One browser for all tests; without Chromium they are skipped and say why."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
    if found is None:
        pytest.skip("no Chromium here: install it (Debian: apt-get install chromium) to run these")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as play:
        running = play.chromium.launch(executable_path=found, headless=True, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def server(browser, tmp_path_factory) -> Iterator[str]:
    """Address of a dashboard on a temporary store; it ends with the session."""
    folder = tmp_path_factory.mktemp("served")
    # pictures for the documentation may show another store: SCREENS_CONFIG=path/to/config.toml
    config = os.environ.get("SCREENS_CONFIG") or make_world().write(folder, earlier=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    log = (folder / "server.log").open("w", encoding="utf-8")
    command = [sys.executable, "-m", "streamlit", "run", "serve.py", "--server.port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=HOUSE,
        env={**os.environ, "KALBAR_CONFIG": str(config)},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_for(f"{address}/_stcore/health", process, folder / "server.log")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


@pytest.fixture
def screen(browser, server, request) -> Iterator[Screen]:
    """A fresh page (indirect parameters: width, height, scheme). Nothing may leave this host."""
    size = {"width": 1000, "height": 900, "scheme": "light"} | getattr(request, "param", {})
    phone = "Mozilla/5.0 (Linux; Android 14) Chrome Mobile" if size["width"] < 500 else None
    context = browser.new_context(
        user_agent=phone,
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme=size["scheme"],
        accept_downloads=True,
    )
    told = Screen(context.new_page(), server)
    told.listen()
    yield told
    failed = getattr(request.node, "failed", False)
    if failed:
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        told.page.screenshot(path=ARTEFACTS / f"{request.node.name}.png")
    context.close()
    if not failed:
        assert told.outside == []
        assert told.faults == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        item.failed = report.failed
    return report


def pytest_collection_modifyitems(items) -> None:
    """A browser that did not answer in time on a busy machine is asked once more.

    A wrong answer is not: whatever fails otherwise than by waiting too long fails at once.
    """
    here = Path(__file__).parent
    again = pytest.mark.flaky(reruns=1, only_rerun=[r"TimeoutError"])
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(again)


def _wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.read().strip() == b"ok":
                    return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError(f"the server did not come up:\n{log.read_text(encoding='utf-8')[-2000:]}")
