import h3
import pandas as pd

from data.intake.read import read_file
from data.store.records import Store
from geo.grid import Grid

HEAD = "source_agency,mode,lat,lon,week,minutes,km,source\n"


def write(path, minutes):
    rows = [f"gabungan,patrol,0.98,110.3,2025-01-06,{m},2,declared" for m in minutes]
    path.write_text(HEAD + "\n".join(rows) + "\n")
    return path


def test_a_mended_delivery_replaces_and_does_not_add(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/r.db", tmp_path)
    store.create()
    for name, minutes in (("a.csv", (60, 65)), ("b.csv", (90, 65))):
        when = pd.Timestamp("2025-02-01" if name == "a.csv" else "2025-02-02")
        store.ingest(read_file(write(tmp_path / name, minutes), "kanonik_upaya", when))
    assert sorted(store.effort()["minutes"]) == [65, 90]


def test_two_patrols_of_one_week_are_two(tmp_path):
    kept = read_file(write(tmp_path / "a.csv", (60, 60)), "kanonik_upaya").kept
    assert kept["effort_id"].nunique() == 2


def gpx(path, *weeks):
    """An hour's walk in each of some weeks, a track each, around one place."""
    tracks = []
    for week in weeks:
        points = "".join(
            f'<trkpt lat="{0.98 + minute / 9000:.6f}" lon="110.3">'
            f"<time>2025-0{week}-07T02:{minute:02d}:00Z</time></trkpt>"
            for minute in range(0, 60, 10)
        )
        tracks.append(f"<trk><name>p{week}</name><trkseg>{points}</trkseg></trk>")
    head = '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    path.write_text(head + "".join(tracks) + "</gpx>")
    return path


def tracks_of(path):
    cells = {h3.latlng_to_cell(0.98 + k / 900, 110.3, 7) for k in range(-3, 8)}
    return read_file(path, grid=Grid(sorted(cells)))


def test_a_track_is_known_by_itself_and_not_by_its_file(tmp_path):
    """January alone, then January and February in one file: January counts once."""
    store = Store(f"sqlite:///{tmp_path}/r.db", tmp_path)
    store.create()
    store.ingest(tracks_of(gpx(tmp_path / "a.gpx", 1)))
    first = store.effort()["minutes"].sum()
    store.ingest(tracks_of(gpx(tmp_path / "b.gpx", 1, 2)))
    assert first == 50 and store.effort()["minutes"].sum() == 100


def test_the_same_track_twice_in_a_file_counts_once_and_is_told(tmp_path):
    path = gpx(tmp_path / "a.gpx", 1, 1)
    reading = tracks_of(path)
    assert reading.kept["minutes"].sum() == 50
    assert reading.set_aside["reasons"].str.contains("track_repeated").sum() == 1
