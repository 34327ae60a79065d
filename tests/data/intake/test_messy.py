"""Files unlike the samples: every row read is kept or set aside, with a true reason."""

import datetime as dt
import io
import json

import openpyxl
import pandas as pd
import pytest

from data.errors import DataError
from data.intake.read import read_file

NOW = pd.Timestamp("2026-11-24", tz="UTC")


def bring(name, content, source=None):
    content = content.encode() if isinstance(content, str) else content
    reading = read_file(name, source, received_at=NOW, content=content)
    assert reading.n_read == len(reading.kept) + len(reading.set_aside)
    lines = [*reading.kept["source_line"], *reading.set_aside["source_line"]]
    assert len(set(lines)) == len(lines), "a line is told twice"
    return reading


def keys(reading):
    told = reading.set_aside.sort_values("source_line")["reasons"]
    return [text.split(":")[0] for text in told]


def test_pipes_two_header_rows_parts_of_the_day_and_a_total():
    text = """LAPORAN KEGIATAN SATGAS||||||||
No|Tanggal|Waktu|Kegiatan|Arah|Jumlah||Posisi|
|||||L|P||
1|03-02-2026|14.30 WITA|penggagalan|keluar|3|2|0,9815; 110,3616|
2|04-02-2026|pagi|pantauan|masuk|1|0|0°58'53" LU 110°21'42" BT|
3|31-02-2026|08.00 WIB|pantauan|masuk|1|0|0.98, 110.36|
|||||||| \nTOTAL||||| 5|2||
"""
    reading = bring("pipa.txt", text, "satgas_pamtas")
    assert keys(reading) == ["time_unreadable", "total_line"]
    first, second = reading.kept.to_dict("records")
    assert (first["event_type"], first["n_persons"]) == ("interception_out", 5)
    assert first["event_start"] == pd.Timestamp("2026-02-03 06:30", tz="UTC")  # WITA, not WIB
    assert second["time_precision"] == "part_of_day"
    assert abs(second["lat"] - 0.98139) < 1e-4 and abs(second["lon"] - 110.36167) < 1e-4


def test_serial_dates_as_text_and_semicolons_in_quotes():
    text = (
        "Nomor LP;Tanggal Kejadian;Jenis Perkara;Kode Wilayah;Jumlah Korban;Modus\n"
        '"LP/A/1/2026";"46023";TPPO;61.03;3;"calo; dokumen palsu"\n'
        '"LP/B/2/2026";"12/25/2026";tppm;61.03;1;\n'
        '"LP/B/3/2026";46030;pencegahan;;1;\n'
        '"LP/B/4/2026";46030;TPPO;;-1;\n'
    )
    reading = bring("serial.csv", text, "polda")
    assert reading.kept["event_start"].tolist() == [pd.Timestamp("2025-12-31 17:00", tz="UTC")]
    assert keys(reading) == ["time_unreadable", "word_unknown", "number_unreadable"]


def test_undotted_codes_are_never_guessed():
    text = "event_id,kind,time,admin_code,lat,lon\n1,sighting,2026-01-02,6105,,\n"
    text += "2,sighting,2026-01-02,61.05,,\n"
    reading = bring("kode.csv", text, "polos")
    assert keys(reading) == ["code_system_unknown"]
    assert "CODE_SYSTEM_UNKNOWN" in reading.kept["quality_flags"].iloc[0]


def test_duplicate_headers_do_not_shift_columns():
    text = "event_id,time,time,kind,lat,lat,lon,lon\n1,2026-01-02,2026-01-05,sighting,0.9,,110.4,\n"
    text += "2,,2026-01-06,sighting,,0.91,,110.41\n"
    reading = bring("ganda.csv", text, "polos")
    assert reading.kept["lat"].tolist() == [0.9] and keys(reading) == ["missing_value"]
    assert any("'time (2)'" in note for note in reading.notes)


def test_a_workbook_with_merged_headers_signatures_and_serial_dates():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Rekap Jan"
    sheet.append(["REKAPITULASI PENANGANAN PMI NONPROSEDURAL"])
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(["No", "Tanggal", "Jenis Layanan", "Jumlah", None, None, "Kab/Kota"])
    sheet.append([None, None, None, "L", "P", "Total", None])
    sheet.merge_cells("D3:F3")
    for column in "ABCG":
        sheet.merge_cells(f"{column}3:{column}4")
    sheet.append([1, dt.datetime(2026, 1, 5), "deportasi", 10, 5, 15, "Sanggau"])
    sheet.append([2, "6 Januari 2026", "repatriasi", 4, 4, 9, "Sanggau"])
    sheet.append([3, 46032, "deportasi", 1, "nihil", 1, "Kab. Bengkayang"])
    sheet.append(["4", "tgl 10", "deportasi", "?", 1, None, "Entikong"])
    sheet.append(["Jumlah", None, None, 15, 9, 25])
    sheet.append(["Mengetahui,", None, None, None, None, None, "Kepala Seksi"])
    book.create_sheet("Catatan").append(["tidak ada data"])
    out = io.BytesIO()
    book.save(out)
    reading = bring("rekap.xlsx", out.getvalue(), "imigrasi")
    assert reading.kept["n_persons"].tolist() == [15, 9, 1]
    assert reading.kept["quality_flags"].tolist() == ["", "SUM_MISMATCH", ""]
    assert reading.kept["admin_code"].tolist() == ["61.03", "61.03", "61.07"]
    assert keys(reading) == ["time_unreadable", "total_line", "missing_value"]


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("0,9815°", "110,3616°"),
        ("0°58.89'N", "110°21.696'E"),
        ("N 0 58 53.4", "E 110 21 41.76"),
        ("110°21'42\"", "0°58'53\""),
    ],
)
def test_coordinates_as_people_write_them(lat, lon):
    text = f"event_id\tlat\tlon\ttime\tkind\n1\t{lat}\t{lon}\t2026-02-01\tsighting\n"
    (row,) = bring("derajat.tsv", text, "polos").kept.to_dict("records")
    assert abs(row["lat"] - 0.9815) < 2e-4 and abs(row["lon"] - 110.3616) < 2e-4


def test_carriage_returns_a_sep_line_and_a_quote_that_never_closes():
    text = "\ufeffsep=;\revent_id;lat;lon;time;kind\r1;0.98;110.36;2026-02-01;sighting\r"
    text += '2;0.98;110.36;2026-02-02;"sighting\r3;0.97;110.35;2026-02-03;sighting\r'
    reading = bring("cr.csv", text)
    assert keys(reading) == ["quote_open"] and len(reading.kept) == 2


def test_a_map_file_with_everything_wrong():
    features = [
        {"geometry": {"type": "Point", "coordinates": [429000, 108000]}},
        {"geometry": {"type": "Point", "coordinates": ["a", None]}},
        {"geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [1, 2]]]}},
        {"geometry": None},
    ]
    told = {"event_id": "1", "time": "2026-01-01", "kind": "sighting"}
    rows = [
        {"type": "Feature", "properties": told | {"event_id": str(n)}, **one}
        for n, one in enumerate(features)
    ]
    content = json.dumps({"type": "FeatureCollection", "features": [*rows, None]})
    reading = bring("titik.geojson", content, "polos")
    assert keys(reading) == [
        "coord_impossible", "coord_unreadable", "not_a_point", "feature_unreadable",
    ]  # fmt: skip
    assert reading.kept["geo_precision"].tolist() == ["unknown"]


def test_units_under_the_header_and_footnotes_cost_only_themselves():
    text = """Tanggal;Jenis Kejadian;Lintang;Bujur;Jumlah Orang
(hari/bln/thn);(teks);(derajat);(derajat);(orang)
05/03/2026;perlintasan;0.98;110.36;2
Sumber: Satgas, diolah
*) angka sementara;;;;
"""
    reading = bring("satuan.csv", text, "satgas_pamtas")
    assert len(reading.kept) == 1
    assert keys(reading) == ["word_unknown", "ragged_row", "missing_value"]


def test_impossible_clocks_months_and_years():
    times = ["2026-01-01 25:00", "2026-13-01", "1/2/26", "9999999999", "2206-01-01"]
    text = "event_id,lat,lon,time,kind\n"
    text += "".join(f"{n},0.97,110.35,{time},sighting\n" for n, time in enumerate(times))
    reading = bring("tahun.csv", text, "polos")
    assert keys(reading) == ["time_unreadable"] * 4
    assert reading.kept["quality_flags"].tolist() == ["DATE_FUTURE"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("laporan.xls", b"<html><table><tr><td>Tanggal</td></tr></table></html>", "a web page"),
        ("laporan.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old Excel"),
        ("laporan.pdf", b"%PDF-1.7 x", "bring the table itself"),
        ("kosong.csv", b"\x00\x00\r\n  \x00", "empty"),
        ("gambar.csv", bytes(range(256)) * 40, "x.csv|not a text file|no header|no source"),
    ],
)
def test_what_is_no_table_says_what_to_do(name, content, words):
    with pytest.raises(DataError, match=words):
        bring(name, content)
