"""What personal data looks like: in a text, in the name of a column, in the texts of a column.

Kinds are told, never values. Certain signs (`kinds_in`) reject an import, likely ones (`is_likely`:
a name by itself, a title before a capital letter, a vehicle's plate) withhold a text. Everything
here takes a time linear in the length of the text (`bench/data/personal.py`).
"""

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import pandas as pd

from data.personal.names import (
    ALL_NAMES,
    PLACE_WORDS,
    find_names,
    looks_like_name,
    names_in_title,
    only_names,
    triggers,
)
from data.personal.numbers import has_plate, kinds_of_numbers
from data.tables import plain

# --- columns by their name -------------------------------------------------------------------

_PERSON = (
    "korban|pmi|cpmi|pati|tki|tkw|wni|wna|tersangka|terdakwa|pelaku|saksi|pelapor|terlapor|"
    "anak|ibu|ayah|"
    "orang tua|wali|suami|istri|pekerja|migran|penumpang|deportan|perekrut|calo|tekong|sponsor|"
    "petugas|penyidik|kontak|penanggung jawab|pj|majikan|pekerja migran|pemohon|keluarga|ketua|"
    "ketua rombongan|kepala keluarga|kk|pendamping|penjamin|mangsa|suspect|victim|person|"
    "witness|employer|"
    "worker|migrant|caseworker|identitas|identity|subjek|subject|pax|manifest|manifes|siapa|"
    "who|ybs|"
    "yang bersangkutan|orang|agen|sopir|supir|pengemudi|driver|guide|pemandu|informan|observer|"
    "reporter|"
    "pengantar|penjemput|penampung|anggota|komandan|danpos|danru|operator|penginput|"
    "operator input|"
    "(di)?(laporkan|input|catat|periksa|buat|tangani|entri) oleh|(reported|created|recorded|"
    "entered|edited|"
    "observed|collected|submitted) by|owner|pemilik|pic|cp|contact person|biodata|terduga|napi|"
    "tahanan"
)
_NAME = r"(?:nama|nm|name|names|nama2|inisial|alias|panggilan)"
_COLUMNS = {
    "names": re.compile(
        rf"{_NAME}( (lengkap|panggilan|alias|asli|depan|belakang|penuh|sesuai \w+))?|"
        rf"{_NAME}( lengkap| penuh)? ({_PERSON})( \w+)?|({_PERSON}) {_NAME}|daftar nama( \w+)?|"
        rf"a n|atas nama|"
        r"inisial( \w+)?|(full|first|last|middle|second|given|family|sur|nick|maiden|display|"
        r"real) ?name|alias|"
        r"prs (salutation|first ?name|middle ?name|second ?name|last ?name)|"
        r"(cas )?[a-z]{0,12} ?primary ?case ?worker"
    ),
    "accounts": re.compile(
        r"(user ?name|user|login|akun|account|ig|instagram|fb|facebook|telegram|tiktok|twitter|"
        r"medsos|"
        r"media sosial|handle)( \w+)?"
    ),
    "identity numbers": re.compile(
        r"((no|nomor|nombor|number) )?(nik|ktp|e ktp|kk|kartu keluarga|kad pengenalan|mykad|ic|"
        r"kp|npwp|"
        r"bpjs|kis|sim|imei|kitas|induk kependudukan)( (no|nomor|number|korban|pmi|"
        r"tersangka))?|nik \w+|"
        r"identity (card|number)|national id|(no|nomor) (identitas|id card)"
    ),
    "passport numbers": re.compile(
        r"(no|nomor|nombor) (paspor|pasport|passport|splp)( \w+)?|"
        r"(paspor|pasport|passport) (no|nomor|number|num)"
    ),
    "bank accounts": re.compile(
        r"((no|nomor) )?(rek|norek|rekening|account number|acc no|virtual account)( \w+)?"
    ),
    "birth dates": re.compile(
        r"(tanggal|tgl|tarikh|tempat|tempat tanggal|tempat tgl|tahun|thn) lahir( \w+)?|lahir|dob|"
        r"((umur|usia) )?ttl( \w+)?|"
        r"(date of |prs )?birth ?(date|day|place)?|date of birth"
    ),
    "phone numbers": re.compile(
        r"((no|nomor|nombor) )?(telepon|telpon|telefon|telp|tlp|tel|hp|handphone|ponsel|wa|"
        r"whatsapp|phone|"
        r"mobile|contact|kontak|contact person|cp)( (no|number|\w+))?|(no|nomor) whatsapp|(prs|"
        r"org) \w*phone|"
        r"(home|mobile) ?phone"
    ),
    "e-mail addresses": re.compile(r"(alamat )?(e ?mail|surel|emel)( \w+)?|prs email"),
    "street addresses": re.compile(
        r"alamat( (lengkap|rumah|ktp|asal|tinggal|domisili|korban|pmi|tersangka|majikan))?|"
        r"(home |street |mailing )?address|(prs |org )?(mailing|shipping) ?(street|postal ?code)|"
        r"tempat tinggal|domisili|street"
    ),
    "vehicle plates": re.compile(
        r"((no|nomor) )?(nopol|plat|no pol|polisi|plate|number plate)( \w+)?"
    ),
    "comments on persons": re.compile(r"(prs|vic|per|hte|cas) \w*comments?"),
}
#: short names of columns that may hold something else: then a long number has to stand there
_SHORT = frozenset(
    ["kontak", "contact", "wa", "tel", "cp", "hp", "ic", "kk", "kp", "sim", "kis", "rek", "plat"]
)
#: a column of this name holds persons only if its cells are words and not numbers
_ROLE = re.compile(rf"(?:{_PERSON})( \d+)?")
_ID_COLUMN = re.compile(
    r"\b(id|no|nomor|kode|code|record|register|reg|lp|laporan|patroli|patrol|cell|sel|event id|"
    r"supersedes|versi|sha256|kolom 1)\b"
)
_PLACE_COLUMN = re.compile(
    r"\b(desa|kelurahan|dusun|kampung|kecamatan|kec|kabupaten|kab|provinsi|prov|lokasi|tempat|"
    r"pos|"
    r"asal|tujuan|village|district|province|place|location|town|city|kota|wilayah|daerah|jalur|"
    r"sektor|"
    r"event type|jenis|modus)\b"
)
#: what stands in a column for persons where nobody is named
_NOBODY = re.compile(
    r"|-+|n/?a|nihil|tidak ada|tdk ada|tidak diketahui|unknown|none|nil|ada|ya|tidak|yes|no|"
    r"anonim|anonymous|"
    r"dirahasiakan|\(?withheld[^\n]{0,40}\)?|\*+|x+"
)

# --- cells by their content ------------------------------------------------------------------

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_NOT_LIKELY = re.compile(r"\b(?:Ibu Kota|Bapak Kades|Pak (?:RT|RW|Kades|Camat|Lurah)|Ibu Hamil)\b")
#: a key and its text in a nested value: JSON, a Python dict, XML
_PAIR = re.compile(
    r"[\"']{1,2}([\w .-]{1,40})[\"']{1,2} ?: ?[\[{ ]{0,3}[\"']{1,2}([^\"'\n]{1,200})[\"']"
    r"|<([\w.-]{1,40})>([^<>\n]{1,200})</"
)
_MANY_DIGITS = re.compile(r"(?:\d[ .()/-]{0,2}+){7}")
#: cells that no sign fits: plain numbers, times, coordinates, codes of cells
_BARE = (
    r"[+-]?\d{0,3}[.,]?\d{0,6}|[+-]?\d{1,3}[.,]\d{1,15}|\d{4}-\d{2}-\d{2}[T \d:.Z+-]{0,24}|"
    r"\d{1,2}[/-]\d{1,2}[/-]\d{4}[ \d:]{0,9}|8[0-9a-f]{14}|[a-z_|]{0,40}"
)
_BARE_CELL = re.compile(_BARE)
_WORD = re.compile(r"[^\W\d_]+")
_PLATED = re.compile(
    r"(?i)\bpl?at|nopol|no\.? ?pol|(?:wati|yanto|anto|tono|yono|ningsih|iyem|udd?in|ullah|"
    r"ansyah|prayitno|"
    r"harjo|[ist]anus|inus|[srtn]ius)\b"
)
_SIGNS = re.compile(
    r"@|(?i:[\[({<] ?at|at (?:gmail|yahoo)|\.me/|\.com/|phone=|lahir|\brt\.? ?\d|\b(?:ig|fb|"
    r"ttl|dob|born|jl|jln|jalan|gang|"
    r"gg|komplek|kompleks|perum|lot|no|rek|bank|kk|nik|paspor|passport|pasport|splp|k/?p|"
    r"ic)\b)|[A-Z]{1,2} ?\d{2,8}|[{<]|a[./]n"
)


def tidy(cell: str) -> str:
    """A text as it is searched: one form of each letter, nothing invisible, single spaces."""
    if not cell.isascii():
        cell = _INVISIBLE.sub("", unicodedata.normalize("NFKC", cell))
    return " ".join(cell.split())


def kinds_in(cell: str, is_id: bool = False) -> set[str]:
    """The kinds of personal data in one cell; `is_id` spares codes of record-number columns."""
    text = tidy(cell)
    kinds = kinds_of_numbers(text, is_id)
    if find_names(text) == "certain":
        kinds.add("names")
    return kinds | _nested(text)


def is_likely(cell: str) -> bool:
    """Text that may point at a person without being certain: a name, a title, initials, a plate."""
    text = _NOT_LIKELY.sub(" ", tidy(cell))
    return bool(find_names(text)) or has_plate(text)


def _nested(text: str) -> set[str]:
    """What the keys of a nested value say that it holds."""
    if "{" not in text and "<" not in text and "[" not in text:
        return set()
    kinds = set()
    for match in _PAIR.finditer(text.replace("\\", "")):
        key, value = (match[1], match[2]) if match[1] else (match[3], match[4])
        if kind := column_kind(_parted(key), [value]):
            kinds.add(kind)
    return kinds


def _parted(key: str) -> str:
    """`reportedBy` and `reported_by` as words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key)


def column_kind(name: str, cells: Iterable[str]) -> str:
    """The kind of personal data a column is meant for, told by its name; "" if none.

    `cells` are its distinct texts: `nama` with places in it is a column of places, `pax` with
    numbers one of counts.
    """
    text = plain(name)[:80]
    kind = next((kind for kind, pattern in _COLUMNS.items() if pattern.fullmatch(text)), "")
    role = bool(_ROLE.fullmatch(text))
    if not kind and not role:
        return ""
    filled = [cell for cell in (tidy(str(cell)) for cell in cells)]
    filled = [cell for cell in filled if not _NOBODY.fullmatch(cell.casefold())]
    if not filled:
        return ""
    if kind == "names" and text not in ("nama", "name", "nm", "names"):
        return kind if any(re.search(r"[^\W\d_]{2}", cell) for cell in filled) else ""
    if kind == "accounts":
        return kind if any(re.search(r"[^\W\d_]{3}", cell) for cell in filled) else ""
    if kind and text in _SHORT:
        digits = max(len(re.sub(r"\D", "", cell)) for cell in filled)
        kind = kind if digits >= (3 if kind == "vehicle plates" else 5) else ""
    if kind and kind != "names":
        return kind
    named = [cell for cell in filled if looks_like_name(cell)]
    if kind == "names":  # a bare `name`: places, things or persons
        sure = [cell for cell in filled if find_names(cell)]
        return kind if len(sure) >= 0.2 * len(filled) and len(named) >= 0.3 * len(filled) else ""
    return "names" if role and len(named) > 0.5 * len(filled) else ""


def are_names(cells: np.ndarray) -> bool:
    """Do a good part of distinct short texts carry common names, and no place's?"""
    short = cells[
        pd.Series(cells, dtype="str").str.fullmatch(r"[A-Za-z.'’ -]{3,50}").to_numpy(bool)
    ]
    if len(short) < 0.3 * len(cells):
        return False
    named = [
        cell
        for cell in short
        if not _starts_with_place(cell) and looks_like_name(cell) and _bears_names(cell)
    ]
    return len(named) >= 3 and len(named) >= 0.3 * len(cells)


def _bears_names(cell: str) -> bool:
    words = plain(cell).split(" ")
    return bool(find_names(tidy(cell))) or (len(words) > 1 and ALL_NAMES.issuperset(words))


def _starts_with_place(cell: str) -> bool:
    return plain(cell).split(" ")[0] in PLACE_WORDS


def worth_reading(cells: np.ndarray) -> np.ndarray:
    """Which texts could match any sign at all, (n,) bool; the rest need not be read closely."""
    if len(cells) < 2_000:
        bare = np.array([bool(_BARE_CELL.fullmatch(cell)) for cell in cells], dtype=bool)
    else:  # the same by pandas, many cells at once
        bare = pd.Series(cells, dtype="str").str.fullmatch(_BARE).to_numpy(bool)
    worth = ~bare
    for place in np.flatnonzero(worth):
        worth[place] = _is_worth(cells[place])
    worth[bare] = [_is_word(cell) for cell in cells[bare]]
    return worth


def _is_word(cell: str) -> bool:
    """A bare cell of small letters may still be a name."""
    return bool(cell) and cell[0].isalpha() and not triggers().isdisjoint(_WORD.findall(cell))


def _is_worth(cell: str) -> bool:
    if not cell.isascii() or _MANY_DIGITS.search(cell) or _SIGNS.search(cell):
        return True
    words = _WORD.findall(cell.casefold())
    return not triggers().isdisjoint(words) or bool(_PLATED.search(cell)) or len(words) >= 7


def is_id_column(name: str) -> bool:
    """Is the column named after record numbers? Those of a patrol are codes, never bare numbers."""
    return bool(_ID_COLUMN.search(text := plain(name))) and "patrol" not in text


def is_place_column(name: str) -> bool:
    """Is the column named after places?"""
    return bool(_PLACE_COLUMN.search(plain(name)))


def kinds_in_name(name: str) -> set[str]:
    """The kinds of personal data in the name of a file or sheet."""
    spaced = re.sub(r"[_.-]", " ", name) if "@" not in name else name
    kinds = kinds_in(spaced) | kinds_in(name.replace("_", " "))
    return kinds | {"names"} if names_in_title(tidy(spaced)) else kinds


__all__ = [
    "are_names", "column_kind", "find_names", "is_id_column", "is_likely", "is_place_column",
    "kinds_in", "kinds_in_name", "only_names", "tidy", "worth_reading",
]  # fmt: skip
