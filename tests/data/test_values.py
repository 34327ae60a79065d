"""Cells as agencies write them: numbers, coordinates, dates, codes and names of places."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.places import BPS, find_named, read_codes
from data.values import read_clock, read_degrees, read_numbers, read_times, split_pair


def texts(*cells):
    return pd.Series(list(cells), dtype="str")


def test_a_decimal_comma_groups_thousands_with_points():
    value, bad = read_numbers(texts("1.234,5", "1.250", "12 orang", "nihil", "abc", "", "-"), ",")
    assert value[:4].tolist() == [1234.5, 1250, 12, 0]
    assert bad.tolist() == [False] * 4 + [True, False, False]


def test_a_decimal_point_groups_thousands_with_commas():
    value, bad = read_numbers(texts("1,234.5", "1.5", "1,5"), ".")
    assert value[:2].tolist() == [1234.5, 1.5]
    assert bad.tolist() == [False, False, True]


@pytest.mark.parametrize("cell", ["inf", "nan", "1e999", "0x10", "1_000", "٣", "1..2", "--1"])
def test_what_python_would_read_as_a_number_is_not_one(cell):
    value, _ = read_numbers(texts(cell), ".")
    assert value.isna().all()


@pytest.mark.parametrize(
    ("cell", "degrees", "axis"),
    [
        ("1°02'30\" LU", 1.0416667, "lat"),
        ("110°12' BT", 110.2, "lon"),
        ("0° 3' 12\" LS", -0.0533333, "lat"),
        ("N 1° 2.5'", 1.0416667, "lat"),
        ("110,3721", 110.3721, ""),
        ("-0.054", -0.054, ""),
        ("1.234", 1.234, ""),
        ("01.14.04", 1.2344444, ""),
        ("109:59:15", 109.9875, ""),
        ("1 14 4,5 S", -1.2345833, "lat"),
        ("1d14m4s", 1.2344444, ""),
        ("1d14m4s S", -1.2344444, "lat"),
    ],
)
def test_coordinates_in_every_notation(cell, degrees, axis):
    value, named, bad = read_degrees(texts(cell))
    assert value[0] == pytest.approx(degrees, abs=1e-6)
    assert (named[0], bool(bad[0])) == (axis, False)


@pytest.mark.parametrize(
    "cell",
    [
        "1°75' LU",
        "utara",
        "1 derajat lebih",
        "1.2.3",
        "LU 1 LS",
        "2.345.678",
        "110.123.400",
        "2,345,678",
        "0.981.530",
        "1.5° 30'",
        "1° 2.5' 3\"",
        "11030 BT",
        "110°3015 BT",
    ],
)
def test_a_coordinate_that_is_none_is_told(cell):
    assert read_degrees(texts(cell))[2].all()


@pytest.mark.parametrize(
    "cell",
    ["0.98, 110.36", "0,98; 110,36", "0,98 / 110,36", "0,98, 110,36", "0.98 110.36"],
)
def test_a_pair_in_one_cell(cell):
    first, second, bad = split_pair(texts(cell))
    lat, lon = read_degrees(first)[0][0], read_degrees(second)[0][0]
    assert (lat, lon, bool(bad[0])) == (0.98, 110.36, False)


def test_months_in_indonesian_malay_and_english_and_zones_in_the_cell():
    cells = texts(
        "12 Juni 2023 14.30 WIB",
        "Senin, 12 Juni 2023",
        "12 Ogos 2023",
        "12 December 2023",
        "3 Mei 2024 pukul 20:15 WITA",
        "2023-06-12T10:00Z",
        "2023-06-12T10:00+08:00",
    )
    times = read_times(cells, ("%d %b %Y %H.%M", "%d %b %Y %H:%M", "%d %b %Y"), "WIB")
    assert not times.bad.any()
    told = times.time.dt.strftime("%Y-%m-%d %H:%M").tolist()
    assert told == [
        "2023-06-12 07:30",
        "2023-06-11 17:00",
        "2023-08-11 17:00",
        "2023-12-11 17:00",
        "2024-05-03 12:15",
        "2023-06-12 10:00",
        "2023-06-12 02:00",
    ]
    assert times.precision.tolist() == ["hour", "day", "day", "day", "hour", "hour", "hour"]


@given(
    parts=st.tuples(st.integers(0, 179), st.integers(0, 999), st.integers(0, 999)),
    mark=st.sampled_from(".,"),
)
def test_grouped_thousands_are_never_degrees_minutes_seconds(parts, mark):
    """A spreadsheet turned 1.234567 into 1.234.567: nobody can say where its point was."""
    whole, middle, last = parts
    assert read_degrees(texts(f"{whole}{mark}{middle:03d}{mark}{last:03d}"))[2].all()


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2023-06-12T10:15:00.000+07:00", "03:15:00"),
        ("2023-06-12T10:15:00.25+07:00", "03:15:00.25"),
        ("2023-06-12 10:15:30+07", "03:15:30"),
        ("2023-06-12T10:15:30-05", "15:15:30"),
        ("20230612T101530Z", "10:15:30"),
        ("20230612T1015+0700", "03:15:00"),
        ("20230612T101530.5", "10:15:30.5"),
    ],
)
def test_every_way_iso_writes_a_moment(cell, utc):
    times = read_times(texts(cell), (), "UTC")
    assert times.time[0] == pd.Timestamp(f"2023-06-12 {utc}", tz="UTC")
    assert times.precision[0] == "hour"


@pytest.mark.parametrize("cell", ["2023-06-12 08:00-10", "20230612", "20231345T101530Z"])
def test_what_only_looks_like_iso_is_told(cell):
    assert read_times(texts(cell), (), "UTC").bad.all()


def test_the_same_clock_in_sarawak_is_an_hour_earlier():
    cell = texts("2024-03-05 08:00")
    pontianak, kuching = (read_times(cell, (), zone).time[0] for zone in ("WIB", "MYT"))
    assert pontianak - kuching == pd.Timedelta(hours=1)


def test_day_and_month_are_never_guessed():
    assert read_times(texts("03/04/2024"), (), "UTC").bad.all()
    day_first = read_times(texts("03/04/2024", "31/12/2024"), ("%d/%m/%Y",), "UTC").time
    assert day_first.dt.month.tolist() == [4, 12]
    assert read_times(texts("12/31/2024"), ("%d/%m/%Y",), "UTC").bad.all()


def test_excel_serials_only_where_they_are_declared():
    assert read_times(texts("45356"), ("%d/%m/%Y",), "UTC").bad.all()
    times = read_times(texts("45356", "45356.5", "12"), ("excel",), "UTC")
    assert times.time[0] == pd.Timestamp("2024-03-05", tz="UTC")
    assert times.time[1].hour == 12
    assert times.bad.tolist() == [False, False, True]


def test_clocks():
    minutes, how, bad = read_clock(texts("14.30 WIB", "malam", "1430", "25:00", ""))
    assert minutes[:3].tolist() == [870, 1260, 870]
    assert how[:2].tolist() == ["hour", "part_of_day"]
    assert bad.tolist() == [False, False, False, True, False]


@settings(deadline=None)
@given(st.lists(st.text(max_size=25), max_size=12))
def test_any_cell_is_read_or_told(cells):
    """Readers never raise; a cell is empty, read, or bad."""
    column = pd.Series(cells, dtype="str")
    for value, bad in (
        read_numbers(column, ","),
        read_degrees(column)[::2],
        read_clock(column)[::2],
    ):
        assert not (value.notna() & bad).any()
    times = read_times(column, ("%d/%m/%Y %H:%M", "%d %b %Y", "excel"), "WIB")
    assert not (times.time.notna() & times.bad).any()
    split_pair(column)
    read_codes(column, pd.Series("bps", index=column.index, dtype="str"))
    find_named(column, column, column)


def test_the_same_digits_mean_two_places():
    """BPS 6105 is Sanggau, Kemendagri 61.05 is Sintang: trap 4."""
    codes = read_codes(texts("6105", "6105", "6105", "61.05"), texts("bps", "kemendagri", "", ""))
    assert codes.code.tolist() == ["61.03", "61.05", "", "61.05"]
    assert codes.reason[2].startswith("code_system_unknown")
    assert codes.undeclared.tolist() == [False, False, False, True]


def test_all_14_bps_codes_lead_to_14_kemendagri_codes():
    assert len(set(BPS.values())) == len(BPS) == 14


def test_bps_codes_below_kabupaten_are_not_guessed():
    codes = read_codes(texts("6105021", "6105021003"), texts("bps", "bps"))
    assert codes.code.tolist() == ["61.03", "61.03"]
    assert codes.coarsened.all()


def test_a_number_cell_that_lost_its_last_zero():
    assert read_codes(texts("61.1"), texts("kemendagri")).code[0] == "61.10"


def test_names_count_inside_their_parents():
    named = find_named(
        texts("Kab. Sanggau", "Sambas", "", "Kuching"),
        texts("Kec. Entikong", "Entikong", "Badau", ""),
        texts("", "", "", ""),
    )
    assert named.code.tolist() == ["61.03.21", "61.01", "61.06.14", ""]
    assert named.unknown.tolist() == ["", "Entikong", "", "Kuching"]


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2025-03-05T20:00:00-03:00", "2025-03-05T23:00Z"),
        ("2025-03-05T20:00:00-0330", "2025-03-05T23:30Z"),
        ("2025-03-05T01:00:00+07:00", "2025-03-04T18:00Z"),
        ("2025-03-05T20:00:00-11:00", "2025-03-06T07:00Z"),
    ],
)
def test_an_offset_west_of_greenwich_is_later_in_utc(cell, utc):
    read = read_times(pd.Series([cell]), (), "Asia/Pontianak")
    assert not read.bad.any() and read.time[0] == pd.Timestamp(utc)
