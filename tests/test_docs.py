"""What documents point at is there, what the tutorial says runs, what a label says is explained."""

import os
import re
import shlex
import signal
import subprocess
import sys

import pytest

from data.vocabulary import EFFORT_MODES, EVENT_TYPES
from tests.serving import HOUSE, free_port, wait_for
from ui.words import SENTENCES

DOCS = HOUSE / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *(HOUSE / "docs/backtest").glob("*.md"),
                HOUSE / "README.md", HOUSE / "CONTRIBUTING.md"])  # fmt: skip
TUTORIAL = (DOCS / "tutorial.md").read_text(encoding="utf-8")
#: the four kinds of documents, as docs/README.md sorts them
KINDS = ("Tutorial", "How-to", "Reference", "Explanation")


def blocks(kind: str) -> list[str]:
    """The fenced blocks of the tutorial in one language."""
    return re.findall(rf"^```{kind}\n(.*?)^```", TUTORIAL, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_points_at_is_there(page):
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name} points at {target}"


def test_results_lie_in_their_folder():
    assert not [*DOCS.glob("*.json"), *DOCS.glob("*.svg")]
    assert len([*(DOCS / "results").glob("*.json")]) > 10
    written = "\n".join(
        path.read_text(encoding="utf-8") for path in (HOUSE / "bench").rglob("*.py")
    )
    for path in re.findall(r"docs/[\w/]+\.json", written):
        assert path.startswith("docs/results/"), path


def test_every_document_is_sorted_by_what_it_is_for():
    told = (DOCS / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^## ", told, flags=re.MULTILINE)[1:]
    assert [kind for part in parts for kind in KINDS if kind in part.splitlines()[0]] == list(KINDS)
    named = [name for part in parts for name in re.findall(r"\]\(([\w.]+\.md)\)", part)]
    pages = {path.name for path in DOCS.glob("*.md")} - {"README.md"}
    assert sorted(named) == sorted(pages), "every document once"


def test_the_readme_says_first_what_it_must_not_be_used_for():
    told = (HOUSE / "README.md").read_text(encoding="utf-8")
    settings = told.index(" · Settings\n")
    indonesian, english = told.index("# Bahasa Indonesia"), told.index("# English")
    assert indonesian < told.index("## Bukan untuk") < english
    assert english < told.index("## What it must not be used for") < settings
    for words in ("make run", "kalbar-risk ingest", "3.11"):
        assert words in told[indonesian:english] and words in told[english:], words


@pytest.mark.slow
def test_every_command_of_the_tutorial_runs(tmp_path):
    (tmp_path / "data").symlink_to(HOUSE / "data")
    (tmp_path / "latihan.toml").write_text(blocks("toml")[0], encoding="utf-8")
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    launcher = folder / "kalbar-risk"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HOUSE}/cli.py" "$@"\n')
    launcher.chmod(0o755)
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    first, *commands, last = lines
    assert len(commands) > 5 and last.startswith("kalbar-risk serve")
    for command in commands:
        done = subprocess.run(
            ["sh", "-c", f"{first}; {command}"], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-800:]}{done.stderr[-800:]}"
    assert (tmp_path / "latihan" / "titik_rawan.geojson").stat().st_size > 1000
    port = free_port()
    words = [str(port) if word.isdigit() else word for word in shlex.split(last)[1:]]
    running = subprocess.Popen(
        [launcher, *words], cwd=tmp_path,
        env={**os.environ, "KALBAR_CONFIG": str(tmp_path / "latihan.toml")},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert wait_for(f"http://127.0.0.1:{port}/healthz") == b'{"status":"ok"}'
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)


def test_the_words_of_the_map_are_in_the_glossary_in_both_languages():
    rows = re.findall(r"^\| (.+?) \| (.+?) \|", (DOCS / "glossary.md").read_text("utf-8"), re.M)
    told = {tuple(cell.casefold() for cell in row) for row in rows}
    shown = [(one.label_id, one.label_en) for one in EVENT_TYPES.values()]
    for key, words in SENTENCES.items():
        if key.split(".")[0] in ("quantity", "trend"):
            shown.append(words)
    shown += [SENTENCES[f"mode.{mode}"] for mode in EFFORT_MODES]
    shown.append(("titik rawan", "hotspot"))
    missing = [pair for pair in shown if tuple(map(str.casefold, pair)) not in told]
    assert len(shown) > 25 and not missing
