"""The login page: the product's name, the deployment's name, two fields. No script runs on it."""

from __future__ import annotations

from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from dashboard.templating import render
from dashboard.words.problems import words_of
from dashboard.words.texts import LOCALES, text
from data import accounts
from data.database import SYSTEM
from data.queries import deployment
from data.services import Services
from rules.errors import Problem
from web.locale import anonymous_locale
from web.problems import retry_headers

#: The accounts of the demonstration, as in the README; the password is the product's name.
DEMO_ACCOUNTS = (
    ("leader", "leader"),
    ("dispatcher", "dispatcher"),
    ("dispatcher.jinghong", "dispatcher"),
    ("handler", "handler"),
    ("auditor", "auditor"),
    ("admin", "admin"),
)
DEMO_PASSWORD = "gridboard"  # noqa: S105 - known to everybody, and only where the server listens on loopback


def login_page(
    services: Services, locale: str, target: str | None, *, problem: Problem | None = None, username: str = ""
) -> str:
    """The page in one language; with a problem, its sentence above the form and the name as it was typed."""
    name, demonstration = _deployment(services, locale)
    return render(
        "login.html",
        locale,
        deployment=name,
        username=username,
        target=target or "",
        alert=_alert(problem, locale),
        accounts=[(account, text(f"role.{role}", locale)) for account, role in DEMO_ACCOUNTS] if demonstration else [],
        password=DEMO_PASSWORD,
        languages=[(code, text("language.name", code)) for code in LOCALES],
    )


def logout_page(locale: str) -> str:
    return render("logout.html", locale)


def problem_page(problem: Problem, locale: str) -> str:
    return render("problem.html", locale, words=words_of(problem, locale))


async def refuse_page(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a person's request with a problem from within a middleware."""
    page = problem_page(problem, anonymous_locale(scope))
    await HTMLResponse(page, status_code=problem.status, headers=retry_headers(problem))(scope, receive, send)


def _deployment(services: Services, locale: str) -> tuple[str, bool]:
    """The deployment's name and whether demonstration accounts are open. A silent database leaves the page standing."""
    try:
        with services.database.reading(SYSTEM) as connection:
            name = deployment.facts(connection, locale=locale)["name"]
        return name, accounts.demo_accounts_exist(services.database)
    except Problem:
        return "", False


def _alert(problem: Problem | None, locale: str) -> str:
    if problem is None:
        return ""
    wait = problem.extra.get("retry_after_s")
    return text("login.wait", locale, n=wait) if wait else words_of(problem, locale)
