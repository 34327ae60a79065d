"""Write the sample files anew: `python -m tools.sample`. All of it is invented: DATA SINTETIS.

Each file has the mess that files of its agency have; `README.md` says which, and what should
come of it. Places lie on the real ground, paths and events do not exist.
"""

import datetime as dt
import json
import zipfile
from pathlib import Path

import openpyxl

HERE = Path(__file__).resolve().parents[1] / "data" / "sample"
TITLE = "DATA SINTETIS"


def write_satgas() -> None:
    """Windows-1252, semicolons, a title, decimal commas, swapped coordinates, a quoted newline."""
    rows = [
        "DATA SINTETIS - Laporan kegiatan pos Satgas Pamtas;;;;;;;;;;;;",
        ";;;;;;;;;;;;",
        "No;No Laporan;Tanggal;Jam;Jenis Kejadian;Arah;Jumlah L;Jumlah P;Jumlah Orang;Lintang;"
        "Bujur;Sarana;Keterangan",
        "1;SP-001/2024;05/03/2024;21.30;Penggagalan PMI;keluar;4;2;6;0,98512;110,37210;jalan kaki;"
        "melalui jalan tikus dekat patok",
        "2;SP-002/2024;06/03/2024;malam;Diamankan;masuk;3;1;4;110,40123;0,95210;motor;"
        "koordinat tertukar",
        "3;SP-003/2024;07/03/2024;04:10;Pantauan perlintasan;ke Malaysia;2;2;5;1,04211;111,86120;"
        "perahu;jumlah tidak cocok",
        "4;SP-004/2024;08/03/2024;14.05;Pantauan;keluar;1;0;1;1°36'10\" LU;109°41'05\" BT;ojek;"
        '"ditulis dua baris\r\nkarena panjang – selesai"',
        "5;SP-005/2024;32/03/2024;10.00;Pantauan;keluar;1;1;2;1,6021;109,6801;jalan kaki;"
        "tanggal salah",
        "6;SP-006/2024;09/03/2024;10.00;Pencegahan;keluar;1;1;2;1,6011;109,6790;jalan kaki;"
        "kata yang punya dua arti",
        "7;SP-007/2024;10/03/2204;10.00;Pantauan;keluar;1;1;2;1,6012;109,6791;gerobak;"
        "tahun salah ketik",
        "8;SP-008/2024;11/03/2024;10.00;Pantauan;keluar;1;1;2;1,6012",
        ";;;;;;;;;;;;",
        "Jumlah;;;;;;14;9;23;;;;",
    ]
    text = "\r\n".join(rows) + "\r\n"
    (HERE / "data-sintetis-satgas.csv").write_bytes(text.encode("cp1252"))


def write_patrols() -> None:
    """Declared patrols: clocks across midnight, an ambush with km, a line without a place."""
    rows = [
        f"# {TITLE} rekap patroli",
        "Nomor Patroli;Tanggal;Jenis Kegiatan;Jam Mulai;Jam Selesai;Jarak KM;Koordinat",
        "PTR-01;05/03/2024;Patroli;19.00;01.00;7,5;0,9830 / 110,3700",
        "PTR-02;06/03/2024;Pengendapan;22.00;04.00;1,2;0,9911; 110,3805".replace("; 110", " / 110"),
        "PTR-03;06/03/2024;Jaga pos;06.00;18.00;0;1,0362 / 111,8779",
        "PTR-04;07/03/2024;Patroli;08.00;12.00;6;",
        "PTR-05;07/03/2024;Senam;06.00;07.00;0;1,0362 / 111,8779",
    ]
    (HERE / "data-sintetis-satgas-patroli.csv").write_text("\n".join(rows), encoding="utf-8")


def write_imigrasi() -> None:
    """XLSX: titles, a merged header over two rows, BPS codes, serial dates, a sheet of notes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Penundaan"
    sheet["A1"] = f"{TITLE} - REKAP PENUNDAAN KEBERANGKATAN KANIM"
    sheet["A2"] = "Tahun 2024"
    head = ["No", "Nomor Register", "Tanggal Tindakan", "Jenis Tindakan", "Jumlah", None, None]
    sheet.append([])
    sheet.append([*head, "Kode BPS", "Dokumen Perjalanan", "Sumber Informasi"])
    sheet.append([None, None, None, None, "L", "P", "Total", None, None, None])
    for column in "ABCDHIJ":
        sheet.merge_cells(f"{column}4:{column}5")
    sheet.merge_cells("E4:G4")
    rows = [
        [1, "REG-101", dt.datetime(2024, 3, 4), "Penundaan keberangkatan", 3, 1, 4, "6105"],
        [2, "REG-102", 45356, "Ditunda", 2, 2, 4, "6105"],
        [3, "REG-103", "6 Maret 2024", "Penolakan paspor", 1, 0, 1, "6105021"],
        [4, "REG-104", "07/03/2024", "Penolakan paspor", 0, 1, 1, "6101"],
        [5, "REG-105", "2024-13-01", "Ditunda", 1, 0, 1, "6101"],
        [6, "REG-106", dt.datetime(2024, 3, 9), "Ditunda", "dua", 0, 2, "6108"],
    ]
    for row in rows:
        sheet.append([*row, "paspor", "pemeriksaan"])
    notes = book.create_sheet("Keterangan")
    notes["A1"] = "Kode wilayah menurut BPS. Sumber: pemeriksaan TPI."
    book.save(HERE / "data-sintetis-imigrasi.xlsx")


def write_polda() -> None:
    """Cases by LP: a station's coordinates, undotted codes, a burst, two figures for one event."""
    rows = [
        f"{TITLE};;;;;;;;",
        "No LP;Jenis Perkara;Tanggal Kejadian;Tanggal LP;Jumlah Korban;Jenis Lokasi;Kode Wilayah;"
        "Titik Koordinat;Model LP;Operasi",
    ]
    for number in range(1, 13):
        rows.append(
            f"LP/A/{number:02d}/VI/2023/SPKT;TPPO;{6 + number % 7:02d}-06-2023;14-06-2023;3;kantor;"
            "61.71;-0,0540 / 109,3440;A;Ops Contoh 2023"
        )
    rows += [
        "LP/B/40/III/2024/SPKT;Penyelundupan manusia;05-03-2024;06-03-2024;7;TKP;61.03.21;"
        "0,9851 / 110,3721;B;",
        "LP/B/41/III/2024/SPKT;TPPO;07-03-2024;05-03-2024;2;TKP;61.03.21;0,9700 / 110,3500;B;",
        "LP/B/42/III/2024/SPKT;TPPO;07-03-2022;05-03-2024;2;TKP;6105;0,9700 / 110,3500;B;",
        "LP/B/43/III/2024/SPKT;Perjudian;07-03-2024;08-03-2024;2;TKP;61.03.21;0,97 / 110,35;B;",
        "LP/B/44/III/2024/SPKT;TPPO;07-03-2024;08-03-2024;2;TKP;wilayah hukum;;B;",
    ]
    rows[0] += ";"
    (HERE / "data-sintetis-polda.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def write_bp3mi() -> None:
    """XLSX with two sheets of the same form, months in words, names of places instead of codes."""
    book = openpyxl.Workbook()
    for place, (title, kind) in enumerate((("Januari", "Deportasi"), ("Februari", "Repatriasi"))):
        sheet = book.active if place == 0 else book.create_sheet()
        sheet.title = title
        sheet.append([f"{TITLE} BP3MI - data kedatangan {title} 2024"])
        head = ["No", "No Berita Acara", "Tanggal Kedatangan", "Jenis Kepulangan", "Laki-laki"]
        head += ["Perempuan", "Jumlah", "Kabupaten", "Kecamatan", "Provinsi Asal"]
        sheet.append(head)
        for day, men, women, total in ((4, 80, 40, 120), (11, 70, 30, 100), (18, 60, 31, 90)):
            number = f"BA-{place + 1}-{day:02d}"
            row = [day, number, f"{day} {title} 2024", kind, men, women, total, "Kab. Sanggau"]
            sheet.append([*row, "Entikong", "Jawa Timur"])
    book.save(HERE / "data-sintetis-bp3mi.xlsx")


def write_kjri() -> None:
    """Malay words, Sarawak time (UTC+8), a batch given twice with another status."""
    rows = [
        "Batch No,Tarikh,Masa,Jenis,Lelaki,Perempuan,Kanak-kanak,Bilangan,Status Data",
        "K-2024-01,4 Januari 2024,08:00,Deportation,70,30,2,100,baru",
        "K-2024-02,11 Ogos 2024,23:30,Hantar pulang,6,4,0,10,baru",
        "K-2024-03,18 Disember 2024,09:00,Deportation,90,30,5,120,baru",
        "K-2024-03,18 Disember 2024,09:00,Deportation,88,30,5,118,dikoreksi",
        "K-2024-04,01/02/2024,09:00,Deportation,10,2,20,12,baru",
        "K-2024-05,31 Jun 2024,09:00,Deportation,10,2,0,12,baru",
        "K-2024-06,20 Disember 2024,09:00,Deportation,,,,,baru",
    ]
    (HERE / "data-sintetis-kjri.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def write_desa() -> None:
    """UTF-16 with tabs, as a spreadsheet writes Unicode text; precision in words."""
    rows = [
        "No Laporan Desa\tHari/Tanggal\tWaktu\tJenis Laporan\tArah\tBerapa Orang\tKabupaten\t"
        "Kecamatan\tDesa\tKetelitian\tKoordinat",
        "D-01\tSelasa, 5 Maret 2024\tmalam\trombongan lewat\tke sebelah\t6\tSanggau\tEntikong\t"
        "Entikong\tdusun\t0,985 / 110,371",
        "D-02\tRabu, 6 Maret 2024\tpagi\tLaporan warga\tke sebelah\t\tSanggau\t"
        "Entikong\tEntikong\tdesa\t",
        "D-03\t7 Maret 2024\tsubuh\tLaporan warga\tdari sebelah\tnihil\tBengkayang\tJagoi Babang\t"
        "Desa Yang Tidak Ada\tdesa\t",
        "D-04\t8 Maret 2024\tpagi\tmelihat orang lewat\tke sebelah\t\tSambas\tPaloh\t\tkecamatan\t",
        "D-05\t9 Maret 2024\tpagi\tLaporan warga\tke mana-mana\t2\tSambas\tPaloh\t\tkecamatan\t",
    ]
    text = "\r\n".join(rows) + "\r\n"
    (HERE / "data-sintetis-desa.txt").write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))


def write_htcds() -> None:
    """The IOM standard, without the fields that may not come in."""
    rows = [
        "cas_ID,cas_CreatedDate,vic_TraffickingStatus,hte_Type,vic_MethodOfRecruitment,"
        "vic_MethodsOfControl,vic_TypeOfExploitation,vic_ForcedLabourIndustry,cas_Status,org_Type,"
        "n_persons,n_female,n_male,n_minor,hte_District",
        "C-1,2024-03-05,actual,exploitation,SocialNetwork,DebtBondage;WithholdsDocuments,"
        "ForcedLabour,A,Active,NGO,3,1,2,0,Sambas",
        "C-2,2024-03-06,possible,transit,friends,FalsePromises,ForcedLabour,F,Closed,"
        "LawEnforcement,1,1,0,0,Sanggau",
        "C-3,2024-03-07,maybe,transit,friends,FalsePromises;Hypnosis,ForcedLabour,F,Closed,"
        "LawEnforcement,1,1,0,0,Sanggau",
    ]
    (HERE / "data-sintetis-htcds.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def write_geo() -> None:
    """GeoJSON sightings with a polygon among them; a GPX and a KMZ of one invented patrol."""

    def feature(number: int, kind: str, shape: dict | None) -> dict:
        facts = {"No Laporan": f"G-{number}", "Jenis Kejadian": kind, "Arah": "keluar"}
        facts |= {"Tanggal": f"2024-03-0{number}", "Jumlah Orang": number + 1}
        return {"type": "Feature", "properties": facts, "geometry": shape}

    square = [[110.3, 0.9], [110.4, 0.9], [110.4, 1.0], [110.3, 0.9]]
    features = [
        feature(1, "Pantauan", {"type": "Point", "coordinates": [110.37, 0.985]}),
        feature(2, "Pantauan", {"type": "Point", "coordinates": [109.68, 1.602]}),
        feature(3, "Pantauan", {"type": "Polygon", "coordinates": [square]}),
        feature(4, "Pantauan", None),
    ]
    document = {"type": "FeatureCollection", "features": features}
    text = json.dumps(document, ensure_ascii=False, indent=1)
    (HERE / "data-sintetis-satgas-titik.geojson").write_text(text, encoding="utf-8")

    start = dt.datetime(2024, 3, 5, 1, 0)
    steps = [(start + dt.timedelta(minutes=5 * k), 0.900 + 0.001 * k, 110.42) for k in range(12)]
    steps += [(start + dt.timedelta(hours=3, minutes=5 * k), 0.92, 110.43) for k in range(3)]
    points = "".join(
        f'<trkpt lat="{lat:.5f}" lon="{lon:.5f}"><time>{when:%Y-%m-%dT%H:%M:%SZ}</time></trkpt>'
        for when, lat, lon in steps
    )
    gpx = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<gpx version="1.1" creator="sample" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><name>{TITLE} 1</name><trkseg>{points}</trkseg></trk>"
        "<trk><name>kosong</name><trkseg></trkseg></trk></gpx>"
    )
    (HERE / "data-sintetis-patroli.gpx").write_text(gpx, encoding="utf-8")
    when = "".join(f"<when>{t:%Y-%m-%dT%H:%M:%SZ}</when>" for t, _, _ in steps)
    where = "".join(f"<gx:coord>{lon:.5f} {lat:.5f} 40</gx:coord>" for _, lat, lon in steps)
    kml = (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2" '
        'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Placemark>'
        f"<name>{TITLE} 1</name><gx:Track>{when}{where}</gx:Track></Placemark>"
        "<Placemark><name>tanpa waktu</name><LineString><coordinates>110.36,0.97 110.37,0.98"
        "</coordinates></LineString></Placemark></Document></kml>"
    )
    with zipfile.ZipFile(HERE / "data-sintetis-patroli.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("doc.kml", (2024, 3, 5, 0, 0, 0)), kml)


def write_plain() -> None:
    """The least a file can hold."""
    rows = [
        "event_id,lat,lon,time,kind",
        "p-1,0.985,110.37,2024-03-05T14:00,crossing_sighting",
        "p-2,1.602,109.68,2024-03-06,community_report",
        "p-3,1.602,,2024-03-07,community_report",
        "p-4,1.04,111.87,kemarin,community_report",
    ]
    (HERE / "data-sintetis-polos.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for write in (write_satgas, write_patrols, write_imigrasi, write_polda, write_bp3mi):
        write()
    for write in (write_kjri, write_desa, write_htcds, write_geo, write_plain):
        write()
