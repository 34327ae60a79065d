"""What is made before the first visit is what the first visit asks for."""

from dataclasses import replace
from threading import Event

import pytest

from data.gate import access
from joins.desks import view
from joins.http import warm
from settings import load_settings
from tests.ui.world import make_world
from ui.map import scene
from ui.map.transport import SHELF
from ui.selection import Selection
from ui.views.map import layers


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return load_settings(make_world().write(tmp_path_factory.mktemp("warm")))


def test_the_first_visit_finds_all_it_needs(settings):
    name = view.newest(settings)
    (scope,) = warm.prepare(name, settings)
    held = SHELF.bytes_held
    seen = view.kept(name, settings, scope)
    assert seen.ground.land
    numbers = scene.number_kecamatan(seen.cells(seen.options.horizon, "all"))
    for lang in ("id", "en"):
        layers.pack_url(seen, "all", lang, numbers)
    assert SHELF.bytes_held == held > 0


def test_watching_ends_when_it_is_told_to(settings, monkeypatch):
    monkeypatch.setenv("KALBAR_CONFIG", str(settings.path))
    made = []
    monkeypatch.setattr(warm, "prepare", lambda name, _: made.append(name))
    stop = Event()
    stop.set()
    warm.watch(stop)
    assert made == [view.newest(settings)]


def test_without_an_assessment_watching_goes_on(settings, monkeypatch, tmp_path, caplog):
    config = tmp_path / "config.toml"
    text = settings.path.read_text(encoding="utf-8")
    config.write_text(text.replace("sqlite:///", "sqlite:///none-"), encoding="utf-8")
    monkeypatch.setenv("KALBAR_CONFIG", str(config))
    stop = Event()
    stop.set()
    with caplog.at_level("INFO"):
        warm.watch(stop)
    assert "nothing to prepare yet" in caplog.text


def test_users_with_the_same_rights_share_what_is_read(settings):
    name = view.newest(settings)
    one = view.kept(name, settings, replace(access.LOCAL, user="ani"))
    other = view.kept(name, settings, replace(access.LOCAL, user="budi"))
    narrow = replace(access.LOCAL, user="ani", kabupaten=frozenset({"61.03"}))
    assert one is other
    assert view.kept(name, settings, narrow) is not one


@pytest.mark.parametrize(("coverage", "few"), [(0.01, True), (0.05, False)])
def test_a_hotspot_stays_one_when_a_district_is_chosen(settings, coverage, few):
    seen = view.kept(view.newest(settings), settings, access.LOCAL)
    whole = seen.scene(Selection(horizon=1, coverage=coverage)).sector_of
    codes = seen.cells(1, "all").set_index("cell")["kabupaten_code"]
    counts = []
    for code in sorted(set(codes)):
        chosen = Selection(horizon=1, coverage=coverage, kabupaten=code)
        part = seen.scene(chosen).sector_of
        hot, of_whole = part.index[part > 0], whole.index[(whole > 0) & (codes == code)]
        assert set(of_whole) <= set(hot)
        counts.append(len(of_whole))
        assert len(hot) == max(len(of_whole), min(view.LEAST_HOTSPOTS, len(part)))
    assert any(n < view.LEAST_HOTSPOTS for n in counts) == few
