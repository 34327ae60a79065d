"""Every action, asked as every kind of viewer: through desks, pages, files, addresses and commands.

What they answer is what the table of `data.gate.rights` says, and what the documents print.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

import cli
from commands import voice
from data.errors import DataError
from data.gate import access, disclose
from data.gate.identity import Identity
from data.gate.rights import (
    ACTIONS,
    CONDITIONS,
    VIEWERS,
    Refused,
    Resource,
    Rights,
    rules_as_markdown,
    viewers_as_markdown,
)
from data.gate.users import read as read_users
from data.intake import mend
from data.personal.said import Said
from data.store import audit
from data.store.records import Store
from joins import apart, opened, steps
from joins.desks import analyst, auditor, entrance, export, planner, steward, view
from joins.desks.papers import Papers
from joins.http import api
from joins.http.uploads import PERMITS
from settings import Settings, load_settings
from tests.asked import ask
from tests.data.store_world import FakeReading, make_events
from tests.ui.conftest import HOUSE
from tests.ui.world import make_world
from ui.selection import Selection
from ui.words import has
from ui.words.of_data import tell_found

LATER = pd.Timestamp.now("UTC") + pd.Timedelta(days=9)
MONDAY = pd.Timestamp("2026-11-30")
HEAVY = ("x", b"x" * (planner.UPLOAD_BYTES + 1))
#: what the scripts of pages are run with
SEEN: dict = {}


# the table ------------------------------------------------------------------------------------


def test_the_documents_print_the_table():
    page = (HOUSE / "docs/operations.md").read_text(encoding="utf-8")
    assert rules_as_markdown() in page and viewers_as_markdown() in page


def test_every_rule_is_made_of_known_conditions_that_have_words():
    for action, rule in ACTIONS.items():
        assert set(rule.needs) <= set(CONDITIONS), action
        assert rule.tier in access.TIERS and rule.words
    for name in CONDITIONS:
        assert has(f"told.right_{name}"), name
        for lang in ("id", "en"):
            assert tell_found(f"right_{name}", {"action": "see"}, lang)


@pytest.mark.parametrize(("who", "closed"), [
    ("not listed", "expired"), ("expired", "expired"), ("public", "tier"), ("internal", "tier"),
    ("restricted, no agency", "agency"), ("joint task force", ""), ("at the machine", ""),
])  # fmt: skip
def test_what_is_missing_is_told_in_its_order(who, closed):
    assert Rights(VIEWERS[who]).closed("import_file") == closed


def test_a_right_ends_at_its_moment():
    scope = replace(VIEWERS["public"], expires=LATER)
    second = pd.Timedelta(seconds=1)
    assert Rights(scope, LATER - second).may("see") and not Rights(scope, LATER).may("see")
    assert Rights(scope).until == LATER


def test_nobody_is_let_in_by_forgetting():
    rights = Rights(access.LOCAL)
    with pytest.raises(KeyError):
        rights.may("anything")
    with pytest.raises(ValueError, match="editing a plan depends on what it is done to"):
        rights.may("edit_plan")
    for action, rule in ACTIONS.items():
        if rule.of_resource and set(rule.of_resource) <= {"plan", "records", "cell"}:
            assert rights.why_not(action, Resource()) == rule.of_resource[0]
            assert rights.may(action, Resource(seen=True))
    assert Rights(access.NOBODY).why_not("edit_plan") == "expired"


def test_no_file_of_users_seats_anybody_at_the_machine(tmp_path):
    users = tmp_path / "users.toml"
    given = 'agency = "*"\ntier = "restricted"\nkabupaten = "all"\nexpires = 2199-12-31\n'
    users.write_text(f"[local]\n{given}", encoding="utf-8")
    scope = read_users(users).scope_of(Identity("local"))
    assert scope.alive() and not scope.here and Rights(scope).why_not("erase") == "machine"
    users.write_text(f"[local]\n{given}here = true\n", encoding="utf-8")
    told = read_users(users)
    assert told.scope_of(Identity("local")) == access.NOBODY
    assert "unknown key here" in told.faults["local"]


@pytest.mark.parametrize(("agency", "asked", "own"), [
    ("polda", "polda", True), ("polda", "desa", False), ("*", "desa", True), ("", "", False),
    ("", "desa", False),
])  # fmt: skip
def test_whose_records_are_ones_own(agency, asked, own):
    assert Rights(access.Scope(agency=agency)).acts_for(asked) is own


@pytest.mark.parametrize(("who", "by", "agencies", "own"), [
    ("steward or analyst of an agency", "f", "desa", True),  # his own, whatever it holds
    ("steward or analyst of an agency", "x", "polda", True),
    ("steward or analyst of an agency", "x", "desa|polda", False),
    ("steward or analyst of an agency", "x", "", False),
    ("commander of a district", "x", "satgas_pamtas", False),  # may hold rows of other districts
    ("commander of a district", "e", "satgas_pamtas", True),
    ("joint task force", "x", "desa|polda", True),
])  # fmt: skip
def test_whose_import_it_is(who, by, agencies, own):
    held = Resource(by=by, agencies=frozenset(agencies.split("|")) - {""})
    assert Rights(VIEWERS[who]).may("undo_import", held) is own


def test_nobody_outside_the_gate_reads_a_scope():
    """Who reads tier, districts or end of a scope makes a rule of his own."""
    import ast

    told = {
        "tier", "kabupaten", "kecamatan", "expires", "everywhere", "agency", "alive", "in_time",
        "role",
    }  # fmt: skip
    rooms = [*(HOUSE / "joins").rglob("*.py"), *(HOUSE / "commands").rglob("*.py"),
             HOUSE / "app.py", HOUSE / "cli.py", HOUSE / "serve.py"]  # fmt: skip
    assert len(rooms) > 20
    for path in rooms:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Attribute) or node.attr not in told:
                continue
            owner = node.value
            name = getattr(owner, "id", getattr(owner, "attr", ""))
            assert name not in ("scope", "LOCAL", "NOBODY"), f"{path.name}:{node.lineno}"


# one store, asked by everybody ----------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """A store with an assessment, a plan, two imports, two overrides and a pair of twins."""

    settings: Settings
    plan: str
    inside: str  # a cell of the commander's district
    outside: str
    pair: tuple[str, str]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    world = make_world()
    settings = load_settings(world.write(tmp_path_factory.mktemp("rights")))
    store = opened.open_store(settings)
    homes = world.frames["cells"].set_index("cell")["kabupaten_code"]
    inside, outside = (homes.index[homes == code][0] for code in ("61.03", "61.07"))
    for number, (by, agency) in enumerate((("f", "polda"), ("x", "imigrasi"))):
        row = {"source_agency": agency, "source_record_id": "T", "cell": inside}
        told = make_events([row])
        aside = pd.DataFrame([{"source_file": "u.csv", "source_sheet": "", "source_line": 9,
                               "original": "{}", "reasons": "r: s"}])  # fmt: skip
        store.ingest(FakeReading("events", told, aside, f"sha{number}"), by=by)
    plan = planner.PlanDesk(settings, access.LOCAL).make(MONDAY, seed=4)
    for by in ("f", "x"):
        store.add_override("cell", inside, "low", Said("jalan longsor"), LATER, by, "x")
    return Site(settings, plan, inside, outside, ("polda:T", "imigrasi:T"))


@pytest.fixture(autouse=True)
def light(monkeypatch):
    """What comes after the door of an action, and is dear or leaves a trace, ends at once."""

    def ended(*args, **kwargs):
        raise DataError("past the door")

    monkeypatch.setattr(apart, "run", ended)
    monkeypatch.setattr(steps, "join_twins", ended)
    monkeypatch.setattr(mend, "write_workbook", ended)
    monkeypatch.setattr(export, "build", lambda *args: (b"", 0))
    monkeypatch.setattr(Store, "ingest", ended)


def said(call: Callable[[], object]) -> str:
    """What a door answers: the key of what is missing, or "" from whoever comes past it."""
    try:
        call()
    except Refused as refused:
        return refused.why
    except ValueError:
        return ""
    return ""


def seen_or(closed: str, shown: bool) -> str:
    """For what has no door but shows nothing: "" where something is shown."""
    return "" if shown else closed


def shown(site: Site, scope: access.Scope) -> view.Shown:
    return view.kept(view.newest(site.settings), site.settings, scope)


def desk(site: Site, scope: access.Scope) -> steward.Desk:
    return steward.Desk(site.settings, scope)


def watcher(site: Site, scope: access.Scope) -> auditor.Auditor:
    return auditor.Auditor(site.settings, scope)


def plans(site: Site, scope: access.Scope) -> planner.PlanDesk:
    return planner.PlanDesk(site.settings, scope)


def held(*agencies: str, by: str = "") -> Resource:
    return Resource(by=by, agencies=frozenset(agencies))


def sees(scope: access.Scope, *codes: str) -> Resource:
    """By hand: whether districts are all the viewer's."""
    return Resource(seen=scope.kabupaten is None or set(codes) <= scope.kabupaten)


def of_rows(import_id: str) -> tuple[pd.DataFrame, pd.Series]:
    return pd.DataFrame({"import_id": [import_id]}), pd.Series(["r"])


def answer(site: Site, scope: access.Scope, path: str, monkeypatch) -> int:
    """Status of a table by address."""
    monkeypatch.setenv("KALBAR_CONFIG", str(site.settings.path))
    monkeypatch.setattr(api, "caller", lambda request, given: scope)
    return ask(path)[0]


def command(site: Site, scope: access.Scope, monkeypatch, *words: str) -> str:
    """What a command answers when somebody else sits where it runs."""
    monkeypatch.setenv("KALBAR_CONFIG", str(site.settings.path))
    for home in set(cli.Front.homes.values()):
        import_module(home)  # a command imported later would keep this viewer for good
    monkeypatch.setattr(voice, "here", lambda: scope)
    done = CliRunner().invoke(cli.app, list(words))
    return said(lambda: (_ for _ in ()).throw(done.exception)) if done.exception else ""


#: action -> what is done to which resource: (resource by hand, the attempt), of a viewer
Attempt = Callable[[Site, access.Scope], list[tuple[Resource | None, Callable[[], str]]]]
ATTEMPTS: dict[str, Attempt] = {
    "see": lambda one, who: [
        (None, lambda: seen_or(
            Rights(who).closed("see"), len(shown(one, who).frames["cells"]) > 0))
    ],
    "take": lambda one, who: [
        (None, lambda: said(lambda: Papers(shown(one, who), lambda *line: None).table(
            "cells", ".csv", Selection(horizon=1))))
    ],
    "see_records": lambda one, who: [
        (None, lambda: seen_or(
            Rights(who).closed("see_records"), len(desk(one, who).events()) > 0))
    ],
    "see_whole_area": lambda one, who: [
        (None, lambda: seen_or(
            Rights(who).closed("see_whole_area") or "shown", "totals" in disclose.suppress_meta(
                {"totals": {"1": {}}, "summary": []}, who)))
    ],
    "contest": lambda one, who: [
        (sees(who, code), lambda cell=cell: said(lambda: analyst.Voice(
            one.settings, shown(one, who), who).add("cell", cell, "low", "x", MONDAY)))
        for cell, code in ((one.inside, "61.03"), (one.outside, "61.07"))
    ],
    "withdraw_contest": lambda one, who: [
        (Resource(by=by), lambda number=number: said(lambda: analyst.Voice(
            one.settings, shown(one, who), who).withdraw(number, " ")))
        for number, by in (("1", "f"), ("2", "x"))
    ],
    "import_file": lambda one, who: [
        (None, lambda: said(lambda: desk(one, who).preview("x.csv", b"")))
    ],
    "keep_file": lambda one, who: [
        (held(*names), lambda names=names: said(lambda: desk(one, who).keep(_reading(names))))
        for names in (("polda",), ("desa", "polda"), ())
    ],
    "draft_crosswalk": lambda one, who: [
        (None, lambda: said(lambda: desk(one, who).draft("x.csv", b"")))
    ],
    "see_import": lambda one, who: [
        (given, lambda number=number: seen_or(
            Rights(who).closed("see_import") or "import",
            number in set(desk(one, who).imports()["import_id"])))
        for number, given in IMPORTS.items()
    ],
    "mend": lambda one, who: [
        (given, lambda number=number: said(lambda: desk(one, who).workbook(*of_rows(number))))
        for number, given in IMPORTS.items()
    ],
    "undo_import": lambda one, who: [
        (given, lambda number=number: said(lambda: desk(one, who).undo(number, " ")))
        for number, given in IMPORTS.items()
    ],
    "find_twins": lambda one, who: [(None, lambda: said(desk(one, who).find_twins))],
    "decide_twins": lambda one, who: [
        (sees(who, "61.03"), lambda: said(lambda: desk(one, who).decide(one.pair, "nonsense"))),
        (Resource(), lambda: said(lambda: desk(one, who).decide(("a", "b"), "nonsense"))),
    ],
    "see_plan": lambda one, who: [(None, lambda: said(lambda: plans(one, who).view(one.plan)))],
    "take_orders": lambda one, who: [
        (None, lambda: said(lambda: plans(one, who).export(one.plan, "nonsense")))
    ],
    "make_plan": lambda one, who: [
        (None, lambda: said(lambda: plans(one, who).make(MONDAY, roster=HEAVY)))
    ],
    "see_plan_reasons": lambda one, who: [
        (sees(who, "61.03", "61.05", "61.07"), lambda: _reasons(one, who))
    ],
    "edit_plan": lambda one, who: [
        (sees(who, "61.03", "61.05", "61.07"), lambda act=act: said(act)) for act in (
            lambda: plans(one, who).edit(one.plan, 1, pd.DataFrame(), " "),
            lambda: plans(one, who).restore(one.plan, 1, 1, " "),
            lambda: plans(one, who).try_edit(one.plan, 99, pd.DataFrame()),
        )
    ],
    "approve_plan": lambda one, who: [
        (sees(who, "61.03", "61.05", "61.07"), lambda: said(
            lambda: plans(one, who).approve(one.plan, 99)))
    ],
    "sign_plan": lambda one, who: [
        (sees(who, "61.03", "61.05", "61.07"), lambda act=act: said(act)) for act in (
            lambda: plans(one, who).sign(one.plan, 99),
            lambda: plans(one, who).withdraw(one.plan, 99, " "),
        )
    ],
    "compare_plan": lambda one, who: [
        (sees(who, "61.03", "61.05", "61.07"), lambda: said(
            lambda: plans(one, who).compare(one.plan, HEAVY)))
    ],
}  # fmt: skip
ATTEMPTS |= {
    "read_audit": lambda one, who: [
        (None, lambda act=act: said(act)) for act in (
            lambda: watcher(one, who).lines(audit.Asked(), 1),
            lambda: watcher(one, who).count(audit.Asked()),
            lambda: watcher(one, who).users(),
            lambda: watcher(one, who).verify(),
        )
    ],
    "take_audit": lambda one, who: [
        (None, lambda: said(lambda: watcher(one, who).export(audit.Asked(), ".nonsense")))
    ],
    "anchor_audit": lambda one, who: [(None, lambda: said(lambda: watcher(one, who).anchor()))],
}  # fmt: skip
#: actions whose door is an address, a page or a command
ELSEWHERE = {
    "fetch", "send_file", "assess", "erase", "keep_store", "administer", "end_access",
}  # fmt: skip
#: number -> by hand: who brought it and whose records it holds
IMPORTS = {"2": held("polda", by="f"), "3": held("imigrasi", by="x")}


def _reading(names: tuple[str, ...]) -> FakeReading:
    table = make_events([{"source_agency": name} for name in names or ("x",)])
    told = FakeReading("events", table.head(len(names)), pd.DataFrame(), "sha")
    told.parts = [told]  # type: ignore[attr-defined]
    return told


def _reasons(one: Site, who: access.Scope) -> str:
    if refused := said(lambda: plans(one, who).history(one.plan)):
        return refused
    return seen_or("plan", "reason" in plans(one, who).history(one.plan))


def test_every_action_has_a_door_here():
    assert set(ATTEMPTS) | ELSEWHERE == set(ACTIONS) and not set(ATTEMPTS) & ELSEWHERE


@pytest.mark.parametrize("who", VIEWERS)
@pytest.mark.parametrize("action", ATTEMPTS)
def test_every_desk_answers_as_the_table_says(site, action, who):
    scope = VIEWERS[who]
    attempts = ATTEMPTS[action](site, scope)
    assert attempts
    for resource, attempt in attempts:
        assert attempt() == Rights(scope).why_not(action, resource), (action, who, resource)


def test_a_commander_sees_the_records_of_his_district_and_no_others(site):
    everything = desk(site, access.LOCAL).events()
    told = desk(site, VIEWERS["commander of a district"]).events()
    cells = shown(site, access.LOCAL).own_cells["kabupaten_code"]
    named = everything["admin_code"].fillna("").str[:5] == "61.03"
    nowhere = everything["cell"].fillna("") == ""
    inside = (everything["cell"].map(cells) == "61.03") & (named | (everything["admin_code"] == ""))
    inside |= nowhere & named
    assert 2 < inside.sum() < len(everything)
    assert set(told["event_id"]) == set(everything.loc[inside, "event_id"])


def test_a_refusal_stands_in_the_log_with_what_and_why(site):
    who = VIEWERS["commander of a district"]
    assert said(lambda: plans(site, who).make(MONDAY)) == "area"
    line = audit.read(opened.find_store(site.settings), 1).iloc[0]
    assert (line["action"], line["user"]) == ("denied", "e")
    assert line["what"] == '{"what": "make_plan", "why": "area"}'


@pytest.mark.parametrize("who", VIEWERS)
def test_every_address_answers_as_the_table_says(site, who, monkeypatch):
    closed = Rights(VIEWERS[who]).closed("fetch")
    for path in ("/api/items/cells.geojson", "/api/features", "/api/features/collections"):
        monkeypatch.setattr(export, "build", lambda *args: (b'{"features": []}', 0))
        assert (answer(site, VIEWERS[who], path, monkeypatch) == 401) == bool(closed)


@pytest.mark.parametrize("who", VIEWERS)
@pytest.mark.parametrize(("words", "action"), [
    (["assess"], "assess"), (["erase", "undo", "99"], "erase"), (["backup", "."], "keep_store"),
    (["undo", "99", "--reason", "x"], "undo_import"), (["plan", "make"], "make_plan"),
    (["plan", "sign", "--plan", "x"], "sign_plan"), (["twins", "a", "b"], "decide_twins"),
    (["ingest", "x.csv"], "keep_file"), (["override", "list"], "see"),
    (["audit", "read"], "read_audit"), (["audit", "verify"], "read_audit"),
    (["audit", "export", "x.txt"], "take_audit"), (["audit", "anchor"], "anchor_audit"),
])  # fmt: skip
def test_every_command_answers_as_the_table_says(site, who, words, action, monkeypatch):
    monkeypatch.setattr(opened, "lay_ground", lambda area: (_ for _ in ()).throw(DataError("")))
    told = command(site, VIEWERS[who], monkeypatch, *words)
    assert told == Rights(VIEWERS[who]).why_not(action, Resource(seen=True))


MENUS = (cli.Front, cli.Plan, cli.Override, cli.Forget, cli.Keys, cli.Audit, cli.Admin)


def test_every_command_asks_for_a_listed_action():
    homes = {home for menu in MENUS for home in menu.homes.values()}
    apps = [import_module(home).app for home in sorted(homes)]
    told = [one.callback for app in apps for one in app.registered_commands]
    found = {one.__name__: getattr(one, "action", None) for one in told}
    free = {name for name, action in found.items() if action is None}
    # these ask for nothing that is kept: they invent, score a file, or start the dashboard
    assert free == {"simulate_world", "backtest", "serve"}
    assert {action for action in found.values() if action} <= set(ACTIONS)
    assert len(found) > 20


# pages ----------------------------------------------------------------------------------------


def page_script():
    import streamlit as st

    from joins.desks import planner, steward, view
    from tests.test_rights import SEEN
    from ui import theme
    from ui.views.data import page as data
    from ui.views.plan import page as plan

    settings, scope = SEEN["site"].settings, SEEN["scope"]
    seen = view.kept(view.newest(settings), settings, scope)
    if SEEN["page"] == "plan":
        plan.show(planner.PlanDesk(settings, scope), seen, "id", theme.LIGHT)
    else:
        st.session_state["data_part"] = SEEN["page"]
        data.show(steward.Desk(settings, scope), seen.meta, seen.places, [], "id", theme.LIGHT)


def page(site: Site, scope: access.Scope, name: str) -> AppTest:
    SEEN.update(site=site, scope=scope, page=name)
    at = AppTest.from_function(page_script, default_timeout=90).run()
    assert not at.exception, at.exception[0].value
    return at


ALIVE = [name for name, scope in VIEWERS.items() if scope.alive()]
CLOSED = ("tingkat akses **terbatas**", "tidak menyebut instansi", "tugas peran lain")


@pytest.mark.parametrize("who", ALIVE)
@pytest.mark.parametrize(("part", "action"), [
    ("sources", "see"), ("bring", "import_file"), ("quality", "mend"), ("twins", "decide_twins"),
    ("history", "see_import"), ("new", "draft_crosswalk"),
])  # fmt: skip
def test_every_part_of_the_data_page_opens_as_the_table_says(site, who, part, action):
    at = page(site, VIEWERS[who], part)
    shut = any(words in one.value for one in at.info for words in CLOSED)
    assert shut == bool(Rights(VIEWERS[who]).closed(action))


@pytest.mark.parametrize("who", ALIVE)
def test_every_button_of_the_plan_page_is_there_as_the_table_says(site, who):
    scope = VIEWERS[who]
    rights, at = Rights(scope), page(site, scope, "plan")
    whole = sees(scope, "61.03", "61.05", "61.07")
    keys = {one.key for one in at.button}
    assert (not at.selectbox) == bool(rights.closed("see_plan"))
    assert ("plan_make" in keys) == rights.may("make_plan")
    assert ("plan_approve" in keys) == rights.may("approve_plan", whole)
    assert bool(at.get("download_button")) == rights.may("take_orders")
    assert any("edit" in str(key) for key in keys) == rights.may("edit_plan", whole)


@pytest.mark.parametrize("who", VIEWERS)
def test_the_dashboard_lets_in_and_takes_files_as_the_table_says(site, who, tmp_path, monkeypatch):
    scope = VIEWERS[who]
    users = Path(site.settings.path).with_name("users.toml")
    users.write_text("", encoding="utf-8")
    mine = users.with_name("guarded.toml")
    told = Path(site.settings.path).read_text(encoding="utf-8")
    mine.write_text(f'{told}\n[access]\nusers = "users.toml"\n', encoding="utf-8")
    monkeypatch.setenv("KALBAR_CONFIG", str(mine))
    come = entrance.Visitor(scope, scope.user, "" if scope.alive() else "unlisted")
    monkeypatch.setattr(entrance, "receive", lambda settings, claims, clicked: come)
    given = []
    monkeypatch.setattr(PERMITS, "give", lambda session, until: given.append("may"))
    monkeypatch.setattr(PERMITS, "take", lambda session: given.append("may not"))
    at = AppTest.from_file(str(HOUSE / "app.py"), default_timeout=90)
    at.query_params["cell"] = site.inside
    at.run()
    assert not at.exception
    rights = Rights(scope)
    assert given == ["may" if rights.may("send_file") else "may not"]
    assert bool(at.get("deck_gl_json_chart")) == rights.may("see")
    form = any(one.key == "contest_value" for one in at.selectbox)
    assert form == (not rights.closed("contest"))
