"""Registration of all routes beside Dash's, and of the middleware."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response
from starlette.routing import Match, Route

from data.queries.repeat_chains import RepeatChains
from data.queries.tier_rules import TierWorlds
from data.services import Services
from rules.errors import Problem
from web import problems
from web.api import (
    areas,
    audit,
    brief,
    cases,
    categories,
    client,
    clocks,
    clusters,
    desk,
    documents,
    exports,
    health,
    lists,
    live,
    measures,
    metrics,
    outbox,
    past,
    people,
    profile,
    remarks,
    remediations,
    repeats,
    reports,
    rules,
    search,
    tiers,
    tiles,
)
from web.api.metrics import Measure, Metrics
from web.dependencies import PROBLEMS, as_json, known_parameters
from web.login_throttle import Throttle
from web.middleware.access_log import AccessNotes
from web.middleware.authentication import Gate
from web.middleware.compression import Compression
from web.middleware.entrance import Entrance
from web.middleware.hosts import Hosts
from web.middleware.origin import OriginCheck
from web.middleware.proxies import Proxies
from web.middleware.request_body import BodyGuard
from web.middleware.security_headers import SecurityHeaders
from web.pages import brief as brief_page
from web.pages import case_table, login, mine
from web.pages import measures as measures_page
from web.pdf import Printer
from web.sessions import Sessions
from web.static_files import Assets
from web.stored_answers import AnswerStore

if TYPE_CHECKING:
    from dash import Dash

    from settings import Settings

ROUTERS = (
    # tried in turn for each request: what a map asks for most is first
    tiles.router,
    login.pages,
    mine.router,
    case_table.router,
    health.router,
    metrics.router,
    measures.router,
    brief.router,
    brief_page.router,
    measures_page.router,
    login.api,
    # before the areas: one could be called `index`
    tiers.router,
    areas.router,
    cases.router,
    categories.router,
    desk.router,
    remarks.router,
    remediations.router,
    clocks.router,
    documents.router,
    exports.router,
    outbox.router,
    people.router,
    profile.router,
    lists.router,
    reports.router,
    rules.router,
    audit.router,
    search.router,
    client.router,
    clusters.router,
    past.router,
    repeats.router,
    live.router,
)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def mount(server: FastAPI, services: Services, *, assets: Path | None = None) -> None:
    """Put the routes on the server, before Dash adds its own: its last one answers every address.

    `assets`: the folder of our static files, served here instead of by Dash.
    """
    state = server.state
    state.services = services
    hub = services.hub
    state.sessions = Sessions(
        services.database, allowed=services.settings.server.allowed_origins, hears=lambda: hub.hears
    )
    hub.on_rights.append(state.sessions.forget)
    state.throttle = Throttle(services.database)
    state.metrics = Metrics(services)
    state.pulse = health.Pulse(services.database)
    state.printer = Printer()
    state.tiles = tiles.TileStore(services.database)
    state.answers = AnswerStore(tiers.MAX_BYTES)
    state.tier_worlds = TierWorlds(services.database)
    state.repeat_chains = RepeatChains(services.database)
    problems.install(server)
    for router in ROUTERS:
        server.include_router(router, responses=PROBLEMS, dependencies=[Depends(known_parameters)])
    server.include_router(_last)
    if assets is not None:
        server.mount("/assets", Assets(assets))


def guard(server: FastAPI, services: Services, dash: Dash) -> None:
    """Put the layers in front of all routes, Dash's included; the last one added is met first."""
    settings = services.settings
    # Without this the page opens Dash's web socket, which OriginCheck closes; no callback of ours uses it.
    dash.backend.websocket_capability = False
    server.add_middleware(AccessNotes, access=services.access)
    server.add_middleware(BodyGuard, callbacks=dash.callback_map)
    server.add_middleware(Gate, sessions=server.state.sessions)
    server.add_middleware(OriginCheck, allowed=settings.server.allowed_origins)
    server.add_middleware(Compression)
    server.add_middleware(
        Entrance,
        proxies=Proxies(settings.server.trusted_proxies),
        hosts=_hosts(settings),
        zone=ZoneInfo(settings.deployment.timezone),
    )
    server.add_middleware(
        SecurityHeaders,
        script_hashes=dash.csp_hashes,
        tile_url=settings.map.tile_url,
        secure=settings.server.secure_cookies,
    )
    server.add_middleware(Measure, metrics=server.state.metrics, locale=settings.deployment.locale)


def _hosts(settings: Settings) -> Hosts:
    """Strict where only this machine is listened to, or where the names are said."""
    server = settings.server
    return Hosts(
        own=server.host,
        allowed=server.allowed_hosts,
        origins=server.allowed_origins,
        link=settings.work.link,
        strict=server.is_loopback or bool(server.allowed_hosts),
    )


_last = APIRouter(include_in_schema=False)


@_last.get("/api/openapi.json")
async def openapi(request: Request) -> Response:
    """The API, complete enough for a generated client."""
    app: FastAPI = request.app
    if not hasattr(app.state, "openapi"):
        app.state.openapi = _document(app)
    return as_json(app.state.openapi)


def _document(app: FastAPI) -> dict[str, object]:
    document = get_openapi(
        title="Gridboard",
        version="1",
        routes=app.routes,
        description="Log in with POST /api/session; send its cookie, and its csrf_token as X-CSRF-Token with changes.",
    )
    document["components"]["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "gridboard_session"},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _name_problems(operation["responses"])
            if (path, method) != ("/api/session", "post"):
                operation["security"] = [{"session": []} if method == "get" else {"session": [], "csrf": []}]
    return document


def _name_problems(responses: dict[str, Any]) -> None:
    """FastAPI writes every answer down as the route's own media type; errors leave as problem documents."""
    for status, answer in responses.items():
        if status >= "400" and answer.get("content"):
            answer["content"] = {problems.MEDIA_TYPE: next(iter(answer["content"].values()))}


@_last.api_route("/api/{rest:path}", methods=METHODS)
@_last.api_route("/tiles/{rest:path}", methods=METHODS)
async def unknown(request: Request) -> Response:
    """No page answers for an address of the API: 404, or 405 where another method would do."""
    others = [
        route
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] == Match.PARTIAL
    ]
    if not others:
        raise Problem("not_found")
    allowed = sorted({method for route in others for method in route.methods or ()})
    return problems.problem_response(Problem("method_not_allowed"), request.scope, {"Allow": ", ".join(allowed)})
