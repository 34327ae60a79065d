"""The command that takes a record out everywhere, and the proof it leaves."""

import json

import pytest
from typer.testing import CliRunner

import cli
from data.errors import DataError
from joins import forgetting, keeping, opened
from settings import load_settings
from tests.data.store_world import make_events, reading_of
from tests.joins.test_keeping import CONFIG

ID = "LP-77-ENTIKONG"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    (tmp_path / "config.toml").write_text(CONFIG + "[weekly]\nkeep_backups = 3\n")
    monkeypatch.setenv("KALBAR_CONFIG", str(tmp_path / "config.toml"))
    return load_settings()


@pytest.fixture
def store(settings):
    made = opened.open_store(settings)
    made.ingest(reading_of(make_events([{"source_record_id": ID}, {}]), "a"))
    keeping.back_up(settings, made, keeping.backups_of(settings) / "kalbar-risk-1.zip.age")
    return made


def run(*words):
    return CliRunner().invoke(cli.app, ["forget", *words], catch_exceptions=False)


def test_a_record_goes_and_the_proof_says_what_is_left(settings, store, tmp_path):
    told = run("record", "satgas", ID, "--json", "--proof", str(tmp_path / "bukti.json"))
    assert told.exit_code == 0, told.output
    proof = json.loads((tmp_path / "bukti.json").read_text())
    assert proof == json.loads(told.stdout) and ID in proof["what"]
    assert len(proof["searched"]) > 12 and not any(one["found"] for one in proof["searched"])
    # the sealed backup was opened to see: it holds it, and goes after three more
    assert proof["backups"] == [{"file": "kalbar-risk-1.zip.age", "holds": True, "runs_left": 3}]
    assert len(store.events()) == 1
    words = run("record", "satgas", "R1").output
    assert "deleted versions 1" in words and "backup kalbar-risk-1.zip.age: holds it" in words
    with pytest.raises(DataError, match="no backup was made since"):
        run("finish")


def test_a_copy_that_is_left_ends_the_command_with_a_failure(settings, store, monkeypatch):
    (store.folder / "faults.log").write_text(f"seen {ID}\n")
    told = run("record", "satgas", ID)
    assert told.exit_code == 1 and "faults.log: looked at 1, found 1" in told.output


def test_an_import_goes(settings, store):
    told = run("import", "1", "--reason", "berkas keliru", "--json")
    assert told.exit_code == 0 and json.loads(told.stdout)["went"]["versions"] == 2
    assert store.events().empty and forgetting.STAYS[0] in json.loads(told.stdout)["stays"]
