"""States of a panel without content: loading, empty, failed, forbidden, not found."""

from __future__ import annotations

from dash import html

from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.words.texts import text


def skeleton(*, lines: int, class_name: str = "") -> html.Div:
    """Grey bars in the shape of what is coming."""
    bars = [html.Div(className="skeleton-bar", style={"width": f"{92 - (n * 17) % 40}%"}) for n in range(lines)]
    return html.Div(bars, className=f"skeleton {class_name}".strip(), **marked({"aria-busy": "true"}))


def empty(words: str, *, hint: str = "") -> html.Div:
    """Nothing to list, said in words."""
    lines = [html.P(words, className="state-words")]
    if hint:
        lines.append(html.P(hint, className="state-hint"))
    return html.Div(lines, className="state state-empty")


def failed(locale: str) -> html.Div:
    """Something went wrong while reading: what, and what to do now."""
    return html.Div(
        [
            icon("alert-triangle"),
            html.P(text("state.failed", locale), className="state-words"),
            html.P(text("state.failed.hint", locale), className="state-hint"),
            html.Button(
                text("state.retry", locale), className="button", type="button", **marked({"data-action": "retry"})
            ),
        ],
        className="state state-failed",
        role="alert",
    )


def not_found(locale: str, *, key: str = "state.not-found") -> html.Div:
    """Unknown, or outside one's scope: the two look alike on purpose."""
    return html.Div(
        [
            html.P(text(key, locale), className="state-words"),
            html.P(text("state.not-found.hint", locale), className="state-hint"),
            html.A(text("state.home", locale), href="/", className="button"),
        ],
        className="state state-not-found",
        role="alert",
    )


def forbidden(locale: str) -> html.Div:
    """A page that this role has no use of."""
    return not_found(locale, key="state.forbidden")
