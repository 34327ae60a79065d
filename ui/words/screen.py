"""Every sentence of the main page: key -> (Indonesian, English)."""

MAIN: dict[str, tuple[str, str]] = {
    # the frame of every page
    "app.title": ("Peta titik rawan perlintasan", "Crossing risk map"),
    "app.synthetic": ("DATA SINTETIS", "SYNTHETIC DATA"),
    "app.synthetic_help": (
        "Semua kejadian di sini rekaan, untuk latihan dan uji coba.",
        "All events here are invented, for training and testing.",
    ),
    "app.cutoff": ("Data s.d. {date}", "Data up to {date}"),
    "app.created": ("dihitung {when}", "computed {when}"),
    "app.age": ("umur data {days} hari", "data {days} days old"),
    "app.stale": (
        "Penilaian ini kedaluwarsa: datanya berumur {days} hari (batas {limit} hari). "
        "Minta walidata memuat data baru sebelum memakainya untuk rencana.",
        "This assessment is stale: its data are {days} days old (limit {limit} days). "
        "Ask the data steward to load new data before planning with it.",
    ),
    "app.damaged": (
        "Penilaian terbaru ({when}) rusak di penyimpanan dan tidak dipakai; yang tampil adalah "
        "penilaian sebelumnya. Minta pengelola menilai ulang atau memulihkan cadangan.",
        "The newest assessment ({when}) is damaged in the store and not used; you see the one "
        "before. Ask the administrator to assess again or to restore a backup.",
    ),
    "app.fallback": (
        "Model tidak lebih baik daripada pembanding, jadi peta memakai pembanding “{model}”.",
        "The model was no better than the baseline, so the map uses the baseline “{model}”.",
    ),
    "app.language": ("Bahasa", "Language"),
    "app.versions": (
        "Penilaian {id} · data {data} · model {model} · setelan {settings}",
        "Assessment {id} · data {data} · model {model} · settings {settings}",
    ),
    "page.map": ("Peta", "Map"),
    "page.quality": ("Seberapa baik model ini?", "How good is this model?"),
    "page.data": ("Data", "Data"),
    "page.help": ("Bantuan", "Help"),
    # states
    "state.no_assessment": ("Belum ada penilaian", "No assessment yet"),
    "state.no_assessment_how": (
        "Peta muncul setelah penilaian pertama ditulis. Jalankan di komputer peladen:",
        "The map appears once the first assessment is written. Run on the server:",
    ),
    "state.loading": ("Memuat penilaian…", "Loading the assessment…"),
    "state.problem": (
        "Ada yang tidak beres dengan data atau setelan.",
        "Something is wrong with the data or the settings.",
    ),
    "state.fault": (
        "Program ini sendiri yang salah, bukan data Anda. Sebutkan nomor {number} kepada "
        "pengelolanya.",
        "The program itself is at fault, not your data. Quote the number {number} to whoever runs "
        "it.",
    ),
    "state.nothing": (
        "Tidak ada wilayah yang boleh Anda lihat. Mintalah hak akses kepada walidata.",
        "There is no area you may see. Ask the data steward for access.",
    ),
    "state.empty_district": (
        "Tidak ada sel penilaian di wilayah ini.",
        "There are no assessed cells in this district.",
    ),
    # choosing
    "choose.open": ("Buka atau lipat pilihan saringan", "Open or fold the filters"),
    "choose.fold": ("Lipat", "Fold"),
    "choose.share": ("patroli {share} wilayah", "patrols on {share} of the area"),
    "map.whole": ("Lihat semua", "See all"),
    "map.whole_help": (
        "Peta menampilkan seluruh wilayah pilihan; semula hanya bagian dengan titik rawan.",
        "The map shows all of what was chosen; at first only the part with hotspots.",
    ),
    "choose.title": ("Saring", "Filter"),
    "choose.kabupaten": ("Kabupaten/kota", "District"),
    "choose.kecamatan": ("Kecamatan", "Sub-district"),
    "choose.everywhere": ("Seluruh wilayah", "Whole area"),
    "choose.all_kecamatan": ("Semua kecamatan", "All sub-districts"),
    "choose.group": ("Jenis kejadian", "Event type"),
    "choose.group_help": (
        "Arah atau jenis kejadian yang diperkirakan. Keluar dan masuk dijumlahkan menjadi semua.",
        "Direction or type of the events that are forecast. Outbound and inbound add up to all.",
    ),
    "choose.horizon": ("Untuk pekan mana", "For which weeks"),
    "choose.horizon_help": (
        "Perkiraan dihitung untuk hari-hari ini. Dihitung hari Jumat sampai Minggu: untuk pekan "
        "berikutnya; Senin sampai Kamis: untuk pekan berjalan. Pekan yang datanya belum masuk "
        "dilompati.",
        "The forecast is made for these days. Made on Friday to Sunday it is for the next week, on "
        "Monday to Thursday for the running one. Weeks without data yet are stepped over.",
    ),
    "choose.length": ("Lama perkiraan", "Length of the forecast"),
    "choose.length_help": (
        "Ramalan di masa lalu yang diuji: selama satu pekan, atau lebih lama.",
        "The past forecasts that were tested: of one week, or of more.",
    ),
    "week.several": ("{length}, {days}", "{length}, {days}"),
    "week.one": ("1 pekan", "1 week"),
    "week.many": ("{n} pekan", "{n} weeks"),
    "week.this": ("Pekan ini, {days}", "This week, {days}"),
    "week.next": ("Pekan depan, {days}", "Next week, {days}"),
    "week.later": ("Pekan {days}", "Week of {days}"),
    "week.over": ("Pekan yang sudah lewat, {days}", "A week that is over, {days}"),
    "week.stale": (
        "Perkiraan ini untuk {days}; pekan itu sudah lewat. Masukkan data baru, lalu hitung ulang.",
        "This forecast is for {days}; that week is over. Bring new data, then assess anew.",
    ),
    "week.days": ("Sen Sel Rab Kam Jum Sab Min", "Mon Tue Wed Thu Fri Sat Sun"),
    "choose.coverage": ("Cakupan patroli", "Patrol coverage"),
    "choose.coverage_help": (
        "Bagian wilayah yang sanggup dipatroli. Sel dengan risiko tertinggi di dalam bagian itu "
        "menjadi titik rawan.",
        "Share of the area that patrols can cover. The cells of highest risk inside that share "
        "become hotspots.",
    ),
    "choose.quantity": ("Warna peta", "Map colour"),
    "choose.layers": ("Lapisan", "Layers"),
    "choose.reset": ("Kembali ke awal", "Reset"),
    "layer.hotspots": ("Titik rawan", "Hotspots"),
    "layer.posts": ("Pos", "Posts"),
    "layer.names": ("Nama tempat", "Place names"),
    "group.all": ("Semua kejadian", "All events"),
    "group.outbound": ("Arah keluar", "Outbound"),
    "group.inbound": ("Arah masuk", "Inbound"),
    "group.domestic": ("Dalam negeri", "Domestic"),
    "group.unknown": ("Arah tidak diketahui", "Direction unknown"),
    # what is shown
    "quantity.risk": ("Perkiraan kejadian", "Expected events"),
    "quantity.change": ("Perubahan dari pekan lalu", "Change since last week"),
    "quantity.events": ("Kejadian tercatat, setahun", "Recorded events, a year"),
    "quantity.effort": ("Upaya patroli, 12 pekan", "Patrol effort, 12 weeks"),
    "unit.risk": ("kejadian", "events"),
    "unit.change": ("kejadian", "events"),
    "unit.events": ("kejadian", "events"),
    "unit.effort": ("menit", "minutes"),
    "class.very_low": ("sangat rendah", "very low"),
    "class.low": ("rendah", "low"),
    "class.medium": ("sedang", "medium"),
    "class.high": ("tinggi", "high"),
    "class.very_high": ("sangat tinggi", "very high"),
    "class.extreme": ("ekstrem", "extreme"),
    "class.highest": ("tertinggi", "highest"),
    "class.fall_much": ("turun banyak", "large fall"),
    "class.fall": ("turun", "fall"),
    "class.same": ("tetap", "same"),
    "class.rise": ("naik", "rise"),
    "class.rise_much": ("naik banyak", "large rise"),
    "legend.below": ("< {value}", "< {value}"),
    "legend.between": ("{lo} – {hi}", "{lo} – {hi}"),
    "legend.from": ("≥ {value}", "≥ {value}"),
    "legend.per_cell": ("{unit} per sel", "{unit} per cell"),
    "legend.one_in": (
        "{value} kejadian per sel berarti kira-kira satu kejadian di tiap {n} sel.",
        "{value} events per cell means about one event in every {n} cells.",
    ),
    "legend.watched": (
        "bertitik = terpantau dalam 12 pekan; lainnya belum",
        "dotted = watched in 12 weeks; the others were not",
    ),
    "legend.disc": (
        "sektor, nomor seperti di daftar; makin luas makin banyak; dekatkan untuk melihat sel",
        "sector, numbered as in the list; the larger the more; zoom in for its cells",
    ),
    "legend.hotspot": ("titik rawan", "hotspot"),
    "legend.post": ("pos; lingkaran = ketelitian lokasi", "post; circle = location precision"),
    "legend.record": ("catatan dengan titik GPS", "record with a GPS point"),
    "legend.vague": (
        "catatan; lingkaran = ketelitian lokasi",
        "record; circle = location precision",
    ),
    "legend.fine": (
        "sel kecil: letak catatan tepat; 1, 2, atau lebih",
        "small cell: exact records; 1, 2, or more",
    ),
    "legend.patrol": ("patroli; makin lama makin besar", "patrol; the longer the larger"),
    "legend.note": (
        "{n} sel, masing-masing ±{km2} km². Batas kelas sama untuk semua wilayah, jenis kejadian, "
        "dan rentang waktu penilaian ini.",
        "{n} cells of ±{km2} km² each. Class limits are the same for all districts, kinds of event "
        "and horizons of this assessment.",
    ),
    "legend.note_horizon": (
        "{n} sel, masing-masing ±{km2} km². Batas kelas tetap untuk {weeks}: sama untuk semua "
        "wilayah dan jenis kejadian; tiap rentang waktu mempunyai batasnya sendiri.",
        "{n} cells of ±{km2} km² each. Class limits are fixed for {weeks}: the same for all "
        "districts and kinds of event; each horizon has its own.",
    ),
    "map.alt": (
        "Peta sel heksagon {area}: {quantity}, {weeks}. {n} sektor prioritas. Isi yang sama ada di "
        "daftar sektor.",
        "Hexagon map of {area}: {quantity}, {weeks}. {n} priority sectors. The list of sectors "
        "holds the same.",
    ),
    "map.said": (
        "Dipilih: {name}. Perkiraan {n} kejadian. Rinciannya ada setelah daftar sektor.",
        "Chosen: {name}. {n} events expected. Details follow the list of sectors.",
    ),
    "page.closer": ("Perbesar peta", "Zoom in"),
    "page.further": ("Perkecil peta", "Zoom out"),
    "page.skip": ("Langsung ke isi", "Skip to content"),
    "map.tooltip_unobserved": ("belum terpantau", "not observed"),
    "map.suppressed": ("disamarkan", "hidden"),
    "sum.hidden": ("disamarkan", "hidden"),
    "sum.at_least": ("sekurangnya {n}", "at least {n}"),
    "class.unknown": ("disamarkan atau tidak diketahui", "hidden or not known"),
    "why.effort": (
        "Di mana dan berapa lama patroli melihat tidak ditampilkan untuk tingkat akses Anda; "
        "yang ditampilkan hanya apakah suatu sel terpantau.",
        "Where and how long patrols looked is not shown to your tier; you see only whether a "
        "cell was observed.",
    ),
    "why.hidden": (
        'Angka kecil disamarkan; jumlah yang memuatnya ditulis "sekurangnya".',
        'Small numbers are hidden; a sum that holds some says "at least".',
    ),
    # figures on top
    "fact.expected": ("Perkiraan, {weeks}", "Expected, {weeks}"),
    "fact.interval": ("selang 80 %: {lo}–{hi}", "80% interval: {lo}–{hi}"),
    "fact.unrecorded": ("termasuk yang tak tercatat", "unrecorded ones included"),
    "fact.expected_help": (
        "Jumlah kejadian yang diperkirakan di wilayah terpilih bila semua tempat dilihat penuh; "
        "yang tercatat lebih sedikit, sebab patroli tidak melihat semuanya.",
        "Number of events expected in the chosen area if every place were fully watched; fewer are "
        "recorded, as patrols do not see everything.",
    ),
    "fact.change": ("{value} dari pekan lalu", "{value} since last week"),
    "fact.hotspots": ("Titik rawan", "Hotspots"),
    "fact.hotspots_value": ("{cells} sel · {km2} km²", "{cells} cells · {km2} km²"),
    "fact.hotspots_share": ("memuat {share} % perkiraan", "hold {share}% of what is expected"),
    "fact.hotspots_help": (
        "Sel dengan risiko tertinggi yang muat dalam cakupan patroli.",
        "The cells of highest risk that fit into the patrol coverage.",
    ),
    "fact.records": ("Tercatat, 12 pekan terakhir", "Recorded, last 12 weeks"),
    "fact.quarter": ("Tercatat, triwulan {quarter}", "Recorded, quarter {quarter}"),
    "fact.quarter_none": ("Tercatat, per triwulan", "Recorded, by quarter"),
    "fact.quarter_before": ("triwulan sebelumnya: {n}", "the quarter before: {n}"),
    "fact.quarter_help": (
        "Di luar tingkat terbatas hanya triwulan dan tahun kalender yang sudah lewat yang "
        "dihitung, sekali untuk selamanya; yang di bawah 5 disamarkan.",
        "Outside the restricted tier only calendar quarters and years that are over are counted, "
        "once and for all; what is below 5 is hidden.",
    ),
    "fact.records_before": ("12 pekan sebelumnya: {n}", "12 weeks before: {n}"),
    "fact.records_help": (
        "Kejadian yang tercatat. Yang tidak tercatat tidak terlihat di sini.",
        "Events that were recorded. What was not recorded does not show here.",
    ),
    "fact.unobserved": ("Belum terpantau", "Not observed"),
    "fact.unobserved_value": ("{share} % wilayah", "{share}% of the area"),
    "fact.unobserved_hot": ("{n} titik rawan di antaranya", "{n} hotspots among it"),
    "fact.unobserved_help": (
        "Tidak ada upaya patroli tercatat dalam 12 pekan terakhir. Ini bukan berarti aman.",
        "No patrol effort was recorded in the last 12 weeks. That does not mean safe.",
    ),
    # the list
    "list.title": ("Sektor prioritas", "Priority sectors"),
    "list.hint": (
        "Klik satu baris: peta menuju sektor itu. Klik sel di peta: rinciannya tampil di bawah.",
        "Click a row: the map goes to that sector. Click a cell: its details show below.",
    ),
    "list.more": (
        "{shown} teratas dari {n} sektor; selebihnya ada di berkas unduhan.",
        "The top {shown} of {n} sectors; the downloads hold the rest.",
    ),
    "list.empty": ("Tidak ada titik rawan pada pilihan ini.", "No hotspots for this choice."),
    "list.nothing": (
        "Di sini nyaris tidak ada yang diperkirakan: {n} kejadian, {weeks}. Sel disebut titik "
        "rawan mulai {least} kejadian, maka tidak ada titik rawan.",
        "Hardly anything is expected here: {n} events, {weeks}. A cell is called a hotspot from "
        "{least} events on, so there is none.",
    ),
    "list.sector": ("Sektor", "Sector"),
    "list.expected": ("Perkiraan", "Expected"),
    "list.expected_help": (
        "Jumlah kejadian yang diperkirakan di sektor ini.",
        "Number of events expected in this sector.",
    ),
    "list.interval": ("Selang 80 %", "80% interval"),
    "list.interval_help": (
        "Delapan dari sepuluh kali, jumlah sebenarnya jatuh di antara dua angka ini.",
        "Eight times out of ten the true number falls between these two.",
    ),
    "list.change": ("± pekan", "± week"),
    "list.area": ("km²", "km²"),
    "list.watched": ("Pantauan", "Watch"),
    "list.watched_help": (
        "Dalam 12 pekan terakhir. Belum: tidak satu sel pun dipantau. Sebagian: kurang dari "
        "separuh selnya, berapa pun jamnya. Jarang: separuh selnya atau lebih, tetapi kurang dari "
        "1 jam per sel. Cukup: selebihnya. Di sampingnya sel yang dipantau dan jam patroli di "
        "seluruh sektor.",
        "In the last 12 weeks. Never: not one cell was watched. In part: less than half of its "
        "cells, however many hours. Seldom: half of them or more, but less than 1 hour a cell. "
        "Fair: the rest. Beside it the cells watched and the patrol hours in the whole sector.",
    ),
    "list.never": ("belum", "never"),
    "list.partly": ("sebagian", "in part"),
    "list.seldom": ("jarang", "seldom"),
    "list.fair": ("cukup", "fair"),
    "list.watched_cells": ("{word} {seen}/{cells}", "{word} {seen}/{cells}"),
    "list.watched_hours": ("{told} · {hours} j", "{told} · {hours} h"),
    "list.alt": ("Daftar sektor menurut risiko", "List of sectors by risk"),
    # details
    "detail.none": (
        "Pilih satu sektor di daftar, atau klik satu sel di peta.",
        "Pick a sector in the list, or click a cell on the map.",
    ),
    "detail.in_plan": (
        "di rencana patroli: heksagon {codes}, masing-masing dihitung utuh dan per pekan",
        "in the patrol plan: hexagons {codes}, each counted whole and by the week",
    ),
    "detail.was_code": ("pekan lalu bernama {code}", "called {code} last week"),
    "detail.sector": ("Sektor {rank}: {name}", "Sector {rank}: {name}"),
    "detail.cell": ("Sel di {name}", "Cell in {name}"),
    "detail.place_cell": (
        "{where} · {border} km dari batas negara · {area} km²",
        "{where} · {border} km from the border · {area} km²",
    ),
    "detail.place_cell_plain": ("{where} · {area} km²", "{where} · {area} km²"),
    "detail.place_sector": (
        "{where} · {cells} sel · {area} km²",
        "{where} · {cells} cells · {area} km²",
    ),
    "detail.expected": ("kejadian diperkirakan, {weeks}", "events expected, {weeks}"),
    "detail.interval": (
        "Selang 80 %: {lo} sampai {hi}. Peluang ada setidaknya satu kejadian: {chance} %.",
        "80% interval: {lo} to {hi}. Chance of at least one event: {chance}%.",
    ),
    "detail.tiny": (
        "Hampir tidak ada kejadian yang diperkirakan di sini.",
        "Next to no events are expected here.",
    ),
    "detail.rise": (
        "Pekan lalu {previous}: naik {percent} %.",
        "Last week {previous}: up {percent}%.",
    ),
    "detail.fall": (
        "Pekan lalu {previous}: turun {percent} %.",
        "Last week {previous}: down {percent}%.",
    ),
    "detail.same": ("Hampir sama dengan pekan lalu.", "About the same as last week."),
    "detail.unobserved": (
        "**Belum terpantau.** Tidak ada upaya patroli tercatat di sini dalam 12 pekan terakhir. "
        "Angkanya dugaan dari sekitar, bukan hasil pengamatan.",
        "**Not observed.** No patrol effort was recorded here in the last 12 weeks. "
        "The figure is inferred from around it, not observed.",
    ),
    "detail.partly": (
        "**Sebagian saja dipantau.** {share} % selnya dipantau dalam 12 pekan terakhir.",
        "**Watched in part only.** {share}% of its cells were observed in the last 12 weeks.",
    ),
    "detail.wide_data": (
        "Selangnya lebar karena kejadian di sini sedikit.",
        "The interval is wide because there are few events here.",
    ),
    "detail.wide_effort": (
        "Selangnya lebar karena kebanyakan selnya tidak dipantau dalam 12 pekan.",
        "The interval is wide because most of it was not watched within 12 weeks.",
    ),
    "trend.new_hot": ("titik rawan baru muncul", "new hotspot"),
    "trend.consecutive_hot": ("titik rawan beberapa pekan terakhir", "hotspot of the last weeks"),
    "trend.intensifying_hot": ("titik rawan menguat", "intensifying hotspot"),
    "trend.persistent_hot": ("titik rawan menetap", "persistent hotspot"),
    "trend.diminishing_hot": ("titik rawan melemah", "diminishing hotspot"),
    "trend.sporadic_hot": ("titik rawan sporadis", "sporadic hotspot"),
    "trend.oscillating_hot": ("titik rawan naik-turun", "oscillating hotspot"),
    "trend.historical_hot": ("titik rawan historis", "historical hotspot"),
    "detail.trend": ("Catatan di sekitarnya: {trend}.", "Records around it: {trend}."),
    "detail.reasons": ("Mengapa di sini", "Why here"),
    "detail.no_reasons": (
        "Tidak ada alasan yang menonjol; risikonya dekat rata-rata.",
        "No reason stands out; the risk is near the average.",
    ),
    "detail.factor": ("{arrow} ×{factor}: {reason}", "{arrow} ×{factor}: {reason}"),
    "detail.reasons_cell": ("Mengapa sel ini", "Why this cell"),
    "detail.reasons_sector": (
        "Mengapa sektor ini ({n} sel bersama)",
        "Why this sector ({n} cells together)",
    ),
    "detail.factor_note": (
        "▲ menaikkan, ▼ menurunkan risiko dibanding rata-rata wilayah.",
        "▲ raises, ▼ lowers the risk against the average of the area.",
    ),
    "detail.factor_sector": (
        "Faktor: rata-rata sel-sel sektor, ditimbang menurut risikonya. Catatan dan jam di sini "
        "dijumlahkan atas seluruh sektor.",
        "Factors: mean over the sector's cells, weighed by risk. Records and hours here are summed "
        "over the whole sector.",
    ),
    "detail.fraction": (
        "Pecahan seperti 1,1 catatan: catatan yang tempatnya hanya setingkat desa dibagi atas "
        "sel-sel desanya.",
        "A fraction such as 1.1 records: a record whose place is known to its village only is "
        "shared by the village's cells.",
    ),
    "reason_of.nearest": ("{reason} (sel terdekat)", "{reason} (nearest cell)"),
    "reason_of.highest": ("{reason} (sel tertinggi)", "{reason} (highest cell)"),
    "detail.records": ("Catatan terakhir ({n})", "Last records ({n})"),
    "detail.no_records": ("Belum ada catatan di sini.", "No records here yet."),
    "detail.records_hidden": (
        "Catatan satu per satu hanya tampil bagi tingkat akses terbatas.",
        "Single records show for the restricted tier only.",
    ),
    "detail.effort": ("Upaya patroli dan catatan, 52 pekan", "Patrol effort and records, 52 weeks"),
    "detail.effort_note": (
        "Atas: kejadian tercatat. Bawah: jam patroli.",
        "Above: recorded events. Below: hours of patrol.",
    ),
    "detail.no_effort": (
        "Belum terpantau: tidak ada upaya patroli tercatat dalam 52 pekan.",
        "Not observed: no patrol effort was recorded in 52 weeks.",
    ),
    "detail.last_visit": ("Terakhir dipantau {n} pekan lalu.", "Last watched {n} weeks ago."),
    "detail.clear": ("Tutup rincian", "Close details"),
    "record.date": ("Tanggal", "Date"),
    "record.type": ("Jenis", "Type"),
    "record.agency": ("Instansi", "Agency"),
    "record.precision": ("Ketelitian lokasi", "Location precision"),
    "record.persons": ("Orang", "Persons"),
    "record.id": ("Nomor catatan", "Record"),
    "precision.gps": ("titik GPS", "GPS point"),
    "precision.landmark": ("penanda, dusun", "landmark, hamlet"),
    "precision.desa": ("desa", "village"),
    "precision.kecamatan": ("kecamatan", "sub-district"),
    "precision.kabupaten": ("kabupaten", "district"),
    "precision.unknown": ("tidak diketahui", "unknown"),
    # reasons, with their number and (where it may not be told) without
    "reason.recent_here": (
        "{value} catatan di sini dalam 8 pekan",
        "{value} records here in 8 weeks",
    ),
    "reason.recent_near": (
        "{value} catatan di sekitarnya dalam 8 pekan",
        "{value} records around it in 8 weeks",
    ),
    "reason.past_here": (
        "{value} catatan di sini dalam 52 pekan",
        "{value} records here in 52 weeks",
    ),
    "reason.past_near": (
        "{value} catatan di sekitarnya dalam 52 pekan",
        "{value} records around it in 52 weeks",
    ),
    "reason.region": (
        "sekitar {value} catatan dalam jarak ±25 km, 52 pekan",
        "about {value} records within ±25 km, 52 weeks",
    ),
    "reason.border": ("{value} km dari batas negara", "{value} km from the border"),
    "reason.village": ("{value} km dari desa terdekat", "{value} km from the nearest village"),
    "reason.town": (
        "{value} km dari kota terdekat di Sarawak",
        "{value} km from the nearest town in Sarawak",
    ),
    "reason.post": ("{value} km dari pos terdekat", "{value} km from the nearest post"),
    "reason.terrain": ("beda tinggi medan {value} m", "terrain relief {value} m"),
    "reason.patrol": ("{value} jam patroli dalam 12 pekan", "{value} patrol hours in 12 weeks"),
    "reason_name.recent_here": ("catatan di sini, 8 pekan", "records here, 8 weeks"),
    "reason_name.recent_near": ("catatan di sekitarnya, 8 pekan", "records around it, 8 weeks"),
    "reason_name.past_here": ("catatan di sini, 52 pekan", "records here, 52 weeks"),
    "reason_name.past_near": ("catatan di sekitarnya, 52 pekan", "records around it, 52 weeks"),
    "reason_name.region": ("catatan di kawasan ±25 km", "records in the region, ±25 km"),
    "reason_name.border": ("jarak ke batas negara", "distance to the border"),
    "reason_name.village": ("desa dan penduduk di sekitar", "villages and people around"),
    "reason_name.town": ("jarak ke kota", "distance to towns"),
    "reason_name.post": ("jarak ke pos", "distance to posts"),
    "reason_name.terrain": ("medan dan hutan", "terrain and forest"),
    "reason_name.season": (
        "musim: Ramadan, Lebaran, akhir tahun",
        "season: Ramadan, Eid, year's end",
    ),
    "reason_name.patrol": ("upaya patroli", "patrol effort"),
    "reason_name.other": ("hal lain", "other things"),
    # charts
    "chart.title": ("Catatan dan upaya per pekan", "Records and effort per week"),
    "chart.note": (
        "Lonjakan catatan sering mengikuti lonjakan patroli: bandingkan kedua baris.",
        "A jump in records often follows a jump in patrols: compare the two rows.",
    ),
    "chart.quarters": (
        "Catatan: rata-rata per pekan dari triwulan yang sudah lewat; pekan sesudahnya dan yang "
        "kecil disamarkan.",
        "Records: the mean per week of quarters that are over; the weeks since and what is small "
        "are hidden.",
    ),
    "chart.week": ("Pekan mulai", "Week from"),
    "chart.events": ("Kejadian", "Events"),
    "chart.hours": ("Jam patroli", "Patrol hours"),
    # downloads
    "download.title": ("Unduh", "Download"),
    "download.note": (
        "Setiap berkas memuat versi, lisensi, dan catatan penanganan. GeoJSON terbuka di QGIS.",
        "Every file carries versions, licence and handling note. GeoJSON opens in QGIS.",
    ),
}
