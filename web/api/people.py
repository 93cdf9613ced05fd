"""Accounts and wall displays, for an admin of their area."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from dashboard.current_viewer import current_address
from data.audit.access_log import Actor
from data.commands import displays as display_commands
from data.commands import people
from data.queries import accounts, displays
from data.queries.accounts import AccountFilter
from data.services import Services
from rules.access import Act, Viewer
from rules.numbers import MAX_INT
from web.dependencies import (
    PROBLEMS,
    AreaQuery,
    EmptyIsNone,
    Limit,
    ServicesDep,
    ViewerDep,
    Whole,
    Words,
    as_list,
    needs,
)
from web.schemas.people import (
    Account,
    AccountChange,
    AccountForm,
    AccountList,
    ChoosableList,
    Display,
    DisplayChange,
    DisplayForm,
    DisplayList,
    NewAccount,
    NewDisplay,
)
from web.schemas.problems import ProblemDocument

router = APIRouter(prefix="/api", tags=["administration"])
USERS, DISPLAYS = [needs(Act.manage_users)], [needs(Act.manage_displays)]
Number = Annotated[int, Path(ge=1, le=MAX_INT), Whole]
RoleChoice = Annotated[Literal["leader", "dispatcher", "handler", "auditor", "admin"] | None, Query(), EmptyIsNone]
StateChoice = Annotated[Literal["active", "initial", "disabled"] | None, Query(), EmptyIsNone]
TAKEN: dict[int | str, dict[str, Any]] = {**PROBLEMS, 409: {"model": ProblemDocument, "description": "The name is taken"}}


def by(viewer: Viewer) -> Actor:
    return Actor(viewer, address=current_address.get())


@router.get("/users", response_model=AccountList, dependencies=USERS)
def list_users(
    services: ServicesDep, viewer: ViewerDep, q: Words = None, role: RoleChoice = None, area: AreaQuery = None,
    state: StateChoice = None, limit: Limit = 50, cursor: Words = None,
) -> dict[str, Any]:  # fmt: skip
    """Accounts of the caller's area, by name; `q` is a part of the account's, its organisation's or its area's name."""
    with services.database.reading(viewer) as connection:
        wanted = AccountFilter(q=q, role=role, area=area, state=state)
        return accounts.page(connection, wanted, limit=limit, after=cursor, locale=viewer.locale)


@router.get("/users/organisations", response_model=ChoosableList, dependencies=USERS)
def list_organisations(services: ServicesDep, viewer: ViewerDep, q: Words = None, limit: Limit = 12) -> dict[str, Any]:
    """Organisations that an account may be given: by a part of the name, or the beginning of the code."""
    with services.database.reading(viewer) as connection:
        return as_list(accounts.choosable(connection, viewer, q or "", limit=limit))


@router.post("/users", response_model=NewAccount, status_code=201, responses=TAKEN, dependencies=USERS)
def add_user(form: AccountForm, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Add an account. The initial password is told in this answer alone, and is replaced at the first login."""
    made = people.add(
        services.database, username=form.username.strip(), role=form.role, area=form.area.strip(),
        organisation=(form.organisation or "").strip() or None, now=services.clock.now(), by=by(viewer),
    )  # fmt: skip
    return _account(services, viewer, made.id) | {"password": made.password}


@router.patch("/users/{id}", response_model=Account, dependencies=USERS)
def change_user(id: Number, form: AccountChange, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Another role, area, organisation or state. Sessions and streams of the account follow within five seconds."""
    given = form.model_dump(exclude_unset=True)
    changes = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    changes = {name: value for name, value in changes.items() if value is not None or name == "organisation"}
    if "organisation" in changes:
        changes["organisation"] = changes["organisation"] or None
    people.change(services.database, id, changes, by=by(viewer))
    return _account(services, viewer, id)


@router.post("/users/{id}/password", response_model=NewAccount, dependencies=USERS)
def reset_password(id: Number, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Give an account an initial password, told in this answer alone; all of its sessions end."""
    made = people.reset_password(services.database, id, by=by(viewer))
    return _account(services, viewer, id) | {"password": made.password}


def _account(services: Services, viewer: Viewer, user_id: int) -> dict[str, Any]:
    with services.database.reading(viewer) as connection:
        return accounts.find(connection, user_id, locale=viewer.locale)


@router.get("/displays", response_model=DisplayList, dependencies=DISPLAYS)
def list_displays(services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Wall displays of the caller's area; those that were revoked come last."""
    with services.database.reading(viewer) as connection:
        return as_list(displays.listed(connection, locale=viewer.locale))


@router.post("/displays", response_model=NewDisplay, status_code=201, responses=TAKEN, dependencies=DISPLAYS)
def add_display(form: DisplayForm, request: Request, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Add a wall display. Its address with the token in it is told in this answer alone."""
    number, token = display_commands.add(
        services.database, name=form.name.strip(), area=form.area.strip(), now=services.clock.now(), by=by(viewer)
    )
    url = str(request.base_url.replace(path="/wall").include_query_params(display=token))
    return _display(services, viewer, number) | {"url": url, "token": token}


@router.patch("/displays/{id}", response_model=Display, responses=TAKEN, dependencies=DISPLAYS)
def change_display(id: Number, form: DisplayChange, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """Another name or area; the wall itself follows within five seconds."""
    changes = {name: value.strip() for name, value in form.model_dump(exclude_none=True).items()}
    display_commands.change(services.database, id, changes, by=by(viewer))
    return _display(services, viewer, id)


@router.delete("/displays/{id}", status_code=204, dependencies=DISPLAYS)
def revoke_display(id: Number, services: ServicesDep, viewer: ViewerDep) -> Response:
    """End a wall display's access; it goes dark within five seconds."""
    display_commands.revoke(services.database, id, now=services.clock.now(), by=by(viewer))
    return Response(status_code=204)


def _display(services: Services, viewer: Viewer, display_id: int) -> dict[str, Any]:
    with services.database.reading(viewer) as connection:
        return displays.find(connection, display_id, locale=viewer.locale)
