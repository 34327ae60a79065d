"""kalbar-risk card: the model card of the newest assessment."""

from pathlib import Path
from typing import Annotated

import typer

from commands.voice import asks, here, out, user
from data.errors import DataError
from data.store import audit
from joins import opened
from joins.desks import papers
from joins.desks import view as shown
from settings import load_settings
from ui.selection import LANGUAGES, Selection

app = typer.Typer()


@app.command(epilog="Example: kalbar-risk card kartu_model.md --lang id")
@asks("take")
def card(
    file: Annotated[Path | None, typer.Argument(help="*.md; printed if left out.")] = None,
    lang: Annotated[str, typer.Option(help="id or en.")] = "id",
) -> None:
    """The model card of the newest assessment: use, data, method, scores, limits, objections."""
    if lang not in LANGUAGES:
        raise DataError(
            f"--lang is one of {', '.join(LANGUAGES)}, got {lang!r}",
            key="not_offered", name="--lang", known=list(LANGUAGES), given=lang,
        )  # fmt: skip
    settings = load_settings()
    store = opened.open_store(settings)
    seen = shown.read(shown.newest(settings), settings, here())
    made = papers.Papers(seen, lambda action, what: audit.log(store, action, user(), what))
    text = made.card(Selection(lang=lang))
    if file is None:
        print(text.decode(), end="")
        return
    file.write_bytes(text)
    out.print(f"file: {file}", highlight=False)
