"""Anchors: what the audit log's head was, written down off the host and signed.

Whoever owns the database can cut the last lines off the log, and the chain of the rest still holds.
An anchor says how many lines there were at a moment and the hash of the last; it is appended to a
file on another disk, or sent to the system's log, and is signed with Ed25519, so that it can be
checked anywhere with the public key.
"""

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from logging.handlers import SYSLOG_UDP_PORT, SysLogHandler
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from data.errors import DataError
from data.findings import reason

if TYPE_CHECKING:  # what signs is imported with the first key, so that a listing starts without it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

#: the hash before the first line
START = "0" * 32
#: where the system's log listens
SOCKET = "/dev/log"
#: marks an anchor among the lines of a system's log
MARK = "kalbar-risk-anchor"
_LINE = re.compile(rf"{MARK}\s*(\{{.*\}})")


@dataclass(frozen=True)
class Head:
    """The last line of the log: its number, 0 where there is none, and its hash."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Anchor:
    """A head, and the moment (UTC) at which it was written down."""

    head: Head
    at: pd.Timestamp


def is_target(address: str) -> bool:
    """Whether a text names a place for anchors: file:/path, syslog, syslog:host or with a port."""
    kind, _, rest = address.partition(":")
    if kind == "file":
        return Path(rest).is_absolute()
    return re.fullmatch(r"syslog(:[\w.-]+(:\d{1,5})?)?", address) is not None


def file_of(target: str) -> Path | None:
    """The file of a place for anchors, None for a system's log."""
    kind, _, rest = target.partition(":")
    return Path(rest) if kind == "file" else None


def sign(anchor: Anchor, key: Path) -> str:
    """An anchor as the signed line that is written down.

    Parameters
    ----------
    anchor : the head and its moment
    key : PEM file of an Ed25519 private key

    Raises
    ------
    DataError
        If the key cannot be read, or is another kind of key.
    """
    private, _ = _keys(key)
    if private is None:
        raise _no_key(key)
    signature = private.sign(_signed(anchor)).hex()
    line = {"at": anchor.at.isoformat(), "seq": anchor.head.seq, "hash": anchor.head.hash}
    return f"{MARK} {json.dumps({**line, 'ed25519': signature})}"


def send(line: str, target: str) -> None:
    """Write a line down at its place.

    Parameters
    ----------
    line : as `sign` made it
    target : as `is_target` knows it

    Raises
    ------
    DataError
        If it cannot be written, or nobody listens there.
    """
    path = file_of(target)
    try:
        if path is not None:
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
            return
        _, host, port = (*target.split(":"), "", "")[:3]
        address = (host, int(port or SYSLOG_UDP_PORT)) if host else SOCKET
        handler = _Loud(address=address)
    except OSError as problem:
        raise _unsent(target, problem) from problem
    try:
        handler.emit(logging.LogRecord(MARK, logging.INFO, "", 0, line, None, None))
    except OSError as problem:
        raise _unsent(target, problem) from problem
    finally:
        handler.close()


def read(path: Path, key: Path) -> tuple[list[Anchor], list[str]]:
    """The anchors of a file whose signature holds, and what is wrong with the others, as reasons.

    Parameters
    ----------
    path : a file of anchors, or of a system's log that holds some
    key : PEM file of the Ed25519 key, its public or its private half

    Raises
    ------
    DataError
        If one of the files cannot be read.
    """
    _, public = _keys(key)
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as problem:
        what = f"no anchors can be read at {path}: {problem.strerror}"
        raise DataError(what, key="anchors_unread", path=str(path)) from problem
    anchors, faults = [], []
    for number, line in enumerate(lines, start=1):
        if found := _LINE.search(line):
            anchor = _opened(found[1], public)
            if anchor is None:
                what = f"{path.name}, line {number}: not signed with this key"
                faults.append(reason("anchor_forged", what, file=path.name, line=number))
            else:
                anchors.append(anchor)
    return anchors, faults


def newest(anchors: Sequence[Anchor]) -> Anchor | None:
    """The last one written down."""
    return max(anchors, key=lambda one: one.at, default=None)


class _Loud(SysLogHandler):
    """A handler that raises where the usual one says nothing: a lost anchor is no anchor."""

    def handleError(self, record: logging.LogRecord) -> None:
        raise  # the error that is being handled


def _opened(text: str, public: "Ed25519PublicKey") -> Anchor | None:
    """The anchor in a signed line, None if the signature does not hold."""
    from cryptography.exceptions import InvalidSignature

    try:
        line = json.loads(text)
        head = Head(int(line["seq"]), str(line["hash"]))
        anchor = Anchor(head, pd.Timestamp(line["at"]))
        public.verify(bytes.fromhex(line["ed25519"]), _signed(anchor))
    except (ValueError, KeyError, TypeError, InvalidSignature):
        return None
    return anchor


def _signed(anchor: Anchor) -> bytes:
    """What the signature is over."""
    return f"{MARK} {anchor.at.isoformat()} {anchor.head.seq} {anchor.head.hash}".encode()


def _keys(path: Path) -> "tuple[Ed25519PrivateKey | None, Ed25519PublicKey]":
    """Both halves of a key; of a public key alone there is no private half."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )
    from cryptography.hazmat.primitives.serialization import (
        load_pem_private_key,
        load_pem_public_key,
    )

    try:
        content = path.read_bytes()
        if b"PRIVATE" in content:
            private = load_pem_private_key(content, None)
            if isinstance(private, Ed25519PrivateKey):
                return private, private.public_key()
        else:
            public = load_pem_public_key(content)
            if isinstance(public, Ed25519PublicKey):
                return None, public
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise _no_key(path) from problem
    raise _no_key(path)


def _no_key(path: Path) -> DataError:
    return DataError(
        f"{path} is no Ed25519 key in PEM form; make one with: "
        f"openssl genpkey -algorithm ed25519 -out {path.name}",
        key="anchor_key", path=str(path), name=path.name,
    )  # fmt: skip


def _unsent(target: str, problem: OSError) -> DataError:
    what = f"the anchor could not be written to {target}: {problem.strerror or problem}"
    return DataError(what, key="anchor_unsent", target=target, why=str(problem.strerror or problem))
