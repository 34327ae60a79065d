"""kalbar-risk freshness, mend, erase, twins: the data steward's work without a screen."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from commands.voice import Json, asks, here, out, show, tell, user
from data import delay
from data.errors import DataError
from data.intake import mend
from data.store import audit, erasure
from joins import opened
from joins.desks import steward
from settings import load_settings
from ui.rows import each_row
from ui.words import clock

app = typer.Typer()
Pair = Annotated[list[str] | None, typer.Argument(help="The two event ids of a pair.")]


@app.command(epilog="Example: kalbar-risk freshness --json")
@asks("see")
def freshness(json: Json = False) -> None:
    """Per agency: last delivery, complete to, usual delay, and what is still to come."""
    settings = load_settings()
    store, zone = opened.open_store(settings), settings.area.time_zone
    now = pd.Timestamp.now("UTC")
    events = store.events()
    table = delay.freshness(events, now, zone)
    rows = []
    for row in table.to_dict("records"):
        own = events[events["source_agency"] == row["source_agency"]]
        weeks = steward.nowcast_at_delivery(own, now, zone)
        weeks = weeks[weeks["share"] < delay.COMPLETE]
        row["open_weeks"] = [
            {"week": f"{w.week:%Y-%m-%d}", "received": int(w.n_received),
             "expected": round(float(w.expected), 1), "lo": int(w.lo), "hi": int(w.hi)}
            for w in each_row(weeks)
        ]  # fmt: skip
        rows.append(row)
    if json:
        tell({"agencies": rows}, json)
        return
    if not rows:
        out.print("no records yet; bring a file with: kalbar-risk ingest FILE")
        return
    shown = []
    for row in rows:
        to_come = sum(w["expected"] - w["received"] for w in row["open_weeks"])
        end = row["complete_to"] + pd.Timedelta(days=6)
        shown.append(
            {
                "agency": row["source_agency"],
                "last received": f"{clock.local(row['last_received']):%Y-%m-%d}",
                "days": f"{row['days_since']:.0f}",
                "complete to": "-" if pd.isna(end) else f"{end:%Y-%m-%d}",
                "stale": "STALE" if row["stale"] else "",
                "delay": f"{row['delay_median_days']:.1f}",
                "to come": f"{to_come:.0f}",
            }
        )
    show(pd.DataFrame(shown))


@app.command("mend", epilog="Example: kalbar-risk mend perbaikan.xlsx --import 12")
@asks("mend")
def write_mend(
    file: Annotated[Path, typer.Argument(help="XLSX to write.")],
    import_id: Annotated[
        str | None, typer.Option("--import", help="Rows of one import; all open ones if left out.")
    ] = None,
    json: Json = False,
) -> None:
    """Write set-aside rows with their reasons to a workbook; mend it and ingest it again."""
    store = opened.open_store(load_settings())
    rows = store.set_aside(import_id)
    rows = rows[rows["mended_by"] == ""]
    if rows.empty:
        what = "no row is set aside that was not brought again already"
        raise DataError(what, key="nothing_aside")
    file.write_bytes(mend.write_workbook(rows))
    audit.log(store, "export", user(), {"what": "set_aside", "rows": len(rows)})
    tell({"file": str(file), "rows": len(rows)}, json)


@app.command(epilog="Example: kalbar-risk erase undo 3")
@asks("erase")
def erase(
    kind: Annotated[
        str, typer.Argument(help="undo, override, withdrawal, decision, plan or note.")
    ],
    names: Annotated[
        list[str],
        typer.Argument(
            help="Number of the import or override; two event ids; a plan and its version or order."
        ),
    ],
    json: Json = False,
) -> None:
    """Take one reason or note out for good that turned out to tell of a person."""
    store = opened.open_store(load_settings())
    n = erasure.erase_sentence(store, kind, names)
    # which one is told by its number; an event id may itself be what had to go
    line = {"what": kind, "places": n}
    if kind != "decision":
        line["name"] = names
    audit.log(store, "erase", user(), line)
    tell({"erased": kind, "places": n}, json)


@app.command(epilog="Example: kalbar-risk twins desa:D-01 polda:LP-40 --say same")
@asks("decide_twins")
def twins(
    pair: Pair = None,
    say: Annotated[str, typer.Option(help="same, different, or auto to take it back.")] = "",
    reason: Annotated[str, typer.Option(help="Why; kept with the decision.")] = "",
    search: Annotated[bool, typer.Option(help="Compare all records again first.")] = False,
    json: Json = False,
) -> None:
    """List pairs that may be one event, or say of a pair what it is."""
    desk = steward.Desk(load_settings(), here())
    outcomes = {"same": "link", "different": "unlink", "auto": "auto"}
    if pair or say:
        if pair is None or len(pair) != 2 or say not in outcomes:
            what = "name two event ids and --say same, different or auto"
            raise DataError(what, key="say_what")
        desk.decide((pair[0], pair[1]), outcomes[say], reason)
        tell({"pair": " ".join(pair), "said": say}, json)
        return
    if search or desk.twins_are_old():
        desk.find_twins()
    queue = desk.queue(desk.events())
    columns = ["event_id_a", "event_id_b", "prob", "why"]
    if json:
        tell({"review": queue[columns].to_dict("records")}, json)
        return
    show(queue[columns].assign(prob=queue["prob"].map("{:.2f}".format)))
    out.print(f"{len(queue)} pairs to review")
