"""/rules: the rule in force as a form, and its versions. What is tried and published goes to the API from the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output
from pydantic import ConfigDict
from typing_extensions import TypedDict

from callbacks.reading import off_loop, seen
from dashboard import ids
from dashboard.loaders.rules import read_rule_book
from dashboard.pages import rules
from dashboard.panels import states
from dashboard.view_models import Reader
from rules.access import Viewer
from rules.errors import Problem

if TYPE_CHECKING:
    from data.services import Services


class Again(TypedDict):
    """The page asks for the form again: another version is in force."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]
    at: float


def register(app: Dash, services: Services) -> None:
    @app.callback(Output(ids.RULES_BOX, "children"), Input(ids.RULES_REFRESH, "data"))
    async def show_rules(_again: Again | None) -> Any:
        return await off_loop(rules_of, services)


def rules_of(services: Services) -> list:
    """The form and the versions, for whoever may see the rule."""

    def draw(viewer: Viewer, reader: Reader) -> list:
        return rules.book(read_rule_book(services, viewer), reader)

    return seen(services, draw, _instead)


def _instead(locale: str, problem: Problem) -> list:
    return [states.forbidden(locale) if problem.code == "forbidden" else states.failed(locale)]
