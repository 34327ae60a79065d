"""Why a row was set aside, and what was taken for granted: told.<key> -> (Indonesian, English)."""

ROWS: dict[str, tuple[str, str]] = {
    # words
    "told.word_unknown": (
        "“{cell}” di kolom “{column}” bukan kata yang dikenal untuk {field}",
        "'{cell}' in column '{column}' is not a known word for {field}",
    ),
    "told.word_unknown.near": (
        "“{cell}” di kolom “{column}” bukan kata yang dikenal untuk {field}; yang terdekat: "
        "“{near}”",
        "'{cell}' in column '{column}' is not a known word for {field}; nearest known word: "
        "'{near}'",
    ),
    "told.word_unknown.legal_exit_ban": (
        "“{cell}” di kolom “{column}” bukan kata yang dikenal untuk {field}, sebab juga berarti "
        "cegah-tangkal; tulis {either}",
        "'{cell}' in column '{column}' is not a known word for {field}, it also is a legal exit "
        "ban; write {either}",
    ),
    "told.word_unknown.fire": (
        "“{cell}” di kolom “{column}” bukan kata yang dikenal untuk {field}, sebab juga berarti "
        "kebakaran; tulis {either}",
        "'{cell}' in column '{column}' is not a known word for {field}, it also is a fire; write "
        "{either}",
    ),
    "told.word_unknown.unit": (
        "“{cell}” bukan satuan seperti orang, rombongan, perkara, laporan",
        "'{cell}' is not a counting unit such as person, group, case or report",
    ),
    "told.word_unknown.status": (
        "“{cell}” bukan baru, dikoreksi, atau dicabut",
        "'{cell}' is not new, corrected or withdrawn",
    ),
    "told.missing_value": (
        "{field} kosong: tidak ada kolom berkas ini yang memuatnya",
        "{field} is empty (no column of the file gives it)",
    ),
    "told.missing_value.here": (
        "{field} kosong (kolom “{column}”)",
        "{field} is empty (column '{column}')",
    ),
    "told.missing_value.minutes": (
        "menit, atau jam mulai dan selesai, tidak diisi",
        "minutes, or the times of start and end, are missing",
    ),
    "told.direction_needed": (
        "penggagalan harus menyebut arah: keluar atau masuk",
        "an interception is outbound or inbound; the direction is not given",
    ),
    # numbers and times
    "told.number_unreadable": (
        "“{cell}” di kolom “{column}” bukan angka {field} seperti 12",
        "'{cell}' in column '{column}' is not a number of {field} such as 12",
    ),
    "told.count_unreadable": (
        "{field} {cell} bukan bilangan bulat",
        "{field} {cell} is not a whole number of persons or groups",
    ),
    "told.time_unreadable": (
        "“{cell}” bukan tanggal untuk {field}; contoh: {either}",
        "'{cell}' is not a date for {field} like {either}",
    ),
    "told.time_unreadable.day": (
        "“{cell}” bukan tanggal; contoh: 2024-12-31",
        "'{cell}' is not a date like 2024-12-31",
    ),
    "told.clock_unreadable": (
        "“{cell}” bukan jam; contoh: 14.30",
        "'{cell}' is not a time of day like 14:30",
    ),
    "told.end_before_start": (
        "kejadian selesai sebelum mulai",
        "the event ends before it starts",
    ),
    "told.minutes_impossible": ("lebih lama daripada sepekan", "more minutes than a week has"),
    "told.share_impossible": (
        "bagian malam harus antara 0 dan 1",
        "night_share is a share, 0 to 1",
    ),
    # places
    "told.coord_unreadable": (
        "“{cell}” bukan koordinat; contoh: 0.9815 atau 0°58'53\" LU",
        "'{cell}' is not a coordinate like 0.9815 or 0°58'53\" LU",
    ),
    "told.coord_unreadable.pair": (
        "“{cell}” bukan pasangan koordinat; contoh: 0.9815, 110.3616",
        "'{cell}' is not a pair of coordinates like 0.9815, 110.3616",
    ),
    "told.coord_unreadable.numbers": (
        "titik ini tidak punya dua angka koordinat",
        "the point has no two numbers as coordinates",
    ),
    "told.coord_half": (
        "lintang atau bujur tidak diisi",
        "one of latitude and longitude is missing",
    ),
    "told.coord_impossible": ("{cell} bukan tempat di bumi", "{cell} is no place on earth"),
    "told.code_unreadable": (
        "“{text}” bukan kode wilayah seperti 61.03.21",
        "'{text}' is not a region code like 61.03.21",
    ),
    "told.code_unreadable.seven": (
        "“{text}” berisi 7 angka seperti kode BPS, padahal sumber ini memakai Kemendagri",
        "'{text}' has 7 digits as BPS writes, declared is kemendagri",
    ),
    "told.code_unreadable.bps": (
        "“{text}” bukan kode BPS (2, 4, 7, 10 angka)",
        "'{text}' is not a BPS code (2, 4, 7 or 10 digits)",
    ),
    "told.code_system_unknown": (
        "“{text}” tanpa sistem kode; 6105 adalah Sanggau menurut BPS dan Sintang menurut "
        "Kemendagri",
        "'{text}' without a declared code system (6105 is Sanggau for BPS, Sintang for Kemendagri)",
    ),
    "told.cell_unknown": ("“{cell}” bukan sel H3", "'{cell}' is not an H3 cell"),
    "told.place_missing": (
        "upaya perlu sel, atau lintang dan bujur",
        "effort needs a cell, or latitude and longitude",
    ),
    "told.feature_unreadable": ("bukan fitur GeoJSON", "not a feature"),
    "told.not_a_point": (
        "bentuknya {kind}, seharusnya titik; isi lintang dan bujur baris ini",
        "its shape is a {kind}, a point is expected; give the row its lat and lon",
    ),
    "told.several_points": (
        "{n} titik untuk satu baris; tempatnya yang mana tidak diketahui. Isi lintang dan bujurnya",
        "{n} points for one row; which is its place is not known. Give its lat and lon",
    ),
    "told.wkt_unreadable": (
        "“{text}” bukan geometri WKT seperti POINT (110.36 0.98)",
        "'{text}' is no geometry in WKT such as POINT (110.36 0.98)",
    ),
    # numbers of records, and lines that are no rows
    "told.record_conflict": (
        "catatan “{cell}” muncul lebih dari sekali dengan isi berbeda dan versi yang sama",
        "record '{cell}' comes more than once with different contents and the same version",
    ),
    "told.record_repeated": (
        "catatan “{cell}” sudah dibaca, persis sama",
        "record '{cell}' was already read, word for word",
    ),
    "told.record_repeated.number": (
        "nomor ini sudah dibaca di berkas ini",
        "this number was already read in this file",
    ),
    "told.sheet_unknown": ("{faults}", "{faults}"),
    "told.ragged_row": (
        "{n} sel, padahal judul punya {width} kolom",
        "{n} cells where the header has {width}",
    ),
    "told.ragged_row.still": (
        "belum dipotong ke dalam kolom-kolomnya",
        "not cut into its columns yet",
    ),
    "told.quote_open": (
        "tanda kutip dibuka di baris ini dan tidak ditutup",
        "a quote opens in this line and closes nowhere near",
    ),
    "told.header_again": ("baris judul sekali lagi", "the header line once more"),
    "told.total_line": ("baris jumlah, bukan catatan", "a line of totals, not a record"),
    "told.header_missing": (
        "tidak ada baris judul kolom di lembar ini",
        "no line of this sheet names its columns",
    ),
    "told.not_mended": (
        "belum diperbaiki; masih disisihkan seperti semula",
        "not mended yet; still set aside as it was",
    ),
    # tracks
    "told.track_empty": ("lintasan tanpa titik", "a track without points"),
    "told.track_without_time": (
        "garis tanpa waktu bukan lintasan patroli; pakai gx:Track",
        "a line without times is no patrol track; use gx:Track",
    ),
    "told.route_is_plan": (
        "rute adalah rencana, bukan tempat yang dilalui; bawa lintasan yang direkam (trk)",
        "a route is a plan, not where a patrol went; bring the recorded track (trk)",
    ),
    "told.times_unpaired": (
        "{times} waktu dan {places} tempat; pasangannya tidak diketahui, jadi tidak ditebak",
        "{times} times and {places} places; which belong together is not known, nor guessed",
    ),
    "told.track_unusable": (
        "tidak ada dua titik yang punya waktu dan tempat; lintasan patroli perlu waktu",
        "no two points with a time and a place; a patrol track needs times",
    ),
    "told.track_unusable.legs": (
        "semua bagiannya jeda atau lompatan mustahil",
        "every leg of it is a gap or an impossible jump",
    ),
    "told.track_outside": (
        "seluruh lintasan di luar wilayah kerja",
        "the whole track lies outside the study area",
    ),
    "told.track_repeated": (
        "lintasan yang sama sudah ada di berkas ini",
        "the same track is in this file already",
    ),
    # notes: what was taken for granted
    "told.rows": ("{told} ({n} baris)", "{told} ({n} rows)"),
    "told.row": ("{told} (1 baris)", "{told} (1 row)"),
    "told.default_taken": (
        "{field} dianggap “{word}” bila tidak disebut",
        "{field} taken as '{word}' where the file says nothing",
    ),
    "told.word_left_out": (
        "{field} dikosongkan: kata {words} tidak dikenal",
        "{field} left without the unknown word {words}",
    ),
    "told.own_word": (
        "{field} memakai kata berkas ini sendiri",
        "{field} with a word of its own, kept as it is",
    ),
    "told.type_tells": (
        "{field} diambil dari jenis kejadian",
        "{field} taken from the event type",
    ),
    "told.sensitivity_taken": (
        "kerahasiaan dianggap “restricted” karena tidak disebut",
        "sensitivity taken as 'restricted', nothing is declared",
    ),
    "told.gps_taken": (
        "baris dengan koordinat dianggap titik GPS",
        "geo_precision taken as 'gps' for rows with coordinates",
    ),
    "told.precision_lowered": (
        "ketelitian lokasi diturunkan sesuai tempat yang disebut",
        "geo_precision lowered to what the place given can back",
    ),
    "told.persons_added": (
        "jumlah orang = perempuan + laki-laki",
        "n_persons taken as women plus men",
    ),
    "told.sex_is_one": (
        "baris dengan jenis kelamin tanpa jumlah berarti satu orang",
        "a row with a sex and no count stands for one person",
    ),
    "told.part_of_day": (
        "bagian hari (pagi, malam …) dipakai jam tengahnya",
        "a part of the day (pagi, malam …) stands at its middle hour",
    ),
    "told.report_time_taken": (
        "waktu lapor dianggap sama dengan waktu kejadian; jeda lapor tidak diketahui",
        "reported_at taken as the time of the event; no delay is known",
    ),
    "told.coord_zero": (
        "koordinat 0, 0 dikosongkan",
        "coordinates 0, 0 are no place here and were left empty",
    ),
    "told.coord_swapped": (
        "lintang dan bujur tertukar; sudah dibetulkan",
        "latitude and longitude were exchanged and have been put right",
    ),
    "told.place_unknown": (
        "{level} tidak ada di daftar wilayah; tempatnya dipakai satu tingkat lebih kasar",
        "a {level} is not in the gazetteer; the place is kept one level coarser",
    ),
    "told.code_dotted": (
        "kode bertitik dianggap Kemendagri karena sistemnya tidak disebut",
        "codes with dots taken as Kemendagri, no system is declared",
    ),
    "told.code_coarsened": (
        "kode BPS di bawah kabupaten tidak dapat diterjemahkan; kabupatennya dipakai",
        "BPS codes below kabupaten have no rule; the kabupaten was kept",
    ),
    "told.version_taken": (
        "versi catatan diambil dari statusnya: 2 dikoreksi, 3 dicabut",
        "source_version taken from the status: 2 corrected, 3 withdrawn",
    ),
    "told.id_made": (
        "berkas tidak memuat nomor catatan; dibuatkan dari isi barisnya",
        "no record id in the file; one was made from the content of the row",
    ),
    "told.office_taken": (
        "titik di kantor instansi dianggap tempat pencatatan",
        "points at an agency's office taken as the place of recording",
    ),
    "told.centroid_lowered": (
        "titik tepat di tengah {level} diturunkan ke ketelitian {level}",
        "points in the middle of a {level} lowered to {level} precision",
    ),
    "told.unchecked": (
        "tidak diperiksa karena wilayah kerja tidak diketahui: {faults}",
        "not checked without the area: {faults}",
    ),
    "told.unchecked_area": (
        "apakah titik terletak di wilayah kerja",
        "whether points lie in the study area",
    ),
    "told.unchecked_codes": (
        "apakah titik cocok dengan kodenya, dan titik tengah wilayah",
        "whether points and codes agree, and district centroids",
    ),
    "told.unchecked_offices": ("kantor instansi", "agency offices"),
    "told.km_of_still": (
        "km penyergapan dan jaga pos dianggap 0",
        "km of an ambush or a post shift taken as 0",
    ),
    "told.km_missing": (
        "km dianggap 0 bila tidak disebut",
        "km taken as 0 where the file says nothing",
    ),
    "told.minutes_of_clock": (
        "menit dihitung dari jam mulai dan selesai",
        "minutes taken from the times of start and end",
    ),
    "told.free_text": ("uraian tidak disimpan: {columns}", "free text is not stored: {columns}"),
    "told.columns_left_out": (
        "kolom yang tidak dikenal sumber ini, tidak disimpan: {columns}",
        "columns that the crosswalk does not know, not stored: {columns}",
    ),
    "told.first_filled": (
        "{field} diambil dari yang terisi pertama: {columns}",
        "{field} taken from the first filled of {columns}",
    ),
    "told.no_rows": (
        "tabel ini hanya punya judul, tanpa baris",
        "the table has a header and no rows",
    ),
    # notes: how the file was read
    "told.header_found": (
        "judul kolom ada di baris {at}; baris di atasnya judul berkas",
        "header found in line {at}; the lines above it are titles",
    ),
    "told.header_found.row": (
        "judul kolom ada di baris {at}; baris di atasnya judul berkas",
        "header found in row {at}; the rows above it are titles",
    ),
    "told.text_read_as": ("teks dibaca sebagai {encoding}", "text read as {encoding}"),
    "told.two_encodings": (
        "dua penyandian dalam satu berkas: {utf8} baris UTF-8, {other} baris Windows-1252",
        "two encodings in one file: {utf8} lines read as UTF-8, {other} as Windows-1252",
    ),
    "told.zero_bytes": (
        "{n} bita kosong di dalam teks dibuang",
        "{n} zero bytes inside the text were dropped",
    ),
    "told.parted_by_spaces": (
        "kolom dipisah oleh spasi",
        "columns parted by two spaces or more",
    ),
    "told.merged_filled": (
        "{n} sel gabungan ke bawah diisi dengan yang tertulis di sel itu",
        "{n} cells merged downwards were filled with what they show",
    ),
    "told.sheet_left_out": (
        "lembar “{sheet}” bukan tabel; {n} baris teks dilewati",
        "sheet '{sheet}' holds no table; {n} lines left out",
    ),
    "told.layer_turned": (
        "lapisan {layer}: diubah dari {crs} ke WGS 84",
        "layer {layer}: turned from {crs} into WGS 84",
    ),
    "told.shape_beside": (
        "{n} baris memuat garis atau bidang di samping titiknya; hanya titiknya yang dibaca",
        "{n} rows hold a line or an area beside their point; only the point was read",
    ),
    "told.kml_links": (
        "{n} tautan ke berkas lain tidak diikuti",
        "{n} links to other files were not followed",
    ),
    "told.zip_left_out": (
        "{n} berkas di dalam arsip bukan tabel dan dilewati",
        "{n} files in the archive are no tables and were left out",
    ),
    "told.points_give": (
        "{n} titik lintasan menjadi {effort} baris upaya",
        "{n} track points give {effort} rows of effort",
    ),
    "told.points_left_out": (
        "{n} titik lintasan tanpa waktu atau tempat dilewati",
        "{n} track points without a time or place were left out",
    ),
    "told.tracks_cut": (
        "lintasan dipotong {n} kali pada jeda atau kecepatan mustahil ({minutes} menit); {outside} "
        "menit di luar wilayah",
        "tracks cut {n} times at gaps or impossible speeds ({minutes} minutes); {outside} minutes "
        "outside the area",
    ),
    "told.track_clock": (
        "{n} lintasan bertanggal di masa depan atau sebelum {year}: jam alatnya salah. Lintasan "
        "itu disimpan dengan tanda dan tidak menggeser batas data",
        "{n} tracks are dated in the future or before {year}: the receiver's clock was wrong. They "
        "are kept with a flag and move no cutoff",
    ),
    "told.tracks_together": (
        "{n} lintasan direkam juga oleh alat lain dari patroli yang sama: {minutes} menit pada "
        "waktu dan tempat yang sama ({stored} menit dengan lintasan yang sudah tersimpan); "
        "dihitung sekali",
        "{n} tracks were recorded by another receiver of the same patrol too: {minutes} minutes at "
        "the same time and place ({stored} with tracks stored before); they count once",
    ),
    "told.tracks_each": (
        "{n} lintasan bersamaan waktu dan tempatnya dengan lintasan lain ({minutes} menit, "
        "{stored} dengan yang sudah tersimpan); semuanya dihitung, sesuai keputusan walidata",
        "{n} tracks are at the same time and place as others ({minutes} minutes, {stored} with "
        "tracks stored before); each of them is counted, as a steward said",
    ),
    # what a draft of a crosswalk leaves open
    "told.dates_unread": (
        "tanggal: tidak ada format yang membaca “{text}”; tulis formatnya di date_formats",
        "dates: no known format reads '{text}'; declare one in date_formats",
    ),
    "told.dates_open": (
        "tanggal: {day} terbaca hari/bulan, {month} bulan/hari; dirancang hari/bulan",
        "dates: {day} read as day/month, {month} as month/day; day/month was drafted",
    ),
    "told.draft_field": (
        "{field}: tidak ada kolomnya; isi [defaults] bila semua baris berarti sama",
        "field {field}: no column gives it; set a default if all rows mean the same",
    ),
    "told.draft_column": ("kolom “{column}”", "column '{column}'"),
    "told.draft_word": (
        "kata “{word}” di kolom “{column}” ({n} kali)",
        "word '{word}' in column '{column}' ({n} times)",
    ),
    # fields inside a sentence; in English by the name of their column
    "named.event_type": ("jenis kejadian", "event_type"),
    "named.event_start": ("waktu kejadian", "event_start"),
    "named.event_end": ("waktu selesai", "event_end"),
    "named.reported_at": ("waktu lapor", "reported_at"),
    "named.received_at": ("waktu terima", "received_at"),
    "named.n_persons": ("jumlah orang", "n_persons"),
    "named.n_groups": ("jumlah kelompok", "n_groups"),
    "named.n_female": ("jumlah perempuan", "n_female"),
    "named.n_male": ("jumlah laki-laki", "n_male"),
    "named.n_minor": ("jumlah anak", "n_minor"),
    "named.detection": ("cara diketahui", "detection"),
    "named.direction": ("arah", "direction"),
    "named.count_unit": ("satuan", "count_unit"),
    "named.location_role": ("peran lokasi", "location_role"),
    "named.geo_precision": ("ketelitian lokasi", "geo_precision"),
    "named.time_precision": ("ketelitian waktu", "time_precision"),
    "named.sensitivity": ("kerahasiaan", "sensitivity"),
    "named.agency_type": ("jenis instansi", "agency_type"),
    "named.record_status": ("status catatan", "record_status"),
    "named.source_version": ("versi catatan", "source_version"),
    "named.admin_code": ("kode wilayah", "admin_code"),
    "named.code_system": ("sistem kode", "code_system"),
    "named.source_record_id": ("nomor catatan", "source_record_id"),
    "named.minutes": ("menit", "minutes"),
    "named.mode": ("cara patroli", "mode"),
    "named.week": ("pekan", "week"),
    "named.day": ("tanggal", "day"),
    "named.km": ("km", "km"),
    "told.or": ("atau", "or"),
}
