"""Signing in at a real OpenID provider, in a real browser: who comes in, who does not, who leaves.

The provider is npm's certified oidc-provider; without node and npm these tests are skipped and say
so. Its account "ani+otp/satgas" is ani, who has shown a code and belongs to a group.
"""

import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store import audit
from data.store.records import Store
from settings import load_settings
from tests.serving import free_port, serving, wait_for
from tests.ui.world import make_world

HOUSE = Path(__file__).resolve().parents[2]
TOOLS = ("package.json", "package-lock.json", "provider.mjs")
MAP = "[data-testid=stDeckGlJsonChart]"
USERS = """
[ani]
agency = "satgas_pamtas"
tier = "restricted"
kabupaten = ["61.03"]
expires = 2100-01-01

["@penonton"]
agency = "bp3mi"
tier = "public"
kabupaten = "all"
expires = 2100-01-01

[rusak]
tier = "public"
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[int, int]]:
    """The provider, and the port that it sends people back to."""
    if not (node := shutil.which("node")) or not (npm := shutil.which("npm")):
        pytest.skip("no node or npm here: install them (Debian: apt-get install npm) to run these")
    folder = HOUSE / "build" / "provider"
    folder.mkdir(parents=True, exist_ok=True)
    for name in TOOLS:
        shutil.copy(HOUSE / "tests" / "browser" / "provider" / name, folder)
    if not (folder / "node_modules" / "oidc-provider").is_dir():
        command = [npm, "ci", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    port, back = free_port(), free_port()
    redirect = f"http://127.0.0.1:{back}/oauth2callback"
    running = subprocess.Popen(
        [node, "provider.mjs", str(port), redirect], cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/.well-known/openid-configuration")
        yield port, back
    finally:
        running.terminate()
        running.wait(15)


@pytest.fixture(scope="module")
def site(browser, provider, tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """Address of a dashboard that sends people to the provider, and its settings."""
    port, back = provider
    folder = tmp_path_factory.mktemp("signed")
    config = make_world().write(folder)
    (folder / "users.toml").write_text(USERS, encoding="utf-8")
    mine = config.with_name("signed.toml")
    access = '\n[access]\nusers = "users.toml"\nsign_in = "oidc"\ngroups_claim = "groups"\n'
    mine.write_text(config.read_text(encoding="utf-8") + access, encoding="utf-8")
    secrets = folder / "secrets.toml"
    secrets.write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{back}/oauth2callback"
cookie_secret = "one of at least thirty-two signs, for the tests"
client_id = "kalbar-risk"
client_secret = "a secret for the tests alone"
server_metadata_url = "http://127.0.0.1:{port}/.well-known/openid-configuration"
client_kwargs = {{ scope = "openid profile", prompt = "login" }}
""",
        encoding="utf-8",
    )
    with serving(mine, "--secrets.files", str(secrets), port=back) as answered:
        yield f"http://127.0.0.1:{answered}", mine


@pytest.fixture
def page(browser, site):
    """A browser that knows nobody."""
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    yield context.new_page()
    context.close()


def sign_in(page, address: str, account: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Masuk", exact=True).click(timeout=60_000)
    page.get_by_label("Account").fill(account, timeout=30_000)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{address}/**", timeout=30_000)


def arrived(page, fetched: list) -> list[str]:
    """Addresses of the map's data, as soon as one was answered."""
    for _ in range(300):
        if data := [one for one in fetched if "/api/data/" in one.url]:
            assert {one.status for one in data} == {200}
            return [one.url for one in data]
        page.wait_for_timeout(100)
    raise AssertionError("the map fetched nothing")


def test_a_person_signs_in_sees_what_is_his_and_leaves(site, page, browser):
    address, config = site
    fetched, refused = [], []
    page.on("response", lambda answer: fetched.append(answer))
    page.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
    page.goto(address)
    page.get_by_text("Silakan masuk").wait_for(timeout=60_000)
    assert page.locator(MAP).count() == 0
    sign_in(page, address, "ani")
    page.locator(MAP).wait_for(timeout=60_000)
    page.get_by_text("Masuk sebagai ani").wait_for()
    data = arrived(page, fetched)
    # whoever holds an address without the sign-in that it was made for gets nothing
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(data[0], timeout=10)
    assert page.context.request.get(data[0]).status == 200
    other = browser.new_context()  # nor does somebody who has other rights
    try:
        far = other.new_page()
        sign_in(far, address, "cici/penonton")
        far.get_by_text("Masuk sebagai cici").wait_for(timeout=60_000)
        assert other.request.get(data[0]).status == 404, "rights of others open his address"
    finally:
        other.close()
    users = config.parent / "users.toml"
    try:
        users.write_text(USERS.replace("[ani]", "[ani_lama]"), encoding="utf-8")
        assert page.context.request.get(data[0]).status == 404, "a right withdrawn still opens"
        page.reload()
        page.get_by_text("Tidak ada wilayah yang boleh Anda lihat").wait_for(timeout=60_000)
        assert page.locator(MAP).count() == 0
    finally:
        users.write_text(USERS, encoding="utf-8")
    page.reload()
    page.get_by_role("button", name="Keluar", exact=True).click(timeout=60_000)
    page.wait_for_url("**/session/end**", timeout=30_000)  # the provider is told as well
    page.goto(address)
    page.get_by_text("Silakan masuk").wait_for(timeout=60_000)
    assert not refused, "the policy of the headers refuses what the page needs"


def test_signing_out_everywhere_ends_the_session_of_another_browser(site, page, browser):
    address, config = site
    other = browser.new_context()
    try:
        far = other.new_page()
        for one in (page, far):
            sign_in(one, address, "ani")
            one.get_by_text("Masuk sebagai ani").wait_for(timeout=60_000)
        time.sleep(1.1)  # a provider says the moment of a sign-in in whole seconds
        page.get_by_role("button", name="Keluar dari semua perangkat").click()
        page.wait_for_url("**/session/end**", timeout=30_000)
        far.reload()
        far.get_by_text("Sesi Anda sudah berakhir").wait_for(timeout=60_000)
        assert far.locator(MAP).count() == 0
    finally:
        other.close()
    settings = load_settings(config)
    store = Store(settings.store.url, settings.store.folder)
    lines = audit.read(store)
    assert {"sign_in", "sign_out"} <= set(lines["action"])
    came = set(lines.loc[lines["action"] == "sign_in", "user"])
    assert "ani" in came and came <= {"ani", "cici"}, "cici comes in the test before"


def test_a_group_has_rights_and_a_faulty_table_locks_out_its_owner_alone(site, page, browser):
    address, _ = site
    sign_in(page, address, "cici/penonton")
    page.get_by_text("Masuk sebagai cici").wait_for(timeout=60_000)
    page.locator(MAP).wait_for(timeout=60_000)
    other = browser.new_context()
    try:
        far = other.new_page()
        sign_in(far, address, "rusak/penonton")
        far.get_by_text("Tidak ada wilayah yang boleh Anda lihat").wait_for(timeout=60_000)
        assert "agency" not in far.inner_text("body"), "a visitor reads the faults of the file"
    finally:
        other.close()


def test_a_second_proof_is_asked_for_where_the_settings_demand_one(site, page):
    address, config = site
    before = config.read_text(encoding="utf-8")
    try:
        config.write_text(before + 'proofs = ["otp"]\n', encoding="utf-8")
        sign_in(page, address, "ani")
        page.get_by_text("meminta bukti kedua").wait_for(timeout=60_000)
        assert page.locator(MAP).count() == 0
        sign_in(page, address, "ani+otp")
        page.locator(MAP).wait_for(timeout=60_000)
    finally:
        config.write_text(before, encoding="utf-8")
