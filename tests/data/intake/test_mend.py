"""A refused row leaves as a workbook, comes back mended, and closes the one it was."""

import io
import itertools
import json
import re

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import DataError
from data.findings import key_of
from data.intake import mend
from data.intake.read import read_file
from data.personal.said import Said
from tests.data.store_world import reading_of
from ui.words.of_data import tell_reasons

NOW = pd.Timestamp("2026-11-24", tz="UTC")
NUMBER = itertools.count()
FILE = """event_id,lat,lon,time,kind
1,0.98,110.36,2026-01-02,sighting
2,0.98,,2026-01-03,sighting
3,0.98,110.36,31-02-2026,=cmd|' /C calc'!A1
4,0.98,110.36
5,0.97,110.35,2026-01-05,sighting
"""


def bring(text, name="data-sintetis.csv", **more):
    content = text if isinstance(text, bytes) else text.encode()
    return read_file(name, received_at=NOW, content=content, **more)


def aside_of(reading):
    return reading.set_aside.assign(sha256=reading.sha256, synthetic=reading.synthetic)


def rows_of(content):
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return [[cell.value or "" for cell in row] for row in sheet.iter_rows()]


def save(header, rows):
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_workbook_holds_the_row_as_it_was_and_why_it_was_refused():
    header, *rows = rows_of(mend.write_workbook(aside_of(bring(FILE))))
    assert header == [
        mend.REASONS, mend.ORIGIN, "event_id", "lat", "lon", "time", "kind", mend.TEXT,
    ]  # fmt: skip
    told = {row[2]: row for row in rows}
    assert told["2"][3:7] == ["0.98", "", "2026-01-03", "sighting"]
    assert told["2"][0].startswith("coord_half")
    assert told[""][-1] == "4,0.98,110.36" and told[""][0].startswith("ragged_row")


def test_no_cell_of_the_workbook_is_a_formula():
    content = mend.write_workbook(aside_of(bring(FILE)))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    (evil,) = (cell for cell in cells if str(cell.value).startswith("="))
    assert evil.quotePrefix


def test_a_mended_row_is_kept_and_says_which_row_it_closes(store):
    first = bring(FILE)
    assert (first.n_read, len(first.kept)) == (5, 2)
    store.ingest(first)
    aside = store.set_aside()
    assert set(aside["mended_by"]) == {""} and len(aside) == 3
    header, *rows = rows_of(mend.write_workbook(aside))
    for row in rows:
        if row[2] == "2":
            row[4] = "110.36"  # mended
        elif row[2] == "3":
            row[5] = "2026-02-28"
            row[6] = "sighting"
    second = bring(save(header, rows), "perbaikan.xlsx", source="polos")
    assert second.synthetic, "invented rows stay invented whatever the file is called"
    assert (second.n_read, len(second.kept)) == (3, 2)
    assert [key_of(text) for text in second.set_aside["reasons"]] == ["ragged_row"]
    assert "not cut into its columns yet" in second.set_aside["reasons"][0]
    assert second.set_aside["original"].tolist() == ["4,0.98,110.36"]
    done = store.ingest(second)
    told = store.set_aside()
    assert set(told.loc[told["import_id"] == "1", "mended_by"]) == {done.import_id}
    assert (told["mended_by"] == "").sum() == 1
    assert len(store.events()) == 4
    store.undo_import(done.import_id, Said("keliru"))
    assert set(store.set_aside()["mended_by"]) == {""}


def test_the_reasons_column_is_dropped_unseen_and_the_text_is_looked_through():
    header = [mend.REASONS, mend.ORIGIN, "event_id", "lat", "lon", "time", "kind", mend.TEXT]
    row = ["hubungi 0812-3456-7890", "", "9", "0.98", "110.36", "2026-01-02", "sighting", ""]
    assert len(bring(save(header, [row]), "x.xlsx", source="polos").kept) == 1
    row = ["", "", "", "", "", "", "", "hubungi 0812-3456-7890"]
    with pytest.raises(ValueError, match="phone numbers"):
        bring(save(header, [row]), "x.xlsx", source="polos")


def test_rows_of_several_headers_get_a_sheet_each():
    one = aside_of(bring(FILE))
    other = one.head(1).assign(original='{"Tanggal": "31-02-2026"}', source_sheet="lain")
    content = mend.write_workbook(pd.concat([one, other]))
    assert len(openpyxl.load_workbook(io.BytesIO(content)).worksheets) == 2


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@settings(max_examples=40, deadline=None)
@given(cells=st.lists(TEXTS, min_size=3, max_size=3), line=st.integers(1, 10**6), sheet=TEXTS)
def test_what_a_row_said_survives_the_workbook(cells, line, sheet):
    """Text comes back as it was, but for signs that no workbook can hold."""
    aside = pd.DataFrame(
        {
            "source_sheet": [sheet],
            "source_line": [line],
            "original": [pd.Series(cells, index=["a", "b", "c"]).to_json(force_ascii=False)],
            "reasons": ["x"],
            "sha256": ["0123456789abcdef" * 4],
            "synthetic": [False],
        }
    )
    content = mend.write_workbook(aside)
    found = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    back = [found.cell(2, column).value or "" for column in (3, 4, 5)]
    lost = str.maketrans(dict.fromkeys(map(chr, [*range(32), 0xFFFE, 0xFFFF]), " "))
    assert [b.translate(lost) for b in back] == [c.translate(lost) for c in cells]


def test_an_import_without_marks_stores_none(store):
    store.ingest(reading_of(bring(FILE).kept, "uji", 2))
    assert store.set_aside()["mended_by"].tolist() == ["", ""]
    assert store.import_agencies()["source_agency"].tolist() == ["polos"]


def test_mended_rows_are_read_by_the_source_that_read_them_first(store):
    """The name of the first file told the source; that of the workbook does not."""
    head = "Tarikh,Jenis Kes,Hala,Bilangan,Koordinat\n"
    reading = bring(head + '31/02/2026,Aduan,Keluar,3,"0.9, 110.5"\n', "data-sintetis-desa.csv")
    store.ingest(reading)
    (header, row) = rows_of(mend.write_workbook(store.set_aside()))
    assert row[header.index(mend.ORIGIN)].startswith("sintetis:")
    row[header.index("Tarikh")] = "28/02/2026"
    again = bring(save(header, [row]), "perbaikan.xlsx")
    assert (again.source_name, len(again.kept), len(again.mends)) == ("desa", 1, 1)
    store.ingest(again)
    assert store.set_aside()["mended_by"].tolist() == ["2"]
    with pytest.raises(DataError, match="equally well"):
        bring(save(header[2:-1], [row[2:-1]]), "perbaikan.xlsx")


def geojson(*shapes):
    told = {"time": "2026-01-02", "kind": "sighting"}
    rows = [
        {"type": "Feature", "geometry": shape, "properties": {"event_id": str(n), **told}}
        for n, shape in enumerate(shapes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows})


AREA = {"type": "Polygon", "coordinates": [[[110, 0.9], [110.1, 0.9], [110.1, 1], [110, 0.9]]]}
TWO = {"type": "MultiPoint", "coordinates": [[110.3, 0.9], [110.4, 0.9]]}


def test_reasons_stand_in_the_workbook_without_their_values():
    header, *rows = rows_of(mend.write_workbook(aside_of(bring(FILE))))
    told = [row[header.index(mend.REASONS)] for row in rows]
    assert told and all(re.match(r"[a-z_]+: ", text) and "{" not in text for text in told), told


@pytest.mark.parametrize(("shape", "key"), [(AREA, "not_a_point"), (TWO, "several_points")])
def test_a_shape_comes_back_with_a_place_or_with_its_own_reason(store, shape, key):
    """An area that nobody mended never becomes an event without a place."""
    store.ingest(bring(geojson(*[shape] * 4), "data-sintetis.geojson", source="polos"))
    header, *rows = rows_of(mend.write_workbook(store.set_aside()))
    for row in rows[::2]:
        row[header.index("lat")], row[header.index("lon")] = "0.98", "110.36"
    again = bring(save(header, rows), "perbaikan.xlsx")
    assert again.kept["lat"].tolist() == [0.98, 0.98] and again.n_without_place == 0
    assert [text.split(":")[0] for text in again.set_aside["reasons"]] == [key, key]
    assert tell_reasons(again.set_aside["reasons"][0], "id").startswith("belum diperbaiki")
    store.ingest(again)
    third = bring(mend.write_workbook(store.set_aside().query("mended_by == ''")), "lagi.xlsx")
    assert (third.n_read, len(third.kept)) == (2, 0)


def test_patrols_tracks_and_events_come_back_in_one_workbook(store, seven):
    """Each row by the source that read it; a track keeps the reason for which it was refused."""
    patrols = "Nomor Patroli,Tanggal,Menit,Jenis Kegiatan,Lintang,Bujur\nP1,31/02/2026,60,patroli,"
    patrols += "0.98,110.36\n"
    far = "".join(
        f'<trkpt lat="5" lon="{n}"><time>2026-01-02T00:0{n}:00Z</time></trkpt>' for n in "12"
    )
    track = f"<gpx><trk><trkseg>{far}</trkseg></trk><rte><name>rencana</name></rte></gpx>"
    for text, name, source in (
        (FILE, "data-sintetis.csv", None),
        (patrols, "data-sintetis-p.csv", "satgas_pamtas_patroli"),
        (track, "data-sintetis.gpx", None),
    ):
        store.ingest(bring(text, name, source=source, grid=seven))
    aside = store.set_aside()
    book = openpyxl.load_workbook(io.BytesIO(mend.write_workbook(aside)))
    for sheet in book:
        head = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            if row[head.index("Tanggal") if "Tanggal" in head else 0].value == "31/02/2026":
                row[head.index("Tanggal")].value = "28/02/2026"
    out = io.BytesIO()
    book.save(out)
    again = bring(out.getvalue(), "perbaikan.xlsx", grid=seven)
    assert again.of("effort").kept["minutes"].tolist() == [60.0]
    assert sum(part.n_read for part in again.parts) == len(aside)
    keys = [text.split(":")[0] for part in again.parts for text in part.set_aside["reasons"]]
    assert {"route_is_plan", "coord_half", "ragged_row"} <= set(keys)
    assert any(key.startswith("track_") for key in keys)
    assert not {"kind_other", "sheet_unknown"} & set(keys)
    done = store.ingest(again)
    told = store.set_aside()
    assert set(told.loc[told["import_id"].isin(["1", "2", "3"]), "mended_by"]) == {
        done.import_id, *(one.import_id for one in done.also),
    }  # fmt: skip
