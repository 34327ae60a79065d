"""Why a viewer may not do a thing: told.right_<what is missing> -> (Indonesian, English)."""

RIGHTS: dict[str, tuple[str, str]] = {
    "told.right_expired": (
        "hak akses Anda sudah berakhir atau belum ada; mintalah kepada walidata gugus tugas",
        "your access right has ended, or there is none yet; ask the data steward of the task force",
    ),
    "told.right_machine": (
        "hanya dari komputer yang menjalankan program, dengan perintah kalbar-risk",
        "only at the machine that runs the program, by a kalbar-risk command",
    ),
    "told.right_tier": (
        "perlu tingkat akses terbatas; mintalah kepada walidata gugus tugas",
        "it needs the restricted tier; ask the data steward of the task force",
    ),
    "told.right_agency": (
        "perlu hak akses yang menyebut instansi; mintalah kepada walidata gugus tugas",
        "it needs a right that names an agency; ask the data steward of the task force",
    ),
    "told.right_area": (
        "perlu tingkat akses terbatas dan melihat seluruh wilayah; mintalah kepada perencana gugus "
        "tugas",
        "it needs the restricted tier and sight of the whole area; ask the planner of the task "
        "force",
    ),
    "told.right_plan": (
        "perlu tingkat akses terbatas dan melihat seluruh rencana; mintalah kepada perencana gugus "
        "tugas",
        "it needs the restricted tier and sight of everything in the plan; ask the planner of the "
        "task force",
    ),
    "told.right_records": (
        "salah satu catatan tidak boleh Anda lihat",
        "one of the two records is not yours to see",
    ),
    "told.right_cell": (
        "perlu sel penilaian di dalam wilayah Anda",
        "it needs a cell of the assessment inside your districts",
    ),
    "told.right_source": (
        "berkas memuat catatan instansi lain; Anda hanya membawa catatan instansi sendiri",
        "the file holds records of other agencies; you bring only those of your own",
    ),
    "told.right_import": (
        "impor itu bukan milik Anda atau instansi Anda",
        "that import is not yours, nor your agency's",
    ),
    "told.right_word": (
        "hanya yang menulisnya, atau gugus tugas gabungan, yang dapat mencabutnya",
        "only who said it, or the joint task force, can withdraw it",
    ),
    # the entrance
    "sign_in.in": ("Masuk", "Sign in"),
    "sign_in.out": ("Keluar", "Sign out"),
    "sign_in.out_everywhere": ("Keluar dari semua perangkat", "Sign out everywhere"),
    "sign_in.as": ("Masuk sebagai {name}", "Signed in as {name}"),
    "sign_in.signed_out": (
        "Silakan masuk dengan akun dinas Anda.",
        "Please sign in with your service account.",
    ),
    "sign_in.unnamed": (
        "Penyedia akun tidak menyebut nama yang dikenal dasbor ini. Mintalah pengelola memeriksa "
        "[access] name_claim (docs/deploy.md).",
        "The account provider did not say a name that this dashboard knows. Ask the administrator "
        "to check [access] name_claim (docs/deploy.md).",
    ),
    "sign_in.old": (
        "Sesi Anda sudah berakhir. Silakan masuk lagi.",
        "Your session has ended. Please sign in again.",
    ),
    "sign_in.idle": (
        "Sesi ditutup karena lama tidak dipakai. Silakan masuk lagi.",
        "The session was closed after a long time without a click. Please sign in again.",
    ),
    "sign_in.proof": (
        "Dasbor ini meminta bukti kedua, misalnya kode atau kunci. Masuklah lagi dengan bukti itu.",
        "This dashboard asks for a second proof, such as a code or a key. Sign in again with it.",
    ),
}

#: what the server says before a page is there, and to programs that ask by address
DOOR: dict[str, tuple[str, str]] = {
    "door.local": (
        "Dasbor ini belum mempunyai daftar pengguna, jadi hanya menjawab peramban di komputer "
        "yang menjalankannya; agar orang lain dapat masuk, isi [access] users di config.toml "
        "(docs/deploy.md).",
        "This dashboard has no file of users yet, so it answers only a browser on the machine "
        "that runs it; to let others in, set [access] users in config.toml (docs/deploy.md).",
    ),
    "door.proxy": (
        "Dasbor ini hanya menjawab melalui alamat resminya; bukalah alamat yang diberikan "
        "pengelola.",
        "This dashboard answers only through its proper address; open the one your administrator "
        "gave you.",
    ),
    "door.token": (
        "perlu token seorang pengguna yang mempunyai hak akses",
        "a token of a user with rights is needed",
    ),
    "door.address": ("alamat tidak dikenal", "unknown address"),
    "door.fault": (
        "ini kesalahan program, bukan kesalahan Anda; sebutkan nomor {number} kepada pengelola",
        "this is a fault of the program, not of yours; quote the number {number} to your "
        "administrator",
    ),
    "door.upload_right": (
        "sesi ini tidak berhak mengirim berkas",
        "this session has no right to bring files",
    ),
    "door.upload_length": (
        "panjang berkas harus disebut",
        "the length of a file must be told",
    ),
    "door.upload_session": (
        "satu sesi mengirim paling banyak {megabytes} MB sekaligus",
        "one session brings at most {megabytes} MB at a time",
    ),
    "door.upload_busy": (
        "orang lain sedang mengirim berkas; coba lagi satu menit lagi",
        "others are bringing files; try again in a minute",
    ),
}
