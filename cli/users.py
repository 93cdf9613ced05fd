"""Users: add, disable, passwd."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cli.context import Refused, now, open_database
from data import accounts
from rules.access import PERSONS, Role

app = typer.Typer(no_args_is_help=True, help="Users: add, disable, passwd.")

PersonRole = StrEnum("PersonRole", [role.value for role in PERSONS])  # type: ignore[misc]
Password = Annotated[
    str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when not given.")
]


@app.command("add")
def add_user(
    username: str,
    role: Annotated[PersonRole, typer.Option(help="What the user may do.")],
    area: Annotated[str, typer.Option(help="Code of the area the user may see.")],
    password: Password,
    organisation: Annotated[
        str | None, typer.Option(help="Code of the centre or organisation; needed by dispatchers and handlers.")
    ] = None,
) -> None:
    """Add a user."""
    if len(password) < 10:
        raise Refused("The password needs at least 10 characters.")
    with open_database().owning() as connection:
        accounts.add_user(
            connection, username=username, password=password, role=Role(role.value), area=area, organisation=organisation, now=now()
        )
    typer.echo(f"Added {username}.")


@app.command("disable")
def disable_user(username: str) -> None:
    """Switch a user off and end all of its sessions."""
    with open_database().owning() as connection:
        if not accounts.change_user(connection, username, active=False):
            raise Refused(f"There is no user {username}.")
    typer.echo(f"Disabled {username}; its sessions have ended.")


@app.command("passwd")
def change_password(username: str, password: Password) -> None:
    """Set a new password and end all of the user's sessions."""
    if len(password) < 10:
        raise Refused("The password needs at least 10 characters.")
    with open_database().owning() as connection:
        if not accounts.change_user(connection, username, password=password):
            raise Refused(f"There is no user {username}.")
    typer.echo(f"Changed the password of {username}; its sessions have ended.")
