"""The data steward's pages without a browser: each part, each refusal, each word."""

import gzip
import io
import re

import h3
import numpy as np
import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.errors import DataError
from data.findings import sentence_of
from data.gate import access
from data.gate.rights import Refused
from data.intake.read import read_file
from data.personal import gate
from data.personal.gate import PersonalDataError
from data.schema import QUALITY_FLAGS
from data.store import audit
from data.tables import RawTable
from joins import opened, reading
from joins.desks import steward
from settings import load_settings
from tests.data.intake.test_read import EXPECTED, SAMPLE
from tests.data.intake.test_read import NOW as WHEN
from ui import html
from ui.views.data import page as data
from ui.views.desk import value_text
from ui.words import has, of_data

LATER = pd.Timestamp("2100-01-01", tz="UTC")
PARTS = ("sources", "bring", "quality", "twins", "history", "new")
ODD = """event_id,lat,lon,time,kind
1,0.98,110.36,2026-01-02,sighting
2,0.98,,2026-01-03,sighting
3,0.98,110.36,31-02-2026,sighting
"""


def script():
    import streamlit as st

    from joins.desks.steward import Desk
    from settings import load_settings
    from tests.ui.test_data_pages import SEEN
    from ui import theme
    from ui.views.data import page as data

    desk = Desk(load_settings(), SEEN["scope"])
    data.show(desk, SEEN["meta"], None, [], st.query_params.get("lang", "id"), theme.LIGHT)


#: what the script is run with
SEEN = {"scope": access.LOCAL, "meta": None}


@pytest.fixture
def home(world, tmp_path, monkeypatch):
    """A store of one's own with the invented assessment, and the settings of it."""
    config = world.write(tmp_path)
    monkeypatch.setenv("KALBAR_CONFIG", str(config))
    monkeypatch.setitem(SEEN, "meta", {"id": "x", "cutoff": "2026-11-22", "created_at": WHEN})
    monkeypatch.setitem(SEEN, "scope", access.LOCAL)
    return load_settings(config)


@pytest.fixture
def desk(home):
    return steward.Desk(home, access.LOCAL)


def page(part, **state):
    at = AppTest.from_function(script, default_timeout=60)
    at.session_state["data_part"] = part
    for name, value in state.items():
        at.session_state[name] = value
    return at.run()


def scope(**given):
    told = {"user": "ani", "agency": "polda", "tier": "restricted", "kabupaten": None}
    return access.Scope(**(told | given), expires=LATER)


def text(at):
    boxes = (*at.markdown, *at.caption, *at.subheader, *at.info, *at.error, *at.warning)
    return " ".join(str(e.value) for e in (*boxes, *at.success))


def log_of(desk):
    return audit.read(desk.store)[["action", "what"]].to_dict("records")


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(home, part):
    at = page(part)
    assert not at.exception
    assert len(text(at)) > 60


@pytest.mark.parametrize("part", PARTS[1:])
def test_a_lower_tier_is_told_why_a_part_is_closed(home, monkeypatch, part):
    monkeypatch.setitem(SEEN, "scope", scope(tier="internal"))
    at = page(part)
    assert not at.exception
    assert "tingkat akses **terbatas**" in text(at)
    assert not at.button and not at.file_uploader


def test_the_first_day_begins_with_bringing_a_file(home, monkeypatch):
    monkeypatch.setitem(SEEN, "meta", None)
    at = AppTest.from_function(script, default_timeout=60).run()
    assert not at.exception and at.file_uploader


def test_what_was_brought_a_minute_ago_is_there_at_once(home, monkeypatch):
    """A store without records says so; after an import it knows them, whatever the minute."""
    fresh = home.path.with_name("fresh.toml")
    told = home.path.read_text(encoding="utf-8").replace("records.db", "fresh.db")
    fresh.write_text(told, encoding="utf-8")
    monkeypatch.setenv("KALBAR_CONFIG", str(fresh))
    desk = steward.Desk(load_settings(fresh), access.LOCAL)
    assert desk.store.events().empty
    assert "Belum ada catatan" in text(page("sources"))
    desk.keep(desk.preview("data-sintetis-polos.csv", ODD.encode()))
    told = page("sources")
    assert not told.exception and "Belum ada catatan" not in text(told)
    assert len(told.dataframe)


@pytest.mark.parametrize(("word", "part"), [(word, part) for part, word in data.LINKS.items()])
def test_an_address_opens_its_part(home, word, part):
    at = AppTest.from_function(script, default_timeout=60)
    at.query_params["bagian"] = word
    assert at.run().session_state["data_part"] == part
    at = AppTest.from_function(script, default_timeout=60)
    at.query_params["bagian"] = "<x>"
    assert at.run().session_state["data_part"] == "sources" and not at.exception


def test_the_file_chooser_speaks_the_language(home):
    told = " ".join(str(one.value) for one in page("bring").get("html"))
    assert '::after {content: "Pilih berkas"}' in told and "p, " in told
    assert ".st-key-data_upload_0 " in told
    assert "</style>" not in html.uploader('"} </style> x', "y", "k").removesuffix("</style>")


def test_a_day_told_as_a_whole_has_no_clock():
    day, hour = pd.Timestamp("2026-01-05T17:00Z"), pd.Timestamp("2026-01-05T17:30Z")
    assert value_text("event_start", day, "id") == "6 Jan 2026"
    assert value_text("event_start", hour, "id") == "6 Jan 2026, 00.30 WIB"
    told = value_text("quality_flags", "SUM_MISMATCH|COORD_SWAPPED", "id")
    assert "tidak cocok" in told and "SUM_MISMATCH" not in told
    assert value_text("quality_flags", "", "id") == "–"


def test_a_file_is_previewed_then_stored_whole(home, desk):
    at = page("bring")
    before = desk.store.data_version()
    at.file_uploader[0].upload("data-sintetis-odd.csv", ODD.encode(), "text/csv").run()
    assert not at.exception
    assert "**3** baris dibaca = **1** diterima + **2** disisihkan" in text(at)
    assert desk.store.data_version() == before, "a preview stores nothing"
    told = at.dataframe[1].value
    assert told["Alasan"].tolist() == ["koordinat hanya satu", "tanggal tidak terbaca"]
    at.button(key="data_save").click().run()
    assert not at.exception
    assert "Tersimpan sebagai impor" in text(at)
    assert {"action": "import", "what": '{"import": "2", "rows": 3}'} in log_of(desk)
    assert len(desk.set_aside()) == 2


def test_personal_data_is_refused_with_columns_and_lines_alone(home, desk):
    secret = "event_id,lat,lon,time,kind,Nama Korban,Ket\n"
    secret += "1,0.98,110.36,2026-01-02,sighting,Siti Aminah,hubungi 0812-3456-7890\n" * 2
    at = page("bring")
    at.file_uploader[0].upload("rahasia.csv", secret.encode(), "text/csv").run()
    assert not at.exception
    said = text(at)
    assert "kolom “Nama Korban” memuat nama orang" in said
    assert "kolom “Ket” memuat nomor telepon, baris 2, 3" in said
    assert "Siti" not in said and "0812" not in said
    assert desk.imports()["import_id"].tolist() == ["1"]
    lines = str(log_of(desk))
    assert "personal_data" in lines and "Siti" not in lines and "rahasia" not in lines


def test_an_agency_brings_and_undoes_only_its_own(home):
    mine = steward.Desk(home, scope(agency="desa"))
    everyone = steward.Desk(home, access.LOCAL)
    with pytest.raises(Refused, match="records of one's own agency alone"):
        mine.keep(mine.preview("x.csv", ODD.encode()))
    kept = everyone.keep(everyone.preview("x.csv", ODD.encode()))
    assert kept.import_id not in set(mine.imports()["import_id"])
    assert mine.set_aside().empty
    with pytest.raises(Refused, match="an import of one's own"):
        mine.undo(kept.import_id, "x")
    assert "denied" in {line["action"] for line in log_of(everyone)}


def two_kinds():
    """A workbook of a patrol of the task force beside an event of a plain file."""
    book, rows = openpyxl.Workbook(), [line.split(",") for line in ODD.splitlines()[:2]]
    for row in rows:
        book.active.append(row)
    head = ["Nomor Patroli", "Tanggal", "Menit", "Jenis Kegiatan", "Lintang", "Bujur"]
    patrols = book.create_sheet("Patroli")
    for row in (head, ["P1", "05/03/2024", "60", "patroli", "0,98", "110,36"]):
        patrols.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_both_kinds_of_a_file_are_shown_stored_and_held_to_the_viewers_agency(home, desk):
    at = page("bring")
    at.file_uploader[0].upload("satgas.xlsx", two_kinds(), "application/octet-stream").run()
    assert not at.exception
    assert text(at).count("**1** baris dibaca = **1** diterima") == 2
    assert "keduanya disimpan bersama" in text(at)
    reading = desk.preview("satgas.xlsx", two_kinds())
    for agency, other in (("polos", "satgas_pamtas"), ("satgas_pamtas", "polos")):
        assert steward.Desk(home, scope(agency=agency)).foreign(reading) == [other]
    at.button(key="data_save").click().run()
    assert not at.exception and text(at).count("Tersimpan sebagai impor") == 2
    assert len(desk.imports()) == 3


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.vrt", b"<OGRVRTDataSource/>", "XML jenis OGRVRTDataSource"),
        ("x.zip", b"PK\x03\x04", "arsipnya rusak"),
        ("x.kml", b"<kml><NetworkLink/></kml>", "tanpa tautan"),
        ("x.geojson", b'{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon"}}',
         "bentuknya Polygon, seharusnya titik"),
    ],
)  # fmt: skip
def test_any_file_may_be_chosen_and_a_refusal_is_a_sentence(home, name, content, words):
    at = page("bring")
    assert not at.file_uploader[0].proto.type, "what the browser refuses gets no sentence"
    at.file_uploader[0].upload(name, content, "application/octet-stream").run()
    assert not at.exception
    tables = " ".join(str(told.value.to_dict()) for told in at.dataframe)
    assert words in text(at) + tables


def test_an_expired_or_lower_right_is_refused_in_the_data_layer(home):
    for given in ({"tier": "internal"}, {"tier": "public"}, {"kabupaten": frozenset()}):
        closed = steward.Desk(home, scope(**given))
        with pytest.raises(DataError, match="restricted tier"):
            closed.preview("x.csv", ODD.encode())
        with pytest.raises(DataError, match="restricted tier"):
            closed.undo("1", "x")
        with pytest.raises(DataError, match="restricted tier"):
            closed.decide(("a", "b"), "link")
        assert closed.imports().empty and closed.set_aside().empty


def test_an_upload_has_limits(desk, monkeypatch):
    monkeypatch.setattr(reading, "UNPACKED_BYTES", 10_000)
    with pytest.raises(DataError, match="at most 10,000"):
        desk.preview("x.csv", b"a,b\n" + b"1,2\n" * 5_000)
    with pytest.raises(DataError, match="zip bomb"):
        desk.preview("x.csv.gz", gzip.compress(b"a,b\n" + b"1,2\n" * 5_000))


def test_set_aside_rows_are_filtered_downloaded_and_mended(home, desk):
    desk.keep(desk.preview("data-sintetis-odd.csv", ODD.encode()))
    at = page("quality", data_reason="coord_half")
    assert not at.exception
    assert len(at.dataframe[0].value) == 1
    content = desk.workbook(desk.set_aside(), desk.set_aside()["reasons"])
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    sheet["E2"], sheet["F3"] = "110.36", "2026-02-27"
    out = io.BytesIO()
    book.save(out)
    kept = desk.keep(desk.preview("perbaikan.xlsx", out.getvalue(), "polos"))
    assert (kept.n_new, kept.n_set_aside) == (2, 0)
    assert "sudah dibawa lagi" in text(page("quality"))


def test_unknown_words_stay_listed_after_the_import(home, desk):
    desk.keep(desk.preview("satgas.csv", (SAMPLE / "data-sintetis-satgas.csv").read_bytes()))
    words = desk.unknown_words()
    assert set(words["word"]) == {"Pencegahan", "gerobak"}
    at = page("quality")
    assert not at.exception and "Kata yang belum dikenal" in text(at)
    desk.undo("2", "uji")
    assert desk.unknown_words().empty


def test_flags_are_counted_per_agency_and_all_have_words(desk):
    events = pd.DataFrame(
        {
            "source_agency": ["a", "a", "b", "b"],
            "quality_flags": ["DATE_FUTURE|DUP_EXACT", "DUP_EXACT", "DUP_EXACT", ""],
        }
    )
    table = desk.flags(events).set_index(["flag", "source_agency"])
    assert table.loc[("DUP_EXACT", "a"), "n"] == 2
    assert table.loc[("DUP_EXACT", "b"), "share"] == 0.5
    assert all(has(f"flag.{flag}") for flag in QUALITY_FLAGS)


@pytest.fixture
def twins(desk):
    """Two agencies' records of one group, with other figures, in the store."""
    row = {
        "source_version": 1, "record_status": "new", "event_type": "crossing_sighting",
        "direction": "outbound", "count_unit": "group", "time_precision": "hour",
        "location_role": "occurred", "geo_precision": "gps", "lat": 0.98, "lon": 110.36,
        "admin_code": "61.03.21", "code_system": "kemendagri", "sensitivity": "restricted",
        "synthetic": "true",
    }  # fmt: skip
    rows = [
        row | {
            "source_agency": agency, "source_record_id": f"K{n}", "event_start": start,
            "n_persons": heads, "reported_at": "2026-02-01T00:00:00Z", "detection": how,
        }
        for n, (agency, heads, start, how) in enumerate(
            [
                ("satgas_pamtas", 6, "2026-01-10T03:00:00Z", "discovered"),
                ("desa", 7, "2026-01-10T05:00:00Z", "reported"),
            ]
        )
    ]  # fmt: skip
    content = pd.DataFrame(rows).to_csv(index=False).encode()
    desk.keep(desk.preview("data-sintetis-kembar.csv", content, "kanonik"))
    pair = ("desa:K1", "satgas_pamtas:K0")
    pairs = pd.DataFrame(
        [(*pair, 0.5, "review", "time +4.2, point +2.0 (0.8 km), heads -0.9")],
        columns=["event_id_a", "event_id_b", "prob", "outcome", "why"],
    )
    desk.store.write_links(pairs)
    return pair


def test_a_pair_is_decided_logged_used_and_undone(desk, twins):
    at = page("twins")
    assert not at.exception
    assert "Peluang peristiwa sama: **50 %**" in text(at)
    assert "Mendukung: waktu, jarak titik (0,8 km)" in text(at)
    assert "Menentang: jumlah orang" in text(at)
    table = at.table[0].value
    assert table.loc["Jumlah orang ≠"].tolist() == ["**7**", "**6**"]
    at.button(key="twin_same").click().run()
    assert not at.exception
    assert {"action": "link", "what": '{"outcome": "link", "records": 2}'} in log_of(desk)
    events = desk.events()
    pair = events[events["event_id"].isin(twins)]
    assert pair["link_cluster_id"].nunique() == 1
    assert pair["quality_flags"].str.contains("DUP_PROBABLE").all()
    says = desk.says(events)
    assert says[["least", "most"]].to_numpy().tolist() == [[6, 7]]
    assert "Tidak ada pasangan" in text(at) and "Siapa bilang apa" in text(at)
    undo = next(b for b in at.button if b.label == "Urungkan")
    undo.click().run()
    assert not at.exception
    assert len(desk.queue(desk.events())) == 1
    assert desk.store.decisions(history=True)["outcome"].tolist() == ["link", "auto"]


def test_a_pair_with_a_hidden_record_is_not_shown(home, twins):
    other = steward.Desk(home, scope(kabupaten=frozenset({"61.07"})))
    assert other.queue(other.events()).empty
    with pytest.raises(Refused, match="sight of both records"):
        other.decide(twins, "link")


def test_an_import_is_undone_with_a_reason(home, desk):
    desk.keep(desk.preview("x.csv", ODD.encode()))
    at = page("history")
    at.button[0].click().run()
    assert "Tulis alasannya dulu" in text(at)
    assert desk.imports()["undone_at"].isna().all()
    at.text_input(key="data_undo_reason").input("berkas salah")
    at.button[0].click().run()
    assert not at.exception
    assert "Impor 2 diurungkan" in text(at)
    assert desk.imports()["undo_reason"].iloc[0] == "berkas salah"


def test_a_draft_names_what_it_could_not_place(home):
    at = page("new")
    content = b"Tgl,Warna,Jenis Kejadian\n31/01/2024,biru,Pantauan\n01/02/2024,hijau,Gerhana\n"
    at.file_uploader[0].upload("baru.csv", content, "text/csv").run()
    assert not at.exception
    assert "kolom “Warna”" in text(at).replace("\\", "") and "Gerhana" in text(at)
    assert "event_start" in at.code[0].value


def test_nowcast_and_freshness_hide_counts_outside_the_restricted_tier(home):
    now = pd.Timestamp("2026-11-24", tz="UTC")
    for tier, known in (("restricted", True), ("internal", False)):
        table = steward.Desk(home, scope(tier=tier)).freshness(now)
        assert len(table) and table["n_events"].notna().all() == known
    assert steward.Desk(home, access.NOBODY).freshness(now).empty


# --- words -----------------------------------------------------------------------------------

ENGLISH = re.compile(r"\b(is|the|not|where|taken|known|a known|missing|empty|than)\b")


@pytest.mark.parametrize("name", EXPECTED)
def test_every_reason_and_note_of_the_samples_is_told_in_indonesian(name):
    reading = read_file(SAMPLE / f"data-sintetis-{name}", received_at=WHEN)
    for reasons in reading.set_aside["reasons"]:
        assert of_data.short_reason(reasons.split(":")[0], "id") != reasons.split(":")[0]
        told = re.sub(r"'[^']*'|“[^”]*”|\(it also[^)]*\)", "", of_data.tell_reasons(reasons, "id"))
        assert not ENGLISH.search(told), told
    for note in reading.notes:
        told = re.sub(r"'[^']*'|“[^”]*”", "", of_data.tell(note, "id"))
        assert not ENGLISH.search(told), told
        assert of_data.tell(note, "en") == sentence_of(note)


def test_refusals_outside_the_rows_are_told_in_indonesian():
    cells = pd.DataFrame({"NIK": ["6103010101900001"], "b": ["y"]}, dtype="str")
    tables = [
        RawTable("A", cells, np.array([2]), titles="Nama korban: Siti Aminah"),
        RawTable("Budi Santoso", cells[["b"]], np.array([2]), titles="telp 0812 3456 7890"),
    ]
    with pytest.raises(PersonalDataError) as refused:
        gate.refuse(tables, "x.xlsx")
    outside = "teks di luar baris (judul, keterangan, komentar) memuat"
    assert of_data.personal_places(refused.value, "id") == [
        "nama lembar ke-2 menyebut orang",
        f"A: {outside} nama orang",
        f"(its name is withheld): {outside} nomor telepon",
        "A: kolom “NIK” memuat nomor identitas",
    ]


def test_a_personal_file_name_is_refused_in_indonesian():
    with pytest.raises(PersonalDataError) as refused:
        read_file("Budi Santoso.csv", content=ODD.encode())
    (told,) = of_data.personal_places(refused.value, "id")
    assert "nama berkasnya sendiri memuat data pribadi (nama orang)" in told


def test_personal_places_are_told_apart():
    cells = pd.DataFrame({"Ket": ["telp 0812 3456 7890", "x", "hp 0812 3456 7891"]}, dtype="str")
    with pytest.raises(PersonalDataError) as refused:
        gate.refuse([RawTable("", cells, np.array([2, 5, 9]))], "x.csv")
    assert of_data.personal_places(refused.value, "id") == [
        "kolom “Ket” memuat nomor telepon, baris 2, 9 (2 baris)"
    ]
    assert of_data.personal_places(refused.value, "en") == [
        "column 'Ket' holds phone numbers in line 2, 9 (2 in all)"
    ]


def test_what_speaks_for_a_pair_is_sorted_by_strength():
    why = "time +1.2, point +3.3 (0.8 km), heads -0.9, direction +0.4"
    assert of_data.compared(why, "en") == (
        ["distance (0.8 km)", "time", "direction"],
        ["head-count"],
    )


def two_receivers(area):
    """GPX of two receivers of one patrol, 50 minutes in one cell of the area."""
    lat, lon = h3.cell_to_latlng(opened.ground_of(area).grid.cells[0])
    tracks = ""
    for k in (0, 1):
        points = "".join(
            f'<trkpt lat="{lat + step / 9000:.6f}" lon="{lon + k / 90000:.6f}">'
            f"<time>2025-05-05T02:{10 * step:02d}:0{k}Z</time></trkpt>"
            for step in range(6)
        )
        tracks += f"<trk><name>m{k}</name><trkseg>{points}</trkseg></trk>"
    head = '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    return f"{head}{tracks}</gpx>".encode()


def test_several_receivers_of_a_patrol_are_told_before_they_are_stored(home, desk):
    """Counted once by default; the steward's switch says otherwise, and the rows remember it."""
    app = page("bring")
    app.file_uploader[0].upload("regu.gpx", two_receivers(home.area), "text/xml").run()
    assert not app.exception
    told = " ".join(one.value for one in app.warning)
    assert "dihitung sekali" in told and "2 lintasan" in told
    app.toggle(key="data_each").set_value(True).run()
    assert "sesuai keputusan walidata" in " ".join(one.value for one in app.warning)
    before = desk.store.effort()["minutes"].sum()
    app.button(key="data_save").click().run()
    assert desk.store.effort()["minutes"].sum() - before == pytest.approx(100, abs=1)
    assert (desk.store.recorded_effort()["counted"] == "each").any()
