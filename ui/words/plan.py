"""Every sentence of the patrol plan: its page, its orders, its papers."""

PLAN: dict[str, tuple[str, str]] = {
    "page.plan": ("Rencana patroli", "Patrol plan"),
    "day.mon": ("Sen", "Mon"),
    "day.tue": ("Sel", "Tue"),
    "day.wed": ("Rab", "Wed"),
    "day.thu": ("Kam", "Thu"),
    "day.fri": ("Jum", "Fri"),
    "day.sat": ("Sab", "Sat"),
    "day.sun": ("Min", "Sun"),
    "mode.foot": ("jalan kaki", "on foot"),
    "mode.motorbike": ("sepeda motor", "motorbike"),
    "mode.boat": ("perahu", "boat"),
    # what to do there
    "action.patrol": ("Patroli", "Patrol"),
    "action.outreach": ("Penyuluhan warga", "Outreach to residents"),
    "action.safe_migration_desk": ("Meja migrasi aman", "Safe-migration desk"),
    "action.shelter_referral": ("Rujukan rumah aman", "Shelter referral"),
    "action.checkpoint": ("Pos pemeriksaan", "Checkpoint"),
    "rule.patrol": (
        "Patroli: tindakan biasa; tidak ada alasan untuk tindakan lain.",
        "Patrol: the usual action; nothing speaks for another.",
    ),
    "rule.outreach": (
        "Penyuluhan: desa dalam 2,5 km, atau jarang dikunjungi dan desa dalam 5 km.",
        "Outreach: a village within 2.5 km, or seldom visited with one within 5 km.",
    ),
    "rule.safe_migration_desk": (
        "Meja migrasi aman: paling sedikit 60 % arah keluar dan desa dalam 2,5 km.",
        "Safe-migration desk: at least 60% outbound and a village within 2.5 km.",
    ),
    "rule.shelter_referral": (
        "Rujukan: paling sedikit 60 % arah masuk dan pos dalam 10 km.",
        "Referral: at least 60% inbound and a post within 10 km.",
    ),
    "rule.checkpoint": (
        "Pos pemeriksaan: pos lintas batas dalam 5 km.",
        "Checkpoint: a border post within 5 km.",
    ),
    "plan.rule_overruled": (
        "Kaidah menyarankan {action}; diubah oleh orang.",
        "The rule suggests {action}; a person changed it.",
    ),
    # short words
    "plan.h": ("j", "h"),
    "plan.team": ("Regu", "Team"),
    "plan.night": ("malam", "night"),
    "plan.sector": ("Sektor", "Sector"),
    "plan.closed": ("Hari tutup", "Closed days"),
    "plan.before": ("3 pekan lalu", "Last 3 weeks"),
    "plan.guard": ("Paling lama", "At most"),
    "plan.planned": ("Direncanakan", "Planned"),
    "plan.never_seen": ("belum pernah dikunjungi", "never visited"),
    "plan.seen_now": ("dikunjungi pekan ini", "visited this week"),
    "plan.seen_ago": ("kunjungan terakhir: {n} pekan lalu", "last visit: {n} wk ago"),
    "plan.on_map": ("{code} di peta: {sectors}.", "{code} on the map: {sectors}."),
    "plan.on_map_one": ("sektor {code} (urutan {rank})", "sector {code} (rank {rank})"),
    "plan.on_map_none": (
        "{code} di peta: tanpa titik rawan.",
        "{code} on the map: without a hotspot.",
    ),
    "plan.on_map_note": (
        "Di rencana, sektor adalah heksagon tetap yang dihitung utuh untuk satu pekan; di peta, "
        "sektor adalah kelompok titik rawan untuk {weeks}. Karena itu angkanya berlainan.",
        "In the plan a sector is a fixed hexagon, counted whole and for one week; on the map it is "
        "a group of hotspots for {weeks}. That is why their figures differ.",
    ),
    "plan.about_sector": (
        "Perkiraan {risk} kejadian sepekan ({lo}–{hi}); {seen}; peluang kunjungan {chance} %.",
        "Expected {risk} events a week ({lo}–{hi}); {seen}; chance of a visit {chance}%.",
    ),
    # the page without a plan, and making one
    "plan.none": (
        "Belum ada rencana. Pilih pekan, lalu tekan Buat rencana: komputer mengusulkan, manusia "
        "yang menyetujui.",
        "No plan yet. Choose a week and press Make a plan: the computer proposes, a person "
        "approves.",
    ),
    "plan.none_yours": (
        "Belum ada rencana. Perencana gugus tugas membuatnya; perintah untuk wilayah Anda tampil "
        "di sini.",
        "No plan yet. The planner of the task force makes it; the orders for your area appear "
        "here.",
    ),
    "plan.closed_tier": (
        "Rencana patroli memuat tempat dan jam regu. Hanya tingkat akses terbatas yang boleh "
        "melihatnya; mintalah kepada walidata gugus tugas.",
        "Patrol plans tell where teams are and when. Only the restricted tier may see them; ask "
        "the data steward of the task force.",
    ),
    "plan.closed_expired": (
        "Hak akses Anda sudah berakhir; mintalah yang baru kepada walidata gugus tugas.",
        "Your right has expired; ask the data steward of the task force for a new one.",
    ),
    "plan.make_title": ("Buat rencana baru", "Make a new plan"),
    "plan.week": ("Pekan", "Week"),
    "plan.week_of": ("{first} – {last}", "{first} – {last}"),
    "plan.roster": ("Daftar regu", "Roster"),
    "plan.roster_own": ("Dari pengaturan", "From the settings"),
    "plan.roster_invented": ("Regu contoh (DATA SINTETIS)", "Invented teams (SYNTHETIC DATA)"),
    "plan.roster_upload": ("Unggah berkas", "Upload a file"),
    "plan.roster_file": ("Daftar regu, TOML atau CSV", "Roster, TOML or CSV"),
    "plan.roster_help": (
        "Regu, pos, jam, kendaraan, hari libur; hari pasar dan tempat yang dibiarkan. Contohnya "
        "di docs/plan.md.",
        "Teams, posts, hours, vehicles, days off; market days and places to leave alone. An "
        "example is in docs/plan.md.",
    ),
    "plan.seed": ("Angka acak", "Seed"),
    "plan.seed_help": (
        "0: acak baru setiap kali. Angka yang sama memberi rencana yang sama.",
        "0: drawn anew each time. The same number gives the same plan.",
    ),
    "plan.make": ("Buat rencana", "Make a plan"),
    "plan.step_state": (
        "Menyiapkan jalan dan sektor …",
        "Laying out ways and sectors …",
    ),
    "plan.step_solve": (
        "Mencari rencana terbaik dan mengundi (biasanya kurang dari semenit) …",
        "Looking for the best plan and drawing one (usually less than a minute) …",
    ),
    "plan.step_keep": ("Menyimpan sebagai draf …", "Keeping it as a draft …"),
    "plan.made": (
        "Rencana dibuat: {n} perintah untuk {teams} regu. Periksa, ubah bila perlu, lalu setujui.",
        "Plan made: {n} orders for {teams} teams. Check it, change it where needed, then approve.",
    ),
    "plan.problem": ("Tidak dapat dilakukan:", "This cannot be done:"),
    "plan.choose": ("Rencana", "Plan"),
    "plan.option": (
        "Pekan {week} · {status} · versi {version} · {at}",
        "Week of {week} · {status} · version {version} · {at}",
    ),
    "plan.status_draft": ("draf", "draft"),
    "plan.status_edited": ("diubah", "edited"),
    "plan.status_approved": ("disetujui", "approved"),
    "plan.status_signed": ("ditandatangani", "signed"),
    "plan.status_withdrawn": ("ditarik", "withdrawn"),
    "plan.status_in_force": ("ditandatangani, BERLAKU", "signed, IN FORCE"),
    "plan.line_draft": (
        "DRAF versi {version}, dibuat {by}, {when}. Belum disetujui.",
        "DRAFT version {version}, made by {by}, {when}. Not approved yet.",
    ),
    "plan.line_edited": (
        "DRAF versi {version}, diubah {by}, {when}. Belum disetujui.",
        "DRAFT version {version}, edited by {by}, {when}. Not approved yet.",
    ),
    "plan.line_approved": (
        "Disetujui {by}, {when} (versi {version}). Belum ditandatangani.",
        "Approved by {by}, {when} (version {version}). Not signed yet.",
    ),
    "plan.line_signed": (
        "Ditandatangani {by}, {when} (versi {version}).",
        "Signed by {by}, {when} (version {version}).",
    ),
    "plan.line_withdrawn": (
        "DITARIK oleh {by}, {when} (versi {version}). Tidak berlaku.",
        "WITHDRAWN by {by}, {when} (version {version}). Not in force.",
    ),
    "plan.in_force": (
        "Rencana ini yang berlaku pada pekannya.",
        "This is the plan in force in its week.",
    ),
    "plan.other_in_force": (
        "Pada pekan ini yang berlaku rencana lain: ditandatangani {by}, {when}.",
        "Another plan is in force in this week: signed by {by}, {when}.",
    ),
    "plan.none_in_force": (
        "Belum ada rencana yang berlaku pada pekan ini: belum ada yang ditandatangani.",
        "No plan is in force in this week yet: none is signed.",
    ),
    "plan.sign_replaces": (
        "Rencana yang berlaku sekarang pada pekan ini (ditandatangani {by}, {when}) akan ditarik.",
        "The plan now in force in this week (signed by {by}, {when}) will be withdrawn.",
    ),
    "plan.sign_reason": ("Alasan (boleh kosong)", "Reason (may be left empty)"),
    "plan.stale": (
        "Rencana ini dari penilaian lama. Ada penilaian yang lebih baru: buat rencana lagi.",
        "This plan is of an older assessment. There is a newer one: make the plan again.",
    ),
    "plan.past": (
        "Pekan rencana ini sudah lewat. Bandingkan dengan yang dilaksanakan.",
        "The week of this plan is over. Compare it with what was done.",
    ),
    "plan.risk_same": (
        "Rencana untuk {days}; risikonya perkiraan untuk hari yang sama.",
        "A plan for {days}; its risk is the forecast for the same days.",
    ),
    "plan.risk_of": (
        "Rencana untuk {days}; risikonya perkiraan untuk {given}. Masukkan data "
        "terbaru dan hitung ulang agar keduanya sama.",
        "A plan for {days}; its risk is the forecast for {given}. Bring newer data and "
        "assess again to make them the same.",
    ),
    "plan.partial": (
        "Anda melihat perintah di wilayah Anda saja; jalan regu tidak ditampilkan.",
        "You see the orders in your area alone; the ways of teams are not shown.",
    ),
    "plan.no_orders": (
        "Tidak ada perintah di wilayah Anda dalam rencana ini.",
        "This plan has no order in your area.",
    ),
    "plan.wrong_closed": (
        "{n} perintah mengunjungi sektor pada hari yang ditutup (misalnya hari pasar): {orders}.",
        "{n} orders visit a sector on a day it is closed (a market day, say): {orders}.",
    ),
    "plan.wrong_turn": (
        "{n} sektor yang wajib atau mendapat giliran tidak dikunjungi lagi: {orders}.",
        "{n} sectors that must be visited or have their turn are not visited any more: {orders}.",
    ),
    "plan.wrong_dosage": (
        "{n} sektor mendapat lebih lama daripada batas patroli berlebihan: {orders}.",
        "{n} sectors get more than the over-patrol guard allows: {orders}.",
    ),
    "plan.breach_closed_short": (
        "Perhatian: kunjungan pada hari yang ditutup.",
        "Caution: a visit on a closed day.",
    ),
    "plan.breach_dosage_short": (
        "Perhatian: lebih lama daripada batas patroli berlebihan.",
        "Caution: longer than the over-patrol guard allows.",
    ),
    # figures
    "plan.fact_met": ("Perkiraan kejadian ditemui", "Events expected to be met"),
    "plan.fact_met_rest": (
        "selang 80 %: {lo} sampai {hi}",
        "80% interval: {lo} to {hi}",
    ),
    "plan.fact_met_help": (
        "Kejadian sepekan yang diperkirakan ditemui regu pada jam ini. Selangnya dari selang "
        "risiko semua sel yang dikunjungi.",
        "Events of the week that teams are expected to meet with these hours. Its interval "
        "follows from those of all the cells visited.",
    ),
    "plan.fact_hours": ("Jam regu terpakai", "Team hours used"),
    "plan.fact_hours_rest": (
        "{ground} j di tempat, {way} j di jalan",
        "{ground} h on the ground, {way} h on the way",
    ),
    "plan.fact_hours_help": (
        "Jam yang ada = di tempat + di jalan + tidak terpakai.",
        "Hours there are = on the ground + on the way + unused.",
    ),
    "plan.fact_shifts": ("Perintah", "Orders"),
    "plan.fact_shifts_value": ("{n} perintah, {teams} regu", "{n} orders, {teams} teams"),
    "plan.fact_shifts_rest": (
        "{sectors} sektor dikunjungi, {explore} di antaranya jarang dilihat",
        "{sectors} sectors visited, {explore} of them seldom seen",
    ),
    "plan.fact_shifts_help": (
        "Sebagian jam disisihkan untuk tempat yang lama tidak dikunjungi.",
        "A share of the hours is kept for places not visited for long.",
    ),
    "plan.fact_worth": ("Nilai rencana ini", "What this plan is worth"),
    "plan.fact_worth_value": ("{share} dari nilai tertinggi", "{share} of the bound"),
    "plan.fact_worth_rest": (
        "tidak ada rencana di atas {bound}; peluang kunjungan paling kecil {floor} %",
        "no plan is above {bound}; least chance of a visit {floor}%",
    ),
    "plan.fact_worth_help": (
        "Batas: tidak ada rencana dengan jam yang sama yang bernilai lebih. Anggaran di bawah "
        "menyebut ke mana selisihnya.",
        "The bound: no plan with the same hours is worth more. The budget below says where the "
        "rest goes.",
    ),
    "plan.budget": ("Anggaran nilai", "Budget of worth"),
    "plan.budget_step": ("Langkah", "Step"),
    "plan.budget_change": ("Perubahan, kejadian sepekan", "Change, events a week"),
    "plan.budget_value": ("Sesudahnya", "After it"),
    "plan.budget_share": ("Dari nilai tertinggi", "Of the bound"),
    "plan.budget_bound": (
        "Batas: tidak ada rencana yang bernilai lebih",
        "Bound: no plan is worth more",
    ),
    "plan.budget_exploring": (
        "Menjajaki tempat yang lama tidak dilihat, dan yang wajib",
        "Exploring places long unseen, and those that must be",
    ),
    "plan.budget_search": (
        "Yang belum ditemukan: rencana terbaik yang diketahui",
        "Not found: the best plan known",
    ),
    "plan.budget_turns": ("Giliran bagi setiap sektor", "Turns for every sector"),
    "plan.budget_chance": (
        "Tidak dapat ditebak: rata-rata rencana acak",
        "Cannot be foreseen: mean of the draw",
    ),
    "plan.budget_draw": ("Kebetulan: yang terundi", "Chance: the one drawn"),
    "plan.budget_edits": ("Diubah dengan tangan", "Changed by hand"),
    "plan.budget_this": ("RENCANA INI", "THIS PLAN"),
    "plan.budget_note": (
        "Setiap langkah dihitung untuk rencana ini dan jumlahnya tepat. Nilai: kejadian sepekan "
        "menurut risiko yang dipakai rencana; tempat yang lama tidak dilihat dinilai lebih tinggi.",
        "Each step was computed for this plan and they add up exactly. Worth: events a week by "
        "the risk the plan uses; places long unseen count more.",
    ),
    "plan.paper_worth": (
        "Nilai rencana: tertinggi {bound}; {steps}; rencana ini {value} = {share} dari nilai "
        "tertinggi.",
        "Worth of the plan: bound {bound}; {steps}; this plan {value} = {share} of the bound.",
    ),
    "plan.short_exploring": ("menjajaki", "exploring"),
    "plan.short_search": ("belum ditemukan", "not found"),
    "plan.short_turns": ("giliran", "turns"),
    "plan.short_chance": ("tak tertebak", "unforeseeable"),
    "plan.short_draw": ("acak", "draw"),
    "plan.short_edits": ("tangan", "by hand"),
    "plan.fact_team": ("Satu regu lagi", "One more team"),
    "plan.fact_team_value": ("≤ {value} kejadian", "≤ {value} events"),
    "plan.fact_team_rest": ("sepekan, paling banyak di {post}", "a week, most at {post}"),
    "plan.fact_team_help": (
        "Paling banyak sekian yang ditambahkan satu regu: hasil makin turun bila jam bertambah.",
        "What one more team adds at most: returns fall as hours grow.",
    ),
    # parts
    "plan.part": ("Bagian", "Part"),
    "plan.part_orders": ("Perintah", "Orders"),
    "plan.part_figures": ("Angka dan aturan", "Figures and rules"),
    "plan.part_history": ("Riwayat", "History"),
    "plan.part_done": ("Pelaksanaan", "What was done"),
    # orders
    "plan.timetable": ("Jadwal regu", "Timetable"),
    "plan.timetable_alt": (
        "Jadwal: satu baris per regu, satu kolom per hari. Pilih satu isian untuk membuka "
        "perintahnya.",
        "Timetable: one row per team, one column per day. Choose a field to open its order.",
    ),
    "plan.timetable_note": (
        "☾ malam · ◇ tempat yang jarang dilihat · ⚑ angkanya dibantah analis · kosong: istirahat. "
        "Klik satu isian, atau pilih perintah di bawah.",
        "☾ night · ◇ a place seldom seen · ⚑ its figures are contested · empty: rest. Click a "
        "field, or choose an order below.",
    ),
    "plan.all_teams": ("Semua regu", "All teams"),
    "plan.order": ("Perintah", "Order"),
    "plan.colour": ("Warna sektor", "Colour of sectors"),
    "quantity.chance": ("Peluang kunjungan", "Chance of a visit"),
    "quantity.planned": ("Waktu direncanakan", "Time planned"),
    "plan.chance_0": ("di bawah 10 %", "below 10%"),
    "plan.chance_1": ("10–25 %", "10–25%"),
    "plan.chance_2": ("25–50 %", "25–50%"),
    "plan.chance_3": ("50–90 %", "50–90%"),
    "plan.chance_4": ("90 % ke atas", "90% and more"),
    "plan.minutes_0": ("tidak pekan ini", "not this week"),
    "plan.minutes_1": ("sampai 2 jam", "up to 2 h"),
    "plan.minutes_2": ("2–4 jam", "2–4 h"),
    "plan.minutes_3": ("4–8 jam", "4–8 h"),
    "plan.minutes_4": ("di atas 8 jam", "over 8 h"),
    "plan.legend_way": ("jalan regu (perkiraan)", "ways of teams (estimated)"),
    "plan.legend_order": ("perintah terpilih", "chosen order"),
    "plan.legend_note": (
        "Peluang: seberapa sering sektor dikunjungi bila rencana diacak. Jalan adalah perkiraan "
        "lewat tengah sel, bukan jalan sebenarnya.",
        "Chance: how often a sector is visited when plans are drawn. Ways are estimates through "
        "centres of cells, no real roads.",
    ),
    "plan.map_alt": (
        "Peta rencana: {n} sektor diwarnai menurut {quantity}, jalan regu, dan pos. Isinya juga "
        "ada di jadwal.",
        "Map of the plan: {n} sectors coloured by {quantity}, ways of teams, posts. The timetable "
        "holds the same.",
    ),
    "plan.tooltip": (
        "Peluang kunjungan {chance} %\nDirencanakan {planned} ({visits} kunjungan)",
        "Chance of a visit {chance}%\nPlanned {planned} ({visits} visits)",
    ),
    "plan.out_back": (
        "{day}, berangkat {start}, kembali {back}; jalan {way}, di tempat {stay}",
        "{day}, out {start}, back {back}; on the way {way}, on the ground {stay}",
    ),
    "plan.why": ("Mengapa di sini", "Why here"),
    "plan.why_value": (
        "Tanpa perintah ini pekan itu kehilangan {value} kejadian yang diperkirakan ditemui.",
        "Without this order the week loses {value} of the events expected to be met.",
    ),
    "plan.why_explore": (
        "Tempat yang jarang dilihat: risikonya belum pasti, maka dilihat.",
        "A place seldom seen: its risk is not certain, so somebody looks.",
    ),
    "plan.why_elsewhere": (
        "Yang tidak didapat: jam yang sama di {place} akan memberi {value}.",
        "Given up: the same hours at {place} would bring {value}.",
    ),
    "plan.why_elsewhere_unnamed": (
        "Yang tidak didapat: jam yang sama di tempat lain akan memberi {value}.",
        "Given up: the same hours elsewhere would bring {value}.",
    ),
    "plan.why_nowhere": (
        "Tidak ada tempat lain dalam jangkauan yang menambah sesuatu.",
        "Nowhere else in reach adds anything.",
    ),
    "plan.why_chance": (
        "Peluang kunjungan di sini {chance} %: diacak, agar tidak dapat ditebak.",
        "Chance of a visit here {chance}%: drawn, so that it cannot be foreseen.",
    ),
    "plan.why_always": (
        "Ada di semua rencana acak; hari dan jamnya diacak.",
        "In every plan of the draw; its day and hour are drawn.",
    ),
    "plan.next_hour": (
        "Satu jam lagi di sini bernilai sekitar {value} kejadian.",
        "One more hour here is worth about {value} events.",
    ),
    "plan.others": ("Pilihan lain: {actions}.", "Also on the menu: {actions}."),
    "plan.closed_on": ("Tutup: {days}.", "Closed: {days}."),
    "plan.not_visited": (
        "{place}: tidak dikunjungi pekan ini. {about}",
        "{place}: not visited this week. {about}",
    ),
    # editing
    "plan.edit": ("Ubah perintah ini", "Change this order"),
    "plan.edit_day": ("Hari", "Day"),
    "plan.edit_start": ("Berangkat", "Start"),
    "plan.edit_minutes": ("Menit di {place}", "Minutes at {place}"),
    "plan.edit_action": ("Tindakan di {place}", "Action at {place}"),
    "plan.edit_note": ("Catatan untuk {place}", "Note for {place}"),
    "plan.edit_drop": ("Hapus kunjungan ke {place}", "Drop the visit to {place}"),
    "plan.edit_place": ("Urutan {place}", "Place in the shift of {place}"),
    "plan.edit_add": ("Tambah kunjungan", "Add a visit"),
    "plan.edit_add_none": ("tidak ada", "none"),
    "plan.edit_add_help": (
        "Sektor calon rencana ini, yang terdekat dari kunjungan terakhir lebih dahulu: jarak "
        "lurus, nilai satu jam lagi di sana, dan waktu yang tersisa.",
        "Candidate sectors of this plan, nearest to the last stop first: straight distance, what "
        "one more hour there is worth, and the time that is left.",
    ),
    "plan.edit_add_option": (
        "{place} · {km} km · +{value} sejam, sisa {left}",
        "{place} · {km} km · +{value} an hour, {left} left",
    ),
    "plan.edit_add_after": ("Sesudah kunjungan ke-", "After visit number"),
    "plan.edit_add_minutes": ("Menit di sana", "Minutes there"),
    "plan.try": ("Lihat akibatnya", "See the effect"),
    "plan.effect": ("Akibat, belum disimpan", "Effect, not saved"),
    "plan.effect_what": ("Apa", "What"),
    "plan.effect_now": ("Sekarang", "Now"),
    "plan.effect_then": ("Sesudahnya", "After"),
    "plan.effect_value": ("Nilai rencana, kejadian sepekan", "Worth of the plan, events a week"),
    "plan.effect_met": ("Kejadian yang ditemui", "Events met"),
    "plan.effect_share": ("Dari nilai tertinggi", "Of the bound"),
    "plan.effect_ground": ("Jam di tempat", "Hours on the ground"),
    "plan.effect_travel": ("Jam di jalan", "Hours on the way"),
    "plan.effect_order": ("Perintah ini", "This order"),
    "plan.effect_wrong": ("Melanggar yang dijaga rencana", "Against what the plan keeps"),
    "plan.effect_gone": ("dihapus seluruhnya", "dropped as a whole"),
    "plan.reason": ("Alasan perubahan", "Reason for the change"),
    "plan.reason_help": (
        "Disimpan bersama rencana. Sebut tempat dan keadaan, jangan nama orang.",
        "Kept with the plan. Name places and circumstances, no persons.",
    ),
    "plan.save": ("Simpan sebagai versi baru", "Save as a new version"),
    "plan.need_reason": ("Tulis dahulu alasannya.", "Give the reason first."),
    "plan.no_change": ("Belum ada yang diubah.", "Nothing was changed."),
    "plan.did_edit": ("Versi {version} tersimpan.", "Version {version} was saved."),
    "plan.teams_note": (
        "Waktu jalan dihitung lagi dari pos dan kendaraan regu yang dipilih.",
        "Times on the way are found anew from the post and by the vehicle of the team chosen.",
    ),
    # approving
    "plan.approve": ("Setujui", "Approve"),
    "plan.sign": ("Tandatangani …", "Sign …"),
    "plan.sign_note": (
        "Ditandatangani atas nama {user}. Sesudah itu rencana tertutup dan tidak dapat diubah.",
        "Signed in the name of {user}. After that the plan is closed and cannot be changed.",
    ),
    "plan.sign_now": ("Tandatangani sebagai {user}", "Sign as {user}"),
    "plan.did_approve": (
        "Disetujui oleh {user}, versi {version}.",
        "Approved by {user}, version {version}.",
    ),
    "plan.did_sign": (
        "Ditandatangani oleh {user}, versi {version}. Rencana tertutup.",
        "Signed by {user}, version {version}. The plan is closed.",
    ),
    # files
    "plan.take": ("Bawa", "Take along"),
    "plan.file_pdf": ("Lembar regu (PDF)", "Team sheets (PDF)"),
    "plan.file_csv": ("CSV", "CSV"),
    "plan.file_ics": ("Kalender", "Calendar"),
    "plan.file_gpx": ("GPX", "GPX"),
    "plan.file_kml": ("KML", "KML"),
    # figures and rules
    "plan.rivals": ("Satu demi satu, terbaik, acak", "One by one, best, random"),
    "plan.rivals_note": (
        "Semua dengan regu, jam, dan aturan yang sama. Selisih terbaik dan acak adalah harga "
        "agar rencana tidak dapat ditebak dan semua sektor mendapat giliran.",
        "All with the same teams, hours and rules. What lies between best and drawn is the price "
        "of a plan that cannot be foreseen and of a turn for every sector.",
    ),
    "plan.rival": ("Cara", "Way of planning"),
    "plan.rival_greedy": ("dipilih satu demi satu", "chosen one after the other"),
    "plan.rival_best": ("terbaik, dihitung sekaligus", "best, all weighed at once"),
    "plan.rival_mixed": ("campuran, rata-rata rencana acak", "mixed, mean of the draw"),
    "plan.rival_drawn": ("acak: rencana ini", "drawn: this plan"),
    "plan.rival_share": ("Dari nilai tertinggi", "Of the bound"),
    "plan.rival_sectors": ("Sektor", "Sectors"),
    "plan.rival_hours": ("Jam di tempat", "Hours on the ground"),
    "plan.rival_explore": ("Jarang dilihat", "Seldom seen"),
    "plan.groups": ("Regu menurut pos", "Teams by post"),
    "plan.group": ("Pos dan kendaraan", "Post and vehicle"),
    "plan.group_teams": ("Regu", "Teams"),
    "plan.group_shifts": ("Giliran", "Shifts"),
    "plan.group_more": ("Satu regu lagi, paling banyak", "One more team, at most"),
    "plan.guards": ("Yang dibiarkan dan dibatasi", "Left alone and limited"),
    "plan.guards_note": (
        "Hari pasar dan jalur panen bukan sasaran: melintas sehari-hari itu sah. Sektor yang baru "
        "banyak dipatroli mendapat lebih sedikit.",
        "Market days and harvest paths are no targets: everyday crossings are lawful. A sector "
        "that was patrolled much lately gets less.",
    ),
    "plan.guards_none": (
        "Tidak ada hari tutup, dan tidak ada sektor yang mencapai batasnya.",
        "No closed days, and no sector reaches its limit.",
    ),
    "plan.figures_hidden": (
        "Angka seluruh rencana hanya untuk yang melihat seluruh wilayah.",
        "Figures of the whole plan are for those who see the whole area.",
    ),
    # history
    "plan.version": ("Versi", "Version"),
    "plan.state": ("Keadaan", "State"),
    "plan.by": ("Oleh", "By"),
    "plan.at": ("Waktu", "When"),
    "plan.for": ("Alasan", "Reason"),
    "plan.reason_made": ("dibuat", "made"),
    "plan.reason_approved": ("disetujui", "approved"),
    "plan.reason_signed": ("ditandatangani", "signed"),
    "plan.reason_replaced": (
        "digantikan rencana lain yang ditandatangani",
        "replaced by another plan that was signed",
    ),
    "plan.back_title": ("Kembali ke versi sebelumnya", "Back to an earlier version"),
    "plan.back_note": (
        "Perintah versi itu menjadi versi baru; yang di antaranya tetap tersimpan.",
        "The orders of that version become a new version; what lies between is kept.",
    ),
    "plan.back": ("Kembali ke versi ini", "Back to this version"),
    "plan.did_back": (
        "Perintah versi {earlier} menjadi versi {version}.",
        "The orders of version {earlier} became version {version}.",
    ),
    "plan.is_signed": (
        "Rencana ini sudah ditandatangani: tertutup.",
        "This plan is signed: it is closed.",
    ),
    "plan.is_withdrawn": (
        "Rencana ini sudah ditarik: tertutup dan tidak berlaku.",
        "This plan is withdrawn: it is closed and not in force.",
    ),
    # plan against done
    "plan.done_intro": (
        "Rencana dibandingkan dengan yang dilaksanakan pekan itu.",
        "The plan beside what was done in that week.",
    ),
    "plan.done_source": ("Dari mana", "From where"),
    "plan.done_store": ("Patroli yang sudah tercatat", "Patrols on record"),
    "plan.done_file": ("Unggah GPX atau berkas upaya", "Upload GPX or a file of effort"),
    "plan.done_form": ("Isi formulir", "Fill in a form"),
    "plan.done_upload": ("Lintasan regu pekan itu", "Tracks of that week"),
    "plan.done_upload_note": (
        "Berkas ini hanya dibandingkan, tidak disimpan. Agar ikut penilaian berikutnya, bawa juga "
        "di halaman Data.",
        "This file is compared and not kept. To count in the next assessment, bring it on the "
        "page Data as well.",
    ),
    "plan.done_minutes": ("Menit dilaksanakan", "Minutes done"),
    "plan.done_finds": ("Temuan", "Finds"),
    "plan.compare": ("Bandingkan", "Compare"),
    "plan.done_coverage": ("Sektor rencana dikunjungi", "Planned sectors visited"),
    "plan.done_dosage": ("Menit rencana terpenuhi", "Planned minutes done"),
    "plan.done_hours": ("Jam dilaksanakan", "Hours done"),
    "plan.done_hours_rest": (
        "{share} % di sektor rencana",
        "{share}% in planned sectors",
    ),
    "plan.done_found": ("Temuan", "Finds"),
    "plan.done_found_rest": (
        "diperkirakan {expected}; dengan sebaran jam lama {usual}",
        "{expected} expected; {usual} with hours spread as before",
    ),
    "plan.done_few": (
        "Temuan satu pekan sedikit dan banyak ditentukan kebetulan: satu pekan tidak membuktikan "
        "rencana baik atau buruk. Baca tabel ini untuk beberapa pekan.",
        "The finds of one week are few and largely chance: one week proves no plan good or bad. "
        "Read this table over several weeks.",
    ),
    "plan.done_kind": ("Sektor", "Sectors"),
    "plan.done_planned": ("direncanakan", "planned"),
    "plan.done_unplanned": ("tidak direncanakan", "not planned"),
    "plan.done_explore": ("jarang dilihat", "seldom seen"),
    "plan.done_known": ("sudah dikenal", "known"),
    "plan.done_visited": ("Dikunjungi", "Visited"),
    "plan.done_rate": ("Temuan per jam", "Finds per hour"),
    "plan.done_expected": ("Diperkirakan", "Expected"),
    "plan.done_outside": (
        "{minutes} di luar wilayah tidak dihitung.",
        "{minutes} outside the area were left out.",
    ),
    "plan.done_others": (
        "Berkas ini juga memuat pekan lain, dalam {days}; itu tidak dihitung di sini.",
        "This file also holds other weeks, within {days}; they are not counted here.",
    ),
    "plan.done_whole": (
        "Perbandingan hanya untuk yang melihat seluruh rencana.",
        "The comparison is for those who see the whole plan.",
    ),
    # papers
    "plan.paper_title": ("Perintah patroli, {week}", "Patrol orders, {week}"),
    "plan.paper_team": ("Perintah patroli: {team}", "Patrol orders: {team}"),
    "plan.paper_facts": (
        "{shifts} perintah, {nights} di antaranya malam; {stay} di tempat.",
        "{shifts} orders, {nights} of them at night; {stay} on the ground.",
    ),
    "plan.paper_map": (
        "Jalan diperkirakan lewat tengah sel; jalan dan sungai sebenarnya bisa lain.",
        "Ways are estimated through centres of cells; real roads and rivers may differ.",
    ),
    "plan.col_day": ("Hari", "Day"),
    "plan.col_out": ("Berangkat–kembali", "Out–back"),
    "plan.col_there": ("Di tempat", "There"),
    "plan.col_where": ("Di mana", "Where"),
    "plan.col_stay": ("Lama", "Stay"),
    "plan.col_what": ("Tindakan", "Action"),
    "plan.paper_use": (
        "Perintah ini menunjuk tempat dan waktu, bukan orang, dan bukan alasan menghentikan siapa "
        "pun. Melintas sehari-hari untuk keluarga dan dagang itu sah.",
        "These orders name places and times, no persons, and are no ground for stopping anybody. "
        "Everyday crossing for family and trade is lawful.",
    ),
    "plan.paper_back": (
        "Catat jam di tempat dan temuan, bawa lintasan GPX pulang.",
        "Note the hours on the ground and the finds, and bring the GPX track back.",
    ),
    "plan.paper_leader": ("Komandan regu", "Team leader"),
    "plan.pack_title": (
        "Perintah patroli {week}, {status}",
        "Patrol orders {week}, {status}",
    ),
    # what is unusual about a plan that is to be approved
    "plan.approve_odd": ("Setujui … ({n} peringatan)", "Approve … ({n} warnings)"),
    "plan.approve_still": ("Tetap setujui sebagai {user}", "Approve all the same as {user}"),
    "plan.odd_title": ("Yang tidak biasa pada rencana ini:", "What is unusual about this plan:"),
    "plan.odd_reason": ("Alasan tetap menyetujui (wajib)", "Reason to approve it (needed)"),
    "plan.odd_mandatory": (
        "{n} sektor wajib tidak dikunjungi: {places}.",
        "{n} sectors that must be visited are not: {places}.",
    ),
    "plan.odd_nights": (
        "{n} regu mendapat terlalu banyak malam, atau terlalu sedikit istirahat sesudah malam: "
        "{teams}.",
        "{n} teams have too many nights, or too little rest after a night: {teams}.",
    ),
    "plan.odd_old": (
        "Data berakhir {days} hari sebelum pekan ini, atau sudah ada penilaian yang lebih baru.",
        "The data end {days} days before this week, or there is a newer assessment.",
    ),
    "plan.odd_contested": (
        "{n} sektor yang dikunjungi dibantah seorang analis: {places}.",
        "{n} sectors to be visited are contested by an analyst: {places}.",
    ),
    "plan.odd_unused": (
        "{share} jam regu tidak terpakai ({hours} jam).",
        "{share} of the teams' hours are unused ({hours} hours).",
    ),
    "plan.odd_wrong": (
        "{n} pelanggaran hari tutup, batas lama patroli atau giliran.",
        "{n} breaches of closed days, of the over-patrol guard or of turns.",
    ),
    "plan.order_contested": (
        "Seorang analis membantah angka di sini: {places}.",
        "An analyst contests the figures here: {places}.",
    ),
    # a move with two clicks, a stop from the map
    "plan.teams_shown": (
        "{n} regu; gulir tabel untuk melihat semuanya",
        "{n} teams; scroll the table to see them all",
    ),
    "plan.days": ("Hari yang tampak", "Days shown"),
    "plan.whole_week": ("Sepekan", "Whole week"),
    "plan.moving": ("Pindahkan perintah yang dipilih", "Move the chosen order"),
    "plan.moving_note": (
        "Klik hari dan regu tujuan: akibatnya tampak di bawah tabel sebelum disimpan.",
        "Click the day and team it goes to: what that would do is shown below before it is kept.",
    ),
    "plan.asked_move": ("{order} → {team}, {day}", "{order} → {team}, {day}"),
    "plan.asked_stop": ("{order}: tambah {place}", "{order}: add {place}"),
    "plan.let_be": ("Batal, biarkan seperti semula", "Cancel, leave it as it was"),
    "plan.undo": ("Urungkan perubahan terakhir", "Undo the last change"),
    "plan.undo_reason": ("perubahan terakhir diurungkan", "the last change was undone"),
    "plan.add_here": ("Tambahkan {place} ke {order}", "Add {place} to {order}"),
}
