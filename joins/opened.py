"""What the settings name, opened: the study area and the store.

What reads shapes is imported with the first ground, so that a command that asks the store alone
starts without it.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from data.store.records import Store
from settings import AreaSettings, Settings

if TYPE_CHECKING:
    from geo.area import StudyArea
    from geo.grid import Grid


@dataclass(frozen=True)
class Ground:
    """The study area with everything known about it."""

    area: "StudyArea"
    grid: "Grid"
    cells: pd.DataFrame
    desa: pd.DataFrame
    towns: pd.DataFrame
    posts: pd.DataFrame


def lay_ground(settings: AreaSettings) -> Ground:
    """Read the files of the study area that the settings name."""
    from data import area as area_files
    from geo.grid import Grid

    area = area_files.load_area(
        settings.name,
        settings.land,
        settings.border,
        settings.districts,
        settings.subdistricts,
        settings.time_zone,
    )
    cells = area_files.load_cells(settings.cells, area, settings.resolution)
    kinds = ("desa", "towns", "posts")
    places = {kind: area_files.load_places(kind, getattr(settings, kind)) for kind in kinds}
    return Ground(area, Grid(cells["cell"].tolist()), cells, **places)


@lru_cache(maxsize=2)
def ground_of(area: AreaSettings) -> Ground:
    """The study area, read once per process."""
    return lay_ground(area)


def district_names(ground: Ground) -> pd.Series:
    """Code and name of the district of each cell (index: cell), "" where there is none."""
    codes = ground.cells.set_index("cell")["kabupaten_code"].fillna("").astype("str")
    if ground.area.districts is None:
        return codes
    names = dict(zip(ground.area.districts["code"], ground.area.districts["name"], strict=True))
    return codes.map(lambda code: f"{code} {names.get(code, '')}".strip())


def open_store(settings: Settings) -> Store:
    """The store, made or brought to the current schema where needed."""
    store = Store(settings.store.url, settings.store.folder)
    store.create()
    return store


def find_store(settings: Settings) -> Store:
    """The store as it is, without making anything."""
    return Store(settings.store.url, settings.store.folder)
