"""Short fields take what they are for, and no person, whatever the door."""

import pytest

from data.intake.read import read_file
from data.personal.gate import PersonalDataError
from data.personal.short_fields import SHORT, fits

WORST = [
    "Budi Santoso", "Siti Aminah", "6103215708900002", "0812-3456-7890", "081234567890",
    "budi@contoh.id", "tersangka Yohanes Paulus", "@budi_77", "KB 1234 AB",
    "nol delapan satu dua tiga empat lima enam tujuh delapan",
]  # fmt: skip


@pytest.mark.parametrize("field", SHORT)
@pytest.mark.parametrize("text", WORST)
def test_no_short_field_takes_a_person(field, text):
    assert not fits(field, text)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("patrol_id", "PTR-2024-000123"), ("patrol_id", "SP 12/III"), ("patrol_id", ""),
        ("operation_tag", "Operasi Contoh"), ("operation_tag", "OPS-SINTETIS-2024-02"),
        ("operation_tag", "Bina Kusuma"), ("operation_tag", "Pekat 2"),
        ("origin_prov", "Jawa Timur"), ("origin_prov", "NTB"), ("origin_prov", "52"),
        ("origin_prov", "Jember"), ("origin_prov", "Lombok Tengah"), ("origin_prov", "61.03"),
        ("referred_to", "bp3mi"), ("referred_from", "dinas_sosial"),
    ],
)  # fmt: skip
def test_what_a_field_is_for_fits(field, text):
    assert fits(field, text)


HEAD = "no laporan;tanggal;jenis kejadian;arah;jumlah;lintang;bujur;{}\n"
ROW = "K-{};{};perlintasan;keluar;3;0.8;110.5;{}\n"


@pytest.mark.parametrize("column", ["operasi", "nomor patroli", "provinsi asal"])
@pytest.mark.parametrize("text", [WORST[0], WORST[3], WORST[4], "Dorong Kempong"])
def test_a_person_in_a_short_field_is_kept_nowhere(column, text):
    content = HEAD.format(column) + ROW.format(1, "2024-03-05", text) + ROW.format(2, "kelak", text)
    try:
        reading = read_file("x.csv", "desa", content=content.encode())
    except PersonalDataError as refused:
        assert text not in str(refused)
        return
    told = [each.to_csv() for each in (reading.kept, reading.set_aside, reading.unknown_words)]
    assert text not in " ".join([*told, *reading.notes])
    assert reading.kept["quality_flags"].str.contains("FREE_TEXT_PII").all()
