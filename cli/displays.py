"""Wall displays: add, list, revoke."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.context import Refused, moment_told, now, open_database
from data import accounts
from data.database import SYSTEM
from data.queries import displays
from settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Wall displays: add, list, revoke.")


@app.command("add")
def add_display(name: str, area: Annotated[str, typer.Option(help="Code of the area it shows.")]) -> None:
    """Add a wall display and print its address, once."""
    with open_database().owning() as connection:
        token = accounts.add_display(connection, name=name, area=area, now=now())
    server = load_settings().server
    typer.echo(f"http://{server.host}:{server.port}/wall?display={token}")


@app.command("list")
def list_displays() -> None:
    """Print each wall display: name, area, state, last seen; those that were revoked come last."""
    with open_database().reading(SYSTEM) as connection:
        found = displays.listed(connection, locale=load_settings().deployment.locale)
    for display in found:
        seen = f"seen {moment_told(display['seen_at'])}"
        typer.echo("  ".join([display["name"], display["area"], display["state"], seen]))
    typer.echo(f"{len(found)} displays.")


@app.command("revoke")
def revoke_display(name: str) -> None:
    """End a wall display's access at once."""
    with open_database().owning() as connection:
        if not accounts.revoke_display(connection, name, now()):
            raise Refused(f"There is no active display {name}.")
    typer.echo(f"Revoked {name}.")
