"""Every sentence of the data steward's pages: key -> (Indonesian, English)."""

DATA: dict[str, tuple[str, str]] = {
    "desk.part": ("Bagian", "Part"),
    "part.sources": ("Sumber & kesegaran", "Sources & freshness"),
    "part.bring": ("Bawa berkas", "Bring a file"),
    "part.quality": ("Mutu & perbaikan", "Quality & mending"),
    "part.twins": ("Kembar", "Twins"),
    "part.history": ("Riwayat impor", "Import history"),
    "part.new": ("Instansi baru", "New agency"),
    "why.tier": (
        "Bagian ini untuk walidata: perlu tingkat akses **terbatas**. Tingkat akses Anda lebih "
        "rendah; mintalah kepada walidata gugus tugas.",
        "This part is for data stewards: it needs the **restricted** tier. Yours is lower; ask the "
        "data steward of the task force.",
    ),
    "why.agency": (
        "Bagian ini untuk walidata sebuah instansi; hak akses Anda tidak menyebut instansi.",
        "This part is for the data steward of an agency; your access right names none.",
    ),
    "why.role": (
        "Ini tugas peran lain; mintalah kepada pengelola.",
        "This is the work of another role; ask the administrator.",
    ),
    "why.expired": (
        "Hak akses Anda sudah berakhir. Mintalah perpanjangan kepada walidata gugus tugas.",
        "Your access right has expired. Ask the data steward of the task force to renew it.",
    ),
    "desk.problem": ("Tidak dapat dilakukan", "This cannot be done"),
    "desk.empty": (
        "Belum ada catatan di sini. Mulailah dengan **Bawa berkas**.",
        "No records here yet. Begin with **Bring a file**.",
    ),
    "data.value": ("Isi", "Value"),
    "desk.detail": ("Rincian", "Details"),
    # freshness
    "fresh.title": ("Seberapa baru catatan tiap instansi", "How fresh each agency's record is"),
    "fresh.all_good": (
        "Semua instansi mengirim seperti biasanya.",
        "All agencies deliver as usual.",
    ),
    "fresh.stale": (
        "Terlambat dari biasanya: {names}. Yang terjadi sejak kiriman terakhirnya belum tercatat "
        "di sini.",
        "Later than usual: {names}. What happened since their last delivery is not recorded here "
        "yet.",
    ),
    "fresh.last": ("Terakhir diterima", "Last received"),
    "fresh.age": ("Hari lalu", "Days ago"),
    "fresh.complete": ("Lengkap s.d.", "Complete to"),
    "fresh.state": ("Keadaan", "State"),
    "fresh.ok": ("segar", "fresh"),
    "fresh.late": ("kedaluwarsa", "stale"),
    "fresh.usual": ("Biasanya tiap … hari", "Usually every … days"),
    "fresh.median": ("Jeda lapor (hari)", "Delay (days)"),
    "fresh.most": ("95 % dalam (hari)", "95 % within (days)"),
    "fresh.help": (
        "**Lengkap s.d.**: hari terakhir pekan yang sedikitnya 95 % catatannya diperkirakan sudah "
        "diterima, menurut jeda lapor instansi itu sendiri. **Kedaluwarsa**: sudah tiga kali jarak "
        "kiriman biasanya (dan lebih dari 14 hari) tidak ada kiriman.",
        "**Complete to**: the last day of the week of which at least 95 % of the records are "
        "expected to be here, by that agency's own delays. **Stale**: nothing came for three of "
        "its usual intervals (and over 14 days).",
    ),
    "now.title": ("Pekan yang belum lengkap", "Weeks still incomplete"),
    "now.pick": ("Instansi", "Agency"),
    "now.sentence": (
        "Pekan {week}: baru **{received}** catatan diterima; setelah semua masuk diperkirakan "
        "**{expected}** (selang 80 %: {lo}–{hi}).",
        "Week of {week}: **{received}** records received so far; about **{expected}** once all "
        "have come (80 % interval: {lo}–{hi}).",
    ),
    "now.none": (
        "Catatan instansi ini terlalu sedikit untuk diperkirakan.",
        "This agency has too few records to estimate from.",
    ),
    "now.all_in": (
        "Dua belas pekan terakhir sampai kiriman terakhir sudah lengkap.",
        "The last twelve weeks up to the last delivery are complete.",
    ),
    "now.received": ("sudah diterima", "received"),
    "now.to_come": ("diperkirakan menyusul", "expected to follow"),
    "now.interval": ("Selang 80 %", "80 % interval"),
    "now.axis": ("Catatan per pekan", "Records per week"),
    "now.expected": ("Diperkirakan", "Expected"),
    "now.share": ("Sudah masuk, %", "Already here, %"),
    "now.week": ("Pekan mulai", "Week from"),
    "now.table": ("Angkanya", "The figures"),
    "now.note": (
        "Dihitung per kiriman terakhir ({date}). Pekan berjalan dihitung sebagai pekan penuh.",
        "As of the last delivery ({date}). The running week is told as a whole one.",
    ),
    # bring
    "bring.title": ("Bawa berkas dari instansi", "Bring an agency's file"),
    "bring.intro": (
        "Berkas dibaca dan diperiksa dulu; **belum ada yang disimpan** sebelum Anda menekan "
        "Simpan. Nama, NIK, paspor, telepon, tanggal lahir, dan alamat tidak boleh ada di "
        "dalamnya: berkas seperti itu ditolak seluruhnya.",
        "The file is read and checked first; **nothing is stored** before you press Store. It must "
        "not hold names, identity or passport numbers, phones, birth dates or addresses: such a "
        "file is refused as a whole.",
    ),
    "bring.upload": ("Pilih atau seret satu berkas", "Choose or drop one file"),
    "bring.button": ("Pilih berkas", "Choose a file"),
    "bring.limit": ("Paling besar {mb} MB · {kinds}", "At most {mb} MB · {kinds}"),
    "bring.source": ("Sumber", "Source"),
    "bring.recognise": ("Kenali sendiri dari judul kolom", "Recognise it by the column names"),
    "bring.places": ("Kolom berisi nama tempat", "Columns that hold places"),
    "bring.places_help": (
        "Nama kolom, dipisah koma. Kata di kolom ini tidak dianggap nama orang, misalnya nama "
        "menara, gereja, atau kampung; nomor dan akun tetap ditolak.",
        "Names of columns, parted by commas. No word in them counts as a person's name, such as a "
        "tower's, a church's or a village's; numbers and accounts are still refused.",
    ),
    "bring.source_help": (
        "Sumber menentukan arti kolom, kata, format tanggal, zona waktu, dan sistem kode. Pilih "
        "sendiri bila dua sumber cocok.",
        "The source decides what columns, words, date formats, time zone and codes mean. Choose "
        "it yourself when two sources fit.",
    ),
    "bring.reading": ("Membaca dan memeriksa {name}…", "Reading and checking {name}…"),
    "bring.personal": (
        "**Ditolak: berkas ini memuat data pribadi.** Tidak ada yang disimpan, dan isinya sudah "
        "dilepas dari memori. Hapus bagian berikut di instansi asal, lalu bawa lagi:",
        "**Refused: this file holds personal data.** Nothing was stored, and its content was let "
        "go from memory. Remove the following at the agency and bring the file again:",
    ),
    "bring.unreadable": (
        "**Berkas ini tidak dapat dibaca.** Tidak ada yang disimpan.",
        "**This file cannot be read.** Nothing was stored.",
    ),
    "bring.counts": (
        "**{read}** baris dibaca = **{kept}** diterima + **{aside}** disisihkan",
        "**{read}** rows read = **{kept}** accepted + **{aside}** set aside",
    ),
    "bring.about": ("{name} · sumber: {source}", "{name} · source: {source}"),
    "bring.effort": ("upaya patroli", "patrol effort"),
    "bring.events": ("kejadian", "events"),
    "bring.mends": (
        "Berkas perbaikan: {n} baris yang pernah disisihkan dibawa lagi.",
        "A mended file: {n} rows that were set aside are brought again.",
    ),
    "bring.preview": (
        "{n} baris pertama seperti yang akan disimpan",
        "The first {n} rows as they will be stored",
    ),
    "bring.nothing_kept": (
        "Tidak ada baris yang dapat diterima. Lihat alasannya di bawah; mungkin sumbernya lain.",
        "No row can be accepted. See the reasons below; perhaps it is another source.",
    ),
    "bring.reasons": ("Mengapa disisihkan", "Why rows are set aside"),
    "bring.words": ("Kata yang belum dikenal", "Words not known yet"),
    "bring.words_note": (
        "Tambahkan ke crosswalk sumber ini (`data/sources/`), lalu bawa berkasnya lagi.",
        "Add them to the crosswalk of this source (`data/sources/`) and bring the file again.",
    ),
    "bring.notes": ("Yang diandaikan ({n})", "What was taken for granted ({n})"),
    "bring.foreign": (
        "Berkas ini memuat catatan {names}. Anda hanya boleh membawa catatan instansi sendiri.",
        "This file holds records of {names}. You may bring only those of your own agency.",
    ),
    "bring.save": ("Simpan {n} baris", "Store {n} rows"),
    "bring.save_aside": (
        "Simpan: catat {n} baris yang disisihkan",
        "Store: note {n} rows set aside",
    ),
    "bring.cancel": ("Batal", "Cancel"),
    "bring.saved": (
        "Tersimpan sebagai impor **{id}**: {new} baru, {corrected} dikoreksi, {withdrawn} dicabut, "
        "{same} sudah ada, {older} versi lama, {aside} disisihkan. Peta memakainya pada penilaian "
        "berikutnya.",
        "Stored as import **{id}**: {new} new, {corrected} corrected, {withdrawn} withdrawn, "
        "{same} known already, {older} older versions, {aside} set aside. The map uses it from the "
        "next assessment on.",
    ),
    "bring.repeated": (
        "Berkas yang sama sudah dibawa (impor **{id}**). Tidak ada yang berubah.",
        "The same file was brought before (import **{id}**). Nothing changed.",
    ),
    "bring.replaced": (
        "Bacaan lama berkas ini (impor {ids}) digantikan.",
        "The earlier reading of this file (import {ids}) was replaced.",
    ),
    "bring.column": ("Kolom", "Column"),
    "bring.word": ("Kata", "Word"),
    "bring.count": ("Kali", "Times"),
    # set aside
    "aside.title": ("Baris yang disisihkan", "Rows set aside"),
    "aside.intro": (
        "Unduh, perbaiki di Excel, lalu bawa lagi lewat **Bawa berkas**. Jangan ubah kolom "
        "“asal baris”: dengan itu baris lama tertutup sendiri.",
        "Download, mend in a spreadsheet, and bring again under **Bring a file**. Leave the column "
        "“asal baris” as it is: by it the old row closes itself.",
    ),
    "aside.none": (
        "Tidak ada baris yang disisihkan. Semua yang dibaca sudah diterima.",
        "No rows are set aside. Everything read was accepted.",
    ),
    "aside.none_open": (
        "Semua baris yang pernah disisihkan ({n}) sudah dibawa lagi.",
        "All rows that were set aside ({n}) have been brought again.",
    ),
    "aside.reason": ("Alasan", "Reason"),
    "aside.reasons": ("Saring menurut alasan", "Filter by reason"),
    "aside.file": ("Berkas", "File"),
    "aside.files": ("Saring menurut berkas", "Filter by file"),
    "aside.sheet": ("Lembar", "Sheet"),
    "aside.line": ("Baris", "Line"),
    "aside.original": ("Isi asli", "Original text"),
    "aside.import": ("Impor", "Import"),
    "aside.download": ("Unduh {n} baris (XLSX)", "Download {n} rows (XLSX)"),
    "aside.anyone": ("Semua", "All"),
    "aside.mended": ("{n} baris sudah dibawa lagi.", "{n} rows have been brought again."),
    # quality
    "flags.title": ("Tanda mutu pada catatan yang diterima", "Quality flags of accepted records"),
    "flags.intro": (
        "Catatan bertanda tetap dipakai; tandanya mengatakan apa yang ganjil.",
        "Flagged records are still used; the flag says what is odd.",
    ),
    "flags.none": ("Tidak ada tanda mutu.", "No quality flags."),
    "flags.flag": ("Tanda", "Flag"),
    "flags.meaning": ("Artinya", "What it means"),
    "flags.all": ("Semua", "All"),
    # twins
    "twins.title": ("Antrean tinjauan", "Review queue"),
    "twins.intro": (
        "Dua instansi mungkin melaporkan **satu** peristiwa. Yang jelas sudah digabung sendiri; "
        "yang ragu-ragu Anda putuskan di sini. Dibandingkan waktu, tempat, jumlah orang, arah, dan "
        "asal; tidak pernah identitas.",
        "Two agencies may report **one** event. Clear cases are joined by themselves; you decide "
        "the doubtful ones here. Time, place, head-count, direction and origin are compared, never "
        "identity.",
    ),
    "twins.old": (
        "Catatan berubah sejak kembar terakhir dicari.",
        "Records changed since twins were last looked for.",
    ),
    "twins.search": ("Cari kembar sekarang", "Look for twins now"),
    "twins.searching": ("Membandingkan catatan…", "Comparing records…"),
    "twins.none": (
        "Tidak ada pasangan yang perlu ditinjau.",
        "No pairs need a review.",
    ),
    "twins.position": ("Pasangan {at} dari {n}", "Pair {at} of {n}"),
    "twins.prob": ("Peluang peristiwa sama: **{p} %**", "Chance of one event: **{p} %**"),
    "twins.for": ("Mendukung: {words}", "For: {words}"),
    "twins.against": ("Menentang: {words}", "Against: {words}"),
    "twins.same": ("Peristiwa sama", "Same event"),
    "twins.other": ("Berbeda", "Different"),
    "twins.skip": ("Lewati", "Skip"),
    "twins.back": ("Sebelumnya", "Previous"),
    "twins.km": ("{km} km", "{km} km"),
    "twins.decided": ("Keputusan ({n})", "Decisions ({n})"),
    "twins.undo": ("Urungkan", "Undo"),
    "twins.said_link": ("peristiwa sama", "same event"),
    "twins.said_unlink": ("berbeda", "different"),
    "twins.marks": (
        "≠ bertentangan; ≈ berbeda, tetapi masih mendukung.",
        "≠ contradicts; ≈ differs, and still speaks for the pair.",
    ),
    "twins.used": (
        "Keputusan dicatat dengan nama Anda dan dipakai pada penilaian berikutnya.",
        "Decisions are logged under your name and used by the next assessment.",
    ),
    "twins.done": ("Dicatat: {said}.", "Noted: {said}."),
    "twins.taken_back": ("Keputusan diurungkan.", "Decision taken back."),
    # who says what
    "says.title": ("Siapa bilang apa", "Who says what"),
    "says.intro": (
        "Satu peristiwa, angka yang berlainan. Semua angka disimpan; peristiwanya dihitung satu "
        "kali.",
        "One event, differing figures. All figures are kept; the event is counted once.",
    ),
    "says.none": (
        "Tidak ada peristiwa gabungan yang angkanya berlainan.",
        "No joined event has differing figures.",
    ),
    "says.pick": ("Peristiwa", "Event"),
    "says.figure": ("Jumlah orang", "Persons"),
    "says.definition": ("Yang dihitung", "What it counts"),
    "says.cutoff": ("Per tanggal", "As of"),
    "says.reported": ("Dilaporkan", "Reported"),
    "says.record": ("Nomor catatan", "Record id"),
    "says.option": (
        "{date}: {least}–{most} orang ({agencies})",
        "{date}: {least}–{most} persons ({agencies})",
    ),
    "unit.person": ("orang", "persons"),
    "unit.group": ("rombongan", "groups"),
    "unit.case": ("perkara", "cases"),
    "unit.report": ("laporan", "reports"),
    # history
    "history.title": ("Semua impor", "All imports"),
    "history.none": ("Belum ada impor.", "No imports yet."),
    "history.no": ("No.", "No."),
    "history.at": ("Waktu", "Time"),
    "history.by": ("Oleh", "By"),
    "history.source": ("Sumber", "Source"),
    "history.read": ("Dibaca", "Read"),
    "history.new": ("Baru", "New"),
    "history.corrected": ("Dikoreksi", "Corrected"),
    "history.withdrawn": ("Dicabut", "Withdrawn"),
    "history.aside": ("Disisihkan", "Set aside"),
    "history.state": ("Keadaan", "State"),
    "history.active": ("dipakai", "in use"),
    "history.pick": ("Impor", "Import"),
    "history.option": ("{id} · {file} · {date}", "{id} · {file} · {date}"),
    "history.undo_title": ("Urungkan sebuah impor", "Undo an import"),
    "history.undo_note": (
        "Barisnya keluar dari semua hitungan, peta, dan berkas pada penilaian berikutnya; "
        "riwayatnya tetap. Membawa berkas yang sama lagi mengembalikannya.",
        "Its rows leave every count, map and file at the next assessment; the history stays. "
        "Bringing the same file again brings it back.",
    ),
    "history.reason": ("Alasan (wajib)", "Reason (required)"),
    "history.undo": ("Urungkan impor {id}", "Undo import {id}"),
    "history.need_reason": ("Tulis alasannya dulu.", "Write the reason first."),
    "history.was_undone": (
        "Diurungkan {when} oleh {by}: {reason}",
        "Undone {when} by {by}: {reason}",
    ),
    "history.did_undo": ("Impor {id} diurungkan.", "Import {id} was undone."),
    "history.show_undone": ("Tampilkan yang diurungkan", "Show undone ones"),
    # new agency
    "new.title": ("Crosswalk untuk instansi baru", "A crosswalk for a new agency"),
    "new.intro": (
        "Bawa contoh berkas **tanpa kolom data pribadi**. Kolom, kata, dan format tanggalnya "
        "dicocokkan; yang tidak dapat dicocokkan disebut satu per satu. Tidak ada yang disimpan.",
        "Bring a sample file **without personal columns**. Its columns, words and date formats are "
        "matched; what cannot be matched is named one by one. Nothing is stored.",
    ),
    "new.unplaced": ("Belum dapat dicocokkan ({n})", "Could not be placed ({n})"),
    "new.all_placed": ("Semua kolom dan kata dapat dicocokkan.", "Everything could be placed."),
    "new.draft": ("Rancangan crosswalk", "Draft of the crosswalk"),
    "new.download": ("Unduh TOML", "Download TOML"),
    "new.next": (
        "Periksa tiap baris, lengkapi kode instansi, zona waktu, dan sistem kode, simpan di "
        "`data/sources/`, lalu coba dengan `kalbar-risk check BERKAS`.",
        "Check every line, complete agency code, time zone and code system, save it in "
        "`data/sources/`, and try it with `kalbar-risk check FILE`.",
    ),
}
