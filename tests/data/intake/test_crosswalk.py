"""Crosswalks are data: they are checked, recognised by the header, and drafted from a sample."""

import tomllib

import pandas as pd
import pytest

from data.errors import DataError
from data.findings import sentence_of
from data.intake.crosswalk import (
    FOLDER,
    find_source,
    load_source,
    recognise,
    source_of,
    sources,
    translate,
)
from data.intake.draft import draft
from data.intake.read import read_file

NEEDED = "satgas_pamtas imigrasi polda bp3mi kjri desa htcds kanonik kanonik_upaya polos"
SAMPLE = FOLDER.parent / "sample"


def test_every_agency_has_a_crosswalk():
    assert set(NEEDED.split()) <= set(sources())


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Penggagalan PMI", "interception"),
        ("digagalkan", "interception"),
        ("Deportasi WNI-B", "deportation_batch"),
        ("PMI terkendala", "repatriation"),
        ("diselamatkan", "victim_assisted"),
        ("Penempatan non-prosedural", "case_placement"),
        ("Perkara TPPO", "case_tppo"),
        ("Laporan masyarakat", "community_report"),
        ("crossing_sighting", "crossing_sighting"),
    ],
)
def test_words_of_the_domain(word, code):
    for name in ("satgas_pamtas", "polda", "kjri"):
        codes, unknown = translate(sources()[name], "event_type", pd.Series([word], dtype="str"))
        assert (codes[0], unknown[0]) == (code, "")


def test_a_legal_exit_ban_is_not_an_interception():
    """Trap 6: pencegahan has two meanings and is never taken silently."""
    for name in sources():
        if sources()[name].kind == "events" and "event_type" not in sources()[name].open_words:
            codes, _ = translate(sources()[name], "event_type", pd.Series(["Pencegahan"]))
            assert codes[0] == ""


def test_several_words_in_a_cell():
    cells = pd.Series(["jalan tikus; tekong", "jalan tikus, terbang", ""], dtype="str")
    codes, unknown = translate(sources()["satgas_pamtas"], "modus", cells)
    assert codes.tolist() == ["unofficial_path|guide", "unofficial_path", ""]
    assert unknown.tolist() == ["", "terbang", ""]


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.csv")), ids=lambda path: path.stem)
def test_samples_are_recognised(path):
    name = path.stem.removeprefix("data-sintetis-").replace("-", "_")
    wanted = {"satgas": "satgas_pamtas", "satgas_patroli": "satgas_pamtas_patroli"}
    assert read_file(path).source_name == wanted.get(name, name)


def test_an_unclear_header_asks_for_the_source():
    with pytest.raises(DataError, match="--source"):
        recognise(["Tanggal", "Kategori", "Jumlah"], "x.csv")
    with pytest.raises(DataError, match=r"crosswalk x\.csv"):
        recognise(["a", "b", "c"], "x.csv")
    hinted = recognise(["Tanggal", "Jenis Kejadian", "Jumlah"], "x.csv", "rekap satgas pamtas")
    assert hinted.name == "satgas_pamtas"


def test_all_faults_of_a_crosswalk_at_once():
    content = {
        "name": "x",
        "title": "x",
        "agency": "x",
        "columns": {"nonsense": ["a"]},
        "words": {"direction": {"naik": "up"}},
        "time_zone": "Mars",
        "decimal": ";",
        "code_system": "own",
        "date_formats": ["%d/%m/%Y", "%m/%d/%Y"],
    }
    with pytest.raises(DataError) as problem:
        source_of(content, "x.toml")
    for word in ("'nonsense'", "'up'", "'Mars'", "decimal", "code_system", "3/4 could be either"):
        assert word in str(problem.value)
    with pytest.raises(DataError, match="unknown key 'colour'"):
        source_of({**content, "colour": 1}, "x.toml")


def test_bad_files_and_names(tmp_path):
    (tmp_path / "x.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(DataError, match="not valid TOML"):
        load_source(tmp_path / "x.toml")
    with pytest.raises(DataError, match="known are"):
        find_source("nobody")


def test_a_new_agency_needs_a_file_and_no_code(tmp_path):
    text = """
name = "dinsos"
title = "Dinas Sosial"
agency = "dinsos"
date_formats = ["%d/%m/%Y"]
[columns]
source_record_id = ["Nomor Rujukan"]
event_start = ["Tanggal Masuk"]
n_persons = ["Banyaknya"]
[defaults]
event_type = "victim_assisted"
location_role = "recorded"
"""
    (tmp_path / "dinsos.toml").write_text(text, encoding="utf-8")
    (tmp_path / "x.csv").write_text("Nomor Rujukan,Tanggal Masuk,Banyaknya\nR1,05/03/2024,4\n")
    reading = read_file(tmp_path / "x.csv", source=load_source(tmp_path / "dinsos.toml"))
    row = reading.kept.iloc[0]
    assert (row["event_id"], row["event_type"], row["n_persons"]) == (
        "dinsos:R1",
        "victim_assisted",
        4,
    )
    assert row["detection"] == "administrative"


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("data-sintetis-*")), ids=lambda path: path.name)
def test_a_draft_is_a_crosswalk_that_loads(path):
    if path.suffix in (".gpx", ".kmz"):
        pytest.skip("tracks need no crosswalk")
    text, unplaced = draft(path)
    source = source_of(tomllib.loads(text), "draft.toml")
    assert source.columns["event_start" if source.kind == "events" else "day"]
    assert isinstance(unplaced, list)


def test_a_draft_says_what_it_could_not_place(tmp_path):
    text = (
        "Nomer Laporan,Tgl Kejadian,Jenis Kejadian,Posisi Y,Posisi X,Warna\n"
        + 'A1,31/01/2024,Pantauan,"0,98","110,36",biru\n' * 3
        + 'A2,05/02/2024,Gerhana,"0,99","110,37",hijau\n'
    )
    (tmp_path / "baru.csv").write_text(text, encoding="utf-8")
    toml, unplaced = draft(tmp_path / "baru.csv")
    content = tomllib.loads(toml)
    assert content["columns"]["lat"] == ["Posisi Y"] and content["columns"]["lon"] == ["Posisi X"]
    assert content["columns"]["source_record_id"] == ["Nomer Laporan"]
    assert content["date_formats"] == ["%d/%m/%Y"]
    assert content["decimal"] == ","
    assert "column 'Warna'" in [sentence_of(item) for item in unplaced]
    assert any("'Gerhana'" in item for item in unplaced)


def test_a_draft_does_not_decide_between_day_and_month(tmp_path):
    (tmp_path / "x.csv").write_text("tanggal,jenis kejadian\n03/04/2024,Pantauan\n", "utf-8")
    _, unplaced = draft(tmp_path / "x.csv")
    assert any("day/month" in item for item in unplaced)


def test_a_draft_looks_at_cells_where_names_say_nothing(tmp_path):
    rows = [
        f'RJK/{i:03d},{"konseling" if i % 3 == 0 else "pemulangan"},"{1 + i / 64}, {110 + i / 64}"'
        for i in range(1, 13)
    ]
    path = tmp_path / "x.csv"
    path.write_text("Nomor Rujukan,Bentuk Layanan,Titik Peta\n" + "\n".join(rows), "utf-8")
    text, unplaced = draft(path)
    for line in (
        'source_record_id = ["Nomor Rujukan"]',
        'event_type = ["Bentuk Layanan"]',
        'coordinate = ["Titik Peta"]',
        '# "konseling" = ""  # 4 times',
    ):
        assert line in text
    told = [sentence_of(item) for item in unplaced]
    assert "word 'konseling' in column 'Bentuk Layanan' (4 times)" in told


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (["01/20/2024 03:10:00 PM", "02/03/2024 11:10:00 AM"], ["%m/%d/%Y %I:%M:%S %p"]),
        (["20/01/2024 03:10:00 PM", "03/02/2024 11:10:00 AM"], ["%d/%m/%Y %I:%M:%S %p"]),
        (["2024|01|20", "2024|02|03"], []),
    ],
)
def test_a_draft_proposes_a_date_format_or_says_that_none_fits(cells, formats):
    rows = [f"{n},{cell},THEFT,41.8,-87.6" for n, cell in enumerate(cells)]
    text = "\n".join(["ID,Date,Primary Type,Latitude,Longitude", *rows])
    toml, unplaced = draft("kota.csv", content=text.encode())
    assert tomllib.loads(toml)["date_formats"] == formats
    assert any(item.startswith("dates_unread: ") for item in unplaced) == (not formats)


def test_a_draft_takes_the_begin_of_a_survey_for_the_event_and_its_sending_for_the_report():
    head = "SubmissionDate,start,end,titik-Latitude,titik-Longitude,jenis,KEY"
    times = [f"2024-01-0{n}T10:00:00.000+07:00" for n in (3, 1, 2)]
    text = f"{head}\n" + f"{','.join(times)},1.0,110.0,laporan masyarakat,uuid:0\n" * 3
    columns = tomllib.loads(draft("odk.csv", content=text.encode())[0])["columns"]
    assert (columns["event_start"], columns["reported_at"]) == (["start"], ["SubmissionDate"])
    assert (columns["lat"], columns["lon"]) == (["titik-Latitude"], ["titik-Longitude"])
