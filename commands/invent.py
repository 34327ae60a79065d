"""kalbar-risk simulate: an invented world to try everything on; DATA SINTETIS."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from commands.forecast import STEPS
from commands.voice import Json, busy, progress, tell
from data.store.records import Store
from data.worlds import seasons
from geo import calendar
from joins import opened, steps
from joins.reading import read_records
from settings import Settings, load_settings

app = typer.Typer()


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


def prepare(settings: Settings, store: Store) -> None:
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
        monday = calendar.monday(calendar.today(load_settings().area.time_zone))
        start = f"{monday - pd.Timedelta(weeks=weeks):%Y-%m-%d}"
    return seasons.simulate(ground.cells, ground.posts, seed, start, weeks)
