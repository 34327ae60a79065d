"""The page of patrol plans without a browser: made, read, edited, approved, signed, refused."""

import io
import json
import re
import shutil

import h3
import icalendar
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from commands.plan import app as plan_app
from data.errors import DataError
from data.gate import access
from data.gate.rights import Refused
from data.store import audit, plans
from joins import patrol
from joins.desks import planner, unusual
from joins.desks import view as shown
from joins.desks.papers import Papers
from settings import load_settings
from ui.map import plan_layers, plan_odd, plan_scene
from ui.map.plan_odd import Odd
from ui.paper import plan_files
from ui.selection import Selection
from ui.words import has, of_data
from ui.words.of_data import tell_found

LATER = pd.Timestamp("2100-01-01", tz="UTC")
MONDAY = pd.Timestamp("2026-11-30")
#: the script is run with this scope
SEEN = {"scope": access.LOCAL}


def script():
    import streamlit as st

    from joins.desks import planner
    from joins.desks import view as shown
    from settings import load_settings
    from tests.ui.test_plan_page import SEEN
    from ui import theme
    from ui.views.plan import page as plan

    settings, scope = load_settings(), SEEN["scope"]
    seen = shown.read(shown.newest(settings), settings, scope)
    desk = planner.PlanDesk(settings, scope)
    plan.show(desk, seen, st.query_params.get("lang", "id"), theme.LIGHT)


def scope(**given):
    told = {"user": "ani", "agency": "polda", "tier": "restricted", "kabupaten": None}
    return access.Scope(**(told | given), expires=LATER)


@pytest.fixture(scope="module")
def stocked(world, tmp_path_factory):
    """A folder with the invented world and one plan of it; copied by each test."""
    folder = tmp_path_factory.mktemp("planned")
    settings = load_settings(world.write(folder))
    planner.PlanDesk(settings, access.LOCAL).make(MONDAY, seed=4)
    return folder


@pytest.fixture
def desk(stocked, tmp_path, monkeypatch):
    """The desk of one who may do all, on a copy of that folder."""
    folder = tmp_path / "copy"
    shutil.copytree(stocked, folder)
    monkeypatch.setenv("KALBAR_CONFIG", str(folder / "config.toml"))
    monkeypatch.setitem(SEEN, "scope", scope())
    return planner.PlanDesk(load_settings(folder / "config.toml"), scope())


@pytest.fixture
def bare(world, tmp_path, monkeypatch):
    """The same without a plan."""
    config = world.write(tmp_path)
    monkeypatch.setenv("KALBAR_CONFIG", str(config))
    monkeypatch.setitem(SEEN, "scope", scope())
    return planner.PlanDesk(load_settings(config), scope())


def page(part="orders", lang="id", **state):
    at = AppTest.from_function(script, default_timeout=60)
    at.query_params["lang"] = lang
    at.session_state["plan_part"] = part
    for name, value in state.items():
        at.session_state[name] = value
    at.run()
    assert not at.exception
    return at


def text(at):
    boxes = (*at.markdown, *at.caption, *at.subheader, *at.info, *at.error, *at.warning)
    html = [one.proto.body for one in at.get("html")]
    return " ".join([*(str(e.value) for e in (*boxes, *at.success)), *html])


def buttons(at):
    return {one.key for one in at.button}


def newest(desk):
    return desk.view(desk.listing()["plan"].iloc[0])


# the page -------------------------------------------------------------------------------------


def test_without_a_plan_there_is_one_sentence_and_a_button(bare):
    at = page()
    assert "Belum ada rencana" in text(at) and buttons(at) == {"plan_make"}
    assert not at.get("deck_gl_json_chart")


def test_a_plan_is_made_at_the_button_and_shown(bare):
    at = page()
    at.number_input(key="plan_seed").set_value(4)
    at.button(key="plan_make").click().run()
    assert not at.exception
    assert "Rencana dibuat" in text(at) and "DRAF versi 1, dibuat ani" in text(at)
    told = newest(bare)
    assert told.meta["seed"] == 4 and told.meta["by"] == "ani"
    table = at.dataframe[0].value
    assert len(table) == told.orders["team_id"].nunique() and table.shape[1] == 8
    spec = json.loads(at.get("deck_gl_json_chart")[0].proto.json)
    names = [layer["id"] for layer in spec["layers"]]
    assert names.index("land") < names.index(plan_layers.SECTORS) < names.index("plan-ways")
    assert {"plan-stops", "plan-posts", "border-line"} <= set(names)
    assert len(at.get("deck_gl_json_chart")[0].proto.json) < 20_000


def test_another_plan_is_chosen_once_it_is_made(desk):
    before = desk.listing()["plan"].tolist()
    at = page()
    at.number_input(key="plan_seed").set_value(5)
    at.button(key="plan_make").click().run()
    assert not at.exception
    (made,) = set(desk.listing()["plan"]) - set(before)
    assert at.selectbox(key="plan_id").value == made
    at.segmented_control(key="plan_part").select("history").run()
    assert at.selectbox(key="plan_id").value == made
    at.selectbox(key="plan_id").select(before[0]).run()
    assert at.selectbox(key="plan_id").value == before[0]


@pytest.mark.parametrize("part", ["orders", "figures", "history", "done"])
def test_every_part_speaks_both_languages(desk, part):
    one, other = text(page(part)), text(page(part, "en"))
    assert "Belum disetujui" in one and "Not approved yet" in other
    assert "Belum" not in other.replace("Belum terpantau", "")


def test_an_order_says_why_and_what_it_gives_up(desk):
    told = newest(desk)
    orders = told.orders
    order = orders.loc[orders["shift_value"].idxmax(), "order_id"]
    at = page(plan_order=order)
    words = text(at)
    assert "Tanpa perintah ini" in words and "Yang tidak didapat" in words and "Peluang" in words
    first = orders[orders["order_id"] == order].iloc[0]
    assert plan_scene.rule(told.sectors.set_index("sector").loc[first["sector"]], first["action"],
                           "id") in words  # fmt: skip


def test_a_team_narrows_orders_and_ways(desk):
    at = page()
    at.selectbox(key="plan_team").select("UJI-4").run()
    assert not at.exception
    assert set(at.dataframe[0].value.iloc[:, 0]) == {"UJI-4"}
    spec = json.loads(at.get("deck_gl_json_chart")[0].proto.json)
    ways = next(layer for layer in spec["layers"] if layer["id"] == "plan-ways")
    assert ways["filterRange"][0] == ways["filterRange"][1]
    assert all("UJI-4" in one for one in at.selectbox(key="plan_order").options)


def test_the_map_goes_to_an_order_that_is_chosen(desk):
    def zoom(at):
        view = json.loads(at.get("deck_gl_json_chart")[0].proto.json)["initialViewState"]
        return view["zoom"], view["latitude"]

    at = page()
    wide = zoom(at)
    orders = newest(desk).orders["order_id"].unique().tolist()
    at.selectbox(key="plan_order").select(sorted(orders)[-1]).run()
    near = zoom(at)
    assert near[0] > wide[0]
    at.segmented_control(key="plan_colour").select("planned").run()
    assert zoom(at) == near


def test_an_order_is_edited_with_a_reason(desk):
    told = newest(desk)
    days = told.orders[~told.orders["night"] & (told.orders["action"] != "outreach")]
    order = days.loc[days["seq"] == 1, "order_id"].iloc[-1]
    at = page(plan_order=order)
    key = f"plan_edit_{order}_1"
    save = next(one for one in at.button if one.proto.form_id == key)
    save.click().run()
    assert "Belum ada yang diubah" in text(at)
    at.selectbox(key=f"{key}_1_action").select("outreach")
    at.text_input(key=f"{key}_1_note").input("jembatan [putus](http://x)")
    next(one for one in at.button if one.proto.form_id == key).click().run()
    assert "Tulis dahulu alasannya" in text(at)
    at.text_input(key=f"{key}_reason").input("permintaan desa")
    next(one for one in at.button if one.proto.form_id == key).click().run()
    assert not at.exception and "Versi 2 tersimpan" in text(at)
    now = newest(desk)
    assert now.meta["status"] == "edited" and now.meta["reason"] == "permintaan desa"
    row = now.orders[now.orders["order_id"] == order].iloc[0]
    assert row["action"] == "outreach" and row["note"].startswith("jembatan")
    assert now.meta["value"] == pytest.approx(told.meta["value"])  # an action changes no worth
    assert (audit.read(desk.store)["action"] == "override").sum() == 1
    assert at.selectbox(key="plan_order").value == order


def press(at, key: str, words: str):
    """The button of a form, by its words."""
    return next(b for b in at.button if b.proto.form_id == key and words in b.label).click().run()


def test_a_visit_is_added_and_its_effect_is_shown_before_it_is_kept(desk):
    told = newest(desk)
    row = told.orders[~told.orders["night"]].sort_values("stay_minutes").iloc[-1]
    order = str(row["order_id"])
    at = page(plan_order=order)
    key = f"plan_edit_{order}_1"
    options = at.selectbox(key=f"{key}_add").options
    assert len(options) > 5 and options[0] == "tidak ada"
    at.number_input(key=f"{key}_{row['seq']}_minutes").set_value(60)
    press(at, key, "Lihat akibatnya")
    assert not at.exception and "Akibat, belum disimpan" in text(at)
    effect = next(one.value for one in at.table if "Sesudahnya" in one.value and "Apa" in one.value)
    worth = effect[effect["Apa"].str.startswith("Nilai rencana")].iloc[0]
    assert worth["Sekarang"] > worth["Sesudahnya"]
    assert newest(desk).meta["version"] == 1  # nothing was kept
    seen = set(told.orders.loc[told.orders["order_id"] == order, "sector"])
    found = None
    for sector in told.sectors.loc[told.sectors["reach"], "sector"]:
        change = pd.DataFrame(
            [{"order_id": order, "seq": int(row["seq"]), "stay_minutes": 60.0},
             {"order_id": order, "seq": int(row["seq"]), "add": sector, "stay_minutes": 15.0,
              "action": "patrol"}]
        )  # fmt: skip
        try:
            found = None if sector in seen else desk.try_edit(told.meta["plan"], 1, change)
        except DataError as refused:
            assert "takes" in str(refused)
        if found:
            break
    before, after = found
    assert len(after.orders) == len(before.orders) + 1
    desk.edit(told.meta["plan"], 1, change, "permintaan desa")
    now = newest(desk)
    assert sector in set(now.orders.loc[now.orders["order_id"] == order, "sector"])
    assert now.meta["value"] == pytest.approx(after.meta["value"])
    assert now.meta["budget"][-1]["step"] == "edits"
    assert "Diubah dengan tangan" in at_budget(page())["Langkah"].tolist()


def at_budget(at) -> pd.DataFrame:
    return next(one.value for one in at.table if "Langkah" in one.value)


def test_whoever_signs_reads_what_this_plan_is_worth(desk):
    told = newest(desk)
    budget = told.meta["budget"]
    share = plan_scene.share_words(budget[-1]["value"], budget, "id")
    at = page()
    assert f"{share} dari nilai tertinggi" in text(at)
    table = at_budget(at)
    assert (
        table["Langkah"].tolist()[-1] == "RENCANA INI"
        and table["Dari nilai tertinggi"].iloc[-1] == share
    )
    assert len(table) == 7
    shown = [float(one.replace(",", ".").replace("−", "-") or 0) for one in table.iloc[:-1, 1]]
    levels = [float(one.replace(",", ".")) for one in table.iloc[:, 2]]
    assert levels[0] + sum(shown) == pytest.approx(levels[-1])  # what is read adds up
    at.button(key="plan_approve").click().run()
    assert f"= {share} dari nilai tertinggi" in text(at)  # beside the button that signs
    told = CliRunner().invoke(plan_app, ["show", "--json"])
    facts = json.loads(told.output)
    assert facts["budget"] == budget
    assert facts["share_of_bound"] == pytest.approx(budget[-1]["value"] / budget[0]["value"])
    assert "edits" not in CliRunner().invoke(plan_app, ["show"]).output


def test_the_worth_of_the_whole_plan_is_not_on_a_commanders_sheet(desk):
    his = planner.PlanDesk(desk.settings, scope(user="budi", kabupaten=frozenset({"61.03"})))
    plan = newest(desk).meta["plan"]
    assert "budget" not in his.view(plan).meta
    own = [desk.export(plan, "pdf", "UJI-2")[1], his.export(plan, "pdf", "UJI-2")[1]]
    assert len(own[0]) > len(own[1])


def test_of_two_plans_of_a_week_the_one_signed_last_is_in_force(desk):
    first = newest(desk).meta["plan"]
    second = desk.make(MONDAY, seed=9)
    desk.approve(first, 1)
    desk.sign(first, 2)
    at = page(plan_id=first)
    assert "Rencana ini yang berlaku" in text(at)
    at = page(plan_id=second)
    assert "yang berlaku rencana lain" in text(at)
    at.button(key="plan_approve").click().run()
    assert "akan ditarik" in text(at)
    at.text_input(key="plan_sign_reason").input("banjir di utara")
    at.button(key="plan_sign").click().run()
    assert not at.exception and desk.in_force(MONDAY) == second
    told = plans.read_meta(desk.store, first)
    assert (told["status"], told["reason"]) == ("withdrawn", "banjir di utara")
    at = page(plan_id=first)
    assert "DITARIK oleh ani" in text(at) and not {"plan_approve", "plan_sign"} & buttons(at)
    assert any("BERLAKU" in one for one in at.selectbox(key="plan_id").options)


def test_the_command_line_says_which_plan_it_withdrew(desk):
    run = CliRunner().invoke
    first = newest(desk).meta["plan"]
    for plan in (first, desk.make(MONDAY, seed=9)):
        run(plan_app, ["approve", "--plan", plan])
        told = json.loads(run(plan_app, ["sign", "--plan", plan, "--json"]).output)
        assert told["in_force"] == plan
    assert told["withdrawn"] == first
    listed = json.loads(run(plan_app, ["list", "--json"]).output)["plans"]
    assert [one["plan"] for one in listed if one["in_force"]] == [plan]
    gone = run(plan_app, ["withdraw", "--plan", plan, "--reason", "operasi batal", "--json"])
    assert json.loads(gone.output)["in_force"] is None


def test_rows_of_what_was_done_carry_the_code_of_their_order(desk):
    told = newest(desk)
    at = page("done")
    at.segmented_control(key="plan_done_source").select("form").run()
    assert not at.exception
    table = next(one.value for one in at.dataframe if "order" in one.value)
    assert table["order"].str.len().gt(0).all()
    for sector, row in table.iterrows():
        mine = told.orders.loc[told.orders["sector"] == sector, "order_id"]
        assert sorted(row["order"].split(", ")) == sorted(mine)
    assert not table[["order", "place"]].duplicated().any()


def test_a_refused_edit_says_why_in_words(desk):
    told = newest(desk)
    order = told.orders["order_id"].iloc[0]
    at = page(plan_order=order)
    key = f"plan_edit_{order}_1"
    at.number_input(key=f"{key}_1_minutes").set_value(900)
    at.text_input(key=f"{key}_reason").input("coba")
    next(one for one in at.button if one.proto.form_id == key).click().run()
    assert re.search(r"menjadi [\d.]+ menit, padahal satu giliran 480 menit", text(at))
    assert newest(desk).meta["version"] == 1


def test_a_plan_is_approved_then_signed_then_closed(desk):
    at = page()
    at.button(key="plan_approve").click().run()
    assert "Disetujui oleh ani, versi 2" in text(at)
    at.button(key="plan_sign").click().run()
    assert "Ditandatangani oleh ani, versi 3" in text(at)
    assert buttons(at) == {"plan_make"}
    versions = plans.history(desk.store, newest(desk).meta["plan"])
    assert list(versions["status"]) == ["draft", "approved", "signed"]
    assert "ditandatangani: tertutup" in text(page("history"))


def test_one_goes_back_to_an_earlier_version(desk):
    told = newest(desk)
    first = told.orders.iloc[0]
    change = pd.DataFrame([{"order_id": first["order_id"], "seq": first["seq"], "drop": True}])
    desk.edit(told.meta["plan"], 1, change, "jalan putus")
    at = page("history")
    table = at.dataframe[0].value
    assert list(table.iloc[:, 0]) == [2, 1] and list(table.iloc[:, 4]) == ["jalan putus", "dibuat"]
    at.text_input(key="plan_back_reason").input("jalan sudah dibuka")
    next(one for one in at.button if one.proto.form_id == "plan_back_form").click().run()
    assert not at.exception and "versi 1 menjadi versi 3" in text(at)
    pd.testing.assert_frame_equal(newest(desk).orders, told.orders)


def set_clock(monkeypatch, day: str) -> None:
    now = pd.Timestamp(f"{day} 08:00", tz="Asia/Pontianak")
    monkeypatch.setattr("pandas.Timestamp.now", lambda tz=None: now.tz_convert(tz))


def test_a_plan_of_an_older_assessment_is_marked(desk, world, monkeypatch):
    desk.store.write_assessment(world.frames, world.meta)
    set_clock(monkeypatch, "2026-12-06")
    assert any("penilaian yang lebih baru" in one.value for one in page().warning)
    set_clock(monkeypatch, "2026-12-07")
    at = page()
    assert not at.warning and any("sudah lewat" in one.value for one in at.info)


def test_a_visit_on_a_market_day_is_told(desk):
    told = newest(desk)
    shut = told.sectors.loc[told.sectors["open_days"] != plan_scene.ALL_DAYS, "sector"]
    mine = told.orders[told.orders["sector"].isin(shut) & ~told.orders["night"]]
    assert len(mine), "the invented world has a sector with a market day in its plan"
    order = mine.iloc[0]
    moved = MONDAY + pd.Timedelta(days=5, hours=6)
    busy = told.orders[told.orders["team_id"] == order["team_id"]]
    rest = busy[busy["start"].dt.normalize() >= MONDAY + pd.Timedelta(days=4)]
    drop = [{"order_id": o, "seq": s, "drop": True}
            for o, s in zip(rest["order_id"], rest["seq"], strict=True)
            if o != order["order_id"]]  # fmt: skip
    change = pd.DataFrame([*drop, {"order_id": order["order_id"], "seq": 1, "start": moved}])
    desk.edit(told.meta["plan"], 1, change, "acara")
    assert any("hari yang ditutup" in one.value for one in page().warning)
    assert "hari pasar" in page("figures").dataframe[2].value.to_string()


def test_what_was_done_is_compared_from_a_form(desk):
    told = newest(desk)
    planned = told.sectors[told.sectors["planned_minutes"] > 0]
    form = planned[["sector"]].assign(minutes=planned["planned_minutes"], finds=0.0)
    done = desk.compare(told.meta["plan"], form=form.reset_index(drop=True))
    assert done.facts["coverage"] == 1
    at = page("done")
    at.button(key="plan_compare").click().run()
    assert "belum ada patroli tercatat pada pekan 2026-11-30" in text(at)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.zip", b"PK\x03\x04", "arsipnya rusak"),
        ("x.pdf", b"%PDF-1.4", "bawa tabelnya sebagai XLSX atau CSV"),
        ("x.kml", b"<kml><NetworkLink/></kml>", "tanpa tautan"),
        ("x.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x01", ""),
    ],
)
def test_any_file_may_be_chosen_and_a_refusal_is_a_sentence(desk, name, content, words):
    at = page("done")
    at.segmented_control(key="plan_done_source").select("file").run()
    assert not at.file_uploader[0].proto.type, "what the browser refuses gets no sentence"
    at.file_uploader[0].upload(name, content, "application/octet-stream").run()
    at.button(key="plan_compare").click().run()
    assert not at.exception
    (refusal,) = [one.value for one in at.error]
    assert words in refusal
    assert not re.search(r"\b(the|not|or|is)\b", refusal)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("regu.xlsx", b"PK\x03\x04", "daftar regu berakhiran .toml atau .csv"),
        ("regu", b"x", "daftar regu berakhiran .toml atau .csv"),
        ("regu.csv", b"\xff\xfe\x00", "harus teks UTF-8"),
        ("regu.toml", b"[[team", "TOML tidak terbaca"),
        ("regu.toml", b"a = " + b"[" * 5000, "TOML tidak terbaca"),
        ("regu.csv", b"team_id\r" + b"x" * 200_000, "belum ada lat, lon, mode"),
        ("regu.csv", b"x" * 2000, "tidak ada regu"),
    ],
)
def test_any_file_may_come_as_a_roster_and_a_refusal_is_a_sentence(bare, name, content, words):
    at = page()
    at.segmented_control(key="plan_roster").select("upload").run()
    assert not at.file_uploader[0].proto.type, "what the browser refuses gets no sentence"
    at.file_uploader[0].upload(name, content, "application/octet-stream").run()
    assert "TOML, CSV" in text(at)
    at.button(key="plan_make").click().run()
    assert not at.exception
    (refusal,) = [one.value for one in at.error]
    assert words in refusal
    assert not re.search(r"\b(the|not|or|is)\b", refusal)


def test_tracks_of_the_week_are_compared_and_not_kept(desk):
    told = newest(desk)
    first = told.orders.iloc[0]
    effort = len(desk.store.effort())
    points = "".join(
        f'<trkpt lat="{first["lat"] + k * 1e-4:.6f}" lon="{first["lon"]:.6f}">'
        f"<time>2026-12-01T02:{k:02d}:00Z</time></trkpt>"
        for k in range(50)
    )
    gpx = (
        '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>a'
        f"</name><trkseg>{points}</trkseg></trk></gpx>"
    )
    done = desk.compare(told.meta["plan"], ("pekan.gpx", gpx.encode()))
    assert done.facts["done_hours"] == pytest.approx(49 / 60, abs=0.05)
    assert len(desk.store.effort()) == effort


# scopes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", ["public", "internal"])
def test_below_the_restricted_tier_there_is_a_sentence_and_nothing_else(desk, monkeypatch, tier):
    monkeypatch.setitem(SEEN, "scope", scope(tier=tier))
    at = page()
    assert len(at.info) == 1 and "tingkat akses terbatas" in at.info[0].value
    assert not (at.dataframe or at.selectbox or at.button or at.get("html"))
    assert not at.get("download_button")
    with pytest.raises(DataError, match="restricted tier"):
        planner.PlanDesk(desk.settings, scope(tier=tier)).export(newest(desk).meta["plan"], "csv")


def test_a_commander_sees_his_orders_and_changes_nothing(desk, monkeypatch):
    mine = scope(user="budi", kabupaten=frozenset({"61.03"}))
    his = planner.PlanDesk(desk.settings, mine)
    whole, told = newest(desk), newest(his)
    assert 0 < len(told.orders) < len(whole.orders) and not told.whole
    assert set(told.orders["kabupaten_code"]) == {"61.03"}
    assert not {"met", "hours", "posts", "closed", "seed", "reason"} & set(told.meta)
    assert "reason" not in his.history(told.meta["plan"])
    monkeypatch.setitem(SEEN, "scope", mine)
    at = page()
    assert "wilayah Anda saja" in text(at) and not buttons(at)
    away = set(whole.orders["order_id"]) - set(told.orders["order_id"])
    assert not any(order in text(at) for order in away)
    assert set(at.selectbox(key="plan_order").options) == {
        plan_scene.shift_name(part, "id") for part in plan_scene.shifts(told.orders)
    }
    assert "seluruh rencana hanya" in text(page("figures"))
    assert "hanya untuk yang melihat" in text(page("done"))


@pytest.mark.parametrize(
    "act", ["make", "edit", "try_edit", "restore", "approve", "sign", "withdraw", "compare"]
)
def test_who_sees_a_part_is_refused_and_it_is_logged(desk, act):
    his = planner.PlanDesk(desk.settings, scope(user="budi", kabupaten=frozenset({"61.03"})))
    plan = newest(desk).meta["plan"]
    calls = {
        "make": lambda: his.make(MONDAY),
        "edit": lambda: his.edit(plan, 1, pd.DataFrame(), "x"),
        "try_edit": lambda: his.try_edit(plan, 1, pd.DataFrame()),
        "withdraw": lambda: his.withdraw(plan, 1, "x"),
        "restore": lambda: his.restore(plan, 1, 1, "x"),
        "approve": lambda: his.approve(plan, 1),
        "sign": lambda: his.sign(plan, 1),
        "compare": lambda: his.compare(plan),
    }
    lacking = "sight of the whole area" if act == "make" else "sight of everything in the plan"
    with pytest.raises(Refused, match=lacking) as refused:
        calls[act]()
    told = tell_found(refused.value.key, refused.value.values, "id")
    assert told.startswith("perlu tingkat akses terbatas dan melihat seluruh")
    line = audit.read(desk.store, 1).iloc[0]
    assert line["action"] == "denied" and line["user"] == "budi"
    assert newest(desk).meta["version"] == 1


def test_every_file_of_a_commander_holds_his_orders_alone(desk):
    his = planner.PlanDesk(desk.settings, scope(user="budi", kabupaten=frozenset({"61.05"})))
    whole, told = newest(desk), newest(his)
    plan = told.meta["plan"]
    away = set(whole.orders["sector"]) - set(told.sectors["sector"])
    for kind in plan_files.FORMATS:
        name, content = his.export(plan, kind)
        assert name == his.file_name(told.meta, kind) and "SINTETIS" in name
        assert not any(sector in content.decode() for sector in away)
    rows = pd.read_csv(io.BytesIO(his.export(plan, "csv")[1]))
    assert len(rows) == len(told.orders)


def test_the_district_pack_holds_the_orders_of_the_week(desk, monkeypatch):
    from joins.desks import view as shown
    from joins.desks.papers import Papers
    from ui.selection import Selection

    set_clock(monkeypatch, "2026-11-25")

    def pack(viewer):
        seen = shown.read(shown.newest(desk.settings), desk.settings, viewer)
        papers = Papers(seen, lambda action, what: None)
        return papers.district(Selection(horizon=4, kabupaten="61.03")).decode()

    assert "Perintah patroli" not in pack(scope())  # a draft is in force nowhere
    plan = newest(desk).meta["plan"]
    desk.approve(plan, 1)
    desk.sign(plan, 2)
    assert "Perintah patroli" in pack(scope()) and "UJI-2" in pack(scope())
    assert "UJI-2" not in pack(scope(tier="internal"))
    set_clock(monkeypatch, "2026-12-16")
    assert "Perintah patroli" not in pack(scope())


def test_the_command_line_writes_the_same_sheet(desk, tmp_path):
    run = CliRunner().invoke
    file = tmp_path / "regu.pdf"
    told = run(plan_app, ["export", str(file), "--team", "UJI-2", "--lang", "en", "--json"])
    assert told.exit_code == 0, told.output
    name, content = desk.export(newest(desk).meta["plan"], "pdf", "UJI-2", "en")
    assert file.read_bytes() == content and "UJI-2" in name
    assert run(plan_app, ["export", str(file), "--lang", "fr"]).exit_code == 2
    told = run(plan_app, ["approve", "--reason", "dibahas"])
    assert told.exit_code == 0
    told = run(plan_app, ["restore", "1", "--reason", "surut", "--json"])
    assert json.loads(told.output)["version"] == 3


# words ----------------------------------------------------------------------------------------


def test_every_action_and_mode_has_words():
    from data.store.roster import MODES

    for code in planner.ACTIONS:
        assert has(f"action.{code}") and has(f"rule.{code}")
        assert plan_scene.action(code, "id") == plan_files.ACTIONS[code]
    assert all(has(f"mode.{mode}") for mode in MODES)


def test_the_timetable_holds_every_order_once(desk):
    orders = newest(desk).orders
    table, ids = plan_scene.timetable(plan_scene.shifts(orders), "2026-11-30", "id")
    told = [one for row in ids for one in row if one]
    assert sorted(told) == sorted(orders["order_id"].unique())
    assert list(table.columns)[1:3] == ["Sen 30 Nov", "Sel 1 Des"]
    filled = (table.iloc[:, 1:] != "").to_numpy()
    assert (filled == [[bool(one) for one in row] for row in ids]).all()


def test_ways_begin_and_end_at_stops_or_posts(desk):
    orders = newest(desk).orders
    for team, order, line in plan_scene.routes(orders):
        part = orders[orders["order_id"] == order]
        assert part["team_id"].iloc[0] == team
        spots = {tuple(point) for point in line}
        for stop in part.itertuples():
            assert (round(stop.lon, 5), round(stop.lat, 5)) in spots
        if isinstance(part["way"].iloc[0], str) and len(part["way"].iloc[0].split()) > 1:
            lat, lon = h3.cell_to_latlng(part["way"].iloc[0].split()[0])
            assert line[0] == [round(lon, 5), round(lat, 5)]


@pytest.mark.parametrize(
    ("minutes", "indonesian", "english"),
    [(0, "0 m", "0 m"), (45, "45 m", "45 m"), (60, "1 j", "1 h"), (390, "6 j 30 m", "6 h 30 m")],
)
def test_minutes_are_told_as_hours(minutes, indonesian, english):
    assert plan_scene.hours(minutes, "id") == indonesian
    assert plan_scene.hours(minutes, "en") == english


def test_the_faults_of_a_change_are_told_in_the_language_of_the_screen(desk):
    """Every fault of an edit that cannot be, with its order, in words of either language."""
    told = newest(desk)
    orders = told.orders
    first = orders["order_id"].iloc[0]
    seats = orders.loc[orders["order_id"] == first, "seq"]
    changes = pd.DataFrame(
        {"order_id": first, "seq": [*seats, 99], "stay_minutes": 900.0, "team_id": "hilang"}
    )
    with pytest.raises(desk.refusal) as refused:
        desk.try_edit(told.meta["plan"], told.meta["version"], changes)
    indonesian = of_data.tell_problem(refused.value, "id")
    assert f"tidak ada perintah {first} dengan kunjungan 99" in indonesian
    assert "tidak ada regu hilang dalam daftar rencana ini" in indonesian
    assert not re.search(r"\b(the|takes|was|needs|given|missing|in two)\b", indonesian)
    assert f"no order {first} with stop 99" in of_data.tell_problem(refused.value, "en")


def test_approving_and_signing_draw_no_order_anew(desk, monkeypatch):
    """Orders stay what they are: timetable and map are made once for all states of a version."""
    at = page()
    made = []
    real = plan_scene.timetable
    monkeypatch.setattr(plan_scene, "timetable", lambda *told: made.append(1) or real(*told))
    told = newest(desk).meta
    desk.approve(told["plan"], told["version"])
    desk.sign(told["plan"], told["version"] + 1)
    at.run()
    assert not at.exception and "Ditandatangani" in text(at) and not made
    kept = [plans.read_meta(desk.store, told["plan"], n)["orders_version"] for n in (1, 2, 3)]
    assert kept == [1, 1, 1]


def events_of(desk, plan, team=""):
    found = icalendar.Calendar.from_ical(desk.export(plan, "ics", team)[1]).walk("VEVENT")
    return {str(event["UID"]): str(event["STATUS"]) for event in found}


def test_a_calendar_cancels_what_an_earlier_file_told_of(desk):
    """A dropped shift, one that went to another team, and all of a plan that was replaced."""
    told = newest(desk)
    plan, first = told.meta["plan"], told.orders["order_id"].iloc[0]
    seqs = told.orders.loc[told.orders["order_id"] == first, "seq"]
    before = events_of(desk, plan)
    drop = pd.DataFrame({"order_id": first, "seq": seqs, "drop": True})
    desk.edit(plan, 1, drop, "jalan putus")
    after = events_of(desk, plan)
    gone = {uid for uid, state in after.items() if state == "CANCELLED"}
    assert set(after) == set(before) and gone == {uid for uid in before if f"-{first}@" in uid}
    desk.sign(plan, desk.approve(plan, 2))
    other = desk.make(MONDAY, seed=5)
    desk.sign(other, desk.approve(other, 1))
    last = events_of(desk, other)
    assert {uid for uid, state in last.items() if state == "CANCELLED"} == set(before)
    assert set(events_of(desk, plan).values()) == {"CANCELLED"}


def test_what_a_calendar_cancels_stays_inside_the_district(desk):
    told = newest(desk)
    for order in told.orders["order_id"].unique()[:3]:
        now = newest(desk)
        seqs = now.orders.loc[now.orders["order_id"] == order, "seq"]
        drop = pd.DataFrame({"order_id": order, "seq": seqs, "drop": True})
        desk.edit(now.meta["plan"], now.meta["version"], drop, "jalan putus")
    for code in sorted(set(told.orders["kabupaten_code"]))[:2]:
        his = planner.PlanDesk(desk.settings, scope(kabupaten=frozenset({code})))
        mine = set(told.orders.loc[told.orders["kabupaten_code"] == code, "order_id"])
        if len(his.view(told.meta["plan"]).orders):
            content = desk_text(his, told.meta["plan"])
            names = set(re.findall(r"UID:\S*?-([A-Z]+-\d+-\d)@", content))
            assert names <= mine


def desk_text(his, plan):
    return his.export(plan, "ics")[1].decode().replace("\r\n ", "")


# asked with two clicks, and approved with a reason --------------------------------------------


def asked(desk, **told):
    meta = newest(desk).meta
    return {"plan_asked": (f"{meta['plan']}|{meta['version']}", told)}


def test_a_move_shows_its_effect_before_it_is_kept_and_can_be_undone(desk):
    told = newest(desk)
    first = told.orders.iloc[0]
    free = set(range(7)) - set(told.orders.loc[told.orders["team_id"] == first.team_id, "day"])
    start = first.start + pd.Timedelta(days=min(free) - int(first.day))
    move = {"order_id": first.order_id, "seq": int(first.seq), "team_id": first.team_id,
            "start": start}  # fmt: skip
    at = page(**asked(desk, **move))
    assert "Akibat, belum disimpan" in text(at) and newest(desk).meta["version"] == 1
    at.button(key="plan_asked_keep").click().run()
    assert at.error and newest(desk).meta["version"] == 1
    at.text_input(key="plan_asked_reason").input("jalan banjir")
    at.button(key="plan_asked_keep").click().run()
    now = newest(desk)
    assert now.meta["version"] == 2 and not at.exception
    mine = now.orders[now.orders["order_id"] == first.order_id]
    assert (mine["start"] == start).all()
    at.button(key="plan_undo").click().run()
    assert newest(desk).meta["version"] == 3
    pd.testing.assert_frame_equal(newest(desk).orders, told.orders)


def test_what_was_asked_of_another_version_is_forgotten_and_one_may_let_it_be(desk):
    told = newest(desk)
    first = told.orders.iloc[0]
    row = {"order_id": first.order_id, "seq": 1, "team_id": first.team_id, "start": first.start}
    old = {"plan_asked": (f"{told.meta['plan']}|7", row)}
    assert "plan_asked_drop" not in buttons(page(**old))
    at = page(**asked(desk, **row))
    at.button(key="plan_asked_drop").click().run()
    assert "plan_asked_drop" not in buttons(at)


def test_a_sector_clicked_on_the_map_is_added_to_the_chosen_order(desk):
    told = newest(desk)
    free = told.sectors.loc[told.sectors["planned_minutes"] <= 0, "sector"].iloc[0]
    at = page(plan_sector=free)
    at.button(key="plan_add_here").click().run()
    assert not at.exception
    code = told.sectors.set_index("sector").loc[free, "sector_code"]
    assert code in text(at) and "plan_asked_drop" in buttons(at)
    assert newest(desk).meta["version"] == 1


def test_nobody_moves_orders_who_may_not_edit_or_when_they_are_signed(desk):
    told = newest(desk)
    row = {"order_id": told.orders["order_id"].iloc[0], "seq": 1, "team_id": "UJI-2"}
    meta = told.meta
    desk.sign(meta["plan"], desk.approve(meta["plan"], 1))
    at = page(**{"plan_asked": (f"{meta['plan']}|3", row)})
    assert not {"plan_asked_keep", "plan_undo"} & buttons(at) and not at.toggle


def test_a_plan_with_something_unusual_is_approved_with_a_reason_only(desk, monkeypatch):
    told = newest(desk)
    odd = Odd("nights", {"teams": ["UJI-1"]})
    monkeypatch.setattr(planner.PlanDesk, "odd", lambda *_: [odd])
    at = page()
    assert "terlalu banyak malam" in text(at)
    at.button(key="plan_approve").click().run()
    assert newest(desk).meta["status"] == "draft"
    at.text_input(key="plan_approve_reason").input("disepakati dengan regu")
    at.button(key="plan_approve").click().run()
    now = plans.read_meta(desk.store, told.meta["plan"])
    assert (now["status"], now["reason"]) == ("approved", "disepakati dengan regu")


def test_each_unusual_thing_is_told(desk):
    told = newest(desk)
    night = told.orders.assign(night=True)
    sectors = told.sectors.assign(mandatory=True)
    meta = told.meta | {"cutoff": "2026-10-01", "unused_hours": 0.5 * told.meta["hours"],
                        "rules": told.meta["rules"] | {"most_nights": 0}}  # fmt: skip
    frames = told.frames | {"orders": night, "sectors": sectors}
    odd = planner.Opened(meta, frames, True)
    seen = set(sectors.loc[sectors["planned_minutes"] > 0, "sector"].iloc[:1])
    facts = unusual.odd(meta, sectors, odd.tired, odd.wrong, seen, meta["assessment"])
    said = " ".join(plan_odd.lines(facts, "id"))
    for word in ("sektor wajib tidak dikunjungi", "terlalu banyak malam", "Data berakhir",
                 "dibantah seorang analis", "tidak terpakai"):  # fmt: skip
        assert word in said, word


def test_an_unusual_plan_is_approved_with_a_reason_wherever_it_is_asked(desk, monkeypatch):
    """On the page, at the command line and by whoever calls the desk."""
    told = newest(desk)
    plan = told.meta["plan"]
    monkeypatch.setattr(unusual, "UNUSED", -1.0)
    assert [one.key for one in desk.odd(desk.view(plan))] == ["unused"]
    for reason in ("", "  "):
        with pytest.raises(DataError, match="hours are unused") as found:
            desk.approve(plan, 1, reason)
        assert of_data.tell_problem(found.value, "id").startswith("ada 1 hal yang tidak biasa")
    run = CliRunner()
    refused = run.invoke(plan_app, ["approve", "--plan", plan])
    assert refused.exit_code != 0 and newest(desk).meta["status"] == "draft"
    asked = run.invoke(plan_app, ["approve", "--plan", plan, "--reason", "disepakati"])
    assert asked.exit_code == 0, asked.output
    assert newest(desk).meta["status"] == "approved"


def test_a_plan_of_a_tired_team_is_unusual_though_it_was_made_before_the_other_was_signed(
    desk, monkeypatch
):
    told = newest(desk)
    first = pd.Timestamp(told.meta["first_day"])
    team = str(told.orders.sort_values("start")["team_id"].iloc[0])
    start = told.orders["start"].min()
    monkeypatch.setattr(patrol, "last_nights", lambda *_: {team: start - pd.Timedelta(hours=3)})
    keys = {one.key: one.values for one in desk.odd(desk.view(told.meta["plan"]))}
    assert team in keys["nights"]["teams"] and start >= first


def test_a_contested_sector_is_flagged_in_the_timetable(desk):
    told = newest(desk)
    parts = plan_scene.shifts(told.orders)
    sector = parts[0]["sector"].iloc[0]
    table, _ = plan_scene.timetable(parts, told.meta["first_day"], "id", {sector})
    plain, _ = plan_scene.timetable(parts, told.meta["first_day"], "id")
    flagged = table.map(lambda one: "⚑" in str(one)).to_numpy().sum()
    orders = told.orders.loc[told.orders["sector"] == sector, "order_id"].nunique()
    assert flagged == orders > 0
    assert not plain.map(lambda one: "⚑" in str(one)).to_numpy().any()


# the commander's page -------------------------------------------------------------------------


def papers_of(desk, who):
    seen = shown.read(shown.newest(desk.settings), desk.settings, who)
    return seen, Papers(seen, lambda *_: None)


def test_files_of_a_commander_carry_his_district_week_and_mark(desk):
    """By name; and each point of a GPX too, as a device shows nothing else."""
    seen, papers = papers_of(desk, scope(kabupaten=frozenset({"61.03"})))
    chosen = Selection.default(seen.options)
    name = papers.name("wilayah", ".gpx", chosen)
    home = seen.places.kabupaten["61.03"]
    assert home.split()[-1].lower() in name and name.endswith("SINTETIS.gpx")
    points = re.findall("<wpt.*?<name>(.*?)</name>", papers.device("gpx", chosen).decode())
    assert points and all(re.search(r" 23–29 Nov 2026 SINTETIS$", one) for one in points)
    assert all(re.match(r"[A-Z]{3}-\d+ ", one) for one in points)


def test_a_commander_reads_the_orders_in_force_of_his_district_alone(desk):
    told = newest(desk)
    for code in sorted(set(told.orders["kabupaten_code"])):
        seen, papers = papers_of(desk, scope(kabupaten=frozenset({code})))
        assert papers.orders(Selection.default(seen.options)) == []
    plan = told.meta["plan"]
    desk.sign(plan, desk.approve(plan, 1))
    for code in sorted(set(told.orders["kabupaten_code"])):
        who = scope(kabupaten=frozenset({code}))
        found = planner.PlanDesk(desk.settings, who).view(plan).orders
        assert set(found["kabupaten_code"]) == {code}
        seen, papers = papers_of(desk, who)
        tables = papers.orders(Selection.default(seen.options))
        if patrol.plan_of_now(desk.store, desk.settings.area.time_zone) == plan:
            assert sum(len(rows) for _, _, rows in tables) == len(found)


def test_who_brings_a_file_of_another_week_is_told_which_weeks_it_holds(desk, monkeypatch):
    told = newest(desk)
    table = pd.DataFrame({"cell": told.frames["cells"]["cell"].iloc[:1], "minutes": [60.0],
                          "week": [pd.Timestamp("2026-10-05")]})  # fmt: skip
    monkeypatch.setattr(patrol, "_effort", lambda *_: table)
    with pytest.raises(DataError) as found:
        desk.compare(told.meta["plan"], ("jejak.gpx", b""))
    said = of_data.tell_problem(found.value, "id")
    assert "2026-11-30" in said and "2026-10-05 s.d. 2026-10-11" in said
