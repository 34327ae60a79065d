"""The command line starts at once: a listing needs no table, and a command no more than its own."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from importlib import import_module

import pytest
import typer
from typer.testing import CliRunner

import cli
from commands.menu import sentence_of
from tests.serving import HOUSE, free_port, wait_for

HEAVY = {"pandas", "numpy", "geopandas", "pyarrow", "scipy", "sklearn", "sqlalchemy", "streamlit"}
MENUS = {
    "": cli.Front,
    "plan": cli.Plan,
    "override": cli.Override,
    "forget": cli.Forget,
    "keys": cli.Keys,
    "audit": cli.Audit,
    "admin": cli.Admin,
}
AFTER = """
import json, sys
sys.argv = ["kalbar-risk", *sys.argv[1:]]
import cli
try:
    cli.main()
except SystemExit as stop:
    code = stop.code or 0
print(json.dumps([code, sorted({name.split(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


def loaded_by(*words: str, config=None) -> set[str]:
    """The top names of the modules that a command has loaded when it ends, in a fresh process."""
    settings = {"KALBAR_CONFIG": str(config)} if config else {}
    done = subprocess.run(
        [sys.executable, "-c", AFTER, *words], cwd=HOUSE, env={**os.environ, **settings},
        capture_output=True, text=True,
    )  # fmt: skip
    code, names = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    assert "typer" in names
    return set(names)


@pytest.fixture
def empty(tmp_path):
    """Settings of the real area with an empty store."""
    told = (HOUSE / "config.toml").read_text(encoding="utf-8")
    told = told.replace('"data/', f'"{HOUSE.as_posix()}/data/')
    path = tmp_path / "config.toml"
    path.write_text(told, encoding="utf-8")
    return path


@pytest.mark.parametrize("words", [["--help"], ["plan", "--help"], ["override", "-h"]], ids=str)
def test_a_listing_of_commands_loads_nothing_heavy(words):
    assert not loaded_by(*words) & HEAVY


def test_what_the_store_holds_is_told_without_forecaster_and_dashboard(empty):
    names = loaded_by("status", "--json", config=empty)
    assert "sqlalchemy" in names
    assert not names & {"sklearn", "streamlit", "geopandas", "scipy"}


@pytest.mark.parametrize("menu", MENUS)
def test_a_listing_says_of_every_command_what_the_command_says_itself(menu):
    told = CliRunner().invoke(cli.app, [*menu.split(), "--help"], env={"COLUMNS": "400"}).output
    seen = 0
    for name, home in MENUS[menu].homes.items():
        if name in MENUS:
            continue
        own = typer.main.get_group(import_module(home).app).commands[name].help
        assert sentence_of(home, name) == own.split("\n\n")[0]
        assert f" {name} " in told and " ".join(own.split()) in told
        seen += 1
    assert seen >= 1


def test_every_command_of_a_module_stands_in_a_listing():
    listed = {(home, name) for menu in MENUS.values() for name, home in menu.homes.items()}
    for home in {home for home, _ in listed}:
        for name in typer.main.get_group(import_module(home).app).commands:
            assert (home, name) in listed


def test_a_command_that_a_module_does_not_declare_is_named():
    with pytest.raises(LookupError, match=r"commands\.keep declares no command 'sing'"):
        sentence_of("commands.keep", "sing")


def test_a_mistyped_command_is_answered_with_the_nearest():
    done = CliRunner().invoke(cli.app, ["statu"])
    assert done.exit_code == 2 and "'status'" in done.output


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize(
    "how, code",
    [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)],
    ids=["TERM", "INT", "KILL"],
)
def test_the_dashboard_ends_with_the_command_that_opened_it(empty, how, code):
    port = free_port()
    command = [sys.executable, "cli.py", "serve", "--no-demo", "--port", str(port)]
    running = subprocess.Popen(
        command, cwd=HOUSE, env={**os.environ, "KALBAR_CONFIG": str(empty)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert wait_for(f"http://127.0.0.1:{port}/healthz") == b'{"status":"ok"}'
        running.send_signal(how)
        assert running.wait(30) == code
        with pytest.raises(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
    finally:
        running.kill()
