"""A score is contested beside the model's word: on the screen, in papers and files, in the log."""

import csv
import json
from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.errors import DataError
from data.gate import access
from data.gate.rights import Refused
from data.store import audit
from joins import opened
from joins.desks import analyst, export, view
from joins.desks.papers import Papers
from settings import load_settings
from tests.ui.conftest import HOUSE
from ui.selection import Selection

LATER = pd.Timestamp.now() + pd.Timedelta(days=20)
REASON = "jalur tertutup longsor sejak 3 Nov"


@pytest.fixture
def home(world, tmp_path, monkeypatch):
    """Settings of a store of its own."""
    config = world.write(tmp_path)
    monkeypatch.setenv("KALBAR_CONFIG", str(config))
    return load_settings(config)


def voice(settings, **given) -> analyst.Voice:
    scope = access.LOCAL
    if given:
        scope = access.Scope(expires=pd.Timestamp("2100-01-01", tz="UTC"), **given)
    seen = view.kept(view.newest(settings), settings, scope)
    return analyst.Voice(settings, seen, scope)


def hottest(mine: analyst.Voice) -> str:
    return mine.seen.scene(Selection(horizon=1)).sectors["cell"].iloc[0]


def test_the_form_keeps_a_word_beside_the_score_and_takes_it_back(home):
    store = opened.find_store(home)
    cell = hottest(voice(home))
    at = AppTest.from_file(str(HOUSE / "app.py"), default_timeout=60)
    at.query_params["cell"] = cell
    at.run()
    assert "contested" not in layer_names(at)
    at.selectbox(key="contest_value").set_value("low")
    at.text_area(key=f"contest_reason_{cell}").set_value("telepon 0812 3456 7890")
    button(at, "Simpan koreksi").click().run()
    assert any("data pribadi" in one.value for one in at.error)
    assert store.overrides(history=True).empty
    at.text_area(key=f"contest_reason_{cell}").set_value(REASON)
    button(at, "Simpan koreksi").click().run()
    assert not at.exception
    word = next(one.value for one in at.warning if REASON in one.value)
    assert "**Koreksi analis: rendah** (model: tertinggi)" in word
    assert {"contested", "contested-signs"} <= set(layer_names(at))
    assert any("\u2691" in one.value for one in at.caption)
    number = store.overrides()["override_id"].iloc[0]
    at.text_input(key=f"withdraw_reason_{number}").set_value("jalur dibuka lagi")
    button(at, "Cabut").click().run()
    assert not at.exception
    assert not any(REASON in one.value for one in at.warning)
    assert "contested" not in layer_names(at)
    log = audit.read(store)
    told = log[log["action"] == "override"]["what"].map(json.loads).map(lambda what: what["done"])
    assert told.tolist() == ["withdrawn", "added"]
    assert not log["what"].str.contains("longsor|0812").any()


def test_files_and_papers_hold_both_the_score_and_the_word(home):
    mine = voice(home)
    cell = hottest(mine)
    plain = table(mine, "cells")
    mine.add("cell", cell, "low", REASON, LATER)
    told = table(mine, "cells")
    row = next(one for one in told if one["cell"] == cell)
    before = next(one for one in plain if one["cell"] == cell)
    assert (row["contested"], row["contested_reason"]) == ("low", REASON)
    assert row["contested_until"] == f"{LATER:%Y-%m-%d}"
    assert (row["risk"], row["class"]) == (before["risk"], before["class"])
    assert sum(bool(one["contested"]) for one in told) == 1
    assert [one["contested"] for one in table(mine, "sectors")][:2] == ["low", ""]
    lines = []
    papers = Papers(mine.seen, lambda action, what: lines.append(what))
    _, reasons = papers._rows(
        mine.seen.scene(Selection(horizon=1)), papers._all(mine.seen.scene(Selection(horizon=1))),
        Selection(horizon=1),
    )  # fmt: skip
    assert REASON in reasons[0] and REASON not in reasons[1]
    assert papers.sheet(Selection(horizon=1)).startswith(b"%PDF")
    assert REASON in papers.device("gpx", Selection(horizon=1)).decode()


def test_a_word_on_a_sector_is_on_every_cell_of_it(home):
    mine = voice(home)
    cell = hottest(mine)
    mine.add("sector", cell, "medium", REASON, LATER)
    told = mine.seen.scene(Selection(horizon=1))
    inside = set(told.cells_of(cell))
    assert {one["cell"] for one in table(mine, "cells") if one["contested"]} == inside
    some = next(iter(inside - {cell}))
    assert told.contests([some])["value"].tolist() == ["medium"]


def test_an_end_too_far_or_past_is_refused(home):
    mine = voice(home)
    cell = hottest(mine)
    with pytest.raises(DataError, match="at most 26 weeks"):
        mine.add("cell", cell, "low", REASON, LATER + pd.Timedelta(weeks=30))
    with pytest.raises(DataError, match="future"):
        mine.add("cell", cell, "low", REASON, LATER - pd.Timedelta(weeks=30))


@pytest.mark.parametrize(
    ("tier", "agency", "kabupaten"),
    [("internal", "polda", None), ("restricted", "", None),
     ("restricted", "polda", frozenset({"61.05"}))],
)  # fmt: skip
def test_who_may_not_see_the_cell_may_not_contest_it(home, tier, agency, kabupaten):
    cell = hottest(voice(home))
    other = voice(home, user="x", agency=agency, tier=tier, kabupaten=kabupaten)
    with pytest.raises(Refused, match="restricted tier"):
        other.add("cell", cell, "low", REASON, LATER)
    assert opened.find_store(home).overrides(history=True).empty
    assert audit.read(opened.find_store(home), 1)["action"].tolist() == ["denied"]


def test_a_word_is_withdrawn_by_its_author_or_the_task_force(home):
    polda = {"agency": "polda", "tier": "restricted", "kabupaten": None}
    ani, budi = voice(home, user="ani", **polda), voice(home, user="budi", **polda)
    names = [ani.add("cell", hottest(ani), "low", REASON, LATER) for _ in range(2)]
    with pytest.raises(Refused, match="who said it, or the joint task force"):
        budi.withdraw(names[0], "salah")
    ani.withdraw(names[0], "salah")
    voice(home).withdraw(names[1], "salah")
    assert opened.find_store(home).overrides().empty


def test_other_scopes_see_no_text_of_it(home):
    mine = voice(home)
    cell = hottest(mine)
    mine.add("cell", cell, "low", REASON, LATER)
    part = voice(home, user="x", agency="*", tier="restricted", kabupaten=frozenset({"61.05"}))
    assert part.seen.contested().empty
    coarse = voice(home, user="x", agency="*", tier="internal", kabupaten=None).seen
    told = coarse.contested()
    assert told["reason"].tolist() == [""] and told["by"].tolist() == [""]
    assert told["value"].tolist() == ["doubted"] and cell not in told["cell"].tolist()
    assert set(told["cell"]) <= set(coarse.frames["cells"]["cell"])
    assert voice(home, user="x", tier="public", kabupaten=None).seen.contested().empty


def table(mine: analyst.Voice, what: str) -> list[dict]:
    selection = replace(Selection(), horizon=1)
    content, _ = export.build(mine.seen, export.What(what), ".csv", selection)
    lines = [one for one in content.decode().splitlines() if not one.startswith("#")]
    return list(csv.DictReader(lines))


def layer_names(at) -> list[str]:
    return [one["id"] for one in json.loads(at.get("deck_gl_json_chart")[0].proto.json)["layers"]]


def button(at, label: str):
    return next(one for one in at.button if one.label == label)
