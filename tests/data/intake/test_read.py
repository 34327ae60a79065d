"""From a file to checked rows: nothing lost, nothing counted twice, every reason true."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely.geometry import box

from data.errors import DataError
from data.intake.crosswalk import find_source
from data.intake.read import read_file
from data.schema import EFFORT, EVENT, QUALITY_FLAGS, TABLES, check_table, feeds_model
from geo.area import StudyArea
from geo.grid import Grid

SAMPLE = Path(__file__).parents[3] / "data" / "sample"
NOW = pd.Timestamp("2025-01-15", tz="UTC")
HEAD = "event_id,lat,lon,time,kind"
COUNT = itertools.count()


@pytest.fixture(scope="session")
def world():
    """Two square districts and an office: 61.03 in the west, 61.05 in the east."""
    west, east = box(110.0, 0.5, 110.5, 1.0), box(110.5, 0.5, 111.0, 1.0)
    districts = gpd.GeoDataFrame({"code": ["61.03", "61.05"]}, geometry=[west, east], crs=4326)
    land = box(110.0, 0.5, 111.0, 1.0)
    posts = pd.DataFrame(
        {
            "kind": ["office", "plbn"],
            "lat": [0.6, 0.9],
            "lon": [110.2, 110.4],
            "uncertainty_km": 0.5,
        }
    )
    area = StudyArea("seven squares", land, None, districts)
    return {"area": area, "grid": Grid.of_area(land, 7), "posts": posts}


@pytest.fixture
def read(tmp_path):
    def run(text, name="x.csv", **more):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_file(path, received_at=NOW, **more)

    return run


def canonical(**changes):
    """One canonical row as text, changed at will."""
    row = {
        "source_agency": "satgas_pamtas",
        "source_record_id": "1",
        "source_version": "1",
        "record_status": "new",
        "event_type": "crossing_sighting",
        "detection": "discovered",
        "direction": "outbound",
        "count_unit": "group",
        "n_persons": "4",
        "event_start": "2024-03-05T10:00:00Z",
        "time_precision": "hour",
        "reported_at": "2024-03-06T10:00:00Z",
        "received_at": "2024-03-07T00:00:00Z",
        "location_role": "occurred",
        "geo_precision": "gps",
        "admin_code": "61.03",
        "code_system": "kemendagri",
        "sensitivity": "restricted",
        "lat": "0.75",
        "lon": "110.30",
        "n_female": "",
        "n_male": "",
        "n_minor": "",
        "operation_tag": "",
    }
    return row | changes


def sheet(*rows):
    return pd.DataFrame([canonical(**row) for row in rows]).to_csv(index=False)


def flags_of(reading):
    return reading.kept["quality_flags"].str.split("|").tolist()


# --- the samples -----------------------------------------------------------------------------

#: rows read, kept, and the reasons in order, of each sample
EXPECTED = {
    "satgas.csv": (9, 5, ["time_unreadable", "word_unknown", "ragged_row", "total_line"]),
    "satgas-patroli.csv": (5, 3, ["place_missing", "word_unknown"]),
    "satgas-titik.geojson": (4, 3, ["not_a_point"]),
    "imigrasi.xlsx": (6, 4, ["time_unreadable", "number_unreadable"]),
    "polda.csv": (17, 15, ["word_unknown", "code_unreadable"]),
    "bp3mi.xlsx": (6, 6, []),
    "kjri.csv": (7, 5, ["time_unreadable", "missing_value"]),
    "desa.txt": (5, 4, ["missing_value"]),
    "htcds.csv": (3, 3, []),
    "polos.csv": (4, 2, ["coord_half", "time_unreadable"]),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_samples(name):
    n_read, n_kept, reasons = EXPECTED[name]
    reading = read_file(SAMPLE / f"data-sintetis-{name}", received_at=NOW)
    assert (reading.n_read, len(reading.kept)) == (n_read, n_kept)
    assert [text.split(":")[0] for text in reading.set_aside["reasons"]] == reasons
    assert check_table(reading.kept, TABLES[reading.kind]) == []
    assert reading.synthetic and reading.kept["synthetic"].all()
    assert reading.set_aside["original"].ne("").all()


def test_the_mess_of_the_samples_comes_out_right():
    satgas = read_file(SAMPLE / "data-sintetis-satgas.csv", received_at=NOW)
    row = satgas.kept.set_index("source_record_id")
    assert row.loc["SP-002/2024", ["lat", "lon"]].tolist() == [0.9521, 110.40123]
    assert row.loc["SP-002/2024", "event_type"] == "interception_in"
    assert row.loc["SP-002/2024", "time_precision"] == "part_of_day"
    assert row.loc["SP-004/2024", "lat"] == pytest.approx(1.602778, abs=1e-6)
    assert row.loc["SP-007/2024", "quality_flags"] == "DATE_FUTURE|YEAR_SUSPECT"
    assert satgas.set_aside["source_line"].tolist() == [9, 10, 12, 14]
    assert satgas.unknown_words.to_numpy().tolist() == [
        ["event_type", "Pencegahan", 1],
        ["transport", "gerobak", 1],
    ]
    imigrasi = read_file(SAMPLE / "data-sintetis-imigrasi.xlsx", received_at=NOW).kept
    assert imigrasi["admin_code"].tolist() == ["61.03", "61.03", "61.03", "61.01"]  # BPS 6105, 6101
    assert not feeds_model(imigrasi).any()
    kjri = read_file(SAMPLE / "data-sintetis-kjri.csv", received_at=NOW).kept
    assert kjri["event_start"][0] == pd.Timestamp("2024-01-04 08:00", tz="Asia/Kuching")
    assert kjri["source_version"].tolist() == [1, 1, 1, 2, 1]
    polda = read_file(SAMPLE / "data-sintetis-polda.csv", received_at=NOW).kept
    assert polda["quality_flags"].str.contains("OPERATION_BURST").sum() == 12
    assert feeds_model(polda).sum() == 3  # a station is not where it occurred


def test_tracks_give_the_same_effort_from_gpx_and_kmz(seven):
    grid = Grid.of_area(box(110.2, 0.7, 110.7, 1.1), 7)
    gpx, kmz = (
        read_file(SAMPLE / f"data-sintetis-patroli.{kind}", grid=grid, received_at=NOW)
        for kind in ("gpx", "kmz")
    )
    columns = ["effort_id", "cell", "week", "minutes", "km", "source"]
    assert_frame_equal(gpx.kept[columns], kmz.kept[columns])
    assert gpx.kept["minutes"].sum() == pytest.approx(65)  # 55 + 10; the gap of 125 is nobody's
    assert check_table(gpx.kept, EFFORT) == []
    assert gpx.set_aside["reasons"][0].startswith("track_empty")
    assert kmz.set_aside["reasons"][0].startswith("track_without_time")
    with pytest.raises(DataError, match="grid"):
        read_file(SAMPLE / "data-sintetis-patroli.gpx")


def test_declared_patrols():
    effort = read_file(SAMPLE / "data-sintetis-satgas-patroli.csv", received_at=NOW).kept
    effort = effort.set_index("effort_id")
    assert effort.loc["PTR-01", "minutes"] == 360  # 19.00 to 01.00
    assert effort.loc["PTR-01", "night_share"] == 1.0
    assert effort.loc["PTR-02", ["mode", "km"]].tolist() == ["ambush", 0.0]
    assert effort["week"].dt.day_of_week.eq(0).all()


# --- the plain file --------------------------------------------------------------------------


def test_a_plain_file_says_what_it_took_for_granted(read):
    reading = read(f"{HEAD}\na,0.75,110.3,2024-03-05T14:00,burglary\n")
    row = reading.kept.iloc[0]
    assert row["event_type"] == "burglary" and feeds_model(reading.kept).all()
    assert row["event_start"] == pd.Timestamp("2024-03-05 14:00", tz="Asia/Pontianak")
    assert row["cell"].startswith("87")
    told = " ".join(reading.notes)
    for word in ("location_role", "detection", "count_unit", "geo_precision", "not checked"):
        assert word in told
    assert reading.unknown_words["word"].tolist() == ["burglary"]


def test_columns_may_come_in_any_order_and_gzip(read):
    swapped = "kind,time,lon,lat,event_id\nx,2024-03-05,110.3,0.75,a\n"
    straight = f"{HEAD}\na,0.75,110.3,2024-03-05,x\n"
    assert_frame_equal(read(swapped).kept, read(straight).kept)


# --- every flag ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flag", "change"),
    [
        ("DATE_FUTURE", {"event_start": "2024-04-05T10:00:00Z", "reported_at": "2024-04-06"}),
        ("YEAR_SUSPECT", {"event_start": "2014-03-05T10:00:00Z"}),
        ("SUM_MISMATCH", {"n_female": "3", "n_male": "3"}),
        ("SUM_MISMATCH", {"n_minor": "5"}),
        ("COORD_SWAPPED", {"lat": "110.30", "lon": "0.75"}),
        ("COORD_OUTSIDE_AOI", {"lat": "1.30"}),
        ("COORD_CENTROID", {"lat": "0.75", "lon": "110.25"}),
        ("COORD_AT_OFFICE", {"lat": "0.6001", "lon": "110.2001"}),
        ("ADMIN_COORD_DISAGREE", {"admin_code": "61.05"}),
        ("CODE_SYSTEM_UNKNOWN", {"code_system": ""}),
        ("CODE_COARSENED", {"code_system": "bps", "admin_code": "6105021"}),
        ("UNIT_UNKNOWN", {"count_unit": ""}),
        ("DELAY_NEGATIVE", {"reported_at": "2024-03-01"}),
        ("DELAY_EXTREME", {"event_start": "2023-08-01T10:00:00Z"}),
        ("OPERATION_BURST", {"operation_tag": "Operasi Contoh"}),
    ],
)
def test_each_flag_is_set_and_only_where_it_belongs(read, world, flag, change):
    rows = [{"source_record_id": "0"}, {"source_record_id": "9", **change}]
    flags = flags_of(read(sheet(*rows), **world))
    assert flags[0] == [""]
    assert flag in flags[1]


def test_flags_with_tests_elsewhere_complete_the_list():
    """DUP_EXACT, PLACE_OLD_NAME below, FREE_TEXT_PII in test_personal, DUP_PROBABLE by linkage."""
    assert len(QUALITY_FLAGS) == 18


def test_an_office_is_not_where_it_occurred(read, world):
    row = {"lat": "0.6001", "lon": "110.2001"}
    reading = read(sheet(row), **world)
    assert reading.kept["location_role"][0] == "recorded"
    assert not feeds_model(reading.kept).any()
    assert any("office" in note for note in reading.notes)


def test_a_gate_may_be_where_it_occurred(read, world):
    reading = read(sheet({"lat": "0.9", "lon": "110.4"}), **world)
    assert flags_of(reading) == [[""]] and feeds_model(reading.kept).all()


def test_a_centroid_is_no_point(read, world):
    reading = read(sheet({"lat": "0.75", "lon": "110.25"}), **world)
    assert reading.kept["geo_precision"][0] == "kabupaten"
    assert reading.kept["cell"][0] == ""


def test_bursts_of_cases_without_a_tag(read):
    case = {"event_type": "case_tppo", "count_unit": "case"}
    rows = [{**case, "source_record_id": f"{n}", "n_persons": f"{n}"} for n in range(1, 13)]
    quiet = {**case, "source_record_id": "q", "event_start": "2024-01-05"}
    flags = flags_of(read(sheet(*rows, quiet)))
    assert all("OPERATION_BURST" in row for row in flags[:-1])
    assert "OPERATION_BURST" not in flags[-1]


def test_the_same_words_under_two_numbers_are_flagged_not_dropped(read):
    flags = flags_of(read(sheet({"source_record_id": "1"}, {"source_record_id": "2"})))
    assert flags == [[""], ["DUP_EXACT"]]


# --- identity --------------------------------------------------------------------------------


def test_one_record_twice_is_kept_once(read):
    reading = read(sheet({}, {}))
    assert len(reading.kept) == 1
    assert reading.set_aside["reasons"][0].startswith("record_repeated")


def test_one_record_with_two_contents_is_not_decided_here(read):
    reading = read(sheet({}, {"n_persons": "5"}, {"source_record_id": "2"}))
    assert reading.kept["source_record_id"].tolist() == ["2"]
    assert [r.split(":")[0] for r in reading.set_aside["reasons"]] == ["record_conflict"] * 2


def test_two_versions_are_both_kept(read):
    later = {"source_version": "2", "record_status": "corrected", "n_persons": "5"}
    assert read(sheet({}, later)).kept["source_version"].tolist() == [1, 2]


def test_rows_without_a_number_get_one_from_their_content(read):
    rows = [{"source_record_id": ""}, {"source_record_id": "", "n_persons": "7"}]
    first = read(sheet(*rows)).kept
    again = read(sheet(*reversed(rows))).kept
    assert set(first["source_record_id"]) == set(again["source_record_id"])
    assert first["event_id"][0] == f"satgas_pamtas:{first['source_record_id'][0]}"
    twins = read(sheet(rows[0], rows[0])).kept
    assert twins["source_record_id"].nunique() == 2
    assert twins["quality_flags"].tolist() == ["", "DUP_EXACT"]


# --- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event_type": "crossing"}, "word_unknown: 'crossing' in column 'event_type'"),
        ({"event_type": "crossing_sightin"}, "nearest known word: 'crossing sighting'"),
        ({"event_type": ""}, "missing_value: event_type is empty"),
        ({"detection": ""}, "missing_value: detection is empty"),
        ({"location_role": "here"}, "word_unknown: 'here'"),
        ({"event_start": "05/03/2024"}, "time_unreadable: '05/03/2024' is not a date"),
        ({"event_start": ""}, "missing_value: event_start"),
        ({"lat": "x"}, "coord_unreadable: 'x'"),
        ({"lat": ""}, "coord_half"),
        ({"lat": "97", "lon": "200"}, "coord_impossible"),
        ({"n_persons": "4.5"}, "count_unreadable"),
        ({"n_persons": "-4"}, "number_unreadable"),
        ({"n_persons": ""}, "missing_value: n_persons"),
        ({"admin_code": "6105", "code_system": ""}, "code_system_unknown: '6105'"),
        ({"admin_code": "Sanggau"}, "code_unreadable"),
        ({"event_end": "2024-03-04"}, "end_before_start"),
        ({"event_type": "penggagalan", "direction": ""}, "direction_needed"),
        ({"record_status": "ok"}, "word_unknown: 'ok' is not new, corrected or withdrawn"),
    ],
)
def test_a_refusal_says_what_was_found_and_what_would_be_right(read, change, words):
    reading = read(sheet({}, {"source_record_id": "2", **change}))
    assert len(reading.kept) == 1
    aside = reading.set_aside.iloc[0]
    assert words in aside["reasons"]
    assert aside["source_line"] == 3
    assert json.loads(aside["original"])["source_agency"] == "satgas_pamtas"


def test_all_reasons_of_a_row_are_told(read):
    reading = read(sheet({"event_type": "?!", "lat": "x", "event_start": "kemarin"}))
    keys = [text.split(":")[0] for text in reading.set_aside["reasons"][0].split("; ")]
    assert {"word_unknown", "coord_unreadable", "time_unreadable"} <= set(keys)


def test_an_unknown_word_of_an_optional_column_is_counted_and_the_row_kept(read):
    text = pd.DataFrame([canonical() | {"transport": "gerobak|foot"}]).to_csv(index=False)
    reading = read(text)
    assert reading.kept["transport"].tolist() == ["foot"]
    assert reading.unknown_words.to_numpy().tolist() == [["transport", "gerobak", 1]]
    assert any("gerobak" in note for note in reading.notes)


def test_precision_is_lowered_to_what_the_row_can_back(read):
    rows = [
        {"source_record_id": "1", "lat": "", "lon": ""},
        {"source_record_id": "2", "lat": "", "lon": "", "geo_precision": "desa"},
        {"source_record_id": "3", "lat": "", "lon": "", "admin_code": ""},
        {"source_record_id": "4", "lat": "0", "lon": "0", "admin_code": "61.03.21.2001"},
    ]
    kept = read(sheet(*rows)).kept
    assert kept["geo_precision"].tolist() == ["kabupaten", "kabupaten", "unknown", "desa"]
    assert kept["cell"].eq("").all()


def test_a_file_of_events_and_effort_is_read_as_both(tmp_path):
    path = tmp_path / "satgas.xlsx"
    effort = pd.DataFrame({"Nomor Patroli": ["P1"], "Tanggal": ["05/03/2024"], "Menit": ["60"]})
    effort = effort.assign(**{"Jenis Kegiatan": "patroli", "Lintang": "0,98", "Bujur": "110,36"})
    with pd.ExcelWriter(path) as book:
        pd.DataFrame([canonical(), canonical(source_record_id="2")]).to_excel(
            book, sheet_name="Kejadian", index=False
        )
        effort.to_excel(book, sheet_name="Patroli", index=False)
        pd.DataFrame({"kode": ["a"], "arti": ["b"]}).to_excel(book, sheet_name="Kode", index=False)
    reading = read_file(path, received_at=NOW)
    assert (reading.kind, len(reading.kept)) == ("events", 2)
    assert [text.split(":")[0] for text in reading.set_aside["reasons"]] == ["sheet_unknown"]
    assert (reading.also.kind, reading.also.kept["minutes"].tolist()) == ("effort", [60.0])
    assert reading.of("effort") is reading.also and reading.of("events") is reading
    patrols = read_file(path, sheet="Patroli", received_at=NOW)
    assert (patrols.kind, patrols.kept["minutes"].tolist()) == ("effort", [60.0])
    with pytest.raises(DataError, match="no sheet"):
        read_file(path, sheet="Nirwana")


def test_progress_is_told(read):
    told = []
    read(sheet({}), progress=lambda share, text: told.append(share))
    assert told[0] == 0.0 and told[-1] == 1.0 and told == sorted(told)


def test_the_number_of_a_police_report_tells_how_it_became_known(read):
    text = "No LP,Tindak Pidana,Tanggal Kejadian,Jumlah Korban\n"
    text += "LP/A/1/I/2024,TPPO,12-02-2024,3\nLP/B/2/I/2024,TPPO,12-02-2024,3\n"
    text += "REG 3,TPPO,12-02-2024,3\n"
    reading = read(text, source="polda")
    assert reading.kept["detection"].tolist() == ["discovered", "reported"]
    assert reading.set_aside["reasons"][0].startswith("missing_value: detection")


def test_a_renamed_district_is_told_from_the_city_of_its_name(read):
    text = "No LP,Tindak Pidana,Tanggal Kejadian,Jumlah Korban,Kabupaten\n"
    for n, name in enumerate(["Kabupaten Pontianak", "Kota Pontianak", "Pontianak", "Mempawah"]):
        text += f"LP/A/{n}/I/2012,TPPO,0{n + 1}-02-2012,3,{name}\n"
    kept = read(text, source="polda").kept
    assert kept["admin_code"].tolist() == ["61.02", "61.71", "61.71", "61.02"]
    assert kept["quality_flags"].str.contains("PLACE_OLD_NAME").tolist() == [True] + [False] * 3


def test_columns_under_a_header_of_the_place_are_the_place(read):
    text = "No LP;Tindak Pidana;Tanggal Kejadian;Jumlah Korban;Tempat Kejadian;;\n"
    text += ";;;;Kabupaten;Lintang;Bujur\n"
    text += "LP/A/1/I/2012;TPPO;01-02-2012;3;Sanggau;0,98;110,36\n"
    kept = read(text, source="polda").kept
    assert kept[["admin_code", "lat", "lon"]].to_numpy().tolist() == [["61.03", 0.98, 110.36]]


def test_a_row_of_the_iom_standard_counts_one_person_by_sex(read):
    text = "cas_ID,cas_CreatedDate,prs_Gender,vic_TraffickingStatus\n"
    text += "C1,2024-01-05,Female,actual\nC2,2024-01-05,Unknown,not\n"
    kept = read(text).kept
    assert kept["n_persons"].tolist() == [1, 1]
    assert kept["n_female"].fillna(-1).tolist() == [1, -1]
    assert kept["quality_flags"].tolist() == ["", ""]


# --- laws ------------------------------------------------------------------------------------

cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "0.75", "110.3", "2024-03-05", "6105", "61.03", "new", "group", "12", "-"]
    ),
)
rows = st.lists(
    st.fixed_dictionaries(
        {}, optional={name: cells for name in [*canonical(), "transport", "event_end", "modus"]}
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=25)
@given(changes=rows)
def test_whatever_the_cells_rows_read_are_kept_or_set_aside(tmp_path_factory, changes):
    """Conservation, for any text in any column; and what is kept is the table it should be."""
    frame = pd.DataFrame([canonical(**change) for change in [{}, *changes]])
    path = tmp_path_factory.getbasetemp() / f"{next(COUNT)}.csv"
    frame.to_csv(path, index=False)
    try:
        reading = read_file(path, source="kanonik", received_at=NOW)
    except DataError:
        return
    assert reading.n_read == len(reading.kept) + len(reading.set_aside)
    assert check_table(reading.kept, EVENT) == []
    again = read_file(path, source="kanonik", received_at=NOW)
    assert_frame_equal(reading.kept, again.kept)
    assert_frame_equal(reading.set_aside, again.set_aside)


small = st.fixed_dictionaries(
    {},
    optional={
        "n_persons": st.sampled_from(["3", "4", "x"]),
        "source_record_id": st.sampled_from(["", "1", "2", "3"]),
        "lat": st.sampled_from(["0.75", "110.3", ""]),
        "event_type": st.sampled_from(["case_tppo", "penggagalan", "??"]),
    },
)


@settings(deadline=None, max_examples=12)
@given(changes=st.lists(small, min_size=1, max_size=6), seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(tmp_path_factory, changes, seed):
    def told(order):
        path = tmp_path_factory.getbasetemp() / f"{next(COUNT)}.csv"
        pd.DataFrame([canonical(**change) for change in order]).to_csv(path, index=False)
        reading = read_file(path, source="kanonik", received_at=NOW)
        kept = reading.kept.drop(columns=["source_file", "source_line", "quality_flags"])
        reasons = sorted(text.split("; ")[0].split(":")[0] for text in reading.set_aside["reasons"])
        key = ["source_record_id", "source_version"]
        return kept.sort_values(key, ignore_index=True), reasons

    shuffled = list(changes)
    seed.shuffle(shuffled)
    kept, reasons = told(changes)
    kept_too, reasons_too = told(shuffled)
    assert_frame_equal(kept, kept_too)
    assert reasons == reasons_too


# --- nothing is lost --------------------------------------------------------------------------


def test_a_track_that_gives_no_effort_is_set_aside_with_the_reason():
    grid = Grid.of_area(box(110.2, 0.7, 110.7, 1.1), 7)

    def track(name: str, lat: float, minutes: int) -> str:
        points = (
            f'<trkpt lat="{lat + i * 0.001}" lon="110.5"><time>'
            f"{pd.Timestamp('2026-01-05T01:00Z') + pd.Timedelta(minutes=minutes * i):%FT%TZ}"
            "</time></trkpt>"
            for i in range(5)
        )
        return f"<trk><name>{name}</name><trkseg>{''.join(points)}</trkseg></trk>"

    text = f"<gpx>{track('a', 0.8, 2)}{track('b', 3.0, 2)}{track('c', 0.9, 45)}</gpx>"
    reading = read_file("x.gpx", content=text.encode(), grid=grid)
    assert len(reading.kept) and set(reading.kept["source_line"]) == {1}
    assert reading.set_aside["source_line"].tolist() == [2, 3]
    assert [text.split(":")[0] for text in reading.set_aside["reasons"]] == [
        "track_outside",
        "track_unusable",
    ]
    assert reading.n_read == len(reading.kept) + 2


def test_a_desa_alone_is_taken_if_only_one_bears_the_name():
    head = "no laporan;tanggal;jenis kejadian;arah;jumlah;kabupaten;desa\n"
    rows = ["K-1;2024-03-05;perlintasan;keluar;3;;Suruh Tembawang"]
    rows += ["K-2;2024-03-05;perlintasan;keluar;3;Sanggau;Suruh Tembawang"]
    rows += ["K-3;2024-03-05;perlintasan;keluar;3;Sambas;Suruh Tembawang"]
    rows += ["K-4;2024-03-05;perlintasan;keluar;3;;Antah Berantah"]
    reading = read_file("x.csv", "desa", content=(head + "\n".join(rows)).encode())
    codes = reading.kept.set_index("source_record_id")["admin_code"]
    assert codes["K-1"] == codes["K-2"] and codes["K-1"].startswith("61.03.21.")
    assert (codes["K-3"], codes["K-4"]) == ("61.01", "")
    assert reading.unknown_words["word"].tolist() == ["Antah Berantah", "Suruh Tembawang"]


def test_columns_that_read_alike_are_told(read):
    reading = read(f"{HEAD},Kind.\na,0.75,110.3,2024-03-05T14:00,burglary,theft\n")
    assert any("not stored" in note and "'Kind.'" in note for note in reading.notes)


def test_a_day_without_a_clock_stays_that_day_whatever_the_zone():
    """Monday told in Kuching or Makassar is a Monday here, too; a clock is turned as it should."""
    head = "no laporan;tanggal;jam;jenis kejadian;arah;jumlah\n"
    rows = ["K-1;2026-01-05;;perlintasan;keluar;3", "K-2;2026-01-05;08:00;perlintasan;keluar;3"]
    rows += ["K-3;2026-01-05 00:10;;perlintasan;keluar;3"]
    source = replace(find_source("desa"), time_zone="MYT")
    reading = read_file("x.csv", source, content=(head + "\n".join(rows)).encode())
    told = reading.kept.set_index("source_record_id")["event_start"].dt.tz_convert("Asia/Jakarta")
    assert [f"{time:%F %H:%M}" for time in told] == [
        "2026-01-05 00:00",
        "2026-01-05 07:00",
        "2026-01-04 23:10",
    ]
