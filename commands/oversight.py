"""kalbar-risk audit: read the audit log, take it away, check its chain, write down its head."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from commands.voice import Json, asks, here, out, quiet, show, tell
from data.errors import DataError
from data.findings import sentence_of
from data.store.audit import Asked
from joins.desks.auditor import Auditor
from settings import load_settings

app = typer.Typer()
Action = Annotated[str, typer.Option(help="One action, such as denied, sign_in, export, restore.")]
Who = Annotated[str | None, typer.Option("--user", help='One name; "" for nobody who is known.')]
Since = Annotated[str, typer.Option("--from", help="First day, such as 2026-11-01.")]
Until = Annotated[str, typer.Option("--to", help="Last day.")]
Text = Annotated[str, typer.Option(help="What a line must hold.")]


@app.command(epilog="Example: kalbar-risk audit read --action denied --from 2026-11-01")
@asks("read_audit")
def read(
    action: Action = "",
    who: Who = None,
    since: Since = "",
    until: Until = "",
    text: Text = "",
    last: Annotated[int, typer.Option(min=1, help="How many lines, the newest first.")] = 50,
    json: Json = False,
) -> None:
    """The lines of the audit log, newest first."""
    desk, asked = _asked(action, who, since, until, text)
    lines, every = desk.lines(asked, last), desk.count(asked)
    if json:
        told = lines.assign(at=lines["at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
        tell({"matched": every, "lines": told.to_dict("records")}, json)
        return
    show(lines.assign(at=lines["at"].dt.strftime("%Y-%m-%d %H:%M:%S")).drop(columns="hash"))
    if every > len(lines):
        out.print(f"last {len(lines)} of {every} lines; all: kalbar-risk audit export FILE")


@app.command(epilog="Example: kalbar-risk audit export catatan.csv --from 2026-11-01")
@asks("take_audit")
def export(
    file: Annotated[Path, typer.Argument(help="CSV or JSONL to write.")],
    action: Action = "",
    who: Who = None,
    since: Since = "",
    until: Until = "",
    text: Text = "",
    json: Json = False,
) -> None:
    """Write the lines to a file, the oldest first, each with its hash."""
    desk, asked = _asked(action, who, since, until, text)
    content = desk.export(asked, file.suffix.lower())
    file.write_bytes(content)
    tell({"file": str(file), "bytes": len(content)}, json)


@app.command(epilog="Example: kalbar-risk audit verify --anchors anchors.log --key anchor.pub")
@asks("read_audit")
def verify(
    anchors: Annotated[
        Path | None, typer.Option(help="File of anchors, or of a system's log that holds some.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Public key (PEM) of the anchors.")] = None,
    json: Json = False,
) -> None:
    """Check that no line was changed, lost or cut off; exit code 1 if one was."""
    found = Auditor(load_settings(), here()).verify(anchors, key)
    facts: dict[str, object] = {
        "lines": found.lines,
        "anchors": found.anchors,
        "anchored_at": "" if found.anchored is None else f"{found.anchored:%Y-%m-%dT%H:%M:%SZ}",
        "faults": [sentence_of(one) for one in found.faults],
    }
    tell(facts if json or found.faults else facts | {"faults": "none"}, json)
    if not found.anchors and not json:
        quiet.print(
            "without anchors a cut tail leaves no trace: see [audit] anchor", highlight=False
        )
    if found.faults:
        raise typer.Exit(1)


@app.command(epilog="Example: kalbar-risk audit anchor")
@asks("anchor_audit")
def anchor(
    only: Annotated[
        bool, typer.Option("--print", help="Only print the signed line; send it nowhere.")
    ] = False,
) -> None:
    """Write the head of the log, signed, to the place that the settings name."""
    print(Auditor(load_settings(), here()).anchor(send=not only))


def _asked(
    action: str, who: str | None, since: str, until: str, text: str
) -> tuple[Auditor, Asked]:
    """The desk, and which lines are meant."""
    desk = Auditor(load_settings(), here())
    first, last = _day("--from", since), _day("--to", until)
    return desk, desk.asked(action, who, first, last, text)


def _day(name: str, text: str) -> pd.Timestamp | None:
    """The day of an option, None if it was left out."""
    if not text:
        return None
    try:
        return pd.Timestamp(text).tz_localize(None).normalize()
    except ValueError:
        what = f"{name} is a date such as 2026-12-20, got {text!r}"
        raise DataError(what, key="option_date", name=name, given=text) from None
