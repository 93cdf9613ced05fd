"""Login and logout: a page for people, `/api/session` for programs; an initial password is replaced on the page."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from urllib.parse import parse_qs, unquote, urlsplit

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from dashboard.panels.topbar import PAGES_OF
from dashboard.words.texts import LOCALES
from data import accounts, passwords
from data.accounts import LoggedIn, PasswordDue, WrongCredentials
from data.audit import access_log
from data.audit.access_log import Actor
from data.services import Services
from rules.access import Viewer
from rules.access_log import Access, Outcome, Via
from rules.errors import Fault, Problem, unfit
from web import first_password
from web.cookies import values_of
from web.dependencies import PROBLEMS, ServicesDep, ViewerDep, VisitDep
from web.locale import COOKIE as LOCALE_COOKIE
from web.locale import anonymous_locale
from web.pages.login_form import first_password_page, login_page, logout_page
from web.problems import retry_headers
from web.schemas.base import clean_text
from web.schemas.problems import ProblemDocument
from web.schemas.session import LocaleChoice, LoginForm, Session
from web.sessions import COOKIE, clear_cookie, machine_now
from web.sign_in import address_of, counted, keep, session_length, session_shape

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api", tags=["session"])
YEAR_S = 365 * 24 * 3600
MOST_FIELDS = 20
Next = Annotated[str | None, Query(max_length=2000)]


def safe_next(target: str | None) -> str | None:
    """An address within this site, or None: never another host, a script, or the way out."""
    if not target or not target.startswith("/") or target.startswith("//") or len(target) > 2000:
        return None
    if any(letter in target for letter in "\\\r\n\t\0") or urlsplit(target).netloc:
        return None
    path = unquote(urlsplit(target).path)
    local = not path.startswith(("//", "/\\", "/login", "/logout", "/api/", "/_dash"))
    return target if local else None


def home_of(viewer: Viewer) -> str:
    """The page of a role."""
    return "/" + PAGES_OF.get(viewer.role.value, ("map",))[0]


async def _log_in(request: Request, services: Services, username: str, password: str, via: Via) -> LoggedIn:
    """A fresh session; the one that the browser showed before ends. Raises wrong_credentials, too_many, password_due."""
    address = address_of(request)
    try:
        clean_text(username + password)
    except ValueError:
        raise _noted(services, WrongCredentials(), via, address) from None
    try:
        found = await counted(request, partial(_open_session, services, username, password, via, address), username)
    except Problem as problem:
        raise _noted(services, problem, via, address) from None
    if isinstance(found, PasswordDue):
        raise found
    await _end_session(request, services, via)
    return found


def _noted(services: Services, problem: Problem, via: Via, address: str) -> Problem:
    """The same problem, once the access log has it: whose account it was, never what was typed."""
    if problem.code in ("wrong_credentials", "too_many"):
        outcome = Outcome.failed if problem.code == "wrong_credentials" else Outcome.throttled
        by = Actor(getattr(problem, "account", None), via, address)
        services.access.note(access_log.entry(Access.login, by, outcome=outcome))
    return problem


def _open_session(
    services: Services, username: str, password: str, via: Via, address: str
) -> LoggedIn | PasswordDue:
    """An initial password is right: it counts as no wrong guess, but opens no session."""
    try:
        return accounts.log_in(
            services.database, username, password, machine_now(), length=session_length(services), via=via, address=address
        )
    except PasswordDue as due:
        return due


async def _first_password(request: Request, services: Services, username: str, fields: dict[str, str]) -> LoggedIn:
    """The session of somebody who has replaced an initial password. Raises wrong_credentials where the ticket does not
    hold, invalid where the password is no good one."""
    new, keyed, now = fields.get("new_password", ""), request.app.state.throttle.guesses.keyed, machine_now()
    try:
        clean_text(username + new)
    except ValueError:
        raise WrongCredentials() from None
    if new != fields.get("repeat", ""):
        raise unfit([Fault("repeat", "not_same")])
    await anyio.to_thread.run_sync(keyed)
    replace = partial(
        passwords.replace_initial, services.database, username, new=new, now=now, length=session_length(services),
        fits=partial(first_password.fits, fields["ticket"][:100], username, keyed, now),
        via=Via.page, address=address_of(request),
    )  # fmt: skip
    session: LoggedIn = await anyio.to_thread.run_sync(replace)
    await _end_session(request, services, Via.page)
    return session


async def _end_session(request: Request, services: Services, via: Via) -> None:
    tokens = values_of(request.scope, COOKIE)
    for token in tokens:
        ended = partial(accounts.log_out, services.database, token, via=via, address=address_of(request))
        await anyio.to_thread.run_sync(ended)
    if tokens:
        request.app.state.sessions.forget()


@pages.get("/login")
async def show_login(
    request: Request, services: ServicesDep, next: Next = None, locale: Annotated[str | None, Query()] = None
) -> Response:
    """The form; `locale` switches its language and is remembered."""
    chosen = locale if locale in LOCALES else anonymous_locale(request.scope)
    page = await _page(services, chosen, next)
    response = HTMLResponse(page)
    if locale in LOCALES:
        _remember_locale(response, chosen, services)
    return response


@pages.post("/login")
async def log_in(request: Request, services: ServicesDep) -> Response:
    """Form fields `username`, `password`; 303 to the page asked for, or 401 with one neutral sentence."""
    fields = await _fields(request)
    username, password = fields.get("username", "").strip()[:200], fields.get("password", "")[:1000]
    target = safe_next(fields.get("next") or request.query_params.get("next"))
    try:
        if fields.get("ticket"):
            session = await _first_password(request, services, username, fields)
        else:
            session = await _log_in(request, services, username, password, Via.page)
    except PasswordDue as due:
        keyed = request.app.state.throttle.guesses.keyed
        return await _ask_password(request, username, target, first_password.ticket(due, username, keyed, machine_now()))
    except Problem as problem:
        if problem.faults:
            return await _ask_password(request, username, target, fields["ticket"], problem)
        page = await _page(services, anonymous_locale(request.scope), target, problem=problem, username=username)
        return HTMLResponse(page, status_code=problem.status, headers=retry_headers(problem))
    return keep(RedirectResponse(target or home_of(session.viewer), status_code=303), session, request, services)


async def _ask_password(
    request: Request, username: str, target: str | None, ticket: str, problem: Problem | None = None
) -> Response:
    """The form for a password of one's own; 403 the first time, since nobody has come in yet."""
    locale = anonymous_locale(request.scope)
    page = first_password_page(locale, username=username, target=target or "", ticket=ticket, problem=problem)
    return HTMLResponse(page, status_code=problem.status if problem else 403)


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form, the first of each name. Raises Problem bad_request where there are too many."""
    try:
        fields = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Problem("bad_request") from None
    return {name: values[0] for name, values in fields.items()}


async def _page(services: Services, locale: str, target: str | None, **filled: Any) -> str:
    return await anyio.to_thread.run_sync(lambda: login_page(services, locale, safe_next(target), **filled))


@pages.get("/logout")
async def show_logout(request: Request) -> Response:
    """Asks before it logs out: an address alone, which anybody can put into a picture, ends no session."""
    return HTMLResponse(logout_page(anonymous_locale(request.scope)))


@pages.post("/logout")
async def log_out(request: Request, services: ServicesDep) -> Response:
    await _end_session(request, services, Via.page)
    response = RedirectResponse("/login", status_code=303)
    clear_cookie(response, secure=services.settings.server.secure_cookies)
    return response


@pages.get("/favicon.ico")
async def favicon() -> Response:
    return RedirectResponse("/assets/favicon.svg", status_code=301)


@pages.get("/robots.txt")
async def robots() -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


@pages.get("/")
async def home(viewer: ViewerDep) -> Response:
    """Sends each role to its page."""
    return RedirectResponse(home_of(viewer), status_code=303)


@api.post("/session", response_model=Session, responses={429: {"model": ProblemDocument}})
async def open_session(form: LoginForm, request: Request, response: Response, services: ServicesDep) -> dict[str, Any]:
    """Log in: answers a cookie, and the token that later changes carry as X-CSRF-Token."""
    session = await _log_in(request, services, form.username.strip(), form.password, Via.api)
    keep(response, session, request, services)
    return session_shape(session.viewer, session.csrf_token, services)


@api.get("/session", response_model=Session, responses=PROBLEMS)
async def session(visit: VisitDep, services: ServicesDep) -> dict[str, Any]:
    """Whose session this is."""
    return session_shape(visit.viewer, visit.csrf_token, services)


@api.delete("/session", status_code=204, responses=PROBLEMS)
@api.post("/logout", status_code=204, responses=PROBLEMS)
async def close_session(request: Request, visit: VisitDep, services: ServicesDep, everywhere: bool = False) -> Response:
    """Log out here, or with `everywhere=1` end all sessions of this person; their streams end too."""
    if everywhere and visit.viewer.user_id is not None:
        user, address = visit.viewer.user_id, address_of(request)
        await anyio.to_thread.run_sync(
            partial(accounts.log_out_everywhere, services.database, user, via=Via.api, address=address)
        )
    await _end_session(request, services, Via.api)
    response = Response(status_code=204)
    clear_cookie(response, secure=services.settings.server.secure_cookies)
    return response


@api.post("/locale", response_model=LocaleChoice, responses=PROBLEMS)
async def choose_locale(
    form: LocaleChoice, response: Response, visit: VisitDep, services: ServicesDep
) -> dict[str, str]:
    """Choose the language of one's screens."""
    if visit.viewer.user_id is not None:
        await anyio.to_thread.run_sync(accounts.set_locale, services.database, visit.viewer.user_id, form.locale)
    _remember_locale(response, form.locale, services)
    return {"locale": form.locale}


def _remember_locale(response: Response, locale: str, services: Services) -> None:
    secure = services.settings.server.secure_cookies
    response.set_cookie(LOCALE_COOKIE, locale, max_age=YEAR_S, path="/", samesite="lax", httponly=True, secure=secure)
