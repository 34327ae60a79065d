"""kalbar-risk export, card: what a person takes away from the newest assessment."""

from pathlib import Path
from typing import Annotated

import typer

from commands.voice import Json, asks, out, tell, user
from data.errors import DataError
from data.gate import access
from data.store import audit
from joins import opened
from joins.desks import export as exports
from joins.desks import papers
from joins.desks import view as shown
from settings import load_settings
from ui.selection import LANGUAGES, Selection

app = typer.Typer()


@app.command(epilog="Example: kalbar-risk export hotspots titik_rawan.geojson --horizon 4")
@asks("take")
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
@asks("take")
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
