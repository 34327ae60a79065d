"""A fault of the program is no fault of the user's: it has a number to quote, and a log."""

import ast
import re
import sys
from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

import cli
from data.errors import DataError
from data.store import faults
from geo.impossible import Impossible, fault
from joins.faults import Builds
from joins.refused import refusals
from ui.views.plan import step

SECRET = "Budi Santoso 0812 3456 7890"


#: what a download button takes that is there already
TEXTS = {"text"}


def refused():
    raise DataError("x.csv: the file is empty", key="file_empty", where="x.csv")


def broken(*_args, **_named):
    try:
        {}[SECRET]
    except KeyError as problem:
        raise ValueError(f"no number in {SECRET}") from problem


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The folder of the store."""
    store = SimpleNamespace(folder=tmp_path / "var")
    monkeypatch.setattr("joins.faults.load_settings", lambda: SimpleNamespace(store=store))
    return store.folder


def caught() -> ValueError:
    with pytest.raises(ValueError, match="no number") as found:
        broken()
    return found.value


def test_a_fault_is_logged_by_its_places_and_never_by_its_words(tmp_path):
    path = faults.note(tmp_path, caught(), "status")
    told = path.read_text(encoding="utf-8")
    assert "builtins.ValueError" in told and "builtins.KeyError" in told
    assert "tests/test_faults.py" in told and "broken" in told and "in status" in told
    assert "Budi" not in told and "0812" not in told
    assert f"fault {faults.number_of(caught())} " in told


def test_the_same_fault_has_the_same_number_and_another_has_another():
    assert faults.number_of(caught()) == faults.number_of(caught())
    with pytest.raises(ZeroDivisionError) as other:
        print(1 / 0)
    assert faults.number_of(caught()) != faults.number_of(other.value)
    assert re.fullmatch(r"\d{3} \d{3}", faults.number_of(other.value))


def test_a_log_that_grew_is_put_aside_once(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "MOST_BYTES", 10)
    for _ in range(3):
        path = faults.note(tmp_path, caught(), "status")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["faults.log", "faults.old.log"]
    assert path.read_text(encoding="utf-8").count(" fault ") == 1


@pytest.mark.fault
def test_a_command_with_a_fault_ends_with_its_number_and_its_log(home, monkeypatch, capsys):
    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.setattr(sys, "argv", ["kalbar-risk", "status"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert ended.value.code == 1 and "Traceback" not in told and "Budi" not in told
    number = re.search(r"nomor (\d{3} \d{3})", told)[1]
    assert f"Quote the number {number}" in told.replace("\n", " ")
    log = home / "faults.log"
    assert str(log) in told.replace("\n", "") and f"fault {number} in status" in log.read_text()


def test_a_refusal_of_a_command_is_a_sentence_with_its_file(monkeypatch, capsys):
    def refused():
        raise DataError("x.csv: the file is empty", key="file_empty", where="x.csv")

    monkeypatch.setattr(cli, "app", refused)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1 and capsys.readouterr().err.strip() == "x.csv: the file is empty"


def test_a_step_of_a_page_catches_a_refusal_and_lets_a_fault_go_on(monkeypatch):
    class Desk:
        refusal = DataError

    shown = []
    monkeypatch.setattr(step, "show_fault", lambda problem, lang: shown.append(str(problem)))

    def refused():
        raise DataError("not yours", key="record_not_yours")

    step.change(Desk(), refused, (), "plan.did_edit", "id")
    assert shown == ["not yours"]
    with pytest.raises(ValueError, match="no number"):
        step.change(Desk(), broken, (), "plan.did_edit", "id")


def test_what_the_models_refuse_is_handed_on_and_their_faults_are_not():
    with pytest.raises(DataError) as refused, refusals("x.csv"):
        raise Impossible(fault("periods_few", "2 full periods of 7 days cannot test 3", full=2))
    assert str(refused.value) == "x.csv: 2 full periods of 7 days cannot test 3"
    assert refused.value.key == "faults" and refused.value.values["where"] == "x.csv"
    with pytest.raises(ValueError, match="no number") as fault_of_ours, refusals():
        broken()
    assert not isinstance(fault_of_ours.value, DataError)


def test_no_page_and_no_desk_takes_every_value_error_for_a_refusal():
    caught = [
        f"{path.relative_to(cli.HERE)}:{node.lineno}"
        for room in ("ui", "joins/desks")
        for path in (cli.HERE / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("ValueError", "Exception"))
    ]
    assert caught == []


@pytest.mark.fault
def test_a_file_that_cannot_be_built_is_noted_at_once_and_told_at_the_next_run(home):
    builds = Builds()
    assert builds.watched(lambda: b"x")() == b"x" and builds.untold() == []
    with pytest.raises(RuntimeError, match=r"^fault \d{3} \d{3}$") as failed:
        builds.watched(broken)()
    assert failed.value.__suppress_context__  # the server logs what it gets, words and all
    (noted,) = builds.untold()
    assert f"fault {noted.number} in download" in (home / "faults.log").read_text()
    assert builds.untold() == []

    def refused():
        raise DataError("not yours", key="record_not_yours")

    with pytest.raises(DataError):
        builds.watched(refused)()
    assert [one.key for one in builds.untold()] == ["record_not_yours"]


def test_every_file_built_at_a_click_is_looked_after():
    loose = [
        f"{path.relative_to(cli.HERE)}:{node.lineno}"
        for path in (cli.HERE / "ui" / "views").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("download_button")
        for one in node.keywords
        if one.arg == "data" and not ast.unparse(one.value).startswith("state.file(")
        and ast.unparse(one.value) not in TEXTS
    ]  # fmt: skip
    assert loose == []


PAGE = """
import streamlit as st
from tests.test_faults import broken, refused

st.button("fault", on_click=broken)
st.button("refusal", on_click=refused)
"""


@pytest.mark.fault
def test_a_fault_in_a_callback_is_told_by_its_number_and_a_refusal_in_words(
    home, monkeypatch, capfd, caplog
):
    import serve

    begin = LocalScriptRunner.__init__

    def served(self, *args, **kwargs):  # as the server runs a page: with the handler of serve.py
        begin(self, *args, **kwargs)
        self._on_script_error = serve.app._on_script_error

    monkeypatch.setattr(LocalScriptRunner, "__init__", served)
    page = AppTest.from_string(PAGE).run()
    page.button[0].click().run()
    assert not page.exception
    number = re.search(r"nomor \*\*(\d{3} \d{3})", page.error[0].value)[1]
    assert f"fault {number} in callback" in (home / "faults.log").read_text()
    assert SECRET not in page.error[0].value
    page = page.run().button[1].click().run()
    assert not page.exception and "x.csv" in page.code[0].value
    told = capfd.readouterr()
    assert SECRET not in told.out + told.err + caplog.text


def test_an_argument_that_cannot_be_is_a_fault_and_no_refusal():
    from risk.hotspots import select_hotspots

    risk, area = pd.Series([1.0]), pd.Series([1.0])
    with pytest.raises(ValueError, match="coverage") as found:
        select_hotspots(risk, area, 5)
    assert not isinstance(found.value, DataError | Impossible)
