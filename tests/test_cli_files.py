"""The command line with files of every kind on an empty store: what is said, kept and set aside."""

import json

import numpy as np
import pytest

import cli
from tests.test_cli import make_world

ROWS = "event_id,lat,lon,time,kind,[catatan]\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command in a world of its own, as a shell would; gives (exit code, stdout, stderr)."""
    make_world(tmp_path, np.random.default_rng(4), n=1)
    monkeypatch.setenv("KALBAR_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["kalbar-risk", *map(str, words)])
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


MARKUP = ["[/b] uji", "[bold]", "[/] x", "[red]x[/blue]", ":smile:", "[link=x]"]


@pytest.mark.parametrize("cell", MARKUP)
@pytest.mark.parametrize("command", ["check", "ingest"])
def test_a_cell_that_looks_like_markup_is_told_as_it_is(run, tmp_path, command, cell):
    file = tmp_path / "x.csv"
    file.write_text(ROWS + f"1,48.2,16.37,2024-01-05,{cell},\n2,48.2,{cell},2024-01-05,theft,\n")
    code, text, error = run(command, file)
    assert (code, error.count("Traceback")) == (int(command == "check"), 0)
    assert cell in text and "set_aside: 1" in text
    assert "[catatan]" in text


def test_a_header_a_file_and_a_draft_that_look_like_markup(run, tmp_path):
    file = tmp_path / "[b]x.csv"
    file.write_text("[/b],foo,bar,[catatan]\n1,x,y,z\n2,x,y,z\n")
    code, _, error = run("check", file)
    assert code == 1 and "([/b], foo, bar, [catatan])" in " ".join(error.split())
    code, text, error = run("crosswalk", file)
    assert code == 0 and 'free_text = ["[catatan]"]' in text and "column '[/b]'" in error
    assert json.loads(run("status", "--json")[1])["imports"] == 0
