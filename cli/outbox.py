"""Messages: list, retry, run, test; addresses of duty desks."""

from __future__ import annotations

import signal
import threading
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.context import Refused, now, open_database
from dashboard.message_texts import words_of
from data.background import outbox_worker
from data.database import SYSTEM
from data.outbox.messages import Message, Rejected, Unsent, Words
from data.outbox.routes import load_routes
from data.queries import outbox
from settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Messages: list, retry, run, test, contact.")
contact_app = typer.Typer(no_args_is_help=True, help="Addresses of duty desks: add, remove, list.")
app.add_typer(contact_app, name="contact")


@app.command("list")
def list_deliveries(
    state: Annotated[str, typer.Option(help="waiting, sent or dead")] = "dead",
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
) -> None:
    """Print deliveries, the newest first."""
    with open_database().reading(SYSTEM) as connection:
        page = outbox.page(connection, state=state, limit=limit, before=None, locale="zh_CN")
    for one in page["items"]:
        typer.echo(
            f"{one['id']}  {one['route']}  {one['topic']}  {one['case_no']}  {one['organisation']}"
            f"  tries {one['attempts']}  {one['last_error']}"
        )
    typer.echo(f"{page['total']} {state}.")


@app.command("retry")
def retry_deliveries(
    delivery: Annotated[int | None, typer.Argument(help="Number of a dead delivery; without it all of them.")] = None,
) -> None:
    """Let dead deliveries be tried again."""
    with open_database().writing(SYSTEM) as connection:
        typer.echo(f"{outbox.send_again(connection, delivery, now())} will be tried again.")


@app.command("run")
def run_outbox() -> None:
    """Send messages in a process of its own until ctrl-C; a server started with GRIDBOARD_OUTBOX=0 leaves them to it."""
    ended = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: ended.set())
    worker = outbox_worker(open_database(), load_settings(), words())
    worker.start()
    typer.echo(f"Sending on {', '.join(route.name for route in worker.routes)}.")
    ended.wait()
    worker.stop()


@app.command("test")
def try_route(
    route: Annotated[str, typer.Argument(help="Name of a route in the file of the routes.")],
    to: Annotated[str, typer.Option(help="The address, for a route that needs one.")] = "",
) -> None:
    """Send a test message on a route, at once and once."""
    routes = {one.name: one for one in load_routes(load_settings().work.outbox_file)}
    if route not in routes:
        raise Refused(f"There is no route {route}; there are {', '.join(routes)}.")
    if bool(routes[route].channel) != bool(to):
        raise Refused("This route needs --to ADDRESS." if not to else "This route needs no address.")
    title, said = words()("test", {})
    at = datetime.now(UTC)
    message = Message(f"test-{at.timestamp():.0f}", "test", "", "", title, said, "", at, address=to)
    try:
        routes[route].adapter.send(message)
    except (Unsent, Rejected) as error:
        raise Refused(f"Not sent: {error}.") from None
    except Exception as error:
        # its own words may hold the address or a key
        raise Refused(f"Not sent: failed ({type(error).__name__}).") from None
    typer.echo(f"Sent on {route}.")


def words() -> Words:
    deployment = load_settings().deployment
    return words_of(deployment.locale, deployment.timezone)


@contact_app.command("add")
def add_contact(
    organisation: Annotated[str, typer.Argument(help="Code of the body.")],
    channel: Annotated[str, typer.Argument(help="sms, email, or what a route names.")],
    address: Annotated[str, typer.Argument(help="Of its duty desk, never a person's.")],
) -> None:
    """Note where the duty desk of a body is reached."""
    with open_database().owning() as connection:
        outbox.add_contact(connection, organisation=organisation, channel=channel, address=address)
    typer.echo(f"Added {channel} of {organisation}.")


@contact_app.command("remove")
def remove_contact(
    organisation: str, channel: str, address: Annotated[str | None, typer.Argument(help="Without it all.")] = None
) -> None:
    """Forget where the duty desk of a body is reached."""
    with open_database().owning() as connection:
        removed = outbox.remove_contact(connection, organisation=organisation, channel=channel, address=address)
    if not removed:
        raise Refused(f"{organisation} has no such {channel}.")
    typer.echo(f"Removed {channel} of {organisation}.")


@contact_app.command("list")
def list_contacts() -> None:
    """Print which bodies are reached on which channels; the addresses are masked."""
    with open_database().owning() as connection:
        for one in outbox.contacts(connection):
            typer.echo(f"{one['code']}  {one['name']}  {one['channel']}  {one['address']}")
