"""Protection against cross-site requests: origin and fetch-site checks, and no web sockets.

Dash executes a JSON POST whatever its Origin says, so the check stands in front of every route.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from rules.errors import Problem
from web.audience import SAFE
from web.problems import refuse

DEFAULT_PORTS = {"http": 80, "https": 443}


def split_origin(address: str) -> tuple[str, str] | None:
    """Scheme and host of an address, without the port that goes without saying; None where it is no address."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = parts.netloc.lower()
    if port is not None and port == DEFAULT_PORTS.get(parts.scheme):
        host = host.removesuffix(f":{port}")
    return parts.scheme, host


def is_own(address: str, headers: Headers, allowed: Collection[str]) -> bool:
    """Whether an address is of this site: on the requested host, or on an allowed origin."""
    parts = split_origin(address)
    if parts is None or not parts[1] or parts[0] not in ("http", "https"):
        return False
    scheme, _ = parts
    asked = split_origin(f"{scheme}://{headers.get('host', '')}")
    return asked == parts or any(split_origin(origin) == parts for origin in allowed)


def is_foreign(headers: Headers, path: str, allowed: Collection[str]) -> bool:
    """Whether a state-changing request comes, or may come, from another site's page.

    Browsers send Origin with every POST: without it and Sec-Fetch-Site a Dash route was called by no page of ours. A page
    that must not say where it is (Referrer-Policy: no-referrer) sends `null`, and the browser says that it is ours.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin in allowed:
        return False
    if site is not None and site not in ("same-origin", "none"):
        return True
    if origin == "null" and site == "same-origin":
        return False
    if origin is not None:
        return not is_own(origin, headers, allowed)
    return site is None and path.startswith("/_dash-")


class OriginCheck:
    def __init__(self, app: ASGIApp, *, allowed: Collection[str] = ()) -> None:
        self.app = app
        self._allowed = frozenset(origin.rstrip("/") for origin in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            # No callback of ours uses Dash's socket, which would go round the checks of the HTTP routes.
            await send({"type": "websocket.close", "code": 1008})
            return
        changes = scope["type"] == "http" and scope["method"] not in SAFE
        if changes and is_foreign(Headers(scope=scope), scope["path"], self._allowed):
            await refuse(Problem("foreign_origin"), scope, receive, send)
            return
        await self.app(scope, receive, send)
