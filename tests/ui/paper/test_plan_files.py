"""Files of a plan: readable by others, escaped, in local time turned to UTC, marked as invented."""

import csv
import io
import xml.etree.ElementTree as ElementTree

import h3
import pandas as pd
import pytest

from data.spreadsheet import csv_text
from ui.paper import plan_files

SECTOR = h3.latlng_to_cell(0.98, 110.36, 6)
CELLS = sorted(h3.cell_to_children(SECTOR, 7))[:3]
ABOUT = {
    "plan": "20261124T071833.714723Z-2e49f8",
    "version": 2,
    "status": "signed",
    "at": "2026-11-24T07:18:47+00:00",
    "first_day": "2026-11-30",
    "synthetic": True,
    "handling": "Terbatas; bukan orang, <tempat>",
    "data_version": "d1",
}
GPX = {"g": "http://www.topografix.com/GPX/1/1"}
KML = {"k": "http://www.opengis.net/kml/2.2"}


@pytest.fixture
def orders() -> pd.DataFrame:
    lat, lon = h3.cell_to_latlng(SECTOR)
    begin = pd.Timestamp("2026-11-30 18:15")
    one = {
        "order_id": "A;1",
        "team_id": "Regu, <satu> & \\dua",
        "seq": 1,
        "sector": SECTOR,
        "name": "=Désa “Contoh” yang namanya panjang sekali, sampai baris harus dilipat dua kali",
        "lat": lat,
        "lon": lon,
        "start": begin,
        "arrive": begin + pd.Timedelta(hours=1),
        "leave": begin + pd.Timedelta(hours=3),
        "back": pd.NaT,
        "stay_minutes": 120,
        "action": "outreach",
        "way": " ".join(CELLS),
        "way_back": "",
        "note": "-1+2\x07",
    }
    two = one | {
        "seq": 2,
        "arrive": begin + pd.Timedelta(hours=4),
        "leave": begin + pd.Timedelta(hours=6),
        "back": begin + pd.Timedelta(hours=7),
        "way_back": " ".join(CELLS[::-1]),
    }
    return pd.DataFrame([one, two])


@pytest.fixture
def sectors() -> pd.DataFrame:
    return pd.DataFrame(
        {"sector": [SECTOR], "desa": ["A & B"], "planned_minutes": [240], "chance": [0.5]}
    )


def unfold(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_calendar_lines_end_with_crlf_and_hold_75_octets(orders):
    text = plan_files.text("ics", orders, pd.DataFrame(), ABOUT)
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = unfold(text)
    for needed in ("VERSION:2.0", "BEGIN:VEVENT", "SEQUENCE:1", "DTSTAMP:20261124T071847Z"):
        assert needed in lines
    assert "DTSTART:20261130T111500Z" in lines and "DTEND:20261130T181500Z" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    summary = next(line for line in lines if line.startswith("SUMMARY:"))
    assert r"Regu\, <satu> & \\dua" in summary and plan_files.INVENTED in summary
    assert "STATUS:CONFIRMED" in lines
    uid = next(line for line in lines if line.startswith("UID:"))
    again = unfold(plan_files.text("ics", orders, pd.DataFrame(), ABOUT | {"version": 3}))
    assert uid in again and "SEQUENCE:2" in again


def test_gpx_holds_the_way_out_and_back(orders):
    root = ElementTree.fromstring(plan_files.text("gpx", orders, pd.DataFrame(), ABOUT))
    points = root.findall("g:rte/g:rtept", GPX)
    assert len(points) == 2 + 1 + 2 + 1 + 2
    assert all(0 < float(p.get("lat")) < 2 and 109 < float(p.get("lon")) < 112 for p in points)
    names = [p.find("g:name", GPX).text for p in points if p.find("g:name", GPX) is not None]
    assert len(names) == 2 and "120 menit" in names[0] and "Penyuluhan" in names[0]
    assert plan_files.INVENTED in root.find("g:metadata/g:name", GPX).text


def test_kml_writes_lon_before_lat_and_closes_rings(orders, sectors):
    root = ElementTree.fromstring(plan_files.text("kml", orders, sectors, ABOUT))
    ring = root.find(".//k:LinearRing/k:coordinates", KML).text.split()
    assert ring[0] == ring[-1] and len(ring) == 7
    assert all(109 < float(point.split(",")[0]) < 112 for point in ring)
    assert root.find(".//k:TimeSpan/k:begin", KML).text == "2026-11-30T11:15:00Z"
    names = [node.text for node in root.iterfind(".//k:name", KML)]
    assert "A & B" in names and "Regu, <satu> & \\dua" in names


def test_csv_cannot_be_taken_for_a_formula_and_carries_its_stamp(orders):
    text = csv_text(plan_files.orders_table(orders, ABOUT), ends="\r\n")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 2 and rows[0]["name"].startswith("'=") and rows[0]["note"].startswith("'-")
    assert rows[0]["plan_version"] == "2" and rows[0]["synthetic"] == plan_files.INVENTED
    assert rows[0]["start"] == "2026-11-30T18:15" and rows[0]["back"] == ""


def test_a_real_plan_is_not_marked_and_a_draft_is_tentative(orders):
    about = ABOUT | {"synthetic": False, "status": "draft"}
    assert plan_files.INVENTED not in plan_files.orders_table(orders, about).to_numpy()
    for kind in ("ics", "gpx", "kml"):
        sectors = pd.DataFrame({"sector": [], "planned_minutes": []})
        assert plan_files.INVENTED not in plan_files.text(kind, orders, sectors, about)
    assert "STATUS:TENTATIVE" in plan_files.text("ics", orders, pd.DataFrame(), about)
    assert plan_files.file_name("ics", about) == "rencana_2026-11-30_v2.ics"
    assert plan_files.file_name("ics", ABOUT) == "rencana_2026-11-30_v2_SINTETIS.ics"


def test_an_unknown_format_is_named(orders):
    with pytest.raises(ValueError, match="csv, ics, gpx, kml, got 'docx'"):
        plan_files.text("docx", orders, pd.DataFrame(), ABOUT)
