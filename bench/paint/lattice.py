"""Polygons that share crooked edges, as a vector tile of ours and as GeoJSON: the same shapes for both sides."""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

Point = tuple[float, float]
WEST, EAST, SOUTH, NORTH = 100.0, 101.0, 21.6, 22.2
EXTENT = 4096
PER_EDGE = 3
TIERS = ("k", "w", "n")


@dataclass(frozen=True)
class Lattice:
    """`wide` x `high` cells, each of 12 points, the neighbours' edges in common. WGS84."""

    wide: int
    high: int

    @classmethod
    def of(cls, polygons: int) -> Lattice:
        """About as many polygons as asked for, in the proportions of a screen."""
        high = round(math.sqrt(polygons / 1.65))
        return cls(round(polygons / high), high)

    @property
    def n(self) -> int:
        return self.wide * self.high

    @cached_property
    def corner(self) -> list[list[Point]]:
        chance = random.Random(7)
        dx, dy = self.step

        def moved(i: int, j: int) -> Point:
            return WEST + (i + chance.uniform(-0.2, 0.2)) * dx, NORTH - (j + chance.uniform(-0.2, 0.2)) * dy

        return [[moved(i, j) for i in range(self.wide + 1)] for j in range(self.high + 1)]

    @cached_property
    def across(self) -> list[list[list[Point]]]:
        """Points of each horizontal edge, from its western corner on; the eastern one is left to the next edge."""
        chance, rows = random.Random(8), self.corner
        return [[self._edge(row[i], row[i + 1], chance) for i in range(self.wide)] for row in rows]

    @cached_property
    def down(self) -> list[list[list[Point]]]:
        chance, rows = random.Random(9), self.corner
        return [
            [self._edge(rows[j][i], rows[j + 1][i], chance) for i in range(self.wide + 1)] for j in range(self.high)
        ]

    @property
    def step(self) -> Point:
        """Width and height of a cell in degrees."""
        return (EAST - WEST) / self.wide, (NORTH - SOUTH) / self.high

    def _edge(self, a: Point, b: Point, chance: random.Random) -> list[Point]:
        dx, dy = self.step

        def between(share: float) -> Point:
            lon, lat = a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
            return lon + chance.uniform(-0.1, 0.1) * dx, lat + chance.uniform(-0.1, 0.1) * dy

        return [a, *(between(part / PER_EDGE) for part in range(1, PER_EDGE))]

    def ring(self, i: int, j: int) -> list[Point]:
        """The cell's outline, clockwise from its north-western corner, not closed."""
        east, south = self.corner[j + 1][i + 1], self.corner[j + 1][i]
        back = [east, *reversed(self.across[j + 1][i][1:])]
        up = [south, *reversed(self.down[j][i][1:])]
        return [*self.across[j][i], *self.down[j][i + 1], *back, *up]

    def centre(self, i: int, j: int) -> Point:
        dx, dy = self.step
        return WEST + (i + 0.5) * dx, NORTH - (j + 0.5) * dy

    def code(self, i: int, j: int) -> str:
        return f"c{j * self.wide + i}"

    def tiers(self, turn: int) -> list[str]:
        """About 4 % key and 16 % watch; another mixture each turn."""
        chance = random.Random(turn)
        return [TIERS[0] if (draw := chance.random()) < 0.04 else TIERS[1] if draw < 0.2 else TIERS[2]
                for _ in range(self.n)]  # fmt: skip

    def geojson(self) -> bytes:
        tiers = self.tiers(0)
        cells = (
            {
                "type": "Feature", "properties": {"code": self.code(i, j), "tier": tiers[j * self.wide + i]},
                "geometry": {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in [*ring, ring[0]]]]},
            }
            for j in range(self.high) for i in range(self.wide) for ring in [self.ring(i, j)]
        )  # fmt: skip
        return json.dumps({"type": "FeatureCollection", "features": list(cells)}, separators=(",", ":")).encode()

    def tile(self, level: str, z: int, x: int, y: int) -> bytes:
        """The cells that touch a tile, whole; `area` is the one polygon around them all."""
        if level == "area":
            return layer(level, [(1, "all", [to_tile(point, z, x, y) for point in _around()])])
        west, north = lon_lat(x, y, z)
        east, south = lon_lat(x + 1, y + 1, z)
        dx, dy = self.step
        columns = range(max(0, math.floor((west - WEST) / dx) - 1), min(self.wide, math.ceil((east - WEST) / dx) + 1))
        rows = range(max(0, math.floor((NORTH - north) / dy) - 1), min(self.high, math.ceil((NORTH - south) / dy) + 1))
        return layer(level, [
            (j * self.wide + i + 2, self.code(i, j), [to_tile(point, z, x, y) for point in self.ring(i, j)])
            for j in rows for i in columns
        ])  # fmt: skip


def _around() -> list[Point]:
    return [(WEST, NORTH), (EAST, NORTH), (EAST, SOUTH), (WEST, SOUTH)]


def lon_lat(x: int, y: int, z: int) -> Point:
    """North-western corner of a tile of Web Mercator."""
    turn = math.pi * (1 - 2 * y / 2**z)
    return x / 2**z * 360 - 180, math.degrees(math.atan(math.sinh(turn)))


def to_tile(point: Point, z: int, x: int, y: int) -> tuple[int, int]:
    lon, lat = point
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return round(((lon + 180) / 360 * 2**z - x) * EXTENT), round((down * 2**z - y) * EXTENT)


def layer(name: str, features: list[tuple[int, str, list[tuple[int, int]]]]) -> bytes:
    """A vector tile (version 2 of the format) of one layer of polygons, each with an id and a `code`."""
    parts = [_text(1, name)]
    parts += [_bytes(2, _feature(number, place, ring)) for place, (number, _, ring) in enumerate(features)]
    parts.append(_text(3, "code"))
    parts += [_bytes(4, _text(1, code)) for _, code, _ in features]
    parts += [_key(5, 0) + _varint(EXTENT), _key(15, 0) + _varint(2)]
    return _bytes(3, b"".join(parts))


def _feature(number: int, place: int, ring: list[tuple[int, int]]) -> bytes:
    numbers = [9, *_step(ring[0], (0, 0)), (len(ring) - 1) << 3 | 2]
    for before, after in pairwise(ring):
        numbers += _step(after, before)
    numbers.append(15)
    tags = _varint(0) + _varint(place)
    return (_key(1, 0) + _varint(number) + _bytes(2, tags) + _key(3, 0) + _varint(3)
            + _bytes(4, b"".join(map(_varint, numbers))))  # fmt: skip


def _step(to: tuple[int, int], at: tuple[int, int]) -> tuple[int, int]:
    dx, dy = to[0] - at[0], to[1] - at[1]
    return (dx << 1) ^ (dx >> 31), (dy << 1) ^ (dy >> 31)


def _varint(number: int) -> bytes:
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _bytes(field: int, content: bytes) -> bytes:
    return _key(field, 2) + _varint(len(content)) + content


def _text(field: int, words: str) -> bytes:
    return _bytes(field, words.encode())
