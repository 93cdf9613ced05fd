"""Host names under which this site answers: a page of another name that resolves here (DNS rebinding) gets nothing.

Such a page needs a name of the public domain name system. An address, a name without a dot and the reserved endings are
none, so a proxy that calls this server by what its own network calls it is let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import Scope

from web.client_address import parsed
from web.middleware.origin import is_own, split_origin

HOST = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
RESERVED = (".localhost", ".internal")


def is_host(value: str) -> bool:
    return HOST.fullmatch(value) is not None


def name_of(host: str) -> str:
    """The name or address without the port and the dot of the root."""
    if host.startswith("["):
        return host.partition("]")[0].removeprefix("[")
    return host.partition(":")[0].rstrip(".").lower()


class Hosts:
    """`strict`: unknown names are refused, as on loopback, where everybody on this machine could be sent by a page."""

    def __init__(self, *, own: str, allowed: Iterable[str], origins: Iterable[str], link: str, strict: bool) -> None:
        self._origins = tuple(origins)
        parsed = [split_origin(origin) for origin in (*self._origins, link)]
        self._names = {name_of(host) for host in (own, *allowed)} | {name_of(origin[1]) for origin in parsed if origin}
        self._strict = strict

    def admits(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not is_host(hosts[0]):
            # HTTP/1.0, which some checks of health still speak, has none
            return not hosts and scope.get("http_version") == "1.0"
        return not self._strict or self._knows(name_of(hosts[0])) or self._comes_from_us(headers)

    def _knows(self, name: str) -> bool:
        return name in self._names or "." not in name or name.endswith(RESERVED) or parsed(name) is not None

    def _comes_from_us(self, headers: Headers) -> bool:
        """A proxy may write a name of its own; the page that asked is of an origin that was allowed."""
        nobody = Headers({})
        stated = [value for name in ("origin", "referer") if (value := headers.get(name))]
        return bool(stated) and all(is_own(value, nobody, self._origins) for value in stated)
