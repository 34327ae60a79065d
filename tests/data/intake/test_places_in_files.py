"""Where a row of a file was: one point is its place; several, none or a plan are told, not lost."""

import json
import zipfile
from io import BytesIO

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, MultiPoint, Point, Polygon

from data.errors import DataError
from data.intake.formats import read_tables
from data.intake.read import read_file
from geo.grid import Grid

POLYGON = Polygon([(110, 0.9), (110.1, 0.9), (110.1, 1)])
LINE = LineString([(110, 0.9), (110.1, 1)])
HERE, THERE = Point(110.36, 0.98), Point(110.4, 0.97)
KML = '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">'
HOUR = "2024-01-08T0{}:00:00Z"


def read(name, content, **more):
    content = content.encode() if isinstance(content, str) else content
    return read_file(name, content=content, **more)


def keys(reading):
    return [text.split(":")[0] for text in reading.set_aside["reasons"]]


def frame_of(shapes):
    n = range(len(shapes))
    return gpd.GeoDataFrame(
        {"event_id": [f"a{i}" for i in n], "time": "2024-01-08 10:00", "kind": "sighting"},
        geometry=list(shapes), crs="EPSG:4326",
    )  # fmt: skip


def in_format(shapes, form):
    """The same rows as a file of a format."""
    frame = frame_of(shapes)
    if form == "geojson":
        return frame.to_json().encode()
    if form == "geojsonl":
        return "\n".join(map(json.dumps, json.loads(frame.to_json())["features"])).encode()
    if form == "csv":
        words = [shape.wkt if shape is not None else "" for shape in frame.geometry]
        return pd.DataFrame(frame.drop(columns="geometry")).assign(wkt=words).to_csv().encode()
    out = BytesIO()
    if form == "parquet":
        frame.to_parquet(out)
    else:
        driver = {"gpkg": "GPKG", "fgb": "FlatGeobuf"}[form]
        frame.to_file(
            out, driver=driver, layer="titik", **({"SPATIAL_INDEX": "NO"} if form == "fgb" else {})
        )
    return out.getvalue()


SHAPES = {
    HERE: "",
    MultiPoint([HERE]): "",
    MultiPoint([HERE, THERE]): "several_points",
    GeometryCollection([HERE, LINE]): "",
    GeometryCollection([HERE, THERE, LINE]): "several_points",
    LINE: "not_a_point",
    POLYGON: "not_a_point",
    None: "",
}
FORMATS = ["geojson", "geojsonl", "gpkg", "parquet", "csv"]


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=8)
@given(shapes=st.lists(st.sampled_from(list(SHAPES)), min_size=1, max_size=6))
def test_every_row_is_kept_at_its_one_point_or_set_aside(form, shapes):
    """Read = kept + set aside in every format, and every format says the same of a shape."""
    if form == "csv" and not any(shapes):
        shapes = [*shapes, HERE]
    reading = read(f"x.{form}", in_format(shapes, form), source="polos")
    assert reading.n_read == len(shapes) == len(reading.kept) + len(reading.set_aside)
    assert keys(reading) == [SHAPES[shape] for shape in shapes if SHAPES[shape]]
    placed = reading.kept["lat"].notna().sum()
    assert placed == sum(shape is not None and not SHAPES[shape] for shape in shapes)
    assert reading.n_without_place == len(reading.kept) - placed
    assert set(reading.kept["lat"].dropna()) <= {0.98}
    assert ("without a place" in reading.summary()) == bool(reading.n_without_place)


def test_a_flatgeobuf_is_read():
    reading = read("x.fgb", in_format([HERE, POLYGON], "fgb"))
    assert (len(reading.kept), keys(reading)) == (1, ["not_a_point"])


def test_only_polygons_are_told_as_such_whatever_their_columns():
    document = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": told,
         "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [1, 2]]]}}
        for told in ({"event_id": "1", "time": "2024-01-08", "kind": "x"}, {"luas": 3})
    ]}  # fmt: skip
    for features in ([0], [1], [0, 1]):
        some = {**document, "features": [document["features"][at] for at in features]}
        reading = read("x.geojson", json.dumps(some))
        assert keys(reading) == ["not_a_point"] * len(features)
        assert all(json.loads(text)["lat"] == "" for text in reading.set_aside["original"])


def test_a_null_geometry_leaves_a_row_the_place_of_its_columns():
    frame = frame_of([MultiPoint([HERE]), None]).assign(lat=[5.0, 0.97], lon=[5.0, 110.4])
    out = BytesIO()
    frame.to_file(out, driver="GPKG", layer="titik")
    kept = read("x.gpkg", out.getvalue()).kept
    assert kept["lat"].tolist() == [0.98, 0.97] and kept["lon"].tolist() == [110.36, 110.4]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("SRID=4326;POINT Z (110.36 0.98 5)", ""),
        ("point(110.36 0.98)", ""),
        ("POINT EMPTY", ""),
        ("POINT (110.36", "wkt_unreadable"),
        ("LINESTRING (1 2, 3 4)", "not_a_point"),
    ],
)
def test_wkt_gives_the_place(text, key):
    content = f'event_id,geom,time,kind\n1,"{text}",2024-01-08,x\n2,POINT (110 0.9),2024-01-08,x\n'
    reading = read("x.csv", content)
    assert keys(reading) == ([key] if key else [])
    assert reading.kept["lon"].iloc[-1] == 110.0
    assert (reading.set_aside["source_line"] == 2).all() and reading.n_read == 2


def test_wkt_in_another_reference_system_is_refused():
    content = "event_id,geom,time,kind\n1,SRID=32649;POINT (429000 108000),2024-01-08,x\n"
    with pytest.raises(DataError, match="EPSG:32649"):
        read("x.csv", content)


# --- KML and GPX ---


def mark(inside, number=1):
    told = "".join(
        f'<Data name="{name}"><value>{value}</value></Data>'
        for name, value in {"event_id": number, "kind": "x", "time": "2024-01-08 10:00"}.items()
    )
    return f"<Placemark><ExtendedData>{told}</ExtendedData>{inside}</Placemark>"


def point(lon, lat):
    return f"<Point><coordinates>{lon},{lat},0</coordinates></Point>"


KML_LINE = "<LineString><coordinates>110,1 111,1</coordinates></LineString>"


@pytest.mark.parametrize(
    ("inside", "key"),
    [
        (point(110.36, 0.98), ""),
        (f"<MultiGeometry>{point(110.36, 0.98)}</MultiGeometry>", ""),
        (f"<MultiGeometry>{point(110.36, 0.98)}{KML_LINE}</MultiGeometry>", ""),
        (f"<MultiGeometry>{point(1, 2)}{point(3, 4)}</MultiGeometry>", "several_points"),
        (KML_LINE, "track_without_time"),
        ("<Polygon/>", "not_a_point"),
    ],
)
def test_no_point_of_a_mark_is_lost(inside, key):
    reading = read("x.kml", f"{KML}{mark(inside)}</kml>", source="polos")
    assert (reading.n_read, keys(reading)) == (1, [key] if key else [])
    assert reading.kept["lat"].tolist() == ([] if key else [0.98])
    if key == "several_points":
        assert "2 1; 4 3" in reading.set_aside["original"][0]


def test_the_folders_of_a_mark_are_a_column():
    inside = f"<Folder><name>satu</name><Folder><name>dua</name>{mark('')}</Folder></Folder>"
    (table,) = read_tables("x.kml", content=f"{KML}<Document>{inside}</Document></kml>".encode())
    assert table.cells["folder"].tolist() == ["satu / dua"]


def gx(times, places):
    whens = "".join(f"<when>{HOUR.format(n % 10)}</when>" for n in range(times))
    coords = "".join(f"<gx:coord>110.{30 + n} 0.98 0</gx:coord>" for n in range(places))
    return f"<Placemark><name>P</name><gx:Track>{whens}{coords}</gx:Track></Placemark>"


@pytest.mark.parametrize(
    ("times", "places", "key"), [(5, 3, "times_unpaired"), (3, 5, "times_unpaired"),
                                 (0, 0, "track_empty")],
)  # fmt: skip
def test_times_and_places_of_a_track_are_never_paired_by_guess(seven, times, places, key):
    reading = read("x.kml", f"{KML}{gx(times, places)}</kml>", grid=seven)
    assert (len(reading.kept), keys(reading)) == (0, [key])
    if times:
        assert f'"times": {times}, "places": {places}' in reading.set_aside["reasons"][0]


def test_a_kml_of_links_only_says_so():
    with pytest.raises(DataError, match="Export it again without the link") as problem:
        read("x.kml", f"{KML}<NetworkLink><Link><href>x</href></Link></NetworkLink></kml>")
    assert problem.value.key == "kml_link"
    both = f"{KML}<Document><NetworkLink/>{mark(point(110.36, 0.98))}</Document></kml>"
    assert any(note.startswith("kml_links: ") for note in read("x.kml", both).notes)


def gpx(*parts):
    return f'<gpx xmlns="http://www.topografix.com/GPX/1/1">{"".join(parts)}</gpx>'


def points(tag, grid: Grid):
    return "".join(
        f'<{tag} lat="{grid.lat[0] + n / 5000:.5f}" lon="{grid.lon[0]:.5f}">'
        f"<time>2024-01-08T02:0{n}:00.000+00:00</time></{tag}>"
        for n in range(6)
    )


def test_a_route_is_a_plan_and_a_track_is_not(seven):
    track = f"<trk><trkseg>{points('trkpt', seven)}</trkseg></trk>"
    route = f"<rte><name>rencana</name>{points('rtept', seven)}</rte>"
    walked = read("x.gpx", gpx(track), grid=seven)
    assert walked.kept["minutes"].sum() == pytest.approx(5)
    planned = read("x.gpx", gpx(route), grid=seven)
    assert (len(planned.kept), keys(planned)) == (0, ["route_is_plan"])
    both = read("x.gpx", gpx(track, route), grid=seven)
    assert both.kept["minutes"].sum() == pytest.approx(5) and keys(both) == ["route_is_plan"]


@pytest.mark.parametrize("source", [None, "jejak"])
def test_waypoints_come_along_with_their_track(seven, source):
    track = f"<trk><trkseg>{points('trkpt', seven)}</trkseg></trk>"
    stop = '<wpt lat="0.98" lon="110.36"><time>2024-01-08T02:03:00Z</time><sym>Flag</sym></wpt>'
    reading = read("x.gpx", gpx(stop, track), grid=seven, source=source)
    events, effort = reading.of("events"), reading.of("effort")
    assert effort.kept["minutes"].sum() == pytest.approx(5)
    assert set(effort.kept["source_agency"]) == {"satgas_pamtas"}
    (event,) = events.kept.to_dict("records")
    assert (event["lat"], event["event_type"], event["location_role"]) == (
        0.98, "waypoint", "recorded",
    )  # fmt: skip
    assert {part.sha256 for part in reading.parts} == {reading.sha256}


# --- archives ---


def packed(members, **more):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


ROWS = "event_id,lat,lon,time,kind\n1,0.98,110.36,2024-01-08 10:00,x\n"


def test_tables_in_a_zip_are_read_and_the_rest_is_named():
    more = ROWS.replace("\n1,", "\n2,")
    reading = read("x.zip", packed([("a/x.csv", ROWS), ("y.csv", more), ("baca.pdf", "%PDF")]))
    assert reading.kept["event_id"].tolist() == ["1", "2"]
    assert reading.kept["source_sheet"].tolist() == ["a/x.csv", "y.csv"]
    assert any(note.startswith("zip_left_out: 1 ") for note in reading.notes)
    alone = read("x.zip", packed([("x.csv", ROWS), ("__MACOSX/._x.csv", "\x00")]))
    assert alone.kept["source_sheet"].tolist() == [""]


def test_a_shapefile_in_a_zip_is_read_in_its_own_reference_system(tmp_path):
    frame_of([HERE, THERE]).to_crs("EPSG:32649").to_file(tmp_path / "titik.shp")
    parts = [(f"data/{path.name}", path.read_bytes()) for path in sorted(tmp_path.iterdir())]
    kept = read("x.zip", packed(parts)).kept
    assert kept["lat"].tolist() == pytest.approx([0.98, 0.97])
    bare = [part for part in parts if not part[0].endswith(".prj")]
    with pytest.raises(DataError, match="no CRS"):
        read("x.zip", packed(bare))


@pytest.mark.parametrize(
    ("members", "key"),
    [
        ([("dalam.zip", packed([("x.csv", ROWS)]))], "zip_empty"),
        ([("x.csv", packed([("x.csv", ROWS)]))], "zip_nested"),
        ([("x.csv", b"\x1f\x8b\x08" + b"0" * 9)], "zip_nested"),
        ([("../x.csv", ROWS)], "zip_paths"),
        ([("/x.csv", ROWS)], "zip_paths"),
        ([("a\\..\\x.csv", ROWS)], "zip_paths"),
        ([("C:/x.csv", ROWS)], "zip_paths"),
        ([("baca.txt.pdf", b"%PDF")], "zip_empty"),
        ([("x.vrt", "<OGRVRTDataSource/>")], "zip_empty"),
        ([("a/t.shp", b""), ("b/t.shp", b"")], "zip_paths"),
    ],
)
def test_what_a_zip_may_not_hold(members, key):
    with pytest.raises(DataError) as problem:
        read("x.zip", packed(members))
    assert problem.value.key == key


@pytest.mark.parametrize("inner", ["x.csv", "x.geojson", "content.xml", "x.shp"])
def test_a_bomb_in_a_zip_is_refused_whatever_it_is_called(inner):
    with pytest.raises(DataError, match="zip bomb"):
        read("x.zip", packed([(inner, b" " * 60_000_000)]))


def test_a_database_or_a_driver_of_another_kind_is_not_opened():
    content = b"SQLite format 3\x00" + b"\x00" * 100
    with pytest.raises(DataError, match="no GeoPackage"):
        read("x.gpkg", content)
    with pytest.raises(DataError):
        read("x.vrt", "<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>")


# --- Parquet and OpenDocument ---


def parquet(table, **more):
    out = BytesIO()
    pq.write_table(table, out, **more)
    return out.getvalue()


def test_a_plain_parquet_is_read_with_its_types():
    table = pa.table({
        "event_id": ["1", "2"], "lat": [0.98, None], "lon": [110.36, None], "kind": ["x", "x"],
        "time": pa.array([pd.Timestamp("2024-01-08 10:00")] * 2, pa.timestamp("us")),
    })  # fmt: skip
    reading = read("x.parquet", parquet(table))
    assert reading.kept["event_start"].tolist() == [pd.Timestamp("2024-01-08 03:00Z")] * 2
    assert reading.n_without_place == 1
    assert read("x.parquet", parquet(table.slice(0, 0))).n_read == 0


def test_a_parquet_that_swells_is_refused_before_it_does():
    word = "x" * 100_000
    table = pa.table({"a": pa.array([word] * 5_000).dictionary_encode().cast(pa.string())})
    content = parquet(table)
    assert len(content) < 100_000
    with pytest.raises(DataError, match="zip bomb"):
        read_tables("x.parquet", content=content, max_bytes=10_000_000)


NS = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def ods(rows, head=""):
    content = (
        f"{head}<office:document-content {NS}><office:body><office:spreadsheet>"
        f'<table:table table:name="Satu">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = (
        f'<m:manifest xmlns:m="{manifest}"><m:file-entry m:full-path="/" m:media-type="{kind}"/>'
    )
    return packed([
        ("mimetype", kind), ("META-INF/manifest.xml", entry + "</m:manifest>"),
        ("content.xml", content),
    ])  # fmt: skip


def ods_row(*cells, repeat=""):
    made = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        if isinstance(cell, str)
        else f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
        for cell in cells
    )
    return f"<table:table-row {repeat}>{made}</table:table-row>"


HEAD = ods_row("event_id", "lat", "lon", "time", "kind")
ROW = ods_row("1", 0.98, 110.364, "2024-01-08 10:00", "x")


def test_a_spreadsheet_of_libreoffice_is_read():
    empty = "<table:table-cell/></table:table-row>"
    rest = f'<table:table-row table:number-rows-repeated="1048570">{empty}'
    reading = read("x.ods", ods(HEAD + ROW + rest))
    assert (reading.n_read, reading.kept["lon"].tolist()) == (1, [110.364])
    assert reading.kept["source_line"].tolist() == [2]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ods(HEAD + ods_row("x", repeat='table:number-rows-repeated="9000000"') * 2), "cells"),
        (ods(HEAD, '<!DOCTYPE x [<!ENTITY a "b">]>'), "document type"),
        (packed([("content.xml", "<a/>")]), "without a sheet"),
    ],
)
def test_a_spreadsheet_that_would_swell_or_hides_entities_is_refused(content, words):
    with pytest.raises(DataError, match=words):
        read("x.ods", content)


def test_notes_on_cells_of_a_spreadsheet_are_looked_through():
    note = "<office:annotation><text:p>hubungi 0812-3456-7890</text:p></office:annotation>"
    with pytest.raises(ValueError, match="phone numbers"):
        read("x.ods", ods(HEAD + ROW.replace("<text:p>1<", f"{note}<text:p>1<")))
