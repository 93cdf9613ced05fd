"""Vector tiles of the boundaries. An address holds the boundary version, so what it answers never changes."""

from __future__ import annotations

import threading
import time
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from data.database import SYSTEM, Database
from data.queries import areas, tiles
from rules.access import Act, Viewer, scope_range
from rules.errors import Problem
from rules.numbers import MAX_INT, digits
from web.dependencies import ViewerDep, needs
from web.middleware.compression import gzip

router = APIRouter(dependencies=[needs(Act.see_map)], tags=["tiles"])
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
#: `Vary: Cookie`: what a tile shows depends on whose it is.
CACHING = {"Cache-Control": "private, max-age=31536000, immutable", "Vary": "Cookie, Accept-Encoding"}
MAX_BYTES = 64_000_000
VERSIONS_HOLD_S = 2.0
Level = Annotated[str, Path(max_length=64)]


@dataclass(frozen=True)
class StoredTile:
    """A tile as it is and as it travels; the second is empty where compressing does not pay."""

    plain: bytes
    packed: bytes
    tag: str

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.packed) + 200


class TileStore:
    """The tiles asked for lately, by scope: a person of one county never gets another county's from here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tiles: OrderedDict[tuple[object, ...], StoredTile] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._versions: dict[str, int] = {}
        self._versions_until = 0.0

    def find(self, viewer: Viewer, level: str, version: int, z: int, x: int, y: int) -> StoredTile:
        """Raises Problem not_found, or old_boundaries when the boundaries of the level have changed since."""
        self._check_version(level, version)
        key = (scope_range(viewer), level, version, z, x, y)
        with self._lock:
            stored = self._tiles.get(key)
            if stored is not None:
                self._tiles.move_to_end(key)
                return stored
        with self._database.reading(viewer) as connection:
            plain = tiles.tile(connection, level=level, version=version, z=z, x=x, y=y)
        stored = StoredTile(plain, gzip(plain) if len(plain) > 400 else b"", f'"{zlib.crc32(plain):08x}-{len(plain)}"')
        self._keep(key, stored)
        return stored

    def _keep(self, key: tuple[object, ...], stored: StoredTile) -> None:
        with self._lock:
            if key not in self._tiles:
                self._tiles[key] = stored
                self._bytes += stored.size
            while self._bytes > MAX_BYTES:
                self._bytes -= self._tiles.popitem(last=False)[1].size

    def _check_version(self, level: str, version: int) -> None:
        if time.monotonic() > self._versions_until or self._versions.get(level) != version:
            with self._database.reading(SYSTEM) as connection:
                self._versions = {entry["code"]: entry["boundary_version"] for entry in areas.levels(connection)}
            self._versions_until = time.monotonic() + VERSIONS_HOLD_S
        if level not in self._versions:
            raise Problem("not_found")
        if self._versions[level] != version:
            raise Problem("old_boundaries")


@router.get(
    "/tiles/{level}/{version}/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}, 304: {"description": "Not changed"}},
)
def tile(request: Request, viewer: ViewerDep, level: Level, version: str, z: str, x: str, y: str) -> Response:
    """One tile: layer name = level, feature id = area id, property `code`. 404 on an old boundary version."""
    numbers = [number for part in (version, z, x, y) if (number := digits(part, most=MAX_INT)) is not None]
    if len(numbers) != 4:
        raise Problem("not_found")
    store: TileStore = request.app.state.tiles
    stored = store.find(viewer, level, *numbers)
    headers = CACHING | {"ETag": stored.tag}
    if request.headers.get("if-none-match") == stored.tag:
        return Response(status_code=304, headers=headers)
    if stored.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(stored.packed, media_type=MEDIA_TYPE, headers=headers | {"Content-Encoding": "gzip"})
    return Response(stored.plain, media_type=MEDIA_TYPE, headers=headers)
