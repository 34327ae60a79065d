"""kalbar-risk override: contest a score, withdraw the word again, list what is contested."""

import json as json_text
from typing import Annotated

import pandas as pd
import typer

from commands.voice import Json, asks, here, show, tell
from data.errors import DataError
from joins import opened
from joins.desks import analyst, view
from settings import load_settings
from ui.words import clock

app = typer.Typer()
Reason = Annotated[str, typer.Option(help="Why; about the place, never about a person.")]
LISTED = ["override_id", "kind", "target", "value", "reason", "by", "at", "expires_at"]


@app.command(
    epilog='Example: kalbar-risk override add 876526ac0ffffff --value low --reason "jalur longsor"'
)
@asks("contest")
def add(
    cell: Annotated[str, typer.Argument(help="H3 cell of the newest assessment.")],
    value: Annotated[
        str, typer.Option(help="very_low, low, medium, high, very_high; or doubted.")
    ] = "doubted",
    reason: Reason = "",
    until: Annotated[str, typer.Option(help="Last day; four weeks from now if left out.")] = "",
    sector: Annotated[bool, typer.Option(help="The whole sector that holds the cell.")] = False,
    json: Json = False,
) -> None:
    """Put an analyst's word beside the score of a cell or sector."""
    today = clock.today()
    end = _day(until) if until else today + pd.Timedelta(weeks=4)
    kind = "sector" if sector else "cell"
    name = _voice().add(kind, cell, value, reason, end)
    facts = {"override": name, "kind": kind, "target": cell, "value": value, "until": f"{end:%F}"}
    tell(facts, json)


@app.command(epilog='Example: kalbar-risk override withdraw 3 --reason "jalur dibuka lagi"')
@asks("withdraw_contest")
def withdraw(
    override_id: Annotated[str, typer.Argument(help="Number of the override, see list.")],
    reason: Reason = "",
    json: Json = False,
) -> None:
    """End an override before its time."""
    _voice().withdraw(override_id, reason)
    tell({"override": override_id, "done": "withdrawn"}, json)


@app.command("list", epilog="Example: kalbar-risk override list --all --json")
@asks("see")
def list_overrides(
    every: Annotated[bool, typer.Option("--all", help="Ended and withdrawn ones too.")] = False,
    json: Json = False,
) -> None:
    """The overrides in force, the newest first."""
    table = opened.open_store(load_settings()).overrides(history=every)
    if json:
        rows = json_text.loads(table.to_json(orient="records", date_format="iso"))
        tell({"overrides": rows}, json)
        return
    names = LISTED + (["withdrawn_by", "withdrawn_reason"] if every else [])
    show(table[names])


def _voice() -> analyst.Voice:
    settings = load_settings()
    opened.open_store(settings)
    seen = view.read(view.newest(settings), settings, here())
    return analyst.Voice(settings, seen, here())


def _day(text: str) -> pd.Timestamp:
    try:
        return pd.Timestamp(text).tz_localize(None).normalize()
    except ValueError:
        what = f"--until is a date such as 2026-12-20, got {text!r}"
        raise DataError(what, key="option_date", name="--until", given=text) from None
