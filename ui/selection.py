"""What a person chose, as a frozen Selection, and what it says in a URL; no Streamlit.

The URL holds language-neutral codes only, so a link means the same to everybody. Values that are
not on offer are dropped without a word: a link from last month still opens.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

COVERAGES = (0.01, 0.02, 0.03, 0.05, 0.10)
LANGUAGES = ("id", "en")
#: what can be laid over the cells, and what is at first
LAYERS = ("hotspots", "posts", "names", "records", "patrols")
FIRST_LAYERS = ("hotspots", "posts", "names")
#: sectors that fit into a brief
MOST_PICKS = 12
#: an area that was drawn: its signs, and how many of them an address bears; a longer one is kept
#: for as long as the page is open
AREA_SIGNS = re.compile(r"-?\d+\.[-\d.~*_]+")
MOST_AREA_SIGNS = 1500


@dataclass(frozen=True)
class Options:
    """What may be chosen, and what holds when nothing was."""

    kabupaten: Sequence[str] = ()
    kecamatan: Mapping[str, str] = field(default_factory=dict)  # kecamatan -> kabupaten
    groups: Sequence[str] = ("all",)
    horizons: Sequence[int] = (1,)
    quantities: Sequence[str] = ("risk",)
    cells: frozenset[str] = frozenset()
    homes: Mapping[str, str] = field(default_factory=dict)  # cell -> kecamatan
    weeks: Sequence[str] = ()  # first days of the weeks on the timeline, oldest first
    layers: Sequence[str] = LAYERS
    language: str = "id"
    coverage: float = 0.03
    horizon: int = 1

    def own(self, selection: "Selection") -> tuple[str, str]:
        """(sub-district, district) that a selection shows: the chosen ones, or the only one."""
        only = self.kabupaten[0] if len(self.kabupaten) == 1 else ""
        return selection.kecamatan, selection.kabupaten or only

    @property
    def coverages(self) -> list[float]:
        """The coverages on offer, the configured one among them."""
        return sorted({*COVERAGES, self.coverage})


@dataclass(frozen=True)
class Selection:
    """Everything a person chose. "" means the whole area, or nothing picked."""

    lang: str = "id"
    kabupaten: str = ""
    kecamatan: str = ""
    group: str = "all"
    horizon: int = 1
    coverage: float = 0.03
    quantity: str = "risk"
    cell: str = ""
    sector: str = ""  # the id of its highest cell
    since: str = ""  # first and last week of the records on the map; "" for the usual weeks
    until: str = ""
    layers: tuple[str, ...] = FIRST_LAYERS
    picks: tuple[str, ...] = ()  # sectors put into the brief, by their highest cell
    area: str = ""  # drawn by the person, as `geo.drawn.pack` writes it

    @classmethod
    def default(cls, options: Options) -> "Selection":
        """What is shown to a person who chose nothing."""
        return cls(lang=options.language, horizon=options.horizon, coverage=options.coverage)

    @classmethod
    def from_query(cls, query: Mapping[str, str], options: Options) -> "Selection":
        """Read a URL; whatever is not on offer falls back to its default."""
        chosen = cls.default(options)
        offers: dict[str, Mapping[str, Any]] = {
            "lang": {code: code for code in LANGUAGES},
            "kabupaten": {code: code for code in options.kabupaten},
            "kecamatan": {code: code for code in options.kecamatan},
            "group": {code: code for code in options.groups},
            "horizon": {str(weeks): weeks for weeks in options.horizons},
            "coverage": {_percent(share): share for share in options.coverages},
            "quantity": {code: code for code in options.quantities},
            "since": {week: week for week in options.weeks},
            "until": {week: week for week in options.weeks},
        }
        chosen_values: dict[str, Any] = {}
        for name, offer in offers.items():
            value = query.get(name, "")
            if value in offer:
                chosen_values[name] = offer[value]
        for name in ("cell", "sector"):
            if (value := query.get(name, "")) in options.cells:
                chosen_values[name] = value
        area = query.get("area", "")
        if len(area) <= MOST_AREA_SIGNS and AREA_SIGNS.fullmatch(area):
            chosen_values["area"] = area
        known: dict[str, Collection[str]] = {"layers": options.layers, "picks": options.cells}
        for name, some in known.items():
            if name in query:
                listed = [one for one in query[name].split(".") if one in some]
                chosen_values[name] = tuple(dict.fromkeys(listed))[:MOST_PICKS]
        return replace(chosen, **chosen_values).tidy(options)

    @property
    def figures(self) -> str:
        """All that the figures of a page depend on, as one key; places picked do not change it."""
        asked = (self.lang, self.horizon, self.group, self.kabupaten, self.kecamatan,
                self.coverage, self.quantity)  # fmt: skip
        return "|".join(map(str, asked))

    def to_query(self, options: Options) -> dict[str, str]:
        """The URL of this selection; defaults are left out."""
        plain = Selection.default(options)
        query = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if value != getattr(plain, name):
                query[name] = _plain(value)
        if len(self.area) > MOST_AREA_SIGNS:
            del query["area"]
        return query

    def tidy(self, options: Options) -> "Selection":
        """A kecamatan outside the chosen kabupaten is dropped; alone it brings its kabupaten.

        A cell or sector outside the chosen district is dropped: nothing would be known of it.
        """
        tidied = self
        if bool(tidied.since) != bool(tidied.until) or tidied.since > tidied.until:
            tidied = replace(tidied, since="", until="")
        if home := options.kecamatan[tidied.kecamatan] if tidied.kecamatan else "":
            if not tidied.kabupaten and home in options.kabupaten:
                tidied = replace(tidied, kabupaten=home)
            elif home != tidied.kabupaten:
                tidied = replace(tidied, kecamatan="")
        lost = [
            name for name in ("cell", "sector") if tidied._outside(getattr(tidied, name), options)
        ]
        gone: dict[str, Any] = dict.fromkeys(lost, "")
        return replace(tidied, **gone)

    def _outside(self, cell: str, options: Options) -> bool:
        home = options.homes.get(cell, "")
        if not home:
            return False
        if self.kecamatan:
            return home != self.kecamatan
        return bool(self.kabupaten) and not home.startswith(f"{self.kabupaten}.")


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ".".join(value)
    return _percent(value) if isinstance(value, float) else str(value)


def _percent(share: float) -> str:
    return f"{share * 100:g}"
