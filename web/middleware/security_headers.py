"""Security headers of every answer, with the content security policy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Our own routes read a wall's token from the address of its page; other hosts get nothing.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SECURE = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FINGERPRINTED = "public, max-age=31536000, immutable"


def content_policy(script_hashes: Sequence[str], tile_url: str | None) -> str:
    """Scripts from ourselves and the hashed ones of the page; pictures from the street map's host, if one is set."""
    images = " ".join(filter(None, ["'self' data: blob:", tile_host(tile_url)]))
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self'", *script_hashes]),
            "style-src 'self' 'unsafe-inline'",
            f"img-src {images}",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )


def tile_host(tile_url: str | None) -> str:
    """The origin of an XYZ tile address, with a sub-domain that holds {s} as a wildcard."""
    if not tile_url:
        return ""
    parts = urlsplit(tile_url)
    first, _, rest = parts.netloc.partition(".")
    host = f"*.{rest}" if "{" in first else parts.netloc
    return f"{parts.scheme}://{host}" if parts.scheme in ("http", "https") else ""


class SecurityHeaders:
    """Adds the headers to every HTTP answer. The policy is built at the first one, when all callbacks are known."""

    def __init__(
        self, app: ASGIApp, *, script_hashes: Callable[[], Sequence[str]], tile_url: str | None, secure: bool
    ) -> None:
        self.app = app
        self._script_hashes = script_hashes
        self._tile_url = tile_url
        self._fixed = FIXED | (SECURE if secure else {})
        self._policy: str | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope)
            await send(message)

        await self.app(scope, receive, with_headers)

    def _add(self, headers: MutableHeaders, scope: Scope) -> None:
        if self._policy is None:
            self._policy = content_policy(self._script_hashes(), self._tile_url)
        headers["Content-Security-Policy"] = self._policy
        for name, value in self._fixed.items():
            headers[name] = value
        if "cache-control" not in headers:
            headers["Cache-Control"] = _caching(scope)


def _caching(scope: Scope) -> str:
    """Assets carry their time of change as ?m= (Dash), so such an address never changes its content."""
    if scope["path"].startswith(("/assets/", "/_dash-component-suites/")):
        return FINGERPRINTED if scope["query_string"].startswith(b"m=") else "no-cache"
    return "no-store"
