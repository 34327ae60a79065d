"""Every sentence of the pages beside the map: key -> (Indonesian, English)."""

PAGES: dict[str, tuple[str, str]] = {
    # how good is it
    "quality.intro": (
        "Model diuji pada {periods} masa lalu: setiap kali ia hanya melihat data sebelum masa itu, "
        "lalu perkiraannya dibandingkan dengan {events} kejadian yang sungguh tercatat.",
        "The model was tested on {periods} past periods: each time it saw only earlier data, and "
        "its forecast was compared with {events} events that were then recorded.",
    ),
    "quality.loses": (
        "Pada uji ini model **kalah** dari: {baselines}. Pakailah peta ini dengan hati-hati.",
        "In this test the model **loses** to: {baselines}. Use this map with care.",
    ),
    "quality.ties": (
        "Pada uji ini, menurut perolehan informasi, model **setara** dengan: {baselines}.",
        "In this test, by information gain, the model is **level with**: {baselines}.",
    ),
    "quality.wins": (
        "Pada uji ini, menurut perolehan informasi, model lebih baik daripada semua pembanding: "
        "{baselines}.",
        "In this test, by information gain, the model beats every baseline: {baselines}.",
    ),
    "quality.paired": (
        "Selisih terhadap yang terdekat, “{baseline}”: {ahead} nat per kejadian, selang "
        "berpasangan 95 % {lo} sampai {hi} (masa uji yang sama, bootstrap).",
        "Lead over the closest, “{baseline}”: {ahead} nats per event, paired 95% interval {lo} to "
        "{hi} (the same test periods, bootstrap).",
    ),
    "quality.words": (
        "Jika {n} % wilayah dipatroli menurut peta ini, {mine} dari 100 kejadian jatuh di "
        "dalamnya.",
        "If {n}% of the area is patrolled by this map, {mine} of 100 events fall inside.",
    ),
    "quality.words_rival": (
        "Menurut pembanding yang menangkap terbanyak, “{name}”: {theirs}; {verdict} (selisih "
        "berpasangan {ahead}, selang 95 % {lo} sampai {hi}). Secara acak: {n}.",
        "By the baseline that catches most, “{name}”: {theirs}; {verdict} (paired difference "
        "{ahead}, 95% interval {lo} to {hi}). At random: {n}.",
    ),
    "quality.more_caught": ("lebih banyak daripada pembanding", "more than the baseline"),
    "quality.level": ("setara", "level"),
    "quality.fewer": ("lebih sedikit daripada pembanding", "fewer than the baseline"),
    "quality.words_shared": (
        "Menurut pembanding yang menangkap terbanyak, “{name}”: {theirs}.",
        "By the rival that catches most, “{name}”: {theirs}.",
    ),
    "quality.periods_hidden": (
        "Bagian kejadian yang tertangkap pada satu pengujian disamarkan untuk hak akses Anda: "
        "jumlah kejadian beberapa pekan dapat dihitung darinya.",
        "Which share of events a single test caught is hidden from your access right: the number "
        "of events of a few weeks could be solved from it.",
    ),
    "quality.share_hidden": (
        "Berapa bagian kejadian yang tertangkap oleh {n} % wilayah disamarkan: pengujian ini "
        "memuat terlalu sedikit kejadian.",
        "Which share of events {n} % of the area caught is hidden: these tests hold too few "
        "events.",
    ),
    "quality.counts_hidden": (
        "Diuji pada {periods} masa lalu. Berapa kejadian yang diperkirakan dan yang tercatat di "
        "seluruh wilayah disamarkan untuk hak akses Anda.",
        "Tested on {periods} past periods. How many events were expected and recorded in the "
        "whole area is hidden from your access right.",
    ),
    "quality.calibration": (
        "Diperkirakan {expected} kejadian, tercatat {observed}: {verdict}.",
        "{expected} events were expected, {observed} were recorded: {verdict}.",
    ),
    "quality.verdict_good": ("jumlahnya cocok", "the totals agree"),
    "quality.verdict_high": ("perkiraan terlalu tinggi", "the forecast was too high"),
    "quality.verdict_low": ("perkiraan terlalu rendah", "the forecast was too low"),
    "quality.kept": (
        "Daftar titik rawan: dari uji ke uji (tiap {weeks} pekan) {mine} % dari {n} % sel teratas "
        "tetap; pada KDE yang lebih berat ke yang baru {theirs} %.",
        "The list of hotspots: from test to test (every {weeks} weeks) {mine}% of the top {n}% of "
        "cells stay; with KDE weighing recent events more, {theirs}%.",
    ),
    "quality.stays": (
        "Sejak pekan lalu tetap {share} % sel titik rawan dan {stayed} dari {n} sektor.",
        "Since last week, {share}% of the hotspot cells and {stayed} of {n} sectors stay.",
    ),
    "quality.caveat": (
        "Yang diuji adalah kejadian **tercatat**. Tempat yang tidak pernah didatangi petugas tidak "
        "dapat menambah nilai maupun menguranginya.",
        "What is tested are **recorded** events. Places that no officer ever visits can neither "
        "raise nor lower the score.",
    ),
    "quality.chart": (
        "Kejadian yang tertangkap menurut cakupan patroli",
        "Events caught, by patrol coverage",
    ),
    "quality.axis_coverage": ("Cakupan, % wilayah", "Coverage, % of the area"),
    "quality.axis_hit": ("Kejadian tertangkap", "Events caught"),
    "quality.table": ("Angka untuk analis", "Figures for the analyst"),
    "quality.model": ("Model", "Model"),
    "quality.hit": ("Tertangkap @{n} %", "Hit rate @{n}%"),
    "quality.pai": ("PAI @5 %", "PAI @5%"),
    "quality.pei": ("PEI @5 %", "PEI @5%"),
    "quality.over_time": (
        "Tertangkap per masa uji, cakupan {n} %",
        "Caught per test, coverage {n}%",
    ),
    "quality.over_time_note": (
        "Garis tebal: model ini. Garis tipis: {name}.",
        "Thick line: this model. Thin line: {name}.",
    ),
    "quality.hit_corrected": ("Tertangkap @5 %, dikoreksi", "Hit rate @5%, corrected"),
    "quality.hit_raw": ("@5 %, menurut catatan", "@5%, as recorded"),
    "quality.ig_corrected": ("Perolehan informasi, dikoreksi", "Information gain, corrected"),
    "quality.ig_raw": ("Menurut catatan (nat/kejadian)", "As recorded (nats/event)"),
    "quality.expected_share": ("Diperkirakan : tercatat", "Expected : recorded"),
    "quality.corrected_note": (
        "Dikoreksi: dinilai menurut tempat orang memang melihat pada masa itu, yaitu apa yang peta "
        "tambahkan pada pengetahuan ke mana patroli pergi. Menurut catatan: apa adanya, yang "
        "menguntungkan peta yang menunjuk ke tempat patroli biasa pergi. Dalam kurung: selang "
        "95 %.",
        "Corrected: judged given where people looked in that time: what the map adds to knowing "
        "where patrols went. As recorded: as it came, which favours a map that points to where "
        "patrols go anyway. In brackets: the 95% interval.",
    ),
    "quality.public": (
        "Mesin yang sama pada kejadian nyata di tempat lain, tanpa data upaya; nat per kejadian, "
        "pembanding terbaik dalam kurung: {told}.",
        "The same engine on real events elsewhere, without effort data; nats an event, the best "
        "baseline in brackets: {told}.",
    ),
    "public.piracy_seasia": ("perompakan di Asia Tenggara", "piracy in South-East Asia"),
    "public.medellin_homicide": ("pembunuhan di Medellín", "homicide in Medellín"),
    "public.cincinnati_burglary": ("pembobolan di Cincinnati", "burglary in Cincinnati"),
    "quality.more": ("Ukuran lain", "Other measures"),
    "card.title": ("Kartu model", "Model card"),
    "card.take": ("Unduh kartu (markdown)", "Download the card (markdown)"),
    "card.method": ("Cara kerja", "How it works"),
    "card.method_text": (
        "- Tiap catatan dibagi ke sel heksagon menurut ketelitian tempatnya, per pekan.\n"
        "- Risiko = kejadian yang akan tercatat bila semua tempat dilihat penuh; peluang tercatat "
        "ditaksir dari upaya patroli.\n"
        "- Ingatan atas kejadian di sekitar (beberapa jarak dan lama) dicampur menurut "
        "kecocokannya, lalu diperbaiki pohon keputusan dan regresi dengan letak, musim, dan "
        "patroli.\n"
        "- Semua ukuran dipilih dari data lampau; tiap uji hanya memakai data sebelum masa uji.\n"
        "- Bila kalah dari pembanding sederhana, peta memakai pembanding itu dan mengatakannya.",
        "- Each record is shared out to hexagon cells by the precision of its place, by week.\n"
        "- Risk = events that full looking would put on record; the chance of being recorded is "
        "estimated from patrol effort.\n"
        "- Memories of events around (several distances and ages) are mixed by how well they fit, "
        "then bent by decision trees and a regression on place, season and patrols.\n"
        "- Every size is chosen from the past; each test uses only data from before it.\n"
        "- Where it loses to a simple baseline, the map uses that baseline and says so.",
    ),
    "card.tests": ("Hasil uji", "Test results"),
    "card.intervals": ("Selang", "Intervals"),
    "card.intervals_text": (
        "Selang tiap sel dimaksudkan memuat {share} dari 100 nilai sebenarnya. Lebarnya ditaksir "
        "dari masa uji; bila upaya patroli diketahui, bagian yang tak tampak pada catatan "
        "ditambahkan dari dunia rekaan.",
        "The interval of each cell is meant to hold {share} of 100 true values. Its width comes "
        "from the tests; where patrol effort is known, what records cannot show is added from "
        "invented worlds.",
    ),
    "card.contested": (
        "Skor yang sedang disanggah analis: {n}.",
        "Scores that analysts contest at the moment: {n}.",
    ),
    "card.purpose": ("Untuk apa.", "What for."),
    "card.purpose_text": (
        "Memilih tempat dan pekan bagi patroli yang terbatas, bersama pengetahuan setempat.",
        "Choosing places and weeks for limited patrols, together with local knowledge.",
    ),
    "card.not": ("Bukan untuk.", "Not for."),
    "card.not_text": (
        "Menilai orang, kampung, atau kelompok; menghentikan atau memeriksa siapa pun; bukti dalam "
        "perkara; menghukum petugas karena angka di wilayahnya.",
        "Judging people, villages or groups; stopping or searching anybody; evidence in a case; "
        "blaming officers for the figures of their district.",
    ),
    "card.limits": ("Batasnya.", "Its limits."),
    "card.object": ("Keberatan.", "Objections."),
    "card.object_text": (
        "Skor yang keliru disanggah di rincian sel atau sektor, dengan alasan dan batas waktu. "
        "Catatan yang salah, tempat yang keliru, atau akibat yang merugikan warga: sampaikan "
        "kepada walidata dengan nomor penilaian di kaki halaman. Catatan dapat dikoreksi atau "
        "ditarik, dan penilaian berikutnya memakai yang benar.",
        "A wrong score is contested in the details of its cell or sector, with a reason and an "
        "end. A wrong record, a wrong place, or harm to residents: tell the data steward, with the "
        "assessment number at the foot of the page. Records can be corrected or withdrawn, and the "
        "next assessment uses what is right.",
    ),
    "card.data": ("Dari catatan ke model", "From records to the model"),
    "card.events": ("Catatan yang ada", "Records there are"),
    "card.told_twice": ("kejadian sama dari instansi lain", "same event told by another agency"),
    "card.not_for_the_model": (
        "tidak untuk model (administrasi, tempat kasar)",
        "not for the model (administrative, coarse place)",
    ),
    "card.outside_the_area": ("di luar wilayah", "outside the area"),
    "card.outside_the_weeks": ("di luar rentang waktu", "outside the period"),
    "card.in_the_model": ("Kejadian di dalam model", "Events in the model"),
    "card.counts_hidden": (
        "Jumlah catatan provinsi tidak ditampilkan pada hak akses ini.",
        "The province's record counts are not shown with these rights.",
    ),
    "card.span": ("Belajar dari {first} s.d. {last}.", "Learned from {first} to {last}."),
    "card.patrols": ("Koreksi menurut patroli", "Correction for patrols"),
    "card.corrected": (
        "Catatan bergantung pada siapa yang melihat. Ditaksir dari data ini sendiri:",
        "Records depend on who looked. Estimated from these very data:",
    ),
    "card.uncorrected": (
        "Tidak ada upaya patroli yang dikenal, jadi tidak ada yang dikoreksi.",
        "No patrol effort is known, so nothing is corrected.",
    ),
    "card.hour": (
        "satu jam di satu sel menemukan {share} % dari yang terjadi di sana",
        "one hour in a cell finds {share}% of what happens there",
    ),
    "card.error": (
        "Tingkat keseluruhan dapat meleset ±{share} %; selang sudah memuatnya.",
        "The overall level may be off by ±{share}%; the intervals include that.",
    ),
    "mode.patrol": ("Patroli", "Patrol"),
    "mode.ambush": ("Penyergapan", "Ambush"),
    "mode.post_shift": ("Jaga pos", "Post shift"),
    "mode.other": ("Cara lain", "Other ways"),
    "quality.none": (
        "Penilaian ini belum memuat hasil uji.",
        "This assessment holds no test results yet.",
    ),
    "quality.used": ("dipakai di peta", "used on the map"),
    "quality.horizon": (
        "Diuji untuk perkiraan selama {weeks}.",
        "Tested for forecasts of {weeks}.",
    ),
    "model.count": ("jumlah kejadian lalu", "past counts"),
    "model.kde": ("kepadatan kejadian (KDE)", "event density (KDE)"),
    "model.decayed_kde": ("KDE, yang baru lebih berat", "KDE, recent weighs more"),
    "model.etas": ("kejadian memicu kejadian (ETAS)", "events trigger events (ETAS)"),
    "model.pool": ("model ini", "this model"),
    "model.boosted": ("bagian model: pohon keputusan", "part of it: decision trees"),
    "model.mixture": ("bagian model: campuran ingatan", "part of it: mixture of memories"),
    "model.glm": ("bagian model: regresi", "part of it: regression"),
    "model.kernels": (
        "bagian model: hanya kejadian, tanpa upaya patroli",
        "part of it: events alone, without patrol effort",
    ),
    "model.uniform": ("memilih acak (peta rata)", "choosing at random (flat map)"),
    # data
    "data.agency": ("Instansi", "Agency"),
    "data.records": ("Catatan", "Records"),
    "data.note": (
        "Yang tercatat bukan semua yang terjadi. Alamat kantor, data asal, dan data administrasi "
        "tidak masuk ke peta sel.",
        "What is recorded is not all that occurs. Office addresses, origins and administrative "
        "data do not feed the cell map.",
    ),
    "data.versions": ("Versi", "Versions"),
    "data.field.id": ("Penilaian", "Assessment"),
    "data.field.created_at": ("Dihitung", "Computed"),
    "data.field.cutoff": ("Data sampai dengan", "Data up to"),
    "data.field.data_version": ("Versi data", "Data version"),
    "data.field.model_version": ("Versi model", "Model version"),
    "data.field.settings_version": ("Versi setelan", "Settings version"),
    "data.field.chosen_model": ("Model di peta", "Model on the map"),
    "data.field.licence": ("Lisensi", "Licence"),
    "data.field.handling": ("Penanganan", "Handling"),
    "data.credits": ("Sumber peta dasar", "Base map sources"),
    # help
    "help.what": ("Untuk apa peta ini", "What this map is for"),
    "help.what_text": (
        "Peta ini memperkirakan di mana perlintasan tidak resmi dan perdagangan orang paling "
        "mungkin terjadi pada pekan-pekan mendatang, supaya patroli yang terbatas dikirim ke "
        "tempat yang tepat. Yang dinilai adalah **tempat dan waktu, bukan orang**.",
        "This map forecasts where unofficial crossings and trafficking are most likely in the "
        "coming weeks, so that limited patrols go to the right places. It rates **places and "
        "times, never people**.",
    ),
    "help.read": ("Membaca peta", "Reading the map"),
    "help.read_text": (
        "- **Warna makin kuat** = kejadian yang diperkirakan makin banyak.\n"
        "- **Garis tebal** = titik rawan: sel tertinggi yang muat dalam cakupan patroli.\n"
        "- **Titik-titik di sel** = terpantau dalam 12 pekan. Sel lain belum diperiksa siapa pun; "
        "itu **bukan aman**.\n"
        "- **Garis putus-putus** = batas negara.\n"
        "- **Lingkaran biru** = pos, sebesar ketidakpastian letaknya.",
        "- **Stronger colour** = more events expected.\n"
        "- **Thick outline** = hotspot: the highest cells that fit into the patrol coverage.\n"
        "- **Dots in a cell** = watched in 12 weeks. Nobody looked into the others; that is "
        "**not safe**.\n"
        "- **Dashed line** = the border.\n"
        "- **Blue circle** = a post, as wide as its position is uncertain.",
    ),
    "help.steps": ("Langkah tiap Senin", "Every Monday"),
    "help.steps_text": (
        "1. Lihat tanggal data di atas peta. Lebih dari sepekan? Tanyakan walidata.\n"
        "2. Pilih kabupaten dan kecamatan Anda di panel **Saring**.\n"
        "3. Setel **Cakupan patroli** sesuai jumlah regu.\n"
        "4. Klik sektor teratas. Baca alasan dan catatannya; cocokkan dengan keadaan setempat.\n"
        "5. Sisihkan sebagian patroli untuk tempat yang **belum terpantau**.\n"
        "6. Unduh sektor, atau salin alamat halaman untuk berbagi tampilan yang sama.\n"
        "7. Di **Rencana patroli**, buat rencana pekan depan, ubah seperlunya, lalu setujui.",
        "1. Check the data date above the map. Older than a week? Ask the data steward.\n"
        "2. Choose your district and sub-district in the **Filter** panel.\n"
        "3. Set **Patrol coverage** to the number of your teams.\n"
        "4. Click the top sector. Read its reasons and records; compare with local knowledge.\n"
        "5. Keep part of the patrols for places **not observed**.\n"
        "6. Download the sectors, or copy the page address to share the same view.\n"
        "7. On **Patrol plan**, make next week's plan, change it where needed, then approve.",
    ),
    "help.limits": ("Yang tidak dapat dilakukan peta ini", "What this map cannot do"),
    "help.limits_text": (
        "- Ia belajar dari yang **tercatat**. Jalur yang tak pernah dipantau tak dikenalnya.\n"
        "- Angkanya perkiraan. Bacalah selalu bersama selangnya.\n"
        "- Perlintasan keluarga dan dagang sehari-hari bukan sasaran.\n"
        "- Keputusan tetap pada manusia.",
        "- It learns from what was **recorded**. It does not know paths nobody ever watched.\n"
        "- Its figures are forecasts. Always read them with their interval.\n"
        "- Everyday family and trade crossings are not a target.\n"
        "- Decisions stay with people.",
    ),
    "help.keys": ("Tanpa tetikus", "Without a mouse"),
    "help.keys_text": (
        "Tekan **Tab** sampai daftar sektor, pilih baris dengan **panah** dan **Enter**. Semua isi "
        "peta ada di daftar dan rinciannya.",
        "Press **Tab** to reach the list of sectors, choose a row with the **arrow keys** and "
        "**Enter**. Everything on the map is in the list and its details.",
    ),
}
