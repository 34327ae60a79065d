"""Every sentence about contested scores: key -> (Indonesian, English)."""

CONTEST: dict[str, tuple[str, str]] = {
    "contest.says": (
        "**Koreksi analis: {value}** (model: {model}). Alasan: “{reason}” – {by}, berlaku s.d. "
        "{until}.",
        "**Analyst's override: {value}** (model: {model}). Reason: “{reason}” – {by}, until "
        "{until}.",
    ),
    "contest.says_hidden": (
        "**Skor di sini diragukan analis** (model: {model}), berlaku s.d. {until}. Alasannya hanya "
        "tampil bagi tingkat akses terbatas.",
        "**An analyst doubts a score here** (model: {model}), until {until}. The reason is shown "
        "to the restricted tier only.",
    ),
    "contest.about_sector": ("Untuk seluruh sektor.", "About the whole sector."),
    "contest.kept": (
        "Skor model tidak diubah dan koreksi tidak dipelajari model.",
        "The model's score is not changed, and the model learns nothing from an override.",
    ),
    "contest.doubted": ("diragukan", "doubted"),
    "contest.open": ("Sanggah skor ini", "Contest this score"),
    "contest.value": ("Menurut Anda, risikonya", "In your view, the risk is"),
    "contest.reason": ("Alasan (tentang tempat, bukan orang)", "Reason (the place, not a person)"),
    "contest.until": ("Berlaku sampai", "Holds until"),
    "contest.until_help": (
        "Paling lama {weeks} pekan. Yang berlaku lebih lama sebaiknya menjadi catatan.",
        "At most {weeks} weeks. What holds for longer should become a record.",
    ),
    "contest.save": ("Simpan koreksi", "Save the override"),
    "contest.saved": ("Koreksi {id} tersimpan.", "Override {id} is saved."),
    "contest.need_reason": ("Alasan harus diisi.", "A reason is needed."),
    "contest.personal": (
        "Ditolak dan tidak disimpan: alasan memuat data pribadi. Tulislah tentang tempatnya saja.",
        "Refused and not stored: the reason holds personal data. Write about the place alone.",
    ),
    "contest.withdraw": ("Cabut koreksi {id}", "Withdraw override {id}"),
    "contest.withdraw_reason": ("Mengapa dicabut", "Why it is withdrawn"),
    "contest.withdraw_save": ("Cabut", "Withdraw"),
    "contest.withdrawn": ("Koreksi {id} dicabut.", "Override {id} is withdrawn."),
    "contest.legend": ("disanggah analis", "contested by an analyst"),
    "contest.list": (
        "⚑ disanggah analis; pilih barisnya untuk membaca alasannya.",
        "⚑ contested by an analyst; choose the row to read why.",
    ),
    "contest.short": (
        "Koreksi analis: {value} – {reason}",
        "Analyst's override: {value} – {reason}",
    ),
    "contest.picture": ("{n} sel disanggah analis", "{n} cells contested by analysts"),
}
