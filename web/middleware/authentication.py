"""Authentication of every request; without a session only the login page and public routes answer."""

from __future__ import annotations

import secrets
from ipaddress import ip_address
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.current_viewer import Visit, current_address, current_viewer, current_visit
from rules.access import Role
from rules.errors import Problem
from web.audience import SAFE, is_page
from web.middleware.proxies import is_handed_on
from web.problems import refuse
from web.sessions import Sessions

PUBLIC = frozenset({"/login", "/logout", "/healthz", "/favicon.ico", "/robots.txt"})
PUBLIC_PREFIXES = ("/assets/", "/_dash-component-suites/")
#: What a wall display, which is no person, may ask for: its page and what the page is made of.
DISPLAY_PREFIXES = ("/tiles/", "/_dash-", "/api/")


class Gate:
    """Finds out whose request it is and lets it pass, sends it to the login page, or refuses it."""

    def __init__(self, app: ASGIApp, *, sessions: Sessions, open_metrics: bool = False) -> None:
        self.app = app
        self._sessions = sessions
        self._open_metrics = open_metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_public(scope):
            await self.app(scope, receive, send)
            return
        try:
            visit = await self._sessions.visit_of(scope, remembered=scope["path"].startswith("/tiles/"))
            if visit is None and _is_page(scope):
                await RedirectResponse(_login_address(scope), status_code=303)(scope, receive, send)
                return
            visit = _admitted(visit, scope)
        except Problem as problem:
            await refuse(problem, scope, receive, send)
            return
        await self._let_in(visit, scope, receive, send)

    async def _let_in(self, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
        viewer_mark, visit_mark = current_viewer.set(visit.viewer), current_visit.set(visit)
        address_mark = current_address.set((scope.get("client") or ("",))[0])
        try:
            await self.app(scope, receive, send)
        finally:
            current_address.reset(address_mark)
            current_viewer.reset(viewer_mark)
            current_visit.reset(visit_mark)

    def _is_public(self, scope: Scope) -> bool:
        path = scope["path"]
        if path == "/metrics":
            return self._open_metrics or is_loopback(scope)
        if path == "/api/session":
            return bool(scope["method"] == "POST")
        return path in PUBLIC or path.startswith(PUBLIC_PREFIXES)


def is_loopback(scope: Scope) -> bool:
    """Whether the request was made on this machine, and not handed on by a proxy that runs here."""
    if is_handed_on(scope):
        return False
    try:
        return ip_address((scope.get("client") or ("",))[0]).is_loopback
    except ValueError:
        return False


def _is_page(scope: Scope) -> bool:
    """Whether somebody could log in for it; a wall with a token that does not hold has nobody who could."""
    wall = scope["path"] == "/wall" and "display" in parse_qs(scope["query_string"].decode("latin-1"))
    return is_page(scope) and not wall


def _login_address(scope: Scope) -> str:
    path, query = scope["path"], scope["query_string"].decode("latin-1")
    target = f"{path}?{query}" if query else path
    return "/login" if target == "/" else f"/login?next={quote(target, safe='')}"


def _admitted(visit: Visit | None, scope: Scope) -> Visit:
    """The visit, if it may come in. Raises Problem unauthenticated, forbidden or csrf."""
    path, changes = scope["path"], scope["method"] not in SAFE
    if visit is None:
        raise Problem("unauthenticated")
    if visit.viewer.role == Role.display:
        if not (path == "/wall" or path.startswith(DISPLAY_PREFIXES)) or (changes and not path.startswith("/_dash-")):
            raise Problem("forbidden")
    elif changes and path.startswith("/api/"):
        shown = Headers(scope=scope).get("x-csrf-token", "")
        if not secrets.compare_digest(shown.encode("utf-8", "replace"), visit.csrf_token.encode()):
            raise Problem("csrf")
    return visit
