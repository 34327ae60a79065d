"""Personal data is refused, named by place and kind; innocent codes and words are not."""

import io
import logging
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment

from data.intake.draft import draft
from data.intake.read import read_file
from data.personal.gate import PersonalDataError, refuse
from data.personal.signs import column_kind, is_likely, kinds_in, worth_reading
from data.tables import RawTable

PERSONAL = {
    "identity numbers": [
        "NIK 6103215708900002",
        "6103211708900002",
        "610321 170890 0002",
        "6103.2157.0890.0002",
        "61 03 21 570890 0002",
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
        "wa 8123456789",
        "Telp: 0561-736121",
    ],
    "e-mail addresses": [
        "budi@contoh.co.id",
        "kirim ke a.b+c@mail.example.com ya",
        "budi[at]contoh.co.id",
    ],
    "birth dates": [
        "lahir di Sambas, 12-05-1990",
        "TTL: Pontianak, 3 Mei 1999",
        "DOB 01/02/1990",
        "tgl lahir: 1990-05-12",
    ],
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
        "KORBAN: SITI AMINAH",
        "an Budi Santoso",
        "nama: budi",
        "Sdr Joko",
        '{"nama": "Budi"}',
        "BUDI SANTOSO (35 th)",
        "seorang perempuan Siti Aminah (24)",
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
Umur/TTL
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
an Indonesian group of 5
hubungi 112
telp 05-03-2024 pukul 10
korban anak
KORBAN TPPO
Entikong (12)
Dusun Sari Jaya (3 orang)
nama: patroli gabungan
6103.21
61 03 21 2001
""".strip().splitlines()


@pytest.mark.parametrize(("kind", "cell"), [(k, c) for k, cells in PERSONAL.items() for c in cells])
def test_each_format_is_found(kind, cell):
    assert kind in kinds_in(cell)
    assert kind in kinds_in(f"pada hari itu, {cell}")
    assert worth_reading(np.array([cell], dtype=object))[0], "the cheap test would pass it over"


PLACES = (
    "event_id,lat,lon,time,kind,Location Description\n"
    'b1,1.2,109.9,2024-01-08 10:00,community_report,"Wadi Bin Salim, Shabwah"\n'
    "b2,1.2,109.9,2024-01-08 11:00,community_report,{}\n"
)


def test_a_place_called_bin_costs_nothing_and_a_doubtful_word_its_field():
    reading = read_file("place_with_bin.csv", content=PLACES.format("rumah Hasbullah").encode())
    assert reading.kept["quality_flags"].tolist() == ["", "FREE_TEXT_PII"]


NESTED = (
    "event_id,lat,lon,time,kind,{}\n"
    'e0,1.2,109.9,2024-01-01 10:00,community_report,"{}"\n'
    'e9,1.2,109.9,bukan tanggal,community_report,"{}"\n'
)


@pytest.mark.parametrize("column", ["reported_by", "catatan", "properties"])
@pytest.mark.parametrize(
    "value",
    [
        "{'username': 'rlestari', 'first_name': 'Rukmini', 'last_name': 'Lestari'}",
        '{""observer"": {""name"": ""Rukmini Lestari""}}',
        '[{""namaKorban"": ""Oceu""}]',
    ],
)
def test_a_name_inside_a_nested_value_refuses_the_file_whole(column, value):
    content = NESTED.format(column, value, value).encode()
    with pytest.raises(PersonalDataError, match=r"holds .*names") as refused:
        read_file("x.csv", content=content)
    assert "Rukmini" not in str(refused.value) and "Oceu" not in str(refused.value)


def test_a_steward_declares_a_column_a_place():
    """Names in it are places'; numbers and accounts stay what they are."""
    head = "event_id,lat,lon,time,kind,Titik Kumpul\n"
    row = "k{0},1.2,109.9,2024-01-08 1{0}:00,community_report,{1}\n"
    names = ["Yohanes Paulus", "Stefanus", "Siti Aminah", "Budi Santoso"]
    content = (head + "".join(row.format(*item) for item in enumerate(names))).encode()
    with pytest.raises(PersonalDataError, match="'Titik Kumpul' holds names"):
        read_file("x.csv", content=content)
    reading = read_file("x.csv", content=content, places=["titik kumpul"])
    assert reading.kept["quality_flags"].tolist() == [""] * 4
    with pytest.raises(PersonalDataError, match="phone numbers in line 6"):
        more = row.format(5, "0812-3456-7890").encode()
        read_file("x.csv", content=content + more, places=["Titik Kumpul"])


def test_a_column_name_with_towers_is_no_column_of_persons():
    cells = "event_id,lat,lon,time,kind,name\n"
    for number, name in enumerate(["Menara air", "Jembatan lama", "Pos 3", "Desa Suruh"]):
        cells += f"j{number},1.2,109.9,2024-01-08 1{number}:00,community_report,{name}\n"
    reading = read_file("x.csv", content=cells.encode())
    assert reading.kept["quality_flags"].tolist() == [""] * 4


@pytest.mark.parametrize("cell", ["KB 1234 XY", "QAA 1234 B", "mobil nopol b 1234 kjh"])
def test_a_plate_costs_its_field_and_not_the_file(cell):
    assert is_likely(cell) and not kinds_in(cell)


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


@pytest.mark.parametrize("name", ["jenis kejadian", "operasi", "modus", "menggantikan", "ket"])
@pytest.mark.parametrize("start", ["2024-03-05", "bulan lalu"])
def test_likely_persons_are_kept_nowhere(name, start):
    """Neither the row, its reasons, the unknown words nor a line that is no row tell them."""
    head = f"no laporan;tanggal;{name};arah;jumlah;lintang;bujur\n"
    row = f"{{}};{start};{{}};keluar;3;0.8;110.5\n"
    text = head + row.format("K-1", "kata Pak Darmo") + "K-2;2024-03-06;Bu Lastri\n"
    reading = read_file("x.csv", "desa", content=text.encode())
    assert reading.n_read == 2 == len(reading.kept) + len(reading.set_aside)
    told = [each.to_csv() for each in (reading.kept, reading.set_aside, reading.unknown_words)]
    for word in ("Darmo", "Lastri"):
        assert word not in " ".join([*told, *reading.notes])


def test_villages_that_sound_like_persons_are_villages():
    text = "no laporan;tanggal;jenis kejadian;arah;jumlah;desa\n"
    text += "K-1;2024-03-05;perlintasan;keluar;3;Pak Utan\n"
    reading = read_file("x.csv", "desa", content=text.encode())
    assert reading.kept["admin_code"].tolist() == ["61.02.06.2006"]
    assert reading.kept["quality_flags"].tolist() == [""]


NIK = "6103215708900002"
TRACK = "".join(
    f'<trkpt lat="{0.8 + i * 0.001}" lon="110.5"><time>2026-01-05T01:{i:02d}:00Z</time></trkpt>'
    for i in range(5)
)
GPX = f"<gpx>{{}}<trk><name>a</name>{{}}<trkseg>{TRACK}</trkseg></trk></gpx>"
KML = (
    "<kml><Document>{}<Placemark><name>K-1</name>{}<Point><coordinates>110.5,0.8</coordinates>"
    "</Point></Placemark></Document></kml>"
)
FEATURES = (
    '{{"type": "FeatureCollection", "name": "{}", "features": '
    '[{{"type": "Feature", "properties": {{"a": "1"}}}}]}}'
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gpx", GPX.format("", f"<desc>NIK {NIK}</desc>")),
        ("a.gpx", GPX.format("", f"<extensions><x>{NIK}</x></extensions>")),
        (
            "a.gpx",
            GPX.format('<metadata><author><email id="b" domain="c.id"/></author></metadata>', ""),
        ),
        ("a.kml", KML.format(f"<description>korban {NIK}</description>", "")),
        ("a.kml", KML.format("", f"<Snippet>{NIK}</Snippet>")),
        ("a.kml", KML.format("", "<phoneNumber>0561-736121</phoneNumber>")),
        ("a.geojson", FEATURES.format(f"lampiran {NIK}")),
    ],
)
def test_what_stands_outside_the_rows_is_looked_through(name, content):
    with pytest.raises(PersonalDataError, match="text outside the rows holds"):
        read_file(name, content=content.encode())


@pytest.mark.parametrize(
    "name", ["Budi Santoso.csv", "korban_siti_aminah.csv", "a.n. Joko.csv", "081234567890.csv"]
)
def test_a_file_named_after_a_person_is_refused_without_its_name(name):
    with pytest.raises(PersonalDataError, match="the name of the file itself") as refused:
        read_file(name, content=CSV.replace(SECRET, "apa").encode())
    assert Path(name).stem not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["laporan hari ini", "putra daerah", "agus 2025", "Sri Aman", "rekap_sungai_sari"]
)
def test_names_of_files_with_everyday_words_pass(name):
    reading = read_file(f"{name}.csv", content=CSV.replace(SECRET, "apa").encode())
    assert len(reading.kept) == 2


def test_a_sheet_named_after_a_person_is_refused_without_its_name():
    book = openpyxl.Workbook()
    book.active.title = "Budi 081234567890"
    for row in (["event_id", "lat", "lon", "time", "kind"], ["a", 0.8, 110.5, "2024-03-05", "x"]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(PersonalDataError, match="the name of sheet 1 names a person") as refused:
        read_file("x.xlsx", content=content.getvalue())
    assert "Budi" not in str(refused.value) and "0812" not in str(refused.value)


def test_comments_and_sheets_without_a_table_are_looked_through():
    for pinned in (True, False):
        book = openpyxl.Workbook()
        for row in (
            ["event_id", "lat", "lon", "time", "kind"],
            ["a", 0.8, 110.5, "2024-03-05", "x"],
        ):
            book.active.append(row)
        if pinned:
            book.active["A2"].comment = Comment(f"NIK {NIK}", "x")
        else:
            book.create_sheet("Catatan").append([f"NIK {NIK}"])
        content = io.BytesIO()
        book.save(content)
        with pytest.raises(PersonalDataError, match="text outside the rows holds identity"):
            read_file("x.xlsx", content=content.getvalue())


@pytest.mark.parametrize("read", [read_file, draft])
def test_a_personal_file_name_is_told_by_no_other_fault(read, tmp_path):
    told = []
    for content in (b"", b"\x00\x01", b"<kml>"):
        with pytest.raises(PersonalDataError) as refused:
            read(tmp_path / f"laporan {SECRET}.csv", content=content)
        told.append(str(refused.value))
    assert SECRET not in " ".join(told)
