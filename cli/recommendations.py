"""`manage.py recommendations`: reasons for choosing another than the first, and categories with automatic dispatch."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from data import accounts
from data.commands import automatic
from data.database import SYSTEM, Database
from data.queries import deployment, outcomes
from data.server.cluster import database_urls
from data.services import Clock
from rules.access_log import Via

app = typer.Typer(no_args_is_help=True, help="Recommendations: choices, auto.")


class State(StrEnum):
    on = "on"
    off = "off"


def _opened() -> tuple[Database, datetime]:
    """The deployment's database and time."""
    from settings import load_settings

    settings = load_settings()
    return Database(*database_urls(settings)), Clock(settings.deployment.now).now()


@app.command("choices")
def list_choices(
    area: Annotated[str | None, typer.Option(help="Code of an area; without it the whole deployment.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far back.")] = 90,
) -> None:
    """Print why another organisation than the first recommended was chosen: count, reason, category, organisation."""
    database, now = _opened()
    with database.reading(SYSTEM) as connection:
        code = deployment.facts(connection)["root"] if area is None else area
        choices = outcomes.choices(connection, code, since=now - timedelta(days=days), until=now)
    for choice in choices:
        typer.echo(f"{choice['n']:>6}  {choice['choice']:<12}  {choice['category_name']}  {choice['name']}")
    typer.echo(f"{sum(one['n'] for one in choices)} in {days} days.")


@app.command("auto")
def switch_automatic(
    category: Annotated[str, typer.Argument(help="Code of the category.")],
    state: Annotated[State, typer.Argument(help="on or off")],
    by: Annotated[str, typer.Option(help="The admin who decides it: an account's name.")],
) -> None:
    """Let the software dispatch a category by itself to the first recommendation, or leave it to the dispatchers."""
    database, now = _opened()
    viewer = accounts.viewer_named(database, by)
    automatic.switch(database, viewer=viewer, category=category, on=state == State.on, now=now, via=Via.command_line)
    typer.echo(f"Automatic dispatch of {category} is {state.value}, by {by}.")
