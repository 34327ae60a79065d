"""What a viewer gets does not depend on what he may not know.

Two stores that differ in nothing but a secret are opened as the same viewer: every page, file,
paper and answer must be the same, byte for byte. As a viewer who may know it they must differ, or
the test looks at nothing. A new page, column or file that lets a secret out fails here.
"""

import gzip
import io
import json
import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.gate import access
from joins.desks import drawn, export, steward, view
from joins.desks.papers import Papers
from joins.http import api
from settings import load_settings
from tests.asked import ask
from tests.ui.world import World, make_world
from ui.map.transport import SHELF
from ui.selection import Selection

FOREVER = pd.Timestamp("2100-01-01", tz="UTC")
PAGES = ("map", "unit", "quality", "compare", "data", "plan", "help")
#: what the page script is run with
SEEN: dict = {}
DRAWN = "POLYGON((110.1 0.5, 110.8 0.5, 110.8 1.0, 110.1 1.0, 110.1 0.5))"


def scope(tier: str, kabupaten=None, kecamatan=None, agency: str = "*") -> access.Scope:
    return access.Scope("uji", agency, tier, kabupaten, kecamatan, expires=FOREVER)


PUBLIC, INTERNAL, ALL = scope("public"), scope("internal"), scope("restricted")
COMMANDER = scope("restricted", frozenset({"61.03"}))
SHARED = [
    PUBLIC, scope("public", frozenset({"61.03"})),
    scope("public", frozenset({"61.03"}), frozenset({"61.03.21"})),
]  # fmt: skip


# two worlds ------------------------------------------------------------------------------------


def with_totals(world: World) -> World:
    """The world with all that an assessment says of the whole area."""
    counts = ("events", "told_twice", "not_for_the_model", "outside_the_area",
              "outside_the_weeks", "in_the_model")  # fmt: skip
    method = dict(world.meta.get("method") or {})
    told = {"best_baseline": "decayed_kde", "fallback": False, "pool": [0.5, 0.5]}
    method["horizons"] = {
        h: {**told, "expected": 31.7, "lo": 21.3, "hi": 42.9, "base_log_rate": -8.7}
        for h in ("1", "4", "12")
    }
    summary = [
        {"model": model, "horizon_weeks": h, "n_events": 374.0, "ig": 1.2, "ig_corrected": 1.1,
         "hit05": 0.6, "hit05_corrected": 0.6, "calibration": 1.137, "deviance": 733.1}
        for model in ("pool", "decayed_kde", "uniform") for h in (1, 4, 12)
    ]  # fmt: skip
    totals = {h: {"expected": 31.7, "lo": 21.3, "hi": 42.9} for h in ("1", "4", "12")}
    left_out = {name: 401 + number for number, name in enumerate(counts)}
    more = {"method": method, "summary": summary, "totals": totals, "left_out": left_out}
    return replace(world, meta=world.meta | more)


def with_other_effort(world: World) -> World:
    """The same world, but patrols looked three times as long, at other times: who was looked at
    at all stays as it was."""
    frames = dict(world.frames)
    effort = frames["effort"]
    frames["effort"] = effort.assign(
        minutes=effort["minutes"] * 3 + 7, km=effort["km"] * 2, visits=effort["visits"] + 1
    )
    cells = frames["cells"]
    since = cells["weeks_since_visit"]
    frames["cells"] = cells.assign(
        effort_minutes_12w=cells["effort_minutes_12w"] * 3 + 7 * cells["observed"],
        weeks_since_visit=(since + 1).where(since.notna()),
    )
    return replace(world, frames=frames)


def with_other_province(world: World) -> World:
    """The same district 61.03; records, patrols and risk elsewhere, and the counts of the tests of
    the whole area, are others."""
    frames = dict(world.frames)
    home = frames["cells"].set_index("cell")["kabupaten_code"]
    for name, columns in (
        ("risk", ["risk", "lo", "hi", "previous"]), ("history", ["weight"]),
        ("effort", ["minutes", "km", "visits"]),
    ):  # fmt: skip
        table = frames[name].copy()
        away = (table["cell"].map(home) != "61.03").to_numpy()
        for column in columns:
            values = table[column].astype(float)
            # a smaller risk elsewhere keeps the order of the whole area's cells inside the district
            table[column] = values.where(~away, values * 0.5)
        frames[name] = table
    scores = frames["scores"].copy()
    for column in ("n_events", "expected", "observed", "deviance"):
        if column in scores:
            scores[column] = scores[column] * 2 + 3
    frames["scores"] = scores
    meta = json.loads(json.dumps(world.meta, default=str))
    for key in ("totals", "left_out"):
        meta[key] = _doubled(meta.get(key))
    meta["method"] = dict(meta.get("method") or {})
    for one in (meta["method"].get("horizons") or {}).values():
        one |= {key: _doubled(one.get(key)) for key in ("expected", "lo", "hi", "base_log_rate")}
    meta["summary"] = [
        {key: _doubled(value) if key in ("n_events", "calibration", "deviance") else value
         for key, value in row.items()}
        for row in meta.get("summary") or []
    ]  # fmt: skip
    return replace(world, frames=frames, meta=meta)


def _doubled(told):
    if isinstance(told, dict):
        return {key: _doubled(value) for key, value in told.items()}
    return told * 2 if isinstance(told, int | float) and not isinstance(told, bool) else told


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Settings of the world, of the one with other effort and of the one with another province."""
    world, folder = with_totals(make_world()), tmp_path_factory.mktemp("leaks")
    worlds = {
        "world": world, "effort": with_other_effort(world), "province": with_other_province(world),
    }  # fmt: skip
    return {name: load_settings(one.write(folder / name, earlier=True))
            for name, one in worlds.items()}  # fmt: skip


# everything a viewer can get -------------------------------------------------------------------


def script():
    import pandas as pd
    import streamlit as st

    from data.gate import access
    from joins.desks import analyst, drawn, planner, steward, view
    from joins.desks.papers import Papers
    from joins.opened import find_store
    from tests.test_leaks import SEEN
    from ui import state, theme
    from ui.views import compare, frame, help, quality
    from ui.views.data import page as data
    from ui.views.map import page as map
    from ui.views.map import unit
    from ui.views.plan import page as plan

    settings, scope, page, selection = (SEEN[k] for k in ("settings", "scope", "page", "choice"))
    seen = view.kept(view.newest(settings), settings, scope)
    st.session_state["selection"] = selection
    papers = Papers(seen, lambda action, what: None)
    voice = analyst.Voice(settings, seen, scope)
    drawing = drawn.Desk(seen, lambda action, what: None)
    look, lang = theme.LIGHT, selection.lang
    frame.show_header(seen.meta, selection, seen.options, look, pd.Timestamp("2026-11-23"), 10, "x")
    desk = steward.Desk(settings, scope)
    listed = access.visible  # only so that the name is used below without a frame
    del listed
    table = find_store(settings).assessments()[["id", "created_at", "cutoff"]]
    {
        "map": lambda: map.show(seen, selection, look, papers, voice, drawing),
        "unit": lambda: unit.show(seen, selection, look, papers, voice),
        "quality": lambda: quality.show(seen, selection, look, papers),
        "compare": lambda: compare.show(
            seen, selection, table, lambda name: view.kept(name, settings, scope), look
        ),
        "data": lambda: data.show(desk, seen.meta, seen.places, seen.base.credits, lang, look),
        "plan": lambda: plan.show(planner.PlanDesk(settings, scope), seen, lang, look),
        "help": lambda: help.show(lang),
    }[page]()
    frame.show_versions(seen.meta, lang, look)
    assert state is not None


def page_bytes(settings, viewer, page: str, choice: Selection) -> bytes:
    """Whatever a page sends to the browser, and what lies behind the addresses in it."""
    SEEN.update(settings=settings, scope=viewer, page=page, choice=choice)
    at = AppTest.from_function(script, default_timeout=90).run()
    assert not at.exception, at.exception[0].value
    parts = [node.proto.SerializeToString() for node in _leaves(at._tree) if node.proto is not None]
    whole = b"\n".join(parts)
    for tag, tile in re.findall(rb"api/data/([0-9a-f]{40})(/[^\"\\]*)?\.json", whole):
        if b"{" in tile:  # a template of tiles: all of them
            whole += b"".join(gzip.decompress(one) for one in SHELF._items[tag.decode()].values())
        else:
            whole += gzip.decompress(SHELF.get(tag.decode()))
    return whole


def _leaves(node):
    children = getattr(node, "children", None)
    if children is None:
        yield node
        return
    for child in children.values():
        yield from _leaves(child)


def files_of(settings, viewer, choice: Selection, monkeypatch) -> dict[str, bytes]:
    """Every file and paper of a viewer; those in packed formats are unpacked."""
    from ui.map import picture
    from ui.paper import brief

    with monkeypatch.context() as unpacked:
        unpacked.setattr(brief, "make_pdf", lambda told: repr(told).encode())
        unpacked.setattr(
            picture, "as_png", lambda drawn, scale=1.0, foot=(): repr((drawn, foot)).encode()
        )
        return _files_of(settings, viewer, choice)


def _files_of(settings, viewer, choice: Selection) -> dict[str, bytes]:
    seen = view.kept(view.newest(settings), settings, viewer)
    papers = Papers(seen, lambda action, what: None)
    told = {
        "dictionary": papers.dictionary(choice), "card": papers.card(choice),
        "sheet": papers.sheet(choice), "pack": papers.district(choice),
        "gpx": papers.device("gpx", choice), "kml": papers.device("kml", choice),
        "image": papers.image(choice),
    }  # fmt: skip
    if choice.area:
        desk = drawn.Desk(seen, lambda action, what: None)
        told |= {f"area{end}": desk.file(end, choice.area, choice) for end in (".csv", ".geojson")}
    for what in export.What:
        for suffix in (".csv", ".geojson", ".parquet", ".gpkg"):
            if what is export.What.PANEL and suffix not in (".csv", ".parquet"):
                continue
            content = papers.table(str(what), suffix, choice)
            if suffix == ".parquet":
                content = pd.read_parquet(io.BytesIO(content)).drop(
                    columns="geometry", errors="ignore"
                ).to_csv(index=False).encode()  # fmt: skip
            elif suffix == ".gpkg":
                content = (
                    gpd.read_file(io.BytesIO(content), driver="GPKG").to_csv(index=False).encode()
                )
            told[f"{what}{suffix}"] = content
    return told


def answers_of(settings, viewer, monkeypatch) -> dict[str, bytes]:
    """Every table by address, asked as the viewer."""
    monkeypatch.setenv("KALBAR_CONFIG", str(settings.path))
    monkeypatch.setattr(api, "caller", lambda request, given: viewer)
    told = {}
    for what in api.WHATS:
        for path in (f"/api/items/{what}.geojson", f"/api/features/collections/{what}/items",
                     f"/api/features/collections/{what}", "/api/features"):  # fmt: skip
            told[path] = ask(path, b"limit=5000")[1]
    return told


#: names and times of an assessment, addresses and marks of elements: other in every store
_OWN = re.compile(
    rb"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{6}|\bd[0-9a-f]{12}\b|api/data/[0-9a-f]{40}|"
    rb"\$\$ID-[0-9a-f]+|[0-9a-f]{32,64}|dihitung [^<\"\\]{5,40}|computed [^<\"\\]{5,40}|"
    rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[+\d:.]*|\d{1,2} \w{3} \d{4}, \d\d[.:]\d\d"
)


def plain(content: bytes) -> bytes:
    return _OWN.sub(b"#", content)


def everything(settings, viewer, monkeypatch, choices) -> dict[str, bytes]:
    told = {}
    for number, choice in enumerate(choices):
        for page in PAGES:
            told[f"page {page} {number}"] = page_bytes(settings, viewer, page, choice)
        for name, content in files_of(settings, viewer, choice, monkeypatch).items():
            told[f"file {name} {number}"] = content
    told |= answers_of(settings, viewer, monkeypatch)
    return {name: plain(content) for name, content in told.items()}


def choices_of(settings, viewer) -> list[Selection]:
    """The first view, and a sector with its details in another colour, and an area drawn across
    three districts."""
    seen = view.kept(view.newest(settings), settings, viewer)
    plain_ = Selection.default(seen.options)
    sectors = seen.scene(plain_).sectors
    top = sectors["cell"].iloc[0] if len(sectors) else ""
    layers = tuple(seen.options.layers)
    quantity = "effort" if "effort" in seen.options.quantities else "events"
    area = drawn.Desk(seen, lambda action, what: None).read(DRAWN)
    return [plain_, replace(plain_, sector=top, quantity=quantity, layers=layers, lang="en",
                            area=area)]  # fmt: skip


def differing(stores, other: str, viewer, monkeypatch) -> list[str]:
    """What is not the same in the world and in the other one."""
    choices = choices_of(stores["world"], viewer)
    one, two = (everything(stores[name], viewer, monkeypatch, choices) for name in ("world", other))
    assert one.keys() == two.keys() and all(one.values())
    apart = [name for name in one if one[name] != two[name]]
    for name in apart[:3]:  # where to look
        at = next(
            (i for i, (a, b) in enumerate(zip(one[name], two[name], strict=False)) if a != b), 0
        )
        print(name, one[name][max(0, at - 150) : at + 150], two[name][max(0, at - 20) : at + 150])
    return apart


@pytest.mark.parametrize("viewer", SHARED, ids=["all", "kabupaten", "kecamatan"])
def test_the_public_tier_gets_nothing_that_depends_on_how_long_patrols_looked(
    stores, viewer, monkeypatch
):
    assert differing(stores, "effort", viewer, monkeypatch) == []


def test_the_internal_tier_does_see_effort_so_the_test_looks_at_something(stores, monkeypatch):
    told = differing(stores, "effort", INTERNAL, monkeypatch)
    for name in ("page map 1", "page unit 0", "file cells.csv 0", "file panel.csv 0", "file pack 0",
                 "file area.geojson 1", "file area.csv 1", "/api/items/cells.geojson"):  # fmt: skip
        assert name in told


def test_a_commander_gets_nothing_that_depends_on_counts_of_other_districts(stores, monkeypatch):
    """Neither rows of other districts nor totals and ratios of the whole area."""
    assert differing(stores, "province", COMMANDER, monkeypatch) == []


def test_the_task_force_does_see_the_province_so_the_test_looks_at_something(stores, monkeypatch):
    told = differing(stores, "province", ALL, monkeypatch)
    for name in ("page map 0", "page quality 0", "file card 0", "file cells.csv 0"):
        assert name in told


def test_an_expired_right_opens_nothing(stores):
    gone = replace(ALL, expires=pd.Timestamp("2020-01-01", tz="UTC"))
    seen = view.read(view.newest(stores["world"]), stores["world"], gone)
    assert all(len(table) == 0 for table in seen.frames.values())
    assert steward.Desk(stores["world"], gone).events().empty


def test_hidden_is_said_and_never_a_zero(stores, monkeypatch):
    """Cards and weekly bars of the public tier: what is hidden reads so, and is in no sum."""
    settings = stores["world"]
    seen = view.kept(view.newest(settings), settings, PUBLIC)
    page = page_bytes(settings, PUBLIC, "unit", Selection.default(seen.options)).decode(
        errors="replace"
    )
    assert "disamarkan" in page
    assert not re.search(r"(?<![\d.,])0 jam", page)
    cells = seen.frames["cells"]
    assert cells["effort_minutes_12w"].isna().all() and cells["effort_minutes_12w_suppressed"].all()
    assert np.isnan(cells["weeks_since_visit"]).all()
