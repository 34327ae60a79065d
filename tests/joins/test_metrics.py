"""What a monitor reads: ages, runs, denials, times; never a name, never a count of records."""

import asyncio
import json
import logging
import re
import urllib.request

import pandas as pd
import pytest
from prometheus_client.parser import text_string_to_metric_families

from data.service.journal import Journal, Step
from data.store import audit
from joins import faults, keeping, meters, opened
from joins.http import lines, metrics
from joins.http.measured import Measured, kind_of
from settings import load_settings
from tests.data.store_world import make_effort, make_events, reading_of
from tests.joins.test_keeping import CONFIG

#: all that may be told, each label with its values' form
TOLD = {
    "kalbar_store_up": (), "kalbar_assessment_age_seconds": (), "kalbar_assessments_damaged": (),
    "kalbar_delivery_age_seconds": ("agency",), "kalbar_denials": (),
    "kalbar_weekly_step_ok": ("step",), "kalbar_weekly_step_seconds": ("step",),
    "kalbar_weekly_age_seconds": (), "kalbar_backup_age_seconds": (),
    "kalbar_disk_free_bytes": (), "kalbar_open_pages": (), "kalbar_faults": (),
    "kalbar_page_run_seconds": ("outcome", "le"),
    "kalbar_request_seconds": ("kind", "status", "le"),
}  # fmt: skip


@pytest.fixture
def settings(tmp_path, monkeypatch):
    (tmp_path / "config.toml").write_text(CONFIG)
    monkeypatch.setenv("KALBAR_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setattr(metrics.STORE, "_until", 0.0)
    yield load_settings()
    metrics.STORE._until = 0.0


@pytest.fixture
def store(settings):
    return opened.open_store(settings)


@pytest.fixture(scope="module")
def server():
    made = metrics.serve(0)
    yield made
    made.shutdown()
    made.server_close()


def asked(server):
    """Name and labels of each sample -> value, as a monitor reads them."""
    assert server.server_address[0] == "127.0.0.1"
    address = f"http://127.0.0.1:{server.server_port}/metrics"
    with urllib.request.urlopen(address, timeout=5) as answer:
        text = answer.read().decode()
    return {
        (one.name, *sorted(one.labels.items())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_ages_runs_denials_and_damage_are_told(settings, store, server):
    then = pd.Timestamp.now("UTC") - pd.Timedelta(days=3)
    events = make_events([{"received_at": then}, {"received_at": then, "source_agency": "polda"}])
    store.ingest(reading_of(events, "a"))
    late = make_effort([{}]).assign(received_at=then + pd.Timedelta(days=1))
    store.ingest(reading_of(late, "b", kind="effort"))
    frame = {"cells": pd.DataFrame({"cell": ["a"]})}
    store.write_assessment(frame, {"cutoff": "2026-01-01"})
    damaged = store.write_assessment(frame, {"cutoff": "2026-01-08"})
    (store.assessment_folder / damaged / "cells.parquet").write_bytes(b"x")
    audit.log(store, "denied", "", {"page": "api"})
    run = Journal(store.folder, pd.Timestamp("2026-11-23"))
    run.put(Step("take", "done", pd.Timestamp.now("UTC").isoformat(), 2.5))
    run.put(Step("assess", "failed", pd.Timestamp.now("UTC").isoformat()))
    keeping.back_up(settings, store, keeping.backups_of(settings) / "kalbar-risk-1.zip.age")
    told = asked(server)
    age = {dict(key[1:])["agency"]: value for key, value in told.items()
           if key[0] == "kalbar_delivery_age_seconds"}  # fmt: skip
    assert set(age) == {"satgas", "polda"}
    assert age["polda"] == pytest.approx(3 * 86_400, abs=60)
    assert age["satgas"] == pytest.approx(2 * 86_400, abs=60)
    assert 0 <= told["kalbar_assessment_age_seconds",] < 60
    assert told["kalbar_assessments_damaged",] == 1 and told["kalbar_denials",] == 1
    assert told["kalbar_weekly_step_ok", ("step", "take")] == 1
    assert told["kalbar_weekly_step_ok", ("step", "assess")] == 0
    assert told["kalbar_weekly_step_seconds", ("step", "take")] == 2.5
    assert 0 <= told["kalbar_backup_age_seconds",] < 60 and told["kalbar_store_up",] == 1
    assert told["process_resident_memory_bytes",] > 1e7 and told["kalbar_disk_free_bytes",] > 0
    for name, *labels in told:
        if not name.startswith(("process_", "kalbar_")):
            raise AssertionError(name)
        base = re.sub(r"_(bucket|count|sum|total|created)$", "", name)
        if name.startswith("kalbar_"):
            assert {label for label, _ in labels} <= set(TOLD[base]), name


def test_a_store_that_cannot_be_read_is_down_and_nothing_else_is_told(settings, store, server):
    store.db.path.write_bytes(b"no database" * 1000)
    told = asked(server)
    assert told["kalbar_store_up",] == 0
    assert ("kalbar_denials",) not in told and ("process_resident_memory_bytes",) in told


def test_an_empty_store_has_no_ages(settings, store, server):
    told = asked(server)
    assert told["kalbar_store_up",] == 1 and ("kalbar_assessment_age_seconds",) not in told


def test_the_store_is_asked_once_however_often_a_monitor_asks(settings, store, server, monkeypatch):
    asks = []
    monkeypatch.setattr(audit, "count_of", lambda *_: asks.append(1) or 0)
    asked(server)
    asked(server)
    assert asks == [1]


def test_a_port_that_is_taken_is_no_failure(server):
    assert metrics.serve(server.server_port) is None


def answer(path, status=200, kind="http"):
    async def app(scope, receive, send):
        if status is None:
            raise ZeroDivisionError
        if kind == "http":
            await send({"type": "http.response.start", "status": status, "headers": []})

    async def nothing(*_):
        return {}

    asyncio.run(Measured(app)({"type": kind, "path": path}, nothing, nothing))


def count(server, kind, status):
    key = ("kalbar_request_seconds_count", ("kind", kind), ("status", status))
    return asked(server).get(key, 0)


def test_answers_are_counted_by_kind_and_no_address_is_told(settings, store, server):
    before = count(server, "table", "401"), count(server, "page", "500")
    answer("/kalbar/api/items/cells.geojson", 401)
    with pytest.raises(ZeroDivisionError):
        answer("/rahasia", None)
    answer("/_stcore/stream", kind="websocket")
    assert count(server, "table", "401") == before[0] + 1
    assert count(server, "page", "500") == before[1] + 1
    assert asked(server)["kalbar_open_pages",] == 0
    assert not any("rahasia" in str(key) for key in asked(server))


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "page"), ("/kalbar/healthz", "health"), ("/api/data/a/b.json", "map"),
     ("/api/features", "table"), ("/_stcore/upload_file/a/b", "upload"),
     ("/static/js/main.js", "part"), ("/_stcore/health", "health")],
)  # fmt: skip
def test_the_kind_of_an_address(path, kind):
    assert kind_of(path) == kind


@pytest.mark.fault
def test_faults_and_runs_of_a_page_are_counted(settings, store, server):
    before = asked(server)
    faults.note(ValueError("nama"), "app")
    with meters.page_run() as went:
        went("fault")
    after = asked(server)
    for key in (("kalbar_faults_total",),
                ("kalbar_page_run_seconds_count", ("outcome", "fault"))):  # fmt: skip
        assert after[key] == before.get(key, 0) + 1


# lines ------------------------------------------------------------------------------------------


def test_a_line_of_the_log_is_one_json_object_without_the_words_of_an_exception():
    try:
        raise ValueError("nama pelapor")
    except ValueError:
        import sys

        record = logging.LogRecord("x", logging.ERROR, "f", 1, 'a "%s"\nb', ("c",), sys.exc_info())
    record.fault, record.where = "481 213", "app"
    line = lines.Lines().format(record)
    told = json.loads(line)
    assert "\n" not in line and "pelapor" not in line
    assert told["message"] == 'a "c"\nb' and told["fault"] == "481 213"
    assert told["level"] == "error" and told["exception"] == "ValueError"
    assert told["at"].endswith("Z")


def test_loggers_that_are_there_and_those_to_come_write_json(monkeypatch, capsys):
    kept = logging.getLoggerClass()
    there = logging.getLogger("kalbar.test.there")
    handler = logging.StreamHandler()
    there.addHandler(handler)
    others = {one: one.formatter for name, logger in logging.Logger.manager.loggerDict.items()
              if isinstance(logger, logging.Logger) for one in logger.handlers}  # fmt: skip
    try:
        lines.use_json()
        later = logging.getLogger("kalbar.test.later")
        later.addHandler(mine := logging.StreamHandler())
        assert isinstance(handler.formatter, lines.Lines)
        assert isinstance(mine.formatter, lines.Lines)
    finally:
        logging.setLoggerClass(kept)
        for one, formatter in others.items():
            one.setFormatter(formatter)
        there.removeHandler(handler)
