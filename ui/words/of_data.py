"""What the data room says about a row or a file (in English), in the language of the screen.

The data room writes one sentence per fault, `key: sentence`, with the row's own words in quotes.
Each pattern below is one of those sentences; the quoted words pass through unchanged.
"""

import json
import re
from collections.abc import Collection
from typing import Any

from ui.words import has, t

#: names of fields inside a sentence
_FIELDS = {
    "event_type": "jenis kejadian",
    "event_start": "waktu kejadian",
    "event_end": "waktu selesai",
    "reported_at": "waktu lapor",
    "received_at": "waktu terima",
    "n_persons": "jumlah orang",
    "n_groups": "jumlah kelompok",
    "n_female": "jumlah perempuan",
    "n_male": "jumlah laki-laki",
    "n_minor": "jumlah anak",
    "detection": "cara diketahui",
    "direction": "arah",
    "count_unit": "satuan",
    "location_role": "peran lokasi",
    "geo_precision": "ketelitian lokasi",
    "time_precision": "ketelitian waktu",
    "sensitivity": "kerahasiaan",
    "agency_type": "jenis instansi",
    "record_status": "status catatan",
    "source_version": "versi catatan",
    "admin_code": "kode wilayah",
    "code_system": "sistem kode",
    "source_record_id": "nomor catatan",
    "minutes": "menit",
    "mode": "cara patroli",
    "week": "pekan",
    "day": "tanggal",
    "km": "km",
    "names": "nama orang",
    "identity numbers": "nomor identitas",
    "passport numbers": "nomor paspor",
    "birth dates": "tanggal lahir",
    "phone numbers": "nomor telepon",
    "e-mail addresses": "alamat surel",
    "street addresses": "alamat",
    "comments on persons": "catatan tentang orang",
}
_F = r"([\w-]+(?: (?:numbers|dates|addresses|on persons))?)"
#: a sentence of the data room -> the same in Indonesian; <1> is a field, {1} a group as it is
_TOLD = [
    (rf"(.+) in column '(.+)' is not a known word for {_F}; nearest known word: (.+)",
     "{1} di kolom “{2}” bukan kata yang dikenal untuk <3>; yang terdekat: {4}"),
    (rf"(.+) in column '(.+)' is not a known word for {_F}; it also is a legal exit ban; "
     "write (.+) or (.+)",
     "{1} di kolom “{2}” juga berarti cegah-tangkal; tulis {4} atau {5}"),
    (rf"(.+) in column '(.+)' is not a known word for {_F}; it also is a fire; write (.+)",
     "{1} di kolom “{2}” juga berarti kebakaran; tulis {4}"),
    (rf"(.+) in column '(.+)' is not a known word for {_F}; (.+)",
     "{1} di kolom “{2}” bukan kata yang dikenal untuk <3> ({4})"),
    (rf"(.+) in column '(.+)' is not a known word for {_F}",
     "{1} di kolom “{2}” bukan kata yang dikenal untuk <3>"),
    (rf"{_F} is empty \(no column of the file gives it\)",
     "<1> kosong: tidak ada kolom berkas ini yang memuatnya"),
    (rf"{_F} is empty \(column '(.+)'\)", "<1> kosong (kolom “{2}”)"),
    (rf"(.+) in column '(.+)' is not a number of {_F} such as 12",
     "{1} di kolom “{2}” bukan angka <3> seperti 12"),
    (rf"{_F} (.+) is not a whole number of persons or groups", "<1> {2} bukan bilangan bulat"),
    (rf"(.+) is not a date for {_F} like (.+)", "{1} bukan tanggal untuk <2>; contoh: {3}"),
    (r"(.+) is not a date like (.+)", "{1} bukan tanggal; contoh: {2}"),
    (r"(.+) is not a time of day like 14:30", "{1} bukan jam; contoh: 14.30"),
    (r"an interception is outbound or inbound; the direction is not given",
     "penggagalan harus menyebut arah: keluar atau masuk"),
    (r"(.+) is not a counting unit such as person, group, case or report",
     "{1} bukan satuan seperti orang, rombongan, perkara, laporan"),
    (r"(.+) is not new, corrected or withdrawn", "{1} bukan baru, dikoreksi, atau dicabut"),
    (r"(.+) is not a pair of coordinates like (.+)", "{1} bukan pasangan koordinat; contoh: {2}"),
    (r"(.+) is not a coordinate like (.+)", "{1} bukan koordinat; contoh: {2}"),
    (r"the point has no two numbers as coordinates", "titik ini tidak punya dua angka koordinat"),
    (r"one of latitude and longitude is missing", "lintang atau bujur tidak diisi"),
    (r"(.+) is no place on earth", "{1} bukan tempat di bumi"),
    (r"the event ends before it starts", "kejadian selesai sebelum mulai"),
    (r"(.+) is not a region code like 61\.03\.21", "{1} bukan kode wilayah seperti 61.03.21"),
    (r"(.+) without a declared code system.*",
     "{1} tanpa sistem kode; Kemendagri dan BPS memakai angka yang sama untuk wilayah lain"),
    (r"(.+) has 7 digits as BPS writes, declared is kemendagri",
     "{1} berisi 7 angka seperti kode BPS, padahal sumber ini memakai Kemendagri"),
    (r"(.+) is not a BPS code \(2, 4, 7 or 10 digits\)", "{1} bukan kode BPS (2, 4, 7, 10 angka)"),
    (r"record (.+) comes more than once with different contents and the same version",
     "catatan {1} muncul lebih dari sekali dengan isi berbeda dan versi yang sama"),
    (r"record (.+) was already read, word for word", "catatan {1} sudah dibaca, persis sama"),
    (r"the same track is in this file already", "lintasan yang sama sudah ada di berkas ini"),
    (r"this number was already read in this file", "nomor ini sudah dibaca di berkas ini"),
    (r"(\d+) cells where the header has (\d+)", "{1} sel, padahal judul punya {2} kolom"),
    (r"not cut into its columns yet", "belum dipotong ke dalam kolom-kolomnya"),
    (r"a quote opens in this line and closes nowhere near",
     "tanda kutip dibuka di baris ini dan tidak ditutup"),
    (r"the header line once more", "baris judul sekali lagi"),
    (r"a line of totals, not a record", "baris jumlah, bukan catatan"),
    (r"not a feature", "bukan fitur GeoJSON"),
    (r"the geometry is a (\w+), a Point is expected", "geometrinya {1}, seharusnya titik"),
    (r"a patrol track among events; bring it in a file of its own",
     "lintasan patroli di antara kejadian; bawa dalam berkas tersendiri"),
    (r"(\w+) in a file of (\w+); bring this sheet by itself \(sheet=(.+)\)",
     "lembar {3} berisi jenis data lain; bawa lembar ini tersendiri"),
    (r"effort needs a cell, or latitude and longitude", "upaya perlu sel, atau lintang dan bujur"),
    (r"(.+) is not an H3 cell", "{1} bukan sel H3"),
    (r"more minutes than a week has", "lebih lama daripada sepekan"),
    (r"night_share is a share, 0 to 1", "bagian malam harus antara 0 dan 1"),
    (r"minutes, or the times of start and end, are missing", "menit, atau jam mulai dan selesai, "
     "tidak diisi"),
    (r"a track without points", "lintasan tanpa titik"),
    (r"no two points with a time and a place; .+",
     "tidak ada dua titik yang punya waktu dan tempat"),
    (r"every leg of it is a gap or an impossible jump",
     "semua bagiannya jeda atau lompatan mustahil"),
    (r"the whole track lies outside the study area", "seluruh lintasan di luar wilayah kerja"),
    (r"no line of this sheet names its columns", "tidak ada baris judul kolom di lembar ini"),
    (r"(\d+) cells merged downwards were filled with what they show",
     "{1} sel gabungan ke bawah diisi dengan yang tertulis di sel itu"),
    (r"sheet (.+) holds no table; (\d+) lines left out",
     "lembar {1} bukan tabel; {2} baris teks dilewati"),
    (r"a line without times is no patrol track; .+", "garis tanpa waktu bukan lintasan patroli"),
    # notes
    (rf"{_F} taken as '(.+)' where the file says nothing",
     "<1> dianggap “{2}” bila tidak disebut"),
    (rf"{_F} taken as '(.+)', nothing is declared", "<1> dianggap “{2}” karena tidak disebut"),
    (rf"{_F} taken as 'gps' for rows with coordinates",
     "baris dengan koordinat dianggap titik GPS"),
    (rf"{_F} taken from the event type", "<1> diambil dari jenis kejadian"),
    (rf"{_F} left without the unknown word (.+)", "<1> dikosongkan: kata {2} tidak dikenal"),
    (rf"{_F} with a word of its own, kept as it is", "<1> memakai kata berkas ini sendiri"),
    (r"n_persons taken as women plus men", "jumlah orang = perempuan + laki-laki"),
    (r"a part of the day \(.+\) stands at its middle hour", "bagian hari (pagi, malam …) dipakai "
     "jam tengahnya"),
    (r"coordinates 0, 0 are no place here and were left empty", "koordinat 0, 0 dikosongkan"),
    (r"latitude and longitude were exchanged and have been put right",
     "lintang dan bujur tertukar; sudah dibetulkan"),
    (r"a (\w+) is not in the gazetteer; the place is kept one level coarser",
     "{1} tidak ada di daftar wilayah; tempatnya dipakai satu tingkat lebih kasar"),
    (r"codes with dots taken as Kemendagri, no system is declared",
     "kode bertitik dianggap Kemendagri karena sistemnya tidak disebut"),
    (r"BPS codes below kabupaten have no rule; the kabupaten was kept",
     "kode BPS di bawah kabupaten tidak dapat diterjemahkan; kabupatennya dipakai"),
    (r"geo_precision lowered to what the place given can back",
     "ketelitian lokasi diturunkan sesuai tempat yang disebut"),
    (r"reported_at taken as the time of the event; no delay is known",
     "waktu lapor dianggap sama dengan waktu kejadian; jeda lapor tidak diketahui"),
    (r"a row with a sex and no count stands for one person",
     "baris dengan jenis kelamin tanpa jumlah berarti satu orang"),
    (r"source_version taken from the status: .+", "versi catatan diambil dari statusnya"),
    (r"no record id in the file; one was made from the content of the row",
     "berkas tidak memuat nomor catatan; dibuatkan dari isi barisnya"),
    (r"free text is not stored: (.+)", "uraian tidak disimpan: {1}"),
    (r"columns that the crosswalk does not know, not stored: (.+)",
     "kolom yang tidak dikenal sumber ini, tidak disimpan: {1}"),
    (rf"{_F} taken from the first filled of (.+)", "<1> diambil dari yang terisi pertama: {2}"),
    (r"header found in (?:line|row) (\d+); the (?:lines|rows) above it are titles",
     "judul kolom ada di baris {1}; baris di atasnya judul berkas"),
    (r"text read as (.+)", "teks dibaca sebagai {1}"),
    (r"two encodings in one file: (\d+) lines read as UTF-8, (\d+) as Windows-1252",
     "dua penyandian dalam satu berkas: {1} baris UTF-8, {2} baris Windows-1252"),
    (r"(\d+) zero bytes inside the text were dropped", "{1} bita kosong di dalam teks dibuang"),
    (r"columns parted by two spaces or more", "kolom dipisah oleh spasi"),
    (r"points at an agency's office taken as the place of recording",
     "titik di kantor instansi dianggap tempat pencatatan"),
    (r"points in the middle of a (\w+) lowered to \w+ precision",
     "titik tepat di tengah {1} diturunkan ke ketelitian {1}"),
    (r"not checked without the area: (.+)", "tidak diperiksa karena wilayah kerja tidak diketahui"),
    (r"the table has a header and no rows", "tabel ini hanya punya judul, tanpa baris"),
    (r"layer (.+): turned from (.+) into WGS 84", "lapisan {1}: diubah dari {2} ke WGS 84"),
    (r"(\d+) track points give (\d+) rows of effort", "{1} titik lintasan menjadi {2} baris upaya"),
    (r"(\d+) track points without a time or place were left out",
     "{1} titik lintasan tanpa waktu atau tempat dilewati"),
    (r"tracks cut (\d+) times at gaps or impossible speeds \((\d+) minutes\); (\d+) minutes "
     r"outside the area",
     "lintasan dipotong {1} kali pada jeda atau kecepatan mustahil ({2} menit); {3} menit di luar "
     "wilayah"),
    (r"km of an ambush or a post shift taken as 0", "km penyergapan dan jaga pos dianggap 0"),
    (r"km taken as 0 where the file says nothing", "km dianggap 0 bila tidak disebut"),
    (r"minutes taken from the times of start and end", "menit dihitung dari jam mulai dan selesai"),
    # whole files
    (rf"(?:sheet '(.+)', )?column '(.+)' holds {_F} in line (.+) \((\d+) in all\)",
     "kolom “{2}” memuat <3>, baris {4} ({5} baris)"),
    (rf"(?:sheet '(.+)', )?column '?(.+?)'? holds {_F}", "kolom “{2}” memuat <3>"),
    (rf"(?:sheet '(.+)', )?a line that is no row holds {_F} in line (.+) \((\d+) in all\)",
     "judul atau catatan kaki memuat <2>, baris {3}"),
    (rf"(?:sheet '(.+)', )?text outside the rows holds {_F}",
     "teks di luar baris (judul, keterangan, komentar) memuat <2>"),
    (r"refused, .+ the name of the file itself holds personal data: (.+)\. Rename it .+",
     "nama berkasnya sendiri memuat data pribadi; ganti namanya, lalu bawa lagi"),
    (r"the name of sheet (\d+) names a person", "nama lembar ke-{1} menyebut orang"),
    (r"no source knows these columns \((.+)\); .+",
     "tidak ada sumber yang mengenal kolom-kolom ini ({1}). Pilih sumbernya, atau buat crosswalk "
     "di bagian Instansi baru"),
    (r"fits (.+) equally well; name the source with --source",
     "cocok dengan beberapa sumber ({1}). Pilih sumbernya di atas"),
    (r"the file is empty", "berkas ini kosong"),
    (r"no header line found; .+", "tidak ada baris judul kolom; baris pertama tabel harus menyebut "
     "nama kolomnya"),
    (r"no table found; .+", "tidak ada tabel; perlu satu baris judul dan baris-baris di bawahnya"),
    (r"unpacks to far more than it holds; refused as a zip bomb",
     "isinya membengkak jauh saat dibuka; ditolak"),
    (r"([\d,]+) bytes; at most ([\d,]+) in one file", "{1} bita; paling banyak {2} per berkas"),
    (r"an old Excel file \(\.xls\) or protected; .+",
     "berkas Excel lama (.xls) atau terkunci; simpan sebagai .xlsx atau .csv"),
    (r"a web page, as some systems export it .+",
     "halaman web yang diberi nama .xls; buka di Excel lalu simpan sebagai .xlsx atau .csv"),
    (r"bring the table itself as XLSX or CSV, not (.+)", "bawa tabelnya sebagai XLSX atau CSV, "
     "bukan {1}"),
    (r"not a text file in UTF-8, UTF-16 or Windows-1252", "bukan berkas teks yang dikenal"),
    (r"damaged or not the format it claims to be .+", "rusak, atau bukan format yang "
     "disebut namanya"),
    (r"not an Excel workbook that can be opened", "bukan buku kerja Excel yang dapat dibuka"),
    (r"the (?:zip|gzip) archive is damaged.*", "arsipnya rusak atau terkunci"),
    (r"not well-formed XML \(.+\)", "XML-nya rusak"),
    (r"XML of kind <(.+)>; KML and GPX can be read", "XML jenis {1}; yang dapat "
     "dibaca KML dan GPX"),
    (r"no table to draft from; tracks need no crosswalk",
     "tidak ada tabel; lintasan tidak memerlukan crosswalk"),
    (r"(?:.+, layer (.+): )?no CRS is declared",
     "berkas ini tidak menyebut sistem koordinatnya (CRS); ekspor lagi dengan CRS, misalnya "
     "EPSG:4326"),
    (r"column '(.+)' is in EPSG:(.+); WKT is read in EPSG:4326",
     "kolom “{1}” memakai EPSG:{2}; WKT dibaca dalam EPSG:4326. Ubah dulu sistem koordinatnya"),
    (r"(\d+) rows and (\d+) columns; at most (\d+) and (\d+)",
     "{1} baris dan {2} kolom; paling banyak {3} dan {4}. Bagi menjadi beberapa berkas"),
    (r"(?:sheet (.+): )?(\d+) columns; at most (\d+)",
     "{2} kolom; paling banyak {3}. Bagi menjadi beberapa berkas"),
    (r"(\d+) files inside; at most (\d+)", "{1} berkas di dalam arsip; paling banyak {2}"),
    (r"GeoJSON is UTF-8 by its standard, this is not",
     "GeoJSON menurut standarnya UTF-8, berkas ini tidak; simpan sebagai UTF-8"),
    (r"not valid JSON \(.+\)", "JSON-nya rusak; ekspor lagi"),
    (r"a GeoJSON FeatureCollection is expected", "seharusnya GeoJSON berupa FeatureCollection"),
    (r"coordinates in another CRS; GeoJSON is .+",
     "koordinatnya memakai CRS lain; GeoJSON menurut standarnya WGS 84 (EPSG:4326)"),
    (r"not a GeoPackage that can be opened", "bukan GeoPackage yang dapat dibuka"),
    (r"not a spreadsheet that can be opened", "bukan lembar kerja yang dapat dibuka"),
    (r"not a Parquet file that can be read", "bukan berkas Parquet yang dapat dibaca"),
    (r"a Parquet file with two columns of one name",
     "berkas Parquet ini punya dua kolom bernama sama; ganti salah satunya"),
    (r"XML with a document type or entities is refused",
     "XML yang memuat DOCTYPE atau entitas ditolak"),
    (r"XML nested more than (\d+) deep is refused",
     "XML bersarang lebih dari {1} tingkat; ditolak"),
    (r"XML in an encoding that cannot be read", "penyandian XML ini tidak dapat dibaca"),
    (r"nested too deeply to be a file of records", "bersarang terlalu dalam; ini bukan berkas "
     "catatan"),
    (r"no sheet or layer '?(.+?)'?", "tidak ada lembar atau lapisan “{1}”"),
    (r"tracks need the study area's grid .+",
     "lintasan memerlukan sel wilayah kerja; isi [area] di pengaturan"),
    (r"cannot be opened \(.+\)", "berkas tidak dapat dibuka"),
    (r"no source '?(.+?)'?; known are (.+)", "tidak ada sumber “{1}”; yang dikenal: {2}"),
    (r".+ is a code of letters, digits and .+",
     "kode hanya memuat huruf, angka, dan _ . / -, paling panjang 40 tanda"),
    # what may not be done
    (r".+ needs the restricted tier of an agency .+",
     "perlu tingkat akses terbatas sebuah instansi; mintalah kepada walidata gugus tugas"),
    (r"the file holds records of (.+); a user of (.+) brings only its own",
     "berkas ini memuat catatan {1}; Anda hanya boleh membawa catatan {2}"),
    (r"an undo needs a reason", "pengurungan perlu alasan"),
    (r"reading took longer than (\d+) seconds and was ended; .+",
     "pembacaan lebih dari {1} detik lalu dihentikan; tidak ada yang disimpan. Bawa berkas dalam "
     "bagian yang lebih kecil"),
    (r"reading ended early, it needed more memory .+",
     "pembacaan terhenti karena memori tidak cukup; tidak ada yang disimpan. Bawa berkas dalam "
     "bagian yang lebih kecil"),
    (r"a reason has at most (\d+) signs, got (\d+)", "alasan paling panjang {1} huruf"),
    (r"the text of .+ was refused, nothing was stored, because it holds personal data: .+",
     "ditolak dan tidak disimpan: jangan sebut orang, nomor, atau surel; tulis tentang tempatnya"),
    (r".+ was refused, nothing was stored, because it holds personal data: .+\. Write what .+",
     "ditolak dan tidak disimpan: daftar ini memuat nama orang, nomor, atau surel"),
    (r"import (.+) is not yours to undo", "impor {1} bukan milik instansi Anda"),
    (r"import (.+) was undone already, .+", "impor {1} sudah diurungkan"),
    (r"one of the two records is not yours to see", "salah satu catatan tidak boleh Anda lihat"),
    (r".+ needs a reason", "isi alasannya"),
    (r"refused, nothing was stored, because it holds personal data: .+",
     "ditolak dan tidak disimpan: berkas ini memuat data pribadi. Hapus kolom atau teks itu di "
     "instansinya, lalu bawa lagi"),
    (r"a file of effort or tracks is expected",
     "berkas ini tidak memuat upaya patroli atau lintasan"),
    # drafts
    (rf"field {_F}: no column gives it; set a default if all rows mean the same",
     "<1>: tidak ada kolomnya; isi [defaults] bila semua baris berarti sama"),
    (r"column (.+)", "kolom {1}"),
    (r"word (.+) in column (.+) \((\d+) times\)", "kata {1} di kolom {2} ({3} kali)"),
    (r"dates: (\d+) read as day/month, (\d+) as month/day; day/month was drafted",
     "tanggal: {1} terbaca hari/bulan, {2} bulan/hari; dirancang hari/bulan"),
]  # fmt: skip
_PATTERNS = [(re.compile(pattern, re.DOTALL), told) for pattern, told in _TOLD]
#: signs of a sentence that is looked for among the patterns; what quotes more is told as it is
LONGEST_TOLD = 600
_ROWS = re.compile(r"(.*) \((\d+) rows?\)", re.DOTALL)


def tell_found(key: str, values: dict[str, Any], lang: str) -> str:
    """What was found, by its key and values; "" where the key has no sentence of its own."""
    if values.get("still"):  # a mended row that came back as it went
        return t("told.not_mended", lang)
    if not has(f"told.{key}"):
        return ""
    try:
        return t(f"told.{key}", lang, **values)
    except KeyError:  # kept by an earlier release, without its values
        return ""


def tell(sentence: str, lang: str) -> str:
    """A sentence of the data room, by its key if it has one; one without a pattern as it is."""
    key, sentence, values = _parts(sentence)
    if told := tell_found(key, values, lang):
        return told
    if lang == "en" or len(sentence) > LONGEST_TOLD:
        return sentence
    counted = _ROWS.fullmatch(sentence)
    body = counted[1] if counted else sentence
    for pattern, told in _PATTERNS:
        if found := pattern.fullmatch(body):
            text = _filled(told, found)
            return f"{text} ({counted[2]} baris)" if counted else text
    return sentence


def tell_reasons(reasons: str, lang: str) -> str:
    """All reasons of a row, without their keys: `key: sentence; key: sentence`."""
    parts = re.split(r"; (?=[a-z]+_[a-z_]+: )", reasons)
    return "; ".join(tell(part, lang) for part in parts)


def _parts(text: str) -> tuple[str, str, dict[str, Any]]:
    """Key, sentence and values of `key: sentence | {"name": value}`; "" and {} if not given."""
    found = re.match(r"([a-z]+(?:_[a-z]+)+): ", text)
    key, body = (found[1], text[found.end() :]) if found else ("", text)
    sentence, mark, last = body.rpartition(" | ")
    try:
        values = json.loads(last) if mark and last.startswith("{") else None
    except ValueError:
        values = None
    return (key, sentence, values) if isinstance(values, dict) else (key, body, {})


def short_reason(key: str, lang: str) -> str:
    """A reason in two or three words; an unknown key keeps its name."""
    return t(f"reason_short.{key}", lang) if has(f"reason_short.{key}") else key


def tell_problem(problem: Exception | str, lang: str) -> str:
    """The sentence about a whole file, without the name in front."""
    key, values = getattr(problem, "key", ""), getattr(problem, "values", {})
    if told := tell_found(key, values, lang):
        return told
    problem = str(problem)
    return tell(re.sub(r"^[^:]{1,120}\.\w{1,8}: ", "", problem), lang)


def personal_places(problem: str, lang: str) -> list[str]:
    """The columns and lines that a refusal for personal data names, one sentence each."""
    body = problem.split("because it holds personal data: ", 1)[-1]
    body = body.split(". Remove these columns", 1)[0]
    return [
        tell(part, lang)
        for part in re.split(r"; (?=sheet '|column |a line |text |the name )", body)
    ]


def row_text(original: str, length: int = 240) -> str:
    """What a set-aside row said, `column: cell` by column; a line that is no row as it is."""
    try:
        cells = json.loads(original)
    except (ValueError, RecursionError):  # a line of brackets alone nests without end
        cells = None
    if isinstance(cells, dict):
        original = " · ".join(f"{name}: {cell}" for name, cell in cells.items() if cell)
    text = " ".join(original.split())
    return text if len(text) <= length else text[: length - 1] + "…"


def field_name(column: str, lang: str) -> str:
    """The label of a column; one without a label keeps its name."""
    return t(f"field.{column}", lang) if has(f"field.{column}") else column


def code_word(code: str, lang: str) -> str:
    """A code of the vocabulary in words."""
    return t(f"code.{code}", lang) if has(f"code.{code}") else code


_COMPARED = re.compile(r"(\w+) ([+-]\d+(?:\.\d+)?)(?: \(([\d.]+) km\))?")


def weights(why: str) -> dict[str, float]:
    """What each comparison of a pair weighs, from `name +1.2 (0.8 km), name -0.4`."""
    return {name: float(weight) for name, weight, _ in _COMPARED.findall(why)}


def compared(why: str, lang: str, same: Collection[str] = ()) -> tuple[list[str], list[str]]:
    """What speaks for and against a pair, from `name +1.2 (0.8 km), name -0.4`, strongest first.

    same : comparisons of what reads alike in both records; that is never held against a pair
    """
    told = [
        (float(weight), _about(name, km, lang))
        for name, weight, km in _COMPARED.findall(why)
        if float(weight) > 0 or name not in same
    ]
    told.sort(key=lambda item: -abs(item[0]))
    return [text for weight, text in told if weight > 0], [text for w, text in told if w < 0]


def _about(name: str, km: str, lang: str) -> str:
    word = t(f"compare.{name}", lang) if has(f"compare.{name}") else name
    km = km if lang == "en" else km.replace(".", ",")
    return f"{word} ({t('twins.km', lang, km=km)})" if km else word


def _filled(told: str, found: re.Match[str]) -> str:
    def put(match: re.Match[str]) -> str:
        number = int(match[1] or match[2])
        text = found[number] or ""
        return _FIELDS.get(text, text) if match[2] else text

    return re.sub(r"\{(\d)\}|<(\d)>", put, told).replace(" or ", " atau ")
