"""Headers of trusted proxies: the client's address, scheme and host.

Anybody can write these headers: they count from a peer that GRIDBOARD_TRUSTED_PROXIES names, and from nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network

from starlette.types import Scope

from web.client_address import parsed
from web.middleware.hosts import is_host

UNIX = "unix"
#: Where a request says that it was handed on, whether or not that is believed.
HANDED_ON = frozenset(
    {b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"forwarded", b"x-real-ip", b"via", b"x-client-ip"}
)
MOST_HOPS = 20


class Proxies:
    def __init__(self, trusted: Iterable[str]) -> None:
        names = tuple(trusted)
        self._unix = UNIX in names
        self._networks: list[IPv4Network | IPv6Network] = [
            ip_network(name, strict=False) for name in names if name != UNIX
        ]

    def trusts(self, address: str) -> bool:
        """Whether a peer may speak for others; one without an address came over a socket of this machine."""
        if not address:
            return self._unix
        ip = parsed(address)
        return ip is not None and any(ip in network for network in self._networks)

    def unwrap(self, scope: Scope) -> bool:
        """Make of the request what the browser made, where its peer is trusted; whether it is."""
        client = scope.get("client")
        if not self.trusts(client[0] if client else ""):
            return False
        address = self._behind(_values(scope, b"x-forwarded-for"))
        if address is not None:
            scope["client"] = (address, 0)
        scheme = _last(scope, b"x-forwarded-proto")
        if scheme in ("http", "https"):
            scope["scheme"] = scheme
        host = _last(scope, b"x-forwarded-host")
        if is_host(host):
            others = [(name, value) for name, value in scope["headers"] if name != b"host"]
            scope["headers"] = [(b"host", host.encode()), *others]
        return True

    def _behind(self, hops: list[str]) -> str | None:
        """The last hop that is not ours: anybody may have written what precedes it."""
        known = None
        for hop in reversed(hops[-MOST_HOPS:]):
            address = _without_port(hop)
            if parsed(address) is None:
                break
            known = str(parsed(address))
            if not self.trusts(known):
                break
        return known


def is_handed_on(scope: Scope) -> bool:
    return any(name in HANDED_ON for name, _ in scope["headers"])


def _values(scope: Scope, wanted: bytes) -> list[str]:
    lines = (value.decode("latin-1") for name, value in scope["headers"] if name == wanted)
    return [part.strip() for line in lines for part in line.split(",")]


def _last(scope: Scope, wanted: bytes) -> str:
    return next(reversed(_values(scope, wanted)), "")


def _without_port(hop: str) -> str:
    """`192.0.2.1:80`, `[2001:db8::1]:80` and `"[2001:db8::1]"` are written too."""
    hop = hop.strip('"')
    if hop.startswith("["):
        return hop.partition("]")[0].removeprefix("[")
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
