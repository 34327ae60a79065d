"""What is said of keys, backups and of what is let go of, when it is refused."""

KEEPING = {
    "told.no_key_file": (
        "tidak ada berkas kunci di {path}; tanpa kunci itu cadangan tidak dapat dibuka. Ambil "
        "salinannya dari tempat Anda menyimpannya",
        "no key file at {path}; without it the backup cannot be opened. Fetch the copy from where "
        "you keep it",
    ),
    "told.key_file_strange": (
        "tidak ada kunci berformat age di berkas ini",
        "there is no key in age format in this file",
    ),
    "told.sealed_for_another": (
        "cadangan ini disegel untuk kunci lain; sebutkan berkas kunci yang benar dengan --key",
        "this backup was sealed for another key; name the right key file with --key",
    ),
    "told.backup_sealed": (
        "cadangan ini disegel; sebutkan berkas kuncinya",
        "this backup is sealed; name its key file",
    ),
    "told.recipient_strange": (
        "penerima adalah kunci publik age1…, bukan “{given}”",
        "a recipient is a public key age1…, got “{given}”",
    ),
    "told.setting_recipient": (
        "backup_recipients memuat kunci publik age1…, bukan “{given}”",
        "backup_recipients lists public keys age1…, got “{given}”",
    ),
    "told.rotate_no_user": (
        "tidak ada tabel [{user}] di berkas pengguna",
        "the file of users has no table [{user}]",
    ),
    "told.rotate_no_token": (
        "token {user} yang dimaksud tidak jelas ({n} cocok); sebutkan salah satu: {names}",
        "which token of {user} is meant is not clear ({n} fit); name one of: {names}",
    ),
    "told.rotate_no_cookie": (
        "ada {n} rahasia kuki di berkas ini, seharusnya satu",
        "there are {n} cookie secrets in this file, there should be one",
    ),
    "told.rotate_no_file": ("tidak ada berkas {path}", "there is no file {path}"),
    "told.rotate_unnamed": (
        "sebutkan berkasnya: {name} masih kosong",
        "say which file: {name} is empty",
    ),
    "told.setting_retention": (
        "{name} 0 (selamanya) atau paling sedikit {least}, bukan {given}",
        "{name} is 0 (for ever) or at least {least}, got {given}",
    ),
    "told.retention_short": (
        "records_years = {years} lebih pendek dari history_weeks = {weeks}: model masih belajar "
        "dari catatan itu",
        "records_years = {years} is shorter than history_weeks = {weeks}: the model still learns "
        "from those records",
    ),
    "told.version_forgotten": (
        "versi data {version} tidak dapat diulang: sebagian catatannya sudah dihapus",
        "data version {version} cannot be repeated: records of it were deleted since",
    ),
    "told.no_record": (
        "tidak ada catatan {name} di penyimpanan",
        "the store holds no record {name}",
    ),
    "told.nothing_erased": ("belum ada yang dihapus", "nothing was erased yet"),
    "told.forget_assess_first": (
        "belum ada penilaian baru sesudah penghapusan; jalankan dahulu: kalbar-risk assess",
        "no assessment was made since the erasure; first run: kalbar-risk assess",
    ),
    "told.forget_back_up_first": (
        "belum ada cadangan baru sesudah penghapusan; jalankan dahulu: kalbar-risk weekly --again",
        "no backup was made since the erasure; first run: kalbar-risk weekly --again",
    ),
}
