"""What is wrong with the audit log, its anchors and the settings of them: told.<key>."""

WATCH: dict[str, tuple[str, str]] = {
    "told.right_role": (
        "ini tugas peran lain; mintalah kepada pengelola",
        "this is the work of another role; ask the administrator",
    ),
    "told.audit_missing": (
        "baris {first} sampai {last} tidak ada",
        "lines {first} to {last} are missing",
    ),
    "told.audit_changed": ("baris {line} diubah", "line {line} was changed"),
    "told.audit_cut": (
        "baris {first} sampai {last} dipotong dari ujung: jangkar {at} mengenal baris {last}",
        "lines {first} to {last} were cut off the end: an anchor of {at} knew line {last}",
    ),
    "told.audit_rewritten": (
        "catatan sampai baris {line} bukan yang dijangkar pada {at}",
        "the log up to line {line} is not the one that was anchored at {at}",
    ),
    "told.anchor_forged": (
        "{file}, baris {line}: tidak ditandatangani dengan kunci ini",
        "{file}, line {line}: not signed with this key",
    ),
    "told.anchors_unread": (
        "jangkar di {path} tidak terbaca",
        "no anchors can be read at {path}",
    ),
    "told.anchor_key": (
        "{path} bukan kunci Ed25519 (PEM); buatlah dengan: openssl genpkey -algorithm ed25519 -out "
        "{name}",
        "{path} is no Ed25519 key (PEM); make one with: openssl genpkey -algorithm ed25519 -out "
        "{name}",
    ),
    "told.anchor_key_missing": (
        "jangkar diperiksa dengan kunci yang menandatanganinya; sebutkan kunci itu",
        "anchors are checked with the key that signed them: name it",
    ),
    "told.anchor_unset": (
        "sebutkan tempat dan kunci jangkar di [audit]: anchor, anchor_key",
        "name the place and the key of anchors under [audit]: anchor, anchor_key",
    ),
    "told.anchor_unsent": (
        "jangkar tidak dapat ditulis ke {target}: {why}",
        "the anchor could not be written to {target}: {why}",
    ),
    "told.setting_anchor": (
        "anchor berupa file:/path, syslog atau syslog:host:port, bukan “{given}”",
        "anchor is file:/path, syslog or syslog:host:port, got '{given}'",
    ),
    "told.setting_anchor_key": (
        "anchor memerlukan anchor_key, kunci yang menandatangani",
        "anchor needs anchor_key, the key that signs",
    ),
}
