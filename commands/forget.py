"""kalbar-risk forget: one record or one import out of every copy, with a proof."""

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.voice import Json, asks, out, tell, user
from data.personal.said import Said
from joins import forgetting, opened
from joins.forgetting import Report
from settings import Settings, load_settings

app = typer.Typer()
Proof = Annotated[
    Path | None, typer.Option(help="File to write the proof to; it names what was taken out.")
]


@app.command(epilog="Example: kalbar-risk forget record polda LP-40 --proof bukti.json")
@asks("erase")
def record(
    agency: Annotated[str, typer.Argument(help="Whose record it is.")],
    record_id: Annotated[str, typer.Argument(help="Its id there.")],
    proof: Proof = None,
    json: Json = False,
) -> None:
    """Delete one record with all its versions, and look for it everywhere."""
    settings = load_settings()
    store = opened.open_store(settings)
    report = forgetting.record(settings, store, agency, record_id, user())
    _tell(settings, report, proof, json)


@app.command("import", epilog='Example: kalbar-risk forget import 12 --reason "berkas keliru"')
@asks("erase")
def whole_import(
    import_id: Annotated[str, typer.Argument(help="Number of the import, see status.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the history.")],
    proof: Proof = None,
    json: Json = False,
) -> None:
    """Undo one import and delete all that it alone brought, and look for it everywhere."""
    settings = load_settings()
    store = opened.open_store(settings)
    said = Said(reason, "an erasure")
    report = forgetting.whole_import(settings, store, import_id, said, user())
    _tell(settings, report, proof, json)


@app.command(epilog="Example: kalbar-risk forget finish")
@asks("erase")
def finish(json: Json = False) -> None:
    """Delete assessments and backups from before the last erasure; newer ones must be there."""
    settings = load_settings()
    tell(forgetting.finish(settings, opened.open_store(settings), user()), json)


def _tell(settings: Settings, report: Report, proof: Path | None, json: bool) -> None:
    facts = report.facts()
    if proof is not None:
        forgetting.write_proof(proof, facts)
    if json:
        tell(facts, json)
    else:
        for line in _lines(facts):
            out.print(line, highlight=False, soft_wrap=True)
    if any(one["found"] for one in facts["searched"]):
        raise typer.Exit(1)


def _lines(facts: dict[str, Any]) -> list[str]:
    went = ", ".join(f"{name} {n}" for name, n in facts["went"].items() if n)
    lines = [f"{facts['what']}: deleted {went or 'nothing'}"]
    lines += [f"  {one['place']}: looked at {one['looked']}, found {one['found']}"
              for one in facts["searched"]]  # fmt: skip
    for one in facts["backups"]:
        holds = {True: "holds it", False: "does not hold it", None: "cannot be opened"}
        ends = f", goes after {one['runs_left']} more weekly runs" if one["holds"] else ""
        lines.append(f"  backup {one['file']}: {holds[one['holds']]}{ends}")
    if facts["assessments"]:
        lines.append(f"  {facts['assessments']} assessments may have counted it: they hold no "
                     "record, but counts by place and week")  # fmt: skip
    if facts["assessments"] or any(one["holds"] is not False for one in facts["backups"]):
        lines.append("next: kalbar-risk weekly --again, then kalbar-risk forget finish")
    lines += [f"stays: {one}" for one in facts["stays"]]
    return lines
