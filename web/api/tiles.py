"""Vector tiles of the boundaries. An address holds the boundary version, so what it answers never changes."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from data.database import SYSTEM, Database
from data.queries import areas, tiles
from rules.access import Act, Viewer, scope_range
from rules.errors import Problem
from rules.numbers import MAX_INT, digits
from web.dependencies import ViewerDep, needs
from web.stored_answers import AnswerStore, StoredAnswer, respond, stored

router = APIRouter(dependencies=[needs(Act.see_map)], tags=["tiles"])
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
CACHING = "private, max-age=31536000, immutable"
MAX_BYTES = 64_000_000
VERSIONS_HOLD_S = 2.0
Level = Annotated[str, Path(max_length=64)]


class TileStore:
    """The tiles asked for lately, by scope: a person of one county never gets another county's from here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tiles = AnswerStore(MAX_BYTES)
        self._versions: dict[str, int] = {}
        self._versions_until = 0.0

    def find(self, viewer: Viewer, level: str, version: int, z: int, x: int, y: int) -> StoredAnswer:
        """Raises Problem not_found, or old_boundaries when the boundaries of the level have changed since."""
        self._check_version(level, version)
        key = (scope_range(viewer), level, version, z, x, y)
        tile = self._tiles.find(key)
        if tile is None:
            tile = stored(tiles.tile(self._database, viewer, level=level, version=version, z=z, x=x, y=y))
            self._tiles.keep(key, tile)
        return tile

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
def vector_tile(request: Request, viewer: ViewerDep, level: Level, version: str, z: str, x: str, y: str) -> Response:
    """One tile: layer name = level, feature id = area id, property `code`. 404 on an old boundary version."""
    numbers = [number for part in (version, z, x, y) if (number := digits(part, most=MAX_INT)) is not None]
    if len(numbers) != 4:
        raise Problem("not_found")
    store: TileStore = request.app.state.tiles
    tile = store.find(viewer, level, *numbers)
    return respond(tile, request, media_type=MEDIA_TYPE, caching=CACHING)
