"""The client's address as it counts: one address of IPv4, one network of IPv6."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

#: What one subscriber of IPv6 has to himself, and could change within at will.
PREFIX = 64


def parsed(address: str) -> IPv4Address | IPv6Address | None:
    """The address; an IPv4 one in the clothes of IPv6 as what it is. None for what is none."""
    try:
        ip = ip_address(address.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    return ip.ipv4_mapped or ip if isinstance(ip, IPv6Address) else ip


def network_of(address: str) -> str:
    """What counts as one source."""
    ip = parsed(address)
    if isinstance(ip, IPv6Address):
        return str(ip_network((ip, PREFIX), strict=False))
    return str(ip or address)
