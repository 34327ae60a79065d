"""Backups sealed by default, opened again, and their key changed; what is written is 0600."""

import json
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import cli
from data import sealed
from data.errors import DataError
from data.keeping import rotate
from data.store import audit, faults
from data.store.records import Store
from joins import keeping, opened
from joins.http import door
from settings import load_settings
from tests.data.store_world import make_events, reading_of

CONFIG = """
[area]
name = "Kota"
land = "kota.geojson"
resolution = 7
[store]
url = "sqlite:///var/records.db"
folder = "var"
[access]
users = "users.toml"
proxy_secret = "proxy_secret"
"""


@pytest.fixture
def settings(tmp_path, monkeypatch):
    (tmp_path / "config.toml").write_text(CONFIG)
    monkeypatch.setenv("KALBAR_CONFIG", str(tmp_path / "config.toml"))
    return load_settings()


@pytest.fixture
def store(settings):
    made = opened.open_store(settings)
    made.ingest(reading_of(make_events([{}, {}]), "a", n_refused=1))
    return made


def empty(tmp_path, name):
    return Store(f"sqlite:///{tmp_path / name / 'records.db'}", tmp_path / name)


def run(*words):
    told = CliRunner().invoke(cli.app, list(words), catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told


def test_a_backup_is_sealed_unless_told_otherwise_and_restores_both_ways(settings, store, tmp_path):
    first = keeping.back_up(settings, store, tmp_path / "b" / "a.zip.age")
    assert first.sealed and first.new_key == settings.store.folder / "backup.key"
    assert keeping.back_up(settings, store, tmp_path / "b" / "b.zip.age").new_key is None
    keeping.back_up(settings, store, tmp_path / "b" / "plain.zip", plain=True)
    for path in sorted((tmp_path / "b").iterdir()):
        assert zipfile.is_zipfile(path) == (path.suffix == ".zip")
        twin = empty(tmp_path, path.stem)
        twin.restore(path, keeping.keys(settings, path))
        assert twin.data_version() == store.data_version() and len(twin.set_aside()) == 1
    assert len(list((tmp_path / "b").iterdir())) == 3  # nothing plain was left beside them


def test_without_the_key_a_backup_stays_shut_and_the_store_empty(settings, store, tmp_path):
    path = tmp_path / "a.zip.age"
    keeping.back_up(settings, store, path)
    other = tmp_path / "other.key"
    sealed.write_keys(other, [sealed.new_key()])
    twin = empty(tmp_path, "twin")
    with pytest.raises(DataError, match="sealed; name its key file"):
        twin.restore(path)
    with pytest.raises(DataError, match="another key"):
        twin.restore(path, keeping.keys(settings, path, other))
    settings.store.key_file.unlink()
    with pytest.raises(DataError, match="no key file"):
        keeping.keys(settings, path)
    assert twin.events().empty


def test_a_further_recipient_opens_a_backup_without_the_deployments_key(settings, store, tmp_path):
    theirs = sealed.new_key()
    told = replace(settings.store, backup_recipients=(sealed.public_of(theirs),))
    keeping.back_up(replace(settings, store=told), store, tmp_path / "a.zip.age")
    twin = empty(tmp_path, "twin")
    twin.restore(tmp_path / "a.zip.age", [theirs])
    assert len(twin.events()) == 2


def test_a_changed_key_opens_old_backups_until_the_old_one_is_dropped(settings, store, tmp_path):
    path = keeping.backups_of(settings) / "kalbar-risk-1.zip.age"
    keeping.back_up(settings, store, path)
    before = sealed.keys_in(settings.store.key_file)
    run("keys", "rotate", "backup")
    after = sealed.keys_in(settings.store.key_file)
    assert after[1:] == before and after[0] not in before
    empty(tmp_path, "one").restore(path, keeping.keys(settings, path))
    told = run("keys", "rotate", "backup", "--drop-old", "--json")
    assert json.loads(told.stdout)["sealed_anew"] == 1
    assert sealed.keys_in(settings.store.key_file) == after[:1]
    with pytest.raises(DataError, match="another key"):
        empty(tmp_path, "two").restore(path, before)
    empty(tmp_path, "three").restore(path, after[:1])
    assert audit.read(store, 1)["action"].tolist() == ["rotate"]


USERS = """# milik kantor
[rina]
agency = "polda"
tier = "restricted"
kabupaten = "all"
expires = 2099-12-31
token_sha256 = "{}"
[[rina.tokens]]
name = "QGIS"
sha256 = "{}"
"""


def test_a_token_is_changed_in_its_place_and_told_once(settings, store):
    from data.gate import users

    path = settings.access.users
    path.write_text(USERS.format("a" * 64, "b" * 64))
    path.chmod(0o640)
    told = json.loads(run("keys", "rotate", "token", "rina", "--name", "QGIS", "--json").stdout)
    known = users.read(path)
    assert known.scope_of_token(told["token"]).user == "rina"
    text = path.read_text()
    assert text.startswith("# milik kantor") and "a" * 64 in text and "b" * 64 not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert told["token"] not in "".join(audit.read(store)["what"])
    for who, name, words in (
        ("rina", "", r"\(2 fit\)"),
        ("budi", "", "no table"),
        ("rina", "x", "0"),
    ):
        with pytest.raises(DataError, match=words):
            rotate.rotate_token(path, who, name)


def test_the_proxy_is_let_in_with_both_secrets_until_the_old_one_is_dropped(settings, store):
    def let_in(secret):
        headers = [(door.PROXY.lower().encode(), secret.encode())]
        return door._from_proxy({"type": "http", "headers": headers}, settings)

    first = json.loads(run("keys", "rotate", "proxy", "--json").stdout)["secret"]
    second = json.loads(run("keys", "rotate", "proxy", "--json").stdout)["secret"]
    assert let_in(first) and let_in(second) and not let_in("") and not let_in("x")
    run("keys", "rotate", "proxy", "--drop-old")
    assert let_in(second) and not let_in(first)


@pytest.mark.parametrize(
    "line", ["STREAMLIT_SERVER_COOKIE_SECRET=lama", '[auth]\ncookie_secret = "lama"  # rahasia']
)
def test_the_cookie_secret_is_changed_where_it_stands(settings, store, tmp_path, line):
    path = tmp_path / "environment"
    path.write_text(f"A=1\n{line}\nB=2\n")
    run("keys", "rotate", "cookie", "--file", str(path))
    text = path.read_text()
    assert "lama" not in text and text.startswith("A=1\n") and text.endswith("\nB=2\n")
    path.write_text("A=1\n")
    with pytest.raises(DataError, match="there are 0 cookie secrets"):
        rotate.rotate_cookie(path)


def test_a_faulty_recipient_in_the_settings_is_named_and_no_secret_is_quoted(tmp_path):
    secret = sealed.new_key()
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.replace("[access]", f'backup_recipients = ["{secret}"]\n[access]'))
    with pytest.raises(DataError, match="public keys age1") as told:
        load_settings(path)
    assert secret not in str(told.value)


def test_what_a_command_writes_is_its_users_alone(settings, tmp_path, monkeypatch):
    """The front door sets the mask; a store, a backup, an assessment and a log keep to it."""
    import os

    before = os.umask(0o022)
    try:
        monkeypatch.setattr("sys.argv", ["kalbar-risk", "backup", str(tmp_path / "new" / "a.age")])
        with pytest.raises(SystemExit):
            cli.main()
        made = opened.open_store(settings)
        made.write_assessment({"cells": pd.DataFrame({"cell": ["a"]})}, {"cutoff": "2026-01-01"})
        faults.note(made.folder, ValueError("x"), "page")
    finally:
        os.umask(before)
    written = [path for top in (made.folder, tmp_path / "new") for path in [top, *top.rglob("*")]]
    kinds = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in written}
    assert {"records.db", "a.age", "backup.key", "cells.parquet", "faults.log"} <= set(kinds)
    for path in written:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), (path, oct(mode))


def test_the_server_sets_the_same_mask():
    text = (Path(cli.HERE) / "serve.py").read_text(encoding="utf-8")
    assert "\nos.umask(0o077)" in text
