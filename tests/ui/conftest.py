"""The invented world, made once; and the app running on a store that holds it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.world import World, make_world

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def world() -> World:
    return make_world()


@pytest.fixture(scope="session")
def config(world, tmp_path_factory):
    """Path of a config.toml beside a store with the world's assessment."""
    return world.write(tmp_path_factory.mktemp("world"))


@pytest.fixture
def app(config, monkeypatch) -> AppTest:
    """The dashboard on the invented world, not yet run."""
    monkeypatch.setenv("KALBAR_CONFIG", str(config))
    return AppTest.from_file(str(HOUSE / "app.py"), default_timeout=60)
