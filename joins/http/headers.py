"""What every answer tells the browser to refuse, and what keeps its cookies to itself.

The policy fits Streamlit's front end: it runs inline scripts, its charts build functions from
text (`unsafe-eval`), map workers come from blobs, and an offline style is a `data:` address.
Everything else comes from this server alone (OWASP ASVS 5, chapter 3).
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Scope, Send

POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: over TLS only: a browser keeps to it for a year
STRICT = "max-age=31536000"


def is_secure(scope: Scope) -> bool:
    """Whether the browser speaks TLS, to this server or to the proxy before it."""
    said = Headers(scope=scope).get("x-forwarded-proto", "")
    return scope.get("scheme") in ("https", "wss") or said.split(",")[0].strip() == "https"


def guarded(scope: Scope, send: Send) -> Send:
    """A `send` that adds the headers to the answer, and to its cookies what they lack."""
    secure = is_secure(scope)

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ALWAYS.items():
                headers.setdefault(name, value)
            if secure:
                headers.setdefault("Strict-Transport-Security", STRICT)
                message["headers"] = [
                    (name, _kept_to_tls(value) if name.lower() == b"set-cookie" else value)
                    for name, value in message["headers"]
                ]
        await send(message)

    return sending


def _kept_to_tls(cookie: bytes) -> bytes:
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"
