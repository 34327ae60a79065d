"""What is said about plans, rosters and forms (in English), in the language of the screen.

Each pattern is a sentence that `data.plans`, `data.roster` or `patrol` writes.
"""

import re
from collections.abc import Sequence

from ui.words.of_data import tell_found

#: signs of a sentence that is looked for among the patterns; what quotes more is told as it is
LONGEST_TOLD = 600

#: a sentence -> the same in Indonesian; {1} is a group as it is
_TOLD = [
    (r"(.+) takes (\d+) minutes, its shift has (\d+)",
     "{1} menjadi {2} menit, padahal satu giliran {3} menit"),
    (r"team (.+) is in two places: (.+) and (.+)",
     "regu {1} berada di dua tempat: {2} dan {3}"),
    (r"(.+): stay_minutes is above 0, got (.+)", "{1}: menit di tempat harus di atas 0"),
    (r"(.+): (\w+) is ordered between (\d\d):00 and (\d\d):00 only: .+",
     "{1}: tindakan ini hanya antara pukul {3}.00 dan {4}.00; pilih patroli atau jam lain"),
    (r"no order (.+) with stop (.+)", "tidak ada perintah {1} dengan kunjungan {2}"),
    (r"no order is left: .+", "tidak ada perintah yang tersisa; kembalilah ke versi sebelumnya"),
    (r"no team (.+) in the roster of this plan", "tidak ada regu {1} dalam daftar rencana ini"),
    (r"(.+): (.+) is no sector of this plan", "{1}: {2} bukan sektor rencana ini"),
    (r"(.+): a shift visits a sector once", "{1}: satu giliran mengunjungi sebuah sektor sekali"),
    (r"(.+): no way (?:is known to|leads from) (.+)", "{1}: tidak ada jalan ke sana"),
    (r"plan .+ was made before values could be found anew: .+",
     "rencana ini dibuat sebelum nilainya dapat dihitung lagi; buat rencana sekali lagi"),
    (r"plan .+ was changed meanwhile by (.+): this is version (\d+), the newest is (\d+); .+",
     "rencana ini baru saja diubah oleh {1} (versi {3}); muat ulang halaman, lalu ulangi"),
    (r"plan .+ was changed meanwhile; version (\d+) exists: .+",
     "rencana ini baru saja diubah (versi {1}); muat ulang halaman, lalu ulangi"),
    (r"a plan that is (\w+) can become (.+), not (\w+)",
     "rencana dalam keadaan ini tidak dapat diubah begitu; muat ulang halaman"),
    (r"a change needs a reason(?:; .+)?", "perubahan perlu alasan"),
    (r"a plan is changed, approved and signed by somebody: give a name",
     "rencana diubah dan disetujui oleh orang yang dikenal; masuk dahulu"),
    (r"no order for team (.+)", "tidak ada perintah untuk regu {1}"),
    (r"plan .+ has no order", "rencana ini tidak punya perintah"),
    (r"who can go out\? name a roster: .+",
     "siapa yang dapat berangkat? Unggah daftar regu, atau sebut di pengaturan"),
    (r"no visit fits: .+",
     "tidak ada kunjungan yang muat: sektor dalam jangkauan sudah mencapai batas patrolinya, atau "
     "waktunya habis di jalan"),
    (r"no sector is in reach of any team", "tidak ada sektor dalam jangkauan regu mana pun"),
    (r"(\d+) cells are forbidden and mandatory, e\.g\. (.+)",
     "{1} sel dilarang sekaligus diwajibkan, misalnya {2}"),
    (r"no cell near a border and a village to invent a post in; bring a roster",
     "tidak ada tempat untuk pos contoh; unggah daftar regu"),
    (r"the assessment was made on other cells than the settings name; assess anew",
     "penilaian dibuat untuk sel yang lain; jalankan penilaian lagi"),
    (r"a plan begins on a Monday, (.+) is none", "rencana dimulai hari Senin, bukan {1}"),
    (r"no sector (.+) in the area", "tidak ada sektor {1} di wilayah ini"),
    (r"nothing was recorded as done in the week of (.+)",
     "belum ada patroli tercatat pada pekan {1}"),
    (r"a file of effort or tracks is expected", "berkas lintasan atau upaya yang diperlukan"),
    (r"an undo needs a reason", "pengurungan perlu alasan"),
    (r"import (.+) was undone already, .+", "impor {1} sudah diurungkan"),
    # rosters
    (r"(?:[^:;]+: )?a roster ends in \.toml or \.csv", "daftar regu berakhiran .toml atau .csv"),
    (r"UTF-8 text expected", "harus teks UTF-8"),
    (r"is not readable TOML: .+", "TOML tidak terbaca; bandingkan dengan contoh di docs/plan.md"),
    (r"not readable as CSV: .+", "tidak terbaca sebagai CSV; simpan lagi sebagai CSV UTF-8"),
    (r"no team; the first line names (.+)", "tidak ada regu; baris pertama menyebut {1}"),
    (r"at least one \[\[team\]\] is needed", "perlu paling sedikit satu [[team]]"),
    (r"team (.+): unknown key (.+)", "regu {1}: kunci tidak dikenal: {2}"),
    (r"team (.+): missing (.+)", "regu {1}: belum ada {2}"),
    (r"team (.+): (\w+) is a number, got (.+)", "regu {1}: {2} harus angka, bukan {3}"),
    (r"team (.+): (\w+) is a text, got (.+)", "regu {1}: {2} harus teks, bukan {3}"),
    (r"team (.+): (\w+) is true or false, got (.+)", "regu {1}: {2} harus ya atau tidak"),
    (r"team (.+): mode is one of (.+), got (.+)", "regu {1}: kendaraan {3} tidak dikenal ({2})"),
    (r"team (.+): (\w+) lies in (.+), got (.+)", "regu {1}: {2} antara {3}, bukan {4}"),
    (r"team (.+): (\w+) is (.+), got (.+)", "regu {1}: {2} di luar batas, yaitu {4}"),
    (r"team_id given twice: (.+)", "nomor regu ganda: {1}"),
    (r"the post of (.+) lies outside the area .+", "pos regu {1} di luar wilayah"),
    (r"closed (\d+): (.+) is no cell or desa of the area",
     "hari tutup {1}: {2} bukan sel atau desa wilayah ini"),
    (r"unknown table \[(.+)\]", "bagian [{1}] tidak dikenal"),
]  # fmt: skip
_PATTERNS = [(re.compile(pattern, re.DOTALL), told) for pattern, told in _TOLD]
_FILE = re.compile(r"^(?:roster|[^:;]{1,120}\.\w{1,8})(?:: | (?=is not readable))")


def tell_refusal(problem: Exception, lang: str) -> str:
    """A refusal by its key; one without a key by its sentence."""
    key, values = getattr(problem, "key", ""), getattr(problem, "values", {})
    return tell_found(key, values, lang) or tell_plan(str(problem), lang)


def tell_plan(problem: str, lang: str) -> str:
    """A refusal in the language of the screen; a sentence without a pattern as it is."""
    if lang == "en":
        return problem
    body = _FILE.sub("", problem)
    whole = _known(body, [one for one in _PATTERNS if "; " in one[0].pattern])
    if whole:
        return whole
    parts = [part for part in body.split("; ") if part]
    return "; ".join(_known(part, _PATTERNS) or part for part in parts)


def _known(sentence: str, patterns: Sequence[tuple[re.Pattern[str], str]]) -> str:
    """A sentence by its pattern; "" if it has none or is too long to be looked for."""
    if len(sentence) > LONGEST_TOLD:
        return ""
    for pattern, told in patterns:
        if found := pattern.fullmatch(sentence):
            return re.sub(r"\{(\d)\}", lambda match: found[int(match[1])] or "", told)
    return ""
