"""Files against the study area: one that lies on a disk, and an upload in a process apart."""

from collections.abc import Callable
from pathlib import Path, PurePath

from data.intake.draft import draft
from data.intake.read import read_file
from data.intake.reading import Reading
from joins.opened import Ground, ground_of
from settings import AreaSettings

#: what an upload may unpack to
UNPACKED_BYTES = 300_000_000
Progress = Callable[[float, str], object]


def read_records(
    path: Path,
    ground: Ground,
    source: str | None = None,
    sheet: str | None = None,
    places: tuple[str, ...] = (),
) -> Reading:
    """Read and check one file against the study area.

    Parameters
    ----------
    path : the file
    ground : of the area
    source : name of a crosswalk; recognised by the header if not given
    sheet : read only this sheet or layer
    places : columns that hold places: no name in them counts as a person's
    """
    return read_file(
        path, source, grid=ground.grid, area=ground.area, posts=ground.posts, sheet=sheet,
        places=places,
    )  # fmt: skip


def read_upload(
    area: AreaSettings,
    name: str,
    content: bytes,
    source: str | None,
    places: tuple[str, ...],
    max_bytes: int,
    progress: Progress,
) -> Reading:
    """Read and check an upload against the study area; called in a process apart.

    Parameters
    ----------
    area : where the ground lies; a worker reads it once
    name, content : the upload
    source : name of a crosswalk; recognised by the header if None
    places : columns in which no name counts as a person's
    max_bytes : of what the file unpacks to
    progress : called with a share and words
    """
    ground = ground_of(area)
    return read_file(
        PurePath(name).name or "berkas",
        source,
        grid=ground.grid,
        area=ground.area,
        posts=ground.posts,
        progress=progress,
        content=content,
        max_bytes=max_bytes,
        places=places,
    )


def draft_upload(
    name: str, content: bytes, max_bytes: int, progress: Progress
) -> tuple[str, list[str]]:
    """Draft a crosswalk of an upload (`read_upload` tells the arguments), in a process apart.

    Parameters
    ----------
    name, content : the upload
    max_bytes : of what the file unpacks to
    progress : called with a share and words
    """
    return draft(PurePath(name).name or "berkas", content=content, max_bytes=max_bytes)
