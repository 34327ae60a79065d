"""A page over damaged files: the assessment before, and a sentence that says so."""

import pytest
from streamlit.testing.v1 import AppTest

from joins import opened
from settings import load_settings
from tests.ui.conftest import HOUSE

KINDS = {"risk.parquet": b"", "meta.json": b'{"id": "2026'}


@pytest.fixture
def two(world, tmp_path, monkeypatch):
    """The app beside the folder of its newest of two assessments."""
    config = world.write(tmp_path, earlier=True)
    monkeypatch.setenv("KALBAR_CONFIG", str(config))
    store = opened.find_store(load_settings())
    newest = store.assessment_folder / store.newest_assessment()
    return AppTest.from_file(str(HOUSE / "app.py"), default_timeout=60), newest


@pytest.mark.parametrize(("file", "content"), KINDS.items(), ids=KINDS)
def test_the_assessment_before_stays_on_the_screen(two, file, content):
    app, newest = two
    (newest / file).write_bytes(content)
    at = app.run()
    assert not at.exception
    assert "rusak di penyimpanan dan tidak dipakai" in " ".join(
        one.value for one in (*at.error, *at.code, *at.markdown)
    )
    assert at.get("deck_gl_json_chart")


def test_a_damaged_database_is_told(two):
    app, _ = two
    database = opened.find_store(load_settings()).db.path
    for rest in database.parent.glob(f"{database.name}-*"):
        rest.unlink()
    database.write_bytes(b"no database at all" * 400)
    at = app.run()
    assert not at.exception
    assert "penyimpanan rusak" in " ".join(one.value for one in (*at.error, *at.code, *at.markdown))
