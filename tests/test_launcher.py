"""An application that is run where it lies: a launcher is written, a wheel is refused."""

import shutil
import subprocess
import sys
import tomllib

import pytest

import cli
from tools.no_wheel import WHY

HOUSE = cli.HERE


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_make_writes_a_command_that_runs_from_anywhere(tmp_path):
    folder = tmp_path / "a venv" / "bin"
    folder.mkdir(parents=True)
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / "venv").symlink_to(tmp_path / "a venv")
    subprocess.run(["make", "-C", HOUSE, "launcher", f"VENV={tmp_path}/venv"], check=True)
    done = subprocess.run(
        [folder / "kalbar-risk", "--version"], cwd=tmp_path, capture_output=True, text=True
    )
    told = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"kalbar-risk {told['version']}\n"
    wrong = subprocess.run([folder / "kalbar-risk", "sing"], cwd=tmp_path, capture_output=True)
    assert wrong.returncode == 2


@pytest.mark.parametrize("how", [["wheel", "--wheel-dir"], ["install", "--target"]])
def test_a_package_is_refused_in_a_sentence(tmp_path, how):
    """Asked of a copy of what a build reads, so that a wheel made by mistake fouls nothing."""
    for name in ("pyproject.toml", "README.md", "cli.py"):
        shutil.copy(HOUSE / name, tmp_path)
    shutil.copytree(HOUSE / "tools", tmp_path / "tools")
    command, where = how
    done = subprocess.run(
        [sys.executable, "-m", "pip", command, "--no-index", "--no-deps", where, "out", "."],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode != 0
    assert WHY in done.stdout + done.stderr
    assert not list(tmp_path.rglob("*.whl"))
