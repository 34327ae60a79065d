"""Who is told what: a TOML with one table a person, named as in the file of users.

[ani]
mail = "ani@example.go.id"
language = "id"                                    # optional
kinds = ["sector", "silent", "plan", "run", "token"]   # optional: all that his rights allow
quiet = "21:00-06:00"                              # optional: nothing is sent meanwhile
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data import toml_text
from data.errors import DataError
from data.findings import reason

#: what can be told: a sector that is new or grows, an agency gone silent, a plan that waits for
#: approval, a failed weekly run, wrong tokens
KINDS = ("sector", "silent", "plan", "run", "token")
KEYS = {"mail", "language", "kinds", "quiet"}
_MAIL = re.compile(r"[^\s@<>\"',;]{1,64}@[^\s@<>\"',;]{1,190}")
_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
_QUIET = re.compile(rf"{_CLOCK}-{_CLOCK}")


@dataclass(frozen=True)
class Person:
    """Who is told.

    name : as in the file of users
    mail : his address
    language : of what he is told, "id" or "en"
    kinds : of KINDS
    quiet : first and last minute of the day (from midnight, local) of his quiet hours; None: none
    """

    name: str
    mail: str
    language: str = "id"
    kinds: tuple[str, ...] = KINDS
    quiet: tuple[int, int] | None = None

    def rests(self, local: pd.Timestamp) -> bool:
        """Whether a local moment lies in his quiet hours, which may go over midnight."""
        if self.quiet is None:
            return False
        first, last = self.quiet
        minute = local.hour * 60 + local.minute
        return first <= minute < last if first <= last else minute >= first or minute < last


def read(path: Path) -> list[Person]:
    """The persons of a file.

    Raises
    ------
    DataError
        Naming every fault at once; no address is told.
    """
    try:
        content = toml_text.parse(path.read_bytes(), path.name)
    except FileNotFoundError:
        what = f"{path.name}: there is no such file of the people who are told"
        raise DataError(what, key="people_missing", where=path.name) from None
    faults: list[str] = []
    people = [_person(name, row, faults) for name, row in content.items()]
    if faults:
        raise DataError.of(faults, path.name)
    return people


def _person(name: str, row: Any, faults: list[str]) -> Person:
    """One table; what is wrong with it goes to `faults`."""
    if not isinstance(row, dict):
        faults.append(reason("people_table", f"{name} is no table", name=name))
        return Person(name, "")
    if unknown := sorted(set(row) - KEYS):
        what = f"{name}: unknown key {', '.join(unknown)}"
        faults.append(reason("people_unknown", what, name=name, keys=unknown))
    mail, language = str(row.get("mail", "")), row.get("language", "id")
    if not _MAIL.fullmatch(mail):
        faults.append(reason("people_mail", f"{name}: mail is an address", name=name))
    if language not in ("id", "en"):
        faults.append(reason("people_language", f"{name}: language is id or en", name=name))
    kinds = row.get("kinds", list(KINDS))
    if not isinstance(kinds, list) or set(map(str, kinds)) - set(KINDS):
        what = f"{name}: kinds are some of {', '.join(KINDS)}"
        faults.append(reason("people_kinds", what, name=name, known=list(KINDS)))
        kinds = []
    quiet = row.get("quiet", "")
    found = _QUIET.fullmatch(str(quiet)) if quiet else None
    if quiet and found is None:
        what = f"{name}: quiet is two times like 21:00-06:00"
        faults.append(reason("people_quiet", what, name=name))
    hours = None
    if found is not None:
        a, b, c, d = map(int, found.groups())
        hours = a * 60 + b, c * 60 + d
    return Person(name, mail, str(language), tuple(map(str, kinds)), hours)
