"""kalbar-risk check, ingest, crosswalk: files of agencies on their way into the store."""

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.voice import File, Json, asks, busy, out, quiet, show, tell, user
from data.intake.draft import draft
from data.intake.reading import Reading
from data.store import audit
from data.store.records import ImportSummary, Store
from joins import opened, steps
from joins.reading import read_records
from settings import load_settings
from ui.words import of_data

app = typer.Typer()
Source = Annotated[
    str | None, typer.Option("--source", help="Crosswalk, e.g. polda; recognised if left out.")
]
Places = Annotated[
    list[str] | None,
    typer.Option("--place", help="A column that holds places: no name in it is a person's."),
]
Each = Annotated[
    bool,
    typer.Option("--each", help="Count every receiver; else several of one patrol count once."),
]
Sheet = Annotated[str | None, typer.Option("--sheet", help="One sheet of a workbook.")]


def _read(
    file: Path,
    ground: opened.Ground,
    store: Store,
    source: str | None,
    sheet: str | None,
    place: list[str] | None,
    each: bool,
) -> Reading:
    """A file as it would be kept, beside the effort that is kept already."""
    reading = read_records(file, ground, source, sheet, tuple(place or ()))
    return reading.with_receivers(store.recorded_effort(), each)


@app.command(epilog="Example: kalbar-risk check data_polda.xlsx --source polda")
@asks("import_file")
def check(
    file: File,
    source: Source = None,
    sheet: Sheet = None,
    place: Places = None,
    each: Each = False,
    json: Json = False,
) -> None:
    """Read a file and say what would be kept and what set aside; nothing of it is stored."""
    settings = load_settings()
    ground, store = opened.lay_ground(settings.area), opened.open_store(settings)
    with busy(f"reading {file.name}"):
        reading = _read(file, ground, store, source, sheet, place, each)
    if json:
        tell(_about(reading), json)
    else:
        _show(reading)
    if any(len(part.set_aside) for part in reading.parts):
        raise typer.Exit(1)


@app.command(epilog="Example: kalbar-risk ingest patroli.gpx")
@asks("keep_file")
def ingest(
    files: Annotated[list[Path], typer.Argument(help="Files of records or effort.")],
    source: Source = None,
    sheet: Sheet = None,
    place: Places = None,
    each: Each = False,
    json: Json = False,
) -> None:
    """Keep files of records or effort: each of them wholly or not at all."""
    settings = load_settings()
    ground, store = opened.lay_ground(settings.area), opened.open_store(settings)
    done = []
    for file in files:
        with busy(f"reading {file.name}"):
            reading = _read(file, ground, store, source, sheet, place, each)
            summary = store.ingest(reading, by=user())
        for one in (summary, *summary.also):
            audit.log(store, "import", user(), {"import": one.import_id, "rows": one.n_read})
        done.append(_about(reading, summary))
        if not json:
            _show(reading, summary)
    if json:
        tell({"imports": done}, json)


@app.command(epilog="Example: kalbar-risk crosswalk file_baru.xlsx > data/sources/instansi.toml")
@asks("draft_crosswalk")
def crosswalk(file: File, sheet: Sheet = None) -> None:
    """Draft a crosswalk for a new agency's file; what could not be placed goes to stderr."""
    text, unplaced = draft(file, sheet)
    print(text)
    for item in unplaced:
        line = of_data.tell(item, "en")
        quiet.print(f"- {line}", style="yellow")


def _about(reading: Reading, summary: ImportSummary | None = None) -> dict[str, Any]:
    """The facts of a reading and of its import; `also` holds those of the other kind, if any."""
    facts = {
        "source": reading.source_name,
        "kind": reading.kind,
        "read": reading.n_read,
        "kept": len(reading.kept),
        "set_aside": len(reading.set_aside),
        "without_place": reading.n_without_place,
        "minutes_together": round(reading.together.minutes, 1),
        "synthetic": bool(reading.synthetic),
        "notes": [of_data.tell(note, "en") for note in reading.notes],
        "unknown_words": reading.unknown_words.to_dict("records"),
    }
    if summary is not None:
        facts |= {key: value for key, value in steps.told(summary).items() if key != "also"}
    if reading.also is not None:
        facts["also"] = _about(reading.also, summary.also[0] if summary else None)
    return facts


def _show(reading: Reading, summary: ImportSummary | None = None) -> None:
    """A reading and its import in lines, kind by kind, each with its reasons."""
    facts = _about(reading, summary)
    for part in reading.parts:
        more = facts.pop("also", {})
        tell(facts, as_json=False)
        _show_reasons(part)
        facts = more


def _show_reasons(reading: Reading) -> None:
    if reading.set_aside.empty:
        return
    shown = reading.set_aside[["source_sheet", "source_line", "reasons"]].astype(str)
    reasons = [of_data.tell_keyed(text, "en") for text in shown["reasons"]]
    show(shown.assign(reasons=reasons).head(20))
    if len(shown) > 20:
        out.print(f"... and {len(shown) - 20} more rows set aside")
