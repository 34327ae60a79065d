"""A folder into which agencies copy files: what waits there, and where it goes once it was read.

    inbox/file.csv           the crosswalk is recognised
    inbox/polda/file.csv     read by the crosswalk `polda`
    inbox/diterima/…         kept
    inbox/ditolak/…          refused as a whole, each with a text beside it that says why

Nothing is deleted.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from data.intake import crosswalk

KEPT, REFUSED = "diterima", "ditolak"
#: a file that changed in the last so many seconds may still be arriving
QUIET_SECONDS = 30.0
#: of one file; a larger one is refused unread
MOST_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Arrived:
    """A file that waits, and the crosswalk its folder names (None: it is recognised)."""

    path: Path
    source: str | None

    def read(self) -> bytes:
        """Its bytes."""
        return self.path.read_bytes()


def waiting(inbox: Path, now: float | None = None) -> list[Arrived]:
    """Files that have arrived whole, the oldest first; hidden ones are somebody else's.

    Parameters
    ----------
    inbox : the folder; made where it is missing
    now : seconds since 1970; the present by default
    """
    inbox.mkdir(parents=True, exist_ok=True)
    now = time.time() if now is None else now
    folders = [(inbox, None)] + [
        (inbox / name, name) for name in sorted(crosswalk.sources()) if (inbox / name).is_dir()
    ]
    found = []
    for folder, source in folders:
        for path in folder.iterdir():
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                changed = path.stat().st_mtime
                if now - changed >= QUIET_SECONDS:
                    found.append((changed, path.name, Arrived(path, source)))
    return [one for _, _, one in sorted(found, key=lambda each: each[:2])]


def strangers(inbox: Path) -> list[str]:
    """Folders in the inbox that name no crosswalk: their files are not read."""
    known = {KEPT, REFUSED, *crosswalk.sources()}
    if not inbox.is_dir():
        return []
    return sorted(
        path.name for path in inbox.iterdir()
        if path.is_dir() and not path.name.startswith(".") and path.name not in known
    )  # fmt: skip


def put_away(inbox: Path, one: Arrived, kept: bool, why: str = "") -> Path:
    """Move a file that was read; gives where it is now.

    Parameters
    ----------
    inbox : the folder
    one : the file
    kept : whether it was kept; else it was refused as a whole
    why : written beside a refused file
    """
    folder = inbox / (KEPT if kept else REFUSED)
    folder.mkdir(exist_ok=True)
    target, n = folder / one.path.name, 1
    while target.exists():  # an earlier file of that name stays what it was
        n += 1
        target = folder / f"{one.path.stem}-{n}{one.path.suffix}"
    one.path.rename(target)
    if why:
        target.with_name(f"{target.name}.txt").write_text(why + "\n", encoding="utf-8")
    return target
