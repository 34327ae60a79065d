"""Every sentence of what Monday's meeting asks first: key -> (Indonesian, English).

Each answer is one sentence: its parts are joined by semicolons, so they begin in lower case and
end without a stop.
"""

MONDAY: dict[str, tuple[str, str]] = {
    "monday.title": ("Singkatnya: {told}", "In short: {told}"),
    "monday.steady_short": ("tidak banyak berubah", "little has changed"),
    "monday.new_short": ("{n} baru", "{n} new"),
    "monday.growing_short": ("{n} naik", "{n} up"),
    "monday.fading_short": ("{n} turun", "{n} down"),
    "monday.late_short": ("instansi terlambat: {n}", "agencies late: {n}"),
    "monday.moved": ("Yang berubah", "What changed"),
    "monday.causes": ("Sebabnya", "Why"),
    "monday.missing": ("Yang belum ada", "Still missing"),
    "monday.compare": ("Bandingkan kedua penilaian", "Compare both assessments"),
    "monday.data": ("Lihat kiriman", "See the deliveries"),
    # what changed
    "monday.total": (
        "diperkirakan {risk} kejadian ({lo}–{hi}), pekan lalu {previous}",
        "expected: {risk} events ({lo}–{hi}), last week {previous}",
    ),
    "monday.new": ("sektor baru: {names}", "new sectors: {names}"),
    "monday.growing": ("naik: {names}", "up: {names}"),
    "monday.fading": ("turun: {names}", "down: {names}"),
    "monday.gone": ("tidak lagi prioritas: {names}", "no longer a priority: {names}"),
    "monday.steady": (
        "tidak ada sektor yang baru, naik, atau turun banyak",
        "no sector is new or moved much",
    ),
    # why
    "monday.first": (
        "ini penilaian pertama, belum ada yang dapat dibandingkan",
        "this is the first assessment, there is nothing to compare with yet",
    ),
    "monday.since": ("sejak {when} (waktu itu {then})", "since {when} (then {then})"),
    "monday.other_engine": (
        "penilaian {when} dihitung dengan model versi {then}, yang ini versi {now}: angka keduanya "
        "tidak dapat dibandingkan",
        "the assessment of {when} was made by model version {then}, this one by version {now}: "
        "their figures cannot be compared",
    ),
    "monday.other_way": (
        "penilaian {when} dihitung dengan cara lain: angka keduanya tidak dapat dibandingkan",
        "the assessment of {when} was made another way: their figures cannot be compared",
    ),
    "monday.records_new": ("{days} tercatat {n} kejadian", "{days}: events recorded: {n}"),
    "monday.records_late": (
        "pekan lama bertambah {n} kejadian ({days})",
        "events added to old weeks: {n} ({days})",
    ),
    "monday.records_lost": (
        "pekan lama berkurang {n} kejadian, ditarik atau dikoreksi ({days})",
        "events taken from old weeks, withdrawn or corrected: {n} ({days})",
    ),
    "monday.records_same": ("tidak ada kejadian tercatat yang baru", "no newly recorded events"),
    "monday.hours_new": ("{days} {n} jam patroli", "{days}: hours of patrol: {n}"),
    "monday.hours_late": (
        "pekan lama bertambah {n} jam patroli ({days})",
        "hours of patrol added to old weeks: {n} ({days})",
    ),
    "monday.hours_lost": (
        "pekan lama berkurang {n} jam patroli ({days})",
        "hours of patrol taken from old weeks: {n} ({days})",
    ),
    "monday.hours_same": ("tidak ada jam patroli baru", "no new hours of patrol"),
    "monday.revised": (
        "data pekan lama itu dan hitungan ulang mengubah angka pekan lalu dari {then} menjadi "
        "{now}",
        "those data of old weeks and a new fit moved last week's figure from {then} to {now}",
    ),
    "monday.refitted": (
        "hitungan ulang, tanpa data baru pekan lama di sini, mengubah angka pekan lalu dari {then} "
        "menjadi {now}",
        "a new fit, without new data of old weeks here, moved last week's figure from {then} to "
        "{now}",
    ),
    "monday.unclear": (
        "data atau hitungan baru mengubah angka pekan lalu dari {then} menjadi {now}",
        "new data or a new fit moved last week's figure from {then} to {now}",
    ),
    "monday.revised_same": (
        "data pekan lama itu dan hitungan ulang mengubah angka pekan ini dari {then} menjadi {now}",
        "those data of old weeks and a new fit moved this week's figure from {then} to {now}",
    ),
    "monday.refitted_same": (
        "hitungan ulang, tanpa data baru pekan lama di sini, mengubah angka pekan ini dari {then} "
        "menjadi {now}",
        "a new fit, without new data of old weeks here, moved this week's figure from {then} to "
        "{now}",
    ),
    "monday.unclear_same": (
        "data atau hitungan baru mengubah angka pekan ini dari {then} menjadi {now}",
        "new data or a new fit moved this week's figure from {then} to {now}",
    ),
    "monday.because_up": (
        "{sector} naik terutama karena {reason}",
        "{sector} is up mostly because of {reason}",
    ),
    "monday.because_down": (
        "{sector} turun terutama karena {reason}",
        "{sector} is down mostly because of {reason}",
    ),
    "monday.from_to": ("{reason} ({then} → {now})", "{reason} ({then} → {now})"),
    "monday.deliveries": ("kiriman: {rows}", "deliveries: {rows}"),
    "monday.delivery": ("{agency} {n} catatan", "{agency} {n} records"),
    "monday.delivery_effort": ("{agency} {n} baris patroli", "{agency} {n} patrol rows"),
    "monday.delivery_old": (
        "{agency} {n} catatan ({old} pekan lama)",
        "{agency} {n} records ({old} of old weeks)",
    ),
    "monday.deliveries_none": ("tidak ada kiriman baru", "no new delivery"),
    "monday.hidden": (
        "tidak ditampilkan untuk hak akses Anda: {what}",
        "not shown to your access right: {what}",
    ),
    "monday.hidden_records": ("kejadian per pekan", "events by week"),
    "monday.hidden_hours": ("jam patroli", "hours of patrol"),
    "monday.hidden_deliveries": ("kiriman", "deliveries"),
    "monday.hidden_others": ("kiriman instansi lain", "deliveries of other agencies"),
    # still missing
    "monday.silent": ("tidak mengirim: {agencies}", "silent: {agencies}"),
    "monday.overdue": ("terlambat mengirim: {agencies}", "overdue: {agencies}"),
    "monday.agency": ("{agency} {days} hari", "{agency} {days} days"),
    "monday.gap": (
        "belum ada data {days}, perkiraan melompatinya",
        "no data of {days} yet, the forecast steps over them",
    ),
    "monday.unassessed": (
        "kiriman sesudah penilaian ini, belum ikut dihitung: {n}",
        "deliveries after this assessment, not in it yet: {n}",
    ),
    "monday.complete": (
        "tidak ada; semua instansi mengirim seperti biasa",
        "nothing; every agency delivers as usual",
    ),
}
