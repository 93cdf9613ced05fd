"""Messages and automatic dispatch for an admin."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from dashboard.current_viewer import current_address
from data.audit.access_log import Actor
from data.commands import automatic, message_routes
from data.commands import outbox as outbox_commands
from data.queries import outbox
from data.services import SENDERS_CLOCK
from rules.access import Act, Viewer
from rules.numbers import MAX_BIGINT, digits
from web.dependencies import Limit, ServicesDep, ViewerDep, Whole, as_list, needs
from web.schemas.admin import DeliveryList, PauseForm, RouteList, SwitchForm, SwitchList

router = APIRouter(prefix="/api", tags=["administration"])
#: The name of a route in the file of the routes.
RouteName = Annotated[str, Path(max_length=64)]
MESSAGES, AUTOMATIC = [needs(Act.manage_messages)], [needs(Act.switch_automatic)]


def by(viewer: Viewer) -> Actor:
    return Actor(viewer, address=current_address.get())


@router.get("/outbox", response_model=DeliveryList, dependencies=MESSAGES)
def deliveries(
    services: ServicesDep,
    viewer: ViewerDep,
    state: Literal["waiting", "sent", "dead"] = "dead",
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(max_length=18, pattern=r"^[0-9]*$")] = None,
) -> dict[str, Any]:
    """Deliveries of a state, the newest first: which message on which route, how often tried, and why it failed."""
    before = digits(cursor) if cursor else None
    with services.database.reading(viewer) as connection:
        return outbox.page(connection, state=state, limit=limit, before=before, locale=viewer.locale)


@router.post("/outbox/{number}/retry", status_code=204, dependencies=MESSAGES)
def send_again(
    number: Annotated[int, Path(ge=1, le=MAX_BIGINT), Whole], services: ServicesDep, viewer: ViewerDep
) -> Response:
    """Let a dead delivery be tried again."""
    with services.database.writing(viewer) as connection:
        outbox_commands.send_again(connection, number, services.clock.now(), by=by(viewer))
    return Response(status_code=204)


@router.post("/outbox/retry", status_code=204, dependencies=MESSAGES)
def send_all_again(services: ServicesDep, viewer: ViewerDep) -> Response:
    """Let all dead deliveries be tried again."""
    with services.database.writing(viewer) as connection:
        outbox_commands.send_again(connection, None, services.clock.now(), by=by(viewer))
    return Response(status_code=204)


@router.get("/outbox/routes", response_model=RouteList, dependencies=MESSAGES)
def routes(services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Every route: working or paused and why, how many messages wait for it, when it last sent; paused ones first."""
    return as_list(message_routes.listed(services.database, viewer))


@router.post("/outbox/routes/{code}/pause", status_code=204, dependencies=MESSAGES)
def pause(code: RouteName, form: PauseForm, services: ServicesDep, viewer: ViewerDep) -> Response:
    """Stop a route: its messages wait until somebody resumes it. For who manages the whole deployment."""
    now, address = SENDERS_CLOCK.now(), current_address.get()
    message_routes.pause(services.database, viewer, code, reason=form.reason, now=now, address=address)
    return Response(status_code=204)


@router.post("/outbox/routes/{code}/resume", status_code=204, dependencies=MESSAGES)
def resume(code: RouteName, services: ServicesDep, viewer: ViewerDep) -> Response:
    """Let a paused route send again, at once. For who manages the whole deployment."""
    message_routes.resume(services.database, viewer, code, now=SENDERS_CLOCK.now(), address=current_address.get())
    return Response(status_code=204)


@router.get("/auto-dispatch", response_model=SwitchList, dependencies=AUTOMATIC)
def switches(services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Every category, and since when its cases are dispatched automatically; null where they are not."""
    return as_list(automatic.switched(services.database, viewer))


@router.put("/auto-dispatch/{category}", status_code=204, dependencies=AUTOMATIC)
def switch(
    category: Annotated[str, Path(max_length=64)], form: SwitchForm, services: ServicesDep, viewer: ViewerDep
) -> Response:
    """Switch the automatic dispatch of a category on or off."""
    now, address = services.clock.now(), current_address.get()
    automatic.switch(services.database, viewer=viewer, category=category, on=form.on, now=now, address=address)
    return Response(status_code=204)
