"""Why a step was refused: a plan, a roster, an override, a run: told.<key> -> (id, en)."""

REFUSED: dict[str, tuple[str, str]] = {
    # imports, twins and overrides
    "told.no_import": (
        "tidak ada impor {number}; lihat daftarnya",
        "no import {number}; see the list with: kalbar-risk status",
    ),
    "told.undone_already": (
        "impor {number} sudah diurungkan pada {at}",
        "import {number} was undone already, at {at}",
    ),
    "told.import_number": (
        "impor disebut dengan nomornya, bukan “{given}”",
        "an import is named by its number, got '{given}'",
    ),
    "told.no_event": ("tidak ada kejadian {events}", "no event {events} in the store"),
    "told.nothing_received": ("belum ada yang diterima", "nothing was received yet"),
    "told.override_value": (
        "nilainya salah satu dari {known}, bukan “{given}”",
        "value is one of {known}, got '{given}'",
    ),
    "told.override_past": (
        "sanggahan berakhir di masa depan, bukan {day}",
        "an override ends in the future, got {day}",
    ),
    "told.override_long": (
        "sanggahan berlaku paling lama {weeks} pekan, bukan sampai {day}",
        "an override lasts at most {weeks} weeks, got an end on {day}",
    ),
    "told.override_number": (
        "sanggahan disebut dengan nomornya, bukan “{given}”",
        "an override is named by its number, got '{given}'",
    ),
    "told.no_override": (
        "tidak ada sanggahan {number} yang berlaku",
        "no override {number} in force; see: kalbar-risk override list",
    ),
    # the store
    "told.no_assessment": (
        "belum ada penilaian; jalankan kalbar-risk assess",
        "no assessment yet; write it with: kalbar-risk assess",
    ),
    "told.no_such_assessment": (
        "tidak ada penilaian “{name}”",
        "no assessment '{name}'; see the list with: kalbar-risk status",
    ),
    "told.no_data_version": (
        "versi data “{version}” tidak pernah ada",
        "the store never had data version '{version}'",
    ),
    "told.version_erased": (
        "versi data {version} tidak dapat diulang: impor {numbers} sudah dihapus",
        "data version {version} cannot be repeated: import {numbers} was erased since",
    ),
    "told.not_undone": (
        "impor {number} belum diurungkan; urungkan dulu, dengan alasan",
        "import {number} is not undone; undo it first, with a reason",
    ),
    "told.erased_already": (
        "impor {number} sudah dihapus pada {at}",
        "import {number} was erased already, at {at}",
    ),
    "told.sentence_kind": (
        "kalimat adalah salah satu dari {known}, bukan “{given}”",
        "a sentence is of one of {known}, got '{given}'",
    ),
    "told.sentence_name": (
        "kalimat {of} disebut dengan: {by}",
        "the sentence of {of} is named by {by}",
    ),
    "told.no_sentence": (
        "tidak ada kalimat untuk {of} {names}",
        "no sentence is kept for {of} {names}",
    ),
    "told.version_number": (
        "versi disebut dengan nomornya, bukan “{given}”",
        "a version is a number, got '{given}'",
    ),
    "told.backup_damaged": ("cadangan ini rusak", "the backup is damaged"),
    "told.no_backup": ("tidak ada cadangan di {path}", "no backup at {path}"),
    "told.backup_columns": (
        "cadangan ini memuat kolom yang tidak dikenal: {columns}",
        "the backup has columns this program does not know: {columns}",
    ),
    "told.backup_rows": (
        "cadangan ini rusak: {table} berisi {n} baris, seharusnya {expected}",
        "the backup is damaged: {table} has {n} rows, expected {expected}",
    ),
    "told.no_backup_file": (
        "bukan cadangan program ini",
        "is not a backup of this program",
    ),
    "told.backup_format": (
        "bentuk cadangannya “{given}”, seharusnya “{expected}”",
        "has format '{given}', expected '{expected}'",
    ),
    "told.backup_newer": (
        "ditulis oleh program yang lebih baru (skema {version}; program ini mengenal {known})",
        "was written by a newer program (schema {version}, this one knows {known})",
    ),
    "told.store_filled": (
        "penyimpanan tidak kosong ({table}); pulihkan cadangan ke penyimpanan yang baru",
        "the store is not empty ({table}); restore the backup into a new one",
    ),
    "told.store_newer": (
        "penyimpanan memakai skema {version}, program ini mengenal {known}; pakai program yang "
        "lebih baru",
        "the store has schema version {version}, this program knows {known}; use the newer program",
    ),
    "told.store_url": (
        "alamat penyimpanan tidak dikenal; tulis sqlite:///folder/store.sqlite atau "
        "postgresql://user@host/name",
        "the store's url is not understood; expected sqlite:///folder/store.sqlite or "
        "postgresql://user@host/name",
    ),
    # assessing and back-testing
    "told.nothing_feeds": (
        "belum ada kejadian yang dapat dipakai model: perlu catatan dengan peran lokasi “tempat "
        "kejadian” dan sebuah titik atau desa",
        "no event may feed the model yet: it needs records with location_role 'occurred' and a "
        "point or desa; bring a file with: kalbar-risk ingest FILE",
    ),
    "told.none_inside": (
        "tidak satu pun dari {n} kejadian terletak di wilayah kerja; benarkah wilayahnya?",
        "none of {n} events lies in the study area; is it the right area?",
    ),
    "told.all_future": (
        "semua catatan bertanggal di masa depan; benarkah jam mesin ini?",
        "every record is dated in the future; is the clock of this machine right?",
    ),
    "told.weeks_few": (
        "{weeks} pekan catatan terlalu sedikit untuk menguji {ahead} pekan ke depan; perlu paling "
        "sedikit setahun",
        "{weeks} weeks of records are too few for a test at {ahead} weeks ahead; at least a year "
        "is needed",
    ),
    "told.periods_empty": (
        "tidak ada kejadian dalam {n} masa uji untuk {ahead} pekan ke depan; perlu lebih banyak "
        "catatan sebelum ramalannya dapat dipercaya",
        "no event in the {n} past periods tested at {ahead} weeks ahead; more records are needed "
        "before a forecast can be trusted",
    ),
    "told.nothing_to_learn": (
        "tidak ada kejadian untuk dipelajari sebelum pekan ke-{week}",
        "no event to learn from before week {week} of the history",
    ),
    "told.periods_few": (
        "{full} masa penuh dari {days} hari tidak cukup untuk menguji {n}",
        "{full} full periods of {days} days cannot test {n}",
    ),
    "told.no_events_file": (
        "berkas ini tidak memuat kejadian",
        "a file of events is expected",
    ),
    "told.no_points": (
        "tidak ada kejadian dengan titik dan waktu untuk diuji",
        "no event with a point and a time to test on",
    ),
    "told.effort_elsewhere": (
        "tidak ada upaya di sel kejadiannya; tempat lain?",
        "no effort in the cells of the events; another place?",
    ),
    "told.effort_little": (
        "upaya terlalu sedikit, atau kurang dari 20 catatan sebelum {day}; uji tanpa upaya",
        "too little effort, or fewer than 20 records before {day}, to tell how well looking finds; "
        "back-test without it",
    ),
    # plans
    "told.effort_expected": (
        "berkas ini tidak memuat upaya patroli atau lintasan",
        "a file of effort or tracks is expected",
    ),
    "told.no_plan": (
        "belum ada rencana",
        "no plan yet; make one with: kalbar-risk plan make",
    ),
    "told.no_such_plan": (
        "tidak ada rencana “{plan}”",
        "no plan '{plan}'; see the list with: kalbar-risk plan list",
    ),
    "told.no_version": (
        "rencana {plan} punya versi 1 sampai {last}, bukan {version}",
        "plan {plan} has versions 1 to {last}, got {version}",
    ),
    "told.plan_old": (
        "rencana ini dibuat sebelum nilainya dapat dihitung lagi; buat rencana sekali lagi",
        "this plan was made before values could be found anew: make it once more",
    ),
    "told.not_earlier": (
        "kembali hanya ke versi sebelum {version}, bukan {given}",
        "one goes back to a version before {version}, got {given}",
    ),
    "told.no_name": (
        "rencana diubah dan disetujui oleh orang yang dikenal; masuk dahulu",
        "a plan is changed, approved and signed by somebody: give a name",
    ),
    "told.changed_by": (
        "rencana ini baru saja diubah oleh {by} (versi {newest}, Anda mengubah versi {version}); "
        "muat ulang halaman, lalu ulangi",
        "the plan was changed meanwhile by {by}: this is version {version}, the newest is "
        "{newest}; read it again",
    ),
    "told.changed_meanwhile": (
        "rencana ini baru saja diubah (versi {version}); muat ulang halaman, lalu ulangi",
        "the plan was changed meanwhile; version {version} exists: read it again",
    ),
    "told.no_such_step": (
        "rencana dalam keadaan ini ({status}) tidak dapat menjadi {given}, hanya {allowed}; muat "
        "ulang halaman",
        "a plan that is {status} can become {allowed}, not {given}",
    ),
    "told.plan_format": (
        "rencana ditulis sebagai {known}, bukan “{given}”",
        "a plan is written as {known}, got '{given}'",
    ),
    "told.cells_other": (
        "penilaian dibuat untuk sel yang lain; jalankan penilaian lagi",
        "the assessment was made on other cells than the settings name; assess anew",
    ),
    "told.no_roster": (
        "siapa yang dapat berangkat? Unggah daftar regu, atau sebut di pengaturan",
        "who can go out? name a roster: [plan] roster in config.toml or --roster",
    ),
    "told.no_monday": (
        "rencana dimulai hari Senin, bukan {day}",
        "a plan begins on a Monday, {day} is none",
    ),
    "told.no_visit": (
        "tidak ada kunjungan yang muat: sektor dalam jangkauan sudah mencapai batas patrolinya, "
        "atau waktunya habis di jalan",
        "no visit fits: the sectors in reach had all their hours, or none leaves time to stay",
    ),
    "told.no_order_for": ("tidak ada perintah untuk regu {team}", "no order for team {team}"),
    "told.no_orders": ("rencana {plan} tidak punya perintah", "plan {plan} has no order"),
    "told.done_elsewhere": (
        "belum ada patroli tercatat pada pekan {day}; yang tercatat: {first} s.d. {last}",
        "nothing was recorded as done in the week of {day}; there are the days of {first} to "
        "{last}",
    ),
    "told.done_in_file": (
        "berkas ini tidak memuat pekan {day}; isinya: {first} s.d. {last}",
        "the file holds nothing of the week of {day}; it holds the days of {first} to {last}",
    ),
    "told.odd_plan": (
        "ada {n} hal yang tidak biasa pada rencana ini; menyetujuinya perlu alasan",
        "{n} things about this plan are unusual; approving it needs a reason",
    ),
    "told.nothing_done": (
        "belum ada patroli tercatat pada pekan {day}",
        "nothing was recorded as done in the week of {day}",
    ),
    "told.no_sector": (
        "tidak ada sektor {sectors} di wilayah ini",
        "no sector {sectors} in the area",
    ),
    "told.cells_both": (
        "{n} sel dilarang sekaligus diwajibkan, misalnya {cell}",
        "{n} cells are forbidden and mandatory, e.g. {cell}",
    ),
    "told.none_in_reach": (
        "tidak ada sektor dalam jangkauan regu mana pun",
        "no sector is in reach of any team",
    ),
    "told.no_way_known": (
        "tidak ada jalan yang dikenal ke {place}",
        "no way is known to {place}",
    ),
    "told.no_way": (
        "tidak ada jalan dari {start} ke {end} dengan {mode}",
        "no way leads from {start} to {end} by {mode}",
    ),
    "told.posts_outside": (
        "pos di luar wilayah kerja: {posts}",
        "posts outside the study area: {posts}",
    ),
    "told.no_file": ("tidak ada berkas ini", "there is no such file"),
    "told.csv_broken": (
        "tidak terbaca sebagai CSV; simpan lagi sebagai CSV UTF-8",
        "not readable as CSV; save it again as CSV in UTF-8",
    ),
    "told.form_columns": (
        "harus punya kolom sector, minutes, dan bila ada finds",
        "columns sector, minutes and optionally finds are expected",
    ),
    "told.form_number": (
        "{column} adalah angka mulai 0 (baris {lines})",
        "{column} is a number from 0 (lines {lines})",
    ),
    # a change of orders
    "told.no_stop": (
        "tidak ada perintah {order} dengan kunjungan {stop}",
        "no order {order} with stop {stop}",
    ),
    "told.no_order_left": (
        "tidak ada perintah yang tersisa; kembalilah ke versi sebelumnya",
        "no order is left: restore an earlier version instead",
    ),
    "told.sector_twice": (
        "{order}: satu giliran mengunjungi sebuah sektor sekali",
        "{order}: a shift visits a sector once",
    ),
    "told.no_team": (
        "tidak ada regu {team} dalam daftar rencana ini",
        "no team {team} in the roster of this plan",
    ),
    "told.stay_impossible": (
        "{order}: menit di tempat harus di atas 0 dan paling banyak {most}, bukan {minutes}",
        "{order}: stay_minutes is above 0 and at most {most}, got {minutes}",
    ),
    "told.no_sector_here": (
        "{order}: {sector} bukan sektor rencana ini",
        "{order}: {sector} is no sector of this plan",
    ),
    "told.shift_long": (
        "{order} menjadi {minutes} menit, padahal satu giliran {most} menit",
        "{order} takes {minutes} minutes, its shift has {most}",
    ),
    "told.action_by_night": (
        "{order}: {action} hanya antara pukul {first} dan {last}; pilih patroli atau jam lain",
        "{order}: {action} is ordered between {first} and {last} only: choose a patrol or another "
        "hour",
    ),
    "told.team_twice": (
        "regu {team} berada di dua tempat: {first} dan {second}",
        "team {team} is in two places: {first} and {second}",
    ),
    # rosters
    "told.no_roster_file": (
        "tidak ada daftar regu di {name}; tulis seperti contoh di docs/plan.md",
        "no roster at {name}; write one as docs/plan.md shows",
    ),
    "told.roster_ending": (
        "daftar regu berakhiran .toml atau .csv",
        "a roster ends in .toml or .csv",
    ),
    "told.roster_encoding": ("harus teks UTF-8", "UTF-8 text expected"),
    "told.roster_toml": (
        "TOML tidak terbaca; bandingkan dengan contoh di docs/plan.md",
        "is not readable TOML; compare it with the example in docs/plan.md",
    ),
    "told.roster_table": ("bagian [{name}] tidak dikenal", "unknown table [{name}]"),
    "told.roster_empty": (
        "perlu paling sedikit satu [[team]]",
        "at least one [[team]] is needed",
    ),
    "told.roster_no_team": (
        "tidak ada regu; baris pertama menyebut {known}",
        "no team; the first line names {known}",
    ),
    "told.team_id_twice": ("nomor regu ganda: {teams}", "team_id given twice: {teams}"),
    "told.cell_both": (
        "{cells} dilarang sekaligus diwajibkan",
        "{cells} is both forbidden and mandatory",
    ),
    "told.no_invented_post": (
        "tidak ada tempat untuk pos contoh; unggah daftar regu",
        "no cell near a border and a village to invent a post in; bring a roster",
    ),
    "told.team_no_table": ("regu {team} bukan tabel", "team {team} is not a table"),
    "told.team_unknown": (
        "regu {team}: kunci tidak dikenal: {keys}",
        "team {team}: unknown key {keys}",
    ),
    "told.team_missing": ("regu {team}: belum ada {keys}", "team {team}: missing {keys}"),
    "told.team_text": (
        "regu {team}: {name} harus teks, bukan {given}",
        "team {team}: {name} is a text, got {given}",
    ),
    "told.team_number": (
        "regu {team}: {name} harus angka, bukan {given}",
        "team {team}: {name} is a number, got {given}",
    ),
    "told.team_bool": (
        "regu {team}: {name} harus ya atau tidak, bukan {given}",
        "team {team}: {name} is true or false, got {given}",
    ),
    "told.team_days": (
        "regu {team}: {name} menyebut hari mon, tue, wed, thu, fri, sat, sun, bukan {given}",
        "team {team}: {name} lists weekdays of mon, tue, wed, thu, fri, sat, sun, got {given}",
    ),
    "told.team_place": (
        "regu {team}: {name} antara {low} dan {high}, bukan {given}",
        "team {team}: {name} lies in {low} to {high}, got {given}",
    ),
    "told.team_mode": (
        "regu {team}: kendaraan {given} tidak dikenal; yang dikenal: {known}",
        "team {team}: mode is one of {known}, got {given}",
    ),
    "told.team_shift": (
        "regu {team}: satu giliran 1 sampai 16 jam, bukan {hours}",
        "team {team}: shift_hours is 1 to 16, got {hours}",
    ),
    "told.team_week": (
        "regu {team}: jam sepekan dari satu giliran sampai 112, bukan {hours}",
        "team {team}: hours_per_week is one shift to 112, got {hours}",
    ),
    "told.place_keys": (
        "{place} memuat kunci cell, reason",
        "{place} has the keys cell, reason",
    ),
    "told.place_cell": (
        "{place}: sel {cell} tidak ada di wilayah",
        "{place}: cell {cell} is not in the area",
    ),
    "told.place_reason": ("{place}: isi alasannya", "{place}: a reason is needed"),
    "told.closed_keys": (
        "hari tutup {number} memuat kunci cell atau desa_code, days, reason",
        "closed {number} has the keys cell or desa_code, days, reason",
    ),
    "told.closed_days": (
        "hari tutup {number}: days menyebut hari mon, tue, wed, thu, fri, sat, sun, bukan {given}",
        "closed {number}: days lists weekdays of mon, tue, wed, thu, fri, sat, sun, got {given}",
    ),
    "told.closed_place": (
        "hari tutup {number}: {given} bukan sel atau desa wilayah ini",
        "closed {number}: {given} is no cell or desa of the area",
    ),
    "told.post_outside": (
        "pos regu {teams} di luar wilayah",
        "the post of {teams} lies outside the area",
    ),
    # settings, arguments of a command, and what is asked by address
    "told.setting_section": ("bagian [{name}] tidak dikenal", "unknown section [{name}]"),
    "told.setting_unknown": ("kunci {name} tidak dikenal", "unknown key {name}"),
    "told.setting_missing": ("{name} belum diisi", "{name} is missing"),
    "told.setting_form": (
        "{name} adalah {form}, bukan {given}",
        "{name} is {form}, got {given}",
    ),
    "told.setting_least": (
        "{name} paling sedikit {least}, bukan {given}",
        "{name} is at least {least}, got {given}",
    ),
    "told.setting_between": (
        "{name} antara {least} dan {most}, bukan {given}",
        "{name} is {least} to {most}, got {given}",
    ),
    "told.setting_share": (
        "{name} adalah bagian di atas 0 dan paling banyak 1, bukan {given}",
        "{name} is a share above 0 and at most 1, got {given}",
    ),
    "told.setting_positive": ("{name} di atas 0, bukan {given}", "{name} is above 0, got {given}"),
    "told.setting_resolution": (
        "resolution adalah resolusi H3, 0 sampai 10, bukan {given}",
        "resolution is an H3 resolution, 0 to 10, got {given}",
    ),
    "told.setting_zone": (
        "time_zone adalah zona IANA seperti Asia/Makassar, bukan “{given}”",
        "time_zone is an IANA zone like Asia/Makassar, got '{given}'",
    ),
    "told.setting_store_url": (
        "url dimulai dengan sqlite: atau postgresql, bukan “{given}”",
        "url starts with sqlite: or postgresql, got '{given}'",
    ),
    "told.setting_weeks": (
        "horizon_weeks adalah daftar pekan utuh mulai dari 1, bukan {given}",
        "horizon_weeks lists whole weeks from 1, got {given}",
    ),
    "told.setting_minutes": (
        "block_minutes <= min_stop_minutes <= max_sector_minutes, bukan {given}",
        "block_minutes <= min_stop_minutes <= max_sector_minutes, got {given}",
    ),
    "told.setting_proofs": (
        'proofs diminta dari penyedia identitas: isi sign_in = "oidc"',
        'proofs are demanded of a provider: set sign_in = "oidc"',
    ),
    "told.setting_proxy_secret": (
        'proxy_secret dipakai bersama proksi: isi sign_in = "proxy"',
        'proxy_secret is shared with a proxy: set sign_in = "proxy"',
    ),
    "form.whole": ("bilangan bulat", "a whole number"),
    "form.number": ("angka", "a number"),
    "form.text": ("teks", "a text"),
    "form.path": ("nama berkas atau folder", "a path"),
    "form.texts": ("daftar teks", "a list of texts"),
    "form.wholes": ("daftar bilangan bulat", "a list of whole numbers"),
    # the file of users
    "told.user_no_table": (
        "harus berupa tabel berisi {known}",
        "is a table with {known}",
    ),
    "told.user_unknown": (
        "kunci {names} tidak dikenal; yang dikenal: {known}",
        "unknown key {names}; known are {known}",
    ),
    "told.user_missing": ("belum diisi: {names}", "missing: {names}"),
    "told.user_kabupaten": (
        'kabupaten adalah "all" atau daftar kode, bukan {given}',
        'kabupaten is "all" or a list of codes, got {given}',
    ),
    "told.user_kecamatan": (
        "kecamatan adalah daftar kode, bukan {given}",
        "kecamatan is a list of codes, got {given}",
    ),
    "told.user_tokens": (
        "token adalah tabel [[NAMA.tokens]] berisi sha256, name, expires",
        "tokens are tables [[NAME.tokens]] with sha256, name, expires",
    ),
    "told.user_group_token": (
        "kelompok tidak mempunyai token; berikan kepada salah satu anggotanya",
        "a group has no token; give it to one of its members",
    ),
    "told.user_token_unknown": (
        "token: kunci {names} tidak dikenal",
        "token: unknown key {names}",
    ),
    "told.user_token_digest": (
        "token: sha256 terdiri dari 64 angka heksadesimal",
        "token: sha256 is 64 hexadecimal digits",
    ),
    "told.user_expires": (
        "expires adalah tanggal seperti 2027-06-30, bukan “{given}”",
        "expires is a day like 2027-06-30, got '{given}'",
    ),
    "told.table_wrong": ("tabel tidak sesuai skema: {told}", "{told}"),
    "told.store_fails": ("penyimpanan: {told}", "{told}"),
    "told.setting_smtp": (
        "smtp berupa alamat seperti starttls://surat.example.go.id:587, bukan “{given}”",
        "smtp is an address like starttls://surat.example.go.id:587, got '{given}'",
    ),
    "told.setting_mail": (
        "orang diberi tahu lewat surel: sebutkan juga smtp dan sender",
        "people are told by mail: name smtp and sender too",
    ),
    "told.setting_webhook": (
        "webhook berupa alamat seperti https://…, bukan “{given}”",
        "webhook is an address like https://…, got '{given}'",
    ),
    "told.setting_webhook_secret": (
        "webhook ditandatangani: sebutkan berkas webhook_secret",
        "a webhook is signed: name the file of its webhook_secret",
    ),
    "told.people_missing": (
        "tidak ada berkas daftar orang yang diberi tahu",
        "there is no such file of the people who are told",
    ),
    "told.people_table": ("{name} bukan tabel", "{name} is no table"),
    "told.people_unknown": ("{name}: kunci {keys} tidak dikenal", "{name}: unknown key {keys}"),
    "told.people_mail": (
        "{name}: mail adalah sebuah alamat surel",
        "{name}: mail is an address",
    ),
    "told.people_language": (
        "{name}: language adalah id atau en",
        "{name}: language is id or en",
    ),
    "told.people_kinds": (
        "{name}: kinds adalah beberapa dari {known}",
        "{name}: kinds are some of {known}",
    ),
    "told.people_quiet": (
        "{name}: quiet adalah dua jam seperti 21:00-06:00",
        "{name}: quiet is two times like 21:00-06:00",
    ),
    "told.notice_unsent": (
        "{n} pemberitahuan belum terkirim ({why}); dicoba lagi nanti",
        "{n} notices could not be sent ({why}); they are tried again later",
    ),
    "told.setting_run_at": (
        "run_at berupa hari dan jam seperti Mon 05:00, bukan “{given}”",
        "run_at is a day and a time like Mon 05:00, got '{given}'",
    ),
    "told.weekly_runs": (
        "pekerjaan mingguan sedang berjalan; tunggu sampai selesai",
        "a weekly run is under way; wait for it",
    ),
    "told.journal_strange": (
        "{file} bukan catatan pekerjaan mingguan; hapus berkas itu agar dijalankan dari awal",
        "{file} is no journal of a weekly run; remove it to run anew",
    ),
    "told.inbox_large": (
        "berkas lebih besar dari {most} MB; pecah lebih dulu",
        "the file is larger than {most} MB; split it first",
    ),
    "told.backup_differs": (
        "isinya tidak sama dengan penyimpanan: {names}",
        "it is not what is in the store: {names}",
    ),
    "told.store_damaged": (
        "penyimpanan rusak: {told}. Sisihkan berkas itu dan pulihkan cadangan terakhir: "
        "kalbar-risk restore BERKAS",
        "the store is damaged: {told}. Set that file aside and restore the last backup: "
        "kalbar-risk restore FILE",
    ),
    "told.kept_damaged": (
        "{file} dari {name} rusak; pulihkan dari cadangan, atau buat lagi",
        "{file} of {name} is damaged; restore it from a backup, or make it anew",
    ),
    "told.all_damaged": (
        "semua penilaian ({n}) rusak; nilai ulang dengan: kalbar-risk assess, atau pulihkan "
        "cadangan",
        "all assessments ({n}) are damaged; assess again with: kalbar-risk assess, or restore a "
        "backup",
    ),
    "told.no_settings": (
        "tidak ada pengaturan di {path}; salin config.toml ke sana",
        "no settings at {path}; copy config.toml there",
    ),
    "told.marks_missing": (
        "baris {first} dan {last} tidak ada",
        "the lines {first} and {last} are missing",
    ),
    "told.columns_missing": ("belum ada kolom {columns}", "columns {columns} are missing"),
    "told.cells_resolution": (
        "memuat sel resolusi {found}, pengaturannya {wanted}; kosongkan `cells` agar dihitung",
        "holds cells of resolution {found}, {wanted} is configured; leave `cells` out to compute a "
        "table for it",
    ),
    "told.layer_unreadable": (
        "tidak terbaca sebagai lapisan peta",
        "cannot be read as a map layer",
    ),
    "told.layer_shapes": (
        "seharusnya berisi {shape}, bukan {given}",
        "{shape} features expected, got {given}",
    ),
    "told.layer_degrees": (
        "koordinatnya bukan derajat dan tidak ada CRS yang menjelaskannya",
        "coordinates are not degrees and no CRS says what they are",
    ),
    "told.layer_codes": (
        "setiap fitur perlu kode sendiri",
        "every feature needs a code of its own",
    ),
    "told.no_number": (
        "{column} bukan angka di baris {lines}",
        "{column} is not a number in line {lines}",
    ),
    "told.not_offered": (
        "{name} adalah salah satu dari {known}, bukan “{given}”",
        "{name} is one of {known}, got '{given}'",
    ),
    "told.coverage_impossible": (
        "cakupan adalah bagian wilayah, 0 < coverage <= 1, bukan {given}",
        "coverage is a share of the area, 0 < coverage <= 1, got {given}",
    ),
    "told.no_district": (
        "tidak ada sel di kabupaten “{given}”; yang ada: {offer}",
        "no cell in kabupaten '{given}'; there are: {offer}",
    ),
    "told.no_shapes": (
        "berkas {suffix}: tabel ini tanpa bentuk; pakai .csv atau .parquet",
        "a file {suffix}: this table has no shapes; take .csv or .parquet",
    ),
    "told.export_ending": (
        "nama berkasnya berakhiran salah satu dari {known}",
        "the name ends in one of {known}",
    ),
    "told.no_table_named": (
        "tidak ada tabel “{name}”; yang ada {known}",
        "no table '{name}'; there are {known}",
    ),
    "told.query_number": (
        "{name} adalah angka, bukan “{given}”",
        "{name} is a number, got '{given}'",
    ),
    "told.query_bbox": (
        "bbox adalah barat,selatan,timur,utara dalam derajat",
        "bbox is west,south,east,north in degrees",
    ),
    "told.world_weeks": (
        "pekan dimulai hari Senin dan perlu paling sedikit satu; diberi {start}, {weeks}",
        "weeks begin on Monday and one is needed, got {start}, {weeks}",
    ),
    "told.world_columns": (
        "tidak ada sel yang memuat {names}; isi [area] cells dengan tabel sel",
        "no cell knows its {names}; give a table of cells in [area] cells",
    ),
    "told.world_cells": (
        "hanya {n} sel di sepanjang perbatasan; perlu paling sedikit 10",
        "only {n} cells lie along a border; at least 10 needed",
    ),
    "told.world_posts": (
        "tidak ada pos; orang yang dideportasi perlu pintu masuk",
        "posts has no row; deportees need a gate to enter by",
    ),
    "told.nothing_aside": (
        "tidak ada baris yang disisihkan yang belum dibawa lagi",
        "no row is set aside that was not brought again already",
    ),
    "told.say_what": (
        "sebut dua nomor kejadian dan --say same, different, atau auto",
        "name two event ids and --say same, different or auto",
    ),
    "told.option_date": (
        "{name} adalah tanggal seperti 2026-12-20, bukan “{given}”",
        "{name} is a date such as 2026-12-20, got '{given}'",
    ),
}
