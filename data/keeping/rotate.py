"""Secrets in files that a person keeps as well: one is replaced, every other sign stays."""

import hashlib
import os
import re
import secrets
from pathlib import Path

from data import toml_text
from data.errors import DataError

#: `KEY=value` of an environment file, `key = "value"` of a TOML file
_COOKIE = re.compile(
    r'^(\s*(?:export\s+)?(?:STREAMLIT_SERVER_COOKIE_SECRET|cookie_secret)\s*=\s*"?)([^"\s#]+)', re.M
)
_MIN = 32


def rotate_token(path: Path, user: str, name: str = "") -> str:
    """Give a user a new token in the place of an old one; gives the token, which is kept nowhere.

    Parameters
    ----------
    path : the file of users
    user : name of the table
    name : of the token; may be left out where the user has one

    Raises
    ------
    DataError
        If there is no such user or token, or several that could be meant.
    """
    text = _read(path)
    table = toml_text.parse(text.encode(), path.name).get(user)
    if not isinstance(table, dict):
        what = f"{path.name}: the file of users has no table [{user}]"
        raise DataError(what, key="rotate_no_user", where=path.name, user=user)
    had = [("", table["token_sha256"])] if table.get("token_sha256") else []
    had += [(one.get("name", ""), one.get("sha256", "")) for one in table.get("tokens", [])]
    found = [digest for own, digest in had if not name or own == name]
    if len(found) != 1 or text.count(found[0]) != 1:
        names = [own or "token_sha256" for own, _ in had]
        what = (
            f"which token of {user} is meant is not clear ({len(found)} fit); name one of: {names}"
        )
        raise DataError(what, key="rotate_no_token", user=user, n=len(found), names=names)
    token = secrets.token_urlsafe(32)
    digest = hashlib.sha256(token.encode()).hexdigest()
    _change(path, text.replace(found[0], digest))
    return token


def rotate_line(path: Path, drop_old: bool = False) -> str:
    """Put a new secret on top of a file of secrets, one a line; gives the one on top.

    Parameters
    ----------
    path : the file; made where it is missing
    drop_old : make none, and let go of those below; until then they hold, too
    """
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    old = [line.strip() for line in lines if line.strip()]
    secret = old[0] if drop_old and old else secrets.token_urlsafe(32)
    _change(path, "\n".join([secret] if drop_old else [secret, *old[:1]]) + "\n")
    return secret


def rotate_cookie(path: Path) -> None:
    """Replace the one cookie secret in an environment file or in Streamlit's secrets.

    Raises
    ------
    DataError
        If there is not exactly one.
    """
    text = _read(path)
    found = _COOKIE.findall(text)
    if len(found) != 1:
        what = f"there are {len(found)} cookie secrets in this file, there should be one"
        raise DataError(what, key="rotate_no_cookie", where=path.name, n=len(found))
    secret = secrets.token_hex(_MIN)
    _change(path, _COOKIE.sub(lambda one: one[1] + secret, text))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as problem:
        what = f"there is no file {path}"
        raise DataError(what, key="rotate_no_file", path=str(path)) from problem


def _change(path: Path, text: str) -> None:
    """Put a text in the place of a file in one step; owner and mode stay, a new one is 0600."""
    aside = path.with_name(f".{path.name}.aside")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            about = path.stat()
            if os.geteuid() == 0:
                os.chown(aside, about.st_uid, about.st_gid)
            aside.chmod(about.st_mode & 0o777)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
