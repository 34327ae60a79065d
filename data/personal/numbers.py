"""Numbers, accounts, births and addresses of persons in a text, in time linear in its length.

Every pattern begins with something rare (an @, a digit, a word that leads) and repeats only so
often from there; a run of digits is cut out first and judged by its digits. So no text, however
hostile, costs more than a constant for each of its letters.
"""

import re

#: a run of digits as people write long numbers: single separators, or two, between them
_RUN = re.compile(r"(?<![\w.,/+-])\+?\(?\d(?:[ .()/-]{0,2}+\d){7,29}+(?![\d/]|[.,-]\d)")
_DIGIT = re.compile(r"\D+")
_DATE = re.compile(
    r"\(?\d{1,2}[ ./-]\d{1,2}[ ./-](?:19|20)\d{2}(?!\d)|(?:19|"
    r"20)\d{2}[ ./-]\d{1,2}[ ./-]\d{1,2}(?!\d)"
)
_DECIMAL = re.compile(r"[-+(]{0,2}\d{1,3}[.]\d{4,20}(?:[ /-]{1,2}\d{1,3}[.]\d{4,20})?")
_MONEY = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,5}|[1-9]\d{0,2}(?: \d{3}){2,5}")
_LANDLINE = re.compile(r"\(0\d{2,3}\)[ -]?\d{5,8}(?!\d)|\b05(?:6[1-8]|34)[ -]\d{5,7}(?![\d-])")
_IC = re.compile(r"(?<![\d.,/-])(\d{2})(\d{2})(\d{2})[- ](\d{2})[- ](\d{4})(?![\d-])")
_NPWP = re.compile(r"(?<![\d.])\d{2}\.\d{3}\.\d{3}\.\d[-.]\d{3}\.\d{3}(?!\d)")
#: a word that says what a number behind it is -> the kind
_LABELS = (
    (
        re.compile(
            r"(?i)\b(?:nik|ktp|no ?kk|kk|kartu keluarga|npwp|bpjs|kis|sim|imei|kitas|mykad|ic|"
            r"k/?p|"
            r"kad pengenalan|identitas|id card|identity)\b[^\w\n]{0,3}(?:(?:no|nomor|number|ri)\b"
            r"[^\w\n]{0,3}){0,2}(?P<number>\d[\d .-]{6,24})"
        ),
        "identity numbers",
    ),
    (
        re.compile(
            r"(?i)\b(?:wa|whatsapp|whats ?app|hp|handphone|ponsel|telp?|tlp|telepon|telpon|"
            r"telefon|"
            r"phone|mobile|hubungi|call|nomornya|kontak|contact|sms)\b[^\w\n+(]{0,3}"
            r"(?:(?:no|nomor|number|di|"
            r"ke)\b[^\w\n+(]{0,3}){0,2}(?P<number>\+?\(?\d[\d .()-]{6,20})"
        ),
        "phone numbers",
    ),
    (
        re.compile(
            r"(?i)\b(?:rek|norek|rekening|acc|account|a/c|bri|bca|bni|bsi|btn|mandiri|bank|"
            r"maybank|cimb|"
            r"rhb|danamon|dana|ovo|gopay|"
            r"virtual account)\b[^\d\n]{0,24}(?P<number>\d[\d .-]{6,24})"
        ),
        "bank accounts",
    ),
)
_PASSPORT_NAMED = re.compile(
    r"(?i)\b(?:paspor|pasport|passport|splp)\b[^A-Za-z0-9]{0,4}(?:(?:no|nomor|number|ri)\b"
    r"[^A-Za-z0-9]{0,4}){0,2}[A-Z]{1,2} ?\d{6,8}\b"
)
_PASSPORT = re.compile(
    r"(?<![\w/.#-])(?:[A-Z] ?\d{7}|[A-Z]\d{8}|[A-Z]{2}\d{6,7}|X\d{6})(?![\w/-]|[.,]\d)"
)
_EMAIL = re.compile(r"[\w+-]@[\w-]{1,63}+\.\w{2}")
_SPACED_MAIL = re.compile(
    r"(?i)@ ?(?:gmail|ymail|yahoo|outlook|hotmail|icloud|proton|rocketmail|live)\b"
)
#: how an address is hidden: [at], (dot), " at gmail dot com"
_AT = re.compile(r"(?i) ?[\[({<] ?(?:at|et|@) ?[\])}>] ?")
_DOT = re.compile(r"(?i) ?[\[({<] ?(?:dot|titik|\.) ?[\])}>] ?")
_SPOKEN_MAIL = re.compile(
    r"(?i)\w at \w{2,30} (?:dot|titik) \w{2}|\w[ _](?:at|et)[ _](?:gmail|ymail|yahoo|outlook|"
    r"hotmail|icloud|proton|rocketmail|live)\b"
)
_LINK = re.compile(
    r"(?i)\b(?:wa\.me|t\.me|line\.me|m\.me|telegram\.me|(?:facebook|fb|instagram|tiktok|"
    r"twitter|x|"
    r"linkedin|threads)\.(?:com|net|me))/{1,2}[\w.@+?=-]{2}|\bwhatsapp\.com/send|phone=\+?\d{8}"
)
_HANDLE = re.compile(
    r"(?:^|(?<=[ (:,;/\"']))@(?P<name>[A-Za-z_][A-Za-z0-9_.]{2,29}+)(?=[ ).,;:!?/\"']|$)"
)
_ACCOUNT = re.compile(
    r"(?i)\b(?:ig|insta|instagram|fb|facebook|telegram|tele|tiktok|twitter|wechat|line|skype|"
    r"akun|"
    r"username|user ?name|medsos)\b(?: ?(?:id|ig|fb|facebook|instagram|telegram|tiktok|user|"
    r"akun))?"
    r" ?[:=]? ?(?P<name>@?[A-Za-z][\w.]{0,28}[\d_.][\w.]{0,28}\w)"
)
_BIRTH = re.compile(
    r"(?i)\b(?:di|ke)?(?:lahir(?:kan)?|lahiran|ttl|dob|born|birth)\b[^0-9\n]{0,40}"
    r"(?:\d{1,2}[ /.-]{1,3}(?:\d{1,2}|[A-Za-z]{3,9})[ /.-]{1,3}\d{2,4}|"
    r"\d{4}[/.-]\d{1,2}[/.-]\d{1,2}"
    r"|\d{8}\b|(?:19[3-9]|20[0-2])\d\b)"
)
_STREET = r"(?:jl|jln|jalan|lorong|lrg|gang|gg|komplek|kompleks|perum|perumahan)"
_ADDRESS = re.compile(
    rf"(?i)\b{_STREET}\b\.? ?[\w.' -]{{2,40}}?,? (?:no\b\.?|nomor|blok|kav\b\.?) ?[a-z]?\d"
    rf"|\bjln?\b\.? [\w.' -]{{2,40}}? \d{{1,4}}[a-z]?\b(?! ?(?:km|orang|menit|m\b|meter|jam))"
    r"|\brt\.? ?\d{1,3} ?[/,.-]? ?rw\.? ?\d{1,3}"
    rf"|\b{_STREET}\b[^\n]{{2,60}}?\brt\.? ?\d{{1,3}}"
    r"|\b(?:no|lot)\b\.? ?\d{1,4}[a-z]?,? (?:jalan|jln|lorong|kampung|kampong|kg\.?|taman|desa|"
    r"dusun)\b"
    r"|\b(?:kampung|kampong|kg\.?|taman|dusun) [\w' ]{2,30}?,? no\b\.? ?\d"
)
_PLATE = re.compile(
    r"\b(?:KB \d{2,4} [A-Z]{1,3}|Q[A-Z]{1,2} ?\d{2,4}(?: [A-Z])?"
    r"|(?:[ABDEFGHKLMNPRSTWZ]|A[ABDEGX]|B[ABDEGHKLMNP]|D[ABCDEGHKLMNPRST]|E[ABDE]|K[HTU]|P[AB])"
    r" \d{3,4} [A-Z]{2,3})\b"
)
_PLATE_NAMED = re.compile(
    r"(?i)\b(?:nopol|no\.? ?pol|no\.? polisi|nomor polisi|plat|plate|mobil|motor|truk|lorry|"
    r"van|bus|kereta|"
    r"kendaraan|avanza|xenia|innova|pikap|"
    r"pickup)\b[^\n]{0,20}?\b[a-z]{1,3} ?\d{2,4} ?[a-z]{1,3}\b"
)
_DIGIT_OF = {
    word: str(number % 10)
    for number, words in enumerate(
        (
            "nol kosong sifar zero oh", "satu one", "dua two", "tiga three", "empat four",
            "lima five", "enam six", "tujuh seven", "delapan lapan eight", "sembilan nine",
        )
    )
    for word in words.split()
}  # fmt: skip
_SPELLED = re.compile(rf"(?i)(?:\b(?:{'|'.join(_DIGIT_OF)}|\d)\b[ ,.-]{{0,3}}){{7,40}}+")
_SPELLED_WORD = re.compile(rf"(?i)\b(?:{'|'.join(_DIGIT_OF)})\b")
#: letters written for digits inside a number
_LETTER_O = re.compile(r"(?<=\d)[Oo](?=[\d ])|\b[Oo](?=[18]\d\d)")


def kinds_of_numbers(text: str, is_id: bool = False) -> set[str]:
    """The kinds of numbers, accounts, births and addresses of persons in a text.

    Parameters
    ----------
    text : in single spaces, see `personal_signs.tidy`
    is_id : spares codes of record-number columns
    """
    kinds = set()
    if "@" in text or "at" in text or "AT" in text:
        plain = _DOT.sub(".", _AT.sub("@", text))
        if _EMAIL.search(plain) or _SPACED_MAIL.search(plain) or _SPOKEN_MAIL.search(plain):
            kinds.add("e-mail addresses")
    if _LINK.search(text) or any(map(_is_handle, _HANDLE.finditer(text))) or _ACCOUNT.search(text):
        kinds.add("accounts")
    if _BIRTH.search(text):
        kinds.add("birth dates")
    if _ADDRESS.search(text):
        kinds.add("street addresses")
    if _PASSPORT_NAMED.search(text) or (not is_id and _PASSPORT.search(text)):
        kinds.add("passport numbers")
    kinds |= _long_numbers(_LETTER_O.sub("0", text), is_id)
    for match in _SPELLED.finditer(text):
        if _is_spelled(match[0]):
            kinds.add("phone numbers")
    return kinds


def has_plate(text: str) -> bool:
    """Does a text hold the number of a vehicle?"""
    return bool(_PLATE.search(text) or _PLATE_NAMED.search(text))


def _long_numbers(text: str, is_id: bool) -> set[str]:
    kinds = set()
    if any(_is_ic(match) for match in _IC.finditer(text)) or _NPWP.search(text):
        kinds.add("identity numbers")
    if _LANDLINE.search(text):
        kinds.add("phone numbers")
    for pattern, kind in _LABELS:
        for match in pattern.finditer(text):
            number = match["number"]
            if 8 <= len(_DIGIT.sub("", number)) <= 20 and not _DATE.match(number):
                kinds.add(kind)
    for match in _RUN.finditer(text):
        run = match[0]
        if _DECIMAL.fullmatch(run):
            continue
        pieces = [piece for piece in re.split(r"[ /]+", run) if len(piece) > 8]
        for number in dict.fromkeys([run, *pieces]):  # two numbers side by side are one run
            if _is_nik(number) or _is_imei(number):
                kinds.add("identity numbers")
            elif _is_phone(number, is_id):
                kinds.add("phone numbers")
    return kinds


def _is_nik(run: str) -> bool:
    digits = _DIGIT.sub("", run)
    if len(digits) != 16:
        return False
    province, kabupaten = int(digits[:2]), int(digits[2:4])
    day, month = int(digits[6:8]) % 40, int(digits[8:10])
    plausible = 11 <= province <= 97 and 1 <= kabupaten <= 79 and digits[4:6] != "00"
    return plausible and 1 <= day <= 31 and 1 <= month <= 12 and digits[12:] != "0000"


def _is_imei(run: str) -> bool:
    digits = _DIGIT.sub("", run)
    if len(digits) != 15 or digits[:2] not in ("35", "86", "01"):
        return False
    doubled = [int(d) * (1 + place % 2) for place, d in enumerate(digits)]
    return sum(n // 10 + n % 10 for n in doubled) % 10 == 0


def _is_ic(match: re.Match[str]) -> bool:
    return 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31 and match[4] != "00"


def _is_phone(run: str, is_id: bool) -> bool:
    digits = _DIGIT.sub("", run)
    if is_id and digits == run:  # a bare number in a column of numbers is a number
        return False
    if _DATE.match(run) or _MONEY.fullmatch(run):
        return False
    groups = re.findall(r"\d+", run)
    if len(groups[0]) == 1 and max(map(len, groups)) > 2:  # 0.8123 is a number, 0 8 1 2 a phone
        return False
    local = (
        re.sub(r"^(?:00)?(?:62|60)0?", "0", digits)
        if digits[0] != "0" or digits[:2] == "00"
        else digits
    )
    if re.fullmatch(r"08[1-9]\d{7,10}", local):
        return not re.fullmatch(r"0\d-\d{2}-\d{4}.*", run)
    if run.startswith("+") or digits[:4] in ("0060", "0062"):
        return 9 <= len(digits) <= 15
    return bool(re.fullmatch(r"01[0-46-9]\d{7,8}", local))


def _is_spelled(text: str) -> bool:
    words = len(_SPELLED_WORD.findall(text))
    digits = re.findall(r"\d", text)
    return words >= 5 and words + len(digits) >= 8


def _is_handle(match: re.Match[str]) -> bool:
    from data.places import is_known

    return not is_known(match["name"])
