import re
import tomllib
from pathlib import Path

import pytest

from data.errors import DataError
from settings import HERE, load_settings
from ui.words import of_data


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


SMALL = """
[area]
name = "Kota"
land = "kota.geojson"
resolution = 9
[store]
url = "sqlite:///var/records.db"
folder = "var"
"""


def test_the_shipped_settings_are_valid():
    settings = load_settings(HERE / "config.toml")
    assert settings.area.resolution == 7
    assert settings.model.horizon_weeks == (1, 4, 12)
    assert settings.access.users is None


def test_what_is_said_of_an_area_shapes_no_assessment(tmp_path):
    plain = load_settings(write(tmp_path, SMALL))
    said = SMALL.replace("resolution = 9", 'resolution = 9\nlicence = "CC0-1.0"')
    assert load_settings(write(tmp_path, said)).version == plain.version
    other = SMALL.replace("resolution = 9", "resolution = 8")
    assert load_settings(write(tmp_path, other)).version != plain.version


def test_paths_are_relative_to_the_file_and_defaults_fill_the_rest(tmp_path):
    settings = load_settings(write(tmp_path, SMALL))
    assert settings.area.land == tmp_path / "kota.geojson"
    assert settings.store.url == f"sqlite:///{tmp_path}/var/records.db"
    assert settings.hotspots.coverage == 0.01


def test_all_faults_are_named_at_once(tmp_path):
    text = SMALL.replace("resolution = 9", 'resolution = "nine"') + (
        "kepp = 1\n[hotspots]\ncoverage = 5\n[model]\nhorizon_weeks = []\n[extra]\n"
    )
    with pytest.raises(DataError) as problem:
        load_settings(write(tmp_path, text))
    for words in (
        "resolution is a whole number, got 'nine'",
        "[store] unknown key kepp",
        "coverage is a share of the area, 0 < coverage <= 1, got 5",
        "horizon_weeks lists whole weeks from 1",
        "unknown section [extra]",
    ):
        assert words in str(problem.value)


def test_faults_are_told_in_the_language_of_whoever_reads_them(tmp_path):
    text = SMALL.replace("resolution = 9", 'resolution = "nine"') + (
        "kepp = 1\n[hotspots]\ncoverage = 5\n[plan]\nshift_hours = 0.5\nmax_stops = 9\n"
        "most_nights = 8\n"
        '[screen]\nlanguage = "fr"\n[extra]\n'
    )
    with pytest.raises(DataError) as problem:
        load_settings(write(tmp_path, text))
    told = of_data.tell_problem(problem.value, "id", named=True)
    assert told.startswith("config.toml: ")
    for words in (
        "[area]: resolution adalah bilangan bulat, bukan 'nine'",
        "[store]: kunci kepp tidak dikenal",
        "[hotspots]: cakupan adalah bagian wilayah",
        "[plan]: shift_hours antara 1 dan 16, bukan 0.5",
        "[plan]: max_stops antara 1 dan 4, bukan 9",
        "[plan]: most_nights antara 0 dan 7, bukan 8",
        "[screen]: language adalah salah satu dari id, en, bukan",
        "bagian [extra] tidak dikenal",
    ):
        assert words in told
    english = of_data.tell_problem(problem.value, "en")
    assert "[store]: unknown key kepp" in english and "tidak" not in english


def test_a_missing_or_broken_file_is_one_sentence(tmp_path):
    with pytest.raises(DataError, match="no settings at"):
        load_settings(tmp_path / "none.toml")
    with pytest.raises(DataError, match=r"not valid TOML \(line \d\)"):
        load_settings(write(tmp_path, "[area"))


def test_the_version_follows_the_model_and_not_the_screen(tmp_path):
    plain = load_settings(write(tmp_path, SMALL)).version
    english = load_settings(write(tmp_path, SMALL + '[screen]\nlanguage = "en"\n')).version
    longer = load_settings(write(tmp_path, SMALL + "[model]\nhistory_weeks = 52\n")).version
    assert plain == english != longer


def test_every_key_is_explained_in_the_readme():
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    told = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    keys = {key for section in told.values() for key in section}
    missing = sorted(key for key in keys if not re.search(rf"`{key}`", readme))
    assert not missing
