"""kalbar-risk: the same steps as the dashboard, one command each.

Exit codes: 0 done · 1 the data or the settings are at fault, told in one message · 2 wrong usage.
"""

import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from commands.data import app as data_app
from commands.override import app as override_app
from commands.plan import app as plan_app
from commands.voice import Json, busy, out, progress, quiet, show, tell, user
from data.errors import DataError
from data.findings import plain_reason, split_reasons
from data.gate import access
from data.intake.draft import draft
from data.intake.reading import Reading
from data.personal.said import Said
from data.store import audit
from data.store.records import ImportSummary, Store
from data.worlds import seasons
from geo import calendar
from joins import backtest as backtests
from joins import opened, steps
from joins.desks import export as exports
from joins.desks import papers
from joins.desks import view as shown
from joins.reading import read_records
from settings import Settings, load_settings
from ui.selection import LANGUAGES, Selection

HERE = Path(__file__).resolve().parent
LAST_IMPORTS = 20
app = typer.Typer(
    help="Titik rawan perlintasan di perbatasan Kalbar - Sarawak: data, penilaian, peta.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        out.print(f"kalbar-risk {version('kalbar-risk')}", highlight=False)
        raise typer.Exit


@app.callback()
def _options(
    show: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """What holds for all commands."""


app.add_typer(plan_app, name="plan")
app.add_typer(override_app, name="override")
app.add_typer(data_app)

File = Annotated[Path, typer.Argument(help="File of records or effort.", show_default=False)]
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
STEPS = {
    "twins": "joining records of one event",
    "detection": "how looking turns events into records",
    "memory": "what was known before each week",
    "baselines": "the simple rivals",
    "horizon": "forecasting past dates, then the weeks ahead",
    "done": "done",
}


@app.command("simulate", epilog="Example: kalbar-risk simulate build/demo --seed 1")
def simulate_world(
    folder: Annotated[Path, typer.Argument(help="Where the invented files go.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same world.")] = 1,
    weeks: Annotated[int, typer.Option(min=60, max=520, help="Length of the history.")] = 156,
    start: Annotated[
        str, typer.Option(help="A Monday; by default the history ends last week.")
    ] = "",
    json: Json = False,
) -> None:
    """Invent seasons of events, effort and tracks on the real ground: DATA SINTETIS."""
    settings = load_settings()
    with busy("inventing seasons"):
        ground = opened.lay_ground(settings.area)
        world = _simulated(ground, seed, weeks, start)
        files = seasons.write(world, folder)
    tell(
        {
            "folder": str(folder),
            "label": seasons.LABEL,
            "files": len(files),
            "events": len(world.events),
            "effort_rows": len(world.effort),
        },
        json,
    )


@app.command(epilog="Example: kalbar-risk check data_polda.xlsx --source polda")
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
        reading = read_records(file, ground, source, sheet, tuple(place or ()))
        reading = reading.with_receivers(store.recorded_effort(), each)
    if json:
        tell(_about(reading), json)
    else:
        _show(reading)
    if any(len(part.set_aside) for part in reading.parts):
        raise typer.Exit(1)


@app.command(epilog="Example: kalbar-risk ingest patroli.gpx")
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
            reading = read_records(file, ground, source, sheet, tuple(place or ()))
            reading = reading.with_receivers(store.recorded_effort(), each)
            summary = store.ingest(reading, by=user())
        for one in (summary, *summary.also):
            audit.log(store, "import", user(), {"import": one.import_id, "rows": one.n_read})
        done.append(_about(reading, summary))
        if not json:
            _show(reading, summary)
    if json:
        tell({"imports": done}, json)


@app.command(epilog="Example: kalbar-risk assess")
def assess(json: Json = False) -> None:
    """Write an assessment of the current data: risk, reasons, proof."""
    settings = load_settings()
    store = opened.open_store(settings)
    with progress("assessing", STEPS) as report:
        name = steps.assess(settings, store, opened.lay_ground(settings.area), report)
    audit.log(store, "assess", user(), {"assessment": name})
    meta, _ = store.assessment(name, only=["scores"])
    told = {key: meta[key] for key in ("cutoff", "chosen_model", "best_baseline", "totals")}
    tell({"assessment": name, **told, "left_out": meta["left_out"]}, json)
    if not json:
        _show_scores(pd.DataFrame(meta["summary"]))


@app.command(epilog="Example: kalbar-risk backtest events.csv.gz --resolution 9 --rings 2")
def backtest(
    file: File,
    resolution: Annotated[
        int | None, typer.Option(min=0, max=12, help="H3 resolution; else the settings'.")
    ] = None,
    rings: Annotated[
        int | None,
        typer.Option(min=0, help="Cells within so many rings of one ever hit; else the area's."),
    ] = None,
    periods: Annotated[int, typer.Option(min=1, help="Past periods to forecast.")] = 13,
    days: Annotated[int, typer.Option(min=1, help="Length of a period.")] = 28,
    effort: Annotated[
        Path | None, typer.Option(help="File of effort: corrected scores beside the raw ones.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Folder for report.html, .md, .json and the plots.")
    ] = None,
    json: Json = False,
) -> None:
    """Forecast past periods of any events from earlier ones, beside every baseline."""
    area = load_settings().area
    resolution = area.resolution if resolution is None else resolution
    cells = districts = None
    if rings is None:
        ground = opened.lay_ground(replace(area, cells=None, resolution=resolution))
        cells, districts = ground.grid, opened.district_names(ground)
    with progress("forecasting past periods", STEPS) as told:
        result = backtests.run(
            file, resolution, rings, periods, days, told, cells, effort=effort, districts=districts
        )
    if report:
        backtests.write(result, report)
    if json:
        tell(result.facts, json)
    else:
        out.print(backtests.as_table(result))
        if report:
            out.print(f"report: {report / 'report.html'}")


@app.command(epilog="Example: kalbar-risk export hotspots titik_rawan.geojson --horizon 4")
def export(
    what: Annotated[exports.What, typer.Argument(help="What to take away.")],
    file: Annotated[Path, typer.Argument(help="*.geojson, *.gpkg, *.parquet or *.csv")],
    horizon: Annotated[int | None, typer.Option(help="Weeks ahead; the first if left out.")] = None,
    group: Annotated[str, typer.Option(help="all, a direction or an event type.")] = "all",
    coverage: Annotated[float | None, typer.Option(help="Share of the area patrolled.")] = None,
    kabupaten: Annotated[str, typer.Option(help="Only this district, e.g. 61.03.")] = "",
    json: Json = False,
) -> None:
    """Write hotspots, sectors, cells or the panel, with versions and handling note inside."""
    settings = load_settings()
    store = opened.open_store(settings)
    rows = exports.write(settings, store, what, file, horizon, group, coverage, kabupaten)
    audit.log(store, "export", user(), {"what": what.value, "rows": rows})
    tell({"file": str(file), "what": what.value, "rows": rows}, json)


@app.command(epilog="Example: kalbar-risk card kartu_model.md --lang id")
def card(
    file: Annotated[Path | None, typer.Argument(help="*.md; printed if left out.")] = None,
    lang: Annotated[str, typer.Option(help="id or en.")] = "id",
) -> None:
    """The model card of the newest assessment: use, data, method, scores, limits, objections."""
    if lang not in LANGUAGES:
        raise DataError(f"--lang is one of {', '.join(LANGUAGES)}, got {lang!r}")
    settings = load_settings()
    store = opened.open_store(settings)
    seen = shown.read(shown.newest(settings), settings, access.LOCAL)
    made = papers.Papers(seen, lambda action, what: audit.log(store, action, user(), what))
    text = made.card(Selection(lang=lang))
    if file is None:
        print(text.decode(), end="")
        return
    file.write_bytes(text)
    out.print(f"file: {file}", highlight=False)


@app.command(epilog="Example: kalbar-risk crosswalk file_baru.xlsx > data/sources/instansi.toml")
def crosswalk(file: File, sheet: Sheet = None) -> None:
    """Draft a crosswalk for a new agency's file; what could not be placed goes to stderr."""
    text, unplaced = draft(file, sheet)
    print(text)
    for line in unplaced:
        quiet.print(f"- {line}", style="yellow")


@app.command(epilog="Example: kalbar-risk status --json")
def status(json: Json = False) -> None:
    """What the store holds: imports, data version, assessments."""
    settings = load_settings()
    store = opened.open_store(settings)
    imports, made = store.imports(), store.assessments()
    kept = imports[imports["undone_at"].isna()] if len(imports) else imports
    facts = {
        "data_version": store.data_version(),
        "imports": len(kept),
        "events": len(store.events()),
        "effort_rows": len(store.effort()),
        "set_aside": len(store.set_aside()),
        "assessments": len(made),
        "newest_assessment": str(made["id"].iloc[0]) if len(made) else "",
    }
    tell(facts, json)
    if not json and len(kept):
        names = {
            "import_id": "import",
            "at": "at (UTC)",
            "source": "source",
            "file_name": "file",
            "n_read": "read",
            "n_new": "new",
            "n_set_aside": "aside",
        }
        minute = pd.to_datetime(kept["at"], utc=True, format="mixed").dt.strftime("%Y-%m-%d %H:%M")
        last = kept.assign(at=minute)[list(names)].rename(columns=names).head(LAST_IMPORTS)
        show(last)
        if len(kept) > len(last):
            out.print(f"last {len(last)} of {len(kept)} imports; all: data page, import history")


@app.command(epilog='Example: kalbar-risk undo 3 --reason "berkas salah"')
def undo(
    import_id: Annotated[str, typer.Argument(help="Number of the import, see status.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the history.")],
) -> None:
    """Take an import out of every count; bringing the file again brings it back."""
    store = opened.open_store(load_settings())
    store.undo_import(import_id, Said(reason, "an undo"), by=user())
    audit.log(store, "undo", user(), {"import": import_id})
    out.print(f"import {import_id} undone; the next assessment leaves it out")


@app.command(epilog="Example: kalbar-risk backup cadangan.zip")
def backup(
    file: Annotated[Path, typer.Argument(help="Zip file to write.")], json: Json = False
) -> None:
    """Write records, log and assessments to one zip file."""
    store = opened.open_store(load_settings())
    rows = store.backup(file)
    audit.log(store, "backup", user(), {"rows": sum(rows.values())})
    tell({"file": str(file), "rows": rows}, json)


@app.command(epilog="Example: kalbar-risk restore cadangan.zip")
def restore(
    file: Annotated[Path, typer.Argument(help="Zip file to read.")], json: Json = False
) -> None:
    """Fill an empty store from a backup."""
    settings = load_settings()
    store = Store(settings.store.url, settings.store.folder)
    tell({"file": str(file), "rows": store.restore(file)}, json)


@app.command(epilog="Example: kalbar-risk serve --port 8501")
def serve(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    demo: Annotated[bool, typer.Option(help="Prepare invented data if there is none.")] = True,
) -> None:
    """Open the dashboard; the first time, prepare the embedded data (DATA SINTETIS)."""
    settings = load_settings()
    store = opened.open_store(settings)
    if demo and store.assessments().empty:
        _prepare(settings, store)
    out.print(f"Dasbor / dashboard: http://localhost:{port}   (Ctrl+C: berhenti / stop)")
    command = [sys.executable, "-m", "streamlit", "run", str(HERE / "serve.py")]
    done = subprocess.run([*command, "--server.port", str(port)], cwd=HERE, check=False)
    raise typer.Exit(0 if done.returncode in (0, 130, -2) else 1)


def _prepare(settings: Settings, store: Store) -> None:
    """Embedded data for a first look: simulate, ingest, assess. Only into an empty store."""
    ground = opened.lay_ground(settings.area)
    with progress(f"{seasons.LABEL}: preparing (once, about a minute)", STEPS) as report:
        if store.imports().empty:
            report("inventing seasons", 0.0)
            folder = settings.store.folder / "sintetis"
            seasons.write(_simulated(ground, seed=1, weeks=156, start=""), folder)
            files = sorted([*folder.glob("*.csv.gz"), *folder.glob("tracks/*.gpx")])
            for number, file in enumerate(files):
                report(f"reading {file.name}", 0.1 + 0.2 * number / len(files))
                source = "kanonik" if "_events_" in file.name else None
                store.ingest(read_records(file, ground, source), by="demo")
        steps.assess(settings, store, ground, lambda step, share: report(step, 0.3 + 0.7 * share))


def _simulated(ground: opened.Ground, seed: int, weeks: int, start: str) -> seasons.World:
    if not start:
        today = calendar.today(load_settings().area.time_zone)
        monday = today - pd.Timedelta(days=today.day_of_week)
        start = f"{monday - pd.Timedelta(weeks=weeks):%Y-%m-%d}"
    try:
        return seasons.simulate(ground.cells, ground.posts, seed, start, weeks)
    except ValueError as problem:
        raise DataError(str(problem)) from None


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
        "notes": [plain_reason(note) for note in reading.notes],
        "unknown_words": reading.unknown_words.to_dict("records"),
    }
    if summary is not None:
        facts |= {key: value for key, value in steps.told(summary).items() if key != "also"}
    if reading.also is not None:
        facts["also"] = _about(reading.also, summary.also[0] if summary else None)
    return facts


def _show(reading: Reading, summary: ImportSummary | None = None) -> None:
    """A reading and its import in lines, kind by kind, each with its reasons."""
    told = _about(reading, summary)
    while told:
        more = told.pop("also", None)
        tell(told, as_json=False)
        _show_reasons(reading)
        told, reading = more, reading.also


def _show_reasons(reading: Reading) -> None:
    if reading.set_aside.empty:
        return
    shown = reading.set_aside[["source_sheet", "source_line", "reasons"]].astype(str)
    told = ["; ".join(map(plain_reason, split_reasons(text))) for text in shown["reasons"]]
    show(shown.assign(reasons=told).head(20))
    if len(shown) > 20:
        out.print(f"... and {len(shown) - 20} more rows set aside")


def _show_scores(summary: pd.DataFrame) -> None:
    shown = summary[["model", "horizon_weeks", "ig", "ig_corrected", "hit05", "calibration"]]
    show(shown.round(3))


def main() -> None:
    """Run a command; a user's mistake is a sentence and exit code 1, never a traceback."""
    try:
        app()
    except DataError as problem:
        quiet.print(str(problem), style="red", highlight=False)
        raise SystemExit(1) from None
    except OSError as problem:
        quiet.print(f"{problem.strerror}: {problem.filename}", style="red")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
