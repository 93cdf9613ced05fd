"""Messages: list, retry, run; their routes; addresses of duty desks."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

from cli import outbox_routes
from cli.context import Refused, now, open_database
from dashboard.words.messages import words_of
from data.commands import outbox as outbox_commands
from data.database import SYSTEM
from data.deployment_settings import of_deployment
from data.jobs.background import outbox_worker
from data.queries import outbox
from data.sla_settings import sla_policy
from settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Messages: list, retry, run; routes, pause, resume, test; contact.")
contact_app = typer.Typer(no_args_is_help=True, help="Addresses of duty desks: add, remove, list.")
app.add_typer(contact_app, name="contact")
app.command("routes")(outbox_routes.list_routes)
app.command("pause")(outbox_routes.pause_route)
app.command("resume")(outbox_routes.resume_route)
app.command("test")(outbox_routes.try_route)


@app.command("list")
def list_deliveries(
    state: Annotated[str, typer.Option(help="waiting, sent or dead")] = "dead",
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
) -> None:
    """Print deliveries, the newest first."""
    with open_database().reading(SYSTEM) as connection:
        page = outbox.page(connection, state=state, limit=limit, before=None, locale="zh_CN")
    for delivery in page["items"]:
        typer.echo(
            f"{delivery['id']}  {delivery['route']}  {delivery['topic']}  {delivery['case_no']}  {delivery['organisation']}"
            f"  tries {delivery['attempts']}  {delivery['last_error']}"
        )
    typer.echo(f"{page['total']} {state}.")


@app.command("retry")
def retry_deliveries(
    delivery: Annotated[int | None, typer.Argument(help="Number of a dead delivery; without it all of them.")] = None,
) -> None:
    """Let dead deliveries be tried again."""
    with open_database().writing(SYSTEM) as connection:
        typer.echo(f"{outbox_commands.send_again(connection, delivery, now())} will be tried again.")


@app.command("run")
def run_outbox() -> None:
    """Send messages in a process of its own until ctrl-C; a server started with GRIDBOARD_OUTBOX=0 leaves them to it."""
    ended = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: ended.set())
    database = open_database()
    settings = of_deployment(load_settings(), database)
    worker = outbox_worker(database, settings, words_of(settings.deployment), sla_policy(settings).calendar)
    worker.start()
    typer.echo(f"Sending on {', '.join(route.name for route in worker.routes)}.")
    ended.wait()
    worker.stop()


@contact_app.command("add")
def add_contact(
    organisation: Annotated[str, typer.Argument(help="Code of the organisation.")],
    channel: Annotated[str, typer.Argument(help="sms, email, or what a route names.")],
    address: Annotated[str, typer.Argument(help="Of its duty desk, never a person's.")],
) -> None:
    """Note where the duty desk of an organisation is reached."""
    with open_database().owning() as connection:
        outbox_commands.add_contact(connection, organisation=organisation, channel=channel, address=address)
    typer.echo(f"Added {channel} of {organisation}.")


@contact_app.command("remove")
def remove_contact(
    organisation: str, channel: str, address: Annotated[str | None, typer.Argument(help="Without it all.")] = None
) -> None:
    """Forget where the duty desk of an organisation is reached."""
    with open_database().owning() as connection:
        removed = outbox_commands.remove_contact(connection, organisation=organisation, channel=channel, address=address)
    if not removed:
        raise Refused(f"{organisation} has no such {channel}.")
    typer.echo(f"Removed {channel} of {organisation}.")


@contact_app.command("list")
def list_contacts() -> None:
    """Print which organisations are reached on which channels; the addresses are masked."""
    with open_database().owning() as connection:
        for contact in outbox.contacts(connection):
            typer.echo(f"{contact['code']}  {contact['name']}  {contact['channel']}  {contact['address']}")
