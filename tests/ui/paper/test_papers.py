"""What a person carries away: complete, marked, well-formed, and told to the audit log."""

import io
import json
import re
import xml.etree.ElementTree as ElementTree
from copy import copy
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from data.gate import access
from joins.desks import view
from joins.desks.papers import Papers
from settings import load_settings
from ui import theme
from ui.paper import card
from ui.selection import Selection


@pytest.fixture(scope="module")
def papers(config):
    settings = load_settings(config)
    lines = []
    seen = view.read(view.newest(settings), settings, access.LOCAL)
    made = Papers(seen, lambda action, what: lines.append((action, what["what"])))
    object.__setattr__(made, "lines", lines)
    return made


@pytest.fixture
def selection():
    return Selection(horizon=4)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_brief_is_a_small_pdf_in_either_language(papers, lang):
    content = papers.sheet(Selection(horizon=4, lang=lang))
    assert content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF")
    assert 5_000 < len(content) < 600_000
    assert ("export", "brief.pdf") in papers.lines
    assert content == papers.sheet(Selection(horizon=4, lang=lang))


def test_picked_sectors_alone_are_in_the_brief(papers, selection):
    told = papers.seen.scene(selection)
    last = told.sectors["cell"].iloc[-1]
    picked = papers._picked(told, Selection(horizon=4, picks=(last,)))
    assert picked["cell"].tolist() == [last]
    assert len(papers._picked(told, selection)) == 6


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_brief_credits_those_whom_its_area_names(papers, selection, lang):
    told = papers.seen.scene(selection)
    chosen = Selection(horizon=4, lang=lang)

    def notes(credits: str) -> list[str]:
        settings = papers.seen.settings
        mine = replace(settings, area=replace(settings.area, attribution=credits))
        seen = copy(papers.seen)
        seen.settings = mine
        return Papers(seen, lambda *_: None)._notes(told, told.sectors, chosen)

    credited = notes("© Dinas uji")
    assert sum("© Dinas uji" in line for line in credited) == 1
    assert notes("") == [line for line in credited if "© Dinas uji" not in line]


def test_the_pack_asks_nobody_for_anything(papers):
    text = papers.district(Selection(horizon=4, kabupaten="61.03")).decode()
    assert "DATA SINTETIS" in text and "Sanggau" in text and "Desa Entikong" in text
    assert not re.search(r"""(src|href)\s*=|url\((?!#)|@import""", text)
    assert "default-src 'none'" in text
    assert text.count("<li data-lat=") > 3
    assert "Segumon" in text  # his posts


def test_a_row_of_a_paper_keeps_all_its_words():
    from ui.paper.sheet import Paper

    paper = Paper("t", "s", "id", True, {})
    paper.begin()
    drawn = []
    paper.canvas.drawString = lambda x, y, line: drawn.append(line)
    words = "KKB-2 Kantuk Bunut, sisi barat daya (Puring Kencana, Kabupaten Kapuas Hulu)"
    before = paper.y
    paper.row(["1", words], [0.05, 0.15])
    assert " ".join(drawn[1:]) == words and len(drawn) > 3
    assert before - paper.y >= 11 * (len(drawn) - 1)


@pytest.mark.parametrize(("kind", "tag"), [("gpx", "wpt"), ("kml", "Placemark")])
def test_devices_get_every_sector_once(papers, selection, kind, tag):
    root = ElementTree.fromstring(papers.device(kind, selection))
    space = root.tag.split("}")[0] + "}"
    found = list(root.iter(f"{space}{tag}"))
    assert len(found) == len(papers.seen.scene(selection).sectors)
    if kind == "gpx":
        assert all(0 < float(one.get("lat")) < 2 for one in found)


def test_the_picture_holds_the_colours_of_the_screen(papers, selection):
    image = Image.open(io.BytesIO(papers.image(selection))).convert("RGB")
    colours = {colour for _, colour in image.getcolors(1_000_000)}
    assert set(theme.ramp(theme.QUANTITIES["risk"], dark=False)[1:]) <= colours


@pytest.mark.parametrize("quantity", list(theme.QUANTITIES))
def test_each_cell_of_a_picture_has_the_colour_of_its_class(papers, quantity):
    """The pictures of the comparison, the brief and the packs are drawn by this one function."""
    from ui.map import picture

    one = theme.QUANTITIES[quantity]
    table = papers.seen.cells(4, "all").assign(observed=False)  # no dot on the middle
    classes = theme.classify(table[one.column], theme.find_breaks(one, table[one.column]))
    ramp = theme.ramp(one, False)
    frame = picture.Frame.around(table["lat"], table["lon"], 430.0, 320.0)
    drawn = picture.draw_map(table, classes, ramp, frame, {})
    image = np.asarray(Image.open(io.BytesIO(picture.as_png(drawn))).convert("RGB")).astype(int)
    scale = image.shape[1] / frame.width
    spots = np.round(frame.put(table["lon"], table["lat"]) * scale).astype(int)
    spots = np.clip(spots, 0, np.array(image.shape[1::-1]) - 1)
    off = np.abs(image[spots[:, 1], spots[:, 0]] - np.array(ramp)[classes]).max(axis=1)
    assert (off <= 2).mean() > 0.97 and set(classes) > {0}


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".parquet"])
def test_places_open_in_a_gis_with_their_versions(papers, selection, tmp_path, suffix):
    path = tmp_path / f"sectors{suffix}"
    path.write_bytes(papers.table("sectors", suffix, selection))
    table = gpd.read_parquet(path) if suffix == ".parquet" else gpd.read_file(path)
    assert len(table) == len(papers.seen.scene(selection).sectors)
    assert {"data_version", "model_version", "licence", "handling", "status"} <= {*table}
    assert table.geometry.is_valid.all()


def test_the_dictionary_knows_every_column_of_the_files(papers, selection):
    known = {line.split(",")[0] for line in papers.dictionary(selection).decode().splitlines()}
    stamps = {"assessment_id", "cutoff", "data_version", "model_version", "settings_version",
              "area", "created_at", "group", "synthetic", "suppression", "licence",
              "attribution",
              "handling"}  # fmt: skip
    for what in ("sectors", "cells"):
        feature = json.loads(papers.table(what, ".geojson", selection))["features"][0]
        assert set(feature["properties"]) <= known | stamps, what
    head = papers.table("panel", ".csv", selection).decode().splitlines()
    columns = next(line for line in head if not line.startswith("#")).split(",")
    assert {c for c in columns if not c.endswith("_suppressed")} <= known


def test_what_changed_is_told_by_last_week(papers, selection):
    sectors = papers.seen.scene(selection).sectors
    moved = sectors["risk"] / sectors["previous"]
    assert set(sectors["status"]) <= {"new", "growing", "fading", "steady"}
    steady = sectors["status"] == "steady"
    assert (moved[steady].between(0.9, 1.1)).all()
    assert (sectors.loc[sectors["status"] == "new", "was_share"] < 0.5).all()


def test_totals_of_the_province_are_not_for_a_part_of_it(config):
    settings = load_settings(config)
    scope = access.Scope("x", "*", "restricted", frozenset({"61.03"}),
                         expires=pd.Timestamp("2100-01-01", tz="UTC"))  # fmt: skip
    seen = view.read(view.newest(settings), settings, scope)
    assert "totals" not in seen.meta and "left_out" not in seen.meta
    assert set(seen.frames["cells"]["kabupaten_code"]) == {"61.03"}


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("id", ("# DATA SINTETIS", "Bukan untuk", "Hasil uji", "Selang", "80 dari 100")),
        ("en", ("# SYNTHETIC DATA", "Not for", "Test results", "Intervals", "80 of 100")),
    ],
)
def test_the_card_holds_use_scores_limits_and_objections(papers, lang, words):
    text = papers.card(Selection(lang=lang)).decode()
    assert text.startswith(words[0])
    assert papers.seen.meta["id"] in text and papers.seen.meta["data_version"] in text
    for word in words:
        assert word in text, word
    tables = [line for line in text.splitlines() if line.startswith("| ---")]
    assert len(tables) == len(papers.seen.meta["horizons"])
    assert ("export", "card.md") in papers.lines
    assert not re.search(r"\{|\bnan\b|\bNone\b", text)


def test_the_card_tells_agencies_apart_only_to_those_who_may_see_all(config):
    settings = load_settings(config)
    scope = access.Scope("x", "polda", "restricted", frozenset({"61.03"}),
                         expires=pd.Timestamp("2100-01-01", tz="UTC"))  # fmt: skip
    told = {"corrected": True, "strength_per_hour": {"patrol": 0.3}, "level_error": 0.1,
            "strength_by_agency": {"satgas_pamtas:patrol": 0.4, "lain:patrol": 0.1}}  # fmt: skip
    meta = {"method": {"detection": told}}
    text = card.detection(meta, lambda code: code.upper(), "id")
    assert "(SATGAS_PAMTAS 33 %, LAIN 10 %)" in text
    seen = view.read(view.newest(settings), settings, scope)
    assert not (seen.meta.get("method") or {}).get("detection", {}).get("strength_by_agency")


def test_the_card_says_when_the_map_fell_back(papers):
    meta = dict(papers.seen.meta)
    meta["method"] = {"horizons": {"4": {"fallback": True, "best_baseline": "etas"}}}
    text = card.markdown(meta, papers.seen.frames["scores"], str, 0, "en")
    parts = re.split(r"\*\*\d+ weeks?\*\*", text)
    assert "(ETAS) · used on the map" in parts[2] and "this model · used" not in parts[2]
    assert "the map uses the baseline" in parts[2]
    assert "this model · used on the map" in parts[3]
