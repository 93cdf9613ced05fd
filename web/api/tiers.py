"""Tiers and counts of all areas of a level. What never changes with the boundaries (codes, names, places) is an answer of
its own, kept by the browser for ever; the rest is short, and who has it already is told so."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from data.queries import areas, past, summaries, tiers
from data.queries.summaries import WorldStamp
from rules.access import Act, Viewer, scope_range
from rules.errors import Problem
from rules.numbers import MAX_INT, digits
from web.dependencies import AreaQuery, AsOf, Choice, EmptyIsNone, ServicesDep, ViewerDep, encoded, needs
from web.schemas.areas import AreaIndex, Tiers
from web.stored_answers import AnswerStore, StoredAnswer, respond, stored

router = APIRouter(prefix="/api", tags=["areas"], dependencies=[needs(Act.see_map)])
MEDIA_TYPE = "application/json"
MAX_BYTES = 32_000_000
#: In the order of the answer. The first are the index: they change with the areas alone.
INDEX = ("id", "code", "name", "lon", "lat", "parent", "child")
STATE = ("tier", "open", "waiting")
Columns = Annotated[str | None, Query(max_length=100, pattern=r"^[a-z,]*$"), EmptyIsNone]
Level = Annotated[str, Path(max_length=64)]
KNOWN: dict[int | str, dict[str, Any]] = {304: {"description": "Not changed"}}


@router.get("/tiers", response_model=Tiers, responses=KNOWN)
def compact_tiers(
    request: Request,
    services: ServicesDep,
    viewer: ViewerDep,
    area: AreaQuery = None,
    level: Choice = None,
    columns: Columns = None,
    as_of: AsOf = None,
) -> Response:
    """The tiers of all areas of a level within an area, column by column; the level below it when none is named.

    `columns=tier,open,waiting` leaves out what /api/areas/index tells for ever, in the same order of areas.
    """
    code, wanted = area or viewer.area_code, _columns(columns)
    if as_of is not None:
        answer = _read(services, viewer, code, level, wanted, as_of)
        return respond(answer, request, media_type=MEDIA_TYPE, caching="private, no-cache")
    answers: AnswerStore = request.app.state.answers
    with_stamp = summaries.world_stamp(services.database)
    key = ("tiers", scope_range(viewer), viewer.locale, code, level, wanted, with_stamp)
    answer = answers.find(key) or answers.keep(key, _read(services, viewer, code, level, wanted))
    return respond(answer, request, media_type=MEDIA_TYPE, caching="private, no-cache")


def _columns(names: str | None) -> tuple[str, ...]:
    """Raises Problem invalid for a column that there is none of."""
    if names is None:
        return (*INDEX, *STATE)
    wanted = set(names.split(","))
    if not wanted <= {*INDEX, *STATE}:
        raise Problem("invalid", field="columns", value=names)
    return tuple(name for name in (*INDEX, *STATE) if name in wanted)


def _read(
    services: ServicesDep,
    viewer: Viewer,
    code: str,
    level: str | None,
    columns: tuple[str, ...],
    as_of: datetime | None = None,
) -> StoredAnswer:
    """Two areas with the same figures have the same tag, whatever else has happened in the world."""
    now = services.clock.now()
    with past.reading(services.database, viewer, as_of=as_of, now=now) as connection:
        key = areas.key(connection, code)
        wanted = level or _level_below(areas.levels(connection), key.level)
        rows = tiers.compact(connection, key, wanted, locale=viewer.locale)
        stamp = summaries.read_stamp(connection)
    head = {"area": code, "level": wanted, "boundary_version": rows["boundary_version"], "revision": stamp.areas}
    figures = {name: rows[name] for name in columns}
    body = encoded({**head, "seq": stamp.seq, "as_of": as_of or now, **figures})
    return stored(body, tagged=encoded({**head, **figures}))


def _level_below(levels: list[dict[str, Any]], level: str) -> str:
    """The level under `level`; the lowest one itself."""
    codes = [entry["code"] for entry in levels]
    return str(codes[min(codes.index(level) + 1, len(codes) - 1)])


@router.get("/areas/index/{level}/{revision}", response_model=AreaIndex, responses=KNOWN)
def area_index(
    request: Request, services: ServicesDep, viewer: ViewerDep, level: Level, revision: str, area: AreaQuery = None
) -> Response:
    """What /api/tiers has of each area besides tier and counts, in the same order; never another for one `revision`
    (as in the live stream's `boundaries`) and language. 404 `old_boundaries` for another revision than the present one."""
    wanted = digits(revision, most=MAX_INT)
    if wanted is None:
        raise Problem("not_found")
    code = area or viewer.area_code
    answers: AnswerStore = request.app.state.answers
    stamp = summaries.world_stamp(services.database)
    key = ("index", scope_range(viewer), viewer.locale, code, level, stamp.areas)
    answer = answers.find(key) if stamp.areas == wanted else None
    answer = answer or answers.keep(key, _read_index(services, viewer, code, level, wanted))
    return respond(answer, request, media_type=MEDIA_TYPE, caching="private, max-age=31536000, immutable")


def _read_index(services: ServicesDep, viewer: Viewer, code: str, level: str, revision: int) -> StoredAnswer:
    with services.database.reading(viewer) as connection:
        stamp: WorldStamp = summaries.read_stamp(connection)
        if stamp.areas != revision:
            raise Problem("old_boundaries")
        rows = tiers.compact(connection, areas.key(connection, code), level, locale=viewer.locale)
    return stored(
        orjson.dumps({"area": code, "level": level, "revision": revision, **{name: rows[name] for name in INDEX}})
    )
