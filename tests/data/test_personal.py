"""Personal data is refused, named by place and kind; innocent codes and words are not."""

import logging

import pandas as pd
import pytest

from data.formats import RawTable
from data.personal import PersonalDataError, column_kind, is_likely, kinds_in, refuse
from data.read import read_file

PERSONAL = {
    "identity numbers": [
        "NIK 6103215708900002",
        "6103211708900002",
        "610321 170890 0002",
        "900817-13-5421",
        "IC 900817135421",
        "No. KP: 900817-13-5421",
    ],
    "passport numbers": [
        "Paspor C1234567",
        "paspor no. AB 123456",
        "A1234567",
        "X123456",
        "passport A12345678 expired",
    ],
    "phone numbers": [
        "0812-3456-7890",
        "081234567890",
        "+6281234567890",
        "+62 812 3456 7890",
        "+60 12-345 6789",
        "012-3456789",
        "(0561) 736121",
        "hubungi 0812.3456.7890",
    ],
    "e-mail addresses": ["budi@contoh.co.id", "kirim ke a.b+c@mail.example.com ya"],
    "birth dates": ["lahir di Sambas, 12-05-1990", "TTL: Pontianak, 3 Mei 1999", "DOB 01/02/1990"],
    "street addresses": [
        "Jl. Letjen Sutoyo No. 12",
        "Jl. Merdeka 22",
        "RT 02/RW 05",
        "Gang Melati No 3",
        "No. 12, Jalan Padungan",
        "Kampung Serikin No 5",
        "Lorong 4, Jalan Matang RT 3",
    ],
    "names": [
        "a.n. Budi Santoso",
        "seorang bernama Siti",
        "atas nama Yohanes",
        "AHMAD BIN ALI",
        "Siti binti Abdullah",
        "Ramasamy a/l Muthu",
        "Sdr. Joko",
        "tersangka Rahmat Hidayat ditahan",
        "korban Siti Aminah",
    ],
}
COLUMNS = """
nama
Nama Lengkap
Nama Korban
nama petugas
NIK
No. KTP
No HP
No. Telp
Tanggal Lahir
TTL
Tempat Lahir
Tarikh Lahir
Alamat
alamat rumah
E-mail
No Paspor
passport number
No. Pasport
prs_FirstName
prs_First_Name
prs_Birthdate
prs_MobilePhone
prs_MailingStreet
org_Phone
vic_Comments
cas_ReferringPrimaryCaseWorker
DOB
No. KP
Korban
full name
Inisial
""".strip().splitlines()
INNOCENT = """
LP/B/12/VI/2023/SPKT
LP/A/123456/2024/SPKT.RES/POLDA KALBAR
110.3616123456789
0.8123456789
-0.0812345678
12/06/2023 08:12
2023-06-12T08:12:00Z
2023-06-12 08:12:00+07:00
08-12-2023
61.03.21.2001
6103212001
6105021001
jalan tikus dekat patok D400
jalan setapak 5 orang
jalan kaki
korban TPPO asal Jawa Timur
Tersangka WNI
PMI asal NTB 12 orang
876884020ffffff
878c96102ffffff
PMT-2024-000123
KB 1234 XY
QAA 1234 B
Operasi Pekat Kapuas 2024
pelaku melarikan diri
Korban perdagangan orang
1.234.567
202406121530
230612153000
20240612-0001
Jalan Malindo km 12
Desa Entikong
Dusun Sontas
Sungai Kelik
Pos Gabma Entikong
diamankan 12 PMI nonprosedural
saksi nihil
Sri Aman
S0123/2024
UU 21 Tahun 2007 Pasal 2
10-12-2023 sampai 11-12-2023
0,9815; 110,3616
0°58'53" LU, 110°21'42" BT
5 laki-laki dan 3 perempuan
ditangkap di Jl. Lintas Malindo
Ibu Kota kecamatan
SATGAS-2023-0812-0345
REG 0812/2023
satgas_pamtas:SP-000123
job_offer_social_media|guide
Kabupaten Kapuas Hulu
h00ff12ab34cd56ef
Yonarmed 10
SPKT III
Model A
""".strip().splitlines()


@pytest.mark.parametrize(("kind", "cell"), [(k, c) for k, cells in PERSONAL.items() for c in cells])
def test_each_format_is_found(kind, cell):
    assert kind in kinds_in(cell)
    assert kind in kinds_in(f"pada hari itu, {cell}")


@pytest.mark.parametrize("cell", INNOCENT)
def test_innocents_pass(cell):
    assert kinds_in(cell) == set()
    assert not is_likely(cell)


@pytest.mark.parametrize(
    "name",
    COLUMNS,
)
def test_columns_meant_for_persons_are_told_by_name(name):
    assert column_kind(name, ["Budi Santoso", "Siti Aminah"])


@pytest.mark.parametrize(
    "name",
    ["nama desa", "Nama Pos", "Nama Operasi", "korban", "jumlah korban", "paspor", "asal"],
)
def test_columns_of_places_and_counts_are_not(name):
    assert not column_kind(name, ["3", "12", "5"])


def test_a_bare_name_column_may_hold_places():
    assert not column_kind("name", ["Pos Entikong", "Titik 1", "Desa Badau"])
    assert column_kind("name", ["Pos Entikong", "Budi Santoso"])


def test_record_numbers_like_passports_are_spared_in_their_own_column():
    assert "passport numbers" in kinds_in("A1234567")
    assert kinds_in("A1234567", is_id=True) == set()
    assert kinds_in("0123456789", is_id=True) == set()


def table(**columns):
    cells = pd.DataFrame(columns, dtype="str")
    return RawTable("", cells, pd.RangeIndex(2, len(cells) + 2).to_numpy())


def test_a_column_of_given_names_under_another_title():
    names = ["Budi Santoso", "Siti Aminah", "Agus Setiawan", "Dewi Lestari"]
    with pytest.raises(PersonalDataError, match="'Keterangan 2' holds names"):
        refuse([table(**{"Keterangan 2": names})], "x.csv")
    refuse([table(**{"nama desa": ["Sri Aman", "Sungai Kelik", "Badau", "Nur Asih"]})], "x.csv")


SECRET = "6103215708900002"
CSV = (
    "event_id,lat,lon,time,kind,catatan\n"
    "a,0.9,110.3,2024-03-05,community_report,aman\n"
    f"b,0.9,110.3,2024-03-06,community_report,dibawa {SECRET} kemarin\n"
)


def test_the_whole_file_is_refused_and_no_value_is_told(tmp_path, caplog, capsys):
    path = tmp_path / "laporan.csv"
    path.write_text(CSV, encoding="utf-8")
    with caplog.at_level(logging.DEBUG), pytest.raises(PersonalDataError) as refused:
        read_file(path)
    text = str(refused.value)
    assert "column 'catatan' holds identity numbers in line 3" in text
    for told in (text, repr(refused.value), caplog.text, *capsys.readouterr()):
        assert SECRET not in told
    assert sorted(item.name for item in tmp_path.iterdir()) == ["laporan.csv"]


def test_a_file_without_a_header_does_not_leak_its_first_row(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a.n. Budi Santoso,Entikong,hari ini\nb,c,d\n", encoding="utf-8")
    with pytest.raises(PersonalDataError) as refused:
        read_file(path)
    assert "Budi" not in str(refused.value)


def test_lines_that_are_no_rows_are_looked_through_too(tmp_path):
    path = tmp_path / "x.csv"
    ragged = "c,0.9,110.3,2024-03-07,community_report,x,y,telepon 0812-3456-7890\n"
    path.write_text(CSV.replace(SECRET, "apa") + ragged, encoding="utf-8")
    with pytest.raises(PersonalDataError, match="phone numbers in line 4"):
        read_file(path)


def test_likely_persons_flag_the_row_and_the_text_is_withheld(tmp_path):
    path = tmp_path / "x.csv"
    text = CSV.replace(f"dibawa {SECRET} kemarin", "menurut Pak Darmo benar")
    path.write_text(text + "c,9x,110,2024-03-05,community_report,kata Bu Lastri\n", "utf-8")
    reading = read_file(path)
    assert reading.kept["quality_flags"].tolist() == ["", "FREE_TEXT_PII"]
    assert "Lastri" not in reading.set_aside["original"][0]
    assert "withheld" in reading.set_aside["original"][0]
