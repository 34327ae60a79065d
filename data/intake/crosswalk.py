"""Crosswalks: one TOML per agency turns its columns, words and habits into the one vocabulary.

`data/sources/*.toml` are the crosswalks, `kosakata.toml` holds the words and column names that
all of them share. A new agency needs a new file and no code; its format is in `docs/data.md`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
from rapidfuzz import fuzz, process

from data import toml_text
from data.errors import DataError
from data.findings import reason
from data.schema import TABLES
from data.tables import plain
from data.values import ZONES, clean, each_of
from data.vocabulary import EFFORT_MODES, EVENT_TYPES

FOLDER = Path(__file__).parents[1] / "sources"
VOCABULARY = "kosakata.toml"
#: files beside the crosswalks that are none
BESIDE = (VOCABULARY, "wilayah.toml")
#: fields that a file may bring and that are worked into others; none is stored as it is
_EVENT_HELPERS = "event_clock reported_clock coordinate kabupaten kecamatan desa gender"
_EFFORT_HELPERS = "day start_clock end_clock hours lat lon coordinate"
HELPERS = {
    "events": [*_EVENT_HELPERS.split(" "), "free_text", "ignore"],
    "effort": [*_EFFORT_HELPERS.split(" "), "free_text", "ignore"],
}
SETTINGS = {
    "name": str,
    "title": str,
    "agency": str,
    "kind": str,
    "time_zone": str,
    "date_formats": list,
    "decimal": str,
    "code_system": str,
    "hints": list,
    "open_words": list,
    "box": list,
    "office_is_place": bool,
    "shared_columns": bool,
    "canonical": bool,
    "recognised": bool,
    "columns": dict,
    "defaults": dict,
    "words": dict,
    "prefixes": dict,
}
#: fields whose columns may stand under a header that says they are the place
PLACES = ("lat", "lon", "coordinate", "kabupaten", "kecamatan", "desa")
#: a source is taken only if it fits this much better than the next
MARGIN = 0.04
#: a file must bring (or the source default) one of each group before a source is thought to fit
NEEDS = {
    "events": (("event_type",), ("event_start",)),
    "effort": (("week", "day"), ("minutes", "hours", "start_clock"), ("cell", "lat", "coordinate")),
}


@dataclass(frozen=True)
class Source:
    """How one agency writes: see `docs/data.md` for the meaning of each key."""

    name: str
    title: str
    agency: str
    kind: str = "events"
    time_zone: str = ""  # of times that name none; "" for the zone of the area
    date_formats: tuple[str, ...] = ()
    decimal: str = "."
    code_system: str = ""
    hints: tuple[str, ...] = ()
    open_words: tuple[str, ...] = ()
    box: tuple[float, ...] = ()  # west, south, east, north of where the agency works
    office_is_place: bool = False
    recognised: bool = True  # else it is taken only where it is named
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # plain names, own first
    own: frozenset[str] = frozenset()  # plain names of its own file
    telling: frozenset[str] = frozenset()  # those that the shared vocabulary does not have
    defaults: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: codes of a field told by how the record's number begins: LP/A is found, LP/B is reported
    prefixes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def place(self, header: Iterable[str]) -> tuple[dict[str, list[str]], list[str]]:
        """Which columns of a file fill which field, best first, and the columns left over."""
        header = list(header)
        names: dict[str, str] = {}
        for column in header:  # of two names that read alike the first counts
            names.setdefault(plain(column), column)
        placed: dict[str, list[str]] = {}
        taken = set()
        for own in (True, False):
            for target, aliases in self.columns.items():
                for alias in aliases:
                    free = alias in names and alias not in taken
                    if free and (alias in self.own) == own:
                        placed.setdefault(target, []).append(names[alias])
                        taken.add(alias)
        kept = {names[alias] for alias in taken}
        return placed, [column for column in header if column not in kept]


@cache
def _shared() -> dict[str, Any]:
    with (FOLDER / VOCABULARY).open("rb") as file:
        return tomllib.load(file)


def load_source(path: Path) -> Source:
    """Read one crosswalk.

    Raises
    ------
    DataError
        With every unknown key, field, word, format and zone of the file at once.
    """
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise DataError(
            f"{path.name}: cannot be opened ({problem.strerror})",
            key="cannot_open", where=path.name, why=problem.strerror,
        ) from problem  # fmt: skip
    return source_of(toml_text.parse(content, path.name), path.name)


def source_of(content: dict[str, Any], file_name: str) -> Source:
    """A Source from the content of a crosswalk; see `load_source`."""
    if faults := _faults(content):
        raise DataError.of(faults, file_name)
    kind = content.get("kind", "events")
    shared = _shared()["columns"]
    common = shared["effort"] if kind == "effort" else _events_only(shared)
    above = [plain(top) for top in _shared()["place_headers"]["above"]]
    own = {key: [plain(name) for name in names] for key, names in content["columns"].items()}
    columns = {}
    known = [*TABLES[kind].names, *HELPERS[kind]]
    closed = not content.get("shared_columns", True)
    for target in known:
        more = [] if closed else [plain(name) for name in common.get(target, [])]
        itself = [] if target in HELPERS[kind] else [plain(target)]
        names = [*own.get(target, []), *itself, *more]
        if target in PLACES and not closed:  # `Lokasi Kejadian` above `Lintang` and `Bujur`
            names += [f"{top} {name}" for name in names for top in above]
        columns[target] = tuple(dict.fromkeys(names))
    words = {}
    for target in {*_shared()["words"], *content.get("words", {})}:
        both = {**_shared()["words"].get(target, {}), **content.get("words", {}).get(target, {})}
        words[target] = {plain(word): code for word, code in both.items()}
    for column in TABLES[kind].columns:
        if column.allowed:
            codes = {plain(code): code for code in column.allowed}
            words[column.name] = {**codes, **words.get(column.name, {})}
    for target, labels in (("event_type", _labels(EVENT_TYPES)), ("mode", EFFORT_MODES)):
        for code, label in labels.items():
            for name in label:
                words.setdefault(target, {}).setdefault(plain(name), code)
    plains = ("name", "title", "agency", "kind", "time_zone", "decimal", "code_system")
    return Source(
        **{key: content[key] for key in plains if key in content},
        date_formats=tuple(content.get("date_formats", ())),
        hints=tuple(plain(hint) for hint in content.get("hints", ())),
        open_words=tuple(content.get("open_words", ())),
        box=tuple(content.get("box", ())),
        office_is_place=content.get("office_is_place", False),
        recognised=content.get("recognised", True),
        columns=columns,
        own=(claimed := frozenset(name for names in own.values() for name in names)),
        telling=_telling(claimed, common, TABLES[kind].names, content.get("canonical", False)),
        defaults={key: str(value) for key, value in content.get("defaults", {}).items()},
        words=words,
        prefixes=content.get("prefixes", {}),
    )


def _events_only(shared: dict[str, Any]) -> dict[str, Any]:
    return {target: names for target, names in shared.items() if target != "effort"}


def _telling(
    claimed: frozenset[str], common: dict[str, Any], schema: list[str], canonical: bool
) -> frozenset[str]:
    """Names that point at one source: neither shared nor the schema's own, which are canonical."""
    names = {plain(name) for name in schema}
    if canonical:
        return frozenset(names)
    return claimed - names - {plain(name) for names in common.values() for name in names}


def _labels(types: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {code: (kind.label_id, kind.label_en) for code, kind in types.items()}


def _faults(content: dict[str, Any]) -> list[str]:
    """What is wrong with a crosswalk, each as a reason."""
    faults = []
    for key, value in content.items():
        if key not in SETTINGS:
            what = f"unknown key {key!r}, known are {', '.join(SETTINGS)}"
            faults.append(reason("key_unknown", what, name=key, known=list(SETTINGS)))
        elif not isinstance(value, SETTINGS[key]):
            kind = SETTINGS[key].__name__
            what = f"{key} should be a {kind}"
            faults.append(reason("key_kind", what, name=key, kind=kind))
    for key in ("name", "title", "agency", "columns"):
        if key not in content:
            faults.append(reason("key_missing", f"{key} is missing", name=key))
    kind = content.get("kind", "events")
    if kind not in TABLES:
        faults.append(_one_of("kind", "'events' or 'effort'", kind))
    return faults or [*_wrong_fields(content, kind), *_wrong_settings(content)]


def _one_of(name: str, known: str, given: object) -> str:
    what = f"{name} is {known}, got {given!r}"
    return reason("key_one_of", what, name=name, known=known, given=repr(given))


def _wrong_fields(content: dict[str, Any], kind: str) -> list[str]:
    """Fields and codes of a crosswalk that the schema does not know."""
    faults = []
    known = {*TABLES[kind].names, *HELPERS[kind]}
    for part in ("columns", "defaults", "words", "prefixes"):
        for target in content.get(part, {}):
            if target not in known:
                what = f"{part}: {target!r} is no field of {kind}"
                faults.append(reason("field_unknown", what, part=part, name=target, kind=kind))
    every = [*content.get("words", {}).items(), *content.get("prefixes", {}).items()]
    for target, words in every:
        if target in TABLES[kind] and (allowed := TABLES[kind][target].allowed):
            wrong = sorted(set(words.values()) - {*allowed, "interception", ""})
            if wrong:
                quoted = [repr(word) for word in wrong]
                what = f"words.{target}: {', '.join(quoted)} is not in the schema"
                faults.append(reason("codes_unknown", what, name=target, words=quoted))
    return faults


def _wrong_settings(content: dict[str, Any]) -> list[str]:
    """How a crosswalk reads times, numbers and codes: what of it cannot be."""
    faults = []
    zone = content.get("time_zone", "")
    try:
        if zone and zone.lower() not in ZONES:
            ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        what = f"time_zone {zone!r} is neither WIB, WITA, MYT, UTC, an IANA zone nor ''"
        faults.append(reason("zone_unknown", f"{what} (the area's)", zone=zone))
    if (mark := content.get("decimal", ".")) not in (".", ","):
        faults.append(_one_of("decimal", "'.' or ','", mark))
    if (system := content.get("code_system", "")) not in ("", "kemendagri", "bps"):
        faults.append(_one_of("code_system", "'kemendagri', 'bps' or ''", system))
    orders = {_order(form) for form in content.get("date_formats", ())}
    if {"dm", "md"} <= orders:
        what = "date_formats has both day/month and month/day: 3/4 could be either"
        faults.append(reason("formats_both", what))
    return faults


def _order(form: str) -> str:
    day, month = form.find("%d"), form.find("%m")
    return "" if min(day, month) < 0 else "dm" if day < month else "md"


@cache
def sources() -> dict[str, Source]:
    """Every crosswalk of `data/sources`, by name."""
    found = [load_source(path) for path in sorted(FOLDER.glob("*.toml")) if path.name not in BESIDE]
    return {source.name: source for source in found}


def find_source(name: str) -> Source:
    """The crosswalk of this name."""
    if name not in sources():
        known = list(sources())
        raise DataError(
            f"no source {name!r}; known are {', '.join(known)}",
            key="source_unknown", name=name, known=known,
        )  # fmt: skip
    return sources()[name]


@cache
def known_headers() -> frozenset[str]:
    """Every plain column name that some source knows; helps to find a header below titles."""
    columns = (source.columns.values() for source in sources().values())
    return frozenset(alias for lists in columns for names in lists for alias in names)


def fit(source: Source, header: list[str], text: str = "") -> float:
    """How well a source fits a header: share of columns it places, telling ones twice.

    0 if a needed column is missing; half a point more if `text` (file and sheet name) holds
    one of its hints.

    Parameters
    ----------
    source : a crosswalk
    header : names of the columns, as the file writes them
    """
    placed, left = source.place(header)
    for group in NEEDS[source.kind]:
        if not any(target in placed or target in source.defaults for target in group):
            return 0.0
    names = {plain(column) for column in header}
    hits = len(names) - len(left)
    if hits < max(2, 0.4 * len(names)):
        return 0.0
    hinted = any(f" {hint} " in f" {plain(text)} " for hint in source.hints)
    return (hits + len(names & source.telling)) / len(names) + 0.5 * hinted


def recognise(header: list[str], file_name: str, text: str = "") -> Source:
    """The source whose crosswalk fits a header best.

    Parameters
    ----------
    header : names of the columns, as the file writes them
    file_name : for messages
    text : file and sheet name, where hints are looked for

    Raises
    ------
    DataError
        If none fits, or two fit equally well: then the person has to name it.
    """
    known = {name: source for name, source in sources().items() if source.recognised}
    scores = {name: fit(source, header, text) for name, source in known.items()}
    ranked = sorted(scores, key=lambda name: -scores[name])
    best, second = ranked[0], ranked[1]
    if scores[best] == 0:
        seen = ", ".join(header[:12])
        raise DataError(
            f"{file_name}: no source knows these columns ({seen}); name it with --source, or draft "
            f"a crosswalk: kalbar-risk crosswalk {file_name}",
            key="columns_unknown", where=file_name, columns=seen,
        )  # fmt: skip
    if scores[best] - scores[second] < MARGIN:
        alike = [name for name in ranked if scores[best] - scores[name] < MARGIN]
        raise DataError(
            f"{file_name}: fits {' and '.join(alike)} equally well; name the source with --source",
            key="source_open", where=file_name, sources=alike,
        )  # fmt: skip
    return sources()[best]


def translate(source: Source, target: str, text: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The codes of a column of words and the words that are unknown, "" where there is nothing.

    A cell may hold several words where the schema allows it, parted by | ; , / or a new line;
    known ones are kept beside unknown ones. Several words in a result are joined by |.

    Parameters
    ----------
    source : a crosswalk
    target : column of the schema
    text : cells, as the file writes them
    """
    known = source.words.get(target, {})
    table = TABLES[source.kind]
    several = target in table and table[target].kind == "words"
    is_open = target in source.open_words

    def code(cell: str) -> tuple[str, str]:
        if not cell:
            return "", ""
        if (word := plain(cell)) in known:
            return known[word], ""
        if several:
            parts = [part.strip() for part in _split(cell) if part.strip()]
            codes = [known.get(plain(part), "") for part in parts]
            unknown = [part for part, found in zip(parts, codes, strict=True) if not found]
            return "|".join(dict.fromkeys(filter(None, codes))), "|".join(unknown)
        return (word.replace(" ", "_"), "") if is_open else ("", cell)

    codes, unknown = each_of(clean(text), code, "str", "str")
    return codes, unknown


def _split(cell: str) -> list[str]:
    for mark in ";/,\n":
        cell = cell.replace(mark, "|")
    return cell.split("|")


def nearest(source: Source, target: str, word: str) -> str:
    """The known word nearest to an unknown one, "" if none is near or it has two meanings.

    Parameters
    ----------
    source : a crosswalk
    target : column of the schema
    word : as the file writes it
    """
    known = source.words.get(target, {})
    if two_meanings(word):
        return ""
    match = process.extractOne(plain(word), list(known), scorer=fuzz.ratio, score_cutoff=70)
    return match[0] if match else ""


class TwoMeanings(NamedTuple):
    """What else a word means, as a key and in English, and which words to write for it."""

    also: str
    sentence: str
    write: list[str]


def two_meanings(word: str) -> TwoMeanings | None:
    """Why a word is not taken without its agency saying what it means; None for other words."""
    found = _shared()["two_meanings"].get(plain(word))
    if found is None:
        return None
    also, write = found["also"], [repr(one) for one in found["write"]]
    sentence = f"it also is a {also.replace('_', ' ')}; write {' or '.join(write)}"
    return TwoMeanings(also, sentence, write)
