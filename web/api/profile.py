"""One's own account: what it is, its sessions, its password."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from dashboard.current_viewer import Visit
from data import accounts, passwords
from data.accounts import LoggedIn
from data.audit import access_log
from data.audit.access_log import Actor
from data.queries import accounts as account_queries
from data.services import Services
from rules.access import Viewer
from rules.access_log import Access, Outcome, Via
from rules.accounts import password_faults
from rules.errors import Problem, unfit
from web.dependencies import PROBLEMS, ServicesDep, ViewerDep, VisitDep, as_list
from web.schemas.people import Ended, OwnSessionList, PasswordForm, Profile
from web.schemas.problems import ProblemDocument
from web.schemas.session import Session
from web.sessions import SCOPE_KEY, machine_now
from web.sign_in import address_of, counted, keep, session_length, session_shape

router = APIRouter(prefix="/api", tags=["session"])
THROTTLED: dict[int | str, dict[str, Any]] = {**PROBLEMS, 429: {"model": ProblemDocument}}


def _person(viewer: Viewer) -> Viewer:
    """A display is nobody's account."""
    if viewer.user_id is None:
        raise Problem("forbidden")
    return viewer


@router.get("/profile", response_model=Profile)
def profile(services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """One's own account."""
    person = _person(viewer)
    with services.database.reading(person) as connection:
        return account_queries.own(connection, person, machine_now())


@router.get("/sessions", response_model=OwnSessionList)
def sessions(services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """One's own open sessions, the newest first."""
    with services.database.reading(_person(viewer)) as connection:
        return as_list(account_queries.sessions(connection, viewer, machine_now()))


@router.delete("/sessions", response_model=Ended)
def end_other_sessions(request: Request, services: ServicesDep, viewer: ViewerDep) -> dict[str, Any]:
    """End all of one's sessions but this one; their streams end too."""
    person, token = _person(viewer), request.scope[SCOPE_KEY].token
    ended = accounts.log_out_elsewhere(services.database, person, token, address=address_of(request))
    return {"ended": ended}


@router.post("/profile/password", response_model=Session, responses=THROTTLED)
async def change_password(
    form: PasswordForm, request: Request, response: Response, visit: VisitDep, services: ServicesDep
) -> dict[str, Any]:
    """A new password of one's own. All sessions end; the answer opens another for this browser, with a token of its own.
    Wrong old passwords count and wait as wrong logins do."""
    viewer = _person(visit.viewer)
    faults = list(password_faults("new", form.new, username=viewer.username, old=form.old))
    if faults:
        raise unfit(faults)
    session = await _changed(request, services, visit, form)
    request.app.state.sessions.forget()
    keep(response, session, request, services)
    return session_shape(viewer, session.csrf_token, services)


async def _changed(request: Request, services: Services, visit: Visit, form: PasswordForm) -> LoggedIn:
    viewer, address = visit.viewer, address_of(request)
    check = partial(
        passwords.change, services.database, viewer, old=form.old, new=form.new, now=machine_now(),
        length=session_length(services), address=address,
    )  # fmt: skip
    try:
        return await counted(request, check, viewer.username)
    except Problem as problem:
        outcome = {"invalid": Outcome.failed, "too_many": Outcome.throttled}.get(problem.code)
        if outcome:
            by = Actor(viewer, Via.api, address)
            services.access.note(access_log.entry(Access.password_change, by, outcome=outcome))
        raise
