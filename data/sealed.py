"""Files that only the holder of a key can read, in the age format (age-encryption.org/v1).

Any program that reads age opens them with the same key file (`age -d -i backup.key FILE`), so a
backup outlives this program. The work is done by `pyrage`, the Rust implementation of age.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pandas as pd
import pyrage

from data.errors import DataError

_MARK = b"age-encryption.org/v1"
_SECRET = "AGE-SECRET-KEY-"


def is_sealed(path: Path) -> bool:
    """Whether a file begins as a sealed one does; False for one that is missing."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MARK)) == _MARK
    except FileNotFoundError:
        return False


def new_key() -> str:
    """A new secret key."""
    return str(pyrage.x25519.Identity.generate())


def write_keys(path: Path, keys: Sequence[str]) -> None:
    """Write a key file, readable by its owner alone; one that is there is replaced in one step.

    Parameters
    ----------
    path : the key file
    keys : secret keys, the newest first: it seals, the others open what was sealed before
    """
    now = pd.Timestamp.now("UTC").strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = [f"# written: {now}", f"# public key: {public_of(keys[0])}", keys[0]]
    if keys[1:]:
        lines += ["# earlier keys: they open what was sealed with them, and seal nothing"]
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.aside")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join([*lines, *keys[1:]]) + "\n")
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def keys_in(path: Path) -> list[str]:
    """The secret keys of a key file, the newest first.

    Raises
    ------
    DataError
        If there is no such file, or no key in it.
    """
    try:
        lines = path.read_text(encoding="utf-8").split()
    except FileNotFoundError:
        raise DataError(f"no key file at {path}", key="no_key_file", path=str(path)) from None
    except UnicodeDecodeError:
        lines = []
    keys = [line for line in lines if line.startswith(_SECRET)]
    try:
        for key in keys:
            _identity(key)
    except pyrage.IdentityError:
        keys = []
    if not keys:
        what = f"{path.name}: there is no key in age format in this file"
        raise DataError(what, key="key_file_strange", where=path.name)
    return keys


def public_of(key: str) -> str:
    """The public half of a secret key: what is sealed to it, the key opens."""
    return str(_identity(key).to_public())


def refuse_recipients(recipients: Sequence[str]) -> None:
    """Raise DataError for the first text that is no public key."""
    for one in recipients:
        _recipient(one)


@contextmanager
def sealing(target: IO[bytes], recipients: Sequence[str]) -> Iterator[IO[bytes]]:
    """A stream: what is written into it arrives sealed in another, and nowhere in plain.

    Parameters
    ----------
    target : gets the sealed bytes
    recipients : public keys, age1…; the holder of any of their secret keys can open it

    Raises
    ------
    OSError
        If the target cannot be written.
    """
    known = [_recipient(one) for one in recipients]
    out_of, into = os.pipe()
    failed: list[Exception] = []

    def work() -> None:
        with os.fdopen(out_of, "rb") as source:
            try:
                pyrage.encrypt_io(source, target, known)
            except Exception as problem:  # of any kind: raised to the writer, below
                failed.append(problem)

    thread = threading.Thread(target=work, name="sealing")
    thread.start()
    try:
        with os.fdopen(into, "wb") as stream:
            yield stream
    except BrokenPipeError:
        if not failed:  # else the reason is raised below
            raise
    finally:
        thread.join()
    if failed:
        raise OSError(f"sealing failed: {failed[0]}") from failed[0]


def unseal(source: IO[bytes], target: IO[bytes], keys: Sequence[str], name: str) -> None:
    """Open what was sealed.

    Parameters
    ----------
    source : the sealed bytes
    target : gets the plain ones; what is in it after a refusal is worth nothing
    keys : secret keys; each is tried
    name : of the file, for a refusal

    Raises
    ------
    DataError
        If no key opens it, or it is not what was sealed.
    """
    try:
        pyrage.decrypt_io(source, target, [_identity(one) for one in keys])
    except pyrage.DecryptError as problem:
        what = f"{name} was sealed for another key"
        raise DataError(what, key="sealed_for_another", where=name) from problem
    except OSError as problem:
        if problem.errno is not None:
            raise  # the disk, not the file
        what = f"{name} is damaged: {problem}"
        raise DataError(what, key="backup_damaged", where=name) from problem


def seal_anew(path: Path, keys: Sequence[str], recipients: Sequence[str]) -> None:
    """Seal a file for other keys; the plain text passes through memory alone.

    Parameters
    ----------
    path : a sealed file; replaced in one step
    keys : secret keys that open it
    recipients : public keys it is sealed for from now on

    Raises
    ------
    DataError
        If no key opens it, or it is damaged; it stays as it was.
    """
    aside = path.with_name(f".{path.name}.aside")
    try:
        with (
            path.open("rb") as source,
            aside.open("wb") as target,
            sealing(target, recipients) as stream,
        ):
            unseal(source, stream, keys, path.name)
        about = path.stat()
        os.utime(aside, ns=(about.st_atime_ns, about.st_mtime_ns))  # it is as old as it was
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _identity(key: str) -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.from_str(key)


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        what = f"a recipient is a public key age1…, got {text[:12]!r}"
        raise DataError(what, key="recipient_strange", given=text[:12]) from None
