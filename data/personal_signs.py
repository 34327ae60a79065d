"""What personal data looks like: in a text, in the name of a column, in the texts of a column.

Kinds are told, never values. Certain signs (`kinds_in`) reject an import, likely ones (`is_likely`:
a title before a capital letter, initials) withhold a text.
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from data.formats import plain

# --- columns by their name -------------------------------------------------------------------

_PERSON = (
    "korban|pmi|cpmi|pati|tki|wni|tersangka|terdakwa|pelaku|saksi|pelapor|terlapor|anak|ibu|ayah|"
    "orang tua|wali|suami|istri|pekerja|migran|penumpang|deportan|perekrut|calo|tekong|sponsor|"
    "petugas|penyidik|kontak|penanggung jawab|majikan|pekerja migran|pemohon|keluarga|ketua|"
    "pendamping|penjamin|mangsa|suspect|victim|person|witness|employer|worker|migrant|caseworker"
)
_COLUMNS = {
    "names": re.compile(
        rf"(nama|name)( (lengkap|panggilan|alias|asli|depan|belakang|penuh|sesuai \w+))?|"
        rf"(nama|name)( lengkap| penuh)? ({_PERSON})( \w+)?|({_PERSON}) (nama|name)|inisial( \w+)?|"
        r"(full|first|last|middle|second|given|family|sur|nick|maiden) ?name|alias|"
        r"prs (salutation|first ?name|middle ?name|second ?name|last ?name)|.*primary ?case ?worker"
    ),
    "identity numbers": re.compile(
        r"((no|nomor|nombor|number) )?(nik|ktp|e ktp|kk|kartu keluarga|kad pengenalan|mykad|ic|kp)"
        r"( (no|nomor|number|korban|pmi|tersangka))?|nik \w+|identity (card|number)|national id|"
        r"(no|nomor) (identitas|id card)"
    ),
    "passport numbers": re.compile(
        r"(no|nomor|nombor) (paspor|pasport|passport|splp)( \w+)?|"
        r"(paspor|pasport|passport) (no|nomor|number|num)"
    ),
    "birth dates": re.compile(
        r"(tanggal|tgl|tarikh|tempat|tempat tanggal|tempat tgl|tahun) lahir( \w+)?|lahir|dob|"
        r"((umur|usia) )?ttl( \w+)?|"
        r"(date of |prs )?birth ?(date|day|place)?|date of birth"
    ),
    "phone numbers": re.compile(
        r"((no|nomor|nombor) )?(telepon|telpon|telefon|telp|tlp|tel|hp|handphone|ponsel|wa|phone|"
        r"mobile|contact|kontak)( (no|number|\w+))?|(no|nomor) whatsapp|(prs|org) \w*phone|"
        r"(home|mobile) ?phone"
    ),
    "e-mail addresses": re.compile(r"(alamat )?(e ?mail|surel|emel)( \w+)?|prs email"),
    "street addresses": re.compile(
        r"alamat( (lengkap|rumah|ktp|asal|tinggal|domisili|korban|pmi|tersangka|majikan))?|"
        r"(home |street |mailing )?address|(prs |org )?(mailing|shipping) ?(street|postal ?code)|"
        r"tempat tinggal|domisili|street"
    ),
    "comments on persons": re.compile(r"(prs|vic|per|hte|cas) \w*comments?"),
}
#: a column of this name holds persons only if its cells are words and not numbers
_ROLE = re.compile(rf"({_PERSON})( \d+)?")
_ID_COLUMN = re.compile(
    r"\b(id|no|nomor|kode|code|record|register|reg|lp|laporan|patroli|patrol|cell|sel|event id|"
    r"supersedes|versi|sha256|kolom 1)\b"
)
_PLACE_COLUMN = re.compile(
    r"\b(desa|kelurahan|dusun|kampung|kecamatan|kec|kabupaten|kab|provinsi|prov|lokasi|tempat|pos|"
    r"asal|village|district|province|place|event type|jenis|modus)\b"
)
_PLACE = re.compile(
    r"^(pos|desa|dusun|kampung|kampong|kg|kec|kecamatan|kab|kabupaten|kota|plbn|plb|jalur|jalan|jl|"
    r"jtr|titik|sungai|simpang|patok|tpi|pelabuhan|bandara|kantor|polsek|polres|koramil|bukit|"
    r"gunung|muara|pasar|terminal|sektor|rute|patroli|track|lintasan|waypoint|wpt|operasi|area|blok)\b"
)
with Path(__file__).with_name("personal.toml").open("rb") as _file:
    _WORDS = {key: frozenset(text.split()) for key, text in tomllib.load(_file).items()}
GIVEN_NAMES, _INNOCENT = _WORDS["given_names"], _WORDS["innocent"]
#: names that are no everyday word, month or place besides; one alone tells a person
_ONLY_NAMES = GIVEN_NAMES - _WORDS["also_words"]

# --- cells by their content ------------------------------------------------------------------

_NIK = re.compile(r"(?<![\d.,/-])(\d{6})[ .-]?(\d{6})[ .-]?(\d{4})(?![\d/]|[.,-]\d)")
_NIK_GROUPED = re.compile(
    r"(?<![\d.,/-])(?:\d{4}([ .-])\d{4}\1\d{4}\1\d{4}"
    r"|\d{2}[ .-]\d{2}[ .-]\d{2}[ .-]?\d{6}[ .-]?\d{4})(?![\d/]|[.,-]\d)"
)
_IC = re.compile(r"(?<![\d.,/-])(\d{2})(\d{2})(\d{2})-(\d{2})-(\d{4})(?![\d-])")
_IC_NAMED = re.compile(
    r"\b(?:ic|k/?p|mykad|kad pengenalan|no\.? ?kp)\b[\s.:no]{0,6}\d{6}[ -]?\d{2}[ -]?\d{4}\b",
    re.IGNORECASE,
)
_PASSPORT_NAMED = re.compile(
    r"\b(?:paspor|pasport|passport|splp)\b[^A-Za-z0-9]{0,4}(?:(?:no|nomor|number|ri)\b[^A-Za-z0-9]{0,4})"
    r"{0,2}[A-Z]{1,2} ?\d{6,8}\b",
    re.IGNORECASE,
)
_PASSPORT = re.compile(r"(?<![\w/.#-])(?:[A-Z]\d{7,8}|[A-Z]{2}\d{6,7}|X\d{6})(?![\w/-])")
_EMAIL = re.compile(r"[\w.+-]+(?:@| ?[\[(]at[\])] ?)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.,/+-])(?:(?:\+|00)?62[ -]?|0)8\d{1,2}[ .-]?\d{3,4}[ .-]?\d{2,5}(?![\d/])"
    r"|(?<![\w.,/+-])\+62[ -]?\(?\d{2,3}\)?[ -]?\d{5,8}(?!\d)"
    r"|(?<![\w.,/+-])(?:\+|00)60[ -]?\d{1,2}[ -]?\d{3,4}[ -]?\d{3,4}(?!\d)"
    r"|(?<![\w.,/+-])(?:601\d|01\d)[ -]?\d{3,4}[ -]?\d{4}(?![\d/])"
    r"|\(0\d{2,3}\)[ -]?\d{5,8}(?!\d)"
)
_PHONE_NAMED = re.compile(
    r"\b(?:wa|whatsapp|hp|handphone|ponsel|telp?|tlp|telepon|telpon|telefon|phone|hubungi)\b"
    r"[\s.:]{0,3}(?:no\b[\s.:]{0,3})?(?P<number>\+?\(?\d[\d .()-]{6,16}\d)(?!\d)",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,2}[ ./-]\d{1,2}[ ./-]\d{4}.*|\d{4}-\d{2}-\d{2}.*")
_BIRTH = re.compile(
    r"\b(?:lahir|kelahiran|ttl|dob|born)\b[^0-9\n]{0,30}"
    r"(?:\d{1,2}[\s/.-]+(?:\d{1,2}|[A-Za-z]{3,9})[\s/.-]+\d{2,4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2})",
    re.IGNORECASE,
)
_STREET = r"(?:jl|jln|jalan|lorong|lrg|gang|gg)"
_ADDRESS = re.compile(
    rf"\b{_STREET}\b\.?\s+[\w.' -]{{2,40}}?,?\s+(?:no\.?|nomor|blok|kav\.?)\s*[a-z]?\d+"
    rf"|\bjln?\.\s+[\w.' -]{{2,40}}?\s+\d{{1,4}}[a-z]?\b(?!\s*(?:km|orang|menit|m\b|meter))"
    r"|\brt\.?\s*\d{1,3}\s*[/,.-]?\s*rw\.?\s*\d{1,3}"
    rf"|\b{_STREET}\b[^\n]{{2,60}}\brt\.?\s*\d{{1,3}}"
    r"|\b(?:no|lot)\.?\s*\d+[a-z]?,?\s+(?:jalan|jln|lorong|kampung|kampong|kg\.?|taman|desa|dusun)\b"
    r"|\b(?:kampung|kampong|kg\.?|taman|dusun)\s+[\w' ]{2,30},?\s+no\.?\s*\d+",
    re.IGNORECASE,
)
_NAME_WORD = r"[A-Z][A-Za-z'’.-]+"
_NAMED = re.compile(
    r"(?:\ba\.\s?n\.?|\ba/n\b|\b[Aa]n\.|\bA\.\s?N\.?|\b[Aa]tas [Nn]ama|\b[Bb]ernama|\bdengan nama|"
    r"\b[Nn]ama[\"']? ?[:=]|\b[Ss]dri?\b\.?|\bSDRI?\.?|\b[Ss]audar[ai]|\b[Aa]lias)\s*:?\s*[\"']?"
    rf"(?P<name>{_NAME_WORD})"
)
#: what leads to a person only before a known name: `an Budi`, `nama: budi`, `KORBAN SITI`
_LED = re.compile(
    r"\b(?:an|nama ?[:=]|tersangka|terdakwa|pelapor|terlapor|saksi|korban|pelaku|tekong|calo|"
    r"sopir|perekrut|majikan)[\s:]+(?P<name>[a-z'’]{2,})",
    re.IGNORECASE,
)
#: a name with an age behind it: `Siti Aminah (24)`, `BUDI, 35 th`
_AGED = re.compile(
    rf"(?P<name>{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,3}})\s*[,(]+\s*\d{{1,2}}\s*"
    r"(?:\)|/|th\b|thn\b|tahun\b|yo\b|years?\b)"
)
_PATRONYM = re.compile(
    r"\b[A-Za-z'’.]{2,}\s+(?:bin|binti|bte|a/l|a/p|anak lelaki|anak perempuan)\s+[A-Za-z'’.]{2,}",
    re.IGNORECASE,
)
_ROLE_NAME = re.compile(
    rf"\b(?P<role>[Tt]ersangka|[Tt]erdakwa|[Pp]elapor|[Tt]erlapor|[Ss]aksi|[Kk]orban|[Pp]elaku|"
    rf"[Tt]ekong|[Cc]alo|[Ss]opir|[Pp]erekrut|[Mm]ajikan)\s*:?\s+(?P<first>[A-Z][a-z'’]{{2,}})"
    rf"(?P<second>\s+{_NAME_WORD})?"
)
_LIKELY = re.compile(
    r"\b(?:Bapak|Bpk\.?|Pak|Ibu|Bu|Tn\.?|Ny\.?|Nn\.?|Encik|Puan|Mr\.?|Mrs\.?|Ms\.?)\s+[A-Z][a-z]{2,}"
    r"|\b[Ii]nisial\s*:?\s*\(?[A-Z]{1,3}\b|\b[Bb]erinisial\b"
    r"|\b(?:[Tt]ersangka|[Kk]orban|[Pp]elaku|[Tt]ekong)\s+"
    r"(?!WN[IA]\b|PMI\b|TKI\b|CPM|TPP|LP\b|ABK\b)\(?[A-Z]{1,3}\)?(?=[\s,.]|$)"
)
_NOT_LIKELY = re.compile(r"\b(?:Ibu Kota|Bapak Kades|Pak (?:RT|RW|Kades|Camat|Lurah)|Ibu Hamil)\b")
#: cheap test on whole columns; a cell that any pattern above could match passes it. Without
#: look-around and white-space classes, which would send it from Arrow's regex to Python's
WORTH = "|".join(
    (
        r"@|\d{6}[ .-]?\d{6}[ .-]?\d{4}|\d{6}-\d{2}-\d{4}|[A-Z]\d{6}",
        r"(?:^|[^\w.,/+-])(?:\+|006|62[ -]?8\d|08\d{2}|0-?8\d|601\d|01\d[ -]?\d{3})|\(0\d",
        r"(?i:\bic\b|k/?p|mykad|pengenalan|paspor|pasport|passport|splp|lahir|ttl|dob|born)",
        r"(?i:\b(?:jl|jln|jalan|lorong|lrg|gang|gg|rt|lot|no|kampung|kampong|kg|taman|dusun)\b)",
        r"(?i:\ba[./ ]{1,2}n|\ban\.|atas nama|bernama|nama|\bsdr|saudar|alias|\bbin|\bbte|a/[lp])",
        r"(?i:anak (?:lelaki|perempuan)|tersangka|terdakwa|lapor|saksi|korban|pelaku|tekong|calo)",
        r"(?i:sopir|perekrut|majikan|\b(?:bapak|bpk|pak|ibu|bu|tn|ny|nn|encik|puan|mr|mrs|ms)\b)",
        r"(?i:inisial|[\[(]at[\])])|\d{4}[ .-]\d{4}[ .-]\d{4}|\d{2}[ .-]\d{2}[ .-]\d{2}[ .-]?\d{6}",
        r"(?i:\b(?:an|wa|whatsapp|hp|handphone|ponsel|telp?|tlp|telepon|telpon|telefon|phone|hubungi)"
        r"\b)",
        r"[,(] *\d{1,2} *(?:\)|/|th|yo|year)",
    )
)

_WORTH_CELL = re.compile(WORTH)


def kinds_in(cell: str, is_id: bool = False) -> set[str]:
    """The kinds of personal data in one cell; `is_id` spares codes of record-number columns."""
    kinds = set()
    if _EMAIL.search(cell):
        kinds.add("e-mail addresses")
    malaysian = _IC_NAMED.search(cell) or any(map(_is_ic, _IC.finditer(cell)))
    niks = (match[0] for form in (_NIK, _NIK_GROUPED) for match in form.finditer(cell))
    if malaysian or any(map(_is_nik, niks)):
        kinds.add("identity numbers")
    if _PASSPORT_NAMED.search(cell) or (not is_id and _PASSPORT.search(cell)):
        kinds.add("passport numbers")
    called = any(_is_called(match["number"]) for match in _PHONE_NAMED.finditer(cell))
    if called or any(_is_phone(match[0], is_id) for match in _PHONE.finditer(cell)):
        kinds.add("phone numbers")
    if _BIRTH.search(cell):
        kinds.add("birth dates")
    if _ADDRESS.search(cell):
        kinds.add("street addresses")
    named = any(map(_is_named, _NAMED.finditer(cell)))
    named |= any(match["name"].casefold() in _ONLY_NAMES for match in _LED.finditer(cell))
    named |= any(_tells_a_name(match["name"]) for match in _AGED.finditer(cell))
    if named or _PATRONYM.search(cell) or any(map(_is_role_name, _ROLE_NAME.finditer(cell))):
        kinds.add("names")
    return kinds


def is_likely(cell: str) -> bool:
    """Text that may point at a person without being certain: titles, initials."""
    return bool(_LIKELY.search(_NOT_LIKELY.sub(" ", cell)))


def _tells_a_name(text: str) -> bool:
    """Is one of the words a given name and nothing else, and the first no kind of place?"""
    words = plain(text)
    return not _PLACE.match(words) and not _ONLY_NAMES.isdisjoint(words.split())


def _is_called(number: str) -> bool:
    return 8 <= len(re.sub(r"\D", "", number)) <= 15 and not _DATE.fullmatch(number)


def _is_nik(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    region, birth, serial = digits[:6], digits[6:12], digits[12:]
    day = int(birth[:2]) - 40 if int(birth[:2]) > 40 else int(birth[:2])
    province, kabupaten = int(region[:2]), int(region[2:4])
    plausible = 11 <= province <= 97 and 1 <= kabupaten <= 79 and region[4:] != "00"
    return plausible and 1 <= day <= 31 and 1 <= int(birth[2:4]) <= 12 and serial != "0000"


def _is_ic(match: re.Match) -> bool:
    return 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31 and match[4] != "00"


def _is_phone(text: str, is_id: bool) -> bool:
    digits = re.sub(r"\D", "", text)
    if is_id and digits == text:  # a bare number in a column of numbers is a number
        return False
    return 9 <= len(digits) <= 15 and not re.fullmatch(r"0\d-\d{2}-\d{4}.*", text)


def _is_named(match: re.Match) -> bool:
    word = match["name"].strip(".").casefold()
    return word not in _INNOCENT and not _PLACE.match(word)


def _is_role_name(match: re.Match) -> bool:
    first = match["first"].casefold()
    if first in _INNOCENT or _PLACE.match(first):
        return False
    strong = match["role"].casefold() in ("tersangka", "terdakwa", "pelapor", "terlapor", "saksi")
    second = (match["second"] or "").strip().casefold()
    return strong or first in GIVEN_NAMES or (second != "" and second not in _INNOCENT)


def column_kind(name: str, cells: Iterable[str]) -> str:
    """The kind of personal data a column is meant for, told by its name; "" if none.

    `cells` are its distinct texts: `nama` with places in it is a column of places.
    """
    text = plain(name)
    if not _ROLE.fullmatch(text) and not any(p.fullmatch(text) for p in _COLUMNS.values()):
        return ""
    filled = [cell for cell in cells if str(cell).strip() not in ("", "-")]
    if not filled:
        return ""
    for kind, pattern in _COLUMNS.items():
        if pattern.fullmatch(text):
            if kind == "names" and text in ("nama", "name") and all(map(_is_label, filled)):
                return ""
            if kind == "phone numbers" and text in ("kontak", "contact", "wa", "tel"):
                return kind if any(re.search(r"\d{5}", cell) for cell in filled) else ""
            return kind
    worded = [cell for cell in filled if re.search(r"[A-Za-z]{3}", cell)]
    if len(worded) > 0.5 * len(filled):
        named = [
            cell for cell in worded if re.fullmatch(r"[A-Z][\w.'’-]+( [A-Z][\w.'’-]*){1,4}", cell)
        ]
        return "names" if len(named) > 0.5 * len(filled) else ""
    return ""


def _is_label(cell: str) -> bool:
    text = plain(cell)
    return bool(_PLACE.match(text)) or bool(re.search(r"\d", text))


def are_names(cells: np.ndarray) -> bool:
    """Do a good part of distinct short texts carry common given names?"""
    short = cells[
        pd.Series(cells, dtype="str").str.fullmatch(r"[A-Za-z.'’ -]{3,50}").to_numpy(bool)
    ]
    if len(short) < 0.3 * len(cells):
        return False
    named = [
        cell
        for cell in short
        if 1 <= len(cell.split()) <= 5
        and not _PLACE.match(plain(cell))
        and any(word in GIVEN_NAMES for word in plain(cell).split())
    ]
    return len(named) >= 3 and len(named) >= 0.3 * len(cells)


def worth_reading(cells: np.ndarray) -> np.ndarray:
    """Which texts could match any sign at all, (n,) bool; the rest need not be read closely."""
    if len(cells) < 2_000:
        return np.array([bool(_WORTH_CELL.search(cell)) for cell in cells], dtype=bool)
    # the same by pandas, many cells at once
    return pd.Series(cells, dtype="str").str.contains(WORTH, regex=True).to_numpy(bool)


def is_id_column(name: str) -> bool:
    """Is the column named after record numbers?"""
    return bool(_ID_COLUMN.search(plain(name)))


def is_place_column(name: str) -> bool:
    """Is the column named after places?"""
    return bool(_PLACE_COLUMN.search(plain(name)))


def kinds_in_name(name: str) -> set[str]:
    """The kinds of personal data in the name of a file or sheet."""
    spaced = re.sub("_", " ", name)
    kinds = kinds_in(spaced)
    return kinds | {"names"} if _tells_a_name(spaced) else kinds
