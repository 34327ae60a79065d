"""kalbar-risk status, undo, backup, restore: what the store holds, and how it is kept."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from commands.voice import Json, asks, out, quiet, show, tell, user
from data.findings import sentence_of
from data.gate import users
from data.personal.said import Said
from data.store import audit
from data.store.records import Store
from joins import keeping, opened
from settings import load_settings

app = typer.Typer()
LAST_IMPORTS = 20


@app.command(epilog="Example: kalbar-risk status --json")
@asks("keep_store")
def status(json: Json = False) -> None:
    """What the store holds: imports, data version, assessments."""
    settings = load_settings()
    store = opened.open_store(settings)
    imports, made = store.imports(), store.assessments()
    kept = imports[imports["undone_at"].isna()] if len(imports) else imports
    facts: dict[str, object] = {
        "data_version": store.data_version(),
        "imports": len(kept),
        "events": store.count_events(),
        "effort_rows": store.count_effort(),
        "set_aside": store.count_set_aside(),
        "assessments": len(made),
        "newest_assessment": str(made["id"].iloc[0]) if len(made) else "",
    }
    if damaged := store.damaged_assessments():
        facts["damaged_assessments"] = damaged
    if settings.access.users is not None:
        known = users.read(settings.access.users, settings.area.time_zone)
        facts["users"] = len(known.scopes)
        facts["users_locked_out"] = [f"{name}: {sentence_of(why)}" for name, why in
                                     known.faults.items()]  # fmt: skip
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
@asks("undo_import")
def undo(
    import_id: Annotated[str, typer.Argument(help="Number of the import, see status.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the history.")],
) -> None:
    """Take an import out of every count; bringing the file again brings it back."""
    store = opened.open_store(load_settings())
    store.undo_import(import_id, Said(reason, "an undo"), by=user())
    audit.log(store, "undo", user(), {"import": import_id})
    out.print(f"import {import_id} undone; the next assessment leaves it out")


@app.command(epilog="Example: kalbar-risk backup cadangan.zip.age")
@asks("keep_store")
def backup(
    file: Annotated[Path, typer.Argument(help="File to write.")],
    plain: Annotated[
        bool, typer.Option("--plain", help="Not sealed: whoever has the file can read it.")
    ] = False,
    json: Json = False,
) -> None:
    """Write records, log, assessments and plans to one file that only your key opens."""
    settings = load_settings()
    store = opened.open_store(settings)
    kept = keeping.back_up(settings, store, file, plain)
    audit.log(store, "backup", user(), {"rows": sum(kept.rows.values()), "sealed": kept.sealed})
    facts: dict[str, object] = {"file": str(file), "rows": kept.rows, "sealed": kept.sealed}
    if kept.new_key is not None:
        facts["new_key"] = str(kept.new_key)
        quiet.print(
            f"{kept.new_key} was made: it alone opens this backup and those to come. Keep a copy "
            "of it elsewhere, not beside the backups.",
            style="yellow", highlight=False, soft_wrap=True,
        )  # fmt: skip
    tell(facts, json)


@app.command(epilog="Example: kalbar-risk restore cadangan.zip.age --key backup.key")
@asks("keep_store")
def restore(
    file: Annotated[Path, typer.Argument(help="File to read, sealed or plain.")],
    key: Annotated[
        Path | None, typer.Option(help="Key file; that of the settings if left out.")
    ] = None,
    json: Json = False,
) -> None:
    """Fill an empty store from a backup."""
    settings = load_settings()
    store = Store(settings.store.url, settings.store.folder)
    rows = store.restore(file, keeping.keys(settings, file, key))
    audit.log(store, "restore", user(), {"rows": sum(rows.values())})
    tell({"file": str(file), "rows": rows}, json)


@app.command(epilog="Example: kalbar-risk prune --dry-run")
@asks("keep_store")
def prune(
    dry: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
    json: Json = False,
) -> None:
    """Delete what the settings keep no longer, and say kind by kind what went and why."""
    settings = load_settings()
    gone = keeping.prune(settings, opened.open_store(settings), user(), dry)
    if json:
        tell({"dry_run": dry, "gone": [vars(one) for one in gone]}, json)
        return
    words = {True: "would go", False: "went"}[dry]
    show(pd.DataFrame(
        [(one.table, one.n, one.rule, one.before or "-") for one in gone],
        columns=["kind", words, "rule", "before"],
    ))  # fmt: skip
    kept = [name for name, given in vars(settings.retention).items() if not given]
    if kept:
        out.print(f"kept for ever: {', '.join(kept)}", highlight=False, soft_wrap=True)
