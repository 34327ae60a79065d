"""Why a file was refused: told.<key> -> (Indonesian, English), with its values."""

FILES: dict[str, tuple[str, str]] = {
    "bring.each": (
        "Hitung setiap lintasan: ini patroli yang berbeda",
        "Count every track: these are different patrols",
    ),
    "bring.each_help": (
        "Beberapa alat dari satu patroli dihitung sekali. Nyalakan hanya bila patrolinya memang "
        "berbeda; pilihan ini disimpan bersama barisnya.",
        "Several receivers of one patrol count once. Switch on only if the patrols truly differ; "
        "the choice is kept with the rows.",
    ),
    # whole files
    "told.kml_link": (
        "KML ini hanya menautkan catatan yang ada di tempat lain. Ekspor lagi sebagai KML yang "
        "memuat datanya, tanpa tautan",
        "this KML only links to records that lie elsewhere; no link is followed. Export it again "
        "without the link (as KML, with the data inside)",
    ),
    "told.zip_empty": (
        "arsip ini tidak memuat tabel, shapefile, atau KML",
        "the archive holds no table, shapefile or KML",
    ),
    "told.zip_nested": (
        "ada arsip di dalam arsip; keluarkan dulu, lalu bawa lagi",
        "an archive lies inside the archive; unpack it first and bring it again",
    ),
    "told.zip_paths": (
        "nama berkas di dalam arsip menunjuk ke luar arsip atau ada dua yang sama; ditolak",
        "names inside the archive lead outside it, or two are the same; refused",
    ),
    "told.sqlite": (
        "basis data ini bukan GeoPackage; ekspor sebagai GeoPackage atau CSV",
        "this database is no GeoPackage; export it as GeoPackage or CSV",
    ),
    "told.ods": (
        "dokumen OpenDocument ini tidak memuat lembar; bawa lembar kerja (ODS)",
        "an OpenDocument without a sheet; bring a spreadsheet (ODS)",
    ),
    "told.ods_cells": (
        "lembar kerja ini terlalu besar ({n} sel, paling banyak {most}); bagi menjadi beberapa "
        "berkas",
        "this spreadsheet is too large ({n} cells, at most {most}); part it into several files",
    ),
    "told.ods_unreadable": (
        "bukan lembar kerja yang dapat dibuka",
        "not a spreadsheet that can be opened",
    ),
    "told.xlsx_unreadable": (
        "bukan buku kerja Excel yang dapat dibuka",
        "not an Excel workbook that can be opened",
    ),
    "told.xls_old": (
        "berkas Excel lama (.xls) atau terkunci; simpan sebagai .xlsx atau .csv",
        "an old Excel file (.xls) or protected; save it as .xlsx or .csv",
    ),
    "told.web_page": (
        "halaman web yang diberi nama .xls; buka di Excel lalu simpan sebagai .xlsx atau .csv",
        "a web page, as some systems export it under the name .xls; open it in a spreadsheet and "
        "save it as .xlsx or .csv",
    ),
    "told.no_table_format": (
        "bawa tabelnya sebagai XLSX atau CSV, bukan {given}",
        "bring the table itself as XLSX or CSV, not {given}",
    ),
    "told.no_text": (
        "bukan berkas teks yang dikenal (UTF-8, UTF-16, Windows-1252)",
        "not a text file in UTF-8, UTF-16 or Windows-1252",
    ),
    "told.no_table": (
        "tidak ada tabel; perlu satu baris judul dan baris-baris di bawahnya",
        "no table found; a header line and rows below it are needed",
    ),
    "told.no_header": (
        "tidak ada baris judul kolom; baris pertama tabel harus menyebut nama kolomnya",
        "no header line found; the first line of a table names its columns",
    ),
    "told.columns_many": (
        "{n} kolom; paling banyak {most}. Bagi menjadi beberapa berkas",
        "{n} columns; at most {most}. Part it into several files",
    ),
    "told.file_empty": ("berkas ini kosong", "the file is empty"),
    "told.file_large": (
        "{size} bita; paling banyak {most} per berkas",
        "{size} bytes; at most {most} in one file",
    ),
    "told.cannot_open": ("berkas tidak dapat dibuka ({why})", "cannot be opened ({why})"),
    "told.damaged": (
        "rusak, atau bukan format yang disebut namanya ({kind})",
        "damaged or not the format it claims to be ({kind})",
    ),
    "told.too_deep": (
        "bersarang terlalu dalam; ini bukan berkas catatan",
        "nested too deeply to be a file of records",
    ),
    "told.archive_damaged": (
        "arsipnya rusak atau terkunci",
        "the archive is damaged, cut off or protected",
    ),
    "told.zip_bomb": (
        "isinya membengkak jauh saat dibuka; ditolak",
        "unpacks to far more than it holds; refused as a zip bomb",
    ),
    "told.zip_many": (
        "{n} berkas di dalam arsip; paling banyak {most}",
        "{n} files inside; at most {most}",
    ),
    "told.parquet_unreadable": (
        "bukan berkas Parquet yang dapat dibaca",
        "not a Parquet file that can be read",
    ),
    "told.parquet_large": (
        "{n} baris dan {columns} kolom; paling banyak {most} dan {most_columns}. Bagi menjadi "
        "beberapa berkas",
        "{n} rows and {columns} columns; at most {most} and {most_columns}. Part it into several "
        "files",
    ),
    "told.parquet_columns": (
        "berkas Parquet ini punya dua kolom bernama sama; ganti salah satunya",
        "a Parquet file with two columns of one name; rename one of them",
    ),
    "told.parquet_encoding": (
        "geometri Parquet ini ditulis sebagai {given}, bukan WKB; tulis ulang sebagai WKB",
        "the geometry of this Parquet is written as {given}; write it as WKB",
    ),
    "told.no_crs": (
        "tidak menyebut sistem koordinatnya (CRS); ekspor lagi dengan CRS, misalnya EPSG:4326",
        "no CRS is declared; export it again with a CRS, for example EPSG:4326",
    ),
    "told.wkt_crs": (
        "kolom “{column}” memakai EPSG:{codes}; WKT dibaca dalam EPSG:4326. Ubah dulu sistem "
        "koordinatnya",
        "column '{column}' is in EPSG:{codes}; WKT is read in EPSG:4326. Turn it first",
    ),
    "told.gpkg_unreadable": (
        "bukan GeoPackage yang dapat dibuka",
        "not a GeoPackage that can be opened",
    ),
    "told.geojson_encoding": (
        "GeoJSON menurut standarnya UTF-8, berkas ini tidak; simpan sebagai UTF-8",
        "GeoJSON is UTF-8 by its standard, this is not",
    ),
    "told.geojson_other": (
        "seharusnya GeoJSON berupa FeatureCollection",
        "a GeoJSON FeatureCollection is expected",
    ),
    "told.geojson_crs": (
        "koordinatnya memakai CRS lain; GeoJSON menurut standarnya WGS 84 (EPSG:4326)",
        "coordinates in another CRS; GeoJSON is WGS 84 by its standard",
    ),
    "told.json_broken": (
        "JSON-nya rusak (baris {line}, kolom {column}); ekspor lagi",
        "not valid JSON (line {line}, column {column}); export it again",
    ),
    "told.xml_broken": (
        "XML-nya rusak (baris {line}, kolom {column}); ekspor lagi",
        "not well-formed XML (line {line}, column {column}); export it again",
    ),
    "told.xml_kind": (
        "XML jenis {kind}; yang dapat dibaca KML dan GPX",
        "XML of kind <{kind}>; KML and GPX can be read",
    ),
    "told.xml_doctype": (
        "XML yang memuat DOCTYPE atau entitas ditolak",
        "XML with a document type or entities is refused",
    ),
    "told.xml_deep": (
        "XML bersarang lebih dari {most} tingkat; ditolak",
        "XML nested more than {most} deep is refused",
    ),
    "told.xml_encoding": (
        "penyandian XML ini tidak dapat dibaca",
        "XML in an encoding that cannot be read",
    ),
    "told.tracks_need_grid": (
        "lintasan memerlukan sel wilayah kerja; isi [area] di pengaturan",
        "tracks need the study area's grid to be cut into cells",
    ),
    "told.sheet_missing": (
        "tidak ada lembar atau lapisan “{sheet}”",
        "no sheet or layer '{sheet}'",
    ),
    "told.draft_tracks": (
        "tidak ada tabel; lintasan tidak memerlukan crosswalk",
        "no table to draft from; tracks need no crosswalk",
    ),
    # which source reads it
    "told.source_unknown": (
        "tidak ada sumber “{name}”; yang dikenal: {known}",
        "no source '{name}'; known are {known}",
    ),
    "told.columns_unknown": (
        "tidak ada sumber yang mengenal kolom-kolom ini ({columns}). Pilih sumbernya, atau buat "
        "crosswalk di bagian Instansi baru",
        "no source knows these columns ({columns}); name it with --source, or draft a crosswalk: "
        "kalbar-risk crosswalk",
    ),
    "told.source_open": (
        "cocok dengan beberapa sumber ({sources}). Pilih sumbernya di atas",
        "fits {sources} equally well; name the source with --source",
    ),
    # crosswalks
    "told.toml_broken": ("TOML tidak terbaca (baris {line})", "not valid TOML (line {line})"),
    "told.key_unknown": (
        "kunci “{name}” tidak dikenal; yang dikenal: {known}",
        "unknown key '{name}', known are {known}",
    ),
    "told.key_kind": ("{name} harus berjenis {kind}", "{name} should be a {kind}"),
    "told.key_missing": ("{name} belum ada", "{name} is missing"),
    "told.key_one_of": ("{name} adalah {known}, bukan {given}", "{name} is {known}, got {given}"),
    "told.field_unknown": (
        "{part}: “{name}” bukan kolom {kind}",
        "{part}: '{name}' is no field of {kind}",
    ),
    "told.codes_unknown": (
        "words.{name}: {words} tidak ada dalam skema",
        "words.{name}: {words} is not in the schema",
    ),
    "told.zone_unknown": (
        "time_zone “{zone}” bukan WIB, WITA, MYT, UTC, nama zona IANA, atau '' (zona wilayah)",
        "time_zone '{zone}' is neither WIB, WITA, MYT, UTC, an IANA zone nor '' (the area's)",
    ),
    "told.formats_both": (
        "date_formats memuat hari/bulan dan bulan/hari: 3/4 dapat berarti keduanya",
        "date_formats has both day/month and month/day: 3/4 could be either",
    ),
    # several faults at once
    "told.faults": ("{faults}", "{faults}"),
    # personal data
    "told.personal_file": (
        "ditolak dan tidak disimpan, karena memuat data pribadi: {faults}. Hapus kolom atau teks "
        "itu di instansinya, lalu bawa lagi",
        "refused, nothing was stored, because it holds personal data: {faults}. Remove these "
        "columns or texts at the agency and bring the file again",
    ),
    "told.personal_name": (
        "ditolak dan tidak disimpan: nama berkasnya sendiri memuat data pribadi ({kinds}); ganti "
        "namanya, lalu bawa lagi",
        "refused, nothing was stored: the name of the file itself holds personal data ({kinds}); "
        "rename it and bring it again",
    ),
    "told.personal_text": (
        "ditolak dan tidak disimpan, karena memuat data pribadi: {kinds}. Jangan sebut orang, "
        "nomor, atau surel; tulis tentang tempatnya",
        "refused, nothing was stored, because it holds personal data: {kinds}. Write what is known "
        "of the place, not of a person",
    ),
    "told.personal_sheet": (
        "nama lembar ke-{number} menyebut orang",
        "the name of sheet {number} names a person",
    ),
    "told.personal_outside": (
        "teks di luar baris (judul, keterangan, komentar) memuat {kind}",
        "text outside the rows holds {kind}",
    ),
    "told.personal_column": ("kolom “{column}” memuat {kind}", "column '{column}' holds {kind}"),
    "told.personal_cells": (
        "kolom “{column}” memuat {kind}, baris {lines} ({n} baris)",
        "column '{column}' holds {kind} in line {lines} ({n} in all)",
    ),
    "told.personal_line": (
        "judul atau catatan kaki memuat {kind}, baris {lines} ({n} baris)",
        "a line that is no row holds {kind} in line {lines} ({n} in all)",
    ),
    "personal.names": ("nama orang", "names"),
    "personal.identity numbers": ("nomor identitas", "identity numbers"),
    "personal.passport numbers": ("nomor paspor", "passport numbers"),
    "personal.birth dates": ("tanggal lahir", "birth dates"),
    "personal.phone numbers": ("nomor telepon", "phone numbers"),
    "personal.e-mail addresses": ("alamat surel", "e-mail addresses"),
    "personal.street addresses": ("alamat", "street addresses"),
    "personal.comments on persons": ("catatan tentang orang", "comments on persons"),
    "personal.a person's title or initials": (
        "gelar atau inisial orang",
        "a person's title or initials",
    ),
    # what a person typed
    "told.reason_needed": ("isi alasannya", "needs a reason"),
    "told.reason_long": (
        "alasan paling panjang {most} huruf, ini {n}",
        "a reason has at most {most} signs, got {n}",
    ),
    "told.no_code": (
        "kode hanya memuat huruf, angka, dan _ . / -, paling panjang 40 tanda",
        "a code has letters, digits and _ . / -, at most 40 signs",
    ),
    "told.code_names": ("ditolak, karena menyebut orang", "refused, because it names a person"),
    # a process apart
    "told.reading_long": (
        "pembacaan lebih dari {seconds} detik lalu dihentikan; tidak ada yang disimpan. Bawa "
        "berkas dalam bagian yang lebih kecil",
        "reading took longer than {seconds} seconds and was ended; nothing was stored. Bring the "
        "file in smaller parts",
    ),
    "told.reading_memory": (
        "pembacaan terhenti karena memori tidak cukup; tidak ada yang disimpan. Bawa berkas dalam "
        "bagian yang lebih kecil",
        "reading ended early, it needed more memory than it may take; nothing was stored. Bring "
        "the file in smaller parts",
    ),
    # a summary
    "bring.without_place": (
        "{n} dari yang diterima tanpa tempat (tanpa koordinat dan wilayah): tidak tampil di peta.",
        "{n} of those accepted have no place (no coordinates, no region): no map shows them.",
    ),
    "bring.both": (
        "Berkas ini memuat kejadian **dan** upaya patroli; keduanya disimpan bersama.",
        "This file holds events **and** patrol effort; both are stored together.",
    ),
    "reason_short.several_points": ("beberapa titik", "several points"),
    "reason_short.route_is_plan": ("rute rencana", "a planned route"),
    "reason_short.times_unpaired": ("waktu tanpa pasangan", "unpaired times"),
    "reason_short.wkt_unreadable": ("WKT tidak terbaca", "unreadable WKT"),
}
