"""The login page: the product's name, the deployment's name, two fields. No script runs on it."""

from __future__ import annotations

from dashboard.templating import render
from dashboard.words.problems import fault_words, password_rule, words_of
from dashboard.words.texts import LOCALES, text
from data import accounts
from data.database import SYSTEM
from data.queries import deployment
from data.services import Services
from rules.errors import Problem

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


def first_password_page(
    locale: str, *, username: str, target: str, ticket: str, problem: Problem | None = None
) -> str:
    """The form in which an initial password is replaced, with what is wrong beside each field."""
    faults = {one["field"]: one["detail"] for one in fault_words(problem, locale)} if problem else {}
    return render(
        "first_password.html", locale, username=username, target=target, ticket=ticket, faults=faults,
        rule=password_rule(locale),
    )  # fmt: skip


def logout_page(locale: str) -> str:
    return render("logout.html", locale)


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
