"""Names of persons in a text, told by common names, by the words that lead to a name, by ages.

Certain: a known name behind `a.n.`, `tersangka`, `bin`, or before an age. Likely: a known name by
itself, or unknown words where a name stands. A name of a village, a street or a church is none.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from data import places

_HERE = Path(__file__)


def _words(file: str) -> dict[str, frozenset[str]]:
    with _HERE.with_name(file).open("rb") as opened:
        return {key: frozenset(text.split()) for key, text in tomllib.load(opened).items()}


_NAMES, _WORDS = _words("names.toml"), _words("personal.toml")
#: every common name; of these, the names that no village or everyday word bears
GIVEN_NAMES = frozenset().union(*(_NAMES[k] for k in ("indonesian", "malay", "christian", "dayak")))
ALL_NAMES = GIVEN_NAMES | _NAMES["family"]
FAMILY, SYLLABLES = _NAMES["chinese_family"], _NAMES["chinese_given"] | _NAMES["chinese_family"]
INNOCENT, PLACE_WORDS = _WORDS["innocent"], _WORDS["place_words"]
_MONTHS = _WORDS["months"]
OPERATIONS, ORIGINS = _WORDS["operations"], _WORDS["origins"]

_WORD = re.compile(r"[^\W\d_]+(?:['’`][^\W\d_]+)*+")
_GAP = re.compile(r"[.]? ?-? ?")
#: lead to a person: what follows is a name
_LEADS = _WORDS["leads"]
#: parts people play: what follows may be a name
_ROLES = _WORDS["roles"]
_TITLES = _WORDS["titles"]
_BINS = frozenset({"bin", "binti", "bte", "binte", "bt"})
_SONS = frozenset({"anak", "ak"})
_AGE = re.compile(
    r"(?i) ?[,(/]{0,2} ?(?:(?:umur|usia|age|aged) ?:? ?)?\d{1,2} ?(?P<unit>th|thn|tahun|yo|"
    r"y\.o|years?|yrs)?\b"
    r" ?(?P<end>[)/])?"
)
_AFFIXED = re.compile(
    r"(?:di|ber|mem|men|meng|meny|ter|per|pem|pen|peng|ke|se)[a-z]{4,24}|[a-z]{3,24}(?:kan|nya|lah)|"
    r"[a-z]{4,24}(?:ing|tion|ment|ed)"
)
#: how names of the region end that stand in no list: Rohmawati, Damianus, Hasbullah
_ENDING = re.compile(
    r"[a-z]{3,24}(?:wati|yanto|anto|tono|yono|ningsih|iyem|uddin|udin|ullah|ansyah|prayitno|"
    r"harjo|ianus|inus|"
    r"sius|rius|tius|nius)"
)
#: Ramasamy a/l Muthu
_SON_OF = re.compile(r"(?<=[a-z] )a/[lp] [A-Za-z]{2}", re.IGNORECASE)
_INITIALS = re.compile(r"\(?[A-Z]{1,3}\)?(?=[ ,.)]|$)")
_NOT_INITIALS = _WORDS["not_initials"]


@cache
def only_names() -> frozenset[str]:
    """Names that are no everyday word, title, month or part of a village's name besides."""
    taken = _NAMES["also_words"] | INNOCENT | PLACE_WORDS | _MONTHS
    return ALL_NAMES - taken - (places.name_words() - _NAMES["though_in_villages"])


@cache
def triggers() -> frozenset[str]:
    """Words without which no name is found: a text that has none of them need not be read."""
    found = only_names() | ALL_NAMES | FAMILY | _LEADS | _ROLES | _TITLES | _BINS | _SONS
    found |= {"titik", "dot", "a"}
    return found | {"umur", "usia", "age", "aged", "th", "thn", "tahun", "yo", "inisial"}


class _Token:
    """One word of a text: as written, in lower case, and where it stands."""

    __slots__ = ("capital", "end", "low", "start", "text")

    def __init__(self, match: re.Match[str]) -> None:
        self.text, self.start, self.end = match[0], match.start(), match.end()
        self.low = self.text.casefold().replace("’", "'").replace("`", "'")
        self.capital = self.text[0].isupper()


def find_names(text: str) -> str:
    """ "certain", "likely" or "": are persons named in a text (in single spaces)?"""
    tokens = [_Token(match) for match in _WORD.finditer(text)]
    if not tokens or triggers().isdisjoint(token.low for token in tokens):
        return ""
    loud = sum(token.text.isupper() for token in tokens if len(token.text) > 2)
    caps = loud > 0.6 * sum(len(token.text) > 2 for token in tokens)
    found = ""
    for at, token in enumerate(tokens):
        span = _at(text, tokens, at, token, caps)
        if span == "certain":
            return span
        found = found or span
    return found


def _at(text: str, tokens: list[_Token], at: int, token: _Token, caps: bool) -> str:
    """What the word at a place tells of a person."""
    low = token.low
    leads = low in _LEADS or low in _TITLES or low in _ROLES or _abbreviated(text, token)
    if leads and (span := _after_lead(text, tokens, at, caps)):
        return span
    if low == "a" and _SON_OF.match(text, token.start):
        return "certain"
    if low in _BINS or low in _SONS:
        return _patronym(text, tokens, at, caps)
    if low in FAMILY and _chinese(text, tokens, at, caps):
        return "certain" if _aged(text, tokens[min(at + 2, len(tokens) - 1)]) else "likely"
    known = low in ALL_NAMES
    if not (known or (token.capital and _ends_like_one(low))) or _is_placed(text, tokens, at, caps):
        return ""
    if low in only_names() or not known:
        last = _run_end(text, tokens, at)
        if _aged(text, tokens[last]):
            return "certain"
        if (token.capital and not caps) or _has_neighbour(text, tokens, at, caps):
            return "likely"
        return "likely" if len(tokens) <= 4 and token.capital else ""
    last = _run_end(text, tokens, at)
    aged = _aged(text, tokens[last]) if last > at else _has_unit(text, token)
    pair = last > at and low in places.name_words() and tokens[at + 1].low in ALL_NAMES
    return "likely" if token.capital and (aged or (pair and not caps)) else ""


def _ends_like_one(low: str) -> bool:
    return bool(_ENDING.fullmatch(low)) and low not in INNOCENT and low not in places.name_words()


def _near(text: str, one: _Token, other: _Token) -> bool:
    """Do two words stand side by side, with a space or a dot between?"""
    return other.start - one.end <= 3 and bool(_GAP.fullmatch(text, one.end, other.start))


def _abbreviated(text: str, token: _Token) -> bool:
    """`a.n.`, `an.` and `a/n`, of which a word is only a part."""
    around = text[max(token.start - 2, 0) : token.end + 1].casefold()
    return (token.low == "n" and around[:3] in ("a.n", "a/n")) or (
        token.low == "an" and "." in around
    )


def _after_lead(text: str, tokens: list[_Token], at: int, caps: bool) -> str:
    """What stands behind `a.n.`, `tersangka`, `Pak`: a known name, an unknown word, or none."""
    lead, after = tokens[at], at + 1
    while after < len(tokens) and tokens[after].low in _TITLES | _LEADS | _ROLES and after < at + 4:
        after += 1
    if after >= len(tokens):
        return ""
    gap = text[tokens[after - 1].end : tokens[after].start]
    if len(gap) > 4 or any(sign not in " .:,(\"'=-/" for sign in gap):
        return ""
    first = tokens[after]
    second = tokens[after + 1] if after + 1 < len(tokens) else None
    second = second if second is not None and _near(text, first, second) else None
    strict = lead.low in _ROLES
    if _is_placed(text, tokens, after, caps) or first.low in PLACE_WORDS:
        return ""
    if first.low in only_names():
        return "certain"
    if first.low in FAMILY and _chinese(text, tokens, after, caps):
        return "certain"
    if first.low in INNOCENT or first.low in _MONTHS or _AFFIXED.fullmatch(first.low):
        return ""
    beside = second is not None and second.low in ALL_NAMES and second.low not in INNOCENT
    if first.low in ALL_NAMES:
        if beside or not strict:
            return "certain" if beside or lead.low not in _TITLES else "likely"
        return "likely" if first.capital and not caps else ""
    if not first.capital:
        return ""
    if second is not None and beside and second.low in only_names():
        return "certain"
    if len(first.text) < 3:
        initials = _INITIALS.match(text, first.start) and first.low not in _NOT_INITIALS
        return "likely" if initials else ""
    if not strict:
        return "likely"
    pair = second is not None and second.capital and not _is_common(second)
    return "likely" if pair and first.low not in _NOT_INITIALS else ""


def _is_common(token: _Token) -> bool:
    low = token.low
    if low in only_names():
        return False
    return low in INNOCENT or low in PLACE_WORDS or low in _MONTHS or bool(_AFFIXED.fullmatch(low))


def _patronym(text: str, tokens: list[_Token], at: int, caps: bool) -> str:
    """`X bin Y`, `X anak Y`: a person, unless X is a kind of place or an everyday word."""
    if at == 0 or at + 1 >= len(tokens):
        return ""
    before, after = tokens[at - 1], tokens[at + 1]
    if not _near(text, before, tokens[at]) or not _near(text, tokens[at], after):
        return ""
    if before.low in PLACE_WORDS or (at > 1 and tokens[at - 2].low in PLACE_WORDS):
        return ""
    known = [one.low in ALL_NAMES and not _is_common(one) for one in (before, after)]
    if tokens[at].low in _BINS:
        nobody = _is_common(before) or _is_common(after)
        return "certain" if any(known) else "" if nobody else "likely"
    likely = before.capital and after.capital and not _is_common(before) and not _is_common(after)
    if not likely or (caps and not any(known)):
        return ""
    return "likely"


def _chinese(text: str, tokens: list[_Token], at: int, caps: bool) -> bool:
    """Three short syllables that begin with a family's name, such as Bong Khiun Fa."""
    three = tokens[at : at + 3]
    if len(three) < 3 or not (_near(text, three[0], three[1]) and _near(text, three[1], three[2])):
        return False
    if any(len(one.low) > 6 for one in three) or _is_placed(text, tokens, at, caps):
        return False
    given = [one.low in SYLLABLES for one in three[1:]]
    odd = [one for one in three if one.low not in INNOCENT]
    if not all(one.capital for one in three):
        return all(given) and len(odd) == 3
    if caps:
        return all(given) and len(odd) >= 2
    return any(given) and len(odd) >= 2 and not any(_is_common(one) for one in three[1:])


def _run_end(text: str, tokens: list[_Token], at: int) -> int:
    """The last word of the name that begins at a place."""
    last = at
    while last + 1 < len(tokens) and last - at < 4:
        after = tokens[last + 1]
        if not _near(text, tokens[last], after) or not (after.capital or after.low in ALL_NAMES):
            break
        if _is_common(after):
            break
        last += 1
    return last


def _has_neighbour(text: str, tokens: list[_Token], at: int, caps: bool) -> bool:
    """Does another name stand beside it, whatever the letters' size?"""
    for one, other in ((at - 1, at), (at, at + 1)):
        if one < 0 or other >= len(tokens) or not _near(text, tokens[one], tokens[other]):
            continue
        beside = tokens[one if other == at else other]
        if _is_common(beside):
            continue
        if beside.low in ALL_NAMES or (caps and len(beside.low) > 2):
            return True
    return False


def _aged(text: str, token: _Token) -> bool:
    """Does an age follow a word: `(24)`, `, 35 th`, `umur 17 tahun`?"""
    found = _AGE.match(text, token.end)
    if not found:
        return False
    return bool(found["unit"]) or (found["end"] is not None and "(" in found[0])


def _has_unit(text: str, token: _Token) -> bool:
    found = _AGE.match(text, token.end)
    return bool(found and found["unit"])


def _is_placed(text: str, tokens: list[_Token], at: int, caps: bool) -> bool:
    """Is the word part of a place's name: known, or led to by a kind of place?"""
    first, last = at, at
    while first > 0 and at - first < 3 and _near(text, tokens[first - 1], tokens[first]):
        first -= 1
        if tokens[first].low in PLACE_WORDS:
            sea = tokens[first].low == "laut" and first > 0 and tokens[first - 1].low in _ROLES
            return not sea
        if caps or not tokens[first].capital:
            break
    first = max(at - 3, 0)
    last = min(at + 3, len(tokens) - 1)
    for start in range(first, at + 1):
        for end in range(at, last + 1):
            words = " ".join(one.low for one in tokens[start : end + 1])
            if places.is_plain_name(words):
                return True
    return False


def looks_like_name(cell: str) -> bool:
    """Could a whole cell be a person's name: one to five words, none of a place or a thing?

    For a column whose name says that it holds persons; unknown words count there.
    """
    words = cell.replace(".", " ").split()
    if not 1 <= len(words) <= 5 or re.search(r"[\d@/:;]", cell):
        return False
    tokens = [_Token(match) for match in _WORD.finditer(cell)]
    if not tokens or places.is_known(cell) or any(_is_common(one) for one in tokens):
        return False
    if tokens[0].low in PLACE_WORDS:
        return False
    if any(one.low in ALL_NAMES for one in tokens) or (
        tokens[0].low in FAMILY and len(tokens) in (2, 3)
    ):
        return True
    return len(tokens) >= 2 and all(one.capital for one in tokens)


def names_in_title(text: str) -> bool:
    """Is a file or a sheet named after a person? Small letters count as well."""
    if find_names(text):
        return True
    tokens = [_Token(match) for match in _WORD.finditer(text)]
    if tokens and tokens[0].low in PLACE_WORDS:
        return False
    for at, token in enumerate(tokens):
        if token.low in only_names() and not _is_placed(text, tokens, at, False):
            return True
        if token.low in FAMILY and _chinese(text, tokens, at, False):
            return True
    return False
