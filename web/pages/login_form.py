"""The login page: the product's name, the deployment's name, two fields. No script runs on it."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from dashboard.words.texts import LOCALES, text
from data import accounts
from data.database import SYSTEM
from data.queries import deployment
from data.services import Services
from rules.errors import Problem
from web.locale import anonymous_locale
from web.problems import retry_headers, words_of

TEMPLATES = Path(__file__).parent / "templates"
#: The accounts of the demonstration, as the README tells them; the password is the product's name.
DEMO_ACCOUNTS = (
    ("leader", "leader"),
    ("dispatcher", "dispatcher"),
    ("dispatcher.jinghong", "dispatcher"),
    ("handler", "handler"),
    ("auditor", "auditor"),
    ("admin", "admin"),
)
DEMO_PASSWORD = "gridboard"  # noqa: S105 - known to everybody, and only where the server listens on loopback


@cache
def _template(name: str) -> Template:
    return Template((TEMPLATES / f"{name}.html").read_text("utf-8"))


@cache
def _style() -> str:
    return (TEMPLATES / "login.css").read_text("utf-8")


def login_page(
    services: Services, locale: str, target: str | None, *, problem: Problem | None = None, username: str = ""
) -> str:
    """The page in one language; with a problem, its sentence above the form and the name as it was typed."""
    name, demonstration = _deployment(services, locale)
    return _template("login").substitute(
        _frame(locale),
        deployment=escape(name),
        username=escape(username),
        next=escape(target or ""),
        alert=_alert(problem, locale),
        demonstration=_demo_rows(locale, target) if demonstration else "",
        languages=_languages(locale, target),
        user_label=escape(text("login.username", locale)),
        password_label=escape(text("login.password", locale)),
        submit=escape(text("login.submit", locale)),
        autofocus_name="" if username else "autofocus",
        autofocus_password="autofocus" if username else "",
    )


def logout_page(locale: str) -> str:
    return _template("logout").substitute(
        _frame(locale),
        question=escape(text("logout.question", locale)),
        submit=escape(text("logout", locale)),
        back=escape(text("logout.back", locale)),
    )


def problem_page(problem: Problem, locale: str) -> str:
    return _template("problem").substitute(
        _frame(locale), words=escape(words_of(problem, locale)), retry=escape(text("state.retry", locale))
    )


async def refuse_page(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a person's request with a problem from within a middleware."""
    page = problem_page(problem, anonymous_locale(scope))
    await HTMLResponse(page, status_code=problem.status, headers=retry_headers(problem))(scope, receive, send)


def _frame(locale: str) -> dict[str, str]:
    return {
        "lang": locale.replace("_", "-"),
        "style": _style(),
        "title": escape(text("login.title", locale)),
        "product": escape(text("product", locale)),
    }


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
    words, wait = words_of(problem, locale), problem.extra.get("retry_after_s")
    if wait:
        words = text("login.wait", locale, seconds=wait)
    return f'<p class="alert" role="alert">{escape(words)}</p>'


def _demo_rows(locale: str, target: str | None) -> str:
    rows = "".join(_demo_row(username, role, locale, target) for username, role in DEMO_ACCOUNTS)
    title, hint = escape(text("login.demo", locale)), escape(text("login.demo.hint", locale, password=DEMO_PASSWORD))
    head = f'<h2 id="demo-title">{title}</h2><p>{hint}</p>'
    return f'<section class="demo" aria-labelledby="demo-title">{head}<div class="rows">{rows}</div></section>'


def _demo_row(username: str, role: str, locale: str, target: str | None) -> str:
    fields = {"username": username, "password": DEMO_PASSWORD, "next": target or ""}
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items())
    words = escape(text(f"role.{role}", locale))
    name = escape(username)
    button = (
        f'<button type="submit" class="row" data-account="{name}"><strong>{name}</strong><span>{words}</span></button>'
    )
    return f'<form method="post" action="/login">{hidden}{button}</form>'


def _languages(locale: str, target: str | None) -> str:
    field = f'<input type="hidden" name="next" value="{escape(target)}">' if target else ""
    buttons = "".join(
        f'<button name="locale" value="{code}" lang="{code.replace("_", "-")}"'
        f"{' aria-current=true' if code == locale else ''}>{escape(text('language.name', code))}</button>"
        for code in LOCALES
    )
    return f'<form method="get" action="/login" class="languages">{field}{buttons}</form>'
