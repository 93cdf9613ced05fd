"""Users: add, list, set, disable, enable, passwd."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

import typer

from cli.context import Refused, check_word, moment_told, now, open_database
from data import accounts
from data.database import SYSTEM, Database
from data.queries import accounts as account_queries
from data.queries.accounts import STATES, AccountFilter
from rules.access import PERSONS, Role
from rules.accounts import password_faults
from rules.errors import Problem
from settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Users: add, list, set, disable, enable, passwd.")

PersonRole = StrEnum("PersonRole", [role.value for role in PERSONS])  # type: ignore[misc]
State = StrEnum("State", list(STATES))  # type: ignore[misc]
Password = Annotated[
    str,
    typer.Option(
        prompt=True,
        hide_input=True,
        confirmation_prompt=True,
        help="Asked for when not given; `-` reads a line of standard input. A command line is seen by all on the machine.",
    ),
]
AT_ONCE = 500
FAULTS = {
    "too_short": "The password needs at least 10 characters.",
    "too_long": "The password has more than 200 characters.",
    "too_plain": "The password has fewer than 4 different characters.",
    "like_account": "The password is the name of the account.",
}


def _checked(password: str, username: str) -> str:
    """The password, read from standard input where a dash stands for it. Raises Refused for one that is no good."""
    given = sys.stdin.readline().rstrip("\r\n") if password == "-" else password  # noqa: S105 - a dash is no password
    for fault in password_faults("password", given, username=username):
        raise Refused(FAULTS[fault.code])
    return given


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
    given = _checked(password, username)
    with open_database().owning() as connection:
        accounts.add_user(
            connection, username=username, password=given, role=Role(role.value), area=area, organisation=organisation, now=now()
        )
    typer.echo(f"Added {username}.")


@app.command("list")
def list_users(
    q: Annotated[str | None, typer.Option(help="A part of the account's, its organisation's or its area's name.")] = None,
    role: Annotated[PersonRole | None, typer.Option(help="Of this role alone.")] = None,
    area: Annotated[str | None, typer.Option(help="Code of an area: in it and below.")] = None,
    state: Annotated[State | None, typer.Option(help="initial: the password waits to be replaced by its owner.")] = None,
) -> None:
    """Print each user: account, role, area, organisation, state, last seen."""
    for name, value in (("--q", q), ("--area", area)):
        check_word(name, value)
    wanted = AccountFilter(q=q, role=role and role.value, area=area, state=state and state.value)
    try:
        found = list(_users(open_database(), wanted))
    except Problem as problem:
        if problem.code != "not_found":
            raise
        raise Refused(f"There is no area {area}.") from None
    for user in found:
        body = user["organisation"]
        parts = [user["username"], user["role"], user["area"], body["code"] if body else "-", user["state"]]
        typer.echo("  ".join([*parts, f"seen {moment_told(user['seen_at'])}"]))
    typer.echo(f"{len(found)} users.")


def _users(database: Database, wanted: AccountFilter) -> Iterator[dict[str, Any]]:
    after, locale = None, load_settings().deployment.locale
    while True:
        with database.reading(SYSTEM) as connection:
            page = account_queries.page(connection, wanted, limit=AT_ONCE, after=after, locale=locale)
        yield from page["items"]
        after = page["next_cursor"]
        if after is None:
            return


@app.command("set")
def set_user(
    username: str,
    role: Annotated[PersonRole | None, typer.Option(help="What the user may do from now on.")] = None,
    area: Annotated[str | None, typer.Option(help="Code of the area the user may see from now on.")] = None,
    organisation: Annotated[
        str | None, typer.Option(help="Code of the centre or organisation; an empty one takes it away.")
    ] = None,
) -> None:
    """Give a user another role, area or organisation; open pages follow within five seconds."""
    if role is None and area is None and organisation is None:
        raise Refused("Nothing to set: give --role, --area or --organisation.")
    with open_database().owning() as connection:
        wanted = Role(role.value) if role else None
        if not accounts.set_user(connection, username, role=wanted, area=area, organisation=organisation):
            raise Refused(f"There is no user {username}.")
    typer.echo(f"Changed {username}.")


@app.command("disable")
def disable_user(username: str) -> None:
    """Switch a user off and end all of its sessions."""
    with open_database().owning() as connection:
        if not accounts.change_user(connection, username, active=False):
            raise Refused(f"There is no user {username}.")
    typer.echo(f"Disabled {username}; its sessions have ended.")


@app.command("enable")
def enable_user(username: str) -> None:
    """Switch a user on again."""
    with open_database().owning() as connection:
        if not accounts.change_user(connection, username, active=True):
            raise Refused(f"There is no user {username}.")
    typer.echo(f"Enabled {username}.")


@app.command("passwd")
def change_password(username: str, password: Password) -> None:
    """Set a new password and end all of the user's sessions."""
    given = _checked(password, username)
    with open_database().owning() as connection:
        if not accounts.change_user(connection, username, password=given):
            raise Refused(f"There is no user {username}.")
    typer.echo(f"Changed the password of {username}; its sessions have ended.")
