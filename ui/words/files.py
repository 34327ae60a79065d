"""What was found in a file, by its key: told.<key> -> (Indonesian, English), with its values."""

FILES: dict[str, tuple[str, str]] = {
    # reasons of a row
    "told.not_a_point": (
        "bentuknya {kind}, seharusnya titik; isi lintang dan bujur baris ini",
        "its shape is a {kind}, a point is expected; give the row its lat and lon",
    ),
    "told.several_points": (
        "{n} titik untuk satu baris; tempatnya yang mana tidak diketahui. Isi lintang dan bujurnya",
        "{n} points for one row; which is its place is not known. Give its lat and lon",
    ),
    "told.route_is_plan": (
        "rute adalah rencana, bukan tempat yang dilalui; bawa lintasan yang direkam (trk)",
        "a route is a plan, not where a patrol went; bring the recorded track (trk)",
    ),
    "told.times_unpaired": (
        "{times} waktu dan {places} tempat; pasangannya tidak diketahui, jadi tidak ditebak",
        "{times} times and {places} places; which belong together is not known, nor guessed",
    ),
    "told.wkt_unreadable": (
        "“{text}” bukan geometri WKT seperti POINT (110.36 0.98)",
        "“{text}” is no geometry in WKT such as POINT (110.36 0.98)",
    ),
    "told.not_mended": (
        "belum diperbaiki; masih disisihkan seperti semula",
        "not mended yet; still set aside as it was",
    ),
    # notes
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
        "This KML only links to records that lie elsewhere. Export it again as a KML that holds "
        "the data, without the link",
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
        "this OpenDocument holds no sheet; bring a spreadsheet (ODS)",
    ),
    "told.ods_cells": (
        "lembar kerja ini terlalu besar; bagi menjadi beberapa berkas",
        "this spreadsheet is too large; part it into several files",
    ),
    "told.parquet_encoding": (
        "geometri Parquet ini tidak ditulis sebagai WKB; tulis ulang sebagai WKB",
        "the geometry of this Parquet is not written as WKB; write it so",
    ),
    # a draft
    "told.dates_unread": (
        "tanggal: tidak ada format yang membaca “{text}”; tulis formatnya di date_formats",
        "dates: no known format reads “{text}”; declare one in date_formats",
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
