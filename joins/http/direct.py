"""Whether a request comes from this very machine: one rule for the page, its files and the tables.

Without a file of users the dashboard is open to whoever sits at the machine that runs it, who may
read its store anyway, and to nobody else.
"""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

#: names by which a machine calls itself; another name in Host is a rebound address
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
#: what proxies add to a request; whatever passed one did not come from this machine's browser
FORWARDED = (
    "forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
    "x-forwarded-server", "x-forwarded-port", "x-forwarded-user", "x-real-ip", "x-client-ip",
    "x-original-host", "true-client-ip", "cf-connecting-ip", "cf-ray", "x-envoy-external-address",
    "x-request-id", "x-amzn-trace-id", "x-auth-request-user", "x-remote-user", "remote-user",
)  # fmt: skip


def is_direct(
    headers: Mapping[str, str], client: str | None, bound: str | None, version: str = "1.1"
) -> bool:
    """Whether a request was made on this machine, to this machine, with nothing in between.

    Parameters
    ----------
    headers : of the request, names in lower case
    client : address of the other end of the connection, None if unknown
    bound : address the server listens on; on any but this machine's own, nobody is near
    version : of HTTP; proxies speak 1.0 unless told otherwise, browsers and GIS never do

    Notes
    -----
    A proxy that hides every trace of itself cannot be told from a browser. That is why the page
    also reads Origin, which a browser sets and a proxy hands on.
    """
    near = (client or "").removeprefix("::ffff:") in HERE and (bound or "") in HERE
    named = _host(f"//{headers.get('host', '')}") in HERE
    origin = headers.get("origin")
    own = origin is None or _host(origin) in HERE
    passed_on = version == "1.0" or any(name in headers for name in FORWARDED)
    return near and named and own and not passed_on


def caller(peer: str | None, headers: Mapping[str, str]) -> str:
    """The address that a request came from, "" if unknown.

    From a program on this machine, which with users is the proxy, it is the last address that the
    program says it was asked by: the earlier ones are whatever the asker wrote.

    Parameters
    ----------
    peer : address of the other end of the connection, None if unknown
    headers : of the request, names in lower case
    """
    near = (peer or "").removeprefix("::ffff:")
    passed = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    for address in (passed if near in HERE else "", near):
        try:
            return str(ipaddress.ip_address(address))
        except ValueError:
            continue
    return ""


def _host(address: str) -> str:
    """The host in an address, "" where none can be read."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # a port that is no number raises here
    except ValueError:
        return ""
    return "" if "@" in parts.netloc else (parts.hostname or "").lower()
