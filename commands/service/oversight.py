"""kalbar-risk audit and admin: read and check the audit log; look after users, tokens, sessions."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from commands.voice import Json, asks, here, out, quiet, show, tell
from data.errors import DataError
from data.findings import sentence_of
from data.store.audit import Asked
from joins.desks.administrator import Administrator
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
        shown = lines.assign(at=lines["at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
        tell({"matched": every, "lines": shown.to_dict("records")}, json)
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


@app.command(epilog="Example: kalbar-risk admin users")
@asks("administer")
def users(json: Json = False) -> None:
    """Who has which rights, until when, and who is locked out by a fault in his table."""
    table = Administrator(load_settings(), here()).users()
    table["fault"] = [sentence_of(one) if one else "" for one in table["fault"]]
    _table("users", table, json)


@app.command(epilog="Example: kalbar-risk admin tokens")
@asks("administer")
def tokens(json: Json = False) -> None:
    """Every token with its end, its last use, and whether it was revoked."""
    _table("tokens", Administrator(load_settings(), here()).tokens(), json)


@app.command(epilog='Example: kalbar-risk admin revoke danramil_entikong "QGIS di pos"')
@asks("end_access")
def revoke(
    who: Annotated[str, typer.Argument(help="Whose token, see admin tokens.")],
    name: Annotated[str, typer.Argument(help="Name of the token, or its number.")],
) -> None:
    """Let a token open nothing from now on; the file of users stays as it is."""
    Administrator(load_settings(), here()).revoke(who, name)
    out.print(f"token {name!r} of {who} opens nothing any more", highlight=False)


@app.command(epilog="Example: kalbar-risk admin sign-out danramil_entikong")
@asks("end_access")
def sign_out(who: Annotated[str, typer.Argument(help="Name in the file of users.")]) -> None:
    """End the sessions of a person on every machine."""
    Administrator(load_settings(), here()).end_sessions(who)
    out.print(f"the sessions of {who} are over", highlight=False)


@app.command(epilog="Example: kalbar-risk admin health --json")
@asks("administer")
def health(json: Json = False) -> None:
    """Age of assessment, deliveries and backups; damaged files; the disk."""
    found = Administrator(load_settings(), here()).health()
    tell(
        {
            "assessed_at": _at(found.assessed),
            "damaged_assessments": found.damaged,
            "delivered_at": [f"{name} {_at(at)}" for name, at in found.delivered.items()],
            "backed_up_at": _at(found.backed_up),
            "backups": found.backups,
            "disk_free_bytes": found.free,
            "disk_bytes": found.size,
            "audit_log_anchored": found.anchored,
        },
        json,
    )


def _table(name: str, table: pd.DataFrame, json: bool) -> None:
    """A table of moments and texts, to read or for a script."""
    for column in table.select_dtypes(include=["datetime", "datetimetz"]):
        table[column] = [_at(one) for one in table[column]]
    if json:
        tell({name: table.to_dict("records")}, json)
    else:
        show(table)


def _at(moment: pd.Timestamp | None) -> str:
    return "" if moment is None or pd.isna(moment) else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


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
