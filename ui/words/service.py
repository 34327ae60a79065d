"""Every sentence of what the service tells people by itself: key -> (Indonesian, English)."""

SERVICE: dict[str, tuple[str, str]] = {
    "notice.subject": ("Kalbar Risk: ada yang perlu dilihat", "Kalbar Risk: something to look at"),
    "notice.hello": ("Ada yang perlu Anda lihat:", "There is something for you to look at:"),
    "notice.sector": (
        "Di wilayah Anda ada sektor yang baru atau tumbuh pekan ini.",
        "A sector in your district is new or grows this week.",
    ),
    "notice.silent": (
        "Ada instansi yang belum mengirim catatan pada waktunya.",
        "An agency has not delivered its records in time.",
    ),
    "notice.plan": (
        "Ada rancangan rencana patroli yang menunggu persetujuan.",
        "A drafted patrol plan waits for approval.",
    ),
    "notice.run": (
        "Pekerjaan mingguan tidak selesai; peta masih menampilkan penilaian sebelumnya bila "
        "penilaiannya yang gagal.",
        "The weekly run did not finish; if it was the assessment that failed, the map still shows "
        "the one before.",
    ),
    "notice.token": (
        "Hari ini beberapa kali ada yang mencoba mengambil tabel tanpa token yang sah.",
        "Today somebody tried several times to fetch tables without a valid token.",
    ),
    "notice.look": ("Lihat di: {address}", "Look at: {address}"),
    "notice.foot": (
        "Pesan ini tidak memuat data. Rincian hanya ada di dasbor, sesuai hak akses Anda.",
        "This message holds no data. Details are on the dashboard alone, as your rights allow.",
    ),
}
