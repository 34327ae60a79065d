"""Short fields that are stored as they were written: what fits in each, and that no person does.

A number of a patrol, the name of an operation, a place of origin take no sentence. What does not
fit is withheld like a word that may name a person: the field is left empty and the row flagged.
"""

import re
from collections.abc import Callable

from data import places
from data.personal.names import ALL_NAMES, FAMILY, OPERATIONS, ORIGINS, only_names
from data.personal.numbers import has_plate, kinds_of_numbers
from data.personal.signs import tidy

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./#: -]{0,39}")
_REGION = re.compile(r"\d{2,10}|\d{2}(?:\.\d{2}){1,2}(?:\.\d{4})?")
_WORDS = re.compile(r"[A-Za-z][A-Za-z .'()/&,-]{0,79}")
_LETTERS = re.compile(r"[a-z]+")
_OPERATION = re.compile(r"(?i)(?:ops?|operasi|operation|sandi|satgas|giat|patroli)\b")


def _is_code(text: str) -> bool:
    words = _LETTERS.findall(text.casefold())
    return bool(_CODE.fullmatch(text)) and only_names().isdisjoint(words)


def _is_patrol(text: str) -> bool:
    return _is_code(text) and bool(re.search(r"\d", text))


def _is_operation(text: str) -> bool:
    words = _LETTERS.findall(text.casefold())
    if len(text) > 60 or not only_names().isdisjoint(words):
        return False
    if _OPERATION.match(text) or not words:
        return True
    return OPERATIONS.issuperset(words) or (_is_code(text) and bool(re.search(r"\d", text)))


def _is_origin(text: str) -> bool:
    if _REGION.fullmatch(text):
        return True
    if not _WORDS.fullmatch(text):
        return False
    if places.is_known(text):
        return True
    words = _LETTERS.findall(text.casefold())
    if not words or not only_names().isdisjoint(words):
        return False
    if len(words) > 1:
        return not ORIGINS.isdisjoint(words)
    return words[0] in ORIGINS or words[0] not in ALL_NAMES | FAMILY


#: field -> what fits in it
SHORT: dict[str, Callable[[str], bool]] = {
    "patrol_id": _is_patrol,
    "operation_tag": _is_operation,
    "origin_prov": _is_origin,
    "referred_from": _is_code,
    "referred_to": _is_code,
}


def fits(field: str, text: str) -> bool:
    """Does a text fit in one of SHORT: nothing, or what the field is for and nobody's number?"""
    text = tidy(text)
    if not text or text == "-":
        return True
    return SHORT[field](text) and not kinds_of_numbers(text) and not has_plate(text)
