"""kalbar-risk plan: make, list, approve, sign, export and compare the orders of a week."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from commands.voice import Json, asks, here, quiet, tell, user
from commands.voice import show as show_table
from data.errors import DataError
from data.personal.said import Said
from data.store import plans
from data.store.records import Store
from joins import opened, patrol
from joins.desks import view as shown
from joins.desks.planner import PlanDesk
from risk.plan.budget import share_of_bound
from settings import load_settings

app = typer.Typer()
PlanId = Annotated[str | None, typer.Option("--plan", help="Id of a plan; the newest if left out.")]
PlanInForce = Annotated[
    str | None,
    typer.Option("--plan", help="Id; if left out the plan in force, else the newest."),
]
Reason = Annotated[str, typer.Option(help="Why; kept in the history of the plan.")]


@app.command(epilog="Example: kalbar-risk plan make --week 2026-11-30 --seed 7")
@asks("make_plan")
def make(
    week: Annotated[str, typer.Option(help="A Monday; that of the map's week if left out.")] = "",
    roster: Annotated[Path | None, typer.Option(help="TOML or CSV of teams.")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed gives the same plan; 0: a new one.")
    ] = None,
    json: Json = False,
) -> None:
    """Make a plan of the newest assessment and keep it as a draft."""
    settings = load_settings()
    store, ground = opened.open_store(settings), opened.lay_ground(settings.area)
    with quiet.status("planning"):
        name = patrol.make(settings, store, ground, user(), _day(week), seed, roster)
    meta, frames = plans.read(store, name)
    _tell_plan(meta, frames, json)
    if not json:
        show_table(frames["rivals"].round(3))


@app.command(epilog="Example: kalbar-risk plan show")
@asks("see_plan")
def show(plan: PlanInForce = None, json: Json = False) -> None:
    """What a plan is worth: state, hours, and the budget from the bound to this plan."""
    store = opened.open_store(load_settings())
    meta, frames = plans.read(store, _chosen(store, plan))
    meta["in_force"] = plans.in_force(store, pd.Timestamp(meta["first_day"])) == meta["plan"]
    _tell_plan(meta, frames, json)


@app.command("list", epilog="Example: kalbar-risk plan list")
@asks("see_plan")
def list_plans(json: Json = False) -> None:
    """Every plan with its newest version and state."""
    table = plans.listing(opened.open_store(load_settings()))
    if json:
        tell({"plans": table.to_dict("records")}, json)
    else:
        show_table(table.head(20))


@app.command(epilog='Example: kalbar-risk plan approve --reason "dibahas 25 Nov"')
@asks("approve_plan")
def approve(reason: Reason = "", plan: PlanId = None, json: Json = False) -> None:
    """Approve the newest version as it stands; what is unusual about it needs a reason."""
    settings = load_settings()

    def approved(store: Store, name: str, newest: int, by: str, why: Said) -> int:
        return PlanDesk(settings, here()).approve(name, newest, reason)

    _move(approved, plan, reason, json)


@app.command(epilog="Example: kalbar-risk plan sign")
@asks("sign_plan")
def sign(reason: Reason = "", plan: PlanId = None, json: Json = False) -> None:
    """Sign an approved plan: closed, and in force in its week; one signed before is withdrawn."""
    _move(plans.sign, plan, reason, json)


@app.command(epilog='Example: kalbar-risk plan withdraw --reason "operasi dibatalkan"')
@asks("sign_plan")
def withdraw(reason: Reason = "", plan: PlanInForce = None, json: Json = False) -> None:
    """Take a signed plan back, with a reason; its week then has no plan in force."""
    _move(plans.withdraw, _chosen(opened.open_store(load_settings()), plan), reason, json)


@app.command(epilog='Example: kalbar-risk plan restore 2 --reason "regu sakit sudah kembali"')
@asks("edit_plan")
def restore(
    version: Annotated[int, typer.Argument(help="The version whose orders are wanted.")],
    reason: Reason = "",
    plan: PlanId = None,
    json: Json = False,
) -> None:
    """Go back to the orders of an earlier version, as a new version."""

    def back(store: Store, name: str, newest: int, by: str, why: Said) -> int:
        return plans.restore(store, name, newest, version, by, why)

    _move(back, plan, reason, json)


@app.command(epilog="Example: kalbar-risk plan export perintah.pdf --team CONTOH-01")
@asks("take_orders")
def export(
    file: Annotated[Path, typer.Argument(help="*.csv, *.ics, *.gpx, *.kml; *.pdf: team sheets")],
    plan: PlanInForce = None,
    team: Annotated[str, typer.Option(help="Only the orders of this team.")] = "",
    lang: Annotated[str, typer.Option(help="Language of the PDF: id or en.")] = "id",
    json: Json = False,
) -> None:
    """Write the orders of a plan to a file; a PDF has a sheet per team."""
    if lang not in ("id", "en"):
        raise typer.BadParameter(f"id or en, got {lang!r}", param_hint="--lang")
    settings = load_settings()
    kind = file.suffix.removeprefix(".")
    layers = shown.read_ground(settings).layers if kind == "pdf" else {}
    store = opened.open_store(settings)
    plan = _chosen(store, plan)
    _, content = patrol.export(store, kind, plan, user(), here(), team, layers, lang)
    file.write_bytes(content)
    tell({"plan": plan, "file": str(file), "bytes": len(content)}, json)


@app.command(epilog="Example: kalbar-risk plan compare --effort pekan.gpx")
@asks("compare_plan")
def compare(
    plan: PlanInForce = None,
    effort: Annotated[Path | None, typer.Option(help="GPX or effort file; else the store.")] = None,
    form: Annotated[Path | None, typer.Option(help="CSV: sector, minutes, finds.")] = None,
    json: Json = False,
) -> None:
    """Plan against done: coverage, dosage, finds per hour."""
    settings = load_settings()
    store, ground = opened.open_store(settings), opened.lay_ground(settings.area)
    plan = _chosen(store, plan)
    meta, done = patrol.review(settings, store, ground, plan, effort, form)
    if json:
        facts = {"plan": meta["plan"], **done.facts, "summary": done.summary.to_dict("records")}
        tell(facts, json)
        return
    tell({"plan": meta["plan"], **done.facts}, json)
    show_table(done.summary.round(3))


def _chosen(store: Store, plan: str | None) -> str:
    """The plan that was named, else the one in force this week or next, else the newest."""
    zone = load_settings().area.time_zone
    return str(plans.read_meta(store, plan or patrol.plan_of_now(store, zone))["plan"])


def _tell_plan(meta: dict[str, Any], frames: dict[str, pd.DataFrame], json: bool) -> None:
    """A plan in figures, its budget as a table (under --json as a list)."""
    keys = (
        "version", "status", "in_force", "first_day", "seed", "met", "met_lo", "met_hi",
        "floor_kept", "hours", "ground_hours", "travel_hours", "unused_hours", "synthetic",
    )  # fmt: skip
    facts = {"plan": meta["plan"], "orders": int(frames["orders"]["order_id"].nunique())}
    facts |= {key: meta[key] for key in keys if key in meta}
    budget = meta.get("budget")
    if budget:
        facts["share_of_bound"] = share_of_bound(budget)
    tell(facts | ({"budget": budget} if json else {}), json)
    if budget and not json:
        show_table(pd.DataFrame(budget).round(3))


def _move(
    change: Callable[[Store, str, int, str, Said], int], plan: str | None, reason: str, json: bool
) -> None:
    store = opened.open_store(load_settings())
    meta = plans.read_meta(store, plan)
    said = Said.or_nothing(reason, "a change")
    before = plans.in_force(store, pd.Timestamp(meta["first_day"]))
    version = change(store, meta["plan"], meta["version"], user(), said)
    meta_now = plans.read_meta(store, meta["plan"], version)
    now = plans.in_force(store, pd.Timestamp(meta["first_day"]))
    facts = {key: meta_now[key] for key in ("plan", "version", "status", "by", "at")}
    replaced = {"withdrawn": before} if before and before != now else {}
    tell(facts | {"in_force": now} | replaced, json)


def _day(week: str) -> pd.Timestamp | None:
    if not week:
        return None
    try:
        return pd.Timestamp(week)
    except ValueError:
        what = f"--week is a date such as 2026-12-20, got {week!r}"
        raise DataError(what, key="option_date", name="--week", given=str(week)) from None
