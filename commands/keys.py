"""kalbar-risk keys rotate: a secret of this deployment replaced by a new one."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from commands.voice import Json, asks, tell, user
from data.errors import DataError
from data.keeping import rotate as secrets
from data.store import audit
from joins import keeping, opened
from settings import Settings, load_settings

app = typer.Typer()
#: what can be replaced -> what is left to do by hand
WHAT = {
    "backup": "keep a copy of the key file elsewhere; then --drop-old seals the backups anew",
    "token": "hand it to its user: it is told once and kept nowhere",
    "proxy": "give it to the proxy as X-Kalbar-Proxy and reload it; then --drop-old",
    "cookie": "restart the services; everybody signs in again",
}


@app.command(epilog="Example: kalbar-risk keys rotate token rina --name 'QGIS di pos'")
@asks("keep_store")
def rotate(
    what: Annotated[str, typer.Argument(help="backup, token, proxy or cookie.")],
    whose: Annotated[str, typer.Argument(help="token: the user.")] = "",
    name: Annotated[str, typer.Option(help="token: which of the user's.")] = "",
    file: Annotated[
        Path | None, typer.Option(help="cookie: the file that holds the secret.")
    ] = None,
    drop_old: Annotated[
        bool, typer.Option("--drop-old", help="backup, proxy: let go of those before the last.")
    ] = False,
    json: Json = False,
) -> None:
    """Replace a secret: of the backups, of a user's token, of the proxy, of the cookies."""
    if what not in WHAT:
        raise DataError(
            f"what is rotated is one of {', '.join(WHAT)}, got {what!r}",
            key="not_offered", name="keys rotate", known=list(WHAT), given=what,
        )  # fmt: skip
    settings = load_settings()
    line: dict[str, object] = {"what": what, "drop_old": drop_old}
    if what == "backup":
        facts = _backup(settings, drop_old)
    elif what == "token":
        users = _named(settings.access.users, "[access] users")
        token = secrets.rotate_token(users, whose, name)
        facts = {"user": whose, "token": token}
        # which one is told by its digest: a name of a person is refused by the log
        line["digest"] = "d" + hashlib.sha256(token.encode()).hexdigest()[:12]
    elif what == "proxy":
        home = _named(settings.access.proxy_secret, "[access] proxy_secret")
        facts = {"file": str(home), "secret": secrets.rotate_line(home, drop_old)}
    else:
        secrets.rotate_cookie(_named(file, "--file"))
        facts = {"file": str(file)}
    audit.log(opened.open_store(settings), "rotate", user(), line)
    tell({"rotated": what, **facts, **({} if drop_old else {"next": WHAT[what]})}, json)


def _backup(settings: Settings, drop_old: bool) -> dict[str, object]:
    home = str(settings.store.key_file)
    if drop_old:
        return {"key": home, "sealed_anew": keeping.drop_old_keys(settings)}
    return {"key": home, "public": keeping.rotate_key(settings)}


def _named(path: Path | None, key: str) -> Path:
    if path is None:
        raise DataError(f"say which file: {key} is empty", key="rotate_unnamed", name=key)
    return path
