"""The command bar: one box for every move, area, case and page; the browser fills its list."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.attributes import marked
from dashboard.icons import icon
from dashboard.words.texts import text


def command_bar(locale: str) -> html.Dialog:
    """A combobox over a listbox, in a dialog of its own; ctrl-K opens it on every page.

    The browser makes the input itself: its words are kept for one opening of the bar only.
    """
    head = html.Div(
        [
            icon("search"),
            html.Label(
                html.Span(text("command.placeholder", locale), className="unseen"),
                className="command-box",
                htmlFor=ids.COMMAND_WORDS,
            ),
            html.Kbd("Esc"),
        ],
        className="command-head",
    )
    results = html.Div(
        [],
        id=ids.COMMAND_LIST,
        className="command-list",
        role="listbox",
        **marked({"aria-label": text("command.title", locale)}),
    )
    return html.Dialog(
        [head, results],
        id=ids.COMMAND_BAR,
        className="dialog command-bar",
        **marked({"aria-label": text("command.title", locale)}),
    )
