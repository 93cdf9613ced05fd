"""The bar on top: name, breadcrumb, search, live status, language, theme, user menu."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.panels.options import Input
from dashboard.view_models import AreaStep, Reader
from dashboard.words.formats import moment
from dashboard.words.texts import LOCALES, text

#: The pages of each role, the first of them its home.
PAGES_OF = {
    "leader": ("map", "rules"),
    "dispatcher": ("dispatch", "map"),
    "handler": ("mine", "map"),
    "auditor": ("audit", "map", "rules"),
    "admin": ("users", "displays", "messages", "automatic", "map", "rules"),
    "display": ("wall",),
    "system": ("map",),
}
#: Pages of their own, like paper, for those who read cases.
SHEETS, READERS = ("measures", "brief"), ("leader", "dispatcher", "handler")


def topbar(reader: Reader, *, page: str) -> html.Header:
    """The bar of every page but the wall's."""
    left: list = [brand(reader.locale)]
    if page != "case":
        left.append(
            html.Nav(
                [],
                id=ids.BREADCRUMB,
                className="breadcrumb",
                **marked({"aria-label": text("breadcrumb", reader.locale)}),
            )
        )
    right = [search(reader.locale), live_status(reader.locale), *page_links(reader, page)]
    if "report" in moves_without_case(reader.role):
        right.append(_report_button(reader.locale))
    right += [language_switch(reader.locale), theme_switch(reader.locale), user_menu(reader)]
    return html.Header(
        [html.Div(left, className="bar-left"), html.Div(right, className="bar-right")], className="topbar"
    )


def moves_without_case(role: str) -> tuple[str, ...]:
    """What a role may start without a case at hand."""
    return ("report",) if role in ("dispatcher", "handler") else ()


def brand(locale: str) -> html.A:
    """The product's name, leading home: beside the Chinese one the other, which is all that others read."""
    names = ["网格指挥图", "Gridboard"] if locale == "zh_CN" else ["Gridboard"]
    return html.A(
        [
            html.Span(className="brand-mark", **marked({"aria-hidden": "true"})),
            *(
                html.Span(name, className=kind)
                for name, kind in zip(names, ("brand-name", "brand-second"), strict=False)
            ),
        ],
        href="/",
        className="brand",
        title=text("product", locale),
    )


def breadcrumb(steps: Sequence[AreaStep], *, base: str = "") -> list:
    """The way from the root to the present area; each step before it is a link."""
    parts: list = []
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        if number:
            parts.append(html.Span("›", className="crumb-gap", **marked({"aria-hidden": "true"})))
        current = marked({"aria-current": "page"} if last else {})
        parts.append(
            html.A(
                step.name,
                href=f"{base}?area={step.code}",
                className="crumb",
                **marked({"data-go-area": step.code, "data-code": step.code}),
                **current,
            )
        )
    return parts


def search(locale: str) -> html.Div:
    """The box that goes anywhere: a combobox over a listbox, which the browser's own code fills."""
    box = Input(
        id=ids.SEARCH,
        type="text",
        className="search-input",
        role="combobox",
        autoComplete="off",
        spellCheck="false",
        maxLength=100,
        placeholder=text("search.placeholder", locale),
        **marked({"aria-expanded": "false", "aria-controls": ids.SEARCH_RESULTS, "aria-autocomplete": "list"}),
    )
    results = html.Div(
        [],
        id=ids.SEARCH_RESULTS,
        className="search-results",
        role="listbox",
        hidden=True,
        **marked({"aria-label": text("search.results", locale)}),
    )
    return html.Div(
        [
            icon("search"),
            html.Label([html.Span(text("search.placeholder", locale), className="unseen"), box]),
            html.Kbd("/"),
            results,
        ],
        className="search",
        role="search",
    )


def live_status(locale: str) -> html.Div:
    """Says the truth about the stream; the live client keeps it."""
    return html.Div(
        [
            html.Span(className="live-dot"),
            html.Span(text("live.catching-up", locale), className="live-text"),
            html.Span("", className="live-time"),
        ],
        id=ids.LIVE_STATUS,
        className="live-status",
        role="status",
        **marked({"data-state": "catching-up"}),
    )


def page_links(reader: Reader, page: str) -> list:
    """Links between the pages of this role, when it has more than one."""
    pages = PAGES_OF.get(reader.role, ("map",))
    if len(pages) < 2:
        return []
    links = [
        html.A(
            text(f"page.{name}", reader.locale),
            href=f"/{name}",
            className="page-link",
            **marked({"data-page": name}),
            **marked({"aria-current": "page"} if name == page else {}),
        )
        for name in pages
    ]
    return [html.Nav(links, className="page-links", **marked({"aria-label": text("pages", reader.locale)}))]


def _report_button(locale: str) -> html.Button:
    return html.Button(
        [icon("plus"), html.Span(text("report.open", locale))],
        type="button",
        className="button",
        **marked({"data-action": "open-report"}),
    )


def language_switch(locale: str) -> html.Button:
    """One press changes to the other language, shown in its own words."""
    other = LOCALES[(LOCALES.index(locale) + 1) % len(LOCALES)]
    return html.Button(
        text("language.short", other),
        type="button",
        className="icon-button language",
        title=text("language.name", other),
        lang=other.replace("_", "-"),
        **marked({"data-action": "language", "data-locale": other}),
    )


def theme_switch(locale: str) -> html.Button:
    """Dark or light; remembered by the browser."""
    return html.Button(
        icon("contrast-2", label=text("theme.switch", locale)),
        type="button",
        className="icon-button",
        title=text("theme.switch", locale),
        **marked({"data-action": "theme"}),
    )


def user_menu(reader: Reader) -> html.Details:
    """Name and role, and the ways out. The browser opens it, by key as well."""
    locale = reader.locale
    pages = PAGES_OF.get(reader.role, ())
    items = [
        html.Div(
            [html.Strong(reader.username), html.Span(text(f"role.{reader.role}", locale), className="quiet")],
            className="menu-head",
        ),
        *(_menu_link(name, "list", locale, narrow=True) for name in pages if len(pages) > 1),
        *(_menu_link(name, "list", locale) for name in SHEETS if reader.role in READERS),
        _menu_link("profile", "user", locale),
        _menu_item("help", "keyboard", text("help.title", locale)),
        _menu_item("logout", "logout", text("logout", locale)),
        _menu_item("logout-everywhere", "devices-off", text("logout.everywhere", locale)),
    ]
    opener = html.Summary(icon("user", label=text("user.menu", locale)), className="icon-button", title=reader.username)
    return html.Details([opener, html.Div(items, className="menu")], className="user-menu")


def _menu_link(page: str, name: str, locale: str, *, narrow: bool = False) -> html.A:
    """`narrow`: where the bar has no room for links between pages."""
    kind = "menu-item menu-narrow" if narrow else "menu-item"
    return html.A([icon(name), html.Span(text(f"page.{page}", locale))], href=f"/{page}", className=kind)


def _menu_item(action: str, name: str, words: str) -> html.Button:
    return html.Button(
        [icon(name), html.Span(words)], type="button", className="menu-item", **marked({"data-action": action})
    )


def as_of(at: datetime, reader: Reader) -> str:
    """The moment of the data, in the deployment's zone."""
    return text("as-of", reader.locale, at=moment(at, reader.locale, reader.zone))
