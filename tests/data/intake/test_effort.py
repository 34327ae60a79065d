import h3
import pandas as pd
import pytest

from data.intake.read import read_file
from data.personal.said import Said
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


def walk(path, start, minutes=60):
    """One track of an hour from `start`, a point every ten minutes."""
    times = [pd.Timestamp(start) + pd.Timedelta(minutes=m) for m in range(0, minutes, 10)]
    points = "".join(
        f'<trkpt lat="{0.98 + k / 900:.6f}" lon="110.3"><time>{when.isoformat()}</time></trkpt>'
        for k, when in enumerate(times)
    )
    head = '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    path.write_text(f"{head}<trk><name>p</name><trkseg>{points}</trkseg></trk></gpx>")
    return path


CELLS = sorted({h3.latlng_to_cell(0.98 + k / 900, 110.3, 7) for k in range(-3, 8)})
RECEIVED = pd.Timestamp("2026-03-04T06:00Z")


@pytest.mark.parametrize(
    ("start", "flags"),
    [
        ("1970-01-01T00:00Z", {"YEAR_SUSPECT"}),
        ("1980-01-06T00:00Z", {"YEAR_SUSPECT"}),
        ("2062-03-06T02:00Z", {"DATE_FUTURE"}),
        ("2026-03-04T05:55Z", {"DATE_FUTURE"}),  # begun, and not yet over
        ("2026-03-04T05:00Z", {""}),
        ("1995-03-04T05:00Z", {""}),
    ],
)
def test_a_track_of_a_wrong_clock_is_kept_with_a_flag(tmp_path, start, flags):
    reading = read_file(walk(tmp_path / "t.gpx", start), None, RECEIVED, Grid(CELLS))
    assert len(reading.kept) and set(reading.kept["quality_flags"]) == flags
    told = [note for note in reading.notes if note.startswith("track_clock: ")]
    assert len(told) == (flags != {""})


@pytest.mark.parametrize(
    ("week", "flag"),
    [("1970-01-05", "YEAR_SUSPECT"), ("2062-03-06", "DATE_FUTURE"), ("2026-03-02", "")],
)
def test_declared_effort_is_flagged_by_the_same_rule(tmp_path, week, flag):
    row = f"gabungan,patrol,0.98,110.3,{week},60,2,declared\n"
    (tmp_path / "a.csv").write_text(HEAD + row)
    kept = read_file(tmp_path / "a.csv", "kanonik_upaya", RECEIVED).kept
    assert kept["quality_flags"].tolist() == [flag]


def test_a_week_that_began_in_another_zone_already_is_not_of_the_future(tmp_path):
    """Sunday evening in UTC is Monday in the east: that week may be told of already."""
    (tmp_path / "a.csv").write_text(HEAD + "gabungan,patrol,0.98,110.3,2026-03-02,60,2,declared\n")
    sunday = pd.Timestamp("2026-03-01T18:00Z")
    kept = read_file(tmp_path / "a.csv", "kanonik_upaya", sunday).kept
    assert kept["quality_flags"].tolist() == [""]


def test_the_flag_outlives_the_store(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/r.db", tmp_path)
    store.create()
    path = walk(tmp_path / "t.gpx", "1970-01-01T00:00Z")
    store.ingest(read_file(path, None, RECEIVED, Grid(CELLS)))
    assert set(store.effort()["quality_flags"]) == {"YEAR_SUSPECT"}


def members(path, n=3, start="2025-05-05T02:00Z"):
    """Receivers of one patrol, each a few metres and seconds off the next."""
    tracks = []
    for k in range(n):
        points = "".join(
            f'<trkpt lat="{0.98 + step / 900 + k / 90000:.6f}" lon="110.3"><time>'
            f"{(pd.Timestamp(start) + pd.Timedelta(minutes=10 * step, seconds=k + 1)).isoformat()}"
            "</time></trkpt>"
            for step in range(6)
        )
        tracks.append(f"<trk><name>m{k}</name><trkseg>{points}</trkseg></trk>")
    head = '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    path.write_text(head + "".join(tracks) + "</gpx>")
    return path


def brought(store, path, each=False):
    reading = read_file(path, grid=Grid(CELLS)).with_receivers(store.recorded_effort(), each)
    store.ingest(reading)
    return reading


@pytest.fixture
def store(tmp_path):
    made = Store(f"sqlite:///{tmp_path}/r.db", tmp_path)
    made.create()
    return made


def test_receivers_of_one_patrol_count_once_in_a_file_and_beside_stored_tracks(store, tmp_path):
    brought(store, walk(tmp_path / "a.gpx", "2025-05-05T02:00Z"))
    assert store.effort()["minutes"].sum() == 50
    reading = brought(store, members(tmp_path / "b.gpx"))
    assert reading.kept["minutes"].sum() == pytest.approx(150)
    assert store.effort()["minutes"].sum() == pytest.approx(50, abs=0.1)  # some seconds more
    assert reading.together.tracks == 3
    assert reading.together.minutes == pytest.approx(150, abs=0.1)
    assert reading.together.minutes_stored == pytest.approx(50, abs=0.1)
    assert "150 minutes told by several receivers of a patrol counted once" in reading.summary()
    assert any(note.startswith("tracks_together: ") for note in reading.notes)


def test_a_steward_has_every_receiver_counted_and_may_take_it_back(store, tmp_path):
    path = members(tmp_path / "b.gpx")
    told = brought(store, path, each=True)
    assert "counted all the same" in told.summary()
    assert store.effort()["minutes"].sum() == pytest.approx(150)
    brought(store, path)
    assert store.effort()["minutes"].sum() == pytest.approx(50, abs=0.1)


def test_an_undone_import_gives_its_minutes_to_the_next(store, tmp_path):
    brought(store, walk(tmp_path / "a.gpx", "2025-05-05T02:00Z"))
    brought(store, members(tmp_path / "b.gpx"))
    first = store.imports()["import_id"].iloc[-1]
    store.undo_import(first, Said("salah berkas", "an undo"))
    assert store.effort()["minutes"].sum() == pytest.approx(50, abs=0.1)
