"""Cookies of a request, read leniently: other sites on the same host write into theirs what they like."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.types import Scope

#: More than this of one name come from no browser that means well.
MOST_OF_A_NAME = 4


def values_of(scope: Scope, name: str) -> list[str]:
    """What cookies of this name hold, in the order they were sent; cookies of other names are not even parsed."""
    values: list[str] = []
    wanted = name.encode()
    for value in _pairs(scope, wanted):
        if value.isascii() and value and len(values) < MOST_OF_A_NAME:
            values.append(value.decode())
    return values


def value_of(scope: Scope, name: str) -> str | None:
    return next(iter(values_of(scope, name)), None)


def _pairs(scope: Scope, wanted: bytes) -> Iterator[bytes]:
    for header, line in scope["headers"]:
        if header != b"cookie":
            continue
        for pair in line.split(b";"):
            name, equals, value = pair.partition(b"=")
            if equals and name.strip() == wanted:
                yield value.strip().strip(b'"')
