"""kalbar-risk weekly: the week's work in one go, and how the last one went."""

from typing import Annotated, Any

import pandas as pd
import typer

from commands.voice import Json, asks, here, out, progress, tell
from data.service import journal
from data.service.journal import Step
from joins import opened
from joins.service import notices
from joins.service import weekly as work
from settings import load_settings
from ui.words.of_data import tell_found

app = typer.Typer()
WORDS = {
    "take": "taking the files that arrived",
    "link": "finding records of one event",
    "assess": "assessing",
    "plan": "drafting the patrol plan",
    "brief": "writing the brief",
    "prune": "letting go of what is old",
    "backup": "backing up",
    "verify": "restoring the backup aside",
    "done": "done",
}


@app.command(epilog="Example: kalbar-risk weekly")
@asks("keep_store")
def weekly(
    again: Annotated[bool, typer.Option("--again", help="Do all steps anew.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Tell how the last run went.")] = False,
    json: Json = False,
) -> None:
    """Take what arrived, link, assess, draft a plan, write the brief, prune, back up, verify."""
    settings = load_settings()
    store = opened.open_store(settings)
    if show:
        last = journal.last(store.folder)
        steps = [] if last is None else list(last.steps.values())
    else:
        with progress("weekly", WORDS) as report:
            steps = work.run_week(settings, store, here(), again, report)
    if json:
        tell({"steps": [vars(step) for step in steps]}, json)
    else:
        for step in steps:
            out.print(f"{step.state:<8} {step.name:<7} {step.seconds:8.1f} s  {_told(step)}",
                      soft_wrap=True, highlight=False)  # fmt: skip
    if any(step.state == "failed" for step in steps):
        raise typer.Exit(1)


@app.command(epilog="Example: kalbar-risk notify")
@asks("keep_store")
def notify(json: Json = False) -> None:
    """Tell people and programs what they were not told yet; the dashboard does so each minute."""
    settings = load_settings()
    n = notices.tell(settings, opened.open_store(settings), pd.Timestamp.now("UTC"))
    tell({"messages": n}, json)


def _told(step: Step) -> str:
    """What a step did, or why it did not, in one line."""
    if step.state == "skipped":
        return f"needs {', '.join(step.why['needs'])}"
    if "number" in step.why:
        return f"a fault of the program, number {step.why['number']}; see faults.log"
    if step.why:
        key, values = step.why["key"], step.why["values"]
        return tell_found(key, values, "en") or str(key)
    return ", ".join(f"{name} {_plain(value)}" for name, value in step.facts.items())


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
