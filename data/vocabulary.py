"""What events, agencies, ways of looking and quality flags are called, and what each one means.

`EVENT_TYPES` is the one place that says what an event type is called, who delivers it, how it
was found, what it counts and whether it may feed the cell model.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class EventType:
    """What one event type means; `direction` is filled in where the type implies it."""

    label_id: str
    label_en: str
    sources: tuple[str, ...]
    detection: str  # discovered, reported, administrative, both, effort
    feeds_model: bool
    unit: str
    direction: str = "unknown"
    note: str = ""


#: agencies we know of; a new one needs a new file in data/sources, no code
AGENCIES = {
    "satgas_pamtas": ("Satgas Pamtas RI–Malaysia", "border task force of the army"),
    "imigrasi": ("Imigrasi", "immigration offices"),
    "polda": ("Polda Kalbar", "provincial police"),
    "bp3mi": ("BP3MI Kalbar", "migrant worker protection agency"),
    "kjri": ("KJRI Kuching", "consulate general in Kuching"),
    "desa": ("Desa / gugus tugas", "village and district task forces"),
    "dinsos": ("Dinas Sosial", "social affairs office"),
    "ombudsman": ("Ombudsman RI Kalbar", "ombudsman"),
    "gabungan": ("Patroli gabungan", "joint patrols"),
    "htcds": ("IOM HTCDS 2.0", "case management systems after the IOM standard"),
    "polos": ("Berkas polos", "plain file of places and times"),
}

EVENT_TYPES = {
    "crossing_sighting": EventType(
        "Perlintasan terpantau",
        "Crossing sighted",
        ("satgas_pamtas", "desa"),
        "both",
        True,
        "group",
    ),
    "interception_out": EventType(
        "Penggagalan keluar",
        "Outbound interception",
        ("satgas_pamtas", "imigrasi"),
        "discovered",
        True,
        "group",
        "outbound",
    ),
    "interception_in": EventType(
        "Pengamanan masuk",
        "Inbound interception",
        ("satgas_pamtas",),
        "discovered",
        True,
        "group",
        "inbound",
    ),
    "community_report": EventType(
        "Laporan masyarakat", "Community report", tuple(AGENCIES), "reported", True, "report"
    ),
    "case_tppo": EventType(
        "Perkara TPPO",
        "Trafficking case",
        ("polda", "imigrasi"),
        "both",
        True,
        "case",
        note="feeds the model only if the place is where it occurred",
    ),
    "case_tppm": EventType(
        "Perkara TPPM",
        "Smuggling case",
        ("polda", "imigrasi"),
        "both",
        True,
        "case",
        note="feeds the model only if the place is where it occurred",
    ),
    "case_placement": EventType(
        "Perkara penempatan nonprosedural",
        "Non-procedural placement case",
        ("polda", "imigrasi"),
        "both",
        True,
        "case",
        note="feeds the model only if the place is where it occurred",
    ),
    "departure_deferral": EventType(
        "Penundaan keberangkatan",
        "Departure deferred",
        ("imigrasi",),
        "administrative",
        False,
        "person",
        "outbound",
        "not a legal exit ban (pencegahan)",
    ),
    "passport_refusal": EventType(
        "Penolakan paspor",
        "Passport refused",
        ("imigrasi",),
        "administrative",
        False,
        "person",
        "outbound",
    ),
    "deportation_batch": EventType(
        "Deportasi",
        "Deportation",
        ("kjri", "bp3mi"),
        "administrative",
        False,
        "person",
        "inbound",
        "all of Sarawak enters at Entikong: the place says nothing about where they crossed",
    ),
    "repatriation": EventType(
        "Repatriasi",
        "Repatriation",
        ("kjri", "bp3mi"),
        "administrative",
        False,
        "person",
        "inbound",
    ),
    "victim_assisted": EventType(
        "Korban didampingi",
        "Victim assisted",
        ("bp3mi", "dinsos"),
        "administrative",
        False,
        "person",
        note="origin only",
    ),
    "maladministration_report": EventType(
        "Laporan maladministrasi",
        "Maladministration report",
        ("ombudsman",),
        "reported",
        False,
        "report",
    ),
}

#: ways of looking; rows of the effort table
EFFORT_MODES = {
    "patrol": ("Patroli", "Patrol"),
    "ambush": ("Penyergapan", "Ambush"),
    "post_shift": ("Jaga pos", "Post shift"),
}

QUALITY_FLAGS = {
    "DATE_FUTURE": "the event starts after it was received",
    "YEAR_SUSPECT": "far from the year of report (2) or from the file's median (15), or < 1950",
    "SUM_MISMATCH": "women and men, or minors, do not add up to the number of persons",
    "COORD_SWAPPED": "latitude and longitude were exchanged and have been put right",
    "COORD_OUTSIDE_AOI": "the point lies outside the study area",
    "COORD_CENTROID": "the point is the middle of a district; its precision was lowered",
    "COORD_AT_OFFICE": "the point is an agency's office; taken as the place of recording",
    "ADMIN_COORD_DISAGREE": "the point lies in another kabupaten than the code says",
    "CODE_SYSTEM_UNKNOWN": "a region code came without a declared code system",
    "CODE_COARSENED": "a BPS code below kabupaten has no known counterpart; kabupaten kept",
    "PLACE_OLD_NAME": "found by a name that the district no longer bears; its code today was taken",
    "UNIT_UNKNOWN": "no counting unit was given; the unit of the event type stands in",
    "DUP_EXACT": "another row tells exactly the same",
    "DUP_PROBABLE": "probably the same event as another agency's (set by linkage)",
    "DELAY_NEGATIVE": "reported before it happened",
    "DELAY_EXTREME": "reported more than 180 days after it happened",
    "FREE_TEXT_PII": "free text may name a person; the text was not kept",
    "OPERATION_BURST": "one of many cases of one week or of a tagged operation",
}
