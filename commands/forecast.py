"""kalbar-risk assess, backtest: what to expect, and how good that would have been before."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from commands.voice import File, Json, asks, out, progress, show, tell, user
from data.store import audit
from joins import backtest as backtests
from joins import opened, steps
from settings import load_settings

app = typer.Typer()
STEPS = {
    "twins": "joining records of one event",
    "detection": "how looking turns events into records",
    "memory": "what was known before each week",
    "baselines": "the simple rivals",
    "horizon": "forecasting past dates, then the weeks ahead",
    "done": "done",
}


@app.command(epilog="Example: kalbar-risk assess")
@asks("assess")
def assess(json: Json = False) -> None:
    """Write an assessment of the current data: risk, reasons, proof."""
    settings = load_settings()
    store = opened.open_store(settings)
    with progress("assessing", STEPS) as report:
        name = steps.assess(settings, store, opened.lay_ground(settings.area), report)
    audit.log(store, "assess", user(), {"assessment": name})
    meta, _ = store.assessment(name, only=["scores"])
    facts = {key: meta[key] for key in ("cutoff", "chosen_model", "best_baseline", "totals")}
    tell({"assessment": name, **facts, "left_out": meta["left_out"]}, json)
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
    with progress("forecasting past periods", STEPS) as report_step:
        result = backtests.run(
            file,
            resolution,
            rings,
            periods,
            days,
            report_step,
            cells,
            effort=effort,
            districts=districts,
        )
    if report:
        backtests.write(result, report)
    if json:
        tell(result.facts, json)
    else:
        out.print(backtests.as_table(result))
        if report:
            out.print(f"report: {report / 'report.html'}")


def _show_scores(summary: pd.DataFrame) -> None:
    shown = summary[["model", "horizon_weeks", "ig", "ig_corrected", "hit05", "calibration"]]
    show(shown.round(3))
