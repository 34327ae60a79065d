"""The week's work in its order: take what arrived, link, assess, draft a plan, write the brief,
prune, back up, and restore that backup aside to see that it is one.

A step that fails stops only those that need it: last week's assessment stays on the screen, and
the backup is made all the same. What was done is kept after each step, so a run that was cut, or
called again, goes on where it stopped; what arrives later in the week is taken and has the rest
done anew.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import DataError
from data.findings import sentence_of
from data.gate.access import Scope
from data.keeping.retention import backups_in
from data.service import inbox, journal
from data.service.journal import Journal, Step
from data.store import audit
from data.store.records import Store
from geo import calendar
from joins import apart, faults, keeping, opened, patrol, reading, steps
from joins.desks import view
from joins.desks.papers import Papers
from settings import Settings
from ui.selection import LANGUAGES, Selection
from ui.words import of_data

Facts = dict[str, Any]
Report = Callable[[str, float], object]


@dataclass(frozen=True)
class Run:
    """What every step is handed: settings, store, who runs it, and the week's journal."""

    settings: Settings
    store: Store
    scope: Scope
    journal: Journal
    report: Report = lambda step, share: None

    def log(self, action: str, what: Facts) -> None:
        """A line in the audit log."""
        audit.log(self.store, action, self.scope.user, what)

    @property
    def backups(self) -> Path:
        """Where backups lie."""
        return keeping.backups_of(self.settings)


def take(run: Run) -> Facts:
    """Read each file of the inbox: kept, or moved aside with its reasons."""
    folder = run.settings.weekly.inbox
    if folder is None:
        return {"inbox": ""}
    facts: Facts = {"kept": 0, "refused": [], "rows": 0, "set_aside": 0}
    for one in inbox.waiting(folder):
        try:
            made = _read(run, one)
            summary = run.store.ingest(made, by=run.scope.user)
        except DataError as refused:
            why = "\n".join(of_data.tell_problem(refused, lang, named=True) for lang in LANGUAGES)
            inbox.put_away(folder, one, kept=False, why=why)
            facts["refused"].append(refused.key or "faults")
            continue
        inbox.put_away(folder, one, kept=True)
        for part in (summary, *summary.also):
            run.log("import", {"import": part.import_id, "rows": part.n_read})
            facts["rows"] += part.n_read
            facts["set_aside"] += part.n_set_aside
        facts["kept"] += 1
    if strange := inbox.strangers(folder):
        facts["folders_unknown"] = len(strange)
    return facts


def _read(run: Run, one: inbox.Arrived) -> Any:
    """A file as it would be kept, read in a process apart beside the effort that is kept."""
    size = one.path.stat().st_size
    if size > inbox.MOST_BYTES:
        most = inbox.MOST_BYTES // 1_000_000
        raise DataError(
            f"{one.path.name}: the file is larger than {most} MB; split it first",
            key="inbox_large", where=one.path.name, most=most,
        )  # fmt: skip
    made = apart.run(
        reading.read_upload, run.settings.area, one.path.name, one.read(), one.source, (),
        reading.UNPACKED_BYTES,
    )  # fmt: skip
    return made.with_receivers(run.store.recorded_effort(), False)


def link(run: Run) -> Facts:
    """Find records of two agencies that tell of one event."""
    events = steps.join_twins(run.store)
    pairs = run.store.links()
    return {"records": len(events), "pairs": len(pairs)}


def assess(run: Run) -> Facts:
    """Write an assessment of the current data."""
    ground = opened.ground_of(run.settings.area)
    begun = list(STEPS).index("assess")
    name = steps.assess(
        run.settings, run.store, ground,
        lambda _, share: run.report("assess", (begun + share) / len(STEPS)),
    )  # fmt: skip
    run.log("assess", {"assessment": name})
    meta, _ = run.store.assessment(name, only=[])
    return {"assessment": name, "cutoff": meta["cutoff"], "model": meta["chosen_model"]}


def draft(run: Run) -> Facts:
    """Draft a plan of the week ahead for a person to edit and approve."""
    ground = opened.ground_of(run.settings.area)
    day = calendar.week_ahead(calendar.today(run.settings.area.time_zone))
    name = patrol.make(run.settings, run.store, ground, run.scope.user, day)
    return {"plan": name, "first_day": f"{day:%Y-%m-%d}"}


def brief(run: Run) -> Facts:
    """Write the brief of the whole area in every language, beside the journal."""
    seen = view.kept(run.store.newest_assessment(), run.settings, run.scope)
    first = Selection.default(seen.options)
    papers = Papers(seen, run.log)
    names = []
    for lang in LANGUAGES:
        chosen = replace(first, lang=lang)
        name = papers.name(f"brief_{lang}", ".pdf", chosen)
        run.journal.keep_paper(name, papers.sheet(chosen))
        names.append(name)
    return {"files": names}


def prune(run: Run) -> Facts:
    """Let go of what the settings keep no longer."""
    gone = keeping.prune(run.settings, run.store, run.scope.user, coming_backups=1)
    return {one.table: one.n for one in gone if one.n}


def back_up(run: Run) -> Facts:
    """Write the whole store to one file that only the deployment's key opens."""
    now = pd.Timestamp.now("UTC")
    path = run.backups / f"kalbar-risk-{now:%Y%m%dT%H%M%SZ}{keeping.SUFFIX}"
    kept = keeping.back_up(run.settings, run.store, path)
    rows = sum(kept.rows.values())
    run.log("backup", {"rows": rows, "sealed": kept.sealed})
    made = {"new_key": str(kept.new_key)} if kept.new_key else {}
    return {"file": path.name, "rows": rows, "bytes": path.stat().st_size, **made}


def verify(run: Run) -> Facts:
    """Restore the newest backup into a store aside, and compare it with this one."""
    path = backups_in(run.backups)[-1]
    with tempfile.TemporaryDirectory(dir=run.store.folder, prefix=".verify-") as aside:
        twin = Store(f"sqlite:///{aside}/records.db", aside)
        twin.restore(path, keeping.keys(run.settings, path))
        wrong = [sentence_of(one) for one in audit.verify(twin)]
        if twin.data_version() != run.store.data_version():
            wrong.append("data version")
        if run.journal.steps.get("assess") and (
            twin.newest_assessment() != run.store.newest_assessment()
        ):
            wrong.append("newest assessment")
        twin.db.engine.dispose()
    if wrong:
        raise DataError(
            f"{path.name} is not what is in the store: {', '.join(wrong)}",
            key="backup_differs", where=path.name, names=wrong,
        )  # fmt: skip
    run.log("backup", {"verified": path.name})
    return {"file": path.name}


#: the steps in their order, each with what it does and the steps without which it cannot be done
STEPS: dict[str, tuple[Callable[[Run], Facts], tuple[str, ...]]] = {
    "take": (take, ()),
    "link": (link, ()),
    "assess": (assess, ("link",)),
    "plan": (draft, ("assess",)),
    "brief": (brief, ("assess",)),
    "prune": (prune, ()),
    "backup": (back_up, ()),
    "verify": (verify, ("backup",)),
}


def run_week(
    settings: Settings,
    store: Store,
    scope: Scope,
    again: bool = False,
    report: Report = lambda step, share: None,
) -> list[Step]:
    """Do what is left of this week's work; gives every step as it went.

    Parameters
    ----------
    settings : of the program
    store : of the records
    scope : who runs it; he sees the whole area
    again : do all of it anew, also what is done
    report : told the step and the share that is done, 0 to 1

    Raises
    ------
    DataError
        If a run is under way, or the week's journal cannot be read.
    """
    week = calendar.monday(calendar.today(settings.area.time_zone))
    with journal.alone(store.folder):
        run = Run(settings, store, scope, Journal(store.folder, week), report)
        if again:
            run.journal.forget(list(STEPS))
        for n, name in enumerate(STEPS):
            report(name, n / len(STEPS))
            step = _do(run, name)
            if name == "take" and step.facts.get("kept"):
                run.journal.forget([one for one in STEPS if one != "take"])
        report("done", 1.0)
        return [run.journal.steps[name] for name in STEPS]


def _do(run: Run, name: str) -> Step:
    """One step, unless it is done: how it went, kept in the journal."""
    before = run.journal.steps.get(name)
    if before is not None and before.state == "done" and name != "take":
        return before
    act, needs = STEPS[name]
    at, begun = pd.Timestamp.now("UTC").isoformat(timespec="seconds"), time.monotonic()
    missing = [one for one in needs if run.journal.steps[one].state != "done"]
    if missing:
        step = Step(name, "skipped", at, why={"needs": missing})
    else:
        step = _tried(act, run, name, at, begun)
    run.journal.put(step)
    return step


def _tried(act: Callable[[Run], Facts], run: Run, name: str, at: str, begun: float) -> Step:
    """A step that was tried: its facts, or why it failed."""
    facts: Facts = {}
    why: Facts = {}
    try:
        facts = act(run)
    except DataError as refused:
        why = {"key": refused.key, "values": refused.values}
    except Exception as problem:  # of any kind: the other steps go on, and its number is told
        why = {"number": faults.note(problem, f"weekly {name}").number}
    seconds = round(time.monotonic() - begun, 2)
    return Step(name, "failed" if why else "done", at, seconds, facts, why)
