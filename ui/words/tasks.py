"""Every sentence of the tasks around the map: brief, pack, weeks, search, files, compare, tour."""

TASKS: dict[str, tuple[str, str]] = {
    # what changed
    "list.since": ("Sejak pekan lalu", "Since last week"),
    "list.since_help": (
        "Baru: pekan lalu kurang dari separuh selnya titik rawan. Menguat atau melemah: "
        "perkiraannya berubah lebih dari 10 %. Kurang dipantau: pantauannya belum, sebagian, atau "
        "jarang.",
        "New: last week less than half of its cells were hotspots. Growing or fading: the "
        "expectation moved by more than 10%. Hardly watched: never, in part, or seldom.",
    ),
    "list.status": ("Status", "Status"),
    "list.gone": (
        "Sektor pekan lalu yang kini tanpa titik rawan: {n} ({names}).",
        "Sectors of last week without a hotspot now: {n} ({names}).",
    ),
    "list.and_more": ("{names}, dan {n} lainnya", "{names}, and {n} more"),
    # sides of a place, as in KTK-2 Kantuk Asam, sisi timur
    "side.e": ("sisi timur", "east side"),
    "side.ne": ("sisi timur laut", "northeast side"),
    "side.n": ("sisi utara", "north side"),
    "side.nw": ("sisi barat laut", "northwest side"),
    "side.w": ("sisi barat", "west side"),
    "side.sw": ("sisi barat daya", "southwest side"),
    "side.s": ("sisi selatan", "south side"),
    "side.se": ("sisi tenggara", "southeast side"),
    "status.new": ("baru", "new"),
    "status.growing": ("menguat", "growing"),
    "status.fading": ("melemah", "fading"),
    "status.steady": ("tetap", "steady"),
    "status.unseen": ("kurang dipantau", "hardly watched"),
    # layers and quantities
    "choose.layers_help": (
        "Apa yang tampil di atas sel. Catatan dan patroli mengikuti pekan yang dipilih di bawah.",
        "What lies over the cells. Records and patrols follow the weeks chosen below the map.",
    ),
    "choose.quantity_help": (
        "Apa yang diwarnai pada sel. Sel bertitik terpantau; yang lain belum. Kejadian tercatat "
        "dapat berupa pecahan: catatan setingkat desa dibagi atas sel-sel desanya.",
        "What the colour of a cell stands for. Dotted cells were watched; the others not. Recorded "
        "events may be fractions: a record known to its village only is shared by its cells.",
    ),
    "layer.records": ("Catatan", "Records"),
    "layer.patrols": ("Patroli", "Patrols"),
    "quantity.rate": ("Catatan per 100 jam patroli", "Records per 100 patrol hours"),
    "quantity.trend": ("Kecenderungan catatan", "Trend of records"),
    "unit.rate": ("per 100 jam", "per 100 hours"),
    "trend.none": ("tidak menonjol", "nothing stands out"),
    "class.trend_none": ("tidak menonjol", "nothing stands out"),
    "class.trend_fading": ("melemah, historis", "fading, historical"),
    "class.trend_sporadic": ("sporadis, naik-turun", "sporadic, oscillating"),
    "class.trend_lasting": ("menetap", "persistent"),
    "class.trend_rising": ("baru, menguat", "new, intensifying"),
    "direction.outbound": ("keluar {share} %", "outbound {share}%"),
    "direction.inbound": ("masuk {share} %", "inbound {share}%"),
    # search and weeks
    "search.find": ("Cari kode, desa, kota, atau pos", "Find a code, village, town or post"),
    "search.measure": ("Ukur jarak ke …", "Measure the distance to …"),
    "time.weeks": ("Pekan yang tampil di peta", "Weeks shown on the map"),
    "time.weeks_help": (
        "Geser kedua ujung, atau sapukan tetikus pada grafik: peta menampilkan catatan dan patroli "
        "pekan itu.",
        "Move both ends, or brush over the chart: the map shows records and patrols of these "
        "weeks.",
    ),
    "time.back": ("sepekan mundur", "one week back"),
    "time.next": ("sepekan maju", "one week on"),
    "time.play": ("Putar", "Play"),
    "time.stop": ("Berhenti", "Stop"),
    "time.reset": ("12 pekan terakhir", "Last 12 weeks"),
    # brief and pack
    "brief.button": ("Cetak ringkasan (PDF)", "Print brief (PDF)"),
    "brief.picked": ("Cetak {n} sektor ★ (PDF)", "Print {n} ★ sectors (PDF)"),
    "brief.help": (
        "Satu lembar A4 untuk rapat: peta, sektor yang ditandai ★ (atau enam teratas), alasan.",
        "One A4 paper for the meeting: map, sectors marked ★ (or the first six), reasons.",
    ),
    "brief.add": ("Tandai ★", "Mark ★"),
    "brief.drop": ("Lepas ★", "Unmark ★"),
    "brief.cut": (
        "Di bawah ini {shown} dari {n} sektor; selebihnya ada di berkas unduhan.",
        "Below are {shown} of {n} sectors; the downloads hold the rest.",
    ),
    "brief.title": ("Ringkasan sektor prioritas, {weeks}", "Priority sectors, {weeks}"),
    "brief.map_note": (
        "Garis tebal: sektor. Titik: terpantau dalam 12 pekan. Garis putus-putus: batas "
        "negara. Lingkaran biru: pos.",
        "Thick outline: sector. Dot: watched in 12 weeks. Dashed line: the border. Blue "
        "circle: post.",
    ),
    "paper.map_alt": (
        "Peta untuk {title}. {note} Tabel di bawahnya memuat isi yang sama dalam kata.",
        "Map for {title}. {note} The table below it says the same in words.",
    ),
    "brief.col_rank": ("No", "No"),
    "brief.col_name": ("Sektor", "Sector"),
    "brief.col_risk": ("Perkiraan", "Expected"),
    "brief.col_interval": ("Selang 80 %", "80% interval"),
    "brief.col_change": ("Pekan lalu", "Last week"),
    "brief.col_direction": ("Arah", "Direction"),
    "brief.col_watched": ("Pantauan", "Watch"),
    "brief.villages": ("Desa:", "Villages:"),
    "brief.read": (
        "Kode seperti KTK-2 menamai medan, sama di peta dan rencana. Faktor (×): rata-rata sel "
        "sektor; catatan dan jam di sini: jumlah seluruh sektor; pecahan: catatan setingkat desa "
        "dibagi atas selnya. Pantauan 12 pekan: sel terpantau/semua dan jam; sebagian: kurang dari "
        "separuh sel; jarang: kurang dari 1 jam per sel.",
        "A code such as KTK-2 names ground, the same on map and plan. Factor (×): mean over the "
        "sector's cells; records and hours here: sum over the sector; fractions: records known to "
        "their village are shared by its cells. Watch, 12 weeks: cells watched/all and hours; in "
        "part: less than half of the cells; seldom: less than 1 hour a cell.",
    ),
    "brief.use": (
        "Perkiraan menilai tempat dan pekan, bukan orang. Bukan dasar untuk menghentikan atau "
        "memeriksa siapa pun.",
        "The forecast rates places and weeks, not people. It is no ground for stopping or "
        "searching anybody.",
    ),
    "brief.explore": (
        "Sisihkan sebagian patroli untuk tempat yang belum terpantau: tanpa pantauan, tidak ada "
        "yang tercatat.",
        "Keep part of the patrols for places not observed: where nobody looks, nothing is "
        "recorded.",
    ),
    "brief.credits": (
        "Garis batas dan peta dasar: {credits}; bukan pernyataan hukum tentang batas.",
        "Border line and base map: {credits}; not a legal statement of the border.",
    ),
    "brief.prepared": ("Disusun oleh, tanggal", "Prepared by, date"),
    "brief.approved": ("Disetujui oleh, jabatan, tanggal", "Approved by, position, date"),
    "pack.title": ("Paket ponsel", "Phone pack"),
    "pack.expected": ("{n} kejadian ({interval})", "{n} events ({interval})"),
    "pack.locate": ("Lokasi saya", "My location"),
    "pack.loc_busy": ("Mencari lokasi…", "Looking for your location…"),
    "pack.loc_here": (
        "Anda di titik biru: {lat}; {lon} (±{m} m). Jarak lurus ada di tiap kartu.",
        "You are at the blue dot: {lat}; {lon} (±{m} m). Each card tells the straight distance.",
    ),
    "pack.loc_off": (
        "Anda di luar peta ini: {lat}; {lon} (±{m} m). Jarak lurus ada di tiap kartu.",
        "You are outside this map: {lat}; {lon} (±{m} m). Each card tells the straight distance.",
    ),
    "pack.loc_far": ("{km} km ke {way}", "{km} km to the {way}"),
    "pack.loc_ways": (
        "utara timur-laut timur tenggara selatan barat-daya barat barat-laut",
        "north north-east east south-east south south-west west north-west",
    ),
    "pack.loc_denied": (
        "Peramban tidak memberikan lokasi kepada berkas ini. Izinkan bila ditanya; berkas yang "
        "disimpan ditanya lagi setiap kali dibuka, dan ada peramban yang selalu menolak. Bila "
        "begitu, pakai berkas GPX di aplikasi peta.",
        "The browser gave this file no location. Allow it when asked; a saved file is asked anew "
        "each time it is opened, and some browsers always refuse. Then use the GPX file in a map "
        "app.",
    ),
    "pack.loc_late": (
        "Belum ada sinyal GPS. Coba lagi di tempat terbuka.",
        "No GPS signal yet. Try again under open sky.",
    ),
    "pack.loc_lost": (
        "Lokasi tidak tersedia. Nyalakan GPS ponsel, lalu coba lagi.",
        "No location available. Switch the phone's GPS on, then try again.",
    ),
    "pack.loc_none": (
        "Peramban ini tidak dapat menunjukkan lokasi untuk berkas yang disimpan. Pakai berkas GPX "
        "di aplikasi peta.",
        "This browser cannot show a location for a saved file. Use the GPX file in a map app.",
    ),
    "own.title": ("{where}: {weeks}", "{where}: {weeks}"),
    "own.no_orders": (
        "Perintah patroli: tidak ada rencana yang ditandatangani untuk pekan ini di wilayah ini, "
        "atau hak akses Anda tidak menampilkannya.",
        "Patrol orders: no signed plan for this week in this district, or none that your access "
        "right shows.",
    ),
    "own.cut": (
        "Masih ada {n} baris; lihat paket ponsel.",
        "{n} more rows; see the phone pack.",
    ),
    # files
    "download.what": ("Apa", "What"),
    "download.format": ("Format", "Format"),
    "download.hotspots": ("Titik rawan", "Hotspots"),
    "download.sectors": ("Sektor", "Sectors"),
    "download.cells": ("Semua sel", "All cells"),
    "download.panel": ("Panel mingguan", "Weekly panel"),
    "download.file": ("Unduh berkas", "Download file"),
    "download.picture": ("Gambar peta (PNG)", "Map picture (PNG)"),
    "download.dictionary": ("Kamus data", "Data dictionary"),
    # the commander's page
    "page.unit": ("Wilayah saya", "My district"),
    "unit_page.posts": ("Pos di wilayah ini", "Posts in this district"),
    "unit_page.post": ("Pos", "Post"),
    "unit_page.place": ("Lintang; bujur", "Latitude; longitude"),
    "unit_page.precision": ("Ketelitian", "Precision"),
    "unit_page.share": (
        "{risk} % perkiraan provinsi pada {area} % luasnya",
        "{risk}% of the province's expectation on {area}% of its area",
    ),
    "unit_page.records": ("Tercatat, 4 pekan terakhir", "Recorded, last 4 weeks"),
    "unit_page.records_unit": ("kejadian", "events"),
    "unit_page.records_help": (
        "Kejadian yang tercatat di wilayah ini, dibanding 4 pekan sebelumnya dan provinsi.",
        "Events recorded in this district, against the 4 weeks before and the province.",
    ),
    "unit_page.hours": ("Patroli, 4 pekan terakhir", "Patrols, last 4 weeks"),
    "unit_page.hours_unit": ("jam", "hours"),
    "unit_page.hours_help": (
        "Jam patroli yang dilaporkan. Patroli yang tidak dilaporkan tidak terhitung.",
        "Patrol hours that were reported. A patrol that was not logged does not count.",
    ),
    "unit_page.against": (
        "sebelumnya {before} · provinsi {now} (sebelumnya {was})",
        "before {before} · province {now} (before {was})",
    ),
    "unit_page.before": ("sebelumnya {before}", "before {before}"),
    "unit_page.whole": ("provinsi {share} %", "province {share}%"),
    "unit_page.gaps": ("Yang belum terlihat", "What is not seen"),
    "unit_page.gap_kecamatan": (
        "**{n} kecamatan tanpa patroli** dalam 12 pekan: {names}.",
        "**{n} sub-districts without a patrol** in 12 weeks: {names}.",
    ),
    "unit_page.gap_hotspots": (
        "**{n} sel titik rawan belum terpantau**, di dekat {names}.",
        "**{n} hotspot cells not observed**, near {names}.",
    ),
    "unit_page.gap_last": (
        "Pekan terakhir dengan catatan: {week}.",
        "Last week with a record: {week}.",
    ),
    "unit_page.gap_none": (
        "Tiap kecamatan dan tiap sel titik rawan pernah dipantau dalam 12 pekan; sel lain belum "
        "tentu.",
        "Each sub-district and each hotspot cell was watched within 12 weeks; other cells may not "
        "have been.",
    ),
    "unit_page.no_posts": ("Tidak ada pos yang dikenal di sini.", "No known post here."),
    "unit_page.near_hours": ("Jam patroli", "Patrol hours"),
    "unit_page.near_risk": ("Perkiraan", "Expected"),
    "unit_page.near_note": (
        "Dalam {km} km dari pos: jam patroli 12 pekan terakhir dan kejadian yang diperkirakan.",
        "Within {km} km of the post: patrol hours of the last 12 weeks and expected events.",
    ),
    "unit_page.own": ("Satu halaman (PDF)", "One page (PDF)"),
    "unit_page.own_help": (
        "Peta wilayah, sektor dengan perkiraan dan selangnya, perintah pekan ini, di satu lembar "
        "A4.",
        "The district's map, sectors with expected events and interval, the week's orders, on one "
        "sheet of A4.",
    ),
    "unit_page.pack": ("Paket ponsel (HTML)", "Phone pack (HTML)"),
    "unit_page.pack_help": (
        "Satu berkas: peta, kartu tiap sektor, perintah, dan pos. Terbuka di ponsel tanpa "
        "jaringan; menunjukkan lokasi Anda bila peramban mengizinkannya.",
        "One file: map, a card for each sector, orders and posts. Opens on a phone without a "
        "network; shows your location where the browser allows it.",
    ),
    "unit_page.gpx": ("Sektor untuk GPS (GPX)", "Sectors for GPS (GPX)"),
    "unit_page.gpx_help": (
        "Titik tengah dan garis tepi sektor untuk gawai GPS.",
        "Middle and outline of each sector for a GPS device.",
    ),
    "unit_page.kml": ("Sektor untuk ponsel (KML)", "Sectors for phones (KML)"),
    "unit_page.kml_help": (
        "Untuk aplikasi peta di ponsel, misalnya Organic Maps atau Google Earth.",
        "For map apps on a phone, such as Organic Maps or Google Earth.",
    ),
    "unit_page.link": (
        "Tautan ke tampilan ini; penerima melihatnya sebatas hak aksesnya sendiri:",
        "Link to this view; whoever opens it sees what his own rights allow:",
    ),
    # two maps of one assessment
    "two.what": ("Yang dibandingkan", "What is compared"),
    "two.assessments": ("Dua penilaian", "Two assessments"),
    "two.lengths": ("Dua rentang waktu", "Two lengths of time"),
    "two.quantities": ("Dua warna peta", "Two map colours"),
    "two.left": ("Peta pertama", "First map"),
    "two.right": ("Peta kedua", "Second map"),
    "two.note": (
        "Kedua peta memperlihatkan tempat yang sama; masing-masing memakai skalanya sendiri. "
        "Bandingkan perkiraan (sudah memperhitungkan patroli) dengan kejadian tercatat untuk "
        "melihat di mana catatan kurang.",
        "Both maps show the same ground, each on a scale of its own. Compare the expected events "
        "(corrected for patrols) with the events on record to see where records fall short.",
    ),
    # two assessments
    "page.compare": ("Bandingkan", "Compare"),
    "compare.none": (
        "Baru ada satu penilaian. Perbandingan muncul setelah penilaian berikutnya.",
        "There is only one assessment yet. The comparison appears after the next one.",
    ),
    "compare.other": ("Bandingkan dengan", "Compare with"),
    "compare.other_help": (
        "Tanggal data terakhir, lalu kapan dihitung: tanggal lain, atau model dan data lain pada "
        "tanggal yang sama.",
        "Date of the last data, then when it was computed: another date, or another model or data "
        "of the same date.",
    ),
    "compare.no_horizon": (
        "Penilaian itu tidak memuat rentang waktu ini.",
        "That assessment does not hold this period.",
    ),
    "compare.before": ("Sebelumnya, data s.d. {date}", "Before, data up to {date}"),
    "compare.now": ("Sekarang, data s.d. {date}", "Now, data up to {date}"),
    "compare.before_made": ("Sebelumnya, dihitung {date}", "Before, computed {date}"),
    "compare.now_made": ("Sekarang, dihitung {date}", "Now, computed {date}"),
    "compare.change": ("Perubahan", "Change"),
    "compare.field": ("Versi", "Version"),
    "compare.then": ("Sebelumnya", "Before"),
    "compare.today": ("Sekarang", "Now"),
    "compare.id": ("Penilaian", "Assessment"),
    "compare.data_version": ("Data", "Data"),
    "compare.model_version": ("Model", "Model"),
    "compare.settings_version": ("Setelan", "Settings"),
    "compare.moved": ("Medan yang paling berubah", "Ground that moved most"),
    "compare.same": ("Keduanya sama di mana-mana.", "Both say the same everywhere."),
    "compare.village": ("Medan", "Ground"),
    "compare.difference": ("Selisih", "Difference"),
    "compare.note": (
        "{n} sel yang ada pada keduanya. Kedua peta memakai skala warna yang sama; pada peta "
        "perubahan, biru turun dan merah naik.",
        "{n} cells that both hold. Both maps use one colour scale; on the map of change blue "
        "falls and red rises.",
    ),
    # first visit
    "tour.offer": ("Baru di sini? Lima langkah, satu menit.", "New here? Five steps, one minute."),
    "tour.start": ("Mulai", "Start"),
    "tour.later": ("Tidak perlu", "No thanks"),
    "tour.next": ("Lanjut", "Next"),
    "tour.end": ("Selesai", "Done"),
    "tour.step": ("Langkah {n} dari 5", "Step {n} of 5"),
    "tour.text_1": (
        "**Di atas**: sampai kapan datanya dan berapa kejadian yang diperkirakan.",
        "**On top**: how far the data reach and how many events are expected.",
    ),
    "tour.text_2": (
        "**Peta**: warna makin kuat, makin banyak kejadian diperkirakan. Sel bertitik terpantau; "
        "yang lain belum, dan itu bukan aman.",
        "**Map**: the stronger the colour, the more events are expected. Dotted cells were "
        "watched; the others were not, and that is not safe.",
    ),
    "tour.text_3": (
        "**Daftar sektor**: klik satu baris, peta menuju ke sana dan alasannya tampil. Tombol di "
        "atasnya menyaring yang baru, menguat, atau melemah.",
        "**List of sectors**: click a row, the map goes there and the reasons show. The buttons "
        "above narrow it to new, growing or fading ones.",
    ),
    "tour.text_4": (
        "**Pekan di bawah peta**: sapukan tetikus pada grafik atau geser penggeser; catatan dan "
        "patroli pekan itu tampil di peta.",
        "**Weeks under the map**: brush over the chart or move the slider; records and patrols of "
        "these weeks show on the map.",
    ),
    "tour.text_5": (
        "**Ke rapat dan lapangan**: cetak ringkasan (PDF) di bawah daftar; satu halaman, paket "
        "ponsel, GPX, dan KML ada di halaman Wilayah saya.",
        "**To the meeting and the field**: print the brief (PDF) below the list; one page, phone "
        "pack, GPX and KML are on the page My district.",
    ),
    # what else there is to do
    "help.bring": ("Membawa berkas", "Bringing a file"),
    "help.bring_text": (
        "1. Buka **Data**, bagian membawa berkas, lalu pilih berkas instansi Anda.\n"
        "2. Lihat dulu: berapa baris terbaca, mana yang disisihkan dan mengapa. Belum ada yang "
        "disimpan.\n"
        "3. Simpan. Baris yang disisihkan diunduh, diperbaiki, lalu dibawa lagi.\n"
        "4. Nama, NIK, nomor telepon, dan alamat orang membuat berkas ditolak.",
        "1. Open **Data**, the part for bringing files, and choose your agency's file.\n"
        "2. Look first: how many rows were read, which are set aside and why. Nothing is kept "
        "yet.\n"
        "3. Keep it. Rows set aside are downloaded, mended and brought again.\n"
        "4. Names, identity numbers, telephone numbers and addresses of people make a file be "
        "refused.",
    ),
    "help.sign": ("Menyetujui dan menandatangani", "Approving and signing"),
    "help.sign_text": (
        "- **Setujui** berarti rencana sudah dibahas. Bila ada yang tidak biasa, halaman "
        "menyebutkannya dan meminta alasan.\n"
        "- **Tandatangani** membuat rencana berlaku dan menutupnya. Rencana lain untuk pekan itu "
        "ditarik.\n"
        "- Rencana yang sudah ditandatangani tidak diubah: tarik dahulu, dengan alasan.",
        "- **Approve** says that the plan was discussed. What is unusual is listed, and a reason "
        "is asked for.\n"
        "- **Sign** brings the plan into force and closes it. Another plan of that week is "
        "withdrawn.\n"
        "- A signed plan is not changed: withdraw it first, with a reason.",
    ),
    "help.done": ("Pelaksanaan", "What was done"),
    "help.done_text": (
        "Sepulang patroli, buka **Rencana patroli**, bagian **Pelaksanaan**. Bawa lintasan GPS, "
        "atau isi menit dan temuan tiap sektor. Terlihat sektor mana yang dikunjungi dan berapa "
        "temuan per jam. Agar terhitung pada penilaian berikutnya, bawa lintasan itu juga di "
        "halaman **Data**.",
        "Back from patrol, open **Patrol plan**, part **What was done**. Bring the GPS tracks, or "
        "fill in minutes and finds of each sector. It shows which sectors were visited and the "
        "finds per hour. To count in the next assessment, bring the tracks on the page **Data** "
        "too.",
    ),
    "help.contest": ("Menyanggah angka", "Contesting a figure"),
    "help.contest_text": (
        "Angka yang Anda tahu keliru: buka sel atau sektornya, **Sanggah skor ini**, tulis alasan "
        "tentang tempat (bukan orang) dan sampai kapan. Angka model tetap tampak; tanda ⚑ "
        "menyertainya di peta, daftar, rencana, dan berkas.",
        "A figure that you know to be wrong: open its cell or sector, **Contest this score**, give "
        "a reason about the place (not people) and until when. The model's figure stays; ⚑ goes "
        "with it on map, list, plan and files.",
    ),
    # the glossary
    "help.terms": ("Istilah", "Terms"),
    "help.terms_text": (
        "- **Perkiraan kejadian**: berapa kejadian yang akan tercatat bila semua tempat dipantau "
        "penuh.\n"
        "- **Selang 80 %**: delapan dari sepuluh kali, jumlah sebenarnya jatuh di dalamnya.\n"
        "- **Titik rawan**: sel dengan risiko tertinggi yang muat dalam cakupan patroli.\n"
        "- **Sektor**: titik rawan yang berdampingan; satuan untuk satu patroli.\n"
        "- **Cakupan**: bagian wilayah yang sanggup dipatroli.\n"
        "- **Belum terpantau**: tidak ada upaya patroli tercatat dalam 12 pekan.\n"
        "- **Ketelitian lokasi**: titik GPS, penanda atau dusun, desa; makin kasar makin lebar "
        "lingkarannya.\n"
        "- **Disamarkan**: angka kecil yang tidak ditampilkan agar tidak menunjuk orang.",
        "- **Expected events**: how many events full looking everywhere would put on record.\n"
        "- **80% interval**: eight times out of ten the true number falls inside.\n"
        "- **Hotspot**: a cell of highest risk that fits into the patrol coverage.\n"
        "- **Sector**: adjoining hotspots; the unit of one patrol.\n"
        "- **Coverage**: share of the area that patrols can cover.\n"
        "- **Not observed**: no patrol effort on record in 12 weeks.\n"
        "- **Location precision**: GPS point, landmark or hamlet, village; the coarser, the wider "
        "its circle.\n"
        "- **Suppressed**: a small number that is not shown, so that it points to nobody.",
    ),
}
