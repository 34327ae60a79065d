"""kalbar-risk export: a table of the newest assessment to take away."""

from pathlib import Path
from typing import Annotated

import typer

from commands.voice import Json, asks, tell, user
from data.store import audit
from joins import opened
from joins.desks import export as exports
from settings import load_settings

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
