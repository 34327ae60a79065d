"""What is unusual about a plan, in words: on the page, at the command line, in a refusal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import h3
import pandas as pd

from ui.map import plan_scene
from ui.words import number, percent, t, with_sign

#: places and teams that are named
NAMED = 5


@dataclass(frozen=True)
class Odd:
    """One unusual thing: a key, and what its sentence is filled with."""

    key: str
    values: Mapping[str, Any]


def lines(odd: Iterable[Odd], lang: str) -> list[str]:
    """One sentence for each thing."""
    return [_line(one, lang) for one in odd]


def contested_sectors(sectors: pd.DataFrame, contested: Mapping[str, Sequence[str]]) -> set[str]:
    """Sectors of a plan in which somebody contests a score.

    Parameters
    ----------
    sectors : of the plan
    contested : the cells that each word in force is about (`Scene.contested_cells`)
    """
    if sectors.empty:
        return set()
    size = h3.get_resolution(sectors["sector"].iloc[0])
    cells = {cell for some in contested.values() for cell in some}
    return {h3.cell_to_parent(cell, size) for cell in cells} & set(sectors["sector"])


def _line(odd: Odd, lang: str) -> str:
    values = odd.values
    if "sectors" in values:
        rows: pd.DataFrame = values["sectors"]
        names = [plan_scene.place(row, lang) for _, row in rows.iterrows()]
        n = number(len(rows), lang)
        return t(f"plan.odd_{odd.key}", lang, n=n, places=_some(names))
    if "teams" in values:
        n = number(len(values["teams"]), lang)
        return t(f"plan.odd_{odd.key}", lang, n=n, teams=_some(values["teams"]))
    numbers = {name: number(value, lang) for name, value in values.items()}
    if "share" in values:
        numbers["share"] = with_sign(percent(values["share"], lang), lang)
    return t(f"plan.odd_{odd.key}", lang, **numbers)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
