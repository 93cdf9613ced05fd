"""Sessions: the cookie of a person, or the token in the address of a wall display."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from dashboard.current_viewer import Visit, require_viewer
from data import accounts
from data.database import Database
from rules.access import Viewer
from rules.errors import Problem
from web.cookies import values_of
from web.locale import anonymous_locale
from web.middleware.origin import is_own

COOKIE = "gridboard_session"
#: Where the gate leaves the credential that held, in the ASGI scope.
SCOPE_KEY = "gridboard_credential"
TOKEN = re.compile(r"[A-Za-z0-9_-]{10,200}")
#: How often the sessions of open streams are looked up; a revoked one's streams end within 5 s.
WATCH_SECONDS = 2.0
#: How long a visit is remembered at most. A change of rights ends it at once where this process hears of it
#: (data/live/hub.py); where it does not, only a burst of tiles uses it, and nothing that shows a case.
REMEMBER_SECONDS = 2.0
REMEMBER_MAX = 2000


def machine_now() -> datetime:
    """Sessions run by the machine's clock, also where the deployment's is stopped (GRIDBOARD_NOW)."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Credential:
    """What a request shows to say whose it is."""

    token: str
    display: bool = False


def credentials_of(scope: Scope, allowed: Collection[str] = ()) -> list[Credential]:
    """A display's token, from the address itself or from the wall page that asked, before the cookies of a person.

    A wall stays redacted in a browser in which somebody is logged in besides. A neighbour on the same host may
    have set a cookie of our name: each is tried.
    """
    own = parse_qs(scope["query_string"].decode("latin-1")).get("display")
    display = own[0] if own else _display_of_page(scope, allowed)
    if display is not None:
        return [Credential(display, display=True)] if TOKEN.fullmatch(display) else []
    return [Credential(token) for token in values_of(scope, COOKIE) if TOKEN.fullmatch(token)]


def _display_of_page(scope: Scope, allowed: Collection[str]) -> str | None:
    """The token in the address of the wall page whose part this is."""
    headers = Headers(scope=scope)
    referer = headers.get("referer", "")
    if not referer or not _is_part_of_page(scope["path"]) or not is_own(referer, headers, allowed):
        return None
    page = urlsplit(referer)
    tokens = parse_qs(page.query).get("display")
    return tokens[0] if tokens and page.path == "/wall" else None


def _is_part_of_page(path: str) -> bool:
    """What a page loads by itself, as against a link that leads away from it."""
    return path.startswith(("/api/", "/tiles/", "/_dash-"))


def set_cookie(response: Response, token: str, *, hours: float, secure: bool) -> None:
    response.set_cookie(
        COOKIE, token, max_age=int(hours * 3600), path="/", httponly=True, samesite="lax", secure=secure
    )


def clear_cookie(response: Response, *, secure: bool) -> None:
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=secure)


def rights_of(viewer: Viewer) -> Viewer:
    """All of a viewer that decides what it is shown: everything but the language."""
    return replace(viewer, locale="")


class Sessions:
    """Looks credentials up, and ends open streams whose credential does not hold any more."""

    def __init__(
        self, database: Database, *, allowed: Collection[str] = (), hears: Callable[[], bool] = lambda: False
    ) -> None:
        self._database = database
        self._hears = hears
        #: Raised by every change of rights: what was looked up before it is not kept.
        self._version = 0
        self._changed = asyncio.Event()
        self._allowed = tuple(allowed)
        self._remembered: OrderedDict[Credential, tuple[float, Visit]] = OrderedDict()
        self._followers: dict[tuple[Credential, Viewer], set[asyncio.Event]] = {}
        self._watch: asyncio.Task[None] | None = None

    async def visit_of(self, scope: Scope, *, remembered: bool = False) -> Visit | None:
        """The visit of a request, None for nobody. Raises Problem unavailable when the database does not answer."""
        for credential in credentials_of(scope, self._allowed):
            visit = self._recall(credential) if remembered or self._hears() else None
            if visit is None:
                version = self._version
                visit = await anyio.to_thread.run_sync(self._look_up, credential)
                if visit is not None and version == self._version:
                    self._remember(credential, visit)
            if visit is not None:
                scope[SCOPE_KEY] = credential
                return _with_locale(visit, scope)
        return None

    def forget(self) -> None:
        """Rights may be others: the next request of anybody is looked up again, and so is every open stream."""
        self._version += 1
        self._remembered.clear()
        self._changed.set()

    @asynccontextmanager
    async def following(self, scope: Scope) -> AsyncIterator[asyncio.Event]:
        """An event that is set when the request's credential does not hold any more, or gives other rights."""
        credential, ended = scope.get(SCOPE_KEY), asyncio.Event()
        if credential is None:
            raise Problem("unauthenticated")
        followed = (credential, rights_of(require_viewer()))
        self._followers.setdefault(followed, set()).add(ended)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._watch_followers())
        try:
            yield ended
        finally:
            followers = self._followers.get(followed, set())
            followers.discard(ended)
            if not followers:
                self._followers.pop(followed, None)

    async def _watch_followers(self) -> None:
        while self._followers:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), WATCH_SECONDS)
            self._changed.clear()
            # A database that does not answer decides nothing: the streams say `stale` by themselves.
            with suppress(Problem):
                over = await anyio.to_thread.run_sync(self._ended, list(self._followers))
                if over:
                    self._version += 1
                    self._remembered.clear()
                for followed in over:
                    for ended in self._followers.get(followed, ()):
                        ended.set()

    def _ended(self, followed: list[tuple[Credential, Viewer]]) -> list[tuple[Credential, Viewer]]:
        """Those that give nothing any more, or other rights than when the stream began: role, area, body."""
        now = {credential: self._look_up(credential) for credential in {credential for credential, _ in followed}}
        return [
            (credential, rights)
            for credential, rights in followed
            if (visit := now[credential]) is None or rights_of(visit.viewer) != rights
        ]

    def _look_up(self, credential: Credential) -> Visit | None:
        if credential.display:
            shown = accounts.display_viewer(self._database, credential.token)
            return Visit(shown[0], display_name=shown[1]) if shown else None
        row = accounts.viewer_of(self._database, credential.token, machine_now())
        return Visit(row[0], csrf_token=row[1]) if row else None

    def _recall(self, credential: Credential) -> Visit | None:
        until, visit = self._remembered.get(credential, (0.0, None))
        return visit if until > time.monotonic() else None

    def _remember(self, credential: Credential, visit: Visit) -> None:
        self._remembered[credential] = (time.monotonic() + REMEMBER_SECONDS, visit)
        self._remembered.move_to_end(credential)
        while len(self._remembered) > REMEMBER_MAX:
            self._remembered.popitem(last=False)


def _with_locale(visit: Visit, scope: Scope) -> Visit:
    if visit.viewer.locale:
        return visit
    return replace(visit, viewer=replace(visit.viewer, locale=anonymous_locale(scope)))
