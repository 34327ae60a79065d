"""Region codes and names -> Kemendagri codes with dots; what cannot be known is not guessed.

BPS 6105 is Sanggau and Kemendagri 61.05 is Sintang: digits without a declared system are
refused. BPS codes below kabupaten have no rule that leads to Kemendagri; the kabupaten is kept.
"""

import csv
import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from data.findings import reason, shorten
from data.values import clean, each_of

_TOLD = tomllib.loads(
    (Path(__file__).parent / "sources" / "wilayah.toml").read_text(encoding="utf-8")
)
#: BPS -> Kemendagri, kabupaten and kota
BPS: dict[str, str] = _TOLD["bps"]
#: plain name -> Kemendagri
KABUPATEN: dict[str, str] = _TOLD["kabupaten"]
#: kecamatan by plain name below each kabupaten, known without the area files
KECAMATAN: dict[str, dict[str, str]] = _TOLD["kecamatan"]
_DOTTED = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")
_KIND = re.compile(r"\A\s*+(kab|kota)", re.IGNORECASE)
_PREFIX = re.compile(
    r"^(kabupaten|kab|kota|kecamatan|kec|desa|ds|kelurahan|kel|dusun|distrik)\b[.\s]*",
    re.IGNORECASE,
)
LEVELS = {0: "unknown", 2: "unknown", 5: "kabupaten", 8: "kecamatan", 13: "desa"}


def level(codes: pd.Series) -> pd.Series:
    """The level of each dotted code: kabupaten, kecamatan, desa; unknown above."""
    return codes.str.len().map(LEVELS).fillna("unknown").astype("str")


@dataclass(frozen=True)
class Codes:
    """Codes as Kemendagri text, what was wrong with them, and which lost their lower levels."""

    code: pd.Series
    reason: pd.Series  # "" if fine
    coarsened: pd.Series
    undeclared: pd.Series


def read_codes(text: pd.Series, system: pd.Series) -> Codes:
    """Translate codes.

    Parameters
    ----------
    text : code cells; empty is fine
    system : "kemendagri", "bps" or "" (not declared) of each cell
    """
    text = clean(text).str.replace(r"\.0$", "", regex=True)
    return Codes(*each_of(text + "\x1f" + system, _read_code, "str", "str", bool, bool))


def _read_code(cell: str) -> tuple[str, str, bool, bool]:
    text, system = cell.split("\x1f")
    if not text:
        return "", "", False, False
    dotted = text + "0" if re.fullmatch(r"\d{2}\.\d", text) else text  # a number lost its last 0
    if system == "bps":
        return _from_bps(text, dotted.replace(".", ""))
    if _DOTTED.fullmatch(dotted):
        return dotted, "", False, system == ""
    digits = text.replace(" ", "")
    if not re.fullmatch(r"\d{2}|\d{4}|\d{6}|\d{7}|\d{10}", digits):
        what = f"{text!r} is not a region code like 61.03.21"
        return "", reason("code_unreadable", what, text=shorten(text)), False, False
    if system == "":
        what = (
            f"{text!r} without a declared code system "
            "(6105 is Sanggau for BPS, Sintang for Kemendagri)"
        )
        return "", reason("code_system_unknown", what, text=text), False, False
    if len(digits) == 7:
        what = f"{text!r} has 7 digits as BPS writes, declared is kemendagri"
        return "", reason("code_unreadable.seven", what, text=text), False, False
    cuts = [digits[:2], digits[2:4], digits[4:6], digits[6:]]
    return ".".join(part for part in cuts if part), "", False, False


def _from_bps(text: str, digits: str) -> tuple[str, str, bool, bool]:
    if not re.fullmatch(r"\d{2}|\d{4}|\d{7}|\d{10}", digits):
        what = f"{text!r} is not a BPS code (2, 4, 7 or 10 digits)"
        return "", reason("code_unreadable.bps", what, text=shorten(text)), False, False
    if len(digits) == 2:
        return digits, "", False, False
    kabupaten = BPS.get(digits[:4])
    if kabupaten is None:
        return digits[:2], "", True, False
    return kabupaten, "", len(digits) > 4, False


def plain_place(name: str) -> str:
    """A place name as it is compared: without Kab., Kec., Desa, and in lower case."""
    name = re.sub(r"\([^()]*\)", " ", name)
    name = _PREFIX.sub("", name.strip())
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold()).split())


@cache
def gazetteer(folder: Path | None = None) -> dict[str, dict[str, str]]:
    """Names of kecamatan and desa below each code, from the area files where they exist."""
    folder = folder or Path(__file__).parent / "area"
    below: dict[str, dict[str, str]] = {key: dict(names) for key, names in KECAMATAN.items()}
    kecamatan, desa = folder / "kecamatan.geojson", folder / "desa.csv"
    if kecamatan.exists():
        for feature in json.loads(kecamatan.read_text(encoding="utf-8"))["features"]:
            code, name = feature["properties"]["code"], feature["properties"]["name"]
            below.setdefault(code[:5], {})[plain_place(name)] = code
    if desa.exists():
        with desa.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                names = below.setdefault(row["kecamatan_code"], {})
                names[plain_place(row["desa"])] = row["desa_code"]
    return below


@dataclass(frozen=True)
class Named:
    """Codes found by name, and the name that was not found ("" if all were) with its column.

    `old` says which were found by a name that their district no longer bears.
    """

    code: pd.Series
    unknown: pd.Series
    column: pd.Series
    old: pd.Series


@cache
def old_names() -> dict[tuple[str, str], str]:
    """(kab or kota, plain name) of districts that were renamed -> their code today."""
    return {(row["kind"][:3], row["name"]): row["code"] for row in _TOLD["district"]}


def district_code(name: str) -> tuple[str, bool]:
    """The code of a district by its name ("" if unknown), and whether the name is an old one."""
    kind = _KIND.match(name)
    old = old_names().get((kind[1].casefold()[:3], plain_place(name)), "") if kind else ""
    return (old, True) if old else (KABUPATEN.get(plain_place(name), ""), False)


@cache
def _all_names() -> frozenset[str]:
    return frozenset(KABUPATEN) | {name for names in gazetteer().values() for name in names}


@cache
def _town_names() -> frozenset[str]:
    """Towns and posts of the area files, as they are compared."""
    found = set()
    for name in ("towns.csv", "posts.csv"):
        path = Path(__file__).parent / "area" / name
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                found |= {plain_place(row["name"]) for row in csv.DictReader(file)}
    return frozenset(found)


def is_plain_name(words: str) -> bool:
    """Is it the name of a kabupaten, kecamatan, desa, town or post, in plain words?"""
    return words in _all_names() or words in _town_names()


@cache
def name_words() -> frozenset[str]:
    """Every word of which the names of places are made."""
    return frozenset(word for name in _all_names() | _town_names() for word in name.split())


def is_known(name: str) -> bool:
    """Is it the name of a kabupaten, kecamatan or desa, such as Pak Utan?"""
    return is_plain_name(plain_place(name))


def find_named(kabupaten: pd.Series, kecamatan: pd.Series, desa: pd.Series) -> Named:
    """Codes from names, as deep as they are known; a name counts only inside its parent.

    A kecamatan without a kabupaten is taken if only one in the province bears that name, and a
    desa without a kecamatan if only one in what is known of the place does.

    Parameters
    ----------
    kabupaten, kecamatan, desa : names by row, "" where none is told
    """
    below = gazetteer()
    alone: dict[str, set[str]] = {}
    villages: dict[str, set[str]] = {}
    for parent, names in below.items():
        for name, code in names.items():
            (alone if len(parent) == 5 else villages).setdefault(name, set()).add(code)

    def find(cell: str) -> tuple[str, str, str, bool]:
        first, second, third = cell.split("\x1f")
        code, old = district_code(first) if first else ("", False)
        if first and not code:
            return "", first, "kabupaten", False
        if second:
            name = plain_place(second)
            several = alone.get(name, set())
            found = below.get(code, {}).get(name) if code else None
            found = found or (next(iter(several)) if not code and len(several) == 1 else None)
            if found is None:
                return code, second, "kecamatan", old
            code = found
        if third:
            here = [each for each in villages.get(plain_place(third), ()) if each.startswith(code)]
            known = (here[0], "", "") if len(here) == 1 else (code, third, "desa")
            return (*known, old)
        return code, "", "", old

    joined = clean(kabupaten) + "\x1f" + clean(kecamatan) + "\x1f" + clean(desa)
    return Named(*each_of(joined, find, "str", "str", "str", bool))
