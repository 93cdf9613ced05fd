"""Checks of a request before anything is parsed: length of its head, proxies, host."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from starlette.types import ASGIApp, Receive, Scope, Send

from rules.errors import Problem
from web.deployment_zone import deployment_zone
from web.middleware.authentication import is_loopback
from web.middleware.hosts import Hosts
from web.middleware.proxies import Proxies
from web.problems import refuse

#: A filter of a list and the address of a page to come back to fit well.
MAX_ADDRESS = 8_000
MAX_HEAD = 32_000
MAX_FIELDS = 120
ANY_HOST = frozenset({"/healthz"})


class Entrance:
    """Refuses what is no request of a browser to this site, and notes the client's address for the layers below."""

    def __init__(self, app: ASGIApp, *, proxies: Proxies, hosts: Hosts, zone: ZoneInfo) -> None:
        self.app = app
        self._proxies = proxies
        self._hosts = hosts
        self._zone = zone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        deployment_zone.set(self._zone)
        try:
            check_head(scope)
            self._check(scope)
        except Problem as problem:
            # its cookies are not read either
            await refuse(problem, {**scope, "headers": []}, receive, send)
            return
        await self.app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        """Raises Problem bad_request, or wrong_host for the proxy's name of this site as for the browser's."""
        if not scope["path"].startswith("/"):
            raise Problem("bad_request")
        any_host = scope["path"] in ANY_HOST and is_loopback(scope)
        admitted = self._hosts.admits(scope)
        if self._proxies.unwrap(scope):
            admitted = admitted and self._hosts.admits(scope)
        if not admitted and not any_host:
            raise Problem("wrong_host")


def check_head(scope: Scope) -> None:
    """Raises Problem head_too_large."""
    headers = scope["headers"]
    path = max(len(scope.get("raw_path") or b""), len(scope["path"]))
    if path + len(scope["query_string"]) > MAX_ADDRESS or len(headers) > MAX_FIELDS:
        raise Problem("head_too_large")
    if sum(len(name) + len(value) for name, value in headers) > MAX_HEAD:
        raise Problem("head_too_large")
