"""Wall displays: add, revoke."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.context import Refused, now, open_database
from data import accounts
from settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Wall displays: add, revoke.")


@app.command("add")
def add_display(name: str, area: Annotated[str, typer.Option(help="Code of the area it shows.")]) -> None:
    """Add a wall display and print its address, once."""
    with open_database().owning() as connection:
        token = accounts.add_display(connection, name=name, area=area, now=now())
    server = load_settings().server
    typer.echo(f"http://{server.host}:{server.port}/wall?display={token}")


@app.command("revoke")
def revoke_display(name: str) -> None:
    """End a wall display's access at once."""
    with open_database().owning() as connection:
        if not accounts.revoke_display(connection, name, now()):
            raise Refused(f"There is no active display {name}.")
    typer.echo(f"Revoked {name}.")
