"""Files that arrive in a folder: read once, the oldest first, and never lost."""

import os

from data.service import inbox


def put(path, content="a,b\n", age=120.0, now=1_000_000.0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, (now - age, now - age))
    return path


def names(folder, now=1_000_000.0):
    return [(one.path.name, one.source) for one in inbox.waiting(folder, now)]


def test_whole_files_wait_the_oldest_first(tmp_path):
    put(tmp_path / "b.csv", age=60)
    put(tmp_path / "a.csv", age=90)
    put(tmp_path / "polda" / "c.csv", age=300)
    put(tmp_path / "arriving.csv", age=1)
    put(tmp_path / ".hidden.csv")
    put(tmp_path / "unknown" / "d.csv")
    put(tmp_path / inbox.KEPT / "e.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    assert names(tmp_path) == [("c.csv", "polda"), ("a.csv", None), ("b.csv", None)]
    assert inbox.strangers(tmp_path) == ["unknown"]


def test_a_missing_inbox_is_made(tmp_path):
    assert names(tmp_path / "new") == [] and (tmp_path / "new").is_dir()


def test_nothing_is_written_over(tmp_path):
    for content in ("one", "two"):
        put(tmp_path / "a.csv", content)
        [one] = inbox.waiting(tmp_path, 1_000_000.0)
        inbox.put_away(tmp_path, one, kept=False, why=f"why {content}")
    refused = tmp_path / inbox.REFUSED
    assert {path.name: path.read_text().strip() for path in refused.iterdir()} == {
        "a.csv": "one", "a-2.csv": "two", "a.csv.txt": "why one", "a-2.csv.txt": "why two",
    }  # fmt: skip
