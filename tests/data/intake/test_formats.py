"""Files of any kind become text rows with true line numbers, or one sentence of our own error."""

import gzip
import io
import json
import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from data.errors import DataError
from data.findings import parts_of, sentence_of
from data.intake import packed
from data.intake.formats import read_tables
from data.intake.read import read_file

HEADER = "event_id,lat,lon,time,kind"


def put(folder, name, content):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def only(path):
    (table,) = read_tables(path)
    return table


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_delimiter_and_encoding(tmp_path, mark, encoding):
    text = f"nomor{mark}jenis{mark}ket\nA{mark}é–x{mark}1\nB{mark}y{mark}2\n" * 1
    table = only(put(tmp_path, "x.csv", text.encode(encoding)))
    assert table.cells.to_numpy().tolist() == [["A", "é–x", "1"], ["B", "y", "2"]]
    assert table.lines.tolist() == [2, 3]


def test_line_numbers_stay_true_after_quoted_newlines_and_empty_lines(tmp_path):
    text = 'a,b,c\n1,"two\nlines",x\n\n,,\n2,y,z\n'
    table = only(put(tmp_path, "x.csv", text))
    assert table.lines.tolist() == [2, 6]
    assert table.cells["b"][0] == "two\nlines"


def test_a_ragged_line_is_kept_with_its_reason(tmp_path):
    table = only(put(tmp_path, "x.csv", "a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3,,\n"))
    assert table.lines.tolist() == [2, 5]
    assert [(item.line, *parts_of(item.reason)) for item in table.broken] == [
        (3, "ragged_row", "2 cells where the header has 3", {"n": 2, "width": 3}),
        (4, "ragged_row", "4 cells where the header has 3", {"n": 4, "width": 3}),
    ]


@pytest.mark.parametrize("end", ["6,7,8\n", '6,"7,8\n', "6,7,8"])
def test_a_quote_that_never_closes_costs_its_own_line_only(tmp_path, end):
    text = 'a,b,c\n1,2,3\n4,"5,6\n7,8,9\n' + end
    table = only(put(tmp_path, "x.csv", text))
    assert (table.broken[0].line, table.broken[0].reason[:10]) == (3, "quote_open")
    assert len(table.cells) + len(table.broken) == 4
    assert table.lines[:2].tolist() == [2, 4]


def test_many_open_quotes_take_no_square_time(tmp_path):
    text = "a,b,c\n" + '1,"2,3\n' * 20_000
    table = only(put(tmp_path, "x.csv", text))
    assert len(table.cells) + len(table.broken) == 20_000


def test_totals_and_repeated_headers_are_no_records(tmp_path):
    table = only(put(tmp_path, "x.csv", "no,a\n1,x\nno,a\n2,y\nJumlah,2\n"))
    assert table.lines.tolist() == [2, 4]
    assert [item.reason.split(":")[0] for item in table.broken] == ["header_again", "total_line"]


def test_titles_above_the_header(tmp_path):
    text = "LAPORAN BULANAN;;\n;;\nno laporan;tanggal;jenis kejadian\n1;2;3\n"
    (table,) = read_tables(
        put(tmp_path, "x.csv", text), frozenset({"no laporan", "tanggal", "jenis kejadian"})
    )
    assert list(table.cells.columns) == ["no laporan", "tanggal", "jenis kejadian"]
    assert table.lines.tolist() == [4]
    assert table.titles.startswith("LAPORAN")


def test_gzip_and_its_bomb(tmp_path):
    assert len(only(put(tmp_path, "x.csv.gz", gzip.compress(b"a,b\n1,2\n"))).cells) == 1
    bomb = gzip.compress(b"0" * 50_000_000)
    with pytest.raises(DataError, match="zip bomb"):
        read_tables(put(tmp_path, "bomb.csv.gz", bomb))


def test_zip_bombs_and_crowds(tmp_path):
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b"<kml>" + b" " * 60_000_000 + b"</kml>")
    with pytest.raises(DataError, match="zip bomb"):
        read_tables(put(tmp_path, "bomb.kmz", many.getvalue()))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(packed.MAX_MEMBERS + 1):
            archive.writestr(f"{number}.txt", "")
    with pytest.raises(DataError, match="files inside"):
        read_tables(put(tmp_path, "many.kmz", many.getvalue()))


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows, merged in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_merged_headers_titles_dates_and_sheets(tmp_path):
    rows = [
        ["REKAP"],
        [],
        ["No", "Jumlah", None, "Tanggal"],
        [None, "L", "P", None],
        [1, 3, 2.5, pd.Timestamp("2024-03-05 14:30")],
        [],
        [2, 4, 1.234, pd.Timestamp("2024-03-06")],
    ]
    merged = ["A3:A4", "B3:C3", "D3:D4"]
    content = workbook(
        ("Satu", rows, merged), ("Catatan", [["hanya teks"]], []), ("Dua", [["a", "b"], [1, 2]], [])
    )
    first, second = read_tables(put(tmp_path, "x.xlsx", content))
    assert list(first.cells.columns) == ["No", "Jumlah L", "Jumlah P", "Tanggal"]
    assert first.cells["Tanggal"].tolist() == ["2024-03-05 14:30:00", "2024-03-06"]
    assert first.cells["Jumlah P"].tolist() == ["2.5", "1.2340"]  # no reader takes it for 1234
    assert first.lines.tolist() == [5, 7]
    assert (first.sheet, second.sheet) == ("Satu", "Dua")


@pytest.mark.parametrize("name", ["x.kml", "x.gpx", "x.xml"])
def test_entities_are_refused_before_anything_is_read(tmp_path, name):
    text = '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "b">]><kml><Document>&a;</Document></kml>'
    for content in (text.encode(), text.encode("utf-16")):
        with pytest.raises(DataError, match=r"document type|well-formed"):
            read_tables(put(tmp_path, name, content))


def test_entities_inside_a_workbook_are_refused(tmp_path):
    good = zipfile.ZipFile(io.BytesIO(workbook(("A", [["a", "b"], [1, 2]], []))))
    evil = io.BytesIO()
    with zipfile.ZipFile(evil, "w") as archive:
        for item in good.namelist():
            content = good.read(item)
            if item.endswith("sheet1.xml"):
                content = b'<!DOCTYPE x [<!ENTITY a "b">]>' + content
            archive.writestr(item, content)
    with pytest.raises(DataError, match="document type"):
        read_tables(put(tmp_path, "x.xlsx", evil.getvalue()))


def test_geojson_takes_points_and_keeps_the_rest_with_a_reason(tmp_path):
    shapes = [
        {"type": "Point", "coordinates": [110.37, 0.98]},
        {"type": "LineString", "coordinates": [[110, 1], [111, 1]]},
        None,
    ]
    features = [
        {"type": "Feature", "properties": {"a": n, "b": ["x", "y"]}, "geometry": shape}
        for n, shape in enumerate(shapes)
    ]
    document = {"type": "FeatureCollection", "features": features}
    table = only(put(tmp_path, "x.geojson", json.dumps(document)))
    assert table.cells[["lon", "lat"]].to_numpy().tolist() == [["110.37", "0.98"], ["", ""]]
    assert table.cells["b"][0] == "x|y"
    assert table.lines.tolist() == [1, 3]
    assert table.broken[0].line == 2 and "LineString" in table.broken[0].reason


def test_geopackage_in_another_crs_comes_out_in_degrees(tmp_path):
    frame = gpd.GeoDataFrame(
        {"kind": ["a"]}, geometry=[Point(110.37, 0.98)], crs="EPSG:4326"
    ).to_crs("EPSG:32649")
    frame.to_file(tmp_path / "x.gpkg", layer="titik", driver="GPKG")
    table = only(tmp_path / "x.gpkg")
    assert table.sheet == "titik"
    assert float(table.cells["lon"][0]) == pytest.approx(110.37)
    assert float(table.cells["lat"][0]) == pytest.approx(0.98)


def test_kml_order_is_lon_lat_and_marks_bring_their_data(tmp_path):
    text = (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>Titik 1</name>'
        "<TimeStamp><when>2024-03-05T08:00:00Z</when></TimeStamp>"
        '<ExtendedData><Data name="kind"><value>x</value></Data></ExtendedData>'
        "<Point><coordinates>110.37,0.98,5</coordinates></Point></Placemark>"
        "<Placemark><Polygon/></Placemark></kml>"
    )
    table = only(put(tmp_path, "x.kml", text))
    row = table.cells.iloc[0]
    assert (row["lat"], row["lon"], row["kind"]) == ("0.98", "110.37", "x")
    assert row["time"] == "2024-03-05T08:00:00Z"
    assert "Polygon" in table.broken[0].reason


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.csv", b"", "empty"),
        ("x.csv", b"1,2\n3,4\n", "header"),
        ("x.xls", b"\xd0\xcf\x11\xe0" + b"0" * 100, "old Excel"),
        ("x.pdf", b"%PDF-1.7 ...", "XLSX or CSV"),
        ("x.csv.gz", b"\x1f\x8b\x08broken", "archive is damaged"),
        ("x.xlsx", b"PK\x03\x04broken", "archive is damaged"),
        ("x.geojson", b"{", "JSON"),
        ("x.geojson", b'{"type": "Topology"}', "FeatureCollection"),
        ("x.gpx", b"<gpx><trk>", "well-formed"),
        ("x.xml", b"<html></html>", "a web page"),
        ("x.gpkg", b"SQLite format 3\x00" + b"0" * 50, "GeoPackage"),
    ],
)
def test_what_cannot_be_read_says_so(tmp_path, name, content, words):
    with pytest.raises(DataError, match=words) as problem:
        read_tables(put(tmp_path, name, content))
    assert str(problem.value).startswith(name)


def test_a_missing_file(tmp_path):
    with pytest.raises(DataError, match="cannot be opened"):
        read_file(tmp_path / "nowhere.csv")


STARTS = [
    b"",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"SQLite format 3\x00",
    b"<?xml ",
    b"<kml>",
    b"{",
    b"[",
]
STARTS += [HEADER.encode() + b"\n", b"\xff\xfe", b'{"type":"FeatureCollection","features":[']


@settings(deadline=None, max_examples=60)
@given(
    start=st.sampled_from(STARTS),
    rest=st.binary(max_size=300),
    name=st.sampled_from(["x.csv", "x.xlsx", "x.geojson", "x.kml", "x.gpx", "x.gpkg", "x.kmz"]),
)
@example(start=STARTS[-1], rest=b'{"type":"Feature","properties":{"a":"\\ud800"}}]}', name="x.json")
@example(start=b"", rest=b"[" * 100_000, name="x.geojson")
def test_arbitrary_bytes_raise_our_own_error_or_nothing(tmp_path_factory, start, rest, name):
    path = put(tmp_path_factory.getbasetemp(), name, start + rest)
    try:
        reading = read_file(path)
    except DataError:
        return
    assert reading.n_read == len(reading.kept) + len(reading.set_aside)


@settings(deadline=None, max_examples=12)
@given(data=st.data())
def test_a_damaged_file_raises_our_own_error_or_nothing(tmp_path_factory, data, request):
    """One byte of a real file changed anywhere."""
    folder = request.config.rootpath / "data" / "sample"
    path = data.draw(st.sampled_from(sorted(folder.glob("data-sintetis*"))))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    damaged = put(tmp_path_factory.getbasetemp(), path.name, bytes(content))
    try:
        reading = read_file(damaged)
    except DataError:
        return
    assert reading.n_read == len(reading.kept) + len(reading.set_aside)


def test_two_encodings_in_one_file_are_each_read_as_what_they_are(tmp_path):
    content = "a,b,c\n1,caf\u00e9 \u2013,x\n".encode() + "2,caf\u00e9 \u2013,y\n".encode("cp1252")
    (table,) = read_tables(put(tmp_path, "x.csv", content))
    assert table.cells["b"].tolist() == ["caf\u00e9 \u2013"] * 2
    assert any("two encodings" in note for note in table.notes)


def test_zero_bytes_of_a_failing_disk_are_dropped_and_told(tmp_path):
    content = b"a,b,c\n" + b"1,2,3\n" * 30 + b"4,\x005,6\n" + b"\x00" * 400
    (table,) = read_tables(put(tmp_path, "x.csv", content))
    assert len(table.cells) == 31 and table.cells.iloc[-1].tolist() == ["4", "5", "6"]
    assert any("zero bytes" in note for note in table.notes)


@pytest.mark.parametrize("mark", ["^", "~", "   "])
def test_rarer_delimiters(tmp_path, mark):
    rows = ["Tanggal", "Jenis", "Lintang"], ["2026-01-01", "perlintasan darat", "0.98"]
    text = "\n".join(mark.join(row) for row in (*rows, rows[1])) + "\n"
    (table,) = read_tables(put(tmp_path, "x.txt", text.encode()))
    assert list(table.cells.columns) == rows[0]
    assert table.cells.iloc[0].tolist() == rows[1]


def test_a_file_may_be_brought_without_lying_on_a_disk(tmp_path):
    content = b"a,b,c\n1,2,3\n"
    (table,) = read_tables(tmp_path / "nowhere.csv", content=content)
    assert len(table.cells) == 1
    with pytest.raises(DataError, match="at most 10"):
        read_tables(tmp_path / "nowhere.csv", content=content, max_bytes=10)
    bomb = gzip.compress(b"a,b,c\n" + b"1,2,3\n" * 5000)
    with pytest.raises(DataError, match="zip bomb"):
        read_tables(tmp_path / "nowhere.csv.gz", content=bomb, max_bytes=20_000)


def test_a_sheet_without_a_header_is_not_lost(tmp_path):
    book = openpyxl.Workbook()
    for row in (["event_id", "lat", "lon"], ["a", 0.9, 110.3]):
        book.active.append(row)
    lost = book.create_sheet("Lanjutan")
    for row in ([1, 0.9, 110.3], [2, 0.8, 110.4]):
        lost.append(row)
    book.create_sheet("Sampul").append(["laporan bulanan"])
    path = tmp_path / "x.xlsx"
    book.save(path)
    first, second = read_tables(path, frozenset({"event id", "lat", "lon"}))
    assert len(first.cells) == 1
    assert "sheet 'Sampul' holds no table; 1 lines left out" in map(sentence_of, first.notes)
    assert [item.line for item in second.broken] == [1, 2]
    assert all(item.reason.startswith("header_missing: ") for item in second.broken)


def test_words_merged_downwards_are_told_in_each_row_and_numbers_are_not(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["event_id", "tanggal", "kabupaten", "jumlah"],
        ["a", pd.Timestamp("2026-01-05"), "Sanggau", 9],
        ["b", None, None, None],
        ["c", None, "Sambas", 2],
    ):
        sheet.append(row)
    for merged in ("B2:B4", "C2:C3", "D2:D3", "A5:A6"):
        sheet.merge_cells(merged)
    path = tmp_path / "x.xlsx"
    book.save(path)
    (table,) = read_tables(path, frozenset({"event id", "tanggal", "kabupaten"}))
    assert table.cells.to_numpy().tolist() == [
        ["a", "2026-01-05", "Sanggau", "9"],
        ["b", "2026-01-05", "Sanggau", ""],
        ["c", "2026-01-05", "Sambas", "2"],
    ]
    told = [sentence_of(note) for note in table.notes]
    assert "3 cells merged downwards were filled with what they show" in told
